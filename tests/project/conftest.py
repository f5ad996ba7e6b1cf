"""The courses of tiny packages that the launcher is tried on."""

import shutil

import pytest

from tests.project.small_course import Course, served_index, succeeded


@pytest.fixture
def index():
    with served_index() as server:
        yield server


@pytest.fixture
def fresh(tmp_path, index):
    """A course that was never set up, in a folder with spaces and umlauts."""
    return Course(tmp_path / "Mein Kurs ü é", tmp_path / "home", index.address).fill()


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A course that is set up, to be copied."""
    place = tmp_path_factory.mktemp("model")
    with served_index() as server:
        made = Course(place / "course", place / "home", server.address).fill()
        succeeded(made.run("setup"))
    return made.folder


@pytest.fixture
def ready(model, tmp_path, index):
    """A course that is set up (a moved `.venv` works on)."""
    folder = tmp_path / "Mein Kurs ü é"
    shutil.copytree(model, folder, symlinks=True)
    return Course(folder, tmp_path / "home", index.address)
