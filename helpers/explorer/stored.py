"""The form of an explorer that is stored: HTML that stands alone, and its picture.

The picture stands where scripts can't run. Else the script finds its tables beside it.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from helpers.explorer.figures import GUIDE, POINT, PRIME, VALUE, curve, figure, picture
from helpers.explorer.grids import Row, short
from helpers.explorer.joining import script
from helpers.explorer.rivals import RivalTable
from helpers.explorer.sampling import rounded
from helpers.explorer.tables import Tables
from helpers.language import gettext

LICENCE = "Derivatives of activation functions, BSD-3-Clause"
CARD = "card.js"  # the module that draws and speaks
MOST_PICTURE = 40_000  # bytes of the picture, which is drawn later than the size is checked
RIVAL = {"color": "#333333", "linestyle": "-.", "linewidth": 2}
CHOSEN = {"color": "#7A3E9D", "linestyle": ":", "linewidth": 2.4}


def page(fallback: str, scripts: str) -> str:
    """Return the explorer as HTML: the picture where no script runs, and what draws it anew."""
    return f'<div class="activation-explorer">{fallback}\n{scripts}</div>'


def scripts(data: Mapping[str, Any], card: str = CARD) -> str:
    """Return the tables for the browser, and the script that finds them beside it, as HTML."""
    host = f"{script('page.js', card)}mount(document.currentScript.parentNode, explorer);\n"
    packed = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    packed = packed.replace("<", "\\u003c")  # or a text could open or close a script
    return (
        f'<script type="application/json">{packed}</script>\n'
        f"<script>/* {LICENCE} */(() => {{\n{host}}})();</script>"
    )


def summary(tables: Tables) -> str:
    """Return the numbers that the explorer opens with, as a sentence."""
    a, i, knob = tables.a, tables.z.opening, tables.parameter
    setting = f", {knob.symbol} = {knob.start:g}" if knob else ""
    value, slope = tables.g[a][i], tables.prime[a][i]
    numbers = gettext(
        "{title}{setting}: at z = {start:.4g}, g = {value:.4g}",
        title=tables.title,
        setting=setting,
        start=tables.z.start,
        value=value,
    )
    return (
        numbers
        if tables.predict
        else gettext("{numbers} and g′ = {slope:.4g}", numbers=numbers, slope=slope)
    )


def fallback(tables: Tables, view: Mapping[str, Any]) -> str:
    """Return the picture for where scripts can't run; it gives no asked prediction away."""
    a, i, z = tables.a, tables.z.opening, tables.z.places
    # as the browser has them
    g, prime = (np.array(rounded(rows[a])) for rows in (tables.g, tables.prime))
    rival = None if tables.predict else tables.rival
    said = summary(tables)
    title = f"{said}\n{rival.sentence(a)}" if rival else said
    fig, ax = figure(height=3.5 if rival else 3.2, xlabel="pre-activation z", title=title)
    ax.set_ylim(view["bottom"], view["top"])
    curve(ax, z, g, "g(z)", VALUE, at=z[-1])
    ax.plot(z[i], g[i], **POINT)
    alt = gettext(
        "{said}. From z = {low:g} to {high:g}, g goes from {first:.3g} to {last:.3g}",
        said=said,
        low=z[0],
        high=z[-1],
        first=g[0],
        last=g[-1],
    )
    if tables.predict:
        return picture(fig, alt=f"{alt}.".replace("-", "−"), lines=False)
    alt += gettext(
        " and its slope g′ stays between {min:.3g} and {max:.3g}", min=prime.min(), max=prime.max()
    )
    ax.axline((z[i], g[i]), slope=prime[i], **GUIDE | {"color": "black"})
    for kink in tables.kinks:  # a gap where g′ jumps
        prime[np.isclose(z, kink.z)] = np.nan
    curve(ax, z, prime, "g′(z)", PRIME, at=z[-1])
    if rival:
        _draw_rival(ax, z, g, rival, a)
        alt += f". {rival.sentence(a)}"
    if tables.subgradient:
        m = f"m = {short(tables.subgradient.start)}"
        line = tables.subgradient.line(tables.kinks[0], a, z)
        _draw_named(ax, z, line, m, CHOSEN, len(z) // 4, above=False)
        alt += gettext(". The dotted line through the kink has the slope {m}", m=m)
    return picture(fig, alt=f"{alt}.".replace("-", "−"), lines=False)


def _draw_rival(ax: Axes, z: Row, g: Row, rival: RivalTable, a: int) -> None:
    """Draw the rival's curve, hatched where it is not g."""
    other = rival.rows[a] if rival.runs[a] else g
    ax.fill_between(z, g, other, facecolor="#EFEFEF", edgecolor="#8A8A8A", hatch="//", zorder=0.5)
    inner = slice(len(z) // 5, -len(z) // 5)
    k = inner.start + int(np.argmax(np.abs(other - g)[inner])) if rival.runs[a] else inner.stop
    _draw_named(ax, z, other, rival.name, RIVAL, k, above=other[k] >= g[k])


def _draw_named(
    ax: Axes, z: Row, row: Row, name: str, style: Mapping[str, Any], k: int, *, above: bool
) -> None:
    """Draw a curve with its name beside place k, on the side where the curve is not."""
    ax.plot(z, row, **style)
    rise = row[k] - row[k - 1]
    left = (rise > 0) == above if rise else k < len(z) // 2
    ax.annotate(
        name,
        (z[k], row[k]),
        xytext=(-6 if left else 6, 10 if above else -10),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        color=style["color"],
        fontsize=13,
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )
