"""What all tests share: the figures printed at the end of a run, and no silent skips in CI."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

FIGURES = pytest.StashKey[dict]()


def pytest_configure(config):
    config.stash[FIGURES] = {}
    # started in the background, a run would ignore Ctrl-C, and so would all that it starts
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # a folder that is not there: every kernel begins without progress, and leaves none behind
    os.environ["COURSE_HOME"] = str(Path(__file__).with_name("nowhere"))


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no process is left with it at the end."""
    items.sort(key=lambda item: item.path.name != "test_lite.py")


@pytest.fixture(scope="session")
def figures_of_the_run(request):
    """A dict of figures worth knowing; they are printed when the run ends."""
    return request.config.stash[FIGURES]


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_testnodedown(node):
    """Take over the figures of a process that ran part of the tests."""
    node.config.stash[FIGURES].update(getattr(node, "workeroutput", {}).get("figures", {}))


def pytest_sessionfinish(session):
    config = session.config
    if hasattr(config, "workeroutput"):  # one of several processes: hand the figures over
        figures = {name: str(value) for name, value in config.stash[FIGURES].items()}
        config.workeroutput["figures"] = figures
        return
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") and sys.platform == "linux":  # there all can be installed
        reporter.write_line(f"{len(skipped)} tests were skipped, which CI does not allow", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    figures = config.stash[FIGURES]
    if figures:
        terminalreporter.section("figures of this run")
        width = max(map(len, figures))
        for name, value in figures.items():
            terminalreporter.line(f"{name:<{width}}  {value}")
