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
