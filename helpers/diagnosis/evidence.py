"""What is shown of a wrong function: one call of it, and one place where it differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from helpers.diagnosis.responses import Case, Response
from helpers.diagnosis.verdict import four_digits, typographic
from helpers.language import gettext

_SMALL = 20  # entries of a matrix that a learner can type


def value_evidence(response: Response, names: Sequence[str], noun: str, of_a_row: bool) -> str:
    """One place where it differs, with both numbers."""
    i = place_of_evidence(response)
    mine, theirs = _distinct(
        *(float(np.ravel(numbers)[i]) for numbers in (response.values, response.case.expected))
    )
    where = _entry(response.case, names, i, of_a_row)
    return gettext(
        "At {where} your function returns {mine}; the {noun} there is {theirs}.",
        where=where,
        mine=mine,
        noun=noun,
        theirs=theirs,
    )


def at_zero(response: Response) -> Response:
    """Show of what is wrong the entry at 0 alone, where one is: there it is easily worked out."""
    case = response.case
    if len(case.arguments) != 1 or len(case.arrays) != 1:
        return response
    wrong = ~response.ok & (case.arrays[0].reshape(response.ok.shape) == 0)
    return replace(response, ok=~wrong) if wrong.any() else response


def what_was_cut(plain: Sequence[Response]) -> str:
    """Say which type of number came back, and what became of some right ones in it."""
    pairs: dict[float, float] = {}
    for response in plain:
        right, mine = np.ravel(response.case.expected), np.ravel(response.values)
        cut = (right != np.trunc(right)) & (mine == np.trunc(right))
        pairs |= dict(zip(right[cut].tolist(), mine[cut].tolist(), strict=True))
    became = (
        gettext("{right} became {mine}", right=four_digits(right), mine=four_digits(mine))
        for right, mine in list(pairs.items())[:3]
    )
    return gettext(
        "What came back has dtype {dtype}, which holds whole numbers alone: {cut}.",
        dtype=plain[0].values.dtype,
        cut=", ".join(became),
    )


def place_of_evidence(response: Response) -> int:
    """The first entry where it is easy to see that it differs, not far from 0 if there is one.

    Far out it is the nearest one where no digit is right.
    """
    values, expected = np.atleast_1d(response.values), np.atleast_1d(response.case.expected)
    bad = np.flatnonzero(~np.atleast_1d(response.ok).ravel()).tolist()
    sizes = {i: _size(response.case, i) for i in bad}
    if response.case.kind == "far" and (lost := _without_digits(values, expected, bad)):
        return min(lost, key=sizes.__getitem__)
    near = [i for i in bad if sizes[i] <= max(3, 2 * min(sizes.values()))]
    near = [i for i in near if np.isfinite(values.ravel()[i])] or near
    gaps = np.abs(values.ravel()[near].astype(float) - expected.ravel()[near])
    gaps = np.nan_to_num(gaps, nan=np.inf)
    return near[int(np.argmax(gaps >= gaps.max() / 10))]


def _without_digits(values: np.ndarray, expected: np.ndarray, bad: list[int]) -> list[int]:
    mine, right = values.ravel()[bad].astype(float), expected.ravel()[bad]
    with np.errstate(all="ignore"):
        lost = np.isfinite(mine) & np.isfinite(right) & (np.abs(mine - right) > np.abs(right) / 2)
    return np.array(bad)[lost].tolist()


def _distinct(x: float, y: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ."""
    for digits in (4, 8, 17):
        a, b = f"{x + 0.0:.{digits}g}", f"{y + 0.0:.{digits}g}"
        if a != b:
            break
    return typographic(a), typographic(b)


def _size(case: Case, i: int) -> float:
    return max((abs(float(a.ravel()[i])) for a in case.arrays), default=0.0)


def _entry(case: Case, names: Sequence[str], i: int, of_a_row: bool) -> str:
    """Say which entry it is, and of which call where its own input alone does not give it."""
    sizes = {a.size for a in case.arguments if isinstance(a, np.ndarray)}
    if sizes <= {case.expected.size} and not of_a_row:
        own = (a.ravel()[i] if isinstance(a, np.ndarray) else a for a in case.arguments)
        return ", ".join(f"{n} = {as_given(x)}" for n, x in zip(names, own, strict=False))
    call = call_in_words(case, names, most=9)
    match np.unravel_index(i, case.expected.shape):
        case (entry,):
            return gettext("entry {number} for {call},", number=entry + 1, call=call)
        case (row, column):
            return gettext(
                "row {row}, column {column} for {call},", row=row + 1, column=column + 1, call=call
            )
    return call


def call_in_words(case: Case, names: Sequence[str], most: int = 3) -> str:
    def shown(a: Any) -> str:
        if not isinstance(a, np.ndarray):
            return as_given(a)
        if a.ndim == 2 and a.size <= _SMALL and most > 3:
            rows = (", ".join(map(as_given, row)) for row in a)
            return f"[[{'], ['.join(rows)}]]"
        if a.ndim > 1:
            return gettext("an array of shape {shape}", shape=a.shape)
        dots = ", …" if a.size > most else ""
        return f"[{', '.join(map(as_given, a.ravel()[:most]))}{dots}]"

    return ", ".join(f"{n} = {shown(a)}" for n, a in zip(names, case.arguments, strict=False))


def as_given(x: float) -> str:
    """Write an input that has few digits with all of them: where it is cut may be what is asked."""
    exact = f"{float(x):.9g}"
    return typographic(exact) if float(exact) == float(x) else four_digits(x)
