"""A network that does not learn: numbers measured in it, and what they say."""

# ruff: noqa: E501 (prompts and hints as whole sentences)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from helpers.diagnosis import STORIES, Verdict
from helpers.exercises.concept_exercise import NumberExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.practice.expressions import is_kept_back
from helpers.language import Begun, Filled


class Measured(NamedTuple):
    """What was measured and is asked, its answer, the way to it, and what wrong answers believe."""

    question: Filled
    answer: float
    way: Filled
    wrong: tuple[tuple[str, float], ...]


def _dead(rng: np.random.Generator) -> Measured:
    """Units of which the pre-activation is at most 0 for every example."""
    z = rng.choice(np.arange(-9, 10)[np.arange(-9, 10) != 0], (4, 7))
    dead = np.sort(rng.choice(7, rng.integers(2, 4), replace=False))
    z[:, dead] = -np.abs(z[:, dead])
    alive = np.setdiff1d(np.arange(7), dead)
    z[rng.integers(4), alive] = np.abs(z[0, alive])
    rows = "\n".join(" ".join(f"{x / 2:>5.1f}" for x in row) for row in z)
    question = Filled(
        "Pre-activations of 7 ReLU units (columns) for 4 examples (rows). Which units are dead? "
        "Write their numbers, 1 to 7, one behind the other: 25 for the units 2 and 5.\n{rows}",
        rows=rows,
    )
    off = [n for n in range(7) if (z[:, n] < 0).sum() >= 3]
    wrong = [("inactive-vs-dead", _written(off)), ("branches-swapped", _written(_always_on(z)))]
    way = Filled("a column without a number above 0")
    return Measured(question, _written(dead.tolist()), way, (*wrong,))


def _always_on(z: np.ndarray) -> list[int]:
    return [n for n in range(z.shape[1]) if (z[:, n] > 0).all()]


def _written(units: Sequence[int]) -> float:
    return float("".join(str(n + 1) for n in units) or 0)


def _mean_slope(rng: np.random.Generator) -> Measured:
    """The slopes of tanh units from their outputs."""
    a = rng.choice(np.arange(-19, 20), 4, replace=False) / 20
    row = "  ".join(f"{x:g}" for x in a)
    question = Filled(
        "The outputs of 4 tanh units for one example. What is the mean of the slopes by which "
        "their deltas are multiplied?\n{row}",
        row=row,
    )
    wrong = (
        ("slope-vs-output", a.mean()),
        ("power-distributed-over-sum", 1 - a.mean() ** 2),
        ("z-for-g", (1 - np.tanh(a) ** 2).mean()),
    )
    return Measured(question, (1 - a**2).mean(), Filled("the mean of 1 - a^2"), wrong)


def _chain(rng: np.random.Generator) -> Measured:
    """The slope of a chain of one-unit layers."""
    w = rng.choice(np.arange(-9, 10)[np.abs(np.arange(-9, 10)) > 2], 3) / 2
    s = rng.choice(np.arange(1, 20), 3, replace=False) / 20
    slopes = s * (1 - s)
    question = Filled(
        "A chain of 3 layers of one sigmoid unit: below each weight stands the output of its unit. "
        "What is the slope of the last output by the input of the chain?\n"
        "weights  {weights}\noutputs  {outputs}",
        weights=_row(w),
        outputs=_row(s),
    )
    wrong = (
        ("layer-product-wrong", float(np.sum(w * slopes))),
        ("parameter-ignored", float(np.prod(slopes))),
        ("slope-vs-output", float(np.prod(w * s))),
    )
    way = Filled("each layer gives w*s*(1 - s)")
    return Measured(question, float(np.prod(w * slopes)), way, wrong)


def _row(numbers: np.ndarray) -> str:
    return " ".join(f"{x:>6g}" for x in numbers)


def _scale(rng: np.random.Generator) -> Measured:
    """The factor for all weights that keeps the deltas as large as they are."""
    layers = int(rng.integers(5, 13))
    last, first = rng.integers(11, 100) / 100, rng.integers(11, 100) / 10 ** rng.integers(5, 8)
    ratio = last / first
    question = Filled(
        "The root mean square of the deltas of a deep ReLU network falls from layer to layer by "
        "the same factor. All its weights are to be multiplied by one number, so that it stays as "
        "it is from the last layer to the first. By which?\n"
        "layer {layers:>2}: {last:g}\nlayer  1: {first}",
        layers=layers,
        last=last,
        first=_plain(first),
    )
    wrong = (
        ("layer-product-wrong", ratio / (layers - 1)),
        ("variance-confusion", ratio ** (2 / (layers - 1))),
        ("other-stretch", ratio ** (1 / layers)),
    )
    way = Filled(
        "{n} steps lie between them: ({last:g}/{first})^(1/{n})",
        n=layers - 1,
        last=last,
        first=_plain(first),
    )
    return Measured(question, ratio ** (1 / (layers - 1)), way, wrong)


def _dying(rng: np.random.Generator) -> Measured:
    """The learning rate from which on one step kills a unit."""
    w, b, x, delta = (rng.integers(low, 40) / 10 for low in (11, 11, 6, 11))
    far = float(rng.integers(5, 10))
    here, end = (w * x + b) / (delta * (x * x + 1)), (w * far + b) / (delta * (x * far + 1))
    has = {"w": w, "b": b, "x": x, "delta": delta, "far": far}
    question = Filled(
        "A ReLU unit with the weight {w:g} and the bias {b:g} gets inputs from 0 to {far:g}. "
        "For the input {x:g} its delta is {delta:g}. From which learning rate on is it dead, "
        "off for every input, after one step of gradient descent with this example alone?",
        **has,
    )
    wrong = (("inactive-vs-dead", here), ("term-lost", b / delta), ("variance-confusion", end))
    answer = max(b / delta, end)
    way = Filled(
        "after the step the unit is off everywhere if it is off at both ends, 0 and {far:g}: the "
        "rate is at least {b:g}/{delta:g} and ({w:g}*{far:g} + {b:g})/({delta:g}*({x:g}*{far:g} + 1))",
        **has,
    )
    return Measured(question, answer, way, wrong)


_CASES: Mapping[int, Callable[[np.random.Generator], Measured]] = dict(
    enumerate((_dead, _mean_slope, _chain, _scale, _dying), 1)
)
_WORDS = {
    1: (
        "one unit after the other, over all examples.",
        "a dead unit is off for every example; one that is off for some of them still learns.",
        "which of the units gets a gradient from at least one example?",
        "of the columns (-1, 2) and (-1, -3) the second is dead: it is never above 0.",
        "Strike out each column that has a number above 0; the others are dead.",
    ),
    2: (
        "each unit alone; the mean comes last.",
        "the slope of tanh is known from its output.",
        "if the output of a unit is 0.9, how steep is tanh there?",
        "for the outputs 0.5 and 0 the slopes are 0.75 and 1, and their mean is 0.875.",
        "Write 1 - a^2 below each output.",
    ),
    3: (
        "one layer: what does it make of a small change of its input?",
        "the chain rule multiplies what the layers do, weights included.",
        "what are the slope of the sigmoid at an output s and the factor that a weight adds?",
        "one layer with the weight 2 and the output 0.5 has the slope 2*0.5*0.5 = 0.5.",
        "Write w*s*(1 - s) below each pair.",
    ),
    4: (
        "from one layer to the next: how many such steps are there?",
        "a factor for all weights of a layer multiplies the deltas in front of it by the same.",
        "if each step multiplies by f, by what do all steps together multiply?",
        "from 0.8 in layer 3 to 0.2 in layer 1 it falls by 1/2 a step, so 2 mends it.",
        "Count the steps, divide the larger number by the smaller, and take that root.",
    ),
    5: (
        "the weight and the bias after the step.",
        "a straight line is at most 0 on a stretch if it is at both of its ends.",
        "which line w*x + b does the unit have after a step with the rate r?",
        "weight 1, bias 1, inputs 0 to 1, delta 1 for the input 1: 1 - r is the weight and the bias, so r = 1 kills it.",
        "The weight loses rate times delta times input, the bias rate times delta.",
    ),
}


class UnitsExercise(NumberExercise):
    """Numbers of units are asked for, written one behind the other, or as a list."""

    def judge_one(self, answer: object) -> Verdict:
        """Judge 25, "2, 5", "units 5 and 2" or [2, 5] alike."""
        units = re.findall(r"\d", str(answer)) if isinstance(answer, str | list | tuple) else []
        return super().judge_one("".join(sorted(units)) if units else answer)


def network(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> NumberExercise:
    """Draw measurements of a network and a question about them."""
    case = _CASES[level](rng)
    while is_kept_back(case.question) != kept_back or abs(case.answer) in (0, 1):
        case = _CASES[level](rng)
    rtol = 1e-2 if level == 4 else 1e-3
    kind = UnitsExercise if level == 1 else NumberExercise
    return asked(name, 6 if level > 2 else 5, case, _WORDS[level], rtol, kind)


def asked(
    name: str,
    lesson: int,
    case: Measured,
    words: tuple[str, ...],
    rtol: float = 1e-3,
    kind: type[NumberExercise] = NumberExercise,
) -> NumberExercise:
    """Return the exercise that asks what was measured, with five hints."""
    where, rule, question, neighbour, line = words
    return kind(
        name,
        lesson=lesson,
        prompt=case.question,
        answer=_plain(case.answer),
        rtol=rtol,
        asks=Begun(question),
        believed=tuple(
            Believed(_plain(value), slug, STORIES[slug].question)
            for slug, value in dict(case.wrong).items()
            if not np.isclose(value, case.answer, rtol=2e-2)
        ),
        hints=Hints(where=where, rule=rule, question=question, neighbour=neighbour, line=line),
        solution=Filled("The way: {way}.", way=case.way),
    )


def _plain(value: float) -> str:
    return np.format_float_positional(float(f"{value:.6g}"), trim="-")
