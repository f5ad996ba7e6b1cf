"""Reports of the clinic, examined: protocol, numbers, causes, conclusion."""

from __future__ import annotations

from numbers import Real

import numpy as np

from helpers.activations import central_difference
from helpers.exercises.clinic import CONCLUSIONS, FEWEST_SEEDS, MARGIN, Patient, Report, Trial
from helpers.exercises.clinic_cases import CAUSES, case_of
from helpers.exercises.verdict import Verdict
from helpers.networks import effectively_dead, image_spread, rms

__all__ = ["examine"]


def examine(report: object) -> Verdict:
    """Check a report: protocol, numbers, cause, conclusion; a `Verdict` with what to look at.

    Parameters
    ----------
    report : what `Patient.report` gave.

    Notes
    -----
    A change that did not help may be reported as well: that nothing was shown is a finding.
    """
    if not isinstance(report, Report) or not isinstance(report.final, Trial):
        return _not_yet(
            "A report is asked for: patient.report(cause, final=patient.test(trial), …)."
        )
    try:
        for fault_in in (_protocol, _numbers, _causes, _conclusion):
            if message := fault_in(report):
                return _not_yet(message)
    except ValueError as refused:  # a change or seeds that no trial of this patient can have had
        return _not_yet(f"These runs cannot be repeated: {refused}.")
    return Verdict(
        True, message=f"The report stands: {' and '.join(report.causes)}, {report.conclusion}."
    )


def _not_yet(message: str) -> Verdict:
    return Verdict(False, ("tweak-always-helps",), message)


def _protocol(report: Report) -> str:
    final = report.final
    if final.patient != report.patient:
        return (
            f"These accuracies are of patient {final.patient}, the report is on patient "
            f"{report.patient}. Which of them did you test?"
        )
    if final.part != "test":
        return f"These accuracies are of {final.part} data. Which data were kept for the end?"
    if len(set(final.seeds)) < FEWEST_SEEDS:
        return (
            f"The report rests on {len(set(final.seeds))} seeds; {FEWEST_SEEDS} are the fewest "
            "here. Which p would so few pairs give at best, if all of them agreed?"
        )
    if report.test_uses == 0:
        return "This patient's test set was never used. Where do these accuracies come from?"
    if report.test_uses > 1:
        return (
            f"The test set was used {report.test_uses} times: it is used up, and its number would "
            "be optimistic, for this patient admitted anew as well. On which data can one choose "
            "between changes?"
        )
    return ""


def _again(report: Report) -> Trial:
    return Patient(report.patient).repeat(report.final.change, report.final.seeds, "test")


def _numbers(report: Report) -> str:
    again = _again(report)
    for name in ("effect", "standard_error", "p"):
        said, found = getattr(report, name), getattr(again, name)
        if not isinstance(said, Real) or not abs(said - found) <= 0.0051:  # nan is not close
            shown = f"{said:.3f}" if isinstance(said, Real) else repr(said)
            return (
                f"The {name.replace('_', ' ')} is reported as {shown}; the same runs give "
                f"{found:.3f}. From which numbers did you compute it?"
            )
    return ""


def _causes(report: Report) -> str:
    named = report.causes
    for cause in named or ("none",):
        if cause not in CAUSES:
            return f"A cause is one of: {', '.join(CAUSES)}. Which of them did you measure?"
    there = case_of(report.patient).causes
    wrong = [cause for cause in named if cause not in there]
    if wrong:
        return _held_against(report, wrong[0])
    if len(set(named)) < len(there):
        return (
            f"You name {named[0]}, and that is there. Were it alone, the change that mends it "
            "would heal this patient: does it? What else is out of the ordinary?"
        )
    if len(report.final.change) != len(there):
        return (
            f"The report names {len(there)} and changes {len(report.final.change)} settings. "
            "Which change belongs to which fault?"
        )
    return ""


def _held_against(report: Report, cause: str) -> str:
    """Say what the instrument of a cause that is not there shows."""
    if cause == "healthy":
        odd = next(c for c in case_of(report.patient).causes)
        return (
            "You call it healthy. Measured before training, with seed 0, one of the instruments "
            f"says: {_evidence(report.patient, odd)[0]} Is that in order?"
        )
    shown, out = _evidence(report.patient, cause)
    question = (
        "That is out of the ordinary, and so is what another instrument shows: which of them "
        "shows the cause, and which its consequence?"
        if out
        else "Is that out of the ordinary? Is what any other instrument shows?"
    )
    return f"You name {cause}. Measured before training, with seed 0: {shown} {question}"


def _evidence(name: str | int, cause: str) -> tuple[str, bool]:
    """Say what the instrument for ``cause`` shows on this patient, untrained; and: is it odd?

    Odd are most units dead, a spread below 0.05, one slope everywhere, activations that change by
    a factor beyond 10 either way, a wrong slope.
    """
    patient = Patient(name)
    trace = patient.network().forward(patient.x)
    z = np.linspace(-2, 2, 41)[1::2]  # not 0, where there may be a kink
    slopes, sizes = patient.prime(z), rms(trace.h)
    gap = np.abs(slopes - central_difference(patient.value, z)).max()
    dead, spread = effectively_dead(trace).mean(), image_spread(trace.h)[-1]
    grown = sizes[-1] / sizes[0]
    return {
        "dead units": (f"Of its hidden units {dead:.0%} are effectively dead.", dead > 0.5),
        "images become alike": (
            f"From image to image the last hidden outputs differ by {spread:.1e}, typically.",
            spread < 0.05,
        ),
        "linear network": (
            f"From z = −2 to 2 its slope lies between {slopes.min():.2f} and {slopes.max():.2f}.",
            np.ptp(slopes) < 0.01,
        ),
        "exploding activations": (
            "From the input to the last hidden layer, activations change by the factor "
            f"{grown:.2g}.",
            not 0.1 <= grown <= 10,
        ),
        "wrong derivative": (
            f"Its derivative and a central difference differ by at most {gap:.0e}.",
            gap > 1e-6,
        ),
    }[cause]


def _conclusion(report: Report) -> str:
    if report.conclusion not in CONCLUSIONS:
        return f"The conclusion is one of: {', '.join(CONCLUSIONS)}."
    found = _again(report).evidence
    direction = "better" if found.mean > 0 else "worse"
    stands = {direction if found.shown else "not shown"}
    if found.within(MARGIN):
        stands.add("no difference")  # beyond what matters
    if report.conclusion in stands:
        return ""
    asked = {
        "no difference": f"does the interval lie within ±{MARGIN}, what matters here?",
        "not shown": "how do p and 5 % compare?",
    }.get(report.conclusion, "how do p and 5 % compare, and which sign has the effect?")
    return f"You conclude: {report.conclusion}. The test data say: {found.sentence}. So {asked}"
