"""A declaration that cannot be right is refused where it stands, by exercise and field."""

import re
from pathlib import Path

import numpy as np
import pytest

from helpers.exercises import (
    EXERCISES,
    Believed,
    Branches,
    ChoiceExercise,
    CodeExercise,
    DeclarationError,
    DerivationExercise,
    FormulaExercise,
    Hints,
    NumberExercise,
    Option,
    ReferenceExercise,
    ReportExercise,
    catalogue,
    check,
    check_derivation,
    hint,
    load,
    progress,
    solution,
)

FORMULA = {
    "signature": "mine(z, beta)",
    "of": ("sigmoid(beta*z)",),
    "forms": ("beta*s*(1 - s)",),
    "where": {"s": "sigmoid(beta*z)"},
    "parameters": {"beta": (0.5, 2.0)},
    "code": "def mine(z, beta):\n    s = sigmoid(beta * z)\n    return beta * s * (1 - s)",
}
REFERENCE = {
    "signature": "mine(a, b)",
    "reference": lambda a, b: a @ b,
    "inputs": (([1.0, 2.0], [3.0, 4.0]),),
    "code": "def mine(a, b):\n    return np.sum(a * b)",
}
DERIVATION = {
    "of": ("z^2",),
    "forms": ("2*z",),
    "goals": ("2*z",),
    "solution": "D(z^2)\n= 2*z",
    "given": "D(z^2)\n= …",
}
WRONG = Believed("3", "sign-flipped", "Which sign?")
NUMBER = {"answer": "1/4", "believed": (WRONG,)}
CHOICE = {"answer": "yes", "options": (Option("yes"), Option("no", "sign-flipped", "Really?"))}
REPORT = {"examine": lambda answer: answer}
GOOD = {
    FormulaExercise: FORMULA,
    ReferenceExercise: REFERENCE,
    DerivationExercise: DERIVATION,
    NumberExercise: NUMBER,
    ChoiceExercise: CHOICE,
    ReportExercise: REPORT,
}
COMMON = {"lesson": 1, "prompt": "What is it?"}


def declared(kind, **changes):
    fields = COMMON | GOOD[kind] | changes
    return kind(fields.pop("name", "mine"), **fields)


@pytest.mark.parametrize("kind", GOOD)
def test_the_declarations_that_are_spoilt_below_are_right(kind):
    declared(kind).validate()


AT_ONCE = [
    (NumberExercise, {"name": "two words"}, "name"),
    (NumberExercise, {"prompt": " "}, "prompt"),
    (NumberExercise, {"prompt": None}, "prompt"),
    (NumberExercise, {"points": 0}, "points"),
    (NumberExercise, {"points": "2"}, "points"),
    (NumberExercise, {"lesson": "7"}, "lesson"),
    (NumberExercise, {"rtol": "1e-3"}, "rtol"),
    (NumberExercise, {"hints": "look"}, "hints"),
    (NumberExercise, {"hints": Hints("here", "this", "", "that", "so")}, "hints"),
    (NumberExercise, {"answer": "a quarter"}, "answer"),
    (NumberExercise, {"believed": WRONG}, "believed"),
    (NumberExercise, {"believed": (Believed("x", "sign-flipped", "?"),)}, "believed"),
    (NumberExercise, {"believed": (Believed("3", "sign-fliped", "?"),)}, "believed"),
    (NumberExercise, {"believed": (Believed("0.25", "sign-flipped", "?"),)}, "believed"),
    (ChoiceExercise, {"answer": "maybe"}, "answer"),
    (ChoiceExercise, {"options": (Option("yes"),)}, "options"),
    (ChoiceExercise, {"options": ("yes", "no")}, "options"),
    (ChoiceExercise, {"options": (*CHOICE["options"], Option("No.", "z-for-g", "?"))}, "options"),
    (ChoiceExercise, {"options": (Option("yes"), Option("no", "z-for-h", "?"))}, "options"),
    (ChoiceExercise, {"options": (Option("yes"), Option("no", "z-for-g"))}, "options"),
    (FormulaExercise, {"signature": "other(z, beta)"}, "signature"),
    (FormulaExercise, {"signature": "mine(z, beta"}, "signature"),
    (FormulaExercise, {"signature": "mine()"}, "signature"),
    (FormulaExercise, {"of": ("sigmoid(beta*z",)}, "of"),
    (FormulaExercise, {"of": ()}, "of"),
    (FormulaExercise, {"forms": "beta*s*(1 - s)"}, "forms"),
    (FormulaExercise, {"forms": (Branches("alpha", "1/2z"),)}, "forms"),
    (FormulaExercise, {"forms": ("gamma*s*(1 - s)",)}, "forms"),
    (FormulaExercise, {"where": {"s": "sigmoid(beta*"}}, "where"),
    (FormulaExercise, {"where": {"s": "1 - t", "t": "1 - s"}}, "where"),
    (FormulaExercise, {"swaps": (("z-for-h", {"s": "z"}),)}, "swaps"),
    (FormulaExercise, {"swaps": (("z-for-g", {"s": "z +"}),)}, "swaps"),
    (FormulaExercise, {"parameters": {}}, "places"),
    (FormulaExercise, {"parameters": {"beta": (1.0,), "gamma": (1.0,)}}, "parameters"),
    (FormulaExercise, {"parameters": {"beta": ()}}, "parameters"),
    (FormulaExercise, {"letters": ("z",)}, "letters"),
    (FormulaExercise, {"kink": ("0", "be ta")}, "kink"),
    (FormulaExercise, {"kink": "0"}, "kink"),
    (FormulaExercise, {"others": (("z-for-h", np.tanh),)}, "others"),
    (FormulaExercise, {"others": (("z-for-g", "tanh"),)}, "others"),
    (FormulaExercise, {"code": "def mine(z, beta) return z"}, "code"),
    (FormulaExercise, {"code": "def other(z, beta):\n    return z"}, "code"),
    (ReferenceExercise, {"inputs": ()}, "inputs"),
    (ReferenceExercise, {"inputs": ([[1.0, 2.0], [3.0, 4.0]],)}, "inputs"),
    (ReferenceExercise, {"inputs": (([1.0],),)}, "inputs"),
    (ReferenceExercise, {"inputs": (([1.0], [1.0, 2.0]),)}, "reference"),
    (ReferenceExercise, {"reference": "a @ b"}, "reference"),
    (ReferenceExercise, {"far": (40.0,)}, "far"),
    (DerivationExercise, {"of": (Branches("0", "z^2"),)}, "of"),
    (DerivationExercise, {"goals": ("2*z)",)}, "goals"),
    (DerivationExercise, {"goals": ()}, "goals"),
    (DerivationExercise, {"on": "z below 0"}, "on"),
    (DerivationExercise, {"believed": (Believed("z", "lost", "?"),)}, "believed"),
    (ReportExercise, {"examine": "clinic"}, "examine"),
]


@pytest.mark.parametrize(("kind", "change", "field"), AT_ONCE)
def test_a_slip_in_a_declaration_is_found_where_it_stands(kind, change, field):
    with pytest.raises(DeclarationError, match=rf"^exercise '[^']+', {field}: \S"):
        declared(kind, **change)


WHEN_VALIDATED = [
    (FormulaExercise, {"forms": ("beta*s*(1 - s)", "s*(1 - s)")}, "forms"),
    (FormulaExercise, {"of": ("sigmoid(z)",)}, "of"),
    (FormulaExercise, {"forms": ("s*(1 - s)",)}, "of"),  # the first one is the reference
    (FormulaExercise, {"of": ("beta*ln(z)",), "forms": ("beta/z",), "code": ""}, "places"),
    (FormulaExercise, {"asks_value": True}, "of"),
    (FormulaExercise, {"code": "def mine(z, beta):\n    return beta * z"}, "code"),
    (FormulaExercise, {"code": "import nothing_of_this_name\ndef mine(z, b): pass"}, "code"),
    (ReferenceExercise, {"code": "def mine(a, b):\n    return np.sum(a)"}, "code"),
    (DerivationExercise, {"goals": ("2*z", "z^2")}, "goals"),
    (DerivationExercise, {"goals": ("2*z", "2*y")}, "goals"),
    (DerivationExercise, {"forms": ("z",)}, "forms"),
    (DerivationExercise, {"of": ("z^2", "z*z*z")}, "of"),
    (DerivationExercise, {"solution": "D(z^2)\n= z*D(z)"}, "solution"),
    (DerivationExercise, {"solution": "D(z^2)"}, "solution"),
    (DerivationExercise, {"solution": ""}, "solution"),
    (DerivationExercise, {"given": "D(z^2)\n= z\n= …"}, "given"),
    (DerivationExercise, {"believed": (Believed("2z", "sign-flipped", "?"),)}, "believed"),
]


@pytest.mark.parametrize(("kind", "change", "field"), WHEN_VALIDATED)
def test_what_takes_time_is_found_by_validate(kind, change, field):
    exercise = declared(kind, **change)
    with pytest.raises(DeclarationError, match=rf"^exercise 'mine', {field}: \S"):
        exercise.validate()


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_each_exercise_is_declared_whole(exercise):
    exercise.validate()
    assert EXERCISES[exercise.name] is exercise
    assert exercise.solution, "ours have a solution"
    assert len(exercise.rungs) == 5, "ours have five hints"
    assert not isinstance(exercise, CodeExercise) or exercise.code, "functions of ours have code"
    if isinstance(exercise, ChoiceExercise):
        assert len(exercise.options) == 5
        assert all(o.question.endswith("?") for o in exercise.options if o.text != exercise.answer)


def test_the_declaration_in_the_manual_is_right():
    manual = (Path(__file__).parents[2] / "helpers/grading/README.md").read_text("utf-8")
    (source,) = re.findall(r"```python\n(# DIR/source.*?)```", manual, re.S)
    assert [*catalogue.declared_in(source, "README.md")] == ["softsign_prime", "q_softsign"]


def test_nobody_changes_the_table_of_exercises():
    with pytest.raises(TypeError):
        EXERCISES["mine"] = None


# --------------------------------------------------------------------------- a file of one's own

MINE = """
from helpers.exercises import DerivationExercise, FormulaExercise, Hints, NumberExercise

EXERCISES = (
    FormulaExercise(
        "cube_prime",
        lesson=1,
        prompt="Derivative of z cubed.",
        signature="cube_prime(z)",
        of=("z^3",),
        forms=("3*z^2",),
        code="def cube_prime(z):\\n    return 3 * z**2",
        hints=Hints("at z = 2.", "the power rule.", "which power is left?", "z^4.", "3 z^2."),
    ),
    DerivationExercise(
        "derive_cube",
        lesson=1,
        prompt="Derive it.",
        of=("z^3",),
        forms=("3*z^2",),
        goals=("3*z^2",),
        solution="D(z^3)\\n= 3*z^2",
    ),
    NumberExercise("q_cube", lesson=1, prompt="Its slope at 1?", answer="3", solution="3 · 1² = 3"),
)
"""


@pytest.fixture
def mine(folder):
    """A file of one's own, whose exercises are gone after the test."""
    path = folder / "my_exercises.py"
    path.write_text(MINE, encoding="utf-8")
    yield path
    for name in {*EXERCISES} - {*catalogue._OURS}:
        del catalogue._all[name]
    catalogue._loaded.clear()


def test_exercises_of_ones_own_are_used_as_ours(mine):
    assert load(mine) == ("cube_prime", "derive_cube", "q_cube")
    assert check("cube_prime", lambda z: 3 * z**2).correct
    verdict = check("cube_prime", lambda z: z**3)
    assert verdict.diagnoses[0] == "function-derivative-mixup"
    assert check_derivation("derive_cube", "D(z^3)\n= 2*z^2").first_wrong_line == 2
    assert check("q_cube", "3").correct
    hint("cube_prime")  # about the slip of the last answer
    assert hint("cube_prime").endswith("Where: at z = 2.")
    assert "3 * z**2" in solution("cube_prime")
    assert re.search(r"✓.*\(cube_prime, 2 attempts, 1 hint\)", progress())
    with pytest.raises(ValueError, match="Did you mean cube_prime"):
        check("cub_prime", None)


def test_loading_again_replaces_what_was_there(mine):
    load(mine)
    mine.write_text(MINE.replace("q_cube", "q_cubed"), encoding="utf-8")
    assert load(mine)[-1] == "q_cubed"
    assert load(str(mine))[-1] == "q_cubed"
    assert "q_cubed" in EXERCISES
    assert "q_cube" not in EXERCISES


def test_a_file_that_cannot_be_right_changes_nothing(mine):
    load(mine)
    for old, new, words in (
        ("derive_cube", "cube_prime", "exercise 'cube_prime', name: two exercises have it"),
        ("q_cube", "sigmoid", "exercise 'sigmoid', name: an exercise of the course has it"),
        ("3*z^2", "3*z", "exercise 'cube_prime', of: z^3: its slope is not 3*z"),
        ("EXERCISES", "MINE", "declares no EXERCISES"),
        ("EXERCISES = (", "EXERCISES = (3,", "EXERCISES holds 3, which is no exercise"),
    ):
        mine.write_text(MINE.replace(old, new), encoding="utf-8")
        with pytest.raises(ValueError, match=re.escape(words)):
            load(mine)
        assert check("q_cube", 3).correct
    other = mine.with_name("others.py")
    other.write_text(MINE, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"name: an exercise of .*my_exercises\.py has it"):
        load(other)
