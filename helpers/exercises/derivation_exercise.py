"""A derivation is asked for: each line is compared with the slope, by any route."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from helpers.derivation import (
    BLANK,
    MAX_LINES,
    Claim,
    Claims,
    Comparison,
    NotationError,
    Setting,
    Tree,
    check_claims,
    differentiate,
    has_d,
    names,
    parse,
    split_lines,
)
from helpers.diagnosis import (
    MAX_STORIES,
    NOT_ATTEMPTED,
    STORIES,
    Beliefs,
    Branches,
    Verdict,
    derivative_is_gone,
    form_of,
    has_form,
    is_algebra,
    is_reversed,
    line_stories,
    questions,
    side_stories,
    slip_place,
    symbols_of,
)
from helpers.exercises.derivation_messages import (
    by_another_letter,
    evidence,
    joined,
    no_formula,
    of_a_part_alone,
    other_function,
    right_for_one_value,
    that_hold,
    unapplied_rule,
    unknown_reason,
    unreadable,
)
from helpers.exercises.drawn_verdict import Drawing, Mistake, drawn_lines
from helpers.exercises.exercise import Believed, is_unanswered, kind_of
from helpers.exercises.formulas import Formulas
from helpers.exercises.route import SHORT, Route, slopes_of
from helpers.language import active, gettext, ngettext

_WAY_MISSING = (
    "The result is right, the way is missing: how do you get there from {start}? Write {between}."
)
_ONE_BETWEEN = "a line between, or the rules beside it"
_SOME_BETWEEN = "the lines between, with a rule in each"
_COLLECT = "Its letters are those of the goal: can terms be collected, or brackets be worked out?"


@dataclass(frozen=True, eq=False, kw_only=True)
class DerivationExercise(Formulas):
    """A derivation is asked for, one step a line.

    Parameters
    ----------
    goals : forms in which it may end, any order of factors.
    ends_with : letters in which every form without D is one too.
    on : where lines are compared, as in `derive`.
    given : a faded text whose blanks are written … or ___.
    steps : how many essential steps are to be shown between question and goal, by any route.
    believed : lines with a story of their own, as typed (misprints too) or of equal value.
    as_typed : how a line is written is what is asked, so what is lost in it is asked about.
    """

    goals: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    on: str = ""
    given: str = ""
    steps: int = 0
    believed: tuple[Believed, ...] = ()
    as_typed: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        held = not self.asks_value and not any(isinstance(of, Branches) for of in self.of)
        self.require(held, "of", "a derivation differentiates one expression")
        if self.on:
            with self.reading("on"):
                _ = self.setting
        self.require(bool(self.goals or self.ends_with), "goals", "there is none")
        with self.reading("goals"):
            _ = [self.tree(goal) for goal in self.goals]
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
            message = gettext(
                "A derivation is a text, one step a line; {kind} came.", kind=kind_of(answer)
            )
            return Verdict(False, message=message, status="unread")
        steps = split_lines(answer)
        given = {*self._given}
        blank = [step for _, step, _ in steps if BLANK.search(step)]
        written = [step for _, step, _ in steps if step not in blank]
        begun = any(_is_begun(step) for step in blank if step not in self.given)
        if blank and not begun and len(written) <= len(given) and given.issuperset(written):
            return NOT_ATTEMPTED
        if len(steps) > MAX_LINES:
            message = gettext("At most {n} lines are read.", n=MAX_LINES)
            return Verdict(False, message=message, status="unread")
        claims = self.claims(answer)
        mistake = self._mistake(claims, {number: step for number, step, _ in steps})
        verdict = mistake.verdict if mistake else self._verdict(claims)
        pointed = partial(self._place, claims, mistake) if mistake else None
        return replace(verdict, drawing=Drawing(claims, verdict.message, mistake, pointed))

    def claims(self, text: str) -> Claims:
        """Judge every statement of a derivation on its own; what was judged last is remembered."""
        if text not in self._judged:
            self._judged.clear()
            known = {*self.name.split("_")}
            known |= {"swish"} if "silu" in known else set()
            self._judged[text] = check_claims(
                text, self._function, self.setting, known, as_typed=self.as_typed
            )
        return self._judged[text]

    @cached_property
    def _judged(self) -> dict[str, Claims]:
        return {}

    @cached_property
    def _function(self) -> Tree:
        (function, *_) = self._functions
        return function

    @cached_property
    def _functions(self) -> tuple[Tree, ...]:
        """What is differentiated, in each spelling."""
        return tuple(of for of in self.task.of if not isinstance(of, Branches))

    @cached_property
    def _slope(self) -> Tree:
        return differentiate(self._function, self.variable, where=self.task.where)

    def compare(self, tree: Tree) -> Comparison:
        """Compare a line with the derivative."""
        return self.setting.compare(tree, self._slope)

    def _misprints(self, step: str) -> list[Believed]:
        """The stories of a line that was copied as it is misprinted somewhere."""
        bare = "".join(step.rpartition("=")[2].split())
        return [b for b in self.believed if "".join(b.value.split()) == bare]

    def _same_value(self, tree: Tree, above: Tree | None) -> Believed | None:
        """The first line with a story of its own that has the value of this one, and its symbols.

        (cosh² + sinh²)/cosh² tells of the slope of cosh; of the same value, 1 + t² does so below
        sinh/cosh, or alone, and not where other lines led to it.
        """
        written = symbols_of(tree) | (symbols_of(above) if above is not None else set())
        for belief in self.believed:
            try:
                same = self._line(belief.value)
            except NotationError:  # a misprint
                continue
            own = symbols_of(same) - {self.variable}
            alike = above is None or written & own or not own
            if alike and self.setting.compare(tree, same).equal:
                return belief
        return None

    def _verdict(self, claims: Claims) -> Verdict:
        """Say what claims without a mistake come to: something unread, a gap, or the goal."""
        said = " ".join(claims.said)
        if not claims.claims:
            return Verdict(False, message=no_formula(self.name), status="unread")
        if unread := [claim for claim in claims.claims if claim.errors]:
            message = unreadable(unread, that_hold(claims), said)
            errors = [error for claim in unread for error in claim.errors]
            lost = all(error.lost_bracket for error in errors)
            stories = ("missing-parentheses",) if lost else ()
            return Verdict(False, stories, message, unread[0].number)
        if blank := [claim.number for claim in claims.claims if claim.found == "blank"]:
            places = ", ".join(map(str, blank))
            left = ngettext(
                "Line {places} is not filled in yet.",
                "Lines {places} are not filled in yet.",
                len(blank),
                places=places,
            )
            message = joined(said, that_hold(claims), left)
            return Verdict(False, message=message, status="unfinished")
        return self._right_lines(claims, said)

    def numbers(self, claims: Claims) -> Mistake | None:
        """The first wrong line with its two numbers, before a story is looked for."""
        wrong = claims.first("false")
        return Mistake(wrong, evidence(wrong, claims)) if wrong else None

    def _mistake(self, claims: Claims, rows: Mapping[int, str]) -> Mistake | None:
        """Find the first wrong line, and what is to be said of it.

        rows : the lines as they were typed, for a misprint may have been read in a way that is
            true.
        """
        for claim in claims.claims:
            row = rows.get(claim.number, claim.statement.row)
            states = claim.found not in ("aim", "true", "definition") and not claim.is_case
            copied = self._misprints(row) if states else []
            if copied:
                slugs = tuple(belief.slug for belief in copied)
                question = gettext(copied[0].question)
                said = question[0].lower() + question[1:] if active() == "en" else question
                return Mistake(
                    claim,
                    gettext("Line {number}: {said}", number=claim.number, said=said),
                    stories=slugs,
                )
            if claim.found in ("false", "undecided"):
                return self._wrong_line(claims, claim)
        return None

    def _wrong_line(self, claims: Claims, wrong: Claim) -> Mistake:
        said, holding = " ".join(claims.said), that_hold(claims, before=wrong)
        if wrong.found == "undecided":
            few = gettext(
                "Line {number} has a value at too few places to be compared.", number=wrong.number
            )
            return Mistake(wrong, few, said=said, holding=holding)
        letter, at = by_another_letter(wrong, claims), wrong.comparison
        if letter and at is not None and None in (at.left, at.right):  # has no value there
            question = (STORIES["wrong-variable"].question,)
            return Mistake(wrong, letter, question, ("wrong-variable",), said, holding)
        tree, at_side = claims.in_letters(wrong.side), wrong.wrong or 0
        above = claims.in_letters(wrong.against) if wrong.against_line and wrong.against else None
        stories: tuple[str, ...] = ()
        if not names(tree) - self._letters:
            stories = self._stories(wrong, tree, above, derivative_is_gone(claims, wrong))
            if stories[:1] == ("sign-flipped",) and is_reversed(
                wrong.statement.pieces[at_side].tree
            ):
                stories = ("difference-reversed",)
        algebra = is_algebra(tree, above)
        asked = questions(stories, self.task, algebra=algebra, aside=not wrong.against_slope)
        if wrong.against_slope and not algebra and (belief := self._same_value(tree, above)):
            asked = (gettext(belief.question),)
            stories = tuple(dict.fromkeys((belief.slug, *stories)))
        if not stories and claims.reading.closed:
            stories = ("missing-parentheses",)
        numbers = joined(evidence(wrong, claims), right_for_one_value(wrong, claims, self._slope))
        return Mistake(wrong, numbers, asked, tuple(stories)[:MAX_STORIES], said, holding)

    def _place(self, claims: Claims, mistake: Mistake) -> tuple[int, int]:
        """Find where in the wrong side, in columns of its row, the story points at."""
        wrong = mistake.claim
        if not mistake.stories or wrong.found != "false":
            return (0, 0)
        side, against = (
            claims.in_letters(wrong.side),
            claims.in_letters(wrong.against or wrong.side),
        )
        if (names(side) | names(against)) - self._letters:
            return (0, 0)
        other = None if wrong.against_slope else against
        return slip_place(side, other, mistake.stories[0], self.setting, self.beliefs)

    def _stories(
        self, wrong: Claim, tree: Tree, above: Tree | None, carried_out: bool
    ) -> tuple[str, ...]:
        """Name what leads to a wrong side: from the slope, or from the other side alone."""
        if wrong.against_slope:
            return line_stories(tree, above, self.setting, self.beliefs, carried_out)
        if above is None or names(above) - self._letters:
            return ()
        return side_stories(tree, above, self.setting, self.beliefs)

    @cached_property
    def _letters(self) -> set[str]:
        return {self.variable, *self.setting.where, *self.setting.parameters}

    def _right_lines(self, claims: Claims, said: str) -> Verdict:
        route, trees, holding = self._route, slopes_of(claims), that_hold(claims)
        if not any(map(route.may_end, trees)):
            if claims.others:
                number = claims.others[0].number
                message = joined(said, other_function(claims, self._function), holding)
                return Verdict(False, message=message, first_wrong_line=number)
            other = "".join(by_another_letter(claim, claims) for claim in claims.claims[-1:])
            if other:
                message = joined(said, holding, other, STORIES["wrong-variable"].question)
                return Verdict(False, ("wrong-variable",), message, status="unfinished")
            last = trees[-1] if trees else None
            part = "" if trees else of_a_part_alone(claims, self._slope)
            if part:
                return Verdict(False, message=joined(said, holding, part), status="unfinished")
            set_up_only = any("D(" in goal for goal in self.goals)
            still = not set_up_only and last is not None and has_d(last)
            asked = gettext("A derivative is left to carry out.") if still else self._asked(last)
            message = joined(
                said, holding, gettext("It is right so far, and not yet finished."), asked
            )
            return Verdict(False, message=message, status="unfinished")
        if route.lacks_steps(claims):
            (_, question, _), *_ = route.own_steps
            between = _ONE_BETWEEN if len(route.own_steps) <= SHORT else _SOME_BETWEEN
            missing = gettext(_WAY_MISSING, start=question.strip(), between=gettext(between))
            message = joined(said, holding, missing)
            return Verdict(False, message=message, status="unfinished")
        remarks = joined(
            "" if route.is_single_step(trees) else route.remark(claims),
            unapplied_rule(claims, self._functions) or unknown_reason(claims),
        )
        return Verdict(
            True, message=joined(said, holding, gettext("The goal is reached."), remarks)
        )

    def _asked(self, last: Tree | None) -> str:
        """What is still asked: for its letters only where others, or functions, stand there."""
        letters = symbols_of(last) if last is not None and self.asks.endswith("alone?") else None
        own = letters and any(letters <= symbols_of(goal) for goal in self._route.goals)
        return gettext(_COLLECT if own else self.asks)

    @cached_property
    def _route(self) -> Route:
        given = (side for step in self._given for side in step.split("=") if side.strip())
        return Route(
            task=self.task,
            setting=self.setting,
            functions=self._functions,
            goals=tuple(map(self._line, self.goals)),
            ends_with=self.ends_with,
            given=tuple(map(self._line, given)),
            wanted=self.steps,
            solution=self.solution,
            titles=frozenset(self.name.split("_")),
        )

    @cached_property
    def _given(self) -> list[str]:
        """The lines that are given whole."""
        return [step for _, step, _ in split_lines(self.given) if not BLANK.search(step)]

    def drawn_solution(self) -> str:
        """Return the solution typeset, its reasons beside it."""
        return drawn_lines(self._route.solved)

    # ----------------------------------------------------------------------------------- points

    def credit(self, answer: object, verdict: Verdict, checkpoints: Sequence[str] = ()) -> float:
        """Return the share of the points that a derivation with this verdict earns.

        One that is not right as a whole has one share for each checkpoint, a form that stands in
        it as a right line, and one more for the way: for having no wrong line, where a checkpoint
        and the steps that are asked for stand there.
        """
        if verdict.correct or not isinstance(answer, str) or not checkpoints:
            return float(verdict.correct)
        claims, where = self.claims(answer), self.task.where
        trees = slopes_of(claims)
        wanted = [form_of(self._line(form), where) for form in checkpoints]
        reached = sum(any(has_form(tree, form, where) for tree in trees) for form in wanted)
        false = claims.first("false") or claims.first("undecided")
        way = false is None and reached > 0 and not self._route.lacks_steps(claims)
        return (reached + way) / (len(checkpoints) + 1)

    def own_answers(self) -> dict[str, object]:
        """Return the solution."""
        return {"solution": self.solution}

    def validate(self) -> None:
        """Check that goals, forms and given lines are the slope, and that believed ones are not."""
        for text, function in zip(self.of, self._functions, strict=True):
            same = self.setting.compare(function, self._function).equal
            self.require(bool(same), "of", f"{text} is not {self.of[0]}")
        forms = [form for form in self.forms if isinstance(form, str)]
        for part, texts in (("goals", self.goals), ("forms", forms), ("given", self._given)):
            self.require_slopes(texts, part)
        for belief in self.believed:
            with contextlib.suppress(NotationError):  # a misprint
                right = self.compare(self._line(belief.value)).equal
                self.require(not right, "believed", f"{belief.value} is right")
        super().validate()

    def require_slopes(self, texts: Sequence[str], field: str) -> None:
        """Refuse the declaration, or an assignment's checkpoints, unless each is the slope."""
        for text in texts:
            with self.reading(field):
                comparison = self.compare(self._line(text))
            self.require(bool(comparison.equal), field, f"{text} is not the slope asked for")


def _is_begun(step: str) -> bool:
    """Does something stand beside the blank of a line, as in g' = … = 1, or 1 - …?"""
    sides = step.split("=")
    beside = (BLANK.sub("", side) for side in sides if BLANK.search(side))
    whole = [side for side in sides if side.strip() and not BLANK.search(side)]
    return len(whole) > 1 or any(re.search(r"\w", rest) for rest in beside)
