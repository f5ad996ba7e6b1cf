"""What a link to the book looks like elsewhere: the picture that is shared, and the small icon."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from helpers.activations import sigmoid, sigmoid_prime
from helpers.explorer import PRIME, VALUE

__all__ = ["write"]

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#fff"/>
<g fill="none" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">
<path stroke="{prime}" d="{slope}"/><path stroke="{value}" d="{curve}"/></g></svg>
"""


def write(folder: Path, title: str) -> None:
    """Write ``card.png``, 1200 × 630, and ``icon.svg`` into ``folder``."""
    z = np.linspace(-6, 6, 61)
    x, curves = 8 + 48 * (z + 6) / 12, (sigmoid(z), 3 * sigmoid_prime(z))
    value, slope = (
        "M" + "L".join(f"{a:.1f},{54 - 44 * b:.1f}" for a, b in zip(x, c, strict=True))
        for c in curves
    )
    icon = ICON.format(value=VALUE["color"], prime=PRIME["color"], curve=value, slope=slope)
    (folder / "icon.svg").write_text(icon, encoding="utf-8")
    fig = plt.figure(figsize=(12, 6.3), facecolor="white")
    fig.text(0.06, 0.8, title.replace(" of ", "\nof "), fontsize=46, weight="bold", va="center")
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
