"""Lesson 9: tails on a computer; tweak and measure."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable

import numpy as np

from helpers.exercises.clinic_reports import examine
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import FormulaExercise
from helpers.exercises.reference_exercise import ReferenceExercise
from helpers.exercises.report_exercise import ReportExercise

SIGMOID = "1/(1 + exp(-z))"
_G = {"g": "1/(1 + exp(-z))"}


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _subtracted(*functions: Callable) -> tuple[tuple[str, Callable], ...]:
    """Functions whose digits a difference of nearly equal numbers takes away."""
    return tuple(("cancellation", function) for function in functions)


EXERCISES = (
    FormulaExercise(
        "sigmoid_prime_stable",
        lesson=9,
        prompt="Derivative of the sigmoid, accurate to 1e-9 RELATIVE error for every z in [-800, 800].",
        of=(SIGMOID,),
        forms=("exp(-abs(z))/(1 + exp(-abs(z)))^2", "g*(1 - g)"),
        where=_G,
        far=(40.0, -40.0, 20.0, -20.0, 100.0, -100.0, 400.0, -400.0, 700.0, -700.0, 800.0, -800.0),
        rtol=1e-9,
        atol=0.0,
        others=_subtracted(
            lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
            lambda z: _sigmoid(z) - _sigmoid(z) ** 2,
            lambda z: _sigmoid(np.abs(z)) * (1 - _sigmoid(np.abs(z))),
            lambda z: _sigmoid(np.abs(z)) - _sigmoid(np.abs(z)) ** 2,
        ),
        hints=Hints(
            where="put in z = 40 and z = −40, and look at the numbers between, one operation at a time.",
            rule="the slope is even in z; so it may be computed from |z| alone.",
            question="which of e^z and e^−z can overflow for z = 800, and which for z = −800? Which exponential never does?",
            neighbour="1/(e^z + e^−z) is t/(1 + t²) with t = e^−|z|.",
            line="With t = np.exp(-np.abs(z)): the form of checkpoint A, in which t stands for e^−z.",
        ),
        code="def sigmoid_prime_stable(z):\n    t = np.exp(-np.abs(z))\n    return t / (1 + t) ** 2",
        solution="The slope is even in z, so the exponential of -|z| never overflows and nothing cancels.",
    ),
    FormulaExercise(
        "tanh_prime_stable",
        lesson=9,
        prompt="Derivative of tanh, accurate to 1e-9 RELATIVE error for every z in [-400, 400].",
        of=("tanh(z)",),
        forms=("4*exp(-2*abs(z))/(1 + exp(-2*abs(z)))^2", "1 - t^2"),
        where={"t": "tanh(z)"},
        far=(25.0, -25.0, 15.0, -15.0, 100.0, -100.0, 200.0, -200.0, 350.0, -350.0, 400.0, -400.0),
        rtol=1e-9,
        atol=0.0,
        others=_subtracted(
            lambda z: 1 - np.tanh(z) ** 2, lambda z: (1 - np.tanh(z)) * (1 + np.tanh(z))
        ),
        hints=Hints(
            where="put in z = 20. What is np.tanh(20.0), to the last digit, and what is left of 1 minus its square?",
            rule="4e^−2z/(1 + e^−2z)² is the same function, without a difference, and even in z.",
            question="what becomes of the exponential in it for z = −400, and what would |z| change?",
            neighbour="for the sigmoid it was t/(1 + t)² with t = e^−|z|.",
            line="With t = np.exp(-2 * np.abs(z)): four times t, over the square of 1 + t.",
        ),
        code="def tanh_prime_stable(z):\n    t = np.exp(-2 * np.abs(z))\n    return 4 * t / (1 + t) ** 2",
        solution="The slope is even in z, so the exponential of -2|z| never overflows and nothing cancels.",
    ),
    DerivationExercise(
        "derive_tanh_tail",
        lesson=9,
        prompt="Derive d/dz (1 - e^-2z)/(1 + e^-2z); with u = e^-2z; end in u, with no difference in it.",
        of=("(1 - exp(-2*z))/(1 + exp(-2*z))", "(1 - u)/(1 + u)", "tanh(z)"),
        forms=("4*u/(1 + u)^2", "4*exp(-2*z)/(1 + exp(-2*z))^2", "1 - ((1 - u)/(1 + u))^2"),
        where={"u": "exp(-2*z)"},
        steps=1,
        goals=("4*u/(1 + u)^2",),
        asks="Can it be written with u = e^-2z as a fraction in which nothing is subtracted?",
        hints=Hints(
            where="the outermost operation is a division.",
            rule="the quotient rule; the slope of e^−2z is −2e^−2z.",
            question="numerator and denominator have slopes of opposite sign. What do the two products of the quotient rule add up to?",
            neighbour="D((3 - u)/(3 + u)) = (-D(u)*(3 + u) - (3 - u)*D(u))/(3 + u)^2 = -6*D(u)/(3 + u)^2.",
            line="The second line, with u = e^−2z: (2*u*(1 + u) - (1 - u)*(-2*u))/(1 + u)^2.",
        ),
        solution="""
  D((1 - exp(-2*z))/(1 + exp(-2*z)))
= (D(1 - u)*(1 + u) - (1 - u)*D(1 + u))/(1 + u)^2    # quotient rule
= (2*u*(1 + u) - (1 - u)*(-2*u))/(1 + u)^2           # the slope of u is -2u
= (2*u*(1 + u) + 2*u*(1 - u))/(1 + u)^2              # two minus signs
= 4*u/(1 + u)^2                                      # collect
""",
    ),
    ReferenceExercise(
        "softplus_stable",
        lesson=9,
        prompt="softplus(z)=ln(1+e^z), accurate to 1e-9 RELATIVE error for every z in [-800, 800].",
        reference=lambda z: np.logaddexp(0, z),
        inputs=(([1.0, -1.0, 0.0, 2.0, -2.0, 0.5, -6.0, 6.0],), ([[1.0, -2.0], [0.5, -3.0]],)),
        far=(20.0, -20.0, 40.0, -40.0, 300.0, -300.0, 700.0, -700.0, 800.0, -800.0),
        rtol=1e-9,
        atol=0.0,
        others=(
            ("formula-of-other-activation", lambda z: np.maximum(z, 0)),
            (
                "logarithm-of-base-ten",
                lambda z: np.maximum(z, 0) + np.log10(1 + np.exp(-np.abs(z))),
            ),
        ),
        hints=Hints(
            where="the far left needs tiny numbers, the far right large ones. Which operation of ln(1 + e^z) fails on which side?",
            rule="ln(1 + e^z) = z + ln(1 + e^−z): use it where z is large.",
            question="both sides can be written with e^−|z|. What has to be added for positive z, what for negative?",
            neighbour="sqrt(1 + x²) for huge x is |x| sqrt(1 + 1/x²): the large part first.",
            line="np.maximum(z, 0), plus np.log1p of the exponential of −|z|.",
        ),
        code="def softplus_stable(z):\n    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))",
        solution="log1p keeps what 1 + a tiny number loses; the exponential of -|z| never overflows.",
    ),
    ChoiceExercise(
        "q_tweak_first",
        lesson=9,
        prompt="Your ReLU network trains badly. What do you do first?",
        answer="measure",
        formerly=(
            "measure dead fraction and per-layer gradients, change one thing, compare over several seeds",
        ),
        options=(
            Option("measure: dead units and gradients, then change one thing"),
            Option(
                "leak: switch to leaky ReLU, which cannot be worse than ReLU",
                "tweak-always-helps",
                "How would you know that dead units are the trouble?",
            ),
            Option(
                "steepest: take the activation with the largest derivative",
                "tweak-always-helps",
                "What happens to a product of many factors above one?",
            ),
            Option(
                "together: change activation, learning rate and depth at once",
                "tweak-always-helps",
                "If it then works, which change was it?",
            ),
            Option(
                "longer: train ten times as long, for it may need more time",
                "tweak-always-helps",
                "What does a unit whose gradient is exactly 0 do in ten times as many steps?",
            ),
        ),
        hints=Hints(
            where="look at which option tells you something before you act.",
            rule="a remedy needs a diagnosis, and an effect needs one cause.",
            question="if three things change at once and it works, what do you know?",
            neighbour="a doctor who prescribes before taking the temperature.",
            line="What do the instruments of lessons 5 and 6 measure?",
        ),
        solution="Measure, change one thing, compare over seeds.",
    ),
    ChoiceExercise(
        "q_alpha_bigger",
        lesson=9,
        prompt="A larger leaky slope sends more gradient through z<0. Is larger therefore always better?",
        answer="trade-off",
        formerly=(
            "the nonlinearity disappears as alpha approaches 1, so there is a trade-off to measure",
        ),
        options=(
            Option("trade-off: the bend disappears as alpha approaches 1"),
            Option(
                "more: yes, for more gradient is better at any alpha",
                "tweak-always-helps",
                "Follow the rule to its end: which function is left, and what can a stack of it represent?",
            ),
            Option(
                "one: yes, so that alpha = 1 is the best slope of all",
                "tweak-always-helps",
                "Draw the activation for that slope. What can a stack of it represent?",
            ),
            Option(
                "default: no, 0.01 is the best slope on any data set",
                "tweak-always-helps",
                "On which data, and with how many seeds, was that measured?",
            ),
            Option(
                "zero: no, any leak makes a network worse than ReLU does",
                "tweak-always-helps",
                "What did the table of lesson 4 show for units that begin with a bias of −1?",
            ),
        ),
        hints=Hints(
            where="follow the rule to both ends of the slope's range.",
            rule="a stack of lines is a line.",
            question="which function is left when both branches have the same slope?",
            neighbour="salt makes soup better, up to a point.",
            line="What did the slope sweep of lesson 4 show below 1, and at 1?",
        ),
        solution="At alpha = 1 nothing bends any more.",
    ),
    ChoiceExercise(
        "q_single_seed",
        lesson=9,
        prompt="Activation A beats B by 0.3 points in one run. What follows?",
        answer="open",
        options=(
            Option("open: one pair of runs has no standard error"),
            Option(
                "better: A is better, for it reached more points",
                "tweak-always-helps",
                "Run it again with another seed: would you bet on the same order?",
            ),
            Option(
                "long enough: A is better if it ran long enough",
                "tweak-always-helps",
                "Does a longer run make the other seeds unnecessary?",
            ),
            Option(
                "worse: B is worse, if only on this data set",
                "tweak-always-helps",
                "How far apart are two runs of the same activation?",
            ),
            Option(
                "equal: 0.3 points are few, so A and B are equal",
                "tweak-always-helps",
                "Is a difference that one run cannot show a difference of 0?",
            ),
        ),
        hints=Hints(
            where="the question gives a difference; what is it to be compared with?",
            rule="how certain a difference is, its standard error says: the standard deviation of the paired differences, over the root of their number.",
            question="how far apart are two runs of A with different seeds?",
            neighbour="one throw of a die does not tell which of two dice is loaded.",
            line="Divide by √(n − 1) where n is 1: what comes out for the standard deviation of a single difference?",
        ),
        solution="One pair gives a difference and nothing to say how certain it is. Run pairs, six at least, and give the mean, its standard error and p.",
    ),
    NumberExercise(
        "q_fewest_pairs",
        lesson=9,
        prompt="All pairs agree which of two settings is ahead. How many pairs are the fewest with which a two-sided sign-flip test can give p of at most 0.05?",
        answer="6",
        asks="With n pairs, how many patterns of signs are there, and how many of them are as far out as the one in which all agree?",
        believed=(
            Believed(
                "5",
                "tweak-always-helps",
                "Five pairs have 32 patterns of signs. All as they are and all flipped are two of them: which share is that?",
            ),
            Believed(
                "20",
                "tweak-always-helps",
                "One in twenty is the level. But how many patterns of signs do twenty pairs have?",
            ),
            Believed(
                "30",
                "tweak-always-helps",
                "That is a rule of thumb for normal approximations. Which approximation does counting all patterns need?",
            ),
        ),
        hints=Hints(
            where="count patterns of signs, not runs.",
            rule="p is the share of the 2ⁿ patterns that are as far out as the observed one, or farther.",
            question="if all pairs agree, which patterns are as far out?",
            neighbour="with three pairs: 2 of 8 patterns, p = 0.25.",
            line="Find the smallest n with 2/2ⁿ at most 1/20.",
        ),
        solution="2/2⁵ = 0.0625 is above 0.05, and 2/2⁶ = 0.03125 is below it.",
    ),
    NumberExercise(
        "q_pairs_needed",
        lesson=9,
        prompt="The differences of pairs scatter with a standard deviation of 0.012. You want to see an effect of 0.006, and to see means twice their standard error. How many pairs does that take?",
        answer="16",
        asks="The standard error of n pairs is 0.012/√n. For which n is twice that 0.006?",
        believed=(
            Believed(
                "4",
                "missing-square",
                "How large is the standard error of four pairs, and what is twice that?",
            ),
            Believed(
                "2",
                "missing-square",
                "How large is the standard error of two pairs: 0.012/2, or 0.012/√2?",
            ),
            Believed(
                "8",
                "missing-square",
                "Twice as many pairs: does that make the standard error half as large?",
            ),
        ),
        hints=Hints(
            where="write the standard error with n in it.",
            rule="the standard error falls with the root of the number of pairs.",
            question="how small must the standard error be, for 0.006 to be twice as large?",
            neighbour="to see an effect of 0.012 as clearly, four pairs do: 0.012/√4 = 0.006.",
            line="Solve 0.012/√n = 0.003.",
        ),
        solution="0.012/√16 = 0.003, and 0.006 is twice that. Half the effect takes four times the pairs.",
    ),
    ReportExercise(
        "clinic_report",
        lesson=9,
        prompt="Report on a patient of the clinic: patient.report(cause, final=patient.test(trial), effect=…, standard_error=…, p=…, conclusion=…), with two causes where there are two.",
        examine=examine,
        hints=Hints(
            where="begin with the untrained network; compare each instrument with what it shows on a network that learns.",
            rule="one change a fault, at least six seeds, validation data to choose, test data once.",
            question="which cause predicts the number that is out of the ordinary, and which change does it predict to help?",
            neighbour="patient A, above: dead layers pointed to the bias, and a bias of 0 was the one change.",
            line="Effect, standard error, p and interval stand in the final trial. Is p at most 0.05? If not, does the interval lie within ±0.02?",
        ),
        solution="Dead units: bias=0.0. Images become alike: activation='tanh'. Linear network: slope=0.1. Exploding activations: init='he'. Wrong derivative: slope_formula='course'. Two faults need both changes, and each alone does next to nothing. A healthy network: any one change, and what its pairs say.",
    ),
)
