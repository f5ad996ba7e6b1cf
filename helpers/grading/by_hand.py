"""Questions of an assignment that a person grades: essays, and tasks over several cells."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

MATHS = re.compile(r"(\$\$.+?\$\$|\$[^$\n]+\$|\\\(.+?\\\)|\\\[.+?\\\])", re.DOTALL)


@dataclass(frozen=True)
class ByHand:
    """A cell of nbgrader's that a person grades.

    Parameters
    ----------
    name : its grade id.
    points : what it is worth.
    cell_type : "markdown" or "code".
    is_task : it asks for something that stands in other cells.
    released : what stands in it before anybody answers.
    """

    name: str
    points: float
    cell_type: str = "markdown"
    is_task: bool = False
    released: str = ""


def questions_by_hand(notebook: Mapping[str, Any]) -> tuple[ByHand, ...]:
    """Return the questions of a released or a source notebook that a person grades."""
    found = []
    for cell in notebook["cells"]:
        info = cell["metadata"].get("nbgrader", {})
        is_task = bool(info.get("task"))
        if is_task or (info.get("solution") and info.get("grade")):
            name, points = info["grade_id"], float(info["points"])
            found.append(ByHand(name, points, cell["cell_type"], is_task, "".join(cell["source"])))
    return tuple(found)


def answers_by_hand(data: bytes, questions: tuple[ByHand, ...]) -> dict[str, str]:
    """Return what a submission says in the cells that a person grades."""
    found: dict[str, str] = {}
    names = {question.name for question in questions if not question.is_task}
    with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        for cell in json.loads(data)["cells"] if names else ():
            info = cell["metadata"].get("nbgrader", {})
            name = info.get("grade_id") or cell.get("id")
            if name in names:
                said = "".join(cell["source"])
                found[name] = f"{found[name]}\n\n{said}" if name in found else said
    return found


def without_markup(text: str) -> str:
    r"""Return Markdown that can hold no HTML; formulas stay what they are.

    >>> without_markup(r"<b>if</b> $a < b$")
    '&lt;b>if&lt;/b> $a \\lt  b$'
    """
    parts = MATHS.split(text)  # words, formula, words, …
    signs = itertools.cycle(("&lt;", r"\lt "))
    return "".join(part.replace("<", sign) for part, sign in zip(parts, signs, strict=False))
