"""Copies what pages need from packages that carry it, so that none asks a network."""

import shutil
from importlib.util import find_spec
from pathlib import Path


def package(name):
    return Path(find_spec(name).origin).parent


def copy_mathjax(folder):
    """Copy MathJax's one script and its fonts; return the script's path within ``folder``."""
    source, script = package("sphinx-mathjax-offline") / "static", Path("mathjax/tex-chtml.js")
    fonts = (source / "mathjax/output/chtml/fonts/woff-v2").glob("*.woff")
    for path in (source / script, *fonts):
        target = Path(folder, path.relative_to(source))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return script.as_posix()


def copy_reveal(folder):
    """Copy reveal.js, its speaker view and its licence into ``folder``/reveal."""
    source = package("sphinx_revealjs") / "_static/revealjs"
    for name in ("LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js"):
        target = Path(folder, "reveal", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    shutil.copytree(source / "plugin/notes", Path(folder, "reveal/notes"), dirs_exist_ok=True)


def make_room(folder, sign):
    """Return ``folder``, empty: made, or emptied if its file ``sign`` says that we built it."""
    folder = Path(folder).absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / sign).exists():
        raise SystemExit(f"{folder} holds something else: name a folder that is new or empty.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
