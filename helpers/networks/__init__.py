"""A small dense network in NumPy, its training, and instruments to look inside.

    network        Network: forward pass and gradients; the symbols
    transformer    Transformer: one block, with attention and a feed-forward part
    training       train, by stochastic gradient descent
    optimisers     Momentum, Adam: what becomes of a gradient
    measurements   accuracy, dead units, saturation, … one number a layer; theory by numbers
    curves         CurveNetwork: it learns its activation
    blocks         BlockNetwork: skip connections and norms, in one direction or in both
    normalising    layer norm and batch norm, and the way back through them
    interventions  break or repair one direction, forward or backward
    evidence       paired_difference, comparisons: how large a difference is, and how certain
    datasets       handwritten digits, circles, spirals

Everything random takes a `numpy.random.Generator`, so a run can be repeated.
"""

from helpers.networks.blocks import BlockNetwork
from helpers.networks.curves import (
    Curve,
    CurveNetwork,
    factor_curve,
    prelu_curve,
    spline_curve,
    swish_curve,
)
from helpers.networks.datasets import circles, load_digits, spiral, split
from helpers.networks.evidence import PairedDifference, comparisons, paired_difference
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
from helpers.networks.network import INITIALISATIONS, Gradients, Network, Trace
from helpers.networks.normalising import normalise, normalise_vjp
from helpers.networks.optimisers import Adam, Momentum
from helpers.networks.training import Diverged, train
from helpers.networks.transformer import Transformer

__all__ = [
    "INITIALISATIONS",
    "Adam",
    "BlockNetwork",
    "Curve",
    "CurveNetwork",
    "Diverged",
    "Fates",
    "Gradients",
    "Momentum",
    "Network",
    "PairedDifference",
    "Trace",
    "Transformer",
    "accuracy",
    "chain_products",
    "circles",
    "comparisons",
    "dead_units",
    "effectively_dead",
    "factor_curve",
    "fates",
    "gaussian_mean",
    "image_directions",
    "image_spread",
    "last_layer",
    "load_digits",
    "normalise",
    "normalise_vjp",
    "paired_difference",
    "parameter_gradient",
    "prelu_curve",
    "rms",
    "saturation",
    "scale_slopes",
    "spiral",
    "spline_curve",
    "split",
    "standardise",
    "swish_curve",
    "train",
]
