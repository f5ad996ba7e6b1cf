"""Where in a program one change, or two, makes it right; what the change is, nobody is told.

Each part of the program is tried with all that may have been meant there. Where the smallest
changes lie in different places, none is told of: any of them may be the learner's.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import chain, permutations
from typing import NamedTuple

import numpy as np

from helpers.derivation import (
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    names,
    replace_children,
    walk,
)
from helpers.exercises.beliefs import IN_PAIRS, OUTPUT, same_numbers, usual
from helpers.exercises.edits import (
    CHANGED,
    GIVEN_BACK,
    REPLACED,
    TAKEN_BACK,
    Edit,
    are_one,
    innermost,
    is_around,
    is_inside,
    most_used,
    narrowest,
    size_of,
    smallest,
)
from helpers.exercises.line_diagnosis import SEEN_IN_TEXT
from helpers.exercises.part_changes import (
    Part,
    may_become,
    may_stand_for,
    of_a_part,
    of_a_test,
)
from helpers.exercises.programs import Place
from helpers.exercises.repairs import HOLE, Repairs, terms_of
from helpers.exercises.slips import ONE, ZERO, Changes
from helpers.exercises.tasks import branches_of, floats

__all__ = ["Located", "Part", "Places"]

# A learner waits for the answer, so the work is bounded: by nodes computed, as the same answer must
# come on every machine. Only where something takes far longer than it ever should does time decide.
_MOST_FOR_ONE, _MOST_FOR_TWO = 50_000, 100_000
_EMERGENCY = 20  # seconds
_INNER = "missing-inner-derivative"
_PRODUCT = "product-missing-term"
_OTHER_FORMULA = "formula-of-other-activation"
_OF_BRANCHES = {_OTHER_FORMULA, "function-derivative-mixup"}
# Stories about the function as a whole: no place of it is the wrong one.
_OF_THE_WHOLE = _OF_BRANCHES | {
    *("integrated-instead", "derivative-twice", "rule-applied-termwise", "finite-difference"),
    *("mask-overwritten", "one-for-all", "integer-result", "other-form"),
}
_SEEN = SEEN_IN_TEXT | {_OTHER_FORMULA, _INNER, _PRODUCT, "sign-flipped"}


class Located(NamedTuple):
    """The places that are told, and the stories of what was changed there."""

    places: tuple[Place, ...]
    stories: tuple[str, ...]

    @property
    def is_double(self) -> bool:
        """Are two changes needed?"""
        return len(self.places) > 1


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
_OTHER, _FEW, _UNSEEN = "other hole", 7, 2


class Places:
    """The places of a program at which changes make it right.

    Parameters
    ----------
    repairs : what the program should give, and the vocabulary of changes.
    formula : the program as a formula.
    parts : its parts.
    meant : what may have been meant instead of a name or a number.
    asked : the first and last line of the function that is asked for, if it has a name.
    """

    def __init__(
        self,
        repairs: Repairs,
        formula: Tree,
        parts: Sequence[Part],
        meant: Sequence[Tree],
        asked: tuple[int, int] | None = None,
    ) -> None:
        self.repairs, self.task = repairs, repairs.task
        self.formula, self.parts, self.meant, self.asked = formula, parts, meant, asked

    def one(self, stories: Sequence[str]) -> Located | None:
        """Return the place at which one change alone makes it right.

        First come changes with the story that is told: the smallest of them, at one place, or at
        the smallest that holds them all. Then others, those that have a story before those that
        have none; but not where small ones of different stories lie in different places.
        """
        edits = self._edits
        if edits is None:
            return None
        has_branches = any(isinstance(node, If) for node in walk(self.formula))
        whole = {*stories[:1]} & (_OF_THE_WHOLE - (_OF_BRANCHES if has_branches else set()))
        if found := [e for e in edits if e.slug in stories[:1]]:
            if self.is_outdone(stories[0]):
                return None
            place = self._around(narrowest(found)) or self._around(most_used(found))
            return Located((place,), ()) if place is not None else None
        if whole:
            return None
        added = [e for e in edits if e.size == GIVEN_BACK]
        rest = [e for e in edits if e.size < GIVEN_BACK]
        other = [e for e in edits if e.size == REPLACED]
        for found in ([e for e in rest if e.slug], [e for e in rest if not e.slug], added, other):
            if found:
                least = min(e.size for e in found)
                if least < GIVEN_BACK and self._are_at_odds(found):
                    return None
                slugs = tuple(dict.fromkeys(e.slug for e in found if e.slug and e.size == least))
                inside = narrowest(found)
                place = self._around(inside)
                of_one = len(inside) == 1 or slugs == ("condition-misplaced",)
                if slugs and all(are_one(slug, slugs[0]) for slug in slugs):
                    slugs = (min(slugs, key=usual),)
                if not (of_one or self._are_operands(place, inside)):
                    return Located((), slugs) if least < GIVEN_BACK and len(slugs) == 1 else None
                return Located((place,), slugs[:1]) if place is not None else None
        return None

    def _are_at_odds(self, found: Sequence[Edit]) -> bool:
        """Do small changes tell of different stories in different places?"""
        small = [e for e in found if e.slug and e.size < GIVEN_BACK]
        first = min(small, key=lambda e: e.size, default=None)
        return first is not None and self.is_contested(first.slug)

    def test_around(self, place: Place) -> Place:
        """The condition in which a place stands, or itself where it stands in none."""
        tests = {p.test for p in self.parts if p.test and is_inside(place, p.test)}
        return min(tests, key=_width, default=place)

    def _are_operands(self, place: Place | None, inside: set[Place]) -> bool:
        """Are these places all that stands in that one, as in s*s?"""
        if place is None:
            return False
        found = {p for part in self.parts for p in part.places if p != place}
        return inside == innermost({p for p in found if is_inside(p, place)})

    def _around(self, inside: set[Place]) -> Place | None:
        """The smallest part that holds all of these places; a name may stand for what it means."""
        for part in self.parts:
            if len(part.places) == 2 and part.places[-1] in inside and len(inside) > 1:
                inside = {*inside, part.places[0]} - {part.places[-1]}
        places = [p for part in self.parts for p in (*part.places, part.test) if p is not None]
        return min((p for p in places if _holds_all(p, inside)), key=_width, default=None)

    def seen(self, stories: tuple[str, ...]) -> tuple[str, ...]:
        """Put first what the text shows: a story that one change takes back, at one place.

        A story about the whole of a function is not looked for in its text; but a formula that is
        a slip away from the right one was hardly learned for another function.
        """
        if not stories or stories[0] in _OF_THE_WHOLE - {_OTHER_FORMULA}:
            return stories
        stories = tuple(sorted(stories, key=self._doubt))
        stories = tuple(dict.fromkeys((*self._signs_seen(stories), *stories)))
        learned = stories[0] == _OTHER_FORMULA and not self.has_small_change
        if self._doubt(stories[0]) == _UNSEEN and not learned:
            claim = self.one(())
            return tuple(dict.fromkeys((*(claim.stories if claim is not None else ()), *stories)))
        return stories

    @property
    def has_slip(self) -> bool:
        """Does one small change make it right, or one that has a story?"""
        return any(edit.slug or edit.size < GIVEN_BACK for edit in self._edits or ())

    def takes_back(self, story: str) -> bool:
        """Does a change that takes the story back make it right?"""
        return bool(self._of(story))

    def is_contested(self, story: str) -> bool:
        """Does a small change of another story make it right as well, elsewhere?

        That the output was meant, not the input, is the same as a factor that was lost.
        """
        if story == "z-for-g" and self._of(_PRODUCT):
            return True
        edits = self._of(story)
        own, size = innermost(smallest(edits)), min(edit.size for edit in edits)
        return any(
            edit.slug
            and edit.size < (CHANGED if size == TAKEN_BACK else GIVEN_BACK)
            and not are_one(edit.slug, story)
            and not any(is_inside(edit.place, p) or is_inside(p, edit.place) for p in own)
            for edit in self._edits or ()
        )

    def is_outdone(self, story: str) -> bool:
        """Is a whole part given back by it, where a small change of another story does as much?"""
        own = min((edit.size for edit in self._of(story)), default=0)
        found = [e for e in self._edits or () if e.slug and not are_one(e.slug, story)]
        return own == GIVEN_BACK and any(e.size < own for e in found)

    @property
    def has_small_change(self) -> bool:
        """Does a change that gives no whole part back make it right?"""
        return any(edit.size < GIVEN_BACK for edit in self._edits or ())

    @property
    def smallest(self) -> tuple[str, ...]:
        """The stories of the smallest changes that make it right, the commonest first."""
        told = [edit for edit in self._edits or () if edit.slug]
        least = min((edit.size for edit in told), default=0)
        return tuple(sorted({edit.slug for edit in told if edit.size == least}, key=usual))

    def _signs_seen(self, stories: tuple[str, ...]) -> Iterator[str]:
        """Stories that undo less of the text than the first one, which gives a whole part back."""
        edits = self._edits or []
        if min((e.size for e in self._of(stories[0])), default=0) == GIVEN_BACK:
            flat = self._is_constant
            found = [e for e in edits if e.size == TAKEN_BACK or e.slug in stories or flat]
            least = min((e.size for e in found if e.slug), default=GIVEN_BACK)
            if least == TAKEN_BACK or (least < GIVEN_BACK and (stories[0] == _PRODUCT or flat)):
                yield from (e.slug for e in found if e.slug and e.size == least)

    @cached_property
    def _is_constant(self) -> bool:
        """Does it give the same number everywhere, as much else does?"""
        numbers = self.repairs.beliefs.numbers(self.formula)
        return bool(np.ptp(numbers) <= 1e-12) and numbers.size > 1

    def _of(self, story: str) -> list[Edit]:
        """The changes that take a story back; a term of the product rule is one of a sum."""
        edits = self._edits or ()
        terms = [e for e in edits if e.slug == "term-lost" and e.size == GIVEN_BACK]
        found = [*(e for e in edits if e.slug == story), *(terms if story == _PRODUCT else ())]
        if self.is_of_twins(story) and self.twins is not None:
            return [Edit(story, place, CHANGED) for place in self.twins.places]
        return found

    def _doubt(self, story: str) -> int:
        edits = self._of(story)
        if not edits:
            return _UNSEEN if story in _SEEN else 0
        places = {edit.place for edit in edits}
        small = any(edit.size < GIVEN_BACK for edit in edits)
        return 0 if small or any(_holds_all(place, places) for place in places) else 1

    @cached_property
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
            hole = _with(self.formula, parts[0].same | parts[1].same, Sym(HOLE))
            for slug, new, _ in self.repairs.filled(node, hole, True, self._changes(parts[0])):
                pair = frozenset(self._place(part, slug, new) for part in parts)
                if slug and len(pair) == 2:
                    found.setdefault(pair, (slug, slug))
        return _of_pairs(found)

    def is_of_twins(self, story: str) -> bool:
        """Is it taken back in two places where the same stands, and not in one alone?"""
        alone = any(edit.slug == story for edit in self._edits or ())
        return not alone and self.twins is not None and story in self.twins.stories

    def two(self) -> Located | None:
        """Return two places, in both of which a change is needed; each has a story."""
        end = time.process_time() + _EMERGENCY
        found: dict[frozenset[Place], tuple[str, str]] = {}
        few = self._few_inputs()
        ways = [self._rows(part, few) for part in self.parts]
        pairs = [*self._pairs()]
        holes = sum(len(ways[i].ways) if holds else 1 for i, _, holds in pairs)
        if holes * self._size > _MOST_FOR_TWO:
            return None
        for i, k, holds in pairs:
            if time.process_time() > end:
                return None
            part, other = self.parts[i], self.parts[k]
            trying = self._inside if holds else self._both
            for (first, new), (second, value) in trying(part, ways[i], other, ways[k], few):
                pair = self._place(part, first, new), self._place(other, second, value)
                changed = _with(_with(self.formula, part.same, new), other.same, value)
                if pair[0] != pair[1] and frozenset(pair) not in found and self._is_right(changed):
                    found[frozenset(pair)] = first, second
        return _of_pairs(found)

    def _pairs(self) -> Iterator[tuple[int, int, bool]]:
        """Two parts by their numbers, and whether the first one holds the second.

        Parts of which neither holds the other come once, in the order of the source.
        """
        for (i, part), (k, other) in permutations(enumerate(self.parts), 2):
            if part.same & other.same or _holds_one(other.node, part.same):
                continue
            holds = _holds_one(part.node, other.same)
            if holds or i < k:
                yield i, k, holds

    @cached_property
    def _size(self) -> int:
        """Nodes of the formula: what it costs to compute it once."""
        return _nodes(self.formula)

    def _both(self, part: Part, mine: _Rows, other: Part, theirs: _Rows, few: Sample) -> _Pairs:
        """Changes at two places of which neither holds the other, all of them at once."""
        hole = _with(_with(self.formula, part.same, Sym(HOLE)), other.same, Sym(_OTHER))
        at = {**few.inputs, HOLE: mine.numbers[:, None], _OTHER: theirs.numbers[None]}
        for i, k in few.right(hole, at, (len(mine.ways), len(theirs.ways))):
            yield mine.ways[i], theirs.ways[k]

    def _inside(self, part: Part, mine: _Rows, other: Part, theirs: _Rows, few: Sample) -> _Pairs:
        """A change of a part, and then one inside of it."""
        for slug, new in mine.ways:
            hole = _with(_with(self.formula, part.same, new), other.same, Sym(_OTHER))
            at = {**few.inputs, _OTHER: theirs.numbers}
            for (k,) in few.right(hole, at, (len(theirs.ways),)):
                yield (slug, new), theirs.ways[k]

    def _is_right(self, tree: Tree) -> bool:
        numbers = self.repairs.beliefs.numbers(tree)
        return bool(same_numbers(numbers[None], self.repairs.right).all())

    def _few_inputs(self) -> Sample:
        """Inputs enough to see at once that nearly all changes are wrong."""
        right, at = self.repairs.right, self.repairs.beliefs.at
        chosen = np.linspace(0, right.size - 1, min(_FEW, right.size)).round().astype(int)
        inputs = {name: np.broadcast_to(x, right.shape)[chosen] for name, x in at.items()}
        return Sample(inputs, right[chosen])

    # ---------------------------------------------------------------------------------- changes

    @cached_property
    def _edits(self) -> list[Edit] | None:
        """Every change at one place that makes it right; None where there is too much to try."""
        if len(self.parts) * self._size > _MOST_FOR_ONE:
            return None
        end, found = time.process_time() + _EMERGENCY, []
        functions = (node for node in walk(self.formula) if isinstance(node, Func))
        inside = {id(node) for function in functions for node in walk(function.arg)}
        terms = {id(term) for term in terms_of(self.formula)}
        negated = {id(part.node.arg) for part in self.parts if isinstance(part.node, Neg)}

        def idle(part: Part, new: Tree) -> bool:  # it is the whole of -u that becomes 0
            return new in (ZERO, Sym(OUTPUT)) and not negated.isdisjoint(part.same)

        for part in self.parts:
            if time.process_time() > end:
                return None
            added = not (isinstance(part.node, Sym) and terms.isdisjoint(part.same))
            hole = _with(self.formula, part.same, Sym(HOLE))
            for slug, new, _ in self.repairs.filled(part.node, hole, False, self._changes(part)):
                if not may_become(part, new) or (not slug and idle(part, new)):
                    continue
                size, uses = size_of(slug, part.node, new), len(part.same)
                found.append(Edit(slug, self._place(part, slug, new), size, uses))
            if not part.in_test and not isinstance(part.node, If):
                for slug, new, _ in self.repairs.filled(part.node, hole, True, iter(()), added):
                    if slug in ("", _INNER) and not inside.isdisjoint(part.same):
                        continue  # it stands outside of a function
                    found.append(Edit(slug, self._place(part, slug, new), GIVEN_BACK))
                if _nodes(part.node) * 3 < self._size * 2:
                    ways = (
                        ("", one)
                        for one in self._right_parts
                        if may_stand_for(part.node, one) and not idle(part, one)
                    )
                    for _ in self.repairs.filled(part.node, hole, False, ways):
                        found.append(Edit("", part.places[0], REPLACED))
        return self._not_in_what_is_right(self._in_what_was_asked(found))

    def _in_what_was_asked(self, edits: list[Edit]) -> list[Edit]:
        """Leave out changes of helpers where one of the function itself is as small."""
        if self.asked is None:
            return edits
        first, last = self.asked
        own = [edit for edit in edits if first <= edit.place[0] <= last]
        least = min((edit.size for edit in own), default=REPLACED)
        return [edit for edit in edits if edit in own or edit.size < least]

    def _not_in_what_is_right(self, edits: list[Edit]) -> list[Edit]:
        """Leave out signs inside of a named sigmoid that is right: 1 - s has the same numbers."""
        named = {e.place for e in edits if e.slug == "complement"}
        values = [
            part.places[0]
            for part in self.parts
            if part.places[-1] in named and len(part.places) > 1 and self._is_output(part.node)
        ]
        signs = [e for e in edits if e.slug == "sign-flipped"]
        dropped = [e for e in signs if any(is_inside(e.place, value) for value in values)]
        return [edit for edit in edits if edit not in dropped]

    def _is_output(self, node: Tree) -> bool:
        """Is it the sigmoid, or Phi, of a letter?"""
        numbers = self.repairs.beliefs.numbers
        outputs = (Func(f, Sym(n)) for n in names(node) for f in ("sigmoid", "Phi"))
        return any(same_numbers(numbers(node)[None], numbers(one)).all() for one in outputs)

    @cached_property
    def _right_parts(self) -> list[Tree]:
        """What stands in a right answer: one of them may belong where something else stands."""
        forms = self.task.forms
        nodes = (n for form in forms for b in branches_of(form) for n in walk(b))
        return [*dict.fromkeys(node for node in nodes if node not in forms)]

    def _rows(self, part: Part, few: Sample) -> _Rows:
        """The changes of a part that have a story, and the numbers that stand there after them."""
        told = IN_PAIRS - self.task.ruled_out
        ways = [(s, new) for s, new in self._changes(part) if s in told]
        if isinstance(part.node, Sym) and not part.in_test:
            parameters = map(Sym, self.task.parameters)
            ways += [("parameter-ignored", Op("*", other, part.node)) for other in parameters]
        with np.errstate(all="ignore"):
            rows = [np.broadcast_to(floats(new, few.inputs), few.wanted.shape) for _, new in ways]
        return _Rows(ways, np.array(rows).reshape(len(ways), few.wanted.size))

    def _changes(self, part: Part) -> Changes:
        if part.in_test:
            passed = not any(p.test and is_inside(part.places[0], p.test) for p in self.parts)
            return iter(()) if passed else self._of_a_test(part)
        base = self._bases.get(id(part.node))
        if isinstance(part.node, Num) and base is not None and self.task.moves(base):
            lower = Num(f"{float(part.node.value) - 1:g}")
            asked = (node for of in self.task.of for b in branches_of(of) for node in walk(b))
            kept = any(isinstance(n, Op) and n.op == "^" and n.right == part.node for n in asked)
            power = "missing-square" if lower == ONE else ""
            return chain(
                [("exponent-kept" if kept else power, lower)],
                of_a_part(part, self.task, self.meant),
            )
        return chain(self._applied_once(part.node), of_a_part(part, self.task, self.meant))

    def _of_a_test(self, part: Part) -> Changes:
        """What decides may be another quantity; not one by which all entries go the same way."""
        chosen = [n for n in walk(self.formula) if isinstance(n, If) and _decides(n, part)]
        masks = [If(n.sign, n.left, n.right, ONE, ZERO) for n in chosen]
        numbers = self.repairs.beliefs.numbers
        for slug, new in of_a_test(part, (*self.meant, *self._bends)):
            if all(np.ptp(numbers(_with(mask, part.same, new))) > 0 for mask in masks):
                yield slug, new

    @cached_property
    def _bases(self) -> dict[int, Tree]:
        """What is raised to a power, by the identity of the exponent."""
        powers = (n for n in walk(self.formula) if isinstance(n, Op) and n.op == "^")
        return {id(n.right): n.left for n in powers}

    @cached_property
    def _bends(self) -> list[Tree]:
        """The numbers of the right answer: the curve may bend there, on either side."""
        nodes = (n for form in self.task.forms for b in branches_of(form) for n in walk(b))
        numbers = dict.fromkeys(node for node in nodes if isinstance(node, Num))
        return [*numbers, *map(Neg, numbers)]

    def _applied_once(self, node: Tree) -> Changes:
        """A letter that went through an activation once more, spelled out."""
        if isinstance(node, Op | Func | If):
            numbers = self.repairs.beliefs.numbers
            through: list[tuple[Tree, str]] = [
                (Func(f, Sym(n)), n) for n in names(node) for f in ("sigmoid", "tanh")
            ]
            if OUTPUT in self.repairs.beliefs.at and not self.task.asks_value:
                through.append((Sym(OUTPUT), self.task.variable))
            for output, name in through:
                if same_numbers(numbers(node)[None], numbers(output)).all():
                    yield "activation-applied-twice", Sym(name)

    def _place(self, part: Part, slug: str, new: Tree) -> Place:
        """Where a change is made: around a name that is used once, or in what it stands for."""
        if part.in_test:
            number = isinstance(part.node, Num)
            return part.places[0] if number else self.test_around(part.places[0])
        if isinstance(part.node, If) and part.test is not None and not is_around(part.node, new):
            about_the_test = slug in (
                "condition-misplaced",
                "branches-swapped",
            ) or part.node.then is getattr(new, "then", None)
            own = [p for p in part.places if is_inside(part.test, p)]
            return part.test if about_the_test else (own or part.places)[-1]
        return part.places[-1 if is_around(part.node, new) else 0]


def _nodes(tree: Tree) -> int:
    return sum(1 for _ in walk(tree))


def _decides(choice: If, part: Part) -> bool:
    return any(_holds_one(side, part.same) for side in (choice.left, choice.right))


# ------------------------------------------------------------------------------------- the holes


def _with(tree: Tree, parts: Collection[int], new: Tree) -> Tree:
    """Put something where one of these parts stands, told by its identity."""
    if id(tree) in parts:
        return new
    below = children(tree)
    made = [_with(child, parts, new) for child in below]
    same = all(a is b for a, b in zip(below, made, strict=True))
    return tree if same else replace_children(tree, made)


def _holds_one(tree: Tree, parts: Collection[int]) -> bool:
    return any(id(node) in parts for node in walk(tree))


# ------------------------------------------------------------------------------------ the places


def _holds_all(place: Place, inside: set[Place]) -> bool:
    return all(is_inside(one, place) for one in inside)


def _width(place: Place) -> int:
    return place[2] - place[1]


def _of_pairs(found: dict[frozenset[Place], tuple[str, str]]) -> Located | None:
    """The pair of the commonest stories, where every other one lies there; else no place.

    What one change around another one makes right is far from what was written.
    """
    apart = [pair for pair in found if not _is_nested(pair)]

    def key(pair: frozenset[Place]) -> tuple[int, int]:
        return sum(map(usual, found[pair])), sum(map(_width, pair))

    if not apart:
        return None
    first, *others = sorted(apart, key=key)
    if not all(_meet(first, pair) and _meet(pair, first) for pair in others):
        return Located((), ())
    return Located(tuple(sorted(first)), found[first])


def _is_nested(pair: frozenset[Place]) -> bool:
    a, b = pair
    return is_inside(a, b) or is_inside(b, a)


def _meet(some: frozenset[Place], others: frozenset[Place]) -> bool:
    """Does each of these places hold one of those, or lie in one?"""
    return all(any(is_inside(a, b) or is_inside(b, a) for b in others) for a in some)
