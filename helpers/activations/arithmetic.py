"""Sides of 0 without a branch, products that keep what rounding took, and polynomials."""

from collections.abc import Sequence
from math import frexp
from typing import Any

import numpy as np

from helpers.activations.contract import Floats

LARGEST = float(np.finfo(np.float64).max)


def positive_part(z: Floats) -> Floats:
    """Return max(z, 0), where -0.0 stays -0.0 whichever of two zeros a processor calls larger."""
    return np.maximum(z, (z < 0) - 1.0)  # the other is 0 where z < 0, and -1 elsewhere


def negative_part(z: Floats) -> Floats:
    """Return min(z, 0), where -0.0 stays -0.0."""
    return np.minimum(z, 1.0 - (z > 0))


def mirrored(z: Floats, s: Floats, rest: Floats, out: Floats | None = None) -> Floats:
    """Return s on the left of 0 and rest = 1 - s on the right, for s ≤ 1/2 that is 1/2 at 0.

    It is the middle one of s, 1 - s and 10¹⁷ z, which is beyond both unless s is 1/2.
    """
    far = np.multiply(z, 1e17, out=out)
    return np.minimum(np.maximum(far, s, out=far), rest, out=far)


def exp_minus_abs(z: Floats, times: float = 1.0) -> Floats:
    """Return exp(-|times · z|), in one array."""
    e = np.abs(z)
    return np.exp(np.multiply(e, -times, out=e), out=e)


def holds(condition: Any) -> bool:
    """Tell whether a condition on a parameter, a number or an array, holds everywhere."""
    return condition if isinstance(condition, bool) else bool(condition.all())


def product(x: Any, y: Floats) -> tuple[Floats, Floats | float]:
    """Return fl(x·y) and what rounding took from it: x·y is their sum (Dekker, 1971).

    exp(x·y) needs both: an error of half an ulp in x·y = -700 is one of 350 ulp in exp(x·y).
    """
    if isinstance(x, float) and frexp(x)[0] in (0.0, 0.5, -0.5):  # a power of two rounds nothing
        return (y if x == 1.0 else x * y), 0.0
    rounded = x * y
    y1, y2 = _halves(y)
    x1, x2 = (y1, y2) if x is y else _halves(x)
    rest = x1 * y1 - rounded + x1 * y2 + x2 * y1 + x2 * y2
    rest[~np.isfinite(rest)] = 0.0
    return rounded, rest


def _halves(x: Any) -> tuple[Any, Any]:
    """Cut x into two numbers of 26 bits, whose products are exact (Veltkamp, 1968)."""
    shifted = 134217729.0 * x  # 2²⁷ + 1
    high = shifted - (shifted - x)
    return high, x - high


def polynomial(coefficients: Sequence[float], x: Floats) -> Floats:
    """Return c₀ + c₁x + c₂x² + … by Horner's rule."""
    *others, last = coefficients
    total = np.full_like(x, last)
    for coefficient in reversed(others):
        total *= x
        total += coefficient
    return total
