"""Exact proof that two trees are equal, by counting in whole numbers and fractions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from helpers.derivation.calculus import carry_out, template, whole_number
from helpers.derivation.reader import MAX_EXPONENT
from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree, substitute
from helpers.derivation.vocabulary import FUNCTIONS

_MAX_WORK = 40_000  # steps of multiplication: about a tenth of a second
_MAX_BITS = 2_000
_Bounds = Mapping[str, tuple[Fraction | None, Fraction | None]]
# A polynomial is a dict: monomial -> coefficient; a monomial is a frozenset of (atom, exponent).
_Polynomial = dict[frozenset, Fraction]
_Quotient = tuple[_Polynomial, _Polynomial]
_ONE: _Polynomial = {frozenset(): Fraction(1)}


class _NoProof(Exception):
    """The expression is outside the procedure, or too large for it."""


class _Quotients:
    """Write trees as quotients of polynomials in letters, e^monomials and unknown functions.

    Two quotients are equal when cross-multiplying gives the same polynomial. That is a proof: it
    uses only a/b + c/d, a/b · c/d, e^(x+y) = e^x e^y and |x|^2 = x^2, and holds wherever both
    sides exist. `bounds` may decide a sign, and so |x| = x or |x| = -x.
    """

    def __init__(self, variable: str, where: Mapping[str, Tree], bounds: _Bounds):
        self.variable, self.where = variable, where
        self.bounds = {"pi": (Fraction(3), Fraction(4)), **bounds}
        self.unknown: list[tuple[str, _Quotient]] = []  # ln(…), erf(…), … left as they stand
        self.exponents: dict[frozenset, int] = {}  # monomials m with an atom e^m, numbered
        self.memo: dict[int, tuple[Tree, _Quotient]] = {}
        self.met_pi = False  # nobody knows what e and π have to do with each other
        self.work = 0

    def same(self, x: _Quotient, y: _Quotient) -> bool:
        left, right = (self.product(x[0], y[1]), _ONE), (self.product(y[0], x[1]), _ONE)
        return not self.without_squares(self.plus(left, self.minus(right))[0])

    def of(self, tree: Tree) -> _Quotient:
        if id(tree) not in self.memo:
            self.memo[id(tree)] = tree, self.build(tree)
        return self.memo[id(tree)][1]

    def build(self, tree: Tree) -> _Quotient:
        match tree:
            case If() | Lim():
                raise _NoProof
            case Num():
                return ({frozenset(): tree.value} if tree.value else {}), _ONE
            case Sym("e"):
                return self.exp(_ONE)
            case Sym(name) if name in self.where:
                return self.of(self.where[name])
            case Sym(name):
                self.met_pi |= name == "pi"
                return _atom(name), _ONE
            case Neg(arg):
                return self.minus(self.of(arg))
            case Op("+", left, right):
                return self.plus(self.of(left), self.of(right))
            case Op("-", left, right):
                return self.plus(self.of(left), self.minus(self.of(right)))
            case Op("*", left, right):
                return self.times(self.of(left), self.of(right))
            case Op("/", left, right):
                return self.times(self.of(left), self.power(self.of(right), -1))
            case Op("^", base, exponent):
                return self.power(self.of(base), whole_number(exponent))
            case Func("exp", arg):
                return self.exp(self.polynomial(self.of(arg)))
            case Op(name, left, right):
                return self.of(_spelled(name, {"u": left, "v": right}))
            case Func("abs", arg):
                above, below = self.of(arg)
                return self.absolute(above), self.absolute(below)
            case Func(name, arg) if FUNCTIONS[name].spelled:
                return self.of(_spelled(name, {"u": arg}))
            case Func(name, arg):
                return _atom(self.unknown_function(name, self.of(arg))), _ONE
            case D():
                return self.of(carry_out(tree, self.variable, self.where))

    def product(self, p: _Polynomial, q: _Polynomial) -> _Polynomial:
        total: _Polynomial = {}
        for (m, a), (n, b) in itertools.product(p.items(), q.items()):
            exponents = dict(m)
            for atom, k in n:
                exponents[atom] = exponents.get(atom, 0) + k
            monomial = frozenset((atom, k) for atom, k in exponents.items() if k)
            total[monomial] = c = total.get(monomial, 0) + a * b
            self.work += 3 + len(m) + len(n)
            bits = c.numerator.bit_length() + c.denominator.bit_length()
            if self.work > _MAX_WORK or bits > _MAX_BITS:
                raise _NoProof
        return {monomial: c for monomial, c in total.items() if c}

    def times(self, x: _Quotient, y: _Quotient) -> _Quotient:
        return self.product(x[0], y[0]), self.product(x[1], y[1])

    def minus(self, x: _Quotient) -> _Quotient:
        return {monomial: -c for monomial, c in x[0].items()}, x[1]

    def plus(self, x: _Quotient, y: _Quotient) -> _Quotient:
        (left, bottom), (right, other) = x, y
        if bottom != other:
            left, right = self.product(left, other), self.product(right, bottom)
            bottom = self.product(bottom, other)
        total = {m: left.get(m, Fraction(0)) + right.get(m, Fraction(0)) for m in {**left, **right}}
        return {monomial: c for monomial, c in total.items() if c}, bottom

    def power(self, base: _Quotient, k: int | None) -> _Quotient:
        if k is None or abs(k) > MAX_EXPONENT or (k <= 0 and not base[0]):
            raise _NoProof
        result = _ONE, _ONE
        for _ in range(abs(k)):
            result = self.times(result, base if k > 0 else base[::-1])
        return result

    def polynomial(self, x: _Quotient) -> _Polynomial:
        if x[1].keys() != _ONE.keys():
            raise _NoProof
        return {monomial: c / x[1][frozenset()] for monomial, c in x[0].items()}

    def exp(self, exponent: _Polynomial) -> _Quotient:
        """e^(a m + b n) = (e^m)^a (e^n)^b, and e^(k ln u) = u^k for whole k."""
        atoms, result = {}, (_ONE, _ONE)
        for monomial, c in exponent.items():
            match list(monomial):
                case [(("ln", index), 1)] if c.denominator == 1:
                    result = self.times(result, self.power(self.unknown[index][1], int(c)))
                case _:
                    number = self.exponents.setdefault(monomial, len(self.exponents))
                    atoms["exp", number] = c
        return self.times(result, ({frozenset(atoms.items()): Fraction(1)}, _ONE))

    def absolute(self, p: _Polynomial) -> _Polynomial:
        """|p| is p or -p where the sign is known, |c| |q| with a known |q|, or a new unknown."""
        if sign := self.sign(p):
            return {monomial: sign * c for monomial, c in p.items()}
        for index, (name, (q, _)) in enumerate(self.unknown):
            if name == "abs" and p.keys() == q.keys():
                ratios = {p[monomial] / q[monomial] for monomial in p}
                if len(ratios) == 1:
                    return {monomial: abs(*ratios) for monomial in _atom((name, index))}
        return _atom(self.unknown_function("abs", (p, _ONE)))

    def sign(self, p: _Polynomial) -> int:
        """1 or -1 if p is nowhere on the other side of 0, or 0 if that is not seen.

        Letters are counted from a bound: with alpha = 1 - s, z = t and s, t > 0 the polynomial
        alpha z - z becomes -s t, and a sum of terms of one sign has this sign.
        """
        if not p:
            return 1
        letters = {atom for monomial in p for atom, _ in monomial} & {*self.bounds}
        ends = [
            [(x, e, 1 - 2 * i) for i, e in enumerate(self.bounds[x]) if e is not None]
            for x in letters
        ]
        for choice in itertools.product(*ends):
            moved = p
            for letter, end, way in choice:
                moved = self.moved(moved, letter, end, way)
            signs = {_sign_of_term(monomial, c) for monomial, c in moved.items()}
            if len(signs) == 1:
                return signs.pop()
        return 0

    def moved(self, p: _Polynomial, letter: str, end: Fraction, way: int) -> _Polynomial:
        """Write end + way·t for a letter; t takes no negative value."""
        t = frozenset({(("above", letter), 1)})
        shifted = {m: c for m, c in ((frozenset(), Fraction(end)), (t, Fraction(way))) if c}, _ONE
        total: _Quotient = {}, _ONE
        for monomial, c in p.items():
            rest = {frozenset(x for x in monomial if x[0] != letter): c}, _ONE
            term = self.times(rest, self.power(shifted, dict(monomial).get(letter, 0)))
            total = self.plus(total, term)
        return total[0]

    def without_squares(self, p: _Polynomial) -> _Polynomial:
        """Write x^2 for |x|^2, the last |x| first, for it may hold earlier ones."""
        for index in reversed(range(len(self.unknown))):
            name, (x, _) = self.unknown[index]
            total: _Quotient = {}, _ONE
            for monomial, c in p.items() if name == "abs" else ():
                half, odd = divmod(dict(monomial).get((name, index), 0), 2)
                rest = {(atom, k) for atom, k in monomial if atom != (name, index)}
                rest |= {((name, index), 1)} if odd else set()
                term = self.times(({frozenset(rest): c}, _ONE), self.power((x, _ONE), 2 * half))
                total = self.plus(total, term)
            p = total[0] if name == "abs" else p
        return p

    def unknown_function(self, name: str, arg: _Quotient) -> tuple[str, int]:
        for index, (known, its_arg) in enumerate(self.unknown):
            if known == name and self.same(its_arg, arg):
                return name, index
        self.unknown.append((name, arg))
        return name, len(self.unknown) - 1


def _spelled(name: str, arguments: Mapping[str, Tree]) -> Tree:
    return substitute(template(FUNCTIONS[name].spelled), arguments)


_NEVER_NEGATIVE = ("exp", "abs", "sqrt", "above")


def _sign_of_term(monomial: frozenset, c: Fraction) -> int:
    if all(atom[0] in _NEVER_NEGATIVE or k % 2 == 0 for atom, k in monomial):
        return 1 if c > 0 else -1
    return 0


def _atom(atom: Any) -> _Polynomial:
    return {frozenset({(atom, 1)}): Fraction(1)}


def decide_equal(
    left: Tree,
    right: Tree,
    *,
    variable: str = "z",
    where: Mapping[str, Tree] | None = None,
    bounds: _Bounds | None = None,
) -> bool | None:
    """Say whether two trees are equal wherever both exist; None where it cannot be told exactly.

    Of rational functions of letters and exponentials (so also of sigmoid, tanh, …) a No is as
    certain as a Yes: e^m of different monomials m satisfy no polynomial. Where a function stays
    unknown (ln, erf, |…|), a Yes is a proof and nothing else is known. `bounds`, letter ->
    (lower, upper), restricts letters: it may decide which of two numbers is max. Everything is
    counted in whole numbers and fractions, nothing is rounded.

    >>> from helpers.derivation import parse
    >>> decide_equal(parse("1 - tanh(z)^2"), parse("1/cosh(z)^2"))
    True
    >>> decide_equal(parse("1 - tanh(z)^2 + 10^-60"), parse("1/cosh(z)^2"))
    False
    >>> decide_equal(parse("ln(z^2)"), parse("2*ln(abs(z))")) is None
    True
    >>> leaky, right = parse("max(alpha*z, z)"), {"z": (0, None)}
    >>> decide_equal(leaky, parse("z"), bounds={**right, "alpha": (None, 1)})
    True
    >>> print(decide_equal(leaky, parse("z"), bounds=right))
    None
    """
    quotients = _Quotients(variable, where or {}, bounds or {})
    try:
        if quotients.same(quotients.of(left), quotients.of(right)):
            return True
    except _NoProof:
        return None
    return None if quotients.unknown or quotients.met_pi else False
