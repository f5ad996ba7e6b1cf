"""The slides of the notebook that is open in JupyterLab: deck, kernel, and no trace left."""

import json
import shutil
import urllib.request

import pytest
from nbformat import from_dict
from playwright.sync_api import expect

from book import live
from book.assets import package
from tests.editions.test_slides import VISIBLE_LINES
from tools.browser import Visit, answer_predictions, awaited, exercise, page
from tools.files import PUBLISHED
from tools.notebooks import read


@pytest.fixture(scope="module", autouse=True)
def fetched():
    """What `python course.py slides` fetches once."""
    package("reveal.js")


SCRIPT = "<p>shown</p><script>steal()</script>"


def notebook(trusted):
    """Return a notebook with a script in a text and one in an output."""
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPT}}
    about = {"slideshow": {"slide_type": "slide"}}
    text = {
        "cell_type": "markdown",
        "id": "a",
        "metadata": about,
        "source": f"# Title\n\n- {SCRIPT}",
    }
    code = {"cell_type": "code", "id": "b", "metadata": {"trusted": trusted}, "source": "show()"}
    cells = [text, code | {"execution_count": 1, "outputs": [output]}]
    return from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("trusted", [True, False])
def test_scripts_run_only_in_outputs_of_a_notebook_that_is_trusted(trusted):
    shown = live.page(notebook(trusted), "n0nce", "/course/assets/")
    assert shown.count("<script>steal()</script>") == 2 - trusted
    assert shown.count('<script nonce="n0nce">steal()</script>') == trusted
    assert '<script nonce="n0nce" src="/course/assets/slides.js">' in shown
    assert "'nonce-n0nce'" in live.policy("n0nce")
    assert "unsafe-inline" not in live.policy("n0nce")


def test_a_notebook_without_slides_is_told_so():
    bare = notebook(True)
    bare.cells[0].metadata.clear()
    assert "none was begun" in live.page(bare, "n", "/")
    del bare.cells[:]
    assert "no cell of this notebook begins a slide" in live.page(bare, "n", "/")


def kept(lab):
    """Return all settings that JupyterLab keeps of its user."""
    address = f"{lab.address}/lab/api/settings?token={lab.token}"
    with urllib.request.urlopen(address) as answer:
        found = json.load(answer)["settings"]
    return {each["id"]: each["raw"] for each in found}


PRESENT = ".jp-NotebookPanel-toolbar button.course-present"
AT = "Reveal.getIndices().h"
TRUST = (
    "() => jupyterapp.shell.currentWidget.content.widgets.forEach((c) => c.model.trusted = true)"
)
EDIT = """(() => {
    const { activeCell } = jupyterapp.shell.currentWidget.content;
    const { sharedModel } = activeCell.model;
    sharedModel.setSource(sharedModel.getSource().replace("# ", "# now: "));
    return jupyterapp.commands.execute("notebook:run-cell");
})()"""


def presented(visit):
    """Press *Present*; return the deck's frame once it is ready."""
    visit.page.locator(PRESENT).click()
    visit.page.locator(".course-deck iframe").wait_for()
    visit.page.wait_for_function(
        "document.querySelector('.course-deck iframe').contentWindow.Reveal?.isReady()"
    )
    return next(f for f in visit.page.frames if "/course/deck/" in f.url)


@pytest.mark.complete
@pytest.mark.browser
def test_a_lecture_is_given_live_in_jupyterlab_and_leaves_no_trace(lab, chromium):
    """Steps, a vote, a derivation edited in a fresh kernel; the tab is closed in the middle."""
    shutil.copy(PUBLISHED / "01_sigmoid.ipynb", lab.folder / "given.ipynb")
    before = kept(lab)
    with page(chromium, width=1920, height=1080) as visit:
        lab.open(visit.page, "given.ipynb")
        visit.page.set_viewport_size({"width": 800, "height": 600})
        expect(visit.page.locator(PRESENT)).to_be_visible()  # and not behind a menu
        visit.page.set_viewport_size({"width": 1920, "height": 1080})
        visit.page.evaluate(TRUST)
        deck = presented(visit)
        expect(deck.get_by_role("heading", name="Derive the sigmoid's slope")).to_be_visible()
        assert 28 * deck.evaluate("Reveal.getScale()") > 36  # pixels of a letter
        assert deck.evaluate("document.fonts.size") > 0  # those of formulas

        deck.evaluate("Reveal.slide(Reveal.getSlides().findIndex((s) => s.matches('.explore')))")
        answer_predictions(deck.locator("section.present"))
        exercise(deck.locator("section.present").get_by_role("slider").first)
        deck.evaluate("Reveal.slide(Reveal.getSlides().findIndex((s) => s.matches('[data-vote]')))")
        with visit.page.expect_popup() as popup:
            visit.page.keyboard.press("s")
        popup.value.get_by_text("Write both counts").wait_for()
        popup.value.close()
        shown = deck.locator("section.present .phones span")
        visit.page.keyboard.press("t")  # opens the room to phones
        place = shown.inner_text().partition(":")[2]
        visit.page.keyboard.press("v")
        deck.locator("section.present .clock").filter(has_text="Vote").wait_for()
        phone = visit.page.context.new_page()
        phone.goto(f"http://127.0.0.1:{place}")
        phone.get_by_role("button", name="A", exact=True).click()
        expect(deck.locator("section.present .count")).to_have_text("1 vote")
        phone.close()
        visit.page.keyboard.press("t")
        expect(shown).to_have_count(0)

        steps = "Reveal.getSlides().findIndex((s) => s.querySelector('ol.steps'))"
        deck.evaluate(f"Reveal.slide({steps})")
        at, lines = deck.evaluate(AT), sum(deck.evaluate(VISIBLE_LINES))
        visit.page.keyboard.press("PageDown")
        assert sum(deck.evaluate(VISIBLE_LINES)) == lines + 1

        visit.page.keyboard.press("c")  # to its code, in type for a room
        editor = visit.page.locator(".jp-mod-active .cm-content")
        expect(editor).to_be_focused()
        assert float(editor.evaluate("n => parseFloat(getComputedStyle(n).fontSize)")) >= 28
        assert awaited(visit.page, EDIT) is not False
        visit.page.get_by_role("button", name="Back to the slide").click()
        visit.page.wait_for_function(
            """() => document.querySelector('.course-deck iframe').contentDocument
                .querySelector('section.present')?.textContent.includes('now: ')"""
        )
        deck = next(f for f in visit.page.frames if "/course/deck/" in f.url)
        assert deck.evaluate(AT) == at
        assert visit.errors == []
        assert visit.strays == []
        again = Visit(visit.page.context.new_page()).listen()
        visit.page.close()
        lab.open(again.page, "given.ipynb")
        assert again.page.locator(".course-deck").count() == 0
        assert presented(again).evaluate(AT) == at
        again.page.keyboard.press("q")
        expect(again.page.locator(".course-deck")).to_have_count(0)
        here = "jupyterapp.shell.currentWidget.content.activeCellIndex"
        again.page.wait_for_function(f"{here} > 0")  # at the cell of the slide
        assert again.errors == []
    assert kept(lab) == before
    assert {*read(lab.folder / "given.ipynb").metadata} <= {"kernelspec", "language_info"}
