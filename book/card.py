"""What a link to the book looks like elsewhere: the pictures that are shared, the small icon."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke

from book.gallery import title
from helpers.activations import ACTIVATIONS, sigmoid, sigmoid_prime
from helpers.explorer import PRIME, VALUE

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#fff"/>
<g fill="none" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">
<path stroke="{prime}" d="{slope}"/><path stroke="{value}" d="{curve}"/></g></svg>
"""


def write(folder: Path, name: str) -> None:
    """Write ``card.png`` and ``gallery.png``, 1200 × 630, and ``icon.svg`` into ``folder``."""
    z = np.linspace(-6, 6, 61)
    x, curves = 8 + 48 * (z + 6) / 12, (sigmoid(z), 3 * sigmoid_prime(z))
    value, slope = (
        "M" + "L".join(f"{a:.1f},{54 - 44 * b:.1f}" for a, b in zip(x, c, strict=True))
        for c in curves
    )
    icon = ICON.format(value=VALUE["color"], prime=PRIME["color"], curve=value, slope=slope)
    (folder / "icon.svg").write_text(icon, encoding="utf-8")
    fig = plt.figure(figsize=(12, 6.3), facecolor="white")
    fig.text(0.06, 0.8, name.replace(" of ", "\nof "), fontsize=46, weight="bold", va="center")
    fig.text(0.06, 0.6, "Derive the slope. See it move. Be told the first wrong line.", fontsize=24)
    ax = fig.add_axes((0.06, 0.05, 0.88, 0.48))
    ax.plot(z, sigmoid(z), **VALUE | {"linewidth": 7})
    ax.plot(z, sigmoid_prime(z), **PRIME | {"linewidth": 7})
    ax.axline((1, sigmoid(1.0)), slope=sigmoid_prime(1.0), color="black", linewidth=3)
    ax.plot(1, sigmoid(1.0), "ko", markersize=16)
    ax.set(ylim=(-0.08, 1.1), xlim=(-6, 6))
    ax.set_axis_off()
    fig.savefig(folder / "card.png", dpi=100)
    plt.close(fig)
    _write_gallery(folder / "gallery.png")


def _write_gallery(path: Path) -> None:
    """Write the curves of all activations of one input, each with its slope."""
    z, blue, orange = np.linspace(-5, 5, 1001), VALUE["color"], PRIME["color"]
    rows = len(ACTIVATIONS) // 7 + 1  # a place is left
    fig, axes = plt.subplots(rows, 7, figsize=(12, 6.3), facecolor="white")
    fig.subplots_adjust(0.03, 0.02, 0.97, 0.8, wspace=0.12, hspace=0.12)
    fig.text(0.03, 0.9, "Activations and their slopes", fontsize=40, weight="bold", va="center")
    for ax in axes.flat:
        ax.set(xlim=(-5, 5), ylim=(-1.9, 3.3))
        ax.set_axis_off()
    for ax, (name, known) in zip(axes.flat, ACTIVATIONS.items(), strict=False):
        g, slope = known.value(z), known.prime(z)
        ax.fill_between(z, slope, color=orange, alpha=0.15, linewidth=0)
        for curve, colour, width in ((slope, orange, 2), (g, blue, 3.5)):
            broken = np.where(np.abs(np.diff(curve, prepend=curve[0])) > 0.1, np.nan, curve)
            ax.plot(z, broken, color=colour, linewidth=width)
        name = ax.text(5, -1.2, title(name), fontsize=11, color="#333", ha="right")
        name.set_path_effects([withStroke(linewidth=4, foreground="white")])
    for text, colour, height in (("the value g", blue, 1.6), ("its slope g′", orange, -0.4)):
        axes.flat[len(ACTIVATIONS)].text(-4, height, text, fontsize=20, color=colour)
    fig.savefig(path, dpi=100)
    plt.close(fig)
