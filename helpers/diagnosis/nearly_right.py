"""Of two mistakes the one that alone explains nearly all, as a sign beside a rounded formula."""

from __future__ import annotations

import numpy as np

from helpers.derivation import Num
from helpers.diagnosis.edits import are_one, is_inside, width_of
from helpers.diagnosis.python_words import Place
from helpers.diagnosis.repairs import changes
from helpers.diagnosis.slips_at_a_part import put_in
from helpers.diagnosis.stories import wording
from helpers.diagnosis.verdict import four_digits
from helpers.diagnosis.written_code import Written
from helpers.language import gettext

_NEARLY = 1e-3  # of the differences, and of the right numbers, what explains nearly all leaves
_EXACT = 1e-9  # what explains all is told elsewhere, or not alone
_MOST = 40  # parts that are tried
_SIGNS = {"plus-minus-swapped", "sign-flipped", "operation-swapped", "missing-square"}


def explained_nearly(written: Written) -> tuple[str, str, str] | None:
    """Return the story that explains nearly all, its place as it is shown, and its question.

    None where no story does, or several do, or at several places.
    """
    numbers, right = written.repairs.beliefs.numbers, written.repairs.right
    gap = np.max(np.abs(numbers(written.formula) - right))
    most = _NEARLY * min(gap, np.max(np.abs(right)))
    parts = [p for p in written.places.parts if not (p.in_test or isinstance(p.node, Num))]
    found: list[tuple[float, str, Place]] = []
    for part in parts if len(parts) <= _MOST else ():
        for slug, new in changes(part.node, written.repairs.task):
            if slug in _SIGNS:
                made = numbers(put_in(written.formula, part.same, new))
                if (left := float(np.max(np.abs(made - right)))) < most:
                    found.append((left, slug, part.places[0]))
    if min(found, default=(0.0,))[0] < _EXACT:
        return None
    left, slug, place = min(found, key=lambda one: (one[0], width_of(one[2])))
    if not all(
        are_one(other, slug) and (is_inside(there, place) or is_inside(place, there))
        for _, other, there in found
    ):
        return None
    belief, question = wording(slug, written.repairs.task)
    return (
        slug,
        written.pointed_nearly(place, four_digits(left)),
        gettext(
            "Nearly this comes out when {belief}. {question}", belief=belief, question=question
        ),
    )
