"""Differentiate by numbers, to check a derivative found on paper.

| way | needs | error |
|---|---|---|
| `forward_difference` | two values | h/2 · f″ + rounding: about 1e-8 |
| `central_difference` | two values | h²/6 · f‴ + rounding: about 1e-10 |
| `complex_step` | a formula that takes complex numbers | about 1e-16 |
| `dual_derivative` | a formula that takes dual numbers | about 1e-16 |

`one_sided_slopes` shows a kink. Every f here is called with arrays or NumPy scalars and has to
work element by element: f(z)[i] may depend on z[i] only.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.activations.contract import real_array
from helpers.language import type_error, value_error

__all__ = [
    "Dual",
    "central_difference",
    "complex_step",
    "dual_derivative",
    "forward_difference",
    "one_sided_slopes",
]

Function = Callable[[Any], Any]
Reals = npt.NDArray[np.float64] | float

_EPS = np.finfo(np.float64).eps  # 2.2e-16: the rounding error of a number near 1


# --- Difference quotients ---------------------------------------------------------------------


def central_difference(f: Function, z: npt.ArrayLike, h: Reals | None = None) -> Any:
    """Approximate f′(z) by the slope of the chord from z - h to z + h.

    (f(z + h) - f(z - h)) / 2h, of the shape of z. Fails where f has a kink within h (at the kink
    itself it gives the mean of the two slopes), where f′ is tiny beside f (the tails of a
    saturated sigmoid), and gives nan at ±inf and for an h that vanishes beside z.

    Parameters
    ----------
    f
        A function of arrays, element by element.
    z, h
        The places, and the step: above 0, or else ValueError.

    Notes
    -----
    The truncation error h²/6 · f‴(z) falls with h, the rounding error of about eps/h · f(z)
    grows. Their sum is smallest near h = eps^(1/3) ≈ 6e-6, with an error near 1e-10: that is the
    default, times |z| where |z| > 1, for a step has to be large beside the gaps between floats
    around z.

    References
    ----------
    Press et al., Numerical Recipes (2007), section 5.7.

    Examples
    --------
    >>> print(f"{central_difference(np.tanh, 0.5):.9f}, exactly {1 - np.tanh(0.5) ** 2:.9f}")
    0.786447733, exactly 0.786447733
    >>> central_difference(np.abs, 0.0)
    np.float64(0.0)
    """
    left, _, right = _places(z, h, order=3)
    return _chord(f, left, right)


def forward_difference(f: Function, z: npt.ArrayLike, h: Reals | None = None) -> Any:
    """Approximate f′(z) by the slope of the chord from z to z + h.

    (f(z + h) - f(z)) / h, of the shape of z: the definition of the derivative without its limit.
    Takes and refuses what `central_difference` does, and fails where that does, but at a kink
    gives the slope on the right.

    Notes
    -----
    The truncation error h/2 · f″(z) falls with h, the rounding error of about eps/h · f(z)
    grows. Their sum is smallest near h = eps^(1/2) ≈ 1.5e-8 (the default, times |z| where
    |z| > 1), with an error near 1e-8.

    References
    ----------
    Press et al., Numerical Recipes (2007), section 5.7.

    Examples
    --------
    >>> print(f"{forward_difference(np.exp, 0.0):.6f}")
    1.000000
    >>> forward_difference(np.exp, 0.0, h=1.0)  # e - 1
    np.float64(1.718281828459045)
    """
    _, z, right = _places(z, h, order=2)
    return _chord(f, z, right)


def one_sided_slopes(f: Function, z: npt.ArrayLike, h: Reals | None = None) -> tuple[Any, Any]:
    """Return the difference quotients (left, right) at z, which differ at a kink.

    left = (f(z) - f(z - h)) / h and right = (f(z + h) - f(z)) / h, each of the shape of z. For a
    smooth f they differ by h · f″(z), so by about 1e-8 with the default h of
    `forward_difference`; at a kink by the jump of the slope, whatever h. Fails at a jump of f
    itself, where the quotients grow like 1/h, and where two kinks lie within h. ValueError unless
    h > 0.

    Examples
    --------
    >>> left, right = one_sided_slopes(np.abs, 0.0)
    >>> print(left, right)
    -1.0 1.0
    """
    left, z, right = _places(z, h, order=2)
    return _chord(f, left, z), _chord(f, z, right)


def _places(z: npt.ArrayLike, h: Reals | None, order: int) -> tuple[Reals, Reals, Reals]:
    """Return z - h, z and z + h, with the h that suits an error of rounding/h + h^(order - 1)."""
    z = real_array("z", z).astype(np.float64)[()]  # [()] turns 0-d into a scalar
    if h is None:
        h = _EPS ** (1 / order) * np.maximum(1, np.abs(z))
    else:
        _require_positive(h)
    with np.errstate(invalid="ignore", over="ignore"):
        return z - h, z, z + h


def _require_positive(h: Any) -> None:
    if not np.all(real_array("h", h) > 0):
        raise value_error("h must be positive, got {h}", h=h)


def _require_function(f: object) -> None:
    if not callable(f):
        raise type_error("f: expected a function, such as np.tanh, got {f!r}", f=f)


def _chord(f: Function, left: Reals, right: Reals) -> Any:
    _require_function(f)
    low, high = f(left), f(right)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return (high - low) / (right - left)  # the step made: z + h is rounded, so not quite h


# --- Complex step -----------------------------------------------------------------------------


def complex_step(f: Function, z: npt.ArrayLike, h: float = 1e-100) -> Any:
    """Return f′(z) to full precision from one complex value, for an f that is analytic.

    Im f(z + ih) / h = f′(z) - h²/6 · f‴(z) + …, of the shape of z. Fails where f overflows
    (exp(-z) for z < -709) and where h f′(z) underflows (f′ below 1e-208).

    Parameters
    ----------
    f
        An analytic formula, such as 1/(1 + exp(-z)). The kernels refuse complex z on purpose, so
        give the textbook formula.
    z, h
        The places, and the step: above 0.

    Raises
    ------
    TypeError
        f drops the imaginary part, as abs and maximum do, which are not analytic. Comparisons
        are not either, and go unnoticed: they order complex numbers in their own way.
    ValueError
        h is not positive.

    Notes
    -----
    Nothing is subtracted, so nothing cancels, and h may be so small that the truncation error
    vanishes: the error is the rounding error of f, near 1e-16 f′(z).

    References
    ----------
    Squire, Trapp, Using complex variables to estimate derivatives of real functions (1998).

    Examples
    --------
    >>> print(f"{complex_step(lambda z: 1 / (1 + np.exp(-z)), 2.0):.15f}")
    0.104993585403507
    """
    _require_function(f)
    z = real_array("z", z).astype(np.float64)[()]
    _require_positive(h)
    value = f(z + 1j * h)
    if not np.iscomplexobj(value):
        told = (
            "f must return complex numbers for complex z, got real ones: "
            "abs, maximum and the like drop the imaginary part that carries the slope"
        )
        raise type_error(told)
    return np.imag(value) / h


# --- Dual numbers -----------------------------------------------------------------------------


def _power(u: Reals, v: Reals, du: Reals, dv: Reals) -> Reals:
    """Differentiate uᵛ; a term that does not move is 0, also where its other factor is inf or nan.

    So z⁰ has the slope 0 at z = 0, and 0ᶻ has it for z > 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        by_u = np.where((v == 0) | (du == 0), 0.0, v * np.power(u, v - 1.0) * du)
        by_v = np.where(((u == 0) & (v > 0)) | (dv == 0), 0.0, np.log(u) * u**v * dv)
    return by_u + by_v


def _share(u: Reals, v: Reals) -> Reals:
    """Return exp(u)/(exp(u) + exp(v))."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(v - u))


# What differentiation does to each operation: u, v are the values, du, dv their slopes.
_RULES: dict[np.ufunc, Callable[..., Any]] = {
    np.positive: lambda u, du: du,
    np.negative: lambda u, du: -du,
    np.add: lambda u, v, du, dv: du + dv,
    np.subtract: lambda u, v, du, dv: du - dv,
    np.multiply: lambda u, v, du, dv: du * v + u * dv,
    np.divide: lambda u, v, du, dv: (du - u / v * dv) / v,
    np.power: _power,
    np.matmul: lambda u, v, du, dv: du @ v + u @ dv,
    np.exp: lambda u, du: np.exp(u) * du,
    np.expm1: lambda u, du: np.exp(u) * du,
    np.log: lambda u, du: du / u,
    np.log1p: lambda u, du: du / (1 + u),
    np.logaddexp: lambda u, v, du, dv: _share(u, v) * du + _share(v, u) * dv,
    np.reciprocal: lambda u, du: -du / u**2,
    np.sqrt: lambda u, du: du / (2 * np.sqrt(u)),
    np.square: lambda u, du: 2 * u * du,
    np.sinh: lambda u, du: np.cosh(u) * du,
    np.cosh: lambda u, du: np.sinh(u) * du,
    np.tanh: lambda u, du: du / np.cosh(u) ** 2,
    np.absolute: lambda u, du: np.sign(u) * du,
    np.maximum: lambda u, v, du, dv: np.where(u > v, du, dv),
    np.minimum: lambda u, v, du, dv: np.where(u < v, du, dv),
}
_COMPARISONS = {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal}


class Dual(np.lib.mixins.NDArrayOperatorsMixin):
    """A number that carries its slope along: value + slope · ε, with ε² = 0.

    Every operation computes the value as ever and the slope by the rule of differentiation
    (product rule, chain rule, …), so a formula fed with z = Dual(z, 1) returns its own
    derivative, exact but for rounding. `value` and `slope` are floats or arrays of one shape.

    Knows + - * / ** @ and their forms in place, abs, comparisons, np.exp, expm1, log, log1p,
    logaddexp, sqrt, square, reciprocal, sinh, cosh, tanh, maximum, minimum, clip, where, sum, mean;
    anything else raises TypeError. At a kink it follows one branch and does not notice: abs has
    slope 0 there, maximum and minimum that of their second argument, clip 0.
    Fails where the formula itself does, such as inf/inf after an overflow.

    References
    ----------
    Griewank, Walther, Evaluating Derivatives (2008).

    Examples
    --------
    >>> z = Dual(3.0, 1.0)
    >>> z**2 + 2 * z
    Dual(15.0, 8.0)
    """

    def __init__(self, value: npt.ArrayLike, slope: npt.ArrayLike = 0.0) -> None:
        self.value = np.asarray(value, dtype=np.float64)[()]
        self.slope = np.broadcast_to(slope, np.shape(value)).astype(np.float64)[()]

    def __repr__(self) -> str:
        return f"Dual({self.value}, {self.slope})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Answer NumPy's element-wise functions, and with them the operators."""
        (out,) = options.pop("out", (None,))
        if method != "__call__" or options:
            return NotImplemented
        values = [_value(x) for x in inputs]
        if ufunc in _COMPARISONS:
            return ufunc(*values)
        if ufunc not in _RULES:
            return NotImplemented
        result = Dual(ufunc(*values), _RULES[ufunc](*values, *map(_slope, inputs)))
        return result if out is None else result._written_to(out)

    def _written_to(self, out: Any) -> "Dual":
        """Return self where `out` holds a number, which is bound anew, or an array now changed."""
        if not isinstance(out, Dual):
            told = "a plain array has no place for a slope: write y = y + x, not y += x"
            raise type_error(told)
        if np.ndim(out.value) == 0:
            return self
        out.value[...], out.slope[...] = self.value, self.slope
        return out

    def __array_function__(
        self, function: Callable, types: Any, inputs: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Answer where, sum and mean, which treat slopes as they treat values, and clip."""
        if function is np.where:
            condition, *uv = inputs
            return Dual(
                np.where(condition, *map(_value, uv)), np.where(condition, *map(_slope, uv))
            )
        if function in (np.sum, np.mean):
            axis = inputs[1:]
            return Dual(
                function(self.value, *axis, **options), function(self.slope, *axis, **options)
            )
        if function is np.clip:
            return _clipped(*inputs, **options)
        return NotImplemented

    def clip(self, *bounds: Any, **named: Any) -> Any:
        return _clipped(self, *bounds, **named)


def _clipped(z: Any, a_min: Any = None, a_max: Any = None, **bounds: Any) -> Any:
    low, high = bounds.pop("min", a_min), bounds.pop("max", a_max)
    if bounds:
        return NotImplemented
    z = z if low is None else np.maximum(z, low)
    return z if high is None else np.minimum(z, high)


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Dual) else x


def _slope(x: Any) -> Any:
    return x.slope if isinstance(x, Dual) else np.zeros(np.shape(x))


def dual_derivative(f: Function, z: npt.ArrayLike) -> Any:
    """Return f′(z) to full precision by running f on dual numbers.

    f(z + ε) = f(z) + f′(z) ε, of the shape of z. There is no step and no truncation error: the
    error is the rounding error of the formulas, near 1e-16 f′(z). What automatic
    differentiation in forward mode does.

    f must be made of what `Dual` knows, TypeError otherwise; the kernels of
    `helpers.activations` take plain numbers only, so give the textbook formula.

    References
    ----------
    Griewank, Walther, Evaluating Derivatives (2008).

    Examples
    --------
    >>> dual_derivative(lambda z: 1 / (1 + np.exp(-z)), np.array([0.0, 2.0]))
    array([0.25      , 0.10499359])
    """
    _require_function(f)
    z = real_array("z", z).astype(np.float64)[()]
    result = f(Dual(z.copy(), 1.0))  # a copy, for an f that works in place
    return result.slope if isinstance(result, Dual) else np.zeros_like(z)
