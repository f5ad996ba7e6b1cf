"""Assignments, and the secret inputs that their functions are tried on."""

import json
import os
import shutil
import signal
import time

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from helpers.exercises import EXERCISES, CodeExercise, ReferenceExercise
from helpers.grading import Assignment, Item, Job, judge, read_assignment, sandbox, workers
from helpers.grading import __main__ as command
from helpers.grading.pages import with_answers
from tests.grading.course import OF_LESSONS, RIGHT, ROOT, course_py, job
from tests.matrix import matrix
from tools.notebooks import run
from tools.submissions import (
    answered,
    deadly,
    grades,
    hand_in,
    read,
    right_answers,
    solutions,
    whose,
)

# --- secret inputs ------------------------------------------------------------------------------


CODE = [e for e in EXERCISES.values() if isinstance(e, CodeExercise)]


@pytest.mark.parametrize("exercise", CODE, ids=lambda e: e.name)
def test_drawn_inputs_are_new_and_of_the_same_kind(exercise):
    first, second, again = (exercise.drawn(np.random.default_rng(seed)) for seed in (1, 2, 1))
    assert repr(first) == repr(again)
    assert repr(first) != repr(second)
    for case in first:
        assert np.isfinite(case.expected).all()
        known = next(c for c in exercise.cases if c.kind == case.kind)
        kinds = [getattr(np.asarray(a), "ndim", 0) for a in case.arguments]
        same = kinds == [np.ndim(a) for a in known.arguments]
        assert same or isinstance(exercise, ReferenceExercise)


@pytest.mark.parametrize("path", OF_LESSONS, ids=lambda p: p.stem)
def test_solutions_earn_all_with_many_draws(path):
    assignment = read_assignment(path, path.stem)
    answers = right_answers(path.stem)
    info = {"solution": True}
    cells = [
        {"cell_type": "code", "source": s, "metadata": {"nbgrader": info | {"grade_id": n}}}
        for n, s in answers.items()
    ]
    data = json.dumps({"nbformat": 4, "cells": cells}).encode()
    with sandbox.Sandbox() as box:
        for student in "abcdefgh":
            result = judge.grade_in(box, Job(student, assignment, data, b"s"))
            assert {r.exercise: r.message for r in result.rows if r.score != r.max_score} == {}


# --- assignments --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", OF_LESSONS, ids=lambda p: p.stem)
def test_an_assignment_keeps_its_form(path):
    notebook = read(path)
    infos = [c["metadata"].get("nbgrader", {}) for c in notebook["cells"]]
    text = "".join("".join(c["source"]) for c in notebook["cells"])
    for item in read_assignment(path, path.stem).items:
        exercise = EXERCISES[item.name]
        test = next(
            "".join(c["source"])
            for c, info in zip(notebook["cells"], infos, strict=True)
            if info.get("grade_id") == f"test_{item.name}"
        )
        visible, _, hidden = test.partition("### BEGIN HIDDEN TESTS\n")
        assert visible == f'check("{item.name}", {item.name})\n'
        if isinstance(exercise, CodeExercise):
            assert hidden.startswith(f'assert check("{item.name}", {item.name})\n')
        else:
            assert hidden.startswith(f"{item.points:g} * credit(")
        for option in getattr(exercise, "options", ()):
            rest = option.text.removeprefix(option.word)
            assert f"- **{option.word}**{rest}\n" in text + "\n"
    assert all(info.get("schema_version", 3) == 3 for info in infos)


def verdicts(notebook):
    cells = [c for c in notebook.cells if c.cell_type == "code" and "check(" in c.source]
    return [o["data"]["text/plain"] for c in cells for o in c.outputs if "data" in o]


@pytest.mark.parametrize("name", matrix([path.stem for path in OF_LESSONS], "derivatives"))
def test_the_student_version_runs_untouched(name, course):
    assert course_py("release", name, "--course", course) == 0
    path = course / "release" / name / f"{name}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "HIDDEN" not in text
    assert "SOLUTION" not in text
    notebook = nbformat.read(path, as_version=4)
    run(notebook)
    said = verdicts(notebook)
    assert len(said) == len(solutions(read(path)))
    assert all("Not attempted yet" in words for words in said)


@pytest.mark.complete
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # of nbgrader's own
def test_plain_nbgrader_grades_the_assignment_too(course, release, tmp_path):
    """The institution's own nbgrader, with its defaults: generate, autograde, feedback."""
    source = tmp_path / "source" / "derivatives"
    shutil.copytree(ROOT / "notebooks" / "rehearsals" / "derivatives", source)
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    nbgrader = NbGraderAPI(config=config)
    done = nbgrader.generate_assignment("derivatives")
    assert done["success"], done
    made = read(tmp_path / "release" / "derivatives" / "derivatives.ipynb")
    assert "NotImplementedError" in "".join(solutions(made)["derive_tanh"]["source"])
    partial = 'derive_sigmoid = """\nexp(-z)/(1 + exp(-z))^2\n= g*(1 + g)\n"""'
    answers = RIGHT | {"sigmoid": "def sigmoid(z): return z", "derive_sigmoid": partial}
    hand_in(tmp_path, "ada", answered(made, answers))
    for step in (nbgrader.autograde, nbgrader.generate_feedback):
        done = step("derivatives", "ada")
        assert done["success"], done
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        submission = book.find_submission("derivatives", "ada")
        theirs = {
            g.name.removeprefix("test_"): g.auto_score for g in submission.notebooks[0].grades
        }
    assert (tmp_path / "feedback" / "ada" / "derivatives" / "derivatives.html").exists()
    assert course_py("grade", "derivatives", "--course", tmp_path) == 0
    ours = {name: row["score"] for name, row in grades(tmp_path)["ada"].items()}
    assert ours == theirs
    assert (ours["sigmoid"], ours["derive_sigmoid"]) == (0, 1)


def test_partial_credit_and_no_run_for_texts():
    answers = {
        "derive_tanh": 'derive_tanh = """\nD(t) = 1 + t\n(cosh(z)^2 - sinh(z)^2)/cosh(z)^2\n"""',
        "q_relu_zero": 'q_relu_zero = "one or interval"',
        "q_sigmoid_max_where": "q_sigmoid_max_where = 2 - 2",
        "q_tanh_max_slope": "raise SystemExit\nq_tanh_max_slope = '1'",
        "q_leaky_max_valid": "q_leaky_max_valid = open('/etc/passwd').read()",
    }
    with sandbox.Sandbox() as box:
        rows = {r.exercise: r for r in judge.grade_in(box, job("x", answers)).rows}
    assert rows["derive_tanh"].score == 1.0
    assert rows["derive_tanh"].first_wrong_line == 1
    assert rows["q_relu_zero"].score == 0.5
    assert rows["q_sigmoid_max_where"].score == 1
    assert rows["q_tanh_max_slope"].score == 1, "the cell is read, not run"
    assert rows["q_leaky_max_valid"].score == 0


def test_an_assignment_names_exercises(tmp_path):
    info = {"grade_id": "no_such", "solution": True}
    cell = {"cell_type": "code", "metadata": {"nbgrader": info}, "source": ""}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [cell]}))
    with pytest.raises(ValueError, match="no_such"):
        read_assignment(path, "a")


def test_answers_stand_in_code_cells_alone(tmp_path):
    notebook = read(OF_LESSONS[0])
    name, cell = next(iter(solutions(notebook).items()))
    cell["cell_type"] = "markdown"
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook))
    with pytest.raises(ValueError, match=f"the solution cell {name} must be a code cell"):
        read_assignment(path, "a")
    assert "onerror" not in with_answers(notebook, [(name, "<img src=x onerror=alert(1)>")])


def test_a_process_that_dies_is_found(monkeypatch):
    """Of submissions in flight together the deadly one is found, the others lose nothing."""
    options = command._parser().parse_args(["grade", "x", "--workers", "2"])
    jobs = [Job(name, Assignment("x", (Item("sigmoid", 1.0),)), b"", b"") for name in "abcdefg"]
    monkeypatch.setattr(workers, "grade", deadly)
    results = {r.student: r.problem for r in workers.graded(jobs, options)}
    assert sorted(results) == list("abcdefg")
    assert results.pop("c") == workers.KILLS
    assert set(results.values()) == {"fine"}


@pytest.mark.parametrize("pause", [0, 0.3], ids=["not noticed yet", "noticed"])
def test_a_process_that_dies_idle_is_replaced(monkeypatch, pause):
    """Nothing is lost when a worker is killed between two submissions, as for want of memory."""
    options = command._parser().parse_args(["grade", "x", "--workers", "1"])
    jobs = [Job(name, Assignment("x", (Item("sigmoid", 1.0),)), b"", b"") for name in "abd"]
    monkeypatch.setattr(workers, "grade", whose)
    results = []
    for result in workers.graded(jobs, options):
        results.append(result)
        worker = int(result.problem)
        os.kill(worker, signal.SIGKILL)
        time.sleep(pause)
    assert [r.student for r in results] == ["a", "b", "d"]
    assert len({r.problem for r in results}) == 3
