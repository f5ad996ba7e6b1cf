"""`python course.py release NAME`, `grade NAME` and `due NAME`."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from helpers.grading.assignment import OWN
from helpers.grading.commands import carried_out
from helpers.grading.judge import SUBMISSION
from helpers.grading.release import release
from helpers.grading.run import grade_all


def due(options: argparse.Namespace) -> int:
    """Say when an assignment is due, for all or for one student, by nbgrader's model."""
    from helpers.grading.lateness import due

    return due(options)


COMMANDS = {"release": release, "grade": grade_all, "due": due}


def main(words: list[str] | None = None) -> int:
    """Carry out a command; 1 when a submission could not be graded, 2 for a refusal."""
    options = _parser().parse_args(words)
    here = Path(os.environ.get("COURSE_FROM", ""))
    options.course = Path(here, options.course).absolute()
    options.exercises = options.exercises and Path(here, options.exercises).absolute()
    if getattr(options, "files", None):
        options.files = Path(here, options.files).absolute()
    if options.course.exists() and not options.course.is_dir():
        print(f"{options.course} is no folder; --course names that of the course.", file=sys.stderr)
        return 2
    return carried_out(partial(options.command, options), options.course)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python course.py", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    made = {name: _command(commands, name, command) for name, command in COMMANDS.items()}
    own = f"exercises of your own (DIR/source/ASSIGNMENT/{OWN}, if it is there)"
    for name in ("release", "grade"):
        made[name].add_argument("--exercises", metavar="FILE", help=own)
    add = made["grade"].add_argument
    add("--student", metavar="ID", help="grade this one alone, and again")
    export = "take in this folder or .zip first, as Moodle or Canvas exports it"
    add("--files", metavar="EXPORT", help=export)
    add("--workers", metavar="N", type=_count, help="processes (one a processor)")
    scheduler = "hand the submissions to a dask cluster, such as tcp://host:8786"
    add("--scheduler", metavar="ADDRESS", help=scheduler)
    seconds = f"for a call (5); a submission may take {SUBMISSION} times as long"
    add("--timeout", metavar="SECONDS", type=_seconds, default=5.0, help=seconds)
    trust = "run without a sandbox: submissions can do whatever you can"
    add("--trust-submissions", action="store_true", help=trust)
    when = "such as 2026-12-01T23:59, in this machine's time; left out, it is only shown"
    made["due"].add_argument("time", metavar="TIME", nargs="?", help=when)
    one = "an extension for this one, until TIME"
    made["due"].add_argument("--student", metavar="ID", help=one)
    return parser


def _command(commands: Any, name: str, command: Callable[..., int]) -> argparse.ArgumentParser:
    """Add a command with what all have: the assignment, the course, its gradebook."""
    about = (command.__doc__ or "").splitlines()[0]
    sub = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    sub.add_argument("assignment", help="its name, such as derivatives")
    where = "the folder of nbgrader's course (the present one)"
    sub.add_argument("--course", metavar="DIR", default=".", help=where)
    database = "nbgrader's gradebook (sqlite:///DIR/gradebook.db)"
    sub.add_argument("--db", metavar="ADDRESS", help=database)
    sub.set_defaults(command=command, exercises=None)
    return sub


def _count(word: str) -> int:
    with contextlib.suppress(ValueError):
        if int(word) >= 1:
            return int(word)
    raise argparse.ArgumentTypeError(f"a whole number from 1 on is expected, not {word!r}")


def _seconds(word: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < float(word) < 1e5:
            return float(word)
    raise argparse.ArgumentTypeError(f"a number of seconds above 0 is expected, not {word!r}")


if __name__ == "__main__":
    logging.getLogger("distributed").setLevel(logging.ERROR)
    sys.exit(main())
