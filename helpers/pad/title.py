"""What an exercise asks for, its formulas typeset."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from helpers.derivation import ALIASES, D, NotationError, Setter, Tree, mathml, parse, tex_letter
from helpers.exercises import DerivationExercise
from helpers.language import gettext

_WORD = re.compile(r"\S+")
_PIECE = re.compile(r"([(“\"]*)(.*?)([.,;:?!”\"]*)$")  # quotes and a comma are no mathematics
_SLOPE = re.compile(r"d/d([A-Za-z]+)(?:\s+(?=\S)|$)")
_FORMULA = re.compile(r"[=^/*+·<>\d]|[A-Za-z]\(|^[b-zB-Z]$")
# e^-2z, e^2 Phi, tanh z: short forms that the plain notation does not have.
_HABIT = re.compile(r"\^(-?\d+[a-z])(?![\w(])|\^(\d) (?=[A-Za-z])|\b([a-z]{3,}) ([a-z])\b")
_MOST_WORDS = 12  # in a formula


def title(exercise: DerivationExercise) -> str:
    """Return the prompt of an exercise as HTML; one that quotes a misprint stays as it is.

    >>> from helpers.exercises import EXERCISES
    >>> title(EXERCISES["derive_gelu"]).count("<math>")
    3
    """
    if not exercise.name.startswith("derive_"):
        return html.escape(gettext(exercise.prompt), quote=False)
    prompt = gettext(exercise.prompt)
    words = [*_WORD.finditer(prompt)]
    out, at = [], 0
    while at < len(words):
        last = min(len(words), at + _MOST_WORDS)
        for end in range(last, at, -1):
            text = prompt[words[at].start() : words[end - 1].end()]
            if shown := _formula(text, exercise):
                out.append(shown)
                at = end
                break
        else:
            out.append(html.escape(words[at][0], quote=False))
            at += 1
    return " ".join(out)


def _formula(text: str, exercise: DerivationExercise) -> str:
    """Return a text as MathML, marks around it kept; "" if it is no formula."""
    opened, inside, closed = _split(text)
    known = len(inside) > 1 and inside in _letters(exercise)
    if not (known or _FORMULA.search(inside)) or inside.isdigit():
        return ""
    if slope := _SLOPE.fullmatch(inside):
        shown = mathml(rf"\frac{{d}}{{d{tex_letter(slope[1])}}}")
        return opened + shown.replace(' displaystyle="true"', "") + closed
    setter = Setter(variable=exercise.variable)
    parts = re.split(r"\s*([=<>])\s*", inside)
    named = [side for side in parts[:-1:2] if re.fullmatch("[A-Za-z]", side)]
    trees = [_read(side, exercise, named) for side in parts[::2]]
    if any(tree is None for tree in trees):
        return ""
    signs = [f"<mo>{html.escape(sign)}</mo>" for sign in parts[1::2]]
    rows = [setter.set(tree) for tree in trees if tree is not None]
    set_ = "".join(x for pair in zip(rows, [*signs, ""], strict=True) for x in pair)
    return f"{opened}<math>{set_}</math>{closed}"


def _without_habit(found: re.Match) -> str:
    exponent, power, function, letter = found.groups()
    if exponent:
        return f"^({exponent})"
    return f"^{power}*" if power else f"{function}({letter})"


def _split(text: str) -> tuple[str, str, str]:
    found = _PIECE.match(text)
    assert found is not None
    opened, inside, closed = found.groups()
    while opened.endswith("(") and inside.count(")") > inside.count("("):
        opened, inside = opened[:-1], f"({inside}"
    return opened, inside, closed


def _letters(exercise: DerivationExercise) -> tuple[str, ...]:
    return exercise.variable, *exercise.where, *exercise.setting.parameters


def _read(side: str, exercise: DerivationExercise, named: Sequence[str]) -> Tree | None:
    letters = (*_letters(exercise), *named)
    slope = _SLOPE.match(side)
    plain = _HABIT.sub(_without_habit, side[slope.end() :] if slope else side)
    if re.fullmatch(r"[A-Za-z]", plain) and plain not in letters:
        return None
    try:
        tree = parse(plain, variable=exercise.variable, where=exercise.where, letters=letters)
    except NotationError:
        return None
    by = ALIASES.get(slope[1], slope[1]) if slope else ""
    return D(tree, None if by == exercise.variable else by) if slope else tree
