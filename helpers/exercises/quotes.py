"""In a notebook, an answer that lacks its quotes gets a sentence in place of a traceback."""

from __future__ import annotations

import ast
import sys
from types import TracebackType
from typing import Any

from helpers.exercises.catalogue import EXERCISES
from helpers.exercises.concept_exercise import ConceptExercise

__all__ = ["watch_for_missing_quotes"]

ASKING = ("check", "check_derivation", "credit", "hint", "progress", "solution")


def _quoted(cell: str, name: str) -> str | None:
    """Return a call of the cell with quotes around the argument that uses this unknown name.

    A function and a derivation have names of their own: these lack no quotes.

    >>> _quoted('check("q_relu_zero", one)', "one"), _quoted("hint(q_relu_zero)", "q_relu_zero")
    ('check("q_relu_zero", "one")', 'hint("q_relu_zero")')
    >>> _quoted('check("relu", my_relu)', "my_relu"), _quoted("print(one)", "one")
    (None, None)
    """
    for call in ast.walk(ast.parse(cell)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id not in ASKING or not call.args:
            continue
        arguments = [ast.get_source_segment(cell, argument) or "" for argument in call.args]
        asked = EXERCISES.get(arguments[0].strip("\"'"))
        unknown = [
            place
            for place, argument in enumerate(call.args)
            if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(argument))
        ]
        if asked and unknown and (unknown == [0] or isinstance(asked, ConceptExercise)):
            arguments[unknown[0]] = f'"{arguments[unknown[0]]}"'
            return f"{call.func.id}({', '.join(arguments)})"
    return None


def _without_quotes(
    shell: Any, kind: type, error: Any, trace: TracebackType, tb_offset: int | None = None
) -> None:
    """Show a NameError; where an answer lacks its quotes, a sentence in place of the traceback."""
    while trace.tb_next:
        trace = trace.tb_next
    if trace.tb_frame.f_code.co_name == "<module>" and trace.tb_frame.f_globals is shell.user_ns:
        call = _quoted(shell.user_ns["In"][-1], error.name)
        what = "The name of an exercise" if error.name in EXERCISES else "An answer"
        sentence = f"Python knows no {error.name} here. {what} stands in quotes: {call}"
        if call:
            error._render_traceback_ = lambda: [sentence]
    shell.showtraceback((kind, error, error.__traceback__), tb_offset=tb_offset)


def watch_for_missing_quotes() -> None:
    """Show missing quotes in the notebook that runs this, if one does."""
    ipython = sys.modules.get("IPython")
    if ipython and (shell := ipython.get_ipython()):
        shell.set_custom_exc((NameError,), _without_quotes)
