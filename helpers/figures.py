"""One style for all figures, and the one way to show them: with alt text.

One colour is one object throughout the course, and each object has a line style of its own, so
that no figure depends on colour alone:

>>> VALUE["color"], PRIME["color"]
('#0072B2', '#D55E00')
"""

import base64
import html
import io

import matplotlib.pyplot as plt

__all__ = ["GUIDE", "POINT", "PRIME", "PRODUCT", "VALUE", "figure", "label", "picture", "show"]

VALUE = {"color": "#0072B2", "linestyle": "-", "linewidth": 2.4}  # g, blue and solid
PRIME = {"color": "#D55E00", "linestyle": "--", "linewidth": 2.4}  # g′, vermilion and dashed
PRODUCT = {"color": "#7A3E9D", "linestyle": ":", "linewidth": 2.6}  # gradient products, purple
POINT = {"color": "black", "marker": "o", "markersize": 7, "linestyle": "none"}  # the current z
GUIDE = {"color": "#6E6E6E", "linewidth": 1.0, "zorder": 0}  # axes and helper lines

STYLE = {
    "figure.figsize": (7.2, 3.6),
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


def figure(rows=1, columns=1, **options):
    """Return ``(fig, axes)`` in the course's style.

    Parameters are those of ``matplotlib.pyplot.subplots``; ``figsize`` grows with the number of
    panels unless it is given.

    >>> fig, ax = figure()
    >>> ax.spines["top"].get_visible()
    False
    >>> plt.close(fig)
    """
    width, height = STYLE["figure.figsize"]
    options.setdefault("figsize", (width if columns == 1 else 4.8 * columns, height * rows))
    with plt.rc_context(STYLE):
        return plt.subplots(rows, columns, **options)


def label(ax, x, y, text, curve, **options):
    """Write ``text`` at (x, y) in the colour of ``curve``: a label on the curve, not a legend."""
    options = {"fontsize": 13, "ha": "left", "va": "center"} | options
    return ax.text(x, y, text, color=curve["color"], **options)


def picture(fig, *, alt):
    """Return ``fig`` as an HTML image with alt text, and close it.

    The image is a PNG inside the page, so it travels with the notebook and shows in an untrusted
    one. ``alt`` states what the figure shows, not what it is.

    Raises
    ------
    ValueError
        If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt: expected a sentence that states what the figure shows, got nothing")
    stream = io.BytesIO()
    fig.savefig(stream, format="png", dpi=144, metadata={"Software": None})
    plt.close(fig)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    width = round(fig.get_figwidth() * 100)
    text = html.escape(" ".join(alt.split()), quote=True)
    return f'<img alt="{text}" width="{width}" src="data:image/png;base64,{data}">'


def show(fig, *, alt):
    """Display ``fig`` with the alt text ``alt``.

    The only way in which the course shows a figure: JupyterLab, the web book and slides all keep
    the alt text of an HTML image, and of nothing else.
    """
    from IPython.display import HTML, display

    display(HTML(picture(fig, alt=alt)))
