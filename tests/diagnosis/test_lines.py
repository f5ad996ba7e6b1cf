"""Lines as people write them: wrong ones are found, told truly and marked; right ones accepted.

What is held of a wrong line was read and found true, word by word, before it was written down.
"""

from pathlib import Path

import pytest

from helpers.exercises import EXERCISES

HERE = Path(__file__).parent


def listed(name):
    """Yield the heads of a list and their texts."""
    for entry in (HERE / name).read_text("utf-8").split("\n## ")[1:]:
        head, _, text = entry.partition("\n")
        yield *(part.strip() for part in head.split(" | ")), text.strip("\n")


@pytest.mark.parametrize(("name", "line", "story", "place", "text"), [*listed("wrong_lines.txt")])
def test_a_wrong_line_is_found_told_and_marked(name, line, story, place, text):
    verdict = EXERCISES[name].judge(text)
    assert (verdict.status, verdict.first_wrong_line) == ("not yet", int(line))
    assert (verdict.diagnoses or ("-",))[0] == story
    start, end = verdict.drawing.pointed()
    row = verdict.drawing.mistake.claim.statement.row
    assert (row[start:end] or "-") == place


@pytest.mark.parametrize(("name", "text"), [*listed("right_lines.txt")])
def test_a_right_derivation_is_accepted_by_every_route(name, text):
    verdict = EXERCISES[name].judge(text)
    assert verdict.correct, verdict.message


OF_A_PART = {  # true equations that are not the slope asked for, and the two numbers
    "derive_tanh_via_sigmoid": ("2σ'(2z) = 2s(1−s) = (1−t²)/2", "0.3174", "0.6347"),
    "derive_softplus_beta": ("(1/β) ln'(1+e^{βz}) = (1/β)/(1+e^{βz})", "0.4544", "0.6365"),
    "derive_tanh": ("cosh^2 - sinh^2 = 1", "is 1;", "0.6347"),
    "derive_relu_stack": ("v relu'(wz+b) = v step(wz+b)", "5.99;", "7.188"),
}


@pytest.mark.parametrize("name", OF_A_PART)
def test_what_holds_of_a_part_alone_is_not_called_right_so_far(name):
    text, mine, slope = OF_A_PART[name]
    verdict = EXERCISES[name].judge(text)
    assert verdict.status == "unfinished"
    assert "right so far" not in verdict.message
    assert mine in verdict.message
    assert f"the slope asked for is {slope}" in verdict.message


@pytest.mark.parametrize(
    "text",
    [
        *("u = 1 + e^-z", "u = 1 + e^-z\nu' = -e^-z", "D(1/(1 + e^-z))"),
        *("g' = -(1 + e^-z)'/(1+e^-z)^2", "the slope is e^-z over (1 + e^-z)^2"),
    ],
)
def test_a_first_step_is_right_so_far(text):
    assert "right so far" in EXERCISES["derive_sigmoid"].judge(text).message


def test_a_fraction_in_words_is_read_whole_or_said_not_to_be():
    verdict = EXERCISES["derive_softplus"].judge("the slope is e^z over 1+e^z, that is g")
    assert not verdict.diagnoses
    assert "Line 1 cannot be read: unknown name over: write a fraction" in verdict.message
