"""The explorer without a browser: its tables, its stored form, its sliders, its errors."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import explorer
from helpers.activations import ACTIVATIONS, Activation, Parameter, sigmoid, sigmoid_prime
from helpers.explorer import Prediction, explore
from helpers.figures import PRIME, VALUE
from helpers.mathml import mathml

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


def test_data_cannot_close_the_script_that_carries_them():
    task = "</script><b>mischief</b>"
    shown = explore("sigmoid", tasks=(task,))
    assert stored(shown)["tasks"] == [task]


def test_script_holds_no_mathematics_of_activations():
    assert not re.search(r"Math\.(exp|log|tanh|sinh|cosh|pow|E\b)|\*\*", SCRIPT)
    assert not re.search(r"sigmoid|tanh|relu|swish|gelu", SCRIPT, re.I)


def test_script_uses_the_colours_of_the_course():
    assert f'BLUE = "{VALUE["color"]}"' in SCRIPT
    assert f'VERMILION = "{PRIME["color"]}"' in SCRIPT


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


def test_plain_choices_draw_no_ghost():
    question = Prediction("Which sign?", ("plus", "minus"))
    assert explore("tanh", predict=question).data["predict"]["ghosts"] == [None, None]


@pytest.mark.parametrize("choices", ["yes", ("yes",), ("yes", "yes"), ()])
def test_a_prediction_needs_a_choice(choices):
    with pytest.raises(ValueError, match="at least two different answers"):
        Prediction("Sure?", choices)


def test_the_limit_names_the_size():
    fine = replace(STEEPER, parameter=Parameter("beta", "β", 1.0, 0.5, 4.0, 0.01))
    with pytest.raises(ValueError, match=r"at most 300 kB, got \d+ kB"):
        explore(fine)


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ValueError, "expected one of sigmoid, tanh, .*; got 'sigmod'", ("sigmod", {})),
        (TypeError, "expected a name or an Activation, got float", (1.0, {})),
        (ValueError, "z: expected a number from -8 to 8, got 9", ("tanh", {"z": 9})),
        (ValueError, "z: .* got nan", ("tanh", {"z": np.nan})),
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
    with pytest.raises(error, match=message):
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


def test_a_start_off_the_grid_is_moved_to_it_and_the_numbers_are_those_of_the_grid():
    explorer = explore("leaky_relu", z=-2.02, parameter=0.013)
    assert (explorer.z.value, explorer.parameter.value) == (-2.0, 0.01)
    assert "α = 0.01: at z = -2, g = -0.02" in repr(explorer._repr_mimebundle_()["text/plain"])


def test_a_prediction_is_not_given_away_where_scripts_cannot_run():
    asked = explore("tanh", predict=Prediction("How steep?", ["1", "1/2"]))
    picture = asked._repr_mimebundle_()["text/html"].split("<script")[0]
    assert "slope" not in picture
    assert "slope" in explore("tanh")._repr_mimebundle_()["text/html"].split("<script")[0]
