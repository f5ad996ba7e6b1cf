"""The activations in ball arithmetic: each result with a radius that the truth cannot leave.

A second oracle beside `tools.oracle`, with another library (Arb, by python-flint): what it says of
rounding is certified, and a hundred times as fast.
"""

import numpy as np
from flint import arb, ctx

ALPHA, LAMBDA = arb(1.6732632423543772), arb(1.0507009873554805)
SLOPE = arb(0.01)


def _sigmoid(z):
    return 1 / (1 + (-z).exp())


def _gated(gate, density):
    """Return z G(z) and G(z) + z G′(z)."""
    return lambda z: z * gate(z), lambda z: gate(z) + z * density(z)


def _cdf(z):
    return (-z / arb(2).sqrt()).erfc() / 2


def _density(z):
    return (-z * z / 2).exp() / (2 * arb.pi()).sqrt()


def _inner(z):
    return 2 * (2 / arb.pi()).sqrt() * (z + arb("0.044715") * z**3)


def _tanh_form(z):
    k = 2 * (2 / arb.pi()).sqrt() * (1 + 3 * arb("0.044715") * z**2)
    return k * _sigmoid(_inner(z)) * _sigmoid(-_inner(z))


def _mish_gate(z):
    s = z.exp()
    return s * (s + 2) / (s * (s + 2) + 2)


def _mish_density(z):
    s = z.exp()
    return 4 * s * (1 + s) / (s * (s + 2) + 2) ** 2


# name -> g and g′ from the textbook
BALLS = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
    "tanh": (lambda z: z.tanh(), lambda z: z.sech() ** 2),
    "relu": (lambda z: z if z > 0 else arb(0), lambda z: arb(int(z > 0))),
    "leaky_relu": (lambda z: z if z > 0 else SLOPE * z, lambda z: arb(1) if z > 0 else SLOPE),
    "elu": (lambda z: z if z > 0 else z.expm1(), lambda z: arb(1) if z > 0 else z.exp()),
    "selu": (
        lambda z: LAMBDA * (z if z > 0 else ALPHA * z.expm1()),
        lambda z: LAMBDA if z > 0 else LAMBDA * ALPHA * z.exp(),
    ),
    "softplus": (lambda z: z.exp().log1p(), _sigmoid),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    "silu": _gated(_sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
    "gelu": _gated(_cdf, _density),
    "gelu_tanh": _gated(lambda z: _sigmoid(_inner(z)), _tanh_form),
    "mish": _gated(_mish_gate, _mish_density),
}


def ball(f, z):
    """Return f(z) to 80 bits or more; 0 where it is so small that every float is.

    Precision grows until the radius is small, so cancellation does no harm.
    """
    bits = 100
    while True:
        with ctx.workprec(bits):
            result = f(arb(float(z)))
        if result.rel_accuracy_bits() >= 80 or result.is_exact():
            return result
        if abs(result) < arb(2) ** -1100:
            return arb(0)
        bits *= 2


def rounded(f, z, dtype):
    """Return f at every z, correctly rounded to a dtype: to nearest, ties to even."""
    with np.errstate(over="ignore", invalid="ignore"):
        wide = np.array([float(ball(f, x)) for x in z])
        result = wide.astype(dtype)
        away = np.where(wide > result, np.inf, -np.inf).astype(dtype)
        other = np.nextafter(result, away).astype(np.float64)
        # rounded twice, and wrong perhaps, only where the first rounding ends half-way
        halfway = (wide != result) & (wide - result.astype(np.float64) == other - wide)
    for i in np.flatnonzero(halfway):
        exact, middle = ball(f, z[i]), arb(float(wide[i]))
        if exact > middle:
            result[i] = max(result[i], other[i])
        elif exact < middle:
            result[i] = min(result[i], other[i])
    return result


# both functions of these rise or fall from 0 to either side
MONOTONE = "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign"


def certified_share(kernel, f, ulp):
    """Return the share of all finite float64 for which an error of at most `ulp` is certified.

    From a to b = 2a, f rises or falls, so the truth lies between f(a) and f(b) all the way, and
    where the computed numbers are monotone they lie between kernel(a) and kernel(b): then the
    distances of kernel(a) from f(b) and of kernel(b) from f(a) bound the error of each of the 2⁵²
    floats between, not only at the ends. That is less than some ulp where f is nearly constant,
    next to 0 and far out, which is where most floats are. It is taken on trust that NumPy's exp,
    expm1, log1p and tanh do not fall where the truth rises; the steps around them cannot.
    """
    ends = np.concatenate([[0.0], 2.0 ** np.arange(-1074.0, 1024.0), [np.finfo(float).max]])
    floats = np.diff(ends.view(np.int64))  # bit patterns count floats
    certified = 0
    for z in (ends, -ends):
        got, true = kernel(z), [ball(f, x) for x in z]
        for i, inside in enumerate(floats.tolist()):
            nearer_to_0 = min(abs(float(true[i])), abs(float(true[i + 1])))
            far = [abs(arb(float(got[i])) - true[i + 1]), abs(arb(float(got[i + 1])) - true[i])]
            if np.isfinite(nearer_to_0):
                within = ulp * arb(float(np.spacing(nearer_to_0)))
                certified += inside * all(distance <= within for distance in far)
    return certified / (2 * int(floats.sum()))
