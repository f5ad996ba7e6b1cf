"""Read what an assignment asks: a notebook in nbgrader's source form."""

from __future__ import annotations

import ast
import json
import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers.exercises import EXERCISES, DerivationExercise, Exercise, declared_in
from helpers.grading.variants import drawn_for, is_variant

OWN = "exercises.py"  # beside the notebook of an assignment: exercises of its own
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """An exercise of an assignment, what it is worth, and its checkpoints if it has any."""

    name: str
    points: float
    checkpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """What an assignment asks.

    Parameters
    ----------
    name : as the notebook is called.
    items : the exercises in the order of the notebook.
    given : the code that it gives to students.
    declarations : the source of a file that declares exercises of its own; with it a worker on
        another machine knows them too.
    """

    name: str
    items: tuple[Item, ...]
    given: str = ""
    declarations: str = ""

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """All exercises that it may ask: those of the course, and its own."""
        return _with_own(self.declarations)

    @property
    def variants(self) -> tuple[str, ...]:
        """The items of which each student gets their own."""
        return tuple(item.name for item in self.items if is_variant(item.name))

    def exercises_of(self, student: str, secret: bytes) -> Mapping[str, Exercise]:
        """All exercises that it may ask, and this student's own ones."""
        own = {name: drawn_for(student, name, self.name, secret) for name in self.variants}
        return {**self.exercises, **own} if own else self.exercises


@cache
def _with_own(declarations: str) -> Mapping[str, Exercise]:
    return {**EXERCISES, **declared_in(declarations, OWN)} if declarations else EXERCISES


def declarations_of(path: Path) -> str:
    """Return the source of a teacher's declarations; a `ValueError` says why they cannot be used.

    It names the file, its line and, from the declaration itself, exercise and field.
    """
    source = path.read_text(encoding="utf-8")
    try:
        _with_own(source)
    except Exception as error:
        calls = traceback.extract_tb(error.__traceback__)
        lines = [f", line {call.lineno}" for call in calls if call.filename == OWN][-1:]
        reason = f"{type(error).__name__}: {error}"
        raise ValueError(f"{path}{''.join(lines)} cannot be used ({reason}).") from None
    return source


# ---------------------------------------------------------------------------------- the notebooks


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of a teacher; a `ValueError` names the file that is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        _ = [(c["metadata"].get, c["cell_type"], "".join(c["source"])) for c in notebook["cells"]]
    except (ValueError, LookupError, TypeError, AttributeError):
        reason = "it cannot be read as JSON, or a part of its cells is missing"
        raise ValueError(f"{path} is no notebook: {reason}.") from None
    return notebook


def read_assignment(path: Path, name: str, declarations: str = "") -> Assignment:
    """Read what is asked from an assignment in nbgrader's source form.

    A solution cell named as an exercise asks for it, one named as in `variants` for one of each
    student's own; the cell `test_NAME` says how many points it is worth, and its call `credit(…)`
    names the checkpoints. Locked code cells `given…` are run before the students' cells.

    Raises
    ------
    ValueError
        For a cell that cannot be so.
    """
    solutions, tests, given = [], {}, []
    for cell in read_notebook(path)["cells"]:
        info, source = cell["metadata"].get("nbgrader", {}), "".join(cell["source"])
        identity = info.get("grade_id", "")
        if info.get("task") or (info.get("solution") and info.get("grade")):
            continue  # a person grades it
        if info.get("solution"):
            if cell["cell_type"] != "code":
                raise ValueError(f"{path}: the solution cell {identity} must be a code cell.")
            solutions.append(identity)
        elif info.get("grade"):
            tests[identity] = _points(path, identity, info), _checkpoints(path, identity, source)
        elif identity.startswith("given") and cell["cell_type"] == "code":
            given.append(source)
    exercises = _with_own(declarations)
    known = [s for s in solutions if s in exercises or is_variant(s)]
    unknown = [s for s in solutions if s not in known or f"test_{s}" not in tests]
    if unknown or not solutions:
        raise ValueError(
            f"{path}: each solution cell is named as an exercise and followed by test_NAME with "
            f"points; this does not hold for {', '.join(unknown) or 'any cell'}"
        )
    items = tuple(Item(s, *tests[f"test_{s}"]) for s in solutions)
    for item in items:
        exercise = exercises.get(item.name)
        if isinstance(exercise, DerivationExercise):
            exercise.require_slopes(item.checkpoints, f"the checkpoints in {path.name}")
    return Assignment(name, items, "\n".join(given), declarations)


def _points(path: Path, identity: str, info: Notebook) -> float:
    try:
        points = float(info["points"])
    except (KeyError, TypeError, ValueError):
        points = -1.0
    if not 0 <= points < math.inf:
        said = info.get("points", "nothing")
        reason = f"its points are a number from 0 on; {said!r} stands there"
        raise ValueError(f"{path}: the cell {identity} cannot be graded: {reason}.")
    return points


def _checkpoints(path: Path, identity: str, source: str) -> tuple[str, ...]:
    try:
        nodes = ast.walk(ast.parse(source))
        for node in nodes:
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "credit":
                return tuple(map(ast.literal_eval, node.args[2:]))
    except (SyntaxError, ValueError) as error:
        reason = f"it is no Python that can be read ({error})"
        raise ValueError(f"{path}: the cell {identity} cannot be used: {reason}.") from None
    return ()


# Assignments draw each student's own questions; rehearsals ask the exercises of the lessons.
PUBLISHED = tuple(
    Path(__file__).parents[2] / "notebooks" / kind for kind in ("assignments", "rehearsals")
)


@cache
def default_assignment(name: str) -> Path:
    """Return the published notebook of an assignment, or of a rehearsal."""
    paths = [folder / name / f"{name}.ipynb" for folder in PUBLISHED]
    return next((path for path in paths if path.exists()), paths[0])
