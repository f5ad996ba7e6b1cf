"""The parts of a program, and what may have been meant where one of them stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

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
    replace_part,
    walk,
)
from helpers.diagnosis.edits import is_inside
from helpers.diagnosis.python_words import Place
from helpers.diagnosis.repairs import changes, terms_of
from helpers.diagnosis.repairs import meant as as_meant
from helpers.diagnosis.right_forms import pieces_of
from helpers.diagnosis.slips import ONE, TWO, ZERO, Changes
from helpers.diagnosis.tasks import Task, branches_of, is_step


class Part(NamedTuple):
    """A part of a program.

    node : what is read there.
    same : the identities of the nodes that stand for it in the formula.
    places : where it stands, and where it is used by its name if that is once.
    test : where its condition stands, if it is a choice.
    in_test : does it stand in a condition?
    is_name : is it the use of a name?
    joined : where its condition and another one stand, joined by `and` or `or`.
    is_factor : is something multiplied by it?
    """

    node: Tree
    same: frozenset[int]
    places: tuple[Place, ...]
    test: Place | None
    in_test: bool
    is_name: bool
    joined: Place | None = None
    is_factor: bool = False


def may_become(part: Part, new: Tree) -> bool:
    """May it be changed to this? `d[z > 0] = 1` is a choice by a condition alone, and no value."""
    alone = part.test is not None and all(is_inside(p, part.test) for p in part.places)
    return not alone or (isinstance(part.node, If) and isinstance(new, If))


def may_stand_for(node: Tree, right: Tree) -> bool:
    """May a part be written instead of a part of the right answer?

    A letter or a number is no formula but one of itself, such as x/2; a 0 may stand for one.
    """
    plain = isinstance(node, Sym | Num) and node != ZERO
    return right != node and (not plain or not children(right) or node in children(right))


def what_was_lost(node: Tree, right: Tree, task: Task) -> str:
    """Tell what a part of a right answer has that its own part, written there alone, has not."""
    if not (task.moves(node) or task.moves(right)):
        return "parameter-ignored"
    match right:
        case Func(_, arg) if arg == node:
            return "function-lost"
        case Op("*" | "/", a, b) if node in (a, b):
            moves = task.moves(b if node == a else a)
            return "product-missing-term" if moves else "parameter-ignored"
        case Op("+" | "-", a, b) if node in (a, b):
            return "term-lost"
    return ""


def of_a_part(part: Part, task: Task, meant: Sequence[Tree]) -> Changes:
    """What may have been meant at a place, with the story where there is one."""
    node = part.node
    yield from changes(node, task)
    yield "sign-flipped", Neg(node)
    if not isinstance(node, Num):
        yield "complement", Op("-", ONE, node)
    yield "fraction-upside-down", Op("/", ONE, node)
    lost = "parameter-ignored" if node != ZERO else ""  # a 0 left out all, no constant alone
    story = "function-lost" if task.moves(node) else lost
    tried = [f for f in dict.fromkeys((*_TRIED_FUNCTIONS, *task.functions)) if f not in _ROWS]
    yield from ((story, Func(name, node)) for name in tried)
    match node:
        case Num() | Neg(Num()):
            yield from ((lost if n != ZERO else "", n) for n in _NUMBERS)
            yield from ((lost, Sym(name)) for name in task.parameters)
            if part.is_factor and "abs" in task.functions:  # the slope of |z|
                yield "sign-flipped", If(">", Sym(task.variable), ZERO, node, Neg(node))
            if isinstance(node, Neg) or node.value < 0:
                yield from (("parameter-ignored", Neg(n)) for n in _NUMBERS if n != ZERO)
                yield from (("", Neg(letter)) for letter in meant if isinstance(letter, Sym))
        case Sym(name):
            yield "missing-square", Op("^", node, TWO)
            higher = (n for n in task.exponents if n != TWO)
            yield from (("parameter-ignored", Op("^", node, n)) for n in higher)
            if name == task.variable:
                yield "branch-kept-z" if _is_flat_somewhere(task) else "name-for-another", ONE
        case Func(name, arg) if name in _ROWS:
            yield from (("", Func(other, arg)) for other in _ROWS if other != name)
            yield from (("term-lost", Func(name, Op("*", arg, other))) for other in meant)
            yield "", arg
        case Func(name, arg):
            if name == "exp":
                yield "term-lost", Op("+", ONE, node)
            yield "sign-flipped" if name == "abs" else "function-lost", arg
            if name == "abs":
                one_sided = (Op("max", u, ZERO) for u in (arg, Neg(arg)))
                yield from (("function-lost", side) for side in one_sided)
            called = (Func(name, Sym(letter)) for letter in sorted(names(arg)))
            inside = [*walk(arg)]  # f(1 - f(z)) for f(z)*(1 - f(z))
            yield from (
                ("activation-applied-twice", Op("*", f, arg)) for f in called if f in inside
            )
            normal = name in ("Phi", "phi")
            mixed = "function-derivative-mixup" if normal else "formula-of-other-activation"
            yield from ((mixed, Func(other, arg)) for other in TURNED.get(name, ()))
            yield from (("function-lost", Func(other, arg)) for other in tried if other != name)
        case If(sign, left, right, then, other) if other is not None:
            for turned in ("<", "<=", ">", ">="):
                story = "condition-misplaced" if turned[0] == sign[0] else "branches-swapped"
                yield story, If(turned, left, right, then, other)
            yield "", then
            yield "", other
        case Op("max" | "min" as op, a, b):
            yield "branches-swapped", Op("min" if op == "max" else "max", a, b)
            if task.parameters:
                sides = ((a, b), (b, a))
                z = Sym(task.variable)
                yield from (("max-needs-alpha-le-1", If(">", z, ZERO, *ab)) for ab in sides)
        case Op(op, a, b):
            yield from _sides_exchanged(node)
            if op == "*" and b in task.exponents and b != TWO:
                yield "", Op("^", a, b)
                if isinstance(a, Op) and a.op in "*/":
                    yield "", Op(a.op, a.left, Op("^", a.right, b))
            yield "sign-flipped" if op == "-" else "", Op(op, b, a)
            left_out = ["term-lost" if op in "+-" else ""] * 2
            if op == "-":  # of a - b the other sign is left
                left_out[1] = "complement" if a == ONE else ""
            yield from zip(left_out, (a, b), strict=True)
            pairs = {"+": "*/", "-": "*/", "*": "+-/", "/": "*"}.get(op, "")
            yield from as_meant(node, (("operation-swapped", Op(o, a, b)) for o in pairs))
            if op == "/":  # a rule may have led to 1/u as well
                yield from (("", Op(other, a, b)) for other in "+-")
    if isinstance(node, Sym | Num) or part.is_name:
        is_number, is_value = isinstance(node, Num), len(part.places) > 1
        named = "" if is_number or is_value or isinstance(node, If) else "name-for-another"
        for other in (one for one in meant if not holds_one(one, part.same)):
            yield lost if is_number and isinstance(other, Num) else named, other


def _is_flat_somewhere(task: Task) -> bool:
    """Has the right answer a piece that does not change with the variable?"""
    pieces = [piece for form in task.forms for piece in branches_of(form)]
    chosen = (n for piece in pieces for n in walk(piece) if isinstance(n, If))
    pieces += [side for n in chosen for side in (n.then, n.other) if side is not None]
    terms = (term for piece in pieces for term in terms_of(piece))
    pieces += [replace_part(t, n, ONE) for t in terms for n in walk(t) if is_step(n)]
    return any(not task.moves(piece) for piece in pieces)


_ROWS = ("row_sum", "row_mean", "row_max")
_TRIED_FUNCTIONS = ("exp", "tanh", "sigmoid", "sqrt", "ln", "abs", "cosh")
TURNED = {"sinh": ("cosh",), "cosh": ("sinh",), "sin": ("cos",), "cos": ("sin",)}
TURNED |= {"Phi": ("phi",), "phi": ("Phi",)}
_NUMBERS = tuple(Num(n) for n in ("0", "1", "2", "0.5", "3", "4"))


def of_an_exponent(node: Tree, task: Task) -> Changes:
    """The exponent that the power rule left, and that of a square that was lost or came in."""
    if isinstance(node, Num):
        asked = (n for of in task.of for b in branches_of(of) for n in walk(b))
        if any(isinstance(n, Op) and n.op == "^" and n.right == node for n in asked):
            yield "exponent-kept", Num(f"{float(node.value) - 1:g}")
            return
    if node in _EXPONENTS:
        yield "missing-square", _EXPONENTS[node]
    elif isinstance(node, Num):
        yield "", Num(f"{float(node.value) - 1:g}")


_EXPONENTS: dict[Tree, Tree] = {ONE: TWO, TWO: ONE, Neg(ONE): Neg(TWO), Neg(TWO): Neg(ONE)}


def of_a_test(part: Part, meant: Sequence[Tree]) -> Changes:
    """What decides may be another quantity, or another number."""
    story = "condition-misplaced"
    match part.node:
        case Num() | Neg(Num()):
            yield from ((story, number) for number in _NUMBERS)
            yield story, Neg(part.node)
        case Neg(arg):
            yield "branches-swapped", arg
        case _:
            yield "branches-swapped", Neg(part.node)
    yield from ((story, other) for other in (ZERO, *meant))


def with_another_bound(node: If, variable: str, bends: Sequence[Tree]) -> Changes:
    """A choice whose condition has lost the bound on the other side."""
    for bound in bends:
        for sign in ("<", "<=", ">", ">="):
            for inside in (node.then, node.other or ZERO):
                yield "condition-misplaced", If(sign, Sym(variable), bound, inside, node)


def joined_otherwise(node: Tree) -> Changes:
    """What `and` makes where `or` was written, and the other way round; both sides exchanged.

    Or one of the two conditions alone.
    """
    sides = [*dict.fromkeys(pieces_of(node))]
    if len(sides) == 2:
        yield "branches-swapped", _exchanged(node, dict(zip(sides, sides[::-1], strict=True)))
    match node:
        case If(_, _, _, If(_, _, _, then, inner) as second, other) if inner == other:
            new = replace(second, other=other)
            yield "condition-misplaced", replace(node, then=then, other=new)
            yield from _one_alone(node, second, then, other)
        case If(_, _, _, then, If(_, _, _, inner, other) as second) if inner == then:
            new = replace(second, then=then)
            yield "condition-misplaced", replace(node, then=new, other=other)
            yield from _one_alone(node, second, then, other)


def _one_alone(one: If, other: If, then: Tree, rest: Tree | None) -> Changes:
    """One of two conditions that are joined."""
    alone = (replace(condition, then=then, other=rest) for condition in (one, other))
    yield from (("condition-misplaced", new) for new in alone)


def _sides_exchanged(node: Tree) -> Changes:
    """Of a sum of two products with masks, what each mask lets through stands with the other."""
    match node:
        case Op("+", Op("*", a, If() as one), Op("*", b, If() as other)):
            yield "branches-swapped", Op("+", Op("*", b, one), Op("*", a, other))


def _exchanged(tree: Tree, instead: Mapping[Tree, Tree]) -> Tree:
    if not isinstance(tree, If) or tree.other is None:
        return instead[tree]
    sides = (_exchanged(side, instead) for side in (tree.then, tree.other))
    return replace(tree, then=next(sides), other=next(sides))


def put_in(tree: Tree, parts: Collection[int], new: Tree) -> Tree:
    """Put something where one of these parts stands, told by its identity."""
    if id(tree) in parts:
        return new
    below = children(tree)
    made = [put_in(child, parts, new) for child in below]
    same = all(a is b for a, b in zip(below, made, strict=True))
    return tree if same else replace_children(tree, made)


def holds_one(tree: Tree, parts: Collection[int]) -> bool:
    """Does one of these parts, told by its identity, stand in the tree?"""
    return any(id(node) in parts for node in walk(tree))
