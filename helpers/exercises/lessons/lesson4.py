"""Lesson 4: Leaky ReLU and PReLU, and the source note repaired."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import WIDE, FormulaExercise
from helpers.exercises.tasks import Branches

_LEAKS = {"negative_slope": (0.2, 1.5, 0.01, 0.0)}
_BRANCH = (
    "What does each branch do to z, and for which of your slopes, large or small, is that lost?"
)

_LEAKY = (
    FormulaExercise(
        "leaky_relu",
        lesson=4,
        prompt="Return the leaky ReLU for ANY slope alpha >= 0 (slope 1 right of 0, alpha left of 0).",
        signature="leaky_relu(z, negative_slope)",
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
        signature="leaky_relu_prime(z, negative_slope)",
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
        signature="prelu_grad_a(z, a)",
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
)

# ------------------------------------------------------------------------- the source note repaired

_NOTE_G = {"g": "1/(1 + exp(-z))"}
_E_BESIDE = "This e stands beside (-z): a calculator multiplies the two. Where must -z stand, and how do you show that on one line?"
_E_CALLED = "Python takes this e(-z) for a call of a function e. Which sign, or which function, says that -z is an exponent?"

_NOTE = (
    ChoiceExercise(
        "note_find",
        lesson=4,
        prompt="Five lines of the note, as typed. Which of them can stay exactly as it is?",
        answer="g'(z) = g(z) * (1 - g(z))",
        options=(
            Option("g'(z) = g(z) * (1 - g(z))"),
            Option(
                "g'z = d / dz ( 1 / (1 + e(-z)))",
                "call-for-times",
                "Put in z = 1 and do what is written: is e multiplied by something, or raised to it?",
            ),
            Option(
                "g'(z) = e(-z) / (1 + e(-z)(2)",
                "missing-parentheses",
                "Count: how many brackets are opened, how many are closed, and where would you close the last one?",
            ),
            Option(
                "g'(z) = 1 - tanh(2)(z)",
                "square-on-argument",
                "Read the (2) aloud in three ways: as a power, as a factor, as what goes into tanh. Which one is typed?",
            ),
            Option(
                "g'(z) = 1 - g(z)(2)",
                "square-as-times-two",
                "Take an output of 1, where the curve is flat: what does this line give, with the 2 as it is typed?",
            ),
        ),
        hints=Hints(
            where="look at every bracket that stands directly behind a letter or behind another bracket.",
            rule="a line can stay when everybody who puts in a number gets the same, right number.",
            question="put z = 1 into each line with a calculator. Where do you have to decide what is meant?",
            neighbour="x(2) can be read as x², as 2x, or as a function x at 2; x·(2 − x) in one way only.",
            line="One line contains only letters with their argument, one product and one difference.",
        ),
        solution="The other four lost an exponent or a bracket. This one has one reading, and it is checkpoint B of lesson 1.",
    ),
    DerivationExercise(
        "note_sigmoid_setup",
        lesson=4,
        prompt="Repair g'z = d / dz ( 1 / (1 + e(-z))): what is to be differentiated? One line, nothing carried out yet.",
        of=("1/(1 + exp(-z))",),
        forms=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)"),
        where=_NOTE_G,
        goals=("D(1/(1 + exp(-z)))", "D((1 + exp(-z))^-1)"),
        asks="The note's form is asked for, set up and not carried out: D(…) around its fraction, with the exponential written out. What stands inside?",
        believed=(
            Believed(
                "1/(1 + exp(-z))",
                "function-derivative-mixup",
                "That is g itself. Which sign in front of it says that its slope is asked for?",
            ),
            Believed("d / dz ( 1 / (1 + e(-z)))", "call-for-times", _E_BESIDE),
            Believed("d/dz(1/(1 + e*(-z)))", "call-for-times", _E_BESIDE),
            Believed("D(1/(1 + e*(-z)))", "call-for-times", _E_BESIDE),
            Believed("D(1 / (1 + e(-z)))", "call-for-times", _E_CALLED),
        ),
        hints=Hints(
            where="two characters have slipped down on the line, and one bracket of the left side is lost.",
            rule="g′ is a function of z, so its argument stands in brackets; an exponent needs a sign of its own.",
            question="at z = 0 the sigmoid is 1/2. What does 1/(1 + e(−z)) give there when e is multiplied by −z?",
            neighbour="the slope of 2 to the −z is set up as D(2^(-z)), on one line, with ^ for raised.",
            line="Write D(…) around the fraction 1/(1 + …), with exp(-z) for the power.",
        ),
        solution="  D(g)\n= D(1/(1 + exp(-z)))    # the exponent raised; on the left g'(z), with its bracket",
    ),
    DerivationExercise(
        "note_sigmoid_square",
        lesson=4,
        prompt="Repair g'(z) = e(-z) / (1 + e(-z)(2): a fraction of exponentials, in one line.",
        of=("1/(1 + exp(-z))",),
        forms=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)"),
        where=_NOTE_G,
        goals=("exp(-z)/(1 + exp(-z))^2",),
        asks="The note wants the fraction with exponentials in it: which two pieces does it have?",
        believed=(
            Believed(
                "e(-z) / (1 + e(-z)(2)",
                "missing-parentheses",
                "Three brackets open behind the stroke and two close. Where does the third one close, and what becomes of the 2 then?",
            ),
            Believed("e(-z) / (1 + e(-z)(2)", "square-as-times-two", "Is the 2 a factor?"),
            Believed(
                "e^(-z)/(1 + e^(-z)(2)",
                "missing-parentheses",
                "The powers are back. Now count the brackets behind the stroke: which one is never closed, and what is the 2 to do?",
            ),
            Believed(
                "exp(-z)/(1 + exp(-z)(2)",
                "missing-parentheses",
                "Count the brackets behind the stroke: which one is never closed, and what is the 2 to do?",
            ),
            Believed(
                "e(-z) / (1 + e(-z))(2)",
                "square-as-times-two",
                "The bracket is closed. As typed, does the (2) raise it, or multiply it? And what does e(-z) say?",
            ),
            Believed("e(-z)/(1 + e(-z))^2", "call-for-times", _E_BESIDE),
        ),
        hints=Hints(
            where="an exponent, a bracket and a square have slipped; the numerator lost only an exponent.",
            rule="this line is checkpoint A of lesson 1; the power rule brings in its exponent −2.",
            question="at z = 0 the slope is 1/4. Which of your readings gives that number?",
            neighbour="the slope of 1/(3 + x) is -1/(3 + x)^2: the whole bottom is squared.",
            line="Above the stroke exp(-z); below it the bracket (1 + exp(-z)), closed, and then ^2.",
        ),
        solution="  D(1/(1 + exp(-z)))\n= exp(-z)/(1 + exp(-z))^2    # the bracket closed, then squared",
    ),
    DerivationExercise(
        "note_tanh_square",
        lesson=4,
        prompt="Repair g'(z) = 1 - tanh(2)(z), or its twin g'(z) = 1 - g(z)(2), in one line (g is tanh).",
        of=("tanh(z)",),
        forms=("1 - tanh(z)^2", "1 - g^2"),
        where={"g": "tanh(z)", "t": "tanh(z)"},
        goals=("1 - tanh(z)^2", "1 - g^2", "1 - t^2"),
        asks="The note writes it with tanh itself: can you?",
        believed=(
            Believed(
                "1 - tanh(2)(z)",
                "square-on-argument",
                "As typed, tanh is taken at 2, and the result is multiplied by z. What should be raised: what goes in, or what comes out?",
            ),
            Believed("1 - tanh(2)(z)", "square-as-times-two", "Is the 2 a factor?"),
            Believed(
                "1 - g(z)(2)",
                "square-as-times-two",
                "Typed on the line, the 2 is a factor. Where tanh is nearly 1 the curve is flat: what does this line give there?",
            ),
        ),
        hints=Hints(
            where="one character belongs a little higher.",
            rule="lesson 2's result; the quotient rule brings in a square.",
            question="far out tanh is nearly 1 and flat. Which reading of the 2 gives a slope of nearly 0 there?",
            neighbour="sin²(x) is typed sin(x)^2: first the value, then the power.",
            line="One minus the value, and the value is raised with ^2.",
        ),
        solution="  D(tanh(z))\n= 1 - tanh(z)^2    # the value is squared; with the letter, 1 - g^2",
    ),
    ChoiceExercise(
        "note_slope_of",
        lesson=4,
        prompt='The note: "this also explains the gradient or slope of the sigmoid function, g(z)". Which sentence says it exactly?',
        answer="g'(z) is the slope of g with respect to z, its input",
        options=(
            Option("g'(z) is the slope of g with respect to z, its input"),
            Option(
                "g(z) is the slope of the sigmoid function at its input z",
                "function-derivative-mixup",
                "At z = 8 the sigmoid is almost 1 high. How steep is it there?",
            ),
            Option(
                "g'(z) is the gradient of the loss with respect to the weights",
                "wrong-variable",
                "Which letter moves in g′(z)? And which other factors does the chain rule put beside it on the way to a weight?",
            ),
            Option(
                "z(1 - z) is the slope of g with respect to z, its input",
                "z-for-g",
                "Put in z = 2: can the slope of a curve that rises everywhere be negative?",
            ),
            Option(
                "g'(z) is the slope of g with respect to its output g(z)",
                "wrong-variable",
                "Move g itself by a little: by how much does g move then? Which letter must move instead?",
            ),
        ),
        hints=Hints(
            where="ask of each sentence: the slope of what, and by which letter?",
            rule="a derivative belongs to a function and to a variable; both must be named.",
            question="at z = 8, how large is g(z), and how much does it still move with z?",
            neighbour='"the slope of the road, 400 m" names a height; "4 m for every 100 m walked" names a slope.',
            line="Cross out every sentence that fails at z = 8 or at z = 2, or that speaks of another letter than z.",
        ),
        solution="g(z) is the value and g'(z) the slope. The gradient of the loss by a weight has g'(z) as one factor, beside the message that arrives and the input on that weight.",
    ),
    ChoiceExercise(
        "note_relu_zero",
        lesson=4,
        prompt='The note on ReLU: "z > 0, g\'(z) = 1" and "z < 0, g\'(z) = 0". What has to be added?',
        answer="interval",
        options=(
            Option("interval: none exists at 0; any of [0, 1] is a subgradient"),
            Option(
                "nothing: z > 0, g'(z) = 1 and z < 0, g'(z) = 0 say all",
                "kink-at-zero",
                "A pixel that is blank on every image, a unit whose inputs are all off, a bias of 0: what is z there, exactly?",
            ),
            Option(
                "zero: the derivative at 0 is 0, which is what programs compute",
                "kink-at-zero",
                "Measure the slope from the right, with any step: which number comes out? Can one tangent have both slopes?",
            ),
            Option(
                "middle: the derivative at 0 is 1/2, the mean of both sides",
                "kink-at-zero",
                "The slopes measured from the left and from the right never come near that number. Is a mean of two limits a limit?",
            ),
            Option(
                "one: the derivative at 0 is 1, since the curve starts to climb",
                "kink-at-zero",
                "Measure the slope from the left, with any step: which number comes out? Can one tangent have both slopes?",
            ),
        ),
        hints=Hints(
            where="one number on the z axis belongs to neither of the two lines.",
            rule="a derivative exists where the difference quotients from both sides have the same limit.",
            question="what do (max(0, h) − 0)/h and (max(0, −h) − 0)/(−h) give for every step h > 0?",
            neighbour="|z| has the slopes −1 and 1 on its two sides and no derivative between them; a program has to return something all the same.",
            line="Ask of each sentence: is it about the mathematics, about a convention, and does it say which is which?",
        ),
        solution="The one-sided slopes are 0 and 1, so there is no derivative. Lines through the corner with a slope from 0 to 1 stay below the graph; which of them a program returns is a convention, and a formula sheet should say which.",
    ),
    ChoiceExercise(
        "note_relu_dead",
        lesson=4,
        prompt='The note: "if it comes with z that is equal to or under 0, then it can lead to dead neurons". Which sentence can stand?',
        answer="a unit is dead if z <= 0 on every training input",
        options=(
            Option("a unit is dead if z <= 0 on every training input"),
            Option(
                "a unit is dead if its weights are 0 from the start",
                "inactive-vs-dead",
                "With weights 0 and a bias of 1, what is z, and does a correction arrive?",
            ),
            Option(
                "a unit is dead if z <= 0 on some training input",
                "inactive-vs-dead",
                "It is off for that one input. Does it learn nothing from all the others?",
            ),
            Option(
                "a unit is dead if z <= 0 on most training inputs",
                "inactive-vs-dead",
                "Ninety images out of a hundred switch it off. What do the other ten do to its weights?",
            ),
            Option(
                "an input is dead if z <= 0 in some unit",
                "inactive-vs-dead",
                "What can be dead: an image, or a unit that no image reaches any more? Whose weights stop moving?",
            ),
        ),
        hints=Hints(
            where="two words are missing in the note's sentence: what is dead, and for which inputs.",
            rule="the gradient of a unit's weights is a sum over the training inputs; each gives δ times its input.",
            question="for how many of the inputs must the slope be 0 until that whole sum is 0?",
            neighbour="a lamp that is off at noon is off; a lamp is broken when no switch ever turns it on.",
            line="`dead_units(z)` looks down one column of z, unit by unit, along all rows. What must be true of the column?",
        ),
        solution="Being off is a matter of one unit and one input, and healthy; a unit is dead when all training inputs switch it off, because then each term of its gradient is 0. (New data, or a change in earlier layers, may wake it.)",
    ),
    FormulaExercise(
        "note_leaky_formula",
        lesson=4,
        prompt='The note: g(z) = max (0.01z, z), "or another small slope". Write it so that it is right for EVERY slope, above 1 and below 0 too.',
        signature="note_leaky_formula(z, negative_slope)",
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha*z", "z"),),
        places={"z": WIDE},
        parameters={"negative_slope": (2.0, 0.01, -0.5, -1.0, 1.0)},
        asks_value=True,
        asks=_BRANCH,
        hints=Hints(
            where="try your function with slope 2 at z = 3, and with slope −1 at z = −3.",
            rule="split z into its positive and its negative part; only one of the two parts leaks.",
            question="which of max(z, 0) and min(z, 0) should the slope multiply?",
            neighbour="|z| is the positive part minus the negative one: `np.maximum(z, 0) - np.minimum(z, 0)`.",
            line="The positive part of z, plus the slope times its negative part.",
        ),
        code="def note_leaky_formula(z, negative_slope):\n    return np.maximum(z, 0) + negative_slope * np.minimum(z, 0)",
        solution="max(z, 0) + α·min(z, 0): on each side of 0 one of the two parts is 0, so no comparison of the two lines is needed.",
    ),
    ChoiceExercise(
        "note_leaky_slopes",
        lesson=4,
        prompt='The note on Leaky ReLU: "for z > 0, then it is 0:g\'(z) = 1" and "for z < 0, then it is 0:g\'(z) = 0.01". Which version is whole?',
        answer="small gap",
        options=(
            Option(
                "small gap: 1 for z > 0, 0.01 for z < 0; at 0 a choice from [0.01, 1], here 0.01"
            ),
            Option(
                "exchanged: 0 for z > 0, 0.01 for z < 0; at 0 there is a slope as well, and it is 0",
                "branches-swapped",
                '"Then it is 0" is how it was typed. How steep is the line g(z) = z?',
            ),
            Option(
                "kept z: 1 for z > 0, 0.01z for z < 0; at 0 both of them meet, and the slope is 0",
                "branch-kept-z",
                "How steep is the line 0.01z at z = −1, and how steep at z = −100?",
            ),
            Option(
                "two lines: 1 for z > 0 and 0.01 for z < 0; at 0 there is nothing to be said of it",
                "kink-at-zero",
                "A blank pixel and a bias of 0 give z = 0 exactly. What is a program to return there, and is it a derivative?",
            ),
            Option(
                "large gap: 1 for z > 0, 0.01 for z < 0; at 0 a choice from [0, 1], here it is 0",
                "formula-of-other-activation",
                "Draw a line of slope 0 through the corner: does it stay below the leaking branch on the left?",
            ),
        ),
        hints=Hints(
            where="read the versions at three places: right of 0, left of 0, and at 0.",
            rule="a straight line has one slope; at a corner of a convex curve, the lines that stay below the graph form an interval.",
            question="through the corner at 0, how flat may a line be until it cuts the leaking branch?",
            neighbour="|z| has slope 1 on the right and −1 on the left, and every number from −1 to 1 is a subgradient at 0.",
            line="Take the slopes measured left and right of 0; the interval reaches from the one to the other.",
        ),
        solution="Two straight branches, two slopes, and at the corner an interval between them. That the course takes the left end is a convention; JAX, for one, takes the right end.",
    ),
    ChoiceExercise(
        "note_performance",
        lesson=4,
        prompt='The note: "… improving model performance in some cases". Which sentence do the runs of this lesson support?',
        answer="pairs",
        options=(
            Option("pairs: at bias -1 slope 0.1 gained in ten pairs, at bias 0 no gain was shown"),
            Option(
                "leak: Leaky ReLU improves a model in every case, since its units cannot die",
                "tweak-always-helps",
                "Look at bias 0 in the table: by how much did the leak help there, and how large is p?",
            ),
            Option(
                "best: the best of all of the runs had a leak, so it was the leak that helped",
                "tweak-always-helps",
                "Run the same setting with ten other seeds: how often is another one the best?",
            ),
            Option(
                "revival: at bias -2 slope 0.01 revives all units, so that the digits are read",
                "inactive-vs-dead",
                "How many units were still off on every training image after 15 epochs, and how many digits were read?",
            ),
            Option(
                "no effect: a leak changes nothing, since at bias 0 no difference was shown",
                "tweak-always-helps",
                "What does the row of bias −1 say? And is a difference that was not shown a difference of 0?",
            ),
        ),
        hints=Hints(
            where="go back to the two tables on dead units, before and after training.",
            rule="an effect is reported with its setting, the number of pairs, its standard error or p, and a control.",
            question="which of the sentences would you have to take back after looking at one row of the table?",
            neighbour='"with the new tyres the car braked 2 m shorter, ten pairs of trials, standard error 0.2 m; on a dry road none was shown".',
            line="Cross out what claims more than one setting, less than all runs, or what the table contradicts.",
        ),
        solution="It names the setting, the paired runs, and the control in which nothing was shown.",
    ),
)

EXERCISES = (*_LEAKY, *_NOTE)
