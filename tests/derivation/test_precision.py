"""The yardstick itself, held against closed forms and exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from helpers.derivation import NotationError, exact, relative_error

SIGMOID_PRIME = "D(1/(1 + exp(-z)))"


def test_exact_rounds_once():
    z = np.array([[0.1, -3.0], [2.5, 1e-30]])
    square = exact("z^2", z)
    assert square.shape == z.shape
    assert square.tolist() == [[float(Fraction(x) ** 2) for x in row] for row in z.tolist()]


def test_exact_knows_tails_that_cancel_in_floats():
    assert exact(SIGMOID_PRIME, 700.0) == pytest.approx(np.exp(-700.0), rel=1e-15)
    assert exact(SIGMOID_PRIME, np.float32(17)) == pytest.approx(np.exp(-17.0), rel=1e-7)


def test_where_nothing_is_defined():
    assert np.isnan(exact("log(z)", -1.0))
    assert np.isnan(relative_error(1.0, "1/z", 0.0))
    assert np.isnan(relative_error(np.nan, "z", 1.0))
    with pytest.raises(NotationError):
        exact("z +", 1.0)


def test_relative_error():
    assert relative_error([3.0, 0.0, 1.0], "2*z", [1.0, 0.0, 0.0]).tolist() == [0.5, 0.0, np.inf]
    assert relative_error(np.inf, "z", 1.0) == np.inf


def test_letters():
    assert exact("alpha*z", 2.0, alpha=0.25) == 0.5
