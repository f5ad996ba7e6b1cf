"""What one change at one place makes of a wrong line, and the slip that it takes back.

`slips` starts from the right forms that are declared; a person's line may look like none of them.
Here the line itself is the start: a sign turned back, a bracket put in, a factor given back. Where
that alone makes it right, the slip is told, whatever the form. At each place the line becomes a
line with a hole, and all that may fill it is computed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import combinations, islice

import numpy as np

from helpers.derivation import (
    FUNCTIONS,
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
from helpers.diagnosis.beliefs import OUTPUT, Beliefs, Together, ranked, same_numbers
from helpers.diagnosis.slips import ACTIVATIONS, ONE, TWO, ZERO, Changes, Slip
from helpers.diagnosis.tasks import Branches, Task, branches_of, floats, is_step

HOLE = "hole"
_IN_PAIRS = ("z-for-g", "missing-parentheses", "activation-applied-twice")
# First slips that are tried with a second one, fewer in a long line, for each of them costs the
# square of its nodes; a learner waits for the answer.
_MOST, _MOST_SQUARED = 40, 25_000


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
    ('missing-parentheses', 'product-missing-term')
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
        most = min(_MOST, _MOST_SQUARED // sum(1 for _ in walk(line)) ** 2)
        for first, tree in islice(self._first_of_two(line), most):
            second = ranked(Slip(slug, new) for slug, new in self.made_right(tree))
            if second := tuple(slug for slug in second if slug != first):
                return Together((first, second[0]))
        for tree in islice(self._with_a_parameter(line), most):
            if any(slug == "parameter-ignored" for slug, _ in self.made_right(tree, lost=True)):
                return Together(("parameter-ignored", "parameter-ignored"))
        return ()

    def brackets_lost(self, line: Tree) -> tuple[str, ...]:
        """Where a line divides or multiplies by a bare 1: do brackets alone explain it, or in part?

        Nobody writes s*1 - s or 1/1 + u without a pair of brackets in mind.
        """
        if not any(_has_term_by_one(node) for node in walk(line)):
            return ()
        if "missing-parentheses" in (stories := self.one(line)):
            return tuple(dict.fromkeys(("missing-parentheses", *stories)))
        for node, hole in _holes(line):
            for new in _rotated(node):
                values = self.beliefs.numbers(substitute(hole, {HOLE: new}))
                others = ranked(self.beliefs.fits(values, self.beliefs.table))
                if others[:1] == ("formula-of-other-activation",):
                    return Together(("missing-parentheses", others[0]))
        return ()

    # --------------------------------------------------------------------------- the line changed

    def _first_of_two(self, line: Tree) -> Changes:
        """Yield the line after a first change, of the kinds that come with another one."""
        yield from _of_the_whole(line, self.task)
        for node, hole in _holes(line):
            for slug, new in changes(node, self.task):
                if slug in _IN_PAIRS and slug not in self.task.ruled_out:
                    yield slug, substitute(hole, {HOLE: new})

    def _with_a_parameter(self, line: Tree) -> Iterator[Tree]:
        """Yield the line with a parameter once more, or once less, at one place."""
        for node, hole in _holes(line):
            for name in self.task.parameters:
                yield substitute(hole, {HOLE: Op("*", node, Sym(name))})
                yield substitute(hole, {HOLE: Op("/", node, Sym(name))})

    def made_right(self, line: Tree, lost: bool = False) -> Changes:
        """Yield the changes that make the line right, with what then stands at the place.

        lost : factors and terms are given back as well.
        """
        return ((slug, new) for slug, new, _ in self._made_right(line, lost) if slug)

    def place(
        self, line: Tree, story: str, ways: Callable[[Tree], Changes] | None = None
    ) -> Tree | None:
        """Return the part of the line that a story points at; None where it can't be told.

        It is the smallest one at which the slip alone can be taken back; where that can be done at
        several places, it holds them all.

        ways : what may have been meant at a place, instead of all that is known here.
        """
        made = self._made_right(line, lost=True) if ways is None else self._filled_by(line, ways)
        found = [node for slug, _, node in made if slug == story]
        if story == "missing-inner-derivative":  # it multiplies a function, not what stands in it
            inner = {id(n) for f in walk(line) if isinstance(f, Func) for n in walk(f.arg)}
            found = [node for node in found if id(node) not in inner] or found
        inside = [n for n in found if not any(m is not n and _holds(n, m) for m in found)]
        around = [n for n in walk(line) if inside and all(_holds(n, m) for m in inside)]
        return around[-1] if around else None

    def _made_right(self, line: Tree, lost: bool) -> Iterator[tuple[str, Tree, Tree]]:
        for slug, new in _of_the_whole(line, self.task):
            if same_numbers(self.beliefs.numbers(new)[None], self.right).all():
                yield slug, new, line
        added = {id(part) for part in terms_of(line)}
        for node, hole in _holes(line):
            given = lost and not isinstance(node, Num)
            ways = changes(node, self.task)
            yield from self.filled(node, hole, given, ways, id(node) in added)

    def _filled_by(
        self, line: Tree, ways: Callable[[Tree], Changes]
    ) -> Iterator[tuple[str, Tree, Tree]]:
        for node, hole in _holes(line):
            yield from self.filled(node, hole, False, ways(node))

    def filled(
        self, node: Tree, hole: Tree, lost: bool, ways: Changes, added: bool = False
    ) -> Iterator[tuple[str, Tree, Tree]]:
        """Yield the ways to fill a hole that make the line right."""
        tried = list(ways)
        rows = [self.beliefs.numbers(new) for _, new in tried]
        in_fraction = added and any(
            isinstance(n, Op) and n.op == "/" and HOLE in names(n) for n in walk(hole)
        )
        for slug, new, row in self._given_back(node, added) if lost else ():
            if in_fraction and slug == "term-lost" and self._holds_more(new):
                continue
            tried.append((slug, new))
            rows.append(row)
        came_in = {"missing-square"} if node == TWO else set()
        given_back = {"product-missing-term"} if lost else set()
        for k in self.right_ones(hole, np.array(rows)):
            if tried[k][0] not in self.task.ruled_out - came_in - given_back:
                yield *tried[k], node

    def right_ones(self, hole: Tree, rows: np.ndarray) -> list[int]:
        """Return which rows of numbers, put into the hole, give what is right."""
        if not len(rows):
            return []
        with np.errstate(all="ignore"):
            values = floats(hole, {**self.beliefs.at, HOLE: rows})
        close = np.broadcast_to(values, (len(rows), self.beliefs.size))
        maybe = np.flatnonzero(same_numbers(close[:, :1], self.right[:1]))
        return maybe[same_numbers(close[maybe], self.right)].tolist()

    def _given_back(self, node: Tree, added: bool) -> Iterator[tuple[str, Tree, np.ndarray]]:
        """A factor or a term that was lost, a parameter that is there once too often."""
        value = self.beliefs.numbers(node)
        with np.errstate(all="ignore"):
            for slug, factor, row in self._factors:
                yield slug, Op("*", node, factor), value * row
                if slug == "parameter-ignored":
                    yield slug, Op("/", node, factor), value / row
            for term, row in self._terms if added and np.any(value) else ():
                yield "term-lost", Op("+", node, term), value + row
                yield "term-lost", Op("-", node, term), value - row

    def _holds_more(self, new: Tree) -> bool:
        """Is what is added a fraction itself, or does it hold what letters stand for?"""
        term = new.right if isinstance(new, Op) else new
        letters = {*names(term)} & {*self.task.where}
        return bool(letters) or (isinstance(term, Op) and term.op == "/")

    @property
    def factors(self) -> list[tuple[str, Tree]]:
        """Return the factors that may be lost, with their stories."""
        return [(slug, factor) for slug, factor, _ in self._factors]

    @cached_property
    def _factors(self) -> list[tuple[str, Tree, np.ndarray]]:
        found = _lost_factors(self.task)
        return [(slug, factor, self.beliefs.numbers(factor)) for factor, slug in found]

    @cached_property
    def _terms(self) -> list[tuple[Tree, np.ndarray]]:
        forms = (form for form in self.task.forms if not isinstance(form, Branches))
        terms = dict.fromkeys((ONE, *(part for form in forms for part in _parts(form))))
        found = [(term, self.beliefs.numbers(term)) for term in terms]
        return [(t, row) for t, row in found if not same_numbers(row[None], self.right).all()]


def _holes(tree: Tree) -> Iterator[tuple[Tree, Tree]]:
    """Every node, and the tree with a hole in its place; a condition is changed as a whole."""
    yield tree, Sym(HOLE)
    below = children(tree)
    decide = {id(tree.left), id(tree.right)} if isinstance(tree, If) else ()
    for i, child in enumerate(below):
        if id(child) in decide:
            continue
        for node, hole in _holes(child):
            yield node, replace_children(tree, [*below[:i], hole, *below[i + 1 :]])


def _holds(tree: Tree, part: Tree) -> bool:
    """Is the part, itself and not one like it, somewhere in the tree?"""
    return any(node is part for node in walk(tree))


def terms_of(line: Tree) -> Iterator[Tree]:
    """Yield a line, its branches, the sums in it, and their terms."""
    yield line
    for node in walk(line):
        if isinstance(node, Op) and node.op in "+-":
            yield from (node, node.left, node.right)
        elif isinstance(node, If):
            yield from (side for side in (node.then, node.other) if side is not None)


def _has_term_by_one(node: Tree) -> bool:
    """Is a term of a sum divided or multiplied by a bare 1, as in s*1 - s?"""
    match node:
        case Op("+" | "-", a, b):
            return any(isinstance(t, Op) and t.op in "/*" and t.right == ONE for t in (a, b))
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


def changes(node: Tree, task: Task) -> Changes:
    """What one slip at a place of a formula, taken back, puts there, with its story."""
    yield from meant(node, _operations(node, task))
    yield from _powers(node, task)
    yield from _objects(node, task)


def meant(node: Tree, ways: Changes) -> Changes:
    """Leave out operations that do nothing: nobody means 1*u where 1/u stands."""
    idle = _idle(node)
    return ((slug, new) for slug, new in ways if slug != _OPERATION or _idle(new) <= idle)


_OPERATION = "operation-swapped"


def _operations(node: Tree, task: Task) -> Changes:
    """Another sign, another operation, other brackets."""
    match node:
        case Op("+" | "-" as op, a, b):
            yield "plus-minus-swapped", Op("-" if op == "+" else "+", a, b)
            yield "sign-flipped", Op(op, Neg(a), b)
            if task.moves(a) and task.moves(b):
                yield "operation-swapped", Op("*", a, b)
            if isinstance(a, Op) and a.op in "+-" and op == "+":
                yield "operation-swapped", Op(a.op, a.left, Op("*", a.right, b))
        case Op("*", a, b) if task.moves(a) and task.moves(b):
            for other in "+-/":
                yield "operation-swapped", Op(other, a, b)
            if isinstance(a, Op) and a.op == "*":
                yield "operation-swapped", Op("+", a.left, Op("*", a.right, b))
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
        case If(sign, left, right, then, Num() | Sym() | Neg() | Op() | Func() | If() as other):
            yield "branches-swapped", If(sign, left, right, other, then)
            asked = If(sign, Sym("z"), ZERO, then, other)
            overwritten = any(isinstance(node, If) for node in walk(left))
            if task.has_z:
                yield "mask-overwritten" if overwritten else "condition-misplaced", asked
    match node:
        case Op("*" | "/" as times, Func(name, a), b) if name != "abs":
            yield "missing-parentheses", Func(name, Op(times, a, b))
        case Op("*", Op("/", u, Func(name, a)), b) if name != "abs":
            yield "missing-parentheses", Op("/", u, Func(name, Op("*", a, b)))
    match node:
        case Func(name, Op("-", Num("1"), b)):
            yield "one-minus-inside", Op("-", ONE, Func(name, b))
            yield "missing-parentheses", Op("-", Func(name, ONE), b)
        case Func(name, Op(sign, a, b)):
            yield "missing-parentheses", Op(sign, Func(name, a), b)
            yield "missing-parentheses", Op(sign, a, Func(name, b))
    for new in (*_rotated(node), *_bracketed(node)):
        if _idle(new) <= _idle(node):  # nobody means 1^2, or 1*u
            yield "missing-parentheses", new


def _idle(tree: Tree) -> int:
    """How many powers, products and fractions in it do nothing to a number 1, or with it?"""
    operations = (n for n in walk(tree) if isinstance(n, Op) and n.op in "*/^")
    return sum(n.right == ONE or (n.left == ONE and n.op in "*^") for n in operations)


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
    yield from _first_bracket_opened(node)
    match node:
        case Op("*", Op("*", a, Op("+" | "-" as o, b, c)), d):
            yield Op("*", a, Op(o, b, Op("*", c, d)))
    match node:
        case Op(o, a, Op(p, b, c)) if _BINDS[o] != _BINDS[p] or o in "/-":
            yield Op(p, Op(o, a, b), c)
    match node:
        case Op(o, Neg(a), b):
            yield Neg(Op(o, a, b))
        case Neg(Op(o, a, b)):
            yield Op(o, Neg(a), b)


def _first_bracket_opened(node: Tree) -> Iterator[Tree]:
    """(a + b)*c*d read as a + b*c*d."""
    match node:
        case Op("*" | "/" as p, Op("*" | "/", Op("+" | "-") | Op("*" | "/")) as left, c):
            inside = left.left
            if isinstance(inside, Op) and inside.op in "+-":
                yield Op(inside.op, inside.left, Op(p, Op(left.op, inside.right, left.right), c))
            else:
                for opened in _first_bracket_opened(left):
                    assert isinstance(opened, Op)
                    yield Op(opened.op, opened.left, Op(p, opened.right, c))


_ROW = "pqrsuv"  # letters for the operands of a row; longer ones are not tried


def _bracketed(node: Tree) -> Iterator[Tree]:
    """A row of terms and factors with one pair of brackets more: 1 - 1 + t/2 as 1 - (1 + t)/2."""
    parts, signs = _row(node)
    if 3 <= len(parts) <= len(_ROW):
        operands = dict(zip(_ROW, parts, strict=False))
        yield from (substitute(row, operands) for row in _rows(tuple(signs)))


@cache
def _rows(signs: tuple[str, ...]) -> tuple[Tree, ...]:
    """A row of letters with these signs, with a pair of brackets in every place, or with two."""
    count, found = len(signs) + 1, []
    ranges = [*combinations(range(count), 2)]
    pairs = [(a, b) for a in ranges for b in ranges if a[1] < b[0]]
    for brackets in (*((one,) for one in ranges), *pairs):
        parts = [
            f"{'(' * _begin(brackets, k)}{_ROW[k]}{')' * _end(brackets, k)}{sign}"
            for k, sign in enumerate((*signs, ""))
        ]
        found.append(parse("".join(parts)))
    plain = parse("".join(map("".join, zip(_ROW, (*signs, ""), strict=False))))
    return tuple(dict.fromkeys(row for row in found if row != plain))


def _begin(brackets: Sequence[tuple[int, int]], k: int) -> int:
    return sum(i == k for i, _ in brackets)


def _end(brackets: Sequence[tuple[int, int]], k: int) -> int:
    return sum(j == k for _, j in brackets)


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
    if task.moves(node) and not (isinstance(node, Func) and node.name == "exp"):
        yield "missing-square", Op("^", node, TWO)
    match node:
        case Op("^", Op("+" | "-" as op, a, b), Num("2")):
            yield "power-distributed-over-sum", Op(op, _squared(a), _squared(b))
            yield "missing-square", node.left
        case Op("^", a, Num("2")):
            yield "missing-square", a
        case Op("*", a, b) if a == b:
            yield "missing-square", a
        case Op("*", Num("2"), a) | Op("*", a, Num("2")):
            yield "square-as-times-two", Op("^", a, TWO)
            if node.right == TWO and isinstance(a, Op) and a.op in "*/":
                yield "square-as-times-two", Op(a.op, a.left, Op("^", a.right, TWO))
        case Func(name, Op("*", Num("2"), a)):
            yield "square-as-times-two", Op("^", Func(name, a), TWO)
        case Func(name, Op("^", a, Num("2"))):
            yield "square-on-argument", Op("^", Func(name, a), TWO)
        case Func(name, Neg(Op("^", a, Num("2")))):
            yield "square-on-argument", Op("^", Func(name, Neg(a)), TWO)
        case Op("+" | "-" as op, a, b) if (x := _root(a)) and (y := _root(b)):
            yield "power-distributed-over-sum", Op("^", Op(op, x, y), TWO)
            yield "power-distributed-over-sum", Op("^", Op(op, x, Func("abs", y)), TWO)


def _squared(tree: Tree) -> Tree:
    return tree if tree == ONE else Op("^", tree, TWO)


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
        case Num() if node != ZERO:  # a 0 left out all, no parameter alone
            yield from (("parameter-ignored", Sym(name)) for name in task.parameters)


def _outputs(task: Task) -> Iterator[dict[str, Tree]]:
    """What may stand where the input was put: the letters, and the function itself."""
    spelled = task.where.items()
    meant = [Sym(name) for name, t in spelled if not (isinstance(t, Op) and t.op == "*")]
    if not task.asks_value and task.of and not isinstance(task.of[0], Branches):
        meant.append(Sym(OUTPUT))
    return ({"z": instead} for instead in meant)


def _lost_factors(task: Task) -> list[tuple[Tree, str]]:
    """Factors that a right answer may hold and a wrong one lack, with their stories."""
    factors: dict[Tree, str] = {Sym(name): "parameter-ignored" for name in task.parameters}
    factors[TWO] = factors[Num("4")] = "parameter-ignored"
    for slope in _inner_slopes(task):
        if slope != ZERO:  # of what stands still nobody forgets it
            factors.setdefault(slope, "missing-inner-derivative")
    nodes = [n for form in task.forms for b in branches_of(form) for n in walk(b)]
    factors |= {n: "parameter-ignored" for n in nodes if isinstance(n, Num) and n not in _PLAIN}
    if any(isinstance(n, Func) and n.name in _OF_THE_BELL for n in nodes):
        factors[parse("1/sqrt(2*pi)")] = "parameter-ignored"
    inside = [n.arg for n in nodes if isinstance(n, Func) and n.name != "abs"]
    inside += [n.left for n in nodes if isinstance(n, Op) and n.op == "max"]
    for tree in (*(b for form in task.forms for b in branches_of(form)), *inside):
        for part in _parts(tree):
            for factor in filter(task.moves, _factors(part)):
                chooses = any(is_step(n) for n in walk(factor))
                factors.setdefault(factor, "" if chooses else "product-missing-term")
    for name in task.where:
        factors.setdefault(Sym(name), "product-missing-term")
        factors.setdefault(Op("-", ONE, Sym(name)), "product-missing-term")
    both = [(number, "missing-inner-derivative") for number in _inner_numbers(task)]
    return [*both, *factors.items()]


_OF_THE_BELL = ("phi", "Phi", "erf")
_PLAIN = ZERO, ONE, TWO, Num("0.5")


def _inner_slopes(task: Task) -> list[Tree]:
    found = (inner for of in task.of if not isinstance(of, Branches) for inner in _inner(of))
    return [differentiate(written_out(inner, task.where), task.variable) for inner in found]


def links(task: Task) -> list[Tree]:
    """Return the slopes of functions that stand in others, each by what stands in it.

    >>> from helpers.derivation import to_text
    >>> squared = Task(of=(parse("sin(3*z)^2"),), forms=(parse("3*sin(6*z)"),))
    >>> [to_text(link) for link in links(squared)]
    ['cos(3*z)']
    """
    inner = (i for of in task.of if not isinstance(of, Branches) for i in _inner(of))
    spelled = (written_out(one, task.where) for one in inner)
    known = [f for f in spelled if isinstance(f, Func) and f.name in FUNCTIONS]
    return [substitute(differentiate(Func(f.name, Sym("u")), "u"), {"u": f.arg}) for f in known]


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
