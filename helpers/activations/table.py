"""The table of all activations: g, g′, and what is known about them; g and g′ at once.

The formulas stand in `helpers.kernels` and `helpers.relatives` and are offered here too:
`from helpers.activations import sigmoid, sigmoid_prime, value_and_prime`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from helpers.activations import kernels, relatives
from helpers.activations.kernels import (
    arguments,
    empty_like,
    fill,
    leaky_relu,
    leaky_relu_prime,
    leaky_relu_slope_prime,
    relu,
    relu_prime,
    result_dtype,
    sigmoid,
    sigmoid_prime,
    tanh,
    tanh_prime,
)
from helpers.activations.relatives import (
    elu,
    elu_prime,
    gelu,
    gelu_prime,
    gelu_tanh,
    gelu_tanh_prime,
    mish,
    mish_prime,
    selu,
    selu_prime,
    silu,
    silu_prime,
    softplus,
    softplus_prime,
    softsign,
    softsign_prime,
    swish,
    swish_prime,
)

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "MaxPrime",
    "Parameter",
    "elu",
    "elu_prime",
    "gelu",
    "gelu_prime",
    "gelu_tanh",
    "gelu_tanh_prime",
    "leaky_relu",
    "leaky_relu_prime",
    "leaky_relu_slope_prime",
    "mish",
    "mish_prime",
    "relu",
    "relu_prime",
    "selu",
    "selu_prime",
    "sigmoid",
    "sigmoid_prime",
    "silu",
    "silu_prime",
    "softplus",
    "softplus_prime",
    "softsign",
    "softsign_prime",
    "swish",
    "swish_prime",
    "tanh",
    "tanh_prime",
    "value_and_prime",
]


@dataclass(frozen=True)
class Parameter:
    """A number that shapes an activation, such as the slope of Leaky ReLU.

    `name` is the keyword of the kernels, `symbol` what formulas and sliders show; `low`, `high`
    and `step` span a slider.

    >>> Parameter("beta", "β", default=1.0, low=0.5, high=4.0, step=0.5).symbol
    'β'
    """

    name: str
    symbol: str
    default: float = 1.0
    low: float = 0.0
    high: float = 2.0
    step: float = 0.1


class MaxPrime(NamedTuple):
    """The largest slope of an activation and the places `at` which it is reached.

    `at` is None where the places fill a half-line, as for ReLU, whose slope is 1 for all z > 0,
    and empty where `value` is a limit that no slope reaches, as for softplus.
    """

    value: float
    at: tuple[float, ...] | None


@dataclass(frozen=True)
class Activation:
    """An activation g, its derivative g′, and what is known about them.

    `value` and `prime` are functions of z and of the parameter, if there is one, and work on
    arrays. `expression` is g in the notation of `helpers.notation`, `latex` the same for print.
    `kinks` are the places without a derivative (for ELU at any α but 1). `value_range` is the
    infimum and supremum of g, `max_prime` the largest g′ and its places; both for the default
    parameter.
    `prime_from_value` gives g′ from g (and the parameter) where g alone determines it.
    `pair` is for `value_and_prime`, where g and g′ share work: pair(z, parameter, out) writes
    both to the arrays out[0] and out[1], all of float64.

    A lesson builds its own variants, and only the first two fields are needed:

    >>> steep = Activation(
    ...     value=lambda z, beta=2.0: sigmoid(beta * z),
    ...     prime=lambda z, beta=2.0: beta * sigmoid_prime(beta * z),
    ...     parameter=Parameter("beta", "β", default=2.0, low=0.5, high=4.0, step=0.5),
    ... )
    >>> steep.prime(0.0, 4.0)
    np.float64(1.0)
    """

    value: Callable
    prime: Callable
    expression: str = ""
    latex: str = ""
    parameter: Parameter | None = None
    kinks: tuple[float, ...] = ()
    value_range: tuple[float, float] = (-inf, inf)
    max_prime: MaxPrime | None = None
    prime_from_value: Callable | None = None
    pair: Callable | None = None


ACTIVATIONS = MappingProxyType(
    {
        "sigmoid": Activation(
            value=sigmoid,
            prime=sigmoid_prime,
            expression="1/(1 + exp(-z))",
            latex=r"\frac{1}{1 + e^{-z}}",
            value_range=(0.0, 1.0),
            max_prime=MaxPrime(0.25, at=(0.0,)),
            prime_from_value=kernels.sigmoid_prime_from_value,
            pair=kernels.sigmoid_pair,
        ),
        "tanh": Activation(
            value=tanh,
            prime=tanh_prime,
            expression="tanh(z)",
            latex=r"\tanh z",
            value_range=(-1.0, 1.0),
            max_prime=MaxPrime(1.0, at=(0.0,)),
            prime_from_value=kernels.tanh_prime_from_value,
            pair=kernels.tanh_pair,
        ),
        "relu": Activation(
            value=relu,
            prime=relu_prime,
            expression="max(z, 0)",
            latex=r"\max(z, 0)",
            kinks=(0.0,),
            value_range=(0.0, inf),
            max_prime=MaxPrime(1.0, at=None),
            prime_from_value=kernels.relu_prime_from_value,
        ),
        "leaky_relu": Activation(
            value=leaky_relu,
            prime=leaky_relu_prime,
            expression="max(z, 0) + α*min(z, 0)",
            latex=r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}",
            parameter=Parameter("negative_slope", "α", default=0.01, low=-1.0, high=2.0, step=0.01),
            kinks=(0.0,),
            max_prime=MaxPrime(1.0, at=None),
            prime_from_value=kernels.leaky_relu_prime_from_value,
        ),
        "elu": Activation(
            value=elu,
            prime=elu_prime,
            expression="max(z, 0) + α*(exp(min(z, 0)) - 1)",
            latex=r"\begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}",
            parameter=Parameter("alpha", "α", default=1.0, low=0.0, high=2.0, step=0.05),
            kinks=(0.0,),
            value_range=(-1.0, inf),
            max_prime=MaxPrime(1.0, at=None),
            prime_from_value=relatives.elu_prime_from_value,
        ),
        "selu": Activation(
            value=selu,
            prime=selu_prime,
            expression="1.0507009873554805*(max(z, 0) + 1.6732632423543772*(exp(min(z, 0)) - 1))",
            latex=r"\lambda \begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}",
            kinks=(0.0,),
            value_range=(-1.7580993408473766, inf),
            max_prime=MaxPrime(1.7580993408473766, at=(0.0,)),
            prime_from_value=relatives.selu_prime_from_value,
        ),
        "softplus": Activation(
            value=softplus,
            prime=softplus_prime,
            expression="log(1 + exp(β*z))/β",
            latex=r"\frac{1}{\beta} \ln(1 + e^{\beta z})",
            parameter=Parameter("beta", "β", default=1.0, low=0.25, high=10.0, step=0.25),
            value_range=(0.0, inf),
            max_prime=MaxPrime(1.0, at=()),
            prime_from_value=relatives.softplus_prime_from_value,
            pair=relatives.softplus_pair,
        ),
        "softsign": Activation(
            value=softsign,
            prime=softsign_prime,
            expression="z/(1 + abs(z))",
            latex=r"\frac{z}{1 + \lvert z \rvert}",
            value_range=(-1.0, 1.0),
            max_prime=MaxPrime(1.0, at=(0.0,)),
            prime_from_value=relatives.softsign_prime_from_value,
        ),
        "silu": Activation(
            value=silu,
            prime=silu_prime,
            expression="z*sigmoid(z)",
            latex=r"z \sigma(z)",
            value_range=(-0.2784645427610738, inf),
            max_prime=MaxPrime(1.099839320128867, at=(2.3993572805154675,)),
            pair=relatives.swish_pair,
        ),
        "swish": Activation(
            value=swish,
            prime=swish_prime,
            expression="z*sigmoid(β*z)",
            latex=r"z \sigma(\beta z)",
            parameter=Parameter("beta", "β", default=1.0, low=0.0, high=10.0, step=0.25),
            value_range=(-0.2784645427610738, inf),
            max_prime=MaxPrime(1.099839320128867, at=(2.3993572805154675,)),
            pair=relatives.swish_pair,
        ),
        "gelu": Activation(
            value=gelu,
            prime=gelu_prime,
            expression="z*(1 + erf(z/sqrt(2)))/2",
            latex=r"\frac{z}{2} (1 + \operatorname{erf}(\frac{z}{\sqrt{2}}))",
            value_range=(-0.16997120747990366, inf),
            max_prime=MaxPrime(1.1289041451851547, at=(1.4142135623730951,)),
            pair=relatives.gelu_pair,
        ),
        "gelu_tanh": Activation(
            value=gelu_tanh,
            prime=gelu_tanh_prime,
            expression="z*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z**3)))/2",
            latex=r"\frac{z}{2} (1 + \tanh(\sqrt{\frac{2}{\pi}} (z + 0.044715 z^3)))",
            value_range=(-0.17004075057125406, inf),
            max_prime=MaxPrime(1.1289930686587717, at=(1.4185040087908283,)),
            pair=relatives.gelu_tanh_pair,
        ),
        "mish": Activation(
            value=mish,
            prime=mish_prime,
            expression="z*tanh(log(1 + exp(z)))",
            latex=r"z \tanh(\ln(1 + e^z))",
            value_range=(-0.30884341301725043, inf),
            max_prime=MaxPrime(1.088498161251728, at=(1.4905711794854284,)),
            pair=relatives.mish_pair,
        ),
    }
)


def value_and_prime(name, z, *params, out=None, **named):
    """Return (g(z), g′(z)) at once: what a network needs, for little more than the price of one.

    `name` is a key of ACTIVATIONS, or an Activation of your own. z and the parameter are those
    of the kernels, so are the results; g and g′ share an exponential where that saves one.
    `out=(g, g_prime)`: two arrays to write to and to return, instead of fresh ones, which cost
    more than the mathematics from a million numbers on. They must have the shape of z and the
    dtype of the result, be writable, and share no memory with z or with each other.

    Raises ValueError for a name that is not in the table and for an `out` that does not fit,
    TypeError for a z or a parameter that is not real.

    >>> g, g_prime = value_and_prime("sigmoid", [0.0, 2.0])
    >>> g_prime
    array([0.25      , 0.10499359])
    >>> value_and_prime("leaky_relu", -3.0, 0.1)[1]
    np.float64(0.1)
    """
    activation = name if isinstance(name, Activation) else _look_up(name)
    z, params = arguments(activation.value, (z, *params), named)
    arrays = empty_like(z, 2) if out is None else _checked_out(out, z)
    blocks = getattr(activation.pair, "blocks", 1)
    g, g_prime = fill(arrays, _pair(activation, params), z, blocks)
    return (g[()], g_prime[()]) if out is None else (g, g_prime)


def _look_up(name):
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"unknown activation {name!r}; there are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def _pair(activation, params):
    """Return write(block, (g, g′)), from the formulas inside the kernels."""
    if activation.pair:
        return lambda block, out: activation.pair(block, *params, out)
    value, prime = inspect.unwrap(activation.value), inspect.unwrap(activation.prime)

    def write(block, out):
        out[0][...] = value(block, *params)
        out[1][...] = prime(block, *params)

    return write


def _checked_out(out, z):
    dtype = result_dtype(z)
    if not (isinstance(out, (tuple, list)) and len(out) == 2):
        raise ValueError(f"out must be a pair (g, g_prime) of arrays, got {type(out).__name__}")
    for name, array in zip(("g", "g_prime"), out, strict=True):
        if not isinstance(array, np.ndarray):
            raise ValueError(f"out: {name} must be an array, got {type(array).__name__}")
        if array.shape != z.shape or array.dtype != dtype:
            raise ValueError(
                f"out: {name} must have shape {z.shape} and dtype {dtype}, "
                f"got shape {array.shape} and dtype {array.dtype}"
            )
        if not array.flags.writeable:
            raise ValueError(f"out: {name} must be writable, got a read-only array")
        if np.shares_memory(array, z):
            raise ValueError(f"out: {name} must not share memory with z, which is never changed")
    if np.shares_memory(*out):
        raise ValueError("out: g and g_prime must be two arrays that share no memory")
    return list(out)
