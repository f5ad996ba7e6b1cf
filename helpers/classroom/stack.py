"""Derivations as questions of STACK, where its Maxima understands what they are about.

STACK is asked for the slope in the wanted form and marks that; the way there it does not see. What
Maxima has no function for (steps, the normal distribution) does not fit, and stays an essay in
moodle.xml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from helpers.classroom.moodle import as_html, begun, child, in_categories, quiz, text_child
from helpers.derivation import (
    D,
    Func,
    If,
    Neg,
    NotationError,
    Num,
    Op,
    Sym,
    Tree,
    children,
    names,
    parse,
    replace_children,
    to_text,
    written_out,
)
from helpers.exercises import DerivationExercise, Exercise

SAME = {"exp", "sqrt", "sinh", "cosh", "tanh", "sech", "erf", "abs", "atan", "sin", "cos"}
ONE = Num("1")
INPUT = "<p>[[input:ans1]] [[validation:ans1]]</p>"
VERSION = "2024072500"
OPTIONS = {
    "decimals": ".",
    "multiplicationsign": "dot",
    "sqrtsign": 1,
    "complexno": "i",
    "inversetrig": "cos-1",
    "logicsymbol": "lang",
    "matrixparens": "(",
}
INPUT_OPTIONS = {
    "name": "ans1",
    "type": "algebraic",
    "tans": "",
    "boxsize": 30,
    "strictsyntax": 1,
    "insertstars": 0,
    "syntaxhint": "",
    "syntaxattribute": 0,
    "forbidwords": "diff",
    "allowwords": "",
    "forbidfloat": 1,
    "requirelowestterms": 0,
    "checkanswertype": 0,
    "mustverify": 1,
    "showvalidation": 1,
    "options": "",
}


def stack_xml(exercises: Iterable[Exercise]) -> tuple[bytes, int]:
    """Return the derivations that fit as questions of STACK, and how many they are."""
    fitting = [e for e in exercises if isinstance(e, DerivationExercise) and fits(e)]
    root = ElementTree.Element("quiz")
    for exercise in in_categories(root, fitting):
        assert isinstance(exercise, DerivationExercise)
        _question(root, exercise)
    return quiz(root), len(fitting)


def fits(exercise: DerivationExercise) -> bool:
    """Does Maxima know all functions of an exercise, and is a slope asked for?"""
    try:
        goal = _read(exercise, exercise.goals[0])
        trees = [written_out(goal, _letters(exercise)), *_letters(exercise).values()]
        _ = [in_maxima(tree) for tree in trees]
    except (NotationError, ValueError):
        return False
    return True


def _read(exercise: DerivationExercise, text: str) -> Tree:
    return parse(text, variable=exercise.variable, where=exercise.where)


def _letters(exercise: DerivationExercise) -> Mapping[str, Tree]:
    """The letters that an answer may use, each written out in the variable."""
    read = {letter: _read(exercise, text) for letter, text in exercise.where.items()}
    return {letter: written_out(tree, read) for letter, tree in read.items()}


def in_maxima(tree: Tree) -> str:
    """Return an expression as Maxima writes it; a `ValueError` for what it does not know.

    >>> in_maxima(parse("ln(2)*sigmoid(z) + pi"))
    'log(2)*1/(1 + exp(-z)) + %pi'
    """
    return to_text(_respelled(tree))


def _respelled(tree: Tree) -> Tree:
    below = tuple(_respelled(part) for part in children(tree))
    match tree:
        case Sym("pi" | "e" as name):
            return Sym(f"%{name}")
        case Func("ln"):
            return Func("log", *below)
        case Func("sigmoid"):
            return Op("/", ONE, Op("+", ONE, Func("exp", Neg(*below))))
        case Func("softplus"):
            return Func("log", Op("+", ONE, Func("exp", *below)))
        case Func(name) if name not in SAME:
            raise ValueError(f"Maxima has no {name}")
        case Op(name) if name not in "+-*/^":
            raise ValueError(f"no form with {name} is compared")
        case D() | If():
            raise ValueError("no slope is left to be found")
    return replace_children(tree, below)


def _question(root: ElementTree.Element, exercise: DerivationExercise) -> None:
    """One input, and two questions about it: is it the slope, and is it in the wanted form?"""
    letters = {letter: in_maxima(tree) for letter, tree in _letters(exercise).items()}
    goal = _read(exercise, exercise.goals[0])
    slope = in_maxima(written_out(goal, _letters(exercise)))
    question = begun(root, "stack", exercise, INPUT)
    text_child(question, "stackversion", VERSION, form="")
    text_child(question, "questionvariables", f"slope: {slope};", form="")
    text_child(question, "specificfeedback", "[[feedback:prt1]]")
    text_child(question, "questionnote", exercise.name, form="")
    text_child(question, "questiondescription", "", form="moodle_auto_format")
    for name, value in {"questionsimplify": 1, "assumepositive": 0, "assumereal": 1}.items():
        child(question, name, value)
    for name in ("prtcorrect", "prtpartiallycorrect", "prtincorrect"):
        text_child(question, name)
    for name, word in OPTIONS.items():
        child(question, name, word)
    child(question, "variantsselectionseed")
    answer = ElementTree.SubElement(question, "input")
    for name, word in {**INPUT_OPTIONS, "tans": in_maxima(goal)}.items():
        child(answer, name, word)
    _marking(question, exercise, letters, goal)


def _marking(
    question: ElementTree.Element,
    exercise: DerivationExercise,
    letters: Mapping[str, str],
    goal: Tree,
) -> None:
    tree = ElementTree.SubElement(question, "prt")
    for name, value in {"name": "prt1", "value": "1.0000000", "autosimplify": 1}.items():
        child(tree, name, value)
    child(tree, "feedbackstyle", 1)
    meaning = ", ".join(f"{letter} = {text}" for letter, text in letters.items())
    foreign = sorted(_foreign(exercise, goal))
    variables = f"sans: subst([{meaning}], ans1);"
    variables += f"\nform: freeof({', '.join(foreign)}, ans1);" if foreign else ""
    text_child(tree, "feedbackvariables", variables, form="")
    slope = f"Is it the slope? Put numbers in for {exercise.variable} and compare."
    ends = f"It is the slope. Can {' and '.join(foreign)} be replaced by the letters you may use?"
    _node(tree, 0, ("sans", "slope"), 1 if foreign else -1, ("1", "0"), ("", slope))
    if foreign:
        _node(tree, 1, ("form", "true"), -1, ("1", "0.5"), ("", ends))


def _foreign(exercise: DerivationExercise, goal: Tree) -> set[str]:
    """The letters that the wanted form does without."""
    asked = names(_read(exercise, str(exercise.of[0]))) | {exercise.variable}
    allowed = set().union(*(names(_read(exercise, form)) for form in exercise.goals))
    return {name for name in asked - allowed if name not in ("pi", "e")}


def _node(
    tree: ElementTree.Element,
    number: int,
    compared: tuple[str, str],
    then: int,
    scores: tuple[str, str],
    said: tuple[str, str],
) -> None:
    node = ElementTree.SubElement(tree, "node")
    child(node, "name", number)
    child(node, "description")
    child(node, "answertest", "AlgEquiv")
    child(node, "sans", compared[0])
    child(node, "tans", compared[1])
    child(node, "testoptions")
    child(node, "quiet", 0)
    for case, score, following, words in zip(
        ("true", "false"), scores, (then, -1), said, strict=True
    ):
        child(node, f"{case}scoremode", "=")
        child(node, f"{case}score", score)
        child(node, f"{case}penalty")
        child(node, f"{case}nextnode", following)
        child(node, f"{case}answernote", f"prt1-{number}-{case[0].upper()}")
        text_child(node, f"{case}feedback", as_html(words))
