"""Read an assignment and a submission, and give each exercise its verdict.

The assignment is a notebook in nbgrader's source form. From a submission nothing is taken but the
sources of the cells whose grade ids are solution cells of the assignment. Functions run in the
sandbox, on the inputs of the lesson and on inputs drawn for this student alone; derivations and
concept answers are read as texts and never run. Every verdict is the one that `check` gives.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import hmac
import json
import threading
import time
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from helpers.exercises import (
    EXERCISES,
    NOT_ATTEMPTED,
    CodeExercise,
    Exercise,
    Outcome,
    Verdict,
    call,
)
from helpers.grading.sandbox import Lost, Sandbox, Session, Unavailable

__all__ = [
    "Assignment",
    "Item",
    "Job",
    "Result",
    "Row",
    "default_assignment",
    "grade",
    "not_graded",
    "read_assignment",
    "read_notebook",
]

MAX_NOTEBOOK = 10_000_000  # bytes; a submission with all its pictures is a tenth of that
MAX_SOURCE = 100_000
ALLOWED = ("numpy", "math")
SUBMISSION = 6  # a submission may take so many times as long as a call


@dataclass(frozen=True)
class Item:
    """An exercise of an assignment, what it is worth, and its checkpoints if it has any."""

    name: str
    points: float
    checkpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """The exercises in the order of the notebook, and the code that it gives to students."""

    name: str
    items: tuple[Item, ...]
    given: str = ""


@dataclass(frozen=True)
class Job:
    """One submission, with all that a worker on another machine needs to grade it.

    notebook : the bytes of the file; problem : why there are none.
    secret : what the student's own inputs are drawn from. seconds : for a call.
    """

    student: str
    assignment: Assignment
    notebook: bytes
    secret: bytes
    problem: str = ""
    seconds: float = 5.0
    trusting: bool = False


@dataclass(frozen=True)
class Row:
    """The result of one exercise."""

    exercise: str
    score: float
    max_score: float
    status: str
    diagnoses: tuple[str, ...] = ()
    message: str = ""
    first_wrong_line: int | None = None

    @property
    def is_full(self) -> bool:
        """Is nothing left to say? An exercise without points is full when it is correct."""
        return self.score == self.max_score and (self.max_score > 0 or self.status == "correct")


@dataclass(frozen=True)
class Result:
    """The result of one submission; `problem` says why it could not be graded."""

    student: str
    rows: tuple[Row, ...]
    problem: str = ""

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping) -> Result:
        """Return what `as_dict` gave; a `LookupError` or `TypeError` for anything else."""
        rows = tuple(Row(**{**row, "diagnoses": tuple(row["diagnoses"])}) for row in data["rows"])
        texts = [data["student"], data["problem"], *(row.message for row in rows)]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError
        return cls(data["student"], rows, data["problem"])


class Unreadable(Exception):
    """Why a file is no notebook that can be graded."""


# ---------------------------------------------------------------------------------- the notebooks


def read_notebook(path: Path) -> dict:
    """Read a notebook of a teacher; a `ValueError` names the file that is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        _ = [(c["metadata"].get, c["cell_type"], "".join(c["source"])) for c in notebook["cells"]]
    except (ValueError, LookupError, TypeError, AttributeError):
        reason = "it cannot be read as JSON, or a part of its cells is missing"
        raise ValueError(f"{path} is no notebook: {reason}.") from None
    return notebook


def read_assignment(path: Path, name: str) -> Assignment:
    """Read what is asked from an assignment in nbgrader's source form.

    A solution cell named as an exercise asks for it; the cell `test_NAME` says how many points it
    is worth, and its call `credit(…)` names the checkpoints. Locked code cells `given…` are run
    before the students' cells.
    """
    solutions, tests, given = [], {}, []
    for cell in read_notebook(path)["cells"]:
        info, source = cell["metadata"].get("nbgrader", {}), "".join(cell["source"])
        identity = info.get("grade_id", "")
        if info.get("solution"):
            if cell["cell_type"] != "code":
                raise ValueError(f"{path}: the solution cell {identity} must be a code cell.")
            solutions.append(identity)
        elif info.get("grade"):
            tests[identity] = (float(info["points"]), _checkpoints(source))
        elif identity.startswith("given") and cell["cell_type"] == "code":
            given.append(source)
    unknown = [s for s in solutions if s not in EXERCISES or f"test_{s}" not in tests]
    if unknown or not solutions:
        raise ValueError(
            f"{path}: each solution cell is named as an exercise and followed by test_NAME with "
            f"points; this does not hold for {', '.join(unknown) or 'any cell'}"
        )
    items = tuple(Item(s, *tests[f"test_{s}"]) for s in solutions)
    return Assignment(name, items, "\n".join(given))


def _checkpoints(source: str) -> tuple[str, ...]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "credit":
            return tuple(map(ast.literal_eval, node.args[2:]))
    return ()


def read_submission(data: bytes, wanted: set[str]) -> list[tuple[str, str]]:
    """Return (grade id, source) of the solution cells of a notebook, in its order."""
    if len(data) > MAX_NOTEBOOK:
        raise Unreadable(f"the file is larger than {MAX_NOTEBOOK // 10**6} MB")
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("the file is no notebook: it cannot be read as JSON") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version != 4:
        raise Unreadable(f"the file is no notebook of version 4 (its nbformat is {version!s:.20})")
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("the notebook has no cells")
    return [found for cell in cells if (found := _solution(cell)) and found[0] in wanted]


def _solution(cell: object) -> tuple[str, str] | None:
    with contextlib.suppress(AttributeError, TypeError, KeyError):
        source = cell["source"]
        source = source if isinstance(source, str) else "".join(source)
        identity = cell["metadata"]["nbgrader"]["grade_id"]
        if isinstance(identity, str) and cell["cell_type"] == "code":
            return identity, source.replace("\0", "")
    return None


# ------------------------------------------------------------------------------- one submission

_sandboxes: dict[bool, Sandbox] = {}
_alone = threading.Lock()  # a worker has one sandbox, whatever number of threads


def grade(job: Job) -> Result:
    """Grade one submission; whatever it is, a result comes back."""
    with _alone:
        sandbox = _sandboxes.setdefault(job.trusting, Sandbox(trusting=job.trusting))
        try:
            return grade_in(sandbox, job)
        except Unavailable:
            raise
        except Exception as error:  # a mistake of the course must not stop the others
            return not_graded(job, f"the course failed on it ({type(error).__name__}: {error})")


def grade_in(sandbox: Sandbox, job: Job) -> Result:
    """Grade one submission in a sandbox."""
    names = {item.name for item in job.assignment.items}
    try:
        if job.problem:
            raise Unreadable(job.problem)
        cells = read_submission(job.notebook, names)
    except Unreadable as reason:
        return not_graded(job, str(reason))
    functions = Functions(sandbox, job, cells).verdicts()
    rows = (_row(item, cells, functions) for item in job.assignment.items)
    return Result(job.student, tuple(rows))


def not_graded(job: Job, problem: str) -> Result:
    """Return a result without points that says why."""
    problem = _printable(problem)
    message = f"Not graded: {problem}."
    rows = (Row(i.name, 0.0, i.points, "not attempted", (), message) for i in job.assignment.items)
    return Result(job.student, tuple(rows), problem)


def _row(item: Item, cells: list[tuple[str, str]], functions: Mapping[str, Verdict]) -> Row:
    exercise = EXERCISES[item.name]
    if isinstance(exercise, CodeExercise):
        verdict = functions[item.name]
        share = float(verdict.correct)
    else:
        verdict, share = _read_answer(exercise, item, cells)
    return Row(
        item.name,
        round(share * item.points, 2),
        item.points,
        verdict.status,
        verdict.diagnoses,
        _printable(verdict.message),
        verdict.first_wrong_line,
    )


def _printable(text: str) -> str:
    """Return a text that can be written to any file and database."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def _missing(name: str) -> Verdict:
    return Verdict(False, message=f"The cell `{name}` is missing.", status="not attempted")


# -------------------------------------------------------------------------- derivations, concepts


def _read_answer(exercise: Exercise, item: Item, cells) -> tuple[Verdict, float]:
    sources = [source for name, source in cells if name == item.name]
    if not sources:
        return _missing(item.name), 0.0
    answer = written(sources[-1], item.name)

    def judged():
        verdict = exercise.judge(answer)
        return verdict, exercise.credit(answer, verdict, item.checkpoints)

    outcome = call(judged, (), seconds=10)
    if outcome.error is not None:
        return Verdict(False, message="This answer takes too long to check."), 0.0
    return outcome.value


def written(source: str, name: str) -> object:
    """Return the text or number that a cell assigns to a name, without running the cell.

    >>> written('answer = "B"', "answer"), written("answer = 1/4", "answer")
    ('B', '1 / 4')
    """
    if len(source) > MAX_SOURCE:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
            found = [node.value for node in body if _assigns(node, name)]
            found = found or [node.value for node in body if isinstance(node, ast.Expr)]
            if not found:
                return None
            value = found[-1]
            return value.value if isinstance(value, ast.Constant) else ast.unparse(value)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "the cell cannot be read as Python"


def _assigns(node: ast.stmt, name: str) -> bool:
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return any(getattr(target, "id", None) == name for target in targets) and bool(node.value)


# --------------------------------------------------------------------------------------- functions


class Functions:
    """The code exercises of one submission: a child of the sandbox, and another when it dies."""

    def __init__(self, sandbox: Sandbox, job: Job, cells: list[tuple[str, str]]):
        self.sandbox, self.job = sandbox, job
        exercises = (EXERCISES[item.name] for item in job.assignment.items)
        self.open = [e.name for e in exercises if isinstance(e, CodeExercise)]
        self.cells = [(name, source) for name, source in cells if name in self.open]
        self.found: dict[str, Verdict] = {}
        self.errors: dict[str, str] = {}
        self.end = time.monotonic() + SUBMISSION * job.seconds

    def verdicts(self) -> dict[str, Verdict]:
        """Return a verdict for each exercise; what kills a child costs one exercise."""
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
                for name in list(self.open):
                    self._try(name, session)
        for name in list(self.open):
            if self.cells:
                self._settle(name, "The time for the whole submission was used up.")
            else:
                self.found[name] = _missing(name)
        return self.found

    def _left(self) -> float:
        return self.end - time.monotonic()

    def _seconds(self) -> float:
        return max(0.1, min(self.job.seconds, self._left()))

    def _settle(self, name: str, message: str) -> None:
        if name in self.open:
            self.open.remove(name)
            self.found[name] = Verdict(False, message=message)

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
                self.errors[name] = _told(error)

    def _try(self, name: str, session: Session) -> None:
        try:
            verdict = self._judge(EXERCISES[name], session)
        except Lost as lost:
            self._settle(name, f"When `{name}` is called, {lost}.")
            raise
        self.open.remove(name)
        self.found[name] = verdict

    def _judge(self, exercise: Exercise, session: Session) -> Verdict:
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
        limits = {"each": self.job.seconds, "total": SUBMISSION * self.job.seconds}
        verdict = exercise.try_out(probe, **limits, source=source)
        if not verdict.correct:
            return verdict
        drawn = exercise.drawn(self._generator(exercise))
        verdict = exercise.try_out(probe, drawn, **limits, source=source)
        if verdict.correct:
            return verdict
        return replace(verdict, message=f"Right on the inputs of the lesson. {verdict.message}")

    def _generator(self, exercise: Exercise) -> np.random.Generator:
        words = f"{self.job.assignment.name}/{self.job.student}/{exercise.name}".encode()
        digest = hmac.digest(self.job.secret, words, hashlib.sha256)
        return np.random.default_rng(int.from_bytes(digest))


_MAY_IMPORT = f"A solution may import {' and '.join(ALLOWED)} alone."


def _told(error: BaseException) -> str:
    kind, words = type(error).__name__, str(error)[:300]
    said = f"The cell stops with {kind}: {words}." if words else f"The cell stops with {kind}."
    return f"{said} {_MAY_IMPORT}" if "No module named" in words else said


@cache
def default_assignment(name: str) -> Path:
    """Return the published notebook of an assignment."""
    return Path(__file__).parents[2] / "notebooks" / "assignments" / name / f"{name}.ipynb"
