"""The pad where no kernel runs: its lines, typeset, and a word on where they live."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Sequence

from helpers.derivation import mathml
from helpers.exercises import DerivationExercise, line_marks, lines_as_text
from helpers.language import gettext
from helpers.pad.title import title

ALIVE = (
    "A pad to write on, alive in JupyterLab, Notebook 7 and the in-browser edition: run this cell "
    "there. What you write is kept with your progress."
)


def page(exercise: DerivationExercise, lines: Sequence[Sequence[str]]) -> str:
    """Return the lines as HTML that needs no script."""
    rows = "".join(
        f'<li style="margin:.5em 0">{line}'
        f'<span style="opacity:.75;margin-left:2em">{html.escape(reason)}</span></li>'
        for line, reason in _typeset(exercise, lines)
    )
    return (
        '<div class="activation-pad-stored" style="border:1px solid #8883;border-radius:8px;'
        'max-width:950px;padding:10px 16px">'
        f'<p style="margin:0;font-weight:600">{title(exercise)}</p>'
        f'<ol style="margin:.4em 0;padding-left:1.8em">{rows}</ol>'
        f'<p style="margin:0;opacity:.8">{gettext(ALIVE)}</p></div>'
    )


def _typeset(exercise: DerivationExercise, lines: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Return the begun lines as MathML, from their trees, which know a function from a factor."""
    read: dict[int, list[str]] = {}
    with contextlib.suppress(Exception):  # a fault of ours, which the pad itself tells
        for mark in line_marks(exercise.claims(lines_as_text(lines))):
            read.setdefault(mark.number, []).append(mark.mathml)
    begun = [(line, reason) for line, reason in lines if line.strip(" =")]
    rows = []
    for number, (line, reason) in enumerate(begun, 1):
        statements = read.get(number, [""])
        rows.append((",\u2002".join(statements) if all(statements) else typeset(line), reason))
    return rows


def typeset(latex: str) -> str:
    r"""Return a line as MathML, or as it is where it holds what that does not know.

    >>> typeset(r"\foo")
    '<code>\\foo</code>'
    """
    blanks = re.sub(r"\\placeholder\{[^{}]*\}", r"\\ldots ", latex)
    try:
        return mathml(blanks)
    except (ValueError, IndexError):
        return f"<code>{html.escape(latex)}</code>"
