"""The published notebooks: where they are, and how one is run and stored.

``python course.py store [LESSON …]`` runs lessons and stores them as published: outputs
in order, cell ids that do not change, no widget state.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from helpers.explorer.lab import WIDGET
from tools.faults import Fault, guarded, say
from tools.files import PUBLISHED, lessons
from tools.working_copy import find_lesson

FOLDER = PUBLISHED
KEPT = ("tags", "slideshow", "lecture", "nbgrader")  # of a cell's metadata
LESSONS = lessons()


def read(path):
    """Return the notebook at ``path``."""
    return nbformat.read(path, as_version=4)


def explorers(name):
    """Return how many explorers the stored lesson shows."""
    cells = read(FOLDER / f"{name}.ipynb").cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return sum("activation-explorer" in str(output.get("data")) for output in outputs)


def run(notebook, *, folder=FOLDER):
    """Execute ``notebook`` in place with this Python and return it."""
    options = {"timeout": 300, "kernel_name": "python3", "coalesce_streams": True}
    return NotebookClient(
        notebook, resources={"metadata": {"path": str(folder)}}, **options
    ).execute()


def tidy(notebook):
    """Take out of ``notebook`` what changes from run to run, and return it."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT}
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            output.get("metadata", {}).clear()
    return notebook


def store(path):
    """Run the notebook at ``path`` as a new learner would, and write it back as published."""
    os.environ["COURSE_HOME"] = str(FOLDER / "nowhere")  # without progress, and leaving none
    nbformat.write(tidy(run(read(path))), path)


@guarded
def main(words):
    """Store the lessons that ``words`` name, or all."""
    for path in map(Path, words):
        if path.is_file() and path.resolve().parent != FOLDER:
            raise Fault(f"`{path}` is another copy: what is published stands in notebooks/.", 2)
    for lesson in [find_lesson(word, LESSONS) for word in words] or LESSONS:
        say(f"storing {lesson.name}")
        store(lesson)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
