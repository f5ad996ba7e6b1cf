"""The places at which a slider of an explorer can stand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from helpers.language import type_error, value_error

Row = NDArray[np.float64]  # of the values over all places of z
MOST_STEPS = 2000


def listed(name: str, value: object, kind: Any = str) -> list[Any]:
    """Return the texts of a sequence, or another kind, as a list; one text is a list of one."""
    found: list[Any] = [value]
    if isinstance(value, Iterable) and not isinstance(value, str):
        found = list(value)
    if not all(isinstance(each, kind) for each in found):
        raise type_error("{name}: expected a list of texts, got {value!r}", name=name, value=value)
    return found


def real(name: str, value: object) -> float:
    """Return a real number as a float, ±inf for what is too large to be one."""
    if not isinstance(value, Real):
        raise type_error("{name}: expected a number, got {value!r}", name=name, value=value)
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf  # type: ignore[operator]


def short(value: float) -> str:
    """Write a number with a proper minus sign.

    >>> short(-0.5)
    '−0.5'
    """
    return f"{value:g}".replace("-", "−")


@dataclass(frozen=True)
class Grid:
    """The ``count`` places from ``low`` on, ``step`` apart; ``start`` is one of them.

    >>> grid = Grid.between("z_range", -1, 1, 0.5, name="pre-activation z", symbol="z")
    >>> grid.places.tolist(), grid.starting("z", 0.4).start
    ([-1.0, -0.5, 0.0, 0.5, 1.0], 0.5)
    """

    low: float
    step: float
    count: int
    digits: int  # decimals of a place
    name: str
    symbol: str
    start: float

    @classmethod
    def between(
        cls, argument: str, low: object, high: object, step: object, *, name: str, symbol: str
    ) -> Self:
        """Return the grid between two ends; errors name the ``argument`` that gave them."""
        first, last, width = (real(argument, value) for value in (low, high, step))
        ends = f"{first:g}, {last:g}"
        if not first < last:
            raise value_error(
                "{argument}: expected the low end first, got {ends}",
                argument=argument,
                ends=ends,
            )
        if not width > 0:
            raise value_error(
                "{argument}: expected a step above 0, got {width:g}",
                argument=argument,
                width=width,
            )
        if not last - first <= width * (MOST_STEPS + 0.5):
            raise value_error(
                "{argument}: expected two ends at most {span:g} apart, which are "
                "{n} steps of {width:g}, got {ends}",
                argument=argument,
                span=MOST_STEPS * width,
                n=MOST_STEPS,
                width=width,
                ends=ends,
            )
        count = round((last - first) / width) + 1
        if count < 2 or not np.isclose(first + width * (count - 1), last):
            raise value_error(
                "{argument}: expected two ends a whole number of steps of {width:g} apart, "
                "got {ends}",
                argument=argument,
                width=width,
                ends=ends,
            )
        digits = len(f"{width:.10f}".rstrip("0").split(".")[1])
        return cls(first, width, count, digits, name, symbol, first)

    @property
    def high(self) -> float:
        """The last place."""
        return self.low + self.step * (self.count - 1)

    @property
    def places(self) -> Row:
        """All places, ascending."""
        return np.round(self.low + self.step * np.arange(self.count), 9)

    def nearest(self, value: float) -> int:
        """Return the number of the place nearest to ``value``, from 0."""
        return round((value - self.low) / self.step)

    def starting(self, argument: str, value: object) -> Self:
        """Return the grid with its start at the place nearest to ``value``."""
        number = real(argument, value)
        if not self.low <= number <= self.high:
            raise value_error(
                "{argument}: expected a number from {low:g} to {high:g}, got {number:g}",
                argument=argument,
                low=self.low,
                high=self.high,
                number=number,
            )
        return replace(self, start=round(self.low + self.step * self.nearest(number), 9))

    @property
    def opening(self) -> int:
        """The number of the place where it starts."""
        return self.nearest(self.start)
