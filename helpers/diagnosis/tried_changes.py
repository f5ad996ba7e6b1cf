"""What may have been meant at a part of a program, by where the part stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

import numpy as np

from helpers.derivation import (
    FUNCTIONS,
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    differentiate,
    names,
    walk,
)
from helpers.diagnosis.beliefs import OUTPUT, same_numbers
from helpers.diagnosis.edits import is_inside
from helpers.diagnosis.repairs import Repairs, links
from helpers.diagnosis.right_forms import pieces_of
from helpers.diagnosis.slips import ONE, TWO, ZERO, Changes
from helpers.diagnosis.slips_at_a_part import (
    Part,
    holds_one,
    joined_otherwise,
    of_a_part,
    of_a_test,
    of_an_exponent,
    put_in,
    what_was_lost,
    with_another_bound,
)
from helpers.diagnosis.tasks import branches_of

_INNER = "missing-inner-derivative"


class TriedChanges:
    """The changes that are tried at each part of a program.

    Parameters
    ----------
    repairs, formula, parts, meant : those of `Places`.
    """

    def __init__(
        self, repairs: Repairs, formula: Tree, parts: Sequence[Part], meant: Sequence[Tree]
    ) -> None:
        self.repairs, self.task = repairs, repairs.task
        self.formula, self.parts, self.meant = formula, parts, meant

    def of(self, part: Part) -> Changes:
        """What one slip at this part, taken back, puts there, with its story where there is one.

        That two branches changed places is said where there are two.
        """
        for slug, new in self._of(part):
            several = slug == "branches-swapped" and self._has_several_pieces
            if slug != "max-needs-alpha-le-1" or not self._is_chosen_by_parameter:
                yield ("condition-misplaced" if several else slug), new

    @cached_property
    def _has_several_pieces(self) -> bool:
        return len({*pieces_of(self.formula)}) > 2

    @cached_property
    def _is_chosen_by_parameter(self) -> bool:
        """Does a parameter decide? Then somebody knew that a maximum does not do for each."""
        tests = (n for n in walk(self.formula) if isinstance(n, If))
        return any(names(n.left) | names(n.right) <= {*self.task.parameters} for n in tests)

    def _of(self, part: Part) -> Changes:
        if part.in_test:
            tests = [p.test for p in self.parts if p.test]
            places = part.places if isinstance(part.node, Num) else part.places[:1]
            passed = not any(is_inside(place, test) for place in places for test in tests)
            return iter(()) if passed else self._of_a_test(part)
        if isinstance(part.node, Num) and id(part.node) in self._divisors:
            found = of_a_part(part, self.task, self.meant)
            return (way for way in found if not (isinstance(way[1], Num) and 0 < way[1].value < 1))
        base = self._bases.get(id(part.node))
        if base is not None and self.task.moves(base):
            raised = of_an_exponent(part.node, self.task)
            return chain(raised, of_a_part(part, self.task, self.meant))
        own = chain(self._applied_once(part), self._inner_forgotten(part), self._unfinished(part))
        if isinstance(part.node, If) and part.test is not None:
            ways = with_another_bound(part.node, "z", self._bends) if self.task.has_z else ()
            node = part.node
            bounds = ((s, new) for s, new in ways if self._uses_both(node, new))
            own = chain(
                own, self._leak(node), bounds, joined_otherwise(part.node) if part.joined else ()
            )
        return chain(own, of_a_part(part, self.task, self.meant))

    def _unfinished(self, part: Part) -> Changes:
        """What a name stands for, where all but its last step is written: z - m for (z - m)/s."""
        if isinstance(part.node, Op) and not part.is_name:
            for value in self.meant:
                if part.node in children(value) and not holds_one(value, part.same):
                    yield what_was_lost(part.node, value, self.task), value

    def _leak(self, node: If) -> Changes:
        """What a mask lets through on its other side, where no 0 is written for it."""
        if node.other == ZERO and not any(id(node.other) in part.same for part in self.parts):
            letters = map(Sym, self.task.parameters)
            yield from (("leak-dropped", replace(node, other=letter)) for letter in letters)

    def _uses_both(self, node: If, bounded: Tree) -> bool:
        """Is each side of a choice still taken somewhere where it has another bound?"""
        numbers = self.repairs.beliefs.numbers
        assert isinstance(bounded, If)
        left = numbers(replace(bounded, then=ZERO, other=ONE)) > 0
        first = numbers(replace(node, then=ONE, other=ZERO)) > 0
        kept = bool((left & first).any()) or bounded.then is node.then
        return kept and (bool((left & ~first).any()) or bounded.then is not node.then)

    def _inner_forgotten(self, part: Part) -> Changes:
        """Multiply by the slope of what stands in another function: 1/s for the slope of ln s."""
        if isinstance(part.node, Op | Func) and not self._factors.isdisjoint(part.same):
            found = [*walk(part.node)][1:]
            yield from ((_INNER, Op("*", part.node, slope)) for slope in self._links)
            for value, slope in self._named_slopes:
                if value in found:
                    yield _INNER, Op("*", part.node, slope)
                    yield _INNER, Op("/", Op("*", part.node, slope), TWO)  # a 2 is cancelled

    @cached_property
    def _factors(self) -> set[int]:
        """The terms and factors of what is returned, by their identities."""
        return {id(node) for piece in pieces_of(self.formula) for node in _terms_and_factors(piece)}

    @cached_property
    def _links(self) -> list[Tree]:
        return links(self.task)

    @cached_property
    def _named_slopes(self) -> list[tuple[Tree, Tree]]:
        """What names stand for, and how fast it moves."""
        values = [v for v in self.meant if isinstance(v, Op | Func) and self.task.moves(v)]
        plain = (v for v in values if all(map(_has_slope, walk(v))))
        found = [(v, differentiate(v, self.task.variable)) for v in plain]
        numbers, right = self.repairs.beliefs.numbers, self.repairs.right
        return [(v, d) for v, d in found if not same_numbers(numbers(d)[None], right).all()]

    def _of_a_test(self, part: Part) -> Changes:
        """What decides may be another quantity; not one by which all entries go the same way."""
        chosen = [n for n in walk(self.formula) if isinstance(n, If) and _decides(n, part)]
        masks = [If(n.sign, n.left, n.right, ONE, ZERO) for n in chosen]
        numbers = self.repairs.beliefs.numbers
        for slug, new in of_a_test(part, (*self.meant, *self._bends)):
            if all(np.ptp(numbers(put_in(mask, part.same, new))) > 0 for mask in masks):
                yield slug, new

    @cached_property
    def _passed(self) -> set[int]:
        """What is passed to a function, by its identity."""
        return {id(n.arg) for n in walk(self.formula) if isinstance(n, Func)}

    @cached_property
    def _bases(self) -> dict[int, Tree]:
        """What is raised to a power, by the identity of the exponent."""
        powers = (n for n in walk(self.formula) if isinstance(n, Op) and n.op == "^")
        return {id(n.right): n.left for n in powers}

    @cached_property
    def _divisors(self) -> set[int]:
        """The numbers by which is divided, by their identities: nobody means z/0.5."""
        return {id(n.right) for n in walk(self.formula) if isinstance(n, Op) and n.op == "/"}

    @cached_property
    def _bends(self) -> list[Tree]:
        """The numbers of the right answer: the curve may bend there, on either side."""
        nodes = (n for form in self.task.forms for b in branches_of(form) for n in walk(b))
        numbers = dict.fromkeys(node for node in nodes if isinstance(node, Num))
        return [*numbers, *map(Neg, numbers)]

    def _applied_once(self, part: Part) -> Changes:
        """A letter that went through an activation once more, spelled out."""
        node = part.node
        if isinstance(node, Op | Func | If):
            numbers = self.repairs.beliefs.numbers
            through: list[tuple[Tree, str]] = [
                (Func(f, Sym(n)), n) for n in names(node) for f in ("sigmoid", "tanh", "softplus")
            ]
            of = self.task.of[:1]
            is_product = any(isinstance(one, Op) and one.op == "*" for one in of)
            passed = not is_product or not self._passed.isdisjoint(part.same)
            if OUTPUT in self.repairs.beliefs.at and not self.task.asks_value and passed:
                through.append((Sym(OUTPUT), self.task.variable))
            for output, name in through:
                if same_numbers(numbers(node)[None], numbers(output)).all():
                    yield "activation-applied-twice", Sym(name)


def _terms_and_factors(tree: Tree) -> Iterator[Tree]:
    yield tree
    match tree:
        case Op("+" | "-" | "*", a, b):
            yield from (*_terms_and_factors(a), *_terms_and_factors(b))
        case Op("/", a) | Neg(a):
            yield from _terms_and_factors(a)


def _has_slope(node: Tree) -> bool:
    """Is there a rule for it? There is none for choices, nor for sums over a row."""
    return not isinstance(node, If) and not (isinstance(node, Func) and node.name not in FUNCTIONS)


def _decides(choice: If, part: Part) -> bool:
    return any(holds_one(side, part.same) for side in (choice.left, choice.right))
