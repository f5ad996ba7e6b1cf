"""Grading: no cheat earns a point, nothing stops a run, right answers earn all."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from helpers.exercises import EXERCISES, CodeExercise, ReferenceExercise, check
from tools.submissions import (
    SIX,
    answered,
    cheats,
    deadly,
    grades,
    hand_in,
    points,
    read,
    right_answers,
    solutions,
    whose,
)

if sys.platform != "linux":
    pytest.skip("the sandbox exists for Linux alone", allow_module_level=True)

from nbgrader.api import Grade, Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from helpers.grading import (
    Assignment,
    Item,
    Job,
    Result,
    Row,
    gradebook,
    judge,
    read_assignment,
    sandbox,
    workers,
)
from helpers.grading import __main__ as command
from helpers.grading.gradebook import Journal
from helpers.grading.pages import with_answers

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = sorted((ROOT / "notebooks" / "assignments").glob("*/*.ipynb"))
SOURCES, TRIES = cheats()
RIGHT = right_answers()
ALL = 18


def course_py(*words):
    """Run a command as `python course.py` does, here."""
    return command.main([str(word) for word in words])


def started(*words, **more):
    """Start a command in a process of its own."""
    words = [sys.executable, "-m", "helpers.grading", *map(str, words)]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(words, cwd=ROOT, **quiet, **more)


# ------------------------------------------------------------------------- one run with everything

NOTEBOOK_CHEATS = {}
BROKEN = {}
UNUSUAL = {}


def notebook_cheat(function):
    """A change to a notebook that holds six wrong functions."""
    NOTEBOOK_CHEATS[function.__name__] = function


def test_cells(notebook):
    infos = ((cell["metadata"].get("nbgrader", {}), cell) for cell in notebook["cells"])
    return [cell for info, cell in infos if info.get("grade")]


test_cells.__test__ = False


@notebook_cheat
def more_points(notebook):
    for cell in test_cells(notebook):
        cell["metadata"]["nbgrader"]["points"] = 100


@notebook_cheat
def other_tests(notebook):
    for cell in test_cells(notebook):
        cell["source"] = "1.0"


@notebook_cheat
def tests_as_text(notebook):
    for cell in test_cells(notebook):
        cell["cell_type"] = "markdown"


@notebook_cheat
def skipped_tests(notebook):
    for cell in test_cells(notebook):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]


@notebook_cheat
def copied_tests(notebook):
    notebook["cells"] += [*test_cells(notebook), *test_cells(notebook)]


@notebook_cheat
def extra_cell(notebook):
    right = "\n".join(RIGHT[name] for name in SIX)
    cell = {"cell_type": "code", "metadata": {}, "source": right, "outputs": []}
    notebook["cells"].append(cell)


@notebook_cheat
def answer_in_the_test_cell(notebook):
    for cell in test_cells(notebook):
        cell["source"] = RIGHT[cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test_")]


@notebook_cheat
def answers_as_given(notebook):
    right = "\n".join(RIGHT[name] for name in SIX)
    info = {"grade_id": "given", "locked": True, "solution": False, "grade": False}
    cell = {"cell_type": "code", "metadata": {"nbgrader": info}, "source": right, "outputs": []}
    notebook["cells"].insert(0, cell)


@notebook_cheat
def no_such_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "none", "display_name": "x", "language": "bash"}


@notebook_cheat
def future_schema(notebook):
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader", {})["schema_version"] = 99


@notebook_cheat
def large_metadata(notebook):
    notebook["metadata"]["pad"] = "x" * 20_000_000


def fill(release):
    """Fill the tables of submissions that are not simply one cell."""
    right = answered(release, RIGHT)
    text = json.dumps(right)

    def changed(change):
        notebook = json.loads(text)
        change(notebook)
        return notebook

    def cell(name, **more):
        return changed(lambda nb: solutions(nb)[name].update(more))

    def drop(notebook):
        gone = solutions(notebook)["tanh_prime"]
        notebook["cells"] = [c for c in notebook["cells"] if c is not gone]

    BROKEN.update(
        empty=b"",
        spaces=b" \n ",
        binary=bytes(range(256)) * 40,
        torn=text[: len(text) // 2].encode(),
        deep=b"[" * 100_000,
        number=b"7",
        no_cells=b'{"nbformat": 4}',
        old=json.dumps({"nbformat": 3, "worksheets": []}).encode(),
        new=text.replace('"nbformat": 4', '"nbformat": 5').encode(),
        surrogate=rb'{"nbformat": "\ud800x"}',
        huge=b" " * 100_000_000,
    )
    answers = {
        "loop": cell("sigmoid", source="def sigmoid(z):\n    while True: pass"),
        "loop_in_cell": cell("sigmoid", source="while True: pass"),
        "stubborn": cell("sigmoid", source=STUBBORN),
        "memory": cell("sigmoid", source="def sigmoid(z): return bytearray(10**10)"),
        "exit": cell("sigmoid", source="import os\nos._exit(0)"),
        "exit_called": cell("sigmoid", source="def sigmoid(z): __import__('os')._exit(0)"),
        "crash": cell("sigmoid", source="def sigmoid(z): __import__('ctypes').string_at(0)"),
        "prints": cell("sigmoid", source=RIGHT["sigmoid"].replace("    re", PRINTS)),
        "stub": cell("tanh_prime", source="def tanh_prime(z):\n    raise NotImplementedError()"),
        "missing": changed(drop),
        "no_source": cell("tanh_prime", source=None),
        "strange_source": cell("tanh_prime", source={"a": 1}),
        "markdown": cell("tanh_prime", cell_type="markdown"),
        "syntax": cell("tanh_prime", source="def tanh_prime(z) return 1"),
        "raises": cell("tanh_prime", source="raise ValueError('no')"),
        "arity": cell("tanh_prime", source="def tanh_prime(): return 1"),
        "number": cell("tanh_prime", source="tanh_prime = 3"),
        "million_characters": cell("tanh_prime", source="#" * 1_000_000),
    }
    UNUSUAL.update(
        one_cell=answered(release, {**RIGHT, **dict.fromkeys(SIX, "")} | {"sigmoid": SIX_AT_ONCE}),
        late=answered(release, RIGHT | LATE),
        loops=answered(release, RIGHT | LOOPS),
        float32=answered(release, RIGHT | FLOAT32),
        magics=cell("sigmoid", source="%matplotlib inline\n!ls\nnp.exp?\n" + RIGHT["sigmoid"]),
        as_lines=cell("sigmoid", source=RIGHT["sigmoid"].splitlines(keepends=True)),
        error_after=cell("sigmoid", source=RIGHT["sigmoid"] + "\nget_ipython()"),
        other_kernel=changed(lambda nb: nb["metadata"].update(kernelspec={"name": "python311"})),
    )
    return answers


STUBBORN = """import signal
def sigmoid(z):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        try:
            while True: pass
        except BaseException: pass"""
PRINTS = "    for _ in range(10_000): print('x' * 1000)\n    re"
SIX_AT_ONCE = "\n".join(RIGHT[name] for name in SIX)
LATE = {
    "sigmoid": "half = 0.5\ndef sigmoid(z):\n    global calls\n    calls = calls + 1\n"
    "    print(calls)\n    return helper(z)\ncalls = 0",
    "leaky_relu_prime": "def helper(z):\n    return half * (1 + np.tanh(half * z))\n"
    "leaky_relu_prime = lambda z, a: np.where(z > 0, 1, a) + 0.0",
}
LOOPS = {
    "sigmoid": "import math\ndef sigmoid(z):\n    out = np.empty(np.shape(z))\n"
    "    for i, x in np.ndenumerate(z):\n        out[i] = 1 / (1 + math.exp(-x))\n    return out",
    "relu_prime": "relu_prime = np.vectorize(lambda x: 1 if x > 0 else 0)",
    "leaky_relu": "class Leaky:\n    def __call__(self, z, a=0.01):\n"
    "        return z * (z > 0) + a * z * (z <= 0)\nleaky_relu = Leaky()",
}
FLOAT32 = {
    "sigmoid": "def sigmoid(z):\n    return (1 / (1 + np.exp(-z))).astype(np.float32)",
    "tanh_prime": "def tanh_prime(z):\n    return np.float32(1) / np.cosh(z.astype('f4')) ** 2",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose assignment is released."""
    folder = tmp_path_factory.mktemp("course")
    assert course_py("release", "derivatives", "--course", folder) == 0
    shutil.copy(folder / "gradebook.db", folder / "blank.db")
    return folder


@pytest.fixture(scope="module")
def release(course):
    return read(course / "release" / "derivatives" / "derivatives.ipynb")


@pytest.fixture(scope="module")
def run(course, release, figures_of_the_run):
    """All submissions in one run: its grades, what it printed, its exit status, its length."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        places = {"@COURSE@": str(course), "@PORT@": str(listener.getsockname()[1])}
        right = answered(release, RIGHT)
        hand_in(course, "victim", right)
        for name, source in SOURCES.items():
            source = re.sub("@[A-Z]+@", lambda found: places[found[0]], source)
            hand_in(course, f"cell-{name}", answered(release, RIGHT | six(source)))
        for name, change in NOTEBOOK_CHEATS.items():
            notebook = answered(release, RIGHT | six(SOURCES["wrong"]))
            change(notebook)
            hand_in(course, f"notebook-{name}", notebook)
        for kind, table in (("answer", fill(release)), ("broken", BROKEN), ("unusual", UNUSUAL)):
            for name, notebook in table.items():
                hand_in(course, f"{kind}-{name}", notebook)
        shutil.copy(course / "submitted/victim/derivatives/derivatives.ipynb", course / "kept")
        begin = time.monotonic()
        words = ("--course", course, "--workers", "2", "--timeout", "1")
        process = started("grade", "derivatives", *words, env=os.environ | {"GRADER_SECRET": "x"})
        said, _ = process.communicate(timeout=300)
        assert process.returncode in (0, 1), said
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()  # nobody has called
    seconds = time.monotonic() - begin
    figures_of_the_run["hostile and broken submissions, graded in one run"] = len(grades(course))
    return grades(course), said, process.returncode, seconds


def six(source):
    """The same source in the first of the six cells, the others empty."""
    return dict.fromkeys(SIX, "") | {"sigmoid": source}


@pytest.mark.parametrize("name", [n for n in SOURCES if n not in ("right", "wrong")])
def test_a_cheat_in_a_cell_earns_nothing(name, run, figures_of_the_run):
    rows = run[0][f"cell-{name}"]
    assert points(rows, SIX) == 0, TRIES[name]
    assert all(rows[exercise]["reason"] for exercise in SIX)
    assert "LEAKED" not in rows["sigmoid"]["reason"]
    assert points(rows) == ALL - 6, "the exercises that are read, not run, keep their points"
    key = "cheats without a point"
    figures_of_the_run[key] = figures_of_the_run.get(key, 0) + 1


@pytest.mark.parametrize("name", NOTEBOOK_CHEATS)
def test_a_cheat_in_the_notebook_earns_nothing(name, run, figures_of_the_run):
    assert points(run[0][f"notebook-{name}"], SIX) == 0
    figures_of_the_run["cheats without a point"] += 1


def test_controls(run):
    assert points(run[0]["cell-right"]) == ALL
    assert points(run[0]["cell-wrong"], SIX) == 0
    assert points(run[0]["victim"]) == ALL


def test_nothing_was_harmed(run, course):
    mine = course / "submitted" / "victim" / "derivatives" / "derivatives.ipynb"
    assert mine.read_bytes() == (course / "kept").read_bytes()
    loot = [*Path("/tmp").glob("loot_*"), *Path("/dev/shm").glob("loot_*"), *ROOT.glob("loot_*")]
    assert not loot


@pytest.mark.parametrize(
    "name", ["empty", "spaces", "binary", "torn", "deep", "number", "no_cells"]
)
def test_a_broken_file_costs_its_owner_alone(name, run):
    rows = run[0][f"broken-{name}"]
    assert len(rows) == 13
    assert points(rows) == 0
    assert all(row["reason"].startswith("Not graded: ") for row in rows.values())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("old", "no notebook of version 4 (its nbformat is 3)"),
        ("new", "no notebook of version 4 (its nbformat is 5)"),
        ("surrogate", "no notebook of version 4 (its nbformat is \ufffdx)"),
        ("huge", "larger than 10 MB"),
        ("empty", "the file is empty"),
        ("torn", "cannot be read as JSON"),
    ],
)
def test_the_reason_is_clear(name, reason, run):
    assert reason in run[0][f"broken-{name}"]["sigmoid"]["reason"]
    assert re.search(rf"broken-{name} +the file is .*", run[1]), "it stands in the table, too"


@pytest.mark.parametrize(
    ("name", "exercise", "reason"),
    [
        ("loop", "sigmoid", "did not finish within a second"),
        ("loop_in_cell", "sigmoid", "The cell stops with TimeUp"),
        ("stubborn", "sigmoid", "imports signal"),
        ("memory", "sigmoid", "stopped with MemoryError"),
        ("exit", "sigmoid", "imports os"),
        ("exit_called", "sigmoid", "it ended the whole process"),
        ("crash", "sigmoid", "it ended the whole process (SIGSEGV)"),
        ("prints", None, ""),
        ("stub", "tanh_prime", "Nothing to check yet"),
        ("missing", "tanh_prime", "The cell `tanh_prime` is missing"),
        ("no_source", "tanh_prime", "The cell `tanh_prime` is missing"),
        ("strange_source", "tanh_prime", ""),
        ("markdown", "tanh_prime", "The cell `tanh_prime` is missing"),
        ("syntax", "tanh_prime", "The cell stops with SyntaxError"),
        ("raises", "tanh_prime", "The cell stops with ValueError: no"),
        ("arity", "tanh_prime", "yours is written with `()`"),
        ("number", "tanh_prime", "a int came"),
        ("million_characters", "tanh_prime", "longer than 100000 characters"),
    ],
)
def test_a_death_costs_one_exercise(name, exercise, reason, run):
    rows = run[0][f"answer-{name}"]
    assert points(rows) == ALL - bool(exercise)
    assert exercise is None or rows[exercise]["score"] == 0
    assert exercise is None or reason in rows[exercise]["reason"]


@pytest.mark.parametrize("name", ["one_cell", "late", "loops", "float32", "magics", "as_lines"])
def test_unusual_right_answers_earn_all(name, run):
    rows = run[0][f"unusual-{name}"]
    assert {n: row["reason"] for n, row in rows.items() if row["reason"]} == {}
    assert points(rows) == ALL


@pytest.mark.parametrize("name", ["error_after", "other_kernel"])
def test_what_does_not_matter_costs_nothing(name, run):
    assert points(run[0][f"unusual-{name}"]) == ALL


def test_the_run_tells_what_could_not_be_graded(run):
    rows, said, status, _ = run
    assert status == 1
    problems = [name for name in rows if name.startswith("broken-")] + ["notebook-large_metadata"]
    assert f"{len(problems)} could not be graded" in said
    assert all(re.search(rf"^  {name} ", said, re.M) for name in problems)


def test_the_gradebook_holds_the_same(run, course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        found = {row["student"]: row["score"] for row in book.submission_dicts("derivatives")}
        assert found == {student: points(rows) for student, rows in run[0].items()}
        assert book.find_assignment("derivatives").max_score == ALL
        needs = book.find_submission("derivatives", "cell-wrong").needs_manual_grade
    assert not needs


def test_the_formgrader_lists_every_submission_with_its_answers(run, course):
    """What nbgrader's own page asks its API for, and the notebook that it then shows."""
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    listed = NbGraderAPI(config=config).get_notebook_submissions("derivatives", "derivatives")
    assert {row["student"]: row["score"] for row in listed} == {
        student: points(rows) for student, rows in run[0].items()
    }
    frame = read(course / "source/derivatives/derivatives.ipynb")["cells"]
    for student in run[0]:
        shown = read(course / f"autograded/{student}/derivatives/derivatives.ipynb")
        nbformat.validate(shown)
        for cell, own in zip(shown["cells"], frame, strict=True):
            if own["metadata"].get("nbgrader", {}).get("solution"):
                assert cell["cell_type"] == "code"
                assert not cell["outputs"]
            else:
                assert cell["source"] == own["source"], student
    for student in ("victim", *(f"cell-{name}" for name in SOURCES)):
        handed_in, shown = (
            solutions(read(course / f"{folder}/{student}/derivatives/derivatives.ipynb"))
            for folder in ("submitted", "autograded")
        )
        sources = {name: cell["source"] for name, cell in handed_in.items()}
        assert {name: cell["source"] for name, cell in shown.items()} == sources
    blank = solutions(read(course / "autograded/broken-empty/derivatives/derivatives.ipynb"))
    assert all(cell["source"] == "" for cell in blank.values())


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attributes)


def test_pages_escape_what_students_write(run, course):
    seen = set()
    for page in course.glob("feedback/*/derivatives/derivatives.html"):
        text = page.read_text(encoding="utf-8")
        seen.add(page.parents[1].name)
        tags = Tags(text)
        assert not tags.tags & {"script", "img", "iframe", "a", "object"}, page
        assert not any(name.startswith("on") for name in tags.attributes), page
        assert "default-src 'none'" in text
    assert seen == set(run[0])
    page = course / "feedback/cell-strange_words/derivatives/derivatives.html"
    assert "&lt;script&gt;alert(1)" in page.read_text(encoding="utf-8")


def test_a_page_gives_nothing_away(run, course):
    page = (course / "feedback/cell-table/derivatives/derivatives.html").read_text("utf-8")
    assert "Right on the inputs of the lesson." in page
    assert page.count(" your function returns ") <= 6, "one counterexample for each exercise"
    for exercise in SIX:
        assert EXERCISES[exercise].code not in page


def test_the_page_of_the_class(run, course):
    page = (course / "summary" / "derivatives.html").read_text(encoding="utf-8")
    assert '<svg role="img" aria-label="Submissions by share of the points:' in page
    assert "The hardest first" in page or "the hardest first" in page
    assert "broken-torn" in page
    assert not Tags(page).tags & {"script", "img"}


def test_feedback_is_what_check_says(run):
    source = RIGHT["sigmoid"].replace("1 + ", "1 - ")
    names = {}
    exec("import numpy as np\n" + source, names)
    verdict = check("sigmoid", names["sigmoid"])
    assert not verdict
    with sandbox.Sandbox() as box:
        result = judge.grade_in(box, job("x", {"sigmoid": source}))
    assert result.rows[0].message == verdict.message
    assert result.rows[0].diagnoses == verdict.diagnoses


# ---------------------------------------------------------------------------- again, and in parts


@pytest.fixture(scope="module")
def small(course, release, tmp_path_factory):
    """Make courses with so many right submissions."""

    def made(count):
        folder = tmp_path_factory.mktemp("small")
        shutil.copytree(course / "source", folder / "source")
        shutil.copy(course / "blank.db", folder / "gradebook.db")
        for n in range(count):
            hand_in(folder, f"s{n:03}", answered(release, RIGHT))
        return folder

    return made


def database(folder):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        found = [(g.notebook.student.id, g.name, g.auto_score) for g in book.db.query(Grade)]
    assert len(found) == len({pair[:2] for pair in found}), "a grade stands there twice"
    return sorted(found)


def everything(folder):
    kept = [folder / "grades.csv", *sorted(folder.glob("feedback/*/*/*"))]
    return [path.read_bytes() for path in kept], database(folder)


def test_grading_again_changes_nothing(small, capsys):
    folder = small(3)
    words = ("grade", "derivatives", "--course", folder, "--workers", 1)
    assert course_py(*words) == 0
    before = everything(folder)
    assert course_py(*words) == 0
    assert "0 graded" in capsys.readouterr().out
    assert course_py(*words, "--student", "s001") == 0
    assert "1 graded" in capsys.readouterr().out
    assert everything(folder) == before
    hand_in(folder, "s001", b"")  # a second hand-in
    assert course_py(*words) == 1
    said = capsys.readouterr().out
    assert "0 graded" in said
    assert "2 unchanged, 1 could not be graded" in said
    page = (folder / "summary" / "derivatives.html").read_text(encoding="utf-8")
    assert "2 submissions were graded, 1 could not be graded" in page
    assert points(grades(folder)["s001"]) == 0
    shutil.rmtree(folder / "submitted" / "s001")  # it is withdrawn
    assert course_py(*words) == 0
    assert "2 unchanged, 0 could not be graded" in capsys.readouterr().out


def test_after_a_change_of_what_the_judge_loads_all_is_graded_again(tmp_path, monkeypatch):
    program = "import sys, helpers.grading.judge; print(*sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    loaded = [name.split(".")[1:] for name in said.split() if name.startswith("helpers.")]
    helpers = shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    monkeypatch.setattr(gradebook, "__file__", str(helpers / "grading" / "gradebook.py"))
    paths = [helpers.joinpath(*parts) for parts in loaded]
    paths = [p / "__init__.py" if p.is_dir() else p.with_suffix(".py") for p in paths]
    prints = [gradebook.fingerprint_of_course()]
    for path in [*paths, helpers / "grading" / "pages.py", helpers / "data" / "digits.npz"]:
        path.write_bytes(path.read_bytes() + b"#")
        prints.append(gradebook.fingerprint_of_course())
    assert len(prints) > 15
    assert len({*prints}) == len(prints)


def test_an_exercise_may_be_worth_nothing(small):
    folder = small(1)
    path = folder / "source" / "derivatives" / "derivatives.ipynb"
    notebook = read(path)
    test_cells(notebook)[0]["metadata"]["nbgrader"]["points"] = 0
    path.write_text(json.dumps(notebook))
    wrong = answered(notebook, RIGHT | {"sigmoid": "def sigmoid(z): return z"})
    hand_in(folder, "wrong", wrong)
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 0
    row = grades(folder)["wrong"]["sigmoid"]
    assert (row["score"], row["max_score"]) == (0, "0")
    assert "your function returns" in row["reason"]
    for cell in test_cells(notebook):
        cell["metadata"]["nbgrader"]["points"] = 0
    path.write_text(json.dumps(notebook))
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 0
    page = (folder / "summary" / "derivatives.html").read_text(encoding="utf-8")
    assert "2 submissions were graded, 0 could not be graded" in page


def test_the_formgrader_shows_what_was_graded(small, monkeypatch):
    folder, real = small(1), command.graded

    def meanwhile(jobs, options):
        for result in real(jobs, options):
            hand_in(folder, "s000", b"")  # after it was read, before its result is written
            yield result

    monkeypatch.setattr(command, "graded", meanwhile)
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 0
    shown = solutions(read(folder / "autograded/s000/derivatives/derivatives.ipynb"))
    assert {name: cell["source"] for name, cell in shown.items()} == RIGHT


def test_a_link_out_of_the_folder_is_no_submission(tmp_path):
    mine = hand_in(tmp_path, "ada", b"mine")
    assert command._handed_in(mine) == (b"mine", "")
    linked = tmp_path / "submitted" / "zed" / "derivatives" / "derivatives.ipynb"
    linked.parent.mkdir(parents=True)
    linked.symlink_to("../../ada/derivatives/derivatives.ipynb")
    (tmp_path / "submitted" / "bob").symlink_to("ada")
    (tmp_path / "submitted" / "eve").mkdir()
    (tmp_path / "submitted" / "eve" / "derivatives").symlink_to("../ada/derivatives")
    for student in ("zed", "bob", "eve"):
        path = tmp_path / "submitted" / student / "derivatives" / "derivatives.ipynb"
        data, problem = command._handed_in(path)
        assert data == b""
        assert "a link leads from it to a file outside" in problem


def test_what_a_teacher_added_stays_and_a_lost_database_is_filled_again(small, monkeypatch):
    folder = small(2)
    monkeypatch.setattr(command, "BATCH", 1)
    words = ("grade", "derivatives", "--course", folder, "--workers", 1)
    course_py(*words)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        book.find_grade("test_sigmoid", "derivatives", "derivatives", "s000").extra_credit = 5
        book.db.commit()
    course_py(*words, "--student", "s000")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        assert book.find_submission("derivatives", "s000").score == ALL + 5
    other = f"sqlite:///{folder / 'other.db'}"
    course_py(*words, "--db", other)
    with Gradebook(other) as book:
        assert [s.score for s in book.assignment_submissions("derivatives")] == [ALL, ALL]


def waited_for(folder, count):
    """Wait until so many results are in the journal."""
    path = folder / ".grading" / "derivatives.jsonl"
    for _ in range(12_000):
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.01)
    raise AssertionError("nothing was graded")


def test_a_killed_run_goes_on_where_it_stopped(small, capsys):
    folder = small(60)
    process = started("grade", "derivatives", "--course", folder, start_new_session=True)
    waited_for(folder, 25)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    done = (folder / ".grading" / "derivatives.jsonl").read_bytes().count(b"\n")
    assert 25 <= done < 60
    assert course_py("grade", "derivatives", "--course", folder) == 0
    graded = int(re.search(r"(\d+) graded", capsys.readouterr().out)[1])
    assert 0 < graded <= 60 - 25
    assert {points(rows) for rows in grades(folder).values()} == {ALL}
    assert len(grades(folder)) == 60
    assert len(database(folder)) == 60 * 13


def test_a_worker_of_a_cluster_is_killed(small, tmp_path):
    folder, address = small(50), tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli"]
    loud = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    local = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", address]
    one = ["--nthreads", "1", "--no-nanny", "--local-directory", tmp_path]
    programs = [[f"{dask[2]}.dask_scheduler", "--port", "0", *local]]
    programs += 2 * [[f"{dask[2]}.dask_worker", *local, *one]]
    processes = []
    try:
        for program in programs:
            command_ = [*dask[:2], *map(str, program)]
            processes.append(subprocess.Popen(command_, **loud))
            while not address.exists():
                time.sleep(0.05)
        where = read(address)["address"]
        run = started("grade", "derivatives", "--course", folder, "--scheduler", where)
        processes.append(run)
        waited_for(folder, 25)
        processes[1].kill()
        said, _ = run.communicate(timeout=120)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert run.returncode == 0, said
    assert "50 graded" in said
    assert {points(rows) for rows in grades(folder).values()} == {ALL}
    assert len(database(folder)) == 50 * 13


def test_the_journal_survives_a_torn_line(tmp_path):
    def result(student, score):
        return Result(student, (Row("sigmoid", score, 1.0, "correct"),))

    path = tmp_path / "j.jsonl"
    journal = Journal(path)
    journal.append([("k1", result("a", 0.0)), ("k2", result("b", 1.0)), ("k3", result("a", 1.0))])
    journal.close()
    assert path.read_bytes().count(b"\n") == 2, "what no longer counts is dropped"
    with path.open("ab") as file:
        file.write(b'{"key": "x", "result": {"student": "q"}}\n')  # not ours
        file.write(b'{"key": "k4", "resu')
    journal = Journal(path)
    journal.append([("k5", result("c", 0.5))])
    journal.close()
    journal = Journal(path)
    assert [(r.student, r.rows[0].score) for r in journal] == [("a", 1.0), ("b", 1.0), ("c", 0.5)]
    assert journal.key("a") == "k3"
    journal.close()


# --------------------------------------------------------------------------------- without sandbox


def test_without_bubblewrap_grade_refuses(small, monkeypatch, capsys):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    folder = small(1)
    assert course_py("grade", "derivatives", "--course", folder) == 2
    said = capsys.readouterr().err
    assert "bubblewrap is not installed here. Install it with `sudo apt install bubblewrap`" in said
    assert "--trust-submissions" in said
    assert not (folder / "grades.csv").exists()


def test_where_namespaces_are_forbidden_the_reason_is_named(tmp_path, monkeypatch):
    bwrap = tmp_path / "bwrap"
    words = "bwrap: No permissions to create a new namespace, likely because the kernel does not"
    bwrap.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
    bwrap.chmod(0o755)
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: str(bwrap))
    with pytest.raises(sandbox.Unavailable, match=r"forbids the namespaces.*--trust-submissions"):
        sandbox.Sandbox().start()


def test_trusted_submissions_are_graded_without_a_sandbox(small, monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    folder = small(1)
    words = ("grade", "derivatives", "--course", folder, "--workers", 1, "--trust-submissions")
    assert course_py(*words) == 0
    assert points(grades(folder)["s000"]) == ALL


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("release", "unknown"), "There is no assignment 'unknown'; there are: combinations,"),
        (("release", "../../01_sigmoid"), "there are: combinations, derivatives, diagnosis."),
        (("grade", ".."), "there are: combinations, derivatives, diagnosis."),
        (("release", "derivatives", "--db", "nonsense"), "The gradebook nonsense cannot be used ("),
        (("release", "derivatives", "--db", "sqlite:////no/x"), "(unable to open database file)"),
        (("release", "derivatives", "--db", "postgresql://me:pw@h/x"), "The gradebook h/x cannot"),
        (("release", "derivatives", "--course", __file__), "test_grading.py is no folder"),
        (("grade", "derivatives"), "There is no "),
        (("grade", "derivatives", "--student", "nobody"), "There is no "),
    ],
)
def test_a_refusal_says_why(words, said, tmp_path, capsys):
    assert course_py(words[0], words[1], "--course", tmp_path, *words[2:]) == 2
    assert said in capsys.readouterr().err


def test_a_file_in_the_way_is_named(tmp_path, capsys):
    (tmp_path / "source").write_text("")
    assert course_py("release", "derivatives", "--course", tmp_path) == 2
    assert f"{tmp_path / 'source'}" in capsys.readouterr().err


def test_grade_says_that_a_gradebook_cannot_be_used(small, capsys):
    words = ("grade", "derivatives", "--course", small(1), "--db", "nonsense")
    assert course_py(*words) == 2
    assert "The gradebook nonsense cannot be used (" in capsys.readouterr().err


def test_grade_says_that_a_gradebook_failed_on_the_way(small, monkeypatch, capsys):
    def fails(book, results):
        raise OperationalError("INSERT", {}, "database is locked")

    monkeypatch.setattr(gradebook.Book, "write", fails)
    assert course_py("grade", "derivatives", "--course", small(1), "--workers", 1) == 2
    assert "cannot be used (database is locked)" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{}", '{"cells": [', "[]", '{"cells": [{}]}'])
@pytest.mark.parametrize("word", ["release", "grade"])
def test_a_source_that_is_no_notebook_is_named(word, text, tmp_path, capsys):
    path = tmp_path / "source" / "mine" / "mine.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert course_py(word, "mine", "--course", tmp_path) == 2
    assert f"{path} is no notebook: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--workers", "0"), "a whole number from 1 on is expected, not '0'"),
        (("--workers", "x"), "a whole number from 1 on is expected, not 'x'"),
        (("--timeout", "abc"), "a number of seconds above 0 is expected, not 'abc'"),
    ],
)
def test_an_option_says_what_it_expects(words, said, capsys):
    with pytest.raises(SystemExit):
        course_py("grade", "derivatives", *words)
    assert said in capsys.readouterr().err


def test_lessons_do_not_load_grading():
    program = "import helpers.exercises, sys; sys.exit(any('grading' in m for m in sys.modules))"
    subprocess.run([sys.executable, "-c", program], check=True)


# ------------------------------------------------------------------------------------ secret inputs


def job(student, answers):
    assignment = read_assignment(ROOT / "notebooks/assignments/derivatives/derivatives.ipynb", "d")
    info = {"solution": True}
    cells = [
        {"cell_type": "code", "source": s, "metadata": {"nbgrader": info | {"grade_id": n}}}
        for n, s in (RIGHT | answers).items()
    ]
    data = json.dumps({"nbformat": 4, "cells": cells}).encode()
    return Job(student, assignment, data, b"secret", seconds=1.0)


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


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda p: p.stem)
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


# -------------------------------------------------------------------------------------- assignments


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda p: p.stem)
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
        for number, option in enumerate(getattr(exercise, "options", ())):
            assert f"- **{chr(65 + number)}** {option.text}\n" in text + "\n"
    assert all(info.get("schema_version", 3) == 3 for info in infos)


def verdicts(notebook):
    cells = [c for c in notebook.cells if c.cell_type == "code" and "check(" in c.source]
    return [o["data"]["text/plain"] for c in cells for o in c.outputs if "data" in o]


@pytest.mark.parametrize("name", [path.stem for path in ASSIGNMENTS])
def test_the_student_version_runs_untouched(name, course):
    assert course_py("release", name, "--course", course) == 0
    path = course / "release" / name / f"{name}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "HIDDEN" not in text
    assert "SOLUTION" not in text
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3").execute()
    said = verdicts(notebook)
    assert len(said) == len(solutions(read(path)))
    assert all("Not attempted yet" in words for words in said)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # of nbgrader's own
def test_plain_nbgrader_grades_the_assignment_too(course, release, tmp_path):
    """The institution's own nbgrader, with its defaults: generate, autograde, feedback."""
    source = tmp_path / "source" / "derivatives"
    shutil.copytree(ROOT / "notebooks" / "assignments" / "derivatives", source)
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
        "q_relu_zero": 'q_relu_zero = "B or D"',
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
    notebook = read(ASSIGNMENTS[0])
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
