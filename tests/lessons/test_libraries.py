"""What the lessons say of libraries, run where they are installed.

`pip install torch jax tensorflow` brings them. CI has SymPy alone: the others are a gigabyte for a
table that changes once a year. A library that is absent is named with the figures at the end of a
run; of one that is present the version is printed there, and a slope that has changed fails.
"""

import importlib
import inspect
import re
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pytest

from helpers.activations import dual_derivative
from tools.notebooks import LESSONS, read

TEXT = {
    int(path.stem[:2]): "\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")
    for path in LESSONS
}
SELU = 1.7580993408473766  # λα, the left slope


def torch_slope(name, z, dtype="float64"):
    torch = importlib.import_module("torch")
    x = torch.tensor(z, dtype=getattr(torch, dtype), requires_grad=True)
    relu, zero = torch.relu, torch.zeros((), dtype=x.dtype)

    def clamp(x):
        return torch.clamp(x, min=0)

    programs = {
        "relu": relu,
        "maximum": lambda x: torch.maximum(x, zero),
        "clamp": clamp,
        "identity of relu": lambda x: relu(x) - relu(-x),
        "identity of clamp": lambda x: clamp(x) - clamp(-x),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "leaky_relu": lambda x: torch.nn.functional.leaky_relu(x, 0.01),
        "elu": lambda x: torch.nn.functional.elu(x, 2.0),
        "selu": torch.selu,
    }
    programs[name](x).backward()
    return x.grad.item()


def jax_slope(name, z):
    jax, jnp = importlib.import_module("jax"), importlib.import_module("jax.numpy")
    relu = jax.nn.relu
    programs = {
        "relu": relu,
        "where": lambda x: jnp.where(x > 0, x, 0),
        "maximum": lambda x: jnp.maximum(x, 0),
        "identity of relu": lambda x: relu(x) - relu(-x),
        "identity of maximum": lambda x: jnp.maximum(x, 0) - jnp.maximum(-x, 0),
        "leaky_relu": jax.nn.leaky_relu,
        "leaky maximum": lambda x: jnp.maximum(0.01 * x, x),
        "elu": lambda x: jax.nn.elu(x, 2.0),
        "selu": jax.nn.selu,
    }
    return float(jax.grad(programs[name])(z))


def tensorflow_slope(name, z):
    tf = importlib.import_module("tensorflow")
    programs = {"elu": lambda x: tf.keras.activations.elu(x, alpha=2.0), "selu": tf.nn.selu}
    x = tf.Variable(z, dtype=tf.float64)
    with tf.GradientTape() as tape:
        value = programs[name](x)
    return float(tape.gradient(value, x))


def sympy_slope(name, z):
    sympy = importlib.import_module("sympy")
    x = sympy.Symbol("x", real=True)
    assert name == "Max"
    return float(sympy.diff(sympy.Max(0, x), x).subs(x, z))


CLAIMS = [
    (torch_slope, "relu", 0.0, 0),
    (torch_slope, "maximum", 0.0, 0.5),
    (torch_slope, "clamp", 0.0, 1),
    (torch_slope, "identity of relu", 0.0, 0),
    (torch_slope, "identity of clamp", 0.0, 2),
    (torch_slope, "leaky_relu", 0.0, 0.01),
    (torch_slope, "elu", 0.0, 2),
    (torch_slope, "selu", 0.0, SELU),
    (jax_slope, "relu", 0.0, 0),
    (jax_slope, "where", 0.0, 0),
    (jax_slope, "maximum", 0.0, 0.5),
    (jax_slope, "identity of relu", 0.0, 0),
    (jax_slope, "identity of maximum", 0.0, 1),
    (jax_slope, "leaky_relu", 0.0, 1),
    (jax_slope, "leaky maximum", 0.0, 0.505),
    (jax_slope, "elu", 0.0, 2),
    (jax_slope, "selu", 0.0, SELU),
    (tensorflow_slope, "elu", 0.0, 2),
    (tensorflow_slope, "selu", 0.0, 1.0507009873554805),  # λ, the right slope
    (sympy_slope, "Max", 0, 0.5),
]


def installed(library):
    for name in (library, f"{library}-cpu"):
        with suppress(PackageNotFoundError):
            return version(name)
    return ""


def library_of(slope):
    return slope.__name__.partition("_")[0]


PRESENT = [claim for claim in CLAIMS if installed(library_of(claim[0]))]


@pytest.mark.parametrize(("slope", "name", "z", "said"), PRESENT, ids=lambda x: str(x)[:20])
@pytest.mark.filterwarnings("ignore")
def test_a_slope_that_a_lesson_prints(slope, name, z, said):
    assert slope(name, z) == pytest.approx(said, rel=1e-6)


if installed("torch"):  # absent, it is named below, and nothing is skipped

    @pytest.mark.filterwarnings("ignore")
    def test_single_precision_the_default_start_and_gradcheck():
        torch = importlib.import_module("torch")
        assert torch_slope("sigmoid", 18.0, "float32") == torch_slope("tanh", 10.0, "float32") == 0
        weights = torch.nn.Linear(1000, 1000).weight.detach().numpy()
        assert np.abs(weights).max() <= 1 / np.sqrt(1000)
        assert 1000 * weights.var() == pytest.approx(1 / 3, rel=0.01)
        assert "kaiming_uniform_" in inspect.getsource(torch.nn.Linear.reset_parameters)
        usual = inspect.signature(torch.autograd.gradcheck).parameters
        assert (usual["atol"].default, usual["rtol"].default) == (1e-5, 1e-3)


def test_libraries_and_versions_are_said_at_the_end(figures_of_the_run):
    for library in ("torch", "jax", "tensorflow", "sympy"):
        found = installed(library)
        figures_of_the_run[f"slopes of the lessons run with {library}"] = found or "not installed"
    assert any(claim[0] is sympy_slope for claim in PRESENT)


@pytest.mark.parametrize(
    ("library", "only"),
    [("PyTorch", "2.13"), ("JAX", "0.10.2"), ("Keras", "3.15"), ("SymPy", "1.14")],
)
def test_one_version_of_a_library_is_named_in_all_lessons(library, only):
    named = {n: re.findall(rf"{library} (\d[\d.]*\d)", text) for n, text in TEXT.items()}
    assert {v for found in named.values() for v in found} == {only}


def test_dual_numbers_return_what_is_said_of_the_identity():
    assert dual_derivative(lambda z: np.maximum(z, 0) - np.maximum(-z, 0), 0.0) == 0
