"""The stories of a function whose source can be read as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.derivation import If, Tree, walk
from helpers.exercises.beliefs import OUTPUT, Beliefs, ranked, same_numbers
from helpers.exercises.line_diagnosis import likeness
from helpers.exercises.programs import as_formula, is_quotient
from helpers.exercises.repairs import Repairs
from helpers.exercises.slips import Slip

__all__ = ["Written"]


@dataclass(frozen=True)
class Written:
    """What a learner wrote as a formula, and the places where its numbers are compared."""

    formula: Tree
    repairs: Repairs

    @classmethod
    def of(
        cls, source: str, beliefs: Beliefs, values: np.ndarray, where: np.ndarray
    ) -> Written | None:
        """Read the source; None unless the formula gives the numbers that the function returned."""
        letters = [n for n in beliefs.at if n not in beliefs.task.where and n != OUTPUT]
        formula = as_formula(source, letters) if source else None
        if formula is None:
            return None
        there = Beliefs(beliefs.task, {n: np.asarray(beliefs.at[n])[where] for n in letters})
        if not same_numbers(there.numbers(formula)[None], values[where]).all():
            return None
        return cls(formula, Repairs(there, there.reference))

    def stories(self, fitting: Sequence[Slip]) -> tuple[str, ...]:
        """Name the stories that give these numbers, the one that looks like the formula first."""
        task = self.repairs.task
        if not task.asks_value and is_quotient(self.formula, task.variable):
            return ("finite-difference",)
        if lost := self.repairs.brackets_lost(self.formula):
            return lost
        fitting = [slip for slip in fitting if slip.slug != "mask-overwritten"]
        found = ranked(fitting, likeness(self.formula, task))
        if found[:1] == ("max-needs-alpha-le-1",) or not self._has_branches:
            return found
        chosen = [s for s in self.repaired() if s in ("mask-overwritten", "condition-misplaced")]
        return tuple(dict.fromkeys((*chosen, *found)))

    @property
    def _has_branches(self) -> bool:
        return any(isinstance(node, If) for node in walk(self.formula))

    def repaired(self) -> tuple[str, ...]:
        """Name the slips of which one, taken back, makes the function right."""
        return self.repairs.one(self.formula)

    def repaired_twice(self) -> tuple[str, ...]:
        """Name two slips that only together make it what it is."""
        return self.repairs.two(self.formula)
