"""The first value in a function that the course's own way to the right numbers does not have.

Where no change makes a function right it is run, and so is the course's solution. A line whose
inputs stand in both, and whose value stands in one alone, is where the two ways part. The course's
own way is not the only one: that they part there is all that is said.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial, reduce
from itertools import combinations
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from helpers.derivation import If, Op, Sym, Tree, parse, walk
from helpers.diagnosis.beliefs import OUTPUT, Beliefs
from helpers.diagnosis.edits import width_of
from helpers.diagnosis.pointing import shown_at
from helpers.diagnosis.python_words import functions_in, place_of
from helpers.diagnosis.responses import Case, Probe
from helpers.diagnosis.running import call
from helpers.diagnosis.slips import ONE, ZERO
from helpers.diagnosis.tasks import branches_of, floats
from helpers.diagnosis.tried_by_running import all_values_by_running
from helpers.language import gettext

_PLAIN = ("z^2", "z^3", "abs(z)", "-z")
_CURVED = (  # where one of them stands in a right way, the others are near
    *("exp(z)", "exp(-z)", "1 + exp(z)", "1 + exp(-z)", "exp(2*z)", "exp(-2*z)", "exp(-abs(z))"),
    *("sigmoid(z)", "1 - sigmoid(z)", "tanh(z)", "softplus(z)", "cosh(z)", "sinh(z)"),
)
_MOST_FACTORS = 5
_FILLING = ("append", "extend", "insert")
_NUMBERS = (np.ndarray, np.number, np.bool_, float, int, list, tuple)


class CourseSolution(NamedTuple):
    """The course's own function, and its text."""

    code: str
    function: Callable[..., object]


def off_the_way(
    source: str,
    called: str,
    probe: Probe | None,
    case: Case,
    beliefs: Beliefs | None = None,
    solution: CourseSolution | None = None,
    is_told: bool = False,
) -> tuple[str, tuple[str, ...]]:
    """Show the first value that the course's own way does not have, and its story if it has one.

    Nothing is shown where none is the first. A condition that holds elsewhere has a story.

    Parameters
    ----------
    source, called : the function as it was written, and its name there.
    probe : calls it; nothing is shown unless it is called here.
    case : what both are called with.
    beliefs : the right formulas, if it is one, and what its letters are.
    solution : the course's own code.
    is_told : is a story told? Then several such values in one line are shown as that line.

    >>> text = "def f(z):\\n    s = 1 + z\\n    t = s**3\\n    return s / t"
    >>> known = {"np": np}
    >>> exec(text, known)
    >>> own = "def f(z):\\n    return (1 + z) / (1 + z) ** 2"
    >>> exec(own, own_known := {"np": np})
    >>> case = Case("plain", (np.array([2.0, 3.0]),), np.array([1 / 3, 1 / 4]))
    >>> solution = CourseSolution(own, own_known["f"])
    >>> said, _ = off_the_way(text, "f", partial(call, known["f"]), case, solution=solution)
    >>> print(said.partition(":")[2])
    <BLANKLINE>
        t = s**3
            ^^^^
    """
    if probe is None:
        return "", ()
    module, values = all_values_by_running(source, probe, case)
    function = functions_in(module).get(called)
    if function is None:
        return "", ()
    right = _with_the_usual(case, [*_right_values(case, beliefs, solution)])
    known = _Known(right, beliefs is None)
    apart = _first_apart(function, values, known, is_told)
    if apart is None or apart.lineno != apart.end_lineno:
        return "", ()
    said = gettext(
        "What goes in there occurs in the course's own formulas or code too, what comes out does "
        "not, in {where}:"
    )
    of_a_curve = isinstance(apart, ast.Compare) and beliefs is not None
    story = ("condition-misplaced",) if of_a_curve else ()
    return shown_at(said, source, place_of(apart)), story


def _right_values(
    case: Case, beliefs: Beliefs | None, solution: CourseSolution | None
) -> Iterator[np.ndarray]:
    """All that the right ways have: what goes in, what comes out, and what lies between."""
    yield case.expected
    for argument in case.arguments:
        if isinstance(argument, _NUMBERS):
            yield np.asarray(argument, float)
    yield from _of_the_solution(case, beliefs, solution)


def _with_the_usual(case: Case, right: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The right values, and what is usual of what goes in: curves where one of them is right."""
    found, known = [*right], _Known(right, are_rows=False)
    for argument in case.arguments:
        if isinstance(argument, _NUMBERS) and np.size(argument) > 1:  # one number is met by chance
            at = {"z": np.asarray(argument, float)}
            plain, curved = ([np.asarray(floats(t, at), float) for t in some] for some in _usual())
            found += plain
            if any(known.has([one]) for one in curved):
                found += curved
    return found


def _of_the_solution(
    case: Case, beliefs: Beliefs | None, solution: CourseSolution | None
) -> Iterator[np.ndarray]:
    """What stands in the course's formulas and its code."""
    if solution is not None and solution.code:
        own = partial(call, solution.function)
        _, values = all_values_by_running(solution.code, own, case)
        yield from (np.asarray(one, float) for some in values.values() for one in _arrays(some))
    if beliefs is not None:
        letters = [n for n in beliefs.at if n not in beliefs.task.where and n != OUTPUT]
        at = dict(zip(letters, case.arguments, strict=False))
        for tree in dict.fromkeys(_right_trees(beliefs)):
            try:
                yield np.asarray(floats(tree, at), float)
            except (KeyError, TypeError, ValueError):
                continue


def _right_trees(beliefs: Beliefs) -> Iterator[Tree]:
    """The parts of right answers, and the conditions in them."""
    task = beliefs.task
    for form in (*task.forms, *task.of):
        for branch in branches_of(form):
            for node in walk(branch):
                yield node
                yield from _parts_of_a_product(node)
                if isinstance(node, If):
                    yield replace(node, then=ONE, other=ZERO)


@cache
def _usual() -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    """What stands in many a right way, of the letter z, and on which side of 0 that is; curves."""
    sides = (If(sign, Sym("z"), ZERO, ONE, ZERO) for sign in ("<", "<=", ">", ">="))
    return (*map(parse, _PLAIN), *sides), tuple(map(parse, _CURVED))


def _parts_of_a_product(node: Tree) -> Iterator[Tree]:
    """The products of some of its factors, as b*c of a*b*c."""
    factors = [*_factors(node)]
    for n in range(2, len(factors)) if len(factors) <= _MOST_FACTORS else ():
        yield from (reduce(partial(Op, "*"), some) for some in combinations(factors, n))


def _factors(node: Tree) -> Iterator[Tree]:
    if isinstance(node, Op) and node.op == "*":
        yield from (*_factors(node.left), *_factors(node.right))
    else:
        yield node


def _arrays(values: Sequence[Any]) -> Iterator[np.ndarray]:
    """The numbers in these values, one by one where they are a list of several things."""
    for value in values:
        if isinstance(value, list | tuple):
            yield from _arrays(value)
        elif isinstance(value, _NUMBERS) and np.asarray(value).dtype.kind in "biuf":
            numbers = np.asarray(value)
            yield numbers.view(np.float32) if numbers.dtype == np.uint32 else numbers  # its bits


def _is_count(value: Any) -> bool:
    """Is it how many there are of something, or a shape?"""
    if isinstance(value, list | tuple):
        return all(map(_is_count, value))
    return type(value) is int


class _Known:
    """The numbers of the right ways, and of rows what is a number times them: a sum, a mean."""

    def __init__(self, right: Sequence[np.ndarray], are_rows: bool) -> None:
        self.right, self.are_rows = right, are_rows

    def has(self, values: Sequence[Any]) -> bool:
        """Do all of these stand there, as a whole, a row, an entry, or one number for all?"""
        return all(map(_is_count, values)) or all(map(self._has_one, _arrays(values)))

    def _has_one(self, value: np.ndarray) -> bool:
        flat = value.ravel().astype(float)
        if flat.size == 0:
            return True
        if value.dtype == bool and flat.size > 1:  # a condition: it holds for the same entries
            return any(r.size == flat.size and _is_of(value, flat, r, _close) for r in self.right)
        close = partial(_close, rtol=1e-6 if value.dtype == np.float32 else 1e-9)
        others = (flat, 1 - flat) if np.isin(flat, (0, 1)).all() else (flat,)
        if self.are_rows and any(_is_multiple(flat, right.ravel(), close) for right in self.right):
            return True
        return any(_is_of(value, one, right, close) for right in self.right for one in others)


def _is_of(
    value: np.ndarray, flat: np.ndarray, right: np.ndarray, close: Callable[..., np.ndarray]
) -> bool:
    if flat.size == right.size:
        return any(close(flat, one.ravel()).all() for one in (right, right.T))
    if flat.size == 1:
        return bool(close(right, flat[0]).any())
    if right.ndim == 2 and value.ndim == 1:
        return any(one.size == flat.size and close(flat, one).all() for one in (*right, *right.T))
    return bool(right.size == 1 and close(flat, right.ravel()).all())


def _is_multiple(flat: np.ndarray, row: np.ndarray, close: Callable[..., np.ndarray]) -> bool:
    if flat.size != row.size or np.ptp(row) == 0:
        return False
    with np.errstate(all="ignore"):
        times = np.dot(flat, row) / np.dot(row, row)
        return bool(times and np.isfinite(times) and close(flat, times * row).all())


def _close(one: np.ndarray, other: np.ndarray, rtol: float = 1e-9) -> np.ndarray:
    return np.isclose(one, other, rtol=rtol, atol=1e-12, equal_nan=True)


def _first_apart(
    function: ast.FunctionDef, values: dict[ast.expr, list[Any]], known: _Known, is_told: bool
) -> ast.expr | ast.stmt | None:
    """What alone, of known inputs, makes a value that is not known: all of its line, or most of it.

    Where a name in it grows step by step, that is the step; of comparisons it is the first.
    """
    steps = [*_own_steps(function)]
    given = [n for n in steps if isinstance(n, ast.Assign)]
    grown = [n for n in steps if isinstance(n, ast.AugAssign)]
    filled = {getattr(n.value, "id", "") for n in steps if _fills(n)}
    fixed = _constants(given, filled | {getattr(n.target, "id", "") for n in grown})
    apart = [n for n in values if not (_is_plain(n, values[n], fixed) or known.has(values[n]))]
    unknown, own = {*apart}, {*steps}
    first = [n for n in apart if unknown.isdisjoint((*_inputs(n), *_meanings(n, given)))]
    first = [n for n in first if n in own]  # of a helper it is the call
    ways = [n for n in steps if isinstance(n, ast.Assign | ast.AugAssign | ast.Return)]
    lines = [n.value for n in ways]
    around = [n for n in lines if n is not None and {*first} <= {*ast.walk(n)}]
    inside = [n for one in (*first, *around) for n in ast.walk(one) if isinstance(n, ast.Name)]
    wrong = [n for n in inside if n in unknown or (n in values and all(map(_is_count, values[n])))]
    read = {n.id for n in wrong}
    by_step = [n for n in grown if getattr(n.target, "id", "") in read]
    ends = [n.value for n in steps if isinstance(n, ast.Return)]
    if by_step and around and around[0] in ends:
        return by_step[0] if len(by_step) == 1 else None
    if all(isinstance(n, ast.Name) for n in first):
        return None
    if first and all(isinstance(n, ast.Compare) for n in first):
        return first[0]
    if len(first) != 1 and not (first and is_told):
        return None
    if len(around) != 1 or around[0].lineno != around[0].end_lineno:
        return first[0] if len(first) == 1 else None
    (one, *more), all_of_it = first, around[0]
    named = [n for n in _inputs(one) if isinstance(n, ast.Name)]
    if any(isinstance(v, list) for n in named for v in values.get(n, [])):
        return None  # a list that was filled before is made an array of
    of_a_helper = isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
    alone = not more and (of_a_helper or 2 * _width(one) > _width(all_of_it))
    return one if alone else all_of_it


def _fills(step: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(step, ast.Attribute) and step.attr in _FILLING


def _own_steps(step: ast.AST) -> Iterator[ast.AST]:
    """All of a function but what stands in functions that it defines."""
    for child in ast.iter_child_nodes(step):
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield child
            yield from _own_steps(child)


def _inputs(node: ast.expr) -> Iterator[ast.expr]:
    """What goes into an operation; a method's object, but not the name of what is called."""
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Call) and child is node.func:
            yield from _inputs(child) if isinstance(child, ast.Attribute) else ()
        elif isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.keyword):
            yield child.value


def _meanings(node: ast.expr, given: Sequence[ast.Assign]) -> Iterator[ast.expr]:
    """What a name was given as its value."""
    name = node.id if isinstance(node, ast.Name) else ""
    yield from (g.value for g in given if any(getattr(t, "id", None) == name for t in g.targets))


def _constants(given: Sequence[ast.Assign], grown: set[str]) -> set[str]:
    """The names of numbers, and of what is computed from them alone."""
    found = {"np", "numpy", "math"}
    for step in given:
        if {n.id for n in ast.walk(step.value) if isinstance(n, ast.Name)} <= found:
            found |= {n.id for t in step.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            found -= grown
    return found


def _is_plain(node: ast.expr, values: Sequence[Any], fixed: set[str]) -> bool:
    """Is it made of numbers alone, or the same 0 or 1 for all, as what is to be filled in?"""
    if all(n.id in fixed for n in ast.walk(node) if isinstance(n, ast.Name)):
        return True
    rows = [row.ravel() for row in _arrays(values)]
    alike = all(row.size > 1 and row[0] in (0, 1) and (row == row[0]).all() for row in rows)
    return alike and not isinstance(node, ast.Compare)


def _width(node: ast.expr) -> int:
    return width_of(place_of(node))
