"""The keys of a pad: the letters and functions of its exercise, and what builds a formula."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.derivation import (
    ALIASES,
    FUNCTIONS,
    D,
    Func,
    NotationError,
    Tree,
    latex,
    mathml,
    split_lines,
    tex_letter,
    walk,
)
from helpers.exercises import DerivationExercise
from helpers.language import gettext

PRIMED = r"\left(#?\right)^{\prime}"


def shortcuts() -> dict[str, str]:
    """Return what is typed in letters, and the LaTeX that takes its place."""
    words = {name: tex_letter(name) for name in ALIASES.values() if name.isalpha()}
    for function in FUNCTIONS.values():
        words |= dict.fromkeys([function.name, *function.aliases], function.tex)
    words = {name: latex for name, latex in words.items() if name.isascii() and name.isalpha()}
    signs = {"*": r"\cdot", "<=": r"\le", ">=": r"\ge", "=>": r"\Rightarrow"}
    return {**words, **signs, "sqrt": r"\sqrt{#?}", "pi": r"\pi"}


def keys(exercise: DerivationExercise) -> list[list[dict[str, str]]]:
    """Return the groups of keys: letters, functions, what builds a formula.

    Each key has a `label` (HTML), what it inserts (LaTeX, where `#?` is filled in and `#@` is
    what stands before it) and the `name` that is spoken.
    """
    variable = tex_letter(exercise.variable)
    slope = rf"\frac{{d}}{{d{variable}}}"
    build = [
        _key(r"\frac{□}{□}", r"\frac{#@}{#?}", gettext("fraction")),
        _key("□^{□}", "#@^{#?}", gettext("power")),
        _key("e^{□}", "e^{#?}", gettext("e to the power")),
        {"label": "<span>( )</span>", "insert": r"\left(#?\right)", "name": gettext("brackets")},
        _key(slope, rf"{slope}\left(#?\right)", gettext("slope of")),
        {"label": "<span>( )′</span>", "insert": PRIMED, "name": gettext("slope of, with a prime")},
    ]
    own = [_key(tex_letter(name), tex_letter(name), name) for name in letters(exercise)]
    functions = [_function(name) for name in _functions(exercise)]
    return [group for group in (own, functions, build) if group]


def _key(label: str, insert: str, name: str) -> dict[str, str]:
    return {"label": mathml(label), "insert": insert, "name": name}


def _function(name: str) -> dict[str, str]:
    if name == "sqrt":
        return _key(r"\sqrt{□}", r"\sqrt{#?}", gettext("square root"))
    if name == "abs":
        return _key("|□|", r"\left|#?\right|", gettext("absolute value"))
    function = FUNCTIONS[name]
    return _key(function.tex, rf"{function.tex}\left(#?\right)", gettext(function.spoken) or name)


def letters(exercise: DerivationExercise) -> list[str]:
    """The variable, the parameters and the letters with a definition."""
    return [*dict.fromkeys([exercise.variable, *exercise.task.parameters, *exercise.where])]


def _functions(exercise: DerivationExercise) -> list[str]:
    """The functions that its own texts use, in the order of the notation."""
    nodes = (node for tree in _trees(exercise) for node in walk(tree))
    used = {node.name for node in nodes if isinstance(node, Func)}
    return [name for name in FUNCTIONS if name in used and name != "exp"]


def _trees(exercise: DerivationExercise) -> Iterator[Tree]:
    texts = (*exercise.of, *exercise.forms, *exercise.where.values())
    for text in (*texts, exercise.given, exercise.solution):
        for _, step, _ in split_lines(str(text)):
            trees = (_read(exercise, side.strip()) for side in step.split("="))
            yield from (tree for tree in trees if tree is not None)


def first_lines(exercise: DerivationExercise) -> list[tuple[str, str]]:
    """Return what stands on a fresh pad: the lines that are given, or the question."""
    steps = split_lines(exercise.given or exercise.solution)
    if not exercise.given:
        steps = steps[:1] if isinstance(_read(exercise, steps[0][1]), D) else []
        steps = steps if exercise.name.startswith("derive_") else []
    lines = [
        (_typeset(_read(exercise, step), exercise.variable), gettext(why)) for _, step, why in steps
    ]
    lines = [(f"={line}" if k else line, reason) for k, (line, reason) in enumerate(lines)]
    blank = any("placeholder" in line for line, _ in lines)
    return lines if blank else [*lines, ("=" if lines else "", "")]


def _read(exercise: DerivationExercise, step: str) -> Tree | None:
    try:
        return exercise.setting.read(1, step).tree
    except NotationError:  # a blank
        return None


def _typeset(tree: Tree | None, variable: str) -> str:
    return r"\placeholder{}" if tree is None else latex(tree, variable)
