"""What every kernel promises, and the decorator that keeps it.

Every kernel is written as one readable formula on an array of float64 numbers. The decorator
`kernel` around it does what would hide the formula: it takes any array-like, walks it in blocks
that fit the cache, keeps the dtype, silences floating-point flags and returns a scalar for a
scalar. So every kernel `f(z, …)` keeps the same promises:

- z may be a scalar or an array-like of any shape; it is never changed. float16, float32 and
  float64 keep their dtype, integers and bools become float64. The arithmetic is float64 and is
  rounded once, so float16 and float32 results are correctly rounded but for rare ties.
- The result is a plain array of the same shape (also for a `np.matrix`), a NumPy scalar for a
  scalar or 0-d z. Masked arrays are refused, because their mask would be lost.
- z = ±inf gives the exact limit, z = nan gives nan, a zero keeps its sign. No warning is given.
- TypeError for anything that is not real numbers, and for a parameter that is not one number;
  ValueError for rows of unequal length, and for a parameter that is too large for a float.

Symbols: z is the pre-activation, g the activation value, g′ = dg/dz, a = |z|, e = exp(-a).

An error of 1 ulp is one unit in the last place of the true result. Each kernel says `Exact.` or
`Error at most … ulp` in its docstring, and the tests hold it to that against 50-digit arithmetic,
from subnormal to huge z.
"""

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = Callable[..., None]  # pair(z, parameter, …, out) writes g to out[0] and g′ to out[1]

# Numbers at a time: temporaries of 128 KB stay in the cache, and from 256 KB on the allocator may
# hand each one back to the system and fetch it anew, which costs more than the mathematics.
BLOCK = 1 << 14


def kernel(body: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a formula on a float64 block into a function that keeps the promises of this module.

    Parameters
    ----------
    body
        A function of z, (block,) float64, and of parameters with a default. Its result has the
        shape of z or fits it by broadcasting.

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

    @functools.wraps(body)
    def checked(*args: Any, **named: Any) -> Any:
        z, params = arguments(checked, args, named)

        def write(block: Floats, out: Sequence[Floats]) -> None:
            out[0][...] = body(block, *params)

        (result,) = fill(empty_like(z, 1), write, z)
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
        *(f"{p.name} : float, default {p.default}" for p in parameters),
        f"\nReturns\n-------\nndarray or scalar\n    Of the shape of {z.name}, and of its dtype "
        "where that is one of floats.",
        f"\nRaises\n------\nTypeError\n    {z.name} or a parameter is not real numbers.",
    ]
    summary, *more = re.split(r"^(?=Notes$)", inspect.cleandoc(doc), flags=re.M)
    return "\n".join([summary.rstrip(), "", *shared, "", *more])


def fill(
    out: list[np.ndarray],
    write: Callable[[Floats, Sequence[Floats]], None],
    z: np.ndarray,
    blocks: int = 1,
) -> list[np.ndarray]:
    """Call write(part of z, parts of out) for so many float64 blocks at a time; return out."""
    with (
        np.errstate(all="ignore"),
        # walks arrays of any layout and casts block by block, in a buffer
        np.nditer(  # type: ignore[call-overload]
            [z, *out],
            flags=["external_loop", "buffered", "zerosize_ok"],
            op_flags=[["readonly"], *[["writeonly"]] * len(out)],
            op_dtypes=[np.float64] * (1 + len(out)),
            casting="unsafe",
            buffersize=blocks * BLOCK,
        ) as walk,
    ):
        for part, *parts in walk:
            write(part, parts)
    return out


@functools.cache
def _signature(function: Callable) -> tuple[inspect.Signature, bool]:
    """Return the signature of a function, and whether z alone is enough to call it."""
    signature = inspect.signature(function)
    return signature, list(signature.parameters) == ["z"]


def arguments(
    function: Callable, args: Sequence[Any], named: dict[str, Any]
) -> tuple[np.ndarray, list[float]]:
    """Match a call to `function(z, parameter, …)`; return z as an array, parameters as floats."""
    signature, z_alone = _signature(function)
    if z_alone and len(args) == 1 and not named:  # the usual call, made short
        return real_array("z", args[0]), []
    try:
        bound = signature.bind(*args, **named)
    except TypeError as error:
        raise TypeError(f"{function.__name__}{signature}: {error}") from None
    bound.apply_defaults()
    (name, z), *parameters = bound.arguments.items()
    return real_array(name, z), [_real_number(name, value) for name, value in parameters]


def real_array(name: str, z: Any) -> np.ndarray:
    if isinstance(z, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must not be a masked array, its mask would be lost: "
            f"pass {name}.filled(np.nan) or {name}.data"
        )
    try:
        array = np.asarray(z)
    except ValueError:
        raise ValueError(
            f"{name} must have rows of equal length, got {type(z).__name__} with unequal ones"
        ) from None
    if array.dtype.kind not in "biu" and array.dtype.type not in (
        np.float16,
        np.float32,
        np.float64,
    ):
        raise TypeError(
            f"{name} must be real numbers (bool, integer up to 64 bits, float16, float32 or "
            f"float64), got {type(z).__name__} with dtype {array.dtype.name}"
        )
    return array


def _real_number(name: str, value: Any) -> float:
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be one real number, got {type(value).__name__}: {value!r}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError(
            f"{name} must fit in a float, got {type(value).__name__} beyond ±1.8e308"
        ) from None


def in_place(pair: Pair) -> Pair:
    """Mark a pair with hardly a temporary: it is quickest with four blocks at a time."""
    pair.blocks = 4  # type: ignore[attr-defined]
    return pair


def sharing(parts: Callable[..., tuple], value: Callable, slope: Callable) -> Pair:
    """Return pair(z, parameter, …, out), which writes g and g′ from the same parts."""

    def pair(z: Floats, *parameters_and_out: Any) -> None:
        *parameters, out = parameters_and_out
        shared = parts(z, *parameters)
        out[0][...] = value(z, *shared)
        out[1][...] = slope(z, *shared)

    return pair


def result_dtype(z: np.ndarray) -> np.dtype:
    """Return the native dtype of a result for z: its own for floats, float64 for the rest."""
    return np.dtype(z.dtype.type if z.dtype.kind == "f" else np.float64)


def empty_like(z: np.ndarray, count: int) -> list[np.ndarray]:
    """Return so many fresh arrays for results at z."""
    return [np.empty_like(z, dtype=result_dtype(z)) for _ in range(count)]
