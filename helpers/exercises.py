"""The exercises of the course, and what a learner does with them.

    check("sigmoid_prime", sigmoid_prime)     a verdict with its reasons
    hint("derive_sigmoid")                    the next rung of a ladder
    solution("derive_sigmoid")                derivation and code
    progress()                                what is done and what is open

A new exercise is one more `Exercise(…)` in the list below: `helpers.checking` says what the fields
mean, and makes the inputs, the verdict and the feedback from them.
"""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from __future__ import annotations

import difflib
import hashlib
import html
import inspect
from collections.abc import Callable, Iterator
from types import MappingProxyType

import numpy as np

from helpers import progress as _progress
from helpers.checking import Believed, Exercise, Option, judge
from helpers.feedback import Verdict
from helpers.misconceptions import Branches

__all__ = ["EXERCISES", "check", "check_derivation", "hint", "progress", "solution"]

SIGMOID = "1/(1 + exp(-z))"
_G = {"g": SIGMOID}


# -------------------------------------------------------------------- stories told as functions


def _chain_beliefs() -> Iterator[tuple[str, Callable]]:
    """Ways to combine what a layer contributes, right and wrong."""

    def s(z):
        return 1 / (1 + np.exp(-z))

    factors = {
        "weight times slope": lambda w, z: w * s(z) * (1 - s(z)),
        "slope": lambda w, z: s(z) * (1 - s(z)),
        "weight": lambda w, z: w + 0 * z,
        "largest slope": lambda w, z: 0.25 + 0 * z,
        "weight times largest": lambda w, z: 0.25 * w + 0 * z,
        "weight plus slope": lambda w, z: w + s(z) * (1 - s(z)),
    }
    for reduce in (np.prod, np.sum, np.mean, np.max, np.min, lambda x: x[-1], lambda x: x[0]):
        for factor in factors.values():
            yield "layer-product-wrong", lambda w, z, r=reduce, f=factor: r(f(w, z))
    for factor in (lambda w, z: w * s(z), lambda w, z: s(z)):
        for reduce in (np.prod, np.sum):
            yield "function-derivative-mixup", lambda w, z, r=reduce, f=factor: r(f(w, z))
    for factor in (lambda w, z: w * z * (1 - z), lambda w, z: w * s(z) * (1 - z)):
        yield "z-for-g", lambda w, z, f=factor: np.prod(f(w, z))
    yield "activation-applied-twice", lambda w, z: np.prod(w * s(s(z)) * (1 - s(s(z))))
    yield "formula-of-other-activation", lambda w, z: np.prod(w * (1 - np.tanh(z) ** 2))
    yield "formula-of-other-activation", lambda w, z: np.prod(w * (1 - s(z) ** 2))
    yield "formula-of-other-activation", lambda w, z: np.prod(w * (z > 0))
    yield "plus-minus-swapped", lambda w, z: np.prod(w * s(z) * (1 + s(z)))
    yield "sign-flipped", lambda w, z: -np.prod(w * s(z) * (1 - s(z)))


def _dead_beliefs() -> Iterator[tuple[str, Callable]]:
    """Which examples must be off, along which axis, and how the units are counted."""
    tests = (lambda Z: Z <= 0, lambda Z: Z < 0, lambda Z: Z == 0, lambda Z: Z > 0, lambda Z: Z >= 0)
    for test in tests:
        for reduce in (np.all, np.any, np.mean):
            for axis in (0, 1, None):
                yield (
                    "inactive-vs-dead",
                    lambda Z, t=test, r=reduce, a=axis: np.mean(r(t(Z), axis=a)),
                )
        for row in (0, -1):
            yield "inactive-vs-dead", lambda Z, t=test, i=row: np.mean(t(Z[i]))
            yield "inactive-vs-dead", lambda Z, t=test, i=row: np.mean(t(Z[:, i]))
        for summary in (np.mean, np.median, np.min, np.max, np.sum):
            for axis in (0, 1):
                yield (
                    "inactive-vs-dead",
                    lambda Z, t=test, s=summary, a=axis: np.mean(t(s(Z, axis=a))),
                )
    yield "array-contract", lambda Z: np.sum(np.all(Z <= 0, axis=0))
    yield "array-contract", lambda Z: np.sum(np.all(Z <= 0, axis=0)) / Z.shape[0]
    yield "array-contract", lambda Z: np.sum(np.all(Z <= 0, axis=0)) / Z.size


def _he_beliefs() -> Iterator[tuple[str, Callable]]:
    """A gain over a power of fan_in, with and without the square root."""
    for gain in (1, 2, 4, 0.5, 2**0.5, 3, 6):
        for power in (0.25, 0.5, 1, 2):
            yield "variance-confusion", lambda n, g=gain, p=power: g / n**p
            yield "variance-confusion", lambda n, g=gain, p=power: (g / n) ** p
            yield "variance-confusion", lambda n, g=gain, p=power: (g * n) ** p


def _report_beliefs() -> Iterator[tuple[str, Callable]]:
    """Another axis, another unit, one number for all."""
    yield "array-contract", lambda hits: 100 * hits.mean()
    yield "array-contract", lambda hits: 100 * hits.mean(axis=0)
    yield "parameter-ignored", lambda hits: hits.mean(axis=1)
    yield "parameter-ignored", lambda hits: hits.sum(axis=1)


_WEIGHTS = ([1.5, -2.0, 0.5], [2.0, 1.5], [3.0, 1.2, -0.7, 2.5, 0.8])
_INPUTS = ([0.5, -1.0, 2.0], [-0.3, 0.7], [0.1, -2.0, 1.4, 0.6, -0.9])
# columns: always off, sometimes off, never off, always exactly 0, off on average
_DEAD = (
    [[-1, 2, 1, 0, -3], [-2, -1, 2, 0, 1], [-3, 1, 3, 0, -1], [-1, -2, 1, 0, -2]],
    [[1, -1], [2, -2], [-1, -3]],
    [[1.0, 2.0, 0.5], [0.5, 1.0, 2.0]],
    [[2, -1, -1, 1], [-3, -1, 0, 1]],
)
_LEAKS = {"negative_slope": (0.2, 1.5, 0.01, 0.0)}

_LIST = (
    # ----------------------------------------------------------- lesson 0: a network that does not learn
    Exercise(
        "q_sigmoid_max_slope",
        lesson=0,
        kind="number",
        prompt="What is the largest slope the sigmoid ever has?",
        answer="1/4",
        rtol=0.01,
        asks="Lay a tangent on the curve in the middle. By how much does it climb on one unit of z?",
        believed=(
            Believed(
                "1",
                "slope-vs-output",
                "That is the height the curve approaches. Lay a ruler along the curve in the middle: how far does it climb on one unit of z?",
            ),
            Believed(
                "1/2",
                "slope-vs-output",
                "That is the height of the curve in the middle. A slope is a rise over a run: go one unit of z to the right along the tangent there, how much higher are you?",
            ),
            Believed(
                "1/2",
                "missing-square",
                "In the middle one factor of this size stands in the formula. How many such factors are there?",
            ),
            Believed(
                "0",
                "slope-vs-output",
                "That is how steep the plateaus are. Is the curve flat everywhere?",
            ),
            Believed(
                "infinity",
                "slope-vs-output",
                "A vertical tangent would be a jump. Zoom in on the middle: does the curve jump?",
            ),
            Believed(
                "2",
                "slope-vs-output",
                "The whole rise of the curve is less than that. Over which run is it spread?",
            ),
            Believed("4", "slope-vs-output", "Rise over run, or run over rise?"),
            Believed("-1/4", "sign-flipped", "Does the curve rise or fall?"),
            Believed(
                "1/8",
                "missing-parentheses",
                "Put z = 0 into the formula by hand, step by step. What stands over the bar, what under it?",
            ),
            Believed(
                "0.1966",
                "slope-vs-output",
                "That is the slope at z = 1. Is the curve steeper somewhere else?",
            ),
            Believed(
                "0.75",
                "plus-minus-swapped",
                "Which sign stands between the two terms of the second factor? Look at the plateau: it must be flat.",
            ),
        ),
        hints=(
            "Where: look for the place where the tangent is steepest, not for the place where the curve is highest.",
            "Which rule: a slope is rise over run along the tangent.",
            "A question: the curve rises by less than 1 in all. Could its slope be 1 over a whole unit of z?",
            "A neighbour: for tanh, from z = −0.01 to z = 0.01 the value rises by 0.02, so the slope there is 0.02/0.02.",
            "Measure it: (sigmoid(0.01) − sigmoid(−0.01))/0.02.",
        ),
        solution="The steepest place is z = 0; there the slope is 1/2 · (1 − 1/2) = 1/4.",
    ),
    Exercise(
        "q_note_ambiguous",
        lesson=0,
        kind="choice",
        prompt="The source note prints: (1) g'(z) = e(-z) / (1 + e(-z)(2); (2) g'(z) = 1 - tanh(2)(z); "
        "(3) g'(z) = g(z) * (1 - g(z)). Which of these lines can be read in more than one way?",
        answer="lines 1 and 2",
        options=(
            Option(
                "line 1 only",
                "square-as-times-two",
                "And what does the (2) of the other line mean: can you read it aloud in two ways?",
            ),
            Option(
                "line 2 only",
                "missing-parentheses",
                "Count the brackets that are opened and closed in the other line. Where would you close the missing one?",
            ),
            Option("lines 1 and 2"),
            Option(
                "all three",
                "z-for-g",
                "Take the third line sign by sign: is there any choice left when you put in a number?",
            ),
            Option(
                "none of them",
                "square-as-times-two",
                "Hand the first line to a calculator: what does it do with e(-z), and with the (2)?",
            ),
        ),
        hints=(
            "Where: look at everything printed in brackets that might have been raised.",
            "Which rule: a line is unambiguous when two readers get the same number from it.",
            "A question: put in z = 1. How many different numbers can you get from each line?",
            "A neighbour: sin(2)(x) could be sin²(x), sin(2x) or sin(2)·x.",
            "One line has only plain products and brackets that match; the others do not.",
        ),
        solution="In (1) an exponent may be lost (e(-z)), a bracket is never closed, and (2) may be a power or a factor; in (2) the (2) may be a power, an argument or a factor. (3) has one reading.",
    ),
    Exercise(
        "run_and_report",
        lesson=0,
        kind="code",
        prompt="hits has one row for each run and one column for each test image: 1 where the network was right, 0 where not. "
        "Return the accuracy of every run in percent, as an array; print nothing.",
        signature="run_and_report(hits)",
        reference=lambda hits: 100 * hits.mean(axis=1),
        inputs=(
            ([[1, 0, 1, 1], [0, 0, 1, 0], [1, 1, 1, 1]],),
            ([[1, 0], [0, 0], [1, 1], [0, 1], [0, 0]],),
            ([[0, 1, 1, 0, 1, 1, 1, 1]],),
        ),
        others=tuple(_report_beliefs()),
        hints=(
            "Where: look at what your function hands back, not at what appears on the screen.",
            "Which rule: one number for each row; the mean of zeros and ones is the share of ones.",
            "A question: for 3 runs on 4 images, which shape should the result have?",
            "A neighbour: A.sum(axis=0) adds up each column of A and returns one number for each column.",
            "Return 100 times the mean along the axis of the images.",
        ),
        solution="The mean of zeros and ones along a row is the share of ones.",
        code="def run_and_report(hits):\n    return 100 * hits.mean(axis=1)",
    ),
    # ------------------------------------------------------------------------------- lesson 1: sigmoid
    Exercise(
        "sigmoid",
        lesson=1,
        kind="code",
        prompt="Return the sigmoid of every entry of z.",
        signature="sigmoid(z)",
        of=(SIGMOID,),
        forms=(SIGMOID, "exp(z)/(1 + exp(z))", "(1 + exp(-z))^-1"),
        asks_value=True,
        hints=(
            "Where: put in z = 2 by hand and compare with your function.",
            "Which rule: brackets first, then powers, then products and fractions, then sums.",
            "A question: for a large z, what should be left of e to the −z, and what of the whole?",
            "A neighbour: 1/(2 + x²) is written `1 / (2 + x**2)`; without the brackets it is 1/2 + x².",
            "One over: one plus the exponential of minus z. NumPy's exponential is np.exp.",
        ),
        solution="Everything under the fraction bar goes into one pair of brackets.",
        code="def sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
    ),
    Exercise(
        "sigmoid_prime",
        lesson=1,
        kind="code",
        prompt="Return the derivative of the sigmoid at every entry of z.",
        signature="sigmoid_prime(z)",
        of=(SIGMOID, "(1 + exp(-z))^-1", "sigmoid(z)"),
        forms=(
            "g*(1 - g)",
            "exp(-z)/(1 + exp(-z))^2",
            "exp(-z)*(1 + exp(-z))^-2",
            "g - g^2",
            "sigmoid(z)*(1 - sigmoid(z))",
            "exp(-z)*g^2",
        ),
        where=_G,
        hints=(
            "Where: compare your function with the slope in the picture at z = 0, then at z = 3.",
            "Which rule: the derivative is written with the output of the sigmoid, not with its input.",
            "A question: on both plateaus the curve is flat. What does your function return at z = 6?",
            "A neighbour: for tanh with t = tanh(z) the slope is 1 − t², so one first computes t.",
            "First compute the sigmoid; then multiply it by one minus itself.",
        ),
        solution="""
  D(1/(1 + exp(-z)))
= D((1 + exp(-z))^-1)                    # write the fraction as a power
= -(1 + exp(-z))^-2 * D(1 + exp(-z))     # power rule and chain rule
= -(1 + exp(-z))^-2 * (-exp(-z))         # sum rule, exponential, slope of a line
= exp(-z)/(1 + exp(-z))^2                # the two signs cancel
= g*(1 - g)                              # with the value
""",
        code="def sigmoid_prime(z):\n    g = 1 / (1 + np.exp(-z))\n    return g * (1 - g)",
    ),
    Exercise(
        "sigmoid_prime_from_output",
        lesson=1,
        kind="code",
        prompt="Given g = sigmoid(z) (already computed!), return the derivative dg/dz in terms of g.",
        signature="sigmoid_prime_from_output(g)",
        of=("g",),
        forms=("g*(1 - g)", "g - g^2"),
        swaps=(
            ("z-for-g", {"g": "ln(g/(1 - g))"}),
            ("activation-applied-twice", {"g": "sigmoid(g)"}),
        ),
        variable="g",
        places={"g": (0.8, 0.2, 0.5, 0.9, 0.1, 0.6, 0.99, 0.05)},
        hints=(
            "Where: what arrives is the height of the curve, a number between 0 and 1.",
            "Which rule: checkpoint B of the derivation.",
            "A question: near the plateaus, at g = 0.99, should the slope be large or small?",
            "A neighbour: for tanh the slope from the output t is 1 − t²; no exponential is needed.",
            "The output times one minus the output.",
        ),
        solution="exp(-z)/(1 + exp(-z))^2 = g*(1 - g)",
        code="def sigmoid_prime_from_output(g):\n    return g * (1 - g)",
    ),
    Exercise(
        "sigmoid_beta_prime",
        lesson=1,
        kind="code",
        prompt="Derivative with respect to z of sigmoid(beta*z).",
        signature="sigmoid_beta_prime(z, beta)",
        of=("1/(1 + exp(-beta*z))", "sigmoid(beta*z)"),
        forms=("beta*s*(1 - s)", "beta*exp(-beta*z)/(1 + exp(-beta*z))^2", "beta*(s - s^2)"),
        where={"s": "1/(1 + exp(-beta*z))"},
        parameters={"beta": (0.5, 2.0, 1.5)},
        hints=(
            "Where: take beta = 2 and compare the slope at z = 0 with the plain sigmoid's.",
            "Which rule: the chain rule; the inner function is beta times z.",
            "A question: a curve squeezed to half its width climbs the same height. How much steeper is it?",
            "A neighbour: the slope of sin(3x) is cos(3x) times 3.",
            "The sigmoid's slope at beta z, times the slope of beta z.",
        ),
        solution="D(sigmoid(beta*z)) = s*(1 - s)*D(beta*z) = beta*s*(1 - s)",
        code="def sigmoid_beta_prime(z, beta):\n    s = 1 / (1 + np.exp(-beta * z))\n    return beta * s * (1 - s)",
    ),
    Exercise(
        "derive_sigmoid",
        lesson=1,
        kind="derivation",
        prompt="Derive d/dz 1/(1 + e^-z), line by line; end with g alone, where g = 1/(1 + e^-z).",
        of=(SIGMOID, "(1 + exp(-z))^-1", "g"),
        forms=(
            "exp(-z)/(1 + exp(-z))^2",
            "g*(1 - g)",
            "g - g^2",
            "1/(1 + exp(-z))*(1 - 1/(1 + exp(-z)))",
            "(1 + exp(-z))^-2*exp(-z)",
            "exp(-z)*(1 + exp(-z))^-2",
        ),
        where=_G,
        goals=("g*(1 - g)",),
        asks="Can it be written with g alone, as a product of two factors?",
        hints=(
            "Where: the outermost operation is a division, or a power −1. Begin there.",
            "Which rule: the power rule and the chain rule; later add and subtract 1 in the numerator.",
            "A question: two minus signs appear on the way. The curve rises everywhere, so what must become of them?",
            "A neighbour: D((3 + exp(2z))^-1) = -(3 + exp(2z))^-2 * D(3 + exp(2z)) = -(3 + exp(2z))^-2 * exp(2z)*2.",
            "The second line: D((1 + exp(-z))^-1) = -(1 + exp(-z))^-2 * D(1 + exp(-z)).",
        ),
        solution="""
  D(1/(1 + exp(-z)))
= D((1 + exp(-z))^-1)                                  # write the fraction as a power
= -(1 + exp(-z))^-2 * D(1 + exp(-z))                   # power rule and chain rule
= -(1 + exp(-z))^-2 * exp(-z) * D(-z)                  # sum rule, exponential, chain rule
= exp(-z)/(1 + exp(-z))^2                              # the two signs cancel
= 1/(1 + exp(-z)) * exp(-z)/(1 + exp(-z))              # split the square
= 1/(1 + exp(-z)) * (1 + exp(-z) - 1)/(1 + exp(-z))    # add and subtract 1
= 1/(1 + exp(-z)) * (1 - 1/(1 + exp(-z)))              # split the fraction
= g*(1 - g)                                            # recognise g
""",
    ),
    Exercise(
        "derive_sigmoid_quotient",
        lesson=1,
        kind="derivation",
        prompt="The same slope by the quotient rule, with u = 1 and v = 1 + e^-z: fill in lines 3 and 4.",
        of=(SIGMOID,),
        forms=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)", "(0 - (-exp(-z)))/(1 + exp(-z))^2"),
        where=_G,
        goals=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)"),
        asks="Can the numerator be written without any brackets or signs?",
        given="""
  D(1/(1 + exp(-z)))
= (D(1)*(1 + exp(-z)) - 1*D(1 + exp(-z)))/(1 + exp(-z))^2    # quotient rule
= …                                                          # slope of a constant, sum rule
= …                                                          # exponential and chain rule
= exp(-z)/(1 + exp(-z))^2                                    # tidy up
""",
        hints=(
            "Where: line 3 carries out D(1) and splits D(1 + exp(-z)); line 4 carries out what is left.",
            "Which rule: a constant has slope 0; a sum is differentiated term by term; then the chain rule.",
            "A question: the numerator of the quotient rule has a minus. With the inner minus of e to the −z, which sign results?",
            "A neighbour: (D(1)*(2 + z^2) - 1*D(2 + z^2))/(2 + z^2)^2 = (0 - 2z)/(2 + z^2)^2.",
            "Line 3: (0*(1 + exp(-z)) - 1*(0 + D(exp(-z))))/(1 + exp(-z))^2.",
        ),
        solution="""
  D(1/(1 + exp(-z)))
= (D(1)*(1 + exp(-z)) - 1*D(1 + exp(-z)))/(1 + exp(-z))^2    # quotient rule
= (0*(1 + exp(-z)) - 1*(0 + D(exp(-z))))/(1 + exp(-z))^2     # slope of a constant, sum rule
= (0 - 1*(-exp(-z)))/(1 + exp(-z))^2                         # exponential and chain rule
= exp(-z)/(1 + exp(-z))^2                                    # tidy up
""",
    ),
    Exercise(
        "q_sigmoid_max_where",
        lesson=1,
        kind="number",
        prompt="At which z is the slope of the sigmoid largest?",
        answer="0",
        rtol=0.01,
        asks="Move along the curve there: does the tangent get steeper in one of the two directions? Go that way.",
        believed=(
            Believed(
                "1",
                "slope-vs-output",
                "Compare the tangent there with the one a little further left: which is steeper?",
            ),
            Believed(
                "infinity",
                "slope-vs-output",
                "That far out the curve is highest. Is it steep there, or flat?",
            ),
            Believed(
                "-infinity",
                "slope-vs-output",
                "That far out nothing moves. Is the curve steep there, or flat?",
            ),
            Believed(
                "1/2",
                "slope-vs-output",
                "That number is a height in the middle of the curve. Which z belongs to it?",
            ),
            Believed(
                "1/4",
                "slope-vs-output",
                "That number is a steepness. The question is where: which z belongs to it?",
            ),
        ),
        hints=(
            "Where: look at the orange curve, the slope, and find its top.",
            "Which rule: a product of two numbers that add up to 1 is largest when they are equal.",
            "A question: the slope is the same at z and −z. Where can the only top of such a curve be?",
            "A neighbour: t(3 − t) is largest at t = 3/2, half-way between its two zeros.",
            "For which z are g and 1 − g equal?",
        ),
        solution="g(1 − g) is largest where g = 1/2, that is at z = 0.",
    ),
    # ---------------------------------------------------------------------------------- lesson 2: tanh
    Exercise(
        "tanh_prime",
        lesson=2,
        kind="code",
        prompt="Return the derivative of tanh at every entry of z.",
        signature="tanh_prime(z)",
        of=(
            "tanh(z)",
            "sinh(z)/cosh(z)",
            "(exp(z) - exp(-z))/(exp(z) + exp(-z))",
            "2*sigmoid(2*z) - 1",
        ),
        forms=(
            "1 - t^2",
            "1/cosh(z)^2",
            "4/(exp(z) + exp(-z))^2",
            "4*s*(1 - s)",
            "(1 - t)*(1 + t)",
            "1 - (sinh(z)/cosh(z))^2",
            "1 - tanh(z)^2",
        ),
        where={"t": "tanh(z)", "s": "sigmoid(2*z)"},
        code="def tanh_prime(z):\n    return 1 - np.tanh(z) ** 2",
        solution="D(sinh(z)/cosh(z)) = (cosh(z)^2 - sinh(z)^2)/cosh(z)^2 = 1 - tanh(z)^2",
    ),
    Exercise(
        "tanh_from_sigmoid",
        lesson=2,
        kind="code",
        prompt="Write tanh(z) using sigmoid only.",
        signature="tanh_from_sigmoid(z)",
        of=("2*sigmoid(2*z) - 1",),
        forms=("2*sigmoid(2*z) - 1", "sigmoid(2*z) - sigmoid(-2*z)"),
        asks_value=True,
        code="def tanh_from_sigmoid(z):\n    return 2 * sigmoid(2 * z) - 1",
        solution="2*sigmoid(2*z) - 1 = (1 - exp(-2*z))/(1 + exp(-2*z)) = tanh(z)",
    ),
    Exercise(
        "derive_tanh",
        lesson=2,
        kind="derivation",
        prompt="Derive d/dz tanh z, line by line; end with t = tanh(z) alone.",
        of=("tanh(z)", "sinh(z)/cosh(z)", "(exp(z) - exp(-z))/(exp(z) + exp(-z))"),
        forms=(
            "1 - t^2",
            "1 - tanh(z)^2",
            "(cosh(z)^2 - sinh(z)^2)/cosh(z)^2",
            "(cosh(z)*cosh(z) - sinh(z)*sinh(z))/cosh(z)^2",
            "1/cosh(z)^2",
            "4/(exp(z) + exp(-z))^2",
            "1 - (sinh(z)/cosh(z))^2",
            "1 - sinh(z)^2/cosh(z)^2",
            "(1 - t)*(1 + t)",
        ),
        where={"t": "tanh(z)"},
        goals=("1 - t^2",),
        asks="Can it be written with t alone?",
        solution="""
  D(tanh(z))
= D(sinh(z)/cosh(z))                                         # definition
= (D(sinh(z))*cosh(z) - sinh(z)*D(cosh(z)))/cosh(z)^2        # quotient rule
= (cosh(z)*cosh(z) - sinh(z)*sinh(z))/cosh(z)^2              # slopes of sinh and cosh
= 1 - sinh(z)^2/cosh(z)^2                                    # divide
= 1 - t^2                                                    # recognise t
""",
    ),
    Exercise(
        "derive_tanh_via_sigmoid",
        lesson=2,
        kind="derivation",
        prompt="Derive d/dz (2*sigmoid(2z) - 1) with s = sigmoid(2z); end with t = 2s - 1 alone.",
        of=("2*sigmoid(2*z) - 1", "2*s - 1", "2/(1 + exp(-2*z)) - 1"),
        forms=(
            "4*s*(1 - s)",
            "1 - t^2",
            "(1 + t)*(1 - t)",
            "4*exp(-2*z)/(1 + exp(-2*z))^2",
            "2*s*(1 - s)*2",
        ),
        where={"s": "1/(1 + exp(-2*z))", "t": "2*s - 1"},
        goals=("1 - t^2",),
        asks="Can it be written with t = 2s - 1 alone?",
        solution="""
  D(2*sigmoid(2*z) - 1)
= 2*D(sigmoid(2*z))          # constant factor
= 2*s*(1 - s)*D(2*z)         # slope of the sigmoid, chain rule
= 4*s*(1 - s)                # slope of a line
= (1 + t)*(1 - t)            # 2s = 1 + t
= 1 - t^2                    # third binomial formula
""",
    ),
    Exercise(
        "q_tanh_max_slope",
        lesson=2,
        kind="number",
        prompt="What is the largest slope of tanh?",
        answer="1",
        rtol=0.01,
        asks="Lay a tangent on the curve in the middle: how much does it climb for each unit of z?",
        believed=(
            Believed(
                "0",
                "slope-vs-output",
                "That is the height of the curve in the middle, and the slope of the plateaus. How steep is the tangent in the middle?",
            ),
            Believed(
                "2",
                "slope-vs-output",
                "That is the distance from plateau to plateau. Over how many units of z is this rise spread?",
            ),
            Believed(
                "1/4",
                "formula-of-other-activation",
                "That is the largest slope of the sigmoid. How do range and width of the two curves differ?",
            ),
            Believed(
                "1/2",
                "missing-inner-derivative",
                "Write it with a sigmoid: which factors does the chain rule add?",
            ),
            Believed(
                "4",
                "parameter-ignored",
                "That is how many times steeper it is than the sigmoid. And the sigmoid itself?",
            ),
            Believed("infinity", "slope-vs-output", "Zoom in on the middle: is there a jump?"),
        ),
        solution="tanh′(0) = 1 − tanh(0)² = 1.",
    ),
    Exercise(
        "q_tanh_vs_sigmoid",
        lesson=2,
        kind="choice",
        prompt="Why does tanh often train faster than sigmoid in a deep net?",
        answer="its slope near 0 is four times larger and its outputs are centred on 0, but it still saturates",
        options=(
            Option(
                "because its outputs are larger it cannot saturate",
                "slope-vs-output",
                "Look at both curves at z = 5: how steep is each of them?",
            ),
            Option(
                "its slope near 0 is four times larger and its outputs are centred on 0, but it still saturates"
            ),
            Option(
                "because it never has slope 0.25",
                "slope-vs-output",
                "Follow its slope from the middle to the plateau: which values does it pass?",
            ),
            Option(
                "because its slope is larger everywhere",
                "slope-vs-output",
                "Lay a ruler on both curves at z = 3: which one is steeper there?",
            ),
            Option(
                "because its range is twice as wide, gradients are twice as large",
                "slope-vs-output",
                "Is a gradient made of heights or of slopes?",
            ),
        ),
        solution="Larger slopes in the middle and zero-centred outputs; on the plateaus it is as flat.",
    ),
    # ---------------------------------------------------------------------------------- lesson 3: ReLU
    Exercise(
        "relu",
        lesson=3,
        kind="code",
        prompt="Return ReLU of every entry of z.",
        signature="relu(z)",
        of=(Branches("0", "z"),),
        forms=(Branches("0", "z"),),
        asks_value=True,
        code="def relu(z):\n    return np.maximum(0, z)",
        solution="z where z is positive, 0 elsewhere.",
    ),
    Exercise(
        "relu_prime",
        lesson=3,
        kind="code",
        prompt="Return the derivative of ReLU; at the kink use the course convention g'(0)=0.",
        signature="relu_prime(z)",
        of=(Branches("0", "z"),),
        forms=(Branches("0", "1"),),
        kink=("0", "1"),
        code="def relu_prime(z):\n    return np.where(z > 0, 1.0, 0.0)",
        solution="Slope 1 right of 0, slope 0 left of it and, by convention, at it.",
    ),
    Exercise(
        "q_relu_zero",
        lesson=3,
        kind="choice",
        prompt="What is ReLU'(0)?",
        answer="it does not exist; any value in [0,1] is a valid subgradient and software picks one (usually 0)",
        options=(
            Option(
                "0.5, the average of both sides, is the derivative",
                "kink-at-zero",
                "Compute the difference quotient from the left and from the right: do they meet?",
            ),
            Option(
                "1",
                "kink-at-zero",
                "Come from the left with a difference quotient: what do you get?",
            ),
            Option(
                "0, because the value there is 0",
                "kink-at-zero",
                "Come from the right with a difference quotient: what do you get?",
            ),
            Option(
                "it does not exist; any value in [0,1] is a valid subgradient and software picks one (usually 0)"
            ),
            Option(
                "infinity, because the curve has a corner",
                "kink-at-zero",
                "How steep are the two lines that meet there?",
            ),
        ),
        solution="The one-sided slopes are 0 and 1; every line between them supports the curve.",
    ),
    Exercise(
        "q_relu_linear",
        lesson=3,
        kind="choice",
        prompt="ReLU consists of two straight lines. Is a stack of ReLU layers therefore linear?",
        answer="no: it is linear on each side of 0 only, and the switch at 0 makes the stack nonlinear",
        options=(
            Option(
                "yes, because each piece is linear",
                "linear-collapse",
                "Add what it gives at 1 and at −1. What does it give at their sum?",
            ),
            Option(
                "yes, because the slope is constant",
                "linear-collapse",
                "Walk from −1 to 1: is the slope the same all the way?",
            ),
            Option(
                "no: it is linear on each side of 0 only, and the switch at 0 makes the stack nonlinear"
            ),
            Option(
                "yes, if the biases are 0",
                "linear-collapse",
                "Without biases, what comes out at 1 and at −1, and what would a line do?",
            ),
        ),
        solution="relu(1) + relu(−1) = 1, but relu(1 − 1) = 0.",
    ),
    Exercise(
        "q_linear_stack",
        lesson=3,
        kind="choice",
        prompt="Two linear layers with NO activation between them can represent the same functions as ...",
        answer="one linear layer",
        options=(
            Option(
                "a quadratic function",
                "linear-collapse",
                "Put 2z + 1 into 3z − 4: does a square appear?",
            ),
            Option(
                "more functions than one linear layer",
                "linear-collapse",
                "Multiply the two weight matrices: what kind of thing is the product?",
            ),
            Option("one linear layer"),
            Option(
                "any continuous function, if they are wide enough",
                "linear-collapse",
                "How would you bend a line without a bend between the layers?",
            ),
        ),
        solution="A product of matrices is a matrix.",
    ),
    # ---------------------------------------------------------------------------- lesson 4: leaky ReLU
    Exercise(
        "leaky_relu",
        lesson=4,
        kind="code",
        prompt="Return the leaky ReLU for ANY slope alpha >= 0 (slope 1 right of 0, alpha left of 0).",
        signature="leaky_relu(z, negative_slope)",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha*z", "z"),),
        parameters=_LEAKS,
        asks_value=True,
        code="def leaky_relu(z, negative_slope):\n    return np.where(z > 0, z, negative_slope * z)",
        solution="The branch is chosen by the sign of z, not by which line is on top.",
    ),
    Exercise(
        "leaky_relu_prime",
        lesson=4,
        kind="code",
        prompt="Derivative with respect to z for ANY alpha >= 0; at the kink use the course convention g'(0)=alpha.",
        signature="leaky_relu_prime(z, negative_slope)",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha", "1"),),
        parameters=_LEAKS,
        kink=("alpha", "1"),
        code="def leaky_relu_prime(z, negative_slope):\n    return np.where(z > 0, 1.0, negative_slope)",
        solution="Slope 1 right of 0, alpha left of it and, by convention, at it.",
    ),
    Exercise(
        "prelu_grad_a",
        lesson=4,
        kind="code",
        prompt="f(z)=z for z>0 and a*z otherwise. Return the elementwise derivative with respect to a.",
        signature="prelu_grad_a(z, a)",
        of=(Branches("a*z", "z"),),
        forms=(Branches("z", "0"),),
        variable="a",
        parameters={"a": (0.2, 1.5)},
        code="def prelu_grad_a(z, a):\n    return np.where(z > 0, 0.0, z)",
        solution="Right of 0 the letter a does not occur; left of it f is a times z.",
    ),
    Exercise(
        "derive_prelu_a",
        lesson=4,
        kind="derivation",
        prompt="Derive d/da (a*z), the branch z < 0 of PReLU.",
        of=("a*z",),
        forms=("z", "1*z"),
        variable="a",
        goals=("z",),
        asks="Can it be written more simply?",
        solution="  D(a*z)\n= z*D(a)    # z is a constant factor here\n= z         # slope of a line",
    ),
    Exercise(
        "q_leaky_max_valid",
        lesson=4,
        kind="choice",
        prompt="For which alpha does max(alpha*z, z) give the leaky ReLU (slope 1 right, alpha left)?",
        answer="alpha <= 1",
        options=(
            Option(
                "every alpha > 0",
                "max-needs-alpha-le-1",
                "Take a slope of 2 and put in z = 3: which of the two lines is on top?",
            ),
            Option(
                "only alpha = 0.01",
                "max-needs-alpha-le-1",
                "Try 0.5 at z = −4 and at z = 4: is the larger line the wanted one?",
            ),
            Option("alpha <= 1"),
            Option(
                "alpha >= 1",
                "max-needs-alpha-le-1",
                "Draw both lines for a slope of 3: which one is on top on the right?",
            ),
        ),
        solution="For alpha > 1 the line alpha z is on top right of 0.",
    ),
    Exercise(
        "q_leaky_max_value",
        lesson=4,
        kind="number",
        prompt="Leaky ReLU with slope alpha = 2 on the left: value at z = 3?",
        answer="3",
        rtol=0.01,
        asks="Which branch does a positive number take, and what does that branch do to it?",
        believed=(
            Believed(
                "6",
                "max-needs-alpha-le-1",
                "That is the left line, continued to the right. Which branch does a positive number take?",
            ),
            Believed(
                "-6",
                "max-needs-alpha-le-1",
                "Is the number positive or negative? Which branch does it take, and does that branch change its sign?",
            ),
            Believed(
                "2",
                "function-derivative-mixup",
                "That is a slope. A value is asked for, and of which branch?",
            ),
            Believed(
                "1",
                "function-derivative-mixup",
                "That is how steep the branch is. How high is it there?",
            ),
            Believed("1.5", "branches-swapped", "Which branch does a positive number take?"),
            Believed("0", "leak-dropped", "Which branch is flat, and is it this one?"),
        ),
        solution="Right of 0 the leaky ReLU is the identity.",
    ),
    Exercise(
        "q_leaky_alpha1",
        lesson=4,
        kind="choice",
        prompt="What does a deep network with leaky ReLU and alpha = 1 compute?",
        answer="a linear map",
        options=(
            Option(
                "the same as a ReLU network",
                "linear-collapse",
                "Draw the activation for this slope: where is its kink?",
            ),
            Option(
                "a quadratic function",
                "linear-collapse",
                "Put one straight line into another: does a square appear?",
            ),
            Option("a linear map"),
            Option(
                "anything, if it is deep enough",
                "linear-collapse",
                "What can depth add when nothing bends between the layers?",
            ),
        ),
        solution="With slope 1 on both sides the activation is the identity.",
    ),
    # ------------------------------------------------------------------------ lesson 5: depth
    Exercise(
        "chain_gradient",
        lesson=5,
        kind="code",
        prompt="A chain of L one-unit sigmoid layers with weights w and pre-activations z (1-D arrays). Return d(output)/d(input).",
        signature="chain_gradient(w, z)",
        reference=lambda w, z: np.prod(w / (1 + np.exp(-z)) * (1 - 1 / (1 + np.exp(-z)))),
        inputs=tuple(zip(_WEIGHTS, _INPUTS, strict=True)),
        others=tuple(_chain_beliefs()),
        code="def chain_gradient(w, z):\n    s = sigmoid(z)\n    return np.prod(w * s * (1 - s))",
        solution="Each layer contributes its weight times its slope; the chain rule multiplies them.",
    ),
    Exercise(
        "q_saturation_where",
        lesson=5,
        kind="choice",
        prompt="Where does the sigmoid saturate?",
        answer="where |z| is large, on both sides",
        options=(
            Option(
                "near z = 0",
                "slope-vs-output",
                "Read the slope there off the picture: is the curve flat?",
            ),
            Option(
                "only far left, where the output is 0",
                "slope-vs-output",
                "Look at the other plateau: is it less flat?",
            ),
            Option(
                "only far right, where the output is 1",
                "slope-vs-output",
                "Look at the other plateau: is it less flat?",
            ),
            Option("where |z| is large, on both sides"),
            Option(
                "nowhere, its slope is never exactly 0",
                "slope-vs-output",
                "How much of a nudge of 0.1 arrives at z = 8?",
            ),
        ),
        solution="Both plateaus are flat.",
    ),
    Exercise(
        "q_big_output",
        lesson=5,
        kind="choice",
        prompt="A sigmoid unit outputs 0.999. What does that say about its gradient?",
        answer="the gradient through the unit is close to 0",
        options=(
            Option(
                "the gradient is large, too",
                "slope-vs-output",
                "Where on the curve is such an output: on the steep part or on a plateau?",
            ),
            Option(
                "the gradient is 0.999",
                "slope-vs-output",
                "Is that number a height or a steepness?",
            ),
            Option("the gradient through the unit is close to 0"),
            Option(
                "nothing, it depends on z",
                "slope-vs-output",
                "Can you find z, and then the slope, from the output alone?",
            ),
        ),
        solution="g(1 − g) = 0.999 · 0.001 ≈ 0.001.",
    ),
    Exercise(
        "q_vanish_10",
        lesson=5,
        kind="number",
        prompt="Ten one-unit sigmoid layers, all weights 1. Largest possible value of d(output)/d(input)?",
        answer="(1/4)^10",
        rtol=0.01,
        asks="What does one layer contribute at most, and how does the chain rule combine ten of them?",
        believed=(
            Believed(
                "2.5",
                "layer-product-wrong",
                "Ten contributions were added. One layer hands its change on to the next: do changes add up or multiply?",
            ),
            Believed(
                "1/4", "layer-product-wrong", "That is one layer. What do the other nine do to it?"
            ),
            Believed(
                "0.025",
                "layer-product-wrong",
                "That divides by the number of layers. Does each layer share the change, or scale what it receives?",
            ),
            Believed(
                "(1/2)^10",
                "slope-vs-output",
                "Half is the height of the curve in the middle. How steep is it there?",
            ),
            Believed(
                "1", "slope-vs-output", "Is a layer's largest slope as large as its largest output?"
            ),
            Believed(
                "10", "layer-product-wrong", "Can a chain of factors below one come out that large?"
            ),
            Believed(
                "(1/4)^9", "layer-product-wrong", "Count the activations on the way once more."
            ),
            Believed(
                "(1/4)^11", "layer-product-wrong", "Count the activations on the way once more."
            ),
            Believed(
                "0",
                "layer-product-wrong",
                "Small, yes. Can a product of ten positive numbers be exactly that?",
            ),
            Believed(
                "4^10", "layer-product-wrong", "Does one layer enlarge a change or shrink it?"
            ),
            Believed(
                "0.4", "layer-product-wrong", "How does the chain rule combine ten equal factors?"
            ),
        ),
        solution="Ten factors of at most 1/4 each.",
    ),
    Exercise(
        "q_vanish_weights",
        lesson=5,
        kind="number",
        prompt="Same chain, all weights 4 and all pre-activations 0. Value of d(output)/d(input)?",
        answer="1",
        rtol=0.01,
        asks="What does a layer contribute when its weight and its slope are both counted?",
        believed=(
            Believed(
                "(1/4)^10",
                "layer-product-wrong",
                "The weights are missing. What does a weight do to a change that passes through it?",
            ),
            Believed(
                "40",
                "layer-product-wrong",
                "The weights were added. How does the chain rule combine factors, and where are the slopes?",
            ),
            Believed(
                "4^10",
                "layer-product-wrong",
                "These are the weights. Which other factor does every layer contribute?",
            ),
            Believed(
                "10",
                "layer-product-wrong",
                "Ten contributions were added. Does the chain rule add?",
            ),
            Believed(
                "4",
                "layer-product-wrong",
                "That is one weight. What happens to a change on its way through all layers?",
            ),
            Believed(
                "1/4",
                "layer-product-wrong",
                "That is one slope. What do weights and the other layers do?",
            ),
            Believed(
                "2^10", "slope-vs-output", "Half is the height of the curve there. How steep is it?"
            ),
            Believed(
                "0",
                "slope-vs-output",
                "The pre-activation has this value. Which slope belongs to it?",
            ),
            Believed(
                "2.5",
                "layer-product-wrong",
                "Do the contributions add up, and where are the weights?",
            ),
        ),
        solution="4 · 1/4 = 1 for each layer, and 1 to the tenth is 1.",
    ),
    # ------------------------------------------------------------------------ lesson 6: dead units, scale
    Exercise(
        "dead_fraction",
        lesson=6,
        kind="code",
        prompt="Z has one row per training example and one column per ReLU unit (pre-activations). Return the fraction of dead units.",
        signature="dead_fraction(Z)",
        reference=lambda Z: np.mean(np.all(Z <= 0, axis=0)),
        inputs=tuple((Z,) for Z in _DEAD),
        others=tuple(_dead_beliefs()),
        code="def dead_fraction(Z):\n    return np.mean(np.all(Z <= 0, axis=0))",
        solution="A unit is dead when its whole column is at most 0.",
    ),
    Exercise(
        "he_std",
        lesson=6,
        kind="code",
        prompt="Standard deviation of the weights for a ReLU layer that keeps E[z^2] constant (He). (called with a Python int)",
        signature="he_std(fan_in)",
        reference=lambda fan_in: np.sqrt(2 / fan_in),
        inputs=((50,), (64,), (7,), (1000,)),
        others=tuple(_he_beliefs()),
        code="def he_std(fan_in):\n    return np.sqrt(2 / fan_in)",
        solution="The variance is 2/fan_in; the standard deviation is its root.",
    ),
    Exercise(
        "q_dead_neuron",
        lesson=6,
        kind="choice",
        prompt="When is a ReLU unit dead?",
        answer="its pre-activation is <= 0 for every training example, so no example sends gradient through it",
        options=(
            Option(
                "all its weights are 0",
                "inactive-vs-dead",
                "With such weights and a positive bias, what does the unit put out?",
            ),
            Option(
                "its output is 0 for one training example",
                "inactive-vs-dead",
                "And on the other examples: does it learn from them?",
            ),
            Option(
                "its bias is negative",
                "inactive-vs-dead",
                "Can the weighted inputs outweigh the bias for some example?",
            ),
            Option(
                "its pre-activation is <= 0 for every training example, so no example sends gradient through it"
            ),
            Option(
                "its output is 0 for most training examples",
                "inactive-vs-dead",
                "Which gradient do the remaining examples send?",
            ),
        ),
        solution="Dead means off for every training example.",
    ),
    Exercise(
        "q_dead_probability",
        lesson=6,
        kind="number",
        prompt="z_1..z_10 are independent and symmetric about 0 for one ReLU unit. Probability that it is dead on these 10 examples?",
        answer="(1/2)^10",
        rtol=0.01,
        asks="Dead means off on the first example and the second and so on. How do independent events combine?",
        believed=(
            Believed(
                "1/2",
                "inactive-vs-dead",
                "That is being off on one example. For how many must it be off to be dead?",
            ),
            Believed(
                "1/20", "inactive-vs-dead", "Do chances of independent events divide, or multiply?"
            ),
            Believed(
                "5",
                "inactive-vs-dead",
                "Can a probability be that large? That is how many examples are off on average.",
            ),
            Believed("0", "inactive-vs-dead", "Small, yes, but can it not happen at all?"),
            Believed("1", "inactive-vs-dead", "Would every such unit be dead?"),
            Believed("1/10", "inactive-vs-dead", "Where does the chance of one example enter?"),
            Believed("(1/2)^9", "inactive-vs-dead", "Count the examples once more."),
            Believed(
                "1 - (1/2)^10",
                "inactive-vs-dead",
                "That is being on at least once. Is such a unit dead?",
            ),
            Believed(
                "10*(1/2)^10",
                "inactive-vs-dead",
                "That is being on exactly once. Is such a unit dead?",
            ),
        ),
        solution="Ten independent halves.",
    ),
    Exercise(
        "q_dead_recover",
        lesson=6,
        kind="choice",
        prompt="Can a dead ReLU unit come back during training?",
        answer="not through its own gradient; only if something else moves its pre-activations above 0 for some example",
        options=(
            Option(
                "yes, its gradient is small but not zero",
                "inactive-vs-dead",
                "Which slope does ReLU have left of the kink, exactly?",
            ),
            Option(
                "yes, a larger learning rate always revives it",
                "inactive-vs-dead",
                "A large number times the gradient of a dead unit gives what?",
            ),
            Option(
                "not through its own gradient; only if something else moves its pre-activations above 0 for some example"
            ),
            Option(
                "no, never",
                "inactive-vs-dead",
                "Its inputs come from earlier layers: do those stand still?",
            ),
        ),
        solution="Its own gradient is 0; the layers below still move its inputs.",
    ),
    Exercise(
        "q_E_relu_prime_sq",
        lesson=6,
        kind="number",
        prompt="z ~ N(0,1). E[ReLU'(z)^2] = ?",
        answer="1/2",
        rtol=0.01,
        asks="Which values does the slope take, how often, and what are their squares?",
        believed=(
            Believed(
                "1/4",
                "variance-confusion",
                "That is the square of the mean. Which comes first here: squaring or averaging?",
            ),
            Believed(
                "1",
                "variance-confusion",
                "That is the variance of z, or the slope of one branch. How often does the slope take that value?",
            ),
            Believed(
                "0",
                "variance-confusion",
                "That is the mean of z. Are squares of the slope ever negative, to cancel?",
            ),
            Believed(
                "2",
                "variance-confusion",
                "That is the gain that makes up for it. Which share of the inputs passes?",
            ),
            Believed("sqrt(1/2)", "variance-confusion", "Is a root asked for?"),
            Believed(
                "sqrt(2)",
                "variance-confusion",
                "Is a root asked for, and can a mean of numbers up to one be that large?",
            ),
            Believed(
                "sqrt(1/(2*pi))",
                "variance-confusion",
                "That is the mean of the value of ReLU. What about its slope?",
            ),
        ),
        solution="The slope is 1 half of the time, and 1² = 1.",
    ),
    Exercise(
        "q_he_variance",
        lesson=6,
        kind="number",
        prompt="He initialisation, fan_in = 50: variance of the weights?",
        answer="2/50",
        rtol=0.01,
        asks="Which share of the signal survives a ReLU, and by which factor must the variance make up for it?",
        believed=(
            Believed(
                "0.2", "variance-confusion", "Is that the variance, or the standard deviation?"
            ),
            Believed(
                "0.02",
                "variance-confusion",
                "That keeps the size without an activation. What does ReLU take away?",
            ),
            Believed(
                "sqrt(0.02)",
                "variance-confusion",
                "Is that a variance or a standard deviation, and what does ReLU take away?",
            ),
            Believed(
                "0.08",
                "variance-confusion",
                "Which share does ReLU take away: a half, or three quarters?",
            ),
            Believed("0.01", "variance-confusion", "Does ReLU take from the signal, or add to it?"),
            Believed("0.0016", "variance-confusion", "Was it squared once too often?"),
            Believed(
                "2/2500",
                "variance-confusion",
                "How does the sum of independent terms grow with their number?",
            ),
            Believed(
                "sqrt(2)/50", "variance-confusion", "What belongs under the root, if there is one?"
            ),
            Believed(
                "100",
                "variance-confusion",
                "Should weights grow or shrink with the number of inputs?",
            ),
            Believed("25", "variance-confusion", "Which of the two numbers divides the other?"),
            Believed("2", "variance-confusion", "Where does the number of inputs enter?"),
        ),
        solution="2/fan_in = 2/50.",
    ),
    # ------------------------------------------------------------------------ lesson 7: smooth relatives
    Exercise(
        "softplus_prime",
        lesson=7,
        kind="code",
        prompt="Derivative of softplus(z)=ln(1+e^z).",
        signature="softplus_prime(z)",
        of=("ln(1 + exp(z))",),
        forms=("exp(z)/(1 + exp(z))", SIGMOID, "1 - 1/(1 + exp(z))"),
        code="def softplus_prime(z):\n    return 1 / (1 + np.exp(-z))",
        solution="D(ln(1 + exp(z))) = exp(z)/(1 + exp(z)) = 1/(1 + exp(-z))",
    ),
    Exercise(
        "elu_prime",
        lesson=7,
        kind="code",
        prompt="Derivative of ELU with respect to z; convention at 0: the left value alpha.",
        signature="elu_prime(z, alpha)",
        of=(Branches("alpha*(exp(z) - 1)", "z"),),
        forms=(Branches("alpha*exp(z)", "1"),),
        parameters={"alpha": (0.5, 1.5, 2.0)},
        kink=("alpha", "1"),
        far=(800.0, 30.0, -30.0, -800.0, 0.0),
        code="def elu_prime(z, alpha):\n    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
        solution="Right of 0 the slope is 1, left of it alpha times the exponential.",
    ),
    Exercise(
        "derive_softplus",
        lesson=7,
        kind="derivation",
        prompt="Derive d/dz ln(1 + e^z); end with g = 1/(1 + e^-z).",
        of=("ln(1 + exp(z))",),
        forms=("exp(z)/(1 + exp(z))", "1/(1 + exp(-z))", "g"),
        where=_G,
        goals=("g",),
        asks="Which known function of z is that? Write it with its letter.",
        solution="""
  D(ln(1 + exp(z)))
= 1/(1 + exp(z)) * D(1 + exp(z))    # logarithm, chain rule
= exp(z)/(1 + exp(z))               # sum rule, exponential
= 1/(1 + exp(-z))                   # divide by exp(z)
= g                                 # recognise g
""",
    ),
    Exercise(
        "derive_elu_neg",
        lesson=7,
        kind="derivation",
        prompt="Derive d/dz alpha*(e^z - 1), the left branch of ELU.",
        of=("alpha*(exp(z) - 1)",),
        forms=("alpha*exp(z)",),
        goals=("alpha*exp(z)",),
        asks="Can it be written more simply?",
        solution="  D(alpha*(exp(z) - 1))\n= alpha*D(exp(z) - 1)      # constant factor\n= alpha*(exp(z) - 0)       # sum rule, exponential\n= alpha*exp(z)             # tidy up",
    ),
    Exercise(
        "q_elu_kink",
        lesson=7,
        kind="choice",
        prompt="For which alpha is ELU differentiable at 0?",
        answer="only for alpha = 1",
        options=(
            Option(
                "for every alpha",
                "kink-at-zero",
                "Compute both one-sided slopes there: one of them contains alpha. When do they meet?",
            ),
            Option(
                "for no alpha",
                "kink-at-zero",
                "Compute both one-sided slopes there and set them equal: is there a solution?",
            ),
            Option(
                "for alpha <= 1",
                "kink-at-zero",
                "Try one half: which slopes do the two sides have there?",
            ),
            Option("only for alpha = 1"),
            Option(
                "only for alpha = 0",
                "kink-at-zero",
                "With that value, which slopes do the two sides have there?",
            ),
        ),
        solution="The left slope is alpha, the right one 1.",
    ),
    # ------------------------------------------------------------------------ lesson 8: products
    Exercise(
        "silu_prime",
        lesson=8,
        kind="code",
        prompt="Derivative of SiLU(z)=z*sigmoid(z).",
        signature="silu_prime(z)",
        of=("z*g", "z*sigmoid(z)", "z/(1 + exp(-z))"),
        forms=(
            "g + z*g*(1 - g)",
            "g*(1 + z*(1 - g))",
            "f + g*(1 - f)",
            "g + z*exp(-z)/(1 + exp(-z))^2",
        ),
        where={"g": SIGMOID, "f": "z*g"},
        code="def silu_prime(z):\n    g = sigmoid(z)\n    return g + z * g * (1 - g)",
        solution="D(z*g) = g + z*g*(1 - g)",
    ),
    Exercise(
        "swish_beta_prime",
        lesson=8,
        kind="code",
        prompt="Derivative with respect to z of z*sigmoid(beta*z).",
        signature="swish_beta_prime(z, beta)",
        of=("z*s", "z*sigmoid(beta*z)"),
        forms=("s + beta*z*s*(1 - s)", "s*(1 + beta*z*(1 - s))", "beta*f + s*(1 - beta*f)"),
        where={"s": "1/(1 + exp(-beta*z))", "f": "z*s"},
        parameters={"beta": (0.5, 2.0, 1.5)},
        code="def swish_beta_prime(z, beta):\n    s = sigmoid(beta * z)\n    return s + beta * z * s * (1 - s)",
        solution="D(z*s) = s + beta*z*s*(1 - s)",
    ),
    Exercise(
        "gelu_prime",
        lesson=8,
        kind="code",
        prompt="Derivative of GELU(z)=z*Phi(z); helpers Phi (cdf) and phi (pdf) are given.",
        signature="gelu_prime(z)",
        of=("z*P", "z*(1 + erf(z/sqrt(2)))/2"),
        forms=("P + z*p", "(1 + erf(z/sqrt(2)))/2 + z*exp(-z^2/2)/sqrt(2*pi)"),
        where={"P": "(1 + erf(z/sqrt(2)))/2", "p": "exp(-z^2/2)/sqrt(2*pi)"},
        code="def gelu_prime(z):\n    return Phi(z) + z * phi(z)",
        solution="D(z*P) = P + z*p",
    ),
    Exercise(
        "glu_db",
        lesson=8,
        kind="code",
        prompt="GLU gate f(a,b)=a*sigmoid(b). Return df/db.",
        signature="glu_db(a, b)",
        of=("a*g", "a*sigmoid(b)"),
        forms=("a*g*(1 - g)", "a*exp(-b)/(1 + exp(-b))^2", "a*(g - g^2)"),
        variable="b",
        where={"g": "1/(1 + exp(-b))"},
        swaps=(("z-for-g", {"g": "b"}),),
        places={
            "a": (1.5, -2.0, 0.5, 3.0, -1.0, 2.0, 0.25, -3.0),
            "b": (1.0, -1.0, 0.0, 2.0, -2.0, 0.5, 3.0, -4.0),
        },
        code="def glu_db(a, b):\n    g = sigmoid(b)\n    return a * g * (1 - g)",
        solution="a is a constant factor, the sigmoid has slope g*(1 - g).",
    ),
    Exercise(
        "derive_silu",
        lesson=8,
        kind="derivation",
        prompt="Derive d/dz z*g with g = 1/(1 + e^-z); end with z and g alone.",
        of=("z*g", "z*sigmoid(z)", "z/(1 + exp(-z))"),
        forms=("g + z*g*(1 - g)", "g*(1 + z*(1 - g))", "g + z*exp(-z)/(1 + exp(-z))^2"),
        where=_G,
        goals=("g + z*g*(1 - g)",),
        asks="Can it be written with z and g alone, as a sum of the two terms of the product rule?",
        solution="  D(z*g)\n= D(z)*g + z*D(g)       # product rule\n= g + z*g*(1 - g)       # slope of a line, slope of the sigmoid",
    ),
    Exercise(
        "derive_swish_beta",
        lesson=8,
        kind="derivation",
        prompt="Derive d/dz z*s with s = sigmoid(beta z); end with beta, z and s alone.",
        of=("z*sigmoid(beta*z)", "z*s"),
        forms=("s + beta*z*s*(1 - s)", "s*(1 + beta*z*(1 - s))"),
        where={"s": "1/(1 + exp(-beta*z))"},
        goals=("s + beta*z*s*(1 - s)",),
        asks="Can it be written with beta, z and s alone, as a sum of the two terms of the product rule?",
        solution="  D(z*sigmoid(beta*z))\n= D(z)*s + z*D(sigmoid(beta*z))      # product rule\n= s + z*s*(1 - s)*D(beta*z)          # slope of the sigmoid, chain rule\n= s + beta*z*s*(1 - s)               # slope of a line",
    ),
    Exercise(
        "derive_gelu",
        lesson=8,
        kind="derivation",
        prompt="Derive d/dz z*P, P the normal distribution function, p its density.",
        of=("z*(1 + erf(z/sqrt(2)))/2", "z*P"),
        forms=("P + z*p", "P + z*exp(-z^2/2)/sqrt(2*pi)"),
        where={"P": "(1 + erf(z/sqrt(2)))/2", "p": "exp(-z^2/2)/sqrt(2*pi)"},
        goals=("P + z*p",),
        asks="Can it be written with z, P and p alone?",
        solution="  D(z*P)\n= D(z)*P + z*D(P)    # product rule\n= P + z*p            # the density is the slope of the distribution function",
    ),
    Exercise(
        "derive_mish",
        lesson=8,
        kind="derivation",
        prompt="Derive d/dz z*T with T = tanh(softplus(z)), g = sigmoid(z); end with z, T and g alone.",
        of=("z*tanh(ln(1 + exp(z)))", "z*T"),
        forms=("T + z*(1 - T^2)*g",),
        where={"T": "tanh(ln(1 + exp(z)))", "g": SIGMOID},
        goals=("T + z*(1 - T^2)*g",),
        asks="Can it be written with z, T and g alone?",
        solution="  D(z*T)\n= D(z)*T + z*D(T)                         # product rule\n= T + z*(1 - T^2)*D(ln(1 + exp(z)))       # slope of tanh, chain rule\n= T + z*(1 - T^2)*g                       # slope of softplus",
    ),
    # ------------------------------------------------------------------------ lesson 9: tails, tweaks
    Exercise(
        "sigmoid_prime_stable",
        lesson=9,
        kind="code",
        prompt="Derivative of the sigmoid, accurate to 1e-9 RELATIVE error for every z in [-800, 800].",
        signature="sigmoid_prime_stable(z)",
        of=(SIGMOID,),
        forms=("exp(-abs(z))/(1 + exp(-abs(z)))^2", "g*(1 - g)"),
        where=_G,
        far=(40.0, -40.0, 20.0, -20.0, 100.0, -100.0, 400.0, -400.0, 700.0, -700.0, 800.0, -800.0),
        rtol=1e-9,
        atol=0.0,
        code="def sigmoid_prime_stable(z):\n    t = np.exp(-np.abs(z))\n    return t / (1 + t) ** 2",
        solution="The slope is even in z, so the exponential of -|z| never overflows and nothing cancels.",
    ),
    Exercise(
        "tanh_prime_stable",
        lesson=9,
        kind="code",
        prompt="Derivative of tanh, accurate to 1e-9 RELATIVE error for every z in [-400, 400].",
        signature="tanh_prime_stable(z)",
        of=("tanh(z)",),
        forms=("4*exp(-2*abs(z))/(1 + exp(-2*abs(z)))^2", "1 - t^2"),
        where={"t": "tanh(z)"},
        far=(25.0, -25.0, 15.0, -15.0, 100.0, -100.0, 200.0, -200.0, 350.0, -350.0, 400.0, -400.0),
        rtol=1e-9,
        atol=0.0,
        code="def tanh_prime_stable(z):\n    t = np.exp(-2 * np.abs(z))\n    return 4 * t / (1 + t) ** 2",
        solution="The slope is even in z, so the exponential of -2|z| never overflows and nothing cancels.",
    ),
    Exercise(
        "softplus_stable",
        lesson=9,
        kind="code",
        prompt="softplus(z)=ln(1+e^z), accurate to 1e-9 RELATIVE error for every z in [-800, 800].",
        signature="softplus_stable(z)",
        reference=lambda z: np.logaddexp(0, z),
        inputs=(([1.0, -1.0, 0.0, 2.0, -2.0, 0.5, -6.0, 6.0],), ([[1.0, -2.0], [0.5, -3.0]],)),
        far=(20.0, -20.0, 40.0, -40.0, 300.0, -300.0, 700.0, -700.0, 800.0, -800.0),
        rtol=1e-9,
        atol=0.0,
        others=(("formula-of-other-activation", lambda z: np.maximum(z, 0)),),
        code="def softplus_stable(z):\n    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))",
        solution="log1p keeps what 1 + a tiny number loses; the exponential of -|z| never overflows.",
    ),
    Exercise(
        "q_tweak_first",
        lesson=9,
        kind="choice",
        prompt="Your ReLU network trains badly. What do you do first?",
        answer="measure dead fraction and per-layer gradients, change one thing, compare over several seeds",
        options=(
            Option(
                "switch to leaky ReLU, it is always better",
                "tweak-always-helps",
                "How would you know that dead units are the trouble?",
            ),
            Option(
                "use the activation with the largest derivative",
                "tweak-always-helps",
                "What happens to a product of many factors above one?",
            ),
            Option(
                "measure dead fraction and per-layer gradients, change one thing, compare over several seeds"
            ),
            Option(
                "change activation, learning rate and depth together",
                "tweak-always-helps",
                "If it then works, which change was it?",
            ),
        ),
        solution="Measure, change one thing, compare over seeds.",
    ),
    Exercise(
        "q_alpha_bigger",
        lesson=9,
        kind="choice",
        prompt="A larger leaky slope sends more gradient through z<0. Is larger therefore always better?",
        answer="the nonlinearity disappears as alpha approaches 1, so there is a trade-off to measure",
        options=(
            Option(
                "yes, more gradient is always better",
                "tweak-always-helps",
                "Follow the rule to its end: which function is left, and what can a stack of it represent?",
            ),
            Option(
                "yes, alpha = 1 is optimal",
                "tweak-always-helps",
                "Draw the activation for that slope. What can a stack of it represent?",
            ),
            Option(
                "the nonlinearity disappears as alpha approaches 1, so there is a trade-off to measure"
            ),
            Option(
                "no, 0.01 is always best",
                "tweak-always-helps",
                "On which data, and with how many seeds, was that measured?",
            ),
        ),
        solution="At alpha = 1 nothing bends any more.",
    ),
    Exercise(
        "q_single_seed",
        lesson=9,
        kind="choice",
        prompt="Activation A beats B by 0.3 points in one run. What follows?",
        answer="that one run cannot tell; compare the difference with the seed-to-seed spread",
        options=(
            Option(
                "A is better",
                "tweak-always-helps",
                "Run it again with another seed: would you bet on the same order?",
            ),
            Option(
                "A is better if the run was long enough",
                "tweak-always-helps",
                "Does a longer run make the other seeds unnecessary?",
            ),
            Option("that one run cannot tell; compare the difference with the seed-to-seed spread"),
            Option(
                "B is worse on this data set",
                "tweak-always-helps",
                "How far apart are two runs of the same activation?",
            ),
        ),
        solution="Compare the difference with the spread between seeds.",
    ),
)

EXERCISES = MappingProxyType({exercise.name: exercise for exercise in _LIST})


# ------------------------------------------------------------------------------- what learners call


def _look_up(name: str) -> Exercise:
    if isinstance(name, str) and name in EXERCISES:
        return EXERCISES[name]
    close = difflib.get_close_matches(str(name), EXERCISES, n=3)
    meant = f"Did you mean {' or '.join(close)}?" if close else "list(EXERCISES) names them all."
    raise ValueError(f"there is no exercise {name!r}. {meant}")


def check(exercise: str, answer: object) -> Verdict:
    """Judge an answer and say what leads on; never raises for anything the answer does.

    Parameters
    ----------
    exercise : its name, see `EXERCISES`; ValueError with the closest names for an unknown one.
    answer : a function, a derivation (text), a number (`0.75`, `"3/4"`, `"infinity"`), or an
        option (its words or its letter). `None`, `...` and unwritten functions are not attempted.

    >>> verdict = check("derive_elu_neg", "-alpha*exp(z)")
    >>> verdict.correct, verdict.diagnoses, verdict.first_wrong_line
    (False, ('sign-flipped',), 1)
    """
    declared = _look_up(exercise)
    verdict = judge(declared, answer)
    return _remembered(declared, answer, verdict)


def check_derivation(exercise: str, text: str) -> Verdict:
    """Check a derivation line by line; the same as `check` for an exercise of that kind."""
    declared = _look_up(exercise)
    if declared.kind != "derivation":
        raise ValueError(f"{exercise} asks for no derivation")
    return check(exercise, text)


_HINTED = 3  # so many times the same wrong answer, then the ladder alone replies


def _remembered(exercise: Exercise, answer: object, verdict: Verdict) -> Verdict:
    if verdict.status in ("not attempted", "unfinished"):
        return verdict
    entry = _progress.load().get(exercise.name, {})
    mark = _fingerprint(answer, verdict)
    same = entry.get("same", 0) + 1 if entry.get("last") == mark else 1
    news = {
        "attempts": entry.get("attempts", 0) + 1,
        "right": bool(entry.get("right")) or verdict.correct,
        "last": mark,
        "same": same,
    }
    if verdict.correct or same <= _HINTED or len(exercise.hints) < 2:
        _progress.record(exercise.name, **news)
        return verdict
    step = max(same - _HINTED, entry.get("hints", 0) + 1)
    step = min(step, len(exercise.hints) - 1)  # the last rung is for `hint` alone
    _progress.record(exercise.name, **news, hints=max(entry.get("hints", 0), step))
    evidence = verdict.message.split(". ")[0].rstrip(".")
    message = f"The same answer as before: {evidence}. The next hint: {exercise.hints[step - 1]}"
    return Verdict(False, verdict.diagnoses, message, verdict.first_wrong_line)


def _fingerprint(answer: object, verdict: Verdict) -> str:
    """The same answer with the same verdict gives the same mark."""
    code = answer.__code__.co_code if inspect.isfunction(answer) else b""
    words = " ".join(answer.split()) if type(answer) is str else code
    return hashlib.sha256(repr((words, verdict)).encode("utf-8", "replace")).hexdigest()[:16]


class Note(str):
    """A text that a notebook shows as paragraphs, with the lines of code kept."""

    style = "white-space:pre-wrap"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<div role="note" style="{self.style}">{html.escape(self)}</div>'


class Table(Note):
    """A text whose columns stand one below the other."""

    style = "white-space:pre;font-family:monospace"


def hint(exercise: str) -> Note:
    """Return the next hint: where, which rule, a question, a neighbouring example, the line."""
    declared = _look_up(exercise)
    if not declared.hints:
        return Note(
            "There are no hints for this exercise: check what you have, its answer leads on."
        )
    used = _progress.load().get(exercise, {}).get("hints", 0)
    step = min(used + 1, len(declared.hints))
    _progress.record(exercise, hints=step)
    left = len(declared.hints) - step
    more = f" ({left} more)" if left else " (the last one; `solution` shows it all)"
    return Note(f"Hint {step}{more}\n{declared.hints[step - 1]}")


def solution(exercise: str) -> Note:
    """Return the derivation and the code of an exercise."""
    declared = _look_up(exercise)
    answer = declared.answer and f"Answer: {declared.answer}"
    parts = (answer, declared.solution.strip("\n"), declared.code)
    return Note("\n\n".join(filter(None, parts)))


def progress() -> Table:
    """Return a table: attempts, right or not, hints used, for every exercise that was tried."""
    state = _progress.load()
    rows = [f"{'lesson':<8}{'exercise':<28}{'attempts':>8}  {'right':<6}{'hints':>5}"]
    for exercise in EXERCISES.values():
        if entry := state.get(exercise.name):
            right = "yes" if entry.get("right") else "no"
            rows.append(
                f"{exercise.lesson:<8}{exercise.name:<28}{entry.get('attempts', 0):>8}  {right:<6}"
                f"{entry.get('hints', 0):>5}"
            )
    lessons = sorted({e.lesson for e in EXERCISES.values() if e.name in state})
    for lesson in lessons:
        of_it = [e for e in EXERCISES.values() if e.lesson == lesson]
        right = sum(bool(state.get(e.name, {}).get("right")) for e in of_it)
        rows.append(f"lesson {lesson}: {right} of {len(of_it)} right")
    return Table("\n".join(rows) if len(rows) > 1 else "Nothing tried yet.")
