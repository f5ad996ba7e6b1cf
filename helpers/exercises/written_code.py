"""The stories of a function whose source can be read as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.derivation import If, Sym, Tree, walk
from helpers.exercises.beliefs import OUTPUT, Beliefs, ranked, same_numbers
from helpers.exercises.line_diagnosis import likeness
from helpers.exercises.programs import Place, Program, is_quotient, read_program
from helpers.exercises.repairs import Repairs, with_hole
from helpers.exercises.slips import Slip

__all__ = ["Written"]

_ABOUT_TESTS = {"condition-misplaced", "max-needs-alpha-le-1"}


@dataclass(frozen=True)
class Written:
    """What a learner wrote as a formula, and the places where its numbers are compared."""

    program: Program
    repairs: Repairs

    @property
    def formula(self) -> Tree:
        """What the function returns."""
        return self.program.formula

    @classmethod
    def of(
        cls, source: str, beliefs: Beliefs, values: np.ndarray, where: np.ndarray
    ) -> Written | None:
        """Read the source; None unless the formula gives the numbers that the function returned."""
        letters = [n for n in beliefs.at if n not in beliefs.task.where and n != OUTPUT]
        program = read_program(source, letters) if source else None
        if program is None:
            return None
        there = Beliefs(beliefs.task, {n: np.asarray(beliefs.at[n])[where] for n in letters})
        if not same_numbers(there.numbers(program.formula)[None], values[where]).all():
            return None
        return cls(program, Repairs(there, there.reference))

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

    def pointed(self, stories: Sequence[str]) -> str:
        """Show the learner's own line with the place marked at which one change makes it right.

        "" where that cannot be told: no change does so, or changes at several places.
        """
        if not (found := self.repairs.where(self._parts(), self._meant(), stories)):
            return ""
        place, part = found
        if {*stories[:1]} & _ABOUT_TESTS:
            place = self.program.tests.get(id(part), place)
        line, first, last = place
        row = self.program.source.split("\n")[line - 1]
        first, last = (len(row.encode()[:n].decode()) for n in (first, last))  # ast counts bytes
        cut = len(row) - len(row.lstrip())
        marks = " " * (first - cut) + "^" * (last - first)
        where = self.program.line_in_words(line)
        return f"One change there makes it right, in {where}:\n    {row.strip()}\n    {marks}"

    def _parts(self) -> list[tuple[Place, Tree, Tree]]:
        """Each place in the source, what stands there, and the formula with a hole instead."""
        at: dict[Place, list[Tree]] = {}
        for place, part in self.program.parts:
            at.setdefault(place, []).append(part)
        inside = {id(part) for part in walk(self.formula)}
        found: dict[frozenset[int], tuple[Place, Tree, Tree]] = {}
        for place, parts in sorted(at.items(), key=lambda item: item[0]):
            there = frozenset({id(part) for part in parts} & inside)
            if there and all(part == parts[0] for part in parts):
                # of a name that is used once, its definition comes before its use, and stays
                found.setdefault(there, (place, parts[0], with_hole(self.formula, there)))
        return [*found.values()]

    def _meant(self) -> list[Tree]:
        """What a name or a number may have been meant for."""
        task = self.repairs.task
        letters = [Sym(name) for name in (*self.repairs.beliefs.at, *task.parameters)]
        return list(dict.fromkeys((*self.program.names.values(), *letters)))
