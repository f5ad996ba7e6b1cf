"""Questions as Moodle XML: Moodle marks choices and numbers, a person marks derivations."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from xml.etree import ElementTree

from helpers.exercises import ChoiceExercise, DerivationExercise, Exercise, NumberExercise

Element = ElementTree.Element
CATEGORY = "$course$/top/Derivatives of activation functions/Lesson {}"
DECIMALS = "Answer with a decimal number; four significant digits are enough."
RTOL = 5e-4  # of a number that somebody types, since an LMS reads no 1/4 and no (1/4)^10
NOTATION = (
    "Write one step a line, D(…) for the derivative, for example "
    "D(z^2 + z) and below it = D(z^2) + D(z)."
)


def child(parent: Element, name: str, text: object = "", **attributes: str) -> Element:
    """Add an element with a text."""
    made = ElementTree.SubElement(parent, name, attributes)
    made.text = str(text)
    return made


def text_child(parent: Element, name: str, text: str = "", form: str = "html") -> Element:
    """Add an element that holds its words in an element `text`, as Moodle has it."""
    made = ElementTree.SubElement(parent, name, {"format": form} if form else {})
    child(made, "text", text)
    return made


def as_html(text: str) -> str:
    """Return a text of the course as paragraphs; lines of code stay lines."""
    return f'<p style="white-space:pre-wrap">{html.escape(text, quote=False)}</p>' if text else ""


def known_numbers(exercise: NumberExercise) -> dict[float, str]:
    """Return the right number and then the wrong ones with a story, and what is said about them.

    Raises
    ------
    ValueError
        Where infinity is right: no LMS knows it as a number, and another would count as right.
    """
    if not math.isfinite(exercise.right):
        reason = "no LMS knows it as a number. Ask for it as a choice"
        raise ValueError(f"{exercise.name} asks for {exercise.answer}: {reason}.")
    known = {exercise.right: exercise.solution}
    for belief, value in exercise.wrong:
        known.setdefault(value, belief.question)
    return {value: words for value, words in known.items() if math.isfinite(value)}


def moodle_xml(exercises: Iterable[Exercise]) -> bytes:
    """Return a question bank in which each lesson is a category."""
    root = ElementTree.Element("quiz")
    for exercise in in_categories(root, exercises):
        question = begun(root, _KINDS[type(exercise)], exercise)
        if isinstance(exercise, ChoiceExercise):
            _choice(question, exercise)
        elif isinstance(exercise, NumberExercise):
            _number(question, exercise)
        else:
            _essay(question, exercise)
    return quiz(root)


_KINDS = {
    ChoiceExercise: "multichoice",
    NumberExercise: "numerical",
    DerivationExercise: "essay",
}
_HOW = {
    "numerical": DECIMALS,
    "essay": NOTATION,
    "stack": "Enter the last line alone: the slope in the form that is asked for.",
}


def quiz(root: Element) -> bytes:
    """Return the bytes of a question bank."""
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def in_categories(root: Element, exercises: Iterable[Exercise]) -> Iterable[Exercise]:
    """Give exercises by lesson, and begin a category before the first of each."""
    lesson = None
    for exercise in sorted(exercises, key=lambda e: e.lesson):
        if exercise.lesson != lesson:
            lesson = exercise.lesson
            question = ElementTree.SubElement(root, "question", {"type": "category"})
            text_child(question, "category", CATEGORY.format(lesson), form="")
        yield exercise


def begun(root: Element, kind: str, exercise: Exercise, more: str = "") -> Element:
    """Begin a question with what all kinds have."""
    question = ElementTree.SubElement(root, "question", {"type": kind})
    text_child(question, "name", exercise.name, form="")
    asked = exercise.prompt
    asked = "\n".join(filter(None, (asked, _HOW.get(kind))))
    text_child(question, "questiontext", as_html(asked) + more)
    text_child(question, "generalfeedback", as_html(exercise.shown_solution()))
    child(question, "defaultgrade", f"{exercise.points:.7f}")
    child(question, "penalty", "0.3333333")
    child(question, "hidden", 0)
    child(question, "idnumber", exercise.name)
    return question


def _choice(question: Element, exercise: ChoiceExercise) -> None:
    child(question, "single", "true")
    child(question, "shuffleanswers", "true")
    child(question, "answernumbering", "ABCD")
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        text_child(question, name)
    for option in exercise.options:
        right = option.text == exercise.answer
        said = exercise.solution if right else option.question
        _answer(question, as_html(option.text), said, right, "html")


def _number(question: Element, exercise: NumberExercise) -> None:
    """One right number, and the wrong ones that have a story; the tolerance is absolute here."""
    for n, (value, said) in enumerate(known_numbers(exercise).items()):
        answer = _answer(question, repr(value), said, n == 0, "moodle_auto_format")
        child(answer, "tolerance", repr(abs(value) * RTOL or 1e-9))
    _answer(question, "*", exercise.asks, False, "moodle_auto_format")
    child(question, "unitgradingtype", 0)
    child(question, "unitpenalty", "0.1000000")
    child(question, "showunits", 3)
    child(question, "unitsleft", 0)


def _answer(question: Element, text: str, said: str, right: bool, form: str) -> Element:
    made = ElementTree.SubElement(
        question, "answer", {"fraction": "100" if right else "0", "format": form}
    )
    child(made, "text", text)
    text_child(made, "feedback", as_html(said))
    return made


def _essay(question: Element, exercise: Exercise) -> None:
    child(question, "responseformat", "monospaced")
    child(question, "responserequired", 1)
    child(question, "responsefieldlines", 15)
    child(question, "minwordlimit")
    child(question, "maxwordlimit")
    child(question, "attachments", 0)
    child(question, "attachmentsrequired", 0)
    child(question, "maxbytes", 0)
    child(question, "filetypeslist")
    text_child(question, "graderinfo", as_html(exercise.shown_solution()))
    text_child(question, "responsetemplate")
