"""One thing goes wrong in writing a right form down: a square lost, a sign, a bracket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isqrt
from typing import Generic, NamedTuple, TypeVar

from helpers.derivation import (
    Func,
    Neg,
    NotationError,
    Num,
    Op,
    Sym,
    Tree,
    children,
    names,
    parse,
    replace_children,
    replace_part,
    substitute,
    to_text,
    walk,
    written_out,
)
from helpers.diagnosis.tasks import Branches, Task

Said = TypeVar("Said", bound=Tree | Branches)


class Slip(NamedTuple, Generic[Said]):
    """A story, what its believer would write, and where it came from: the form, a rule, …"""

    slug: str
    tree: Said
    origin: str = "form"


ONE, TWO, ZERO = Num("1"), Num("2"), Num("0")
Changes = Iterator[tuple[str, Tree]]
Swaps = Sequence[tuple[str, Mapping[str, Tree]]]


def slips(tree: Tree, task: Task) -> Iterator[Slip[Tree]]:
    """Yield what `tree` becomes when one thing goes wrong in writing it down."""
    yield Slip("sign-flipped", _negated(tree))
    for slug, changed in rewrites(tree, task):
        yield Slip(slug, changed)
    for changed in _without_brackets(tree, task):
        yield Slip("missing-parentheses", changed)
    yield from (Slip("formula-of-other-activation", changed) for changed in _circular(tree))
    yield from (Slip("sum-taken-apart", changed, "rule") for changed in taken_apart(tree))
    yield from _in_definitions(tree, task)


def _in_definitions(tree: Tree, task: Task) -> Iterator[Slip[Tree]]:
    """What follows from a letter whose own formula was written down with a slip: g = 1/e^-z."""
    plain = replace(task, where={})
    for name in names(tree) & {*task.where}:
        for slip in slips(written_out(task.where[name], task.where), plain):
            yield slip._replace(tree=substitute(tree, {name: slip.tree}), origin="definition")


def rewrites(tree: Tree, task: Task) -> Changes:
    """Change one node, wherever it is."""
    return _everywhere(tree, task, tuple(_swaps(task)))


def _everywhere(tree: Tree, task: Task, swaps: Swaps) -> Changes:
    yield from _changes(tree, task)
    yield from _objects(tree, swaps)
    below = children(tree)
    for i, child in enumerate(below):
        for slug, new in _everywhere(child, task, swaps):
            yield slug, replace_children(tree, [*below[:i], new, *below[i + 1 :]])


def _changes(node: Tree, task: Task) -> Changes:
    match node:
        case Op("^", base, exponent):
            yield from _power_changes(base, exponent)
        case Op("+" | "-" as op, a, b):
            yield "plus-minus-swapped", Op("-" if op == "+" else "+", a, b)
            if not task.moves(b):
                yield "parameter-ignored", a
            elif task.moves(a) and any(isinstance(x, Op) and x.op in "*/^" for x in (a, b)):
                yield "product-missing-term", a
            if op == "+" and task.moves(b) and not task.moves(a):
                yield "term-lost", b
            yield from _brackets_moved(op, a, b)
            if op == "-":
                yield "sign-flipped", Op("-", b, a)
            if isinstance(b, Op) and b.op == "^":
                yield "power-distributed-over-sum", Op("^", Op(op, a, b.left), b.right)
        case Neg(arg):
            yield "sign-flipped", arg
        case Func("exp", arg):
            yield "sign-flipped", Func("exp", _negated(arg))
            if isinstance(arg, Neg):
                yield "sign-flipped", Neg(Func("exp", arg.arg))
        case Func("ln"):
            yield "logarithm-of-base-ten", Op("/", node, Func("ln", Num("10")))
        case Func(name, Op("*", Num("2"), arg)):
            yield "square-on-argument", Func(name, Op("^", arg, TWO))
        case Op("*", a, b):
            yield from _dropped_factor(a, b, task)
            yield from _dropped_factor(b, a, task)
            yield from _one_minus_inside(a, b)
        case Op("/", a, b):
            if not task.moves(b):
                yield "parameter-ignored", a
            elif a != ONE:
                slug = "product-missing-term" if task.moves(a) else "parameter-ignored"
                yield slug, Op("/", ONE, b)
            if isinstance(b, Op) and b.op == "^" and b.right == TWO:
                yield "missing-parentheses", Op("*", Op("/", a, b.left), b.left)
                if a != ONE:
                    yield "missing-parentheses", Op("^", Op("/", a, b.left), TWO)


def _power_changes(base: Tree, exponent: Tree) -> Changes:
    if exponent not in (TWO, Neg(TWO)):
        return

    def power(new: Tree) -> Tree:
        return new if exponent == TWO else Op("^", new, Neg(ONE))

    yield "missing-square", power(base)
    yield "square-as-times-two", power(Op("*", TWO, base))
    for inside in _squared_inside(base):
        yield "square-on-argument", power(inside)
        yield "square-on-argument", Op("^", inside, exponent)
    match base:
        case Func(name, arg):
            yield "square-as-times-two", power(Func(name, Op("*", TWO, arg)))
            yield "square-as-times-two", power(Op("*", Func(name, TWO), arg))
        case Op("+" | "-" as op, a, b):
            squares = Op(op, _square(a), _square(b))
            yield "power-distributed-over-sum", power(squares)
            yield "square-as-times-two", power(Op(op, a, Op("*", TWO, b)))
        case Op("/", a, b):
            yield "missing-parentheses", Op("/", a, _square(b))
            yield "missing-parentheses", Op("/", _square(a), b)
        case Op("*", a, b):
            yield "missing-parentheses", Op("*", a, _square(b))


def _square(tree: Tree) -> Tree:
    match tree:
        case Num("1"):
            return tree
        case Func("exp", arg):
            return Func("exp", Op("*", TWO, arg))
    return Op("^", tree, TWO)


def _squared_inside(tree: Tree) -> Iterator[Tree]:
    """f(u) becomes f(u^2), with and without the sign in front of u."""
    match tree:
        case Func(name, Neg(arg)):
            yield Func(name, Neg(Op("^", arg, TWO)))
            yield Func(name, Op("^", arg, TWO))
        case Func(name, arg):
            yield Func(name, Op("^", arg, TWO))
        case _:
            below = children(tree)
            for i, child in enumerate(below):
                for new in _squared_inside(child):
                    yield replace_children(tree, [*below[:i], new, *below[i + 1 :]])


def _brackets_moved(op: str, a: Tree, b: Tree) -> Changes:
    """2*f(u) - 1 becomes 2*(f(u) - 1) or 2*f(u - 1)."""
    factor, inner = (a.left, a.right) if isinstance(a, Op) and a.op == "*" else (None, a)
    if factor is not None:
        yield "missing-parentheses", Op("*", factor, Op(op, inner, b))
    if isinstance(inner, Func):
        moved = Func(inner.name, Op(op, inner.arg, b))
        yield "missing-parentheses", Op("*", factor, moved) if factor is not None else moved


def _dropped_factor(kept: Tree, dropped: Tree, task: Task) -> Changes:
    if dropped in (ZERO, ONE):  # nobody forgets these
        return
    if not task.moves(dropped):
        yield "parameter-ignored", kept
        return
    named = dropped in [Sym(name) for name in task.where] or isinstance(dropped, Func)
    if named and _holds_factor(kept, dropped):
        yield "missing-square", kept
    yield "product-missing-term", kept


def _holds_factor(tree: Tree, part: Tree) -> bool:
    """Does a factor beside this tree make a square of the part: g*(1 - g) = g - g^2?

    >>> _holds_factor(parse("1 - sinh(z)"), parse("sinh(z)"))
    True
    >>> _holds_factor(parse("1/(1 + exp(z))"), parse("exp(z)"))
    False
    """
    match tree:
        case Op("+" | "-" | "*"):
            return any(_holds_factor(child, part) for child in children(tree))
        case Op("/" | "^", base):
            return _holds_factor(base, part)
        case Neg(arg):
            return _holds_factor(arg, part)
    return tree == part


def _one_minus_inside(a: Tree, b: Tree) -> Changes:
    """f(u)*(1 - f(u)) becomes f(u)*f(1 - u)."""
    if isinstance(a, Func) and b == Op("-", ONE, a):
        yield "one-minus-inside", Op("*", a, Func(a.name, Op("-", ONE, a.arg)))


def _objects(node: Tree, swaps: Swaps) -> Changes:
    """The wrong object: input for output, output for input, a formula of another function."""
    used = names(node)
    for slug, instead in swaps:
        if not used.isdisjoint(instead):
            yield slug, substitute(node, instead)
    for activation in {n for n in walk(node) if isinstance(n, Func) and n.name in ACTIVATIONS}:
        yield "z-for-g", replace_part(node, activation, activation.arg)
        yield (
            "activation-applied-twice",
            replace_part(node, activation, Func(activation.name, activation)),
        )
    match node:
        case Op("*", a, Op("-", Num("1"), b)) if a == b:
            yield "formula-of-other-activation", Op("-", ONE, Op("^", a, TWO))
        case Op("-", Num("1"), Op("^", a, Num("2"))):
            yield "formula-of-other-activation", Op("*", a, Op("-", ONE, a))


ACTIVATIONS = ("sigmoid", "tanh", "erf")  # whose output is taken for their input
_SLOPES = ("alpha", "a")  # often fixed at 0.01


def _swaps(task: Task) -> Iterator[tuple[str, Mapping[str, Tree]]]:
    yield from task.swaps
    for name in task.parameters:
        yield "parameter-ignored", {name: ONE}
        if name in _SLOPES:
            yield "parameter-ignored", {name: Num("0.01")}
        yield "sign-flipped", {name: Func("abs", Sym(name))}
    for name, meaning in task.where.items():
        yield "z-for-g", {name: Sym("z")}
        for argument in _arguments(meaning, task):
            yield "z-for-g", {name: argument}
        spelled = written_out(meaning, task.where)
        for slug, changed in rewrites(spelled, replace(task, where={})):
            if slug in ("parameter-ignored", "sign-flipped"):
                yield slug, {name: changed}
        for other in (name, *task.where):
            into = substitute(meaning, {"z": Sym(other)})
            if not names(into) & {"z"}:
                yield "activation-applied-twice", {name: into}


def _arguments(meaning: Tree, task: Task) -> Iterator[Tree]:
    """What the exponential or the function in a definition is applied to, up to its sign."""
    for node in walk(meaning):
        if isinstance(node, Func):
            arg = node.arg.arg if isinstance(node.arg, Neg) else node.arg
            if isinstance(arg, Op) and arg.op == "*" and isinstance(arg.left, Neg):
                arg = Op("*", arg.left.arg, arg.right)
            yield arg


def _negated(tree: Tree) -> Tree:
    return tree.arg if isinstance(tree, Neg) else Neg(tree)


def _without_brackets(tree: Tree, task: Task) -> Iterator[Tree]:
    """Write the tree down, strike out one pair of brackets, and read what is left."""
    for text in {to_text(tree), to_text(_unfolded(tree))}:
        for i, j in _bracket_pairs(text):
            shorter = text[:i] + text[i + 1 : j] + text[j + 1 :]
            try:
                yield parse(shorter, variable=task.variable, where=task.where)
            except NotationError:
                continue


def _unfolded(tree: Tree) -> Tree:
    """u^2 written as u*u."""
    tree = replace_children(tree, [_unfolded(child) for child in children(tree)])
    match tree:
        case Op("^", Op("+" | "-" as op, a, b), Num("2")):
            return Op("*", Op(op, a, b), Op(op, a, b))
    return tree


def _bracket_pairs(text: str) -> Iterator[tuple[int, int]]:
    """The places of brackets that group; those of functions stay."""
    open_at = []
    for i, character in enumerate(text):
        if character == "(":
            open_at.append(i)
        elif character == ")":
            start = open_at.pop()
            if start == 0 or not text[start - 1].isalpha():
                yield start, i


def taken_apart(tree: Tree) -> Iterator[Tree]:
    """1/(u + v) becomes 1/u + 1/v, and f(u + v) becomes f(u) + f(v), at one place.

    >>> [to_text(changed) for changed in taken_apart(parse("sqrt(z^2 + 4)"))]
    ['sqrt(z^2) + sqrt(4)', 'z + 2']
    """
    match tree:
        case Op("/", u, Op("+" | "-") as total):
            yield from _of_each(total, lambda term: Op("/", u, term))
        case Func(name, Op("+" | "-") as total):
            yield from _of_each(total, lambda term: Func(name, term))
    below = children(tree)
    for i, child in enumerate(below):
        for new in taken_apart(child):
            yield replace_children(tree, [*below[:i], new, *below[i + 1 :]])


def _of_each(total: Tree, recipe: Callable[[Tree], Tree]) -> tuple[Tree, Tree]:
    """A recipe taken of each term of a sum, as it stands and worked out."""
    match total:
        case Op("+" | "-" as op, a, b):
            (one, first), (two, second) = _of_each(a, recipe), _of_each(b, recipe)
            plain = second if first == ZERO and op == "+" else Op(op, first, second)
            return Op(op, one, two), plain
    return recipe(total), _worked_out(recipe(total))


def _worked_out(term: Tree) -> Tree:
    match term:
        case Op("/", u, v) if u == v:
            return ONE
        case Op("/", u, Num("1")) | Func("sqrt", Op("^", u, Num("2"))) | Func("ln", Func("exp", u)):
            return u
        case Op("/", u, Func("exp", v)):
            power = Func("exp", _negated(v))
            return power if u == ONE else Op("*", u, power)
        case Func("ln", Num("1")):
            return ZERO
        case Func("sqrt", Num() as u) if (root := isqrt(int(u.value))) ** 2 == u.value:
            return Num(str(root))
    return term


_CIRCLE = {"sinh": "sin", "cosh": "cos", "tanh": "tan"}


def _circular(tree: Tree) -> Iterator[Tree]:
    """Hyperbolic functions read as those of the circle."""

    def turned(tree: Tree) -> Tree:
        new = replace_children(tree, [turned(child) for child in children(tree)])
        return Func(_CIRCLE.get(new.name, new.name), new.arg) if isinstance(new, Func) else new

    if (changed := turned(tree)) != tree:
        yield changed
