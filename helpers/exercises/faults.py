"""When the course itself fails: it says so, and writes down what happened."""

from __future__ import annotations

import contextlib
import tempfile
import time
import traceback
from pathlib import Path

from helpers.diagnosis import Verdict
from helpers.exercises import records
from helpers.language import gettext

FAULT = "This could not be judged: that is a fault of the course, not yours."


def fault_of_ours(exercise: str, error: Exception) -> Verdict:
    """Return a verdict that blames nobody but us, with the traceback in a log file.

    The file `.faults.log` lies beside the learner's progress, or, where nothing can be written
    there, in the folder for temporary files.
    """
    words = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {exercise}\n"
    words += "".join(traceback.format_exception(error)) + "\n"
    kept = _write_down(words)
    where = (
        gettext("What happened stands in {kept}; please show it to your teacher.", kept=kept)
        if kept
        else ""
    )
    message = gettext(
        "{fault} It counts as no attempt ({name}). {where}",
        fault=gettext(FAULT),
        name=type(error).__name__,
        where=where,
    )
    return Verdict(False, message=message.strip(), status="fault")


def _write_down(words: str) -> Path | None:
    for folder in (records.location().parent, Path(tempfile.gettempdir())):
        path = folder / ".faults.log"
        with contextlib.suppress(OSError), path.open("ab") as log:
            log.write(words.encode("utf-8", "replace"))
            return path
    return None
