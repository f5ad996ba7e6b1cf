"""Draws every figure of the lessons: `python -m book.figures [FOLDER]`.

A lesson's cells are run in this process, and each figure that it shows is kept as SVG and PDF for
one's own slides, named after its lesson and cell, with what it states as the file's description.
"""

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import matplotlib as mpl

mpl.use("agg")

import nbformat
from IPython.core.interactiveshell import InteractiveShell

from book.assets import make_room
from helpers.exercises import take_cells
from helpers.explorer import explore
from tools.figures import kept
from tools.files import ROOT, lessons

LICENSE = "LICENSE.txt"
RIGHTS = "CC BY 4.0, the authors of the course Derivatives of activation functions"


def drawn(path):
    """Run the lesson at ``path``; return ``[(cell number, figure, alt text)]``.

    Raises what a cell raises, unless the cell is tagged ``raises-exception``.
    """
    found, shell = [], InteractiveShell()
    take_cells(shell)

    def unlocked(*what, predict=None, **how):
        """Return an explorer as it is once the question is answered."""
        return explore(*what, **how)

    with (
        tempfile.TemporaryDirectory() as home,
        patch.dict(os.environ, COURSE_HOME=str(Path(home, "nowhere"))),
        contextlib.chdir(path.parent),
        contextlib.redirect_stdout(io.StringIO()),
        patch("helpers.explorer.explore", unlocked),
        kept() as shown,
    ):
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type == "code":
                result = shell.run_cell(cell.source)
                if "raises-exception" not in cell.metadata.get("tags", []):
                    result.raise_error()
                found += [(number, *figure) for figure in shown.values()]
                shown.clear()
    return found


def save(path, folder):
    """Save the figures of the lesson at ``path`` in ``folder``; return how many there are."""
    found = drawn(path)
    numbers = [number for number, _, _ in found]
    for at, (number, fig, alt) in enumerate(found):
        again = chr(ord("a") + numbers[:at].count(number)) if numbers.count(number) > 1 else ""
        name = f"{path.stem}-{number:02d}{again}"
        about = {"Title": name, "Date": None, "Description": alt, "Rights": RIGHTS}
        with mpl.rc_context({"svg.hashsalt": name}):
            fig.savefig(folder / f"{name}.svg", metadata=about)
        about = {"Title": name, "Subject": alt, "Author": RIGHTS, "CreationDate": None}
        fig.savefig(folder / f"{name}.pdf", metadata=about)
    return len(found)


def build(folder, chosen=None):
    """Save the figures of all lessons in ``folder``."""
    folder = make_room(folder)
    (folder / LICENSE).write_text(f"{RIGHTS}\n", encoding="utf-8")
    for path in chosen or lessons():
        print(f"{path.stem}: {save(path, folder)} figures", flush=True)


if __name__ == "__main__":
    sys.exit(build(*sys.argv[1:2] or [ROOT / "_build" / "figures"]))
