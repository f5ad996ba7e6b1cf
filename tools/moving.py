"""What a learner has done, as one zip: taken out of a working copy, and brought back into one.

The in-browser edition writes and reads the same zip.
"""

import json
import re
import zipfile

from tools.faults import Fault, say
from tools.files import write, write_json
from tools.working_copy import UNREADABLE, fingerprint

PROGRESS = ".progress.json"
OURS = (".course.json", ".learner")  # which copy it is, not what was done in it
LARGEST = 200_000_000  # bytes that a zip may hold
OUTSIDE = re.compile(r"^/|\\|:|(^|/)\.\.?(/|$)")  # a name that leads out of the folder


def take_out(copy, archive):
    """Write all that differs from what is published into a zip; return the names."""
    published = copy.sources()
    names = []
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for path in sorted(path for path in copy.folder.rglob("*") if path.is_file()):
            name = path.relative_to(copy.folder).as_posix()
            parts = name.split("/")
            hidden = any(part.startswith((".", "__")) for part in parts) and name != PROGRESS
            same = name in published and fingerprint(path) == fingerprint(published[name])
            if not hidden and not same and path != archive:
                files.write(path, name)
                names.append(name)
    return names


def bring_back(copy, archive):
    """Put the files of a zip into a working copy; what differs there is kept beside them."""
    try:
        with zipfile.ZipFile(archive) as files:
            held = [each for each in files.infolist() if not each.is_dir()]
            if sum(each.file_size for each in held) > LARGEST:
                raise Fault(f"{archive.name} holds more than {LARGEST // 10**6} MB: no copy does.")
            brought = {each.filename: files.read(each) for each in held}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Fault(f"{archive.name} is no zip file that can be read: take it out again.") from None
    kept = []
    for name, data in brought.items():
        if OUTSIDE.search(name) or name in OURS:
            continue
        if name == PROGRESS:
            bring_progress(copy.folder / name, data)
        else:
            kept.append(bring(copy, name, data))
    kept = [name for name in kept if name]
    say(f"{archive.name} is in {copy.folder} now.")
    if kept:
        say("What stood there and differed is kept as {}.".format(", ".join(kept)))


def bring(copy, name, data):
    """Write a file; return the name under which what stood there is kept, if it is."""
    mine, published, aside = copy.folder / name, copy.published / name, None
    if mine.exists():
        if mine.read_bytes() == data:
            return None
        known = {fingerprint(path) for path in (published,) if path.is_file()}
        if fingerprint(mine) not in known:
            aside = mine.with_name(f"{mine.stem}.mine{mine.suffix}")
            number = 2
            while aside.exists():
                aside = mine.with_name(f"{mine.stem}.mine-{number}{mine.suffix}")
                number += 1
            mine.rename(aside)
    write(mine, data)
    return aside and aside.name


def bring_progress(path, data):
    """Add what a table of progress says; nothing that was right is lost."""
    try:
        theirs = entries(json.loads(data))
    except UNREADABLE:
        say(f"{PROGRESS} of the zip could not be read and is left out.")
        return
    try:
        mine = entries(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, *UNREADABLE):
        mine = {}
    write_json(path, merged(mine, theirs))


def entries(state):
    return {name: dict(entry) for name, entry in state.items()}


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
