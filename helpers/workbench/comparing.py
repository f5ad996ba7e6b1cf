"""Train two activations in pairs, and say whether a difference was seen."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from helpers.activations import ACTIVATIONS, Activation, known_activation
from helpers.language import gettext, value_error
from helpers.networks import (
    Diverged,
    Network,
    PairedDifference,
    accuracy,
    load_digits,
    paired_difference,
    spiral,
    split,
    train,
)
from helpers.workbench.signal_size import moments

Examples = tuple[np.ndarray, np.ndarray]  # x and labels
RATES = (0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class PairedRuns:
    """What paired runs of two activations gave.

    Attributes
    ----------
    names, rates
        Both activations and the learning rate tuned for each.
    accuracies
        On the test set, (seeds,) for each; run k of both began with the same random numbers. A
        run that diverged counts as 0.
    parameters
        How many weights and biases each network has.
    """

    names: tuple[str, str]
    rates: tuple[float, float]
    accuracies: tuple[np.ndarray, np.ndarray]
    parameters: int

    @property
    def evidence(self) -> PairedDifference:
        """The first minus the second, run by run: how large, and how certain."""
        return paired_difference(*self.accuracies)

    @property
    def sentence(self) -> str:
        """Say what was seen, and no more."""
        found = self.evidence
        better = (
            gettext("; {name} did better here", name=self.names[found.mean < 0])
            if found.shown
            else ""
        )
        return f"{found.sentence}{better}"

    def __repr__(self) -> str:
        rows = [
            gettext(
                "{name}: {mean:.3f} ± {std:.3f} at learning rate {rate:g}",
                name=name,
                mean=a.mean(),
                std=a.std(ddof=1),
                rate=rate,
            )
            for name, rate, a in zip(self.names, self.rates, self.accuracies, strict=True)
        ]
        return "\n".join(
            [
                *rows,
                gettext("{parameters} parameters each", parameters=self.parameters),
                self.sentence,
            ]
        )


def compare(
    activation: str | Activation | Callable,
    other: str | Activation | Callable = "relu",
    *,
    data: str = "digits",
    hidden: Sequence[int] = (32, 32),
    seeds: int = 10,
    epochs: int | None = None,
    rates: Sequence[float] = RATES,
) -> PairedRuns:
    """Train two activations in networks of one size, in pairs, and say whether they differ.

    The examples are split once into training, validation and test. For each activation the
    learning rate with the best validation accuracy is taken (mean of two runs; of equals the
    smaller one; larger ones are tried while the largest is best). The test set is used only
    after that. Run k of both starts from the same random numbers, scaled by the gain 1/√E[g′²]
    of each, and sees the same mini-batches.

    Parameters
    ----------
    activation, other
        Names of ACTIVATIONS, their kernels, or `Activation`s.
    data
        "digits" (8×8 images) or "spiral" (400 points on two arms).
    hidden
        Units of the hidden layers.
    seeds
        Paired runs, from 2 to 20; with fewer than 6 nothing can be shown.
    epochs
        10 for the digits, 60 for the spiral, if not given.
    rates
        Learning rates to begin with.

    Raises
    ------
    ValueError
        Unknown data, or not 2 to 20 seeds.
    Diverged
        No learning rate works.

    Examples
    --------
    >>> result = compare("tanh", "tanh", seeds=2, epochs=1, rates=[0.1])
    >>> result.evidence
    0.000 ± 0.000 (standard error, 2 pairs), p = 1
    """
    if data not in _DATA:
        raise value_error(
            "data: expected one of {known}, got {data!r}", known=", ".join(_DATA), data=data
        )
    if not (isinstance(seeds, int) and 2 <= seeds <= 20):
        raise value_error("seeds: expected a whole number from 2 to 20, got {seeds!r}", seeds=seeds)
    (name, meant), (other_name, other_meant) = map(known_activation, (activation, other))
    usual = _DATA[data][1]
    how = (data, tuple(hidden), seeds, usual if epochs is None else epochs, tuple(rates))
    first, second = (
        _of_the_table(known, *how) if of is ACTIVATIONS.get(known) else _tuned_runs(known, of, *how)
        for known, of in ((name, meant), (other_name, other_meant))
    )
    return PairedRuns(
        names=(name, other_name),
        rates=(first.rate, second.rate),
        accuracies=(first.accuracies.copy(), second.accuracies.copy()),
        parameters=first.parameters,
    )


class _TunedRuns(NamedTuple):
    """The runs of one activation: its learning rate, its test accuracies, its network's size."""

    rate: float
    accuracies: np.ndarray
    parameters: int


@functools.cache
def _of_the_table(name: str, *how: Any) -> _TunedRuns:
    """Return what `_tuned_runs` does: who races several against ReLU has ReLU run once."""
    return _tuned_runs(name, ACTIVATIONS[name], *how)


def _tuned_runs(
    name: str,
    of: Activation,
    data: str,
    hidden: tuple[int, ...],
    seeds: int,
    epochs: int,
    rates: tuple[float, ...],
) -> _TunedRuns:
    """Find the learning rate of an activation on the validation data, then run it on the test."""
    training, validation, test = _three_parts(*_DATA[data][0]())
    widths = [training[0].shape[1], *hidden, int(training[1].max()) + 1]
    gain = moments(of).gain

    def run(rate: float, seed: int, judged: Examples) -> float:
        """Train one network from its seed and return its accuracy, 0 if it diverges."""
        rng = np.random.default_rng(seed)
        network = Network(widths, of, rng, init=gain)
        try:
            train(network, *training, rng, epochs=epochs, rate=rate, batch=32)
        except Diverged:
            return 0.0
        return accuracy(network, *judged)

    @functools.cache
    def score(rate: float) -> float:
        return float(np.mean([run(rate, seed, validation) for seed in (1001, 1002)]))

    rate = _best_rate(name, score, rates)
    return _TunedRuns(
        rate,
        np.array([run(rate, seed, test) for seed in range(seeds)]),
        sum((a + 1) * b for a, b in itertools.pairwise(widths)),
    )


def _best_rate(name: str, score: Callable[[float], float], rates: Sequence[float]) -> float:
    """Return the rate with the best score, tripling the largest for as long as it is best."""
    tried = sorted(rates)
    while (best := max(tried, key=score)) == tried[-1] and score(best) > 0:
        tried.append(3 * best)
    if score(best) == 0:
        raise Diverged(
            gettext("{name}: every learning rate of {tried} diverged", name=name, tried=tried)
        )
    return best


_DATA = {
    "digits": (load_digits, 10),
    "spiral": (lambda: spiral(400, np.random.default_rng(0)), 60),
}


def _three_parts(x: np.ndarray, labels: np.ndarray) -> Iterator[Examples]:
    """Split into training, validation and test: 60 : 20 : 20."""
    rng = np.random.default_rng(0)
    x, labels, x_test, labels_test = split(x, labels, rng, share=0.8)
    order = rng.permutation(len(x))
    for part in (order[len(x) // 4 :], order[: len(x) // 4]):
        yield x[part], labels[part]
    yield x_test, labels_test
