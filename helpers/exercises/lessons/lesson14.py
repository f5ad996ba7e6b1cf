"""Lesson 14: from slopes to steps: momentum, Adam, few bits, surrogates, bends, learned curves."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable, Iterator

import numpy as np

from helpers.activations import round_bits
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise

_STAIRS = "exp(-z^2/(2*r^2))"


def _adam(m: np.ndarray, s: np.ndarray, g: np.ndarray) -> np.ndarray:
    return (0.9 * m + 0.1 * g) / np.sqrt(0.999 * s + 0.001 * g**2)


def _adam_beliefs() -> Iterator[tuple]:
    """Steps that lose the square, the root or one of the memories."""

    def mean(m: np.ndarray, g: np.ndarray, old: float = 0.9, new: float = 0.1) -> np.ndarray:
        return old * m + new * g

    def root(s: np.ndarray, g: np.ndarray, old: float = 0.999, new: float = 0.001) -> np.ndarray:
        return np.sqrt(old * s + new * g**2)

    unit = "Multiply all gradients by 1000, and s by a million. What becomes of your step, and of Adam's?"
    known = "Which of the two, what stands above the bar and what stands below it, knows the new gradient g, and which should?"
    kept = "A running mean keeps β of what it was. Which β has each of the two means, and what is left for the new number?"
    yield "product-missing-term", lambda m, s, g: mean(m, g), unit
    yield "missing-square", lambda m, s, g: mean(m, g) / root(s, g) ** 2, unit
    yield "missing-square", lambda m, s, g: mean(m, g) / np.sqrt(0.999 * s + 0.001 * abs(g))
    yield "term-lost", lambda m, s, g: m / np.sqrt(s), known
    yield "parameter-ignored", lambda m, s, g: mean(m, g) / root(s, g, new=1.0), kept
    yield "parameter-ignored", lambda m, s, g: mean(m, g) / root(s, g, 0.9, 0.1), kept
    yield "term-lost", lambda m, s, g: g / root(s, g), "What does m remember, and does your step?"
    yield "term-lost", lambda m, s, g: mean(m, g) / np.sqrt(s), known
    yield "term-lost", lambda m, s, g: m / root(s, g), known
    yield "parameter-ignored", lambda m, s, g: mean(m, g, 0.1, 0.9) / root(s, g), kept
    yield "parameter-ignored", lambda m, s, g: mean(m, g) / root(s, g, 0.001, 0.999), kept
    yield "operation-swapped", lambda m, s, g: mean(m, g) * root(s, g)
    yield "parameter-ignored", lambda m, s, g: mean(m, g, new=1.0) / root(s, g), kept
    yield "sign-flipped", lambda m, s, g: -mean(m, g) / root(s, g)
    yield "fraction-upside-down", lambda m, s, g: root(s, g) / mean(m, g)
    yield (
        "power-distributed-over-sum",
        lambda m, s, g: mean(m, g) / np.sqrt((0.999 * s + 0.001 * g) ** 2),
        "s is a mean of squares. What is to be squared before it enters that mean?",
    )
    yield (
        "formula-of-other-activation",
        lambda m, s, g: np.sign(mean(m, g)),
        "Your steps are all of one size. Is Adam's step as long after gradients of both signs as after equal ones?",
    )


def _round_beliefs() -> Iterator[tuple]:
    """Roundings to places after the point, to the wrong number of bits, or towards 0."""

    def to(x: np.ndarray, bits: int, whole: Callable = np.rint) -> np.ndarray:
        part, exponent = np.frexp(x)
        return np.ldexp(whole(np.ldexp(part, bits)), exponent - bits)

    other = "formula-of-other-activation"
    places = "Your numbers have as many places after the point whatever their size. How many bits that are not 0 does that leave of 0.001, and of 1000.3?"
    bits = "Which is the next number above 1 with your bits, and which is it with 8?"
    yield other, lambda x: np.round(x * 2**8) / 2**8, places
    yield other, lambda x: np.round(x * 2**7) / 2**7, places
    yield other, lambda x: np.round(x, 2), places
    decimals = "You round the part to 8 places after the point. How many bits hold as much, and how many are asked for?"
    yield other, lambda x: np.ldexp(np.round(np.frexp(x)[0], 8), np.frexp(x)[1]), decimals
    yield "parameter-ignored", lambda x: to(x, 7), bits
    yield "parameter-ignored", lambda x: to(x, 9), bits
    nearer = "The neighbours of {x} with 8 bits are 1 and 1.008. Which of them is nearer, and which do you return?"
    yield other, lambda x: to(x, 8, np.floor), nearer.format(x=1.006)
    yield other, lambda x: to(x, 8, np.trunc), nearer.format(x=1.006)
    yield other, lambda x: to(x, 8, np.ceil), nearer.format(x=1.001)
    yield "integer-result", lambda x: np.rint(x), "What is left of 0.001?"
    yield (
        "product-missing-term",
        lambda x: np.rint(np.frexp(x)[0] * 2**8) / 2**8,
        "The part has its 8 bits. By which power of 2 did np.frexp divide x, and where is it put back?",
    )
    yield other, lambda x: np.float64(np.float16(x)), "float16 has 11 bits. How many are asked for?"


EXERCISES = (
    NumberExercise(
        "q_momentum_way",
        lesson=14,
        prompt="Momentum with μ = 0.9 and rate 0.1. A weight has the velocity v = 2 when its unit dies: from now on the gradient is 0. How far does the weight still move in all, without its sign?",
        answer="1.8",
        asks="Which steps follow, one after the other, and what do they add up to?",
        believed=(
            Believed("0", "inactive-vs-dead", "The gradient is 0. Is the velocity?"),
            Believed(
                "0.2",
                "term-lost",
                "That is a step of full velocity. How large is the next one, and what do all together come to?",
            ),
            Believed(
                "0.18",
                "term-lost",
                "That is the first step. How many follow?",
            ),
            Believed(
                "2",
                "term-lost",
                "That counts a step of full velocity first. By what is the velocity multiplied before the first step?",
            ),
            Believed(
                "18",
                "term-lost",
                "Those are the velocities, added up. What is each multiplied by to be a step?",
            ),
        ),
        hints=Hints(
            where="write down the first three steps.",
            rule="with gradient 0, v becomes 0.9 v, and the step is rate times v; add up a geometric series.",
            question="what is 0.9 + 0.81 + 0.729 + …?",
            neighbour="with μ = 1/2, rate 1 and v = 4: 2 + 1 + 1/2 + … = 4.",
            line="0.1 · 2 · 0.9/(1 − 0.9).",
        ),
        solution="0.1 · 2 · (0.9 + 0.81 + …) = 0.1 · 2 · 9 = 1.8.",
    ),
    ReferenceExercise(
        "adam_step",
        lesson=14,
        prompt="One step of Adam, late in training and without ε: from the running means m of the gradients and s of their squares (before this step) and the new gradient g, return what is multiplied by the rate and subtracted. β₁ = 0.9, β₂ = 0.999.",
        reference=_adam,
        inputs=(
            ([0.5, -1.0, 2.0], [1.0, 2.5, 4.0], [0.3, -2.0, 1.0]),
            ([0.01, 0.2], [0.0004, 0.09], [-0.03, 0.5]),
        ),
        others=tuple(_adam_beliefs()),
        hints=Hints(
            where="two memories are renewed first: write a line for each.",
            rule="a running mean keeps 0.9 of what it was and adds 0.1 of what is new; that of the squares keeps 0.999.",
            question="which unit have m and s, and how do they cancel in the step?",
            neighbour="with m = s = 0, g = 3: 0.3 over the root of 0.009.",
            line="m = 0.9 * m + 0.1 * g; s = 0.999 * s + 0.001 * g**2; then m over the root of s.",
        ),
        code="def adam_step(m, s, g):\n    m = 0.9 * m + 0.1 * g\n    s = 0.999 * s + 0.001 * g**2\n    return m / np.sqrt(s)",
        solution="Mean over root of the mean square: a number without a unit, near 1 where gradients agree.",
    ),
    ChoiceExercise(
        "q_adam_scale",
        lesson=14,
        prompt="The loss is multiplied by 1000, and with it every gradient. What becomes of Adam's steps, as long as ε is small beside the gradients?",
        answer="same: mean and root of squares grow alike",
        options=(
            Option("same: mean and root of squares grow alike"),
            Option(
                "thousand: each step is 1000 times as large",
                "term-lost",
                "The mean is 1000 times as large. What becomes of what it is divided by?",
            ),
            Option(
                "smaller: a step shrinks to one thousandth",
                "missing-square",
                "The squares are a million times as large. Is it they that stand below the bar, or their root?",
            ),
            Option(
                "larger: only by the root of it, 31.6 fold",
                "missing-square",
                "By which factors do the mean and the root of the mean square grow?",
            ),
            Option(
                "first: the first step alone is 1000 times",
                "term-lost",
                "What is the first step, g over the root of g²?",
            ),
        ),
        hints=Hints(
            where="put 1000 g in the place of g, above and below the bar.",
            rule="the root of the mean of (1000 g)² is 1000 times that of g².",
            question="which factor is left when the fraction is shortened?",
            neighbour="a speed in km/h divided by a speed in km/h has no unit.",
            line="m and √s are both multiplied by 1000.",
        ),
        solution="Both are multiplied by 1000, and the fraction stays.",
    ),
    ChoiceExercise(
        "q_dead_adam",
        lesson=14,
        prompt="All hidden units start dead, with biases of −3. Under Adam with ε = 10⁻⁸ a leak of 0.0001 is enough to bring them back; with ε = 10⁻⁴ it is not, and ReLU's stay dead under both. Why?",
        answer="size: Adam divides it out, down to ε; but 0 it leaves",
        options=(
            Option("size: Adam divides it out, down to ε; but 0 it leaves"),
            Option(
                "momentum: the velocity carries dead units back to life",
                "inactive-vs-dead",
                "All gradients were 0 from the first step on. Which velocity have ReLU's units?",
            ),
            Option(
                "rate: a smaller ε means a larger learning rate for all",
                "tweak-always-helps",
                "Would a larger rate bring back a unit whose gradient is exactly 0?",
            ),
            Option(
                "leak: it lifts the outputs, so that no unit was dead",
                "leak-dropped",
                "At z = −3 and a leak of 0.0001, how large are output and slope?",
            ),
            Option(
                "luck: the start of these runs was a better one by far",
                "tweak-always-helps",
                "Which weights, images and orders do runs of the same seed share?",
            ),
        ),
        hints=Hints(
            where="compare the size of a leaky unit's gradient with ε, in the three cases.",
            rule="the step is m/(√s + ε).",
            question="what is 0/(0 + ε)? And 10⁻⁶/(10⁻⁶ + 10⁻⁸)?",
            neighbour="10⁻⁶/(10⁻⁶ + 10⁻⁴) is a hundredth.",
            line="A gradient of a millionth: full steps with ε = 10⁻⁸, hundredths with 10⁻⁴, and none where every slope was 0.",
        ),
        solution="What counts under Adam is a gradient's size beside ε. A leak makes it small; ReLU makes it 0, here from the first step on.",
    ),
    ReferenceExercise(
        "to_bfloat16",
        lesson=14,
        prompt="Round an array of numbers to 8 significant bits, to the nearest and ties to even. (np.frexp gives x = part · 2^exponent with the part from 1/2 to 1.)",
        reference=lambda x: round_bits(x, 8),
        inputs=(
            ([1.001, 1.006, 3.14159, 257.3, -0.1],),
            ([[1000.3, 0.001], [-77.77, 6.02e23]],),
            ([1.00390625, 1.01171875, 129.5],),
        ),
        others=tuple(_round_beliefs()),
        rtol=1e-9,
        hints=Hints(
            where="try 1000.3 and 0.001: how many places after the point may be left of each?",
            rule="significant bits are counted from the first bit that is not 0, wherever the point stands.",
            question="if the part has 8 bits, which multiple of it is a whole number?",
            neighbour="to 3 significant bits, 0.7 · 2^5 becomes round(0.7 · 8)/8 · 2^5.",
            line="part, exponent = np.frexp(x); then np.rint(part * 2**8) / 2**8, times 2**exponent.",
        ),
        code="def to_bfloat16(x):\n    part, exponent = np.frexp(x)\n    return np.ldexp(np.rint(part * 2**8), exponent - 8)",
        solution="Make the part a whole number of 8 bits, round, and go back.",
    ),
    NumberExercise(
        "q_bf16_zero",
        lesson=14,
        prompt="σ = 1/(1 + e^−z) in 8 significant bits, each operation rounded to the nearest, ties to even. From which z on is 1 + e^−z rounded to 1, and g(1 − g) exactly 0?",
        answer="8*ln(2)",
        rtol=2e-3,
        asks="What is the smallest number above 1, and which e^−z are rounded away?",
        believed=(
            Believed(
                "7*ln(2)",
                "operation-swapped",
                "2^−7 is the distance from 1 to the next number. Which part of a distance is rounded down?",
            ),
            Believed(
                "9*ln(2)",
                "operation-swapped",
                "2^−9 is half the distance below 1. On which side of 1 does 1 + e^−z lie?",
            ),
            Believed(
                "8",
                "formula-of-other-activation",
                "8 bits are a power of 2. For which z is e^−z that power?",
            ),
            Believed(
                "53*ln(2)",
                "other-stretch",
                "That is float64, with 53 bits. How many are there here?",
            ),
            Believed(
                "24*ln(2)",
                "other-stretch",
                "That is float32, with 24 bits. How many are there here?",
            ),
        ),
        hints=Hints(
            where="look at 1 + e^−z alone, before the division.",
            rule="with 8 bits the numbers above 1 are 2^−7 apart, and what lies up to half of it above 1 becomes 1.",
            question="for which z is e^−z the half of 2^−7?",
            neighbour="in float64 it is e^−z = 2^−53, and z = 53 ln 2 = 36.7.",
            line="e^−z = 2^−8.",
        ),
        solution="2^−8 is half a step above 1, and the tie goes to the even 1: z = 8 ln 2 = 5.545. (e^−z is rounded to 2^−8 from 5.541 on.)",
    ),
    NumberExercise(
        "q_bf16_lost",
        lesson=14,
        prompt="A weight of 1 is stored in 8 significant bits, to the nearest and ties to even. What is the largest step up, added to it, that is lost altogether?",
        answer="2^-8",
        asks="Which number is next above 1, and which sums are rounded back to 1?",
        believed=(
            Believed(
                "2^-7",
                "operation-swapped",
                "That is the distance to the next number: such a step arrives there. Which part of it is lost?",
            ),
            Believed(
                "2^-9",
                "operation-swapped",
                "That is the half step below 1. On which side of 1 does the sum lie?",
            ),
            Believed(
                "2^-6",
                "operation-swapped",
                "1 has 8 bits: one before the point. How many are after it?",
            ),
            Believed(
                "2^-24",
                "other-stretch",
                "That is float32. How many bits are there here?",
            ),
        ),
        hints=Hints(
            where="write 1 in binary with 8 digits, and the next number.",
            rule="what lies within half a distance is rounded back, and at exactly half the even neighbour wins.",
            question="how far is the next number above 1, with one digit before the point and seven after it?",
            neighbour="with 3 digits the next number above 1 is 1.25, and a step of 0.125 is lost.",
            line="Half of 2^−7.",
        ),
        solution="The next number is 1 + 2^−7; half of it, 2^−8, is a tie that goes to the even 1.",
    ),
    DerivationExercise(
        "derive_smoothed_sign",
        lesson=14,
        prompt="With noise of standard deviation r added to z, the mean of the sign is erf(z/(r*sqrt(2))). Derive its slope with respect to z.",
        of=("erf(z/(r*sqrt(2)))",),
        forms=(f"2/(r*sqrt(2*pi))*{_STAIRS}",),
        variable="z",
        steps=1,
        goals=(
            f"2/(r*sqrt(2*pi))*{_STAIRS}",
            f"2*{_STAIRS}/(r*sqrt(2*pi))",
            f"sqrt(2)/(r*sqrt(pi))*{_STAIRS}",
            f"sqrt(2/pi)/r*{_STAIRS}",
            f"sqrt(2/pi)*{_STAIRS}/r",
            f"sqrt(2)*{_STAIRS}/(r*sqrt(pi))",
        ),
        asks="Can the constants be put together into one factor?",
        given="D(erf(z/(r*sqrt(2))))",
        hints=Hints(
            where="erf is the outer function; z is divided by a constant inside.",
            rule="the slope of erf(u) is 2/√π · e^(−u²), times the slope of u.",
            question="what is the square of z/(r √2)?",
            neighbour="D(erf(3*z)) = 2/sqrt(pi)*exp(-(3*z)^2)*3.",
            line="The second line: 2*exp(-(z/(r*sqrt(2)))^2)*D(z/(r*sqrt(2)))/sqrt(pi).",
        ),
        solution="""
  D(erf(z/(r*sqrt(2))))
= 2*exp(-(z/(r*sqrt(2)))^2)*D(z/(r*sqrt(2)))/sqrt(pi)    # error function, chain rule
= 2*exp(-z^2/(2*r^2))/(r*sqrt(2)*sqrt(pi))               # constant divisor
= 2/(r*sqrt(2*pi))*exp(-z^2/(2*r^2))                     # one root
""",
    ),
    ChoiceExercise(
        "q_straight_through",
        lesson=14,
        prompt="The slope of rounding, a staircase without end, is 0 wherever it has one. The straight-through estimator puts 1 there, and a message comes through. What is this 1?",
        answer="mean: no slope of the stairs, but one of their average",
        options=(
            Option("mean: no slope of the stairs, but one of their average"),
            Option(
                "exact: the true derivative, once the jumps are counted",
                "finite-difference",
                "What does a difference quotient give with a small h, between two jumps?",
            ),
            Option(
                "limit: what is left of the slope when steps get finer",
                "finite-difference",
                "With steps as fine as you like, what is the slope between two of them?",
            ),
            Option(
                "harmless: any message at all would teach just as much",
                "tweak-always-helps",
                "What did the network of signs read whose box had the wrong sign?",
            ),
            Option(
                "subgradient: one of the slopes that touch from below",
                "kink-at-zero",
                "Does a line of slope 1 stay below a staircase?",
            ),
        ),
        hints=Hints(
            where="add noise as wide as a step before rounding, and take the mean.",
            rule="the mean of round(x + noise) is x, for noise uniform from −1/2 to 1/2.",
            question="what is the slope of x?",
            neighbour="the mean of the sign of z with normal noise is an erf, whose slope is a bell.",
            line="Which function has the slope 1 everywhere: the stairs, or their mean?",
        ),
        solution="It is the derivative of the mean of this staircase over noise: wrong for the stairs, and of use. For a sign, whose means rise by 2 in all, a 1 everywhere is not even that.",
    ),
    DerivationExercise(
        "derive_silu_bend",
        lesson=14,
        prompt="SiLU's slope is s + z*s*(1 - s) with s = sigmoid(z). Derive its slope, the curvature of SiLU; D means d/dz. End with z and s alone.",
        of=("s + z*s*(1 - s)",),
        forms=("s*(1 - s)*(2 + z*(1 - 2*s))", "2*s*(1 - s) + z*s*(1 - s)*(1 - 2*s)"),
        where={"s": "sigmoid(z)"},
        steps=1,
        goals=(
            "s*(1 - s)*(2 + z*(1 - 2*s))",
            "2*s*(1 - s) + z*s*(1 - s)*(1 - 2*s)",
            "s*(1 - s) + s*(1 - s) + z*s*(1 - s)*(1 - 2*s)",
        ),
        ends_with=("z", "s"),
        asks="Can it be written with z and s alone?",
        given="D(s + z*s*(1 - s))",
        hints=Hints(
            where="two terms; the second is a product of three factors, and each of them holds z.",
            rule="the sum rule and the product rule, with the slope of s for every D(s).",
            question="how does s*(1 - s) = s - s^2 move with z?",
            neighbour="for tanh(z)^2 the two rules give 2*t*(1 - t^2), with t = tanh(z).",
            line="The second line: D(s) + D(z)*s*(1 - s) + z*D(s*(1 - s)).",
        ),
        solution="""
  D(s + z*s*(1 - s))
= D(s) + D(z)*s*(1 - s) + z*D(s*(1 - s))         # sum rule, product rule
= s*(1 - s) + s*(1 - s) + z*(1 - 2*s)*D(s)       # sigmoid rule, slope of s - s^2
= 2*s*(1 - s) + z*(1 - 2*s)*s*(1 - s)            # sigmoid rule
""",
    ),
    ChoiceExercise(
        "q_bends",
        lesson=14,
        prompt="A network f(x) = Σ v·g(w x + b) with g = ReLU is trained until its SLOPE f′ fits given slopes, by right derivatives. Which of its numbers never move, and why?",
        answer="biases: f′ holds them in g′ alone, and g″ is 0",
        options=(
            Option("biases: f′ holds them in g′ alone, and g″ is 0"),
            Option(
                "weights: w stands before x, and x is given",
                "term-lost",
                "In f′ = Σ v w g′(w x + b), where does w stand outside g′?",
            ),
            Option(
                "none: g′ is not 0, so that a message arrives",
                "function-derivative-mixup",
                "Which slope of g stands in the slope of f′ with respect to b?",
            ),
            Option(
                "all: a loss of slopes has no slope of its own",
                "term-lost",
                "With respect to v, what is the slope of v w g′?",
            ),
            Option(
                "heights: v is a mere factor, and drops out of f′",
                "term-lost",
                "Is the slope of v·g(w x + b) with respect to x free of v?",
            ),
        ),
        hints=Hints(
            where="write f′ for one unit, and nudge v, w and b in turn.",
            rule="f′ = Σ v w g′(w x + b); ReLU's g′ is a stair, and flat on both sides of its step.",
            question="through which factor of f′ does a nudge of b go?",
            neighbour="for f itself b moves f by v g′: there the first slope is enough.",
            line="With respect to b: v w g″(w x + b).",
        ),
        solution="With respect to b the slope of f′ is v w g″, 0 for ReLU wherever it exists. v and w stand outside g′ as well, and go on learning.",
    ),
    ChoiceExercise(
        "q_sparse",
        lesson=14,
        prompt="After training, 59 % of the numbers behind ReLU are exactly 0, and none behind GELU. What may a program leave out without any change of the outputs?",
        answer="products: with ReLU all in which such a 0 is a factor",
        options=(
            Option("products: with ReLU all in which such a 0 is a factor"),
            Option(
                "units: with ReLU 59 % of the units, for every input",
                "inactive-vs-dead",
                "Is it the same units for every image, or others for each?",
            ),
            Option(
                "nothing: a 0 has to be multiplied like other numbers",
                "term-lost",
                "What does 0 times a weight add to a sum?",
            ),
            Option(
                "small: with GELU too, all that is below a hundredth",
                "cancellation",
                "Is a hundredth times a weight exactly 0?",
            ),
            Option(
                "weights: 59 % of the matrix behind it can be deleted",
                "inactive-vs-dead",
                "Which rows would another image need?",
            ),
        ),
        hints=Hints(
            where="look at one image and one matrix product.",
            rule="0 times a weight adds nothing, whatever the weight.",
            question="which rows of the next matrix are read for one image, and are they the same for the next?",
            neighbour="in lesson 6 a unit that is off on some images was not dead.",
            line="For each image, the products with a factor that is exactly 0.",
        ),
        solution="For each input other rows of the next matrix need not be read. The units and weights are needed for other inputs.",
    ),
    NumberExercise(
        "q_spline_share",
        lesson=14,
        prompt="A learned curve has the heights c at the knots …, 0, 1, 2, … and straight pieces between. For one example z = 1.25 and the message ∂L/∂g = 8 arrives. What arrives at the height above knot 2, ∂L/∂c₂?",
        answer="2",
        asks="Which share of the way to the next knot has z gone, and how is g made of the two heights?",
        believed=(
            Believed(
                "6",
                "operation-swapped",
                "That is the share of the height at knot 1. Which knot is z = 1.25 nearer to, and which height counts more?",
            ),
            Believed(
                "8",
                "term-lost",
                "Nudge c₂ by 1: does g(1.25) move by 1?",
            ),
            Believed(
                "10",
                "slope-vs-output",
                "That is z times the message, as for a weight. By how much does g move when c₂ is nudged?",
            ),
            Believed(
                "4",
                "term-lost",
                "Half would arrive in the middle of the piece. Is 1.25 in the middle?",
            ),
            Believed(
                "1/4",
                "term-lost",
                "By so much g moves when c₂ is nudged by 1. And the message?",
            ),
        ),
        hints=Hints(
            where="write the straight piece between the two heights as a formula.",
            rule="g = (1 − u) c₁ + u c₂, where u is the share of the way.",
            question="what is u at z = 1.25, and what is the slope of g with respect to c₂?",
            neighbour="at z = 1.5 both heights hear half of the message, 4 each.",
            line="u = 0.25, times the message.",
        ),
        solution="A quarter of the way from 1 to 2: g = 0.75 c₁ + 0.25 c₂, so c₂ hears a quarter of 8.",
    ),
    ChoiceExercise(
        "q_learned_curve",
        lesson=14,
        prompt="A network with a learned activation reads more than the one with ReLU: K numbers a layer more, and the difference is shown. Which further run tells whether the SHAPE of the curve does it?",
        answer="other: its final curve, from the start and kept",
        options=(
            Option("other: its final curve, from the start and kept"),
            Option(
                "longer: both once more, but with twice the rounds",
                "tweak-always-helps",
                "Twice the rounds change both networks. What do they hold apart, the shape or the learning of it?",
            ),
            Option(
                "seeds: both once more, with many more of them",
                "tweak-always-helps",
                "The difference is shown already. Do more seeds say where it comes from?",
            ),
            Option(
                "wider: one unit a layer more beside the ReLU",
                "tweak-always-helps",
                "A unit brings its whole row of weights. How many numbers were to be matched, and which shape has the wider network?",
            ),
            Option(
                "none: more numbers can only make a net better",
                "tweak-always-helps",
                "A factor for each layer is one number more. What did the networks with such factors read?",
            ),
        ),
        hints=Hints(
            where="two things are new: numbers that move during training, and a curve of another shape at its end.",
            rule="a cause is shown by changing it alone.",
            question="which run has the shape, and none of the numbers that move?",
            neighbour="lesson 13 gave a norm's way back the wrong derivative of the right size, to tell size from truth.",
            line="Give the curve that one run has found to another run, and let it stand still.",
        ),
        solution="The curve that another run has found, kept from the first step on: the shape without its learning. Factors are the other half, learned numbers without a new shape.",
    ),
)
