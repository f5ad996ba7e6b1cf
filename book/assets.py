"""Copies what pages need from packages that carry it, so that none asks a network."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.faults import Fault, explain
from tools.files import ROOT, sha256

STATIC = Path(__file__).with_name("static")
PACKAGES = [Path(__file__).with_name(name) for name in ("package.json", "package-lock.json")]
KEPT = ROOT / "_build" / "npm"
REVEAL = ("reset.css", "reveal.css", "reveal.js", "plugin/notes.js")
MATHJAX = {  # its settings on every page: the font beside it, formulas as MathML for screen readers
    "loader": {"load": ["a11y/assistive-mml"]},
    "startup": {"input": ["tex"]},  # what is MathML already, browsers show by themselves
    "output": {"fontPath": "[mathjax]"},
    "options": {
        "enableMenu": False,  # else each formula is a stop of the Tab key
        "enableAssistiveMml": True,
        "enableEnrichment": False,
        "enableSpeech": False,
        "enableBraille": False,
        "enableExplorer": False,
        "menuOptions": {
            "settings": {"assistiveMml": True, "enrich": False, "speech": False, "braille": False}
        },
    },
}
SCRIPT = "tex-mml-chtml-mathjax-tex.js"
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")


def fetched():
    """Return the folder where the packages are, once they were fetched."""
    return KEPT / sha256(PACKAGES[1].read_bytes())[:12]


def with_mathjax(page):
    """Return a page of HTML with MathJax's settings and the name of its script filled in."""
    return page.replace("{mathjax}", json.dumps(MATHJAX)).replace("{script}", SCRIPT)


def package(name):
    """Return the folder of a package; npm fetches all once, by the hashes of package-lock.json."""
    folder = fetched()
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as fresh:
            install(Path(fresh, "packages"))
            try:
                Path(fresh, "packages").rename(folder)
            except OSError:
                if not folder.exists():  # another process was not faster
                    raise
    return folder / "node_modules" / name


def install(folder):
    """Have npm fetch all packages into a new ``folder``."""
    npm = shutil.which("npm")
    if npm is None:
        raise Fault(
            "MathJax and reveal.js come by npm, which is missing here: install Node.js, which "
            "brings it, then run the same command again."
        )
    folder.mkdir()
    for path in PACKAGES:
        shutil.copy(path, folder)
    done = subprocess.run([npm, *INSTALL], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Fault(explain(done.stdout + done.stderr))


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def copy_mathjax(folder):
    """Copy MathJax's one script, its fonts and what writes MathML into ``folder``/mathjax."""
    script, font = package("mathjax"), package("@mathjax/mathjax-tex-font")
    found = [font / SCRIPT, *font.glob("chtml/woff2/*.woff2")]
    found += [script / "LICENSE", script / "a11y/assistive-mml.js"]
    for path in found:
        home = script if path.is_relative_to(script) else font
        copy(path, Path(folder, "mathjax", path.relative_to(home)))


def copy_reveal(folder):
    """Copy reveal.js, its speaker view and its licence into ``folder``/reveal."""
    for name in ("LICENSE", *(f"dist/{each}" for each in REVEAL)):
        copy(package("reveal.js") / name, Path(folder, "reveal", name))


MARK = ".built-by-course"


def make_room(folder):
    """Return ``folder`` with our mark alone in it: made, or emptied if it had that mark.

    The mark comes first and is never taken away, so that a build which was stopped, or the emptying
    itself, can be done again.
    """
    folder = Path(folder).resolve()
    if folder.is_file() or folder.name.startswith("-"):
        raise Fault(f"{folder} is no folder to build into.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise Fault(f"{folder} holds something else: name a folder that is new or empty.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARK:
            path.unlink()
    return folder
