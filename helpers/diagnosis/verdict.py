"""The verdict on an answer, in words, and how numbers are written in it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import SupportsFloat

from helpers.language import gettext


@dataclass(frozen=True, repr=False)
class Verdict:
    """What `check` found.

    Parameters
    ----------
    correct : the answer is right and complete.
    diagnoses : the stories that explain a wrong answer, most likely first.
    message : evidence, where, and a question that leads on.
    first_wrong_line : for a derivation, counted from 1; None when no line is wrong.
    status : "correct", "not yet", "unfinished" (right as far as it goes), "not attempted", "unread"
        (it does not say what is meant, no attempt is counted), or "fault": the course failed, and
        says nothing about the answer.
    drawing : draws what a notebook shows in place of the message, as HTML.
    options : for a choice, what there is to choose from.
    otherwise : another story that gives the same numbers; in a notebook it is folded away.
    """

    correct: bool
    diagnoses: tuple[str, ...] = ()
    message: str = ""
    first_wrong_line: int | None = None
    status: str = ""
    drawing: Callable[[], str] | None = field(default=None, compare=False)
    options: tuple[str, ...] = field(default=(), compare=False)
    otherwise: str = ""

    def __post_init__(self) -> None:
        if not self.status:
            object.__setattr__(self, "status", "correct" if self.correct else "not yet")

    def __bool__(self) -> bool:
        return self.correct

    @property
    def _said(self) -> str:
        """The message; that of `NOT_ATTEMPTED` was made before a language was chosen."""
        return gettext(_NOTHING) if self.message == _NOTHING else self.message

    def __repr__(self) -> str:
        icon, word, _ = _LOOKS[self.status]
        rows = [f"{icon} {gettext(word)}", self._said]
        return "\n".join([*rows, *(f"- {text}" for text in self.options)])

    def _repr_html_(self) -> str:
        """An icon, a word and a coloured edge; the text keeps the colours of the page."""
        icon, word, colour = _LOOKS[self.status]
        shown = self.drawing() if self.drawing else paragraphs(self._said)
        if self.options:
            items = "".join(f"<li>{_option(text)}</li>" for text in self.options)
            shown += f'<ul style="margin:.3em 0">{items}</ul>'
        if self.otherwise and not self.drawing:
            fold = f"<summary>{gettext(OTHERWISE)}</summary>{paragraphs(self.otherwise)}"
            shown += f"<details>{fold}</details>"
        return (
            f'<div role="status" style="border-left:.35em solid {colour};'
            'padding:.2em .9em;margin:.4em 0">'
            f'<strong><span aria-hidden="true">{icon}</span> {gettext(word)}</strong>{shown}</div>'
        )


_LOOKS = {
    "correct": ("✓", "Correct", "#1a7f52"),
    "not yet": ("✗", "Not yet", "#c2571a"),
    "unfinished": ("○", "Right so far, not finished", "#0072b2"),
    "not attempted": ("○", "Not attempted yet", "#76767c"),
    "unread": ("○", "Not judged yet", "#76767c"),
    "fault": ("!", "Not judged", "#76767c"),
}
OTHERWISE = "Was it something else?"
_NOTHING = "Nothing to check yet."
NOT_ATTEMPTED = Verdict(False, message=_NOTHING, status="not attempted")


def paragraphs(message: str) -> str:
    """Return a message as HTML, a paragraph a row."""
    return "".join(map(_paragraph, message.split("\n"))) if message else ""


def monospaced(text: str) -> str:
    """Return code, or lines that stand below one another, as HTML."""
    shown = html.escape(text.strip("\n"), quote=False)
    return f'<pre style="margin:.3em 0;font-family:monospace">{shown}</pre>' if shown else ""


def _paragraph(text: str) -> str:
    """A sentence, or a line of the learner's (indented) with a caret below it."""
    shown = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    if text.startswith("    "):
        return f'<pre style="margin:0;font-family:monospace">{shown}</pre>'
    return f'<p style="margin:.3em 0">{shown}</p>'


def _option(text: str) -> str:
    """An option, with what is answered for it in bold."""
    word, colon, rest = text.partition(": ")
    return (
        f"<strong>{html.escape(word, quote=False)}</strong>{colon}{html.escape(rest, quote=False)}"
    )


def four_digits(x: SupportsFloat | None) -> str:
    """Write a number with four digits, as a person would.

    >>> four_digits(0.19661193), four_digits(-2.0), four_digits(1.2e-7), four_digits(None)
    ('0.1966', '−2', '1.2e−07', 'undefined')
    """
    if x is None:
        return gettext("undefined")
    return typographic(f"{float(x) + 0.0:.4g}")


def typographic(number: str) -> str:
    """Write a number with a true minus sign."""
    return number.replace("-", "−")


def place(point: Mapping[str, SupportsFloat]) -> str:
    """Say where: `z = -1.3, beta = 0.6`."""
    return ", ".join(f"{name} = {four_digits(x)}" for name, x in point.items())
