"""All exercises by name: those of the lessons, and those that a file of one's own declares."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from helpers.derivation import NotationError
from helpers.exercises.exercise import Exercise
from helpers.exercises.lessons import LESSONS

__all__ = ["EXERCISES", "UnknownExercise", "declared_in", "load", "look_up"]


def _by_name(exercises: Iterable[Exercise]) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for exercise in exercises:
        exercise.require(exercise.name not in found, "name", "two exercises have it")
        found[exercise.name] = exercise
    return found


_all = _by_name(exercise for lesson in LESSONS for exercise in lesson.EXERCISES)
_files: dict[Path, set[str]] = {}  # what each file of one's own has declared
EXERCISES: Mapping[str, Exercise] = MappingProxyType(_all)


class UnknownExercise(ValueError):
    """A name that no exercise has: what came, and which names are close."""

    _render_traceback_ = NotationError._render_traceback_


def look_up(name: str) -> Exercise:
    """Return the exercise of this name."""
    if isinstance(name, str) and name in EXERCISES:
        return EXERCISES[name]
    close = difflib.get_close_matches(str(name), EXERCISES, n=3)
    meant = f"Did you mean {' or '.join(close)}?" if close else "list(EXERCISES) names them all."
    raise UnknownExercise(f"there is no exercise {name!r}. {meant}")


def declared_in(source: str, name: str) -> dict[str, Exercise]:
    """Return the exercises that a text in Python declares as `EXERCISES`, none of them ours.

    The text is run: it is a teacher's, never a learner's.

    Parameters
    ----------
    source : what the file holds.
    name : how messages call it.
    """
    names: dict[str, object] = {"__name__": "exercises_of_ones_own", "__file__": name}
    exec(compile(source, name, "exec"), names)
    declared = names.get("EXERCISES")
    listed = isinstance(declared, list | tuple) and declared
    if not listed or not all(isinstance(each, Exercise) for each in declared):
        raise ValueError(f"{name}: EXERCISES = (…,) is asked for, a tuple of exercises")
    return _by_name(declared)


def load(path: str | Path) -> tuple[str, ...]:
    """Add the exercises of a file of your own to those of the course.

    `check`, `hint`, `solution` and `progress` then take them as they take ours; loading a file
    again replaces what it declared before.

    Parameters
    ----------
    path : a file in Python that holds `EXERCISES`, a tuple of declarations.

    Returns
    -------
    tuple of str
        The names of the exercises.

    Raises
    ------
    DeclarationError
        For a declaration that cannot be right: exercise, field and reason.
    """
    path = Path(path).resolve()
    new = declared_in(path.read_text(encoding="utf-8"), str(path))
    before = _files.get(path, set())
    for name, exercise in new.items():
        taken = name in EXERCISES and name not in before
        exercise.require(not taken, "name", "there is another exercise of this name")
        exercise.validate()
    for name in before:
        del _all[name]
    _all.update(new)
    _files[path] = {*new}
    return tuple(new)
