"""Slips in forms that nobody declared: what real people wrote, and what they program."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from helpers.diagnosis.beliefs import Together, questions
from helpers.diagnosis.stories import ALGEBRA
from helpers.exercises import EXERCISES, STORIES, Branches, DerivationExercise, FormulaExercise
from tests.diagnosis.test_diagnosis import written
from tests.exercises.answers import s

PEOPLE = json.loads((Path(__file__).parents[1] / "derivation/people.json").read_text("utf-8"))


def test_what_people_wrote_gets_its_own_story_first(figures_of_the_run):
    """`story` was written beside each wrong text by hand, from the slip, before any run."""
    wrong = [entry for entry in PEOPLE if not entry["right"]]
    told = [EXERCISES[entry["exercise"]].judge(entry["text"]).diagnoses[:1] for entry in wrong]
    first = np.mean(
        [bool({*entry["story"].split("|")} & {*t}) for entry, t in zip(wrong, told, strict=True)]
    )
    figures_of_the_run["right story first, real people"] = f"{first:.1%} of {len(wrong)}"
    assert first >= 0.75


SLIPS_IN_OTHER_FORMS = [
    ("derive_sigmoid", "g - (1 - g)", "operation-swapped"),
    ("derive_sigmoid", "g + (1 - g)", "operation-swapped"),
    ("derive_tanh", "(1 + t) + (1 - t)", "operation-swapped"),
    ("derive_sigmoid", "g*1 - g", "missing-parentheses"),
    ("derive_silu", "g + z*g*1 - g", "missing-parentheses"),
    ("derive_sigmoid", "exp(-z)/1 + exp(-z)^2", "missing-parentheses"),
    ("derive_tanh", "1/1 + z^2", "missing-parentheses"),
    ("derive_elu_neg", "z + alpha", "z-for-g"),
    ("derive_gelu", "z*(1 - z*P)", "formula-of-other-activation"),
    ("derive_swish_beta", "z*s + s*(beta - beta*z*s)", "parameter-ignored"),
    ("derive_sigmoid", "1/exp(-z)*(1 - 1/exp(-z))", "term-lost"),
]


@pytest.mark.parametrize(("name", "text", "story"), SLIPS_IN_OTHER_FORMS)
def test_a_slip_is_found_in_a_form_that_nobody_declared(name, text, story):
    assert EXERCISES[name].judge(text).diagnoses[:1] == (story,)


def test_one_story_is_told_and_a_second_one_waits_behind_a_fold():
    verdict = EXERCISES["sigmoid_prime"].judge(lambda z: -s(z) * (1 - s(z)))
    first, second = (STORIES[slug].belief for slug in verdict.diagnoses[:2])
    assert first in verdict.message
    assert second not in repr(verdict)
    folded = verdict._repr_html_().partition("<details>")[2]
    assert second in folded
    assert first not in folded


def test_numbers_place_and_question_stand_apart():
    numbers, where, *_, asked = (  # the place in its source stands between
        EXERCISES["leaky_relu"].judge(lambda z, a: np.where(z > 0, z, -a * z)).message.split("\n")
    )
    assert numbers.startswith("At z = ")
    assert where == (
        "It is right at each z > 0 that was tried, and differs at each z < 0 that was tried, "
        "but for negative_slope = 0."
    )
    assert "?" in asked


GELU_TANH = "k = np.sqrt(2/np.pi)\nt = np.tanh(k*(z + 0.044715*z**3))\n"
IN_CODE = [
    ("sigmoid_prime", "g = 1/np.exp(-z)\nreturn g*(1 - g)", "term-lost"),
    ("silu_prime", "g = 1/np.exp(-z)\nreturn g + z*g*(1 - g)", "term-lost"),
    ("sigmoid_prime", "g = 1/1 + np.exp(-z)\nreturn g*(1 - g)", "missing-parentheses"),
    ("elu_prime", "return np.where(z > 0, 1, z + alpha)", "z-for-g"),
    ("silu_prime", "s = sigmoid(z)\nreturn z + s*(1 - z)", "z-for-g"),
    ("swish_beta_prime", "s = sigmoid(beta*z)\nreturn beta*z + s*(1 - beta*z)", "z-for-g"),
    ("softplus_prime", "return 1 - np.exp(-z)", "z-for-g"),
    ("sigmoid_prime", "s = sigmoid(z)\nreturn s*1 - s", "missing-parentheses"),
    ("silu_prime", "s = sigmoid(z)\nreturn s + z*s*1 - s", "missing-parentheses"),
    ("sigmoid_prime", "s = sigmoid(z)\nreturn s - (1 - s)", "operation-swapped"),
    ("sigmoid_prime_from_output", "return g - (1 - g)", "operation-swapped"),
    ("leaky_relu", "return np.where(z > 0, alpha*z, 0)", "leak-side"),
    ("leaky_relu_prime", "return np.where(z > 0, alpha, 0)", "leak-side"),
    ("leaky_relu", "return np.where(z > alpha, z, alpha*z)", "condition-misplaced"),
    ("relu_prime", "return np.where(z > 1, 1, 0)", "condition-misplaced"),
    ("elu_prime", "return np.where(np.exp(z) > 0, 1, alpha*np.exp(z))", "condition-misplaced"),
    ("leaky_relu_prime", "return np.where(alpha*z > z, alpha, 1)", "max-needs-alpha-le-1"),
    ("relu_prime", "if z.any():\n    return np.ones_like(z)\nreturn 0*z", "one-for-all"),
    (
        "elu_prime",
        "return np.vectorize(lambda x: 1 if x > 0 else alpha*np.exp(x))(z)",
        "integer-result",
    ),
    (
        "leaky_relu_prime",
        "d = 1.0*z\nd[d <= 0] = alpha\nd[d > 0] = 1\nreturn d",
        "mask-overwritten",
    ),
    ("gelu_prime", GELU_TANH + "return (1+t)/2 + z/2*(1-t**2)*k*(1+3*0.044715*z**2)", "other-form"),
    ("gelu_prime", GELU_TANH + "return t/2 + z/2*(1-t**2)*k*(1+3*0.044715*z**2)", "term-lost"),
    ("gelu_prime", GELU_TANH + "return (1 + t)/2", "product-missing-term"),
    (
        "silu_prime",
        "f = lambda x: x*sigmoid(x)\nreturn (f(z + 0.1) - f(z))/0.1",
        "finite-difference",
    ),
]


@pytest.mark.parametrize(("name", "body", "story"), IN_CODE)
def test_what_people_program_gets_its_story_first(name, body, story):
    exercise = EXERCISES[name]
    verdict = exercise.judge(written(exercise, body))
    assert not verdict.correct
    assert verdict.diagnoses[:1] == (story,)


def asked(left, right, slopes=(), letter=""):
    """An exercise with two branches; by its value, or by its slopes."""
    return FormulaExercise(
        "f",
        lesson=1,
        prompt="f.",
        signature=f"f(z, {letter})" if letter else "f(z)",
        of=(Branches(left, right),),
        forms=(Branches(*(slopes or (left, right))),),
        variable=letter or "z",
        asks_value=not slopes,
        parameters={letter: (0.5, 2.0)} if letter else {},
    )


DOWN, BY_C = asked("-3", "z - 3"), asked("c*(exp(z) - 1)", "6*z", ("exp(z) - 1", "0"), "c")
P = "e = np.exp(z - z.max())\np = e/e.sum()\n"
X = "s = z.std()\nx = (z - z.mean())/s\n"
LOOP = "out = np.zeros(z.shape)\nfor i in range({}):\n    out[i] = max(z[i], 0)\nreturn out"
QUOTIENT = "f = lambda x: np.maximum(x, 0)\nreturn (f(z + {h}) - f(z - {h}))/(2*{h})"
# what was not true of them, or led nowhere, and what is said instead; a pair of code and words
TRUE_IN_EVERY_WORD = [
    (DOWN, "return np.maximum(z - 3, 0)", "were exchanged|where a height belongs", ""),
    (
        DOWN,
        "return np.where(z > 0, z - 3, 0)",
        "were exchanged|where a height belongs|lets nothing through",
        "",
    ),
    (
        BY_C,
        "return np.where(z > 0, 6*z, np.exp(z) - 1)",
        "variable was kept",
        "where a height belongs",
    ),
    (BY_C, "return 0*z", "lets nothing through", ""),
    (
        asked("z/5", "4*z", ("1/5", "4")),
        "return np.where(z > 0, 0, 1/5)",
        "constant",
        "A 0 stands there",
    ),
    ("relu_prime", "return np.where(z > 0, 0, 0)", "constant", ""),
    ("central_quotient", "return (left - right)/(2*h)", "minus sign", "the other way round"),
    ("relu_quotient", "return -(0 - np.maximum(h, 0))/-h", "", "minus sign"),
    ("softmax_vjp", P + "return p*(u - (p*u).mean())", "constant", "a mean stands where a sum"),
    ("norm_vjp", X + "return (u - u.mean() - (x*u*x).mean())/s", "fraction bar", "factor too many"),
    ("dead_fraction", "return (Z <= 0).all(axis=1).mean()", "silent for some", "each row of Z"),
    ("dead_fraction", "return (Z <= 0).all(axis=1)", "True and False", "an array of shape (4,)"),
    ("relu", LOOP.format("1, len(z)"), "differs at", "With z = 1 in each entry, entry 1 differs;"),
    ("relu", LOOP.format("0, len(z), 2"), "", "2 in each entry, the entries 2, 4, 6, … differ;"),
    (
        "logsumexp",
        "t = 0\nfor x in z[:-1]:\n    t += np.exp(x)\nreturn np.log(t)",
        "by hand",
        "When entry 3 of 3 of z changes, what your function returns stays the same;",
    ),
    ("relu", "return np.array([max(x, 0) for x in z[:-1]])", "object", "do they leave out?"),
    (
        "softmax_jacobian",
        P + "return np.outer(p, p) - np.diag(p)",
        "Count",
        "taken away from which",
    ),
    ("relu_prime", QUOTIENT.format(h="1e-6"), "comparisons|One change", "two ends of your step"),
    ("relu_prime", QUOTIENT.format(h="0.1"), "Halve your step", "On which sides of 0"),
]


@pytest.mark.parametrize(("exercise", "body", "untrue", "said"), TRUE_IN_EVERY_WORD)
def test_each_word_is_true(exercise, body, untrue, said):
    exercise = EXERCISES[exercise] if isinstance(exercise, str) else exercise
    message = exercise.judge(written(exercise, body)).message
    assert not untrue or not re.search(untrue, message), message
    assert said in message, message


QUOTIENTS = [
    ("silu_prime", "f = lambda x: x*sigmoid(x)\nreturn (f(z + 1e-5) - f(z - 1e-5))/2e-5"),
    ("tanh_prime", "h = 1e-5\na = [h]\nreturn (np.tanh(z + h) - np.tanh(z - h))/(2*h)"),
    ("sigmoid_prime", "h = 1e-6\na = sigmoid(z + h)\nreturn (a - sigmoid(z))/h"),
]


@pytest.mark.parametrize(("name", "body"), QUOTIENTS)
def test_a_difference_quotient_that_is_right_by_value_is_said(name, body):
    exercise = EXERCISES[name]
    verdict = exercise.judge(written(exercise, body))
    assert verdict.diagnoses == ("finite-difference",)
    assert STORIES["finite-difference"].belief in verdict.message
    forbidding = dataclasses.replace(exercise, without=("difference quotient",))
    assert not forbidding.judge(written(exercise, body)).correct
    assert exercise.judge(written(exercise, exercise.code.partition("\n")[2])).diagnoses == ()


def alone(of, form):
    """A derivation of one function, declared as a teacher would."""
    return DerivationExercise("own", lesson=1, prompt="…", of=(of,), forms=(form,), goals=(form,))


RULES = [
    ("sin(3z + 1)", "3*cos(3z + 1)", "cos(3z + 1)", "missing-inner-derivative"),
    ("cos(3z + 1)", "-3*sin(3z + 1)", "-sin(3z + 1)", "missing-inner-derivative"),
    ("tan(2z)", "2*(1 + tan(2z)^2)", "1 + tan(2z)^2", "missing-inner-derivative"),
    ("sinh(3z)", "3*cosh(3z)", "cosh(3z)", "missing-inner-derivative"),
    ("cosh(z^2)", "2*z*sinh(z^2)", "sinh(z^2)", "missing-inner-derivative"),
    ("sech(2z)", "-2*sech(2z)*tanh(2z)", "-sech(2z)*tanh(2z)", "missing-inner-derivative"),
    ("z^5", "5*z^4", "5*z^5", "exponent-kept"),
    ("z^3 + z", "3*z^2 + 1", "3*z^3 + 1", "exponent-kept"),
    ("(z^2 + 1)^4", "8*z*(z^2 + 1)^3", "8*z*(z^2 + 1)^4", "exponent-kept"),
    ("cos(z)", "-sin(z)", "sin(z)", "sign-flipped"),
    ("cos(3z)", "-3*sin(3z)", "3*sin(3z)", "sign-flipped"),
]


@pytest.mark.parametrize(("of", "form", "wrong", "story"), RULES)
def test_a_rule_of_any_function_that_is_broken_gets_its_story(of, form, wrong, story):
    assert alone(of, form).judge(form).first_wrong_line is None
    assert alone(of, form).judge(wrong).diagnoses[:1] == (story,)


def test_a_story_that_two_slips_share_is_not_told_of_one_alone():
    both = Together(("missing-parentheses", "z-for-g"))
    (told,) = questions(both, algebra=True)
    assert "Exactly this" not in told
    (twice,) = questions(Together(("parameter-ignored", "parameter-ignored")))
    assert "at two places" in twice


TRUE_OF_THE_TEXT = [  # what was told once, and did not happen in the text
    ("derive_sigmoid", "D(g)\n= (1-g)*g^2", "missing-square"),  # or one came in
    ("derive_swish_beta", "f' = s + z*s*(1-s)/beta", "operation-swapped"),
    ("derive_sigmoid_quotient", "u = 1, v = 1+e^-x\nu' = 1, v' = -e^-x", "constant-slope-one"),
    ("derive_elu_neg", "D(alpha*(e^z-1)) = alpha*(e^z-1)", "function-derivative-mixup"),
    ("derive_sigmoid", "ln g = ln(1+e^-z)", "sign-flipped"),
    (
        "derive_tanh",
        "E = e^(-2z)\nt = (1-E)/(1+E)\nt' = (2E(1+E)-2E(1-E))/(1+E)^2",
        "plus-minus-swapped",
    ),
    ("derive_silu", "D(z*g)\n= g + z*(1-g)", "product-missing-term"),
    ("derive_silu", "g + f - fg\n= g + f - z g", "product-missing-term"),
    ("derive_sigmoid", "1/g = 1+e^-z\ng'/g^2 = -e^-z", "sign-flipped"),
    ("derive_sigmoid", "g = 1/(1+e^-z)\ng' = D(1)/D(1+e^-z)", "rule-applied-termwise"),
    ("derive_gelu", "D(z*Φ(z))\n= Φ(z) + z φ'(z)", "derivative-twice"),
    ("derive_tanh_via_sigmoid", "4 (1+t)/2 (1 - 1+t/2)", "missing-parentheses"),
    ("derive_tanh_via_sigmoid", "s = σ(2z)\ns' = s(1-s)", "missing-inner-derivative"),
    (
        "derive_tanh",
        "D(sinh(z)/cosh(z))\n= (sinh(z)*sinh(z) - cosh(z)*cosh(z))/cosh(z)^2",
        "quotient-reversed",
    ),
    (
        "derive_tanh",
        "D(sinh(z)/cosh(z))\n= sinh(z)^2/cosh(z)^2 - cosh(z)*cosh(z)/cosh(z)^2",
        "quotient-reversed",
    ),
    (
        "derive_tanh",
        "D(sinh(z)/cosh(z))\n= (sinh(z)*D(cosh(z)) - D(sinh(z))*cosh(z))/cosh(z)^2",
        "quotient-reversed",
    ),
]


@pytest.mark.parametrize(("name", "text", "story"), TRUE_OF_THE_TEXT)
def test_a_story_is_told_of_what_stands_in_the_text(name, text, story):
    verdict = EXERCISES[name].judge(text)
    assert verdict.diagnoses[:1] == (story,)
    assert (
        ALGEBRA.get(story, STORIES[story]).belief in verdict.message
        or STORIES[story].belief in verdict.message
    )


WITHOUT_A_STORY = [
    ("derive_sigmoid", "g + g e^-z = 1\ng' - g' e^-z = 0"),
    ("derive_sigmoid", "1/g = 1+e^-z\n-1/g' = -e^-z"),
]


@pytest.mark.parametrize(("name", "text"), WITHOUT_A_STORY)
def test_where_only_the_numbers_coincide_no_story_is_told(name, text):
    verdict = EXERCISES[name].judge(text)
    assert verdict.diagnoses == ()
    assert "Exactly this" not in verdict.message
    assert verdict.message.endswith("?")


def test_a_rule_is_not_told_of_where_the_slope_above_was_right():
    message = EXERCISES["derive_tanh"].judge("d/dx tanh x = sech^2 x\n= 1 + tanh^2 x").message
    assert "cos would" not in message
    assert "plus where a minus" in message
    told = EXERCISES["derive_tanh"].judge("D(sinh(z)/cosh(z))\n= 1 + tanh(z)^2")
    assert "cos would" in told.message
    assert told.diagnoses[0] == "formula-of-other-activation"


MEASURED = [
    ("stranger", "return np.where(z<=0, z/4, z-3/4)", "at those from z = 0.5 to z = 0.99."),
    ("stranger", "return np.where(z<=1, z/4, z)", "at those from z = 1.01 to z = 1000."),
]


@pytest.mark.parametrize(("name", "body", "where"), MEASURED)
def test_where_a_function_differs_is_told_as_it_was_measured(name, body, where):
    message = EXERCISES[name].judge(written(EXERCISES[name], body)).message
    assert where in message
    assert "differs at each" not in message


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("swish_beta_prime", "s = 1/(1 + np.exp(-beta*z))\nreturn s + z*s*(1 - s)"),
        ("leaky_relu_prime", "return np.where(z > 0, 0, z)"),
    ],
)
def test_nothing_is_said_of_parameters_that_were_not_tried(name, body):
    assert "alone" not in EXERCISES[name].judge(written(EXERCISES[name], body)).message


QUOTIENT = "h = 1e-5\nsig = lambda t: 1/(1 + np.exp(-t))\nreturn "


@pytest.mark.parametrize(
    ("quotient", "is_one"),
    [
        ("(sig(z + h) - sig(z - h))/(2*h)*(1 + h)", True),
        ("(sig(z + h) - sig(z - h))/2*h", False),
        ("(sig(z + h) - sig(z - h))/h", False),
        ("(sig(z + h) - sig(z))/(2*h)", False),
        ("(sig(z - h) - sig(z + h))/(2*h)", False),
    ],
)
def test_a_wrong_quotient_is_not_told_as_a_difference_quotient(quotient, is_one):
    exercise = EXERCISES["sigmoid_prime"]
    stories = exercise.judge(written(exercise, QUOTIENT + quotient)).diagnoses
    assert ("finite-difference" in stories) == is_one
