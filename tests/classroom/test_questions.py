"""The questions for an LMS, opened by readers that others wrote, and their answers recomputed."""

import html
import math
import re
import zipfile
from importlib.resources import files
from xml.etree import ElementTree

import mpmath
import pytest
import qti_convert
import sympy
from moodle_xml_parser.parser import parse_file
from onyx2moodle.parser import parse_item
from onyx2moodle.translate import essay
from sympy.parsing.maxima import parse_maxima

from helpers.classroom.questions import questions_of, write_questions
from helpers.derivation import evaluate, parse, written_out
from helpers.exercises import ChoiceExercise, DerivationExercise, NumberExercise, check

QUESTIONS = {e.name: e for e in questions_of()}
BY_KIND = {
    kind: [e for e in QUESTIONS.values() if isinstance(e, kind)]
    for kind in (ChoiceExercise, NumberExercise, DerivationExercise)
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("questions")
    counts = write_questions(made, [*QUESTIONS.values()])
    assert counts["moodle.xml"] == counts["qti21.zip"] == len(QUESTIONS) > 70
    assert counts["stack.xml"] > 20
    with zipfile.ZipFile(made / "qti21.zip") as package:
        package.extractall(made / "qti")
    return made


def plain(text):
    return html.unescape(re.sub(r"</?p[^>]*>", "", text)).strip()


def asked(folder, file, kind):
    root = ElementTree.parse(folder / file).getroot()
    return {q.findtext("name/text"): q for q in root if q.get("type") == kind}


# --- Moodle ------------------------------------------------------------------------------------


def test_a_parser_of_moodle_finds_every_choice_with_one_right_answer(folder):
    found = {q.name: q for q in parse_file(str(folder / "moodle.xml"))["multichoice"]}
    assert {*found} == {e.name for e in BY_KIND[ChoiceExercise]}
    for name, question in found.items():
        assert question.single
        for option in question.options:
            right = option.score_fraction == 100
            assert check(name, plain(option.answer)).correct == right, (name, option.answer)
            assert right or plain(option.feedback)
        assert sum(option.score_fraction for option in question.options) == 100


DIGITS_ASKED = ("q_residual_slope", "q_bf16_lost")  # of these `check` wants more than four digits


@pytest.mark.parametrize("exercise", BY_KIND[NumberExercise], ids=lambda e: e.name)
def test_moodle_marks_numbers_as_check_does(folder, exercise):
    question = asked(folder, "moodle.xml", "numerical")[exercise.name]
    answers = question.findall("answer")
    for answer in answers[:-1]:
        value, right = float(answer.findtext("text")), answer.get("fraction") == "100"
        assert check(exercise.name, value).correct == right
        assert plain(answer.findtext("feedback/text")) or right
    values = [float(a.findtext("text")) for a in answers[:-1]]
    widths = [float(a.findtext("tolerance")) for a in answers[:-1]]
    for value, width in zip(values[1:], widths[1:], strict=True):
        assert abs(value - values[0]) > width + widths[0], "a wrong number is marked right"
    rounded = check(exercise.name, float(f"{values[0]:.4g}")).correct
    assert rounded != (exercise.name in DIGITS_ASKED)
    assert answers[-1].findtext("text") == "*"


def test_derivations_are_essays_with_the_solution_for_the_grader(folder):
    found = asked(folder, "moodle.xml", "essay")
    assert {*found} == {e.name for e in BY_KIND[DerivationExercise]}
    theirs = essay.translate(parse_item(folder / "qti/items/derive_tanh.xml"))
    tags = {node.tag for node in ElementTree.fromstring(theirs).iter()}
    for name, question in found.items():
        assert tags - {node.tag for node in question.iter()} <= {"tags", "tag", "quiz", "question"}
        assert plain(question.findtext("graderinfo/text")).strip() or name.startswith("note_")


# --- STACK -------------------------------------------------------------------------------------


def value_in_maxima(text, at):
    """Evaluate what Maxima is given, by SymPy's reader of its language."""
    text = re.sub(r"%pi", "pi", text)
    letters = {name: sympy.Symbol(name) for name in at}
    read = parse_maxima(text, name_dict=letters)
    return float(read.subs({letters[name]: value for name, value in at.items()}).evalf(30))


@pytest.mark.parametrize("exercise", BY_KIND[DerivationExercise], ids=lambda e: e.name)
def test_stack_compares_with_the_slope(folder, exercise):
    questions = asked(folder, "stack.xml", "stack")
    if exercise.name not in questions:
        words = " ".join((*exercise.goals, *exercise.where.values()))
        assert re.search(r"step|relu|[Pp]hi|D\(", words), "nothing in it that Maxima lacks"
        return
    question = questions[exercise.name]
    slope = question.findtext("questionvariables/text").removeprefix("slope: ").rstrip(";")
    read = {
        letter: parse(text, variable=exercise.variable, where=exercise.where)
        for letter, text in exercise.where.items()
    }
    function = written_out(
        parse(exercise.of[0], variable=exercise.variable, where=exercise.where), read
    )
    others = ["z", "x", "a", "b", "c", "r", "u", "v", "w", "alpha", "beta"]
    at = {name: 0.3 + 0.17 * n for n, name in enumerate(others)}

    def values(x):
        return evaluate(function, {**at, exercise.variable: x})

    right = float(mpmath.diff(values, at[exercise.variable]))
    assert math.isclose(value_in_maxima(slope, at), right, rel_tol=1e-9)
    # the teacher's answer, with the meaning of its letters put in, is the slope as well
    meaning = question.findtext("prt/feedbackvariables/text")
    pairs = re.search(r"subst\(\[(.*)\], ans1\)", meaning)[1]
    parts = re.split(r"(?:^|, )(\w+) = ", pairs)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    inner = {**at, **{k: value_in_maxima(v, at) for k, v in pairs}}
    wanted = value_in_maxima(question.findtext("input/tans"), inner)
    assert math.isclose(wanted, right, rel_tol=1e-9)


def test_a_question_of_stack_has_the_parts_that_another_writer_gives_it(folder):
    templates = files("onyx2moodle") / "templates"
    theirs = "".join(
        path.read_text("utf-8") for path in templates.iterdir() if "qtest" not in path.name
    )
    wanted = {*re.findall(r"<([a-z0-9]+)[ />]", theirs)} - {"quiz", "question", "tags"}
    for name, question in asked(folder, "stack.xml", "stack").items():
        assert wanted - {node.tag for node in question.iter()} == set(), name


# --- QTI ---------------------------------------------------------------------------------------


def test_a_converter_of_others_takes_the_whole_package(folder):
    result = qti_convert.upgrade_package(str(folder / "qti21.zip"))
    items = [name for name in result.files if name.startswith("items/")]
    assert len(items) == len(QUESTIONS)
    for name in items:
        text = result.files[name]
        text = text if isinstance(text, str) else text.decode()
        assert "<qti-assessment-item" in text
        assert "<qti-response-declaration" in text


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_reader_of_others_finds_the_right_answer(folder, name):
    item, exercise = parse_item(folder / "qti" / "items" / f"{name}.xml"), QUESTIONS[name]
    (interaction,) = item.interactions
    declared = item.response_decls["RESPONSE"]
    if isinstance(exercise, ChoiceExercise):
        right = {c.identifier: c for c in interaction.choices}[declared.correct_values[0]]
        assert check(name, plain(right.html)).correct
    elif isinstance(exercise, NumberExercise):
        assert check(name, float(declared.correct_values[0])).correct
        assert declared.base_type == "float"
    else:
        assert interaction.kind == "extendedText"


def test_infinity_is_no_number_of_an_lms(tmp_path):
    asked = NumberExercise("q_far", lesson=0, prompt="The limit?", answer="infinity", believed=())
    with pytest.raises(ValueError, match="q_far asks for infinity: no LMS knows it as a number"):
        write_questions(tmp_path / "new", [asked])
    assert not (tmp_path / "new").exists()
