"""Activations whose shape a network learns: a few numbers a layer, trained like its weights.

hₗ = g(zₗ, cₗ)              c: K numbers, shared by all units of a layer
∂L/∂cₗ = Σ m · ∂g/∂c         over examples and units, with m = ∂L/∂hₗ = δₗ₊₁ Wₗ₊₁ᵀ
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations import leaky_relu_slope_prime, pair_of_floats, relu, sigmoid_prime
from helpers.networks.checks import Floats
from helpers.networks.network import Network, Trace

KNOTS = np.linspace(-4.0, 4.0, 9)


@dataclass(frozen=True)
class Curve:
    """A family of activations g(z, c).

    Attributes
    ----------
    start
        The numbers c of every layer before training, (K,).
    both
        ``both(z, c)`` returns g and ∂g/∂z, each of the shape of z, (examples, units).
    back
        ``back(z, c, message)`` returns ∂L/∂c, (K,), where ``message`` is ∂L/∂g.
    """

    start: Floats
    both: Callable[[Floats, Floats], tuple[Floats, Floats]]
    back: Callable[[Floats, Floats, Floats], Floats]


def prelu_curve(a: float = 0.0) -> Curve:
    """Return PReLU, z for z > 0 and c z otherwise: one number a layer, a before training.

    References
    ----------
    He, Zhang, Ren, Sun, Delving deep into rectifiers (2015).

    Examples
    --------
    >>> prelu_curve(0.25).back(np.array([[-2.0, 3.0]]), np.array([0.25]), np.ones((1, 2)))
    array([-2.])
    """
    return Curve(
        np.array([a]),
        lambda z, c: pair_of_floats("leaky_relu", z, c),
        lambda z, c, message: np.array([np.sum(message * leaky_relu_slope_prime(z, c[0]))]),
    )


def swish_curve(beta: float = 1.0) -> Curve:
    """Return Swish, z σ(c z): one number a layer, beta before training. c = 1 is SiLU.

    References
    ----------
    Ramachandran, Zoph, Le, Searching for activation functions (2017).

    Examples
    --------
    >>> swish_curve().back(np.array([[2.0]]), np.array([0.0]), np.ones((1, 1)))  # z² σ′(0)
    array([1.])
    """
    return Curve(
        np.array([beta]),
        lambda z, c: pair_of_floats("swish", z, c),
        lambda z, c, message: np.array([np.sum(message * z**2 * sigmoid_prime(c[0] * z))]),
    )


def spline_curve(start: Callable[[Floats], Any] = relu, knots: npt.ArrayLike = KNOTS) -> Curve:
    """Return the straight pieces between heights c at ``knots``, which are learned.

    Between the knots t₁ < t₂ a z at the share u = (z - t₁)/(t₂ - t₁) of the way has the value
    (1 - u) c₁ + u c₂, so that c₁ hears 1 - u of the message and c₂ hears u. Beyond the outermost
    knots the last pieces go on. At a knot the slope is that of the right piece.

    Parameters
    ----------
    start
        The function whose values at the knots c is before training.
    knots
        (K,), ascending.

    References
    ----------
    Agostinelli, Hoffman, Sadowski, Baldi, Learning activation functions to improve deep neural
    networks (2014), with pieces of another form.

    Examples
    --------
    >>> bent = spline_curve()
    >>> bent.both(np.array([[-2.5, 1.25, 7.0]]), bent.start)[0]
    array([[0.  , 1.25, 7.  ]])
    >>> spline_curve(knots=[0.0, 1.0, 2.0]).back(np.array([[1.25]]), np.zeros(3), np.array([[8.0]]))
    array([0., 6., 2.])
    """
    t = np.asarray(knots, dtype=float)
    inner, width = t[1:-1], np.diff(t)

    def place(z: Floats) -> tuple[Any, Floats]:
        left = np.searchsorted(inner, z, side="right")
        return left, (z - t[left]) / width[left]

    def both(z: Floats, c: Floats) -> tuple[Floats, Floats]:
        left, u = place(z)
        return c[left] * (1 - u) + c[left + 1] * u, ((c[1:] - c[:-1]) / width)[left]

    def back(z: Floats, c: Floats, message: Floats) -> Floats:
        left, u = place(z)
        at = np.concatenate([left.ravel(), left.ravel() + 1])
        return _summed(at, np.concatenate([(message * (1 - u)).ravel(), (message * u).ravel()]), t)

    return Curve(np.array(start(t), dtype=float), both, back)


def factor_curve(groups: int = 1, activation: str = "relu") -> Curve:
    """Return an activation times a factor a group of units: ``groups`` numbers, no new shape.

    The weights that read such a layer could take the factors over, so a network with them computes
    nothing that it could not compute without: the control for a curve with as many numbers.

    Examples
    --------
    >>> factor_curve(2).both(np.array([[1.0, -1.0, 2.0, 3.0]]), np.array([1.0, 10.0]))[0]
    array([[ 1.,  0., 20., 30.]])
    """

    def group_of(z: Floats) -> npt.NDArray[np.intp]:
        """Return for each unit which group it belongs to."""
        return np.arange(z.shape[1]) * groups // z.shape[1]

    def both(z: Floats, c: Floats) -> tuple[Floats, Floats]:
        value, slope = pair_of_floats(activation, z)
        factor = c[group_of(z)]
        return value * factor, slope * factor

    def back(z: Floats, c: Floats, message: Floats) -> Floats:
        of_each = (message * pair_of_floats(activation, z)[0]).sum(axis=0)
        return _summed(group_of(z), of_each, c)

    return Curve(np.ones(groups), both, back)


def _summed(at: npt.NDArray[np.intp], parts: Floats, like: Floats) -> Floats:
    """Return an array as long as ``like`` with the sum of the parts that belong at each place."""
    return np.asarray(np.bincount(at, parts, len(like)), dtype=float)


class CurveNetwork(Network):
    """A `Network` that learns its activation: each hidden layer has numbers c of its own.

    Parameters
    ----------
    widths, rng, **more
        Those of `Network`, but for its activation.
    curve
        The family, such as ``spline_curve()``.
    curves
        The numbers of each hidden layer, if others than the family's ``start``.
    learn
        Whether they are trained; without, the curves stay as they begin.

    Examples
    --------
    >>> network = CurveNetwork([64, 32, 32, 10], prelu_curve(), np.random.default_rng(0), init="he")
    >>> [c.tolist() for c in network.learned]
    [[0.0], [0.0]]
    """

    def __init__(
        self,
        widths: Sequence[int],
        curve: Curve,
        rng: np.random.Generator,
        *,
        curves: Sequence[npt.ArrayLike] | None = None,
        learn: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(widths, "relu", rng, **more)
        begin = [curve.start] * (len(widths) - 2) if curves is None else curves
        self.curve, self.curves = curve, [np.array(c, dtype=float) for c in begin]
        self.learned = self.curves if learn else []

    def _activated(self, z: Floats, layer: int) -> tuple[Floats, Floats]:
        return self.curve.both(z, self.curves[layer])

    def _of_learned(self, trace: Trace, messages: list[Floats]) -> list[Floats]:
        if not self.learned:
            return []
        layers = zip(trace.z, self.curves, messages, strict=True)
        return [self.curve.back(*layer) for layer in layers]
