"""What a class tells: who resembles whom, which questions separate, all answers side by side."""

import math
import random
import statistics
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.classroom.likeness import likenesses, pieces
from helpers.classroom.statistics import correlation
from tools.submissions import answered, hand_in, read, right_answers

RIGHT = right_answers()
WAYS = {  # of writing the same right thing
    "sigmoid": ["return 1 / (1 + np.exp(-z))", "return 0.5 * (1 + np.tanh(z / 2))"],
    "tanh_prime": ["return 1 - np.tanh(z) ** 2", "return 1 / np.cosh(z) ** 2"],
    "relu_prime": ["return np.where(z > 0, 1.0, 0.0)", "return (z > 0) * 1.0"],
    "leaky_relu": [
        "return np.where(z > 0, z, a * z)",
        "return np.maximum(z, 0) + a * np.minimum(z, 0)",
    ],
}
COPIED = (
    "def tanh_prime(z):\n    # the square of sech, by the quotient rule\n"
    "    up = np.exp(z) + np.exp(-z)\n    half = up / 2\n    return 1 / (half * half)"
)


def answers_of(n):
    draw = random.Random(n)
    found = {}
    for name, ways in WAYS.items():
        arguments = "z, a" if name == "leaky_relu" else "z"
        found[name] = f"def {name}({arguments}):\n    {draw.choice(ways)}"
    return found


def test_a_copy_with_other_names_is_found_and_nobody_else():
    students = {f"s{n:02}": [*answers_of(n).values()] for n in range(20)}
    students["ada"] = [*answers_of(50).values(), COPIED]
    copied = COPIED.replace("up", "total").replace("half", "h ").replace("z", "x")
    students["bob"] = [*answers_of(51).values(), copied]
    found = likenesses(students, given=["import numpy as np"])
    assert [(pair.first, pair.second) for pair in found] == [("ada", "bob")]
    assert "# the square of sech, by the quotient rule" in found[0].shared


def test_what_the_assignment_gives_is_no_likeness():
    template = (
        "# remember the quotient rule and its sign\nvalues = np.linspace(-5, 5, 11) + 0.25 * 3"
    )
    students = {f"s{n}": [f"x{n} = {n} + {n} * {n} ** 2", ""] for n in range(12)}
    for student in ("s1", "s2"):
        students[student].append(template)
    assert likenesses(students)
    assert likenesses(students, given=[template]) == []


def test_one_short_line_is_no_likeness():
    answers = {f"s{n:02}": [*answers_of(n).values()] for n in range(20)}
    answers |= {"ada": ["return np.tanh(z)"], "bob": ["return np.cosh(x)"]}
    assert likenesses(answers) == []


@given(st.text(max_size=200))
def test_any_text_has_pieces(text):
    assert all(isinstance(piece, str) for piece in pieces(text))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 50)), min_size=3, max_size=30))
def test_discrimination_is_the_correlation_of_statistics(pairs):
    x, y = zip(*pairs, strict=True)
    if max(x) - min(x) > 1e-3 and max(y) - min(y) > 1e-3:
        assert math.isclose(correlation(x, y), statistics.correlation(x, y), abs_tol=1e-9)


@pytest.mark.complete
@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox exists for Linux alone")
def test_the_pages_of_a_class(tmp_path, capsys):
    from helpers.classroom import __main__ as command
    from tests.grading.course import course_py

    assert course_py("release", "derivatives", "--course", tmp_path) == 0
    release = read(tmp_path / "release/derivatives/derivatives.ipynb")
    for n in range(6):
        answers = RIGHT | {"tanh_prime": "def tanh_prime(z): return np.tanh(z)"} if n < 2 else RIGHT
        hand_in(tmp_path, f"secret{n}", answered(release, answers | ({"sigmoid": ""} if n else {})))
    assert course_py("grade", "derivatives", "--course", tmp_path, "--workers", 1) == 0
    assert command.main(["report", "derivatives", "--course", str(tmp_path)]) == 0
    assert "report/derivatives/index.html: 13 questions" in capsys.readouterr().out
    folder = tmp_path / "report" / "derivatives"
    index = (folder / "index.html").read_text("utf-8")
    assert "<td>tanh_prime<td>6<td>0.67" in index
    page = (folder / "tanh_prime.html").read_text("utf-8")
    assert "<h2>4 ×, 1 of 1</h2>" in page
    assert "<h2>2 ×, 0 of 1</h2>" in page
    assert "secret" not in page
    words = ["report", "diagnosis", "--course", str(tmp_path)]
    assert command.main(words) == 2
    assert "diagnosis is not graded yet" in capsys.readouterr().err
