"""A student's copy of an assignment, to be changed in many ways, and its grade."""

import json
from functools import partial

from helpers.exercises import EXERCISES
from helpers.grading import Job, judge, read_assignment
from helpers.grading.assignment import default_assignment
from tools.submissions import right_answers

FIRST = "import numpy as np\n\nfrom helpers.exercises import check, credit"


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

    def write(self, cells):
        """Write {place: source}: a cell, "first", "last", "before NAME"; … is what stood there."""
        for place, source in cells.items():
            match place.split():
                case ["first"]:
                    self.first(source)
                case ["last"]:
                    self.last(source)
                case ["before", name]:
                    self.before(name, source)
                case [name]:
                    self[name] = source.replace("…", self[name])

    def drop(self, name):
        return self.cells.pop(self.at(name))[1]

    def data(self):
        cells = []
        for identity, source in self.cells:
            info = {"nbgrader": {"grade_id": identity, "solution": True}}
            metadata = info if identity and self.ids else {}
            cells.append({"cell_type": "code", "source": source, "metadata": metadata})
        return json.dumps({"nbformat": self.nbformat, "cells": cells}).encode()


def noted(ways, *names):
    """Note a way to change a sheet; names: the exercises for which a wrong one earns nothing."""

    def note(change):
        ways[change.__name__] = change, names

    return note


def written(table):
    """Return the ways that only write cells, {name: cells}; the names are those of the cells."""
    return {
        way: (partial(Sheet.write, cells=cells), [*{*cells} & {*EXERCISES}])
        for way, cells in table.items()
    }


def graded(box, sheet, seconds=2.0):
    """Return the rows by exercise; a problem or a fault of the course fails."""
    assignment = read_assignment(default_assignment(sheet.name), sheet.name)
    result = judge.grade_in(box, Job("ada", assignment, sheet.data(), b"secret", seconds=seconds))
    assert not result.problem
    assert not result.faults, [row.fault for row in result.rows]
    return {row.exercise: row for row in result.rows}
