"""Another function beside g, and where the two differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.explorer.grids import Row, short
from helpers.explorer.packing import packed_rows
from helpers.explorer.sampling import samples
from helpers.language import gettext, type_error

Run = tuple[int, int]  # the first and the last place


@dataclass(frozen=True)
class Rival:
    """Another function, drawn beside g; where the two part, the picture is hatched and says so.

    Parameters
    ----------
    name : str
        What stands on its curve.
    value : callable
        ``value(z, *parameter)``, where z is an array, with the parameter that g has, if any.

    Examples
    --------
    >>> shortcut = Rival("max(αz, z)", lambda z, slope: np.maximum(slope * z, z))
    >>> shortcut.value(np.array([-1.0, 1.0]), 2.0)
    array([-1.,  2.])
    """

    name: str
    value: Callable

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise type_error("rival: expected a name that is a text, got {name!r}", name=self.name)
        if not callable(self.value):
            raise type_error(
                "rival {name}: expected a function of z, got {value!r}",
                name=self.name,
                value=self.value,
            )

    def row(self, zs: Row, setting: tuple[float, ...]) -> Row:
        """Return its values over the places of z, for one setting of the parameter."""
        try:
            return samples(self.value, zs, gettext("rival {name}", name=self.name), *setting)
        except TypeError as error:
            asked = gettext("z and the parameter") if setting else gettext("z alone")
            raise type_error(
                "rival {name}: expected a function of {asked}, but the call failed: {error}",
                name=self.name,
                asked=asked,
                error=error,
            ) from error


@dataclass(frozen=True)
class RivalTable:
    """The rows of a rival and, for each, the runs of places where it is not g."""

    name: str
    zs: Row
    rows: Sequence[Row]
    runs: Sequence[Sequence[Run]]

    @classmethod
    def of(cls, rival: Rival, zs: Row, rows: Sequence[Row], g: Sequence[Row]) -> "RivalTable":
        """Compare the rows of the rival with those of g."""
        apart = [differs(*pair) for pair in zip(rows, g, strict=True)]
        return cls(rival.name, zs, rows, [*map(runs, apart)])

    def sentence(self, a: int) -> str:
        """Say where the rival differs from g, for the a-th setting of the parameter."""
        where = stretches(self.runs[a], self.zs)
        if where:
            return gettext("{name} differs from g for {where}", name=self.name, where=where)
        return gettext("{name} agrees with g for every z shown", name=self.name)

    def data(self) -> dict[str, Any]:
        """Return it for the browser: the rows that part from those of g, and only these."""
        parted = [row for row, found in zip(self.rows, self.runs, strict=True) if found]
        packed = iter(packed_rows(parted))
        return {
            "name": self.name,
            "values": [next(packed) if found else "" for found in self.runs],
            "runs": [[list(run) for run in found] for found in self.runs],
            "where": [stretches(found, self.zs) for found in self.runs],
        }


def differs(values: Row, g: Row) -> np.ndarray:
    """Tell where two rows differ by more than the digits that are shown of them.

    These are 4 decimals, and 3 digits of what is smaller than 0.001.

    >>> differs(np.array([1.0, 1.0, 1e-4, 1e-20]), np.array([1.00009, 1.0002, 1.02e-4, 0.0]))
    array([False,  True,  True,  True])
    """
    size = np.maximum(np.abs(values), np.abs(g))
    return np.abs(values - g) > np.where(size < 1e-3, 0.01 * size, 1e-4)


def runs(apart: np.ndarray) -> list[Run]:
    """Return the first and the last index of every run of trues.

    >>> runs(np.array([True, True, False, True]))
    [(0, 1), (3, 3)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], apart.astype(int), [0]])))
    return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]


def stretches(runs: Sequence[Run], zs: Row) -> str:
    """Say for which z the runs are, between the nearest z outside them.

    >>> stretches([(0, 1), (3, 4)], np.array([-1.0, -0.5, 0.0, 0.5, 1.0]))
    'z < 0 and z > 0'
    """
    said = [_place(first, last, zs) for first, last in runs[:3]]
    return gettext(" and ").join([*said, gettext("elsewhere")] if len(runs) > 3 else said)


def _place(first: int, last: int, zs: Row) -> str:
    from_start, to_end = first == 0, last == len(zs) - 1
    if from_start and to_end:
        return gettext("every z shown")
    if first == last:
        return f"z = {short(zs[first])}"
    if from_start:
        return f"z < {short(zs[last + 1])}"
    if to_end:
        return f"z > {short(zs[first - 1])}"
    return f"{short(zs[first - 1])} < z < {short(zs[last + 1])}"
