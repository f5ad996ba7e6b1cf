"""A class in which everybody hands in another way, graded by one call of the command."""

import shutil

import pytest

from tests.grading.course import course_py
from tests.grading.sheet import Sheet
from tests.grading.ways_of_a_class import RIGHT
from tests.grading.wrong_ways_of_a_class import WRONG
from tools.submissions import grades


@pytest.fixture(scope="module")
def rows(course, tmp_path_factory):
    """The rows of grades.csv by student; each is called as their way."""
    folder = tmp_path_factory.mktemp("class")
    for name in ("source", "release"):
        shutil.copytree(course / name, folder / name)
    shutil.copy(course / "blank.db", folder / "gradebook.db")
    for name, (change, _) in (RIGHT | WRONG).items():
        sheet = Sheet()
        files = change(sheet) or {"derivatives/derivatives.ipynb": sheet.data()}
        for path, data in files.items():
            place = folder / "submitted" / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    course_py("grade", "derivatives", "--course", folder, "--timeout", "2")
    return grades(folder)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_earns_its_points(name, rows):
    lost = {
        n: row["reason"] for n, row in rows[name].items() if row["score"] != float(row["max_score"])
    }
    assert lost == {}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_earns_none(name, rows):
    _, lost = WRONG[name]
    less = {n: r["score"] for n, r in rows[name].items() if r["score"] != float(r["max_score"])}
    assert less == dict.fromkeys(lost, 0.0)
    assert all(rows[name][n]["reason"] for n in lost)
