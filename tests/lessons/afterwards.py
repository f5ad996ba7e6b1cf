"""What is asked of a lesson besides its outputs, in the kernel in which nbval runs it.

So a lesson is run once: each cell is a test, and its figures and its sliders are further ones.
"""

import ast
import html
import re
from itertools import groupby

import pytest

from tests.lessons.ours import OURS
from tools.notebooks import LESSONS, read


class Question(pytest.Item):
    """A test in the kernel of a notebook that nbval runs."""

    def __init__(self, *, ask, figures, places, **more):
        super().__init__(**more)
        self.ask, self.figures, self.places = ask, figures, places

    def runtest(self):
        self.ask(self)

    def answer(self, question):
        """Return what a function of the module `inside` returns there, all of it plain values."""
        reply = self.parent.kernel.kc.execute_interactive(
            f"import tests.lessons.inside as _inside; _answer = _inside.{question}",
            silent=True,
            user_expressions={"answer": "_answer"},
            timeout=400,
            output_hook=lambda message: None,
        )["content"]
        assert reply["status"] == "ok", "\n".join(reply["traceback"])
        return ast.literal_eval(reply["user_expressions"]["answer"]["data"]["text/plain"])

    def count(self, name, number):
        self.figures[name] = self.figures.get(name, 0) + number


def begin(lesson):
    lesson.answer("begin()")


def numbers_of_alt_texts_are_drawn(lesson):
    claims, wrong, cells = lesson.answer("alt_texts()")
    assert wrong == {}
    pages = {
        cell.execution_count: "".join(o.get("data", {}).get("text/html", "") for o in cell.outputs)
        for cell in read(lesson.path).cells
        if cell.cell_type == "code"
    }
    stored = re.findall(r'<img alt="(.*?)"', "".join(pages.values()))
    assert {*map(html.unescape, stored)} <= {*claims}, "figures that nobody has looked at"
    drawn = [number for number, page in pages.items() if "<img" in page]
    assert cells == drawn, "cells that no longer show their figures, or show more"
    lesson.count("alt texts whose numbers are drawn", len(claims))


def sliders_move(lesson):
    sliders, places = lesson.answer(f"move({lesson.places})")
    lesson.count("sliders driven over their range", sliders)
    lesson.count("places they were driven to", places)


def with_questions(items, figures, places):
    """Yield the tests; around the cells of a lesson stand the questions to its kernel.

    A slider is driven to so many ``places``, from end to end.
    """
    for path, tests in groupby(items, key=lambda item: item.path):
        if path not in LESSONS:
            yield from tests
            continue
        cells = list(tests)
        first, *others = (
            Question.from_parent(
                cells[0].parent, name=ask.__name__, ask=ask, figures=figures, places=places
            )
            for ask in (begin, *[numbers_of_alt_texts_are_drawn] * (path in OURS), sliders_move)
        )
        yield from (first, *cells, *others)
