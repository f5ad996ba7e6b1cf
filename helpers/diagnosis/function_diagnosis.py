"""Why is this function wrong? Finds the stories behind its numbers, and says them with evidence.

Messages show evidence on the learner's own numbers, say where it differs, and ask; they never tell
the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from helpers.derivation import D
from helpers.diagnosis.beliefs import MAX_STORIES, Beliefs, Together, questions, ranked
from helpers.diagnosis.broken_rules import without_d
from helpers.diagnosis.edits import Located
from helpers.diagnosis.evidence import (
    at_zero,
    call_in_words,
    place_of_evidence,
    value_evidence,
    what_was_cut,
)
from helpers.diagnosis.far_out import FarOut, agrees
from helpers.diagnosis.hallmarks import (
    is_decided_once,
    is_of_a_row,
    return_behind_its_loop,
)
from helpers.diagnosis.line_diagnosis import is_multiple, likeness
from helpers.diagnosis.made_right import how_far
from helpers.diagnosis.nearly_right import explained_nearly
from helpers.diagnosis.off_the_way import CourseSolution, off_the_way
from helpers.diagnosis.places import OF_THE_WHOLE
from helpers.diagnosis.places_of_stories import (
    pointed_as_a_whole,
    pointed_for_its_shape,
    pointed_where_it_ends,
)
from helpers.diagnosis.pointing import GOES_WRONG
from helpers.diagnosis.quotients import are_of_a_quotient, divides_a_difference, is_near
from helpers.diagnosis.responses import Probe, Response, delivered
from helpers.diagnosis.retelling import (
    as_seen,
    is_in_a_part,
    is_in_a_rule,
    is_of_a_zero,
    of_what_stands_there,
    told_as,
)
from helpers.diagnosis.stories import STORIES, Story
from helpers.diagnosis.tasks import Branches, branches_of
from helpers.diagnosis.tried_by_running import pointed_by_running
from helpers.diagnosis.verdict import four_digits
from helpers.diagnosis.where_right import (
    Right,
    only_between,
    unread_letters,
    where_by_position,
    where_right,
    where_unread,
)
from helpers.diagnosis.written_code import Written
from helpers.language import gettext

Explanation = tuple[tuple[str, ...], str, str]  # stories, message, another story
Kinks = Sequence[tuple[float, float]]
Others = Sequence[tuple[Any, ...]]  # (story, function), or with a question of its own


def explain(
    responses: Sequence[Response],
    names: Sequence[str],
    beliefs: Beliefs | None,
    noun: str,
    *,
    kinks: Kinks | None = None,
    others: Others = (),
    probe: Probe | None = None,
    source: str = "",
    called: str = "",
    prompt: str = "",
    asks: str = "",
    right: Right | None = None,
    solution: CourseSolution | None = None,
) -> Explanation:
    """Explain a function that is not right everywhere: stories, message, and another story.

    Parameters
    ----------
    responses : what it did with each case, at least one of them not right.
    names : the arguments.
    beliefs : what the stories give at the plain cases.
    noun : what the numbers are, such as "slope".
    kinks : for each plain case the lowest and highest valid slope at 0.
    others : stories told as functions of the same arguments, each perhaps with a question of its
        own.
    probe : calls the function again.
    source : the function as it was written, perhaps among others.
    called : its name there.
    prompt : the exercise's.
    asks : what to ask where no story fits.
    right : a function with the right numbers.
    solution : the course's own function; nothing of it is shown.
    """
    first = next(r for r in responses if not r.right)
    if first.flaw and first.ok.all():
        if is_decided_once(source):
            first = replace(first, slug="one-for-all")
        pointed = pointed_where_it_ends(first, source, called)
        if probe and not pointed and (first.outcome.error or first.outcome.value is not None):
            pointed, _ = pointed_by_running(source, probe, responses)
        if probe and not pointed:
            pointed = pointed_for_its_shape(first, source, called, probe)
        return _contract_message(first, responses, names, pointed)
    plain = [r for r in responses if r.delivered and r.case.kind == "plain"]
    stories: tuple[str, ...] = ()
    seen: Story | None = None
    entrywise = beliefs is not None and not _is_of_a_row(beliefs)
    of_a_row = _is_of_a_row(beliefs) or (probe is not None and _needs_its_row(probe, first))
    where, pointed, written, in_rule = "", "", None, False
    if first.case.kind == "far" and all(r.ok.all() for r in plain):
        return FarOut(first, names, source, called, probe, responses).explained(
            noun, of_a_row, others
        )
    if first.case.kind == "elsewhere" and all(r.ok.all() for r in plain):
        where = "" if of_a_row else only_between(first, responses, names)
    elif all(r.ok.all() for r in plain):
        stories, where = _only_there(first, stories)
    elif pointed := _ended_in_a_loop(beliefs, source, called):
        stories = ("array-contract",)
    elif probe and entrywise and (ends := where_by_position(first, names, probe)):
        evidence = value_evidence(first, names, noun, True)
        return ("array-contract",), f"{evidence}\n{ends}\n{gettext(_LEFT_OUT)}", ""
    elif kinks and (only := _only_at_kink(plain, names, kinks, prompt, source)):
        pointed = _place_at_kink(plain, beliefs, source, called)
        only = "\n".join(filter(None, (only, pointed)))
        return ("kink-at-zero",), only, ""
    else:
        if probe is not None and beliefs is not None and _is_integral(probe, plain, beliefs):
            stories += ("integrated-instead",)
        by_value, written = _value_stories(plain, beliefs, others, kinks, source, called)
        if stories:
            by_value = tuple(dict.fromkeys((*stories, *by_value)))
        stories = by_value
        handed_back = all(np.array_equal(r.values, r.case.arguments[0]) for r in plain)
        if not stories and handed_back:
            stories, seen = ("function-lost",), told_as("function-lost", "nothing done")
            written = None
        asks_slope = beliefs is not None and not beliefs.task.asks_value
        if not stories and asks_slope and divides_a_difference(source) and _is_about_right(plain):
            stories = ("finite-difference",)
        if probe and right and not stories and (unread := where_unread(first, names, probe, right)):
            evidence = value_evidence(first, names, noun, of_a_row)
            pointed, found = pointed_by_running(source, probe, responses)
            (asked, *_) = questions(found, asks=gettext(_LEFT_OUT))
            rows = filter(None, (evidence, unread, pointed, asked))
            return found or ("array-contract",), "\n".join(rows), ""
        if beliefs is not None and not of_a_row:
            others_tried = [r for r in responses if r.delivered and r.case.kind == "elsewhere"]
            where = where_right(plain, names, others_tried)
        if stories and beliefs is not None:
            in_rule = is_in_a_rule(stories[0], _joined(plain, beliefs), beliefs)
        claims = () if in_rule else stories  # the story is of the whole, the mistake is in a part
        if written is not None and (claim := written.claim(claims)):
            how = how_far(written, claim, stories, responses, beliefs)
            pointed = written.pointed(claim, how)
            if claim.is_double and (claim.stories or isinstance(stories, Together)):
                stories = Together(claim.stories)
            stories = stories or claim.stories
            stands = of_what_stands_there(written, claim)
            if stands and stories[:1] in ((), stands[:1]):
                stories, seen = (*stands[:1], *stories[1:]), told_as(*stands)
            elif stories:
                seen = as_seen(stories[0], written, claim)
            if not stories and is_of_a_zero(written, claim):
                asks = asks or _OF_A_ZERO
        formula = not of_a_row and (stories or (beliefs is not None and beliefs.task.of))
        unplaced = written is None or not (pointed or formula or written.is_placed(claims))
        told_of_it = {slug for slug, *_ in others}
        of_the_whole = {*stories[:1]} & (OF_THE_WHOLE - told_of_it)
        if probe and unplaced and not of_the_whole:
            kept = written.right_values() if written is not None else ()
            pointed, found = pointed_by_running(source, probe, responses, kept)
            stories = stories or found
        if in_rule:
            seen = told_as(stories[0], "in a rule")
        elif stories and beliefs and is_in_a_part(stories[0], _joined(plain, beliefs), beliefs):
            seen = told_as(stories[0], "in a part")
        if stories[:1] == ("integer-result",):
            where, seen = what_was_cut(plain), told_as("integer-result", "cut")
    if first.flaw and not isinstance(stories, Together):
        stories = tuple(dict.fromkeys((*stories, first.slug) if stories else ()))
    shown, task = first, beliefs.task if beliefs is not None else None
    told = ("integer-result",) if "integer-result" in stories else stories
    told_here = [row for row in others if stories[:1] == row[:1]]
    declared = next((r for r in told_here if all(agrees(r[1], one) for one in plain)), None)
    if not (pointed or in_rule):
        pointed = pointed_as_a_whole(stories, source, called, written, declared is not None)
    if not (pointed or in_rule) and written is not None and (one := written.wrong_wherever_taken):
        pointed = written.pointed(one, GOES_WRONG)
    if stories[:1] == ("overflow-unstable",) and not pointed:
        pointed = FarOut(first, names, source, called, probe).lost_in_a_row()
    nearly = None
    if not (stories or pointed or asks):
        nearly = explained_nearly(written) if written is not None else None
    by_quotient = stories[:1] == ("finite-difference",)
    if not (pointed or in_rule or nearly or by_quotient) and first.delivered:
        shown_to = probe, first.case, beliefs, solution, bool(stories)
        pointed, found = off_the_way(source, called, *shown_to)
        if found:
            stories, told, declared, seen = found, found, None, None
    if not (stories or pointed or asks) and nearly is None:
        shown = at_zero(first)
        asks = _BY_HAND if shown is not first else _SIDE_BY_SIDE
    asked, *others_fitting = questions(told, task, asks, seen=seen)
    if declared is not None and declared[2:]:
        asked, others_fitting = gettext(declared[2]), []
    if nearly is not None:
        shown, (story, pointed, asked) = first, nearly
        stories = (story,)
    unread = unread_letters(first, names, source, called, beliefs, right)
    besides = gettext("Besides, {flaw}.", flaw=first.flaw) if first.flaw else ""
    evidence = value_evidence(shown, names, noun, of_a_row)
    told_rows = (evidence, where, unread, pointed, besides, asked)
    return stories[:MAX_STORIES], "\n".join(filter(None, told_rows)), "".join(others_fitting)


def _contract_message(
    response: Response, responses: Sequence[Response], names: Sequence[str], pointed: str
) -> Explanation:
    stories = (response.slug,) if response.slug else ()
    kind = {"plain": "", "elsewhere": "", "far": gettext(" far from 0")}.get(
        response.case.kind, gettext(" on {kind}", kind=gettext(_KINDS.get(response.case.kind, "")))
    )
    right = all(r.delivered and r.ok.all() for r in responses if r.case.kind == "plain")
    told = right and response.case.kind != "elsewhere"
    fine = gettext("The numbers themselves are right.") if told else ""
    ask = _question_about(response) if response.slug else _without_story(response)
    shape = (
        np.shape(response.outcome.value) if isinstance(response.outcome.value, np.ndarray) else ()
    )
    if len(shape) == response.case.expected.ndim == 1 and shape < response.case.expected.shape:
        ask = gettext(_LEFT_OUT)
    evidence = gettext(
        "When it is called{kind} with {call}, {flaw}.",
        kind=kind,
        call=call_in_words(response.case, names),
        flaw=response.flaw,
    )
    return stories, "\n".join(filter(None, (evidence, fine, pointed, ask))), ""


def _question_about(response: Response) -> str:
    """What is asked where numbers are not delivered as asked."""
    if response.slug == "array-contract":
        if response.delivered or "read-only" in response.outcome.words:
            return told_as("array-contract", "its input").question
        if isinstance(response.outcome.value, np.ndarray | int | float):
            return told_as("array-contract", "its shape").question
    return STORIES[response.slug].question


def _without_story(response: Response) -> str:
    """Ask on, without a story; what may not end, or ends the kernel, is not to be called again."""
    flaw = response.flaw
    if response.outcome.timed_out or isinstance(response.outcome.error, RecursionError):
        return gettext("Which line brings it nearer to its end?")
    if "SystemExit" in flaw or "KeyboardInterrupt" in flaw:
        return gettext("Which line stops the whole program, where only a result is wanted?")
    if "ellipsis" in flaw or "NoneType" in flaw:
        return gettext("Does a function that it uses still hand back nothing, or only three dots?")
    if "NameError" in flaw:
        return gettext(
            "Where does that name come from: an argument, the set-up cell, a line of yours?"
        )
    if "ZeroDivisionError" in flaw:
        return gettext(
            "Which of your denominators is 0 there? Put the numbers in by hand, sign by sign."
        )
    if "core dimension" in flaw or "broadcast" in flaw:
        return gettext(
            "Write the shape of each array in that line beside its name: which of their axes have "
            "to have the same length there, and which do?"
        )
    return gettext("Call it yourself on a small array: what happens?")


_BY_HAND = (
    "Work it out by hand for z = 0, part by part: which number should each part of the formula "
    "have there, and which is the first of yours to have another one?"
)
_SIDE_BY_SIDE = (
    "Write the right formula beside yours and put the numbers above into both, part by part: which "
    "is the first part to have another number?"
)
_OF_A_ZERO = "A 0 stands there: what should become of an entry that is taken there?"
_LEFT_OUT = "Which entries do your lines come to, and which of them do they leave out?"
_KINDS = {
    "2-D": "a 2-D array",
    "integers": "whole numbers",
    "read-only": "a read-only array",
}


def _only_there(first: Response, stories: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Right on ordinary numbers, wrong on this kind of input alone."""
    stories = (*stories, "array-contract")
    if first.case.kind == "integers":
        return (*stories, "integer-result"), gettext("With decimals in the input it is right.")
    return stories, gettext(
        "It is right on a plain array, not on {kind}.", kind=gettext(_KINDS[first.case.kind])
    )


def _ended_in_a_loop(beliefs: Beliefs | None, source: str, called: str) -> str:
    """Show a `return` that ends a loop after its first entry, if it is right behind the loop."""
    if beliefs is None or (moved := return_behind_its_loop(source)) is None:
        return ""
    mended, place = moved
    where = np.ones(beliefs.size, bool) if "z" not in beliefs.at else beliefs.at["z"] != 0
    written = Written.of(mended, beliefs, beliefs.reference, where, called)
    return written.pointed(Located((place,), ())) if written is not None else ""


def _only_at_kink(
    plain: Sequence[Response], names: Sequence[str], kinks: Kinks, prompt: str, source: str
) -> str:
    """A message when every difference is at z = 0."""
    z = names.index("z") if "z" in names else 0
    given, valid = [], True
    for response, ends in zip(plain, kinks, strict=False):  # it may have stopped early
        at_zero = response.case.arguments[z] == 0
        if not response.ok[~at_zero].all():
            return ""
        for x in response.values[at_zero & ~response.ok]:
            given.append((x, ends, response.case.arguments))
            valid &= bool(ends[0] <= x <= ends[1])
    mine, (low, high), arguments = given[0]
    known = zip(names, arguments, strict=False)
    fixed = [f"{n} = {four_digits(a)}" for k, (n, a) in enumerate(known) if k != z]
    asked = (
        gettext("The exercise: “{prompt}”", prompt=prompt)
        if prompt
        else gettext("What does the exercise ask for there?")
    )
    if divides_a_difference(source):
        question = gettext(
            "Where do the two ends of your step lie when z is 0, and how steep is the curve there?"
        )
    elif valid:
        question = gettext("Which of your comparisons decides about 0?")
    else:
        question = gettext("Which line of yours decides about 0?")
    at = ", ".join(("z = 0", *fixed))
    returned = gettext("At {at} your function returns {given}", at=at, given=four_digits(mine))
    told = (
        gettext(
            "{returned}; everywhere else it is right.\n"
            "There the curve has a kink, and every number from {low} to {high} is a valid "
            "subgradient, so this is another convention, not a mistake in the calculus.",
            returned=returned,
            low=four_digits(low),
            high=four_digits(high),
        )
        if valid
        else gettext(
            "{returned}; the valid subgradients there lie between {low} and {high}.\n"
            "Everywhere else it is right.",
            returned=returned,
            low=four_digits(low),
            high=four_digits(high),
        )
    )
    return f"{told}\n{asked} {question}"


def _place_at_kink(
    plain: Sequence[Response], beliefs: Beliefs | None, source: str, called: str
) -> str:
    """Show the comparison that decides about 0."""
    values = _joined(plain, beliefs)
    if beliefs is None or values.size != beliefs.size or divides_a_difference(source):
        return ""
    written = Written.of(source, beliefs, values, np.ones(beliefs.size, bool), called)
    claim = written.claim(()) if written is not None else None
    if written is None or claim is None:
        return ""
    tests = tuple(map(written.places.test_around, claim.places))
    return written.pointed(claim._replace(places=tests))


def _is_of_a_row(beliefs: Beliefs | None) -> bool:
    """Does each number hang on a whole row, as with softmax?"""
    return beliefs is not None and is_of_a_row(*branches_of(beliefs.task.forms[0]))


def _is_about_right(plain: Sequence[Response]) -> bool:
    """Are the numbers about the right ones, in each case?"""
    rows = ((np.asarray(r.values, float), r.case.expected) for r in plain)
    return all(is_near(values, right) for values, right in rows if values.shape == right.shape)


def _joined(plain: Sequence[Response], beliefs: Beliefs | None) -> np.ndarray:
    """The numbers of all cases one behind the other; of one row alone where stories are of it."""
    rows = [np.atleast_1d(r.values).astype(float).ravel() for r in plain]
    if beliefs is not None and _is_of_a_row(beliefs):
        first = next(iter(beliefs.at.values()))
        at = (np.array_equal(np.ravel(r.case.arguments[0]), first) for r in plain)
        rows = [
            np.broadcast_to(row, first.shape) for row, here in zip(rows, at, strict=True) if here
        ]
    return np.concatenate([*rows, np.empty(0)])


def _value_stories(
    plain: Sequence[Response],
    beliefs: Beliefs | None,
    others: Others,
    kinks: Kinks | None,
    source: str,
    called: str,
) -> tuple[tuple[str, ...], Written | None]:
    if decided := _as_a_whole(plain, source):
        return (decided,), None
    if _grows_too_large(plain):
        return ("overflow-unstable",), None
    found: list[str] = []
    written: Written | None = None
    if beliefs is not None:
        values = _joined(plain, beliefs)
        if values.size != beliefs.size:
            return (), None
        where = np.ones(beliefs.size, bool)
        if kinks is not None or isinstance(beliefs.task.forms[0], Branches):
            where = beliefs.at["z"] != 0
        written = Written.of(source, beliefs, values, where, called)
        fitting = beliefs.fits(values, beliefs.table, where)
        if not beliefs.task.of:  # the solution's own formula: what the exercise declares goes first
            known = [row for row in others if written is None or written.may_tell(row[0])]
            told = (s for s, other, *_ in known if all(agrees(other, r) for r in plain))
            found += dict.fromkeys(told)
        stories = written.stories(fitting) if written else ranked(fitting)
        if isinstance(stories, Together):
            return stories, written
        found += [slug for slug in stories if slug not in found]
        divides = written is None or written.divides
        if not found and divides and are_of_a_quotient(values, beliefs):
            found.append("finite-difference")
    for slug, other, *_ in others:
        allowed = slug not in found and (written is None or written.may_tell(slug))
        if allowed and all(agrees(other, r) for r in plain):
            found.append(slug)
    if found:
        return tuple(found), written
    if _are_multiples(plain):
        return ("parameter-ignored",), written
    if beliefs is None:
        return (), written
    if _is_nearly_a_relative(values, beliefs):
        return ("other-form",), written
    if written is not None:
        if claim := written.claim(()):
            return Together(claim.stories) if claim.is_double else claim.stories, written
        if one := written.repaired_alone():
            return one, written
        if written.places.has_small_change:
            return (), written
    if _are_of_other_branches(values[where], beliefs.reference[where]):
        return ("condition-misplaced",), written
    like = likeness(written.formula, beliefs.task) if written is not None else None
    return beliefs.two_stories(values, where, like, in_pairs=True), written


def _are_multiples(plain: Sequence[Response]) -> bool:
    """Are all numbers one and the same number times the right ones?"""
    rows = [(np.ravel(r.values), np.ravel(r.case.expected)) for r in plain]
    if not all(is_multiple(values, right) for values, right in rows):
        return False
    factors = [np.sum(values * right) / np.sum(right * right) for values, right in rows]
    return bool(np.allclose(factors, factors[:1], rtol=1e-6, atol=0))


def _are_of_other_branches(values: np.ndarray, right: np.ndarray) -> bool:
    """Are the right numbers a few, and each of these is one of them, in another place?"""
    few, mine = np.unique(right), np.unique(values)
    return mine.size > 1 and few.size < 5 <= right.size / 2 and bool(np.isin(mine, few).all())


def _as_a_whole(plain: Sequence[Response], source: str) -> str:
    """What an `if` decides for all entries at once, or a first whole number for all that follow."""
    if is_decided_once(source) and any(r.ok.any() for r in plain):
        return "one-for-all"
    cut = [np.trunc(r.case.expected) for r in plain]
    whole = all(r.values.dtype.kind in "iu" for r in plain)
    same = whole and all(_are_cut(r, c) for r, c in zip(plain, cut, strict=True))
    return "integer-result" if same else ""


def _are_cut(response: Response, cut: np.ndarray) -> bool:
    """Are these the right numbers without their decimals? At 0 another one may be taken."""
    arguments = [np.broadcast_to(a, cut.shape) for a in response.case.arrays[:1]]
    at_zero = arguments[0] == 0 if arguments else np.zeros(cut.shape, bool)
    return bool(((response.values == cut) | at_zero).all() and (response.values == cut).any())


def _grows_too_large(plain: Sequence[Response]) -> bool:
    """Is it right wherever it has a number, and has none where the inputs are large?"""
    lost = [r for r in plain if not r.ok.all()]
    large = all(max(np.abs(a).max() for a in r.case.arrays) > 300 for r in lost if r.case.arrays)
    return large and all(r.case.arrays and not np.isfinite(r.values[~r.ok]).any() for r in lost)


def _is_integral(probe: Probe, plain: Sequence[Response], beliefs: Beliefs) -> bool:
    """Is the slope of what the function returns the function that was to be differentiated?"""
    task, h, slopes = beliefs.task, 1e-4, []
    if task.asks_value or not task.of or task.variable not in beliefs.at:
        return False
    for response in plain:
        ends = []
        for step in (h, -h):
            first, *rest = response.case.fresh()
            if not isinstance(first, np.ndarray):
                return False
            values, _ = delivered(probe((first + step, *rest), 1.0), response.case.expected)
            if values is None:
                return False
            ends.append(values.astype(float))
        slopes.append((ends[0] - ends[1]) / (2 * h))
    found, f = np.concatenate(slopes), beliefs.numbers(task.of[0])
    return found.shape == f.shape and bool(np.allclose(found, f, rtol=1e-4, atol=1e-4))


def _is_nearly_a_relative(values: np.ndarray, beliefs: Beliefs) -> bool:
    """Is it the slope of a function that is taken for this one, with rounded constants?"""
    slopes = (without_d(D(of), beliefs.task.variable) for of in beliefs.task.relatives)
    return not beliefs.task.asks_value and any(
        np.allclose(values, beliefs.numbers(slope), rtol=0, atol=1e-5) for slope in slopes
    )


def _needs_its_row(probe: Probe, response: Response) -> bool:
    """Does an entry that is shown become another number when the function is called with it alone?

    What no single number can be given to says nothing about that.
    """
    case, i = response.case, place_of_evidence(response)
    alone = [
        a.ravel()[i : i + 1] if isinstance(a, np.ndarray) and a.size == case.expected.size else a
        for a in case.fresh()
    ]
    values, _ = delivered(probe(alone, 1.0), np.ravel(case.expected)[i : i + 1])
    mine = np.ravel(response.values)[i : i + 1]
    with np.errstate(all="ignore"):
        return values is not None and not np.allclose(values, mine, equal_nan=True)
