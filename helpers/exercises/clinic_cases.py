"""The patients of the clinic: what can be wrong with a network, and how a case is drawn.

A case has no fault, one, or two. Patient "A" is the same for everybody; any whole number is another
patient, whose case is drawn by that number alone. So nothing follows from the others' cases.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite
from numbers import Integral, Real
from typing import TypeGuard

import numpy as np

from helpers.activations import ACTIVATIONS, Activation
from helpers.language import gettext, value_error
from helpers.networks import (
    INITIALISATIONS,
    Diverged,
    Network,
    accuracy,
    circles,
    load_digits,
    scale_slopes,
    split,
    train,
)

CAUSES = (
    "dead units",
    "images become alike",
    "linear network",
    "exploding activations",
    "wrong derivative",
    "healthy",
)


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
    message : the slopes count so many times on the way back, 1 as they are (`scale_slopes`).
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
    message: float = 1.0


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1


def _is_one_of(names: Container[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in names


# of each setting: what is expected, in words and as a test
VALUES: dict[str, tuple[str, Callable[[object], bool]]] = {
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
    "message": ("a number", _is_number),
}


@dataclass(frozen=True)
class CaseFile:
    """A network with its faults; ``prime`` is the derivative of its code, where that is one."""

    causes: tuple[str, ...]
    settings: Settings
    data: str = "digits"
    prime: Callable[[np.ndarray], np.ndarray] | None = None

    @property
    def complaint(self) -> str:
        """What its owner says; the cause is not in it."""
        reads = gettext("reads the digits"), gettext("tells two circles apart")
        return gettext(
            "{task} with {depth} hidden layers; it should do better, I am told.",
            **{"task": reads[self.data == "circles"], "depth": self.settings.depth},
        )


# --- the faults: each gives a case, from a generator --------------------------------------------

_RELU = Settings("relu", init="he")
_CIRCLES = Settings("leaky_relu", slope=0.1, init="he", width=24, epochs=60)


def _forgotten_minus(z: np.ndarray) -> np.ndarray:
    return 1 + np.tanh(z) ** 2


def _turned_round(z: np.ndarray) -> np.ndarray:
    return np.where(z > 0, -1.0, 0.0)


def _healthy(rng: np.random.Generator) -> CaseFile:
    start = (_RELU, Settings("tanh"), _RELU)[rng.integers(3)]
    return CaseFile(("healthy",), replace(start, depth=int(rng.integers(3, 7))))


def _dead(rng: np.random.Generator) -> CaseFile:
    bias = -float(rng.integers(8, 11)) / 4
    return CaseFile(("dead units",), replace(_RELU, bias=bias, depth=int(rng.integers(2, 7))))


def _alike(rng: np.random.Generator) -> CaseFile:
    return CaseFile(("images become alike",), Settings("sigmoid", depth=int(rng.integers(4, 7))))


def _linear(rng: np.random.Generator) -> CaseFile:
    straight = replace(_CIRCLES, slope=1.0, depth=int(rng.integers(3, 6)))
    return CaseFile(("linear network",), straight, "circles")


def _exploding(rng: np.random.Generator) -> CaseFile:
    return CaseFile(("exploding activations",), replace(_RELU, init=3 + float(rng.integers(3)) / 4))


def _wrong(rng: np.random.Generator) -> CaseFile:
    if rng.integers(2):
        return CaseFile(("wrong derivative",), Settings("tanh"), prime=_forgotten_minus)
    depth = int(rng.integers(3, 7))
    return CaseFile(("wrong derivative",), replace(_RELU, depth=depth), prime=_turned_round)


def _dead_and_wrong(rng: np.random.Generator) -> CaseFile:
    dead = _dead(rng)
    return replace(dead, causes=("dead units", "wrong derivative"), prime=_turned_round)


def _linear_and_exploding(rng: np.random.Generator) -> CaseFile:
    settings = replace(_CIRCLES, slope=1.0, init=4.0, depth=5)
    return CaseFile(("linear network", "exploding activations"), settings, "circles")


_SINGLE = (_dead, _alike, _linear, _exploding, _wrong)
_KINDS = (_healthy, *_SINGLE, _dead_and_wrong, _linear_and_exploding)
_WORKED = CaseFile(("dead units",), Settings("relu", init="he", bias=-2.0, depth=2, rate=0.3))


@cache
def case_of(name: str | int) -> CaseFile:
    """Return the case of patient ``name``: "A", or drawn by a whole number from 0.

    Raises ValueError for anything else.
    """
    if name == "A":
        return _WORKED
    if isinstance(name, bool) or not isinstance(name, Integral) or name < 0:
        told = "patient: expected 'A' or a whole number from 0, got {name!r}"
        raise value_error(told, name=name)
    rng = np.random.default_rng([9, int(name)])
    return _KINDS[rng.integers(len(_KINDS))](rng)


# --- what a case does ---------------------------------------------------------------------------


def data_of(case: CaseFile, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return (x, y) for training, validation and test."""
    rng = np.random.default_rng(seed)
    examples = load_digits() if case.data == "digits" else circles(600, rng)
    x, y, test_x, test_y = split(*examples, rng)
    x, y, valid_x, valid_y = split(x, y, rng)
    return {"train": (x, y), "validation": (valid_x, valid_y), "test": (test_x, test_y)}


def activation_of(case: CaseFile, settings: Settings) -> str | Activation:
    """Return the activation that the settings ask for, with the code's own derivative."""
    known = ACTIVATIONS[settings.activation]
    if case.prime is None or settings.slope_formula == "course":
        return settings.activation
    if settings.activation != case.settings.activation:
        return settings.activation  # another function comes with its own, right, derivative
    return Activation(known.value, case.prime, expression=known.expression)


def network_of(case: CaseFile, settings: Settings, seed: int) -> Network:
    """Return the untrained network of a seed."""
    classes, inputs = (10, 64) if case.data == "digits" else (2, 2)
    activation = activation_of(case, settings)
    slope = () if settings.slope is None else (settings.slope,)
    if settings.message != 1:
        activation, slope = scale_slopes(activation, settings.message, *slope), ()
    return Network(
        [inputs, *[settings.width] * settings.depth, classes],
        activation,
        np.random.default_rng(seed),
        init=settings.init,
        bias=settings.bias,
        parameters=slope,
    )


def outcome(name: str | int, settings: Settings, seed: int, part: str) -> float:
    """Return the accuracy after training; a run that diverges counts as guessing."""
    return _outcomes(name, settings, seed)[part]


@cache
def _outcomes(name: str | int, settings: Settings, seed: int) -> dict[str, float]:
    """Train once and return the accuracy on each part of the data."""
    data = data_of(case_of(name), seed)
    network = network_of(case_of(name), settings, seed)
    x, y = data["train"]
    rng = np.random.default_rng(seed)
    try:
        train(network, x, y, rng, epochs=settings.epochs, rate=settings.rate)
    except Diverged:
        return dict.fromkeys(data, 1 / len(np.unique(y)))
    return {part: accuracy(network, *examples) for part, examples in data.items()}
