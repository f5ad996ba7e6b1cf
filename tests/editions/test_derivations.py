"""Derivations that move, on slides and pages: what was what in the line above."""

import itertools
import re

import nbformat
import numpy as np

from book.derivations import moving
from helpers.activations import sigmoid
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


SIGMOID = """  D(1/(1 + exp(-z)))
= exp(-z)/(1 + exp(-z))^2   # checkpoint A
= g*(1 - g)                 # checkpoint B
with g = 1/(1 + exp(-z))
2 steps checked: 2 proved exactly"""


def heights(path):
    """Return the heights in a path, counted down from the top of the picture."""
    return np.array([float(y) for _, y in re.findall("([-\\d.]+),([-\\d.]+)", path)])


def test_beside_a_derivation_stands_its_curve_and_what_the_current_line_is_made_of():
    drawn = moving(SIGMOID, "derive()")
    alt = re.search('aria-label="(.*?)"', drawn)[1]
    assert "its slope, dashed, runs between 0.0066 and 0.25 for z from −5 to 5" in alt
    assert alt.endswith("largest at z = 0.")
    slope = heights(re.search('class="slope" d="(.*?)"', drawn)[1])
    factors = [heights(d) for d in re.findall('class="part" data-line="2" d="(.*?)"', drawn)]
    zero = float(re.search('class="axes" d="M0,(.*?)H', drawn)[1])
    value = heights(re.search('class="value" d="(.*?)"', drawn)[1])
    unit = (zero - value[-1]) / sigmoid(5.0)  # how far up 1 is
    product = np.prod([(zero - y) / unit for y in factors], axis=0)
    assert len(factors) == 2
    assert np.abs(product - (zero - slope) / unit).max() < 1e-3


def test_a_derivation_in_letters_without_a_number_has_no_curve():
    text = "  D(f*c + i*z)\n= i   # c stands still\n1 step checked: 1 proved exactly"
    assert "<figure" not in moving(text, "derive()")
    text = "  D(beta*z)\n= beta   # slope of a line\n1 step checked: 1 proved exactly"
    assert "Drawn for <i>β</i> = 2." in moving(text, "derive()")
