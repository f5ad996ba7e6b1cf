"""Anything else is asked for, and a function of the exercise judges it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpers.diagnosis import NOT_ATTEMPTED, Verdict
from helpers.exercises.exercise import Exercise, is_unanswered, without_comments


@dataclass(frozen=True, eq=False, kw_only=True)
class ReportExercise(Exercise):
    """Something of one's own is asked for: a report, a pair of functions, a setting.

    Parameters
    ----------
    examine : a function of the answer that returns the verdict.
    """

    examine: Callable[[object], Verdict]

    def judge(self, answer: object) -> Verdict:
        """Judge an answer by `examine`."""
        answer = without_comments(answer)
        return NOT_ATTEMPTED if is_unanswered(answer) else self.examine(answer)
