"""What a function's source shows at a glance: one decision for all, sums of a row."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import numpy as np

from helpers.derivation import Func, Op, Tree, array_values, children, evaluate, walk
from helpers.diagnosis.programs import Program
from helpers.diagnosis.python_words import OF_A_ROW, Place, parsed
from helpers.diagnosis.slips import ONE


def is_decided_once(source: str) -> bool:
    """Does an `if` with `any` or `all` take one decision for a whole array?

    One in a loop decides for what the loop has come to.

    >>> is_decided_once("if all(z > 0): return z")
    True
    >>> is_decided_once("for unit in z.T:\\n    if all(unit <= 0): dead += 1")
    False
    """
    return bool(deciding(source))


def deciding(source: str) -> list[ast.expr]:
    """The conditions with `any` or `all` that take one decision for a whole array.

    >>> [ast.unparse(test) for test in deciding("if all(z > 0): return z")]
    ['all(z > 0)']
    """
    if (tree := parsed(source)) is None:
        return []
    loops = [n for n in ast.walk(tree) if isinstance(n, ast.For | ast.While | ast.comprehension)]
    inside = {n for loop in loops for n in ast.walk(loop)}
    ifs = [n for n in ast.walk(tree) if isinstance(n, ast.If | ast.IfExp) and n not in inside]
    guards = [n for n in ifs if isinstance(n, ast.If) and isinstance(n.body[0], ast.Raise)]
    return [n.test for n in ifs if n not in guards and _is_of_all(n.test) and not _is_of_a_mask(n)]


def _is_of_a_mask(choice: ast.If | ast.IfExp) -> bool:
    """Does it ask whether a mask holds for any, and is what is done there done by that mask?"""
    read = {n.id for n in ast.walk(choice.test) if isinstance(n, ast.Name)}
    places = [n.slice for n in ast.walk(choice) if isinstance(n, ast.Subscript)]
    return any(isinstance(place, ast.Name) and place.id in read for place in places)


def _is_of_all(test: ast.expr) -> bool:
    called = (n.func for n in ast.walk(test) if isinstance(n, ast.Call))
    return any(getattr(f, "attr", getattr(f, "id", "")) in ("any", "all") for f in called)


def fills_one_like_its_input(source: str) -> bool:
    """Does it write into an array made like its input, which holds whole numbers where that does?

    >>> fills_one_like_its_input("d = np.ones_like(z)\\nd[z < 0] = 0.1")
    True
    >>> fills_one_like_its_input("d = np.ones_like(z, dtype=float)\\nd[z < 0] = 0.1")
    False
    """
    tree = parsed(source)
    nodes = [*ast.walk(tree)] if tree is not None else []
    stored = [n for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)]
    written = {getattr(n.value, "id", "") for n in stored}
    made = [n for n in nodes if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call)]
    like = [n for n in made if getattr(n.targets[0], "id", None) in written]
    calls = [n.value for n in like if isinstance(n.value, ast.Call)]
    names = {"ones_like", "zeros_like", "empty_like", "copy", "array"}
    return any(
        getattr(c.func, "attr", "") in names and not any(w.arg == "dtype" for w in c.keywords)
        for c in calls
    )


def return_behind_its_loop(source: str) -> tuple[str, Place] | None:
    """Move a `return` that ends a loop in its first round behind the loop; say where it then is.

    >>> mended, place = return_behind_its_loop("for x in z:\\n    out += x\\n    return out")
    >>> print(mended, place)
    for x in z:
        out += x
    return out (3, 0, 10)
    """
    if (tree := parsed(source)) is None:
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


def sum_that_absorbs(program: Program, at: Mapping[str, float]) -> Place | None:
    """Where a number is added to 1 that is too small to leave its digits in the sum."""

    def size(tree: Tree) -> float:
        try:
            with np.errstate(all="ignore"):
                return float(np.max(np.abs(array_values(tree, at))))
        except (KeyError, TypeError):
            return np.inf

    sums = ((place, n) for place, n in program.parts if isinstance(n, Op) and n.op == "+")
    sides = ((p, *pair) for p, n in sums for pair in ((n.left, n.right), (n.right, n.left)))
    return min((p for p, a, b in sides if a == ONE and 0 < size(b) < 1e-8), default=None)


def first_to_lose_digits(program: Program, at: Mapping[str, float]) -> Place | None:
    """Where in a program digits are lost, of operands that have all of theirs, if in one place."""

    def error(tree: Tree) -> float:
        try:
            with np.errstate(all="ignore"):
                mine, exact = float(array_values(tree, at)), evaluate(tree, at)
            return 1.0 if exact is None else float(abs((mine - exact) / exact)) if exact else 0.0
        except (KeyError, TypeError, ValueError):
            return 1.0

    wrong = {
        place
        for place, part in program.parts
        if 1e-9 < error(part) < 2 and all(error(child) < 1e-12 for child in children(part))
    }
    return wrong.pop() if len(wrong) == 1 else None


def is_of_a_row(*trees: Tree) -> bool:
    """Does one hold a sum over a row, or another function of a whole row?"""
    nodes = (node for tree in trees for node in walk(tree))
    return any(isinstance(n, Func) and n.name in OF_A_ROW.values() for n in nodes)
