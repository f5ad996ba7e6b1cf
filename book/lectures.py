"""The lecturer's plans: a page a lecture, made from its slides and exercises.

They stand in the folder of the decks and not in the book, for they tell the answers.
"""

import html
import json
import re
from collections import defaultdict
from pathlib import Path

import nbformat

from book.assets import STATIC, with_mathjax
from book.ballots import LETTERS, choices, markdown, typeset
from helpers.exercises import EXERCISES, CodeExercise, ConceptExercise, DerivationExercise, wording

TRIED = Path(__file__).with_name("wrong_answers.json")  # the tests diagnose each of them
PATHS = (45, 60, 90)  # minutes of a lecture
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


def goals(path):
    """Return what the lesson says that one will learn to do."""
    opening = nbformat.read(path, as_version=4).cells[0].source
    found = re.search(r"\*\*You will learn to\*\* \| (.*?) \|$", opening, re.M)
    return found[1].split(" · ") if found else []


def clock(found):
    """Return the rows of a plan's clock: the core path first counted, extras beside it."""
    rows, spent = [], 0
    for number, slide in enumerate(found, 1):
        begins = f"in {slide.extra}" if slide.extra else f"{spent // 60:.0f}:{spent % 60:02.0f}"
        spent += 0 if slide.extra else slide.minutes
        said = re.split(r"(?<=[.?!]) (?=[A-Z])", slide.notes[0])[0] if slide.notes else ""
        rows.append((begins, number, slide.title, slide.beat, f"{slide.minutes:g}", said))
    return rows


def votes(found):
    """Yield of each vote its slide, the letter of the key and what others are expected to think.

    How many will, no class has told us yet: an option stands for a belief that was seen in answers.
    """
    for number, slide in enumerate(found, 1):
        exercise = EXERCISES[slide.vote] if slide.vote else None
        if isinstance(exercise, ConceptExercise):
            options = [*zip(LETTERS, choices(exercise), strict=False)]
            key = next(letter for letter, (_, slug, _) in options if not slug)
            beliefs = [f"{at}: {wording(slug).belief}" for at, (_, slug, _) in options if slug]
            yield number, typeset(exercise.prompt), key, "; ".join(beliefs)


def board(found):
    """Return the sentences of the notes in which something is written on the board."""
    said = [
        sentence for s in found for sentence in re.split(r"(?<=[.?!:;]) ", " ".join(s.notes[:1]))
    ]
    return [sentence for sentence in said if "board" in sentence]


def table(head, rows):
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)


def plan(path, found):
    """Return the plan of the lesson at ``path`` as Markdown, its second page after a rule.

    ``found`` are its slides.
    """
    lesson = int(path.stem[:2])
    spent = [sum(s.minutes for s in found if s.extra <= most) for most in (0, *PATHS[1:])]
    recall = next((s.notes[0] for s in found if s.beat == "recall" and s.notes), "")
    parts = [f"# {lesson}. {found[0].title}", "Goals: " + "; ".join(goals(path)) + "."]
    minutes = ", ".join(f"{n:g} of {most}" for n, most in zip(spent, PATHS, strict=True))
    parts += [f"Minutes: {minutes}. A vote is put twice, with a talk between."]
    parts += [table(("clock", "slide", "", "beat", "min", "say"), clock(found))]
    parts += ["## Votes", table(("slide", "question", "key", "expect"), votes(found))]
    if on_board := board(found):
        parts += ["## Board", "\n".join(f"- {sentence}" for sentence in on_board)]
    parts += ["## Answers to the recall", recall.partition(" Answers: ")[2]]
    if common := [(f"`{n}`", code(a), b) for n, a, b in wrong_answers(lesson)]:
        parts += ["---", "## Wrong answers to expect in the exercises"]
        parts += [table(("exercise", "answer", "what it believes"), common)]
    return "\n\n".join(parts)


def page(path, found):
    """Return `plan` as an HTML page, to be printed on one sheet."""
    text = with_mathjax((STATIC / "plan.html").read_text(encoding="utf-8"))
    title = html.escape(f"Plan of {path.stem}")
    return text.replace("{title}", title).replace("{plan}", markdown(plan(path, found)))
