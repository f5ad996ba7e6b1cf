"""The form of an expression, up to the order of terms and factors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

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
    substitute,
    to_text,
    walk,
)

Form = tuple


def form_of(tree: Tree, where: Mapping[str, Tree]) -> Form:
    """Return the form of an expression, its letters written for what they stand for."""
    return _form(with_letters(tree, where))


def has_form(tree: Tree, wanted: Form, where: Mapping[str, Tree]) -> bool:
    """Has it this form, with letters or written out?"""
    return wanted in (form_of(tree, where), _form(substitute(tree, where)))


def tree_size(tree: Tree, where: Mapping[str, Tree]) -> int:
    """Count the parts of an expression, its letters put in; z² is shorter than z·z."""
    nodes = list(walk(with_letters(tree, where)))
    return len(nodes) - sum(isinstance(n, Op) and n.op == "^" for n in nodes)


def symbols_of(tree: Tree) -> set[str]:
    """The letters and functions of an expression."""
    return names(tree) | {node.name for node in walk(tree) if isinstance(node, Func)}


def is_tidy(tree: Tree) -> bool:
    """Does no 0 stand in it, and no factor 1?

    >>> from helpers.derivation import parse
    >>> is_tidy(parse("1 - z^2")), is_tidy(parse("1*z")), is_tidy(parse("z*(0 - 1)"))
    (True, False, False)
    """
    one = Num("1")
    return not any(
        node == Num("0") or (isinstance(node, Op) and node.op == "*" and one in children(node))
        for node in walk(tree)
    )


def with_letters(tree: Tree, where: Mapping[str, Tree]) -> Tree:
    """Write g for sigmoid(z) where g has this definition, and a case that is 0 else as a step."""
    for name, meaning in where.items():
        if tree == meaning and isinstance(tree, Func):
            return Sym(name)
        if isinstance(tree, Func) and tree.name == "sigmoid":
            spelled = Op("/", Num("1"), Op("+", Num("1"), Func("exp", _minus(tree.arg))))
            if to_text(spelled) == to_text(meaning):
                return Sym(name)
    tree = replace_children(tree, [with_letters(child, where) for child in children(tree)])
    match tree:
        case If(">", inside, Num("0"), then, Num("0")) | If("<", Num("0"), inside, then, Num("0")):
            step = Func("step", inside)
            return step if then == Num("1") else Op("*", then, step)
    return tree


def _minus(tree: Tree) -> Tree:
    match tree:
        case Op("*", a, b):
            return Neg(Op("*", a, b))
    return Neg(tree)


def _form(tree: Tree) -> Form:
    return tuple(sorted((_product(term) for term in _terms(tree, 1)), key=repr))


def _terms(tree: Tree, sign: int) -> Iterator[tuple[int, Tree]]:
    match tree:
        case Op("+" | "-" as op, a, b):
            yield from _terms(a, sign)
            yield from _terms(b, sign if op == "+" else -sign)
        case Neg(arg):
            yield from _terms(arg, -sign)
        case _:
            yield sign, tree


def _product(term: tuple[int, Tree]) -> Form:
    number = Fraction(term[0])
    powers: Counter[Form] = Counter()

    def collect(tree: Tree, k: int) -> None:
        nonlocal number
        match tree:
            case Num() if tree.value or k > 0:
                number *= tree.value**k
            case Neg(arg):
                number *= (-1) ** k
                collect(arg, k)
            case Op("*", a, b):
                collect(a, k)
                collect(b, k)
            case Op("/", a, b):
                collect(a, k)
                collect(b, -k)
            case Op("^", a, Num(n)) if n.isdigit():
                collect(a, k * int(n))
            case Op("^", a, Neg(Num(n))) if n.isdigit():
                collect(a, -k * int(n))
            case Func(name, arg):
                powers[name, _form(arg)] += k
            case Op("+" | "-"):
                powers["sum", _form(tree)] += k
            case _:
                powers[to_text(tree), ()] += k

    collect(term[1], 1)
    return str(number), tuple(sorted(((b, k) for b, k in powers.items() if k), key=repr))
