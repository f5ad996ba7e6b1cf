"""Who is on the roster of a course, and whom only a file that was taken in names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbgrader.api import Student

from helpers.grading.journal import write

# an id a line; a line that is deleted is settled
NEWCOMERS = Path(".grading", "not_on_roster.txt")


def note_newcomers(course: Path, students: Iterable[str]) -> None:
    """Remember whom the gradebook knows from files alone."""
    known = _newcomers(course)
    write(course / NEWCOMERS, "".join(f"{student}\n" for student in sorted(known | {*students})))


def on_roster(course: Path, db: Any) -> set[str]:
    """Return the ids of a roster: of the students that have a name, but for the newcomers."""
    named = db.query(Student).filter(
        (Student.first_name != "") | (Student.last_name != "") | (Student.lms_user_id != "")
    )
    return {student.id for student in named} - _newcomers(course)


def strangers(course: Path, db: Any) -> set[str]:
    """Return the newcomers of a course that has a roster."""
    return _newcomers(course) if on_roster(course, db) else set()


def _newcomers(course: Path) -> set[str]:
    path = course / NEWCOMERS
    return {*path.read_text(encoding="utf-8").splitlines()} if path.is_file() else set()
