"""Where the course fails, an exercise is not graded: the teacher is told, no point is lost."""

import pytest
from nbgrader.api import Gradebook

from helpers.exercises import FAULT, code_exercise, concept_exercise, derivation_exercise
from helpers.grading import grade, judge, run
from tests.grading.course import RIGHT, course_py, job
from tools.submissions import answered, grades, hand_in, points, read

# for each kind of exercise: a part of its judge, and an answer that comes to that part
JUDGES = {
    "sigmoid": (code_exercise, "explain", "def sigmoid(z): return z"),
    "derive_tanh": (derivation_exercise, "line_stories", "derive_tanh = 't'"),
    "q_tanh_max_slope": (concept_exercise, "read_number", "q_tanh_max_slope = 2"),
    "q_relu_zero": (concept_exercise, "_gist", "q_relu_zero = 'words'"),
}


def broken(*_, **__):
    raise KeyError("no such key")


@pytest.fixture
def here(monkeypatch):
    """Grade in this process, where a part of the course can be broken."""
    monkeypatch.setattr(run, "graded", lambda jobs, options: map(judge.grade, jobs))


@pytest.mark.parametrize("name", JUDGES)
def test_an_exercise_on_which_the_course_fails_is_not_graded(
    name, course, here, monkeypatch, capsys
):
    module, part, answer = JUDGES[name]
    release = read(course / "release/derivatives/derivatives.ipynb")
    for student in ("ada", "bob"):
        hand_in(course, student, answered(release, RIGHT | {name: answer}))
    words = ("grade", "derivatives", "--course", course)
    with monkeypatch.context() as patch:
        patch.setattr(module, part, broken)
        assert course_py(*words) == 1
        said = capsys.readouterr().out
        assert f"  {name} is not graded for ada, bob: the course failed. KeyError: 'no such" in said
        assert "0 could not be graded" in said
        fault = next(line for line in said.splitlines() if name in line)
        assert "test_grading_faults.py, line " in fault
        row = (course / "grades.csv").read_text(encoding="utf-8").split(f"ada,derivatives,{name},")
        assert row[1].startswith(",")  # no score, least of all 0
        rows = grades(course)["ada"]
        others = {n: r for n, r in rows.items() if not r["reason"]}
        assert FAULT in rows[name]["reason"]
        assert "KeyError" in rows[name]["reason"]
        page = (course / "feedback/ada/derivatives/derivatives.html").read_text("utf-8")
        assert "KeyError" not in page
        assert page.count("a fault of the course, not yours") >= 1
        assert f"{points(others):g} of {points(others):g} points" in page
        left = page.partition("Not graded yet, for a fault of the course: ")[2].partition("</p>")
        assert f"<code>{name}</code>" in left[0]
        summary = (course / "summary/derivatives.html").read_text("utf-8")
        assert f"<td>{name} (2)<td>KeyError: &#x27;no such key" in summary
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            found = book.find_grade(f"test_{name}", "derivatives", "derivatives", "ada")
            assert (found.auto_score, found.needs_manual_grade) == (None, True)
            assert book.find_submission("derivatives", "ada").needs_manual_grade
        assert course_py(*words) == 1  # until the fault is mended
        assert "2 graded" in capsys.readouterr().out
    assert course_py(*words) == 0
    assert "2 graded" in capsys.readouterr().out
    assert grades(course)["ada"][name]["score"] == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        found = book.find_grade(f"test_{name}", "derivatives", "derivatives", "ada")
        assert (found.auto_score, found.needs_manual_grade) == (0, False)


def test_a_fault_outside_of_every_judge_leaves_all_ungraded(monkeypatch):
    monkeypatch.setattr(judge, "read_submission", broken)
    result = grade(job("ada", {}))
    assert len(result.faults) == len(result.rows) == 13
    assert result.problem == ""
    assert all("KeyError" in row.fault for row in result.rows)


def test_an_answer_that_takes_too_long_is_no_fault(monkeypatch):
    def endless(*_, **__):
        while True:
            pass

    real = judge.call
    monkeypatch.setattr(judge, "call", lambda f, a, seconds, **how: real(f, a, 0.2, **how))
    monkeypatch.setattr(concept_exercise, "read_number", endless)
    rows = {row.exercise: row for row in grade(job("ada", {})).rows}
    assert rows["q_tanh_max_slope"].message == "This answer takes too long to check."
    assert rows["q_tanh_max_slope"].fault == ""
    assert rows["sigmoid"].score == 1


def test_a_derivation_is_judged_once(monkeypatch):
    judged = []
    real = derivation_exercise.check_claims

    def counted(text, *more, **named):
        judged.append(text)
        return real(text, *more, **named)

    monkeypatch.setattr(derivation_exercise, "check_claims", counted)
    answer = {"derive_tanh": "derive_tanh = '1/cosh(z)\\n1/cosh(z)^2\\n1 - t^2'"}
    rows = {row.exercise: row for row in grade(job("ada", answer)).rows}
    assert judged.count("1/cosh(z)\n1/cosh(z)^2\n1 - t^2") == 1
    assert 0 < rows["derive_tanh"].score < rows["derive_tanh"].max_score
