"""What the functions are known for: limits, zeros, kinks, symmetries, and their relations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.activations import (
    ACTIVATIONS,
    elu,
    elu_prime,
    gelu,
    gelu_prime,
    gelu_tanh,
    gelu_tanh_prime,
    leaky_relu,
    leaky_relu_prime,
    leaky_relu_slope_prime,
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
from tests.activations.every import kernels, names
from tests.strategies import betas, finite, floats, moderate, slopes
from tools.oracle import hard_grid, root, slopes_around_zero, truth

INF, NAN = np.inf, np.nan


@names
def test_limits_are_exactly_those_of_the_truth(name):
    known = ACTIVATIONS[name]
    for kernel, ends in zip((known.value, known.prime), truth(name, [-1e308, 1e308]), strict=True):
        if known.period and kernel is known.prime:
            assert np.isnan(kernel([-INF, INF])).all()
            continue
        for z, end in zip((-INF, INF), map(float, ends), strict=True):
            limit = np.sign(end) * INF if abs(end) > 1e300 else end
            assert kernel(z) == (0 if abs(limit) < 1e-300 else limit)


@pytest.mark.parametrize(
    ("f", "params", "at_minus_inf", "at_inf"),
    [
        (leaky_relu, (0.0,), 0, INF),
        (leaky_relu, (-0.5,), INF, INF),
        (leaky_relu_prime, (0.0,), 0, 1),
        (leaky_relu_slope_prime, (), -INF, 0),
        (elu, (0.0,), 0, INF),
        (elu, (2.5,), -2.5, INF),
        (softplus, (0.3,), 0, INF),
        (softplus, (-2.0,), -INF, 0),
        (softplus_prime, (-2.0,), 1, 0),
        (swish, (0.3,), 0, INF),
        (swish, (0.0,), -INF, INF),
        (swish, (-2.0,), -INF, 0),
        (swish_prime, (0.3,), 0, 1),
        (swish_prime, (0.0,), 0.5, 0.5),
        (swish_prime, (-2.0,), 1, 0),
    ],
)
def test_limits_are_exact_for_other_parameters(f, params, at_minus_inf, at_inf):
    assert f(-INF, *params) == at_minus_inf
    assert f(INF, *params) == at_inf


@kernels
def test_nan_stays_nan(f):
    np.testing.assert_array_equal(np.isnan(f([NAN, 1.0, NAN])), [True, False, True])


@names
def test_the_sign_of_zero_is_kept(name):
    g = ACTIVATIONS[name].value([-0.0, 0.0])
    (at_zero,), _ = truth(name, [0.0])
    np.testing.assert_array_equal(g, np.float64([at_zero, at_zero]))
    if at_zero == 0:
        np.testing.assert_array_equal(np.signbit(g), [True, False])


def test_a_kernel_without_a_row_keeps_the_sign_of_zero_too():
    assert np.signbit(leaky_relu_slope_prime([-0.0, 0.0])).tolist() == [True, False]


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


def test_overflow_of_the_result_is_inf_without_a_warning():
    with np.errstate(all="raise"):
        assert leaky_relu(np.float16(-60000), 2.0) == -INF
        assert leaky_relu(-1e308, 20.0) == -INF


@given(floats)
def test_symmetries_hold_bit_by_bit(z):
    np.testing.assert_array_equal(sigmoid_prime(-z), sigmoid_prime(z))
    np.testing.assert_array_equal(tanh_prime(-z), tanh_prime(z))
    np.testing.assert_array_equal(tanh(-z), -tanh(z))
    np.testing.assert_array_equal(softsign(-z), -softsign(z))
    np.testing.assert_array_equal(softsign_prime(-z), softsign_prime(z))


@given(moderate, moderate)
def test_values_never_fall_where_no_slope_is_negative(y, z):
    low, high = min(y, z), max(y, z)
    for f in (relu, leaky_relu, elu_prime):
        assert f(low) <= f(high)
    # up to rounding: neighbours may change places in the last digit
    rising = [known.value for name, known in ACTIVATIONS.items() if root(name) is None]
    for f in (*rising, softplus_prime):
        assert f(low) <= f(high) or f(low) - f(high) <= 4 * np.spacing(abs(f(high)))


@names
@given(z=finite)
def test_values_and_slopes_stay_in_the_ranges_of_the_table(name, z):
    known = ACTIVATIONS[name]
    (low, high), largest = known.value_range, known.max_prime.value
    lowest = 1.002 * float(min(0, *slopes_around_zero(name).values()))
    rounding = 1 if root(name) is None else 1 + 2e-15  # at the minimum and the steepest place
    assert low * rounding <= known.value(z) <= high
    assert lowest <= known.prime(z) <= largest * rounding


@names
def test_rounding_never_lifts_a_slope_above_the_maximum(name):
    z = np.concatenate([np.geomspace(1e-17, 1, 20_000), np.linspace(0, 1e-14, 20_000)])
    known = ACTIVATIONS[name]
    largest = known.max_prime.value * (1 if root(name) is None else 1 + 2e-15)
    assert known.prime(z).max() <= largest
    assert value_and_prime(name, z)[1].max() <= largest


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
    gap = softplus(hard_grid()) - relu(hard_grid())
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
