"""Sliders for pictures that Python draws: more than an explorer can show.

An explorer (``helpers.explorer``) is a table of all it can show. A panel is the other way: Python
draws anew whenever a slider moves, which is slower but knows no bounds. When a lesson is stored for
readers (the environment has ``COURSE_STORE``), all its pictures are stored with it, as far as they
find room (``frames``); else it is the picture of the start.
"""

import asyncio
import html
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Integral, Real
from time import monotonic
from typing import Any

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import traitlets
from matplotlib.figure import Figure

from helpers.explorer.figures import picture
from helpers.explorer.frames import frames
from helpers.explorer.joining import FOLDER, script
from helpers.language import gettext, type_error, value_error

STILL = "The sliders move when the notebook is run."
LONGEST_WAIT = 0.2  # seconds

Draw = Callable[..., tuple[Figure, str]]


@dataclass(frozen=True)
class Slider:
    """A slider from ``low`` to ``high``; with whole numbers alone, ``draw`` gets whole numbers.

    Parameters
    ----------
    low, high, step, start : int or float
        The ends, the step, and where it starts.
    name : str, optional
        What stands beside it; the name of the argument if not given.

    Examples
    --------
    >>> Slider(0, 1, 0.05, 0.5, "dropout p").whole, Slider(1, 50, 1, 10).whole
    (False, True)
    """

    low: float
    high: float
    step: float
    start: float
    name: str | None = None

    def __post_init__(self) -> None:
        numbers = self.low, self.high, self.step, self.start
        if not all(isinstance(v, Real) and not isinstance(v, bool) for v in numbers):
            raise type_error("Slider: expected four numbers, got {numbers}", numbers=numbers)
        low, high, step, start = numbers
        if not (all(map(isfinite, numbers)) and low <= start <= high and low < high and step > 0):
            raise value_error(
                "Slider: expected low < high, a step above 0 and a start between, got {numbers}",
                numbers=numbers,
            )

    @property
    def whole(self) -> bool:
        """Whether all its numbers are whole."""
        return all(isinstance(v, Integral) for v in (self.low, self.high, self.step, self.start))

    @property
    def decimals(self) -> int:
        """How many decimals its values have."""
        return len(f"{self.step:.10f}".rstrip("0").split(".")[1])

    def stops(self, every: int) -> list[float]:
        """Return its values, ``every`` so many steps from where it starts.

        >>> Slider(0, 1, 0.25, 0.5).stops(1), Slider(1, 9, 1, 3).stops(4)
        ([0.0, 0.25, 0.5, 0.75, 1.0], [3, 7])
        """
        width = every * self.step
        first = -int((self.start - self.low) / width + 1e-9)
        last = int((self.high - self.start) / width + 1e-9)
        found = (round(self.start + k * width, 10) for k in range(first, last + 1))
        return [int(value) if self.whole else float(value) for value in found]

    def data(self, name: str, values: Sequence[float]) -> dict[str, Any]:
        """Return the slider for the browser, as plain JSON."""
        grid = {"low": values[0], "step": round(values[1] - values[0], 10), "count": len(values)}
        words = self.name or name
        digits = 0 if self.whole else self.decimals
        return {**grid, "start": self.start, "digits": digits, "symbol": words, "name": words}

    def widget(self, name: str) -> ipywidgets.Widget:
        """Return the ipywidgets slider."""
        kind = ipywidgets.IntSlider if self.whole else ipywidgets.FloatSlider
        return kind(
            value=self.start,
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.name or name,
            readout_format="d" if self.whole else f".{self.decimals}f",
        )

    def value(self, widget: ipywidgets.Widget) -> float:
        """Return where the slider stands, without the rounding errors of its steps."""
        return widget.value if self.whole else round(widget.value, 10)


@dataclass(frozen=True)
class Menu:
    """A menu of ``options``; it starts with the first.

    Parameters
    ----------
    options : sequence of str
        At least two.
    name : str, optional
        What stands beside it; the name of the argument if not given.

    Examples
    --------
    >>> Menu(["relu", "tanh"], "activation").options
    ('relu', 'tanh')
    """

    options: Sequence[str]
    name: str | None = None

    def __post_init__(self) -> None:
        options = () if isinstance(self.options, str) else tuple(self.options)
        if len(set(options)) < 2 or not all(isinstance(option, str) for option in options):
            raise value_error(
                "Menu: expected at least two different texts, got {options!r}",
                options=self.options,
            )
        object.__setattr__(self, "options", options)

    def stops(self, every: int) -> Sequence[str]:
        """Return its options."""
        return self.options

    def data(self, name: str, values: Sequence[str]) -> dict[str, Any]:
        """Return the menu for the browser, as plain JSON."""
        return {"options": list(values), "name": self.name or name}

    def widget(self, name: str) -> ipywidgets.Widget:
        """Return the ipywidgets menu."""
        return ipywidgets.Dropdown(options=self.options, description=self.name or name)

    def value(self, widget: ipywidgets.Widget) -> str:
        """Return the option that is chosen."""
        return widget.value


class _Drawn(anywidget.AnyWidget):
    """The picture of a live panel; it also names the handles of the sliders beside it."""

    @property
    def _esm(self) -> str:
        return f"{script('panel.js')}export default {{ render }};\n"

    _css = FOLDER / "panel.css"
    html = traitlets.Unicode().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)


class Panel(ipywidgets.VBox):
    """A live panel; made by `panel`.

    ``controls`` are its sliders and menus by name, ``alt`` is what its picture states, and
    ``failure`` the exception that ``draw`` raised instead of the last picture, or ``None``.
    """

    def __init__(self, draw: Draw, knobs: Mapping[str, Slider | Menu]) -> None:
        self._due, self._wait = False, 0.0
        self.draw, self.knobs, self._loop = draw, knobs, _running_loop()
        self.controls = {name: knob.widget(name) for name, knob in knobs.items()}
        longest = max(len(widget.description) for widget in self.controls.values())
        for widget in self.controls.values():
            widget.layout.width = "auto"
            widget.style.description_width = f"{min(longest * 0.55 + 1, 14):.1f}em"
            widget.observe(self._moved, "value")
        handles = [w.description for w in self.controls.values() if hasattr(w, "readout")]
        self.picture = _Drawn(names=handles)
        super().__init__([*self.controls.values(), self.picture])
        self.add_class("activation-panel")
        self._redraw()

    @property
    def values(self) -> dict[str, float | str]:
        """What ``draw`` is called with now."""
        return {name: knob.value(self.controls[name]) for name, knob in self.knobs.items()}

    def _moved(self, _: object) -> None:
        """Draw once for all the moves that queued up; at once where there is no event loop.

        They are waited for a quarter of the time that the last picture took. JupyterLab reports
        them in several threads, but pyplot knows one alone: that of the cell.
        """
        if self._loop is None:
            self._redraw()
        elif not self._due:
            self._due = True
            self._loop.call_soon_threadsafe(self._loop.call_later, self._wait, self._redraw)

    def _redraw(self) -> None:
        self._due, start = False, monotonic()
        values, before = self.values, set(plt.get_fignums())
        try:
            fig, self.alt = _drawn(self.draw(**values))
            self.failure, self.picture.html = None, picture(fig, alt=self.alt, lines=False)
        except Exception as error:
            given = ", ".join(f"{name} = {value}" for name, value in values.items())
            self.failure = error
            self.alt = gettext(
                "No picture for {given}: {name}: {error}",
                given=given,
                name=type(error).__name__,
                error=error,
            )
            self.picture.html = f"<p>{html.escape(self.alt)}</p>"
        for number in set(plt.get_fignums()) - before:  # else they would show below the cell
            plt.close(number)
        self._wait = min((monotonic() - start) / 4, LONGEST_WAIT)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        live = super()._repr_mimebundle_(**options) or {}
        return {**live, "text/html": self._stored(), "text/plain": self.alt}

    def _stored(self) -> str:
        """Return the picture of the start, and all others where they are stored for readers."""
        found = frames(self.draw, self.knobs) if os.environ.get("COURSE_STORE") else None
        places, drawn = found or ({name: k.stops(1) for name, k in self.knobs.items()}, "")
        knobs = (
            [knob.data(name, places[name]) for name, knob in self.knobs.items()] if found else []
        )
        host = f"{script('stage.js')}mountPanel(document.currentScript.parentNode);\n"
        data = json.dumps(knobs, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<div class="activation-panel">{self.picture.html}<p>{gettext(STILL)}</p>'
            f'<script type="application/json" data-frames="{drawn}">{data}</script>\n'
            f"<script>(() => {{\n{host}}})();</script></div>"
        )


def panel(draw: Draw, /, **knobs: Slider | Menu) -> Panel:
    """Show what ``draw`` draws, with a slider or a menu for each of its arguments.

    Parameters
    ----------
    draw : callable
        ``draw(**values)`` returns ``(fig, alt)``: a figure of ``helpers.explorer`` and its alt
        text. Where it raises, a sentence stands in the picture's place.
    **knobs : Slider or Menu
        The arguments of ``draw``, by name.

    Raises
    ------
    TypeError
        If ``draw`` is no function, or an argument is neither a `Slider` nor a `Menu`.
    ValueError
        If there is nothing to move.

    Examples
    --------
    >>> from helpers.explorer import figure
    >>> def draw(n):
    ...     fig, ax = figure()
    ...     ax.plot(range(n))
    ...     return fig, f"A line through {n} points."
    >>> shown = panel(draw, n=Slider(2, 9, 1, 3, "points n"))
    >>> shown.controls["n"].value = 5
    >>> shown.alt
    'A line through 5 points.'
    """
    if not callable(draw):
        raise type_error("draw: expected a function, got {draw!r}", draw=draw)
    for name, knob in knobs.items():
        if not isinstance(knob, Slider | Menu):
            raise type_error(
                "{name}: expected a Slider or a Menu, got {knob!r}", name=name, knob=knob
            )
    if not knobs:
        raise value_error("panel: expected at least one Slider or Menu, got none")
    return Panel(draw, knobs)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of the kernel, or None where there is none, as in a test."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _drawn(result: object) -> tuple[Figure, str]:
    """Return ``(fig, alt)``, which is what `draw` should have returned."""
    match result:
        case (Figure() as fig, str(alt)):
            return fig, alt
    raise type_error(
        "expected draw to return a figure and its alt text, got {result!r}", result=result
    )
