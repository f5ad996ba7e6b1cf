"""Appendix 11: the museum of errors."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import FormulaExercise

EXERCISES = (
    NumberExercise(
        "museum_first_wrong_line",
        lesson=11,
        prompt="Which line of the printed derivation, counted from 1, is the first that does not follow from the line above?",
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
        signature="museum_tanh(z)",
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
        prompt="What does the gain 2/((1 + alpha²) n) rest on?",
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
        "museum_half_off",
        lesson=11,
        prompt="In a layer of ReLUs 50 % of the entries of Z (examples by units) are negative. How many units are dead?",
        answer="open",
        options=(
            Option("open: this number does not say"),
            Option(
                "half: 50 % of the units",
                "inactive-vs-dead",
                "A unit that is off on every second image: does it receive a gradient from the others?",
            ),
            Option(
                "none: all units are alive",
                "inactive-vs-dead",
                "Could half of the columns be negative throughout, and the other half positive?",
            ),
            Option(
                "all: each of them, by half",
                "inactive-vs-dead",
                "What would half dead mean for the weights of one unit?",
            ),
            Option(
                "a quarter: half of the half",
                "inactive-vs-dead",
                "Which two halves are multiplied here, and does either of them speak of a whole column?",
            ),
        ),
        hints=Hints(
            where="look at columns of Z, not at the whole table.",
            rule="a unit is dead when its whole column is at or below 0.",
            question="can you draw two tables with 50 % negative entries, one with no dead unit and one with many?",
            neighbour="half of all lamps-and-hours are dark; how many lamps are broken?",
            line="The share of entries fixes no column.",
        ),
        solution="A chessboard has no dead column, a table with half of its columns negative has half.",
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
