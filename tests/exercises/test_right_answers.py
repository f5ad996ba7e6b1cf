"""Right answers are accepted in every form and by every route."""

import functools
import math
import re
import warnings

import numpy as np
import pytest

from helpers.derivation import derive, split_lines
from helpers.exercises import (
    EXERCISES,
    DerivationExercise,
    FormulaExercise,
    NumberExercise,
    call,
    check,
    check_derivation,
    read_progress,
)
from tests.exercises.answers import code, of_kind, s

# --- the declarations -------------------------------------------------------------------------


@pytest.mark.parametrize("name", of_kind(DerivationExercise))
def test_the_derivation_is_right_and_unfinished_before_its_end(name):
    exercise = EXERCISES[name]
    verdict = check_derivation(name, exercise.solution)
    assert verdict.correct, verdict.message
    on = exercise.on or None
    derive(exercise.solution, variable=exercise.variable, where=exercise.where, on=on)
    steps = [step for _, step, _ in split_lines(exercise.solution)]
    ended = [check(name, "\n".join(steps[:k])).correct for k in range(1, len(steps) + 1)]
    before = check(name, "\n".join(steps[: ended.index(True)]))
    assert not before.correct
    assert before.first_wrong_line is None
    assert before.diagnoses == ()
    assert "hold" in before.message


@pytest.mark.parametrize("name", of_kind(NumberExercise))
def test_the_number_is_right(name):
    assert check(name, EXERCISES[name].answer).correct
    assert all(not check(name, belief.value).correct for belief in EXERCISES[name].believed)


def test_references_agree_with_the_kernels():
    from helpers import activations

    others = {
        "leaky_relu": "leaky_relu",
        "leaky_relu_prime": "leaky_relu_prime",
        "prelu_grad_a": "leaky_relu_slope_prime",
        "sigmoid_prime_stable": "sigmoid_prime",
        "tanh_prime_stable": "tanh_prime",
    }
    same = ("sigmoid", "sigmoid_prime", "tanh_prime", "relu", "relu_prime")
    for name, kernel in {**dict(zip(same, same, strict=True)), **others}.items():
        # as an answer it would be refused: it is the course's own
        assert (
            EXERCISES[name].try_out(functools.partial(call, getattr(activations, kernel))).correct
        )


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


# --- right answers in unusual forms -----------------------------------------------------------


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
        lambda hits: 100 * (hits == 1).mean(axis=1),
        lambda hits: np.array([100 * np.count_nonzero(row) / len(row) for row in hits]),
        lambda hits: 100 - 100 * (hits == 0).mean(axis=1),
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
    "note_tanh_square": (
        *("1 - tanh(z)^2", "1 - t^2", "1 - g(z)^2", "1 - tanh² z", r"1 - \\tanh^2(z)"),
        *("tanh' = 1 - tanh(z)^2", "f'(x) = 1 - tanh(x)**2", "dg/dz = 1 - g(z)²"),
    ),
    "note_sigmoid_setup": ("d(1/(1+e^-z))/dz", "(1/(1+e^-z))'", "g'(z) = d/dz (1/(1+e^(-z)))"),
    "derive_prelu_a": (
        "D(a*z)\n= z*1\n= z",
        "D(alpha*z)\n= z*D(alpha)\n= z",
        "D(a*z)\n= z",
        "D(a)*z\n= 1*z\n= z",
        "z*D(a) = z",
        "0*a + z \n z",
    ),
    "derive_elu_neg": ("D(α*e^z - α) = α*e^z", "D(α*(e^z - 1))\n= α*D(e^z)\n= αe^z"),
}


@pytest.mark.parametrize("name", ROUTES)
def test_every_valid_route_is_accepted(name):
    for text in ROUTES[name]:
        verdict = check_derivation(name, text)
        assert verdict.correct, (text, verdict.message)


@pytest.mark.parametrize("text", ["alpha*exp(z)", "α e^z", "exp(z)*alpha", "αe^z"])
def test_a_goal_alone_is_right_and_its_way_missing(text):
    verdict = check_derivation("derive_elu_neg", text)
    assert (verdict.status, verdict.first_wrong_line) == ("unfinished", None)
    assert "The result is right, the way is missing" in verdict.message


# A first line that only says what is differentiated, with the slope below it and no equals sign.
GIVEN_FIRST = {
    "heading": "ln(1 + e^z)\nderivative: 1/(1+e^z) * e^z\n= g",
    "headings": "function: ln(1+e^z)\ndifferentiate: 1/(1+e^z) * e^z\nsimplify: g",
    "arrow": "ln(1 + e^z)\n→ e^z/(1+e^z)\n= g",
    "operator": "ln(1+e^z)\nd/dz: e^z/(1+e^z)\n= g",
    "names": "f(z): ln(1+e^z)\nf'(z): e^z/(1+e^z)\nso g",
    "letter": "y: ln(1+e^z)\ny': e^z/(1+e^z)\n= g",
    "below": "u = 1 + e^z\nln(u)\n(1/u) * e^z\n= g",
}


@pytest.mark.parametrize("text", GIVEN_FIRST.values(), ids=GIVEN_FIRST)
def test_a_first_line_may_be_the_function_itself(text):
    verdict = check("derive_softplus", text)
    assert verdict.correct, verdict.message
    wrong = text.replace("* e^z", "* 2*e^z").replace("e^z/(1+e^z)", "2*e^z/(1+e^z)")
    at = next(n for n, line in enumerate(wrong.splitlines(), start=1) if "2*e^z" in line)
    assert check("derive_softplus", wrong).first_wrong_line == at


# Ways of writing that were once refused, misread or called unfinished.
AS_WRITTEN = {
    "derive_sigmoid_quotient": (
        "top: 1, bottom: 1+e^-z\ntop' = 0, bottom' = -e^-z\n"
        "(0*(1+e^-z) - 1*(-e^-z))/(1+e^-z)^2\ne^-z/(1+e^-z)^2"
    ),
    "derive_elu_neg": "α(e^z-1)' = α e^z",
    "derive_relu_stack": "y = v·max(0, wz+b) + c\ny' = v·w if wz+b > 0 else 0",
    "derive_cross_entropy": "L = log S - b\nL_b = e^b/S - 1 = q - 1",
    "derive_squareplus_curvature": (
        "(1+z/r)/2 → (r - z r')/(2 r²), r' = z/r\n= (r - z²/r)/(2r²) = (r²-z²)/(2r³) = 2/r³"
    ),
    "derive_chain": (
        "a = σ(ux), b=σ(va), c=σ(wb)\ndc/dx = dc/db db/da da/dx\n= wc(1-c) vb(1-b) ua(1-a)"
    ),
    "derive_sigmoid": (
        "g = 1/(1+e^-z)\nlet w = e^-z   (so w' = -w)\ng = 1/(1+w)\ng' = -w'/(1+w)^2\n= w/(1+w)^2\n"
        "= [1/(1+w)] * [w/(1+w)]\n= g * (1-g)"
    ),
    "derive_tanh": (
        "tanh = sinh/cosh. sinh' = cosh, cosh' = sinh.\n"
        "Quotient rule gives (cosh² - sinh²)/cosh² = 1 - tanh²."
    ),
    "derive_leaky_left": "αz differentiates to α",
    "derive_tanh_via_sigmoid": (
        "t = 1 - 2/(e^{2z}+1)\nt' = 2 (e^{2z}+1)^{-2} 2e^{2z}\n= (1-t)(1+t) = 1 - t²"
    ),
    "derive_silu": (  # f of u is differentiated by u
        "f(u) = 1/u, u = 1+e^-z\nf'(u) = -1/u², u' = -e^-z\ng' = f'(u) u' = e^-z/u²\n= g(1-g)\n"
        "(zg)' = g + z g' = g + zg(1-g)"
    ),
    "derive_softmax_other": (
        r"p_1 = \frac{e^a}{e^a+e^b+e^c}, \frac{\partial p_1}{\partial b} "
        r"= -\frac{e^a e^b}{(e^a+e^b+e^c)^2} = -pq"
    ),
    "derive_prelu_a": "f(w) = w z\nf' = z, w = a\nf'(w) w' = z",
    "derive_abs_relu": "z>0: |z|=z, slope 1\nz<0: |z|=-z, slope -1\n= step(z) - step(-z)",
    "derive_norm_other": (
        "x=(a-m)/s, y=(b-m)/s\n∂m/∂a = 1/3\n∂s/∂a = (a-m)/(3s) = x/3\n"
        "∂y/∂a = (-m_a s - (b-m) s_a)/s²\n= -1/(3s) - y x/(3 s) = -(1+xy)/(3s)"
    ),
    "derive_stein_tanh": "(tp)' = t'p + tp'\nt' = 1-t², p' = -zp\n= (1-t²)p - ztp",
}


# Several ways of one exercise.
MORE_AS_WRITTEN = [
    ("derive_silu", "d(zg) = g dz + z dg\ndg = g(1-g) dz\nd(zg)/dz = g + z g(1-g)"),
    (
        "derive_sigmoid",
        "dg = -(1+e^-z)^-2 d(1+e^-z) = -(1+e^-z)^-2 (-e^-z) dz\ndg/dz = e^-z/(1+e^-z)^2 = g(1-g)",
    ),
    (
        "derive_sigmoid",
        "* outer derivative: -1/u^2\n* inner derivative: -e^-z\n"
        "* together: e^-z/u^2 with u=1+e^-z\n* = g(1-g)",
    ),
    (
        "derive_sigmoid",
        "| step | result |\n|---|---|\n| chain rule | -(1+e^-z)^-2 * (-e^-z) |\n"
        "| simplify | e^-z/(1+e^-z)^2 |\n| in g | g(1-g) |",
    ),
    (
        "derive_softplus",
        "f' = 1/(1+e^z) * d/dz(1 + e^z)\nd/dz(1+e^z) = e^z\n"
        "so f' = e^z/(1+e^z); multiply by e^-z/e^-z: f' = 1/(e^-z + 1) = g",
    ),
    ("derive_elu_neg", "f=α(e^x−1) für x<0\nf'=αe^x"),
    ("derive_leaky_left", "max(αz, z) = αz for z<0 and 0<α<1, slope α"),
    ("derive_prelu_a", "f(z; a) = az, ∂f/∂a = z"),
    ("derive_prelu_a", "f(z, a) = az\n∂f/∂a = z"),
    (
        "derive_squareplus_curvature",
        "f' = (1+z/r)/2\nf'' = 1/2 * (1*r - z*z/r)/r^2\n= (r^2 - z^2)/(2 r^3)\n= 2/r^3",
    ),
    ("derive_swiglu", "f = a·swish(b)\n∂f/∂b = a·swish'(b) = a(s + b s(1-s))"),
]


@pytest.mark.parametrize(("name", "text"), MORE_AS_WRITTEN)
def test_right_derivations_in_the_ways_of_several_people(name, text):
    verdict = check(name, text)
    assert verdict.correct, verdict.message


@pytest.mark.parametrize("aside", ["z → -z: g → 1-g", "(u → -z)", "as z → ∞, g → 1", "with z → 2z"])
def test_what_is_replaced_or_tends_to_something_is_no_false_line(aside):
    verdict = check("derive_sigmoid", f"D(1/(1+e^-z))\n= e^-z/(1+e^-z)^2\n{aside}\n= g(1-g)")
    assert "at z = " not in verdict.message  # which would show where it is false


def test_a_place_is_pointed_at_behind_a_slope_in_words():
    message = check("derive_leaky_left", "slope is α, z' = § + 1").message
    assert "\n    slope is α, z' = § + 1\n                     ^" in message
    message = check("derive_leaky_left", "slope α, z' = § + 1").message
    assert "\n    slope α, z' = § + 1\n                  ^" in message


def test_a_wrong_line_in_differentials_is_found():
    assert check("derive_silu", "d(zg) = g dz + z dg\ndg = g dz\n= …").first_wrong_line == 2


def test_what_cannot_be_read_is_said_once():
    message = check("derive_tanh", "t = s/c, s' = c, c' = s\nt' = 1 - t²").message
    assert message.count("Line 1 cannot be read: c is not explained") == 1


CASE_BY_CASE = {
    "two cases": "for wz+b>0: y = v(wz+b)+c, y' = vw\nfor wz+b<0: y = c, y' = 0\n",
    "conditions behind": "y = v(wz+b)+c if wz+b>0\ny' = vw if wz+b>0\ny' = 0 if wz+b<0\n",
    "a constant has slope 0": "c' = 0\n",
}


@pytest.mark.parametrize("text", CASE_BY_CASE.values(), ids=CASE_BY_CASE)
def test_a_slope_of_0_in_one_case_is_not_said_of_all(text):
    verdict = check("derive_relu_stack", text + "together y' = v w step(wz+b)")
    assert verdict.correct, verdict.message
    assert check("derive_relu_stack", "y' = 0").diagnoses


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_a_right_derivation_as_it_was_typed(name):
    verdict = check(name, AS_WRITTEN[name])
    assert verdict.correct, verdict.message


@pytest.mark.parametrize("text", ["ln(1+e^z)", "ln(1+e^z)\n= e^z/(1+e^z)\n= g"])
def test_the_function_is_no_slope(text):
    assert check("derive_softplus", text).first_wrong_line == 1


def test_the_form_of_the_goal_matters_and_the_order_does_not():
    for text in ("1/(1+exp(-z))*(1-1/(1+exp(-z)))", "exp(-z)/(1+exp(-z))^2", "D(g)", "1*(g - g^2)"):
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
    assert f'<pre style="margin:0;font-family:monospace">{caret}</pre>' in verdict._repr_html_()


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
    assert verdict.status != "fault"
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
    assert "at z = −" in check("derive_leaky_left", "z").message
    assert "z = −" in check("derive_prelu_a", "a").message


@pytest.mark.parametrize("answer", [3, "3", "line 3", "Line 3", 3.0])
def test_a_line_is_named_by_its_number(answer):
    assert check("q_tanh_first_slip", answer).correct


def test_a_letter_is_no_line_and_no_number():
    assert check("q_tanh_first_slip", "none of them").diagnoses == ("formula-of-other-activation",)
    for name, answer in (("q_tanh_first_slip", "C"), ("q_leaky_max_value", "z")):
        message = check(name, answer).message
        assert message.startswith("A number is asked for")
        assert not re.search(r"(?<![\d.])3(?![\d.])", message)


@pytest.mark.parametrize(
    "answer",
    ["= 1/4", "α = 1/4", r"\alpha = \frac14", "≈ 0,25", "√(1/16)", "ln 2 / ln 16", "1/2^2"],
)
def test_a_number_is_read_as_people_write_it(answer):
    assert check("q_sigmoid_max_slope", answer).correct


def test_a_number_that_is_not_read_is_no_attempt():
    for answer, says in (("two", "A number is asked for"), ("4 1/2", "can mean (4+1/2) or")):
        verdict = check("q_sigmoid_max_slope", answer)
        assert (verdict.status, says in verdict.message) == ("unread", True)
    assert "attempts" not in read_progress().get("q_sigmoid_max_slope", {})


def test_numbers_in_every_spelling():
    for answer in (0.25, "0.25", "1/4", " 25 % ", ".25", "2^-2", np.float64(0.25), np.array(0.25)):
        assert check("q_sigmoid_max_slope", answer).correct, answer
    for answer in ("infinity", "∞", math.inf, 10**400):
        assert check("q_sigmoid_max_slope", answer).diagnoses == ("slope-vs-output",)
    for answer in (True, "a quarter", [0.25], math.nan, 0.2, "1/0", "z", "__import__('os')"):
        assert not check("q_sigmoid_max_slope", answer).correct
    assert check("q_sigmoid_max_where", "-0.0").correct
