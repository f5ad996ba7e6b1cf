"""Figures: alt text is kept, nothing is shown without it, and colours can be told apart."""

import base64
import colorsys
import io
import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers.explorer import PRIME, VALUE, curve, drawings, figure, picture
from helpers.explorer.figures import GUIDE, STYLE, themed


def contrast(colour, paper="#FFFFFF"):
    """The contrast ratio of WCAG 2.1."""

    def luminance(hexadecimal):
        channels = np.array([int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return linear @ [0.2126, 0.7152, 0.0722]

    bright, dark = sorted((luminance(colour), luminance(paper)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("style", [VALUE, PRIME])
def test_colours_are_readable_as_text(style):
    assert contrast(style["color"]) >= 4.5


DARK = "#121212"  # the ground of a dark page is not brighter


@pytest.mark.parametrize("style", [VALUE, PRIME, GUIDE, {"color": "#7A3E9D"}])
def test_a_colour_has_a_partner_of_its_hue_that_is_readable_on_a_dark_page(style):
    bright, dark = re.findall("#[0-9a-f]{6}", themed(style["color"].lower()))
    assert bright == style["color"].lower()
    assert contrast(dark, DARK) >= 4.5
    hue = [
        colorsys.rgb_to_hls(*(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)))[0]
        for colour in (bright, dark)
    ]
    assert hue[0] == pytest.approx(hue[1], abs=0.02)
    grid = re.findall("#[0-9a-f]{6}", themed(STYLE["grid.color"].lower()))[1]
    assert contrast(grid, DARK) < 2  # what is faint stays faint


def test_a_drawing_has_its_letters_as_text_and_no_ground():
    fig, ax = figure(title="Rises & falls")
    curve(ax, np.arange(3), np.arange(3), "g(z)", VALUE, at=1)
    ax.text(0, 1, "+0.8625")
    image = picture(fig, alt='g < "1" &\n rises')
    (svg,) = ElementTree.fromstring(f"<p>{drawings(image)}</p>")
    assert svg.get("aria-label") == 'g < "1" & rises'
    assert {"Rises & falls", "g(z)", "+0.8625"} <= {node.text for node in svg.iter("text")}
    assert not re.search("white|#ffffff", drawings(image))
    assert drawings(f'<div class="activation-explorer">{image}').endswith(f">{image}")


def test_a_picture_is_what_savefig_makes_and_the_figure_can_be_laid_out_anew():
    def drawn():
        fig, ax = figure(xlabel="z", title="Rises")
        curve(ax, np.arange(3), np.arange(3), "g(z)", VALUE, at=1)
        return fig

    fig, pixels = drawn(), io.BytesIO()
    drawn().savefig(pixels, format="png", dpi=144)
    engine = fig.get_layout_engine()
    code = re.search('base64,([^"]*)', picture(fig, alt="It rises."))[1]
    assert fig.get_layout_engine() is engine
    made, usual = (
        np.asarray(Image.open(file).convert("RGB"), float)
        for file in (io.BytesIO(base64.b64decode(code)), pixels)
    )
    assert np.abs(made - usual).mean() < 0.1  # 64 colours are near
    plt.close("all")


def test_value_and_slope_differ_in_more_than_colour():
    assert VALUE["linestyle"] != PRIME["linestyle"]


def test_a_picture_carries_its_alt_text_and_closes_the_figure():
    fig, ax = figure(xlabel="z")
    curve(ax, np.arange(3), np.arange(3), "g", VALUE, at=1)
    image = picture(fig, alt='g < "1" &\n rises')
    assert 'alt="g &lt; &quot;1&quot; &amp; rises"' in image
    data = re.search(r"base64,([A-Za-z0-9+/=]+)", image)[1]
    assert Image.open(io.BytesIO(base64.b64decode(data))).size[0] > 900
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_nothing_is_shown_without_alt_text(alt):
    fig, _ = figure()
    with pytest.raises(ValueError, match="alt: expected a sentence"):
        picture(fig, alt=alt)
    plt.close(fig)


def test_a_label_stands_on_its_curve_in_its_colour():
    fig, ax = figure()
    curve(ax, np.array([0.0, 2.0]), np.array([0.0, 4.0]), "g", PRIME, at=0.5)
    (label,) = ax.texts
    assert label.xy == (0.5, 1.0)
    assert label.get_color() == PRIME["color"]
    plt.close(fig)
