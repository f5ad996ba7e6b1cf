"""What a learner wrote on the pad, as it is kept with the progress."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.exercises import records

__all__ = ["as_text", "keep_lines", "written_lines"]

MOST_LINES, MOST_CHARACTERS = 100, 2000


def written_lines(exercise: str) -> list[tuple[str, str]]:
    """Return the lines (LaTeX) of an exercise with their reasons; what is damaged is left out."""
    entry = records.read().get(exercise, {}).get("pad")
    rows = entry if isinstance(entry, list) else []
    return [(row[0], row[1]) for row in rows[:MOST_LINES] if _is_line(row)]


def keep_lines(exercise: str, lines: Sequence[Sequence[str]]) -> None:
    """Keep these lines and reasons in place of those of before."""
    kept = [[line[:MOST_CHARACTERS] for line in row] for row in lines[:MOST_LINES]]
    if kept != records.read().get(exercise, {}).get("pad"):
        records.record(exercise, pad=kept)


def _is_line(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 2
        and all(isinstance(text, str) and len(text) <= MOST_CHARACTERS for text in row)
    )


def as_text(lines: Sequence[Sequence[str]]) -> str:
    r"""Return lines and reasons as one text, in the notation that `check` reads.

    >>> as_text([(r"D\left(z^2\right)", ""), (r"=2\cdot z", "power rule")])
    'D (z^(2))\n=2*z    # power rule'
    """
    return "\n".join(
        f"{plain(latex)}    # {' '.join(reason.split())}" if reason.strip() else plain(latex)
        for latex, reason in lines
        if latex.strip(" =")
    )


# ------------------------------------------------- until the reader of LaTeX is there: plain text

_WORDS = {
    **{"cdot": "*", "times": "*", "le": "<=", "ge": ">=", "lbrack": "(", "rbrack": ")"},
    **{"left": "", "right": "", ",": " ", " ": " ", ";": " ", "placeholder": "…"},
}


def plain(latex: str) -> str:
    r"""Return a line that the pad wrote as plain text.

    >>> plain(r"\frac{1}{1+e^{-z}}"), plain(r"\frac12\sqrt{z}"), plain(r"=\operatorname{erf}(z)")
    ('((1)/(1+e^(-z)))', '((1)/(2))sqrt(z)', '=erf(z)')
    >>> plain(r"\frac{d}{dz}\left[e^{-z}\right]"), plain(r"\placeholder{}")
    ('D(e^(-z))', '…')
    """
    tokens = re.findall(r"\\[A-Za-z]+|\\.|[A-Za-z0-9.]|\S", latex)[::-1]
    out = []
    while tokens:
        out.append(_piece(tokens))
    text = re.sub(r"\(\(d\)/\(d ?\w+\)\)\s*(?=\()", "D", "".join(out))
    return re.sub(r"\(\(d ?(\w+)\)/\(d ?\w+\)\)", r"D(\1)", text)


def _piece(tokens: list[str]) -> str:
    token = tokens.pop()
    if token == "{":
        return f"({_group(tokens)})"
    if token in ("^", "_"):
        return f"{token}({_argument(tokens)})"
    if token in (r"\frac", r"\dfrac"):
        return f"(({_argument(tokens)})/({_argument(tokens)}))"
    if token in (r"\operatorname", r"\mathrm", r"\text"):
        return _argument(tokens).replace(" ", "")
    if token == r"\placeholder":
        _argument(tokens)
        return "…"
    if token == r"\sqrt":
        return f"sqrt({_argument(tokens)})"
    if token.startswith("\\"):
        word = _WORDS.get(token[1:], token[1:].removeprefix("var"))
        return f"{word} " if word.isalpha() and tokens and tokens[-1].isalnum() else word
    if token.isalpha() and tokens and re.match(r"\\?[A-Za-z]", tokens[-1]):
        return f"{token} "  # a product: each letter is one of its own
    return {"[": "(", "]": ")"}.get(token, token)


def _argument(tokens: list[str]) -> str:
    if not tokens:
        return ""
    if tokens[-1] != "{":
        return _piece(tokens)
    tokens.pop()
    return _group(tokens)


def _group(tokens: list[str]) -> str:
    parts = []
    while tokens and tokens[-1] != "}":
        parts.append(_piece(tokens))
    if tokens:
        tokens.pop()
    return "".join(parts)
