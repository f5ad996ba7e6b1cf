"""What all tests share: the figures printed at the end of a run."""

import os
import sys

import pytest

FIGURES = pytest.StashKey[dict]()


def pytest_configure(config):
    config.stash[FIGURES] = {}


@pytest.fixture(scope="session")
def figures_of_the_run(request):
    """A dict of figures worth knowing; they are printed when the run ends."""
    return request.config.stash[FIGURES]


def pytest_terminal_summary(terminalreporter, config):
    figures = config.stash[FIGURES]
    if figures:
        terminalreporter.section("figures of this run")
        width = max(map(len, figures))
        for name, value in figures.items():
            terminalreporter.line(f"{name:<{width}}  {value}")


def pytest_sessionfinish(session):
    """In CI on Linux, where all can be installed, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") and sys.platform == "linux":
        reporter.write_line(f"{len(skipped)} tests were skipped, which CI does not allow", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
