"""What students of a hub pull: the lessons, and never an assignment with its solutions."""

import shutil
import subprocess

import pytest

from tools.files import PUBLISHED
from tools.working_copy import publish

if not shutil.which("git"):
    pytest.skip("git is not installed here", allow_module_level=True)


def commits(folder):
    words = ["git", "-C", str(folder), "rev-list", "--all", "--count"]
    return int(subprocess.check_output(words, text=True))


def test_a_repository_without_assignments_grows_only_with_news(tmp_path, capsys):
    lessons, folder = shutil.copytree(PUBLISHED, tmp_path / "published"), tmp_path / "lessons"
    publish(folder, lessons)
    words = ["git", "-C", str(folder), "ls-files"]
    files = subprocess.check_output(words, text=True).split()
    published = [path.name for path in PUBLISHED.iterdir() if path.is_file()]
    assert sorted(files) == sorted(published)  # what lessons load stands beside them
    publish(folder, lessons)
    assert commits(folder) == 1
    lesson = lessons / "01_sigmoid.ipynb"
    lesson.write_text(lesson.read_text("utf-8").replace("igmoid", "igmoid,", 1), "utf-8")
    publish(folder, lessons)
    assert commits(folder) == 2
    assert "holds new lessons that students pull" in capsys.readouterr().out
