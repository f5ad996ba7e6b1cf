"""Lesson 9: tails on a computer; tweak and measure."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

import numpy as np

from helpers.checking import Exercise, Option

SIGMOID = "1/(1 + exp(-z))"
_G = {"g": "1/(1 + exp(-z))"}


EXERCISES = (
    Exercise(
        "sigmoid_prime_stable",
        lesson=9,
        kind="code",
        prompt="Derivative of the sigmoid, accurate to 1e-9 RELATIVE error for every z in [-800, 800].",
        signature="sigmoid_prime_stable(z)",
        of=(SIGMOID,),
        forms=("exp(-abs(z))/(1 + exp(-abs(z)))^2", "g*(1 - g)"),
        where=_G,
        far=(40.0, -40.0, 20.0, -20.0, 100.0, -100.0, 400.0, -400.0, 700.0, -700.0, 800.0, -800.0),
        rtol=1e-9,
        atol=0.0,
        code="def sigmoid_prime_stable(z):\n    t = np.exp(-np.abs(z))\n    return t / (1 + t) ** 2",
        solution="The slope is even in z, so the exponential of -|z| never overflows and nothing cancels.",
    ),
    Exercise(
        "tanh_prime_stable",
        lesson=9,
        kind="code",
        prompt="Derivative of tanh, accurate to 1e-9 RELATIVE error for every z in [-400, 400].",
        signature="tanh_prime_stable(z)",
        of=("tanh(z)",),
        forms=("4*exp(-2*abs(z))/(1 + exp(-2*abs(z)))^2", "1 - t^2"),
        where={"t": "tanh(z)"},
        far=(25.0, -25.0, 15.0, -15.0, 100.0, -100.0, 200.0, -200.0, 350.0, -350.0, 400.0, -400.0),
        rtol=1e-9,
        atol=0.0,
        code="def tanh_prime_stable(z):\n    t = np.exp(-2 * np.abs(z))\n    return 4 * t / (1 + t) ** 2",
        solution="The slope is even in z, so the exponential of -2|z| never overflows and nothing cancels.",
    ),
    Exercise(
        "softplus_stable",
        lesson=9,
        kind="code",
        prompt="softplus(z)=ln(1+e^z), accurate to 1e-9 RELATIVE error for every z in [-800, 800].",
        signature="softplus_stable(z)",
        reference=lambda z: np.logaddexp(0, z),
        inputs=(([1.0, -1.0, 0.0, 2.0, -2.0, 0.5, -6.0, 6.0],), ([[1.0, -2.0], [0.5, -3.0]],)),
        far=(20.0, -20.0, 40.0, -40.0, 300.0, -300.0, 700.0, -700.0, 800.0, -800.0),
        rtol=1e-9,
        atol=0.0,
        others=(("formula-of-other-activation", lambda z: np.maximum(z, 0)),),
        code="def softplus_stable(z):\n    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))",
        solution="log1p keeps what 1 + a tiny number loses; the exponential of -|z| never overflows.",
    ),
    Exercise(
        "q_tweak_first",
        lesson=9,
        kind="choice",
        prompt="Your ReLU network trains badly. What do you do first?",
        answer="measure dead fraction and per-layer gradients, change one thing, compare over several seeds",
        options=(
            Option(
                "switch to leaky ReLU, it is always better",
                "tweak-always-helps",
                "How would you know that dead units are the trouble?",
            ),
            Option(
                "use the activation with the largest derivative",
                "tweak-always-helps",
                "What happens to a product of many factors above one?",
            ),
            Option(
                "measure dead fraction and per-layer gradients, change one thing, compare over several seeds"
            ),
            Option(
                "change activation, learning rate and depth together",
                "tweak-always-helps",
                "If it then works, which change was it?",
            ),
        ),
        solution="Measure, change one thing, compare over seeds.",
    ),
    Exercise(
        "q_alpha_bigger",
        lesson=9,
        kind="choice",
        prompt="A larger leaky slope sends more gradient through z<0. Is larger therefore always better?",
        answer="the nonlinearity disappears as alpha approaches 1, so there is a trade-off to measure",
        options=(
            Option(
                "yes, more gradient is always better",
                "tweak-always-helps",
                "Follow the rule to its end: which function is left, and what can a stack of it represent?",
            ),
            Option(
                "yes, alpha = 1 is optimal",
                "tweak-always-helps",
                "Draw the activation for that slope. What can a stack of it represent?",
            ),
            Option(
                "the nonlinearity disappears as alpha approaches 1, so there is a trade-off to measure"
            ),
            Option(
                "no, 0.01 is always best",
                "tweak-always-helps",
                "On which data, and with how many seeds, was that measured?",
            ),
        ),
        solution="At alpha = 1 nothing bends any more.",
    ),
    Exercise(
        "q_single_seed",
        lesson=9,
        kind="choice",
        prompt="Activation A beats B by 0.3 points in one run. What follows?",
        answer="that one run cannot tell; compare the difference with the seed-to-seed spread",
        options=(
            Option(
                "A is better",
                "tweak-always-helps",
                "Run it again with another seed: would you bet on the same order?",
            ),
            Option(
                "A is better if the run was long enough",
                "tweak-always-helps",
                "Does a longer run make the other seeds unnecessary?",
            ),
            Option("that one run cannot tell; compare the difference with the seed-to-seed spread"),
            Option(
                "B is worse on this data set",
                "tweak-always-helps",
                "How far apart are two runs of the same activation?",
            ),
        ),
        solution="Compare the difference with the spread between seeds.",
    ),
)
