"""Take in a folder or an archive of files as an LMS exports them, to where nbgrader collects."""

from __future__ import annotations

import contextlib
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from helpers.grading.appeals import REQUEST
from helpers.grading.attempts import TIMESTAMP, handed_in
from helpers.grading.journal import write
from helpers.grading.roster import note_newcomers
from helpers.grading.submission import MAX_CELLS, MAX_NOTEBOOK, Unreadable, without_outputs
from helpers.grading.workers import Refusal
from helpers.handin import HandIn, Sender, is_meant, is_notebook, read_file, sender_of

MOST = 50_000  # files of an export
TIMES = "%Y-%m-%d %H:%M:%S.%f UTC"  # nbgrader's


class _File(NamedTuple):
    path: str  # below the export
    data: bytes
    is_large: bool = False  # and so not read


@dataclass(frozen=True)
class _Received:
    sender: Sender
    file: _File
    says: HandIn

    @property
    def order(self) -> tuple[datetime, int]:
        """The last one counts: by its own time, then by the number that Canvas adds."""
        again = re.search(r"-(\d+)\.ipynb$", self.sender.file)
        return self.says.time or datetime.min, int(again[1]) if again else 0


def take_in(export: Path, course: Path, assignment: str, book: Any) -> list[str]:
    """Put the files of an export into DIR/submitted; return what the teacher should know.

    Parameters
    ----------
    export : a folder or a .zip.
    course, assignment : where to, and what is graded.
    book : nbgrader's gradebook, by whose names and LMS numbers senders are recognised; who is new
        is added to it, under the name that the LMS gives.
    """
    roster = list(book.students)
    received: dict[str, list[_Received]] = defaultdict(list)
    senders: dict[str, Sender] = {}
    said, requests, count = [], {}, 0
    for file in _files(export):
        sender = sender_of(file.path)
        student = _whose(sender, roster)
        if sender.file.removesuffix(".txt").rstrip("0123456789-") + ".txt" == REQUEST:
            requests[student] = file.data
            continue
        says = read_file(file.data) if len(file.data) <= MAX_CELLS else HandIn()
        if what := _not_wanted(sender, file, says, assignment):
            said.append(f"  {file.path}: left out, {what}")
            continue
        senders[student] = sender
        with contextlib.suppress(Unreadable):  # its grade will say why
            file = file._replace(data=without_outputs(file.data))
        received[student].append(_Received(sender, file, says))
        count += 1
    if not received and not requests:
        raise Refusal(f"{export} holds no notebook that was handed in for {assignment}.")
    for student, files in sorted(received.items()):
        said += _put(course / "submitted" / student / assignment, student, files, assignment)
    known = {student.id for student in roster}
    newcomers = sorted({*received} - known)
    if newcomers:
        note_newcomers(course, newcomers)
    for student in newcomers:
        first, _, last = _composed(senders[student].name).rpartition(" ")
        number = senders[student].lms_id if senders[student].lms == "canvas" else None
        book.add_student(student, first_name=first, last_name=last, lms_user_id=number)
    for student, words in requests.items():
        write(course / "submitted" / student / assignment / REQUEST, words)
    return [f"{len(received)} students handed in {count} files.", *said]


def _not_wanted(sender: Sender, file: _File, says: HandIn, assignment: str) -> str:
    if not is_notebook(sender.file):
        return "it is no notebook"
    if file.is_large:
        return f"it is larger than {MAX_NOTEBOOK // 10**6} MB"
    other = says.assignment and not is_meant(says.assignment, assignment)
    return f"it is for {says.assignment}" if other else ""


def _put(folder: Path, student: str, files: list[_Received], assignment: str) -> Iterator[str]:
    """Write the last one of a student's files; give what is to be said about it."""
    last = max(files, key=lambda received: received.order)
    if len(files) > 1:
        yield f"  {student}: the last of {len(files)} files is taken, {last.file.path}"
    if last.says.unchanged is False:
        yield f"  {student}: the fingerprint does not fit, the file was changed after `submit`"
    if last.says.unchanged is None:
        yield f"  {student}: a plain notebook, without a fingerprint and without a time"
    if last.sender.late:
        yield f"  {student}: late, as Canvas says"
    before, now = handed_in(folder), last.says.time
    if before and now and before > now:
        yield f"  {student}: what was collected before is newer and stays"
        return
    write(folder / f"{assignment}.ipynb", last.file.data)
    if now:
        write(folder / TIMESTAMP, now.strftime(TIMES))
    else:
        (folder / TIMESTAMP).unlink(missing_ok=True)


def _whose(sender: Sender, roster: Iterable[Any]) -> str:
    """Return the id of a student; of somebody who is not in the roster, one made from the name.

    Moodle writes the first name first, Canvas the last name; only where nobody is called so, the
    other order is tried.
    """
    if not sender.lms:
        same = [s.id for s in roster if _composed(s.id) == _composed(sender.name)]
        return same[0] if len(same) == 1 else _as_id(sender.name)
    words, straight, turned = _key(sender.name), [], []
    for student in roster:
        if sender.lms == "canvas" and student.lms_user_id == sender.lms_id:
            return student.id
        first, last = student.first_name or "", student.last_name or ""
        if words and words == _key(first + last):
            straight.append(student.id)
        elif words and words == _key(last + first):
            turned.append(student.id)
    if sender.lms == "canvas":
        straight, turned = turned, straight
    found = straight or turned
    return found[0] if len(found) == 1 else _as_id(f"{sender.name}_{sender.lms_id}")


def _composed(name: str) -> str:
    """A name in one spelling: some systems write an accent as a sign of its own."""
    return unicodedata.normalize("NFC", name)


def _key(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _as_id(name: str) -> str:
    return re.sub(r"[^\w.@-]+", "_", _composed(name)).lstrip(".") or "nobody"


def _files(export: Path) -> Iterator[_File]:
    """Give all files of an export, in the order of their paths."""
    if export.is_dir():
        paths = sorted(p for p in export.rglob("*") if p.is_file() and not p.is_symlink())
        for path in _bounded(paths, export):
            large = path.stat().st_size > MAX_NOTEBOOK
            name = path.relative_to(export).as_posix()
            yield _File(name, b"" if large else path.read_bytes(), large)
        return
    try:
        with zipfile.ZipFile(export) as archive:
            infos = sorted(
                (i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename
            )
            for info in _bounded(infos, export):
                large = info.file_size > MAX_NOTEBOOK
                yield _File(info.filename, b"" if large else archive.read(info), large)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise Refusal(f"{export} is no folder and no archive that can be read ({error}).") from None


def _bounded(files: Sequence[Any], export: Path) -> Sequence[Any]:
    if len(files) > MOST:
        raise Refusal(f"{export} holds {len(files)} files, more than {MOST}.")
    return files
