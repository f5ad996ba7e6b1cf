"""Run a submission in the sandbox as a notebook would run, and try its functions.

All cells run in their order; one that fails does not stop the next, one that ends the process is
left out from then on. A statement that only this place does not carry out is passed over and noted:
what is wrong in such a submission, a person looks at. Then each function is called on the inputs of
the lesson, and after all that is read from the student is read, on inputs drawn for this
submission: nothing of these can come out again. The last version of a function counts. It may have
been right where its cell stood, before a later cell changed what it uses; so it is tried once more
there, in a process of its own. That an earlier version is right is only said to the teacher.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from helpers.exercises import NOT_ATTEMPTED, CodeExercise, Outcome, Verdict
from helpers.grading.sandbox import Lost, Ran, Sandbox, Session
from helpers.grading.submission import MAX_SOURCE, Cell
from helpers.grading.values import is_blank

KEPT = 8  # values of a text
TOGETHER = 16  # cells that are sent at a time, until one ends the process
SHARE = 8  # a cell that answers nothing may use so small a part of the time that is left
ALLOWED = "A solution may import NumPy, math and what else comes with Python."
EARLIER = "a version that stood there before is right"
USED_UP = "The time for the whole submission was used up."
LOOKED_UP = (
    "Right on the inputs of the lesson. On others of the same kind, drawn for this submission, {}. "
    "Does it hold for every number of that kind, or for those of the lesson alone?"
)


@dataclass(frozen=True)
class Limits:
    """Seconds: for a call or a cell, and when, on a clock, all must have come to an end."""

    each: float
    end: float
    clock: Callable[[], float] = time.monotonic

    @property
    def left(self) -> float:
        """What is left of the whole."""
        return self.end - self.clock()

    def seconds(self, most: float = math.inf, of: int = 1) -> float:
        """What a call or a cell may take now, or so many of them together."""
        return max(0.05, min(of * self.each, self.left, most))


@dataclass
class Read:
    """What was read from the cells while they ran.

    values : by text exercise, the last values that cells gave it.
    asked, shown : by exercise, what it was checked with, and what its own cell shows.
    errors : by exercise, how its cell ended.
    through : the exercises whose texts come from something that is not there.
    passed_over : the statements that a notebook may carry out, and why they were not.
    lost : the exercises whose own cells hold such statements.
    bound : by function, the place of the cell that gave it its last version.
    nameless : by place, the exercises of a cell that stopped for a name that was not there yet.
    """

    values: dict[str, list[object]] = field(default_factory=dict)
    asked: dict[str, object] = field(default_factory=dict)
    shown: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    through: set[str] = field(default_factory=set)
    passed_over: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    bound: dict[str, int] = field(default_factory=dict)
    nameless: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def too_early(self) -> list[int]:
        """The places of cells that stopped for a name, and whose exercises nothing else answers.

        Their owner has run a cell first that stands further below.
        """
        given = {n for n, values in self.values.items() if not all(map(is_blank, values))}
        given |= {*self.bound}
        return [place for place, names in self.nameless.items() if not given & {*names}]

    def note(self, place: int, cell: Cell, ran: Ran) -> None:
        """Keep what came of a cell."""
        for name, value in ran.values.items():
            known = self.values.setdefault(name, [])
            if not known or repr(known[-1]) != repr(value):
                known.append(value)
                del known[:-KEPT]
        self.asked.update(ran.asked)
        self.through = {*ran.through}
        self.bound.update(dict.fromkeys(ran.bound, place))
        self.passed_over.update(ran.passed_over)
        if ran.passed_over:
            self.lost.update(cell.answers)
        if isinstance(ran.error, NameError) and cell.answers:
            self.nameless[place] = cell.answers
        for name in cell.answers:
            self.errors.pop(name, None)
            if ran.error is not None:
                self.errors[name] = _stopped_with(ran.error)
            if type(ran.shown) in (str, int, float):
                self.shown[name] = ran.shown


@dataclass(frozen=True)
class Tried:
    """The verdict on a function, and why a person should look at it."""

    verdict: Verdict
    review: str = ""
    fault: BaseException | None = None


class Execution:
    """One submission in the sandbox.

    Parameters
    ----------
    sandbox, cells, given : where it runs, and what.
    functions, texts : the exercises.
    limits : its time.
    generators : for each function, what its inputs are drawn with.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        cells: Sequence[Cell],
        given: str,
        functions: Iterable[CodeExercise],
        texts: Sequence[str],
        limits: Limits,
        generators: Mapping[str, Sequence[int]],
    ) -> None:
        self.sandbox, self.given, self.limits = sandbox, given, limits
        self.cells = dict(enumerate(cells))
        self.open = {exercise.name: exercise for exercise in functions}
        self.counts = {name: len(e.arguments) for name, e in self.open.items()}
        self.texts, self.generators = list(texts), generators
        self.read = Read()
        self.together = TOGETHER
        self.found: dict[str, Tried] = {}
        for place, cell in list(self.cells.items()):
            if len(cell.source) > MAX_SOURCE:
                self._leave_out(place, f"The cell is longer than {MAX_SOURCE} characters.")

    def carry_out(self) -> dict[str, Tried]:
        """Return what was found about each function; what ends a process costs one exercise."""
        done = False
        while not done and self.limits.left > 0:
            with contextlib.suppress(Lost), Session(self.sandbox, self.limits.left) as session:
                self._run_cells(session)
                self._try_all(session)
                done = True
        if done:
            self._try_where_they_stand()
        else:
            self.read.passed_over["the rest of the notebook"] = USED_UP
            self.read.lost.update(self.texts, self.open)
        for name in self.open:
            self.found.setdefault(name, Tried(Verdict(False, message=USED_UP), USED_UP))
        return self.found

    def _leave_out(self, place: int, message: str) -> None:
        cell = self.cells.pop(place)
        self.read.passed_over[cell.source.strip().partition("\n")[0][:100]] = message
        self.read.lost.update(cell.answers)
        for name in cell.answers:
            self.read.errors[name] = message

    # ---------------------------------------------------------------------------------- the cells

    def _run_cells(self, session: Session) -> None:
        self._begin(session)
        own = [place for place, cell in self.cells.items() if not cell.released]
        for group in range(0, len(own), self.together):
            self._run_some(session, own[group : group + self.together])
        for place in self.read.too_early():
            self._run_some(session, [place])

    def _begin(self, session: Session) -> None:
        session.begin(self.counts, self.texts)
        if self.given:
            session.run([(self.given, "given", self.limits.seconds())], self.limits.each)

    def _run_some(self, session: Session, places: Sequence[int]) -> None:
        """Run some cells; if one of them ends the process, find out which, and leave it out."""
        if self.limits.left <= 0:
            raise Lost(USED_UP)
        cells = [self.cells[place] for place in places]
        left, asked = self.limits.left, []
        for cell in cells:
            seconds = self.limits.seconds(left if cell.answers else left / SHARE)
            asked.append((cell.source, cell.answers[0] if cell.answers else "cell", seconds))
            left -= 0 if cell.answers else seconds
        try:
            found = session.run(asked, self.limits.seconds())
            for place, ran in zip(places, found, strict=True):
                self.read.note(place, self.cells[place], ran)
        except Lost as lost:
            if len(places) == 1:
                self._leave_out(places[0], f"When the cell runs, {lost}.")
            self.together = 1
            raise

    # -------------------------------------------------------------------------------- the functions

    def _try_all(self, session: Session) -> None:
        """The inputs of the lesson for all, and only then those that are drawn."""
        for name, exercise in self.open.items():
            if name not in self.found:
                self.found[name] = self._tried(exercise, session)
        for name, exercise in self.open.items():
            if self.found[name].verdict.correct:
                self.found[name] = self._tried_on_drawn(exercise, session)

    def _tried(self, exercise: CodeExercise, session: Session) -> Tried:
        """Try a function on the inputs of the lesson."""
        name = exercise.name
        try:
            session.absent.clear()
            called = self._called(exercise, session, exercise.cases, look=True)
            found = session.found
            if not called:
                return self._no_function(exercise, found)
            barred = [kind for _, outcome in called for kind in _barred(outcome)]
            verdict = self._verdict(exercise, session, None, called)
        except Lost as lost:
            message = f"When `{name}` is called, {lost}."
            self.found[name] = Tried(Verdict(False, message=message))
            raise
        except Exception as error:
            return Tried(NOT_ATTEMPTED, fault=error)
        if not verdict.correct and session.absent:
            return _absent(name, sorted(session.absent))
        asks = f"it stops with {barred[0]}, which a notebook may allow" if barred else ""
        if found["without"]:
            asks = f"its decorator {found['without']} is not there"
        return Tried(verdict, "" if verdict.correct else asks)

    def _tried_on_drawn(self, exercise: CodeExercise, session: Session) -> Tried:
        """Try a function on drawn inputs; of these nothing is said."""
        before, name = self.found[exercise.name], exercise.name
        drawn = exercise.drawn(np.random.default_rng(self.generators[name]))
        try:
            called = self._called(exercise, session, drawn)
            if self._verdict(exercise, session, drawn, called).correct:
                return before
            what = "it is wrong"
        except Lost as lost:
            what = str(lost)
            self.found[name] = _looked_up(before, what)
            raise
        except Exception as error:
            return Tried(NOT_ATTEMPTED, fault=error)
        return _looked_up(before, what)

    def _called(
        self,
        exercise: CodeExercise,
        session: Session,
        cases: tuple,
        *,
        look: bool = False,
    ) -> list[tuple[tuple, Outcome]]:
        """Call a function for each case; return what it was called with, and what came of it."""
        rows = [case.fresh() for case in cases]
        seconds, total = self.limits.seconds(), self.limits.seconds(of=2)
        outcomes = session.call(exercise.name, rows, seconds, total, look=look)
        return [*zip(rows, outcomes, strict=False)]

    def _verdict(
        self,
        exercise: CodeExercise,
        session: Session,
        cases: tuple | None,
        known: list[tuple[tuple, Outcome]],
    ) -> Verdict:
        """Judge what came of the cases, those of the lesson if not said."""
        seconds, total = self.limits.seconds(), self.limits.seconds(of=2)

        def probe(arguments: tuple, seconds: float) -> Outcome:
            """The cases come first, in their order; then what a diagnosis wants to know."""
            if known and _same(known[0][0], arguments):
                return known.pop(0)[1]
            known.clear()
            seconds = min(seconds, self.limits.seconds())
            return session.call(exercise.name, [arguments], seconds, seconds)[0]

        mine = (cell.source for cell in self.cells.values() if exercise.name in cell.answers)
        source = "\n".join(mine)
        return exercise.try_out(probe, cases, each=seconds, total=total, source=source)

    def _no_function(self, exercise: CodeExercise, found: Mapping[str, str]) -> Tried:
        name = exercise.name
        match found["is"]:
            case "nothing" if name in self.read.errors:
                return Tried(Verdict(False, message=self.read.errors[name]))
            case "nothing" if all(name not in cell.answers for cell in self.cells.values()):
                return Tried(missing(name))
            case "nothing" | "stub":
                return Tried(NOT_ATTEMPTED)
            case "absent":
                return _absent(name, [found["kind"]])
            case "other":
                return Tried(
                    Verdict(False, message=f"A function is asked for, a {found['kind']} came.")
                )
        return Tried(Verdict(False, message=exercise.wrong_arity(found["signature"])))

    # ----------------------------------------------------------------------- where its cell stands

    def _try_where_they_stand(self) -> None:
        """Try what is wrong at the end where its own cell or its check stands."""
        wrong = {n for n, tried in self.found.items() if _may_have_been_right(tried)}
        last = max((p for p, cell in self.cells.items() if not cell.released), default=0)
        places = {
            place: names
            for place, cell in self.cells.items()
            if place < last and (names := wrong & {*cell.answers, *cell.asks})
        }
        kept = self.read
        self.read = Read()  # of this process, which learns the drawn inputs, nothing is read
        while places and self.limits.left > 0:
            with contextlib.suppress(Lost), Session(self.sandbox, self.limits.left) as session:
                self._begin(session)
                for place, cell in list(self.cells.items()):
                    if not cell.released:
                        self._run_some(session, [place])
                    for name in places.pop(place, ()):
                        self._try_there(name, session, is_last=place >= kept.bound.get(name, 0))
                    if not places:
                        break
            places = {place: names for place, names in places.items() if place in self.cells}
        self.read = kept

    def _try_there(self, name: str, session: Session, *, is_last: bool) -> None:
        exercise, before = self.open[name], self.found[name]
        if before.verdict.correct:
            return
        try:
            there = self._tried(exercise, session)
            if there.verdict.correct:
                self.found[name] = there
                there = self._tried_on_drawn(exercise, session)
        finally:
            self.found[name] = before
        if there.verdict.correct:
            self.found[name] = there if is_last else replace(before, review=EARLIER)


def _same(mine: tuple, others: tuple) -> bool:
    return len(mine) == len(others) and all(map(np.array_equal, mine, others))


def _may_have_been_right(tried: Tried) -> bool:
    return not tried.verdict.correct and tried.verdict.status == "not yet" and not tried.fault


def missing(name: str) -> Verdict:
    """Say that nothing answers an exercise."""
    return Verdict(False, message=f"The cell `{name}` is missing.", status="not attempted")


def _absent(name: str, things: Sequence[str]) -> Tried:
    used = ", ".join(f"`{thing}`" for thing in things)
    message = f"`{name}` uses {used}, which is not there when answers are graded. {ALLOWED}"
    return Tried(Verdict(False, message=message), f"it uses {', '.join(things)}")


def _looked_up(before: Tried, what: str) -> Tried:
    verdict = Verdict(False, before.verdict.diagnoses, LOOKED_UP.format(what))
    return Tried(verdict, "right on the inputs of the lesson, where `check` says so, not on others")


_BARRED = ("OSError", "PermissionError", "FileNotFoundError", "BlockingIOError", "ConnectionError")


def _barred(outcome: Outcome) -> list[str]:
    """What the sandbox forbids and a notebook may allow: files, threads, other programs."""
    kind = type(outcome.error).__name__
    forbidden = kind in _BARRED or "start new thread" in outcome.words
    return [kind] if outcome.error is not None and forbidden else []


def _stopped_with(error: BaseException) -> str:
    kind, words = type(error).__name__, str(error)[:300]
    return f"The cell stops with {kind}: {words}." if words else f"The cell stops with {kind}."
