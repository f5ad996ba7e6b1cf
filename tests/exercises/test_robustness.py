"""Every other answer gets a verdict, whatever it does, and nothing is lost."""

import math
import os
import random
import sys
import threading
import time
import warnings
from functools import partial

import numpy as np
import pytest

from helpers.activations import swish_prime
from helpers.diagnosis.running import _with_clock
from helpers.exercises import (
    EXERCISES,
    STORIES,
    FormulaExercise,
    Verdict,
    call,
    check,
    check_derivation,
    hint,
    solution,
)
from tests.exercises.answers import s

# --- contract and kink ------------------------------------------------------------------------


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
    assert check(name, CAPPED[name]).diagnoses in ((), ("leak-dropped",), ("condition-misplaced",))


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


def test_a_constant_factor_too_many():
    assert check("sigmoid_prime", lambda z: 3 * s(z) * s(-z)).diagnoses == ("parameter-ignored",)
    assert check("derive_sigmoid", "3*g*(1 - g)").diagnoses == ("parameter-ignored",)


def test_an_unexplained_answer_gets_evidence_and_no_story():
    verdict = check("sigmoid_prime", lambda z: s(z) * s(-z) + 0.01)
    assert verdict.diagnoses == ()
    assert "At z = 0 your function returns 0.26; the slope there is 0.25." in verdict.message


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
    assert STORIES["z-for-g"].belief in verdict.message


# --- robustness -------------------------------------------------------------------------------


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


ONE_OF_EACH_KIND = [
    *("sigmoid", "chain_gradient", "derive_sigmoid", "q_sigmoid_max_slope", "q_note_ambiguous"),
    *("chain_setting", "own_activation", "clinic_report"),
]


@pytest.mark.parametrize("kind", ONE_OF_EACH_KIND)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_there_is_always_a_verdict(kind, answer):
    begun = time.monotonic()
    verdict = check(kind, answer)
    assert type(verdict) is Verdict
    assert not verdict.correct
    assert verdict.message
    assert verdict.status != "fault"
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
    assert _with_clock(lambda z: z + 1, (2,), seconds=5, at_work=False) == 3


@pytest.mark.skipif(not hasattr(__import__("signal"), "setitimer"), reason="POSIX alone has alarms")
def test_at_work_neither_sleep_nor_a_busy_machine_counts():
    assert not call(lambda: time.sleep(0.1), (), seconds=0.05, at_work=True).timed_out
    assert call(forever, (1,), seconds=0.05, at_work=True).timed_out


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


def test_where_entries_hang_together_no_side_of_0_is_told():
    naive = EXERCISES["softmax"].judge(lambda z: np.exp(z) / np.exp(z).sum())
    assert naive.diagnoses == ("overflow-unstable",)
    assert "It is right" not in naive.message  # e^z underflows there, and overflows far right
    assert "or rounded to 0" in naive.message


def test_a_class_and_a_text_are_told_how_a_function_is_passed():
    assert "an object of the class that can be called" in judged("sigmoid", type("F", (), {}))
    assert "Write it as a function, `def sigmoid(z)`" in judged("sigmoid", "1/(1 + exp(-z))")


def test_arguments_in_another_order_are_told():
    def swapped(negative_slope, z):
        return np.where(z > 0, z, negative_slope * z)

    assert "yours is written with `(negative_slope, z)`" in judged("leaky_relu", swapped)


def judged(name, answer):
    return EXERCISES[name].judge(answer).message


ELSEWHERE = {  # where a branch begins that should begin at 0, or at 1
    "leaky_relu": lambda at: lambda z, alpha: np.where(z > at, z, alpha * z),
    "leaky_relu_prime": lambda at: lambda z, alpha: np.where(z > at, 1, alpha),
    "relu": lambda at: lambda z: np.where(z > at, z, 0),
    "relu_prime": lambda at: lambda z: np.where(z > at, 1, 0),
    "prelu_grad_a": lambda at: lambda z, a: np.where(z > at, 0, z),
    "elu_prime": lambda at: lambda z, alpha: np.where(z > at, 1, alpha * np.exp(z)),
    "stranger": lambda at: lambda z: np.where(z > 1 + at, z - 0.75, z / 4),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_branch_that_begins_elsewhere_is_not_right(name):
    exercise, rng = EXERCISES[name], np.random.default_rng(0)
    assert exercise.judge(ELSEWHERE[name](0)).correct
    at_0 = isinstance(exercise, FormulaExercise)  # else the kink is elsewhere
    for at in (0.2, 0.1, 0.05, 0.02, -0.2, -0.1, *([1e-4, 1e-7] if at_0 else [])):
        function = ELSEWHERE[name](at)
        assert not exercise.judge(function).correct
        if at_0:  # in grading, on numbers drawn anew
            drawn = exercise.drawn(rng)
            assert not exercise.try_out(partial(call, function), cases=drawn).correct


def cut(z, least, most, function, beyond):
    return np.where((least < z) & (z < most), function(z), beyond)


# right at whole numbers, halves and quarters, or up to 6, and wrong elsewhere
BETWEEN = {
    "sigmoid_prime": (
        *(partial(lambda z, n: cut(z, -n, n, lambda u: s(u) * s(-u), 0), n=n) for n in (9, 14, 24)),
        lambda z: cut(z, -14, np.inf, lambda u: s(u) * s(-u), 0),
        lambda z: np.where((z > 3.2) & (z < 4), 0, s(z) * s(-z)),
        lambda z: s(np.round(z, 2)) * s(-np.round(z, 2)),
        lambda z: np.round(s(z) * s(-z), 10),
        lambda z: s(np.clip(z, -20, 20)) * s(np.clip(-z, -20, 20)),
    ),
    "silu_prime": (lambda z: cut(z, -500, 500, lambda u: s(u) + u * s(u) * s(-u), 0),),
    "swish_beta_prime": (
        lambda z, beta: cut(beta * z, -14, 14, lambda u: s(u) + u * s(u) * s(-u), z > 0),
    ),
    "relu": (lambda z: np.clip(z, 0, 900) + 100 * (z == 1000),),
    "leaky_relu_prime": (lambda z, alpha: np.where(z > 20, 2, np.where(z > 0, 1, alpha)),),
    "hat": (lambda z: cut(z, -15, 15, lambda u: np.maximum(0, 1 - np.abs(u)), 1),),
    "sigmoid_prime_from_output": (lambda g: np.where((g > 0.62) & (g < 0.75), 0.2, g - g * g),),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_what_is_right_at_the_declared_places_alone_is_not_right(name):
    exercise, rng = EXERCISES[name], np.random.default_rng(0)
    for function in BETWEEN[name]:
        verdict = exercise.judge(function)
        assert not verdict.correct
        assert verdict.diagnoses == ()
        assert "It is right at " in verdict.message
        tried = (
            exercise.try_out(partial(call, function), cases=exercise.drawn(rng)) for _ in "abc"
        )
        assert not all(verdict.correct for verdict in tried)


def test_a_parameter_below_0_is_tried():
    verdict = check("swish_beta_prime", lambda z, beta: swish_prime(z, abs(beta)))
    assert "It is right for beta = 0.5, 2, 1.5, 1, and not for −1." in verdict.message


def by_math(z):
    return np.array([math.exp(-x) / (1 + math.exp(-x)) ** 2 for x in z.ravel()]).reshape(z.shape)


# far out, where the exercise asks for nothing stable, these overflow or have few digits
OVERFLOWING = {
    "sigmoid_prime": (
        by_math,
        lambda z: np.exp(z) / (1 + np.exp(z)) ** 2,
        lambda z: (np.exp(z) * (1 + np.exp(z)) - np.exp(z) ** 2) / (1 + np.exp(z)) ** 2,
        lambda z: 1 / (1 + np.exp(-z.astype(np.float32))) / (1 + np.exp(z.astype(np.float32))),
    ),
    "tanh_prime": (
        lambda z: 1 - ((np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)) ** 2,
        lambda z: (np.cosh(z) ** 2 - np.sinh(z) ** 2) / np.cosh(z) ** 2,
    ),
    "silu_prime": (
        lambda z: np.exp(z) * (1 + np.exp(z) + z) / (1 + np.exp(z)) ** 2,
        lambda z: (1 + np.exp(-z) + z * np.exp(-z)) / (1 + np.exp(-z)) ** 2,
    ),
}


@pytest.mark.parametrize("name", OVERFLOWING)
def test_a_right_formula_may_overflow_where_nothing_stable_is_asked_for(name):
    exercise, rng = EXERCISES[name], np.random.default_rng(0)
    for function in OVERFLOWING[name]:
        assert exercise.judge(function).correct
        for _ in range(20):
            verdict = exercise.try_out(partial(call, function), cases=exercise.drawn(rng))
            assert verdict.correct, verdict.message


def test_a_difference_quotient_is_called_one_though_it_has_few_digits_far_out():
    verdict = check("tanh_prime", lambda z: (np.tanh(z + 1e-5) - np.tanh(z - 1e-5)) / 2e-5)
    assert verdict.diagnoses == ("finite-difference",)


def slope(z):
    return s(z) * (1 - s(z))


def too_large(z):
    if np.any(np.abs(z) > 8):
        raise ValueError("too large")
    return slope(z)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda z: np.where(np.abs(z) < 8, slope(z), np.nan), "returns nan"),
        (too_large, "ValueError: too large"),
        (lambda z: np.where(z == 0, 5, slope(z)), "at each place that was tried but z = 0"),
    ],
)
def test_what_is_no_overflow_is_not_let_pass(function, told):
    verdict = check("sigmoid_prime", function)
    assert not verdict.correct
    assert told in verdict.message


def test_a_slope_that_is_clipped_a_little_too_early_is_found_where_it_turns():
    def clipped(z):
        return np.clip(s(z) + z * s(z) * s(-z), None, 1.0998)

    assert "At z = 2.4 your function returns 1.0998;" in check("silu_prime", clipped).message
