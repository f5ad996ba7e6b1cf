"""Softmax of three logits, as bars and as a point of a triangle, with a slider for temperature."""

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from helpers.activations import softmax
from helpers.derivation import mathml
from helpers.explorer.figures import GUIDE, POINT, PRIME, VALUE, figure, picture
from helpers.explorer.goals import Goal, tasks_of, written
from helpers.explorer.grids import Grid, short
from helpers.explorer.live import Drawn, Explorer, module
from helpers.explorer.packing import packed_rows
from helpers.explorer.predictions import Prediction
from helpers.language import gettext, value_error

QUANTITIES = ("z", "parameter", "smallest", "largest")  # in which tasks say where they are done
NAMES = ("A", "B", "C")
CORNERS = np.array([[0.5, np.sqrt(3) / 2], [0.0, 0.0], [1.0, 0.0]])  # of A, B and C
COLOURS = (VALUE["color"], PRIME["color"], "#0F7B6C")
EQUATION = r"p_i = \frac{e^{z_i/T}}{e^{z_A/T} + e^{z_B/T} + e^{z_C/T}}"


@dataclass(frozen=True)
class Simplex:
    """What travels with the picture: p for each place of the first logit, z, and of T."""

    z: Grid
    parameter: Grid
    logits: tuple[float, ...]
    tasks: Sequence[Goal]
    predict: Prediction | None

    def p(self) -> np.ndarray:
        """Return the probabilities: (class, temperature, place of z)."""
        logits = np.array(np.broadcast_arrays(self.z.places, *self.logits[1:]))
        return softmax(logits[:, None, :] / self.parameter.places[:, None], axis=0)

    def data(self) -> dict[str, Any]:
        """Return all of it for the browser, as plain JSON."""
        return {
            "title": gettext("Softmax of three logits"),
            "equation": mathml(EQUATION),
            "names": list(NAMES),
            "logits": list(self.logits),
            "z": asdict(self.z),
            "parameter": asdict(self.parameter),
            "p": [packed_rows(list(rows)) for rows in self.p()],
            **written(self.tasks),
            "predict": self.predict and self.predict.data(self.z.places),
        }


class _Card(Drawn):
    @property
    def _esm(self) -> str:
        return module("simplex.js")


class SoftmaxExplorer(Explorer):
    """A live explorer of softmax; made by `explore_softmax`."""

    card, widget = "simplex.js", _Card

    def summary(self) -> str:
        """Return the probabilities that it opens with, as a sentence."""
        tables, p = self._tables, self._p()[:, self._tables.parameter.opening]
        each = ", ".join(f"{name} {value:.4f}" for name, value in zip(NAMES, p, strict=True))
        logits = ", ".join(short(value) for value in tables.logits)
        return gettext(
            "softmax of {logits} at T = {start:g}: {each}",
            logits=logits,
            start=tables.parameter.start,
            each=each,
        )

    def _p(self) -> np.ndarray:
        """Return the probabilities at all temperatures: (class, temperature)."""
        return self._tables.p()[:, :, self._tables.z.opening]

    def still(self) -> str:
        """Return the picture for where no script runs; it gives no asked prediction away."""
        knob, p = self._tables.parameter, self._p()
        said, now = self.summary(), p[:, knob.opening]
        fig, (bars, plane) = figure(2, height=3.4)
        bars.bar_label(bars.bar(NAMES, now, color=COLOURS, width=0.65), fmt="%.4f", padding=2)
        logits = ", ".join(short(value) for value in self._tables.logits)
        bars.set(
            ylim=(0, 1.1),
            title=gettext("p for z = {logits} and T = {start:g}", logits=logits, start=knob.start),
        )
        plane.fill(*CORNERS.T, facecolor="#F7F7F7", edgecolor="#888888")
        for name, corner, colour in zip(NAMES, CORNERS, COLOURS, strict=True):
            plane.annotate(
                *(name, corner), xytext=9 * np.sign(corner - [0.5, 0.4]), color=colour,
                textcoords="offset points", ha="center", va="center", fontsize=13,
            )  # fmt: skip
        if not self._tables.predict:
            plane.plot(*(CORNERS.T @ p), **GUIDE | {"linestyle": "--", "zorder": 2})
        plane.plot(*(CORNERS.T @ now), **POINT)
        plane.set(aspect="equal", ymargin=0.15)
        plane.set_axis_off()
        return picture(fig, alt=f"{said}.".replace("-", "−"), lines=False)


def _three(logits: Sequence[float]) -> tuple[float, ...]:
    with contextlib.suppress(TypeError, ValueError):
        found = tuple(float(value) for value in logits)
        if len(found) == 3 and np.isfinite(found).all():
            return found
    raise value_error("logits: expected three finite numbers, got {logits!r}", logits=logits)


def explore_softmax(
    logits: Sequence[float] = (2.0, 1.0, 0.0),
    *,
    temperature: float = 1.0,
    tasks: Sequence[str | Goal] = (),
    predict: Prediction | None = None,
) -> SoftmaxExplorer:
    """Show softmax(z/T) of three logits, with sliders for the first of them and for T.

    The probabilities stand as bars and as one point of the triangle of all triples that add up
    to 1; the dashed path is the one from the lowest temperature to the highest.

    Parameters
    ----------
    logits : sequence of float
        Those of the classes A, B and C; the first from -4 to 4.
    temperature : float
        Where T starts, from 0.1 to 5.
    tasks : sequence of str or Goal
        A task card, shown as a numbered list below the picture; a `Goal` ticks itself off.
    predict : Prediction, optional
        A question to be answered first; until then the sliders are locked and the path is hidden.

    Raises
    ------
    ValueError
        If there are not three finite logits, or a start lies outside its slider's range.

    Examples
    --------
    >>> shown = explore_softmax([2.0, 1.0, 0.0], temperature=0.5)
    >>> print(shown.summary())
    softmax of 2, 1, 0 at T = 0.5: A 0.8668, B 0.1173, C 0.0159
    """
    found = _three(logits)
    z = Grid.between("logits", -4, 4, 0.1, name=gettext("logit z of A"), symbol="z(A)")
    hot = Grid.between("temperature", 0.1, 5, 0.1, name="temperature T", symbol="T")
    return SoftmaxExplorer(
        Simplex(
            z=z.starting("logits", found[0]),
            parameter=hot.starting("temperature", temperature),
            logits=found,
            tasks=tasks_of(tasks, QUANTITIES),
            predict=predict,
        )
    )
