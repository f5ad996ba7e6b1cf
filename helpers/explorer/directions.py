"""Two pictures of a network's two directions: outputs forward, messages back.

The way forward is drawn like g (blue, solid), the way back like the product of slopes that it is
(purple, dotted), in every lesson.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.explorer.figures import VALUE, curve, figure
from helpers.language import gettext, value_error

FORWARD = VALUE | {"marker": "o", "markersize": 5}
BACKWARD = {"color": "#7A3E9D", "linestyle": ":", "linewidth": 2.4, "marker": "s", "markersize": 5}
MARKERS = ("o", "s", "^", "D", "v")


def over_depth(
    forward: Mapping[str, Sequence[float]], backward: Mapping[str, Sequence[float]]
) -> Figure:
    """Draw both directions of some networks over their layers, on logarithmic axes.

    Parameters
    ----------
    forward : name → (hidden layers,)
        `image_spread` of the hidden outputs: how far they differ from image to image.
    backward : name → (hidden layers,)
        δ of the hidden layers, of any size; each line is drawn relative to its last layer. What
        is 0 has no place on a logarithmic axis and is left out.

    Returns
    -------
    matplotlib.figure.Figure
        Left the way forward, read from left to right; right the way back, from right to left.

    Raises
    ------
    ValueError
        The two name different networks.

    Examples
    --------
    >>> fig = over_depth({"tanh": [1.0, 0.9]}, {"tanh": [0.8, 1.0]})
    >>> [ax.get_title() for ax in fig.axes]
    ['forward → spread between images', '← back: message δ, layer 2 = 1']
    """
    if list(forward) != list(backward):
        raise value_error(
            "expected the same networks, got {forward} and {backward}",
            forward=list(forward),
            backward=list(backward),
        )
    relative: dict[str, Any] = {name: np.divide(d, d[-1] or np.nan) for name, d in backward.items()}
    last = len(next(iter(relative.values())))
    drawn = np.concatenate([*forward.values(), *relative.values()])
    low = np.min(drawn, where=drawn > 0, initial=1.0)
    scale: dict[str, Any] = {
        "yscale": "log",
        "ylim": (low / 3, 6),
        "xlabel": gettext("hidden layer"),
    }
    fig, axes = figure(2, width=8.6, height=3.6, **scale)
    _lines(axes[0], forward, FORWARD, last, offset=(2, 13))
    _lines(axes[1], relative, BACKWARD, last, offset=(8, -14))
    axes[0].set_title(gettext("forward → spread between images"))
    axes[1].set_title(gettext("← back: message δ, layer {last} = 1", last=last))
    for ax in axes:
        ax.set(xlim=(0.5, last + 0.5), xticks=range(1, last + 1))
    return fig


def _lines(
    ax: Axes,
    lines: Mapping[str, Sequence[float]],
    style: Mapping[str, Any],
    last: int,
    offset: tuple[float, float],
) -> None:
    """Draw one line a network, each with a marker of its own and its name beside it."""
    middle = (last + 1) / 2
    for (name, line), marker in zip(lines.items(), MARKERS, strict=False):
        x, y = np.arange(1, last + 1), np.asarray(line, dtype=float)
        curve(ax, x, y, name, {**style, "marker": marker}, at=middle, offset=offset)


def two_directions(layers: int = 4) -> Figure:
    """Draw a small network with its two directions: outputs h forward, messages δ back.

    A schematic: circles are units, one column a layer; the arrows between two columns stand for
    all their weights.

    Examples
    --------
    >>> fig = two_directions()
    >>> [text.get_text() for text in fig.axes[0].texts][:2]
    ['image x', 'h₁']
    """
    fig, ax = figure(width=8.6, height=3.5, xlim=(-0.6, layers + 1.75), ylim=(-2.1, 2.3))
    ax.set_axis_off()
    names = [
        gettext("image x"),
        *(f"h{_index(n)}" for n in range(1, layers + 1)),
        gettext("outputs"),
    ]
    for column, name in enumerate(names):
        ax.plot([column] * 4, np.linspace(-0.75, 0.75, 4), "o", color="#333333", markersize=9)
        ax.text(column, 1.05, name, ha="center", fontsize=13, color="#333333")
    for column in range(layers + 1):
        _arrow(ax, column, column + 1, 0.25, FORWARD)
        if column:
            _arrow(ax, column + 1, column, -0.25, BACKWARD)
            ax.text(
                column,
                -1.25,
                f"δ{_index(column)}",
                ha="center",
                fontsize=13,
                color=BACKWARD["color"],
            )
    ax.text(layers + 1.25, 0, gettext("loss"), fontsize=13, va="center", color="#333333")
    ax.text(
        -0.5,
        1.75,
        gettext("forward: what is said about the image, through weights and g →"),
        fontsize=13,
        color=FORWARD["color"],
    )
    ax.text(
        layers + 1.65,
        -1.85,
        gettext("← back: the message δ (gradient), through weights and slopes g′"),
        fontsize=13,
        ha="right",
        color=BACKWARD["color"],
    )
    return fig


def _arrow(ax: Axes, start: float, end: float, y: float, style: Mapping[str, Any]) -> None:
    """Draw an arrow between two columns; its head is whole, whatever the line style."""
    ahead = 1 if end > start else -1
    line = {key: style[key] for key in ("color", "linestyle", "linewidth")}
    ax.plot([start + 0.16 * ahead, end - 0.24 * ahead], [y, y], **line)
    head = ">" if ahead > 0 else "<"
    ax.plot([end - 0.21 * ahead], [y], head, color=style["color"], markersize=9)


def _index(number: int) -> str:
    """Return the number as a subscript.

    >>> _index(12)
    '₁₂'
    """
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
