"""Values to 50 digits, against SymPy."""

import mpmath
import pytest
import sympy
from hypothesis import assume, given

from helpers.derivation import D, derive, evaluate, parse, to_text, values
from tests.derivation.formulas import POINTS, SMOOTH, trees
from tests.strategies import tries


def to_sympy(tree):
    """SymPy's own reading; fine here, the text comes from our own trees."""
    symbols = {"z": sympy.Symbol("z", real=True), "beta": sympy.Symbol("beta", positive=True)}
    known = {**symbols, "e": sympy.E, "pi": sympy.pi, "D": lambda f: sympy.diff(f, symbols["z"])}
    known |= {"ln": sympy.log, "abs": sympy.Abs, "sigmoid": lambda x: 1 / (1 + sympy.exp(-x))}
    known |= {"softplus": lambda x: sympy.log(1 + sympy.exp(x))}
    known["Phi"] = lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2
    known["phi"] = lambda x: sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)
    return sympy.sympify(to_text(tree).replace("^", "**"), locals=known, rational=True), symbols


@tries(60)
@given(trees(SMOOTH, derivatives=False, leaves=5))
def test_values_and_derivatives_agree_with_sympy(tree):
    mine = values(tree, POINTS[1:]) + values(D(tree), POINTS[1:])
    assume(None not in mine)
    theirs, symbols = to_sympy(tree)
    point = {symbols["z"]: sympy.Rational(-13, 10), symbols["beta"]: sympy.Rational(3, 5)}
    for value, expression in zip(mine, (theirs, theirs.diff(symbols["z"])), strict=True):
        expected = sympy.N(expression.subs(point), 50)
        assume(expected.is_Number and expected.is_finite)
        with mpmath.workdps(60):
            expected = mpmath.mpf(str(expected))
            assert abs(value - expected) <= mpmath.mpf(10) ** -35 * (1 + abs(expected))


def test_a_derivative_exists_only_where_the_function_does():
    assert evaluate(parse("1/z"), {"z": -2}) == -0.5
    assert evaluate(parse("D(ln(z))"), {"z": -2}) is None
    assert evaluate(parse("D(|z|)"), {"z": 0}) is None


@pytest.mark.parametrize(
    "text",
    [
        *("1/0", "ln(0)", "ln(-1)", "sqrt(-1)", "0^0", "0^-1", "(-1)^0.5", "exp(exp(exp(9)))"),
        *("(10^64)^(9*9*9*9*9*9*9)", "sin(10^60)", "10^(-9*1000000)", "tan(1/0)"),
    ],
)
def test_no_value(text):
    assert evaluate(parse(text), {}) is None


def test_values_have_fifty_digits_and_leave_mpmath_alone():
    before = mpmath.mp.dps
    x = evaluate(parse("g"), {"z": 1}, where={"g": parse("1/(1+e^-1*1)")})
    assert mpmath.nstr(x, 50) == "0.73105857863000487925115924182183627436514464016506"
    derive("D(z^2)\n2z")
    assert mpmath.mp.dps == before


def test_a_missing_letter_is_named():
    with pytest.raises(ValueError, match="no value for beta"):
        evaluate(parse("beta*z"), {"z": 1})
