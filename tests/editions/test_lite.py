"""The in-browser edition, built with a local Pyodide and used with the network cut off.

Each lesson is run from top to bottom, two of them are worked through.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from filecmp import cmp
from pathlib import Path

import pytest
from playwright.sync_api import expect

import course
from helpers.handin import read_file
from tests.editions.lessons import NAMES, train_briefly
from tests.editions.test_book import size
from tests.matrix import matrix
from tools.browser import (
    Warm,
    answer_predictions,
    awaited,
    faults,
    page,
    press,
    restart,
    run_cell,
    served,
    show,
    step,
    until_ready,
    violations,
    wait_until_alive,
)
from tools.files import PUBLISHED
from tools.moving import bring_back
from tools.notebooks import explorers, read
from tools.pads import PAD, THREE, derive_three, fields
from tools.working_copy import WorkingCopy

pytestmark = pytest.mark.browser

PINNED = Path(__file__).with_name("pyodide.txt")
CARRIED = "open_webui/frontend/pyodide/"


def local_pyodide(folder):
    """Fetch Pyodide into ``folder``, the hash checked, from a package that carries it."""
    with tempfile.TemporaryDirectory() as fresh:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes"]
        command += ["--disable-pip-version-check", "-r", str(PINNED), "-d", fresh]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            answer = pytest.fail if os.environ.get("CI") else pytest.skip
            answer(f"no network, hence no Pyodide to test with: {done.stderr[-300:]}")
        (wheel,) = Path(fresh).glob("*.whl")
        with zipfile.ZipFile(wheel) as files:
            for name in files.namelist():
                if name.startswith(CARRIED) and not name.endswith((".map", "/")):
                    (folder / name.removeprefix(CARRIED)).write_bytes(files.read(name))


@pytest.fixture(scope="session")
def built(once, figures_of_the_run):
    """The folder of the edition, built by the command that everyone uses."""

    def make(folder):
        pyodide = course.ROOT / "_build" / "pyodide"
        kept = pyodide / PINNED.name
        if not (kept.exists() and cmp(PINNED, kept, shallow=False)):
            shutil.rmtree(pyodide, ignore_errors=True)
            pyodide.mkdir(parents=True)
            local_pyodide(pyodide)
            shutil.copy(PINNED, pyodide)  # last: it is complete
        start = time.monotonic()
        command = [sys.executable, course.__file__, "lite", str(folder / "lite")]
        command += ["--pyodide", str(pyodide)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        spent = f"{time.monotonic() - start:.0f} s with its set-up"
        figures_of_the_run["in-browser edition"] = f"{spent}, {size(folder)}, Pyodide included"

    return once("edition", make) / "lite"


@pytest.fixture(scope="session")
def edition(built):
    """The address of the edition."""
    with served(built) as address:
        yield address


@pytest.fixture(scope="module")
def warm(edition, chromium):
    """The edition on one page, with one kernel for all lessons."""
    warm = Warm(chromium, lambda page, name: open_lesson(page, edition, name))
    yield warm
    warm.close()


@pytest.fixture
def published(built, tmp_path):
    """A folder of the edition whose lessons can be published anew, and its address."""
    for part in built.iterdir():
        if part.name != "files":
            (tmp_path / part.name).symlink_to(part)
    shutil.copytree(built / "files", tmp_path / "files")
    with served(tmp_path) as address:
        yield tmp_path / "files", address


def test_what_a_lesson_begins_with_is_compiled(built):
    """A browser keeps no bytecode; sources stay beside that of the course."""
    wheels = built / "static" / "course"
    lock = json.loads((wheels / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    begun = {"ipython": "IPython/__init__.pyc", "matplotlib": "matplotlib/pyplot.pyc"}
    for name, module in (begun | {"activation-derivatives": "helpers/__init__.py"}).items():
        with zipfile.ZipFile(wheels / lock[name]["file_name"]) as files:
            assert module in files.namelist()
    assert "helpers/__pycache__/__init__.cpython-314.pyc" in files.namelist()
    with zipfile.ZipFile(wheels / "python_stdlib.zip") as files:
        assert "asyncio/__init__.pyc" in files.namelist()
    page = (built / "notebooks" / "index.html").read_text(encoding="utf-8")
    early = re.findall('rel="prefetch" crossorigin href="([^"]*)"', page)
    assert len(early) > 20
    assert all((built / "notebooks" / address).is_file() for address in early)


# What the outputs hold: a list of lines in place of a text would be joined by commas.
SHOWN = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter((cell) => cell.model.type === "code")
    .flatMap((cell) => cell.model.sharedModel.toJSON().outputs.map((o) => o.text ?? o.data))"""


def open_lesson(page, edition, name):
    """Open a lesson and wait for its kernel."""
    page.goto(f"{edition}/notebooks/index.html?path={name}.ipynb", wait_until="domcontentloaded")
    until_ready(page)


@pytest.mark.parametrize("name", matrix(NAMES, "02_tanh"))
def test_a_lesson_is_run_from_top_to_bottom(name, warm, figures_of_the_run):
    start = time.monotonic()

    def note(what):
        seconds = f"{time.monotonic() - start:.0f} s"
        figures_of_the_run[f"in the browser, {name}: {what}"] = seconds

    with warm.notebook(name) as visit:
        note("kernel")
        outputs = [
            o for cell in read(PUBLISHED / f"{name}.ipynb").cells for o in cell.get("outputs", [])
        ]
        assert visit.page.evaluate(SHOWN) == [o.get("text", o.get("data")) for o in outputs]
        train_briefly(visit.page)
        visit.page.evaluate("() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        visit.page.evaluate(
            "() => { window.run = jupyterapp.commands.execute('notebook:run-all-cells'); }"
        )
        if "<img" in (PUBLISHED / f"{name}.ipynb").read_text(encoding="utf-8"):
            visit.page.locator(".jp-OutputArea-output img").first.wait_for(timeout=300_000)
            note("first picture")
        awaited(visit.page, "window.run", seconds=600)
        note("all cells")
        assert faults(visit.page) == []
        wait_until_alive(visit.page, explorers(name))
        answer_predictions(visit.page)
        for slider in visit.page.locator(".jp-OutputArea").get_by_role("slider").all():
            step(slider)  # a mouse drags them in book and decks
        if name == "01_sigmoid":  # JupyterLab, which shows the same, asks it of every lesson
            assert violations(visit.page, ".jp-OutputArea") == []


# Answers every exercise of a lesson, wrongly and rightly, takes its hints, and trains a network.
WORK = """
import json
from helpers import activations
from helpers.exercises import (EXERCISES, CodeExercise, DerivationExercise, check, hint, progress)
def answers(exercise):
    yield ...
    if isinstance(exercise, CodeExercise):
        scope = {{"np": __import__("numpy"), **vars(activations)}}
        yield lambda z: 0 * z + 0.3
        exec(exercise.code, scope)
        yield scope[exercise.name]
    elif isinstance(exercise, DerivationExercise):
        lines = exercise.solution.strip().split("\\n")
        yield "\\n".join([lines[0], "= 2*z + 3", *lines[1:]])
        yield "\\n".join(lines[:-1])
        yield exercise.solution
    else:
        yield "nonsense"
        yield getattr(exercise, "answer", "")
told = {{}}
for name, exercise in EXERCISES.items():
    if exercise.lesson == {lesson}:
        verdicts = [check(name, answer) for answer in answers(exercise)]
        told[name] = [[v.status, v.message, v.first_wrong_line] for v in verdicts] + [hint(name)]
print(json.dumps([told, progress({lesson}).split("\\n")[0]]))
"""
TRAIN = """
import json
import numpy as np
from helpers.networks import Network, load_digits, train
rng = np.random.default_rng(0)
network = Network([64, 48, 48, 10], "tanh", rng, init="xavier")
print(json.dumps(train(network, *load_digits(), rng, epochs=3).tolist()))
"""


def printed_here(source, tmp_path):
    """Return what a program prints in Python as it is installed here, read as JSON."""
    program = tmp_path / "work.py"  # a file, for what is said of a function is read in its source
    program.write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)],
        env=os.environ | {"COURSE_HOME": str(tmp_path), "PYTHONPATH": str(PUBLISHED.parent)},
        cwd=PUBLISHED.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def handed_in(page, name):
    """Pack a notebook, save it by its link; return what `check` said, as the file has it."""
    run_cell(page, f'from helpers.handin import hand_in\nhand_in("{name}")')
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"Save {name}.handin.ipynb").click()
    says = read_file(Path(waiting.value.path()).read_bytes())
    assert (says.assignment, says.unchanged) == (name, True)
    assert any(right for _, right in says.checked.values())
    return says.checked


@pytest.mark.complete
def test_lessons_are_worked_through(edition, chromium, tmp_path):
    """Two lessons on a page of their own, as nothing was answered there before."""
    with page(chromium, height=1000) as visit:
        open_lesson(visit.page, edition, "01_sigmoid")
        finished, asked = [], set()
        for name in ("01_sigmoid", "09_tails"):
            lesson = int(name[:2])
            if finished:
                show(visit.page, name)
            work = WORK.format(lesson=lesson)
            told, done = json.loads(run_cell(visit.page, work))
            (home := tmp_path / name).mkdir()
            assert told == printed_here(work, home)[0]
            right = sum(verdicts[-2][0] == "correct" for verdicts in told.values())
            assert right >= len(told) - 1  # a report on a patient is not answered here
            assert done.startswith(f"Lesson {lesson}, ")
            asked |= {*told}
            assert {*handed_in(visit.page, name)} <= asked
            finished.append(done)
        losses = json.loads(run_cell(visit.page, TRAIN))
        assert losses == pytest.approx(printed_here(TRAIN, tmp_path), rel=1e-9)
        open_lesson(visit.page, edition, "01_sigmoid")  # another kernel: nothing was answered there
        later = "from helpers.exercises import progress\nprint(*map(progress, (1, 9)))"
        said = run_cell(visit.page, later)
        assert all(done in said for done in finished)
        assert visit.errors == []
        assert visit.strays == []


@pytest.mark.complete
def test_the_pad_key_by_key_with_the_network_cut(warm):
    with warm.notebook("01_sigmoid") as visit:
        pads = visit.page.locator(PAD)

        def shown():
            before = pads.count()
            for name in THREE:
                run_cell(visit.page, f'from helpers.pad import pad\npad("{name}")')
            expect(pads).to_have_count(before + 3, timeout=120_000)
            found = [pads.nth(before + k) for k in range(3)]
            for pad in found:
                fields(pad)
            return found

        def restarted():
            restart(visit.page)
            expect(pads.last.locator(".status")).to_contain_text("run this cell again")
            return shown()

        derive_three(shown(), restarted)
        answer = "%%check derive_softplus\nD(ln(1 + exp(z)))\n= exp(z)/(1 + exp(z))\n= g"
        run_cell(visit.page, answer)
        expect(visit.page.locator(".jp-OutputArea").last).to_contain_text("Correct")


@pytest.mark.complete
def test_what_is_saved_lives_without_its_kernel(edition, warm):
    with warm.notebook("01_sigmoid") as visit:
        run_cell(visit.page, 'from helpers.pad import pad\npad("derive_softplus")')
        run_cell(visit.page, 'from helpers.explorer import explore\nexplore("softplus")')
        fields(visit.page.locator(PAD).last)
        explorers = visit.page.locator(".activation-explorer")
        before = explorers.count()
        awaited(visit.page, "jupyterapp.commands.execute('docmanager:save')")
        place = visit.page.evaluate("jupyterapp.shell.currentWidget.context.path")
        open_lesson(visit.page, edition, place.removesuffix(".ipynb"))
        stored = visit.page.locator(".activation-pad-stored")
        expect(stored.last).to_contain_text("ln")
        expect(visit.page.get_by_text("Loading widget")).to_have_count(0)
        expect(explorers).to_have_count(before)
        press(explorers.last.get_by_role("slider").first, "ArrowRight")
    warm.close()  # what is saved there is no longer the lesson


LONG = {"timeout": 60_000}  # a browser may wait for its turn


def publish(files, name, title):
    """Publish a newer edition of a lesson: with another title."""
    path = files / f"{name}.ipynb"
    lesson = json.loads(path.read_text(encoding="utf-8"))
    lesson["cells"][0]["source"] = f"# {title}"
    path.write_text(json.dumps(lesson), encoding="utf-8")


def shown(page, address, name, title):
    """Open a lesson anew, without waiting for its kernel; it has this title."""
    page.goto(f"{address}/notebooks/index.html?path={name}.ipynb", wait_until="domcontentloaded")
    heading = page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first
    expect(heading).to_contain_text(title, timeout=120_000)
    expect(page.locator(".course-line")).to_be_visible(timeout=60_000)


def save(page):
    awaited(page, "jupyterapp.commands.execute('docmanager:save')")


def without_python(page):
    """Let Pyodide never arrive from now on: no kernel is needed, and each start takes seconds."""
    page.context.route("**/static/pyodide/**", lambda route: None)


@pytest.mark.complete
def test_work_is_not_lost(published, chromium, tmp_path):
    """Two updates, a loop stopped, a zip out, a cleared browser, the zip back there and here."""
    files, address = published
    with page(chromium, accept_downloads=True) as visit:
        open_lesson(visit.page, address, "01_sigmoid")
        strip = visit.page.locator(".course-line")
        expect(strip).to_contain_text("kept in this browser", **LONG)
        expect(visit.page.locator(".course-bar").first).to_contain_text("Hint", **LONG)
        assert visit.errors == []
        visit.page.evaluate(
            """() => {
                const { content } = jupyterapp.shell.currentWidget;
                content.activeCellIndex = content.widgets.length - 1;
                content.activeCell.model.sharedModel.setSource("while True: pass  # mine");
                jupyterapp.commands.execute("notebook:run-cell");
            }"""
        )
        busy = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'"
        visit.page.wait_for_function(busy)
        strip.get_by_role("button", name="Stop Python").click()
        expect(strip).to_contain_text("begins anew", **LONG)
        answer = (
            "from helpers.exercises import check\ncheck('q_sigmoid_max_where', 0)\nprint('here')"
        )
        assert run_cell(visit.page, answer) == "here\n"
        save(visit.page)
        expect(strip).to_contain_text("Nothing was taken out", **LONG)
        without_python(visit.page)

        shown(visit.page, address, "02_tanh", "tanh")  # opened, run, saved, but not changed
        save(visit.page)
        for edition in ("second", "third"):
            for name in ("01_sigmoid", "02_tanh"):
                publish(files, name, f"The {edition} edition")
            shown(visit.page, address, "02_tanh", f"The {edition} edition")
            shown(visit.page, address, "01_sigmoid", "Derive the sigmoid")
            expect(strip).to_contain_text("A newer edition of this lesson is published", **LONG)

        with visit.page.expect_download() as waiting:
            strip.get_by_role("button", name="Take out").click()
        waiting.value.save_as(taken := tmp_path / "taken.zip")
        strip.get_by_role("button", name="Fetch the newer one").click()
        heading = visit.page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first
        expect(heading).to_contain_text("The third edition", **LONG)
        assert visit.strays == []
    with zipfile.ZipFile(taken) as zipped:
        assert {".progress.json", "01_sigmoid.ipynb"} == {*zipped.namelist()}

    with page(chromium) as visit:  # a browser that knows nothing
        without_python(visit.page)
        shown(visit.page, address, "01_sigmoid", "The third edition")
        with visit.page.expect_file_chooser() as chooser:
            visit.page.get_by_role("button", name="Bring back").click()
        chooser.value.set_files(taken)
        heading = visit.page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first
        expect(heading).to_contain_text("Derive the sigmoid", **LONG)
        expect(visit.page.locator(".course-line")).to_contain_text("2 files are back", **LONG)

    here = WorkingCopy(tmp_path / "my_course", PUBLISHED)  # `course.py lab taken.zip`
    here.refresh()
    bring_back(here, taken)
    assert "# mine" in (here.folder / "01_sigmoid.ipynb").read_text(encoding="utf-8")
    progress = json.loads((here.folder / ".progress.json").read_text(encoding="utf-8"))
    assert progress["q_sigmoid_max_where"]["right"]
