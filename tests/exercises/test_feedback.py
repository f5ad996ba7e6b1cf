"""What a learner sees: verdicts, hints, progress, misprints, and what is said of the way."""

import json
from unittest.mock import Mock

import nbformat
import numpy as np
import pytest

from helpers import activations
from helpers.diagnosis.misconceptions import believed
from helpers.diagnosis.story_examples import EXAMPLES
from helpers.exercises import (
    EXERCISES,
    STORIES,
    ChoiceExercise,
    DerivationExercise,
    UnknownExercise,
    check,
    credit,
    hint,
    practice,
    progress,
    records,
    solution,
)
from helpers.exercises.formulas import Formulas
from tests.diagnosis.test_diagnosis import gives_away
from tests.exercises.answers import of_kind, s
from tools.notebooks import run

# --- display ----------------------------------------------------------------------------------


def test_verdicts_are_shown_as_words_and_accessibly():
    verdict = check("sigmoid_prime", lambda z: s(z) <= "<b>")
    shown = verdict._repr_html_()
    assert 'role="status"' in shown
    assert 'aria-hidden="true"' in shown
    assert "Not yet" in shown
    assert "<b>" not in shown
    assert "background" not in shown
    assert repr(verdict).startswith("✗ Not yet\n")
    assert not verdict
    assert check("sigmoid", s)


# --- hints and progress -----------------------------------------------------------------------


def test_the_ladder_of_hints():
    rungs = [str(hint("derive_sigmoid")) for _ in range(6)]
    assert rungs[0].startswith("Hint 1 (4 more)\nWhere")
    assert rungs[4] == rungs[5]
    assert "<" not in hint("sigmoid")._repr_html_().replace("<div", "").replace("</div", "")
    assert "derive_sigmoid" in str(progress())


def test_solutions_show_derivation_and_code():
    shown = str(solution("sigmoid_prime"))
    assert "D(1/(1 + exp(-z)))" in shown
    assert "def sigmoid_prime(z):" in shown
    assert "1/4" in str(solution("q_sigmoid_max_slope"))


def test_after_three_times_the_same_only_the_ladder_replies():
    def wrong(z):
        return s(z)

    verdicts = [check("sigmoid_prime", wrong) for _ in range(12)]
    assert len({v.diagnoses for v in verdicts}) == 1
    assert len({v.message for v in verdicts[:3]}) == 1
    assert verdicts[3].message.startswith("The same answer as before. At z = 1")
    assert "The next hint: Where" in verdicts[3].message
    line = EXERCISES["sigmoid_prime"].rungs[-1]
    assert all(line not in v.message for v in verdicts)
    assert check("sigmoid_prime", lambda z: z).message != verdicts[-1].message


def test_progress_is_kept(folder):
    assert str(progress()) == "Nothing tried yet."
    check("sigmoid", lambda z: z)
    check("sigmoid", s)
    check("sigmoid", lambda z: z**3 + 2)  # no story, so no example comes before the first hint
    hint("sigmoid")
    entry = json.loads((folder / ".progress.json").read_text())["sigmoid"]
    assert (entry["attempts"], entry["right"], entry["hints"]) == (3, True, 1)
    assert "sigmoid: 1 of 7 right" in str(progress())
    assert [p.name for p in folder.iterdir()] == [".progress.json"]


def test_a_damaged_file_is_set_aside(folder, capsys):
    (folder / ".progress.json").write_text('{"sigmoid": {"attem')
    assert check("sigmoid", s).correct
    (kept,) = folder.glob(".progress.json.damaged-*")
    assert kept.read_text() == '{"sigmoid": {"attem'
    assert kept.name in capsys.readouterr().err


def test_a_file_that_another_program_holds_for_a_moment_loses_nothing(folder, capsys, monkeypatch):
    assert check("sigmoid", s).correct
    before = (folder / ".progress.json").read_text()
    with monkeypatch.context() as held:
        refused = PermissionError(13, "The process cannot access the file")
        held.setattr(records.Path, "read_text", Mock(side_effect=refused))
        check("q_relu_zero", "interval")
        check("sigmoid", lambda z: z)
    assert capsys.readouterr().err.count("cannot be read just now") == 1
    assert (folder / ".progress.json").read_text() == before
    hint("relu")
    entries = json.loads((folder / ".progress.json").read_text())
    assert entries["sigmoid"]["right"]
    assert entries["q_relu_zero"]["right"]
    assert [p.name for p in folder.iterdir()] == [".progress.json"]


def test_where_nothing_can_be_written_all_works(folder, capsys, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(records.tempfile, "mkstemp", full)
    for _ in range(2):
        assert check("sigmoid", s).correct
    assert capsys.readouterr().err.count("cannot be saved") == 1
    assert "sigmoid" in str(progress())


def test_without_a_working_copy_nothing_is_written(folder, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(folder / "nowhere"))
    assert check("sigmoid", s).correct
    assert "sigmoid" in str(progress())
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("words", ["lines 1 and 2", "1 and 2", "Lines 2 and 1."])
def test_an_option_may_be_said_in_other_words(words):
    assert check("q_note_ambiguous", words).correct


@pytest.mark.parametrize(
    ("words", "right"),
    [("alpha<=1", True), ("α ≤ 1", True), ("1 <= alpha", False), ("alpha >= 1", False)],
)
def test_a_condition_may_be_typed_with_other_signs_but_not_turned_round(words, right):
    assert check("q_leaky_max_valid", words).correct == right


def test_words_that_are_no_option_get_the_list_of_options():
    verdict = check("q_note_ambiguous", "line 3 only")
    assert "none of the options" in verdict.message
    assert verdict.status == "unread"
    assert {"line 1 only", "none of them"} <= {*verdict.options}


@pytest.mark.parametrize("answer", ["z = 0", "at z = 0", "0,0", "0"])
def test_a_number_may_be_written_as_people_do(answer):
    assert check("q_sigmoid_max_where", answer).correct


def test_nobody_is_told_to_call_what_does_not_end():
    def endless(z):
        while True:
            pass

    message = check("sigmoid", endless).message
    assert "Call it" not in message
    assert "end" in message


def test_the_slope_of_a_constant_taken_for_1_is_named():
    text = """
      D(1/(1 + exp(-z)))
    = (D(1)*(1 + exp(-z)) - 1*D(1 + exp(-z)))/(1 + exp(-z))^2
    = (1*(1 + exp(-z)) - D(exp(-z)))/(1 + exp(-z))^2
    """
    verdict = check("derive_sigmoid_quotient", text)
    assert verdict.first_wrong_line == 3
    assert "constant-slope-one" in verdict.diagnoses


# --- misprints copied as they are -------------------------------------------------------------


NOTE = [
    ("note_sigmoid_setup", "g'z = d / dz ( 1 / (1 + e(-z)))", "call-for-times"),
    ("note_sigmoid_square", "g'(z) = e(-z) / (1 + e(-z)(2)", "missing-parentheses"),
    ("note_sigmoid_square", "e(-z)/(1 + e(-z)(2)", "missing-parentheses"),
    ("note_tanh_square", "g'(z) = 1 - tanh(2)(z)", "square-on-argument"),
    ("note_tanh_square", "g'(z) = 1 - g(z)(2)", "square-as-times-two"),
    ("note_find", "g'(z) = 1 - g(z)(2)", "square-as-times-two"),
    ("note_relu_zero", "z > 0, g'(z) = 1", "kink-at-zero"),
    ("note_performance", "improving model performance in some cases", "tweak-always-helps"),
    ("note_leaky_formula", lambda z, slope: np.maximum(0.01 * z, z), "parameter-ignored"),
    ("note_leaky_formula", lambda z, a: np.maximum(a * z, z), "max-needs-alpha-le-1"),
]


@pytest.mark.parametrize(("name", "line", "story"), NOTE)
def test_a_misprint_of_the_note_is_told_by_name(name, line, story):
    verdict = check(name, line)
    assert not verdict.correct
    assert verdict.diagnoses[0] == story
    assert "?" in verdict.message or name in of_kind(ChoiceExercise)


LOST = [
    *(("note_tanh_square", f"1 - {square}") for square in ("g(z)2", "g2", "t2", "tanh2(z)")),
    ("note_tanh_square", "g' = 1 - tanh(z)2"),
    ("repair_tanh_note", "1 - tanh2 z"),
    ("repair_tanh_note", "1 - tanh^2"),
    ("note_sigmoid_square", "e^(-z)/(1 + e^(-z))2"),
    ("note_sigmoid_square", "e-z/(1+e-z)^2"),
    ("note_sigmoid_square", "e^(-z)/(1 + e^(-z)^2"),
    ("note_sigmoid_setup", "g' = d(1/(1+e^(-z)))"),
    ("note_sigmoid_setup", "d/dz*(1/(1+e^(-z)))"),
]


@pytest.mark.parametrize(("name", "line"), LOST)
def test_a_line_to_be_repaired_is_read_as_typed_and_what_it_lost_is_asked_about(name, line):
    verdict = check(name, line)
    assert not verdict.correct
    assert "cannot be read" in verdict.message
    assert "I read" not in verdict.message


def test_a_wrong_right_side_does_not_hold_for_its_left_side():
    message = check("note_tanh_square", "g'(z) = 1 - tanh(2z)").message
    assert "hold" not in message
    assert "but its left side is" in message


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("derive_elu_from_value", "alpha*(exp(z) - 1) + 1", "For alpha = 1 the two agree."),
        ("derive_elu_neg", "D(alpha*(exp(z) - 1)) = exp(z)", "For alpha = 1 the two agree."),
        ("derive_elu_neg", "D(a*(exp(z) - 1)) = 2*exp(z)", "For a = 2 the two agree."),
        ("elu_prime", lambda z, a: np.where(z > 0, 1, np.exp(z)), "right for alpha = 1, and not"),
    ],
)
def test_what_is_right_for_one_parameter_alone_is_told_which(name, answer, said):
    message = check(name, answer).message
    assert said in message
    assert "0.8" in message or "alpha = 0.5" in message  # and where it is not


def test_other_wrong_lines_are_right_for_no_parameter():
    assert "the two agree" not in check("derive_elu_neg", "D(alpha*(exp(z) - 1)) = z").message


@pytest.mark.parametrize("line", ["2*z/sqrt(z^2+4)", "2z/r", "z/sqrt(z^2+4)"])
def test_a_lost_term_of_squareplus_is_asked_for(line):
    verdict = check("derive_squareplus", f"D((z + sqrt(z^2 + 4))/2)\n= {line}")
    assert verdict.diagnoses[0] == "term-lost"
    assert "climbs everywhere" in verdict.message


def test_of_believed_numbers_the_nearest_is_told_of():
    told = {
        text: EXERCISES["q_silent_network"].judge(text).message
        for text in ("1 - (1/16)^10", "1 - (1/2)^10", "1")
    }
    assert "not all ten layers" in told["1 - (1/16)^10"]
    assert "layers of one unit" in told["1 - (1/2)^10"]
    assert "Can no such network" in told["1"]


@pytest.mark.parametrize(
    ("name", "answer"),
    [("q_vanish_10", "1e-6"), ("q_vanish_10", 0.000001), ("q_dead_probability", "0.001")],
)
def test_a_rounded_number_is_of_the_right_size(name, answer):
    verdict = EXERCISES[name].judge(answer)
    assert not verdict.correct
    assert verdict.message.startswith("The right size, but rounded")
    assert "right size" not in EXERCISES[name].judge("1e-5").message


def test_u_is_introduced_before_it_is_asked_for():
    exercise = EXERCISES["derive_tanh_tail"]
    assert "with u = e^-2z" in exercise.prompt
    assert "u = e^-2z" in exercise.judge("1 - tanh(z)^2").message
    assert exercise.judge("1 - tanh(z)^2 \n 4*exp(-2*z)/(1 + exp(-2*z))^2").correct


def test_an_answer_without_quotes_gets_a_sentence_not_a_traceback():
    """In a kernel; a function nobody defined, and a name inside of one, are shown as ever."""
    cells = {
        "from helpers.exercises import check, hint": "",
        'check("q_relu_zero", one)': 'An answer stands in quotes: check("q_relu_zero", "one")',
        'check("q_sigmoid_max_where", 1/e)': 'in quotes: check("q_sigmoid_max_where", "1/e")',
        "hint(q_relu_zero)": 'name of an exercise stands in quotes: hint("q_relu_zero")',
        'check("relu", my_relu)': "Traceback",
        'def f():\n    return one\n\ncheck("q_relu_zero", f())': "Traceback",
        "print(one)": "Traceback",
    }
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    run(notebook, allow_errors=True)
    for cell, wanted in zip(notebook.cells, cells.values(), strict=True):
        shown = "\n".join("\n".join(out.traceback) for out in cell.outputs)
        assert wanted in shown
        assert bool(wanted) == bool(shown)
        assert ("Traceback" in wanted) == ("Traceback" in shown)


# --- the way counts ---------------------------------------------------------------------------


GOALS_ALONE = [
    name
    for name, exercise in EXERCISES.items()
    if isinstance(exercise, DerivationExercise) and exercise.steps
]


@pytest.mark.parametrize("name", GOALS_ALONE)
def test_a_goal_alone_is_the_right_result_without_its_way(name):
    exercise = EXERCISES[name]
    for answer in exercise.goals:
        verdict = check(name, answer)
        assert (verdict.correct, verdict.first_wrong_line) == (False, None)
        assert "The result is right, the way is missing" in verdict.message
    assert check(name, exercise.solution).correct


def test_the_same_line_again_is_no_step_and_neither_is_a_given_one():
    assert not check("derive_sigmoid", "g(1-g)\n= (1-g)g\n= g*(1 - g)*1").correct
    assert not check("derive_sigmoid", "D(g)\n= g'\n= dg/dz\n= g(z)*(1 - g(z))").correct
    exercise = EXERCISES["derive_sigmoid_quotient"]
    both = "(0*(1+e^-z) - 1*(0 + e^-z*D(-z)))/(1+e^-z)^2"
    first, second, *_, goal = exercise.given.strip().split("\n")
    assert check(exercise.name, f"{first}\n{second}\n= {both}\n{goal}").correct
    retyped = exercise.given.replace("…", exercise.given.strip().split("=")[-1].split("#")[0])
    assert not check(exercise.name, retyped).correct


@pytest.mark.parametrize(
    ("name", "answer", "shown"),
    [
        ("derive_gelu", "P + z*p", False),
        ("derive_gelu", "D(z*P) = P + z*p", True),  # what one rule gives, in any notation
        ("derive_gelu", "(zΦ)' = Φ + zφ", True),
        ("derive_gelu", r"\frac{d}{dz}(z\Phi(z)) = \Phi(z) + z\varphi(z)", True),
        ("derive_relu_stack", "f' = v w H(wz+b)", True),
        ("derive_relu_stack", "f' = v·relu'(wz+b)·w", True),
        ("derive_swish_db", "D(z*s) = z^2 s (1-s)", True),
        ("derive_abs_relu", "d/dz |z|\n= sign(z)", True),
        ("derive_softplus_beta", "f' = s", False),
        ("derive_gelu", "D(z*P) = P + z*p   # product rule", True),
        ("derive_silu", "f = z*g\nf' = g + z*g*(1-g)", False),  # to give it a name is no step
        ("derive_swish_beta", "f'(x) = σ(βx) + xσ'(βx)β = σ(βx) + βxσ(βx)(1-σ(βx))", True),
        ("derive_swish_beta", "D(z*s) = s + beta*z*s*(1-s)  # product rule", False),
        ("derive_swish_beta", "D(z*s) = s + beta*z*s*(1-s)  # product and chain rule", True),
        ("derive_sigmoid", "f = 1/(1+e^-x)\nf' = f(1-f)", False),
        ("derive_sigmoid", "σ = 1/(1+e^-x) = (1+e^-x)^-1\nσ' = σ(1-σ)  # chain rule", False),
        ("derive_tanh", "y = tanh x = sinh x/cosh x\ny' = 1 - y^2", False),
    ],
)
def test_the_way_is_shown_by_a_step_or_by_all_rules_of_a_short_one(name, answer, shown):
    verdict = check(name, answer)
    assert verdict.correct == shown
    assert ("the way is missing" in verdict.message) != shown


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("derive_abs_relu", "D(abs(z))\n= step(z) - (1 - step(z))"),
        ("derive_softmax_other", "p*(0-q)"),
    ],
)
def test_letters_that_stand_there_are_not_asked_for(name, answer):
    message = check(name, answer).message
    assert "alone?" not in message
    assert "can terms be collected" in message


def test_a_question_mark_in_the_place_of_something_is_a_blank():
    verdict = check("derive_tanh", "D(tanh z)\n= …\n= ?\n= 1 - ?^2\n= 1 - t^2")
    assert verdict.status == "unfinished"
    assert "Lines 2, 3, 4 are not filled in yet" in verdict.message
    assert check("derive_tanh", "D(tanh z)\n= cosh(z)^2 - …").status == "unfinished"


def test_a_rule_that_had_nothing_to_work_on_is_said():
    answer = "D(1/(1+e^-z))\n= -(1+e^-z)^-2*D(1+e^-z) # power rule\n= g - g^2\n= g(1-g)"
    assert "product rule" not in check("derive_sigmoid", answer).message
    named = answer.replace("= g(1-g)", "= g(1-g)  # product rule")
    verdict = check("derive_sigmoid", named)
    assert verdict.correct
    assert "Line 4 names the product rule: where above it is a product" in verdict.message


def test_two_slips_that_only_together_give_the_numbers_are_no_alternatives():
    message = check("derive_tanh", "1 + z^2").message
    assert "when two things come together" in message
    assert "and also when" not in message


def test_another_function_than_the_one_asked_for_is_said():
    verdict = check("derive_sigmoid", "f(x) = 1/(2+e^-x)\nf'(x) = e^-x/(2+e^-x)^2")
    assert verdict.first_wrong_line == 1
    assert "that is not the function of this exercise" in verdict.message


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("derive_softplus", "D(ln(1+e^x)) = e^x/(1+e^x)\n= 1/(1-e^-x)", "1-e^-x"),
        ("derive_sigmoid", "D(1/(1 + e^-z))\n= e^-z/(1 + e^-z)", "1 + e^-z"),
        ("derive_sigmoid", "D(1/(1+e^-z)) = z*(1-g)", "z"),
        ("derive_tanh", "D(tanh z) = 1 - t", "t"),
        ("derive_silu", "f' = g + z*g*(1+g)", "1+g"),
        ("derive_silu", "f' = g + g*(1-g)", "g*(1-g)"),  # a factor may be lost anywhere in it
        ("derive_swish_beta", "D(z*s) = s + z*s*(1-s)", "z*s*(1-s)"),
        ("derive_softplus", "D(ln(1+e^z)) = 17z^3 + 5", None),  # no story, no place
    ],
)
def test_a_story_points_at_a_place_in_the_line(name, text, place):
    verdict = EXERCISES[name].judge(text)
    row, (start, end) = text.split("\n")[-1], verdict.drawing.place
    assert (row[start:end] or None) == place
    assert verdict._repr_html_().count('class="here"') == 1


GRADED = ("sigmoid", "tanh", "prelu_a", "softplus", "elu_neg", "silu", "swish_beta", "gelu", "mish")


@pytest.mark.parametrize("name", [f"derive_{name}" for name in GRADED])
def test_the_goal_line_alone_earns_the_goals_share(name):
    exercise = EXERCISES[name]
    goal, step = exercise.goals[0], exercise.solution.strip().split("\n")[1].strip("= ")
    verdict = check(name, goal)
    assert verdict.status == "unfinished"
    assert "the way is missing" in verdict.message
    assert credit(name, goal, goal) == 1 / 2
    assert credit(name, goal, step.partition("#")[0], goal) <= 1 / 3
    assert credit(name, f"2 = 2\n{goal}  # product rule and magic", goal) == 1 / 2
    assert credit(name, exercise.solution, goal) == 1


def test_a_definition_that_is_given_shows_no_way():
    for text in ("t = tanh(z)\n1 - t^2", "1 - t^2\n1 - t*t", "1 - t^2\n= 1/cosh(z)^2"):
        assert check("derive_tanh", text).status == "unfinished", text
    for text in ("1/cosh(z)^2\n1 - t^2", "cosh(z)^2 - sinh(z)^2 = 1\n1 - t^2"):
        assert check("derive_tanh", text), text


def test_a_reason_that_is_none_is_said_and_costs_nothing():
    verdict = check("derive_tanh", "1/cosh(z)^2  # banana\n= 1 - t^2")
    assert verdict
    assert "“banana”, names no rule that is known here" in verdict.message
    for exercise in EXERCISES.values():
        if isinstance(exercise, DerivationExercise):
            assert "names no rule" not in check(exercise.name, exercise.solution).message


# --- the learner's own work -------------------------------------------------------------------


def test_a_function_of_the_course_is_no_answer():
    assert not check("sigmoid", activations.sigmoid).correct
    assert not check("sigmoid_prime", activations.sigmoid_prime).correct
    assert not check("sigmoid", lambda z: SIGMOID(z)).correct
    assert check("sigmoid_prime", lambda z: SIGMOID(z) * (1 - SIGMOID(z))).correct
    assert check("sigmoid", s).correct


SIGMOID = activations.sigmoid


def test_no_advice_names_a_function_that_would_be_right_unsolved():
    for answer in (0.73, np.array([0.7]), "sigmoid"):
        message = check("sigmoid", answer).message
        assert "check(" not in message
        assert "without brackets" in message


def test_a_blank_with_a_neighbours_line_was_attempted_and_is_no_step():
    exercise = EXERCISES["derive_sigmoid_quotient"]
    neighbour = exercise.given.strip().split("=")[-1].split("#")[0].strip()
    assert check(exercise.name, exercise.given).status == "not attempted"
    assert check(exercise.name, exercise.given.replace("…", neighbour, 1)).status == "unfinished"


def test_an_activation_without_its_slope_is_begun():
    verdict = check("own_activation", (lambda z: z * np.tanh(z), lambda z: ...))
    assert verdict.status == "unfinished"
    assert "the slope is not written yet" in verdict.message


# --- hints and solutions ----------------------------------------------------------------------


def test_a_hint_starts_from_the_slip_that_was_diagnosed_once():
    check("derive_tanh", "1 - z^2")
    first, second = str(hint("derive_tanh")), str(hint("derive_tanh"))
    assert EXAMPLES["z-for-g"] in first
    assert second.startswith("Hint 1 (4 more)\nWhere")
    told = check("derive_tanh", "1 + t^2")
    assert (
        "cosh has the slope that cos" in told.message
    )  # the hint is about the story that was told
    assert EXAMPLES["formula-of-other-activation"] in str(hint("derive_tanh"))
    check("derive_tanh", EXERCISES["derive_tanh"].solution)
    assert str(hint("derive_tanh")).startswith("Hint 2")


def test_every_story_of_calculus_has_an_example_that_gives_nothing_away():
    assert {*EXAMPLES} <= {*STORIES}
    asked = [exercise for exercise in EXERCISES.values() if isinstance(exercise, Formulas)]
    assert {slip.slug for each in asked for slip in believed(each.task)} <= {*EXAMPLES}
    for exercise in asked:
        for example in EXAMPLES.values():
            assert gives_away(exercise, example) == [], (exercise.name, example)


def test_a_solution_is_typeset_and_its_code_monospaced():
    shown = solution("derive_tanh")._repr_html_()
    assert shown.count("<math") == EXERCISES["derive_tanh"].solution.strip().count("\n") + 1
    assert "quotient rule" in shown
    assert "<pre" in solution("silu_prime")._repr_html_()
    assert "def silu_prime(z):\n    g = sigmoid(z)" in solution("silu_prime")._repr_html_()


def test_only_letters_that_a_line_is_about_are_named():
    text = "y' = (t'b - tb')/b^2\n= (0 - tb')/b^2\n= -e^-x/(1+e^-x)^2"
    message = check("derive_sigmoid_quotient", text).message
    assert message.startswith("Line 3: at x = 0.7 it is −0.2217")


def test_a_side_is_found_by_its_equals_sign():
    text = "dg/dz = d/dz (1/(1+e^z)) = (1/(1+e^z))(1-1/(1+e^z))"
    assert "behind its first equals sign is −0.2217" in check("derive_sigmoid", text).message
    several = "T' = sech²(u)·u', u' = e^z/(1+e^z)^2 = g(1-g)"
    assert check("derive_mish", several).message.startswith("Line 1 (u' = …): at z = 0.7 what")


def test_progress_tells_of_a_mistake_that_is_due_and_is_saved_as_a_page(folder):
    assert "due again" not in progress()
    entry = {"attempts": 1, "slips": [["quotient-reversed", 5]]}
    (folder / ".progress.json").write_text(json.dumps({"derive_sigmoid": entry}))
    shown = progress()
    assert "A mistake of yours is due again: practice() asks it." in shown
    assert practice().startswith("practice.quotient.")
    shown.save(page := folder / "mine.html")
    text = page.read_text(encoding="utf-8")
    assert text.startswith('<!doctype html><html lang="en">')
    assert f"<h1>What I can do</h1>{shown._repr_html_()}" in text


def test_slips_at_the_door_get_a_sentence():
    assert "with a point: 0.25" in check("q_sigmoid_max_slope", 0, 25).message
    assert "stands alone behind the name" in check("q_sigmoid_max_where", z=0).message
    assert 'in quotes: hint("' in str(hint())
    assert 'in quotes: solution("' in str(solution())
    with pytest.raises(UnknownExercise, match='stands in quotes: "sigmoid"'):
        check(SIGMOID, s)
    check("sigmoid", s)
    check("tanh_prime", s)
    assert "tanh_prime" not in str(progress(1))
    assert "tanh_prime" in str(progress())


UNSIMPLIFIED = [
    (
        "derive_sigmoid_quotient",
        "d/dx (1+e^{-x})^{-1}\n= -(1+e^{-x})^{-2} * (-e^{-x})\n= e^{-x}/(1+e^{-x})^2",
    ),
    ("derive_swish_db", "∂f/∂β = z·σ'(βz)·z\n= z²s(1-s)"),
]


@pytest.mark.parametrize(("name", "text"), UNSIMPLIFIED)
def test_what_a_rule_leaves_before_it_is_tidied_up_is_a_step(name, text):
    assert EXERCISES[name].judge(text).correct


def test_a_goal_in_another_order_is_no_step():
    for text in ("D(g)\n= (1 - g)*g\n= g*(1 - g)", "D(g)\n= g*(1 - g)"):
        assert EXERCISES["derive_sigmoid"].judge(text).status == "unfinished"


BY_ANOTHER_LETTER = [
    ("derive_prelu_a", "d/dz (a z) = a", "with respect to z", "with respect to a."),
    ("derive_leaky_left", "y = αx\ndy/dα = x", "with respect to alpha", "with respect to x."),
    ("derive_leaky_left", "y = ax\ndy/da = x", "with respect to a", "with respect to x."),
]


@pytest.mark.parametrize(("name", "text", "found", "asked"), BY_ANOTHER_LETTER)
def test_the_letter_that_is_asked_for_is_told(name, text, found, asked):
    verdict = EXERCISES[name].judge(text)
    assert not verdict.correct
    assert verdict.diagnoses == ("wrong-variable",)
    assert found in verdict.message
    assert asked in verdict.message
    assert "undefined" not in verdict.message
