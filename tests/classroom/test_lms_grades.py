"""Totals as Canvas and Moodle import them, from a gradebook that nbgrader made."""

import csv
import os
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from nbgrader.api import Gradebook, SubmittedAssignment

from helpers.classroom import __main__ as command

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # add_submission


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    tools = str(Path(sys.executable).parent)  # where nbgrader finds alembic
    with (
        patch.dict(os.environ, PATH=f"{tools}{os.pathsep}{os.environ['PATH']}"),
        Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book,
    ):
        book.add_assignment("derivatives")
        book.add_notebook("derivatives", "derivatives")
        book.add_grade_cell("test_a", "derivatives", "derivatives", max_score=4, cell_type="code")
        book.add_student("ada", first_name="Ada", last_name="Löve", lms_user_id="7", email="a@b.c")
        book.add_student("=cyd")
        late = book.add_student("bob")
        book.add_submission("derivatives", "ada")
        book.db.add(
            SubmittedAssignment(assignment=book.find_assignment("derivatives"), student=late)
        )
        grade = book.find_grade("test_a", "derivatives", "derivatives", "ada")
        grade.auto_score, grade.manual_score = 1, 3.5
        notebook = book.find_submission_notebook("derivatives", "derivatives", "ada")
        notebook.late_submission_penalty = 0.5
        book.db.commit()
    return folder


def rows(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.reader(file)]


def test_canvas_gets_numbers_names_and_points_possible(course):
    assert command.main(["export", "grades", "canvas", "--course", str(course)]) == 0
    found = rows(course / "canvas.csv")
    assert found[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "derivatives"]
    assert found[1] == ["    Points Possible", "", "", "", "", "4"]
    assert ["Löve, Ada", "7", "", "ada", "", "3"] in found
    assert ["bob", "", "", "bob", "", ""] in found, "an extension alone is no zero"
    assert ["'=cyd", "", "", "'=cyd", "", ""] in found


def test_moodle_gets_user_names(course):
    to = course / "out" / "m.csv"
    words = ["export", "grades", "moodle", "--course", str(course), "--to", str(to)]
    assert command.main(words) == 0
    found = rows(to)
    assert found[0] == ["username", "email", "firstname", "lastname", "derivatives"]
    assert ["ada", "a@b.c", "Ada", "Löve", "3"] in found


def test_questions_of_a_lesson(tmp_path, capsys):
    assert command.main(["export", "questions", str(tmp_path / "q"), "--lesson", "2"]) == 0
    assert "qti21.zip: " in capsys.readouterr().out
    assert command.main(["export", "questions", str(tmp_path / "q"), "--lesson", "99"]) == 2
    (tmp_path / "file").touch()
    assert command.main(["export", "questions", str(tmp_path / "file" / "sub")]) == 2
