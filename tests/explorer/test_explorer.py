"""An explorer: its stored form, its sliders, its questions, its errors."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest

from helpers.activations import ACTIVATIONS, sigmoid
from helpers.explorer import Goal, Prediction, explore
from helpers.explorer import stored as stored_form
from tests.explorer.reading import STEEPER, page, stored


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu", STEEPER])
def test_stored_form_repeats_byte_for_byte(activation):
    """Of one without, one with a parameter and one of one's own; those of lessons do in nbval."""
    assert page(explore(activation)) == page(explore(activation))


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


def test_the_picture_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(stored_form, "picture", lambda fig, alt, **_: drawn.append(alt) or "<img>")
    page(explore("tanh"))
    assert len(drawn) == 1


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


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ValueError, "there is no activation 'sigmod'. Did you mean 'sigmoid'", ("sigmod", {})),
        (
            TypeError,
            r"an activation is meant by its name, .* or as an Activation; 1.0 came",
            (1.0, {}),
        ),
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
        (
            ValueError,
            "tasks: expected places in .*, got 'beta'",
            ("tanh", {"tasks": Goal("b", beta=1)}),
        ),
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
    with pytest.raises(error, match=f"^{message}"):
        explore(name, **options)


def test_a_start_off_the_grid_is_moved_to_it_and_the_numbers_are_those_of_the_grid():
    explorer = explore("leaky_relu", z=-2.02, parameter=0.013)
    assert (explorer.z.value, explorer.parameter.value) == (-2.0, 0.01)
    assert "α = 0.01: at z = -2, g = -0.02" in repr(explorer._repr_mimebundle_()["text/plain"])


def test_a_prediction_is_not_given_away_where_scripts_cannot_run():
    asked = explore("tanh", predict=Prediction("How steep?", ["1", "1/2"]))
    picture = asked._repr_mimebundle_()["text/html"].split("<script")[0]
    assert "slope" not in picture
    assert "slope" in explore("tanh")._repr_mimebundle_()["text/html"].split("<script")[0]
