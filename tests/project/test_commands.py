"""The words that course.py understands, and what each command runs."""

import errno
import os
import re
import shutil
import signal
from pathlib import Path

import pytest

import course
from tests.project.small_course import ECHO, POSIX, ended, sentence, succeeded, told, until_asked

HELPED = re.compile(r"^ +(\w+) +[A-Z]", re.MULTILINE)


# ------------------------------------------------------------------ words


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_without_a_word_the_commands_are_listed(fresh, words):
    assert set(course.COMMANDS) <= set(HELPED.findall(succeeded(fresh.run(*words))))


@pytest.mark.parametrize("word", ["labb", "--bogus", ""])
def test_an_unknown_word_gets_the_list_and_status_2(fresh, word):
    result = fresh.run(word)
    assert result.status == 2
    assert result.err.startswith(f"There is no command `{word}`.\n")
    assert set(course.COMMANDS) <= set(HELPED.findall(result.err))
    assert not fresh.venv.exists()


@pytest.mark.parametrize("name", course.COMMANDS)
def test_every_command_has_help_that_does_nothing_else(name, capsys):
    with pytest.raises(SystemExit) as ended:
        course.main([name, "--help"])
    assert not ended.value.code
    out = capsys.readouterr().out
    assert re.match(rf"usage: python course.py {name}( |\n)", out)
    assert course.COMMANDS[name].__doc__.splitlines()[0] in out


def test_help_shows_what_a_command_takes(capsys):
    for usage in ("test [--all] [OPTION ...]", "reset [-h] [LESSON]", "lock [-h] [--upgrade]"):
        with pytest.raises(SystemExit):
            course.main([usage.split()[0], "--help"])
        assert capsys.readouterr().out.startswith(f"usage: python course.py {usage}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("setup now", "takes no further words (`now`)"),
        ("lock --bogus", "takes no further words (`--bogus`)"),
        ("lock --up", "takes no further words (`--up`)"),
        ("reset", "Which lesson?"),
        ("reset 1 2", "takes no further words (`2`)"),
        ("lite --pyodide", "expected one argument; see `python course.py lite --help`"),
        ("bench fast", "'fast' (choose from"),
    ],
)
def test_words_that_a_command_does_not_take(words, said, capsys):
    assert course.main(words.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


# ------------------------------------------------------------------ what runs


@pytest.fixture
def runs(monkeypatch, tmp_path):
    """The list of what commands set up and run, called in ``tmp_path``."""
    done = []
    for name in ("COURSE", "LITE"):
        place = getattr(course, name)

        def note(*words, name=name, **more):
            done.append((name, *map(str, words), *more.items()))

        monkeypatch.setattr(place, "set_up", lambda extra="", note=note: note("set up", extra))
        monkeypatch.setattr(place, "run", note)
        monkeypatch.setattr(place, "hand_over", note)
    monkeypatch.chdir(tmp_path)
    return done


BUILD = course.ROOT / "_build"


@pytest.mark.parametrize(
    ("words", "extra", "ran"),
    [
        ("book", "book", ["book.web", BUILD / "book"]),
        ("book --pdf", "book", ["book.web", BUILD / "book", "--pdf"]),
        ("figures", "slides", ["book.figures"]),
        ("slides", "slides", ["book.slides", BUILD / "slides", "--look"]),
        ("vote --port 8200", "slides", ["book.votes", BUILD / "slides", "8200"]),
        ("slides --pdf there", "slides", ["book.slides", "HERE/there", "--look", "--pdf"]),
        ("lite", "lite", ["book.lite", BUILD / "lite"]),
        ("lite there --pyodide p", "lite", ["book.lite", "HERE/there", "HERE/p"]),
        ("bench --quick", "bench", ["benchmarks.activations", "--quick"]),
        ("bench sliders 60", "test", ["benchmarks.slider_latency", "60"]),
        ("bench grading --ours 5", "test", ["benchmarks.grading", "--ours", "5"]),
        ("store", "test", ["tools.notebooks"]),
        ("store 1 x/02_tanh.ipynb", "test", ["tools.notebooks", "HERE/1", "HERE/x/02_tanh.ipynb"]),
        ("lock", "test", ["tools.lock"]),
        ("lock --upgrade", "test", ["tools.lock", "--upgrade"]),
        ("release a --course b", "grading", ["helpers.grading", "release", "a", "--course", "b"]),
        ("grade a --workers 2", "grading", ["helpers.grading", "grade", "a", "--workers", "2"]),
    ],
)
def test_a_command_sets_up_what_it_needs_and_runs_it(runs, tmp_path, words, extra, ran):
    assert course.main(words.split()) == 0
    place = "LITE" if extra == "lite" else "COURSE"
    ran = [str(word).replace("HERE", str(tmp_path)) for word in ran]
    more = [("COURSE_FROM", str(tmp_path))] if extra == "grading" else []
    assert runs == [(place, "set up", extra), (place, *ran, *more)]


def test_the_in_browser_edition_has_an_environment_of_its_own():
    assert course.LITE.folder != course.COURSE.folder
    assert course.LITE.python != course.COURSE.python


def test_lab_opens_a_lesson_of_the_working_copy(ready):
    (said,) = told(succeeded(ready.run("lab", "--no-browser", "--port=9999")))
    mine = ready.folder / "my_course"
    assert f"--ServerApp.root_dir={mine}" in said["argv"]
    assert "--LabApp.default_url=/lab/tree/01_sigmoid.ipynb" in said["argv"]
    assert f"--LabServerApp.app_settings_dir={ready.folder / 'tools' / 'lab'}" in said["argv"]
    assert said["argv"][-2:] == ["--no-browser", "--port=9999"]
    assert ("--allow-root" in said["argv"]) == (POSIX and os.geteuid() == 0)
    assert said["home"] == str(mine)
    assert {path.name for path in mine.iterdir()} == {
        ".course.json",
        ".learner",
        "01_sigmoid.ipynb",
        "02_tanh.ipynb",
    }


def test_the_working_copy_may_stand_elsewhere(ready, tmp_path):
    (said,) = told(succeeded(ready.run("lab", COURSE_HOME=str(tmp_path / "else where"))))
    assert said["home"] == str(tmp_path / "else where")
    assert (tmp_path / "else where" / "01_sigmoid.ipynb").exists()
    assert not (ready.folder / "my_course").exists()


def test_labs_own_exit_status_is_passed_on(ready):
    assert ready.run("lab", FAILING="jupyterlab").status == 1


def test_lab_without_lessons(ready):
    shutil.rmtree(ready.folder / "notebooks")
    assert "no lesson" in sentence(ready.run("lab"))


PROCESSES = 2 * (os.cpu_count() or 1)
SPREAD = [f"--numprocesses={PROCESSES}", "--dist=loadfile", "--no-loadscope-reorder"]
SHORT = ["-m", "not complete"]


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ([], SHORT),
        (["tests/test_x.py", "-k", "a or b"], [*SHORT, "tests/test_x.py", "-k", "a or b"]),
        (["-x", "-m", "browser"], [*SHORT, "-x", "-m", "browser"]),  # pytest takes the last -m
        (["--all"], []),
        (["-x", "--all", "tests"], ["-x", "tests"]),
    ],
)
def test_words_of_test_go_to_pytest(runs, words, chosen):
    assert course.main(["test", *words]) == 0
    assert runs[-1] == ("COURSE", "pytest", *SPREAD, *chosen)


def test_test_runs_every_stage_in_the_courses_folder(ready):
    out = succeeded(ready.run("test"))
    assert re.findall("^== (.*)", out, re.MULTILINE) == ["lint", "format", "tests"]
    argv = [said["argv"] for said in told(out)]
    assert argv == [["check"], ["format", "--check"], [*SPREAD, *SHORT]]
    assert {Path(said["cwd"]) for said in told(out)} == {ready.folder}


@pytest.mark.parametrize(
    ("failing", "stages"),
    [
        ("ruff", "lint, format"),
        ("pytest", "tests"),
        ("ruff pytest", "lint, format, tests"),
    ],
)
def test_one_failed_stage_fails_the_whole_but_all_are_run(ready, failing, stages):
    result = ready.run("test", FAILING=failing)
    assert result.status == 1
    assert len(told(result.out)) == 3
    assert result.out.endswith(f"Failed: {stages}.\n")


@pytest.mark.parametrize(("alone", "failed"), [(0, False), (1, True)])
def test_of_the_complete_matrix_what_failed_runs_once_more_alone(monkeypatch, alone, failed):
    runs = []

    def run(*words):
        runs.append(words)
        return alone if "--last-failed" in words else words[0] == "pytest"

    monkeypatch.setattr(course.COURSE, "set_up", lambda *extras: None)
    monkeypatch.setattr(course.COURSE, "run", run)
    assert course.main(["test", "--all"]) == failed
    assert runs[-1][:2] == ("pytest", "--last-failed")
    assert not any(word.startswith("--numprocesses") for word in runs[-1])


# ------------------------------------------------------------------ faults


def test_a_version_that_is_too_old_is_named(monkeypatch, capsys):
    monkeypatch.setattr(course.sys, "version_info", (3, 9, 1))
    assert course.main(["lab"]) == 1
    err = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in err
    assert course.sys.version.split()[0] in err


DISK_FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere")
NOT_ALLOWED = PermissionError(errno.EACCES, "Permission denied", "/somewhere")


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (DISK_FULL, 1, "disk is full"),
        (NOT_ALLOWED, 1, "/somewhere cannot be used (Permission denied)"),
        (FileNotFoundError(2, "No such file", "my.zip"), 1, "my.zip is not there: look at"),
        (TimeoutError("no answer for 30 s"), 1, "It stopped: no answer for 30 s"),
        (KeyboardInterrupt(), 130, "Stopped"),
    ],
)
def test_what_the_system_refuses_is_told_in_a_sentence(monkeypatch, capsys, error, status, words):
    def fails():
        raise error

    monkeypatch.setattr(course.COURSE, "set_up", fails)
    assert course.main(["setup"]) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


SLOW_TO_END = """
import time
try:
    print("running", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(0.5)
    print("own end")
"""


class TestCtrlC:
    """With the signal that a terminal sends to all its processes."""

    __test__ = POSIX

    def test_during_the_set_up(self, fresh, index):
        index.gate.clear()
        process = fresh.start("setup")
        until_asked(index, process)
        os.killpg(process.pid, signal.SIGINT)
        assert "Stopped" in sentence(ended(process), status=130)
        index.gate.set()
        succeeded(fresh.run("setup"))
        assert fresh.works() == "1.0"

    @pytest.mark.parametrize(("command", "package"), [("lab", "jupyterlab"), ("test", "ruff")])
    def test_what_is_running_ends_in_its_own_way(self, ready, command, package):
        succeeded(ready.run(command))
        (main,) = ready.venv.rglob(f"{package}/__main__.py")
        main.write_text(SLOW_TO_END + "#" * (len(ECHO) - len(SLOW_TO_END)))
        shutil.rmtree(main.parent / "__pycache__")
        process = ready.start(command)
        assert "running\n" in iter(process.stdout.readline, "")
        os.killpg(process.pid, signal.SIGINT)
        result = ended(process)
        assert result.out == "own end\n"
        if command == "test":
            assert "Stopped" in sentence(result, status=130)
        else:
            assert succeeded(result)
