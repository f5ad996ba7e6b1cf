"""Sliders for z and for an activation's parameter: see g, g′, the tangent and the numbers move.

Python knows, the browser draws: the tested kernels are sampled on the sliders' own grid, the
tables travel with the picture, and ``explorer.js`` looks them up. So an explorer moves without a
kernel, in JupyterLab, in the web book, in slides and in an HTML file on a memory stick.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from numbers import Real
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets
from matplotlib.patheffects import withStroke

from helpers.activations import ACTIVATIONS, Activation, central_difference, one_sided_slopes
from helpers.derivation import mathml
from helpers.explorer.figures import (
    GUIDE,
    POINT,
    PRIME,
    VALUE,
    curve,
    figure,
    picture,
)

__all__ = ["Explorer", "Prediction", "Rival", "explore"]

Z_STEP = 0.05
MOST_STEPS = 2000  # of a slider
TOLERANCE = 1e-4  # in largest slopes: so far may g′ lie from the slope that is measured
MEASURING_STEPS = (None, 1e-3, 1e-2)  # None is the one that suits float64
LIMIT = 300_000  # bytes of the stored form: tables, script and picture together
LICENCE = "Derivatives of activation functions, BSD-3-Clause"
SCRIPT = Path(__file__).with_name("explorer.js")
SLIDERS = "z", "parameter", "subgradient"
RIVAL = {"color": "#333333", "linestyle": "-.", "linewidth": 2}
CHOSEN = {"color": "#7A3E9D", "linestyle": ":", "linewidth": 2.4}


@dataclass(frozen=True)
class Prediction:
    """A question to answer before the sliders unlock and g′ shows.

    Parameters
    ----------
    question : str
    choices : mapping or sequence of str
        The answers to choose from. A mapping gives each answer its grey ghost: a number is drawn
        as a level, a function of z as a curve, ``None`` as nothing.

    >>> Prediction("How steep does the sigmoid get?", {"1": 1, "1/2": 0.5, "1/4": 0.25}).answers
    ('1', '1/2', '1/4')
    """

    question: str
    choices: object

    def __post_init__(self):
        if len(set(self.answers)) < 2:
            raise ValueError(
                f"choices: expected at least two different answers, got {self.choices!r}"
            )

    @property
    def answers(self):
        """The texts to choose from, in order."""
        return tuple(_texts("choices", self.choices))

    def data(self, z):
        """Return the question for the browser, the ghosts sampled on the grid ``z``."""
        ghosts = dict(self.choices) if isinstance(self.choices, Mapping) else {}
        return {
            "question": self.question,
            "choices": list(self.answers),
            "ghosts": [_ghost(ghosts.get(answer), z) for answer in self.answers],
        }


@dataclass(frozen=True)
class Rival:
    """Another function, drawn beside g; where the two part, the picture is hatched and says so.

    Parameters
    ----------
    name : str
        What stands on its curve.
    value : callable
        ``value(z, *parameter)``, where z is an array, with the parameter that g has, if any.

    >>> shortcut = Rival("max(αz, z)", lambda z, slope: np.maximum(slope * z, z))
    >>> shortcut.value(np.array([-1.0, 1.0]), 2.0)
    array([-1.,  2.])
    """

    name: str
    value: Callable

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name.strip():
            raise TypeError(f"rival: expected a name that is a text, got {self.name!r}")
        if not callable(self.value):
            raise TypeError(f"rival {self.name}: expected a function of z, got {self.value!r}")


class _Picture(anywidget.AnyWidget):
    """The part of a live explorer that explorer.js draws."""

    _esm = SCRIPT
    _css = """.activation-explorer { background: #fff; max-width: 950px; padding: 8px 2px;
        position: relative; z-index: 1; /* above what JupyterLab's slides lay over outputs */
        border: 1px solid #ddd; border-radius: 8px; color-scheme: light; overflow: hidden;
        --jp-widgets-label-color: #1a1a1a; --jp-widgets-readout-color: #1a1a1a;
        --jp-ui-font-color1: #1a1a1a; --jp-layout-color1: #fff; }
        .activation-explorer .widget-hslider { max-width: 100% !important;
        width: calc(var(--plot, 640px) + 60px) !important; }
        .activation-explorer .widget-label { font-style: italic; text-align: left;
        width: calc(var(--plot, 640px) * 0.072) !important; margin: 0 0 0 12px; }
        .activation-explorer .slider-container { margin: 0; max-width: none; flex: 0 1 auto;
        width: calc(var(--plot, 640px) * 0.8406) !important; }
        .activation-explorer .widget-readout { min-width: 0; width: 4em; text-align: left;
        margin-left: 17px; flex: none; font-variant-numeric: tabular-nums; }
        .activation-explorer .noUi-target { border: 0; background: #ddd; }
        .activation-explorer .noUi-target:not([disabled]) .noUi-handle {
        background: #0072b2 !important; border-color: #0072b2 !important; }
        .activation-explorer .noUi-handle:focus-visible { outline: 3px solid #0072b2;
        outline-offset: 2px; }"""
    data = traitlets.Dict().tag(sync=True)
    z = traitlets.Float().tag(sync=True)
    parameter = traitlets.Float().tag(sync=True)
    subgradient = traitlets.Float().tag(sync=True)
    locked = traitlets.Bool().tag(sync=True)
    prediction = traitlets.Unicode().tag(sync=True)


class Explorer(ipywidgets.VBox):
    """A live explorer; made by `explore`.

    ``z``, ``parameter`` and ``subgradient`` are its sliders (``None`` where there is none) and
    ``prediction`` is the answer that was chosen, empty until then and open to ``observe``.
    """

    prediction = traitlets.Unicode()

    def __init__(self, data):
        self.data = data
        grids = {name: data[name] for name in SLIDERS if data[name]}
        locked = data["predict"] is not None
        start = {name: grid["start"] for name, grid in grids.items()}
        sliders = {name: _slider(grid, locked) for name, grid in grids.items()}
        self.z, self.parameter, self.subgradient = map(sliders.get, SLIDERS)
        self.picture = _Picture(data=data, locked=locked, **start)
        for name, slider in sliders.items():  # linked in the browser: no kernel in between
            ipywidgets.jslink((slider, "value"), (self.picture, name))
            ipywidgets.jslink((self.picture, "locked"), (slider, "disabled"))
        traitlets.dlink((self.picture, "prediction"), (self, "prediction"))
        super().__init__([*sliders.values(), self.picture])
        self.add_class("activation-explorer")

    def _repr_mimebundle_(self, **options):
        live = super()._repr_mimebundle_(**options) or {}
        return {**live, "text/html": _page(self.data), "text/plain": _summary(self.data)}


def explore(
    activation,
    *,
    z=0.0,
    z_range=(-8, 8),
    parameter=None,
    tasks=(),
    predict=None,
    rival=None,
    subgradient=False,
):
    """Show g, g′ and the tangent at z, with sliders for z and for the activation's parameter.

    Parameters
    ----------
    activation : str or Activation
        A name of ``ACTIVATIONS`` or an activation of one's own.
    z : float
        Where the slider starts.
    z_range : (float, float)
        The ends of the z axis, a whole number of steps of 0.05 apart.
    parameter : float, optional
        Where the parameter's slider starts; the activation's default if not given.
    tasks : sequence of str
        A task card, shown as a numbered list below the picture.
    predict : Prediction, optional
        A question to be answered first; until then the sliders are locked and g′ is hidden.
    rival : Rival, optional
        Another function to be drawn beside g. The picture is hatched where the two differ by more
        than the numbers beside it show, and a sentence says where.
    subgradient : bool
        Whether a slider chooses the slope m of a line through the kink, in a range twice as wide as
        that of the slopes on both sides. A sentence says whether the line stays below the curve,
        stays above it or crosses it; for which m is left to be found.

    Raises
    ------
    TypeError
        If ``activation`` is neither a name nor an ``Activation``, or another argument is of the
        wrong kind.
    ValueError
        If the name is unknown, a start lies outside its range, a slider would have more than
        2000 steps, a kernel gives values that are not finite or of the wrong shape, the given g′
        is not the slope of g (measured between the kinks), the stored form would exceed 300 kB, or
        there is not exactly one kink to choose a subgradient at.

    >>> explorer = explore("sigmoid", z=1)
    >>> explorer.z.value, explorer.z.min, explorer.z.max
    (1.0, -8.0, 8.0)
    """
    if not isinstance(predict, Prediction | None):
        raise TypeError(f"predict: expected a Prediction, got {type(predict).__name__}")
    if not isinstance(rival, Rival | None):
        raise TypeError(f"rival: expected a Rival, got {type(rival).__name__}")
    if not isinstance(subgradient, bool):
        raise TypeError(f"subgradient: expected True or False, got {subgradient!r}")
    data = _data(*_named(activation), z, z_range, parameter, tasks, predict, rival, subgradient)
    _check_size(len(_page(data).encode()))
    return Explorer(data)


# --- what travels with the picture ------------------------------------------------------------


def _named(activation):
    """Return ``(name, Activation)`` for a name or an activation."""
    if isinstance(activation, Activation):
        names = [name for name, known in ACTIVATIONS.items() if known is activation]
        return next(iter(names), activation.expression or "g"), activation
    if not isinstance(activation, str):
        kind = type(activation).__name__
        raise TypeError(f"activation: expected a name or an Activation, got {kind}")
    if activation not in ACTIVATIONS:
        names = ", ".join(ACTIVATIONS)
        raise ValueError(f"activation: expected one of {names}; got {activation!r}")
    return activation, ACTIVATIONS[activation]


def _data(name, activation, z, z_range, parameter, tasks, predict, rival, subgradient):
    """Return everything the browser needs, as plain JSON."""
    grid, zs = _grid("z_range", *_ends(z_range), Z_STEP)
    grid |= {"name": "pre-activation z", "symbol": "z", "start": _start("z", z, grid)}
    knob, settings = _knob(name, activation.parameter, parameter)

    def table(kernel, points=zs):
        return [_samples(kernel, points, name, *setting) for setting in settings]

    g, prime = table(activation.value), table(activation.prime)
    for setting, *rows in zip(settings, g, prime, strict=True):
        _check_slopes(name, activation, zs, *rows, setting)
    a = _nearest(knob["start"], knob) if knob else 0
    kinks = [_kink(k, activation, table) for k in sorted(activation.kinks) if zs[0] < k < zs[-1]]
    choice = _choice(name, kinks, activation, table) if subgradient else None
    others = [_rival_row(rival, zs, setting) for setting in settings] if rival else g
    opening = [g[a], prime[a], others[a], _line(choice, *kinks, a, zs) if choice else g[a]]
    return {
        "title": name.replace("_", " "),
        "equation": _equation(activation),
        "z": grid,
        "parameter": knob,
        "g": _packed_table(g),
        "prime": _packed_table(prime),
        "kinks": kinks,
        "subgradient": choice,
        "rival": rival and _rival(rival.name, zs, others, g),
        "view": _view(zs, np.array([*g, *prime, *others, *opening]), np.array(opening)),
        "tasks": _texts("tasks", tasks),
        "predict": predict and predict.data(zs),
    }


def _equation(activation):
    if activation.latex:
        return mathml(f"g(z) = {activation.latex}")
    return html.escape(f"g(z) = {activation.expression}") if activation.expression else ""


def _texts(name, value):
    """Return the texts of a sequence as a list; one text is a list of one."""
    single = isinstance(value, str) or not isinstance(value, Iterable)
    texts = [value] if single else list(value)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{name}: expected a list of texts, got {value!r}")
    return texts


def _ends(z_range):
    try:
        low, high = z_range
    except (TypeError, ValueError):
        raise TypeError(
            f"z_range: expected two numbers, the low end and the high end, got {z_range!r}"
        ) from None
    return low, high


def _number(name, value):
    """Return a real number as a float, ±inf for what is too large to be one."""
    if not isinstance(value, Real):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def _ghost(ghost, zs):
    """Return what is drawn for an answer: a level, a packed curve or None."""
    if ghost is None:
        return None
    if callable(ghost):
        return _packed(_samples(ghost, zs, "choices"))
    if not (isinstance(ghost, Real) and isfinite(_number("choices", ghost))):
        raise ValueError(
            f"choices: expected a finite number, a function of z or None to draw, got {ghost!r}"
        )
    return float(ghost)


def _knob(name, known, start):
    """Return the parameter's grid, or None, and the settings to be sampled, as arguments."""
    if known is None:
        if start is not None:
            raise ValueError(f"parameter: {name} has none, got {start!r}")
        return None, [()]
    grid, values = _grid(f"parameter {known.name}", known.low, known.high, known.step)
    start = _start("parameter", known.default if start is None else start, grid)
    words = known.name.replace("_", " ")
    grid |= {"name": f"{words} {known.symbol}", "symbol": known.symbol, "start": start}
    return grid, [(float(value),) for value in values]


def _kink(place, activation, table):
    """Return g′ at a kink and its limits from both sides, for every value of the parameter."""
    points = {"left": np.nextafter(place, -np.inf), "at": place}
    points["right"] = np.nextafter(place, np.inf)
    limits = {
        side: [_rounded(row)[0] for row in table(activation.prime, np.array([float(point)]))]
        for side, point in points.items()
    }
    return {"z": float(place)} | limits


def _choice(name, kinks, activation, table):
    """Return the slider that chooses a slope m at the only kink, and the height of g there."""
    if len(kinks) != 1:
        places = ", ".join(f"{kink['z']:g}" for kink in kinks) or "none"
        raise ValueError(f"subgradient: expected {name} to have one kink in z_range, got {places}")
    (kink,) = kinks
    slopes = np.array([kink["left"], kink["right"]])
    middle, width = (slopes.min() + slopes.max()) / 2, np.ptp(slopes) or 1.0
    step = Z_STEP * 10 ** np.floor(np.log10(width))
    ends = [step * np.round(end / step) for end in (middle - width, middle + width)]
    grid, _ = _grid("subgradient", *ends, step)
    heights = [_rounded(row)[0] for row in table(activation.value, np.array([kink["z"]]))]
    return grid | {
        "name": f"slope m at the kink z = {_short(kink['z'])}",
        "symbol": "m",
        "start": _start("subgradient", middle, grid),
        "height": heights,
    }


def _line(choice, kink, a, zs):
    """Return the line through the kink with the slope that the choice starts with."""
    return choice["height"][a] + choice["start"] * (zs - kink["z"])


def _grid(name, low, high, step):
    """Return a slider's grid as ``({low, step, count, digits}, points)``."""
    low, high, step = (_number(name, value) for value in (low, high, step))
    ends = f"{low:g}, {high:g}"
    if not low < high:
        raise ValueError(f"{name}: expected the low end first, got {ends}")
    if not step > 0:
        raise ValueError(f"{name}: expected a step above 0, got {step:g}")
    if not high - low <= step * (MOST_STEPS + 0.5):
        raise ValueError(
            f"{name}: expected two ends at most {MOST_STEPS * step:g} apart, which are "
            f"{MOST_STEPS} steps of {step:g}, got {ends}"
        )
    count = round((high - low) / step) + 1
    if count < 2 or not np.isclose(low + step * (count - 1), high):
        raise ValueError(
            f"{name}: expected two ends a whole number of steps of {step:g} apart, got {ends}"
        )
    digits = len(f"{step:.10f}".rstrip("0").split(".")[1])
    points = np.round(low + step * np.arange(count), 9)
    return {"low": float(low), "step": float(step), "count": count, "digits": digits}, points


def _nearest(value, grid):
    return round((value - grid["low"]) / grid["step"])


def _start(name, value, grid):
    """Return the place on the grid nearest to ``value``: a slider can stand nowhere else."""
    low, high = grid["low"], grid["low"] + grid["step"] * (grid["count"] - 1)
    value = _number(name, value)
    if not low <= value <= high:
        raise ValueError(f"{name}: expected a number from {low:g} to {high:g}, got {value:g}")
    return round(low + grid["step"] * _nearest(value, grid), 9)


def _samples(kernel, points, name, *setting):
    with np.errstate(all="ignore"):  # what is not finite is refused below, in words
        values = np.asarray(kernel(points, *setting), dtype=float)
    if values.shape != points.shape:
        raise ValueError(f"{name}: expected {points.size} values, got the shape {values.shape}")
    if not np.all(np.isfinite(values)):
        k = int(np.argmin(np.isfinite(values)))
        raise ValueError(f"{name}: expected finite values, got {values[k]} at z = {points[k]:g}")
    return values


def _check_slopes(name, activation, zs, g, prime, setting):
    """Refuse a g′ that is not the slope of g by any of several measurements.

    Kinks are left out. At one that nobody named, all between the slopes on both sides will do. A g
    of float32 or float16 is too coarse for short steps, a steep one is too bent for long ones.
    """

    def value(points):
        return np.asarray(activation.value(points, *setting), dtype=float)

    inner = ~np.isin(zs, activation.kinks)
    inner[[0, -1]] = False  # nothing is known of g beyond the ends
    z, given = zs[inner], prime[inner]
    with np.errstate(all="ignore"):
        slopes = [np.clip(given, *np.sort(one_sided_slopes(value, z), axis=0))]
        slopes += [central_difference(value, z, h) for h in MEASURING_STEPS]
        gaps = np.fmin.reduce(np.abs(slopes - given))
    rounding = 4 * _precision(g) * np.abs(g).max() / MEASURING_STEPS[-1]
    allowed = TOLERANCE * np.abs(prime).max() + rounding
    if np.any(gaps > allowed):
        k = np.nanargmax(gaps)
        at = "".join(f" and {activation.parameter.symbol} = {a:g}" for a in setting)
        raise ValueError(
            f"{name}: expected prime to be the slope of value, which is {slopes[1][k]:.4g} at "
            f"z = {z[k]:g}{at}, got {given[k]:.4g}"
        )


def _precision(values):
    """Return eps of the shortest float that holds all of the values."""
    with np.errstate(over="ignore"):
        kinds = [t for t in (np.float16, np.float32) if np.array_equal(values.astype(t), values)]
    return float(np.finfo([*kinds, np.float64][0]).eps)


def _rounded(values):
    """Return the numbers with 6 significant digits, and no negative zero."""
    return [float(f"{v:.6g}") + 0.0 for v in values]


def _check_size(size):
    if size > LIMIT:
        raise ValueError(
            f"explore: expected a stored form of at most {LIMIT // 1000} kB, got about "
            f"{size // 1000} kB; take a shorter z_range or a larger step of the parameter"
        )


def _rival_row(rival, zs, setting):
    try:
        return _samples(rival.value, zs, f"rival {rival.name}", *setting)
    except TypeError as error:
        asked = "z and the parameter" if setting else "z alone"
        raise TypeError(
            f"rival {rival.name}: expected a function of {asked}, but the call failed: {error}"
        ) from error


def _rival(name, zs, rows, g):
    """Return the rival for the browser: where its rows part from those of g, and only these."""
    runs = [_runs(_apart(*pair)) for pair in zip(rows, g, strict=True)]
    parted = [row for row, run in zip(rows, runs, strict=True) if run]
    packed = iter(_packed_table(parted))
    return {
        "name": name,
        "values": [next(packed) if run else "" for run in runs],
        "runs": runs,
        "where": [_where(run, zs) for run in runs],
    }


def _apart(values, g):
    """Tell where two rows differ by more than the digits that are shown of them.

    These are 4 decimals, and 3 digits of what is smaller than 0.001.

    >>> _apart(np.array([1.0, 1.0, 1e-4, 1e-20]), np.array([1.00009, 1.0002, 1.02e-4, 0.0]))
    array([False,  True,  True,  True])
    """
    size = np.maximum(np.abs(values), np.abs(g))
    return np.abs(values - g) > np.where(size < 1e-3, 0.01 * size, 1e-4)


def _runs(apart):
    """Return the first and the last index of every run of trues.

    >>> _runs(np.array([True, True, False, True]))
    [[0, 1], [3, 3]]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], apart.astype(int), [0]])))
    return [[int(first), int(end) - 1] for first, end in edges.reshape(-1, 2)]


def _where(runs, zs):
    """Say for which z the runs are, between the nearest z outside them.

    >>> _where([[0, 1], [3, 4]], np.array([-1.0, -0.5, 0.0, 0.5, 1.0]))
    'z < 0 and z > 0'
    """

    def words(first, last):
        if (first, last) == (0, len(zs) - 1):
            return "every z shown"
        if first == last:
            return f"z = {_short(zs[first])}"
        low = "" if first == 0 else _short(zs[first - 1])
        high = "" if last == len(zs) - 1 else _short(zs[last + 1])
        if low and high:
            return f"{low} < z < {high}"
        return f"z > {low}" if low else f"z < {high}"

    told = [words(*run) for run in runs[:3]]
    return " and ".join([*told, "elsewhere"] if len(runs) > 3 else told)


def _short(value):
    return f"{value:g}".replace("-", "−")


def _packed_table(rows):
    """Pack the rows, but do not go on when they are too many to be stored."""
    packed, size = [], 0
    for row in rows:
        packed.append(_packed(row))
        size += len(packed[-1])
        if size > LIMIT:
            _check_size(size * len(rows) // len(packed))
    return packed


def _packed(values):
    """Write a row as text; ``~n`` stands for n numbers on a straight line, which are left out.

    >>> _packed(np.array([0, 0, 0, 0, 0, 0.5, 0.25]))
    '0 ~3 0 .5 .25'
    """
    row, words, i = np.array(_rounded(values)), [], 0
    straight = np.isclose(np.diff(values, 2), 0, rtol=0, atol=1e-12 * np.abs(values).max())
    straight |= np.diff(row, 2) == 0
    runs = [0] * len(row)  # how many numbers after this one are on a line with their neighbours
    for k in reversed(range(len(straight))):
        runs[k] = runs[k + 1] + 1 if straight[k] else 0
    while i < len(row):
        words.append(
            re.sub(r"^(-?)0\.|e-0", lambda m: "e-" if m[1] is None else f"{m[1]}.", f"{row[i]:.6g}")
        )
        n = runs[i]
        if n > 2 and _is_line(row[i : i + n + 2], values[i : i + n + 2]):
            words.append(f"~{n}")
            i += n
        i += 1
    return " ".join(words)


def _is_line(row, values):
    """Does a line between the ends of the rounded row give all values as well as rounding does?"""
    line = np.linspace(row[0], row[-1], len(row))
    return np.all(np.abs(line - values) <= 5e-6 * np.abs(values))


def _unpacked(packed):
    """Return the row that `_packed` wrote, as the browser reads it.

    >>> _unpacked("0 ~3 2 .5")
    array([0. , 0.5, 1. , 1.5, 2. , 0.5])
    """
    row, words = [], packed.split()
    for k, word in enumerate(words):
        if word[0] == "~":
            row += [*np.linspace(row[-1], float(words[k + 1]), int(word[1:]) + 2)[1:-1]]
        else:
            row.append(float(word))
    return np.array(row)


def _view(zs, everything, opening):
    """Return the ends of the vertical axis and the ticks of both axes.

    The axis holds all the sliders can bring. If that would more than double it, it holds at most
    half as much again, above and below, as the picture it opens with: else a steep slope would
    flatten everything.
    """
    low, high = min(0.0, opening.min()), max(0.0, opening.max())
    lowest, highest = min(0.0, everything.min()), max(0.0, everything.max())
    extra = 0.5 * (high - low)
    near = max(lowest, low - extra), min(highest, high + extra)
    low, high = (lowest, highest) if highest - lowest <= 2 * np.ptp(near) else near
    margin = 0.06 * (high - low or 1.0)
    ends = [_rounded([low - margin])[0], _rounded([high + margin])[0]]
    return {
        "bottom": ends[0],
        "top": ends[1],
        "zticks": _ticks(zs[0], zs[-1], 8),
        "yticks": _ticks(*ends, 7),
    }


def _ticks(low, high, number):
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(number, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [round(float(v), 6) + 0.0 for v in places if low <= v <= high]


# --- the forms that are stored ----------------------------------------------------------------


def _opening(data):
    """Return the rows of g and of g′ that the explorer opens with, and the index of z."""
    knob = data["parameter"]
    a = _nearest(knob["start"], knob) if knob else 0
    return (
        _unpacked(data["g"][a]),
        _unpacked(data["prime"][a]),
        _nearest(data["z"]["start"], data["z"]),
    )


def _summary(data):
    knob, (g, prime, i) = data["parameter"], _opening(data)
    given = f", {knob['symbol']} = {knob['start']:g}" if knob else ""
    z = data["z"]["start"]
    numbers = f"{data['title']}{given}: at z = {z:.4g}, g = {g[i]:.4g}"
    return numbers if data["predict"] else f"{numbers} and g′ = {prime[i]:.4g}"


def _parting(data, a):
    """Say where the rival differs from g, for setting ``a`` of the parameter."""
    name, where = data["rival"]["name"], data["rival"]["where"][a]
    return (
        f"{name} differs from g for {where}" if where else f"{name} agrees with g for every z shown"
    )


def _page(data):
    """Return the explorer as HTML that stands alone: a picture, the tables, the script."""
    tables = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    tables = tables.replace("<", "\\u003c")  # or a text could open or close a script
    return (
        f'<div class="activation-explorer">{_fallback(data)}\n'
        f'<script type="application/json">{tables}</script>\n'
        f"<script>/* {LICENCE} */(() => {{\n{_classic_script()}}})();</script></div>"
    )


def _classic_script():
    """Return explorer.js for pages without modules, such as files: no export, no indentation."""
    module = re.sub(r"^ *(//.*\n)?", "", SCRIPT.read_text(encoding="utf-8"), flags=re.M)
    return module.replace(
        "export default { render, mount };", "mount(document.currentScript.parentNode);"
    )


def _fallback(data):
    """Return the picture for where scripts can't run."""
    g, prime, i = _opening(data)
    knob, rival = data["parameter"], data["rival"] if not data["predict"] else None
    a = _nearest(knob["start"], knob) if knob else 0
    z = data["z"]["low"] + data["z"]["step"] * np.arange(data["z"]["count"])
    slope, low, high = prime[i], prime.min(), prime.max()
    for kink in data["kinks"]:  # a gap where g′ jumps
        prime[np.isclose(z, kink["z"])] = np.nan
    title = f"{_summary(data)}\n{_parting(data, a)}" if rival else _summary(data)
    fig, ax = figure(height=3.5 if rival else 3.2, xlabel="pre-activation z", title=title)
    ax.set_ylim(data["view"]["bottom"], data["view"]["top"])
    curve(ax, z, g, "g(z)", VALUE, at=z[-1])
    ax.plot(z[i], g[i], **POINT)
    alt = f"{_summary(data)}. From z = {z[0]:g} to {z[-1]:g}, g goes from {g[0]:.3g} to {g[-1]:.3g}"
    if not data["predict"]:  # else the slope is what is asked for
        curve(ax, z, prime, "g′(z)", PRIME, at=z[-1])
        ax.axline((z[i], g[i]), slope=slope, **GUIDE | {"color": "black"})
        alt += f" and its slope g′ stays between {low:.3g} and {high:.3g}"
        if rival:
            _draw_rival(ax, z, g, rival, a)
            alt += f". {_parting(data, a)}"
        if data["subgradient"]:
            alt += f". {_draw_line(ax, z, data, a)}"
    return picture(fig, alt=f"{alt}.".replace("-", "−"))


def _draw_rival(ax, z, g, rival, a):
    """Draw the rival's curve, hatched where it is not g."""
    other = _unpacked(rival["values"][a]) if rival["runs"][a] else g
    ax.fill_between(z, g, other, facecolor="#EFEFEF", edgecolor="#8A8A8A", hatch="//", zorder=0.5)
    inner = slice(len(z) // 5, -len(z) // 5)
    k = inner.start + int(np.argmax(np.abs(other - g)[inner])) if rival["runs"][a] else inner.stop
    _draw_named(ax, z, other, rival["name"], RIVAL, k, above=other[k] >= g[k])


def _draw_line(ax, z, data, a):
    """Draw the line of the chosen slope through the kink; return a sentence about it."""
    m, line = data["subgradient"]["start"], _line(data["subgradient"], *data["kinks"], a, z)
    _draw_named(ax, z, line, f"m = {_short(m)}", CHOSEN, len(z) // 4, above=False)
    return f"The dotted line through the kink has the slope m = {_short(m)}"


def _draw_named(ax, z, row, name, style, k, *, above):
    """Draw a curve with its name beside place k, on the side where the curve is not."""
    ax.plot(z, row, **style)
    rise = row[k] - row[k - 1]
    left = (rise > 0) == above if rise else k < len(z) // 2
    ax.annotate(
        name,
        (z[k], row[k]),
        xytext=(-6 if left else 6, 10 if above else -10),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        color=style["color"],
        fontsize=13,
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )


def _slider(grid, locked):
    return ipywidgets.FloatSlider(
        value=grid["start"],
        min=grid["low"],
        max=grid["low"] + grid["step"] * (grid["count"] - 1),
        step=grid["step"],
        description=grid["symbol"],
        readout_format=f".{grid['digits']}f",
        disabled=locked,
        layout={"max_width": "none"},
    )
