"""The one function of evidence, against SciPy, brute force and simulation."""

from itertools import product
from statistics import fmean, stdev

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from helpers.networks import paired_difference

images = st.integers(-40, 40)  # of 539: ties and zeros are common, as with accuracies
few = st.lists(images, min_size=2, max_size=9)


def evidence(counts):
    right = np.linspace(400, 500, len(counts)).round()
    return paired_difference((right + counts) / 539, right / 539)


def patterns(differences):
    """Return the mean of every pattern of signs, in whole numbers so that ties are ties."""
    return [
        sum(s * d for s, d in zip(signs, differences, strict=True))
        for signs in product((1, -1), repeat=len(differences))
    ]


@given(few)
def test_p_is_the_share_of_patterns_as_far_out(counts):
    far = [abs(total) >= abs(sum(counts)) for total in patterns(counts)]
    assert evidence(counts).p == fmean(far)


@pytest.mark.parametrize("seed", range(5))
def test_p_is_that_of_scipy(seed):
    rng = np.random.default_rng(seed)
    after, before = rng.normal(0.5, 1, 8), rng.normal(size=8)
    found = scipy.stats.permutation_test(
        (after, before),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    assert paired_difference(after, before).p == pytest.approx(found.pvalue, rel=1e-12)


@given(few)
def test_mean_and_standard_error_are_those_of_the_statistics_module(counts):
    differences = [count / 539 for count in counts]
    found = evidence(counts)
    assert found.mean == pytest.approx(fmean(differences), abs=1e-12)
    assert found.standard_error == pytest.approx(stdev(differences) / len(counts) ** 0.5, abs=1e-12)


def test_the_standard_error_is_the_one_of_a_t_test():
    rng = np.random.default_rng(1)
    after, before = rng.normal(size=(2, 12))
    found = paired_difference(after, before)
    assert found.mean / found.standard_error == pytest.approx(
        scipy.stats.ttest_rel(after, before).statistic
    )


@given(few, st.integers(-60, 60))
def test_the_interval_holds_the_shifts_that_the_test_does_not_reject(counts, shift):
    low, high = evidence(counts).interval
    inside = low < shift / 539 < high
    kept = (
        fmean(
            abs(t) >= abs(sum(counts) - shift * len(counts))
            for t in patterns([count - shift for count in counts])
        )
        > 0.05
    )
    assert kept == inside or min(abs(shift / 539 - low), abs(shift / 539 - high)) < 1e-9


@pytest.mark.parametrize("n", [6, 10])
def test_the_interval_covers_as_often_as_it_says(n):
    rng = np.random.default_rng(n)
    k = int(0.025 * 2**n)
    hits = []
    for _ in range(3000):
        low, high = paired_difference(rng.laplace(0.3, 1, n), np.zeros(n)).interval
        hits.append(low < 0.3 < high)
    assert np.mean(hits) == pytest.approx(1 - 2 * k / 2**n, abs=0.012)  # three standard errors


@pytest.mark.parametrize("n", range(2, 21))
def test_the_smallest_p_is_reached_by_pairs_that_agree(n):
    found = paired_difference(np.full(n, 0.9), np.full(n, 0.1))
    assert found.p == 2 / 2**n
    assert found.shown == (n >= 6)
    assert np.isfinite(found.interval).all() == (n >= 6)


def test_no_difference_at_all_is_no_evidence():
    found = paired_difference([0.5] * 8, [0.5] * 8)
    assert (found.mean, found.standard_error, found.p, found.interval) == (0, 0, 1, (0, 0))
    assert not found.shown
    assert found.within(0.001)


def test_not_shown_is_not_no_difference():
    unclear = paired_difference([0.3, -0.2, 0.25, -0.1, 0.2, -0.15, 0.1], np.zeros(7))
    alike = paired_difference([0.003, -0.002, 0.002, -0.001, 0.002, -0.001, 0.001], np.zeros(7))
    assert not unclear.shown
    assert not alike.shown
    assert not unclear.within(0.02)
    assert alike.within(0.02)
    assert not paired_difference([0.0] * 5, [0.0] * 5).within(0.02)  # five pairs exclude nothing


def test_the_sentences():
    gain = np.array([0.02, 0.01, 0.03, 0.02, 0.015, 0.025])
    assert paired_difference(gain, 0 * gain).sentence == (
        "difference +0.020 ± 0.003 (standard error, 6 pairs), p = 0.031: shown; "
        "95 % interval +0.010 to +0.030"
    )
    assert paired_difference(0 * gain, gain - 0.02).sentence == (
        "difference 0.000 ± 0.003 (standard error, 6 pairs), p = 1: not shown; "
        "95 % interval −0.010 to +0.010"
    )
    assert paired_difference(-gain[:5], 0 * gain[:5]).sentence == (
        "difference −0.019 ± 0.003 (standard error, 5 pairs), p = 0.062: not shown; "
        "no 5 pairs can give p below 0.062"
    )


@pytest.mark.parametrize(
    ("after", "before", "said"),
    [
        ([1.0, 2.0], [1.0], r"as many in both, got shapes \(2,\) and \(1,\)"),
        (1.0, 2.0, r"got shapes \(\) and \(\)"),
        ([1.0], [2.0], "2 to 20 pairs, got 1"),
        (np.zeros(21), np.zeros(21), "2 to 20 pairs, got 21"),
        ([1.0, np.nan], [1.0, 2.0], "finite"),
    ],
)
def test_what_is_no_pair_of_runs_is_refused(after, before, said):
    with pytest.raises(ValueError, match=said):
        paired_difference(after, before)
