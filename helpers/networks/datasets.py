"""Data to learn from: the 8×8 handwritten digits, and points on circles and spirals.

Every function returns examples ``x``, one a row, and their ``labels``, whole numbers from 0.
"""

from functools import cache
from pathlib import Path

import numpy as np

from helpers.language import value_error
from helpers.networks.checks import Floats, Labels, check_generator

_DIGITS = Path(__file__).parents[1] / "data" / "digits.npz"


@cache
def _digits() -> tuple[Floats, Labels]:
    with np.load(_DIGITS) as file:
        return file["pixels"] / 16.0, file["labels"].astype(np.int64)


def load_digits(*classes: int) -> tuple[Floats, Labels]:
    """Return the 8×8 handwritten digits as ``(pixels, labels)``.

    Parameters
    ----------
    *classes
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
        raise value_error(
            "classes: expected digits from 0 to 9, got {unknown!r}", unknown=unknown[0]
        )
    wanted = np.isin(labels, classes or range(10))
    return pixels[wanted], labels[wanted]


def circles(n: int, rng: np.random.Generator, *, noise: float = 0.08) -> tuple[Floats, Labels]:
    """Draw n points on two circles, one inside the other, as ``(x, labels)``.

    Label 0 has radius 1, label 1 radius ½, half of the points each; every coordinate gets normal
    noise of standard deviation ``noise``. x is (n, 2), labels (n,). Both classes have their mean
    at 0, so a straight line is little better than guessing; the circle half-way between them is
    right on 99.8 %.

    Examples
    --------
    >>> x, labels = circles(200, np.random.default_rng(0))
    >>> x.shape, np.bincount(labels)
    ((200, 2), array([100, 100]))
    """
    labels = _two_classes(n, rng)
    angle = rng.uniform(0, 2 * np.pi, n)
    return _around(1 - labels / 2, angle, noise, rng), labels


def spiral(
    n: int, rng: np.random.Generator, *, noise: float = 0.02, turns: float = 1.5
) -> tuple[Floats, Labels]:
    """Draw n points on two arms of a spiral, as ``(x, labels)``.

    On each arm the radius r grows from 0.1 to 1 with the angle 2π · turns · r; the arm of label 1
    is the other one turned by half a turn. Every coordinate gets normal noise of standard
    deviation ``noise``. x is (n, 2), labels (n,), half of the points each.

    Examples
    --------
    >>> x, labels = spiral(200, np.random.default_rng(0))
    >>> x.shape, np.bincount(labels)
    ((200, 2), array([100, 100]))
    """
    labels = _two_classes(n, rng)
    radius = rng.uniform(0.1, 1, n)
    return _around(radius, 2 * np.pi * turns * radius + np.pi * labels, noise, rng), labels


def _two_classes(n: int, rng: np.random.Generator) -> Labels:
    check_generator(rng)
    if not (isinstance(n, int | np.integer) and n > 0):
        raise value_error("n: expected a whole number of points from 1, got {n!r}", n=n)
    return rng.permutation(np.arange(n) % 2)


def _around(radius: Floats, angle: Floats, noise: float, rng: np.random.Generator) -> Floats:
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return x + rng.normal(0, noise, x.shape)


def split(
    pixels: Floats, labels: Labels, rng: np.random.Generator, *, share: float = 0.7
) -> tuple[Floats, Labels, Floats, Labels]:
    """Split examples at random into ``(x, y, test_x, test_y)``, centred, each class alike.

    ``share`` of the examples of each class are for training. The mean image of the training
    examples is taken off both parts, so that the test set stays unseen.

    Raises
    ------
    ValueError
        There is not one label for each example, or not 0 < share < 1.
    TypeError
        rng is not a Generator.

    Examples
    --------
    >>> x, y, test_x, test_y = split(*load_digits(), np.random.default_rng(0))
    >>> len(x), len(test_x), bool(abs(x.mean()) < 1e-12)
    (1258, 539, True)
    """
    check_generator(rng)
    if len(pixels) != len(labels):
        raise value_error(
            "labels: expected one an example, got {labels} for {pixels}",
            labels=len(labels),
            pixels=len(pixels),
        )
    if not 0 < share < 1:
        raise value_error("share: expected a number between 0 and 1, got {share!r}", share=share)
    order = rng.permutation(len(labels))
    members = [order[labels[order] == c] for c in np.unique(labels)]
    chosen = np.concatenate([m[: round(share * len(m))] for m in members])
    training = np.isin(np.arange(len(labels)), chosen)
    mean = pixels[training].mean(axis=0)
    return (
        pixels[training] - mean,
        labels[training],
        pixels[~training] - mean,
        labels[~training],
    )
