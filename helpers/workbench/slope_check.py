"""Compare a slope with the one that dual numbers find."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from helpers.activations import Activation, central_difference, dual_derivative
from helpers.derivation import Func, Neg, Num, Op, Sym, Tree, walk

_PLAIN: Mapping[str, Callable] = {
    **{"exp": np.exp, "ln": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "abs": np.absolute},
    "sigmoid": lambda u: (1 + np.tanh(u / 2)) / 2,  # where exp(-u) would overflow
    "softplus": lambda u: np.log1p(np.exp(-np.absolute(u))) + np.maximum(u, 0),
    "relu": lambda u: np.maximum(u, 0),
    "sinh": lambda u: (np.exp(u) - np.exp(-u)) / 2,
    "cosh": lambda u: (np.exp(u) + np.exp(-u)) / 2,
    "sech": lambda u: 2 / (np.exp(u) + np.exp(-u)),
    "step": lambda u: np.where(u > 0, 1.0 + 0 * u, 0 * u),
    "phi": lambda u: np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi),
}
_BY_OPERATOR: Mapping[str, Callable] = {
    **{"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power},
    **{"max": np.maximum, "min": np.minimum},
}


def compare_slopes(activation: Activation, tree: Tree, settings: Mapping[str, float]) -> str:
    """Compare g′ with the slope of the formula `tree` at 1000 places, and return a sentence.

    The places lie on no grid and away from kinks. Where a function has no dual number (erf,
    sin, …), central differences stand in.

    Raises
    ------
    ArithmeticError
        The two differ by more than rounding.
    """
    z = np.random.default_rng(0).uniform(-8, 8, 1000)
    z = z[np.all([np.abs(z - kink) > 1e-3 for kink in (*activation.kinks, np.inf)], axis=0)]
    known = all(f.name in _PLAIN for f in walk(tree) if isinstance(f, Func))
    with np.errstate(all="ignore"):
        if known:
            way, tolerance = "dual numbers", 1e-9
            slope = dual_derivative(lambda z: _textbook(tree, {**settings, "z": z}), z)
        else:
            way, tolerance = "central differences", 1e-5
            slope = central_difference(activation.value, z)
    prime = activation.prime(z)
    error = np.abs(prime - slope).max() / max(1.0, np.abs(prime).max())
    if not error < tolerance:
        worst = z[np.argmax(np.abs(prime - slope))]
        raise ArithmeticError(
            f"{activation!r}: g′ and {way} differ by {error:.1e} at z = {worst:g}"
        )
    return f"g′ agrees with {way} at {len(z)} places, to {error:.1e}"


def _textbook(tree: Tree, at: Mapping[str, Any]) -> Any:
    """Compute the formula as it stands, in operations that dual numbers know."""
    match tree:
        case Num(text):
            return float(text)
        case Sym("pi" | "e" as name):
            return getattr(math, name)
        case Sym(name):
            return at[name]
        case Neg(arg):
            return -_textbook(arg, at)
        case Func(name, arg):
            return _PLAIN[name](_textbook(arg, at))
        case Op(op, left, right):
            return _BY_OPERATOR[op](_textbook(left, at), _textbook(right, at))
    raise ValueError(f"our fault: {tree!r} has no value at a place")
