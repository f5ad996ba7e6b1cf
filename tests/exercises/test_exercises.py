"""Right answers in every form are accepted, every other answer gets a verdict, nothing is lost."""

import functools
import json
import math
import os
import random
import re
import subprocess
import sys
import threading
import time
import warnings

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from helpers.derivation import derive, split_lines
from helpers.exercises import (
    EXERCISES,
    ChoiceExercise,
    DerivationExercise,
    FormulaExercise,
    NumberExercise,
    Verdict,
    call,
    check,
    check_derivation,
    hint,
    progress,
    solution,
)
from helpers.exercises import records as state
from helpers.exercises.running import _with_clock
from tests.exercises.test_diagnosis import SCOPE


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working copy of our own, empty at the beginning of each test."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.setattr(state, "_already_said", set())
    monkeypatch.setattr(state, "_unsaved", {})
    return tmp_path


def code(name):
    """The course's own solution of a code exercise."""
    scope = dict(SCOPE)
    exec(EXERCISES[name].code, scope)
    return scope[name]


def of_kind(kind):
    return [e.name for e in EXERCISES.values() if isinstance(e, kind)]


# ---------------------------------------------------------------------------- the declarations


@pytest.mark.parametrize("name", of_kind(DerivationExercise))
def test_the_derivation_is_right_and_unfinished_before_its_end(name):
    exercise = EXERCISES[name]
    verdict = check_derivation(name, exercise.solution)
    assert verdict.correct, verdict.message
    on = exercise.on or None
    derive(exercise.solution, variable=exercise.variable, where=exercise.where, on=on)
    steps = [step for _, step, _ in split_lines(exercise.solution)]
    before = check(name, "\n".join(steps[:-1]))
    assert not before.correct
    assert before.first_wrong_line is None
    assert before.diagnoses == ()
    assert "hold" in before.message


@pytest.mark.parametrize("name", of_kind(NumberExercise))
def test_the_number_is_right(name):
    assert check(name, EXERCISES[name].answer).correct
    assert all(not check(name, belief.value).correct for belief in EXERCISES[name].believed)


@pytest.mark.parametrize("name", of_kind(ChoiceExercise))
def test_an_option_is_named_by_its_letter_or_its_words(name):
    exercise = EXERCISES[name]
    for letter, option in zip("ABCDE", exercise.options, strict=False):
        right = option.text == exercise.answer
        assert check(name, letter).correct == check(name, option.text).correct == right


def test_references_agree_with_the_kernels():
    from helpers import activations

    for name in ("sigmoid", "sigmoid_prime", "tanh_prime", "relu", "relu_prime"):
        assert check(name, getattr(activations, name)).correct
    assert check("leaky_relu", activations.leaky_relu).correct
    assert check("leaky_relu_prime", activations.leaky_relu_prime).correct
    assert check("prelu_grad_a", activations.leaky_relu_slope_prime).correct
    assert check("sigmoid_prime_stable", activations.sigmoid_prime).correct
    assert check("tanh_prime_stable", activations.tanh_prime).correct


def test_a_new_exercise_is_one_declaration():
    mine = FormulaExercise(
        "square_prime",
        lesson=1,
        prompt="Derivative of z squared.",
        signature="square_prime(z)",
        of=("z^2",),
        forms=("2*z",),
    )
    assert mine.judge(lambda z: 2 * z).correct
    assert mine.judge(lambda z: z**2).diagnoses[0] == "function-derivative-mixup"
    assert mine.judge(lambda z: z**3 / 3).diagnoses[0] == "integrated-instead"


# ------------------------------------------------------------------- right answers in unusual forms


class Callable:
    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments):
        return self.function(*arguments)


def unusual(function):
    """The same function, written as people also write it."""

    def loop(z, *rest):
        out = np.empty(z.shape)
        for place, x in np.ndenumerate(z):
            out[place] = function(np.array([float(x)]), *rest)[0]
        return out

    def talkative(*arguments):
        print("now", arguments)
        return function(*arguments)

    def warning(*arguments):
        warnings.warn("look", stacklevel=1)
        return function(*arguments)

    yield loop
    yield talkative
    yield warning
    yield Callable(function)
    yield functools.partial(function)
    yield lambda *arguments: function(*arguments)
    yield lambda *arguments: np.asfortranarray(function(*arguments))
    yield lambda z, *rest: np.vectorize(lambda x: float(function(np.array([x]), *rest)[0]))(z)
    yield lambda *arguments: function(*arguments).astype(np.float32)


ONE_ARRAY = [name for name in of_kind(FormulaExercise) if name != "glu_db"]


@pytest.mark.parametrize("name", ONE_ARRAY)
def test_right_answers_in_unusual_forms(name, figures_of_the_run):
    forms = list(unusual(code(name)))
    if EXERCISES[name].atol == 0:
        forms.pop()  # float32 has no nine digits
    for function in forms:
        verdict = check(name, function)
        assert verdict.correct, verdict.message
    key = "right answers in unusual forms, all accepted"
    figures_of_the_run[key] = figures_of_the_run.get(key, 0) + len(forms)


def s(z):
    return 1 / (1 + np.exp(-z))


OTHER_WAYS = {
    "sigmoid": (
        lambda z: np.exp(z) / (1 + np.exp(z)),
        lambda z: 0.5 * (1 + np.tanh(z / 2)),
        lambda z: np.exp(-np.logaddexp(0, -z)),
        lambda z: (1 + np.e ** (-z)) ** -1,
        lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
        lambda z: np.reciprocal(1 + np.exp(np.negative(z))),
    ),
    "sigmoid_prime": (
        lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        lambda z: s(z) - s(z) ** 2,
        lambda z: 0.25 / np.cosh(z / 2) ** 2,
        lambda z: 1 / (np.exp(z) + 2 + np.exp(-z)),
        lambda z: s(z) * s(-z),
        lambda z: (1 - np.tanh(z / 2) ** 2) / 4,
        lambda z: np.gradient(z) * 0 + s(z) * (1 - s(z)) if z.ndim == 1 else s(z) * (1 - s(z)),
    ),
    "sigmoid_prime_from_output": (
        lambda g: g - g**2,
        lambda g: g - g * g,
        lambda g: -g * (g - 1),
        lambda g: 0.25 - (g - 0.5) ** 2,
        lambda g: np.multiply(g, 1 - g),
        lambda g: np.prod([g, 1 - g], axis=0),
    ),
    "sigmoid_beta_prime": (
        lambda z, beta: beta * np.exp(-beta * z) / (1 + np.exp(-beta * z)) ** 2,
        lambda z, b: b * s(b * z) * s(-b * z),
        lambda z, beta: beta / 4 / np.cosh(beta * z / 2) ** 2,
        lambda *a: a[1] * (s(a[0] * a[1]) - s(a[0] * a[1]) ** 2),
        lambda z, beta=1.0: np.multiply(beta, s(beta * z) * (1 - s(beta * z))),
    ),
    "relu_prime": (
        lambda z: (z > 0).astype(float),
        lambda z: (z > 0) * 1,
        lambda z: np.heaviside(z, 0),
        lambda z: np.ceil(np.clip(z, 0, 1)),
        lambda z: np.piecewise(z.astype(float), [z > 0], [1.0, 0.0]),
    ),
    "run_and_report": (
        lambda hits: np.mean(hits, axis=1) * 100,
        lambda hits: np.array([100 * sum(row) / len(row) for row in hits]),
        lambda hits: 100 * hits.sum(1) / hits.shape[1],
        lambda hits: np.average(hits, axis=-1) * 100,
        lambda hits: hits @ np.full(hits.shape[1], 100 / hits.shape[1]),
    ),
}


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_right_answers_by_other_formulas(name):
    for way in OTHER_WAYS[name]:
        verdict = check(name, way)
        assert verdict.correct, verdict.message


ROUTES = {
    "derive_sigmoid": (
        "e^-z/(1+e^-z)^2 \n g(1-g)",
        "e^-z/(1+e^-z)^2 \n g*(1-g)",
        "g e^-z/(1+e^-z) \n (1 - g) g",
        "g - g^2 \n -g*(-1 + g)*1 \n (1-g)*g",
        "D(g)\n= g'\n= dg/dz\n= g(z) - g(z)^2 = g(z)*(1 - g(z))",
        "D(1/(1+e^-z)) = e^(-z)/(1+e^(-z))^2 = g*(1-g)",
        "D(1/(e^-z + 1))\n= (0*(1+e^-z) - 1*(-e^-z))/(1+e^-z)^2\n\n= e^-z/(1+e^-z)^2\n= (1-g)*g",
        "D(e^z/(1+e^z)) \n = (e^z*(1+e^z) - e^z*e^z)/(1+e^z)^2 \n = e^z/(1+e^z)^2 \n = g(1-g)",
        "1/D(0*z + z)*D(g)\n= 1/(4*cosh(z/2)^2)\n= (1 - tanh(z/2)^2)/4\n= g(1-g)",
        "d/dz(σ(z))   # by definition\n= σ(z) - σ(z)²\n= σ(z)·(1 − σ(z))",
        "D(1 - 1/(1 + exp(z)))\n= exp(z)/(1 + exp(z))^2\n= g - g²\n= g (1 - g)",
    ),
    "derive_leaky_left": ("alpha", "a", "D(a*z)\n= a*D(z)\n= alpha", "D(z)*α = α"),
    "derive_tanh": (
        "1/cosh(z)^2 \n 1 - t^2",
        "1/cosh(z)^2 \n 1 - g^2",
        "1/cosh²z \n 1 - g(z)^2",
        "sech(z)^2 \n 1 - t*t",
        "sech(z)^2 \n 1 - tanh²(z)",
        "sech(z)^2 \n= 1 - t**2",
        "(1 + t)(1 - t) \n -t^2 + 1",
    ),
    "repair_tanh_note": ("1 - tanh(z)^2", "1 - g^2", "1 - t^2", "g'(z) = 1 - tanh²(z)"),
    "note_tanh_square": ("1 - tanh(z)^2", "1 - t^2", "1 - g(z)^2"),
    "derive_prelu_a": (
        "z",
        "D(alpha*z)\n= z*D(alpha)\n= z",
        "D(a*z)\n= z",
        "D(a)*z\n= 1*z\n= z",
        "z*D(a) = z",
        "0*a + z \n z",
    ),
    "derive_elu_neg": ("alpha*exp(z)", "α e^z", "exp(z)*alpha", "D(α*e^z - α) = α*e^z", "αe^z"),
}


@pytest.mark.parametrize("name", ROUTES)
def test_every_valid_route_is_accepted(name):
    for text in ROUTES[name]:
        verdict = check_derivation(name, text)
        assert verdict.correct or name == "derive_elu_neg", (text, verdict.message)


def test_the_form_of_the_goal_matters_and_the_order_does_not():
    for text in ("g - g^2", "1/(1+exp(-z))*(1-1/(1+exp(-z)))", "exp(-z)/(1+exp(-z))^2", "D(g)"):
        verdict = check("derive_sigmoid", text)
        assert not verdict.correct
        assert verdict.first_wrong_line is None
        assert "not yet finished" in verdict.message


def test_many_rules_at_once_are_remarked_and_allowed():
    verdict = check("derive_sigmoid", "D(1/(1+exp(-z)))\n= exp(-z)/(1+exp(-z))^2\n= g*(1-g)")
    assert verdict.correct
    assert "line 2" in verdict.message
    assert "at once" in verdict.message


def test_a_leap_is_remarked_wherever_it_begins_but_not_where_one_line_is_asked():
    for answer in ("1/cosh(z)^2\n1 - t^2", "D(tanh(z))\n= sech(z)^2\n= 1 - t^2"):
        assert "at once" in check("derive_tanh", answer).message
    for name in ("derive_tanh", "derive_leaky_left", "derive_tanh_via_sigmoid"):
        assert "at once" not in check(name, EXERCISES[name].solution).message
    for name, answer in {
        "note_sigmoid_square": "exp(-z)/(1 + exp(-z))^2",
        "note_tanh_square": "1 - g^2",
        "derive_leaky_left": "alpha",
    }.items():
        verdict = check(name, answer)
        assert verdict.correct
        assert "at once" not in verdict.message


@pytest.mark.parametrize(
    "line", ["D(sigmoid(z))", "D(g)", "g'(z)", "D(exp(z)/(1 + exp(z)))", "g*(1 - g)"]
)
def test_another_set_up_is_told_which_form_is_asked(line):
    verdict = check("note_sigmoid_setup", line)
    assert verdict.status == "unfinished"
    assert "The note's form is asked for" in verdict.message
    assert "left to carry out" not in verdict.message


def test_partial_progress_is_said():
    text = "D(1/(1+exp(-z)))\n\n= D((1+exp(-z))^-1)\n= (1+exp(-z))^-2 * D(1+exp(-z))\n= g"
    verdict = check("derive_sigmoid", text)
    assert verdict.first_wrong_line == 3
    assert verdict.diagnoses[0] == "sign-flipped"
    assert "Lines 1–2 hold." in verdict.message


def test_an_unreadable_line_is_pointed_at():
    verdict = check("derive_sigmoid", "D(1/(1+exp(-z)))\n= g*(1 - h)")
    assert verdict.first_wrong_line == 2
    line, caret = verdict.message.split("\n")[1:3]
    assert line[caret.index("^")] == "h"
    assert f'<pre style="margin:0">{caret}</pre>' in verdict._repr_html_()


@pytest.mark.parametrize(
    "line",
    [
        "D(" * 18 + "g" + ")" * 18,
        "tanh(" * 18 + "g" + ")" * 18,
        "*".join(["D(z + g)"] * 30),
        "D(g)^64*exp(exp(exp(z)))^64",
        "z*D(g) + 0*D(D(D(g)))",
        "1/0",
        "ln(-1)",
        "9^9^9",
        "g" * 500,
        "(" * 300,
        "__import__('os').system('true')",
        "\ud800\x00",
    ],
)
def test_monstrous_lines_are_not_read_and_the_others_judged(line):
    verdict = check("derive_sigmoid", f"D(g)\n= {line}\n= z")
    assert verdict.first_wrong_line in (2, 3)  # the first that is false, if that one has no value
    assert "cannot be checked" not in verdict.message
    assert check("derive_sigmoid", f"D(g)\n= {line}\n= g - g^2").first_wrong_line == 2


def test_blanks_of_a_faded_derivation():
    given = EXERCISES["derive_sigmoid_quotient"].given
    assert check("derive_sigmoid_quotient", given).status == "not attempted"
    assert check("derive_sigmoid_quotient", given.replace("…", "___")).status == "not attempted"
    filled = given.replace("= … ", "= (0 - D(exp(-z)))/(1 + exp(-z))^2 ", 1)
    verdict = check("derive_sigmoid_quotient", filled)
    assert not verdict.correct
    assert verdict.first_wrong_line is None
    assert "Line 4 is not filled in yet." in verdict.message
    wrong = given.replace("= … ", "= (0 - exp(-z))/(1 + exp(-z))^2 ", 1)
    assert check("derive_sigmoid_quotient", wrong).first_wrong_line == 3


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        (
            "note_sigmoid_setup",
            "D(1/(1 + exp^(-z)))",
            "exp carries its exponent in brackets: exp(…)",
        ),
        ("derive_tanh", "sine(z)", "did you mean sin?\n"),
        ("derive_tanh", "1/2z", "1/2z can mean (1/2)*z or 1/(2*z)"),
    ],
)
def test_what_cannot_be_read_is_told_how_it_is_written(name, line, words):
    assert words in check(name, line).message


def test_a_branch_is_compared_where_it_holds():
    assert "at z = -" in check("derive_leaky_left", "z").message
    assert "z = -" in check("derive_prelu_a", "a").message


@pytest.mark.parametrize("answer", [3, "3", "line 3", "Line 3", 3.0])
def test_a_line_is_named_by_its_number(answer):
    assert check("q_tanh_first_slip", answer).correct


def test_a_letter_is_no_line_and_no_number():
    assert check("q_tanh_first_slip", "none of them").diagnoses == ("formula-of-other-activation",)
    for name, answer in (("q_tanh_first_slip", "C"), ("q_leaky_max_value", "z")):
        message = check(name, answer).message
        assert message.startswith("A number is asked for")
        assert not re.search(r"(?<![\d.])3(?![\d.])", message)


def test_numbers_in_every_spelling():
    for answer in (0.25, "0.25", "1/4", " 25 % ", ".25", "2^-2", np.float64(0.25), np.array(0.25)):
        assert check("q_sigmoid_max_slope", answer).correct, answer
    for answer in ("infinity", "∞", math.inf, 10**400):
        assert check("q_sigmoid_max_slope", answer).diagnoses == ("slope-vs-output",)
    for answer in (True, "a quarter", [0.25], math.nan, 0.2, "1/0", "z", "__import__('os')"):
        assert not check("q_sigmoid_max_slope", answer).correct
    assert check("q_sigmoid_max_where", "-0.0").correct


# ------------------------------------------------------------------------------ contract and kink


def test_contracts():
    def changes(z):
        z[z < 0] = 0
        return z

    for function in (
        changes,
        lambda z: print(np.maximum(z, 0)),
        lambda z: np.maximum(z, 0).tolist(),
        lambda z: np.maximum(z, 0).sum(),
        lambda z: np.maximum(z, 0).ravel(),
        lambda z: z > 0,
        lambda z: np.maximum(z, 0) + 0j,
        lambda z: np.maximum(z, 0).astype(object),
    ):
        verdict = check("relu", function)
        assert not verdict.correct
        assert verdict.diagnoses[:1] == ("array-contract",), verdict.message


def test_a_changed_input_is_seen_though_the_values_are_right():
    def sly(z):
        right = np.maximum(z, 0)
        if z.flags.writeable:
            z[...] = 0
        return right

    verdict = check("relu", sly)
    assert verdict.diagnoses == ("array-contract",)
    assert "changed its input" in verdict.message
    assert "The numbers themselves are right." in verdict.message


CAPPED = {
    "relu": lambda z: np.clip(z, 0, 6),
    "relu_prime": lambda z: (z > 0) * 1.0 * (z < 100),
    "leaky_relu": lambda z, a: np.where(z > 0, np.minimum(z, 10), a * z),
    "leaky_relu_prime": lambda z, a: np.where(z > 0, 1.0, a) * (np.abs(z) < 10),
    "prelu_grad_a": lambda z, a: np.clip(z, -9, 0),
    "note_leaky_formula": lambda z, a: np.maximum(np.where(z > 0, z, a * z), -100),
    "hat": lambda z: np.maximum(0, 1 - np.abs(z)) + np.maximum(z - 10, 0),
    "relu_quotient": lambda h: np.minimum(np.maximum(h, 0), 6) / h,
}


@pytest.mark.parametrize("name", CAPPED)
def test_a_function_that_ends_too_early_is_seen(name):
    assert not check(name, CAPPED[name]).correct
    assert check(name, CAPPED[name]).diagnoses in ((), ("leak-dropped",))


def test_an_answer_by_another_function_is_right_by_value():
    def tanh_from_sigmoid(z):
        return np.tanh(z)

    def by_sigmoid(z):
        return 2 * s(2 * z) - 1

    verdict = check("tanh_from_sigmoid", tanh_from_sigmoid)
    assert verdict.correct
    assert "Right by value" in verdict.message
    assert "without tanh" in verdict.message
    assert "Right by value" not in check("tanh_from_sigmoid", by_sigmoid).message


def test_the_source_of_a_neighbour_tells_nothing():
    many = {"mine": lambda z: z + 1, "other": lambda z: (s(z + 1e-4) - s(z - 1e-4)) / 2e-4}
    assert "finite-difference" not in check("tanh_prime", many["mine"]).diagnoses


def test_where_no_story_fits_the_exercise_asks():
    verdict = check("hat", lambda z: np.where(np.abs(z) < 1, 1.0, 0.0))
    assert verdict.diagnoses == ()
    assert verdict.message.endswith(EXERCISES["hat"].asks)


def test_the_kink_is_told_with_the_prompt():
    message = check("relu_prime", lambda z: (z >= 0) * 1.0).message
    assert EXERCISES["relu_prime"].prompt in message


def test_the_slope_of_cosh_is_asked_about():
    start = "D(sinh(z)/cosh(z))\n= (D(sinh(z))*cosh(z) - sinh(z)*D(cosh(z)))/cosh(z)^2\n= "
    for line in ("(cosh(z)*cosh(z) - sinh(z)*(-sinh(z)))/cosh(z)^2", "1 + t^2"):
        message = check("derive_tanh", start + line).message
        assert "Write cosh as the mean of two exponentials" in message
    none = check("derive_tanh", start + "(sinh(z)*cosh(z) - sinh(z)*cosh(z))/cosh(z)^2")
    assert none.diagnoses == ("function-derivative-mixup",)


def test_one_call_is_one_call():
    assert "in 1 call agree" in check("relu_quotient", code("relu_quotient")).message


def test_a_constant_factor_too_many():
    assert check("sigmoid_prime", lambda z: 3 * s(z) * s(-z)).diagnoses == ("parameter-ignored",)
    assert check("derive_sigmoid", "3*g*(1 - g)").diagnoses == ("parameter-ignored",)


def test_an_unexplained_answer_gets_evidence_and_no_story():
    verdict = check("sigmoid_prime", lambda z: s(z) * s(-z) + 0.01)
    assert verdict.diagnoses == ()
    assert "At z = 1 your function returns 0.2066; the slope there is 0.1966." in verdict.message


def test_whole_numbers_may_come_in():
    def cut(z, slope):
        out = np.ones_like(z)
        out[z <= 0] = slope
        return out

    verdict = check("leaky_relu_prime", cut)
    assert verdict.diagnoses[:2] == ("array-contract", "integer-result")
    assert "With decimals in the input it is right." in verdict.message


@pytest.mark.parametrize(("at_zero", "valid"), [(1.0, True), (0.5, True), (-1.0, False)])
def test_the_kink_is_told_with_its_interval(at_zero, valid):
    verdict = check("relu_prime", lambda z: np.where(z == 0, at_zero, (z > 0) * 1.0))
    assert verdict.diagnoses == ("kink-at-zero",)
    assert ("from 0 to 1" in verdict.message) == valid
    assert ("another convention" in verdict.message) == valid


def test_input_for_output_is_told_as_such():
    verdict = check("sigmoid_prime", lambda z: z * (1 - z))
    assert "right if your argument were the output" in verdict.message


# ------------------------------------------------------------------------------------- robustness


class Hostile:
    def __getattr__(self, name):
        raise ValueError(name)

    def __eq__(self, other):
        raise ValueError

    __hash__ = None

    def __repr__(self):
        raise ValueError

    def __array__(self, *_, **__):
        raise SystemExit

    def __float__(self):
        raise KeyboardInterrupt


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return True

    def __array__(self, *_, **__):
        return np.zeros(3)


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError


def deep(z):
    return deep(z)


def exits(z):
    sys.exit()


def interrupts(z):
    raise KeyboardInterrupt


def unspeakable(z):
    raise Unspeakable


async def later(z):
    return z


def generates(z):
    yield z


ANSWERS = {
    "recursion": deep,
    "exit": exits,
    "interrupt": interrupts,
    "unspeakable": unspeakable,
    "coroutine": later,
    "generator": generates,
    "class": int,
    "module": np,
    "number": 3,
    "text": "sigmoid",
    "array": np.ones(3),
    "result": s(np.ones(3)),
    "hostile": Hostile(),
    "returns hostile": lambda z: Hostile(),
    "lying": lambda z: np.ones_like(z).view(LyingArray),
    "texts": lambda z: np.full(z.shape, "0.5"),
    "nan": lambda z: z * np.nan,
    "too large to allocate": lambda z: np.ones(10**15),
    "large": lambda z: np.ones(10**6),
    "no argument": lambda: 1,
    "two arguments": lambda z, w: z,
    "builtin": len,
    "ufunc": np.tanh,
    "ufunc of two": np.add,
    "NaN array of objects": np.frompyfunc(lambda x: x, 1, 1),
}


@pytest.mark.parametrize(
    "kind", ["sigmoid", "derive_sigmoid", "q_sigmoid_max_slope", "q_note_ambiguous"]
)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_there_is_always_a_verdict(kind, answer):
    begun = time.monotonic()
    verdict = check(kind, answer)
    assert type(verdict) is Verdict
    assert not verdict.correct
    assert verdict.message
    assert "cannot be checked" not in verdict.message
    assert time.monotonic() - begun < 20


def forever(z):
    while True:
        pass


def stubborn(z):
    while True:
        try:  # noqa: SIM105
            time.sleep(0.01)
        except:  # noqa: E722
            pass


def very_stubborn(z):
    while True:
        try:
            while True:
                try:
                    time.sleep(0.01)
                except BaseException:
                    continue
        except BaseException:
            continue


@pytest.mark.skipif(not hasattr(__import__("signal"), "setitimer"), reason="POSIX alone has alarms")
@pytest.mark.parametrize("function", [forever, stubborn, very_stubborn])
def test_loops_without_end_are_ended(function):
    trace = sys.gettrace()
    outcome = call(function, (1,), seconds=0.05)
    assert outcome.timed_out
    assert sys.gettrace() is trace
    assert call(lambda: 3, ()).value == 3


def test_loops_are_ended_in_other_threads():
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(call(forever, (1,), seconds=0.05)))
    thread.start()
    thread.join(timeout=20)
    assert outcomes
    assert outcomes[0].timed_out


def test_the_clock_leaves_right_answers_alone():
    assert _with_clock(lambda z: z + 1, (2,), seconds=5) == 3


def test_a_function_changes_nothing_for_others():
    def busy(z):
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        warnings.simplefilter("error")
        sys.setrecursionlimit(5000)
        os.environ["SPOILT"] = "yes"
        os.chdir("/")
        sys.stdout = None
        return s(z)

    def seen():
        return (
            np.geterr(),
            np.get_printoptions(),
            np.random.get_state()[1].tolist(),  # noqa: NPY002
            random.getstate(),
            warnings.filters[:],
            sys.getrecursionlimit(),
            dict(os.environ),
            os.getcwd(),
            sys.stdout,
        )

    before = seen()
    assert check("sigmoid", busy).correct
    assert seen() == before


def test_the_screen_stays_clean(capsys):
    def loud(z):
        for _ in range(1000):
            print("x" * 1000)
        return s(z)

    assert check("sigmoid", loud).correct
    assert capsys.readouterr() == ("", "")


def stub_of_dots(z): ...


def stub_with_docstring(z):
    """Return the sigmoid."""


def stub_returning_none(z):
    return None


def stub_returning_dots(z):
    return ...


def stub_raising(z):
    raise NotImplementedError("your code here")


@pytest.mark.parametrize(
    "answer",
    [
        *(
            stub_of_dots,
            stub_with_docstring,
            stub_returning_none,
            stub_returning_dots,
            stub_raising,
        ),
        *(None, ...),
    ],
)
def test_stubs_are_not_attempted(answer, folder):
    verdict = check("sigmoid", answer)
    assert verdict.status == "not attempted"
    assert verdict.diagnoses == ()
    assert "Not attempted yet" in repr(verdict)
    assert not (folder / ".progress.json").exists()


@pytest.mark.parametrize("name", ["derive_sigmoid", "q_sigmoid_max_slope", "q_note_ambiguous"])
@pytest.mark.parametrize("answer", ["", "  \n ", None, ...])
def test_empty_answers_are_not_attempted(name, answer):
    assert check(name, answer).status == "not attempted"


def test_an_unknown_exercise_is_named_with_its_neighbours():
    for ask in (lambda: check("sigmod", 1), lambda: hint("sigmod"), lambda: solution("sigmod")):
        with pytest.raises(ValueError, match="Did you mean sigmoid"):
            ask()
    with pytest.raises(ValueError, match="asks for no derivation"):
        check_derivation("sigmoid", "g")


# ----------------------------------------------------------------------------------------- display


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


# ------------------------------------------------------------------------------ hints and progress


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
    assert verdicts[3].message.startswith("The same answer as before: At z = 1")
    assert "The next hint: Where" in verdicts[3].message
    line = EXERCISES["sigmoid_prime"].rungs[-1]
    assert all(line not in v.message for v in verdicts)
    assert check("sigmoid_prime", lambda z: z).message != verdicts[-1].message


def test_progress_is_kept(folder):
    assert str(progress()) == "Nothing tried yet."
    check("sigmoid", lambda z: z)
    check("sigmoid", s)
    check("sigmoid", lambda z: z)
    hint("sigmoid")
    entry = json.loads((folder / ".progress.json").read_text())["sigmoid"]
    assert (entry["attempts"], entry["right"], entry["hints"]) == (3, True, 1)
    assert "lesson 1: 1 of" in str(progress())
    assert [p.name for p in folder.iterdir()] == [".progress.json"]


def test_a_damaged_file_is_set_aside(folder, capsys):
    (folder / ".progress.json").write_text('{"sigmoid": {"attem')
    assert check("sigmoid", s).correct
    (kept,) = folder.glob(".progress.json.damaged-*")
    assert kept.read_text() == '{"sigmoid": {"attem'
    assert kept.name in capsys.readouterr().err


def test_where_nothing_can_be_written_all_works(folder, capsys, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(state.tempfile, "mkstemp", full)
    for _ in range(2):
        assert check("sigmoid", s).correct
    assert capsys.readouterr().err.count("cannot be saved") == 1
    assert "sigmoid" in str(progress())


def test_without_a_working_copy_nothing_is_written(folder, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(folder / "nowhere"))
    assert check("sigmoid", s).correct
    assert "sigmoid" in str(progress())
    assert list(folder.iterdir()) == []


def test_importing_loads_neither_plots_nor_symbols():
    program = (
        "import sys, helpers.exercises\n"
        "heavy = {'sympy', 'matplotlib', 'ipywidgets', 'anywidget', 'IPython'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("words", ["lines 1 and 2", "1 and 2", "Lines 2 and 1.", "C"])
def test_an_option_may_be_said_in_other_words(words):
    assert check("q_note_ambiguous", words).correct


@pytest.mark.parametrize(
    ("words", "right"),
    [("alpha<=1", True), ("α ≤ 1", True), ("1 <= alpha", False), ("alpha >= 1", False)],
)
def test_a_condition_may_be_typed_with_other_signs_but_not_turned_round(words, right):
    assert check("q_leaky_max_valid", words).correct == right


def test_words_that_are_no_option_get_the_list_of_options():
    message = check("q_note_ambiguous", "line 3 only").message
    assert "A: line 1 only" in message
    assert "E: none of them" in message


@pytest.mark.parametrize("answer", ["z = 0", "0,0", "0"])
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


# -------------------------------------------------------------------- misprints copied as they are

NOTE = [
    ("note_sigmoid_setup", "g'z = d / dz ( 1 / (1 + e(-z)))", "call-for-times"),
    ("note_sigmoid_square", "g'(z) = e(-z) / (1 + e(-z)(2)", "missing-parentheses"),
    ("note_sigmoid_square", "e(-z)/(1 + e(-z)(2)", "missing-parentheses"),
    ("note_tanh_square", "g'(z) = 1 - tanh(2)(z)", "square-on-argument"),
    ("note_tanh_square", "g'(z) = 1 - g(z)(2)", "square-as-times-two"),
    ("note_find", "g'(z) = 1 - g(z)(2)", "square-as-times-two"),
    ("note_relu_zero", "z > 0, g'(z) = 1", "kink-at-zero"),
    ("note_relu_dead", "z that is equal to or under 0", "inactive-vs-dead"),
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


def test_a_wrong_right_side_does_not_hold_for_its_left_side():
    message = check("note_tanh_square", "g'(z) = 1 - tanh(2z)").message
    assert "hold" not in message
    assert "but its left side is" in message


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
        'check("q_relu_zero", B)': 'An answer stands in quotes: check("q_relu_zero", "B")',
        'check("q_sigmoid_max_where", 1/e)': 'in quotes: check("q_sigmoid_max_where", "1/e")',
        "hint(q_relu_zero)": 'name of an exercise stands in quotes: hint("q_relu_zero")',
        'check("relu", my_relu)': "Traceback",
        'def f():\n    return B\n\ncheck("q_relu_zero", f())': "Traceback",
        "print(B)": "Traceback",
    }
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    for cell, wanted in zip(notebook.cells, cells.values(), strict=True):
        shown = "\n".join("\n".join(out.traceback) for out in cell.outputs)
        assert wanted in shown
        assert bool(wanted) == bool(shown)
        assert ("Traceback" in wanted) == ("Traceback" in shown)


# --- the way counts ----------------------------------------------------------------------------

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
    retyped = exercise.given.replace("…", exercise.given.strip().split("=")[-1].split("#")[0])
    assert not check(exercise.name, retyped).correct


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
