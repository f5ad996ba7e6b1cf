"""A verdict as a notebook shows it: lines with marks, and the first wrong one explained."""

import re
from html.parser import HTMLParser

import pytest

from helpers.exercises import EXERCISES, OTHERWISE, check, drawn_verdict, side_pictures

WRONG = """
t = sinh(z)/cosh(z)
dt/dz = (cosh(z)*cosh(z) - sinh(z)*sinh(z))/cosh(z)^2   # quotient rule
cosh(z)^2 - sinh(z)^2 = 1
dt/dz = 1 + t^2
= 1 + qq*t
= 1 - t^2
"""


class Lines(HTMLParser):
    """The lines with their numbers and marks, and what else stands in a verdict."""

    def __init__(self, page):
        super().__init__()
        self.numbers, self.marks, self.tags, self.open = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self.open.append(attributes.get("class"))
        if tag == "li":
            self.numbers.append(int(attributes["value"]))
        if attributes.get("class") == "mark":
            self.marks.append("")

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, text):
        if "mark" in self.open:
            self.marks[-1] = (self.marks[-1] + text).strip()


def test_a_line_with_two_readings_stands_there_in_both_to_be_copied():
    page = EXERCISES["derive_sigmoid"].judge("so σ' = 3e-x")._repr_html_()
    assert "<code>so σ&#x27; = 3e^-x</code>" in page
    assert "<code>so σ&#x27; = 3(e - x)</code>" in page


def drawing(name, text):
    """Return the verdict on a derivation as HTML."""
    page = check(name, text)._repr_html_()
    assert page.count("<style") == page.count("</style")
    return page, Lines(re.sub(r"<(circle|path|line)\b[^>]*/>", "", page))


def test_every_line_has_its_number_and_its_mark():
    _, lines = drawing("derive_tanh", WRONG)
    assert lines.numbers == [1, 2, 3, 4, 5, 6]
    assert lines.marks == [
        "✓ true, on the way",
        "✓ proved",
        "✓ true, on the way",
        "✗ does not hold",
        "? cannot be read",
        "· not reached",
    ]
    _, lines = drawing("derive_gelu", "D(z*P) = P + z*p")
    assert lines.marks == ["✓ agrees to 50 digits"]


def test_the_first_wrong_line_has_two_numbers_a_picture_and_one_question():
    page, lines = drawing("derive_tanh", WRONG)
    explained = page[page.index('class="mistake"') :]
    assert re.search(r"at z = \S+ its right side is [\d.]+, but its left side is [\d.]+", explained)
    assert re.search(r">right side<.*>left side<", explained)
    assert lines.tags.count("svg") == 1
    assert page.count("<circle") == 2
    told = re.sub("<[^>]+>", " ", explained)
    assert told.count("Exactly this comes out when") == 1


def test_a_second_story_waits_behind_a_fold():
    page, _ = drawing("derive_sigmoid", "D(1/(1 + e^-z))\n= -(1 + e^-z)^-2*e^-z")
    seen, _, folded = page.partition("<details>")
    assert OTHERWISE in folded
    assert seen.count("Exactly this comes out when") == folded.count("It also comes out when") == 1
    assert "It also comes out" not in seen


def test_without_a_story_there_is_neither_a_fold_nor_a_guess():
    page, lines = drawing("derive_tanh", "D(tanh(z)) = 17*z^3 + 5")
    assert "details" not in lines.tags
    assert "comes out when" not in page
    assert page.count("?</p>") == 1


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("D(ln(1 + e^z)) = 1/(1 - e^-z)", 1),  # a pole in the middle
        ("D(ln(1 + e^z)) = ln(z - 9)", 0),  # hardly a value anywhere
        ("D(ln(1 + e^z)) = g", 0),
    ],
)
def test_a_picture_is_there_where_there_is_something_to_see(text, pictures):
    page, _ = drawing("derive_softplus", text)
    assert page.count("<svg") == pictures


def test_nothing_is_drawn_before_it_is_looked_at(monkeypatch):
    def never(*_):
        raise AssertionError("drawn")

    monkeypatch.setattr(drawn_verdict, "draw_sides", never)
    monkeypatch.setattr(side_pictures, "values", never)
    exercise = EXERCISES["derive_tanh"]
    verdict = exercise.judge(WRONG)
    assert exercise.credit(WRONG, verdict, ("1 - t^2",)) < 1
    assert verdict.first_wrong_line == 4
    with pytest.raises(AssertionError, match="drawn"):
        verdict._repr_html_()


def test_both_curves_and_the_dots_stay_in_the_picture():
    page, _ = drawing("derive_softplus", "D(ln(1 + e^z)) = e^(3z)")
    (mine, theirs) = re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)"', page)
    for across, down in (mine, theirs):
        assert 0 <= float(across) <= 340
        assert 0 <= float(down) <= 120
