"""All exercises by name: those of the lessons, and those that a file of one's own declares."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from helpers.derivation import NotationError
from helpers.exercises.exercise import Exercise
from helpers.exercises.lessons import LESSONS
from helpers.exercises.practice import draw
from helpers.language import gettext, value_error


def _by_name(exercises: Iterable[Exercise]) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for exercise in exercises:
        exercise.require(exercise.name not in found, "name", "two exercises have it")
        found[exercise.name] = exercise
    return found


_OURS = _by_name(exercise for lesson in LESSONS for exercise in lesson.EXERCISES)
_all = dict(_OURS)
_loaded: dict[Path, dict[str, Exercise]] = {}  # what each file of one's own declares
EXERCISES: Mapping[str, Exercise] = MappingProxyType(_all)


class UnknownExercise(ValueError):
    """A name that no exercise has: what came, and which names are close."""

    _render_traceback_ = NotationError._render_traceback_


def look_up(name: str) -> Exercise:
    """Return the exercise of this name: declared, or drawn for practice."""
    if isinstance(name, str) and name in EXERCISES:
        return EXERCISES[name]
    if isinstance(name, str) and (drawn := draw(str(name))) is not None:
        return drawn
    called = getattr(name, "__name__", "")
    if called in EXERCISES:
        raise UnknownExercise(
            gettext('the name of an exercise stands in quotes: "{called}"', called=called)
        )
    close = difflib.get_close_matches(str(name), EXERCISES, n=3)
    meant = (
        gettext("Did you mean {names}?", names=gettext(" or ").join(close))
        if close
        else gettext("helpers.exercises.EXERCISES names them all.")
    )
    raise UnknownExercise(gettext("there is no exercise {name!r}. {meant}", name=name, meant=meant))


def declared_in(source: str, name: str) -> dict[str, Exercise]:
    """Return the exercises that a teacher's file in Python declares as `EXERCISES`.

    The text is run: never give it a learner's.

    Parameters
    ----------
    source : what the file holds.
    name : how messages call it.

    Raises
    ------
    DeclarationError
        For a declaration that cannot be right: exercise, field and reason.
    ValueError
        Where there is no declaration.
    """
    names: dict[str, object] = {"__name__": "exercises_of_ones_own", "__file__": name}
    exec(compile(source, name, "exec"), names)
    declared = names.get("EXERCISES")
    if not isinstance(declared, list | tuple) or not declared:
        raise value_error("{name} declares no EXERCISES = (…,)", name=name)
    for each in declared:
        if not isinstance(each, Exercise):
            told = "{name}: EXERCISES holds {each!r}, which is no exercise"
            raise value_error(told, name=name, each=each)
    found = _by_name(declared)
    for exercise in found.values():
        exercise.require(exercise.name not in _OURS, "name", "an exercise of the course has it")
        exercise.validate()
    return found


def load(path: str | Path) -> tuple[str, ...]:
    """Add the exercises of a file of your own to those of the course.

    `check`, `hint`, `solution` and `progress` then take them as they take ours. Loading a file
    again replaces what it declared before.

    Parameters
    ----------
    path : a file in Python that declares `EXERCISES`, a tuple.

    Returns
    -------
    tuple of str
        The names of the exercises.

    Raises
    ------
    DeclarationError
        For a declaration that cannot be right: exercise, field and reason.
    ValueError
        Where there is no such file, or where it declares none.
    """
    path = Path(path).resolve()
    if not path.is_file():
        raise value_error("there is no file {path}", path=path)
    new = declared_in(path.read_text(encoding="utf-8"), str(path))
    others = {name: file for file, held in _loaded.items() if file != path for name in held}
    for name, exercise in new.items():
        exercise.require(name not in others, "name", f"an exercise of {others.get(name)} has it")
    for name in _loaded.get(path, ()):
        del _all[name]
    _all.update(new)
    _loaded[path] = new
    return tuple(new)
