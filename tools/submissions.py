"""A course with submissions, for the tests of grading: cheats, broken files, right answers."""

import copy
import csv
import json
import os
import re
import signal
from pathlib import Path

from helpers.grading import Result, default_assignment

CELLS = Path(__file__).parents[1] / "tests" / "grading" / "cheats" / "cells.txt"
SIX = ("sigmoid", "sigmoid_prime", "tanh_prime", "relu_prime", "leaky_relu", "leaky_relu_prime")
WRONG = """def sigmoid(z): return 0.1 + 0 * z
sigmoid_prime = tanh_prime = relu_prime = sigmoid
def leaky_relu(z, a): return 0.1 + 0 * z
leaky_relu_prime = leaky_relu
"""


def cheats():
    """Return {name: source of a solution cell}, and {name: what it tries}."""
    sources, tries = {}, {}
    for part in CELLS.read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, _, source = part.partition("\n")
        name, _, tried = head.partition(": ")
        alone = name.endswith(" alone")
        name = name.removesuffix(" alone")
        sources[name], tries[name] = ("" if alone else WRONG) + source, tried
    return sources, tries


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def solutions(notebook):
    """Return {grade id: cell} of the solution cells."""
    infos = ((cell["metadata"].get("nbgrader", {}), cell) for cell in notebook["cells"])
    return {info["grade_id"]: cell for info, cell in infos if info.get("solution")}


def right_answers(name="derivatives"):
    cells = solutions(read(default_assignment(name)))
    clean = {n: "".join(c["source"]) for n, c in cells.items()}
    return {n: re.sub(r"(?m)^ *### (BEGIN|END).*\n?", "", s) for n, s in clean.items()}


def answered(release, answers):
    """Return the student version with these sources in its solution cells."""
    notebook = copy.deepcopy(release)
    for name, cell in solutions(notebook).items():
        cell["source"] = answers.get(name, "")
    return notebook


def hand_in(course, student, notebook, name="derivatives"):
    """Put a notebook, a text or bytes where nbgrader collects submissions; return the path."""
    path = course / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, dict):
        notebook = json.dumps(notebook)
    path.write_bytes(notebook if isinstance(notebook, bytes) else notebook.encode())
    return path


def grades(course):
    """Return {student: {exercise: row}} from grades.csv; a row that stands there twice fails."""
    found = {}
    with (course / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows = found.setdefault(row["student"], {})
            assert row["exercise"] not in rows
            rows[row["exercise"]] = {**row, "score": float(row["score"] or "nan")}
    return found


def points(rows, names=None):
    return sum(row["score"] for name, row in rows.items() if names is None or name in names)


def deadly(job):
    """Grade in place of `grade`: the submission of c kills its process."""
    if job.student == "c":
        os.kill(os.getpid(), signal.SIGKILL)
    return Result(job.student, (), "fine")


def whose(job):
    """Grade in place of `grade`: say which process does it."""
    return Result(job.student, (), str(os.getpid()))
