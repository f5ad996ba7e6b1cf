"""Grade all submissions of an assignment: which, where the results go, what is said at the end."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.grading.assignment import Assignment, Notebook, read_notebook
from helpers.grading.attempts import Attempt, Attempts, content_of, handed_in
from helpers.grading.by_hand import ByHand, answers_by_hand, questions_by_hand
from helpers.grading.folders import handed_in_file, some, submissions
from helpers.grading.journal import Journal, fingerprint_of_course, secret_of_course, write
from helpers.grading.judge import Job
from helpers.grading.release import asked, source_of
from helpers.grading.results import Result
from helpers.grading.sandbox import Sandbox
from helpers.grading.settings import database, usable
from helpers.grading.submission import Unreadable, answers, read_submission, without_outputs
from helpers.grading.variants import own_notebook
from helpers.grading.workers import Refusal, graded

if TYPE_CHECKING:
    from helpers.grading.gradebook import Book

BATCH = 25  # results written at a time


def grade_all(options: argparse.Namespace) -> int:
    """Grade all submissions of an assignment, in a sandbox."""
    name, course = options.assignment, options.course
    source = source_of(options)
    assignment = asked(options, source)
    _take_in(options)
    present = _present(options)
    students = [options.student] if options.student else list(present)
    with Sandbox(trusting=options.trust_submissions) as sandbox:
        sandbox.start()  # refuse before anything is written

    from helpers.grading.gradebook import Book
    from helpers.grading.views import Views

    folder = course / ".grading"
    with _only_run(folder), usable(database(options)) as address:
        journal = Journal(folder / f"{name}.jsonl")
        attempts = Attempts(folder / "attempts" / f"{name}.jsonl")
        by_hand = questions_by_hand(read_notebook(source))
        with journal, contextlib.closing(Book(address, assignment, by_hand)) as book:
            start = time.monotonic()
            run = _Run(options, assignment, source, folder, journal, book, attempts, present)
            done = run.carry_out(students)
            seconds = time.monotonic() - start
            views = Views(course, assignment, journal, book, attempts)
            said = views.write(students, present)
            found = _Findings()
            for student in students:
                found.add(journal[student])
    print(
        f"{name}: {done} graded in {seconds:.1f} s, {len(students) - done - len(found.problems)} "
        f"unchanged, {len(found.problems)} could not be graded. See {course / 'grades.csv'} and "
        f"{course / 'summary' / name}.html."
    )
    for line in found.lines():
        print(f"  {line}")
    print(said, end="")
    return bool(found.problems or found.faults or views.strangers)


@dataclass
class _Findings:
    """What a teacher has to hear of when a run ends, by whom it concerns."""

    problems: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    reviews: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    faults: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        if result.problem:
            self.problems[result.student] = result.problem
        if result.remark:
            self.remarks[result.student] = result.remark
        for row in result.reviews:
            self.reviews.setdefault((row.exercise, row.review), []).append(result.student)
        for row in result.faults:
            self.faults.setdefault((row.exercise, row.fault), []).append(result.student)

    def lines(self) -> Iterator[str]:
        """Tell them, those with a reason in common together."""
        width = max(map(len, self.problems), default=0)
        for student, problem in self.problems.items():
            yield f"{student:<{width}}  {problem}"
        for student, remark in self.remarks.items():
            yield f"{student}: {remark}"
        for (exercise, why), whose in self.reviews.items():
            yield f"{exercise} of {some(whose)} asks for your look: {why}"
        for (exercise, fault), whose in self.faults.items():
            yield f"{exercise} is not graded for {some(whose)}: the course failed. {fault}"


def _take_in(options: argparse.Namespace) -> None:
    """Put what an LMS exported where submissions lie."""
    if not options.files:
        return
    from nbgrader.api import Gradebook

    from helpers.grading.intake import take_in

    with usable(database(options)) as address, Gradebook(address) as book:
        said = take_in(options.files, options.course, options.assignment, book)
    print("\n".join(said))


def _present(options: argparse.Namespace) -> dict[str, Path]:
    """Return where each submission lies; of one that was withdrawn nothing more is said."""
    folder, name = options.course / "submitted", options.assignment
    found = submissions(folder, name)
    if not found or (options.student and options.student not in found):
        who = f"{options.student}/{name}" if options.student else f"STUDENT/{name}/{name}.ipynb"
        raise Refusal(f"There is no {folder / who}.")
    return found


@contextlib.contextmanager
def _only_run(folder: Path) -> Iterator[None]:
    """Let one run in at a time; the system frees the lock with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as door:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal("Another run is grading this course; wait for its end.") from None
        yield


class _Run:
    """The submissions that are to be graded, and where their results go."""

    def __init__(
        self,
        options: argparse.Namespace,
        assignment: Assignment,
        source: Path,
        folder: Path,
        journal: Journal,
        book: Book,
        attempts: Attempts,
        folders: Mapping[str, Path],
    ) -> None:

        self.options, self.assignment, self.folders = options, assignment, folders
        self.notebook = read_notebook(source)
        released = _released(options) or self.notebook
        self.by_hand = questions_by_hand(released)
        self.released = {"".join(cell["source"]).strip() for cell in released["cells"]}
        self.journal, self.book, self.attempts = journal, book, attempts
        self.secret = secret_of_course(folder)
        self.code = fingerprint_of_course()
        self.keys: dict[str, str] = {}
        self.handed_in: dict[str, bytes] = {}  # what is graded, until its result is written
        self.times: dict[str, datetime | None] = {}
        self.batch: list[Result] = []

    def carry_out(self, students: list[str]) -> int:
        """Grade what is not graded yet; return how many that were, without those with a problem."""
        from tqdm import tqdm

        written, again = self.book.students(), bool(self.options.student)
        jobs = (self._job(student) for student in students)
        jobs = (job for job in jobs if again or not self._is_done(job, written))
        bar = tqdm(total=len(students), unit=" submissions", disable=None, file=sys.stderr)
        done = 0
        try:
            for result in graded(jobs, self.options):
                self.batch.append(result)
                done += not result.problem
                bar.update()
                if len(self.batch) >= BATCH:
                    self._write()
        finally:
            self._write()
            bar.close()
        self.book.correct_times(self.times)
        return done

    def _job(self, student: str) -> Job:

        folder, name = self.folders[student], self.options.assignment
        submitted = self.options.course / "submitted"
        own = submitted / folder.relative_to(submitted).parts[0]
        file = handed_in_file(own, folder, name, self._is_blank)
        data, problem = file.data, file.problem
        about = f"{problem} {file.remark}"
        made_from = (self.code, repr(self.assignment), repr(self.options.timeout), about)
        digest = hashlib.sha256("\0".join(made_from).encode() + self.secret + data)
        self.keys[student] = digest.hexdigest()
        try:
            data = without_outputs(data)
        except Unreadable as reason:
            data, problem = b"", str(reason)
        self.handed_in[student], self.times[student] = data, handed_in(folder)
        seconds, trusting = self.options.timeout, self.options.trust_submissions
        return Job(
            *(student, self.assignment, data, self.secret, problem, seconds, trusting),
            *(file.remark, file.look),
        )

    def _is_blank(self, data: bytes) -> bool:
        """Does a notebook say nothing but what was released?"""
        with contextlib.suppress(Unreadable, RecursionError):
            cells = read_submission(data, self.assignment)
            return all(cell.released or cell.source.strip() in self.released for cell in cells)
        return True

    def _is_done(self, job: Job, written: set[str]) -> bool:
        student = job.student
        if self.journal.key(student) != self.keys[student] or self.journal[student].faults:
            return False
        del self.keys[student]
        shown = self._place("autograded", student)
        if student not in written or not shown.exists():  # another database, or thrown away
            self.batch.append(self.journal[student])
            if len(self.batch) >= BATCH:
                self._write()
        else:
            del self.handed_in[student]
        return True

    def _place(self, folder: str, student: str) -> Path:
        name = self.options.assignment
        return self.options.course / folder / student / name / f"{name}.ipynb"

    def _write(self) -> None:
        """Write notebooks, the gradebook, then the journal: what stands in that is done."""
        from helpers.grading.gradebook import Entry
        from helpers.grading.pages import with_answers

        entries, attempts = [], []
        for result in self.batch:
            student, data = result.student, self.handed_in[result.student]
            given = []
            with contextlib.suppress(Unreadable, RecursionError):
                given = answers(read_submission(data, self.assignment))
            written = answers_by_hand(data, self.by_hand)
            asked = own_notebook(
                self.notebook, self.assignment.variants, student, self.assignment.name, self.secret
            )
            write(self._place("autograded", student), with_answers(asked, given, written))
            content = content_of(data)
            again = self.attempts.is_new(student, content)
            blank = {q.name for q in self.by_hand if _is_blank(q, written)}
            when = self.times[student]
            entries.append(Entry(result, when, again, frozenset(blank)))
            attempts.append(_attempt(result, content, when))
        self.book.write(entries)
        self.attempts.add(attempts)
        new = [(self.keys.pop(r.student), r) for r in self.batch if r.student in self.keys]
        self.journal.append(new)
        for result in self.batch:
            del self.handed_in[result.student]
        self.batch.clear()


def _released(options: argparse.Namespace) -> Notebook | None:
    """Return the student version, if it lies where `release` puts it."""
    name = options.assignment
    path = options.course / "release" / name / f"{name}.ipynb"
    return read_notebook(path) if path.exists() else None


def _is_blank(question: ByHand, written: Mapping[str, str]) -> bool:
    """Does a cell that a person grades say nothing but what was released?"""
    if question.is_task:
        return False
    return written.get(question.name, "").strip() in ("", question.released.strip())


def _attempt(result: Result, content: str, when: datetime | None) -> Attempt:

    scores = {row.exercise: None if row.fault else row.score for row in result.rows}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    handed_in = when.isoformat() if when else ""
    return Attempt(result.student, content, handed_in, now, scores, result.problem)
