"""Balls instead of points: every float16 there is, and bounds for float64 that are certified."""

import numpy as np
import pytest

from helpers.activations import ACTIVATIONS
from tests.activations.test_accuracy import promised

flint = pytest.importorskip("flint", reason="balls need python-flint, which extra test brings")
from tools.balls import BALLS, MONOTONE, ball, certified_share, rounded  # noqa: E402
from tools.oracle import hard_grid  # noqa: E402

both = pytest.mark.parametrize("which", [0, 1], ids=["value", "slope"])
known = pytest.mark.parametrize("name", BALLS)
# 0.01·z is rounded to float64 first, and for these inputs that ends half-way between two float16
TIES = {("leaky_relu", 0): 21}


def kernel(name, which):
    return (ACTIVATIONS[name].value, ACTIVATIONS[name].prime)[which]


def test_the_activations_of_the_course_have_balls():
    assert {"sigmoid", "tanh", "relu", "leaky_relu"} <= {*BALLS} <= {*ACTIVATIONS}


@both
@known
def test_every_float16_there_is_comes_out_correctly_rounded(name, which, short):
    """In the short run every fifth, and both that are infinite."""
    z = np.arange(2**16, dtype=np.uint16).view(np.float16)
    z = np.append(z[::5], np.float16([np.inf, -np.inf])) if short else z
    got, finite = kernel(name, which)(z), np.isfinite(z)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(z))
    limits = kernel(name, which)(np.float16([np.inf, -np.inf]).astype(float)).astype(np.float16)
    np.testing.assert_array_equal(got[np.isinf(z)], limits)
    wrong = got[finite] != rounded(BALLS[name][which], z[finite], np.float16)
    ties = TIES.get((name, which), 0)
    assert wrong.sum() <= ties if short else wrong.sum() == ties, z[finite][wrong]


@both
@known
def test_the_bound_for_float64_is_certified(name, which, figures_of_the_run, short):
    bits = np.random.default_rng(0).integers(0, 2**64, 4000, dtype=np.uint64)
    z = np.concatenate([hard_grid(), bits.view(np.float64)])
    z = z[np.isfinite(z)][:: 4 if short else 1]
    with np.errstate(all="ignore"):
        got, balls = kernel(name, which)(z), [ball(BALLS[name][which], x) for x in z]
        nearest = np.array([float(b) for b in balls])
        gaps, finite = np.spacing(np.abs(nearest)), np.isfinite(nearest)
    np.testing.assert_array_equal(got[~finite], nearest[~finite])
    errors = [
        float((abs(flint.arb(g) - b) / flint.arb(gap)).upper())
        for g, b, gap, here in zip(got.tolist(), balls, gaps.tolist(), finite, strict=True)
        if here
    ]
    figures_of_the_run[f"certified max ulp of {kernel(name, which).__name__}"] = max(errors)
    assert max(errors) <= promised(kernel(name, which)), z[finite][np.argmax(errors)]


def test_most_floats_are_certified_by_the_ends_of_their_octave(figures_of_the_run):
    shares = {}
    for name in MONOTONE:
        for which in (0, 1):
            f = kernel(name, which)
            shares[f.__name__] = certified_share(f, BALLS[name][which], promised(f) or 0.5)
    figures_of_the_run["share of all float64 certified by intervals"] = shares
    assert min(shares["sigmoid"], shares["sigmoid_prime"], shares["tanh_prime"]) > 0.97
    assert shares["relu_prime"] == shares["leaky_relu_prime"] == 1


def test_what_is_wrong_in_the_twelfth_digit_is_certified_only_where_it_is_0():
    off = certified_share(lambda z: kernel("sigmoid", 0)(z) * (1 + 1e-12), BALLS["sigmoid"][0], 5)
    assert 0.2 < off < 0.3


def test_a_ball_is_rounded_to_the_side_where_the_truth_lies():
    third = [lambda z: z / 3, lambda z: z]
    z = np.array([1.0, 2.0, 1 + 2.0**-11, 1 + 2.0**-11 + 2.0**-52])
    np.testing.assert_array_equal(rounded(third[0], z, np.float64), z / 3)
    np.testing.assert_array_equal(rounded(third[1], z[2:], np.float16), np.float16([1, 1.001]))
    # a hair above half-way, which float64 cannot hold: to even would be wrong
    hair = flint.arb(2) ** -80
    np.testing.assert_array_equal(rounded(lambda z: z + hair, z[2:3], np.float16), [1 + 2.0**-10])
    np.testing.assert_array_equal(rounded(lambda z: z - hair, z[2:3], np.float16), [1.0])
