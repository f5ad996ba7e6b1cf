"""Give each exercise of a submission its verdict, the one that `check` gives in the notebook.

The student's cells run in the sandbox (`execution`); what comes out are numbers, for functions, and
texts, for derivations and questions, and these are judged here. Where `check` would say correct and
the grade is lower, a person is asked to look. Where the course itself fails, the exercise is not
graded: its row names the fault, and no point is lost.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.exercises import (
    FAULT,
    NOT_ATTEMPTED,
    CodeExercise,
    ConceptExercise,
    Exercise,
    Verdict,
    call,
)
from helpers.grading.assignment import Assignment, Item
from helpers.grading.execution import Execution, Limits, Read, Tried, missing
from helpers.grading.results import Result, Row
from helpers.grading.sandbox import Sandbox, Unavailable
from helpers.grading.submission import Cell, Unreadable, read_submission, written
from helpers.grading.values import MAX_TEXT, is_blank
from helpers.grading.variants import told

NOT_GRADED = "Not graded: "
SUBMISSION = 6  # a submission may take so many times as long as a call
RUNNING = 4  # and its cells and functions together so many times; the rest is for reading texts


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
    remark : what the teacher should know about the file.
    look : why a person should look at it.
    """

    student: str
    assignment: Assignment
    notebook: bytes
    secret: bytes
    problem: str = ""
    seconds: float = 5.0
    trusting: bool = False
    remark: str = ""
    look: str = ""


@dataclass(frozen=True)
class Mark:
    """The verdict on an answer and its share of the points.

    fault : of the course; review : why a person should look at it.
    """

    verdict: Verdict
    share: float
    fault: str = ""
    review: str = ""

    @classmethod
    def of(cls, tried: Tried) -> Mark:
        """All of the points or none."""
        if tried.fault:
            return cls.of_fault(tried.fault)
        return cls(tried.verdict, float(tried.verdict.correct), review=tried.review)

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
        if job.trusting not in _sandboxes:
            _sandboxes[job.trusting] = Sandbox(trusting=job.trusting)
        sandbox = _sandboxes[job.trusting]
        try:
            return grade_in(sandbox, job)
        except Unavailable:
            raise
        except Exception as error:  # a fault of the course must not stop the others
            fault = Mark.of_fault(error)
            return Result(job.student, tuple(_row(i, fault) for i in job.assignment.items))


def grade_in(sandbox: Sandbox, job: Job) -> Result:
    """Grade one submission in a sandbox."""
    try:
        if job.problem:
            raise Unreadable(job.problem)
        cells = read_submission(job.notebook, job.assignment)
    except Unreadable as reason:
        return not_graded(job, str(reason))
    start = time.monotonic()
    items = job.assignment.items
    exercises = job.assignment.exercises_of(job.student, job.secret)
    functions = [e for i in items if isinstance(e := exercises[i.name], CodeExercise)]
    texts = [item for item in items if not isinstance(exercises[item.name], CodeExercise)]
    limits = Limits(job.seconds, start + RUNNING * job.seconds)
    seeds = {exercise.name: _seed(job, exercise) for exercise in functions}
    names = [item.name for item in texts]
    execution = Execution(sandbox, cells, job.assignment.given, functions, names, limits, seeds)
    marks = {name: Mark.of(tried) for name, tried in execution.carry_out().items()}
    left = start + SUBMISSION * job.seconds - time.monotonic()
    clock = time.process_time  # of our own work: no answer is lost because the machine is busy
    limits = Limits(job.seconds, clock() + left, clock)
    for item in texts:
        marks[item.name] = _text_mark(exercises[item.name], item, cells, execution.read, limits)
    looked_at = [(item, _looked_at(marks[item.name], item.name, execution.read)) for item in items]
    rows = tuple(told(_row(item, mark), exercises[item.name]) for item, mark in looked_at)
    return Result(job.student, rows, remark=job.remark, look=job.look)


def _looked_at(mark: Mark, name: str, read: Read) -> Mark:
    """Ask for a person's look where a notebook might have come to another answer than this run."""
    blank = mark.verdict.status == "not attempted" and name not in read.lost | read.through
    if mark.share == 1 or mark.fault or blank:
        return mark
    if name in read.through:
        said = f"`{name}` comes from something that is not there when answers are graded."
    elif read.passed_over:
        statement, why = next(iter(read.passed_over.items()))
        said = f"`{statement}` did not run here ({why}), where a notebook may run it."
        if why in mark.verdict.message:
            return replace(mark, review=mark.review or said)
    else:
        return mark
    message = f"{mark.verdict.message}\n{said} Your teacher is asked to look at this answer."
    verdict = replace(mark.verdict, message=message.strip())
    return replace(mark, verdict=verdict, review=mark.review or said)


def _seed(job: Job, exercise: Exercise) -> list[int]:
    """What inputs are drawn from: a secret and what was handed in.

    So grading again repeats them, and whoever hands in something else meets others.
    """
    words = f"{job.assignment.name}/{job.student}/{exercise.name}/".encode()
    digest = hmac.digest(job.secret, words + job.notebook, hashlib.sha256)
    return [int.from_bytes(digest)]


def not_graded(job: Job, problem: str) -> Result:
    """Return a result without points that says why."""
    problem = _printable(problem)
    message = f"{NOT_GRADED}{problem}."
    rows = (Row(i.name, 0.0, i.points, "not attempted", (), message) for i in job.assignment.items)
    return Result(job.student, tuple(rows), problem, job.remark, job.look)


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
        _printable(mark.review),
    )


def _printable(text: str) -> str:
    """Return a text that can be written to any file and database."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


# ------------------------------------------------------------------------------------------ texts


def _text_mark(
    exercise: Exercise, item: Item, cells: Sequence[Cell], read: Read, limits: Limits
) -> Mark:
    """Judge a derivation or another answer that is no function: the last one that was given.

    An earlier one is looked at where the last is not right. A better derivation counts; to give
    two answers to a question, one after the other, does not, but a person is told.
    """
    given = _given(item.name, cells, read)
    if not given:
        return _unanswered(item.name, cells, read)
    marks = [_judged(exercise, item, answer, limits) for answer in given[:1]]
    for answer in given[1:3]:
        if marks[0].share == 1 or marks[0].fault:
            break
        marks.append(_judged(exercise, item, answer, limits))
    best = max(marks, key=lambda mark: mark.share)
    known = all(map(is_blank, read.values.get(item.name, []))) and item.name in read.errors
    if known and not best.share and not best.verdict.diagnoses:
        return _unanswered(item.name, cells, read)
    if best.share == marks[0].share or not isinstance(exercise, ConceptExercise):
        return best
    return replace(marks[0], review="an answer that stood there before is right")


def _given(name: str, cells: Sequence[Cell], read: Read) -> list[object]:
    """The answers to an exercise that are none of them blank, the last one first."""
    found = [value for value in reversed(read.values.get(name, [])) if not is_blank(value)]
    others = [read.asked.get(name), read.shown.get(name)]
    if name in read.through:
        cells = []
    others += [written(cell.source, name) for cell in reversed(cells) if name in cell.answers]
    found = found or [value for value in others if not is_blank(value)]
    return list({repr(value): value for value in found}.values())


def _unanswered(name: str, cells: Sequence[Cell], read: Read) -> Mark:
    if name in read.errors:
        return Mark.of(Tried(Verdict(False, message=read.errors[name])))
    known = any(name in (*cell.answers, *cell.asks) for cell in cells)
    return Mark.of(Tried(NOT_ATTEMPTED if known else missing(name)))


def _judged(exercise: Exercise, item: Item, answer: object, limits: Limits) -> Mark:
    if isinstance(answer, str) and len(answer) > MAX_TEXT:
        message = f"The answer is longer than {MAX_TEXT} characters."
        return Mark.of(Tried(Verdict(False, message=message)))
    marks: list[Mark] = []

    def mark() -> None:
        verdict = exercise.judge(answer)
        marks.append(Mark(verdict, exercise.credit(answer, verdict, item.checkpoints)))

    outcome = call(mark, (), seconds=max(0.1, min(10, limits.left)), at_work=True)
    if outcome.timed_out:
        message = "This answer takes too long to check."
        return Mark.of(Tried(Verdict(False, message=message), message))
    if isinstance(outcome.error, Exception):
        return Mark.of_fault(outcome.error)
    if outcome.error:  # somebody stops the whole run
        raise outcome.error
    return marks[0]
