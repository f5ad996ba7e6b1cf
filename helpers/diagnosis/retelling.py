"""How a story is told where the place in a learner's text shows more than its numbers do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import numpy as np

from helpers.activations import ACTIVATIONS
from helpers.derivation import (
    FUNCTIONS,
    D,
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    parse,
    replace_part,
    substitute,
    walk,
)
from helpers.diagnosis.beliefs import Beliefs, same_numbers
from helpers.diagnosis.broken_rules import without_d
from helpers.diagnosis.edits import Located
from helpers.diagnosis.python_words import OF_A_ROW, Place, parsed, place_of
from helpers.diagnosis.slips import ONE, TWO, ZERO
from helpers.diagnosis.slips_at_a_part import Part, put_in
from helpers.diagnosis.stories import AS_SEEN, Story
from helpers.diagnosis.tasks import Branches, each_branch
from helpers.diagnosis.written_code import Written
from helpers.language import gettext


def as_seen(story: str, written: Written, claim: Located) -> Story | None:
    """Return the wording of a story for the change that makes the marked place right."""
    where = {*claim.places}
    if story == "condition-misplaced" and any({p.joined} == where for p in written.places.parts):
        return told_as(story, "joined")
    for part in written.places.parts if len(where) == 1 else ():
        if not where.isdisjoint((*part.places, part.test)):
            for (slug, seen), new in _ways(part.node):
                made = put_in(written.formula, part.same, new)
                values = written.repairs.beliefs.numbers(made)
                if slug == story and same_numbers(values[None], written.repairs.right).all():
                    return told_as(slug, seen)
    return None


def of_what_stands_there(written: Written, claim: Located) -> tuple[str, str] | None:
    """What is seen of the one marked place where another thing alone makes it right: a story.

    Another function of the course is called, or stands there by a name, a number stands for a
    letter, or an absolute value makes both sides of 0 alike.
    """
    if len({*claim.places}) != 1:
        return None
    place = claim.places[0]
    for part in written.places.parts:
        if place in part.places:
            for seen, new in _other_things(written, part, place):
                values = written.repairs.beliefs.numbers(put_in(written.formula, part.same, new))
                if same_numbers(values[None], written.repairs.right).all():
                    return seen
    return None


def _other_things(
    written: Written, part: Part, place: Place
) -> Iterator[tuple[tuple[str, str], Tree]]:
    letters = [Sym(n) for n in written.repairs.beliefs.at if n in _moving(written)]
    match part.node:
        case Num() | Neg(Num()) if not part.same.isdisjoint(_arguments(written.formula)):
            for letter in letters:
                yield from ((("name-for-another", "number"), new) for new in (letter, Neg(letter)))
        case Func("abs", arg):
            for u in (arg, Neg(arg)):
                yield ("function-lost", "absolute value"), Op("max", u, ZERO)
                yield ("branch-missing", "absolute value"), u
    values = [v for v in written.program.names.values() if isinstance(v, Op | Func)]
    for value in values:
        if isinstance(part.node, Op | Func) and part.node in children(value):
            yield ("name-for-another", "unfinished"), value
    constants = {v for v in written.program.names.values() if isinstance(v, Num)}
    for number in sorted(constants, key=str) if isinstance(part.node, Op | Func | If) else ():
        yield ("parameter-ignored", "once more"), Op("/", part.node, number)
    given = _first_argument(written.program.source, place)
    inputs = [p.node for p in written.places.parts if given in p.places][:1]
    if _is_a_name(written.program.source, place) and isinstance(part.node, Op | Func):
        inputs = [z for z in letters if _is_known(part.node, z, written.repairs.beliefs)]
    for arg in inputs:
        for known in _functions_of_one():
            yield ("formula-of-other-activation", "called"), substitute(known, {"z": arg})
    for value in (v for v in values if v in [*walk(part.node)]):
        for inner in (n for n in walk(value) if n != value and isinstance(n, Op | Func)):
            made = replace_part(part.node, value, inner)
            yield ("name-for-another", "a step further"), made
    if part.node == ONE and not part.in_test:
        yield from ((("name-for-another", "number"), letter) for letter in letters)


def _is_known(node: Tree, letter: Sym, beliefs: Beliefs) -> bool:
    """Is it the formula of an activation, or of its slope?"""
    values = beliefs.numbers(node)
    known = (beliefs.numbers(substitute(f, {"z": letter})) for f in _functions_of_one())
    return any(same_numbers(numbers[None], values).all() for numbers in known)


def _moving(written: Written) -> set[str]:
    task = written.repairs.task
    return {name for name in written.repairs.beliefs.at if task.moves(Sym(name))}


def _arguments(formula: Tree) -> set[int]:
    """What functions are applied to, up to a sign, by its identity."""
    arguments = [n.arg for n in walk(formula) if isinstance(n, Func)]
    return {id(n) for a in arguments for n in (a, *(walk(a) if isinstance(a, Neg) else ()))}


def _first_argument(source: str, place: Place) -> Place | None:
    """Where the first argument of the call stands that stands at a place."""
    tree = parsed(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and node.args and place_of(node) == place:
            return place_of(node.args[0])
    return None


def _is_a_name(source: str, place: Place) -> bool:
    tree = parsed(source)
    found = ast.walk(tree) if tree is not None else ()
    return any(isinstance(node, ast.Name) and place_of(node) == place for node in found)


@cache
def _functions_of_one() -> tuple[Tree, ...]:
    """The functions of the notation, and the activations without a parameter and their slopes."""
    plain = [Func(name, Sym("z")) for name, known in FUNCTIONS.items() if not known.slope_by_v]
    rows = [row for row in ACTIVATIONS.values() if not row.parameter]
    made = [parse(text) for row in rows for text in (row.expression, row.slope)]
    return tuple(dict.fromkeys((*plain, *made)))


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


def is_in_a_part(story: str, values: np.ndarray, beliefs: Beliefs) -> bool:
    """Are function and derivative exchanged in these numbers, but not at every place?"""
    of = beliefs.task.of[0] if beliefs.task.of else None
    if story != "function-derivative-mixup" or of is None or values.size != beliefs.size:
        return False
    task = beliefs.task

    def slope(tree: Tree) -> Tree:
        return without_d(D(tree), task.variable, task.where)

    if not task.asks_value:
        exchanged = beliefs.numbers(of)
    elif isinstance(of, Branches):
        exchanged = beliefs.numbers(each_branch(slope, of))
    else:
        exchanged = beliefs.numbers(slope(of))
    return not same_numbers(exchanged[None], values).all()


def _ways(node: Tree) -> Iterator[tuple[tuple[str, str], Tree]]:
    """What is seen of a change, and what it makes of a part."""
    rows = {*OF_A_ROW.values()}
    match node:
        case If(sign, a, b, then, other) if other is not None:
            yield ("condition-misplaced", "turned round"), If(_TURNED[sign], a, b, then, other)
        case Op("-", Op("-", a, b), c):
            yield ("sign-flipped", "brackets"), Op("-", a, Op("-", b, c))
        case Func("abs", a):
            yield ("sign-flipped", "absolute value"), a
    if not any(isinstance(n, Op) and n.op == "/" for n in walk(node)):
        yield ("fraction-upside-down", "reciprocal"), Op("/", ONE, node)
    power = ("parameter-ignored", "power")
    match node:
        case Op("-", a, b):
            yield ("sign-flipped", "reversed"), Op("-", b, a)
        case Op("^", a, Num()):
            yield from ((power, other) for other in (a, Func("sqrt", a)))
        case Func("sqrt", a):
            yield from ((power, other) for other in (a, Op("^", a, TWO)))
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


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def is_of_a_zero(written: Written, claim: Located) -> bool:
    """Does a 0 stand at the marked place?"""
    where = {*claim.places}
    return any(p.node == ZERO and not where.isdisjoint(p.places) for p in written.places.parts)
