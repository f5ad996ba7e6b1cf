"""Write the views of the gradebook: grades.csv, totals.csv, the pages of students and class."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from helpers.grading.appeals import Appeal, asked_again, take_over
from helpers.grading.assignment import Assignment, read_notebook
from helpers.grading.attempts import TIMESTAMP, Attempts
from helpers.grading.by_hand import questions_by_hand
from helpers.grading.folders import some
from helpers.grading.gradebook import Book
from helpers.grading.journal import Journal, secret_of_course, write
from helpers.grading.lateness import penalize
from helpers.grading.pages import feedback, path_of, summary
from helpers.grading.roster import strangers
from helpers.grading.settings import config_of
from helpers.grading.tables import grades_table, totals_table
from helpers.grading.transcript import Transcript, transcripts


class Views:
    """All that shows the points of an assignment."""

    def __init__(
        self,
        course: Path,
        assignment: Assignment,
        journal: Journal,
        book: Book,
        attempts: Attempts,
    ) -> None:
        self.course, self.assignment = course, assignment
        self.journal, self.book, self.attempts = journal, book, attempts
        self.folders: Mapping[str, Path] = {}  # of the submissions
        self.open: list[str] = []  # whose requests wait for an answer
        self.waiting: list[str] = []  # who waits for a person's points
        self.late: list[str] = []
        self.strangers: list[str] = []  # who is not on the roster

    def write(self, students: list[str], present: Mapping[str, Path]) -> str:
        """Write them, the pages of these students alone; return what the teacher should know."""
        name, chosen = self.assignment.name, {*students}
        self.folders = present
        first = {s: datetime.fromisoformat(t) for s in present if (t := self.attempts.first(s))}
        strange = strangers(self.course, self.book.db)
        self.strangers = [student for student in students if student in strange]
        penalize(self.book, config_of(self.course), first)
        page, others = (
            "",
            [path.stem for path in sorted((self.course / ".grading").glob("*.jsonl"))],
        )
        with ExitStack() as open_tables:
            add_grades = open_tables.enter_context(grades_table(self.course / "grades.csv"))
            add_totals = open_tables.enter_context(totals_table(self.course / "totals.csv"))

            def added(transcript: Transcript) -> Transcript:
                if transcript.result.student in strange:
                    transcript = replace(transcript, stranger=True)
                add_grades(transcript)
                add_totals(transcript)
                return transcript

            for other in others:
                if other != name:
                    for transcript in class_transcripts(self.course, other, self.book):
                        added(transcript)
                    continue
                found = class_transcripts(self.course, name, self.book, self.journal)
                shown = (self._shown(added(r), chosen) for r in found)
                page = summary(name, (r for r in shown if r.result.student in present))
            write_if_new(self.course / "summary" / f"{name}.html", page)
        return self._said()

    def _shown(self, transcript: Transcript, chosen: set[str]) -> Transcript:
        student = transcript.result.student
        if student in chosen:
            page = path_of(self.course, student, transcript.assignment)
            transcript = replace(
                transcript,
                attempts=tuple(self.attempts.of(student)),
                appeals=tuple(self._appeals(transcript)),
            )
            secret = secret_of_course(self.course / ".grading")
            write_if_new(page, feedback(transcript, self.assignment.exercises_of(student, secret)))
            self._put_beside(student, page.parent)
            if any(not appeal.answer for appeal in transcript.appeals):
                self.open.append(student)
            if transcript.to_look_at:
                self.waiting.append(student)
            if transcript.standing.penalty:
                self.late.append(student)
        return transcript

    def _appeals(self, transcript: Transcript) -> list[Appeal]:
        student, name = transcript.result.student, transcript.assignment
        names = [line.row.exercise for line in transcript.lines]
        asked = asked_again(self.folders[student], names)
        path = self.course / "requests" / name / f"{student}.txt"
        when = f"{datetime.now(UTC):%Y-%m-%d}"
        return take_over(path, student, asked, when)

    def _put_beside(self, student: str, feedback_folder: Path) -> None:
        """Put beside the page what nbgrader hands it out by."""
        name = self.assignment.name
        secret = hmac.digest(
            secret_of_course(self.course / ".grading"), f"{student}/{name}".encode(), hashlib.sha256
        )
        wanted = {TIMESTAMP: "", "submission_secret.txt": secret.hex()}  # by `release_feedback`
        for file, otherwise in wanted.items():
            theirs = self.folders[student] / file
            usable = theirs.is_file() and not theirs.is_symlink() and theirs.stat().st_size < 1000
            data = theirs.read_bytes() if usable else otherwise.encode()
            for folder in (feedback_folder, self.course / "autograded" / student / name):
                write_if_new(folder / file, data)

    def _said(self) -> str:
        name, said = self.assignment.name, []
        if self.late:
            said.append(f"  late, with a penalty: {some(self.late)}")
        if self.waiting:
            said.append(f"  for a person to look at, in the formgrader: {some(self.waiting)}")
        if self.open:
            folder = self.course / "requests" / name
            said.append(f"  requests without an answer, in {folder}: {some(self.open)}")
        if self.strangers:
            said.append(f"  not on the roster: {', '.join(self.strangers)}")
        return "".join(f"{line}\n" for line in said)


def write_if_new(path: Path, text: str | bytes) -> None:
    """Write a file unless it says this already."""
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    if not (path.is_file() and path.read_bytes() == data):
        write(path, data)


def class_transcripts(
    course: Path, name: str, book: Book, journal: Journal | None = None
) -> Iterator[Transcript]:
    """Give the transcript of each student who was graded for an assignment."""
    source = course / "source" / name / f"{name}.ipynb"
    questions = questions_by_hand(read_notebook(source)) if source.exists() else ()
    by_hand = [(question.name, question.points) for question in questions]
    if journal is not None:
        yield from transcripts(journal, book.db, name, by_hand)
        return
    with Journal(course / ".grading" / f"{name}.jsonl") as found:
        yield from transcripts(found, book.db, name, by_hand)
