"""How a formula is read aloud: words, with the ends of fractions and brackets said."""

from __future__ import annotations

from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree
from helpers.derivation.vocabulary import FUNCTIONS
from helpers.derivation.writing import Binding, binding

__all__ = ["spoken"]

_SIGNS = {"<": "is less than", ">": "is greater than", "<=": "is at most", ">=": "is at least"}
_WORDS = {"+": "plus", "-": "minus", "*": "times"}


def spoken(tree: Tree, variable: str = "z") -> str:
    """Return a formula in words.

    >>> from helpers.derivation import parse
    >>> spoken(parse("-(1 + e^-z)^-2 * D(1/z)"))
    'minus, open, 1 plus e to the minus z, close, to the minus 2 times d by d z of 1 over z'
    """

    def say(tree: Tree) -> str:
        return spoken(tree, variable)

    def within(tree: Tree, least: Binding) -> str:
        return say(tree) if binding(tree) >= least else f"open, {say(tree)}, close,"

    def power(tree: Tree) -> str:
        if isinstance(tree, Neg) and binding(tree.arg) >= Binding.PRODUCT:
            return f"minus {say(tree.arg)}"
        return within(tree, Binding.PRODUCT)

    match tree:
        case Num(text):
            return text
        case Sym(name):
            return name.replace("_", " sub ")
        case Neg(arg):
            words = within(arg, Binding.PRODUCT)
            return f"minus, {words}" if words.startswith("open") else f"minus {words}"
        case Op("+" | "-" as op, left, right):
            return f"{within(left, Binding.SUM)} {_WORDS[op]} {within(right, Binding.PRODUCT)}"
        case Op("*", left, right):
            return f"{within(left, Binding.PRODUCT)} times {within(right, Binding.QUOTIENT)}"
        case Op("/", Num() | Sym() as left, Num() | Sym() as right):
            return f"{say(left)} over {say(right)}"
        case Op("/", left, right):
            return f"fraction, {say(left)}, over {say(right)}, end fraction"
        case Op("^", base, Num("2")):
            return f"{within(base, Binding.ATOM)} squared"
        case Op("^", base, exponent):
            return f"{within(base, Binding.ATOM)} to the {power(exponent)}"
        case Op(name, left, right):
            return f"{FUNCTIONS[name].spoken} {say(left)} and {say(right)}"
        case Func("exp", arg):
            return f"e to the {power(arg)}"
        case Func(name, arg):
            known = FUNCTIONS.get(name)
            return f"{known.spoken if known else name + ' of'} {within(arg, Binding.PRODUCT)}"
        case D(arg, by):
            return f"d by d {by or variable} of {within(arg, Binding.QUOTIENT)}"
        case Lim(arg, letter, to):
            return f"the limit, {letter} going to {say(to)}, of {within(arg, Binding.PRODUCT)}"
        case If(sign, left, right, then, other):
            test = f"{say(left)} {_SIGNS.get(sign, 'is not')} {say(right)}"
            return f"{say(then)} if {test}" + (f", else {say(other)}" if other else "")
    raise TypeError(type(tree).__name__)
