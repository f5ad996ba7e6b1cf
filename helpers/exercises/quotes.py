"""In a notebook, an answer that lacks its quotes gets a sentence in place of a traceback."""

from __future__ import annotations

import ast

from helpers._tracebacks import unknown_names
from helpers.exercises.catalogue import EXERCISES
from helpers.exercises.concept_exercise import ConceptExercise
from helpers.language import gettext

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


def _without_quotes(cell: str, error: NameError) -> str | None:
    """Return what is told of an answer, or a name of an exercise, that lacks its quotes."""
    call = _quoted(cell, error.name or "")
    what = gettext("The name of an exercise") if error.name in EXERCISES else gettext("An answer")
    return call and gettext(
        "Python knows no {name} here. {what} stands in quotes: {call}",
        name=error.name,
        what=what,
        call=call,
    )


def watch_for_missing_quotes() -> None:
    """Tell of missing quotes where a notebook tells of an unknown name."""
    unknown_names.append(_without_quotes)
