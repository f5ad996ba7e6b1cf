"""Questions that the book's pages ask and judge by themselves, without a kernel.

A cell that checks a number or an option becomes a form. What each answer leads to comes from the
exercise's declaration; it travels with the form, encoded, so that nobody reads it by accident.
"""

import base64
import json
import math
import re
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from book.ballots import inline, typeset, written
from helpers.exercises import EXERCISES, ChoiceExercise, ConceptExercise, NumberExercise, Verdict
from helpers.language import gettext

ASKED = re.compile(r'check\("(\w+)", \.\.\.\)\s*')
IN_A_CELL = re.compile(r"The cell below shows the options; put [^.]*? in the place of the dots\.")
CHOICE = '<label><input type="radio" name="{name}" value="{place}"> {text}</label>'
NUMBER = '<input type="text" name="{name}" aria-label="{label}" autocomplete="off">'
FORM = """<form class="question" data-kind="{kind}" data-name="{name}" data-answers="{answers}">
<fieldset><legend>{asked}</legend>{fields}</fieldset>
<button type="submit">{check}</button>
<p role="status"></p>
</form>"""


def ask(notebook: NotebookNode) -> NotebookNode:
    """Put forms in place of the cells that ask; leave out what is said of answers not given."""
    notebook.cells = [_asked(cell) for cell in notebook.cells]
    return notebook


def _asked(cell: NotebookNode) -> NotebookNode:
    if cell.cell_type != "code":
        cell.source = IN_A_CELL.sub(gettext("Choose an answer."), cell.source)
        return cell
    if fits := ASKED.fullmatch(cell.source):
        exercise = EXERCISES[fits[1]]
        if isinstance(exercise, ConceptExercise):
            return new_markdown_cell(_form(exercise))
    cell.outputs = [
        output for output in cell.outputs if gettext("Not attempted yet") not in str(output)
    ]
    return cell


def ask_for_line(exercise: NumberExercise, lines: Sequence[str]) -> str:
    """Return the form of a question for the number of a line, with the lines to choose from.

    ``lines`` are HTML.
    """
    numbers = range(1, len(lines) + 1)
    texts = [f"<b>{k}</b> {'=' if k > 1 else ''} {line}" for k, line in enumerate(lines, 1)]
    return _chosen(exercise, texts, [exercise.judge_one(k) for k in numbers])


def _form(exercise: ConceptExercise) -> str:
    """Return the form of a question, without a blank line, which would end it in Markdown."""
    if isinstance(exercise, ChoiceExercise):
        texts = [option.text for option in exercise.options]
        shown = [inline(written(exercise, text)) for text in texts]
        return _chosen(exercise, shown, [exercise.judge_one(gettext(text)) for text in texts])
    field = NUMBER.format(name=exercise.name, label=gettext("a number"))
    return _written_form("number", exercise, _number(exercise), field)


def _chosen(exercise: ConceptExercise, texts: Iterable[str], verdicts: Iterable[Verdict]) -> str:
    """Return a form of options, HTML each, with whether it is right and what is said of it."""
    answers = [[verdict.correct, verdict.message] for verdict in verdicts]
    fields = (CHOICE.format(name=exercise.name, place=k, text=t) for k, t in enumerate(texts))
    return _written_form("choice", exercise, answers, "".join(fields))


def _written_form(kind: str, exercise: ConceptExercise, answers: object, fields: str) -> str:
    packed = base64.b64encode(json.dumps(answers).encode()).decode()
    said = {"asked": inline(typeset(gettext(exercise.prompt))), "check": gettext("Check")}
    return FORM.format(kind=kind, name=exercise.name, answers=packed, fields=fields, **said)


def _number(exercise: NumberExercise) -> dict[str, object]:
    """The numbers with what is said of them, the right one first, and what of all others."""
    rounded = [float(f"{exercise.right:.{digits}e}") for digits in (0, 1)]
    known = [exercise.right, *(value for _, value in exercise.wrong), *rounded]
    return {
        "known": [[_written(value), exercise.judge_one(value).message] for value in known],
        "rtol": exercise.rtol,
        "otherwise": gettext(exercise.asks),
    }


def _written(value: float) -> str:
    """A number as JavaScript reads it."""
    return repr(value) if math.isfinite(value) else f"{'-' * (value < 0)}Infinity"
