"""The file that is handed in: a notebook without outputs, and what is known beside it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.exercises import read_progress
from helpers.handin.names import without_copies
from helpers.language import gettext, value_error

KEY = "hand_in"  # in the metadata of the notebook
SUFFIX = ".handin.ipynb"


@dataclass(frozen=True)
class HandIn:
    """What a file says that was handed in.

    Parameters
    ----------
    assignment : the name of the notebook.
    time : when the file was made, by the learner's own clock, in UTC.
    checked : what `check` said: exercise -> (attempts, whether one of them was right).
    unchanged : the fingerprint fits; none where the file has none, being a plain notebook.
    """

    assignment: str = ""
    time: datetime | None = None
    checked: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    unchanged: bool | None = None


def pack(notebook: Mapping[str, Any], assignment: str, now: datetime) -> str:
    """Return the file for a notebook: its cells without outputs, and what is known beside them."""
    cells = [_bare(cell) for cell in notebook["cells"]]
    about = {
        "assignment": assignment,
        "time": now.astimezone(UTC).isoformat(timespec="seconds"),
        "checked": _checked(cells),
    }
    about["fingerprint"] = _fingerprint(cells, about)
    kept = {k: v for k, v in notebook.get("metadata", {}).items() if k != "widgets"}
    packed = {**notebook, "cells": cells, "metadata": {**kept, KEY: about}}
    return json.dumps(packed, indent=1, ensure_ascii=False)


def _bare(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell["cell_type"] == "code":
        return {**cell, "outputs": [], "execution_count": None}
    return dict(cell)


def _checked(cells: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What `check` said about the exercises that the cells name."""
    words = "\n".join("".join(cell["source"]) for cell in cells)
    return {
        name: [entry.get("attempts", 0), bool(entry.get("right"))]
        for name, entry in sorted(read_progress().items())
        if name in words and entry.get("attempts")
    }


def _fingerprint(cells: Iterable[Mapping[str, Any]], about: Mapping[str, Any]) -> str:
    """Return a hash of the words of all cells and of what is known beside them."""
    said = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    known = {k: v for k, v in about.items() if k != "fingerprint"}
    return hashlib.sha256(json.dumps([said, known], sort_keys=True).encode()).hexdigest()


def read_file(data: bytes) -> HandIn:
    """Return what a file says; of anything that was not written by `hand_in`, nothing is known."""
    with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        notebook = json.loads(data)
        about = notebook["metadata"][KEY]
        checked = {str(n): (int(k), bool(right)) for n, (k, right) in about["checked"].items()}
        time = datetime.fromisoformat(about["time"]).astimezone(UTC).replace(tzinfo=None)
        unchanged = about["fingerprint"] == _fingerprint(notebook["cells"], about)
        return HandIn(str(about["assignment"]), time, checked, unchanged)
    return HandIn()


class Offer(str):
    """Words about a file that was written; a notebook shows them with a link to take it out."""

    name: str
    data: bytes

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        link = base64.b64encode(self.data).decode()
        name = html.escape(self.name)
        save = gettext("Save {name}", name=name)
        return (
            f'<p>{html.escape(self)}</p><p><a download="{name}" '
            f'href="data:application/x-ipynb+json;base64,{link}">{save}</a></p>'
        )


def hand_in(notebook: str | Path, to: str | Path | None = None) -> Offer:
    """Write the file that is handed in beside a notebook, from what was last saved of it.

    Parameters
    ----------
    notebook : its file, or its name in the present folder.
    to : the file to write, NAME.handin.ipynb if not said.

    Raises
    ------
    FileNotFoundError
        Where no such notebook lies.
    ValueError
        For a file that is no notebook.
    """
    path = notebook_at(Path(notebook))
    if path is None:
        raise FileNotFoundError(
            gettext("There is no notebook {path} here; name its file.", path=notebook)
        )
    try:
        packed = pack(json.loads(path.read_bytes()), _name(path), datetime.now(UTC))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise value_error(
            "{path} is no notebook that can be handed in: save it once more.", path=path
        ) from None
    target = Path(to) if to else path.with_name(_name(path) + SUFFIX)
    part = target.with_name(f".{target.name}.part")
    part.write_text(packed, encoding="utf-8")
    part.replace(target)  # whole, or not at all
    saved = datetime.fromtimestamp(path.stat().st_mtime)
    offer = Offer(
        gettext(
            "{target} holds {name} as it was saved at {saved:%H:%M:%S} on {saved:%Y-%m-%d}. "
            "Hand in this file. Its fingerprint shows whether it is changed on the way; it does "
            "not prove who wrote it.",
            target=target,
            name=path.name,
            saved=saved,
        )
    )
    offer.name, offer.data = target.name, packed.encode()
    return offer


def _name(path: Path) -> str:
    stem = without_copies(path.name.removesuffix(".ipynb")).removesuffix(".handin")
    return without_copies(stem) or path.stem


def notebook_at(path: Path) -> Path | None:
    """Return the notebook that a path means, with its ending or without, or None."""
    candidates = path, path.with_name(f"{path.name}.ipynb"), path / f"{path.name}.ipynb"
    return next((candidate for candidate in candidates if candidate.is_file()), None)
