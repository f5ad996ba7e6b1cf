"""Every wait of the tests' own tools has an end, and a kernel made afresh remembers no answer."""

import subprocess
from itertools import count
from unittest.mock import patch

import pytest
from ipywidgets import Widget

from helpers.exercises import records
from tools import browser


class Restless:
    """A slider whose cell never comes to rest."""

    def __init__(self):
        self.looks = count()

    def evaluate(self, _):
        return "", str(next(self.looks))

    def get_attribute(self, _):
        return "z"


def test_what_never_rests_is_not_waited_for():
    with pytest.raises(AssertionError, match=r"slider 'z': its cell still changed after 0\.2 s"):
        browser.settle(Restless(), seconds=0.2)


def test_what_a_killed_process_was_making_is_not_waited_for(once, monkeypatch):
    shared = once("made by this process", lambda folder: None).parent
    (shared / "left behind").mkdir()
    clock = count(step=250)
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with pytest.raises(TimeoutError, match="left behind: expected within 600 s"):
        once("left behind", lambda folder: None)


def test_a_server_that_does_not_hear_is_ended():
    words = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as deaf:
        deaf.stdout.readline()
        browser.stop(deaf, seconds=0.2)
    assert deaf.returncode == -9


def test_a_kernel_made_afresh_knows_no_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "nowhere"))
    records.record("sigmoid", attempts=1)
    assert "sigmoid" in records.read()
    done = []
    monkeypatch.setattr(patch, "stopall", lambda: done.append("patches"))
    monkeypatch.setattr(Widget, "close_all", lambda: done.append("widgets"))

    class Shell:
        def run_line_magic(self, *words):
            done.append(words)

    exec(browser.AFRESH, {"get_ipython": Shell})
    assert done == ["patches", "widgets", ("reset", "-f")]
    assert records.read() == {}
