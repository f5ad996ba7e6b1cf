"""ROOM explorer."""

from helpers.explorer.explorer import (
    Explorer,
    Prediction,
    Rival,
    explore,
)
from helpers.explorer.figures import (
    GUIDE,
    POINT,
    PRIME,
    VALUE,
    curve,
    figure,
    picture,
    show,
)
from helpers.explorer.panel import (
    Menu,
    Panel,
    Slider,
    panel,
)

__all__ = [
    "GUIDE",
    "POINT",
    "PRIME",
    "VALUE",
    "Explorer",
    "Menu",
    "Panel",
    "Prediction",
    "Rival",
    "Slider",
    "curve",
    "explore",
    "figure",
    "panel",
    "picture",
    "show",
]
