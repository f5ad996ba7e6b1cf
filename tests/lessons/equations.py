"""Checks of display equations that no derivation carries (limits, expectations, sets).

A display equation in a notebook's prose names its check in a comment of its own line,
``% \\label{name}``; a check is a function without arguments that raises AssertionError: each
public one of this file and of those for lessons 12 to 14.
"""

import inspect
import itertools
import math
import statistics
import sys
from fractions import Fraction

import mpmath
import numpy as np
import sympy

from tests.lessons import equations_network, equations_softmax

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


# --- lesson 6 ---------------------------------------------------------------------------------

_WEIGHT = {-1: Fraction(2, 3), 2: Fraction(1, 3)}  # value -> probability: mean 0, variance 2
_SIGNALS = {(1, 3): Fraction(1, 4), (0, -2): Fraction(3, 4)}  # two numbers that depend on another


def _mean(of, *tables):
    """Return the exact mean of a function of independent numbers: tables value -> probability."""
    cases = itertools.product(*(table.items() for table in tables))
    return sum(of(*(v for v, _ in case)) * math.prod(p for _, p in case) for case in cases)


def scale_forward():
    """Each line for two weights and two dependent inputs, in exact arithmetic."""
    pairs = list(itertools.product((0, 1), repeat=2))
    tables = _WEIGHT, _WEIGHT, _SIGNALS

    def product(i, k):
        return _mean(lambda v, w, h: (v, w)[i] * (v, w)[k] * h[i] * h[k], *tables)

    def apart(i, k):
        weights = _mean(lambda v, w: (v, w)[i] * (v, w)[k], _WEIGHT, _WEIGHT)
        return weights * _mean(lambda h: h[i] * h[k], _SIGNALS)

    square = _mean(lambda v, w, h: (v * h[0] + w * h[1]) ** 2, *tables)
    variance, sizes = (
        _mean(lambda w: w**2, _WEIGHT),
        _mean(lambda h: h[0] ** 2 + h[1] ** 2, _SIGNALS),
    )
    assert square == sum(product(*p) for p in pairs) == sum(apart(*p) for p in pairs)
    assert square == apart(0, 0) + apart(1, 1) == 2 * variance * sizes / 2


def scale_backward():
    """Each line for two units above and a slope that knows nothing of them, exactly."""
    slopes = {Fraction(1, 10): Fraction(1, 3), 1: Fraction(2, 3)}
    tables = _WEIGHT, _WEIGHT, _SIGNALS
    square = _mean(lambda g, v, w, d: (g * (v * d[0] + w * d[1])) ** 2, slopes, *tables)
    arriving = _mean(lambda v, w, d: (v * d[0] + w * d[1]) ** 2, *tables)
    variance, sizes = (
        _mean(lambda w: w**2, _WEIGHT),
        _mean(lambda d: d[0] ** 2 + d[1] ** 2, _SIGNALS),
    )
    slope = _mean(lambda g: g**2, slopes)
    assert square == slope * arriving == slope * 2 * variance * sizes / 2


def relu_half_size():
    """Half of the mean square, for three symmetric densities and any width."""
    z, width = sympy.Symbol("z", real=True), sympy.Symbol("width", positive=True)
    normal = sympy.exp(-((z / width) ** 2) / 2) / (width * sympy.sqrt(2 * sympy.pi))
    laplace = sympy.exp(-sympy.Abs(z) / width) / (2 * width)
    for density, end in ((normal, sympy.oo), (laplace, sympy.oo), (1 / (2 * width), width)):
        right = sympy.integrate(z**2 * density, (z, 0, end))
        whole = sympy.integrate(z**2 * density, (z, -end, 0)) + right
        assert sympy.simplify(right - whole / 2) == 0


def he_variance():
    """A wide layer with this variance keeps E[z²]; with half or twice of it, it does not."""
    rng = np.random.default_rng(6)
    z = rng.normal(size=(400, 500))
    for factor in (0.5, 1, 2):
        weights = rng.normal(0, np.sqrt(factor * 2 / 500), (500, 500))
        assert abs(np.mean((np.maximum(z, 0) @ weights) ** 2) / factor - 1) < 0.03


def xavier_compromise():
    """It is the harmonic mean of 1/fan_in and 1/fan_out, and what `Network` draws."""
    from helpers.networks import INITIALISATIONS

    for fan_in, fan_out in ((64, 64), (64, 256), (7, 3)):
        ends = Fraction(1, fan_in), Fraction(1, fan_out)
        variance = Fraction(2, fan_in + fan_out)
        assert variance == statistics.harmonic_mean(ends)
        assert (fan_in + fan_out) * variance == 2
        assert float(variance) == INITIALISATIONS["xavier"](fan_in, fan_out)


def stein_identity():
    """Both sides for smooth and kinked functions by mpmath; a step has to fail."""

    def both(g, slope):
        p = mpmath.npdf
        ends = [-mpmath.inf, 0, mpmath.inf]
        return mpmath.quad(lambda z: slope(z) * p(z), ends), mpmath.quad(
            lambda z: z * g(z) * p(z), ends
        )

    for g, slope in (
        (mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
        (lambda z: 1 / (1 + mpmath.exp(-z)), lambda z: mpmath.sech(z / 2) ** 2 / 4),
        (lambda z: max(z, 0), lambda z: z > 0),
        (lambda z: z**3, lambda z: 3 * z**2),
    ):
        left, right = both(g, slope)
        assert abs(left - right) < 1e-10
    left, right = both(lambda z: z > 0, lambda z: 0)
    assert (left, round(float(right), 4)) == (0, 0.3989)


def dead_given_weights():
    """Fixed weights and new inputs, 40 000 times: within four standard errors."""
    rng, w, n = np.random.default_rng(6), np.array([0.6, -0.3, 0.8]), 7
    largest = (rng.normal(size=(40_000, n, 3)) @ w).max(axis=1)
    for bias in (0.4, 0.0, -1.0, -2.0):
        expected = float(mpmath.ncdf(-bias / mpmath.norm(w)) ** n)
        error = np.sqrt(expected * (1 - expected) / 40_000)
        assert abs(np.mean(largest + bias <= 0) - expected) < 4 * error + 1e-9, bias


def silent_network():
    """Layers of different widths, 40 000 networks: within four standard errors."""
    rng, widths = np.random.default_rng(6), (3, 2, 4)
    h = np.ones((40_000, 1, 1))
    for width in widths:
        h = np.maximum(h @ rng.normal(size=(40_000, h.shape[2], width)), 0)
    expected = 1 - math.prod(1 - 2.0**-width for width in widths)
    error = np.sqrt(expected * (1 - expected) / 40_000)
    assert abs(np.mean(~h.any(axis=(1, 2))) - expected) < 4 * error


def dead_gradient():
    """A dead unit's weights do not move the loss, to the last bit; those of a live one do."""
    from helpers.networks import Network

    rng = np.random.default_rng(6)
    x, labels = rng.normal(size=(30, 4)), rng.integers(3, size=30)
    network = Network([4, 5, 3], "relu", rng, init="he")
    network.biases[0][0] = -9
    found = network.gradients(x, labels)
    np.testing.assert_allclose(found.weights[0], sum(map(np.outer, x, found.deltas[0])))
    assert not found.weights[0][:, 0].any()
    assert found.weights[0][:, 1:].any()
    assert found.biases[0][0] == 0


# --- lesson 8 ---------------------------------------------------------------------------------


def product_rectangle():
    """The old rectangle and three new pieces make the new one, whatever the step."""
    u, v, u_h, v_h = sympy.symbols("u v u_h v_h")
    pieces = (u_h - u) * v + u * (v_h - v) + (u_h - u) * (v_h - v)
    assert sympy.expand(u_h * v_h - u * v - pieces) == 0


def product_rule():
    """Slopes meet values, measured with 50 digits on two unlike factors."""
    with mpmath.workdps(50):
        for z in (mpmath.mpf(-2), mpmath.mpf("0.3"), mpmath.mpf(3)):
            measured = mpmath.diff(lambda x: mpmath.sin(x) * mpmath.exp(x**2 / 3), z)
            first = mpmath.cos(z) * mpmath.exp(z**2 / 3)
            second = mpmath.sin(z) * mpmath.exp(z**2 / 3) * 2 * z / 3
            assert abs(measured - first - second) < mpmath.mpf(10) ** -15


def _silu_exactly(z):
    return z / (1 + mpmath.exp(-z))


def silu_above_one():
    """SiLU's measured slope and its value exceed 1 at the same places."""
    sides = set()
    for n in range(-60, 61):
        z = mpmath.mpf(n) / 10 + mpmath.mpf("0.0001")
        above = _silu_exactly(z) > 1
        assert (mpmath.diff(_silu_exactly, z) > 1) == above, z
        sides.add(above)
    assert sides == {True, False}


def gate_symmetry():
    """Values differ by z, slopes add up to 1."""
    for z in map(mpmath.mpf, (-4, -1, 0, 0.5, 3)):
        assert abs(_silu_exactly(z) - _silu_exactly(-z) - z) < 1e-14
        slopes = mpmath.diff(_silu_exactly, z) + mpmath.diff(_silu_exactly, -z)
        assert abs(slopes - 1) < 1e-10


def gelu_expected_gate():
    """The mean over the normal density of z where it passes and 0 elsewhere."""
    for z in (-1.5, 0.5, 2.0):
        passed = mpmath.quad(lambda n, z=z: z * mpmath.npdf(n), [-mpmath.inf, 0, z])
        assert abs(passed - z * mpmath.ncdf(z)) < 1e-12


def glu_total():
    """Both ways of the gradient together, against central differences of the outputs."""
    rng = np.random.default_rng(8)
    w, v, x, delta = (rng.normal(size=shape) for shape in ((4, 3), (4, 3), 3, 4))
    s = 1 / (1 + np.exp(-v @ x))
    total = w.T @ (delta * s) + v.T @ (delta * (w @ x) * s * (1 - s))
    measured = _numeric(lambda x: delta @ (w @ x / (1 + np.exp(-v @ x))), x)
    np.testing.assert_allclose(total, measured, rtol=1e-5, atol=1e-7)


# --- lesson 7 ---------------------------------------------------------------------------------


def _normal_mean(f):
    """E[f(z)] for a standard normal z, to about 25 digits."""
    with mpmath.workdps(30):
        ends = [-mpmath.inf, -8, 0, 8, mpmath.inf]
        return mpmath.quad(lambda z: f(z) * mpmath.npdf(z), ends)


def _elu(z, alpha):
    return z if z > 0 else alpha * (mpmath.exp(z) - 1)


def _selu_constants():
    """α and λ from the two demands alone: no closed form, half-line means by quadrature."""
    left = _normal_mean(lambda z: mpmath.expm1(z) if z < 0 else 0)
    alpha = -_normal_mean(lambda z: max(z, 0)) / left
    return alpha, 1 / mpmath.sqrt(_normal_mean(lambda z: _elu(z, alpha) ** 2))


def softplus_kernel():
    """The kernel at places of both signs, against 50 digits."""
    from helpers.activations import softplus

    with mpmath.workdps(50):
        for z in (-30.0, -2.0, 0.0, 0.5, 7.0):
            truth = mpmath.log(1 + mpmath.exp(z))
            assert abs(softplus(z) - truth) <= 1e-15 * truth


def softplus_gap():
    """Above 0 and below ln 2 on both sides, ln 2 at 0; and largest there."""
    with mpmath.workdps(50):
        gaps = [
            mpmath.log(1 + mpmath.exp(mpmath.mpf(n) / 8)) - max(mpmath.mpf(n) / 8, 0)
            for n in range(-400, 401)
        ]
        middle = gaps.pop(400)
        assert abs(middle - mpmath.log(2)) < 1e-49
        assert all(0 < gap < mpmath.log(2) for gap in gaps)


def softplus_integral():
    """The area by quadrature, against the function."""
    for z in (-3, 0, 2, 9):
        area = mpmath.quad(lambda t: 1 / (1 + mpmath.exp(-t)), [-mpmath.inf, -10, 0, z])
        assert abs(area - mpmath.log1p(mpmath.exp(z))) < 1e-12


def elu_branches():
    """The kernel has these two branches."""
    from helpers.activations import elu

    for alpha in (0.0, 0.5, 1.0, 2.0):
        for z in (-3.0, -0.5, 0.0, 0.25, 2.0):
            assert abs(elu(z, alpha) - _elu(z, alpha)) < 1e-15


def elu_subdifferential():
    """A line m z lies nowhere above ELU exactly for alpha ≤ m ≤ 1; beyond alpha = 1 none does."""
    near = [mpmath.mpf(n) / 10**k for n in range(-30, 31) for k in (1, 6)]
    with mpmath.workdps(30):
        for alpha in (Fraction(n, 8) for n in range(17)):
            for m in (Fraction(n, 8) for n in range(-8, 25)):
                a, slope = (mpmath.mpf(q.numerator) / q.denominator for q in (alpha, m))
                supports = all(slope * z <= _elu(z, a) for z in near)
                assert supports == (alpha <= m <= 1), (alpha, m)


def selu_demands():
    """The course's SELU meets both; ReLU with He's factor meets the second alone."""
    from helpers.activations import selu

    assert abs(_normal_mean(lambda z: mpmath.mpf(float(selu(float(z)))))) < 1e-14
    assert abs(_normal_mean(lambda z: mpmath.mpf(float(selu(float(z)))) ** 2) - 1) < 1e-14
    assert _normal_mean(lambda z: mpmath.sqrt(2) * max(z, 0)) > 0.5


def selu_alpha():
    """The closed form to 20 digits, against the demand solved by quadrature."""
    with mpmath.workdps(30):
        e1 = mpmath.sqrt(mpmath.e) * mpmath.erfc(1 / mpmath.sqrt(2))
        closed = mpmath.sqrt(2 / mpmath.pi) / (1 - e1)
        assert abs(closed - _selu_constants()[0]) < 1e-20
        assert float(closed) == 1.6732632423543772


def selu_lambda():
    """The closed form to 20 digits, against quadrature and the form in the paper."""
    with mpmath.workdps(30):
        alpha, by_quadrature = _selu_constants()
        e1 = mpmath.sqrt(mpmath.e) * mpmath.erfc(1 / mpmath.sqrt(2))
        e2 = mpmath.e**2 * mpmath.erfc(mpmath.sqrt(2))
        closed = 1 / mpmath.sqrt(mpmath.mpf(1) / 2 + alpha**2 / 2 * (e2 - 2 * e1 + 1))
        inner = 2 * e2 + mpmath.pi * e1**2 - 2 * (2 + mpmath.pi) * e1 + mpmath.pi + 2
        paper = (1 - e1) * mpmath.sqrt(2 * mpmath.pi) / mpmath.sqrt(inner)
        assert abs(closed - by_quadrature) < 1e-20
        assert abs(closed - paper) < 1e-20
        assert float(closed) == 1.0507009873554805


def scale_map_slope():
    """The mean's derivative by q, measured, for SELU, tanh and ReLU."""
    alpha, lam = _selu_constants()
    for g, slope in (
        (lambda z: lam * _elu(z, alpha), lambda z: lam * (1 if z > 0 else alpha * mpmath.exp(z))),
        (mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
        (lambda z: max(z, 0), lambda z: z > 0),
    ):
        h = mpmath.mpf("1e-4")
        up, down = (
            _normal_mean(lambda z, g=g, q=q: g(mpmath.sqrt(q) * z) ** 2) for q in (1 + h, 1 - h)
        )
        rule = _normal_mean(lambda z, g=g, slope=slope: z * g(z) * slope(z))
        assert abs((up - down) / (2 * h) - rule) < 1e-6


# --- lesson 10 --------------------------------------------------------------------------------


def reverse_mode_sum():
    """Summed over all paths through a diamond with a tail, in fractions, it is the same."""
    local = {(0, 1): Fraction(2), (0, 2): Fraction(5), (1, 3): Fraction(3), (2, 3): Fraction(-1, 2)}
    local |= {(3, 4): Fraction(7, 3), (0, 4): Fraction(1, 9)}
    gradient = {4: Fraction(1)}
    for i in (3, 2, 1, 0):
        gradient[i] = sum(slope * gradient[j] for (place, j), slope in local.items() if place == i)

    def paths(i):
        steps = [(j, slope) for (place, j), slope in local.items() if place == i]
        return Fraction(i == 4) + sum(slope * paths(j) for j, slope in steps)

    assert gradient == {i: paths(i) for i in range(5)}


EQUATIONS = {
    name: check
    for file in (equations_softmax, equations_network, sys.modules[__name__])
    for name, check in inspect.getmembers(file, inspect.isfunction)
    if check.__module__ == file.__name__ and not name.startswith("_")
}
