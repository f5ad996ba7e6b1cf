"""Where in the learner's own source it goes wrong; the repair itself is never shown."""

import re
from functools import partial
from itertools import count

import numpy as np
import pytest

from helpers.diagnosis import places
from helpers.diagnosis.programs import read_program
from helpers.exercises import EXERCISES, call, check
from tests.diagnosis.test_diagnosis import SCOPE
from tests.exercises.answers import code

SAID = "(One change|Two changes) there make|It concerns the whole|What goes in there occurs"
OWN_SIGMOID = "def s(x):\n        return 1/(1+np.exp(x))"
# What people write (the commonest wrong forms in public code among them): the exercise, the body,
# the story that is told first, and the place; "" where none may be claimed.
WRONG = (
    ("sigmoid", "return 1/1+np.exp(-z)", "missing-parentheses", "1/1+np.exp(-z)"),
    ("sigmoid", "return 1/(1+np.exp(z))", "sign-flipped", "z"),
    ("sigmoid_prime", "s = 1/np.exp(-z); return s*(1-s)", "term-lost", "np.exp(-z)"),
    ("sigmoid_prime", "s = 1/(1+np.exp(-z)); return s*(1+s)", "plus-minus-swapped", "1+s"),
    ("sigmoid_prime", "s = 1/(1+np.exp(-z)); return s*(1-z)", "z-for-g", "z"),
    ("sigmoid_prime", "e = np.exp(-z); return e/(1+e)", "missing-square", "1+e"),
    ("sigmoid_prime", "e = np.exp(-z); return -e/(1+e)**2", "sign-flipped", "-e"),
    ("tanh_prime", "return 1+np.tanh(z)**2", "plus-minus-swapped", "1+np.tanh(z)**2"),
    ("tanh_prime", "t = np.tanh(z); return 1-t", "missing-square", "t"),
    ("tanh_prime", "return 1-z**2", "z-for-g", "z"),
    ("tanh_prime", "return (1-np.tanh(z))**2", "power-distributed-over-sum", "(1-np.tanh(z))**2"),
    ("relu_prime", "return np.where(z>1, 1.0, 0.0)", "condition-misplaced", "1"),
    ("relu_prime", "return np.where(z>0, 0.0, 1.0)", "branches-swapped", "z>0"),
    ("leaky_relu_prime", "return np.where(z>0, 1.0, 0.01)", "parameter-ignored", "0.01"),
    ("elu_prime", "return np.where(z>0, 1.0, np.exp(z))", "parameter-ignored", "np.exp(z)"),
    ("silu_prime", "s = sigmoid(z); return s + z*s*(1+s)", "plus-minus-swapped", "1+s"),
    ("silu_prime", "s = sigmoid(z); return s + s*(1-s)", "product-missing-term", "s*(1-s)"),
    ("silu_prime", f"{OWN_SIGMOID}; return s(z) + z*s(z)*(1-s(z))", "sign-flipped", "x"),
    ("swish_beta_prime", "s = sigmoid(z); return s + beta*z*s*(1-s)", "parameter-ignored", "z"),
    ("gelu_prime", "return Phi(z) + phi(z)", "product-missing-term", "phi(z)"),
    ("gelu_prime", "return Phi(z) - z*phi(z)", "plus-minus-swapped", "Phi(z) - z*phi(z)"),
    ("gelu_prime", "return Phi(z) * z*phi(z)", "operation-swapped", "Phi(z) * z*phi(z)"),
    ("elu_prime", "return np.where(z > 0, 1, np.exp(alpha*z))", "missing-parentheses",
     "np.exp(alpha*z)"),
    # loops, conditional expressions, comprehensions, masks, tuples, pieces, own names
    ("relu_prime", "out = []; for x in z:;     out.append(1.0 if x > 1 else 0.0); "
     "return np.array(out)", "condition-misplaced", "1"),
    ("relu_prime", "out = np.zeros(len(z)); for i in range(len(z)):;     if z[i] < 0:; "
     "        out[i] = 1; return out", "branches-swapped", "z[i] < 0"),
    ("sigmoid_prime", "s = lambda x: 1/(1+math.exp(-x)); "
     "return np.array([s(v)*(1+s(v)) for v in z])", "plus-minus-swapped", "1+s(v)"),
    ("leaky_relu_prime", "d = np.ones_like(z); d[z <= 0] = negative_slope*z[z <= 0]; return d",
     "branch-kept-z", "z[z <= 0]"),
    ("leaky_relu_prime", "left = z <= 0; return np.select([left], [-negative_slope], 1.0)",
     "sign-flipped", "-negative_slope"),
    ("elu_prime", "return np.piecewise(z, [z > 0], [1, lambda x: alpha*np.exp(-x)])",
     "sign-flipped", "-x"),
    ("museum_tanh", "p, m = np.exp(z), np.exp(-z); return (p - m)/(p - m)",
     "plus-minus-swapped", "p - m"),
    ("relu_prime", "return np.where(z >= 0, 1.0, 0.0)", "kink-at-zero", "z >= 0"),
    ("relu_prime", "return np.sign(z)", "formula-of-other-activation", "np.sign(z)"),
    # where the notation of derivations says nothing of the function, its solution does
    ("central_quotient", "return right - left/(2*h)", "missing-parentheses", "right - left/(2*h)"),
    ("he_std", "return np.sqrt(fan_in/2)", "fraction-upside-down", "fan_in/2"),
    ("softplus_stable", "return np.maximum(z, 0) + np.log(1 + np.exp(-z))", "function-lost", "z"),
    ("softplus_stable", "return np.maximum(z, 0) + np.log1p(np.exp(np.abs(z)))", "sign-flipped",
     "np.abs(z)"),
    # where one change does not do, two
    ("sigmoid_prime", "s = 1/np.exp(-z); return s*(1+s)", "plus-minus-swapped",
     "np.exp(-z) && 1+s"),
    ("swish_beta_prime", "s = sigmoid(z); return s + beta*z*s*(1+s)", "plus-minus-swapped",
     "z && 1+s"),
    ("sigmoid_prime", "return z*(1-z)", "z-for-g", "z && z"),
    # two places, or none that one change mends: none is claimed
    ("softplus_prime", "return 1/(1+np.exp(z))", "missing-inner-derivative", "1/(1+np.exp(z))"),
    ("tanh_prime", "return np.sin(z)**3 + z", "", "np.sin(z)"),
)  # fmt: skip


def told(name, body):
    """The verdict on a function with this body, as check gives it where the source is known."""
    exercise = EXERCISES[name]
    source = f"def {exercise.signature}:\n    " + body.replace("; ", "\n    ") + "\n"
    scope = dict(SCOPE)
    exec(source, scope)
    return exercise.try_out(partial(call, scope[name]), source=source), source


@pytest.mark.parametrize(("name", "body", "story", "place"), WRONG, ids=lambda x: str(x)[:24])
def test_story_and_place_of_what_people_write(name, body, story, place):
    verdict, source = told(name, body)
    assert not verdict.correct
    assert verdict.diagnoses[:1] == ((story,) if story else ())
    lines = verdict.message.split("\n")
    marked = [n for n, line in enumerate(lines) if line.lstrip().startswith("^")]
    told_of = [line for line in lines if re.match(SAID, line)]
    assert len(told_of) == bool(place)
    words = " ".join(re.findall(rf"lines? ([\d and]+) of {name}", " ".join(told_of)))
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    found = []
    for n, number in zip(marked, numbers, strict=True):
        assert lines[n - 1].strip() == source.split("\n")[number - 1].strip()
        found += [lines[n - 1][m.start() : m.end()] for m in re.finditer(r"\^+", lines[n])]
    assert " && ".join(found) == place


def test_what_is_told_does_not_depend_on_where_things_lie_in_memory(monkeypatch):
    wrong = "swish_beta_prime", "s = 1/(1+np.exp(-beta*z)); return s + z*s*(1+s)"
    before, _ = told(*wrong)

    def turned(thing):
        return -id(thing) if isinstance(thing, places.Part) else id(thing)

    monkeypatch.setattr(places, "id", turned, raising=False)
    after, _ = told(*wrong)
    assert before.diagnoses == after.diagnoses == ("plus-minus-swapped", "parameter-ignored")
    assert before.message == after.message


def test_a_slow_machine_is_told_the_same(monkeypatch):
    wrong = "swish_beta_prime", "s = sigmoid(z); return s + beta*z*s*(1+s)"
    before, _ = told(*wrong)
    ticks = count(step=0.05)
    monkeypatch.setattr("helpers.diagnosis.places.time.process_time", lambda: next(ticks))
    assert told(*wrong)[0].message == before.message


def test_no_message_holds_the_repaired_expression():
    """All of its code is the learner's own, word for word."""
    for name, body, _, _ in WRONG:
        verdict, source = told(name, body)
        for line in verdict.message.split("\n"):
            if line.startswith("    ") and "^" not in line:
                assert line.strip() in source
        right = re.findall(r"return (.+)", EXERCISES[name].code)[-1]
        said = "".join(verdict.message.split())
        assert "".join(right.split()) not in said


def test_the_place_is_shown_by_check_where_the_source_is_known():
    verdict = check("tanh_prime", lambda z: 1 + np.tanh(z) ** 2)
    assert "One change there makes it right, in line 1:" in verdict.message
    assert "^" in verdict._repr_html_()


def own_sigmoid(x):
    return 1 / np.exp(-x)


def own_slope(z):
    s = own_sigmoid(z)
    return s * (1 - s)


def test_the_place_may_be_in_a_function_that_is_called():
    message = check("sigmoid_prime", own_slope).message
    assert (
        "in line 2 of own_sigmoid:\n    return 1 / np.exp(-x)\n               ^^^^^^^^^^\n"
        in message
    )


def test_of_several_functions_in_a_graded_cell_the_last_is_read():
    source = "def h(x):\n    return 1/(1+np.exp(x))\n\n"
    source += "def sigmoid_prime(z):\n    return h(z)*(1+h(z))\n"
    scope = dict(SCOPE)
    exec(source, scope)
    exercise = EXERCISES["sigmoid_prime"]
    verdict = exercise.try_out(partial(call, scope["sigmoid_prime"]), source=source)
    assert "in line 2 of sigmoid_prime:" in verdict.message


def test_nested_largest_and_smallest_are_no_fault_of_ours():
    verdict, _ = told("relu_prime", "return np.minimum(np.maximum(z, 1), 1) - np.minimum(z, 2)")
    assert verdict.status == "not yet"


def test_what_doubles_at_each_line_is_left_unread():
    """A grader reads what students write: sixty lines may stand for more than a computer holds."""
    helpers = "".join(f"def h{k}(x): return h{k - 1}(x) + h{k - 1}(x)\n" for k in range(1, 40))
    for source in (
        "def f(z):\n    s = z\n" + 60 * "    s = s*s\n" + "    return s\n",
        f"def h0(x): return x\n{helpers}def f(z): return h39(z)\n",
        "def f(z): return f(z) + f(z)\n",
    ):
        assert read_program(source, "z") is None


def test_a_right_function_has_no_wrong_place():
    for name in ("sigmoid_prime", "elu_prime", "swish_beta_prime"):
        assert check(name, code(name))


def test_two_forms_of_gelu_are_told_apart():
    c = "0.044715"
    body = (
        f"u = np.sqrt(2/np.pi)*(z + {c}*z**3); t = np.tanh(u); "
        f"return 0.5*(1+t) + 0.5*z*(1-t**2)*np.sqrt(2/np.pi)*(1 + 3*{c}*z**2)"
    )
    verdict, _ = told("gelu_prime", body)
    assert verdict.diagnoses[0] == "other-form"


def test_a_difference_quotient_is_named():
    body = "h = 1e-5; f = lambda x: x*sigmoid(x); return (f(z+h) - f(z-h))/(2*h)"
    verdict, _ = told("silu_prime", body)
    assert verdict.diagnoses[:1] == ("finite-difference",)


def test_a_change_that_leaves_a_row_to_overflow_is_said_to_be_right_near_0():
    verdict, _ = told("logsumexp", "return np.log(np.mean(np.exp(z)))")
    assert "One change there makes it right near 0, in line 2" in verdict.message
    verdict, _ = told("logsumexp", "return np.log(np.sum(np.exp(z)))")
    assert "makes it right" not in verdict.message
    verdict, _ = told("softmax", "e = np.exp(z - z.max()); return e/np.mean(e)")
    assert "One change there makes it right, in line 3" in verdict.message


def test_an_input_with_few_digits_is_shown_with_all_of_them():
    def rounded(x):
        part, exponent = np.frexp(x)
        return np.ldexp(np.floor(part * 2**8 + 0.5), exponent - 8)

    assert "At x = 1.00390625 your function returns 1.008" in check("to_bfloat16", rounded).message


def test_arrays_whose_shapes_do_not_go_together_are_asked_for_their_axes():
    for wrong in (lambda d, w, p: d @ w * p, lambda d, w, p: w @ d.T * p):
        assert "which of their axes have to" in check("delta_step", wrong).message
