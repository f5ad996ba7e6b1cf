"""What a function's source shows at a glance: a difference quotient, one decision for all, sums."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np

from helpers.derivation import Func, Neg, Num, Op, Sym, Tree, array_values, children, walk
from helpers.exercises.programs import Place, Program, as_formula
from helpers.exercises.python_words import OF_A_ROW


def is_quotient(tree: Tree, variable: str) -> bool:
    """Does it divide the difference of two values that lie a small step apart by that step?

    >>> from helpers.derivation import parse
    >>> is_quotient(parse("((z + 0.001)^2 - z^2)/0.001"), "z"), is_quotient(parse("(z - 1)/2"), "z")
    (True, False)
    """
    return any(
        isinstance(node, Op)
        and node.op == "/"
        and isinstance(node.left, Op)
        and node.left.op == "-"
        and any(_is_moved(part, variable) for part in walk(node.left))
        and all(isinstance(part, Num | Op | Neg) for part in walk(node.right))
        for node in walk(tree)
    )


def _is_moved(node: Tree, variable: str) -> bool:
    match node:
        case Op("+" | "-", Sym(name), Num() as step) if name == variable:
            return 0 < step.value < 0.05
    return False


def is_by_quotient(source: str, letters: Sequence[str]) -> bool:
    """Is a function, as far as its source can be read, a difference quotient?"""
    formula = as_formula(source, letters)
    if formula is None:
        return divides_a_difference(source)
    return any(is_quotient(formula, letter) for letter in letters)


def divides_a_difference(source: str) -> bool:
    """Read the source: does it divide the difference of two values of one function?"""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("gradient", "diff"):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            top = node.left
            if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Sub):
                a, b = top.left, top.right
                if isinstance(a, ast.Call) and isinstance(b, ast.Call):
                    called, step = ast.dump(a.func), map(ast.dump, ast.walk(node.right))
                    if called == ast.dump(b.func) and called not in step:
                        return True
    return False


def is_decided_once(source: str) -> bool:
    """Does an `if` with `any` or `all` take one decision for a whole array?"""
    try:
        tree = ast.parse(source.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    ifs = [n for n in ast.walk(tree) if isinstance(n, ast.If | ast.IfExp)]
    guards = [n for n in ifs if isinstance(n, ast.If) and isinstance(n.body[0], ast.Raise)]
    tests = [n.test for n in ifs if n not in guards]
    called = (n.func for test in tests for n in ast.walk(test) if isinstance(n, ast.Call))
    return any(getattr(f, "attr", getattr(f, "id", "")) in ("any", "all") for f in called)


def return_behind_its_loop(source: str) -> tuple[str, Place] | None:
    """Move a `return` that ends a loop in its first round behind the loop; say where it then is.

    >>> mended, place = return_behind_its_loop("for x in z:\\n    out += x\\n    return out")
    >>> print(mended, place)
    for x in z:
        out += x
    return out (3, 0, 10)
    """
    try:
        tree = ast.parse(source.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    rows = source.strip().split("\n")
    for loop in ast.walk(tree):
        match loop:
            case ast.For(body=[_, *_, ast.Return() as last]) if last.lineno == last.end_lineno:
                row = rows[last.lineno - 1].strip()
                rows[last.lineno - 1] = " " * loop.col_offset + row
                end = loop.col_offset + (last.end_col_offset or 0) - last.col_offset
                return "\n".join(rows), (last.lineno, loop.col_offset, end)
    return None


def first_not_finite(program: Program, at: Mapping[str, float]) -> Place | None:
    """Where in a program numbers become inf or nan, if it is one expression that does it."""

    def is_finite(tree: Tree) -> bool:
        try:
            with np.errstate(all="ignore"):
                return bool(np.isfinite(array_values(tree, at)).all())
        except (KeyError, TypeError):
            return True

    wrong = [
        (place, part)
        for place, part in program.parts
        if not is_finite(part) and all(map(is_finite, children(part)))
    ]
    alike = all(part == wrong[0][1] for _, part in wrong)
    return min((place for place, _ in wrong), default=None) if alike else None


def is_of_a_row(*trees: Tree) -> bool:
    """Does one hold a sum over a row, or another function of a whole row?"""
    nodes = (node for tree in trees for node in walk(tree))
    return any(isinstance(n, Func) and n.name in OF_A_ROW.values() for n in nodes)
