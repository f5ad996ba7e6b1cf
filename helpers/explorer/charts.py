"""Charts of measured numbers: what a table says, to be seen from the last row.

One drawing language: each thing has its name beside it, one thing is marked, in vermilion and a
shape of its own, everything else is grey. The numbers themselves are a lesson's, as it prints them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import NullFormatter

from helpers.explorer.figures import GUIDE, PRIME, VALUE, figure
from helpers.language import type_error, value_error

QUIET, MARKED = "#6E6E6E", str(PRIME["color"])
DASHES = ("-", ":", "-.", (0, (6, 2)), (0, (1, 1)))
PAPERS = ("#EDEDED", "#0072B2", "#C04F00")
LARGE = 15  # letters, in points


def dot_plot(
    rows: Mapping[str, Any],
    *,
    mark: str | Collection[str] = (),
    xlabel: str = "",
    digits: str = ".2f",
    **properties: Any,
) -> Figure:
    """Draw a row for each number: its name, a dot where it lies, its error, the number itself.

    Parameters
    ----------
    rows
        Name → one number, or the numbers of several runs: each run is a small ring, the dot is
        their mean with its standard error s/√n; or what has a ``mean`` and a ``standard_error``,
        such as a paired difference.
    mark
        The name, or the names, to which the picture points.
    digits
        How the number is written behind its dot, as a format; "" for no number.
    **properties
        Those of ``matplotlib.axes.Axes.set``: ``xscale="log"``, ``xlim``, …

    Returns
    -------
    matplotlib.figure.Figure
        What is infinite or nan, or no larger than 0 on a logarithmic axis, has no dot: its number,
        where numbers are written, stands at the left end.

    Raises
    ------
    TypeError
        For rows without names.
    ValueError
        For a mark that is no row.

    Examples
    --------
    >>> fig = dot_plot({"sigmoid": [0.1, 0.1, 0.12], "tanh": [0.95, 0.96, 0.97]}, mark=["sigmoid"])
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['0.11', '0.96']
    """
    marked = _marked(mark, _named("rows", rows))
    properties = {"ylim": (len(rows) - 0.5, -0.5), "xlabel": xlabel, **properties}
    fig, ax = figure(height=min(4.1, 0.9 + 0.5 * len(rows)), **properties)
    ax.grid(axis="y", visible=False)
    ax.set_yticks(range(len(rows)), list(rows), fontsize=LARGE)
    ax.xaxis.label.set_fontsize(LARGE)
    ax.tick_params(left=False)
    for at, (name, given) in enumerate(rows.items()):
        _row(ax, at, given, name in marked, digits)
        if name in marked:
            ax.get_yticklabels()[at].set_color(MARKED)
    if "xlim" not in properties:
        ax.margins(x=0.16)
    if ax.get_xscale() == "log":
        ax.xaxis.set_minor_formatter(NullFormatter())
        low, high = ax.get_xlim()
        if high < 100 * low:  # two decades at least, or no two of their numbers are seen
            ax.set_xlim(low / 10, high * 10)
    if ax.get_xscale() == "linear" and ax.get_xlim()[0] < 0 < ax.get_xlim()[1]:
        ax.axvline(0, **GUIDE)
    return fig


def _named(what: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise type_error(
            "{what}: expected names with their numbers, as a dict, got {given!r}",
            what=what,
            given=given,
        )
    return given


def _marked(mark: str | Collection[str], drawn: Collection[str]) -> set[str]:
    """Return the names that are marked, each of them one that is drawn."""
    marked = {mark} if isinstance(mark, str) else {*mark}
    if missing := sorted(marked.difference(drawn)):
        raise value_error(
            "mark: expected names among {names}, got {missing}", names=[*drawn], missing=missing
        )
    return marked


def _row(ax: Axes, at: int, given: Any, marked: bool, digits: str) -> None:
    """Draw one row of `dot_plot`."""
    colour, shape = (MARKED, "D") if marked else (QUIET, "o")
    mean, error, runs = _summary(given)
    log = ax.get_xscale() == "log"
    text = _written(mean, digits) if digits else ""
    if not np.isfinite(mean) or (log and mean <= 0):
        ax.annotate(
            text, (0, at), (4, 0), ax.get_yaxis_transform(), "offset points",
            va="center", color=colour, fontsize=LARGE,
        )  # fmt: skip
        return
    ax.plot(
        runs, np.full(len(runs), at), "o", markersize=6, markerfacecolor="none", color="#B0B0B0"
    )
    ax.errorbar(mean, at, xerr=error or None, fmt=shape, color=colour, markersize=11, capsize=6)
    right = max([mean + error, *runs])
    ax.annotate(
        text, (right, at), (12, 0), "data", "offset points",
        va="center", color=colour, fontsize=LARGE, annotation_clip=False,
    )  # fmt: skip


def _written(number: float, digits: str) -> str:
    """Write a number with true minus signs and powers of ten.

    >>> _written(-1.5e-8, ".1e"), _written(0.0, ".1e"), _written(1.0, ".0e"), _written(-0.5, "+.1f")
    ('−1.5·10⁻⁸', '0', '1', '−0.5')
    """
    mantissa, _, power = f"{number:{digits}}".partition("e")
    if power and int(power):
        raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        mantissa = f"{mantissa}·10{raised}"
    return "0" if power and not number else mantissa.replace("-", "−")


def _summary(given: Any) -> tuple[float, float, npt.NDArray[np.float64]]:
    """Return mean, standard error and single runs of what `dot_plot` was given for a row."""
    if hasattr(given, "standard_error"):
        return given.mean, given.standard_error, np.array([])
    runs = np.atleast_1d(np.asarray(given, float))
    if len(runs) == 1:
        return float(runs[0]), 0.0, np.array([])
    return float(runs.mean()), float(_standard_error(runs)), runs


def _standard_error(runs: npt.NDArray[np.float64]) -> Any:
    """Return s/√n of the numbers along the last axis."""
    return runs.std(axis=-1, ddof=1) / np.sqrt(runs.shape[-1])


def lines(
    curves: Mapping[str, npt.ArrayLike],
    x: Sequence[float] | npt.ArrayLike | None = None,
    *,
    mark: str | Collection[str] = (),
    **properties: Any,
) -> Figure:
    """Draw one line for each name, its name at the line's right end.

    Parameters
    ----------
    curves
        Name → (n,) heights, or (n, runs), whose means are drawn with their standard errors. On a
        logarithmic axis what is 0 has no place: the line breaks off.
    x
        (n,) places; without, 1, 2, …, n.
    mark
        The name, or the names, to which the picture points; every other line is grey.
    **properties
        Those of ``matplotlib.axes.Axes.set``: ``yscale="log"``, ``xlabel``, …

    Raises
    ------
    TypeError
        For curves without names.
    ValueError
        For a mark that is no line.

    Examples
    --------
    >>> fig = lines({"depth 2": [1, 2, 4], "depth 8": [1, 0, 0]}, mark=["depth 8"], yscale="log")
    >>> sorted(text.get_text() for text in fig.axes[0].texts)
    ['depth 2', 'depth 8']
    """
    marked = _marked(mark, _named("curves", curves))
    fig, ax = figure(height=3.9, **properties)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(LARGE)
    plain, grey = {"color": QUIET, "linewidth": 2}, cycle(DASHES)
    ends = []
    for name, heights in curves.items():
        runs = np.array(heights, float)
        y = runs if runs.ndim == 1 else runs.mean(axis=1)
        y[~np.isfinite(y) | ((ax.get_yscale() == "log") & (y <= 0))] = np.nan
        places = np.arange(1.0, len(y) + 1) if x is None else np.asarray(x, float)
        style = PRIME if name in marked else plain | {"linestyle": next(grey)}
        few = {"marker": "D" if name in marked else "o", "markersize": 6} if len(y) < 13 else {}
        ax.plot(places, y, **style | few)
        if runs.ndim == 2:
            ax.errorbar(
                places, y, _standard_error(runs), fmt="none", color=style["color"], capsize=5
            )
        if np.isfinite(y).any():
            last = np.flatnonzero(np.isfinite(y))[-1]
            ends.append((y[last], places[last], name, style["color"]))
    _label_ends(ax, ends)
    return fig


def _label_ends(ax: Axes, ends: Iterable[tuple[float, float, str, Any]]) -> None:
    """Write each name at the end of its line; names of lines that meet stand above each other."""
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]  # places are known from now on
    taken: list[tuple[float, float]] = []
    for y, x, name, colour in sorted(ends, key=lambda end: end[0]):
        right, height = ax.transData.transform((x, y))
        while any(abs(height - other) < 26 and abs(right - at) < 90 for at, other in taken):
            height += 2
        taken.append((right, height))
        up = (height - ax.transData.transform((x, y))[1]) * 0.72  # points a pixel
        ax.annotate(
            name, (x, y), (9, up), "data", "offset points",
            va="center", color=colour, fontsize=LARGE, annotation_clip=False,
        )  # fmt: skip


def points(
    places: Mapping[str, tuple[float, float]],
    *,
    mark: str | Collection[str] = (),
    diagonal: bool = False,
    **properties: Any,
) -> Figure:
    """Draw a point for each name at its ``(x, y)``, the name where there is room beside it.

    Parameters
    ----------
    places
        Name → (x, y).
    mark
        The name, or the names, to which the picture points.
    diagonal
        Whether the line x = y is drawn.
    **properties
        Those of ``matplotlib.axes.Axes.set``.

    Raises
    ------
    ValueError
        For a mark that is no point.

    Examples
    --------
    >>> fig = points({"relu": (0.5, 0.5), "tanh": (0.39, 0.46)}, mark=["relu"], xlabel="E[g²]")
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['relu', 'tanh']
    """
    marked = _marked(mark, places)
    fig, ax = figure(height=3.9, **properties)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(LARGE)
    if diagonal:
        ax.axline((0, 0), slope=1, **GUIDE)
    styles = {name: (MARKED, "D") if name in marked else (QUIET, "o") for name in places}
    for name, (colour, shape) in styles.items():
        ax.plot(*places[name], shape, color=colour, markersize=10)
    for name, offset in _free_places(ax, places, diagonal).items():
        colour, far = styles[name][0], max(map(abs, offset)) > NEAR
        lead = {"arrowstyle": "-", "color": QUIET, "shrinkA": 0, "shrinkB": 6} if far else None
        ax.annotate(
            name, places[name], xytext=offset, textcoords="offset points", va="center",
            ha=("center", "left", "right")[int(np.sign(offset[0]))], color=colour,
            fontsize=LARGE, arrowprops=lead,
        )  # fmt: skip
    return fig


NEAR = 16  # points from a point to a name that needs no line to it


def _free_places(
    ax: Axes, places: Mapping[str, tuple[float, float]], diagonal: bool
) -> dict[str, tuple[float, float]]:
    """Return for each name where it covers no other, no point and no line, in points from its own.

    Where no place is free the name covers the line.
    """
    scale = 72 / ax.figure.dpi
    at = {name: ax.transData.transform(place) * scale for name, place in places.items()}
    taken = [np.array([*(p - 7), *(p + 7)]) for p in at.values()]
    low, high = ax.get_window_extent().get_points() * scale
    ways = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]
    found: dict[str, tuple[float, float]] = {}
    for name, p in at.items():
        size = np.array([0.62 * LARGE * len(name), 1.2 * LARGE])
        offsets = [(far * x, (far + 5 * (not x)) * y) for far in (11, 30, 48, 66) for x, y in ways]

        def box(offset: tuple[float, float], p: Any = p, size: Any = size) -> Any:
            left = p[0] + offset[0] - size[0] * (1 - np.sign(offset[0])) / 2
            below = p[1] + offset[1] - size[1] / 2
            return np.array([left, below, left + size[0], below + size[1]])

        def free(b: Any) -> bool:
            inside = (b[:2] > low).all() and (b[2:] < high).all()
            return inside and not any(
                (b[:2] < t[2:]).all() and (t[:2] < b[2:]).all() for t in taken
            )

        def beside(b: Any) -> bool:
            x, y = ax.transData.inverted().transform(np.reshape(b, (2, 2)) / scale).T
            return not diagonal or x[1] < y[0] or y[1] < x[0]

        fitting = [offset for offset in offsets if free(box(offset))]
        clear = [offset for offset in fitting if beside(box(offset))]
        found[name] = (clear or fitting or offsets)[0]
        taken.append(box(found[name]))
    return found


def tiles(
    codes: npt.ArrayLike,
    words: Mapping[int, str],
    *,
    numbers: npt.ArrayLike | None = None,
    **properties: Any,
) -> Figure:
    """Draw a grid of coloured tiles, such as a unit a row and an image a column.

    Parameters
    ----------
    codes
        (rows, columns) of the keys of ``words``.
    words
        Key → what it means, written above the grid on its colour; the first is the palest. There
        are three colours.
    numbers
        (rows, columns) that are written on the tiles.
    **properties
        Those of ``matplotlib.axes.Axes.set``: ``xlabel``, …

    Raises
    ------
    ValueError
        For a code without a word, or more words than colours.

    Examples
    --------
    >>> fig = tiles([[0, 1], [1, 1]], {0: "off", 1: "on"})
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['off', 'on']
    """
    if len(words) > len(PAPERS):
        raise value_error(
            "words: expected at most {most}, got {given}", most=len(PAPERS), given=len(words)
        )
    place = {key: at for at, key in enumerate(words)}
    given = np.asarray(codes)
    if unknown := sorted({*given.ravel().tolist()} - {*place}):
        raise value_error(
            "codes: expected {words}, got also {unknown}", words=[*words], unknown=unknown
        )
    fig, ax = figure(height=3.9, **properties)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(LARGE)
    kinds = np.reshape([place[code] for code in given.ravel().tolist()], given.shape)
    # as areas, which turn dark on a dark page with what stands on them; an image does not
    if numbers is None:
        for kind in np.unique(kinds):
            ax.add_patch(PathPatch(_cells(kinds == kind), facecolor=PAPERS[kind], linewidth=0))
    else:
        for (row, column), kind in np.ndenumerate(kinds):
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=PAPERS[kind]))
    ax.set(xlim=(-0.5, len(kinds[0]) - 0.5), ylim=(len(kinds) - 0.5, -0.5))
    ax.grid(visible=False)
    for at, word in enumerate(words.values()):
        box = {"facecolor": PAPERS[at], "edgecolor": "none", "boxstyle": "round,pad=0.3"}
        ax.annotate(
            word, (0.01 + at / len(words), 1.06), xycoords="axes fraction",
            color="white" if at else "black", fontsize=LARGE, bbox=box,
        )  # fmt: skip
    for (row, column), number in np.ndenumerate([] if numbers is None else np.asarray(numbers)):
        colour = "white" if kinds[row, column] else "black"
        text = f"{number:.2f}".replace("-", "−")
        ax.text(column, row, text, ha="center", va="center", fontsize=20, color=colour)
    return fig


def _cells(chosen: np.ndarray) -> Path:
    """Return the outline of the cells of a grid that are chosen, a rectangle for each run."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
    runs = [
        corners * (end - start, 1) + (start - 0.5, row - 0.5)
        for row, line in enumerate(chosen.astype(int))
        for start, end in np.flatnonzero(np.diff(line, prepend=0, append=0)).reshape(-1, 2)
    ]
    codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY]
    return Path(np.concatenate(runs), codes * len(runs))


def digit_row(
    images: npt.ArrayLike, rows: Mapping[str, Sequence[Any]], truth: Sequence[Any]
) -> Figure:
    """Draw images in a row, and above them what each network takes them for.

    Parameters
    ----------
    images
        (n, 64) or (n, 8, 8).
    rows
        Name → the n answers of one network: blue and bold where right, vermilion where wrong.
    truth
        What the n images are.

    Examples
    --------
    >>> fig = digit_row(np.zeros((2, 64)), {"sigmoid": [1, 1], "tanh": [0, 1]}, [0, 1])
    >>> len(fig.axes), [text.get_text() for text in fig.axes[0].texts]
    (2, ['1', '0', 'sigmoid', 'tanh'])
    """
    pictures = np.reshape(np.asarray(images, float), (-1, 8, 8))
    fig, axes = figure(len(pictures), height=1.1 + 0.5 * len(rows), xticks=[], yticks=[])
    heights = [1.25 + 0.42 * up for up in reversed(range(len(rows)))]
    axes = np.atleast_1d(axes)
    for at, ax in enumerate(axes):
        ax.imshow(pictures[at], cmap="Greys", interpolation="none")
        ax.spines[:].set_visible(False)
        for up, answers in zip(heights, rows.values(), strict=True):
            right = answers[at] == truth[at]
            look = {"color": VALUE["color"], "fontweight": "bold"} if right else {"color": MARKED}
            ax.text(
                0.5, up, str(answers[at]), transform=ax.transAxes,
                ha="center", va="center", fontsize=22, **look,
            )  # fmt: skip
    for up, name in zip(heights, rows, strict=True):
        axes[0].text(
            -0.35, up, name, transform=axes[0].transAxes, ha="right", va="center", fontsize=LARGE
        )
    return fig
