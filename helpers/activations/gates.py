"""The gates SiLU, Swish and GELU: z times a sigmoid-shaped G(z) with G(z) + G(-z) = 1.

With a = |z|: g = z G(z) is z - a G(-a) on the right and -a G(-a) on the left, and g′ = G + z G′ is
1 - w and w with w = G(-a) - a G′(a). So only the tail at -a is needed, where nothing cancels but w
near its root. Tails are built from h with h² = exp(…): h is far from underflow, and the result is
rounded once when it is subnormal. The promises are those of `helpers.activations.contract`.
"""

from typing import Any

import numpy as np

from helpers.activations.arithmetic import (
    LARGEST,
    ONE,
    holds,
    mirrored,
    polynomial,
    positive_part,
    product,
    square_and_rest,
)
from helpers.activations.contract import Floats, kernel, sharing

__all__ = [
    "gelu",
    "gelu_prime",
    "gelu_tanh",
    "gelu_tanh_prime",
    "silu",
    "silu_prime",
    "swish",
    "swish_prime",
]


_MINUS_HALF, _MINUS_QUARTER = np.array(-0.5), np.array(-0.25)


def _gate(z: Floats, tail: Floats, out: Floats | None = None) -> Floats:
    g = positive_part(z, out)
    return np.subtract(g, tail, out=g)


def _gate_slope(z: Floats, w: Floats, out: Floats | None = None) -> Floats:
    return mirrored(z, w, ONE - w, out)


def _both_tails(h: Floats) -> Floats:
    """Return h/(1 + h²): times h it is the sigmoid of ln h², squared its slope."""
    q = h * h
    q += ONE
    return np.divide(h, q, out=q)


@kernel
def silu(z: Floats) -> Floats:
    """Let z through a gate that z itself opens: the sigmoid linear unit.

    g(z) = z sigmoid(z). Falls to its minimum -0.278465 at z = -1.278465. Limits: 0 at -inf, inf at
    +inf.

    Notes
    -----
    Error at most 5 ulp, also where the result is subnormal.

    References
    ----------
    Hendrycks, Gimpel, Gaussian error linear units (2016), arXiv:1606.08415, named it; Elfwing,
    Uchibe, Doya, Sigmoid-weighted linear units for neural network function approximation in
    reinforcement learning (2018), arXiv:1702.03118.

    Examples
    --------
    >>> silu([-2.0, 0.0, 2.0])
    array([-0.23840584,  0.        ,  1.76159416])
    """
    return _swish(z, *_swish_parts(z))


@kernel
def silu_prime(z: Floats) -> Floats:
    """Return the slope of SiLU at z.

    g′(z) = s + z s (1 - s) with s = sigmoid(z): the product rule. Its root is z = -1.278465, its
    largest value 1.099839 at z = 2.399357. Limits: 0 at -inf, 1 at +inf.

    Notes
    -----
    Error at most 7 ulp, also next to the root.

    References
    ----------
    Elfwing, Uchibe, Doya (2018).

    Examples
    --------
    >>> silu_prime([-2.0, 0.0, 2.0])
    array([-0.09078425,  0.5       ,  1.09078425])
    """
    return _swish_slope(z, *_swish_parts(z))


@kernel
def swish(z: Floats, beta: Any = 1.0) -> Floats:
    """Let z through a gate of steepness beta (β): from z/2 (beta = 0) to ReLU (beta → inf).

    g(z) = z sigmoid(beta z); SiLU for beta = 1. Limits for beta > 0: 0 at -inf, inf at +inf.

    Notes
    -----
    Error at most 5 ulp for beta = 1, else 7.

    References
    ----------
    Ramachandran, Zoph, Le, Searching for activation functions (2017), arXiv:1710.05941.

    Examples
    --------
    >>> swish([-2.0, 0.0, 2.0], beta=3.0)
    array([-0.00494525,  0.        ,  1.99505475])
    """
    return _swish(z, *_swish_parts(z, beta))


@kernel
def swish_prime(z: Floats, beta: Any = 1.0) -> Floats:
    """Return the slope of Swish at z.

    g′(z) = s + beta z s (1 - s) with s = sigmoid(beta z). It depends on beta z alone, so its
    largest value is 1.099839 for every beta > 0. Limits for beta > 0: 0 at -inf, 1 at +inf.

    Notes
    -----
    Error at most 7 ulp for beta = 1, else 8, also next to the root.

    References
    ----------
    Ramachandran, Zoph, Le (2017).

    Examples
    --------
    >>> swish_prime([-2.0, 0.0, 2.0], beta=3.0)
    array([-0.01232643,  0.5       ,  1.01232643])
    """
    return _swish_slope(z, *_swish_parts(z, beta))


def _swish_parts(z: Floats, beta: Any = 1.0) -> tuple:
    """Return β, z or for β < 0 -z, |z|, a = |βz|, its rounding, h = exp(-a/2), and h/(1 + h²)."""
    y = z if holds(beta > 0) else np.copysign(1.0, beta) * z
    # beyond, h is 0, and inf · 0 would be nan
    far = 1500.0 if holds(beta == 1) else np.minimum(np.divide(1500.0, np.abs(beta)), LARGEST)
    size = np.abs(z)
    size.clip(0.0, far, out=size)
    a, rest = product(abs(beta), size)
    h = a * _MINUS_HALF
    np.exp(h, out=h)
    if np.ndim(rest):
        h -= h * (rest / 2)
    return beta, y, size, a, rest, h, _both_tails(h)


def _swish(
    z: Floats,
    beta: Any,
    y: Floats,
    size: Floats,
    a: Floats,
    rest: Any,
    h: Floats,
    q: Floats,
    out: Floats | None = None,
) -> Floats:
    tail = size * h
    tail *= q  # |z| sigmoid(-a)
    g = _gate(y, tail, out)
    if y is not z:
        g *= np.copysign(1.0, beta)
        np.copyto(g, z / 2, where=beta == 0)
    return g


_SILU_ROOT, _SILU_ROOT_REST = 1.2784645427610737, 1.0946994183093437e-16  # 1 + exp(-a) = a
_E_AT_SILU_ROOT = 0.2784645427610739  # exp(-a) there, rounded up so that n is 2 for a = 0


def _swish_slope(
    z: Floats,
    beta: Any,
    y: Floats,
    size: Floats,
    a: Floats,
    rest: Any,
    h: Floats,
    q: Floats,
    out: Floats | None = None,
) -> Floats:
    # w = e n/(1 + e)² with n = 1 + e - a, which cancels near its root r. Subtract the 0 that is
    # 1 + exp(-r) - r: with x = r - a, two terms of the same sign are left.
    x = np.subtract(_SILU_ROOT, a)
    x += _SILU_ROOT_REST - rest
    n = np.expm1(x)
    n *= _E_AT_SILU_ROOT
    n += x
    n *= q
    return _gate_slope(y, np.multiply(n, q, out=n), out)


swish_pair = sharing(_swish_parts, _swish, _swish_slope)


# --- GELU -------------------------------------------------------------------------------------


@kernel
def gelu(z: Floats) -> Floats:
    """Let z through with the probability that a standard normal number is below z.

    g(z) = z Φ(z) = z (1 + erf(z/√2)) / 2. Falls to its minimum -0.169971 at z = -0.751792. Limits:
    0 at -inf, inf at +inf.

    Notes
    -----
    Error at most 5 ulp, down to the last subnormal value near z = -38.5, where 1 + erf has lost
    everything since z = -8.3.

    References
    ----------
    Hendrycks, Gimpel, Gaussian error linear units (2016), arXiv:1606.08415.

    Examples
    --------
    >>> gelu([-2.0, 0.0, 2.0])
    array([-0.04550026,  0.        ,  1.95449974])
    """
    return _gelu(z, *_gelu_parts(z))


@kernel
def gelu_prime(z: Floats) -> Floats:
    """Return the slope of GELU at z.

    g′(z) = Φ(z) + z φ(z) with φ(z) = exp(-z²/2)/√(2π): the product rule. Its root is z =
    -0.751792, its largest value 1.128904 at z = √2. Limits: 0 at -inf, 1 at +inf.

    Notes
    -----
    Error at most 7 ulp, also next to the root.

    References
    ----------
    Hendrycks, Gimpel (2016).

    Examples
    --------
    >>> gelu_prime([-2.0, 0.0, 2.0])
    array([-0.0852318,  0.5      ,  1.0852318])
    """
    return _gelu_slope(z, *_gelu_parts(z))


def _gelu_parts(z: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a = |z|, h and k with h k = exp(-a²/2), and Φ(-a)/(h k)."""
    a = np.abs(z)
    a.clip(0.0, 60.0, out=a)  # there h is 0
    square, rest = square_and_rest(a)
    square *= _MINUS_QUARTER
    h = np.exp(square, out=square)
    rest *= _MINUS_HALF
    rest *= h
    rest += h
    return a, h, rest, _scaled_tail(a)


def _gelu(
    z: Floats, a: Floats, h: Floats, k: Floats, scaled: Floats, out: Floats | None = None
) -> Floats:
    tail = a * scaled
    tail *= k
    tail *= h
    return _gate(z, tail, out)


_GELU_ROOT, _GELU_ROOT_REST = 0.7517915246935645, -1.4956759177009883e-17
_DENSITY_AT_0 = 0.3989422804014327  # φ(0) = 1/√(2π)


def _gelu_slope(
    z: Floats, a: Floats, h: Floats, k: Floats, scaled: Floats, out: Floats | None = None
) -> Floats:
    # w = Φ(-a) - a φ(a). Near the root the difference cancels, and its Taylor series is used.
    difference = a * -_DENSITY_AT_0
    difference += scaled
    d = a - _GELU_ROOT
    d -= _GELU_ROOT_REST
    near = np.flatnonzero(np.abs(d) < 0.25)
    d = d.take(near)
    difference.put(near, d * polynomial(_GELU_TAYLOR, d))
    difference *= k
    difference *= h
    return _gate_slope(z, difference, out)


def _gelu_taylor(r: float, count: int) -> tuple[float, ...]:
    """Return c₀, c₁, … of (R(a) - a) φ(0) = (c₀ + c₁d + …) d for a = r + d, with R = Φ(-a)/φ(a).

    R(r) = r at the root r, and R′ = a R - 1 gives one coefficient after the other.
    """
    c = [r, r * r - 1]
    for n in range(1, count):
        c.append((r * c[n] + c[n - 1]) / (n + 1))
    return tuple(_DENSITY_AT_0 * x for x in (c[1] - 1, *c[2:]))


_GELU_TAYLOR = _gelu_taylor(_GELU_ROOT, 15)


def _scaled_tail(a: Floats) -> Floats:
    """Return Φ(-a) exp(a²/2) for 0 ≤ a ≤ 60, to about 1 ulp, where Φ(-a) may be as small as 0.

    Times 1 + a it runs from 0.5 to 0.4, and is a polynomial of t = (a - 5)/(a + 5) to 17 digits:
    the one through 24 Chebyshev points, solved for in 60-digit arithmetic (the tests do it
    again). Source: Shepherd, Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc x
    (1981).
    """
    t = a - 5
    t /= a + 5
    scaled = polynomial(SCALED_TAIL, t)
    scaled /= ONE + a
    return scaled


SCALED_TAIL = (
    *(0.46151582985003775, -0.09155228183400897, 0.031030368425963184),
    *(0.010002352385223299, -0.026401042966287005, 0.024536963243855427),
    *(-0.015170415402833294, 0.006522000665442733, -0.0016760723423239283),
    *(7.791614372189248e-06, 0.000182334137578553, -5.360765470195815e-05),
    *(-9.896089995873051e-06, 9.060023999116437e-06, -7.031903112207149e-08),
    *(-1.3077878333680356e-06, 1.2776877097656705e-07, 1.9662904010129897e-07),
    *(-2.6120058063485242e-08, -3.115080561247767e-08, 3.505504789812858e-09),
    *(4.444883150745334e-09, -2.464624109185912e-10, -3.786025269409506e-10),
)


gelu_pair = sharing(_gelu_parts, _gelu, _gelu_slope)


@kernel
def gelu_tanh(z: Floats) -> Floats:
    """Approximate GELU to 5e-4 by tanh: what many networks mean by GELU.

    g(z) = z (1 + tanh(√(2/π) (z + 0.044715 z³))) / 2. Falls to its minimum -0.170041 at z =
    -0.752461. Limits: 0 at -inf, inf at +inf.

    Notes
    -----
    Error at most 6.5 ulp, where 1 + tanh loses all digits from z = -5.5 on.

    References
    ----------
    Hendrycks, Gimpel, Gaussian error linear units (2016), arXiv:1606.08415, section 2.

    Examples
    --------
    >>> gelu_tanh([-2.0, 0.0, 2.0])
    array([-0.04540231,  0.        ,  1.95459769])
    """
    return _gelu_tanh(z, *_gelu_tanh_parts(z))


@kernel
def gelu_tanh_prime(z: Floats) -> Floats:
    """Return the slope of GELU's tanh form at z.

    g′(z) = s + z v′(z) s (1 - s) with s = sigmoid(v(z)) and v(z) = 2√(2/π) (z + 0.044715 z³). Its
    root is z = -0.752461, its largest value 1.128993 at z = 1.418504. Limits: 0 at -inf, 1 at
    +inf.

    Notes
    -----
    Error at most 7 ulp, also next to the root.

    References
    ----------
    Hendrycks, Gimpel (2016).

    Examples
    --------
    >>> gelu_tanh_prime([-2.0, 0.0, 2.0])
    array([-0.08609926,  0.5       ,  1.08609926])
    """
    return _gelu_tanh_slope(z, *_gelu_tanh_parts(z))


_K, _K_REST = 1.5957691216057308, -9.96930880911092e-17  # 2√(2/π)
_C = 0.044715
_KC, _KC_REST = 0.07135481627260025, -6.175149918155315e-19  # 2√(2/π) · 0.044715


def _gelu_tanh_parts(z: Floats) -> tuple[Floats, Floats, Floats]:
    """Return a = |z|, h with h² = exp(-v(a)), and h/(1 + h²); (1 + tanh(v/2))/2 is sigmoid(v)."""
    a = np.abs(z)
    a.clip(0.0, 30.0, out=a)  # there h is 0
    # v = a (K + K·C·a²), and like every large exponent it is needed with what rounding takes
    square, square_rest = square_and_rest(a)
    cubic, rest = product(_KC, square)
    factor = cubic + _K
    lifted = factor - _K
    cubic -= lifted
    rest += cubic
    np.subtract(factor, lifted, out=lifted)
    rest += np.subtract(_K, lifted, out=lifted)  # Knuth: what factor lacks, exactly
    square_rest *= _KC
    rest += square_rest
    square *= _KC_REST
    square += _K_REST
    rest += square
    v, v_rest = product(a, factor)
    rest *= a
    rest += v_rest
    v *= _MINUS_HALF
    rest *= _MINUS_HALF
    h = np.exp(v, out=v)
    rest *= h
    h += rest
    return a, h, _both_tails(h)


def _gelu_tanh(z: Floats, a: Floats, h: Floats, q: Floats, out: Floats | None = None) -> Floats:
    tail = a * h
    tail *= q
    return _gate(z, tail, out)


_GELU_TANH_ROOT, _GELU_TANH_ROOT_REST = 0.7524614220710163, -3.635560509207687e-17
_E_AT_ROOT = 0.2919552119147669  # exp(-v) there, so rounded that n is 2 for a = 0


def _gelu_tanh_slope(
    z: Floats, a: Floats, h: Floats, q: Floats, out: Floats | None = None
) -> Floats:
    # w = e n/(1 + e)² with n = 1 + e - a v′(a). As for SiLU, subtract the 0 at the root r from it:
    # v(r) - v(a) = K d (1 + m) and r v′(r) - a v′(a) = K d (1 + 3m), with d = r - a and
    # m = C (r² + r a + a²).
    r = _GELU_TANH_ROOT
    d = r - a
    d += _GELU_TANH_ROOT_REST
    m = a + r
    m *= a
    m += r * r
    m *= _C
    d *= _K
    n = ONE + m
    n *= d
    np.expm1(n, out=n)
    n *= _E_AT_ROOT
    m *= 3
    m += ONE
    m *= d
    n += m
    n *= q
    n *= q
    return _gate_slope(z, n, out)


gelu_tanh_pair = sharing(_gelu_tanh_parts, _gelu_tanh, _gelu_tanh_slope)
