"""A derivative worked out as in a textbook: one rule a line, and at the end what is tidied up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from helpers.derivation.calculus import differentiate_once, whole_number
from helpers.derivation.trees import (
    D,
    Func,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    has_d,
    replace_children,
    walk,
)
from helpers.language import gettext

_REASONS = {
    **{"product": "product rule", "quotient": "quotient rule", "power": "power rule"},
    **{"sum": "sum rule", "difference": "sum rule", "power of functions": "power rule"},
    **{"exponential": "exponential", "minus": "the sign stays"},
    **{name: "a constant factor stays" for name in ("constant factor", "constant divisor")},
    "variable": "the slope of the variable is 1",
}


def rule_by_rule(
    tree: Tree, variable: str = "z", *, inner_stays: bool = False
) -> Iterator[tuple[Tree, str]]:
    """Yield the lines of a derivative, `D(tree)` first, each with the rules that led to it.

    Parameters
    ----------
    tree : what is differentiated, or a line with some `D(…)` in it.
    variable : by which letter.
    inner_stays : what a chain, a product or a fraction leaves to differentiate has a line of its
        own, were it a straight line.

    >>> from helpers.derivation import parse, to_text
    >>> _, *lines = rule_by_rule(parse("exp(-2z)"), inner_stays=True)
    >>> for line, reason in lines:
    ...     print(to_text(line), "  #", reason)
    exp(-2*z)*D(-2*z)   # slope of exp, chain rule
    exp(-2*z)*(-2)   # the sign stays
    """
    line = tree if has_d(tree) else D(tree)
    yield line, ""
    while has_d(line):
        above = line
        line, rules = differentiate_once(above, variable, inner_stays=inner_stays)
        yield line, _reason(above, rules, variable)


def rule_of_outermost(tree: Tree, variable: str = "z") -> str:
    """Return the name of the rule for the outermost operation of a tree.

    >>> from helpers.derivation import parse
    >>> rule_of_outermost(parse("z*exp(-z)")), rule_of_outermost(parse("exp(-z)"))
    ('product', 'exp')
    """
    return differentiate_once(D(tree), variable)[1][0]


def _reason(line: Tree, rules: Sequence[str], variable: str) -> str:
    reasons = [
        gettext(_REASONS[rule]) if rule in _REASONS else gettext("slope of {rule}", rule=rule)
        for rule in rules
    ]
    outer = [node.arg for node in walk(line) if isinstance(node, D)]
    inner = [arg.arg for arg in outer if isinstance(arg, Func)]
    inner += [arg.left for arg in outer if isinstance(arg, Op) and arg.op == "^"]
    chain = [gettext("chain rule")] if any(arg != Sym(variable) for arg in inner) else []
    return ", ".join(dict.fromkeys([*reasons, *chain]))


# ----------------------------------------------------------------------------------- tidying up


def tidied(tree: Tree) -> Tree:
    """Gather numbers, signs and equal factors, and write negative powers as fractions.

    What stands inside a function stays as it is.

    >>> from helpers.derivation import parse, to_text
    >>> to_text(tidied(parse("exp(-z^2)*(-(2*z))"))), to_text(tidied(parse("1/(2*sqrt(z))*(2*z)")))
    ('-2*z*exp(-z^2)', 'z/sqrt(z)')
    >>> to_text(tidied(parse("-(1 + exp(-z))^-2*(exp(-z)*(-1)) + 3*z - z")))
    'exp(-z)/(1 + exp(-z))^2 + 2*z'
    """
    if isinstance(tree, Func):
        return tree
    tree = replace_children(tree, [tidied(child) for child in children(tree)])
    match tree:
        case Op("+" | "-"):
            return _sum(tree)
        case Op("*" | "/" | "^") | Neg():
            return _built(*_factors(tree))
    return tree


def _factors(tree: Tree) -> tuple[Fraction, dict[Tree, int]]:
    """A product as its number, and its other factors with their powers."""
    number, powers = Fraction(1), dict[Tree, int]()

    def gather(tree: Tree, power: int) -> None:
        nonlocal number
        match tree:
            case Num() if tree.value or power > 0:
                number *= tree.value**power
            case Neg(arg):
                number *= (-1) ** abs(power)
                gather(arg, power)
            case Op("*" | "/" as op, a, b):
                gather(a, power)
                gather(b, power if op == "*" else -power)
            case Op("^", a, n) if (k := whole_number(n)) is not None:
                gather(a, k * power)
            case _:
                powers[tree] = powers.get(tree, 0) + power

    gather(tree, 1)
    return number, powers


def _built(number: Fraction, powers: dict[Tree, int]) -> Tree:
    """The product again: number, letters, functions, sums; over what has a negative power."""
    if number == 0:
        return Num("0")
    above, below = ([_power(t, abs(k)) for t, k in _sorted(powers) if k * s > 0] for s in (1, -1))
    top = _times(abs(number.numerator), above)
    whole = (
        Op("/", top, _times(number.denominator, below)) if below or number.denominator > 1 else top
    )
    return Neg(whole) if number < 0 else whole


def _sorted(powers: dict[Tree, int]) -> list[tuple[Tree, int]]:
    kinds = (Sym, Func, Op)
    return sorted(
        powers.items(),
        key=lambda item: kinds.index(type(item[0])) if isinstance(item[0], kinds) else 3,
    )


def _power(tree: Tree, exponent: int) -> Tree:
    return tree if exponent == 1 else Op("^", tree, Num(str(exponent)))


def _times(number: int, factors: Sequence[Tree]) -> Tree:
    product: Tree | None = None if number == 1 and factors else Num(str(number))
    for factor in factors:
        product = factor if product is None else Op("*", product, factor)
    assert product is not None
    return product


def _sum(tree: Tree) -> Tree:
    terms: dict[tuple, Fraction] = {}

    def gather(tree: Tree, sign: int) -> None:
        match tree:
            case Op("+" | "-" as op, a, b):
                gather(a, sign)
                gather(b, sign if op == "+" else -sign)
            case _:
                number, powers = _factors(tree)
                key = tuple(powers.items())
                terms[key] = terms.get(key, Fraction(0)) + sign * number

    gather(tree, 1)
    left = [(number, dict(key)) for key, number in terms.items() if number]
    if left and left[0][0] < 0:  # a sum begins with what is added
        left.sort(key=lambda term: term[0] < 0)
    total: Tree | None = None
    for number, powers in left:
        term = _built(abs(number), powers)
        if total is None:
            total = Neg(term) if number < 0 else term
        else:
            total = Op("+" if number > 0 else "-", total, term)
    return Num("0") if total is None else total
