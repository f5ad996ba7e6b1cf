"""What every kernel promises, and the decorator that keeps it.

Every kernel is written as one readable formula on an array of float64 numbers. The decorator
`kernel` around it does what would hide the formula: it takes any array-like, walks it in blocks
that fit the cache, keeps the dtype, silences floating-point flags and returns a scalar for a
scalar. So every kernel `f(z, …)` keeps the same promises:

- z may be a scalar or an array-like of any shape; it is never changed. float16, float32 and
  float64 keep their dtype, integers and bools become float64. The arithmetic is float64 and is
  rounded once, so float16 and float32 results are correctly rounded but for rare ties.
- A parameter may be an array too, such as one slope a channel: it broadcasts with z.
- The result is a plain array of the same shape (also for a `np.matrix`), a NumPy scalar for a
  scalar or 0-d z. Masked arrays are refused, because their mask would be lost.
- z = ±inf gives the exact limit, z = nan gives nan, a zero keeps its sign. No warning is given.
- TypeError for anything that is not real numbers; ValueError for rows of unequal length, for
  shapes that do not broadcast, and for a parameter that is too large for a float.

Symbols: z is the pre-activation, g the activation value, g′ = dg/dz, a = |z|, e = exp(-a).

An error of 1 ulp is one unit in the last place of the true result. Each kernel says `Exact.` or
`Error at most … ulp` in its docstring, and the tests hold it to that against 50-digit arithmetic,
from subnormal to huge z.

Formulas choose between two sides without np.where: it asks number by number, and on signs that
follow no pattern the processor guesses wrong every other time, which costs more than an exp.
"""

import functools
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.language import gettext, misfit, type_error, value_error

Floats = npt.NDArray[np.float64]
Lent = Sequence[Floats | None]  # arrays for results, or None for those that are to be made
Pair = Callable[..., tuple[Floats, Floats]]  # pair(z, parameter, …, out) returns g and g′

# Numbers at a time: so many that calling NumPy costs little beside its loops, so few that a handful
# of temporaries stays in the cache.
BLOCK = 1 << 16
FLOAT64 = np.dtype(np.float64)

# The allocator of Linux hands freed memory back to the system, page by page, until it has seen one
# large piece come and go; then it keeps what temporaries need again and again. Without this line
# (16 MB, never touched) most of the time of a formula of many steps went there.
if sys.platform == "linux":
    np.empty(1 << 21)


def kernel(body: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a formula on a float64 block into a function that keeps the promises of this module.

    Parameters
    ----------
    body
        A function of z, (block,) float64, and of parameters. Its result has the shape of z or fits
        it by broadcasting.

    Returns
    -------
    callable
        The same function for any array-like z, documented with what all kernels share.

    Examples
    --------
    >>> @kernel
    ... def square(z):
    ...     return z * z
    >>> square([[1, 2]]), square(np.float32(3))
    (array([[1., 4.]]), np.float32(9.0))
    """

    def formula(*z_and_parameters: Any, out: Lent) -> tuple[Any]:
        return (body(*z_and_parameters),)

    @functools.wraps(body)
    def checked(*args: Any, **named: Any) -> Any:
        (result,) = compute(formula, *arguments(checked, args, named))
        return result[()]  # [()] turns 0-d into a scalar and leaves other arrays alone

    z, *parameters = (
        parameter.replace(annotation=inspect.Parameter.empty)  # those of the body: blocks of floats
        for parameter in inspect.signature(body).parameters.values()
    )
    checked.__signature__ = inspect.Signature([z, *parameters])  # type: ignore[attr-defined]
    checked.__doc__ = _documented(body.__doc__ or "", z, parameters)
    return checked


def _documented(doc: str, z: inspect.Parameter, parameters: Sequence[inspect.Parameter]) -> str:
    """Return the docstring of a formula with the sections that all kernels share."""
    shared = [
        f"Parameters\n----------\n{z.name} : array_like\n    Real numbers of any shape.",
        *(f"{p.name} : float or array_like{_default(p)}" for p in parameters),
        f"\nReturns\n-------\nndarray or scalar\n    Of the shape of {z.name}, and of its dtype "
        "where that is one of floats.",
        f"\nRaises\n------\nTypeError\n    {z.name} or a parameter is not real numbers.",
    ]
    summary, *more = re.split(r"^(?=Notes$)", inspect.cleandoc(doc), flags=re.M)
    return "\n".join([summary.rstrip(), "", *shared, "", *more])


def _default(parameter: inspect.Parameter) -> str:
    return "" if parameter.default is parameter.empty else f", default {parameter.default}"


@np.errstate(all="ignore")  # as a decorator it takes half the time of a `with`
def compute(
    formula: Callable[..., Sequence[Any]],
    z: np.ndarray,
    parameters: Sequence[Any],
    out: Sequence[np.ndarray | None] = (None,),
) -> Sequence[np.ndarray]:
    """Return what formula(block of z, *blocks of parameters, out=…) returns, for all of z.

    An array in `out` is written to and returned; None asks for a fresh one. The formula is lent
    the same, block by block, and may make its last step into what it is lent.
    """
    if z.size <= BLOCK:
        return _one_block(formula, z, parameters, out)
    arrays = [np.empty(z.shape, result_dtype(z)) if a is None else a for a in out]
    flat, targets = z.reshape(-1), [np.ravel(array) for array in arrays]
    parameters = [p if isinstance(p, float) else p.reshape(-1) for p in parameters]
    for start in range(0, z.size, BLOCK):
        cut = slice(start, start + BLOCK)
        numbers = [p if isinstance(p, float) else p[cut] for p in parameters]
        _one_block(formula, flat[cut], numbers, [target[cut] for target in targets])
    for array, target in zip(arrays, targets, strict=True):
        if not array.flags.c_contiguous:  # then ravel gave a copy
            array[...] = target.reshape(z.shape)
    return arrays


def _one_block(
    formula: Callable[..., Sequence[Any]],
    z: np.ndarray,
    parameters: Sequence[Any],
    out: Sequence[np.ndarray | None],
) -> Sequence[np.ndarray]:
    arrays: Sequence[Any] = out
    if z.dtype == FLOAT64 and z.ndim:
        results = formula(z, *parameters, out=out)
        if out[0] is None:
            return [fresh(result, z) for result in results]
    else:
        block = np.atleast_1d(z).astype(FLOAT64)
        results = formula(block, *parameters, out=[None] * len(out))
        arrays = [np.empty(z.shape, result_dtype(z)) if a is None else a for a in out]
    for array, result in zip(arrays, results, strict=True):
        if result is not array:
            array[...] = result if z.ndim else np.ravel(result)[0]
    return arrays


def fresh(result: Any, z: Floats) -> Floats:
    """Return a result as an array of its own: not z itself or a view of it, nor a number."""
    own = isinstance(result, np.ndarray) and result.base is None and result is not z
    if own and result.shape == z.shape and result.dtype == FLOAT64:
        return result
    return np.array(np.broadcast_to(result, z.shape), FLOAT64)


@functools.cache
def _signature(
    function: Callable,
) -> tuple[inspect.Signature, tuple[str, ...], tuple[Any, ...] | None]:
    """Return a signature, its names, and all defaults but the first, None if one is missing."""
    signature = inspect.signature(function)
    _, *others = parameters = list(signature.parameters.values())
    plain = all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
    usual = plain and not any(p.default is p.empty for p in others)
    defaults = tuple(p.default for p in others) if usual else None
    return signature, tuple(signature.parameters), defaults


def arguments(
    function: Callable, args: Sequence[Any], named: dict[str, Any]
) -> tuple[np.ndarray, list[Any]]:
    """Match a call to `function(z, parameter, …)`; return z as an array, and the parameters.

    A parameter is a float, or an array of the shape of z; both are broadcast to get there.
    """
    signature, names, defaults = _signature(function)
    if defaults is not None and not named and 0 < len(args) <= len(names):
        values = (*args, *defaults[len(args) - 1 :])  # what `bind` would find in ten times as long
    else:
        try:
            bound = signature.bind(*args, **named)
        except TypeError as error:
            told = misfit(function, str(error))
            raise TypeError(f"{function.__name__}{signature}: {told}") from None
        bound.apply_defaults()
        names, values = tuple(bound.arguments), tuple(bound.arguments.values())
    array = real_array(names[0], values[0])
    if len(names) == 1:
        return array, []
    parameters = zip(names[1:], values[1:], strict=True)
    return _broadcast(names[0], array, {n: _real_numbers(n, value) for n, value in parameters})


def _broadcast(name: str, z: np.ndarray, parameters: dict[str, Any]) -> tuple[np.ndarray, list]:
    shapes = {n: p.shape for n, p in parameters.items() if isinstance(p, np.ndarray)}
    if not shapes:
        return z, list(parameters.values())
    try:
        shape = np.broadcast_shapes(z.shape, *shapes.values())
    except ValueError:
        shapes = {**shapes, name: z.shape}
        *given, last = (
            gettext("{name} of shape {shape}", name=n, shape=s) for n, s in shapes.items()
        )
        raise value_error(
            "{given} must broadcast with {last}", given=", ".join(given), last=last
        ) from None
    return np.broadcast_to(z, shape), [
        np.broadcast_to(p, shape) if isinstance(p, np.ndarray) else p for p in parameters.values()
    ]


def real_array(name: str, z: Any) -> np.ndarray:
    if isinstance(z, np.ma.MaskedArray):
        raise type_error(
            "{name} must not be a masked array, its mask would be lost: "
            "pass {name}.filled(np.nan) or {name}.data",
            name=name,
        )
    try:
        array = np.asarray(z)
    except ValueError:
        raise value_error(
            "{name} must have rows of equal length, got {kind} with unequal ones",
            **{"name": name, "kind": type(z).__name__},
        ) from None
    if array.dtype.kind not in "biu" and array.dtype.type not in (
        np.float16,
        np.float32,
        np.float64,
    ):
        raise type_error(
            "{name} must be real numbers (bool, integer up to 64 bits, float16, float32 or "
            "float64), got {kind} with dtype {dtype}",
            **{"name": name, "kind": type(z).__name__, "dtype": array.dtype.name},
        )
    return array


def _real_numbers(name: str, value: Any) -> Any:
    """Return a float, or an array of floats of one dimension or more."""
    if type(value) is float:  # looked up sooner than Real
        return value
    if not isinstance(value, Real):
        return real_array(name, value).astype(np.float64)[()]
    try:
        return float(value)
    except OverflowError:
        raise value_error(
            "{name} must fit in a float, got {kind} beyond ±1.8e308",
            **{"name": name, "kind": type(value).__name__},
        ) from None


def sharing(parts: Callable[..., tuple], value: Callable, slope: Callable) -> Pair:
    """Return pair(z, parameter, …, out), where g and g′ are made from the same parts.

    The slope is computed last, and may write to the parts.
    """

    def pair(z: Floats, *parameters: Any, out: Lent = (None, None)) -> tuple[Floats, Floats]:
        shared = parts(z, *parameters)
        return value(z, *shared, out=out[0]), slope(z, *shared, out=out[1])

    return pair


def result_dtype(z: np.ndarray) -> np.dtype:
    """Return the native dtype of a result for z: its own for floats, float64 for the rest."""
    if z.dtype.kind != "f":
        return FLOAT64
    return z.dtype if z.dtype.isnative else z.dtype.newbyteorder("=")
