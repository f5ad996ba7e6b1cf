"""Checks of display equations that no derivation carries (limits, expectations, sets).

A display equation in a notebook's prose names its check by ``\\label{name}``; a check is a function
without arguments that raises AssertionError.
"""

from fractions import Fraction

import mpmath
import numpy as np
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


# --- lesson 5 ---------------------------------------------------------------------------------


def _chain(x, weights, biases):
    """The output of a chain of one-unit sigmoid layers, and the z of each layer, in 50 digits."""
    h, zs = x, []
    for w, b in zip(weights, biases, strict=True):
        zs.append(w * h + b)
        h = 1 / (1 + mpmath.exp(-zs[-1]))
    return h, zs


_CHAIN = [mpmath.mpf(n) / 4 for n in (5, -7, 12, 3, 16)], [mpmath.mpf(n) / 8 for n in range(-2, 3)]


def chain_of_layers():
    """The product of weights and slopes, against the measured slope of the whole chain."""
    with mpmath.workdps(50):
        weights, biases = _CHAIN
        for x in (mpmath.mpf(n) / 3 for n in range(-4, 5)):
            _, zs = _chain(x, weights, biases)
            slopes = [mpmath.sech(z / 2) ** 2 / 4 for z in zs]
            product = mpmath.fprod(w * slope for w, slope in zip(weights, slopes, strict=True))
            measured = mpmath.diff(lambda h: _chain(h, weights, biases)[0], x)
            assert abs(measured - product) < 1e-20 * abs(product)


def chain_bound():
    """No input beats the bound, and with every z at 0 it is reached."""
    weights, biases = _CHAIN
    bound = mpmath.fprod(abs(w) / 4 for w in weights)
    for x in (mpmath.mpf(n) / 3 for n in range(-30, 31)):
        assert abs(mpmath.diff(lambda h: _chain(h, weights, biases)[0], x)) < bound
    half = mpmath.mpf(1) / 2
    reached = mpmath.diff(lambda h: _chain(h, weights, [-w / 2 for w in weights])[0], half)
    assert abs(abs(reached) - bound) < 1e-9 * bound


def _dense(rest, h, weights):
    """Half the squared length of what tanh layers, the last one linear, make of h."""
    for w in rest:
        h = np.tanh(h @ weights[w]) if w < len(weights) - 1 else h @ weights[w]
    return np.sum(h**2) / 2


def _numeric(f, at):
    """The derivatives of f by each entry of `at`, by central differences."""
    found, step = np.zeros_like(at), 1e-5
    for place in np.ndindex(at.shape):
        ends = []
        for sign in (1, -1):
            moved = at.copy()
            moved[place] += sign * step
            ends.append(f(moved))
        found[place] = (ends[0] - ends[1]) / (2 * step)
    return found


def _layers():
    """Three layers on four examples: weights, inputs h and pre-activations z of each layer."""
    rng = np.random.default_rng(5)
    weights = [rng.normal(size=shape) for shape in ((3, 5), (5, 4), (4, 2))]
    h, z = [rng.normal(size=(4, 3))], []
    for w in weights:
        z.append(h[-1] @ w)
        h.append(np.tanh(z[-1]))
    deltas = [
        _numeric(lambda v, n=n: _dense(range(n + 1, 3), np.tanh(v) if n < 2 else v, weights), z[n])
        for n in range(3)
    ]
    return weights, h, z, deltas


def delta_recursion():
    """One step back gives what central differences of the loss by z measure, layer by layer."""
    weights, _, z, deltas = _layers()
    for n in (0, 1):
        step = (deltas[n + 1] @ weights[n + 1].T) / np.cosh(z[n]) ** 2
        np.testing.assert_allclose(step, deltas[n], rtol=1e-6, atol=1e-7)


def weight_gradient():
    """Incoming activation times δ, against central differences of the loss by each weight."""
    weights, h, _, deltas = _layers()
    for n in range(3):

        def loss(w, n=n):
            return _dense(range(3), h[0], [*weights[:n], w, *weights[n + 1 :]])

        measured = _numeric(loss, weights[n])
        np.testing.assert_allclose(h[n].T @ deltas[n], measured, rtol=1e-5, atol=1e-6)


EQUATIONS |= {
    check.__name__: check
    for check in (chain_of_layers, chain_bound, delta_recursion, weight_gradient)
}
