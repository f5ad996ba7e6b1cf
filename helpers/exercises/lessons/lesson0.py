"""Lesson 0: a network that does not learn."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable, Iterator

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise


def _report_beliefs() -> Iterator[tuple[str, Callable]]:
    """Another axis, another unit, one number for all."""
    yield "array-contract", lambda hits: 100 * hits.mean()
    yield "array-contract", lambda hits: 100 * hits.mean(axis=0)
    yield "parameter-ignored", lambda hits: hits.mean(axis=1)
    yield "parameter-ignored", lambda hits: hits.sum(axis=1)


EXERCISES = (
    NumberExercise(
        "q_sigmoid_max_slope",
        lesson=0,
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
        hints=Hints(
            where="look for the place where the tangent is steepest, not for the place where the curve is highest.",
            rule="a slope is rise over run along the tangent.",
            question="the curve rises by less than 1 in all. Could its slope be 1 over a whole unit of z?",
            neighbour="for tanh, from z = −0.01 to z = 0.01 the value rises by 0.02, so the slope there is 0.02/0.02.",
            line="Measure it: (sigmoid(0.01) − sigmoid(−0.01))/0.02.",
        ),
        solution="The steepest place is z = 0; there the slope is 1/2 · (1 − 1/2) = 1/4.",
    ),
    ChoiceExercise(
        "q_note_ambiguous",
        lesson=0,
        prompt="The source note prints: (1) g'(z) = e(-z) / (1 + e(-z)(2); (2) g'(z) = 1 - tanh(2)(z); "
        "(3) g'(z) = g(z) * (1 - g(z)). Which of these lines can be read in more than one way?",
        answer="lines 1 and 2",
        options=(
            Option("lines 1 and 2"),
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
        hints=Hints(
            where="look at everything printed in brackets that might have been raised.",
            rule="a line is unambiguous when two readers get the same number from it.",
            question="put in z = 1. How many different numbers can you get from each line?",
            neighbour="sin(2)(x) could be sin²(x), sin(2x) or sin(2)·x.",
            line="One line has only plain products and brackets that match; the others do not.",
        ),
        solution="In (1) an exponent may be lost (e(-z)), a bracket is never closed, and (2) may be a power or a factor; in (2) the (2) may be a power, an argument or a factor. (3) has one reading.",
    ),
    ReferenceExercise(
        "run_and_report",
        lesson=0,
        prompt="hits has one row for each run and one column for each test image: 1 where the network was right, 0 where not. "
        "Return the accuracy of every run in percent, as an array; print nothing.",
        reference=lambda hits: 100 * hits.mean(axis=1),
        inputs=(
            ([[1, 0, 1, 1], [0, 0, 1, 0], [1, 1, 1, 1]],),
            ([[1, 0], [0, 0], [1, 1], [0, 1], [0, 0]],),
            ([[0, 1, 1, 0, 1, 1, 1, 1]],),
            ([[1, 0, 0], [0, 1, 1]],),
        ),
        others=tuple(_report_beliefs()),
        hints=Hints(
            where="look at what your function hands back, not at what appears on the screen.",
            rule="one number for each row; the mean of zeros and ones is the share of ones.",
            question="for 3 runs on 4 images, which shape should the result have?",
            neighbour="A.sum(axis=0) adds up each column of A and returns one number for each column.",
            line="Return 100 times the mean along the axis of the images.",
        ),
        solution="The mean of zeros and ones along a row is the share of ones.",
        code="def run_and_report(hits):\n    return 100 * hits.mean(axis=1)",
    ),
)
