"""What the learner has tried so far, kept in one small file in their own folder.

The file is `.progress.json` in the learner's working copy: the folder that `course.py lab` names in
COURSE_HOME, or `my_course/` of this checkout; in a browser it lies beside the notebook. Where there
is no such folder, or nothing can be written, all works and is forgotten at the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from helpers.language import gettext

Entry = dict[str, Any]  # attempts, right, same, hints, last, story, slips, when, first, hinted, pad

_already_said: set[str] = set()  # once is enough
_unsaved: dict[Path, dict[str, Entry]] = {}  # of each place what could not be written there
_COUNTS = ("attempts", "hints", "same")


def location() -> Path:
    """Return where the progress is kept."""
    here = Path.cwd() if sys.platform == "emscripten" else Path(__file__).parents[2] / "my_course"
    return Path(os.environ.get("COURSE_HOME") or here) / ".progress.json"


def learner() -> str:
    """Return what tells this learner's copy from others: `""` where nothing does."""
    with contextlib.suppress(OSError, ValueError):
        return location().with_name(".learner").read_text(encoding="utf-8")[:64]
    return ""


def read() -> dict[str, Entry]:
    """Read the progress: exercise -> what is recorded of it."""
    path = location()
    return _merged(_kept(path) or {}, _unsaved.get(path, {}))


def _kept(path: Path) -> dict[str, Entry] | None:
    """Return what the file holds, None where another program keeps it to itself for now."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(state, dict) or not all(map(_is_entry, state.values())):
            raise ValueError("not a table of exercises")
        return state
    except FileNotFoundError:
        return {}
    except OSError:
        _say(gettext("{path} cannot be read just now; nothing in it is changed.", path=path))
        return None
    except (ValueError, RecursionError):
        _set_aside(path)
        return {}


def _merged(state: dict[str, Entry], news: dict[str, Entry]) -> dict[str, Entry]:
    """Put news into a table; what was right once stays right, and attempts are not forgotten."""
    both = dict(state)
    for name, entry in news.items():
        old = state.get(name, {})
        both[name] = {**old, **entry}
        both[name] |= {
            k: max(old[k], entry[k]) for k in ("right", "attempts") if k in old.keys() & entry
        }
    return both


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(n, 0), int) for n in _COUNTS)


def record(exercise: str, **news: object) -> None:
    """Change what is known about one exercise and save it, as soon as that can be done."""
    path = location()
    waiting = _unsaved.setdefault(path, {})
    waiting[exercise] = {**waiting.get(exercise, {}), **news}
    state = _kept(path)
    if state is None or not path.parent.is_dir():
        return
    try:
        _write(path, json.dumps(_merged(state, waiting), indent=1, sort_keys=True))
        del _unsaved[path]
    except OSError:
        _say(
            gettext(
                "Progress cannot be saved in {parent}; everything else works.", parent=path.parent
            )
        )


def forget_unsaved() -> None:
    """Forget what could not be written; the file, if there is one, stays as it is.

    >>> forget_unsaved()
    """
    _unsaved.clear()
    _already_said.clear()


def _write(path: Path, text: str) -> None:
    """Write beside the file and swap: no reader ever sees half a file."""
    handle, name = tempfile.mkstemp(prefix=".progress-", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _set_aside(path: Path) -> None:
    kept = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    with contextlib.suppress(OSError):
        path.rename(kept)
        _say(
            gettext(
                "The progress file could not be read; it is kept as {name}, a new one is begun.",
                name=kept.name,
            )
        )


def _say(words: str) -> None:
    if words not in _already_said:
        _already_said.add(words)
        print(words, file=sys.stderr)
