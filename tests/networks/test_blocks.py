"""Blocks, norms, the transformer, learned curves: gradients by nudges; optimisers."""

import mpmath
import numpy as np
import pytest

from helpers.activations import softmax
from helpers.networks import (
    Adam,
    BlockNetwork,
    CurveNetwork,
    Momentum,
    Network,
    Transformer,
    factor_curve,
    normalise,
    normalise_vjp,
    prelu_curve,
    spline_curve,
    swish_curve,
    train,
)

RNG = np.random.default_rng(0)
IMAGES, LABELS = RNG.normal(0, 1, (6, 64)), np.array([0, 3, 9, 1, 1, 7])


def worst(network, x, labels, places=3):
    """Return how far the gradients are from central differences, at some places of each array."""
    found, rng, far = network.gradients(x, labels), np.random.default_rng(1), []
    arrays = [*network.weights, *network.biases, *network.learned]
    slopes = [*found.weights, *found.biases, *found.learned]
    for array, slope in zip(arrays, slopes, strict=True):
        for _ in range(places):
            at = tuple(rng.integers(n) for n in array.shape)
            kept, losses = array[at], []
            for nudge in (1e-5, -1e-5):
                array[at] = kept + nudge
                losses.append(network.gradients(x, labels).loss)
            array[at] = kept
            far.append(abs((losses[0] - losses[1]) / 2e-5 - slope[at]))
    return max(far)


@pytest.mark.parametrize("skip", ["both", "neither"])
@pytest.mark.parametrize("norm", ["layer", "batch", "none"])
def test_gradients_of_blocks(skip, norm):
    network = BlockNetwork(
        [64, 7, 7, 7, 10], "tanh", np.random.default_rng(2), skip=skip, norm=norm
    )
    assert worst(network, IMAGES, LABELS) < 1e-8


@pytest.mark.parametrize(
    "curve", [prelu_curve(0.25), swish_curve(), spline_curve(np.tanh), factor_curve(3)]
)
def test_gradients_of_learned_curves(curve):
    network = CurveNetwork([64, 7, 7, 10], curve, np.random.default_rng(2))
    assert worst(network, IMAGES, LABELS) < 1e-8


@pytest.mark.parametrize("curve", [prelu_curve(), spline_curve(), factor_curve(4)])
def test_curves_that_start_as_relu_are_relu_until_they_learn(curve):
    plain = Network([64, 9, 9, 10], "relu", np.random.default_rng(4))
    network, kept = (
        CurveNetwork([64, 9, 9, 10], curve, np.random.default_rng(4), learn=learn)
        for learn in (True, False)
    )
    np.testing.assert_allclose(network.forward(IMAGES).logits, plain.forward(IMAGES).logits)
    for learner in (network, kept):
        train(learner, IMAGES, LABELS, np.random.default_rng(0), epochs=2)
    assert all(np.array_equal(c, curve.start) for c in kept.curves)
    assert not any(np.array_equal(c, curve.start) for c in network.curves)


def test_a_gate_needs_a_width_that_gives_both_kinds_as_many_weights():
    with pytest.raises(ValueError, match="width: expected a multiple of 3 with a gate, got 8"):
        Transformer("gelu", np.random.default_rng(0), gate=True, width=8)


@pytest.mark.parametrize("gate", [True, False])
def test_gradients_of_a_transformer(gate):
    network = Transformer("gelu", np.random.default_rng(2), gate=gate, width=6)
    network.biases[0][:] = 0.1
    assert worst(network, IMAGES, LABELS) < 1e-8


def test_a_transformer_forward_is_its_formulas_token_by_token():
    block, x = Transformer("relu", np.random.default_rng(3), gate=True, width=6), IMAGES[:1]
    E, P, Wq, Wk, Wv, Wo, W, V, W2, C = block.weights
    e = x.reshape(8, 8) @ E + P
    u = np.array([(row - row.mean()) / np.sqrt(row.var() + 1e-5) for row in e])
    for i in range(8):
        shares = softmax([u[i] @ Wq @ (u[j] @ Wk) / np.sqrt(6) for j in range(8)])
        e[i] += sum(share * (u[j] @ Wv) for j, share in enumerate(shares)) @ Wo
    for i in range(8):
        w = (e[i] - e[i].mean()) / np.sqrt(e[i].var() + 1e-5)
        e[i] += (w @ V * np.maximum(w @ W, 0)) @ W2
    last = np.mean([(row - row.mean()) / np.sqrt(row.var() + 1e-5) for row in e], axis=0)
    np.testing.assert_allclose(block.forward(x).logits[0], last @ C, rtol=1e-9, atol=1e-12)


def test_without_switches_a_block_network_is_a_network():
    plain, same = (
        kind([64, 9, 9, 10], "sigmoid", np.random.default_rng(4))
        for kind in (Network, BlockNetwork)
    )
    one, other = plain.gradients(IMAGES, LABELS), same.gradients(IMAGES, LABELS)
    for a, b in zip([*one.deltas, *one.weights], [*other.deltas, *other.weights], strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("switch", ["skip", "norm"])
@pytest.mark.parametrize(("way", "as_forward"), [("forward", "both"), ("back", "neither")])
def test_one_direction_alone(switch, way, as_forward):
    """Forward it is the whole, or the plain network; the message back is computed by hand."""

    def built(way):
        more = {"skip": way} if switch == "skip" else {"norm": "layer", "norm_in": way}
        return BlockNetwork([64, 9, 9, 9, 10], "tanh", np.random.default_rng(5), **more)

    network = built(way)
    trace, found = network.forward(IMAGES), network.gradients(IMAGES, LABELS)
    np.testing.assert_array_equal(trace.logits, built(as_forward).forward(IMAGES).logits)
    delta, past = found.deltas[-1], 0.0
    weights, outputs, slopes = network.weights[:0:-1], trace.h[:0:-1], trace.prime[::-1]
    for W, h, prime in zip(weights, outputs, slopes, strict=True):
        message = delta @ W.T
        if way == "back":
            message = message + past if switch == "skip" else normalise_vjp(h, message)
        delta, past = message * prime, message
    np.testing.assert_allclose(found.deltas[0], delta)


def test_the_message_passes_a_skip_unchanged():
    """With branches of weight 0 behind it, what arrives at a block is what left the last one."""
    network = BlockNetwork([64, 9, 9, 9, 10], "tanh", np.random.default_rng(6), skip="both")
    network.weights[1][:] = network.weights[2][:] = 0
    last = network.gradients(IMAGES, LABELS).deltas[-1] @ network.weights[-1].T
    trace = network.forward(IMAGES)
    first = network.gradients(IMAGES, LABELS).deltas[0]
    np.testing.assert_allclose(first, last * trace.prime[0])


@pytest.mark.parametrize("axis", [0, -1])
def test_the_way_back_through_a_norm_in_50_digits(axis):
    z, u = RNG.normal(0, 2, (3, 4)), RNG.normal(0, 1, (3, 4))

    def loss(rows):
        return mpmath.fsum(
            weight * (v - m) / s
            for row, weights in zip(rows, u.T if axis == 0 else u, strict=True)
            for m in [mpmath.fsum(row) / len(row)]
            for s in [mpmath.sqrt(mpmath.fsum((v - m) ** 2 for v in row) / len(row) + 1e-5)]
            for v, weight in zip(row, map(mpmath.mpf, weights), strict=True)
        )

    rows = [list(map(mpmath.mpf, row)) for row in (z.T if axis == 0 else z)]
    found = normalise_vjp(z, u, axis)
    with mpmath.workdps(50):
        for i, row in enumerate(rows):
            for j, value in enumerate(row):

                def nudged(x, i=i, j=j, row=row):
                    return loss([*rows[:i], [*row[:j], x, *row[j + 1 :]], *rows[i + 1 :]])

                there = found[j, i] if axis == 0 else found[i, j]
                assert there == pytest.approx(float(mpmath.diff(nudged, value)), rel=1e-12)


def test_a_norm_where_all_numbers_are_alike_is_0_and_finite():
    np.testing.assert_array_equal(normalise(np.full((2, 3), 7.0)), np.zeros((2, 3)))
    assert np.isfinite(normalise_vjp(np.full(3, 7.0), [1.0, 2.0, 3.0])).all()


def test_momentum_and_adam_are_their_sums():
    """Against the sums that their recursions add up, written out."""
    slopes = np.random.default_rng(7).normal(0, 1, (12, 5))
    w, v = np.zeros(5), np.zeros(5)
    rolling, adam = Momentum(0.1, 0.9), Adam(0.01, (0.8, 0.95), 1e-3)
    for slope in slopes:
        rolling.step([w], [slope])
        adam.step([v], [slope])
    n = len(slopes)
    sums = [sum(0.9 ** (t - k) * slopes[k] for k in range(t + 1)) for t in range(n)]
    np.testing.assert_allclose(w, -0.1 * np.sum(sums, axis=0))
    expected = np.zeros(5)
    for t in range(1, n + 1):
        past = np.arange(t)[::-1, None]
        m = np.sum(0.8**past * slopes[:t], axis=0) / np.sum(0.8**past)
        s = np.sum(0.95**past * slopes[:t] ** 2, axis=0) / np.sum(0.95**past)
        expected -= 0.01 * m / (np.sqrt(s) + 1e-3)
    np.testing.assert_allclose(v, expected)


def test_adam_does_not_notice_the_size_of_the_loss():
    steps = []
    for unit in (1.0, 1e-3):
        w, adam = np.zeros(3), Adam(0.01)
        for slope in np.random.default_rng(8).normal(0, 1, (6, 3)):
            adam.step([w], [unit * slope])
        steps.append(w)
    np.testing.assert_allclose(*steps, rtol=1e-4)


def test_training_with_momentum_0_is_gradient_descent():
    ends = []
    for optimiser in (None, Momentum(0.2, 0.0)):
        rng = np.random.default_rng(9)
        network = Network([64, 8, 10], "relu", rng)
        train(network, IMAGES, LABELS, rng, epochs=3, rate=0.2, batch=2, optimiser=optimiser)
        ends.append(network.weights[0])
    np.testing.assert_array_equal(*ends)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda rng: BlockNetwork([4, 3, 3, 2], "relu", rng, skip="up"), "skip: expected one of"),
        (lambda rng: BlockNetwork([4, 3, 3, 2], "relu", rng, norm="group"), "norm: expected one"),
        (lambda rng: BlockNetwork([4, 3, 5, 2], "relu", rng, skip="both"), "one width"),
        (lambda rng: Momentum(0.1, 1.0), "below 1"),
        (lambda rng: Adam(0.1, (0.9, 1.0)), "below 1"),
        (lambda rng: Adam(0.0), "positive"),
        (lambda rng: Transformer("relu", rng).forward(np.zeros((2, 63))), "shape"),
    ],
)
def test_what_does_not_fit_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make(np.random.default_rng(0))
