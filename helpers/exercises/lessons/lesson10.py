"""Lab 10: check a derivative four ways."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise

_LEFT = ((0.2, 0.5, -1.0, 3.0), (0.26894, 0.11920, 0.5), (-0.4, 2.0))
_RIGHT = ((0.3, 0.4, 1.0, 3.5), (0.26912, 0.11935, 0.5), (0.1, -2.0))
_STEPS = (0.1, 0.001, 0.25)

EXERCISES = (
    ChoiceExercise(
        "q_gradcheck_step",
        lesson=10,
        prompt="Which step suits a central difference in float64, for functions of ordinary size and curvature?",
        answer="about 1e-5",
        options=(
            Option("about 1e-5"),
            Option(
                "the smallest number above 0 that float64 knows",
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
        signature="central_quotient(left, right, h)",
        reference=lambda left, right, h: (right - left) / (2 * h),
        inputs=tuple(zip(_LEFT, _RIGHT, _STEPS, strict=True)),
        others=(
            ("missing-parentheses", lambda left, right, h: (right - left) / 2 * h),
            ("missing-parentheses", lambda left, right, h: right - left / (2 * h)),
            ("missing-parentheses", lambda left, right, h: right - left / 2 * h),
            ("sign-flipped", lambda left, right, h: (left - right) / (2 * h)),
            ("sign-flipped", lambda left, right, h: (left - right) / h),
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
                "At a point of symmetry, which terms of the truncation error are left?",
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
)
