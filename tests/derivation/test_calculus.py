"""The rules of calculus, each a theorem, against difference quotients."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given

from helpers.derivation import (
    FUNCTIONS,
    RULES,
    D,
    derive,
    differentiate,
    evaluate,
    parse,
    rule_of,
    rules_used,
    to_text,
    values,
)
from tests.derivation.formulas import POINTS, trees
from tests.strategies import tries


@tries(150)
@given(trees(derivatives=False))
def test_derivatives_agree_with_difference_quotients(tree):
    h = Fraction(1, 10**20)
    around = [{"z": p["z"] + k * h, "beta": p["beta"]} for p in POINTS for k in (-1, 1)]
    slopes, near = values(D(tree), POINTS), values(tree, around)
    third = values(D(D(D(tree))), POINTS)
    for slope, before, after, bend in zip(slopes, near[::2], near[1::2], third, strict=True):
        if None in (slope, before, after, bend):
            continue
        size = 1 + abs(slope) + abs(bend) + abs(before)
        with mpmath.workdps(80):
            quotient = (after - before) * 10**20 / 2
            assert abs(quotient - slope) <= size * mpmath.mpf(10) ** -35


# What each rule differentiates; that of a function, the function of u.
DIFFERENTIATED = {
    "constant": "D(c)",
    "variable": "D(z)",
    "sum": "D(u + v)",
    "difference": "D(u - v)",
    "minus": "D(-u)",
    "constant factor": "D(c*u)",
    "product": "D(u*v)",
    "constant divisor": "D(u/c)",
    "quotient": "D(u/v)",
    "power": "D(u^n)",
    "exponential": "D(c^u)",
    "power of functions": "D(u^v)",
    "max": "D(max(u, v))",
    "min": "D(min(u, v))",
}


@pytest.mark.parametrize("name", [*RULES, *FUNCTIONS])
def test_every_rule_is_a_true_theorem(name):
    """Each template, read as an identity about functions u and v of z, checked by `compare`."""
    where = {"u": "1.5 + tanh(z)/2 + z^2/9", "v": "1 + z^2/7"}
    left = DIFFERENTIATED.get(name, f"D({name}(u))")
    derivation = derive(f"{left} + 0*(u+v+c+n)\n{to_text(rule_of(name))}", where=where)
    assert derivation.verified == 1
    meaning = derivation.setting.where
    point = {"z": mpmath.mpf("0.3"), "c": mpmath.mpf("1.7"), "n": mpmath.mpf("2.3")}

    def f(z):
        return evaluate(derivation.lines[0].tree.left.arg, {**point, "z": z}, where=meaning)

    with mpmath.workdps(40):  # and once without any of our rules
        slope = evaluate(derivation.lines[1].tree, point, where=meaning)
        assert abs(mpmath.diff(f, point["z"]) - slope) < mpmath.mpf(10) ** -15


def test_differentiate_leaves_letters_with_a_definition_alone():
    tree = parse("g(1 - g)", where={"g"})
    assert to_text(differentiate(tree, where={"g"})) == "D(g)*(1 - g) + g*(-D(g))"
    assert to_text(differentiate(parse("a*b", variable="b"), "b")) == "a"


def test_one_rule_can_be_broken_at_one_place():
    f = parse("(1 + exp(-z))^-1")
    used = ("power", "sum", "constant", "exp", "minus", "variable")
    assert rules_used(f) == used
    right = to_text(differentiate(f))
    wrong = to_text(differentiate(f, instead={used.index("power"): parse("n*u^(n - 1)")}))
    assert right == "(-1)*(1 + exp(-z))^(-2)*(exp(-z)*(-1))"
    assert wrong == "(-1)*(1 + exp(-z))^(-2)"
    inside = differentiate(f, instead={used.index("exp"): parse("u*exp(u - 1)*D(u)")})
    assert "exp(-z - 1)" in to_text(inside)
