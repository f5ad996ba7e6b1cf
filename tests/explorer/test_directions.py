"""The pictures of the two directions hold the numbers that were given, readable by everybody."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.explorer import FORWARD, over_depth, two_directions
from helpers.explorer.directions import BACKWARD
from tests.explorer.test_figures import contrast


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_directions_can_be_told_apart_without_colour():
    assert FORWARD["linestyle"] != BACKWARD["linestyle"]
    assert min(contrast(style["color"]) for style in (FORWARD, BACKWARD)) >= 4.5


def test_the_lines_are_the_numbers_and_each_has_its_name_beside_it():
    forward = {"tanh": [1.0, 0.9, 0.8], "sigmoid": [0.1, 0.02, 0.005]}
    backward = {"tanh": [3.0, 3.5, 4.0], "sigmoid": [1e-8, 1e-7, 2e-7]}
    left, right = over_depth(forward, backward).axes
    for ax, lines in ((left, forward), (right, backward)):
        for line, numbers in zip(ax.lines, lines.values(), strict=True):
            expected = np.array(numbers) / (numbers[-1] if ax is right else 1)
            np.testing.assert_allclose(line.get_ydata(), expected)
            assert ax.get_ylim()[0] < expected.min()
        assert [text.get_text() for text in ax.texts] == list(lines)
        assert len({line.get_marker() for line in ax.lines}) == len(lines)


def test_layers_that_hear_nothing_are_left_out_without_a_warning():
    left, right = over_depth({"dead": [0.0, 0.0]}, {"dead": [0.0, 0.0]}).axes
    assert np.isnan(right.lines[0].get_ydata()).all()
    assert left.get_ylim()[0] > 0


def test_different_networks_are_refused():
    with pytest.raises(ValueError, match=r"same networks, got \['a'\] and \['b'\]"):
        over_depth({"a": [1]}, {"b": [1]})


def test_the_schematic_names_every_layer_in_both_directions():
    said = [text.get_text() for text in two_directions(3).axes[0].texts]
    assert said[:5] == ["image x", "h₁", "h₂", "h₃", "outputs"]
    assert [text for text in said if text.startswith("δ")] == ["δ₁", "δ₂", "δ₃"]
    assert any("gradient" in text for text in said)
