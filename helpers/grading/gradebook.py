"""nbgrader's gradebook, where the points are: written by the judge, changed by people, read here.

All else that shows points (`grades.csv`, `totals.csv`, the pages) is a view of it.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from nbgrader import api
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)

from helpers.grading.assignment import Assignment
from helpers.grading.by_hand import ByHand
from helpers.grading.results import Result

SAID_NOTHING = "No response."  # nbgrader's words


@dataclass(frozen=True)
class Entry:
    """What is written of one submission.

    Parameters
    ----------
    result : what the judge found.
    handed_in : when, in UTC.
    again : it says other words than what was graded before.
    blank : the questions for a person that were left as they were.
    """

    result: Result
    handed_in: datetime | None = None
    again: bool = False
    blank: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Points:
    """What stands in the gradebook for one question of one student.

    Parameters
    ----------
    auto, manual : the judge's points and a person's, which count where both are there.
    extra : points that a person added.
    look : a person is asked to look at it.
    comment : a person's words.
    """

    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    look: bool = False
    comment: str = ""

    @property
    def score(self) -> float | None:
        """The points that count; none where nobody gave any yet."""
        given = self.auto if self.manual is None else self.manual
        return None if given is None else given + self.extra


@dataclass(frozen=True)
class Standing:
    """What stands in the gradebook for one student and one assignment; times are in UTC."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    handed_in: datetime | None = None
    due: datetime | None = None
    extended: bool = False
    penalty: float = 0.0
    points: Mapping[str, Points] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The first name and the last."""
        return f"{self.first_name} {self.last_name}".strip()


class _Late(NamedTuple):
    notebook: Any
    student: str
    score: float
    seconds: float


class _Known(NamedTuple):
    """A grade or a comment that is there: its id, and what a person gave or wrote."""

    id: str
    by_hand: float | str | None


def _row(notebook: str, cell: str, known: _Known | None, **news: object) -> dict[str, Any]:
    """A row to be written: a new one has its place, another one its id."""
    return {"id": known.id, **news} if known else {"notebook_id": notebook, "cell_id": cell, **news}


class Book:
    """The gradebook for one assignment; the objects are those of nbgrader's API."""

    def __init__(
        self, address: str, assignment: Assignment, by_hand: Sequence[ByHand] = ()
    ) -> None:
        self._book = Gradebook(address)
        self.db = self._book.db
        self.name = assignment.name
        self._prepare(assignment, by_hand)

    def _prepare(self, assignment: Assignment, by_hand: Sequence[ByHand]) -> None:
        """Make sure that assignment, notebook and cells are there, as nbgrader makes them."""
        book, name = self._book, assignment.name
        try:
            notebook = book.find_notebook(name, name)
        except MissingEntry:
            book.update_or_create_assignment(name)
            notebook = book.update_or_create_notebook(name, name)
        grades = {cell.name: cell for cell in [*notebook.grade_cells, *notebook.task_cells]}
        solutions = {cell.name: cell for cell in [*notebook.solution_cells, *notebook.task_cells]}
        asked = [(f"test_{i.name}", i.points, "code", i.name, False) for i in assignment.items]
        asked += [(m.name, m.points, m.cell_type, m.name, m.is_task) for m in by_hand]
        for graded, points, cell_type, solution, is_task in asked:
            if graded not in grades or grades[graded].max_score != points:
                kind = book.update_or_create_task_cell if is_task else None
                make = kind or book.update_or_create_grade_cell
                grades[graded] = make(graded, name, name, max_score=points, cell_type=cell_type)
                if is_task:
                    solutions[graded] = grades[graded]
            if solution not in solutions:
                made = book.update_or_create_solution_cell(solution, name, name)
                solutions[solution] = made
        self.assignment_id, self.notebook_id = notebook.assignment.id, notebook.id
        self.grades = {solution: grades[graded].id for graded, _, _, solution, _ in asked}
        self.comments = {solution: solutions[solution].id for *_, solution, _ in asked}
        self.by_hand = {m.name for m in by_hand}

    def students(self) -> set[str]:
        """Return who has a graded submission; an extension alone makes none."""
        query = self.db.query(SubmittedAssignment.student_id)
        query = query.filter_by(assignment_id=self.assignment_id)
        query = query.join(SubmittedNotebook).join(Grade).filter(Grade.auto_score.isnot(None))
        return {row[0] for row in query.distinct()}

    def write(self, entries: Sequence[Entry]) -> None:
        """Write results, all of them or none; what a teacher added by hand stays.

        Where the points of a person stand from other words than these, a person is asked to look.
        """
        try:
            students = {entry.result.student: entry.handed_in for entry in entries}
            notebooks = self._notebooks(students)
            self.db.flush()
            grades = self._known(Grade, notebooks.values(), Grade.manual_score)
            comments = self._known(Comment, notebooks.values(), Comment.manual_comment)
            given, said = [], []
            for entry in entries:
                notebook = notebooks[entry.result.student]
                for name, score, look, words in self._lines(entry):
                    place = notebook, self.grades[name]
                    grade = _row(*place, grades.get(place), auto_score=score)
                    manual = grades[place].by_hand if place in grades else None
                    if manual is None:
                        grade["needs_manual_grade"] = score is None or look
                    elif entry.again:
                        grade["needs_manual_grade"] = True
                    given.append(grade)
                    place = notebook, self.comments[name]
                    said.append(_row(*place, comments.get(place), auto_comment=words))
            self._write_rows(Grade, given)
            self._write_rows(Comment, said)
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise
        self.db.expunge_all()

    def _lines(self, entry: Entry) -> Iterator[tuple[str, float | None, bool, str | None]]:
        """Give of each question its points, whether a person should look, and what is said."""
        for row in entry.result.rows:
            # a page of nbgrader shows comments as they are
            words = None if row.is_full else html.escape(row.message, quote=False)
            yield row.exercise, None if row.fault else row.score, bool(row.review), words
        for name in self.by_hand:
            blank = name in entry.blank or bool(entry.result.problem)
            yield name, 0.0 if blank else None, False, SAID_NOTHING if blank else None

    def _known(
        self, kind: Any, notebooks: Iterable[str], by_hand: Any
    ) -> dict[tuple[str, str], _Known]:
        """Return which grades or comments are there, by (notebook, cell)."""
        query = self.db.query(kind.notebook_id, kind.cell_id, kind.id, by_hand)
        rows = query.filter(kind.notebook_id.in_(notebooks)).all()
        return {(notebook, cell): _Known(*rest) for notebook, cell, *rest in rows}

    def _write_rows(self, kind: Any, rows: list[dict[str, Any]]) -> None:
        """Add those that are new, change the others; without an object for each."""
        alike = sorted(rows, key=lambda row: ("id" in row, *sorted(row)))
        for (is_known, *_), some in itertools.groupby(alike, lambda r: ("id" in r, *sorted(r))):
            write = self.db.bulk_update_mappings if is_known else self.db.bulk_insert_mappings
            write(kind, list(some))

    def _notebooks(self, students: Mapping[str, datetime | None]) -> dict[str, str]:
        """Return the submitted notebook of each student; what is not there is made."""
        known = self.db.query(Student.id).filter(Student.id.in_(students))
        self.db.add_all(Student(id=s) for s in {*students} - {row[0] for row in known})
        query = self.db.query(SubmittedAssignment).filter_by(assignment_id=self.assignment_id)
        handed_in = {}
        for submission in query.filter(SubmittedAssignment.student_id.in_(students)):
            submission.timestamp = students[submission.student_id]
            handed_in[submission.student_id] = submission.id
        for student in {*students} - {*handed_in}:
            handed_in[student] = new_uuid()
            made = {"assignment_id": self.assignment_id, "student_id": student}
            made |= {"timestamp": students[student]}
            self.db.add(SubmittedAssignment(id=handed_in[student], **made))
        query = self.db.query(SubmittedNotebook.assignment_id, SubmittedNotebook.id)
        query = query.filter_by(notebook_id=self.notebook_id)
        query = query.filter(SubmittedNotebook.assignment_id.in_(handed_in.values()))
        notebooks = dict(query.all())
        for submission in {*handed_in.values()} - {*notebooks}:
            notebooks[submission] = new_uuid()
            made = {"assignment_id": submission, "notebook_id": self.notebook_id}
            self.db.add(SubmittedNotebook(id=notebooks[submission], **made))
        return {student: notebooks[submission] for student, submission in handed_in.items()}

    def correct_times(self, students: Mapping[str, datetime | None]) -> None:
        """Correct when submissions were handed in that need no other grade."""
        query = self.db.query(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
        query = query.filter_by(assignment_id=self.assignment_id)
        for student, before in query.all():
            if student in students and before != students[student]:
                made = {"assignment_id": self.assignment_id, "student_id": student}
                found = self.db.query(SubmittedAssignment).filter_by(**made).one()
                found.timestamp = students[student]
        self.db.commit()

    def late(self, first: Mapping[str, datetime]) -> Iterator[_Late]:
        """Give who is late, and by how much; the penalties of the others are taken away."""
        due = self.db.get(api.Assignment, self.assignment_id).duedate
        query = self.db.query(
            SubmittedNotebook.id,
            SubmittedNotebook.late_submission_penalty,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
        )
        query = query.join(SubmittedAssignment).filter(
            SubmittedNotebook.notebook_id == self.notebook_id
        )
        for notebook, penalty, student, handed_in, extension in query.all():
            when = min(filter(None, (handed_in, first.get(student))), default=None)
            until = due + extension if due and extension else due
            seconds = (when - until).total_seconds() if when and until else 0.0
            if seconds > 0:
                found = self.db.get(SubmittedNotebook, notebook)
                yield _Late(found, student, found.score, seconds)
            elif penalty is not None:
                self.db.get(SubmittedNotebook, notebook).late_submission_penalty = None

    def close(self) -> None:
        self._book.close()


# ------------------------------------------------------------------------------------------- read


def standings(db: Any, assignment: str, students: Sequence[str]) -> dict[str, Standing]:
    """Return what stands in a gradebook for these students; who is not in it is left out."""
    query = (
        db.query(SubmittedNotebook, SubmittedAssignment, Student, api.Assignment)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Student, SubmittedAssignment.student_id == Student.id)
        .join(api.Assignment, SubmittedAssignment.assignment_id == api.Assignment.id)
        .filter(api.Assignment.name == assignment, Student.id.in_(students))
    )
    rows = query.all()
    points = _points(db, [notebook.id for notebook, *_ in rows])
    found = {}
    for notebook, submission, student, released in rows:
        due = released.duedate
        if due and submission.extension:
            due += submission.extension
        found[student.id] = Standing(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
            submission.timestamp,
            due,
            bool(submission.extension),
            notebook.late_submission_penalty or 0.0,
            points.get(notebook.id, {}),
        )
    db.expunge_all()
    return found


def _points(db: Any, notebooks: list[str]) -> dict[str, dict[str, Points]]:
    comments = db.query(Comment.notebook_id, BaseCell.name, Comment.manual_comment)
    comments = comments.join(BaseCell, Comment.cell_id == BaseCell.id)
    comments = comments.filter(Comment.notebook_id.in_(notebooks))
    said = {(notebook, name): words for notebook, name, words in comments if words}
    grades = db.query(
        Grade.notebook_id,
        BaseCell.name,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    )
    grades = grades.join(BaseCell, Grade.cell_id == BaseCell.id)
    found: dict[str, dict[str, Points]] = {}
    for notebook, cell, auto, manual, extra, look in grades.filter(
        Grade.notebook_id.in_(notebooks)
    ):
        name = cell.removeprefix("test_")
        comment = said.get((notebook, name), "")
        points = Points(auto, manual, extra or 0.0, look, comment)
        found.setdefault(notebook, {})[name] = points
    return found
