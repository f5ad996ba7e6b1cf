"""The stories of a function whose source can be read as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helpers.derivation import If, Sym, Tree, walk
from helpers.exercises.beliefs import (
    MAX_STORIES,
    OUTPUT,
    Beliefs,
    Together,
    ranked,
    same_numbers,
)
from helpers.exercises.hallmarks import is_quotient
from helpers.exercises.line_diagnosis import likeness, of_the_text
from helpers.exercises.places import Located, Part, Places, is_inside
from helpers.exercises.programs import Place, Program, read_program
from helpers.exercises.repairs import Repairs
from helpers.exercises.slips import Slip
from helpers.language import ngettext

__all__ = ["Written"]

_TERMWISE = "rule-applied-termwise"


@dataclass(frozen=True)
class Written:
    """What a learner wrote as a formula, and the places where its numbers are compared."""

    program: Program
    repairs: Repairs
    claims: dict[tuple[str, ...], Located | None] = field(default_factory=dict)

    @property
    def formula(self) -> Tree:
        """What the function returns."""
        return self.program.formula

    @classmethod
    def of(
        cls,
        source: str,
        beliefs: Beliefs,
        values: np.ndarray,
        where: np.ndarray,
        called: str = "",
    ) -> Written | None:
        """Read the source; None unless the formula gives the numbers that the function returned."""
        letters = [n for n in beliefs.at if n not in beliefs.task.where and n != OUTPUT]
        program = read_program(source, letters, called) if source else None
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
        alike = likeness(self.formula, task)
        fitting = [slip for slip in fitting if slip.slug != "mask-overwritten"]
        last: tuple[str, ...] = ()
        if self.places.has_slip:  # numbers that two slips have, or rules for pieces, by chance
            last = tuple({s.slug for s in fitting if s.slug == _TERMWISE})
            fitting = [s for s in fitting if s.slug != _TERMWISE and s.origin != "pair"]
        found = self._ranked(fitting)
        if not isinstance(found, Together) and not any(
            slip.slug == "formula-of-other-activation" and alike(slip) == 1 for slip in fitting
        ):
            if last and not found:
                found = self.places.smallest
            found = tuple(dict.fromkeys((*self.places.seen(found)[: MAX_STORIES - 1], *last)))
        if found[:1] == ("max-needs-alpha-le-1",) or not self._has_branches:
            return found
        chosen = [s for s in self.repaired() if s in ("mask-overwritten", "condition-misplaced")]
        return tuple(dict.fromkeys((*chosen, *found)))

    def _ranked(self, fitting: Sequence[Slip]) -> tuple[str, ...]:
        """The likeliest first; what one change of the text takes back goes before the rest."""
        alike = likeness(self.formula, self.repairs.task)
        found, taken_back = ranked(fitting, alike), self.repairs.all(self.formula)
        if isinstance(found, Together) or not taken_back.intersection(found):
            return found
        seen = of_the_text(fitting, self.formula, taken_back, self.repairs.task)
        return tuple(dict.fromkeys((*ranked(seen, alike), *found)))[:MAX_STORIES]

    @property
    def _has_branches(self) -> bool:
        return any(isinstance(node, If) for node in walk(self.formula))

    def repaired(self) -> tuple[str, ...]:
        """Name the slips of which one, taken back, makes the function right."""
        return self.repairs.one(self.formula)

    def repaired_twice(self) -> tuple[str, ...]:
        """Name two slips that only together make it what it is."""
        return self.repairs.two(self.formula)

    def claim(self, stories: tuple[str, ...]) -> Located | None:
        """Return where one change makes it right, or two; None where that cannot be told."""
        if stories not in self.claims:
            places = self.places
            together = isinstance(stories, Together)
            one = places.one(() if together else stories)
            two = places.two() if one is None and (together or not stories) else None
            self.claims[stories] = one or two
        return self.claims[stories]

    @cached_property
    def places(self) -> Places:
        """Where changes make it right."""
        return Places(self.repairs, self.formula, self._parts(), self._meant())

    def pointed(self, claim: Located) -> str:
        """Show the learner's own lines with the places marked at which changes make it right."""
        if not claim.places:
            return ""
        lines = sorted({line for line, _, _ in claim.places})
        where = self.program.lines_in_words(lines)
        pointed = ngettext(
            "One change there makes it right, in {where}:",
            "Two changes there make it right, in {where}:",
            len(claim.places),
            where=where,
        )
        rows = [self._marked(line, claim.places) for line in lines]
        return "\n".join([pointed, *rows])

    def _marked(self, line: int, places: Sequence[Place]) -> str:
        row = self.program.source.split("\n")[line - 1]
        cut, marks = len(row) - len(row.lstrip()), " " * len(row)
        for first, last in [place[1:] for place in places if place[0] == line]:
            a, b = (len(row.encode()[:n].decode()) for n in (first, last))  # ast counts bytes
            marks = marks[:a] + "^" * (b - a) + marks[b:]
        return f"    {row.strip()}\n    {marks[cut:].rstrip()}"

    def _parts(self) -> list[Part]:
        """The parts of the source that stand in the formula, each once."""
        at: dict[Place, list[Tree]] = {}
        for place, part in self.program.parts:
            at.setdefault(place, []).append(part)
        inside = {id(part) for part in walk(self.formula)}
        found: dict[frozenset[int], list[Place]] = {}
        nodes: dict[frozenset[int], Tree] = {}
        for place, parts in sorted(at.items(), key=lambda item: item[0]):
            there = frozenset({id(part) for part in parts} & inside)
            if there and all(part == parts[0] for part in parts):
                found.setdefault(there, []).append(place)
                nodes[there] = next(part for part in parts if id(part) in there)
        return [self._part(nodes[there], there, places) for there, places in found.items()]

    def _part(self, node: Tree, same: frozenset[int], places: list[Place]) -> Part:
        tests, in_tests = self.program.tests, self.program.in_tests
        test = next((tests[one] for one in same if one in tests), None)
        own = [p for p in places if p != test] or places
        narrow = [p for p in own if not any(q != p and is_inside(q, p) for q in own)]
        return Part(node, same, tuple(narrow), test, not same.isdisjoint(in_tests))

    def _meant(self) -> list[Tree]:
        """What a name or a number may have been meant for."""
        task = self.repairs.task
        letters = [Sym(name) for name in (*self.repairs.beliefs.at, *task.parameters)]
        return list(dict.fromkeys((*self.program.names.values(), *letters)))
