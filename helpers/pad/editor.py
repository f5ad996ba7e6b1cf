"""The widget: what the browser and Python tell each other about the lines of one exercise."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from helpers.exercises import (
    OTHERWISE,
    DerivationExercise,
    check,
    keep_lines,
    lines_as_text,
    look_up,
    written_lines,
)
from helpers.explorer import script
from helpers.language import gettext, value_error
from helpers.pad.judging import judge_lines
from helpers.pad.keypad import first_lines, keys, letters, shortcuts
from helpers.pad.library import Library, library
from helpers.pad.stored import page
from helpers.pad.title import title

REST = 0.25  # seconds, for which nothing is typed
BROWSER = Path(__file__).with_name("browser")


def bit_by_bit(turns: Iterator[float]) -> None:
    """Take the turns of a generator, each after the rest in seconds that the last one asked for.

    In between the kernel does what has come in the meantime. A plain Python takes them at once.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        for _ in turns:
            pass
        return

    def take() -> None:
        if (rest := next(turns, None)) is not None:
            loop.call_later(rest, take)

    take()


class Pad(anywidget.AnyWidget):
    """The pad of one exercise; made by `pad`.

    ``lines`` are pairs of LaTeX and reason. The browser sends them with a number, ``turn``; what
    comes back in ``told`` has the same number, so that an answer that is late is dropped; ``kept``
    is the number of the lines that have been written down.
    """

    @property
    def _esm(self) -> str:
        return f"{script('pad.js', folder=BROWSER)}export default {{ render }};\n"

    _css = (BROWSER / "pad.css").read_text(encoding="utf-8")
    sheet = traitlets.Dict().tag(sync=True)
    lines: Any = traitlets.List().tag(sync=True)
    turn = traitlets.Int().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)
    kept = traitlets.Int().tag(sync=True)
    library = traitlets.Instance(Library).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, exercise: DerivationExercise):
        self.exercise = exercise
        sheet = {
            "name": exercise.name,
            "title": gettext(exercise.prompt),
            "letters": letters(exercise),
        }
        sheet["heading"] = title(exercise)
        lines = written_lines(exercise.name) or first_lines(exercise)
        super().__init__(
            sheet={
                **sheet,
                "keys": keys(exercise),
                "shortcuts": shortcuts(),
                "otherwise": gettext(OTHERWISE),
            },
            lines=[list(line) for line in lines],
            library=library(),
        )
        self._tell(explained=True)
        self.observe(self._written, "turn")

    def _tell(self, *, explained: bool) -> None:
        judged = judge_lines(self.exercise, self.lines, explained=explained)
        self.told = {"turn": self.turn, **judged}

    def _written(self, _: object) -> None:
        """Mark the lines and keep them; a derivation that has become right is an attempt."""
        before = self.told["status"]
        self._tell(explained=False)
        keep_lines(self.exercise.name, self.lines)  # after the marks: in a browser, files are slow
        self.kept = self.turn
        if self.told["status"] == "correct" != before:
            check(self.exercise.name, lines_as_text(self.lines))
        if self.told["status"] == "not yet":
            bit_by_bit(self._explain(self.turn))

    def _explain(self, turn: int) -> Iterator[float]:
        """Explain what is wrong, unless something else has been written in the meantime."""
        yield REST
        for _ in self.exercise.beliefs.prepare():
            if turn != self.turn:
                return
            yield 0.001
        if turn == self.turn:
            self._tell(explained=True)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        stored = page(self.exercise, self.lines)
        return {**data, "text/html": stored, "text/plain": self.told["text"]}, metadata


def pad(exercise: str) -> Pad:
    """Show the pad of an exercise that asks for a derivation.

    Type a line as you would write it (`e^-z`, `/`, `'`), Enter adds a line, `#` a reason. What you
    write is kept with your progress; `check("derive_sigmoid")` judges it as an attempt.

    Parameters
    ----------
    exercise : str
        The name of an exercise of kind "derivation", such as "derive_sigmoid".

    Raises
    ------
    UnknownExercise
        For an unknown name, with the closest ones.
    ValueError
        If it asks for no derivation.

    >>> pad("derive_tanh").told["status"]
    'not attempted'
    """
    declared = look_up(exercise)
    if not isinstance(declared, DerivationExercise):
        answer = f"check({exercise!r}, …)"
        asked = "{exercise} asks for no derivation; answer it with {answer}"
        raise value_error(asked, exercise=exercise, answer=answer)
    return Pad(declared)
