"""Errors that are written for the person who typed: what is wrong, and where."""

from __future__ import annotations

from typing import Any

from helpers.language import gettext


class NotationError(ValueError):
    """A text that cannot be read: what is wrong, and where.

    `message` is a template where there are `fields`, and looked up in the language that is spoken.
    Attributes: `message`, `text` (the line), `column` (from 0), `line` (number or None), `hint`
    (what an argument of `derive` could change). What can be read in two ways has `written` (the
    words in question, at `at`), `meanings` (what they can mean), `ways` (how each is written
    without doubt) and `readings` (the line written so).
    `lost_bracket`: one is never closed, or closes nothing.
    `unexplained` is a letter of which nobody knows what it stands for; `place` counts statements.

    >>> from helpers.derivation import parse
    >>> parse("1/2z")
    Traceback (most recent call last):
    helpers.derivation.errors.NotationError: 1/2z can mean (1/2)*z or 1/(2*z): put brackets
        1/2z
           ^
    """

    def __init__(
        self,
        message: str,
        text: str,
        column: int = 0,
        line: int | None = None,
        hint: str = "",
        **fields: Any,
    ) -> None:
        self.message = gettext(message, **fields)
        super().__init__(self.message, text, column, line, hint)
        self.text, self.column = text, column
        self.line, self.hint = line, hint
        self.readings: tuple[str, ...] = ()
        self.meanings: tuple[str, ...] = ()
        self.ways: tuple[str, ...] = ()
        self.at = 0, 0
        self.written = self.unexplained = ""
        self.place = 0
        self.lost_bracket = False

    def between(
        self, start: int, end: int, *meanings: str, ways: tuple[str, ...] = ()
    ) -> NotationError:
        """Let the words from `start` to `end` mean one of these, which are written as in `ways`."""
        self.at, self.ways = (start, end), ways or meanings
        self.written, self.meanings = self.text[start:end], meanings
        self.readings = tuple(f"{self.text[:start]}{way}{self.text[end:]}" for way in self.ways)
        return self

    def of_a_bracket(self) -> NotationError:
        """Let it be about a bracket without its partner."""
        self.lost_bracket = True
        return self

    def __str__(self) -> str:
        start = max(0, self.column - 60)
        shown = self.text[start : self.column + 40]
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in shown)
        where = "" if self.line is None else gettext("line {number}: ", number=self.line)
        caret = " " * (4 + self.column - start) + "^"
        return f"{where}{self.message}{self.hint}\n    {shown}\n{caret}"

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message. The way through our code helps nobody."""
        return str(self).split("\n")


class ArgumentError(TypeError):
    """An argument of the wrong kind: what was expected and what came."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


def expect(kind: type, value: Any, what: str) -> Any:
    """Return `value` if it is of this kind, otherwise raise an ArgumentError that says `what`."""
    if not isinstance(value, kind):
        given = type(value).__name__
        came = "None" if value is None else gettext("a value of type {kind}", kind=given)
        raise ArgumentError(gettext("{what}; {came} came", what=what, came=came))
    return value
