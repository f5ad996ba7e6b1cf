"""The memory of a run: files written whole, the secret, and the results as the judge gave them.

A result stands in the journal only after it stands in the gradebook, so that a run that was killed
goes on where it stopped, and grading again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.grading.results import Result


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place to write to, which becomes the file if nothing goes wrong."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all."""
    with whole(path) as part:
        part.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def secret_of_course(folder: Path) -> bytes:
    """Return what the inputs of this course are drawn from; made on first use."""
    path = folder / "secret"
    if not path.exists():
        write(path, secrets.token_bytes(32))
        path.chmod(0o600)
    return path.read_bytes()


def fingerprint_of_course() -> str:
    """Return a hash of the course's code and data: after a correction all is graded again."""
    helpers = Path(__file__).parents[1]
    found = sorted(path for path in helpers.rglob("*") if path.suffix in (".py", ".npz"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()


class Journal:
    """The results of an assignment, a line each; of a student's lines the last one counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index: dict[str, tuple[str, int]] = {}  # student -> key, where the line begins
        self.stale = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        self._file.seek(0)
        for at, line in self._lines():
            try:
                entry = json.loads(line)
                self._note(Result.of(entry["result"]).student, entry["key"], at)
            except (ValueError, LookupError, TypeError):  # torn, old or foreign
                self.stale += 1
        if self.stale and not self._ends_with_newline():
            self._file.write(b"\n")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        at = 0
        for line in self._file:
            yield at, line
            at += len(line)

    def _ends_with_newline(self) -> bool:
        self._file.seek(-1, os.SEEK_END)
        return self._file.read(1) == b"\n"

    def _note(self, student: str, key: str, at: int) -> None:
        self.stale += student in self.index
        self.index[student] = key, at

    def key(self, student: str) -> str:
        """Return what the last result of a student was made from, or ""."""
        return self.index.get(student, ("", 0))[0]

    def append(self, entries: Iterable[tuple[str, Result]]) -> None:
        """Add (key, result) pairs, and make sure that they are on the disk."""
        self._file.seek(0, os.SEEK_END)
        for key, result in entries:
            self._note(result.student, key, self._file.tell())
            line = json.dumps({"key": key, "result": result.as_dict()}, ensure_ascii=True)
            self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def __len__(self) -> int:
        return len(self.index)

    def __iter__(self) -> Iterator[Result]:
        """Give the results by student, one at a time."""
        for student in sorted(self.index):
            yield self[student]

    def __getitem__(self, student: str) -> Result:
        self._file.seek(self.index[student][1])
        return Result.of(json.loads(self._file.readline())["result"])

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        """Leave the lines as they are when the run did not come to its end."""
        if kind is None:
            self.close()
        self._file.close()

    def close(self) -> None:
        """Drop the lines that no longer count."""
        if self.stale:
            entries = ((self.key(result.student), result) for result in self)
            lines = (json.dumps({"key": k, "result": r.as_dict()}).encode() for k, r in entries)
            with whole(self.path) as part, part.open("wb") as out:
                out.writelines(line + b"\n" for line in lines)
        self._file.close()
