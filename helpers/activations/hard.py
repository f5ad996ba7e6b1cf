"""The hard ones: straight pieces and parabolas, made for machines without an exponential.

ReLU6, hard tanh, hard sigmoid, hard Swish, the two shrinkages, thresholded ReLU, squared ReLU. The
promises are those of `helpers.activations.contract`; at a kink the slope has the left value. Where
g itself jumps it has a slope from one side alone, the side of which g(z) is the limit; that one is
returned, though no slope tells of the jump.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations.contract import Floats, kernel

__all__ = [
    "hardshrink",
    "hardshrink_prime",
    "hardsigmoid",
    "hardsigmoid_prime",
    "hardswish",
    "hardswish_prime",
    "hardtanh",
    "hardtanh_prime",
    "relu6",
    "relu6_prime",
    "relu_squared",
    "relu_squared_prime",
    "softshrink",
    "softshrink_prime",
    "thresholded_relu",
    "thresholded_relu_prime",
]


def _or_nan(z: Floats, slope: npt.NDArray[Any]) -> Floats:
    return np.where(np.isnan(z), z, slope)  # comparisons with nan are false, not nan


@kernel
def relu6(z: Floats) -> Floats:
    """Cut off what is negative or above 6.

    g(z) = min(max(z, 0), 6). Limits: 0 at -inf, 6 at +inf. Few bits hold it: 3 before the point.

    Notes
    -----
    Exact.

    References
    ----------
    Krizhevsky, Convolutional deep belief networks on CIFAR-10 (2010).

    Examples
    --------
    >>> relu6([-3.0, 3.0, 9.0])
    array([0., 3., 6.])
    """
    return np.minimum(np.where(z < 0, 0.0, z), 6.0)


@kernel
def relu6_prime(z: Floats) -> Floats:
    """Return the slope of ReLU6 at z, with the left values 0 at z = 0 and 1 at z = 6.

    g′(z) = 1 for 0 < z < 6, else 0. Limits: 0 at ±inf.

    Notes
    -----
    Exact.

    References
    ----------
    Krizhevsky (2010).

    Examples
    --------
    >>> relu6_prime([-3.0, 0.0, 3.0, 6.0, 9.0])
    array([0., 0., 1., 1., 0.])
    """
    return _or_nan(z, (z > 0) & (z <= 6))


@kernel
def hardtanh(z: Floats) -> Floats:
    """Cut off what lies beyond -1 and 1: tanh from straight pieces.

    g(z) = min(max(z, -1), 1). Odd; limits -1 at -inf, 1 at +inf.

    Notes
    -----
    Exact.

    References
    ----------
    Collobert, Large scale machine learning (2004).

    Examples
    --------
    >>> hardtanh([-3.0, 0.5, 3.0])
    array([-1. ,  0.5,  1. ])
    """
    return np.clip(z, -1.0, 1.0)


@kernel
def hardtanh_prime(z: Floats) -> Floats:
    """Return the slope of hard tanh at z, with the left values 0 at z = -1 and 1 at z = 1.

    g′(z) = 1 for -1 < z < 1, else 0: what the straight-through estimator lets through. Limits: 0 at
    ±inf.

    Notes
    -----
    Exact.

    References
    ----------
    Collobert (2004).

    Examples
    --------
    >>> hardtanh_prime([-3.0, -1.0, 0.0, 1.0, 3.0])
    array([0., 0., 1., 1., 0.])
    """
    return _or_nan(z, (z > -1) & (z <= 1))


@kernel
def hardsigmoid(z: Floats) -> Floats:
    """Climb from 0 at z = -3 to 1 at z = 3 on a straight line.

    g(z) = min(max((z + 3)/6, 0), 1). Limits: 0 at -inf, 1 at +inf; g(0) = 1/2. ONNX has the
    slope 1/5 by default, BinaryConnect 1/2.

    Notes
    -----
    Error at most 1 ulp: z + 3 is exact near its root, where z/6 + 1/2 loses digits.

    References
    ----------
    Courbariaux, Bengio, David, BinaryConnect (2015); Howard et al., Searching for MobileNetV3
    (2019).

    Examples
    --------
    >>> hardsigmoid([-4.0, 0.0, 1.5, 4.0])
    array([0.  , 0.5 , 0.75, 1.  ])
    """
    return np.clip((z + 3) / 6, 0.0, 1.0)


@kernel
def hardsigmoid_prime(z: Floats) -> Floats:
    """Return the slope of the hard sigmoid at z, with the left values at z = ±3.

    g′(z) = 1/6 for -3 < z < 3, else 0. Limits: 0 at ±inf.

    Notes
    -----
    Error at most 1 ulp.

    References
    ----------
    Howard et al. (2019).

    Examples
    --------
    >>> hardsigmoid_prime([-3.0, 0.0, 3.0]).round(4)
    array([0.    , 0.1667, 0.1667])
    """
    return _or_nan(z, ((z > -3) & (z <= 3)) / 6)


@kernel
def hardswish(z: Floats) -> Floats:
    """Let z through a gate from straight pieces: z times the hard sigmoid.

    g(z) = z (z + 3)/6 for -3 < z < 3, 0 on the left and z on the right. Lowest at z = -3/2 with
    -3/8. Limits: 0 at -inf, inf at +inf.

    Notes
    -----
    Error at most 2 ulp.

    References
    ----------
    Howard et al., Searching for MobileNetV3 (2019).

    Examples
    --------
    >>> hardswish([-4.0, -1.5, 0.0, 4.0])
    array([ 0.   , -0.375,  0.   ,  4.   ])
    """
    return np.where(z >= 3, z, np.where(z <= -3, 0.0, z * ((z + 3) / 6)))


@kernel
def hardswish_prime(z: Floats) -> Floats:
    """Return the slope of hard Swish at z, with the left values 0 at z = -3 and 3/2 at z = 3.

    g′(z) = (2z + 3)/6 for -3 < z < 3, 0 on the left and 1 on the right. Its root is z = -3/2.
    Limits: 0 at -inf, 1 at +inf.

    Notes
    -----
    Error at most 1 ulp, also next to the root.

    References
    ----------
    Howard et al. (2019).

    Examples
    --------
    >>> hardswish_prime([-3.0, -1.5, 0.0, 3.0, 4.0])
    array([0. , 0. , 0.5, 1.5, 1. ])
    """
    return np.where(z > 3, 1.0, np.where(z <= -3, 0.0, (z + 1.5) / 3))


@kernel
def softshrink(z: Floats) -> Floats:
    """Move z towards 0 by 1/2, and no further than 0.

    g(z) = z - 1/2 for z > 1/2, z + 1/2 for z < -1/2, else 0: what a step with an L1 penalty does to
    a weight. Odd; limits -inf at -inf, inf at +inf.

    Notes
    -----
    Error at most 1 ulp.

    References
    ----------
    Donoho, De-noising by soft-thresholding (1995).

    Examples
    --------
    >>> softshrink([-3.0, 0.25, 3.0])
    array([-2.5,  0. ,  2.5])
    """
    return np.where(np.abs(z) <= 0.5, 0.0 * z, z - np.copysign(0.5, z))


@kernel
def softshrink_prime(z: Floats) -> Floats:
    """Return the slope of soft shrinkage at z, with the left values 1 at z = -1/2 and 0 at 1/2.

    g′(z) = 1 for |z| > 1/2, else 0. Limits: 1 at ±inf.

    Notes
    -----
    Exact.

    References
    ----------
    Donoho (1995).

    Examples
    --------
    >>> softshrink_prime([-3.0, -0.5, 0.0, 0.5, 3.0])
    array([1., 1., 0., 0., 1.])
    """
    return _or_nan(z, (z > 0.5) | (z <= -0.5))


@kernel
def hardshrink(z: Floats) -> Floats:
    """Set to 0 what is small, keep what is not.

    g(z) = z for |z| > 1/2, else 0, with a jump of 1/2 at z = ±1/2. Odd; limits -inf at -inf, inf at
    +inf. With another threshold λ it is 2λ g(z/(2λ)).

    Notes
    -----
    Exact.

    References
    ----------
    Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage (1994): hard thresholding.

    Examples
    --------
    >>> hardshrink([-3.0, 0.5, 0.75, 3.0])
    array([-3.  ,  0.  ,  0.75,  3.  ])
    """
    return np.where(np.abs(z) <= 0.5, 0.0 * z, z)


@kernel
def hardshrink_prime(z: Floats) -> Floats:
    """Return the slope of hard shrinkage at z: 0 also at z = ±1/2, from the side of the middle.

    g′(z) = 1 for |z| > 1/2, else 0. At the jumps the difference quotient from outside grows beyond
    all bounds, the one from inside is 0. Limits: 1 at ±inf.

    Notes
    -----
    Exact.

    References
    ----------
    Donoho, Johnstone (1994).

    Examples
    --------
    >>> hardshrink_prime([-3.0, -0.5, 0.0, 0.5, 3.0])
    array([1., 0., 0., 0., 1.])
    """
    return _or_nan(z, np.abs(z) > 0.5)


@kernel
def thresholded_relu(z: Floats) -> Floats:
    """Let through what is above 1, as it is, and nothing else.

    g(z) = z for z > 1, else 0, with a jump of 1 at z = 1. Limits: 0 at -inf, inf at +inf. With
    another threshold θ > 0 it is θ g(z/θ).

    Notes
    -----
    Exact.

    References
    ----------
    Konda, Memisevic, Krueger, Zero-bias autoencoders and the benefits of co-adapting features
    (2014), arXiv:1402.3337.

    Examples
    --------
    >>> thresholded_relu([-3.0, 0.5, 1.0, 3.0])
    array([0., 0., 0., 3.])
    """
    return np.where((z <= 1) & (z != 0), 0.0, z)  # ±0 and nan as they are


@kernel
def thresholded_relu_prime(z: Floats) -> Floats:
    """Return the slope of thresholded ReLU at z: 0 also at z = 1, from the left.

    g′(z) = 1 for z > 1, else 0. Limits: 0 at -inf, 1 at +inf.

    Notes
    -----
    Exact.

    References
    ----------
    Konda, Memisevic, Krueger (2014).

    Examples
    --------
    >>> thresholded_relu_prime([-3.0, 0.0, 1.0, 3.0])
    array([0., 0., 0., 1.])
    """
    return _or_nan(z, z > 1)


@kernel
def relu_squared(z: Floats) -> Floats:
    """Square what is positive, cut off what is negative.

    g(z) = max(z, 0)². Limits: 0 at -inf, inf at +inf. No kink, but a slope without a bound.

    Notes
    -----
    Error at most 1 ulp.

    References
    ----------
    So, Mańke, Liu, Dai, Shazeer, Le, Primer: searching for efficient transformers for language
    modeling (2021), arXiv:2109.08668.

    Examples
    --------
    >>> relu_squared([-3.0, 0.5, 3.0])
    array([0.  , 0.25, 9.  ])
    """
    return np.where(z > 0, z * z, np.where(z < 0, 0.0, z))  # ±0 and nan as they are


@kernel
def relu_squared_prime(z: Floats) -> Floats:
    """Return the slope of squared ReLU at z.

    g′(z) = 2 max(z, 0), also at z = 0, where both sides have the slope 0. Limits: 0 at -inf, inf at
    +inf.

    Notes
    -----
    Exact.

    References
    ----------
    So, Mańke, Liu, Dai, Shazeer, Le (2021).

    Examples
    --------
    >>> relu_squared_prime([-3.0, 0.5, 3.0])
    array([0., 1., 6.])
    """
    return 2 * np.where(z < 0, 0.0, z)
