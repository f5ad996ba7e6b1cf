"""The table of activations says what is true, and value_and_prime gives both of its functions."""

import inspect
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers import activations
from helpers.activations import (
    ACTIVATIONS,
    Activation,
    central_difference,
    pair_of_floats,
    sigmoid,
    sigmoid_prime,
    value_and_prime,
)
from helpers.derivation import names as letters
from helpers.derivation import parse, values
from tests.activations.every import BESIDE, names
from tests.strategies import arrays
from tools.oracle import root

INF, NAN = np.inf, np.nan
SHAPED = [name for name, known in ACTIVATIONS.items() if known.parameter]
FROM_VALUE = [name for name, known in ACTIVATIONS.items() if known.prime_from_value]

# --- Value and slope at once ------------------------------------------------------------------


@names
@given(z=arrays())
def test_pair_is_value_and_prime_also_in_arrays_that_are_given(name, z):
    pair, known = value_and_prime(name, z), ACTIVATIONS[name]
    for got, f in zip(pair, (known.value, known.prime), strict=True):
        expected = f(z)
        assert type(got) is type(expected)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got, expected)
    dtype = z.dtype if z.dtype.kind == "f" else np.float64
    backwards = np.full((*z.shape, 2), 7, dtype)  # two interleaved arrays, not contiguous
    out = (backwards[..., 0], backwards[..., 1])
    result = value_and_prime(name, z, out=out)
    for array, got, expected in zip(out, result, pair, strict=True):
        assert got is array
        np.testing.assert_array_equal(got, expected)


@names
@given(z=arrays())
def test_a_network_gets_the_same_pair_without_checks(name, z):
    z = np.atleast_1d(z).astype(np.float64)
    before = z.copy()
    with np.errstate(all="ignore"):
        found = pair_of_floats(name, z), pair_of_floats(ACTIVATIONS[name], z)
    for pair in found:
        for got, expected in zip(pair, value_and_prime(name, z), strict=True):
            assert not np.shares_memory(got, z)
            np.testing.assert_array_equal(got, expected, strict=True)
    np.testing.assert_array_equal(z, before)


def test_pair_takes_the_slope_both_ways():
    z = np.array([-2.0, 0.0, 2.0])
    for g, g_prime in (
        value_and_prime("leaky_relu", z, 0.5),
        value_and_prime("leaky_relu", z, negative_slope=0.5),
    ):
        np.testing.assert_array_equal(g, [-1, 0, 2])
        np.testing.assert_array_equal(g_prime, [0.5, 0.5, 1])


@pytest.mark.parametrize("name", [name for name, known in ACTIVATIONS.items() if known.pair])
def test_a_pair_computes_no_exponential_twice(name, monkeypatch):
    known, calls, exp = ACTIVATIONS[name], [], np.exp
    monkeypatch.setattr(np, "exp", lambda *x, **out: calls.append(1) or exp(*x, **out))

    def exponentials(compute):
        calls.clear()
        compute(np.ones(3))
        return len(calls)

    alone = exponentials(known.value), exponentials(known.prime)
    assert exponentials(lambda z: value_and_prime(name, z)) == max(alone)


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
    with pytest.raises((TypeError, ValueError), match="activation"):
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
    for kernel, its_name in ((activation.value, name), (activation.prime, f"{name}_prime")):
        assert its_name in activations.__all__, f"{its_name} is missing in __all__ of its module"
        assert kernel is getattr(activations, its_name)
    for field in ("expression", "latex", "slope", "used", "max_prime"):
        assert getattr(activation, field), f"{name} has no {field} in the table"


@names
def test_the_expression_is_the_function_and_its_derivative_the_slope(name):
    activation = ACTIVATIONS[name]
    tree = parse(activation.expression)
    z = np.array([-9.0, -2.5, -1.1, 0.3, 4.0, 25.0])  # no kinks
    point = dict.fromkeys(letters(tree) - {"z"}, 0.7)
    assert len(point) == bool(activation.parameter), f"{name}: its letters are z and the parameter"
    points = [{"z": x, **point} for x in z]
    for kernel, expected in (
        (activation.value, values(tree, points)),
        (activation.prime, values(parse(f"D({activation.expression})"), points)),
    ):
        np.testing.assert_allclose(kernel(z, *point.values()), np.float64(expected), rtol=4e-15)


@names
@given(z=st.floats(-6, 6))
def test_central_differences_of_the_value_give_the_slope(name, z):
    activation = ACTIVATIONS[name]
    assume(all(abs(z - kink) > 1e-3 for kink in (0, *activation.kinks)))  # at 0 g″ may jump
    slope = central_difference(activation.value, z, h=1e-5)
    assert activation.prime(z) == pytest.approx(slope, abs=1e-9)


@names
def test_the_largest_slope_is_where_the_table_says(name):
    activation = ACTIVATIONS[name]
    slopes, largest = activation.prime(np.arange(-10_000, 10_001) / 1000), activation.max_prime
    if largest.at is None:  # a half-line or an interval
        assert slopes.max() == largest.value
        assert np.mean(slopes == slopes.max()) > 0.09
    elif not largest.at:  # a limit
        assert slopes.max() < largest.value == activation.prime([-INF, INF]).max()
    else:
        assert slopes.max() <= largest.value * (1 + 4e-15)
        for place in largest.at:
            assert activation.prime(place) == pytest.approx(largest.value, rel=2e-15)
            assert activation.prime(place - 0.01) < largest.value > activation.prime(place + 0.01)


@names
def test_the_value_range_is_approached(name):
    activation = ACTIVATIONS[name]
    low = -INF if root(name) is None else root(name)
    np.testing.assert_allclose(activation.value([low, INF]), activation.value_range, rtol=1e-15)


@names
def test_kinks_are_where_the_slope_jumps(name):
    activation = ACTIVATIONS[name]
    z = np.linspace(-8, 8, 1601) + 0.005  # between the grid points lie 0 and the hundredths
    far_end = [activation.parameter.high] if activation.parameter else []
    jumps = np.abs(np.diff(activation.prime(z, *far_end))) > 0.1
    np.testing.assert_allclose(activation.kinks, (z[:-1] + z[1:])[jumps] / 2, atol=1e-9)


def test_the_slope_follows_from_the_value_only_where_the_value_tells_z():
    eight = {"sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign"}
    assert eight <= {*FROM_VALUE} <= {name for name in ACTIVATIONS if root(name) is None}


@pytest.mark.parametrize("name", FROM_VALUE)
@given(z=st.floats(-8, 8))
def test_the_slope_from_the_value(name, z):
    activation = ACTIVATIONS[name]
    from_value = activation.prime_from_value(activation.value(z))
    assert from_value == pytest.approx(activation.prime(z), rel=1e-8)
    assert activation.prime_from_value(np.float32([0.5, NAN])).dtype == np.float32


@pytest.mark.parametrize("name", [name for name in FROM_VALUE if name in SHAPED])
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
        others = parameters[len(described) :]
        assert described == [(p.name, p.default) for p in parameters[: len(described)]]
        assert [p.name for p in others] == list(BESIDE.get(name, ()))


@pytest.mark.parametrize("name", SHAPED)
def test_a_parameter_is_a_slider_on_the_grid(name):
    p = ACTIVATIONS[name].parameter
    assert p.low <= p.default <= p.high
    assert ((p.default - p.low) / p.step) == pytest.approx(round((p.default - p.low) / p.step))
    assert ((p.high - p.low) / p.step) == pytest.approx(round((p.high - p.low) / p.step))
