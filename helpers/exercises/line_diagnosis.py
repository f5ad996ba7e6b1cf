"""Why is this line wrong? Finds the stories behind it, and one place that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from helpers.derivation import D, Neg, Setting, Sym, Tree, substitute, to_text, walk
from helpers.exercises.beliefs import Beliefs, ranked, same_numbers
from helpers.exercises.broken_rules import misread_d, without_d
from helpers.exercises.forms import with_letters
from helpers.exercises.repairs import Repairs
from helpers.exercises.slips import Slip, slips
from helpers.exercises.stories import ALGEBRA
from helpers.exercises.tasks import Branches, Task, branches_of

__all__ = ["is_algebra", "is_multiple", "likeness", "line_stories", "side_stories", "slip_place"]

MAX_D = 4  # derivatives in a line that are tried with every rule broken


def line_stories(
    line: Tree,
    above: Tree | None,
    setting: Setting,
    beliefs: Beliefs,
    carried_out: bool = False,
) -> tuple[str, ...]:
    """Name the stories that lead to `line`, from the line above it or from the question.

    carried_out : the line above left a derivative to carry out, and this one has none.
    """
    written = without_d(line, setting.variable, setting.where)
    repairs = Repairs(beliefs, beliefs.reference)
    if stories := repairs.brackets_lost(written):
        return stories
    stories = _known_stories(line, above, setting, beliefs)
    if above is None and carried_out and stories[:1] == ("sign-flipped",) and _INNER in stories:
        return tuple(dict.fromkeys((_INNER, *stories)))
    if stories:
        return stories
    if is_multiple(beliefs.numbers(written), beliefs.reference):
        return ("parameter-ignored",)
    return (
        repairs.one(written)
        or beliefs.two_stories(beliefs.numbers(written))
        or repairs.two(written)
    )


_INNER, _INTEGRAL = "missing-inner-derivative", "integrated-instead"


def _known_stories(
    line: Tree, above: Tree | None, setting: Setting, beliefs: Beliefs
) -> tuple[str, ...]:
    """Name the stories of which the numbers are known beforehand."""
    values = np.array([np.nan if v is None else float(v) for v in setting.values(line)])
    alike = likeness(without_d(line, setting.variable, setting.where), beliefs.task)
    found = [
        slip._replace(origin="rule") if slip.origin == "detour" else slip
        for slip in beliefs.fits(values, beliefs.table)
    ]
    algebra = is_algebra(line, above)
    if above is not None:
        near = beliefs.fits(values, beliefs.tabulate(_next_lines(above, beliefs.task)))
        found = [*(slip._replace(origin="above") for slip in near), *found]

    stories = ranked(found, alike, ALGEBRA if algebra else ())
    if algebra and {*stories} & {*ALGEBRA}:
        return stories
    if _by_another_letter(line, setting, beliefs):
        stories = tuple(dict.fromkeys(("wrong-variable", *stories)))
    steps = beliefs.numbers(without_d(D(line), setting.variable, setting.where))
    if same_numbers(beliefs.numbers(beliefs.task.of[0])[None], steps).all():
        a_sign = stories[:1] in (("sign-flipped",), ("plus-minus-swapped",))
        both = (*stories, _INTEGRAL) if a_sign else (_INTEGRAL, *stories)
        stories = tuple(dict.fromkeys(both))
    return stories


def side_stories(line: Tree, above: Tree, setting: Setting, beliefs: Beliefs) -> tuple[str, ...]:
    """Name the stories that lead from one side of a statement to the other, slope or not."""
    values = np.array([np.nan if v is None else float(v) for v in setting.values(line)])
    kept, rows = beliefs.tabulate(_next_lines(above, beliefs.task))
    same = np.flatnonzero(same_numbers(rows, values)) if kept else ()
    stories = ranked([kept[i]._replace(origin="above") for i in same])
    if stories:
        return stories
    there, here = (without_d(tree, setting.variable, setting.where) for tree in (above, line))
    repairs = Repairs(beliefs, beliefs.numbers(there))
    return repairs.one(here) or repairs.two(here)


def slip_place(
    line: Tree, against: Tree | None, story: str, setting: Setting, beliefs: Beliefs
) -> tuple[int, int]:
    """Return the columns of the part of a line that a story points at, (0, 0) if it has none.

    against : what the line should be; None stands for the slope.
    """
    right = beliefs.reference
    if against is not None:
        right = beliefs.numbers(without_d(against, setting.variable, setting.where))
    written = without_d(line, setting.variable, setting.where)
    place = Repairs(beliefs, right).place(written, story)
    return place.span if place is not None else (0, 0)


def is_algebra(line: Tree, above: Tree | None) -> bool:
    """Is nothing differentiated any more between the line above and this one?"""
    return above is not None and not any(isinstance(n, D) for t in (line, above) for n in walk(t))


def _by_another_letter(line: Tree, setting: Setting, beliefs: Beliefs) -> bool:
    """Does the line hold when its D, and that of the question, is meant for another letter?"""
    if not any(isinstance(node, D) for node in walk(line)):
        return False

    def slope(tree: Tree, letter: str) -> np.ndarray:
        return beliefs.numbers(without_d(tree, letter, setting.where))

    of = D(branches_of(beliefs.task.of[0])[0])  # it has one
    letters = (name for name in setting.points[0] if name != setting.variable)
    return any(same_numbers(slope(of, name)[None], slope(line, name)).all() for name in letters)


def _next_lines(above: Tree, task: Task) -> Iterator[Slip]:
    """What may follow from the line above when one thing goes wrong."""
    mirrored = substitute(above, {task.variable: Neg(Sym(task.variable))})
    yield Slip("sign-flipped", without_d(mirrored, task.variable, task.where))
    yield from slips(without_d(above, task.variable, task.where), task)
    if sum(isinstance(node, D) for node in walk(above)) <= MAX_D:
        yield from misread_d(above, task)


def is_multiple(values: np.ndarray, right: np.ndarray) -> bool:
    """Is it the right answer times one number?"""
    if np.any(values[right == 0]):
        return False
    with np.errstate(all="ignore"):
        ratio = (values / right)[right != 0]
    same = np.isfinite(ratio).all() and np.allclose(ratio, ratio[:1], rtol=1e-7)
    return bool(same and ratio.size > 2 and 1e-3 < abs(ratio[0]) < 1e3)


def likeness(written: Tree, task: Task) -> Callable[[Slip], float]:
    """Return how much a slip looks like what was written, from 0 to 1, the letters put in."""
    own = _parts(with_letters(written, task.where))

    def of(slip: Slip) -> float:
        if isinstance(slip.tree, Branches):
            return 0.0
        theirs = _parts(slip.tree)
        return round((own & theirs).total() / max(1, (own | theirs).total()), 1)

    return of


def _parts(tree: Tree) -> Counter:
    return Counter(map(to_text, walk(tree)))
