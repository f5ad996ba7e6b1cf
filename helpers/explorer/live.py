"""Sliders for z and for an activation's parameter: see g, g′, the tangent and the numbers move.

Python knows, the browser draws: the tested kernels are sampled on the sliders' own grid, the
tables travel with the picture, and the script looks them up. So an explorer moves without a
kernel, in JupyterLab, in the web book, in slides and in an HTML file on a memory stick.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import anywidget
import ipywidgets
import traitlets

from helpers.activations import Activation, known_activation
from helpers.explorer.goals import Goal
from helpers.explorer.grids import Grid
from helpers.explorer.joining import FOLDER, script
from helpers.explorer.packing import check_size
from helpers.explorer.predictions import Prediction
from helpers.explorer.rivals import Rival
from helpers.explorer.stored import CARD, MOST_PICTURE, fallback, page, scripts, summary
from helpers.explorer.tables import tabulate
from helpers.language import type_error


def module(card: str) -> str:
    """Return what anywidget loads: the host in a notebook, with the card that it shows."""
    start = "export default { render: (host) => render(host, explorer) };"
    return f"{script('notebook.js', card)}{start}\n"


class Drawn(anywidget.AnyWidget):
    """The part of a live explorer that the script draws."""

    @property
    def _esm(self) -> str:
        return module(CARD)

    _css = FOLDER / "notebook.css"
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

    card, widget = CARD, Drawn  # what draws it, on a page and in a notebook

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self.data = tables.data()
        self._scripts = scripts(self.data, self.card)
        check_size(MOST_PICTURE + len(self._scripts.encode()))
        grids = {
            name: grid
            for name in ("z", "parameter", "subgradient")
            if (grid := getattr(tables, name, None)) is not None
        }
        locked = tables.predict is not None
        sliders = {name: _slider(grid, locked) for name, grid in grids.items()}
        self.z = sliders["z"]
        self.parameter, self.subgradient = sliders.get("parameter"), sliders.get("subgradient")
        start = {name: grid.start for name, grid in grids.items()}
        self.picture = self.widget(data=self.data, locked=locked, **start)
        for name, slider in sliders.items():  # linked in the browser: no kernel in between
            ipywidgets.jslink((slider, "value"), (self.picture, name))
            ipywidgets.jslink((self.picture, "locked"), (slider, "disabled"))
        traitlets.dlink((self.picture, "prediction"), (self, "prediction"))
        super().__init__([*sliders.values(), self.picture])
        self.add_class("activation-explorer")

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        return {**(super()._repr_mimebundle_(**options) or {}), **self._stored}

    @cached_property
    def _stored(self) -> dict[str, str]:
        """What is stored; its picture is drawn when it is first shown."""
        html = page(self.still(), self._scripts)
        return {"text/html": html, "text/plain": self.summary()}

    def still(self) -> str:
        """Return the picture for where no script runs, as HTML."""
        return fallback(self._tables, self.data["view"])

    def summary(self) -> str:
        """Return the numbers that it opens with, as a sentence."""
        return summary(self._tables)


def explore(
    activation: str | Activation | Callable,
    *,
    z: float = 0.0,
    z_range: tuple[float, float] = (-8, 8),
    parameter: float | None = None,
    tasks: Sequence[str | Goal] = (),
    predict: Prediction | None = None,
    rival: Rival | None = None,
    subgradient: bool = False,
) -> Explorer:
    """Show g, g′ and the tangent at z, with sliders for z and for the activation's parameter.

    Parameters
    ----------
    activation : str, Activation or kernel
        A name of ``ACTIVATIONS``, one of their kernels, or an activation of one's own.
    z : float
        Where the slider starts.
    z_range : (float, float)
        The ends of the z axis, a whole number of steps of 0.05 apart.
    parameter : float, optional
        Where the parameter's slider starts; the activation's default if not given.
    tasks : sequence of str or Goal
        A task card, shown as a numbered list below the picture. A `Goal` that says where it is
        done is ticked off when the sliders have rested there.
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
        If ``activation`` is neither a name, a kernel nor an ``Activation``, or another argument is
        of the wrong kind.
    ValueError
        If the name is unknown, a start lies outside its range, a slider would have more than
        2000 steps, a kernel gives values that are not finite or of the wrong shape, the given g′
        is not the slope of g (measured between the kinks), the stored form would exceed 300 kB, or
        there is not exactly one kink to choose a subgradient at.

    Examples
    --------
    >>> explorer = explore("sigmoid", z=1)
    >>> explorer.z.value, explorer.z.min, explorer.z.max
    (1.0, -8.0, 8.0)
    """
    if not isinstance(predict, Prediction | None):
        raise type_error("predict: expected a Prediction, got {name}", name=type(predict).__name__)
    if not isinstance(rival, Rival | None):
        raise type_error("rival: expected a Rival, got {name}", name=type(rival).__name__)
    if not isinstance(subgradient, bool):
        raise type_error(
            "subgradient: expected True or False, got {subgradient!r}", subgradient=subgradient
        )
    name, known = known_activation(activation)
    tables = tabulate(
        *(name, known),
        z=z,
        z_range=z_range,
        parameter=parameter,
        tasks=tasks,
        predict=predict,
        rival=rival,
        subgradient=subgradient,
    )
    return Explorer(tables)


def _slider(grid: Grid, locked: bool) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=grid.start,
        min=grid.low,
        max=grid.high,
        step=grid.step,
        description=grid.symbol,
        readout_format=f".{grid.digits}f",
        disabled=locked,
        layout={"max_width": "none"},
    )
