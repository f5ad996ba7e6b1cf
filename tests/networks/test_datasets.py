"""The digits against the library they come from, synthetic data against their equations."""

import numpy as np
import pytest

from helpers.networks import circles, load_digits, spiral, split


@pytest.mark.complete
def test_digits_are_the_published_ones():
    from sklearn.datasets import load_digits as of_sklearn  # takes a second

    theirs = of_sklearn()
    pixels, labels = load_digits()
    np.testing.assert_array_equal(pixels * 16, theirs.data)
    np.testing.assert_array_equal(labels, theirs.target)


def test_classes_are_selected_in_the_order_of_the_file():
    pixels, labels = load_digits()
    wanted = (labels == 3) | (labels == 8)
    some_pixels, some_labels = load_digits(3, 8)
    np.testing.assert_array_equal(some_pixels, pixels[wanted])
    np.testing.assert_array_equal(some_labels, labels[wanted])


def test_each_call_returns_arrays_of_its_own():
    pixels, labels = load_digits()
    pixels[:], labels[:] = -1, -1
    assert load_digits()[0].min() == 0
    assert load_digits()[1].min() == 0


@pytest.mark.parametrize("bad", [10, -1, "3", 2.5])
def test_an_unknown_class_is_named(bad):
    with pytest.raises(ValueError, match="digits from 0 to 9"):
        load_digits(3, bad)


# --- synthetic data ---------------------------------------------------------------------------


def test_circles_lie_at_their_radii():
    x, labels = circles(1000, np.random.default_rng(0), noise=0.0)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(labels == 0, 1, 0.5), rtol=1e-12)
    assert np.abs(x.mean(axis=0)).max() < 0.1  # all around
    noisy, _ = circles(4000, np.random.default_rng(0), noise=0.1)
    assert np.mean((noisy**2).sum(axis=1)) == pytest.approx(0.625 + 2 * 0.01, rel=0.02)


def test_the_arms_of_the_spiral_are_half_a_turn_apart():
    x, labels = spiral(1000, np.random.default_rng(0), noise=0.0, turns=2)
    x = np.where(labels[:, None] == 1, -x, x)  # turned back
    radius = np.hypot(*x.T)
    angle = np.arctan2(x[:, 1], x[:, 0])
    np.testing.assert_allclose(np.cos(angle - 4 * np.pi * radius), 1, rtol=1e-12)
    assert radius.min() >= 0.1
    assert radius.max() <= 1


@pytest.mark.parametrize("data", [circles, spiral])
def test_synthetic_data_repeat(data):
    first, again = (data(50, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])


# --- the split --------------------------------------------------------------------------------


def test_the_split_keeps_classes_in_proportion_and_loses_nobody():
    pixels, labels = load_digits()
    x, y, test_x, test_y = split(pixels, labels, np.random.default_rng(1))
    for c in range(10):
        assert abs(np.sum(y == c) / np.sum(labels == c) - 0.7) < 0.01
    whole = np.concatenate([x, test_x])  # up to the mean image that was taken off
    same = np.concatenate([y, test_y])
    for c in range(10):
        np.testing.assert_allclose(
            np.sort(whole[same == c] - whole.mean(axis=0), axis=0),
            np.sort(pixels[labels == c] - pixels.mean(axis=0), axis=0),
            atol=1e-12,
        )


def test_the_test_set_does_not_shape_what_is_taken_off():
    pixels, labels = load_digits()
    x, _, test_x, _ = split(pixels, labels, np.random.default_rng(1))
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-12)
    assert np.abs(test_x.mean(axis=0)).max() > 1e-3


@pytest.mark.parametrize("data", [circles, spiral])
def test_bad_requests_are_named(data):
    with pytest.raises(TypeError, match=r"numpy.random.Generator, .*, got int"):
        data(10, 0)
    for n in (0, 2.5, -1):
        with pytest.raises(ValueError, match=f"whole number of points from 1, got {n}"):
            data(n, np.random.default_rng(0))


def test_a_bad_split_is_named():
    rng, (pixels, labels) = np.random.default_rng(0), load_digits(0, 1)
    with pytest.raises(ValueError, match="one an example, got 5 for 360"):
        split(pixels, labels[:5], rng)
    for share in (0, 1, 1.5):
        with pytest.raises(ValueError, match=f"between 0 and 1, got {share}"):
            split(pixels, labels, rng, share=share)
    with pytest.raises(TypeError, match="got RandomState"):
        split(pixels, labels, np.random.RandomState(0))
