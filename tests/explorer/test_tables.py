"""The tables of an explorer hold what the kernels give; a g′ that is not the slope is refused."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from helpers.activations import (
    ACTIVATIONS,
    Activation,
    Parameter,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
)
from helpers.derivation import FUNCTIONS, latex, mathml, parse
from helpers.explorer import explore, packing
from helpers.explorer.stored import MOST_PICTURE
from tests.explorer.reading import STEEPER, data_of, page, points, unpacked

explored = pytest.mark.parametrize(
    "activation", [*ACTIVATIONS, STEEPER], ids=lambda a: getattr(a, "latex", a)
)


@cache
def stored_form(activation):
    """The explorer of an activation as it is stored, made once."""
    return page(explore(activation))


@explored
def test_stored_form_is_small(activation):
    shown = stored_form(activation)
    assert len(shown.encode()) <= 300_000
    assert len(shown.split("<script")[0]) < MOST_PICTURE


@explored
def test_tables_hold_the_kernels_at_every_step_of_the_sliders(activation):
    known = ACTIVATIONS.get(activation) if isinstance(activation, str) else activation
    data = data_of(stored_form(activation))
    z = points(data["z"])
    z[np.abs(z) < 1e-9] = 0  # linspace may miss the kink
    settings = [()] if known.parameter is None else [(a,) for a in points(data["parameter"])]
    assert len(data["g"]) == len(data["prime"]) == len(settings)
    for a, setting in enumerate(settings):
        for key, kernel in (("g", known.value), ("prime", known.prime)):
            expected = kernel(z, *setting)
            np.testing.assert_allclose(unpacked(data[key][a]), expected, rtol=5.1e-6, atol=1e-14)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, -0.5, 1e-7, 123456.0]), min_size=3))
def test_packing_a_row_loses_nothing(values):
    row = packing.packed(np.array(values))
    np.testing.assert_allclose(unpacked(row), values, rtol=1e-6, atol=1e-15)


def test_a_straight_line_is_stored_by_its_ends():
    assert explore("relu").data["g"] == ["0 ~159 0 ~159 8"]


def test_a_straight_line_stays_one_when_its_numbers_are_rounded():
    third = Activation(lambda z: z / 3, lambda z: np.full_like(z, 1 / 3))
    assert explore(third).data["g"] == ["-2.66667 ~319 2.66667"]


@given(st.floats(-100, 100), st.floats(-100, 100), st.integers(2, 2001))
def test_a_packed_line_is_as_near_as_rounding(low, high, count):
    values = np.linspace(low, high, count)
    read = unpacked(packing.packed(values))
    np.testing.assert_allclose(read, values, rtol=5.1e-6, atol=1e-14)


@pytest.mark.parametrize(("slope", "left", "right"), [(0.25, 0.25, 1), (1.5, 1.5, 1), (-1, -1, 1)])
def test_a_kink_knows_both_limits_and_the_convention(slope, left, right):
    data = explore("leaky_relu", parameter=slope).data
    (kink,) = data["kinks"]
    a = round((slope - data["parameter"]["low"]) / data["parameter"]["step"])
    assert kink["z"] == 0
    assert (kink["left"][a], kink["at"][a], kink["right"][a]) == (left, left, right)


def test_a_smooth_activation_has_no_kink():
    assert explore("sigmoid").data["kinks"] == []


def test_all_of_the_opening_picture_is_within_the_axes():
    for name in ACTIVATIONS:
        data = explore(name).data
        knob = data["parameter"]
        a = int(np.argmin(np.abs(points(knob) - knob["start"]))) if knob else 0
        g, prime = unpacked(data["g"][a]), unpacked(data["prime"][a])
        assert data["view"]["bottom"] < min(0, g.min(), prime.min())
        assert data["view"]["top"] > max(g.max(), prime.max())


def test_the_limit_names_the_size():
    fine = replace(STEEPER, parameter=Parameter("beta", "β", 1.0, 0.5, 4.0, 0.01))
    with pytest.raises(ValueError, match=r"at most 300 kB, got about \d+ kB"):
        explore(fine)


def test_no_more_is_packed_than_may_be_stored(monkeypatch):
    packed = []
    pack = packing.packed
    monkeypatch.setattr(packing, "packed", lambda row: packed.append(pack(row)) or packed[-1])
    finest = replace(STEEPER, parameter=Parameter("beta", "β", 1.0, 0.5, 4.0, 0.002))
    with pytest.raises(ValueError, match="at most 300 kB"):
        explore(finest, z_range=(-50, 50))
    assert sum(map(len, packed)) < 350_000


@pytest.mark.parametrize("z_range", [(-100, 100), (-1e9, 1e9), (-1e308, 1e308), (-50, 50.05)])
def test_a_range_too_long_is_refused_before_it_is_sampled(z_range):
    never = Activation(pytest.fail, pytest.fail)
    with pytest.raises(ValueError, match=r"z_range: .* at most 100 apart, which are 2000 steps"):
        explore(never, z_range=z_range)


def test_the_longest_range_is_shown():
    assert explore("tanh", z_range=(-50, 50)).data["z"]["count"] == 2001


@pytest.mark.parametrize(
    ("error", "message", "grid"),
    [
        (ValueError, "expected a step above 0, got 0", (0, 1, 0)),
        (ValueError, "expected a step above 0, got -0.1", (0, 1, -0.1)),
        (ValueError, "expected a step above 0, got nan", (0, 1, np.nan)),
        (ValueError, "expected the low end first, got 1, 1", (1, 1, 0.1)),
        (ValueError, "expected the low end first, got 2, 1", (2, 1, 0.1)),
        (ValueError, "at most 0.02 apart, which are 2000 steps of 1e-05, got 0, 1", (0, 1, 1e-5)),
        (TypeError, "expected a number, got '0'", ("0", 1, 0.1)),
        (TypeError, "expected a number, got None", (0, 1, None)),
    ],
)
def test_a_parameter_that_makes_no_slider_is_named(error, message, grid):
    with pytest.raises(error, match=f"^parameter beta: .*{message}$"):
        explore(replace(STEEPER, parameter=Parameter("beta", "β", 1.0, *grid)))


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        (lambda z: z[:-1], r"expected 321 values, got the shape \(320,\)"),
        (lambda z: 1.0, r"expected 321 values, got the shape \(\)"),
        (lambda z: np.where(z == 2, np.nan, z), "expected finite values, got nan at z = 2"),
        (lambda z: np.where(z == 2, -np.inf, z), "expected finite values, got -inf at z = 2"),
    ],
)
def test_a_kernel_that_misbehaves_is_named(kernel, message):
    with pytest.raises(ValueError, match=message):
        explore(Activation(kernel, sigmoid_prime, expression="mine"))


def test_kinks_come_in_order():
    steps = Activation(
        lambda z: relu(z + 1) + relu(z) + relu(z - 1),
        lambda z: relu_prime(z + 1) + relu_prime(z) + relu_prime(z - 1),
        kinks=(1.0, -1.0, 0.0),
    )
    assert [kink["z"] for kink in explore(steps).data["kinks"]] == [-1, 0, 1]


# --- Is g′ the slope of g? --------------------------------------------------------------------


def tanh_prime(z):
    return 1 / np.cosh(z) ** 2


def narrow(dtype):
    """Return tanh and its slope as they come from a narrower float."""
    return lambda z: np.tanh(z.astype(dtype)), lambda z: tanh_prime(z).astype(dtype)


BETA = Parameter("beta", "β", 1.0, 0.5, 20.0, 0.5)
RIGHT = {
    "gelu": (
        lambda z: z * special.ndtr(z),
        lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
    ),
    "softplus, written naively": (lambda z: np.log(1 + np.exp(z)), lambda z: 1 / (1 + np.exp(-z))),
    "a constant with rounding": (lambda z: np.cos(z) ** 2 + np.sin(z) ** 2, np.zeros_like),
    "float32": narrow(np.float32),
    "float16": narrow(np.float16),
    "float32 in float64": (
        lambda z: np.tanh(z.astype(np.float32)).astype(float),
        tanh_prime,
    ),
    "a kink nobody named": (np.abs, np.sign),
    "a kink off the grid": (lambda z: np.abs(z - 1 / 3), lambda z: np.sign(z - 1 / 3)),
    "a step": (lambda z: np.heaviside(z, 0), np.zeros_like),
    "very steep": (lambda z: np.tanh(1e6 * z), lambda z: 1e6 * (1 - np.tanh(1e6 * z) ** 2)),
    "very wavy": (lambda z: np.sin(1e4 * z), lambda z: 1e4 * np.cos(1e4 * z)),
    "steep, on something large": (
        lambda z: 1e8 + np.tanh(199.7 * z),
        lambda z: 199.7 * (1 - np.tanh(199.7 * z) ** 2),
    ),
    "large": (lambda z: 1e12 + 1e6 * z, lambda z: np.full_like(z, 1e6)),
    "only where it is shown": (
        lambda z: np.where(np.abs(z) <= 8, z, np.nan),
        np.ones_like,
    ),
}
RIGHT_WITH_A_PARAMETER = {
    "beta": (lambda z, b: sigmoid(b * z), lambda z, b: b * sigmoid_prime(b * z)),
    "beta, in float32": (
        lambda z, b: sigmoid(np.float32(b * z)),
        lambda z, b: b * sigmoid_prime(b * z),
    ),
    "kinks that move": (lambda z, b: np.clip(b * z, -1, 1), lambda z, b: b * (np.abs(b * z) < 1)),
}


@pytest.mark.parametrize("kernels", RIGHT.values(), ids=RIGHT)
def test_a_right_slope_is_shown(kernels):
    assert explore(Activation(*kernels))


@pytest.mark.parametrize("kernels", RIGHT_WITH_A_PARAMETER.values(), ids=RIGHT_WITH_A_PARAMETER)
def test_a_right_slope_is_shown_for_every_parameter(kernels):
    assert explore(Activation(*kernels, parameter=BETA), z_range=(-3, 3))


@pytest.mark.parametrize(
    ("value", "prime", "message"),
    [
        (np.tanh, lambda z: 1 + np.tanh(z) ** 2, r"is 4.975e-07 at z = -7.95, got 2"),
        (np.tanh, lambda z: np.tanh(z) ** 2, r"is 4.975e-07 at z = -7.95, got 1"),
        (np.tanh, np.zeros_like, r"is 1 at z = 0, got 0"),
        (np.tanh, lambda z: 1.001 * tanh_prime(z), r"is 1 at z = 0, got 1.001"),
        (sigmoid, lambda z: -sigmoid_prime(z), r"is 0.25 at z = 0, got -0.25"),
        (sigmoid, lambda z: sigmoid(z) * (1 + sigmoid(z)), r"is 0.0003524 at z = 7.95, got 1.999"),
        (relu, lambda z: relu_prime(-z), r"is [01] at z = .*, got [01]"),
        (np.abs, lambda z: np.where(z == 0, 2.0, np.sign(z)), r"is 0 at z = 0, got 2"),
        (
            lambda z: np.tanh(z.astype(np.float32)),
            lambda z: 2 * tanh_prime(z),
            r"is 1 at z = 0, got 2",
        ),
    ],
)
def test_a_wrong_slope_is_refused_with_both_numbers(value, prime, message):
    with pytest.raises(ValueError, match=f"^mine: .* the slope of value, which {message}"):
        explore(Activation(value, prime, expression="mine"))


@pytest.mark.parametrize(("low", "high", "slope"), [(0.5, 1, "0.125"), (1, 4, "0.275")])
def test_a_wrong_slope_is_found_at_any_parameter(low, high, slope):
    beta = Parameter("beta", "β", 1.0, low, high, 0.1)  # whose forgotten factor β is right at 1
    forgotten = replace(STEEPER, prime=lambda z, beta: sigmoid_prime(beta * z), parameter=beta)
    with pytest.raises(ValueError, match=rf"is {slope} at z = 0 and β = (0.5|1.1), got 0.25$"):
        explore(forgotten, parameter=1)


def test_what_is_given_at_a_named_kink_is_a_matter_of_convention():
    assert explore(Activation(np.abs, lambda z: np.where(z == 0, 2.0, np.sign(z)), kinks=(0.0,)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_equation_of_the_table_is_understood(name):
    written = mathml(ACTIVATIONS[name].latex)
    assert written.startswith("<math")
    assert "\\" not in written


def test_cases_become_a_table():
    written = mathml(r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}")
    assert written.count("<mtr>") == 2
    assert written.count("<mtd>") == 4
    assert "α" in written
    assert "≤" in written


def test_an_unknown_command_is_named():
    with pytest.raises(ValueError, match=r"\\heartsuit is not understood"):
        mathml(r"\heartsuit z")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_the_notation_can_be_set(name):
    arguments = "z, c" if name in ("max", "min") else "z"
    assert "<math" in mathml(latex(parse(f"c*{name}({arguments})/2", letters={"c"})))
