"""Lesson 3: ReLU."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Callable, Iterator

import numpy as np

from helpers.diagnosis import Branches
from helpers.exercises.concept_exercise import ChoiceExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import WIDE, FormulaExercise
from helpers.exercises.reference_exercise import ReferenceExercise

_STEPS = (1.0, -1.0, 0.5, -0.5, 0.01, -0.01, 1e-3, -1e-3, 2.0, -2.0, 12.5, -12.5)
_PLACES = (
    -3.0,
    -2.0,
    -1.5,
    -1.0,
    -0.75,
    -0.5,
    0.0,
    0.25,
    0.5,
    0.75,
    1.0,
    1.5,
    2.0,
    3.0,
    12.5,
    -12.5,
)


def _relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0)


def _quotient_beliefs() -> Iterator[tuple[str, Callable]]:
    """The quotient with a part of it lost, or with both sides mixed."""
    yield "function-derivative-mixup", lambda h: _relu(h)
    yield "function-derivative-mixup", lambda h: _relu(h) - _relu(-h)
    yield "sign-flipped", lambda h: -_relu(h) / h
    yield "sign-flipped", lambda h: _relu(-h) / h
    yield "branches-swapped", lambda h: -_relu(-h) / h
    for start, end, run in ((-1, 1, 1), (-1, 1, 2), (-1, 0, 1), (0, 1, 2)):
        yield (
            "other-stretch",
            lambda h, a=start, b=end, n=run: (_relu(b * h) - _relu(a * h)) / (n * h),
        )
    yield "other-stretch", lambda h: (_relu(1 + h) - 1) / h
    yield "kink-at-zero", lambda h: np.full(h.shape, 0.5)
    yield "formula-of-other-activation", lambda h: np.sign(h)


def _hat_beliefs() -> Iterator[tuple[str, Callable]]:
    """Slopes for changes of slope, a sign lost among the three bricks, or the slope of the hat."""
    for weights in ((1, -1, 0), (1, -1, -1), (1, -2, 0), (0, 1, -1), (1, 1, -1)):
        yield "slope-for-change", lambda z, c=weights: _bricks(z, c)
    for weights in ((1, -2, -1), (1, 2, 1), (-1, 2, -1), (1, 2, -1)):
        yield "sign-flipped", lambda z, c=weights: _bricks(z, c)
    yield "function-derivative-mixup", lambda z: np.where(np.abs(z) < 1, -np.sign(z), 0)


def _bricks(z: np.ndarray, weights: tuple[int, int, int]) -> np.ndarray:
    return np.sum([c * _relu(z - b) for c, b in zip(weights, (-1, 0, 1), strict=True)], axis=0)


EXERCISES = (
    ReferenceExercise(
        "relu_quotient",
        lesson=3,
        prompt="Return the difference quotient of ReLU at 0 for every step h: what ReLU climbs from 0 to h, for each unit of h.",
        reference=lambda h: np.where(h > 0, 1.0, 0.0),
        inputs=((_STEPS,),),
        others=tuple(_quotient_beliefs()),
        asks="From where to where do you climb, how much is that, and how long is the way?",
        hints=Hints(
            where="the two places are 0 and 0 + h. Write down what ReLU gives at each of them.",
            rule="rise over run. The rise is a difference of two values, the run is the step.",
            question="take h = −0.5. What is the rise, what is the run, and what is one over the other?",
            neighbour="for the square at 3 it is `((3 + h) ** 2 - 3**2) / h`.",
            line="The value at 0 + h, minus the value at 0, over h; np.maximum compares with 0 entry by entry.",
        ),
        code="def relu_quotient(h):\n    return (np.maximum(0 + h, 0) - np.maximum(0, 0)) / h",
        solution="For h > 0 it is h/h = 1, for h < 0 it is 0/h = 0.",
    ),
    ChoiceExercise(
        "q_relu_zero",
        lesson=3,
        prompt="What is ReLU'(0)?",
        answer="interval",
        formerly=(
            "it does not exist; any value in [0,1] is a valid subgradient and software picks one (usually 0)",
        ),
        options=(
            Option("interval: no derivative exists; programs choose from [0, 1]"),
            Option(
                "average: the mean of both sides, 0.5, is the derivative",
                "kink-at-zero",
                "Compute the difference quotient from the left and from the right: do they meet?",
            ),
            Option(
                "one: the slope on the right decides, so it is exactly 1",
                "kink-at-zero",
                "Come from the left with a difference quotient: what do you get?",
            ),
            Option(
                "zero: the value there is 0, so the derivative is 0 as well",
                "kink-at-zero",
                "Come from the right with a difference quotient: what do you get?",
            ),
            Option(
                "infinity: the curve turns at once, so it is infinitely steep",
                "kink-at-zero",
                "How steep are the two lines that meet there?",
            ),
        ),
        hints=Hints(
            where="at the corner itself, not beside it.",
            rule="a derivative is one number that the difference quotient approaches from both sides.",
            question="which number does the quotient have for every h > 0, and which for every h < 0?",
            neighbour="|z| at 0 has the quotients −1 and 1.",
            line="Set your two quotients side by side. Is there one number that both approach? And which lines through the corner stay below the curve?",
        ),
        solution="The one-sided slopes are 0 and 1; every line between them supports the curve.",
    ),
    FormulaExercise(
        "relu",
        lesson=3,
        prompt="Return ReLU of every entry of z.",
        of=(Branches("0", "z"),),
        forms=(Branches("0", "z"),),
        places={"z": WIDE},
        asks_value=True,
        asks="Which entries should come through unchanged, and what becomes of the others?",
        hints=Hints(
            where="put in z = [−2, 0, 3] and compare with the picture, entry by entry.",
            rule="of two numbers, z and 0, the larger one; for every entry on its own.",
            question="`max(z, 0)` asks whether z is larger than 0. What is the answer when z holds three numbers?",
            neighbour="to cut every entry at 5 from above one writes `np.minimum(z, 5)`.",
            line="NumPy's comparison of two arrays, entry by entry, is np.maximum; its partner here is 0.",
        ),
        code="def relu(z):\n    return np.maximum(z, 0)",
        solution="z where z is positive, 0 elsewhere.",
    ),
    FormulaExercise(
        "relu_prime",
        lesson=3,
        prompt="Return the derivative of ReLU; at the kink use the course convention g'(0)=0.",
        of=(Branches("0", "z"),),
        forms=(Branches("0", "1"),),
        places={"z": WIDE},
        kink=("0", "1"),
        asks="How steep is each of the two straight lines, and which of them decides at 0?",
        hints=Hints(
            where="there are three cases: left of 0, right of 0, and 0 itself.",
            rule="the slope of a straight line is one number, the same at z = 1 and at z = 4.",
            question="what does your function return at z = 0, and is it a number, or True and False?",
            neighbour="5 above the height 2 and 1 elsewhere is `np.where(z > 2, 5.0, 1.0)`; at 2 itself that gives 1.",
            line="np.where with the condition z > 0, then the slope on the right, then the slope elsewhere.",
        ),
        code="def relu_prime(z):\n    return np.where(z > 0, 1.0, 0.0)",
        solution="Slope 1 right of 0, slope 0 left of it and, by convention, at it.",
    ),
    DerivationExercise(
        "derive_relu_stack",
        lesson=3,
        prompt="A linear unit, ReLU, another linear unit: derive d/dz (v*relu(w*z + b) + c), line by line; end with a product.",
        of=("v*relu(w*z + b) + c",),
        forms=("v*w*step(w*z + b)",),
        steps=1,
        goals=("v*w*step(w*z + b)",),
        asks="Can it be written as a product of three, two letters and one step, with no D left?",
        given="  D(v*relu(w*z + b) + c)\n= …",
        believed=tuple(
            Believed(
                line,
                "linear-collapse",
                f"That is the slope where the unit is {state}. How much gets through where w z + b is {sign}?",
            )
            for line, state, sign in (("v*w", "on", "negative"), ("0", "off", "positive"))
        ),
        hints=Hints(
            where="from the outside in. First a sum, then a constant factor, then ReLU, then a line.",
            rule="the slope of ReLU is step, taken at what stands inside; the chain rule adds the slope of the inside.",
            question="take w = 2 and b = 1. What does the unit pass on at z = 3, and what at z = −3?",
            neighbour="D(5*tanh(3*z + 1) + 2) = 5*(1 - tanh(3*z + 1)^2)*D(3*z + 1) = 15*(1 - tanh(3*z + 1)^2).",
            line="The second line: v*D(relu(w*z + b)) + 0.",
        ),
        solution="""
  D(v*relu(w*z + b) + c)
= v*D(relu(w*z + b)) + 0              # sum, constant factor, constant rule
= v*step(w*z + b) * D(w*z + b)        # slope of ReLU, chain rule
= v*w*step(w*z + b)                   # slope of a line
""",
    ),
    ChoiceExercise(
        "q_linear_stack",
        lesson=3,
        prompt="Two linear layers with NO activation between them can represent the same functions as ...",
        answer="one linear layer",
        options=(
            Option("one linear layer"),
            Option(
                "a quadratic function",
                "linear-collapse",
                "Put 2z + 1 into 3z − 4: does a square appear?",
            ),
            Option(
                "more than one linear layer",
                "linear-collapse",
                "Multiply the two weight matrices: what kind of thing is the product?",
            ),
            Option(
                "any continuous function",
                "linear-collapse",
                "How would you bend a line without a bend between the layers?",
            ),
            Option(
                "a layer that bends once",
                "linear-collapse",
                "Take 3·(2z + 1) − 4: at which z does its slope change?",
            ),
        ),
        hints=Hints(
            where="look at what goes from the first layer into the second. Nothing bends it.",
            rule="put one formula into the other and multiply out.",
            question="in 3·(2z + 1) − 4, what do you get when the bracket is multiplied out?",
            neighbour="two rotations of a picture, one after the other. What kind of movement is the result?",
            line="(x W + b) V + c, multiplied out, is x (W V) + (b V + c). Which kind of layer is that?",
        ),
        solution="A product of matrices is a matrix. (If the layer between is narrower than both ends, even fewer functions are left.)",
    ),
    ChoiceExercise(
        "q_relu_linear",
        lesson=3,
        prompt="ReLU consists of two straight lines. Is a stack of ReLU layers therefore linear?",
        answer="need not",
        options=(
            Option("need not: its slope may change wherever some unit switches"),
            Option(
                "pieces: yes, because each of the pieces is linear by itself",
                "linear-collapse",
                "Add what it gives at 1 and at −1. What does it give at their sum?",
            ),
            Option(
                "constant: yes, because the slope of a straight line is constant",
                "linear-collapse",
                "Walk from −1 to 1: is the slope the same all the way?",
            ),
            Option(
                "no biases: yes, as long as all of its biases are exactly 0",
                "linear-collapse",
                "Without biases, what comes out at 1 and at −1, and what would a line do?",
            ),
            Option(
                "never: whatever its weights, it cannot be a straight line",
                "linear-collapse",
                "What is relu(z) − relu(−z)?",
            ),
        ),
        hints=Hints(
            where="a single unit already decides it. Look at both sides of 0 at once.",
            rule="the middle of two places on a line lies half-way between their heights.",
            question="what does ReLU give at 1, at −1, and half-way between them?",
            neighbour="|z| is made of two straight lines as well. Its heights at −1 and 1 are 1. And in the middle?",
            line="Compare f(1) + f(−1) with twice f(0), for f = ReLU.",
        ),
        solution="relu(1) + relu(−1) = 1, but twice relu(0) is 0.",
    ),
    DerivationExercise(
        "derive_abs_relu",
        lesson=3,
        prompt="Derive the slope of relu(z) + relu(-z) for z other than 0, line by line; end with step alone.",
        of=("relu(z) + relu(-z)", "abs(z)"),
        forms=("step(z) - step(-z)", "2*step(z) - 1", "z/abs(z)"),
        steps=1,
        goals=(
            "step(z) - step(-z)",
            "2*step(z) - 1",
            "1 - 2*step(-z)",
            "z/abs(z)",
            "abs(z)/z",
        ),
        asks="Can it be written with step alone?",
        given="  D(relu(z) + relu(-z))\n= …",
        hints=Hints(
            where="the two ReLUs are added, so each can be taken by itself. The second one holds more than z.",
            rule="sum rule, then step for the slope of ReLU; for the second one the chain rule as well.",
            question="|z| falls left of 0. Which of the two terms is at work there, and which sign must it have?",
            neighbour="D(relu(3 - 2*z)) = step(3 - 2*z)*D(3 - 2*z) = -2*step(3 - 2*z).",
            line="The third line: step(z) + step(-z)*D(-z).",
        ),
        solution="""
  D(relu(z) + relu(-z))
= D(relu(z)) + D(relu(-z))      # sum rule
= step(z) + step(-z) * D(-z)    # slope of ReLU, chain rule
= step(z) - step(-z)            # slope of -z
""",
    ),
    ReferenceExercise(
        "hat",
        lesson=3,
        prompt="Build the hat from three ReLUs: 0 up to z = −1, straight up to 1 at z = 0, straight down to 0 at z = 1, 0 beyond.",
        reference=lambda z: np.maximum(0, 1 - np.abs(z)),
        inputs=((_PLACES,),),
        others=tuple(_hat_beliefs()),
        asks="How steep are your three bricks together on each of the four stretches, and how steep should they be?",
        hints=Hints(
            where="mark the three places at which the hat changes its direction. At each of them stands one ReLU.",
            rule="the factor of a ReLU is by how much the slope changes at its knot.",
            question="left of 0 the hat climbs by 1 for each unit, right of 0 it falls by 1. How large is the change?",
            neighbour="a ramp from 0 at z = 2 to 3 at z = 5, flat before and after, is `relu(z - 2) - relu(z - 5)`.",
            line="Write the four slopes in a row, 0, 1, −1, 0. Their three changes are the factors of relu(z + 1), relu(z) and relu(z - 1).",
        ),
        code="def hat(z):\n    return relu(z + 1) - 2 * relu(z) + relu(z - 1)",
        solution="The slopes are 0, 1, −1, 0; they change by 1, −2 and 1 at −1, 0 and 1.",
    ),
    ChoiceExercise(
        "q_note_relu",
        lesson=3,
        prompt="Which of these repairs the note's lines on ReLU?",
        answer="convention",
        options=(
            Option(
                "convention: 1 for z > 0, 0 for z < 0, at 0 a choice from [0, 1]; dead is off on every training input"
            ),
            Option(
                "closed: 1 for z > 0, 0 for z <= 0, since the curve is flat there; dead is off on one training input",
                "inactive-vs-dead",
                "z belongs to one input. What does the unit do on the other inputs, and what does the curve do at 0?",
            ),
            Option(
                "middle: 1 for z > 0, 0 for z < 0, and exactly 1/2 at 0; dead is off on every one of the training inputs",
                "kink-at-zero",
                "Compute the difference quotient at 0 with h = 1 and with h = −1: does either give that number?",
            ),
            Option(
                "stop: 1 for z > 0, 0 for z < 0, none at 0, so a program must stop; dead is off on most training inputs",
                "kink-at-zero",
                "Which numbers did the programs return at 0? And what does a unit learn from the few inputs that are left?",
            ),
            Option(
                "half: 1 for z > 0, 0 for z < 0, at 0 a choice from [0, 1]; dead is off on half of the training inputs",
                "inactive-vs-dead",
                "How large a share of the inputs switched a unit off in the network that read almost every digit?",
            ),
        ),
        hints=Hints(
            where="two things need repair: what is said of 0, and what is said of dead units.",
            rule="at a kink there is a whole interval of slopes; and a unit is judged by all inputs, not by one.",
            question="how many inputs with z > 0 does a unit need in order to learn something?",
            neighbour="a shop is closed at night. How long must it stay closed until you call it out of business?",
            line="Go through the options and ask of each: is 0 a place without a slope in it, and over which inputs does its last half run?",
        ),
        solution="At 0 there is no derivative but a convention; inactive on one input is not dead.",
    ),
)
