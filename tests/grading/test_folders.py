"""Whatever files and folders are called: what was handed in is found, nobody keeps others out."""

import os

from helpers.grading.folders import handed_in_file, submissions
from tests.grading.course import ALL, RIGHT, course_py
from tools.submissions import answered, grades, hand_in, points


def handed_in(folder, student):
    return handed_in_file(folder / student, folder / student / "derivatives", "derivatives")


def test_a_link_out_of_the_folder_is_no_submission(tmp_path):
    hand_in(tmp_path, "ada", b"mine")
    submitted = tmp_path / "submitted"
    assert handed_in(submitted, "ada").data == b"mine"
    linked = submitted / "zed" / "derivatives" / "derivatives.ipynb"
    linked.parent.mkdir(parents=True)
    linked.symlink_to("../../ada/derivatives/derivatives.ipynb")
    (submitted / "bob").symlink_to("ada")
    (submitted / "eve").mkdir()
    (submitted / "eve" / "derivatives").symlink_to("../ada/derivatives")
    for student in ("zed", "bob", "eve"):
        found = handed_in(submitted, student)
        assert found.data == b""
        assert "a link leads from it to a file outside" in found.problem


FILES = [
    "derivatives/derivatives (1).ipynb",
    "derivatives/Derivatives.ipynb",
    "derivatives/derivatives-Copy1.ipynb",
    "derivatives/derivatives - Kopie.IPYNB",
    "derivatives/my homework.ipynb",
    "Derivatives/derivatives.ipynb",
    "derivatives (2)/derivatives.ipynb",
    "derivatives.ipynb",
    "DERIVATIVES (3).ipynb",
]
NAMES = [
    *("o\u2019neil", "ann\u00a0lee", "zwnj\u200cname", "soft\u00adhyphen", "b@c.d", "=1+1"),
    *("\U0001f469\u200d\U0001f52c", "m\udcfcller", "new\nline", "e\u0301", "M\u00fcller", " "),
]


def test_files_and_folders_of_any_name_are_graded(small, release, capsys):
    folder, data = small(0), answered(release, RIGHT)
    for number, path in enumerate(FILES):
        place = hand_in(folder, f"file{number}", data)
        wanted = folder / "submitted" / f"file{number}" / path
        wanted.parent.mkdir(exist_ok=True)
        place.rename(wanted)
        if not any(place.parent.iterdir()):
            place.parent.rmdir()
    for name in NAMES:
        hand_in(folder, name, data)
    assert course_py("grade", "derivatives", "--course", folder, "--workers", 2) == 0
    rows = grades(folder)
    assert len(rows) == len(FILES) + len(NAMES)
    assert {points(row) for row in rows.values()} == {ALL}
    said = capsys.readouterr().out
    assert "file0: the file is called derivatives (1).ipynb" in said
    assert "file4: the file is called my homework.ipynb" in said
    assert {r"m\xfcller", r"new\nline"} <= {*rows}
    table = (folder / "grades.csv").read_text(encoding="utf-8")
    assert "\n=1+1," not in table, "a spreadsheet would compute it"


def test_of_several_files_the_one_that_is_meant_is_graded(tmp_path):
    place = hand_in(tmp_path, "ada", b"exact").parent
    student = place.parent
    (place / "derivatives (1).ipynb").write_bytes(b"copy")
    (place / ".ipynb_checkpoints").mkdir()
    found = handed_in_file(student, place, "derivatives")
    assert found.data == b"exact"
    assert found.remark == found.look
    assert "derivatives (1).ipynb lies beside it and is not graded" in found.look
    (place / "derivatives.ipynb").unlink()
    (place / "derivatives (2).ipynb").write_bytes(b"newest")
    os.utime(place / "derivatives (1).ipynb", (1, 1))
    found = handed_in_file(student, place, "derivatives")
    assert found.data == b"newest"
    assert "derivatives (2).ipynb is graded" in found.remark
    for path in place.glob("*.ipynb"):
        path.unlink()
    (place / "ps1.ipynb").write_bytes(b"a")
    (place / "ps2.ipynb").write_bytes(b"b")
    assert handed_in_file(student, place, "derivatives").problem == "there is no derivatives.ipynb"


def test_what_is_no_submission_is_none(tmp_path):
    for path in (".DS_Store/derivatives", "bob/other", "eve"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "file.txt").write_text("")
    assert [*submissions(tmp_path, "derivatives")] == [".DS_Store"]
    assert submissions(tmp_path / "nowhere", "derivatives") == {}


def test_an_answered_notebook_goes_before_a_blank_one(tmp_path):
    student = tmp_path / "s1"
    student.mkdir(exist_ok=True)
    (student / "derivatives.ipynb").write_bytes(b"blank")
    (student / "derivatives (1).ipynb").write_bytes(b"answered")
    found = handed_in_file(student, student, "derivatives", lambda data: data == b"blank")
    assert found.data == b"answered"
    assert "derivatives.ipynb lies beside it and is not graded" in found.look
