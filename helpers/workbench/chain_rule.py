"""Value and slope of a formula at every place of an array, by the chain rule.

The functions of the course are its own kernels, so that they are right in their tails as well.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from helpers.activations import gelu, sigmoid, sigmoid_prime, softplus, tanh, tanh_prime
from helpers.derivation import Func, Neg, Num, Op, Sym, Tree

Floats = npt.NDArray[np.float64] | np.float64
Slope = Floats | None  # None: the variable does not occur
Letters = Mapping[str, tuple[Floats, Slope]]  # value and slope of each letter

ZERO, ONE = np.float64(0.0), np.float64(1.0)
_erf = np.vectorize(math.erf, otypes=[float])


def letters(
    z: Floats, settings: Mapping[str, float], slope: Slope = ONE
) -> dict[str, tuple[Floats, Slope]]:
    """Return value and slope of z and of the parameters, which do not depend on z."""
    return {name: (np.float64(x), None) for name, x in settings.items()} | {"z": (z, slope)}


def density(u: Floats) -> Floats:
    """Return φ(u), the density of N(0, 1)."""
    return np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)


def _distribution(u: Floats) -> Floats:
    return np.where(u == 0, 0.5, gelu(u) / np.where(u == 0, 1.0, u))  # gelu(u) = u Φ(u)


# name: the function of u, and its slope from u and the value v
_SMOOTH: Mapping[str, tuple[Callable, Callable]] = {
    "exp": (np.exp, lambda u, v: v),
    "ln": (np.log, lambda u, v: 1 / u),
    "sqrt": (np.sqrt, lambda u, v: 1 / (2 * v)),
    "sinh": (np.sinh, lambda u, v: np.cosh(u)),
    "cosh": (np.cosh, lambda u, v: np.sinh(u)),
    "tanh": (tanh, lambda u, v: tanh_prime(u)),
    "sech": (lambda u: 1 / np.cosh(u), lambda u, v: -v * tanh(u)),
    "sigmoid": (sigmoid, lambda u, v: sigmoid_prime(u)),
    "softplus": (softplus, lambda u, v: sigmoid(u)),
    "erf": (_erf, lambda u, v: 2 / math.sqrt(math.pi) * np.exp(-(u**2))),
    "Phi": (_distribution, lambda u, v: density(u)),
    "phi": (density, lambda u, v: -u * v),
    "atan": (np.arctan, lambda u, v: 1 / (1 + u**2)),
    "sin": (np.sin, lambda u, v: np.cos(u)),
    "cos": (np.cos, lambda u, v: -np.sin(u)),
    "tan": (np.tan, lambda u, v: 1 + v**2),
    "step": (lambda u: np.where(u > 0, 1.0, 0.0), lambda u, v: 0.0),
}


def value_and_slope(tree: Tree, at: Letters) -> tuple[Floats, Slope]:
    """Compute value and slope of a tree by the chain rule, from those of its letters.

    Without a slope for z, only values are computed. At a kink the slope is the one on the left,
    by the course's convention: to the left of a tie, max(u, v) is the one with the smaller slope.

    >>> from helpers.derivation import parse
    >>> value_and_slope(parse("a*z^2"), letters(np.float64(3.0), {"a": 2.0}))
    (np.float64(18.0), np.float64(12.0))
    """
    match tree:
        case Num(text):
            return np.float64(text), None
        case Sym("pi" | "e" as name):
            return np.float64(getattr(math, name)), None
        case Sym(name):
            return at[name]
        case Func("abs", arg):
            u, du = value_and_slope(arg, at)
            return np.abs(u), None if du is None else np.where(u == 0, -np.abs(du), np.sign(u) * du)
        case Func("relu", arg):
            u, du = value_and_slope(arg, at)
            return np.maximum(u, 0), _choose(u > 0, u, ZERO, du, None, np.minimum)
        case Func(name, arg):
            u, du = value_and_slope(arg, at)
            value, slope = _SMOOTH[name]
            v = value(u)
            return v, None if du is None else slope(u, v) * du
        case Neg(arg):
            u, du = value_and_slope(arg, at)
            return -u, _times(-ONE, du)
        case Op(op, left, right):
            return _combine(op, *value_and_slope(left, at), *value_and_slope(right, at))
    raise ValueError(f"our fault: {tree!r} has no value at a place")


def _combine(op: str, u: Floats, du: Slope, v: Floats, dv: Slope) -> tuple[Floats, Slope]:
    """Return value and slope of `u op v`."""
    match op:
        case "+":
            return u + v, _plus(du, dv)
        case "-":
            return u - v, _plus(du, _times(-ONE, dv))
        case "*":
            return u * v, _plus(_times(v, du), _times(u, dv))
        case "/":
            return np.divide(u, v), _plus(_times(1 / v, du), _times(-u / v / v, dv))
        case "^":
            return _power(u, v, du, dv)
        case "max":
            return np.maximum(u, v), _choose(u > v, u, v, du, dv, np.minimum)
        case "min":
            return np.minimum(u, v), _choose(u < v, u, v, du, dv, np.maximum)
    raise ValueError(f"our fault: the workbench does not know the sign {op!r}")


def _choose(
    first: npt.NDArray[np.bool_] | np.bool_,
    u: Floats,
    v: Floats,
    du: Slope,
    dv: Slope,
    at_tie: np.ufunc,
) -> Slope:
    """Return the slope of max or min: of the chosen one, and at a tie the slope on the left."""
    if du is None and dv is None:
        return None
    du, dv = ZERO if du is None else du, ZERO if dv is None else dv
    return np.where(u == v, at_tie(du, dv), np.where(first, du, dv))


def _times(slope: Floats, du: Slope) -> Slope:
    return None if du is None else slope * du


def _plus(du: Slope, dv: Slope) -> Slope:
    return du if dv is None else dv if du is None else du + dv


def _power(u: Floats, n: Floats, du: Slope, dn: Slope) -> tuple[Floats, Slope]:
    value = np.power(u, n)
    slope = None if du is None else n * np.power(u, n - 1) * du
    return value, _plus(slope, None if dn is None else value * np.log(u) * dn)
