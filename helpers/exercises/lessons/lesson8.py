"""Lesson 8: products, gates, mixtures."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable
from functools import partial

import numpy as np

from helpers.activations import ACTIVATIONS, central_difference
from helpers.diagnosis import NOT_ATTEMPTED, Verdict, call, four_digits, is_stub
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import FormulaExercise
from helpers.exercises.report_exercise import ReportExercise
from helpers.language import gettext

SIGMOID = "1/(1 + exp(-z))"


# ------------------------------------------------------------------- an activation of one's own


def _own(pair: object) -> Verdict:
    """Judge an activation and its slope: finite from -30 to 30, bent, new, and the slope its own.

    >>> right = lambda z: np.tanh(z) + z / np.cosh(z) ** 2
    >>> bool(_own((lambda z: z * np.tanh(z), right)))
    True
    >>> _own((lambda z: z * np.tanh(z), np.tanh)).message.split(";")[0]
    'At z = −0.7666 your slope is −0.6449, the central difference of your activation −1.093'
    >>> for g in (np.log, ACTIVATIONS["silu"].value, np.negative):
    ...     print(_own((g, np.tanh)).message.split(". ")[0])
    The activation has no finite value at z = −30
    This is silu of the course's table
    This is a straight line
    """
    if not (isinstance(pair, tuple | list) and len(pair) == 2 and all(map(callable, pair))):
        asked = gettext(
            "Two functions are asked for, the activation and its slope: `(my_activation, my_activation_prime)`"
        )
        return Verdict(
            False, message=gettext("{asked}; {came} came.", asked=asked, came=type(pair).__name__)
        )
    wide, z = np.linspace(-30, 30, 601), np.random.default_rng(0).uniform(-8, 8, 400)
    open_ = [is_stub(f) or call(f, (z.copy(),)).value is Ellipsis for f in pair]
    if all(open_):
        return NOT_ATTEMPTED
    if any(open_):
        missing = gettext("slope") if open_[1] else gettext("activation")
        message = gettext(
            "One of the two is there; the {missing} is not written yet.", missing=missing
        )
        return Verdict(False, message=message, status="unfinished")
    g, prime = (
        partial(_numbers, *named)
        for named in zip((gettext("activation"), gettext("slope")), pair, strict=True)
    )
    try:
        values, _ = g(wide), prime(wide)
        known = _known(values, wide)
        return _slopes_agree(g, prime, z) if known is None else known
    except _NoNumbersError as fault:
        return Verdict(False, message=str(fault))


class _NoNumbersError(Exception):
    """What keeps a function from having one finite number for each z, and what to ask."""


def _numbers(name: str, f: Callable[[np.ndarray], object], z: np.ndarray) -> np.ndarray:
    """Return one finite number of f for each z."""
    outcome = call(f, (z.copy(),))
    if outcome.error is not None:
        raise _NoNumbersError(
            gettext(
                "The {name} stops with {error}: {words}. What does it do with a whole array?",
                name=name,
                error=type(outcome.error).__name__,
                words=outcome.words,
            )
        )
    try:
        values = np.asarray(outcome.value, float)
    except (TypeError, ValueError):
        raise _NoNumbersError(
            gettext("The {name} returns no numbers. What stands behind its `return`?", name=name)
        ) from None
    if values.shape != z.shape:
        raise _NoNumbersError(
            gettext(
                "The {name} takes {size} numbers and returns the shape {shape}. Where does the array get lost?",
                name=name,
                size=z.size,
                shape=values.shape,
            )
        )
    if not np.isfinite(values).all():
        at = four_digits(z[np.argmin(np.isfinite(values))])
        raise _NoNumbersError(
            gettext(
                "The {name} has no finite value at z = {at}. Which part of it grows too large or divides by 0 there?",
                name=name,
                at=at,
            )
        )
    return values


def _known(values: np.ndarray, z: np.ndarray) -> Verdict | None:
    """A straight line or an activation of the table is sent back."""
    line = np.polyval(np.polyfit(z, values, 1), z)
    if np.abs(values - line).max() < 1e-6 * (1 + np.abs(values).max()):
        asked = gettext("This is a straight line. What does a stack of such layers compute?")
        return Verdict(False, ("linear-collapse",), asked)
    for name, known in ACTIVATIONS.items():
        if np.abs(values - known.value(z)).max() < 1e-9 * (1 + np.abs(values).max()):
            return Verdict(
                False,
                message=gettext(
                    "This is {name} of the course's table. Which part of it could you replace, scale or mix with another one?",
                    name=name,
                ),
            )
    return None


def _slopes_agree(
    g: Callable[[np.ndarray], np.ndarray], prime: Callable[[np.ndarray], np.ndarray], z: np.ndarray
) -> Verdict:
    """Compare the given slope with a central difference, h = 1e-6, to one millionth."""
    slope, measured = prime(z), central_difference(g, z, 1e-6)
    error = np.abs(slope - measured)
    agree = error <= 1e-6 * np.maximum(1, np.abs(measured))
    if agree.all():
        message = gettext(
            "The slope agrees with central differences at all {size} places. It lies between {low} and {high} there.",
            size=z.size,
            low=four_digits(slope.min()),
            high=four_digits(slope.max()),
        )
        return Verdict(True, message=message)
    at = np.argmax(error)
    message = gettext(
        "At z = {z} your slope is {slope}, the central difference of your activation {measured}; they agree at {right} of {size} places.",
        z=four_digits(z[at]),
        slope=four_digits(slope[at]),
        measured=four_digits(measured[at]),
        right=agree.sum(),
        size=z.size,
    )
    asked = gettext("Which term of a product, which inner slope or which branch is not in it yet?")
    return Verdict(False, message=f"{message} {asked}")


_CLOSE_TO_GELU = (
    "z*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z^3)))/2",
    "z*sigmoid(1.702*z)",
)

EXERCISES = (
    NumberExercise(
        "q_product_slope",
        lesson=8,
        prompt="What is the slope of z*z at z = 3?",
        answer="6",
        rtol=0.01,
        asks="Nudge z from 3 to 3.01 and multiply: by how much does the product grow, for each unit of z?",
        believed=(
            Believed(
                "1",
                "rule-applied-termwise",
                "That is the product of the two slopes. By how much does 3 · 3 grow when both factors grow by 0.01?",
            ),
            Believed(
                "3",
                "product-missing-term",
                "One of the two factors grew. What does the other one do meanwhile?",
            ),
            Believed(
                "9",
                "function-derivative-mixup",
                "That is the height of the parabola at 3. How steep is it there?",
            ),
            Believed(
                "2",
                "rule-applied-termwise",
                "Two slopes of 1 add up to it. Does it matter how large the factor is that each of them is multiplied by?",
            ),
            Believed("-6", "sign-flipped", "Does the parabola rise or fall at 3?"),
        ),
        hints=Hints(
            where="compare 3 · 3 with 3.01 · 3.01.",
            rule="rise divided by run.",
            question="how much of the rise is due to the first factor, how much to the second?",
            neighbour="at z = 2 the product grows from 4 to 4.0401, which is 4.01 for each unit.",
            line="Divide 3.01 · 3.01 − 9 by 0.01, and say which number it approaches for smaller steps.",
        ),
        solution="Each factor has slope 1 and is multiplied by the value of the other one: 3 + 3 = 6.",
    ),
    ChoiceExercise(
        "q_slope_over_one",
        lesson=8,
        prompt="Neither factor of SiLU is anywhere steeper than 1. Why does the slope of the product exceed 1?",
        answer="value",
        options=(
            Option("value: the gate's slope is multiplied by z itself, not by its slope"),
            Option(
                "sum: two slopes of up to 1 are added, so that any product reaches 2",
                "rule-applied-termwise",
                "Take the constant 1/2 times z: how steep is this product, and by what is each slope multiplied?",
            ),
            Option(
                "steep gate: somewhere the sigmoid is steeper than 1 after all",
                "slope-vs-output",
                "Read the largest slope of the sigmoid off lesson 1: how large is it?",
            ),
            Option(
                "rounding: it does not; the arithmetic lifts it a little above 1",
                "finite-difference",
                "The slope at z = 2.4 is 1.0998: how large are rounding errors in a double?",
            ),
            Option(
                "chain: the two slopes are multiplied, and each makes the other larger",
                "rule-applied-termwise",
                "Two numbers up to 1: how large can their product be? And which rule belongs to z · s(z)?",
            ),
        ),
        hints=Hints(
            where="look at the second term of the product rule.",
            rule="each slope is multiplied by something of the other factor. By what?",
            question="which of the quantities of both factors is not bounded by 1?",
            neighbour="z · z is made of slopes 1, and at z = 3 it has slope 6.",
            line="Strike out every option that one of the two curves contradicts.",
        ),
        solution="(u v)′ = u′v + u v′: slopes meet values. The second term is z g(1 − g), and z is not bounded.",
    ),
    FormulaExercise(
        "silu_prime",
        lesson=8,
        prompt="Derivative of SiLU(z) = z*sigmoid(z). sigmoid(z) is given.",
        of=("z*g", "z*sigmoid(z)", "z/(1 + exp(-z))"),
        forms=(
            "g + z*g*(1 - g)",
            "g*(1 + z*(1 - g))",
            "f + g*(1 - f)",
            "g + z*exp(-z)/(1 + exp(-z))^2",
        ),
        where={"g": SIGMOID, "f": "z*g"},
        hints=Hints(
            where="compare your function with the orange curve at z = 0, where it is one half, and at z = 2.",
            rule="the product rule; its second term holds the slope of the gate.",
            question="at z = 0 only one of the two terms is left: which, and how large is it?",
            neighbour="for z*tanh(z) it is t + z * (1 - t**2), with t = np.tanh(z).",
            line="Compute g = sigmoid(z) first; then the gate, plus z times the slope of the gate, g times 1 − g.",
        ),
        code="def silu_prime(z):\n    g = sigmoid(z)\n    return g + z * g * (1 - g)",
        solution="D(z*g) = g + z*g*(1 - g) = f + g*(1 - f) with f = z*g",
    ),
    FormulaExercise(
        "swish_beta_prime",
        lesson=8,
        prompt="Derivative of z*sigmoid(beta*z) with respect to z. sigmoid is given.",
        of=("z*s", "z*sigmoid(beta*z)"),
        forms=("s + beta*z*s*(1 - s)", "s*(1 + beta*z*(1 - s))", "beta*f + s*(1 - beta*f)"),
        where={"s": "1/(1 + exp(-beta*z))", "f": "z*s"},
        parameters={"beta": (0.5, 2.0, 1.5, 1.0, -1.0)},
        hints=Hints(
            where="compare with silu_prime for β = 1, then try β = 2.",
            rule="product rule, then the chain rule for the gate.",
            question="when β doubles, the gate opens twice as fast. Which of your two terms says so?",
            neighbour="for z*tanh(beta*z) it is t + beta * z * (1 - t**2), with t = np.tanh(beta * z).",
            line="Compute s = sigmoid(beta * z); then s, plus z times s times 1 − s times the inner slope.",
        ),
        code="def swish_beta_prime(z, beta):\n    s = sigmoid(beta * z)\n    return s + beta * z * s * (1 - s)",
        solution="D(z*s) = s + beta*z*s*(1 - s)",
    ),
    FormulaExercise(
        "gelu_prime",
        lesson=8,
        prompt="Derivative of GELU(z) = z*Phi(z). Phi(z), the normal distribution function, and phi(z), its density, are given.",
        of=("z*P", "z*(1 + erf(z/sqrt(2)))/2"),
        forms=("P + z*p", "(1 + erf(z/sqrt(2)))/2 + z*exp(-z^2/2)/sqrt(2*pi)"),
        where={"P": "(1 + erf(z/sqrt(2)))/2", "p": "exp(-z^2/2)/sqrt(2*pi)"},
        relatives=_CLOSE_TO_GELU,
        hints=Hints(
            where="compare with the picture at z = 0, where the slope is one half, and at z = √2, where it is 1.129.",
            rule="the product rule; the slope of the distribution function is the density.",
            question="which of your two terms is left at z = 0, and what does the other one become far out?",
            neighbour="for z*tanh(z) it is tanh(z) + z * (1 - tanh(z)**2): the gate, plus z times the slope of the gate.",
            line="The gate is Phi(z), its slope is phi(z).",
        ),
        code="def gelu_prime(z):\n    return Phi(z) + z * phi(z)",
        solution="D(z*P) = P + z*p",
    ),
    FormulaExercise(
        "glu_db",
        lesson=8,
        prompt="Derivative of the gate a*sigmoid(b) with respect to b. sigmoid is given.",
        of=("a*g", "a*sigmoid(b)"),
        forms=("a*g*(1 - g)", "a*exp(-b)/(1 + exp(-b))^2", "a*(g - g^2)"),
        variable="b",
        where={"g": "1/(1 + exp(-b))"},
        swaps=(("z-for-g", {"g": "b"}),),
        places={
            "a": (1.5, -2.0, 0.5, 3.0, -1.0, 2.0, 0.25, -3.0, 1.0, -2.5),
            "b": (1.0, -1.0, 0.0, 2.0, -2.0, 0.5, 3.0, -4.0, 6.0, -6.0),
        },
        hints=Hints(
            where="set a = 0: the output is 0 for every b. What is your slope there?",
            rule="here b moves and a stands still: a constant factor stays.",
            question="does it matter how large the content is when the gate moves a little?",
            neighbour="for a*tanh(b) it is a * (1 - np.tanh(b)**2).",
            line="With g = sigmoid(b): the factor a, times the slope of the sigmoid.",
        ),
        code="def glu_db(a, b):\n    g = sigmoid(b)\n    return a * g * (1 - g)",
        solution="a is a constant factor, the sigmoid has slope g*(1 - g).",
    ),
    DerivationExercise(
        "derive_silu",
        lesson=8,
        prompt="Derive d/dz z*g with g = 1/(1 + e^-z); end with z and g alone (f = z*g may be used).",
        of=("z*g", "z*sigmoid(z)", "z/(1 + exp(-z))"),
        forms=(
            "g + z*g*(1 - g)",
            "g*(1 + z*(1 - g))",
            "f + g*(1 - f)",
            "g + z*exp(-z)/(1 + exp(-z))^2",
        ),
        where={"g": SIGMOID, "f": "z*g"},
        steps=1,
        goals=(
            "g + z*g*(1 - g)",
            "g*(1 + z*(1 - g))",
            "g + z*(g - g^2)",
            "f + g*(1 - f)",
            "g + f*(1 - g)",
        ),
        ends_with=("z", "g", "f"),
        asks="Can it be written with z and g alone?",
        hints=Hints(
            where="the outermost operation is a product.",
            rule="the product rule: slope of the first times the second, plus the first times the slope of the second.",
            question="lesson 1 wrote the slope of g with g alone. How?",
            neighbour="D(z*t) = t + z*(1 - t^2), with t = tanh(z).",
            line="The second line: D(z)*g + z*D(g).",
        ),
        solution="  D(z*g)\n= D(z)*g + z*D(g)       # product rule\n= g + z*g*(1 - g)       # slope of a line, slope of the sigmoid",
    ),
    DerivationExercise(
        "derive_swish_beta",
        lesson=8,
        prompt="Derive d/dz z*s with s = sigmoid(beta z); end with beta, z and s alone.",
        of=("z*sigmoid(beta*z)", "z*s"),
        forms=("s + beta*z*s*(1 - s)", "s*(1 + beta*z*(1 - s))", "beta*f + s*(1 - beta*f)"),
        where={"s": "1/(1 + exp(-beta*z))", "f": "z*s"},
        steps=1,
        goals=("s + beta*z*s*(1 - s)", "s*(1 + beta*z*(1 - s))", "s + beta*z*(s - s^2)"),
        ends_with=("beta", "z", "s"),
        asks="Can it be written with beta, z and s alone?",
        hints=Hints(
            where="the outermost operation is a product; inside the gate stands a second one.",
            rule="product rule; then the slope of the sigmoid with the chain rule.",
            question="by what is the slope of the gate multiplied because β z, and not z, stands inside?",
            neighbour="D(z*tanh(beta*z)) = t + z*(1 - t^2)*D(beta*z), with t = tanh(beta*z).",
            line="The third line: s + z*s*(1 - s)*D(beta*z).",
        ),
        solution="  D(z*sigmoid(beta*z))\n= D(z)*s + z*D(sigmoid(beta*z))      # product rule\n= s + z*s*(1 - s)*D(beta*z)          # slope of the sigmoid, chain rule\n= s + beta*z*s*(1 - s)               # slope of a line",
    ),
    DerivationExercise(
        "derive_gelu",
        lesson=8,
        prompt="Derive d/dz z*P, P the normal distribution function, p its density.",
        of=("z*(1 + erf(z/sqrt(2)))/2", "z*P"),
        forms=("P + z*p", "P + z*exp(-z^2/2)/sqrt(2*pi)", "Phi(z) + z*phi(z)"),
        where={"P": "(1 + erf(z/sqrt(2)))/2", "p": "exp(-z^2/2)/sqrt(2*pi)"},
        relatives=_CLOSE_TO_GELU,
        steps=1,
        goals=("P + z*p", "Phi(z) + z*phi(z)"),
        ends_with=("z", "P", "p"),
        asks="Can it be written with z, P and p alone?",
        hints=Hints(
            where="the outermost operation is a product; what is the slope of P was derived above.",
            rule="the product rule, then the slope of the distribution function.",
            question="which letter stands for the density, and which of the two terms does it belong to?",
            neighbour="D(z*t) = t + z*(1 - t^2), with t = tanh(z): the gate, plus z times the slope of the gate.",
            line="The second line: D(z)*P + z*D(P).",
        ),
        solution="  D(z*P)\n= D(z)*P + z*D(P)    # product rule\n= P + z*p            # the density is the slope of the distribution function",
    ),
    DerivationExercise(
        "derive_mish",
        lesson=8,
        prompt="Derive d/dz z*T with T = tanh(softplus(z)), g = sigmoid(z); end with z, T and g alone.",
        of=("z*tanh(ln(1 + exp(z)))", "z*T"),
        forms=("T + z*(1 - T^2)*g",),
        where={"T": "tanh(ln(1 + exp(z)))", "g": SIGMOID},
        steps=1,
        goals=("T + z*(1 - T^2)*g", "T + z*(1 - T)*(1 + T)*g", "T + g*(z - z*T^2)"),
        ends_with=("z", "T", "g"),
        asks="Can it be written with z, T and g alone?",
        hints=Hints(
            where="from the outside in: a product, a tanh, a logarithm, a sum, an exponential.",
            rule="product rule first; then the chain rule, one shell at a time.",
            question="the slope of tanh(u) is 1 − tanh(u)² times something. And the slope of softplus was which old friend?",
            neighbour="D(z*tanh(z^2)) = T + z*(1 - T^2)*D(z^2), with T = tanh(z^2).",
            line="The third line: T + z*(1 - T^2)*D(ln(1 + exp(z))).",
        ),
        solution="  D(z*T)\n= D(z)*T + z*D(T)                         # product rule\n= T + z*(1 - T^2)*D(ln(1 + exp(z)))       # slope of tanh, chain rule\n= T + z*(1 - T^2)*g                       # slope of softplus",
    ),
    DerivationExercise(
        "derive_swish_db",
        lesson=8,
        prompt="Derive d/dbeta of z*s with s = sigmoid(beta z); D means d/dbeta, z stands still. End with z and s alone.",
        of=("z*sigmoid(beta*z)", "z*s"),
        forms=("z^2*s*(1 - s)", "z*s*(1 - s)*z", "z^2*(s - s^2)"),
        variable="beta",
        where={"s": "1/(1 + exp(-beta*z))"},
        steps=1,
        goals=("z^2*s*(1 - s)", "z^2*(s - s^2)"),
        ends_with=("z", "s"),
        asks="Can it be written with z and s alone?",
        hints=Hints(
            where="β occurs once, inside the gate. What stands in front of the gate does not move.",
            rule="a constant factor stays; slope of the sigmoid, chain rule.",
            question="what is the slope of βz when β moves and z stands still?",
            neighbour="with respect to beta, D(z*tanh(beta*z)) = z*(1 - t^2)*D(beta*z), with t = tanh(beta*z).",
            line="The third line: z*s*(1 - s)*D(beta*z).",
        ),
        solution="""
  D(z*sigmoid(beta*z))
= z*D(sigmoid(beta*z))        # constant factor: z stands still
= z*s*(1 - s)*D(beta*z)       # slope of the sigmoid, chain rule
= z^2*s*(1 - s)               # with respect to beta, the slope of beta*z is z
""",
    ),
    DerivationExercise(
        "derive_mixture_c",
        lesson=8,
        prompt="Derive d/dc of c*u + (1 - c)*v with u = tanh(z), v = relu(z); D means d/dc, z stands still. End with u and v alone.",
        of=("c*tanh(z) + (1 - c)*relu(z)", "c*u + (1 - c)*v"),
        forms=("u - v", "tanh(z) - relu(z)"),
        variable="c",
        where={"u": "tanh(z)", "v": "relu(z)"},
        steps=1,
        goals=("u - v", "tanh(z) - relu(z)", "tanh(z) - max(z, 0)"),
        asks="Can it be written with u and v alone, without brackets?",
        hints=Hints(
            where="c occurs twice, once in each term.",
            rule="sum rule; u and v do not move, so they stay as factors.",
            question="when c grows by 0.01, by how much does the share of v change?",
            neighbour="by c, D(5*c + (1 - c)*2) = 5 - 2.",
            line="The second line: D(c)*u + D(1 - c)*v.",
        ),
        solution="""
  D(c*u + (1 - c)*v)
= D(c)*u + D(1 - c)*v    # sum rule, constant factors
= u - v                  # the shares have slopes 1 and -1
""",
    ),
    ChoiceExercise(
        "q_safe_combination",
        lesson=8,
        prompt="Both u and v have slopes between 0 and 1 everywhere. Take their product, their mixture with c from 0 to 1, and their composition. Which are then certain to have slopes between 0 and 1?",
        answer="mixture and composition",
        options=(
            Option("mixture and composition"),
            Option(
                "all three of them",
                "product-missing-term",
                "Take z for both factors of the product: how steep is z · z at z = 3?",
            ),
            Option(
                "the mixture alone",
                "layer-product-wrong",
                "Which two numbers does the chain rule multiply, and how large can their product be?",
            ),
            Option(
                "product and composition",
                "rule-applied-termwise",
                "In which of these two do slopes meet slopes, and in which do they meet values?",
            ),
            Option(
                "none of the three",
                "tweak-always-helps",
                "Can a mean of two numbers between 0 and 1 lie outside?",
            ),
        ),
        formerly=("the mixture with c from 0 to 1, and the composition",),
        hints=Hints(
            where="write down the slope of each combination before you judge it.",
            rule="product rule, sum rule, chain rule; note what each slope is multiplied by.",
            question="which of the multipliers is certain to lie between 0 and 1?",
            neighbour="for the sum u + v, two slopes of 1 make 2; for u − v, the slope may be negative.",
            line="For each option look for one pair of curves that contradicts it.",
        ),
        solution="The mixture averages slopes, the composition multiplies them: both stay between 0 and 1. The product multiplies slopes by values, which may be large.",
    ),
    ReportExercise(
        "own_activation",
        lesson=8,
        prompt="An activation of your own and its slope, as two functions of an array: (my_activation, my_activation_prime). It must be finite from -30 to 30, bent, and not in the course's table.",
        examine=_own,
        hints=Hints(
            where="begin with the activation; let `compose` read its formula, for it points at places without a value.",
            rule="the steps of the workbench name one rule a line. Derive it on paper first, then compare.",
            question="which parts of your formula hold z, and does each of them appear with its slope in your derivative?",
            neighbour="for z * np.arctan(z) the slope is np.arctan(z) + z / (1 + z**2).",
            line="Take the line of `compose(…).steps` above SymPy's form and write it with np.",
        ),
        solution="There are many. One: z*(1 + z/sqrt(1 + z^2))/2 has the slope (1 + r)/2 + r*(1 - r^2)/2 with r = z/sqrt(1 + z^2).",
    ),
)
