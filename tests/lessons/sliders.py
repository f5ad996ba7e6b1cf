"""Move every slider and menu of a notebook over its whole range."""

import sys
from unittest.mock import patch

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets import Dropdown, FloatSlider, IntSlider, Widget
from ipywidgets.widgets.widget import _instances

from helpers.explorer import Panel


def places(control, most):
    """Return the values that a slider takes, at most so many, or all options of a menu."""
    if isinstance(control, Dropdown):
        return [value for _, value in control._options_full]
    number = min(most, round((control.max - control.min) / control.step) + 1)
    return [type(control.value)(v) for v in np.linspace(control.min, control.max, number)]


def move_all(shell, most):
    """Move all that there is to move; return how many, and to how many places in all.

    Raises what goes wrong on the way, also what `interact` or a panel would swallow.
    """
    failures, moves = [], 0
    widgets = list(_instances.values())
    panels = [widget for widget in widgets if isinstance(widget, Panel)]
    controls = [w for w in widgets if isinstance(w, FloatSlider | IntSlider | Dropdown)]
    failures += [panel.failure for panel in panels if panel.failure]
    with patch.object(shell, "showtraceback", lambda *_, **__: failures.append(sys.exception())):
        for control in controls:
            for value in places(control, most):
                control.value = value
                moves += 1
                failures += [panel.failure for panel in panels if panel.failure]
    if failures:
        raise failures[0]
    return len(controls), moves


def drive(code):
    """Run code as a notebook's cell is run, then move all that it shows."""
    shell = InteractiveShell.instance()
    Widget.close_all()
    try:
        shell.run_cell(code).raise_error()
        return move_all(shell, most=41)
    finally:
        Widget.close_all()
        InteractiveShell.clear_instance()
