"""Rows of numbers as short texts, which an output carries with it."""

import re
from collections.abc import Sequence

import numpy as np

from helpers.explorer.grids import Row
from helpers.explorer.sampling import rounded
from helpers.language import value_error

LIMIT = 300_000  # bytes of the stored form: tables, script and picture together


def check_size(size: int) -> None:
    """Refuse a stored form of more than 300 kB."""
    if size > LIMIT:
        raise value_error(
            "explore: expected a stored form of at most {limit} kB, got about "
            "{size} kB; take a shorter z_range or a larger step of the parameter",
            limit=LIMIT // 1000,
            size=size // 1000,
        )


def packed_rows(rows: Sequence[Row]) -> list[str]:
    """Pack the rows, but do not go on when they are too many to be stored."""
    texts: list[str] = []
    size = 0
    for row in rows:
        texts.append(packed(row))
        size += len(texts[-1])
        if size > LIMIT:
            check_size(size * len(rows) // len(texts))
    return texts


def packed(values: Row) -> str:
    """Write a row as text; ``~n`` stands for n numbers on a straight line, which are left out.

    >>> packed(np.array([0, 0, 0, 0, 0, 0.5, 0.25]))
    '0 ~3 0 .5 .25'
    """
    row = np.array(rounded(values))
    straight = np.abs(np.diff(values, 2)) <= 1e-12 * np.abs(values).max()
    straight |= np.diff(row, 2) == 0
    runs = [0] * len(row)  # how many numbers after this one are on a line with their neighbours
    for k in reversed(range(len(straight))):
        runs[k] = runs[k + 1] + 1 if straight[k] else 0
    words, i = [], 0
    while i < len(row):
        words.append(_short(row[i]))
        n = runs[i]
        if n > 2 and _is_line(row[i : i + n + 2], values[i : i + n + 2]):
            words.append(f"~{n}")
            i += n
        i += 1
    return " ".join(words)


def _short(value: float) -> str:
    """Write a number without what a reader does not need.

    >>> _short(-0.5), _short(1e-07)
    ('-.5', '1e-7')
    """
    return re.sub(r"^(-?)0\.", r"\1.", f"{value:.6g}").replace("e-0", "e-")


def _is_line(row: Row, values: Row) -> bool:
    """Does a line between the ends of the rounded row give all values as well as rounding does?"""
    line = np.linspace(row[0], row[-1], len(row))
    return bool(np.all(np.abs(line - values) <= 5e-6 * np.abs(values)))
