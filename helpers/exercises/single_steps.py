"""The slopes that one rule alone gives: where nobody has to write a line between."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from helpers.derivation import (
    D,
    Func,
    Setting,
    Sym,
    Tree,
    children,
    differentiate,
    names,
    replace_children,
    rules_used,
)
from helpers.exercises.tasks import Branches, Task


def single_steps(
    task: Task, setting: Setting, small: Collection[str]
) -> Iterator[tuple[Tree, Tree | None]]:
    """Yield each slope that one rule gives, with the function that must be found first, if any.

    A spelling of the function counts if its letters stand still or have a slope with a letter of
    its own, as the normal distribution has its density. A slope that is known by heart, as of
    abs(z), is a step where abs(z) is not the question but was found.

    Parameters
    ----------
    small : rules that nobody needs to name.
    """
    known = _slopes_in_letters(task.where, setting)
    for place, function in enumerate(task.of):
        if isinstance(function, Branches) or names(function) & {*task.where} - {*known}:
            continue
        rules = {*rules_used(function, task.variable, where=known)} - {*small}
        by_heart = isinstance(function, Func) and function.arg == Sym(task.variable)
        if len(rules) == 1 and not (by_heart and place == 0):
            slope = differentiate(function, task.variable, where=known)
            yield _with_letters_for(slope, known), function if by_heart else None


def _slopes_in_letters(where: Mapping[str, Tree], setting: Setting) -> dict[str, str]:
    pairs = ((a, b) for a in where for b in where if a != b)
    return {a: b for a, b in pairs if setting.compare(D(Sym(a)), Sym(b)).equal}


def _with_letters_for(tree: Tree, known: Mapping[str, str]) -> Tree:
    match tree:
        case D(Sym(name)) if name in known:
            return Sym(known[name])
    return replace_children(tree, [_with_letters_for(child, known) for child in children(tree)])
