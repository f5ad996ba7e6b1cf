"""Our judge and our pages behind nbgrader's own buttons and commands.

`nbgrader_config.py` names the two classes: what the formgrader's Autograde and Generate Feedback
start then never runs a student's cell in the process of the teacher.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter, NotebookExporter

CHECKOUT = Path(__file__).parents[2]


def _graded(course: Path, assignment: str, student: str) -> None:
    """Have one submission graded as `python course.py grade` does it; say why if it is refused."""
    words = ["grade", assignment, "--course", str(course), "--student", student, "--workers", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "helpers.grading", *words],
        cwd=CHECKOUT,
        env={**os.environ, "COURSE_FROM": str(course)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"Not graded: {done.stderr.strip() or done.stdout.strip()}")


class Judged(NotebookExporter):
    """In the place of running a submission: our judge, and the notebook that it leaves."""

    def from_filename(
        self, filename: str, resources: Any = None, **_: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the notebook of the judge for a submission; nothing of it is run here."""
        resources = self._init_resources(resources)
        about, course = resources["nbgrader"], Path.cwd()
        notebook = f"{about['notebook']}.ipynb"
        shown = course / "autograded" / about["student"] / about["assignment"] / notebook
        if Path(filename).resolve() != shown.resolve():  # else nbgrader asks for the second time
            _graded(course, about["assignment"], about["student"])
        return shown.read_text(encoding="utf-8"), resources


class Page(Exporter):
    """In the place of nbgrader's feedback: our page, made anew from the gradebook."""

    file_extension = ".html"

    def from_filename(
        self, filename: str, resources: Any = None, **_: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page of a student."""
        resources = self._init_resources(resources)
        about, course = resources["nbgrader"], Path.cwd()
        _graded(course, about["assignment"], about["student"])
        name = about["assignment"]
        page = course / "feedback" / about["student"] / name / f"{name}.html"
        return page.read_text(encoding="utf-8"), resources
