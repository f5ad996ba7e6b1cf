"""Panels: what is drawn, what is stored, what goes wrong, and one in a real JupyterLab."""

import asyncio
import base64
import json
import math
import re
import threading
import zlib

import ipywidgets
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from helpers.explorer import Menu, Slider, figure, frames, panel
from helpers.explorer.panels import LONGEST_WAIT, STILL
from tests.lessons.sliders import drive
from tools.browser import awaited, exercise, page, violations
from tools.notebooks import tidy

P = Slider(0, 1, 0.1, 0.5, "dropout p")
N = Slider(1, 9, 1, 3)
NAME = Menu(["relu", "tanh"], "activation")


def draw(**values):
    fig, ax = figure()
    ax.plot([0, 1], [0, values.get("p", 1)])
    return fig, " ".join(f"{name}={value!r}" for name, value in values.items())


def test_a_panel_has_a_control_for_each_argument():
    shown = panel(draw, p=P, n=N, name=NAME)
    kinds = [ipywidgets.FloatSlider, ipywidgets.IntSlider, ipywidgets.Dropdown]
    assert [type(widget) for widget in shown.controls.values()] == kinds
    assert [w.description for w in shown.controls.values()] == ["dropout p", "n", "activation"]
    assert shown.picture.names == ["dropout p", "n"]
    assert shown.children == (*shown.controls.values(), shown.picture)
    assert shown.controls["p"].readout_format == ".1f"


def test_the_picture_follows_every_control():
    shown = panel(draw, p=P, n=N, name=NAME)
    assert shown.alt == "p=0.5 n=3 name='relu'"
    before = shown.picture.html
    shown.controls["p"].value = 3 * 0.1
    assert shown.alt == "p=0.3 n=3 name='relu'"
    assert shown.picture.html != before
    shown.controls["n"].value = 7
    shown.controls["name"].value = "tanh"
    assert shown.alt == "p=0.3 n=7 name='tanh'"
    assert f'alt="{shown.alt}"'.replace("'", "&#x27;") in shown.picture.html


def test_moves_that_queue_up_are_drawn_once():
    drawn, threads = [], set()

    def noted(**values):
        drawn.append(values)
        threads.add(threading.get_ident())
        return draw(**values)

    async def kernel():
        shown = panel(noted, p=P, n=N)
        for k in range(1, 10):
            shown.controls["n"].value = k
            shown.controls["p"].value = k / 10
            await asyncio.sleep(0)  # as between two messages
        assert len(drawn) == 1  # the start
        await asyncio.sleep(2 * LONGEST_WAIT)
        await asyncio.to_thread(setattr, shown.controls["n"], "value", 5)  # as JupyterLab does
        await asyncio.sleep(2 * LONGEST_WAIT)
        return shown.alt

    assert asyncio.run(kernel()) == "p=0.9 n=5"
    assert drawn == [{"p": 0.5, "n": 3}, {"p": 0.9, "n": 9}, {"p": 0.9, "n": 5}]
    assert threads == {threading.get_ident()}  # pyplot is not made for more


def test_stored_is_the_picture_of_the_start_and_a_sentence():
    bundle = panel(draw, p=P)._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/plain"] == "p=0.5"
    assert re.search(r'<img alt="p=0.5" .*src="data:image/png;base64,', bundle["text/html"])
    assert f"<p>{STILL}</p>" in bundle["text/html"]
    assert 'data-frames=""' in bundle["text/html"]  # drawn only when a lesson is stored
    assert bundle["text/html"] == panel(draw, p=P)._repr_mimebundle_()["text/html"]


def test_stored_for_readers_are_the_pictures_of_all_places(monkeypatch):
    monkeypatch.setenv("COURSE_STORE", "1")
    kind = Menu(["square", "cube"])

    def titled(p, kind):
        return figure(title=f"{kind} of {p}")[0], f"p={p} {kind}"

    page = panel(titled, p=Slider(0, 1, 0.25, 0.5), kind=kind)._repr_mimebundle_()["text/html"]
    data = json.loads(zlib.decompress(base64.b64decode(re.search('data-frames="(.*?)"', page)[1])))
    states = [(p, k) for p in (0.0, 0.25, 0.5, 0.75, 1.0) for k in kind.options]
    assert data["alts"] == [f"p={p} {k}" for p, k in states]
    for (p, k), parts in zip(states, data["drawn"], strict=True):
        assert f"{k} of {p}" in "".join(data["parts"][part] for part in parts)
    assert len(data["parts"]) < 3 * len(data["drawn"][0])  # what they share is stored once


def test_with_too_many_places_sliders_take_longer_steps_or_none_are_stored():
    many = {f"s{k}": Slider(0, 6, 1, 3) for k in range(3)}
    found = frames.places(many)
    assert math.prod(map(len, found.values())) <= frames.MOST
    assert all(3 in values for values in found.values())  # where it starts
    assert frames.places({f"s{k}": Slider(0, 6, 1, 3) for k in range(6)}) is None


def test_a_picture_that_fails_is_one_sentence_and_comes_back():
    def fragile(p, n):
        figure()
        if n == 5:
            raise ZeroDivisionError("a < b")
        return draw(p=p, n=n)

    shown, before = panel(fragile, p=P, n=N), plt.get_fignums()
    shown.controls["n"].value = 5
    said = "No picture for p = 0.5, n = 5: ZeroDivisionError: a < b"
    assert shown.alt == said
    assert shown.picture.html == f"<p>{said.replace('<', '&lt;')}</p>"
    assert isinstance(shown.failure, ZeroDivisionError)
    assert plt.get_fignums() == before  # no figure is left to show itself below the cell
    shown.controls["n"].value = 6
    assert shown.failure is None
    assert shown.alt == "p=0.5 n=6"
    plt.close("all")


@pytest.mark.parametrize("result", [None, 5, ("alt", 3), (1, "alt"), figure], ids=range(5))
def test_a_draw_that_returns_something_else_says_so(result):
    shown = panel(lambda n: result, n=N)
    assert "TypeError: expected draw to return a figure and its alt text, got " in shown.alt


def test_an_empty_alt_text_is_refused():
    assert "ValueError: alt: expected a sentence" in panel(lambda n: (figure()[0], ""), n=N).alt


@pytest.mark.parametrize(
    ("error", "message", "numbers"),
    [
        (TypeError, "expected four numbers", ("0", 1, 0.1, 0)),
        (TypeError, "expected four numbers", (0, 1, None, 0)),
        (TypeError, "expected four numbers", (False, True, 1, 0)),
        (ValueError, "expected low < high", (1, 1, 0.1, 1)),
        (ValueError, "expected low < high", (2, 1, 0.1, 1)),
        (ValueError, "a step above 0", (0, 1, 0, 0.5)),
        (ValueError, "a step above 0", (0, 1, np.nan, 0.5)),
        (ValueError, "a start between", (0, 1, 0.1, 2)),
        (ValueError, "low < high", (0, np.inf, 0.1, 2)),
    ],
)
def test_a_slider_that_cannot_be_is_named(error, message, numbers):
    with pytest.raises(error, match=f"^Slider: .*{message}.*, got "):
        Slider(*numbers)


@pytest.mark.parametrize("options", [[], ["one"], ["a", "a"], "ab", ["a", 5]])
def test_a_menu_needs_a_choice_of_texts(options):
    with pytest.raises(ValueError, match="Menu: expected at least two different texts, got"):
        Menu(options)


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (TypeError, "draw: expected a function, got 5", lambda: panel(5, n=N)),
        (TypeError, r"n: expected a Slider or a Menu, got \(0, 1\)", lambda: panel(draw, n=(0, 1))),
        (ValueError, "expected at least one Slider or Menu, got none", lambda: panel(draw)),
    ],
)
def test_bad_input_is_named(error, message, call):
    with pytest.raises(error, match=message):
        call()


NOTEBOOK = """
import numpy as np
from helpers.explorer import explore
from helpers.explorer import figure
from helpers.explorer import Menu, Slider, panel

def draw(p, n, name):
    if n == {n}:
        raise ZeroDivisionError("no n")
    fig, ax = figure()
    ax.plot(np.linspace(0, p, n + 2) ** (2 if name == "square" else 3))
    return fig, f"A {{name}} with p = {{p}} and {{n}} points."

p, n = Slider(0, 1, 0.1, 0.5), Slider(1, 9, 1, 3, "points n")
panel(draw, p=p, n=n, name=Menu(["square", "cube"]))
""".strip()


@pytest.mark.parametrize(
    "code",
    [
        NOTEBOOK.format(n=3),  # at the start
        pytest.param(  # where a menu and a slider meet
            NOTEBOOK.format(n=0).replace("2 if", "1 / (n < 9) if").replace("square", "cube", 1),
            marks=pytest.mark.complete,
        ),
    ],
    ids=["at the start", "where a menu and a slider meet"],
)
def test_a_failure_of_a_panel_is_noticed_when_all_sliders_are_driven(code):
    with pytest.raises(ZeroDivisionError):
        drive(code)


@pytest.mark.complete
@pytest.mark.browser
def test_a_panel_and_a_chosen_slope_live_in_jupyterlab(lab, chromium):
    path = lab.folder / "panel.ipynb"
    chosen = 'explore("leaky_relu", parameter=0, subgradient=True)'
    cells = [new_code_cell(code) for code in (NOTEBOOK.format(n=9), chosen)]
    nbformat.write(tidy(new_notebook(cells=cells)), path)
    with page(chromium, height=1000) as visit:
        lab.open(visit.page, path.name)
        assert lab.run_all(visit.page) == []
        box = visit.page.locator(".jp-OutputArea .activation-panel")
        box.locator("img").wait_for()
        p, n = (
            box.get_by_role("slider", name="p", exact=True),
            box.get_by_role("slider", name="points n"),
        )
        exercise(p)
        exercise(n)
        n.press("Home")
        box.get_by_role("combobox", name="name").select_option("cube")
        picture = box.get_by_role("img")
        expect(picture).to_have_attribute("alt", re.compile("A cube with p = .* and 1 points."))
        expect(box.locator("[aria-live]")).to_have_text(picture.get_attribute("alt"))
        n.press("End")
        expect(box.locator("div > p").first).to_have_text(re.compile("No picture .*: no n$"))

        explorer = visit.page.locator(".jp-OutputArea .activation-explorer")
        explorer.get_by_role("slider").nth(2).wait_for()
        z, slope, m = explorer.get_by_role("slider").all()
        grip = explorer.locator(".grip").bounding_box()
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        visit.page.mouse.move(x, y)
        visit.page.mouse.down()
        visit.page.mouse.move(x + 100, y, steps=4)  # dragged along the curve
        visit.page.mouse.up()
        expect(explorer.locator(".widget-readout").first).not_to_have_text("0.00")
        expect(z).to_be_focused()
        readout = explorer.locator(".widget-readout").nth(2)
        m.press("PageUp")
        expect(readout).to_have_text("1.00")
        m.press("PageDown")
        slope.press("Home")
        expect(m).to_have_attribute("aria-valuetext", "0.50")  # whatever the parameter
        expect(m).to_have_attribute("aria-label", "slope m at the kink z = 0")
        m.press("End")
        expect(readout).to_have_text("3.50")
        handle, text = m.bounding_box(), readout.bounding_box()
        assert handle["x"] + handle["width"] <= text["x"]
        assert violations(visit.page, ".jp-OutputArea") == []
        assert (visit.errors, visit.strays) == ([], [])

        awaited(visit.page, "jupyterapp.commands.execute('docmanager:save')")
        visit.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    outputs = nbformat.read(path, as_version=4).cells[0].outputs
    assert [set(output.data) for output in outputs] == [{"text/html", "text/plain"}]
