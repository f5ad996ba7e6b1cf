"""Lesson 5: saturation and depth."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from helpers.diagnosis import Verdict, call, four_digits
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints, kind_of
from helpers.exercises.reference_exercise import ReferenceExercise
from helpers.exercises.report_exercise import ReportExercise
from helpers.language import gettext
from helpers.networks import chain_products

_WEIGHTS = ([1.5, -2.0, 0.5], [2.0, 1.5], [3.0, 1.2, -0.7, 2.5, 0.8])
_INPUTS = ([0.5, -1.0, 2.0], [-0.3, 0.7], [0.1, -2.0, 1.4, 0.6, -0.9])


def _chain_beliefs() -> Iterator[tuple[str, Callable]]:
    """Ways to combine what a layer contributes, right and wrong."""

    def s(z: np.ndarray) -> np.ndarray:
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


_CHAIN = {"a": "sigmoid(u*x)", "b": "sigmoid(v*a)", "c": "sigmoid(w*b)"}


def _chain_goals() -> Iterator[str]:
    """The product of three weights and three slopes, each slope with brackets or without."""
    for slopes in itertools.product(*(("({0}-{0}^2)", "{0}*(1-{0})") for _ in "abc")):
        yield "u*v*w*" + "*".join(s.format(h) for s, h in zip(slopes, "abc", strict=True))


def _delta_beliefs() -> Iterator[tuple[str, Callable] | tuple[str, Callable, str]]:
    """Steps back that lose the slope, add it, or take it twice; the shapes refuse the others."""
    yield "product-missing-term", lambda d, w, p: d @ w.T
    yield "layer-product-wrong", lambda d, w, p: d @ w.T + p
    yield "layer-product-wrong", lambda d, w, p: d @ w.T * p**2
    twice = "prime holds slopes, g′(z), already: of which numbers is s(1 − s) a slope, and are they in prime?"
    yield "derivative-twice", lambda d, w, p: d @ w.T * p * (1 - p), twice


def _chain_setting(answer: object) -> Verdict:
    """Judge a weight and a depth of the panel: does the product stay in the band?"""
    match answer:
        case (float() | int() as w, float() | int() as n) if abs(w) <= 20 and n in range(10, 31):
            depth = int(n)
            reached = chain_products("sigmoid", [w] * depth, 0.6, biases=-w / 2)[-1]
            found = gettext(
                "With w = {w:g} and {depth} layers the product is {reached}.",
                w=w,
                depth=depth,
                reached=four_digits(reached),
            )
            if 0.1 <= abs(reached) <= 10:
                return Verdict(True, message=found)
            asked = gettext(
                "Is the factor of a layer too small in the middle, or has z left the middle?"
            )
            return Verdict(False, ("layer-product-wrong",), f"{found} {asked}")
    asked = gettext("A weight and a depth from 10 to 30 are asked for, as in (2.5, 12)")
    came = call(repr, (answer,)).value or kind_of(answer)
    return Verdict(False, message=gettext("{asked}; {came} came.", asked=asked, came=came))


EXERCISES = (
    ReferenceExercise(
        "chain_gradient",
        lesson=5,
        prompt="A chain of L one-unit sigmoid layers with weights w and pre-activations z (1-D arrays). Return d(output)/d(input).",
        reference=lambda w, z: np.prod(w / (1 + np.exp(-z)) * (1 - 1 / (1 + np.exp(-z)))),
        inputs=tuple(zip(_WEIGHTS, _INPUTS, strict=True)),
        others=tuple(_chain_beliefs()),
        hints=Hints(
            where="try a chain of a single layer first, then one of two. What does the second layer do to the change that it receives?",
            rule="the chain rule, once for each layer; each layer contributes its weight and its slope.",
            question="with all z at 0 and all weights 4, which single number should come out?",
            neighbour="for a chain of tanh layers it is np.prod(w * (1 - np.tanh(z) ** 2)).",
            line="Compute s, the sigmoid of z; then take np.prod of weight times slope, the slope written with s.",
        ),
        code="def chain_gradient(w, z):\n    s = sigmoid(z)\n    return np.prod(w * (s * (1 - s)))",
        solution="Each layer contributes its weight times its slope; the chain rule multiplies them.",
    ),
    ChoiceExercise(
        "q_saturation_where",
        lesson=5,
        prompt="Where does the sigmoid saturate?",
        answer="both sides",
        formerly=("where |z| is large, on both sides",),
        options=(
            Option("both sides: where |z| is large"),
            Option(
                "the middle: where z is near 0",
                "slope-vs-output",
                "Read the slope there off the picture: is the curve flat?",
            ),
            Option(
                "left: only where the output is near 0",
                "slope-vs-output",
                "Look at the other plateau: is it less flat?",
            ),
            Option(
                "right: only where the output is near 1",
                "slope-vs-output",
                "Look at the other plateau: is it less flat?",
            ),
            Option(
                "nowhere: its slope is never exactly 0",
                "slope-vs-output",
                "How much of a nudge of 0.1 arrives at z = 8?",
            ),
        ),
        hints=Hints(
            where="look at the orange, dashed curve: the slope. For which z is it close to 0?",
            rule="saturated means that little of a nudge comes through, however large or small the output is.",
            question="the slope of the sigmoid is the same at z and −z. Which options forget that?",
            neighbour="ReLU is saturated on one side only, since on the other its slope stays 1.",
            line="Compute g(1 − g) at z = −8, 0 and 8.",
        ),
        solution="Both plateaus are flat.",
    ),
    ChoiceExercise(
        "q_big_output",
        lesson=5,
        prompt="A sigmoid unit outputs 0.999. What does that say about its gradient?",
        answer="small",
        formerly=("the gradient through the unit is close to 0",),
        options=(
            Option("small: the gradient through the unit is close to 0"),
            Option(
                "large: the gradient through the unit is large, too",
                "slope-vs-output",
                "Where on the curve is such an output: on the steep part or on a plateau?",
            ),
            Option(
                "equal: the gradient through the unit is 0.999 as well",
                "slope-vs-output",
                "Is that number a height or a steepness?",
            ),
            Option(
                "nothing: the slope depends on z, which is not given",
                "slope-vs-output",
                "Can you find z, and then the slope, from the output alone?",
            ),
            Option(
                "dead: no input whatsoever sends a gradient through it",
                "inactive-vs-dead",
                "Is the slope at this output exactly 0? And does one input speak for all the others?",
            ),
        ),
        hints=Hints(
            where="find the place on the curve whose height is 0.999.",
            rule="checkpoint B of lesson 1 gives the slope from the output alone.",
            question="at an output of 1/2 the slope is 1/4. Does it rise or fall from there on?",
            neighbour="an output of 0.9 has the slope 0.9 · 0.1.",
            line="Put g = 0.999 into g(1 − g).",
        ),
        solution="g(1 − g) = 0.999 · 0.001 ≈ 0.001.",
    ),
    NumberExercise(
        "q_vanish_10",
        lesson=5,
        prompt="Ten one-unit sigmoid layers, all weights 1, biases as you like. Largest possible value of d(output)/d(input)?",
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
        hints=Hints(
            where="one layer first. How much of a nudge comes through at most?",
            rule="the chain rule combines what the layers contribute; a weight of 1 changes nothing.",
            question="of half a pound, half is passed on, and of that half again. What is left after three hands?",
            neighbour="five tanh layers with slope 1/2 each let through (1/2)^5.",
            line="The sigmoid's largest slope, ten times over.",
        ),
        solution="Ten factors of at most 1/4 each.",
    ),
    NumberExercise(
        "q_vanish_weights",
        lesson=5,
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
        hints=Hints(
            where="one layer first: z = 0, weight 4.",
            rule="a layer contributes weight times slope; the chain rule combines ten equal contributions.",
            question="which slope belongs to z = 0, and what does the weight make of it?",
            neighbour="tanh layers at z = 0 with weight 2 contribute 2 each, and three of them 8.",
            line="Weight times slope is the same number in each layer; raise it to the tenth power.",
        ),
        solution="4 · 1/4 = 1 for each layer, and 1 to the tenth is 1.",
    ),
    DerivationExercise(
        "derive_chain",
        lesson=5,
        prompt="Derive d/dx of three sigmoids in a chain, with a = sigmoid(u x), b = sigmoid(v a), c = sigmoid(w b); end with one product of weights and letters.",
        of=("sigmoid(w*sigmoid(v*sigmoid(u*x)))", "c"),
        forms=("u*v*w*a*(1 - a)*b*(1 - b)*c*(1 - c)",),
        variable="x",
        where=_CHAIN,
        steps=1,
        goals=tuple(_chain_goals()),
        asks="Can it be written as one product, with the letters a, b, c in the place of the sigmoids?",
        given="D(sigmoid(w*sigmoid(v*sigmoid(u*x))))",
        believed=(
            Believed(
                "w*c*(1 - c) + v*b*(1 - b) + u*a*(1 - a)",
                "layer-product-wrong",
                "The contributions of the layers were added. What does a layer do to a change that it receives: add to it, or scale it?",
            ),
            Believed(
                "u*a*(1 - a) + v*b*(1 - b) + w*c*(1 - c)",
                "layer-product-wrong",
                "The contributions of the layers were added. What does a layer do to a change that it receives: add to it, or scale it?",
            ),
        ),
        hints=Hints(
            where="begin with the outermost sigmoid, whose value is c, and leave a D(…) of what is inside.",
            rule="sigmoid rule and chain rule, three times over; each time a weight comes out as a constant factor.",
            question="set all weights to 1 and let each slope be 1/4. Which number should your last line give?",
            neighbour="with two layers, D(b) = b*(1 - b)*v*D(a).",
            line="The second line: c*(1 - c)*w*D(b).",
        ),
        solution="""
  D(sigmoid(w*sigmoid(v*sigmoid(u*x))))
= c*(1 - c)*D(w*b)                           # sigmoid rule, chain rule
= c*(1 - c)*w*D(b)                           # constant factor
= c*(1 - c)*w*b*(1 - b)*v*D(a)               # the same for the second layer
= c*(1 - c)*w*b*(1 - b)*v*a*(1 - a)*u        # and for the first
""",
    ),
    ReferenceExercise(
        "delta_step",
        lesson=5,
        prompt="One step back: from δ of the layer behind (examples, units behind), its weights (units, units behind) and the slopes g′(z) of this layer (examples, units), return δ of this layer.",
        reference=lambda delta, weights, prime: delta @ weights.T * prime,
        inputs=(
            (
                [[0.5, -1.0, 2.0], [0.3, 0.8, -0.4]],
                [[1.0, -2.0, 0.5], [3.0, 0.4, -1.0], [0.7, 1.1, 2.0], [-0.6, 0.9, 0.2]],
                [[0.25, 0.1, 0.05, 0.2], [0.15, 0.01, 0.22, 0.03]],
            ),
            ([[1.0], [-0.5], [0.2]], [[2.0], [-1.0]], [[1.0, 0.5], [0.0, 1.0], [0.3, 0.7]]),
        ),
        others=tuple(_delta_beliefs()),
        hints=Hints(
            where="compare the shapes of the three arrays with the shape that you return.",
            rule="the message is weighted and added up on its way back, and then multiplied by the slopes of the layer where it arrives.",
            question="a unit of this layer reaches all units behind it. Along which axis of the weights do they stand?",
            neighbour="forwards it is h @ weights, which sums over the units of this layer; backwards the sum runs over the units behind.",
            line="delta @ weights.T comes first; then multiply, entry by entry, by the one array that is left.",
        ),
        code="def delta_step(delta, weights, prime):\n    return delta @ weights.T * prime",
        solution="Weighted sum over the units behind, times the slope of the unit where the message arrives.",
    ),
    ReportExercise(
        "chain_setting",
        lesson=5,
        prompt="A weight and a depth from 10 on, (w, depth), for which the sigmoid chain with centring biases and input 0.6 has a product between 0.1 and 10.",
        examine=_chain_setting,
        hints=Hints(
            where="set the menu to centring biases, the depth to 10, and move the weight alone.",
            rule="a product of many factors stays in the band only if the factors are close to 1.",
            question="at z = 0 the slope is 1/4. Which weight would make weight times slope equal to 1?",
            neighbour="for tanh, whose slope at 0 is 1, weights a little below 1 do it.",
            line="At depth 10 the band begins at a weight of 3.2. Where does it end?",
        ),
        solution="(4, 10), for example: the factors are at most 1 and, close to the middle, hardly less.",
    ),
    ChoiceExercise(
        "q_flat_plot",
        lesson=5,
        prompt="The weight gradients of a network have about the same size in all layers. What follows for δ?",
        answer="nothing",
        options=(
            Option("nothing: a growing δ may hide behind activations that shrink"),
            Option(
                "δ is level: it has the same size in all of the layers as well",
                "layer-product-wrong",
                "If a product keeps its size, must each of its two factors keep theirs?",
            ),
            Option(
                "all is well: no gradient vanishes anywhere in this network",
                "layer-product-wrong",
                "What did the other two curves of the picture do?",
            ),
            Option(
                "h is level: the activations have the same size in all layers",
                "layer-product-wrong",
                "Which combination of the two factors does the plot show: each by itself?",
            ),
            Option(
                "δ shrinks: it must fade from layer to layer on its way back",
                "layer-product-wrong",
                "In the picture, which of the two factors fell and which one rose?",
            ),
        ),
        hints=Hints(
            where="look at the two factors of a weight gradient in the picture, not at the product.",
            rule="a weight gradient is the incoming activation times the message δ.",
            question="if one factor falls from layer to layer and the product stays level, what does the other one do?",
            neighbour="a rectangle that keeps its area can change both of its sides.",
            line="Which of the options is true of the ReLU network with gain 1?",
        ),
        solution="The product says nothing about its factors; so measure δ itself.",
    ),
    ChoiceExercise(
        "q_two_directions",
        lesson=5,
        prompt="After 15 rounds a tanh network whose hidden layers hear nothing reads 70 %. A sigmoid network with a level message reads 28 %, and one with frozen layers 87 % if the differences between images are enlarged, but 10 % if only what all images share is subtracted. What follows for the six sigmoid layers at chance?",
        answer="forward",
        options=(
            Option(
                "back: early layers hear too little, and so they cannot learn",
                "layer-product-wrong",
                "Which of the networks hears nothing at all in its hidden layers, and what does it read?",
            ),
            Option(
                "both alike: they fade by one factor, and so each costs as much",
                "layer-product-wrong",
                "The factors are alike. What did each of them cost, when it alone was broken?",
            ),
            Option("forward: differences arrive too small; the message costs less"),
            Option(
                "drowned: what images share is too large beside what differs",
                "tweak-always-helps",
                "With what they share subtracted nothing else is left. What did the last layer read then?",
            ),
            Option(
                "nothing: what is changed by hand says nothing of the plain one",
                "tweak-always-helps",
                "Each of them differs from a plain network in one direction alone. What would tell the directions apart, if not this?",
            ),
        ),
        hints=Hints(
            where="sort the networks by what was left whole: the way forward, or the way back.",
            rule="a cause is what makes the difference when it alone is changed.",
            question="which networks have a bad way back and still read most digits, and which have a good one and do not?",
            neighbour="a car does not start; with a new battery it starts, with a new tank it does not. Which was it?",
            line="Look at the frozen layers: no message is needed there. Which of two changes made the difference between chance and 87 %?",
        ),
        solution="Without any message tanh reads 70 %; with a level message the sigmoid reads 28 % after as many rounds. Enlarging what differs from image to image, for the last layer alone, makes the difference; subtracting what all images share does not. So differences arrive too small for the steps of training. (In more rounds a level message can enlarge them by itself.)",
    ),
    ChoiceExercise(
        "q_centring",
        lesson=5,
        prompt="Centring alone leaves the sigmoid network at chance, but with a gain of 4 it helps a lot. Why?",
        answer="place",
        options=(
            Option("place: it keeps z where the slope is large, which pays at gain 4"),
            Option(
                "height: it makes the largest slope of the sigmoid larger than 1/4",
                "slope-vs-output",
                "Shift a curve up or down: does its tangent get steeper?",
            ),
            Option(
                "family: afterwards the network is no sigmoid network any more",
                "tweak-always-helps",
                "Which numbers of the network were changed, and could training have reached them?",
            ),
            Option(
                "chance: with six seeds a difference of this size comes by luck",
                "tweak-always-helps",
                "How large was the mean of the pairs, how large its standard error, and what was p?",
            ),
            Option(
                "output: it makes the outputs larger, and with them the slopes",
                "slope-vs-output",
                "At an output of 0.999, how large is the slope?",
            ),
        ),
        hints=Hints(
            where="compare the share of saturated units with and without centring, at gain 4.",
            rule="a layer contributes weight times slope.",
            question="which of the two factors does the gain change, and which one does the place of z change?",
            neighbour="in the chain of one-unit layers a weight of 4 worked with the biases −w/2, and failed without.",
            line="At gain 1 all slopes are close to 1/4 anyway. What is left to be gained by a better place?",
        ),
        solution="The gain makes weight times slope about 1 in the middle; centring keeps z in the middle.",
    ),
)
