"""grades.csv and totals.csv: views of the gradebook that a spreadsheet opens and does not run."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.grading.journal import whole
from helpers.grading.transcript import Scored, Transcript

COLUMNS = ("student", "assignment", "exercise", "score", "max_score", "diagnoses", "reason")
TOTALS = (
    "student",
    "last_name",
    "first_name",
    "email",
    "assignment",
    "handed_in",
    "due",
    "late",
    "points",
    "penalty",
    "total",
    "max",
    "to_look_at",
)


def safe(word: object) -> object:
    """Return what a spreadsheet shows as text and does not calculate.

    >>> safe('=HYPERLINK("x")'), safe("ada"), safe(-1.5)
    ('\\'=HYPERLINK("x")', 'ada', -1.5)
    """
    if isinstance(word, str) and word.lstrip(" ").startswith(tuple("=+-@\t\r\n|")):
        return f"'{word}"
    return word


@contextmanager
def table(path: Path, columns: Sequence[str]) -> Iterator[Any]:
    """Open a table, whole or not at all, that Excel reads as UTF-8; its rows are made safe."""
    with whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as out:
        made = csv.writer(out, lineterminator="\n")
        made.writerow(columns)
        yield lambda row: made.writerow([safe(word) for word in row])


@contextmanager
def grades_table(path: Path) -> Iterator[Callable[[Transcript], None]]:
    """Open grades.csv: a row for each student and question."""
    with table(path, COLUMNS) as add:

        def added(transcript: Transcript) -> None:
            for line in transcript.lines:
                row = line.row
                score = "" if line.score is None else f"{line.score:g}"
                what = (transcript.result.student, transcript.assignment, row.exercise)
                add((*what, score, f"{row.max_score:g}", " ".join(row.diagnoses), _reason(line)))

        yield added


def _reason(line: Scored) -> str:
    judged = "" if line.row.is_full else f"{line.row.message} {line.row.fault or line.row.review}"
    return " ".join(" ".join((*line.notes, judged)).split())


@contextmanager
def totals_table(path: Path) -> Iterator[Callable[[Transcript], None]]:
    """Open totals.csv: a row for each student and assignment, with names and lateness."""
    with table(path, TOTALS) as add:

        def added(transcript: Transcript) -> None:
            who, late = transcript.standing, transcript.seconds_late
            names = (who.student, who.last_name, who.first_name, who.email)
            times = (_time(who.handed_in), _time(who.due), f"{late / 3600:.2f} h" if late else "")
            points = (transcript.points, who.penalty, transcript.total, transcript.max_score)
            waiting = "; ".join(
                filter(None, (" ".join(transcript.to_look_at), *transcript.concerns))
            )
            add((*names, transcript.assignment, *times, *(f"{p:g}" for p in points), waiting))

        yield added


def _time(when: datetime | None) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}" if when else ""
