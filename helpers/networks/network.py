"""A small dense network in NumPy: forward pass and gradients.

Symbols, for layer l of a network with inputs h₀ = x:

    zₗ = hₗ₋₁ Wₗ + bₗ      pre-activations, one row an example, one column a unit
    hₗ = g(zₗ)             activations; the last layer has none, its z are the logits
    δₗ = ∂L/∂zₗ            what the loss tells each unit: δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) · g′(zₗ)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from helpers.activations import Activation, pair_of_floats, value_and_prime
from helpers.language import gettext, value_error
from helpers.networks.checks import (
    Floats,
    check_finite,
    check_generator,
    check_known,
    check_labels,
    check_targets,
    check_widths,
)

# variance of the weights, as a function of fan_in and fan_out
INITIALISATIONS: Mapping[str, Callable[[int, int], float]] = {
    "he": lambda fan_in, fan_out: 2 / fan_in,
    "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
}


def _cross_entropy(logits: Floats, labels: np.ndarray) -> tuple[float, Floats]:
    """Return the mean of -log p(label), p = softmax(logits), and its derivative (p - y)/n."""
    n, classes = logits.shape
    log_p = logits - np.maximum.reduce(logits, axis=1, keepdims=True)  # exp cannot overflow
    log_p -= np.log(np.add.reduce(np.exp(log_p), axis=1, keepdims=True))
    chosen = labels + np.arange(0, n * classes, classes)  # places in the numbers, row after row
    delta = np.exp(log_p)
    delta.ravel()[chosen] -= 1
    delta /= n
    return -np.add.reduce(log_p.ravel()[chosen]) / n, delta


def _squared(outputs: Floats, targets: np.ndarray) -> tuple[float, Floats]:
    """Return the mean of ½ |output - target|² and its derivative (output - target)/n."""
    error = outputs - targets
    return np.sum(error**2) / (2 * len(error)), error / len(error)


LOSSES = {"cross_entropy": _cross_entropy, "squared": _squared}
_CHECKS = {"cross_entropy": check_labels, "squared": check_targets}


@dataclass(frozen=True)
class Trace:
    """What a forward pass leaves behind, layer by layer.

    Attributes
    ----------
    h
        ``h[0]`` is the input and ``h[l]`` the activations of hidden layer l.
    read
        What the weights of each layer read: ``h``, or what a norm made of it.
    z, prime
        The hidden layers' pre-activations and slopes g′(z), so ``z[0]`` belongs to ``h[1]``.
    logits
        The outputs.
    activation, parameters
        Those of the network.
    """

    h: list[Floats]
    read: list[Floats]
    z: list[Floats]
    prime: list[Floats]
    logits: Floats
    activation: str | Activation
    parameters: tuple[float, ...]


@dataclass(frozen=True)
class Gradients:
    """The loss of a batch and its derivatives: δ, ∂L/∂W and ∂L/∂b, layer by layer.

    ``deltas[0]`` belongs to the first hidden layer, ``deltas[-1]`` to the outputs; ``learned``
    belongs to what a network learns besides (`CurveNetwork`).
    """

    loss: float
    deltas: list[Floats]
    weights: list[Floats]
    biases: list[Floats]
    learned: list[Floats] = field(default_factory=list)


class Trainable(Protocol):
    """What `train` and `accuracy` need of a network: arrays to change, and their slopes."""

    weights: list[Floats]
    biases: list[Floats]
    learned: list[Floats]

    def fitting(self, x: npt.ArrayLike, targets: npt.ArrayLike, /) -> tuple[Floats, np.ndarray]:
        """Return examples and targets as arrays that fit, or raise ValueError."""

    def forward(self, x: npt.ArrayLike) -> Trace:
        """Compute the outputs, and keep what was on the way."""

    def backpropagate(self, x: Floats, targets: np.ndarray, /) -> Gradients:
        """Return the loss and its slopes, for what `fitting` returned."""


class Network:
    """A dense network with one activation in all hidden layers and a linear last layer.

    Parameters
    ----------
    widths
        Units a layer, from the inputs to the classes: ``[64, 48, 48, 10]``.
    activation
        What `helpers.activations.value_and_prime` takes.
    rng
        Draws the weights.
    init
        ``"he"``, ``"xavier"``, ``"lecun"``, or a gain: weights of standard deviation
        gain / √fan_in. Weights are normal; the biases of hidden layers start at ``bias``.
    parameters
        The activation's parameter, such as ``0.1`` for the slope of Leaky ReLU.
    loss
        ``"cross_entropy"``: the outputs are logits of a softmax, the targets labels (n,).
        ``"squared"``: ½ |output - target|², targets (n, outputs). Both are means over examples.

    Raises
    ------
    ValueError
        If the initialisation, the activation or the loss is unknown (the message lists what
        exists), or ``widths`` are not two or more whole numbers from 1.
    TypeError
        If ``rng`` is not a Generator.

    Examples
    --------
    >>> network = Network([64, 48, 10], "tanh", np.random.default_rng(0))
    >>> network.forward(np.zeros((5, 64))).logits.shape
    (5, 10)
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: str | Activation,
        rng: np.random.Generator,
        *,
        init: str | float = "xavier",
        bias: float = 0.0,
        parameters: float | Sequence[float] = (),
        loss: str = "cross_entropy",
    ) -> None:
        check_generator(rng)
        self.activation = activation
        self.parameters: list[float] = np.atleast_1d(parameters).tolist()
        value_and_prime(activation, 0.0, *self.parameters)  # an unknown name is refused here
        self.loss = check_known("loss", loss, LOSSES)
        pairs = list(pairwise(check_widths(widths)))
        self.weights = [rng.normal(0, _spread(init, *pair), pair) for pair in pairs]
        self.biases = [np.full(fan_out, float(bias)) for _, fan_out in pairs]
        self.biases[-1][:] = 0.0
        self.learned: list[Floats] = []  # besides weights and biases

    def forward(self, x: npt.ArrayLike) -> Trace:
        """Compute the outputs for the examples x, (n, fan_in), and keep every layer's numbers.

        Raises ValueError unless x has that shape and is finite.
        """
        return self._forward(check_finite("x", x, len(self.weights[0])))

    @np.errstate(all="ignore")  # as the kernels do, for all layers at once
    def _forward(self, x: Floats) -> Trace:
        h, read, z, prime = [x], list[Floats](), list[Floats](), []
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            read.append(self._read(h[-1], layer))
            z.append(read[-1] @ weights)
            z[-1] += biases
            if layer < len(self.weights) - 1:
                value, slope = self._activated(z[-1], layer)
                h.append(self._joined(h[-1], value, layer))
                prime.append(slope)
        return Trace(h, read, z[:-1], prime, z[-1], self.activation, tuple(self.parameters))

    def _read(self, h: Floats, layer: int) -> Floats:
        """Return what the weights of a layer read of h, the outputs below it."""
        return h

    def _activated(self, z: Floats, layer: int) -> tuple[Floats, Floats]:
        """Return the activation's value and slope at the pre-activations of a layer."""
        return pair_of_floats(self.activation, z, self.parameters)

    def _joined(self, h: Floats, value: Floats, layer: int) -> Floats:
        """Return the outputs of a layer, made of h below it and of the activation's value."""
        return value

    def gradients(self, x: npt.ArrayLike, targets: npt.ArrayLike) -> Gradients:
        """Return the mean loss on (x, targets) and its derivatives, by backpropagation.

        Raises ValueError for targets of a wrong shape or range, and what `forward` raises.
        """
        return self.backpropagate(*self.fitting(x, targets))

    def fitting(self, x: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Floats, np.ndarray]:
        """Return examples and targets as arrays that fit this network, or raise ValueError."""
        x = check_finite("x", x, len(self.weights[0]))
        return x, _CHECKS[self.loss](targets, len(x), len(self.biases[-1]))

    def backpropagate(self, x: Floats, targets: np.ndarray) -> Gradients:
        """Return what `gradients` does, for a batch of what `fitting` returned."""
        trace = self._forward(x)
        loss, delta = LOSSES[self.loss](trace.logits, targets)
        deltas, messages = [delta], list[Floats]()
        for layer in range(len(self.weights) - 1, 0, -1):
            message = deltas[0] @ self.weights[layer].T
            messages.insert(0, self._heard(message, messages, trace, layer))
            deltas.insert(0, messages[0] * trace.prime[layer - 1])
        return Gradients(
            loss=loss,
            deltas=deltas,
            weights=[u.T @ d for u, d in zip(trace.read, deltas, strict=True)],
            biases=[np.add.reduce(d, axis=0) for d in deltas],
            learned=self._of_learned(trace, messages),
        )

    def _heard(self, message: Floats, above: list[Floats], trace: Trace, layer: int) -> Floats:
        """Return ∂L/∂h below a layer: the message of its weights, and what else comes back."""
        return message

    def _of_learned(self, trace: Trace, messages: list[Floats]) -> list[Floats]:
        """Return the slopes of what is learned besides, given ∂L/∂h of each hidden layer."""
        return []


def _spread(init: str | float, fan_in: int, fan_out: int) -> float:
    """Return the standard deviation of a layer's weights."""
    if isinstance(init, str):
        check_known("init", init, INITIALISATIONS, gettext(" or a gain"))
        return INITIALISATIONS[init](fan_in, fan_out) ** 0.5
    if not 0 <= init < np.inf:
        raise value_error("init: expected a gain from 0, got {init!r}", init=init)
    return init / fan_in**0.5
