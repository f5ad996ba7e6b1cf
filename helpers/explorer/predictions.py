"""A question that is asked before an explorer shows g′."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any

from helpers.explorer.grids import Row, listed, real
from helpers.explorer.packing import packed
from helpers.explorer.sampling import samples
from helpers.language import value_error

Ghost = float | Callable[[Row], Row] | None


@dataclass(frozen=True)
class Prediction:
    """A question to answer before the sliders unlock and g′ shows.

    Parameters
    ----------
    question : str
    choices : mapping or sequence of str
        The answers to choose from. A mapping gives each answer its grey ghost: a number is drawn
        as a level, a function of z as a curve, ``None`` as nothing.

    Examples
    --------
    >>> Prediction("How steep does the sigmoid get?", {"1": 1, "1/2": 0.5, "1/4": 0.25}).answers
    ('1', '1/2', '1/4')
    """

    question: str
    choices: Sequence[str] | Mapping[str, Ghost]

    def __post_init__(self) -> None:
        if len(set(self.answers)) < 2:
            raise value_error(
                "choices: expected at least two different answers, got {choices!r}",
                choices=self.choices,
            )

    @property
    def answers(self) -> tuple[str, ...]:
        """The texts to choose from, in order."""
        return tuple(listed("choices", self.choices))

    def data(self, z: Row) -> dict[str, Any]:
        """Return the question for the browser, the ghosts sampled on the grid ``z``."""
        ghosts = dict(self.choices) if isinstance(self.choices, Mapping) else {}
        return {
            "question": self.question,
            "choices": list(self.answers),
            "ghosts": [_ghost(ghosts.get(answer), z) for answer in self.answers],
        }


def _ghost(ghost: object, zs: Row) -> float | str | None:
    """Return what is drawn for an answer: a level, a packed curve or None."""
    if ghost is None:
        return None
    if callable(ghost):
        return packed(samples(ghost, zs, "choices"))
    if not (isinstance(ghost, Real) and isfinite(level := real("choices", ghost))):
        raise value_error(
            "choices: expected a finite number, a function of z or None to draw, got {ghost!r}",
            ghost=ghost,
        )
    return level
