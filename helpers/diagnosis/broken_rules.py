"""One rule of calculus is applied wrongly at one place, in the ways in which people break it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from helpers.derivation import (
    FUNCTIONS,
    D,
    Func,
    Function,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    differentiate,
    names,
    parse,
    replace_children,
    replace_part,
    rules_used,
    substitute,
    walk,
    written_out,
)
from helpers.diagnosis.slips import ONE, Slip, rewrites
from helpers.diagnosis.tasks import Task

_QUOTIENT = "(D(u)*v - u*D(v))"
# What people make of the rules of calculus, and of a function where the general ways do not reach.
BROKEN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "product": (
        ("rule-applied-termwise", "D(u)*D(v)"),
        ("product-missing-term", "D(u)*v"),
        ("product-missing-term", "u*D(v)"),
        ("plus-minus-swapped", "D(u)*v - u*D(v)"),
        ("sign-flipped", "u*D(v) - D(u)*v"),
        ("rule-applied-termwise", "D(u) + D(v)"),
        ("product-missing-term", "D(u) + u*D(v)"),
        ("product-missing-term", "D(u)*v + D(v)"),
        ("function-derivative-mixup", "D(u)*D(v) + u*v"),
        ("function-derivative-mixup", "D(u)*v + u*v"),
        ("function-derivative-mixup", "u*v + u*D(v)"),
        ("formula-of-other-activation", "D(u)*v + u*v*(1 - v)"),
        ("formula-of-other-activation", "D(u)*v + u*(1 - v^2)"),
    ),
    "quotient": (
        ("rule-applied-termwise", "D(u)/D(v)"),
        ("rule-applied-termwise", "u/D(v)"),
        ("sign-flipped", "(u*D(v) - D(u)*v)/v^2"),
        ("plus-minus-swapped", "(D(u)*v + u*D(v))/v^2"),
        ("missing-square", f"{_QUOTIENT}/v"),
        ("missing-square", _QUOTIENT),
        ("square-as-times-two", f"{_QUOTIENT}/(2*v)"),
        ("function-derivative-mixup", "(D(u)*v - u*v)/v^2"),
        ("function-derivative-mixup", "(u*v - u*D(v))/v^2"),
        ("function-derivative-mixup", "(u*v - u*v)/v^2"),
        ("missing-inner-derivative", "-u/v^2"),
        ("missing-inner-derivative", "u/v^2"),
        ("product-missing-term", "D(u)*v/v^2"),
        ("product-missing-term", "u*D(v)/v^2"),
        ("product-missing-term", "-u*D(v)/v^2"),
    ),
    "power": (
        ("missing-inner-derivative", "n*u^(n - 1)"),
        ("missing-square", "n*u^n*D(u)"),
        ("exponent-kept", "n*u^n*D(u)*1"),
        ("exponent-kept", "n*u^(n + 1)*D(u)"),
        ("exponent-kept", "n*u^n"),
        ("exponent-kept", "n*u^(n + 1)"),
        ("parameter-ignored", "u^(n - 1)*D(u)"),
        ("rule-applied-termwise", "n*D(u)^(n - 1)"),
        ("rule-applied-termwise", "D(u)^n"),
        ("sign-flipped", "-n*u^(n - 1)*D(u)"),
        ("integrated-instead", "u^(n + 1)/(n + 1)*D(u)"),
    ),
    "minus": (("sign-flipped", "D(u)"),),
    "difference": (("sign-flipped", "D(u) + D(v)"), ("sign-flipped", "D(v) - D(u)")),
    "sum": (("plus-minus-swapped", "D(u) - D(v)"), ("rule-applied-termwise", "D(u)*D(v)")),
    "constant": (("constant-slope-one", "1"), ("constant-slope-one", "c")),
    "variable": (("branch-kept-z", "u"),),
    "constant factor": (
        ("parameter-ignored", "D(u)"),
        ("rule-applied-termwise", "0"),
        ("function-derivative-mixup", "c*u"),
        ("constant-slope-one", "u + c*D(u)"),
    ),
    "constant divisor": (
        ("parameter-ignored", "D(u)"),
        ("rule-applied-termwise", "0"),
        ("constant-slope-one", "(c*D(u) - u)/c^2"),
    ),
    "exp": (
        ("power-rule-on-exponential", "u*exp(u - 1)*D(u)"),
        ("power-rule-on-exponential", "u*exp(u - 1)"),
        ("rule-applied-termwise", "exp(D(u))*D(u)"),
        ("sign-flipped", "-exp(u)*D(u)"),
    ),
    "ln": (("rule-applied-termwise", "1/D(u)"), ("sign-flipped", "-1/u*D(u)")),
    "sinh": (("sign-flipped", "-cosh(u)*D(u)"),),
    "cosh": (("formula-of-other-activation", "-sinh(u)*D(u)"),),  # as cos′ = -sin
    "relu": (("branch-kept-z", "relu(u)"),),
    "softplus": (("rule-applied-termwise", "1/(1 + exp(u))*D(u)"),),
    "Phi": (("formula-of-other-activation", "Phi(u)*(1 - Phi(u))*D(u)"),),
    "erf": (("sign-flipped", "2/sqrt(pi)*exp(u^2)*D(u)"),),
    "phi": (("missing-inner-derivative", "phi(u)"), ("sign-flipped", "u*phi(u)*D(u)")),
    "max": (("branches-swapped", "step(v - u)*D(u) + step(u - v)*D(v)"),),
}


# Of 1/v, whose slope is the power rule's for the exponent -1, the integral is no power.
_INTEGRALS_OF_RECIPROCALS: Mapping[str, tuple[Tree, ...]] = {
    "power": (parse("ln(u)*D(u)"), parse("ln(u)")),
    "quotient": (parse("u*ln(v)*D(v)"), parse("u*ln(v)")),
}

# What happens to the slope of a function when it is remembered instead of looked up.
_MISREMEMBERED = (
    *("missing-square", "plus-minus-swapped", "parameter-ignored"),
    *("z-for-g", "formula-of-other-activation"),
)


def ways_to_break(rule: str) -> tuple[tuple[str, Tree], ...]:
    """Return what people make of a rule: stories with templates.

    Those of a function follow from its slope: the slope misremembered, the inner derivative
    forgotten, the function taken of the inner derivative.

    >>> from helpers.derivation import to_text
    >>> [to_text(template) for _, template in ways_to_break("atan")][:2]
    ['1/(1 + u^2)', 'atan(D(u))']
    """
    return _broken_rules(rule, FUNCTIONS.get(rule))


@functools.cache
def _broken_rules(rule: str, function: Function | None) -> tuple[tuple[str, Tree], ...]:
    found = {parse(text): slug for slug, text in BROKEN.get(rule, ())}
    if function and function.slope != "0":
        for slug, template in _broken_chain_rules(function):
            found.setdefault(template, slug)
    return tuple((slug, template) for template, slug in found.items())


def _broken_chain_rules(function: Function) -> Iterator[tuple[str, Tree]]:
    u, v = D(Sym("u")), D(Sym("v"))
    if function.arguments == 2:
        yield "rule-applied-termwise", Op(function.name, u, v)
        return
    slope = parse(function.slope)
    yield "missing-inner-derivative", slope
    if not function.kink:
        yield "rule-applied-termwise", Func(function.name, u)
    if slope != Func(function.name, Sym("u")):
        yield "function-derivative-mixup", Op("*", Func(function.name, Sym("u")), u)
    for slug, changed in rewrites(slope, Task(of=(), forms=(), variable="u")):
        if slug in _MISREMEMBERED:
            yield slug, Op("*", changed, u)


def broken_derivatives(
    tree: Tree, variable: str = "z", where: Mapping[str, Tree] | None = None
) -> Iterator[Slip[Tree]]:
    """Differentiate with one rule applied wrongly at one place, in all the ways of `broken_rules`.

    >>> from helpers.derivation import to_text
    >>> sorted({to_text(s.tree) for s in broken_derivatives(parse("exp(-z)"))})[:3]
    ['(-z)*exp(-z - 1)', '(-z)*exp(-z - 1)*(-1)', '-exp(-z)*(-1)']
    """
    where = where or {}
    untold = {"power": _untold_of_powers(tree), "quotient": _untold_of_quotients(tree, variable)}
    integrals = _INTEGRALS_OF_RECIPROCALS if _has_reciprocal(tree, variable) else {}
    for k, rule in enumerate(rules_used(tree, variable, where=where)):
        integrated = (("integrated-instead", integral) for integral in integrals.get(rule, ()))
        for slug, template in (*ways_to_break(rule), *integrated):
            if slug in untold.get(rule, ()):
                continue
            broken = differentiate(tree, variable, where=where, instead={k: template})
            far_fetched = rule == "product" and slug == "formula-of-other-activation"
            origin = "object" if far_fetched else "rule"
            yield Slip(slug, without_d(broken, variable, where), origin)


_REVERSED = parse("(u*D(v) - D(u)*v)/v^2")


def spelled_out(of: Tree) -> Iterator[tuple[str, Tree]]:
    """What people make of the rule for a product or a quotient, its derivatives still written.

    >>> from helpers.derivation import to_text
    >>> [to_text(line) for _, line in spelled_out(parse("sinh(z)/cosh(z)"))][:1]
    ['D(sinh(z))/D(cosh(z))']
    """
    if not isinstance(of, Op) or of.op not in "*/":
        return
    rule = "product" if of.op == "*" else "quotient"
    for slug, template in ways_to_break(rule):
        told = "quotient-reversed" if template == _REVERSED else slug
        yield told, substitute(template, {"u": of.left, "v": of.right})


def _has_reciprocal(tree: Tree, variable: str) -> bool:
    """Is there a u^-1, or a 1/u in which nothing above the bar moves?"""
    for node in walk(tree):
        match node:
            case Op("^", _, Neg(Num("1"))):
                return True
            case Op("/", u, v) if variable in names(v) and variable not in names(u):
                return True
    return False


def _untold_of_powers(tree: Tree) -> set[str]:
    """A square is lost from u^-2, the slope of 1/u."""
    powers = [n for n in walk(tree) if isinstance(n, Op) and n.op == "^"]
    exponents = {n.right for n in powers if isinstance(n.right, Num | Neg)}
    return {"missing-square"} if exponents and Neg(ONE) not in exponents else set()


def _untold_of_quotients(tree: Tree, variable: str) -> set[str]:
    """What stands around v is an outer function in 1/v, in u/v it is none; a 1 has no slope."""
    quotients = (n for n in walk(tree) if isinstance(n, Op) and n.op == "/")
    moves = any(variable in names(n.left) for n in quotients)
    return {"missing-inner-derivative" if moves else "function-derivative-mixup"}


def without_d(tree: Tree, variable: str = "z", where: Mapping[str, Tree] | None = None) -> Tree:
    """Carry out every derivative in a tree, those of defined letters through their definition."""
    where = where or {}
    if isinstance(tree, D):
        arg = written_out(without_d(tree.arg, variable, where), where)
        return differentiate(arg, variable)
    return replace_children(tree, [without_d(child, variable, where) for child in children(tree)])


def misread_d(tree: Tree, task: Task) -> Iterator[Slip[Tree]]:
    """Carry out the derivatives in a line, one of them wrongly: what may follow from that line."""

    def carried_out(slug: str, changed: Tree) -> Slip[Tree]:
        return Slip(slug, without_d(changed, task.variable, task.where), "rule")

    for node in [n for n in walk(tree) if isinstance(n, D)]:
        for slip in broken_derivatives(written_out(node.arg, task.where), task.variable):
            yield carried_out(slip.slug, replace_part(tree, node, slip.tree))
        yield carried_out("function-derivative-mixup", replace_part(tree, node, node.arg))
        if node != tree and task.moves(node.arg):
            yield carried_out("missing-inner-derivative", replace_part(tree, node, ONE))
    yield carried_out("function-derivative-mixup", _d_struck_out(tree))


def _d_struck_out(tree: Tree) -> Tree:
    below = [_d_struck_out(child) for child in children(tree)]
    return below[0] if isinstance(tree, D) else replace_children(tree, below)
