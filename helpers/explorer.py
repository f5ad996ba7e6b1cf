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

__all__ = ["Explorer", "Prediction", "explore"]

Z_STEP = 0.05
LIMIT = 300_000  # bytes of the stored form: tables, script and picture together
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

    def ghosts(self, z):
        """What is drawn for each answer, on the grid ``z``: a number, a list or ``None``."""
        if not isinstance(self.choices, Mapping):
            return [None] * len(self.answers)
        return [
            _packed(_samples(ghost, z, text)) if callable(ghost) else ghost
            for text, ghost in self.choices.items()
        ]


class _Picture(anywidget.AnyWidget):
    """The part of a live explorer that explorer.js draws."""

    _esm = SCRIPT
    _css = """.activation-explorer { background: #fff; max-width: 980px; padding: 8px 6px;
        border: 1px solid #ddd; border-radius: 8px; color-scheme: light;
        --jp-widgets-label-color: #1a1a1a; --jp-widgets-readout-color: #1a1a1a;
        --jp-widgets-slider-handle-background-color: #fff; --jp-layout-color1: #fff;
        --jp-widgets-slider-active-handle-color: #0072b2; --jp-ui-font-color1: #1a1a1a; }
        .activation-explorer .noUi-handle:focus-visible { outline: 3px solid #0072b2; }"""
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
        start, locked = data["start"], data["predict"] is not None
        self.z = _slider("z", data["z"], start["z"], locked)
        self.parameter = None
        if grid := data["parameter"]:
            self.parameter = _slider(grid["symbol"], grid, start["parameter"], locked)
        sliders = {"z": self.z, "parameter": self.parameter}
        sliders = {name: slider for name, slider in sliders.items() if slider is not None}
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
    start, knob, settings = {"z": _inside("z", z, *z_range)}, None, [()]
    if p := activation.parameter:
        knob, values = _grid(p.name, p.low, p.high, p.step)
        knob |= {"symbol": p.symbol, "name": p.name.replace("_", " ")}
        first = p.default if parameter is None else parameter
        start["parameter"] = _inside("parameter", first, p.low, p.high)
        settings = [(float(v),) for v in values]
    elif parameter is not None:
        raise ValueError(f"parameter: {name} has none, got {parameter!r}")

    def table(kernel, points=zs):
        return [_samples(kernel, points, name, *setting) for setting in settings]

    g, prime = table(activation.value), table(activation.prime)

    data = {
        "title": name.replace("_", " "),
        "equation": _equation(activation),
        "z": grid,
        "parameter": knob,
        "start": start,
        "g": [_packed(row) for row in g],
        "prime": [_packed(row) for row in prime],
        "kinks": [
            {"z": float(kink)}
            | {
                side: [_rounded(row)[0] for row in table(activation.prime, np.array([point]))]
                for side, point in (
                    ("left", np.nextafter(kink, -np.inf)),
                    ("at", float(kink)),
                    ("right", np.nextafter(kink, np.inf)),
                )
            }
            for kink in activation.kinks
            if z_range[0] < kink < z_range[1]
        ],
        "tasks": [tasks] if isinstance(tasks, str) else list(tasks),
        "predict": predict
        and {
            "question": predict.question,
            "choices": list(predict.answers),
            "ghosts": predict.ghosts(zs),
        },
    }
    _, a = _start(data)
    return data | {"view": _view(zs, np.array([*g, *prime]), np.array([g[a], prime[a]]))}


def _grid(name, low, high, step):
    """Return a slider's grid as ``({low, step, count, digits}, points)``."""
    count = round((high - low) / step) + 1 if np.all(np.isfinite([low, high])) else 0
    if count < 2 or not np.isclose(low + step * (count - 1), high):
        raise ValueError(
            f"{name}: expected two ends a whole number of steps of {step} apart, got {low}, {high}"
        )
    digits = max(1, len(f"{step:.10f}".rstrip("0").split(".")[1]))
    points = np.round(low + step * np.arange(count), 10)
    return {"low": float(low), "step": float(step), "count": count, "digits": digits}, points


def _inside(name, value, low, high):
    if not low <= value <= high:
        raise ValueError(f"{name}: expected a number from {low} to {high}, got {value}")
    return float(value)


def _samples(kernel, points, name, *setting):
    values = np.asarray(kernel(points, *setting), dtype=float)
    if values.shape != points.shape:
        raise ValueError(f"{name}: expected {points.size} values, got the shape {values.shape}")
    if not np.all(np.isfinite(values)):
        where = points[~np.isfinite(values)][0]
        raise ValueError(f"{name}: expected finite values, got another at z = {where:g}")
    return values


def _rounded(values):
    """Return the numbers with 6 significant digits, and no negative zero."""
    return [float(f"{v:.6g}") + 0.0 for v in values]


def _packed(values):
    """Round a row; a run of n numbers that lie on a straight line is left out, noted as [n]."""
    row, packed = _rounded(values), []
    straight = np.abs(np.diff(values, 2)) < 1e-12 * np.abs(values).max(initial=1.0)
    i = 0
    while i < len(row):
        packed.append(row[i])
        n = int(np.argmin(np.append(straight[i:], False)))
        if n > 3 and _rounded(np.linspace(row[i], row[i + n + 1], n + 2)) == row[i : i + n + 2]:
            packed.append([n])
            i += n
        i += 1
    return packed


def _unpacked(packed):
    """Return the row that `_packed` packed, as the browser reads it."""
    row = []
    for k, v in enumerate(packed):
        filling = isinstance(v, list)
        row += [*np.linspace(row[-1], packed[k + 1], v[0] + 2)[1:-1]] if filling else [v]
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
        "yticks": _ticks(*ends, 6),
    }


def _ticks(low, high, number):
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(number, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [round(float(v), 6) + 0.0 for v in places if low <= v <= high]


# --- the equation, which every browser sets without help ---------------------------------------

SYMBOLS = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "sigma": "σ", "pi": "π"},
    **{"Phi": "Φ", "phi": "φ"},
    **{"le": "≤", "ge": "≥", "lt": "<", "gt": ">", "ne": "≠", "cdot": "·", "times": "×"},
    **{"mid": "|", "lvert": "|", "rvert": "|", "infty": "∞", "quad": "\u2003", ",": "\u2009"},
}
FUNCTIONS = {"exp", "ln", "log", "sinh", "cosh", "tanh", "sech", "erf", "max", "min"}
TOKENS = re.compile(r"\\begin\{cases\}|\\end\{cases\}|\\[A-Za-z]+|\\.|\d+\.?\d*|\S")


def _equation(activation):
    if activation.latex:
        return f"<math><mrow>{_mathml('g(z) = ' + activation.latex)}</mrow></math>"
    return html.escape(f"g(z) = {activation.expression}") if activation.expression else ""


def _mathml(latex):
    r"""Translate the LaTeX of an activation to MathML.

    >>> _mathml(r"\frac{1}{z^2}")
    '<mfrac><mrow><mn>1</mn></mrow><mrow><msup><mi>z</mi><mn>2</mn></msup></mrow></mfrac>'
    """
    tokens = TOKENS.findall(latex)[::-1]
    return _row(tokens, None)


def _row(tokens, end):
    """Translate up to the token ``end``."""
    nodes = []
    while tokens and tokens[-1] != end:
        if tokens[-1] in ("^", "_"):
            kind = {"^": "msup", "_": "msub"}[tokens.pop()]
            nodes.append(f"<{kind}>{nodes.pop()}{_atom(tokens)}</{kind}>")
        else:
            nodes.append(_atom(tokens))
    if end is not None:
        tokens.pop()
    return "".join(nodes)


def _atom(tokens):
    token = tokens.pop()
    word = token.removeprefix("\\")
    if token == "{":
        return f"<mrow>{_row(tokens, '}')}</mrow>"
    if token == r"\frac":
        return f"<mfrac>{_atom(tokens)}{_atom(tokens)}</mfrac>"
    if token == r"\sqrt":
        return f"<msqrt>{_atom(tokens)}</msqrt>"
    if token in (r"\left", r"\right"):
        return _atom(tokens)
    if token == r"\begin{cases}":
        return _cases(tokens)
    if token == r"\operatorname":
        tokens.pop()
        word = "".join(iter(tokens.pop, "}"))
    if word in FUNCTIONS or token == r"\operatorname":
        space = "" if tokens and tokens[-1] == "(" else '<mspace width="0.17em"/>'
        return f"<mi>{word}</mi>{space}"
    if token[0] == "\\" and word not in SYMBOLS:
        raise ValueError(f"latex: {token} is not understood; there are {', '.join(SYMBOLS)}")
    text = html.escape(SYMBOLS.get(word, word) if token[0] == "\\" else token.replace("-", "−"))
    kind = "mn" if text[0].isdigit() else "mi" if text.isalpha() else "mo"
    return f"<{kind}>{text}</{kind}>"


def _cases(tokens):
    body = []
    while tokens[-1] != r"\end{cases}":
        body.append(tokens.pop())
    tokens.pop()
    lines, cell = [[]], []
    for token in [*body, r"\\"]:
        if token in ("&", r"\\"):
            lines[-1].append(f"<mtd>{_row(cell[::-1], None)}</mtd>")
            cell = []
            if token != "&":
                lines.append([])
        else:
            cell.append(token)
    rows = "".join(f"<mtr>{''.join(line)}</mtr>" for line in lines[:-1])
    return f'<mrow><mo stretchy="true">{{</mo><mtable>{rows}</mtable></mrow>'


# --- the forms that are stored ----------------------------------------------------------------


def _start(data):
    """Return ``(z index, parameter index)`` at which the explorer opens."""
    grid, knob, start = data["z"], data["parameter"], data["start"]
    a = round((start["parameter"] - knob["low"]) / knob["step"]) if knob else 0
    return round((start["z"] - grid["low"]) / grid["step"]), a


def _summary(data):
    i, a = _start(data)
    z = data["z"]["low"] + i * data["z"]["step"]
    knob = data["parameter"]
    given = f", {knob['symbol']} = {data['start']['parameter']:g}" if knob else ""
    g, prime = (_unpacked(data[key][a])[i] for key in ("g", "prime"))
    return f"{data['title']}{given}: at z = {z:.4g}, g = {g:.4g} and g′ = {prime:.4g}"


def _page(data):
    """Return the explorer as HTML that stands alone: a picture, the tables, the script."""
    tables = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    module = SCRIPT.read_text(encoding="utf-8")
    script = re.sub(
        r"^export default .*$", "mount(document.currentScript.parentNode);", module, flags=re.M
    )
    return (
        f'<div class="activation-explorer">{_fallback(data)}\n'
        f'<script type="application/json">{tables}</script>\n'
        f"<script>(() => {{\n{script}}})();</script></div>"
    )


def _fallback(data):
    """Return the picture for where scripts can't run."""
    i, a = _start(data)
    z = data["z"]["low"] + data["z"]["step"] * np.arange(data["z"]["count"])
    g, prime = _unpacked(data["g"][a]), _unpacked(data["prime"][a])
    slope, low, high = prime[i], prime.min(), prime.max()
    for kink in data["kinks"]:  # nan breaks the line
        at = np.searchsorted(z, kink["z"] - 1e-9)
        prime[at] = np.nan if kink["left"][a] != kink["right"][a] else prime[at]
    limits = data["view"]["bottom"], data["view"]["top"]
    fig, ax = figure(xlabel="pre-activation z", ylim=limits, title=_summary(data))
    curve(ax, z, g, "g(z)", VALUE, at=z[-1])
    curve(ax, z, prime, "g′(z)", PRIME, at=z[-1])
    ax.axline((z[i], g[i]), slope=slope, **GUIDE | {"color": "black", "zorder": 1})
    ax.plot(z[i], g[i], **POINT)
    ends = f"from {g[0]:.3g} at z = {z[0]:g} to {g[-1]:.3g} at z = {z[-1]:g}"
    return picture(
        fig,
        alt=f"{_summary(data)}. On the plotted range g goes {ends}"
        f" and its slope g′ stays between {low:.3g} and {high:.3g}.",
    )


def _slider(symbol, grid, value, locked):
    return ipywidgets.FloatSlider(
        value=value,
        min=grid["low"],
        max=grid["low"] + grid["step"] * (grid["count"] - 1),
        step=grid["step"],
        description=symbol,
        readout_format=f".{grid['digits']}f",
        disabled=locked,
        style={"description_width": "28px"},
        layout={"width": "100%", "max_width": "640px"},
    )
