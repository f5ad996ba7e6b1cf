"""Interventions change one direction and nothing else; the spread against slow definitions."""

from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.activations import Dual, sigmoid
from helpers.networks import (
    Network,
    accuracy,
    image_directions,
    image_spread,
    last_layer,
    load_digits,
    rms,
    scale_slopes,
    split,
    standardise,
    train,
)
from tests.networks.examples import small_network

numbers = arrays(float, (5, 3), elements=st.floats(-100, 100).map(lambda x: round(x, 3)))


@given(numbers)
def test_spread_is_the_distance_between_images(h):
    apart = [np.mean((a - b) ** 2) for a, b in product(h, h)]
    assert image_spread([h])[0] == pytest.approx(sqrt(np.mean(apart) / 2), abs=1e-9)


@given(numbers, st.floats(0.01, 100))
def test_spread_has_the_unit_of_the_outputs_and_ignores_what_all_share(h, unit):
    (size,) = image_spread([h])
    assert image_spread([unit * h])[0] == pytest.approx(unit * size, rel=1e-9, abs=1e-9)
    assert image_spread([h + unit])[0] == pytest.approx(size, rel=1e-9, abs=1e-9)


def test_spread_keeps_its_digits_where_images_are_nearly_alike():
    h = 0.5 + 1e-12 * np.array([[1.0], [-1.0]])
    assert image_spread([h])[0] == pytest.approx(1e-12, rel=1e-3)


@given(numbers, st.floats(0.01, 100))
def test_directions_are_those_of_the_covariance(h, unit):
    covariance = np.cov(h.T)
    (found,) = image_directions([h])
    if np.trace(covariance) > 1e-6:
        expected = np.trace(covariance) ** 2 / np.sum(covariance**2)
        assert found == pytest.approx(expected, rel=1e-9)
        assert image_directions([unit * h + 3])[0] == pytest.approx(expected, rel=1e-6)
        assert 1 - 1e-9 <= found <= 3 + 1e-9  # three units


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_what_a_small_change_of_the_input_becomes_is_what_the_spread_measures(name):
    """Two inputs ε apart: the spread follows the derivative along their difference."""
    network, *_ = small_network(name)
    along, eps = np.random.default_rng(3).normal(size=5), 1e-5
    h, sizes = Dual(np.zeros((1, 5)), along[None, :]), []
    g = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[name]
    for weights, biases in zip(network.weights[:-1], network.biases[:-1], strict=True):
        h = g(h @ weights + biases)
        sizes.append(rms([h.slope])[0])
    pair = network.forward([eps * along, -eps * along])
    np.testing.assert_allclose(image_spread(pair.h[1:]) / eps, sizes, rtol=1e-6)


@pytest.mark.parametrize("factor", [0.0, 0.25, 4.0])
def test_scaled_slopes_leave_the_way_forward_and_scale_the_way_back(factor):
    plain, x, labels, _ = small_network("tanh")
    scaled, *_ = small_network(scale_slopes("tanh", factor))
    np.testing.assert_array_equal(scaled.forward(x).logits, plain.forward(x).logits)
    before, after = plain.gradients(x, labels), scaled.gradients(x, labels)
    assert after.loss == before.loss
    for layer, (old, new) in enumerate(zip(before.deltas, after.deltas, strict=True)):
        np.testing.assert_allclose(new, old * factor ** (2 - layer), rtol=1e-13)  # two hidden


def test_a_deaf_network_is_one_whose_hidden_layers_are_frozen():
    """The cut message and the frozen layers are two codes for one thing, up to rounding."""
    x, y, *_ = split(*load_digits(), np.random.default_rng(0))
    deaf, frozen = (
        Network([64, 20, 20, 10], g, np.random.default_rng(1))
        for g in (scale_slopes("tanh", 0.0), "tanh")
    )
    start = [weights.copy() for weights in frozen.weights]
    train(deaf, x, y, np.random.default_rng(2), epochs=2)
    last = last_layer(frozen)
    train(last, frozen.forward(x).h[-1], y, np.random.default_rng(2), epochs=2)
    for network in (deaf, frozen):
        np.testing.assert_array_equal(network.weights[0], start[0])
        np.testing.assert_array_equal(network.weights[1], start[1])
        assert not np.array_equal(network.weights[2], start[2])
    np.testing.assert_allclose(deaf.weights[2], frozen.weights[2], rtol=1e-9)
    np.testing.assert_allclose(deaf.biases[2], frozen.biases[2], rtol=1e-9)


def test_the_last_layer_is_the_network_seen_from_its_last_outputs():
    network, x, labels, _ = small_network("sigmoid")
    trace = network.forward(x)
    last = last_layer(network)
    np.testing.assert_array_equal(last.forward(trace.h[-1]).logits, trace.logits)
    assert accuracy(last, trace.h[-1], labels) == accuracy(network, x, labels)


def test_standardised_outputs_have_mean_0_and_deviation_1_and_lose_nothing():
    h = sigmoid(np.random.default_rng(0).normal(0, 1e-5, (40, 6)))
    test = sigmoid(np.random.default_rng(1).normal(0, 1e-5, (10, 6)))
    found = standardise(h, like=h)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(found.std(axis=0), 1, rtol=1e-12)
    back = standardise(test, like=h) * h.std(axis=0) + h.mean(axis=0)
    np.testing.assert_allclose(back, test, rtol=1e-12)
    np.testing.assert_array_equal(standardise([[7.0]], like=[[7.0], [7.0]]), [[0.0]])


def test_each_half_of_standardising_does_its_part_and_no_more():
    """Subtracting keeps the differences, scaling keeps the mean; one after the other is both."""
    h = sigmoid(np.random.default_rng(0).normal(0, 1e-5, (40, 6)))
    test = sigmoid(np.random.default_rng(1).normal(0, 1e-5, (10, 6)))
    subtracted = standardise(test, like=h, scale=False)
    np.testing.assert_allclose(np.diff(subtracted, axis=0), np.diff(test, axis=0), atol=1e-15)
    np.testing.assert_allclose(standardise(h, like=h, scale=False).mean(axis=0), 0, atol=1e-15)
    enlarged = standardise(h, like=h, centre=False)
    np.testing.assert_allclose(enlarged.mean(axis=0), h.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(enlarged.std(axis=0), 1, rtol=1e-9)
    both = standardise(standardise(test, like=h, centre=False), like=enlarged, scale=False)
    np.testing.assert_allclose(both, standardise(test, like=h), atol=1e-9)
    np.testing.assert_array_equal(standardise(test, like=h, centre=False, scale=False), test)
