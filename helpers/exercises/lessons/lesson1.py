"""Lesson 1: the sigmoid."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.exercises.concept_exercise import NumberExercise
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import FormulaExercise

SIGMOID = "1/(1 + exp(-z))"
_G = {"g": "1/(1 + exp(-z))"}


EXERCISES = (
    FormulaExercise(
        "sigmoid",
        lesson=1,
        prompt="Return the sigmoid of every entry of z.",
        of=(SIGMOID,),
        forms=(SIGMOID, "exp(z)/(1 + exp(z))", "(1 + exp(-z))^-1"),
        asks_value=True,
        hints=Hints(
            where="put in z = 2 by hand and compare with your function.",
            rule="brackets first, then powers, then products and fractions, then sums.",
            question="for a large z, what should be left of e to the −z, and what of the whole?",
            neighbour="1/(2 + x²) is written `1 / (2 + x**2)`; without the brackets it is 1/2 + x².",
            line="One over: one plus the exponential of minus z. NumPy's exponential is np.exp.",
        ),
        solution="Everything under the fraction bar goes into one pair of brackets.",
        code="def sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
    ),
    FormulaExercise(
        "sigmoid_prime",
        lesson=1,
        prompt="Return the derivative of the sigmoid at every entry of z.",
        of=(SIGMOID, "(1 + exp(-z))^-1", "sigmoid(z)"),
        forms=(
            "g*(1 - g)",
            "exp(-z)/(1 + exp(-z))^2",
            "exp(-z)*(1 + exp(-z))^-2",
            "g - g^2",
            "sigmoid(z)*(1 - sigmoid(z))",
            "exp(-z)*g^2",
        ),
        where=_G,
        hints=Hints(
            where="compare your function with the slope in the picture at z = 0, then at z = 3.",
            rule="the derivative is written with the output of the sigmoid, not with its input.",
            question="on both plateaus the curve is flat. What does your function return at z = 6?",
            neighbour="for tanh with t = tanh(z) the slope is 1 − t², so one first computes t.",
            line="First compute the sigmoid; then multiply it by one minus itself.",
        ),
        solution="""
  D(1/(1 + exp(-z)))
= D((1 + exp(-z))^-1)                    # write the fraction as a power
= -(1 + exp(-z))^-2 * D(1 + exp(-z))     # power rule and chain rule
= -(1 + exp(-z))^-2 * (-exp(-z))         # sum rule, exponential, slope of a line
= exp(-z)/(1 + exp(-z))^2                # the two signs cancel
= g*(1 - g)                              # with the value
""",
        code="def sigmoid_prime(z):\n    g = 1 / (1 + np.exp(-z))\n    return g * (1 - g)",
    ),
    FormulaExercise(
        "sigmoid_prime_from_output",
        lesson=1,
        prompt="Given g = sigmoid(z) (already computed!), return the derivative dg/dz in terms of g.",
        of=("g",),
        forms=("g*(1 - g)", "g - g^2"),
        swaps=(
            ("z-for-g", {"g": "ln(g/(1 - g))"}),
            ("activation-applied-twice", {"g": "sigmoid(g)"}),
        ),
        variable="g",
        places={"g": (0.8, 0.2, 0.5, 0.9, 0.1, 0.6, 0.99, 0.05, 0.999, 0.001)},
        hints=Hints(
            where="what arrives is the height of the curve, a number between 0 and 1.",
            rule="checkpoint B of the derivation.",
            question="near the plateaus, at g = 0.99, should the slope be large or small?",
            neighbour="for tanh the slope from the output t is 1 − t²; no exponential is needed.",
            line="The output times one minus the output.",
        ),
        solution="exp(-z)/(1 + exp(-z))^2 = g*(1 - g)",
        code="def sigmoid_prime_from_output(g):\n    return g * (1 - g)",
    ),
    FormulaExercise(
        "sigmoid_beta_prime",
        lesson=1,
        prompt="Derivative with respect to z of sigmoid(beta*z).",
        of=("1/(1 + exp(-beta*z))", "sigmoid(beta*z)"),
        forms=("beta*s*(1 - s)", "beta*exp(-beta*z)/(1 + exp(-beta*z))^2", "beta*(s - s^2)"),
        where={"s": "1/(1 + exp(-beta*z))"},
        parameters={"beta": (0.5, 2.0, 1.5, 1.0, -1.0)},
        hints=Hints(
            where="take beta = 2 and compare the slope at z = 0 with the plain sigmoid's.",
            rule="the chain rule; the inner function is beta times z.",
            question="a curve squeezed to half its width climbs the same height. How much steeper is it?",
            neighbour="the slope of sin(3x) is cos(3x) times 3.",
            line="The sigmoid's slope at beta z, times the slope of beta z.",
        ),
        solution="D(sigmoid(beta*z)) = s*(1 - s)*D(beta*z) = beta*s*(1 - s)",
        code="def sigmoid_beta_prime(z, beta):\n    s = 1 / (1 + np.exp(-beta * z))\n    return beta * s * (1 - s)",
    ),
    DerivationExercise(
        "derive_sigmoid",
        lesson=1,
        prompt="Derive d/dz 1/(1 + e^-z), line by line; end with g alone, where g = 1/(1 + e^-z).",
        of=(SIGMOID, "(1 + exp(-z))^-1", "g"),
        forms=(
            "exp(-z)/(1 + exp(-z))^2",
            "g*(1 - g)",
            "g - g^2",
            "1/(1 + exp(-z))*(1 - 1/(1 + exp(-z)))",
            "(1 + exp(-z))^-2*exp(-z)",
            "exp(-z)*(1 + exp(-z))^-2",
        ),
        where=_G,
        steps=1,
        goals=("g*(1 - g)",),
        ends_with=("g",),
        asks="Can it be written with g alone?",
        hints=Hints(
            where="the outermost operation is a division, or a power −1. Begin there.",
            rule="the power rule and the chain rule; later add and subtract 1 in the numerator.",
            question="two minus signs appear on the way. The curve rises everywhere, so what must become of them?",
            neighbour="D((3 + exp(2z))^-1) = -(3 + exp(2z))^-2 * D(3 + exp(2z)) = -(3 + exp(2z))^-2 * exp(2z)*2.",
            line="The second line: D((1 + exp(-z))^-1) = -(1 + exp(-z))^-2 * D(1 + exp(-z)).",
        ),
        solution="""
  D(1/(1 + exp(-z)))
= D((1 + exp(-z))^-1)                                  # write the fraction as a power
= -(1 + exp(-z))^-2 * D(1 + exp(-z))                   # power rule and chain rule
= -(1 + exp(-z))^-2 * exp(-z) * D(-z)                  # sum rule, exponential, chain rule
= exp(-z)/(1 + exp(-z))^2                              # the two signs cancel
= 1/(1 + exp(-z)) * exp(-z)/(1 + exp(-z))              # split the square
= 1/(1 + exp(-z)) * (1 + exp(-z) - 1)/(1 + exp(-z))    # add and subtract 1
= 1/(1 + exp(-z)) * (1 - 1/(1 + exp(-z)))              # split the fraction
= g*(1 - g)                                            # recognise g
""",
    ),
    DerivationExercise(
        "derive_sigmoid_quotient",
        lesson=1,
        prompt="The same slope by the quotient rule, with u = 1 and v = 1 + e^-z: fill in lines 3 and 4.",
        of=(SIGMOID,),
        forms=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)", "(0 - (-exp(-z)))/(1 + exp(-z))^2"),
        where=_G,
        steps=2,
        goals=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)"),
        asks="Can the numerator be written without any brackets or signs?",
        given="""
  D(1/(1 + exp(-z)))
= (D(1)*(1 + exp(-z)) - 1*D(1 + exp(-z)))/(1 + exp(-z))^2    # quotient rule
= …                                                          # slope of a constant, sum rule
= …                                                          # exponential and chain rule
= exp(-z)/(1 + exp(-z))^2                                    # tidy up
""",
        hints=Hints(
            where="line 3 carries out D(1) and splits D(1 + exp(-z)); line 4 carries out what is left.",
            rule="a constant has slope 0; a sum is differentiated term by term; then the chain rule.",
            question="the numerator of the quotient rule has a minus. With the inner minus of e to the −z, which sign results?",
            neighbour="(D(1)*(2 + z^2) - 1*D(2 + z^2))/(2 + z^2)^2 = (0 - 2z)/(2 + z^2)^2.",
            line="Line 3: (0*(1 + exp(-z)) - 1*(0 + D(exp(-z))))/(1 + exp(-z))^2.",
        ),
        solution="""
  D(1/(1 + exp(-z)))
= (D(1)*(1 + exp(-z)) - 1*D(1 + exp(-z)))/(1 + exp(-z))^2    # quotient rule
= (0*(1 + exp(-z)) - 1*(0 + D(exp(-z))))/(1 + exp(-z))^2     # slope of a constant, sum rule
= (0 - 1*(-exp(-z)))/(1 + exp(-z))^2                         # exponential and chain rule
= exp(-z)/(1 + exp(-z))^2                                    # tidy up
""",
    ),
    NumberExercise(
        "q_sigmoid_max_where",
        lesson=1,
        prompt="At which z is the slope of the sigmoid largest?",
        answer="0",
        rtol=0.01,
        asks="Move along the curve there: does the tangent get steeper in one of the two directions? Go that way.",
        believed=(
            Believed(
                "1",
                "slope-vs-output",
                "Compare the tangent there with the one a little further left: which is steeper?",
            ),
            Believed(
                "infinity",
                "slope-vs-output",
                "That far out the curve is highest. Is it steep there, or flat?",
            ),
            Believed(
                "-infinity",
                "slope-vs-output",
                "That far out nothing moves. Is the curve steep there, or flat?",
            ),
            Believed(
                "1/2",
                "slope-vs-output",
                "That number is a height in the middle of the curve. Which z belongs to it?",
            ),
            Believed(
                "1/4",
                "slope-vs-output",
                "That number is a steepness. The question is where: which z belongs to it?",
            ),
        ),
        hints=Hints(
            where="look at the orange curve, the slope, and find its top.",
            rule="a product of two numbers that add up to 1 is largest when they are equal.",
            question="the slope is the same at z and −z. Where can the only top of such a curve be?",
            neighbour="t(3 − t) is largest at t = 3/2, half-way between its two zeros.",
            line="For which z are g and 1 − g equal?",
        ),
        solution="g(1 − g) is largest where g = 1/2, that is at z = 0.",
    ),
)
