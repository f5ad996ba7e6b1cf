"""Charts: what is marked, what colour a tile has, and what they refuse."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from helpers.explorer.charts import MARKED, PAPERS, digit_row, dot_plot, lines, points, tiles
from helpers.explorer.figures import drawing

NAMES = {
    dot_plot: {"relu": 0.9, "leaky_relu": 0.8},
    lines: {"relu": [1, 2], "leaky_relu": [2, 1]},
    points: {"relu": (1, 2), "leaky_relu": (2, 1)},
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def colours(fig):
    """Each name that is written, or each row, with its colour."""
    ax = fig.axes[0]
    written = [
        text for text in (*ax.texts, *ax.get_yticklabels()) if text.get_text() in NAMES[lines]
    ]
    return {text.get_text(): text.get_color() for text in written}


@pytest.mark.parametrize("chart", NAMES)
@pytest.mark.parametrize("mark", ["leaky_relu", ["leaky_relu"]], ids=["name", "list"])
def test_a_mark_is_a_whole_name(chart, mark):
    found = colours(chart(NAMES[chart], mark=mark))
    assert found["leaky_relu"] == MARKED
    assert found["relu"] != MARKED


@pytest.mark.parametrize("chart", NAMES)
def test_a_mark_that_is_not_drawn_is_refused(chart):
    with pytest.raises(ValueError, match=r"mark: expected names among .*'relu'.*got \['relo'\]"):
        chart(NAMES[chart], mark=["relu", "relo"])


@pytest.mark.parametrize("keys", [(0, 1), (1, 0), (7, 0, 1)])
def test_a_tile_has_the_colour_of_its_word(keys):
    words = {key: f"word {key}" for key in keys}
    ax = tiles([[0, 1], [1, 1]], words).axes[0]
    paper = {key: to_rgb(c) for key, c in zip(words, PAPERS, strict=False)}
    for (row, column), code in np.ndenumerate([[0, 1], [1, 1]]):
        there = [area for area in ax.patches if area.get_path().contains_point((column, row))]
        assert [area.get_facecolor()[:3] for area in there] == [paper[code]]
    written = {text.get_text(): text.get_bbox_patch().get_facecolor()[:3] for text in ax.texts}
    assert written == {word: paper[key] for key, word in words.items()}


@pytest.mark.parametrize("numbers", [None, [[0.25, 0.5]]])
def test_tiles_turn_dark_with_the_words_and_numbers_that_stand_on_them(numbers):
    fig = tiles([[0, 1]], {0: "off", 1: "on"}, numbers=numbers)
    drawn = drawing(fig, "tiles")
    assert "<image" not in drawn
    assert drawn.count("light-dark(#ededed,") == drawn.count("light-dark(#0072b2,") == 2


def test_tiles_refuse_what_has_no_word_or_no_colour():
    with pytest.raises(ValueError, match=r"codes: expected \[0, 1\], got also \[2\]"):
        tiles([[0, 2]], {0: "off", 1: "on"})
    with pytest.raises(ValueError, match="words: expected at most 3, got 4"):
        tiles([[0]], dict(enumerate("abcd")))


def test_one_digit_is_a_row():
    fig = digit_row(np.zeros(64), {"tanh": [3]}, [3])
    assert [text.get_text() for text in fig.axes[0].texts] == ["3", "tanh"]


def test_a_name_stands_beside_the_diagonal():
    places = {"silu": (0.36, 0.38), "relu": (0.5, 0.5), "elu": (0.64, 0.67), "mish": (0.92, 0.29)}
    ax = points(places, diagonal=True).axes[0]
    ax.figure.draw_without_rendering()
    for name in ax.texts:
        corners = Text.get_window_extent(name).get_points()  # without the line to its point
        (left, low), (right, high) = ax.transData.inverted().transform(corners)
        assert right < low or high < left, name.get_text()
