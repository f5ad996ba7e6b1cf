"""What one change at one place makes of a wrong line, and the slip that it takes back.

`slips` starts from the right forms that are declared; a person's line may look like none of them.
Here the line itself is the start: a sign turned back, a bracket put in, a factor given back. Where
that alone makes it right, the slip is told, whatever the form. At each place the line becomes a
line with a hole, and all that may fill it is computed at once.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from functools import cache, cached_property
from itertools import combinations, islice

import numpy as np

from helpers.derivation import (
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    differentiate,
    names,
    parse,
    replace_children,
    substitute,
    walk,
    written_out,
)
from helpers.exercises.beliefs import OUTPUT, Beliefs, Together, ranked, same_numbers
from helpers.exercises.slips import ACTIVATIONS, ONE, TWO, ZERO, Changes, Slip
from helpers.exercises.tasks import Branches, Task, floats

__all__ = ["Repairs", "with_hole"]

_HOLE = "hole"
_SECONDS = 0.5  # that a place in a program is looked for
_CHANGED, _ADDED = "changed", "added"
Where = tuple[int, int, int]  # line, first and last column
_IN_PAIRS = ("z-for-g", "missing-parentheses", "activation-applied-twice")
_MOST = 40  # first slips that are tried with a second one; a learner waits for the answer


class Repairs:
    """The slips of which one, or two, taken back make a line right.

    Parameters
    ----------
    beliefs : the task, its places and numbers.
    right : the numbers that the line should have there.

    >>> from helpers.derivation import parse
    >>> task = Task(of=(parse("sigmoid(z)"),), forms=(parse("g*(1 - g)"),), where={"g": parse("z")})
    >>> beliefs = Beliefs(task, {"z": np.array([0.3, 0.5, 2.0])})
    >>> Repairs(beliefs, beliefs.reference).one(parse("g*1 - g"))
    ('missing-parentheses', 'product-missing-term', 'term-lost')
    """

    def __init__(self, beliefs: Beliefs, right: np.ndarray) -> None:
        self.beliefs, self.task, self.right = beliefs.with_output(), beliefs.task, right

    def all(self, line: Tree) -> set[str]:
        """Every slip of which one, taken back, makes the line right."""
        return {slug for slug, _ in self.made_right(line, lost=True)}

    def one(self, line: Tree) -> tuple[str, ...]:
        """Name the slips of which one, taken back, makes the line right, the likeliest first."""
        return ranked(Slip(slug, tree) for slug, tree in self.made_right(line, lost=True))

    def two(self, line: Tree) -> tuple[str, ...]:
        """Name two slips of which only both, taken back, make the line right."""
        for first, tree in islice(self._first_of_two(line), _MOST):
            second = ranked(Slip(slug, new) for slug, new in self.made_right(tree))
            if second := tuple(slug for slug in second if slug != first):
                return Together((first, second[0]))
        for tree in islice(self._with_a_parameter(line), _MOST):
            if any(slug == "parameter-ignored" for slug, _ in self.made_right(tree, lost=True)):
                return Together(("parameter-ignored", "parameter-ignored"))
        return ()

    def brackets_lost(self, line: Tree) -> tuple[str, ...]:
        """Where a line divides or multiplies by a bare 1: do brackets alone explain it, or in part?

        Nobody writes s*1 - s or 1/1 + u without a pair of brackets in mind.
        """
        if not any(_by_one(node) for node in walk(line)):
            return ()
        if "missing-parentheses" in (stories := self.one(line)):
            return tuple(dict.fromkeys(("missing-parentheses", *stories)))
        for node, hole in _holes(line):
            for new in _rotated(node):
                values = self.beliefs.numbers(substitute(hole, {_HOLE: new}))
                others = ranked(self.beliefs.fits(values, self.beliefs.table))
                if others[:1] == ("formula-of-other-activation",):
                    return Together(("missing-parentheses", others[0]))
        return ()

    # --------------------------------------------------------------------------- the line changed

    def _first_of_two(self, line: Tree) -> Changes:
        """Yield the line after a first change, of the kinds that come with another one."""
        yield from _of_the_whole(line, self.task)
        for node, hole in _holes(line):
            for slug, new in _changes(node, self.task):
                if slug in _IN_PAIRS and slug not in self.task.ruled_out:
                    yield slug, substitute(hole, {_HOLE: new})

    def _with_a_parameter(self, line: Tree) -> Iterator[Tree]:
        """Yield the line with a parameter once more, or once less, at one place."""
        for node, hole in _holes(line):
            for name in self.task.parameters:
                yield substitute(hole, {_HOLE: Op("*", node, Sym(name))})
                yield substitute(hole, {_HOLE: Op("/", node, Sym(name))})

    def made_right(self, line: Tree, lost: bool = False) -> Changes:
        """Yield the changes that make the line right, with what then stands at the place.

        lost : factors and terms are given back as well.
        """
        return ((slug, new) for slug, new, _ in self._made_right(line, lost))

    def place(self, line: Tree, story: str) -> Tree | None:
        """Return the part of the line that a story points at; None where it can't be told.

        It is the smallest one at which the slip alone can be taken back; where that can be done at
        several places, it holds them all.
        """
        found = [node for slug, _, node in self._made_right(line, lost=True) if slug == story]
        inside = [n for n in found if not any(m is not n and _holds(n, m) for m in found)]
        around = [n for n in walk(line) if inside and all(_holds(n, m) for m in inside)]
        return around[-1] if around else None

    def where(
        self,
        parts: Sequence[tuple[Where, Tree, Tree]],
        others: Sequence[Tree],
        stories: Sequence[str],
    ) -> tuple[Where, Tree] | None:
        """Return the place in a program at which one change alone makes it right.

        First come changes with a story that is told, in the order of the stories: one place, or the
        smallest that holds them all. Then changes of what stands there, then what may be added, at
        one place alone; where such changes at several places make it right, none is told of.

        Parameters
        ----------
        parts : places with what stands there and the whole formula with a hole in its stead.
        others : what may have been meant instead of a name.
        stories : those that are told, the likeliest first.
        """
        found: dict[str, set[Where]] = {}
        end = time.monotonic() + _SECONDS
        for place, node, hole in parts:
            for slug, _, _ in self._filled(node, hole, False, _ways(node, self.task, others)):
                found.setdefault(slug if slug in stories else _CHANGED, set()).add(place)
            for slug, _, _ in self._filled(node, hole, True, iter(()), True):
                found.setdefault(slug if slug in stories else _ADDED, set()).add(place)
            if time.monotonic() > end:
                return None
        for kind in (*stories, _CHANGED, _ADDED):
            if inside := _smallest(found.get(kind, set())):
                around = [p for p in parts if all(_is_inside(q, p[0]) for q in inside)]
                told = kind in stories or len(inside) == 1
                return min(around, key=lambda p: p[0][2] - p[0][1])[:2] if around and told else None
        return None

    def _made_right(self, line: Tree, lost: bool) -> Iterator[tuple[str, Tree, Tree]]:
        for slug, new in _of_the_whole(line, self.task):
            if same_numbers(self.beliefs.numbers(new)[None], self.right).all():
                yield slug, new, line
        for node, hole in _holes(line):
            given = lost and not isinstance(node, Num)
            ways = _changes(node, self.task)
            yield from self._filled(node, hole, given, ways, _is_added(node, line))

    def _filled(
        self, node: Tree, hole: Tree, lost: bool, ways: Changes, added: bool = False
    ) -> Iterator[tuple[str, Tree, Tree]]:
        """Yield the ways to fill a hole that make the line right."""
        tried = list(ways)
        rows = [self.beliefs.numbers(new) for _, new in tried]
        for slug, new, row in self._given_back(node, added) if lost else ():
            tried.append((slug, new))
            rows.append(row)
        if not rows:
            return
        at = {**self.beliefs.at, _HOLE: np.array(rows)}
        with np.errstate(all="ignore"):
            values = np.broadcast_to(floats(hole, at), (len(rows), self.beliefs.size))
        for k in np.flatnonzero(same_numbers(values, self.right)).tolist():
            if tried[k][0] not in self.task.ruled_out:
                yield *tried[k], node

    def _given_back(self, node: Tree, added: bool) -> Iterator[tuple[str, Tree, np.ndarray]]:
        """A factor or a term that was lost, a parameter that is there once too often."""
        value = self.beliefs.numbers(node)
        with np.errstate(all="ignore"):
            for slug, factor, row in self._factors:
                yield slug, Op("*", node, factor), value * row
                if slug == "parameter-ignored":
                    yield slug, Op("/", node, factor), value / row
            for term, row in self._terms if added else ():
                yield "term-lost", Op("+", node, term), value + row
                yield "term-lost", Op("-", node, term), value - row

    @cached_property
    def _factors(self) -> list[tuple[str, Tree, np.ndarray]]:
        found = _lost_factors(self.task)
        return [(slug, factor, self.beliefs.numbers(factor)) for factor, slug in found]

    @cached_property
    def _terms(self) -> list[tuple[Tree, np.ndarray]]:
        forms = (form for form in self.task.forms if not isinstance(form, Branches))
        terms = dict.fromkeys((ONE, *(part for form in forms for part in _parts(form))))
        return [(term, self.beliefs.numbers(term)) for term in terms]


def with_hole(tree: Tree, parts: Collection[int]) -> Tree:
    """Put the hole where one of these parts stands, told by its identity."""
    if id(tree) in parts:
        return Sym(_HOLE)
    below = children(tree)
    new = [with_hole(child, parts) for child in below]
    same = all(a is b for a, b in zip(below, new, strict=True))
    return tree if same else replace_children(tree, new)


def _smallest(places: set[Where]) -> set[Where]:
    return {p for p in places if not any(q != p and _is_inside(q, p) for q in places)}


def _is_inside(place: Where, around: Where) -> bool:
    return place[0] == around[0] and around[1] <= place[1] and place[2] <= around[2]


_CALLED = ("exp", "tanh", "sigmoid", "sqrt", "ln")
_NUMBERS = tuple(Num(n) for n in ("0", "1", "2", "0.5", "3", "4"))


def _ways(node: Tree, task: Task, others: Sequence[Tree]) -> Changes:
    """What may have been meant at a place of a program, with the story where there is one."""
    yield from _changes(node, task)
    yield "sign-flipped", Neg(node)
    yield "", Op("-", ONE, node)
    yield "fraction-upside-down", Op("/", ONE, node)
    yield from (("", Func(name, node)) for name in _CALLED)
    match node:
        case Num():
            yield from (("", number) for number in _NUMBERS)
        case Func(name, arg):
            yield "", arg
            yield from (("", Func(other, arg)) for other in _CALLED if other != name)
        case If(_, left, right, then, other) if other is not None:
            for turned in ("<", "<=", ">", ">="):
                yield "branches-swapped", If(turned, left, right, then, other)
            yield "", then
            yield "", other
        case Op(op, a, b):
            yield from (("", part) for part in (a, b, Op(op, b, a)))
    if isinstance(node, Sym | Num):
        yield from (("", other) for other in others)


def _holes(tree: Tree) -> Iterator[tuple[Tree, Tree]]:
    """Every node, and the tree with a hole in its place."""
    yield tree, Sym(_HOLE)
    below = children(tree)
    for i, child in enumerate(below):
        for node, hole in _holes(child):
            yield node, replace_children(tree, [*below[:i], hole, *below[i + 1 :]])


def _holds(tree: Tree, part: Tree) -> bool:
    """Is the part, itself and not one like it, somewhere in the tree?"""
    return any(node is part for node in walk(tree))


def _is_added(node: Tree, line: Tree) -> bool:
    """Is it the line, a sum, or a term of one?"""
    sums = [n for n in walk(line) if isinstance(n, Op) and n.op in "+-"]
    return any(node is n or node is n.left or node is n.right for n in sums) or node is line


def _by_one(node: Tree) -> bool:
    """Is it divided or multiplied by a bare 1?"""
    match node:
        case Op("/" | "*", _, Num("1")):
            return True
    return False


def _of_the_whole(line: Tree, task: Task) -> Changes:
    """All signs turned, and the output wherever the input stands."""
    yield "sign-flipped", Neg(line)
    for instead in _outputs(task):
        if names(line) & {*instead}:
            yield "z-for-g", substitute(line, instead)
    for number in _inner_numbers(task):
        stretched = Op("*", number, Sym(task.variable))
        yield "parameter-ignored", substitute(line, {task.variable: stretched})


def _changes(node: Tree, task: Task) -> Changes:
    yield from _operations(node, task)
    yield from _powers(node, task)
    yield from _objects(node, task)


def _operations(node: Tree, task: Task) -> Changes:
    """Another sign, another operation, other brackets."""
    match node:
        case Op("+" | "-" as op, a, b):
            yield "plus-minus-swapped", Op("-" if op == "+" else "+", a, b)
            yield "sign-flipped", Op(op, Neg(a), b)
            if task.moves(a) and task.moves(b):
                yield "operation-swapped", Op("*", a, b)
        case Op("*", a, b) if task.moves(a) and task.moves(b):
            for other in "+-/":
                yield "operation-swapped", Op(other, a, b)
        case Op("*", a, Sym(name) as b) if name in task.parameters:
            yield "operation-swapped", Op("/", a, b)
        case Op("/", a, b):
            if task.moves(b) or (isinstance(b, Sym) and b.name in task.parameters):
                yield "operation-swapped", Op("*", a, b)
            yield "fraction-upside-down", Op("/", b, a)
        case Neg(arg):
            yield "sign-flipped", arg
        case Func("exp", arg):
            yield "sign-flipped", Func("exp", arg.arg if isinstance(arg, Neg) else Neg(arg))
        case Func(name, Op(op, a, b)):
            yield "missing-parentheses", Op(op, Func(name, a), b)
        case If(sign, left, right, then, Num() | Sym() | Neg() | Op() | Func() | If() as other):
            yield "branches-swapped", If(sign, left, right, other, then)
            asked = If(sign, Sym("z"), ZERO, then, other)
            overwritten = any(isinstance(node, If) for node in walk(left))
            yield "mask-overwritten" if overwritten else "condition-misplaced", asked
    for new in (*_rotated(node), *_bracketed(node)):
        yield "missing-parentheses", new


_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}


def _rotated(node: Tree) -> Iterator[Tree]:
    """The same row with a pair of brackets more, or one less: (a o b) p c and a o (b p c)."""
    if any(isinstance(n, Op) and n.op not in _BINDS for n in (node, *children(node))):
        return  # max(u, v) has its own brackets
    match node:
        case Op(p, Op(o, a, b), c):
            plain = isinstance(b, Num) and isinstance(c, Num) and o == "^"  # x^2/2, not x^(2/2)
            if (_BINDS[o] != _BINDS[p] or o in "/-") and not plain:
                yield Op(o, a, Op(p, b, c))
            if isinstance(b, Op) and _BINDS.get(b.op, 0) > _BINDS[p]:
                yield Op(o, a, Op(b.op, b.left, Op(p, b.right, c)))
    match node:
        case Op(o, a, Op(p, b, c)) if _BINDS[o] != _BINDS[p] or o in "/-":
            yield Op(p, Op(o, a, b), c)
    match node:
        case Op(o, Neg(a), b):
            yield Neg(Op(o, a, b))
        case Neg(Op(o, a, b)):
            yield Op(o, Neg(a), b)


_ROW = "pqrsuv"  # letters for the operands of a row; longer ones are not tried


def _bracketed(node: Tree) -> Iterator[Tree]:
    """A row of terms and factors with one pair of brackets more: 1 - 1 + t/2 as 1 - (1 + t)/2."""
    parts, signs = _row(node)
    if 3 <= len(parts) <= len(_ROW):
        operands = dict(zip(_ROW, parts, strict=False))
        yield from (substitute(row, operands) for row in _rows(tuple(signs)))


@cache
def _rows(signs: tuple[str, ...]) -> tuple[Tree, ...]:
    """A row of letters with these signs, and a pair of brackets in every place."""
    count, found = len(signs) + 1, []
    for i, j in combinations(range(count), 2):
        parts = [
            f"{'(' * (k == i)}{_ROW[k]}{')' * (k == j)}{sign}"
            for k, sign in enumerate((*signs, ""))
        ]
        found.append(parse("".join(parts)))
    plain = parse("".join(map("".join, zip(_ROW, (*signs, ""), strict=False))))
    return tuple(dict.fromkeys(row for row in found if row != plain))


def _row(node: Tree) -> tuple[list[Tree], list[str]]:
    """The operands of a row as it is written without brackets, and the signs between them."""
    match node:
        case Op("+" | "-" | "*" | "/" as op, a, b):
            first, before = _row(a) if _binds(a) >= _BINDS[op] else ([a], [])
            second, after = _row(b) if _binds(b) > _BINDS[op] else ([b], [])
            return [*first, *second], [*before, op, *after]
    return [node], []


def _binds(node: Tree) -> int:
    return _BINDS.get(node.op, 0) if isinstance(node, Op) else 0


def _powers(node: Tree, task: Task) -> Changes:
    """A square given back to what it stood on."""
    if task.moves(node):
        yield "missing-square", Op("^", node, TWO)
    match node:
        case Op("^", a, Num("2")):
            yield "missing-square", a
        case Op("*", Num("2"), a) | Op("*", a, Num("2")):
            yield "square-as-times-two", Op("^", a, TWO)
        case Func(name, Op("*", Num("2"), a)):
            yield "square-as-times-two", Op("^", Func(name, a), TWO)
        case Func(name, Op("^", a, Num("2"))):
            yield "square-on-argument", Op("^", Func(name, a), TWO)
        case Func(name, Neg(Op("^", a, Num("2")))):
            yield "square-on-argument", Op("^", Func(name, Neg(a)), TWO)
        case Op("+" | "-" as op, a, b) if (x := _root(a)) and (y := _root(b)):
            yield "power-distributed-over-sum", Op("^", Op(op, x, y), TWO)


def _root(tree: Tree) -> Tree | None:
    match tree:
        case Num("1"):
            return tree
        case Op("^", a, Num("2")):
            return a
        case Func("exp", Op("*", Num("2"), a)):
            return Func("exp", a)
        case Func("exp", Neg(Op("*", Num("2"), a))):
            return Func("exp", Neg(a))
    return None


def _objects(node: Tree, task: Task) -> Changes:
    """The output for the input, the input for the output, a letter for a number."""
    match node:
        case Sym():
            for instead in _outputs(task):
                if node.name in instead:
                    yield "z-for-g", instead[node.name]
            if node.name in task.parameters:
                yield "parameter-ignored", ONE
        case Func(name, arg) if name in ACTIVATIONS:
            yield "activation-applied-twice", arg
            yield from (
                ("formula-of-other-activation", Func(other, arg))
                for other in ACTIVATIONS
                if other != name
            )
        case Num():
            yield from (("parameter-ignored", Sym(name)) for name in task.parameters)


def _outputs(task: Task) -> Iterator[dict[str, Tree]]:
    """What may stand where the input was put: the letters, and the function itself."""
    meant = [Sym(name) for name in task.where]
    if not task.asks_value and task.of and not isinstance(task.of[0], Branches):
        meant.append(Sym(OUTPUT))
    return ({"z": instead} for instead in meant)


def _lost_factors(task: Task) -> list[tuple[Tree, str]]:
    """Factors that a right answer may hold and a wrong one lack, with their stories."""
    factors: dict[Tree, str] = {Sym(name): "parameter-ignored" for name in task.parameters}
    factors[TWO] = factors[Num("4")] = "parameter-ignored"
    for slope in _inner_slopes(task):
        factors.setdefault(slope, "missing-inner-derivative")
    for form in task.forms:
        for part in () if isinstance(form, Branches) else _parts(form):
            for factor in filter(task.moves, _factors(part)):
                factors.setdefault(factor, "product-missing-term")
    for name in task.where:
        factors.setdefault(Sym(name), "product-missing-term")
        factors.setdefault(Op("-", ONE, Sym(name)), "product-missing-term")
    both = [(number, "missing-inner-derivative") for number in _inner_numbers(task)]
    return [*both, *factors.items()]


def _inner_slopes(task: Task) -> list[Tree]:
    found = (inner for of in task.of if not isinstance(of, Branches) for inner in _inner(of))
    return [differentiate(written_out(inner, task.where), task.variable) for inner in found]


def _inner_numbers(task: Task) -> list[Tree]:
    """The numbers that stand in front of the variable, inside: a constant, and a slope."""
    slopes = dict.fromkeys(_inner_slopes(task))
    return [slope for slope in slopes if isinstance(slope, Num) and slope not in (ZERO, ONE)]


def _inner(tree: Tree) -> Iterator[Tree]:
    """What stands inside of another function: where a chain rule has an inner derivative."""
    for node in walk(tree):
        match node:
            case Func(_, arg) if not isinstance(arg, Sym):
                yield arg
            case Op("^", base, Num() | Neg(Num())) if not isinstance(base, Sym):
                yield base


def _parts(tree: Tree) -> list[Tree]:
    match tree:
        case Op("+" | "-", a, b):
            return [*_parts(a), *_parts(b)]
    return [tree]


def _factors(tree: Tree) -> list[Tree]:
    match tree:
        case Op("*", a, b):
            return [*_factors(a), *_factors(b)]
        case Op("/", a, _):
            return _factors(a)
    return [tree]
