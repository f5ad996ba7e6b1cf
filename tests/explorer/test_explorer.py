"""The explorer: its tables, its stored form, its sliders, its errors, rivals and subgradients."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
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
from helpers.explorer import PRIME, VALUE, Prediction, Rival, explore, explorer
from tools.browser import page as browser_page
from tools.browser import violations

SCRIPT = Path(explorer.__file__).with_name("explorer.js").read_text(encoding="utf-8")

STEEPER = Activation(
    value=lambda z, beta: sigmoid(beta * z),
    prime=lambda z, beta: beta * sigmoid_prime(beta * z),
    expression="sigmoid(beta*z)",
    latex=r"\sigma(\beta z)",
    parameter=Parameter("beta", "β", default=1.0, low=0.5, high=4.0, step=0.1),
)


def page(shown):
    return shown._repr_mimebundle_()["text/html"]


def stored(shown):
    """The data as a browser finds it in the stored form."""
    tables = re.search(r'<script type="application/json">(.*?)</script>', page(shown), re.S)
    return json.loads(tables[1])


def unpacked(row):
    """Read a row by another way than the explorer's own: `np.interp` fills the gaps."""
    places, values, i = [], [], 0
    for word in row.split():
        if word[0] == "~":
            i += int(word[1:])
        else:
            places, values, i = [*places, i], [*values, float(word)], i + 1
    return np.interp(np.arange(i), places, values)


def points(grid):
    return np.linspace(
        grid["low"], round(grid["low"] + grid["step"] * (grid["count"] - 1), 9), grid["count"]
    )


@pytest.mark.parametrize(
    "activation", [*ACTIVATIONS, STEEPER], ids=lambda a: getattr(a, "latex", a)
)
def test_tables_hold_the_kernels_at_every_step_of_the_sliders(activation):
    known = ACTIVATIONS.get(activation) if isinstance(activation, str) else activation
    data = stored(explore(activation))
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
    row = explorer._packed(np.array(values))
    np.testing.assert_allclose(unpacked(row), values, rtol=1e-6, atol=1e-15)
    np.testing.assert_allclose(explorer._unpacked(row), values, rtol=1e-6, atol=1e-15)


def test_a_straight_line_is_stored_by_its_ends():
    assert explore("relu").data["g"] == ["0 ~159 0 ~159 8"]


def test_a_straight_line_stays_one_when_its_numbers_are_rounded():
    third = Activation(lambda z: z / 3, lambda z: np.full_like(z, 1 / 3))
    assert explore(third).data["g"] == ["-2.66667 ~319 2.66667"]


@settings(deadline=None)
@given(st.floats(-100, 100), st.floats(-100, 100), st.integers(2, 2001))
def test_a_packed_line_is_as_near_as_rounding(low, high, count):
    values = np.linspace(low, high, count)
    for read in (unpacked, explorer._unpacked):
        np.testing.assert_allclose(read(explorer._packed(values)), values, rtol=5.1e-6, atol=1e-14)


@pytest.mark.parametrize(
    "activation", [*ACTIVATIONS, STEEPER], ids=lambda a: getattr(a, "latex", a)
)
def test_stored_form_is_small_and_repeats_byte_for_byte(activation):
    first, second = page(explore(activation)), page(explore(activation))
    assert first == second
    assert len(first.encode()) <= 300_000


def test_stored_form_is_self_contained():
    text = re.sub(r"http://www\.w3\.org/\S*", "", page(explore("leaky_relu")))
    assert not re.search(
        r"https?://|\bsrc=\"(?!data:)|\bhref=|\bimport\b|\bexport\b|\bfetch\b", text
    )
    assert not re.search(r"\bid=", text.split("<script")[0])  # the same explorer may come twice


@pytest.mark.parametrize("text", ["</script><b>mischief</b>", "<!--<script>", "<ScRiPt", "a<b>c"])
def test_data_cannot_open_or_close_the_script_that_carries_them(text):
    shown = explore("sigmoid", tasks=(text,), predict=Prediction(text, (text, "no")))
    assert stored(shown)["tasks"] == [text]
    tables = page(shown).split('<script type="application/json">')[1].split("</script>")[0]
    assert "<" not in tables
    assert json.loads(tables)["predict"]["question"] == text


def test_script_holds_no_mathematics_of_activations():
    assert not re.search(r"Math\.(exp|log|tanh|sinh|cosh|pow|E\b)|\*\*", SCRIPT)
    assert not re.search(r"sigmoid|tanh|relu|swish|gelu", SCRIPT, re.I)


def test_script_uses_the_colours_of_the_course():
    assert f'BLUE = "{VALUE["color"]}"' in SCRIPT
    assert f'VERMILION = "{PRIME["color"]}"' in SCRIPT
    assert f'RIVAL = "{explorer.RIVAL["color"]}"' in SCRIPT
    assert f'PURPLE = "{explorer.CHOSEN["color"]}"' in SCRIPT


def test_output_is_a_widget_a_page_and_a_sentence():
    bundle = explore("leaky_relu", z=-2, parameter=0.1)._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/plain"] == "leaky relu, α = 0.1: at z = -2, g = -0.2 and g′ = 0.1"


def test_fallback_picture_states_what_it_shows():
    image = re.search(r'<img alt="([^"]*)"[^>]*src="data:image/png;base64,', page(explore("tanh")))
    assert image[1].startswith("tanh: at z = 0, g = 0 and g′ = 1.")
    assert "g goes from −1 to 1 and its slope g′ stays between" in image[1]


@pytest.mark.parametrize(
    "activation", [*ACTIVATIONS, STEEPER], ids=lambda a: getattr(a, "latex", a)
)
def test_sliders_go_over_their_whole_range(activation):
    shown = explore(activation)
    for slider in filter(None, (shown.z, shown.parameter)):
        count = round((slider.max - slider.min) / slider.step)
        for k in range(count + 1):
            slider.value = slider.min + k * slider.step
        assert slider.value == pytest.approx(slider.max)


def test_sliders_are_linked_in_the_browser_and_start_where_asked():
    shown = explore("leaky_relu", z=1.5, parameter=0.2)
    assert (shown.z.value, shown.parameter.value) == (1.5, 0.2)
    assert (shown.picture.z, shown.picture.parameter) == (1.5, 0.2)
    assert shown.children == (shown.z, shown.parameter, shown.picture)


def test_no_parameter_no_slider():
    assert explore("tanh").parameter is None


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
        g, prime, _ = explorer._opening(data)
        assert data["view"]["bottom"] < min(0, g.min(), prime.min())
        assert data["view"]["top"] > max(g.max(), prime.max())


def test_prediction_locks_the_sliders_and_keeps_the_answer():
    question = Prediction("How steep?", {"1": 1, "1/4": 0.25, "like g": sigmoid, "no idea": None})
    shown = explore("sigmoid", predict=question)
    assert shown.z.disabled
    assert shown.picture.locked
    ghosts = shown.data["predict"]["ghosts"]
    assert ghosts == [1, 0.25, shown.data["g"][0], None]
    heard = []
    shown.observe(lambda change: heard.append(change.new), "prediction")
    shown.picture.prediction = "1/4"  # as the browser does
    assert (shown.prediction, heard) == ("1/4", ["1/4"])


@pytest.mark.parametrize(
    "level", [1, np.int64(1), np.float32(1), np.float64(1), Fraction(1)], ids=type
)
def test_a_ghost_may_be_any_kind_of_number(level):
    question = Prediction("How high?", {"one": level, "none": None})
    assert stored(explore("tanh", predict=question))["predict"]["ghosts"] == [1.0, None]


@pytest.mark.parametrize(
    "ghost", [np.nan, -np.inf, 10**400, "1", [1.0], 1j, np.array(1.0)], ids=str
)
def test_what_cannot_be_drawn_is_refused(ghost):
    question = Prediction("How high?", {"one": ghost, "none": None})
    with pytest.raises(ValueError, match="choices: expected a finite number, a function of z or N"):
        explore("tanh", predict=question)


def test_plain_choices_draw_no_ghost():
    question = Prediction("Which sign?", ("plus", "minus"))
    assert explore("tanh", predict=question).data["predict"]["ghosts"] == [None, None]


@pytest.mark.parametrize("choices", ["yes", ("yes",), ("yes", "yes"), ()])
def test_a_prediction_needs_a_choice(choices):
    with pytest.raises(ValueError, match="at least two different answers"):
        Prediction("Sure?", choices)


@pytest.mark.parametrize("choices", [None, 5, [1, 2], {"yes": 1, 2: 2}])
def test_choices_are_texts(choices):
    with pytest.raises(TypeError, match="choices: expected a list of texts, got"):
        Prediction("Sure?", choices)


def test_the_limit_names_the_size():
    fine = replace(STEEPER, parameter=Parameter("beta", "β", 1.0, 0.5, 4.0, 0.01))
    with pytest.raises(ValueError, match=r"at most 300 kB, got about \d+ kB"):
        explore(fine)


def test_no_more_is_packed_than_may_be_stored(monkeypatch):
    packed = []
    pack = explorer._packed
    monkeypatch.setattr(explorer, "_packed", lambda row: packed.append(pack(row)) or packed[-1])
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
    ("error", "message", "arguments"),
    [
        (ValueError, "expected one of sigmoid, tanh, .*; got 'sigmod'", ("sigmod", {})),
        (TypeError, "expected a name or an Activation, got float", (1.0, {})),
        (ValueError, "z: expected a number from -8 to 8, got 9", ("tanh", {"z": 9})),
        (ValueError, "z: .* got nan", ("tanh", {"z": np.nan})),
        (ValueError, "z: .* got inf", ("tanh", {"z": 10**400})),
        (TypeError, "z: expected a number, got 'a'", ("tanh", {"z": "a"})),
        (TypeError, "z: expected a number, got None", ("tanh", {"z": None})),
        (TypeError, "parameter: expected a number, got 'a'", ("leaky_relu", {"parameter": "a"})),
        (TypeError, "z_range: expected two numbers, .*, got 5", ("tanh", {"z_range": 5})),
        (TypeError, "z_range: .*, got \\(1, 2, 3\\)", ("tanh", {"z_range": (1, 2, 3)})),
        (TypeError, "z_range: expected a number, got None", ("tanh", {"z_range": (None, 3)})),
        (TypeError, "tasks: expected a list of texts, got None", ("tanh", {"tasks": None})),
        (TypeError, "tasks: expected a list of texts, got 5", ("tanh", {"tasks": 5})),
        (TypeError, "tasks: expected a list of texts, got \\[5", ("tanh", {"tasks": [5, "b"]})),
        (ValueError, "parameter: tanh has none, got 1", ("tanh", {"parameter": 1})),
        (
            ValueError,
            "parameter: expected a number from -1 to 2, got 3",
            ("leaky_relu", {"parameter": 3}),
        ),
        (
            ValueError,
            "z_range: expected the low end first, got 8, -8",
            ("tanh", {"z_range": (8, -8)}),
        ),
        (TypeError, "predict: expected a Prediction, got str", ("tanh", {"predict": "how?"})),
        (ValueError, "z_range: .* got 1, 1", ("tanh", {"z_range": (1, 1), "z": 1})),
        (ValueError, "z_range: .* got 0, inf", ("tanh", {"z_range": (0, np.inf)})),
        (ValueError, "z_range: .* got 0, 1.03", ("tanh", {"z_range": (0, 1.03)})),
    ],
)
def test_bad_input_is_named(error, message, arguments):
    name, options = arguments
    with pytest.raises(error, match=f"^(activation: )?{message}"):
        explore(name, **options)


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


def test_a_start_off_the_grid_is_moved_to_it_and_the_numbers_are_those_of_the_grid():
    explorer = explore("leaky_relu", z=-2.02, parameter=0.013)
    assert (explorer.z.value, explorer.parameter.value) == (-2.0, 0.01)
    assert "α = 0.01: at z = -2, g = -0.02" in repr(explorer._repr_mimebundle_()["text/plain"])


def test_a_prediction_is_not_given_away_where_scripts_cannot_run():
    asked = explore("tanh", predict=Prediction("How steep?", ["1", "1/2"]))
    picture = asked._repr_mimebundle_()["text/html"].split("<script")[0]
    assert "slope" not in picture
    assert "slope" in explore("tanh")._repr_mimebundle_()["text/html"].split("<script")[0]


# --- a rival beside g ---------------------------------------------------------------------------

SHORTCUT = Rival("max(αz, z)", lambda z, slope: np.maximum(slope * z, z))


@given(
    st.floats(-2, 2) | st.floats(-2e-3, 2e-3) | st.just(0.0),
    st.floats(-2e-3, 2e-3) | st.floats(-1e-5, 1e-5) | st.just(0.0),
)
def test_what_is_told_apart_can_be_told_apart_by_the_numbers_shown(a, gap):
    def shown(value):
        return f"{value:.4f}" if value == 0 or abs(value) >= 1e-3 else f"{value:.2e}"

    b = a + gap
    pair = explorer._apart(np.array([a, b]), np.array([b, a]))
    assert pair[0] == pair[1]
    assert not pair[0] or shown(a) != shown(b)
    if max(abs(a), abs(b)) >= 1e-3:
        assert pair[0] == (abs(a - b) > 1e-4)


@given(st.lists(st.booleans(), min_size=1))
def test_runs_give_the_mask_back(mask):
    rebuilt = [False] * len(mask)
    runs = explorer._runs(np.array(mask))
    for first, last in runs:
        rebuilt[first : last + 1] = [True] * (last + 1 - first)
    assert rebuilt == mask
    assert all(end + 1 < start for (_, end), (start, _) in pairwise(runs))


def test_a_rival_is_stored_where_it_is_not_g_and_nowhere_else():
    data = stored(explore("leaky_relu", rival=SHORTCUT))
    z = points(data["z"])
    for slope, row, runs in zip(
        points(data["parameter"]), data["rival"]["values"], data["rival"]["runs"], strict=True
    ):
        if slope < 1.0001:  # max(αz, z) is right for every slope up to 1
            assert (row, runs) == ("", [])
        else:
            assert runs == [[0, 159], [161, 320]]
            expected = np.where(z > 0, slope * z, z)
            np.testing.assert_allclose(unpacked(row), expected, rtol=5.1e-6, atol=1e-12)


def test_a_rival_of_lines_or_one_that_is_g_costs_next_to_nothing():
    plain = len(json.dumps(explore("leaky_relu").data))
    assert len(json.dumps(explore("leaky_relu", rival=SHORTCUT).data)) < plain + 12_000
    twin = Rival("twin", ACTIVATIONS["leaky_relu"].value)
    assert len(json.dumps(explore("leaky_relu", rival=twin).data)) < plain + 4_000


@pytest.mark.parametrize(
    ("rival", "where"),
    [
        (relu, ""),
        (np.abs, "z < 0"),
        (np.square, "z < 0 and 0 < z < 1 and z > 1"),
        (lambda z: relu(z) + 1, "every z shown"),
        (lambda z: relu(z) + (z == 2), "z = 2"),
        (lambda z: relu(z) + (np.abs(z) < 1), "−1 < z < 1"),
        (
            lambda z: relu(z) + (np.sin(3 * z) > 0),
            "z < −7.3 and −6.3 < z < −5.2 and −4.2 < z < −3.1 and elsewhere",
        ),
        (lambda z: relu(z) + 9e-5 * (z > 1), ""),
        (lambda z: relu(z) + 2e-4 * (z > 1), "z > 1"),
        (lambda z: relu(z) + 1e-30 * (z < -1), "z < −1"),  # 1.00 × 10⁻³⁰ is shown, and not 0
    ],
)
def test_the_places_where_a_rival_parts_are_told(rival, where):
    (told,) = explore("relu", rival=Rival("other", rival)).data["rival"]["where"]
    assert re.fullmatch(where, told)


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (0.2, "max(αz, z) agrees with g for every z shown"),
        (-1, "max(αz, z) agrees with g for every z shown"),
        (1.5, "max(αz, z) differs from g for z &lt; 0 and z &gt; 0"),
    ],
)
def test_the_fallback_picture_tells_of_the_rival(slope, said):
    alt = re.search(
        r'<img alt="([^"]*)"', page(explore("leaky_relu", parameter=slope, rival=SHORTCUT))
    )
    assert said in alt[1]


def test_the_opening_picture_holds_the_rival_and_the_line():
    view = explore("relu", rival=Rival("12", lambda z: np.full_like(z, 12.0))).data["view"]
    assert view["top"] > 12
    assert explore("relu", subgradient=True).data["view"]["bottom"] < -4  # the line of slope 1/2


def test_the_axis_holds_all_the_parameter_brings_unless_that_more_than_doubles_it():
    def ends(name, **options):
        view = explore(name, **options).data["view"]
        return view["bottom"], view["top"]

    bottom, top = ends("leaky_relu", parameter=0.2, z_range=(-4, 4), rival=SHORTCUT)
    assert bottom < -8 < 8 < top  # α = 2
    steep = replace(STEEPER, parameter=Parameter("beta", "β", 0.5, 0.5, 40.5, 10.0))  # up to 10
    bottom, top = ends(steep)
    assert -0.6 < bottom < top < 1.7


def test_neither_rival_nor_line_gives_a_prediction_away():
    asked = Prediction("Where do they part?", ["z < 0", "z > 0"])
    shown = explore("leaky_relu", rival=SHORTCUT, subgradient=True, predict=asked)
    picture = page(shown).split("<script")[0]
    assert not re.search(r"max\(|slope|differs|agrees", picture)


@pytest.mark.parametrize(
    ("error", "message", "rival"),
    [
        (TypeError, "rival: expected a Rival, got function", lambda: relu),
        (TypeError, "rival: expected a name that is a text, got 5", lambda: Rival(5, relu)),
        (TypeError, "rival: expected a name that is a text, got ' '", lambda: Rival(" ", relu)),
        (TypeError, "rival r: expected a function of z, got 5", lambda: Rival("r", 5)),
        (
            TypeError,
            "rival r: expected a function of z alone, but the call failed: .*argument",
            lambda: Rival("r", lambda z, a: z),
        ),
        (
            ValueError,
            "rival r: expected finite values, got nan at z = -8",
            lambda: Rival("r", np.sqrt),
        ),
        (
            ValueError,
            "rival r: expected finite values, got inf at z = 0",
            lambda: Rival("r", lambda z: 1 / np.abs(z)),
        ),
        (ValueError, "rival r: expected 321 values, got the sh", lambda: Rival("r", lambda z: 1.0)),
    ],
)
def test_a_rival_that_cannot_be_drawn_is_named(error, message, rival):
    with pytest.raises(error, match=f"^{message}"):
        explore("relu", rival=rival())


def test_a_rival_that_forgets_the_parameter_is_named():
    with pytest.raises(TypeError, match="rival r: expected a function of z and the parameter"):
        explore("leaky_relu", rival=Rival("r", lambda z: z))


def test_a_rival_too_large_to_be_stored_is_refused():
    rough = Rival("rough", lambda z, slope: np.sin(99 * z * (2 + slope)))
    with pytest.raises(ValueError, match=r"at most 300 kB, got about \d+ kB"):
        explore("leaky_relu", rival=rough)


# --- a slope chosen at the kink -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("slopes", "grid"),
    [
        ((0, 1), (-0.5, 1.5, 0.05)),
        ((-1, 1), (-2, 2, 0.05)),
        ((1, 1), (0, 2, 0.05)),  # no kink after all
        ((0, 0.2), (-0.1, 0.3, 0.005)),
        ((-40, 60), (-90, 110, 5)),
    ],
)
def test_a_slope_is_chosen_in_twice_the_range_of_those_on_both_sides(slopes, grid):
    left, right = slopes
    broken = Activation(
        lambda z: np.where(z > 0, right * z, left * z),
        lambda z: np.where(z > 0, float(right), float(left)),
        kinks=(0.0,),
    )
    slider = explore(broken, subgradient=True).subgradient
    assert (slider.min, slider.max, slider.step) == pytest.approx(grid)
    assert slider.value == pytest.approx((left + right) / 2, abs=slider.step)


def test_a_subgradient_has_a_slider_of_its_own():
    shown = explore("leaky_relu", subgradient=True)
    slider = shown.subgradient  # for every α from −1 to 2
    assert (slider.min, slider.max, slider.step, slider.value) == (-2.5, 3.5, 0.05, 0.5)
    assert shown.children == (shown.z, shown.parameter, slider, shown.picture)
    assert shown.picture.subgradient == 0.5
    assert explore("leaky_relu").subgradient is None


def test_the_line_goes_through_the_kink_wherever_it_is():
    off = Activation(lambda z: np.abs(z - 1 / 3) + 2, lambda z: np.sign(z - 1 / 3), kinks=(1 / 3,))
    data = stored(explore(off, subgradient=True))
    assert data["subgradient"]["height"] == [2]
    assert (data["kinks"][0]["left"], data["kinks"][0]["right"]) == ([-1], [1])


@pytest.mark.parametrize(
    ("name", "z_range", "got"),
    [("sigmoid", (-8, 8), "none"), ("relu", (0, 8), "none"), ("steps", (-8, 8), "-1, 1")],
)
def test_a_subgradient_needs_exactly_one_kink(name, z_range, got):
    clipped = Activation(
        lambda z: np.clip(z, -1, 1),
        lambda z: ((z > -1) & (z <= 1)).astype(float),
        kinks=(-1.0, 1.0),
        expression="steps",
    )
    with pytest.raises(
        ValueError, match=f"^subgradient: expected {name} .* one kink .* got {got}$"
    ):
        explore(clipped if name == "steps" else name, z_range=z_range, subgradient=True)


def test_a_subgradient_is_asked_for_by_true_or_false():
    with pytest.raises(TypeError, match=r"subgradient: expected True or False, got 0\.5"):
        explore("relu", subgradient=0.5)


def test_the_fallback_picture_tells_of_the_line():
    alt = re.search(
        r'<img alt="([^"]*)"', page(explore("leaky_relu", parameter=0.2, subgradient=True))
    )
    assert "The dotted line through the kink has the slope m = 0.5." in alt[1]


# --- both, in a browser -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A file with Leaky ReLU beside its shortcut, with a chosen slope, and ELU with one."""
    path = tmp_path_factory.mktemp("pair") / "pair.html"
    elu = Activation(  # with α = 2 its slopes are 2 and 1, but it is not concave
        lambda z: np.where(z > 0, z, 2 * np.expm1(z)),
        lambda z: np.where(z > 0, 1.0, 2 * np.exp(z)),
        kinks=(0.0,),
    )
    shown = explore("leaky_relu", parameter=0.2, z=3, rival=SHORTCUT)
    other = explore("leaky_relu", parameter=0, subgradient=True)
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>three</title><main><h1>3</h1>'
        f"{page(shown)}{page(other)}{page(explore(elu, subgradient=True))}</main></html>",
        encoding="utf-8",
    )
    with browser_page(height=1200) as visit:
        visit.page.set_default_timeout(5000)
        visit.page.goto(path.as_uri())
        yield visit
        assert violations(visit.page, ".activation-explorer") == []
        assert (visit.errors, visit.strays) == ([], [])


def move(slider, value):
    slider.evaluate(
        "(slider, v) => { slider.value = v; slider.dispatchEvent(new Event('input')); }", str(value)
    )


@pytest.mark.browser
@pytest.mark.parametrize(
    ("slope", "z", "said", "hatched"),
    [
        (1.5, 3, "max(αz, z) is not g here: at z = 3.00 it gives 4.5000 instead of 3.0000.", True),
        (2, 3, "max(αz, z) is not g here: at z = 3.00 it gives 6.0000 instead of 3.0000.", True),
        (2, 0, "max(αz, z) agrees with g at z = 0.00, but not for z < 0 and z > 0.", True),
        (
            2,
            -1,
            "max(αz, z) is not g here: at z = −1.00 it gives −1.0000 instead of −2.0000.",
            True,
        ),
        (1, -1, "max(αz, z) agrees with g for every z shown.", False),
        (-1, -1, "max(αz, z) agrees with g for every z shown.", False),
    ],
)
def test_the_picture_is_hatched_where_the_rival_parts_and_says_so(pair, slope, z, said, hatched):
    shown = pair.page.locator(".activation-explorer").first
    for slider, value in zip(shown.get_by_role("slider").all(), (z, slope), strict=True):
        move(slider, value)
    expect(shown.locator(".parting")).to_have_text(said)
    assert said in shown.locator("svg").get_attribute("aria-label")
    expect(shown.locator("[aria-live]")).to_contain_text(said)
    assert bool(shown.locator(".gap").get_attribute("d")) == hatched
    assert shown.locator("svg text", has_text="max(αz, z)").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("slope", "m", "does"),
    [
        (0, "0.50", "stays below"),
        (0, "0.00", "stays below"),
        (0, "−0.05", "crosses"),
        (0.2, "0.20", "stays below"),
        (0.2, "0.15", "crosses"),
        (0.2, "1.05", "crosses"),
        (-1, "−1.00", "stays below"),
        (1, "1.00", "is"),
        (1, "0.95", "crosses"),
        (2, "2.00", "stays above"),
        (2, "1.00", "stays above"),
        (2, "2.05", "crosses"),
    ],
)
def test_a_line_through_the_kink_has_the_chosen_slope(pair, slope, m, does):
    shown = pair.page.locator(".activation-explorer").nth(1)
    z, parameter, slider = shown.get_by_role("slider").all()
    move(z, 0)
    move(parameter, slope)
    move(slider, m.replace("−", "-"))
    said = f"Slope m = {m}: the line {does} the curve."
    assert slider.get_attribute("aria-label") == "slope m at the kink z = 0"
    assert slider.get_attribute("aria-valuetext") == m
    assert shown.locator(".row span").nth(2).text_content() == m
    assert shown.get_by_text(said).is_visible()
    assert shown.locator("svg text", has_text=f"m = {m}").is_visible()
    expect(shown.locator("[aria-live]")).to_contain_text(said)
    assert "[" not in shown.locator(".stage ~ .note").last.text_content()  # the learner finds it
    ends = re.findall(r"[-.\d]+", shown.locator(".chosen").get_attribute("d"))
    x0, y0, x1, y1 = map(float, ends)
    assert (x0, x1) == (46, 584)
    view = explore("leaky_relu", parameter=0, subgradient=True).data["view"]
    per_unit = (324 - 14) / (view["top"] - view["bottom"])
    assert (y0 - y1) / per_unit / 16 == pytest.approx(float(m.replace("−", "-")), abs=1e-2)


@pytest.mark.browser
def test_page_keys_move_the_chosen_slope_by_ten_steps_whatever_the_parameter(pair):
    shown = pair.page.locator(".activation-explorer").nth(1)
    _, parameter, slider = shown.get_by_role("slider").all()
    for slope in (0, 2):
        move(parameter, slope)
        move(slider, 0)
        for key, m in (("PageUp", "0.50"), ("ArrowRight", "0.55"), ("End", "3.50")):
            slider.press(key)
            assert slider.get_attribute("aria-valuetext") == m


@pytest.mark.browser
def test_what_is_read_aloud_is_never_older_than_what_is_shown(pair):
    shown = pair.page.locator(".activation-explorer").nth(1)
    slider, live = shown.get_by_role("slider").nth(2), shown.locator("[aria-live]")
    move(slider, 2)
    expect(live).to_contain_text("m = 2.00")
    heard = slider.evaluate(
        """(slider) => {
            slider.value = 1;
            slider.dispatchEvent(new Event("input"));
            return slider.getRootNode().querySelector("[aria-live]").textContent;
        }"""
    )
    assert heard == ""
    expect(live).to_contain_text("m = 1.00")


@pytest.mark.browser
def test_no_name_in_the_picture_is_crossed_by_a_line(pair):
    shown = pair.page.locator(".activation-explorer").nth(1)
    z, parameter, slider = shown.get_by_role("slider").all()
    crossed = """(svg) => {
        const names = [...svg.querySelectorAll(".on")].filter((name) => name.textContent);
        const lines = [...svg.querySelectorAll("g path[d^=M], svg > path[d]")];
        return names.flatMap((name) => {
            const box = name.getBBox(), [y, height] = [box.y + 4, box.height - 8];
            return lines.filter((line) => {
                if (line.getAttribute("stroke") === "#EAEAEA") return false;
                const long = line.getTotalLength();
                for (let s = 0; s <= long; s += 2) {
                    const at = line.getPointAtLength(s);
                    if (at.x > box.x && at.x < box.x + box.width && at.y > y && at.y < y + height)
                        return true;
                }
            }).map((line) => `${name.textContent}: ${line.getAttribute("class")}`);
        });
    }"""
    for slope, m, place in ((0.2, 0.6, 0), (0.2, 1, 0), (0, 0, -2), (2, 1.5, 0), (-1, 3, 1)):
        move(parameter, slope)
        move(slider, m)
        move(z, place)
        assert shown.locator("svg").evaluate(crossed) == []


@pytest.mark.browser
def test_a_line_that_crosses_the_curve_is_not_called_supporting(pair):
    said = "Slope m = 1.50: the line crosses the curve."
    assert pair.page.get_by_text(said).is_visible()
