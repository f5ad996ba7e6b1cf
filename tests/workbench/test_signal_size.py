"""Moments and gains against quadrature in many digits, and closed forms."""

import math

import pytest

from helpers.activations import ACTIVATIONS
from helpers.workbench import compose, moments
from tools.oracle import ORACLE, textbook


def normal_mean(f, *splits):
    """Return E[f(z)] to 15 digits or better."""
    with ORACLE.workdps(25):
        ends = [-12, *splits, 12]
        return float(ORACLE.quad(lambda z: f(z) * ORACLE.npdf(z), ends, maxdegree=10))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_moments_of_the_course(name):
    found, splits = moments(name), sorted({0, *ACTIVATIONS[name].kinks})
    for part, square in enumerate((found.square, found.slope_square)):
        exact = normal_mean(lambda z, part=part: textbook(name)(z)[part] ** 2, *splits)
        assert square == pytest.approx(exact, rel=1e-9)
    assert found.gain == pytest.approx(found.slope_square**-0.5)


def test_moments_by_closed_forms_and_thirty_digits():
    assert moments(compose("exp(z)")) == pytest.approx(
        (math.e**0.5, math.e**2, math.e**2), rel=1e-11
    )
    assert moments(compose("z^2")) == pytest.approx((1, 3, 4), rel=1e-11)
    assert moments(compose("|z|")) == pytest.approx(((2 / math.pi) ** 0.5, 1, 1), rel=1e-11)
    shifted = moments(compose("relu(z - b)", b=0.3))
    tail = float(ORACLE.ncdf(-0.3))
    assert shifted.slope_square == pytest.approx(tail, rel=1e-9)
    assert shifted.mean == pytest.approx(float(ORACLE.npdf(0.3)) - 0.3 * tail, rel=1e-9)
    assert moments(compose("relu(z - b)", b=0.3), b=0.7123).slope_square == pytest.approx(
        float(ORACLE.ncdf(-0.7123)), rel=1e-9
    )
    steep = moments(compose("sigmoid(k*z)", k=200))
    expected = normal_mean(
        lambda z: (1 / (1 + ORACLE.exp(-200 * z))) ** 2, -0.2, -0.05, 0, 0.05, 0.2
    )
    assert steep.square == pytest.approx(expected, abs=1e-9)
    hat = moments(compose("max(min(z, 1), -1)*tanh(z)"))
    expected = normal_mean(lambda z: (max(min(z, 1), -1) * ORACLE.tanh(z)) ** 2, -1, 0, 1)
    assert hat.square == pytest.approx(expected, abs=1e-9)


def test_a_mean_that_does_not_exist_is_said_so():
    with pytest.raises(ArithmeticError, match="grows or turns too fast"):
        moments(compose("exp(z^2/3)"))


def test_where_nothing_arrives_there_is_no_gain():
    with pytest.raises(ArithmeticError, match=r"no gain: E\[g′²\] is 0"):
        moments(compose("z*0")).gain  # noqa: B018
