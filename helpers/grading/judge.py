"""Give each exercise of a submission its verdict, the one that `check` gives.

Functions run in the sandbox, on the inputs of the lesson and on others drawn for this student
alone; derivations and concept answers are read as texts and never run. Where the course itself
fails, the exercise is not graded: its row names the fault, and no point is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpers.exercises import (
    FAULT,
    NOT_ATTEMPTED,
    CodeExercise,
    Exercise,
    Outcome,
    Verdict,
    call,
)
from helpers.grading.assignment import (
    MAX_SOURCE,
    Assignment,
    Item,
    Unreadable,
    read_submission,
    written,
)
from helpers.grading.results import Result, Row
from helpers.grading.sandbox import Lost, Sandbox, Session, Unavailable

__all__ = ["SUBMISSION", "Job", "grade", "grade_in", "not_graded"]

ALLOWED = ("numpy", "math")
SUBMISSION = 6  # a submission may take so many times as long as a call
Cells = Sequence[tuple[str, str]]  # grade id, source


@dataclass(frozen=True)
class Job:
    """One submission, with all that a worker on another machine needs to grade it.

    Parameters
    ----------
    student, assignment : whose it is, and what is asked.
    notebook : the bytes of the file.
    secret : what the student's own inputs are drawn from.
    problem : why there are no bytes.
    seconds : for a call.
    trusting : run without a sandbox.
    """

    student: str
    assignment: Assignment
    notebook: bytes
    secret: bytes
    problem: str = ""
    seconds: float = 5.0
    trusting: bool = False


@dataclass(frozen=True)
class Mark:
    """The verdict on an answer, its share of the points, and the course's fault if there is one."""

    verdict: Verdict
    share: float
    fault: str = ""

    @classmethod
    def of(cls, verdict: Verdict) -> Mark:
        """All of the points or none."""
        return cls(verdict, float(verdict.correct))

    @classmethod
    def of_fault(cls, error: BaseException) -> Mark:
        """The course failed: the student reads that it did, the teacher where and why."""
        message = f"{FAULT} It is not graded yet, and your teacher has been told."
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
        return cls(Verdict(False, message=message, status="fault"), 0.0, _printable(said[:500]))


# ------------------------------------------------------------------------------- one submission

_sandboxes: dict[bool, Sandbox] = {}
_one_at_a_time = threading.Lock()  # a worker has one sandbox, whatever number of threads


def grade(job: Job) -> Result:
    """Grade one submission; whatever it is, a result comes back."""
    with _one_at_a_time:
        sandbox = _sandboxes.setdefault(job.trusting, Sandbox(trusting=job.trusting))
        try:
            return grade_in(sandbox, job)
        except Unavailable:
            raise
        except Exception as error:  # a fault of the course must not stop the others
            fault = Mark.of_fault(error)
            return Result(job.student, tuple(_row(i, fault) for i in job.assignment.items))


def grade_in(sandbox: Sandbox, job: Job) -> Result:
    """Grade one submission in a sandbox."""
    items, exercises = job.assignment.items, job.assignment.exercises
    try:
        if job.problem:
            raise Unreadable(job.problem)
        cells = read_submission(job.notebook, {item.name for item in items})
    except Unreadable as reason:
        return not_graded(job, str(reason))
    functions = Functions(sandbox, job, cells).marks()
    texts = (item for item in items if item.name not in functions)
    marks = functions | {i.name: _text_mark(exercises[i.name], i, cells) for i in texts}
    return Result(job.student, tuple(_row(item, marks[item.name]) for item in items))


def not_graded(job: Job, problem: str) -> Result:
    """Return a result without points that says why."""
    problem = _printable(problem)
    message = f"Not graded: {problem}."
    rows = (Row(i.name, 0.0, i.points, "not attempted", (), message) for i in job.assignment.items)
    return Result(job.student, tuple(rows), problem)


def _row(item: Item, mark: Mark) -> Row:
    verdict = mark.verdict
    return Row(
        item.name,
        round(mark.share * item.points, 2),
        item.points,
        verdict.status,
        verdict.diagnoses,
        _printable(verdict.message),
        verdict.first_wrong_line,
        mark.fault,
    )


def _printable(text: str) -> str:
    """Return a text that can be written to any file and database."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def _missing(name: str) -> Verdict:
    return Verdict(False, message=f"The cell `{name}` is missing.", status="not attempted")


def _text_mark(exercise: Exercise, item: Item, cells: Cells) -> Mark:
    """Judge a derivation or a concept answer, which is read and not run."""
    sources = [source for name, source in cells if name == item.name]
    if not sources:
        return Mark.of(_missing(item.name))
    answer = written(sources[-1], item.name)
    marks: list[Mark] = []

    def mark() -> None:
        verdict = exercise.judge(answer)
        marks.append(Mark(verdict, exercise.credit(answer, verdict, item.checkpoints)))

    outcome = call(mark, (), seconds=10)
    if outcome.timed_out:
        return Mark.of(Verdict(False, message="This answer takes too long to check."))
    if isinstance(outcome.error, Exception):
        return Mark.of_fault(outcome.error)
    if outcome.error:  # somebody stops the whole run
        raise outcome.error
    return marks[0]


# --------------------------------------------------------------------------------------- functions


class Functions:
    """The code exercises of one submission: a child of the sandbox, and another when it dies."""

    def __init__(self, sandbox: Sandbox, job: Job, cells: Cells) -> None:
        self.sandbox, self.job = sandbox, job
        asked = (job.assignment.exercises[item.name] for item in job.assignment.items)
        self.open = {e.name: e for e in asked if isinstance(e, CodeExercise)}
        self.cells = [(name, source) for name, source in cells if name in self.open]
        self.found: dict[str, Mark] = {}
        self.errors: dict[str, str] = {}
        self.end = time.monotonic() + SUBMISSION * job.seconds

    def marks(self) -> dict[str, Mark]:
        """Return a mark for each exercise; what kills a child costs one exercise."""
        for name, source in list(self.cells):
            if len(source) > MAX_SOURCE:
                self._settle(name, f"The cell is longer than {MAX_SOURCE} characters.")
                self.cells.remove((name, source))
        scanned = False
        while self.open and self.cells and self._left() > 0:
            with contextlib.suppress(Lost), Session(self.sandbox, self._left()) as session:
                if not scanned:
                    scanned = True
                    self._refuse_imports(session)
                self._run_cells(session)
                for exercise in list(self.open.values()):
                    self._try(exercise, session)
        for name in list(self.open):
            if self.cells:
                self._settle(name, "The time for the whole submission was used up.")
            else:
                self.found[name] = Mark.of(_missing(name))
        return self.found

    def _left(self) -> float:
        return self.end - time.monotonic()

    def _seconds(self) -> float:
        return max(0.1, min(self.job.seconds, self._left()))

    def _settle(self, name: str, message: str) -> None:
        if self.open.pop(name, None):
            self.found[name] = Mark.of(Verdict(False, message=message))

    def _refuse_imports(self, session: Session) -> None:
        found = session.scan([source for _, source in self.cells])
        for (name, _), imports in zip(self.cells, found, strict=True):
            others = [i for i in imports if i.split(".")[0] not in (*ALLOWED, "__future__")]
            if others:
                self._settle(name, f"The cell imports {', '.join(others)}. {_MAY_IMPORT}")

    def _run_cells(self, session: Session) -> None:
        session.run(self.job.assignment.given, "given", self._seconds())
        for name, source in list(self.cells):
            try:
                error = session.run(source, name, self._seconds())
            except Lost as lost:
                self.cells.remove((name, source))
                self._settle(name, f"When the cell runs, {lost}.")
                raise
            if error is not None:
                self.errors[name] = _stopped_with(error)

    def _try(self, exercise: CodeExercise, session: Session) -> None:
        name = exercise.name
        try:
            mark = Mark.of(self._verdict(exercise, session))
        except Lost as lost:
            self._settle(name, f"When `{name}` is called, {lost}.")
            raise
        except Exception as error:
            mark = Mark.of_fault(error)
        del self.open[name]
        self.found[name] = mark

    def _verdict(self, exercise: CodeExercise, session: Session) -> Verdict:
        found = session.look(exercise.name, len(exercise.arguments))
        match found["is"]:
            case "nothing" if exercise.name in self.errors:
                return Verdict(False, message=self.errors[exercise.name])
            case "nothing" if all(name != exercise.name for name, _ in self.cells):
                return _missing(exercise.name)
            case "nothing" | "stub":
                return NOT_ATTEMPTED
            case "function" if found["signature"]:
                return Verdict(False, message=exercise.wrong_arity(found["signature"]))
            case "other":
                kind = found["kind"]
                return Verdict(False, message=f"A function is asked for, a {kind} came.")

        def probe(arguments: tuple, seconds: float) -> Outcome:
            return session.call(exercise.name, arguments, min(seconds, self._seconds()))

        source = "\n".join(source for name, source in self.cells if name == exercise.name)
        each, total = self.job.seconds, SUBMISSION * self.job.seconds
        verdict = exercise.try_out(probe, each=each, total=total, source=source)
        if not verdict.correct:
            return verdict
        drawn = exercise.drawn(self._generator(exercise))
        verdict = exercise.try_out(probe, drawn, each=each, total=total, source=source)
        if verdict.correct:
            return verdict
        return replace(verdict, message=f"Right on the inputs of the lesson. {verdict.message}")

    def _generator(self, exercise: Exercise) -> np.random.Generator:
        words = f"{self.job.assignment.name}/{self.job.student}/{exercise.name}".encode()
        digest = hmac.digest(self.job.secret, words, hashlib.sha256)
        return np.random.default_rng(int.from_bytes(digest))


_MAY_IMPORT = f"A solution may import {' and '.join(ALLOWED)} alone."


def _stopped_with(error: BaseException) -> str:
    kind, words = type(error).__name__, str(error)[:300]
    said = f"The cell stops with {kind}: {words}." if words else f"The cell stops with {kind}."
    return f"{said} {_MAY_IMPORT}" if "No module named" in words else said
