"""The workbench: what is composed is right by 50 digits, and what cannot be used is pointed at."""

import dataclasses
import math
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.activations import ACTIVATIONS, one_sided_slopes, value_and_prime
from helpers.derivation import (
    FUNCTIONS,
    Func,
    Neg,
    NotationError,
    Num,
    Op,
    Sym,
    derivative_by_sympy,
    differentiate_once,
    evaluate,
    names,
    parse,
    to_text,
    values,
    walk,
)
from helpers.explorer import explore
from helpers.networks import Network, circles, train
from helpers.workbench import compose, moments
from tests.derivation.formulas import ATTACKS, nothing_executed
from tests.strategies import tries

# ------------------------------------------------------------------------- value and derivative

SMOOTH = [name for name, f in FUNCTIONS.items() if f.arguments == 1 and f.kink is None]
KINKED = ["relu", "abs"]


def trees(functions):
    leaves = st.sampled_from(
        [Sym("z"), Sym("z"), Sym("beta"), Sym("pi"), *map(Num, "123"), Num("0.5")]
    )

    def grow(part):
        return st.one_of(
            st.builds(Func, st.sampled_from(functions), part),
            st.builds(Op, st.sampled_from(["+", "-", "*", "/", "max", "min"]), part, part),
            st.builds(Op, st.just("^"), part, st.sampled_from([Num("2"), Num("3"), Neg(Num("1"))])),
            st.builds(Neg, part),
        )

    return st.recursive(leaves, grow, max_leaves=6)


PLACES = [Fraction(n, 100) for n in (-731, -283, -117, -41, 13, 57, 139, 211, 467, 829)]


@tries(150)
@given(trees(SMOOTH + KINKED))
def test_random_compositions_agree_with_fifty_digits(tree):
    assume("z" in names(tree))
    parameters = {"beta": 0.75} if "beta" in names(tree) else {}
    try:
        composed = compose(to_text(tree), **parameters)
    except NotationError:
        return
    tree = parse(to_text(tree))
    points = [{"z": z, "beta": Fraction(3, 4)} for z in PLACES]
    sizes = np.array([[abs(v or 0) for v in values(node, points)] for node in walk(tree)], float)
    tame = sizes.max(axis=0) < 1e3  # elsewhere rounding is felt, not the mathematics
    g, slope = value_and_prime(composed, np.array(PLACES, float))
    for k in np.flatnonzero(tame):
        exact = evaluate(tree, points[k]), evaluate(parse(f"D({to_text(tree)})"), points[k])
        if None not in exact and max(map(abs, exact)) < 1e3:
            assert g[k] == pytest.approx(float(exact[0]), rel=1e-8, abs=1e-8)
            assert slope[k] == pytest.approx(float(exact[1]), rel=1e-6, abs=1e-6)
    assert np.array_equal(g, composed.value(np.array(PLACES, float)))
    assert np.array_equal(slope, composed.prime(np.array(PLACES, float)))


@tries(60)
@given(trees(["tanh", "sigmoid", "softplus", "sech", "relu", "abs", "phi"]))
def test_random_compositions_agree_with_dual_numbers(tree):
    assume("z" in names(tree) and "beta" not in names(tree))
    try:
        composed = compose(to_text(tree))
    except NotationError:
        return
    assume(np.abs(composed.value(np.linspace(-8, 8, 99))).max() < 1e4)
    assert "dual numbers" in composed.check()


@pytest.mark.parametrize(
    ("text", "parameters", "name"),
    [
        ("z*Phi(z)", {}, "gelu"),
        ("z*tanh(softplus(z))", {}, "mish"),
        ("softplus(z)", {}, "softplus"),
        ("relu(z) + min(alpha*(e^min(z, 0) - 1), 0)", {"alpha": 1.0}, "elu"),
    ],
)
def test_the_functions_of_the_course_can_be_composed(text, parameters, name):
    z = np.linspace(-20, 20, 401)
    for mine, theirs in zip(
        value_and_prime(compose(text, **parameters), z), value_and_prime(name, z), strict=True
    ):
        np.testing.assert_allclose(mine, theirs, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_expression_of_the_table_can_be_composed(name):
    known, z = ACTIVATIONS[name], np.linspace(-20, 20, 401)
    letters = names(parse(known.expression)) - {"z"}
    if known.jumps:
        with pytest.raises(NotationError, match="made here has no gaps"):
            compose(known.expression)
        return
    composed = compose(known.expression, **{letter: known.parameter.default for letter in letters})
    for mine, theirs in zip(value_and_prime(composed, z), value_and_prime(name, z), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-13, atol=1e-14)


def test_tails_are_those_of_the_kernels():
    z = np.array([-700.0, -40.0, 40.0])
    assert np.all(compose("sigmoid(z)").prime(z) == ACTIVATIONS["sigmoid"].prime(z))
    assert np.all(compose("tanh(2*z)").prime(z / 2) == 2 * ACTIVATIONS["tanh"].prime(z))
    assert compose("softplus(z)").value(-700.0) == pytest.approx(math.exp(-700), rel=1e-14)
    assert compose("Phi(z)").value(-30.0) == pytest.approx(float(mpmath.ncdf(-30)), rel=1e-12)


KINKS = {  # text: where, and the slope on the left by hand
    "relu(z)": {0: 0},
    "relu(-z)": {0: -1},
    "|z|": {0: -1},
    "-|z|": {0: 1},
    "max(0, z)": {0: 0},
    "max(z, -z)": {0: -1},
    "min(z, 2z)": {0: 2},
    "max(min(z, 1), -1)": {-1: 0, 1: 1},
    "z*step(z)": {0: 0},
    "tanh(z) + relu(2z - 1)": {0.5: 1 - math.tanh(0.5) ** 2},
    "relu(z)^2": {},
    "max(z, z)": {},
    "|z^2|": {},
}


@pytest.mark.parametrize("text", KINKS)
def test_kinks_are_found_and_take_the_slope_on_the_left(text):
    composed = compose(text)
    assert composed.kinks == pytest.approx(tuple(KINKS[text]))
    for z, slope in KINKS[text].items():
        assert composed.prime(float(z)) == pytest.approx(slope)
        assert one_sided_slopes(composed.value, float(z))[0] == pytest.approx(slope, abs=1e-6)
    assert "dual numbers" in composed.check()


def test_a_tie_everywhere_is_no_kink():
    leaky = compose("max(alpha*z, z)", alpha=(0.1, 0, 2))
    assert leaky.prime([-1.0, 0.0, 1.0], 1.0).tolist() == [1, 1, 1]
    assert leaky.prime([-1.0, 0.0, 1.0], 2.0).tolist() == [1, 1, 2]


def test_a_wrong_slope_does_not_pass_the_check():
    composed = compose("tanh(z)")
    wrong = dataclasses.replace(composed, prime=ACTIVATIONS["sigmoid"].prime)
    with pytest.raises(ArithmeticError, match="dual numbers differ by"):
        wrong.check()
    assert "central differences" in compose("sin(z)").check()


# ---------------------------------------------------------------------------- used by the others


def test_kernels_keep_their_promises():
    gate = compose("z*sigmoid(beta*z)", beta=(1.0, 0.1, 10.0))
    z = np.array([[-1.0, 0.0], [1.0, 2.0]], np.float32)
    g, slope = value_and_prime(gate, z, 2.0)
    assert g.dtype == slope.dtype == np.float32
    assert g.shape == (2, 2)
    assert gate.value(1).dtype == np.float64
    assert gate.value(1.0, beta=2.0) == gate.value(1.0, 2.0) != gate.value(1.0)
    with pytest.raises(TypeError, match="z must be real numbers"):
        gate.value("1")
    assert gate.prime(np.zeros((0, 3))).shape == (0, 3)
    assert compose("0*z").prime([1.0, 2.0]).tolist() == [0, 0]


def test_the_explorer_shows_it_with_a_slider():
    gate = compose("c*tanh(z) + (1-c)*relu(z)", c=(0.5, 0, 1))
    slider = gate.parameter
    assert (slider.name, slider.default, slider.low, slider.high) == ("c", 0.5, 0, 1)
    explorer = explore(gate, z=1)
    assert explorer.z.value == 1


@pytest.mark.parametrize(
    ("given", "step"),
    [((0.5, 0, 1), 0.05), ((1, 0.1, 10), 0.3), ((0.01, -1, 2), 0.1), ((3, 2, 5), 0.1)],
)
def test_a_slider_stops_where_it_starts(given, step):
    slider = compose("a*tanh(z)", a=given).parameter
    assert slider.step == pytest.approx(step)
    explore(compose("a*tanh(z)", a=given))


def test_a_network_learns_with_it():
    rng = np.random.default_rng(0)
    x, labels = circles(200, rng)
    composed = compose("z*sigmoid(z)")
    network = Network([2, 16, 2], composed, rng, init=moments(composed).gain)
    losses = train(network, x, labels, rng, epochs=20, rate=0.3)
    assert losses[-1] < losses[0] / 2


def test_a_network_takes_the_parameter_that_it_opens_with():
    z = np.array([[-1.0, 0.5, 2.0]])
    gate = compose("z*sigmoid(beta*z)", beta=(2.0, 0.1, 10.0))
    one, other = (
        Network([3, 3, 1], of, np.random.default_rng(0)) for of in (gate, compose("z*sigmoid(2*z)"))
    )
    np.testing.assert_allclose(one.forward(z).logits, other.forward(z).logits)


def test_several_parameters_and_lambda():
    both = compose("lam*relu(z) + a*z + b", b=0.5, lam=(1, 0, 2), a=-0.2)
    assert both.parameter.name == "lam"
    assert both.parameter.symbol == "λ"
    assert both.value(1.0) == pytest.approx(1.3)
    assert both.value(1.0, 2.0, a=1.0, b=0.0) == pytest.approx(3.0)
    assert repr(both) == "compose('lambda*relu(z) + a*z + b', lam=1, b=0.5, a=-0.2)"
    assert repr(eval(repr(both))) == repr(both)
    assert compose("a*z", a=2).parameter is None


# ----------------------------------------------------------------------------- what is refused

REFUSED = {  # text: (column, what is said)
    "ln(z)": (0, "ln(z) has no value from z = -30 to z = 0"),
    "tanh(z) + 1/z": (10, "1/z has no value at z = 0"),
    "z/(z - 1/3)": (0, "z/(z - 1/3) has no value at z = 0.333333"),
    "1 + (3z - 1)^-2": (4, "(3*z - 1)^(-2) has no value at z = 0.333333"),
    "1/(z^2 - 2z + 1)": (0, "has no value at z = 1"),
    "ln(|z - 1/7|)": (0, "has no value at z = 0.142857"),
    "z*tan(z)": (2, "tan(z) has no value at z = -1.5708 and elsewhere"),
    "sin(z)/z": (0, "has no value at z = 0"),
    "exp(exp(z))": (0, "exp(exp(z)) is too large for a number from z = 6.57 to z = 30"),
    "sqrt(z)": (0, "sqrt(z) has no value from z = -30 to z = -0.01"),
    "2*sqrt(|z|)": (2, "sqrt(abs(z)) has no slope at z = 0"),
    "(z - 0.123)^0.5": (0, "has no value from z = -30 to z = 0.12"),
    "z^z": (0, "has no value"),
    "step(z)": (0, "this jumps from 0 to 1 at z = 0"),
    "z + step(z - 1)": (0, "this jumps from 1 to 2 at z = 1"),
    "2 + 3": (0, "there is no z"),
    "D(z^2)": (0, "write the function itself"),
    "z*sigmiod(z)": (2, "did you mean sigmoid?"),
    "z + gamma*z": (4, "gamma has no value: say gamma=1.0 or gamma=(1.0, 0.1, 10.0)"),
    "z + lam*z": (4, "lambda has no value: say lam=1.0 or lam=(1.0, 0.1, 10.0)"),
    "x*sigmoid(x)": (0, "x has no value: was z meant"),
    "z*g": (2, "g is no function here"),
    "z*(1 + z": (2, "never closed"),
    "": (0, "nothing to read"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refusals_point_at_the_place(text):
    column, says = REFUSED[text]
    with pytest.raises(NotationError) as caught:
        compose(text)
    assert says in caught.value.message
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "parameters", "error", "says"),
    [
        ("ln(2 + a*z)", {"a": (0, 0, 1)}, NotationError, "from z = -30 to z = -2, with a = 1"),
        ("z", {"a": 1.0}, NotationError, "a has a value, but does not occur"),
        ("z", {"exp": 1.0}, NotationError, "exp cannot be a parameter"),
        ("a*z", {"a": "1"}, TypeError, "a: expected a number or"),
        ("a*z", {"a": None}, TypeError, "a: expected a number or"),
        ("a*z", {"a": math.nan}, TypeError, "a: expected a number or"),
        ("a*z", {"a": (1, 2)}, ValueError, "low <= value <= high"),
        ("a*z", {"a": (3, 1, 2)}, ValueError, "low <= value <= high"),
        (3, {}, TypeError, "an expression is a text"),
    ],
)
def test_parameters_that_do_not_fit(text, parameters, error, says):
    with pytest.raises(error) as caught:
        compose(text, **parameters)
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ATTACKS)
def test_text_is_never_executed(text, tmp_path, monkeypatch):
    with nothing_executed(tmp_path, monkeypatch), pytest.raises(NotationError):
        compose(text)


# ------------------------------------------------------------------------------------ the steps


def test_steps_in_full():
    assert repr(compose("z*sigmoid(beta*z)", beta=2).steps) == (
        "  D(z*sigmoid(beta*z))\n"
        "= sigmoid(beta*z) + z*D(sigmoid(beta*z))                              # product rule\n"
        "= sigmoid(beta*z) + z*(sigmoid(beta*z)*(1 - sigmoid(beta*z))*beta)    "
        "# slope of sigmoid, chain rule\n"
        "= (beta*z*exp(-beta*z))/(1 + exp(-beta*z))^2 + 1/(1 + exp(-beta*z))   # SymPy's form\n"
        "3 steps checked: 3 proved exactly"
    )


@pytest.mark.parametrize(
    "text", ["c*tanh(z) + (1 - c)*relu(z)", "z*tanh(softplus(z))", "z/(1+|z|)"]
)
def test_every_step_is_proved_and_typeset(text):
    steps = compose(text, **({"c": 0.5} if "c*" in text else {})).steps
    assert steps.proved == steps.verified == len(steps.lines) - 1
    assert r"\frac{d}{dz}" in steps._repr_latex_()


@tries(40)
@given(trees(["exp", "tanh", "sigmoid", "relu", "abs", "softplus", "Phi", "sin", "atan"]))
def test_rules_one_at_a_time_and_sympy_lead_to_the_derivative(tree):
    point = {"z": Fraction(-13, 10), "beta": Fraction(3, 5)}
    line, rounds = parse(f"D({to_text(tree)})"), 0
    expected = evaluate(line, point)
    assume(expected is not None and abs(expected) < 1e6)
    while "D(" in to_text(line):
        line, rules = differentiate_once(line)
        rounds += 1
        assert rules
        assert rounds < 20
    for found in (line, derivative_by_sympy(tree)):
        value = evaluate(found, point)
        assert value is not None
        assert abs(value - expected) <= mpmath.mpf(10) ** -40 * (1 + abs(expected))


def test_sympy_is_loaded_only_for_the_steps():
    code = (
        "import sys; from helpers.workbench import compose; c = compose('z*tanh(z)'); c.check();"
        "print('sympy' in sys.modules); c.steps; print('sympy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


def test_the_lines_of_a_derivative_may_be_longer_than_a_text():
    steps = compose("z*" * 9 + "tanh(z*tanh(z*tanh(z*tanh(z*tanh(z)))))").steps
    assert max(len(line.text) for line in steps.lines) > 400
