"""A number or an option is asked for; somebody who hesitates may name two of them."""

from __future__ import annotations

import contextlib
import difflib
import math
import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from hashlib import sha256

import numpy as np

from helpers.derivation import NotationError, evaluate, parse, read_as_written
from helpers.diagnosis import NOT_ATTEMPTED, Verdict
from helpers.exercises.exercise import (
    Believed,
    DeclarationError,
    Exercise,
    is_unanswered,
    kind_of,
    without_comments,
)
from helpers.exercises.records import learner
from helpers.language import gettext


@dataclass(frozen=True)
class Option:
    """One option of a choice; a wrong one names its story and asks a question.

    It is answered with the words in front of its colon, so that its place may be drawn.

    >>> Option("interval: every number from 0 to 1").word, Option("alpha <= 1").word
    ('interval', 'alpha <= 1')
    """

    text: str
    slug: str = ""
    question: str = ""

    @property
    def word(self) -> str:
        """What a learner answers."""
        word, colon, rest = self.text.partition(": ")
        return word if colon and rest else self.text

    @property
    def gists(self) -> tuple[tuple[str, ...], ...]:
        """Its text, its word and what stands behind its colon, without markup."""
        parts = (self.text, self.word, self.text.partition(": ")[2])
        return tuple(_gist(_unmarked(part)) for part in parts)


@dataclass(frozen=True, eq=False, kw_only=True)
class ConceptExercise(Exercise):
    """One answer is asked for; see `NumberExercise` and `ChoiceExercise`.

    Parameters
    ----------
    answer : the right one.
    """

    answer: str

    def shown_solution(self) -> str:
        """Return what `solution` shows."""
        answer = gettext("Answer: {answer}", answer=gettext(self.answer))
        return "\n\n".join(filter(None, (answer, super().shown_solution())))

    def judge(self, answer: object) -> Verdict:
        """Judge one answer, or two candidates as in `"1/4 or 1/2"`."""
        answer = without_comments(answer)
        if is_unanswered(answer):
            return NOT_ATTEMPTED
        between = f" or |{gettext(' or ')}"
        pair = re.split(between, answer.lower()) if isinstance(answer, str) else []
        candidates = [part.strip() for part in pair]
        if len(pair) != 2 or not all(map(self.may_be_one, candidates)):
            return self.judge_one(answer)
        verdicts = [self.judge(part) for part in candidates]
        if candidates[0] != candidates[1] and any(verdicts):
            asked = gettext("One of the two is right. What speaks against the other?")
            return Verdict(False, message=asked, status="unfinished")
        return verdicts[0]

    def may_be_one(self, text: str) -> bool:
        """Say whether a text may be one of two candidates."""
        return 0 < len(text) <= 20

    @abstractmethod
    def judge_one(self, answer: object) -> Verdict:
        """Judge an answer that is one."""

    def credit(self, answer: object, verdict: Verdict, checkpoints: Sequence[str] = ()) -> float:
        """Return the share of the points: half for two candidates, one of which is right."""
        return 0.5 if verdict.status == "unfinished" else float(verdict.correct)

    def own_answers(self) -> dict[str, object]:
        """Return the right answer."""
        return {"answer": self.answer}


# ------------------------------------------------------------------------------------------ numbers


@dataclass(frozen=True, eq=False, kw_only=True)
class NumberExercise(ConceptExercise):
    """A number is asked for.

    Parameters
    ----------
    answer : the right number, such as "1/4" or "infinity".
    rtol : the relative tolerance.
    asks : what to ask where no story fits.
    believed : numbers with a story.
    shown : what to say of a wrong number before the question, or "".
    """

    rtol: float = 1e-6
    asks: str = ""
    believed: tuple[Believed, ...] = ()
    shown: Callable[[float], str] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for belief, value in self.wrong:
            self.require_story(belief.slug, "believed")
            differs = not _close(value, self.right, self.rtol)
            self.require(differs, "believed", f"{belief.value} is right")

    @cached_property
    def right(self) -> float:
        """The right number."""
        return self._declared(self.answer, "answer")

    @cached_property
    def wrong(self) -> list[tuple[Believed, float]]:
        """The wrong numbers that have a story, with it."""
        return [(b, self._declared(b.value, "believed")) for b in self.believed]

    def _declared(self, text: str, field: str) -> float:
        value = read_number(text)
        if value is None or math.isnan(value):
            raise DeclarationError(self.name, field, f"{text!r} is no number")
        return value

    def judge_one(self, answer: object) -> Verdict:
        """Judge a number."""
        x = read_number(answer)
        if x is None:
            if isinstance(answer, str) and not answer.strip():
                return NOT_ATTEMPTED
            example = gettext('such as 12, -0.8, "2/7" or "infinity"')
            message = gettext(
                "A number is asked for, {example}; {kind} came.",
                example=example,
                kind=kind_of(answer),
            )
            return Verdict(False, message=_two_readings(answer) or message, status="unread")
        if _close(x, self.right, self.rtol):
            return Verdict(True, message=gettext(self.solution))
        near = [(b, value) for b, value in self.wrong if _close(x, value, self.rtol)]
        near.sort(key=lambda pair: 0 if x == pair[1] else abs(x - pair[1]))
        if near:
            slugs = dict.fromkeys(b.slug for b, _ in near)
            return Verdict(False, tuple(slugs), self._asked(x, near[0][0].question))
        if _rounded(x, self.right):
            return Verdict(
                False,
                message=gettext(
                    "The right size, but rounded: the number is asked for with a relative "
                    "error of at most {rtol:g}. Which digits come next? An expression such as "
                    '"(2/3)^5" has them all.',
                    rtol=self.rtol,
                ),
            )
        if self.shown is None and 0 < self.right < 1 and _close(x, 100 * self.right, self.rtol):
            asked = gettext("Is that a percentage? Then write the sign % behind it.")
            return Verdict(False, message=asked)
        return Verdict(False, (), self._asked(x, self.asks))

    def _asked(self, x: float, question: str) -> str:
        """Say what follows from a number, and ask."""
        shown = self.shown(x) if self.shown is not None else ""
        return "\n".join(filter(None, (shown, gettext(question))))


def _rounded(x: float, right: float) -> bool:
    """Is it the first digit, or the first two, of a right number that has more?"""
    if not math.isfinite(right) or right == int(right) or not _close(x, right, 0.05):
        return False
    return any(x == float(f"{right:.{digits}e}") for digits in (0, 1))


NUMBERS = (int, float, Fraction, Decimal, np.floating, np.integer)


def read_number(answer: object) -> float | None:
    """A number from a number or a text; None for everything else."""
    if isinstance(answer, np.ndarray) and answer.shape == ():
        answer = np.asarray(answer)[()]
    if isinstance(answer, NUMBERS) and not isinstance(answer, bool):
        try:
            return float(answer)
        except OverflowError:
            return math.inf
        except ValueError:  # a Decimal that signals
            return math.nan
    if not isinstance(answer, str) or len(answer) > 100:
        return None
    text = answer.strip().lower().replace("−", "-").replace("∞", "infinity").rstrip(".")
    if re.fullmatch(r"[+-]?(inf|infinity|infinite)", text):
        return -math.inf if text.startswith("-") else math.inf
    percent = text.endswith("%")
    # "z = 0", "at z = 0" and "= 0" are 0, "line 3" is 3, "none of them" is 0
    text = re.sub(rf"^(at|{gettext('at')})\s+(?=\w+\s*=)", "", text.rstrip("% "))
    label = rf"^(\\?\w*\s*=|[≈~])\s*|^\+|^(line|{gettext('line').lower()})\s*"
    text = re.sub(label, "", text)
    text = re.sub(r"^none( of them)?$", "0", text)
    if re.match(r"[+-]\s*[+-]", text):  # two signs: one of them is a slip
        return None
    text = re.sub(r"^([+-]?\d+),(\d+)$", r"\1.\2", text)  # a decimal comma
    for reader in (float, Fraction):
        with contextlib.suppress(ValueError, ZeroDivisionError):
            return float(reader(text)) / (100 if percent else 1)
    for read in (partial(parse, letters=()), read_as_written):
        with contextlib.suppress(ValueError, KeyError):  # NotationError is a ValueError
            if (value := evaluate(read(text), {})) is not None:
                return float(value) / (100 if percent else 1)
    return None


def _two_readings(answer: object) -> str:
    """Ask which is meant, where a text can be read in two ways."""
    if isinstance(answer, str) and len(answer) <= 100:
        try:
            read_as_written(answer)
        except NotationError as error:
            return str(error) if error.readings else ""
    return ""


def _close(x: float, y: float, rtol: float) -> bool:
    if not (math.isfinite(x) and math.isfinite(y)):
        return x == y
    return abs(x - y) <= rtol * abs(y) + 1e-9 * (y == 0)


# ------------------------------------------------------------------------------------------ options


@dataclass(frozen=True, eq=False, kw_only=True)
class ChoiceExercise(ConceptExercise):
    """One of several options is asked for.

    It is answered in words: those in front of an option's colon, or all of them. Letters would
    be those of a place, and the place is drawn: for each learner, and once for slides and
    assignments (`options` has that order, whatever the order of the declaration).

    Parameters
    ----------
    answer : the text of the right option, or its word.
    options : all of them, the right one without a story.
    formerly : the right option as earlier editions put it: copies that learners have show it still.
    """

    options: tuple[Option, ...]
    formerly: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(2 <= len(self.options) <= 26, "options", "2 to 26 are asked for")
        right = [o.text for o in self.options if self.answer in (o.text, o.word)]
        self.require(len(right) == 1, "answer", f"{len(right)} options say {self.answer!r}")
        object.__setattr__(self, "answer", right[0])
        words = [_plain(option.word) for option in self.options]
        self.require(len({*words}) == len(words), "options", "two of them say the same")
        for option in self.options:
            if option.text != self.answer:
                self.require_story(option.slug, "options")
                self.require(bool(option.question), "options", f"{option.text!r} has no question")
        object.__setattr__(self, "options", self.order_for(""))

    def order_for(self, learner: str) -> tuple[Option, ...]:
        """Return the options in the order that is drawn for a learner; `""` is everybody."""
        mark = f"{self.name} {learner}"
        return tuple(
            sorted(self.options, key=lambda o: sha256(f"{mark} {o.text}".encode()).digest())
        )

    def judge(self, answer: object) -> Verdict:
        """Judge an option, or two candidates; what is not right yet shows all options again."""
        named = isinstance(answer, str) and self._named(answer)
        verdict = self.judge_one(answer) if named else super().judge(answer)
        if verdict.correct:
            return verdict
        message = verdict.message
        if verdict.status == "not attempted":
            colon = any(": " in option.text for option in self.options)
            asked = gettext("the words in front of a colon") if colon else gettext("one of these")
            message = gettext("Answer with {asked}, in quotes:", asked=asked)
        listed = tuple(gettext(o.text) for o in self.order_for(learner()))
        return replace(verdict, message=message, options=listed)

    def may_be_one(self, text: str) -> bool:
        """Say whether a text may be one of two candidates: it is the word of an option."""
        spoken = (replace(option, text=gettext(option.text)) for option in self.options)
        return _plain(text) in {_plain(option.word) for option in (*self.options, *spoken)}

    def judge_one(self, answer: object) -> Verdict:
        """Judge an option, by its word or its text."""
        if not isinstance(answer, str):
            message = gettext(
                "Answer with the words of an option, {kind} came.", kind=kind_of(answer)
            )
            return Verdict(False, message=message, status="unread")
        words = _plain(answer)
        if not words:
            return NOT_ATTEMPTED
        chosen = self._named(answer)
        if chosen is None and re.fullmatch("[a-z]", words):
            message = gettext(
                "A letter names no option, for each learner meets them in an order of their own."
            )
            return Verdict(False, message=message, status="unread")
        if chosen is None:
            near = _nearest(words, self.options)
            slugs = (near.slug,) if near and near.slug else ()
            message = gettext("These words are none of the options. Which one is meant?")
            return Verdict(False, slugs, message, status="unread")
        if chosen.text == self.answer:
            return Verdict(True, message=gettext(self.solution))
        return Verdict(False, (chosen.slug,) if chosen.slug else (), gettext(chosen.question))

    def _named(self, answer: str) -> Option | None:
        """Return the option that an answer names, if it is one alone."""
        if _plain(answer) in map(_plain, self.formerly):
            return next(o for o in self.options if o.text == self.answer)
        spoken = tuple(replace(option, text=gettext(option.text)) for option in self.options)
        places = _named_in(self.options, answer) or _named_in(spoken, answer)
        return self.options[places[0]] if len(places) == 1 else None


def _named_in(options: Sequence[Option], answer: str) -> list[int]:
    """The places of the options that an answer names."""
    gist, said = _gist(answer), _gist(_unmarked(answer))
    for same in (
        lambda o: _plain(o.word) == _plain(answer),
        lambda o: gist in (_gist(o.text), _gist(o.word)),
        lambda o: said and said in o.gists,
    ):
        if places := [k for k, option in enumerate(options) if same(option)]:
            return places
    return []


def _gist(text: str) -> tuple[str, ...]:
    """The words of an option in any order, without those that carry nothing.

    >>> _gist("only α ≤ 1") == _gist("alpha<=1"), _gist("1 <= alpha") == _gist("alpha <= 1")
    (True, False)
    """
    empty = {"line", "lines", "only", "and", "the"}
    for sign, typed in {"≤": "<=", "≥": ">=", "α": "alpha", "−": "-"}.items():
        text = text.replace(sign, typed)
    words = re.findall(r"[<>]?=|[<>]|[^\s,.!()<>=]+", text.lower())
    words = [w for w in words if w not in empty]
    return tuple(words if {"<", ">", "<=", ">="} & {*words} else sorted(words))


def _unmarked(text: str) -> str:
    r"""Return a text without quotes, and without the marks of Markdown and TeX.

    >>> _unmarked(r"- **alpha** is $\alpha \leq 1$"), _unmarked("\"'interval'\"")
    ('alpha is alpha <= 1', 'interval')
    >>> _unmarked("interval:")
    'interval'
    """
    for command, sign in {"leq": "<=", "le": "<=", "geq": ">=", "ge": ">="}.items():
        text = re.sub(rf"\\{command}(?![a-z])", f" {sign} ", text)
    text = re.sub(r"\\[a-z]+", lambda found: f" {found[0][1:]}", text)
    text = re.sub(r"^\s*[-*•]\s+|\*\*|\$|\\[()\[\],;! ]|`", "", text)
    return " ".join(text.split()).strip("*_\"'“”‘’:")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\s.!]+", " ", text.strip().lower().strip("()")).split())


def _nearest(words: str, options: tuple[Option, ...]) -> Option | None:
    """The wrong option most like these words, if any is like them at all."""
    wrong = [o for o in options if o.slug]

    def likeness(option: Option) -> float:
        mine, theirs = set(words.split()), set(_plain(option.text).split())
        overlap = len(mine & theirs) / max(1, len(mine | theirs))
        return overlap + difflib.SequenceMatcher(None, words, _plain(option.text)).ratio()

    best = max(wrong, key=likeness, default=None)
    return best if best and likeness(best) > 0.4 else None
