"""Derivations that move, on slides and pages: what was what in the line above."""

import itertools
import re

import nbformat

from book.derivations import moving
from tools.notebooks import LESSONS


def stored_derivations():
    for lesson in LESSONS:
        for each in nbformat.read(lesson, as_version=4).cells:
            for output in each.get("outputs", []):
                if "checked: " in output.get("data", {}).get("text/plain", ""):
                    yield output.data["text/plain"], each.source


def test_each_part_of_a_derivation_that_moves_stands_in_the_line_above_as_well():
    derivations = list(stored_derivations())
    assert len(derivations) >= 50
    changed = found = sought = 0
    for text, source in derivations:
        lines = re.findall("<li.*?</li>", moving(text, source, fragments=True))
        assert len(lines) == 1 + int(re.search(r"^(\d+) step", text, re.M)[1])
        for above, line in itertools.pairwise(lines):
            was = {mark for each in re.findall('data-was="(.*?)"', line) for mark in each.split()}
            will = {
                mark for each in re.findall('data-will="(.*?)"', above) for mark in each.split()
            }
            stays = {mark for mark in was if mark[0] in "km"}
            found, sought = found + len(stays & will), sought + len(stays)
            changed += any(mark[0] == "c" for mark in will)
    assert changed > len(derivations)
    assert found > 0.95 * sought > 150  # the base of tanh² z is no part that is set alone


def test_a_derivation_shows_what_changed_keeps_its_minus_signs_and_is_read_line_by_line():
    text = "  D(-e^-z)\n= -D(e^-z)   # factor\n= -(-e^-z)   # chain rule\n2 steps checked: 2 proved"
    first, second, third = re.findall("<li.*?</li>", moving(text, "derive()", fragments=True))
    assert 'class="fragment"' not in first
    assert 'data-speech="equals minus d by d z of e to the minus z; factor"' in second
    assert second.count('class="sign"') == 1  # the one of the exponent is none
    assert third.count('class="sign"') == 2
    (old,) = re.findall('<mrow data-will="c0">.*', second)
    assert "<mi>d</mi>" in old
    assert moving("no derivation", "") is None
