"""What is proved is true, and what should be proved is."""

import mpmath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.derivation import Num, Op, Setting, decide_equal, evaluate, parse, values
from tests.derivation.formulas import POINTS, SMOOTH, trees
from tests.strategies import tries


@tries(200)
@given(trees(leaves=5), trees(leaves=5))
def test_what_is_proved_is_true(left, right):
    if decide_equal(left, right):
        for x, y in zip(values(left, POINTS), values(right, POINTS), strict=True):
            assert None in (x, y) or abs(x - y) <= mpmath.mpf(10) ** -40 * (1 + abs(y))


@tries(100)
@given(
    trees([f for f in SMOOTH if f not in ("erf", "atan", "sin", "cos", "Phi")], leaves=4), st.data()
)
def test_small_changes_are_not_proved(tree, data):
    x = evaluate(tree, POINTS[0])
    assume(x is not None)
    assert not decide_equal(tree, Op("+", tree, Num("1")))
    assert not decide_equal(Op("+", tree, Num("0.001")), tree)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("(z + 1)^3", "z^3 + 3z^2 + 3z + 1"),
        ("e^(2z) - 1", "(e^z - 1)(e^z + 1)"),
        ("1/(4cosh^2(z/2))", "sigmoid(z)*sigmoid(-z)"),
        ("(1 - tanh(z/2)^2)/4", "sigmoid(z)(1 - sigmoid(z))"),
        ("e^(2ln(1+z))", "1 + 2z + z^2"),
        ("erf((z+1)^2)", "erf(z^2 + 2z + 1)"),
        ("D(z^5)", "5z^4"),
        ("e", "e^(1/2)*e^0.5"),
        ("max(a, b) + min(a, b)", "a + b"),
        ("max(a, b)*min(a, b)", "a*b"),
        ("max(a, b)", "-min(-a, -b)"),
        ("relu(z)^2", "z*relu(z)"),
        ("D(relu(z))", "relu(z)/z"),
        ("|1/(1 + |z|)|", "1/(1 + |z|)"),
        ("|1/z|", "1/|z|"),
        ("relu(3z)", "3relu(z)"),
        ("max(-2z, 0)", "2relu(-z)"),
        ("|z + |z||^2", "(z + |z|)^2"),
        ("D(|z|)^2", "1"),
        ("max(pi, 3)", "pi"),
        ("e^softplus(z)", "1 + e^z"),
        ("relu(e^z + 1)", "e^z + 1"),
        ("D(Phi(z^2))", "2z*phi(z^2)"),
    ],
)
def test_proofs(left, right):
    assert decide_equal(parse(left), parse(right))


@pytest.mark.parametrize("on", ["z > 0", "z < 0", "0 < z < 2", "z > -1", "z < 1"])
@pytest.mark.parametrize("slope", ["", "alpha <= 1", "alpha >= 1", "0 < alpha < 1", "alpha < 2"])
def test_which_of_two_is_max_is_decided_by_the_range_alone(on, slope):
    """The truth: alpha z - z = (alpha - 1) z has one sign when both factors have one."""
    setting = Setting.of("max(alpha*z, z)", on=", ".join(filter(None, (on, slope))))
    z_sign = {"z > 0": 1, "0 < z < 2": 1, "z < 0": -1}.get(on, 0)
    slope_sign = {"alpha <= 1": -1, "0 < alpha < 1": -1, "alpha >= 1": 1}.get(slope, 0)
    line = parse("max(alpha*z, z)")
    for text, sign in (("alpha*z", 1), ("z", -1)):
        comparison = setting.compare(line, parse(text))
        assert comparison.proved == (z_sign * slope_sign == sign)
        assert comparison.equal == comparison.proved


BOUNDS = st.sampled_from(["", "z > 0", "z < 0", "-1 < z < 1", "z > 0.5, beta < 1", "beta > 1"])


LINEAR = st.builds("(({})*z + ({})*beta + ({})*z*beta + ({}))".format, *[st.integers(-2, 2)] * 4)


@tries(150)
@given(LINEAR, LINEAR, BOUNDS, st.sampled_from(["max({}, {})", "|{} - {}|", "relu({}/({}))"]))
def test_what_a_range_proves_is_true_in_all_of_it(first, second, on, shape):
    setting = Setting.of("z + beta", on=on or None)
    line = parse(shape.format(first, second))
    for text in (first, second, f"{first} - {second}", f"{second} - {first}", "0"):
        if decide_equal(line, parse(text), bounds=setting.bounds):
            left, right = setting.values(line), setting.values(parse(text))
            assert all(
                None in (x, y) or abs(x - y) < 1e-40 for x, y in zip(left, right, strict=True)
            )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("z", "z + 10^-60"),  # no number of digits could tell
        ("1/(z - z)", "1/(z - z)"),  # exists nowhere
        ("(z - z)^0", "1"),
        ("sqrt(z^2)", "z"),
        ("|z|", "z"),
        ("relu(z)", "z"),
        ("max(alpha*z, z)", "z"),
        ("step(z - z)", "1/2"),
        ("(1 + z + e^z)^64", "z"),  # too large, given up
        ("((9^64)^64)^64", "z"),
    ],
)
def test_no_proof(left, right):
    assert not decide_equal(parse(left), parse(right))
