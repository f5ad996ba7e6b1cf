"""What libraries call the activations, where they differ, and what they have besides.

`tests/activations/test_peers.py` runs every library that is installed against these tables.
"""

from math import inf, isnan, nan

from book.gallery_pictures import anchor, short
from helpers.activations import ACTIVATIONS

LIBRARIES = {"PyTorch": "2.13", "JAX": "0.10.2", "Keras": "3.15", "ONNX": "1.23"}
_CALLED = {  # in torch.nn, jax.nn, keras.activations and ONNX; "" where it is lacking
    "sigmoid": ("Sigmoid", "sigmoid", "sigmoid", "Sigmoid"),
    "tanh": ("Tanh", "tanh", "tanh", "Tanh"),
    "relu": ("ReLU", "relu", "relu", "Relu"),
    "leaky_relu": ("LeakyReLU, PReLU", "leaky_relu", "leaky_relu", "LeakyRelu, PRelu"),
    "elu": ("ELU", "elu", "elu", "Elu"),
    "selu": ("SELU", "selu", "selu", "Selu"),
    "softplus": ("Softplus", "softplus", "softplus", "Softplus"),
    "softsign": ("Softsign", "soft_sign", "softsign", "Softsign"),
    "silu": ("SiLU", "silu, swish", "silu, swish", "Swish"),
    "swish": ("", "", "", "Swish"),
    "gelu": ("GELU", "gelu", "gelu", "Gelu"),
    "gelu_tanh": ("GELU", "gelu", "gelu", "Gelu"),
    "mish": ("Mish", "mish", "mish", "Mish"),
    "celu": ("CELU", "celu", "celu", "Celu"),
    "squareplus": ("", "squareplus", "squareplus", ""),
    "logsigmoid": ("LogSigmoid", "log_sigmoid", "log_sigmoid", ""),
    "tanhshrink": ("Tanhshrink", "", "tanh_shrink", ""),
    "relu6": ("ReLU6", "relu6", "relu6", ""),
    "hardtanh": ("Hardtanh", "hard_tanh", "hard_tanh", "Clip"),
    "hardsigmoid": ("Hardsigmoid", "hard_sigmoid", "hard_sigmoid", "HardSigmoid"),
    "hardswish": ("Hardswish", "hard_silu, hard_swish", "hard_silu, hard_swish", "HardSwish"),
    "softshrink": ("Softshrink", "", "soft_shrink", "Shrink"),
    "hardshrink": ("Hardshrink", "", "hard_shrink", "Shrink"),
    "thresholded_relu": ("Threshold", "", "threshold", "ThresholdedRelu"),
    "glu": ("GLU", "glu", "glu", ""),
    "swiglu": ("", "", "", "SwiGLU"),
}
NAMES = {
    ours: {library: name for library, name in zip(LIBRARIES, theirs, strict=True) if name}
    for ours, theirs in _CALLED.items()
}
BESIDES = {  # what has no card: all other names of these lists
    "RReLU": "Leaky ReLU with a slope that is drawn anew in training (PyTorch)",
    "Softmax, Softmax2d, Softmin, LogSoftmax, softmax, log_softmax": "functions of a whole row: "
    "[lesson 12](notebooks/12_softmax.ipynb) derives softmax; softmin is softmax(−z)",
    "gumbel_softmax, AdaptiveLogSoftmaxWithLoss": "a softmax with noise, and one of many classes, "
    "step by step (PyTorch)",
    "Affine, ScaledTanh": "αz + β and α tanh(βz), by name inside ONNX's recurrent operators",
    "Hardmax": "1 at the largest of a row, 0 elsewhere: no slope but 0 (ONNX)",
    "sparsemax": "the nearest point of the simplex to a row (Keras)",
    "sparse_plus, sparse_sigmoid": "a parabola between two straight pieces, and its slope: "
    "(1 + hard tanh)/2 (JAX, Keras)",
    "CRelu": "ReLU of z and of −z side by side (`tf.nn.crelu`)",
    "exponential, linear, identity": "exp(z), and z itself (Keras, JAX)",
    "MultiheadAttention": "a layer, listed among PyTorch's activations",
}
DEFAULTS = [  # what, here, then the libraries in their order
    ("slope of Leaky ReLU", "0.01", "0.01", "0.01", "**0.2**", "0.01"),
    ("what GELU means", "erf", "erf", "**tanh form**", "erf", "erf"),
    ("slope of hard sigmoid", "1/6", "1/6", "1/6", "1/6", "**1/5**"),
    ("softplus beyond z = 20", "exact", "**z itself**", "exact", "exact", ""),
]
_ALL = ("PyTorch", "JAX", "Keras")
_GATES = ("silu", "gelu", "gelu_tanh", "mish")
# (ours, z, "g" or "g′"): what these libraries return in float64 where it is not what we do
DIFFERENT = {
    ("leaky_relu", 0.0, "g′"): {"JAX": 1},
    ("selu", 0.0, "g′"): {"Keras": 1.0507009873554805},
    ("relu6", 6.0, "g′"): dict.fromkeys(_ALL, 0),
    ("hardtanh", -1.0, "g′"): {"JAX": 1, "Keras": 1},
    ("hardtanh", 1.0, "g′"): {"PyTorch": 0},
    ("hardsigmoid", 3.0, "g′"): dict.fromkeys(_ALL, 0),
    ("hardswish", 3.0, "g′"): dict.fromkeys(_ALL, 1),
    ("softshrink", -0.5, "g′"): {"PyTorch": 0, "Keras": 0},
    ("sigmoid", 40.0, "g′"): dict.fromkeys(_ALL, 0),
    ("tanh", 25.0, "g′"): dict.fromkeys(_ALL, 0),
    ("elu", -40.0, "g′"): {"JAX": 0, "Keras": 0},
    ("selu", -40.0, "g′"): {"JAX": 0, "Keras": 0},
    ("celu", -40.0, "g′"): {"JAX": 0},
    ("gelu", -10.0, "g"): {"PyTorch": 0},
    ("gelu_tanh", -10.0, "g"): dict.fromkeys(_ALL, 0),
    ("tanhshrink", 1e-9, "g"): {"PyTorch": 0, "Keras": 0},
    **{(name, -inf, "g"): dict.fromkeys(_ALL, nan) for name in (*_GATES, "hardswish")},
    **{(name, z, "g′"): dict.fromkeys(_ALL, nan) for name in _GATES for z in (-inf, inf)},
    **{("softsign", z, "g"): dict.fromkeys(_ALL, nan) for z in (-inf, inf)},
    **{("softsign", z, "g′"): {"PyTorch": nan, "JAX": nan} for z in (-inf, inf)},
    ("squareplus", -inf, "g"): {"JAX": nan, "Keras": nan},
    **{("squareplus", z, "g′"): {"JAX": nan, "Keras": nan} for z in (-inf, inf)},
    **{("hardswish", z, "g′"): {"Keras": nan} for z in (-inf, inf)},
}


def ours(name, z, kind):
    """Return what the course's kernels say."""
    known = ACTIVATIONS[name]
    return float((known.value if kind == "g" else known.prime)(z))


def differences(title):
    """Return the tables of defaults and of numbers that differ, as Markdown."""
    versions = " · ".join(f"{library} {version}" for library, version in LIBRARIES.items())
    head = ["", "here", *LIBRARIES]
    opening = f"{versions}. A test runs them where they are installed. Their defaults first:"
    lines = ["## Where libraries differ", "", opening]
    lines += ["", *_table(head, DEFAULTS), "", _WORDS, ""]
    groups = {}
    for (name, z, kind), found in DIFFERENT.items():
        cells = [found.get(library) for library in _ALL]
        lacking = [library not in NAMES[name] for library in _ALL]
        said = [
            "–" if no else "" if x is None else _number(x)
            for x, no in zip(cells, lacking, strict=True)
        ]
        key = f"{kind}({short(z)})", _number(ours(name, z, kind)), *said
        groups.setdefault(key, []).append(f'<a href="#{anchor(name)}">{title(name)}</a>')
    rows = [(", ".join(names), *key) for key, names in groups.items()]
    return "\n".join([*lines, *_table(["", "at", "here", *_ALL], rows)])


_WORDS = """Then numbers, in float64: first at kinks, where every slope between both sides is a
generalised gradient (Clarke's) and libraries choose; then in the tails, where 1 − g has no digits
left; then at infinity, where they meet 0 · ∞ and ∞/∞. A blank cell is as here, – means that it is
lacking. At their jumps hard shrinkage and thresholded ReLU have our slope in all libraries that
have them. Of z = nan most of them return a slope that is a number, ours is nan."""


def others():
    """Return what else the libraries' lists hold, as Markdown."""
    rows = [(name, what) for name, what in BESIDES.items()]
    opening = "The rest of the lists of `torch.nn`, `jax.nn`, Keras and ONNX:"
    lines = ["## What has no card", "", opening]
    return "\n".join([*lines, "", *_table(["", "what it is"], rows)])


def _number(x):
    return "nan" if isnan(x) else short(x, 3)


def _table(head, rows):
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
