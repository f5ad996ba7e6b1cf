"""Grade the same right submissions with `nbgrader autograde` and with the course, in one run.

python -m benchmarks.grading                    # prints the ratio
python -m benchmarks.grading --many 10000       # a large class: time, memory, none lost
"""

import argparse
import contextlib
import csv
import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from helpers.grading import __main__ as command
from tests.grading import answered, hand_in, read, right_answers

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
    with (folder / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    keys = {(row["student"], row["exercise"]) for row in rows}
    assert len(rows) == len(keys) == 13 * submissions
    assert all(row["score"] == row["max_score"] for row in rows)


def megabytes(who):
    return resource.getrusage(who).ru_maxrss / 1024


def compare(theirs, mine, workers):
    with tempfile.TemporaryDirectory() as place:
        few, many = Path(place, "nbgrader"), Path(place, "course")
        course(few, theirs)
        course(many, mine)
        each, own = nbgraders(few) / theirs, ours(many, workers) / mine
        check_all(many, mine)
    print(f"nbgrader autograde   {each:8.3f} s a submission ({theirs} in one batch)")
    print(f"course.py grade      {own:8.4f} s a submission ({mine} in one run)")
    print(f"ratio                {each / own:8.1f}")


def large(submissions, workers):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        course(folder, submissions)
        seconds = ours(folder, workers)
        most = [megabytes(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        check_all(folder, submissions)
    print(f"{submissions} submissions in {seconds:.0f} s ({submissions / seconds:.0f} a second)")
    print(f"most memory: {most[0]:.0f} MB for the process that writes")
    print(f"             {most[1]:.0f} MB for one that grades")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--theirs", type=int, default=10)
    parser.add_argument("--ours", type=int, default=500)
    parser.add_argument("--many", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} processors, Python {sys.version.split()[0]}")
    if options.many:
        large(options.many, options.workers)
    else:
        compare(options.theirs, options.ours, options.workers)


if __name__ == "__main__":
    main()
