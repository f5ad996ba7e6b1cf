"""A function that is right near 0 and wrong far out: where digits are lost, or numbers cut off."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from helpers.derivation import evaluate
from helpers.diagnosis.beliefs import questions
from helpers.diagnosis.evidence import place_of_evidence, value_evidence
from helpers.diagnosis.hallmarks import first_not_finite, first_to_lose_digits, sum_that_absorbs
from helpers.diagnosis.pointing import shown_at
from helpers.diagnosis.programs import Program, read_program
from helpers.diagnosis.python_words import Place, place_of
from helpers.diagnosis.responses import Probe, Response, delivered
from helpers.diagnosis.retelling import told_as
from helpers.diagnosis.running import call
from helpers.diagnosis.tried_by_running import Step, pointed_by_running, values_by_running
from helpers.language import gettext

_Find = Callable[[Program, Mapping[str, float]], Place | None]  # where digits are lost
_NOT_FINITE = "The first number that is not finite arises in {where}:"
_DIGITS_LOST = "What goes in there is right to twelve digits, what comes out is not, in {where}:"
_ABSORBED = "A small number leaves none of its digits in a sum, in {where}:"
_ROUNDED_TO_0 = "A number becomes so small that it is rounded to 0 in {where}:"
_CUT_OFF = "What goes in there is cut off at a bound, in {where}:"
_WHICH_STEP = (
    "Put this number in and look at what each operation of yours returns: which of them is the "
    "first to return another number than it should?"
)


@dataclass(frozen=True)
class FarOut:
    """What a function did with a case that is far out.

    Parameters
    ----------
    response : what it did there.
    names : its arguments.
    source, called : its text, and its name there.
    probe : calls it again.
    responses : what it did with all cases.
    """

    response: Response
    names: Sequence[str]
    source: str
    called: str
    probe: Probe | None = None
    responses: Sequence[Response] = ()

    def explained(
        self, noun: str, of_a_row: bool, others: Sequence[tuple[Any, ...]]
    ) -> tuple[tuple[str, ...], str, str]:
        """Stories, message, and another story; a subtraction is told of where one fits.

        noun : what the numbers are.
        of_a_row : does each hang on a whole row?
        others : stories told as functions of the same arguments.
        """
        response, seen = self.response, None
        lost = response.ok | np.isfinite(response.values)  # what is no number is told of first
        shown = response if lost.all() else replace(response, ok=lost)
        at = replace(self, response=shown)
        bad, right = response.values[~response.ok], response.case.expected[~response.ok]
        slugs = [slug for slug, other, *_ in others if agrees(other, response, atol=0.0)]
        rounded = at._is_rounding()
        absorbed = rounded and at._is_absorbed()
        if not np.isfinite(bad).all():
            slugs, pointed = ["overflow-unstable"], at._where_a_row_is_moved() if of_a_row else ""
            pointed = pointed or at._arises(first_not_finite, _NOT_FINITE) or at.lost_in_a_row()
        else:
            if not slugs and absorbed:
                slugs, seen = ["cancellation"], told_as("cancellation", "absorbed")
            near = rounded and np.all(np.abs(bad - right) < 4 * np.finfo(float).eps)
            find = sum_that_absorbs if seen is not None else first_to_lose_digits
            loses = slugs[:1] == ["cancellation"] or bool(not slugs and near)
            said = _ABSORBED if seen is not None else _DIGITS_LOST
            pointed = at._arises(find, said) if loses else at._cut_off()
            if pointed and not loses:
                slugs, seen = ["function-lost"], told_as("function-lost", "cut off")
        (asked,) = questions(tuple(slugs[:1]), asks=gettext(_WHICH_STEP), seen=seen)
        if not slugs and rounded and np.all(np.abs(bad - right) < 4 * np.finfo(float).eps):
            slugs = ["cancellation"]  # rounded beside 1: lost in a sum, perhaps, no difference
        evidence = value_evidence(shown, self.names, noun, of_a_row)
        where = gettext("Near 0 all is right; it goes wrong far out.")
        rows = (evidence, where, pointed, asked)
        return tuple(slugs[:1]), "\n".join(filter(None, rows)), ""

    def _is_rounding(self) -> bool:
        """Is its formula right there without rounding, or not known to be another one?"""
        program, case = self._program(), self.response.case
        if program is None or not case.arrays:
            return True
        try:
            exact = evaluate(program.formula, self._inputs())
        except (KeyError, TypeError, ValueError):
            return True
        wanted = float(np.ravel(case.expected)[place_of_evidence(self.response)])
        return exact is None or bool(np.isclose(float(exact), wanted, rtol=1e-6, atol=0.0))

    def _is_absorbed(self) -> bool:
        """Is the entry that is shown as wrong as 1 + u is for a small u, and is one added there?"""
        program, case = self._program(), self.response.case
        if program is None or not case.arrays:
            return False
        i = place_of_evidence(self.response)
        gap = abs(float(np.ravel(self.response.values)[i]) - float(np.ravel(case.expected)[i]))
        rounded = gap < 4 * float(np.finfo(float).eps)
        return rounded and sum_that_absorbs(program, self._inputs()) is not None

    def _program(self) -> Program | None:
        return read_program(self.source, self.names, self.called) if self.source else None

    def _inputs(self) -> dict[str, float]:
        i = place_of_evidence(self.response)
        arguments = self.response.case.arguments
        own = (a.ravel()[i] if isinstance(a, np.ndarray) else a for a in arguments)
        return dict(zip(self.names, own, strict=False))

    def _arises(self, find: _Find, said: str) -> str:
        """Show where the first number arises that is not finite, or has lost digits."""
        program = self._program()
        if program is None or not self.response.case.arrays:
            return ""
        place = find(program, self._inputs())
        return shown_at(gettext(said), self.source, place) if place is not None else ""

    def _where_a_row_is_moved(self) -> str:
        """Show where one change alone makes it right, as the largest entry for the mean."""
        if self.probe is None or not self.source:
            return ""
        return pointed_by_running(self.source, self.probe, self.responses)[0]

    def lost_in_a_row(self) -> str:
        """The same where each number hangs on a whole row: by running it, step by step."""
        for node, values, inputs in self._steps():
            finite = all(np.isfinite(one).all() for one in inputs)
            if finite and not np.isfinite(values).all():
                return shown_at(gettext(_NOT_FINITE), self.source, place_of(node))
            if isinstance(node, ast.Call) and finite and not np.any(values) and _any(inputs):
                return shown_at(gettext(_ROUNDED_TO_0), self.source, place_of(node))
        return ""

    def _cut_off(self) -> str:
        """Show a `clip` that hands on another number than it was given."""
        for node, values, inputs in self._steps():
            clips = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "clip"
            if clips and inputs and np.shape(inputs[0]) == np.shape(values):
                i = place_of_evidence(self.response)
                given, handed_on = np.ravel(inputs[0]), np.ravel(values)
                if i < given.size and given[i] != handed_on[i]:
                    return shown_at(gettext(_CUT_OFF), self.source, place_of(node))
        return ""

    def _steps(self) -> list[Step]:
        if self.probe is None or not self.source:
            return []
        return values_by_running(self.source, self.probe, self.response.case)


def agrees(other: Callable, response: Response, atol: float = 1e-12) -> bool:
    """Does another function return these numbers?"""
    outcome = call(other, response.case.fresh())
    values, _ = delivered(outcome, response.case.expected)
    return values is not None and np.allclose(values, response.values, rtol=1e-7, atol=atol)


def _any(inputs: Sequence[Any]) -> bool:
    return any(np.any(one) for one in inputs)
