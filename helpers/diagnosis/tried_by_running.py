"""Where one change makes a function right that is no formula: its text is changed, and run.

Rows, loops over layers, `axis=1`, `range(n - 1)` and products of matrices are read by no reader
here. So changes are tried: only of a function that has just run here, in the lesson, never where it
runs elsewhere, as when an assignment is graded. All of them together run with the care and within
the time of one answer, and what could do more than compute is left alone.
"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from helpers.diagnosis.edits import Located, innermost, is_inside, width_of
from helpers.diagnosis.places import FAR
from helpers.diagnosis.pointing import MAKES_RIGHT, NEAR_ZERO, THE_SHAPE, pointed_at
from helpers.diagnosis.programs import lines_of
from helpers.diagnosis.python_words import Place, functions_in, parsed
from helpers.diagnosis.responses import Case, Probe, Response, delivered
from helpers.diagnosis.running import Outcome, call
from helpers.diagnosis.text_changes import Change, TextChanges, names_in

_MOST, _SECONDS, _LARGE = 4000, 0.7, 1000
_WATCH, _NUMBERS = "_watched", (np.ndarray, np.number, float, int)
Step = tuple[ast.expr, Any, list[Any]]  # an operation, its value, and what went in
_BUILTINS = {"range", "len", "sum", "max", "min", "abs", "float", "int", "zip", "enumerate", "list"}
_BUILTINS |= {"reversed", "tuple", "sorted", "all", "any", "round", "map", "bool", "print", "pow"}
_MORE_THAN_COMPUTES: tuple[type[ast.AST], ...] = (
    *(ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.With, ast.Try),
    *(ast.Delete, ast.ClassDef, ast.AsyncFunctionDef, ast.Await, ast.Yield, ast.YieldFrom),
)
_FILES = {"random", "save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "memmap"}
_FILES |= {"load", "loadtxt", "genfromtxt", "fromfile", "lib", "ctypeslib", "f2py", "testing"}


def pointed_by_running(
    source: str, probe: Probe, responses: Sequence[Response], kept: Sequence[Place] = ()
) -> tuple[str, tuple[str, ...]]:
    """Show where one change of the text makes a function right, and tell the story of what it is.

    Nothing is shown where that cannot be told; a story is named where all such changes have it.

    It cannot where changes as small as one another do so at different places.

    Parameters
    ----------
    source : the function as it was written, perhaps among others.
    probe : calls it; nothing is tried unless it is called here.
    responses : what it did with each case.
    kept : places of what is right, where nothing is changed.

    >>> import numpy as np
    >>> from helpers.diagnosis.responses import Case, respond
    >>> text = "def f(z):\\n    return np.sum(z)"
    >>> known = {"np": np}
    >>> exec(text, known)
    >>> probe = partial(call, known["f"])
    >>> first = respond(probe, Case("plain", (np.array([2.0, 3.0]),), np.array(6.0)), 1e-6, 1e-12)
    >>> print(pointed_by_running(text, probe, [first])[0])
    One change there makes it right, in line 2 of f:
        return np.sum(z)
               ^^^^^^
    """
    function, module = _run_here(source, probe)
    if function is None or module is None:
        return "", ()
    trials = _Trials(source.strip(), module, function, responses, kept)
    found = call(trials.located, (), _SECONDS, at_work=True).value
    places, stories = found if isinstance(found, Located) else ((), ())
    overflows = bool(places) and not _is_finite_far_out(function, responses[0].case)
    how = THE_SHAPE if trials.is_of_the_shape else NEAR_ZERO if overflows else MAKES_RIGHT
    return pointed_at(source.strip(), lines_of(module), places, how), stories


def _run_here(
    source: str, probe: Probe, is_changed: bool = True
) -> tuple[FunctionType, ast.Module] | tuple[None, None]:
    """The function that was called here, and its text, if it does no more than compute.

    is_changed : will its text be changed? Then no number in it may be large.
    """
    function = probe.args[0] if isinstance(probe, partial) and probe.func is call else None
    module = parsed(source)
    if not inspect.isfunction(function) or module is None:
        return None, None
    defines = function.__name__ in functions_in(module)
    does_more = any(isinstance(step, ast.Expr) for step in module.body)  # check("f", lambda z: z)
    is_large = is_changed and any(map(_is_large, ast.walk(module)))
    if does_more or is_large or not (defines and _only_computes(module, function.__globals__)):
        return None, None
    return function, module


def values_by_running(source: str, probe: Probe, case: Case) -> list[Step]:
    """Return what each operation of a function gives in one call, in the order of the call.

    Empty where it is not called here, or does more than compute.

    >>> text = "def f(z):\\n    return np.exp(z) + 1"
    >>> known = {"np": np}
    >>> exec(text, known)
    >>> case = Case("plain", (0.0,), np.array(2.0))
    >>> for node, value, inputs in values_by_running(text, partial(call, known["f"]), case):
    ...     print(ast.unparse(node), float(value), [float(one) for one in inputs])
    np.exp(z) 1.0 [0.0]
    np.exp(z) + 1 2.0 [1.0, 1.0]
    """
    return _watched(source, probe, case).steps


def all_values_by_running(
    source: str, probe: Probe, case: Case
) -> tuple[ast.Module, dict[ast.expr, list[Any]]]:
    """Return the text as it was read, and all values that each expression in it has in one call.

    The text is empty where it is not called here, or does more than compute.

    >>> text = "def f(z):\\n    return z + 1"
    >>> known = {"np": np}
    >>> exec(text, known)
    >>> _, values = all_values_by_running(
    ...     text, partial(call, known["f"]), Case("plain", (2.0,), np.array(3.0))
    ... )
    >>> {ast.unparse(node): some for node, some in values.items()}
    {'z': [2.0], '1': [1], 'z + 1': [3.0]}
    """
    watched = _watched(source, probe, case)
    return watched.text, watched.values


def _watched(source: str, probe: Probe, case: Case) -> _Watched:
    function, module = _run_here(source, probe, is_changed=False)
    if function is None or module is None:
        return _Watched(ast.Module([], []))
    watched = _Watched(module)
    known = {**function.__globals__, _WATCH: watched.note}
    called = function.__name__

    def run() -> None:
        exec(compile(watched.module, "<watched>", "exec"), known)
        known[called](*case.fresh())

    with np.errstate(all="ignore"):
        call(run, (), _SECONDS, at_work=True)
    return watched


class _Watched(ast.NodeTransformer):
    """A text each of whose operations, names and numbers tells its value."""

    def __init__(self, module: ast.Module) -> None:
        self.text, self.steps, self.values = module, list[Step](), dict[ast.expr, list[Any]]()
        self._nodes = [n for n in ast.walk(module) if isinstance(n, ast.expr)]
        self._last: dict[int, Any] = {}
        copied = copy.deepcopy(module)
        own = (n for n in ast.walk(copied) if isinstance(n, ast.expr))
        self._number = {id(n): k for k, n in enumerate(own)}
        self.visit(copied)
        self.module = ast.fix_missing_locations(copied)

    def visit(self, node: ast.AST) -> ast.AST:
        """Put a note around what is read."""
        if isinstance(node, ast.JoinedStr):
            return node
        number, made = self._number.get(id(node)), self.generic_visit(node)
        read = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        if number is None or not read or isinstance(made, ast.Starred | ast.Slice):
            return made
        assert isinstance(made, ast.expr)
        return ast.Call(ast.Name(_WATCH, ast.Load()), [ast.Constant(number), made], [])

    def note(self, number: int, value: Any) -> Any:
        """Keep the value of an operation, as it was then, with the values that went in."""
        kept = np.array(value) if isinstance(value, np.ndarray) else value
        self._last[id(self._nodes[number])] = kept
        node = self._nodes[number]
        if len(self.values) < _MOST and len(some := self.values.setdefault(node, [])) < _MOST:
            some.append(kept)
        if isinstance(node, ast.BinOp | ast.Call) and len(self.steps) < _MOST:
            inside = [*ast.iter_child_nodes(node)]
            if isinstance(node, ast.Call):
                inside = [getattr(node.func, "value", node.func), *node.args]
            inputs = [self._last[id(n)] for n in inside if id(n) in self._last]
            inputs = [one for one in inputs if isinstance(one, _NUMBERS)]
            if isinstance(kept, _NUMBERS):
                self.steps.append((node, kept, inputs))
        return value


def _is_finite_far_out(function: FunctionType, case: Case) -> bool:
    """Does it return floats where its first argument is large, as a change is of one place?"""
    first, *rest = case.fresh()
    values = (call(function, (first + by, *rest), _SECONDS).value for by in (FAR, -FAR))
    return all(np.isfinite(v).all() for v in values if isinstance(v, np.ndarray | float))


def _only_computes(module: ast.Module, known: dict[str, object]) -> bool:
    """Is all that it uses NumPy, numbers, and functions of its own or of the course?"""
    own = {n.name for n in ast.walk(module) if isinstance(n, ast.FunctionDef)} | names_in(module)
    for node in ast.walk(module):
        match node:
            case ast.Attribute(_, name) if name.startswith("_") or name in _FILES:
                return False
            case ast.FunctionDef(decorator_list=[_, *_]) | ast.While(ast.Constant()):
                return False
            case ast.Name(name) if name not in own:
                if not (_is_harmless(known[name]) if name in known else name in _BUILTINS):
                    return False
            case _ if isinstance(node, _MORE_THAN_COMPUTES):
                return False
    return True


def _is_large(node: ast.AST) -> bool:
    """Is it a whole number that says, at another place, how large something becomes?"""
    match node:
        case ast.Constant(int(number)):
            return abs(number) > _LARGE
        case ast.BinOp(ast.Constant(int(base)), ast.Pow(), ast.Constant(int(exponent))):
            return exponent > 50 or abs(base) ** max(exponent, 0) > _LARGE
    return isinstance(node, ast.LShift)


def _is_harmless(value: object, depth: int = 3) -> bool:
    if isinstance(value, ModuleType):
        return value in (np, math)
    if not inspect.isfunction(value):
        return isinstance(value, int | float | np.ufunc)
    used, known = {*value.__code__.co_names}, value.__globals__
    builtin = {name for name in used - {*known} if hasattr(builtins, name)}
    return value.__module__.startswith("helpers.") or (
        depth > 0
        and used.isdisjoint(_FILES)
        and builtin <= _BUILTINS
        and all(_is_harmless(known[name], depth - 1) for name in used & {*known})
    )


class _Trials:
    """A function whose text is changed and run."""

    def __init__(
        self,
        source: str,
        module: ast.Module,
        function: FunctionType,
        responses: Sequence[Response],
        kept: Sequence[Place] = (),
    ) -> None:
        defined = functions_in(module)
        self.changes, self.tries, self.is_of_the_shape = TextChanges(source, defined), 0, False
        self.called, self.known = function.__name__, function.__globals__
        self.asked, self.kept = defined.get(self.called), kept
        size = {id(r): sum(map(np.size, r.case.arguments)) for r in responses}
        self.responses = sorted(responses, key=lambda r: (r.right, size[id(r)]))

    def located(self) -> Located | None:
        """The place of what is exchanged, else of what is lost around it, else two; or none."""
        first = self.responses[0]
        if first.outcome.timed_out:
            return None
        if first.delivered and not self._gives(self.changes.text, [(first.case, first.values)]):
            return None
        if one := [c for c in self.changes.exchanged() if self._is_right(c)]:
            return self._told(one, innermost)
        for ways in self.changes.lost():
            if one := [c for c in ways if self._is_right(c)]:
                return self._told(one, _outermost) or self._told(one, innermost)
        some: Iterator[Sequence[Change]] = self.changes.renamed()
        two = [alike for alike in some if self._is_right(*alike)]
        two = two or [pair for pair in self.changes.twice() if self._is_right(*pair)]
        places = {tuple(sorted(change.place for change in alike)) for alike in two}
        stories = {change.story for alike in two for change in alike}
        known = len(places) == 1 and self.tries <= _MOST
        return Located(places.pop(), _one_of(stories)) if known else self._of_the_shape()

    def _of_the_shape(self) -> Located | None:
        """The place of what gives the shape that is asked for, whatever the numbers."""
        if isinstance(self.responses[0].outcome.value, np.ndarray) and not any(
            r.delivered for r in self.responses
        ):
            self.is_of_the_shape = True
            if one := [c for c in self.changes.exchanged() if self._is_right(c)]:
                return self._told(one, innermost)
        return None

    def _told(
        self, found: Sequence[Change], those: Callable[[set[Place]], set[Place]]
    ) -> Located | None:
        """The smallest place that holds those of all, in the function asked for before others.

        Of several, that of a value that is used more than once: one use of it was hardly meant; one
        in a value goes before the name at which alone it is used. But where a row is turned, which
        changes nothing, somebody meant to change it.
        """
        if self.tries > _MOST or self.asked is None:
            return None
        last, all_places = self.asked.end_lineno or 0, {change.place for change in found}
        places = {p for p in all_places if self.asked.lineno <= p[0] <= last} or all_places
        told, used = those(places), {p for p in places if self.changes.uses(p) > 1}
        told = used if len(used) == 1 < len(told) else told
        told = {p for p in told if not self._is_of_a_value(p, told - {p})}
        idle = {c.place for c in found if c.place in places and self._is_idle(c)}
        told = idle if len(idle) == 1 else told
        around = [p for p in places if all(is_inside(q, p) for q in told)]
        place = min(around, key=width_of, default=self.changes.around_the_same(told))
        if place is None:
            return None
        return Located((place,), _one_of({c.story for c in found if c.place in (place, *told)}))

    def _is_of_a_value(self, place: Place, others: set[Place]) -> bool:
        """Is it the one use of a name, and one of the others in the value of that name?"""
        value = self.changes.value_of(place)
        return value is not None and any(is_inside(other, value) for other in others)

    def _is_idle(self, change: Change) -> bool:
        """Does it turn what is one row, so that it stays as it is?"""
        text, first = self.changes.text, self.responses[0]
        there = text[change.first : change.last].decode()
        if not (first.delivered and there.endswith(".T") and there[:-2].isidentifier()):
            return False
        left = text[: change.first] + there[:-2].encode() + text[change.last :]
        return self._gives(left, [(first.case, first.values)])

    def _is_right(self, *changes: Change) -> bool:
        self.tries += 1
        if self.tries > _MOST or any(is_inside(c.place, k) for c in changes for k in self.kept):
            return False
        text = self.changes.text
        for change in sorted(changes, key=lambda change: -change.first):
            text = text[: change.first] + change.text.encode() + text[change.last :]
        return self._gives(text, [(r.case, r.case.expected) for r in self.responses])

    def _gives(self, text: bytes, wanted: Sequence[tuple[Case, np.ndarray]]) -> bool:
        known = dict(self.known)
        try:
            exec(compile(text, "<changed>", "exec"), known)
            function = known[self.called]
            assert callable(function)
            if self.is_of_the_shape:
                return all(np.shape(function(*c.fresh())) == np.shape(n) for c, n in wanted)
            return all(_agrees(function, case, numbers) for case, numbers in wanted)
        except Exception:
            return False


def _one_of(stories: set[str]) -> tuple[str, ...]:
    """The story, if there is one alone."""
    return tuple(stories - {""}) if len(stories) == 1 else ()


def _outermost(places: set[Place]) -> set[Place]:
    return {p for p in places if not any(q != p and is_inside(p, q) for q in places)}


def _agrees(function: Callable, case: Case, wanted: np.ndarray) -> bool:
    values, flaw = delivered(Outcome(function(*case.fresh())), case.expected)
    if values is None or flaw:
        return False
    close = np.isclose(values.astype(float), wanted, rtol=1e-6, atol=1e-12, equal_nan=True)
    return bool(np.all(close | (~np.isfinite(values) & case.may_overflow)))
