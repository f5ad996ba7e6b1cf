"""Two changes at two places of a program that make it right together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import permutations
from typing import NamedTuple

import numpy as np

from helpers.derivation import Neg, Num, Op, Sym, Tree, walk
from helpers.diagnosis.beliefs import IN_PAIRS, same_numbers, usual
from helpers.diagnosis.edits import PLAIN, Located, is_inside, width_of
from helpers.diagnosis.python_words import Place
from helpers.diagnosis.repairs import HOLE, Repairs, terms_of
from helpers.diagnosis.slips import Changes
from helpers.diagnosis.slips_at_a_part import Part, holds_one, put_in
from helpers.diagnosis.tasks import floats

_MOST, _EMERGENCY = 100_000, 20  # nodes computed; seconds


class Sample(NamedTuple):
    """A few inputs by their names, and what is right there."""

    inputs: dict[str, np.ndarray]
    wanted: np.ndarray

    def right(
        self, hole: Tree, at: dict[str, np.ndarray], shape: tuple[int, ...]
    ) -> list[list[int]]:
        """Which of the changes that fill the holes give what is right."""
        with np.errstate(all="ignore"):
            values = np.broadcast_to(floats(hole, at), (*shape, self.wanted.size))
            close = np.isclose(values, self.wanted, rtol=1e-7, atol=1e-10, equal_nan=True)
        return np.argwhere(close.all(axis=-1)).tolist()


class _Rows(NamedTuple):
    ways: list[tuple[str, Tree]]
    numbers: np.ndarray


_Pairs = Iterator[tuple[tuple[str, Tree], tuple[str, Tree]]]
_OTHER, _FEW = "other hole", 7
_CONSTANT, _FACTOR = "parameter-ignored", "product-missing-term"


class TwoPlaces:
    """The pairs of places of a program.

    Parameters
    ----------
    repairs, formula, parts : those of `Places`.
    changes : what may have been meant at a part.
    place : where a change is made.
    """

    def __init__(
        self,
        repairs: Repairs,
        formula: Tree,
        parts: Sequence[Part],
        changes: Callable[[Part], Changes],
        place: Callable[[Part, str, Tree], Place],
    ) -> None:
        self.repairs, self.formula, self.parts = repairs, formula, parts
        self._changes, self._place = changes, place

    def twins(self) -> Located | None:
        """Return two places where the same stands, if the same change in both makes it right."""
        alike: dict[Tree, list[Part]] = {}
        for part in self.parts:
            if not part.in_test and not isinstance(part.node, Num):
                alike.setdefault(part.node, []).append(part)
        found: dict[frozenset[Place], tuple[str, str]] = {}
        for node, parts in alike.items():
            if len(parts) != 2 or parts[0].same & parts[1].same:
                continue
            hole = put_in(self.formula, parts[0].same | parts[1].same, Sym(HOLE))
            for slug, new, _ in self.repairs.filled(node, hole, True, self._changes(parts[0])):
                pair = frozenset(self._place(part, slug, new) for part in parts)
                if slug and slug not in PLAIN and len(pair) == 2:
                    found.setdefault(pair, (slug, slug))
        return _of_pairs(found)

    def two(self) -> Located | None:
        """Return two places, in both of which a change is needed; each has a story."""
        end = time.process_time() + _EMERGENCY
        found: dict[frozenset[Place], tuple[str, str]] = {}
        few = self._few_inputs()
        ways = [self._rows(part, few) for part in self.parts]
        pairs = [*self._pairs()]
        size = sum(1 for _ in walk(self.formula))
        holes = sum(len(ways[i].ways) if holds else 1 for i, _, holds in pairs)
        if holes * size > _MOST:
            return None
        for part, slug in self._with_a_sign():
            found.setdefault(frozenset(part.places[:1]), ("sign-flipped", slug))
        for i, k, holds in pairs:
            if time.process_time() > end:
                return None
            part, other = self.parts[i], self.parts[k]
            trying = self._inside if holds else self._both
            for (first, new), (second, value) in trying(part, ways[i], other, ways[k], few):
                pair = self._place(part, first, new), self._place(other, second, value)
                changed = put_in(put_in(self.formula, part.same, new), other.same, value)
                if pair[0] != pair[1] and frozenset(pair) not in found and self._is_right(changed):
                    found[frozenset(pair)] = first, second
        return _of_pairs(found)

    def _pairs(self) -> Iterator[tuple[int, int, bool]]:
        """Two parts by their numbers, and whether the first one holds the second.

        Parts of which neither holds the other come once, in the order of the source.
        """
        for (i, part), (k, other) in permutations(enumerate(self.parts), 2):
            if part.same & other.same or holds_one(other.node, part.same):
                continue
            holds = holds_one(part.node, other.same)
            if holds or i < k:
                yield i, k, holds

    def _both(self, part: Part, mine: _Rows, other: Part, theirs: _Rows, few: Sample) -> _Pairs:
        """Changes at two places of which neither holds the other, all of them at once."""
        hole = put_in(put_in(self.formula, part.same, Sym(HOLE)), other.same, Sym(_OTHER))
        at = {**few.inputs, HOLE: mine.numbers[:, None], _OTHER: theirs.numbers[None]}
        for i, k in few.right(hole, at, (len(mine.ways), len(theirs.ways))):
            yield mine.ways[i], theirs.ways[k]

    def _inside(self, part: Part, mine: _Rows, other: Part, theirs: _Rows, few: Sample) -> _Pairs:
        """A change of a part, and then one inside of it."""
        for slug, new in mine.ways:
            hole = put_in(put_in(self.formula, part.same, new), other.same, Sym(_OTHER))
            at = {**few.inputs, _OTHER: theirs.numbers}
            for (k,) in few.right(hole, at, (len(theirs.ways),)):
                yield (slug, new), theirs.ways[k]

    def _is_term(self, part: Part) -> bool:
        """Is it a term of a sum, all of a branch or of what is returned: has it lost a factor?"""
        return not part.same.isdisjoint(self._terms)

    @cached_property
    def _terms(self) -> set[int]:
        return {*map(id, terms_of(self.formula))}

    def _with_factors(self, node: Tree) -> list[tuple[str, Tree]]:
        found = [(slug, factor) for slug, factor in self.repairs.factors if slug]
        constants = (factor for slug, factor in found if slug == _CONSTANT)
        return [
            *((slug, Op("*", node, factor)) for slug, factor in found),
            *((_CONSTANT, Op("/", node, factor)) for factor in constants),
        ]

    def _with_a_sign(self) -> Iterator[tuple[Part, str]]:
        """Terms that lost a factor and have the other sign, and the story of the factor."""
        for part in filter(self._is_term, self.parts):
            hole = put_in(self.formula, part.same, Neg(Sym(HOLE)))
            ways = iter(self._with_factors(part.node))
            for slug, _, _ in self.repairs.filled(part.node, hole, False, ways):
                yield part, slug

    def _is_right(self, tree: Tree) -> bool:
        numbers = self.repairs.beliefs.numbers(tree)
        return bool(same_numbers(numbers[None], self.repairs.right).all())

    def _few_inputs(self) -> Sample:
        """Inputs enough to see at once that nearly all changes are wrong."""
        right, at = self.repairs.right, self.repairs.beliefs.at
        chosen = np.linspace(0, right.size - 1, min(_FEW, right.size)).round().astype(int)
        inputs = {name: np.broadcast_to(x, right.shape)[chosen] for name, x in at.items()}
        return Sample(inputs, right[chosen])

    def _rows(self, part: Part, few: Sample) -> _Rows:
        """The changes of a part that have a story, and the numbers that stand there after them."""
        told = IN_PAIRS - self.repairs.task.ruled_out
        ways = [(s, new) for s, new in self._changes(part) if s in told]
        parameters = map(Sym, self.repairs.task.parameters)
        if self._is_term(part):
            ways += self._with_factors(part.node)
        elif isinstance(part.node, Sym) and not part.in_test:
            ways += [(_CONSTANT, Op("*", other, part.node)) for other in parameters]
        with np.errstate(all="ignore"):
            rows = [np.broadcast_to(floats(new, few.inputs), few.wanted.shape) for _, new in ways]
        return _Rows(ways, np.array(rows).reshape(len(ways), few.wanted.size))


def _of_pairs(found: dict[frozenset[Place], tuple[str, str]]) -> Located | None:
    """The pair of the commonest stories, where every other one lies there; else no place.

    What one change around another one makes right is far from what was written, and a factor is
    given back where nothing smaller does.
    """
    apart = [pair for pair in found if len(pair) == 1 or not _is_nested(pair)]

    def key(pair: frozenset[Place]) -> tuple[bool, int, int]:
        stories = found[pair]
        return _FACTOR in stories, sum(map(usual, stories)), sum(map(width_of, pair))

    if not apart:
        return None
    first, *others = sorted(apart, key=key)
    if not all(_meet(first, pair) and _meet(pair, first) for pair in others):
        return Located((), ())
    places = sorted(first) * (3 - len(first))
    return Located(tuple(places), tuple(sorted(found[first], key=usual)))


def _is_nested(pair: frozenset[Place]) -> bool:
    a, b = pair
    return is_inside(a, b) or is_inside(b, a)


def _meet(some: frozenset[Place], others: frozenset[Place]) -> bool:
    """Does each of these places hold one of those, or lie in one?"""
    return all(any(is_inside(a, b) or is_inside(b, a) for b in others) for a in some)
