"""All kernels and all names of the table, for tests that go through them."""

import pytest

from helpers.activations import ACTIVATIONS, leaky_relu_slope_prime

# each kernel with a parameter, and the parameter's name
PARAMETER = {leaky_relu_slope_prime: "negative_slope"} | {
    f: known.parameter.name
    for known in ACTIVATIONS.values()
    for f in (known.value, known.prime)
    if known.parameter
}
KERNELS = [f for known in ACTIVATIONS.values() for f in (known.value, known.prime)]
KERNELS.append(leaky_relu_slope_prime)

kernels = pytest.mark.parametrize("f", KERNELS, ids=lambda f: f.__name__)
shaped_kernels = pytest.mark.parametrize("f", PARAMETER, ids=lambda f: f.__name__)
names = pytest.mark.parametrize("name", ACTIVATIONS)
