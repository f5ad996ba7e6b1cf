"""Why is this line wrong? Finds the stories behind it, and one place that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator

import numpy as np

from helpers.derivation import (
    Claim,
    Claims,
    D,
    Func,
    If,
    Lim,
    Neg,
    Num,
    Op,
    Setting,
    Sym,
    Tree,
    children,
    has_d,
    names,
    placed,
    replace_children,
    replace_part,
    substitute,
    to_text,
    walk,
    written_out,
)
from helpers.diagnosis.beliefs import SIGNS, Beliefs, ranked, same_numbers
from helpers.diagnosis.broken_rules import misread_d, spelled_out, without_d
from helpers.diagnosis.forms import form_of, tree_size, with_letters
from helpers.diagnosis.repairs import Repairs, terms_of
from helpers.diagnosis.slips import ONE, TWO, ZERO, Changes, Slip, slips, taken_apart
from helpers.diagnosis.stories import ALGEBRA
from helpers.diagnosis.tasks import Branches, Task, branches_of, is_step

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
    if told := _in_words(line, above, setting, beliefs):
        return told
    written = without_d(line, setting.variable, setting.where)
    repairs = Repairs(beliefs, beliefs.reference)
    if stories := repairs.brackets_lost(written):
        return stories
    stories = _known_stories(line, above, setting, beliefs)
    if any(map(is_step, walk(written))):
        stories = tuple(story for story in stories if story != "branch-missing")  # both are there
    if above is None and carried_out and stories[:1] == ("sign-flipped",) and _INNER in stories:
        return tuple(dict.fromkeys((_INNER, *stories)))
    if stories:
        return stories
    if is_multiple(beliefs.numbers(written), beliefs.reference):
        return ("parameter-ignored",)
    return (
        _once_too_often(line, setting, beliefs)
        or repairs.one(written)
        or _one_too_many(written, repairs, is_algebra(line, above))
        or beliefs.two_stories(beliefs.numbers(written), like=likeness(written, beliefs.task))
        or repairs.two(written)
    )


def _in_words(
    line: Tree, above: Tree | None, setting: Setting, beliefs: Beliefs
) -> tuple[str, ...]:
    """A rule applied wrongly that stands in the line as it is, its derivatives still written.

    Of the quotient rule with its products exchanged, the derivatives may have been taken.
    """
    where = beliefs.task.where
    if is_algebra(line, above):
        return ()
    asked = [of for of in beliefs.task.of if not isinstance(of, Branches)]
    asked += [n.arg for n in walk(above) if isinstance(n, D)] if above is not None else []
    own = form_of(line, where)
    for of in dict.fromkeys(written_out(tree, where) for tree in asked):
        for slug, spelled in spelled_out(of):
            if slug not in ("rule-applied-termwise", "quotient-reversed"):
                continue
            if own == form_of(spelled, where) and has_d(line):
                return (slug, "sign-flipped") if slug == "quotient-reversed" else (slug,)
            if slug == "quotient-reversed" and _is_reversed(line, of, setting, beliefs):
                return slug, "sign-flipped"
    return ()


def _is_reversed(line: Tree, of: Tree, setting: Setting, beliefs: Beliefs) -> bool:
    """Is it a difference of the two products of the quotient rule, the other one first?"""
    match line, of:
        case Op("/", Op("-", first, second), below), Op("/", u, v):
            pass
        case Op("-", first, second), Op("/", u, v) if _divides(first) and _divides(second):
            below = ONE
        case _:
            return False
    square = Op("^", v, TWO)

    def same(product: Tree, expected: Tree) -> bool:
        found, right = (
            beliefs.numbers(without_d(Op("/", top, bar), setting.variable, setting.where))
            for top, bar in ((product, below), (expected, square))
        )
        return bool(same_numbers(found[None], right).all())

    return same(first, Op("*", u, D(v))) and same(second, Op("*", D(u), v))


def _divides(tree: Tree) -> bool:
    return any(isinstance(node, Op) and node.op == "/" for node in walk(tree))


def _once_too_often(line: Tree, setting: Setting, beliefs: Beliefs) -> tuple[str, ...]:
    """Is it right when one derivative of it is not taken?"""
    for node in [n for n in walk(line) if isinstance(n, D)]:
        plain = without_d(replace_part(line, node, node.arg), setting.variable, setting.where)
        if same_numbers(beliefs.numbers(plain)[None], beliefs.reference).all():
            return ("derivative-twice",)
    return ()


_INNER, _INTEGRAL, _LOST = "missing-inner-derivative", "integrated-instead", "product-missing-term"


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
    algebra, forgotten = is_algebra(line, above), False
    if above is None and has_d(line):
        asked = [of for of in beliefs.task.of if not isinstance(of, Branches)]
        split = (slip for of in asked for slip in _taken_apart_inside(D(of), beliefs.task))
        found += beliefs.fits(values, beliefs.tabulate(split))
    if above is not None:
        near = beliefs.fits(values, beliefs.tabulate(_next_lines(above, beliefs.task)))
        forgotten = has_d(above) and not (isinstance(above, D) or has_d(line))
        forgotten = forgotten and any(slip.slug == _INNER for slip in near)
        found = [*(slip._replace(origin="above") for slip in near), *found]
    written = without_d(line, setting.variable, setting.where)
    taken_back = Repairs(beliefs, beliefs.reference).all(written) if found else {}
    apart = [slip for slip in found if slip.slug == "sum-taken-apart"]
    if apart and above is not None and has_d(above) and not has_d(line):  # nothing shows it
        found = [slip for slip in found if slip not in apart]
    apart = apart if has_d(line) else []
    found = [*apart, *of_the_text(found, written, taken_back, beliefs.task)]
    found = [
        slip if _is_remembered(slip, written, beliefs.task) else slip._replace(origin="other")
        for slip in found
        if not algebra or _is_remembered(slip, written, beliefs.task)
    ]

    stories = ranked(found, alike, ALGEBRA if algebra else ())
    by_one = any(isinstance(n, Op) and n.op == "*" and n.left == ONE for n in walk(line))
    if by_one and not algebra and _LOST in stories:  # 1·g is what D(z)·g leaves, no sum's last term
        stories = tuple(sorted(stories, key=lambda slug: slug == "missing-parentheses"))
    if forgotten and stories[:1] == ("sign-flipped",) and _INNER in stories:
        stories = tuple(dict.fromkeys((_INNER, *stories)))
    if "exponent-kept" in stories and any(map(_is_lowered_no_further, walk(written))):
        stories = tuple(dict.fromkeys(("exponent-kept", *stories)))
    if stories[:1] == ("parameter-ignored",) and _INNER in taken_back and not algebra:
        stories = tuple(dict.fromkeys((_INNER, *stories)))
    if algebra and {*stories} & {*ALGEBRA}:
        return stories
    if _by_another_letter(line, setting, beliefs):
        half = (
            "product-missing-term" in stories
        )  # of u'v + uv' a part may be that by another letter
        by_it = ("wrong-variable",)
        stories = tuple(dict.fromkeys((*stories, *by_it) if half else (*by_it, *stories)))
    steps = beliefs.numbers(without_d(D(line), setting.variable, setting.where))
    if same_numbers(beliefs.numbers(beliefs.task.of[0])[None], steps).all():
        a_sign = stories[:1] in (("sign-flipped",), ("plus-minus-swapped",))
        both = (*stories, _INTEGRAL) if a_sign else (_INTEGRAL, *stories)
        stories = tuple(dict.fromkeys(both))
    return stories


def _is_remembered(slip: Slip, written: Tree, task: Task) -> bool:
    """Nobody remembers the formula of another function in a form in which it is not written."""
    if slip.slug != "formula-of-other-activation":
        return True
    if isinstance(slip.tree, Branches):
        return False
    own, theirs = ((form_of(t, task.where), tree_size(t, task.where)) for t in (written, slip.tree))
    return own[0] == theirs[0] and own[1] <= theirs[1] + 2


def side_stories(line: Tree, above: Tree, setting: Setting, beliefs: Beliefs) -> tuple[str, ...]:
    """Name the stories that lead from one side of a statement to the other, slope or not."""
    there, here = (without_d(tree, setting.variable, setting.where) for tree in (above, line))
    if isinstance(above, D) and line == Num("1") and not setting.values(there)[0]:
        return ("constant-slope-one",)
    if not names(here):  # a number bears no trace of what led to it
        return ()
    values = np.array([np.nan if v is None else float(v) for v in setting.values(line)])
    repairs = Repairs(beliefs, beliefs.numbers(there))
    taken_back = repairs.all(here)
    kept, rows = beliefs.tabulate(_next_lines(above, beliefs.task))
    same = np.flatnonzero(same_numbers(rows, values)) if kept else ()
    found = [kept[i]._replace(origin="above") for i in same]
    stories = ranked(of_the_text(found, here, taken_back, beliefs.task))
    carried_out = isinstance(above, D) and not has_d(line)
    if carried_out and "exponent-kept" in stories:
        stories = tuple(dict.fromkeys(("exponent-kept", *stories)))
    signed = carried_out and {*stories[:1]} & SIGNS and _INNER in stories
    if signed or (stories[:1] == ("parameter-ignored",) and _INNER in taken_back):
        stories = tuple(dict.fromkeys((_INNER, *stories)))
    return (
        stories
        or repairs.one(here)
        or _one_too_many(here, repairs, not has_d(above))
        or repairs.two(here)
    )


def _one_too_many(line: Tree, repairs: Repairs, algebra: bool) -> tuple[str, ...]:
    """Is it right without one of its terms?"""
    terms = {id(term) for term in terms_of(line)} - {id(line)}

    def none(node: Tree) -> Changes:
        if id(node) in terms:
            yield "term-lost", ZERO

    extra = repairs.place(line, "term-lost", none)
    if extra is None:
        return ()
    return ("term-lost",) if algebra or repairs.task.moves(extra) else ("constant-slope-one",)


# What these tell of stands in the text: it is seen there, or it did not happen.
SEEN_IN_TEXT = {
    *("missing-parentheses", "missing-square", "plus-minus-swapped", "parameter-ignored"),
    *("power-distributed-over-sum", "square-as-times-two", "square-on-argument", "term-lost"),
    *("complement", "sum-taken-apart"),
}


def of_the_text(
    found: Iterable[Slip], written: Tree, taken_back: Container[str], task: Task
) -> list[Slip]:
    """Leave out what has the numbers of a line and tells of something that its text never held.

    A story of the text is seen where one change of the line takes it back; where none does so,
    in a slip that has the form of the line.
    """
    found = [slip for slip in found if slip.slug != "exponent-kept" or _has_power(written)]
    seen = [slip for slip in found if slip.slug not in SEEN_IN_TEXT or slip.slug in taken_back]
    if any(slip.slug in taken_back for slip in seen):
        return seen
    own = form_of(written, task.where)

    def is_the_line(slip: Slip) -> bool:
        if slip.slug == "missing-square" or isinstance(slip.tree, Branches):
            return False
        return form_of(slip.tree, task.where) == own

    return [slip for slip in found if slip in seen or is_the_line(slip)]


def _is_lowered_no_further(tree: Tree) -> bool:
    """Is it a power that 1/u has as it stands, or that of a 1/u without its slope?"""
    match tree:
        case Op("^", _, Neg(Num("1")) | Num("0")):
            return True
    return False


def _has_power(tree: Tree) -> bool:
    return any(
        (isinstance(node, Op) and node.op == "^")
        or (isinstance(node, Func) and node.name == "sqrt")
        for node in walk(tree)
    )


def slip_place(
    line: Tree, against: Tree | None, story: str, setting: Setting, beliefs: Beliefs
) -> tuple[int, int]:
    """Return the columns of the part of a line that a story points at, (0, 0) if it has none.

    against : what the line should be; None stands for the slope.
    """
    right = beliefs.reference
    if against is not None:
        right = beliefs.numbers(without_d(against, setting.variable, setting.where))
    written, repairs = _carried_out_in_place(line, setting), Repairs(beliefs, right)
    place = repairs.place(written, story)
    if place is None:
        terms = {id(term) for term in terms_of(written)}
        place = repairs.place(
            written, story, lambda node: _rule_taken_back(node, beliefs.task, id(node) in terms)
        )
    elif story == "term-lost":
        place = next(node for node in walk(written) if any(n is place for n in _terms(node)))
    return place.span if place is not None else (0, 0)


def _terms(tree: Tree) -> Iterator[Tree]:
    """A sum's terms, and all that is a sum of some of them."""
    yield tree
    if isinstance(tree, Op) and tree.op in "+-":
        yield from _terms(tree.left)
        yield from _terms(tree.right)


def _rule_taken_back(node: Tree, task: Task, is_term: bool) -> Changes:
    """What stands at a place of a line where a rule of calculus, or of algebra, was kept there."""
    if is_term or not task.moves(node):
        yield "constant-slope-one", ZERO
    if is_term:
        yield "term-lost", ZERO
    if task.moves(node):
        yield "function-derivative-mixup", without_d(D(node), task.variable, task.where)
    match node:
        case Op("^", base, exponent):
            for lower in (ONE, TWO):
                yield "exponent-kept", Op("^", base, Op("-", exponent, lower))
        case Op("*", _, Func("exp", arg)):
            exponential = Func("exp", Op("+", arg, ONE))
            slope = without_d(D(exponential), task.variable, task.where)
            yield "power-rule-on-exponential", slope
        case Op("+" | "-" as op, Op("/", a, b), Op("/", c, d)) if a == c:
            yield "sum-taken-apart", Op("/", a, Op(op, b, d))
        case Op("+" | "-" as op, Func(name, a), Func(other, b)) if name == other:
            yield "sum-taken-apart", Func(name, Op(op, a, b))


def _carried_out_in_place(tree: Tree, setting: Setting) -> Tree:
    """Carry out every derivative; all parts of one are where its D stands."""
    if isinstance(tree, D):
        return placed(without_d(tree, setting.variable, setting.where), tree.span)
    below = [_carried_out_in_place(child, setting) for child in children(tree)]
    return replace_children(tree, below)


def is_reversed(side: Tree | None) -> bool:
    """Is it the limit of a difference quotient? With its sign turned, the difference is turned."""
    match side:
        case Lim(Op("/" | "*", above, below)):
            return any(isinstance(part, Op) and part.op == "-" for part in (above, below))
    return False


def is_algebra(line: Tree, above: Tree | None) -> bool:
    """Is nothing differentiated any more between the line above and this one?"""
    return above is not None and not (has_d(line) or has_d(above))


def derivative_is_gone(claims: Claims, wrong: Claim) -> bool:
    """Is a derivative of the line before gone in this one?"""
    before = [c for c in claims.claims if c.number == wrong.number - 1]
    trees = [p.tree for c in before for p in c.statement.pieces[-1:] if p.tree is not None]
    return any(map(has_d, trees)) and not has_d(wrong.side)


def _by_another_letter(line: Tree, setting: Setting, beliefs: Beliefs) -> bool:
    """Does the line hold when its D, and that of the question, is meant for another letter?"""
    if not has_d(line):
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
        yield from _taken_apart_inside(above, task)


def _taken_apart_inside(above: Tree, task: Task) -> Iterator[Slip]:
    """What follows where a sum was taken apart before its derivative was carried out."""
    for node in [n for n in walk(above) if isinstance(n, D)]:
        for arg in taken_apart(written_out(node.arg, task.where)):
            line = replace_part(above, node, D(arg, node.by))
            slope = without_d(line, task.variable, task.where)
            yield Slip("sum-taken-apart", slope, "rule")


def is_multiple(values: np.ndarray, right: np.ndarray, rtol: float = 1e-7) -> bool:
    """Is it the right answer times one number?"""
    if np.any(values[right == 0]):
        return False
    with np.errstate(all="ignore"):
        ratio = (values / right)[right != 0]
    same = np.isfinite(ratio).all() and np.allclose(ratio, ratio[:1], rtol=rtol, atol=0)
    return bool(same and ratio.size > 2 and 1e-3 < abs(ratio[0]) < 1e3)


def likeness(written: Tree, task: Task) -> Callable[[Slip], float]:
    """Return how much a slip looks like what was written, from 0 to 1, the letters put in."""
    own = _parts(with_letters(written, task.where))

    def of(slip: Slip) -> float:
        if isinstance(slip.tree, Branches):
            same = isinstance(written, If) and {*branches_of(slip.tree)} == {
                with_letters(_chosen(side, written), task.where)
                for side in (written.then, written.other)
                if side
            }
            return float(same)
        theirs = _parts(slip.tree)
        return round((own & theirs).total() / max(1, (own | theirs).total()), 1)

    return of


def _chosen(side: Tree, outer: If) -> Tree:
    """What is left of a branch that asks once more what was asked before."""

    def asks(node: If) -> tuple[str, Tree, Tree]:
        return node.sign, node.left, node.right

    if isinstance(side, If) and asks(side) == asks(outer):
        chosen = side.then if side is outer.then else side.other
        return chosen if chosen is not None else side
    return side


def _parts(tree: Tree) -> Counter:
    return Counter(map(to_text, walk(tree)))
