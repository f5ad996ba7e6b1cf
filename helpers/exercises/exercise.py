"""What every exercise has, and how a declaration that cannot be right is refused.

A kind of exercise is a class of its own, with its own fields, `judge` and `credit`:
`FormulaExercise` and `ReferenceExercise` ask for a function, `DerivationExercise` for lines,
`NumberExercise` and `ChoiceExercise` for one answer, `ReportExercise` for anything else. What is
cheap to check is checked when an exercise is declared, the rest by `validate`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, fields
from functools import cache
from numbers import Real
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from helpers.diagnosis import STORIES, Verdict
from helpers.language import gettext


class DeclarationError(ValueError):
    """A declaration that cannot be right: the exercise, the field and the reason."""

    def __init__(self, exercise: str, field: str, reason: object) -> None:
        super().__init__(f"exercise {exercise!r}, {field}: {reason}")


@dataclass(frozen=True)
class Hints:
    """The rungs of a ladder: where to look, which rule, a question, a neighbour, the line."""

    where: str
    rule: str
    question: str
    neighbour: str
    line: str

    def rungs(self) -> tuple[str, ...]:
        """Return the hints as a learner reads them, one after the other."""
        return (
            gettext("Where: {where}", where=gettext(self.where)),
            gettext("Which rule: {rule}", rule=gettext(self.rule)),
            gettext("A question: {question}", question=gettext(self.question)),
            gettext("A neighbour: {neighbour}", neighbour=gettext(self.neighbour)),
            gettext(self.line),
        )


@dataclass(frozen=True)
class Believed:
    """A number or a line that somebody may answer, the story behind it, and a question."""

    value: str
    slug: str
    question: str


@dataclass(frozen=True, eq=False)
class Exercise(ABC):
    """One question.

    Parameters
    ----------
    name : what `check` calls it.
    lesson : where it is asked.
    prompt : the question.
    points : what it is worth.
    hints : the ladder, if it has one.
    solution : a sentence, or a derivation.

    Raises
    ------
    DeclarationError : where it is declared, for what cannot be right.
    """

    name: str
    _: KW_ONLY
    lesson: int
    prompt: str
    points: int = 1
    hints: Hints | None = None
    solution: str = ""

    def __post_init__(self) -> None:
        kinds = _kinds(type(self))
        for field in fields(self):
            value, kind = getattr(self, field.name), kinds[field.name]
            asked = f"{_WORDS.get(kind, field.type)} is asked for"
            if get_origin(kind) is tuple and not isinstance(value, tuple):
                asked = "several are written (one, two), one alone (one,)"
            self.require(_fits(value, kind), field.name, f"{asked}; {value!r} came")
        word = self.name.replace(".", "_").isidentifier()  # drawn ones: practice.chain.3.17
        self.require(word, "name", "it is a word such as tanh_prime")
        self.require(bool(self.prompt.strip()), "prompt", "it is empty")
        self.require(self.points > 0, "points", f"{self.points!r} is not above 0")
        if self.hints is not None:
            held = all(isinstance(text, str) and text for text in vars(self.hints).values())
            self.require(held, "hints", "each of the five is a text")

    def require(self, holds: bool, field: str, reason: str) -> None:
        """Refuse the declaration unless this holds."""
        if not holds:
            raise DeclarationError(self.name, field, reason)

    def require_story(self, slug: str, field: str) -> None:
        """Refuse the declaration unless there is a story of this name."""
        self.require(slug in STORIES, field, f"there is no story {slug!r}; STORIES has them all")

    @contextmanager
    def reading(self, field: str) -> Iterator[None]:
        """Say which field it is in which something cannot be read."""
        try:
            yield
        except DeclarationError:
            raise
        except Exception as error:
            raise DeclarationError(self.name, field, error) from error

    @property
    def whole_question(self) -> str:
        """The prompt, and what is shown with it: two exercises with the same one ask the same."""
        return self.prompt

    @property
    def rungs(self) -> tuple[str, ...]:
        """The hints as a learner reads them."""
        return self.hints.rungs() if self.hints else ()

    def shown_solution(self) -> str:
        """Return what `solution` shows."""
        if "# " not in self.solution:
            return gettext(self.solution).strip("\n")
        said = self.solution.strip("\n")
        return re.sub(r"(?<=# )\S.*", lambda reason: gettext(reason[0]), said)

    def drawn_solution(self) -> str:
        """Return what `solution` shows in a notebook, as HTML; "" for the text itself."""
        return ""

    @abstractmethod
    def judge(self, answer: object) -> Verdict:
        """Judge an answer, whatever it is. What this raises is a fault of the course."""

    def credit(self, answer: object, verdict: Verdict, checkpoints: Sequence[str] = ()) -> float:
        """Return the share of the points, from 0 to 1, that an answer with this verdict earns."""
        return float(verdict.correct)

    def own_answers(self) -> dict[str, object]:
        """Return the right answers that are declared, by the field that holds them."""
        return {}

    def validate(self) -> None:
        """Check what takes time: above all that its own answers are accepted.

        Raises
        ------
        DeclarationError
        """
        for field, answer in self.own_answers().items():
            with self.reading(field):
                verdict = self.judge(answer)
            self.require(verdict.correct, field, f"it is not accepted. {verdict.message}")


_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "True or False"}


@cache
def _kinds(exercise: type[Exercise]) -> dict[str, Any]:
    return get_type_hints(exercise)


def _fits(value: object, kind: Any) -> bool:
    """Is a value of the kind that is declared for a field?

    >>> _fits((1, 2.5), tuple[float, ...]), _fits((1, "2"), tuple[float, ...])
    (True, False)
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(_fits(value, one) for one in parts)
    if origin is tuple and parts[-1] is ...:
        return isinstance(value, tuple) and all(_fits(each, parts[0]) for each in value)
    if origin is Callable:
        return callable(value)
    return isinstance(value, Real if kind is float else origin or kind)


def is_unanswered(answer: object) -> bool:
    """Is it nothing, or what stands in an assignment where a solution was?"""
    if isinstance(answer, str):
        return not answer.strip(" \n.…") or "raise NotImplementedError" in answer
    return answer is None or answer is Ellipsis


def without_comments(answer: object) -> object:
    """Return a text without the lines that only remark."""
    return re.sub(r"(?m)^[ \t]*#.*$", "", answer) if isinstance(answer, str) else answer


def kind_of(answer: object) -> str:
    """Say what sort of thing an answer is."""
    kind = type(answer).__name__
    if kind == "str":
        return gettext("a text")
    if kind in ("int", "float"):
        return gettext("a number")
    return gettext("a list") if kind == "list" else gettext("something of type {kind}", kind=kind)
