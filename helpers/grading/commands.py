"""What the commands of teachers have in common: what hinders them is said in one sentence."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path

from helpers.grading.sandbox import Unavailable
from helpers.grading.workers import Refusal

GO_ON = "the same command goes on from here."


def carried_out(command: Callable[[], int], folder: Path) -> int:
    """Carry out a command that writes into ``folder``; return its exit status.

    It is 2 for a refusal and for what the system does not let it do, 130 after Ctrl-C.
    """
    try:
        return command()
    except (Refusal, Unavailable) as refusal:
        said, status = str(refusal), 2
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            said = f"The disk of {folder} is full. Make some room; {GO_ON}"
        elif error.filename is None:
            raise
        else:
            said = f"{error.filename} cannot be used ({error.strerror})."
        status = 2
    except KeyboardInterrupt:
        said, status = f"Stopped; {GO_ON}", 130
    print(said, file=sys.stderr)
    return status
