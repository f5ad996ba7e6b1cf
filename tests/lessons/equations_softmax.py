"""Checks of the display equations of lesson 12: softmax, its Jacobian, what arrives at it."""

import itertools

import mpmath
import numpy as np
import sympy

_LOGITS = sympy.symbols("a b c", real=True)


def _softmax():
    total = sum(map(sympy.exp, _LOGITS))
    return [sympy.exp(z) / total for z in _LOGITS]


def softmax_of_three():
    """The three are shares of one: positive, in sum 1, in the ratios of the exponentials."""
    p = _softmax()
    assert sympy.simplify(sum(p) - 1) == 0
    for i, j in itertools.combinations(range(3), 2):
        assert sympy.simplify(p[i] / p[j] - sympy.exp(_LOGITS[i] - _LOGITS[j])) == 0


def softmax_jacobian_of_three():
    """Both matrices are SymPy's Jacobian, entry by entry."""
    p = sympy.Matrix(_softmax())
    named = sympy.Matrix(3, 3, lambda i, j: p[i] * (1 - p[i]) if i == j else -p[i] * p[j])
    found = p.jacobian(_LOGITS)
    for shown in (named, sympy.diag(*p) - p * p.T):
        assert sympy.simplify(found - shown) == sympy.zeros(3, 3)


def _softmax_of(z):
    e = [mpmath.exp(x) for x in z]
    return [x / mpmath.fsum(e) for x in e]


def _slope(f, z, j):
    """The slope of f with respect to the j-th entry of z, measured in 50 digits."""
    return mpmath.diff(lambda x: f([*z[:j], x, *z[j + 1 :]]), z[j])


_FIVE = [mpmath.mpf(n) / 3 for n in (4, -5, 0, 2, 7)]


def softmax_jacobian():
    """For five classes, measured in 50 digits."""
    with mpmath.workdps(50):
        p = _softmax_of(_FIVE)
        for i, j in itertools.product(range(5), repeat=2):
            measured = _slope(lambda z, i=i: _softmax_of(z)[i], _FIVE, j)
            assert abs(measured - p[i] * ((i == j) - p[j])) < 1e-20


def softmax_vjp():
    """For a loss that is no sum of the p: the product of cosines."""

    def loss(p):
        return mpmath.fprod(mpmath.cos(k * x) for k, x in enumerate(p, 1))

    with mpmath.workdps(50):
        p = _softmax_of(_FIVE)
        u = [_slope(loss, p, j) for j in range(5)]
        mean = mpmath.fsum(x * y for x, y in zip(p, u, strict=True))
        for i in range(5):
            measured = _slope(lambda z: loss(_softmax_of(z)), _FIVE, i)
            assert abs(measured - p[i] * (u[i] - mean)) < 1e-20


def softmax_cross_entropy():
    """For targets that are shares, not only 0 and 1."""

    def loss(z):
        return -mpmath.fsum(t * mpmath.log(x) for t, x in zip(y, _softmax_of(z), strict=True))

    with mpmath.workdps(50):
        y = [mpmath.mpf(n) / 10 for n in (1, 2, 0, 4, 3)]
        for i, p in enumerate(_softmax_of(_FIVE)):
            assert abs(_slope(loss, _FIVE, i) - (p - y[i])) < 1e-20


def softmax_jacobian_norm():
    """The largest eigenvalue is at most 1/2, and is 1/2 where two classes share everything."""
    rng = np.random.default_rng(0)
    for p in [rng.dirichlet(np.full(n, share)) for n in (2, 3, 10) for share in (0.1, 1, 10)]:
        assert np.linalg.eigvalsh(np.diag(p) - np.outer(p, p)).max() <= 0.5 + 1e-15
    half = np.array([0.5, 0.5, 0.0])
    assert np.linalg.eigvalsh(np.diag(half) - np.outer(half, half)).max() == 0.5
