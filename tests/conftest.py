"""What all tests share: the figures printed at the end of a run."""

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
