"""What the browser gets: linted, one self-contained script, and right where it can be computed."""

import contextlib
import io
import itertools
import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import numpy as np
import playwright
import pytest

from helpers.explorer import PRIME, VALUE, explore
from helpers.explorer.joining import FOLDER, script
from helpers.explorer.stored import CHOSEN, RIVAL
from tests.explorer.reading import unpacked
from tools.files import write
from tools.moving import is_work
from tools.working_copy import WorkingCopy

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node", path=Path(playwright.__file__).with_name("driver"))  # it brings its own
PAD = ROOT / "helpers" / "pad" / "browser"
LAB = ROOT / "tools" / "lab" / "extensions" / "activation-exercises" / "static"
SOURCES = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))


def run(*command, **options):
    """Run a command in the project's folder; return what it says, and fail where it does."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_script_has_a_fault_that_a_linter_finds():
    oxlint = shutil.which("oxlint", path=sysconfig.get_path("scripts"))
    if not oxlint:
        pytest.skip("oxlint is not installed: `python course.py test` does it")
    deck = LAB.parents[1] / "activation-deck" / "static"
    folders = FOLDER, PAD, ROOT / "book" / "static", ROOT / "tests" / "explorer", LAB, deck
    said = run(oxlint, "--deny-warnings", *folders)
    assert f" {sum(len([*folder.glob('*.js')]) for folder in folders)} files" in said


def test_what_needs_no_browser_is_right():
    run(NODE, "--test", *Path(__file__).parent.glob("*.test.js"))


CARDS = ("card.js", "simplex.js")
WHOLE = [(FOLDER, host, card) for host in ("page.js", "notebook.js") for card in CARDS]
WHOLE += [(FOLDER, "panel.js"), (PAD, "pad.js")]


@pytest.mark.parametrize("parts", WHOLE, ids=lambda parts: "+".join(parts[1:]))
def test_a_script_is_one_module_without_imports(parts):
    folder, *names = parts
    whole = script(*names, folder=folder)
    assert not re.search(r"\b(import(?!\()|export)\b", whole)
    run(NODE, "--check", "--input-type=module", "-", input=whole)  # where no name comes twice


def test_the_browser_reads_rows_as_they_were_packed():
    rows = [row for name in ("relu", "gelu", "leaky_relu") for row in explore(name).data["g"][:99]]
    code = f"""import {{ unpack }} from "{(FOLDER / "numbers.js").as_uri()}";
        console.log(JSON.stringify({json.dumps(rows)}.map(unpack)));"""
    read = json.loads(run(NODE, "--input-type=module", "-", input=code))
    np.testing.assert_allclose(read, [unpacked(row) for row in rows], rtol=1e-12, atol=1e-15)


def by_the_in_browser_edition(expression):
    code = f"""import * as edition from "{Path(__file__).with_name("browser_copy.js").as_uri()}";
        console.log(JSON.stringify(await {expression}));"""
    return json.loads(run(NODE, "--input-type=module", "-", input=code))


def notebook(*sources, outputs=(), **metadata):
    about = {"cell_type": "code", "metadata": metadata, "outputs": [*outputs]}
    return json.dumps({"cells": [{**about, "source": source} for source in sources]})


AGAIN = [{"output_type": "stream", "name": "stdout", "text": "run"}]
OLD, NEW = notebook("old"), notebook("new")
STORED_AGAIN, ON_A_SLIDE = (
    notebook("old", outputs=AGAIN),
    notebook("old", slideshow={"slide_type": "slide"}),
)
THEN = (None, OLD, STORED_AGAIN, ON_A_SLIDE, NEW)  # the edition that was copied
MINE = (OLD, NEW, STORED_AGAIN, ON_A_SLIDE, notebook("old", "", outputs=AGAIN), notebook("mine"))


def by_a_working_copy(folder, then, mine, now):
    copy, lesson = WorkingCopy(folder / "mine", folder / "published"), "01_x.ipynb"
    if then:
        write(copy.published / lesson, then)
        copy.refresh()
    write(copy.published / lesson, now)
    write(copy.folder / lesson, mine)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        copy.refresh()
    if "Kept as you left them" in said.getvalue():
        return "keep"
    return "leave" if (copy.folder / lesson).read_text("utf-8") == mine else "renew"


def test_a_browser_renews_and_keeps_the_lessons_that_a_working_copy_does(tmp_path):
    cases = list(itertools.product(THEN, MINE, (OLD, ON_A_SLIDE)))
    here = [by_a_working_copy(tmp_path / f"{k}", *case) for k, case in enumerate(cases)]
    assert {*here} == {"keep", "leave", "renew"}
    there = f"Promise.all({json.dumps(cases)}.map(edition.decision))"
    assert by_the_in_browser_edition(there) == here


def test_the_same_names_go_out_and_come_back_in_a_browser():
    work = [".progress.json", "01_x.ipynb", "a/b.txt", "a__b.py", "a..b", "ü é.txt", "a.b/c"]
    none = ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "C:a", "a\\b", ".course.json"]
    none += [".git/hooks/a", "a/.b", "a/.progress.json", "__pycache__/a.pyc", "helpers/__init__.py"]
    assert [name for name in work + none if is_work(name)] == work
    assert by_the_in_browser_edition(f"{json.dumps(work + none)}.filter(edition.isWork)") == work


def test_script_holds_no_mathematics_of_activations():
    assert not re.search(r"Math\.(exp|log|tanh|sinh|cosh|pow|E\b)|\*\*", SOURCES)
    assert not re.search(r"sigmoid|tanh|relu|swish|gelu", SOURCES, re.I)


def test_script_uses_the_colours_of_the_course():
    styles = {"BLUE": VALUE, "VERMILION": PRIME, "RIVAL": RIVAL, "PURPLE": CHOSEN}
    for name, style in styles.items():
        assert f'{name} = "light-dark({style["color"]}, #' in SOURCES
