"""The rules of calculus: the derivative of a tree, all at once or one rule at a time.

A rule is a template in the notation itself, `D(u)` marks where the rules go on. That of a function
is the chain rule: its slope, from the table of functions, times the slope of what is inside.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from helpers.derivation.errors import NotationError
from helpers.derivation.reader import parse
from helpers.derivation.trees import (
    D,
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    replace_children,
)
from helpers.derivation.vocabulary import FUNCTIONS, Function

MAX_RULES, MAX_RULES_DEEP = 5000, 100  # far above what a derivation needs

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
}
_LINEAR = ("sum", "difference", "minus", "constant factor", "constant divisor")
_TRIVIAL = ("constant", "variable")


@cache
def template(text: str) -> Tree:
    """Read a formula of ours; once, for it is needed again and again."""
    return parse(text)


def rule_of(name: str) -> Tree:
    """Return a rule by its name; that of a function is the chain rule for its slope.

    >>> from helpers.derivation import to_text
    >>> to_text(rule_of("product")), to_text(rule_of("cos"))
    ('D(u)*v + u*D(v)', '-sin(u)*D(u)')
    """
    return template(RULES[name]) if name in RULES else _chain_rule(FUNCTIONS[name])


@cache
def _chain_rule(function: Function) -> Tree:
    by_u = _times_inner(template(function.slope), "u")
    if function.arguments == 1:
        return by_u
    return Op("+", by_u, _times_inner(template(function.slope_by_v), "v"))


def _times_inner(slope: Tree, letter: str) -> Tree:
    match slope:
        case Num("0"):
            return slope
        case Neg(arg):
            return Neg(_times_inner(arg, letter))
    return Op("*", slope, D(Sym(letter)))


def differentiate(
    tree: Tree,
    variable: str = "z",
    *,
    where: Collection[str] = (),
    instead: Mapping[int, Tree] | None = None,
) -> Tree:
    """Differentiate by the rules of calculus, outermost rule first, tidying 0 and 1 away.

    Letters in `where` depend on the variable, their derivative stays `D(g)`; all other letters
    are constants. `instead={k: template}` replaces application number k (from 0, in the order of
    `rules_used`): so one rule can be broken at one place.

    >>> from helpers.derivation import to_text
    >>> f = parse("z*exp(-z)")
    >>> to_text(differentiate(f))
    'exp(-z) + z*(exp(-z)*(-1))'
    >>> rules_used(f)
    ('product', 'variable', 'exp', 'minus', 'variable')
    >>> to_text(differentiate(f, instead={2: parse("exp(u)")}))
    'exp(-z) + z*exp(-z)'
    """
    return _Differentiator(variable, where, instead).derivative(tree)


def rules_used(tree: Tree, variable: str = "z", *, where: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the rules in the order in which `differentiate` applies them."""
    differentiator = _Differentiator(variable, where)
    differentiator.derivative(tree)
    return tuple(differentiator.used)


def differentiate_once(
    tree: Tree,
    variable: str = "z",
    *,
    inner_stays: bool = False,
    instead: Mapping[int, Tree] | None = None,
) -> tuple[Tree, tuple[str, ...]]:
    """Apply one rule to each outermost `D(…)` of a tree, and say which rules were used.

    What is only a sum, a sign or a constant factor is passed through; the rest stays `D(…)`.
    With `inner_stays` so does what a chain, a product or a fraction leaves, whatever it is.
    `instead={k: template}` breaks the rule that is used as number k.

    >>> from helpers.derivation import to_text
    >>> line, rules = differentiate_once(parse("D(2z*exp(-z))"))
    >>> to_text(line), rules
    ('2*exp(-z) + 2*z*D(exp(-z))', ('product',))
    """
    differentiator = _OneRuleAtATime(variable, instead=instead)
    differentiator.inner_stays = inner_stays
    return differentiator.within(tree), tuple(differentiator.used)


def carry_out(tree: D, variable: str, where: Mapping[str, Tree]) -> Tree:
    """Carry out one derivative; the derivatives of letters in the result are still `D(g)`."""
    arg = tree.arg
    if isinstance(arg, D):
        arg = carry_out(arg, variable, where)
    elif isinstance(arg, Sym) and arg.name in where:
        arg = where[arg.name]
    return differentiate(arg, variable, where=where)


class _Differentiator:
    def __init__(
        self,
        variable: str,
        where: Collection[str] = (),
        instead: Mapping[int, Tree] | None = None,
    ) -> None:
        self.variable, self.where, self.instead = variable, where, instead or {}
        self.used: list[str] = []
        self.depth = 0
        self.seen: dict[int, tuple[Tree, bool]] = {}  # derivatives share subtrees: look once

    def derivative(self, tree: Tree) -> Tree:
        if isinstance(tree, Sym) and tree.name in self.where:
            return D(tree)
        if isinstance(tree, If):
            other = None if tree.other is None else self.derivative(tree.other)
            return If(tree.sign, tree.left, tree.right, self.derivative(tree.then), other)
        if isinstance(tree, D):
            inner = self.derivative(tree.arg)
            return D(inner) if isinstance(inner, D) else self.derivative(inner)
        name, parts = self.rule(tree)
        if len(self.used) >= MAX_RULES or self.depth >= MAX_RULES_DEEP:
            raise NotationError("this is too complicated to differentiate", "D(…)")
        applied = self.instead.get(len(self.used)) or rule_of(name)
        self.used.append(name)
        self.depth += 1
        result = self.fill(applied, parts)
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
        """Return the rule for the outermost operation, and what u, v, c, n stand for."""
        if self.constant(tree):
            return "constant", {"c": tree}
        match tree:
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
            case Op(name, u, v):
                return name, {"u": u, "v": v}
            case Func(name, u):
                return name, {"u": u}
        return "variable", {"u": tree}

    def fill(self, rule: Tree, parts: Mapping[str, Tree]) -> Tree:
        match rule:
            case Sym(name):
                return parts.get(name, rule)
            case D(Sym(name)):
                return self.derivative(parts[name])
        return _tidy(replace_children(rule, [self.fill(part, parts) for part in children(rule)]))


class _OneRuleAtATime(_Differentiator):
    """Leaves D(u) where a rule would have to be applied to u."""

    inner_stays = passes = False

    def within(self, tree: Tree) -> Tree:
        if isinstance(tree, D):
            name, parts = self.rule(tree.arg)
            applied = self.instead.get(len(self.used)) or rule_of(name)
            self.used.append(name)
            self.passes = not self.inner_stays or name in _LINEAR
            return self.fill(applied, parts)
        return _tidy(replace_children(tree, [self.within(child) for child in children(tree)]))

    def derivative(self, tree: Tree) -> Tree:
        name, parts = self.rule(tree)
        if name not in ((*_LINEAR, *_TRIVIAL) if self.passes else _TRIVIAL):
            return D(tree)
        return self.fill(rule_of(name), parts)


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
            m, n = whole_number(a), whole_number(b)
            if m is not None and n is not None:
                total = m + n if op == "+" else m - n
                return Num(str(total)) if total >= 0 else Neg(Num(str(-total)))
    return tree


def whole_number(tree: Tree) -> int | None:
    """Return the whole number that a tree is, such as 2 or -1, or None."""
    match tree:
        case Num(text) if text.isdigit():
            return int(text)
        case Neg(Num(text)) if text.isdigit():
            return -int(text)
    return None
