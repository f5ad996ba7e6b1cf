"""A derivation is asked for: each line is compared with the slope, by any route."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers.derivation import (
    MAX_LINES,
    Comparison,
    D,
    Line,
    NotationError,
    Setting,
    Tree,
    differentiate,
    parse,
    rules_used,
    split_lines,
    walk,
)
from helpers.exercises.beliefs import Beliefs, question
from helpers.exercises.exercise import Believed, is_unanswered, kind_of
from helpers.exercises.forms import form_of, has_form
from helpers.exercises.formulas import Formulas
from helpers.exercises.line_diagnosis import is_algebra, line_evidence, line_stories
from helpers.exercises.tasks import Branches, written_out
from helpers.exercises.verdict import NOT_ATTEMPTED, Verdict

__all__ = ["DerivationExercise"]

_BLANK = re.compile(r"…|\.\.\.|(?<!\w)_{2,}(?!\w)|^\?+$")
_SMALL = {  # rules that nobody needs to name
    *("constant", "variable", "sum", "difference", "minus"),
    *("constant factor", "constant divisor"),
}
_KEPT = 1000  # comparisons of lines, which come back with every new attempt


@dataclass(frozen=True, eq=False, kw_only=True)
class DerivationExercise(Formulas):
    """A derivation is asked for, one step a line.

    Parameters
    ----------
    goals : forms in which it may end, any order of factors.
    on : where lines are compared, as in `derive`.
    given : a faded text whose blanks are written … or ___.
    believed : lines with a story of their own, as typed (misprints too) or of equal value.
    """

    goals: tuple[str, ...]
    on: str = ""
    given: str = ""
    believed: tuple[Believed, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        held = not self.asks_value and not any(isinstance(of, Branches) for of in self.of)
        self.require(held, "of", "a derivation differentiates one expression")
        self.require(bool(self.goals), "goals", "there is none")
        with self.reading("on"):
            _ = self.setting
        with self.reading("goals"):
            _ = self._goal_forms
        for belief in self.believed:
            self.require_story(belief.slug, "believed")

    @cached_property
    def setting(self) -> Setting:
        """What the letters mean, and where lines are compared."""
        on = self.on or None
        return Setting.of(f"D({self.of[0]})", variable=self.variable, where=self.where, on=on)

    @cached_property
    def beliefs(self) -> Beliefs:
        """The stories in numbers, where lines are compared."""
        points = self.setting.points
        return Beliefs(self.task, {n: np.array([float(p[n]) for p in points]) for n in points[0]})

    @cached_property
    def _goal_forms(self) -> set[tuple]:
        return {form_of(self._line(goal), self.task.where) for goal in self.goals}

    def _line(self, text: str) -> Tree:
        """Read an expression in which only the letters of this exercise are known."""
        letters = self.setting.parameters
        return parse(text, variable=self.variable, where=self.where, letters=letters)

    # ---------------------------------------------------------------------------------- judging

    def judge(self, answer: object) -> Verdict:
        """Judge a derivation: the first line that does not hold, or how far it is right."""
        if is_unanswered(answer):
            return NOT_ATTEMPTED
        if not isinstance(answer, str):
            message = f"A derivation is a text, one step a line; {kind_of(answer)} came."
            return Verdict(False, message=message)
        steps = split_lines(answer)
        given = {step for _, step, _ in split_lines(self.given)}
        if all(_BLANK.search(step) or step in given for _, step, _ in steps):
            return NOT_ATTEMPTED
        if len(steps) > MAX_LINES:
            return Verdict(False, message=f"At most {MAX_LINES} lines are read.")
        above: Line | None = None
        lines: list[Line] = []
        blank: list[int] = []
        for n, step, reason in steps:
            if _BLANK.search(step):
                blank.append(n)
                above = None
                continue
            if copied := self._misprints(step):
                slugs = tuple(belief.slug for belief in copied)
                return Verdict(False, slugs, f"Line {n}: {copied[0].question}", n)
            before = list(lines)
            for part in step.split("="):
                try:
                    line = self.setting.read(n, part.strip(), reason)
                    comparison = self.compare(line.tree)
                except NotationError as error:
                    return _unreadable(error, n, before)
                if not comparison.equal:
                    return self._wrong_line(line, above, comparison, before)
                above = line
                lines.append(line)
        return self._unfilled(lines, blank) if blank else self._right_lines(lines)

    def compare(self, tree: Tree) -> Comparison:
        """Compare a line with the derivative."""
        if tree not in self._compared:
            if len(self._compared) > _KEPT:
                self._compared.clear()
            slope = differentiate(self.task.of[0], self.variable, where=self.task.where)
            self._compared[tree] = self.setting.compare(tree, slope)
        return self._compared[tree]

    @cached_property
    def _compared(self) -> dict[Tree, Comparison]:
        return {}

    def _misprints(self, step: str) -> list[Believed]:
        """The stories of a line that was copied as it is misprinted somewhere."""
        bare = "".join(step.rpartition("=")[2].split())
        return [b for b in self.believed if "".join(b.value.split()) == bare]

    def _same_value(self, tree: Tree) -> Believed | None:
        """The first line with a story of its own that has the value of this one."""
        for belief in self.believed:
            try:
                same = self._line(belief.value)
            except NotationError:  # a misprint
                continue
            if self.setting.compare(tree, same).equal:
                return belief
        return None

    def _wrong_line(
        self, line: Line, above: Line | None, comparison: Comparison, before: list[Line]
    ) -> Verdict:
        if comparison.equal is None:
            message = f"Line {line.number} has a value at too few places to be compared."
            return Verdict(False, (), f"{message} {_that_hold(before)}".strip(), line.number)
        tree_above = above.tree if above else None
        stories = line_stories(line.tree, tree_above, self.setting, self.beliefs)
        asked = question(stories, self.task, algebra=is_algebra(line.tree, tree_above))
        if belief := self._same_value(line.tree):
            asked = belief.question
            if belief.slug not in stories:
                stories = (belief.slug, *stories)
        last = before[-1].number if before else None
        parts = (line_evidence(comparison, line.number, last), _that_hold(before), asked)
        return Verdict(False, stories, " ".join(filter(None, parts)), line.number)

    def _unfilled(self, lines: list[Line], blank: list[int]) -> Verdict:
        places = ", ".join(map(str, blank))
        left = f"Line {places} is" if len(blank) == 1 else f"Lines {places} are"
        message = f"{_that_hold(lines)} {left} not filled in yet."
        return Verdict(False, message=message, status="unfinished")

    def _right_lines(self, lines: list[Line]) -> Verdict:
        where = self.task.where
        if not any(form_of(line.tree, where) in self._goal_forms for line in lines):
            set_up_only = any("D(" in goal for goal in self.goals)
            still = not set_up_only and any(isinstance(n, D) for n in walk(lines[-1].tree))
            asked = "A derivative is left to carry out." if still else self.asks
            message = f"{_that_hold(lines)} It is right so far, and not yet finished. {asked}"
            return Verdict(False, message=message, status="unfinished")
        parts = (_that_hold(lines), "The goal is reached.", self._remark(lines))
        return Verdict(True, message=" ".join(filter(None, parts)))

    # ------------------------------------------------------------------ several rules in one line

    def _remark(self, lines: list[Line]) -> str:
        """Remark on a line in which several rules were applied, unless one line is asked."""
        line = self._line_of_several_rules(lines)
        if line is None or self._asks_one_line:
            return ""
        return (
            f"Several rules were applied at once in line {line.number}: can you name each of them?"
        )

    @cached_property
    def _asks_one_line(self) -> bool:
        """Does its own solution take several rules at once?"""
        steps = split_lines(self.solution)
        return bool(self._line_of_several_rules([self.setting.read(*step) for step in steps]))

    def _line_of_several_rules(self, lines: Sequence[Line]) -> Line | None:
        """The first line in which a derivative that needs several rules is carried out."""
        trees = [D(self.task.of[0]), *(line.tree for line in lines)]
        for before, after, line in zip(trees, trees[1:], lines, strict=False):
            left = [n.arg for n in walk(before) if isinstance(n, D)]
            if not left or any(isinstance(n, D) for n in walk(after)):
                continue
            if any(len(self._rules(arg)) > 1 for arg in left):
                return line
        return None

    def _rules(self, tree: Tree) -> list[str]:
        """The rules that it takes, from what is known: tanh itself is what derive_tanh is about."""
        where, of = self.task.where, self.task.of

        def used(tree: Tree) -> list[str]:
            rules = rules_used(written_out(tree, where), self.variable)
            return [rule for rule in rules if rule not in _SMALL]

        return max(map(used, of if written_out(tree, where) in of else (tree,)), key=len)

    # ----------------------------------------------------------------------------------- points

    def credit(self, answer: object, verdict: Verdict, checkpoints: Sequence[str] = ()) -> float:
        """Return the share of the points that a derivation with this verdict earns.

        One that is not right as a whole has one share for each checkpoint, a form that stands in
        it as a right line, and one more for having no wrong line; that one counts only beside
        another.
        """
        if verdict.correct or not isinstance(answer, str) or not checkpoints:
            return float(verdict.correct)
        trees, where = list(self._trees_of_right_lines(answer)), self.task.where
        wanted = [form_of(self._line(form), where) for form in checkpoints]
        reached = sum(any(has_form(tree, form, where) for tree in trees) for form in wanted)
        shares = reached + (verdict.first_wrong_line is None and reached > 0)
        return shares / (len(checkpoints) + 1)

    def _trees_of_right_lines(self, text: str) -> Iterator[Tree]:
        """Each line that gives the slope asked for, whatever stands above it."""
        for n, step, _ in split_lines(text)[:MAX_LINES]:
            for part in step.split("="):
                try:
                    tree = self.setting.read(n, part.strip(), "").tree
                    if self.compare(tree).equal:
                        yield tree
                except NotationError:
                    continue

    def own_answers(self) -> dict[str, object]:
        """Return the solution."""
        return {"solution": self.solution}

    def validate(self) -> None:
        """Check that goals and forms are the slope, and that the solution is accepted."""
        super().validate()
        for part in ("goals", "forms"):
            self.require_slopes(getattr(self, part), part)
        for text in self.of[1:]:
            with self.reading("of"):
                same = self.setting.compare(self._line(text), self._line(self.of[0])).equal
            self.require(bool(same), "of", f"{text} is not {self.of[0]}")
        if self.given:
            asked = self.judge(self.given).status == "not attempted"
            self.require(asked, "given", "nothing is left to fill in")
        for belief in self.believed:
            self.require(
                not self.judge(belief.value).correct, "believed", f"{belief.value} is right"
            )

    def require_slopes(self, texts: Sequence[str], field: str) -> None:
        """Refuse the declaration, or an assignment's checkpoints, unless each is the slope."""
        for text in texts:
            with self.reading(field):
                comparison = self.compare(self._line(text))
            self.require(bool(comparison.equal), field, f"{text} is not the slope asked for")


def _unreadable(error: NotationError, n: int, before: list[Line]) -> Verdict:
    pointer = str(error).split("\n", 1)[-1]
    end = "" if error.message.endswith((".", "?", "!")) else "."
    message = f"Line {n} cannot be read: {error.message}{end}\n{pointer}\n{_that_hold(before)}"
    return Verdict(False, (), message.strip(), n)


def _that_hold(lines: list[Line]) -> str:
    """Say which lines are right."""
    numbers = sorted({line.number for line in lines})
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"Line {numbers[0]} holds."
    if numbers[-1] - numbers[0] + 1 == len(numbers):
        return f"Lines {numbers[0]}–{numbers[-1]} hold."
    return f"Lines {', '.join(map(str, numbers))} hold."
