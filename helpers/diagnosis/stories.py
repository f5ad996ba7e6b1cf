"""The stories: what a wrong answer may believe, and what to ask its owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from helpers.diagnosis.tasks import Task
from helpers.language import gettext


class Story(NamedTuple):
    """A belief in one clause, and the question that makes its owner doubt it."""

    belief: str
    question: str


class _Stories(dict[str, Story]):
    """In the language that is spoken."""

    def __getitem__(self, slug: str) -> Story:
        return _spoken(super().__getitem__(slug))

    def __missing__(self, slug: str) -> Story:
        raise LookupError(f"there is no story {slug!r}: tell it in helpers/diagnosis/stories.py")


def _spoken(story: Story) -> Story:
    return Story(gettext(story.belief), gettext(story.question))


_STORIES = {
    "missing-square": Story(
        "a square was lost on the way, or came in",
        "Where does a square come into this derivative, and does one stand there, and only there?",
    ),
    "square-on-argument": Story(
        "the square went to what stands inside the function",
        "Is it the value that is squared, or what goes into the function? Try both at 0.5.",
    ),
    "square-as-times-two": Story(
        "a raised 2 became a factor 2",
        "What should the 2 do there: multiply a value, or raise it? Try both on 3.",
    ),
    "power-distributed-over-sum": Story(
        "the square of a sum was taken term by term, or the other way round",
        "Try your recipe on 3 and 4: is the square of their sum the sum of their squares?",
    ),
    "sum-taken-apart": Story(
        "a fraction, a root or another function of a sum was taken of each term on its own",
        "Try your recipe on 9 and 16: does it give for their sum what it gives for each, put "
        "together?",
    ),
    "missing-parentheses": Story(
        "a pair of brackets was lost or stands elsewhere, so that a power, a factor, a fraction "
        "bar or a function reaches too far or not far enough",
        "Read it as a machine does, powers, then products and fractions, then sums: "
        "what belongs together on paper, and what does here?",
    ),
    "missing-inner-derivative": Story(
        "the outer function was differentiated and the inner one forgotten",
        "When the variable moves a little, how much does the inner expression move? "
        "Where is that factor?",
    ),
    "sign-flipped": Story(
        "a minus sign was lost or added",
        "Look at the curve there: does it rise or fall? Count the minus signs and say where "
        "each of them comes from.",
    ),
    "plus-minus-swapped": Story(
        "there is a plus where a minus belongs, or the other way round",
        "Work your expression out term by term at the number above. Which terms are added, which "
        "are taken away, and what would the right number need?",
    ),
    "rule-applied-termwise": Story(
        "the derivative was taken piece by piece",
        "Try that recipe on a product you know, x times x: does it give the slope of the parabola? "
        "Which rule is made for products, quotients and nested functions?",
    ),
    "quotient-reversed": Story(
        "the two products of the quotient rule stand in the other order",
        "Which of the two products comes first in the rule, the one with the slope of the "
        "numerator or of the denominator? And does the order of a difference matter?",
    ),
    "difference-reversed": Story(
        "the difference above the bar of a difference quotient was taken the other way round",
        "Try it on the line f(z) = 3z, which climbs to the right: which slope does your quotient "
        "give it?",
    ),
    "product-missing-term": Story(
        "one part of a product was left out",
        "Which of the factors move when the variable moves? Which of them stands still in your "
        "answer, or is missing?",
    ),
    "power-rule-on-exponential": Story(
        "the exponential was treated as a power of the variable",
        "Where does the variable stand: in the base or in the exponent? "
        "Which function is its own derivative?",
    ),
    "z-for-g": Story(
        "the input was put where the output belongs",
        "Take your formula letter by letter: does it stand for the number before the activation, "
        "or for the one after it, and which of the two belongs there?",
    ),
    "activation-applied-twice": Story(
        "an activation was applied once too often",
        "Which activations does the number pass through in your answer, one after the other, and "
        "through which should it?",
    ),
    "function-derivative-mixup": Story(
        "the function and its derivative were exchanged",
        "Is a height asked for, or a steepness? Sketch both: which one did you return?",
    ),
    "integrated-instead": Story(
        "it was integrated instead of differentiated",
        "Differentiate your answer: what comes out? Which direction was asked for?",
    ),
    "formula-of-other-activation": Story(
        "the formula belongs to another function",
        "For which function did you learn this formula? Sketch its curve beside the one that "
        "is asked for: how do they differ at the number above?",
    ),
    "branches-swapped": Story(
        "the two branches changed places",
        "Put in one positive and one negative number by hand: which branch should each take?",
    ),
    "branch-missing": Story(
        "the formula of one branch is taken on both sides",
        "Put in one positive and one negative number by hand: for which of the two was your "
        "formula made, and what should become of the other?",
    ),
    "branch-kept-z": Story(
        "the variable was kept in the slope of a straight line",
        "How steep is a straight line through the origin at one place, and how steep further out?",
    ),
    "kink-at-zero": Story(
        "another slope is taken at the kink",
        "Which slopes does the curve have just left and just right of the kink, and which of them "
        "does the course take?",
    ),
    "max-needs-alpha-le-1": Story(
        "the larger or the smaller of two lines was taken for the branch",
        "Draw both lines for a slope at which it differs: which is on top left of the origin, and "
        "which right?",
    ),
    "leak-dropped": Story(
        "the left branch lets nothing through",
        "What should pass through for negative inputs? Follow one of them.",
    ),
    "wrong-variable": Story(
        "it was differentiated with respect to another letter",
        "Which letter moves in this question, and which ones stand still?",
    ),
    "parameter-ignored": Story(
        "a parameter or a constant factor was left out, fixed or taken once too often",
        "Change the parameter, or the constant factor: does your answer change as the right "
        "one does?",
    ),
    "python-not-numpy": Story(
        "`if`, `max` and the `math` functions take one number, not an array",
        "What arrives in your function: one number or many? Which tool does it for all at once?",
    ),
    "caret-for-power": Story(
        "`^` is not the power in Python",
        "How does Python write a power?",
    ),
    "array-contract": Story(
        "numbers are not delivered as asked, one for each entry, returned, the input untouched",
        "What does the caller need back: what object, of what shape?",
    ),
    "constant-slope-one": Story(
        "a constant was kept, or treated as if it moved",
        "How much does a constant change when the variable moves a little?",
    ),
    "overflow-unstable": Story(
        "an intermediate number leaves what floats can hold: beyond 1.8e308, or rounded to 0",
        "Which of your intermediate numbers grows or shrinks beyond all bounds there, although "
        "the result does not?",
    ),
    "cancellation": Story(
        "two nearly equal numbers are subtracted",
        "How many digits are left when two numbers agree in their first 15? "
        "Can it be written without that subtraction?",
    ),
    "finite-difference": Story(
        "a difference quotient stands for the derivative",
        "Halve your step: do the digits change? Which formula needs no step?",
    ),
    "inactive-vs-dead": Story(
        "silent for some examples was taken for dead",
        "For which examples must a unit be off to be dead, and along which axis do they run?",
    ),
    "slope-vs-output": Story(
        "height and steepness were confused",
        "Draw a tangent: do you read it off the value axis, or from how the line climbs?",
    ),
    "layer-product-wrong": Story(
        "the factors of the layers are not combined as the chain rule says",
        "One layer hands its change on to the next: how do the factors combine, "
        "and what does a weight do to them?",
    ),
    "linear-collapse": Story(
        "depth alone was trusted, or a kink overlooked",
        "Put two straight lines into one another: what comes out? And with one kink between them?",
    ),
    "variance-confusion": Story(
        "variance, standard deviation and mean square were exchanged",
        "When the numbers themselves are doubled, what becomes of each of the three, and which of "
        "them is asked for?",
    ),
    "tweak-always-helps": Story(
        "one tweak or one run was trusted too much",
        "What would you have to measure, and how often, to be sure?",
    ),
    "one-minus-inside": Story(
        "a 'one minus' moved inside the function",
        "Is it one minus the output, or the output of one minus something?",
    ),
    "derivative-twice": Story(
        "it, or a part of it, was differentiated once too often",
        "Count the derivatives, part by part: how many were asked for, and how many were taken?",
    ),
    "integer-result": Story(
        "the results were cut to whole numbers",
        "Which dtype does your result array have, and which number decided it?",
    ),
    "mask-overwritten": Story(
        "a second assignment overwrote what the first one had just written",
        "After your first line, which entries fulfil the condition of the second?",
    ),
    "value-overwritten": Story(
        "what one round of a loop has written is written anew in another one",
        "Follow one entry through the rounds: how often is it written, and what becomes of what "
        "stood there before?",
    ),
    "row-for-table": Story(
        "two rows are multiplied to one number, where a table belongs with a product for each pair",
        "How many numbers come out of this product, and how many entries has the matrix that is "
        "asked for?",
    ),
    "operation-swapped": Story(
        "a plus, a minus, a times or a division stands where another of them belongs",
        "Say the formula aloud, operation by operation: which two things are multiplied, and "
        "which are added or taken away?",
    ),
    "fraction-upside-down": Story(
        "a fraction stands upside down",
        "What is divided by what in the formula? Put in a large number: should the fraction grow "
        "or shrink?",
    ),
    "term-lost": Story(
        "a term of a sum was left out or added",
        "Which terms does the sum have before anything is simplified? Cross out each that yours "
        "has too: what is left, there or in yours?",
    ),
    "complement": Story(
        "a quantity stands where its complement, one minus it, belongs, or the other way round",
        "At the number above, work out the quantity and what is missing from it to 1: with which "
        "of the two does the right number come out?",
    ),
    "condition-misplaced": Story(
        "the branch is chosen by another quantity, or elsewhere, than where the curve bends",
        "What decides which branch an entry takes, and at which inputs does the curve bend?",
    ),
    "one-for-all": Story(
        "an `if` with `any` or `all` takes one decision for the whole array",
        "Some entries are positive and some negative: which way do they go after your `if`? Which "
        "tool decides for each entry on its own?",
    ),
    "leak-side": Story(
        "what belongs on the left of 0 stands on the right, and nothing is left for the left",
        "Put in one positive and one negative number by hand: what should become of each of them, "
        "and what becomes of it in yours?",
    ),
    "other-form": Story(
        "an approximation of the function was differentiated, not the function itself",
        "Where do your digits begin to differ? Of which formula is this the exact slope: of the "
        "one that is asked for, or of one that only lies close to it?",
    ),
    "exponent-kept": Story(
        "the exponent was not lowered by one",
        "The power rule does two things to the exponent: which of them is done in your answer, and "
        "which is left to do?",
    ),
    "call-for-times": Story(
        "a bracket right after a value calls it instead of multiplying",
        "Which sign multiplies in Python?",
    ),
    "other-stretch": Story(
        "another stretch was climbed than the one asked for, or divided by another length",
        "From where to where do you climb, and how far is it from the one place to the other?",
    ),
    "modes-swapped": Story(
        "forward and reverse mode were exchanged",
        "What does one pass begin with, one input or one output, and what does it have at its end?",
    ),
    "logarithm-of-base-ten": Story(
        "a logarithm was taken to another base than e",
        "Of which number is your logarithm 1, and of which number should it be?",
    ),
    "function-lost": Story(
        "a function, such as an absolute value, a root or an exponential, was left out, came in, "
        "or stands for another one",
        "Follow one number through the formula, step by step: which functions does it pass, and "
        "which of them does it pass in yours?",
    ),
    "name-for-another": Story(
        "a name stands where another one, or a number, belongs",
        "Say of each name what it stands for. Which quantity does the formula have at this place?",
    ),
    "slope-for-change": Story(
        "the slope itself was taken where its change belongs",
        "A ReLU goes on climbing beyond its knot: how steep are all of them together right of a "
        "knot, and what has the next one to add?",
    ),
}
STORIES: Mapping[str, Story] = _Stories(_STORIES)

_NO_PARAMETER = Story(
    "a constant was left out, changed or taken once too often",
    "Which constants does the formula have, inside of its functions as well as before them, and "
    "which of them is missing in yours, or is another one?",
)
_STANDS_STILL = Story(
    "a letter that stands still was left out, or taken once too often",
    "Which letters move in this question, and which stand still? What became of each of those "
    "that stand still on the way?",
)
_NO_DERIVATIVE = {  # where a value is asked for, nothing rises, falls or moves
    "missing-square": "Which quantity of the formula is squared, and which one is squared "
    "in yours?",
    "sign-flipped": "Count the minus signs of the formula and of yours: where does one stand "
    "alone?",
    "product-missing-term": "Which quantities does each product of the formula multiply, and which "
    "of them is missing in yours?",
}

_ACROSS_A_KINK = (
    "On which sides of 0 do the two ends of your step lie when z is near 0, and how steep is the "
    "curve on each? Which formula needs no step?"
)

# Where the change that makes an answer right is seen in its text: story and what is seen.
AS_SEEN: Mapping[tuple[str, str], Story] = {
    ("formula-of-other-activation", "called"): Story(
        "another function stands there than the one that belongs",
        "What does this part give at the number above, and which quantity does the formula have "
        "at its place?",
    ),
    ("fraction-upside-down", "reciprocal"): Story(
        "a number stands where its reciprocal belongs",
        "Put in a large number: should this part grow or shrink, and what does it do in yours?",
    ),
    ("parameter-ignored", "power"): Story(
        "a square, a root or the number itself stands where another of them belongs",
        "Let it stand on a 4: what does the formula make of the 4, and what does yours?",
    ),
    ("function-lost", "cut off"): Story(
        "a bound takes the place of all numbers beyond it",
        "Which numbers does the bound let through, and what should become of those beyond it?",
    ),
    ("function-lost", "absolute value"): Story(
        "an absolute value makes both sides of 0 alike where they differ",
        "Which numbers reach this place for −1 and for 1, and which should reach it?",
    ),
    ("sign-flipped", "absolute value"): Story(
        "by an absolute value a minus sign is lost on one side of 0",
        "Which numbers reach this place for −1 and for 1, and which should reach it?",
    ),
    ("branch-missing", "absolute value"): Story(
        "by an absolute value the formula of one side of 0 stands for both",
        "Put in one positive and one negative number by hand: for which of the two was your "
        "formula made, and what should become of the other?",
    ),
    ("name-for-another", "unfinished"): Story(
        "a quantity stands there before the last step of your own that makes another one of it",
        "Which of your lines goes on from this quantity, and which of the two does the formula "
        "have at this place?",
    ),
    ("name-for-another", "a step further"): Story(
        "a quantity stands there that one of your lines has made of another one",
        "Of what did your lines make this quantity, and which of the two does the formula have at "
        "this place?",
    ),
    ("parameter-ignored", "once more"): Story(
        "a constant is taken once more where it is in the quantity already",
        "Which constants are in this quantity when it comes to this place, and which come after "
        "it?",
    ),
    ("name-for-another", "number"): Story(
        "a number stands where a letter belongs",
        "Which parts of the formula change when the variable does? Which of yours cannot?",
    ),
    ("array-contract", "its input"): Story(
        _STORIES["array-contract"].belief,
        "Whose array do your lines write into, and what does the caller find in it afterwards?",
    ),
    ("array-contract", "its shape"): Story(
        _STORIES["array-contract"].belief,
        "How many numbers does the caller need for this input, and which line of yours decides "
        "how many there are?",
    ),
    ("integer-result", "cut"): Story(
        _STORIES["integer-result"].belief,
        "Which line of yours makes this array, and what kind of numbers stands in it then?",
    ),
    ("cancellation", "absorbed"): Story(
        "a small number is added to 1",
        "How many digits of a number as small as 1e−20 are left when 1 is added to it, and where "
        "does yours do that?",
    ),
    ("function-derivative-mixup", "in a part"): Story(
        "in one part a slope stands where a height belongs, or the other way round",
        "Branch by branch, or part by part: is it a height or a steepness, and which of the two "
        "is asked for?",
    ),
    ("sign-flipped", "reversed"): Story(
        "a difference was taken the other way round",
        "Which of the two is taken away from which? Work out both ways at the number above: which "
        "of them has the sign that is needed?",
    ),
    ("sign-flipped", "brackets"): Story(
        "a term is taken away that should be added: for its own sign, or for brackets around a "
        "difference that is taken away as a whole",
        "Read it from left to right, term by term: which of them are taken away, and which should "
        "be?",
    ),
    ("condition-misplaced", "turned round"): Story(
        "a comparison holds on the other side than it should",
        "Of which numbers is this comparison true, and which numbers should be taken there?",
    ),
    ("condition-misplaced", "joined"): Story(
        "two conditions together hold for other numbers than they should",
        "Of which numbers is each of your two conditions true, and what does the word that joins "
        "them make of that?",
    ),
    ("function-derivative-mixup", "in a rule"): Story(
        "in one part of a rule a function stands where its derivative belongs, or the other way "
        "round",
        "Term by term, what does the rule differentiate, and what does it leave as it is?",
    ),
    ("function-lost", "nothing done"): Story(
        "the input itself is handed back",
        "What becomes of a number in your function, and what should become of it?",
    ),
    ("parameter-ignored", "mean or sum"): Story(
        "a mean stands where a sum belongs, or the other way round",
        "By what does a mean differ from a sum, and which of them does the formula have there?",
    ),
    ("missing-parentheses", "in a row"): Story(
        "the bracket of a sum or a mean holds a factor too many or too few",
        "Over which product is it taken in yours, and which factor is the same for the whole sum?",
    ),
}

# What can go wrong from one line to the next when nothing is differentiated any more.
ALGEBRA: Mapping[str, Story] = {
    "sign-flipped": Story(
        _STORIES["sign-flipped"].belief,
        "Count the minus signs of both sides, those in the exponents too: which of them changed "
        "on the way?",
    ),
    "product-missing-term": Story(
        "a factor or a term was lost",
        "Count the factors and the terms of both sides: which of them is left without a partner?",
    ),
    "missing-square": _STORIES["missing-square"]._replace(
        question=_NO_DERIVATIVE["missing-square"]
    ),
    "parameter-ignored": _NO_PARAMETER,
    **{
        slug: _STORIES[slug]
        for slug in (
            *("missing-parentheses", "plus-minus-swapped", "power-distributed-over-sum"),
            "sum-taken-apart",
            *("square-as-times-two", "square-on-argument", "one-minus-inside", "term-lost"),
            "complement",
            *("operation-swapped", "fraction-upside-down", "formula-of-other-activation"),
        )
    },
}


def wording(slug: str, task: Task | None = None, algebra: bool = False) -> Story:
    """The wording of a story that is true for this task, or where nothing is differentiated.

    >>> from helpers.derivation import parse
    >>> wording("parameter-ignored", Task(of=(parse("tanh(z)"),), forms=())).belief
    'a constant was left out, changed or taken once too often'
    """
    if slug == "parameter-ignored" and not (task and task.parameters):
        of_z = task is not None and task.variable != "z" and task.has_z and not algebra
        return _spoken(_STANDS_STILL if of_z else _NO_PARAMETER)
    if algebra and slug in ALGEBRA:
        return _spoken(ALGEBRA[slug])
    if slug == "finite-difference" and task and task.has_branches:
        return STORIES[slug]._replace(question=gettext(_ACROSS_A_KINK))
    if slug in _NO_DERIVATIVE and (task is None or task.asks_value):
        return STORIES[slug]._replace(question=gettext(_NO_DERIVATIVE[slug]))
    return STORIES[slug]
