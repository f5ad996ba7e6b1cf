"""What is said of the lines of a pad: the one place where the pad meets the checker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from helpers.derivation import NotationError, latex, split_lines
from helpers.exercises import DerivationExercise, Verdict
from helpers.exercises.written_lines import as_text, plain

__all__ = ["Mark", "judge_lines", "typeset_text"]


@dataclass(frozen=True)
class Mark:
    """What was found about one line, counted from 1.

    mark : "proved", "agrees", "true on the way", "definition", "wrong", "not read", "not reached",
        or "" where nothing is written.
    evidence, question : what is said of it.
    """

    number: int
    mark: str
    evidence: str = ""
    question: str = ""


def judge_lines(exercise: DerivationExercise, lines: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the marks of lines (LaTeX, reason), and the status and message of the whole."""
    texts = [plain(line).strip(" =") for line, _ in lines]
    verdict = exercise.judge(as_text(lines))
    numbers = [n for n, text in enumerate(texts, 1) if text]
    wrong = verdict.first_wrong_line
    wrong = numbers[wrong - 1] if wrong and wrong <= len(numbers) else None
    marks = [_mark(n, text, verdict, wrong) for n, text in enumerate(texts, 1)]
    message = "" if wrong else verdict.message
    return {"marks": [asdict(m) for m in marks], "status": verdict.status, "message": message}


def _mark(number: int, text: str, verdict: Verdict, wrong: int | None) -> Mark:
    if not text or "…" in text:
        return Mark(number, "")
    if wrong is None or number < wrong:
        return Mark(number, "agrees" if verdict.status != "not attempted" else "")
    if number > wrong:
        return Mark(number, "not reached")
    unread = "cannot be read" in verdict.message
    evidence, question = _split(verdict.message)
    return Mark(number, "not read" if unread else "wrong", evidence, question)


def _split(message: str) -> tuple[str, str]:
    """Return what is stated, and what is asked: from the first question on.

    >>> _split("At z = 0.7 it is 2. Where is the factor? Look there.")
    ('At z = 0.7 it is 2.', 'Where is the factor? Look there.')
    """
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", message)
    asked = next((k for k, said in enumerate(sentences) if said.endswith("?")), len(sentences))
    return " ".join(sentences[:asked]), " ".join(sentences[asked:])


def typeset_text(exercise: DerivationExercise, text: str) -> list[tuple[str, str]]:
    """Return pasted text, plain or LaTeX, as lines (LaTeX) with their reasons."""
    if "\\" in text:
        return _latex_lines(text)
    lines = []
    for number, step, reason in split_lines(text):
        try:
            line = latex(exercise.setting.read(number, step, reason).tree, exercise.variable)
        except NotationError:
            line = step
        lines.append((f"={line}" if number > 1 else line, reason))
    return lines


_AROUND = re.compile(r"\\(?:begin|end)\{[a-z]+\*?\}|\\[\[\]()]|\$+|(?<!\\)&|\\nonumber|\\notag")
_REASON = re.compile(r"(?:\\q?quad|\s)*(?:\\text\{([^{}]*)\}|#(.*))[\s.]*$")


def _latex_lines(text: str) -> list[tuple[str, str]]:
    r"""Cut LaTeX, an environment of several lines or just lines, into lines with their reasons.

    >>> _latex_lines(r"\begin{aligned} D(z^2) &\\ &= 2z && \text{power rule} \end{aligned}")
    [('D(z^2)', ''), ('= 2z', 'power rule')]
    """
    lines = []
    for row in re.split(r"\\\\(?:\[[^\]]*\])?|\n", _AROUND.sub(" ", text)):
        found = _REASON.search(row)
        line = (row[: found.start()] if found else row).strip(" .,\t")
        if line:
            lines.append((line, ((found[1] or found[2] or "") if found else "").strip()))
    return lines
