"""The numbers that each story leads to, and what to ask about the stories that fit.

Every expression that a known belief leads to (`misconceptions`) becomes numbers at fixed places;
equal numbers, equal story.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

import numpy as np

from helpers.derivation import Tree, names
from helpers.diagnosis.misconceptions import believed, believed_twice
from helpers.diagnosis.python_words import OF_A_ROW
from helpers.diagnosis.slips import Slip
from helpers.diagnosis.stories import ALGEBRA, Story, wording
from helpers.diagnosis.tasks import Branches, Task, floats
from helpers.language import gettext

MAX_STORIES = 4
OUTPUT = "output"  # a name that no exercise has for the function's own value
# Where a story was found: a broken rule explains more than a changed sign in a finished formula.
# A detour is a broken rule in a longer spelling of the function than the shortest one.
_ORIGINS = (
    *("negative", "above", "branch", "whole", "rule", "detour", "form", "object"),
    *("definition", "pair", "other"),
)
# Between stories that give the same numbers, the one that people tell more often goes first.
_USUAL = (
    *("max-needs-alpha-le-1", "leak-dropped", "branches-swapped", "leak-side", "branch-kept-z"),
    *("mask-overwritten", "condition-misplaced"),
    *("square-as-times-two", "power-distributed-over-sum", "square-on-argument"),
    "sum-taken-apart",
    *("missing-parentheses", "missing-square", "plus-minus-swapped", "sign-flipped"),
    *(
        "exponent-kept",
        "missing-inner-derivative",
        "parameter-ignored",
        "constant-slope-one",
        "wrong-variable",
    ),
    *("product-missing-term", "rule-applied-termwise", "function-derivative-mixup"),
    *("power-rule-on-exponential", "z-for-g", "activation-applied-twice"),
    *("integrated-instead", "formula-of-other-activation", "one-minus-inside"),
    *("term-lost", "complement", "operation-swapped", "fraction-upside-down"),
)
# In a function two slips are told together only where each is one that people often make.
IN_PAIRS = frozenset(
    (
        *("plus-minus-swapped", "sign-flipped", "missing-square", "missing-parentheses"),
        *("parameter-ignored", "missing-inner-derivative", "branch-kept-z"),
        *("term-lost", "complement"),
        *("branches-swapped", "square-as-times-two", "exponent-kept"),
        *("power-distributed-over-sum", "square-on-argument"),
    )
)
Table = tuple[list[Slip], np.ndarray]
_LIKE = 0.5  # of the parts of two expressions, so many are the same
_MOST_PAIRS = 6000  # chains have ten times as many; a learner waits for the answer
_BETWEEN = (0.25, 0.7)  # of the way from one place to the next
_TURN = 100  # slips, some 10 ms


class Together(tuple[str, ...]):
    """Two stories of which neither alone gives the numbers, only both at once."""


class Beliefs:
    """The numbers that each story leads to, for one task at fixed places."""

    def __init__(self, task: Task, at: Mapping[str, np.ndarray]) -> None:
        self.task, self.at = task, dict(at)
        self.size = max(np.size(x) for x in at.values())
        with np.errstate(all="ignore"):
            for name, meaning in self._definitions():
                self.at[name] = floats(meaning, self.at)

    def _definitions(self) -> list[tuple[str, Tree]]:
        """The letters in an order in which each needs only those before it."""
        left, ordered = dict(self.task.where), []
        while left:
            for name, tree in list(left.items()):
                if not names(tree) & {*left}:
                    ordered.append((name, left.pop(name)))
        return ordered

    def with_output(self) -> Beliefs:
        """The same, with a name for the value of the function that is differentiated."""
        of = self.task.of[0] if self.task.of else None
        if of is not None and OUTPUT not in self.at:
            self.at[OUTPUT] = self.numbers(of)
        return self

    def numbers(self, tree: Tree | Branches) -> np.ndarray:
        """Return the values of an expression at the places."""
        with np.errstate(all="ignore"):
            values = floats(tree, self.at)
        return np.broadcast_to(np.asarray(values, float), self.size)

    @cached_property
    def reference(self) -> np.ndarray:
        """The right numbers."""
        return self.numbers(self.task.forms[0])

    @cached_property
    def between(self) -> Beliefs | None:
        """The same between these places, where numbers do not hang on a whole row."""
        name = self.task.variable
        if name not in self.at or not {*self.task.functions}.isdisjoint(OF_A_ROW.values()):
            return None
        x = np.asarray(self.at[name], float)
        known = np.unique(x)
        gaps = np.append(np.diff(known), 1.0)
        given = {n: v for n, v in self.at.items() if n not in self.task.where and n != OUTPUT}
        letters = {n: np.tile(v, len(_BETWEEN)) for n, v in given.items()}
        gap = gaps[np.searchsorted(known, x)]
        letters[name] = np.concatenate([x + part * gap for part in _BETWEEN])
        return Beliefs(self.task, letters).with_output()

    def are_right_between(self, formula: Tree, hole: str = "") -> bool:
        """Are its numbers right between the places as well, where a branch may begin or end?

        hole : the name of what is to have the right numbers there.
        """
        if self.between is None:
            return True
        right = self.between.reference
        with np.errstate(all="ignore"):
            values = floats(formula, {**self.between.at, **({hole: right} if hole else {})})
        return bool(agree(np.asarray(values, float), right)[np.isfinite(right)].all())

    @cached_property
    def table(self) -> Table:
        """All slips, and a row of numbers for each."""
        return self.tabulate(believed(self.task))

    @cached_property
    def table_of_two(self) -> tuple[list[Slip], np.ndarray, list[str]]:
        """Two slips at once; the second story of each row stands beside the table."""
        (*_, last) = self._growing()
        assert last is not None
        return last

    @cached_property
    def table_of_pairs(self) -> tuple[list[Slip], np.ndarray, list[str]]:
        """The same, of stories that are told together of a function."""
        (*_, last) = self._growing(IN_PAIRS)
        assert last is not None
        return last

    def prepare(self) -> Iterator[None]:
        """Compute a line's tables bit by bit, some milliseconds a turn."""
        if "table_of_two" not in self.__dict__:
            for whole in self._growing():
                yield
                if whole is not None:
                    self.__dict__["table_of_two"] = whole

    def _growing(
        self, among: Container[str] | None = None
    ) -> Iterator[tuple[list[Slip], np.ndarray, list[str]] | None]:
        """Yield nothing while the table of two grows, and then the table."""
        _ = self.table
        yield None
        found: dict[Tree, tuple[Slip, str]] = {}
        for slip, second in islice(believed_twice(self.task, among), _MOST_PAIRS):
            found[slip.tree] = slip, second
            if len(found) % _TURN == 0:
                yield None
        kept: list[Slip] = []
        rows = [np.empty((0, self.size))]
        slips = (slip for slip, _ in found.values())
        while some := list(islice(slips, _TURN)):
            more, numbers = self.tabulate(some)
            kept, rows = [*kept, *more], [*rows, numbers]
            yield None
        yield kept, np.concatenate(rows), [found[slip.tree][1] for slip in kept]

    def two_stories(
        self,
        values: np.ndarray,
        where: np.ndarray | None = None,
        like: Callable[[Slip], float] | None = None,
        in_pairs: bool = False,
    ) -> tuple[str, ...]:
        """Two slips that give these numbers together, or nothing.

        in_pairs : only those are looked for that are told together of a function.
        like : how much a slip looks like what was written. Two slips reach so many numbers that
            some are met by chance: they are told only where the text looks like them too.
        """
        kept, rows, second = self.table_of_pairs if in_pairs else self.table_of_two
        fitting = self.fits(values, (kept, rows), where)
        if like is not None:
            fitting = [slip for slip in fitting if like(slip) >= _LIKE]
        pairs = [(s.slug, other) for s, other in zip(kept, second, strict=True) if s in fitting]
        return Together(min(pairs, key=lambda pair: sum(map(usual, pair)))) if pairs else ()

    def tabulate(self, found: Iterable[Slip]) -> Table:
        """Return those slips that can be told here, and a row of numbers for each."""
        kept, rows = [], []
        for slip in found:
            if slip.slug in self.task.ruled_out:
                continue
            try:
                row = self.numbers(slip.tree)
            except (KeyError, TypeError, RecursionError):
                continue
            if np.isfinite(row).sum() * 2 >= row.size:
                kept.append(slip)
                rows.append(row)
        return kept, np.array(rows).reshape(len(rows), self.size)

    def fits(self, values: np.ndarray, table: Table, where: np.ndarray | None = None) -> list[Slip]:
        """The slips of a table that give exactly these numbers, and not the right ones."""
        kept, rows = table
        if where is None:
            where = np.ones(self.size, bool)
        right = same_numbers(self.reference[where][None], values[where])
        if right.all() or not kept:
            return []
        found = [kept[i] for i in np.flatnonzero(same_numbers(rows[:, where], values[where]))]
        if same_numbers(-self.reference[where][None], values[where]).all():
            found.append(Slip("sign-flipped", self.task.forms[0], "negative"))
        return found


def agree(numbers: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Say of each number whether it is the right one, but for rounding."""
    return np.isclose(numbers, right, rtol=1e-7, atol=1e-10)


def same_numbers(rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Say of each row whether it holds these values."""
    close = np.isclose(rows, values, rtol=1e-7, atol=1e-10, equal_nan=True)
    return close.all(axis=1)


def usual(slug: str) -> int:
    """Return how seldom people tell a story, the commonest being 0."""
    return _USUAL.index(slug) if slug in _USUAL else len(_USUAL)


def ranked(
    found: Iterable[Slip],
    likeness: Callable[[Slip], float] = lambda _: 0.0,
    first: Container[str] = (),
) -> tuple[str, ...]:
    """Name the stories, most likely first: where it was found, how alike, how usual.

    first : stories that go before all others.
    """

    found = [*found]
    kept_z = any(slip.slug == "branch-kept-z" for slip in found)

    def key(slip: Slip) -> tuple[bool, bool, int, float, int]:
        origin, alike = _ORIGINS.index(slip.origin), likeness(slip)
        word_for_word = slip.slug in _WORD_FOR_WORD and alike == 1
        word_for_word &= not (kept_z and isinstance(slip.tree, Branches))
        return slip.slug not in first, not word_for_word, origin, -alike, usual(slip.slug)

    ordered = sorted(found, key=key)
    if ordered and ordered[0].origin == "pair":
        return Together(dict.fromkeys(slip.slug for slip in ordered[:2]))
    slugs = dict.fromkeys(slip.slug for slip in ordered if slip.origin != "pair")
    if {*slugs} >= SIGNS:  # the likelier one is told
        del slugs[max(SIGNS, key=[*slugs].index)]
    return tuple(slugs)[:MAX_STORIES]


_PART_BY_PART = (
    "Which number does each part of your formula give there, and from which part did you expect "
    "another one?"
)
SIGNS = {"sign-flipped", "plus-minus-swapped"}  # two names for one slip
_WORD_FOR_WORD = {"z-for-g", "function-derivative-mixup"}


def questions(
    diagnoses: Sequence[str],
    task: Task | None = None,
    asks: str = "",
    algebra: bool = False,
    aside: bool = False,
    seen: Story | None = None,
) -> tuple[str, ...]:
    """Tell the likeliest story and ask what leads on; then another one with the same numbers.

    task : chooses the wording that is true for it; asks : what to ask where no story fits;
    algebra : nothing is differentiated, and only stories of algebra are told.
    aside : it is about a side computation, not about the curve of the exercise.
    seen : how the likeliest is told, where the answer's own text shows more.
    """
    slugs = [slug for slug in diagnoses if slug in ALGEBRA] if algebra else [*diagnoses]
    half_told = isinstance(diagnoses, Together) and len(slugs) < len(diagnoses)
    if not slugs or half_told:
        return (gettext(asks) or gettext(_PART_BY_PART),)
    first, *others = (wording(slug, task, algebra or aside) for slug in slugs[:2])
    first = seen or first
    if others and isinstance(diagnoses, Together):
        return (_together(first, others[0]),)
    return (
        gettext(
            "Exactly this comes out when {belief}. {question}",
            belief=first.belief,
            question=first.question,
        ),
        *(
            gettext(
                "It also comes out when {belief}. {question}",
                belief=other.belief,
                question=other.question,
            )
            for other in others
        ),
    )


def _together(first: Story, second: Story) -> str:
    if first == second:
        return gettext(
            "Exactly this comes out when, at two places, {belief}. {question}",
            belief=first.belief,
            question=first.question,
        )
    return gettext(
        "Exactly this comes out when two things come together: {belief}, and "
        "{belief2}. Begin with the first. {question}",
        belief=first.belief,
        belief2=second.belief,
        question=first.question,
    )
