"""Run a notebook's code in this process, then move every slider over its whole range.

``python -m tests.sliders NOTEBOOK`` prints how many sliders there were; an exception anywhere, also
one that `interact` would swallow, ends it with a traceback.
"""

import sys

import nbformat
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets import FloatSlider, IntSlider
from ipywidgets.widgets.widget import _instances


def drive(path):
    """Return the number of sliders of the notebook at ``path``, each moved to 41 places."""
    shell = InteractiveShell.instance()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()

    failures = []
    shell.showtraceback = lambda *args, **options: failures.append(sys.exc_info()[1])
    sliders = [w for w in list(_instances.values()) if isinstance(w, FloatSlider | IntSlider)]
    for slider in sliders:
        for value in np.linspace(slider.min, slider.max, 41):
            slider.value = type(slider.value)(value)
    if failures:
        raise failures[0]
    return len(sliders)


if __name__ == "__main__":
    print("sliders driven:", drive(sys.argv[1]))
