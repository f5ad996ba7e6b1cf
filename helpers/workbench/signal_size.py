"""What an activation does to the size of signals: E[g], E[g²], E[g′²] for z ~ N(0, 1)."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from helpers.activations import Activation, known_activation, value_and_prime
from helpers.derivation import FUNCTIONS
from helpers.language import gettext
from helpers.workbench.composing import Composition
from helpers.workbench.domain import branch_changes

_density = FUNCTIONS["phi"].in_numpy()  # of N(0, 1)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


class Moments(NamedTuple):
    """What an activation does to z ~ N(0, 1).

    Attributes
    ----------
    mean, square, slope_square
        E[g], E[g²] and E[g′²].

    Examples
    --------
    >>> print(f"{moments('relu').gain ** 2:.9f}")
    2.000000000
    """

    mean: float
    square: float
    slope_square: float

    @property
    def gain(self) -> float:
        """1/√E[g′²]: weights of standard deviation gain/√n keep the size of δ, with n = fan_out."""
        if self.slope_square == 0:
            raise ArithmeticError(gettext("no gain: E[g′²] is 0, and no weights make up for that"))
        return self.slope_square**-0.5


def moments(activation: str | Activation | Callable, **parameters: Any) -> Moments:
    """Compute E[g], E[g²] and E[g′²] for z ~ N(0, 1), to 9 digits or better.

    Parameters
    ----------
    activation
        A name of ACTIVATIONS, one of their kernels, or an `Activation`.
    **parameters
        Its parameters, where they are not the default.

    Raises
    ------
    ArithmeticError
        There is no mean, because g grows too fast, or it cannot be found.

    Notes
    -----
    Gauss-Legendre quadrature from -12 to 12, split at the kinks, with panels halved until two
    results agree.

    Examples
    --------
    >>> print("{:.7f} {:.7f} {:.7f}".format(*moments("tanh")))
    0.0000000 0.3942945 0.4644029
    """
    _, known = known_activation(activation)
    splits: Sequence[float] = known.kinks
    if isinstance(known, Composition):
        splits = branch_changes(known.tree, {**dict(known.defaults), **parameters}, 12.0)

    def integrals(pieces: int) -> np.ndarray:
        edges = np.unique([*np.linspace(-12, 12, 24 * pieces + 1), *splits])
        middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
        z = middle[:, None] + half[:, None] * _NODES
        g, slope = value_and_prime(known, z, **parameters)
        weights = half[:, None] * _WEIGHTS * _density(z)
        sums = [np.sum(weights * f) for f in (g, g**2, slope**2)]
        at_end = max(np.abs(np.stack([g, g**2, slope**2]) * _density(z))[:, [0, -1]].ravel())
        return np.array(sums) if at_end < 1e-9 else np.full(3, np.nan)

    pieces, coarse = 1, integrals(1)
    while pieces < 64:
        pieces *= 2
        fine = integrals(pieces)
        if np.all(np.abs(fine - coarse) <= 1e-10 * (1 + np.abs(fine))):
            return Moments(*map(float, fine))
        coarse = fine
    raise ArithmeticError(
        gettext(
            "no mean found for {activation!r}: it grows or turns too fast", activation=activation
        )
    )
