"""The network against dual numbers, and its data against the library it comes from."""

import numpy as np
import pytest
from sklearn.datasets import load_digits as sklearn_digits

from helpers.calculus import Dual
from helpers.networks import (
    Diverged,
    Network,
    accuracy,
    circles,
    dead_units,
    load_digits,
    spiral,
    split,
    train,
)


def test_digits_are_the_published_ones():
    theirs = sklearn_digits()
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


# --- backpropagation against dual numbers: another arithmetic, another code ----------------------

TEXTBOOK = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.1 * z),
}


def loss_of(weights, biases, activation, x, labels):
    """The mean cross-entropy, written without the module under test."""
    h = x
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        h = TEXTBOOK[activation](h @ w + b)
    logits = h @ weights[-1] + biases[-1]
    log_sum = np.log(np.exp(logits) @ np.ones(3))  # three classes
    picked = (logits * np.eye(3)[labels]) @ np.ones(3)
    return np.sum(log_sum - picked) / len(labels)


def small_network(activation, seed):
    rng = np.random.default_rng(seed)
    parameters = [0.1] if activation == "leaky_relu" else []
    network = Network([5, 7, 6, 3], activation, rng, init=1.3, bias=0.1, parameters=parameters)
    return network, rng.normal(size=(11, 5)), rng.integers(3, size=11), rng


@pytest.mark.parametrize("activation", TEXTBOOK)
@pytest.mark.parametrize("seed", range(3))
def test_backpropagation_agrees_with_dual_numbers(activation, seed):
    network, x, labels, rng = small_network(activation, seed)
    found = network.gradients(x, labels)
    for kind, slopes in (("weights", found.weights), ("biases", found.biases)):
        for layer, slope in enumerate(slopes):
            parts = {"weights": list(network.weights), "biases": list(network.biases)}
            direction = rng.normal(size=slope.shape)
            parts[kind][layer] = Dual(parts[kind][layer], direction)
            loss = loss_of(parts["weights"], parts["biases"], activation, x, labels)
            np.testing.assert_allclose(found.loss, loss.value, rtol=1e-12)
            np.testing.assert_allclose(np.sum(slope * direction), loss.slope, rtol=1e-10)


def test_deltas_are_the_slopes_of_the_loss_by_the_pre_activations():
    network, x, labels, _ = small_network("tanh", 0)
    found = network.gradients(x, labels)
    for layer, delta in enumerate(found.deltas):
        np.testing.assert_allclose(delta.sum(axis=0), found.biases[layer], rtol=1e-13)
    p = np.exp(network.forward(x).logits)
    p /= p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.deltas[-1], (p - np.eye(3)[labels]) / 11, atol=1e-15)


# --- initialisations, learning, errors ---------------------------------------------------------


@pytest.mark.parametrize(
    ("init", "variance"), [("he", 2 / 400), ("xavier", 2 / 500), ("lecun", 1 / 400), (3.0, 9 / 400)]
)
def test_initialisations_have_their_variance(init, variance):
    network = Network([400, 100], "relu", np.random.default_rng(0), init=init)
    assert np.var(network.weights[0]) == pytest.approx(variance, rel=0.03)


def test_a_shallow_network_learns_and_a_run_repeats_bit_by_bit():
    def run():
        rng = np.random.default_rng(0)
        x, y, test_x, test_y = split(*load_digits(), rng)
        network = Network([64, 32, 10], "tanh", rng)
        losses = train(network, x, y, rng, epochs=5)
        return losses, accuracy(network, test_x, test_y)

    losses, reached = run()
    assert np.all(np.diff(losses) < 0)
    assert reached > 0.9
    again = run()
    np.testing.assert_array_equal(again[0], losses)
    assert again[1] == reached


def test_a_diverging_run_says_where():
    network, x, labels, rng = small_network("relu", 0)
    with pytest.raises(Diverged, match=r"epoch \d+ at learning rate 1e\+300"):
        train(network, x, labels, rng, rate=1e300)


def test_bad_input_is_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="sigmoid, tanh, relu, leaky_relu"):
        Network([2, 2], "relo", rng)
    with pytest.raises(ValueError, match=r"he, xavier, lecun or a gain, got 'hee'"):
        Network([2, 2], "relu", rng, init="hee")
    with pytest.raises(ValueError, match=r"at least inputs and outputs, got \[2\]"):
        Network([2], "relu", rng)
    network = Network([2, 2], "relu", rng)
    with pytest.raises(ValueError, match=r"shape \(examples, 2\), got shape \(3, 4\)"):
        network.forward(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="got nan or inf"):
        train(network, np.full((3, 2), np.nan), np.zeros(3, int), rng)


# --- measurements -----------------------------------------------------------------------------


def test_a_unit_is_dead_if_it_is_off_on_every_example():
    z = np.array([[-1.0, 1.0, -2.0, 0.0], [-1.0, -1.0, 1e-300, -0.0]])
    np.testing.assert_array_equal(dead_units(z), [True, False, False, True])
    with pytest.raises(ValueError, match=r"\(examples, units\), got shape \(4,\)"):
        dead_units(z[0])
