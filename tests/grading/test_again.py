"""Graded again, in parts, stopped and gone on, without a sandbox: the same, or a clear refusal."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from nbgrader.api import Grade, Gradebook
from sqlalchemy.exc import OperationalError

from helpers.grading import Result, Row, gradebook, run, sandbox
from helpers.grading import journal as memory
from helpers.grading.journal import Journal
from tests.grading.course import ALL, RIGHT, ROOT, cells_with_tests, course_py, started
from tools.submissions import answered, grades, hand_in, points, read, solutions


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


def test_after_a_change_of_what_the_judge_loads_all_is_graded_again(tmp_path, monkeypatch, short):
    program = "import sys, helpers.grading.judge; print(*sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    loaded = [name.split(".")[1:] for name in said.split() if name.startswith("helpers.")]
    helpers = shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    monkeypatch.setattr(memory, "__file__", str(helpers / "grading" / "journal.py"))
    paths = [helpers.joinpath(*parts) for parts in loaded]
    paths = [p / "__init__.py" if p.is_dir() else p.with_suffix(".py") for p in paths]
    prints = [memory.fingerprint_of_course()]
    paths = paths[::4] if short else paths
    for path in [*paths, helpers / "grading" / "pages.py", helpers / "data" / "digits.npz"]:
        path.write_bytes(path.read_bytes() + b"#")
        prints.append(memory.fingerprint_of_course())
    assert len(prints) > 15
    assert len({*prints}) == len(prints)


def test_an_exercise_may_be_worth_nothing(small):
    folder = small(1)
    path = folder / "source" / "derivatives" / "derivatives.ipynb"
    notebook = read(path)
    cells_with_tests(notebook)[0]["metadata"]["nbgrader"]["points"] = 0
    path.write_text(json.dumps(notebook))
    wrong = answered(notebook, RIGHT | {"sigmoid": "def sigmoid(z): return z"})
    hand_in(folder, "wrong", wrong)
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 0
    row = grades(folder)["wrong"]["sigmoid"]
    assert (row["score"], row["max_score"]) == (0, "0")
    assert "your function returns" in row["reason"]
    for cell in cells_with_tests(notebook):
        cell["metadata"]["nbgrader"]["points"] = 0
    path.write_text(json.dumps(notebook))
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 0
    page = (folder / "summary" / "derivatives.html").read_text(encoding="utf-8")
    assert "2 submissions were graded, 0 could not be graded" in page


@pytest.mark.complete
def test_the_formgrader_shows_what_was_graded(small, monkeypatch):
    folder, real = small(1), run.graded

    def meanwhile(jobs, options):
        for result in real(jobs, options):
            hand_in(folder, "s000", b"")  # after it was read, before its result is written
            yield result

    monkeypatch.setattr(run, "graded", meanwhile)
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 1) == 0
    shown = solutions(read(folder / "autograded/s000/derivatives/derivatives.ipynb"))
    assert {name: cell["source"] for name, cell in shown.items()} == RIGHT


@pytest.mark.complete
def test_what_a_teacher_added_stays_and_a_lost_database_is_filled_again(small, monkeypatch):
    folder = small(2)
    monkeypatch.setattr(run, "BATCH", 1)
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


@pytest.mark.complete
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


@pytest.mark.complete
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
            while not (address.exists() and address.read_text()):
                assert processes[0].poll() is None, "the scheduler ended before it had an address"
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


# --- without a sandbox -------------------------------------------------------------------------


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
        (("release", "../../01_sigmoid"), "there are: combinations, composites, derivatives"),
        (("grade", ".."), "there are: combinations, composites, derivatives"),
        (("release", "derivatives", "--db", "nonsense"), "The gradebook nonsense cannot be used ("),
        (("release", "derivatives", "--db", "sqlite:////no/x"), "(unable to open database file)"),
        (("release", "derivatives", "--db", "postgresql://me:pw@h/x"), "The gradebook h/x cannot"),
        (("release", "derivatives", "--course", __file__), "test_again.py is no folder"),
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


def test_a_process_that_ends_at_once_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "HERE", tmp_path)  # where its program does not lie
    with pytest.raises(RuntimeError, match="ended with status 2"):
        sandbox.Sandbox(trusting=True).child(1)
