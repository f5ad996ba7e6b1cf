"""Find what each student handed in, whatever the file and its folder are called.

`DIR/submitted/STUDENT/NAME/NAME.ipynb` is where it should lie. `Name/`, `name (1).ipynb`,
`NAME.ipynb` directly in the student's folder are meant as well, and no name of a folder keeps the
others from being graded.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.submission import MAX_NOTEBOOK

__all__ = ["HandedIn", "handed_in_file", "submissions"]


@dataclass(frozen=True)
class HandedIn:
    """The bytes of a submission, or why there are none; and what the teacher should know."""

    data: bytes = b""
    problem: str = ""
    remark: str = ""


def submissions(submitted: Path, assignment: str) -> dict[str, Path]:
    """Return the folder of each student's submission, by the student's id.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     for path in ("ada/Derivatives", "eve"):
    ...         Path(place, path).mkdir(parents=True)
    ...     _ = Path(place, "eve", "derivatives (1).ipynb").write_text("")
    ...     found = submissions(Path(place), "derivatives")
    >>> list(found), found["eve"].name
    (['ada', 'eve'], 'eve')
    """
    found: dict[str, Path] = {}
    for student in sorted(submitted.iterdir()) if submitted.is_dir() else ():
        folder = _folder(student, assignment)
        if folder:
            identity = _written(student.name)
            while identity in found:  # two names that are written in the same way
                identity += "'"
            found[identity] = folder
    return found


def _folder(student: Path, assignment: str) -> Path | None:
    """The folder of the assignment, or the student's own where the notebook lies there."""
    inside = list(_listed(student))
    folders = [path for path in inside if path.is_dir() and _meant(path.name, assignment)]
    if folders:
        return min(folders, key=lambda path: path.name != assignment)
    files = [path for path in inside if path.suffix.lower() == ".ipynb"]
    return student if any(_meant(path.stem, assignment) for path in files) else None


def _listed(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:  # no folder, or one that cannot be read
        return


def _written(name: str) -> str:
    """Return a name as it can be written anywhere: bytes that are no text and breaks are spelled.

    >>> _written("m\\udcfcller\\n"), _written("o'neil\\u00a0\\u200d")
    ('m\\\\xfcller\\\\n', "o'neil\\xa0\\u200d")
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c.encode("unicode_escape").decode() if _breaks(c) else c for c in text)


def _breaks(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _meant(name: str, assignment: str) -> bool:
    return name == assignment or _plain(name) == _plain(assignment)


def _plain(name: str) -> str:
    """A name without what browsers and systems add to that of a copy."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_-]*(\(\d{1,4}\)|\bcopy\d*|\bkopie)|\s", "", name[:200])


def handed_in_file(student: Path, folder: Path, assignment: str) -> HandedIn:
    """Read the notebook of a submission.

    What lies elsewhere, such as the solutions or another student's file, is nobody's submission.
    """
    path, remark = _chosen(folder, assignment)
    try:
        if path is None or not path.is_file():
            return HandedIn(problem=f"there is no {assignment}.ipynb")
        if student.is_symlink() or not path.resolve().is_relative_to(student.resolve()):
            problem = "a link leads from it to a file outside of the student's own folder"
            return HandedIn(problem=problem)
        if path.stat().st_size > MAX_NOTEBOOK:
            return HandedIn(problem=f"the file is larger than {MAX_NOTEBOOK // 10**6} MB")
        return HandedIn(path.read_bytes(), remark=remark)
    except OSError as error:
        return HandedIn(problem=f"the file cannot be read ({error.strerror})")


def _chosen(folder: Path, assignment: str) -> tuple[Path | None, str]:
    """The notebook that is meant: of that name, of nearly that name, or the only one."""
    files = [path for path in _listed(folder) if path.suffix.lower() == ".ipynb"]
    exact = folder / f"{assignment}.ipynb"
    near = [path for path in files if _meant(path.stem, assignment) and path != exact]
    if exact in files or exact.is_symlink():
        others = ", ".join(_written(path.name) for path in near)
        return exact, f"{others} lies beside it and is not graded" if others else ""
    meant = near or (files if len(files) == 1 else [])
    if not meant:
        return None, ""
    path = max(meant, key=_time)
    more = f", the newest of {len(meant)}" if len(meant) > 1 else ""
    return path, f"the file is called {_written(path.name)}{more}"


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
