"""Difference quotients in the place of a slope: in a source, and in numbers."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import numpy as np

from helpers.derivation import Neg, Num, Op, Sym, Tree, walk
from helpers.diagnosis.beliefs import Beliefs
from helpers.diagnosis.line_diagnosis import is_multiple
from helpers.diagnosis.programs import as_formula
from helpers.diagnosis.python_words import parsed


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


def is_near(values: np.ndarray, slopes: np.ndarray) -> bool:
    """Are these about the slopes, as quotients of a small step are? Wrong ones are not."""
    return bool(np.median(np.abs(values - slopes)) < 0.1 * np.max(np.abs(slopes)))


def is_by_quotient(source: str, letters: Sequence[str]) -> bool:
    """Is a function, as far as its source can be read, a difference quotient?"""
    formula = as_formula(source, letters)
    if formula is None:
        return divides_a_difference(source)
    return any(is_quotient(formula, letter) for letter in letters)


def divides_a_difference(source: str) -> bool:
    """Read the source: does it divide the difference of two values of one function?"""
    if (tree := parsed(source)) is None:
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


def are_of_a_quotient(values: np.ndarray, beliefs: Beliefs) -> bool:
    """Is it (f(z + h) - f(z))/h, or (f(z + h) - f(z - h))/(2h), for a usual step h?"""
    of = beliefs.task.of[0] if beliefs.task.of else None
    if of is None or beliefs.task.asks_value or is_multiple(values, beliefs.reference, 1e-12):
        return False

    def f(step: float) -> np.ndarray:
        moved = beliefs.at | {beliefs.task.variable: beliefs.at[beliefs.task.variable] + step}
        return Beliefs(
            beliefs.task, {n: moved[n] for n in moved if n not in beliefs.task.where}
        ).numbers(of)

    for h in (s * m * 10.0**-k for k in range(7) for m in (1, 2, 5) for s in (1, -1)):
        forward, here, back = f(h), f(0.0), f(-h)
        for quotient in ((forward - here) / h, (forward - back) / (2 * h)):
            if np.allclose(values, quotient, rtol=1e-8, atol=1e-9):
                return True
    # With a tiny step only rounding is left: all results are whole multiples of 2^-62/h.
    for h in (m * 10.0**-k for k in range(10, 17) for m in (1, 2, 5)):
        units = values * h * 2.0**62
        if np.any(units) and np.all(np.abs(units - np.round(units)) < 1e-5):
            return True
    return False
