"""Lesson 3: ReLU."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.checking import Exercise, Option
from helpers.misconceptions import Branches

EXERCISES = (
    Exercise(
        "relu",
        lesson=3,
        kind="code",
        prompt="Return ReLU of every entry of z.",
        signature="relu(z)",
        of=(Branches("0", "z"),),
        forms=(Branches("0", "z"),),
        asks_value=True,
        code="def relu(z):\n    return np.maximum(0, z)",
        solution="z where z is positive, 0 elsewhere.",
    ),
    Exercise(
        "relu_prime",
        lesson=3,
        kind="code",
        prompt="Return the derivative of ReLU; at the kink use the course convention g'(0)=0.",
        signature="relu_prime(z)",
        of=(Branches("0", "z"),),
        forms=(Branches("0", "1"),),
        kink=("0", "1"),
        code="def relu_prime(z):\n    return np.where(z > 0, 1.0, 0.0)",
        solution="Slope 1 right of 0, slope 0 left of it and, by convention, at it.",
    ),
    Exercise(
        "q_relu_zero",
        lesson=3,
        kind="choice",
        prompt="What is ReLU'(0)?",
        answer="it does not exist; any value in [0,1] is a valid subgradient and software picks one (usually 0)",
        options=(
            Option(
                "0.5, the average of both sides, is the derivative",
                "kink-at-zero",
                "Compute the difference quotient from the left and from the right: do they meet?",
            ),
            Option(
                "1",
                "kink-at-zero",
                "Come from the left with a difference quotient: what do you get?",
            ),
            Option(
                "0, because the value there is 0",
                "kink-at-zero",
                "Come from the right with a difference quotient: what do you get?",
            ),
            Option(
                "it does not exist; any value in [0,1] is a valid subgradient and software picks one (usually 0)"
            ),
            Option(
                "infinity, because the curve has a corner",
                "kink-at-zero",
                "How steep are the two lines that meet there?",
            ),
        ),
        solution="The one-sided slopes are 0 and 1; every line between them supports the curve.",
    ),
    Exercise(
        "q_relu_linear",
        lesson=3,
        kind="choice",
        prompt="ReLU consists of two straight lines. Is a stack of ReLU layers therefore linear?",
        answer="no: it is linear on each side of 0 only, and the switch at 0 makes the stack nonlinear",
        options=(
            Option(
                "yes, because each piece is linear",
                "linear-collapse",
                "Add what it gives at 1 and at −1. What does it give at their sum?",
            ),
            Option(
                "yes, because the slope is constant",
                "linear-collapse",
                "Walk from −1 to 1: is the slope the same all the way?",
            ),
            Option(
                "no: it is linear on each side of 0 only, and the switch at 0 makes the stack nonlinear"
            ),
            Option(
                "yes, if the biases are 0",
                "linear-collapse",
                "Without biases, what comes out at 1 and at −1, and what would a line do?",
            ),
        ),
        solution="relu(1) + relu(−1) = 1, but relu(1 − 1) = 0.",
    ),
    Exercise(
        "q_linear_stack",
        lesson=3,
        kind="choice",
        prompt="Two linear layers with NO activation between them can represent the same functions as ...",
        answer="one linear layer",
        options=(
            Option(
                "a quadratic function",
                "linear-collapse",
                "Put 2z + 1 into 3z − 4: does a square appear?",
            ),
            Option(
                "more functions than one linear layer",
                "linear-collapse",
                "Multiply the two weight matrices: what kind of thing is the product?",
            ),
            Option("one linear layer"),
            Option(
                "any continuous function, if they are wide enough",
                "linear-collapse",
                "How would you bend a line without a bend between the layers?",
            ),
        ),
        solution="A product of matrices is a matrix.",
    ),
)
