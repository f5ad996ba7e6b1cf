"""What a learner wrote on the pad, as it is kept with the progress."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.exercises import records

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


def lines_as_text(lines: Sequence[Sequence[str]]) -> str:
    r"""Return lines and reasons as one text for `check`, without the lines that are not begun.

    >>> lines_as_text([(r"D\left(z^2\right)", ""), ("=", ""), (r"=2\cdot z", "power rule")])
    'D\\left(z^{2}\\right)\n=2\\cdot z    # power rule'
    """
    rows = [
        (_spaced(latex), " ".join(reason.split())) for latex, reason in lines if latex.strip(" =")
    ]
    return "\n".join(f"{latex}    # {reason}" if reason else latex for latex, reason in rows)


def _spaced(latex: str) -> str:
    r"""Write what stands clear in two dimensions so that it does in one: exponents, products.

    A comma between statements gets a blank behind it, a decimal one braces.

    >>> _spaced(r"u=\max\left(z,0\right),v=z0,5z^2p")
    'u=\\max\\left(z,0\\right), v=z\\cdot 0{,}5z^{2}p'
    """
    latex = re.sub(r"\^([0-9A-Za-z])", r"^{\1}", latex)
    latex = re.sub(r"(?<=\d),(?=\d)", "{,}", latex)
    latex = re.sub(r"(?<![\\A-Za-z_])([A-Za-z])(?=\d)", r"\1\\cdot ", latex)  # no lost power
    depth, out = 0, []
    for token in re.findall(r"\\(?:left|right)\b|\\.|[^\\]", latex):
        depth += token in (r"\left", "{") or -(token in (r"\right", "}"))
        out.append(", " if token == "," and depth == 0 else token)
    return "".join(out)
