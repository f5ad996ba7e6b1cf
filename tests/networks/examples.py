"""A small network with data, for the tests of this room."""

import numpy as np

from helpers.networks import Network


def small_network(activation, seed=0, parameters=(), **more):
    rng = np.random.default_rng(seed)
    widths = [5, 7, 6, 3]
    network = Network(widths, activation, rng, init=1.3, bias=0.1, parameters=parameters, **more)
    return network, rng.normal(size=(11, 5)), rng.integers(3, size=11), rng
