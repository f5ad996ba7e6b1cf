"""Which editions of which lessons every run proves, and which the complete matrix alone."""

import pytest

from tools.browser import run_cell
from tools.notebooks import LESSONS

NAMES = [path.stem for path in LESSONS]


def matrix(names, *always):
    """Return names as parameters of a test; all but those named are of the complete matrix."""
    return [
        pytest.param(name, marks=() if name in always else pytest.mark.complete) for name in names
    ]


ONE_STEP = """
from unittest.mock import patch
from helpers.networks import training
patch.stopall()  # the cell is run once more with all others
_once, _epoch = (lambda epochs, progress: range(1)), training._epoch
_small = lambda network, x, targets, *more: _epoch(network, x[:64], targets[:64], *more)
_ = patch.multiple(training, _counted=_once, _epoch=_small).start()
"""


def train_briefly(page):
    """Let a lesson that is open train for one step.

    That it trains to the end, and with what result, is tested by nbval. In the in-browser edition
    it would take eight times as long.
    """
    said = run_cell(page, ONE_STEP)
    assert said == "", said
