"""Where results go: nbgrader's gradebook, a journal to go on from, and grades.csv.

The journal is the memory of a run. A result stands in it only after it stands in the gradebook, so
that a run that was killed goes on where it stopped, and grading again changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import html
import itertools
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import (
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
from helpers.grading.results import Result

__all__ = ["Book", "Journal", "fingerprint_of_course", "secret_of_course", "write", "write_grades"]

COLUMNS = ("student", "assignment", "exercise", "score", "max_score", "diagnoses", "reason")


def write(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    os.replace(part, path)


def secret_of_course(folder: Path) -> bytes:
    """Return what the inputs of this course are drawn from; made on first use."""
    path = folder / "secret"
    if not path.exists():
        write(path, secrets.token_bytes(32))
        path.chmod(0o600)
    return path.read_bytes()


def fingerprint_of_course() -> str:
    """Return a hash of the course's code and data: after a correction all is graded again."""
    helpers = Path(__file__).parents[1]
    found = sorted(path for path in helpers.rglob("*") if path.suffix in (".py", ".npz"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()


# ---------------------------------------------------------------------------------------- journal


class Journal:
    """The results of an assignment, a line each; of a student's lines the last one counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index: dict[str, tuple[str, int]] = {}  # student -> key, where the line begins
        self.stale = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        self._file.seek(0)
        for at, line in self._lines():
            try:
                entry = json.loads(line)
                self._note(Result.of(entry["result"]).student, entry["key"], at)
            except (ValueError, LookupError, TypeError):  # torn, old or foreign
                self.stale += 1
        if self.stale and not self._ends_with_newline():
            self._file.write(b"\n")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        at = 0
        for line in self._file:
            yield at, line
            at += len(line)

    def _ends_with_newline(self) -> bool:
        self._file.seek(-1, os.SEEK_END)
        return self._file.read(1) == b"\n"

    def _note(self, student: str, key: str, at: int) -> None:
        self.stale += student in self.index
        self.index[student] = key, at

    def key(self, student: str) -> str:
        """Return what the last result of a student was made from, or ""."""
        return self.index.get(student, ("", 0))[0]

    def append(self, entries: Iterable[tuple[str, Result]]) -> None:
        """Add (key, result) pairs, and make sure that they are on the disk."""
        self._file.seek(0, os.SEEK_END)
        for key, result in entries:
            self._note(result.student, key, self._file.tell())
            line = json.dumps({"key": key, "result": result.as_dict()}, ensure_ascii=True)
            self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def __len__(self) -> int:
        return len(self.index)

    def __iter__(self) -> Iterator[Result]:
        """Give the results by student, one at a time."""
        for student in sorted(self.index):
            yield self[student]

    def __getitem__(self, student: str) -> Result:
        self._file.seek(self.index[student][1])
        return Result.of(json.loads(self._file.readline())["result"])

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        """Leave the lines as they are when the run did not come to its end."""
        if kind is None:
            self.close()
        self._file.close()

    def close(self) -> None:
        """Drop the lines that no longer count."""
        if self.stale:
            entries = ((self.key(result.student), result) for result in self)
            lines = (json.dumps({"key": k, "result": r.as_dict()}).encode() for k, r in entries)
            part = self.path.with_suffix(".part")
            with part.open("wb") as out:
                out.writelines(line + b"\n" for line in lines)
            os.replace(part, self.path)
        self._file.close()


def write_grades(path: Path, folder: Path) -> None:
    """Write grades.csv from the journals of all assignments, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        for file in sorted(folder.glob("*.jsonl")):
            journal = Journal(file)
            table.writerows(line for result in journal for line in _lines(file.stem, result))
            journal.close()
    os.replace(part, path)


def _lines(assignment: str, result: Result) -> Iterator[tuple[str, ...]]:
    for row in result.rows:
        reason = "" if row.is_full else " ".join(f"{row.message} {row.fault}".split())
        points = "" if row.fault else f"{row.score:g}", f"{row.max_score:g}"
        stories = " ".join(row.diagnoses)
        yield result.student, assignment, row.exercise, *points, stories, reason


# -------------------------------------------------------------------------------------- gradebook


class Book:
    """nbgrader's gradebook for one assignment; the objects are those of nbgrader's API."""

    def __init__(self, address: str, assignment: Assignment) -> None:
        self._book = Gradebook(address)
        self.db = self._book.db
        self._prepare(assignment)

    def _prepare(self, assignment: Assignment) -> None:
        """Make sure that assignment, notebook and cells are there, as nbgrader makes them."""
        book, name = self._book, assignment.name
        try:
            notebook = book.find_notebook(name, name)
        except MissingEntry:
            book.update_or_create_assignment(name)
            notebook = book.update_or_create_notebook(name, name)
        grades = {cell.name: cell for cell in notebook.grade_cells}
        solutions = {cell.name: cell for cell in notebook.solution_cells}
        for item in assignment.items:
            test = f"test_{item.name}"
            if test not in grades or grades[test].max_score != item.points:
                points = {"max_score": item.points, "cell_type": "code"}
                grades[test] = book.update_or_create_grade_cell(test, name, name, **points)
            if item.name not in solutions:
                made = book.update_or_create_solution_cell(item.name, name, name)
                solutions[item.name] = made
        self.assignment_id, self.notebook_id = notebook.assignment.id, notebook.id
        self.grades = {i.name: grades[f"test_{i.name}"].id for i in assignment.items}
        self.comments = {i.name: solutions[i.name].id for i in assignment.items}

    def students(self) -> set[str]:
        """Return who has a graded submission."""
        query = self.db.query(SubmittedAssignment.student_id)
        return {row[0] for row in query.filter_by(assignment_id=self.assignment_id)}

    def write(self, results: Sequence[Result]) -> None:
        """Write results, all of them or none; what a teacher added by hand stays."""
        try:
            notebooks = self._notebooks([result.student for result in results])
            grades = self._entries(Grade, notebooks.values(), self.grades.values())
            comments = self._entries(Comment, notebooks.values(), self.comments.values())
            for result in results:
                for row in result.rows:
                    notebook = notebooks[result.student]
                    grade = grades[notebook, self.grades[row.exercise]]
                    grade.auto_score = None if row.fault else row.score
                    grade.needs_manual_grade = bool(row.fault)
                    # a page of nbgrader shows comments as they are
                    said = html.escape(row.message, quote=False)
                    comment = comments[notebook, self.comments[row.exercise]]
                    comment.auto_comment = None if row.is_full else said
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise
        self.db.expunge_all()

    def _notebooks(self, students: list[str]) -> dict[str, str]:
        """Return the submitted notebook of each student; what is not there is made."""
        known = self.db.query(Student.id).filter(Student.id.in_(students))
        self.db.add_all(Student(id=s) for s in {*students} - {row[0] for row in known})
        query = self.db.query(SubmittedAssignment.student_id, SubmittedAssignment.id)
        query = query.filter_by(assignment_id=self.assignment_id)
        handed_in = dict(query.filter(SubmittedAssignment.student_id.in_(students)).all())
        for student in {*students} - {*handed_in}:
            handed_in[student] = new_uuid()
            made = {"assignment_id": self.assignment_id, "student_id": student}
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

    def _entries(
        self, kind: Any, notebooks: Iterable[str], cells: Iterable[str]
    ) -> dict[tuple[str, str], Any]:
        """Return the grades or comments by (notebook, cell), made if they are not there."""
        query = self.db.query(kind).filter(kind.notebook_id.in_(notebooks))
        found = {(entry.notebook_id, entry.cell_id): entry for entry in query}
        for notebook, cell in itertools.product(notebooks, cells):
            if (notebook, cell) not in found:
                found[notebook, cell] = kind(notebook_id=notebook, cell_id=cell)
                self.db.add(found[notebook, cell])
        return found

    def close(self) -> None:
        self._book.close()
