"""Checks of the display equations of lessons 13 and 14: blocks with a sum, norms, steps."""

import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import sympy


def residual_jacobian():
    """For a branch of two units, a matrix and a sine: SymPy's Jacobian of the sum."""
    h = sympy.Matrix(sympy.symbols("h k", real=True))
    branch = (sympy.Matrix([[2, -3], [5, 7]]) * h).applyfunc(sympy.sin)
    assert (h + branch).jacobian(h) == sympy.eye(2) + branch.jacobian(h)


def residual_paths():
    """The product is the sum over all subsets of the branches, in exact arithmetic."""
    d = [Fraction(1, 4), Fraction(-3, 5), Fraction(7, 2), Fraction(2, 9), Fraction(-1)]
    product = paths = Fraction(1)
    for n in range(1, len(d) + 1):
        product *= 1 + d[n - 1]
        chosen = [s for k in range(n + 1) for s in itertools.combinations(d[:n], k)]
        paths = sum((sympy.prod(s) for s in chosen), Fraction(0))
        assert len(chosen) == 2**n
        assert product == paths


_FIVE = [mpmath.mpf(n) / 3 for n in (4, -5, 0, 2, 7)]


def _norm(z):
    m = mpmath.fsum(z) / len(z)
    s = mpmath.sqrt(mpmath.fsum((x - m) ** 2 for x in z) / len(z))
    return [(x - m) / s for x in z], s


def _slope(f, z, j):
    """The slope of f with respect to the j-th entry of z, measured in 50 digits."""
    return mpmath.diff(lambda x: f([*z[:j], x, *z[j + 1 :]]), z[j])


def norm_definition():
    """The course's own norm, without ε, has mean 0 and mean square 1, and is this formula."""
    from helpers.networks import normalise

    x, _ = _norm(_FIVE)
    assert abs(mpmath.fsum(x)) < 1e-14
    assert abs(mpmath.fsum(v**2 for v in x) - 5) < 1e-14
    found = normalise([float(v) for v in _FIVE], epsilon=0.0)
    assert max(abs(a - float(b)) for a, b in zip(found, x, strict=True)) < 1e-14


def norm_jacobian():
    """For five numbers, measured in 50 digits."""
    with mpmath.workdps(50):
        x, s = _norm(_FIVE)
        for i, j in itertools.product(range(5), repeat=2):
            measured = _slope(lambda z, i=i: _norm(z)[0][i], _FIVE, j)
            assert abs(measured - ((i == j) - (1 + x[i] * x[j]) / 5) / s) < 1e-20


def norm_vjp():
    """For a loss that is no sum of the x: the product of cosines."""

    def loss(x):
        return mpmath.fprod(mpmath.cos(k * v) for k, v in enumerate(x, 1))

    with mpmath.workdps(50):
        x, s = _norm(_FIVE)
        u = [_slope(loss, x, j) for j in range(5)]
        mean = mpmath.fsum(u) / 5
        along = mpmath.fsum(a * b for a, b in zip(u, x, strict=True)) / 5
        for i in range(5):
            measured = _slope(lambda z: loss(_norm(z)[0]), _FIVE, i)
            assert abs(measured - (u[i] - mean - x[i] * along) / s) < 1e-20


def adam_step():
    """The course's Adam takes this step, with means by their recursion, in exact fractions."""
    from helpers.networks import Adam

    slopes, m, s = [Fraction(3, 4), Fraction(-1, 2), Fraction(5, 8)], Fraction(0), Fraction(0)
    adam, w = Adam(0.25, (0.5, 0.75), 0.125), np.zeros(1)
    for t, g in enumerate(slopes, 1):
        before = w.copy()
        adam.step([w], [np.array([float(g)])])
        m, s = (m + g) / 2, (3 * s + g * g) / 4
        mean, square = m / (1 - Fraction(1, 2) ** t), s / (1 - Fraction(3, 4) ** t)
        step = 0.25 * float(mean) / (math.sqrt(square) + 0.125)
        assert abs(before - w - step) < 1e-15


def dithered_rounding():
    """The integral over the noise, piece by piece in exact arithmetic."""
    u, half = sympy.Symbol("u", real=True), sympy.Rational(1, 2)
    for x in (sympy.Rational(n, 12) for n in range(-30, 31)):
        low = sympy.floor(x - half + half)  # what x - 1/2 is rounded to, ties up
        edge = low + half - x  # where x + u passes from one step to the next
        mean = sympy.integrate(low, (u, -half, edge)) + sympy.integrate(low + 1, (u, edge, half))
        assert mean == x


def whole_bend():
    """Of GELU by quadrature of (2 - z²)φ in 50 digits; ReLU's slope rises by 1 at its step."""
    from helpers.activations import relu_prime

    with mpmath.workdps(50):
        bend = mpmath.quad(lambda z: (2 - z**2) * mpmath.npdf(z), [-mpmath.inf, 0, mpmath.inf])
        assert abs(bend - 1) < 1e-40
    assert relu_prime(1e300) - relu_prime(-1e300) == 1


def spline_piece():
    """The course's spline against exact fractions: value, slope, and a nudge of each height."""
    from helpers.networks import spline_curve

    knots, c, z = [-2.0, -0.5, 1.0, 2.0], [3.0, -1.0, 0.5, 4.0], 0.25
    u, curve = (Fraction(1, 4) + Fraction(1, 2)) / Fraction(3, 2), spline_curve(knots=knots)
    value, slope = curve.both(np.array([[z]]), np.array(c))
    assert value == float((1 - u) * -1 + u * Fraction(1, 2))
    assert slope == float(Fraction(3, 2) / Fraction(3, 2))
    for k, share in enumerate((0, 1 - u, u, 0)):
        nudged = np.array(c) + 0.5 * np.eye(4)[k]
        assert curve.both(np.array([[z]]), nudged)[0] - value == float(share) / 2
        assert curve.back(np.array([[z]]), nudged, np.array([[1.0]]))[k] == float(share)
