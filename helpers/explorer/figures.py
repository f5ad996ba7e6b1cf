"""One style for all figures, and the one way to show them: with alt text.

One colour is one object throughout the course, and each object has a line style of its own, so
that no figure depends on colour alone:

>>> VALUE["color"], VALUE["linestyle"], PRIME["color"], PRIME["linestyle"]
('#0072B2', '-', '#C04F00', '--')
"""

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["GUIDE", "POINT", "PRIME", "VALUE", "curve", "figure", "picture", "show"]

VALUE = {"color": "#0072B2", "linestyle": "-", "linewidth": 2.4}  # g, blue and solid
PRIME = {"color": "#C04F00", "linestyle": "--", "linewidth": 2.4}  # g′, vermilion and dashed
POINT = {"color": "black", "marker": "o", "markersize": 7, "linestyle": "none"}  # the current z
GUIDE = {"color": "#6E6E6E", "linewidth": 1.0, "zorder": 0}  # axes and helper lines

STYLE: dict[Any, Any] = {
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.size": 12,
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same letters on every machine
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#6E6E6E",
    "axes.titlelocation": "left",
    "axes.titlesize": 13,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "lines.solid_capstyle": "round",
}


def figure(
    columns: int = 1, *, width: float = 7.2, height: float = 3.6, **properties: Any
) -> tuple[Figure, Any]:
    """Return ``(fig, axes)`` in the course's style, with ``columns`` panels side by side.

    Parameters
    ----------
    columns : int
        With one, ``axes`` are its own; with more, an array of as many.
    width, height : float
        Those of the whole figure, in inches of 100 pixels.
    **properties
        Those of ``matplotlib.axes.Axes.set``, given to every panel: ``xlabel``, ``ylim``, …

    Examples
    --------
    >>> fig, ax = figure(xlabel="pre-activation z")
    >>> ax.get_xlabel(), ax.spines["top"].get_visible()
    ('pre-activation z', False)
    >>> plt.close(fig)
    """
    with plt.rc_context(STYLE):
        return plt.subplots(1, columns, figsize=(width, height), subplot_kw=properties)


def curve(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    text: str,
    style: Mapping[str, Any],
    *,
    at: float,
    offset: tuple[float, float] = (8, 0),
) -> None:
    """Draw y over x and write ``text`` on the curve: a label, not a legend.

    Parameters
    ----------
    x, y : (n,) arrays
        ``x`` ascending.
    text : str
        The label; it takes the curve's colour.
    style : dict
        How the curve is drawn, such as ``VALUE``.
    at : float
        The x beside which the label stands.
    offset : pair of float
        How far the label's left middle is from the curve there, in points.
    """
    (line,) = ax.plot(x, y, **style)
    ax.annotate(
        text,
        (at, np.interp(at, x, y)),
        xytext=offset,
        textcoords="offset points",
        color=line.get_color(),
        fontsize=13,
        va="center",
    )


def picture(fig: Figure, *, alt: str) -> str:
    """Return ``fig`` as an HTML image with alt text, and close it.

    The image is a PNG inside the page, so it travels with the notebook and shows in an untrusted
    one.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        States what the figure shows, not what it is.

    Raises
    ------
    ValueError
        If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt: expected a sentence that states what the figure shows, got nothing")
    drawn, packed = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", dpi=144)
    plt.close(fig)
    # 64 colours are all that curves and letters need, and make a third of the size
    Image.open(drawn).convert("RGB").quantize(64).save(packed, format="png", optimize=True)
    data = base64.b64encode(packed.getvalue()).decode("ascii")
    width = round(fig.get_figwidth() * 100)
    text = html.escape(" ".join(alt.split()), quote=True)
    return f'<img alt="{text}" width="{width}" src="data:image/png;base64,{data}">'


def show(fig: Figure, *, alt: str) -> None:
    """Display ``fig`` with the alt text ``alt``.

    The only way in which the course shows a figure: JupyterLab, the web book and slides all keep
    the alt text of an HTML image, and of nothing else.
    """
    from IPython.display import HTML, display

    display(HTML(picture(fig, alt=alt)))
