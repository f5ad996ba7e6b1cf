"""Trees as text in the notation, with the brackets they need."""

from __future__ import annotations

from enum import IntEnum

from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree


class Binding(IntEnum):
    """How tightly the outermost operation of a tree holds it together; the tightest comes last."""

    SUM = 0
    MINUS = 1
    PRODUCT = 2
    QUOTIENT = 3
    POWER = 4
    ATOM = 5


def binding(tree: Tree) -> Binding:
    """Return how tightly a tree is held together in text."""
    match tree:
        case Op("+" | "-"):
            return Binding.SUM
        case Neg():
            return Binding.MINUS
        case Op("*"):
            return Binding.PRODUCT
        case Op("/"):
            return Binding.QUOTIENT
        case Op("^"):
            return Binding.POWER
    return Binding.ATOM


def to_text(tree: Tree) -> str:
    """Write a tree in the notation; `parse(to_text(tree)) == tree`.

    >>> from helpers.derivation import parse
    >>> to_text(parse("-(1+e^-z)^-2·d/dz(1+e^-z)"))
    '-(1 + exp(-z))^(-2)*D(1 + exp(-z))'
    """

    def within(tree: Tree, least: Binding) -> str:
        return to_text(tree) if binding(tree) >= least else f"({to_text(tree)})"

    match tree:
        case Num(text) | Sym(text):
            return text
        case Neg(arg):
            return "-" + within(arg, Binding.PRODUCT)
        case Op("+" | "-" as op, left, right):
            return f"{within(left, Binding.SUM)} {op} {within(right, Binding.PRODUCT)}"
        case Op("^", base, exponent):
            return f"{within(base, Binding.ATOM)}^{within(exponent, Binding.ATOM)}"
        case Op("*", left, right):
            return f"{within(left, Binding.PRODUCT)}*{within(right, Binding.QUOTIENT)}"
        case Op("/", left, right):
            return f"{within(left, Binding.QUOTIENT)}/{within(right, Binding.POWER)}"
        case Op(name, left, right):
            return f"{name}({to_text(left)}, {to_text(right)})"
        case Func(name, arg):
            return f"{name}({to_text(arg)})"
        case D(arg, by):
            return f"D({to_text(arg)})" if by is None else f"D_{by}({to_text(arg)})"
        case Lim(arg, letter, to):
            return f"lim({letter} -> {to_text(to)}) ({to_text(arg)})"
        case If(sign, left, right, then, other):
            case_ = f"{to_text(then)} if {to_text(left)} {sign} {to_text(right)}"
            return f"({case_})" if other is None else f"({case_} else {to_text(other)})"
