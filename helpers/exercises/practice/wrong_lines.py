"""Find the first wrong line: a right derivation in which one rule is applied as people break it."""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from helpers.derivation import (
    D,
    Func,
    Num,
    Op,
    Tree,
    array_values,
    differentiate,
    differentiate_once,
    has_d,
    names,
    parse,
    rule_by_rule,
    tidied,
    to_text,
    walk,
)
from helpers.diagnosis import EXAMPLES, STORIES, ways_to_break
from helpers.exercises.concept_exercise import NumberExercise
from helpers.exercises.exercise import Hints
from helpers.exercises.practice.expressions import draw_expression
from helpers.language import Filled

_TOLD = {  # what can be seen in a line that is written
    *("missing-inner-derivative", "rule-applied-termwise", "product-missing-term", "sign-flipped"),
    *("plus-minus-swapped", "missing-square", "exponent-kept", "power-rule-on-exponential"),
    *("square-as-times-two", "parameter-ignored"),
}
_PLACES = np.array([-1.3, -0.7, -0.2, 0.4, 0.9, 1.7])


@dataclass(frozen=True)
class Broken:
    """A derivation as it is shown, its first wrong line (from 1), the story, and the right line."""

    of: str
    lines: tuple[str, ...]
    number: int
    story: str
    rule: str
    right: str


def draw_broken(level: int, rng: np.random.Generator, kept_back: bool = False) -> Broken:
    """Draw a derivation with one broken rule; what follows it follows from it.

    >>> broken = draw_broken(1, np.random.default_rng(0))
    >>> len(broken.lines) >= broken.number > 1
    True
    """
    for _ in range(100):
        family = str(rng.choice(("chain", "chain", "product", "quotient")))
        found = _broken(draw_expression(f"{family}{level}", rng, kept_back), rng)
        if found is not None:
            return found
    raise ValueError("our fault: no rule could be broken")


def _broken(of: str, rng: np.random.Generator) -> Broken | None:
    right = [*rule_by_rule(parse(of), inner_stays=True)]
    at = int(rng.integers(len(right) - 1))
    above = right[at][0]
    _, rules = differentiate_once(above, inner_stays=True)
    k = int(rng.integers(len(rules)))
    ways = [way for way in ways_to_break(rules[k]) if way[0] in _TOLD]
    if not ways:
        return None
    story, template = ways[rng.integers(len(ways))]
    wrong, _ = differentiate_once(above, inner_stays=True, instead={k: template})
    after = [line for line, _ in rule_by_rule(wrong, inner_stays=True)] if has_d(wrong) else [wrong]
    last = tidied(after[-1])
    after += [last] if last != after[-1] else []
    if not _differ(after[-1], differentiate(parse(of))) or any(map(_is_silly, after)):
        return None
    spell = _SPELLINGS[rng.integers(len(_SPELLINGS))]
    if any(map(_needs_brackets, (*(line for line, _ in right), *after))):
        spell = str
    lines = [spell(to_text(line)) for line, _ in right[: at + 1]] + [
        spell(to_text(t)) for t in after
    ]
    return Broken(of, tuple(lines), at + 2, story, rules[k], spell(to_text(right[at + 1][0])))


def _is_silly(line: Tree) -> bool:
    """Would nobody write it: a power of 1, no z left, a denominator alone differentiated?"""
    ones = any(isinstance(n, Op) and n.op == "^" and n.left == Num("1") for n in walk(line))
    below = (n for n in walk(line) if isinstance(n, Op) and n.op == "/" and not has_d(n.left))
    return ones or "z" not in names(line) or any(isinstance(n.right, D) for n in below)


def _differ(one: Tree, other: Tree) -> bool:
    """Have they other numbers, seen at most places where both have one?"""
    with np.errstate(all="ignore"):
        a, b = (
            np.broadcast_to(array_values(t, {"z": _PLACES}), _PLACES.shape) for t in (one, other)
        )
        both = np.isfinite(a) & np.isfinite(b)
        return bool(both.sum() > 2 and (np.abs(a - b) > 1e-6 * (1 + np.abs(b)))[both].all())


def _needs_brackets(line: Tree) -> bool:
    """Would d/dz(u)^2 or e^(u)^2 be read otherwise than it is meant?"""
    powers = (n.left for n in walk(line) if isinstance(n, Op) and n.op == "^")
    return any(
        isinstance(base, D) or (isinstance(base, Func) and base.name == "exp") for base in powers
    )


def _with_e(text: str) -> str:
    return text.replace("exp(", "e^(")


def _close(text: str) -> str:
    """Leave out the star where a number or a bracket stands before a letter or a bracket."""
    return re.sub(r"(?<![A-Za-z])(\d)\*(?=[a-z(])", r"\1 ", text)


_SPELLINGS = (
    str,
    _with_e,
    lambda text: text.replace("*", "·"),
    lambda text: text.replace("D(", "d/dz("),
    lambda text: _close(_with_e(text)),
    lambda text: text.replace("*", "·").replace("D(", "d/dz("),
)


def wrong_line(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> NumberExercise:
    """Draw a derivation whose first wrong line is to be found."""
    broken = draw_broken(level, rng, kept_back)
    story, number = STORIES[broken.story], broken.number
    shown = "\n".join(
        f"  {n}   {'  ' if n == 1 else '= '}{line}" for n, line in enumerate(broken.lines, 1)
    )
    return NumberExercise(
        name,
        lesson=11,
        prompt=Filled(
            "One rule is broken on the way. Which line is the first that does not follow from the "
            "one above it?\n{shown}",
            shown=shown,
        ),
        answer=str(number),
        asks="Put one number for z into that line and into the line above it, or differentiate "
        "what stands behind D there: do the two agree? Which lines have you compared so?",
        hints=Hints(
            where="go from line to line: what was behind D in the line above, and what became of it?",
            rule=Filled(
                "look at each place where this is used: {rule}.", rule=_called(broken.rule)
            ),
            question=story.question,
            neighbour=EXAMPLES.get(broken.story, story.question),
            line=Filled(
                "Line {n} is right. Differentiate what stands behind D in it yourself.",
                n=number - 1,
            ),
        ),
        solution=Filled(
            "In line {number} {belief}. It should be: {right}",
            number=number,
            belief=Filled(story.belief),
            right=broken.right,
        ),
    )


_RULES = {
    "power": "the power rule",
    "product": "the product rule",
    "quotient": "the quotient rule",
    "sum": "a sum, term by term",
    "difference": "a difference, term by term",
    "constant factor": "a factor that stands still",
    "constant divisor": "a number below",
    "minus": "a minus sign",
}


def _called(rule: str) -> Filled:
    return Filled(_RULES[rule]) if rule in _RULES else Filled("the slope of {f}", f=rule)
