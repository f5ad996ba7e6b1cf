"""A wrong number in an alt text is found; figures are exported with what they state.

The alt texts of the lessons themselves are read in the kernels in which nbval runs them.
"""

import re
from unittest.mock import patch
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.figures import build, drawn
from tests.editions.lessons import BRIEFLY
from tests.lessons import inside
from tests.lessons.figures import unfounded
from tools.notebooks import LESSONS, read


def a_figure():
    figure = Figure()
    z = np.linspace(-8, 8, 401)
    ax = figure.add_subplot()
    ax.plot(z, 1 / (1 + np.exp(-z)))
    ax.axline((0, 0.5), slope=0.25)  # a tangent has no data of its own
    return figure


@pytest.mark.parametrize(
    ("alt", "wrong"),
    [
        ("The sigmoid rises from 0.0003 to 1 through 1/2 at z = 0.", []),
        ("It is 0.88 at z = 2.", []),
        ("It is 0.83 at z = 2.", [0.83]),
        ("It falls below 0.01 at z = −4.6.", []),
        ("It falls below 0.01 at z = −4.2.", [4.2]),
        ("It reaches 97 % at z = 3.5.", []),
        ("It reaches 95 % at z = 3.5.", [0.95, 3.5]),
        ("It grows 3,000-fold.", []),
        ("It grows 2,000-fold.", [2000]),
    ],
)
def test_a_wrong_number_is_found(alt, wrong):
    assert unfounded(a_figure(), alt) == pytest.approx(wrong)


TWO = """
from helpers.explorer import figure, show
for height in (1, 2, 2):
    fig, ax = figure()
    ax.plot([0, 1], [0, height])
    show(fig, alt="A line climbs to 2.")
"""


@pytest.mark.complete
def test_figures_are_exported_with_what_they_state(tmp_path):
    lesson, folder = tmp_path / "42_two.ipynb", tmp_path / "figures"
    cells = [new_markdown_cell("# Two"), new_code_cell(TWO)]
    nbformat.write(new_notebook(cells=cells), lesson)
    build(folder, [lesson])
    names = ["42_two-two-2.pdf", "42_two-two-2.svg", "42_two-two.pdf", "42_two-two.svg"]
    made = sorted(folder.glob("**/42*"))
    assert [path.name for path in made] == names * 2
    before = [path.read_bytes() for path in made]
    assert all(data.startswith(b"%PDF") and b"/Type3" not in data for data in before[::2])
    for data in before[1::2]:
        svg = ElementTree.fromstring(data)
        assert b"A line climbs to 2." in data
        assert b"CC BY" in data
        assert svg.findall(".//{*}text"), "letters are drawn, not written"
        assert not re.search(b"fill: (white|#ffffff)", data)
    assert [a / b for a, b in shapes(before[1::2])] == pytest.approx([2, 2, 16 / 9, 16 / 9])
    sheet = (folder / "index.html").read_text("utf-8")
    assert sheet.count("A line climbs to 2.") == 2 * 2
    assert "CC BY" in sheet
    for link in re.findall('(?:href|src)="(.*?)"', sheet):
        assert (folder / link).exists()
    cells.insert(0, new_markdown_cell("# Before"))  # names don't change with what stands elsewhere
    nbformat.write(new_notebook(cells=cells), lesson)
    build(folder, [lesson])
    assert [path.read_bytes() for path in made] == before


def shapes(files):
    boxes = [ElementTree.fromstring(data).get("viewBox").split() for data in files]
    return [(float(wide), float(high)) for _, _, wide, high in boxes]


@pytest.mark.complete
def test_all_figures_of_a_lesson_are_exported():
    """Of one with panels, menus and questions; nbval's kernels show those of all lessons."""
    (lesson,) = (path for path in LESSONS if path.stem == "08_gates")
    exec(BRIEFLY)  # what a lesson trains is tested by nbval, and the alt texts with it
    try:
        found = drawn(lesson)
    finally:
        patch.stopall()
    cells = enumerate(read(lesson).cells)
    assert {n for n, *_ in found} == {n for n, cell in cells if "<img" in str(cell.get("outputs"))}


def test_a_lesson_that_fails_is_not_passed_over(tmp_path):
    lesson = tmp_path / "43_fails.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), lesson)
    with pytest.raises(ZeroDivisionError):
        drawn(lesson)


SHOWN = (
    "from helpers import explorer",
    'explorer.show(a_figure(), alt="It is 0.83 at z = 2.")',
    'asked = explorer.Prediction("How steep?", ["0", "1"])',
    'explorer.explore("relu", predict=asked)._repr_mimebundle_()',
)


def test_what_a_lesson_shows_is_kept_also_behind_a_question():
    shell = InteractiveShell.instance()
    inside.begin()
    try:
        shell.user_ns["a_figure"] = a_figure
        for cell in SHOWN:
            shell.run_cell(cell).raise_error()
        claims, wrong, cells = inside.alt_texts()
    finally:
        inside.patches.close()
        patch.stopall()
        InteractiveShell.clear_instance()
    assert wrong == {"It is 0.83 at z = 2.": pytest.approx([0.83])}
    assert sum("its slope g′ stays between 0 and 1" in claim for claim in claims) == 1
    assert len(claims) == 3
    assert cells == [2, 4]
