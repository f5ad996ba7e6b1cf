"""Design an activation with given properties: any formula that has them is right."""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from helpers.derivation import NotationError, array_values, parse, read_as_written
from helpers.diagnosis import NOT_ATTEMPTED, Verdict, call, four_digits
from helpers.exercises.exercise import Exercise, Hints, is_unanswered, kind_of, without_comments
from helpers.exercises.practice.expressions import draw_numbers
from helpers.language import gettext, type_error, value_error

Values = Callable[[np.ndarray], np.ndarray]
_Z = np.linspace(0.05, 12, 240)
_NEAR = 1e-5
_CLOSE = 1e-3


def _first(bad: np.ndarray, z: np.ndarray, y: np.ndarray, *more: np.ndarray) -> dict[str, str]:
    """Say where a property fails first, at the smallest |z|; nothing where it holds."""
    if not bad.any():
        return {}
    k = min(np.flatnonzero(bad), key=lambda i: abs(z[i]))
    shown = dict(zip(("z", "y", "other"), (z, y, *more), strict=False))
    return {name: four_digits(values[k]) for name, values in shown.items()}


def _told(words: str, at: dict[str, str]) -> str:
    return gettext(words, **at) if at else ""


_MIRRORED = "at z = -{z} it is {y}, at z = {z} {other}"
_THERE = "at z = {z} it is {y}"
_FALLS = "right of z = {z}, where it is {y}, it falls"


def _odd(f: Values, x: float) -> str:
    left, right = f(-_Z), f(_Z)
    bad = np.abs(left + right) > 1e-9 * (1 + np.abs(right))
    return _told(_MIRRORED, _first(bad, _Z, left, right))


def _even(f: Values, x: float) -> str:
    left, right = f(-_Z), f(_Z)
    bad = np.abs(left - right) > 1e-9 * (1 + np.abs(right))
    return _told(_MIRRORED, _first(bad, _Z, left, right))


def _rises(f: Values, x: float) -> str:
    z = np.concatenate([-_Z[::-1], _Z])
    y = f(z)
    bad = np.diff(y) < -1e-12 * (1 + np.abs(y[1:]))
    return _told(_FALLS, _first(bad, z[:-1], y[:-1]))


def _below(f: Values, x: float) -> str:
    z = np.concatenate([-_Z[::-1], _Z])
    y = f(z)
    return _told(_THERE, _first(np.abs(y) > x * (1 + 1e-9), z, y))


def _not_below_0(f: Values, x: float) -> str:
    z = np.concatenate([-_Z[::-1], _Z])
    y = f(z)
    return _told(_THERE, _first(y < 0, z, y))


def _value(at: float, f: Values, x: float) -> str:
    y = f(np.array([at]))[0]
    right = abs(y - x) <= _CLOSE * (1 + abs(x))
    return "" if right else gettext(_THERE, z=f"{at:g}", y=four_digits(y))


def _slope(side: int, f: Values, x: float) -> str:
    """The slope at 0: on the left, on the right, or on both sides."""
    for sign in (-1, 1):
        if side in (0, sign):
            y0, y1 = f(np.array([0.0, sign * _NEAR]))
            slope = sign * (y1 - y0) / _NEAR
            if abs(slope - x) > _CLOSE * (1 + abs(x)):
                given = {"slope": four_digits(slope)}
                return (
                    gettext("just left of 0 its slope is {slope}", **given)
                    if sign < 0
                    else gettext("just right of 0 its slope is {slope}", **given)
                )
    return ""


# what is asked ({x} is the number) -> says what is missing, or ""
PROPERTIES: Mapping[str, Callable[[Values, float], str]] = {
    "it is odd: f(-z) = -f(z)": _odd,
    "it is even: f(-z) = f(z)": _even,
    "it never falls": _rises,
    "it stays between -{x} and {x}": _below,
    "it is nowhere below 0": _not_below_0,
    "f(0) = {x}": partial(_value, 0.0),
    "it comes to {x} far on the right": partial(_value, 200.0),
    "it comes to {x} far on the left": partial(_value, -200.0),
    "its slope at 0 is {x}": partial(_slope, 0),
    "its slope just left of 0 is {x}": partial(_slope, -1),
    "its slope just right of 0 is {x}": partial(_slope, 1),
}

# A witness with what it has; properties are drawn from these, so that some formula has them all.
# fmt: off
WITNESSES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("{c}*tanh({a}*z)", (("it is odd: f(-z) = -f(z)", ""), ("it never falls", ""), ("it stays between -{x} and {x}", "{c}"), ("it comes to {x} far on the right", "{c}"), ("its slope at 0 is {x}", "{a}*{c}"))),
    ("{c}*sigmoid({a}*z)", (("it is nowhere below 0", ""), ("it never falls", ""), ("it comes to {x} far on the right", "{c}"), ("it comes to {x} far on the left", "0"), ("its slope at 0 is {x}", "{a}*{c}/4"), ("f(0) = {x}", "{c}/2"))),
    ("{c}*exp(-{a}*z^2)", (("it is even: f(-z) = f(z)", ""), ("it is nowhere below 0", ""), ("f(0) = {x}", "{c}"), ("it comes to {x} far on the right", "0"), ("its slope at 0 is {x}", "0"))),
    ("max({a}*z, z/{c})", (("it never falls", ""), ("its slope just left of 0 is {x}", "1/{c}"), ("its slope just right of 0 is {x}", "{a}"), ("f(0) = {x}", "0"))),
    ("{c} - {c}*exp(-{a}*z^2)", (("it is even: f(-z) = f(z)", ""), ("f(0) = {x}", "0"), ("it comes to {x} far on the right", "{c}"), ("its slope at 0 is {x}", "0"), ("it stays between -{x} and {x}", "{c}"))),
    ("{a}*{c}*z/(1 + {a}*abs(z))", (("it is odd: f(-z) = -f(z)", ""), ("it never falls", ""), ("its slope at 0 is {x}", "{a}*{c}"), ("it stays between -{x} and {x}", "{c}"), ("f(0) = {x}", "0"))),
)
# fmt: on


@dataclass(frozen=True, eq=False, kw_only=True)
class DesignExercise(Exercise):
    """A formula in z is asked for, or a function of arrays, that has some properties.

    Parameters
    ----------
    wanted : pairs of a property (a key of `PROPERTIES`) and its number.
    """

    wanted: tuple[tuple[str, float], ...]

    def judge(self, answer: object) -> Verdict:
        """Judge a formula or a function: the first property that is missing, with its number."""
        answer = without_comments(answer)
        if is_unanswered(answer):
            return NOT_ATTEMPTED
        try:
            values = _values_of(answer)
            missing = [(says, words) for says, words in self._tried(values) if words]
        except (NotationError, ValueError, ArithmeticError, TypeError) as error:
            told = gettext("It cannot be computed: {error}", error=error)
            return Verdict(False, message=told, status="unread")
        if not missing:
            told = gettext("It has all {n} properties.", n=len(self.wanted))
            return Verdict(True, message=told)
        (says, words), *more = missing
        held = len(self.wanted) - len(missing)
        known = {"held": held, "all": len(self.wanted)}
        has = gettext(" {held} of {all} hold.", **known) if more or held else ""
        told = "Asked: {says}. But {words}.{has} Which part of your formula decides this?"
        return Verdict(False, message=gettext(told, says=says, words=words, has=has))

    def _tried(self, f: Values) -> list[tuple[str, str]]:
        with np.errstate(all="ignore"):
            return [(said(what, x), PROPERTIES[what](f, x)) for what, x in self.wanted]

    def own_answers(self) -> dict[str, object]:
        """Return the formula that is known to have them."""
        return {"solution": self.solution.partition("For example ")[2]}


def said(what: str, x: float) -> str:
    """Say a property with its number."""
    return gettext(what, x=four_digits(x))


def _values_of(answer: object) -> Values:
    if isinstance(answer, str):
        tree = read_as_written(re.sub(r"^\s*\w+(\(\w\))?\s*=", "", answer).strip())
        return partial(_finite, lambda z: array_values(tree, {"z": z, "x": z}))
    if callable(answer):
        return partial(_finite, partial(_called, answer))
    told = "a formula in z is asked for, as a text, or a function; {came} came"
    raise type_error(told, came=kind_of(answer))


def _called(function: Callable, z: np.ndarray) -> object:
    outcome = call(function, (z,))
    if outcome.error is not None:
        kind, said = type(outcome.error).__name__, outcome.words
        raise value_error("it stopped with {kind}: {said}", kind=kind, said=said)
    return outcome.value


def _finite(f: Callable[[np.ndarray], object], z: np.ndarray) -> np.ndarray:
    y = np.array(np.broadcast_to(np.asarray(f(z.copy()), float), z.shape))
    if not np.isfinite(y).all():
        x = four_digits(z[np.argmin(np.isfinite(y))])
        raise value_error("it has no value at z = {x}", x=x)
    return y


_CARELESS = ("0", "1", "z", "-z", "tanh(z)", "sigmoid(z)", "exp(z)", "max(z, 0)")


def design(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> DesignExercise:
    """Draw properties that some activation has together, and none that comes to mind at once."""
    while True:
        drawn = _drawn(name, level, rng, kept_back)
        if not any(drawn.judge(formula) for formula in _CARELESS):
            return drawn


def _drawn(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> DesignExercise:
    witness, held = WITNESSES[rng.integers(len(WITNESSES))]
    texts = {"witness": witness} | {f"x{k}": x or "0" for k, (_, x) in enumerate(held)}
    drawn = draw_numbers(texts, rng, kept_back)
    count = min(level + 1, len(held))
    chosen = sorted(rng.permutation(len(held))[:count].tolist())
    wanted = tuple((held[k][0], float(array_values(parse(drawn[f"x{k}"]), {}))) for k in chosen)
    listed = "; ".join(said(what, x) for what, x in wanted)
    told = "Write a formula in z of an activation f with these properties: {listed}."
    return DesignExercise(
        name,
        lesson=8,
        prompt=gettext(told, listed=listed),
        wanted=wanted,
        hints=Hints(
            where="take one property at a time; begin with what happens far out on both sides.",
            rule="a factor in front stretches heights and slopes, a factor inside the slopes alone.",
            question="which activation that you know has the same shape, and what must its two factors be?",
            neighbour="3*tanh(2*z) is odd, stays between -3 and 3, and has the slope 6 at 0.",
            line="Choose the shape first, then the factor in front, then the factor inside.",
        ),
        solution=f"For example {drawn['witness']}",
    )
