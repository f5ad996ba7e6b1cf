"""Lesson 7: softplus, ELU, SELU."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from helpers.diagnosis import Branches
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.formula_exercise import FormulaExercise

SIGMOID = "1/(1 + exp(-z))"
_G = {"g": SIGMOID}
_LEFT = "alpha*(exp(z) - 1)"  # ELU's left branch


_SOFTPLUS = (
    DerivationExercise(
        "derive_softplus",
        lesson=7,
        prompt="Derive d/dz ln(1 + e^z); end with g = 1/(1 + e^-z).",
        of=("ln(1 + exp(z))",),
        forms=("exp(z)/(1 + exp(z))", SIGMOID, "g"),
        where=_G,
        steps=1,
        goals=("g",),
        asks="Which known function of z is that? Write it with its letter.",
        hints=Hints(
            where="the outermost operation is the logarithm. Begin there, and leave what is inside for the second step.",
            rule="the logarithm's rule with the chain rule: one over the inside, times the slope of the inside.",
            question="far right softplus runs along z, far left along 0. Which slopes must your result have out there?",
            neighbour="D(ln(3 + z^2)) = 1/(3 + z^2) * D(3 + z^2) = 2*z/(3 + z^2).",
            line="The second line: 1/(1 + exp(z)) * D(1 + exp(z)). At the end divide above and below by exp(z).",
        ),
        solution="""
  D(ln(1 + exp(z)))
= 1/(1 + exp(z)) * D(1 + exp(z))    # logarithm, chain rule
= exp(z)/(1 + exp(z))               # sum rule, exponential
= 1/(1 + exp(-z))                   # divide by exp(z)
= g                                 # recognise g
""",
    ),
    FormulaExercise(
        "softplus_prime",
        lesson=7,
        prompt="Derivative of softplus(z)=ln(1+e^z).",
        of=("ln(1 + exp(z))",),
        forms=("exp(z)/(1 + exp(z))", SIGMOID, "1 - 1/(1 + exp(z))", "1 - exp(-f)"),
        where={"f": "ln(1 + exp(z))"},
        hints=Hints(
            where="compare your function with the orange curve at z = 0 and at z = 4.",
            rule="your derivation ends with a function that you wrote in lesson 1.",
            question="softplus climbs everywhere, and never faster than ReLU. Between which two numbers must every slope lie?",
            neighbour="the slope of ln(3 + z²) is `2 * z / (3 + z**2)`: the slope of the inside over the inside.",
            line="One over: one plus the exponential of minus z.",
        ),
        code="def softplus_prime(z):\n    return 1 / (1 + np.exp(-z))",
        solution="D(ln(1 + exp(z))) = exp(z)/(1 + exp(z)) = 1/(1 + exp(-z))",
    ),
    DerivationExercise(
        "derive_softplus_beta",
        lesson=7,
        prompt="Derive d/dz (1/beta) ln(1 + e^(beta z)); end with s = sigmoid(beta z) alone.",
        of=("ln(1 + exp(beta*z))/beta", "softplus(beta*z)/beta"),
        forms=("s", "exp(beta*z)/(1 + exp(beta*z))", "1/(1 + exp(-beta*z))"),
        where={"s": "sigmoid(beta*z)"},
        steps=1,
        goals=("s",),
        asks="Is it the sigmoid of something? Write it with the letter s.",
        hints=Hints(
            where="a constant factor stands in front. The rest is the derivation above, with beta times z inside.",
            rule="the constant factor stays; then logarithm, exponential and beta z, each with its own chain-rule factor.",
            question="how many factors beta does the inside hand down, and what stands in front?",
            neighbour="D(ln(1 + (3*z)^2)/3) = 1/3 * 1/(1 + 9*z^2) * 18*z = 6*z/(1 + 9*z^2).",
            line="The second line: 1/beta * 1/(1 + exp(beta*z)) * D(1 + exp(beta*z)).",
        ),
        solution="""
  D(ln(1 + exp(beta*z))/beta)
= 1/beta * 1/(1 + exp(beta*z)) * D(1 + exp(beta*z))    # constant factor, logarithm, chain rule
= 1/beta * exp(beta*z)*beta/(1 + exp(beta*z))          # exponential, chain rule
= exp(beta*z)/(1 + exp(beta*z))                        # beta cancels
= s                                                    # divide by exp(beta*z)
""",
    ),
    DerivationExercise(
        "derive_softplus_gap",
        lesson=7,
        prompt="Derive d/dz (ln(1 + e^z) - z), the slope of the distance from ReLU for z > 0; end with g = 1/(1 + e^-z).",
        of=("ln(1 + exp(z)) - z", "ln(1 + exp(-z))", "softplus(-z)"),
        forms=("g - 1", "-1/(1 + exp(z))", "-exp(-z)/(1 + exp(-z))"),
        where=_G,
        steps=1,
        goals=("g - 1", "-1/(1 + exp(z))", "-sigmoid(-z)"),
        asks="Can it be written with g alone, so that its sign can be read off?",
        hints=Hints(
            where="a difference of two functions, one of which you have differentiated already.",
            rule="difference rule; then the result of the first derivation.",
            question="the distance shrinks towards the right. Which sign must its slope have there?",
            neighbour="with t = tanh(z), D(ln(cosh(z)) - z) = t - 1.",
            line="The second line: D(ln(1 + exp(z))) - D(z).",
        ),
        solution="""
  D(ln(1 + exp(z)) - z)
= D(ln(1 + exp(z))) - D(z)    # difference
= g - 1                       # softplus' slope, slope of a line
""",
    ),
    NumberExercise(
        "q_softplus_gap",
        lesson=7,
        prompt="By how much does softplus with beta = 4 lie above ReLU at most?",
        answer="ln(2)/4",
        rtol=0.01,
        asks="Set β = 4 in the explorer and go to z = 0: how high is blue there, and how high is ReLU?",
        believed=(
            Believed(
                "ln(2)",
                "parameter-ignored",
                "That is the distance for beta = 1. Raise β in the explorer: does the blue curve stay where it is at z = 0?",
            ),
            Believed(
                "4*ln(2)",
                "parameter-ignored",
                "A larger β makes the corner sharper. Can the distance from ReLU grow with it?",
            ),
            Believed(
                "1/2",
                "function-derivative-mixup",
                "Something at z = 0 is that large for every β. Is it a height or a steepness?",
            ),
            Believed(
                "0",
                "formula-of-other-activation",
                "The logarithm of a number above 1 is positive. How high is blue at z = 0?",
            ),
        ),
        hints=Hints(
            where="the distance is largest where the two curves turn the corner.",
            rule="one over beta, times a logarithm that never exceeds ln 2.",
            question="what is the inside of the logarithm at z = 0, for any β?",
            neighbour="sqrt(z² + 9) lies above |z| by 3 at most, at z = 0; half of it by 3/2.",
            line="Put z = 0 into the softplus with beta = 4; ReLU is 0 there.",
        ),
        solution="The distance is ln(1 + exp(-4*abs(z)))/4. It is largest at z = 0: ln(2)/4, about 0.173.",
    ),
)


_ELU = (
    DerivationExercise(
        "derive_elu_neg",
        lesson=7,
        prompt="Derive d/dz alpha*(e^z - 1), the left branch of ELU.",
        on="z < 0",
        of=(_LEFT,),
        forms=("alpha*exp(z)",),
        steps=1,
        goals=("alpha*exp(z)",),
        asks="Can it be written more simply?",
        hints=Hints(
            where="which letter moves, and which one only multiplies?",
            rule="constant factor, then difference, then the exponential.",
            question="far left the curve is level. Which of the two, α or the 1, has to vanish from the slope for that?",
            neighbour="D(5*(sin(z) + 7)) = 5*D(sin(z) + 7) = 5*(cos(z) + 0) = 5*cos(z).",
            line="The second line: alpha*D(exp(z) - 1).",
        ),
        solution="""
  D(alpha*(exp(z) - 1))
= alpha*D(exp(z) - 1)      # constant factor
= alpha*(exp(z) - 0)       # difference, exponential, constant
= alpha*exp(z)             # tidy up
""",
    ),
    DerivationExercise(
        "derive_elu_from_value",
        lesson=7,
        prompt="Write the slope of ELU's left branch with its value g = alpha*(e^z - 1) and alpha alone.",
        on="z < 0",
        of=(_LEFT, "g"),
        forms=("g + alpha", "alpha*exp(z)", "alpha*(exp(z) - 1) + alpha"),
        where={"g": _LEFT},
        steps=1,
        goals=("g + alpha",),
        asks="Is there an exponential left? The value g already contains it.",
        hints=Hints(
            where="begin with the slope that you have just found and look for the value inside it.",
            rule="subtract something and add it again, as in lesson 1.",
            question="at z = 0 the value is 0 and the slope is α; far left the value is −α and the slope 0. What lies between the two, each time?",
            neighbour="with g = 3*(z^2 - 5), 3*z^2 = 3*(z^2 - 5) + 15 = g + 15.",
            line="The second line: alpha*(exp(z) - 1) + alpha.",
        ),
        solution="""
  alpha*exp(z)
= alpha*(exp(z) - 1) + alpha    # subtract and add alpha
= g + alpha                     # recognise g
""",
    ),
    ChoiceExercise(
        "q_elu_kink",
        lesson=7,
        prompt="For which alpha is ELU differentiable at 0?",
        answer="only for alpha = 1",
        options=(
            Option("only for alpha = 1"),
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
                "for every alpha <= 1",
                "kink-at-zero",
                "Try one half: which slopes do the two sides have there?",
            ),
            Option(
                "only for alpha = 0",
                "kink-at-zero",
                "With that value, which slopes do the two sides have there?",
            ),
        ),
        hints=Hints(
            where="put two tangents at 0 side by side, one from the left, one from the right.",
            rule="a derivative exists where the slopes from both sides are the same number.",
            question="the right slope does not know α. What does the left one do when α grows?",
            neighbour="c·z for z < 0 and 5z for z > 0 is differentiable at 0 for one c; which one, and what does the graph look like then?",
            line="Set the left branch's slope at z = 0 equal to the right branch's, and solve for α.",
        ),
        solution="The left slope is alpha, the right one 1. They meet for one alpha alone.",
    ),
    FormulaExercise(
        "elu_prime",
        lesson=7,
        prompt="Derivative of ELU with respect to z; convention at 0: the left value alpha.",
        of=(Branches(_LEFT, "z"),),
        forms=(Branches("alpha*exp(z)", "1"), Branches("f + alpha", "1")),
        where={"f": "alpha*(exp(z) - 1)"},
        parameters={"alpha": (0.5, 1.5, 2.0, 1.0)},
        kink=("alpha", "1"),
        far=(800.0, 30.0, -30.0, -800.0, 0.0),
        hints=Hints(
            where="try z = −1 and z = 1 with alpha = 2, and compare with the orange curve.",
            rule="`np.where(condition, …, …)` picks one of two, entry by entry; it computes both for all entries.",
            question="what does the left branch return for z = 800, although nobody asks for it there? What could the exponential be fed instead of z?",
            neighbour="for 3z² left of 0 and 5z right of it, the slope is `np.where(z > 0, 5.0, 6 * z)`.",
            line="Right of 0 it is 1.0; elsewhere alpha times the exponential of `np.minimum(z, 0)`.",
        ),
        code="def elu_prime(z, alpha):\n    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
        solution="Right of 0 the slope is 1, left of it alpha times the exponential.",
    ),
)


_SELU = (
    DerivationExercise(
        "derive_gaussian_shift",
        lesson=7,
        prompt="Derive d/dz e^2 Phi(z - 2); end with e^(2z) phi(z), where phi is the normal density and Phi its area.",
        of=("exp(2)*Phi(z - 2)",),
        forms=("exp(2*z)*phi(z)", "exp(2)*phi(z - 2)"),
        steps=1,
        goals=("exp(2*z)*phi(z)",),
        asks="Can it be written as a factor times phi(z), without a shift?",
        hints=Hints(
            where="first the slope of Phi, then gather all exponents in one.",
            rule="Phi has the slope phi, by definition; (z − 2)² = z² − 4z + 4.",
            question="in the worked case the shift by 1 left e^z behind. What is left of the exponent 2 − (z − 2)²/2 when the square is multiplied out?",
            neighbour="exp(9/2)*exp(-(z - 3)^2/2) = exp(3*z)*exp(-z^2/2).",
            line="The third line: exp(2)*exp(-(z - 2)^2/2)/sqrt(2*pi).",
        ),
        solution="""
  D(exp(2)*Phi(z - 2))
= exp(2)*phi(z - 2)                          # constant factor, slope of Phi
= exp(2)*exp(-(z - 2)^2/2)/sqrt(2*pi)        # the density
= exp(2*z - z^2/2)/sqrt(2*pi)                # multiply out the square
= exp(2*z)*phi(z)                            # the density again
""",
    ),
    ChoiceExercise(
        "q_selu_claim",
        lesson=7,
        prompt="Which sentence do the runs of this lesson support?",
        answer="this setting",
        options=(
            Option("this setting: SELU ended ahead of ReLU at this rate, depth and data"),
            Option(
                "smooth: smooth activations learn better than ReLU does",
                "tweak-always-helps",
                "One data set, one depth and one rate stand in the table. And SELU, which came out ahead, has at 0 the slope 1.758 on the left and 1.051 on the right: is it smooth there?",
            ),
            Option(
                "mean: SELU ended ahead of ReLU because its mean is exactly 0",
                "tweak-always-helps",
                "Which two runs would have to differ in the mean alone, to show that? Does the table contain them?",
            ),
            Option(
                "ReLU fails: at this depth a ReLU network does not learn the digits",
                "tweak-always-helps",
                "After 15 epochs ReLU reads 0.955 and its control 0.954, where chance is 0.1. What did they learn, then?",
            ),
            Option(
                "no difference: ELU and SELU are equally good at this depth",
                "tweak-always-helps",
                "After 15 epochs SELU − ELU is +0.003, and its 95 % interval reaches from 0.000 to 0.006: does it hold no other number than 0?",
            ),
        ),
        hints=Hints(
            where="take the table of pairs, the column of the last epoch.",
            rule="a difference is claimed when p is at most 0.05, and only for the setting that was run.",
            question="which of the sentences would be wrong after one more data set, and which could not?",
            neighbour='"on this slope, with these tyres, the car braked 2.0 ± 0.2 m shorter in ten pairs" names the setting; "these tyres are better" does not.',
            line="Cross out each sentence that gives a cause nobody varied, or speaks of more settings than there were.",
        ),
        solution="It names the setting and the comparison, and claims no cause that was not varied.",
    ),
)

_R = {"r": "sqrt(z^2 + 4)"}
_SQUAREPLUS = (
    DerivationExercise(
        "derive_squareplus",
        lesson=7,
        prompt="Derive d/dz (z + sqrt(z^2 + 4))/2; end with z and r = sqrt(z^2 + 4).",
        of=("(z + sqrt(z^2 + 4))/2",),
        forms=("(1 + z/r)/2",),
        where=_R,
        goals=("(1 + z/r)/2", "1/2 + z/(2*r)", "(r + z)/(2*r)"),
        asks="Can the root be written as r?",
        believed=(
            Believed(
                "2*z/sqrt(z^2 + 4)",
                "term-lost",
                "At z = 0 it is 0, and left of it negative; but squareplus climbs everywhere. Which term of the sum climbs at z = 0, and where has its slope gone?",
            ),
            Believed(
                "z/sqrt(z^2 + 4)",
                "term-lost",
                "At z = 0 it is 0, and left of it negative; but squareplus climbs everywhere. Which term of the sum climbs at z = 0, and where has its slope gone?",
            ),
        ),
        given="  D((z + sqrt(z^2 + 4))/2)\n= …",
        hints=Hints(
            where="a sum of two terms, divided by 2. The root is the one that needs work.",
            rule="the slope of sqrt(u) is 1/(2 sqrt(u)), times the slope of u.",
            question="far right squareplus runs along z, far left along 0. Which slopes must your result have out there?",
            neighbour="D(sqrt(1 + 3*z)) = 3/(2*sqrt(1 + 3*z)).",
            line="The second line: (1 + D(sqrt(z^2 + 4)))/2.",
        ),
        solution="""
  D((z + sqrt(z^2 + 4))/2)
= (1 + D(sqrt(z^2 + 4)))/2    # sum, constant factor
= (1 + z/r)/2                 # slope of a root, chain rule; the 2 cancels
""",
    ),
    DerivationExercise(
        "derive_squareplus_curvature",
        lesson=7,
        prompt="Derive the slope of squareplus once more: d/dz (1 + z/r)/2 with r = sqrt(z^2 + 4); end with r alone.",
        of=("(1 + z/r)/2",),
        forms=("2/r^3",),
        where=_R,
        steps=1,
        goals=("2/r^3", "2/(r*r*r)"),
        asks="What is r^2 - z^2? Can the result be written with r alone?",
        given="  D((1 + z/r)/2)\n= …",
        hints=Hints(
            where="only z/r depends on z, and r does so as well.",
            rule="quotient rule; D(r) is z/r, by the derivation above.",
            question="when all is over r^3, which difference stands above the bar, and how large is it?",
            neighbour="D(z/(z + 1)) = (1*(z + 1) - z*1)/(z + 1)^2 = 1/(z + 1)^2.",
            line="The second line: (r - z*D(r))/r^2/2.",
        ),
        solution="""
  D((1 + z/r)/2)
= (r - z*D(r))/r^2/2          # sum, quotient rule
= (r - z*z/r)/r^2/2           # slope of r
= (r^2 - z^2)/(2*r^3)         # r below the bar
= 2/r^3                       # r^2 - z^2 = 4
""",
    ),
    ChoiceExercise(
        "q_squareplus_proof",
        lesson=7,
        prompt="The slope of squareplus is (1 + z/r)/2 and its slope 2/r^3, with r = sqrt(z^2 + 4). What do the two prove together?",
        answer="all three",
        options=(
            Option("all three: it rises, is nowhere steeper than 1, and is convex"),
            Option(
                "rising: it rises everywhere, but may be steeper than 1 far out",
                "slope-vs-output",
                "How large can z/r become, when r is always larger than |z|?",
            ),
            Option(
                "convex: it bends upwards everywhere, but falls for very negative z",
                "sign-flipped",
                "How small can z/r become, and what is 1 plus that?",
            ),
            Option(
                "steepness: it is nowhere steeper than 1, but bends down on the left",
                "derivative-twice",
                "Which sign has 2/r^3 for negative z?",
            ),
            Option(
                "none: two formulas say nothing of all z, only of those one tries",
                "finite-difference",
                "At which z does a step of your derivation, or |z| < r, fail?",
            ),
        ),
        hints=Hints(
            where="take the slope for the first two properties, the slope of the slope for the third.",
            rule="slope above 0: it rises; slope between −1 and 1: Lipschitz with constant 1; slope of the slope above 0: convex.",
            question="between which two numbers does z/r lie?",
            neighbour="softplus has the slope σ, between 0 and 1, and σ′ above 0: it rises, with constant 1, and is convex.",
            line="−1 < z/r < 1, so (1 + z/r)/2 lies between 0 and 1; and r is positive.",
        ),
        solution="−1 < z/r < 1 puts the slope between 0 and 1, for every z; 2/r^3 is positive, for every z.",
    ),
)

EXERCISES = (*_SOFTPLUS, *_ELU, *_SELU, *_SQUAREPLUS)
