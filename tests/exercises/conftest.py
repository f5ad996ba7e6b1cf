"""A working copy of its own for each test of the exercises."""

import pytest

from helpers.exercises import records


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working copy of our own, empty at the beginning of each test."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    records.forget_unsaved()
    return tmp_path
