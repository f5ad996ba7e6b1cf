"""The gallery says of each activation what mathematics says, and compares each slope anew."""

import math
import re
from functools import cache

import pytest

from book import gallery
from helpers.activations import ACTIVATIONS, TWO_INPUTS
from helpers.derivation import DerivationError

page = cache(gallery.page)


def cards():
    return dict(re.findall(r'<section class="activation" id="([\w-]+)">(.*?)</section>', page()))


def fact(name, key):
    return re.sub("<.*?>", "", re.search(rf"<dt>{key}</dt><dd>(.*?)</dd>", cards()[name])[1])


def test_each_activation_has_a_card_and_a_tile_that_leads_to_it():
    assert {*cards()} == {name.replace("_", "-") for name in [*ACTIVATIONS, *TWO_INPUTS]}
    assert {*re.findall('class="tile" href="#(.*?)"', page())} == {*cards()}
    for card in cards().values():
        assert card.count("<math") >= 2
        assert re.search(r"<dt>source</dt><dd class=\"cited\">.+?\(\d{4}\)", card)
        assert "<dt>used</dt><dd>" in card


def test_a_picture_tells_its_finding_to_those_who_do_not_see_it():
    def alt(name):
        return re.search('aria-label="(.*?)"', cards()[name])[1]

    assert alt("gelu") == (
        "GELU falls to −0.17 at z = −0.752, then rises without bound; "
        "its steepest slope is 1.129, at z = 1.414."
    )
    assert alt("hardshrink").endswith(
        "it jumps at z = −0.5, from −0.5 to 0; z = 0.5, from 0 to 0.5."
    )
    assert "its slope jumps at z = 0, from 0 to 1" in alt("relu")
    assert alt("maxout").endswith("it bends at u = v.")


def test_where_g_jumps_no_slope_bounds_its_differences():
    assert fact("hardshrink", "Lipschitz constant") == "none g jumps"
    assert fact("thresholded-relu", "jumps") == "z = 1, from 0 to 1"
    assert fact("snake", "Lipschitz constant") == "2 at z = 0.7854 + 3.142 k"
    assert fact("maxout", "Lipschitz constant") == "1"
    assert fact("swiglu", "Lipschitz constant").startswith("none")
    assert fact("tanh", "shape") == "odd, never falls, bounded"
    assert fact("softplus", "shape") == "never falls, convex"


def test_what_is_measured_is_what_is_known_in_closed_form():
    root = math.sqrt(3)
    assert fact("sigmoid", "curvature") == f"{1 / (6 * root):.3g} at z = ±{math.log(2 + root):.2f}"
    place = math.log(2 + root) / 2
    assert fact("tanh", "curvature") == f"{4 / (3 * root):.3g} at z = ±{place:.2f}"
    assert fact("relu", "curvature") == "0 straight pieces"
    assert fact("softplus", "curvature") == "0.25 at z = 0"
    assert fact("gelu", "curvature") == f"{2 / math.sqrt(2 * math.pi):.3g} at z = 0"
    assert fact("softsign", "curvature") == "2 at z = 0"  # from both sides, with unlike signs
    assert fact("elu", "curvature") == "1 at z = 0"  # from the left
    assert fact("selu", "curvature") == "1.76 at z = 0"
    assert fact("relu", "gain") == f"{math.sqrt(2):.3f}"
    assert fact("relu", "kinks") == "z = 0, from 0 to 1"
    assert fact("elu", "kinks") == "none; at z = 0 for other parameters"
    assert fact("sigmoid", "Lipschitz constant") == "0.25 at z = 0"
    assert fact("softplus", "Lipschitz constant") == "1 in the limit"


def test_a_slope_that_is_not_the_derivative_stops_the_page():
    known = ACTIVATIONS["tanh"]
    with pytest.raises(DerivationError):
        gallery.formulas("tanh", known.expression, known.latex, {"z": ("g", "1 - tanh(z)")})
