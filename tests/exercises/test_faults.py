"""When the course fails, it says so: nobody is blamed, nothing is counted, all is written down."""

import warnings

import numpy as np
import pytest

from helpers.exercises import (
    FAULT,
    check,
    code_exercise,
    concept_exercise,
    credit,
    derivation_exercise,
    faults,
    progress,
    records,
)
from helpers.exercises.lessons import lesson5

# for each kind of exercise: a part of its judge, an exercise, an answer that comes to that part
JUDGES = [
    (code_exercise, "explain", "sigmoid_prime", lambda z: z),
    (code_exercise, "respond", "chain_gradient", lambda w, z: w),
    (derivation_exercise, "line_stories", "derive_sigmoid", "g"),
    (concept_exercise, "read_number", "q_sigmoid_max_slope", "1/2"),
    (concept_exercise, "_gist", "q_note_ambiguous", "only line 1"),
    (lesson5, "chain_products", "chain_setting", (2.5, 12)),
]


def broken(*_, **__):
    raise KeyError("no such key in the course")


@pytest.mark.parametrize(
    ("module", "part", "name", "answer"), JUDGES, ids=[row[2] for row in JUDGES]
)
def test_a_fault_of_ours_is_said_to_be_ours(module, part, name, answer, folder, monkeypatch):
    before = check(name, answer)
    assert before.status in ("not yet", "correct")
    assert "1 attempt" in progress()
    (folder / ".progress.json").unlink()
    monkeypatch.setattr(module, part, broken)
    verdict = check(name, answer)
    assert verdict.status == "fault"
    assert not verdict
    assert verdict.diagnoses == ()
    assert "a fault of the course, not yours" in verdict.message
    assert str(folder / ".faults.log") in verdict.message
    assert "Not judged" in repr(verdict)
    assert "Not judged" in verdict._repr_html_()
    assert progress() == "Nothing tried yet."
    written = (folder / ".faults.log").read_text(encoding="utf-8")
    assert name in written
    assert "Traceback" in written
    assert "KeyError: 'no such key in the course'" in written
    with pytest.raises(KeyError):  # an assignment's hidden test fails loudly, it takes no points
        credit(name, answer)


def test_each_fault_is_written_down(folder, monkeypatch):
    monkeypatch.setattr(concept_exercise, "read_number", broken)
    for _ in range(2):
        check("q_sigmoid_max_slope", "1/2")
    assert (folder / ".faults.log").read_text(encoding="utf-8").count("Traceback") == 2


def test_without_a_working_copy_the_log_lies_in_the_temporary_folder(folder, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(folder / "nowhere"))
    monkeypatch.setattr(faults.tempfile, "gettempdir", lambda: str(folder))
    monkeypatch.setattr(concept_exercise, "read_number", broken)
    assert str(folder / ".faults.log") in check("q_sigmoid_max_slope", "1/2").message
    assert (folder / ".faults.log").exists()


def test_where_nothing_can_be_written_the_fault_is_ours_all_the_same(folder, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(folder / "nowhere"))
    monkeypatch.setattr(faults.tempfile, "gettempdir", lambda: str(folder / "neither"))
    monkeypatch.setattr(concept_exercise, "read_number", broken)
    verdict = check("q_sigmoid_max_slope", "1/2")
    assert verdict.message.startswith(FAULT)
    assert "stands in" not in verdict.message


def test_a_fault_in_keeping_the_progress_is_ours_too(monkeypatch):
    monkeypatch.setattr(records, "record", broken)
    assert check("q_sigmoid_max_slope", "1/4").status == "fault"


WITH_A_POLE = (
    lambda z: 1 / (z + 1) ** 2,
    lambda z: np.log(z),
    lambda z: np.where(z > 0, np.inf, -np.inf),
    lambda z: np.sqrt(z) * 1e308,
)


@pytest.mark.parametrize("function", WITH_A_POLE)
@pytest.mark.parametrize("name", ["sigmoid_prime", "relu_prime", "sigmoid_prime_stable", "hat"])
def test_a_pole_of_the_learner_brings_no_warning_of_ours(name, function):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = check(name, function)
    assert verdict.status == "not yet"
    assert "your function returns" in verdict.message


def test_warnings_of_the_learner_are_shown_as_ever():
    check("sigmoid_prime", lambda z: 1 / (z + 1) ** 2)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        _ = 1 / np.zeros(1)


STOPS_LATER = {
    "leaky_relu_prime": lambda z, a: np.where(z >= 0, 1, a if a < 1 else None),
    "leaky_relu": lambda z, a: z if a < 1 else int("a"),
    "central_quotient": lambda left, right, h: (right - left) / 0.2,
}


@pytest.mark.parametrize("name", STOPS_LATER)
def test_a_function_that_is_right_or_runs_for_some_inputs_alone_is_no_fault_of_ours(name):
    verdict = check(name, STOPS_LATER[name])
    assert verdict.status == "not yet"
    assert " your function returns " in verdict.message
