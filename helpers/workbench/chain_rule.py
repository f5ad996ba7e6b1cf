"""Value and slope of a formula at every place of an array, by the chain rule.

The functions of the course are its own kernels, so that they are right in their tails as well.
"""

import functools
import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from helpers import activations
from helpers.derivation import (
    FUNCTIONS,
    Func,
    Function,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    array_values,
    parse,
    replace_part,
)

Floats = npt.NDArray[np.float64] | np.float64
Slope = Floats | None  # None: the variable does not occur
Letters = Mapping[str, tuple[Floats, Slope]]  # value and slope of each letter

ZERO, ONE = np.float64(0.0), np.float64(1.0)
_U = Sym("u")


def letters(
    z: Floats, settings: Mapping[str, float], slope: Slope = ONE
) -> dict[str, tuple[Floats, Slope]]:
    """Return value and slope of z and of the parameters, which do not depend on z."""
    return {name: (np.float64(x), None) for name, x in settings.items()} | {"z": (z, slope)}


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
        case Func(name, arg):
            return _apply(FUNCTIONS[name], *value_and_slope(arg, at))
        case Neg(arg):
            u, du = value_and_slope(arg, at)
            return -u, _times(-ONE, du)
        case Op(op, left, right):
            return _combine(op, *value_and_slope(left, at), *value_and_slope(right, at))
    raise ValueError(f"our fault: {tree!r} has no value at a place")


def _apply(function: Function, u: Floats, du: Slope) -> tuple[Floats, Slope]:
    """Return value and slope of a function of u: of the course's kernel where there is one."""
    if function.kernel:
        v = getattr(activations, function.kernel)(u)
        slope = getattr(activations, f"{function.kernel}_prime")
        return v, None if du is None else slope(u) * du
    v = array_values(Func(function.name, _U), {"u": u}, from_left=True)
    if du is None:
        return v, None
    if function.kink:
        return v, _slope_at_kink(*function.kink, u, du)
    return v, array_values(_slope_of(function), {"u": u, "v": v}) * du


@functools.cache
def _slope_of(function: Function) -> Tree:
    """Its slope, with the letter v for the value, which is known already."""
    return replace_part(parse(function.slope), Func(function.name, _U), Sym("v"))


def _slope_at_kink(left: float, right: float, u: Floats, du: Floats) -> Floats:
    """Choose the slope left or right of u = 0; at 0, that of the smaller z."""
    before = left * du if left else ZERO
    after = right * du if right else ZERO
    return np.where(np.isnan(u), u, np.where((u < 0) | ((u == 0) & (du > 0)), before, after))


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
