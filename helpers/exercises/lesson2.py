"""Lesson 2: tanh."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.checking import Believed, Exercise, Option

EXERCISES = (
    Exercise(
        "tanh_prime",
        lesson=2,
        kind="code",
        prompt="Return the derivative of tanh at every entry of z.",
        signature="tanh_prime(z)",
        of=(
            "tanh(z)",
            "sinh(z)/cosh(z)",
            "(exp(z) - exp(-z))/(exp(z) + exp(-z))",
            "2*sigmoid(2*z) - 1",
        ),
        forms=(
            "1 - t^2",
            "1/cosh(z)^2",
            "4/(exp(z) + exp(-z))^2",
            "4*s*(1 - s)",
            "(1 - t)*(1 + t)",
            "1 - (sinh(z)/cosh(z))^2",
            "1 - tanh(z)^2",
        ),
        where={"t": "tanh(z)", "s": "sigmoid(2*z)"},
        code="def tanh_prime(z):\n    return 1 - np.tanh(z) ** 2",
        solution="D(sinh(z)/cosh(z)) = (cosh(z)^2 - sinh(z)^2)/cosh(z)^2 = 1 - tanh(z)^2",
    ),
    Exercise(
        "tanh_from_sigmoid",
        lesson=2,
        kind="code",
        prompt="Write tanh(z) using sigmoid only.",
        signature="tanh_from_sigmoid(z)",
        of=("2*sigmoid(2*z) - 1",),
        forms=("2*sigmoid(2*z) - 1", "sigmoid(2*z) - sigmoid(-2*z)"),
        asks_value=True,
        code="def tanh_from_sigmoid(z):\n    return 2 * sigmoid(2 * z) - 1",
        solution="2*sigmoid(2*z) - 1 = (1 - exp(-2*z))/(1 + exp(-2*z)) = tanh(z)",
    ),
    Exercise(
        "derive_tanh",
        lesson=2,
        kind="derivation",
        prompt="Derive d/dz tanh z, line by line; end with t = tanh(z) alone.",
        of=("tanh(z)", "sinh(z)/cosh(z)", "(exp(z) - exp(-z))/(exp(z) + exp(-z))"),
        forms=(
            "1 - t^2",
            "1 - tanh(z)^2",
            "(cosh(z)^2 - sinh(z)^2)/cosh(z)^2",
            "(cosh(z)*cosh(z) - sinh(z)*sinh(z))/cosh(z)^2",
            "1/cosh(z)^2",
            "4/(exp(z) + exp(-z))^2",
            "1 - (sinh(z)/cosh(z))^2",
            "1 - sinh(z)^2/cosh(z)^2",
            "(1 - t)*(1 + t)",
        ),
        where={"t": "tanh(z)"},
        goals=("1 - t^2",),
        asks="Can it be written with t alone?",
        solution="""
  D(tanh(z))
= D(sinh(z)/cosh(z))                                         # definition
= (D(sinh(z))*cosh(z) - sinh(z)*D(cosh(z)))/cosh(z)^2        # quotient rule
= (cosh(z)*cosh(z) - sinh(z)*sinh(z))/cosh(z)^2              # slopes of sinh and cosh
= 1 - sinh(z)^2/cosh(z)^2                                    # divide
= 1 - t^2                                                    # recognise t
""",
    ),
    Exercise(
        "derive_tanh_via_sigmoid",
        lesson=2,
        kind="derivation",
        prompt="Derive d/dz (2*sigmoid(2z) - 1) with s = sigmoid(2z); end with t = 2s - 1 alone.",
        of=("2*sigmoid(2*z) - 1", "2*s - 1", "2/(1 + exp(-2*z)) - 1"),
        forms=(
            "4*s*(1 - s)",
            "1 - t^2",
            "(1 + t)*(1 - t)",
            "4*exp(-2*z)/(1 + exp(-2*z))^2",
            "2*s*(1 - s)*2",
        ),
        where={"s": "1/(1 + exp(-2*z))", "t": "2*s - 1"},
        goals=("1 - t^2",),
        asks="Can it be written with t = 2s - 1 alone?",
        solution="""
  D(2*sigmoid(2*z) - 1)
= 2*D(sigmoid(2*z))          # constant factor
= 2*s*(1 - s)*D(2*z)         # slope of the sigmoid, chain rule
= 4*s*(1 - s)                # slope of a line
= (1 + t)*(1 - t)            # 2s = 1 + t
= 1 - t^2                    # third binomial formula
""",
    ),
    Exercise(
        "q_tanh_max_slope",
        lesson=2,
        kind="number",
        prompt="What is the largest slope of tanh?",
        answer="1",
        rtol=0.01,
        asks="Lay a tangent on the curve in the middle: how much does it climb for each unit of z?",
        believed=(
            Believed(
                "0",
                "slope-vs-output",
                "That is the height of the curve in the middle, and the slope of the plateaus. How steep is the tangent in the middle?",
            ),
            Believed(
                "2",
                "slope-vs-output",
                "That is the distance from plateau to plateau. Over how many units of z is this rise spread?",
            ),
            Believed(
                "1/4",
                "formula-of-other-activation",
                "That is the largest slope of the sigmoid. How do range and width of the two curves differ?",
            ),
            Believed(
                "1/2",
                "missing-inner-derivative",
                "Write it with a sigmoid: which factors does the chain rule add?",
            ),
            Believed(
                "4",
                "parameter-ignored",
                "That is how many times steeper it is than the sigmoid. And the sigmoid itself?",
            ),
            Believed("infinity", "slope-vs-output", "Zoom in on the middle: is there a jump?"),
        ),
        solution="tanh′(0) = 1 − tanh(0)² = 1.",
    ),
    Exercise(
        "q_tanh_vs_sigmoid",
        lesson=2,
        kind="choice",
        prompt="Why does tanh often train faster than sigmoid in a deep net?",
        answer="its slope near 0 is four times larger and its outputs are centred on 0, but it still saturates",
        options=(
            Option(
                "because its outputs are larger it cannot saturate",
                "slope-vs-output",
                "Look at both curves at z = 5: how steep is each of them?",
            ),
            Option(
                "its slope near 0 is four times larger and its outputs are centred on 0, but it still saturates"
            ),
            Option(
                "because it never has slope 0.25",
                "slope-vs-output",
                "Follow its slope from the middle to the plateau: which values does it pass?",
            ),
            Option(
                "because its slope is larger everywhere",
                "slope-vs-output",
                "Lay a ruler on both curves at z = 3: which one is steeper there?",
            ),
            Option(
                "because its range is twice as wide, gradients are twice as large",
                "slope-vs-output",
                "Is a gradient made of heights or of slopes?",
            ),
        ),
        solution="Larger slopes in the middle and zero-centred outputs; on the plateaus it is as flat.",
    ),
)
