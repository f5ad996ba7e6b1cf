"""Kernels sampled on a grid, and the proof that a given g′ is the slope of g."""

from collections.abc import Callable

import numpy as np

from helpers.activations import Activation, central_difference, one_sided_slopes
from helpers.explorer.grids import Row
from helpers.language import gettext, value_error

TOLERANCE = 1e-4  # in largest slopes: so far may g′ lie from the slope that is measured
LONGEST_STEP = 1e-2
MEASURING_STEPS = (None, 1e-3, LONGEST_STEP)  # None is the one that suits float64


def samples(kernel: Callable, points: Row, name: str, *setting: float) -> Row:
    """Return what the kernel gives at the points; errors begin with ``name``."""
    with np.errstate(all="ignore"):  # what is not finite is refused below, in words
        values = np.asarray(kernel(points, *setting), dtype=float)
    if values.shape != points.shape:
        raise value_error(
            "{name}: expected {size} values, got the shape {shape}",
            name=name,
            size=points.size,
            shape=values.shape,
        )
    if not np.all(np.isfinite(values)):
        k = int(np.argmin(np.isfinite(values)))
        raise value_error(
            "{name}: expected finite values, got {value} at z = {z:g}",
            name=name,
            value=values[k],
            z=points[k],
        )
    return values


def rounded(values: Row) -> list[float]:
    """Return the numbers with 6 significant digits, and no negative zero."""
    return [float(f"{v:.6g}") + 0.0 for v in values]


def check_slopes(
    name: str, activation: Activation, zs: Row, g: Row, prime: Row, setting: tuple[float, ...]
) -> None:
    """Refuse a g′ that is not the slope of g by any of several measurements.

    Kinks are left out. At one that nobody named, all between the slopes on both sides will do. A g
    of float32 or float16 is too coarse for short steps, a steep one is too bent for long ones.
    """

    def value(points: Row) -> Row:
        return np.asarray(activation.value(points, *setting), dtype=float)

    inner = ~np.isin(zs, activation.kinks)
    inner[[0, -1]] = False  # nothing is known of g beyond the ends
    z, given = zs[inner], prime[inner]
    with np.errstate(all="ignore"):
        slopes = [np.clip(given, *np.sort(one_sided_slopes(value, z), axis=0))]
        slopes += [central_difference(value, z, h) for h in MEASURING_STEPS]
        gaps = np.fmin.reduce(np.abs(slopes - given))
    rounding = 4 * _precision(g) * np.abs(g).max() / LONGEST_STEP
    allowed = TOLERANCE * np.abs(prime).max() + rounding
    if np.any(gaps > allowed):
        k = np.nanargmax(gaps)
        knob = activation.parameter
        at = gettext(" and {symbol} = {a:g}", symbol=knob.symbol, a=setting[0]) if knob else ""
        raise value_error(
            "{name}: expected prime to be the slope of value, which is {slope:.4g} at "
            "z = {z:g}{at}, got {given:.4g}",
            name=name,
            slope=slopes[1][k],
            z=z[k],
            at=at,
            given=given[k],
        )


def _precision(values: Row) -> float:
    """Return eps of the shortest float that holds all of the values."""
    for kind in (np.float16, np.float32):
        with np.errstate(over="ignore"):
            if np.array_equal(values.astype(kind), values):
                return float(np.finfo(kind).eps)
    return float(np.finfo(np.float64).eps)
