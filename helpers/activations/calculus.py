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

import numpy as np

__all__ = [
    "Dual",
    "central_difference",
    "complex_step",
    "dual_derivative",
    "forward_difference",
    "one_sided_slopes",
]

_EPS = np.finfo(np.float64).eps  # 2.2e-16: the rounding error of a number near 1


# --- Difference quotients ---------------------------------------------------------------------


def central_difference(f, z, h=None):
    """Approximate f′(z) by the slope of the chord from z - h to z + h.

    (f(z + h) - f(z - h)) / 2h, of the shape of z. The truncation error h²/6 · f‴(z) falls with
    h, the rounding error of about eps/h · f(z) grows. Their sum is smallest near
    h = eps^(1/3) ≈ 6e-6, with an error near 1e-10: that is the default, times |z| where |z| > 1,
    for a step has to be large beside the gaps between floats around z.

    Fails where f has a kink within h (at the kink itself it gives the mean of the two slopes),
    where f′ is tiny beside f (the tails of a saturated sigmoid), and gives nan at ±inf and for
    an h that vanishes beside z. Raises ValueError unless h > 0.
    Source: Press et al., Numerical Recipes (2007), section 5.7.

    >>> print(f"{central_difference(np.tanh, 0.5):.9f}, exactly {1 - np.tanh(0.5) ** 2:.9f}")
    0.786447733, exactly 0.786447733
    >>> central_difference(np.abs, 0.0)
    np.float64(0.0)
    """
    left, _, right = _places(z, h, order=3)
    return _chord(f, left, right)


def forward_difference(f, z, h=None):
    """Approximate f′(z) by the slope of the chord from z to z + h.

    (f(z + h) - f(z)) / h, of the shape of z: the definition of the derivative without its limit.
    The truncation error h/2 · f″(z) falls with h, the rounding error of about eps/h · f(z)
    grows. Their sum is smallest near h = eps^(1/2) ≈ 1.5e-8 (the default, times |z| where
    |z| > 1), with an error near 1e-8.

    Fails where `central_difference` does, but at a kink gives the slope on the right. Raises
    ValueError unless h > 0.
    Source: Press et al., Numerical Recipes (2007), section 5.7.

    >>> print(f"{forward_difference(np.exp, 0.0):.6f}")
    1.000000
    >>> forward_difference(np.exp, 0.0, h=1.0)  # e - 1
    np.float64(1.718281828459045)
    """
    _, z, right = _places(z, h, order=2)
    return _chord(f, z, right)


def one_sided_slopes(f, z, h=None):
    """Return the difference quotients (left, right) at z, which differ at a kink.

    left = (f(z) - f(z - h)) / h and right = (f(z + h) - f(z)) / h, each of the shape of z. For a
    smooth f they differ by h · f″(z), so by about 1e-8 with the default h of
    `forward_difference`; at a kink by the jump of the slope, whatever h.

    Fails at a jump of f itself, where the quotients grow like 1/h, and where two kinks lie
    within h. Raises ValueError unless h > 0.

    >>> left, right = one_sided_slopes(np.abs, 0.0)
    >>> print(left, right)
    -1.0 1.0
    """
    left, z, right = _places(z, h, order=2)
    return _chord(f, left, z), _chord(f, z, right)


def _places(z, h, order):
    """Return z - h, z and z + h, with the h that suits an error of rounding/h + h^(order - 1)."""
    z = np.asarray(z, dtype=np.float64)[()]  # [()] turns 0-d into a scalar
    if h is None:
        h = _EPS ** (1 / order) * np.maximum(1, np.abs(z))
    elif not np.all(np.asarray(h) > 0):
        raise ValueError(f"h must be positive, got {h}")
    with np.errstate(invalid="ignore", over="ignore"):
        return z - h, z, z + h


def _chord(f, left, right):
    low, high = f(left), f(right)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return (high - low) / (right - left)  # the step made: z + h is rounded, so not quite h


# --- Complex step -----------------------------------------------------------------------------


def complex_step(f, z, h=1e-100):
    """Return f′(z) to full precision from one complex value, for an f that is analytic.

    Im f(z + ih) / h = f′(z) - h²/6 · f‴(z) + …, of the shape of z. Nothing is subtracted, so
    nothing cancels, and h may be so small that the truncation error vanishes: the error is the
    rounding error of f, near 1e-16 f′(z).

    f must be an analytic formula, such as 1/(1 + exp(-z)). abs, maximum and comparisons are not
    analytic: they drop the imaginary part (TypeError) or order complex numbers in their own way
    (a wrong slope). The kernels of `helpers.activations` refuse complex z on purpose, so give
    the textbook formula. Fails where that overflows (exp(-z) for z < -709) and where h f′(z)
    underflows (f′ below 1e-208). Raises ValueError unless h > 0.
    Source: Squire, Trapp, Using complex variables to estimate derivatives of real functions
    (1998).

    >>> print(f"{complex_step(lambda z: 1 / (1 + np.exp(-z)), 2.0):.15f}")
    0.104993585403507
    """
    z = np.asarray(z, dtype=np.float64)[()]
    if not h > 0:
        raise ValueError(f"h must be positive, got {h}")
    value = f(z + 1j * h)
    if not np.iscomplexobj(value):
        raise TypeError(
            "f must return complex numbers for complex z, got real ones: "
            "abs, maximum and the like drop the imaginary part that carries the slope"
        )
    return np.imag(value) / h


# --- Dual numbers -----------------------------------------------------------------------------


def _power(u, v, du, dv):
    slope = v * u ** (v - 1) * du
    return slope + np.log(u) * u**v * dv if np.any(dv) else slope  # log needs u > 0: only if asked


# What differentiation does to each operation: u, v are the values, du, dv their slopes.
_RULES = {
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
    np.sqrt: lambda u, du: du / (2 * np.sqrt(u)),
    np.square: lambda u, du: 2 * u * du,
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

    Knows + - * / ** @, abs, comparisons, np.exp, expm1, log, log1p, sqrt, square, tanh, maximum,
    minimum, where, sum, mean; anything else raises TypeError. At a kink it follows one branch
    and does not notice: abs has slope 0 there, maximum and minimum that of their second argument.
    Fails where the formula itself does, such as inf/inf after an overflow.
    Source: Griewank, Walther, Evaluating Derivatives (2008), section 3.1.

    >>> z = Dual(3.0, 1.0)
    >>> z**2 + 2 * z
    Dual(15.0, 8.0)
    """

    def __init__(self, value, slope=0.0):
        self.value = np.asarray(value, dtype=np.float64)[()]
        self.slope = np.broadcast_to(slope, np.shape(value)).astype(np.float64)[()]

    def __repr__(self):
        return f"Dual({self.value}, {self.slope})"

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Answer NumPy's element-wise functions, and with them the operators."""
        if method != "__call__" or options:
            return NotImplemented
        values = [_value(x) for x in inputs]
        if ufunc in _COMPARISONS:
            return ufunc(*values)
        if ufunc not in _RULES:
            return NotImplemented
        return Dual(ufunc(*values), _RULES[ufunc](*values, *map(_slope, inputs)))

    def __array_function__(self, function, types, inputs, options):
        """Answer where, sum and mean: linear, so they treat slopes as they treat values."""
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
        return NotImplemented


def _value(x):
    return x.value if isinstance(x, Dual) else x


def _slope(x):
    return x.slope if isinstance(x, Dual) else np.zeros(np.shape(x))


def dual_derivative(f, z):
    """Return f′(z) to full precision by running f on dual numbers.

    f(z + ε) = f(z) + f′(z) ε, of the shape of z. There is no step and no truncation error: the
    error is the rounding error of the formulas, near 1e-16 f′(z). What automatic
    differentiation in forward mode does.

    f must be made of what `Dual` knows, TypeError otherwise; the kernels of
    `helpers.activations` take plain numbers only, so give the textbook formula.
    Source: Griewank, Walther, Evaluating Derivatives (2008), section 3.1.

    >>> dual_derivative(lambda z: 1 / (1 + np.exp(-z)), np.array([0.0, 2.0]))
    array([0.25      , 0.10499359])
    """
    z = np.asarray(z, dtype=np.float64)[()]
    result = f(Dual(z, 1.0))
    return result.slope if isinstance(result, Dual) else np.zeros_like(z)
