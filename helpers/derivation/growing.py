"""What became of what: from one line of a derivation to the next.

Two lines are read side by side. Parts that stand in both are kept, and what is left on both sides
changed; inside of it, parts that only moved are found as well. Terms of a sum and factors of a
product may change their places. A minus sign in front is a part of its own, so that two of them can
be seen to cancel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from helpers.derivation.trees import (
    D,
    Func,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    replace_children,
    walk,
)


@dataclass
class Growth:
    """Pairs of parts, as they stand in the old line and in the new one.

    kept : the same part in both lines; changed : parts, or signs, that became others; moved : equal
    parts of `changed`. A part is a node, or for its sign alone a pair: (node, "minus") in a sum,
    (node, "sign") in front.
    """

    kept: list[tuple[Part, Part]] = field(default_factory=list)
    changed: list[tuple[list[Part], list[Part]]] = field(default_factory=list)
    moved: list[tuple[Tree, Tree]] = field(default_factory=list)


Part = Tree | tuple[Tree, str]


def growth(old: Tree, new: Tree) -> Growth:
    """Compare two lines; their nodes must be objects of their own (see `own_nodes`).

    >>> from helpers.derivation import parse, to_text
    >>> found = growth(*map(parse, ("g^-2*D(1 + exp(-z))", "g^-2*exp(-z)*D(-z)")))
    >>> [[to_text(part) for part in side] for side in found.changed[0]]
    [['D(1 + exp(-z))'], ['exp(-z)', 'D(-z)']]
    >>> [to_text(part) for part, _ in found.kept], [to_text(part) for part, _ in found.moved]
    (['g^(-2)'], ['exp(-z)'])
    """
    found = Growth()
    _compare(old, new, found)
    for before, after in found.changed:
        found.moved += _moved(_nodes(before), _nodes(after))
    return found


def own_nodes(tree: Tree) -> Tree:
    """Return an equal tree in which every node is an object of its own."""
    copied = replace_children(tree, [own_nodes(child) for child in children(tree)])
    return type(tree)(**vars(tree)) if copied is tree else copied


def _compare(old: Tree, new: Tree, found: Growth) -> None:
    if old == new:
        found.kept.append((old, new))
        return
    for flat in (_terms, _factors):
        before, after = flat(old), flat(new)
        if max(len(before), len(after)) > 1 and _match(before, after, found):
            return
    if _alike(old, new):
        pairs = list(zip(children(old), children(new), strict=True))
        same = [a == b for a, b in pairs]
        if any(same) or len(pairs) == 1 or isinstance(old, Op):
            for a, b in pairs:
                _compare(a, b, found)
            return
    found.changed.append(([old], [new]))


def _alike(old: Tree, new: Tree) -> bool:
    """Whether both are the same operation on other operands."""
    match old, new:
        case (Op(a), Op(b)) | (Func(a), Func(b)):
            return a == b
        case (Neg(), Neg()) | (D(), D()):
            return True
    return False


def _match(before: Sequence[Part], after: Sequence[Part], found: Growth) -> bool:
    """Pair equal terms or factors and compare what is left; False where nothing is equal."""
    left, pairs = list(after), []
    rest: list[Part] = []
    for part in before:
        twin = next((one for one in left if _equal(part, one)), None)
        if twin is None:
            rest.append(part)
        else:
            left = [one for one in left if one is not twin]
            pairs.append((part, twin))
    if not any(_is_tree(part) for part, _ in pairs):
        return False
    found.kept += pairs
    signs = [part for part in (*rest, *left) if not _is_tree(part)]
    if len(rest) == len(left) == 1 and not signs:
        _compare(rest[0], left[0], found)  # type: ignore[arg-type]
    elif rest or left:
        found.changed.append((rest, left))
    return True


def _equal(part: Part, other: Part) -> bool:
    if _is_tree(part) and _is_tree(other):
        return part == other
    return not _is_tree(part) and not _is_tree(other) and part[1] == other[1]  # type: ignore[index]


def _is_tree(part: Part) -> bool:
    return not isinstance(part, tuple)


def _terms(tree: Tree) -> list[Part]:
    """Return the terms of a sum, and the minus signs in it."""
    match tree:
        case Op("+", left, right):
            return [*_terms(left), *_terms(right)]
        case Op("-", left, right):
            return [*_terms(left), (tree, "minus"), right]
    return [tree]


def _factors(tree: Tree) -> list[Part]:
    """Return the factors of a product, and the minus signs in front of them."""
    match tree:
        case Op("*", left, right):
            return [*_factors(left), *_factors(right)]
        case Neg(arg):
            return [(tree, "sign"), *_factors(arg)]
    return [tree]


def _nodes(parts: Sequence[Part]) -> list[Tree]:
    return [part for part in parts if not isinstance(part, tuple)]


def _moved(before: Sequence[Tree], after: Sequence[Tree]) -> Iterator[tuple[Tree, Tree]]:
    """Yield equal parts of changed ones, largest first; a letter or a number alone is no news."""
    there = [node for tree in before for node in walk(tree) if not isinstance(node, Num | Sym)]
    stack = list(after)
    while stack:
        node = stack.pop(0)
        twin = next((one for one in there if one == node), None)
        if twin is None:
            stack += children(node)
        else:
            inside = {id(one) for one in walk(twin)}
            there = [one for one in there if id(one) not in inside]
            yield twin, node
