"""What is said of the lines of a pad: the one place where the pad meets the checker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from helpers.derivation import Claims, Sym, substitute, to_text
from helpers.exercises import (
    NOT_ATTEMPTED,
    DerivationExercise,
    Drawing,
    Mistake,
    draw_sides,
    fault_of_ours,
    line_marks,
    lines_as_text,
)
from helpers.language import gettext
from helpers.pad.keypad import first_lines

PLACEHOLDER = re.compile(r"\\placeholder\{[^{}]*\}")
FAILED = ("wrong", "unread")


def judge_lines(
    exercise: DerivationExercise, lines: Sequence[Sequence[str]], *, explained: bool = True
) -> dict[str, Any]:
    """Return the marks of lines (LaTeX, reason), status and message of the whole, and its text.

    A mark has the `place` of its line, from 0, the `mark` in words, as it is `said` in the language
    that is spoken, its `icon` and `kind`, and, where there is something to say, `evidence`,
    `question`, `others` for a fold, `shown`, the first wrong line with the place in question, and
    `picture`, both of its sides as SVG. A line that can be read in several ways has these as
    `ways`: what is meant, as HTML, and the line in LaTeX.
    What explains a wrong line may take a second; without it, marks and numbers come at once.
    """
    try:
        return _judged(exercise, lines, explained)
    except Exception as error:
        verdict = fault_of_ours(exercise.name, error)
        return _told([], verdict.status, verdict.message, lines_as_text(lines))


def _judged(
    exercise: DerivationExercise, lines: Sequence[Sequence[str]], explained: bool
) -> dict[str, Any]:
    text = lines_as_text(lines)
    claims = exercise.claims(text)
    marks = _marks(claims, lines)
    if text == lines_as_text(first_lines(exercise)):
        return _told([*marks.values()], NOT_ATTEMPTED.status, NOT_ATTEMPTED.message, text)
    wrong = any(mark["kind"] in FAILED for mark in marks.values())
    if wrong and not explained:
        if mistake := exercise.numbers(claims):
            marks[mistake.claim.number]["evidence"] = mistake.evidence
        return _told([*marks.values()], "not yet", "", _plain(claims))
    verdict = exercise.judge(text)
    if verdict.status == "not attempted":
        return _told([], verdict.status, verdict.message, text)
    if isinstance(verdict.drawing, Drawing) and (mistake := verdict.drawing.mistake):
        _explain(marks[mistake.claim.number], mistake, verdict.drawing)
    return _told(
        [*marks.values()], verdict.status, "" if wrong else verdict.message, _plain(claims)
    )


def _told(marks: list[dict[str, Any]], status: str, message: str, text: str) -> dict[str, Any]:
    return {"marks": marks, "status": status, "message": message, "text": text}


def _marks(claims: Claims, lines: Sequence[Sequence[str]]) -> dict[int, dict[str, Any]]:
    """Return the marks by the number that the checker gives the lines, which are begun."""
    places = [place for place, (line, _) in enumerate(lines) if line.strip(" =")]
    found: dict[int, dict[str, Any]] = {}
    for line in line_marks(claims):
        if line.number not in found or line.kind in FAILED:  # a line may hold several statements
            mark = {"place": places[line.number - 1], "mark": line.mark, "evidence": line.note}
            mark |= {"said": gettext(line.mark), "icon": line.icon, "kind": line.kind}
            mark["ways"] = [[way.meant, way.latex] for way in line.ways]
            found[line.number] = {**mark, "question": "", "others": [], "shown": "", "picture": ""}
    return found


def _explain(mark: dict[str, Any], mistake: Mistake, drawing: Drawing) -> None:
    """Add what is said of the first wrong line, and both its sides as a picture."""
    mark["question"], *mark["others"] = mistake.questions or ("",)
    mark["evidence"] = mistake.evidence
    mark["shown"] = drawing.wrong_line
    mark["picture"] = draw_sides(mistake.claim, drawing.claims)


# --------------------------------------------------------------------------- the lines as text


def _plain(claims: Claims) -> str:
    """Write the lines in the notation, in the learner's own letters; as they are if not read."""
    own = {letter: Sym(name) for letter, name in claims.reading.names.as_written.items()}
    rows: dict[int, list[str]] = {}
    reasons: dict[int, str] = {}
    for claim in claims.claims:
        said = claim.statement
        trees = [piece.tree for piece in said.pieces]
        sides = [to_text(substitute(tree, own)) for tree in trees if tree is not None]
        read = len(sides) == len(trees) and sides
        lead = f"{said.continues} " if said.continues else ""
        written = lead + " = ".join(sides) if read else PLACEHOLDER.sub(" …", said.row)
        rows.setdefault(said.number, []).append(written)
        reasons[said.number] = said.reason
    return "\n".join(_with_reason(", ".join(row), reasons[n]) for n, row in rows.items())


def _with_reason(row: str, reason: str) -> str:
    return f"{row}    # {reason}" if reason else row
