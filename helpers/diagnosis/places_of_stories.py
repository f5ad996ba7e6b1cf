"""The place that a story has by itself: all that is returned, one decision, what stops.

Where one change makes a function right, that is its place (`places`, `tried_by_running`). A story
of a whole formula has none: it is all that is returned, or the one branch that is wrong.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from helpers.diagnosis.edits import PLAIN
from helpers.diagnosis.hallmarks import deciding
from helpers.diagnosis.places import OF_THE_WHOLE
from helpers.diagnosis.pointing import shown_at
from helpers.diagnosis.python_words import Place, functions_in, parsed, place_of, value_read_once
from helpers.diagnosis.responses import Probe, Response
from helpers.diagnosis.tried_by_running import values_by_running
from helpers.diagnosis.written_code import Written
from helpers.diagnosis.wrong_branches import WrongBranches
from helpers.language import gettext

# What is said of all that is returned; a quotient, or another form, is right in its own way.
_WHOLE = OF_THE_WHOLE | {"wrong-variable", "leak-dropped", "branch-missing"}
_WHOLE |= {"activation-applied-twice", "missing-parentheses"}
_WHOLE -= {"finite-difference", "other-form", "one-for-all", "integer-result", "mask-overwritten"}
# Declared in an exercise, but of one name, one step: nobody says that all is meant.
_OF_A_STEP = PLAIN | {"overflow-unstable", "layer-product-wrong"}
# These say no more than that numbers stand in other clothes.
_MIXUP = "function-derivative-mixup"
_CLOTHES = {"view", "astype", "copy", "reshape", "ravel", "flatten"}
_MADE = {"array", "asarray", "squeeze"}


def pointed_as_a_whole(
    stories: tuple[str, ...], source: str, called: str, written: Written | None, declared: bool
) -> str:
    """Show the branch, or all that is returned, where the first story is of that.

    Parameters
    ----------
    stories, source, called : what is told of which function, and its name there.
    written : the same as a formula, if it is one.
    declared : does the story stand in the exercise, with just these numbers?

    >>> text = "def f(z):\\n    s = np.tanh(z)\\n    return s"
    >>> print(pointed_as_a_whole(("function-derivative-mixup",), text, "f", None, False))
    It concerns the whole of this, in line 2 of f:
        s = np.tanh(z)
            ^^^^^^^^^^
    """
    if stories[:1] == ("one-for-all",):
        return _decided(source)
    if stories[:1] == ("integer-result",):
        return _concerns(source, _filled_in(source, called))
    if not ({*stories[:1]} & _WHOLE or (declared and {*stories[:1]} - _OF_A_STEP)):
        return ""
    if written is not None and written.places.has_branches:
        places = written.places
        own = [p for p in places.parts if places.is_asked(p.places[0])]
        if one := WrongBranches(written.repairs, written.formula, own).branch():
            return written.pointed(one)
    if stories[0] == "z-for-g" and (place := _read_once(source, called)) is not None:
        return shown_at(gettext("The input enters there, in {where}:"), source, place)
    return _concerns(source, returned(source, called, stories[0]))


def _read_once(source: str, called: str) -> Place | None:
    """Where the first argument is read, if that is at one place alone."""
    defined = functions_in(parsed(source))
    if called not in defined or not defined[called].args.args:
        return None
    name = defined[called].args.args[0].arg
    nodes = ast.walk(defined[called])
    found = [n for n in nodes if isinstance(n, ast.Name) and n.id == name]
    return place_of(found[0]) if len(found) == 1 else None


def pointed_where_it_ends(response: Response, source: str, called: str) -> str:
    """Show the operation that stops it, or the condition that decides for all, told by its story.

    Where the diagonal of a matrix was returned for all of it, that is shown.

    >>> import numpy as np
    >>> from helpers.diagnosis.responses import Case, respond
    >>> from helpers.diagnosis.running import call
    >>> text = "def f(z):\\n    return 1 - np.tanh(z)^2"
    >>> known = {"np": np}
    >>> exec(text, known)
    >>> case = Case("plain", (np.array([2.0, 3.0]),), np.array([1.0, 0.0]))
    >>> flawed = respond(lambda a, _: call(known["f"], a), case, 1e-6, 1e-12)
    >>> print(pointed_where_it_ends(flawed, text, "f"))
    It stops there, in line 2 of f:
        return 1 - np.tanh(z)^2
               ^^^^^^^^^^^^^^^^
    """
    if response.slug == "one-for-all":
        return _decided(source)
    if _is_diagonal(response.outcome.value, response.case.expected):
        return _concerns(source, returned(source, called))
    place = _stopped(response.outcome.error, source) if response.slug else None
    said = gettext("It stops there, in {where}:")
    return shown_at(said, source, place) if place is not None else ""


def pointed_for_its_shape(response: Response, source: str, called: str, probe: Probe) -> str:
    """Show where the entries are lost of which each should have a number, or what is returned."""
    value: Any = response.outcome.value
    expected = response.case.expected
    if not isinstance(value, np.ndarray | float | int) or np.shape(value) == expected.shape:
        return ""
    if expected.ndim == 1 and expected.size not in np.shape(value):
        (n,) = expected.shape
        steps = values_by_running(source, probe, response.case)
        lost = [
            node
            for node, made, inputs in steps
            if n not in np.shape(made)
            and any(n in np.shape(one) for one in inputs)
            and ast.unparse(getattr(node, "func", node)) != "len"
        ]
        if lost and lost[-1].lineno == lost[-1].end_lineno:
            said = gettext("{n} entries go in there, and not as many come out, in {{where}}:")
            return shown_at(said.format(n=n), source, place_of(lost[-1]))
    return _concerns(source, returned(source, called) or _filled_in(source, called))


def returned(source: str, called: str, story: str = "") -> Place | None:
    """The expression that a function returns; a name that is used once stands for its value.

    None where it may be right as it stands: where it calls a helper, unless that is the function
    in place of its derivative, or uses what is given its value step by step. A leak was dropped by
    what knows no other argument.

    >>> returned("def f(z):\\n    s = z * z\\n    return s.astype(float)", "f")
    (2, 8, 13)
    """
    defined = functions_in(parsed(source))
    if called not in defined:
        return None
    function = defined[called]
    nodes = [*ast.walk(function)]
    returns = [n.value for n in nodes if isinstance(n, ast.Return)]
    if len(returns) != 1 or returns[0] is None:
        return None
    found = _undressed(returns[0], nodes)
    read = [n.id for n in ast.walk(found) if isinstance(n, ast.Name)]
    stored = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    called_as_it_is = isinstance(found, ast.Call) and getattr(found.func, "id", "") in defined
    match found:
        case ast.Name() | ast.Constant() | ast.Attribute() | ast.Subscript():
            return None
        case ast.Call(ast.Call()) | ast.Call(ast.Attribute(ast.Call(ast.Name()))):
            return None
    if any(stored.count(name) > 1 for name in read):
        return None
    if any(name in defined for name in read) and not (called_as_it_is and story == _MIXUP):
        return None
    if story == "leak-dropped" and any(a.arg in read for a in function.args.args[1:]):
        return None
    return place_of(found) if found.lineno == found.end_lineno else None


def _filled_in(source: str, called: str) -> Place | None:
    """What becomes the array that is returned, given once, where entries are written into it."""
    defined = functions_in(parsed(source))
    nodes = [*ast.walk(defined[called])] if called in defined else []
    names = {getattr(n.value, "id", "") for n in nodes if isinstance(n, ast.Return)}
    stored = [n for n in nodes if isinstance(n, ast.Assign)]
    given = [n.value for n in stored if getattr(n.targets[0], "id", None) in names]
    grown = [n.target for n in nodes if isinstance(n, ast.AugAssign)]
    targets = (*(t for n in stored for t in n.targets), *grown)
    written = [t.value for t in targets if isinstance(t, ast.Subscript)]
    if len(given) != 1 or not any(getattr(one, "id", None) in names for one in written):
        return None
    return place_of(given[0]) if given[0].lineno == given[0].end_lineno else None


def _undressed(node: ast.expr, nodes: list[ast.AST]) -> ast.expr:
    """What is meant by a name that is given once and used once, or under what changes no number."""
    match node:
        case ast.Name(name):
            if (value := value_read_once(name, nodes)) is not None:
                return _undressed(value, nodes)
        case ast.Call(ast.Attribute(inside, name)) if name in _CLOTHES:
            return _undressed(inside, nodes)
        case ast.Call(ast.Attribute(ast.Name("np"), name), [inside]) if name in _MADE:
            return _undressed(inside, nodes)
        case ast.ListComp(inside):
            return _undressed(inside, nodes)
    return node


def _is_diagonal(value: object, expected: np.ndarray) -> bool:
    """Is it the diagonal of the matrix that was asked for?"""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or expected.ndim != 2:
        return False
    diagonal = np.diag(expected)
    return value.shape == diagonal.shape and np.allclose(value, diagonal)


def _concerns(source: str, place: Place | None) -> str:
    said = gettext("It concerns the whole of this, in {where}:")
    return shown_at(said, source, place) if place is not None else ""


def _decided(source: str) -> str:
    tests = [test for test in deciding(source) if test.lineno == test.end_lineno]
    said = gettext("One decision is taken there for all entries, in {where}:")
    return shown_at(said, source, place_of(tests[0])) if len(tests) == 1 else ""


def _stopped(error: BaseException | None, source: str) -> Place | None:
    """The operation at which an exception was raised, the last one of these functions."""
    defined = functions_in(parsed(source))
    trace, place = error.__traceback__ if error is not None else None, None
    while trace is not None:
        code, own = trace.tb_frame.f_code, defined.get(trace.tb_frame.f_code.co_name)
        match [*code.co_positions()][trace.tb_lasti // 2]:
            case (int(first), int(last), int(begin), int(end)) if own is not None and first == last:
                place = first - code.co_firstlineno + own.lineno, begin, end
        trace = trace.tb_next
    return place
