"""The kernels against 50-digit arithmetic, another library, and the promises of their module."""

import inspect
import math
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from helpers import activations
from helpers.activations import (
    ACTIVATIONS,
    Activation,
    Parameter,
    calculus,
    elu,
    elu_prime,
    gelu,
    gelu_prime,
    gelu_tanh,
    gelu_tanh_prime,
    leaky_relu,
    leaky_relu_prime,
    leaky_relu_slope_prime,
    mish,
    mish_prime,
    relatives,
    relu,
    relu_prime,
    selu,
    selu_prime,
    sigmoid,
    sigmoid_prime,
    silu,
    silu_prime,
    softplus,
    softplus_prime,
    softsign,
    softsign_prime,
    swish,
    swish_prime,
    tanh,
    tanh_prime,
    value_and_prime,
)
from helpers.activations import kernels as seeds
from helpers.derivation import parse, values
from tests.strategies import arrays, betas, finite, floats, moderate, slopes
from tools.oracle import ORACLE, ROOTS, hard_grid, truth, ulps

INF, NAN = np.inf, np.nan
KERNELS = [getattr(module, name) for module in (seeds, relatives) for name in module.__all__]
# each kernel with a parameter, and the parameter's name
PARAMETER = {
    **dict.fromkeys([leaky_relu, leaky_relu_prime, leaky_relu_slope_prime], "negative_slope"),
    **dict.fromkeys([elu, elu_prime], "alpha"),
    **dict.fromkeys([softplus, softplus_prime, swish, swish_prime], "beta"),
}
GATES = ["silu", "swish", "gelu", "gelu_tanh", "mish"]  # neither g nor g′ is monotone
BLOCK = seeds.BLOCK

kernels = pytest.mark.parametrize("f", KERNELS, ids=lambda f: f.__name__)
shaped_kernels = pytest.mark.parametrize("f", PARAMETER, ids=lambda f: f.__name__)
names = pytest.mark.parametrize("name", ACTIVATIONS)


# --- Against 50 digits on a hard grid ----------------------------------------------------------

GRID = hard_grid()
# the largest error of g and g′ in ulp: what the docstrings promise
GOALS = {
    **{"sigmoid": (3, 5), "tanh": (2, 5), "relu": (1, 1), "leaky_relu": (1, 1), "elu": (1, 1)},
    **{"selu": (2, 2), "softplus": (2, 3), "softsign": (2, 5), "silu": (5, 7), "swish": (5, 7)},
    **{"gelu": (5, 7), "gelu_tanh": (6.5, 10), "mish": (5, 7)},
}
GOALS_OF_OTHER_PARAMETERS = {
    **{("elu", 0.3): (2, 2), ("softplus", 0.7): (3, 3), ("softplus", -3.0): (3, 3)},
    **{("swish", 0.7): (7, 9), ("swish", 3.0): (7, 9), ("swish", -3.0): (7, 9)},
}


def test_the_ulp_helper_counts_the_gap_above_the_true_result():
    third = ORACLE.mpf(1) / 3
    assert ulps([1 / 3], [third]) <= 0.5
    assert ulps([np.nextafter(1 / 3, 1)], [third]) == pytest.approx(1, abs=0.5)
    assert ulps([1 + 4 * 2.0**-52], [ORACLE.mpf(1)]) == 4
    assert ulps([0.0], [ORACLE.mpf(1e-323)]) == 2


@names
def test_float64_is_as_accurate_as_promised(name, figures_of_the_run):
    g, slope = truth(name, GRID)
    errors = ulps(ACTIVATIONS[name].value(GRID), g), ulps(ACTIVATIONS[name].prime(GRID), slope)
    figures_of_the_run[f"max ulp of {name} and its slope"] = "{:.2f}, {:.2f}".format(*errors)
    assert errors[0] <= GOALS[name][0]
    assert errors[1] <= GOALS[name][1]


@pytest.mark.parametrize(("name", "parameter"), GOALS_OF_OTHER_PARAMETERS)
def test_float64_is_as_accurate_for_other_parameters(name, parameter, figures_of_the_run):
    z = GRID[np.abs(GRID) < 1e307]
    g, slope = truth(name, z, parameter)
    activation = ACTIVATIONS[name]
    errors = ulps(activation.value(z, parameter), g), ulps(activation.prime(z, parameter), slope)
    key = f"max ulp of {name}({parameter}) and its slope"
    figures_of_the_run[key] = "{:.2f}, {:.2f}".format(*errors)
    assert errors[0] <= GOALS_OF_OTHER_PARAMETERS[name, parameter][0]
    assert errors[1] <= GOALS_OF_OTHER_PARAMETERS[name, parameter][1]


@names
@pytest.mark.parametrize("dtype", [np.float32, np.float16], ids=["float32", "float16"])
def test_narrow_floats_are_rounded_once(name, dtype):
    with np.errstate(over="ignore"):
        z = np.unique(GRID.astype(dtype))
    z = z[np.isfinite(z)][::5]
    g, slope = truth(name, z)
    assert ulps(ACTIVATIONS[name].value(z), g, dtype) <= 0.51
    assert ulps(ACTIVATIONS[name].prime(z), slope, dtype) <= 0.51


@kernels
def test_every_float16_there_is(f):
    z = np.arange(2**16, dtype=np.uint16).view(np.float16)
    with np.errstate(over="ignore"):
        expected = f(z.astype(np.float64)).astype(np.float16)
    np.testing.assert_array_equal(f(z), expected)


@pytest.mark.parametrize("slope", [-1.5, -0.01, 0.0, 0.3, 1.0, 2.0, 1e-300])
def test_leaky_relu_is_right_for_every_slope(slope):
    z = GRID[np.abs(GRID) < 1e307]  # beyond, slope · z overflows
    g, g_prime = truth("leaky_relu", z, slope)
    assert ulps(leaky_relu(z, slope), g) <= 1
    assert ulps(leaky_relu_prime(z, slope), g_prime) <= 1


def test_slope_prime_is_the_negative_part():
    np.testing.assert_array_equal(leaky_relu_slope_prime(GRID, 0.3), np.minimum(GRID, 0))


def test_the_tail_of_the_normal_has_the_coefficients_that_its_docstring_describes():
    with mpmath.workdps(60):
        count, end = len(relatives._SCALED_TAIL), (mpmath.mpf(60) - 5) / (60 + 5)  # t for a = 60
        points = [mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * count)) for i in range(count)]
        t = [(end - 1) / 2 + (end + 1) / 2 * point for point in points]
        a = [5 * (1 + x) / (1 - x) for x in t]
        scaled = [(1 + x) * mpmath.ncdf(-x) * mpmath.exp(x * x / 2) for x in a]
        rows = mpmath.matrix([[x**k for k in range(count)] for x in t])
        solved = mpmath.lu_solve(rows, mpmath.matrix(scaled))
        assert [float(c) for c in solved] == list(relatives._SCALED_TAIL)


@pytest.mark.parametrize(
    ("name", "textbook"),
    [
        ("silu", lambda z: 1 / (1 + np.exp(-z)) * (1 + z / (1 + np.exp(z)))),
        ("gelu", lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)),
    ],
)
def test_the_textbook_fails_next_to_the_root_of_the_slope_where_the_kernels_hold(name, textbook):
    z = ROOTS[name] * (1 + np.array([1e-9, 1e-7, -1e-8]))
    _, slope = truth(name, z)
    assert ulps(textbook(z), slope) > 1e6
    assert ulps(ACTIVATIONS[name].prime(z), slope) <= GOALS[name][1]


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


# --- Limits, zeros, kinks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "params", "at_minus_inf", "at_inf"),
    [
        (sigmoid, (), 0, 1),
        (sigmoid_prime, (), 0, 0),
        (tanh, (), -1, 1),
        (tanh_prime, (), 0, 0),
        (relu, (), 0, INF),
        (relu_prime, (), 0, 1),
        (leaky_relu, (), -INF, INF),
        (leaky_relu, (0.0,), 0, INF),
        (leaky_relu, (-0.5,), INF, INF),
        (leaky_relu_prime, (), 0.01, 1),
        (leaky_relu_prime, (0.0,), 0, 1),
        (leaky_relu_slope_prime, (), -INF, 0),
        (elu, (), -1, INF),
        (elu, (0.0,), 0, INF),
        (elu, (2.5,), -2.5, INF),
        (elu_prime, (), 0, 1),
        (selu, (), -1.7580993408473766, INF),
        (selu_prime, (), 0, 1.0507009873554805),
        (softplus, (), 0, INF),
        (softplus, (0.3,), 0, INF),
        (softplus, (-2.0,), -INF, 0),
        (softplus_prime, (), 0, 1),
        (softplus_prime, (-2.0,), 1, 0),
        (softsign, (), -1, 1),
        (softsign_prime, (), 0, 0),
        *[(f, (), 0, INF) for f in (silu, swish, gelu, gelu_tanh, mish)],
        *[(f, (), 0, 1) for f in (silu_prime, gelu_prime, gelu_tanh_prime, mish_prime)],
        (swish, (0.3,), 0, INF),
        (swish, (0.0,), -INF, INF),
        (swish, (-2.0,), -INF, 0),
        (swish_prime, (0.3,), 0, 1),
        (swish_prime, (0.0,), 0.5, 0.5),
        (swish_prime, (-2.0,), 1, 0),
    ],
)
def test_limits_are_exact(f, params, at_minus_inf, at_inf):
    assert f(-INF, *params) == at_minus_inf
    assert f(INF, *params) == at_inf


@kernels
def test_nan_stays_nan(f):
    np.testing.assert_array_equal(np.isnan(f([NAN, 1.0, NAN])), [True, False, True])


ZERO_AT_ZERO = [
    *(tanh, relu, leaky_relu, leaky_relu_slope_prime),
    *(elu, selu, softsign, silu, swish, gelu, gelu_tanh, mish),
]


@pytest.mark.parametrize("f", ZERO_AT_ZERO, ids=lambda f: f.__name__)
def test_the_sign_of_zero_is_kept(f):
    np.testing.assert_array_equal(np.signbit(f([-0.0, 0.0])), [True, False])


def test_slope_zero_is_relu_bit_by_bit():
    z = np.array([-INF, -3.0, -0.0, 0.0, 3.0, INF])
    assert leaky_relu(z, 0.0).tobytes() == relu(z).tobytes() == leaky_relu(z, -0.0).tobytes()


@pytest.mark.parametrize("zero", [0.0, -0.0, 0])
def test_the_kink_takes_the_left_value(zero):
    assert relu_prime(zero) == 0
    assert leaky_relu_prime(zero) == 0.01
    assert leaky_relu_prime(zero, 3.0) == 3
    assert elu_prime(zero, 3.0) == 3
    assert selu_prime(zero) == 1.7580993408473766


@kernels
def test_no_warning_even_when_numpy_raises_everything(f):
    z = [-INF, -1e308, -1e160, -750, -740, -39, -38, -21, -1e-310, -0.0, 0.0, 5e-324, 36, 740, NAN]
    z = np.array([*z, 1e200, 1e308, INF])
    with np.errstate(all="ignore"):
        wide_and_narrow = [z.astype(dtype) for dtype in (np.float64, np.float32, np.float16)]
    with np.errstate(all="raise"):
        for z in wide_and_narrow:
            f(z)
            if f in PARAMETER:
                f(z, 0.3)
                f(z, -1e10)
        assert set(np.geterr().values()) == {"raise"}  # and the caller's setting is left alone


def test_overflow_of_the_result_is_inf_without_a_warning():
    with np.errstate(all="raise"):
        assert leaky_relu(np.float16(-60000), 2.0) == -INF
        assert leaky_relu(-1e308, 20.0) == -INF


# --- Properties -------------------------------------------------------------------------------


@given(floats)
def test_symmetries_hold_bit_by_bit(z):
    np.testing.assert_array_equal(sigmoid_prime(-z), sigmoid_prime(z))
    np.testing.assert_array_equal(tanh_prime(-z), tanh_prime(z))
    np.testing.assert_array_equal(tanh(-z), -tanh(z))
    np.testing.assert_array_equal(softsign(-z), -softsign(z))
    np.testing.assert_array_equal(softsign_prime(-z), softsign_prime(z))


@given(moderate, moderate)
def test_values_never_fall(y, z):
    low, high = min(y, z), max(y, z)
    for f in (relu, leaky_relu, elu_prime):
        assert f(low) <= f(high)
    # up to rounding: neighbours may change places in the last digit
    for f in (sigmoid, tanh, elu, selu, softplus, softplus_prime, softsign):
        assert f(low) <= f(high) + 4 * np.spacing(abs(f(high)))


@names
@given(z=finite)
def test_values_and_slopes_stay_in_the_ranges_of_the_table(name, z):
    activation = ACTIVATIONS[name]
    (low, high), largest = activation.value_range, activation.max_prime.value
    value, slope = activation.value(z), activation.prime(z)
    if name in GATES:  # up to rounding at the minimum and at the steepest place
        assert low * (1 + 2e-15) <= value <= high
        assert -0.13 <= slope <= largest * (1 + 2e-15)
    else:
        assert low <= value <= high
        assert 0 <= slope <= largest


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name not in GATES])
def test_rounding_never_lifts_a_slope_above_the_maximum(name):
    z = np.concatenate([np.geomspace(1e-17, 1, 20_000), np.linspace(0, 1e-14, 20_000)])
    activation = ACTIVATIONS[name]
    assert activation.prime(z).max() <= activation.max_prime.value
    assert value_and_prime(name, z)[1].max() <= activation.max_prime.value


def close(got, expected):
    """Compare up to a few ulp, also of subnormal numbers and of infinities."""
    np.testing.assert_allclose(got, expected, rtol=4e-15, atol=1e-322)


@given(moderate)
def test_the_family_hangs_together(z):
    close(softplus_prime(z), sigmoid(z))
    np.testing.assert_array_equal(silu(z), swish(z, 1.0))
    np.testing.assert_array_equal(silu_prime(z), swish_prime(z, 1.0))
    close(selu(z), 1.0507009873554805 * elu(z, 1.6732632423543772))
    close(selu_prime(z), 1.0507009873554805 * elu_prime(z, 1.6732632423543772))
    close(softsign_prime(z), (1 - np.abs(softsign(z))) ** 2) if abs(z) < 1 else None
    close(tanh(z), 2 * sigmoid(2 * z) - 1) if 1 < abs(z) < 1e308 else None


@given(finite)
def test_what_a_gate_lets_through_on_both_sides_adds_up(z):
    for f in (silu, gelu, gelu_tanh):  # z G(z) - (-z) G(-z) = z, and the slopes add up to 1
        close(f(z) - f(-z), z)
    for f in (silu_prime, gelu_prime, gelu_tanh_prime):
        close(f(z) + f(-z), 1)


@given(st.floats(-50, 50), betas)
def test_beta_stretches(z, beta):
    close(swish(z, beta), -swish(-z, -beta))
    close(swish_prime(z, beta), swish_prime(-z, -beta))
    if 1e-3 <= abs(beta * z) <= 36:  # where rounding βz costs little
        np.testing.assert_allclose(swish(z, beta), silu(beta * z) / beta, rtol=1e-13)
        np.testing.assert_allclose(softplus(z, beta), softplus(beta * z) / beta, rtol=1e-13)
        np.testing.assert_allclose(softplus_prime(z, beta), sigmoid(beta * z), rtol=1e-13)


def test_a_large_beta_is_relu_and_beta_0_is_half_of_z():
    z = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(swish(z, 1e4), relu(z), atol=1e-4)
    np.testing.assert_allclose(softplus(z, 1e4), relu(z), atol=1e-4)
    np.testing.assert_array_equal(swish(z, 0.0), z / 2)
    np.testing.assert_array_equal(swish_prime(z, 0.0), np.full(101, 0.5))
    for f in (softplus, softplus_prime):
        with pytest.raises(ValueError, match="beta must not be 0"):
            f(z, 0.0)


def test_softplus_stays_within_ln_2_of_relu():
    gap = softplus(GRID) - relu(GRID)
    assert gap.min() >= 0
    assert gap.max() == softplus(0.0) == math.log(2)


def test_the_tanh_form_of_gelu_is_close_to_gelu():
    z = np.linspace(-6, 6, 1201)
    assert 4e-4 < np.max(np.abs(gelu_tanh(z) - gelu(z))) < 5e-4


@given(moderate, slopes)
def test_leaky_relu_is_the_sum_of_two_halves(z, slope):
    expected = relu(z) + slope * leaky_relu_slope_prime(z)
    assert leaky_relu(z, slope) == expected


@given(moderate, slopes)
def test_leaky_relu_depends_on_its_slope_as_slope_prime_says(z, slope):
    chord = leaky_relu(z, slope + 0.5) - leaky_relu(z, slope)  # linear in the slope
    assert chord == pytest.approx(0.5 * leaky_relu_slope_prime(z, slope), rel=1e-12)


@kernels
@given(z=arrays())
def test_shape_dtype_and_input_are_kept(f, z):
    before = z.tobytes()
    z.flags.writeable = False
    result = f(z)
    assert z.tobytes() == before
    assert type(result) is (np.ndarray if z.ndim else result.dtype.type)
    assert result.shape == z.shape
    assert result.dtype == (z.dtype if z.dtype.kind == "f" else np.float64)


@kernels
@given(z=arrays(dtypes=(np.float64, np.int8)))
def test_an_array_is_evaluated_number_by_number(f, z):
    one_by_one = [f(float(x)) for x in z.flat]
    # NumPy's vector and scalar exponentials may differ in the last place
    np.testing.assert_allclose(f(z).ravel(), one_by_one, rtol=4e-15, atol=1e-322)


# --- What may come in -------------------------------------------------------------------------


@kernels
@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 65_535, 65_536, 65_537])
def test_blocks_leave_no_seam(f, size):
    z = np.linspace(-5, 5, size)
    small = [f(part) for part in np.array_split(z, 5)]
    np.testing.assert_allclose(f(z), np.concatenate(small), rtol=1e-15)
    narrow = z.astype(np.float32)
    np.testing.assert_allclose(f(narrow), f(narrow.astype(np.float64)), rtol=1e-6)


@kernels
def test_every_layout_gives_the_same_numbers(f):
    z = np.linspace(-6, 6, 2 * 300 * 301).reshape(300, 602)
    expected = f(z[:, ::2].copy())
    rtol = 1e-15
    np.testing.assert_allclose(f(z[:, ::2]), expected, rtol=rtol)
    np.testing.assert_allclose(f(np.asfortranarray(z)[:, ::2]), expected, rtol=rtol)
    np.testing.assert_allclose(f(z[::-1, ::-2][::-1, ::-1]), f(z[:, 1::2]), rtol=rtol)
    np.testing.assert_allclose(f(z.T)[::2], expected.T, rtol=rtol)
    np.testing.assert_allclose(f(z[:, ::2].astype(">f8")), expected, rtol=rtol)
    np.testing.assert_array_equal(f(np.broadcast_to(2.0, (3, 2))), np.full((3, 2), f(2.0)))


def test_foreign_byte_order_comes_back_native():
    assert tanh(np.array([1.0], ">f4")).dtype == np.float32


@kernels
@pytest.mark.parametrize(
    ("z", "kind"),
    [
        (2, np.float64),
        (2.0, np.float64),
        (True, np.float64),
        (np.int8(2), np.float64),
        (np.float32(2), np.float32),
        (np.array(2.0), np.float64),
        (np.array(2, np.float16), np.float16),
    ],
)
def test_a_scalar_gives_a_scalar(f, z, kind):
    assert type(f(z)) is kind


def test_lists_and_nested_lists():
    np.testing.assert_array_equal(relu([[-1, 2], [3, -4]]), [[0, 2], [3, 0]])
    assert relu([]).shape == (0,)


def test_a_matrix_gives_a_plain_array():
    class Subclass(np.ndarray):
        pass

    result = relu(np.ones((2, 2)).view(Subclass))
    assert type(result) is np.ndarray


@kernels
def test_a_masked_array_is_refused_as_its_mask_would_be_lost(f):
    with pytest.raises(TypeError, match=r"z must not be a masked array.*filled"):
        f(np.ma.array([1.0, 2.0], mask=[True, False]))


@kernels
@pytest.mark.parametrize(
    ("z", "came"),
    [
        (1j, "complex"),
        (np.ones(2, complex), "complex128"),
        ("1.0", "str"),
        (["1.0"], "str"),
        (None, "NoneType"),
        ([1.0, None], "object"),
        (np.array(["2020-01-01"], "datetime64[D]"), "datetime64"),
    ],
)
def test_what_is_not_real_is_refused_by_name(f, z, came):
    with pytest.raises(TypeError, match=rf"^z must be real numbers.*{came}"):
        f(z)


@pytest.mark.skipif(np.longdouble is np.float64, reason="no wider float here")
def test_long_double_is_refused_rather_than_narrowed():
    with pytest.raises(TypeError, match=r"longdouble|float128|float96"):
        sigmoid(np.ones(2, np.longdouble))


@shaped_kernels
@pytest.mark.parametrize(
    "value", [[0.1], np.array([0.1, 0.2]), np.array(0.1), "0.1", 0.1j, None], ids=repr
)
def test_a_parameter_is_one_real_number(f, value):
    name = PARAMETER[f]
    with pytest.raises(TypeError, match=rf"^{name} must be one real number, got"):
        f(1.0, value)
    with pytest.raises(TypeError, match=rf"^{name} must be one real number, got"):
        f(1.0, **{name: value})


@kernels
def test_rows_of_unequal_length_are_refused_by_name(f):
    with pytest.raises(ValueError, match=r"^z must have rows of equal length, got list"):
        f([[1, 2], [3]])


@kernels
@pytest.mark.parametrize("z", [10**30, [1.0, -(10**30)], 10**5000], ids=["one", "row", "huge"])
def test_an_integer_beyond_64_bits_is_refused_by_name(f, z):
    with pytest.raises(TypeError, match=r"^z must be .*up to 64 bits.*, got (int|list) with"):
        f(z)


@shaped_kernels
@pytest.mark.parametrize("value", [10**400, -(10**5000), Fraction(10**400)], ids=type)
def test_a_parameter_beyond_all_floats_is_refused_by_name(f, value):
    with pytest.raises(ValueError, match=rf"^{PARAMETER[f]} must fit in a float, got (int|Fract)"):
        f(1.0, value)


@shaped_kernels
@pytest.mark.parametrize("value", [1, True, np.float32(0.25), np.int8(2), Fraction(1, 3)], ids=repr)
def test_a_parameter_may_be_any_kind_of_real_number(f, value):
    np.testing.assert_array_equal(f([-2.0, 2.0], value), f([-2.0, 2.0], float(value)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sigmoid(), r"sigmoid\(z\): missing a required argument: 'z'"),
        (lambda: sigmoid(1.0, 2.0), r"sigmoid\(z\): too many positional arguments"),
        (lambda: relu([], 2.0), r"relu\(z\): too many positional arguments"),
        (lambda: leaky_relu(1.0, alpha=2.0), r"negative_slope=0.01\): .*'alpha'"),
        (lambda: gelu(1.0, "tanh"), r"gelu\(z\): too many"),
        (lambda: swish(1.0, 1.0, 2.0), r"swish\(z, beta=1.0\): too many"),
        (lambda: value_and_prime("tanh", 1.0, 2.0), r"tanh\(z\): too many"),
    ],
)
def test_a_wrong_call_is_told_the_right_one(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@kernels
def test_kernels_look_like_the_functions_they_wrap(f):
    parameters = inspect.signature(f).parameters
    assert list(parameters) == ["z", *([PARAMETER[f]] if f in PARAMETER else [])]
    assert f(z=1.0) == f(1.0)
    assert f.__doc__.count(">>> ") >= 1
    assert getattr(activations, f.__name__) is f
    assert f.__name__ in activations.__all__


# --- Value and slope at once ------------------------------------------------------------------


@names
@given(z=arrays())
def test_pair_is_value_and_prime(name, z):
    g, g_prime = value_and_prime(name, z)
    for got, f in ((g, ACTIVATIONS[name].value), (g_prime, ACTIVATIONS[name].prime)):
        expected = f(z)
        assert type(got) is type(expected)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got, expected)


def test_pair_takes_the_slope_both_ways():
    z = np.array([-2.0, 0.0, 2.0])
    for g, g_prime in (
        value_and_prime("leaky_relu", z, 0.5),
        value_and_prime("leaky_relu", z, negative_slope=0.5),
    ):
        np.testing.assert_array_equal(g, [-1, 0, 2])
        np.testing.assert_array_equal(g_prime, [0.5, 0.5, 1])


@pytest.mark.parametrize("name", ["sigmoid", "softplus", *GATES])
def test_the_pair_saves_an_exponential(name, monkeypatch):
    calls = []
    exp = np.exp
    monkeypatch.setattr(np, "exp", lambda *x, **out: calls.append(1) or exp(*x, **out))
    value_and_prime(name, np.ones(3))
    assert len(calls) == 1


@names
@given(z=arrays())
def test_out_is_filled_and_returned(name, z):
    dtype = z.dtype if z.dtype.kind == "f" else np.float64
    backwards = np.full((*z.shape, 2), 7, dtype)  # two interleaved arrays, not contiguous
    out = (backwards[..., 0], backwards[..., 1])
    result = value_and_prime(name, z, out=out)
    assert result[0] is out[0]
    assert result[1] is out[1]
    for got, expected in zip(out, value_and_prime(name, z), strict=True):
        np.testing.assert_array_equal(got, expected)


def read_only(shape):
    array = np.empty(shape)
    array.flags.writeable = False
    return array


Z = np.linspace(-1, 1, 6)
SAME = np.empty(6)


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (np.empty((2, 6)), r"pair \(g, g_prime\) of arrays, got ndarray"),
        ((np.empty(6),), "pair"),
        ((np.empty(6), [0.0] * 6), "g_prime must be an array, got list"),
        ((np.empty(6), np.empty(5)), r"g_prime must have shape \(6,\).*got shape \(5,\)"),
        ((np.empty((6, 1)), np.empty(6)), r"g must have shape \(6,\).*got shape \(6, 1\)"),
        ((np.empty(6, np.float32), np.empty(6)), "g must have .*dtype float64.*got.*float32"),
        ((np.empty(6), read_only(6)), "g_prime must be writable"),
        ((SAME, SAME), "two arrays that share no memory"),
        ((SAME, SAME[::-1]), "two arrays that share no memory"),
        ((Z, np.empty(6)), "g must not share memory with z"),
        ((np.empty(6), Z[::-1]), "g_prime must not share memory with z"),
    ],
)
def test_an_out_that_does_not_fit_is_refused(out, message):
    before = Z.copy()
    with pytest.raises(ValueError, match=message):
        value_and_prime("tanh", Z, out=out)
    np.testing.assert_array_equal(Z, before)


@pytest.mark.parametrize("name", ["sigmiod", None, 3, ["relu"]])
def test_an_unknown_name_lists_what_exists(name):
    with pytest.raises(ValueError, match=r"unknown activation .*sigmoid, tanh, relu, leaky_relu"):
        value_and_prime(name, 1.0)


def test_the_pair_of_an_activation_of_ones_own():
    steep = Activation(
        value=lambda z, beta=1.0: sigmoid(beta * z),
        prime=lambda z, beta=1.0: beta * sigmoid_prime(beta * z),
    )
    g, g_prime = value_and_prime(steep, np.float32([0, 1]), beta=4.0)
    assert g.dtype == np.float32
    np.testing.assert_allclose(g_prime, [1.0, 4 * sigmoid_prime(4.0)], rtol=1e-6)


# --- The table --------------------------------------------------------------------------------


def test_the_table_is_ordered_and_read_only():
    assert list(ACTIVATIONS)[:4] == ["sigmoid", "tanh", "relu", "leaky_relu"]
    with pytest.raises(TypeError):
        ACTIVATIONS["mine"] = ACTIVATIONS["relu"]
    with pytest.raises(FrozenInstanceError):
        ACTIVATIONS["relu"].kinks = ()


@names
def test_the_table_is_complete(name):
    activation = ACTIVATIONS[name]
    assert activation.value is getattr(activations, name)
    assert activation.prime is getattr(activations, f"{name}_prime")
    assert activation.expression
    assert activation.latex
    assert activation.max_prime is not None


@names
def test_the_expression_is_the_function_and_its_derivative_the_slope(name):
    activation = ACTIVATIONS[name]
    tree = parse(activation.expression)
    z = np.array([-9.0, -2.5, -1.0, 0.3, 4.0, 25.0])
    point = {}
    if activation.parameter:
        point = {activation.parameter.name.replace("negative_slope", "alpha"): 0.7}
    points = [{"z": x, **point} for x in z]
    for kernel, expected in (
        (activation.value, values(tree, points)),
        (activation.prime, values(parse(f"D({activation.expression})"), points)),
    ):
        np.testing.assert_allclose(kernel(z, *point.values()), np.float64(expected), rtol=4e-15)


@names
@given(z=st.floats(-6, 6).filter(lambda z: abs(z) > 1e-3))
def test_central_differences_of_the_value_give_the_slope(name, z):
    activation = ACTIVATIONS[name]
    slope = calculus.central_difference(activation.value, z, h=1e-5)
    assert activation.prime(z) == pytest.approx(slope, abs=1e-9)


@names
def test_the_largest_slope_is_where_the_table_says(name):
    activation = ACTIVATIONS[name]
    slopes, largest = activation.prime(np.arange(-10_000, 10_001) / 1000), activation.max_prime
    if largest.at is None:  # a half-line
        assert slopes.max() == largest.value
        assert np.mean(slopes == slopes.max()) > 0.4
    elif not largest.at:  # a limit
        assert slopes.max() < largest.value == activation.prime(INF)
    else:
        assert slopes.max() <= largest.value * (1 + 4e-15)
        for place in largest.at:
            assert activation.prime(place) == pytest.approx(largest.value, rel=2e-15)
            assert activation.prime(place - 0.01) < largest.value > activation.prime(place + 0.01)


@names
def test_the_value_range_is_approached(name):
    activation = ACTIVATIONS[name]
    low = ROOTS.get(name.replace("swish", "silu"), -INF)
    np.testing.assert_allclose(activation.value([low, INF]), activation.value_range, rtol=1e-15)


@names
def test_kinks_are_where_the_slope_jumps(name):
    activation = ACTIVATIONS[name]
    z = np.linspace(-5, 5, 1001) + 0.005  # between the grid points lies 0
    jumps = np.abs(np.diff(activation.prime(z, *([2.0] if name == "elu" else [])))) > 0.5
    np.testing.assert_allclose(activation.kinks, (z[:-1] + z[1:])[jumps] / 2, atol=1e-9)


FROM_VALUE = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign"]


def test_the_slope_follows_from_the_value_where_the_value_tells_z():
    known = [name for name, activation in ACTIVATIONS.items() if activation.prime_from_value]
    assert known == FROM_VALUE


@pytest.mark.parametrize("name", FROM_VALUE)
@given(z=st.floats(-8, 8))
def test_the_slope_from_the_value(name, z):
    activation = ACTIVATIONS[name]
    from_value = activation.prime_from_value(activation.value(z))
    assert from_value == pytest.approx(activation.prime(z), rel=1e-8)
    assert activation.prime_from_value(np.float32([0.5, NAN])).dtype == np.float32


@pytest.mark.parametrize("name", ["elu", "softplus"])
@given(z=st.floats(-8, 8), value=st.floats(0.25, 3))
def test_the_slope_from_the_value_for_any_parameter(name, z, value):
    activation = ACTIVATIONS[name]
    from_value = activation.prime_from_value(activation.value(z, value), value)
    assert from_value == pytest.approx(activation.prime(z, value), rel=1e-8)


def test_the_slope_of_elu_from_its_value_needs_an_alpha_that_is_not_negative():
    with pytest.raises(ValueError, match="alpha must be at least 0, got -1"):
        ACTIVATIONS["elu"].prime_from_value([1.0], -1.0)


def test_the_slope_of_leaky_relu_from_its_value_needs_a_slope_that_is_not_negative():
    from_value = ACTIVATIONS["leaky_relu"].prime_from_value
    np.testing.assert_array_equal(from_value([-0.5, 0.0, 3.0], 0.5), [0.5, 0.5, 1])
    np.testing.assert_array_equal(from_value([0.0, 3.0], 0.0), [0, 1])
    with pytest.raises(ValueError, match="at least 0"):
        from_value([1.0], -0.5)


@names
def test_the_parameter_of_the_table_is_that_of_the_kernels(name):
    activation = ACTIVATIONS[name]
    for kernel in (activation.value, activation.prime):
        _, *parameters = inspect.signature(kernel).parameters.values()
        described = [(p.name, p.default) for p in [activation.parameter] if p]
        assert described == [(p.name, p.default) for p in parameters]


@pytest.mark.parametrize("name", [name for name, a in ACTIVATIONS.items() if a.parameter])
def test_a_parameter_is_a_slider_on_the_grid(name):
    p = ACTIVATIONS[name].parameter
    assert p.low <= p.default <= p.high
    assert ((p.default - p.low) / p.step) == pytest.approx(round((p.default - p.low) / p.step))
    assert ((p.high - p.low) / p.step) == pytest.approx(round((p.high - p.low) / p.step))
    assert [f.name for f in fields(Parameter)] == [
        "name",
        "symbol",
        "default",
        "low",
        "high",
        "step",
    ]


# --- The price of importing -------------------------------------------------------------------


@pytest.mark.parametrize("module", ["activations", "calculus"])
def test_importing_loads_numpy_alone(module):
    code = f"import sys, helpers.{module}; print(*{{m.split('.')[0] for m in sys.modules}})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "numpy" in loaded
    assert not {"matplotlib", "sympy", "mpmath", "scipy", "ipywidgets"} & set(loaded)
