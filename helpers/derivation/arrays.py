"""What a tree is worth at many places at once, in the arithmetic of NumPy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from helpers.derivation.trees import Func, If, Neg, Num, Op, Sym, Tree
from helpers.derivation.vocabulary import FUNCTIONS

_SIGNS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
_TESTS = {
    **{"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"},
    "!=": "not_equal",
}

# Functions of a whole row, in programs that are read; no notation has them.
_OF_A_ROW = {"row_sum": "sum", "row_mean": "mean", "row_max": "max", "row_std": "std"}


def array_values(tree: Tree, at: Mapping[str, Any], *, from_left: bool = False) -> Any:
    """Compute a formula without D as it stands, its letters being arrays, floats or dual numbers.

    NumPy is loaded at the first call. Where there is no value, there is nan; `from_left` gives
    step(0) the value on its left, by the course's convention.

    >>> import numpy as np
    >>> from helpers.derivation import parse
    >>> array_values(parse("1 - z^2"), {"z": np.array([0.0, 2.0])})
    array([ 1., -3.])
    """
    import numpy as np

    def compute(tree: Tree) -> Any:
        match tree:
            case Num(text):
                return float(text)
            case Sym("pi" | "e" as name):
                return getattr(math, name)
            case Sym(name):
                return at[name]
            case Neg(arg):
                return -compute(arg)
            case Op(name, left, right) if name in _SIGNS:
                return getattr(np, _SIGNS[name])(compute(left), compute(right))
            case Op(name, left, right):
                return FUNCTIONS[name].in_numpy()(compute(left), compute(right))
            case Func(name, arg) if name in _OF_A_ROW:
                row = np.atleast_1d(compute(arg))
                return getattr(row, _OF_A_ROW[name])(axis=-1, keepdims=True)
            case Func(name, arg):
                u = compute(arg)
                v = FUNCTIONS[name].in_numpy()(u)
                return np.where(u == 0, 0.0, v) if from_left and FUNCTIONS[name].kink else v
            case If(sign, left, right, then, other):
                u, v = compute(left), compute(right)
                otherwise = math.nan if other is None else compute(other)
                chosen = np.where(getattr(np, _TESTS[sign])(u, v), compute(then), otherwise)
                return np.where(np.isnan(u) | np.isnan(v), math.nan, chosen)
        raise TypeError(f"our fault: {type(tree).__name__} has no value in an array")

    return compute(tree)
