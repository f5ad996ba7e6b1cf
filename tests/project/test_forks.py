"""A fork adds a lesson of its own, written as its author likes: no test of ours fails for it."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.lessons.ours import OURS
from tools.files import ROOT
from tools.notebooks import run, tidy

TESTS = (  # that go through the lessons
    *("tests/lessons/test_notebooks.py", "tests/lessons/test_text.py"),
    *("tests/lessons/test_evidence.py", "tests/editions/test_slides.py"),
    "tests/editions/test_derivations.py",
)
EXERCISES = """
from helpers.exercises import ChoiceExercise, Option

EXERCISES = (
    ChoiceExercise(
        name="q_own",
        lesson=15,
        points=1,
        prompt="Wo ist die Steigung der Rampe 1?",
        answer="rechts von 0",
        options=(
            Option("rechts von 0"),
            Option("links von 0", "branches-swapped", "Und bei z = 2?"),
        ),
    ),
)
"""
CODE = (
    "import json\nfrom pathlib import Path\n\nimport numpy as np\nimport matplotlib.pyplot as plt",
    "from helpers.derivation import derive\nfrom helpers.explorer import explore",
    'from helpers.exercises import check, load\n\nload("own.py")',
    "zahlen = [0, 1]\n" + "zahlen.append(2)\n" * 20 + "print(json.dumps(zahlen))",
    'plt.plot([0, 1], [0, 1])\nplt.title("Rampe")\nplt.show()',
    'derive("D(z^2)\\n= 2*z  # Potenzregel")',
    'explore("relu", z=1)',
    'check("q_own", ...)',
)


def lesson():
    """Return a lesson of somebody else: in German, without a plan, its deck too long for ours."""
    cells = [new_markdown_cell("# Eine Rampe\n\nHier gilt $$a = b$$, siehe Lektion 99.")]
    cells += map(new_code_cell, CODE)
    cells += [
        new_markdown_cell(f"## Folie {n}\n\n- ein Satz, 12.3 % von 5 seeds") for n in range(20)
    ]
    for cell in cells:
        cell.metadata["slideshow"] = {"slide_type": "slide" if cell.cell_type == "markdown" else ""}
    cells[-1].metadata["lecture"] = {"vote": "q_own"}
    return new_notebook(cells=cells)


@pytest.mark.complete
def test_a_lesson_of_a_forks_own_fails_no_test(tmp_path):
    fork = tmp_path / "fork"
    clone = ["git", "-c", "safe.directory=*", "clone", "-q", str(ROOT), str(fork)]
    subprocess.run(clone, check=True)
    (fork / "notebooks" / "own.py").write_text(EXERCISES)
    own = tidy(run(lesson(), folder=fork / "notebooks"))
    nbformat.write(own, fork / "notebooks" / "15_eigene.ipynb")
    ours = " or ".join(path.stem for path in OURS)
    chosen = ["-m", "not browser and not complete", "-k", f"not ({ours})"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen]
    done = subprocess.run(
        [*command, *TESTS, "notebooks/15_eigene.ipynb"],
        cwd=fork,
        env=os.environ | {"PYTHONPATH": str(fork)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:]
