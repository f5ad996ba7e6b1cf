"""Reports of the clinic, examined: protocol, numbers, causes, conclusion."""

from __future__ import annotations

from numbers import Real

import numpy as np

from helpers.activations import central_difference
from helpers.diagnosis import Verdict
from helpers.exercises.clinic import CONCLUSIONS, FEWEST_SEEDS, MARGIN, Patient, Report, Trial
from helpers.exercises.clinic_cases import CAUSES, case_of
from helpers.language import gettext
from helpers.networks import effectively_dead, image_spread, rms


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
            gettext("A report is asked for: patient.report(cause, final=patient.test(trial), …).")
        )
    try:
        for fault_in in (_protocol, _numbers, _causes, _conclusion):
            if message := fault_in(report):
                return _not_yet(message)
    except ValueError as refused:  # a change or seeds that no trial of this patient can have had
        return _not_yet(gettext("These runs cannot be repeated: {refused}.", refused=refused))
    return Verdict(
        True,
        message=gettext(
            "The report stands: {causes}, {conclusion}.",
            causes=gettext(" and ").join(report.causes),
            conclusion=report.conclusion,
        ),
    )


def _not_yet(message: str) -> Verdict:
    return Verdict(False, ("tweak-always-helps",), message)


def _protocol(report: Report) -> str:
    final = report.final
    if final.patient != report.patient:
        return gettext(
            "These accuracies are of patient {patient}, the report is on patient "
            "{reported}. Which of them did you test?",
            patient=final.patient,
            reported=report.patient,
        )
    if final.part != "test":
        return gettext(
            "These accuracies are of {part} data. Which data were kept for the end?",
            part=final.part,
        )
    if len(set(final.seeds)) < FEWEST_SEEDS:
        return gettext(
            "The report rests on {seeds} seeds; {fewest} are the fewest "
            "here. Which p would so few pairs give at best, if all of them agreed?",
            seeds=len(set(final.seeds)),
            fewest=FEWEST_SEEDS,
        )
    if report.test_uses == 0:
        return gettext(
            "This patient's test set was never used. Where do these accuracies come from?"
        )
    if report.test_uses > 1:
        return gettext(
            "The test set was used {test_uses} times: it is used up, and its number would "
            "be optimistic, for this patient admitted anew as well. On which data can one choose "
            "between changes?",
            test_uses=report.test_uses,
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
            return gettext(
                "The {quantity} is reported as {shown}; the same runs give "
                "{found:.3f}. From which numbers did you compute it?",
                quantity=name.replace("_", " "),
                shown=shown,
                found=found,
            )
    return ""


def _causes(report: Report) -> str:
    named = report.causes
    for cause in named or ("none",):
        if cause not in CAUSES:
            return gettext(
                "A cause is one of: {causes}. Which of them did you measure?",
                causes=", ".join(CAUSES),
            )
    there = case_of(report.patient).causes
    wrong = [cause for cause in named if cause not in there]
    if wrong:
        return _held_against(report, wrong[0])
    if len(set(named)) < len(there):
        return gettext(
            "You name {named}, and that is there. Were it alone, the change that mends it "
            "would heal this patient: does it? What else is out of the ordinary?",
            named=named[0],
        )
    if len(report.final.change) != len(there):
        return gettext(
            "The report names {named} and changes {change} settings. "
            "Which change belongs to which fault?",
            named=len(there),
            change=len(report.final.change),
        )
    return ""


def _held_against(report: Report, cause: str) -> str:
    """Say what the instrument of a cause that is not there shows."""
    if cause == "healthy":
        odd = next(c for c in case_of(report.patient).causes)
        return gettext(
            "You call it healthy. Measured before training, with seed 0, one of the instruments "
            "says: {evidence} Is that in order?",
            evidence=_evidence(report.patient, odd)[0],
        )
    shown, out = _evidence(report.patient, cause)
    question = (
        gettext(
            "That is out of the ordinary, and so is what another instrument shows: which of them "
            "shows the cause, and which its consequence?"
        )
        if out
        else gettext("Is that out of the ordinary? Is what any other instrument shows?")
    )
    return gettext(
        "You name {cause}. Measured before training, with seed 0: {shown} {question}",
        cause=cause,
        shown=shown,
        question=question,
    )


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
        "dead units": (
            gettext("Of its hidden units {dead:.0%} are effectively dead.", dead=dead),
            dead > 0.5,
        ),
        "images become alike": (
            gettext(
                "From image to image the last hidden outputs differ by {spread:.1e}, typically.",
                spread=spread,
            ),
            spread < 0.05,
        ),
        "linear network": (
            gettext(
                "From z = −2 to 2 its slope lies between {min:.2f} and {max:.2f}.",
                min=slopes.min(),
                max=slopes.max(),
            ),
            np.ptp(slopes) < 0.01,
        ),
        "exploding activations": (
            gettext(
                "From the input to the last hidden layer, activations change by the factor "
                "{grown:.2g}.",
                grown=grown,
            ),
            not 0.1 <= grown <= 10,
        ),
        "wrong derivative": (
            gettext(
                "Its derivative and a central difference differ by at most {gap:.0e}.", gap=gap
            ),
            gap > 1e-6,
        ),
    }[cause]


def _conclusion(report: Report) -> str:
    if report.conclusion not in CONCLUSIONS:
        return gettext(
            "The conclusion is one of: {conclusions}.", conclusions=", ".join(CONCLUSIONS)
        )
    found = _again(report).evidence
    direction = "better" if found.mean > 0 else "worse"
    stands = {direction if found.shown else "not shown"}
    if found.within(MARGIN):
        stands.add("no difference")  # beyond what matters
    if report.conclusion in stands:
        return ""
    asked = {
        "no difference": gettext(
            "does the interval lie within ±{margin}, what matters here?", margin=MARGIN
        ),
        "not shown": gettext("how do p and 5 % compare?"),
    }.get(report.conclusion, gettext("how do p and 5 % compare, and which sign has the effect?"))
    return gettext(
        "You conclude: {conclusion}. The test data say: {sentence}. So {asked}",
        conclusion=report.conclusion,
        sentence=found.sentence,
        asked=asked,
    )
