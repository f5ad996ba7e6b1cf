"""Limits: time, what drawn inputs are made from and where they go, processes, names of machines."""

import errno
import json
import os
import platform
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.exercises import EXERCISES, check
from helpers.grading import Job, execution, journal, judge, read_assignment, run
from helpers.grading.assignment import default_assignment
from tests.grading.course import RIGHT, course_py, started
from tests.grading.sheet import Sheet, graded
from tools.submissions import answered, hand_in


def job(sheet, seconds=1.0):
    assignment = read_assignment(default_assignment(sheet.name), sheet.name)
    return Job("ada", assignment, sheet.data(), b"secret", seconds=seconds)


def test_a_submissions_time_counts_all_that_it_runs(box):
    sheet = Sheet()
    for _ in range(600):
        sheet.before("sigmoid", "import time; time.sleep(0.1)", "sigmoid")
    rows = graded(box, sheet, seconds=1.0)
    assert rows["tanh_prime"].message.startswith(execution.USED_UP)
    assert rows["tanh_prime"].review == execution.USED_UP
    texts = [row for name, row in rows.items() if name.startswith(("derive", "q_"))]
    assert all(row.score == row.max_score for row in texts)


def test_slow_cells_that_answer_nothing_leave_time_for_the_answers(box):
    sheet = Sheet()
    for _ in range(12):
        sheet.before("sigmoid", "while True: pass")
    assert all(row.score == row.max_score for row in graded(box, sheet, seconds=1.0).values())


def test_drawn_inputs_follow_what_was_handed_in():
    first, again, changed = job(Sheet()), job(Sheet()), Sheet()
    changed["sigmoid"] += " "
    exercise = EXERCISES["sigmoid"]
    seeds = [judge._seed(j, exercise) for j in (first, again, job(changed))]
    assert seeds[0] == seeds[1] != seeds[2]
    assert judge._seed(replace(first, secret=b"other"), exercise) != seeds[0]


SPY = """kept = []
def sigmoid(z):
    kept.append(repr(z))
    if len(kept) > LESSON: raise ValueError(f"SEEN {kept[-1]}")
    return 1 / (1 + np.exp(-z))
def tanh_prime(z): raise ValueError(f"SEEN {kept[-1]}" if len(kept) > LESSON else "no")"""


def test_nothing_of_them_is_said(box):
    sheet = Sheet()
    sheet["sigmoid"] = SPY.replace("LESSON", str(len(EXERCISES["sigmoid"].cases)))
    sheet.drop("tanh_prime")
    for name in ("derive_tanh", "q_relu_zero", "q_tanh_max_slope"):
        sheet[name] = f"{name} = f'SEEN {{kept}}' if len(kept) > 3 else 'nothing'"
    rows = graded(box, sheet)
    assert "Right on the inputs of the lesson" in rows["sigmoid"].message
    assert "`check` says so" in rows["sigmoid"].review
    assert not any("SEEN" in row.message for row in rows.values())


def test_a_table_of_the_numbers_that_check_tries_earns_nothing(box):
    tried = sorted({int(case.arguments[0]) for case in EXERCISES["he_std"].cases})
    sheet = Sheet("diagnosis")
    sheet["he_std"] = (
        f"table = {{n: np.sqrt(2 / n) for n in {tried}}}\ndef he_std(n):\n    return table[n]"
    )
    row = graded(box, sheet)["he_std"]
    assert row.score == 0
    assert row.review
    assert check("he_std", {n: np.sqrt(2 / n) for n in tried}.__getitem__)


def test_of_this_machine_nothing_is_said(box):
    words = (
        "import os, socket, sys\nfound = [sys.executable, sys.prefix, os.getcwd(), *sys.path]\n"
        "for ask in (os.uname, socket.gethostname, lambda: os.listdir('/home'), os.getlogin):\n"
        "    try: found.append(str(ask()))\n    except OSError: pass\nraise ValueError(found)"
    )
    sheet = Sheet()
    sheet["sigmoid"] = words
    said = graded(box, sheet)["sigmoid"].message
    assert "ValueError" in said
    names = [platform.node(), platform.release(), str(Path.home()), str(Path.cwd())]
    assert [name for name in names if len(name) > 1 and name in said] == []


def test_values_of_any_kind_come_out_bounded(box):
    sheet = Sheet()
    sheet["q_relu_zero"] = "q_relu_zero = 'x' * 10**8"
    sheet["q_tanh_max_slope"] = "q_tanh_max_slope = 1 << 10**7"
    sheet["q_sigmoid_max_where"] = "a = []; a.append(a); q_sigmoid_max_where = a"
    sheet["q_leaky_max_valid"] = "q_leaky_max_valid = np.zeros(10**7)"
    sheet["derive_tanh"] = (
        "class Liar:\n    __class__ = property(lambda self: str)\nderive_tanh = Liar()"
    )
    rows = graded(box, sheet)
    lost = {name for name, row in rows.items() if row.score < row.max_score}
    assert lost <= {n for n in sheet.right if n.startswith("q_")} | {"derive_tanh"}
    assert all(len(row.message) < 5000 for row in rows.values())


# --- what the grader's own machine does -----------------------------------------------------------


def descendants(pid):
    children = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = path.read_text().partition(" (")
            children.setdefault(int(rest.rpartition(")")[2].split()[1]), []).append(int(number))
        except OSError:
            continue
    found, open_ = [], [pid]
    while open_:
        below = children.get(open_.pop(), [])
        found += below
        open_ += below
    return found


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.complete
def test_no_process_is_left_behind_by_a_killed_grader(small):
    folder = small(0)
    sheet = Sheet()
    sheet["sigmoid"] = "import time\ntime.sleep(60)"
    for student in "abcd":
        hand_in(folder, student, json.loads(sheet.data()))
    process = started("grade", "derivatives", "--course", folder, "--workers", 2, "--timeout", 60)
    for _ in range(600):
        below = descendants(process.pid)
        if len([pid for pid in below if "bwrap" in _name(pid)]) >= 4:
            break
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert below
    for _ in range(300):
        left = [pid for pid in below if is_running(pid)]
        if not left:
            break
        time.sleep(0.1)
    assert left == []


def _name(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def test_a_full_disk_is_one_sentence(small, release, monkeypatch, capsys):
    folder = small(1)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 2
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .endswith("is full. Make some room; the same command goes on from here.")
    )
    assert not list(folder.rglob("*.part"))
    assert answered(release, RIGHT)
    assert run
    assert journal


SOURCES = [
    ({"points": ""}, "its points are a number from 0 on; '' stands there"),
    ({"points": -1}, "its points are a number from 0 on; -1 stands there"),
    ({"points": None}, "its points are a number from 0 on; None stands there"),
    ({"source": "credit('a', b"}, "it is no Python that can be read"),
    ({"grade_id": "test_other"}, "this does not hold for sigmoid"),
]


@pytest.mark.parametrize(("change", "said"), SOURCES)
def test_release_refuses_what_grade_could_not_use(change, said, tmp_path, capsys):
    folder = tmp_path / "source" / "mine"
    folder.mkdir(parents=True)
    notebook = json.loads(default_assignment("derivatives").read_text(encoding="utf-8"))
    cell = next(
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("points") is not None
    )
    cell["metadata"]["nbgrader"] |= {k: v for k, v in change.items() if k != "source"}
    cell["source"] = change.get("source", cell["source"])
    (folder / "mine.ipynb").write_text(json.dumps(notebook))
    assert course_py("release", "mine", "--course", tmp_path) == 2
    assert said in capsys.readouterr().err


def test_release_asks_for_one_notebook(tmp_path, capsys):
    folder = tmp_path / "source" / "mine"
    folder.mkdir(parents=True)
    text = default_assignment("derivatives").read_text(encoding="utf-8")
    for name in ("mine", "second"):
        (folder / f"{name}.ipynb").write_text(text)
    assert course_py("release", "mine", "--course", tmp_path) == 2
    assert "holds second.ipynb besides mine.ipynb" in capsys.readouterr().err
