"""Instruments to look inside a network, and theory by numbers.

They take what `Network.forward` and `Network.gradients` return, and return one number a layer.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from helpers.activations import Activation, value_and_prime
from helpers.language import value_error
from helpers.networks.checks import Floats, check_labels
from helpers.networks.network import Network, Trace, Trainable


def accuracy(network: Trainable, x: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Return the share of examples whose largest logit is at their label.

    Raises ValueError for a shape or a label that does not fit the network.

    Examples
    --------
    >>> from helpers.networks import Network
    >>> network = Network([2, 3], "relu", np.random.default_rng(0))
    >>> accuracy(network, np.zeros((4, 2)), [0, 0, 1, 2])  # all logits are 0: the first is taken
    0.5
    """
    logits = network.forward(x).logits
    return float(np.mean(logits.argmax(axis=1) == check_labels(labels, *logits.shape)))


def rms(layers: Iterable[npt.ArrayLike]) -> Floats:
    """Return the root mean square of each array of a list: (layers,).

    √mean(a²) over all examples and units, the typical size of a number: of activations with
    ``rms(trace.h)``, of δ with ``rms(found.deltas)``, of weight gradients with
    ``rms(found.weights)``.

    Examples
    --------
    >>> rms([np.array([3.0, -4.0]), np.zeros((2, 2))])
    array([3.53553391, 0.        ])
    """
    return np.array([np.sqrt(np.mean(np.square(a))) for a in layers])


def image_spread(layers: Iterable[npt.ArrayLike]) -> Floats:
    """Return how far each layer's outputs differ from image to image: (layers,).

    √mean((h - h̄)²), over all examples and units, where h̄ is a unit's mean over the examples: the
    typical distance of an output from its mean. 0: every image gets the same outputs. It is also
    the root mean square distance between the outputs of two images, over √(2 units). With
    ``trace.h`` it is the way forward, as ``rms(found.deltas)`` is the way back.

    Each of ``layers`` is (examples, units), and has the unit of h: 10 h is spread ten times as
    far. What all images share drops out: h + 1 is spread as far as h.

    Examples
    --------
    >>> image_spread([[[1.0], [-1.0]], [[10.1], [9.9]], [[7.0], [7.0]]]).round(4)
    array([1. , 0.1, 0. ])
    """
    return rms(h - h.mean(axis=0) for h in (np.asarray(h, dtype=float) for h in layers))


def image_directions(layers: Iterable[npt.ArrayLike]) -> Floats:
    """Return in how many directions each layer's outputs differ from image to image: (layers,).

    The participation ratio (Σλ)² / Σλ² of the variances λ along the principal axes of h. Limits: 1
    where all images lie on one line, n where their variance is the same in n directions, 0 where
    every image gets the same outputs. Each of ``layers`` is (examples, units); its size drops out.

    References
    ----------
    Gao, Ganguli, On simplicity and complexity in the brave new world of large-scale neuroscience
    (2015).

    Examples
    --------
    >>> line, square = [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> image_directions([line, square, [[7.0], [7.0]]]).round(4)
    array([1., 2., 0.])
    """
    arrays = (np.asarray(h, dtype=float) for h in layers)
    axes = [np.linalg.svd(h - h.mean(axis=0), compute_uv=False) ** 2 for h in arrays]
    return np.array([a.sum() ** 2 / (np.sum(a**2) or 1.0) for a in axes])


def dead_units(z: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return which units are dead: z ≤ 0 on every example.

    z holds the pre-activations of a layer, (examples, units); the result is (units,) bool. A
    ReLU unit that is dead on all training examples has gradient 0 and does not learn; one that is
    off on *some* of them is not dead. More examples can only bring dead units back to life.

    Raises
    ------
    ValueError
        z has not two axes, or no example.

    References
    ----------
    Lu, Shin, Su, Karniadakis, Dying ReLU and initialization (2020).

    Examples
    --------
    >>> dead_units([[-1.0, 2.0, 0.0], [-3.0, -1.0, 0.0]])
    array([ True, False,  True])
    """
    z = np.asarray(z)
    if z.ndim != 2 or not len(z):
        raise value_error(
            "z: expected an array (examples, units), got shape {shape}", shape=z.shape
        )
    return np.all(z <= 0, axis=0)


class Fates(NamedTuple):
    """What became of the units of each layer, as shares of its units: three arrays (layers,).

    ``dead_at_init`` were dead before, ``died`` were alive before and are dead after, ``revived``
    the other way round. So dead_at_init + died - revived are dead after.
    """

    dead_at_init: Floats
    died: Floats
    revived: Floats


def fates(before: Trace, after: Trace) -> Fates:
    """Compare two traces of one network on the same examples, before and after training.

    Raises
    ------
    ValueError
        The traces differ in their layers or examples.

    Examples
    --------
    >>> from helpers.networks import Network
    >>> network = Network([1, 4, 1], "relu", np.random.default_rng(0), bias=-9.0)
    >>> before = network.forward([[1.0], [-1.0]])
    >>> network.biases[0][:2] = 9.0
    >>> fates(before, network.forward([[1.0], [-1.0]]))
    Fates(dead_at_init=array([1.]), died=array([0.]), revived=array([0.5]))
    """
    shapes = [[z.shape for z in trace.z] for trace in (before, after)]
    if shapes[0] != shapes[1]:
        raise value_error(
            "expected two traces of one network on the same examples, got {shapes}",
            shapes=shapes,
        )
    then, now = ([dead_units(z) for z in trace.z] for trace in (before, after))
    pairs = list(zip(then, now, strict=True))
    return Fates(
        np.array([a.mean() for a, _ in pairs]),
        np.array([(b & ~a).mean() for a, b in pairs]),
        np.array([(a & ~b).mean() for a, b in pairs]),
    )


def effectively_dead(trace: Trace, *, below: float = 0.05) -> Floats:
    """Return the share of effectively dead units in each hidden layer: (layers,).

    A unit is effectively dead if the mean of |g′(z)| over the examples is below ``below`` times
    the largest |g′|: of what the loss tells it, less than that share comes through, by any
    activation. For ReLU it counts dead units (mean 0) and those that are on for fewer than 5 % of
    the examples; a Leaky ReLU unit with z < 0 everywhere has mean slope α, so α = 0.01 leaves it
    effectively dead though its gradient is not 0.

    Notes
    -----
    The word "dormant" is related but measures small activations, not small slopes (Sokar et al.,
    The dormant neuron phenomenon in deep reinforcement learning, 2023).

    Examples
    --------
    >>> from helpers.networks import Network
    >>> network = Network([1, 4, 1], "leaky_relu", np.random.default_rng(0), bias=-9.0)
    >>> effectively_dead(network.forward([[1.0], [-1.0]]))
    array([1.])
    """
    limit = below * _largest_slope(trace)
    return np.array([np.mean(np.abs(p).mean(axis=0) < limit) for p in trace.prime])


def saturation(trace: Trace, *, below: float = 0.05) -> Floats:
    """Return the share of saturated numbers in each hidden layer: (layers,).

    A unit is saturated on an example if |g′(z)| is below ``below`` times the largest |g′|. For
    ReLU these are the zeros.

    Examples
    --------
    >>> from helpers.networks import Network
    >>> network = Network([1, 4, 1], "sigmoid", np.random.default_rng(0), bias=9.0)
    >>> saturation(network.forward([[1.0], [-1.0]]))
    array([1.])
    """
    limit = below * _largest_slope(trace)
    return np.array([np.mean(np.abs(p) < limit) for p in trace.prime])


def _largest_slope(trace: Trace) -> float:
    """Return the largest |g′| between -30 and 30, of whatever activation and parameter."""
    z = np.linspace(-30, 30, 6001)
    return np.abs(value_and_prime(trace.activation, z, *trace.parameters)[1]).max()


def parameter_gradient(
    network: Network,
    x: npt.ArrayLike,
    targets: npt.ArrayLike,
    by_parameter: Callable[..., Any],
) -> float:
    """Return ∂L/∂a for the one parameter a that all hidden units share, as in PReLU.

    ∂L/∂a = Σ ∂L/∂h · ∂g/∂a over examples, units and layers, where ∂L/∂hₗ = δₗ₊₁ Wₗ₊₁ᵀ.

    Parameters
    ----------
    by_parameter
        ∂g/∂a as a function of z and a: `leaky_relu_slope_prime` for PReLU.

    References
    ----------
    He, Zhang, Ren, Sun, Delving deep into rectifiers (2015).

    Examples
    --------
    >>> from helpers.activations import leaky_relu_slope_prime
    >>> from helpers.networks import Network, circles
    >>> network = Network([2, 8, 2], "leaky_relu", np.random.default_rng(0), parameters=0.25)
    >>> x, labels = circles(50, np.random.default_rng(1))
    >>> float(parameter_gradient(network, 0 * x, labels, leaky_relu_slope_prime))  # all z are 0
    0.0
    """
    z, deltas = network.forward(x).z, network.gradients(x, targets).deltas
    layers = zip(z, deltas[1:], network.weights[1:], strict=True)
    return sum(np.sum(d @ w.T * by_parameter(z, *network.parameters)) for z, d, w in layers)


def chain_products(
    activation: str | Activation,
    weights: npt.ArrayLike,
    x: float = 0.0,
    *,
    biases: npt.ArrayLike = 0.0,
    parameters: float | Sequence[float] = (),
) -> Floats:
    """Return the derivatives of a chain of one-unit layers by its input: (layers,).

    hₗ = g(zₗ), zₗ = wₗ hₗ₋₁ + bₗ, h₀ = x, so dhₗ/dx = w₁ g′(z₁) · … · wₗ g′(zₗ) for l = 1, 2, ….
    Limit: with a constant factor w g′, the product is (w g′)ˡ.

    Parameters
    ----------
    activation, parameters
        Those of `Network`.
    weights, biases
        One weight a layer, (layers,); one bias for all layers, or one a layer.
    x
        The input.

    Examples
    --------
    >>> chain_products("sigmoid", [4.0] * 3, 0.5, biases=-2.0)  # every z is 0, every w g′ is 1
    array([1., 1., 1.])
    """
    all_w = np.asarray(weights, dtype=float)
    h, factors = float(x), []
    for w, b in zip(all_w, np.broadcast_to(biases, all_w.shape), strict=True):
        h, slope = value_and_prime(activation, w * h + b, *np.atleast_1d(parameters).tolist())
        factors.append(w * slope)
    return np.cumprod(factors)


def gaussian_mean(f: Callable[[Floats], Floats]) -> float:
    """Return E[f(z)] for a standard normal z, to about 13 digits.

    ∫ f(z) exp(-z²/2)/√(2π) dz by Gauss-Legendre quadrature on both sides of 0: f may have a kink
    or a jump at 0, has to be smooth elsewhere and to grow no faster than a polynomial.

    Examples
    --------
    >>> relu_squared = gaussian_mean(lambda z: np.maximum(z, 0) ** 2)
    >>> print(f"{relu_squared:.12f}")
    0.500000000000
    """
    nodes, weights = np.polynomial.legendre.leggauss(100)
    z = 6 * (nodes + 1)  # from 0 to 12, where the density is 1e-32
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return float(6 * np.sum(weights * density * (f(z) + f(-z))))
