"""The relatives of the four: ELU and SELU, softplus and softsign.

The promises are those of `helpers.activations.contract`. Where the textbook formula loses digits,
a line above the better one says why.
"""

from math import inf
from typing import Any

import numpy as np

from helpers.activations.arithmetic import (
    LARGEST,
    ONE,
    exp_minus_abs,
    holds,
    mirrored,
    negative_part,
    ones_where,
    product,
    require_one_place,
    scaled,
)
from helpers.activations.contract import Floats, Lent, kernel, sharing
from helpers.language import value_error

__all__ = [
    "elu",
    "elu_prime",
    "selu",
    "selu_prime",
    "softplus",
    "softplus_prime",
    "softsign",
    "softsign_prime",
]

# --- ELU and SELU -----------------------------------------------------------------------------


@kernel
def elu(z: Floats, alpha: Any = 1.0) -> Floats:
    """Keep z > 0 and let z < 0 run smoothly into -alpha (α): the exponential linear unit.

    g(z) = z for z > 0 and alpha (exp(z) - 1) for z ≤ 0. Limits: -alpha at -inf, inf at +inf.

    Notes
    -----
    Error at most 1 ulp for alpha = 1, else 2.

    References
    ----------
    Clevert, Unterthiner, Hochreiter, Fast and accurate deep network learning by exponential linear
    units (2016), arXiv:1511.07289.

    Examples
    --------
    >>> elu([-2.0, 0.0, 2.0])
    array([-0.86466472,  0.        ,  2.        ])
    >>> print(elu(-1e-20), "but exp(z) - 1 =", np.exp(-1e-20) - 1)
    -1e-20 but exp(z) - 1 = 0.0
    """
    return _left_exponential(z, negative_part(z), alpha, 1.0)


@kernel
def elu_prime(z: Floats, alpha: Any = 1.0) -> Floats:
    """Return the slope of ELU at z, with the left value alpha at z = 0.

    g′(z) = alpha exp(z) = g(z) + alpha for z ≤ 0 and 1 for z > 0. For alpha = 1 ELU is
    differentiable everywhere. For any other alpha it has a kink at z = 0: the slope is alpha on
    the left and 1 on the right, the subdifferential is [alpha, 1] for alpha < 1 (for alpha > 1,
    not convex, Clarke's generalised gradient is [1, alpha]), and the course takes the left value.
    Limits: 0 at -inf, 1 at +inf.

    Notes
    -----
    Error at most 1 ulp for alpha = 1, else 2.

    References
    ----------
    Clevert, Unterthiner, Hochreiter, as `elu` (2016).

    Examples
    --------
    >>> elu_prime([-2.0, 0.0, 2.0], alpha=0.5)
    array([0.06766764, 0.5       , 1.        ])
    """
    return _left_exponential_slope(z, negative_part(z), alpha, 1.0)


def elu_pair(z: Floats, alpha: Any = 1.0, out: Lent = (None, None)) -> tuple[Floats, Floats]:
    return _left_exponential_pair(z, alpha, 1.0, out)


# left · (exp(z) - 1) for z ≤ 0 and right · z for z > 0, from below = min(z, 0)


def _left_exponential(
    z: Floats, below: Floats, left: Any, right: Any, out: Floats | None = None
) -> Floats:
    g = scaled(left, np.expm1(below, out=out))  # exp - 1 without cancellation
    g += scaled(right, z.clip(-0.0, inf))  # x + (-0.0) is x, also where x is -0.0
    return g


def _left_exponential_slope(
    z: Floats, below: Floats, left: Any, right: Any, out: Floats | None = None
) -> Floats:
    slope = scaled(left, np.exp(below, out=out))
    if not holds(left == right):  # else it is right · exp(0) for z > 0 already
        step = ones_where(z > 0)
        slope *= ONE - step  # one factor is 1, the other 0
        slope += scaled(right, step)
    return slope


def _left_exponential_pair(z: Floats, left: Any, right: Any, out: Lent) -> tuple[Floats, Floats]:
    below = negative_part(z)
    return (
        _left_exponential(z, below, left, right, out[0]),
        _left_exponential_slope(z, below, left, right, out[1]),
    )


@kernel
def elu_prime_from_value(g: Floats, alpha: Any = 1.0) -> Floats:
    """g′ = 1 where g > 0, else g + α; for α < 0 every g > 0 has two places z."""
    require_one_place("alpha", alpha)
    return np.where(g > 0, 1.0, g + alpha)


# The α and λ for which independent inputs of mean 0 and variance 1 give outputs of the same.
_ALPHA, _LAMBDA = 1.6732632423543772, 1.0507009873554805


@kernel
def selu(z: Floats, alpha: Any = _ALPHA, scale: Any = _LAMBDA) -> Floats:
    """Scale ELU so that mean 0 and variance 1 reproduce themselves: the scaled ELU.

    g(z) = λ z for z > 0 and λ α (exp(z) - 1) for z ≤ 0, with λ (scale) and α (alpha) such that for
    z ~ N(0, 1), E g(z) = 0 and E g(z)² = 1. Limits: -λ α = -1.7581 at -inf, inf at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter, Self-normalizing neural networks (2017),
    arXiv:1706.02515.

    Examples
    --------
    >>> selu([-2.0, 0.0, 2.0])
    array([-1.52016647,  0.        ,  2.10140197])
    """
    return _left_exponential(z, negative_part(z), scale * alpha, scale)


@kernel
def selu_prime(z: Floats, alpha: Any = _ALPHA, scale: Any = _LAMBDA) -> Floats:
    """Return the slope of SELU at z, with the left value λ α = 1.7581 at the kink.

    g′(z) = λ α exp(z) for z ≤ 0 and λ = 1.0507 for z > 0. At z = 0 there is no derivative:
    Clarke's generalised gradient is the interval [λ, λ α], and the course takes the left value.
    Limits: 0 at -inf, λ at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter, as `selu` (2017).

    Examples
    --------
    >>> selu_prime([-2.0, 0.0, 2.0])
    array([0.23793287, 1.75809934, 1.05070099])
    """
    return _left_exponential_slope(z, negative_part(z), scale * alpha, scale)


def selu_pair(
    z: Floats, alpha: Any = _ALPHA, scale: Any = _LAMBDA, out: Lent = (None, None)
) -> tuple[Floats, Floats]:
    return _left_exponential_pair(z, scale * alpha, scale, out)


@kernel
def selu_prime_from_value(g: Floats, alpha: Any = _ALPHA, scale: Any = _LAMBDA) -> Floats:
    """g′ = λ where g > 0, else g + λα; for α < 0 or λ < 0, g does not tell the side."""
    if not (holds(alpha >= 0) and holds(scale >= 0)):
        told = "alpha and scale must be at least 0, got {alpha} and {scale}"
        raise value_error(told, alpha=alpha, scale=scale)
    return np.where(g > 0, scale, g + scale * alpha)


# --- Softplus and softsign --------------------------------------------------------------------


@kernel
def softplus(z: Floats, beta: Any = 1.0, threshold: Any = inf) -> Floats:
    """Round off the corner of ReLU; a larger beta (β) rounds less.

    g(z) = ln(1 + exp(beta z)) / beta. Limits: 0 at -inf, inf at +inf; g(0) = ln 2 / beta, which is
    the largest distance from ReLU. Where beta z > threshold, z itself is
    returned: what libraries do at 20, to compare with; as it is, nothing is cut short.

    Notes
    -----
    Error at most 2 ulp for beta = 1, else 3, and 1/beta more where the result is subnormal.
    beta = 0 is a ValueError.

    References
    ----------
    Dugas, Bengio, Bélisle, Nadeau, Garcia, Incorporating second-order functional knowledge for
    better option pricing (2001).

    Examples
    --------
    >>> softplus([-2.0, 0.0, 2.0])
    array([0.12692801, 0.69314718, 2.12692801])
    >>> print(softplus(-40.0), "but ln(1 + exp(z)) =", np.log(1 + np.exp(-40.0)))
    4.248354255291589e-18 but ln(1 + exp(z)) = 0.0
    """
    return _softplus(z, *_softplus_parts(z, beta, threshold))


@kernel
def softplus_prime(z: Floats, beta: Any = 1.0, threshold: Any = inf) -> Floats:
    """Return the slope of softplus at z: the sigmoid of beta z.

    g′(z) = sigmoid(beta z) = 1 - exp(-beta g(z)). Limits for beta > 0: 0 at -inf, 1 at +inf,
    neither of which is reached. Where beta z > threshold, 1 is returned.

    Notes
    -----
    Error at most 3 ulp. beta = 0 is a ValueError.

    References
    ----------
    Dugas, Bengio, Bélisle, Nadeau, Garcia (2001).

    Examples
    --------
    >>> softplus_prime([-2.0, 0.0, 2.0])
    array([0.11920292, 0.5       , 0.88079708])
    """
    return _softplus_slope(z, *_softplus_parts(z, beta, threshold))


def _softplus_parts(z: Floats, beta: Any = 1.0, threshold: Any = inf) -> tuple:
    """Return β, z or for β < 0 -z, e = exp(-|βz|), and where βz is above the threshold."""
    if not holds(beta != 0):
        raise value_error("beta must not be 0: softplus divides by it")
    y = z if holds(beta > 0) else np.sign(beta) * z
    a, rest = product(abs(beta), z)
    e = exp_minus_abs(a)  # |βz|
    if np.ndim(rest):
        e -= e * np.copysign(rest, rest * z)
    return beta, y, e, None if holds(threshold == inf) else beta * z > threshold


def _softplus(
    z: Floats, beta: Any, y: Floats, e: Floats, above: Any, out: Floats | None = None
) -> Floats:
    # exp(βz) overflows. For βz > 0, ln(1 + exp(βz)) = βz + ln(1 + e), else it is ln(1 + e).
    g = np.log1p(e, out=out)
    if not holds(beta == 1):
        g /= abs(beta)
    np.maximum(y + g, g, out=g)
    if y is not z:
        g *= np.sign(beta)
    if above is not None:
        np.copyto(g, z, where=above)
    return g


def _softplus_slope(
    z: Floats, beta: Any, y: Floats, e: Floats, above: Any, out: Floats | None = None
) -> Floats:
    s = np.divide(e, ONE + e, out=e)  # as in sigmoid
    slope = mirrored(y, s, ONE - s, out)
    if above is not None:
        slope[above] = 1.0
    return slope


softplus_pair = sharing(_softplus_parts, _softplus, _softplus_slope)


@kernel
def softplus_prime_from_value(g: Floats, beta: Any = 1.0, threshold: Any = inf) -> Floats:
    """g′ = 1 - exp(-βg), since 1 + exp(βz) = exp(βg); above the threshold g is z, and g′ = 1."""
    return np.where(beta * g > threshold, 1.0, -np.expm1(-beta * g))


@kernel
def softsign(z: Floats) -> Floats:
    """Squash z into (-1, 1) with slow tails.

    g(z) = z / (1 + |z|). Odd; limits -1 at -inf and 1 at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Elliott, A better activation function for artificial neural networks (1993); as softsign:
    Bergstra, Desjardins, Lamblin, Bengio, Quadratic polynomials learn better image features
    (2009).

    Examples
    --------
    >>> softsign([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """
    z = z.clip(-LARGEST, LARGEST)  # inf/inf would be nan; for LARGEST, g is 1 already
    return z / (1 + np.abs(z))


@kernel
def softsign_prime(z: Floats) -> Floats:
    """Return the slope of softsign at z.

    g′(z) = 1 / (1 + |z|)² = (1 - |g(z)|)², also at z = 0, where both sides have the slope 1. Even
    in z, largest at z = 0; falls like 1/z² to the limit 0 at ±inf.

    Notes
    -----
    Error at most 5 ulp.

    References
    ----------
    Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks
    (2010).

    Examples
    --------
    >>> softsign_prime([-1.0, 0.0, 3.0])
    array([0.25  , 1.    , 0.0625])
    """
    return (1 / (1 + np.abs(z))) ** 2  # (1 + |z|)² would overflow where g′ is still above 0


@kernel
def softsign_prime_from_value(g: Floats) -> Floats:
    """g′ = (1 - |g|)²."""
    return (1 - np.abs(g)) ** 2
