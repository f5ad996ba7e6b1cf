"""Builds the web book: `python -m book.web [FOLDER]`.

Sphinx wants one folder of sources: the lessons, the pages of this folder and the README that they
quote are copied into it, so that links between them are those of the repository.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from sphinx.cmd.build import main

from book import gallery, lectures
from book.assets import make_room
from book.questions import ask
from tools.files import ROOT, lessons

SOURCES = (
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "book/*.md"),
    *("benchmarks/*.md", "benchmarks/*.svg", "helpers/*/*.md"),
)


def build(folder):
    """Build the book into ``folder``; return Sphinx's exit status, not 0 at any warning."""
    with tempfile.TemporaryDirectory() as work:
        pages, made = Path(work, "pages"), Path(work, "book")
        for path in [*lessons(), *(path for pattern in SOURCES for path in ROOT.glob(pattern))]:
            name = path.relative_to(ROOT / "book" if path.parent.name == "book" else ROOT)
            (pages / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, pages / name)
        for lesson in (pages / "notebooks").glob("*.ipynb"):
            nbformat.write(ask(nbformat.read(lesson, as_version=4)), lesson)
        (pages / "gallery.md").write_text(gallery.page(), encoding="utf-8")
        (pages / "lecture-plans.md").write_text(lectures.page(), encoding="utf-8")
        options = ["-q", "-W", "--keep-going", "-c", ROOT / "book", "-d", Path(work, "doctrees")]
        status = main([*map(str, options), str(pages), str(made)])
        if not status:
            shutil.copytree(made, make_room(folder), dirs_exist_ok=True)
        return status


if __name__ == "__main__":
    sys.exit(build(*sys.argv[1:2] or [ROOT / "_build" / "book"]))
