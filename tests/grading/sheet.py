"""A student's copy of an assignment, to be changed in many ways, and its grade."""

import json

from helpers.grading import Job, judge, read_assignment
from helpers.grading.assignment import default_assignment
from tools.submissions import right_answers

FIRST = "import numpy as np\n\nfrom helpers.exercises import check, credit"
WAYS, WRONG = {}, {}


class Sheet:
    """A student's copy of an assignment: a list of (grade id, source), to be changed."""

    def __init__(self, name="derivatives"):
        self.name = name
        self.right = right_answers(name)
        self.cells = [["", FIRST]]
        for exercise, source in self.right.items():
            test = f'check("{exercise}", {exercise})'
            self.cells += [[exercise, source.strip("\n")], [f"test_{exercise}", test]]
        self.nbformat, self.ids, self.type = 4, True, "code"

    def at(self, name):
        return next(i for i, cell in enumerate(self.cells) if cell[0] == name)

    def __getitem__(self, name):
        return self.cells[self.at(name)][1]

    def __setitem__(self, name, source):
        self.cells[self.at(name)][1] = source

    def before(self, name, source, identity=""):
        self.cells.insert(self.at(name), [identity, source])

    def after(self, name, source, identity=""):
        self.cells.insert(self.at(name) + 1, [identity, source])

    def first(self, source):
        self.cells[0][1] += f"\n{source}"

    def last(self, source):
        self.cells.append(["", source])

    def drop(self, name):
        return self.cells.pop(self.at(name))[1]

    def data(self):
        cells = []
        for identity, source in self.cells:
            info = {"nbgrader": {"grade_id": identity, "solution": True}}
            metadata = info if identity and self.ids else {}
            cells.append({"cell_type": "code", "source": source, "metadata": metadata})
        return json.dumps({"nbformat": self.nbformat, "cells": cells}).encode()


def way(change):
    WAYS[change.__name__] = change
    return change


def wrong(change):
    WRONG[change.__name__] = change
    return change


def graded(box, sheet, seconds=2.0):
    """Return the rows by exercise; a problem or a fault of the course fails."""
    assignment = read_assignment(default_assignment(sheet.name), sheet.name)
    result = judge.grade_in(box, Job("ada", assignment, sheet.data(), b"secret", seconds=seconds))
    assert not result.problem
    assert not result.faults, [row.fault for row in result.rows]
    return {row.exercise: row for row in result.rows}
