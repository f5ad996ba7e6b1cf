"""The clinic: networks with hidden faults, few changes at a time, a report that is checked.

    patient = admit(7)                            what is wrong with it is not said
    network = patient.network(seed=0)             measure it: helpers.networks has the instruments
    trial = patient.trial(init="he")              one change, eight seeds, on validation data
    final = patient.test(trial)                   the test set, once
    patient.report("dead units", final, effect=…, standard_error=…, p=…, conclusion="better")

A run is decided by the patient, the seed and the settings alone, so that a report can be checked by
running it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral
from typing import Any

import numpy as np

from helpers.activations import ACTIVATIONS, known_activation
from helpers.exercises.clinic_cases import (
    VALUES,
    Settings,
    activation_of,
    case_of,
    data_of,
    network_of,
    outcome,
)
from helpers.language import gettext, value_error
from helpers.networks import Network, PairedDifference, paired_difference

CONCLUSIONS = ("better", "worse", "no difference", "not shown")
FEWEST_SEEDS = 6  # with fewer pairs no p is below 0.05
MARGIN = 0.02  # a difference that matters here: two images in a hundred


@dataclass(frozen=True)
class Trial:
    """Accuracies without and with a change, from the same seeds: ``before`` and ``after``."""

    patient: str | int
    change: tuple[tuple[str, object], ...]  # (setting, value), …
    seeds: tuple[int, ...]
    part: str
    before: np.ndarray
    after: np.ndarray

    @property
    def evidence(self) -> PairedDifference:
        """after - before: how large, and how certain."""
        return paired_difference(self.after, self.before)

    @property
    def effect(self) -> float:
        """The mean of after - before."""
        return self.evidence.mean

    @property
    def standard_error(self) -> float:
        """The standard error of the effect."""
        return self.evidence.standard_error

    @property
    def p(self) -> float:
        """How often luck alone would make such an effect."""
        return self.evidence.p

    def __repr__(self) -> str:
        changed = ", ".join(f"{setting} = {value}" for setting, value in self.change)
        return gettext(
            "patient {patient}, {changed}, {seeds} seeds, {part} data\n"
            "  before  {before:.3f}\n  after   {after:.3f}\n  {sentence}",
            **{"patient": self.patient, "changed": changed, "seeds": len(self.seeds)},
            **{"part": self.part, "sentence": self.evidence.sentence},
            **{"before": np.mean(self.before), "after": np.mean(self.after)},
        )


@dataclass(frozen=True)
class Report:
    """What is claimed about a patient; made by `Patient.report`, checked by ``check``."""

    patient: str | int
    causes: tuple[str, ...]
    final: Trial
    effect: float
    standard_error: float
    p: float
    conclusion: str
    test_uses: int


@dataclass(repr=False)
class Patient:
    """A network that may have a fault, or two; made by `admit`.

    ``x``, ``y`` are its training data for seed 0, (examples, inputs) and (examples,). ``value``
    and ``prime`` are its activation and the derivative that its code uses, as functions of z.
    """

    name: str | int
    test_uses: int = field(default=0, init=False)

    @property
    def x(self) -> np.ndarray:
        """Training inputs of seed 0."""
        return data_of(case_of(self.name), 0)["train"][0]

    @property
    def y(self) -> np.ndarray:
        """Training labels of seed 0."""
        return data_of(case_of(self.name), 0)["train"][1]

    def value(self, z: np.ndarray) -> np.ndarray:
        """The activation of the patient's code."""
        return self._both(z)[0]

    def prime(self, z: np.ndarray) -> np.ndarray:
        """The derivative that the patient's code uses."""
        return self._both(z)[1]

    def _both(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        case = case_of(self.name)
        activation = activation_of(case, case.settings)
        _, known = known_activation(activation)
        parameters = () if case.settings.slope is None else (case.settings.slope,)
        return known.value(z, *parameters), known.prime(z, *parameters)

    def network(self, seed: int = 0, **change: object) -> Network:
        """Return the untrained network, with the settings in ``change`` made otherwise."""
        return network_of(case_of(self.name), self._changed(change), seed)

    def __repr__(self) -> str:
        complaint = case_of(self.name).complaint
        return gettext("patient {name}: {complaint}", name=self.name, complaint=complaint)

    def trial(self, *, seeds: Iterable[int] = range(8), **change: object) -> Trial:
        """Train without and with a change, from the same seeds; accuracies on validation data.

        Parameters
        ----------
        seeds : at least two different whole numbers; with fewer than six nothing can be shown.
        **change : one setting with its new value, see `Settings`; two where you measured two
            faults.

        Raises
        ------
        ValueError
            For no change or more than two, an unknown setting or a value that it cannot have
            (the message says what is expected), or fewer than two seeds.

        Examples
        --------
        >>> trial = admit("A").trial(bias=0.0, seeds=range(2))
        >>> trial.effect > 0.3
        True
        """
        if len(change) not in (1, 2):
            given = ", ".join(change) or "none"
            raise value_error(
                "change: expected one setting, so that an effect has one cause, or two where "
                "there are two faults; got {given}",
                given=given,
            )
        return self.repeat(tuple(change.items()), seeds, "validation")

    def test(self, trial: Trial) -> Trial:
        """Repeat a trial on the test set. Once: the report counts how often this was called."""
        if not isinstance(trial, Trial) or trial.patient != self.name:
            raise value_error(
                "trial: expected a trial of patient {name}, got {trial!r}",
                name=self.name,
                trial=trial,
            )
        self.test_uses += 1
        return self.repeat(trial.change, trial.seeds, "test")

    def report(
        self,
        *causes: str,
        final: Trial,
        effect: float,
        standard_error: float,
        p: float,
        conclusion: str,
    ) -> Report:
        """Return the report for ``check("clinic_report", …)``, with one cause or two."""
        return Report(
            self.name, causes, final, effect, standard_error, p, conclusion, self.test_uses
        )

    def _changed(self, change: Mapping[str, Any]) -> Settings:
        for name, value in change.items():
            if name not in VALUES:
                raise value_error(
                    "change: expected one of {known}; got {name!r}",
                    known=", ".join(VALUES),
                    name=name,
                )
            expected, fits = VALUES[name]
            if name == "activation":
                change = {**change, name: (value := known_activation(value)[0])}
            if not fits(value):
                raise value_error(
                    "{name}: expected {expected}; got {value!r}",
                    name=name,
                    expected=expected,
                    value=value,
                )
        settings = replace(case_of(self.name).settings, **change)
        if "slope" in change and not ACTIVATIONS[settings.activation].parameter:
            sloped = ", ".join(name for name, g in ACTIVATIONS.items() if g.parameter)
            raise value_error(
                "slope: expected an activation that has one ({sloped}); got {activation!r}",
                sloped=sloped,
                activation=settings.activation,
            )
        if "activation" in change and "slope" not in change:
            settings = replace(settings, slope=None)  # the slope belonged to the old activation
        return settings

    def repeat(
        self, change: tuple[tuple[str, object], ...], seeds: Iterable[int], part: str
    ) -> Trial:
        """Run without and with the change on a part of the data; what `trial` and `test` do."""
        given = tuple(seeds) if isinstance(seeds, Iterable) else ()
        whole = all(isinstance(seed, Integral) and seed >= 0 for seed in given)
        if not whole or len(set(given)) < max(2, len(given)):
            raise value_error(
                "seeds: expected at least two different whole numbers, such as range(8); "
                "got {seeds!r}",
                seeds=seeds,
            )
        settings = self._changed(dict(change))
        before = [outcome(self.name, case_of(self.name).settings, s, part) for s in given]
        after = [outcome(self.name, settings, s, part) for s in given]
        return Trial(self.name, change, given, part, np.array(before), np.array(after))


def admit(name: str | int) -> Patient:
    """Return the patient ``name``: "A", or any whole number from 0, with an unused test set.

    Raises
    ------
    ValueError
        For another name.

    Examples
    --------
    >>> admit("A")
    patient A: reads the digits with 2 hidden layers; it should do better, I am told.
    """
    case_of(name)
    return Patient(name)
