"""Where a program goes wrong as a whole branch, or as the condition that chooses one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from helpers.derivation import If, Neg, Sym, Tree, walk
from helpers.diagnosis.beliefs import agree
from helpers.diagnosis.beside_right import wrong_sides
from helpers.diagnosis.edits import Located, innermost
from helpers.diagnosis.python_words import Place
from helpers.diagnosis.repairs import HOLE, Repairs
from helpers.diagnosis.right_forms import pieces_of
from helpers.diagnosis.slips import ONE, TWO, ZERO
from helpers.diagnosis.slips_at_a_part import Part, put_in
from helpers.diagnosis.tasks import Branches, branches_of, is_step


class WrongBranches:
    """The branch or the condition of a program that alone is wrong.

    Parameters
    ----------
    repairs : what the program should give.
    formula : the program as a formula.
    parts : its parts.

    >>> from helpers.derivation import parse
    >>> from helpers.diagnosis.beliefs import Beliefs
    >>> from helpers.diagnosis.tasks import Task
    >>> program = If(">", Sym("z"), ONE, ONE, ZERO)
    >>> beliefs = Beliefs(Task((), (parse("step(z)"),)), {"z": np.array([-1, 0.5, 2.0])})
    >>> part = Part(program, frozenset([id(program)]), ((1, 0, 22),), (1, 9, 14), False, False)
    >>> WrongBranches(Repairs(beliefs, beliefs.reference), program, [part]).condition()
    Located(places=((1, 9, 14),), stories=('condition-misplaced',))
    """

    def __init__(self, repairs: Repairs, formula: Tree, parts: Sequence[Part]) -> None:
        self.repairs, self.formula, self.parts = repairs, formula, parts

    def branch(self) -> Located | None:
        """Return the branch of a choice that alone is wrong, all of it, where one is."""
        found = set()
        for part in self._all_wrong():
            hole = put_in(self.formula, part.same, Sym(HOLE))
            between = self.repairs.beliefs.are_right_between(hole, HOLE)
            if between and self.repairs.right_ones(hole, self.repairs.right[None]):
                found.add(part.places[0])
        return _only(innermost(found))

    def wherever_taken(self) -> Located | None:
        """Return the branch that is wrong wherever it is taken; more may be wrong besides.

        Of a product with a mask it is the other factor.
        """
        if found := _only(innermost({part.places[0] for part in self._all_wrong()})):
            return found
        beliefs, right = self.repairs.beliefs, self.repairs.right
        wrong = [_unsigned(side) for side in wrong_sides(self.formula, beliefs, right)]
        places = [p.places[0] for p in self.parts for side in wrong if id(side) in p.same]
        return _only({*places}) if len(wrong) == 1 else None

    def _all_wrong(self) -> Iterator[Part]:
        numbers, agree = self.repairs.beliefs.numbers, self._agree(self.formula)
        choices = [n for n in walk(self.formula) if isinstance(n, If)]
        sides = {id(side) for n in choices for side in (n.then, n.other)}
        for part in self.parts:
            if part.same <= sides:
                one, two = (numbers(put_in(self.formula, part.same, n)) for n in (ONE, TWO))
                taken = one != two  # what is always taken says nothing of a branch
                if taken.any() and not taken.all() and not agree[taken].any():
                    yield part

    def condition(self) -> Located | None:
        """Return the condition that alone is wrong: each side is right where it belongs."""
        found = set()
        for part in self.parts:
            if isinstance(part.node, If) and part.test is not None and not part.in_test:
                direct = (part.node.then, part.node.other or ZERO)
                sides = direct if part.joined is None else pieces_of(part.node)
                made = (put_in(self.formula, part.same, side) for side in dict.fromkeys(sides))
                fits = [self._agree(one) for one in made]
                if len(fits) == 2 and np.any(fits, axis=0).all() and all(map(np.any, fits)):
                    found.add(part.joined or part.test)
        return _only(found, ("condition-misplaced",))

    def missing(self) -> Located | None:
        """Return all that is returned, where it chooses nothing and is right on one side alone."""
        task, at = self.repairs.task, self.repairs.beliefs.at
        right = [node for form in task.forms for b in branches_of(form) for node in walk(b)]
        steps = any(isinstance(n, If) or is_step(n) for n in right)
        has_pieces = steps or isinstance(task.forms[0], Branches)
        chooses = any(isinstance(node, If) for node in walk(self.formula))
        if chooses or not has_pieces or not task.moves(self.formula) or "z" not in at:
            return None
        agree, left = self._agree(self.formula), np.asarray(at["z"]) < 0
        one_side = any(agree[side].all() and not agree[~side].any() for side in (left, ~left))
        whole = {part.places[0] for part in self.parts if id(self.formula) in part.same}
        return _only(whole) if one_side else None

    def _agree(self, tree: Tree) -> np.ndarray:
        """Where it is right."""
        return agree(self.repairs.beliefs.numbers(tree), self.repairs.right)


def _unsigned(side: Tree) -> Tree:
    return side.arg if isinstance(side, Neg) else side


def _only(found: set[Place], stories: tuple[str, ...] = ()) -> Located | None:
    return Located(tuple(found), stories) if len(found) == 1 else None
