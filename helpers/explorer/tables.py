"""Everything that an explorer shows, sampled on the grids of its sliders."""

import html
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.activations import Activation, Parameter
from helpers.derivation import mathml
from helpers.explorer.goals import Goal, tasks_of, written
from helpers.explorer.grids import Grid, Row, short
from helpers.explorer.packing import packed_rows
from helpers.explorer.predictions import Prediction
from helpers.explorer.rivals import Rival, RivalTable
from helpers.explorer.sampling import check_slopes, rounded, samples
from helpers.language import gettext, type_error, value_error

QUANTITIES = ("z", "g", "slope", "parameter", "m")  # in which a task says where it is done

Z_STEP = 0.05


@dataclass(frozen=True)
class Kink:
    """g′ at a kink and its limits from both sides, for every value of the parameter."""

    z: float
    left: list[float]
    at: list[float]
    right: list[float]


@dataclass(frozen=True)
class ChosenSlope(Grid):
    """The slider of a slope m at the only kink, and the height of g there."""

    height: list[float]

    def line(self, kink: Kink, a: int, zs: Row) -> Row:
        """Return the line through the kink with the slope that the slider starts with."""
        return self.height[a] + self.start * (zs - kink.z)


@dataclass(frozen=True)
class Tables:
    """What travels with the picture: a row of g and one of g′ for each value of the parameter."""

    title: str
    equation: str
    z: Grid
    parameter: Grid | None
    g: Sequence[Row]
    prime: Sequence[Row]
    kinks: Sequence[Kink]
    subgradient: ChosenSlope | None
    rival: RivalTable | None
    tasks: Sequence[Goal]
    predict: Prediction | None

    @property
    def a(self) -> int:
        """The number of the setting that the parameter starts with."""
        return self.parameter.opening if self.parameter else 0

    def data(self) -> dict[str, Any]:
        """Return all of it for the browser, as plain JSON."""
        return {
            "title": self.title,
            "equation": self.equation,
            "z": asdict(self.z),
            "parameter": self.parameter and asdict(self.parameter),
            "g": packed_rows(self.g),
            "prime": packed_rows(self.prime),
            "kinks": [asdict(kink) for kink in self.kinks],
            "subgradient": self.subgradient and asdict(self.subgradient),
            "rival": self.rival and self.rival.data(),
            "view": self.view(),
            **written(self.tasks),
            "predict": self.predict and self.predict.data(self.z.places),
        }

    def view(self) -> dict[str, Any]:
        """Return the ends of the vertical axis and the ticks of both axes.

        The axis holds all the sliders can bring. If that would more than double it, it holds at
        most half as much again, above and below, as the picture it opens with: else a steep slope
        would flatten everything.
        """
        rivals = self.rival.rows if self.rival else []
        opening = [rows[self.a] for rows in (self.g, self.prime, rivals) if rows]
        if self.subgradient:
            opening.append(self.subgradient.line(self.kinks[0], self.a, self.z.places))
        lowest, highest = _ends_with_zero([*self.g, *self.prime, *rivals, *opening])
        low, high = _ends_with_zero(opening)
        extra = 0.5 * (high - low)
        near = max(lowest, low - extra), min(highest, high + extra)
        low, high = (lowest, highest) if highest - lowest <= 2 * np.ptp(near) else near
        margin = 0.06 * (high - low or 1.0)
        bottom, top = rounded(np.array([low - margin, high + margin]))
        return {
            "bottom": bottom,
            "top": top,
            "zticks": _ticks(self.z.low, self.z.high, 8),
            "yticks": _ticks(bottom, top, 7),
        }


def tabulate(
    name: str,
    activation: Activation,
    *,
    z: float,
    z_range: tuple[float, float],
    parameter: float | None,
    tasks: Sequence[str | Goal],
    predict: Prediction | None,
    rival: Rival | None,
    subgradient: bool,
) -> Tables:
    """Sample an activation, and its ``rival``, wherever the sliders can stand."""
    axis = Grid.between("z_range", *_pair(z_range), Z_STEP, name="pre-activation z", symbol="z")
    axis = axis.starting("z", z)
    knob, settings = _knob(name, activation.parameter, parameter)
    zs = axis.places

    def table(kernel: Callable, points: Row = zs) -> list[Row]:
        return [samples(kernel, points, name, *setting) for setting in settings]

    g, prime = table(activation.value), table(activation.prime)
    for setting, value, slope in zip(settings, g, prime, strict=True):
        check_slopes(name, activation, zs, value, slope, setting)
    inner = [kink for kink in sorted(activation.kinks) if zs[0] < kink < zs[-1]]
    kinks = [_kink(kink, partial(table, activation.prime)) for kink in inner]
    choice = _choice(name, kinks, partial(table, activation.value)) if subgradient else None
    others = [rival.row(zs, setting) for setting in settings] if rival else []
    return Tables(
        title=name.replace("_", " "),
        equation=_equation(activation),
        z=axis,
        parameter=knob,
        g=g,
        prime=prime,
        kinks=kinks,
        subgradient=choice,
        rival=RivalTable.of(rival, zs, others, g) if rival else None,
        tasks=tasks_of(tasks, QUANTITIES),
        predict=predict,
    )


def _equation(activation: Activation) -> str:
    if activation.latex:
        return mathml(f"g(z) = {activation.latex}")
    return html.escape(f"g(z) = {activation.expression}") if activation.expression else ""


def _pair(z_range: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = z_range
    except (TypeError, ValueError):
        raise type_error(
            "z_range: expected two numbers, the low end and the high end, got {z_range!r}",
            z_range=z_range,
        ) from None
    return low, high


def _knob(
    name: str, known: Parameter | None, start: float | None
) -> tuple[Grid | None, list[tuple[float, ...]]]:
    """Return the parameter's grid, or None, and the settings to be sampled, as arguments."""
    if known is None:
        if start is not None:
            raise value_error("parameter: {name} has none, got {start!r}", name=name, start=start)
        return None, [()]
    ends, words = (known.low, known.high, known.step), known.name.replace("_", " ")
    grid = Grid.between(
        gettext("parameter {name}", name=known.name),
        *ends,
        name=f"{words} {known.symbol}",
        symbol=known.symbol,
    )
    grid = grid.starting("parameter", known.default if start is None else start)
    return grid, [(float(value),) for value in grid.places]


def _kink(place: float, table: Callable[[Row], list[Row]]) -> Kink:
    """Return g′ at a kink and its limits from both sides; ``table`` samples g′."""
    points = np.nextafter(place, -np.inf), place, np.nextafter(place, np.inf)
    left, at, right = ([rounded(row)[0] for row in table(np.array([float(p)]))] for p in points)
    return Kink(float(place), left, at, right)


def _choice(name: str, kinks: Sequence[Kink], table: Callable[[Row], list[Row]]) -> ChosenSlope:
    """Return the slider that chooses a slope m at the only kink; ``table`` samples g."""
    if len(kinks) != 1:
        places = ", ".join(f"{kink.z:g}" for kink in kinks) or "none"
        raise value_error(
            "subgradient: expected {name} to have one kink in z_range, got {places}",
            name=name,
            places=places,
        )
    (kink,) = kinks
    slopes = np.array([kink.left, kink.right])
    middle, width = (slopes.min() + slopes.max()) / 2, np.ptp(slopes) or 1.0
    step = Z_STEP * 10 ** np.floor(np.log10(width))
    low, high = (step * np.round(end / step) for end in (middle - width, middle + width))
    words = gettext("slope m at the kink z = {z}", z=short(kink.z))
    grid = Grid.between("subgradient", low, high, step, name=words, symbol="m")
    heights = [rounded(row)[0] for row in table(np.array([kink.z]))]
    return ChosenSlope(**asdict(grid.starting("subgradient", middle)), height=heights)


def _ends_with_zero(rows: Sequence[Row]) -> tuple[float, float]:
    values = np.array(rows)
    return min(0.0, values.min()), max(0.0, values.max())


def _ticks(low: float, high: float, number: int) -> list[float]:
    places = MaxNLocator(number, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [round(float(v), 6) + 0.0 for v in places if low <= v <= high]
