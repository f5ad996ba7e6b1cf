"""All kernels and all names of the table, for tests that go through them."""

import pytest

from helpers.activations import ACTIVATIONS, leaky_relu_slope_prime

# what kernels take beside z: the parameter of the table, which has a slider, and these
BESIDE = {"selu": ("alpha", "scale"), "softplus": ("threshold",)}
PARAMETERS = {leaky_relu_slope_prime: ("negative_slope",)} | {
    f: taken
    for name, known in ACTIVATIONS.items()
    for f in (known.value, known.prime)
    if (taken := tuple(p.name for p in [known.parameter] if p) + BESIDE.get(name, ()))
}
PARAMETER = {f: taken[0] for f, taken in PARAMETERS.items()}  # each kernel with one, and the first
KERNELS = [f for known in ACTIVATIONS.values() for f in (known.value, known.prime)]
KERNELS.append(leaky_relu_slope_prime)

kernels = pytest.mark.parametrize("f", KERNELS, ids=lambda f: f.__name__)
shaped_kernels = pytest.mark.parametrize("f", PARAMETER, ids=lambda f: f.__name__)
names = pytest.mark.parametrize("name", ACTIVATIONS)
