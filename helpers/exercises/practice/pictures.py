"""Match a picture: which formula has this curve, or this slope?"""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from helpers.derivation import (
    NotationError,
    Sym,
    array_values,
    differentiate,
    parse,
    read_as_written,
    substitute,
    tidied,
    to_text,
)
from helpers.diagnosis import Verdict, form_of, four_digits
from helpers.exercises.concept_exercise import ChoiceExercise, Option
from helpers.exercises.exercise import Hints
from helpers.exercises.practice.expressions import draw_numbers, worked_out
from helpers.language import gettext

_Z = np.linspace(-4, 4, 161)
_WIDE, _HIGH = 420, 240


def curve_svg(numbers: np.ndarray, words: str) -> str:
    """Draw a curve over z from -4 to 4 as SVG, with numbers at its axes.

    Parameters
    ----------
    numbers : its heights, evenly spaced.
    words : what somebody is told who does not see it.
    """
    low, high = min(0.0, float(numbers.min())), max(0.0, float(numbers.max()))
    room = (high - low) * 0.08 or 1.0
    low, high = low - room, high + room
    across = np.linspace(30, _WIDE - 10, numbers.size)
    down = (high - numbers) / (high - low) * (_HIGH - 24)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    zero = high / (high - low) * (_HIGH - 24)
    marks = "".join(
        f'<text x="{30 + (z + 4) / 8 * (_WIDE - 40):.1f}" y="{_HIGH - 6}" text-anchor="middle">{z}</text>'
        for z in range(-4, 5, 2)
    )
    sides = "".join(
        f'<text x="26" y="{(high - y) / (high - low) * (_HIGH - 24) + 4:.1f}" text-anchor="end">{y:g}</text>'
        for y in _round_heights(low, high)
    )
    middle = 30 + (_WIDE - 40) / 2
    return (
        f'<svg role="img" aria-label="{words}" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" '
        f'style="max-width:100%;font:11px sans-serif;fill:currentColor"><title>{words}</title>'
        f'<path d="M30 {zero:.1f}H{_WIDE - 10}M{middle} 0V{_HIGH - 24}" stroke="#8a8a90" fill="none"/>'
        f'<polyline points="{points}" fill="none" stroke="#d55e00" stroke-width="2.5"/>{marks}{sides}</svg>'
    )


def _round_heights(low: float, high: float) -> list[float]:
    step = 10 ** np.floor(np.log10((high - low) / 2))
    step *= next(k for k in (1, 2, 5) if (high - low) / (k * step) <= 6 or k == 5)
    return [round(float(y), 6) + 0.0 for y in np.arange(np.ceil(low / step), high / step) * step]


@dataclass(frozen=True, eq=False, kw_only=True)
class PictureExercise(ChoiceExercise):
    """A curve is shown, and its formula asked for.

    Parameters
    ----------
    curve : the formula of what is shown.
    """

    curve: str

    @property
    def whole_question(self) -> str:
        """The prompt and the curve."""
        return self.prompt + self.curve

    @property
    def table(self) -> str:
        """The curve in numbers."""
        z = np.arange(-4.0, 5.0)
        heights = _heights(self.curve, z)
        return "; ".join(f"{at:g}: {four_digits(y)}" for at, y in zip(z, heights, strict=True))

    def judge(self, answer: object) -> Verdict:
        """Judge a formula, however it is spelled."""
        return super().judge(self._spelled_as_option(answer))

    def _spelled_as_option(self, answer: object) -> object:
        with suppress(NotationError, TypeError, ValueError):
            written = read_as_written(str(answer).rpartition("=")[2])
            own = form_of(substitute(written, {"x": Sym("z")}), {})
            for option in self.options:
                if form_of(parse(option.text), {}) == own:
                    return option.text
        return answer

    def drawn_question(self) -> str:
        """Return the picture as SVG."""
        return curve_svg(
            _heights(self.curve, _Z),
            gettext("A curve over z. Its heights are {table}", table=self.table),
        )


def _heights(text: str, z: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.broadcast_to(array_values(parse(text), {"z": z}), z.shape)


# The curve, and what is taken for it, each with its story. Up to level 2 the curve is the function,
# above it the slope of the first formula is shown and asked for by its function.
_FLIPPED, _OTHER, _LOST = "sign-flipped", "formula-of-other-activation", "parameter-ignored"
# fmt: off
SHAPES: Mapping[int, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = {
    1: (
        ("sigmoid({a}*z)", ((_FLIPPED, "sigmoid(-{a}*z)"), (_OTHER, "tanh({a}*z)"), ("fraction-upside-down", "sigmoid(z/{a})"))),
        ("tanh(z/{a})", ((_FLIPPED, "-tanh(z/{a})"), (_OTHER, "sigmoid(z/{a})"), ("fraction-upside-down", "tanh({a}*z)"))),
        ("relu({a}*z)/{b}", ((_FLIPPED, "relu(-{a}*z)/{b}"), ("function-derivative-mixup", "{a}*step(z)/{b}"), (_LOST, "relu({b}*z)"))),
        ("softplus({a}*z)", ((_FLIPPED, "softplus(-{a}*z)"), (_OTHER, "exp({a}*z)"), (_LOST, "softplus(z)"))),
        ("exp(-z^2/{a})", (("square-as-times-two", "exp(-2*z/{a})"), (_FLIPPED, "-exp(-z^2/{a})"), ("fraction-upside-down", "exp(-{a}*z^2)"))),
    ),
    2: (
        ("sigmoid({a}*z - {c})", ((_FLIPPED, "sigmoid({a}*z + {c})"), (_OTHER, "tanh({a}*z - {c})"), (_LOST, "sigmoid({a}*z)"))),
        ("{c}*tanh({a}*z)", ((_LOST, "tanh({a}*z)"), ("fraction-upside-down", "{c}*tanh(z/{a})"), (_OTHER, "{c}*sigmoid({a}*z)"))),
        ("z*sigmoid({a}*z)", ((_FLIPPED, "z*sigmoid(-{a}*z)"), (_OTHER, "z*tanh({a}*z)"), ("term-lost", "sigmoid({a}*z)"))),
        ("relu(z) - relu(z - {c}/2)", ((_FLIPPED, "relu(z) + relu(z - {c}/2)"), ("term-lost", "relu(z - {c}/2)"), (_OTHER, "sigmoid(z)"))),
        ("z*exp(-z^2/{a})", (("term-lost", "exp(-z^2/{a})"), (_FLIPPED, "-z*exp(-z^2/{a})"), ("fraction-upside-down", "z*exp(-{a}*z^2)"))),
    ),
    3: (
        ("sigmoid({a}*z)", (("function-derivative-mixup", "sigmoid({a}*z)*(1 - sigmoid({a}*z))"), (_OTHER, "tanh({a}*z)"), (_FLIPPED, "sigmoid(-{a}*z)"))),
        ("{c}*tanh({a}*z)", (("function-derivative-mixup", "{c}*(1 - tanh({a}*z)^2)"), (_LOST, "tanh({a}*z)"), (_FLIPPED, "-{c}*tanh({a}*z)"))),
        ("softplus({a}*z)", (("function-derivative-mixup", "sigmoid({a}*z)"), (_OTHER, "exp({a}*z)"), (_FLIPPED, "softplus(-{a}*z)"))),
        ("exp(-z^2/{a})", (("function-derivative-mixup", "z*exp(-z^2/{a})"), (_FLIPPED, "-exp(-z^2/{a})"), (_OTHER, "tanh(z/{a})"))),
        ("atan({a}*z)", (("function-derivative-mixup", "1/(1 + ({a}*z)^2)"), (_FLIPPED, "-atan({a}*z)"), ("fraction-upside-down", "atan(z/{a})"))),
    ),
    4: (
        ("z*sigmoid({a}*z)", (("rule-applied-termwise", "sigmoid({a}*z)"), (_OTHER, "z*tanh({a}*z)"), (_FLIPPED, "z*sigmoid(-{a}*z)"))),
        ("z*exp(-z^2/{a})", (("term-lost", "exp(-z^2/{a})"), (_FLIPPED, "-z*exp(-z^2/{a})"), ("fraction-upside-down", "z*exp(-{a}*z^2)"))),
        ("tanh({a}*z - {c})", ((_FLIPPED, "tanh({a}*z + {c})"), (_OTHER, "sigmoid({a}*z - {c})"), (_LOST, "tanh({a}*z)"))),
        ("z^2/({a} + z^2)", (("term-lost", "1/({a} + z^2)"), (_FLIPPED, "-z^2/({a} + z^2)"), ("square-as-times-two", "z/({a} + z^2)"))),
    ),
    5: (
        ("z*tanh(softplus({a}*z))", ((_OTHER, "z*tanh({a}*z)"), ("term-lost", "tanh(softplus({a}*z))"), (_FLIPPED, "z*tanh(softplus(-{a}*z))"))),
        ("tanh({a}*z)^2", (("missing-square", "tanh({a}*z)"), ("square-on-argument", "tanh({a}*z^2)"), (_FLIPPED, "-tanh({a}*z)^2"))),
        ("sigmoid({a}*z) - sigmoid(z/{a})", ((_FLIPPED, "sigmoid(z/{a}) - sigmoid({a}*z)"), ("term-lost", "sigmoid({a}*z)"), ("plus-minus-swapped", "sigmoid({a}*z) + sigmoid(z/{a})"))),
        ("sin({a}*z)*exp(-z^2/{c})", (("term-lost", "exp(-z^2/{c})"), (_OTHER, "cos({a}*z)*exp(-z^2/{c})"), (_FLIPPED, "-sin({a}*z)*exp(-z^2/{c})"))),
    ),
}
# fmt: on


_COMES_TO = "what does the picture come to on the right ({end} at z = 4), and which of the formulas does the same?"
_COMES_TO_SLOPE = "what does the picture come to on the right ({end} at z = 4), and which of the functions has that slope?"
_CURVE_IS = "The curve has the formula {formula}."
_SLOPE_IS = "The slope has the formula {formula}."
_VALUE_THERE = "At z = {z:g} the picture is at {height}. Which value has this formula there?"
_SLOPE_THERE = "At z = {z:g} the picture is at {height}. Which slope has this function there?"


def picture(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> PictureExercise:
    """Draw a curve whose formula is to be told from three others."""
    right, wrong = SHAPES[level][rng.integers(len(SHAPES[level]))]
    texts = {"right": right} | {f"wrong{k}": text for k, (_, text) in enumerate(wrong)}
    drawn = {n: worked_out(t) for n, t in draw_numbers(texts, rng, kept_back).items()}
    curve, slope = drawn["right"], level > 2
    if slope:
        curve = to_text(tidied(differentiate(parse(curve))))
    options = [Option(drawn["right"])]
    for k, (slug, _) in enumerate(wrong):
        options.append(Option(drawn[f"wrong{k}"], slug, _doubt(drawn[f"wrong{k}"], curve, slope)))
    asked = "Which function is this?"
    asked = gettext("This is the slope of a function. Of which?") if slope else gettext(asked)
    middle, right_end = (four_digits(y) for y in _heights(curve, np.array([0.0, 4.0])))
    return PictureExercise(
        name,
        lesson=3,
        prompt=asked,
        curve=curve,
        answer=drawn["right"],
        options=tuple(options),
        hints=Hints(
            where=gettext("read off the height at z = 0: it is {height}.", height=middle),
            rule=(
                "where the picture is 0 the function has a level place, where it is above 0 the function rises."
                if slope
                else "sign, height at 0, and what it comes to on both sides."
            ),
            question=gettext(_COMES_TO_SLOPE if slope else _COMES_TO, end=right_end),
            neighbour="exp(-z^2) is a hill of height 1 at z = 0; its slope is 0 there, above 0 on its left and below 0 on its right.",
            line="Put z = 0 and z = 1 into each formula and strike out what does not fit.",
        ),
        solution=gettext(_SLOPE_IS if slope else _CURVE_IS, formula=curve),
    )


def _doubt(text: str, curve: str, slope: bool) -> str:
    """Ask at the place where a wrong formula is furthest from the picture."""
    z = np.array([0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0])
    formula = to_text(tidied(differentiate(parse(text)))) if slope else text
    shown = _heights(curve, z)
    gap = np.abs(_heights(formula, z) - shown)
    at = int(np.nanargmax(np.where(np.isfinite(gap), gap, -1)))
    return gettext(_SLOPE_THERE if slope else _VALUE_THERE, z=z[at], height=four_digits(shown[at]))
