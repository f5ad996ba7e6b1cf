"""Products that keep what rounding took, and polynomials: some kernels owe them their digits."""

from collections.abc import Sequence
from math import frexp

import numpy as np

from helpers.activations.contract import Floats

LARGEST = float(np.finfo(np.float64).max)


def product(x: Floats | float, y: Floats) -> tuple[Floats, Floats | float]:
    """Return fl(x·y) and what rounding took from it: x·y is their sum (Dekker, 1971).

    exp(x·y) needs both: an error of half an ulp in x·y = -700 is one of 350 ulp in exp(x·y).
    """
    rounded = x * y
    if isinstance(x, float) and frexp(x)[0] in (0.0, 0.5, -0.5):  # a power of two rounds nothing
        return rounded, 0.0
    (x1, x2), (y1, y2) = _halves(x), _halves(y)
    rest = x1 * y1 - rounded + x1 * y2 + x2 * y1 + x2 * y2
    return rounded, np.where(np.isfinite(rest), rest, 0.0)


def _halves(x: Floats | float) -> tuple[Floats | float, Floats | float]:
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
