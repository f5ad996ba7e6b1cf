"""What only the sandbox stops costs nobody a point unseen: it is passed over, or a person looks."""

import sys

import pytest

from tests.grading.sheet import Sheet, graded

FRAME = "import pandas as pd\ndf = pd.DataFrame({'z': [1, 2]})\n"
PLOT = "import matplotlib.pyplot as plt\n"
IN_FRONT = (
    *("open('notes.txt', 'w')", "with open('data.csv') as file:\n    print(file.read())"),
    *("import os\nos.mkdir('figures')", "import subprocess\nsubprocess.run(['ls'])"),
    *("np.save('grid.npy', np.ones(3))", "import os\nprint(os.environ['HOME'])"),
    *("import tempfile\ntempfile.mkdtemp()", "import getpass\nprint(getpass.getuser())"),
    *(FRAME + "print(len(df))", FRAME + "float(df.z.max())", FRAME + "x = list(range(len(df)))"),
    *(FRAME + "assert not df.empty", FRAME + "for i, row in df.iterrows():\n    last = i\nlast"),
    "from scipy import optimize\nres = optimize.root(np.sin, 1)\nprint('%.3f' % res.x)",
    PLOT + "n, bins, _ = plt.hist([1, 2])\nlen(bins)",
    *("print(_)", "print(In[-1], Out)", "print(_i)"),
    *("import asyncio\nawait asyncio.sleep(0.01)", "import asyncio\nawait asyncio.sleep(0)"),
    "data = np.loadtxt('data.csv')\nprint(data.mean())",
)
HELPER = "sg = lambda z: 1 / (1 + np.exp(-z))"


@pytest.mark.parametrize("line", IN_FRONT)
def test_what_stands_below_in_the_cell_still_runs(line, box):
    sheet = Sheet()
    sheet.before("sigmoid", f"{line}\n{HELPER}")
    sheet["sigmoid"] = "def sigmoid(z):\n    return sg(z)"
    rows = graded(box, sheet)
    assert {n: r.message for n, r in rows.items() if r.score != r.max_score} == {}
    assert not any(row.review for row in rows.values())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sg = open('helper.txt', 'w') and None", "open('helper.txt', 'w')"),
        ("import time\ntime.sleep(6)\n" + HELPER, "time.sleep(6)"),
        ("import asyncio\nawait asyncio.sleep(0.1)\nraise KeyError\n" + HELPER, "await"),
        ("import os\nos._exit(1)\n" + HELPER, "import os"),
    ],
)
def test_what_is_lost_by_it_is_looked_at(line, said, box):
    sheet = Sheet()
    sheet.before("sigmoid", line)
    sheet["sigmoid"] = "def sigmoid(z):\n    return sg(z)"
    sheet["q_relu_zero"] = 'q_relu_zero = "zero"'
    rows = graded(box, sheet, seconds=1.0)
    assert {n for n, r in rows.items() if r.review} == {"sigmoid", "q_relu_zero"}
    for name in ("sigmoid", "q_relu_zero"):
        assert said in rows[name].review
        assert said in rows[name].message


@pytest.mark.parametrize("line", ["1 / 0", "raise ValueError('x')", "print(undefined)"])
def test_what_stops_a_notebook_too_is_nobodys_to_look_at(line, box):
    sheet = Sheet()
    sheet.before("sigmoid", f"{line}\n{HELPER}")
    sheet["sigmoid"] = "def sigmoid(z):\n    return sg(z)"
    sheet["sigmoid_prime"] = "def sigmoid_prime(z):\n    return z"
    rows = graded(box, sheet)
    assert rows["sigmoid"].score == 0
    assert not any(row.review for row in rows.values())


@pytest.mark.parametrize(
    "answer",
    [
        "import sympy as sp\nq_tanh_max_slope = f'{sp.Integer(1)}'",
        "import sympy as sp\nq_tanh_max_slope = sp.Integer(1)",
        FRAME + "q_tanh_max_slope = str(df.z.max())",
        FRAME + "q_tanh_max_slope = '%.2f' % df.z.max()",
    ],
)
def test_a_text_from_what_is_not_there_is_looked_at(answer, box):
    sheet = Sheet()
    sheet["q_tanh_max_slope"] = answer
    row = graded(box, sheet)["q_tanh_max_slope"]
    assert row.score == 0
    assert "not there" in row.review
    assert "Your teacher is asked to look" in row.message


def test_a_computed_text_that_failed_says_the_error(box):
    sheet = Sheet()
    sheet["q_tanh_max_slope"] = "q_tanh_max_slope = f'{later:.2f}'"
    row = graded(box, sheet)["q_tanh_max_slope"]
    assert row.score == 0
    assert row.message == "The cell stops with NameError: name 'later' is not defined."


# --- the last answer counts -----------------------------------------------------------------------

GUESSES = [f"def relu_prime(z):\n    return np.heaviside(z, {at})" for at in (0.5, 0, 1, 0.25)]


def test_the_last_version_of_a_function_counts_and_an_earlier_right_one_is_looked_at(box):
    sheet = Sheet()
    sheet["relu_prime"] = GUESSES[0]
    for guess in reversed(GUESSES[1:]):
        sheet.after("relu_prime", guess)
    row = graded(box, sheet)["relu_prime"]
    assert row.score == 0
    assert row.review == "a version that stood there before is right"


def test_a_right_function_that_is_bound_again_at_the_end_is_lost(box):
    sheet = Sheet()
    sheet.last("def tanh_prime(z):\n    return 1 - np.tanh(z)")
    row = graded(box, sheet)["tanh_prime"]
    assert row.score == 0
    assert row.review == "a version that stood there before is right"


def test_a_function_that_only_a_later_cell_broke_is_right(box):
    sheet = Sheet()
    sheet.before("tanh_prime", "def square(x):\n    return x * x")
    sheet["tanh_prime"] = "def tanh_prime(z):\n    return 1 - square(np.tanh(z))"
    sheet.last("def square(x):\n    return x")
    assert graded(box, sheet)["tanh_prime"].score > 0


@pytest.mark.parametrize(
    "source",
    [
        "def sigmoid(z):\n    return np.product([1 / (1 + np.exp(-z))], axis=0)",
        "FAR = np.Inf\ndef sigmoid(z):\n    return np.where(z < FAR, 1 / (1 + np.exp(-z)), 1)",
        "from sympy import *\ndef sigmoid(z):\n    return Rational(1) / (1 + np.exp(-z))",
        "import numba\n@numba.vectorize\ndef sigmoid(z):\n"
        "    return 1 / (1 + np.exp(-z)) if z < 9 else 1",
        "d = {'a': 1}\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z)) + len(f'{d['a']}') - 1",
        "import torch\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z)) + torch.pi - torch.pi",
    ],
)
def test_what_another_installation_has_is_looked_at(source, box):
    sheet = Sheet()
    sheet["sigmoid"] = source
    sheet.drop("sigmoid_prime")
    row = graded(box, sheet)["sigmoid"]
    assert row.review or row.score == row.max_score
    assert row.review or sys.version_info >= (3, 12)  # from then on, quotes may stand in quotes
