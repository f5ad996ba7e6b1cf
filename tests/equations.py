"""Checks of display equations that no derivation carries (limits, expectations, sets).

A display equation in a notebook's prose names its check by ``\\label{name}``; a check is a function
without arguments that raises AssertionError.
"""

from fractions import Fraction

import sympy

EQUATIONS = {}


# --- lesson 3 ---------------------------------------------------------------------------------


def relu_supporting_lines():
    """A line m z lies nowhere above ReLU exactly for 0 ≤ m ≤ 1, in exact arithmetic."""
    tenths = [Fraction(n, 10) for n in range(-30, 31)]
    for m in tenths:
        supports = all(m * z <= max(z, 0) for z in tenths)
        assert supports == (0 <= m <= 1), m


def relu_subdifferential():
    """At a kink of a convex function it reaches from the left slope to the right slope."""
    h = sympy.Symbol("h")
    quotient = sympy.Max(h, 0) / h
    assert (sympy.limit(quotient, h, 0, "-"), sympy.limit(quotient, h, 0, "+")) == (0, 1)


EQUATIONS |= {
    "relu_supporting_lines": relu_supporting_lines,
    "relu_subdifferential": relu_subdifferential,
}


# --- lesson 4 ---------------------------------------------------------------------------------

_SIXTHS = [Fraction(n, 6) for n in range(-18, 19)]


def _leaky(z, slope):
    return z if z > 0 else slope * z


def leaky_branches():
    """The kernel has these two branches, for slopes and inputs without rounding."""
    from helpers.activations import leaky_relu

    for n in range(-8, 9):
        for z in (-3.0, -0.5, 0.0, 0.25, 2.0):
            assert leaky_relu(z, n / 4) == _leaky(Fraction(z), Fraction(n, 4))


def leaky_max_valid():
    """The larger line is Leaky ReLU everywhere exactly for slopes up to 1."""
    for slope in _SIXTHS:
        same = all(max(slope * z, z) == _leaky(z, slope) for z in _SIXTHS)
        assert same == (slope <= 1), slope


def leaky_subdifferential():
    """A line m z lies nowhere above Leaky ReLU exactly for slope ≤ m ≤ 1; beyond 1 none does."""
    for slope in _SIXTHS:
        for m in _SIXTHS:
            supports = all(m * z <= _leaky(z, slope) for z in _SIXTHS)
            assert supports == (slope <= m <= 1), (slope, m)


def prelu_shared():
    """A shared slope: the sum over units and examples, against SymPy's derivative of a loss."""
    slope, zs, ys = sympy.Symbol("slope"), (-3, 2, -1, 5), (1, -2, 4, 7)
    loss = sum((_leaky(z, slope) - y) ** 2 for z, y in zip(zs, ys, strict=True))
    arrives = [2 * (_leaky(z, slope) - y) for z, y in zip(zs, ys, strict=True)]
    by_rule = sum(e * min(z, 0) for e, z in zip(arrives, zs, strict=True))
    assert sympy.expand(sympy.diff(loss, slope) - by_rule) == 0


def leaky_mean_square_slope():
    """Under the normal density half of the weight is on either side of 0."""
    z, slope = sympy.Symbol("z", real=True), sympy.Symbol("slope", real=True)
    density = sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)
    left = sympy.integrate(slope**2 * density, (z, -sympy.oo, 0))
    right = sympy.integrate(density, (z, 0, sympy.oo))
    assert sympy.simplify(left + right - (1 + slope**2) / 2) == 0


EQUATIONS |= {
    check.__name__: check
    for check in (
        leaky_branches,
        leaky_max_valid,
        leaky_subdifferential,
        prelu_shared,
        leaky_mean_square_slope,
    )
}
