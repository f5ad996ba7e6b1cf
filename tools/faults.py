"""Faults of the course's commands: one sentence and an exit status each."""

import errno
import functools
import re
import sys

from tools.files import ROOT

say = functools.partial(print, flush=True)  # before what child processes print


class Fault(Exception):
    """What happened and what to do about it, in one sentence for the learner."""

    def __init__(self, sentence, status=1):
        super().__init__(sentence)
        self.status = status


DISK_FULL = "The disk is full: free about 1 GB, then run the same command again."
EXPLANATIONS = (
    (r"no space left|not enough space|disk quota|Errno 28\b|os error (28|112)\b", DISK_FULL),
    (
        r"hash mismatch|do not match the hashes|EINTEGRITY",
        "A downloaded package does not match its hash in the lock, so it was not "
        "installed: run the same command again, and if that fails too, get a fresh copy of the "
        "course.",
    ),
    (
        r"WinError (5|32)\b|os error (5|32)\b|used by another process|access is denied",
        "A file of .venv is in use: close JupyterLab, and terminals and editors that stand in this "
        "folder, let OneDrive and the virus scanner finish, then run the same command again.",
    ),
    (
        r"failed to fetch|network connectivity|connection|timed? ?out|\bdns\b|resolve host|proxy"
        r"|request failed|from versions: none|ENOTFOUND|ECONN",
        "The packages could not be downloaded: check the network (and the proxy, if there is "
        "one), then run the same command again.",
    ),
)


def explain(output):
    """Turn what an installer printed into one sentence."""
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no message"]
    reason = next((line for line in lines if line.lower().startswith("error")), lines[-1])
    return "The set-up failed ({}): run the same command again.".format(reason.rstrip("."))


def explain_os_error(error):
    """Turn a refusal of the operating system into one sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if error.strerror is None:  # a time that is up, and others that no file has caused
        return f"It stopped: {error or type(error).__name__}"
    if isinstance(error, FileNotFoundError):
        return f"{error.filename or ROOT} is not there: look at its name and place."
    return (
        f"{error.filename or ROOT} cannot be used ({error.strerror}): close what else is using "
        "it, make sure that you may write there, then run the same command again."
    )


def guarded(main):
    """Make a command return an exit status, and every fault of it one sentence."""

    @functools.wraps(main)
    def with_status(words):
        try:
            return int(main(words) or 0)
        except Fault as fault:
            sentence, status = str(fault), fault.status
        except KeyboardInterrupt:
            sentence, status = "Stopped; the same command goes on from here.", 130
        except OSError as error:
            sentence, status = explain_os_error(error), 1
        print(sentence, file=sys.stderr, flush=True)
        return status

    return with_status
