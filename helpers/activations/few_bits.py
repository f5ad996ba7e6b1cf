"""Numbers of few bits: what is left of a number that is stored in bfloat16, or in less."""

import numpy as np
import numpy.typing as npt

from helpers.activations.contract import Floats
from helpers.language import value_error

__all__ = ["round_bits"]


def round_bits(x: npt.ArrayLike, bits: int = 8, rng: np.random.Generator | None = None) -> Floats:
    """Round numbers to so many significant bits, as bfloat16 does with 8 and float16 with 11.

    x = k · 2ᵉ with 2^(bits - 1) ≤ |k| < 2^bits; k is rounded to the nearest whole number, ties to
    even. The relative error is at most 2^-bits. The range of exponents stays that of float64:
    bfloat16 has that of float32, and overflow or underflow is no matter here.

    Parameters
    ----------
    x : array_like
        Real numbers.
    bits : int
        Significant bits, from 1 to 52.
    rng : Generator, optional
        With it rounding is stochastic: up with the probability of the fraction that is cut off, so
        that the mean of what is stored is x.

    Returns
    -------
    ndarray
        float64, of the shape of x. Limits: 0, ±inf and nan stay.

    Raises
    ------
    ValueError
        bits is not from 1 to 52.

    References
    ----------
    Kalamkar and others, A study of bfloat16 for deep learning training (2019).

    Examples
    --------
    >>> round_bits([1.001, 1.004, 3.14159, 257.0])
    array([  1.       ,   1.0078125,   3.140625 , 256.       ])
    """
    if not 1 <= bits <= 52:
        raise value_error("bits: expected 1 to 52, got {bits!r}", bits=bits)
    part, exponent = np.frexp(np.asarray(x, dtype=np.float64))
    k = np.ldexp(part, bits)
    whole = np.rint(k) if rng is None else np.floor(k + rng.random(k.shape))
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(np.isfinite(part), np.ldexp(whole, exponent - bits), part)[()]
