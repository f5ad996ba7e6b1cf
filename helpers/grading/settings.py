"""What nbgrader's own configuration of a course says, and how ours gets into it."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.grading.journal import write
from helpers.grading.workers import Refusal

CONFIG = "nbgrader_config.py"
OURS = "helpers.grading.formgrader"
WRITTEN = """# Written by `python course.py release`; the rest of it is yours.
import sys

sys.path.insert(0, {checkout!r})
c = get_config()  # noqa: F821

c.CourseDirectory.root = {course!r}
c.CourseDirectory.course_id = {name!r}

# The formgrader's Autograde and Generate Feedback, and the commands of these names, ask our judge.
c.Autograde.exporter_class = "{ours}.Judged"
c.GenerateFeedback.exporter_class = "{ours}.Page"

# What a late submission costs, of the points that it earned:
# c.AssignLatePenalties.plugin_class = "helpers.grading.lateness.PerDay"
# c.PerDay.percent = 10
"""


def write_config(course: Path) -> str:
    """Write `nbgrader_config.py` where there is none; return what the teacher should know."""
    path = course / CONFIG
    if not path.exists():
        checkout, name = Path(__file__).parents[2], re.sub(r"[^\w-]", "", course.name) or "course"
        words = {"checkout": str(checkout), "course": str(course), "name": name, "ours": OURS}
        write(path, WRITTEN.format(**words))
        return f"{path} is written; the course is called {name!r} there.\n"
    if OURS in path.read_text(encoding="utf-8", errors="replace"):
        return ""
    return (
        f"{path} is yours and stays as it is. Without these two lines the formgrader's Autograde "
        "runs what students wrote, without a sandbox:\n"
        f'  c.Autograde.exporter_class = "{OURS}.Judged"\n'
        f'  c.GenerateFeedback.exporter_class = "{OURS}.Page"\n'
    )


def config_of(course: Path) -> Any:
    """Return what `nbgrader_config.py` of a course says, nothing where there is none."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    if not (course / CONFIG).exists():
        return Config()
    try:
        return PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise Refusal(f"{course / CONFIG} cannot be used ({reason}).") from None


def database(options: argparse.Namespace) -> str:
    """Return the address of the gradebook: the option's, the configuration's, or DIR's own."""
    said = config_of(options.course).CourseDirectory.get("db_url")
    return options.db or said or f"sqlite:///{options.course / 'gradebook.db'}"


@contextlib.contextmanager
def usable(address: str) -> Iterator[str]:
    """Say in a sentence why a gradebook cannot be used."""
    from sqlalchemy.exc import SQLAlchemyError

    tools = str(Path(sys.executable).parent)  # nbgrader starts alembic from there
    os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    try:
        yield address
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        place = address.rpartition("@")[2]  # without a password
        raise Refusal(f"The gradebook {place} cannot be used ({reason}).") from None
