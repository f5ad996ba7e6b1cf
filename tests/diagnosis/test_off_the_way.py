"""Where no change makes a function right: the first value that the course's own way has not."""

from functools import partial

import pytest

from helpers.exercises import EXERCISES, call, check
from tests.diagnosis.test_wrong_functions import asked, marked, scope

HERE = "What goes in there occurs in the course's own formulas or code too"
# The exercise, the body, and what is shown; "" where several values are first, as on another way.
SHOWN = (
    ("mish_prime", "m = z * np.tanh(softplus(z)); return 1 + m * (1 - m)", "1 + m * (1 - m)"),
    ("softmax_vjp", "e = np.exp(z - z.max()); p = e / e.sum(); d = p - np.sum(np.square(p))"
     "; return u * d", "p - np.sum(np.square(p))"),
    ("chain_gradient", "out = 1.0; for x in z:;     s = sigmoid(x);     out *= s * (1 - s)"
     "; return out", "out *= s * (1 - s)"),
    ("softshrink", "y = np.zeros_like(z); x = z.copy(); x[y < -0.5] += 0.5; x[y > 0.5] -= 0.5"
     "; return x", "y < -0.5"),
    ("stranger", "return np.interp(z, [-4, 1, 4], [-1, 0.25, 3.25])",
     "np.interp(z, [-4, 1, 4], [-1, 0.25, 3.25])"),
    ("to_bfloat16", "part, e = np.frexp(x); part = np.floor(part * 128) / 128"
     "; return np.ldexp(part, e)", "np.floor(part * 128)"),
    ("mish_prime", "a = z + 2; b = z + 3; return np.sin(a) * b", ""),
)  # fmt: skip


def source_of(name, body):
    text = f"def {asked(name).signature}:;    " + body.replace("; ", ";    ")
    return text.replace(";", "\n") + "\n"


@pytest.mark.parametrize(("name", "body", "place"), SHOWN, ids=[row[1][:30] for row in SHOWN])
def test_the_first_value_of_another_way_is_shown(name, body, place):
    source, known = source_of(name, body), scope()
    exec(source, known)
    verdict = asked(name).try_out(partial(call, known[name]), source=source)
    assert not verdict.correct
    assert (HERE in verdict.message) == bool(place), verdict.message
    assert " && ".join(marked(verdict.message)) == place


def test_a_condition_that_holds_for_other_entries_is_what_is_told():
    name, body, _ = SHOWN[3]
    source, known = source_of(name, body), scope()
    exec(source, known)
    verdict = asked(name).try_out(partial(call, known[name]), source=source)
    assert verdict.diagnoses == ("condition-misplaced",)


def test_what_stands_around_a_function_is_not_run_again(folder):
    asked_for = []

    def note(z):
        asked_for.append(1)
        return z

    check("sigmoid", lambda z: note(z) ** 3 + 2)
    once = len(asked_for)
    check("sigmoid", lambda z: note(z) ** 3 + 2)
    assert len(asked_for) == 2 * once
    assert len(EXERCISES["sigmoid"].cases) <= once <= 3 * len(EXERCISES["sigmoid"].cases)


def test_a_step_that_leaves_what_the_course_has_too_is_not_shown():
    name, body = "softmax_vjp", "p = np.exp(z - z.max()); p /= p.sum(); return p * (1 - p) * u"
    source, known = source_of(name, body), scope()
    exec(source, known)
    verdict = asked(name).try_out(partial(call, known[name]), source=source)
    assert [*marked(verdict.message)] == ["p * (1 - p) * u"]
