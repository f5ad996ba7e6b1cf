"""Functions to program: the value or the slope of a drawn activation, with kink and parameter."""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from helpers.derivation import Num, Tree, differentiate, names, parse, substitute, tidied, to_text
from helpers.diagnosis import Branches
from helpers.exercises.exercise import Hints
from helpers.exercises.formula_exercise import FormulaExercise
from helpers.exercises.formulas import Expression
from helpers.exercises.practice.expressions import draw_numbers
from helpers.language import Filled

# Left and right of 0, or one formula; p is the parameter. The letter behind: v for the value,
# s for the slope by z, p for the slope by the parameter.
# fmt: off
ACTIVATIONS_DRAWN: Mapping[int, tuple[tuple[str, str, str], ...]] = {
    1: (
        ("z/{a}", "{c}*z", "v"),
        ("-z/{a}", "{c}*z", "v"),
        ("{a}*z", "z/{c}", "v"),
        ("z/{a} - {b}", "{c}*z - {b}", "v"),
        ("-{b}", "z - {b}", "v"),
        ("{a}*exp(z) - {a}", "z", "v"),
        ("{a}*tanh(z)", "{c}*z", "v"),
        ("0", "{c}*z^2", "v"),
        ("", "z/{a} + tanh({c}*z)", "v"),
    ),
    2: (
        ("z/{a}", "{c}*z", "s"),
        ("-z/{a}", "{c}*z", "s"),
        ("0", "{a}*z", "s"),
        ("", "{b}*tanh({a}*z)", "s"),
        ("", "sigmoid({a}*z - {b})", "s"),
        ("", "z^2/{a} - {b}*z", "s"),
        ("", "exp(-z^2/{a})", "s"),
        ("z", "z/{a}", "s"),
        ("-{b}*z", "{a}*z", "s"),
        ("", "sin({a}*z) + {b}*z", "s"),
    ),
    3: (
        ("p*z", "{c}*z", "s"),
        ("{a}*(exp(z) - 1)", "{c}*z", "s"),
        ("z/{a}", "p*z", "s"),
        ("p*(exp(z) - 1)", "{c}*z", "v"),
        ("", "p*tanh({a}*z)", "s"),
        ("", "{b}*sigmoid(p*z)", "s"),
        ("{a}*z", "{b}*sin(z)", "s"),
        ("p*tanh(z)", "{c}*z", "v"),
        ("", "z/{a} + tanh(p*z)", "s"),
    ),
    4: (
        ("p*(exp({a}*z) - 1)", "{c}*z", "s"),
        ("p*tanh({a}*z)", "{c}*z", "s"),
        ("", "z*sigmoid({a}*z - {b})", "s"),
        ("", "z*sigmoid(p*z)", "s"),
        ("", "z*tanh(p*z)/{a}", "s"),
        ("", "ln(1 + exp(p*z))/{a}", "s"),
        ("{a}*z*exp(z)", "p*z", "s"),
        ("", "ln({b} + z^2)/{a}", "s"),
        ("{c}*sin(z)", "p*z", "s"),
    ),
    5: (
        ("p*(exp({a}*z) - 1)", "{c}*z", "p"),
        ("p*tanh({a}*z)", "{c}*p*z", "p"),
        ("", "z*sigmoid(p*z)/{a}", "p"),
        ("", "ln({b} + exp(p*z))/p", "s"),
        ("", "z*tanh(ln({b} + exp({a}*z)))", "s"),
        ("p*z*exp({a}*z)", "{c}*z", "s"),
        ("", "z*exp(-p*z^2/{a})", "s"),
        ("", "{c}*tanh(p*z)^2", "p"),
        ("{a}*sin(p*z)", "{c}*z", "p"),
        ("", "z/sqrt({b} + p*z^2)", "s"),
    ),
}
# fmt: on
_ASKED = {"v": "its value", "s": "its slope by z", "p": "its slope by {p}, while z stands still"}
_CALLED = {"v": "f", "s": "f_prime", "p": "f_by_{p}"}


def program(name: str, level: int, rng: np.random.Generator, kept_back: bool) -> FormulaExercise:
    """Draw an activation of which a program is to give the value or the slope."""
    left, right, kind = ACTIVATIONS_DRAWN[level][rng.integers(len(ACTIVATIONS_DRAWN[level]))]
    letter = str(rng.choice(("alpha", "beta", "c")))
    texts = {"left": left, "right": right}
    texts = {n: re.sub(r"\bp\b", letter, t) for n, t in texts.items()}
    drawn = draw_numbers(texts, rng, kept_back)
    trees = [parse(drawn[side]) for side in ("left", "right") if drawn[side]]
    variable = letter if kind == "p" else "z"
    forms = [t if kind == "v" else tidied(differentiate(t, variable)) for t in trees]
    has = letter in set().union(*map(names, trees))
    arguments = ("z", letter) if has else ("z",)
    called = _CALLED[kind].format(p=letter) if "." in name else name
    asked = Filled(_ASKED[kind], p=letter)
    whole = len(trees) == 1
    shown = (
        f"f(z) = {drawn['right']}"
        if whole
        else Filled(
            "f(z) = {left} for z <= 0 and {right} for z > 0",
            left=drawn["left"],
            right=drawn["right"],
        )
    )
    kink = None
    if kind == "s" and not whole:
        left, right = (to_text(tidied(substitute(t, {"z": Num("0")}))) for t in forms)
        kink = (left, right) if left != right else None
    given = Filled(" sigmoid is given.") if "sigmoid" in shown else ""
    at_0 = Filled(" At 0 it is the slope on the left.") if kink else ""
    return FormulaExercise(
        name,
        lesson=4,
        prompt=Filled(
            "Write {call} for arrays z: {asked}, where {shown}.{at_0}{given}",
            call=f"{called}({', '.join(arguments)})",
            asked=asked,
            shown=shown,
            at_0=at_0,
            given=given,
        ),
        signature=f"{called}({', '.join(arguments)})",
        of=(_expression(trees),),
        forms=(_expression(forms),),
        variable=variable,
        asks_value=kind == "v",
        parameters={letter: (0.5, 2.0, 1.5)} if has else {},
        kink=kink,
        hints=Hints(
            where=(
                "at one negative and one positive number by hand: which branch takes each?"
                if not whole
                else "at z = 0 and z = 1 by hand: what should come out there?"
            ),
            rule=(
                "a number for each entry of the array: both branches are computed, and one is chosen for each entry."
                if kind == "v"
                else "differentiate on paper first, each branch on its own; then write that down for arrays."
            ),
            question=(
                "which comparison of z says for each entry where it belongs, and which side has z = 0?"
                if not whole
                else Filled(
                    "when {variable} moves by a little, which parts of the formula move?",
                    variable=variable,
                )
            ),
            neighbour="for -z left of 0 and 3*z right of it: np.where(z > 0, 3 * z, -z); its slope: np.where(z > 0, 3.0, -1.0).",
            line=Filled("On the right, z > 0, it is {form}.", form=to_text(forms[-1])),
        ),
        code=_code(called, arguments, forms),
        solution="" if kind == "v" else _slopes(trees, forms),
    )


def _slopes(trees: list[Tree], forms: list[Tree]) -> str:
    one, *more = [f"D({to_text(t)}) = {to_text(f)}" for t, f in zip(trees, forms, strict=True)]
    return Filled("{one} and {other}", one=one, other=more[0]) if more else one


def _expression(trees: list[Tree]) -> Expression:
    texts = [to_text(tree) for tree in trees]
    return texts[0] if len(texts) == 1 else Branches(texts[0], texts[1])


_NUMPY = {"ln": "np.log", "atan": "np.arctan"} | {
    name: f"np.{name}" for name in ("exp", "tanh", "sin", "cos", "sinh", "cosh", "sqrt")
}


def _code(called: str, arguments: tuple[str, ...], forms: list[Tree]) -> str:
    """The solution as a program for arrays."""
    written = [
        re.sub(r"[a-z]+(?=\()", lambda found: _NUMPY.get(found[0], found[0]), to_text(form))
        .replace("^", "**")
        .replace("*", " * ")
        .replace(" *  * ", "**")
        for form in forms
    ]
    written = [f"{text}.0" if text.lstrip("-").isdigit() else text for text in written]
    whole = len(written) == 1
    body = written[0] if whole else f"np.where(z > 0, {written[1]}, {written[0]})"
    return f"def {called}({', '.join(arguments)}):\n    return {body}"
