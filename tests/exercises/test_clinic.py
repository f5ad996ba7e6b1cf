"""Patients can be healed by their one change, and only an honest report stands."""

import re
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.clinic import (
    _VALUES,
    CAUSES,
    Report,
    Settings,
    Trial,
    _cause,
    admit,
    examine,
)
from tools.notebooks import LESSONS, read

CURES = {
    "A": ("dead units", {"bias": 0.0}),
    "B": ("vanishing gradient", {"activation": "tanh"}),
    "C": ("linear network", {"slope": 0.1}),
    "D": ("exploding activations", {"init": "he"}),
    "E": ("wrong derivative", {"slope_formula": "course"}),
}


def report_on(name, cause, change, conclusion="better", seeds=range(5)):
    patient = admit(name)
    final = patient.test(patient.trial(seeds=seeds, **change))
    return patient.report(
        cause,
        final,
        effect=round(final.effect, 2),
        spread=round(final.spread, 2),
        conclusion=conclusion,
    )


@pytest.mark.parametrize("name", CURES)
def test_each_patient_has_its_cure(name):
    cause, change = CURES[name]
    report = report_on(name, cause, change)
    assert report.final.effect > 5 * report.final.spread
    assert examine(report).correct


@pytest.fixture(scope="module")
def good():
    """A report that stands, of the patient that trains fastest."""
    report = report_on("C", *CURES["C"])
    assert examine(report).correct
    return report


def test_a_trial_is_paired_and_repeats(good):
    final = good.final
    again = admit("C").test(admit("C").trial(slope=0.1))
    assert np.array_equal(again.after, final.after)
    assert final.effect == pytest.approx(np.mean(final.after) - np.mean(final.before))
    assert final.spread == pytest.approx(np.std(final.after - final.before, ddof=1))


@pytest.mark.parametrize("cause", sorted(set(CAUSES) - {"linear network"}))
def test_another_cause_is_held_against_its_own_instrument(good, cause):
    verdict = examine(replace(good, cause=cause))
    assert not verdict.correct
    assert cause in verdict.message
    assert "linear" not in verdict.message
    assert verdict.message.endswith("?")


def test_a_consequence_is_told_from_the_cause():
    """Patient A's δ is 0 as well; patient B's dead units are not out of the ordinary."""
    final = Trial("A", ("bias", 0.0), tuple(range(5)), "test", np.zeros(5), np.ones(5))
    report = Report("A", "vanishing gradient", final, 1.0, 0.0, "better", 1)
    assert "consequence" in _cause(report)
    assert "consequence" not in _cause(replace(report, patient="B", cause="dead units"))


def test_an_effect_may_be_any_number_and_is_shown_rounded(good):
    found = np.float32(good.final.effect)
    assert examine(replace(good, effect=found)).correct
    assert f"{found + 1:.3f};" in examine(replace(good, effect=found + 1)).message


def test_a_used_test_set_stays_used(good):
    assert "used up" in examine(replace(good, test_uses=2)).message


def test_no_difference_is_a_finding():
    report = report_on("C", "linear network", {"rate": 0.05}, "no difference")
    assert abs(report.final.effect) <= report.final.spread
    assert examine(report).correct
    assert not examine(replace(report, conclusion="better")).correct


def forged(trial):
    return replace(trial, after=np.ones_like(trial.after), before=np.zeros_like(trial.before))


FAULTS = {
    "not the test set": lambda r: replace(r, final=replace(r.final, part="validation")),
    "few seeds": lambda r: replace(r, final=replace(r.final, seeds=(0, 1, 2, 3))),
    "one seed five times": lambda r: replace(r, final=replace(r.final, seeds=(0,) * 5)),
    "tested twice": lambda r: replace(r, test_uses=2),
    "never tested": lambda r: replace(r, test_uses=0),
    "another effect": lambda r: replace(r, effect=r.effect + 0.02),
    "effect nan": lambda r: replace(r, effect=np.nan),
    "spread nan": lambda r: replace(r, spread=np.nan),
    "another spread": lambda r: replace(r, spread=None),
    "forged numbers": lambda r: replace(r, final=forged(r.final), effect=1.0, spread=0.0),
    "unknown cause": lambda r: replace(r, cause="bad luck"),
    "other conclusion": lambda r: replace(r, conclusion="no difference"),
    "worse": lambda r: replace(r, conclusion="worse"),
    "unknown conclusion": lambda r: replace(r, conclusion="significant"),
    "not a report": lambda r: {"cause": "linear network"},
    "no trial": lambda r: replace(r, final=0.49),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_report_with_a_fault_does_not_stand(good, fault):
    verdict = examine(fault(good))
    assert not verdict.correct
    assert verdict.message


def test_what_cannot_be_done_is_said():
    patient = admit("C")
    with pytest.raises(ValueError, match="one of A, B, C, D, E"):
        admit("F")
    with pytest.raises(ValueError, match="one setting"):
        patient.trial(slope=0.1, rate=0.2)
    with pytest.raises(ValueError, match="one setting"):
        patient.trial()
    with pytest.raises(ValueError, match="one of activation, slope"):
        patient.trial(learning_rate=0.2)
    with pytest.raises(ValueError, match="two different"):
        patient.trial(slope=0.1, seeds=[1])
    with pytest.raises(ValueError, match="of patient C"):
        patient.test(Trial("A", ("bias", 0), (0, 1), "validation", np.zeros(2), np.zeros(2)))


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("C", {"slope_formula": "Course"}, "one of own, course; got 'Course'"),
        ("C", {"activation": "leaky relu"}, r"one of sigmoid, .*; got 'leaky relu'"),
        ("C", {"slope": np.nan}, "a number; got nan"),
        ("B", {"slope": 0.1}, r"an activation that has one \(leaky_relu, .*\); got 'sigmoid'"),
        ("C", {"init": None}, r"one of he, .* or a gain from 0; got None"),
        ("C", {"depth": 2.5}, "a whole number from 1; got 2.5"),
        ("C", {"rate": "0.3"}, "a number above 0; got '0.3'"),
        ("C", {"rate": 0.3, "seeds": 5}, r"such as range\(5\); got 5"),
        ("C", {"rate": 0.3, "seeds": "01"}, r"whole numbers, .*; got '01'"),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_said(name, change, expected):
    what = "seeds" if "seeds" in change else next(iter(change))
    with pytest.raises(ValueError, match=f"^{what}: expected .*{expected}$"):
        admit(name).trial(**change)


def test_every_setting_has_its_values():
    assert list(_VALUES) == [setting.name for setting in fields(Settings)]
    for name in CURES:
        settings = admit(name)._file.settings
        given = {key: value for key, value in vars(settings).items() if value is not None}
        assert admit(name)._changed(given) == settings


def test_the_lesson_puts_its_questions_and_solves_none():
    cells = read(next(path for path in LESSONS if path.stem.startswith("09"))).cells
    for before, cell in pairwise(cells):
        for name in re.findall(r'check\("(q_\w+)"', cell.source):
            assert EXERCISES[name].prompt in before.source
            shown = cell.outputs[0].data["text/plain"]
            assert all(f"- {option.text}" in shown for option in EXERCISES[name].options)
    assert "Nothing tried yet" in str(cells[-1].outputs)


def test_the_case_file_does_not_name_the_cause():
    for name, (cause, _) in CURES.items():
        assert not set(repr(admit(name)).lower().split()) & set(cause.split())
