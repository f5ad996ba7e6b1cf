"""In a notebook a slip in a call of the course is told in a sentence; other errors as ever."""

import json
import subprocess
import sys

import pytest

BEGIN = """
import numpy as np
from helpers.activations import ACTIVATIONS, central_difference, leaky_relu, sigmoid
from helpers.derivation import derive
from helpers.exercises import EXERCISES, admit, check, hint, load, practice
from helpers.explorer import dot_plot, explore, explore_softmax
from helpers.networks import Network, train
from helpers.workbench import compose, moments

def mine(z):
    return z
"""
RENAMED = 'def new(z):\n    return z\n\ncheck("sigmoid", mine)'
SLIPS = {
    "relu(0)": "has to run first, with the line: from helpers.activations import relu",
    "progress()": "has to run first, with the line: from helpers.exercises import progress",
    "plt.plot(1)": "import matplotlib.pyplot as plt",
    "sigmoyd(2)": "Did you mean sigmoid?",
    "compose(z*sigmoid(z))": 'stands in quotes: compose("z*sigmoid(z)")',
    'explore("sigmoyd")': "Did you mean 'sigmoid'?",
    "explore()": 'explore("sigmoid", z=1)',
    'hint("sigmoid", 9)': "hint: more was given than it takes: exercise",
    'central_difference(sigmoid, "a")': "z must be real numbers",
    'explore("tanh", zrange=(0, 1))': "did you mean z_range?",
    "explore(np.tanh)": "by its kernel",
    'leaky_relu("a")': "z must be real numbers",
    "leaky_relu(1, slope=2)": "there is no argument slope; did you mean negative_slope?",
    'Network([2, 3], "relu")': "Network: nothing was given for rng",
    'Network([2, 3], "rleu", np.random.default_rng(0))': "Did you mean 'relu'?",
    "train()": "train: nothing was given for network, x, targets, rng",
    "moments(leaky_relu, slope=2)": "leaky_relu",
    'explore_softmax("relu")': "logits: expected three finite numbers, got 'relu'",
    "dot_plot([1, 2])": "rows: expected names with their numbers, as a dict, got [1, 2]",
    'load("nowhere.py")': "there is no file ",
    'central_difference("sigmoid", 1)': "f: expected a function",
    'ACTIVATIONS["sigmoyd"]': "ACTIVATIONS has no 'sigmoyd'. Did you mean \"sigmoid\"?",
    'admit("A").trial(activation="ReLU")': "Did you mean 'relu'?",
    'admit("A").trail()': "Patient has no trail. Did you mean trial?",
    'practice("chian")': "Did you mean 'chain'?",
    "derive()": "derive: nothing was given for text",
}
AS_EVER = {
    'def f():\n    return explore("sigmoyd")\n\nf()': "ValueError",
    "1/0": "ZeroDivisionError",
    "nothing_like_it": "NameError",
    "np.zeros(3) + np.ones(2)": "could not be broadcast",
    "{}[1]": "KeyError",
    "np.expp": "AttributeError",
    "len()": "len() takes exactly one argument",
}
RUN = """
import contextlib, io, json, sys
from IPython.core.interactiveshell import InteractiveShell

shell, shown = InteractiveShell.instance(), []
shell.run_line_magic("colors", "NoColor")
for cell in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        shell.run_cell(cell)
    shown.append(out.getvalue())
print(json.dumps(shown))
"""


def shown_by(*cells):
    """What a notebook shows of each cell."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(cells), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return dict(zip(cells, json.loads(ran.stdout), strict=True))


@pytest.fixture(scope="module")
def shown():
    return shown_by(BEGIN, *SLIPS, *AS_EVER, RENAMED)


def test_a_slip_is_told_in_a_sentence(shown):
    assert shown[BEGIN] == ""
    for cell, words in SLIPS.items():
        assert words in shown[cell], cell
        assert len(shown[cell].strip().splitlines()) <= 2, cell
        assert "Traceback" not in shown[cell], cell


def test_an_error_of_the_learners_own_code_keeps_its_frames(shown):
    for cell, words in AS_EVER.items():
        assert words in shown[cell], cell
        assert "Traceback" in shown[cell], cell


@pytest.mark.complete
def test_a_fault_of_ours_keeps_its_frames():
    """An error that no room raises by itself."""
    broken = "import helpers.activations.lookup as at; at.ACTIVATIONS = None"
    shown = shown_by(f"{BEGIN}\n{broken}", 'explore("tanh")')
    assert "Traceback" in shown['explore("tanh")']


@pytest.mark.complete
def test_a_function_of_an_earlier_cell_is_told(shown):
    assert (
        "mine is of an earlier cell; this cell defines new. Which one is meant?" in shown[RENAMED]
    )
