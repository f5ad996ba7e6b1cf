"""What follows from a number that somebody answered: evidence on it, whatever they believe."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.derivation import Tree, array_values, differentiate, parse, substitute
from helpers.diagnosis import four_digits
from helpers.language import gettext

Shown = Callable[[float], str]  # of the number that was answered
# Two sentences for each: where the number is too small, and where it is too large.
SAID: Mapping[str, tuple[str, str]] = {
    "slope": (
        "There are places with a slope larger than {x}.",
        "Nowhere is the slope as large as {x}.",
    ),
    "gain": (
        "With k = {x} the mean square shrinks from layer to layer on the way back.",
        "With k = {x} the mean square grows from layer to layer on the way back.",
    ),
    "place": (
        "At z = {x} the slope is {y}; further right it is larger.",
        "At z = {x} the slope is {y}; further left it is larger.",
    ),
    "fall": (
        "At z = {x} the slope is {y}; further right it falls more steeply.",
        "At z = {x} the slope is {y}; further left it falls more steeply.",
    ),
    "kink": (
        "With alpha = {x} the slope just left of 0 is smaller than the one just right of it.",
        "With alpha = {x} the slope just left of 0 is larger than the one just right of it.",
    ),
}


def _values(tree: Tree, **at: float) -> float:
    with np.errstate(all="ignore"):
        return float(array_values(tree, {name: np.float64(x) for name, x in at.items()}))


def of_a_size(way: str, right: float) -> Shown:
    """Say of a largest slope, or of what is in front of a variance, whether it is too large.

    >>> of_a_size("slope", 0.25)(1.0)
    'Nowhere is the slope as large as 1.'
    """
    above_0 = way == "gain"

    def shown(x: float) -> str:
        if not np.isfinite(x) or (above_0 and x <= 0):
            return ""
        return gettext(SAID[way][x > right], x=four_digits(x))

    return shown


def of_a_place(way: str, f: str, right: float) -> Shown:
    """Say how steep a function is at a place, and on which side it is steeper."""
    prime = differentiate(parse(f))

    def shown(x: float) -> str:
        if not np.isfinite(x) or (way == "fall" and x <= 0):
            return ""
        y = _values(prime, z=x)
        return gettext(SAID[way][x > right], x=four_digits(x), y=four_digits(y))

    return shown


def of_a_kink(left: str, right: str) -> Shown:
    """Hold the slopes on both sides of 0 against one another."""
    slopes = [differentiate(parse(side, letters=("alpha",))) for side in (left, right)]
    one, other = (substitute(slope, {"z": parse("0")}) for slope in slopes)

    def shown(x: float) -> str:
        gap = _values(one, alpha=x) - _values(other, alpha=x)
        return gettext(SAID["kink"][gap > 0], x=four_digits(x)) if np.isfinite(gap) else ""

    return shown


def of_a_quantity(template: str, text: str, **fields: str) -> Shown:
    """Say what a quantity comes to with the number, which its text calls x.

    >>> of_a_quantity("With {x} it is {y}.", "2*x")(1.5)
    'With 1.5 it is 3.'
    """

    tree = parse(text, letters=("x",))

    def shown(x: float) -> str:
        y = _values(tree, x=x)
        finite = np.isfinite(x) and np.isfinite(y)
        return gettext(template, x=four_digits(x), y=four_digits(y), **fields) if finite else ""

    return shown


def is_even(text: str) -> bool:
    """Is a quantity the same for x and for -x?

    >>> is_even("x^2/ln(2)"), is_even("x/ln(2)")
    (True, False)
    """
    tree = parse(text, letters=("x",))
    return _values(tree, x=2.0) == _values(tree, x=-2.0)
