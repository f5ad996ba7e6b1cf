"""A small dense network in NumPy, and real data for it: the 8×8 handwritten digits.

Symbols, for layer l of a network with inputs h₀ = x:

    zₗ = hₗ₋₁ Wₗ + bₗ      pre-activations, one row an example, one column a unit
    hₗ = g(zₗ)             activations; the last layer has none, its z are the logits
    δₗ = ∂L/∂zₗ            what the loss tells each unit: δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) · g′(zₗ)

Everything random takes a `numpy.random.Generator`, so a run can be repeated.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from helpers.activations import value_and_prime

__all__ = [
    "INITIALISATIONS",
    "Diverged",
    "Gradients",
    "Network",
    "Trace",
    "accuracy",
    "circles",
    "dead_units",
    "load_digits",
    "spiral",
    "split",
    "train",
]

# --- the data ---------------------------------------------------------------------------------

_DIGITS = Path(__file__).parent / "data" / "digits.npz"


@cache
def _digits():
    with np.load(_DIGITS) as file:
        return file["pixels"] / 16.0, file["labels"].astype(np.int64)


def load_digits(*classes):
    """Return the 8×8 handwritten digits as ``(pixels, labels)``.

    Parameters
    ----------
    *classes : int
        The digits wanted, such as ``load_digits(3, 8)``. All ten if none is given.

    Returns
    -------
    pixels : (n, 64) float64
        One image a row, grey levels from 0 (paper) to 1 (ink).
    labels : (n,) int64
        The digit each image shows.

    Raises
    ------
    ValueError
        If a class is not one of 0 … 9.

    Notes
    -----
    1,797 images; source and licence stand in ``helpers/data/README.md``. Each call returns arrays
    of its own, so a learner may change them.

    Examples
    --------
    >>> pixels, labels = load_digits(3, 8)
    >>> pixels.shape, sorted(set(labels.tolist()))
    ((357, 64), [3, 8])
    """
    pixels, labels = _digits()
    unknown = [c for c in classes if c not in range(10)]
    if unknown:
        raise ValueError(f"classes: expected digits from 0 to 9, got {unknown[0]!r}")
    wanted = np.isin(labels, classes or range(10))
    return pixels[wanted], labels[wanted]


def circles(n, rng, *, noise=0.08):
    """Draw n points on two circles, one inside the other, as ``(x, labels)``.

    Label 0 has radius 1, label 1 radius ½, half of the points each; every coordinate gets normal
    noise of standard deviation ``noise``. x is (n, 2), labels (n,). No straight line does much
    better than guessing; a curve between the circles is right on 99.9 %.

    >>> x, labels = circles(200, np.random.default_rng(0))
    >>> x.shape, np.bincount(labels)
    ((200, 2), array([100, 100]))
    """
    labels = rng.permutation(np.arange(n) % 2)
    angle = rng.uniform(0, 2 * np.pi, n)
    return _around(1 - labels / 2, angle, noise, rng), labels


def spiral(n, rng, *, noise=0.02, turns=1.5):
    """Draw n points on two arms of a spiral, as ``(x, labels)``.

    On each arm the radius r grows from 0.1 to 1 with the angle 2π · turns · r; the arm of label 1
    is the other one turned by half a turn. Every coordinate gets normal noise of standard
    deviation ``noise``. x is (n, 2), labels (n,), half of the points each.

    >>> x, labels = spiral(200, np.random.default_rng(0))
    >>> x.shape, np.bincount(labels)
    ((200, 2), array([100, 100]))
    """
    labels = rng.permutation(np.arange(n) % 2)
    radius = rng.uniform(0.1, 1, n)
    return _around(radius, 2 * np.pi * turns * radius + np.pi * labels, noise, rng), labels


def _around(radius, angle, noise, rng):
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return x + rng.normal(0, noise, x.shape)


def split(pixels, labels, rng, *, share=0.7):
    """Split examples at random into ``(x, y, test_x, test_y)``, centred, each class alike.

    ``share`` of the examples of each class are for training. The mean image of the training
    examples is taken off both parts, so that the test set stays unseen.

    >>> x, y, test_x, test_y = split(*load_digits(), np.random.default_rng(0))
    >>> len(x), len(test_x), bool(abs(x.mean()) < 1e-12)
    (1258, 539, True)
    """
    order = rng.permutation(len(labels))
    members = [order[labels[order] == c] for c in np.unique(labels)]
    chosen = np.concatenate([m[: round(share * len(m))] for m in members])
    training = np.isin(np.arange(len(labels)), chosen)
    mean = pixels[training].mean(axis=0)
    return (
        pixels[training] - mean,
        labels[training],
        pixels[~training] - mean,
        labels[~training],
    )


# --- the network ------------------------------------------------------------------------------

# variance of the weights, as a function of fan_in and fan_out
INITIALISATIONS = {
    "he": lambda fan_in, fan_out: 2 / fan_in,
    "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
}


@dataclass(frozen=True)
class Trace:
    """What a forward pass leaves behind, layer by layer.

    ``h[0]`` is the input and ``h[l]`` the activations of hidden layer l; ``z`` and ``prime`` hold
    the hidden layers' pre-activations and slopes g′(z), so ``z[0]`` belongs to ``h[1]``.
    """

    h: list
    z: list
    prime: list
    logits: np.ndarray


@dataclass(frozen=True)
class Gradients:
    """The loss of a batch and its derivatives: δ, ∂L/∂W and ∂L/∂b, layer by layer."""

    loss: float
    deltas: list
    weights: list
    biases: list


class Network:
    """A dense network with one activation in all hidden layers and a softmax at the end.

    Parameters
    ----------
    widths : sequence of int
        Units a layer, from the inputs to the classes: ``[64, 48, 48, 10]``.
    activation : str or Activation
        What `helpers.activations.value_and_prime` takes.
    rng : numpy.random.Generator
    init : str or float
        ``"he"``, ``"xavier"``, ``"lecun"``, or a gain: weights of standard deviation
        gain / √fan_in. Weights are normal; biases start at ``bias``.
    parameters : sequence of float
        The activation's parameter, such as ``[0.1]`` for the slope of Leaky ReLU.

    Raises
    ------
    ValueError
        If the initialisation or the activation is unknown (the message lists what exists), or
        there are fewer than two widths.

    >>> network = Network([64, 48, 10], "tanh", np.random.default_rng(0))
    >>> network.forward(np.zeros((5, 64))).logits.shape
    (5, 10)
    """

    def __init__(self, widths, activation, rng, *, init="xavier", bias=0.0, parameters=()):
        if len(widths) < 2:
            raise ValueError(f"widths: expected at least inputs and outputs, got {list(widths)}")
        value_and_prime(activation, 0.0, *parameters)  # an unknown name is refused here
        self.activation, self.parameters = activation, tuple(parameters)
        pairs = list(pairwise(widths))
        self.weights = [rng.normal(0, _spread(init, *pair), pair) for pair in pairs]
        self.biases = [np.full(fan_out, float(bias)) for _, fan_out in pairs]
        self.biases[-1][:] = 0.0

    def forward(self, x):
        """Compute the logits of the examples x, (n, fan_in), and keep every layer's numbers."""
        x = np.asarray(x, dtype=float)
        if x.ndim != 2 or x.shape[1] != len(self.weights[0]):
            expected = f"(examples, {len(self.weights[0])})"
            raise ValueError(f"x: expected an array of shape {expected}, got shape {x.shape}")
        h, z, prime = [x], [], []
        for weights, biases in zip(self.weights[:-1], self.biases[:-1], strict=True):
            z.append(h[-1] @ weights + biases)
            value, slope = value_and_prime(self.activation, z[-1], *self.parameters)
            h.append(value)
            prime.append(slope)
        return Trace(h, z, prime, h[-1] @ self.weights[-1] + self.biases[-1])

    def gradients(self, x, labels):
        """Return the mean cross-entropy of (x, labels) and its derivatives, by backpropagation."""
        trace = self.forward(x)
        shifted = trace.logits - trace.logits.max(axis=1, keepdims=True)  # exp cannot overflow
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        rows = np.arange(len(labels))
        delta = np.exp(log_p)
        delta[rows, labels] -= 1  # softmax with cross-entropy: p - y
        deltas = [delta / len(labels)]
        for weights, prime in zip(self.weights[:0:-1], trace.prime[::-1], strict=True):
            deltas.insert(0, deltas[0] @ weights.T * prime)
        return Gradients(
            loss=-log_p[rows, labels].mean(),
            deltas=deltas,
            weights=[h.T @ d for h, d in zip(trace.h, deltas, strict=True)],
            biases=[d.sum(axis=0) for d in deltas],
        )


def _spread(init, fan_in, fan_out):
    """Return the standard deviation of a layer's weights."""
    if isinstance(init, str):
        if init not in INITIALISATIONS:
            known = ", ".join(INITIALISATIONS)
            raise ValueError(f"init: expected one of {known} or a gain, got {init!r}")
        return INITIALISATIONS[init](fan_in, fan_out) ** 0.5
    return init / fan_in**0.5


# --- learning ---------------------------------------------------------------------------------


class Diverged(ArithmeticError):
    """The loss is no longer a number."""


def train(network, x, labels, rng, *, epochs=15, rate=0.1, batch=64):
    """Train ``network`` in place by stochastic gradient descent; return the loss of each epoch.

    W ← W - rate · ∂L/∂W for one mini-batch of ``batch`` examples after the other, in a new random
    order each epoch. The loss of an epoch is the mean over its batches, (epochs,) float64.

    Raises
    ------
    Diverged
        If the loss overflows; the message names the epoch and the learning rate.
    ValueError
        If ``x`` holds nan or inf.
    """
    if not np.isfinite(x).all():
        raise ValueError("x: expected finite numbers, got nan or inf among them")
    losses = np.empty(epochs)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        batches = [order[i : i + batch] for i in range(0, len(order), batch)]
        with np.errstate(over="ignore", invalid="ignore"):
            losses[epoch] = np.mean([_step(network, x[b], labels[b], rate) for b in batches])
        if not np.isfinite(losses[epoch]):
            raise Diverged(
                f"the loss left the numbers in epoch {epoch + 1} at learning rate {rate:g}: "
                "try a smaller one"
            )
    return losses


def _step(network, x, labels, rate):
    found = network.gradients(x, labels)
    for parameters, slopes in (
        (network.weights, found.weights),
        (network.biases, found.biases),
    ):
        for parameter, slope in zip(parameters, slopes, strict=True):
            parameter -= rate * slope
    return found.loss


def accuracy(network, x, labels):
    """Return the share of examples whose largest logit is at their label."""
    return float(np.mean(network.forward(x).logits.argmax(axis=1) == labels))


# --- measurements -----------------------------------------------------------------------------


def dead_units(z):
    """Return which units are dead: z ≤ 0 on every example.

    z holds the pre-activations of a layer, (examples, units); the result is (units,) bool. A
    ReLU unit that is dead on all training examples has gradient 0 and does not learn; one that is
    off on *some* of them is not dead. More examples can only bring dead units back to life.

    Raises ValueError unless z has two axes.

    >>> dead_units([[-1.0, 2.0, 0.0], [-3.0, -1.0, 0.0]])
    array([ True, False,  True])
    """
    z = np.asarray(z)
    if z.ndim != 2:
        raise ValueError(f"z: expected an array (examples, units), got shape {z.shape}")
    return np.all(z <= 0, axis=0)
