"""Compose an activation from text: read it, find where it bends, and make its kernels."""

from __future__ import annotations

import inspect
import keyword
import math
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from helpers.activations import Activation, Parameter, kernel
from helpers.derivation import (
    ALIASES,
    CONSTANTS,
    RESERVED,
    D,
    Derivation,
    NotationError,
    Sym,
    Tree,
    latex,
    names,
    parse,
    to_text,
    walk,
)
from helpers.language import gettext, type_error, value_error
from helpers.workbench.chain_rule import ZERO, Floats, letters, value_and_slope
from helpers.workbench.derivative_steps import derivation_of
from helpers.workbench.domain import branch_changes, find_kinks, refuse_undefined
from helpers.workbench.slope_check import compare_slopes

Z = Sym("z")
MOST_STEPS = 40  # of a slider: all of its curves travel with an explorer


@dataclass(frozen=True)
class Composition(Activation):
    """An activation that was composed as text; made by `compose`.

    Attributes
    ----------
    tree
        What was read.
    defaults
        The parameters with their values.
    """

    tree: Tree = Z
    defaults: tuple[tuple[str, float], ...] = ()

    @cached_property
    def steps(self) -> Derivation:
        """The derivative, one rule at a time, every line checked; SymPy's own form comes last."""
        return derivation_of(self.tree, tuple(name for name, _ in self.defaults))

    def check(self) -> str:
        """Compare g′ with the slope that dual numbers find; return a sentence.

        Where a function has no dual number (erf, sin, …), central differences stand in. Raises
        ArithmeticError if the two differ by more than rounding.
        """
        return compare_slopes(self, self.tree, dict(self.defaults))

    def __repr__(self) -> str:
        given = "".join(f", {_python_name(name)}={x:g}" for name, x in self.defaults)
        return f"compose({self.expression!r}{given})"

    def _repr_latex_(self) -> str:
        return f"$$g(z) = {self.latex}$$"


def compose(text: str, **parameters: float | Sequence[float]) -> Composition:
    """Compose an activation from text and return it, with its derivative.

    Parameters
    ----------
    text
        A formula in z, in the notation of derivations: ``z*sigmoid(beta*z)``.
    **parameters
        A value for each other letter, such as ``c=0.5``, or (value, low, high) for a slider:
        ``beta=(1.0, 0.1, 10.0)``. The first one with a range gets the slider of `explore`; the
        others are keywords of ``value`` and ``prime``. ``lam`` is λ.

    Returns
    -------
    Composition
        An `Activation` for `explore`, `Network` and `value_and_prime`; ``.steps`` shows how its
        derivative is found. The slope at a kink is the one on the left. sigmoid, tanh, softplus
        and Phi are the library's kernels, right in their tails as well; for the rest, and at
        ±inf, the formula is computed as it stands.

    Raises
    ------
    NotationError
        The text cannot be read, has no z, or has no value or no slope for some z from -30 to 30,
        for a parameter's value or at an end of its range; points at the place.
    TypeError, ValueError
        A parameter is not a number or three in order low <= value <= high.

    Examples
    --------
    >>> from helpers.activations import value_and_prime
    >>> gate = compose("z*sigmoid(beta*z)", beta=(1.0, 0.1, 10.0))
    >>> value_and_prime(gate, 0.0, 2.0)
    (np.float64(0.0), np.float64(0.5))
    >>> compose("ln(z)")
    Traceback (most recent call last):
    helpers.derivation.errors.NotationError: ln(z) has no value from z = -30 to z = 0
        ln(z)
        ^
    """
    ranges = {_letter(name): _range(name, given) for name, given in parameters.items()}
    tree = _read(text, ranges)
    defaults = {name: values[0] for name, values in ranges.items()}
    for settings in _corners(ranges):
        refuse_undefined(tree, settings, defaults, text)
    slides = next((name for name, (_, *ends) in ranges.items() if ends), None)
    order = [slides, *(n for n in ranges if n != slides)] if slides else [*ranges]
    return Composition(
        value=_kernel(tree, order, defaults, slope=False),
        prime=_kernel(tree, order, defaults, slope=True),
        expression=to_text(tree),
        latex=latex(tree),
        parameter=_slider(slides, *ranges[slides]) if slides else None,
        kinks=find_kinks(tree, defaults, branch_changes(tree, defaults), text),
        pair=_pair(tree, order, defaults),
        tree=tree,
        defaults=tuple((name, defaults[name]) for name in order),
    )


def _letter(name: str) -> str:
    plain = ALIASES.get(name, name)
    if plain in RESERVED or plain == "z":
        raise NotationError(
            gettext("{name} cannot be a parameter: it has a meaning", name=name), name
        )
    return plain


def _range(name: str, given: object) -> tuple[float, ...]:
    """Return (value,) or (value, low, high)."""
    numbers = tuple(given) if isinstance(given, Sequence | np.ndarray) else (given,)
    if not all(isinstance(x, Real) and math.isfinite(x) for x in numbers) or isinstance(given, str):
        raise type_error(
            "{name}: expected a number or (value, low, high), got {given!r}",
            name=name,
            given=given,
        )
    value, *ends = map(float, numbers)
    if len(numbers) not in (1, 3) or (ends and not (ends[0] <= value <= ends[1] > ends[0])):
        raise value_error(
            "{name}: expected low <= value <= high in (value, low, high), got {given}",
            name=name,
            given=given,
        )
    return value, *ends


def _read(text: str, ranges: Mapping[str, tuple[float, ...]]) -> Tree:
    tree = parse(text, letters={*string.ascii_letters, *ALIASES.values(), *ranges} - RESERVED)
    for node in walk(tree):
        if isinstance(node, D):
            message = gettext("write the function itself: its derivative is found here")
            raise NotationError(message, text, node.span[0])
        if isinstance(node, Sym) and node.name not in (*ranges, "z", *CONSTANTS):
            raise NotationError(_no_value(node.name), text, node.span[0])
    if "z" not in names(tree):
        raise NotationError(gettext("an activation is a function of z, and there is no z"), text)
    if unused := sorted({*ranges} - names(tree)):
        raise NotationError(gettext("{name} has a value, but does not occur", name=unused[0]), text)
    return tree


def _no_value(name: str) -> str:
    if name == "x":
        return gettext("x has no value: was z meant, the input of an activation?")
    if name in ("f", "g"):
        return gettext("{name} is no function here: write its formula in z out in full", name=name)
    say = _python_name(name)
    return gettext(
        "{name} has no value: say {say}=1.0 or {say}=(1.0, 0.1, 10.0)", name=name, say=say
    )


def _slider(name: str, value: float, low: float, high: float) -> Parameter:
    """Return a slider that stops at the value, with many steps that are short to write."""

    def fits(count: int) -> bool:
        at = (value - low) / (high - low) * count
        return abs(at - round(at)) < 1e-9

    def digits(count: int) -> int:
        return len(f"{(high - low) / count:.6g}".replace(".", "").strip("0"))

    whole = range(1, MOST_STEPS + 1)
    counts = [count for count in whole if fits(count)] or whole
    step = (high - low) / min(counts, key=lambda count: (digits(count), -count))
    symbol = {known: sign for sign, known in ALIASES.items() if len(sign) == 1}.get(name, name)
    return Parameter(_python_name(name), symbol, value, low, high, step)


def _python_name(name: str) -> str:
    return "lam" if keyword.iskeyword(name) else name


def _kernel(
    tree: Tree, order: Sequence[str], defaults: Mapping[str, float], *, slope: bool
) -> Callable:
    """Return g or g′ with the promises of the kernels, as a function of z and the parameters."""

    def body(z: Floats, *params: float) -> Floats:
        settings = dict(zip(order, params, strict=True))
        if not slope:
            return value_and_slope(tree, letters(z, settings, None))[0]
        found = value_and_slope(tree, letters(z, settings))[1]
        return ZERO if found is None else found

    by_place_or_name = inspect.Parameter.POSITIONAL_OR_KEYWORD
    z = inspect.Parameter("z", by_place_or_name)
    others = [
        inspect.Parameter(_python_name(name), by_place_or_name, default=defaults[name])
        for name in order
    ]
    body.__signature__ = inspect.Signature([z, *others])  # type: ignore[attr-defined]
    body.__name__ = body.__qualname__ = "g_prime" if slope else "g"
    body.__doc__ = f"{'The slope of' if slope else 'Compute'} {to_text(tree)}."
    return kernel(body)


def _pair(tree: Tree, order: Sequence[str], defaults: Mapping[str, float]) -> Callable:
    def pair(z: Floats, *params: float, out: Any = None) -> tuple[Any, Any]:
        settings = {**defaults, **dict(zip(order, params, strict=False))}
        value, slope = value_and_slope(tree, letters(z, settings))
        return value, ZERO if slope is None else slope

    return pair


def _corners(ranges: Mapping[str, tuple[float, ...]]) -> Iterator[dict[str, float]]:
    """Yield the values, then each parameter at both ends of its range."""
    defaults = {name: values[0] for name, values in ranges.items()}
    yield defaults
    for name, (_, *ends) in ranges.items():
        yield from ({**defaults, name: end} for end in ends)
