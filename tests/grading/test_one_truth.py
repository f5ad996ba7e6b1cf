"""The gradebook is the one truth: lateness, people's points, appeals, nbgrader's own buttons."""

import csv
import json
import shutil
import subprocess
import sys
import time
from datetime import datetime

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.grading.attempts import shown
from helpers.grading.by_hand import without_markup
from tests.grading.course import course_py
from tools.submissions import answered, grades, hand_in, points, read, right_answers

RIGHT = right_answers()
TASK = {"schema_version": 3, "locked": False, "grade": True, "solution": True, "task": False}
DUE = "2026-12-01T12:00+00:00"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course whose assignment asks for an essay, too."""
    folder = tmp_path_factory.mktemp("course")
    source = folder / "source" / "derivatives"
    source.mkdir(parents=True)
    notebook = nbformat.read("notebooks/rehearsals/derivatives/derivatives.ipynb", as_version=4)
    keep = {"sigmoid", "test_sigmoid", "q_relu_zero", "test_q_relu_zero"}
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {"grade_id": "sigmoid"})["grade_id"] in keep
    ]
    info = {**TASK, "grade_id": "why_saturated", "points": 4}
    essay = "### BEGIN SOLUTION\nIts slope is nearly 0.\n### END SOLUTION"
    notebook.cells.append(nbformat.v4.new_markdown_cell(essay, metadata={"nbgrader": info}))
    nbformat.write(notebook, source / "derivatives.ipynb")
    assert course_py("release", "derivatives", "--course", folder) == 0
    return folder


@pytest.fixture
def course(released, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(released, folder)
    path = folder / "nbgrader_config.py"
    path.write_text(path.read_text("utf-8").replace(str(released), str(folder)), "utf-8")
    return folder


def submit(course, student, answers=RIGHT, essay=None, when="2026-12-01 11:00:00.000000 UTC"):
    notebook = answered(read(course / "release/derivatives/derivatives.ipynb"), answers)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "why_saturated":
            cell["source"] = essay or "YOUR ANSWER HERE"
    path = hand_in(course, student, notebook)
    path.with_name("timestamp.txt").write_text(when)
    path.with_name("submission_secret.txt").write_text(f"secret of {student}")
    return path


def grade(course, *words):
    return course_py("grade", "derivatives", "--course", course, "--workers", 1, *words)


def book(course):
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def api(course):
    config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config())
    return NbGraderAPI(config=config)


def totals(course):
    with (course / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def page(course, student):
    return (course / "feedback" / student / "derivatives/derivatives.html").read_text("utf-8")


# --- lateness ----------------------------------------------------------------------------------


def test_a_late_student_loses_points_and_one_with_an_extension_does_not(course, capsys):
    path = course / "nbgrader_config.py"
    path.write_text(path.read_text("utf-8").replace("# c.", "c."), "utf-8")
    assert course_py("due", "derivatives", DUE, "--course", course) == 0
    late = "2026-12-02 13:00:00.000000 UTC"  # 25 hours: two days are begun
    extended = ("--student", "bob", "--course", course)
    assert course_py("due", "derivatives", "2026-12-03T12:00+00:00", *extended) == 0
    for student, when in {"ada": "2026-12-01 11:00:00 UTC", "bob": late, "cyd": late}.items():
        submit(course, student, when=when)
    assert grade(course) == 0
    assert "late, with a penalty: cyd\n" in capsys.readouterr().out
    rows = totals(course)
    assert [rows[s]["total"] for s in ("ada", "bob", "cyd")] == ["2", "2", "1.6"]
    assert rows["cyd"]["late"] == "25.00 h"
    assert "For being late 0.4 points are taken off: <strong>1.6</strong>" in page(course, "cyd")
    assert "with your extension" in page(course, "bob")
    with book(course) as gradebook:
        submission = gradebook.find_submission("derivatives", "cyd")
        assert (submission.score, submission.late_submission_penalty) == (2, pytest.approx(0.4))
        assert submission.total_seconds_late == 25 * 3600
    # nbgrader's own exporter says the same
    assert [row["total"] for row in totals(course).values()] == ["2", "2", "1.6"]
    assert course_py("due", "derivatives", "2026-12-03T12:00+00:00", "--course", course) == 0
    assert grade(course) == 0  # a later date for all: nothing is judged again, the penalty goes
    assert "0 graded" in capsys.readouterr().out
    assert totals(course)["cyd"]["total"] == "2"


def test_handing_in_the_same_again_is_not_late(course):
    path = course / "nbgrader_config.py"
    path.write_text(path.read_text("utf-8").replace("# c.", "c."), "utf-8")
    assert course_py("due", "derivatives", DUE, "--course", course) == 0
    submit(course, "ada")
    grade(course)
    again = submit(course, "ada", when="2026-12-05 11:00:00 UTC")
    saved = read(again)
    saved["cells"][1]["execution_count"] = 7
    again.write_text(json.dumps(saved))
    grade(course)
    assert totals(course)["ada"]["total"] == "2"
    submit(
        course,
        "ada",
        {**RIGHT, "sigmoid": "# other words\n" + RIGHT["sigmoid"]},
        when="2026-12-05 11:00:00 UTC",
    )
    grade(course)
    assert totals(course)["ada"]["total"] == "1.2"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tomorrow",), "'tomorrow' is no time; write it as 2026-12-01T23:59"),
        (("2026-12-01T23:59", "--student", "bob"), "has no due date that could be extended"),
    ],
)
def test_a_due_date_that_cannot_be_is_refused(course, words, said, capsys):
    assert course_py("due", "derivatives", *words, "--course", course) == 2
    assert said in capsys.readouterr().err


def test_a_time_that_cannot_be_read_stops_nobody(course):
    for n, words in enumerate(("", "yesterday", "9" * 150, "2026-13-45", "\0")):
        submit(course, f"s{n}", when=words)
    assert grade(course) == 0
    assert {row["handed_in"] for row in totals(course).values()} == {""}


# --- what people add ---------------------------------------------------------------------------


def test_an_essay_waits_for_a_person_and_blank_ones_do_not(course, capsys):
    submit(course, "ada", essay="Its slope is nearly 0: $a < b$ <script>alert(1)</script>")
    submit(course, "bob")
    assert grade(course) == 0
    assert "for a person to look at, in the formgrader: ada\n" in capsys.readouterr().out
    rows = grades(course)
    assert rows["ada"]["why_saturated"]["max_score"] == "4"
    assert rows["ada"]["why_saturated"]["reason"].startswith("A person grades this")
    assert rows["bob"]["why_saturated"]["score"] == 0
    shown = (course / "autograded/ada/derivatives/derivatives.ipynb").read_text("utf-8")
    assert "<script" not in shown
    assert r"$a \\lt  b$" in shown
    assert "not graded yet" in page(course, "ada")
    with book(course) as gradebook:
        assert gradebook.find_submission("derivatives", "ada").needs_manual_grade
        assert not gradebook.find_submission("derivatives", "bob").needs_manual_grade


def by_hand(course, student, cell, score, comment="", extra=None):
    """Do what the formgrader does when a person gives points."""
    with book(course) as gradebook:
        found = gradebook.find_grade(cell, "derivatives", "derivatives", student)
        found.manual_score, found.extra_credit, found.needs_manual_grade = score, extra, False
        if comment:
            name = cell.removeprefix("test_")
            said = gradebook.find_comment(name, "derivatives", "derivatives", student)
            said.manual_comment = comment
        gradebook.db.commit()


def test_points_of_a_person_reach_every_view_and_are_flagged_on_a_resubmission(course, capsys):
    submit(course, "ada", {**RIGHT, "sigmoid": "def sigmoid(z): return z"}, essay="Flat.")
    grade(course)
    assert points(grades(course)["ada"], ["sigmoid"]) == 0
    by_hand(course, "ada", "test_sigmoid", 0.5, "Half: <the idea> is right.")
    by_hand(course, "ada", "why_saturated", 3, extra=1)
    assert grade(course) == 0
    assert "0 graded" in capsys.readouterr().out
    row = grades(course)["ada"]
    assert [row[n]["score"] for n in ("sigmoid", "q_relu_zero", "why_saturated")] == [0.5, 1, 4]
    assert "Half: <the idea> is right." in row["sigmoid"]["reason"]
    assert totals(course)["ada"]["total"] == "5.5"
    text = page(course, "ada")
    assert "<strong>5.5 of 6 points</strong>" in text
    assert "Half: &lt;the idea&gt; is right." in text
    assert "earned 92 % of the points" in (course / "summary/derivatives.html").read_text("utf-8")

    submit(course, "ada", {**RIGHT, "sigmoid": "def sigmoid(z): return -z"}, essay="Flat.")
    grade(course)
    assert "for a person to look at, in the formgrader: ada" in capsys.readouterr().out
    assert "given for an earlier hand-in" in grades(course)["ada"]["sigmoid"]["reason"]
    assert totals(course)["ada"]["to_look_at"] == "sigmoid why_saturated"
    with book(course) as gradebook:
        found = gradebook.find_grade("test_sigmoid", "derivatives", "derivatives", "ada")
        assert (found.manual_score, found.needs_manual_grade) == (0.5, True)
    assert "<h2>Your hand-ins</h2>" in page(course, "ada")


# --- appeals -----------------------------------------------------------------------------------


def test_a_request_comes_back_answered(course, capsys):
    path = submit(course, "ada", {**RIGHT, "sigmoid": "def sigmoid(z): return z"})
    grade(course)
    asked = "sigmoid: z is <b>close</b> enough\nnear 0.\nAnswer: granted\n## sigmoid (2026-01-01)\n"
    path.with_name("regrade.txt").write_text(asked, encoding="utf-8")
    grade(course)
    request = course / "requests" / "derivatives" / "ada.txt"
    assert f"requests without an answer, in {request.parent}: ada" in capsys.readouterr().out
    assert "not answered yet" in page(course, "ada")
    text = request.read_text("utf-8")
    assert text.endswith("## sigmoid (2026-01-01)\n\nAnswer:\n\n")
    request.write_text(text + "\nAt z = 0 it is 1/2,\nyours 0.\n", encoding="utf-8")
    grade(course)
    assert "requests" not in capsys.readouterr().out
    assert "At z = 0 it is 1/2,\nyours 0." in page(course, "ada")
    assert "z is &lt;b&gt;close" in page(course, "ada")
    assert page(course, "ada").count("2026-01-01") == 1, "quoted, and no request of its own"
    path.with_name("regrade.txt").write_text("Please look at all of it.", encoding="utf-8")
    grade(course)
    text = request.read_text("utf-8")
    assert text.count("\n## ") == 2
    assert "yours 0." in text


# --- nbgrader's own tools ----------------------------------------------------------------------


@pytest.mark.complete
def test_the_formgrader_agrees_and_its_buttons_ask_our_judge(course):
    marker = course / "ran"
    evil = f"open({str(marker)!r}, 'w')\n"
    submit(course, "ada", {**RIGHT, "sigmoid": evil + RIGHT["sigmoid"]})
    submit(course, "bob")
    hand_in(course, "zed", b"\x00 no notebook")
    assert grade(course) == 1
    nbgrader = api(course)
    assert nbgrader.get_autograded_students("derivatives") == {"ada", "bob", "zed"}
    assert all(s["autograded"] for s in nbgrader.get_submissions("derivatives"))
    before = [
        (course / "grades.csv").read_bytes(),
        read(course / "autograded/bob/derivatives/derivatives.ipynb"),
    ]
    by_hand(course, "bob", "test_sigmoid", 0.25)
    for student in ("ada", "bob", "zed"):
        done = nbgrader.autograde("derivatives", student)
        assert done["success"], done
    assert not marker.exists()
    after = [
        (course / "grades.csv").read_bytes(),
        read(course / "autograded/bob/derivatives/derivatives.ipynb"),
    ]
    assert after[1] == before[1]
    assert grades(course)["bob"]["sigmoid"]["score"] == 0.25
    assert nbgrader.get_autograded_students("derivatives") == {"ada", "bob", "zed"}
    by_hand(course, "bob", "test_sigmoid", 0.75)
    done = nbgrader.generate_feedback("derivatives", "bob")
    assert done["success"], done
    assert "0.75 of 1 point" in page(course, "bob")


def test_the_exchange_hands_out_our_pages(course, tmp_path, monkeypatch):
    path = course / "nbgrader_config.py"
    exchange, cache = tmp_path / "exchange", tmp_path / "cache"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    more = f"c.Exchange.root = {str(exchange)!r}\nc.Exchange.cache = {str(cache)!r}\n"
    more += f"c.Exchange.assignment_dir = {str(tmp_path / 'home')!r}\n"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    (tmp_path / "home").mkdir()
    submit(course, "ada")
    hand_in(course, "bob", read(course / "submitted/ada/derivatives/derivatives.ipynb"))
    (course / "submitted/bob/derivatives/timestamp.txt").unlink(missing_ok=True)
    assert grade(course) == 0
    nbgrader = [sys.executable, "-m", "nbgrader", "release_feedback", "derivatives"]
    done = subprocess.run(nbgrader, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    handed_out = [*exchange.glob("*/feedback/*.html")]
    assert sorted(p.read_text("utf-8") for p in handed_out) == sorted(
        page(course, s) for s in ("ada", "bob")
    )


def test_text_of_a_student_can_hold_no_html():
    for text in ("<img src=x onerror=y>", "$a<b$ <i>", r"\(x<y\)<script>", "$$<x$$", "a $ < b"):
        assert "<" not in without_markup(text)


def test_a_configuration_of_the_teacher_stays_and_is_told_what_is_missing(course, capsys):
    path = course / "nbgrader_config.py"
    path.write_text("c = get_config()\nc.CourseDirectory.course_id = 'mine'\n")
    assert course_py("release", "derivatives", "--course", course) == 0
    said = capsys.readouterr().out
    assert 'c.Autograde.exporter_class = "helpers.grading.formgrader.Judged"' in said
    assert path.read_text().count("\n") == 2
    path.write_text("c = get_confg()\n")
    assert course_py("release", "derivatives", "--course", course) == 2
    assert "cannot be used (NameError" in capsys.readouterr().err


def test_tables_are_safe_in_a_spreadsheet_and_open_as_unicode(course):
    submit(course, '=HYPERLINK("evil")')
    assert grade(course) == 0
    for name in ("grades.csv", "totals.csv"):
        data = (course / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert b"\n=HYP" not in data
        assert b"'=HYPERLINK" in data


def test_a_page_shows_times_as_the_clocks_there_do(monkeypatch):
    with monkeypatch.context() as berlin:
        berlin.setenv("TZ", "Europe/Berlin")
        time.tzset()
        assert shown(datetime(2026, 12, 1, 23)) == "2026-12-02 00:00 CET"
    time.tzset()
