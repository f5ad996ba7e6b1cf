"""Whose file it is, by the names that Moodle and Canvas give to the files they export."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

# "Ada Lovelace_4711_assignsubmission_file_derivatives.ipynb", or a folder of that name
MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_file_?(?P<file>.*)")
# "lovelaceada_LATE_4711_815_derivatives-1.ipynb"
CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<attachment>\d+)_(?P<file>.+)"
)


@dataclass(frozen=True)
class Sender:
    """Who handed in a file, as the system that exported it says.

    Parameters
    ----------
    lms : "moodle", "canvas", or "" for a folder or a file named as the student.
    name : a full name (Moodle), name and first name in one word (Canvas), or the student's id.
    lms_id : the number there: of the participant (Moodle) or of the user (Canvas).
    file : the name of the file as it was uploaded.
    late : Canvas marks it so.
    """

    lms: str
    name: str
    lms_id: str
    file: str
    late: bool = False


def sender_of(path: str) -> Sender:
    """Return who handed in a file, from its path below the folder of the export.

    >>> sender_of("Ada Lovelace_4711_assignsubmission_file/derivatives.handin.ipynb").name
    'Ada Lovelace'
    >>> found = sender_of("lovelaceada_LATE_12_815_derivatives-1.ipynb")
    >>> found.lms_id, found.file, found.late
    ('12', 'derivatives-1.ipynb', True)
    >>> sender_of("ada/derivatives.ipynb").name, sender_of("ada.ipynb").name
    ('ada', 'ada')
    """
    parts = PurePosixPath(path).parts
    file = parts[-1]
    for part in parts:
        if found := MOODLE.fullmatch(part):
            return Sender("moodle", found["name"].strip(), found["id"], found["file"] or file)
    if found := CANVAS.fullmatch(file):
        return Sender("canvas", found["name"], found["id"], found["file"], bool(found["late"]))
    name = parts[0] if len(parts) > 1 else file.removesuffix(".ipynb").removesuffix(".handin")
    return Sender("", name, "", file)
