"""What a wrong answer may believe: the stories, and the expressions that such beliefs lead to.

Nothing here is a list of wrong answers. A right expression, or the differentiation of the function
itself, is broken in one place, in every way in which people break it:

    slips(tree)                one node of a right form is changed: a square lost, a sign, a bracket
    broken_derivatives(tree)   one rule of calculus is applied wrongly at one place
    believed(question)         both, and the stories about the whole object: all the slips

Two expressions are the same to us when they give the same numbers, see `floats`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from helpers.derivation import (
    D,
    Func,
    Neg,
    NotationError,
    Num,
    Op,
    Sym,
    Tree,
    array_values,
    children,
    differentiate,
    names,
    parse,
    replace_children,
    rules_used,
    substitute,
    to_text,
    walk,
)

__all__ = [
    "ALGEBRA",
    "STORIES",
    "Branches",
    "Slip",
    "Story",
    "Task",
    "believed",
    "believed_twice",
    "broken_derivatives",
    "floats",
    "slips",
    "told",
    "written_out",
]


class Story(NamedTuple):
    """A belief in one clause, and the question that makes its owner doubt it."""

    belief: str
    question: str


STORIES: Mapping[str, Story] = {
    "missing-square": Story(
        "a power of two was lost on the way",
        "Which rule brings a square into this derivative, and is it still there?",
    ),
    "square-on-argument": Story(
        "the square went to what stands inside the function",
        "Is it the value that is squared, or what goes into the function? Try both at 0.5.",
    ),
    "square-as-times-two": Story(
        "a raised 2 became a factor 2",
        "Where does the 2 of the power rule stand: on the line, or above it?",
    ),
    "power-distributed-over-sum": Story(
        "the square of a sum was taken term by term, or the other way round",
        "Try your recipe on 3 and 4: is the square of their sum the sum of their squares?",
    ),
    "missing-parentheses": Story(
        "a pair of brackets was lost or stands elsewhere, so that a power, a factor or a fraction "
        "bar reaches too far or not far enough",
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
        "are taken away, and what would the curve's number need?",
    ),
    "rule-applied-termwise": Story(
        "the derivative was taken piece by piece",
        "Try that recipe on a product you know, x times x: does it give the slope of the parabola? "
        "Which rule is made for products, quotients and nested functions?",
    ),
    "product-missing-term": Story(
        "one part of a product was left out",
        "Both factors move when the variable moves. Which of them stands still in your answer, "
        "or is missing?",
    ),
    "power-rule-on-exponential": Story(
        "the exponential was treated as a power of the variable",
        "Where does the variable stand: in the base or in the exponent? "
        "Which function is its own derivative?",
    ),
    "z-for-g": Story(
        "the input was put where the output belongs",
        "It would be right if your argument were the output. What arrives here: "
        "the number before the activation, or the one after it?",
    ),
    "activation-applied-twice": Story(
        "the activation was applied once too often",
        "How many times does the number pass through the activation in your answer? "
        "How many times in the network?",
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
        "For which function did you learn this formula? Put in 0 and a large number: "
        "do they fit this curve?",
    ),
    "branches-swapped": Story(
        "the two branches changed places",
        "Put in one positive and one negative number by hand: which branch should each take?",
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
        "the larger of two lines was taken for the branch",
        "Draw both lines for a slope of 2: which is on top left of the origin, and which right?",
    ),
    "leak-dropped": Story(
        "the left branch leaks nothing",
        "What should pass through for negative inputs? Follow one of them.",
    ),
    "wrong-variable": Story(
        "it was differentiated with respect to another letter",
        "Which letter moves in this question, and which ones stand still?",
    ),
    "parameter-ignored": Story(
        "a parameter or a constant factor was left out, fixed or taken once too often",
        "Change the parameter, or the constant factor: does your answer change as the curve does?",
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
        "What does the caller need back: what object, of what shape, its own array untouched?",
    ),
    "constant-slope-one": Story(
        "the slope of a constant was taken to be 1",
        "How much does a constant change when the variable moves a little?",
    ),
    "overflow-unstable": Story(
        "an intermediate number is too large for the computer",
        "Which of your intermediate numbers grows beyond all bounds there, although the result "
        "does not?",
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
        "Which of them is asked for: the spread, its square, or the mean of squares?",
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
        "it was differentiated twice",
        "How many times was the derivative asked for? Count the steps.",
    ),
    "integer-result": Story(
        "the results were cut to whole numbers",
        "Which dtype does your result array have when whole numbers come in?",
    ),
    "mask-overwritten": Story(
        "a second assignment overwrote what the first one had just written",
        "After your first line, which entries fulfil the condition of the second?",
    ),
    "call-for-times": Story(
        "a bracket right after a value calls it instead of multiplying",
        "Which sign multiplies in Python?",
    ),
    "other-stretch": Story(
        "another stretch was climbed than the one asked for, or divided by another length",
        "From where to where do you climb, and how far is it from the one place to the other?",
    ),
    "slope-for-change": Story(
        "the slope itself was taken where its change belongs",
        "A ReLU goes on climbing beyond its knot: how steep are all of them together right of a "
        "knot, and what has the next one to add?",
    ),
}

_NO_PARAMETER = Story(
    "a constant was left out, changed or taken once too often",
    "Compare your numbers with the right ones at two places: is it always the same ratio, always "
    "the same difference, or neither? Which constant of the formula could do that?",
)
_NO_DERIVATIVE = "Which quantity of the formula is squared, and is it still?"

# What can go wrong from one line to the next when nothing is differentiated any more.
ALGEBRA: Mapping[str, Story] = {
    "sign-flipped": Story(
        STORIES["sign-flipped"].belief,
        "Count the minus signs of both lines, those in the exponents too: which of them changed "
        "on the way?",
    ),
    "product-missing-term": Story(
        "a factor or a term was lost",
        "Count the factors and the terms of both lines: which of them is left without a partner?",
    ),
    "missing-square": STORIES["missing-square"]._replace(question=_NO_DERIVATIVE),
    "parameter-ignored": _NO_PARAMETER,
    **{
        slug: STORIES[slug]
        for slug in (
            *("missing-parentheses", "plus-minus-swapped", "power-distributed-over-sum"),
            *("square-as-times-two", "square-on-argument", "one-minus-inside"),
        )
    },
}


# ------------------------------------------------------------------------- what is asked, numbers


@dataclass(frozen=True)
class Branches:
    """An expression for z <= 0 and one for z > 0, as text or as trees.

    With `rivals`, a pair of trees, the right one is taken where the second rival is larger.
    """

    left: str | Tree
    right: str | Tree
    rivals: tuple[Tree, Tree] | None = None


@dataclass(frozen=True)
class Task:
    """All that is known about a right answer: trees, read once from a declaration.

    of : the function that is differentiated, in one or more spellings.
    forms : the answer, in one or more spellings (the first one defines it).
    variable : what it is differentiated by; where : letters with a definition.
    swaps : story -> what a letter is mistaken for, in addition to what `where` implies.
    asks_value : the answer is the function itself, not its derivative.
    """

    of: tuple[Tree | Branches, ...]
    forms: tuple[Tree | Branches, ...]
    variable: str = "z"
    where: Mapping[str, Tree] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    swaps: tuple[tuple[str, Mapping[str, Tree]], ...] = ()
    asks_value: bool = False

    def moves(self, tree: Tree) -> bool:
        """Does it change with the variable?"""
        return self.variable in names(written_out(tree, self.where))

    @cached_property
    def _nodes(self) -> tuple[Tree, ...]:
        branches = (b for t in (*self.of, *self.forms) for b in _branches(t))
        return tuple(node for tree in branches for node in walk(tree))

    @cached_property
    def untold(self) -> frozenset[str]:
        """The stories that cannot be true here: what they tell of is absent."""
        moving = [n for n in self._nodes if isinstance(n, Op) and all(map(self.moves, children(n)))]
        products = [n for n in moving if n.op in ("*", "/")]
        branches = [b for form in self.forms for b in _branches(form)]
        squares = any(isinstance(n, Op) and n.op == "^" for tree in branches for n in walk(tree))
        absent = {"product-missing-term": not products, "missing-square": not squares}
        absent["parameter-ignored"] = self.variable != "z" and not self.parameters
        return frozenset(slug for slug, is_absent in absent.items() if is_absent)


def told(slug: str, task: Task | None = None, algebra: bool = False) -> Story:
    """The wording of a story that is true for this task, or where nothing is differentiated.

    >>> told("parameter-ignored", Task(of=(parse("tanh(z)"),), forms=())).belief
    'a constant was left out, changed or taken once too often'
    """
    if slug == "parameter-ignored" and not (task and task.parameters):
        return _NO_PARAMETER
    if algebra and slug in ALGEBRA:
        return ALGEBRA[slug]
    if slug == "missing-square" and (task is None or task.asks_value):
        return STORIES[slug]._replace(question=_NO_DERIVATIVE)
    return STORIES[slug]


def _branches(tree: Tree | Branches) -> tuple[Tree, ...]:
    return (tree.left, tree.right) if isinstance(tree, Branches) else (tree,)


def _movers(tree: Tree, task: Task) -> Iterator[Tree]:
    """Its parts that change with the variable, the bare variable left aside."""
    return (t for t in walk(tree) if t != Sym(task.variable) and task.moves(t))


def written_out(tree: Tree, where: Mapping[str, Tree]) -> Tree:
    """Put the definitions in the place of their letters."""
    while names(tree) & {*where}:
        tree = substitute(tree, where)
    return tree


def floats(tree: Tree | Branches, at: Mapping[str, np.ndarray], variable: str = "z"):
    """Evaluate a tree without D, or branches of such trees, in float64 at many places at once.

    >>> floats(parse("1 - z^2"), {"z": np.array([0.0, 2.0])})
    array([ 1., -3.])
    """
    if not isinstance(tree, Branches):
        return array_values(tree, at)
    if tree.rivals is None:
        on_the_right = at["z"] > 0
    else:
        low, high = (floats(rival, at) for rival in tree.rivals)
        on_the_right = high > low
    return np.where(on_the_right, floats(tree.right, at), floats(tree.left, at))


# -------------------------------------------------------------------------- one node is changed


class Slip(NamedTuple):
    """A story, what its believer would write, and where it came from (see `_ORIGINS`)."""

    slug: str
    tree: Tree | Branches
    origin: str = "form"


ONE, TWO, ZERO = Num("1"), Num("2"), Num("0")
Changes = Iterator[tuple[str, Tree]]


def slips(tree: Tree, task: Task) -> Iterator[Slip]:
    """Yield what `tree` becomes when one thing goes wrong in writing it down."""
    yield Slip("sign-flipped", _negated(tree))
    for slug, changed in _rewrites(tree, task):
        yield Slip(slug, changed)
    for changed in _without_brackets(tree, task):
        yield Slip("missing-parentheses", changed)
    yield from (Slip("formula-of-other-activation", changed) for changed in _circular(tree))


def _rewrites(tree: Tree, task: Task) -> Changes:
    """Change one node, wherever it is."""
    yield from _changes(tree, task)
    below = children(tree)
    for i, child in enumerate(below):
        for slug, new in _rewrites(child, task):
            yield slug, replace_children(tree, [*below[:i], new, *below[i + 1 :]])


def _changes(node: Tree, task: Task) -> Changes:
    match node:
        case Op("^", base, exponent):
            yield from _power_changes(base, exponent)
        case Op("+" | "-" as op, a, b):
            yield "plus-minus-swapped", Op("-" if op == "+" else "+", a, b)
            if not task.moves(b):
                yield "parameter-ignored", a
            elif task.moves(a) and any(isinstance(x, Op) and x.op in "*/^" for x in (a, b)):
                yield "product-missing-term", a
            yield from _brackets_moved(op, a, b)
            if op == "-":
                yield "sign-flipped", Op("-", b, a)
            if isinstance(b, Op) and b.op == "^":
                yield "power-distributed-over-sum", Op("^", Op(op, a, b.left), b.right)
        case Neg(arg):
            yield "sign-flipped", arg
        case Func("exp", arg):
            yield "sign-flipped", Func("exp", _negated(arg))
            if isinstance(arg, Neg):
                yield "sign-flipped", Neg(Func("exp", arg.arg))
        case Func(name, Op("*", Num("2"), arg)):
            yield "square-on-argument", Func(name, Op("^", arg, TWO))
        case Op("*", a, b):
            yield from _dropped_factor(a, b, task)
            yield from _dropped_factor(b, a, task)
            yield from _one_minus_inside(a, b)
        case Op("/", a, b):
            if not task.moves(b):
                yield "parameter-ignored", a
            elif a != ONE:
                slug = "product-missing-term" if task.moves(a) else "parameter-ignored"
                yield slug, Op("/", ONE, b)
            if isinstance(b, Op) and b.op == "^" and b.right == TWO:
                yield "missing-parentheses", Op("*", Op("/", a, b.left), b.left)
                if a != ONE:
                    yield "missing-parentheses", Op("^", Op("/", a, b.left), TWO)
    yield from _objects(node, task)


def _power_changes(base: Tree, exponent: Tree) -> Changes:
    negative = isinstance(exponent, Neg)
    size = exponent.arg if negative else exponent
    if size != TWO:
        return

    def power(new: Tree) -> Tree:
        return Op("^", new, Neg(ONE)) if negative else new

    yield "missing-square", power(base)
    yield "square-as-times-two", power(Op("*", TWO, base))
    for inside in _squared_inside(base):
        yield "square-on-argument", power(inside)
        yield "square-on-argument", Op("^", inside, exponent)
    match base:
        case Func(name, arg):
            yield "square-as-times-two", power(Func(name, Op("*", TWO, arg)))
            yield "square-as-times-two", power(Op("*", Func(name, TWO), arg))
        case Op("+" | "-" as op, a, b):
            squares = Op(op, _square(a), _square(b))
            yield "power-distributed-over-sum", power(squares)
            yield "square-as-times-two", power(Op(op, a, Op("*", TWO, b)))
        case Op("/", a, b):
            yield "missing-parentheses", Op("/", a, _square(b))
            yield "missing-parentheses", Op("/", _square(a), b)
        case Op("*", a, b):
            yield "missing-parentheses", Op("*", a, _square(b))


def _square(tree: Tree) -> Tree:
    match tree:
        case Num("1"):
            return tree
        case Func("exp", arg):
            return Func("exp", Op("*", TWO, arg))
    return Op("^", tree, TWO)


def _squared_inside(tree: Tree) -> Iterator[Tree]:
    """f(u) becomes f(u^2), with and without the sign in front of u."""
    match tree:
        case Func(name, Neg(arg)):
            yield Func(name, Neg(Op("^", arg, TWO)))
            yield Func(name, Op("^", arg, TWO))
        case Func(name, arg):
            yield Func(name, Op("^", arg, TWO))
        case _:
            below = children(tree)
            for i, child in enumerate(below):
                for new in _squared_inside(child):
                    yield replace_children(tree, [*below[:i], new, *below[i + 1 :]])


def _brackets_moved(op: str, a: Tree, b: Tree) -> Changes:
    """2*f(u) - 1 becomes 2*(f(u) - 1) or 2*f(u - 1)."""
    factor, inner = (a.left, a.right) if isinstance(a, Op) and a.op == "*" else (None, a)
    moved = [Func(inner.name, Op(op, inner.arg, b))] if isinstance(inner, Func) else []
    if factor is not None:
        yield "missing-parentheses", Op("*", factor, Op(op, inner, b))
        moved = [Op("*", factor, tree) for tree in moved]
    for tree in moved:
        yield "missing-parentheses", tree


def _dropped_factor(kept: Tree, dropped: Tree, task: Task) -> Changes:
    if dropped in (ZERO, ONE):  # nobody forgets these
        return
    if not task.moves(dropped):
        yield "parameter-ignored", kept
        return
    named = dropped in (Sym(name) for name in task.where) or isinstance(dropped, Func)
    if named and _holds_factor(kept, dropped):
        yield "missing-square", kept
    yield "product-missing-term", kept


def _holds_factor(tree: Tree, part: Tree) -> bool:
    """Does a factor beside this tree make a square of the part: g*(1 - g) = g - g^2?

    >>> _holds_factor(parse("1 - sinh(z)"), parse("sinh(z)"))
    True
    >>> _holds_factor(parse("1/(1 + exp(z))"), parse("exp(z)"))
    False
    """
    match tree:
        case Op("+" | "-" | "*"):
            return any(_holds_factor(child, part) for child in children(tree))
        case Op("/" | "^", base):
            return _holds_factor(base, part)
        case Neg(arg):
            return _holds_factor(arg, part)
    return tree == part


def _one_minus_inside(a: Tree, b: Tree) -> Changes:
    """f(u)*(1 - f(u)) becomes f(u)*f(1 - u)."""
    if isinstance(a, Func) and b == Op("-", ONE, a):
        yield "one-minus-inside", Op("*", a, Func(a.name, Op("-", ONE, a.arg)))


def _objects(node: Tree, task: Task) -> Changes:
    """The wrong object: input for output, output for input, a formula of another function."""
    for slug, instead in _swaps(task):
        if names(node) & {*instead}:
            yield slug, substitute(node, instead)
    for activation in {n for n in walk(node) if isinstance(n, Func) and n.name in _BOUNDED}:
        yield "z-for-g", _replace(node, activation, activation.arg)
        yield (
            "activation-applied-twice",
            _replace(node, activation, Func(activation.name, activation)),
        )
    match node:
        case Op("*", a, Op("-", Num("1"), b)) if a == b:
            yield "formula-of-other-activation", Op("-", ONE, Op("^", a, TWO))
        case Op("-", Num("1"), Op("^", a, Num("2"))):
            yield "formula-of-other-activation", Op("*", a, Op("-", ONE, a))


_BOUNDED = ("sigmoid", "tanh", "erf")
_SLOPES = ("alpha", "a")  # often fixed at 0.01


def _swaps(task: Task) -> Iterator[tuple[str, Mapping[str, Tree]]]:
    yield from task.swaps
    for name in task.parameters:
        yield "parameter-ignored", {name: ONE}
        if name in _SLOPES:
            yield "parameter-ignored", {name: Num("0.01")}
        yield "sign-flipped", {name: Func("abs", Sym(name))}
    for name, meaning in task.where.items():
        yield "z-for-g", {name: Sym("z")}
        for argument in _arguments(meaning, task):
            yield "z-for-g", {name: argument}
        for slug, changed in _rewrites(meaning, replace(task, where={})):
            if slug in ("parameter-ignored", "sign-flipped"):
                yield slug, {name: changed}
        for other in (name, *task.where):
            into = substitute(meaning, {"z": Sym(other)})
            if not names(into) & {"z"}:
                yield "activation-applied-twice", {name: into}


def _arguments(meaning: Tree, task: Task) -> Iterator[Tree]:
    """What the exponential or the function in a definition is applied to, up to its sign."""
    for node in walk(meaning):
        if isinstance(node, Func):
            arg = node.arg.arg if isinstance(node.arg, Neg) else node.arg
            if isinstance(arg, Op) and arg.op == "*" and isinstance(arg.left, Neg):
                arg = Op("*", arg.left.arg, arg.right)
            yield arg


def _replace(tree: Tree, old: Tree, new: Tree) -> Tree:
    if tree == old:
        return new
    return replace_children(tree, [_replace(child, old, new) for child in children(tree)])


def _negated(tree: Tree) -> Tree:
    return tree.arg if isinstance(tree, Neg) else Neg(tree)


def _without_brackets(tree: Tree, task: Task) -> Iterator[Tree]:
    """Write the tree down, strike out one pair of brackets, and read what is left."""
    for text in {to_text(tree), to_text(_unfolded(tree))}:
        for i, j in _bracket_pairs(text):
            shorter = text[:i] + text[i + 1 : j] + text[j + 1 :]
            try:
                yield parse(shorter, variable=task.variable, where=task.where)
            except NotationError:
                continue


def _unfolded(tree: Tree) -> Tree:
    """u^2 written as u*u."""
    tree = replace_children(tree, [_unfolded(child) for child in children(tree)])
    match tree:
        case Op("^", Op("+" | "-" as op, a, b), Num("2")):
            return Op("*", Op(op, a, b), Op(op, a, b))
    return tree


def _bracket_pairs(text: str) -> Iterator[tuple[int, int]]:
    """The places of brackets that group; those of functions stay."""
    open_at = []
    for i, character in enumerate(text):
        if character == "(":
            open_at.append(i)
        elif character == ")":
            start = open_at.pop()
            if start == 0 or not text[start - 1].isalpha():
                yield start, i


_CIRCLE = {"sinh": "sin", "cosh": "cos", "tanh": "tan"}


def _circular(tree: Tree) -> Iterator[Tree]:
    """Hyperbolic functions read as those of the circle."""

    def turned(tree: Tree) -> Tree:
        new = replace_children(tree, [turned(child) for child in children(tree)])
        return Func(_CIRCLE.get(new.name, new.name), new.arg) if isinstance(new, Func) else new

    if (changed := turned(tree)) != tree:
        yield changed


# ------------------------------------------------------------------------- one rule is broken

_QUOTIENT = "(D(u)*v - u*D(v))"
_SWAPPED = "step(v - u)*D(u) + step(u - v)*D(v)"
BROKEN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "product": (
        ("rule-applied-termwise", "D(u)*D(v)"),
        ("product-missing-term", "D(u)*v"),
        ("product-missing-term", "u*D(v)"),
        ("plus-minus-swapped", "D(u)*v - u*D(v)"),
        ("sign-flipped", "u*D(v) - D(u)*v"),
        ("rule-applied-termwise", "D(u) + D(v)"),
        ("product-missing-term", "D(u) + u*D(v)"),
        ("product-missing-term", "D(u)*v + D(v)"),
        ("function-derivative-mixup", "D(u)*D(v) + u*v"),
        ("formula-of-other-activation", "D(u)*v + u*v*(1 - v)"),
        ("formula-of-other-activation", "D(u)*v + u*(1 - v^2)"),
    ),
    "quotient": (
        ("rule-applied-termwise", "D(u)/D(v)"),
        ("rule-applied-termwise", "u/D(v)"),
        ("sign-flipped", "(u*D(v) - D(u)*v)/v^2"),
        ("plus-minus-swapped", "(D(u)*v + u*D(v))/v^2"),
        ("missing-square", f"{_QUOTIENT}/v"),
        ("missing-square", _QUOTIENT),
        ("square-as-times-two", f"{_QUOTIENT}/(2*v)"),
        ("missing-inner-derivative", "-u/v^2"),
        ("missing-inner-derivative", "u/v^2"),
        ("product-missing-term", "D(u)*v/v^2"),
        ("product-missing-term", "u*D(v)/v^2"),
        ("product-missing-term", "-u*D(v)/v^2"),
    ),
    "power": (
        ("missing-inner-derivative", "n*u^(n - 1)"),
        ("missing-square", "n*u^n*D(u)"),
        ("parameter-ignored", "u^(n - 1)*D(u)"),
        ("rule-applied-termwise", "n*D(u)^(n - 1)"),
        ("rule-applied-termwise", "D(u)^n"),
        ("sign-flipped", "-n*u^(n - 1)*D(u)"),
        ("integrated-instead", "u^(n + 1)/(n + 1)*D(u)"),
    ),
    "exp": (
        ("missing-inner-derivative", "exp(u)"),
        ("power-rule-on-exponential", "u*exp(u - 1)*D(u)"),
        ("power-rule-on-exponential", "u*exp(u - 1)"),
        ("rule-applied-termwise", "exp(D(u))"),
        ("rule-applied-termwise", "exp(D(u))*D(u)"),
        ("sign-flipped", "-exp(u)*D(u)"),
    ),
    "ln": (
        ("missing-inner-derivative", "1/u"),
        ("rule-applied-termwise", "1/D(u)"),
        ("rule-applied-termwise", "ln(D(u))"),
        ("sign-flipped", "-1/u*D(u)"),
    ),
    "minus": (("sign-flipped", "D(u)"),),
    "difference": (("sign-flipped", "D(u) + D(v)"), ("sign-flipped", "D(v) - D(u)")),
    "sum": (("plus-minus-swapped", "D(u) - D(v)"), ("rule-applied-termwise", "D(u)*D(v)")),
    "constant": (("constant-slope-one", "1"),),
    "variable": (("branch-kept-z", "z"),),
    "constant factor": (
        ("parameter-ignored", "D(u)"),
        ("rule-applied-termwise", "0"),
        ("function-derivative-mixup", "c*u"),
        ("constant-slope-one", "u + c*D(u)"),
    ),
    "constant divisor": (("parameter-ignored", "D(u)"), ("rule-applied-termwise", "0")),
    "sqrt": (
        ("missing-inner-derivative", "1/(2*sqrt(u))"),
        ("parameter-ignored", "1/sqrt(u)*D(u)"),
    ),
    "sinh": (("formula-of-other-activation", "-cosh(u)*D(u)"),),
    "cosh": (("formula-of-other-activation", "-sinh(u)*D(u)"),),
    "tanh": (
        ("missing-inner-derivative", "1 - tanh(u)^2"),
        ("missing-square", "(1 - tanh(u))*D(u)"),
        ("plus-minus-swapped", "(1 + tanh(u)^2)*D(u)"),
        ("formula-of-other-activation", "tanh(u)*(1 - tanh(u))*D(u)"),
        ("rule-applied-termwise", "tanh(D(u))"),
        ("z-for-g", "(1 - u^2)*D(u)"),
    ),
    "sigmoid": (
        ("missing-inner-derivative", "sigmoid(u)*(1 - sigmoid(u))"),
        ("missing-square", "(1 - sigmoid(u))*D(u)"),
        ("plus-minus-swapped", "sigmoid(u)*(1 + sigmoid(u))*D(u)"),
        ("formula-of-other-activation", "(1 - sigmoid(u)^2)*D(u)"),
        ("rule-applied-termwise", "sigmoid(D(u))"),
        ("z-for-g", "sigmoid(u)*(1 - u)*D(u)"),
        ("z-for-g", "u*(1 - u)*D(u)"),
    ),
    "erf": (
        ("missing-inner-derivative", "2/sqrt(pi)*exp(-u^2)"),
        ("sign-flipped", "2/sqrt(pi)*exp(u^2)*D(u)"),
        ("parameter-ignored", "exp(-u^2)*D(u)"),
    ),
    "atan": (("missing-inner-derivative", "1/(1 + u^2)"),),
    "relu": (("missing-inner-derivative", "step(u)"), ("branch-kept-z", "relu(u)")),
    "softplus": (
        ("missing-inner-derivative", "sigmoid(u)"),
        ("rule-applied-termwise", "1/(1 + exp(u))*D(u)"),
        ("rule-applied-termwise", "softplus(D(u))"),
    ),
    "Phi": (
        ("missing-inner-derivative", "phi(u)"),
        ("formula-of-other-activation", "Phi(u)*(1 - Phi(u))*D(u)"),
    ),
    "phi": (
        ("missing-inner-derivative", "-u*phi(u)"),
        ("missing-inner-derivative", "phi(u)"),
        ("sign-flipped", "u*phi(u)*D(u)"),
    ),
    "max": (("rule-applied-termwise", "max(D(u), D(v))"), ("branches-swapped", _SWAPPED)),
    "min": (("rule-applied-termwise", "min(D(u), D(v))"),),
}


_read = functools.cache(parse)


def broken_derivatives(
    tree: Tree, variable: str = "z", where: Mapping[str, Tree] | None = None
) -> Iterator[Slip]:
    """Differentiate with one rule applied wrongly at one place, in all the ways of `BROKEN`.

    >>> sorted({to_text(s.tree) for s in broken_derivatives(parse("exp(-z)"))})[:3]
    ['(-z)*exp(-z - 1)', '(-z)*exp(-z - 1)*(-1)', '-exp(-z)*(-1)']
    """
    where = where or {}
    for k, rule in enumerate(rules_used(tree, variable, where=where)):
        for slug, template in BROKEN.get(rule, ()):
            broken_rule = Sym(variable) if rule == "variable" else _read(template)
            broken = differentiate(tree, variable, where=where, instead={k: broken_rule})
            far_fetched = rule == "product" and slug == "formula-of-other-activation"
            origin = "object" if far_fetched else "rule"
            yield Slip(slug, without_d(broken, variable, where), origin)


def without_d(tree: Tree, variable: str = "z", where: Mapping[str, Tree] | None = None) -> Tree:
    """Carry out every derivative in a tree, those of defined letters through their definition."""
    where = where or {}
    if isinstance(tree, D):
        arg = written_out(without_d(tree.arg, variable, where), where)
        return differentiate(arg, variable)
    return replace_children(tree, [without_d(child, variable, where) for child in children(tree)])


def misread_d(tree: Tree, task: Task) -> Iterator[Slip]:
    """Carry out the derivatives in a line, one of them wrongly: what may follow from that line."""

    def carried_out(slug: str, changed: Tree) -> Slip:
        return Slip(slug, without_d(changed, task.variable, task.where), "rule")

    for node in [n for n in walk(tree) if isinstance(n, D)]:
        for slip in broken_derivatives(written_out(node.arg, task.where), task.variable):
            yield carried_out(slip.slug, _replace(tree, node, slip.tree))
        yield carried_out("function-derivative-mixup", _replace(tree, node, node.arg))
        if node != tree and task.moves(node.arg):
            yield carried_out("missing-inner-derivative", _replace(tree, node, ONE))
    yield carried_out("function-derivative-mixup", _d_struck_out(tree))


def _d_struck_out(tree: Tree) -> Tree:
    below = [_d_struck_out(child) for child in children(tree)]
    return below[0] if isinstance(tree, D) else replace_children(tree, below)


# -------------------------------------------------------------------------- all of it together

# Activations whose formulas are remembered for one another: text of g and of its derivative.
_OTHERS = tuple(
    (parse(g), without_d(parse(f"D({g})")))
    for g in (
        *("sigmoid(z)", "tanh(z)", "ln(1 + exp(z))", "z*sigmoid(z)", "atan(z)", "tan(z)"),
        *("exp(z)", "z/(1 + abs(z))", "sinh(z)", "exp(-z^2)", "sin(z)"),
    )
)
_OTHER_BRANCHES = tuple(
    Branches(parse(left), parse(right))
    for left, right in (
        *(("0", "1"), ("-1", "1"), ("0", "z"), ("-z", "z"), ("exp(z)", "1"), ("exp(z) - 1", "z")),
        *(("0.01", "1"), ("0.01*z", "z"), ("0.1", "1"), ("0.1*z", "z")),
    )
)


def believed(task: Task) -> Iterator[Slip]:
    """Yield all that a believer of one of the stories might answer, wrong or by chance right."""
    for form in task.forms:
        if isinstance(form, Branches):
            yield from _branch_slips(form, task)
        else:
            yield from slips(form, task)
    direct = min(
        task.of, key=lambda of: sum(1 for b in _branches(of) for _ in walk(b)), default=None
    )
    for of in task.of:
        for slip in _whole_function(of, task):
            detour = slip.origin == "rule" and of is not direct
            yield slip._replace(origin="detour") if detour else slip
    for first, second in itertools.product(task.forms[:2], task.of[:1]):
        if isinstance(first, Branches) and isinstance(second, Branches):
            yield from _mixed_branches(first, second)


def _whole_function(of: Tree | Branches, task: Task) -> Iterator[Slip]:
    letters = [name for name in ("z", *task.parameters) if name != task.variable]
    if isinstance(of, Branches):
        larger = task.forms[0]
        for rivals in ((of.left, of.right), (of.right, of.left)) if task.parameters else ():
            on_top = Branches(larger.left, larger.right, rivals)
            yield Slip("max-needs-alpha-le-1", on_top, "branch")
        if not task.asks_value:
            yield from _broken_branches(of, task)
            for letter in letters:
                yield from _wrong_letter(of, letter, task)
    else:
        if not task.asks_value:
            yield from broken_derivatives(of, task.variable, task.where)
            for letter in letters:
                wrong = without_d(D(of), letter, task.where)
                yield Slip("wrong-variable", wrong, "object")
                both = without_d(D(without_d(D(of), task.variable, task.where)), letter, task.where)
                yield Slip("wrong-variable", both, "other")
            for slip in broken_derivatives(of, task.variable):
                if slip.slug == "missing-inner-derivative":
                    yield from _pairs(slip, task)
    prime = _each_branch(lambda tree: without_d(D(tree), task.variable, task.where), of)
    for slug, instead in task.swaps:
        if not isinstance(of, Branches) and names(of) & {*instead}:
            yield Slip(slug, substitute(of, instead), "object")
            yield Slip("function-derivative-mixup", substitute(of, instead), "other")
    if task.asks_value:
        yield Slip("function-derivative-mixup", prime, "object")
        if isinstance(of, Branches):
            for rivals in (None, (prime.left, of.right)):
                slope = Branches(prime.left, of.right, rivals)
                yield Slip("function-derivative-mixup", slope, "object")
            yield Slip("function-derivative-mixup", Branches(of.left, prime.right), "object")
        yield Slip("sign-flipped", _each_branch(_mirrored, of), "form")
    else:
        yield Slip("function-derivative-mixup", of, "whole")
        second = _each_branch(lambda tree: without_d(D(tree), task.variable), prime)
        yield Slip("derivative-twice", second, "other")
    for g, g_prime in _OTHERS:
        other = g if task.asks_value else g_prime
        yield Slip("formula-of-other-activation", other, "other")
        if not task.asks_value:
            yield Slip("formula-of-other-activation", g, "other")
    for other in _OTHER_BRANCHES:
        yield Slip("formula-of-other-activation", other, "other")


def believed_twice(task: Task) -> Iterator[tuple[Slip, str]]:
    """Two slips at once: what is written, and the second story."""
    for form in task.forms[:2]:
        if not isinstance(form, Branches):
            yield from _second_slips(slips(form, task), task)
    for of in task.of[:2]:
        if not isinstance(of, Branches) and not task.asks_value:
            yield from _second_slips(broken_derivatives(of, task.variable, task.where), task)


def _second_slips(first: Iterator[Slip], task: Task) -> Iterator[tuple[Slip, str]]:
    for slip in dict.fromkeys(first):
        for slug, tree in _rewrites(slip.tree, task):
            if slug != slip.slug:
                yield Slip(slip.slug, tree, "pair"), slug


def _pairs(first: Slip, task: Task) -> Iterator[Slip]:
    """A second slip on top of the first, of the two kinds that often come together."""
    for slug, tree in _rewrites(first.tree, task):
        if slug in ("parameter-ignored", "z-for-g"):
            yield Slip(first.slug, tree, "pair")
            yield Slip(slug, tree, "pair")


def _each_branch(change, of: Tree | Branches) -> Tree | Branches:
    if isinstance(of, Branches):
        return Branches(change(of.left), change(of.right))
    return change(of)


def _mirrored(tree: Tree) -> Tree:
    return substitute(tree, {"z": Neg(Sym("z"))})


def _branch_slips(form: Branches, task: Task) -> Iterator[Slip]:
    left, right, z = form.left, form.right, Sym("z")
    yield Slip("branches-swapped", Branches(right, left), "branch")
    yield Slip("branches-swapped", Branches(_mirrored(right), _mirrored(left)), "branch")
    yield Slip("sign-flipped", Branches(_mirrored(right), _mirrored(left)), "form")
    if left != ZERO:
        yield Slip("leak-dropped", Branches(ZERO, right), "branch")
    if not task.asks_value:
        overwritten = Branches(Branches(left, right, (ZERO, left)), right)
        yield Slip("mask-overwritten", overwritten, "other")
        yield Slip("branch-kept-z", Branches(left, Op("*", right, z)), "branch")
        yield Slip("branch-kept-z", Branches(Op("*", left, z), right), "branch")
        yield Slip("branch-kept-z", Branches(Op("*", left, z), Op("*", right, z)), "form")
    yield Slip("sign-flipped", Branches(Neg(left), Neg(right)), "form")
    for slip in slips(left, task):
        yield Slip(slip.slug, Branches(slip.tree, right), "form")
    for slip in slips(right, task):
        yield Slip(slip.slug, Branches(left, slip.tree), "form")
    for name in task.parameters:
        for value in (ONE, Num("0.01"), Num("0.1"), Num("0.2")):
            change = _each_branch(lambda t, n=name, v=value: substitute(t, {n: v}), form)
            yield Slip("parameter-ignored", change, "branch")


def _mixed_branches(form: Branches, of: Branches) -> Iterator[Slip]:
    """One branch of the answer, the other one of the function itself."""
    yield Slip("function-derivative-mixup", Branches(of.left, form.right), "object")
    yield Slip("branch-kept-z", Branches(form.left, of.right), "branch")


def _broken_branches(of: Branches, task: Task) -> Iterator[Slip]:
    left, right = (without_d(D(t), task.variable) for t in (of.left, of.right))
    for slip in broken_derivatives(of.left, task.variable):
        yield Slip(slip.slug, Branches(slip.tree, right), "rule")
    for slip in broken_derivatives(of.right, task.variable):
        yield Slip(slip.slug, Branches(left, slip.tree), "rule")


def _wrong_letter(of: Branches, letter: str, task: Task) -> Iterator[Slip]:
    wrong = _each_branch(lambda tree: without_d(D(tree), letter), of)
    right = _each_branch(lambda tree: without_d(D(tree), task.variable), of)
    for left, other in (
        (wrong.left, wrong.right),
        (wrong.left, right.right),
        (right.left, wrong.right),
    ):
        yield Slip("wrong-variable", Branches(left, other), "object")
    both = _each_branch(lambda tree: without_d(D(without_d(D(tree), letter)), task.variable), of)
    yield Slip("wrong-variable", both, "other")
