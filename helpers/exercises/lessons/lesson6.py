"""Lesson 6: initial scale and dead units."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Iterator

import numpy as np

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise

# columns: always off, sometimes off, never off, always exactly 0, off on average
_DEAD = (
    [[-1, 2, 1, 0, -3], [-2, -1, 2, 0, 1], [-3, 1, 3, 0, -1], [-1, -2, 1, 0, -2]],
    [[1, -1], [2, -2], [-1, -3]],
    [[1.0, 2.0, 0.5], [0.5, 1.0, 2.0]],
    [[2, -1, -1, 1], [-3, -1, 0, 1]],
)


_ROWS_COUNTED = (
    "Exactly this comes out when something is asked of each row of Z, and the rows are counted. "
    "What is one row of Z, and what is one column?"
)

_ENTRIES_COUNTED = (
    "Exactly this comes out when all numbers of Z are counted that are off. What is one unit in Z, "
    "and how many of its numbers must be off for it to be dead?"
)
_ZERO_IS_ON = (
    "Exactly this comes out when a z of exactly 0 counts as on. Which slope does ReLU have there in "
    "this course, and what does it let through?"
)
_ONLY_ZERO = (
    "Exactly this comes out when a z counts as off only where it is exactly 0. What does ReLU let "
    "through of a z of −1?"
)
_ON_COUNTED = (
    "Exactly this comes out when those z are counted that ReLU lets through. Is a unit dead that "
    "lets much through, or one that lets nothing through?"
)


def _dead_beliefs() -> Iterator[tuple]:
    """Which examples must be off, along which axis, and how the units are counted."""
    yield (
        "inactive-vs-dead",
        lambda Z: np.mean(np.all(Z < 0, axis=0)),
        _ZERO_IS_ON,
    )
    tests = (
        (lambda Z: Z <= 0, ""),
        (lambda Z: Z < 0, _ZERO_IS_ON),
        (lambda Z: Z == 0, _ONLY_ZERO),
        (lambda Z: Z > 0, _ON_COUNTED),
        (lambda Z: Z >= 0, _ON_COUNTED),
    )
    for test, words in tests:
        for reduce in (np.all, np.any, np.mean):
            for axis in (0, 1, None):
                entries = _ENTRIES_COUNTED if reduce is np.mean else ""
                told = words or entries or (_ROWS_COUNTED if axis == 1 else "")
                yield (
                    "inactive-vs-dead",
                    lambda Z, t=test, r=reduce, a=axis: np.mean(r(t(Z), axis=a)),
                    *([told] if told else []),
                )
        for row in (0, -1):
            yield "inactive-vs-dead", lambda Z, t=test, i=row: np.mean(t(Z[i]))
            yield "inactive-vs-dead", lambda Z, t=test, i=row: np.mean(t(Z[:, i]))
        for summary in (np.mean, np.median, np.min, np.max, np.sum):
            for axis in (0, 1):
                yield (
                    "inactive-vs-dead",
                    lambda Z, t=test, s=summary, a=axis: np.mean(t(s(Z, axis=a))),
                    *([_ROWS_COUNTED] if axis == 1 else []),
                )
    for divisor, words in (
        (lambda Z: 1, "the dead units are counted. Which fraction of all units is that?"),
        (
            lambda Z: Z.shape[0],
            "the number of dead units is divided by that of the rows. What is one row of Z?",
        ),
        (
            lambda Z: Z.size,
            "the number of dead units is divided by that of all entries. What is one entry?",
        ),
    ):
        yield (
            "array-contract",
            lambda Z, d=divisor: np.sum(np.all(Z <= 0, axis=0)) / d(Z),
            f"Exactly this comes out when {words}",
        )


def _he_beliefs() -> Iterator[tuple]:
    """A power of the variance other than its root, or a gain other than that of ReLU."""
    for power in (0.25, 1, 2):
        yield "variance-confusion", lambda n, p=power: (2 / n) ** p
    for gain in (1, 4, 0.5, 3, 6):
        yield (
            "parameter-ignored",
            lambda n, g=gain: np.sqrt(g / n),
            "Exactly this comes out when another number stands above n under the root. Which share "
            "of the mean square does a ReLU let pass, and which number makes up for that?",
        )
    yield "missing-parentheses", lambda n: np.sqrt(2) / n


def _leaky_beliefs() -> Iterator[tuple]:
    """A standard deviation or a power of it; a leak or its square that got lost; brackets."""
    for power in (0.5, 2):
        yield "variance-confusion", lambda n, a, p=power: (2 / ((1 + a**2) * n)) ** p
    yield "missing-parentheses", lambda n, a: np.sqrt(2 / (1 + a**2)) / n
    yield "leak-dropped", lambda n, a: 2 / n + 0 * a
    yield "leak-dropped", lambda n, a: np.sqrt(2 / n) + 0 * a
    yield (
        "missing-square",
        lambda n, a: 2 / ((1 + a) * n),
        "By which factor does the mean square change when z becomes a·z?",
    )
    yield "missing-parentheses", lambda n, a: 2 / (1 + a**2) * n
    yield "missing-parentheses", lambda n, a: 2 / 1 + a**2 * n
    yield "missing-parentheses", lambda n, a: 2 / (1 + a**2 * n)
    yield "missing-parentheses", lambda n, a: 2 / n * (1 + a**2)


EXERCISES = (
    ReferenceExercise(
        "dead_fraction",
        lesson=6,
        prompt="Z has one row per training example and one column per ReLU unit (pre-activations). Return the fraction of dead units.",
        reference=lambda Z: np.mean(np.all(Z <= 0, axis=0)),
        inputs=tuple((Z,) for Z in _DEAD),
        others=tuple(_dead_beliefs()),
        hints=Hints(
            where="one column is one unit. Take the example with columns (−1, −2, −3) and (2, −1, −3) and count by hand.",
            rule="dead means z ≤ 0 on every example, so *every* has to be asked before anything is averaged.",
            question="np.all along which axis leaves one answer for each unit? What shape has it?",
            neighbour="the share of columns that are positive throughout is np.mean(np.all(Z > 0, axis=0)).",
            line="The mean of np.all over axis 0, of the comparison Z <= 0.",
        ),
        code="def dead_fraction(Z):\n    return np.mean(np.all(Z <= 0, axis=0))",
        solution="A unit is dead when its whole column is at most 0.",
    ),
    ReferenceExercise(
        "he_std",
        lesson=6,
        prompt="Standard deviation of the weights for a ReLU layer that keeps E[z^2] constant (He). (called with a Python int)",
        reference=lambda fan_in: np.sqrt(2 / fan_in),
        inputs=((50,), (64,), (7,), (1000,)),
        others=tuple(_he_beliefs()),
        hints=Hints(
            where="NumPy's rng.normal takes a standard deviation, the derivation gave a variance.",
            rule="n · Var(w) · ½ = 1, solved for Var(w); then variance to standard deviation.",
            question="four times as many inputs: by which factor do the weights shrink?",
            neighbour="without an activation nothing is lost; the variance is 1/n, the standard deviation 1/√n.",
            line="The square root of two over fan_in. NumPy's root is np.sqrt.",
        ),
        code="def he_std(fan_in):\n    return np.sqrt(2 / fan_in)",
        solution="The variance is 2/fan_in; the standard deviation is its root.",
    ),
    ChoiceExercise(
        "q_dead_neuron",
        lesson=6,
        prompt="When is a ReLU unit dead?",
        answer="every example",
        formerly=(
            "its pre-activation is <= 0 for every training example, so no example sends gradient through it",
        ),
        options=(
            Option("every example: its z is at most 0 on all of the training set"),
            Option(
                "weights: all of its weights have become exactly equal to zero",
                "inactive-vs-dead",
                "With such weights and a positive bias, what does the unit put out?",
            ),
            Option(
                "one example: its output is 0 on at least one training example",
                "inactive-vs-dead",
                "And on the other examples: does it learn from them?",
            ),
            Option(
                "most examples: its output is 0 on more than half of them",
                "inactive-vs-dead",
                "Can the weighted inputs outweigh the bias for some example?",
            ),
            Option(
                "bias: its bias has been pushed down until it is negative",
                "inactive-vs-dead",
                "Which gradient do the remaining examples send?",
            ),
        ),
        hints=Hints(
            where="look at what is claimed about the examples: one, most, or all of them?",
            rule="the gradient of the unit's weights is a sum over all training examples.",
            question="for each option, can you give a unit that fits it and still learns?",
            neighbour="a lamp that was off whenever you looked may be broken; one that was off once is not.",
            line="Ask when *every* term of that sum is 0.",
        ),
        solution="Dead means off for every training example.",
    ),
    NumberExercise(
        "q_dead_probability",
        lesson=6,
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
        hints=Hints(
            where="begin with one example. What is the chance of z ≤ 0 if z is symmetric about 0?",
            rule="chances of independent events that must all happen are multiplied.",
            question="what is it for two examples? For three? List the cases if you like.",
            neighbour="three dice all show a six with chance (1/6)^3.",
            line="Ten equal factors, one for each example, each of them the chance of being off.",
        ),
        solution="Ten independent halves.",
    ),
    ChoiceExercise(
        "q_dead_recover",
        lesson=6,
        prompt="Under plain SGD, on a fixed training set: can a dead ReLU unit come back?",
        answer="by others",
        formerly=(
            "not through its own gradient; only if something else moves its pre-activations above 0 for some example",
        ),
        options=(
            Option("by others: only if layers below shift what it receives"),
            Option(
                "by itself: yes, its own gradient is small but it is not zero",
                "inactive-vs-dead",
                "Which slope does ReLU have left of the kink, exactly?",
            ),
            Option(
                "by speed: yes, a larger learning rate always revives the unit",
                "inactive-vs-dead",
                "A large number times the gradient of a dead unit gives what?",
            ),
            Option(
                "never: once it is off on all examples, nothing can change that",
                "inactive-vs-dead",
                "Its inputs come from earlier layers: do those stand still?",
            ),
            Option(
                "by time: yes, its bias drifts back up by itself in later epochs",
                "inactive-vs-dead",
                "Which sum is the gradient of its bias, and which factor stands in every term?",
            ),
        ),
        hints=Hints(
            where="the pre-activation is made of the unit's own weights and of what comes in. Take the two apart.",
            rule="the gradient of the own weights has g′(z) as a factor in every term.",
            question="in the experiment above one row came out as exactly 0 and the other did not. What moved there?",
            neighbour="a boat that is aground cannot sail itself free. Can the water do something?",
            line="First ask what its own gradient can do, then what may change its inputs.",
        ),
        solution="Its own gradient is 0; the layers below still move its inputs.",
    ),
    NumberExercise(
        "q_E_relu_prime_sq",
        lesson=6,
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
        hints=Hints(
            where="split the line at 0 and write down the slope on both sides.",
            rule="a mean is value times probability, summed; here the values are the slope squared.",
            question="how much of the normal distribution lies to the right of 0?",
            neighbour="if the slope were 3 on the right and 0 on the left, the mean of its square would be 9/2.",
            line="One squared times the chance of z > 0, plus zero.",
        ),
        solution="The slope is 1 half of the time, and 1² = 1.",
    ),
    NumberExercise(
        "q_he_variance",
        lesson=6,
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
        hints=Hints(
            where="the equation above the question, with n = 50.",
            rule="ReLU keeps half of the mean square; the weights must give back what is lost.",
            question="is a variance asked for, or a standard deviation?",
            neighbour="without an activation it would be 1/50, for n · Var(w) = 1.",
            line="50 times the variance times one half must be 1.",
        ),
        solution="2/fan_in = 2/50.",
    ),
    ReferenceExercise(
        "leaky_variance",
        lesson=6,
        prompt="Variance of the weights for a Leaky ReLU layer that keeps E[z^2] constant, with z symmetric about 0.",
        reference=lambda fan_in, a: 2 / ((1 + a**2) * fan_in),
        inputs=((50, 0.0), (50, 1.0), (64, 0.1), (7, 0.5), (1000, 2.0), (20, -0.5)),
        others=tuple(_leaky_beliefs()),
        hints=Hints(
            where="which share of the mean square does the right half keep, which the left?",
            rule="the mean square of a z is a² times that of z; then n · Var(w) · share = 1.",
            question="at a = 1 the unit is a straight line. What does your function return for fan_in = 50, and what must it be?",
            neighbour="if the right half were multiplied by 3 and the left by 0, the share would be 9/2 and the variance 2/(9n).",
            line="Two, over fan_in times the sum of one and the slope squared.",
        ),
        code="def leaky_variance(fan_in, negative_slope):\n    return 2 / ((1 + negative_slope**2) * fan_in)",
        solution="E[g²] = (1 + a²)/2 · E[z²], so n · Var(w) · (1 + a²)/2 = 1 and Var(w) = 2/((1 + a²) n).",
    ),
    DerivationExercise(
        "derive_stein_tanh",
        lesson=6,
        prompt="Derive d/dz t·p with t = tanh(z) and the normal density p = e^(-z^2/2)/sqrt(2 pi); end without D, in t, p and z.",
        of=("t*p", "tanh(z)*exp(-z^2/2)/sqrt(2*pi)"),
        forms=(
            "(1 - t^2)*p - z*t*p",
            "(1 - t^2)*p - t*z*p",
            "(1 - t^2 - z*t)*p",
            "p - t^2*p - z*t*p",
        ),
        where={"t": "tanh(z)", "p": "exp(-z^2/2)/sqrt(2*pi)"},
        steps=1,
        goals=(
            "(1 - t^2)*p - z*t*p",
            "(1 - t)*(1 + t)*p - z*t*p",
            "(1 - t^2 - z*t)*p",
            "p - t^2*p - z*t*p",
        ),
        ends_with=("t", "p", "z"),
        asks="Can it be written with t, p and z alone?",
        given="""
  D(t*p)
= D(t)*p + t*D(p)    # product rule
= …
""",
        hints=Hints(
            where="two slopes are left to do, that of t and that of p.",
            rule="lesson 2 for t; for p the exponential rule and the chain rule.",
            question="the bell curve falls on the right of 0. Which sign must the slope of p have there?",
            neighbour="D(exp(-3*z^2)) = exp(-3*z^2)*D(-3*z^2) = -6*z*exp(-3*z^2).",
            line="The slope of p is -z*p. Put it and the slope of t into the line that is given.",
        ),
        solution="""
  D(t*p)
= D(t)*p + t*D(p)         # product rule
= (1 - t^2)*p + t*D(p)    # slope of tanh
= (1 - t^2)*p - z*t*p     # exponential rule, chain rule
""",
    ),
    NumberExercise(
        "q_silent_network",
        lesson=6,
        prompt="Ten layers of four ReLU units, biases 0, symmetric random weights. Probability that the network is silent on one given input?",
        answer="1 - (1 - 1/16)^10",
        rtol=0.01,
        asks="First one layer: when is it off altogether? Then the network: it speaks if no layer is off.",
        believed=(
            Believed(
                "1/16",
                "inactive-vs-dead",
                "That is one layer. There are ten chances to fall silent.",
            ),
            Believed(
                "10/16",
                "inactive-vs-dead",
                "Chances of ten layers were added. What would that give for twenty layers?",
            ),
            Believed(
                "(1 - 1/16)^10",
                "inactive-vs-dead",
                "That is the chance that every layer has something to say. What was asked?",
            ),
            Believed(
                "(1/16)^10",
                "inactive-vs-dead",
                "That would be all ten layers off. Does it take all ten?",
            ),
            Believed(
                "(1/2)^40",
                "inactive-vs-dead",
                "That would be all 40 units off. Does it take all of them?",
            ),
            Believed(
                "1 - (1/2)^10",
                "inactive-vs-dead",
                "That is for layers of one unit. When is a layer of four off altogether?",
            ),
            Believed(
                "1 - (1 - 1/4)^10",
                "inactive-vs-dead",
                "How likely is it that all four units of a layer are off?",
            ),
            Believed("(1/2)^10", "inactive-vs-dead", "Where do the four units of a layer enter?"),
            Believed(
                "1/2", "inactive-vs-dead", "That is one unit. Where do the four and the ten enter?"
            ),
            Believed(
                "1 - (1/16)^10",
                "inactive-vs-dead",
                "That is the chance that not all ten layers are off. Does one silent layer not suffice?",
            ),
            Believed("1", "inactive-vs-dead", "Can no such network speak at all?"),
            Believed(
                "0", "inactive-vs-dead", "Can it not happen that four units are off together?"
            ),
        ),
        hints=Hints(
            where="take one layer of four units. When is nothing handed on?",
            rule="the network speaks if the first layer speaks and the second and so on; such chances multiply.",
            question="what is the chance for one layer that at least one of its four units is on?",
            neighbour="the chance of at least one six in ten throws is 1 − (1 − 1/6)^10.",
            line="One minus a tenth power; inside the power stands the chance that a layer of four is not off.",
        ),
        solution="A layer of four is off with chance 2^-4 = 1/16; 1 − (15/16)^10 = 0.4755.",
    ),
)
