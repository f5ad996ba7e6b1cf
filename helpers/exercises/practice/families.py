"""The families of drawn exercises: skill, level and a draw to an exercise of the kinds there are.

`practice.chain.3.17` is exercise 17 of level 3 of the family chain, for everybody and for ever:
its name says all that is needed to draw it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from helpers.exercises.exercise import Exercise
from helpers.exercises.practice.derivations import derivation, inverse, parameter
from helpers.exercises.practice.designs import design
from helpers.exercises.practice.networks import network
from helpers.exercises.practice.numbers import number
from helpers.exercises.practice.pictures import picture
from helpers.exercises.practice.programs import program
from helpers.exercises.practice.softmax import row_program, softmax_derivation, softmax_number
from helpers.exercises.practice.wrong_lines import wrong_line

LEVELS = range(1, 6)
Draw = Callable[[str, int, np.random.Generator, bool], Exercise]


@dataclass(frozen=True)
class Family:
    """Exercises of one skill.

    skill : what it trains, as the picture of the skills calls it.
    title : what is asked, in a word or two.
    draw : `draw(name, level, rng, kept_back)` gives an exercise.
    cures : the stories after which it comes next.
    """

    skill: str
    title: str
    draw: Draw
    cures: tuple[str, ...] = ()


FAMILIES: Mapping[str, Family] = {
    "chain": Family(
        "derive",
        "chain rule",
        partial(derivation, family="chain", lesson=1),
        ("missing-inner-derivative", "power-rule-on-exponential", "exponent-kept"),
    ),
    "product": Family(
        "derive",
        "product rule",
        partial(derivation, family="product", lesson=8),
        ("product-missing-term", "rule-applied-termwise", "term-lost"),
    ),
    "quotient": Family(
        "derive",
        "quotient rule",
        partial(derivation, family="quotient", lesson=2),
        ("quotient-reversed", "missing-square", "fraction-upside-down"),
    ),
    "inverse": Family(
        "derive", "inverse function", inverse, ("z-for-g", "activation-applied-twice")
    ),
    "parameter": Family(
        "derive", "slope by a parameter", parameter, ("wrong-variable", "parameter-ignored")
    ),
    "softmax_slope": Family("derive", "softmax, by a logit", softmax_derivation),
    "code": Family(
        "code",
        "a function of arrays",
        program,
        ("branches-swapped", "kink-at-zero", "array-contract", "python-not-numpy", "leak-side"),
    ),
    "row": Family("code", "a function of a row", row_program, ("operation-swapped",)),
    "wrong_line": Family(
        "find", "first wrong line", wrong_line, ("sign-flipped", "plus-minus-swapped")
    ),
    "largest_slope": Family(
        "numbers", "largest slope", partial(number, family="largest_slope"), ("slope-vs-output",)
    ),
    "kink": Family("numbers", "no kink", partial(number, family="kink"), ("leak-dropped",)),
    "gain": Family(
        "numbers",
        "gain",
        partial(number, family="gain"),
        ("variance-confusion", "layer-product-wrong"),
    ),
    "saturation": Family("numbers", "saturation", partial(number, family="saturation")),
    "softmax": Family("numbers", "shares of softmax", softmax_number),
    "block": Family("numbers", "skips, gates, norms", partial(number, family="block")),
    "step": Family("numbers", "steps of descent", partial(number, family="step")),
    "digits": Family(
        "numbers",
        "digits that are lost",
        partial(number, family="digits"),
        ("overflow-unstable", "cancellation"),
    ),
    "difference": Family(
        "numbers",
        "difference quotient",
        partial(number, family="difference"),
        ("finite-difference", "other-form"),
    ),
    "network": Family(
        "diagnose", "a network at a halt", network, ("inactive-vs-dead", "other-stretch")
    ),
    "picture": Family(
        "picture",
        "match a picture",
        picture,
        ("function-derivative-mixup", "formula-of-other-activation"),
    ),
    "design": Family("design", "design an activation", design, ("linear-collapse",)),
}


def name_of(family: str, level: int, seed: int) -> str:
    """Return the name of a drawn exercise."""
    return f"practice.{family}.{level}.{seed}"


def parts_of(name: object) -> tuple[str, int, int] | None:
    """Return family, level and seed of the name of a drawn exercise; None for other names."""
    found = (
        re.fullmatch(r"practice\.(\w+)\.([1-5])\.(\d{1,9})", name)
        if isinstance(name, str)
        else None
    )
    if found is None or found[1] not in FAMILIES:
        return None
    return found[1], int(found[2]), int(found[3])


@lru_cache(maxsize=256)
def draw(name: str) -> Exercise | None:
    """Return the exercise of this name, drawn as ever; None for a name that is none.

    >>> print(draw("practice.chain.1.1").prompt)
    Differentiate cosh(z/2 + 5) by z, a rule a line.
    """
    parts = parts_of(name)
    if parts is None:
        return None
    family, level, seed = parts
    rng = np.random.default_rng([*family.encode(), level, seed])
    return FAMILIES[family].draw(name, level, rng, False)
