"""What came of a submission: a row for each exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """The result of one exercise.

    Parameters
    ----------
    exercise : its name.
    score, max_score : points.
    status, diagnoses, message, first_wrong_line : of the verdict.
    fault : why the course could not judge it, for the teacher; such an exercise has no score.
    review : why a person should look at it although it has a score, for the teacher.
    """

    exercise: str
    score: float
    max_score: float
    status: str
    diagnoses: tuple[str, ...] = ()
    message: str = ""
    first_wrong_line: int | None = None
    fault: str = ""
    review: str = ""

    @property
    def is_full(self) -> bool:
        """Is nothing left to say? An exercise without points is full when it is correct."""
        return self.score == self.max_score and (self.max_score > 0 or self.status == "correct")


@dataclass(frozen=True)
class Result:
    """The result of one submission.

    Parameters
    ----------
    student : whose it is.
    rows : one for each exercise.
    problem : why it could not be graded.
    remark : what the teacher should know about the file itself, such as another name.
    look : why a person should look at the file.
    """

    student: str
    rows: tuple[Row, ...]
    problem: str = ""
    remark: str = ""
    look: str = ""

    @property
    def graded(self) -> tuple[Row, ...]:
        """The rows that have a score."""
        return tuple(row for row in self.rows if not row.fault)

    @property
    def reviews(self) -> tuple[Row, ...]:
        """The rows that a person should look at."""
        return tuple(row for row in self.rows if row.review)

    @property
    def faults(self) -> tuple[Row, ...]:
        """The rows on which the course failed."""
        return tuple(row for row in self.rows if row.fault)

    def as_dict(self) -> dict[str, Any]:
        """Return what a journal keeps."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Result:
        """Return what `as_dict` gave; a `LookupError` or `TypeError` for anything else."""
        rows = tuple(Row(**{**row, "diagnoses": tuple(row["diagnoses"])}) for row in data["rows"])
        texts = [data["student"], data["problem"], *(row.message for row in rows)]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError
        return cls(
            data["student"], rows, data["problem"], data.get("remark", ""), data.get("look", "")
        )
