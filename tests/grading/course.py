"""What the tests of grading share: right answers, hostile cells, the two ways to run a command."""

import json
import subprocess
import sys
from pathlib import Path

from tools.submissions import cheats, right_answers

ROOT = Path(__file__).parents[2]
OF_LESSONS = sorted((ROOT / "notebooks" / "rehearsals").glob("*/*.ipynb"))
OF_FAMILIES = sorted((ROOT / "notebooks" / "assignments").glob("*/*.ipynb"))
SOURCES, TRIES = cheats()
RIGHT = right_answers()
ALL = 18


def course_py(*words):
    """Run a command as `python course.py` does, here."""
    from helpers.grading import __main__ as command

    return command.main([str(word) for word in words])


def started(*words, **more):
    """Start a command in a process of its own."""
    words = [sys.executable, "-m", "helpers.grading", *map(str, words)]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(words, cwd=ROOT, **quiet, **more)


def cells_with_tests(notebook):
    infos = ((cell["metadata"].get("nbgrader", {}), cell) for cell in notebook["cells"])
    return [cell for info, cell in infos if info.get("grade")]


def job(student, answers):
    from helpers.grading.assignment import read_assignment
    from helpers.grading.judge import Job

    assignment = read_assignment(ROOT / "notebooks/rehearsals/derivatives/derivatives.ipynb", "d")
    info = {"solution": True}
    cells = [
        {"cell_type": "code", "source": s, "metadata": {"nbgrader": info | {"grade_id": n}}}
        for n, s in (RIGHT | answers).items()
    ]
    data = json.dumps({"nbformat": 4, "cells": cells}).encode()
    return Job(student, assignment, data, b"secret", seconds=1.0)
