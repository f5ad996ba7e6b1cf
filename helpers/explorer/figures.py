"""One style for all figures, and the one way to show them: with alt text.

A figure is stored twice in one image: as pixels, which every viewer of notebooks shows, and as a
drawing (`data-svg`), which the web book and the slides put in their place (`drawings`): letters
stay letters, the ground is the page's, and each colour has a partner for a dark page.

One colour is one object throughout the course, and each object has a line style of its own, so
that no figure depends on colour alone:

>>> VALUE["color"], VALUE["linestyle"], PRIME["color"], PRIME["linestyle"]
('#0072B2', '-', '#C04F00', '--')
"""

import base64
import colorsys
import html
import io
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from helpers.language import value_error

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


DOTS = 144  # an inch


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


def picture(fig: Figure, *, alt: str, lines: bool = True) -> str:
    """Return ``fig`` as an HTML image with alt text, and close it.

    The image is a PNG inside the page, so it travels with the notebook and shows in an untrusted
    one.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        States what the figure shows, not what it is.
    lines : bool
        Whether its drawing is stored beside the pixels (`drawings`). A picture that a script
        replaces needs none, and is made in half the time.

    Raises
    ------
    ValueError
        If ``alt`` is empty.
    """
    if not (isinstance(alt, str) and alt.strip()):
        raise value_error(
            "alt: expected a sentence that states what the figure shows, got {alt!r}", alt=alt
        )
    image, packed = _pixels(fig), io.BytesIO()
    source = f' data-svg="{_packed(_drawn_in_place(fig, alt))}"' if lines else ""
    plt.close(fig)
    # 64 colours are all that curves and letters need, and make a third of the size
    image.quantize(64).save(packed, format="png", optimize=True)
    data = base64.b64encode(packed.getvalue()).decode("ascii")
    width = round(fig.get_figwidth() * 100)
    text = html.escape(" ".join(alt.split()), quote=True)
    return f'<img alt="{text}" width="{width}" src="data:image/png;base64,{data}"{source}>'


def _pixels(fig: Figure) -> Image.Image:
    """Draw ``fig``, once: ``savefig`` draws twice, the first time to lay it out."""
    canvas, usual = FigureCanvasAgg(fig), fig.dpi
    fig.set_dpi(DOTS)
    canvas.draw()
    drawn, size = canvas.buffer_rgba(), canvas.get_width_height()
    fig.set_dpi(usual)
    return Image.frombuffer("RGBA", size, drawn).convert("RGB")


def _drawn_in_place(fig: Figure, salt: str) -> str:
    """Return the drawing of ``fig``, all of it where it stands, which takes half the time."""
    engine = fig.get_layout_engine()
    fig.set_layout_engine("none")
    svg = drawing(fig, salt)
    fig.set_layout_engine(engine)
    return svg


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


STORED = re.compile(r'<img alt="([^"]*)" width="(\d+)" src="[^"]*" data-svg="([^"]*)">')


def drawings(page: str, put: Callable[[str, str, int], str] | None = None) -> str:
    """Return HTML with the drawings of its stored figures in the place of their pixels.

    Parameters
    ----------
    page : str
        HTML with images made by `picture`.
    put : callable, optional
        ``put(svg, alt, width)`` returns what stands in an image's place: without it an ``<svg>``
        that is named by the alt text, as wide as the figure at most. ``alt`` is escaped already.

    Explorers and panels are left alone: their script draws, and hides the image.

    Examples
    --------
    >>> fig, _ = figure(title="Letters stay letters")
    >>> drawings(picture(fig, alt="Nothing is drawn."))[:38]
    '<svg role="img" aria-label="Nothing is'
    """

    def drawn(found: re.Match[str]) -> str:
        alt, width, lines = found.groups()
        svg = zlib.decompress(base64.b64decode(lines)).decode()
        return put(svg, alt, int(width)) if put else _named(svg, alt, int(width))

    return page if 'class="activation-' in page else STORED.sub(drawn, page)


def _named(svg: str, alt: str, width: int) -> str:
    named = f'<svg role="img" aria-label="{alt}" style="max-width:{width}px" '
    return svg.replace("<svg ", named, 1)


def drawing(fig: Figure, salt: str) -> str:
    """Return ``fig`` as an ``<svg>`` for a bright or dark ground; ``salt`` makes its ids its own.

    Only colours of lines, areas and letters have a dark partner: images stay as they are.
    """
    text = io.StringIO()
    about = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        fig.savefig(text, format="svg", transparent=True, metadata=about)
    svg = text.getvalue()
    box = re.search(r'viewBox="[^"]*"', svg)
    body = svg[svg.index("</style>") : svg.rindex("</svg>")].removeprefix("</style>\n </defs>")
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r'<path d="[^"]*" style="fill: none"/>', "", body)  # the ground
    body = re.sub(r'<g id="[^"]*"', "<g", body).replace("xlink:href", "href")
    body = re.sub(r"<[^>]*>", lambda tag: LONG.sub(_short, tag[0]), body)  # what is read stays
    body = re.sub(r" transform=\"rotate\(-?0 [^\"]*\"|font-family: 'DejaVu Sans'; ", "", body)
    body = re.sub(r"#[0-9a-f]{6}\b", lambda colour: themed(colour[0]), body)
    body = re.sub(r"\s+", " ", body).replace("> <", "><")
    root = (
        f'<svg {box[0] if box else ""} class="figure" fill="currentColor" stroke-linejoin="round"'
    )
    return f"{root} font-family=\"'DejaVu Sans',Verdana,sans-serif\">{body.strip()}</svg>"


LONG = re.compile(r"-?\d+\.\d{3,}")


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}"


def themed(colour: str) -> str:
    """Return a colour of a bright page with its partner of the same hue for a dark one, as CSS.

    >>> themed("#0072b2"), themed("#ffffff"), themed("#000000")
    ('light-dark(#0072b2,#6dcaff)', 'light-dark(#ffffff,#1a1a1a)', 'currentColor')
    """
    if colour == "#000000":
        return "currentColor"
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = float(np.interp(light, [0, 0.3, 0.75, 0.9, 1], [0.93, 0.72, 0.66, 0.24, 0.1]))
    partner = colorsys.hls_to_rgb(hue, light, saturation)
    return f"light-dark({colour},#{''.join(f'{round(255 * part):02x}' for part in partner)})"


def show(fig: Figure, *, alt: str) -> None:
    """Display ``fig`` with the alt text ``alt``.

    The only way in which the course shows a figure: JupyterLab, the web book and slides all keep
    the alt text of an HTML image, and of nothing else.
    """
    from IPython.display import HTML, display

    display(HTML(picture(fig, alt=alt)))
