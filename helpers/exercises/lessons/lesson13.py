"""Lesson 13: skip connections, norms and gates: the network of today."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Iterator

import numpy as np

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise

_TWO_BLOCKS = {"p": "sigmoid(u*x)", "a": "x + p", "q": "sigmoid(v*a)"}
_NORM = {
    "m": "(a + b + c)/3",
    "s": "sqrt(((a - m)^2 + (b - m)^2 + (c - m)^2)/3)",
    "x": "(a - m)/s",
    "y": "(b - m)/s",
}


def _skip_beliefs() -> Iterator[tuple]:
    """Messages that take one of the two ways, or the wrong one."""
    ways = "Which two ways lead from h to the output, and what lies on each of them?"
    yield "term-lost", lambda m, w, p: m * p @ w.T
    yield "term-lost", lambda m, w, p: m
    yield "layer-product-wrong", lambda m, w, p: m * p, ways
    yield "product-missing-term", lambda m, w, p: m + m * p
    yield "layer-product-wrong", lambda m, w, p: m @ w.T, ways
    yield "product-missing-term", lambda m, w, p: m + m @ w.T
    yield "operation-swapped", lambda m, w, p: m * (m * p @ w.T)
    yield (
        "layer-product-wrong",
        lambda m, w, p: m + m @ w.T * p,
        "On the way forward h meets W first and then g. Which of the two does the message meet first on the way back?",
    )
    yield (
        "layer-product-wrong",
        lambda m, w, p: m + m * p @ w,
        "Row i, column j of W leads from unit i to unit j. From which of the two does a message come on the way back?",
    )
    yield "sign-flipped", lambda m, w, p: m - m * p @ w.T
    yield (
        "layer-product-wrong",
        lambda m, w, p: m * p + m * p @ w.T,
        "Does the way past the branch go through g?",
    )
    yield (
        "product-missing-term",
        lambda m, w, p: 1 + m * p @ w.T,
        "1 is the slope of the way past the branch. What is it to be multiplied by?",
    )
    yield "product-missing-term", lambda m, w, p: m + p @ w.T
    yield (
        "layer-product-wrong",
        lambda m, w, p: (m + m * p) @ w.T,
        "Does the way past the branch go through W?",
    )


def _vjp_beliefs() -> Iterator[tuple]:
    """Ways back through a norm that forget what the mean and the deviation do."""

    def s(z: np.ndarray) -> np.ndarray:
        return z.std()

    def x(z: np.ndarray) -> np.ndarray:
        return (z - z.mean()) / z.std()

    scaled = "Multiply all z by 10: x stays as it is. What must become of what comes back, and what becomes of yours?"
    mean = "s is the root of a mean of squares. By what does a mean differ from a sum?"
    spread = "What are the mean and the standard deviation of the numbers that you call normalised?"

    def centred(z: np.ndarray) -> np.ndarray:
        return z - z.mean()

    yield "term-lost", lambda z, u: u / s(z)
    yield (
        "parameter-ignored",
        lambda z, u: (u - u.mean() - centred(z) * np.mean(u * centred(z))) / s(z),
        spread,
    )
    yield "plus-minus-swapped", lambda z, u: u - u.mean() + x(z) * np.mean(u * x(z)), scaled
    yield "product-missing-term", lambda z, u: u - u.mean(), scaled
    yield "term-lost", lambda z, u: (u - u.mean()) / s(z)
    yield "plus-minus-swapped", lambda z, u: (u + u.mean() - x(z) * np.mean(u * x(z))) / s(z)
    yield "term-lost", lambda z, u: (u - x(z) * np.mean(u * x(z))) / s(z)
    yield "product-missing-term", lambda z, u: u - u.mean() - x(z) * np.mean(u * x(z)), scaled
    yield "product-missing-term", lambda z, u: (u - u.mean() - np.mean(u * x(z))) / s(z)
    yield "parameter-ignored", lambda z, u: (u - u.mean() - x(z) * np.sum(u * x(z))) / s(z), mean
    yield "parameter-ignored", lambda z, u: (u - u.sum() - x(z) * np.sum(u * x(z))) / s(z), mean
    yield "operation-swapped", lambda z, u: (u - u.mean() - x(z) * np.mean(u * x(z))) * s(z)
    yield "missing-square", lambda z, u: (u - u.mean() - x(z) * np.mean(u * x(z))) / s(z) ** 2
    yield "plus-minus-swapped", lambda z, u: (u - u.mean() + x(z) * np.mean(u * x(z))) / s(z)
    yield "sign-flipped", lambda z, u: (u.mean() + x(z) * np.mean(u * x(z)) - u) / s(z)
    yield "z-for-g", lambda z, u: (u - u.mean() - z * np.mean(u * z)) / s(z)
    yield "function-derivative-mixup", lambda z, u: x(z)
    yield (
        "slope-vs-output",
        lambda z, u: u * x(z),
        "That is u times the output x. Which slopes lead from the z to the x, and does a nudge of one z move the other x, too?",
    )
    yield (
        "function-derivative-mixup",
        lambda z, u: x(u),
        "You normalise u itself. Is the way back the same map as the way forward?",
    )


def _vjp(z: np.ndarray, u: np.ndarray) -> np.ndarray:
    x = (z - z.mean()) / z.std()
    return (u - u.mean() - x * np.mean(u * x)) / z.std()


EXERCISES = (
    NumberExercise(
        "q_residual_slope",
        lesson=13,
        prompt="Ten blocks h + f(h) in a row, one unit each, and every f has the slope 1/4. What is the slope of the whole?",
        answer="(5/4)^10",
        asks="What is the slope of one block, and how are ten put together?",
        believed=(
            Believed(
                "(1/4)^10",
                "term-lost",
                "That is ten layers without the way past them. What is the slope of h itself?",
            ),
            Believed(
                "5/2",
                "layer-product-wrong",
                "Ten times 1/4 were added. What does the second block do to a change that the first hands on?",
            ),
            Believed(
                "7/2",
                "layer-product-wrong",
                "That is 1 plus ten times 1/4. Multiply two brackets 1 + 1/4 out: which term is missing?",
            ),
            Believed(
                "1",
                "term-lost",
                "That is the way past all blocks. What do the branches add to it?",
            ),
            Believed(
                "25/2",
                "layer-product-wrong",
                "The ten slopes were added. What does the second block do to a change that the first hands on?",
            ),
        ),
        hints=Hints(
            where="begin with one block.",
            rule="the slope of a sum is the sum of the slopes, and slopes of blocks in a row are multiplied.",
            question="a nudge of 1 arrives at h + f(h): by how much does the sum move?",
            neighbour="three blocks with f′ = 1/2: 1.5 · 1.5 · 1.5.",
            line="Each block multiplies by 1 + 1/4.",
        ),
        solution="(1 + 1/4) to the tenth, 9.3, where ten layers without the sum have (1/4) to the tenth.",
    ),
    DerivationExercise(
        "derive_residual",
        lesson=13,
        prompt="Two blocks in a row: a = x + sigmoid(u x), and then a + sigmoid(v a). Derive the slope of the second output with respect to x, with p = sigmoid(u x) and q = sigmoid(v a); end with one product of two brackets.",
        of=("x + sigmoid(u*x) + sigmoid(v*(x + sigmoid(u*x)))", "a + sigmoid(v*a)", "a + q"),
        forms=("(1 + v*q*(1 - q))*(1 + u*p*(1 - p))",),
        variable="x",
        where=_TWO_BLOCKS,
        steps=1,
        goals=("(1 + v*q*(1 - q))*(1 + u*p*(1 - p))",),
        asks="Can it be written as a product of two brackets, one for each block?",
        given="D(a + sigmoid(v*a))",
        believed=(
            Believed(
                "v*q*(1 - q)*u*p*(1 - p)",
                "term-lost",
                "That is the way through both branches. What are the slopes of the two sums?",
            ),
            Believed(
                "1 + v*q*(1 - q)*u*p*(1 - p)",
                "term-lost",
                "A nudge can pass one branch and take the other. Multiply two brackets out: how many terms come?",
            ),
            Believed(
                "1 + v*q*(1 - q) + u*p*(1 - p)",
                "layer-product-wrong",
                "The two blocks were added. What does the second do to a change that it receives?",
            ),
        ),
        hints=Hints(
            where="the second output is a sum of two terms, and both depend on x through a.",
            rule="sum rule, then sigmoid rule and chain rule; D(a) stays as a factor of both terms.",
            question="what is D(a), and how often does it stand in your line?",
            neighbour="with one block, D(x + sigmoid(u*x)) = 1 + u*p*(1 - p).",
            line="The second line: D(a) + v*q*(1 - q)*D(a).",
        ),
        solution="""
  D(a + sigmoid(v*a))
= D(a) + v*q*(1 - q)*D(a)                # sum rule, sigmoid rule, chain rule
= (1 + v*q*(1 - q))*D(a)                 # D(a) is a factor of both
= (1 + v*q*(1 - q))*(1 + u*p*(1 - p))    # the first block, in the same way
""",
    ),
    ReferenceExercise(
        "residual_step",
        lesson=13,
        prompt="A block puts out h + g(h W + b). From the message m = ∂L/∂(output), (examples, units), the weights W, (units, units), and the slopes g′(z), (examples, units), return ∂L/∂h.",
        reference=lambda message, weights, prime: message + message * prime @ weights.T,
        inputs=(
            (
                [[0.5, -1.0, 2.0], [0.3, 0.8, -0.4]],
                [[1.0, -2.0, 0.5], [3.0, 0.4, -1.0], [0.7, 1.1, 2.0]],
                [[0.25, 0.1, 0.05], [0.15, 0.01, 0.22]],
            ),
            (
                [[1.0, 0.4], [-0.5, 0.9], [0.2, -1.1]],
                [[2.0, 0.3], [-1.0, 1.4]],
                [[1.0, 0.5], [0.1, 1.0], [0.3, 0.7]],
            ),
        ),
        others=tuple(_skip_beliefs()),
        hints=Hints(
            where="h reaches the output on two ways. Which ones?",
            rule="what comes back on two ways is added up.",
            question="on the way through the branch, which comes first: the slopes or the weights transposed?",
            neighbour="without the sum it is (message * prime) @ weights.T.",
            line="Add the message itself to what comes back through the branch.",
        ),
        code="def residual_step(message, weights, prime):\n    return message + (message * prime) @ weights.T",
        solution="The message itself, and what comes back through the branch: slopes, then weights transposed.",
    ),
    ChoiceExercise(
        "q_skip_alone",
        lesson=13,
        prompt="With the sum forward alone the six sigmoid layers stay below 25 %, with a message or without. With 1/2 subtracted from each sigmoid they read 82 % forward alone, with a message or without. What kept them down?",
        answer="level: what all images share piled up, layer by layer",
        options=(
            Option("level: what all images share piled up, layer by layer"),
            Option(
                "message: without a right one no sum forward can read more",
                "tweak-always-helps",
                "What do the two networks read in which no hidden layer hears anything?",
            ),
            Option(
                "images: what sets them apart died out on the way there",
                "layer-product-wrong",
                "How far apart are images in the last layer, with the sum on the way forward?",
            ),
            Option(
                "slopes: those of the branches were too small before",
                "slope-vs-output",
                "What does the second network read with slopes of 0 in all its hidden layers?",
            ),
            Option(
                "capacity: the network had too few weights to read more",
                "tweak-always-helps",
                "How many weights come with a number that is subtracted?",
            ),
        ),
        hints=Hints(
            where="compare the two networks with the sum forward alone: what is the same in both?",
            rule="a cause is what makes the difference when it alone is changed.",
            question="what does 1/2 for every unit and every image add up to in six layers?",
            neighbour="in lesson 5 centring alone brought nothing, and together with a gain a lot.",
            line="The last layer reads differences of 0.08 on top of 3.",
        ),
        solution="Each layer adds about 1/2 to every unit, for all images alike: 3 in the last one, and differences of 0.08 on top; with the means subtracted for the last layer alone it reads 81 %. Without the level the sum forward does most, and the sum back adds to it.",
    ),
    DerivationExercise(
        "derive_norm_other",
        lesson=13,
        prompt="Three numbers a, b, c with the mean m and the standard deviation s, normalised: x = (a - m)/s and y = (b - m)/s. Derive the slope of y with respect to a; D means d/da. D(s) = x/3 was derived above. End with x, y and s.",
        of=("(b - m)/s", "y"),
        forms=("-(1 + x*y)/(3*s)", "(-1/3 - y*x/3)/s"),
        variable="a",
        where=_NORM,
        steps=1,
        goals=("-(1 + x*y)/(3*s)", "(-1/3 - x*y/3)/s", "-1/(3*s) - x*y/(3*s)", "(-1 - x*y)/(3*s)"),
        asks="Can it be written with x, y and s alone?",
        given="""
  D((b - m)/s)
= …                        # quotient rule
= …                        # b stands still, D(m) = 1/3 and D(s) = x/3
= -(1 + x*y)/(3*s)         # recognise y, and divide by s
""",
        hints=Hints(
            where="b stands still, but two things below and beside it do not.",
            rule="the quotient rule; the mean moves by 1/3 with a, the standard deviation by x/3.",
            question="what is D(b - m), when only a moves?",
            neighbour="for a itself, D((a - m)/s) = (2/3*s - (a - m)*x/3)/s^2.",
            line="The second line: (D(b - m)*s - (b - m)*D(s))/s^2.",
        ),
        solution="""
  D((b - m)/s)
= (D(b - m)*s - (b - m)*D(s))/s^2    # quotient rule
= (-s/3 - (b - m)*x/3)/s^2           # b stands still, D(m) = 1/3 and D(s) = x/3
= -(1 + x*y)/(3*s)                   # recognise y, and divide by s
""",
    ),
    ReferenceExercise(
        "norm_vjp",
        lesson=13,
        prompt="x = (z − mean)/s with s the standard deviation of one row z (no ε). From z and the upstream gradient u = ∂L/∂x return ∂L/∂z, without building a matrix.",
        reference=_vjp,
        inputs=(
            ([1.0, 2.0, 0.5], [0.5, -1.0, 2.0]),
            ([0.3, -1.2, 2.0, 0.7], [1.5, 0.4, -0.6, 2.2]),
            ([-2.0, 1.5, 0.4, 3.0, -1.1], [0.8, -0.3, 1.1, 0.2, -2.0]),
        ),
        others=tuple(_vjp_beliefs()),
        without=("outer", "diag", "eye"),
        rtol=1e-6,
        hints=Hints(
            where="put u = (1, 1, 1): all x matter alike. What must come out?",
            rule="u less its mean, less x times the mean of u x, all divided by s.",
            question="which two directions of u can never come back through a norm?",
            neighbour="softmax's way back is p * (u - p @ u): there, too, a mean is subtracted.",
            line="x = (z - z.mean()) / z.std(); then u less u.mean(), less x times np.mean(u * x).",
        ),
        code="def norm_vjp(z, u):\n    x = (z - z.mean()) / z.std()\n    return (u - u.mean() - x * np.mean(u * x)) / z.std()",
        solution="Subtract from u its mean and its part along x, then divide by s.",
    ),
    NumberExercise(
        "q_norm_scale",
        lesson=13,
        prompt="All numbers z that enter a norm (without ε) are multiplied by 4, and the upstream gradient u stays as it is. By which factor is ∂L/∂z multiplied?",
        answer="1/4",
        asks="Which letters of the formula change when all z are four times as large?",
        believed=(
            Believed(
                "4",
                "fraction-upside-down",
                "Is s multiplied or divided by in the way back?",
            ),
            Believed(
                "1",
                "slope-vs-output",
                "The outputs x stay as they are. Does a nudge of the same size still move them as far?",
            ),
            Believed(
                "1/16",
                "square-as-times-two",
                "The variance is 16 times as large. Is it the variance that stands below the bar, or its root?",
            ),
            Believed(
                "1/2",
                "missing-square",
                "By how much does the standard deviation grow when all numbers grow fourfold?",
            ),
        ),
        hints=Hints(
            where="look at (u − mean(u) − x · mean(u x))/s, letter by letter.",
            rule="what multiplies all z multiplies s, and leaves x alone.",
            question="which of u, x and s is another than before?",
            neighbour="the slope of ln at 4 z is 1/(4 z), a quarter of its slope at z.",
            line="Only s changes, and it stands below the bar.",
        ),
        solution="x stays, s is four times as large: a quarter comes back.",
    ),
    ChoiceExercise(
        "q_norm_direction",
        lesson=13,
        prompt="The six layers read 10 % without a norm, 92 % with it forward alone, below 50 % back alone, 98 % in both. What follows, for these runs?",
        answer="forward: it does most there, and the way back adds to it",
        options=(
            Option("forward: it does most there, and the way back adds to it"),
            Option(
                "back: a norm works by the gradients that it makes larger",
                "layer-product-wrong",
                "What does the network read in which it acts on the message alone?",
            ),
            Option(
                "both alike: the two directions share out the gain fairly",
                "tweak-always-helps",
                "Add what each direction brings alone. How much of it comes from which?",
            ),
            Option(
                "neither: a norm with a wrong derivative cannot learn at all",
                "tweak-always-helps",
                "With the norm forward alone the derivative is wrong. What does that network read?",
            ),
            Option(
                "luck: six runs of each are too few to tell them all apart",
                "tweak-always-helps",
                "How large are the differences beside their standard errors, and what is p?",
            ),
        ),
        hints=Hints(
            where="begin with the two networks in which the norm acts in one direction alone.",
            rule="a cause is what makes the difference when it alone is changed.",
            question="which of the two is surely far from chance?",
            neighbour="lesson 5 enlarged the differences for the last layer alone, and the sigmoid read most digits.",
            line="92 % and below 50 %: which direction is it? And what do the two together read?",
        ),
        solution="Images must differ where they arrive: that is what a norm mends. The way back makes the message larger, and that is worth something more.",
    ),
    NumberExercise(
        "q_forget_gate",
        lesson=13,
        prompt="The forget gate of an LSTM is σ(b), the same at all steps. For which b is half of the message left on the direct path of the cell after one step?",
        answer="0",
        asks="Which value of f leaves half, and where does the sigmoid take it?",
        believed=(
            Believed(
                "1/2",
                "slope-vs-output",
                "That is the gate's value. At which b does σ have it?",
            ),
            Believed(
                "1",
                "slope-vs-output",
                "σ(1) is 0.73. Which part of the message comes through then?",
            ),
            Believed(
                "1/4",
                "function-derivative-mixup",
                "That is the largest slope of σ. Does the message pass the gate's slope on this path, or its value?",
            ),
            Believed(
                "ln(2)",
                "fraction-upside-down",
                "σ(ln 2) = 2/3. What do the log-odds of 1/2 come to?",
            ),
        ),
        hints=Hints(
            where="on the direct path the message is multiplied by f in each step.",
            rule="f = σ(b), and b = ln(f/(1 − f)).",
            question="what is f, if half is left?",
            neighbour="for nine tenths b is ln 9 = 2.197.",
            line="Solve σ(b) = 1/2.",
        ),
        solution="f = 1/2 at b = 0: that is why forget biases start above 0.",
    ),
    DerivationExercise(
        "derive_swiglu",
        lesson=13,
        prompt="SwiGLU: one half of a layer, a, is multiplied by the SiLU of the other half, b. Derive the slope of a*b*sigmoid(b) with respect to b; D means d/db. End with one bracket, with s = sigmoid(b).",
        of=("a*b*sigmoid(b)", "a*b*s"),
        forms=("a*(s + b*s*(1 - s))", "a*s*(1 + b*(1 - s))"),
        variable="b",
        where={"s": "sigmoid(b)"},
        steps=1,
        goals=("a*(s + b*s*(1 - s))", "a*s*(1 + b*(1 - s))", "a*s + a*b*s*(1 - s)"),
        asks="Can it be written with a, b and s alone?",
        given="D(a*b*sigmoid(b))",
        hints=Hints(
            where="a is a constant here; b stands in two factors.",
            rule="constant factor, then the product rule.",
            question="which of the two factors is differentiated in which term?",
            neighbour="with tanh, D(a*b*tanh(b)) = a*(tanh(b) + b*(1 - tanh(b)^2)).",
            line="The second line: a*(D(b)*s + b*D(s)).",
        ),
        solution="""
  D(a*b*sigmoid(b))
= a*D(b*sigmoid(b))          # constant factor
= a*(D(b)*s + b*D(s))        # product rule
= a*(s + b*s*(1 - s))        # sigmoid rule
""",
    ),
    ChoiceExercise(
        "q_block_activation",
        lesson=13,
        prompt="Eight pairs of runs: GELU − ReLU is +0.004 ± 0.004, p = 0.41, and its 95 % interval reaches from −0.005 to +0.014. What may be said?",
        answer="open: not shown, and a gain of 0.01 is not excluded",
        options=(
            Option("open: not shown, and a gain of 0.01 is not excluded"),
            Option(
                "equal: the activations are equally good on these data",
                "tweak-always-helps",
                "Which differences does the interval leave room for?",
            ),
            Option(
                "better: the mean is above 0, so GELU is the better one",
                "tweak-always-helps",
                "How often would luck alone give a mean as far from 0?",
            ),
            Option(
                "seeds: with more pairs the difference would be shown",
                "tweak-always-helps",
                "What would more pairs show, if there is none?",
            ),
            Option(
                "general: for larger transformers it is the same, too",
                "tweak-always-helps",
                "Which sizes, data and rounds were measured here?",
            ),
        ),
        hints=Hints(
            where="p and the interval say two different things.",
            rule="not shown is not the same as no difference.",
            question="which mean differences are compatible with the eight pairs?",
            neighbour="an interval from −0.001 to +0.001 would exclude whatever matters.",
            line="0 lies inside the interval; so do −0.005 and +0.014.",
        ),
        solution="Not shown; differences within the interval remain possible, and others are excluded, for this network, these data and rounds.",
    ),
)
