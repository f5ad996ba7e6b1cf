"""Requests for another look at a grade: a file per student, which comes back answered.

A student puts `regrade.txt` beside the notebook and hands in again: a line `EXERCISE: why` for each
exercise. It is taken over into `requests/ASSIGNMENT/STUDENT.txt`, where the teacher writes below
`Answer:`; the next `grade` shows question and answer on the student's page. Points are changed in
the gradebook, as always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.journal import write

REQUEST = "regrade.txt"
LONGEST = 20_000  # bytes of a request
HEAD = re.compile(r"^## (\S+) \((\d{4}-[^)]*)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Appeal:
    """A request about one exercise, and its answer, "" until there is one."""

    exercise: str
    words: str
    when: str = ""
    answer: str = ""


def asked_again(folder: Path, exercises: Iterable[str]) -> Iterator[Appeal]:
    """Give the requests that lie beside a submission; words without an exercise are about all."""
    path = folder / REQUEST
    text = ""
    with suppress(OSError):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                text = file.read(LONGEST).decode("utf-8", "replace")
    names = "|".join(map(re.escape, exercises))
    parts = re.split(rf"(?m)^[ \t]*({names})[ \t]*:", text)
    for exercise, words in [("all", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]:
        if said := _printable(words):
            yield Appeal(exercise, said)


def _printable(text: str) -> str:
    lines = ("".join(c for c in line if c.isprintable()).rstrip() for line in text.splitlines())
    return "\n".join(lines).strip()


def read_appeals(path: Path) -> list[Appeal]:
    """Read the requests of one student with the answers that stand below them."""
    if not path.exists():
        return []
    parts = HEAD.split(path.read_text(encoding="utf-8-sig").replace("\r\n", "\n"))
    found = []
    for exercise, when, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        quoted, _, answer = body.partition("\nAnswer:")
        lines = [line[1:].removeprefix(" ") for line in quoted.splitlines() if line[:1] == ">"]
        found.append(Appeal(exercise, "\n".join(lines), when, answer.strip()))
    return found


def take_over(path: Path, student: str, asked: Iterable[Appeal], when: str) -> list[Appeal]:
    """Add what a student asks anew to the file, and return all requests that stand in it."""
    known = read_appeals(path)
    said = {(appeal.exercise, appeal.words) for appeal in known}
    news = [a for a in asked if (a.exercise, a.words) not in said]
    if news:
        old = path.read_text(encoding="utf-8-sig") if path.exists() else _opening(student)
        added = (
            f"## {a.exercise} ({when})\n"
            + "".join(f"> {w}\n" for w in a.words.split("\n"))
            + "\nAnswer:\n\n"
            for a in news
        )
        write(path, old.rstrip() + "\n\n" + "\n".join(added))
        known = read_appeals(path)
    return known


def _opening(student: str) -> str:
    return (
        f"# Requests of {student}\n\nWrite below `Answer:`; change points in the formgrader; then "
        "`python course.py grade` puts the answer on the student's page.\n"
    )
