"""What is asked: a right answer as trees, with branches or without, and the numbers of trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np

from helpers.derivation import (
    Func,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    array_values,
    children,
    names,
    walk,
    written_out,
)

Side = TypeVar("Side")


@dataclass(frozen=True)
class Branches(Generic[Side]):
    """An expression for z <= 0 and one for z > 0, as text or as trees.

    With `rivals`, a pair of trees, the right one is taken where the second rival is larger.
    """

    left: Side
    right: Side
    rivals: tuple[Side, Side] | None = None


@dataclass(frozen=True)
class Task:
    """All that is known about a right answer: trees, read once from a declaration.

    of : the function that is differentiated, in one or more spellings.
    forms : the answer, in one or more spellings (the first one defines it).
    variable : what it is differentiated by; where : letters with a definition.
    swaps : story -> what a letter is mistaken for, in addition to what `where` implies.
    asks_value : the answer is the function itself, not its derivative.
    relatives : functions that are taken for it.
    """

    of: tuple[Tree | Branches, ...]
    forms: tuple[Tree | Branches, ...]
    variable: str = "z"
    where: Mapping[str, Tree] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    swaps: tuple[tuple[str, Mapping[str, Tree]], ...] = ()
    asks_value: bool = False
    relatives: tuple[Tree, ...] = ()

    def moves(self, tree: Tree) -> bool:
        """Does it change with the variable?"""
        return not self._moving.isdisjoint(names(tree))

    @cached_property
    def _moving(self) -> frozenset[str]:
        """The variable, and the letters of which the meaning holds it."""
        meant = self.where.items()
        held = {n for n, t in meant if self.variable in names(written_out(t, self.where))}
        return frozenset(held | {self.variable})

    @property
    def has_branches(self) -> bool:
        """Is it another formula on the left of 0 than on the right?"""
        return any(isinstance(form, Branches) for form in self.forms)

    @cached_property
    def has_z(self) -> bool:
        """Is there a pre-activation? In the deviation of weights there is none."""
        return any(node == Sym("z") for node in self._nodes)

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The functions of one argument in the question and in its right answers."""
        return tuple(dict.fromkeys(node.name for node in self._nodes if isinstance(node, Func)))

    @cached_property
    def exponents(self) -> tuple[Tree, ...]:
        """The numbers by which is raised in the question and in its right answers."""
        powers = (n for n in self._nodes if isinstance(n, Op) and n.op == "^")
        return tuple(dict.fromkeys(n.right for n in powers if isinstance(n.right, Num)))

    @cached_property
    def _nodes(self) -> tuple[Tree, ...]:
        branches = (b for t in (*self.of, *self.forms) for b in branches_of(t))
        return tuple(node for tree in branches for node in walk(tree))

    @cached_property
    def ruled_out(self) -> frozenset[str]:
        """The stories that cannot be true here: what they tell of is absent."""
        of_all = any if self.asks_value else all  # a*x is a product of which a part can be lost
        moving = [
            n for n in self._nodes if isinstance(n, Op) and of_all(map(self.moves, children(n)))
        ]
        products = [n for n in moving if n.op in ("*", "/")]
        branches = [b for form in self.forms for b in branches_of(form)]
        squares = any(_is_square(n) for tree in branches for n in walk(tree))
        squares |= any(n.op == "/" for n in moving)  # the quotient rule has one
        absent = {"product-missing-term": not products, "missing-square": not squares}
        absent["parameter-ignored"] = self.variable != "z" and not (self.parameters or self.has_z)
        return frozenset(slug for slug, is_absent in absent.items() if is_absent)


def _is_square(node: Tree) -> bool:
    two = Num("2")
    return isinstance(node, Op) and node.op == "^" and node.right in (two, Neg(two))


def is_step(node: Tree) -> bool:
    """Is it step(…), which chooses between two branches?"""
    return isinstance(node, Func) and node.name == "step"


def branches_of(tree: Tree | Branches) -> tuple[Any, ...]:
    """Return both branches of an expression, or the tree itself."""
    return (tree.left, tree.right) if isinstance(tree, Branches) else (tree,)


def each_branch(change: Callable[[Tree], Tree], of: Branches[Tree]) -> Branches[Tree]:
    """Change both branches of an expression."""
    return Branches(change(of.left), change(of.right))


def floats(tree: Tree | Branches, at: Mapping[str, np.ndarray]) -> Any:
    """Evaluate a tree without D, or branches of such trees, in float64 at many places at once.

    >>> from helpers.derivation import parse
    >>> floats(parse("1 - z^2"), {"z": np.array([0.0, 2.0])})
    array([ 1., -3.])
    """
    if not isinstance(tree, Branches):
        return array_values(tree, at)
    if tree.rivals is None:
        on_the_right = at["z"] > 0
    else:
        low, high = (floats(rival, at) for rival in tree.rivals)
        on_the_right = high > low
    return np.where(on_the_right, floats(tree.right, at), floats(tree.left, at))
