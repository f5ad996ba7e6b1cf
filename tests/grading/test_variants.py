"""Items of each student's own: two copies differ, a copied answer earns nothing."""

import html
import json
import re

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.exercises import CodeExercise, UnknownExercise, check, hint, solution
from helpers.grading import read_assignment
from helpers.grading.journal import secret_of_course
from helpers.grading.variants import difficulties, drawn_for
from tests.exercises.practice_sweep import careless, right_answer
from tests.grading.course import OF_FAMILIES, ROOT, course_py
from tests.matrix import matrix
from tools.notebooks import run
from tools.submissions import answered, grades, hand_in, points, read, solutions

PATH = ROOT / "notebooks" / "assignments" / "variants" / "variants.ipynb"
ASKED = read_assignment(PATH, "variants")
STUDENTS = ("ada", "bob", "eve")
SHIPPED = {path.stem: path for path in OF_FAMILIES}


def sources(student, secret, given=right_answer):
    """The cells of a student who answers their own questions."""
    found = {}
    for name in ASKED.variants:
        exercise = drawn_for(student, name, "variants", secret)
        answer = given(exercise)
        code = isinstance(exercise, CodeExercise)
        found[name] = exercise.code if code else f'{name} = """\n{answer}\n"""'
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of three whose answers are graded: Bob copies from Ada, Eve takes it easy."""
    folder = tmp_path_factory.mktemp("course")
    secret = b"the same in every run, so that no two answers are equal by chance"
    (folder / ".grading").mkdir()
    (folder / ".grading" / "secret").write_bytes(secret)
    assert course_py("release", "variants", "--course", folder) == 2
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for student in STUDENTS:
            book.add_student(student)
    assert course_py("release", "variants", "--course", folder) == 0
    easy = sources("eve", secret, lambda e: careless(e)[0] if not hasattr(e, "code") else "")
    easy |= {n: "def variant(z): return z" for n in easy if "code" in n}
    answers = {"ada": sources("ada", secret), "bob": sources("ada", secret), "eve": easy}
    for student, cells in answers.items():
        hand_in(folder, student, answered(own(folder, student), cells), "variants")
    assert course_py("grade", "variants", "--course", folder, "--workers", "1") == 0
    return folder


def own(folder, student):
    return read(folder / "release_each" / student / "variants" / "variants.ipynb")


def test_each_student_reads_their_own_questions(course, capsys):
    secret = secret_of_course(course / ".grading")
    texts = {}
    for student in STUDENTS:
        notebook = own(course, student)
        texts[student] = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        assert "{{" not in texts[student]
        assert "SOLUTION" not in texts[student]
        for name in ASKED.variants:
            exercise = drawn_for(student, name, "variants", secret)
            assert exercise.prompt.split("\n")[0] in texts[student]
            if isinstance(exercise, CodeExercise):
                assert f"def {exercise.signature}:" in texts[student]
    assert len({*texts.values()}) == 3
    assert course_py("release", "variants", "--course", course) == 0
    assert own(course, "ada") == json.loads(json.dumps(own(course, "ada")))
    said = capsys.readouterr().out
    for name in ASKED.variants:
        assert re.search(rf"{name}: \d different for 3 students; solutions of \d+ to \d+", said)


def test_an_own_notebook_runs_untouched(course):
    run(nbformat.from_dict(own(course, "ada")))


def test_own_answers_earn_all_and_copied_or_careless_ones_nothing(course):
    found = grades(course)
    for name, row in found["ada"].items():
        assert row["score"] == float(row["max_score"]), (name, row["reason"])
    assert points(found["bob"]) == 0
    assert points(found["eve"]) == 0


def test_table_and_page_say_which_question_it_was(course):
    secret = secret_of_course(course / ".grading")
    rows = grades(course)["bob"]
    page = (course / "feedback" / "bob" / "variants" / "variants.html").read_text("utf-8")
    in_formgrader = read(course / "autograded" / "bob" / "variants" / "variants.ipynb")
    shown = "\n".join("".join(cell["source"]) for cell in in_formgrader["cells"])
    assert "{{" not in shown
    for name in ("variant_chain_3", "variant_kink_4"):
        prompt = drawn_for("bob", name, "variants", secret).prompt
        assert f"Your own: {prompt}" in rows[name]["reason"]
        assert page.count(html.escape(prompt)) == 1
        assert shown.count(prompt) == 1


@pytest.mark.complete
def test_grading_again_meets_the_same_questions(course):
    before = grades(course)
    words = ("grade", "variants", "--course", course, "--workers", "1")
    assert course_py(*words, "--student", "bob") == 0
    assert grades(course) == before


@pytest.mark.parametrize("shipped", matrix([*SHIPPED], "networks"))
def test_a_shipped_assignment_asks_each_student_their_own_and_nothing_of_a_lesson(shipped):
    path = SHIPPED[shipped]
    asked = read_assignment(path, path.stem)
    text = path.read_text(encoding="utf-8")
    assert [item.name for item in asked.items] == [*asked.variants]
    for name in asked.variants:
        assert f"{{{{{name}}}}}" in text
        mine, theirs = (drawn_for(student, name, path.stem, b"secret") for student in STUDENTS[:2])
        right = right_answer(mine)
        assert mine.judge(right).correct
        assert not theirs.judge(right).correct
        for ask in (hint, solution, lambda name: check(name, "1")):
            with pytest.raises(UnknownExercise):
                ask(name)


def test_of_two_students_of_a_class_few_meet_the_same_answer():
    class_of = [f"s{n}" for n in range(200)]
    for line in difficulties(("variant_kink_1", "variant_picture_3"), class_of, "x", b"secret"):
        assert float(re.search(r"([\d.]+) % of the pairs", line)[1]) < 3


def test_another_secret_asks_other_questions():
    one, other = (
        [drawn_for("ada", name, "variants", secret).prompt for name in ASKED.variants]
        for secret in (b"one", b"other")
    )
    assert sum(a == b for a, b in zip(one, other, strict=True)) <= 3
    assert set(solutions(read(PATH))) == set(ASKED.variants)
