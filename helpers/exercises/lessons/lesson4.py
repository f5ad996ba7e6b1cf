"""Lesson 4: Leaky ReLU and PReLU, and the source note repaired."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

import numpy as np

from helpers.diagnosis import Branches
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import WIDE, FormulaExercise
from helpers.exercises.reference_exercise import ReferenceExercise

_LEAKS = {"negative_slope": (0.2, 1.5, 0.01, 0.0)}
_BRANCH = (
    "What does each branch do to z, and for which of your slopes, large or small, is that lost?"
)

EXERCISES = (
    FormulaExercise(
        "leaky_relu",
        lesson=4,
        prompt="Return the leaky ReLU for ANY slope alpha >= 0 (slope 1 right of 0, alpha left of 0).",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha*z", "z"),),
        places={"z": WIDE},
        parameters=_LEAKS,
        asks_value=True,
        asks=_BRANCH,
        hints=Hints(
            where="call your function with the slope 2 and look at z = 3 and at z = −3.",
            rule="the branch is chosen by the sign of the input; only then is something multiplied.",
            question="for which entries should the slope make a difference at all?",
            neighbour="|z| keeps a positive z and turns a negative one round: `np.where(z > 0, z, -z)`.",
            line="Keep z where z > 0, elsewhere take the slope times z; np.where chooses entry by entry.",
        ),
        code="def leaky_relu(z, negative_slope):\n    return np.where(z > 0, z, negative_slope * z)",
        solution="The branch is chosen by the sign of z, not by which line is on top.",
    ),
    FormulaExercise(
        "leaky_relu_prime",
        lesson=4,
        prompt="Derivative with respect to z for ANY slope alpha >= 0; at the kink use the course convention g'(0)=alpha.",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha", "1"),),
        places={"z": WIDE},
        parameters=_LEAKS,
        kink=("alpha", "1"),
        asks="How steep is each branch, and for which of your slopes, large or small, is that lost?",
        hints=Hints(
            where="try z = −3, 0 and 3, once as floats and once as whole numbers.",
            rule="both branches are straight lines, and a straight line has one slope everywhere.",
            question="which of your branches decides about z = 0, and what has the course agreed on there?",
            neighbour="the slope of |z|, with the left value at 0, is `np.where(z > 0, 1.0, -1.0)`.",
            line="One where z > 0, elsewhere the slope that was passed in.",
        ),
        code="def leaky_relu_prime(z, negative_slope):\n    return np.where(z > 0, 1.0, negative_slope)",
        solution="Slope 1 right of 0, alpha left of it and, by convention, at it.",
    ),
    DerivationExercise(
        "derive_leaky_left",
        lesson=4,
        prompt="Derive d/dz (alpha*z), the branch z < 0 of Leaky ReLU.",
        of=("alpha*z",),
        forms=("alpha", "1*alpha"),
        where={"a": "alpha"},
        on="z < 0",
        goals=("alpha", "a"),
        asks="Which derivatives are still to be carried out, and which factors are 1?",
        hints=Hints(
            where="begin with D(alpha*z); one of the two letters does not move.",
            rule="the constant multiple rule.",
            question="z goes up by 1. By how much does the line go up?",
            neighbour="D(beta*z^2) = beta*D(z^2) = beta*2z.",
            line="The second line: alpha*D(z).",
        ),
        solution="  D(alpha*z)\n= alpha*D(z)    # alpha is a constant factor here\n= alpha         # slope of z",
    ),
    FormulaExercise(
        "prelu_grad_a",
        lesson=4,
        prompt="f(z)=z for z>0 and a*z otherwise. Return the elementwise derivative with respect to a.",
        of=(Branches("a*z", "z"),),
        forms=(Branches("z", "0"),),
        variable="a",
        places={"z": WIDE},
        parameters={"a": (0.2, 1.5, -0.5)},
        asks="Only a moves here: by how much does the output move with it, left of 0 and right of 0?",
        hints=Hints(
            where="take z = −2 and z = 2, and change a from 0.2 to 0.3: which of the two outputs moves?",
            rule="a moves and z stands still; one number for each entry, no sum.",
            question="the output is a straight line in a. How steep is that line, and for which z is it flat?",
            neighbour="f = a·z² for z < 0 and 5 otherwise has ∂f/∂a = `np.where(z < 0, z**2, 0.0)`.",
            line="Zero where z > 0; elsewhere what a is multiplied by.",
        ),
        code="def prelu_grad_a(z, a):\n    return np.where(z > 0, 0.0, z)",
        solution="Right of 0 the letter a does not occur; left of it f is a times z. In one word: min(z, 0).",
    ),
    DerivationExercise(
        "derive_prelu_a",
        lesson=4,
        prompt="Derive d/da (a*z), the branch z < 0 of PReLU. D means d/da here.",
        of=("a*z",),
        forms=("z", "1*z"),
        variable="a",
        where={"alpha": "a"},
        on="z < 0",
        goals=("z",),
        steps=1,
        asks="Can it be written more simply?",
        hints=Hints(
            where="begin with D(a*z) and ask which of the two letters moves.",
            rule="the constant multiple rule; here the constant is not the letter that you are used to.",
            question="at z = −3, a goes up by 0.1. By how much does the output change, and in which direction?",
            neighbour="with D for d/da, D(a*sin(x)) = sin(x)*D(a) = sin(x).",
            line="The second line: z*D(a).",
        ),
        solution="  D(a*z)\n= z*D(a)    # z is a constant factor here\n= z         # slope of a line",
    ),
    ChoiceExercise(
        "q_leaky_max_valid",
        lesson=4,
        prompt="For which alpha does max(alpha*z, z) give the leaky ReLU (slope 1 right, alpha left)?",
        answer="alpha <= 1",
        options=(
            Option("alpha <= 1"),
            Option(
                "every alpha > 0",
                "max-needs-alpha-le-1",
                "Take a slope of 2 and put in z = 3: which of the two lines is on top?",
            ),
            Option(
                "only alpha = 0.01",
                "max-needs-alpha-le-1",
                "Try 0.5 at z = −4 and at z = 4: is the larger line the wanted one?",
            ),
            Option(
                "alpha >= 1",
                "max-needs-alpha-le-1",
                "Draw both lines for a slope of 3: which one is on top on the right?",
            ),
            Option(
                "0 < alpha < 1",
                "max-needs-alpha-le-1",
                "Try α = −1: is max(−z, z) the function with slope 1 right and slope −1 left? And α = 1?",
            ),
        ),
        hints=Hints(
            where="on the right the line z has to be on top, on the left the line αz. Look at both sides.",
            rule="the larger of two numbers is the first one exactly when their difference is not negative.",
            question="z − αz is a product of two factors. Which signs must they have, right of 0 and left of 0?",
            neighbour="max(z, 3z) is 3z for z > 0 and z for z < 0: the steeper line is on top on the right.",
            line="Solve (1 − α)z ≥ 0 for a positive z, and (1 − α)z ≤ 0 for a negative one.",
        ),
        solution="z − αz = (1 − α)z has the sign of z, or is 0, exactly when 1 − α ≥ 0. For alpha > 1 the line alpha z is on top right of 0.",
    ),
    NumberExercise(
        "q_leaky_max_value",
        lesson=4,
        prompt="Leaky ReLU with slope alpha = 2 on the left: value at z = 3?",
        answer="3",
        rtol=0.01,
        asks="Which branch does a positive number take, and what does that branch do to it?",
        believed=(
            Believed(
                "6",
                "max-needs-alpha-le-1",
                "That is the left line, continued to the right. Which branch does a positive number take?",
            ),
            Believed(
                "-6",
                "max-needs-alpha-le-1",
                "Is the number positive or negative? Which branch does it take, and does that branch change its sign?",
            ),
            Believed(
                "2",
                "function-derivative-mixup",
                "That is a slope. A value is asked for, and of which branch?",
            ),
            Believed(
                "1",
                "function-derivative-mixup",
                "That is how steep the branch is. How high is it there?",
            ),
            Believed("1.5", "branches-swapped", "Which branch does a positive number take?"),
            Believed("0", "leak-dropped", "Which branch is flat, and is it this one?"),
        ),
        hints=Hints(
            where="the number is right of 0.",
            rule="the sign of z chooses the branch; the size of the lines does not matter.",
            question="which branch contains the letter α, and is it the one on this side?",
            neighbour="with slope 2 on the left, the value at z = −4 is 2 · (−4).",
            line="Right of 0 the function is g(z) = z.",
        ),
        solution="Right of 0 the leaky ReLU is the identity.",
    ),
    ChoiceExercise(
        "q_leaky_alpha1",
        lesson=4,
        prompt="What does a deep network with leaky ReLU and alpha = 1 compute (before the softmax)?",
        answer="a linear map",
        options=(
            Option("a linear map: all its layers together are one"),
            Option(
                "ReLU: the same as a ReLU network of its widths",
                "linear-collapse",
                "Draw the activation for alpha = 1. Where does it bend?",
            ),
            Option(
                "a square: two layers multiply, so z² appears",
                "linear-collapse",
                "Which product of two things that hold z would be needed for a square?",
            ),
            Option(
                "anything: any function, if it is deep enough",
                "linear-collapse",
                "How would you bend a line without a bend between the layers?",
            ),
            Option(
                "two lines: one slope on each side of 0",
                "linear-collapse",
                "Which slope has the activation on the left, and which on the right?",
            ),
        ),
        hints=Hints(
            where="look at the activation's graph for this slope, left and right of 0.",
            rule="put the formula of one layer into the formula of the next and multiply out.",
            question="what happens to the activation between the layers when both of its slopes are equal?",
            neighbour="3(2x + 1) + 4 = 6x + 7: what kind of function was put in, what kind came out?",
            line="Multiply out w₂(w₁x + b₁) + b₂ and read off what stands before x.",
        ),
        solution="With slope 1 on both sides the activation is the identity, and lines put into lines are lines (with their constants: an affine map).",
    ),
    ReferenceExercise(
        "stranger",
        lesson=4,
        prompt="Two straight lines: through (−4, −1) up to the kink at (1, 0.25), then through (4, 3.25). Return the value for every entry of z.",
        reference=lambda z: np.maximum(z / 4, z - 0.75),
        inputs=(((-4.0, -1.5, 0.5, 1.0, 1.5, 4.0, 12.0, -12.0, 0.9, 0.99, 1.1, 1.01, 1e3, -1e3),),),
        others=(
            (
                "formula-of-other-activation",
                lambda z: np.maximum(z / 4, z),
                "Where is the kink in the picture, and where is that of your function?",
            ),
            (
                "formula-of-other-activation",
                lambda z: np.where(z > 1, z, z / 4),
                "How high is the picture at z = 4? Do your two lines meet at the kink?",
            ),
            (
                "branches-swapped",
                lambda z: np.minimum(z / 4, z - 0.75),
                "Which of the two lines is higher at z = 4, and which one does the picture show?",
            ),
            (
                "sign-flipped",
                lambda z: np.maximum(z / 4, z + 0.75),
                "Where would the right line meet the axis, if it went on?",
            ),
            (
                "function-derivative-mixup",
                lambda z: np.where(z > 1, 1, 0.25),
                "Is the picture's height asked for, or its steepness?",
            ),
        ),
        asks="Put z = −4, 1 and 4 into your function, and then one place further out on each side: do the marked heights come out, and do the two lines go on?",
        hints=Hints(
            where="take the two lines one at a time; each has two marked points.",
            rule="a line through two points: its slope is rise over run, then one of the points fixes its height.",
            question="which of your two lines is the higher one left of the kink, and which right of it?",
            neighbour="the lines z/2 and 2z − 3 meet at z = 2; the upper one of both is max(z/2, 2z − 3).",
            line="On the left the slope is 1.25 over 5, on the right 3 over 3. Which line through (4, 3.25) has that slope?",
        ),
        code="def stranger(z):\n    return np.maximum(z / 4, z - 0.75)",
        solution="z/4 up to the kink, z − 0.75 beyond; of the two the larger is always the right one, for the corner is convex.",
    ),
    NumberExercise(
        "q_stranger_gain",
        lesson=4,
        prompt="An activation has slope 1/4 up to z = 1 and slope 1 beyond. z ~ N(0,1), P(z > 1) = 0.1587. E[g'(z)^2] = ?",
        answer="0.2113",
        rtol=0.003,
        asks="Which two values has the squared slope, and how often is each of them met?",
        believed=(
            Believed(
                "0.369",
                "variance-confusion",
                "That is the mean of the slope. What is asked for is the mean of its square: which comes first?",
            ),
            Believed(
                "0.1362",
                "variance-confusion",
                "That is the square of the mean. Which comes first here: squaring or averaging?",
            ),
            Believed(
                "0.5313",
                "formula-of-other-activation",
                "That is right for a kink at 0. How often is z above 1?",
            ),
            Believed(
                "0.8512",
                "branches-swapped",
                "Which slope belongs to the rare inputs, those above 1?",
            ),
        ),
        hints=Hints(
            where="only two slopes occur. Write each of them squared, with its probability beside it.",
            rule="a mean is the sum of value times probability.",
            question="with which probability is z at most 1?",
            neighbour="for Leaky ReLU with slope 0.1, E[g′²] = 0.5 · 1 + 0.5 · 0.01 = 0.505.",
            line="0.1587 · 1² + 0.8413 · (1/4)².",
        ),
        solution="0.1587 + 0.8413/16 = 0.2113.",
    ),
    ChoiceExercise(
        "q_leak_plan",
        lesson=4,
        prompt="You believe that a leak of 0.1 helps deep networks on images. Which plan can tell you whether you are right?",
        answer="pairs",
        options=(
            Option("pairs: ReLU and leak from the same twelve seeds, test set once"),
            Option(
                "tuned: try many leaks, and compare the best one with ReLU",
                "tweak-always-helps",
                "Among many settings of equal worth, how good is the luckiest?",
            ),
            Option(
                "pooled: twelve runs of each with seeds and epochs of their own",
                "tweak-always-helps",
                "If the leak trained longer as well, what did the difference come from?",
            ),
            Option(
                "one long run: ReLU and leak once each, ten times as many epochs",
                "tweak-always-helps",
                "How far apart are two runs of the same activation with other seeds?",
            ),
            Option(
                "gradients: the leak lets more through, which settles the matter",
                "layer-product-wrong",
                "Which of the tables above shows a larger leak that reads fewer points right?",
            ),
        ),
        hints=Hints(
            where="look for what differs between the two groups, apart from the leak.",
            rule="one change, paired seeds, the choice made on other data than the verdict.",
            question="for each plan: suppose the leak does nothing. Could the plan still report a gain?",
            neighbour="a new kind of wheat is tried on one half of each field, not on the sunny fields alone.",
            line="Cross out each plan in which something besides the leak may make the difference.",
        ),
        solution="Only there is the leak the one thing that differs, run by run.",
    ),
)
