"""Due dates, extensions and late penalties, by nbgrader's own model.

The due date of an assignment and the extension of a student stand in the gradebook; what lateness
costs is said by the plugin that the course's `nbgrader_config.py` names.
"""

from __future__ import annotations

import argparse
import difflib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float
from traitlets.config import Config

from helpers.grading.attempts import shown
from helpers.grading.release import source_of
from helpers.grading.roster import on_roster
from helpers.grading.settings import database, usable
from helpers.grading.workers import Refusal

if TYPE_CHECKING:
    from helpers.grading.gradebook import Book

DAY = 86_400


class PerDay(LateSubmissionPlugin):
    """A penalty for each day or part of a day, as a share of the points that were earned."""

    percent = Float(10.0, help="of the points that were earned, for each day").tag(config=True)
    grace_minutes = Float(5.0, help="so late is not late").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """Return the points that are taken off, at most all.

        >>> PerDay().late_submission_penalty("ada", 20.0, 86_401)
        4.0
        """
        late = total_seconds_late - 60 * self.grace_minutes
        days = -(-total_seconds_late // DAY) if late > 0 else 0
        return min(score, score * days * self.percent / 100)


def penalize(book: Book, config: Config, first: dict[str, datetime]) -> None:
    """Write the penalties of an assignment; who is not late has none.

    `first` says when the words that are graded were handed in for the first time: handing in the
    same again, say with a question about the grade, is not late.
    """
    tool = AssignLatePenalties(config=config)
    tool.init_plugin()
    for late in book.late(first):
        said = tool.plugin_inst.late_submission_penalty(late.student, late.score, late.seconds)
        late.notebook.late_submission_penalty = (
            None if said is None else min(max(0.0, said), max(0.0, late.score))
        )
    book.db.commit()


# -------------------------------------------------------------------------------------- due dates


def due(options: argparse.Namespace) -> int:
    """Say when an assignment is due, for all or for one student."""
    from nbgrader.api import Gradebook, MissingEntry

    source_of(options)  # refuse an unknown name
    when = _time(options.time) if options.time else None
    name, student = options.assignment, options.student
    with usable(database(options)) as address, Gradebook(address) as book:
        try:
            assignment = book.find_assignment(name)
        except MissingEntry:
            raise Refusal(f"{name} is not released yet (`course.py release {name}`).") from None
        if when and not student:
            book.update_or_create_assignment(name, duedate=when)
        elif when:
            if assignment.duedate is None:
                raise Refusal(f"{name} has no due date that could be extended; say one first.")
            if when < assignment.duedate:
                now = _shown(assignment.duedate)
                raise Refusal(f"{_shown(when)} is before {now}, when it is due for all.")
            require_known(student, on_roster(options.course, book.db))
            book.update_or_create_student(student)
            _make_submission(book, assignment, student)
            minutes = (when - assignment.duedate).total_seconds() / 60
            book.grant_extension(name, student, minutes=minutes)
        assignment = book.find_assignment(name)
        print(f"{name} is due {_shown(assignment.duedate)}.")
        for submission in book.assignment_submissions(name):
            if submission.extension and assignment.duedate:
                print(f"  {submission.student.id}: {_shown(submission.duedate)}")
    return 0


def require_known(student: str, roster: set[str]) -> None:
    """Refuse an id that is not on the roster, where there is one; say which are like it."""
    if roster and student not in roster:
        near = ", ".join(difflib.get_close_matches(student, sorted(roster)))
        said = f"near it: {near}" if near else "none is near it"
        raise Refusal(f"There is no {student!r} on the roster; {said}.")


def _make_submission(book: Any, assignment: Any, student: str) -> None:
    """Make the entry that an extension stands in, for a student who has handed in nothing yet."""
    from nbgrader.api import MissingEntry, SubmittedAssignment

    try:
        book.find_submission(assignment.name, student)
    except MissingEntry:
        book.db.add(SubmittedAssignment(assignment_id=assignment.id, student_id=student))
        book.db.commit()


def _time(words: str) -> datetime:
    """Return a time in UTC; without a zone it is that of this machine."""
    try:
        return datetime.fromisoformat(words).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        raise Refusal(
            f"{words!r} is no time; write it as 2026-12-01T23:59 or 2026-12-01T23:59+01:00."
        ) from None


def _shown(when: datetime | None) -> str:
    return "at no time" if when is None else shown(when)
