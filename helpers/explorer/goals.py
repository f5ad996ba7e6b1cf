"""Tasks of an explorer; one that says where it is done ticks itself off."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.explorer.grids import listed
from helpers.language import value_error

Place = float | tuple[float, float]


@dataclass(frozen=True, init=False)
class Goal:
    """Something to find with the sliders; when they have rested there, it is ticked off.

    Parameters
    ----------
    words : what is to be done.
    **where : where it is done: of a quantity a value, an interval as a tuple, or a list of these,
        to be visited in any order. All quantities at once. `explore` knows `z`, `g`, `slope`,
        `parameter` and `m`, the chosen subgradient; `explore_softmax` knows `z`, `parameter`, and
        the `smallest` and the `largest` p.

    Raises
    ------
    ValueError
        For an interval that ends before it begins, or lists of different lengths.

    Examples
    --------
    >>> Goal("Compare z = 2 with z = −2.", z=[2, -2]).places
    ({'z': (2, 2)}, {'z': (-2, -2)})
    >>> Goal("Double β and find where it is flat.", parameter=2, slope=(0, 0.01)).places
    ({'parameter': (2, 2), 'slope': (0, 0.01)},)
    """

    words: str
    places: tuple[Mapping[str, tuple[float, float]], ...]

    def __init__(self, words: str, **where: Place | list[Place]) -> None:
        stops = {name: each if isinstance(each, list) else [each] for name, each in where.items()}
        count = max(map(len, stops.values()), default=0)
        for name, each in stops.items():
            if len(each) not in (1, count):
                raise value_error(
                    "{name}: expected 1 or {count} places, got {came}",
                    name=name,
                    count=count,
                    came=len(each),
                )
        places = tuple(
            {name: _interval(name, each[k % len(each)]) for name, each in stops.items()}
            for k in range(count)
        )
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "places", places)


def _interval(name: str, place: Place) -> tuple[float, float]:
    low, high = place if isinstance(place, tuple) else (place, place)
    if not low <= high:
        raise value_error(
            "{name}: expected the lower end first, got {place}", name=name, place=place
        )
    return low, high


def tasks_of(value: object, known: Collection[str]) -> list[Goal]:
    """Return a list of tasks in ``known`` quantities; words alone are a task without places."""
    found = listed("tasks", value, str | Goal)
    tasks = [task if isinstance(task, Goal) else Goal(task) for task in found]
    for name in (name for task in tasks for place in task.places for name in place):
        if name not in known:
            raise value_error(
                "tasks: expected places in {known}, got {name!r}",
                known=", ".join(known),
                name=name,
            )
    return tasks


def written(tasks: Iterable[Goal]) -> dict[str, Any]:
    """Return tasks for the browser, as plain JSON."""
    listed = list(tasks)
    return {"tasks": [each.words for each in listed], "goals": [each.places for each in listed]}
