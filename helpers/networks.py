"""Real data for the experiments: the 8×8 handwritten digits."""

from functools import cache
from pathlib import Path

import numpy as np

__all__ = ["load_digits"]

_DIGITS = Path(__file__).parent / "data" / "digits.npz"


@cache
def _digits():
    with np.load(_DIGITS) as file:
        return file["pixels"] / 16.0, file["labels"].astype(np.int64)


def load_digits(*classes):
    """Return the 8×8 handwritten digits as ``(pixels, labels)``.

    Parameters
    ----------
    *classes : int
        The digits wanted, such as ``load_digits(3, 8)``. All ten if none is given.

    Returns
    -------
    pixels : (n, 64) float64
        One image a row, grey levels from 0 (paper) to 1 (ink).
    labels : (n,) int64
        The digit each image shows.

    Raises
    ------
    ValueError
        If a class is not one of 0 … 9.

    Notes
    -----
    1,797 images; source and licence stand in ``helpers/data/README.md``. Each call returns arrays
    of its own, so a learner may change them.

    Examples
    --------
    >>> pixels, labels = load_digits(3, 8)
    >>> pixels.shape, sorted(set(labels.tolist()))
    ((357, 64), [3, 8])
    """
    pixels, labels = _digits()
    unknown = [c for c in classes if c not in range(10)]
    if unknown:
        raise ValueError(f"classes: expected digits from 0 to 9, got {unknown[0]!r}")
    wanted = np.isin(labels, classes or range(10))
    return pixels[wanted], labels[wanted]
