"""Files as Moodle and Canvas export them, from `submit` to the grades."""

import csv
import json
import zipfile
from datetime import UTC, datetime

import pytest
from nbgrader.api import Gradebook

from helpers.handin import pack
from tests.grading.course import ALL, course_py
from tools.submissions import answered, grades, points, right_answers

RIGHT = right_answers()
FIRST, SECOND = (datetime(2026, 12, day, 12, tzinfo=UTC) for day in (1, 2))


@pytest.fixture
def files(release):
    """Make the file that a student hands in."""

    def made(answers=RIGHT, when=FIRST, assignment="derivatives"):
        return pack(answered(release, answers), assignment, when)

    return made


def roster(folder):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        book.add_student("al1815", first_name="Ada", last_name="Lovelace", lms_user_id="77")
        book.add_student("aw1", first_name="Anna", last_name="Weiß")
        book.add_student("aw2", first_name="Anna", last_name="Weiß")


def totals(folder):
    with (folder / "totals.csv").open(encoding="utf-8-sig") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def grade(folder, export):
    words = ("grade", "derivatives", "--course", folder, "--workers", 1)
    return course_py(*words, "--files", export)


def test_an_export_of_moodle_is_graded(small, files, tmp_path, capsys):
    folder, export = small(0), tmp_path / "moodle.zip"
    roster(folder)
    wrong = {**RIGHT, "sigmoid": "def sigmoid(z): return z"}
    changed = json.loads(files())
    changed["cells"][-1]["source"] = "x"
    with zipfile.ZipFile(export, "w") as archive:
        for name, data in {
            "Ada Lovelace_4_assignsubmission_file_/derivatives.handin.ipynb": files(wrong),
            "Ada Lovelace_4_assignsubmission_file_/mine (1).handin.ipynb": files(RIGHT, SECOND),
            "Anna Weiß_5_assignsubmission_file_/derivatives.handin.ipynb": files(wrong),
            "Cyd Ng_6_assignsubmission_file_/derivatives.handin.ipynb": json.dumps(changed),
            "Dan Li_7_assignsubmission_file_/essay.pdf": b"%PDF",
            "Eve O_8_assignsubmission_file_/d.ipynb": files(assignment="diagnosis"),
            "../../Fay_9_assignsubmission_file_/derivatives.ipynb": files(),
            "Gil Wu_10_assignsubmission_file_/derivatives.ipynb": json.dumps(
                answered(json.loads(files()), RIGHT) | {"metadata": {}}
            ),
            "Ada Lovelace_4_assignsubmission_file_/regrade.txt": "sigmoid: why?",
        }.items():
            archive.writestr(name, data)
    assert grade(folder, export) == 1
    said = capsys.readouterr().out
    assert said.endswith("  not on the roster: Anna_Weiß_5, Cyd_Ng_6, Fay_9, Gil_Wu_10\n")
    assert totals(folder)["Cyd_Ng_6"]["to_look_at"].endswith("not on the roster")
    assert "5 students handed in 6 files." in said
    assert (
        "al1815: the last of 2 files is taken, Ada Lovelace_4_assignsubmission_file_/mine" in said
    )
    assert "Cyd_Ng_6: the fingerprint does not fit" in said
    assert "essay.pdf: left out, it is no notebook" in said
    assert "d.ipynb: left out, it is for diagnosis" in said
    assert "Gil_Wu_10: a plain notebook, without a fingerprint" in said
    assert "requests without an answer" in said
    rows = grades(folder)
    assert {*rows} == {"al1815", "Anna_Weiß_5", "Cyd_Ng_6", "Fay_9", "Gil_Wu_10"}
    assert points(rows["al1815"]) == points(rows["Gil_Wu_10"]) == ALL
    assert rows["Anna_Weiß_5"]["sigmoid"]["score"] == 0
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        when = book.find_submission("derivatives", "al1815").timestamp
        assert when == SECOND.replace(tzinfo=None)
        new = book.find_student("Cyd_Ng_6")
        assert (new.first_name, new.last_name) == ("Cyd", "Ng")
    assert grade(folder, export) == 1  # once more: nothing is done twice
    assert "0 graded" in capsys.readouterr().out


def test_an_export_of_canvas_is_graded(small, files, tmp_path, capsys):
    folder, export = small(0), tmp_path / "canvas"
    roster(folder)
    export.mkdir()
    wrong = {**RIGHT, "sigmoid": "def sigmoid(z): return z"}
    for name, data in {
        "lovelaceada_77_815_derivatives.handin.ipynb": files(wrong),
        "lovelaceada_LATE_77_816_derivatives.handin-1.ipynb": files(RIGHT, SECOND),
        "ngcyd_78_817_derivatives.handin.ipynb": files(),
    }.items():
        (export / name).write_text(data, encoding="utf-8")
    assert grade(folder, export) == 1
    said = capsys.readouterr().out
    assert "not on the roster: ngcyd_78" in said
    assert "al1815: late, as Canvas says" in said
    assert {s: points(r) for s, r in grades(folder).items()} == {"al1815": ALL, "ngcyd_78": ALL}


def test_first_name_first_goes_before_the_other_order_and_accents_are_one(small, files, tmp_path):
    folder, export = small(0), tmp_path / "moodle"
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        book.add_student("kim", first_name="Kim", last_name="Lee")
        book.add_student("lee", first_name="Lee", last_name="Kim")
        book.add_student("chloe", first_name="Chloé", last_name="Tour")
    for name in ("Kim Lee_5", "Lee Kim_6", "Chloe\u0301 Tour_7"):
        place = export / f"{name}_assignsubmission_file_"
        place.mkdir(parents=True)
        (place / "derivatives.ipynb").write_text(files(assignment="derivatives (1)"))
    assert grade(folder, export) == 0
    assert {*grades(folder)} == {"kim", "lee", "chloe"}


def test_more_time_is_given_to_nobody_who_is_not_on_the_roster(small, capsys):
    folder = small(0)
    roster(folder)
    words = ("--course", folder)
    assert course_py("due", "derivatives", "2026-12-01T12:00", *words) == 0
    assert course_py("due", "derivatives", "2026-12-02T12:00", *words, "--student", "al1851") == 2
    assert "near it: al1815" in capsys.readouterr().err
    assert course_py("due", "derivatives", "2026-12-02T12:00", *words, "--student", "al1815") == 0


def test_what_cannot_be_read_is_no_zero_in_an_lms(small, capsys):
    from helpers.classroom import __main__ as classroom

    folder = small(1)
    broken = folder / "submitted" / "eve" / "derivatives"
    broken.mkdir(parents=True)
    (broken / "derivatives.ipynb").write_text("{")
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 1
    assert "cannot be read as JSON" in totals(folder)["eve"]["to_look_at"]
    assert classroom.main(["export", "grades", "moodle", "--course", str(folder)]) == 0
    with (folder / "moodle.csv").open(encoding="utf-8-sig") as file:
        found = {row["username"]: row["derivatives"] for row in csv.DictReader(file)}
    assert found == {"eve": "", "s000": f"{ALL}"}


@pytest.mark.parametrize("what", ["nothing", "text", "empty"])
def test_what_is_no_export_is_refused(small, tmp_path, what, capsys):
    export = tmp_path / what
    if what == "text":
        export.write_text("no archive")
    elif what == "empty":
        export.mkdir()
    assert grade(small(1), export) == 2
    assert str(export) in capsys.readouterr().err
