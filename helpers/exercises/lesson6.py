"""Lesson 6: initial scale and dead units."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable, Iterator

import numpy as np

from helpers.checking import Believed, Exercise, Option

# columns: always off, sometimes off, never off, always exactly 0, off on average
_DEAD = (
    [[-1, 2, 1, 0, -3], [-2, -1, 2, 0, 1], [-3, 1, 3, 0, -1], [-1, -2, 1, 0, -2]],
    [[1, -1], [2, -2], [-1, -3]],
    [[1.0, 2.0, 0.5], [0.5, 1.0, 2.0]],
    [[2, -1, -1, 1], [-3, -1, 0, 1]],
)


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


EXERCISES = (
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
)
