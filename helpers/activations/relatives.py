"""The relatives of the four: ELU to softsign, and the gates SiLU, Swish, GELU and Mish.

The formulas of `helpers.kernels` go on here, with the same promises. Where the textbook formula
loses digits, a line above the better one says why.
"""

from math import frexp

import numpy as np

from helpers.activations.kernels import kernel, sharing

__all__ = [
    "elu",
    "elu_prime",
    "gelu",
    "gelu_prime",
    "gelu_tanh",
    "gelu_tanh_prime",
    "mish",
    "mish_prime",
    "selu",
    "selu_prime",
    "silu",
    "silu_prime",
    "softplus",
    "softplus_prime",
    "softsign",
    "softsign_prime",
    "swish",
    "swish_prime",
]

# --- Products and polynomials for the relatives -----------------------------------------------

_MAX = np.finfo(np.float64).max


def _product(x, y):
    """Return fl(x·y) and what rounding took from it: x·y is their sum (Dekker, 1971).

    exp(x·y) needs both: an error of half an ulp in x·y = -700 is one of 350 ulp in exp(x·y).
    """
    product = x * y
    if np.isscalar(x) and frexp(x)[0] in (0.0, 0.5, -0.5):  # a power of two rounds nothing
        return product, 0.0
    (x1, x2), (y1, y2) = _halves(x), _halves(y)
    rest = x1 * y1 - product + x1 * y2 + x2 * y1 + x2 * y2
    return product, np.where(np.isfinite(rest), rest, 0.0)


def _halves(x):
    """Cut x into two numbers of 26 bits, whose products are exact (Veltkamp, 1968)."""
    shifted = 134217729.0 * x  # 2²⁷ + 1
    high = shifted - (shifted - x)
    return high, x - high


def _polynomial(coefficients, x):
    """Return c₀ + c₁x + c₂x² + … by Horner's rule."""
    *others, last = coefficients
    total = np.full_like(x, last)
    for coefficient in reversed(others):
        total *= x
        total += coefficient
    return total


# --- ELU and SELU -----------------------------------------------------------------------------


@kernel
def elu(z, alpha=1.0):
    """Keep z > 0 and let z < 0 run smoothly into -alpha (α): the exponential linear unit.

    g(z) = z for z > 0 and alpha (exp(z) - 1) for z ≤ 0, of the shape of z. Limits: -alpha at
    -inf, inf at +inf.

    Error at most 1 ulp for alpha = 1, else 2. Raises TypeError unless z is real numbers and
    alpha one.
    Source: Clevert, Unterthiner, Hochreiter, Fast and accurate deep network learning by
    exponential linear units (2016).

    >>> elu([-2.0, 0.0, 2.0])
    array([-0.86466472,  0.        ,  2.        ])
    >>> print(elu(-1e-20), "but exp(z) - 1 =", np.exp(-1e-20) - 1)
    -1e-20 but exp(z) - 1 = 0.0
    """
    return np.where(z < 0, alpha * np.expm1(z), z)  # expm1(z) is exp(z) - 1 without cancellation


@kernel
def elu_prime(z, alpha=1.0):
    """Return the slope of ELU at z, with the left value alpha at z = 0.

    g′(z) = alpha exp(z) = g(z) + alpha for z ≤ 0 and 1 for z > 0, of the shape of z. For
    alpha = 1 ELU is differentiable everywhere. For any other alpha it has a kink at z = 0: the
    slope is alpha on the left and 1 on the right, the subdifferential is [alpha, 1] for
    alpha < 1 (for alpha > 1, not convex, Clarke's generalised gradient is [1, alpha]), and the
    course takes the left value. Limits: 0 at -inf, 1 at +inf.

    Error at most 1 ulp for alpha = 1, else 2. Raises TypeError unless z is real numbers and
    alpha one.
    Source: Clevert, Unterthiner, Hochreiter (2016), equation 15.

    >>> elu_prime([-2.0, 0.0, 2.0], alpha=0.5)
    array([0.06766764, 0.5       , 1.        ])
    """
    return np.where(z > 0, 1.0, alpha * np.exp(z))


@kernel
def elu_prime_from_value(g, alpha=1.0):
    """g′ = 1 where g > 0, else g + α; for α < 0 every g > 0 has two places z."""
    if alpha < 0:
        raise ValueError(
            f"alpha must be at least 0, got {alpha}: "
            "below 0 the value g does not tell on which side of 0 z lies"
        )
    return np.where(g > 0, 1.0, g + alpha)


# The λ and α for which independent inputs of mean 0 and variance 1 give outputs of the same.
_SELU_LAMBDA, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
_SELU_LEFT = _SELU_LAMBDA * _SELU_ALPHA  # 1.7580993408473766


@kernel
def selu(z):
    """Scale ELU so that mean 0 and variance 1 reproduce themselves: the scaled ELU.

    g(z) = λ z for z > 0 and λ α (exp(z) - 1) for z ≤ 0, of the shape of z, with
    λ = 1.0507009873554805 and α = 1.6732632423543772: for z ~ N(0, 1), E g(z) = 0 and
    E g(z)² = 1. Limits: -λ α = -1.7581 at -inf, inf at +inf.

    Error at most 2 ulp. Raises TypeError unless z is real numbers.
    Source: Klambauer, Unterthiner, Mayr, Hochreiter, Self-normalizing neural networks (2017).

    >>> selu([-2.0, 0.0, 2.0])
    array([-1.52016647,  0.        ,  2.10140197])
    """
    return np.where(z < 0, _SELU_LEFT * np.expm1(z), _SELU_LAMBDA * z)


@kernel
def selu_prime(z):
    """Return the slope of SELU at z, with the left value λ α = 1.7581 at the kink.

    g′(z) = λ α exp(z) for z ≤ 0 and λ = 1.0507 for z > 0, of the shape of z. At z = 0 there is
    no derivative: Clarke's generalised gradient is the interval [λ, λ α], and the course takes
    the left value. Limits: 0 at -inf, λ at +inf.

    Error at most 2 ulp. Raises TypeError unless z is real numbers.
    Source: Klambauer, Unterthiner, Mayr, Hochreiter (2017), equation 2.

    >>> selu_prime([-2.0, 0.0, 2.0])
    array([0.23793287, 1.75809934, 1.05070099])
    """
    return np.where(z > 0, _SELU_LAMBDA, _SELU_LEFT * np.exp(z))


@kernel
def selu_prime_from_value(g):
    """g′ = λ where g > 0, else g + λα."""
    return np.where(g > 0, _SELU_LAMBDA, g + _SELU_LEFT)


# --- Softplus and softsign --------------------------------------------------------------------


@kernel
def softplus(z, beta=1.0):
    """Round off the corner of ReLU; a larger beta (β) rounds less.

    g(z) = ln(1 + exp(beta z)) / beta, of the shape of z. Limits: 0 at -inf, inf at +inf;
    g(0) = ln 2 / beta, which is the largest distance from ReLU.

    Error at most 2 ulp (3 for beta ≠ 1, and 1/beta more where the result is subnormal). Raises
    TypeError unless z is real numbers and beta one, ValueError for beta = 0.
    Source: Dugas, Bengio, Bélisle, Nadeau, Garcia, Incorporating second-order functional
    knowledge for better option pricing (2001).

    >>> softplus([-2.0, 0.0, 2.0])
    array([0.12692801, 0.69314718, 2.12692801])
    >>> print(softplus(-40.0), "but ln(1 + exp(z)) =", np.log(1 + np.exp(-40.0)))
    4.248354255291589e-18 but ln(1 + exp(z)) = 0.0
    """
    return _softplus(z, *_softplus_parts(z, beta))


@kernel
def softplus_prime(z, beta=1.0):
    """Return the slope of softplus at z: the sigmoid of beta z.

    g′(z) = sigmoid(beta z) = 1 - exp(-beta g(z)), of the shape of z. Limits for beta > 0: 0 at
    -inf, 1 at +inf, neither of which is reached.

    Error at most 3 ulp. Raises TypeError unless z is real numbers and beta one, ValueError for
    beta = 0.
    Source: Dugas, Bengio, Bélisle, Nadeau, Garcia (2001).

    >>> softplus_prime([-2.0, 0.0, 2.0])
    array([0.11920292, 0.5       , 0.88079708])
    """
    return _softplus_slope(z, *_softplus_parts(z, beta))


def _softplus_parts(z, beta=1.0):
    """Return beta and e = exp(-|βz|)."""
    if beta == 0:
        raise ValueError("beta must not be 0: softplus divides by it")
    a, rest = _product(abs(beta), np.abs(z))
    e = np.exp(-a)
    return beta, e - e * rest if np.ndim(rest) else e


def _softplus(z, beta, e):
    # exp(βz) overflows. For βz > 0, ln(1 + exp(βz)) = βz + ln(1 + e), else it is ln(1 + e).
    corner = np.maximum(z, 0.0) if beta > 0 else np.minimum(z, 0.0)
    return corner + np.log1p(e) / beta


def _softplus_slope(z, beta, e):
    return np.abs((z >= 0 if beta > 0 else z <= 0) - e / (1 + e))  # as in sigmoid


softplus_pair = sharing(_softplus_parts, _softplus, _softplus_slope)


@kernel
def softplus_prime_from_value(g, beta=1.0):
    """g′ = 1 - exp(-βg), since 1 + exp(βz) = exp(βg)."""
    return -np.expm1(-beta * g)


@kernel
def softsign(z):
    """Squash z into (-1, 1) with slow tails.

    g(z) = z / (1 + |z|), of the shape of z. Odd; limits -1 at -inf and 1 at +inf.

    Error at most 2 ulp. Raises TypeError unless z is real numbers.
    Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural
    networks (2010), section 2.

    >>> softsign([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """
    z = np.clip(z, -_MAX, _MAX)  # inf/inf would be nan; for the largest float g is 1 already
    return z / (1 + np.abs(z))


@kernel
def softsign_prime(z):
    """Return the slope of softsign at z.

    g′(z) = 1 / (1 + |z|)² = (1 - |g(z)|)², of the shape of z, also at z = 0, where both sides
    have the slope 1. Even in z, largest at z = 0; falls like 1/z² to the limit 0 at ±inf.

    Error at most 5 ulp. Raises TypeError unless z is real numbers.
    Source: Glorot, Bengio (2010), section 2.

    >>> softsign_prime([-1.0, 0.0, 3.0])
    array([0.25  , 1.    , 0.0625])
    """
    return (1 / (1 + np.abs(z))) ** 2  # (1 + |z|)² would overflow where g′ is still above 0


@kernel
def softsign_prime_from_value(g):
    """g′ = (1 - |g|)²."""
    return (1 - np.abs(g)) ** 2


# --- Gates: z times a sigmoid-shaped G --------------------------------------------------------
#
# For G(z) + G(-z) = 1, with a = |z|: g = z G(z) is z - a G(-a) on the right and -a G(-a) on the
# left, and g′ = G + z G′ is 1 - w and w with w = G(-a) - a G′(a). So only the tail at -a is
# needed, where nothing cancels but w near its root. Tails are built from h with h² = exp(…):
# h is far from underflow, and the result is rounded once when it is subnormal.


def _gate(z, tail):
    return np.where(z < 0, -tail, z - tail)


def _gate_slope(z, w):
    return np.where(z < 0, w, 1 - w)


@kernel
def silu(z):
    """Let z through a gate that z itself opens: the sigmoid linear unit.

    g(z) = z sigmoid(z), of the shape of z. Falls to its minimum -0.278465 at z = -1.278465.
    Limits: 0 at -inf, inf at +inf.

    Error at most 5 ulp, also where the result is subnormal. Raises TypeError unless z is real
    numbers.
    Source: Elfwing, Uchibe, Doya, Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning (2018).

    >>> silu([-2.0, 0.0, 2.0])
    array([-0.23840584,  0.        ,  1.76159416])
    """
    return _swish(z, *_swish_parts(z))


@kernel
def silu_prime(z):
    """Return the slope of SiLU at z.

    g′(z) = s + z s (1 - s) with s = sigmoid(z), of the shape of z: the product rule. Its root is
    z = -1.278465, its largest value 1.099839 at z = 2.399357. Limits: 0 at -inf, 1 at +inf.

    Error at most 7 ulp, also next to the root. Raises TypeError unless z is real numbers.
    Source: Elfwing, Uchibe, Doya (2018), equation 9.

    >>> silu_prime([-2.0, 0.0, 2.0])
    array([-0.09078425,  0.5       ,  1.09078425])
    """
    return _swish_slope(z, *_swish_parts(z))


@kernel
def swish(z, beta=1.0):
    """Let z through a gate of steepness beta (β): from z/2 (beta = 0) to ReLU (beta → inf).

    g(z) = z sigmoid(beta z), of the shape of z; SiLU for beta = 1. Limits for beta > 0: 0 at
    -inf, inf at +inf.

    Error at most 7 ulp. Raises TypeError unless z is real numbers and beta one.
    Source: Ramachandran, Zoph, Le, Searching for activation functions (2017).

    >>> swish([-2.0, 0.0, 2.0], beta=3.0)
    array([-0.00494525,  0.        ,  1.99505475])
    """
    return _swish(z, *_swish_parts(z, beta))


@kernel
def swish_prime(z, beta=1.0):
    """Return the slope of Swish at z.

    g′(z) = s + beta z s (1 - s) with s = sigmoid(beta z), of the shape of z. It depends on
    beta z alone, so its largest value is 1.099839 for every beta > 0. Limits for beta > 0: 0 at
    -inf, 1 at +inf.

    Error at most 9 ulp, also next to the root. Raises TypeError unless z is real numbers and
    beta one.
    Source: Ramachandran, Zoph, Le (2017), section 5.

    >>> swish_prime([-2.0, 0.0, 2.0], beta=3.0)
    array([-0.01232643,  0.5       ,  1.01232643])
    """
    return _swish_slope(z, *_swish_parts(z, beta))


def _swish_parts(z, beta=1.0):
    """Return beta, |z|, a = |βz|, what rounding took from a, h = exp(-a/2), and 1 + h²."""
    far = min(1500 / abs(beta), _MAX) if beta else _MAX  # there h is 0, and inf · 0 would be nan
    size = np.minimum(np.abs(z), far)
    a, rest = _product(abs(beta), size)
    h = np.exp(a / -2)
    if np.ndim(rest):
        h -= h * (rest / 2)
    return beta, size, a, rest, h, 1 + h * h


def _swish(z, beta, size, a, rest, h, d):
    if beta == 0:
        return z / 2
    tail = size * h * (h / d)  # |z| sigmoid(-a)
    return _gate(z, tail) if beta > 0 else -_gate(-z, tail)


_SILU_ROOT, _SILU_ROOT_REST = 1.2784645427610737, 1.0946994183093437e-16  # 1 + exp(-a) = a


def _swish_slope(z, beta, size, a, rest, h, d):
    # w = e n/(1 + e)² with n = 1 + e - a. Near the root r, n cancels; there subtract the 0 that
    # is 1 + exp(-r) - r: with x = r - a, two terms of the same sign are left.
    x = _SILU_ROOT - a + (_SILU_ROOT_REST - rest)
    near = x + (_SILU_ROOT - 1) * np.expm1(x)
    n = np.where(np.abs(x) < 0.5, near, d - a)
    return _gate_slope(z if beta > 0 else -z, h * (h * n / d**2))


swish_pair = sharing(_swish_parts, _swish, _swish_slope)


# --- GELU -------------------------------------------------------------------------------------


@kernel
def gelu(z):
    """Let z through with the probability that a standard normal number is below z.

    g(z) = z Φ(z) = z (1 + erf(z/√2)) / 2, of the shape of z. Falls to its minimum -0.169971 at
    z = -0.751792. Limits: 0 at -inf, inf at +inf.

    Error at most 5 ulp, down to the last subnormal value near z = -38.5, where 1 + erf has
    lost everything since z = -8.3. Raises TypeError unless z is real numbers.
    Source: Hendrycks, Gimpel, Gaussian error linear units (2016).

    >>> gelu([-2.0, 0.0, 2.0])
    array([-0.04550026,  0.        ,  1.95449974])
    """
    return _gelu(z, *_gelu_parts(z))


@kernel
def gelu_prime(z):
    """Return the slope of GELU at z.

    g′(z) = Φ(z) + z φ(z) with φ(z) = exp(-z²/2)/√(2π), of the shape of z: the product rule. Its
    root is z = -0.751792, its largest value 1.128904 at z = √2. Limits: 0 at -inf, 1 at +inf.

    Error at most 7 ulp, also next to the root. Raises TypeError unless z is real numbers.
    Source: Hendrycks, Gimpel (2016).

    >>> gelu_prime([-2.0, 0.0, 2.0])
    array([-0.0852318,  0.5      ,  1.0852318])
    """
    return _gelu_slope(z, *_gelu_parts(z))


def _gelu_parts(z):
    """Return a = |z|, h and k with h k = exp(-a²/2), and Φ(-a)/(h k)."""
    a = np.minimum(np.abs(z), 60.0)  # there h is 0
    square, rest = _product(a, a)
    h = np.exp(-square / 4)
    return a, h, h - h * (rest / 2), _scaled_tail(a)


def _gelu(z, a, h, k, scaled):
    return _gate(z, a * scaled * k * h)


_GELU_ROOT, _GELU_ROOT_REST = 0.7517915246935645, -1.4956759177009883e-17
_DENSITY_AT_0 = 0.3989422804014327  # φ(0) = 1/√(2π)


def _gelu_slope(z, a, h, k, scaled):
    # w = Φ(-a) - a φ(a). Near the root the difference cancels, and its Taylor series is used.
    d = a - _GELU_ROOT - _GELU_ROOT_REST
    near = d * _polynomial(_GELU_TAYLOR, d)
    difference = np.where(np.abs(d) < 0.25, near, scaled - _DENSITY_AT_0 * a)
    return _gate_slope(z, difference * k * h)


def _gelu_taylor(r, count):
    """Return c₀, c₁, … of (R(a) - a) φ(0) = (c₀ + c₁d + …) d for a = r + d, with R = Φ(-a)/φ(a).

    R(r) = r at the root r, and R′ = a R - 1 gives one coefficient after the other.
    """
    c = [r, r * r - 1]
    for n in range(1, count):
        c.append((r * c[n] + c[n - 1]) / (n + 1))
    return [_DENSITY_AT_0 * x for x in (c[1] - 1, *c[2:])]


_GELU_TAYLOR = _gelu_taylor(_GELU_ROOT, 16)


def _scaled_tail(a):
    """Return Φ(-a) exp(a²/2) for 0 ≤ a ≤ 60, to about 1 ulp, where Φ(-a) may be as small as 0.

    Times 1 + a it runs from 0.5 to 0.4, and is a polynomial of t = (a - 5)/(a + 5) to 17 digits:
    the one through 24 Chebyshev points, solved for in 60-digit arithmetic (the tests do it
    again). Source: Shepherd, Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc x
    (1981).
    """
    return _polynomial(_SCALED_TAIL, (a - 5) / (a + 5)) / (1 + a)


_SCALED_TAIL = (
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
def gelu_tanh(z):
    """Approximate GELU to 5e-4 by tanh: what many networks mean by GELU.

    g(z) = z (1 + tanh(√(2/π) (z + 0.044715 z³))) / 2, of the shape of z. Falls to its minimum
    -0.170041 at z = -0.752461. Limits: 0 at -inf, inf at +inf.

    Error at most 6.5 ulp, where 1 + tanh loses all digits from z = -5.5 on. Raises TypeError
    unless z is real numbers.
    Source: Hendrycks, Gimpel (2016).

    >>> gelu_tanh([-2.0, 0.0, 2.0])
    array([-0.04540231,  0.        ,  1.95459769])
    """
    return _gelu_tanh(z, *_gelu_tanh_parts(z))


@kernel
def gelu_tanh_prime(z):
    """Return the slope of GELU's tanh form at z.

    g′(z) = s + z v′(z) s (1 - s) with s = sigmoid(v(z)) and v(z) = 2√(2/π) (z + 0.044715 z³), of
    the shape of z. Its root is z = -0.752461, its largest value 1.128993 at z = 1.418504.
    Limits: 0 at -inf, 1 at +inf.

    Error at most 10 ulp, also next to the root. Raises TypeError unless z is real numbers.
    Source: Hendrycks, Gimpel (2016).

    >>> gelu_tanh_prime([-2.0, 0.0, 2.0])
    array([-0.08609926,  0.5       ,  1.08609926])
    """
    return _gelu_tanh_slope(z, *_gelu_tanh_parts(z))


_K, _K_REST = 1.5957691216057308, -9.96930880911092e-17  # 2√(2/π)
_C = 0.044715
_KC, _KC_REST = 0.07135481627260025, -6.175149918155315e-19  # 2√(2/π) · 0.044715


def _gelu_tanh_parts(z):
    """Return a = |z| and h with h² = exp(-v(a)); (1 + tanh(v/2))/2 is sigmoid(v)."""
    a = np.minimum(np.abs(z), 30.0)  # there h is 0
    # v = a (K + K·C·a²), and like every large exponent it is needed with what rounding takes
    square, square_rest = _product(a, a)
    cubic, cubic_rest = _product(_KC, square)
    factor = _K + cubic
    lifted = factor - _K
    factor_rest = (_K - (factor - lifted)) + (cubic - lifted)  # Knuth: exact
    factor_rest += cubic_rest + _KC * square_rest + _KC_REST * square + _K_REST
    v, v_rest = _product(a, factor)
    return a, np.exp(-v / 2) * (1 - (v_rest + a * factor_rest) / 2)


def _gelu_tanh(z, a, h):
    return _gate(z, a * h * (h / (1 + h * h)))


_GELU_TANH_ROOT, _GELU_TANH_ROOT_REST = 0.7524614220710163, -3.635560509207687e-17
_E_AT_ROOT = 0.29195521191476714  # exp(-v) there


def _gelu_tanh_slope(z, a, h):
    # w = e n/(1 + e)² with n = 1 + e - a v′(a). As for SiLU, subtract the 0 at the root r from it:
    # v(r) - v(a) = K d (1 + m) and r v′(r) - a v′(a) = K d (1 + 3m).
    r = _GELU_TANH_ROOT
    d = r - a + _GELU_TANH_ROOT_REST
    m = _C * (r * r + r * a + a * a)
    near = _K * d * (1 + 3 * m) + _E_AT_ROOT * np.expm1(_K * d * (1 + m))
    n = np.where(np.abs(d) < 0.25, near, 1 + h * h - a * (_K + 3 * _KC * a * a))
    return _gate_slope(z, h * (h * n / (1 + h * h) ** 2))


gelu_tanh_pair = sharing(_gelu_tanh_parts, _gelu_tanh, _gelu_tanh_slope)


# --- Mish -------------------------------------------------------------------------------------


@kernel
def mish(z):
    """Let z through a gate of tanh and softplus.

    g(z) = z tanh(ln(1 + exp(z))), of the shape of z. Falls to its minimum -0.308843 at
    z = -1.192431. Limits: 0 at -inf, inf at +inf.

    Error at most 5 ulp, also where the result is subnormal. Raises TypeError unless z is real
    numbers.
    Source: Misra, Mish: a self regularized non-monotonic activation function (2020).

    >>> mish([-2.0, 0.0, 2.0])
    array([-0.25250148,  0.        ,  1.94395896])
    """
    return _mish(z, *_mish_parts(z))


@kernel
def mish_prime(z):
    """Return the slope of Mish at z.

    g′(z) = T + z (1 - T²) sigmoid(z) with T = tanh(ln(1 + exp(z))), of the shape of z: product
    rule and chain rule. Its root is z = -1.192431, its largest value 1.088498 at z = 1.490571;
    g′(0) = 3/5. Limits: 0 at -inf, 1 at +inf.

    Error at most 7 ulp, also next to the root. Raises TypeError unless z is real numbers.
    Source: Misra (2020), section 2.

    >>> mish_prime([-2.0, 0.0, 2.0])
    array([-0.10835509,  0.6       ,  1.06931793])
    """
    return _mish_slope(z, *_mish_parts(z))


def _mish_parts(z):
    """Return y = z held in [-1500, 30], h and s with s = h² = exp(y), and (1 + s)² + 1."""
    y = np.clip(z, -1500.0, 30.0)  # beyond, g is 0 or z to the last digit
    h = np.exp(y / 2)
    s = h * h
    return y, h, s, s * (s + 2) + 2


def _mish(z, y, h, s, d):
    # tanh(ln(1 + s)) = ((1 + s)² - 1)/((1 + s)² + 1), which is s (s + 2)/d and 1 - 2/d
    return np.where(z <= 0, y * h * (h * (s + 2) / d), z - 2 * y / d)


# The root r of g′, exp(r), and the coefficients that exp(r) brings.
_MISH_ROOT, _MISH_ROOT_REST = -1.1924312145154952, -4.8484829848031044e-17
_MISH_TAYLOR = (1.194033938963939, 0.4522603229111282, 0.027951242009170138)


def _mish_slope(z, y, h, s, d):
    # g′ = s n/d² with n = 4 (z + 1) + s (4z + 6) + 4s² + s³. At the root r, n cancels; with
    # z = r + x and s = exp(r) (1 + E), E = expm1(x), n is 4x (1 + s) + c₁E + c₂E² + c₃E³: its
    # constant is 0, and no term cancels another. On the right the same is 1 + …/d².
    x = y - _MISH_ROOT - _MISH_ROOT_REST
    E = np.expm1(x)
    left = h * (h * (4 * x * (1 + s) + E * _polynomial(_MISH_TAYLOR, E)) / d**2)
    right = 1 + (s * (s * (4 * y - 2) + 4 * y - 4) - 4) / d**2
    return np.where(z < 0, left, right)


mish_pair = sharing(_mish_parts, _mish, _mish_slope)
