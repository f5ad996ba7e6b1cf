"""One call of a learner's function: what goes in, and whether what comes back is as asked."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.diagnosis.running import Outcome
from helpers.language import gettext

SMALLEST = np.finfo(float).tiny  # below it, numbers have no digits left to compare


@dataclass(frozen=True)
class Case:
    """One call: what kind of input, the arguments, the values expected.

    may_overflow : only numbers that are finite are compared, and what stops a call is let pass.
    """

    kind: str  # "plain", "2-D", "integers", "read-only", "far" or "elsewhere"
    arguments: tuple
    expected: np.ndarray
    may_overflow: bool = False

    @property
    def arrays(self) -> list[np.ndarray]:
        """The arguments of which each entry stands for one of the result."""
        arrays = [a for a in self.arguments if isinstance(a, np.ndarray)]
        return [a for a in arrays if a.size == self.expected.size]

    def fresh(self) -> tuple:
        """Copies of the arguments, so that a function that writes spoils only its own."""
        copies = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in self.arguments)
        if self.kind == "read-only":
            for a in copies:
                if isinstance(a, np.ndarray):
                    a.flags.writeable = False
        return copies


@dataclass(frozen=True)
class Response:
    """What a function did with one case: `flaw` names a broken contract, else `ok` per entry."""

    case: Case
    outcome: Outcome
    flaw: str = ""
    slug: str = ""
    values: np.ndarray = field(default_factory=lambda: np.empty(0))
    ok: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def delivered(self) -> bool:
        """Did numbers of the right shape come back?"""
        return self.values.shape == self.case.expected.shape

    @property
    def right(self) -> bool:
        """Is all as asked?"""
        return not self.flaw and bool(self.ok.all())


Probe = Callable[..., Outcome]  # probe(arguments, seconds): calls a function, wherever it runs


def respond(probe: Probe, case: Case, rtol: float, atol: float, seconds: float = 1.0) -> Response:
    """Call a function with one case and compare what comes back with what is right."""
    arguments = case.fresh()
    outcome = probe(arguments, seconds)
    if outcome.error is not None:
        if case.may_overflow and _is_of_numbers(outcome.error):
            return Response(case, outcome)
        return Response(case, outcome, *_about_error(outcome, seconds))
    changed = outcome.changed or any(
        isinstance(before, np.ndarray) and not _untouched(before, after)
        for before, after in zip(case.arguments, arguments, strict=True)
    )
    flaw = gettext(
        "your function changed its input: the caller's array is different after the call"
    )
    values, fault = delivered(outcome, case.expected)
    flaw = fault or (flaw if changed else "")
    slug = "array-contract" if flaw else ""
    if values is None:
        return Response(case, outcome, flaw, slug)
    if values.dtype == np.float32 and atol:
        rtol, atol = max(rtol, 1e-5), max(atol, 1e-7)
    atol = max(atol, SMALLEST)
    with np.errstate(all="ignore"):
        ok = np.isclose(values.astype(float), case.expected, rtol=rtol, atol=atol)
        ok |= ~np.isfinite(values) & case.may_overflow
    return Response(case, outcome, flaw, slug, values, ok)


def _is_of_numbers(error: BaseException) -> bool:
    """Did arithmetic stop it (math.log says ValueError), not the learner's own `raise`?"""
    by_math = isinstance(error, ValueError) and str(error).startswith("math ")
    return isinstance(error, ArithmeticError) or by_math


def _untouched(before: np.ndarray, after: np.ndarray) -> bool:
    same = type(after) is np.ndarray and after.shape == before.shape and after.dtype == before.dtype
    return same and np.array_equal(before, after, equal_nan=True)


def delivered(outcome: Outcome, expected: np.ndarray) -> tuple[np.ndarray | None, str]:
    """The returned numbers as a plain array, or what is wrong with the delivery."""
    value = outcome.value
    if value is None:
        if outcome.printed.strip():
            return None, gettext("it prints, but hands nothing back: the caller receives None")
        return None, gettext(
            "the function ends without handing anything back: the caller receives None"
        )
    if isinstance(value, np.ndarray):
        array = np.asarray(value).view(np.ndarray)
    elif type(value) in (int, float, bool) or isinstance(value, np.generic):
        array = np.asarray(value)
    else:
        kind = type(value).__name__
        return None, gettext(
            "an object of type {kind} came back, an array of numbers was asked for", kind=kind
        )
    if array.shape != expected.shape:
        return None, (
            gettext(
                "{shape} came back where {shape2} was asked for",
                shape=_shape(array.shape),
                shape2=_shape(expected.shape),
            )
        )
    if array.dtype.kind == "b":
        return (
            None,
            gettext(
                "True and False came back: they look like 1 and 0 but are no numbers to go on with"
            ),
        )
    if array.dtype.kind not in "iuf":
        return None, gettext(
            "the result has dtype {dtype}: real numbers were asked for", dtype=array.dtype
        )
    return np.array(array), ""


def _shape(shape: tuple[int, ...]) -> str:
    return (
        gettext("an array of shape {shape}", shape=shape) if shape else gettext("a single number")
    )


def _about_error(outcome: Outcome, seconds: float) -> tuple[str, str]:
    """What an exception says, and the story behind it if there is one."""
    error = outcome.error
    if outcome.timed_out:
        limit = (
            gettext("a second") if seconds <= 1 else gettext("{seconds:g} seconds", seconds=seconds)
        )
        return gettext(
            "it did not finish within {limit}, as a loop does that never ends", limit=limit
        ), ""
    kind, words = type(error).__name__, outcome.words
    said = textwrap.shorten(words.rstrip(" .,;:"), 160, placeholder=" …")
    flaw = (
        gettext("it stopped with {kind}: {said}", kind=kind, said=said)
        if said
        else gettext("it stopped with {kind}", kind=kind)
    )
    if "bitwise_xor" in words or "unsupported operand type(s) for ^" in words:
        return flaw, "caret-for-power"
    scalar = ("truth value of an array", "can be converted to Python scalar", "must be real number")
    if any(sign in words for sign in scalar):
        return flaw, "python-not-numpy"
    if "read-only" in words:
        return gettext("it writes into the array that the caller passed in"), "array-contract"
    if isinstance(error, TypeError) and "not callable" in words:
        return flaw, "call-for-times"
    if isinstance(error, RecursionError):
        return gettext("it calls itself without end"), ""
    return flaw, ""
