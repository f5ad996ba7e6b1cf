"""Builds the web book: `python -m book.web FOLDER [--pdf]`.

Sphinx wants one folder of sources: the lessons, the pages of this folder and the README that they
quote are copied into it, so that links between them are those of the repository.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from sphinx.cmd import build as sphinx

from book import gallery, notation, pages, paper
from book.assets import make_room
from helpers.language import translate_page
from tools.chromium import BROWSERS, found_browser
from tools.faults import Fault, guarded
from tools.files import ROOT
from tools.notebooks import lessons_shown

SOURCES = (
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "book/*.md"),
    *("benchmarks/*.md", "benchmarks/*.svg", "helpers/*/*.md"),
)
PAGES = {
    "gallery": gallery.page,
    "notation": notation.page,
}
HERE = ROOT / "book"
EDITION = "lite/notebooks/index.html"  # of the in-browser edition, beside the book
ON_PAPER = f'''<p class="pdf"><a href="{paper.NAME}">The whole book as one PDF</a>,
to read offline or to print.</p>'''


def tags(folder):
    """Return what Sphinx is told of the in-browser edition, to which buttons lead where it is."""
    return ["-t", "lite"] if (Path(folder).resolve().parent / EDITION).exists() else []


def build(folder, pdf=False):
    """Build the book into ``folder``; return Sphinx's exit status, not 0 at any warning."""
    if pdf and found_browser() is None:
        raise Fault(f"`book --pdf` prints with a browser, one of: {', '.join(BROWSERS)}.")
    with tempfile.TemporaryDirectory() as work:
        sources, made = Path(work, "pages"), Path(work, "book")
        for path in (path for pattern in SOURCES for path in ROOT.glob(pattern)):
            name = path.relative_to(HERE if path.parent == HERE else ROOT)
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, sources / name)
        shown = lessons_shown(Path(work, "lessons"))
        (sources / "notebooks").mkdir()
        for lesson in shown:
            page = pages.page(nbformat.read(lesson, as_version=4), int(lesson.name[:2]))
            nbformat.write(page, sources / "notebooks" / lesson.name)
        for name, page in PAGES.items():
            (sources / f"{name}.md").write_text(page(), encoding="utf-8")
        index = sources / "index.md"
        text = index.read_text(encoding="utf-8").replace("<!-- home -->", pages.home(shown))
        text = text.replace("<!-- pdf -->", translate_page(ON_PAPER) if pdf else "")
        index.write_text(text, encoding="utf-8")
        options = ["-q", "-W", "--keep-going", "-c", HERE, "-d", Path(work, "doctrees")]
        status = sphinx.main([*map(str, options), *tags(folder), str(sources), str(made)])
        if not status:
            folder = make_room(folder)
            shutil.copytree(made, folder, dirs_exist_ok=True)
            if pdf:
                paper.print_book(folder)
        return status


@guarded
def main(words):
    """Build into the folder that the first word names, with a PDF after a `--pdf`."""
    return build(words[0], pdf="--pdf" in words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
