"""A second opinion: the derivative of a tree as SymPy finds it, in the course's own notation.

Trees are turned into SymPy's expressions node by node and back: no text is handed over, which
SymPy would execute. SymPy is loaded at the first call.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.derivation.trees import Func, Neg, Num, Op, Sym, Tree, names
from helpers.derivation.vocabulary import FUNCTIONS
from helpers.derivation.writing import to_text
from helpers.language import value_error

_OPERATIONS = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv},
    "^": operator.pow,
}


def derivative_by_sympy(tree: Tree, variable: str = "z") -> Tree:
    """Return the derivative as SymPy finds it; all letters are real.

    Raises ValueError where it is not real, or SymPy needs words that the notation lacks.

    >>> from helpers.derivation import parse, to_text
    >>> to_text(derivative_by_sympy(parse("z*exp(-z) + relu(z)")))
    '-z*exp(-z) + step(z) + exp(-z)'
    """
    import sympy

    letters = {name: sympy.Symbol(name, real=True) for name in {*names(tree), variable}}
    slope = sympy.diff(_to_sympy(tree, letters), letters[variable])
    return _from_sympy(slope.replace(sympy.DiracDelta, lambda *_: 0))  # no slope at a jump anyway


def _to_sympy(tree: Tree, letters: Mapping[str, Any]) -> Any:
    import sympy

    match tree:
        case Num():
            return sympy.Rational(tree.value.numerator, tree.value.denominator)
        case Sym("pi"):
            return sympy.pi
        case Sym("e"):
            return sympy.E
        case Sym(name):
            return letters[name]
        case Neg(arg):
            return -_to_sympy(arg, letters)
        case Func(name, arg):
            return FUNCTIONS[name].in_sympy()(_to_sympy(arg, letters))
        case Op(name, left, right):
            operation = _OPERATIONS.get(name) or FUNCTIONS[name].in_sympy()
            return operation(_to_sympy(left, letters), _to_sympy(right, letters))
    raise ValueError(f"our fault: {to_text(tree)} is not handed to SymPy")


def _from_sympy(x: Any) -> Tree:
    kind = type(x).__name__
    if x.is_Rational:
        above, below = Num(str(abs(x.p))), Num(str(x.q))
        size = above if x.q == 1 else Op("/", above, below)
        return Neg(size) if x < 0 else size
    if x.is_Symbol or kind in ("Pi", "Exp1"):
        return Sym({"Pi": "pi", "Exp1": "e"}.get(kind, str(x)))
    if x.is_Add:
        return _sum(x.as_ordered_terms())
    if x.is_Mul:
        if x.as_coeff_Mul()[0] < 0:
            return Neg(_from_sympy(-x))
        top, bottom = _fraction(x.as_ordered_factors())
        return Op("/", _product(top), _product(bottom)) if bottom else _product(top)
    if x.is_Pow and kind != "exp":
        return _power(x)
    arguments = [_from_sympy(argument) for argument in x.args]
    if kind == "sign":
        return Op("/", arguments[0], Func("abs", arguments[0]))
    name = next((f.name for f in FUNCTIONS.values() if f.sympy == kind), kind)
    if name not in FUNCTIONS:
        raise value_error("SymPy's {x} is not part of the notation", x=x)
    if FUNCTIONS[name].arguments == 2:
        return functools.reduce(functools.partial(Op, name), arguments)
    return Func(name, arguments[0])


def _sum(terms: Sequence) -> Tree:
    first, *rest = terms
    total = _from_sympy(first)
    for term in rest:
        negative = term.as_coeff_Mul()[0] < 0
        total = Op("-" if negative else "+", total, _from_sympy(-term if negative else term))
    return total


def _product(factors: Sequence) -> Tree:
    trees = [_from_sympy(factor) for factor in factors if factor != 1] or [Num("1")]
    return functools.reduce(functools.partial(Op, "*"), trees)


def _fraction(factors: Sequence) -> tuple[list, list]:
    """Sort factors into those above the fraction bar and those below it."""
    above, below = [], []
    for factor in factors:
        if factor.is_Rational:
            up, down = factor.as_numer_denom()
            above.append(up)
            below += [down] * (down != 1)
        elif factor.is_Pow and factor.exp.is_Rational and factor.exp < 0:
            below.append(1 / factor)
        else:
            above.append(factor)
    return above, below


def _power(x: Any) -> Tree:
    if x.exp.is_Rational and x.exp < 0:
        return Op("/", Num("1"), _from_sympy(1 / x))
    if str(x.exp) == "1/2":
        return Func("sqrt", _from_sympy(x.base))
    return Op("^", _from_sympy(x.base), _from_sympy(x.exp))
