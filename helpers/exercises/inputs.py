"""Inputs of the same kind as declared ones, drawn anew, so that nobody knows them beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

_NEAR = (-0.1, -0.01, -0.001, 0.001, 0.01, 0.1)  # stretches end there, and none lies nearer to 0
_OUT = np.append(np.arange(8, 32, 0.5), np.geomspace(32, 1000, 8))


def between(row: Sequence[float], rng: np.random.Generator, size: int = 0) -> tuple[float, ...]:
    """Draw as many numbers, or `size`, between the smallest and the largest."""
    return tuple(rng.uniform(min(row), max(row), size or len(row)).round(3).tolist())


def spread(row: Sequence[float], rng: np.random.Generator) -> tuple[float, ...]:
    """Half as many whole numbers as there are, 0 among them if it was; the rest are decimals."""
    whole = np.arange(math.ceil(min(row)), math.floor(max(row)) + 1)
    chosen = [float(x) for x in rng.permutation(whole)[: len(row) // 2 - 1]]
    chosen += [0.0] * (0.0 in row and 0.0 not in chosen)
    return (*between(row, rng, len(row) - len(chosen)), *chosen)


def elsewhere(row: Sequence[float] | np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a place in each small stretch of a row, and far beyond an end that lies at 6 or beyond.

    A row that goes to 1000 is of straight lines: there it is a million times as far.

    >>> places = elsewhere((-1.0, 0.0, 6.0), np.random.default_rng(0))
    >>> bool(places.min() > -1), bool(places.max() > 500), int(np.sum((-1 < places) & (places < 6)))
    (True, True, 55)
    """
    ends = (float(end) for end in (min(row), max(row)))
    low, high = (end if abs(end) < 6 else math.copysign(8, end) for end in ends)
    near = [z for z in _NEAR if low < z < high]
    beyond = [*_OUT, *([1e6, 1e9] if max(np.abs(row)) >= 1000 else [])]
    out = [-z for z in beyond] * (low == -8) + beyond * (high == 8)
    cuts = np.unique([*np.linspace(low, high, 65), *near, *out])
    drawn = rng.uniform(cuts[:-1], cuts[1:])
    return np.array([float(f"{z:.4g}") for z in drawn if abs(z) > min(map(abs, _NEAR))])


def far_out(row: Sequence[float], rng: np.random.Generator) -> tuple[float, ...]:
    """Anywhere between the smallest and the largest of these magnitudes, with both signs."""
    if not row:
        return ()
    size = np.abs([x for x in row if x])
    powers = rng.uniform(np.log(size.min()), np.log(size.max()), 2 * len(row))
    return tuple((np.exp(powers) * rng.choice([-1.0, 1.0], powers.size)).round(2).tolist())


def like(argument: Any, pool: np.ndarray, rng: np.random.Generator) -> Any:
    """An argument of the same shape, of entries like those of the pool; what is 0 stays 0.

    Of a pool of ones and zeros, such as hits, it has ones and zeros.
    """
    if isinstance(argument, int):
        low, high = max(1, int(pool.min())), 100 * max(1, int(pool.max()))
        # a table of the small ones is no function
        return round(math.exp(rng.uniform(math.log(low), math.log(high))))
    shape = np.shape(argument)
    if np.isin(pool, (0, 1)).all():
        return rng.integers(0, 2, shape).astype(float).tolist()
    drawn = rng.choice(pool, shape) * rng.uniform(0.5, 1.5, shape)
    return np.where(np.asarray(argument) == 0, 0.0, np.round(drawn, 3)).tolist()
