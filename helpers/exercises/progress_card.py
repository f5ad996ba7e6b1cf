"""How far a learner is: what is right, what is open, what comes next, what they can do."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from helpers.exercises import records
from helpers.exercises.catalogue import EXERCISES
from helpers.exercises.exercise import Exercise
from helpers.exercises.lessons import LESSONS
from helpers.exercises.practice import History, skills_svg
from helpers.language import active, gettext, ngettext, value_error

_MARKS = {"right": "✓", "tried": "○", "untried": "·"}
_LONG = 72  # letters that a title may have


def title(exercise: Exercise) -> str:
    """Return what is asked, short enough for a line.

    >>> title(EXERCISES["sigmoid"]), title(EXERCISES["q_relu_linear"])
    ('Return the sigmoid of every entry of z', 'Is a stack of ReLU layers therefore linear?')
    """
    prompt = " ".join(gettext(exercise.prompt).split())
    sentences = re.split(r"(?<=[.?;])\s+", prompt)
    asked = [s for s in sentences if s.endswith("?") and 25 <= len(s) <= _LONG]
    whole = prompt if len(prompt) <= _LONG else ""
    words = (whole or (asked or sentences)[0]).rstrip(".;")
    return words if len(words) <= _LONG else words[:_LONG].rsplit(" ", 1)[0].rstrip(",;:") + " …"


class Progress(str):
    """A card in a notebook, lines of text elsewhere."""

    card = ""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.card

    def save(self, file: str | Path = "what_i_can_do.html") -> None:
        """Write the card as a page of its own, to print or to show somebody.

        Parameters
        ----------
        file : its name, in the folder of the notebook.
        """
        title = gettext("What I can do")
        head = (
            f'<!doctype html><html lang="{active()}"><meta charset="utf-8"><title>{title}</title>'
        )
        look = "<style>body{font:16px/1.5 sans-serif;max-width:44em;margin:2em auto}</style>"
        Path(file).write_text(f"{head}{look}<h1>{title}</h1>{self.card}", encoding="utf-8")


def progress(lesson: int | None = None) -> Progress:
    """Show what is right, what is open and untried, what you practised, and the next step.

    `progress().save()` writes it as a page.

    Parameters
    ----------
    lesson : its number, for the exercises of this lesson one by one.

    Raises
    ------
    ValueError
        For a lesson that there is not.
    """
    numbers = sorted({exercise.lesson for exercise in EXERCISES.values()})
    if lesson is not None and lesson not in numbers:
        raise value_error("lesson: {n!r} came; there are 0 to {last}", n=lesson, last=numbers[-1])
    state = records.read()
    if lesson is not None:
        return _card(_one_lesson(lesson, state), [])
    begun = [n for n in numbers if any(_is_tried(state.get(e.name, {})) for e in _of(n))]
    rows = [row for number in begun for row in _one_lesson(number, state)]
    untried = [str(number) for number in numbers if number not in begun]
    if begun and untried:
        rows.append(
            (
                "note",
                gettext("Nothing tried yet in lesson {untried}.", untried=", ".join(untried)),
                "",
            )
        )
    history = History({name: entry for name, entry in state.items() if _is_tried(entry)})
    if history.due(time.time()):
        rows.append(("note", gettext("A mistake of yours is due again: practice() asks it."), ""))
    if not begun and not history.rows():
        rows.append(("note", gettext("Nothing tried yet."), ""))
    return _card(rows, _abilities(history), skills_svg(history))


Row = tuple[str, str, str]  # what it is, its words, the exercise that it leads to


def _of(lesson: int) -> list[Exercise]:
    return [exercise for exercise in EXERCISES.values() if exercise.lesson == lesson]


def _is_tried(entry: Mapping[str, object]) -> bool:
    """Lines on a pad alone are not yet a try."""
    return bool(entry.get("attempts") or entry.get("hints"))


def _one_lesson(lesson: int, state: Mapping[str, records.Entry]) -> list[Row]:
    """Return a heading, a row for each exercise, and what comes next."""
    asked = _of(lesson)
    right = [e for e in asked if state.get(e.name, {}).get("right")]
    rows: list[Row] = [
        (
            "heading",
            gettext(
                "{called}: {right} of {asked} right",
                called=_called(lesson),
                right=len(right),
                asked=len(asked),
            ),
            "",
        )
    ]
    rows += [_row(e, state.get(e.name, {})) for e in asked]
    left = [e for e in asked if e not in right]
    started = [e for e in left if _is_tried(state.get(e.name, {}))]
    if left:
        rows.append(
            (
                "next",
                gettext("Next: {title}", title=title((started or left)[0])),
                (started or left)[0].name,
            )
        )
    return rows


def _called(lesson: int) -> str:
    """Return what a lesson is called, as its declarations say.

    >>> _called(1), _called(10)
    ('Lesson 1, the sigmoid', 'Lab 10, check a derivative four ways')
    """
    for module in LESSONS:
        words = (module.__doc__ or "").partition(".")[0]
        if words.split(":")[0].endswith(f" {lesson}"):
            return gettext(words.replace(": ", ", ", 1))
    return gettext("Lesson {lesson}", lesson=lesson)


def _row(exercise: Exercise, entry: records.Entry) -> Row:
    """Say of one exercise whether it is right, and what it took."""
    kind = "right" if entry.get("right") else "tried" if _is_tried(entry) else "untried"
    tries, hints = entry.get("attempts", 0), entry.get("hints", 0)
    counts = [ngettext("{n} attempt", "{n} attempts", tries)] if tries else []
    counts += [ngettext("{n} hint", "{n} hints", hints)] if hints else []
    told = f" ({', '.join([exercise.name, *counts])})"
    return kind, title(exercise) + told, exercise.name


def _abilities(history: History) -> list[str]:
    """Say in a sentence each what was practised and how well."""
    return [
        gettext(
            "{skill}, {what}: level {level}, {first} of {answered} right at once",
            skill=skill,
            what=what,
            level=level,
            first=first,
            answered=answered,
        )
        for skill, what, level, answered, first in history.rows()
    ]


def _card(rows: Iterable[Row], abilities: list[str], picture: str = "") -> Progress:
    rows = list(rows)
    lines = [f"{_MARKS[kind]} {words}" if kind in _MARKS else words for kind, words, _ in rows]
    card = Progress("\n".join([*lines, *abilities]))
    practised = f"<p><strong>{gettext('Practised')}</strong></p>{picture}" if picture else ""
    card.card = f'<div role="note">{"".join(map(_drawn, rows))}{practised}</div>'
    return card


def _drawn(row: Row) -> str:
    """Return a row as HTML; a notebook of the course leads from its name to the exercise."""
    kind, words, name = row
    shown = html.escape(words, quote=False)
    if name:
        shown = f'<span data-exercise="{name}">{shown}</span>'
    if kind == "heading":
        return f'<p style="margin:.6em 0 .2em"><strong>{shown}</strong></p>'
    if kind in _MARKS:
        faded = ";opacity:.75" if kind == "untried" else ""
        mark = f'<span style="display:inline-block;text-indent:0;width:1.4em">{_MARKS[kind]}</span>'
        return f'<div style="padding-left:1.4em;text-indent:-1.4em{faded}">{mark}{shown}</div>'
    return f'<p style="margin:.4em 0">{shown}</p>'
