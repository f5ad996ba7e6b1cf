"""What a formula has beside right ones that they have not; where a row loses what is asked for."""

import numpy as np
import pytest

from helpers.derivation import children, parse, replace_children, to_text, walk
from helpers.diagnosis.beliefs import Beliefs, agree
from helpers.diagnosis.beside_right import departures
from helpers.diagnosis.tasks import Task
from tests.diagnosis.test_tried_by_running import told
from tests.diagnosis.test_wrong_functions import marked

Z = np.array([0.3, -0.7, 1.9, -2.4, 0.05])
RIGHT = "sigmoid(z) + z*sigmoid(z)*(1 - sigmoid(z))"
WRONG = (  # what was written, and what is told of it
    ("sigmoid(z) + z*sigmoid(z)*(1 - z)", ["z"]),
    ("sigmoid(z) + tanh(z)*sigmoid(z)*(1 - sigmoid(z)^3)", ["tanh(z)", "sigmoid(z)^3"]),
    ("z^2 + z*sigmoid(z)*(1 - sigmoid(z))", ["z^2"]),
    ("sigmoid(z) + z*sigmoid(z)*(1 - sigmoid(z)) + exp(z)", ["exp(z)"]),
    ("z*(1 - sigmoid(z))*sigmoid(z) + sigmoid(2*z)", ["2"]),
    ("(sigmoid(z) + z*sigmoid(z)*(1 - sigmoid(z)))/(1 + z^2)", ["1 + z^2"]),
    # nothing of it stands in the right one, or all but a trifle is missing
    ("1 - tanh(z)^2", []),
    ("z", []),
    (RIGHT, []),
)


def beliefs_at(z):
    return Beliefs(Task((), (parse("0"),)), {"z": z})


@pytest.mark.parametrize(("wrong", "told_of"), WRONG)
def test_what_is_left_over_is_told(wrong, told_of):
    beliefs = beliefs_at(Z)
    right = beliefs.numbers(parse(RIGHT))
    found = departures(parse(wrong), [parse(RIGHT)], beliefs, right)
    assert [to_text(part) for part in found] == told_of


def put(tree, place, new):
    """Another tree at one place, found by its identity."""
    if tree is place:
        return new
    return replace_children(tree, [put(child, place, new) for child in children(tree)])


@pytest.mark.parametrize("k", range(1, 14))
def test_a_foreign_part_is_found_or_nothing_is_said(k):
    beliefs, whole = beliefs_at(Z), parse(RIGHT)
    nodes = [*walk(whole)]
    if k >= len(nodes):
        return
    foreign = parse("atan(z + 3)")
    wrong = put(whole, nodes[k], foreign)
    found = departures(wrong, [whole], beliefs, beliefs.numbers(whole))
    for part in found:  # what is told holds what is foreign
        assert any(node == foreign for node in walk(part))
    assert len(found) <= 1
    assert not agree(beliefs.numbers(wrong), beliefs.numbers(whole)).all()


SEEN = (
    ("softmax", "return np.exp(z) / np.sum(np.exp(z))", "np.exp(z)", "rounded to 0"),
    ("softplus_stable", "return np.log1p(np.exp(np.clip(z, -50, 20)))", "np.clip(z, -50, 20)",
     "a bound takes the place"),
    ("run_and_report", "share = hits.sum() / hits.size; return share * 100", "hits.sum()",
     "not as many come out"),
    ("run_and_report", "return hits.mean(axis=0)", "axis=0", "the shape that is asked for"),
    ("to_bfloat16", "p, e = np.frexp(x); return np.floor(p*256)/256 * 2.0**e", "np.floor",
     "makes it right"),
    ("softmax_jacobian", "row = z.reshape(-1, 1); return np.diagflat(row) - row @ row.T", "z",
     "The input enters there"),
    ("hat", "return np.maximum(z + 1, 0) - np.maximum(z, 0) - np.maximum(z - 1, 0)",
     "np.maximum(z, 0) && np.maximum(z - 1, 0)", "Two changes"),
    ("softmax_jacobian", "e = np.exp(z); p = e/e.sum(); return np.diag(p) - p @ p.T", "p @ p.T",
     "makes it right"),
    ("residual_step", "return message + (message @ weights.T)*prime",
     "(message @ weights.T)*prime", "makes it right"),
    ("sigmoid_prime_stable", "e = np.exp(-np.abs(np.clip(z, -500, 500))); return e/(1 + e)**2",
     "np.clip(z, -500, 500)", "cut off"),
    ("tanh_from_sigmoid", "return 2*sigmoid(2*z - 1)", "2*sigmoid(2*z - 1)", "It concerns"),
    ("dead_fraction", "return np.mean(np.mean(Z == 0, axis=0) >= 1)", "Z == 0", "exactly 0"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "body", "place", "said"), SEEN, ids=[row[1] for row in SEEN])
def test_what_is_seen_by_running_is_shown(name, body, place, said):
    message, _ = told(name, body)
    assert " && ".join(marked(message)) == place, message
    assert said in message
