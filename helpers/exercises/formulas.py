"""Exercises about a function that is written in the notation of derivations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from helpers.derivation import Tree, names, parse
from helpers.diagnosis import Branches, Task, branches_of
from helpers.exercises.exercise import Exercise
from helpers.language import value_error

Expression = str | Branches


@dataclass(frozen=True, eq=False, kw_only=True)
class Formulas(Exercise):
    """An exercise about a function, its derivative asked for, or itself.

    Parameters
    ----------
    of : the function g, in one or more spellings, or as `Branches(left, right)`.
    forms : right answers in one or more spellings; the first one is the reference.
    variable : with respect to which D differentiates.
    where : letters with a definition, as in `derive`.
    swaps : pairs of a story and what letters are mistaken for, in addition to `where`.
    relatives : functions that lie close to g and are taken for it, such as an approximation.
    asks_value : g itself is asked for, not its derivative.
    asks : what to ask where no story fits, or what is still asked before the goal.
    """

    of: tuple[Expression, ...]
    forms: tuple[Expression, ...]
    variable: str = "z"
    where: Mapping[str, str] = field(default_factory=dict)
    swaps: tuple[tuple[str, Mapping[str, str]], ...] = ()
    relatives: tuple[str, ...] = ()
    asks_value: bool = False
    asks: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(bool(self.of), "of", "the function is missing")
        self.require(bool(self.forms), "forms", "a right answer is missing")
        for slug, _ in self.swaps:
            self.require_story(slug, "swaps")
        _ = self.task  # reads them all

    def read(self, text: Expression) -> Tree | Branches:
        """Read an expression with the letters of this exercise."""
        if isinstance(text, Branches):
            return Branches(self.tree(text.left), self.tree(text.right))
        return self.tree(text)

    def tree(self, text: str) -> Tree:
        """Read an expression without branches."""
        return _parsed(text, self.variable, frozenset(self.where))

    @property
    def task(self) -> Task:
        """The declaration as trees."""
        return self._task_and_letters[0]

    @property
    def letters_used(self) -> set[str]:
        """The letters that have no definition."""
        return self._task_and_letters[1]

    @cached_property
    def _task_and_letters(self) -> tuple[Task, set[str]]:
        with self.reading("where"):
            where = {name: self.tree(text) for name, text in self.where.items()}
            _refuse_circles(where)
        with self.reading("of"):
            of = tuple(map(self.read, self.of))
        with self.reading("forms"):
            forms = tuple(map(self.read, self.forms))
        with self.reading("swaps"):
            swaps = tuple((s, {k: self.tree(v) for k, v in m.items()}) for s, m in self.swaps)
        branches = (b for tree in (*of, *forms, *where.values()) for b in branches_of(tree))
        letters = set().union(*map(names, branches)) - {*where}
        with self.reading("relatives"):
            relatives = tuple(map(self.tree, self.relatives))
        task = Task(
            relatives=relatives,
            of=of,
            forms=forms,
            variable=self.variable,
            where=where,
            parameters=tuple(sorted(letters - {"z", self.variable})),
            swaps=swaps,
            asks_value=self.asks_value,
        )
        return task, letters


def _refuse_circles(where: Mapping[str, Tree]) -> None:
    left = {name: names(tree) & {*where} for name, tree in where.items()}
    while ready := [name for name, needs in left.items() if not needs & {*left}]:
        for name in ready:
            del left[name]
    if left:
        raise value_error("{name} is defined in a circle", name=", ".join(left))


@cache
def _parsed(text: str, variable: str, where: frozenset[str]) -> Tree:
    return parse(text, variable=variable, where=where)
