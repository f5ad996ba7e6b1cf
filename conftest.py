"""What all tests share: the figures printed at the end of a run, and no silent skips in CI."""

import gc
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import settings

FIGURES = pytest.StashKey[dict]()
START = pytest.StashKey[float]()
SHORT = pytest.StashKey[bool]()
LONGEST = (
    *("tests/project/test_clean_room", "tests/project/test_forks", "tests/project/test_types"),
    *("tests/editions/test_lite", "tests/editions", "notebooks", "tests/grading", "tests/"),
)
PATIENCE = 600  # seconds for what another process makes
ALONE = "tests/editions", "tests/project"
LECTURES = "tests/editions/test_lectures", "tests/editions/test_votes"  # one look at all of them
TOGETHER = (  # one kernel for many notebooks
    "tests/editions/test_browser",
    "tests/editions/test_lite.py::test_a_lesson_is_run",
    "tests/editions/test_lite.py::test_the_pad_key_by_key",
    "tests/editions/test_lite.py::test_what_is_saved",
)


def pytest_configure(config):
    config.stash[FIGURES], config.stash[START] = {}, time.monotonic()
    config.stash[SHORT] = short = config.option.markexpr == "not complete"  # as `course.py test`
    # inputs on which a property is tried; the machine may have other things to do
    settings.register_profile("course", deadline=None, max_examples=25 if short else 100)
    settings.load_profile("course")
    # started in the background, a run would ignore Ctrl-C, and so would all that it starts
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # a folder that is not there: every kernel begins without progress, and leaves none behind
    os.environ["COURSE_HOME"] = str(Path(__file__).with_name("nowhere"))
    # kernels run in other folders, import from this one, and multiply as `course.py` lets them
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """Begin with what takes longest, so that no process is left with it at the end.

    First of all comes one test of each file, so that no process waits for what another builds.
    """
    from tests.lessons.afterwards import with_questions

    places = 3 if config.stash[SHORT] else 41
    items[:] = with_questions(items, config.stash[FIGURES], places)
    yield  # some are left out
    first = set({item.path: item for item in reversed(items)}.values())

    def place(item):
        if item in first and item.nodeid.startswith("tests/editions"):
            return -1
        starts = (n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start))
        return next(starts, len(LONGEST))

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """Look for no garbage among ten thousand tests and all modules, which stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config, log):
    """Keep the tests of a file together, as they share what they set up, but for these folders."""
    from xdist.scheduler import LoadFileScheduling

    class Spread(LoadFileScheduling):
        def _split_scope(self, nodeid):
            if nodeid.startswith(LECTURES):
                return "lectures"
            if config.stash[SHORT]:  # a few tests of a file, for which one browser is started
                return super()._split_scope(nodeid)
            alone = nodeid.startswith(ALONE) and not nodeid.startswith(TOGETHER)
            return nodeid if alone else super()._split_scope(nodeid)

    return Spread(config, log)


@pytest.fixture(scope="session")
def figures_of_the_run(request):
    """A dict of figures worth knowing; they are printed when the run ends."""
    return request.config.stash[FIGURES]


@pytest.fixture(scope="session")
def short(request):
    """Whether this is the short run, without the complete matrix."""
    return request.config.stash[SHORT]


@pytest.fixture(scope="session")
def once(request, tmp_path_factory):
    """``once(name, make)`` has a folder made by one process for all of a run: ``make(folder)``.

    Where that process was killed over it, the others wait for 10 minutes and no longer.
    """
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent

    def folder(name, make):
        place, made = shared / name, shared / f"{name}.made"
        end = time.monotonic() + PATIENCE
        while not made.exists():
            if time.monotonic() > end:
                raise TimeoutError(f"{place}: expected within {PATIENCE} s, its maker has died?")
            try:
                place.mkdir()
            except FileExistsError:  # another process is at it
                time.sleep(0.2)
                continue
            try:
                make(place)
            except BaseException:
                shutil.rmtree(place)
                raise
            made.touch()
        return place

    return folder


@pytest.fixture(scope="module")  # a later test must not find its event loop
def chromium():
    """A browser for all tests of a file; each opens a page of its own."""
    from tools import browser

    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab for all tests; each puts its own notebooks into its folder."""
    from tools import browser

    with browser.lab_server(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_testnodedown(node):
    """Take over the figures of a process that ran part of the tests."""
    figures = node.config.stash[FIGURES]
    for name, value in getattr(node, "workeroutput", {}).get("figures", {}).items():
        figures[name] = figures.get(name, 0) + value if isinstance(value, int) else value


def pytest_sessionfinish(session):
    config = session.config
    if hasattr(config, "workeroutput"):  # one of several processes: hand the figures over
        figures = config.stash[FIGURES]
        figures[f"process {config.workerinput['workerid']} was done after"] = (
            f"{time.monotonic() - config.stash[START]:.0f} s"
        )
        config.workeroutput["figures"] = figures
        return
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") and sys.platform == "linux":  # there all can be installed
        reporter.write_line(f"{len(skipped)} tests were skipped, which CI does not allow", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if sys.platform != "linux":  # its conftest leaves them out
        terminalreporter.write_line("tests/grading: not run, the sandbox exists for Linux alone")
    figures = config.stash[FIGURES]
    if figures:
        terminalreporter.section("figures of this run")
        width = max(map(len, figures))
        for name, value in figures.items():
            terminalreporter.line(f"{name:<{width}}  {value}")
