"""Appendix 11: the museum of errors."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.diagnosis import Branches
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import WIDE, FormulaExercise

_CLAIMS = (
    NumberExercise(
        "museum_first_wrong_line",
        lesson=11,
        prompt="Which line, counted from 1, does not follow from the line above it?",
        answer="6",
        rtol=0.01,
        asks="Put z = 0 into that line and into the one above: what do you get from each?",
        believed=(
            Believed(
                "1",
                "sign-flipped",
                "The first line only states what is asked. Compare each later line with the one above it.",
            ),
            Believed(
                "2",
                "sign-flipped",
                "Where does its minus come from? Differentiate u to the power −1.",
            ),
            Believed("3", "sign-flipped", "Which slope has e to the −z?"),
            Believed("4", "missing-square", "Put in z = 0: what is line 3, what is line 4?"),
            Believed(
                "5", "sign-flipped", "How much is 1 − 1? Put in z = 0 and compare it with line 4."
            ),
            Believed(
                "7",
                "sign-flipped",
                "It looks wrong, and it is. Does it follow from the line above?",
            ),
        ),
        hints=Hints(
            where="the signs are right for a while. Look at where a fraction is taken apart.",
            rule="(a + b)/c = a/c + b/c, for every term with the sign that it has.",
            question="at z = 0 each factor 1/(1 + e^−z) is 1/2. What does each line give?",
            neighbour="(3 − 3 + x)/y is x/y, while 3/y − (3 + x)/y is −x/y.",
            line="Compute the lines at z = 0 one after the other and stop at the first that is not 1/4.",
        ),
        solution="At z = 0 lines 1 to 5 give 1/4 and line 6 gives −1/4.",
    ),
    FormulaExercise(
        "museum_tanh",
        lesson=11,
        prompt="Return tanh of every entry of z, from exponentials.",
        of=("(exp(z) - exp(-z))/(exp(z) + exp(-z))",),
        forms=(
            "(exp(z) - exp(-z))/(exp(z) + exp(-z))",
            "(exp(2*z) - 1)/(exp(2*z) + 1)",
            "(1 - exp(-2*z))/(1 + exp(-2*z))",
            "2/(1 + exp(-2*z)) - 1",
            "tanh(z)",
        ),
        asks_value=True,
        hints=Hints(
            where="look at the two bars of the claim; one sign is printed twice.",
            rule="tanh is sinh over cosh.",
            question="which of e^z − e^−z and e^z + e^−z is 0 at z = 0? Can that one stand below the bar?",
            neighbour="cosh z = (e^z + e^−z)/2.",
            line="The difference of the two exponentials over their sum, each in brackets.",
        ),
        solution="sinh over cosh; the halves cancel.",
        code="def museum_tanh(z):\n    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))",
    ),
    ChoiceExercise(
        "museum_condition",
        lesson=11,
        prompt="A library tests its leaky ReLU on z = −2, −1, 1, 2 and never passes a slope. Which mistake can this not find?",
        answer="other slopes",
        options=(
            Option("other slopes: any that shows only where another one is passed"),
            Option(
                "exchanged: the leak on the right, the identity on the left",
                "branches-swapped",
                "What would such a function return at z = 1, with the default slope?",
            ),
            Option(
                "no leak: the left branch returns 0, as that of ReLU does",
                "leak-dropped",
                "What would such a function return at z = −2?",
            ),
            Option(
                "none: four points on both sides of 0 are enough for any mistake",
                "parameter-ignored",
                "Would the test notice a function that always uses 0.01, whatever slope it is given?",
            ),
            Option(
                "a sign: the left branch is multiplied by minus the default leak",
                "sign-flipped",
                "What would such a function return at z = −2, and what does the test expect there?",
            ),
        ),
        hints=Hints(
            where="look at what varies in the test, and at what never does.",
            rule="what is never varied is not tested.",
            question="`max(alpha*z, z)` and the right form: at which slopes do they differ?",
            neighbour="a test of x^n with n = 1 only cannot tell x^n from n·x.",
            line="Think of a hard-coded 0.01.",
        ),
        solution="A hard-coded 0.01 and max(alpha*z, z) both pass with the default slope.",
    ),
    ChoiceExercise(
        "museum_autograd",
        lesson=11,
        prompt="Your formula and automatic differentiation disagree at z = 18 in float32: 1.5e-8 and 0. What do you do?",
        answer="referee",
        options=(
            Option("referee: compare both with arithmetic of far more digits"),
            Option(
                "autodiff: trust it, since automatic differentiation is exact",
                "overflow-unstable",
                "It applied g(1 − g). What is 1 − g in float32, when g is 1 − 1.5e-8?",
            ),
            Option(
                "equal: call them the same, since the difference is so tiny",
                "finite-difference",
                "How large is the difference beside the value itself?",
            ),
            Option(
                "mean: take the average, since the errors may cancel out",
                "finite-difference",
                "If one of them has no right digit, what does the mean have?",
            ),
            Option(
                "quotient: let a central difference in float32 decide it",
                "finite-difference",
                "How many digits does a central difference have left in single precision, where the curve is flat?",
            ),
        ),
        hints=Hints(
            where="neither of the two numbers was computed with more than 24 bits.",
            rule="a referee must know more than the players.",
            question="how could you find out which of the two is wrong, without trusting either?",
            neighbour="two watches disagree; a third, better clock decides.",
            line="What did the previous lab use as the truth?",
        ),
        solution="With 50 digits the slope is 1.52e-8: the formula 1 − g had lost every digit.",
    ),
    NumberExercise(
        "museum_init",
        lesson=11,
        prompt="How many times smaller than He's variance 2/n is the variance 1/(3n)?",
        answer="6",
        rtol=0.01,
        asks="Divide one variance by the other: what happens to n?",
        believed=(
            Believed(
                "3",
                "variance-confusion",
                "That compares it with 1/n. Which variance does He ask for?",
            ),
            Believed(
                "2/3",
                "variance-confusion",
                "Is a third of 1/n divided by 2 or multiplied by 2, when you compare it with 2/n?",
            ),
            Believed(
                "1/6",
                "variance-confusion",
                "That is the ratio the other way round. Which of the two is larger?",
            ),
            Believed(
                "3/2",
                "variance-confusion",
                "Write both as fractions over n and divide once more: 2 divided by 1/3.",
            ),
            Believed(
                "sqrt(6)",
                "variance-confusion",
                "That is the ratio of the standard deviations. And of the variances?",
            ),
            Believed("36", "variance-confusion", "Was one of the numbers squared already?"),
        ),
        hints=Hints(
            where="both variances have n below the bar, so only the numbers in front matter.",
            rule="dividing by 1/3 is multiplying by 3.",
            question="how many times does 1/3 go into 2?",
            neighbour="1/n is four times 1/(4n).",
            line="2 divided by one third.",
        ),
        solution="(2/n)/(1/(3n)) = 6.",
    ),
    ChoiceExercise(
        "museum_leaky_gain",
        lesson=11,
        prompt="What does the variance 2/((1 + alpha²) n) of the weights rest on?",
        answer="second moment",
        options=(
            Option("second moment: of h, with weights of mean 0"),
            Option(
                "first moment: activations h of mean 0",
                "variance-confusion",
                "Which mean did the cell above print for them?",
            ),
            Option(
                "spread: the variance of h around its own mean",
                "variance-confusion",
                "When weights of mean 0 multiply h, does the mean of h drop out of the sum of w² h², or does it stay in?",
            ),
            Option(
                "small leak: an alpha too small to matter",
                "parameter-ignored",
                "Which letter of the formula would not be there, then?",
            ),
            Option(
                "half: that one half of the inputs is switched off",
                "inactive-vs-dead",
                "The left half has a slope as well: is it switched off, then?",
            ),
        ),
        hints=Hints(
            where="look at one pre-activation, a sum of products of a weight and an activation.",
            rule="for independent w of mean 0, E[(w h)²] = Var(w) E[h²].",
            question="in this rule, which of the two factors must have mean 0?",
            neighbour="the variance of a coin toss ±1, times a fixed 5, is 25, although the mean of 5 is 5.",
            line="Say which quantity (1 + alpha²)/2 is.",
        ),
        solution="E[h²] = (1 + alpha²)/2 for z of variance 1; only the weights need mean 0.",
    ),
    ChoiceExercise(
        "museum_death_proof",
        lesson=11,
        prompt="In which sense can a leaky ReLU unit with slope 0.01 not die?",
        answer="never exactly 0",
        options=(
            Option("never exactly 0: but its gradient may be too small to matter"),
            Option(
                "recovers: whatever happens, it comes back after a few steps",
                "inactive-vs-dead",
                "How many steps does it need when each is a hundred times smaller?",
            ),
            Option(
                "never off: its output is the same on both sides of the kink",
                "inactive-vs-dead",
                "What does it return at z = −5, beside what it returns at z = 5?",
            ),
            Option(
                "in no sense: it dies exactly as a ReLU unit does, and as often",
                "leak-dropped",
                "Which factor does its backward pass have left of 0?",
            ),
            Option(
                "never small: its gradient has the same size on both sides of 0",
                "parameter-ignored",
                "Which factor does the backward pass have on the left, and which on the right?",
            ),
        ),
        hints=Hints(
            where="look at the two columns the cell above printed.",
            rule="the backward pass multiplies by the slope, here 0.01 on the left.",
            question="is a hundredth of a gradient no gradient?",
            neighbour="a tap that drips fills the bath, but not today.",
            line="Keep apart what is exactly 0 and what is small.",
        ),
        solution="Exactly 0 never happens left of 0; a hundredth of the step may still be far too little.",
    ),
)

# ------------------------------------------------------------------------- the source note repaired

_NOTE_G = {"g": "1/(1 + exp(-z))"}
_E_BESIDE = "This e stands beside (-z): a calculator multiplies the two. Where must -z stand, and how do you show that on one line?"
_E_CALLED = "Python takes this e(-z) for a call of a function e. Which sign, or which function, says that -z is an exponent?"

_NOTE = (
    ChoiceExercise(
        "note_find",
        lesson=11,
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
        lesson=11,
        prompt="Repair g'z = d / dz ( 1 / (1 + e(-z))): what is to be differentiated? One line, nothing carried out yet.",
        of=("1/(1 + exp(-z))",),
        forms=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)"),
        where=_NOTE_G,
        goals=("D(1/(1 + exp(-z)))", "D((1 + exp(-z))^-1)"),
        as_typed=True,
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
        lesson=11,
        prompt="Repair g'(z) = e(-z) / (1 + e(-z)(2): a fraction of exponentials, in one line.",
        of=("1/(1 + exp(-z))",),
        forms=("exp(-z)/(1 + exp(-z))^2", "g*(1 - g)"),
        where=_NOTE_G,
        goals=("exp(-z)/(1 + exp(-z))^2",),
        as_typed=True,
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
        lesson=11,
        prompt="Repair g'(z) = 1 - tanh(2)(z), or its twin g'(z) = 1 - g(z)(2), in one line (g is tanh).",
        of=("tanh(z)",),
        forms=("1 - tanh(z)^2", "1 - g^2"),
        where={"g": "tanh(z)", "t": "tanh(z)"},
        goals=("1 - tanh(z)^2", "1 - g^2", "1 - t^2"),
        as_typed=True,
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
        lesson=11,
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
            where="ask of each sentence: the slope of what, and with respect to which letter?",
            rule="a derivative belongs to a function and to a variable; both must be named.",
            question="at z = 8, how large is g(z), and how much does it still move with z?",
            neighbour='"the slope of the road, 400 m" names a height; "4 m for every 100 m walked" names a slope.',
            line="Cross out every sentence that fails at z = 8 or at z = 2, or that speaks of another letter than z.",
        ),
        solution="g(z) is the value and g'(z) the slope. The gradient of the loss with respect to a weight has g'(z) as one factor, beside the message that arrives and the input on that weight.",
    ),
    ChoiceExercise(
        "note_relu_zero",
        lesson=11,
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
    FormulaExercise(
        "note_leaky_formula",
        lesson=11,
        prompt='The note: g(z) = max (0.01z, z), "or another small slope". Write it so that it is right for EVERY slope, above 1 and below 0 too.',
        letters=("z", "alpha"),
        of=(Branches("alpha*z", "z"),),
        forms=(Branches("alpha*z", "z"),),
        places={"z": WIDE},
        parameters={"negative_slope": (2.0, 0.01, -0.5, -1.0, 1.0)},
        asks_value=True,
        asks="What does each branch do to z, and for which of your slopes, large or small, is that lost?",
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
        lesson=11,
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
        lesson=11,
        prompt='The note: "… improving model performance in some cases". Which sentence do the runs of lesson 4 support?',
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

EXERCISES = (*_CLAIMS, *_NOTE)
