"""Under accents nothing is left plain: all that a learner is shown was looked up."""

import json

import pytest

from helpers.exercises import EXERCISES, CodeExercise, progress, solution
from helpers.language import language, speak
from tests.exercises.test_diagnosis import written
from tools.files import ROOT
from tools.messages import Pseudo, plain

WRONG = json.loads((ROOT / "book" / "wrong_answers.json").read_text(encoding="utf-8"))
JUNK = (None, 3.7, "a (", "f(z", "q", int, print)


@pytest.fixture(autouse=True)
def accents():
    speak("pseudo", Pseudo())
    yield
    language("en")


def answers(exercise):
    """Yield right ones, wrong ones, and what is no answer."""
    yield from exercise.own_answers().values()
    yield from JUNK
    yield from (believed.value for believed in getattr(exercise, "believed", ()))
    yield from (option.text for option in getattr(exercise, "options", ()))
    for wrong in WRONG:
        if wrong["exercise"] == exercise.name:
            code = isinstance(exercise, CodeExercise)
            yield written(exercise, wrong["answer"]) if code else wrong["answer"]


def shown(exercise):
    """Yield what is shown of an exercise, with the learner's own words in it."""
    for answer in answers(exercise):
        verdict = exercise.judge(answer)
        own = f"{answer} {exercise.name} {getattr(exercise, 'signature', '')}"
        for text in (repr(verdict), verdict._repr_html_(), verdict.otherwise):
            yield text, own
    own = f"{exercise.name} {getattr(exercise, 'code', '')}"
    yield from ((rung, own) for rung in exercise.rungs)
    yield from ((text, own) for text in (exercise.shown_solution(), exercise.drawn_solution()))


def left_plain(exercises):
    return {
        word: text
        for exercise in exercises
        for text, own in shown(exercise)
        for word in plain(text, own)
    }


def test_exercises_of_the_first_lessons_leave_nothing_plain():
    assert left_plain(e for e in EXERCISES.values() if e.lesson in (0, 1)) == {}


@pytest.mark.complete
@pytest.mark.parametrize("lesson", range(2, 15))
def test_exercises_leave_nothing_plain(lesson):
    assert left_plain(e for e in EXERCISES.values() if e.lesson == lesson) == {}


def test_the_card_of_progress_leaves_nothing_plain(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    names = " ".join(EXERCISES)
    assert plain(repr(progress()) + progress(1)._repr_html_() + repr(solution()), names) == []
