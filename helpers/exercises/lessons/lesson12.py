"""Lesson 12: softmax, its Jacobian, and what arrives at the logits."""

# ruff: noqa: E501 (prompts, hints and questions stand as whole sentences)

from collections.abc import Iterator

import numpy as np

from helpers.activations import logsumexp, softmax, softmax_jacobian, softmax_vjp
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise, Option
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Believed, Hints
from helpers.exercises.reference_exercise import ReferenceExercise

_SUM = "exp(a) + exp(b) + exp(c)"
_LETTERS = {
    "s": _SUM,
    "p": f"exp(a)/({_SUM})",
    "q": f"exp(b)/({_SUM})",
}
_ROWS = ([1.0, 2.0, 0.5], [0.3, -1.2, 2.0, 0.7], [-2.0, 1.5])
_UPSTREAM = ([0.5, -1.0, 2.0], [1.5, 0.4, -0.6, 2.2], [0.8, -0.3])
_LOW = [-2000.0, -2001.5]  # all exponentials are 0 there
_FAR = (-2000.0, -1000.0, 999.0, 300.0, -300.0, 1001.0, 998.5, 1000.0, -1999.0)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _softmax_beliefs() -> Iterator[tuple]:
    """Ways to make shares of logits that are not softmax, or not for large ones."""

    def e(z: np.ndarray) -> np.ndarray:
        return np.exp(z - z.max())

    other = "formula-of-other-activation"
    yield "overflow-unstable", lambda z: np.exp(z) / np.exp(z).sum()
    yield "sign-flipped", lambda z: softmax(-z)
    yield other, _sigmoid, "That is a sigmoid for each logit alone. What do your numbers add up to?"
    yield (
        other,
        lambda z: _sigmoid(z) / _sigmoid(z).sum(),
        "Your numbers add up to 1. When 1 is added to one logit, what becomes of its ratio to another's share, in yours and in softmax?",
    )
    yield (
        other,
        lambda z: z / z.sum(),
        "Your numbers add up to 1. Which sign has that of a negative logit, and what becomes of all when 1 is added to each logit?",
    )
    yield (
        other,
        lambda z: e(z) / e(z).max(),
        "The largest of your numbers is 1. What do they add up to, and what should they?",
    )
    yield "term-lost", lambda z: np.exp(z) / (1 + np.exp(z).sum())
    yield "term-lost", lambda z: e(z) / (1 + e(z).sum())
    yield "term-lost", lambda z: e(z) / (e(z).sum() - e(z))
    yield "operation-swapped", lambda z: softmax(z / z.max())
    yield "function-derivative-mixup", lambda z: softmax(z) * (1 - softmax(z))
    yield (
        other,
        lambda z: z - logsumexp(z),
        "That is the logarithm of each number that is asked for. What do those add up to?",
    )


def _jacobian_beliefs() -> Iterator[tuple]:
    """Matrices that lose a part of diag(p) - p pᵀ, or exchange its signs."""
    yield "z-for-g", lambda z: np.diag(z) - np.outer(z, z)
    yield "z-for-g", lambda z: np.diag(softmax(z)) - np.outer(softmax(z), z)
    yield "z-for-g", lambda z: softmax(z)[:, None] * (np.eye(len(z)) - z)
    yield (
        "name-for-another",
        lambda z: softmax(z) * (np.eye(len(z)) - softmax(z)),
        "Your diagonal is right. Which two of the p does an entry beside it multiply, and which two in yours?",
    )
    yield (
        "sign-flipped",
        lambda z: np.outer(softmax(z), softmax(z)) - np.diag(softmax(z)),
        "All signs are turned. Which of the two matrices is taken away from which?",
    )
    yield "plus-minus-swapped", lambda z: np.diag(softmax(z)) + np.outer(softmax(z), softmax(z))
    yield (
        "term-lost",
        lambda z: np.diag(softmax(z) * (1 - softmax(z))),
        "Your diagonal is right. What becomes of the other p when one logit rises?",
    )
    yield "term-lost", lambda z: np.diag(softmax(z))
    yield "term-lost", lambda z: -np.outer(softmax(z), softmax(z))
    yield "product-missing-term", lambda z: np.eye(len(z)) - np.outer(softmax(z), softmax(z))
    yield "product-missing-term", lambda z: np.diag(softmax(z)) - softmax(z)
    yield (
        "formula-of-other-activation",
        lambda z: np.eye(len(z)) - softmax(z),
        "That is the Jacobian of ln p. How does the slope of p follow from that of ln p?",
    )
    yield (
        "term-lost",
        lambda z: np.outer(softmax(z), 1 - softmax(z)),
        "Your diagonal is right. What do the entries of one of your columns add up to, if the p add up to 1 before and after?",
    )
    yield "array-contract", lambda z: softmax(z) * (1 - softmax(z))


def _vjp_beliefs() -> Iterator[tuple]:
    """Gradients that forget what the other classes do, or the class itself."""
    yield "z-for-g", lambda z, u: z * (u - z @ u)
    yield (
        "term-lost",
        lambda z, u: softmax(z) * (1 - softmax(z)) * u,
        "That is what the diagonal of the Jacobian gives. What do the entries beside it add?",
    )
    yield "term-lost", lambda z, u: softmax(z) * u
    for weighed in (lambda e, u: u - e @ u, lambda e, u: u - u.sum()):
        yield (
            "name-for-another",
            lambda z, u, f=weighed: np.exp(z - z.max()) * f(np.exp(z - z.max()), u),
            "What do the numbers that you take for p add up to?",
        )
    yield (
        "product-missing-term",
        lambda z, u: softmax(z) * (u - u.sum()),
        "You subtract the plain sum of u. If all u are alike, no p matters more than another: what must come back, and what does here?",
    )
    yield (
        "formula-of-other-activation",
        lambda z, u: softmax(z) * (u - u.mean()),
        "You subtract the plain mean of u. Does a class with p near 0 count in it as much as one with p near 1, and should it?",
    )
    yield "product-missing-term", lambda z, u: u - softmax(z) @ u
    yield "sign-flipped", lambda z, u: softmax(z) * (softmax(z) @ u - u)
    yield "plus-minus-swapped", lambda z, u: softmax(z) * (u + softmax(z) @ u)
    yield "product-missing-term", lambda z, u: softmax(z) * u - softmax(z) @ u
    yield (
        "formula-of-other-activation",
        lambda z, u: u - softmax(z) * u.sum(),
        "That is what arrives at the logits when u is the gradient at ln p. Which slope lies between p and ln p?",
    )
    yield (
        "formula-of-other-activation",
        lambda z, u: softmax(z) - u,
        "p − y is what cross-entropy sends, with y the targets. Is u the targets here?",
    )


def _logsumexp_beliefs() -> Iterator[tuple]:
    """Sums of exponentials that overflow, and other means of the logits."""
    yield "overflow-unstable", lambda z: np.log(np.exp(z).sum())
    yield "term-lost", lambda z: np.log(np.exp(z - z.max()).sum())
    yield "term-lost", lambda z: z.max()
    yield "term-lost", lambda z: z.max() + np.log1p(np.exp(z - z.max()).sum())
    yield "sign-flipped", lambda z: np.log(np.exp(z - z.max()).sum()) - z.max()
    one_by_one = "Is the logarithm of a sum the sum of the logarithms? Try two numbers, 1 and 1."
    yield "missing-parentheses", lambda z: np.log(np.exp(z)).sum(), one_by_one
    yield "missing-parentheses", lambda z: z.sum(), one_by_one
    yield "operation-swapped", lambda z: z.max() * np.log(np.exp(z - z.max()).sum())
    yield (
        "parameter-ignored",
        lambda z: logsumexp(z) - np.log(len(z)),
        "That is the logarithm of a mean. By which factor do a mean and a sum differ?",
    )
    yield "function-derivative-mixup", softmax
    yield "logarithm-of-base-ten", lambda z: z.max() + np.log10(np.exp(z - z.max()).sum())


EXERCISES = (
    ReferenceExercise(
        "softmax",
        lesson=12,
        prompt="Return the softmax of one row of logits, right for logits up to ±2000 too.",
        reference=softmax,
        inputs=tuple((row,) for row in (*_ROWS, _LOW)),
        far=_FAR,
        rtol=1e-9,
        atol=1e-290,
        others=tuple(_softmax_beliefs()),
        hints=Hints(
            where="add up the numbers that you return; then try the logits 1000 and 1001.",
            rule="the same number may be subtracted from all logits, and p stays as it is.",
            question="which number, subtracted from all, leaves no exponent above 0?",
            neighbour="e^1001/(e^1000 + e^1001) is e^0/(e^−1 + e^0).",
            line="Subtract z.max(), take exponentials, divide by their sum.",
        ),
        code="def softmax(z):\n    e = np.exp(z - z.max())\n    return e / e.sum()",
        solution="With the largest logit subtracted, every exponential is at most 1.",
    ),
    ChoiceExercise(
        "q_softmax_shift",
        lesson=12,
        prompt="5 is added to every logit. What does softmax do?",
        answer="stays: e⁵ cancels, p is what it was",
        options=(
            Option("stays: e⁵ cancels, p is what it was"),
            Option(
                "grows: every p grows by the factor e⁵",
                "term-lost",
                "What do the p add up to then? And what becomes of the sum below the fraction bar?",
            ),
            Option(
                "sharper: the largest p grows most",
                "operation-swapped",
                "Sharper is what a factor does. What is the ratio of two p, before and after?",
            ),
            Option(
                "flatter: p moves to equal shares",
                "operation-swapped",
                "The difference of two logits says how p is shared out. Has any difference changed?",
            ),
            Option(
                "depends: on which logit is the largest",
                "term-lost",
                "Write the fraction with e⁵ in all its terms. Which of them keeps it in the end?",
            ),
        ),
        hints=Hints(
            where="look at the ratio of two of the p.",
            rule="e^(z + 5) is e⁵ times e^z.",
            question="e⁵ stands above the bar once, and below it in every term. What is left?",
            neighbour="2/(2 + 3) and 20/(20 + 30) are the same number.",
            line="Compute softmax of (0, 1) and of (5, 6).",
        ),
        solution="e⁵ is a factor of the numerator and of every term of the denominator.",
    ),
    DerivationExercise(
        "derive_softmax_other",
        lesson=12,
        prompt="p = e^a/(e^a + e^b + e^c). Derive its slope with respect to the logit b of another class; D means d/db. End with p and q = e^b/(e^a + e^b + e^c); s may stand for the sum.",
        of=(f"exp(a)/({_SUM})", "exp(a)/s", "p"),
        forms=("-p*q", "-exp(a)*exp(b)/s^2", "-exp(a)/s*exp(b)/s"),
        variable="b",
        where=_LETTERS,
        steps=1,
        goals=("-p*q",),
        asks="Can it be written with p and q alone?",
        given=f"""
  D(exp(a)/({_SUM}))
= …                        # quotient rule
= …                        # a and c stand still
= -exp(a)/s * exp(b)/s     # two fractions
= -p*q                     # recognise p and q
""",
        hints=Hints(
            where="b stands below the bar alone: what moves in the numerator?",
            rule="the quotient rule; the slope of e^a with respect to b is 0.",
            question="when b rises, the sum rises. Does p rise with it?",
            neighbour="with respect to b, D(3/(2 + exp(b))) = (0*(2 + exp(b)) - 3*exp(b))/(2 + exp(b))^2.",
            line="The second line: (D(exp(a))*s - exp(a)*D(s))/s^2.",
        ),
        solution=f"""
  D(exp(a)/({_SUM}))
= (D(exp(a))*s - exp(a)*D(s))/s^2    # quotient rule
= (0*s - exp(a)*exp(b))/s^2          # a and c stand still
= -exp(a)/s * exp(b)/s               # two fractions
= -p*q                               # recognise p and q
""",
    ),
    NumberExercise(
        "q_jacobian_row",
        lesson=12,
        prompt="What do the entries of one row of the Jacobian of softmax add up to?",
        answer="0",
        asks="Add one number to all logits: by how much does each p move?",
        believed=(
            Believed(
                "1",
                "function-derivative-mixup",
                "The p add up to 1. The entries of a row are changes of one p: what do all logits together do to it?",
            ),
            Believed(
                "1/4",
                "formula-of-other-activation",
                "That is the largest slope of the sigmoid. Which signs do the entries beside the diagonal have?",
            ),
            Believed(
                "-1",
                "sign-flipped",
                "On the diagonal the entry is positive. How large are the others of its row, all together?",
            ),
        ),
        hints=Hints(
            where="write down the row of p: p(1 − p), −p·q, −p·r.",
            rule="p, q and r add up to 1.",
            question="what is 1 − p, written with q and r?",
            neighbour="for the sigmoid the row is σ(1 − σ), −σ(1 − σ).",
            line="p(1 − p) − p·q − p·r = p(1 − p − q − r).",
        ),
        solution="p(1 − p − q − r) = 0: what is added to all logits alike moves no p.",
    ),
    ReferenceExercise(
        "softmax_jacobian",
        lesson=12,
        prompt="Return the Jacobian of softmax for one row of n logits: an (n, n) array with ∂pᵢ/∂zⱼ in row i, column j.",
        reference=lambda z: softmax_jacobian(softmax(z)),
        inputs=tuple((row,) for row in _ROWS),
        others=tuple(_jacobian_beliefs()),
        hints=Hints(
            where="look at the shape of what you return, then at its diagonal, then beside it.",
            rule="on the diagonal p(1 − p), elsewhere minus the product of two p.",
            question="p(1 − p) is p − p². Which matrix has the products of all pairs, and what is to be added on its diagonal?",
            neighbour="the matrix of all products of u and v is np.outer(u, v).",
            line="With p from the softmax: np.diag(p), less np.outer of p with itself.",
        ),
        code="def softmax_jacobian(z):\n    e = np.exp(z - z.max())\n    p = e / e.sum()\n    return np.diag(p) - np.outer(p, p)",
        solution="diag(p) − p pᵀ: p − p² on the diagonal, −pᵢ pⱼ beside it.",
    ),
    ReferenceExercise(
        "softmax_vjp",
        lesson=12,
        prompt="From one row of logits z and the upstream gradient u = ∂L/∂p return ∂L/∂z, without building a matrix.",
        reference=lambda z, u: softmax_vjp(softmax(z), u),
        inputs=tuple(zip(_ROWS, _UPSTREAM, strict=True)),
        others=tuple(_vjp_beliefs()),
        without=("outer", "diag", "eye"),
        hints=Hints(
            where="put u = (1, 1, 1): all p matter alike. What must come out?",
            rule="p times u, less p times one number that is the same for all classes.",
            question="that number is a mean of the u. Which weights does it take?",
            neighbour="of the prices u with the shares p, the mean price is p @ u.",
            line="p * (u − the mean of u with the weights p).",
        ),
        code="def softmax_vjp(z, u):\n    e = np.exp(z - z.max())\n    p = e / e.sum()\n    return p * (u - p @ u)",
        solution="p(u − Σ p u), entry by entry: only what lies above or below the mean counts.",
    ),
    NumberExercise(
        "q_forward_passes",
        lesson=12,
        prompt="A loss depends on 1000 logits. Reverse mode gives its whole gradient in one pass. How many passes does forward mode need?",
        answer="1000",
        asks="A pass of forward mode carries one direction of the logits to the end. How many directions does the gradient have?",
        believed=(
            Believed(
                "1",
                "modes-swapped",
                "One pass forward follows one direction of the logits. How many numbers of the gradient does it give?",
            ),
            Believed(
                "1000000",
                "modes-swapped",
                "That is the number of entries of a Jacobian with as many outputs as logits. How many outputs has the loss?",
            ),
            Believed(
                "999",
                "modes-swapped",
                "That holds where the slopes are known to add up to 0, as behind a softmax. Is it known of this loss?",
            ),
            Believed(
                "2",
                "finite-difference",
                "Two values of the loss make one difference quotient. For how many logits is one needed?",
            ),
        ),
        hints=Hints(
            where="count what one pass starts with and what it ends with.",
            rule="forward mode gives a column of the Jacobian a pass, reverse mode a row.",
            question="the Jacobian of a loss has one row. How many columns has it?",
            neighbour="with three logits and one loss, three passes.",
            line="One pass for each logit.",
        ),
        solution="One for each logit: 1000. Reverse mode has one for each output, and a loss is one.",
    ),
    ReferenceExercise(
        "logsumexp",
        lesson=12,
        prompt="Return ln(e^z₁ + … + e^zₙ) for one row of logits, right for logits up to ±2000 too.",
        reference=logsumexp,
        inputs=tuple((row,) for row in (*_ROWS, _LOW)),
        far=_FAR,
        rtol=1e-9,
        others=tuple(_logsumexp_beliefs()),
        hints=Hints(
            where="try one logit alone: what is ln(e^z)? Then 1000, twice.",
            rule="ln(e^m · x) = m + ln x.",
            question="which m leaves no exponential above 1, and at least one of them at 1?",
            neighbour="ln(e^800 + e^801) = 801 + ln(e^−1 + 1).",
            line="m = z.max(); then m plus the logarithm of the sum of np.exp(z − m).",
        ),
        code="def logsumexp(z):\n    m = z.max()\n    return m + np.log(np.exp(z - m).sum())",
        solution="The largest logit is taken out of the sum before the exponential, and added after the logarithm.",
    ),
    DerivationExercise(
        "derive_cross_entropy",
        lesson=12,
        prompt="b is the logit of the right class: the loss is ln(e^a + e^b + e^c) - b. Derive its slope with respect to b; D means d/db. End with q = e^b/(e^a + e^b + e^c) alone; s may stand for the sum.",
        of=(f"log({_SUM}) - b", "log(s) - b"),
        forms=("q - 1", "exp(b)/s - 1", f"exp(b)/({_SUM}) - 1"),
        variable="b",
        where=_LETTERS,
        steps=1,
        goals=("q - 1",),
        asks="Can it be written with q alone?",
        given=f"D(log({_SUM}) - b)",
        believed=(
            Believed(
                "q",
                "term-lost",
                "That is the slope of ln s alone. How does the second term move when b does?",
            ),
            Believed(
                "q + 1",
                "sign-flipped",
                "Which sign has b in the loss? What becomes of a negative term when b grows?",
            ),
            Believed(
                "exp(b) - 1",
                "missing-inner-derivative",
                "That is the slope of s, and of −b. By how much does ln s move when s moves a little?",
            ),
        ),
        hints=Hints(
            where="a difference of two terms: the second one is a straight line.",
            rule="the slope of ln s is 1/s times the slope of s.",
            question="a and c stand still. Which term of s moves?",
            neighbour="with respect to b, D(log(2 + exp(3*b))) = 3*exp(3*b)/(2 + exp(3*b)).",
            line="The second line: D(s)/s - D(b).",
        ),
        solution=f"""
  D(log({_SUM}) - b)
= D(s)/s - D(b)      # difference, logarithm, chain rule
= exp(b)/s - 1       # a and c stand still
= q - 1              # recognise q
""",
    ),
    NumberExercise(
        "q_softmax_gradient",
        lesson=12,
        prompt="p = (0.7, 0.2, 0.1), and the second class is right. With cross-entropy, what arrives at the logit of the second class?",
        answer="-0.8",
        asks="Which entry of p − y is it, and what is y for the right class?",
        believed=(
            Believed("0.8", "sign-flipped", "Is it p − y or y − p? Must this logit rise or fall?"),
            Believed("0.2", "term-lost", "That is p. What is y for the right class?"),
            Believed(
                "-5",
                "missing-inner-derivative",
                "That is −1/p, what arrives at p. What does the Jacobian make of it on the way to z?",
            ),
            Believed(
                "0.16",
                "function-derivative-mixup",
                "That is p(1 − p), one entry of the Jacobian. What is it to be multiplied by?",
            ),
            Believed(
                "-0.16",
                "function-derivative-mixup",
                "That has the size of p(1 − p), one entry of the Jacobian. What is it to be multiplied by?",
            ),
        ),
        hints=Hints(
            where="write down y: one entry is 1, the others are 0.",
            rule="what arrives at the logits is p − y.",
            question="the step goes against the gradient. In which direction should the logit of the right class move?",
            neighbour="at the first logit, of a wrong class, arrives 0.7.",
            line="The second entry of p − y is 0.2 − 1.",
        ),
        solution="p − y = (0.7, 0.2 − 1, 0.1): −0.8 at the second logit.",
    ),
    ChoiceExercise(
        "q_temperature",
        lesson=12,
        prompt="Three different logits, and the temperature T falls from 1 to 1/2. What happens to p?",
        answer="leader: the largest p grows, the order stays",
        options=(
            Option("leader: the largest p grows, the order stays"),
            Option(
                "flatter: the three p move to equal shares",
                "fraction-upside-down",
                "The logits are divided by T. Are their differences larger or smaller at 1/2?",
            ),
            Option(
                "half: each p is half as large as it was before",
                "term-lost",
                "What would the three add up to?",
            ),
            Option(
                "order: another class can come out on top",
                "operation-swapped",
                "All logits are divided by the same positive number. Can the larger become the smaller?",
            ),
            Option(
                "nothing: T cancels, as a number added does",
                "operation-swapped",
                "A number that is added cancels. Does one by which all are divided?",
            ),
        ),
        hints=Hints(
            where="move T in the explorer and watch the bars.",
            rule="the ratio of two p is e to the difference of their logits, divided by T.",
            question="what becomes of a difference of 1 when T is 1/2?",
            neighbour="at T = 1/10 a difference of 1 is one of 10, and e^10 is 22,026.",
            line="Compare softmax of (0, 1) with softmax of (0, 2).",
        ),
        solution="All differences double: ratios are squared, the largest p grows, no two change places.",
    ),
    ChoiceExercise(
        "q_softmax_saturated",
        lesson=12,
        prompt="p is 0.999 for a wrong class. The squared error sends next to nothing to the logits, cross-entropy nearly 1. Why?",
        answer="Jacobian: J is near 0 and stays in one of the two",
        options=(
            Option("Jacobian: J is near 0 and stays in one of the two"),
            Option(
                "loss: the squared error itself is small for such a p",
                "slope-vs-output",
                "How large is (p − y)² for the class with p = 0.999, and for the right one?",
            ),
            Option(
                "rate: with a larger step the two would send the same",
                "tweak-always-helps",
                "Is the step part of what arrives at the logits?",
            ),
            Option(
                "sum: the p add up to 1, so that softmax never saturates",
                "slope-vs-output",
                "How far does p = 0.999 move when its logit grows by 1?",
            ),
            Option(
                "sign: cross-entropy pushes up, the squared error down",
                "sign-flipped",
                "Which sign has each of them at the logit of the right class?",
            ),
        ),
        hints=Hints(
            where="write both gradients with p − y in them.",
            rule="for the squared error, what arrives at z is J times p − y.",
            question="how large are p(1 − p) and p·q when p is 0.999?",
            neighbour="for one sigmoid it was (g − y) g (1 − g) against g − y.",
            line="−1/p is what cross-entropy sends to p of the right class: what does it do to the factor p in J?",
        ),
        solution="Both begin with how p moves, J. In cross-entropy 1/p cancels its factor p, in the squared error J stays.",
    ),
)
