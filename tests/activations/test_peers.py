"""What the gallery says of PyTorch, JAX, Keras and ONNX, run where they are installed.

`pip install torch jax tensorflow onnx` brings them; CI has none of the four. Every activation that
a library has is compared with ours at ordinary places, at its kinks and at both infinities, and the
two must agree but for what `book.libraries.DIFFERENT` lists, which must be as it says.
"""

import importlib
import math
import re
from importlib.util import find_spec

import numpy as np
import pytest

from book.libraries import BESIDES, DIFFERENT, NAMES, ours
from helpers.activations import ACTIVATIONS, gated, gated_slopes

MODULES = {"PyTorch": "torch", "JAX": "jax", "Keras": "tensorflow"}
PRESENT = [library for library, module in MODULES.items() if find_spec(module)]
PLACES = -4.0, -2.5, -0.3, 0.7, 2.5, 7.0
SETTINGS = {  # what has to be said that is no default, by library
    ("PyTorch", "gelu_tanh"): {"approximate": "tanh"},
    ("PyTorch", "thresholded_relu"): {"threshold": 1.0, "value": 0.0},
    ("JAX", "gelu"): {"approximate": False},
    ("Keras", "gelu_tanh"): {"approximate": True},
    ("Keras", "leaky_relu"): {"negative_slope": 0.01},
    ("Keras", "thresholded_relu"): {"threshold": 1.0, "default_value": 0.0},
}
EVERY = [
    (library, name)
    for library in PRESENT
    for name, theirs in NAMES.items()
    if library in theirs and name in ACTIVATIONS
]


def both(library, name, z):
    """Return g and g′ of a library in float64."""
    theirs, settings = NAMES[name][library].split(", ")[0], SETTINGS.get((library, name), {})
    if library == "PyTorch":
        torch = importlib.import_module("torch")
        x = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        g = getattr(torch.nn, theirs)(**settings)(x)
        g.backward()
        return g.item(), x.grad.item()
    if library == "JAX":
        jax = importlib.import_module("jax")
        with jax.enable_x64(True):
            f = lambda x: getattr(jax.nn, theirs)(x, **settings)  # noqa: E731
            return tuple(map(float, jax.value_and_grad(f)(jax.numpy.float64(z))))
    tf = importlib.import_module("tensorflow")
    tf.keras.backend.set_floatx("float64")
    x = tf.Variable(z, dtype=tf.float64)
    with tf.GradientTape() as tape:
        g = getattr(tf.keras.activations, theirs)(x, **settings)
    return float(g), float(tape.gradient(g, x))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("library", MODULES)
def test_a_library_agrees_but_for_what_the_gallery_lists(library, figures_of_the_run):
    names = [name for other, name in EVERY if other == library]
    figures_of_the_run[f"activations compared with {library}"] = len(names) or "not installed"
    for name in names:
        listed = {z for (it, z, _) in DIFFERENT if it == name}
        for z in sorted({*PLACES, *ACTIVATIONS[name].kinks, -math.inf, math.inf, *listed}):
            for kind, got in zip(("g", "g′"), both(library, name, z), strict=True):
                if (kind, z) not in (("g′", -10.0), ("g′", 1e-9)):  # the value alone is told
                    compare(library, name, z, kind, got)


def compare(library, name, z, kind, got):
    mine = ours(name, z, kind)
    different = DIFFERENT.get((name, z, kind), {}).get(library)
    said = mine if different is None else different
    assert got == pytest.approx(said, rel=1e-5, abs=0, nan_ok=True), (name, z, kind)
    if different is not None:
        assert got != pytest.approx(mine, rel=1e-3, abs=0, nan_ok=True), (name, z, kind)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("library", MODULES)
def test_what_has_no_card_is_named_on_the_page(library):
    if library not in PRESENT:
        return  # said above
    known = {name for theirs in NAMES.values() for name in theirs.get(library, "").split(", ")}
    known |= {name for names in BESIDES for name in names.split(", ")}
    module = importlib.import_module(MODULES[library])
    if library == "PyTorch":
        listed = {*module.nn.modules.activation.__all__}
    elif library == "Keras":
        listed = {*dir(module.keras.activations)} - {"get", "serialize", "deserialize"}
    else:
        listed = {*dir(module.nn)} - {"initializers", "one_hot", "standardize"}
        listed -= {"log1mexp", "logmeanexp", "logsumexp"}
        listed -= {name for name in listed if "scaled" in name or "attention" in name}
    assert {name for name in listed if not name.startswith("_")} <= known


if find_spec("torch"):

    @pytest.mark.filterwarnings("ignore")
    def test_glu_of_torch_is_ours_with_both_slopes():
        torch = importlib.import_module("torch")
        x = torch.tensor([1.5, -0.7], dtype=torch.float64, requires_grad=True)
        g = torch.nn.GLU()(x)
        g.backward()
        assert g.item() == pytest.approx(gated(1.5, -0.7), rel=1e-14)
        np.testing.assert_allclose(x.grad.numpy(), gated_slopes(1.5, -0.7), rtol=1e-14)

    def test_the_defaults_that_the_gallery_names():
        torch = importlib.import_module("torch")
        assert torch.nn.LeakyReLU().negative_slope == 0.01
        assert (torch.nn.GELU().approximate, torch.nn.Softplus().threshold) == ("none", 20)


if find_spec("onnx"):

    def test_every_activation_of_onnx_has_a_card_and_its_defaults_are_as_said():
        onnx = importlib.import_module("onnx")
        schemas = {s.name: s for s in onnx.defs.get_all_schemas()}
        known = {name for theirs in NAMES.values() for name in theirs.get("ONNX", "").split(", ")}
        assert known - {""} <= {*schemas}
        known |= {name for names in BESIDES for name in names.split(", ")}
        of_one = re.compile("(?i)elu|glu|sigmoid|swish|mish|soft(?!.*loss)|^tanh|shrink|hard")
        assert {name for name in schemas if of_one.search(name)} <= known

        def default(name, attribute):
            value = schemas[name].attributes[attribute].default_value
            return onnx.helper.get_attribute_value(value)

        assert default("LeakyRelu", "alpha") == pytest.approx(0.01)
        assert default("HardSigmoid", "alpha") == pytest.approx(0.2)
        assert default("ThresholdedRelu", "alpha") == 1
        assert (default("Shrink", "lambd"), default("Gelu", "approximate")) == (0.5, b"none")
