"""What a tree means: its derivative by the rules of calculus, its value to 50 digits, exact proof.

differentiate   the rules of calculus, a table in the course's own notation; or one at a time
values          a tree at many points, with 50 digits
prove_equal     exact proof for rational functions of letters and exponentials
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cache

import mpmath

from helpers.derivation.notation import (
    MAX_EXPONENT,
    D,
    Func,
    Neg,
    NotationError,
    Num,
    Op,
    Sym,
    Tree,
    children,
    parse,
    replace_children,
    substitute,
)

__all__ = [
    "DIGITS",
    "RULES",
    "differentiate",
    "differentiate_once",
    "evaluate",
    "precise",
    "prove_equal",
    "rules_used",
    "values",
]

MAX_RULES, MAX_RULES_DEEP = 5000, 100  # far above what a derivation needs
MAX_OPERATIONS = 3_000

# ---------------------------------------------------------------------- the rules of calculus

RULES: Mapping[str, str] = {
    "constant": "0",
    "variable": "1",
    "sum": "D(u) + D(v)",
    "difference": "D(u) - D(v)",
    "minus": "-D(u)",
    "constant factor": "c*D(u)",
    "product": "D(u)*v + u*D(v)",
    "constant divisor": "D(u)/c",
    "quotient": "(D(u)*v - u*D(v))/v^2",
    "power": "n*u^(n - 1)*D(u)",
    "exponential": "c^u*ln(c)*D(u)",
    "power of functions": "u^v*(D(v)*ln(u) + v*D(u)/u)",
    "exp": "exp(u)*D(u)",
    "ln": "1/u*D(u)",
    "sqrt": "1/(2*sqrt(u))*D(u)",
    "sinh": "cosh(u)*D(u)",
    "cosh": "sinh(u)*D(u)",
    "tanh": "(1 - tanh(u)^2)*D(u)",
    "sech": "-sech(u)*tanh(u)*D(u)",
    "sigmoid": "sigmoid(u)*(1 - sigmoid(u))*D(u)",
    "erf": "2/sqrt(pi)*exp(-u^2)*D(u)",
    "abs": "u/abs(u)*D(u)",
    "atan": "1/(1 + u^2)*D(u)",
    "sin": "cos(u)*D(u)",
    "cos": "-sin(u)*D(u)",
    "tan": "1/cos(u)^2*D(u)",
    "relu": "step(u)*D(u)",
    "softplus": "sigmoid(u)*D(u)",
    "step": "0",
    "max": "step(u - v)*D(u) + step(v - u)*D(v)",
    "min": "step(v - u)*D(u) + step(u - v)*D(v)",
    "Phi": "phi(u)*D(u)",
    "phi": "-u*phi(u)*D(u)",
}


def differentiate(
    tree: Tree,
    variable: str = "z",
    *,
    where: Collection[str] = (),
    rules: Mapping[str, str | Tree] = RULES,
    instead: Mapping[int, str | Tree] | None = None,
) -> Tree:
    """Differentiate by the rules of calculus, outermost rule first, tidying 0 and 1 away.

    A rule is a template in the notation itself, `D(u)` marks where the rules go on. Letters in
    `where` depend on the variable, their derivative stays `D(g)`; all other letters are
    constants. `instead={k: template}` replaces application number k (from 0, in the order of
    `rules_used`): so one rule can be broken at one place.

    >>> from helpers.derivation.notation import to_text
    >>> f = parse("z*exp(-z)")
    >>> to_text(differentiate(f))
    'exp(-z) + z*(exp(-z)*(-1))'
    >>> rules_used(f)
    ('product', 'variable', 'exp', 'minus', 'variable')
    >>> to_text(differentiate(f, instead={2: "exp(u)"}))
    'exp(-z) + z*exp(-z)'
    """
    return _Differentiator(variable, where, rules, instead or {}).d(tree)


def rules_used(tree: Tree, variable: str = "z", *, where: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the rules in the order in which `differentiate` applies them."""
    differentiator = _Differentiator(variable, where, RULES, {})
    differentiator.d(tree)
    return tuple(differentiator.used)


def differentiate_once(tree: Tree, variable: str = "z") -> tuple[Tree, tuple[str, ...]]:
    """Apply one rule to each outermost `D(…)` of a tree, and say which rules were used.

    What is only a sum, a sign or a constant factor is passed through; the rest stays `D(…)`.

    >>> from helpers.derivation.notation import to_text
    >>> line, rules = differentiate_once(parse("D(2z*exp(-z))"))
    >>> to_text(line), rules
    ('2*exp(-z) + 2*z*D(exp(-z))', ('product',))
    """
    once = _Once(variable, (), RULES, {})
    return once.within(tree), tuple(once.used)


class _Differentiator:
    def __init__(self, variable, where, rules, instead):
        self.variable, self.where, self.rules, self.instead = variable, where, rules, instead
        self.used: list[str] = []
        self.depth = 0
        self.seen: dict[int, tuple[Tree, bool]] = {}  # derivatives share subtrees: look once

    def d(self, tree: Tree) -> Tree:
        if isinstance(tree, Sym) and tree.name in self.where:
            return D(tree)
        if isinstance(tree, D):
            inner = self.d(tree.arg)
            return D(inner) if isinstance(inner, D) else self.d(inner)
        name, parts = self.rule(tree)
        if len(self.used) >= MAX_RULES or self.depth >= MAX_RULES_DEEP:
            raise NotationError("this is too complicated to differentiate", "D(…)")
        template = self.instead.get(len(self.used), self.rules[name])
        self.used.append(name)
        self.depth += 1
        result = self.fill(_template(template), parts)
        self.depth -= 1
        return result

    def constant(self, tree: Tree) -> bool:
        if id(tree) not in self.seen:
            if isinstance(tree, Sym):
                result = tree.name != self.variable and tree.name not in self.where
            else:
                result = all([self.constant(child) for child in children(tree)])
            self.seen[id(tree)] = tree, result
        return self.seen[id(tree)][1]

    def rule(self, tree: Tree) -> tuple[str, dict[str, Tree]]:
        """The rule for the outermost operation, and what u, v, c, n stand for."""
        if self.constant(tree):
            return "constant", {}
        match tree:
            case Sym():
                return "variable", {}
            case Neg(u):
                return "minus", {"u": u}
            case Op("+", u, v):
                return "sum", {"u": u, "v": v}
            case Op("-", u, v):
                return "difference", {"u": u, "v": v}
            case Op("*", c, u) if self.constant(c):
                return "constant factor", {"c": c, "u": u}
            case Op("*", u, c) if self.constant(c):
                return "constant factor", {"c": c, "u": u}
            case Op("*", u, v):
                return "product", {"u": u, "v": v}
            case Op("/", u, c) if self.constant(c):
                return "constant divisor", {"c": c, "u": u}
            case Op("/", u, v):
                return "quotient", {"u": u, "v": v}
            case Op("^", u, n) if self.constant(n):
                return "power", {"u": u, "n": n}
            case Op("^", c, u) if self.constant(c):
                return "exponential", {"c": c, "u": u}
            case Op("^", u, v):
                return "power of functions", {"u": u, "v": v}
            case Op("max" | "min" as name, u, v):
                return name, {"u": u, "v": v}
            case Func(name, u):
                return name, {"u": u}

    def fill(self, template: Tree, parts: Mapping[str, Tree]) -> Tree:
        match template:
            case Sym(name):
                return parts.get(name, template)
            case D(Sym(name)):
                return self.d(parts[name])
        return _tidy(replace_children(template, [self.fill(t, parts) for t in children(template)]))


_LINEAR = ("sum", "difference", "minus", "constant factor", "constant divisor")
_TRIVIAL = ("constant", "variable")


class _Once(_Differentiator):
    """Leaves D(u) where a rule would have to be applied to u."""

    def within(self, tree: Tree) -> Tree:
        if isinstance(tree, D):
            name, parts = self.rule(tree.arg)
            self.used.append(name)
            return self.fill(_template(self.rules[name]), parts)
        return _tidy(replace_children(tree, [self.within(child) for child in children(tree)]))

    def d(self, tree: Tree) -> Tree:
        name, parts = self.rule(tree)
        if name not in (*_LINEAR, *_TRIVIAL):
            return D(tree)
        return self.fill(_template(self.rules[name]), parts)


@cache
def _read_template(text: str) -> Tree:
    return parse(text)


def _template(template: str | Tree) -> Tree:
    return _read_template(template) if isinstance(template, str) else template


def _tidy(tree: Tree) -> Tree:
    """Drop 0 and 1 where a human writer would, count whole numbers together."""
    match tree:
        case Neg(Num("0")):
            return Num("0")
        case Op("+", x, Num("0")) | Op("+", Num("0"), x) | Op("-", x, Num("0")):
            return x
        case Op("-", Num("0"), x):
            return Neg(x)
        case Op("*" | "/", Num("0"), _) | Op("*", _, Num("0")):
            return Num("0")
        case Op("*", Num("1"), x) | Op("*" | "/" | "^", x, Num("1")):
            return x
        case Op("+" | "-" as op, a, b):
            m, n = _whole(a), _whole(b)
            if m is not None and n is not None:
                total = m + n if op == "+" else m - n
                return Num(str(total)) if total >= 0 else Neg(Num(str(-total)))
    return tree


def _whole(tree: Tree) -> int | None:
    match tree:
        case Num(text) if text.isdigit():
            return int(text)
        case Neg(Num(text)) if text.isdigit():
            return -int(text)
    return None


# --------------------------------------------------------------------------- values, 50 digits

DIGITS = 50
precise = mpmath.mp.clone()  # a context of our own: the user's mpmath precision stays as it is
precise.dps = DIGITS + 30
_HUGE = 10**6  # exponents beyond this are overflow, not mathematics
_TIE = precise.mpf(10) ** -65  # nearer to 0 than this, rounding may have chosen the side


def _step(x):
    return None if abs(x) < _TIE else precise.mpf(x > 0)


_UNBOUNDED = {
    **{"ln": precise.ln, "sqrt": precise.sqrt, "abs": abs, "atan": precise.atan},
    **{"step": _step, "relu": lambda x: max(x, precise.zero)},
}
_BOUNDED = {
    **{name: getattr(precise, name) for name in ("exp", "sinh", "cosh", "tanh", "sech", "erf")},
    **{name: getattr(precise, name) for name in ("sin", "cos", "tan")},
    "sigmoid": lambda x: 1 / (1 + precise.exp(-x)),
    "softplus": lambda x: precise.log1p(precise.exp(x)),
    "Phi": precise.ncdf,
    "phi": precise.npdf,
}


def _power(base, exponent):
    if base == 0 and exponent <= 0:
        return None
    if base and abs(exponent * precise.ln(abs(base))) > _HUGE:
        return None
    return base**exponent


_OPERATIONS = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv},
    **{"^": _power, "max": max, "min": min},
}


def _number(x) -> mpmath.mpf:
    return precise.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else precise.mpf(x)


def _each(function, *columns: list) -> list:
    return [_real(function, row) for row in zip(*columns, strict=True)]


def _real(function, arguments) -> mpmath.mpf | None:
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
    points: Sequence[Mapping[str, object]],
    *,
    variable: str = "z",
    where: Mapping[str, Tree] | None = None,
) -> list[mpmath.mpf | None]:
    """Evaluate a tree at many points with 50 digits; None where it has no real value.

    Letters in `where` stand for their trees, which may use one another; `D(…)` differentiates
    through them. A derivative has a value only where what is differentiated has one. Values
    whose exponentials exceed e^(10^6) count as undefined.

    >>> g_prime = parse("D(g)", where={"g"})
    >>> [v] = values(g_prime, [{"z": 0}], where={"g": parse("1/(1 + e^-z)")})
    >>> float(v)
    0.25
    """
    where = where or {}
    memo: dict[object, tuple[Tree, list]] = {}

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
                    raise ValueError(f"no value for {name}")
                return [_number(point[name]) for point in points]
            case Neg(arg):
                return _each(operator.neg, column(arg))
            case Op(op, left, right):
                return _each(_OPERATIONS[op], column(left), column(right))
            case Func(name, arg) if name in _UNBOUNDED:
                return _each(_UNBOUNDED[name], column(arg))
            case Func(name, arg):
                f = _BOUNDED[name]
                return _each(lambda x: f(x) if abs(x) <= _HUGE else None, column(arg))
            case D(arg):
                prime = _without_d(tree, variable, where)
                return _each(lambda _, slope: slope, column(arg), column(prime))

    return column(tree)


def evaluate(tree: Tree, point: Mapping[str, object], **meaning) -> mpmath.mpf | None:
    """Evaluate a tree at one point with 50 digits, as `values` does.

    >>> float(evaluate(parse("D(z^3)"), {"z": 2}))
    12.0
    >>> evaluate(parse("ln(z)"), {"z": -1}) is None
    True
    """
    return values(tree, [point], **meaning)[0]


def _without_d(tree: D, variable: str, where: Mapping[str, Tree]) -> Tree:
    """Carry out one derivative; the derivatives of letters in the result are still `D(g)`."""
    arg = tree.arg
    if isinstance(arg, D):
        arg = _without_d(arg, variable, where)
    elif isinstance(arg, Sym) and arg.name in where:
        arg = where[arg.name]
    return differentiate(arg, variable, where=where)


# ---------------------------------------------------------------------------- an exact proof

# The functions below are made of exponentials, a logarithm and |…|, all others stay as they are.
_SPELLED = {
    "sinh": "(exp(u) - exp(-u))/2",
    "cosh": "(exp(u) + exp(-u))/2",
    "tanh": "(exp(u) - exp(-u))/(exp(u) + exp(-u))",
    "sech": "2/(exp(u) + exp(-u))",
    "sigmoid": "1/(1 + exp(-u))",
    "softplus": "ln(1 + exp(u))",
    "relu": "(u + abs(u))/2",
    "step": "(1 + u/abs(u))/2",
    "max": "(u + v + abs(u - v))/2",
    "min": "(u + v - abs(u - v))/2",
}
_MAX_WORK = 40_000  # steps of multiplication: about a tenth of a second
_MAX_BITS = 2_000
_ONE = {frozenset(): Fraction(1)}

_Bounds = Mapping[str, tuple[Fraction | None, Fraction | None]]
# A polynomial is a dict: monomial -> coefficient; a monomial is a frozenset of (atom, exponent).
_Polynomial = dict[frozenset, Fraction]
_Quotient = tuple[_Polynomial, _Polynomial]


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
            case Num():
                return ({frozenset(): tree.value} if tree.value else {}), _ONE
            case Sym("e"):
                return self.exp(_ONE)
            case Sym(name) if name in self.where:
                return self.of(self.where[name])
            case Sym(name):
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
                return self.power(self.of(base), _whole(exponent))
            case Func("exp", arg):
                return self.exp(self.polynomial(self.of(arg)))
            case Op(name, left, right):
                return self.of(substitute(_template(_SPELLED[name]), {"u": left, "v": right}))
            case Func("abs", arg):
                above, below = self.of(arg)
                return self.absolute(above), self.absolute(below)
            case Func(name, arg) if name in _SPELLED:
                return self.of(substitute(_template(_SPELLED[name]), {"u": arg}))
            case Func(name, arg):
                return _atom(self.unknown_function(name, self.of(arg))), _ONE
            case D():
                return self.of(_without_d(tree, self.variable, self.where))

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
        total = {m: left.get(m, 0) + right.get(m, 0) for m in {**left, **right}}
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
        shifted = {frozenset(): Fraction(end), frozenset({(("above", letter), 1)}): Fraction(way)}
        shifted = {monomial: c for monomial, c in shifted.items() if c}, _ONE
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


_NEVER_NEGATIVE = ("exp", "abs", "sqrt", "above")


def _sign_of_term(monomial: frozenset, c: Fraction) -> int:
    if all(atom[0] in _NEVER_NEGATIVE or k % 2 == 0 for atom, k in monomial):
        return 1 if c > 0 else -1
    return 0


def _atom(atom) -> _Polynomial:
    return {frozenset({(atom, 1)}): Fraction(1)}


def prove_equal(
    left: Tree,
    right: Tree,
    *,
    variable: str = "z",
    where: Mapping[str, Tree] | None = None,
    bounds: _Bounds | None = None,
) -> bool:
    """Prove that two trees are equal wherever both exist; False means no proof was found.

    Complete for rational functions of letters and exponentials (so also of sigmoid, tanh, …).
    `bounds`, letter -> (lower, upper), restricts letters: it may decide which of two numbers is
    max. Everything is counted in whole numbers and fractions, nothing is rounded.

    >>> prove_equal(parse("D(tanh(z))"), parse("4/(e^z + e^-z)^2"))
    True
    >>> leaky, right = parse("max(alpha*z, z)"), {"z": (0, None)}
    >>> prove_equal(leaky, parse("z"), bounds={**right, "alpha": (None, 1)})
    True
    >>> prove_equal(leaky, parse("z"), bounds=right)
    False
    """
    quotients = _Quotients(variable, where or {}, bounds or {})
    try:
        return quotients.same(quotients.of(left), quotients.of(right))
    except _NoProof:
        return False
