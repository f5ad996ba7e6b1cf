"""How a story is told where the place in a learner's text shows more than its numbers do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from helpers.derivation import Func, Op, Tree
from helpers.diagnosis.beliefs import Beliefs, same_numbers
from helpers.diagnosis.edits import Located
from helpers.diagnosis.python_words import OF_A_ROW
from helpers.diagnosis.slips import ZERO
from helpers.diagnosis.slips_at_a_part import put_in
from helpers.diagnosis.stories import AS_SEEN, Story
from helpers.diagnosis.written_code import Written
from helpers.language import gettext


def as_seen(story: str, written: Written, claim: Located) -> Story | None:
    """Return the wording of a story for the change that makes the marked place right."""
    where = {*claim.places}
    if story == "condition-misplaced" and any({p.joined} == where for p in written.places.parts):
        return told_as(story, "joined")
    for part in written.places.parts if len(where) == 1 else ():
        if not where.isdisjoint(part.places):
            for (slug, seen), new in _ways(part.node):
                made = put_in(written.formula, part.same, new)
                values = written.repairs.beliefs.numbers(made)
                if slug == story and same_numbers(values[None], written.repairs.right).all():
                    return told_as(slug, seen)
    return None


def told_as(story: str, seen: str) -> Story:
    """Return the wording of a story for what is seen, in the language that is spoken.

    >>> told_as("parameter-ignored", "mean or sum").belief
    'a mean stands where a sum belongs, or the other way round'
    """
    return Story(*map(gettext, AS_SEEN[story, seen]))


def is_in_a_rule(story: str, values: np.ndarray, beliefs: Beliefs) -> bool:
    """Do these numbers come out where one rule of calculus has a function for its derivative?"""
    if story != "function-derivative-mixup":
        return False
    fitting = (s for s in beliefs.fits(values, beliefs.table) if s.slug == story)
    origins = {slip.origin for slip in fitting}
    return bool(origins) and origins <= {"rule", "detour"}


def _ways(node: Tree) -> Iterator[tuple[tuple[str, str], Tree]]:
    """What is seen of a change, and what it makes of a part."""
    rows = {*OF_A_ROW.values()}
    match node:
        case Op("-", Op("-", a, b), c):
            yield ("sign-flipped", "brackets"), Op("-", a, Op("-", b, c))
    match node:
        case Op("-", a, b):
            yield ("sign-flipped", "reversed"), Op("-", b, a)
        case Func("row_sum", arg):
            yield ("parameter-ignored", "mean or sum"), Func("row_mean", arg)
        case Func("row_mean", arg):
            yield ("parameter-ignored", "mean or sum"), Func("row_sum", arg)
    moved = ("missing-parentheses", "in a row")
    match node:
        case Func(name, Op("*" | "/" as o, a, b)) if name in rows:
            yield moved, Op(o, Func(name, a), b)
            if o == "*":
                yield moved, Op(o, a, Func(name, b))
        case Op("*" | "/" as o, Func(name, a), b) if name in rows:
            yield moved, Func(name, Op(o, a, b))
        case Op("*", a, Func(name, b)) if name in rows:
            yield moved, Func(name, Op("*", a, b))


def is_of_a_zero(written: Written, claim: Located) -> bool:
    """Does a 0 stand at the marked place?"""
    where = {*claim.places}
    return any(p.node == ZERO and not where.isdisjoint(p.places) for p in written.places.parts)
