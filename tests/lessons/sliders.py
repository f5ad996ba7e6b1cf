"""Move every slider and menu of a notebook over its whole range.

``python -m tests.lessons.sliders NOTEBOOK`` runs a notebook's code in this process before, and
prints how many there were. An exception anywhere, also one that `interact` or a panel would
swallow, ends it with a traceback.
"""

import sys
from unittest.mock import patch

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets import Dropdown, FloatSlider, IntSlider
from ipywidgets.widgets.widget import _instances

from helpers.explorer import Panel


def places(control, most):
    """Return the values that a slider takes, at most so many, or all options of a menu."""
    if isinstance(control, Dropdown):
        return [value for _, value in control._options_full]
    number = min(most, round((control.max - control.min) / control.step) + 1)
    return [type(control.value)(v) for v in np.linspace(control.min, control.max, number)]


def move_all(shell, most):
    """Move all that there is to move; return how many, and to how many places in all."""
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


def drive(path):
    """Return the number of sliders and menus of the notebook at ``path``, each moved all along."""
    import nbformat  # which a lesson's kernel does without

    shell = InteractiveShell.instance()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
    return move_all(shell, most=41)[0]


if __name__ == "__main__":
    print("sliders driven:", drive(sys.argv[1]))
