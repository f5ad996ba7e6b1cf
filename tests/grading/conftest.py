"""Courses with a released assignment: released once, copied for the tests of a file."""

import shutil
import sys

import pytest

from helpers.grading import sandbox
from tests.grading.course import RIGHT, course_py
from tools.submissions import answered, hand_in, read

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]  # where the sandbox exists


@pytest.fixture(scope="session")
def released_into(once):
    """``released_into(folder)`` makes it a course whose assignment is released, and returns it."""

    def make(folder):
        assert course_py("release", "derivatives", "--course", folder) == 0

    def fill(folder):
        made, path = once("released", make), folder / "nbgrader_config.py"
        shutil.copytree(made, folder, dirs_exist_ok=True)
        path.write_text(path.read_text("utf-8").replace(str(made), str(folder)), "utf-8")
        return folder

    return fill


@pytest.fixture(scope="module")
def course(released_into, tmp_path_factory):
    """A course whose assignment is released."""
    folder = released_into(tmp_path_factory.mktemp("course"))
    shutil.copy(folder / "gradebook.db", folder / "blank.db")
    return folder


@pytest.fixture(scope="module")
def release(course):
    return read(course / "release" / "derivatives" / "derivatives.ipynb")


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


@pytest.fixture(scope="module")
def box():
    """A sandbox for all tests of a file."""
    with sandbox.Sandbox() as box:
        yield box
