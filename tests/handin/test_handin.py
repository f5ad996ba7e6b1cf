"""A file that is handed in without a hub: what it holds, what changes it, whose it is."""

import base64
import json
import re
from datetime import UTC, datetime

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.exercises import check
from helpers.handin import __main__ as command
from helpers.handin import hand_in, pack, read_file, sender_of

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def notebook(source="answer = 1\ncheck('q_tanh_max_slope', answer)"):
    cell = nbformat.v4.new_code_cell(source, outputs=[nbformat.v4.new_output("stream", text="x")])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), cell])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_a_notebook_with_time_and_what_check_said(home, monkeypatch):
    with monkeypatch.context() as elsewhere:  # what was tried there is not handed in here
        elsewhere.setenv("COURSE_HOME", str(home / "nowhere"))
        check("q_tanh_max_slope", 3)
    check("q_tanh_max_slope", 2)
    check("q_tanh_max_slope", 1)
    nbformat.write(notebook(), home / "derivatives.ipynb")
    offer = hand_in("derivatives")
    data = (home / "derivatives.handin.ipynb").read_bytes()
    nbformat.validate(nbformat.reads(data.decode(), as_version=4))
    assert b'"text"' not in data, "no output travels"
    says = read_file(data)
    assert (says.assignment, says.unchanged) == ("derivatives", True)
    assert says.checked == {"q_tanh_max_slope": (2, True)}
    assert abs((says.time - datetime.now(UTC).replace(tzinfo=None)).total_seconds()) < 60
    assert "does not prove who wrote it" in offer
    link = re.search(r'base64,([^"]+)"', offer._repr_html_())[1]
    assert base64.b64decode(link) == data


@given(st.text(max_size=40), st.integers(0, 2**32))
def test_every_change_of_a_word_is_seen(words, seed):
    packed = pack(notebook(words), "derivatives", NOW)
    assert read_file(packed.encode()).unchanged is True
    changed = json.loads(packed)
    where = seed % 3
    if where == 0:
        changed["cells"][1]["source"] = words + "!"
    elif where == 1:
        changed["metadata"]["hand_in"]["time"] = "2026-11-30T12:00:00+00:00"
    else:
        changed["cells"].reverse()
    assert read_file(json.dumps(changed).encode()).unchanged is False


def test_saving_it_in_jupyter_changes_nothing():
    packed = nbformat.reads(pack(notebook(), "d", NOW), as_version=4)
    packed.cells[1].outputs = notebook().cells[1].outputs
    packed.cells[1].execution_count = 3
    packed.cells[1].source = packed.cells[1].source.splitlines(keepends=True)
    assert read_file(json.dumps(packed).encode()).unchanged is True


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"metadata": {"hand_in": 3}}',
        b'{"cells": 3, "metadata": {"hand_in": {"checked": {}, "time": "x"}}}',
        b"[" * 100_000,
        json.dumps(notebook()).encode(),
    ],
)
def test_of_any_other_file_nothing_is_known(data):
    says = read_file(data)
    assert (says.assignment, says.time, says.unchanged) == ("", None, None)


MOODLE = "assignsubmission_file"
SENDERS = [
    (f"Ada King Lovelace_4711_{MOODLE}_/d.ipynb", "moodle", "Ada King Lovelace", "4711", "d.ipynb"),
    (f"Ada Lovelace_4711_{MOODLE}_d.ipynb", "moodle", "Ada Lovelace", "4711", "d.ipynb"),
    (f"Participant_12_{MOODLE}/d.ipynb", "moodle", "Participant", "12", "d.ipynb"),
    (f"Jürgen_von_X_9_{MOODLE}_/sub/d.ipynb", "moodle", "Jürgen_von_X", "9", "d.ipynb"),
    ("lovelaceada_12_815_d.ipynb", "canvas", "lovelaceada", "12", "d.ipynb"),
    ("lovelaceada_LATE_12_815_d-2.ipynb", "canvas", "lovelaceada", "12", "d-2.ipynb"),
    ("lovelaceada_12_815_my_d_1.ipynb", "canvas", "lovelaceada", "12", "my_d_1.ipynb"),
    ("ada/d.ipynb", "", "ada", "", "d.ipynb"),
    ("ada.handin.ipynb", "", "ada", "", "ada.handin.ipynb"),
]


@pytest.mark.parametrize(("path", "lms", "name", "number", "file"), SENDERS)
def test_the_names_of_moodle_and_canvas_say_whose_it_is(path, lms, name, number, file):
    found = sender_of(path)
    assert (found.lms, found.name, found.lms_id, found.file) == (lms, name, number, file)


def test_submit_says_what_is_missing(home, capsys):
    assert command.main(["derivatives"]) == 2
    assert "There is no notebook derivatives in" in capsys.readouterr().err
    (home / "derivatives.ipynb").write_text("{}")
    assert command.main(["derivatives.ipynb"]) == 2
    assert "is no notebook that can be handed in" in capsys.readouterr().err
    nbformat.write(notebook(), home / "derivatives.ipynb")
    assert command.main(["derivatives", "--to", "no folder/out.ipynb"]) == 2
    assert "out.ipynb cannot be written (No such file" in capsys.readouterr().err
    assert command.main(["derivatives", "--to", "out.ipynb"]) == 0
    assert read_file((home / "out.ipynb").read_bytes()).unchanged


@pytest.mark.parametrize("name", ["derivatives (1).ipynb", "derivatives-Copy1.ipynb"])
def test_a_copy_is_packed_under_the_name_of_the_assignment(name, tmp_path):
    (tmp_path / name).write_text(nbformat.writes(notebook()), encoding="utf-8")
    offer = hand_in(tmp_path / name)
    assert offer.name == "derivatives.handin.ipynb"
    assert read_file(offer.data).assignment == "derivatives"
