"""Each lecture: a picture on each slide, minutes that fit, and the plan that is made of it."""

import re

import pytest

from book import lectures
from tests.editions.lessons import NAMES, deck_of
from tests.lessons.ours import SYLLABUS
from tools.files import PUBLISHED

PRINTED = re.compile(r'(?:<div class="fragment">)?<pre>')
SEEN = re.compile(
    r'<img|<svg|activation-explorer|"derivation"|<table|<ol|<ul|class="highlight|\$\$'
)


@pytest.mark.parametrize("name", SYLLABUS)
def test_no_slide_has_nothing_to_show_but_a_printout(name):
    """What a program prints is read in the notebook; from the last row a picture is seen."""
    found = deck_of(name)
    bare = [
        slide.title
        for slide in found
        if any(map(PRINTED.match, slide.parts)) and not any(map(SEEN.search, slide.parts))
    ]
    assert bare == []
    assert SEEN.search("".join(found[0].parts)), "the title slide shows no picture"


@pytest.mark.parametrize("name", SYLLABUS)
def test_a_lecture_has_a_plan(name):
    found = deck_of(name)
    hour = [slide for slide in found if slide.extra <= 60]
    beats = {slide.beat for slide in hour}
    assert 10 <= len(hour) <= 15, f"60 minutes have 10 to 15 slides, {name} {len(hour)}"
    bare = [slide.title for slide in found if not (slide.minutes > 0 and slide.notes)]
    assert not bare, f"without minutes or without notes: {bare}"
    assert beats & {"predict", "vote"}, "nobody is asked to predict or to vote"
    assert "discuss" in beats, "nothing is discussed"


@pytest.mark.parametrize("name", SYLLABUS)
def test_a_lecture_fits_45_minutes_and_60(name):
    """A vote in two rounds takes a class of 200 six minutes and more; what is extra is marked."""
    found = deck_of(name)
    short = [slide.title for slide in found if slide.vote and slide.minutes < 6]
    assert not short, f"too few minutes for a vote: {short}"
    for most, least in zip(lectures.PATHS, (40, 53, 65), strict=True):
        taken = [slide for slide in found if slide.extra <= most]
        minutes = sum(slide.minutes for slide in taken)
        assert least <= minutes <= most, f"{minutes:g} minutes in {most}"
        assert sum(bool(slide.vote) for slide in taken) >= 3, f"too few votes in {most} minutes"
    assert not any(slide.extra for slide in (found[0], found[-1])), "a deck ends with its summary"
    assert found[-1].beat == "recall"
    assert "Answers: " in found[-1].notes[0], "the answers to the recall stand in the notes"


def test_no_click_is_spent_on_what_is_said():
    said = [note for name in NAMES for slide in deck_of(name) for note in slide.notes]
    assert any("data-speech" in note for note in said)  # a derivation is among them
    assert not [note for note in said if 'class="fragment"' in note]


def test_a_plan_has_goals_clock_votes_board_and_answers(figures_of_the_run):
    every = [slide for name in NAMES for slide in deck_of(name)]
    figures_of_the_run["slides"] = f"{len(every)}, {sum(bool(s.vote) for s in every)} with a vote"
    text = lectures.plan(PUBLISHED / "01_sigmoid.ipynb", deck_of("01_sigmoid"))
    begins = re.findall(r"^\| (\d:\d\d|in \d0) \| (\d+) \|", text, re.M)
    assert begins[:3] == [("0:00", "1"), ("0:02", "2"), ("0:04", "3")]
    assert ("in 60", "7") in begins
    assert "Goals: " in text
    assert re.search(r"At which <i>z</i> is the slope .*\| B \| A: ", text)
    assert "Write both counts on the board." in text
    assert "## Answers to the recall\n\n1/4, at z = 0." in text
    assert "## Wrong answers to expect" in text
