"""In a notebook, a slip in a call of the course is told in a sentence, without stack frames.

An error is told so where the learner's own line is to be mended: a name that Python does not know,
arguments that do not fit, or a value that a room refuses by `raise`. Every other error is shown as
ever: one in the learner's own function, which has its frames, and a fault of ours, for which they
are needed.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import linecache
import re
import sys
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import FrameType, MappingProxyType, TracebackType
from typing import Any, TypeGuard

from helpers.language import gettext, misfit

HERE = Path(__file__).parent
ARGUMENTS = re.compile(r"(\w+)(?:\.__init__)?\(\) (?:missing|got|takes)")  # a function, a class
USUAL = {"np": "import numpy as np", "plt": "import matplotlib.pyplot as plt"}

# (cell, error) -> what a room knows about an unknown name, if it knows something
unknown_names: list[Callable[[str, NameError], str | None]] = []


def watch() -> None:
    """Tell slips in the notebook that runs this, if one does."""
    ipython = sys.modules.get("IPython")
    if ipython and (shell := ipython.get_ipython()):
        shell.set_custom_exc((NameError, TypeError, ValueError, KeyError, AttributeError), _show)


def _show(
    shell: Any, kind: type, error: Any, trace: TracebackType, tb_offset: int | None = None
) -> None:
    frames = [(step.tb_frame, step.tb_lineno) for step in _steps(trace)]
    own = [place for place, (frame, _) in enumerate(frames) if frame.f_globals is shell.user_ns]
    told = own and not hasattr(error, "_render_traceback_") and frames[own[-1]][0]
    if told and told.f_code.co_name == "<module>":
        cell = "".join(linecache.getlines(told.f_code.co_filename))
        sentence = _sentence(cell, error, frames[own[-1] + 1 :], shell.user_ns)
        if sentence:
            error._render_traceback_ = lambda: [sentence]
    shell.showtraceback((kind, error, error.__traceback__), tb_offset=tb_offset)


def _steps(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace:
        yield trace
        trace = trace.tb_next


def _sentence(
    cell: str, error: Any, below: list[tuple[FrameType, int]], names: dict[str, Any]
) -> str | None:
    """Return what is told of an error with these frames below the learner's line."""
    if below:
        frame, line = below[-1]
        path = Path(frame.f_code.co_filename)
        raised = linecache.getline(str(path), line).lstrip().startswith("raise ")
        return str(error) if raised and path.is_relative_to(HERE) else None
    if isinstance(error, NameError):
        return _unknown_name(cell, error, names)
    if isinstance(error, AttributeError):
        return _unknown_attribute(error)
    if isinstance(error, KeyError):
        return _unknown_key(cell, error.args[0], names)
    return _arguments(str(error), names) if isinstance(error, TypeError) else None


def _unknown_name(cell: str, error: NameError, names: dict[str, Any]) -> str | None:
    """Return what an unknown name may be: a formula without quotes, a forgotten import, a typo."""
    name = error.name or ""
    unknown = gettext("Python knows no {name} here.", name=name)
    for explain in unknown_names:
        if told := explain(cell, error):
            return told
    if told := _as_text(cell, name, names):
        return gettext(
            "{unknown} The formula is a text and stands in quotes: {told}",
            unknown=unknown,
            told=told,
        )
    imports = {**USUAL, **_offered()}
    if name in imports:
        line = imports[name]
        return gettext(
            "{unknown} In a lesson a cell further up has to run first, with the line: {line}",
            unknown=unknown,
            line=line,
        )
    mine = [known for known in names if not known.startswith("_")]
    near = get_close_matches(name, [*mine, *imports], 1, 0.75)
    return (
        gettext("{unknown} Did you mean {near}?", unknown=unknown, near=near[0]) if near else None
    )


def _unknown_attribute(error: AttributeError) -> str | None:
    """Return which attribute of something of ours may be meant."""
    owner, name = error.obj, error.name or ""
    if not type(owner).__module__.startswith("helpers."):
        return None
    classes = [vars(kind) for kind in type(owner).__mro__ if kind.__module__.startswith("helpers.")]
    own = {each for names in (*classes, getattr(owner, "__dict__", ())) for each in names}
    known = sorted(each for each in own if not each.startswith("_"))
    near = get_close_matches(name, known, 1)
    names = {"owner": type(owner).__name__, "name": name, "known": ", ".join(near or known)}
    if near:
        return gettext("{owner} has no {name}. Did you mean {known}?", **names)
    return gettext("{owner} has no {name}. There are {known}.", **names)


def _unknown_key(cell: str, key: Any, values: dict[str, Any]) -> str | None:
    """Return which name of a table of ours, which cannot be written to, may be meant."""
    for node in ast.walk(ast.parse(cell)):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            table = values.get(node.value.id)
            if isinstance(table, MappingProxyType) and key not in table:
                known = [*map(str, table)]
                near = get_close_matches(getattr(key, "__name__", str(key)).lower(), known, 1)
                names = {"owner": node.value.id, "name": repr(key), "known": ", ".join(near)}
                if near:
                    return gettext('{owner} has no {name}. Did you mean "{known}"?', **names)
                return gettext("{owner} has no {name}.", **names)
    return None


def _offered() -> dict[str, str]:
    """Return the line that imports it for each name that stands in the front door of a room."""
    found: dict[str, str] = {}
    for door in HERE.glob("*/__init__.py"):
        for node in ast.parse(door.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                room = door.parent.name
                line = f"from helpers.{room} import "
                names = {alias.name for alias in node.names}
                if "*" in names and node.module:
                    names = set(import_module(node.module).__all__)
                found |= {name: line + name for name in names}
    return found


def _as_text(cell: str, name: str, names: dict[str, Any]) -> str | None:
    """Return a call of the course with quotes around the formula that uses an unknown name."""
    for call in ast.walk(ast.parse(cell)):
        if not isinstance(call, ast.Call) or not call.args or not isinstance(call.func, ast.Name):
            continue
        used = {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}
        function = names.get(call.func.id)
        if name in used and _is_ours(function):
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.annotation in (str, "str"):
                return f'{call.func.id}("{ast.get_source_segment(cell, call.args[0])}")'
    return None


def _is_ours(function: Any) -> TypeGuard[Callable[..., Any]]:
    return callable(function) and str(getattr(function, "__module__", "")).startswith("helpers.")


def _arguments(message: str, names: dict[str, Any]) -> str | None:
    """Return which arguments do not fit, and how the call is written."""
    fits = ARGUMENTS.match(message)
    if not fits or not _is_ours(function := names.get(fits[1])):
        return None
    name = function.__name__
    what = misfit(function, message.partition("() ")[2])
    call = _example(function)
    return f"{name}: {what}" + (
        gettext("\nIt is called like this: {call}", call=call) if call else ""
    )


def _example(function: Any) -> str | None:
    """Return the first call of the function in its own examples that fits in a line."""
    for line in (inspect.getdoc(function) or "").splitlines():
        prompt, _, code = line.strip().partition(" ")
        with contextlib.suppress(SyntaxError):
            if prompt == ">>>" and f"{function.__name__}(" in code and ast.parse(code):
                return code
    return None
