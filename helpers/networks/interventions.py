"""Interventions: break or repair one direction of a network, and leave the other as it is.

A measurement shows what goes together; only an intervention shows what does what.

    scale_slopes(g, 4.0)       the way back alone: the message is multiplied by 4 in every layer
    scale_slopes(g, 0.0)       the message is cut: hidden layers hear nothing, and stay as they are
    last_layer(network)        train the last layer alone, on what the hidden layers put out
    standardise(h, like=h)     the way forward alone: its mean, the size of its differences, or both
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations import Activation, pair_of_floats, value_and_prime
from helpers.networks.checks import Floats
from helpers.networks.network import Network


def scale_slopes(activation: str | Activation, factor: float, *parameters: float) -> Activation:
    """Return an activation with the same values, and ``factor`` times the slopes.

    Forward nothing changes. Backward every hidden layer multiplies δ by the factor once more, so
    with L hidden layers the message at the first is factorᴸ times what it was. The "gradients" are
    no longer those of the loss, on purpose. Limit: with factor 0 the hidden layers never move.
    ``parameters`` are those of the activation.

    Examples
    --------
    >>> g = scale_slopes("tanh", 0.25)  # as large as those of the sigmoid at 0
    >>> value_and_prime(g, [0.0, 1.0])
    (array([0.        , 0.76159416]), array([0.25      , 0.10499359]))
    """

    def both(z: Floats, **_lent: Any) -> tuple[Floats, Floats]:
        g, g_prime = pair_of_floats(activation, z, parameters)
        return g, factor * g_prime

    return Activation(
        lambda z: value_and_prime(activation, z, *parameters)[0],
        lambda z: factor * value_and_prime(activation, z, *parameters)[1],
        pair=both,
    )


def last_layer(network: Network) -> Network:
    """Return the last layer of a network as a network of its own, without hidden layers.

    Its inputs are the last hidden outputs, ``network.forward(x).h[-1]``. It shares the weights
    with ``network``: to train it is to train the network with its hidden layers frozen.

    Examples
    --------
    >>> from helpers.networks import circles, train
    >>> rng = np.random.default_rng(0)
    >>> x, labels = circles(200, rng)
    >>> network = Network([2, 40, 2], "relu", rng)
    >>> losses = train(last_layer(network), network.forward(x).h[-1], labels, rng, epochs=60)
    >>> bool(losses[-1] < losses[0])
    True
    """
    widths = network.weights[-1].shape
    last = Network(widths, network.activation, np.random.default_rng(0), loss=network.loss)
    last.parameters = network.parameters
    last.weights, last.biases = network.weights[-1:], network.biases[-1:]
    return last


def standardise(
    h: npt.ArrayLike, *, like: npt.ArrayLike, centre: bool = True, scale: bool = True
) -> Floats:
    """Return (h - mean)/standard deviation, unit by unit, both taken over the examples of ``like``.

    h and like are (examples, units). A unit that is the same on all examples of ``like`` becomes 0.
    Take the training examples for ``like``, so that test examples stay unseen.

    Its two halves are two interventions. With ``scale=False`` only the mean is subtracted: what
    all examples share is gone, and what differs keeps its size. With ``centre=False`` only the
    differences are scaled, to a standard deviation of 1, and the mean is kept: mean + (h - mean)/
    standard deviation. With neither nothing happens.

    Examples
    --------
    >>> h = np.array([[0.5001, 7.0], [0.4999, 7.0]])
    >>> standardise(h, like=h).round(6)
    array([[ 1.,  0.],
           [-1.,  0.]])
    >>> standardise(h, like=h, centre=False).round(6)
    array([[ 1.5,  7. ],
           [-0.5,  7. ]])
    """
    h, like = np.asarray(h, dtype=float), np.asarray(like, dtype=float)
    if not (centre or scale):
        return h
    mean, deviation = like.mean(axis=0), like.std(axis=0)
    apart = (h - mean) / np.where(deviation, deviation, np.inf) if scale else h - mean
    return apart if centre else mean + apart
