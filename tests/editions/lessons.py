"""The lessons as editions show them: their names, their slides, their training cut short."""

from functools import cache

from book import slides
from tools.browser import run_cell
from tools.files import PUBLISHED
from tools.notebooks import LESSONS

NAMES = [path.stem for path in LESSONS]


@cache
def deck_of(name):
    """Return the slides of a lesson, which nobody changes."""
    return slides.slides_of(PUBLISHED / f"{name}.ipynb")


BRIEFLY = """
from unittest.mock import patch
from helpers.networks import datasets, training
patch.stopall()  # the cell is run once more with all others
_some = tuple(part[::8] for part in datasets._digits())
_ = patch.object(datasets, "_digits", return_value=_some).start()
_ = patch.object(training, "_counted", lambda epochs, progress: range(1)).start()
_ = patch("helpers.explorer.figures.DOTS", 60).start()
_room = {"figure.constrained_layout.use": False}
_ = patch.dict("helpers.explorer.figures.STYLE", _room).start()
_ = patch("helpers.explorer.figures._drawn_in_place", lambda fig, alt: "").start()
def range(*ends, _whole=range):
    return _whole(*ends) if len(_whole(*ends)) < 1000 else _whole(1)
"""


def train_briefly(page):
    """Let a lesson that is open train once, on every eighth image, and draw small pictures.

    That it trains to the end, and with what result, is tested by nbval, and so are the lines that
    book and slides show in the place of pixels. In the in-browser edition it would take eight times
    as long.
    """
    said = run_cell(page, BRIEFLY)
    assert said == "", said
