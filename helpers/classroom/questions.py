"""The questions of the course for an LMS: files that Moodle, STACK and QTI 2.1 players import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from helpers.classroom.moodle import moodle_xml
from helpers.classroom.qti import qti_package
from helpers.classroom.stack import stack_xml
from helpers.exercises import (
    EXERCISES,
    ChoiceExercise,
    DerivationExercise,
    Exercise,
    NumberExercise,
)

KINDS = (ChoiceExercise, NumberExercise, DerivationExercise)


def questions_of(lessons: Iterable[int] = (), more: Mapping[str, Exercise] | None = None) -> list:
    """Return all choice and number questions and derivations, of some lessons or of all."""
    wanted = {*lessons}
    found = {**EXERCISES, **(more or {})}.values()
    return [e for e in found if isinstance(e, KINDS) and (not wanted or e.lesson in wanted)]


def write_questions(folder: Path, exercises: list) -> dict[str, int]:
    """Write moodle.xml, stack.xml and qti21.zip; return how many questions each of them holds."""
    stack, fitting = stack_xml(exercises)
    moodle = moodle_xml(
        exercises
    )  # a question that no file can hold is refused before one is there
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "moodle.xml").write_bytes(moodle)
    (folder / "stack.xml").write_bytes(stack)
    (folder / "qti21.zip").write_bytes(qti_package(exercises))
    return {"moodle.xml": len(exercises), "stack.xml": fitting, "qti21.zip": len(exercises)}
