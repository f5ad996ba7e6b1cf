"""The learner's working copy: renewed where they changed nothing, theirs where they did."""

import contextlib
import errno
import io
import json
import os
import shutil
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import course
from tests.project.small_course import save, sources
from tools.faults import Fault
from tools.moving import PROGRESS, bring_back, contents, take_out
from tools.working_copy import WorkingCopy

DISK_FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere")


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A working copy of two lessons, refreshed once; `course.py reset` works on it."""
    place = WorkingCopy(tmp_path / "mine", tmp_path / "notebooks")
    monkeypatch.setattr(course, "COPY", place)
    place.published.mkdir()
    save(place.published / "01_sigmoid.ipynb", "old", outputs=[1])
    save(place.published / "02_tanh.ipynb", "old")
    place.refresh()
    return place


@pytest.fixture
def said_by_refresh(copy, capsys):
    """A function that refreshes the copy and returns what is said about it."""

    def refresh():
        capsys.readouterr()
        copy.refresh()
        return capsys.readouterr().out

    return refresh


def test_untouched_lessons_are_renewed(copy, said_by_refresh):
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert said_by_refresh() == ""
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["new"]


def test_the_lesson_that_was_saved_last_is_opened(copy):
    first, second = copy.lessons()
    assert copy.worked_on_last() == first
    save(copy.folder / second.name, "old", outputs=[1])
    assert copy.worked_on_last() == second
    save(copy.folder / first.name, "mine")
    os.utime(copy.folder / first.name, (1, 1))
    assert copy.worked_on_last() == second
    copy.reset("2")
    assert copy.worked_on_last() == first


def test_a_lecturers_notes_in_the_metadata_are_kept(copy):
    mine = copy.folder / "01_sigmoid.ipynb"
    notebook = json.loads(mine.read_text("utf-8"))
    notebook["cells"][0]["metadata"] = {"lecture": {"say": "my notes"}}
    mine.write_text(json.dumps(notebook), "utf-8")
    course.main(["reset", "1"])
    assert "my notes" in (copy.folder / "01_sigmoid.mine.ipynb").read_text("utf-8")


def test_running_a_lesson_is_not_touching_it(copy, said_by_refresh):
    save(copy.folder / "01_sigmoid.ipynb", "old", "", outputs=["run"])
    copy.refresh()
    assert "run" in (copy.folder / "01_sigmoid.ipynb").read_text()
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert said_by_refresh() == ""
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["new"]


def test_touched_lessons_are_kept_and_named_in_one_line(copy, said_by_refresh):
    save(copy.folder / "01_sigmoid.ipynb", "my own")
    assert said_by_refresh() == ""  # nothing newer is published
    save(copy.published / "01_sigmoid.ipynb", "new")
    save(copy.published / "02_tanh.ipynb", "new")
    (line,) = said_by_refresh().splitlines()
    assert "01_sigmoid" in line
    assert "02_tanh" not in line
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["my own"]
    assert sources(copy.folder / "02_tanh.ipynb") == ["new"]


def test_a_change_taken_back_counts_as_none(copy, said_by_refresh):
    save(copy.folder / "01_sigmoid.ipynb", "my own")
    save(copy.published / "01_sigmoid.ipynb", "new")
    copy.refresh()
    save(copy.folder / "01_sigmoid.ipynb", "old")
    assert said_by_refresh() == ""
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["new"]


def test_new_and_deleted_lessons_come(copy):
    save(copy.published / "03_relu.ipynb", "relu")
    (copy.folder / "02_tanh.ipynb").unlink()
    copy.refresh()
    assert sources(copy.folder / "03_relu.ipynb") == ["relu"]
    assert sources(copy.folder / "02_tanh.ipynb") == ["old"]


def test_what_lessons_need_comes_along_but_no_solutions(copy):
    for name in (
        "images/a.png",
        "assignments/a.ipynb",
        "rehearsals/b.ipynb",
        ".ipynb_checkpoints/b.ipynb",
        ".hidden",
    ):
        (copy.published / name).parent.mkdir(exist_ok=True)
        (copy.published / name).write_bytes(b"\x89data")
    copy.refresh()
    copied = {p.relative_to(copy.folder).as_posix() for p in copy.folder.rglob("*") if p.is_file()}
    assert copied == {
        ".course.json",
        ".learner",
        "01_sigmoid.ipynb",
        "02_tanh.ipynb",
        "images/a.png",
    }


DEEP = "[" * 100_000  # more than Python's reader follows


@pytest.mark.parametrize("data", [b"<<<<<<< torn \xff", DEEP.encode()], ids=["torn", "deep"])
def test_a_lesson_that_is_no_notebook_any_more_is_kept(copy, said_by_refresh, data):
    (copy.folder / "01_sigmoid.ipynb").write_bytes(data)
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert "01_sigmoid" in said_by_refresh()
    assert (copy.folder / "01_sigmoid.ipynb").read_bytes() == data


DAMAGED = ["", "{", "[]", "null", '{"copied": 1}', '{"copied": {"a": 1}}', DEEP]
DAMAGED += ['{"copied": {"a": ["b", null]}}']


@pytest.mark.parametrize("text", DAMAGED, ids=lambda text: text[:30])
def test_a_damaged_manifest_is_set_aside_and_nothing_is_lost(copy, text, said_by_refresh):
    save(copy.folder / "01_sigmoid.ipynb", "my own")
    for aside in (".course.damaged.json", ".course.damaged-2.json"):
        (copy.folder / ".course.json").write_text(text)
        out = said_by_refresh()
        assert f"set aside as {aside}" in out
        assert (copy.folder / aside).read_text() == text
        assert "01_sigmoid.ipynb" in out.splitlines()[1]
        assert sources(copy.folder / "01_sigmoid.ipynb") == ["my own"]
    save(copy.published / "02_tanh.ipynb", "new")
    copy.refresh()
    assert sources(copy.folder / "02_tanh.ipynb") == ["new"]


def test_a_manifest_that_is_no_file_is_set_aside_too(copy, said_by_refresh):
    (copy.folder / ".course.json").unlink()
    (copy.folder / ".course.json").mkdir()
    assert "set aside as .course.damaged.json" in said_by_refresh()
    assert (copy.folder / ".course.damaged.json").is_dir()
    assert said_by_refresh() == ""


def test_a_write_that_fails_leaves_the_old_file(copy, monkeypatch):
    def fails(*_):
        raise DISK_FULL

    save(copy.published / "01_sigmoid.ipynb", "new")
    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="No space"):
        copy.refresh()
    monkeypatch.undo()
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["old"]
    assert not list(copy.folder.glob("*.part")) + list(copy.folder.glob(".*.part"))


TEXTS = st.sampled_from(["old", "new", "newer"])
STEPS = st.one_of(
    st.tuples(st.just("publish"), TEXTS),
    st.tuples(st.just("learner writes"), st.sampled_from(["old", "mine", "my best"])),
    st.tuples(st.sampled_from(["refresh", "run", "delete", "damage"]), st.none()),
)


@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_the_learners_text_survives(steps):
    quiet = contextlib.redirect_stdout(io.StringIO())
    with tempfile.TemporaryDirectory() as name, quiet:
        copy = WorkingCopy(Path(name, "mine"), Path(name, "notebooks"))
        lesson, mine = copy.published / "01_x.ipynb", copy.folder / "01_x.ipynb"
        lesson.parent.mkdir()
        save(lesson, "old")
        copy.refresh()
        for step, text in [*steps, ("refresh", None)]:
            if step == "publish":
                save(lesson, text)
            elif step == "learner writes":
                save(mine, text)
            elif step == "run" and mine.exists():
                save(mine, *sources(mine), outputs=["run"])
            elif step == "delete":
                mine.unlink(missing_ok=True)
            elif step == "damage":
                copy.manifest.write_text("{")
            elif step == "refresh":
                own = sources(mine) if mine.exists() else None
                copy.refresh()
                assert sources(mine) == own if own in (["mine"], ["my best"]) else mine.exists()
                copy.refresh()
                once = mine.read_bytes()
                copy.refresh()
                assert mine.read_bytes() == once
        if not any(step in ("learner writes", "damage") for step, _ in steps):
            assert sources(mine) == sources(lesson)


@pytest.mark.parametrize("word", ["1", "01", "01_", "01_sigmoid", "notebooks/01_sigmoid.ipynb"])
def test_reset_fetches_a_fresh_copy_and_keeps_the_learners(copy, capsys, word):
    for kept in ("01_sigmoid.mine.ipynb", "01_sigmoid.mine-2.ipynb", "01_sigmoid.mine-3.ipynb"):
        save(copy.folder / "01_sigmoid.ipynb", f"my own for {kept}")
        assert course.main(["reset", word]) == 0
        assert kept in capsys.readouterr().out
        assert sources(copy.folder / "01_sigmoid.ipynb") == ["old"]
        assert sources(copy.folder / kept) == [f"my own for {kept}"]
    assert sources(copy.folder / "02_tanh.ipynb") == ["old"]


def test_a_reset_lesson_is_untouched_again(copy, said_by_refresh):
    save(copy.folder / "01_sigmoid.ipynb", "my own")
    course.main(["reset", "1"])
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert said_by_refresh() == ""
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["new"]


@pytest.mark.parametrize("text", ["my own", "old"])
@pytest.mark.parametrize("failing", ["01_sigmoid.ipynb", ".course.json"])
def test_a_reset_that_fails_puts_the_learners_lesson_back(copy, monkeypatch, capsys, text, failing):
    save(copy.folder / "01_sigmoid.ipynb", text, outputs=["run"])
    before = {path: path.read_bytes() for path in copy.folder.iterdir()}
    replace = os.replace

    def fails(source, target):
        if Path(source).suffix == ".part" and Path(target).name == failing:
            raise DISK_FULL
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails)
    assert course.main(["reset", "1"]) == 1
    assert "disk is full" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in copy.folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["folder", DEEP], ids=["folder", "deep"])
def test_a_damaged_manifest_does_not_stop_a_reset(copy, capsys, damage):
    save(copy.folder / "01_sigmoid.ipynb", "my own")
    (copy.folder / ".course.json").unlink()
    if damage == "folder":
        (copy.folder / ".course.json").mkdir()
    else:
        (copy.folder / ".course.json").write_text(damage)
    assert course.main(["reset", "1"]) == 0
    assert "set aside as .course.damaged.json" in capsys.readouterr().out
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["old"]
    assert sources(copy.folder / "01_sigmoid.mine.ipynb") == ["my own"]


def test_a_reset_of_what_has_nothing_of_the_learners_leaves_no_second_file(copy, capsys):
    save(copy.folder / "01_sigmoid.ipynb", "old", outputs=["run"])
    assert course.main(["reset", "1"]) == 0
    assert "kept" not in capsys.readouterr().out
    assert not (copy.folder / "01_sigmoid.mine.ipynb").exists()
    assert "run" not in (copy.folder / "01_sigmoid.ipynb").read_text()


def test_reset_before_the_first_use(copy):
    shutil.rmtree(copy.folder)
    assert course.main(["reset", "2"]) == 0
    assert sources(copy.folder / "02_tanh.ipynb") == ["old"]


@pytest.mark.parametrize("words", [["3"], ["0"], ["relu"], [""], [], ["1", "2"], ["³"]])
def test_reset_of_what_is_not_one_lesson(copy, capsys, words):
    save(copy.folder / "01_sigmoid.ipynb", "my own")
    assert course.main(["reset", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "01_sigmoid" in line or len(words) != 1
    assert sources(copy.folder / "01_sigmoid.ipynb") == ["my own"]


# ------------------------------------------------------------------ out and back


@pytest.fixture
def elsewhere(copy, tmp_path):
    """A copy of the same lessons on another machine."""
    place = WorkingCopy(tmp_path / "elsewhere", copy.published)
    place.refresh()
    return place


def test_what_was_taken_out_is_brought_back(copy, elsewhere, tmp_path, capsys):
    archive = tmp_path / "my_course.zip"
    save(copy.folder / "01_sigmoid.ipynb", "mine")
    save(copy.folder / "02_tanh.ipynb", "old", outputs=["run"])
    (copy.folder / "notes.txt").write_text("a note")
    (copy.folder / ".progress.json").write_text('{"relu": {"right": true, "attempts": 2}}')
    names = take_out(copy, archive)
    assert names == [".progress.json", "01_sigmoid.ipynb", "notes.txt"]
    save(elsewhere.folder / "01_sigmoid.ipynb", "other")
    (elsewhere.folder / ".progress.json").write_text('{"relu": {"attempts": 3, "when": 9}}')
    bring_back(elsewhere, archive)
    assert sources(elsewhere.folder / "01_sigmoid.ipynb") == ["mine"]
    assert sources(elsewhere.folder / "01_sigmoid.mine.ipynb") == ["other"]
    assert (elsewhere.folder / "notes.txt").read_text() == "a note"
    relu = json.loads((elsewhere.folder / ".progress.json").read_text())["relu"]
    assert (relu["right"], relu["attempts"]) == (True, 3)
    assert "01_sigmoid.mine.ipynb" in capsys.readouterr().out
    before = {path: path.read_bytes() for path in elsewhere.folder.rglob("*") if path.is_file()}
    bring_back(elsewhere, archive)  # once more changes nothing
    assert before == {path: path.read_bytes() for path in elsewhere.folder.rglob("*")}


@pytest.fixture
def zipped(tmp_path):
    """A function that makes a zip of {name: text}."""

    def make(held):
        with zipfile.ZipFile(tmp_path / "brought.zip", "w", zipfile.ZIP_DEFLATED) as files:
            for name, text in held.items():
                files.writestr(name, text)
        return tmp_path / "brought.zip"

    return make


def stored(copy):
    return {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()}


def test_a_zip_writes_nothing_outside_the_copy_and_nothing_hidden(
    elsewhere, zipped, tmp_path, capsys
):
    outside = "../out.txt", f"{tmp_path}/abs-out.txt", "a/../../out.txt", "C:out.txt", "..\\out.txt"
    hidden = ".git/hooks/pre-commit", "helpers/__init__.py", ".course.json", ".learner"
    before = stored(elsewhere)
    bring_back(elsewhere, zipped({**dict.fromkeys((*outside, *hidden), "x"), PROGRESS: "[1"}))
    assert not [*tmp_path.rglob("*out.txt")]
    assert stored(elsewhere) == before
    said = capsys.readouterr().out
    assert f"{PROGRESS} of the zip could not be read and is left out." in said
    assert "Left out, as they are hidden or lead out of that folder: ../out.txt, " in said
    assert " and 4 more." in said


def test_no_file_of_a_zip_is_imported_for_an_installed_module(copy, zipped, monkeypatch, capsys):
    ready = SimpleNamespace(
        set_up=lambda: None,
        trust=lambda paths: None,
        hand_over=lambda *words, **more: 0,
        site_packages=lambda: Path(sysconfig.get_path("purelib")),
    )
    monkeypatch.setattr(course, "COURSE", ready)
    before = stored(copy)
    hostile = ("helpers.py", "numpy.cpython-311-x86_64-linux-gnu.so", "numpy.py", "random.py")
    own = ("my_plots.py", "numpy.txt", "scripts/numpy.py")
    assert course.main(["lab", str(zipped(dict.fromkeys((*hostile, *own), "x")))]) == 0
    assert stored(copy).keys() - before.keys() == {copy.folder / name for name in own}
    assert ", ".join(hostile) in capsys.readouterr().out


@pytest.mark.parametrize(
    "torn", ['{"relu": {"right": true}, torn', '{"relu": {"hints": "x"}}', "[]"]
)
def test_a_damaged_table_of_progress_is_set_aside(elsewhere, zipped, capsys, torn):
    mine = elsewhere.folder / PROGRESS
    for aside in (".progress.damaged.json", ".progress.damaged-2.json"):
        mine.write_text(torn)
        bring_back(elsewhere, zipped({PROGRESS: '{"tanh": {"right": true}}'}))
        assert (elsewhere.folder / aside).read_text() == torn
        assert f"set aside as {aside}" in capsys.readouterr().out
        assert json.loads(mine.read_text()) == {"tanh": {"right": True}}


@pytest.mark.parametrize(
    "entry", ['{"when": "x"}', '{"attempts": "2"}', '{"hints": null}', '{"same": 1.5}', "3", "[]"]
)
def test_of_progress_comes_in_only_what_can_be_read_again(elsewhere, zipped, capsys, entry):
    bring_back(elsewhere, zipped({PROGRESS: f'{{"relu": {entry}}}'}))
    assert not (elsewhere.folder / PROGRESS).exists()
    assert f"{PROGRESS} of the zip could not be read" in capsys.readouterr().out


def test_what_is_no_whole_zip_changes_nothing(elsewhere, zipped):
    archive = zipped({"a.txt": "a" * 99, "z.txt": "".join(map(chr, range(32, 99)))})
    whole, before = archive.read_bytes(), stored(elsewhere)
    for k in range(len(whole)):
        archive.write_bytes(whole[:k] + bytes([whole[k] ^ 0xFF]) + whole[k + 1 :])
        with contextlib.suppress(Fault):
            contents(archive)
    archive.write_bytes(whole.replace(b"a.txt", b"b.txt", 1))
    for torn in (archive, elsewhere.folder / "01_sigmoid.ipynb"):
        with pytest.raises(Fault, match="no zip file that can be read, and nothing of it"):
            bring_back(elsewhere, torn)
    assert stored(elsewhere) == before


@pytest.mark.parametrize("name", ["z_folder", "z_file.txt/inside.txt", "a.txt/inside.txt"])
def test_a_file_that_cannot_be_written_is_told_before_the_first_one_is(elsewhere, zipped, name):
    (elsewhere.folder / "z_folder").mkdir()
    (elsewhere.folder / "z_file.txt").write_text("mine")
    before = stored(elsewhere)
    with pytest.raises(Fault, match=f"a file {name}, but .* already.* Nothing was brought back"):
        bring_back(elsewhere, zipped({"a.txt": "new", name: "new"}))
    assert stored(elsewhere) == before


def test_the_last_zip_stays_until_the_new_one_is_whole(copy, monkeypatch, capsys):
    """It lies in the copy itself, reached by a link, and is not packed."""
    link = copy.folder.with_name("link")
    link.symlink_to(copy.folder)
    (copy.folder / "notes.txt").write_text("a note")
    (copy.folder / "a:b.txt").write_text("a name that Windows does not take")
    for _ in range(2):
        assert take_out(copy, link / "my.zip") == ["notes.txt"]
        assert "a:b.txt" in capsys.readouterr().out
    before = stored(copy)

    def fails(*_):
        raise DISK_FULL

    monkeypatch.setattr(zipfile.ZipFile, "write", fails)
    with pytest.raises(OSError, match="No space"):
        take_out(copy, copy.folder / "my.zip")
    assert stored(copy) == before
