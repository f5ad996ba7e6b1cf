"""Trees of formulas: small frozen records, never simplified, so that a form is kept as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeGuard

from helpers.derivation.vocabulary import CONSTANTS


@dataclass(frozen=True)
class Node:
    """What all nodes have: `span`, the columns they were read from."""

    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Num(Node):
    """A number without a sign, as it was written: `2`, `0.5`."""

    text: str

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


@dataclass(frozen=True)
class Sym(Node):
    """A letter (`z`, `g`, `beta`) or one of the constants `pi` and `e`."""

    name: str


@dataclass(frozen=True)
class Neg(Node):
    """A minus sign in front of `arg`."""

    arg: Tree


@dataclass(frozen=True)
class Op(Node):
    """`left op right` with op one of `+ - * / ^`, or a function of two: `max(left, right)`."""

    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Func(Node):
    """A function of one argument; `e^u` is read as `exp(u)`."""

    name: str
    arg: Tree


@dataclass(frozen=True)
class D(Node):
    """The derivative of `arg` with respect to the variable of the derivation, or to letter `by`."""

    arg: Tree
    by: str | None = None


@dataclass(frozen=True)
class If(Node):
    """`then` where `left sign right` holds, else `other` (no value where that is None)."""

    sign: str
    left: Tree
    right: Tree
    then: Tree
    other: Tree | None = None


@dataclass(frozen=True)
class Lim(Node):
    """The limit of `arg` where a letter goes to a number or to another letter."""

    arg: Tree
    letter: str
    to: Tree


Tree = Num | Sym | Neg | Op | Func | D | If | Lim


def children(tree: Tree) -> tuple[Tree, ...]:
    """Return the subtrees directly below `tree`, from left to right."""
    match tree:
        case Op(_, left, right):
            return left, right
        case Neg(arg) | Func(_, arg) | D(arg) | Lim(arg):
            return (arg,)
        case If(_, left, right, then, other):
            return (left, right, then) if other is None else (left, right, then, other)
    return ()


def replace_children(tree: Tree, new: Sequence[Tree]) -> Tree:
    """Return a copy of `tree` with other subtrees; `replace_children(t, children(t)) == t`."""
    match tree:
        case Op(op, _, _):
            return Op(op, *new, span=tree.span)
        case Func(name, _):
            return Func(name, *new, span=tree.span)
        case Neg(_):
            return Neg(*new, span=tree.span)
        case D(_, by):
            return D(new[0], by, span=tree.span)
        case Lim(_, letter, to):
            return Lim(new[0], letter, to, span=tree.span)
        case If(sign):
            return If(sign, *new, span=tree.span)
    return tree


def replace_part(tree: Tree, old: Tree, new: Tree) -> Tree:
    """Put `new` wherever `old` stands in a tree."""
    if tree == old:
        return new
    return replace_children(tree, [replace_part(child, old, new) for child in children(tree)])


def placed(tree: Tree, span: tuple[int, int]) -> Tree:
    """Give a tree, and all below, one place: that of the letter, or of the D(…), it stands for."""
    return replace(replace_children(tree, [placed(c, span) for c in children(tree)]), span=span)


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield `tree` and everything below it, parents first, from left to right."""
    ahead = [tree]
    while ahead:
        yield (node := ahead.pop())
        ahead += children(node)[::-1]


def has_d(tree: Tree) -> bool:
    """Is there a derivative to carry out?"""
    return any(isinstance(node, D) for node in walk(tree))


def is_case(tree: Tree | None) -> TypeGuard[If]:
    """Is it a case that says nothing elsewhere?"""
    return isinstance(tree, If) and tree.other is None


def height(tree: Tree) -> int:
    """Count the nodes on the longest way down."""
    return 1 + max(map(height, children(tree)), default=0)


def names(tree: Tree) -> set[str]:
    """Return the letters in `tree` (the constants pi and e are not letters)."""
    return {node.name for node in walk(tree) if isinstance(node, Sym)} - {*CONSTANTS}


def substitute(tree: Tree, trees: Mapping[str, Tree]) -> Tree:
    """Put trees in the place of letters.

    >>> from helpers.derivation import parse, to_text
    >>> to_text(substitute(parse("1 - t^2"), {"t": parse("2s - 1")}))
    '1 - (2*s - 1)^2'
    """
    if isinstance(tree, Sym):
        return trees.get(tree.name, tree)
    return replace_children(tree, [substitute(child, trees) for child in children(tree)])


def written_out(tree: Tree, where: Mapping[str, Tree]) -> Tree:
    """Put definitions, which may use one another, in the place of their letters.

    >>> from helpers.derivation import parse, to_text
    >>> to_text(written_out(parse("1 - t^2"), {"t": parse("2s - 1"), "s": parse("1/z")}))
    '1 - (2*1/z - 1)^2'
    """
    while names(tree) & {*where}:
        tree = substitute(tree, where)
    return tree
