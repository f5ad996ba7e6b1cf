"""The relatives of the four: ELU and SELU, softplus and softsign.

The promises are those of `helpers.activations.contract`. Where the textbook formula loses digits,
a line above the better one says why.
"""

import numpy as np

from helpers.activations.arithmetic import LARGEST, product
from helpers.activations.contract import Floats, kernel, sharing

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
def elu(z: Floats, alpha: float = 1.0) -> Floats:
    """Keep z > 0 and let z < 0 run smoothly into -alpha (α): the exponential linear unit.

    g(z) = z for z > 0 and alpha (exp(z) - 1) for z ≤ 0. Limits: -alpha at -inf, inf at +inf.

    Notes
    -----
    Error at most 1 ulp for alpha = 1, else 2.

    References
    ----------
    Clevert, Unterthiner, Hochreiter, Fast and accurate deep network learning by exponential linear
    units (2016).

    Examples
    --------
    >>> elu([-2.0, 0.0, 2.0])
    array([-0.86466472,  0.        ,  2.        ])
    >>> print(elu(-1e-20), "but exp(z) - 1 =", np.exp(-1e-20) - 1)
    -1e-20 but exp(z) - 1 = 0.0
    """
    return np.where(z < 0, alpha * np.expm1(z), z)  # expm1(z) is exp(z) - 1 without cancellation


@kernel
def elu_prime(z: Floats, alpha: float = 1.0) -> Floats:
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
    Clevert, Unterthiner, Hochreiter (2016), equation 15.

    Examples
    --------
    >>> elu_prime([-2.0, 0.0, 2.0], alpha=0.5)
    array([0.06766764, 0.5       , 1.        ])
    """
    return np.where(z > 0, 1.0, alpha * np.exp(z))


@kernel
def elu_prime_from_value(g: Floats, alpha: float = 1.0) -> Floats:
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
def selu(z: Floats) -> Floats:
    """Scale ELU so that mean 0 and variance 1 reproduce themselves: the scaled ELU.

    g(z) = λ z for z > 0 and λ α (exp(z) - 1) for z ≤ 0, with λ = 1.0507009873554805 and α =
    1.6732632423543772: for z ~ N(0, 1), E g(z) = 0 and E g(z)² = 1. Limits: -λ α = -1.7581 at
    -inf, inf at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter, Self-normalizing neural networks (2017).

    Examples
    --------
    >>> selu([-2.0, 0.0, 2.0])
    array([-1.52016647,  0.        ,  2.10140197])
    """
    return np.where(z < 0, _SELU_LEFT * np.expm1(z), _SELU_LAMBDA * z)


@kernel
def selu_prime(z: Floats) -> Floats:
    """Return the slope of SELU at z, with the left value λ α = 1.7581 at the kink.

    g′(z) = λ α exp(z) for z ≤ 0 and λ = 1.0507 for z > 0. At z = 0 there is no derivative:
    Clarke's generalised gradient is the interval [λ, λ α], and the course takes the left value.
    Limits: 0 at -inf, λ at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter (2017), equation 2.

    Examples
    --------
    >>> selu_prime([-2.0, 0.0, 2.0])
    array([0.23793287, 1.75809934, 1.05070099])
    """
    return np.where(z > 0, _SELU_LAMBDA, _SELU_LEFT * np.exp(z))


@kernel
def selu_prime_from_value(g: Floats) -> Floats:
    """g′ = λ where g > 0, else g + λα."""
    return np.where(g > 0, _SELU_LAMBDA, g + _SELU_LEFT)


# --- Softplus and softsign --------------------------------------------------------------------


@kernel
def softplus(z: Floats, beta: float = 1.0) -> Floats:
    """Round off the corner of ReLU; a larger beta (β) rounds less.

    g(z) = ln(1 + exp(beta z)) / beta. Limits: 0 at -inf, inf at +inf; g(0) = ln 2 / beta, which is
    the largest distance from ReLU.

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
    return _softplus(z, *_softplus_parts(z, beta))


@kernel
def softplus_prime(z: Floats, beta: float = 1.0) -> Floats:
    """Return the slope of softplus at z: the sigmoid of beta z.

    g′(z) = sigmoid(beta z) = 1 - exp(-beta g(z)). Limits for beta > 0: 0 at -inf, 1 at +inf,
    neither of which is reached.

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
    return _softplus_slope(z, *_softplus_parts(z, beta))


def _softplus_parts(z: Floats, beta: float = 1.0) -> tuple[float, Floats]:
    """Return beta and e = exp(-|βz|)."""
    if beta == 0:
        raise ValueError("beta must not be 0: softplus divides by it")
    a, rest = product(abs(beta), np.abs(z))
    e = np.exp(-a)
    return beta, e - e * rest if np.ndim(rest) else e


def _softplus(z: Floats, beta: float, e: Floats) -> Floats:
    # exp(βz) overflows. For βz > 0, ln(1 + exp(βz)) = βz + ln(1 + e), else it is ln(1 + e).
    corner = np.maximum(z, 0.0) if beta > 0 else np.minimum(z, 0.0)
    return corner + np.log1p(e) / beta


def _softplus_slope(z: Floats, beta: float, e: Floats) -> Floats:
    return np.abs((z >= 0 if beta > 0 else z <= 0) - e / (1 + e))  # as in sigmoid


softplus_pair = sharing(_softplus_parts, _softplus, _softplus_slope)


@kernel
def softplus_prime_from_value(g: Floats, beta: float = 1.0) -> Floats:
    """g′ = 1 - exp(-βg), since 1 + exp(βz) = exp(βg)."""
    return -np.expm1(-beta * g)


@kernel
def softsign(z: Floats) -> Floats:
    """Squash z into (-1, 1) with slow tails.

    g(z) = z / (1 + |z|). Odd; limits -1 at -inf and 1 at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks
    (2010), section 2.

    Examples
    --------
    >>> softsign([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """
    z = np.clip(z, -LARGEST, LARGEST)  # inf/inf would be nan; for LARGEST, g is 1 already
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
    Glorot, Bengio (2010), section 2.

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
