"""What the tests of explorers share: two examples, and readers of what is stored."""

import json
import re
from unittest.mock import patch

import numpy as np

from helpers.activations import Activation, Parameter, sigmoid, sigmoid_prime
from helpers.explorer import Rival

SHORTCUT = Rival("max(αz, z)", lambda z, slope: np.maximum(slope * z, z))
STEEPER = Activation(
    value=lambda z, beta: sigmoid(beta * z),
    prime=lambda z, beta: beta * sigmoid_prime(beta * z),
    expression="sigmoid(beta*z)",
    latex=r"\sigma(\beta z)",
    parameter=Parameter("beta", "β", default=1.0, low=0.5, high=4.0, step=0.1),
)


def page(shown):
    """The stored form."""
    return shown._repr_mimebundle_()["text/html"]


def stored(shown):
    """The data as a browser finds it in the stored form, whose picture nobody looks at."""
    with patch("helpers.explorer.figures.DOTS", 20):
        return data_of(page(shown))


def data_of(text):
    """The data in a stored form."""
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', text, re.S)[1])


def unpacked(row):
    """Read a row by another way than the explorer's own: `np.interp` fills the gaps."""
    places, values, i = [], [], 0
    for word in row.split():
        if word[0] == "~":
            i += int(word[1:])
        else:
            places, values, i = [*places, i], [*values, float(word)], i + 1
    return np.interp(np.arange(i), places, values)


def points(grid):
    """All places of a slider."""
    return np.linspace(
        grid["low"], round(grid["low"] + grid["step"] * (grid["count"] - 1), 9), grid["count"]
    )
