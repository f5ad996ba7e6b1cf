"""What a wrong answer may believe: every expression that one of the stories leads to.

Nothing here is a list of wrong answers. A right expression, or the differentiation of the function
itself, is broken in one place, in every way in which people break it: see `slips` (one node of a
right form is changed) and `broken_rules` (one rule of calculus is applied wrongly). To these come
the stories about the whole object. Two expressions are the same to us when they give the same
numbers, see `tasks.floats`.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator

from helpers.derivation import (
    D,
    Func,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    names,
    parse,
    replace_part,
    substitute,
    walk,
)
from helpers.diagnosis.broken_rules import broken_derivatives, without_d
from helpers.diagnosis.slips import ONE, ZERO, Slip, rewrites, slips
from helpers.diagnosis.tasks import Branches, Task, branches_of, each_branch

# Activations whose formulas are remembered for one another: text of g and of its derivative.
_OTHERS = (
    *(
        (parse(g), without_d(parse(f"D({g})")))
        for g in (
            *("sigmoid(z)", "tanh(z)", "ln(1 + exp(z))", "z*sigmoid(z)", "atan(z)", "tan(z)"),
            *("exp(z)", "z/(1 + abs(z))", "sinh(z)", "exp(-z^2)", "sin(z)"),
        )
    ),
    (parse("ln(z/(1 - z))"), parse("1/(z*(1 - z))")),  # the inverse of the sigmoid
)
_OTHER_BRANCHES = tuple(
    Branches(parse(left), parse(right))
    for left, right in (
        *(("0", "1"), ("-1", "1"), ("0", "z"), ("-z", "z"), ("exp(z)", "1"), ("exp(z) - 1", "z")),
        *(("0.01", "1"), ("0.01*z", "z"), ("0.1", "1"), ("0.1*z", "z")),
    )
)


def believed(task: Task) -> Iterator[Slip]:
    """Yield all that a believer of one of the stories might answer, wrong or by chance right."""
    for form in task.forms:
        if isinstance(form, Branches):
            yield from _branch_slips(form, task)
        else:
            yield from slips(form, task)
            for only in _on_one_side(form):
                yield Slip("branch-missing", only, "other")
    direct = min(
        task.of, key=lambda of: sum(1 for b in branches_of(of) for _ in walk(b)), default=None
    )
    for of in task.of:
        for slip in _whole_function(of, task):
            detour = slip.origin == "rule" and of is not direct
            yield slip._replace(origin="detour") if detour else slip
    for relative in task.relatives:
        yield Slip("other-form", _slope(relative, task), "other")
    for first, second in itertools.product(task.forms[:2], task.of[:1]):
        if isinstance(first, Branches) and isinstance(second, Branches):
            yield from _mixed_branches(first, second, task)


def _whole_function(of: Tree | Branches, task: Task) -> Iterator[Slip]:
    """Yield what goes wrong with the function as a whole, not with the form of the answer."""
    yield from _branched(of, task) if isinstance(of, Branches) else _unbranched(of, task)
    if not task.asks_value and not isinstance(of, Branches):
        yield from _patterns(of, task)
    for g, g_prime in _OTHERS:
        if not task.asks_value:
            yield Slip("formula-of-other-activation", g_prime, "other")
        yield Slip("formula-of-other-activation", g, "other")
    for branches in _OTHER_BRANCHES:
        yield Slip("formula-of-other-activation", branches, "other")


def _patterns(of: Tree, task: Task) -> Iterator[Slip]:
    """The slopes of sigmoid and tanh, in their own output, carried over to another function."""
    for f in (of, *(Sym(name) for name in task.where)):
        one_minus = Op("-", ONE, f)
        yield Slip("formula-of-other-activation", Op("*", f, one_minus), "other")
        yield Slip("formula-of-other-activation", Op("*", Sym("z"), one_minus), "other")
        square = Op("^", f, Num("2"))
        yield Slip("formula-of-other-activation", Op("-", ONE, square), "other")


def _unbranched(of: Tree, task: Task) -> Iterator[Slip]:
    prime = _slope(of, task)
    for slug, instead in task.swaps:
        if names(of) & {*instead}:
            yield Slip(slug, substitute(of, instead), "object")
            yield Slip("function-derivative-mixup", substitute(of, instead), "other")
    if task.asks_value:
        yield Slip("function-derivative-mixup", prime, "object")
        yield Slip("sign-flipped", _mirrored(of), "form")
        return
    yield from broken_derivatives(of, task.variable, task.where)
    for letter in _other_letters(task):
        yield Slip("wrong-variable", without_d(D(of), letter, task.where), "object")
    for slip in broken_derivatives(of, task.variable):
        if slip.slug == "missing-inner-derivative":
            yield from _pairs(slip, task)
    yield Slip("function-derivative-mixup", of, "whole")
    yield Slip("derivative-twice", without_d(D(prime), task.variable), "other")


def _branched(of: Branches[Tree], task: Task) -> Iterator[Slip]:
    prime = each_branch(lambda tree: _slope(tree, task), of)
    for form in task.forms[:1]:
        if task.parameters and isinstance(form, Branches):
            for rivals in ((of.left, of.right), (of.right, of.left)):
                on_top = Branches(form.left, form.right, rivals)
                yield Slip("max-needs-alpha-le-1", on_top, "branch")
            if not task.asks_value:
                largest, least = (Op(m, form.left, form.right) for m in ("max", "min"))
                for ruled in (Branches(form.left, largest), Branches(least, form.right)):
                    yield Slip("max-needs-alpha-le-1", ruled, "branch")
    if task.asks_value:
        yield Slip("function-derivative-mixup", prime, "object")
        moving = (task.moves(of.left), task.moves(of.right))  # a 0 shows no derivative
        mixed = ((prime.left, of.right), (of.left, prime.right))
        for left, right in itertools.compress(mixed, moving):
            # A lone letter is what is left of a product as well as its slope.
            bare = isinstance(left if left is prime.left else right, Sym)
            slug = "product-missing-term" if bare else "function-derivative-mixup"
            yield Slip(slug, Branches(left, right), "object")
        if moving[0]:
            rivalry = Branches(prime.left, of.right, (prime.left, of.right))
            yield Slip("function-derivative-mixup", rivalry, "object")
        yield Slip("sign-flipped", each_branch(_mirrored, of), "form")
        return
    for slip in broken_derivatives(of.left, task.variable):
        yield Slip(slip.slug, Branches(slip.tree, prime.right), "rule")
    for slip in broken_derivatives(of.right, task.variable):
        yield Slip(slip.slug, Branches(prime.left, slip.tree), "rule")
    for letter in _other_letters(task):
        wrong = Branches(without_d(D(of.left), letter), without_d(D(of.right), letter))
        for left, right in (
            (wrong.left, wrong.right),
            (wrong.left, prime.right),
            (prime.left, wrong.right),
        ):
            yield Slip("wrong-variable", Branches(left, right), "object")
        both = each_branch(lambda tree: _slope(tree, task), wrong)
        yield Slip("wrong-variable", both, "other")
    yield Slip("function-derivative-mixup", of, "whole")
    for slip in _branch_slips(of, task):
        if slip.slug == "parameter-ignored":
            yield slip._replace(slug="function-derivative-mixup", origin="pair")
            yield slip._replace(origin="pair")
    yield Slip("derivative-twice", each_branch(lambda tree: _slope(tree, task), prime), "other")


def _slope(tree: Tree, task: Task) -> Tree:
    return without_d(D(tree), task.variable, task.where)


def _other_letters(task: Task) -> list[str]:
    return [name for name in ("z", *task.parameters) if name != task.variable]


def believed_twice(
    task: Task, among: Container[str] | None = None
) -> Iterator[tuple[Slip[Tree], str]]:
    """Two slips at once: what is written, and the second story.

    among : the stories that are looked for; of a relative of the function all are.
    """
    yield from _slips_of_relatives(task)
    for form in task.forms[:2]:
        if not isinstance(form, Branches):
            written = (slip for slip in slips(form, task) if slip.origin == "form")
            yield from _second_slips(written, task, among)
    for of in task.of[:2]:
        if not isinstance(of, Branches) and not task.asks_value:
            broken = broken_derivatives(of, task.variable, task.where)
            yield from _second_slips(broken, task, among)


def _slips_of_relatives(task: Task) -> Iterator[tuple[Slip[Tree], str]]:
    for relative in task.relatives:
        for slip in broken_derivatives(relative, task.variable, task.where):
            yield Slip(slip.slug, slip.tree, "pair"), "other-form"
        for slip in slips(_slope(relative, task), task):
            yield Slip(slip.slug, slip.tree, "pair"), "other-form"


def _second_slips(
    first: Iterator[Slip[Tree]], task: Task, among: Container[str] | None
) -> Iterator[tuple[Slip[Tree], str]]:
    for slip in dict.fromkeys(s for s in first if among is None or s.slug in among):
        for slug, tree in rewrites(slip.tree, task):
            if slug != slip.slug and (among is None or slug in among):
                yield Slip(slip.slug, tree, "pair"), slug


def _pairs(first: Slip[Tree], task: Task) -> Iterator[Slip]:
    """A second slip on top of the first, of the two kinds that often come together."""
    for slug, tree in rewrites(first.tree, task):
        if slug in ("parameter-ignored", "z-for-g"):
            yield Slip(first.slug, tree, "pair")
            yield Slip(slug, tree, "pair")


def _mirrored(tree: Tree) -> Tree:
    return substitute(tree, {"z": Neg(Sym("z"))})


def _on_one_side(form: Tree) -> Iterator[Tree]:
    """What is left of a form with steps where that of z > 0, or of z < 0, holds for all z."""
    z = Sym("z")
    right, left = Func("step", z), Func("step", Neg(z))
    found = {*walk(form)}
    if right in found or left in found:
        old: list[Tree] = [right, left, Op("max", z, ZERO), Op("min", z, ZERO)]
        sides: list[list[Tree]] = [[ONE, ZERO, z, ZERO], [ZERO, ONE, ZERO, z]]
        for rows in sides:
            only = form
            for part, new in zip(old, rows, strict=True):
                only = replace_part(only, part, new)
            yield only


def _branch_slips(form: Branches[Tree], task: Task) -> Iterator[Slip]:
    left, right, kept = form.left, form.right, Sym(task.variable)
    yield Slip("branches-swapped", Branches(right, left), "branch")
    yield Slip("branches-swapped", Branches(_mirrored(right), _mirrored(left)), "branch")
    yield Slip("sign-flipped", Branches(_mirrored(right), _mirrored(left)), "form")
    if task.variable == "z" and (task.moves(left) if task.asks_value else left != ZERO):
        yield Slip("leak-dropped", Branches(ZERO, right), "branch")
        yield Slip("leak-side", Branches(ZERO, left), "branch")
        yield Slip("leak-side", Branches(ZERO, Op("+", right, left)), "branch")
    if not task.asks_value:
        overwritten: Branches = Branches(Branches(left, right, (ZERO, left)), right)
        yield Slip("mask-overwritten", overwritten, "other")
        if not task.moves(right):
            yield Slip("branch-kept-z", Branches(left, Op("*", right, kept)), "branch")
        if not task.moves(left):
            yield Slip("branch-kept-z", Branches(Op("*", left, kept), right), "branch")
        yield Slip("branch-kept-z", Branches(Op("*", left, kept), Op("*", right, kept)), "form")
    yield Slip("sign-flipped", Branches(Neg(left), Neg(right)), "form")
    for only in filter(task.moves, (left, right)):
        yield Slip("branch-missing", Branches(only, only), "other")
    for slip in slips(left, task):
        yield Slip(slip.slug, Branches(slip.tree, right), "form")
    for slip in slips(right, task):
        yield Slip(slip.slug, Branches(left, slip.tree), "form")
    for name in task.parameters:
        for value in (ONE, Num("0.01"), Num("0.1"), Num("0.2")):
            fixed = Branches(substitute(left, {name: value}), substitute(right, {name: value}))
            yield Slip("parameter-ignored", fixed, "branch")


def _mixed_branches(form: Branches[Tree], of: Branches[Tree], task: Task) -> Iterator[Slip]:
    """One branch of the answer, the other one of the function itself."""
    yield Slip("function-derivative-mixup", Branches(of.left, form.right), "object")
    kept = task.moves(of.right)
    slug, origin = ("branch-kept-z", "branch") if kept else ("function-derivative-mixup", "object")
    yield Slip(slug, Branches(form.left, of.right), origin)
