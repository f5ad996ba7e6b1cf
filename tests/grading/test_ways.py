"""Ways to hand in a right answer, as people do: each earns all points, and none of the wrong ones.

An editor drops what it does not know, people move, copy, merge and split cells, compute what could
be written, plot in between. What their notebook says is what counts.
"""

import numpy as np
import pytest

from helpers.exercises import EXERCISES, CodeExercise, DerivationExercise, NumberExercise
from helpers.grading import read_assignment
from helpers.grading.assignment import default_assignment
from tests.grading import ways_of_answers, ways_of_cells
from tests.grading.sheet import Sheet, graded

RIGHT, WRONG = ways_of_cells.RIGHT | ways_of_answers.RIGHT, ways_of_answers.WRONG


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_earns_its_points(name, box):
    sheet = Sheet()
    change, _ = RIGHT[name]
    change(sheet)
    rows = graded(box, sheet, seconds=1.0)
    assert {n: r.message for n, r in rows.items() if r.score != r.max_score} == {}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_earns_none(name, box):
    sheet = Sheet()
    change, lost = WRONG[name]
    change(sheet)
    rows = graded(box, sheet)
    assert {n for n, r in rows.items() if r.score != r.max_score} == {*lost}
    assert all(rows[n].score == 0 for n in lost)
    assert all(rows[n].message for n in lost)


def test_there_are_as_many_ways_as_people_found():
    assert len(RIGHT) >= 85


# --- a class ------------------------------------------------------------------------------------

GENERAL = (
    *("all_metadata_lost", "all_merged_into_one_cell", "a_copy_that_is_empty", "windows_line_ends"),
    *("a_byte_order_mark", "nbformat_as_a_text", "metadata_lost_and_checks_deleted"),
)
AROUND = (
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])",
    "%timeit 1 + 1",
    "!pip list",
    "1 / 0",
    "import scipy.stats as st, pandas as pd\npd.DataFrame({'a': [1]}).plot()",
    "%%html\n<b>notes</b>",
    "x = np.linspace(-3, 3)\nprint(x.mean())\ndel x",
)


def wrong_answer(exercise):
    """Something that is wrong for this exercise, whatever it asks."""
    if isinstance(EXERCISES[exercise], CodeExercise):
        return f"def {exercise}(*given):\n    return given[0] * 0 + 0.123"
    texts = {DerivationExercise: "z^7 + 3", NumberExercise: "-17.25"}
    return f'{exercise} = "{texts.get(type(EXERCISES[exercise]), "none of these words")}"'


@pytest.mark.parametrize(
    "seed", [*range(10), *(pytest.param(n, marks=pytest.mark.complete) for n in range(10, 40))]
)
def test_a_class_of_forty(seed, box):
    rng = np.random.default_rng(seed)
    sheet = Sheet(("derivatives", "diagnosis", "combinations")[seed % 3])
    given = read_assignment(default_assignment(sheet.name), sheet.name).given
    sheet.cells.insert(1, ["given", given])
    lost = [name for name in sheet.right if rng.random() < 0.2]
    for name in lost:
        sheet[name] = wrong_answer(name)
    for name in rng.permutation(list(sheet.right))[:4]:
        sheet.before(name, str(rng.choice(AROUND)))
    if rng.random() < 0.8:
        change, _ = RIGHT[str(rng.choice(GENERAL))]
        change(sheet)
    rows = graded(box, sheet)
    ends_early = len(sheet.cells) == 1  # one cell, and what stands below an error does not run
    earned = {name for name, row in rows.items() if row.score}
    assert not earned & {*lost}
    assert ends_early or earned == {*sheet.right} - {*lost}
    assert all(row.score in (0, row.max_score) for row in rows.values())
