"""Lesson 2: tanh."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import FormulaExercise

_BESIDE_TANH = "As typed, the 2 can be what goes into tanh, a factor, or a power. Far out tanh is nearly 1 and flat: which of the three gives a slope of nearly 0 there, and how is that one typed on a line?"

EXERCISES = (
    NumberExercise(
        "q_tanh_max_slope",
        lesson=2,
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
            Believed(
                "0.42",
                "slope-vs-output",
                "The curve has this slope at one place, right of the middle. Is it steeper somewhere else?",
            ),
            Believed("-1", "sign-flipped", "Does the curve rise or fall?"),
            Believed("infinity", "slope-vs-output", "Zoom in on the middle: is there a jump?"),
        ),
        hints=Hints(
            where="find the place where the tangent is steepest, and stand there.",
            rule="the slope is one over the square of cosh. A fraction is largest where its denominator is smallest.",
            question="cosh is the mean of e to the z and e to the −z. Where is this mean smallest, and how large is it there?",
            neighbour="1/(2 + z²) is largest at z = 0, and there it is 1/2.",
            line="Put z = 0 into 1/cosh(z)^2.",
        ),
        solution="tanh′(0) = 1 − tanh(0)² = 1.",
    ),
    DerivationExercise(
        "derive_tanh",
        lesson=2,
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
        where={"t": "tanh(z)", "g": "tanh(z)"},
        steps=1,
        goals=("1 - t^2", "1 - g^2"),
        ends_with=("t", "g"),
        asks="Can it be written with t alone?",
        believed=(
            Believed(
                "(cosh(z)^2 + sinh(z)^2)/cosh(z)^2",
                "formula-of-other-activation",
                "Exactly this comes out when cosh has the slope that cos would lead you to. Write cosh as the mean of two exponentials and take its slope: does a minus sign come out in front?",
            ),
        ),
        given="""
  D(tanh(z))
= D(sinh(z)/cosh(z))                                     # definition
= (D(sinh(z))*cosh(z) - sinh(z)*D(cosh(z)))/cosh(z)^2    # quotient rule
= …                                                      # slopes of sinh and cosh
= …                                                      # divide each term
= …                                                      # recognise t
""",
        hints=Hints(
            where="line 4 puts the two slopes in, line 5 splits the fraction at the minus, line 6 uses the letter t.",
            rule="the slopes of sinh and cosh, as derived above; then (a − b)/c = a/c − b/c.",
            question="after line 4 the first term of the numerator equals the denominator. What is left when you divide it by the denominator?",
            neighbour="((2 + z)^2 - z^2)/(2 + z)^2 = 1 - z^2/(2 + z)^2 = 1 - (z/(2 + z))^2.",
            line="Line 5: 1 - sinh(z)^2/cosh(z)^2.",
        ),
        solution="""
  D(tanh(z))
= D(sinh(z)/cosh(z))                                     # definition
= (D(sinh(z))*cosh(z) - sinh(z)*D(cosh(z)))/cosh(z)^2    # quotient rule
= (cosh(z)*cosh(z) - sinh(z)*sinh(z))/cosh(z)^2          # slopes of sinh and cosh
= 1 - sinh(z)^2/cosh(z)^2                                # divide each term
= 1 - t^2                                                # recognise t
""",
    ),
    NumberExercise(
        "q_tanh_first_slip",
        lesson=2,
        prompt="A published derivation of tanh′ ends with 1 + tanh² z. Give the number of its first line that does not hold (0 if all hold).",
        answer="3",
        asks="Put z = 1 into the lines, one by one, with a calculator: in which of them does a new number appear?",
        believed=(
            Believed(
                "1",
                "rule-applied-termwise",
                "This line only says what is to be done: is tanh that fraction, and does the dash reach all of it?",
            ),
            Believed(
                "2",
                "rule-applied-termwise",
                "Take a quotient whose slope you know, z²/z, and try the order of this line on it: which sign results?",
            ),
            Believed(
                "4",
                "sign-flipped",
                "Follow the two minus signs from the line above: is this line a true consequence of it?",
            ),
            Believed(
                "5",
                "plus-minus-swapped",
                "Compare this line with the one above it: has anything but the name of a fraction changed?",
            ),
            Believed(
                "0",
                "formula-of-other-activation",
                "Put z = 2 into the last line. Can a curve that stays between −1 and 1 be that steep on a plateau?",
            ),
        ),
        hints=Hints(
            where="a wrong result does not mean that the last line is the wrong one. Read from the top.",
            rule="for every line ask only whether it follows from the line above.",
            question="sinh, cosh, sin and cos: which of their slopes carry a minus sign, and which do not?",
            neighbour="in 6/2 = 4 = 2 + 2 the first slip is the first equality; what follows it is true.",
            line="Put z = 1 into each line with a calculator; the first line with a new number is the one.",
        ),
        solution="Line 3 takes −sinh for the slope of cosh: that is the habit from cos. Lines 4 and 5 follow from it correctly.",
    ),
    FormulaExercise(
        "tanh_from_sigmoid",
        lesson=2,
        prompt="Write tanh(z) using sigmoid only.",
        of=("2*sigmoid(2*z) - 1",),
        forms=("2*sigmoid(2*z) - 1", "sigmoid(2*z) - sigmoid(-2*z)"),
        asks_value=True,
        asks="How high does it climb, how fast, and from where? Which number of the formula answers for each?",
        without=("tanh", "sinh", "cosh"),
        hints=Hints(
            where="compare your function with tanh at z = 0, at z = 1 and at z = 20.",
            rule="stretch the axis of z, stretch the height, then shift.",
            question="the sigmoid climbs by 1 and starts from 0. By how much does tanh climb, and from where?",
            neighbour="cos² is a cosine in another frame: cos²(z) = cos(2z)/2 + 1/2.",
            line="The three numbers of the sliders: a height, a factor inside the bracket, a shift.",
        ),
        code="def tanh_from_sigmoid(z):\n    return 2 * sigmoid(2 * z) - 1",
        solution="2*sigmoid(2*z) - 1 = (1 - exp(-2*z))/(1 + exp(-2*z)) = tanh(z)",
    ),
    DerivationExercise(
        "derive_tanh_via_sigmoid",
        lesson=2,
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
        steps=1,
        goals=("1 - t^2",),
        ends_with=("t",),
        asks="Can it be written with t = 2s - 1 alone?",
        given="""
  D(2*sigmoid(2*z) - 1)
= …
""",
        hints=Hints(
            where="from the outside in, a shift, a factor, the sigmoid, and inside it 2z.",
            rule="difference and constant factor, then the sigmoid's slope with the chain rule; at the end replace s by t.",
            question="if t = 2s − 1, what are 2s and 2 − 2s, written with t?",
            neighbour="D(3*sigmoid(5z) + 4) = 3*u*(1 - u)*5 with u = sigmoid(5z).",
            line="The second line: 2*D(sigmoid(2*z)).",
        ),
        solution="""
  D(2*sigmoid(2*z) - 1)
= 2*D(sigmoid(2*z))          # difference rule, constant factor
= 2*s*(1 - s)*D(2*z)         # slope of the sigmoid, chain rule
= 4*s*(1 - s)                # slope of a line
= 2*s*(2 - 2*s)              # share out the 4
= (1 + t)*(1 - t)            # 2s = 1 + t
= 1 - t^2                    # difference of two squares
""",
    ),
    FormulaExercise(
        "tanh_prime",
        lesson=2,
        prompt="Return the derivative of tanh at every entry of z.",
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
        hints=Hints(
            where="compare your function with the orange curve at z = 0, then at z = 1 and z = −1.",
            rule="the slope is written with the output of tanh, and the square belongs to that output.",
            question="the slope is the same at z and −z. Is yours?",
            neighbour="for the slope 1/cos² of the circular tangent one writes `1 / np.cos(z) ** 2`; the power comes after the call.",
            line="First compute t = np.tanh(z); then one minus the square of t.",
        ),
        code="def tanh_prime(z):\n    return 1 - np.tanh(z) ** 2",
        solution="D(sinh(z)/cosh(z)) = (cosh(z)^2 - sinh(z)^2)/cosh(z)^2 = 1 - tanh(z)^2",
    ),
    ChoiceExercise(
        "q_tanh_vs_sigmoid",
        lesson=2,
        prompt="Why does tanh often train faster than sigmoid in a deep net?",
        answer="centred",
        formerly=(
            "its slope near 0 is four times larger and its outputs are centred on 0, but it still saturates",
        ),
        options=(
            Option("centred: four times the slope at 0, and outputs around 0"),
            Option(
                "larger: its outputs are larger, so that it cannot saturate",
                "slope-vs-output",
                "Look at both curves at z = 5: how steep is each of them?",
            ),
            Option(
                "no quarter: its slope is never as small as one quarter",
                "slope-vs-output",
                "Follow its slope from the middle to the plateau: which values does it pass?",
            ),
            Option(
                "steeper: at every single z its slope is the larger one",
                "slope-vs-output",
                "Lay a ruler on both curves at z = 3: which one is steeper there?",
            ),
            Option(
                "wider: twice the range makes its gradients twice as large",
                "slope-vs-output",
                "Is a gradient made of heights or of slopes?",
            ),
        ),
        hints=Hints(
            where="compare the two slopes at z = 0 and at z = 3, and the mean of the outputs.",
            rule="what a layer passes back is multiplied by slopes, not by heights.",
            question="which of the options would still be true of a curve that is only taller, not steeper?",
            neighbour="a longer road is not a steeper one; ask of each option whether it speaks of length or of steepness.",
            line="Strike out every option that one of your measurements contradicts; a single one is left.",
        ),
        solution="Larger slopes in the middle and outputs centred on 0; far out it is even flatter than the sigmoid.",
    ),
    DerivationExercise(
        "repair_tanh_note",
        lesson=2,
        prompt="The note prints g'(z) = 1 - tanh(2)(z). Write its right-hand side so that it can be read in one way only.",
        of=("tanh(z)", "g"),
        forms=("1 - g^2", "1 - tanh(z)^2"),
        where={"g": "tanh(z)", "t": "tanh(z)"},
        goals=("1 - tanh(z)^2", "1 - g^2", "1 - t^2"),
        as_typed=True,
        asks="Can it be kept in the note's form: 1 minus something?",
        believed=tuple(
            Believed(line, slug, _BESIDE_TANH)
            for line in ("1 - tanh(2)(z)", "1 - tanh(z)2", "1 - tanh(z)(2)", "1 - tanh2(z)")
            for slug in ("square-on-argument", "square-as-times-two")
        ),
        hints=Hints(
            where="only the (2) has to move.",
            rule="in this notation ^ is the power, and it applies to what stands directly before it.",
            question="is it the input or the output of tanh that is squared? Try z = 0.5.",
            neighbour="sin(2)(x), when the square of the sine is meant, is written sin(x)^2.",
            line="Close the bracket around z first, then write the power, then read the line aloud.",
        ),
        solution="""
  D(tanh(z))
= 1 - tanh(z)^2    # the square belongs to the value
""",
    ),
)
