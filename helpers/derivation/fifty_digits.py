"""What a tree is worth: its value to 50 digits, computed by mpmath."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import mpmath

from helpers.derivation.calculus import carry_out
from helpers.derivation.errors import NotationError
from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree
from helpers.derivation.vocabulary import FUNCTIONS
from helpers.language import type_error, value_error

DIGITS = 50
precise = mpmath.mp.clone()  # a context of our own: the user's mpmath precision stays as it is
precise.dps = DIGITS + 30
MAX_OPERATIONS = 3_000
_HUGE = 10**6  # exponents beyond this are overflow, not mathematics


def _power(base: mpmath.mpf, exponent: mpmath.mpf) -> mpmath.mpf | None:
    if base == 0 and exponent <= 0:
        return None
    if base and abs(exponent * precise.ln(abs(base))) > _HUGE:
        return None
    return base**exponent


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv},
    "^": _power,
}


def _operation(name: str) -> Callable[..., Any]:
    """Return what a sign or a function does to numbers; None stands for no value."""
    if name in _OPERATIONS:
        return _OPERATIONS[name]
    f = FUNCTIONS[name].in_mpmath(precise)
    if FUNCTIONS[name].any_size:
        return f
    return lambda x: f(x) if abs(x) <= _HUGE else None


_COMPARED: Mapping[str, Callable[..., bool]] = {
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    "!=": operator.ne,
}


def _chosen(sign: str, left: Any, right: Any, then: Any, other: Any) -> mpmath.mpf | None:
    """The side of an `If` that counts; nothing where that cannot be told."""
    if left is None or right is None:
        return None
    if abs(left - right) < precise.mpf(10) ** -65:  # a tie
        return then if sign in ("<=", ">=") else other
    return then if _COMPARED[sign](left, right) else other


def _number(x: Any) -> mpmath.mpf:
    return precise.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else precise.mpf(x)


def _each(function: Callable[..., Any], *columns: list) -> list:
    return [_real(function, row) for row in zip(*columns, strict=True)]


def _real(function: Callable[..., Any], arguments: tuple) -> mpmath.mpf | None:
    """A finite real value or None."""
    if any(x is None for x in arguments):
        return None
    try:
        y = function(*arguments)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return y if isinstance(y, precise.mpf) and precise.isfinite(y) else None


def values(
    tree: Tree,
    points: Sequence[Mapping[str, Any]],
    *,
    variable: str = "z",
    where: Mapping[str, Tree] | None = None,
) -> list[mpmath.mpf | None]:
    """Evaluate a tree at many points with 50 digits; None where it has no real value.

    Letters in `where` stand for their trees, which may use one another; `D(…)` differentiates
    through them. A derivative has a value only where what is differentiated has one. Values
    whose exponentials exceed e^(10^6) count as undefined.

    >>> from helpers.derivation import parse
    >>> g_prime = parse("D(g)", where={"g"})
    >>> [v] = values(g_prime, [{"z": 0}], where={"g": parse("1/(1 + e^-z)")})
    >>> float(v)
    0.25
    """
    where = where or {}
    memo: dict[Tree | int, tuple[Tree, list]] = {}

    def column(tree: Tree) -> list:
        letter = isinstance(tree, Sym) or (isinstance(tree, D) and isinstance(tree.arg, Sym))
        key = tree if letter else id(tree)  # g and D(g) are met again and again
        if key not in memo:
            if len(memo) > MAX_OPERATIONS:
                raise NotationError("this takes too many operations to evaluate", "")
            memo[key] = tree, compute(tree)
        return memo[key][1]

    def compute(tree: Tree) -> list:
        match tree:
            case Num(text):
                return [precise.mpf(text)] * len(points)
            case Sym("pi" | "e" as name):
                return [+getattr(precise, name)] * len(points)
            case Sym(name) if name in where:
                return column(where[name])
            case Sym(name):
                if any(name not in point for point in points):
                    raise value_error("no value for {name}", name=name)
                return [_number(point[name]) for point in points]
            case Neg(arg):
                return _each(operator.neg, column(arg))
            case Op(name, left, right):
                return _each(_operation(name), column(left), column(right))
            case Func(name, arg):
                return _each(_operation(name), column(arg))
            case If(sign, left, right, then, other):
                otherwise = [None] * len(points) if other is None else column(other)
                rows = zip(column(left), column(right), column(then), otherwise, strict=True)
                return [_chosen(sign, *row) for row in rows]
            case Lim():
                raise type_error("a limit is found before it is evaluated")
            case D(arg):
                prime = carry_out(tree, variable, where)
                return _each(lambda _, slope: slope, column(arg), column(prime))

    return column(tree)


def evaluate(
    tree: Tree,
    point: Mapping[str, Any],
    *,
    variable: str = "z",
    where: Mapping[str, Tree] | None = None,
) -> mpmath.mpf | None:
    """Evaluate a tree at one point with 50 digits, as `values` does.

    >>> from helpers.derivation import parse
    >>> float(evaluate(parse("D(z^3)"), {"z": 2}))
    12.0
    >>> evaluate(parse("ln(z)"), {"z": -1}) is None
    True
    """
    return values(tree, [point], variable=variable, where=where)[0]
