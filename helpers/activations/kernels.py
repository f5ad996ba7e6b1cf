"""The kernels g(z) and g′(z) of the four functions of the course, each as one readable formula.

What they promise and the symbols stand in `helpers.activations.contract`.
"""

from typing import Any

import numpy as np

from helpers.activations.arithmetic import (
    ONE,
    exp_minus_abs,
    holds,
    mirrored,
    negative_part,
    ones_where,
    positive_part,
    require_one_place,
)
from helpers.activations.contract import Floats, Lent, kernel

__all__ = [
    "leaky_relu",
    "leaky_relu_prime",
    "leaky_relu_slope_prime",
    "relu",
    "relu_prime",
    "sigmoid",
    "sigmoid_prime",
    "tanh",
    "tanh_prime",
]

# --- Sigmoid ----------------------------------------------------------------------------------


@kernel
def sigmoid(z: Floats) -> Floats:
    """Squash z into (0, 1): the logistic sigmoid.

    g(z) = 1 / (1 + exp(-z)). Limits: 0 at -inf, 1 at +inf; g(0) = 1/2. Below z = -745.13 the true
    value is nearer to 0 than any float64 and 0 is returned.

    Notes
    -----
    Error at most 3 ulp.

    References
    ----------
    Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.10.

    Examples
    --------
    >>> sigmoid([-2.0, 0.0, 2.0])
    array([0.11920292, 0.5       , 0.88079708])
    """
    s = _lower_half(z)
    return mirrored(z, s, ONE - s)


def _lower_half(z: Floats, times: float = 1.0, out: Floats | None = None) -> Floats:
    """Return s = sigmoid(-|times · z|) ≤ 1/2: sigmoid is s on the left and 1 - s on the right.

    exp(-z) overflows for z < -709. Multiplied through by e = exp(-|z|) ≤ 1, s is e/(1 + e), and
    nothing does.
    """
    e = exp_minus_abs(z, times, out)
    return np.divide(e, ONE + e, out=e)


@kernel
def sigmoid_prime(z: Floats) -> Floats:
    """Return the slope of the sigmoid at z.

    g′(z) = g(z) (1 - g(z)) = exp(-z) / (1 + exp(-z))². Even in z, largest at z = 0 with 1/4; falls
    like exp(-|z|) to the limit 0 at ±inf.

    Notes
    -----
    Error at most 5 ulp for every z, where g (1 - g) loses all digits from z = 37 on, because g is
    rounded to 1 there.

    References
    ----------
    Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.10.

    Examples
    --------
    >>> sigmoid_prime([-2.0, 0.0, 2.0])
    array([0.10499359, 0.25      , 0.10499359])
    >>> g = sigmoid(40.0)
    >>> print(f"{sigmoid_prime(40.0):.4e}, but g (1 - g) = {g * (1 - g)}")
    4.2484e-18, but g (1 - g) = 0.0
    """
    s = _lower_half(z)  # g′ is even, so -|z| may stand for z, and 1 - s loses nothing for s ≤ 1/2
    return s * (ONE - s)


def sigmoid_pair(z: Floats, out: Lent = (None, None)) -> tuple[Floats, Floats]:
    s = _lower_half(z, out=out[1])
    rest = ONE - s
    return mirrored(z, s, rest, out=out[0]), np.multiply(s, rest, out=s)


@kernel
def sigmoid_prime_from_value(g: Floats) -> Floats:
    """g′ = g (1 - g). Exact but for two roundings, yet g itself has lost the tail beyond z ≈ 37."""
    return g * (1 - g)


# --- tanh -------------------------------------------------------------------------------------


@kernel
def tanh(z: Floats) -> Floats:
    """Squash z into (-1, 1): the hyperbolic tangent.

    g(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z)) = 2 sigmoid(2z) - 1. Odd; limits -1 at -inf and
    1 at +inf. From |z| = 19.1 on the nearest float64 is ±1.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    LeCun, Bottou, Orr, Müller, Efficient BackProp (1998), section 4.4.

    Examples
    --------
    >>> tanh([-1.0, 0.0, 1.0])
    array([-0.76159416,  0.        ,  0.76159416])
    """
    return np.tanh(z)


@kernel
def tanh_prime(z: Floats) -> Floats:
    """Return the slope of tanh at z.

    g′(z) = 1 - tanh²(z) = 4 exp(-2|z|) / (1 + exp(-2|z|))². Even in z, largest at z = 0 with 1;
    falls like 4 exp(-2|z|) to the limit 0 at ±inf.

    Notes
    -----
    Error at most 5 ulp for every z, where 1 - tanh² loses all digits from |z| = 19.1 on.

    References
    ----------
    NIST Digital Library of Mathematical Functions, section 4.34.

    Examples
    --------
    >>> tanh_prime([-1.0, 0.0, 1.0])
    array([0.41997434, 1.        , 0.41997434])
    >>> print(f"{tanh_prime(20.0):.4e}, but 1 - tanh² = {1 - tanh(20.0) ** 2}")
    1.6993e-17, but 1 - tanh² = 0.0
    """
    s = _lower_half(z, times=2)  # tanh(z) = 2 sigmoid(2z) - 1, so tanh′(z) = 4 sigmoid′(2z)
    return 4 * s * (ONE - s)


def tanh_pair(z: Floats, out: Lent = (None, None)) -> tuple[Floats, Floats]:
    s = _lower_half(z, times=2, out=out[1])
    rest = ONE - s
    s *= 4
    return np.tanh(z, out=out[0]), np.multiply(s, rest, out=s)


@kernel
def tanh_prime_from_value(g: Floats) -> Floats:
    """g′ = 1 - g², as a product: 1 - g is exact near g = 1, where 1 - g² would cancel."""
    return (1 - g) * (1 + g)


# --- ReLU -------------------------------------------------------------------------------------


@kernel
def relu(z: Floats) -> Floats:
    """Cut off what is negative: the rectified linear unit.

    g(z) = max(z, 0). Limits: 0 at -inf, inf at +inf.

    Notes
    -----
    Exact.

    References
    ----------
    Fukushima, Visual feature extraction by a multilayered network of analog threshold elements
    (1969); named by Nair, Hinton, Rectified linear units improve restricted Boltzmann machines
    (2010).

    Examples
    --------
    >>> relu([-3.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return positive_part(z)


@kernel
def relu_prime(z: Floats) -> Floats:
    """Return the slope of ReLU at z, with the left value 0 at the kink.

    g′(z) = 0 for z < 0 and 1 for z > 0. At z = 0 there is no derivative: the slope is 0 on the
    left and 1 on the right, the subdifferential is the interval [0, 1]. The course takes the left
    value, relu_prime(0) = 0. Limits: 0 at -inf, 1 at +inf.

    Notes
    -----
    Exact.

    References
    ----------
    Glorot, Bordes, Bengio, Deep sparse rectifier neural networks (2011).

    Examples
    --------
    >>> relu_prime([-3.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return np.sign(np.maximum(z, 0.0))  # the sign of the positive part: 0 or 1, and nan for nan


def relu_pair(z: Floats, out: Lent = (None, None)) -> tuple[Floats, Floats]:
    g = positive_part(z, out[0])
    return g, np.sign(g, out=out[1])


@kernel
def relu_prime_from_value(g: Floats) -> Floats:
    """g′ = 1 where g > 0, else 0: the value is positive exactly where z is."""
    return np.sign(np.maximum(g, 0.0))


# --- Leaky ReLU and PReLU ---------------------------------------------------------------------


@kernel
def leaky_relu(z: Floats, negative_slope: Any = 0.01) -> Floats:
    """Keep z > 0 and shrink z < 0 by the factor negative_slope (a, α).

    g(z) = z for z > 0 and negative_slope · z for z ≤ 0. Right for every slope; max(a z, z) is the
    same function only for a ≤ 1. Limits: inf at +inf; at -inf the sign of the slope decides: -inf,
    inf, or 0 for the slope 0, which is ReLU.

    Notes
    -----
    Error at most 1 ulp.

    References
    ----------
    Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013).

    Examples
    --------
    >>> leaky_relu([-3.0, 0.0, 3.0])
    array([-0.03,  0.  ,  3.  ])
    >>> leaky_relu(3.0, negative_slope=2.0)  # max(2 z, z) would be 6
    np.float64(3.0)
    """
    return leaky_relu_pair(z, negative_slope)[0]


@kernel
def leaky_relu_prime(z: Floats, negative_slope: Any = 0.01) -> Floats:
    """Return the slope of Leaky ReLU at z, with the left value negative_slope at the kink.

    g′(z) = negative_slope for z < 0 and 1 for z > 0. At z = 0 there is no derivative (unless the
    slope is 1): the subdifferential is the interval [slope, 1] for a slope ≤ 1. For a slope > 1
    the function is not convex, and Clarke's generalised gradient [1, slope] takes its place. The
    course takes the left value, negative_slope. Limits: negative_slope at -inf, 1 at +inf.

    Notes
    -----
    Exact.

    References
    ----------
    Maas, Hannun, Ng (2013); Clarke, Optimization and Nonsmooth Analysis (1983).

    Examples
    --------
    >>> leaky_relu_prime([-3.0, 0.0, 3.0])
    array([0.01, 0.01, 1.  ])
    """
    return _leaky_relu_slope(z, negative_slope)


def _leaky_relu_slope(z: Floats, negative_slope: Any, out: Floats | None = None) -> Floats:
    right = ones_where(z > 0)
    slope = np.subtract(ONE, right, out=out)
    slope *= negative_slope  # one factor is 1, the other 0
    slope += right
    slope[np.isnan(z)] = np.nan
    return slope


def leaky_relu_pair(
    z: Floats, negative_slope: Any = 0.01, out: Lent = (None, None)
) -> tuple[Floats, Floats]:
    slope = _leaky_relu_slope(z, negative_slope, out[1])
    g = np.multiply(z, slope, out=out[0])
    if not holds(negative_slope != 0):  # 0 · (-inf) would be nan, its limit is 0
        np.copyto(g, 0.0, where=(z < 0) & (negative_slope == 0))
    return g, slope


@kernel
def leaky_relu_slope_prime(z: Floats, negative_slope: Any = 0.01) -> Floats:
    """Return the derivative of Leaky ReLU by its slope: what PReLU needs to learn the slope.

    ∂g/∂(negative_slope) = min(z, 0): z for z ≤ 0 and 0 for z > 0. It does not depend on
    negative_slope, which is taken so that all three functions are called alike. Limits: -inf at
    -inf, 0 at +inf. One slope shared by many units: sum ∂L/∂g · min(z, 0).

    Notes
    -----
    Exact.

    References
    ----------
    He, Zhang, Ren, Sun, Delving deep into rectifiers (2015).

    Examples
    --------
    >>> leaky_relu_slope_prime([-3.0, 0.0, 3.0])
    array([-3.,  0.,  0.])
    """
    return negative_part(z)


@kernel
def leaky_relu_prime_from_value(g: Floats, negative_slope: Any = 0.01) -> Floats:
    """g′ = 1 where g > 0, else the slope; for a slope < 0 every g > 0 has two places z."""
    require_one_place("negative_slope", negative_slope)
    return _leaky_relu_slope(g, negative_slope)
