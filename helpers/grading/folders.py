"""Find what each student handed in, whatever the file and its folder are called.

`DIR/submitted/STUDENT/NAME/NAME.ipynb` is where it should lie. `Name/`, `name (1).ipynb`,
`NAME.ipynb` directly in the student's folder are meant as well, and no name of a folder keeps the
others from being graded.
"""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.submission import MAX_NOTEBOOK
from helpers.handin import is_meant, is_notebook, name_of


@dataclass(frozen=True)
class HandedIn:
    """The bytes of a submission, or why there are none; and what the teacher should know.

    look : why a person should look at the file.
    """

    data: bytes = b""
    problem: str = ""
    remark: str = ""
    look: str = ""


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
    folders = [path for path in inside if path.is_dir() and is_meant(path.name, assignment)]
    if folders:
        folder = min(folders, key=lambda path: path.name != assignment)
        if any(is_notebook(path.name) for path in _listed(folder)):
            return folder
        return _folder(folder, assignment) or folder  # it was packed with its own name
    names = [name_of(path.name) for path in inside if is_notebook(path.name)]
    return student if any(is_meant(name, assignment) for name in names) else None


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


def handed_in_file(
    student: Path,
    folder: Path,
    assignment: str,
    is_blank: Callable[[bytes], bool] = lambda _: False,
) -> HandedIn:
    """Read the notebook of a submission; `is_blank` says of one that nobody answered it.

    What lies elsewhere, such as the solutions or another student's file, is nobody's submission.
    """
    path, remark, look = _chosen(folder, assignment, is_blank)
    try:
        if path is None or not path.is_file():
            return HandedIn(problem=f"there is no {assignment}.ipynb")
        if student.is_symlink() or not path.resolve().is_relative_to(student.resolve()):
            problem = "a link leads from it to a file outside of the student's own folder"
            return HandedIn(problem=problem)
        if path.stat().st_size > MAX_NOTEBOOK:
            return HandedIn(problem=f"the file is larger than {MAX_NOTEBOOK // 10**6} MB")
        return HandedIn(path.read_bytes(), remark=remark, look=remark if look else "")
    except OSError as error:
        return HandedIn(problem=f"the file cannot be read ({error.strerror})")


def _chosen(
    folder: Path, assignment: str, is_blank: Callable[[bytes], bool]
) -> tuple[Path | None, str, bool]:
    """The notebook that is meant: of that name, of nearly that name, or the only one.

    An answered one goes before one that nobody answered; where it might be another, a person looks.
    """
    files = [path for path in _listed(folder) if is_notebook(path.name)]
    exact = folder / f"{assignment}.ipynb"
    near = [path for path in files if is_meant(name_of(path.name), assignment) and path != exact]
    is_exact = exact in files or exact.is_symlink()
    if is_exact and not near:
        return exact, "", False
    files = [path for path in files if ".ipynb" in path.name.lower()]
    meant = near or (files if len(files) == 1 else [])
    meant = [exact, *meant] if is_exact else meant
    if not meant:
        return None, "", False
    answered = meant
    if len(meant) > 1:
        answered = [path for path in meant if not is_blank(_bytes(path))] or meant
    path = exact if exact in answered else max(answered, key=_time)
    others = ", ".join(_written(other.name) for other in meant if other != path)
    if not others:
        return path, f"the file is called {_written(path.name)}", False
    return path, f"{_written(path.name)} is graded; {others} lies beside it and is not graded", True


def _bytes(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_NOTEBOOK:
            return path.read_bytes()
    return b""


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def some(students: list[str]) -> str:
    """Name the first five students and say how many more there are."""
    more = f" and {len(students) - 5} more" if len(students) > 5 else ""
    return f"{', '.join(students[:5])}{more}"
