"""Sliders for z and for an activation's parameter: see g, g′, the tangent and the numbers move.

Python knows, the browser draws: the tested kernels are sampled on the sliders' own grid, the
tables travel with the picture, and ``explorer.js`` looks them up. So an explorer moves without a
kernel, in JupyterLab, in the web book, in slides and in an HTML file on a memory stick.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets

from helpers.activations import ACTIVATIONS, Activation
from helpers.figures import GUIDE, POINT, PRIME, VALUE, curve, figure, picture
from helpers.mathml import mathml

__all__ = ["Explorer", "Prediction", "explore"]

Z_STEP = 0.05
LIMIT = 300_000  # bytes of the stored form: tables, script and picture together
LICENCE = "Derivatives of activation functions, BSD-3-Clause"
SCRIPT = Path(__file__).with_name("explorer.js")


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
        if isinstance(self.choices, str) or len(set(self.answers)) < 2:
            raise ValueError(
                f"choices: expected at least two different answers, got {self.choices!r}"
            )

    @property
    def answers(self):
        """The texts to choose from, in order."""
        return tuple(self.choices)

    def data(self, z):
        """Return the question for the browser, the ghosts sampled on the grid ``z``."""
        ghosts = dict(self.choices) if isinstance(self.choices, Mapping) else {}
        drawn = [ghosts.get(answer) for answer in self.answers]
        return {
            "question": self.question,
            "choices": list(self.answers),
            "ghosts": [_packed(_samples(g, z, "choices")) if callable(g) else g for g in drawn],
        }


class _Picture(anywidget.AnyWidget):
    """The part of a live explorer that explorer.js draws."""

    _esm = SCRIPT
    _css = """.activation-explorer { background: #fff; max-width: 950px; padding: 8px 2px;
        border: 1px solid #ddd; border-radius: 8px; color-scheme: light; overflow: hidden;
        --jp-widgets-label-color: #1a1a1a; --jp-widgets-readout-color: #1a1a1a;
        --jp-ui-font-color1: #1a1a1a; --jp-layout-color1: #fff; }
        .activation-explorer .widget-hslider { width: calc(var(--plot, 640px) + 22px) !important; }
        .activation-explorer .widget-label { font-style: italic; text-align: left;
        width: calc(var(--plot, 640px) * 0.072) !important; margin: 0 0 0 12px; }
        .activation-explorer .slider-container { margin: 0; max-width: none; flex: none;
        width: calc(var(--plot, 640px) * 0.8406) !important; }
        .activation-explorer .widget-readout { min-width: 0; width: 5em; text-align: left;
        margin-left: 8px; font-variant-numeric: tabular-nums; }
        .activation-explorer .noUi-target { border: 0; background: #ddd; }
        .activation-explorer .noUi-target:not([disabled]) .noUi-handle {
        background: #0072b2 !important; border-color: #0072b2 !important; }
        .activation-explorer .noUi-handle:focus-visible { outline: 3px solid #0072b2;
        outline-offset: 2px; }"""
    data = traitlets.Dict().tag(sync=True)
    z = traitlets.Float().tag(sync=True)
    parameter = traitlets.Float().tag(sync=True)
    locked = traitlets.Bool().tag(sync=True)
    prediction = traitlets.Unicode().tag(sync=True)


class Explorer(ipywidgets.VBox):
    """A live explorer; made by `explore`.

    ``z`` and ``parameter`` are its sliders (``parameter`` is ``None`` where there is none) and
    ``prediction`` the answer that was chosen, empty until then and open to ``observe``.
    """

    prediction = traitlets.Unicode()

    def __init__(self, data):
        self.data = data
        grids = {name: data[name] for name in ("z", "parameter") if data[name]}
        locked = data["predict"] is not None
        start = {name: grid["start"] for name, grid in grids.items()}
        sliders = {name: _slider(grid, locked) for name, grid in grids.items()}
        self.z, self.parameter = sliders["z"], sliders.get("parameter")
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


def explore(activation, *, z=0.0, z_range=(-8, 8), parameter=None, tasks=(), predict=None):
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
        A task card, shown as a numbered list beside the picture.
    predict : Prediction, optional
        A question to be answered first; until then the sliders are locked and g′ is hidden.

    Raises
    ------
    TypeError
        If ``activation`` is neither a name nor an ``Activation``.
    ValueError
        If the name is unknown, a start lies outside its range, a kernel gives values that are
        not finite or of the wrong shape, or the stored form would exceed 300 kB.

    >>> explorer = explore("sigmoid", z=1)
    >>> explorer.z.value, explorer.z.min, explorer.z.max
    (1.0, -8.0, 8.0)
    """
    if not isinstance(predict, Prediction | None):
        raise TypeError(f"predict: expected a Prediction, got {type(predict).__name__}")
    data = _data(*_named(activation), z, z_range, parameter, tasks, predict)
    size = len(_page(data).encode())
    if size > LIMIT:
        raise ValueError(
            f"explore: expected a stored form of at most {LIMIT // 1000} kB, got {size // 1000} kB;"
            " take a shorter z_range or a larger step of the parameter"
        )
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


def _data(name, activation, z, z_range, parameter, tasks, predict):
    """Return everything the browser needs, as plain JSON."""
    grid, zs = _grid("z_range", *z_range, Z_STEP)
    grid |= {"name": "pre-activation z", "symbol": "z", "start": _start("z", z, grid)}
    knob, settings = _knob(name, activation.parameter, parameter)

    def table(kernel, points=zs):
        return [_samples(kernel, points, name, *setting) for setting in settings]

    g, prime = table(activation.value), table(activation.prime)
    opening = _nearest(knob["start"], knob) if knob else 0
    return {
        "title": name.replace("_", " "),
        "equation": _equation(activation),
        "z": grid,
        "parameter": knob,
        "g": [_packed(row) for row in g],
        "prime": [_packed(row) for row in prime],
        "kinks": [_kink(k, activation, table) for k in activation.kinks if zs[0] < k < zs[-1]],
        "view": _view(zs, np.array([*g, *prime]), np.array([g[opening], prime[opening]])),
        "tasks": [tasks] if isinstance(tasks, str) else list(tasks),
        "predict": predict and predict.data(zs),
    }


def _equation(activation):
    if activation.latex:
        return mathml(f"g(z) = {activation.latex}")
    return html.escape(f"g(z) = {activation.expression}") if activation.expression else ""


def _knob(name, known, start):
    """Return the parameter's grid, or None, and the settings to be sampled, as arguments."""
    if known is None:
        if start is not None:
            raise ValueError(f"parameter: {name} has none, got {start!r}")
        return None, [()]
    grid, values = _grid(known.name, known.low, known.high, known.step)
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


def _grid(name, low, high, step):
    """Return a slider's grid as ``({low, step, count, digits}, points)``."""
    if not low < high:
        raise ValueError(f"{name}: expected the low end first, got {low}, {high}")
    count = round((high - low) / step) + 1 if np.all(np.isfinite([low, high])) else 0
    if count < 2 or not np.isclose(low + step * (count - 1), high):
        raise ValueError(
            f"{name}: expected two ends a whole number of steps of {step} apart, got {low}, {high}"
        )
    digits = len(f"{step:.10f}".rstrip("0").split(".")[1])
    points = np.round(low + step * np.arange(count), 9)
    return {"low": float(low), "step": float(step), "count": count, "digits": digits}, points


def _nearest(value, grid):
    return round((value - grid["low"]) / grid["step"])


def _start(name, value, grid):
    """Return the place on the grid nearest to ``value``: a slider can stand nowhere else."""
    low, high = grid["low"], grid["low"] + grid["step"] * (grid["count"] - 1)
    if not low <= value <= high:
        raise ValueError(f"{name}: expected a number from {low:g} to {high:g}, got {value}")
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


def _rounded(values):
    """Return the numbers with 6 significant digits, and no negative zero."""
    return [float(f"{v:.6g}") + 0.0 for v in values]


def _packed(values):
    """Write a row as text; ``~n`` stands for n numbers on a straight line, which are left out.

    >>> _packed(np.array([0, 0, 0, 0, 0, 0.5, 0.25]))
    '0 ~3 0 .5 .25'
    """
    row, words, i = _rounded(values), [], 0
    straight = np.isclose(np.diff(values, 2), 0, rtol=0, atol=1e-12 * np.abs(values).max())
    straight |= np.diff(row, 2) == 0
    while i < len(row):
        words.append(
            re.sub(r"^(-?)0\.|e-0", lambda m: "e-" if m[1] is None else f"{m[1]}.", f"{row[i]:.6g}")
        )
        n = int(np.argmin([*straight[i:], False]))
        if n > 2 and _rounded(np.linspace(row[i], row[i + n + 1], n + 2)) == row[i : i + n + 2]:
            words.append(f"~{n}")
            i += n
        i += 1
    return " ".join(words)


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

    The axis holds all the slider can bring, but at most half as much again, above and below, as
    the picture it opens with: else a steep leak would flatten everything.
    """
    low, high = min(0.0, opening.min()), max(0.0, opening.max())
    extra = 0.5 * (high - low)
    low, high = max(everything.min(), low - extra), min(everything.max(), high + extra)
    low, high = min(0.0, low), max(0.0, high)
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
    slope = "" if data["predict"] else f" and g′ = {prime[i]:.4g}"
    return f"{data['title']}{given}: at z = {z:.4g}, g = {g[i]:.4g}{slope}"


def _page(data):
    """Return the explorer as HTML that stands alone: a picture, the tables, the script."""
    tables = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
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
    z = data["z"]["low"] + data["z"]["step"] * np.arange(data["z"]["count"])
    slope, low, high = prime[i], prime.min(), prime.max()
    for kink in data["kinks"]:  # a gap where g′ jumps
        prime[np.isclose(z, kink["z"])] = np.nan
    fig, ax = figure(height=3.2, xlabel="pre-activation z", title=_summary(data))
    ax.set_ylim(data["view"]["bottom"], data["view"]["top"])
    curve(ax, z, g, "g(z)", VALUE, at=z[-1])
    ax.plot(z[i], g[i], **POINT)
    alt = f"{_summary(data)}. From z = {z[0]:g} to {z[-1]:g}, g goes from {g[0]:.3g} to {g[-1]:.3g}"
    if not data["predict"]:  # else the slope is what is asked for
        curve(ax, z, prime, "g′(z)", PRIME, at=z[-1])
        ax.axline((z[i], g[i]), slope=slope, **GUIDE | {"color": "black"})
        alt += f" and its slope g′ stays between {low:.3g} and {high:.3g}"
    return picture(fig, alt=f"{alt}.".replace("-", "−"))


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
