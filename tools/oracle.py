"""The oracle of the kernels: g and g′ in 50 digits, and z where floating point is at its limits."""

import math
from functools import cache
from itertools import pairwise

import mpmath
import numpy as np

ORACLE = mpmath.mp.clone()
ORACLE.dps = 50
exp = ORACLE.exp


def _sigmoid(z):
    return 1 / (1 + exp(-z))


def _selu(z):
    lam, alpha = ORACLE.mpf(1.0507009873554805), ORACLE.mpf(1.6732632423543772)
    return (lam * z, lam) if z > 0 else (lam * alpha * ORACLE.expm1(z), lam * alpha * exp(z))


def _gated(G, density, z):
    """Return z G(z) and its slope by the product rule, in 50 digits."""
    return z * G(z), G(z) + z * density(z)


def _swish(z, beta=1.0):
    beta = ORACLE.mpf(beta)
    return _gated(
        lambda x: _sigmoid(beta * x), lambda x: beta * _sigmoid(beta * x) * _sigmoid(-beta * x), z
    )


def _gelu(z):
    if abs(z) > 1e4:  # there erfc of mpmath gives up
        return (z, 1) if z > 0 else (0, 0)
    return _gated(ORACLE.ncdf, ORACLE.npdf, z)


def _gelu_tanh(z):
    k, c = 2 * ORACLE.sqrt(2 / ORACLE.pi), ORACLE.mpf("0.044715")

    def v(x):
        return k * (x + c * x**3)

    return _gated(
        lambda x: _sigmoid(v(x)),
        lambda x: k * (1 + 3 * c * x**2) * _sigmoid(v(x)) * _sigmoid(-v(x)),
        z,
    )


def _mish(z):
    def gate(x):
        s = exp(x)
        return s * (s + 2) / (s * (s + 2) + 2)

    def density(x):  # (1 - T²) σ
        s = exp(x)
        return 4 * s * (1 + s) / (s * (s + 2) + 2) ** 2

    return _gated(gate, density, z)


def _softplus(z, beta=1.0):
    beta = ORACLE.mpf(beta)
    return ORACLE.log1p(exp(beta * z)) / beta, _sigmoid(beta * z)


def _celu(z, alpha=1.0):
    alpha = ORACLE.mpf(alpha)
    return (z, 1) if z > 0 else (alpha * ORACLE.expm1(z / alpha), exp(z / alpha))


def _squareplus(z, b=4.0):
    h = ORACLE.sqrt(z * z + ORACLE.mpf(b))
    small = b / (2 * (h + abs(z)))  # z + h is 0 in 50 digits from z = -1e25 on
    part = b / (2 * h * (h + abs(z)))
    return (small, part) if z < 0 else (z + small, 1 - part)


def _tanhshrink(z):
    slope = ORACLE.tanh(z) ** 2
    if abs(z) > 1e-5:
        return z - ORACLE.tanh(z), slope
    x = z * z  # 50 digits cancel as well
    terms = (1, 3), (-2, 15), (17, 315), (-62, 2835), (1382, 155925), (-21844, 6081075)
    return z * x * sum(n * x**k / ORACLE.mpf(d) for k, (n, d) in enumerate(terms)), slope


def _snake(z, a=1.0):
    angle = ORACLE.mpf(a) * z
    return z + ORACLE.sin(angle) ** 2 / a, 1 + ORACLE.sin(2 * angle)


def _hardswish(z):
    if abs(z) < 3:
        return z * (z + 3) / 6, (2 * z + 3) / 6
    return (z, 1 + (z == 3) / ORACLE.mpf(2)) if z > 0 else (0, 0)


def _clipped(z, low, high):
    return min(max(z, low), high), int(low < z <= high)


# name -> (g, g′) from the textbook, in an arithmetic where the textbook is right
TRUTH = {
    "sigmoid": lambda z: (_sigmoid(z), _sigmoid(z) * _sigmoid(-z)),
    "tanh": lambda z: (ORACLE.tanh(z), ORACLE.sech(z) ** 2),
    "relu": lambda z: (max(z, 0), int(z > 0)),
    "leaky_relu": lambda z, a=0.01: (z, 1) if z > 0 else (ORACLE.mpf(a) * z, ORACLE.mpf(a)),
    "elu": lambda z, a=1.0: (z, 1) if z > 0 else (a * ORACLE.expm1(z), a * exp(z)),
    "selu": _selu,
    "softplus": _softplus,
    "softsign": lambda z: (z / (1 + abs(z)), 1 / (1 + abs(z)) ** 2),
    "silu": _swish,
    "swish": _swish,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "mish": _mish,
    "celu": _celu,
    "squareplus": _squareplus,
    "logsigmoid": lambda z: (-ORACLE.log1p(exp(-z)), _sigmoid(-z)),
    "tanhshrink": _tanhshrink,
    "relu6": lambda z: _clipped(z, 0, 6),
    "hardtanh": lambda z: _clipped(z, -1, 1),
    "hardsigmoid": lambda z: tuple(x / ORACLE.mpf(6) for x in _clipped(z + 3, 0, 6)),
    "hardswish": _hardswish,
    "softshrink": lambda z: (z - min(max(z, -0.5), 0.5), int(z > 0.5 or z <= -0.5)),
    "snake": _snake,
    "hardshrink": lambda z: (z, 1) if abs(z) > 0.5 else (0, 0),
    "thresholded_relu": lambda z: (z, 1) if z > 1 else (0, 0),
    "relu_squared": lambda z: (max(z, 0) ** 2, 2 * max(z, 0)),
}


def textbook(name):
    """Return (g, g′) of that name, as one function of z and of the parameter."""
    if name not in TRUTH:
        raise LookupError(f"{name} has no oracle: add its g and g′ to TRUTH in tools/oracle.py")
    return TRUTH[name]


def truth(name, z, *params):
    """Return the true values and the true slopes at z."""
    both = textbook(name)
    return zip(*(both(ORACLE.mpf(float(x)), *params) for x in z), strict=True)


@cache
def slopes_around_zero(name):
    """Return {z: g′(z)} at places of no special kind from -10 to 10."""
    places = (np.arange(-200, 200) / 20 + 0.01).tolist()
    _, slopes = truth(name, places)
    return dict(zip(places, slopes, strict=True))


@cache
def root(name):
    """Return where g′ changes its sign, None if it never does.

    There the textbook formula loses every digit, and g is lowest.
    """
    both = textbook(name)
    for (left, before), (right, after) in pairwise(slopes_around_zero(name).items()):
        if before * after < 0:
            places = left, right
            return float(ORACLE.findroot(lambda z: both(z)[1], places, solver="anderson"))
    return None


@cache
def hard_grid():
    """Return z of both signs, with the places where floating point is at its limits."""
    rng = np.random.default_rng(0)
    tiny, huge = np.finfo(np.float64).smallest_subnormal, np.finfo(np.float64).max
    # where an exponential turns to 1 ulp of 1, subnormal, 0, or its inverse overflows
    edges = [18.37, 19.06, 36.04, 36.74, 354.2, 354.89, 372.2, 372.57, 708.4, 709.78, 744.4, 745.13]
    edges += [8.3, 21.3, 30, 38.4, 60, 1500]
    roots = [*dict.fromkeys(found for name in TRUTH if (found := root(name)))]
    around = [
        -place * (1 + sign * 10 ** -rng.uniform(0.5, 16, 20)) for place in roots for sign in (-1, 1)
    ]
    z = np.concatenate(
        [
            rng.uniform(0, 20, 1200),
            rng.uniform(20, 760, 500),
            10 ** rng.uniform(-323.5, 308.2, 250),
            tiny * np.arange(1, 20),
            *(edge + rng.uniform(-0.5, 0.5, 10) for edge in edges),
            *around,
            [-place for place in roots],
            [0.5, 1.0, 2.0, np.finfo(np.float64).tiny, huge],
        ]
    )
    return np.concatenate([[0.0], z, -z])


def hard_rows():
    """Return rows of logits: near one another, far apart, huge, tiny, saturated, of 1 to 1000."""
    rng = np.random.default_rng(0)
    rows = [
        rng.normal(0, scale, n)
        for scale in (1e-300, 1e-8, 1.0, 10.0, 100.0, 300.0, 1e5, 1e300)
        for n in (1, 2, 3, 10, 100)
    ]
    rows += [rng.normal(0, 300, 1000), rng.normal(0, 1, 1000), np.linspace(-745, 0, 60)]
    rows += [base + rng.normal(0, 3, 10) for base in (-745.0, -700.0, 700.0, 1e16)]
    return [*rows, np.array([0.0, -40.0, -41.0]), np.array([0.0, -800.0]), np.zeros(7)]


def softmax_exactly(z):
    """Return (p, ln p, logsumexp) of a row in 50 digits."""
    exact, k = [ORACLE.mpf(float(x)) for x in z], int(np.argmax(z))
    e = [ORACLE.exp(x - exact[k]) for x in exact]
    rest = ORACLE.fsum(e[:k] + e[k + 1 :])
    logs = [x - exact[k] - ORACLE.log1p(rest) for x in exact]
    return [x / (1 + rest) for x in e], logs, exact[k] + ORACLE.log1p(rest)


def errors_in_ulps(got, truth, dtype=np.float64, least=0.0):
    """Return the errors of `got` in units of the last place of the true results, or of `least`.

    A nan, and an infinity that the true result does not round to, are infinitely wrong.
    """

    def error(value, true, nearest, gap):
        if not np.isfinite([value, nearest]).all():
            return 0.0 if value == nearest else math.inf
        return float(abs(ORACLE.mpf(float(value)) - true) / ORACLE.mpf(float(gap)))

    with np.errstate(all="ignore"):
        nearest = np.array([float(t) for t in truth]).astype(dtype)
        gaps = np.spacing(np.maximum(np.abs(nearest), dtype(least)))
    return list(map(error, got, truth, nearest, gaps))


def ulps(got, truth, dtype=np.float64):
    """Return the largest error of `got` in units of the last place of the true results."""
    return max(errors_in_ulps(got, truth, dtype))
