"""Is a program a right answer as one writes it, up to the order of terms and factors?

Of two changes that make a program right, the likelier one makes it what is written in books: a
learner who wrote α/eˣ meant α·eˣ, not α/e⁻ˣ.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from helpers.derivation import (
    Func,
    If,
    Num,
    Op,
    Sym,
    Tree,
    children,
    names,
    parse,
    replace_children,
    substitute,
    written_out,
)
from helpers.diagnosis.beliefs import Beliefs, same_numbers
from helpers.diagnosis.forms import Form, form_of
from helpers.diagnosis.tasks import branches_of


class RightForms:
    """The forms of a right answer, and of a program that a learner is to change.

    >>> import numpy as np
    >>> from helpers.derivation import parse
    >>> from helpers.diagnosis.tasks import Task
    >>> sigmoid = parse("1/(1 + exp(-z))")
    >>> task = Task(of=(sigmoid,), forms=(parse("g*(1 - g)"),), where={"g": sigmoid})
    >>> forms = RightForms(Beliefs(task, {"z": np.array([0.3, 0.5, 2.0])}), parse("g*(1 + g)"))
    >>> forms.has(parse("(1 - 1/(1 + exp(-z)))*sigmoid(z)")), forms.has(parse("g - g^2"))
    (True, False)
    """

    def __init__(self, beliefs: Beliefs, program: Tree) -> None:
        self.beliefs, self.task, self.program = beliefs, beliefs.task, program
        self._known: dict[Tree, Tree] = {}
        where = self.task.where.items()
        # What stands for a product is a part of products itself.
        self._spelled = {n: t for n, t in where if isinstance(t, Op) and t.op == "*"}
        self._letters = [(Sym(n), beliefs.at[n]) for n, _ in where if n not in self._spelled]

    def has(self, tree: Tree) -> bool:
        """Is all that the program did not return before written as in a right answer?"""
        return all(not self._right.isdisjoint(self._spellings(piece)) for piece in pieces_of(tree))

    @cached_property
    def _right(self) -> set[Form]:
        right = [side for form in self.task.forms for side in branches_of(form)]
        kept = [self.program] if isinstance(self.program, If) else []
        pieces = (piece for tree in (*right, *kept) for piece in pieces_of(tree))
        return {form for piece in pieces for form in self._spellings(piece)}

    def _spellings(self, tree: Tree) -> tuple[Form, Form]:
        """Its form in letters, and with nothing but what they stand for."""
        in_letters = self._with_letters(substitute(tree, self._spelled))
        return form_of(in_letters, {}), form_of(_spelled(written_out(tree, self.task.where)), {})

    def _with_letters(self, tree: Tree) -> Tree:
        """Write a letter for the smallest expressions that have its numbers."""
        if tree not in self._known:
            new = replace_children(tree, [self._with_letters(child) for child in children(tree)])
            self._known[tree] = self._letter(new) or new
        return self._known[tree]

    def _letter(self, tree: Tree) -> Sym | None:
        found = names(tree)
        letters = [(s, known) for s, known in self._letters if s.name not in found]
        if not (found and letters and children(tree)):
            return None
        numbers = self.beliefs.numbers(tree)[None]
        return next((s for s, known in letters if same_numbers(numbers, known).all()), None)


def _spelled(tree: Tree) -> Tree:
    """Write every sigmoid as its formula, and max(u, 0) as u where u is positive."""
    below = [_spelled(child) for child in children(tree)]
    if isinstance(tree, Func) and tree.name == "sigmoid":
        return substitute(_SIGMOID, {"z": below[0]})
    if isinstance(tree, Op) and tree.op == "max" and below[1] == Num("0"):
        return Op("*", below[0], Func("step", below[0]))
    return replace_children(tree, below)


_SIGMOID = parse("1/(1 + exp(-z))")


def pieces_of(tree: Tree) -> Iterator[Tree]:
    """Yield what a choice may return."""
    if isinstance(tree, If):
        for side in (tree.then, tree.other):
            if side is not None:
                yield from pieces_of(side)
    else:
        yield tree
