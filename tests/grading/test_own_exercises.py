"""A lecturer's own exercises are released and graded as ours, and a slip in them is refused."""

import json
import shutil

import nbformat
import pytest

from tests.exercises.test_declarations import MINE
from tests.grading.course import course_py
from tools.notebooks import run
from tools.submissions import answered, grades, hand_in, points, read, right_answers

ANSWERS = {
    "cube_prime": "def cube_prime(z):\n    return 3 * z**2",
    "derive_cube": 'derive_cube = """\nD(z^3)\n= 3*z^2\n"""',
    "q_cube": 'q_cube = "3"',
}


def code(source, **info):
    metadata = {"nbgrader": {"schema_version": 3, "task": False} | info} if info else {}
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def notebook(load="exercises.py"):
    """An assignment in nbgrader's source form that asks for the three exercises of MINE."""
    flags = {"grade": False, "locked": False, "solution": True}
    tested = {"grade": True, "locked": True, "solution": False, "points": 2}
    first = "from helpers.exercises import check, credit, load\n\n"
    cells = [code(first + (f'load("{load}")' if load else "..."))]
    for name, answer in ANSWERS.items():
        marked = f"{name} = ...\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        hidden = f'assert check("{name}", {name})'
        if name == "derive_cube":
            hidden = f'2 * credit("{name}", {name}, "3*z^2")'
        test = f'check("{name}", {name})\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS'
        cells += [
            code(marked, grade_id=name, **flags),
            code(test, grade_id=f"test_{name}", **tested),
        ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def course(tmp_path):
    source = tmp_path / "source" / "own"
    source.mkdir(parents=True)
    nbformat.write(notebook(), source / "own.ipynb")
    (source / "exercises.py").write_text(MINE, encoding="utf-8")
    return tmp_path


def test_own_exercises_are_released_and_graded_in_the_sandbox(course, released_into, capsys):
    released_into(course)
    released = read(course / "release/derivatives/derivatives.ipynb")
    hand_in(course, "ada", answered(released, right_answers()))
    before = ("grade", "derivatives", "--course", course, "--workers", 1)
    assert course_py(*before) == 0
    capsys.readouterr()

    assert course_py("release", "own", "--course", course) == 0
    assert "exercises.py goes to them with it, answers included" in capsys.readouterr().out
    release = course / "release" / "own"
    assert (release / "exercises.py").read_text(encoding="utf-8") == MINE
    students = nbformat.read(release / "own.ipynb", as_version=4)
    assert "3 * z**2" not in (release / "own.ipynb").read_text(encoding="utf-8")
    run(students, folder=release)
    asking = [c for c in students.cells if c.source.startswith(("from helpers", "check("))]
    said = [cell.outputs[0]["data"]["text/plain"] for cell in asking]
    assert said[0] == "('cube_prime', 'derive_cube', 'q_cube')"
    assert ["Not attempted yet" in words for words in said[1:]] == [True, True, True]

    blank = read(release / "own.ipynb")
    hand_in(course, "ada", answered(blank, ANSWERS), "own")
    wrong = ANSWERS | {
        "cube_prime": "def cube_prime(z):\n    return z**3",
        "derive_cube": 'derive_cube = """\nD(z^3)\n= 3*z^2\n= 3*z\n"""',
        "q_cube": "",
    }
    hand_in(course, "bob", answered(blank, wrong), "own")
    cheat = "import helpers\ndef cube_prime(z):\n    return helpers.cube_prime(z)"
    hand_in(course, "eve", answered(blank, ANSWERS | {"cube_prime": cheat}), "own")
    own = ("grade", "own", "--course", course, "--workers", 1)
    assert course_py(*own) == 0
    rows = grades(course)
    assert points({n: rows["ada"][n] for n in ANSWERS}) == 6
    assert [rows["bob"][n]["score"] for n in ANSWERS] == [0, 1, 0]
    assert rows["bob"]["cube_prime"]["diagnoses"].startswith("function-derivative-mixup")
    assert rows["bob"]["derive_cube"]["reason"].startswith("Line 3: ")
    assert "`helpers.cube_prime`, which is not there" in rows["eve"]["cube_prime"]["reason"]
    page = (course / "feedback/bob/own/own.html").read_text(encoding="utf-8")
    assert "Derivative of z cubed." in page

    capsys.readouterr()
    for words in (own, before):  # nothing is graded again for the other assignment's sake
        assert course_py(*words) == 0
        assert ": 0 graded" in capsys.readouterr().out
    path = course / "source" / "own" / "exercises.py"
    path.write_text(MINE.replace("q_cube", "q_cube") + "# changed\n", encoding="utf-8")
    assert course_py(*own) == 0
    assert ": 3 graded" in capsys.readouterr().out


@pytest.mark.complete
def test_for_an_exam_they_stay_with_the_lecturer(course, capsys):
    source = course / "source" / "own"
    shutil.move(source / "exercises.py", course / "mine.py")
    nbformat.write(notebook(load=""), source / "own.ipynb")
    assert course_py("release", "own", "--course", course) == 2
    assert "does not hold for cube_prime, derive_cube, q_cube" in capsys.readouterr().err
    option = ("--exercises", course / "mine.py")
    assert course_py("release", "own", "--course", course, *option) == 0
    assert [path.name for path in (course / "release" / "own").iterdir()] == ["own.ipynb"]
    blank = read(course / "release/own/own.ipynb")
    hand_in(course, "ada", answered(blank, ANSWERS), "own")
    assert course_py("grade", "own", "--course", course, "--workers", 1, *option) == 0
    assert points(grades(course)["ada"]) == 6


SLIPS = [
    ("3*z^2", "3*z^^2", "exercise 'cube_prime', forms: "),
    ("2*z\\n", "2*z\\n", None),
    ('goals=("3*z^2",)', 'goals=("z^2",)', "exercise 'derive_cube', goals: z^2 is not the slope"),
    ('"q_cube"', '"q_sigmoid_max_slope"', "an exercise of the course has it"),
    ("lesson=1", "leson=1", "TypeError"),
    ("EXERCISES = (", "EXERCISES = (\n    nobody,", ", line 5 cannot be used (NameError"),
    ("EXERCISES = (", "EXERCISES = ((", "SyntaxError"),
]


@pytest.mark.parametrize(("old", "new", "words"), SLIPS)
@pytest.mark.parametrize("command_", ["release", "grade"])
def test_a_slip_in_them_is_refused_before_anything_is_done(
    command_, old, new, words, course, capsys
):
    path = course / "source" / "own" / "exercises.py"
    path.write_text(MINE.replace(old, new), encoding="utf-8")
    status = course_py(command_, "own", "--course", course)
    if words is None:
        assert status == (0 if command_ == "release" else 2)
        return
    said = capsys.readouterr().err
    assert status == 2
    assert str(path) in said
    assert words in said
    assert not (course / "release").exists()


def test_a_checkpoint_that_is_not_the_slope_is_refused(course, capsys):
    path = course / "source" / "own" / "own.ipynb"
    text = path.read_text(encoding="utf-8").replace('\\"3*z^2\\")', '\\"2*z^3\\")')
    json.loads(text)
    path.write_text(text, encoding="utf-8")
    assert course_py("release", "own", "--course", course) == 2
    said = capsys.readouterr().err
    assert "exercise 'derive_cube', the checkpoints in own.ipynb: 2*z^3 is not the slope" in said


def test_a_cell_that_is_nothing_without_its_solution_is_refused(course, capsys):
    path = course / "source" / "own" / "own.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("q_cube = ...\\n", ""), encoding="utf-8")
    assert course_py("release", "own", "--course", course) == 2
    assert "Write `q_cube = ...` above the solution." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3 * z**2", "2 * z**2", "cube_prime earns 0 of 2: At z = "),
        ("3 * z**2", "derivative(z)", "cube_prime earns 0 of 2: When it is called with z = "),
        ('q_cube = \\"3\\"', "q_cube = scipy.stats.x", "q_cube earns 0 of 2: "),
        ("= 3*z^2\\n", "", "derive_cube earns 0 of 2: Line 1 holds."),
    ],
)
def test_a_solution_that_earns_too_little_is_refused(old, new, words, course, capsys):
    path = course / "source" / "own" / "own.ipynb"
    text = path.read_text(encoding="utf-8")
    new = new.replace("\n", "\\n")
    assert old.replace("\n", "\\n") in text
    path.write_text(text.replace(old.replace("\n", "\\n"), new), encoding="utf-8")
    assert course_py("release", "own", "--course", course) == 2
    said = capsys.readouterr().err
    assert "solutions do not earn their points where students are graded" in said
    assert words in said
    assert not (course / "release").exists()


@pytest.mark.complete
def test_an_exercise_without_a_solution_is_released_and_said(course, capsys):
    path = course / "source" / "own" / "own.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('q_cube = \\"3\\"', ""), encoding="utf-8")
    assert course_py("release", "own", "--course", course) == 0
    assert "q_cube: no solution stands there, so none was tried." in capsys.readouterr().out
