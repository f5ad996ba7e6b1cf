"""How far one change makes a function right: everywhere it is tried, or less.

A change is found on formulas, at the places of the plain cases that say what the slope is there.
A check asks for more: for 0, for whole numbers, for an input that is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.derivation import Tree
from helpers.diagnosis.beliefs import OUTPUT, Beliefs, same_numbers
from helpers.diagnosis.edits import Located
from helpers.diagnosis.hallmarks import fills_one_like_its_input, is_of_a_row
from helpers.diagnosis.pointing import (
    BUT_AT_ZERO,
    GOES_WRONG,
    MAKES_RIGHT,
    ON_PLAIN,
    THE_NUMBERS,
)
from helpers.diagnosis.responses import Response
from helpers.diagnosis.tasks import floats
from helpers.diagnosis.written_code import Written


def how_far(
    written: Written,
    claim: Located,
    stories: Sequence[str],
    responses: Sequence[Response],
    beliefs: Beliefs | None,
) -> str:
    """Return how it is said that what stands at these places makes a function right, or no more.

    Parameters
    ----------
    written : the function, at the places where it is compared.
    claim : the places that are told.
    stories : what is told of them.
    responses : what it did with each case.
    beliefs : what the letters of its arguments are.
    """
    if stories[:1] == ("mask-overwritten",) and not written.is_mended_at(claim):
        return GOES_WRONG
    if any(r.flaw for r in responses if r.case.kind == "plain"):
        return THE_NUMBERS
    known = beliefs.at if beliefs is not None else {}
    letters = [n for n in known if n != OUTPUT and n not in written.repairs.task.where]
    others = [r for r in responses if r.case.kind in ("2-D", "integers", "read-only")]
    text = written.program.source
    if not all(_is_by_formula(written.formula, r, letters, text) for r in others):
        return ON_PLAIN
    whole = written.everywhere
    if whole is None or whole.wrong_places() == written.wrong_places():
        return MAKES_RIGHT
    return MAKES_RIGHT if whole.is_mended_at(claim) else BUT_AT_ZERO


def _is_by_formula(formula: Tree, response: Response, letters: Sequence[str], source: str) -> bool:
    """Is what is wrong there what the formula gives, not what a type or a written array does?"""
    whole = response.case.kind == "integers" and response.values.dtype.kind in "iu"
    if whole and fills_one_like_its_input(source):
        return False
    if response.flaw or response.right or is_of_a_row(formula):
        return not response.flaw
    at = {n: np.asarray(a, float) for n, a in zip(letters, response.case.arguments, strict=False)}
    try:
        with np.errstate(all="ignore"):
            values = np.broadcast_to(floats(formula, at), response.values.shape)
    except (KeyError, TypeError, ValueError):
        return True
    return bool(same_numbers(values.ravel()[None], np.ravel(response.values)).all())
