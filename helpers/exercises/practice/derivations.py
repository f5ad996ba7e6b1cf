"""Derivations to practise: drawn functions, solved by the course's own rules of calculus."""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from helpers.derivation import (
    D,
    Tree,
    children,
    parse,
    replace_children,
    rule_by_rule,
    rule_of_outermost,
    tidied,
    to_text,
)
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Hints
from helpers.exercises.practice.expressions import draw_expression, draw_numbers
from helpers.language import gettext

Lines = list[tuple[Tree, str]]
GATHERED = "numbers and signs gathered"


def worked(tree: Tree, variable: str = "z") -> Lines:
    """Return a derivation a rule a line, with what is tidied up at its end."""
    lines = [*rule_by_rule(tree, variable, inner_stays=True)]
    neat = tidied(lines[-1][0])
    return lines if neat == lines[-1][0] else [*lines, (neat, GATHERED)]


def as_solution(lines: Iterable[tuple[str, str]]) -> str:
    """Return lines one below the other, with their reasons."""
    rows = [*lines]
    wide = max(len(text) for text, _ in rows)
    signs = ("  ", *("= " for _ in rows[1:]))
    return "\n".join(
        f"{sign}{text:{wide}}   # {why}".removesuffix("   # ").rstrip()
        for sign, (text, why) in zip(signs, rows, strict=True)
    )


# What is asked of somebody who does not know how to go on, by the rule that comes first.
_QUESTIONS = {
    "product": "both factors move when {} moves. How many terms does that make, and in which of "
    "them does each factor stand still?",
    "quotient": "does the fraction grow or shrink when only its denominator grows? Which of the two "
    "products has the minus for it?",
    "sum": "which of the terms move with {}, and which of their slopes do you know?",
}
_QUESTION = (
    "when {} moves by a little, how much does what stands inside move? Where in the slope is that "
    "factor?"
)


def question_of(rule: str, variable: str) -> str:
    """Return the question that leads on, for the rule that comes first."""
    return gettext(_QUESTIONS.get(rule, _QUESTION)).format(variable)


def derivation(
    name: str, level: int, rng: np.random.Generator, kept_back: bool, *, family: str, lesson: int
) -> DerivationExercise:
    """Draw a function to differentiate by z."""
    symbol = f"{family}{level}"
    text, *others = (draw_expression(symbol, rng, kept_back) for _ in range(4))
    return _of_a_function(name, text, [o for o in others if o != text], lesson, "z")


def parameter(
    name: str, level: int, rng: np.random.Generator, kept_back: bool
) -> DerivationExercise:
    """Draw a function to differentiate by its parameter."""
    letter = str(rng.choice(("alpha", "beta", "c")))
    drawn = (draw_expression(f"parameter{level}", rng, kept_back) for _ in range(4))
    text, *others = (re.sub(r"\bk\b", letter, text) for text in drawn)
    return _of_a_function(name, text, [o for o in others if o != text], 4, letter)


def _of_a_function(
    name: str, text: str, others: list[str], lesson: int, variable: str
) -> DerivationExercise:
    tree = parse(text)
    lines, rule = worked(tree, variable), rule_of_outermost(tree, variable)
    letters = ("z",) if variable == "z" else ("z", variable)
    still = "" if variable == "z" else gettext(" while z stands still")
    texts = [(to_text(line), why) for line, why in lines]
    return DerivationExercise(
        name,
        lesson=lesson,
        prompt=gettext(
            "Differentiate {text} by {variable}{still}, a rule a line.",
            text=text,
            variable=variable,
            still=still,
        ),
        of=(text,),
        forms=tuple(text for text, _ in reversed(texts) if "D(" not in text),
        variable=variable,
        ends_with=letters,
        steps=1,
        hints=Hints(
            where=gettext(
                "the outermost operation is {operation}. Begin there.", operation=_outermost(rule)
            ),
            rule=gettext(", then ").join(
                dict.fromkeys(why for _, why in texts[1:4] if why != GATHERED)
            )
            + ".",
            question=question_of(rule, variable),
            neighbour=_neighbour(rule, others or [text], variable),
            line=gettext("The second line: {line}.", line=texts[1][0]),
        ),
        solution=as_solution(texts),
    )


_OUTERMOST = {
    **{"product": "a product", "quotient": "a fraction", "power": "a power", "sum": "a sum"},
    **{
        "difference": "a difference",
        "constant factor": "a product with a factor that stands still",
    },
    **{"constant divisor": "a fraction whose denominator stands still", "minus": "a minus sign"},
}


def _outermost(rule: str) -> str:
    known = gettext(_OUTERMOST[rule]) if rule in _OUTERMOST else ""
    return known or gettext("the function {name}", name=rule)


def _neighbour(rule: str, others: list[str], variable: str) -> str:
    """A function like this one, differentiated: best a short one that begins with the same rule."""
    alike = [o for o in others if rule_of_outermost(parse(o), variable) == rule] or others
    first, second, *_, last = (to_text(t) for t, _ in worked(parse(min(alike, key=len)), variable))
    if last == second:
        return f"{first} = {last}."
    return gettext(
        "{first} = {second}, which comes to {last}.", first=first, second=second, last=last
    )


# ------------------------------------------------------------------------- by the inverse function


@dataclass(frozen=True)
class Inverse:
    """A function g of z, z as a function of g, its slope by g, and the slope of g by g alone."""

    g: str
    z: str
    rate: str
    slope: str
    on: str = ""


# fmt: off
INVERSES: Mapping[int, tuple[Inverse, ...]] = {
    1: (
        Inverse("exp({a}*z)", "ln(g)/{a}", "1/({a}*g)", "{a}*g"),
        Inverse("exp(-z/{a})", "-{a}*ln(g)", "-{a}/g", "-g/{a}"),
        Inverse("ln({a}*z)", "exp(g)/{a}", "exp(g)/{a}", "{a}*exp(-g)", "z > 0"),
        Inverse("sqrt({a}*z)", "g^2/{a}", "2*g/{a}", "{a}/(2*g)", "z > 0"),
        Inverse("{b} + exp({a}*z)", "ln(g - {b})/{a}", "1/({a}*(g - {b}))", "{a}*(g - {b})"),
        Inverse("{c} + exp(-{a}*z)", "-ln(g - {c})/{a}", "-1/({a}*(g - {c}))", "-{a}*(g - {c})"),
    ),
    2: (
        Inverse("sigmoid({a}*z)", "ln(g/(1 - g))/{a}", "1/({a}*g*(1 - g))", "{a}*g*(1 - g)"),
        Inverse("sigmoid(z/{a})", "{a}*ln(g/(1 - g))", "{a}/(g*(1 - g))", "g*(1 - g)/{a}"),
        Inverse("tanh(z/{a})", "{a}/2*ln((1 + g)/(1 - g))", "{a}/(1 - g^2)", "(1 - g^2)/{a}"),
        Inverse("ln({b} + {a}*z)", "(exp(g) - {b})/{a}", "exp(g)/{a}", "{a}*exp(-g)", "z > 0"),
        Inverse("1/(1 + exp({a}*z - {b}))", "({b} + ln((1 - g)/g))/{a}", "-1/({a}*g*(1 - g))", "-{a}*g*(1 - g)"),
        Inverse("1/({b} + exp({a}*z))", "ln(1/g - {b})/{a}", "-1/({a}*g*(1 - {b}*g))", "-{a}*g*(1 - {b}*g)"),
    ),
    3: (
        Inverse("sigmoid({a}*z + {b})", "(ln(g/(1 - g)) - {b})/{a}", "1/({a}*g*(1 - g))", "{a}*g*(1 - g)"),
        Inverse("{c}*sigmoid({a}*z)", "ln(g/({c} - g))/{a}", "{c}/({a}*g*({c} - g))", "{a}*g*({c} - g)/{c}"),
        Inverse("ln(1 + exp({a}*z))", "ln(exp(g) - 1)/{a}", "exp(g)/({a}*(exp(g) - 1))", "{a}*(1 - exp(-g))"),
        Inverse("atan({a}*z)", "tan(g)/{a}", "1/({a}*cos(g)^2)", "{a}*cos(g)^2"),
        Inverse("atan(z/{a})", "{a}*tan(g)", "{a}/cos(g)^2", "cos(g)^2/{a}"),
    ),
    4: (
        Inverse("atan({a}*z + {b})", "(tan(g) - {b})/{a}", "1/({a}*cos(g)^2)", "{a}*cos(g)^2"),
        Inverse("ln({a}*z + sqrt(1 + ({a}*z)^2))", "sinh(g)/{a}", "cosh(g)/{a}", "{a}/cosh(g)"),
        Inverse("{c} - ln({b} + exp(-{a}*z))", "-ln(exp({c} - g) - {b})/{a}", "exp({c} - g)/({a}*(exp({c} - g) - {b}))", "{a}*(1 - {b}*exp(g - {c}))"),
        Inverse("ln({b} + exp({a}*z))", "ln(exp(g) - {b})/{a}", "exp(g)/({a}*(exp(g) - {b}))", "{a}*(1 - {b}*exp(-g))"),
        Inverse("{c}*tanh(z/{a})", "{a}/2*ln(({c} + g)/({c} - g))", "{a}*{c}/({c}^2 - g^2)", "({c}^2 - g^2)/({a}*{c})"),
    ),
    5: (
        Inverse("z/sqrt({a}^2 + z^2)", "{a}*g/sqrt(1 - g^2)", "{a}/sqrt(1 - g^2)^3", "sqrt(1 - g^2)^3/{a}"),
        Inverse("{c}*z/sqrt({a}^2 + z^2)", "{a}*g/sqrt({c}^2 - g^2)", "{a}*{c}^2/sqrt({c}^2 - g^2)^3", "sqrt({c}^2 - g^2)^3/({a}*{c}^2)"),
        Inverse("sqrt(ln({b} + exp({a}*z)))", "ln(exp(g^2) - {b})/{a}", "2*g*exp(g^2)/({a}*(exp(g^2) - {b}))", "{a}*(exp(g^2) - {b})/(2*g*exp(g^2))", "z > 0"),
        Inverse("tanh(exp(z/{a}))", "{a}*ln(ln((1 + g)/(1 - g))/2)", "2*{a}/((1 - g^2)*ln((1 + g)/(1 - g)))", "(1 - g^2)*ln((1 + g)/(1 - g))/(2*{a})", "-2 < z < 2"),
        Inverse("exp(-exp(-{a}*z))", "-ln(-ln(g))/{a}", "-1/({a}*g*ln(g))", "-{a}*g*ln(g)", "-1 < z < 1"),
        Inverse("exp(-exp({b} - {a}*z))", "({b} - ln(-ln(g)))/{a}", "-1/({a}*g*ln(g))", "-{a}*g*ln(g)", "0 < z < 2"),
    ),
}
# fmt: on


def inverse(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> DerivationExercise:
    """Draw a function whose slope follows from that of its inverse."""
    chosen = INVERSES[level][rng.integers(len(INVERSES[level]))]
    one, other = (draw_numbers(vars(chosen), rng, back) for back in (kept_back, kept_back))
    g, steps = one["g"], worked(parse(one["z"]), "g")
    rows = [f"z = {one['z']}   # {gettext('solved for z')}", f"dz/dg = {_by_g(steps[0][0])}"]
    rows += [f"= {_by_g(line)}   # {why}" for line, why in steps[1:]]
    if to_text(steps[-1][0]) != one["rate"]:
        rows += [f"= {one['rate']}   # {gettext('the same, shorter')}"]
    rows += [f"dg/dz = {one['slope']}   # {gettext('one over the slope of the inverse function')}"]
    return DerivationExercise(
        name,
        lesson=1,
        prompt=gettext(
            "Derive dg/dz for g = {g} by its inverse function: solve for z, find dz/dg, and end with g alone.",
            g=g,
        ),
        of=(g, "g"),
        forms=(one["slope"],),
        where={"g": g},
        ends_with=("g",),
        on=one["on"],
        steps=1,
        asks="Can it be written with g alone?",
        hints=Hints(
            where="begin with z alone on one side: which operation was done last to make g, and what undoes it?",
            rule=gettext(
                "the slope of the inverse function is one over the slope; dz/dg takes {rules}.",
                rules=gettext(", then ").join(why for _, why in steps[1:3]),
            ),
            question="z and g trade places. If g moves by a little, by how much does z move, and how many times as far is that?",
            neighbour=gettext(
                "for g = {g}: z = {z}, dz/dg = {rate}, so dg/dz = {slope}.",
                g=other["g"],
                z=other["z"],
                rate=other["rate"],
                slope=other["slope"],
            ),
            line=gettext("The first line: z = {z}.", z=one["z"]),
        ),
        solution="\n".join(rows),
    )


def _by_g(tree: Tree) -> str:
    """A line with its derivatives written as those by g."""

    def marked(tree: Tree) -> Tree:
        below = [marked(child) for child in children(tree)]
        return D(below[0], "g") if isinstance(tree, D) else replace_children(tree, below)

    return to_text(marked(tree))
