"""One run with everything: no cheat earns a point, nothing stops it, right answers earn all."""

import json
import linecache
import os
import re
import shutil
import socket
import time
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from helpers.exercises import EXERCISES, check
from helpers.grading import judge, sandbox
from tests.grading.course import ALL, RIGHT, ROOT, SOURCES, TRIES, cells_with_tests, job, started
from tools.submissions import SIX, answered, grades, hand_in, points, read, solutions

pytestmark = pytest.mark.complete

NOTEBOOK_CHEATS = {}
BROKEN = {}
UNUSUAL = {}


def notebook_cheat(function):
    """A change to a notebook that holds six wrong functions."""
    NOTEBOOK_CHEATS[function.__name__] = function


@notebook_cheat
def more_points(notebook):
    for cell in cells_with_tests(notebook):
        cell["metadata"]["nbgrader"]["points"] = 100


@notebook_cheat
def other_tests(notebook):
    for cell in cells_with_tests(notebook):
        cell["source"] = "1.0"


@notebook_cheat
def tests_as_text(notebook):
    for cell in cells_with_tests(notebook):
        cell["cell_type"] = "markdown"


@notebook_cheat
def skipped_tests(notebook):
    for cell in cells_with_tests(notebook):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]


@notebook_cheat
def copied_tests(notebook):
    notebook["cells"] += [*cells_with_tests(notebook), *cells_with_tests(notebook)]


@notebook_cheat
def patched_checker_in_an_extra_cell(notebook):
    source = "import helpers.exercises as e\ne.check = lambda *a: True\nassert e.check(1, 2)"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    notebook["cells"].insert(0, cell)


@notebook_cheat
def verdicts_in_the_test_cells(notebook):
    for cell in cells_with_tests(notebook):
        cell["source"] = (
            "from types import SimpleNamespace as V\ncheck = lambda *a: V(correct=True)"
        )


@notebook_cheat
def other_answers_as_given(notebook):
    info = {"grade_id": "given", "locked": True, "solution": False, "grade": False}
    source = "np.exp = np.tanh = np.where = lambda *a: 0.1"
    cell = {"cell_type": "code", "metadata": {"nbgrader": info}, "source": source, "outputs": []}
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
        without_quotes=cell("derive_sigmoid", source=WITHOUT_QUOTES),
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
WITHOUT_QUOTES = "%%check derive_sigmoid" + RIGHT["derive_sigmoid"].split('"""')[1]
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
        ("huge", "larger than 64 MB"),
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
        ("stubborn", "sigmoid", "it did not finish in time"),
        ("memory", "sigmoid", "stopped with MemoryError"),
        ("exit", "sigmoid", "it ended the whole process"),
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


@pytest.mark.parametrize(
    "name", ["one_cell", "late", "loops", "float32", "magics", "as_lines", "without_quotes"]
)
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
    problems = [name for name in rows if name.startswith("broken-")]
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
                assert "".join(cell["source"]) == "".join(own["source"]), student
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


def test_feedback_is_what_check_says():
    source = RIGHT["sigmoid"].replace("1 + ", "1 - ")
    names = {"np": np}
    linecache.cache["<a cell>"] = len(source), None, source.splitlines(keepends=True), "<a cell>"
    exec(compile(source, "<a cell>", "exec"), names)
    verdict = check("sigmoid", names["sigmoid"])
    assert not verdict
    with sandbox.Sandbox() as box:
        result = judge.grade_in(box, job("x", {"sigmoid": source}))
    assert result.rows[0].message == verdict.message
    assert result.rows[0].diagnoses == verdict.diagnoses
