"""Patients can be healed by their one change, and only an honest report stands."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.clinic import CAUSES, Trial, admit, examine

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


@pytest.mark.slow
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


def test_the_case_file_does_not_name_the_cause():
    for name, (cause, _) in CURES.items():
        assert not set(repr(admit(name)).lower().split()) & set(cause.split())
