"""A function is asked for whose numbers a function of the course gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from helpers.diagnosis import Beliefs, Case, Task, as_formula, is_of_a_row
from helpers.exercises.code_exercise import CodeExercise
from helpers.exercises.inputs import elsewhere, far_out, like
from helpers.language import gettext


@dataclass(frozen=True, eq=False, kw_only=True)
class ReferenceExercise(CodeExercise):
    """A function is asked for; for what the notation of derivations cannot say.

    Parameters
    ----------
    reference : a function with the right numbers.
    inputs : the arguments of each call; a list or a tuple becomes an array.
    """

    reference: Callable[..., object]
    inputs: tuple[tuple, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(bool(self.inputs), "inputs", "there is no call")
        for row in self.inputs:
            asked = f"each is a tuple with the arguments of {self.signature}; {row!r} came"
            self.require(len(row) == len(self.arguments), "inputs", asked)
        alone = len(self.arguments) == 1
        self.require(alone or not self.far, "far", "it is for functions of one array")
        with self.reading("reference"):
            self._case("plain", self.inputs[0])

    @property
    def noun(self) -> str:
        """What the numbers are."""
        return gettext("right number")

    @property
    def right_numbers(self) -> Callable[..., object]:
        """The function with the right numbers."""
        return self.reference

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """What a function is tried on in the lesson, plain inputs first."""
        drawn = self.drawn(np.random.default_rng(0))
        more = (replace(case, kind="elsewhere") for case in drawn)
        return (*self._cases(self.inputs, self.far), *more)

    def beliefs_at(self, cases: Sequence[Case]) -> Beliefs | None:
        """Return the stories in numbers, where the solution can be read as a formula.

        They stand at all plain cases, or, of a formula with sums over a row, at the longest row.
        """
        formula = as_formula(self.code, self.arguments)
        plain = [case for case in cases if case.kind == "plain"]
        if formula is None:
            return None
        if is_of_a_row(formula):
            plain = [max(plain, key=lambda case: np.size(case.arguments[0]))]
        try:
            each = [np.broadcast_arrays(*case.arguments, case.expected) for case in plain]
        except ValueError:
            return None
        entrywise = all(
            np.shape(c.expected) == row[0].shape or is_of_a_row(formula)
            for c, row in zip(plain, each, strict=True)
        )
        tables = any(row[0].ndim > 1 for row in each)
        if not entrywise or (tables and is_of_a_row(formula)):
            return None
        *rows, expected = (np.concatenate([x.ravel() for x in c]) for c in zip(*each, strict=True))
        variable, *others = self.arguments
        parameters = () if is_of_a_row(formula) else tuple(others)
        task = Task((), (formula,), variable, parameters=parameters, asks_value=True)
        beliefs = Beliefs(task, dict(zip(self.arguments, rows, strict=True)))
        return beliefs if _are_equal(beliefs.reference, expected) else None

    def drawn(self, rng: np.random.Generator) -> tuple[Case, ...]:
        """Return twice as many cases with inputs of the same shapes, drawn anew."""
        columns = zip(*self.inputs, strict=True)
        pools = [np.concatenate([np.ravel(x) for x in column]) for column in columns]
        inputs = [
            tuple(like(argument, pool, rng) for argument, pool in zip(row, pools, strict=True))
            for row in 2 * self.inputs
        ]
        return (*self._cases(inputs, far_out(self.far, rng)), *self._elsewhere(pools, rng))

    def _elsewhere(self, pools: Sequence[np.ndarray], rng: np.random.Generator) -> Iterator[Case]:
        """Between the places of one array and beyond them, if no number hangs on the others."""
        if len(pools) == 1 and np.ndim(self.inputs[0][0]) == 1:
            case = self._case("elsewhere", (elsewhere(pools[0], rng).tolist(),))
            last = self._case("elsewhere", (case.arguments[0][-1:],)).expected
            if case.expected.shape == case.arguments[0].shape and last == case.expected[-1:]:
                yield case

    def _cases(self, inputs: Iterable[tuple], far: tuple[float, ...]) -> Iterable[Case]:
        for row in inputs:
            yield self._case("plain", row)
        if far:
            yield self._case("far", (far,))

    def _case(self, kind: str, row: tuple) -> Case:
        lists = (list, tuple)
        arguments = tuple(np.array(x, float) if isinstance(x, lists) else x for x in row)
        with np.errstate(all="ignore"):
            expected = np.array(self.reference(*arguments), float)
        return Case(kind, arguments, expected)


def _are_equal(values: np.ndarray, expected: np.ndarray) -> bool:
    return values.shape == expected.shape and np.allclose(values, expected, rtol=1e-9, atol=1e-12)
