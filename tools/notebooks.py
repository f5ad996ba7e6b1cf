"""The published notebooks: where they are, and how one is run and stored.

``python course.py store [LESSON …]`` runs lessons and stores them as published: outputs
in order, cell ids that do not change, no widget state.
"""

import json
import math
import os
import re
import sys
from functools import cache
from pathlib import Path
from queue import Empty
from time import monotonic

import nbformat
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from traitlets import Type

from helpers.explorer import WIDGET
from helpers.language import active
from tools.faults import Fault, guarded, say
from tools.files import PUBLISHED, lessons
from tools.translate import known, translated
from tools.working_copy import find_lesson

ASKS = re.compile(r"^%%check |\b(check|pad)\(\s*[\"']", re.MULTILINE)  # a cell for an answer
A_CELL = 1800  # seconds that a cell may take, on a machine that does much besides
GOES_ON = "raises-exception"  # *Run All* goes on after a cell with this tag, whatever it raises
KEPT = ("tags", "slideshow", "lecture", "nbgrader")  # of a cell's metadata
LESSONS = lessons()


def read(path):
    """Return the notebook at ``path``."""
    return nbformat.read(path, as_version=4)


def explorers(name):
    """Return how many explorers the stored lesson shows."""
    cells = read(PUBLISHED / f"{name}.ipynb").cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return sum("activation-explorer" in str(output.get("data")) for output in outputs)


class Channel(AsyncZMQSocketChannel):
    """The way to a kernel, looked into each second.

    Once in some hundred cells pyzmq's asyncio sockets sleep past a message until the time is up.
    """

    async def get_msg(self, timeout=None):
        end = math.inf if timeout is None else monotonic() + timeout
        while True:
            try:
                return await super().get_msg(timeout=max(0, min(1, end - monotonic())))
            except Empty:
                if monotonic() >= end:
                    raise


class Client(AsyncKernelClient):
    shell_channel_class = Type(Channel)
    iopub_channel_class = Type(Channel)


class Manager(AsyncKernelManager):
    client_factory = Type(Client)


def run(notebook, *, folder=PUBLISHED, **options):
    """Execute ``notebook`` in place with this Python and return it; nbclient has more options."""
    return NotebookClient(
        notebook,
        kernel_manager_class=Manager,
        kernel_name="python3",
        timeout=A_CELL,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        **options,
    ).execute()


def tidy(notebook):
    """Take out of ``notebook`` what changes from run to run, and return it.

    Cells that wait for an answer get the tag with which *Run All* goes on, whatever they raise.
    """
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "pygments_lexer": "ipython3"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT}
        if cell.cell_type == "code" and ASKS.search(cell.source):
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), GOES_ON})
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            output.get("metadata", {}).clear()
    return notebook


def run_afresh(notebook):
    """Run a notebook as a new learner would, and return it as it is published."""
    os.environ["COURSE_HOME"] = str(PUBLISHED / "nowhere")  # without progress, and leaving none
    os.environ["COURSE_STORE"] = "1"  # panels draw all their pictures
    return tidy(run(notebook))


def store(path):
    """Run the notebook at ``path`` and write it back."""
    try:
        nbformat.write(run_afresh(read(path)), path)
    except CellTimeoutError as late:
        raise Fault(f"{path.name} stays as it was. {late}") from late


def lessons_shown(folder):
    """Return the lessons that book and slides show, in the language that is spoken.

    One whose title is translated is run in that language, into ``folder``; others are as stored.
    """
    shown = []
    for path in LESSONS:
        if path in _titles(active()).values():
            said = json.dumps(translated(read(path), known(active()).gettext))
            notebook, path = nbformat.reads(said, as_version=4), Path(folder, path.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(run_afresh(notebook), path)
        shown.append(path)
    return shown


def language_of(title):
    """Return the language of a lesson's page or deck that has this title."""
    return active() if title in _titles(active()) else "en"


@cache
def _titles(code):
    """Return the titles that are translated into this language, with their lessons."""
    try:
        look_up = known(code).gettext
    except FileNotFoundError:  # English has no catalogue
        return {}
    titles = {path: read(path).cells[0].source.partition("\n\n")[0] for path in LESSONS}
    said = {look_up(title): path for path, title in titles.items() if look_up(title) != title}
    return {title.removeprefix("# "): path for title, path in said.items()}


@guarded
def main(words):
    """Store the lessons that ``words`` name, or all."""
    for path in map(Path, words):
        if path.is_file() and path.resolve().parent != PUBLISHED:
            raise Fault(f"`{path}` is another copy: what is published stands in notebooks/.", 2)
    for lesson in [find_lesson(word, LESSONS) for word in words] or LESSONS:
        say(f"storing {lesson.name}")
        store(lesson)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
