"""Under accents nothing is left plain: all that a learner is shown was looked up."""

import ast
import html
import json
import re
from functools import cache
from gettext import GNUTranslations, NullTranslations

import nbformat
import pytest

from book import pages, slides
from book.assets import STATIC
from book.derivations import moving
from helpers.derivation import derive
from helpers.exercises import EXERCISES, FAMILIES, CodeExercise, load, practice, progress, solution
from helpers.explorer import Rival, explore
from helpers.language import gettext, language, speak, translate_page, translate_script
from tests.diagnosis.test_diagnosis import written
from tests.matrix import matrix
from tools.files import ROOT, lessons
from tools.messages import FOLDER, LOOKED_UP, Pseudo, messages, plain, pseudo, scripts
from tools.translate import read, translated

LESSONS = {path.stem: path for path in lessons()}
WRONG = json.loads((ROOT / "book" / "wrong_answers.json").read_text(encoding="utf-8"))
# what Python says of an exception, and lines of the learner's
QUOTED = re.compile(r"(?m)\w+(Error|Exception)\b.*?(?=\n|</p>|$)|^    .*$")
OURS = {"speaking.py", "stories.py", "records.py"}  # no catalogue there; asked for by our own code
SPOKEN = re.compile(r"^[^<{]*[a-z]{3,} [a-z]{3,}[^<{]*$")  # two words, no markup
JUNK = (None, 3.7, "a (", "f(z", "q", print)


@cache
def said():
    """Return all messages; they are looked for in all of our code."""
    return {text for entry in messages() for text in ([entry] if isinstance(entry, str) else entry)}


class Listening(Pseudo):
    """Keeps what is looked up and in no catalogue."""

    def __init__(self):
        super().__init__()
        self.unknown = set()

    def gettext(self, message):
        formed = any(letter in message for letter in "áéíóúý")  # looked up before
        if message not in said() and plain(message) and not formed:
            self.unknown.add(message)
        return super().gettext(message)


@pytest.fixture(autouse=True)
def accents():
    listening = Listening()
    speak("pseudo", listening)
    yield listening
    language("en")


def answers(exercise):
    """Yield right ones, wrong ones, and what is no answer."""
    yield from exercise.own_answers().values()
    yield from JUNK
    yield from (believed.value for believed in getattr(exercise, "believed", ()))
    yield from (option.text for option in getattr(exercise, "options", ()))
    for wrong in WRONG:
        if wrong["exercise"] == exercise.name:
            code = isinstance(exercise, CodeExercise)
            yield written(exercise, wrong["answer"]) if code else wrong["answer"]


def shown(exercise):
    """Yield what is shown of an exercise, with the learner's own words in it."""
    for answer in answers(exercise):
        verdict = exercise.judge(answer)
        own = (
            f"{answer} {type(answer).__name__} {exercise.name} {getattr(exercise, 'signature', '')}"
        )
        for text in (repr(verdict), verdict._repr_html_(), verdict.otherwise):
            yield QUOTED.sub("", text), own
    own = f"{exercise.name} {getattr(exercise, 'code', '')}"
    yield from ((rung, own) for rung in exercise.rungs)
    yield from ((text, own) for text in (exercise.shown_solution(), exercise.drawn_solution()))


def left_plain(exercises):
    return {
        word: text
        for exercise in exercises
        for text, own in shown(exercise)
        for word in plain(text, own)
    }


def test_exercises_of_the_first_lessons_leave_nothing_plain(accents):
    assert left_plain(e for e in EXERCISES.values() if e.lesson in (0, 1)) == {}
    assert accents.unknown == set()


class Missing(NullTranslations):
    """Keeps what a catalogue does not have."""

    def __init__(self):
        self.found = set()

    def gettext(self, message):
        self.found.add(message)
        return message


def test_the_first_lessons_have_every_message_in_german():
    with (FOLDER / "de.mo").open("rb") as compiled:
        german, missing = GNUTranslations(compiled), Missing()
    german.add_fallback(missing)
    speak("de", german)
    for exercise in EXERCISES.values():
        if exercise.lesson in (0, 1):
            assert [*shown(exercise)]
    assert missing.found & said() == set()


def constant(parts):
    """Return what of an f-string stands in the code."""
    return " ".join(part.value for part in parts if isinstance(part, ast.Constant))


def test_a_sentence_that_a_learner_can_see_is_looked_up():
    """What looks itself up needs no call; what is our fault is said to us."""
    left = set()
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        if {"grading", "classroom"} & {*path.parts} or path.name in OURS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Raise(ast.Call(ast.Name(kind), [ast.Constant(str(words)), *_])):
                    ours = words.startswith("our fault") or kind in LOOKED_UP
                case ast.Raise(ast.Call(ast.Name(), [ast.JoinedStr(parts), *_])):
                    words = constant(parts)
                    ours = words.startswith("our fault") or not re.search("[a-z]{3}", words)
                case ast.Return(ast.JoinedStr(parts)) | ast.keyword(
                    "message", ast.JoinedStr(parts)
                ):
                    words = constant(parts)
                    ours = not SPOKEN.search(words)
                case _:
                    continue
            left |= {f"{path.name}: {words}"} if not ours else set()
    assert left == set()


def test_an_option_is_answered_in_the_language_it_is_shown_in():
    language("de")
    exercise = EXERCISES["q_note_ambiguous"]
    for answer in ("Zeilen 1 und 2", "lines 1 and 2"):
        assert exercise.judge(answer).correct
    assert exercise.judge("nur Zeile 1").diagnoses == exercise.judge("line 1 only").diagnoses
    assert exercise.judge("nur Zeile 1 oder Zeilen 1 und 2").status == "unfinished"


@pytest.mark.complete
@pytest.mark.parametrize("lesson", range(2, 15))
def test_exercises_leave_nothing_plain(lesson, accents):
    assert left_plain(e for e in EXERCISES.values() if e.lesson == lesson) == {}
    assert accents.unknown == set()


def test_the_card_of_progress_leaves_nothing_plain(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    names = " ".join(EXERCISES)
    assert plain(repr(progress()) + progress(1)._repr_html_() + repr(solution()), names) == []


def asked_in_practice(family, level):
    """All that is said of a drawn exercise: question, hints, solution, and what asks on."""
    task = practice(family, level=level, seed=987_654)
    told = [repr(task), task._repr_html_(), *task.exercise.rungs, repr(solution(task))]
    told += [gettext(getattr(task.exercise, "asks", ""))]
    return plain("\n".join(told), f"check {task} variable table practice def return dz dg dL RMS")


@pytest.mark.parametrize("family", FAMILIES)
def test_practice_leaves_nothing_plain(family, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    assert {n: left for n in range(1, 6) if (left := asked_in_practice(family, n))} == {}


def test_explorers_leave_nothing_plain():
    explorer = explore("relu", rival=Rival("steeper", lambda z: 2 * z), subgradient=True)
    shown = str(explorer._repr_mimebundle_())
    told = re.findall(r'(?:alt|aria-label)="([^"]*)"', shown)
    assert told
    assert plain(" ".join(told), "steeper ReLU") == []


# In a script: a sentence, or what is shown or read aloud by its name, in quotes.
SENTENCE = re.compile(
    r"""["`]([A-Z][a-z]+ [^"`]*)["`]"""
    r"""|(?:textContent|ariaLabel|title|placeholder|"aria-label")\s*[:=,]\s*["`]([^"`]+)["`]"""
    r"""|\b(?:button|add)\(["`]([A-Z][^"`]*)["`]"""
)
NO_TEXT = {"Segoe UI", "Ctrl+Z", "Ctrl+Y", "ABCDE"}  # a font, keys, letters of a vote


@pytest.mark.parametrize("path", scripts(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_script_looks_up_its_sentences(path):
    code = re.sub(r"(?m)^ *//.*$|//[^\"`\n]*$", "", path.read_text(encoding="utf-8"))
    code = re.sub(r"(?s)const (STYLE|STAGE) = `.*?`;", "", translate_script(code))
    left = ["".join(found) for found in SENTENCE.findall(code)]
    left = [text for text in left if text not in NO_TEXT]
    assert [text for text in left if plain(re.sub(r"\$\{.*?\}+", "", text))] == []


READ = re.compile(r'(?:alt|aria-label|title|placeholder|data-badge|data-speech)="([^"]*)"')


def said_by(page):
    """Return what a page of HTML says, what only a screen reader reads included."""
    return html.unescape(" ".join([*READ.findall(page), page]))


def accented(text):
    """Return a paragraph of a lesson under accents, without signs that hang on its words."""
    return pseudo(re.sub(r"(?<!\w)\*+(?=\w)", "", re.sub(r">(?=\w)", "> ", text)))


@pytest.mark.parametrize("name", matrix([*LESSONS], "00_network", "01_sigmoid"))
def test_page_and_deck_of_a_lesson_leave_nothing_plain(name, accents):
    """Its prose, questions, slides, badges and notes; what cells print is tested above."""
    path = LESSONS[name]
    lesson = nbformat.reads(json.dumps(translated(read(path), accented)), as_version=4)
    for cell in lesson.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
    for own in re.findall(r'^load\("([^"]+)"\)', slides.sources(lesson), re.M):
        load(path.parent / own)
    deck = slides.deck(slides.slides(lesson))
    forms = [cell.source for cell in pages.page(lesson, 1).cells if "<form" in cell.source]
    said = " ".join(map(said_by, [deck, *forms]))
    said = re.sub(r"(?s)\$\$.*?\$\$|\$[^$]+\$|\\begin\{.*?\\end\{\w+\}", "", said)
    known = {*EXERCISES, "exponent"}  # of 2**exponent, code that is typeset
    left = [word for word in plain(said, known) if not word.isupper()]
    assert [word for word in left if len(word) > 3] == []  # any sentence has one; no formula has


def test_what_stands_around_lessons_leaves_nothing_plain():
    checked = repr(derive("D(exp(2*z))\n= exp(2*z)*2"))
    shown = [pages.home([]), slides.overview({"1": "zz"}, True), moving(checked, "")]
    for page in ("vote.html", "cards.html"):
        shown.append(translate_page((STATIC / page).read_text(encoding="utf-8")))
    assert plain(" ".join(map(said_by, shown)), {"PDF", "Esc", "zz"}) == []
