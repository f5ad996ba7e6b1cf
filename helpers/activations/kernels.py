"""The kernels g(z) and g′(z) of the four functions of the course, each as one readable formula.

Every kernel is written as one readable formula on an array of float64 numbers. The decorator
`kernel` around it does what would hide the formula: it takes any array-like, walks it in blocks
that fit the cache, keeps the dtype, silences floating-point flags and returns a scalar for a
scalar. So every kernel `f(z, …)` keeps the same promises:

- z may be a scalar or an array-like of any shape; it is never changed. float16, float32 and
  float64 keep their dtype, integers and bools become float64. The arithmetic is float64 and is
  rounded once, so float16 and float32 results are correctly rounded but for rare ties.
- The result is a plain array of the same shape (also for a `np.matrix`), a NumPy scalar for a
  scalar or 0-d z. Masked arrays are refused, because their mask would be lost.
- z = ±inf gives the exact limit, z = nan gives nan, a zero keeps its sign. No warning is given.
- TypeError for anything that is not real numbers, and for a parameter that is not one number;
  ValueError for rows of unequal length, and for a parameter that is too large for a float.

Symbols: z is the pre-activation, g the activation value, g′ = dg/dz, a = |z|, e = exp(-a).

An error of 1 ulp is one unit in the last place of the true result. The errors that are promised
were measured against 60-digit arithmetic, from subnormal to huge z, and are a little above the
largest that was found.
"""

import functools
import inspect
from numbers import Real

import numpy as np

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

# --- What every kernel shares -----------------------------------------------------------------

# Numbers at a time: temporaries of 128 KB stay in the cache, and from 256 KB on the allocator may
# hand each one back to the system and fetch it anew, which costs more than the mathematics.
BLOCK = 1 << 14


def kernel(body):
    """Turn a formula on a float64 block into a function that keeps the module's promises."""

    @functools.wraps(body)
    def checked(*args, **named):
        z, params = arguments(body, args, named)

        def write(block, out):
            out[0][...] = body(block, *params)

        (result,) = fill(empty_like(z, 1), write, z)
        return result[()]  # [()] turns 0-d into a scalar and leaves other arrays alone

    return checked


def fill(out, write, z, blocks=1):
    """Call write(part of z, parts of out) for so many float64 blocks at a time; return out."""
    with (
        np.errstate(all="ignore"),
        np.nditer(  # walks arrays of any layout and casts block by block, in a buffer
            [z, *out],
            flags=["external_loop", "buffered", "zerosize_ok"],
            op_flags=[["readonly"], *[["writeonly"]] * len(out)],
            op_dtypes=[np.float64] * (1 + len(out)),
            casting="unsafe",
            buffersize=blocks * BLOCK,
        ) as walk,
    ):
        for part, *parts in walk:
            write(part, parts)
    return out


@functools.cache
def _signature(function):
    """Return the signature of a function, and whether z alone is enough to call it."""
    signature = inspect.signature(function)
    return signature, list(signature.parameters) == ["z"]


def arguments(function, args, named):
    """Match a call to `function(z, parameter, …)`; return z as an array, parameters as floats."""
    signature, z_alone = _signature(function)
    if z_alone and len(args) == 1 and not named:  # the usual call, made short
        return _real_array("z", args[0]), []
    try:
        bound = signature.bind(*args, **named)
    except TypeError as error:
        raise TypeError(f"{function.__name__}{signature}: {error}") from None
    bound.apply_defaults()
    (name, z), *parameters = bound.arguments.items()
    return _real_array(name, z), [_real_number(name, value) for name, value in parameters]


def _real_array(name, z):
    if isinstance(z, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must not be a masked array, its mask would be lost: "
            f"pass {name}.filled(np.nan) or {name}.data"
        )
    try:
        array = np.asarray(z)
    except ValueError:
        raise ValueError(
            f"{name} must have rows of equal length, got {type(z).__name__} with unequal ones"
        ) from None
    if array.dtype.kind not in "biu" and array.dtype.type not in (
        np.float16,
        np.float32,
        np.float64,
    ):
        raise TypeError(
            f"{name} must be real numbers (bool, integer up to 64 bits, float16, float32 or "
            f"float64), got {type(z).__name__} with dtype {array.dtype.name}"
        )
    return array


def _real_number(name, value):
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be one real number, got {type(value).__name__}: {value!r}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError(
            f"{name} must fit in a float, got {type(value).__name__} beyond ±1.8e308"
        ) from None


def in_place(pair):
    """Mark a pair with hardly a temporary: it is quickest with four blocks at a time."""
    pair.blocks = 4
    return pair


def sharing(parts, value, slope):
    """Return pair(z, parameter, out), which writes g and g′ from the same parts."""

    def pair(z, *parameter_and_out):
        *parameter, out = parameter_and_out
        shared = parts(z, *parameter)
        out[0][...] = value(z, *shared)
        out[1][...] = slope(z, *shared)

    return pair


def result_dtype(z):
    return np.dtype(z.dtype.type if z.dtype.kind == "f" else np.float64)


def empty_like(z, count):
    return [np.empty_like(z, dtype=result_dtype(z)) for _ in range(count)]


# --- Sigmoid ----------------------------------------------------------------------------------


@kernel
def sigmoid(z):
    """Squash z into (0, 1): the logistic sigmoid.

    g(z) = 1 / (1 + exp(-z)), of the shape of z. Limits: 0 at -inf, 1 at +inf; g(0) = 1/2.
    Below z = -745.13 the true value is nearer to 0 than any float64 and 0 is returned.

    Error at most 3 ulp. Raises TypeError unless z is real numbers.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.10.

    >>> sigmoid([-2.0, 0.0, 2.0])
    array([0.11920292, 0.5       , 0.88079708])
    """
    return np.abs((z >= 0) - _lower_half(z))  # |0 - s| or |1 - s|


def _lower_half(z, out=(None, None)):
    """Return s = sigmoid(-|z|) ≤ 1/2; the sigmoid is s on the left and 1 - s on the right.

    exp(-z) overflows for z < -709. Multiplied through by e = exp(-|z|) ≤ 1, s is e/(1 + e), and
    nothing does. A pair lends its two arrays `out` for 1 + e and s, as new ones cost time.
    """
    e = np.abs(z, out=out[1])
    np.exp(np.negative(e, out=e), out=e)
    return np.divide(e, np.add(e, 1, out=out[0]), out=e)


@kernel
def sigmoid_prime(z):
    """Return the slope of the sigmoid at z.

    g′(z) = g(z) (1 - g(z)) = exp(-z) / (1 + exp(-z))², of the shape of z. Even in z, largest at
    z = 0 with 1/4; falls like exp(-|z|) to the limit 0 at ±inf.

    Error at most 5 ulp for every z, where g (1 - g) loses all digits from z = 37 on, because
    g is rounded to 1 there. Raises TypeError unless z is real numbers.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.10.

    >>> sigmoid_prime([-2.0, 0.0, 2.0])
    array([0.10499359, 0.25      , 0.10499359])
    >>> g = sigmoid(40.0)
    >>> print(f"{sigmoid_prime(40.0):.4e}, but g (1 - g) = {g * (1 - g)}")
    4.2484e-18, but g (1 - g) = 0.0
    """
    s = _lower_half(z)  # g′ is even, so -|z| may stand for z, and 1 - s loses nothing for s ≤ 1/2
    return s * (1 - s)


@in_place
def sigmoid_pair(z, out):
    g, g_prime = out
    s = _lower_half(z, out)
    np.abs(np.subtract(z >= 0, s, out=g), out=g)
    np.multiply(s, 1 - s, out=g_prime)


@kernel
def sigmoid_prime_from_value(g):
    """g′ = g (1 - g). Exact but for two roundings, yet g itself has lost the tail beyond z ≈ 37."""
    return g * (1 - g)


# --- tanh -------------------------------------------------------------------------------------


@kernel
def tanh(z):
    """Squash z into (-1, 1): the hyperbolic tangent.

    g(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z)) = 2 sigmoid(2z) - 1, of the shape of z. Odd;
    limits -1 at -inf and 1 at +inf. From |z| = 19.1 on the nearest float64 is ±1.

    Error at most 2 ulp. Raises TypeError unless z is real numbers.
    Source: LeCun, Bottou, Orr, Müller, Efficient BackProp (1998), section 4.4.

    >>> tanh([-1.0, 0.0, 1.0])
    array([-0.76159416,  0.        ,  0.76159416])
    """
    return np.tanh(z)


@kernel
def tanh_prime(z):
    """Return the slope of tanh at z.

    g′(z) = 1 - tanh²(z) = 4 exp(-2|z|) / (1 + exp(-2|z|))², of the shape of z. Even in z,
    largest at z = 0 with 1; falls like 4 exp(-2|z|) to the limit 0 at ±inf.

    Error at most 5 ulp for every z, where 1 - tanh² loses all digits from |z| = 19.1 on.
    Raises TypeError unless z is real numbers.
    Source: NIST Digital Library of Mathematical Functions, 4.34.10.

    >>> tanh_prime([-1.0, 0.0, 1.0])
    array([0.41997434, 1.        , 0.41997434])
    >>> print(f"{tanh_prime(20.0):.4e}, but 1 - tanh² = {1 - tanh(20.0) ** 2}")
    1.6993e-17, but 1 - tanh² = 0.0
    """
    s = _lower_half(2 * z)  # tanh(z) = 2 sigmoid(2z) - 1, so tanh′(z) = 4 sigmoid′(2z)
    return 4 * s * (1 - s)


@in_place
def tanh_pair(z, out):
    g, g_prime = out
    s = _lower_half(2 * z, out)
    np.multiply(4 * s, 1 - s, out=g_prime)
    np.tanh(z, out=g)


@kernel
def tanh_prime_from_value(g):
    """g′ = 1 - g², as a product: 1 - g is exact near g = 1, where 1 - g² would cancel."""
    return (1 - g) * (1 + g)


# --- ReLU -------------------------------------------------------------------------------------


@kernel
def relu(z):
    """Cut off what is negative: the rectified linear unit.

    g(z) = max(z, 0), of the shape of z. Limits: 0 at -inf, inf at +inf.

    Exact. Raises TypeError unless z is real numbers.
    Source: Nair, Hinton, Rectified linear units improve restricted Boltzmann machines (2010).

    >>> relu([-3.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.where(z < 0, 0.0, z)  # nan < 0 is false: nan stays nan, and -0.0 stays -0.0


@kernel
def relu_prime(z):
    """Return the slope of ReLU at z, with the left value 0 at the kink.

    g′(z) = 0 for z < 0 and 1 for z > 0, of the shape of z. At z = 0 there is no derivative: the
    slope is 0 on the left and 1 on the right, the subdifferential is the interval [0, 1].
    The course takes the left value, relu_prime(0) = 0. Limits: 0 at -inf, 1 at +inf.

    Exact. Raises TypeError unless z is real numbers.
    Source: Glorot, Bordes, Bengio, Deep sparse rectifier neural networks (2011).

    >>> relu_prime([-3.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return np.sign(np.maximum(z, 0.0))  # the sign of the positive part: 0 or 1, and nan for nan


@kernel
def relu_prime_from_value(g):
    """g′ = 1 where g > 0, else 0: the value is positive exactly where z is."""
    return np.sign(np.maximum(g, 0.0))


# --- Leaky ReLU and PReLU ---------------------------------------------------------------------


@kernel
def leaky_relu(z, negative_slope=0.01):
    """Keep z > 0 and shrink z < 0 by the factor negative_slope (a, α).

    g(z) = z for z > 0 and negative_slope · z for z ≤ 0, of the shape of z. Right for every
    slope; max(a z, z) is the same function only for a ≤ 1. Limits: inf at +inf; at -inf the
    sign of the slope decides: -inf, inf, or 0 for the slope 0, which is ReLU.

    Error at most 1 ulp. Raises TypeError unless z is real numbers and negative_slope one.
    Source: Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models
    (2013).

    >>> leaky_relu([-3.0, 0.0, 3.0])
    array([-0.03,  0.  ,  3.  ])
    >>> leaky_relu(3.0, negative_slope=2.0)  # max(2 z, z) would be 6
    np.float64(3.0)
    """
    left = negative_slope * z if negative_slope else 0.0  # 0 · (-inf) would be nan, its limit is 0
    return np.where(z < 0, left, z)


@kernel
def leaky_relu_prime(z, negative_slope=0.01):
    """Return the slope of Leaky ReLU at z, with the left value negative_slope at the kink.

    g′(z) = negative_slope for z < 0 and 1 for z > 0, of the shape of z. At z = 0 there is no
    derivative (unless the slope is 1): the subdifferential is the interval [slope, 1] for a
    slope ≤ 1. For a slope > 1 the function is not convex, and Clarke's generalised gradient
    [1, slope] takes its place. The course takes the left value, negative_slope.
    Limits: negative_slope at -inf, 1 at +inf.

    Exact. Raises TypeError unless z is real numbers and negative_slope one.
    Source: Maas, Hannun, Ng (2013); Clarke, Optimization and Nonsmooth Analysis (1983).

    >>> leaky_relu_prime([-3.0, 0.0, 3.0])
    array([0.01, 0.01, 1.  ])
    """
    return np.where(z <= 0, negative_slope, np.sign(z))  # for z > 0 the sign is 1, for nan nan


@kernel
def leaky_relu_slope_prime(z, negative_slope=0.01):
    """Return the derivative of Leaky ReLU by its slope: what PReLU needs to learn the slope.

    ∂g/∂(negative_slope) = min(z, 0), of the shape of z: z for z ≤ 0 and 0 for z > 0. It does
    not depend on negative_slope, which is taken so that all three functions are called alike.
    Limits: -inf at -inf, 0 at +inf. One slope shared by many units: sum ∂L/∂g · min(z, 0).

    Exact. Raises TypeError unless z is real numbers and negative_slope one.
    Source: He, Zhang, Ren, Sun, Delving deep into rectifiers (2015), equation 9.

    >>> leaky_relu_slope_prime([-3.0, 0.0, 3.0])
    array([-3.,  0.,  0.])
    """
    return np.where(z > 0, 0.0, z)


@kernel
def leaky_relu_prime_from_value(g, negative_slope=0.01):
    """g′ = 1 where g > 0, else the slope; for a slope < 0 every g > 0 has two places z."""
    if negative_slope < 0:
        raise ValueError(
            f"negative_slope must be at least 0, got {negative_slope}: "
            "below 0 the value g does not tell on which side of the kink z lies"
        )
    return np.where(g <= 0, negative_slope, np.sign(g))
