"""`course.py lock` and `course.py store`: what maintainers run."""

import asyncio
import json
import re
import shutil

import pytest
from jupyter_client.channels import AsyncZMQSocketChannel
from nbformat.v4 import new_code_cell, new_notebook

from tests.project.small_course import (
    lock_text,
    nowhere,
    path_without_uv,
    pin,
    save,
    sentence,
    succeeded,
)
from tools import notebooks


@pytest.fixture
def project(ready):
    if not shutil.which("npm"):
        pytest.skip("npm, of Node.js, is needed to lock")
    (ready.folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["jupyterlab"]\n'
        '[project.optional-dependencies]\ntest = ["mypy", "pytest<2", "ruff"]\nlint = ["ruff"]\n'
    )
    (ready.folder / "book").mkdir()
    (ready.folder / "book" / "package.json").write_text('{"name": "x", "private": true}')
    ready.env["npm_config_update_notifier"] = "false"  # it asks nobody for news
    return ready


def test_each_extra_has_a_section_with_what_it_adds(project):
    project.lock.unlink()
    succeeded(project.run(door=("-m", "tools.lock")))
    lab, lint, test = re.split("# extra: .*\n", project.lock.read_text())
    assert lab.splitlines(keepends=True)[1:] == pin("jupyterlab", "2.0").splitlines(True)
    assert lint == pin("ruff", "2.0")
    assert test == pin("mypy", "2.0") + pin("pytest", "1.0") + pin("ruff", "2.0")
    assert json.loads((project.folder / "book" / "package-lock.json").read_text())["packages"]
    succeeded(project.run("test"))
    assert project.works() == "2.0"


@pytest.mark.complete
def test_versions_stay_unless_asked(project):
    succeeded(project.run("lock"))
    assert pin("jupyterlab", "1.0") in project.lock.read_text()
    assert pin("ruff", "1.0") in project.lock.read_text()
    succeeded(project.run("lock", "--upgrade"))
    assert pin("jupyterlab", "2.0") in project.lock.read_text()


def test_without_a_network_the_old_lock_stays(project):
    succeeded(project.run("test"))
    assert "check the network" in sentence(project.run("lock", UV_INDEX_URL=nowhere()))
    assert project.lock.read_text() == lock_text()


def test_without_uv_the_old_lock_stays(project):
    project.run("test")
    assert "uv is missing" in sentence(project.run("lock", PATH=path_without_uv()))
    assert project.lock.read_text() == lock_text()


def test_another_copy_is_not_stored_in_silence(tmp_path, capsys):
    save(tmp_path / "01_sigmoid.ipynb", "my own")
    assert notebooks.main([str(tmp_path / "01_sigmoid.ipynb")]) == 2
    assert "another copy" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["01"], ["notebooks/01_sigmoid.ipynb"], []])
def test_the_lessons_that_are_named_are_stored(monkeypatch, words):
    stored = []
    monkeypatch.setattr(notebooks, "store", stored.append)
    assert notebooks.main(words) == 0
    assert stored == ([notebooks.PUBLISHED / "01_sigmoid.ipynb"] if words else notebooks.LESSONS)


def test_a_cell_that_takes_too_long_is_shown_and_nothing_is_stored(tmp_path, monkeypatch, capsys):
    endless = new_notebook(cells=[new_code_cell("while True: pass")])
    path = tmp_path / "15_endless.ipynb"
    save(path, "as it was")
    monkeypatch.setattr(notebooks, "read", lambda path: endless)
    monkeypatch.setattr(notebooks, "find_lesson", lambda word, lessons: path)
    monkeypatch.setattr(notebooks, "A_CELL", 1)
    for name in ("COURSE_HOME", "COURSE_STORE"):
        monkeypatch.setenv(name, "")  # is as it was when the test has ended
    before = path.read_bytes()
    assert notebooks.main(["15"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("15_endless.ipynb stays as it was. A cell timed out")
    assert "while True: pass" in said
    assert path.read_bytes() == before


def test_a_message_that_a_socket_slept_past_is_found_within_a_second(monkeypatch):
    """As pyzmq's do now and then: a notebook would wait for 300 seconds."""
    waits, slept, look = [], [], AsyncZMQSocketChannel.get_msg

    async def sleep_past(channel, timeout=None):
        waits.append(timeout)
        if channel in slept:
            return await look(channel, timeout)
        slept.append(channel)
        await asyncio.sleep(timeout)
        return await look(channel, timeout=0)

    monkeypatch.setattr(AsyncZMQSocketChannel, "get_msg", sleep_past)
    done = notebooks.run(new_notebook(cells=[new_code_cell("print(6 * 7)")]))
    assert done.cells[0].outputs[0].text == "42\n"
    assert max(waits) <= 1
    assert len(slept) == 2
