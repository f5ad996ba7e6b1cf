"""The kernels against 50-digit arithmetic, and what their docstrings promise."""

import math
import re

import mpmath
import numpy as np
import pytest
from scipy import special

from helpers.activations import (
    ACTIVATIONS,
    elu_prime,
    gates,
    gelu,
    gelu_prime,
    gelu_tanh_prime,
    leaky_relu,
    leaky_relu_slope_prime,
    mish_prime,
    selu,
    selu_prime,
    sigmoid,
    sigmoid_prime,
    silu_prime,
    softplus,
    tanh_prime,
)
from tests.activations.every import names
from tools.oracle import ORACLE, errors_in_ulps, hard_grid, root, truth, ulps

OTHER_PARAMETERS = [("elu", 0.3), ("softplus", 0.7), ("softplus", -3.0)]
OTHER_PARAMETERS += [("swish", 0.7), ("swish", 3.0), ("swish", -3.0)]
OTHER_PARAMETERS += [("leaky_relu", slope) for slope in (-1.5, -0.01, 0.0, 0.3, 1.0, 2.0, 1e-300)]
OTHER_PARAMETERS += [
    (name, p.low + share * (p.high - p.low))
    for name, known in ACTIVATIONS.items()
    for share in (0.25, 0.75)
    if (p := known.parameter)
]


def promised(kernel, usual_parameter=True):
    """Return the largest error in ulp that a docstring allows."""
    promise = r"Exact\.|Error at most ([\d.]+) ulp(?: for \w+ = [\d.]+, else ([\d.]+))?"
    found = re.search(promise, kernel.__doc__)
    assert found, f"the docstring of {kernel.__name__} says neither Exact. nor Error at most … ulp"
    usual, other = found.groups()
    return float(usual or 0) if usual_parameter else float(other or usual or 0)


def test_the_ulp_helper_counts_the_gap_above_the_true_result():
    third = ORACLE.mpf(1) / 3
    assert ulps([1 / 3], [third]) <= 0.5
    assert ulps([np.nextafter(1 / 3, 1)], [third]) == pytest.approx(1, abs=0.5)
    assert ulps([1 + 4 * 2.0**-52], [ORACLE.mpf(1)]) == 4
    assert ulps([0.0], [ORACLE.mpf(1e-323)]) == 2
    assert ulps([1.0, np.nan], [1, 1]) == ulps([1.0, np.inf], [1, 1]) == np.inf
    assert ulps([np.inf], [ORACLE.mpf(10) ** 400]) == 0 < ulps([1e308], [ORACLE.mpf(10) ** 400])


def largest_errors(name, z, *parameter, allowed):
    """Return the largest error of g and of g′ in ulp, and refuse one above what is allowed."""
    known, largest = ACTIVATIONS[name], []
    kernels, truths = (known.value, known.prime), truth(name, z, *parameter)
    for kernel, true, most in zip(kernels, truths, allowed, strict=True):
        got = kernel(z, *parameter)
        of_1 = parameter and "ulp of 1." in kernel.__doc__
        errors = errors_in_ulps(got, true, z.dtype.type, least=1.0 if of_1 else 0.0)
        worst = int(np.argmax(errors))
        assert errors[worst] <= most, (
            f"{kernel.__name__}({z[worst]!r}) is {got[worst]!r}, TRUTH in tools/oracle.py says "
            f"{mpmath.nstr(true[worst], 20)}: {errors[worst]:.3g} ulp, {most:g} are promised"
        )
        largest.append(errors[worst])
    return "{:.2f}, {:.2f}".format(*largest)


def promises(name, usual_parameter=True):
    kernels = ACTIVATIONS[name].value, ACTIVATIONS[name].prime
    return [promised(kernel, usual_parameter) for kernel in kernels]


@names
def test_float64_is_as_accurate_as_promised(name, figures_of_the_run, short):
    z, key = hard_grid()[:: 3 if short else 1], f"max ulp of {name} and its slope"
    figures_of_the_run[key] = largest_errors(name, z, allowed=promises(name))


@pytest.mark.parametrize(("name", "parameter"), OTHER_PARAMETERS)
def test_float64_is_as_accurate_for_other_parameters(name, parameter, figures_of_the_run, short):
    grid = hard_grid()[:: 4 if short else 1]
    z, allowed = grid[np.abs(grid) < 1e307], promises(name, usual_parameter=False)
    key = f"max ulp of {name}({parameter}) and its slope"
    figures_of_the_run[key] = largest_errors(name, z, parameter, allowed=allowed)


@names
@pytest.mark.parametrize("dtype", [np.float32, np.float16], ids=["float32", "float16"])
def test_narrow_floats_are_rounded_once(name, dtype, short):
    with np.errstate(over="ignore"):
        z = np.unique(hard_grid().astype(dtype))
    largest_errors(name, z[np.isfinite(z)][:: 15 if short else 5], allowed=(0.51, 0.51))


def test_slope_prime_is_the_negative_part():
    z = hard_grid()
    np.testing.assert_array_equal(leaky_relu_slope_prime(z, 0.3), np.minimum(z, 0))


def test_the_tail_of_the_normal_has_the_coefficients_that_its_docstring_describes():
    with mpmath.workdps(60):
        count, end = len(gates.SCALED_TAIL), (mpmath.mpf(60) - 5) / (60 + 5)  # t for a = 60
        points = [mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * count)) for i in range(count)]
        t = [(end - 1) / 2 + (end + 1) / 2 * point for point in points]
        a = [5 * (1 + x) / (1 - x) for x in t]
        scaled = [(1 + x) * mpmath.ncdf(-x) * mpmath.exp(x * x / 2) for x in a]
        rows = mpmath.matrix([[x**k for k in range(count)] for x in t])
        solved = mpmath.lu_solve(rows, mpmath.matrix(scaled))
        assert [float(c) for c in solved] == list(gates.SCALED_TAIL)


@pytest.mark.parametrize(
    ("name", "textbook"),
    [
        ("silu", lambda z: 1 / (1 + np.exp(-z)) * (1 + z / (1 + np.exp(z)))),
        ("gelu", lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)),
    ],
)
def test_the_textbook_fails_next_to_the_root_of_the_slope_where_the_kernels_hold(name, textbook):
    z = root(name) * (1 + np.array([1e-9, 1e-7, -1e-8]))
    _, slope = truth(name, z)
    assert ulps(textbook(z), slope) > 1e6
    assert ulps(ACTIVATIONS[name].prime(z), slope) <= promised(ACTIVATIONS[name].prime)


def test_sigmoid_and_its_relatives_agree_with_scipy():
    z = np.linspace(-30, 30, 2001)
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=1e-15)
    np.testing.assert_allclose(sigmoid_prime(z), special.expit(z) * special.expit(-z), rtol=1e-15)
    np.testing.assert_allclose(softplus(z), -special.log_expit(-z), rtol=1e-14)
    np.testing.assert_allclose(gelu(z), z * special.ndtr(z), rtol=1e-12)


def test_table_of_known_values():
    assert sigmoid_prime(1.0) == pytest.approx(0.196611933241, rel=1e-11)
    assert sigmoid_prime(4.58486333912) == pytest.approx(0.01, rel=1e-11)
    assert tanh_prime(2.0) == pytest.approx(0.0706508248532, rel=1e-11)
    assert tanh_prime(2.99322284613) == pytest.approx(0.01, rel=1e-11)
    assert leaky_relu(3.0, 2.0) == 3  # max(2 z, z) gives 6
    assert elu_prime(0.0, 2.0) == 2
    assert selu_prime(0.0) == 1.7580993408473766
    assert selu_prime(1e-300) == 1.0507009873554805
    assert softplus(0.0) == math.log(2)
    assert silu_prime(0.0) == gelu_prime(0.0) == gelu_tanh_prime(0.0) == 0.5
    assert mish_prime(0.0) == 0.6
    assert gelu_prime(-math.sqrt(2)) == pytest.approx(-0.128904145185, rel=1e-11)  # the smallest


@pytest.mark.parametrize(
    ("name", "place", "lowest"),
    [
        ("silu", -1.27846454276, -0.278464542761),
        ("gelu", -0.751791524694, -0.16997120748),
        ("gelu_tanh", -0.752461422071, -0.170040750571),
        ("mish", -1.19243121452, -0.308843413017),
    ],
)
def test_the_dip_of_a_gate(name, place, lowest):
    activation = ACTIVATIONS[name]
    assert activation.value(place) == pytest.approx(lowest, rel=1e-11)
    assert activation.prime(place) == pytest.approx(0, abs=1e-11)
    assert activation.value_range[0] == pytest.approx(lowest, rel=1e-11)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3], ids=["small", "one", "large"])
def test_selu_keeps_mean_0_and_variance_1_and_no_other(scale):
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    means = [np.sum(weights * selu(scale * nodes) ** k) / np.sum(weights) for k in (1, 2)]
    assert np.allclose(means, [0, 1], atol=2e-3) == (scale == 1)
