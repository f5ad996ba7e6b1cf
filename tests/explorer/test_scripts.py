"""What the browser gets: linted, one self-contained script, and right where it can be computed."""

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
    folders = FOLDER, PAD, ROOT / "book" / "static", ROOT / "tests" / "explorer", LAB
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


def test_script_holds_no_mathematics_of_activations():
    assert not re.search(r"Math\.(exp|log|tanh|sinh|cosh|pow|E\b)|\*\*", SOURCES)
    assert not re.search(r"sigmoid|tanh|relu|swish|gelu", SOURCES, re.I)


def test_script_uses_the_colours_of_the_course():
    styles = {"BLUE": VALUE, "VERMILION": PRIME, "RIVAL": RIVAL, "PURPLE": CHOSEN}
    for name, style in styles.items():
        assert f'{name} = "light-dark({style["color"]}, #' in SOURCES
