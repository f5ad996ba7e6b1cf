"""A function is asked for whose numbers a formula gives."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from helpers.derivation import D, Tree, evaluate
from helpers.diagnosis import Beliefs, Branches, Case, Kinks, without_d
from helpers.exercises.code_exercise import CodeExercise
from helpers.exercises.formulas import Formulas
from helpers.exercises.inputs import between, elsewhere, far_out, spread
from helpers.language import gettext

PLACES = (1.0, -1.0, 0.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 0.25, -1.5, 4.5, -4.5, 6.0, -6.0)
_FINE = 2001  # places among which the right answer's turns are looked for
WIDE = (*PLACES, 12.5, -12.5, 1e3, -1e3)  # for straight lines: no exponential overflows there
NEAR = (0.1, -0.1, 0.01, -0.01, 0.001, -0.001)  # from a kink: where else may a branch begin?
_BANDS = (8, 20, 32)  # a call for each: where one overflows, those nearer to 0 are compared
_OVERFLOWS = 20  # from there on: exp(4*z) leaves float32 at 22
Numbers = Mapping[str, tuple[float, ...]]
Arguments = dict[str, Any]  # an array or a number by name


@dataclass(frozen=True, eq=False, kw_only=True)
class FormulaExercise(CodeExercise, Formulas):
    """A function is asked for whose numbers the notation of derivations gives.

    Parameters
    ----------
    letters : how the notation calls the arguments, if not as the signature does.
    places : for each argument that is an array the numbers tried.
    parameters : for each other argument the numbers tried.
    kink : the lowest and the highest valid slope at z = 0.

    Examples
    --------
    >>> square_prime = FormulaExercise(
    ...     "square_prime",
    ...     lesson=1,
    ...     prompt="Derivative of z squared.",
    ...     signature="square_prime(z)",
    ...     of=("z^2",),
    ...     forms=("2*z",),
    ... )
    >>> square_prime.judge(lambda z: z**2).diagnoses[0]
    'function-derivative-mixup'
    """

    letters: tuple[str, ...] = ()
    places: Numbers = field(default_factory=lambda: {"z": PLACES})
    parameters: Numbers = field(default_factory=dict)
    kink: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for part in ("places", "parameters"):
            for name, numbers in getattr(self, part).items():
                known = name in self.arguments
                self.require(known, part, f"{self.signature} has no argument {name}")
                self.require(len(numbers) > 0, part, f"there is no number for {name}")
        for name in self.arguments:
            held = (name in self.places) != (name in self.parameters)
            self.require(held, "places", f"the numbers for {name} stand here or in parameters")
        self.require(bool(self.places), "places", "no argument is an array")
        self.require(
            len(self.letters_of_arguments) == len(self.arguments),
            "letters",
            f"{self.signature} has {len(self.arguments)} arguments; {self.letters} came",
        )
        missing = ", ".join(sorted(self.letters_used - {*self.letters_of_arguments}))
        self.require(not missing, "forms", f"{self.signature} has no argument for {missing}")
        alone = len(self.places) == 1
        self.require(alone or not self.far, "far", "it is for functions of one array")
        if self.kink is not None:
            held = alone and "z" in self.letters_of_arguments
            self.require(held, "kink", "it is for functions of one array z")
            with self.reading("kink"):
                _ = [self.tree(text) for text in self.kink]

    @property
    def asks_slope(self) -> bool:
        """Is a derivative asked for?"""
        return not self.asks_value

    @property
    def letters_of_arguments(self) -> tuple[str, ...]:
        """What the notation calls the arguments."""
        return self.letters or self.arguments

    @property
    def noun(self) -> str:
        """What the numbers are."""
        return gettext("height") if self.asks_value else gettext("slope")

    # ------------------------------------------------------------------------------- the inputs

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """What a function is tried on in the lesson, plain inputs first."""
        plain = self._plain(self._with(NEAR, self.places), self.parameters)
        far = self._far_out(self.far, self.parameters)
        anywhere = self._elsewhere(self.parameters, np.random.default_rng(0))
        return (*plain, *self._other_forms(), *far, *anywhere)

    def drawn(self, rng: np.random.Generator) -> tuple[Case, ...]:
        """Return plain and far cases with inputs of the same kind, drawn anew."""
        places = {name: spread(row, rng) for name, row in self.places.items()}
        parameters = {name: between(row, rng) for name, row in self.parameters.items()}
        near = tuple(round(z * rng.uniform(0.5, 2), 5) for z in NEAR)
        far = far_out(self.far, rng)
        plain = self._plain(self._with(near, places), parameters)
        anywhere = self._elsewhere(parameters, rng)
        return (*plain, *self._far_out(far, parameters), *anywhere)

    def _with(self, near: tuple[float, ...], places: Numbers) -> Numbers:
        """Return the places, and with them those next to 0 where two branches meet there."""
        if len(places) > 1 or not self.task.has_branches:
            return places
        return {name: (*row, *near) for name, row in places.items()}

    def _plain(self, places: Numbers, parameters: Numbers) -> Iterator[Case]:
        rows: Arguments = {name: np.array(row) for name, row in places.items()}
        for values in itertools.product(*parameters.values()):
            yield self._case("plain", rows | dict(zip(parameters, values, strict=True)))

    def _other_forms(self) -> Iterator[Case]:
        """The same numbers in two dimensions, in an array that is not to be written to, whole."""
        rows: Arguments = {name: np.array(row) for name, row in self.places.items()}
        first = {name: row[0] for name, row in self.parameters.items()}
        even: Arguments = {
            name: row[: len(row) // 2 * 2].reshape(2, -1) for name, row in rows.items()
        }
        yield self._case("2-D", even | first)
        yield self._case("read-only", rows | first)
        whole = {n: np.unique(row[row == np.round(row)]).astype(int) for n, row in rows.items()}
        fewest = min(row.size for row in whole.values())
        if fewest > 2:
            cut: Arguments = {name: row[:fewest] for name, row in whole.items()}
            yield self._case("integers", cut | first)

    def _far_out(self, far: Sequence[float], parameters: Numbers) -> Iterator[Case]:
        if far:
            (array,) = self.places
            first: Arguments = {name: row[0] for name, row in parameters.items()}
            yield self._case("far", first | {array: np.array(far)})

    def _elsewhere(self, parameters: Numbers, rng: np.random.Generator) -> Iterator[Case]:
        """Between the places and beyond them; only where `far` says so may nothing overflow there.

        A branch, a cut or a table of a wrong function may begin wherever no place is declared, and
        what is clipped a little too early shows where the right answer turns, nowhere else.
        """
        tiny: tuple[float, ...] = (
            (1e-4, 1e-6, 1e-9, -1e-4, -1e-6, -1e-9) if self.task.has_branches else ()
        )
        tiny += self._turns(parameters) if len(self.places) == 1 else ()
        drawn = {n: np.append(elsewhere(row, rng), tiny) for n, row in self.places.items()}
        size = max(row.size for row in drawn.values())
        rows: Arguments = {n: rng.permutation(np.resize(row, size)) for n, row in drawn.items()}
        out = np.max(np.abs([*rows.values()]), axis=0)
        for values in itertools.product(*parameters.values()):
            fixed = dict(zip(parameters, values, strict=True))
            known = np.isfinite(self._case("elsewhere", rows | fixed).expected)
            for least, most in itertools.pairwise((0.0, *_BANDS, np.inf)):
                here = known & (least <= out) & (out < most)
                if here.any():
                    case = self._case("elsewhere", {n: x[here] for n, x in rows.items()} | fixed)
                    yield replace(case, may_overflow=least >= _OVERFLOWS and not self.far)

    def _turns(self, parameters: Numbers) -> tuple[float, ...]:
        """Where the right answer turns between rising and falling."""
        ((name, row),) = self.places.items()
        fine, found = np.linspace(min(row), max(row), _FINE), set[float]()
        for values in itertools.product(*parameters.values()):
            at: Arguments = {name: fine, **dict(zip(parameters, values, strict=True))}
            steps = np.diff(self._case("elsewhere", at).expected)
            with np.errstate(invalid="ignore"):
                found |= {*fine[1:-1][steps[:-1] * steps[1:] < 0].round(3).tolist()}
        return tuple(sorted(found.difference(row)))

    def _case(self, kind: str, at: Arguments) -> Case:
        arguments = tuple(at[name] for name in self.arguments)
        shape = np.broadcast(*arguments).shape
        flat = (np.broadcast_to(argument, shape).ravel() for argument in arguments)
        known = Beliefs(self.task, dict(zip(self.letters_of_arguments, flat, strict=True)))
        return Case(kind, arguments, np.array(known.reference.reshape(shape)))

    # ------------------------------------------------------------------------------ the stories

    def beliefs_at(self, cases: Sequence[Case]) -> Beliefs:
        """Return the stories in numbers, at the plain cases."""
        plain = [case.arguments for case in cases if case.kind == "plain"]
        columns = zip(*(np.broadcast_arrays(*arguments) for arguments in plain), strict=True)
        at = {n: np.concatenate(c) for n, c in zip(self.letters_of_arguments, columns, strict=True)}
        return Beliefs(self.task, at)

    def kinks_at(self, cases: Sequence[Case]) -> Kinks | None:
        """Return for each plain case the lowest and highest valid slope at 0."""
        if self.kink is None:
            return None
        ends = []
        for case in (case for case in cases if case.kind == "plain"):
            point = dict(zip(self.letters_of_arguments, case.arguments, strict=True)) | {"z": 0}
            slopes = (evaluate(self.tree(text), point) for text in self.kink)
            low, high = sorted(float(slope) for slope in slopes if slope is not None)
            ends.append((low, high))
        return ends

    def validate(self) -> None:
        """Check that function, forms and solution agree."""
        beliefs = self.beliefs_at(self.cases)
        right = beliefs.reference
        for n in np.flatnonzero(~np.isfinite(right)):
            place = ", ".join(f"{name} = {row[n]:g}" for name, row in beliefs.at.items())
            self.require(False, "places", f"{self.forms[0]} has no value at {place}")
        for text, form in zip(self.forms, self.task.forms, strict=True):
            self.require(_agree(beliefs, form, right), "forms", f"{text} is not {self.forms[0]}")
        if not any(self.variable in instead for _, instead in self.swaps):
            # else it stands for an output; the slope is by its input
            self._validate_of(beliefs, right)
        super().validate()

    def _validate_of(self, beliefs: Beliefs, right: np.ndarray) -> None:
        for text, of in zip(self.of, self.task.of, strict=True):
            asked = of if self.asks_value else _slope(of, self)
            what = "it" if self.asks_value else "its slope"
            reason = f"{text}: {what} is not {self.forms[0]}"
            self.require(_agree(beliefs, asked, right), "of", reason)


def _slope(of: Tree | Branches, exercise: FormulaExercise) -> Tree | Branches:
    if isinstance(of, Branches):
        return Branches(_slope(of.left, exercise), _slope(of.right, exercise))
    return without_d(D(of), exercise.variable, exercise.task.where)


def _agree(beliefs: Beliefs, tree: Tree | Branches, right: np.ndarray) -> bool:
    """Compare numbers near 0, where no digits are lost, and off the kink."""
    z = beliefs.at.get("z", np.ones(1))
    where = np.broadcast_to((np.abs(z) < 3) & (z != 0), right.shape)
    return np.allclose(beliefs.numbers(tree)[where], right[where], rtol=1e-8, atol=1e-12)
