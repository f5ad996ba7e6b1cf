"""The activations: g and g′ as kernels that keep their digits, their table, and numeric slopes.

    kernels      sigmoid, tanh, ReLU, Leaky ReLU and their slopes
    relatives, gates, soft, hard   the rest, by family
    contract     what every kernel promises, and `kernel`, which makes one from a formula
    table        ACTIVATIONS: each by its name, with what is known about it
    lookup       which activation is meant by a name or a kernel
    pairs        g and g′ at once
    two_inputs   gated linear units and Maxout, with both partial derivatives, and their table
    logits       softmax, log-softmax, logsumexp along an axis, with their Jacobians
    few_bits     what is left of a number in bfloat16, or in less
    numerical_differentiation   by difference quotients, complex steps and dual numbers

NumPy alone is loaded.
"""

from helpers.activations import (
    few_bits,
    gates,
    hard,
    kernels,
    logits,
    numerical_differentiation,
    relatives,
    soft,
    table,
    two_inputs,
)
from helpers.activations.contract import kernel
from helpers.activations.few_bits import *
from helpers.activations.gates import *
from helpers.activations.hard import *
from helpers.activations.kernels import *
from helpers.activations.logits import *
from helpers.activations.lookup import known_activation
from helpers.activations.numerical_differentiation import *
from helpers.activations.pairs import pair_of_floats, value_and_prime
from helpers.activations.relatives import *
from helpers.activations.soft import *
from helpers.activations.table import *
from helpers.activations.two_inputs import *

__all__ = ["kernel", "known_activation", "pair_of_floats", "value_and_prime"]
__all__ += gates.__all__ + hard.__all__ + kernels.__all__ + logits.__all__ + relatives.__all__
__all__ += soft.__all__ + table.__all__ + two_inputs.__all__ + numerical_differentiation.__all__
__all__ += few_bits.__all__
