"""Ways to hand in a right answer, as people do: each earns all points, and none of the wrong ones.

An editor drops what it does not know, people move, copy, merge and split cells, compute what could
be written, plot in between. What their notebook says is what counts.
"""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the sandbox exists for Linux alone", allow_module_level=True)

from helpers.grading import sandbox
from tests.grading import ways_of_answers, ways_of_cells
from tests.grading.sheet import WAYS, WRONG, Sheet, graded

assert ways_of_cells
assert ways_of_answers


@pytest.fixture(scope="module")
def box():
    with sandbox.Sandbox() as box:
        yield box


@pytest.mark.parametrize("name", WAYS)
def test_a_right_answer_earns_its_points(name, box):
    sheet = Sheet()
    WAYS[name](sheet)
    rows = graded(box, sheet, seconds=1.0)
    assert {n: r.message for n, r in rows.items() if r.score != r.max_score} == {}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_earns_none(name, box):
    sheet = Sheet()
    lost = WRONG[name](sheet)
    rows = graded(box, sheet)
    assert {n for n, r in rows.items() if r.score != r.max_score} == {*lost}
    assert all(rows[n].score == 0 for n in lost)
    assert all(rows[n].message for n in lost)


def test_there_are_as_many_ways_as_people_found():
    assert len(WAYS) >= 85
