"""Numbers to find: the largest slope, where no kink is, a gain, where a slope has faded."""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from helpers.derivation import parse, tidied, to_text
from helpers.diagnosis import STORIES
from helpers.exercises.concept_exercise import NumberExercise, read_number
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.practice.consequences import (
    Shown,
    is_even,
    of_a_kink,
    of_a_place,
    of_a_quantity,
    of_a_size,
)
from helpers.exercises.practice.expressions import draw_values, filled, worked_out
from helpers.language import Begun, Filled


@dataclass(frozen=True)
class Sum:
    """A question with {a}, {b}, {c} in it, its answer, and what wrong answers believe.

    way : the solution in a line. wrong : pairs of a story and the number that it gives. of : what
    question and way name in more brackets, such as the function: with {a}, {b}, {c} as well.
    asks : what to ask where that of the family does not lead on. shows : what follows from a number,
    see `_shown`.
    """

    question: str
    answer: str
    way: str
    wrong: tuple[tuple[str, str], ...] = ()
    of: Mapping[str, str] = field(default_factory=dict)
    asks: str = ""
    shows: tuple[str, ...] = ()

    def texts(self) -> dict[str, str]:
        """Return all of it with {a}, {b}, {c} in it."""
        letters = {name: f"{{{name}}}" for name in "abcn"}
        told = {"question": self.question, "answer": self.answer, "way": self.way}
        told |= {n: told[n].format(**{**letters, **self.of}) for n in ("question", "way")}
        return told | {f"wrong{k}": value for k, (_, value) in enumerate(self.wrong)}

    def said(self, template: str, values: Mapping[str, str]) -> Filled:
        """Return question or way with numbers in it."""
        return Filled(template, **{n: Filled(t, **values) for n, t in self.of.items()}, **values)


_INNER, _LOST, _HEIGHT, _OTHER = (
    *("missing-inner-derivative", "parameter-ignored"),
    *("slope-vs-output", "formula-of-other-activation"),
)


def _ask(
    question: str,
    answer: str,
    way: str,
    *wrong: tuple[str, str],
    asks: str = "",
    shows: tuple[str, ...] = (),
    **of: str,
) -> Sum:
    return Sum(question, answer, way, wrong, of, asks, shows)


_INSIDE = "What stands inside the function at your z, and at which number inside is it steepest?"
_BENDS = "Where is the slope of the slope 0, and what has the slope itself come to there?"
_ONE_LAYER = "What does one layer do, and what do several do together: do they add up, or multiply?"
_POWER = "Which power of 2 should it be, and how is a power of 2 written as one of e?"
_ERROR = "Which part of the exponential may that be, and at which z is it so?"
_EACH = ("In each layer that would be a factor of {y}.", "x^(1/{n})")
_WEIGHT = "With the weight {x} the chain has the slope {y}."
_EXPONENT = "At z = {x}, {e} is about 2^{y}."
_ROUNDED = "At z = {x}, {u} is about {y} times {e}."
_STEEPEST = "What is the largest slope of {f}?"
_KINK = "f(z) = {left} for z <= 0 and {right} for z > 0. For which alpha has f no kink at 0?"
_FAINT = "At which z > 0 has the slope of {f} fallen to one part in {b} of its largest value?"
_GAIN = (
    "The weights of a layer of {b}0 inputs and {b}0 outputs have mean 0 and variance k/{b}0, and the "
    "pre-activations are as often above 0 as below. With which k do the deltas keep their mean "
    "square on the way back, if the activation is {f}?"
)


def _steepest(f: str, answer: str, way: str, *wrong: tuple[str, str], asks: str = "") -> Sum:
    return _ask(_STEEPEST, answer, way, *wrong, asks=asks, shows=("slope",), f=f)


def _kink(left: str, right: str, answer: str, way: str, *wrong: tuple[str, str]) -> Sum:
    return _ask(_KINK, answer, way, *wrong, shows=("kink",), left=left, right=right)


def _faint(f: str, answer: str, way: str, *wrong: tuple[str, str]) -> Sum:
    return _ask(_FAINT, answer, way, *wrong, f=f)


def _gain(f: str, answer: str, way: str, *wrong: tuple[str, str]) -> Sum:
    return _ask(_GAIN, answer, way, *wrong, shows=("gain",), f=f)


# name, k with 1 + 2^-k rounded to 1, exponents of 2: of the largest number, of what is rounded to 0
_FLOATS = (("float64", 53, 1024, 1075), ("float32", 24, 128, 150), ("float16", 11, 16, 25))


# fmt: off
TASKS: Mapping[str, Mapping[int, tuple[Sum, ...]]] = {
    "largest_slope": {
        1: (
            _steepest("sigmoid({a}*z)", "{a}/4", "{a} times 1/4, at z = 0", (_INNER, "1/4"), (_OTHER, "{a}"), (_HEIGHT, "{a}/2")),
            _steepest("tanh({a}*z)", "{a}", "{a} times 1, at z = 0", (_INNER, "1"), (_OTHER, "{a}/4")),
            _steepest("tanh(z/{a})", "1/{a}", "1/{a} times 1, at z = 0", (_INNER, "1"), ("fraction-upside-down", "{a}")),
            _steepest("sigmoid(z/{a})", "1/(4*{a})", "1/{a} times 1/4, at z = 0", (_INNER, "1/4"), ("fraction-upside-down", "{a}/4")),
        ),
        2: (
            _steepest("{c}*sigmoid({a}*z)", "{c}*{a}/4", "{c} times {a} times 1/4", (_INNER, "{c}/4"), (_LOST, "{a}/4"), (_OTHER, "{c}*{a}")),
            _steepest("{c}*tanh({a}*z - {b})", "{c}*{a}", "{c} times {a} times 1, at z = {b}/{a}", (_INNER, "{c}"), (_LOST, "{a}")),
            _steepest("{c}*atan(z/{a})", "{c}/{a}", "{c} times 1/{a} times 1, at z = 0", (_INNER, "{c}"), (_LOST, "1/{a}")),
            _steepest("{c}*sigmoid(z/{a} - {b})", "{c}/(4*{a})", "{c} times 1/{a} times 1/4, at z = {a}*{b}", (_INNER, "{c}/4"), (_LOST, "1/(4*{a})")),
        ),
        3: (
            _ask("At which z is the slope of {f} largest?", "{b}/{a}", "where {a}*z - {b} is 0", ("sign-flipped", "-{b}/{a}"), ("slope-vs-output", "0"), asks=_INSIDE, shows=("place",), f="sigmoid({a}*z - {b})"),
            _ask("At which z is the slope of {f} largest?", "-{a}*{b}", "where z/{a} + {b} is 0", ("sign-flipped", "{a}*{b}"), ("slope-vs-output", "0"), asks=_INSIDE, shows=("place",), f="tanh(z/{a} + {b})"),
            _steepest("{b}*z + {c}*sigmoid({a}*z)", "{b} + {c}*{a}/4", "{b}, and {c} times {a} times 1/4", (_INNER, "{b} + {c}/4"), ("term-lost", "{c}*{a}/4")),
            _steepest("{c}*tanh({a}*z) - z/{b}", "{c}*{a} - 1/{b}", "{c} times {a} times 1, less 1/{b}", (_INNER, "{c} - 1/{b}"), ("term-lost", "{c}*{a}")),
        ),
        4: (
            _steepest("exp(-{a}*z^2)", "sqrt(2*{a})*exp(-1/2)", "-2*{a}*z*exp(-{a}*z^2) is largest where 1 - 2*{a}*z^2 = 0, at z = -1/sqrt(2*{a})", (_HEIGHT, "0"), ("sign-flipped", "-sqrt(2*{a})*exp(-1/2)"), asks=_BENDS),
            _steepest("z*exp(-{a}*z^2)/{c}", "1/{c}", "(1 - 2*{a}*z^2)*exp(-{a}*z^2)/{c} is largest at z = 0", (_HEIGHT, "0"), (_LOST, "1"), asks=_BENDS),
            _ask("At which z > 0 does {f} fall most steeply?", "sqrt({a}/2)", "where the second derivative is 0: 2*z^2/{a} = 1", (_HEIGHT, "0"), (_LOST, "sqrt(1/2)"), asks=_BENDS, shows=("fall",), f="exp(-z^2/{a})"),
        ),
        5: (
            _steepest("sigmoid({a}*z)^2", "{a}*8/27", "2*{a}*s^2*(1 - s) is largest at s = 2/3", (_INNER, "8/27"), ("slope-vs-output", "{a}/4"), asks=_BENDS),
            _steepest("z/sqrt({a}^2 + z^2)", "1/{a}", "{a}^2/({a}^2 + z^2)^(3/2) is largest at z = 0", (_LOST, "1"), asks=_BENDS),
            _steepest("exp(-exp(-{a}*z))", "{a}*exp(-1)", "-{a}*g*ln(g) is largest where ln(g) = -1", (_INNER, "exp(-1)"), ("slope-vs-output", "{a}/4"), asks=_BENDS),
            _steepest("tanh({a}*z)^2", "4*{a}/(3*sqrt(3))", "2*{a}*t*(1 - t^2) is largest at t = 1/sqrt(3)", (_INNER, "4/(3*sqrt(3))"), (_HEIGHT, "0"), asks=_BENDS),
        ),
    },
    "kink": {
        1: (
            _kink("alpha*z", "{c}*z", "{c}", "the slopes are alpha and {c}", (_HEIGHT, "0"), ("fraction-upside-down", "1/{c}")),
            _kink("alpha*z", "z/{a}", "1/{a}", "the slopes are alpha and 1/{a}", (_HEIGHT, "0"), ("fraction-upside-down", "{a}")),
            _kink("{a}*z", "alpha*z", "{a}", "the slopes are {a} and alpha", (_HEIGHT, "0"), (_LOST, "1")),
        ),
        2: (
            _kink("alpha*(exp(z) - 1)", "{c}*z", "{c}", "the slopes at 0 are alpha*exp(0) and {c}", (_LOST, "1"), (_HEIGHT, "0")),
            _kink("{a}*(exp(z) - 1)", "alpha*z", "{a}", "the slopes at 0 are {a}*exp(0) and alpha", (_LOST, "1"), (_HEIGHT, "0")),
            _kink("alpha*tanh(z)", "{a}*z", "{a}", "the slopes at 0 are alpha*(1 - 0) and {a}", (_HEIGHT, "0"), ("fraction-upside-down", "1/{a}")),
        ),
        3: (
            _kink("alpha*(exp({a}*z) - 1)", "{b}*z", "{b}/{a}", "the slopes at 0 are alpha*{a} and {b}", (_INNER, "{b}"), ("fraction-upside-down", "{a}/{b}")),
            _kink("alpha*tanh({a}*z)", "{b}*z", "{b}/{a}", "the slopes at 0 are alpha*{a} and {b}", (_INNER, "{b}"), ("fraction-upside-down", "{a}/{b}")),
            _kink("{b}*z", "alpha*sin({a}*z)", "{b}/{a}", "the slopes at 0 are {b} and alpha*{a}", (_INNER, "{b}"), ("fraction-upside-down", "{a}/{b}")),
        ),
        4: (
            _kink("alpha*(exp({a}*z) - 1)", "{c}*tanh({b}*z)", "{c}*{b}/{a}", "the slopes at 0 are alpha*{a} and {c}*{b}", (_INNER, "{c}"), ("fraction-upside-down", "{a}/({c}*{b})")),
            _kink("tanh(alpha*z)/{a}", "{b}*z", "{a}*{b}", "the slopes at 0 are alpha/{a} and {b}", (_LOST, "{b}"), ("fraction-upside-down", "{b}/{a}")),
            _kink("(exp(alpha*z) - 1)/{a}", "{c}*sin({b}*z)", "{a}*{b}*{c}", "the slopes at 0 are alpha/{a} and {c}*{b}", (_INNER, "{a}*{c}"), (_LOST, "{b}*{c}")),
        ),
        5: (
            _kink("alpha*(sigmoid({a}*z) - 1/2)", "{b}*z", "4*{b}/{a}", "the slopes at 0 are alpha*{a}/4 and {b}", (_INNER, "4*{b}"), (_OTHER, "{b}/{a}")),
            _kink("alpha*z*sigmoid(z) + {c}*z", "{a}*z", "2*({a} - {c})", "the slopes at 0 are alpha/2 + {c} and {a}", ("term-lost", "2*{a}"), (_LOST, "{a} - {c}")),
            _kink("alpha*ln(1 + z^2) + {c}*tanh({a}*z)", "alpha*z", "{a}*{c}", "the slopes at 0 are 0 + {c}*{a} and alpha", (_INNER, "{c}"), (_HEIGHT, "0")),
        ),
    },
    "gain": {
        1: (
            _gain("{a}*z for z > 0, else 0", "2/{a}^2", "half of the squares are {a}^2, the others 0", ("variance-confusion", "2/{a}"), ("variance-confusion", "4/{a}^2")),
            _gain("{a}*z everywhere", "1/{a}^2", "all squares of the slope are {a}^2", ("variance-confusion", "1/{a}"), (_LOST, "1")),
        ),
        2: (
            _gain("leaky ReLU with the slope 1/{a} on the left", "2/(1 + 1/{a}^2)", "the squares of the slope are 1 and 1/{a}^2, half each", ("variance-confusion", "2/(1 + 1/{a})"), (_LOST, "2")),
            _gain("{a}*z for z > 0, else {c}*z", "2/({a}^2 + {c}^2)", "the squares of the slope are {a}^2 and {c}^2, half each", ("variance-confusion", "2/({a} + {c})"), ("variance-confusion", "4/({a} + {c})^2")),
        ),
        3: (
            _gain("z for z > 0, else -z/{a}", "2/(1 + 1/{a}^2)", "the squares of the slope are 1 and 1/{a}^2, half each", ("sign-flipped", "2/(1 - 1/{a}^2)"), (_LOST, "2")),
            Sum("An activation has the slope {a} on half of its inputs and 0 on the others; the weights of a layer of {b}0 units have variance 1/{b}0. By which factor does the mean square of the deltas change in a layer?", "{a}^2/2", "the variance times {b}0 is 1; half of the squares of the slope are {a}^2", (("variance-confusion", "{a}/2"), ("variance-confusion", "{a}^2/4"))),
        ),
        4: (
            _ask("ReLU, weights of variance 1/{b}0 in layers of {b}0 units, inputs as often above 0 as below: by which factor is the mean square of the deltas smaller after {n} layers?", "2^{n}", "each layer halves it", ("variance-confusion", "sqrt(2)^{n}"), ("layer-product-wrong", "2*{n}"), asks=_ONE_LAYER, shows=_EACH),
            _ask("A chain of {n} layers of one unit with sigmoid, all weights {c}, all pre-activations 0: what is the slope of the output by the input?", "({c}/4)^{n}", "each layer multiplies by {c} times 1/4", ("layer-product-wrong", "{n}*{c}/4"), (_LOST, "1/4^{n}"), (_HEIGHT, "({c}/2)^{n}"), asks=_ONE_LAYER, shows=_EACH),
        ),
        5: (
            _ask("Leaky ReLU with the slope 1/{c} on the left, weights of variance 1/{b}0 in layers of {b}0 units, inputs as often above 0 as below: by which factor is the mean square of the deltas multiplied in {n} layers?", "((1 + 1/{c}^2)/2)^{n}", "each layer multiplies by (1 + 1/{c}^2)/2", ("layer-product-wrong", "{n}*(1 + 1/{c}^2)/2"), ("variance-confusion", "((1 + 1/{c})/2)^{n}"), asks=_ONE_LAYER, shows=_EACH),
            _ask("A chain of {n} layers of one unit with sigmoid, all pre-activations 0: which positive weight, the same in each layer, gives the chain the slope {c}?", "4*{c}^(1/{n})", "(w/4)^{n} = {c}", ("layer-product-wrong", "4*{c}/{n}"), (_LOST, "{c}^(1/{n})"), asks=_ONE_LAYER, shows=(_WEIGHT, "(x/4)^{n}")),
        ),
    },
    "saturation": {
        1: (
            _faint("{c}*atan(z)", "sqrt({b} - 1)", "1/(1 + z^2) = 1/{b}", (_LOST, "{b} - 1"), ("term-lost", "sqrt({b})")),
            _faint("{c}*tanh(z)", "ln(sqrt({b}) + sqrt({b} - 1))", "cosh(z)^2 = {b}", ("missing-square", "ln({b} + sqrt({b}^2 - 1))"), ("term-lost", "ln(2*sqrt({b}))")),
        ),
        2: (
            _faint("atan({a}*z)", "sqrt({b} - 1)/{a}", "1 + ({a}*z)^2 = {b}", (_INNER, "sqrt({b} - 1)"), ("fraction-upside-down", "{a}*sqrt({b} - 1)")),
            _faint("atan(z/{a})", "{a}*sqrt({b} - 1)", "1 + (z/{a})^2 = {b}", (_INNER, "sqrt({b} - 1)"), ("fraction-upside-down", "sqrt({b} - 1)/{a}")),
        ),
        3: (
            _faint("tanh({a}*z)", "ln(sqrt({b}) + sqrt({b} - 1))/{a}", "cosh({a}*z)^2 = {b}", (_INNER, "ln(sqrt({b}) + sqrt({b} - 1))"), ("missing-square", "ln({b} + sqrt({b}^2 - 1))/{a}")),
            _faint("tanh(z/{a})", "{a}*ln(sqrt({b}) + sqrt({b} - 1))", "cosh(z/{a})^2 = {b}", (_INNER, "ln(sqrt({b}) + sqrt({b} - 1))"), ("missing-square", "{a}*ln({b} + sqrt({b}^2 - 1))")),
        ),
        4: (
            _faint('sigmoid({a}*z)', '2*ln(sqrt({b}) + sqrt({b} - 1))/{a}', "sigmoid'(u) = 1/(4*cosh(u/2)^2), so cosh({a}*z/2)^2 = {b}", (_INNER, '2*ln(sqrt({b}) + sqrt({b} - 1))'), (_OTHER, 'ln(sqrt({b}) + sqrt({b} - 1))/{a}')),
            _faint("{c}*sigmoid(z/{a})", "2*{a}*ln(sqrt({b}) + sqrt({b} - 1))", "cosh(z/(2*{a}))^2 = {b}; {c} stands in both and cancels", (_INNER, "2*ln(sqrt({b}) + sqrt({b} - 1))"), (_OTHER, "{a}*ln(sqrt({b}) + sqrt({b} - 1))")),
        ),
        5: (
            _faint("z/sqrt({a}^2 + z^2)", "{a}*sqrt({b}^(2/3) - 1)", "(1 + z^2/{a}^2)^(3/2) = {b}", (_LOST, "sqrt({b}^(2/3) - 1)"), ("missing-square", "{a}*sqrt({b} - 1)")),
            _faint("z/({a} + abs(z))", "{a}*(sqrt({b}) - 1)", "for z > 0 the slope {a}/({a} + z)^2 is 1/{a} at 0, so (1 + z/{a})^2 = {b}", (_LOST, "sqrt({b}) - 1"), ("missing-square", "{a}*({b} - 1)")),
        ),
    },
    "digits": {
        1: tuple(row for name, _, top, _ in _FLOATS for row in (
            _ask("A {float} is at most about 2^{top}. Up to which z can exp({a}*z) be computed without overflow?", f"{top}*ln(2)/{{a}}", "exp({a}*z) = 2^{top}, so {a}*z = {top}*ln(2)", (_INNER, f"{top}*ln(2)"), ("fraction-upside-down", f"{top}*{{a}}*ln(2)"), float=name, top=str(top), asks=_POWER, shows=(_EXPONENT, "{a}*x/ln(2)"), e="exp({a}*z)"),
            _ask("A {float} is at most about 2^{top}. Up to which z > 0 can exp(z/{a}) be computed without overflow?", f"{top}*{{a}}*ln(2)", "exp(z/{a}) = 2^{top}, so z/{a} = {top}*ln(2)", (_INNER, f"{top}*ln(2)"), ("fraction-upside-down", f"{top}*ln(2)/{{a}}"), float=name, top=str(top), asks=_POWER, shows=(_EXPONENT, "x/({a}*ln(2))"), e="exp(z/{a})"),
        )),
        2: tuple(row for name, bits, _, _ in _FLOATS for row in (
            _ask("In {float} 1 + x is rounded to 1 for 0 < x <= 2^-{bits}. From which z on is 1 + exp(-{a}*z) computed as 1?", f"{bits}*ln(2)/{{a}}", "exp(-{a}*z) = 2^-{bits}", (_INNER, f"{bits}*ln(2)"), ("fraction-upside-down", f"{bits}*{{a}}*ln(2)"), bits=str(bits), float=name, asks=_POWER, shows=(_EXPONENT, "-{a}*x/ln(2)"), e="exp(-{a}*z)"),
            _ask("In {float} 1 + x is rounded to 1 for 0 < x <= 2^-{bits}. From which z on is 1 + exp(-z/{a}) computed as 1?", f"{bits}*{{a}}*ln(2)", "exp(-z/{a}) = 2^-{bits}", (_INNER, f"{bits}*ln(2)"), ("fraction-upside-down", f"{bits}*ln(2)/{{a}}"), bits=str(bits), float=name, asks=_POWER, shows=(_EXPONENT, "-x/({a}*ln(2))"), e="exp(-z/{a})"),
        )),
        3: tuple(row for name, _, top, low in _FLOATS for row in (
            _ask("A {float} is at most about 2^{top}. Up to which z > 0 can exp({a}*z^2) be computed without overflow?", f"sqrt({top}*ln(2)/{{a}})", "{a}*z^2 = {top}*ln(2)", ("missing-square", f"{top}*ln(2)/{{a}}"), (_INNER, f"sqrt({top}*ln(2))"), float=name, top=str(top), asks=_POWER, shows=(_EXPONENT, "{a}*x^2/ln(2)"), e="exp({a}*z^2)"),
            _ask("A {float} is rounded to 0 from 2^-{low} on downwards. From which z > 0 on is exp(-z^2/{a}) computed as 0?", f"sqrt({low}*{{a}}*ln(2))", "z^2/{a} = {low}*ln(2)", ("missing-square", f"{low}*{{a}}*ln(2)"), (_INNER, f"sqrt({low}*ln(2))"), float=name, low=str(low), asks=_POWER, shows=(_EXPONENT, "-x^2/({a}*ln(2))"), e="exp(-z^2/{a})"),
        )),
        4: tuple(row for name, bits, _, _ in _FLOATS for row in (
            _ask("Just below 1 a {float} is rounded to 1 if it is less than 2^-{more} away from it. Far out tanh(u) is 1 - 2*exp(-2*u). From which z on is tanh({a}*z) computed as 1?", f"{bits + 2}*ln(2)/(2*{{a}})", "2*exp(-2*{a}*z) = 2^-{more}, so 2*{a}*z = {most}*ln(2)", (_INNER, f"{bits + 2}*ln(2)/2"), ("term-lost", f"{bits + 1}*ln(2)/(2*{{a}})"), float=name, more=str(bits + 1), most=str(bits + 2), asks=_POWER, shows=(_EXPONENT, "1 - 2*{a}*x/ln(2)"), e="2*exp(-2*{a}*z)"),
            _ask("Just below 1 a {float} is rounded to 1 if it is less than 2^-{more} away from it. Far out sigmoid(u) is 1 - exp(-u). From which z on is sigmoid(z/{a}) computed as 1?", f"{bits + 1}*{{a}}*ln(2)", "exp(-z/{a}) = 2^-{more}", (_INNER, f"{bits + 1}*ln(2)"), ("fraction-upside-down", f"{bits + 1}*ln(2)/{{a}}"), float=name, more=str(bits + 1), asks=_POWER, shows=(_EXPONENT, "-x/({a}*ln(2))"), e="exp(-z/{a})"),
        )),
        5: (
            _ask("g = sigmoid({a}*z) is rounded in float64, which moves it by up to 2^-54 just below 1; far out 1 - g is exp(-{a}*z). At which z has 1 - g an error of up to one part in {b}0?", "(54*ln(2) - ln({b}0))/{a}", "2^-54 = exp(-{a}*z)/{b}0", (_INNER, "54*ln(2) - ln({b}0)"), ("sign-flipped", "(54*ln(2) + ln({b}0))/{a}"), asks=_ERROR, shows=(_ROUNDED, "exp({a}*x - 54*ln(2))"), e="exp(-{a}*z)", u="2^-54"),
            _ask("1 + x is rounded in float64, which moves it by up to 2^-53 just above 1; for small x ln(1 + x) is x. At which z has ln(1 + exp(-{a}*z)), computed as it stands, an error of up to one part in {b}0?", "(53*ln(2) - ln({b}0))/{a}", "2^-53 = exp(-{a}*z)/{b}0", (_INNER, "53*ln(2) - ln({b}0)"), ("sign-flipped", "(53*ln(2) + ln({b}0))/{a}"), asks=_ERROR, shows=(_ROUNDED, "exp({a}*x - 53*ln(2))"), e="exp(-{a}*z)", u="2^-53"),
        ),
    },
    "difference": {
        1: (
            _ask("By how much is the difference quotient (f(z + h) - f(z))/h of f(z) = {a}*z^2 with h = 1/{b}0 above the slope?", "{a}/{b}0", "{a}*((z + h)^2 - z^2)/h = 2*{a}*z + {a}*h", (_LOST, "1/{b}0"), ("missing-square", "{a}/{b}0^2")),
            _ask("By how much is the difference quotient (f(z) - f(z - h))/h of f(z) = z^2/{a} with h = 1/{b}0 below the slope?", "1/({a}*{b}0)", "(z^2 - (z - h)^2)/({a}*h) = 2*z/{a} - h/{a}", (_LOST, "1/{b}0"), ("fraction-upside-down", "{a}/{b}0")),
        ),
        2: (
            _ask("By how much is the central difference quotient (f(z + h) - f(z - h))/(2*h) of f(z) = {a}*z^3 with h = 1/{b} above the slope?", "{a}/{b}^2", "{a}*(6*z^2*h + 2*h^3)/(2*h) = 3*{a}*z^2 + {a}*h^2", ("missing-square", "{a}/{b}"), (_LOST, "1/{b}^2")),
            _ask("f(z) = {a}*z for z > 0, else z/{c}. What is the central difference quotient (f(h) - f(-h))/(2*h) at 0?", "({a} + 1/{c})/2", "({a}*h + h/{c})/(2*h): the mean of both slopes", ("other-stretch", "{a} + 1/{c}"), ("plus-minus-swapped", "({a} - 1/{c})/2")),
        ),
        3: (
            _ask("For small h the difference quotient (f(z + h) - f(z))/h of f(z) = exp({a}*z) at z = 0 is above the slope by k*h. Which k?", "{a}^2/2", "half of the second derivative at 0", (_INNER, "{a}/2"), ("term-lost", "{a}^2")),
            _ask("For small h the difference quotient (f(z + h) - f(z))/h of f(z) = exp(z/{a}) at z = 0 is above the slope by k*h. Which k?", "1/(2*{a}^2)", "half of the second derivative at 0", (_INNER, "1/(2*{a})"), ("term-lost", "1/{a}^2")),
            _ask("For small h the difference quotient (f(z + h) - f(z))/h of f(z) = {c}*exp({a}*z) at z = 0 is above the slope by k*h. Which k?", "{c}*{a}^2/2", "half of the second derivative at 0, which is {c}*{a}^2", (_INNER, "{c}*{a}/2"), (_LOST, "{a}^2/2")),
            _ask("For small h the difference quotient (f(z + h) - f(z))/h of f(z) = {c}*ln(1 + {a}*z) at z = 0 is below the slope by k*h. Which k?", "{c}*{a}^2/2", "half of the second derivative at 0, which is -{c}*{a}^2", (_INNER, "{c}*{a}/2"), (_LOST, "{a}^2/2")),
        ),
        4: (
            _ask("For small h the central difference quotient (f(z + h) - f(z - h))/(2*h) of f(z) = exp({a}*z) at z = 0 is above the slope by k*h^2. Which k?", "{a}^3/6", "a sixth of the third derivative at 0", (_INNER, "{a}/6"), ("term-lost", "{a}^3/3")),
            _ask("For small h the central difference quotient (f(z + h) - f(z - h))/(2*h) of f(z) = {c}*sin({a}*z) at z = 0 is below the slope by k*h^2. Which k?", "{c}*{a}^3/6", "a sixth of the third derivative at 0, which is -{c}*{a}^3", (_INNER, "{c}*{a}/6"), (_LOST, "{a}^3/6")),
        ),
        5: (
            _ask("The error of a difference quotient is at most {a}*h, and {c}*10^-16/h from rounding. For which h > 0 is the sum of both smallest?", "10^-8*sqrt({c}/{a})", "{a} - {c}*10^-16/h^2 = 0", ("missing-square", "{c}*10^-16/{a}"), (_LOST, "10^-8/sqrt({a})")),
            _ask("The error of a central difference quotient is at most {a}*h^2, and {c}*10^-15/h from rounding. For which h > 0 is the sum of both smallest?", "10^-5*({c}/(2*{a}))^(1/3)", "2*{a}*h - {c}*10^-15/h^2 = 0", ("exponent-kept", "10^-5*({c}/{a})^(1/3)"), ("missing-square", "10^-7*sqrt({c}/(20*{a}))")),
        ),
    },
    "block": {
        1: (
            _ask("{n} blocks h + f(h) in a row, one unit each, and every f has the slope 1/{c} there. What is the slope of the whole?", "(1 + 1/{c})^{n}", "each block multiplies by 1 + 1/{c}", ("term-lost", "(1/{c})^{n}"), ("layer-product-wrong", "1 + {n}/{c}")),
            _ask("{n} blocks h - f(h) in a row, one unit each, and every f has the slope 1/{c} there. What is the slope of the whole?", "(1 - 1/{c})^{n}", "each block multiplies by 1 - 1/{c}", ("plus-minus-swapped", "(1 + 1/{c})^{n}"), ("layer-product-wrong", "1 - {n}/{c}")),
        ),
        2: (
            _ask("A gated unit puts out a*sigmoid(b). How fast does it grow with b at a = {a} and b = ln({c})?", "{a}*{c}/(1 + {c})^2", "sigmoid(ln({c})) = {c}/(1 + {c}), and a*s*(1 - s)", (_HEIGHT, "{a}*{c}/(1 + {c})"), ("wrong-variable", "{c}/(1 + {c})")),
            _ask("A block puts out h + {c}*tanh(h/{a}). What is its slope at h = 0?", "1 + {c}/{a}", "1 from h, and {c} times 1/{a} from the branch", ("term-lost", "{c}/{a}"), (_INNER, "1 + {c}")),
        ),
        3: (
            _ask("A norm makes x = (z - mean)/s of a row z, with its standard deviation s. The row is (-{a}, 0, {a}), and dL/dx = (0, {c}, 0). What is dL/dz for the middle entry?", "2*{c}/(3*{a}*sqrt(2/3))", "s = {a}*sqrt(2/3), x is 0 in the middle, and the mean of dL/dx is {c}/3: ({c} - {c}/3)/s", ("term-lost", "{c}/({a}*sqrt(2/3))"), ("variance-confusion", "{c}/{a}^2")),
            _ask("A norm makes x = (z - mean)/s of a row z, with its standard deviation s. The row is (-{a}, 0, {a}), and dL/dx = ({c}, 0, 0). What is dL/dz for the first entry?", "{c}/(6*{a}*sqrt(2/3))", "s = {a}*sqrt(2/3), the first x is -sqrt(3/2), and the mean of x*dL/dx is -{c}*sqrt(3/2)/3: ({c} - {c}/3 - {c}/2)/s", ("term-lost", "2*{c}/(3*{a}*sqrt(2/3))"), ("variance-confusion", "{c}/(4*{a}^2)")),
        ),
        4: (
            _ask("An RMS norm makes x = z/r of a row z, with r^2 the mean of its squares. The row is ({a}, {c}). What is the slope of its first x with respect to its first z?", "{c}^2/(2*(({a}^2 + {c}^2)/2)^(3/2))", "1/r - {a}^2/(2*r^3) with r^2 = ({a}^2 + {c}^2)/2", ("term-lost", "1/sqrt(({a}^2 + {c}^2)/2)"), ("wrong-variable", "-{a}*{c}/(2*(({a}^2 + {c}^2)/2)^(3/2))")),
            _ask("An RMS norm makes x = z/r of a row z, with r^2 the mean of its squares. The row is ({a}, {c}). What is the slope of its first x with respect to its second z?", "-{a}*{c}/(2*(({a}^2 + {c}^2)/2)^(3/2))", "-{a}*{c}/(2*r^3) with r^2 = ({a}^2 + {c}^2)/2", ("sign-flipped", "{a}*{c}/(2*(({a}^2 + {c}^2)/2)^(3/2))"), ("term-lost", "-{a}*{c}/((({a}^2 + {c}^2)/2)^(3/2))")),
        ),
        5: (
            _ask("{n} blocks h + k*f(h) in a row, one unit each, and every f has the slope 1/{a} there. With which k > 0 is the slope of the whole {c}?", "{a}*({c}^(1/{n}) - 1)", "(1 + k/{a})^{n} = {c}", ("layer-product-wrong", "{a}*({c} - 1)/{n}"), ("term-lost", "{a}*{c}^(1/{n})")),
            _ask("A stream of mean square 1 goes through {n} blocks h + f(h). Every branch adds a mean square of 1/{c}, independent of all before. By which number does a norm at the end divide?", "sqrt(1 + {n}/{c})", "mean squares add up: 1 + {n}/{c}, and the norm divides by its root", ("variance-confusion", "1 + {n}/{c}"), ("layer-product-wrong", "sqrt((1 + 1/{c})^{n})")),
        ),
    },
    "step": {
        1: (
            _ask("Gradient descent on the loss {a}/2*w^2 with the learning rate 1/{b}0: by which number is w multiplied in a step?", "1 - {a}/{b}0", "the gradient is {a}*w, and w - {a}*w/{b}0 is left", ("sign-flipped", "1 + {a}/{b}0"), ("term-lost", "{a}/{b}0")),
            _ask("Gradient descent on the loss {c}/2*w^2: above which learning rate does w grow without bound?", "2/{c}", "w is multiplied by 1 - rate*{c}, which is -1 at the rate 2/{c}", ("other-stretch", "1/{c}"), ("fraction-upside-down", "{c}/2")),
        ),
        2: (
            _ask("Momentum: in each step v becomes (1 - 1/{b})*v + g. The gradient g stays at {a}. What does v come to?", "{a}*{b}", "v stays where v/{b} = {a}", ("fraction-upside-down", "{a}/{b}"), (_LOST, "{b}")),
            _ask("Momentum: in each step v becomes (1 - 1/{b})*v + g, from v = 0. The gradient g stays at {a}. What is v after two steps?", "{a}*(2 - 1/{b})", "{a} after the first step, then (1 - 1/{b})*{a} + {a}", ("term-lost", "2*{a}"), ("sign-flipped", "{a}*(2 + 1/{b})")),
        ),
        3: (
            _ask("Adam without bias correction and ε: from 0, m becomes (1 - 1/{b})*m + g/{b}, s becomes (1 - 1/{a}00)*s + g^2/{a}00, and the step is m/sqrt(s) learning rates. How many is the first step, for g > 0?", "10*sqrt({a})/{b}", "m = g/{b} and s = g^2/{a}00", ("missing-square", "{a}00/{b}"), ("fraction-upside-down", "{b}/(10*sqrt({a}))")),
            _ask("In {b} steps a gradient is 1 once and 0 else, over and over. Adam's means are slow enough to stay at the means of g and of g^2. How many learning rates is a step, m/sqrt(s)?", "1/sqrt({b})", "m = 1/{b} and s = 1/{b}", ("missing-square", "1/{b}"), ("term-lost", "1")),
        ),
        4: (
            _ask("The gradient of a weight is always the same, and ε is {a} times as large. How many learning rates is a step of Adam, m/(sqrt(s) + ε)?", "1/(1 + {a})", "m = g and sqrt(s) = g: g/(g + {a}*g)", ("term-lost", "1/{a}"), ("plus-minus-swapped", "1/(1 - {a})")),
            _ask("Weight decay takes one part in {b}0 of a weight in each step, and there is no gradient. After how many steps is one part in {c} of it left? (Not rounded.)", "-ln({c})/ln(1 - 1/{b}0)", "(1 - 1/{b}0)^n = 1/{c}", ("layer-product-wrong", "{b}0*(1 - 1/{c})"), ("fraction-upside-down", "-ln(1 - 1/{b}0)/ln({c})")),
        ),
        5: (
            _ask("A weight of 1 is stored in {b} significant bits, rounded to the nearest and ties to even. What is the largest step up, added to it, that is lost altogether?", "2^-{b}", "the next number is 1 + 2^(1 - {b}), and half of the way to it is lost", ("other-stretch", "2^(1 - {b})"), ("sign-flipped", "2^{b}")),
            _ask("A weight of 1 is stored in {b} significant bits, rounded at random to one of its two neighbours, so that the mean is right. With which probability does a step up of 2^-{b}/{c} move it?", "1/(2*{c})", "the neighbours are 2^(1 - {b}) apart", ("other-stretch", "1/{c}"), ("fraction-upside-down", "2/{c}")),
        ),
    },
}
# fmt: on

_WORDS = {
    "largest_slope": (
        "where the curve is steepest, not where it is highest.",
        "the chain rule: a factor inside and a factor in front both count.",
        "how large is the largest slope of the function without any factors, and what does each factor do to it?",
        "sin(3*z) climbs at most with 3; 5*sin(3*z) with 15.",
        "Write down the slope, then ask where it is largest.",
    ),
    "kink": (
        "both sides at z = 0: their heights agree already, what about their slopes?",
        "differentiate each side and put in z = 0.",
        "how steep is the curve just left of 0, and how steep just right of it?",
        "alpha*sin(2*z) and 6*z meet without a kink where 2*alpha = 6.",
        "Write both slopes at 0 down and set them equal.",
    ),
    "gain": (
        "what one layer does to the mean square on the way back.",
        "the variance of the weights, times the number of units, times the mean square of the slope.",
        "which part of the inputs has which slope, and what is the mean of the squares of these slopes?",
        "for the identity the mean square of the slope is 1, and k = 1.",
        "Write down the factor of one layer.",
    ),
    "saturation": (
        "the slope, not the height: how large is it at its largest?",
        "set the slope equal to that part of its largest value and solve for z.",
        "which expression of z do you know when the slope is known?",
        "exp(-z) has fallen to one part in 5 of its largest slope for z > 0 at z = ln(5).",
        "Write the slope as one over something; that something is then known.",
    ),
    "digits": (
        "at which number does the computer round, and which part of the formula is that?",
        "set that part equal to the number where it is rounded, and take the logarithm.",
        "which exponent has the exponential there, in powers of 2, and how is that written with e?",
        "exp(-z) is 2^-10 at z = 10*ln(2).",
        "Write the exponential equal to that power of 2.",
    ),
    "difference": (
        "the quotient and the slope side by side, with h left as a letter.",
        "f(z + h) = f(z) + h*f'(z) + h^2/2 times the second derivative, and so on.",
        "which terms cancel in the quotient, and which is the first that is left?",
        "for z^2 the quotient is ((z + h)^2 - z^2)/h = 2*z + h, so it is h above the slope.",
        "Write the quotient out and take the slope away.",
    ),
    "block": (
        "one block first: what does it make of a small change of its input?",
        "where two ways lead to the output, both slopes count.",
        "which ways lead from that input to that output, and what is the slope along each?",
        "h + f(h) with f' = 1/2 has the slope 3/2, and two of them 9/4.",
        "Write down the slope of one block, or of one entry along each way.",
    ),
    "step": (
        "one step: write down what is left of the old number, and what comes in.",
        "put the rule of the step in as it stands, and ask what the next step makes of it.",
        "does that number change from one step to the next, and by which factor?",
        "on the loss w^2/2 with the rate 1/4, w becomes w - w/4, three quarters of it.",
        "Write down the number after one step.",
    ),
}


_LESSONS = {
    **{"largest_slope": 1, "kink": 4, "gain": 6, "saturation": 5},
    **{"digits": 9, "difference": 10, "block": 13, "step": 14},
}


# Where what follows from a number is shown, the stories whose own question leads on from there.
_TOLD = {
    "largest_slope": {_INNER, _LOST},
    "kink": {_INNER, _LOST},
    "gain": {"layer-product-wrong"},
    "digits": set[str](),
}


def _shown(chosen: Sum, values: Mapping[str, str], right: float) -> Shown | None:
    """What follows from an answer: by a word for it, or by a sentence and what {y} in it comes to."""
    of = filled(chosen.of, values)
    match chosen.shows:
        case ("slope" | "gain" as way,):
            return of_a_size(way, right)
        case ("place" | "fall" as way,):
            return of_a_place(way, of["f"], right)
        case ("kink",):
            return of_a_kink(of["left"], of["right"])
        case (template, quantity):
            of |= {n: worked_out(text) for n, text in of.items() if n == "e"}
            return of_a_quantity(template, quantity.format(**values), **of)
    return None


def number(
    name: str, level: int, rng: np.random.Generator, kept_back: bool, *, family: str
) -> NumberExercise:
    """Draw a question whose answer is a number."""
    chosen = TASKS[family][level][rng.integers(len(TASKS[family][level]))]
    texts = chosen.texts()
    while True:
        values = draw_values(texts, rng, kept_back, large=True)
        drawn = filled(texts, values)
        if not any(_same(drawn["answer"], number) for number in ("0", "1", "-1")):
            break  # what comes to mind at once is no answer
    where, rule, question, neighbour, line = _WORDS[family]
    asks = Begun(chosen.asks or question)
    told = _TOLD.get(family, {*STORIES} - {"term-lost"})
    shown = _shown(chosen, values, read_number(drawn["answer"]) or 0.0)
    wrong = [(slug, drawn[f"wrong{k}"]) for k, (slug, _) in enumerate(chosen.wrong)]
    return NumberExercise(
        name,
        lesson=_LESSONS[family],
        prompt=chosen.said(chosen.question, values),
        answer=_shortest(drawn["answer"]),
        rtol=1e-3,
        asks=asks,
        shown=shown,
        believed=tuple(
            Believed(value, slug, STORIES[slug].question if slug in told else asks)
            for slug, value in wrong
            if not _same(value, drawn["answer"])
        )
        + _of_the_other_sign(chosen, values, drawn["answer"]),
        hints=Hints(where=where, rule=rule, question=question, neighbour=neighbour, line=line),
        solution=Filled("The way: {way}.", way=chosen.said(chosen.way, values)),
    )


_OTHER_SIGN = "So it is for the number with the other sign: which of the two is asked for?"


def _of_the_other_sign(chosen: Sum, values: Mapping[str, str], answer: str) -> tuple[Believed, ...]:
    """The right number with the other sign, where what follows from it is the same."""
    alike = len(chosen.shows) == 2 and is_even(chosen.shows[1].format(**values))
    return (Believed(f"-({answer})", "sign-flipped", _OTHER_SIGN),) if alike else ()


def _shortest(answer: str) -> str:
    """A number as it is worked out, unless that is longer or larger than the way to it."""
    worked, whole = to_text(tidied(parse(answer))), worked_out(answer)
    if "000" in worked or _LARGE.search(worked):
        return whole
    short = worked_out(worked)
    return short if len(short) <= 30 else whole


_LARGE = re.compile(r"\d{7}")  # the reader takes no more than a million


def _same(one: str, other: str) -> bool:
    """Are two numbers, as they are written, too near to tell a story apart from the answer?"""
    x, y = read_number(one), read_number(other)
    return x is not None and y is not None and bool(np.isclose(x, y, rtol=2e-3, atol=0))
