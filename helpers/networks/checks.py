"""Refuse what does not fit a network, and say what was expected and what came."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.language import type_error, value_error

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def check_generator(rng: np.random.Generator) -> None:
    """Raise TypeError unless rng is a `numpy.random.Generator`."""
    if not isinstance(rng, np.random.Generator):
        raise type_error(
            "rng: expected a numpy.random.Generator, such as np.random.default_rng(0), got {name}",
            name=type(rng).__name__,
        )


def check_positive(**numbers: float) -> None:
    """Raise ValueError unless all of them are above 0."""
    for name, number in numbers.items():
        if not number > 0:
            raise value_error(
                "{name}: expected a positive number, got {number!r}", name=name, number=number
            )


def check_known(name: str, given: Any, known: Iterable[str], also: str = "") -> str:
    """Return what was given, a word that is known; raise ValueError for any other."""
    if not isinstance(given, str) or given not in known:
        raise value_error(
            "{name}: expected one of {known}{also}, got {given!r}",
            name=name,
            known=", ".join(known),
            also=also,
            given=given,
        )
    return given


def check_widths(widths: Sequence[int]) -> Sequence[int]:
    """Return the units a layer; raise ValueError unless two or more whole numbers from 1."""
    if len(widths) < 2:
        raise value_error(
            "widths: expected at least inputs and outputs, got {widths}", widths=list(widths)
        )
    for width in widths:
        if not isinstance(width, int | np.integer) or width < 1:
            raise value_error("widths: expected whole numbers from 1, got {width!r}", width=width)
    return widths


def check_finite(name: str, array: npt.ArrayLike, columns: int) -> Floats:
    """Return finite numbers (examples, columns); raise ValueError for anything else."""
    array = np.asarray(array, dtype=float)
    if array.ndim != 2 or array.shape[1] != columns:
        expected = f"(examples, {columns})"
        raise value_error(
            "{name}: expected an array of shape {expected}, got shape {shape}",
            name=name,
            expected=expected,
            shape=array.shape,
        )
    if not np.isfinite(array).all():
        raise value_error("{name}: expected finite numbers, got nan or inf among them", name=name)
    return array


def check_labels(labels: npt.ArrayLike, n: int, classes: int) -> Labels:
    """Return n labels from 0 to classes - 1; raise ValueError for anything else."""
    labels = np.asarray(labels)
    if labels.shape != (n,) or labels.dtype.kind not in "iu":
        raise value_error(
            "labels: expected {n} whole numbers, one an example, got {name} of shape {shape}",
            n=n,
            name=labels.dtype.name,
            shape=labels.shape,
        )
    wrong = labels[(labels < 0) | (labels >= classes)]
    if len(wrong):
        raise value_error(
            "labels: expected classes from 0 to {last}, got {wrong}",
            last=classes - 1,
            wrong=wrong[0],
        )
    return labels


def check_targets(targets: npt.ArrayLike, n: int, outputs: int) -> Floats:
    """Return targets (n, outputs); raise ValueError for anything else."""
    targets = np.asarray(targets)
    if len(targets) != n:
        raise value_error(
            "targets: expected {n}, one an example, got shape {shape}", n=n, shape=targets.shape
        )
    return check_finite("targets", targets, outputs)
