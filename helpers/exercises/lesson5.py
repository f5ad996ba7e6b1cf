"""Lesson 5: saturation and depth."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable, Iterator

import numpy as np

from helpers.checking import Believed, Exercise, Option

_WEIGHTS = ([1.5, -2.0, 0.5], [2.0, 1.5], [3.0, 1.2, -0.7, 2.5, 0.8])
_INPUTS = ([0.5, -1.0, 2.0], [-0.3, 0.7], [0.1, -2.0, 1.4, 0.6, -0.9])


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


EXERCISES = (
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
)
