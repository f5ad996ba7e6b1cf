"""Lesson 7: softplus, ELU, SELU."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.checking import Exercise, Option
from helpers.misconceptions import Branches

SIGMOID = "1/(1 + exp(-z))"
_G = {"g": "1/(1 + exp(-z))"}


EXERCISES = (
    Exercise(
        "softplus_prime",
        lesson=7,
        kind="code",
        prompt="Derivative of softplus(z)=ln(1+e^z).",
        signature="softplus_prime(z)",
        of=("ln(1 + exp(z))",),
        forms=("exp(z)/(1 + exp(z))", SIGMOID, "1 - 1/(1 + exp(z))"),
        code="def softplus_prime(z):\n    return 1 / (1 + np.exp(-z))",
        solution="D(ln(1 + exp(z))) = exp(z)/(1 + exp(z)) = 1/(1 + exp(-z))",
    ),
    Exercise(
        "elu_prime",
        lesson=7,
        kind="code",
        prompt="Derivative of ELU with respect to z; convention at 0: the left value alpha.",
        signature="elu_prime(z, alpha)",
        of=(Branches("alpha*(exp(z) - 1)", "z"),),
        forms=(Branches("alpha*exp(z)", "1"),),
        parameters={"alpha": (0.5, 1.5, 2.0)},
        kink=("alpha", "1"),
        far=(800.0, 30.0, -30.0, -800.0, 0.0),
        code="def elu_prime(z, alpha):\n    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
        solution="Right of 0 the slope is 1, left of it alpha times the exponential.",
    ),
    Exercise(
        "derive_softplus",
        lesson=7,
        kind="derivation",
        prompt="Derive d/dz ln(1 + e^z); end with g = 1/(1 + e^-z).",
        of=("ln(1 + exp(z))",),
        forms=("exp(z)/(1 + exp(z))", "1/(1 + exp(-z))", "g"),
        where=_G,
        goals=("g",),
        asks="Which known function of z is that? Write it with its letter.",
        solution="""
  D(ln(1 + exp(z)))
= 1/(1 + exp(z)) * D(1 + exp(z))    # logarithm, chain rule
= exp(z)/(1 + exp(z))               # sum rule, exponential
= 1/(1 + exp(-z))                   # divide by exp(z)
= g                                 # recognise g
""",
    ),
    Exercise(
        "derive_elu_neg",
        lesson=7,
        kind="derivation",
        prompt="Derive d/dz alpha*(e^z - 1), the left branch of ELU.",
        of=("alpha*(exp(z) - 1)",),
        forms=("alpha*exp(z)",),
        goals=("alpha*exp(z)",),
        asks="Can it be written more simply?",
        solution="  D(alpha*(exp(z) - 1))\n= alpha*D(exp(z) - 1)      # constant factor\n= alpha*(exp(z) - 0)       # sum rule, exponential\n= alpha*exp(z)             # tidy up",
    ),
    Exercise(
        "q_elu_kink",
        lesson=7,
        kind="choice",
        prompt="For which alpha is ELU differentiable at 0?",
        answer="only for alpha = 1",
        options=(
            Option(
                "for every alpha",
                "kink-at-zero",
                "Compute both one-sided slopes there: one of them contains alpha. When do they meet?",
            ),
            Option(
                "for no alpha",
                "kink-at-zero",
                "Compute both one-sided slopes there and set them equal: is there a solution?",
            ),
            Option(
                "for alpha <= 1",
                "kink-at-zero",
                "Try one half: which slopes do the two sides have there?",
            ),
            Option("only for alpha = 1"),
            Option(
                "only for alpha = 0",
                "kink-at-zero",
                "With that value, which slopes do the two sides have there?",
            ),
        ),
        solution="The left slope is alpha, the right one 1.",
    ),
)
