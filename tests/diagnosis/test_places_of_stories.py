"""Places that stories have by themselves: all that is returned, a branch, a decision, a stop."""

import pytest

from helpers.diagnosis.places_of_stories import returned
from tests.diagnosis.test_tried_by_running import told
from tests.diagnosis.test_wrong_functions import marked

# The exercise, the body, what is marked; "" where no place may be claimed.
WRONG = (
    ("softplus_prime", "return np.logaddexp(0, z)", "np.logaddexp(0, z)"),
    ("gelu_prime", "s = sigmoid(z); return s + z*s*(1 - s)", "s + z*s*(1 - s)"),
    ("prelu_grad_a", "r = np.where(z > 0, 1, a); return r", "1 && a"),
    ("elu_prime", "return np.where(z > 0, 1, alpha*(np.exp(z) - 1))", "np.exp(z) - 1"),
    ("leaky_relu", "return np.maximum(z, 0)", "np.maximum(z, 0)"),
    ("dead_fraction", "return (Z <= 0).astype(float).mean()", "(Z <= 0).astype(float).mean()"),
    ("tanh_prime", "return 1 - np.tanh(z)^2", "1 - np.tanh(z)^2"),
    ("sigmoid_prime", "g = sigmoid(z); return g(1 - g)", "g(1 - g)"),
    ("relu_prime", "return np.where(-1 < z < 1, 0, 1)", "-1 < z < 1"),
    ("relu_prime", "if np.all(z > 0):;     return np.ones_like(z)"
     "; return np.zeros_like(z)", "np.all(z > 0)"),
    ("softmax_jacobian", "e = np.exp(z); p = e/e.sum(); return p*(1 - p)", "p*(1 - p)"),
    ("leaky_relu_prime", "d = 1*(z > 0); d[d == 0] = negative_slope; return d", "1*(z > 0)"),
    # returned twice: the one that runs; the slope by a difference: nothing is wrong as a whole
    ("relu_prime", "if len(z) > 3:;     return np.maximum(z, 0); return np.maximum(z, 0)",
     "np.maximum(z, 0)"),
    ("silu_prime", "f = lambda t: t*sigmoid(t); return (f(z + 1e-3) - f(z))/1e-3", ""),
)  # fmt: skip


@pytest.mark.parametrize(("name", "body", "place"), WRONG, ids=[row[1] for row in WRONG])
def test_the_place_of_a_story_of_the_whole(name, body, place):
    message, _ = told(name, body)
    assert " && ".join(marked(message)) == place, message


@pytest.mark.parametrize(
    "body",
    [
        "    return helper(z)",
        "    return Helper()(z)",
        "    return Helper().f(z)",
        "    return z",
        "    return (z +\n        1)",
        "    return 1 - helper(z)",
        "    s = z\n    s = s + 1\n    return s",
    ],
)
def test_nothing_is_claimed_of_what_stands_elsewhere(body):
    source = f"def helper(z):\n    return z + 1\n\ndef f(z):\n{body}\n"
    assert returned(source, "f") is None
