"""Patients are healed by the changes that mend their faults; only an honest report stands."""

import re
from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest

from helpers.exercises import CAUSES, EXERCISES, Report, admit, examine
from helpers.exercises.clinic import MARGIN, Trial
from helpers.exercises.clinic_cases import VALUES, Settings, case_of
from helpers.exercises.clinic_reports import _causes
from helpers.networks import paired_difference
from tests.matrix import sampled
from tools.notebooks import LESSONS, read

CURES = {
    "dead units": {"bias": 0.0},
    "images become alike": {"activation": "tanh"},
    "linear network": {"slope": 0.1},
    "exploding activations": {"init": "he"},
    "wrong derivative": {"slope_formula": "course"},
}
DRAWN = {number: case_of(number).causes for number in range(200)}
FIRST = {causes: number for number, causes in reversed(DRAWN.items())}  # one patient of each kind
LINEAR = FIRST["linear network",]


def report_on(name, change, causes=None, seeds=range(6), conclusion="better"):
    patient = admit(name)
    final = patient.test(patient.trial(seeds=seeds, **change))
    return patient.report(
        *(causes or case_of(name).causes),
        final=final,
        effect=round(final.effect, 3),
        standard_error=round(final.standard_error, 3),
        p=round(final.p, 3),
        conclusion=conclusion,
    )


def test_elimination_does_not_solve_it():
    """Every kind is drawn about as often, whatever was drawn before."""
    kinds = Counter(DRAWN.values())
    assert len(kinds) == 8
    assert sum(len(causes) == 2 for causes in kinds) == 2
    assert ("healthy",) in kinds
    assert min(kinds.values()) >= 10  # 25 are expected
    assert max(kinds.values()) <= 40
    after = Counter(DRAWN[n + 1] for n in range(199) if DRAWN[n] == ("healthy",))
    assert after[("healthy",)] > 0


def test_the_patients_of_the_lesson_are_of_several_kinds():
    lesson = {DRAWN[number] for number in (1, 2, 3, 7)}
    assert ("healthy",) in lesson
    assert any(len(causes) == 2 for causes in lesson)
    assert len(lesson) == 4


@pytest.mark.parametrize(
    "causes", sampled([c for c in FIRST if c != ("healthy",)], 2), ids=" + ".join
)
def test_each_patient_has_its_cure_and_needs_all_of_it(causes):
    change = {k: v for cause in causes for k, v in CURES[cause].items()}
    report = report_on(FIRST[causes], change)
    assert report.final.effect > 0.4
    assert examine(report).correct, examine(report).message
    if len(causes) == 2:
        for setting, value in change.items():
            half = admit(FIRST[causes]).trial(**{setting: value}, seeds=range(6))
            assert half.effect < 0.15


ALSO = [pytest.param(also, marks=pytest.mark.complete) for also in ({"depth": 3}, {"message": 0.5})]


@pytest.mark.parametrize("change", [*ALSO, {"activation": "elu"}])
def test_a_healthy_patient_can_be_reported_as_one(change):
    patient = FIRST["healthy",]
    evidence = admit(patient).test(admit(patient).trial(seeds=range(6), **change)).evidence
    shown = "better" if evidence.mean > 0 else "worse"
    report = report_on(patient, change, conclusion=shown if evidence.shown else "not shown")
    assert examine(report).correct, examine(report).message
    for cause in CURES:
        verdict = examine(replace(report, causes=(cause,)))
        assert not verdict.correct
        assert "consequence" not in verdict.message


def test_a_sick_patient_is_not_called_healthy():
    for causes, number in FIRST.items():
        if causes != ("healthy",):
            final = Trial(
                number, (("bias", 0.0),), tuple(range(6)), "test", np.zeros(6), np.ones(6)
            )
            said = _causes(Report(number, ("healthy",), final, 1.0, 0.0, 0.03, "better", 1))
            assert said.startswith("You call it healthy")
            assert said.endswith("?")


@pytest.fixture(scope="module")
def good():
    """A report that stands, of a patient that trains fast."""
    report = report_on(LINEAR, CURES["linear network"])
    assert examine(report).correct
    return report


def test_a_trial_is_paired_and_repeats(good):
    final = good.final
    again = admit(LINEAR).test(admit(LINEAR).trial(slope=0.1, seeds=range(6)))
    assert np.array_equal(again.after, final.after)
    found = paired_difference(final.after, final.before)
    assert (final.effect, final.standard_error) == (found.mean, found.standard_error)
    assert final.p == found.p
    assert found.sentence in repr(final)


@pytest.mark.parametrize("cause", sorted(set(CAUSES) - {"linear network"}))
def test_another_cause_is_held_against_its_own_instrument(good, cause):
    verdict = examine(replace(good, causes=(cause,)))
    assert not verdict.correct
    assert cause in verdict.message
    assert "linear" not in verdict.message
    assert verdict.message.endswith("?")


def test_a_consequence_is_told_from_the_cause():
    """Of patient A the images are alike as well: all units are dead. Healthy units are not odd."""
    final = Trial("A", (("bias", 0.0),), tuple(range(6)), "test", np.zeros(6), np.ones(6))
    report = Report("A", ("images become alike",), final, 1.0, 0.0, 0.03, "better", 1)
    assert "consequence" in _causes(report)
    alike = replace(report, patient=FIRST["images become alike",], causes=("dead units",))
    assert "consequence" not in _causes(alike)


def test_one_fault_of_two_and_one_change_for_two_are_not_enough():
    number = FIRST["dead units", "wrong derivative"]
    both = (("bias", 0.0), ("slope_formula", "course"))
    final = Trial(number, both, tuple(range(6)), "test", np.zeros(6), np.ones(6))
    report = Report(number, ("dead units",), final, 1.0, 0.0, 0.03, "better", 1)
    assert "Were it alone" in _causes(report)
    named = replace(report, causes=("wrong derivative", "dead units"))
    assert _causes(named) == ""
    one = replace(named, final=replace(final, change=both[:1]))
    assert "Which change belongs to which fault?" in _causes(one)
    single = replace(report, patient="A", final=replace(final, patient="A"))
    assert "Which change belongs to which fault?" in _causes(single)


def test_a_message_restored_does_not_heal_images_that_become_alike():
    """The way back alone is mended; the way forward is what keeps it at chance."""
    patient = admit(FIRST["images become alike",])
    assert patient.trial(message=4.0, seeds=range(6)).effect < 0.5
    assert patient.trial(activation="tanh", seeds=range(6)).effect > 0.8


def test_an_effect_may_be_any_number_and_is_shown_rounded(good):
    found = np.float32(good.final.effect)
    assert examine(replace(good, effect=found)).correct
    assert f"{found + 1:.3f};" in examine(replace(good, effect=found + 1)).message


def test_a_used_test_set_stays_used(good):
    assert "used up" in examine(replace(good, test_uses=2)).message


def test_what_was_not_shown_is_a_finding_and_no_difference_another():
    report = report_on(LINEAR, {"rate": 0.05}, conclusion="not shown")
    evidence = report.final.evidence
    assert not evidence.shown
    assert examine(report).correct
    assert examine(replace(report, conclusion="no difference")).correct == evidence.within(MARGIN)
    wrong = examine(replace(report, conclusion="better"))
    assert not wrong.correct
    assert wrong.message.endswith("?")


def test_a_certain_difference_may_be_too_small_to_matter(monkeypatch, good):
    small = np.array([0.004, 0.006, 0.005, 0.004, 0.007, 0.005])
    final = replace(good.final, before=np.full(6, 0.9), after=0.9 + small)
    monkeypatch.setattr("helpers.exercises.clinic_reports._again", lambda report: final)
    report = replace(good, effect=final.effect, standard_error=final.standard_error, p=final.p)
    assert examine(replace(report, conclusion="better")).correct
    assert examine(replace(report, conclusion="no difference")).correct
    assert not examine(replace(report, conclusion="not shown")).correct


def forged(trial):
    return replace(trial, after=np.ones_like(trial.after), before=np.zeros_like(trial.before))


FAULTS = {
    "not the test set": lambda r: replace(r, final=replace(r.final, part="validation")),
    "few seeds": lambda r: replace(r, final=replace(r.final, seeds=(0, 1, 2, 3, 4))),
    "one seed five times": lambda r: replace(r, final=replace(r.final, seeds=(0,) * 5)),
    "tested twice": lambda r: replace(r, test_uses=2),
    "never tested": lambda r: replace(r, test_uses=0),
    "another effect": lambda r: replace(r, effect=r.effect + 0.02),
    "effect nan": lambda r: replace(r, effect=np.nan),
    "p nan": lambda r: replace(r, p=np.nan),
    "another p": lambda r: replace(r, p=0.05),
    "another standard error": lambda r: replace(r, standard_error=None),
    "forged numbers": lambda r: replace(r, final=forged(r.final), effect=1.0),
    "unknown cause": lambda r: replace(r, causes=("bad luck",)),
    "other conclusion": lambda r: replace(r, conclusion="no difference"),
    "no cause": lambda r: replace(r, causes=()),
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
    patient = admit(LINEAR)
    with pytest.raises(ValueError, match="'A' or a whole number from 0, got 'F'"):
        admit("F")
    with pytest.raises(ValueError, match="one setting"):
        patient.trial(slope=0.1, rate=0.2, bias=0.0)
    for name in (-1, 2.0, True, None):
        with pytest.raises(ValueError, match="whole number from 0"):
            admit(name)
    with pytest.raises(ValueError, match="one setting"):
        patient.trial()
    with pytest.raises(ValueError, match="one of activation, slope"):
        patient.trial(learning_rate=0.2)
    with pytest.raises(ValueError, match="two different"):
        patient.trial(slope=0.1, seeds=[1])
    with pytest.raises(ValueError, match=f"of patient {LINEAR}"):
        patient.test(Trial("A", (("bias", 0),), (0, 1), "validation", np.zeros(2), np.zeros(2)))


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        (LINEAR, {"slope_formula": "Course"}, "one of own, course; got 'Course'"),
        (LINEAR, {"slope": np.nan}, "a number; got nan"),
        (
            FIRST["images become alike",],
            {"slope": 0.1},
            r"an activation that has one \(leaky_relu, .*\); got 'sigmoid'",
        ),
        (LINEAR, {"init": None}, r"one of he, .* or a gain from 0; got None"),
        (LINEAR, {"depth": 2.5}, "a whole number from 1; got 2.5"),
        (LINEAR, {"rate": "0.3"}, "a number above 0; got '0.3'"),
        (LINEAR, {"rate": 0.3, "seeds": 5}, r"such as range\(8\); got 5"),
        (LINEAR, {"rate": 0.3, "seeds": "01"}, r"whole numbers, .*; got '01'"),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_said(name, change, expected):
    what = "seeds" if "seeds" in change else next(iter(change))
    with pytest.raises(ValueError, match=f"^{what}: expected .*{expected}$"):
        admit(name).trial(**change)


def test_an_unknown_activation_is_told_with_the_nearest():
    with pytest.raises(ValueError, match=r"no activation 'leaky relu'\. Did you mean 'leaky_relu'"):
        admit(LINEAR).trial(activation="leaky relu")


def test_every_setting_has_its_values():
    assert list(VALUES) == [setting.name for setting in fields(Settings)]
    for name in FIRST.values():
        settings = case_of(name).settings
        given = {key: value for key, value in vars(settings).items() if value is not None}
        assert admit(name)._changed(given) == settings


def test_the_lesson_puts_its_questions_and_solves_none():
    cells = read(next(path for path in LESSONS if path.stem.startswith("09"))).cells
    prose = "\n".join(cell.source for cell in cells)
    for name in set(re.findall(r'check\("(q_\w+)"', prose)):
        assert EXERCISES[name].prompt in prose
    assert any("0 of 10 right" in str(cell.get("outputs")) for cell in cells)


def test_the_complaint_does_not_name_the_cause():
    for number in range(60):
        said = set(repr(admit(number)).lower().split())
        assert not said & {word for cause in CAUSES for word in cause.split()}
