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

from book import gallery, notation, pages
from book.assets import make_room
from tools.files import ROOT, lessons

SOURCES = (
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "book/*.md"),
    *("benchmarks/*.md", "benchmarks/*.svg", "helpers/*/*.md"),
)
PAGES = {
    "gallery": gallery.page,
    "notation": notation.page,
}
EDITION = "lite/notebooks/index.html"  # of the in-browser edition, beside the book


def tags(folder):
    """Return what Sphinx is told of the in-browser edition, to which buttons lead where it is."""
    return ["-t", "lite"] if (Path(folder).resolve().parent / EDITION).exists() else []


def build(folder):
    """Build the book into ``folder``; return Sphinx's exit status, not 0 at any warning."""
    with tempfile.TemporaryDirectory() as work:
        sources, made = Path(work, "pages"), Path(work, "book")
        for path in [*lessons(), *(path for pattern in SOURCES for path in ROOT.glob(pattern))]:
            name = path.relative_to(ROOT / "book" if path.parent.name == "book" else ROOT)
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, sources / name)
        for lesson in lessons(sources / "notebooks"):
            page = pages.page(nbformat.read(lesson, as_version=4), int(lesson.name[:2]))
            nbformat.write(page, lesson)
        for name, page in PAGES.items():
            (sources / f"{name}.md").write_text(page(), encoding="utf-8")
        index = sources / "index.md"
        text = index.read_text(encoding="utf-8").replace("<!-- home -->", pages.home())
        index.write_text(text, encoding="utf-8")
        options = ["-q", "-W", "--keep-going", "-c", ROOT / "book", "-d", Path(work, "doctrees")]
        status = main([*map(str, options), *tags(folder), str(sources), str(made)])
        if not status:
            shutil.copytree(made, make_room(folder), dirs_exist_ok=True)
        return status


if __name__ == "__main__":
    sys.exit(build(*sys.argv[1:2] or [ROOT / "_build" / "book"]))
