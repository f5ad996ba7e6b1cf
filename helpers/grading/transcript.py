"""What is known about one submission: the judge's rows, and the points of the gradebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from helpers.grading.appeals import Appeal
from helpers.grading.attempts import Attempt
from helpers.grading.gradebook import Points, Standing, standings
from helpers.grading.journal import Journal
from helpers.grading.results import Result, Row

AT_A_TIME = 200  # students whose points are read together


@dataclass(frozen=True)
class Scored:
    """One question of one student: the judge's row, and the points that count.

    Parameters
    ----------
    row : what the judge found; of a question for a person, only its name and points.
    points : what stands in the gradebook.
    """

    row: Row
    points: Points

    @property
    def score(self) -> float | None:
        """The points that count; none where nobody gave any yet."""
        return self.points.score

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know beside the judge's message."""
        points, said = self.points, []
        if points.manual is not None:
            said.append("These points were given by a person.")
            if points.look:
                said.append("They were given for an earlier hand-in: a person looks at it again.")
        elif points.score is None and not self.row.fault:
            said.append("A person grades this; it is not graded yet.")
        if points.extra:
            said.append(f"{points.extra:+g} by a person, beside the rest.")
        if points.comment:
            said.append(points.comment)
        return tuple(said)


@dataclass(frozen=True)
class Transcript:
    """All that is known about one submission.

    stranger : there is a roster, and the student is not on it.
    """

    assignment: str
    result: Result
    standing: Standing
    lines: tuple[Scored, ...]
    stranger: bool = False
    attempts: tuple[Attempt, ...] = ()
    appeals: tuple[Appeal, ...] = ()

    @property
    def graded(self) -> tuple[Scored, ...]:
        """The lines that have points."""
        return tuple(line for line in self.lines if line.score is not None)

    @property
    def points(self) -> float:
        """All points, before a penalty."""
        return sum(line.score or 0.0 for line in self.lines)

    @property
    def total(self) -> float:
        """The points less the penalty."""
        return max(0.0, self.points - self.standing.penalty)

    @property
    def max_score(self) -> float:
        """How many points there are."""
        return sum(line.row.max_score for line in self.lines)

    @property
    def seconds_late(self) -> float:
        """How long after its due date it was handed in."""
        standing = self.standing
        if not standing.handed_in or not standing.due:
            return 0.0
        return max(0.0, (standing.handed_in - standing.due).total_seconds())

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """The questions that wait for a person."""
        return tuple(line.row.exercise for line in self.lines if line.points.look)

    @property
    def concerns(self) -> tuple[str, ...]:
        """What a person should look at beside the questions."""
        problem = f"not graded: {self.result.problem}" if self.result.problem else ""
        stranger = "not on the roster" if self.stranger else ""
        return tuple(filter(None, (stranger, problem, self.result.look)))


def transcripts(
    journal: Journal, db: Any, assignment: str, by_hand: Iterable[tuple[str, float]] = ()
) -> Iterator[Transcript]:
    """Give what is known about each student of a journal, in its order."""
    students = sorted(journal.index)
    for at in range(0, len(students), AT_A_TIME):
        some = students[at : at + AT_A_TIME]
        found = standings(db, assignment, some)
        for student in some:
            result = journal[student]
            standing = found.get(student) or _as_judged(result)
            rows = [*result.rows, *(Row(n, 0.0, most, "by hand") for n, most in by_hand)]
            lines = (Scored(r, standing.points.get(r.exercise) or _judged(r)) for r in rows)
            yield Transcript(assignment, result, standing, tuple(lines))


def _as_judged(result: Result) -> Standing:
    """Where another gradebook than this one holds the points."""
    return Standing(result.student, points={row.exercise: _judged(row) for row in result.rows})


def _judged(row: Row) -> Points:
    nobody = bool(row.fault) or row.status == "by hand"
    return Points(None if nobody else row.score, look=nobody)
