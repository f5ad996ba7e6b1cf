"""The gallery says of each activation what mathematics says, and compares each slope anew."""

import dataclasses
import math
import re

import pytest

from book import gallery
from helpers.activations import ACTIVATIONS
from helpers.derivation import DerivationError

CARDS = dict(
    re.findall(r'<section class="activation" id="([\w-]+)">(.*?)</section>', gallery.page())
)


def fact(name, key):
    return re.search(rf"<dt>{key}</dt><dd>(.*?)</dd>", CARDS[name])[1]


def test_each_activation_has_a_card():
    assert {*CARDS} == {name.replace("_", "-") for name in ACTIVATIONS}
    for card in CARDS.values():
        assert card.count("<math") == 2
        assert re.search(r"<dt>source</dt><dd>[^<]+\(\d{4}\)", card)


def test_what_is_measured_is_what_is_known_in_closed_form():
    root = math.sqrt(3)
    assert fact("sigmoid", "curvature") == f"{1 / (6 * root):.3g} at z = ±{math.log(2 + root):.2f}"
    place = math.log(2 + root) / 2
    assert fact("tanh", "curvature") == f"{4 / (3 * root):.3g} at z = ±{place:.2f}"
    assert fact("relu", "curvature") == "0: straight pieces"
    assert fact("softplus", "curvature") == "0.25 at z = 0"
    assert fact("gelu", "curvature") == f"{2 / math.sqrt(2 * math.pi):.3g} at z = 0"
    assert fact("softsign", "curvature") == "2 at z = 0"  # from both sides, with unlike signs
    assert fact("elu", "curvature") == "1 at z = 0"  # from the left
    assert fact("selu", "curvature") == "1.76 at z = 0"
    assert fact("relu", "gain") == f"{math.sqrt(2):.3f}"
    assert fact("relu", "kinks") == "z = 0, from 0 to 1"
    assert fact("elu", "kinks") == "none; at z = 0 for other parameters"
    assert fact("sigmoid", "Lipschitz constant") == "0.25, at z = 0"
    assert fact("softplus", "Lipschitz constant") == "1, in the limit"


def test_a_slope_that_is_not_the_derivative_stops_the_page():
    wrong = dataclasses.replace(ACTIVATIONS["tanh"], slope="1 - tanh(z)")
    with pytest.raises(DerivationError):
        gallery.formulas(wrong)
