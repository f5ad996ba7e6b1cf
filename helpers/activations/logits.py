"""Softmax and its kin, which work on the numbers along an axis: the logits z₁ … zₙ of n classes.

The promises are those of `helpers.activations.contract`: dtype kept, no warning, exact limits.
Everything goes through dᵢ = zᵢ - max z, which leaves p as it is and never overflows, and through
rest = Σ exp(dᵢ) over all but one largest: the sum of all is 1 + rest, and ln(1 + rest) is log1p.

Symbols: z are the logits, p = softmax(z), u the upstream gradient ∂L/∂p, J = ∂p/∂z.
"""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations.contract import BLOCK, Floats, real_array
from helpers.language import type_error, value_error

__all__ = [
    "log_softmax",
    "log_softmax_vjp",
    "logsumexp",
    "softmax",
    "softmax_jacobian",
    "softmax_vjp",
]

Rows = Callable[..., Floats]  # from (rows, n) numbers to (rows, n), or to (rows,)


def softmax(z: npt.ArrayLike, axis: int = -1) -> Any:
    """Turn logits into probabilities that add up to 1.

    pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ). Of two logits it is the sigmoid: p₁ = sigmoid(z₁ - z₂). The same
    number added to all logits changes nothing. Limits: 1 for the only logit at +inf and 0 for
    the others, 0 for a logit at -inf; where two logits are at +inf, or all at -inf, what p tends
    to depends on the way, and nan is returned.

    Parameters
    ----------
    z : array_like
        Real numbers of any shape but 0-d.
    axis : int
        The axis along which the classes stand.

    Returns
    -------
    ndarray
        Of the shape of z, and of its dtype where that is one of floats.

    Raises
    ------
    TypeError
        z is not real numbers, or axis no integer.
    ValueError
        z has no such axis.

    Notes
    -----
    Error at most 4 ulp for up to 1000 classes, where exp(zᵢ - max z) alone loses hundreds of them
    far from the largest logit, because rounding zᵢ - max z at -700 is an error of 1e-13.

    References
    ----------
    Bridle, Probabilistic interpretation of feedforward classification network outputs (1990).
    Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions (2021).

    Examples
    --------
    >>> softmax([0.0, 1.0, 2.0])
    array([0.09003057, 0.24472847, 0.66524096])
    >>> softmax([1000.0, 1001.0, 1002.0])  # exp(1000) is inf
    array([0.09003057, 0.24472847, 0.66524096])
    """
    return _along(_softmax, axis, z=z)


def log_softmax(z: npt.ArrayLike, axis: int = -1) -> Any:
    """Return the logarithms of the probabilities of softmax.

    ln pᵢ = zᵢ - logsumexp(z). Cross-entropy is its negative at the right class. Limits: 0 for the
    only logit at +inf and -inf for the others; -inf for a logit at -inf; nan as in softmax.

    Parameters, returns and errors are those of `softmax`.

    Notes
    -----
    Error at most 4 ulp for up to 1000 classes: also where p is 1 to all digits, and where it
    underflows.

    References
    ----------
    Blanchard, Higham, Higham (2021).

    Examples
    --------
    >>> log_softmax([0.0, 1.0, 2.0])
    array([-2.40760596, -1.40760596, -0.40760596])
    >>> print(log_softmax([800.0, 0.0]), "but ln of softmax is", np.log(softmax([40.0, 0.0]))[0])
    [   0. -800.] but ln of softmax is 0.0
    >>> print(log_softmax([40.0, 0.0])[0])
    -4.248354255291589e-18
    """
    return _along(_log_softmax, axis, z=z)


def logsumexp(z: npt.ArrayLike, axis: int = -1) -> Any:
    """Return the logarithm of a sum of exponentials, a smooth maximum.

    ln Σⱼ exp(zⱼ) = m + ln Σⱼ exp(zⱼ - m) with m = max z, so that no exponential overflows: above
    m by at most ln n. Its gradient is `softmax`: moving zᵢ moves it by pᵢ. Of the two logits z
    and 0 it is softplus. Limits: inf where a logit is at +inf, -inf where all are at -inf, as for
    no logits at all.

    Parameters and errors are those of `softmax`; the result is without the axis, a scalar for one
    row.

    Notes
    -----
    Error at most 2 ulp of the larger of the result and max z: where m and the second term cancel,
    fewer digits are left, and no others are known at this length of number.

    References
    ----------
    Blanchard, Higham, Higham (2021).

    Examples
    --------
    >>> print(logsumexp([0.0, 1.0, 2.0]), logsumexp([1000.0, 1000.0]))
    2.40760596444438 1000.6931471805599
    """
    return _along(_logsumexp, axis, z=z)


def softmax_vjp(p: npt.ArrayLike, upstream: npt.ArrayLike, axis: int = -1) -> Any:
    """Carry a gradient back through softmax: the vector–Jacobian product, from its value p.

    ∂L/∂zᵢ = Σⱼ uⱼ ∂pⱼ/∂zᵢ = pᵢ (uᵢ - Σⱼ pⱼ uⱼ), with u = ∂L/∂p. It costs one pass over the
    numbers, where the Jacobian has n² entries. J is symmetric, so this is forward mode as well:
    J v for a change v of the logits.

    Parameters
    ----------
    p, upstream : array_like
        Probabilities as `softmax` returns them, and one number for each; of one shape, or of
        shapes that fit by broadcasting.
    axis : int
        The axis along which the classes stand.

    Returns
    -------
    ndarray
        Of the common shape and dtype.

    Raises
    ------
    TypeError
        p or upstream is not real numbers, or axis no integer.
    ValueError
        There is no such axis, or the shapes do not fit.

    Notes
    -----
    Error at most 4 ulp of pᵢ times the sum of |uⱼ - uₖ| weighed by pⱼ, with k the largest class,
    and |uᵢ - uₖ|. Since J does not see what is added to all u alike, uₖ is subtracted first: so a
    p that is 1 to all digits keeps the digits of its neighbours.

    References
    ----------
    Baydin, Pearlmutter, Radul, Siskind, Automatic differentiation in machine learning (2018).

    Examples
    --------
    >>> softmax_vjp([0.1, 0.2, 0.7], [1.0, 0.0, 0.0])  # the first row of the Jacobian
    array([ 0.09, -0.02, -0.07])
    >>> p = softmax([0.0, 40.0])
    >>> u = np.array([0.0, 1.0])
    >>> print(softmax_vjp(p, u)[1], "but p (u - Σ p u) is", (p * (u - p @ u))[1])
    4.248354255291589e-18 but p (u - Σ p u) is 0.0
    """
    return _along(_softmax_vjp, axis, p=p, upstream=upstream)


def softmax_jacobian(p: npt.ArrayLike) -> Any:
    """Return the Jacobian of softmax from its value p: diag(p) - p pᵀ.

    ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ - pⱼ), with δᵢⱼ = 1 for i = j, else 0. Symmetric, and its rows add up to 0,
    as adding a number to all logits changes nothing.

    Parameters
    ----------
    p : array_like
        Probabilities as `softmax` returns them, the classes along the last axis: (…, n).

    Returns
    -------
    ndarray
        (…, n, n), i before j.

    Raises
    ------
    TypeError
        p is not real numbers.
    ValueError
        p is a scalar.

    Notes
    -----
    Error at most 4 ulp in every entry, where 1 - pᵢ loses all digits when pᵢ is near 1.

    References
    ----------
    Bridle (1990).

    Examples
    --------
    >>> softmax_jacobian([0.25, 0.75])
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])
    """
    array = _with_an_axis("p", p)
    n, shape = array.shape[-1], (*array.shape, array.shape[-1])
    if not array.size:
        return np.zeros(shape, _common([array]))
    rows = np.array(array, np.float64).reshape(-1, n)
    (k, _), rest = _largest(rows), 1 - rows
    rest[k] = _others(rows, k)[:, 0]  # at the largest, 1 - p may have lost its digits
    with np.errstate(all="ignore"):
        entries = -rows[:, :, np.newaxis] * rows[:, np.newaxis, :]
        entries[:, np.arange(n), np.arange(n)] = rows * rest
        return entries.reshape(shape).astype(_common([array]))


def log_softmax_vjp(p: npt.ArrayLike, upstream: npt.ArrayLike, axis: int = -1) -> Any:
    """Carry a gradient back through log_softmax, from the value p of softmax.

    ∂L/∂zᵢ = uᵢ - pᵢ Σⱼ uⱼ, with u = ∂L/∂(ln p). For cross-entropy with targets y that add up
    to 1 it is u = -y, and what arrives is p - y.

    Parameters, returns and errors are those of `softmax_vjp`.

    Notes
    -----
    Error at most 4 ulp of |uᵢ| (1 - pᵢ) + pᵢ Σⱼ |uⱼ| over the other classes j.

    References
    ----------
    Bridle (1990).

    Examples
    --------
    >>> log_softmax_vjp([0.1, 0.2, 0.7], [0.0, -1.0, 0.0])
    array([ 0.1, -0.8,  0.7])
    """
    return _along(_log_softmax_vjp, axis, p=p, upstream=upstream)


# --- The formulas, on rows of float64 ---------------------------------------------------------


Place = tuple[np.ndarray, np.ndarray]


def _largest(rows: Floats) -> tuple[Place, Floats]:
    """Return the index of the first of the largest numbers of each row, and these, (rows, 1)."""
    k = np.arange(len(rows)), rows.argmax(axis=-1)
    return k, rows[k][:, np.newaxis]


def _sums(rows: Floats) -> Floats:
    """Return the sum of each row, (rows, 1)."""
    if rows.shape[-1] <= 128:  # up to here sum does not add in pairs either, and takes four times
        return np.einsum("ij->i", rows)[:, np.newaxis]
    return rows.sum(axis=-1, keepdims=True)


def _others(rows: Floats, k: Place) -> Floats:
    """Return the sum of each row without the number at k, (rows, 1)."""
    kept, rows[k] = rows[k], 0.0
    total = _sums(rows)
    rows[k] = kept
    return total


def _parts(z: Floats) -> tuple[Place, Floats, Floats, Floats, Floats]:
    """Return k and m = max z, d = z - m, what rounding took from d, and exp(z - m)."""
    k, m = _largest(z)
    d = z - m
    back = d - z
    lost = d - back
    np.subtract(z, lost, out=lost)
    back += m
    lost -= back  # Knuth's TwoSum: z - m is d + (z - (d - back)) - (m + back)
    if not np.isfinite(lost.sum()):
        d[k] = np.where(np.isnan(m), np.nan, 0.0)[:, 0]  # also for inf, where inf - inf is nan
        np.copyto(lost, 0.0, where=~np.isfinite(lost))
    e = np.exp(d)
    e += np.multiply(e, lost, out=back)
    return k, m, d, lost, e


def _softmax(z: Floats) -> Floats:
    *_, e = _parts(z)
    total = _sums(e)
    if not np.isnan(total).any():
        return np.divide(e, total, out=e)
    return np.where(e == 0, 0.0, e / total)  # 0 beside two at infinity


def _log_softmax(z: Floats) -> Floats:
    k, _, d, lost, e = _parts(z)
    rest = _others(e, k)
    logs = d + (lost - np.log1p(rest))
    return np.where(np.isneginf(d), d, logs) if np.isnan(rest).any() else logs


def _logsumexp(z: Floats) -> Floats:
    k, m, *_, e = _parts(z)
    return np.where(np.isinf(m), m, m + np.log1p(_others(e, k)))[:, 0]


def _softmax_vjp(p: Floats, u: Floats) -> Floats:
    k, _ = _largest(p)
    v = u - u[k][:, np.newaxis]
    return p * (v - _sums(p * v))


def _log_softmax_vjp(p: Floats, u: Floats) -> Floats:
    k, largest = _largest(p)
    result = u - p * _sums(u)
    # there 1 - p has few digits, and the sum of the others all of them
    result[k] = (u[k][:, np.newaxis] * _others(p, k) - largest * _others(u, k))[:, 0]
    return result


# --- What keeps the promises ------------------------------------------------------------------


def _along(formula: Rows, axis: int, **arrays: npt.ArrayLike) -> Any:
    """Apply a formula to the rows along an axis, so many at a time that they fit the cache."""
    given = [_with_an_axis(name, array) for name, array in arrays.items()]
    whole = _of_one_shape(given, *arrays)
    axis, last = _axis(axis, whole[0].ndim), whole[0].ndim - 1
    lying = [_moved(array, axis, last) for array in whole]
    *outer, n = shape = lying[0].shape
    rows = [array.reshape(math.prod(outer), n) for array in lying]
    one_a_row = formula is _logsumexp
    # no class: no number, and the logarithm of an empty sum
    result = np.full(len(rows[0]) if one_a_row else rows[0].shape, -np.inf, _common(given))
    step = max(1, BLOCK // n) if n else 1
    with np.errstate(all="ignore"):
        for start in range(0, len(rows[0]) if n else 0, step):
            # copies, which a formula may write to; what is contiguous NumPy adds up in pairs
            blocks = [np.array(r[start : start + step], np.float64, order="C") for r in rows]
            result[start : start + step] = formula(*blocks)
    if one_a_row:
        return result.reshape(outer)[()]
    return np.ascontiguousarray(_moved(result.reshape(shape), last, axis))


def _moved(array: np.ndarray, start: int, end: int) -> np.ndarray:
    return array if start == end else np.moveaxis(array, start, end)  # which takes 15 µs


def _of_one_shape(given: list[np.ndarray], *names: str) -> tuple[np.ndarray, ...]:
    if len(given) == 1:
        return (given[0],)
    try:
        return np.broadcast_arrays(*given)
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in given)
        told = "{names} must have shapes that fit, got {shapes}"
        raise value_error(told, names=", ".join(names), shapes=shapes) from None


def _common(arrays: list[np.ndarray]) -> np.dtype:
    found = np.result_type(*arrays)
    return found if found.kind == "f" else np.dtype(np.float64)


def _with_an_axis(name: str, value: npt.ArrayLike) -> np.ndarray:
    array = real_array(name, value)
    if not array.ndim:
        told = "{name} must have an axis of classes, got one number alone"
        raise value_error(told, name=name)
    return array


def _axis(axis: Any, ndim: int) -> int:
    try:
        number = operator.index(axis)
    except TypeError:
        told = "axis must be an integer, got {kind}: {axis!r}"
        raise type_error(told, kind=type(axis).__name__, axis=axis) from None
    if not -ndim <= number < ndim:
        told = "axis must be from {low} to {high} here, got {number}"
        raise value_error(told, low=-ndim, high=ndim - 1, number=number)
    return number % ndim
