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
    leaky_relu,
    leaky_relu_prime,
    leaky_relu_slope_prime,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
    tanh,
    tanh_prime,
    value_and_prime,
)
from tests.strategies import arrays, finite, floats, moderate, slopes

INF, NAN = np.inf, np.nan
KERNELS = [
    sigmoid,
    sigmoid_prime,
    tanh,
    tanh_prime,
    relu,
    relu_prime,
    leaky_relu,
    leaky_relu_prime,
    leaky_relu_slope_prime,
]
LEAKY = [leaky_relu, leaky_relu_prime, leaky_relu_slope_prime]
BLOCK = activations._BLOCK

kernels = pytest.mark.parametrize("f", KERNELS, ids=lambda f: f.__name__)
leaky_kernels = pytest.mark.parametrize("f", LEAKY, ids=lambda f: f.__name__)
names = pytest.mark.parametrize("name", ACTIVATIONS)


# --- The oracle: 50 digits on a hard grid -----------------------------------------------------

ORACLE = mpmath.mp.clone()
ORACLE.dps = 50


def _sigmoid(z):
    return 1 / (1 + ORACLE.exp(-z))


# name -> (g, g′) from the textbook, in an arithmetic where the textbook is right
TRUTH = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
    "tanh": (ORACLE.tanh, lambda z: ORACLE.sech(z) ** 2),
    "relu": (lambda z: max(z, 0), lambda z: int(z > 0)),
    "leaky_relu": (
        lambda z, a=0.01: z if z > 0 else ORACLE.mpf(a) * z,
        lambda z, a=0.01: 1 if z > 0 else ORACLE.mpf(a),
    ),
}
GOALS = {"sigmoid": (3, 5), "tanh": (2, 5), "relu": (1, 1), "leaky_relu": (1, 1)}  # ulp


def hard_grid():
    """Return z of both signs, with the places where floating point is at its limits."""
    rng = np.random.default_rng(0)
    tiny, huge = np.finfo(np.float64).smallest_subnormal, np.finfo(np.float64).max
    # where exp(-|z|) or exp(-2|z|) turns to 1 ulp of 1, subnormal, 0, or exp(|z|) overflows
    edges = [18.37, 19.06, 36.04, 36.74, 354.2, 354.89, 372.2, 372.57, 708.4, 709.78, 744.4, 745.13]
    z = np.concatenate(
        [
            rng.uniform(0, 20, 2500),
            rng.uniform(20, 750, 1000),
            10 ** rng.uniform(-323.5, 308.2, 400),
            tiny * np.arange(1, 20),
            np.concatenate([edge + rng.uniform(-0.5, 0.5, 25) for edge in edges]),
            [0.5, 1.0, 2.0, np.finfo(np.float64).tiny, huge],
        ]
    )
    return np.concatenate([[0.0], z, -z])


GRID = hard_grid()


def ulps(got, truth, dtype=np.float64):
    """Return the largest error of `got` in units of the last place of the true results."""
    with np.errstate(over="ignore", under="ignore"):
        gaps = np.spacing(np.abs(np.array([float(t) for t in truth])).astype(dtype))
    errors = [
        abs(ORACLE.mpf(float(g)) - t) / ORACLE.mpf(float(gap))
        for g, t, gap in zip(got, truth, gaps, strict=True)
    ]
    return float(max(errors))


def truth(name, which, z, *params):
    return [TRUTH[name][which](ORACLE.mpf(float(x)), *params) for x in z]


def test_the_ulp_helper_counts_the_gap_above_the_true_result():
    third = ORACLE.mpf(1) / 3
    assert ulps([1 / 3], [third]) <= 0.5
    assert ulps([np.nextafter(1 / 3, 1)], [third]) == pytest.approx(1, abs=0.5)
    assert ulps([1 + 4 * 2.0**-52], [ORACLE.mpf(1)]) == 4
    assert ulps([0.0], [ORACLE.mpf(1e-323)]) == 2


@names
@pytest.mark.parametrize("which", [0, 1], ids=["value", "prime"])
def test_float64_is_as_accurate_as_promised(name, which, figures_of_the_run):
    kernel = (ACTIVATIONS[name].value, ACTIVATIONS[name].prime)[which]
    error = ulps(kernel(GRID), truth(name, which, GRID))
    figures_of_the_run[f"max ulp {name}{'′' * which}"] = round(error, 2)
    assert error <= GOALS[name][which]


@names
@pytest.mark.parametrize("which", [0, 1], ids=["value", "prime"])
@pytest.mark.parametrize("dtype", [np.float32, np.float16], ids=["float32", "float16"])
def test_narrow_floats_are_rounded_once(name, which, dtype, figures_of_the_run):
    with np.errstate(over="ignore"):
        z = np.unique(GRID.astype(dtype))
    z = z[np.isfinite(z)]
    kernel = (ACTIVATIONS[name].value, ACTIVATIONS[name].prime)[which]
    error = ulps(kernel(z), truth(name, which, z), dtype)
    figures_of_the_run[f"max ulp {name}{'′' * which} {dtype.__name__}"] = round(error, 3)
    assert error <= 0.51


@kernels
def test_every_float16_there_is(f):
    z = np.arange(2**16, dtype=np.uint16).view(np.float16)
    with np.errstate(over="ignore"):
        expected = f(z.astype(np.float64)).astype(np.float16)
    np.testing.assert_array_equal(f(z), expected)


@pytest.mark.parametrize("slope", [-1.5, -0.01, 0.0, 0.3, 1.0, 2.0, 1e-300])
def test_leaky_relu_is_right_for_every_slope(slope):
    z = GRID[np.abs(GRID) < 1e307]  # beyond, slope · z overflows
    assert ulps(leaky_relu(z, slope), truth("leaky_relu", 0, z, slope)) <= 1
    assert ulps(leaky_relu_prime(z, slope), truth("leaky_relu", 1, z, slope)) <= 1


def test_slope_prime_is_the_negative_part():
    np.testing.assert_array_equal(leaky_relu_slope_prime(GRID, 0.3), np.minimum(GRID, 0))


def test_sigmoid_agrees_with_scipy():
    z = np.linspace(-30, 30, 2001)
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=1e-15)
    np.testing.assert_allclose(sigmoid_prime(z), special.expit(z) * special.expit(-z), rtol=1e-15)


def test_table_of_known_values():
    assert sigmoid_prime(1.0) == pytest.approx(0.196611933241, rel=1e-11)
    assert sigmoid_prime(4.58486333912) == pytest.approx(0.01, rel=1e-11)
    assert tanh_prime(2.0) == pytest.approx(0.0706508248532, rel=1e-11)
    assert tanh_prime(2.99322284613) == pytest.approx(0.01, rel=1e-11)
    assert leaky_relu(3.0, 2.0) == 3  # max(2 z, z) gives 6


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
    ],
)
def test_limits_are_exact(f, params, at_minus_inf, at_inf):
    assert f(-INF, *params) == at_minus_inf
    assert f(INF, *params) == at_inf


@kernels
def test_nan_stays_nan(f):
    np.testing.assert_array_equal(np.isnan(f([NAN, 1.0, NAN])), [True, False, True])


@pytest.mark.parametrize("f", [tanh, relu, leaky_relu, leaky_relu_slope_prime])
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


@kernels
def test_no_warning_even_when_numpy_raises_everything(f):
    z = np.array([-INF, -1e308, -750, -740, -1e-310, -0.0, 0.0, 5e-324, 36, 740, 1e308, INF, NAN])
    with np.errstate(all="ignore"):
        wide_and_narrow = [z.astype(dtype) for dtype in (np.float64, np.float32, np.float16)]
    with np.errstate(all="raise"):
        for z in wide_and_narrow:
            f(z)
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


@given(finite, finite)
def test_values_never_fall(y, z):
    low, high = min(y, z), max(y, z)
    for f in (relu, leaky_relu):
        assert f(low) <= f(high)
    for f in (sigmoid, tanh):  # up to rounding: neighbours may change places in the last digit
        assert f(low) <= f(high) + 4 * np.spacing(abs(f(high)))


@given(finite)
def test_values_and_slopes_stay_in_the_ranges_of_the_table(z):
    for activation in ACTIVATIONS.values():
        low, high = activation.value_range
        assert low <= activation.value(z) <= high
        assert 0 <= activation.prime(z) <= activation.max_prime.value


@names
def test_rounding_never_lifts_a_slope_above_the_maximum(name):
    z = np.concatenate([np.geomspace(1e-17, 1, 20_000), np.linspace(0, 1e-14, 20_000)])
    activation = ACTIVATIONS[name]
    assert activation.prime(z).max() <= activation.max_prime.value
    assert value_and_prime(name, z)[1].max() <= activation.max_prime.value


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
    np.testing.assert_allclose(f(z).ravel(), one_by_one, rtol=1e-15, atol=1e-323)


# --- What may come in -------------------------------------------------------------------------


@kernels
@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 65_535, 65_536, 65_537])
def test_blocks_leave_no_seam(f, size):
    z = np.linspace(-5, 5, size)
    small = [f(part) for part in np.array_split(z, 5)]
    np.testing.assert_allclose(f(z), np.concatenate(small), rtol=1e-15)
    np.testing.assert_allclose(f(z.astype(np.float32)), f(z), rtol=1e-6)


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


@leaky_kernels
@pytest.mark.parametrize(
    "slope", [[0.1], np.array([0.1, 0.2]), np.array(0.1), "0.1", 0.1j, None], ids=repr
)
def test_a_slope_is_one_real_number(f, slope):
    with pytest.raises(TypeError, match=r"^negative_slope must be one real number, got"):
        f(1.0, slope)
    with pytest.raises(TypeError, match=r"^negative_slope must be one real number, got"):
        f(1.0, negative_slope=slope)


@kernels
def test_rows_of_unequal_length_are_refused_by_name(f):
    with pytest.raises(ValueError, match=r"^z must have rows of equal length, got list"):
        f([[1, 2], [3]])


@kernels
@pytest.mark.parametrize("z", [10**30, [1.0, -(10**30)], 10**5000], ids=["one", "row", "huge"])
def test_an_integer_beyond_64_bits_is_refused_by_name(f, z):
    with pytest.raises(TypeError, match=r"^z must be .*up to 64 bits.*, got (int|list) with"):
        f(z)


@leaky_kernels
@pytest.mark.parametrize("slope", [10**400, -(10**5000), Fraction(10**400)], ids=type)
def test_a_slope_beyond_all_floats_is_refused_by_name(f, slope):
    with pytest.raises(ValueError, match=r"^negative_slope must fit in a float, got (int|Fract)"):
        f(1.0, slope)


@leaky_kernels
@pytest.mark.parametrize("slope", [0, 1, True, np.float32(0.25), np.int8(2)], ids=repr)
def test_a_slope_may_be_any_kind_of_real_number(f, slope):
    np.testing.assert_array_equal(f([-2.0, 2.0], slope), f([-2.0, 2.0], float(slope)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sigmoid(), r"sigmoid\(z\): missing a required argument: 'z'"),
        (lambda: sigmoid(1.0, 2.0), r"sigmoid\(z\): too many positional arguments"),
        (lambda: relu([], 2.0), r"relu\(z\): too many positional arguments"),
        (lambda: leaky_relu(1.0, alpha=2.0), r"negative_slope=0.01\): .*'alpha'"),
        (lambda: value_and_prime("tanh", 1.0, 2.0), r"tanh\(z\): too many"),
    ],
)
def test_a_wrong_call_is_told_the_right_one(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@kernels
def test_kernels_look_like_the_functions_they_wrap(f):
    parameters = inspect.signature(f).parameters
    assert list(parameters) == (["z", "negative_slope"] if f in LEAKY else ["z"])
    assert f(z=1.0) == f(1.0)
    assert f.__doc__.count(">>> ") >= 1
    assert f.__module__ == "helpers.activations"


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


def test_the_pair_saves_an_exponential(monkeypatch):
    calls = []
    exp = np.exp
    monkeypatch.setattr(np, "exp", lambda x: calls.append(1) or exp(x))
    value_and_prime("sigmoid", np.ones(3))
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
def test_the_expression_is_the_function(name):
    activation = ACTIVATIONS[name]
    symbols = {"exp": math.exp, "tanh": math.tanh, "max": max}
    if activation.parameter:
        symbols[activation.parameter.symbol] = activation.parameter.default
    for z in (-2.5, -1.0, 0.0, 0.3, 4.0):
        assert eval(activation.expression, {"z": z, **symbols}) == pytest.approx(
            activation.value(z), rel=1e-14
        )


@names
def test_the_largest_slope_is_where_the_table_says(name):
    activation = ACTIVATIONS[name]
    slopes = activation.prime(np.linspace(-10, 10, 20001))
    assert slopes.max() == activation.max_prime.value
    if activation.max_prime.at is None:  # a half-line
        assert np.mean(slopes == slopes.max()) > 0.4
    else:
        assert all(activation.prime(z) == slopes.max() for z in activation.max_prime.at)
        assert np.sum(slopes == slopes.max()) == len(activation.max_prime.at)


@names
def test_the_value_range_is_approached(name):
    activation = ACTIVATIONS[name]
    np.testing.assert_array_equal(activation.value([-INF, INF]), activation.value_range)


@names
def test_kinks_are_where_the_slope_jumps(name):
    activation = ACTIVATIONS[name]
    z = np.linspace(-5, 5, 1001) + 0.005  # between the grid points lies 0
    jumps = np.abs(np.diff(activation.prime(z))) > 0.5
    np.testing.assert_allclose(activation.kinks, (z[:-1] + z[1:])[jumps] / 2, atol=1e-9)


@names
@given(z=st.floats(-8, 8))
def test_the_slope_from_the_value(name, z):
    activation = ACTIVATIONS[name]
    from_value = activation.prime_from_value(activation.value(z))
    assert from_value == pytest.approx(activation.prime(z), rel=1e-8)
    assert activation.prime_from_value(np.float32([0.5, NAN])).dtype == np.float32


def test_the_slope_of_leaky_relu_from_its_value_needs_a_slope_that_is_not_negative():
    from_value = ACTIVATIONS["leaky_relu"].prime_from_value
    np.testing.assert_array_equal(from_value([-0.5, 0.0, 3.0], 0.5), [0.5, 0.5, 1])
    np.testing.assert_array_equal(from_value([0.0, 3.0], 0.0), [0, 1])
    with pytest.raises(ValueError, match="at least 0"):
        from_value([1.0], -0.5)


def test_parameter_is_a_slider_on_the_grid():
    p = ACTIVATIONS["leaky_relu"].parameter
    assert p.name in inspect.signature(leaky_relu).parameters
    assert p.default == inspect.signature(leaky_relu).parameters[p.name].default
    assert p.low <= p.default <= p.high
    assert ((p.default - p.low) / p.step) == pytest.approx(round((p.default - p.low) / p.step))
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
