"""A choice is answered in words; neither the place nor the length of an option gives it away."""

from collections import Counter
from math import sqrt

import pytest

from helpers.exercises import EXERCISES, ChoiceExercise, Option, check
from tests.exercises.answers import of_kind

CHOICES = of_kind(ChoiceExercise)
WRONG = ("sign-flipped", "Which sign?")


def lengths(exercise):
    return {option.text: len(option.text) for option in exercise.options}


@pytest.mark.parametrize("name", CHOICES)
def test_an_option_is_named_by_its_word_or_its_text_and_two_by_both(name):
    exercise = EXERCISES[name]
    right = next(o for o in exercise.options if o.text == exercise.answer)
    for option in exercise.options:
        for said in (option.word, option.text, option.word.upper(), f" {option.text}. "):
            assert check(name, said).correct == (option is right), said
        if option is not right:
            assert check(name, f"{option.word} or {right.word}").status == "unfinished"


@pytest.mark.parametrize("name", CHOICES)
def test_options_are_alike(name):
    exercise = EXERCISES[name]
    sizes = lengths(exercise).values()
    assert len(sizes) >= 5
    assert max(sizes) <= 2 * min(sizes) or max(sizes) - min(sizes) <= 15
    assert len({": " in option.text for option in exercise.options}) == 1


@pytest.mark.parametrize("extreme", [max, min], ids=["longest", "shortest"])
def test_the_right_option_is_the_longest_or_shortest_as_often_as_any_other(extreme):
    found = expected = 0.0
    for exercise in map(EXERCISES.get, CHOICES):
        sizes = lengths(exercise)
        of_this_size = [text for text, size in sizes.items() if size == extreme(sizes.values())]
        found += (exercise.answer in of_this_size) / len(of_this_size)
        expected += 1 / len(sizes)
    assert abs(found - expected) <= 2 * sqrt(expected * 4 / 5)  # two standard deviations


def test_no_place_is_the_right_one_more_often_than_by_chance():
    """For all, in slides and assignments; and over many learners as good as equally often."""
    exercises = [EXERCISES[name] for name in CHOICES]

    def places(learner):
        return Counter([o.text for o in e.order_for(learner)].index(e.answer) for e in exercises)

    fair, of_one = len(exercises) / 5, sqrt(len(exercises) * 0.2 * 0.8)
    assert max(places("").values()) <= fair + 2 * of_one
    total = sum((places(f"{learner}") for learner in range(100)), Counter())
    assert max(total.values()) <= 100 * fair + 4 * of_one * 10


def test_the_place_is_drawn_for_each_learner_and_stays(folder):
    exercise = EXERCISES["q_relu_zero"]
    stored = check("q_relu_zero", ...).options
    assert stored == tuple(o.text for o in exercise.options)
    places = Counter()
    for learner in range(200):
        (folder / ".learner").write_text(f"{learner}")
        shown = check("q_relu_zero", ...).options
        assert shown == check("q_relu_zero", "average").options
        assert {*shown} == {*stored}
        assert check("q_relu_zero", "interval").correct
        places[shown.index(exercise.answer)] += 1
    assert len(places) == 5
    assert max(places.values()) < 65  # 40, and four standard errors


@pytest.mark.parametrize("letter", ["A", "b", "(c)", "E."])
def test_a_letter_is_not_judged_and_costs_nothing(folder, letter):
    verdict = check("q_relu_zero", letter)
    assert verdict.status == "unread"
    assert "A letter names no option" in repr(verdict)
    assert not (folder / ".progress.json").exists()


def test_options_are_shown_again_until_the_answer_is_right():
    for answer in (..., "average", "nonsense", 3):
        shown = check("q_relu_zero", answer)
        assert "- interval: no derivative" in repr(shown)
        assert "<strong>interval</strong>: no derivative" in shown._repr_html_()
    assert check("q_relu_zero", "interval").options == ()


def test_options_without_a_colon_are_answered_whole():
    options = (Option("a or b"), Option("a", *WRONG), Option("b", *WRONG))
    exercise = ChoiceExercise("q_or", lesson=1, prompt="Which?", answer="a or b", options=options)
    assert exercise.judge("a or b").correct
    assert not exercise.judge("b").correct


def test_an_answer_in_the_words_of_an_earlier_edition_is_right():
    words = {name: EXERCISES[name].formerly for name in CHOICES if EXERCISES[name].formerly}
    assert len(words) == 9
    assert all(check(name, text) for name, texts in words.items() for text in texts)
    assert check("q_relu_zero", "it does not exist").status == "unread"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("q_leaky_max_valid", "**alpha <= 1**"),
        ("q_leaky_max_valid", r"$\alpha \leq 1$"),
        ("q_relu_zero", "\"'interval'\""),
        ("q_relu_zero", "`interval`"),
        ("q_relu_zero", "no derivative exists; programs choose from [0, 1]"),
    ],
)
def test_an_option_that_is_copied_with_its_markup_is_that_option(name, said):
    assert check(name, said).correct


@pytest.mark.parametrize("name", CHOICES)
def test_markup_makes_no_wrong_option_right(name):
    exercise = EXERCISES[name]
    for option in exercise.options:
        for said in (f"**{option.word}**", f'"{option.word}"', f"`{option.text}`"):
            assert check(name, said).correct == (option.text == exercise.answer), said
