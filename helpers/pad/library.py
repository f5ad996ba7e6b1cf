"""MathLive and its fonts, sent to the browser once for each kernel.

JupyterLab, Notebook 7 and the in-browser edition have no address from which a page could fetch
files of ours. So the files are the state of one widget, which every pad names; the first pad of a
page loads them, and nothing asks a network.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ipywidgets
import traitlets

FOLDER = Path(__file__).with_name("mathlive")


class Library(ipywidgets.Widget):
    """The files of MathLive by name; binary, so that no text is copied or escaped on the way."""

    files = traitlets.Dict(value_trait=traitlets.Bytes()).tag(sync=True)


def library() -> Library:
    """Return the one library of this kernel; a new one where it was closed."""
    if _library().comm is None:
        _library.cache_clear()
    return _library()


@cache
def _library() -> Library:
    fonts = sorted((FOLDER / "fonts").glob("*.woff2"))
    return Library(files={p.name: p.read_bytes() for p in (FOLDER / "mathlive.min.mjs", *fonts)})
