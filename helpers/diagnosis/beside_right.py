"""Where a formula departs from a right one, term by term and factor by factor.

Where no small change makes a formula right, it is laid beside the right ones that are known. What
has the same numbers in both is right; what is left over on either side is not. That finds what no
list of changes holds, and two mistakes that have nothing to do with one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from helpers.derivation import Func, If, Neg, Op, Tree, children, replace_children, walk
from helpers.diagnosis.beliefs import Beliefs, agree
from helpers.diagnosis.right_forms import pieces_of
from helpers.diagnosis.slips import ONE, ZERO

_MOST_FORMS, _MOST_LEFT = 8, 2
_Pieces = list[tuple[Tree, bool]]  # terms or factors; is it taken away, or divided by?


def departures(
    formula: Tree, forms: Sequence[Tree], beliefs: Beliefs, right: np.ndarray
) -> list[Tree]:
    """Return the parts of a formula, one or two, that stand in none of the right ones.

    What stands there in a right one in their place makes it right. Empty where the whole would be
    such a part, or nearly the whole, or more than two.

    Parameters
    ----------
    formula : the wrong one.
    forms : right formulas, or what is right where one branch is taken.
    beliefs : the places at which they are compared.
    right : the right numbers there.

    >>> from helpers.derivation import parse, to_text
    >>> from helpers.diagnosis.tasks import Task
    >>> beliefs = Beliefs(Task((), (parse("0"),)), {"z": np.array([0.3, 0.5, -2.0])})
    >>> wrong, form = parse("exp(z) + z*(1 - exp(z)^2)"), parse("exp(z) + z*(1 - z^2)/2")
    >>> [to_text(part) for part in departures(wrong, [form], beliefs, beliefs.numbers(form))]
    ['1 - exp(z)^2']
    """
    pieces = tuple(dict.fromkeys(p for form in forms for p in (form, *pieces_of(form))))
    everywhere = np.ones(right.shape, bool)
    comparison = _Comparison(beliefs, right, everywhere, pieces[:_MOST_FORMS])
    parts = comparison.apart_from_any(formula)
    return parts if len(parts) <= _MOST_LEFT and 3 * _sizes(parts) <= 2 * _size(formula) else []


def wrong_sides(formula: Tree, beliefs: Beliefs, right: np.ndarray) -> list[Tree]:
    """Return what a formula with choices is on those sides where it is wrong wherever it is taken.

    >>> from helpers.derivation import Sym, parse, to_text
    >>> from helpers.diagnosis.tasks import Task
    >>> beliefs = Beliefs(Task((), (parse("step(z)"),)), {"z": np.array([0.5, 1.0, -2.0])})
    >>> mask = If(">", Sym("z"), ZERO, ONE, ZERO)
    >>> wrong = Op("*", Sym("z"), mask)
    >>> [to_text(side) for side in wrong_sides(wrong, beliefs, np.array([7.0, 7.0, 0.0]))]
    ['z']
    """
    everywhere = np.ones(right.shape, bool)
    found = [*_Comparison(beliefs, right, everywhere, ()).wrong_sides(formula)]
    return [] if any(one is formula for one in found) else found


class _Comparison:
    """A formula and right ones, compared part by part where both are asked for."""

    def __init__(
        self, beliefs: Beliefs, right: np.ndarray, where: np.ndarray, forms: Sequence[Tree]
    ) -> None:
        self.numbers, self.beliefs = beliefs.numbers, beliefs
        self.right, self.where, self.forms = right, where, forms

    def apart_from_any(self, mine: Tree) -> list[Tree]:
        """The smallest parts that are not in a right formula, the one that is most like it."""
        if self._agrees(mine):
            return []
        if sides := self.sides(mine):
            return [p for side, there in sides for p in there.apart_from_any(side)]
        here = dict.fromkeys(map(self.chosen, self.forms))
        right = [one for one in here if self._agrees(one) and not any(map(_chooses, walk(one)))]
        ways = (self.apart(mine, form) for form in right)
        return min(ways, key=_sizes, default=[mine] * (_MOST_LEFT + 1))  # no one thing is right

    def sides(self, mine: Tree) -> list[tuple[Tree, _Comparison]]:
        """What a formula with a choice in it is on either side of that, and where; [] without one.

        A choice of 1 or 0, as a mask is, leaves of a product the other factor, or nothing.
        """
        for node in walk(mine):
            if isinstance(node, If) and node.other is not None:
                first = self.numbers(replace(node, then=ONE, other=ZERO)) > 0
                if first[self.where].any() and not first[self.where].all():
                    both = self._there(first), self._there(~first)
                    return [(there.chosen(mine), there) for there in both]
                return [(self.chosen(mine), self)]
        return []

    def chosen(self, tree: Tree) -> Tree:
        """What is left of a formula where each choice that goes one way alone has gone it."""
        if isinstance(tree, If) and tree.other is not None:
            first = self.numbers(replace(tree, then=ONE, other=ZERO))[self.where] > 0
            if first.all():
                return self.chosen(tree.then)
            return tree if first.any() else self.chosen(tree.other)
        inside = [self.chosen(child) for child in children(tree)]
        if all(one is two for one, two in zip(inside, children(tree), strict=True)):
            return tree
        match tree, inside:
            case Op("*"), [a, b] if ZERO in (a, b):
                return ZERO
            case Op("*"), [a, b] if ONE in (a, b):
                return b if a == ONE else a
            case Op("+" | "-"), [a, b] if b == ZERO:
                return a
            case Op("+" | "-" as sign), [a, b] if a == ZERO:
                return b if sign == "+" else Neg(b)
        return replace_children(tree, inside)

    def wrong_sides(self, mine: Tree) -> Iterator[Tree]:
        """What a formula is where none of its numbers is right, side by side."""
        sides = self.sides(mine)
        for side, there in sides:
            yield from there.wrong_sides(side)
        if not (sides or agree(self.numbers(mine), self.right)[self.where].any()):
            yield mine

    def _there(self, here: np.ndarray) -> _Comparison:
        """The same where a branch is taken."""
        return _Comparison(self.beliefs, self.right, self.where & here, self.forms)

    def _agrees(self, tree: Tree) -> bool:
        """Has it the right numbers there?"""
        return bool(agree(self.numbers(tree), self.right)[self.where].all())

    def apart(self, mine: Tree, right: Tree) -> list[Tree]:
        """The smallest parts of one that are not in the other."""
        if self.same(mine, right):
            return []
        match mine, right:
            case Func(f, a), Func(g, b) if f == g:
                return self.apart(a, b)
            case Op("^", a, n), Op("^", b, m) if self.same(n, m):
                return self.apart(a, b)
            case Op("^", a, n), Op("^", b, m) if self.same(a, b):
                return self.apart(n, m)
            case Op("max" | "min" as f, a, b), Op(g, c, d) if f == g:
                return self._paired([(a, False), (b, False)], [(c, False), (d, False)], mine)
        ways = (self._of(pieces, mine, right) for pieces in (_terms, _factors))
        return min(ways, key=_sizes)

    def _of(self, pieces: Callable[[Tree], _Pieces], mine: Tree, right: Tree) -> list[Tree]:
        """The same for terms, or for factors: what has no partner is compared with its like."""
        own, other = pieces(mine), pieces(right)
        if len(own) == len(other) == 1:
            return [mine]
        rest = [*other]
        left: _Pieces = []
        for one in own:
            same = next((two for two in rest if self._equal(one, two)), None)
            if same is None:
                left.append(one)
            else:
                rest.remove(same)
        if len(left) == len(own):
            return [mine]
        return self._paired(left, rest, mine, pieces is _factors)

    def _paired(
        self, left: _Pieces, rest: _Pieces, mine: Tree, of_factors: bool = False
    ) -> list[Tree]:
        """What is wrong in what is left over; the whole where something is missing."""
        if not left or len(left) > _MOST_LEFT:
            return [mine]
        if len(left) == 1:
            (one, away), wanted = left[0], _joined(rest, of_factors)
            turned = away != (len(rest) == 1 and rest[0][1])
            return [one] if wanted is None or turned else self.apart(one, wanted)
        if not rest:
            return [one for one, _ in left]
        if len(rest) != len(left):
            return [mine]
        found = []
        for order in permutations(rest):
            parts = [
                part
                for (one, away), (two, taken) in zip(left, order, strict=True)
                for part in (self.apart(one, two) if away == taken else [one])
            ]
            found.append(parts)
        return min(found, key=lambda parts: (len(parts), _sizes(parts)))

    def same(self, one: Tree, two: Tree) -> bool:
        """Have both the same numbers there?"""
        return bool(agree(self.numbers(one), self.numbers(two))[self.where].all())

    def _equal(self, one: tuple[Tree, bool], two: tuple[Tree, bool]) -> bool:
        return one[1] == two[1] and self.same(one[0], two[0])


def _chooses(node: Tree) -> bool:
    return isinstance(node, If) or (isinstance(node, Func) and node.name == "step")


def _terms(tree: Tree, away: bool = False) -> _Pieces:
    match tree:
        case Op("+", a, b):
            return [*_terms(a, away), *_terms(b, away)]
        case Op("-", a, b):
            return [*_terms(a, away), *_terms(b, not away)]
        case Neg(a):
            return _terms(a, not away)
    return [(tree, away)]


def _factors(tree: Tree, away: bool = False) -> _Pieces:
    match tree:
        case Op("*", a, b):
            return [*_factors(a, away), *_factors(b, away)]
        case Op("/", a, b):
            return [*_factors(a, away), *_factors(b, not away)]
    return [(tree, away)] if tree != ONE else []


def _joined(pieces: _Pieces, of_factors: bool) -> Tree | None:
    """Terms or factors as one tree; None where there are none."""
    if len(pieces) <= 1:
        return pieces[0][0] if pieces else None
    tree: Tree = ONE if of_factors else ZERO
    more, less = ("*", "/") if of_factors else ("+", "-")
    for piece, away in pieces:
        tree = Op(less if away else more, tree, piece)
    return tree


def _sizes(trees: Sequence[Tree]) -> int:
    return sum(map(_size, trees))


def _size(tree: Tree) -> int:
    return sum(1 for _ in walk(tree))
