"""Draws every figure of the lessons: `python -m book.figures [FOLDER]`.

A lesson's cells are run in this process, and each figure that it shows is kept as SVG and PDF for
one's own slides, named after its lesson and section, with what it states as the file's description;
once as in the lesson and once, in `wide`, as 16:9. `index.html` shows all of them.
"""

import contextlib
import html
import io
import os
import re
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
from tools.faults import guarded
from tools.figures import kept
from tools.files import ROOT, lessons

LICENSE = "LICENSE.txt"
WIDE = (8.0, 4.5)  # inches
FONTS = {"pdf.fonttype": 42, "svg.fonttype": "none"}  # letters that can be edited and found
SHEET = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Figures</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; margin: 2rem; color: #1a1a1a; background: #fff; }}
main {{ display: grid; gap: 2rem; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); }}
figure {{ margin: 0; }} img {{ width: 100%; }} code {{ overflow-wrap: anywhere; }}
</style>
<h1>Figures</h1>
<p>{rights}. Say where they come from. Each alt text stands below its figure: copy it along.</p>
<main>
{figures}
</main>
</html>
"""
SHOWN = """<figure><img src="{name}.svg" alt="{alt}">
<figcaption><code>{name}</code><br>{alt}<br>
<a href="{name}.svg">SVG</a> <a href="{name}.pdf">PDF</a>,
16:9: <a href="wide/{name}.svg">SVG</a> <a href="wide/{name}.pdf">PDF</a></figcaption></figure>"""
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


def slugs(path, numbers):
    """Return a name for the figure of each cell: its lesson and section, and which one of them.

    A name stays the same when cells are added or taken away elsewhere.
    """
    titles, section = {}, ""
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == "markdown":
            bare = re.sub(r"(?ms)^```.*?^```", "", cell.source)
            section = (re.findall(r"^##? (.*)", bare, re.M) or [section])[-1]
        titles[number] = re.sub(r"\W+", "-", section.lower()).strip("-")
    names = [f"{path.stem}-{titles[number]}".rstrip("-") for number in numbers]
    again = [names[:k].count(name) for k, name in enumerate(names)]
    return [f"{name}-{k + 1}" if k else name for name, k in zip(names, again, strict=True)]


def save(path, folder):
    """Save the figures of the lesson at ``path`` in ``folder``; return ``[(name, alt text)]``."""
    found = drawn(path)
    names = slugs(path, [number for number, _, _ in found])
    for name, (_, fig, alt) in zip(names, found, strict=True):
        write(fig, folder / name, alt)
        fig.set_size_inches(WIDE)
        write(fig, folder / "wide" / name, alt)
    return [(name, alt) for name, (_, _, alt) in zip(names, found, strict=True)]


def write(fig, path, alt):
    """Write a figure as SVG and PDF on no ground, with what it states and whose it is."""
    path.parent.mkdir(exist_ok=True)
    about = {"Title": path.name, "Date": None, "Description": alt, "Rights": RIGHTS}
    with mpl.rc_context({**FONTS, "svg.hashsalt": path.name}):
        fig.savefig(f"{path}.svg", metadata=about, transparent=True)
        about = {"Title": path.name, "Subject": alt, "Author": RIGHTS, "CreationDate": None}
        fig.savefig(f"{path}.pdf", metadata=about, transparent=True)


def build(folder, chosen=None):
    """Save the figures of all lessons in ``folder``, with a sheet that shows them."""
    folder = make_room(folder)
    (folder / LICENSE).write_text(f"{RIGHTS}\n", encoding="utf-8")
    shown = []
    for path in chosen or lessons():
        found = save(path, folder)
        shown += [SHOWN.format(name=name, alt=html.escape(alt)) for name, alt in found]
        print(f"{path.stem}: {len(found)} figures", flush=True)
    sheet = SHEET.format(rights=RIGHTS, figures="\n".join(shown))
    (folder / "index.html").write_text(sheet, encoding="utf-8")


@guarded
def main(words):
    """Draw the figures into the folder that the first word names."""
    return build(*words[:1] or [ROOT / "_build" / "figures"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
