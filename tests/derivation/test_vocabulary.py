"""The table of functions: its rows agree with one another, and one more row is all it takes."""

import math
import re
from dataclasses import replace

import mpmath
import numpy as np
import pytest
import sympy

from helpers import activations
from helpers.derivation import (
    ALIASES,
    FUNCTIONS,
    RESERVED,
    DerivationError,
    Func,
    Function,
    If,
    NotationError,
    Op,
    Setting,
    Sym,
    array_values,
    decide_equal,
    define,
    derivative_by_sympy,
    derive,
    differentiate,
    evaluate,
    latex,
    mathml,
    parse,
    rules_used,
    to_text,
    values,
)
from helpers.derivation.readings import check_claims
from helpers.diagnosis.misconceptions import believed
from helpers.diagnosis.tasks import Task, floats
from helpers.workbench import compose

ONE_ARGUMENT = [name for name, function in FUNCTIONS.items() if function.arguments == 1]
PLACES = [mpmath.mpf(n) / 8 for n in (-37, -11, -3, 1, 5, 9, 26)]


def applied(function):
    """The function of u, or of u and v, as a tree."""
    if function.arguments == 2:
        return Op(function.name, Sym("u"), Sym("v"))
    return Func(function.name, Sym("u"))


def at(place):
    return {"u": place, "v": place**2 / 3}


# ---------------------------------------------------------------------- the rows of the table


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_forms_of_a_function_agree(name):
    function = FUNCTIONS[name]
    symbols = sympy.symbols("u v", real=True)[: function.arguments]
    of_sympy = function.in_sympy()(*symbols)
    for place in PLACES:
        exact = evaluate(applied(function), at(place))
        point = {letter: float(x) for letter, x in at(place).items()}
        with np.errstate(invalid="ignore"):
            in_numpy = float(array_values(applied(function), point))
        in_sympy = complex(of_sympy.subs({s: point[s.name] for s in symbols}).evalf(20))
        if exact is None:
            assert math.isnan(in_numpy)
            assert in_sympy.imag
            continue
        assert in_numpy == pytest.approx(float(exact), rel=1e-14, abs=1e-16)
        assert in_sympy == pytest.approx(float(exact), rel=1e-14)
        if function.spelled:
            spelled = evaluate(parse(function.spelled), at(place))
            assert abs(spelled - exact) < mpmath.mpf(10) ** -50


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "!="])
@pytest.mark.parametrize("other", [None, parse("-u")])
def test_cases_agree_in_numpy_and_in_fifty_digits(sign, other):
    tree = If(sign, parse("ln(u)"), parse("ln(5/8)"), parse("u^2"), other)
    exact = [evaluate(tree, {"u": place}) for place in PLACES]
    with np.errstate(invalid="ignore"):
        found = array_values(tree, {"u": np.array(PLACES, float)})
    assert found == pytest.approx([float(x or "nan") for x in exact], nan_ok=True)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_slope_is_the_slope(name):
    """By mpmath's own difference quotients, argument by argument."""
    function = FUNCTIONS[name]
    slopes = (("u", function.slope), ("v", function.slope_by_v))[: function.arguments]
    for letter, slope in slopes:
        for place in PLACES:
            point = at(place)
            if evaluate(applied(function), point) is None:
                continue
            found = evaluate(parse(slope), point)

            def f(x, point=point, letter=letter):
                return evaluate(applied(function), {**point, letter: x})

            with mpmath.workdps(40):
                assert abs(mpmath.diff(f, point[letter]) - found) < mpmath.mpf(10) ** -15


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_kernel_kink_and_domain_are_those_of_the_function(name):
    function, zero = FUNCTIONS[name], mpmath.mpf(0)
    value = lambda x: evaluate(applied(function), {"u": x})  # noqa: E731
    if function.kernel:
        z = np.array(PLACES, float)
        for kernel, tree in (("", applied(function)), ("_prime", parse(function.slope))):
            found = getattr(activations, function.kernel + kernel)(z)
            assert found == pytest.approx(array_values(tree, {"u": z}), rel=1e-12)
    if function.kink:
        left, right = (evaluate(parse(function.slope), {"u": x}) for x in (-1, 1))
        assert (left, right) == function.kink
        assert array_values(applied(function), {"u": 0.0}, from_left=True) == 0
        assert evaluate(parse(function.slope), {"u": zero}) is None or left == right
    if function.domain:
        border = parse(function.border)
        inside = {">": lambda x: x > 0, ">=": lambda x: x >= 0, "!=": lambda x: x != 0}
        holds = inside[function.domain.split()[-2]]
        for place in (*PLACES, zero):
            assert (value(place) is not None) == holds(evaluate(border, {"u": place}))
    else:
        assert None not in map(value, PLACES)
    huge = value(mpmath.mpf(10) ** 30)
    assert (huge is not None) == function.any_size


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_the_slope_has_a_value_at_0_where_the_function_has_one(name):
    function, at_zero = FUNCTIONS[name], {"u": mpmath.mpf(0)}
    on_the_border = function.domain and evaluate(parse(function.border), at_zero) == 0
    if evaluate(applied(function), at_zero) is None or function.kink or on_the_border:
        return
    hole = f"{name} is neither said to have a kink at u = 0 nor to end there: {function.slope}"
    assert evaluate(parse(function.slope), at_zero) is not None, hole


def test_no_name_means_two_functions():
    names = [name for f in FUNCTIONS.values() for name in (f.name, *f.aliases)]
    assert len(names) == len({*names})
    assert {*names} <= RESERVED
    for function in FUNCTIONS.values():
        for alias in function.aliases:
            argument = "(z, 1)" if function.arguments == 2 else "(z)"
            assert parse(f"{alias}{argument}") == parse(f"{function.name}{argument}")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_can_be_read_aloud_and_set(name):
    function = FUNCTIONS[name]
    assert function.spoken
    assert "\\" not in mathml(f"{function.tex}(z)" if name != "sqrt" else r"\sqrt{z}")


# --------------------------------------------------------------------------- one more function

ASINH = Function(
    "asinh",
    slope="1/sqrt(u^2 + 1)",
    aliases=("arsinh",),
    numpy="arcsinh",
    spelled="ln(u + sqrt(u^2 + 1))",
    latex=r"\operatorname{arsinh}",
)


@pytest.fixture
def asinh():
    tables = FUNCTIONS, ALIASES, RESERVED
    before = [table.copy() for table in tables]
    define(ASINH)
    yield ASINH
    for table, old in zip(tables, before, strict=True):
        table.clear()
        table.update(old)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"name": "tan"}, "tan: tan means something"),
        ({"aliases": ("arsinh", "σ")}, "asinh: σ means something"),
        ({"aliases": ("π",)}, "asinh: π means something"),
        ({"domain": "u < 0"}, "asinh: its domain is … > 0, … >= 0 or … != 0, not u < 0"),
        ({"domain": "u>0"}, "not u>0"),
        ({"mpmath": "arcsinh"}, "asinh: mpmath has no arcsinh"),
        ({"name": "swish"}, "swish: mpmath has no swish"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_a_sentence(row, fault):
    before = FUNCTIONS.copy(), ALIASES.copy(), RESERVED.copy()
    with pytest.raises(ValueError, match=re.escape(fault)):
        define(replace(ASINH, **row))
    assert before == (FUNCTIONS, ALIASES, RESERVED)


def test_without_the_row_it_is_unknown():
    with pytest.raises(NotationError, match="unknown name asinh"):
        parse("asinh(z)")


@pytest.mark.usefixtures("asinh")
class TestOneMoreFunction:
    """asinh, all of whose mathematics is known to mpmath, SymPy and the `math` module."""

    def test_it_is_read_and_written(self):
        tree = parse("2arsinh²(z)")
        assert to_text(tree) == "2*asinh(z)^2"
        assert parse(to_text(tree)) == tree
        with pytest.raises(NotationError, match=r"did you mean asinh\?"):
            parse("asinhh(z)")
        with pytest.raises(NotationError, match=r"functions: exp .* asinh\n"):
            parse("swish(z)")

    def test_it_is_differentiated_and_computed(self):
        f = parse("asinh(3z + 1)")
        assert rules_used(f)[0] == "asinh"
        [value, slope] = (evaluate(t, {"z": 0.25}) for t in (f, differentiate(f)))
        with mpmath.workdps(50):
            assert abs(value - mpmath.asinh(1.75)) < mpmath.mpf(10) ** -45
            assert abs(slope - 3 / mpmath.sqrt(1.75**2 + 1)) < mpmath.mpf(10) ** -45

    def test_a_derivation_with_it_is_checked_and_proved(self):
        derivation = derive("D(z asinh(2z))\n= asinh(2z) + z*2/sqrt(4z^2 + 1)  # product rule")
        assert derivation.verified == 1
        assert r"\operatorname{arsinh}(2 z)" in derivation._repr_latex_()
        with pytest.raises(DerivationError, match="line 2 is not equal"):
            derive("D(asinh(2z))\n= 1/sqrt(4z^2 + 1)")
        assert decide_equal(parse("e^asinh(z)"), parse("z + sqrt(z^2 + 1)"))

    def test_a_learner_may_use_it(self):
        text = "f(x) = arsinh(2x)\nf'(x) = 1/sqrt((2x)^2 + 1) * 2\n= 2/sqrt(1 + 2x^2)"
        claims = check_claims(text, parse("asinh(2z)"), Setting.of("D(asinh(2z))")).claims
        assert [claim.found for claim in claims][1:] == ["slope", "false"]

    def test_it_is_set(self):
        tex = latex(parse("asinh(z)/2"))
        assert tex == r"\frac{\operatorname{arsinh}(z)}{2}"
        assert "<mi>arsinh</mi>" in mathml(tex)

    def test_its_forgotten_inner_derivative_is_diagnosed(self):
        of, slope = parse("asinh(3z)"), parse("3/sqrt(9z^2 + 1)")
        z = np.array([-1.5, -0.25, 0.5, 2.0])
        forgotten = 1 / np.hypot(3 * z, 1)
        with np.errstate(all="ignore"):
            stories = {
                slip.slug
                for slip in believed(Task(of=(of,), forms=(slope,)))
                if np.allclose(floats(slip.tree, {"z": z}), forgotten)
            }
        assert "missing-inner-derivative" in stories

    def test_sympy_gives_its_second_opinion(self):
        mine, theirs = differentiate(parse("asinh(2z)")), derivative_by_sympy(parse("asinh(2z)"))
        points = [{"z": z} for z in PLACES]
        for x, y in zip(values(mine, points), values(theirs, points), strict=True):
            assert abs(x - y) < mpmath.mpf(10) ** -45
        assert derivative_by_sympy(parse("z*asinh(2z)")).left.op == "/"

    def test_it_is_composed(self):
        composed = compose("c*z + asinh(2z)", c=0.5)
        z = np.array([-3.0, 0.0, 0.7])
        expected = [0.5 * x + math.asinh(2 * x) for x in z]
        assert composed.value(z) == pytest.approx(expected, rel=1e-14)
        assert composed.prime(z) == pytest.approx(0.5 + 2 / np.hypot(1, 2 * z), rel=1e-14)
        assert "agrees with central differences" in composed.check()
        assert "slope of asinh, chain rule" in repr(composed.steps)
        assert composed.kinks == ()
