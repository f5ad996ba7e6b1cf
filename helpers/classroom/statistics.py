"""How hard each question was, and whether it tells the strong from the weak."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.grading import transcript


@dataclass(frozen=True)
class ItemStatistics:
    """What a class tells about one question.

    Parameters
    ----------
    exercise : its name.
    students : who has points for it.
    difficulty : the mean share of the points, 1 where all have all (in the field's word, p).
    discrimination : the correlation of the share with the points of all other questions; nan
        where all have the same.
    blank : the share of students who did not attempt it.
    stories : how often each story was diagnosed first.
    """

    exercise: str
    students: int
    difficulty: float
    discrimination: float
    blank: float
    stories: Counter[str]


def item_statistics(transcripts: Iterable[transcript.Transcript]) -> list[ItemStatistics]:
    """Return the statistics of each question, in the order of the assignment."""
    shares: dict[str, list[float]] = defaultdict(list)
    rests: dict[str, list[float]] = defaultdict(list)
    blank: Counter[str] = Counter()
    stories: dict[str, Counter[str]] = defaultdict(Counter)
    for one in transcripts:
        if one.result.problem:
            continue
        total = sum(line.score or 0.0 for line in one.graded)
        for line in one.graded:
            name, most, score = line.row.exercise, line.row.max_score, line.score or 0.0
            if not most:
                continue  # for practice
            shares[name].append(score / most)
            rests[name].append(total - score)
            blank[name] += line.row.status == "not attempted"
            stories[name].update(line.row.diagnoses[:1])
    return [
        ItemStatistics(
            name,
            len(found),
            float(np.mean(found)),
            correlation(found, rests[name]),
            blank[name] / len(found),
            stories[name],
        )
        for name, found in shares.items()
    ]


def correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Return Pearson's correlation; nan where one of them does not vary.

    >>> round(correlation([0, 1, 1], [1, 3, 2]), 3), correlation([1, 1], [1, 2])
    (0.866, nan)
    """
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])
