"""What letters mean, where lines are compared, and the three answers of a comparison."""

from fractions import Fraction

import pytest

from helpers.derivation import DerivationError, NotationError, Setting, derive, evaluate, parse
from tests.derivation.formulas import G


def test_max_in_general_is_refused_with_a_slope_above_one():
    with pytest.raises(DerivationError, match=r"at z = .*, alpha = ") as caught:
        derive("max(alpha*z, z)\n = z", on="z > 0")
    assert caught.value.comparison.point["alpha"] > 1


def test_nothing_is_sampled_at_a_tie():
    assert evaluate(parse("D(relu(z))"), {"z": 0}) is None
    assert evaluate(parse("D(max(z, 1))"), {"z": 1}) is None
    assert evaluate(parse("step(sqrt(2)^2 - 2)"), {}) is None
    assert [evaluate(parse("step(z)"), {"z": z}) for z in (-1, 1)] == [0, 1]
    with pytest.raises(DerivationError, match=r"at z = -1\.3"):
        derive("D(relu(z))\n 1")
    with pytest.raises(DerivationError, match="only 0 points have a value"):
        derive("D(max(z, z))\n 1")


def test_points_have_both_signs_and_parameters_both_sides_of_one():
    points = Setting.of("D(alpha*z*beta)").points
    z, alpha, beta = ([point[name] for point in points] for name in ("z", "alpha", "beta"))
    assert min(z) < 0 < max(z)
    for parameter in (alpha, beta):
        assert min(parameter) < 0
        assert any(0 < value < 1 for value in parameter)
        assert max(parameter) > 1
        assert min(parameter[:10]) > 0  # what is shown first is what a learner expects
    assert len(set(zip(z, alpha, beta, strict=True))) == len(points) == 16
    assert alpha != beta
    assert Setting.of("D(alpha*z*beta)").points == points


@pytest.mark.parametrize(
    ("on", "inside"),
    [
        ("z < 0", lambda z, a: z < 0),
        ("z >= 2", lambda z, a: z > 2),
        ("0 < z < 1", lambda z, a: 0 < z < 1),
        ("1 ≥ z > −1", lambda z, a: -1 < z < 1),
        ("0 > z", lambda z, a: z < 0),
        ("z > 0, a < -0.5", lambda z, a: z > 0 and a < -0.5),
        ("z > 0 and 1 < a and z < 3", lambda z, a: 0 < z < 3 and a > 1),
    ],
)
def test_ranges(on, inside):
    points = Setting.of("a*z", on=on).points
    assert all(inside(point["z"], point["a"]) for point in points)
    assert len({point["z"] for point in points}) == 16


@pytest.mark.parametrize(
    "on",
    [
        *("z", "z < a", "0 < 1", "z < 1 < 2", "0 < z > 1", "1 < z < 0", "z < 1e9", "z == 1"),
        *("z < __import__('os')", "exp(z) < 1", "sigma > 0", "z != 0", ",", "z <", "<", "g > 0"),
    ],
)
def test_ranges_refused(on):
    with pytest.raises(NotationError):
        Setting.of("a*z + g", where=G, on=on)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"g": "1/h", "h": "g + 1"}, "defined in a circle"),
        ({"g": "g"}, "defined in a circle"),
        ({"z": "1"}, "z is the variable"),
        ({"exp": "z"}, "cannot be a letter"),
        ({"e": "z"}, "cannot be a letter"),
        ({"σ": "z"}, "cannot be a letter"),
        ({"D": "z"}, "cannot be a letter"),
        ({"g h": "z"}, "cannot be a letter"),
        ({"g": "open(1)"}, "unknown name open"),
    ],
)
def test_definitions_refused(where, says):
    with pytest.raises(NotationError, match=says):
        derive("D(z)", where=where)


def test_definitions_may_use_one_another_in_any_order():
    where = {"t": "2s - 1", "s": "1/(1 + e^-y)", "y": "2z"}
    assert derive("D(t)\n1 - t^2\n1 - tanh(z)^2", where=where).verified == 2


def test_three_answers():
    setting = Setting.of("z")
    compare = lambda a, b: setting.compare(parse(a), parse(b))  # noqa: E731
    assert compare("erf(-z)", "-erf(z)").equal is True
    assert compare("erf(-z)", "-erf(z)").proved is False
    assert compare("2z", "z + z").proved is True
    different = compare("z + 10^-40", "z")
    assert different.equal is False
    assert different.shown()[0] != different.shown()[1]
    assert compare("ln(-z^2)", "ln(-z^2)").equal is None


def test_a_place_is_shown_where_the_two_differ_clearly():
    setting = Setting.of("(z + sqrt(z^2 + 4))/2")  # at its first place they are 0.661 and 0.665
    found = setting.compare(parse("2*z/sqrt(z^2 + 4)"), parse("(1 + z/sqrt(z^2 + 4))/2"))
    assert found.equal is False
    assert abs(found.left - found.right) > 0.1
    assert setting.compare(parse("z + exp(-20)*z"), parse("z")).equal is False  # nowhere clearly


def test_where_no_value_is_a_range_is_asked_for():
    with pytest.raises(DerivationError, match="only 0 points have a value: restrict"):
        derive("ln(-z^2)\n = ln(-z^2)")


@pytest.mark.parametrize(
    ("left", "right", "on"),
    [
        ("D(ln(z - 3))", "1/(z - 3)", "z > 3"),
        ("ln(-3 - z)", "ln(-z - 3)", "z < -3"),
        ("sqrt(1 - z^2)^2", "1 - z^2", "-1 < z < 1"),
        ("D(ln((1 + z)/(1 - z)))", "2/(1 - z^2)", "-1 < z < 1"),
        ("D(sqrt(z^2 - 4))", "z/sqrt(z^2 - 4)", "z > 2"),
        ("ln(ln(z))", "ln(ln(z))", "z > 1"),
        ("D(ln(2z - 1))", "2/(2z - 1)", "z > 0.5"),
        ("ln(a*z - a)", "ln(a) + ln(z - 1)", "z > 1"),
    ],
)
def test_a_domain_is_found_by_itself_and_told(left, right, on):
    setting = Setting.of(left)
    inside = setting.inside(parse(left), parse(right))
    assert on in inside.on
    assert inside.compare(parse(left), parse(right)).equal is True
    assert inside.compare(parse(left), parse(f"({right}) + 10^-40")).equal is False


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sqrt(a^2)*z", "a*z"),
        ("(a^b)^c*z", "a^(b*c)*z"),
        ("(a^2)^b*z", "a^(2b)*z"),
        ("abs(a)*z", "a*z"),
        ("max(a*z, 0)", "a*max(z, 0)"),
        ("ln(a^2)", "2*ln(a)"),
    ],
)
def test_what_holds_for_positive_parameters_alone_is_not_equal(left, right):
    comparison = Setting.of(left).compare(parse(left), parse(right))
    assert comparison.equal is False
    positive = Setting.of(left).within({name: (Fraction(0), None) for name in "abc"})
    if "b" not in left:
        assert positive.compare(parse(left), parse(right)).equal is True


def test_lines_count_where_the_first_line_is_defined():
    assert derive("D(ln(z))\n = 1/z").verified == 1
    with pytest.raises(
        DerivationError, match=r"line 2 .*\n.*\nat z = -1.3: this line is undefined"
    ):
        derive("ln(z^2)\n = 2ln(z)")
    assert derive("ln(z^2)\n = 2ln(z)", on="z > 0").verified == 1


@pytest.mark.parametrize(
    "text",
    [
        "erf(z)\nerf(z) + sin(10*pi*z)",
        "sin(10*pi*z)\n0",
        "cos(20*pi*z)\n1",
        "abs(z + 5)\nz + 5",
        "sqrt((z - 4)^2)\n4 - z",
        "10^-60*z\n0",
    ],
)
def test_equal_near_0_or_on_a_grid_is_not_equal(text):
    with pytest.raises(DerivationError):
        derive(text)
