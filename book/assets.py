"""Copies what pages need from packages that carry it, so that none asks a network."""

import shutil
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).with_name("static")


def package(name):
    return Path(find_spec(name).origin).parent


def copy_mathjax(folder):
    """Copy MathJax's one script and its fonts into ``folder``/mathjax."""
    source, script = package("sphinx-mathjax-offline") / "static", Path("mathjax/tex-chtml.js")
    fonts = (source / "mathjax/output/chtml/fonts/woff-v2").glob("*.woff")
    for path in (source / script, *fonts):
        target = Path(folder, path.relative_to(source))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def copy_reveal(folder):
    """Copy reveal.js, its speaker view and its licence into ``folder``/reveal."""
    source = package("sphinx_revealjs") / "_static/revealjs"
    for name in ("LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js"):
        target = Path(folder, "reveal", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    shutil.copytree(source / "plugin/notes", Path(folder, "reveal/notes"), dirs_exist_ok=True)


MARK = ".built-by-course"


def make_room(folder):
    """Return ``folder`` with our mark alone in it: made, or emptied if it had that mark.

    The mark comes first and is never taken away, so that a build which was stopped, or the emptying
    itself, can be done again.
    """
    folder = Path(folder).resolve()
    if folder.is_file() or folder.name.startswith("-"):
        raise SystemExit(f"{folder} is no folder to build into.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SystemExit(f"{folder} holds something else: name a folder that is new or empty.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARK:
            path.unlink()
    return folder
