"""Gated linear units and Maxout against 50 digits, with both partial derivatives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.activations import (
    ACTIVATIONS,
    TWO_INPUTS,
    central_difference,
    gated,
    gated_slopes,
    maxout,
    maxout_slopes,
    relu,
    relu_prime,
    silu,
)
from helpers.derivation import derive, parse, values
from tests.activations.test_accuracy import promised
from tools.oracle import ORACLE, textbook, ulps

INF, NAN = np.inf, np.nan
GATES = {"glu": "sigmoid", "reglu": "relu", "geglu": "gelu", "swiglu": "silu"}
names = pytest.mark.parametrize("name", TWO_INPUTS)
inputs = st.floats(-8, 8)


@pytest.mark.parametrize("gate", GATES.values())
def test_a_gate_is_one_rounding_worse_than_its_activation(gate):
    rng = np.random.default_rng(0)
    u, v = rng.normal(0, 1, 400) * 10 ** rng.uniform(-9, 9, 400), rng.uniform(-30, 30, 400)
    both = [textbook(gate)(ORACLE.mpf(x)) for x in v.tolist()]
    exact = [ORACLE.mpf(x) for x in u.tolist()]
    value, slope = promised(ACTIVATIONS[gate].value), promised(ACTIVATIONS[gate].prime)
    by_u, by_v = gated_slopes(u, v, gate)
    assert ulps(gated(u, v, gate), [x * g for x, (g, _) in zip(exact, both, strict=True)]) <= (
        value + 1
    )
    assert ulps(by_u, [g for g, _ in both]) <= value
    assert ulps(by_v, [x * s for x, (_, s) in zip(exact, both, strict=True)]) <= slope + 1


@names
@given(u=inputs, v=inputs)
def test_slopes_are_those_of_the_value_and_of_the_table(name, u, v):
    known = TWO_INPUTS[name]
    if min(abs(v), abs(u - v)) < 1e-3:  # where there may be a kink
        return
    by_u, by_v = known.slopes(u, v)
    assert by_u == pytest.approx(central_difference(lambda x: known.value(x, v), u), abs=1e-8)
    assert by_v == pytest.approx(central_difference(lambda x: known.value(u, x), v), abs=1e-8)
    point = [{"u": u, "v": v}]
    texts = known.expression, *known.slopes_written
    written = [np.float64(values(parse(text), point))[0] for text in texts]
    np.testing.assert_allclose([known.value(u, v), by_u, by_v], written, rtol=1e-14, atol=1e-300)


@names
def test_slopes_are_derived_by_the_courses_own_differentiation(name):
    known = TWO_INPUTS[name]
    for variable, slope in zip("uv", known.slopes_written, strict=True):
        assert derive(f"D({known.expression})\n= {slope}", variable=variable)


def test_the_families_hang_together():
    z = np.linspace(-6, 6, 97)
    np.testing.assert_allclose(gated(z, z), silu(z), rtol=2e-15)
    np.testing.assert_array_equal(maxout(z, 0.0), relu(z))
    np.testing.assert_array_equal(maxout_slopes(z, 0.0)[0], relu_prime(z))
    np.testing.assert_array_equal(maxout(z, -z), np.abs(z))


def test_of_two_equal_inputs_the_second_has_the_slope():
    assert maxout_slopes(1.0, 1.0) == maxout_slopes(0.0, -0.0) == (0, 1)
    for left, right in (maxout_slopes(INF, INF), maxout_slopes(-INF, 3.0)):
        assert (left, right) == (0, 1)


def test_shapes_dtypes_nan_and_limits():
    column, row = np.ones((3, 1), np.float32), np.zeros(2, np.float32)
    for f in (gated, maxout):
        assert f(column, row).shape == (3, 2)
        assert f(column, row).dtype == np.float32
        assert isinstance(f(1, 2), np.float64)
        assert np.isnan(f([NAN, 1.0], [1.0, NAN])).all()
        with pytest.raises(ValueError, match="broadcast with u"):
            f(np.ones(2), np.ones(3))
        with pytest.raises(TypeError, match="real numbers"):
            f(1j, 1.0)
    assert np.isnan(maxout_slopes([NAN, 1.0], [1.0, NAN])).all()
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(
            gated([-INF, 2.0, 0.0, 1.0], [2.0, INF, 1.0, -INF]), [-INF, 2, 0, 0]
        )
        assert np.isnan(gated(0.0, INF, "silu"))  # 0 times infinity
        assert np.signbit(gated(-0.0, 1.0))
    thin, exact = gated(np.float32(0.1), np.float32(0.3)), float(np.float32(0.1))
    assert thin == np.float32(exact / (1 + np.exp(-float(np.float32(0.3)))))


def test_an_unknown_gate_lists_what_exists():
    with pytest.raises(ValueError, match=r"gate must be one of sigmoid, tanh, .*got 'door'"):
        gated(1.0, 1.0, "door")
