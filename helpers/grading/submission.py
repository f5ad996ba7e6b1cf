"""Read what a submission answers: its own code cells, in their order.

Which cell answers what is found by nbgrader's grade id where that is still there, and by what the
cell says where an editor has dropped it: `def NAME`, `NAME = …`, `check("NAME", …)`. Cells that
stand there as they were released need not run again. Nothing is run here.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpers.grading.assignment import Assignment

MAX_NOTEBOOK = 64_000_000  # bytes, with all pictures
MAX_CELLS = 10_000_000  # bytes without what its cells have put out
MAX_PARTS = 4_000_000  # so many lists, tables and entries fit into memory without harm
LARGE = 1_000_000
MAX_SOURCE = 100_000


class Unreadable(Exception):
    """Why a file is no notebook that can be graded."""


@dataclass(frozen=True)
class Cell:
    """A code cell of a submission.

    Parameters
    ----------
    source : as it stands there.
    answers : the exercises whose cell it is, or whose names it gives a value.
    asks : the exercises that it checks.
    released : it stands there as the assignment gave it.
    """

    source: str
    answers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    released: bool = False


def read_submission(data: bytes, assignment: Assignment) -> list[Cell]:
    """Return the code cells of a notebook; `Unreadable` says why it cannot be graded."""
    wanted = frozenset(item.name for item in assignment.items)
    cells = [_cell(*found, wanted, assignment.given) for found in _sources(_notebook(data))]
    if not any(cell.answers or cell.asks for cell in cells):
        some = ", ".join(item.name for item in assignment.items[:3])
        raise Unreadable(f"no cell of the notebook belongs to this assignment ({some}, …)")
    return cells


def _notebook(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_NOTEBOOK:
        raise Unreadable(f"the file is larger than {MAX_NOTEBOOK // 10**6} MB")
    if len(data) > LARGE and sum(map(data.count, (b",", b"[", b"{"))) > MAX_PARTS:
        raise Unreadable("the file is too long: its outputs hold millions of entries")
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("the file is no notebook: it cannot be read as JSON") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version not in (4, "4"):
        raise Unreadable(f"the file is no notebook of version 4 (its nbformat is {version!s:.20})")
    if not isinstance(notebook.get("cells"), list):
        raise Unreadable("the notebook has no cells")
    return notebook


def without_outputs(data: bytes) -> bytes:
    """Return a large notebook without its outputs; `Unreadable` says why it is none."""
    if len(data) < LARGE:
        return data
    notebook = _notebook(data)
    for cell in notebook["cells"]:
        if isinstance(cell, dict):
            cell.pop("outputs", None)
    bare = json.dumps({"nbformat": 4, "cells": notebook["cells"]}).encode()
    if len(bare) > MAX_CELLS:
        raise Unreadable(f"its cells without outputs are larger than {MAX_CELLS // 10**6} MB")
    return bare


def _sources(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The (source, grade id) of each code cell."""
    for cell in notebook["cells"]:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if isinstance(source, str):
            yield source.replace("\0", "").lstrip("\ufeff"), _identity(cell)


def _identity(cell: dict[str, Any]) -> str:
    info: Any = cell
    for key in ("metadata", "nbgrader", "grade_id"):
        info = info.get(key) if isinstance(info, dict) else None
    return info if isinstance(info, str) else ""


_ASKS = re.compile(r"\b(?:check|check_derivation|credit)\(\s*[\"'](\w+)[\"']\s*,")
_ONLY_ASKS = re.compile(r"""(?:\s*(?:check|credit)\(["'](\w+)["'], *\1\)\s*(?:#.*)?)+""")
SHORT = 500  # characters of a cell that only asks; longer ones would take long to match


@cache
def _giving(names: frozenset[str]) -> re.Pattern[str]:
    """What gives one of these names a value: `NAME = …`, `def NAME`, `for NAME`, `%%check NAME`.

    It may find too much, such as a comparison; it takes a time that grows with the text alone.
    """
    one = "|".join(map(re.escape, sorted(names)))
    before = r"(?:\b(?:def|class|for)|%%check)[ \t]{1,9}"
    return re.compile(rf"{before}({one})\b|\b({one})\b[^=\n()]{{0,60}}=(?!=)")


def _cell(source: str, identity: str, wanted: frozenset[str], given: str) -> Cell:
    text = source[:MAX_SOURCE]
    asks = dict.fromkeys(name for name in _ASKS.findall(text) if name in wanted)
    if (asks and len(source) < SHORT and _ONLY_ASKS.fullmatch(source)) or source.strip() in given:
        return Cell(source, asks=tuple(asks), released=True)
    names = [identity] if identity in wanted else []
    names += (name for found in _giving(wanted).findall(text) for name in found if name)
    return Cell(source, tuple(dict.fromkeys(names)), tuple(asks))


def answers(cells: Iterable[Cell]) -> list[tuple[str, str]]:
    """Return (exercise, source) of the cells that answer, each for the first that it answers."""
    return [(cell.answers[0], cell.source) for cell in cells if cell.answers]


# ----------------------------------------------------------------------------------- read, not run


def written(source: str, name: str) -> object:
    r"""Return the text or number that a cell assigns to a name, without running the cell.

    The lines below `%%check NAME` are that text as they are. None where there is nothing to read.

    >>> written('answer = "B"', "answer"), written("answer = 1/4", "answer")
    ('B', '1 / 4')
    >>> written("%%check answer\nD(z^2)\n= 2z", "answer")
    'D(z^2)\n= 2z'
    """
    if len(source) > MAX_SOURCE:
        return None
    if cell := re.fullmatch(r"\s*%%check[ \t]+(\w+)[ \t]*(?:\n(.*))?", source, re.DOTALL):
        return cell[2] if cell[1] == name else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
            found = _assigned(body, name)
            if not found:
                return None
            value = found[-1]
            return value.value if isinstance(value, ast.Constant) else ast.unparse(value)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _assigned(body: Iterable[ast.stmt], name: str) -> list[ast.expr]:
    """The expressions that are assigned to a name."""
    found = []
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                found.append(node.value)
    return found
