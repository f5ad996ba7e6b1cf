"""No source stops a diagnosis, and what is not read of it moves no place."""

import math
import re
from functools import partial

import numpy as np
import pytest

from helpers.exercises import EXERCISES, call, check

# sources in which something is met that cannot be read, or is too large for a formula
STRANGE = (
    "m, out = np.heaviside(z, 0), np.zeros_like(z)\n    out[m.astype(bool)] = 2\n    return out",
    "t = z\n" + "    t = t*t\n" * 13 + "    return 1/(1 + np.exp(-z))",
    "return (1/(1 + np.exp(-z)))**1e400",
)


@pytest.mark.parametrize("body", STRANGE)
def test_no_source_stops_the_diagnosis(body):
    source, scope = f"def sigmoid_prime(z):\n    {body}\n", {"np": np}
    exec(source, scope)
    with np.errstate(all="ignore"):
        called = partial(call, scope["sigmoid_prime"])
        verdict = EXERCISES["sigmoid_prime"].try_out(called, source=source)
    assert re.match("At z = [01] your function returns", verdict.message)


@pytest.mark.parametrize(
    ("body", "place"),
    [  # a condition that is not read, and a function that NumPy makes of another
        (
            "if np.ndim(z) == 0: z = np.atleast_1d(z)\n    s = 1/(1 + np.exp(-z))\n"
            "    return s*(1 + s)",
            "    return s*(1 + s)\n              ^^^^^\n",
        ),
        ("c = np.vectorize(math.sinh)\n    return 1/c(z)**2", "    return 1/c(z)**2\n"),
    ],
)
def test_what_is_not_read_moves_no_place(body, place):
    name = "tanh_prime" if "sinh" in body else "sigmoid_prime"
    source, scope = f"def {name}(z):\n    {body}\n", {"np": np, "math": math}
    exec(source, scope)
    with np.errstate(all="ignore"):
        verdict = EXERCISES[name].try_out(partial(call, scope[name]), source=source)
    assert place in verdict.message


def test_advice_on_brackets_can_be_followed():
    """Each of the two ways that are shown is read, and as what it was shown for."""
    said = check("derive_swish_beta", "d/dz(1/beta)*z").message
    one, other = re.search(r"reach\? (.*) or (.*): put brackets", said).groups()
    slopes = [
        re.search("it is (.*?),", check("derive_swish_beta", way).message)[1]
        for way in (one, other)
    ]
    assert slopes == ["0", "1.25"]
