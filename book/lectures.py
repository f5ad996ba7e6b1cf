"""The lecturer's kit: a page with a plan for each lesson, made from its slides and exercises."""

import json
from collections import defaultdict
from pathlib import Path

from book.slides import answers, slides_of
from helpers.exercises import EXERCISES, CodeExercise, DerivationExercise, wording
from tools.files import lessons

OPENING = """# Lecture plans

One lecture a lesson, from the lesson's own cells: `python course.py slides` builds the decks with
these notes in the speaker's view (key S). The minutes are a plan, not a measurement; for a class of
45 choose what to leave out. A vote is put twice: alone, and after two minutes with a neighbour.
Explorers are moved and answered in the window that the class sees: the speaker's view has its own.
"""
TRIED = Path(__file__).with_name("wrong_answers.json")  # the tests diagnose each of them
AT_MOST = 3  # wrong answers shown of an exercise


def wrong_answers(lesson):
    """Yield `(exercise, answer, belief)`: at most three stories of each exercise of a lesson."""
    known = defaultdict(dict)
    for each in json.loads(TRIED.read_text(encoding="utf-8")):
        known[each["exercise"]].setdefault(each["story"], each["answer"])
    for name, stories in known.items():
        exercise = EXERCISES[name]
        asks_work = isinstance(exercise, CodeExercise | DerivationExercise)
        if exercise.lesson == lesson and asks_work:
            for story, answer in list(stories.items())[:AT_MOST]:
                yield name, answer, wording(story).belief


def cell(text):
    """Return a text as a cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text):
    """Return lines of code as a cell of a table."""
    return "<br>".join(f"`{cell(line)}`" for line in text.splitlines() if line.strip())


def plan(path):
    """Return the plan of the lesson at ``path`` as Markdown."""
    lesson, found = int(path.stem[:2]), slides_of(path)
    minutes = sum(slide.minutes for slide in found)
    rows = [f"## {lesson}. [{found[0].title}](notebooks/{path.name})", ""]
    rows += [f"{len(found)} slides, {minutes:g} minutes.", ""]
    rows += ["| | slide | beat | min | what you say or ask |", "|---|---|---|---|---|"]
    for number, slide in enumerate(found, 1):
        said = slide.notes[0] if slide.notes else ""
        about = (number, slide.title, slide.beat, f"{slide.minutes:g}", said)
        rows.append("| " + " | ".join(map(cell, about)) + " |")
    for slide in found:
        if slide.vote:
            exercise = EXERCISES[slide.vote]
            rows += ["", f"### Vote: {slide.title}", "", exercise.prompt, "", answers(exercise)]
    common = list(wrong_answers(lesson))
    if common:
        rows += ["", "### Wrong answers to expect", "", "| exercise | answer | what it believes |"]
        rows.append("|---|---|---|")
        rows += [f"| `{n}` | {code(a)} | {cell(b)} |" for n, a, b in common]
    return "\n".join(rows)


def page():
    """Return the page as Markdown."""
    return "\n\n".join([OPENING, *map(plan, lessons())]) + "\n"
