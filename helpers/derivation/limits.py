"""Limits of formulas, as a slope is defined: by l'Hôpital's rule where both parts vanish."""

from __future__ import annotations

from helpers.derivation.calculus import differentiate
from helpers.derivation.errors import NotationError
from helpers.derivation.setting import Setting
from helpers.derivation.trees import Lim, Neg, Num, Op, Tree, substitute
from helpers.language import gettext

_MOST = 4  # times that both parts may vanish


def limit(tree: Lim, setting: Setting) -> Tree:
    """Return what a limit is, in the letters of the setting.

    Raises NotationError where it is not found: both parts vanish too often, or it does not exist.

    >>> from helpers.derivation import Sym, parse, to_text
    >>> quotient = parse("(exp(h) - 1)/h", letters={"h"})
    >>> to_text(limit(Lim(quotient, "h", Num("0")), Setting.of("z")))
    'exp(0)/1'
    """
    at = {tree.letter: tree.to}

    def vanishes(part: Tree) -> bool:
        return bool(setting.compare(part, Num("0")).equal)

    if _has_values(whole := substitute(tree.arg, at), setting):
        return whole
    above, below = _as_fraction(tree.arg)
    for _ in range(_MOST):
        up, down = substitute(above, at), substitute(below, at)
        if not vanishes(down):
            return Op("/", up, down, span=tree.span)
        if not vanishes(up):
            message = gettext(
                "this limit does not exist: below the bar it goes to 0, above it does not"
            )
            raise NotationError(message, "", tree.span[0])
        above, below = differentiate(above, tree.letter), differentiate(below, tree.letter)
    raise NotationError("this limit was not found", "", tree.span[0])


def _has_values(tree: Tree, setting: Setting) -> bool:
    return any(value is not None for value in setting.values(tree))


def _as_fraction(tree: Tree) -> tuple[Tree, Tree]:
    """Write sums, products and quotients of fractions as one."""
    one: Tree = Num("1")
    match tree:
        case Neg(arg):
            above, below = _as_fraction(arg)
            return Neg(above), below
        case Op("+" | "-" | "*" | "/" as op, left, right):
            (a, b), (c, d) = _as_fraction(left), _as_fraction(right)
            if op == "*":
                return _times(a, c), _times(b, d)
            if op == "/":
                return _times(a, d), _times(b, c)
            if b == d:
                return Op(op, a, c), b
            return Op(op, _times(a, d), _times(c, b)), _times(b, d)
    return tree, one


def _times(left: Tree, right: Tree) -> Tree:
    if Num("1") in (left, right):
        return right if left == Num("1") else left
    return Op("*", left, right)
