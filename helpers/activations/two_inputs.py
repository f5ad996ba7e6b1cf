"""Activations of two inputs: the gated linear units, and Maxout of two.

Each takes u and v, which two sets of weights make of the same layer, and has two slopes, ∂g/∂u and
∂g/∂v. The promises are those of `helpers.activations.contract`, for both inputs: the result has
their common shape, and the dtype of u.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations.contract import Floats, kernel
from helpers.activations.table import ACTIVATIONS
from helpers.language import value_error

__all__ = ["TWO_INPUTS", "TwoInputs", "gated", "gated_slopes", "maxout", "maxout_slopes"]


def gated(u: npt.ArrayLike, v: npt.ArrayLike, gate: str = "sigmoid") -> Any:
    """Let u through a gate that another input, v, opens.

    g(u, v) = u G(v), where G is an activation of the table: GLU with the sigmoid, ReGLU, GEGLU and
    SwiGLU with ReLU, GELU and SiLU. u = v with the sigmoid is SiLU.

    Parameters
    ----------
    u, v : array_like
        Real numbers of shapes that broadcast.
    gate
        A key of `ACTIVATIONS`: G, with its usual parameter.

    Returns
    -------
    ndarray or scalar
        Of the common shape, of the dtype of u where that is one of floats.

    Raises
    ------
    TypeError
        u or v is not real numbers.
    ValueError
        The shapes do not fit, or there is no such gate.

    Notes
    -----
    Error at most 1 ulp more than that of G(v), while G(v) is a normal number. Where one factor is
    0 and the other infinite, what g tends to depends on the way, and nan is returned.

    References
    ----------
    Dauphin, Fan, Auli, Grangier, Language modeling with gated convolutional networks (2016),
    arXiv:1612.08083. Shazeer, GLU variants improve transformer (2020), arXiv:2002.05202.

    Examples
    --------
    >>> gated([1.0, 2.0], [0.0, 2.0])
    array([0.5       , 1.76159416])
    """
    value, _, _ = _kernels(gate)
    return value(u, v)


def gated_slopes(u: npt.ArrayLike, v: npt.ArrayLike, gate: str = "sigmoid") -> tuple[Any, Any]:
    """Return the slopes of `gated` with respect to u and to v.

    ∂g/∂u = G(v) and ∂g/∂v = u G′(v): one is the gate itself, so a gradient reaches u wherever the
    gate is open, and v wherever u is not 0.

    Parameters, returns (two of them), errors and notes are those of `gated`.

    References
    ----------
    Dauphin, Fan, Auli, Grangier, as `gated` (2016): the way through u is not damped by a slope.

    Examples
    --------
    >>> gated_slopes(2.0, 0.0)
    (np.float64(0.5), np.float64(0.5))
    """
    _, by_u, by_v = _kernels(gate)
    return by_u(u, v), by_v(u, v)


@functools.cache
def _kernels(gate: str) -> tuple[Callable, Callable, Callable]:
    """Return g, ∂g/∂u and ∂g/∂v, rounded once each."""
    if gate not in ACTIVATIONS:
        told = "gate must be one of {known}, got {gate!r}"
        raise value_error(told, known=", ".join(ACTIVATIONS), gate=gate)
    G, slope = (inspect.unwrap(f) for f in (ACTIVATIONS[gate].value, ACTIVATIONS[gate].prime))

    @kernel
    def value(u: Floats, v: Any) -> Floats:
        return u * G(_like(u, v))

    @kernel
    def by_u(u: Floats, v: Any) -> Floats:
        return G(_like(u, v))

    @kernel
    def by_v(u: Floats, v: Any) -> Floats:
        return u * slope(_like(u, v))

    return value, by_u, by_v


def _like(u: Floats, v: Any) -> Floats:
    return np.array(np.broadcast_to(v, u.shape), np.float64)  # a formula may write to it


@kernel
def maxout(u: Floats, v: Any) -> Floats:
    """Let the larger of two inputs through.

    g(u, v) = max(u, v). ReLU for v = 0, |u| for v = -u. Of more than two: maxout(maxout(u, v), w).

    Notes
    -----
    Exact.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville, Bengio, Maxout networks (2013), arXiv:1302.4389.

    Examples
    --------
    >>> maxout([-1.0, 2.0], [3.0, 0.0])
    array([3., 2.])
    """
    return np.maximum(u, v)


def maxout_slopes(u: npt.ArrayLike, v: npt.ArrayLike) -> tuple[Any, Any]:
    """Return the slopes of Maxout with respect to u and to v: (1, 0) or (0, 1).

    For u = v the kink takes (0, 1), so that u against 0 has the slopes of ReLU. Any (m, 1 - m)
    with 0 ≤ m ≤ 1 is a subgradient there; the left slopes of both inputs, (0, 0), are none.

    Notes
    -----
    Exact.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville, Bengio (2013).

    Examples
    --------
    >>> maxout_slopes([-1.0, 2.0, 1.0], [3.0, 0.0, 1.0])
    (array([0., 1., 0.]), array([1., 0., 1.]))
    """
    return _u_larger(u, v), 1 - _u_larger(u, v)


@kernel
def _u_larger(u: Floats, v: Any) -> Floats:
    return np.where(np.isnan(u) | np.isnan(v), np.nan, u > v)


# --- The table ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class TwoInputs:
    """An activation of two inputs, g(u, v), and what is known about it.

    Attributes
    ----------
    summary
        What it does, in a sentence.
    value, slopes
        g, and (∂g/∂u, ∂g/∂v), as functions of u and v.
    expression, latex
        g in the notation of `helpers.derivation.parse`, and for print.
    slopes_written
        Both slopes in that notation; tests prove them equal to the derivatives.
    used, seen_in, source
        Where it is met, the publication that says so, and the one where it comes from.

    Examples
    --------
    >>> print(TWO_INPUTS["maxout"].value(2.0, 3.0))
    3.0
    """

    summary: str
    value: Callable[..., Any]
    slopes: Callable[..., tuple[Any, Any]]
    expression: str
    latex: str
    slopes_written: tuple[str, str]
    used: str
    seen_in: str
    source: str


def _gated_unit(gate: str, G: str, latex: str, slope: str, **said: str) -> TwoInputs:
    return TwoInputs(
        summary=f"Let u through a gate that v opens by {said.pop('by')}.",
        value=functools.partial(gated, gate=gate),
        slopes=functools.partial(gated_slopes, gate=gate),
        expression=f"u*{G}",
        latex=rf"u \cdot {latex}",
        slopes_written=(G, f"u*{slope}"),
        **said,
    )


_SHAZEER = "Shazeer, GLU variants improve transformer (2020), arXiv:2002.05202."

TWO_INPUTS: Mapping[str, TwoInputs] = MappingProxyType(
    {
        "glu": _gated_unit(
            *("sigmoid", "sigmoid(v)", r"\sigma(v)", "sigmoid(v)*(1 - sigmoid(v))"),
            by="a sigmoid",
            used="Conformer, which turns speech into text.",
            seen_in="Gulati et al., Conformer (2020), arXiv:2005.08100.",
            source="Dauphin, Fan, Auli, Grangier, Language modeling with gated convolutional "
            "networks (2016), arXiv:1612.08083.",
        ),
        "reglu": _gated_unit(
            *("relu", "max(v, 0)", r"\max(v, 0)", "step(v)"),
            by="ReLU",
            used="Beside GEGLU and SwiGLU in the comparison that named all three.",
            seen_in=_SHAZEER,
            source=_SHAZEER,
        ),
        "geglu": _gated_unit(
            *("gelu", "v*Phi(v)", r"v\,\Phi(v)", "(Phi(v) + v*phi(v))"),
            by="GELU",
            used="Gemma, in the feed-forward layers of the transformer.",
            seen_in="Gemma Team, Gemma (2024), arXiv:2403.08295.",
            source=_SHAZEER,
        ),
        "swiglu": _gated_unit(
            *("silu", "v*sigmoid(v)", r"v\,\sigma(v)"),
            "sigmoid(v)*(1 + v*(1 - sigmoid(v)))",
            by="SiLU",
            used="PaLM and LLaMA, in the feed-forward layers of the transformer.",
            seen_in="Chowdhery et al., PaLM (2022), arXiv:2204.02311; Touvron et al., LLaMA "
            "(2023), arXiv:2302.13971.",
            source=_SHAZEER,
        ),
        "maxout": TwoInputs(
            summary="Let the larger of two inputs through.",
            value=maxout,
            slopes=maxout_slopes,
            expression="max(u, v)",
            latex=r"\max(u, v)",
            slopes_written=("step(u - v)", "step(v - u)"),
            used="Image networks with dropout; each output costs two sets of weights.",
            seen_in="Goodfellow et al., Maxout networks (2013), arXiv:1302.4389.",
            source="Goodfellow, Warde-Farley, Mirza, Courville, Bengio, Maxout networks (2013), "
            "arXiv:1302.4389.",
        ),
    }
)
