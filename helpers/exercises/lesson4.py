"""Lesson 4: Leaky ReLU and PReLU."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.checking import Believed, Exercise, Option
from helpers.misconceptions import Branches

_LEAKS = {"negative_slope": (0.2, 1.5, 0.01, 0.0)}


EXERCISES = (
    Exercise(
        "leaky_relu",
        lesson=4,
        kind="code",
        prompt="Return the leaky ReLU for ANY slope alpha >= 0 (slope 1 right of 0, alpha left of 0).",
        signature="leaky_relu(z, negative_slope)",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha*z", "z"),),
        parameters=_LEAKS,
        asks_value=True,
        code="def leaky_relu(z, negative_slope):\n    return np.where(z > 0, z, negative_slope * z)",
        solution="The branch is chosen by the sign of z, not by which line is on top.",
    ),
    Exercise(
        "leaky_relu_prime",
        lesson=4,
        kind="code",
        prompt="Derivative with respect to z for ANY alpha >= 0; at the kink use the course convention g'(0)=alpha.",
        signature="leaky_relu_prime(z, negative_slope)",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha", "1"),),
        parameters=_LEAKS,
        kink=("alpha", "1"),
        code="def leaky_relu_prime(z, negative_slope):\n    return np.where(z > 0, 1.0, negative_slope)",
        solution="Slope 1 right of 0, alpha left of it and, by convention, at it.",
    ),
    Exercise(
        "prelu_grad_a",
        lesson=4,
        kind="code",
        prompt="f(z)=z for z>0 and a*z otherwise. Return the elementwise derivative with respect to a.",
        signature="prelu_grad_a(z, a)",
        of=(Branches("a*z", "z"),),
        forms=(Branches("z", "0"),),
        variable="a",
        parameters={"a": (0.2, 1.5)},
        code="def prelu_grad_a(z, a):\n    return np.where(z > 0, 0.0, z)",
        solution="Right of 0 the letter a does not occur; left of it f is a times z.",
    ),
    Exercise(
        "derive_prelu_a",
        lesson=4,
        kind="derivation",
        prompt="Derive d/da (a*z), the branch z < 0 of PReLU.",
        of=("a*z",),
        forms=("z", "1*z"),
        variable="a",
        goals=("z",),
        asks="Can it be written more simply?",
        solution="  D(a*z)\n= z*D(a)    # z is a constant factor here\n= z         # slope of a line",
    ),
    Exercise(
        "q_leaky_max_valid",
        lesson=4,
        kind="choice",
        prompt="For which alpha does max(alpha*z, z) give the leaky ReLU (slope 1 right, alpha left)?",
        answer="alpha <= 1",
        options=(
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
            Option("alpha <= 1"),
            Option(
                "alpha >= 1",
                "max-needs-alpha-le-1",
                "Draw both lines for a slope of 3: which one is on top on the right?",
            ),
        ),
        solution="For alpha > 1 the line alpha z is on top right of 0.",
    ),
    Exercise(
        "q_leaky_max_value",
        lesson=4,
        kind="number",
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
        solution="Right of 0 the leaky ReLU is the identity.",
    ),
    Exercise(
        "q_leaky_alpha1",
        lesson=4,
        kind="choice",
        prompt="What does a deep network with leaky ReLU and alpha = 1 compute?",
        answer="a linear map",
        options=(
            Option(
                "the same as a ReLU network",
                "linear-collapse",
                "Draw the activation for this slope: where is its kink?",
            ),
            Option(
                "a quadratic function",
                "linear-collapse",
                "Put one straight line into another: does a square appear?",
            ),
            Option("a linear map"),
            Option(
                "anything, if it is deep enough",
                "linear-collapse",
                "What can depth add when nothing bends between the layers?",
            ),
        ),
        solution="With slope 1 on both sides the activation is the identity.",
    ),
)
