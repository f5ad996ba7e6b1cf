"""Grade the same right submissions with `nbgrader autograde` and with the course, in one run.

    python course.py bench grading [--theirs N] [--ours N] [--many N]

Then a large class alone: time, memory, and that none is lost.
"""

import argparse
import contextlib
import csv
import io
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.results import machine, record, table
from helpers.grading import __main__ as command
from tools.submissions import answered, hand_in, read, right_answers

NAME = "derivatives"


def course(folder, submissions):
    """Make a course with so many right submissions."""
    with contextlib.redirect_stdout(io.StringIO()):
        command.main(["release", NAME, "--course", str(folder)])
    right = answered(read(folder / "release" / NAME / f"{NAME}.ipynb"), right_answers())
    for number in range(submissions):
        hand_in(folder, f"student{number:05}", right)


def ours(folder, workers):
    """Return the seconds for all submissions."""
    words = ["grade", NAME, "--course", str(folder)]
    start = time.perf_counter()
    command.main(words + (["--workers", str(workers)] if workers else []))
    return time.perf_counter() - start


def nbgraders(folder):
    """Return the seconds that nbgrader needs for all submissions in one batch."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}"
    start = time.perf_counter()
    done = NbGraderAPI(config=config).autograde(NAME, "*")
    assert done["success"], done
    return time.perf_counter() - start


def check_all(folder, submissions):
    """Every submission once, all points."""
    with (folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = {(row["student"], row["exercise"]) for row in rows}
    assert len(rows) == len(keys) == 13 * submissions
    assert all(row["score"] == row["max_score"] for row in rows)


def megabytes(who):
    return resource.getrusage(who).ru_maxrss / 1024


def compare(theirs, mine, workers):
    """Return what both take for a submission, as lines of Markdown."""
    with tempfile.TemporaryDirectory() as place:
        few, many = Path(place, "nbgrader"), Path(place, "course")
        course(few, theirs)
        course(many, mine)
        each, own = nbgraders(few) / theirs, ours(many, workers) / mine
        check_all(many, mine)
    rows = [
        ["nbgrader autograde", f"{theirs}", f"{each:.3f}"],
        ["course.py grade", f"{mine}", f"{own:.4f}"],
        ["ratio", "", f"{each / own:.1f}"],
    ]
    return table(["", "submissions", "s for each"], rows)


def large(submissions, workers):
    """Return what a large class takes, as lines of Markdown."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        course(folder, submissions)
        seconds = ours(folder, workers)
        most = [megabytes(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        check_all(folder, submissions)
    return [
        f"{submissions} submissions in one go: {seconds:.0f} s, {submissions / seconds:.0f} a "
        f"second, none lost, all with full points; at most {most[0]:.0f} MB in the process that "
        f"writes and {most[1]:.0f} MB in one that grades.",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--theirs", type=int, default=10)
    parser.add_argument("--ours", type=int, default=1000)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    lines = compare(options.theirs, options.ours, options.workers)
    lines += ["", *large(options.many, options.workers)]
    about = "The same right submissions of the assignment `derivatives`, 13 exercises each."
    lines = [*machine("nbgrader", "distributed"), "", about, "", *lines]
    record("Grading", lines)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
