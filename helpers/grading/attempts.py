"""What each student handed in before: when, what it earned, and when it was handed in first."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

TIMESTAMP = "timestamp.txt"  # nbgrader's: when a submission was handed in


@dataclass(frozen=True)
class Attempt:
    """One hand-in, as it was graded.

    Parameters
    ----------
    student : whose it is.
    content : a hash of the words of its cells.
    handed_in : the time in UTC as ISO 8601, "" where nobody wrote it down.
    graded : the time of the grading, likewise.
    scores : points by exercise; none where the course failed.
    problem : why it could not be graded.
    """

    student: str
    content: str
    handed_in: str
    graded: str
    scores: Mapping[str, float | None]
    problem: str = ""

    @property
    def points(self) -> float:
        """The sum of the scores."""
        return sum(score or 0.0 for score in self.scores.values())


def content_of(data: bytes) -> str:
    r"""Return a hash of what a notebook says; saving it again or running it changes nothing.

    >>> one = b'{"cells": [{"cell_type": "code", "source": "1", "outputs": []}]}'
    >>> content_of(one) == content_of(one.replace(b"[]", b"[1]"))
    True
    """
    said = data
    with suppress(ValueError, LookupError, TypeError, RecursionError, AttributeError):
        cells = json.loads(data)["cells"]
        words = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        said = json.dumps([cell for cell in words if cell[1].strip()]).encode()
    return hashlib.sha256(said).hexdigest()[:32]


def handed_in(folder: Path) -> datetime | None:
    """Return the time in UTC that stands beside a submission; none where none can be read."""
    from nbgrader.utils import parse_utc

    path = folder / TIMESTAMP
    with suppress(OSError, ValueError, OverflowError):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 200:
            words = path.read_text(encoding="utf-8").strip()
            return parse_utc(words) if words else None
    return None


def shown(when: datetime) -> str:
    """Return a time that is kept in UTC as the clock of this machine shows it, with its zone."""
    return f"{when.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %Z}"


class Attempts:
    """The attempts at one assignment, a line each in a file that only grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, list[tuple[str, str, int]]] = {}  # content, handed in, place
        if path.exists():
            with path.open("rb") as file:
                self._read(file)

    def _read(self, file: Iterable[bytes]) -> None:
        at = 0
        for line in file:
            with suppress(ValueError, TypeError):  # torn
                self._note(Attempt(**json.loads(line)), at)
            at += len(line)

    def _note(self, attempt: Attempt, at: int) -> None:
        found = self._known.setdefault(attempt.student, [])
        found.append((attempt.content, attempt.handed_in, at))

    def of(self, student: str) -> Iterator[Attempt]:
        """Give a student's attempts, the first one first."""
        if student in self._known:
            with self.path.open("rb") as file:
                for _, _, at in self._known[student]:
                    file.seek(at)
                    yield Attempt(**json.loads(file.readline()))

    def is_new(self, student: str, content: str) -> bool:
        """Does a student say other words than those that were graded last?"""
        known = self._known.get(student)
        return known is not None and known[-1][0] != content

    def first(self, student: str) -> str:
        """Return when the words that were graded last were handed in for the first time."""
        known = self._known.get(student, [("", "", 0)])
        times = [when for content, when, _ in known if content == known[-1][0] and when]
        return min(times, default="")

    def add(self, attempts: list[Attempt]) -> None:
        """Write attempts down; what the last line of a student says already is left out."""
        news = [attempt for attempt in attempts if self._differs(attempt)]
        if not news:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            if file.tell() and not self._ends_with_newline():
                file.write(b"\n")
            for attempt in news:
                self._note(attempt, file.tell())
                file.write(json.dumps(asdict(attempt)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _ends_with_newline(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _differs(self, attempt: Attempt) -> bool:
        known = [*self.of(attempt.student)]
        if not known:
            return True
        last = known[-1]
        return (last.content, last.handed_in, last.scores, last.problem) != (
            attempt.content,
            attempt.handed_in,
            attempt.scores,
            attempt.problem,
        )
