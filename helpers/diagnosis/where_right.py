"""Where a wrong function is right, as it was measured at the places that were tried."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from helpers.derivation import names as names_of
from helpers.derivation import written_out
from helpers.diagnosis.beliefs import Beliefs
from helpers.diagnosis.hallmarks import is_of_a_row
from helpers.diagnosis.python_words import parsed
from helpers.diagnosis.responses import Probe, Response, delivered, respond
from helpers.diagnosis.tasks import branches_of
from helpers.diagnosis.verdict import four_digits
from helpers.language import gettext, ngettext

_MOST = 8  # entries of an argument that are changed one by one
Right = Callable[..., object]  # a function with the right numbers


def where_by_position(first: Response, names: Sequence[str], probe: Probe) -> str:
    """Say it where the same number in each entry comes out right in some of them alone."""
    case, size = first.case, first.case.expected.size
    if case.expected.ndim != 1 or not case.arrays:
        return ""
    i = np.flatnonzero(~first.ok)[0]
    each = [np.size(a) == size for a in case.arguments]
    own = [a[i] if is_array else a for a, is_array in zip(case.arguments, each, strict=True)]
    full = tuple(np.full(size, x) if is_array else x for x, is_array in zip(own, each, strict=True))
    right = np.full(size, case.expected[i])
    again = respond(probe, replace(case, arguments=full, expected=right), 1e-6, 1e-12)
    if not again.delivered:
        return ""
    wrong = np.flatnonzero(~again.ok) + 1
    if wrong.size in (0, size):
        return ""
    rows = zip(names, own, each, strict=True)
    return ngettext(
        "With {everywhere} in each entry, entry {entries} differs; the others are right.",
        "With {everywhere} in each entry, the entries {entries} differ; the others are right.",
        wrong.size,
        everywhere=", ".join(
            f"{name} = {four_digits(x)}" for name, x, is_array in rows if is_array
        ),
        entries=", ".join(map(str, wrong[:3])) + ", …" * (wrong.size > 3),
    )


def where_unread(first: Response, names: Sequence[str], probe: Probe, right: Right) -> str:
    """Say it where the end of an argument changes nothing, though it changes the right numbers."""
    for k, argument in enumerate(first.case.arguments):
        for axis, size in enumerate(np.shape(argument)):
            if size > _MOST:
                continue
            places = [(slice(None),) * axis + (i,) for i in range(size)]
            unread = [_is_unread(first, probe, right, k, place) for place in places]
            if sum(unread) == 1 and (unread[0] or unread[-1]):
                said = _UNREAD[axis if np.ndim(argument) > 1 else -1]
                number = unread.index(True) + 1
                return gettext(said, number=number, size=size, name=names[k])
    return ""


# by axis; the last is of an array that has but one
_UNREAD = (
    "When row {number} of {size} of {name} changes, what your function returns stays the same; "
    "the right number changes.",
    "When column {number} of {size} of {name} changes, what your function returns stays the same; "
    "the right number changes.",
    "When entry {number} of {size} of {name} changes, what your function returns stays the same; "
    "the right number changes.",
)


def _is_unread(first: Response, probe: Probe, right: Right, k: int, place: tuple) -> bool:
    changes = False
    for step in (5.0, -5.0):
        arguments = [*first.case.fresh()]
        arguments[k][place] += step
        with np.errstate(all="ignore"):
            expected = np.array(right(*arguments), float)
        values, _ = delivered(probe(tuple(arguments), 1.0), first.case.expected)
        if values is None or not np.array_equal(values, first.values):
            return False
        changes |= not np.allclose(expected, first.case.expected, equal_nan=True)
    return changes


def unread_letters(
    first: Response,
    names: Sequence[str],
    source: str,
    called: str,
    beliefs: Beliefs | None,
    right: Right | None,
) -> str:
    """Say which arguments a function never reads, though the right numbers change with them."""
    functions = (
        n
        for n in ast.walk(parsed(source) or ast.Module([], []))
        if isinstance(n, ast.FunctionDef) and n.name == called
    )
    function = next(functions, None)
    if function is None or len(function.args.args) != len(names):
        return ""
    read = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
    letters = [n for n in beliefs.at if n not in beliefs.task.where] if beliefs else []
    said = []
    for k, argument in enumerate(function.args.args):
        if argument.arg not in read and _counts(k, first, letters, beliefs, right):
            said.append(argument.arg)
    return "\n".join(
        gettext(
            "Your function does not use {name}, and the right number changes with it.",
            name=name,
        )
        for name in said
    )


def _counts(
    k: int, first: Response, letters: Sequence[str], beliefs: Beliefs | None, right: Right | None
) -> bool:
    """Do the right numbers change with an argument?"""
    if beliefs is not None and not is_of_a_row(*branches_of(beliefs.task.forms[0])):
        forms = (b for form in beliefs.task.forms[:1] for b in branches_of(form))
        used = {name for tree in forms for name in names_of(written_out(tree, beliefs.task.where))}
        return k < len(letters) and letters[k] in used
    if right is None:
        return False
    arguments = [*first.case.fresh()]
    arguments[k] = arguments[k] + 1.0
    with np.errstate(all="ignore"):
        return not np.allclose(
            np.array(right(*arguments), float), first.case.expected, equal_nan=True
        )


def only_between(first: Response, responses: Sequence[Response], names: Sequence[str]) -> str:
    """Right at all places that are declared: say where else, with the same parameters, it is."""
    if len(first.case.arrays) != 1:
        return ""
    same = [a for a in first.case.arguments if not isinstance(a, np.ndarray)]
    tried = [
        r
        for r in responses
        if r.case.kind in ("plain", "elsewhere")
        and r.delivered
        and [a for a in r.case.arguments if not isinstance(a, np.ndarray)] == same
    ]
    z = np.concatenate([r.case.arrays[0].ravel() for r in tried])
    # what overflowed was let pass, and is not right
    ok = np.concatenate([(r.ok & np.isfinite(r.values)).ravel() for r in tried])
    low = z[~ok & (z < 0)].max(initial=-np.inf)
    high = z[~ok & (z > 0)].min(initial=np.inf)
    inside = z[(low < z) & (z < high)]
    if inside.size < 20:
        return gettext("It is right at {n} of {all} places tried.", n=ok.sum(), all=ok.size)
    return gettext(
        "It is right at each place tried from {name} = {first} to {name} = {last}.",
        name=names[0],
        first=four_digits(inside.min()),
        last=four_digits(inside.max()),
    )


def where_right(
    plain: Sequence[Response], names: Sequence[str], elsewhere: Sequence[Response] = ()
) -> str:
    """Say on which side of 0, or for which parameter, the answer is right.

    Where that is not so farther out, it is said how far it is.
    """
    told, by_parameter = _where_right(plain, names), _by_parameter(plain, names)[0]
    if told in ("", by_parameter):
        return told
    claims = zip(_sides(plain), _sides([*plain, *elsewhere]), strict=True)
    if all(there or not here for here, there in claims):
        return told
    z = np.concatenate([np.ravel(r.case.arguments[0]) for r in plain])
    first, last = four_digits(z.min()), four_digits(z.max())
    within = gettext(
        " (tried: {name} from {first} to {last}).", name=names[0], first=first, last=last
    )
    return told.removesuffix(".") + within


def _sides(responses: Sequence[Response]) -> tuple[bool, ...]:
    """Is it right on the one side of 0, and on the other; wrong on each of them; right at 0 alone?

    What is right for a parameter everywhere is left out of what is wrong.
    """
    z, ok, all_right = (
        np.concatenate([np.ravel(one) for one in rows])
        for rows in (
            [r.case.arguments[0] for r in responses],
            [r.ok for r in responses],
            [np.full(np.size(r.ok), r.ok.all()) for r in responses],
        )
    )
    sides = (z > 0, z < 0)
    wrong = (not ok[side & ~all_right].any() for side in sides)
    return *(bool(ok[side].all()) for side in sides), *wrong, {*z[ok]} == {0.0}


def _where_right(plain: Sequence[Response], names: Sequence[str]) -> str:
    z = [np.ravel(r.case.arguments[0]) for r in plain]
    if any(
        not isinstance(r.case.arguments[0], np.ndarray) or np.size(r.ok) != x.size
        for r, x in zip(plain, z, strict=True)
    ):
        return ""
    places, ok = np.concatenate(z), np.concatenate([np.ravel(r.ok) for r in plain])
    name = names[0]
    if set(places[~ok]) == {0.0}:
        return gettext("It is right at each place that was tried but {name} = 0.", name=name)
    alone = len(names) == 1  # else a parameter for which all is right is left out
    differs = np.concatenate([np.full(np.size(r.ok), alone or not r.ok.all()) for r in plain])
    left, right = differs & (places < 0), differs & (places > 0)
    by_parameter, fine = _by_parameter(plain, names)
    if any(fine):
        return by_parameter
    but = f"{names[1]} = {', '.join(map(four_digits, fine))}" if fine else ""
    if places.min() < 0:
        if ok[places > 0].all():
            there = _differs(name, "<", places[left], ok[left], but)
            return gettext(
                "It is right at each {name} > 0 that was tried{there}.", name=name, there=there
            )
        if ok[places < 0].all():
            there = _differs(name, ">", places[right], ok[right], but)
            return gettext(
                "It is right at each {name} < 0 that was tried{there}.", name=name, there=there
            )
    if len(names) == 1 and ok.any() and set(places[ok]) == {0.0}:
        return gettext("Of all places that were tried, it agrees at {name} = 0 alone.", name=name)
    return by_parameter


def _by_parameter(plain: Sequence[Response], names: Sequence[str]) -> tuple[str, list[float]]:
    """Say for which parameters all is right, and return them."""
    if len(names) < 2 or isinstance(plain[0].case.arguments[1], np.ndarray):
        return "", []
    by_right: dict[bool, list[float]] = {True: [], False: []}
    for response in plain:
        by_right[bool(response.ok.all())].append(response.case.arguments[1])
    if not by_right[True]:
        return "", []
    fine, rest = (", ".join(map(four_digits, by_right[whole])) for whole in (True, False))
    told = gettext(
        "It is right for {name} = {fine}, and not for {rest}.", name=names[1], fine=fine, rest=rest
    )
    return told, by_right[True]


def _differs(name: str, side: str, places: np.ndarray, ok: np.ndarray, but: str = "") -> str:
    """Say where on one side of 0 it differs, as it was measured, and for which parameter not."""
    if not ok.any():
        there = {"name": name, "side": side, "but": but}
        return (
            gettext(", and differs at each {name} {side} 0 that was tried, but for {but}", **there)
            if but
            else gettext(", and differs at each {name} {side} 0 that was tried", **there)
        )
    tried, bad = (
        gettext("; of the places tried for {name} {side} 0, it differs at", name=name, side=side),
        places[~ok],
    )
    if not bad.size or ok[(bad.min() <= places) & (places <= bad.max())].any():
        return gettext("{tried} some", tried=tried)
    first, last = four_digits(bad.min()), four_digits(bad.max())
    if first == last:
        return f"{tried} {name} = {first}"
    return gettext(
        "{tried} those from {name} = {first} to {name} = {last}",
        tried=tried,
        name=name,
        first=first,
        last=last,
    )
