"""An activation's value and slope at once: what a network needs."""

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations.contract import (
    BLOCK,
    Floats,
    Lent,
    Pair,
    arguments,
    compute,
    fresh,
    result_dtype,
)
from helpers.activations.lookup import known_activation
from helpers.activations.table import ACTIVATIONS, Activation
from helpers.language import value_error


def value_and_prime(
    name: str | Activation,
    z: npt.ArrayLike,
    *params: npt.ArrayLike,
    out: Sequence[np.ndarray] | None = None,
    **named: npt.ArrayLike,
) -> tuple[Any, Any]:
    """Return (g(z), g′(z)) at once, for little more than the price of one.

    g and g′ share an exponential where that saves one.

    Parameters
    ----------
    name
        A key of ACTIVATIONS, one of their kernels, or an Activation of your own.
    z, *params, **named
        The pre-activations, of any shape, and the parameter, as the kernels take them: one number,
        or an array that broadcasts with z.
    out
        Two arrays (g, g_prime) to write to and to return, instead of fresh ones, which cost more
        than the mathematics from a million numbers on. They must have the shape of z and the
        dtype of the result, be writable, and share no memory with z or with each other.

    Returns
    -------
    g, g_prime : ndarray or scalar
        What the two kernels return, each of the shape of z.

    Raises
    ------
    ValueError
        The name is not in the table, or `out` does not fit.
    TypeError
        z or a parameter is not real.

    Examples
    --------
    >>> g, g_prime = value_and_prime("sigmoid", [0.0, 2.0])
    >>> g_prime
    array([0.25      , 0.10499359])
    >>> value_and_prime("leaky_relu", [[-3.0, -3.0]], [0.1, 0.25])[1]  # PReLU: a slope a unit
    array([[0.1 , 0.25]])
    """
    activation = name if isinstance(name, Activation) else known_activation(name)[1]
    array, numbers = arguments(activation.value, (z, *params), named)
    pair = activation.pair or _both(activation)
    lent = (None, None) if out is None else _checked_out(out, array)
    g, g_prime = compute(pair, array, numbers, lent)
    return (g[()], g_prime[()]) if out is None else (g, g_prime)


def pair_of_floats(
    name: str | Activation, z: Floats, parameters: Iterable[Any] = ()
) -> tuple[Floats, Floats]:
    """Return (g(z), g′(z)) for a z that needs no check: what a network asks at each step.

    The same numbers as those of `value_and_prime`, in half the time where z is small.

    Parameters
    ----------
    name
        What `value_and_prime` takes.
    z
        Float64, of one dimension or more.
    parameters
        Numbers that fit z. Whoever calls has seen to it, and silences floating-point flags.

    Returns
    -------
    g, g_prime : ndarray
        Fresh arrays of the shape of z.

    Examples
    --------
    >>> pair_of_floats("leaky_relu", np.array([-3.0, 2.0]), [0.1])
    (array([-0.3,  2. ]), array([0.1, 1. ]))
    """
    activation = ACTIVATIONS[name] if isinstance(name, str) else name
    pair = activation.pair
    if pair is None or z.size > BLOCK:
        return value_and_prime(activation, z, *parameters)
    g, g_prime = pair(z, *parameters)
    return (g, g_prime) if activation is not name else (fresh(g, z), fresh(g_prime, z))


def _both(activation: Activation) -> Pair:
    """Return the pair of an activation without one, from the formulas inside its functions."""
    value, prime = inspect.unwrap(activation.value), inspect.unwrap(activation.prime)

    def pair(*z_and_parameters: Any, out: Lent) -> tuple[Floats, Floats]:
        return value(*z_and_parameters), prime(*z_and_parameters)

    return pair


def _checked_out(out: Any, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not (isinstance(out, (tuple, list)) and len(out) == 2):
        told = "out must be a pair (g, g_prime) of arrays, got {kind}"
        raise value_error(told, kind=type(out).__name__)
    g, g_prime = out
    dtype = result_dtype(z)
    _check_target("g", g, z, dtype)
    _check_target("g_prime", g_prime, z, dtype)
    if _share_memory(g, g_prime):
        raise value_error("out: g and g_prime must be two arrays that share no memory")
    return g, g_prime


def _check_target(name: str, array: Any, z: np.ndarray, dtype: np.dtype) -> None:
    if not isinstance(array, np.ndarray):
        told = "out: {name} must be an array, got {kind}"
        raise value_error(told, name=name, kind=type(array).__name__)
    if array.shape != z.shape or array.dtype != dtype:
        raise value_error(
            "out: {name} must have shape {z.shape} and dtype {dtype}, "
            "got shape {array.shape} and dtype {array.dtype}",
            **{"name": name, "z": z, "dtype": dtype, "array": array},
        )
    if not array.flags.writeable:
        told = "out: {name} must be writable, got a read-only array"
        raise value_error(told, name=name)
    if _share_memory(array, z):
        told = "out: {name} must not share memory with z, which is never changed"
        raise value_error(told, name=name)


def _share_memory(a: np.ndarray, b: np.ndarray) -> bool:
    """Tell whether two arrays overlap: two that own their memory do not, unless they are one."""
    owners = a.base is None and b.base is None
    return a is b or (not owners and np.shares_memory(a, b))
