"""The clinic: networks with a hidden fault, one change at a time, a report that is checked.

    patient = admit("A")                          what is wrong with it is not said
    network = patient.network(seed=0)             measure it: helpers.networks has the instruments
    trial = patient.trial(init="he")              one change, five seeds, on validation data
    final = patient.test(trial)                   the test set, once
    patient.report("dead units", final, effect=…, spread=…, conclusion="no difference")

A run is decided by the patient, the seed and the settings alone, so that a report can be checked by
running it again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeGuard

import numpy as np

from helpers.activations import ACTIVATIONS, Activation, central_difference
from helpers.exercises.verdict import Verdict
from helpers.networks import (
    INITIALISATIONS,
    Diverged,
    Network,
    accuracy,
    circles,
    effectively_dead,
    load_digits,
    rms,
    split,
    train,
)

__all__ = ["CAUSES", "CONCLUSIONS", "Patient", "Report", "Settings", "Trial", "admit", "examine"]

CAUSES = (
    "dead units",
    "vanishing gradient",
    "linear network",
    "exploding activations",
    "wrong derivative",
)
CONCLUSIONS = ("better", "worse", "no difference")
FEWEST_SEEDS = 5


# --- what can be changed, and what is wrong ---------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """Everything about a network and its training that one may change.

    Parameters
    ----------
    activation : a name of `ACTIVATIONS`.
    slope : its parameter, where it has one, else None.
    init : "he", "xavier", "lecun" or a gain.
    bias : where hidden biases start.
    depth, width : hidden layers and units.
    rate, epochs : of the training.
    slope_formula : "own" for the derivative that came with the code, "course" for ours.
    """

    activation: str
    slope: float | None = None
    init: str | float = "xavier"
    bias: float = 0.0
    depth: int = 6
    width: int = 48
    rate: float = 0.1
    epochs: int = 15
    slope_formula: str = "own"


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1


def _is_one_of(names: Container[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in names


# of each setting: what is expected, in words and as a test
_VALUES: dict[str, tuple[str, Callable[[object], bool]]] = {
    "activation": (f"one of {', '.join(ACTIVATIONS)}", _is_one_of(ACTIVATIONS)),
    "slope": ("a number", _is_number),
    "init": (
        f"one of {', '.join(INITIALISATIONS)} or a gain from 0",
        lambda v: _is_one_of(INITIALISATIONS)(v) or (_is_number(v) and v >= 0),
    ),
    "bias": ("a number", _is_number),
    "depth": ("a whole number from 1", _is_count),
    "width": ("a whole number from 1", _is_count),
    "rate": ("a number above 0", lambda v: _is_number(v) and v > 0),
    "epochs": ("a whole number from 1", _is_count),
    "slope_formula": ("one of own, course", _is_one_of(("own", "course"))),
}


@dataclass(frozen=True)
class _CaseFile:
    complaint: str
    cause: str
    data: str
    settings: Settings
    # the derivative in the patient's code, where it is the fault
    prime: Callable[[np.ndarray], np.ndarray] | None = None


def _tangent_slope(z: np.ndarray) -> np.ndarray:
    return 1 + np.tanh(z) ** 2


_CASE_FILES = {
    "A": _CaseFile(
        "Guesses on the digits, whatever the image. The loss does not move.",
        "dead units",
        "digits",
        Settings("relu", init="he", bias=-2.0, depth=2, rate=0.3),
    ),
    "B": _CaseFile(
        "Six hidden layers; guesses on the digits. The output layer's weights do move.",
        "vanishing gradient",
        "digits",
        Settings("sigmoid"),
    ),
    "C": _CaseFile(
        "Two rings of points, one inside the other: right on about half of them.",
        "linear network",
        "circles",
        Settings("leaky_relu", slope=1.0, init="he", depth=3, width=24, epochs=60),
    ),
    "D": _CaseFile(
        "Stops within the first epochs, with a loss that is no number.",
        "exploding activations",
        "digits",
        Settings("relu", init=3.0),
    ),
    "E": _CaseFile(
        "Six layers of tanh, written at home; learns worse the longer it is trained.",
        "wrong derivative",
        "digits",
        Settings("tanh"),
        prime=_tangent_slope,
    ),
}


def _data(file: _CaseFile, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return (x, y) for training, validation and test."""
    rng = np.random.default_rng(seed)
    examples = load_digits() if file.data == "digits" else circles(600, rng)
    x, y, test_x, test_y = split(*examples, rng)
    x, y, valid_x, valid_y = split(x, y, rng)
    return {"train": (x, y), "validation": (valid_x, valid_y), "test": (test_x, test_y)}


def _activation(file: _CaseFile, settings: Settings) -> str | Activation:
    known = ACTIVATIONS[settings.activation]
    if file.prime is None or settings.slope_formula == "course":
        return settings.activation
    if settings.activation != file.settings.activation:
        return settings.activation  # another function comes with its own, right, derivative
    return Activation(lambda z: known.value(z), file.prime, expression=known.expression)


def _network(file: _CaseFile, settings: Settings, seed: int) -> Network:
    classes = 10 if file.data == "digits" else 2
    inputs = 64 if file.data == "digits" else 2
    widths = [inputs, *[settings.width] * settings.depth, classes]
    return Network(
        widths,
        _activation(file, settings),
        np.random.default_rng(seed),
        init=settings.init,
        bias=settings.bias,
        parameters=() if settings.slope is None else settings.slope,
    )


@cache
def _outcome(name: str, settings: Settings, seed: int, part: str) -> float:
    """Train once and return the accuracy; a run that diverges counts as guessing."""
    file = _CASE_FILES[name]
    data = _data(file, seed)
    network = _network(file, settings, seed)
    x, y = data["train"]
    try:
        train(
            network, x, y, np.random.default_rng(seed), epochs=settings.epochs, rate=settings.rate
        )
    except Diverged:
        return 1 / len(np.unique(y))
    return accuracy(network, *data[part])


# --- what the learner holds -------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """Accuracies with and without one change, from the same seeds: ``before`` and ``after``.

    ``effect`` is the mean of the paired differences, ``spread`` their standard deviation.
    """

    patient: str
    change: tuple[str, object]  # (setting, value)
    seeds: tuple[int, ...]
    part: str
    before: np.ndarray
    after: np.ndarray

    @property
    def effect(self) -> float:
        """Mean of after - before."""
        return float(np.mean(self.after - self.before))

    @property
    def spread(self) -> float:
        """Standard deviation of after - before over the seeds."""
        return float(np.std(self.after - self.before, ddof=1))

    def __repr__(self) -> str:
        setting, value = self.change
        return (
            f"patient {self.patient}, {setting} = {value}, "
            f"{len(self.seeds)} seeds, {self.part} data\n"
            f"  before  {np.mean(self.before):.2f}\n"
            f"  after   {np.mean(self.after):.2f}\n"
            f"  effect  {self.effect:+.2f}, spread {self.spread:.2f}"
        )


@dataclass(frozen=True)
class Report:
    """What is claimed about a patient; made by `Patient.report`, checked by ``check``."""

    patient: str
    cause: str
    final: Trial
    effect: float
    spread: float
    conclusion: str
    test_uses: int


@dataclass(repr=False)
class Patient:
    """A network with a hidden fault; made by `admit`.

    ``x``, ``y`` are its training data for seed 0, (examples, inputs) and (examples,). ``value``
    and ``prime`` are its activation and the derivative that its code uses, as functions of z.
    """

    name: str
    test_uses: int = field(default=0, init=False)

    @property
    def _file(self) -> _CaseFile:
        return _CASE_FILES[self.name]

    @property
    def x(self) -> np.ndarray:
        """Training inputs of seed 0."""
        return _data(self._file, 0)["train"][0]

    @property
    def y(self) -> np.ndarray:
        """Training labels of seed 0."""
        return _data(self._file, 0)["train"][1]

    def value(self, z: np.ndarray) -> np.ndarray:
        """The activation of the patient's code."""
        return self._slopes(z)[0]

    def prime(self, z: np.ndarray) -> np.ndarray:
        """The derivative that the patient's code uses."""
        return self._slopes(z)[1]

    def _slopes(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        file, settings = self._file, self._file.settings
        activation = _activation(file, settings)
        known = ACTIVATIONS[activation] if isinstance(activation, str) else activation
        parameters = () if settings.slope is None else (settings.slope,)
        return known.value(z, *parameters), known.prime(z, *parameters)

    def network(self, seed: int = 0, **change: object) -> Network:
        """Return the untrained network, with the settings in ``change`` made otherwise."""
        return _network(self._file, self._changed(change), seed)

    def __repr__(self) -> str:
        return f"patient {self.name}: {self._file.complaint}"

    def trial(self, *, seeds: Iterable[int] = range(5), **change: object) -> Trial:
        """Train with and without one change, from the same seeds; accuracies on validation data.

        Parameters
        ----------
        seeds : at least two different whole numbers.
        **change : one setting with its new value, see `Settings`.

        Raises
        ------
        ValueError
            For more or fewer than one change, an unknown setting or a value that it cannot have
            (the message says what is expected), or fewer than two seeds.

        Examples
        --------
        >>> trial = admit("C").trial(slope=0.5, seeds=range(2))
        >>> trial.effect > 0.3
        True
        """
        if len(change) != 1:
            given = ", ".join(change) or "none"
            raise ValueError(
                f"change: expected one setting, so that an effect has one cause; got {given}"
            )
        return self._run(next(iter(change.items())), seeds, "validation")

    def test(self, trial: Trial) -> Trial:
        """Repeat a trial on the test set. Once: the report counts how often this was called."""
        if not isinstance(trial, Trial) or trial.patient != self.name:
            raise ValueError(f"trial: expected a trial of patient {self.name}, got {trial!r}")
        self.test_uses += 1
        return self._run(trial.change, trial.seeds, "test")

    def report(
        self, cause: str, final: Trial, *, effect: float, spread: float, conclusion: str
    ) -> Report:
        """Return the report for ``check("clinic_report", …)``."""
        return Report(self.name, cause, final, effect, spread, conclusion, self.test_uses)

    def _changed(self, change: Mapping[str, Any]) -> Settings:
        for name, value in change.items():
            if name not in _VALUES:
                raise ValueError(f"change: expected one of {', '.join(_VALUES)}; got {name!r}")
            expected, fits = _VALUES[name]
            if not fits(value):
                raise ValueError(f"{name}: expected {expected}; got {value!r}")
        settings = replace(self._file.settings, **change)
        if "slope" in change and not ACTIVATIONS[settings.activation].parameter:
            sloped = ", ".join(name for name, g in ACTIVATIONS.items() if g.parameter)
            raise ValueError(
                f"slope: expected an activation that has one ({sloped}); "
                f"got {settings.activation!r}"
            )
        if "activation" in change and "slope" not in change:
            settings = replace(settings, slope=None)  # the slope belonged to the old activation
        return settings

    def _run(self, change: tuple[str, object], seeds: Iterable[int], part: str) -> Trial:
        given = tuple(seeds) if isinstance(seeds, Iterable) else ()
        whole = all(isinstance(seed, Integral) and seed >= 0 for seed in given)
        if not whole or len(set(given)) < max(2, len(given)):
            raise ValueError(
                "seeds: expected at least two different whole numbers, such as range(5); "
                f"got {seeds!r}"
            )
        settings = self._changed(dict([change]))
        before = [_outcome(self.name, self._file.settings, s, part) for s in given]
        after = [_outcome(self.name, settings, s, part) for s in given]
        return Trial(self.name, change, given, part, np.array(before), np.array(after))


def admit(name: str) -> Patient:
    """Return the patient ``name``, one of A to E, with an unused test set.

    Raises
    ------
    ValueError
        For another name.

    Examples
    --------
    >>> admit("B")
    patient B: Six hidden layers; guesses on the digits. The output layer's weights do move.
    """
    if name not in _CASE_FILES:
        raise ValueError(f"patient: expected one of {', '.join(_CASE_FILES)}, got {name!r}")
    return Patient(name)


# --- the report, examined ---------------------------------------------------------------------


def examine(report: object) -> Verdict:
    """Check a report: protocol, numbers, cause, conclusion; a `Verdict` with what to look at.

    Parameters
    ----------
    report : what `Patient.report` gave.

    Notes
    -----
    A change that did not help may be reported as well: "no difference" is a finding.
    """
    if not isinstance(report, Report) or not isinstance(report.final, Trial):
        return _not_yet("A report is asked for: patient.report(cause, patient.test(trial), …).")
    try:
        for fault_in in (_protocol, _numbers, _cause, _conclusion):
            if message := fault_in(report):
                return _not_yet(message)
    except ValueError as refused:  # a change or seeds that no trial of this patient can have had
        return _not_yet(f"These runs cannot be repeated: {refused}.")
    return Verdict(True, message=f"The report stands: {report.cause}, {report.conclusion}.")


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
            "here. How far apart were two of your runs?"
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
    return Patient(report.patient)._run(report.final.change, report.final.seeds, "test")


def _numbers(report: Report) -> str:
    again = _again(report)
    for name in ("effect", "spread"):
        said, found = getattr(report, name), getattr(again, name)
        if not isinstance(said, Real) or not abs(said - found) <= 0.0051:  # nan is not close
            shown = f"{said:.3f}" if isinstance(said, Real) else repr(said)
            return (
                f"The {name} is reported as {shown}; the same runs give {found:.3f}. "
                "From which numbers did you compute it?"
            )
    return ""


def _cause(report: Report) -> str:
    if report.cause not in CAUSES:
        return f"The cause is one of: {', '.join(CAUSES)}. Which of them did you measure?"
    file = _CASE_FILES[report.patient]
    if report.cause == file.cause:
        return ""
    shown, odd = _evidence(report.patient, report.cause)
    question = (
        "That is out of the ordinary, and so is what another instrument shows: which of them "
        "shows the cause, and which its consequence?"
        if odd
        else "Is that out of the ordinary, and which other instrument shows something that is?"
    )
    return f"You name {report.cause}. Measured before training, with seed 0: {shown} {question}"


def _evidence(name: str, cause: str) -> tuple[str, bool]:
    """Say what the instrument for ``cause`` shows on this patient, untrained; and: is it odd?

    Odd are most units dead, a factor beyond 10 either way, one slope everywhere, a wrong slope.
    """
    patient = Patient(name)
    network = patient.network()
    trace, found = network.forward(patient.x), network.gradients(patient.x, patient.y)
    z = np.linspace(-2, 2, 41)[1::2]  # not 0, where there may be a kink
    slopes, deltas, sizes = patient.prime(z), rms(found.deltas), rms(trace.h)
    gap = np.abs(slopes - central_difference(patient.value, z)).max()
    dead = effectively_dead(trace).mean()
    faded, grown = deltas[0] / deltas[-1], sizes[-1] / sizes[0]
    return {
        "dead units": (f"Of its hidden units {dead:.0%} are effectively dead.", dead > 0.5),
        "vanishing gradient": (
            f"From the last layer to the first, δ changes by the factor {faded:.1e}.",
            not 0.1 <= faded <= 10,
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
    again = _again(report)
    effect, spread = again.effect, again.spread
    shown = "no difference" if abs(effect) <= spread else "better" if effect > 0 else "worse"
    if report.conclusion == shown:
        return ""
    return (
        f"You conclude: {report.conclusion}. The effect is {effect:+.3f} and the spread "
        f"{spread:.3f}: how do the two compare?"
    )
