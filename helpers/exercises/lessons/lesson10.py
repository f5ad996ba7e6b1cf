"""Lab 10: check a derivative four ways."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable, Iterator

import numpy as np

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise

_LEFT = ((0.2, 0.5, -1.0, 3.0), (0.26894, 0.11920, 0.5), (-0.4, 2.0))
_RIGHT = ((0.3, 0.4, 1.0, 3.5), (0.26912, 0.11935, 0.5), (0.1, -2.0))
_STEPS = (0.1, 0.001, 0.25)

# tables of local gradients: a chain, a place that is used twice, and the tape of the lesson
_CHAIN = ((0.0, 2.0, 0.0), (0.0, 0.0, -3.0), (0.0, 0.0, 0.0))
_TWICE = (
    (0.0, 2.0, 5.0, 0.0),
    (0.0, 0.0, 0.0, 3.0),
    (0.0, 0.0, 0.0, -0.5),
    (0.0, 0.0, 0.0, 0.0),
)
_TAPE = (
    (0.0, 0.0, -0.5, 0.0, 0.0, -0.9),
    (0.0, 0.0, 2.0, 1.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.18, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 2.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
)

# From 1 two paths lead on: who goes back along each of them alone counts one of them twice for 0.
_BEHIND = (
    (0.0, 2.0, 0.0, 0.0),
    (0.0, 0.0, 3.0, 0.5),
    (0.0, 0.0, 0.0, -2.0),
    (0.0, 0.0, 0.0, 0.0),
)


def _reverse(local: np.ndarray) -> np.ndarray:
    gradient = np.zeros(len(local))
    gradient[-1] = 1
    for place in reversed(range(len(local) - 1)):
        gradient[place] = local[place] @ gradient
    return gradient


def _one_path(local: np.ndarray, which: int) -> np.ndarray:
    """Walk back, but keep of several paths only the first or the last (`which` 0 or -1)."""
    gradient = np.zeros(len(local))
    gradient[-1] = 1
    for place in reversed(range(len(local) - 1)):
        used = np.flatnonzero(local[place])
        if used.size:
            gradient[place] = local[place, used[which]] * gradient[used[which]]
    return gradient


def _forward(local: np.ndarray) -> np.ndarray:
    slope = np.zeros(len(local))
    slope[0] = 1
    for place in range(1, len(local)):
        slope[place] = slope @ local[:, place]
    return slope


def _top_down(local: np.ndarray) -> np.ndarray:
    gradient = np.zeros(len(local))
    gradient[-1] = 1
    for place in range(len(local) - 1):
        gradient[place] = local[place] @ gradient
    return gradient


def _walks() -> Iterator[tuple[str, Callable, str]]:
    """Walks that lose a path, the upstream gradient, the start, or the direction."""
    lost = "Along how many paths does a place that is used twice act on the output, and what becomes of the first of them when the second is written?"
    for which in (0, -1):
        yield "mask-overwritten", lambda local, w=which: _one_path(local, w), lost
    upstream = "What has already arrived at the place that was made from this one, and where is it in your product?"
    yield "layer-product-wrong", lambda local: local.sum(axis=1), upstream
    yield (
        "layer-product-wrong",
        lambda local: local.sum(axis=1) + np.eye(len(local))[-1],
        upstream,
    )
    start = "What is the slope of the last place with respect to itself?"
    yield "layer-product-wrong", lambda local: np.zeros(len(local)), start
    way = (
        "When you come to a place, has the gradient of all that was made from it been computed yet?"
    )
    yield "layer-product-wrong", _top_down, way
    of = "The slope of the last place with respect to each, or of each with respect to the first?"
    yield "wrong-variable", _forward, of


EXERCISES = (
    ChoiceExercise(
        "q_gradcheck_step",
        lesson=10,
        prompt="Which step suits a central difference in float64, for functions of ordinary size and curvature?",
        answer="about 1e-5",
        options=(
            Option("about 1e-5"),
            Option(
                "about 5e-324",
                "finite-difference",
                "What is z + h, once it is rounded to a float?",
            ),
            Option(
                "about 1e-16",
                "finite-difference",
                "Look at the left end of the picture: how large is the error there?",
            ),
            Option(
                "about 1e-8",
                "finite-difference",
                "Which of the two difference quotients has its lowest point there?",
            ),
            Option(
                "about 0.1",
                "finite-difference",
                "Look at the right end of the picture: which kind of error rules there?",
            ),
        ),
        hints=Hints(
            where="find the lowest point of the solid curve.",
            rule="the best step is where truncation, about h², and rounding, about 1e-16/h, are equal.",
            question="for which h is h² = 1e-16/h?",
            neighbour="for the forward difference, h = 1e-16/h gives h = 1e-8.",
            line="The cube root of 1e-16, to the nearest power of ten.",
        ),
        solution="h² = 1e-16/h gives the cube root of 1e-16, about 5e-6.",
    ),
    ReferenceExercise(
        "central_quotient",
        lesson=10,
        prompt="Given left = f(z − h), right = f(z + h) and the step h, return the central difference quotient.",
        reference=lambda left, right, h: (right - left) / (2 * h),
        inputs=tuple(zip(_LEFT, _RIGHT, _STEPS, strict=True)),
        others=(
            ("missing-parentheses", lambda left, right, h: (right - left) / 2 * h),
            ("missing-parentheses", lambda left, right, h: right - left / (2 * h)),
            ("missing-parentheses", lambda left, right, h: right - left / 2 * h),
            ("sign-flipped", lambda left, right, h: (left - right) / (2 * h)),
            (
                "sign-flipped",
                lambda left, right, h: (left - right) / h,
                "Try it on the line f(z) = 3z: which slope does your quotient give it, in sign and in size?",
            ),
            ("plus-minus-swapped", lambda left, right, h: (right + left) / (2 * h)),
            ("plus-minus-swapped", lambda left, right, h: (right + left) / h),
        ),
        hints=Hints(
            where="the two places are z − h and z + h. How far apart are they?",
            rule="a slope is rise over run.",
            question="for the line f(z) = z, with h = 0.5, left is z − 0.5 and right z + 0.5. Which slope must come out?",
            neighbour="from 3 km before a town to 3 km behind it the road climbs 60 m: 60 over 6000.",
            line="The rise is right minus left; the run is twice the step, in brackets.",
        ),
        solution="The rise right − left over the run 2h.",
        code="def central_quotient(left, right, h):\n    return (right - left) / (2 * h)",
    ),
    NumberExercise(
        "q_gradcheck_kink",
        lesson=10,
        prompt="Which number does a central difference report for Leaky ReLU with slope 0.2 at z = 0, whatever the step?",
        answer="0.6",
        rtol=0.001,
        asks="Compute the two values by hand for h = 1: what is f(1), what is f(−1), and how far apart are the places?",
        believed=(
            Believed(
                "0.2",
                "kink-at-zero",
                "That is one of the two slopes. Does a central difference look to the left only?",
            ),
            Believed(
                "1",
                "kink-at-zero",
                "That is one of the two slopes. Does a central difference look to the right only?",
            ),
            Believed(
                "0.5",
                "parameter-ignored",
                "For ReLU it would be. Which value does the leak have at z = −h?",
            ),
            Believed(
                "0.4", "sign-flipped", "Which sign has f(−h)? Subtract it from f(h) once more."
            ),
            Believed(
                "0",
                "kink-at-zero",
                "The value is that at 0. How much does the function rise from −h to h?",
            ),
            Believed(
                "1.2",
                "finite-difference",
                "The rise from −h to h is that many h. And over which run?",
            ),
        ),
        hints=Hints(
            where="at −h the function follows its leak, at h it follows z.",
            rule="rise over run, from −h to h.",
            question="what are f(h) and f(−h), written with h?",
            neighbour="for |z| the two values are equal, and the central difference reports 0.",
            line="The mean of the two slopes.",
        ),
        solution="(h + 0.2 h)/(2h) = 0.6, the mean of the slopes 0.2 and 1.",
    ),
    ChoiceExercise(
        "q_gradcheck_zero",
        lesson=10,
        prompt="A derivative of tanh agrees with a central difference at z = 0 to ten digits. What follows?",
        answer="little",
        options=(
            Option("little: several common mistakes agree with it at that point"),
            Option(
                "right: ten digits of agreement cannot be chance any more",
                "finite-difference",
                "Put z = 0 into 1 + tanh² and into 1 − tanh²: what do you get?",
            ),
            Option(
                "right near 0: and a formula is right everywhere or nowhere",
                "finite-difference",
                "Which of the formulas in the table above agree at 0 and part at 1?",
            ),
            Option(
                "wrong: a central difference itself has only nine digits",
                "finite-difference",
                "tanh‴(0) = −2, so the quotient at 0 is off by about h²/3. How many digits does that leave at h = 1e-5?",
            ),
            Option(
                "right by half: it must be even, so only its scale is open",
                "finite-difference",
                "Is 1 − t even? At which of the three points does it agree?",
            ),
        ),
        hints=Hints(
            where="compare the columns of the table in *Points with teeth*.",
            rule="a check refutes; it supports only what it could have refuted.",
            question="which wrong formulas would this check have caught?",
            neighbour="at z = 1, z² and z³ cannot be told apart.",
            line="Count the formulas of the table that are right at 0.",
        ),
        solution="1 + t², 1 − t and (1 − t)² are all right at z = 0.",
    ),
    ReferenceExercise(
        "reverse_mode",
        lesson=10,
        prompt="local[i, j] is the slope of place j with respect to place i, 0 unless i < j. Return the slope of the last place with respect to every place, in the order of the tape.",
        reference=_reverse,
        inputs=((_CHAIN,), (_TWICE,), (_TAPE,), (_BEHIND,)),
        others=tuple(_walks()),
        asks="Walk the smallest table by hand, from its last place: what arrives at each place?",
        hints=Hints(
            where="begin at the end. What is the gradient of the last place with respect to itself?",
            rule="the chain rule: upstream gradient times local gradient, added up over all places that were made from this one.",
            question="in which order must the places come, so that everything upstream is known when you need it?",
            neighbour="out of 0 come 1 with slope 2 and 2 with slope 5, and both go into the last place with slopes 3 and 4: 0 has 2·3 + 5·4 = 26.",
            line="Row `place` of the table holds the local gradients; `local[place] @ gradient` adds up the products.",
        ),
        code="""def reverse_mode(local):
    gradient = np.zeros(len(local))
    gradient[-1] = 1
    for place in reversed(range(len(local) - 1)):
        gradient[place] = local[place] @ gradient
    return gradient""",
        solution="From the last place to the first: each gradient is the sum of local gradient times upstream gradient.",
    ),
    ChoiceExercise(
        "q_forward_or_reverse",
        lesson=10,
        prompt="A function takes 3 numbers and returns 10,000. Which mode gives all of its slopes with fewer walks?",
        answer="forward",
        options=(
            Option("forward: one walk for each of the 3 inputs"),
            Option(
                "reverse: one walk back gives all slopes at once",
                "layer-product-wrong",
                "Of how many outputs does one walk back give the slopes?",
            ),
            Option(
                "equal: the Jacobian has 30,000 entries either way",
                "layer-product-wrong",
                "How many of the entries does one walk give, forward and back?",
            ),
            Option(
                "neither: each entry needs a walk of its own",
                "finite-difference",
                "How many slopes came out of one walk in the lesson?",
            ),
            Option(
                "central: 10,000 outputs are too many for both",
                "finite-difference",
                "How often must the function run for a central difference in 3 inputs, and how many digits are left?",
            ),
        ),
        hints=Hints(
            where="count inputs and outputs; one of the two numbers is small.",
            rule="forward mode needs a walk for each input, reverse mode one for each output.",
            question="how many walks does each mode need for a network with 8,000 weights and one loss?",
            neighbour="for 10,000 inputs and 3 outputs reverse mode needs 3 walks.",
            line="Compare 3 with 10,000.",
        ),
        solution="Forward mode needs 3 walks, reverse mode 10,000.",
    ),
)
