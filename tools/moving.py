"""What a learner has done, as one zip: taken out of a working copy, and brought back into one.

The in-browser edition writes and reads the same zip.
"""

import io
import json
import os
import re
import struct
import sys
import zipfile
import zlib
from importlib.machinery import PathFinder
from pathlib import PurePosixPath

from tools.faults import Fault, say
from tools.files import ROOT, free_name, write, write_json
from tools.working_copy import UNREADABLE, fingerprint

PROGRESS = ".progress.json"
LARGEST = 200_000_000  # bytes that a zip may hold
HIDDEN = re.compile(r"(^|/)(\.|__pycache__/)")
NO_WORK = re.compile(r"(^|/)(\.|__|/|\Z)|[\\:]")  # hidden, or a name that leads out of the folder
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # which both editions read
TORN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError)


def is_work(name):
    """Is this the name of what a learner did? The same holds on the way out and back."""
    return name == PROGRESS or not NO_WORK.search(name)


def named(names):
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def take_out(copy, archive):
    """Write all that differs from what is published into a zip; return the names.

    A zip that is there already stays until the new one is whole.
    """
    archive, data = archive.resolve(), io.BytesIO()
    found = {name: path for name, path in differing(copy) if path.resolve() != archive}
    names = [name for name in found if is_work(name)]
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as files:
        for name in names:
            files.write(found[name], name)
    write(archive, data.getvalue())
    left = [name for name in found if name not in names and not HIDDEN.search(name)]
    if left:
        say(f"Not in the zip, as a name begins with `__` or holds `:` or `\\`: {named(left)}.")
    return names


def differing(copy):
    """Yield (name, file) of all in a working copy that is not as published."""
    published = copy.sources()
    for path in sorted(path for path in copy.folder.rglob("*") if path.is_file()):
        name = path.relative_to(copy.folder).as_posix()
        if name not in published or fingerprint(path) != fingerprint(published[name]):
            yield name, path


def bring_back(copy, archive, packages=None):
    """Put the files of a zip into a working copy; what differs there is kept beside them.

    A file that Python would import instead of a module of its own, of the course's or of the
    folder `packages` is left out.
    """
    files = contents(archive)
    left = [name for name in files if not is_work(name)]
    shadows = [name for name in files if is_work(name) and hides_module(name, packages)]
    brought = sorted(files.keys() - {*left, *shadows})
    look_before(copy.folder, archive, brought)
    kept = [bring(copy, name, files[name]) for name in brought]
    say(f"{archive.name} is in {copy.folder} now.")
    if left:
        say(f"Left out, as they are hidden or lead out of that folder: {named(left)}.")
    if shadows:
        say(f"Left out, as each would hide an installed module: {named(shadows)}.")
    if any(kept):
        say("What stood there and differed is kept as {}.".format(", ".join(filter(None, kept))))


def contents(archive):
    """Return {name: bytes} of a zip."""
    data = io.BytesIO(archive.read_bytes())  # so that an OSError is the disk's
    try:
        with zipfile.ZipFile(data) as files:
            held = [each for each in files.infolist() if not each.is_dir()]
            if any(each.compress_type not in METHODS for each in held):
                raise zipfile.BadZipFile("packed in another way")
            if sum(each.file_size for each in held) > LARGEST:
                raise Fault(f"{archive.name} holds more than {LARGEST // 10**6} MB: no copy does.")
            return {each.filename: files.read(each) for each in held}
    except TORN:
        raise Fault(
            f"{archive.name} is no zip file that can be read, and nothing of it was brought back: "
            "take it out again."
        ) from None


def hides_module(name, packages):
    """Would Python, which looks beside a notebook first, import this instead of what it should?"""
    module = name.partition(".")[0]
    if "/" in name or not name.endswith((".py", ".pyc", ".so", ".pyd")):
        return False
    found = PathFinder.find_spec(module, [str(folder) for folder in (packages, ROOT) if folder])
    return module in sys.stdlib_module_names or bool(found and found.origin)


def look_before(folder, archive, names):
    """Refuse a zip of which a file cannot be written, before the first one is."""
    for name in names:
        above = [parent.as_posix() for parent in PurePosixPath(name).parents]
        files = [one for one in above if one in names or (folder / one).is_file()]
        if files or (folder / name).is_dir():
            what, is_one = (files[0], "file") if files else (name, "folder")
            raise Fault(
                f"{archive.name} holds a file {name}, but {what} is a {is_one} already: rename it "
                f"in {folder}, then run the same command again. Nothing was brought back."
            )


def bring(copy, name, data):
    """Write a file; return the name under which what stood there is kept, if it is."""
    mine, published, aside = copy.folder / name, copy.published / name, None
    if name == PROGRESS:
        return bring_progress(mine, data)
    if mine.exists():
        if mine.read_bytes() == data:
            return None
        if not (published.is_file() and fingerprint(mine) == fingerprint(published)):
            aside = free_name(mine, "mine")
            write(aside, mine.read_bytes())
    write(mine, data)
    return aside and aside.relative_to(copy.folder).as_posix()


def bring_progress(path, data):
    """Add what a table of progress says; nothing that was right is lost."""
    try:
        theirs = entries(data)
    except UNREADABLE:
        say(f"{PROGRESS} of the zip could not be read and is left out.")
        return
    try:
        mine = entries(path.read_bytes()) if path.exists() else {}
    except UNREADABLE:
        mine, aside = {}, free_name(path, "damaged")
        os.replace(path, aside)
        say(f"{PROGRESS} was unreadable; it is set aside as {aside.name}.")
    write_json(path, merged(mine, theirs))


def entries(data):
    """Read a table of progress; what is merged is checked more strictly than what is read."""
    table = json.loads(data)
    for name, entry in table.items():
        counts = [entry.get(count, 0) for count in ("attempts", "hints", "same")]
        if not all(isinstance(count, int) for count in counts):
            raise ValueError(f"{name}: counts are whole numbers, not {counts}")
        if not isinstance(entry.get("when", 0), (int, float)):
            raise ValueError(f"{name}: `when` is a number, not {entry['when']!r}")
    return table


def merged(mine, theirs):
    """Return both tables as one: of each exercise the later entry, and the most of what counts."""
    both = dict(mine)
    for name, entry in theirs.items():
        old = mine.get(name, {})
        older, newer = sorted((old, entry), key=lambda one: one.get("when", 0))
        both[name] = {**older, **newer, "right": bool(older.get("right") or newer.get("right"))}
        for count in ("attempts", "hints"):
            most = max(older.get(count, 0), newer.get(count, 0))
            if most:
                both[name][count] = most
    return both
