"""How a formula is read aloud: words, with the ends of fractions and brackets said."""

from __future__ import annotations

from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree
from helpers.derivation.vocabulary import FUNCTIONS
from helpers.derivation.writing import Binding, binding
from helpers.language import gettext

_SIGNS = {
    "<": "is less than",
    ">": "is greater than",
    "<=": "is at most",
    ">=": "is at least",
    "!=": "is not",
}
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
        return (
            say(tree)
            if binding(tree) >= least
            else gettext("open, {inside}, close,", inside=say(tree))
        )

    def power(tree: Tree) -> str:
        if isinstance(tree, Neg) and binding(tree.arg) >= Binding.PRODUCT:
            return gettext("minus {words}", words=say(tree.arg))
        return within(tree, Binding.PRODUCT)

    match tree:
        case Num(text):
            return text
        case Sym(name):
            return name.replace("_", gettext(" sub "))
        case Neg(arg):
            words = within(arg, Binding.PRODUCT)
            bracket = words.startswith(gettext("open, {inside}, close,").partition("{")[0])
            return gettext("minus, {words}" if bracket else "minus {words}", words=words)
        case Op("+" | "-" as op, left, right):
            sign = gettext(_WORDS[op])
            return f"{within(left, Binding.SUM)} {sign} {within(right, Binding.PRODUCT)}"
        case Op("*", left, right):
            sign = gettext(_WORDS["*"])
            return f"{within(left, Binding.PRODUCT)} {sign} {within(right, Binding.QUOTIENT)}"
        case Op("/", Num() | Sym() as left, Num() | Sym() as right):
            return gettext("{up} over {down}", up=say(left), down=say(right))
        case Op("/", left, right):
            up, down = say(left), say(right)
            return gettext("fraction, {up}, over {down}, end fraction", up=up, down=down)
        case Op("^", base, Num("2")):
            return gettext("{base} squared", base=within(base, Binding.ATOM))
        case Op("^", base, exponent):
            return gettext(
                "{base} to the {power}", base=within(base, Binding.ATOM), power=power(exponent)
            )
        case Op(name, left, right):
            larger = gettext(FUNCTIONS[name].spoken)
            return gettext("{larger} {u} and {v}", larger=larger, u=say(left), v=say(right))
        case Func("exp", arg):
            return gettext("e to the {power}", power=power(arg))
        case Func(name, arg):
            known = FUNCTIONS.get(name)
            said = gettext(known.spoken) if known else gettext("{name} of", name=name)
            return f"{said} {within(arg, Binding.PRODUCT)}"
        case D(arg, by):
            inner = within(arg, Binding.QUOTIENT)
            return gettext("d by d {letter} of {inner}", letter=by or variable, inner=inner)
        case Lim(arg, letter, to):
            inner = within(arg, Binding.PRODUCT)
            return gettext(
                "the limit, {letter} going to {to}, of {inner}",
                letter=letter,
                to=say(to),
                inner=inner,
            )
        case If(sign, left, right, then, other):
            test = f"{say(left)} {gettext(_SIGNS.get(sign, 'is not'))} {say(right)}"
            case = gettext("{value} if {test}", value=say(then), test=test)
            return case + (gettext(", else {value}", value=say(other)) if other else "")
    raise TypeError(type(tree).__name__)
