"""A sentence of evidence says what an output near it says: its numbers are read from there."""

import re
from functools import cache

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.exercises import EXERCISES
from tests.lessons.ours import OURS
from tools.notebooks import read

# a sentence that tells of runs: what they show, what a network reads, how a signal comes through
EVIDENCE = re.compile(
    r"standard error|\bp = |\bp just|± |[Aa]ccurac|δ"
    r"|\b(?:pairs|shown|reads?|seeds?|rounds|epochs?|chance|spread)\b"
)
NUMBER = re.compile(
    r"(?<![\w.,/^])[−-]?(\d+\.\d+(?:e[−-]?\d+)?|\d+(?:\.\d+)?(?= ?%))(?![\w/])( ?%)?"
)
CONVENTIONS = {0.05, 0.95, 0.02}  # the usual level, its interval, the margin of the clinic
ABOVE, BELOW = 8, 2  # code cells whose outputs a sentence may quote


def sentences(text):
    """Yield the sentences of evidence in prose, without formulas, code and what is asked."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`", " ", text, flags=re.S)
    for paragraph in re.split(r"\n\s*\n|\n(?=[-|0-9*])", text):
        asked = re.match(r"\d\. ", paragraph) and paragraph.rstrip().endswith("?")
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z*(\"])", paragraph):
            if EVIDENCE.search(sentence) and not asked:
                yield sentence


def printed(cell):
    """Return the text of a cell's outputs, and its pictures' alt texts."""
    texts = []
    for output in cell.get("outputs", []):
        texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
        texts += re.findall(r'alt="([^"]*)"', str(output.get("data", {}).get("text/html", "")))
    return "\n".join(texts)


def numbers(text):
    """Yield (value, decimals) of each number in a text; of 28 % it is (0.28, 2)."""
    for found in NUMBER.finditer(text):
        digits = found[1].replace("−", "-")
        value, decimals = float(digits), len(digits.partition("e")[0].partition(".")[2])
        yield (value / 100, decimals + 2) if found[2] else (value, decimals)


def near(value, decimals, there):
    """Tell whether a number that was rounded to so many decimals is one of those there."""
    return any(abs(value - y) <= 0.5001 * 10**-decimals for y in there)


@cache
def everything():
    """Return what all lessons print."""
    return "\n".join(printed(cell) for path in OURS for cell in read(path).cells)


def unfounded(notebook):
    """Yield (cell, number) for each number of a sentence of evidence that no output near it has."""
    code = [
        (at, c.source + "\n" + printed(c))  # a setting stands in the code itself
        for at, c in enumerate(notebook.cells)
        if c.cell_type == "code"
    ]
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        around = [text for k, text in code if k < at][-ABOVE:]
        around += [text for k, text in code if k > at][:BELOW]
        for sentence in sentences(cell.source):
            table = sentence.lstrip().startswith("|")  # a summary looks back, as far as it likes
            there = [v for v, _ in numbers(everything() if table else "\n".join(around))]
            for value, decimals in numbers(sentence):
                if value in CONVENTIONS:
                    continue
                if not near(value, decimals, there):
                    yield at, value


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_numbers_of_evidence_stand_in_the_outputs(path):
    assert list(unfounded(read(path))) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_numbers_of_evidence_in_exercises_stand_in_their_lesson(path):
    printed_here = "\n".join(c.source + "\n" + printed(c) for c in read(path).cells)
    there = [value for value, _ in numbers(printed_here)]
    for exercise in EXERCISES.values():
        if exercise.lesson == int(path.stem[:2]):
            options = [option.text for option in getattr(exercise, "options", ())]
            for sentence in sentences("\n\n".join([exercise.prompt, *exercise.rungs, *options])):
                for said, decimals in numbers(sentence):
                    assert said in CONVENTIONS or near(said, decimals, there), (exercise.name, said)


@pytest.mark.parametrize(
    ("prose", "wrong"),
    [
        ("The gain is 0.017, with a standard error of 0.003: p = 0.0039.", []),
        ("All ten pairs gain 0.02.", []),
        ("All ten pairs gain 2 %.", []),
        ("The pairs gain 0.018.", [0.018]),
        ("The pairs gain 3 %.", [0.03]),
        ("p = 0.004: shown.", []),
        ("p = 0.005: shown.", [0.005]),
        ("The slope is 0.25.", []),  # no evidence
        ("After 15 rounds it reads 28 %.", [0.28]),
        ("With pairs one reads $x = 0.3$ and `0.7`.", []),
    ],
)
def test_a_wrong_number_is_found(prose, wrong):
    said = "SELU − ReLU +0.017 ± 0.003 (standard error, 10 pairs), p = 0.0039\n"
    output = new_output("stream", name="stdout", text=said)
    cells = [new_code_cell("…", outputs=[output]), new_markdown_cell(prose)]
    assert [value for _, value in unfounded(new_notebook(cells=cells))] == pytest.approx(wrong)
