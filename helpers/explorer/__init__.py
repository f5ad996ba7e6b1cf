"""Pictures of functions: figures, explorers and panels.

An explorer (`explore`) is a card with sliders on which g, its slope g′ and the tangent move: the
kernels are sampled in Python, and the scripts in ``browser/`` look the numbers up and draw, so it
moves without a kernel; `explore_softmax` is one of three probabilities. A panel (`panel`) is drawn
anew by Python at every move. Figures are those of matplotlib in the course's style, shown with alt
text (`show`). Measured numbers are charts (`dot_plot`, `lines`, `points`, `tiles`,
`digit_row`); the two directions of a network have two of their own (`two_directions`,
`over_depth`). What JupyterLab does with all this when it saves a notebook is in ``lab``.
"""

from helpers.explorer.charts import digit_row, dot_plot, lines, points, tiles
from helpers.explorer.directions import FORWARD, over_depth, two_directions
from helpers.explorer.figures import (
    GUIDE,
    PRIME,
    VALUE,
    curve,
    drawings,
    figure,
    picture,
    show,
)
from helpers.explorer.goals import Goal
from helpers.explorer.joining import script
from helpers.explorer.lab import WIDGET
from helpers.explorer.live import Explorer, explore
from helpers.explorer.panels import STILL, Menu, Panel, Slider, panel
from helpers.explorer.predictions import Prediction
from helpers.explorer.rivals import Rival
from helpers.explorer.simplex import explore_softmax

__all__ = [
    "FORWARD",
    "GUIDE",
    "PRIME",
    "STILL",
    "VALUE",
    "WIDGET",
    "Explorer",
    "Goal",
    "Menu",
    "Panel",
    "Prediction",
    "Rival",
    "Slider",
    "curve",
    "digit_row",
    "dot_plot",
    "drawings",
    "explore",
    "explore_softmax",
    "figure",
    "lines",
    "over_depth",
    "panel",
    "picture",
    "points",
    "script",
    "show",
    "tiles",
    "two_directions",
]
