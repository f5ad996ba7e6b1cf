"""Run a notebook's code in this process, then move every slider and menu over its whole range.

``python -m tests.lessons.sliders NOTEBOOK`` prints how many there were; an exception anywhere,
also one that `interact` or a panel would swallow, ends it with a traceback.
"""

import sys

import nbformat
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets import Dropdown, FloatSlider, IntSlider
from ipywidgets.widgets.widget import _instances

from helpers.explorer import Panel


def places(control):
    """Return the values that a slider or a menu takes: at most 41 of them, or all options."""
    if isinstance(control, Dropdown):
        return [value for _, value in control._options_full]
    number = min(41, round((control.max - control.min) / control.step) + 1)
    return [type(control.value)(v) for v in np.linspace(control.min, control.max, number)]


def drive(path):
    """Return the number of sliders and menus of the notebook at ``path``, each moved all along."""
    shell = InteractiveShell.instance()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()

    failures = []
    shell.showtraceback = lambda *args, **options: failures.append(sys.exc_info()[1])
    widgets = list(_instances.values())
    panels = [widget for widget in widgets if isinstance(widget, Panel)]
    controls = [w for w in widgets if isinstance(w, FloatSlider | IntSlider | Dropdown)]
    failures += [panel.failure for panel in panels if panel.failure]
    for control in controls:
        for value in places(control):
            control.value = value
            failures += [panel.failure for panel in panels if panel.failure]
    if failures:
        raise failures[0]
    return len(controls)


if __name__ == "__main__":
    print("sliders driven:", drive(sys.argv[1]))
