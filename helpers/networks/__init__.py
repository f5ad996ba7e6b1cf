"""A small dense network in NumPy, its training, and instruments to look inside.

    network        Network: forward pass and gradients; the symbols
    training       train, by stochastic gradient descent
    measurements   accuracy, dead units, saturation, … one number a layer; theory by numbers
    interventions  break or repair one direction, forward or backward
    evidence       paired_difference: how large a difference is, and how certain
    datasets       handwritten digits, circles, spirals

Everything random takes a `numpy.random.Generator`, so a run can be repeated.
"""

from helpers.networks.datasets import circles, load_digits, spiral, split
from helpers.networks.evidence import PairedDifference, paired_difference
from helpers.networks.interventions import last_layer, scale_slopes, standardise
from helpers.networks.measurements import (
    Fates,
    accuracy,
    chain_products,
    dead_units,
    effectively_dead,
    fates,
    gaussian_mean,
    image_directions,
    image_spread,
    parameter_gradient,
    rms,
    saturation,
)
from helpers.networks.network import INITIALISATIONS, LOSSES, Gradients, Network, Trace
from helpers.networks.training import Diverged, train

__all__ = [
    "INITIALISATIONS",
    "LOSSES",
    "Diverged",
    "Fates",
    "Gradients",
    "Network",
    "PairedDifference",
    "Trace",
    "accuracy",
    "chain_products",
    "circles",
    "dead_units",
    "effectively_dead",
    "fates",
    "gaussian_mean",
    "image_directions",
    "image_spread",
    "last_layer",
    "load_digits",
    "paired_difference",
    "parameter_gradient",
    "rms",
    "saturation",
    "scale_slopes",
    "spiral",
    "split",
    "standardise",
    "train",
]
