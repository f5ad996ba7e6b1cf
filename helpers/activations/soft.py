"""Six more without a corner: CELU, squareplus, log-sigmoid, tanh shrinkage, Snake and Mish.

The promises are those of `helpers.activations.contract`.
"""

from typing import Any

import numpy as np

from helpers.activations.arithmetic import (
    ONE,
    holds,
    mirrored,
    negative_part,
    ones_where,
    polynomial,
    product,
    scaled,
)
from helpers.activations.contract import Floats, kernel, sharing
from helpers.language import value_error

__all__ = [
    "celu",
    "celu_prime",
    "logsigmoid",
    "logsigmoid_prime",
    "mish",
    "mish_prime",
    "snake",
    "snake_prime",
    "squareplus",
    "squareplus_prime",
    "tanhshrink",
    "tanhshrink_prime",
]


@kernel
def celu(z: Floats, alpha: Any = 1.0) -> Floats:
    """Stretch ELU in both directions by alpha (α), so that it has no kink for any alpha.

    g(z) = z for z > 0 and alpha (exp(z/alpha) - 1) for z ≤ 0. Limits: -alpha at -inf, inf at +inf.

    Notes
    -----
    Error at most 3 ulp. alpha ≤ 0 is a ValueError.

    References
    ----------
    Barron, Continuously differentiable exponential linear units (2017), arXiv:1704.07483.

    Examples
    --------
    >>> celu([-2.0, 0.0, 2.0], alpha=2.0)
    array([-1.26424112,  0.        ,  2.        ])
    """
    return _celu(z, *_celu_parts(z, alpha))


@kernel
def celu_prime(z: Floats, alpha: Any = 1.0) -> Floats:
    """Return the slope of CELU at z.

    g′(z) = exp(z/alpha) for z ≤ 0 and 1 for z > 0; at z = 0 both sides have the slope 1. Limits: 0
    at -inf, 1 at +inf.

    Notes
    -----
    Error at most 3 ulp. alpha ≤ 0 is a ValueError.

    References
    ----------
    Barron (2017).

    Examples
    --------
    >>> celu_prime([-2.0, 0.0, 2.0], alpha=2.0)
    array([0.36787944, 1.        , 1.        ])
    """
    return _celu_slope(z, *_celu_parts(z, alpha))


def _celu_parts(z: Floats, alpha: Any = 1.0) -> tuple[Any, Floats, Floats]:
    """Return α, min(z, 0), and that divided by α."""
    _above_0("alpha", alpha)
    below = negative_part(z)
    return alpha, below, below / alpha


def _celu(
    z: Floats, alpha: Any, below: Floats, quotient: Floats, out: Floats | None = None
) -> Floats:
    g = scaled(alpha, np.expm1(quotient, out=out))
    g += z.clip(-0.0, np.inf)  # x + (-0.0) is x, also where x is -0.0
    return g


def _celu_slope(
    z: Floats, alpha: Any, below: Floats, quotient: Floats, out: Floats | None = None
) -> Floats:
    slope = np.exp(quotient, out=out)  # 1 for z > 0
    rounded, lost = product(alpha, quotient)
    if np.ndim(lost):
        rest = ((below - rounded) - lost) / alpha  # what rounding took from the quotient
        rest[~np.isfinite(rest)] = 0.0
        slope += slope * rest
    return slope


celu_pair = sharing(_celu_parts, _celu, _celu_slope)


@kernel
def logsigmoid(z: Floats) -> Floats:
    """Return the logarithm of the sigmoid: what cross-entropy takes of a probability.

    g(z) = -ln(1 + exp(-z)) = min(z, 0) - ln(1 + exp(-|z|)) = -softplus(-z). Limits: -inf at -inf,
    0 at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions (2021).

    Examples
    --------
    >>> logsigmoid([-2.0, 0.0, 2.0])
    array([-2.12692801, -0.69314718, -0.12692801])
    """
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


@kernel
def logsigmoid_prime(z: Floats) -> Floats:
    """Return the slope of log-sigmoid at z: the sigmoid of -z.

    g′(z) = sigmoid(-z) = 1 - sigmoid(z). Limits: 1 at -inf, 0 at +inf, neither of which is reached.

    Notes
    -----
    Error at most 3 ulp.

    References
    ----------
    Blanchard, Higham, Higham (2021).

    Examples
    --------
    >>> logsigmoid_prime([-2.0, 0.0, 2.0])
    array([0.88079708, 0.5       , 0.11920292])
    """
    e = np.exp(-np.abs(z))
    return np.abs((z <= 0) - e / (1 + e))  # as in sigmoid


@kernel
def snake(z: Floats, a: Any = 1.0) -> Floats:
    """Climb in waves around z, so that a network can learn what repeats itself.

    g(z) = z + sin²(az)/a. Limits: -inf at -inf, inf at +inf.

    Notes
    -----
    Error at most 4 ulp for a = 1, else 6 ulp. a ≤ 0 is a ValueError; where az is beyond all floats,
    nan is returned.

    References
    ----------
    Ziyin, Hartwig, Ueda, Neural networks fail to learn periodic functions and how to fix it (2020),
    arXiv:2006.08195.

    Examples
    --------
    >>> snake([-2.0, 0.0, 2.0], a=0.5)
    array([-0.58385316,  0.        ,  3.41614684])
    """
    return _snake(z, *_snake_parts(z, a))


@kernel
def snake_prime(z: Floats, a: Any = 1.0) -> Floats:
    """Return the slope of Snake at z.

    g′(z) = 1 + sin(2az), with the period π/a: 2 at most, at az = π/4 + kπ, and 0 at az = -π/4 + kπ,
    but never below. No limits at ±inf: there nan is returned.

    Notes
    -----
    Error at most 4 ulp for a = 1 while 2z is a float, else 4 ulp of 1. Next to a root 1 + sin loses
    its digits, where cos²/(1 - sin) keeps them. a ≤ 0 is a ValueError; where az is beyond all
    floats, nan is returned.

    References
    ----------
    Ziyin, Hartwig, Ueda (2020).

    Examples
    --------
    >>> snake_prime([-2.0, 0.0, 2.0], a=0.5)
    array([0.09070257, 1.        , 1.90929743])
    """
    return _snake_slope(z, *_snake_parts(z, a))


def _snake_parts(z: Floats, a: Any = 1.0) -> tuple[Any, Floats, Floats]:
    """Return a, sin(2az) and cos(2az)."""
    _above_0("a", a)
    sine, cosine = _waves(2 * a, z)
    far = np.isnan(sine)
    if far.any():  # where 2az is beyond all floats, az need not be
        s, c = _waves(a if isinstance(a, float) else a[far], z[far])
        sine[far], cosine[far] = 2 * s * c, (c - s) * (c + s)
    return a, sine, cosine


def _waves(a: Any, z: Floats) -> tuple[Floats, Floats]:
    """Return sin(az) and cos(az), with what rounding takes from az: at 1e16 that is a radian."""
    angle, rest = product(a, z)
    sine, cosine = np.sin(angle), np.cos(angle)
    if np.ndim(rest):
        s, c = np.sin(rest), np.cos(rest)
        sine, cosine = sine * c + cosine * s, cosine * c - sine * s
    return sine, cosine


def _snake(z: Floats, a: Any, sine: Floats, cosine: Floats, out: Floats | None = None) -> Floats:
    larger = np.abs(cosine)
    larger += ONE
    smaller = sine * sine
    smaller /= larger
    g = mirrored(-cosine, smaller, larger, out)  # 1 - cos(2az), without the difference
    g /= 2 * a
    g += z
    np.copyto(g, z, where=np.isinf(z))
    return np.copysign(g, z, out=g)  # for -0.0


def _snake_slope(
    z: Floats, a: Any, sine: Floats, cosine: Floats, out: Floats | None = None
) -> Floats:
    larger = np.abs(sine)
    larger += ONE
    cosine *= cosine
    cosine /= larger
    return mirrored(sine, cosine, larger, out)


snake_pair = sharing(_snake_parts, _snake, _snake_slope)


@kernel
def squareplus(z: Floats, b: Any = 4.0) -> Floats:
    """Round off the corner of ReLU by a hyperbola: no exponential.

    g(z) = (z + √(z² + b))/2. Limits: 0 at -inf, inf at +inf; g(0) = √b/2. For b = 4 its curvature
    at 0 is that of softplus.

    Notes
    -----
    Error at most 4 ulp. b ≤ 0 is a ValueError.

    References
    ----------
    Barron, Squareplus: a softplus-like algebraic rectifier (2021), arXiv:2112.11687.

    Examples
    --------
    >>> squareplus([-1.5, 0.0, 1.5])
    array([0.5, 1. , 2. ])
    """
    return _squareplus(z, *_squareplus_parts(z, b))


@kernel
def squareplus_prime(z: Floats, b: Any = 4.0) -> Floats:
    """Return the slope of squareplus at z.

    g′(z) = (1 + z/√(z² + b))/2. Limits: 0 at -inf, 1 at +inf, neither of which is reached.

    Notes
    -----
    Error at most 5 ulp. b ≤ 0 is a ValueError.

    References
    ----------
    Barron (2021).

    Examples
    --------
    >>> squareplus_prime([-1.5, 0.0, 1.5])
    array([0.2, 0.5, 0.8])
    """
    return _squareplus_slope(z, *_squareplus_parts(z, b))


def _squareplus_parts(z: Floats, b: Any = 4.0) -> tuple[Floats, Floats]:
    """Return h = √(z² + b), and g(-|z|) as b/4 over (h + |z|)/2: h - |z| would cancel."""
    _above_0("b", b)
    h = np.hypot(z, np.sqrt(b))
    larger = np.abs(z)
    larger *= 0.5
    larger += h / 2
    return h, np.divide(b / 4, larger, out=larger)


def _squareplus(z: Floats, h: Floats, tail: Floats, out: Floats | None = None) -> Floats:
    return np.add(tail, z.clip(0.0, np.inf), out=out)  # g(z) - g(-z) = z


def _squareplus_slope(z: Floats, h: Floats, tail: Floats, out: Floats | None = None) -> Floats:
    small = np.divide(tail, h, out=h)  # (1 - |z|/h)/2 without the difference
    return mirrored(z, small, ONE - small, out)


squareplus_pair = sharing(_squareplus_parts, _squareplus, _squareplus_slope)


@kernel
def tanhshrink(z: Floats) -> Floats:
    """Take from z what tanh would leave of it: a smooth shrinkage.

    g(z) = z - tanh(z). Odd, and like z³/3 near 0. Limits: -inf at -inf, inf at +inf.

    Notes
    -----
    Error at most 5 ulp. Near 0 the difference loses all digits; Lambert's fraction
    tanh(z) = z/(1 + w) with w = z²/(3 + z²/(5 + …)) makes it z w/(1 + w), without a difference.

    References
    ----------
    Collobert, Kavukcuoglu, Farabet, Torch7: a Matlab-like environment for machine learning (2011).

    Examples
    --------
    >>> tanhshrink([-2.0, 0.0, 2.0])
    array([-1.03597242,  0.        ,  1.03597242])
    >>> print(f"{tanhshrink(1e-8):.4e}, but z - tanh(z) = {1e-8 - np.tanh(1e-8):.4e}")
    3.3333e-25, but z - tanh(z) = 0.0000e+00
    """
    square = z * z
    rest: Any = 27.0
    for odd in range(25, 1, -2):
        rest = odd + square / rest
    w = square / rest
    return np.where(np.abs(z) < 1.5, z * (w / (1 + w)), z - np.tanh(z))


@kernel
def tanhshrink_prime(z: Floats) -> Floats:
    """Return the slope of tanh shrinkage at z.

    g′(z) = tanh²(z). Even in z, 0 at z = 0. Limits: 1 at ±inf, which is not reached.

    Notes
    -----
    Error at most 5 ulp.

    References
    ----------
    Collobert, Kavukcuoglu, Farabet (2011).

    Examples
    --------
    >>> tanhshrink_prime([-2.0, 0.0, 2.0])
    array([0.92934918, 0.        , 0.92934918])
    """
    return np.tanh(z) ** 2


def _above_0(name: str, value: Any) -> None:
    if not holds(value > 0):
        raise value_error("{name} must be above 0, got {value}", name=name, value=value)


@kernel
def mish(z: Floats) -> Floats:
    """Let z through a gate of tanh and softplus.

    g(z) = z tanh(ln(1 + exp(z))). Falls to its minimum -0.308843 at z = -1.192431. Limits: 0 at
    -inf, inf at +inf.

    Notes
    -----
    Error at most 5 ulp, also where the result is subnormal.

    References
    ----------
    Misra, Mish: a self regularized non-monotonic activation function (2019), arXiv:1908.08681.

    Examples
    --------
    >>> mish([-2.0, 0.0, 2.0])
    array([-0.25250148,  0.        ,  1.94395896])
    """
    return _mish(z, *_mish_parts(z))


@kernel
def mish_prime(z: Floats) -> Floats:
    """Return the slope of Mish at z.

    g′(z) = T + z (1 - T²) sigmoid(z) with T = tanh(ln(1 + exp(z))): product rule and chain rule.
    Its root is z = -1.192431, its largest value 1.088498 at z = 1.490571; g′(0) = 3/5. Limits: 0
    at -inf, 1 at +inf.

    Notes
    -----
    Error at most 7 ulp, also next to the root.

    References
    ----------
    Misra (2019).

    Examples
    --------
    >>> mish_prime([-2.0, 0.0, 2.0])
    array([-0.10835509,  0.6       ,  1.06931793])
    """
    return _mish_slope(z, *_mish_parts(z))


def _mish_parts(z: Floats) -> tuple:
    """Return y = z held in [-1500, 30], h and s with s = h² = exp(y), (1 + s)² + 1, and z > 0."""
    y = z.clip(-1500.0, 30.0)  # beyond, g is 0 or z to the last digit
    h = np.exp(0.5 * y)
    s = h * h
    return y, h, s, s * (s + 2) + 2, ones_where(z > 0)


def _mish(
    z: Floats,
    y: Floats,
    h: Floats,
    s: Floats,
    d: Floats,
    right: Floats,
    out: Floats | None = None,
) -> Floats:
    # tanh(ln(1 + s)) = ((1 + s)² - 1)/((1 + s)² + 1), which is s (s + 2)/d and 1 - 2/d
    gate = s + 2
    gate *= h
    gate /= d
    left = y * h
    left *= gate
    left *= ONE - right
    g = np.divide(-2.0, d, out=out)
    g += ONE
    g *= z.clip(-1500.0, np.inf)
    g *= right
    g += left
    return g


# The root r of g′, exp(r), and the coefficients that exp(r) brings.
_MISH_ROOT, _MISH_ROOT_REST = -1.1924312145154952, -4.8484829848031044e-17
_MISH_TAYLOR = (1.194033938963939, 0.4522603229111282, 0.027951242009170138)


def _mish_slope(
    z: Floats,
    y: Floats,
    h: Floats,
    s: Floats,
    d: Floats,
    right: Floats,
    out: Floats | None = None,
) -> Floats:
    # g′ = s n/d² with n = 4 (z + 1) + s (4z + 6) + 4s² + s³. At the root r, n cancels; with
    # z = r + x and s = exp(r) (1 + E), E = expm1(x), n is 4x (1 + s) + c₁E + c₂E² + c₃E³: its
    # constant is 0, and no term cancels another. On the right the same is 1 + …/d².
    x = y - _MISH_ROOT
    x -= _MISH_ROOT_REST
    E = np.expm1(x)
    left = polynomial(_MISH_TAYLOR, E)
    left *= E
    x *= 4
    x *= ONE + s
    left += x
    d *= d
    left *= h
    left /= d
    left *= h
    left *= ONE - right
    y *= 4
    slope = np.subtract(y, 2, out=out)
    slope *= s
    slope += y
    slope -= 4
    slope *= s
    slope -= 4
    slope /= d
    slope += ONE
    slope *= right
    slope += left
    return slope


mish_pair = sharing(_mish_parts, _mish, _mish_slope)
