"""Every lesson in a real JupyterLab and as exported HTML: sliders move pictures and numbers."""

import re
import shutil
from textwrap import dedent

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from tests.editions.lessons import NAMES, train_briefly
from tests.matrix import matrix
from tools.browser import (
    SAVE_AND_STOP,
    Warm,
    answer_predictions,
    awaited,
    exercise,
    look,
    page,
    press,
    step,
    violations,
    wait_for_change,
    wait_until_alive,
)
from tools.notebooks import LESSONS, explorers, run, tidy

pytestmark = pytest.mark.browser


# Every kind of explorer, the same one twice, and the usual way with matplotlib, on one page.
GALLERY = (
    """
    import numpy as np
    from ipywidgets import interact
    from helpers.activations import Activation, Parameter, sigmoid, sigmoid_prime
    from helpers.explorer import Prediction, explore
    from helpers.explorer import VALUE, curve, figure, show
    """,
    'explore("sigmoid", z=1, tasks=("Find the largest slope.", "Where is it below 0.01?"))',
    'explore("sigmoid", z=1, tasks=("Find the largest slope.", "Where is it below 0.01?"))',
    'explore("relu", z=-0.1, z_range=(-3, 3))',
    'explore("leaky_relu", z=-1)',
    """
    steeper = Activation(
        value=lambda z, beta: sigmoid(beta * z),
        prime=lambda z, beta: beta * sigmoid_prime(beta * z),
        latex=r"\\sigma(\\beta z)",
        parameter=Parameter("beta", "β", default=1.0, low=0.5, high=4.0, step=0.1),
    )
    explore(steeper, predict=Prediction("How steep is it?", {"1": 1, "1/2": 0.5, "g": sigmoid}))
    """,
    """
    @interact(beta=(0.5, 4))
    def picture(beta=1.0):
        z = np.linspace(-4, 4)
        fig, ax = figure()
        curve(ax, z, sigmoid(beta * z), "g(z)", VALUE, at=4)
        show(fig, alt=f"The slope at 0 is {beta / 4:.3f}")
        print(f"slope at 0: {beta / 4:.3f}")
    """,
)


@pytest.fixture(scope="session")
def gallery(once):
    """A small notebook, stored as lessons are: run, without widget state."""

    def make(folder):
        cells = [
            new_markdown_cell("# Gallery"),
            *(new_code_cell(dedent(c).strip()) for c in GALLERY),
        ]
        notebook = run(new_notebook(cells=[new_markdown_cell("# Gallery"), *cells]), folder=folder)
        nbformat.write(tidy(notebook), folder / "gallery.ipynb")

    return once("gallery", make) / "gallery.ipynb"


@pytest.fixture(scope="session")
def notebooks(gallery):
    """All notebooks by name."""
    return {path.stem: path for path in (gallery, *LESSONS)}


def assert_clean(visit):
    assert visit.errors == []
    assert visit.strays == []


@pytest.fixture(scope="module")
def warm(lab, chromium):
    """JupyterLab on one page, with one kernel for all notebooks."""
    warm = Warm(chromium, lambda page, name: lab.open(page, f"{name}.ipynb"))
    yield warm
    warm.close()


@pytest.mark.parametrize("name", matrix(["gallery", *NAMES], "gallery"))
def test_lesson_lives_in_jupyterlab(name, notebooks, lab, warm):
    shutil.copy(notebooks[name], lab.folder)
    with warm.notebook(name) as visit:
        train_briefly(visit.page)
        assert lab.run_all(visit.page) == []
        outputs = visit.page.locator(".jp-OutputArea")
        wait_until_alive(visit.page, 5 if name == "gallery" else explorers(name))
        expect(outputs.get_by_text("Loading widget")).to_have_count(0)
        visit.page.wait_for_timeout(500)  # sliders within a panel show themselves after it
        answer_predictions(visit.page)
        sliders = outputs.get_by_role("slider")
        if name == "gallery":
            expect(sliders).to_have_count(8)
        for slider in sliders.all():  # lessons' own with the mouse in book and decks
            (exercise if name == "gallery" else step)(slider)
        assert violations(visit.page, ".jp-OutputArea") == []


@pytest.fixture(scope="session")
def exported(gallery, tmp_path_factory):
    """The address of a stored notebook as HTML that asks the network for nothing."""
    nothing = "data:text/javascript,"
    exporter = HTMLExporter(mathjax_url=nothing, require_js_url=nothing)
    page, _ = exporter.from_filename(str(gallery))
    (path := tmp_path_factory.mktemp("exported") / "gallery.html").write_text(page, "utf-8")
    return path.as_uri()


def test_an_exported_notebook_lives_in_a_file(exported, chromium):
    """Every kind of explorer; those of lessons, stored alike, are moved in book and deck."""
    with page(chromium, width=1100, height=1000) as visit:
        visit.page.goto(exported)
        answer_predictions(visit.page)
        explorers = visit.page.locator(".activation-explorer")
        expect(explorers.locator("img[hidden]")).to_have_count(explorers.count())
        sliders = explorers.get_by_role("slider").all()
        assert len(sliders) == 7
        for slider in sliders:
            exercise(slider)
        assert violations(visit.page, ".activation-explorer") == []
        assert_clean(visit)


def test_an_exported_notebook_without_scripts_shows_pictures_with_alt_text(exported, chromium):
    with page(chromium, java_script_enabled=False) as visit:
        visit.page.goto(exported)
        explorers = visit.page.locator(".activation-explorer").all()
        assert len(explorers) == 5
        for explorer in explorers:
            picture = explorer.locator("img")
            assert picture.is_visible()
            assert re.search(r"\d", picture.get_attribute("alt"))  # it states what it shows
        assert_clean(visit)


@pytest.mark.complete
def test_stored_outputs_are_alive_in_jupyterlab_once_trusted(gallery, lab, chromium):
    shutil.copy(gallery, lab.folder / "stored.ipynb")
    with page(chromium) as visit:
        lab.open(visit.page, "stored.ipynb")
        pictures = visit.page.locator(".activation-explorer img")
        pictures.first.wait_for()
        assert all(picture.is_visible() for picture in pictures.all())
        assert visit.page.locator(".activation-explorer").get_by_role("slider").count() == 0
        visit.page.evaluate(
            """async () => {
                const panel = jupyterapp.shell.currentWidget;
                for (const cell of panel.content.widgets) cell.model.trusted = true;
            }"""
        )
        answer_predictions(visit.page)
        sliders = visit.page.locator(".activation-explorer").get_by_role("slider")
        sliders.first.wait_for()
        for slider in sliders.all():
            exercise(slider)
        assert_clean(visit)


@pytest.fixture(scope="module")
def explorer(exported, chromium):
    """The first explorer of the exported gallery: its page, opened once, and its slider."""
    with page(chromium, width=1100, height=1000) as visit:
        visit.page.goto(exported)
        yield visit.page, visit.page.locator(".activation-explorer").get_by_role("slider").first
        assert_clean(visit)


def number(slider):
    return float(slider.evaluate("slider => slider.value ?? slider.ariaValueNow"))


def test_keys_move_one_step_ten_steps_and_to_the_ends(explorer):
    _, slider = explorer
    slider.fill("1")
    for key, expected in [
        ("ArrowRight", 1.05),
        ("ArrowDown", 1.0),
        ("PageUp", 1.5),
        ("PageDown", 1.0),
        ("Home", -8),
        ("End", 8),
    ]:
        press(slider, key)
        assert number(slider) == pytest.approx(expected)


def test_keys_of_a_slider_reach_nothing_else(explorer):
    page, slider = explorer
    slider.fill("1")
    page.evaluate("() => { heard = []; onkeydown = (event) => heard.push(event.key); }")
    press(slider, "ArrowRight")
    press(slider, "PageDown")
    slider.press("a")
    assert page.evaluate("heard") == ["a"]


def test_values_are_announced_once_the_slider_rests(explorer):
    page, slider = explorer
    live = page.locator(".activation-explorer p[aria-live=polite]").first
    slider.fill("1")
    press(slider, "Home")
    press(slider, "End")
    expect(live).to_have_text("z = 8.00, g = 0.9997, slope g′ = 3.35 × 10⁻⁴")
    picture = page.locator(".activation-explorer svg").first
    assert live.text_content() in picture.get_attribute("aria-label")


def test_the_same_explorer_twice_moves_one_at_a_time(explorer):
    page, slider = explorer
    twin = page.locator(".activation-explorer").nth(1).get_by_role("slider")
    before = look(twin)
    slider.fill("1")
    press(slider, "ArrowRight")
    assert look(twin) == before


def test_a_kink_says_convention_and_interval(explorer):
    page, _ = explorer
    relu = page.locator(".activation-explorer").nth(2)
    slider = relu.get_by_role("slider")
    press(slider, "ArrowRight")
    assert not relu.get_by_text("convention").is_visible()
    press(slider, "ArrowRight")
    note = "A kink: no derivative here. 0 is the convention; the subgradients are [0, 1]."
    assert relu.get_by_text(note, exact=True).is_visible()
    assert relu.locator("circle[fill^='light-dark(#FFF']").count() == 1


def test_sliders_are_locked_until_a_prediction_is_made(explorer):
    page, _ = explorer
    locked = page.locator(".activation-explorer").last
    slope = locked.locator("tr.p td")
    assert [slider.is_disabled() for slider in locked.get_by_role("slider").all()] == [True] * 2
    assert not slope.is_visible()
    assert "not shown yet" in locked.locator("svg").get_attribute("aria-label")
    locked.get_by_role("radio", name="1/2").check()
    locked.get_by_role("button").click()
    assert slope.is_visible()
    assert locked.get_by_text("You expected 1/2").is_visible()
    assert [slider.is_disabled() for slider in locked.get_by_role("slider").all()] == [False] * 2


@pytest.mark.complete
def test_a_saved_explorer_is_alive_when_its_kernel_is_gone(lab, chromium):
    cell = new_code_cell('from helpers.explorer import explore\nexplore("tanh", z=1)')
    nbformat.write(tidy(new_notebook(cells=[cell])), lab.folder / "saved.ipynb")
    with page(chromium) as visit:
        lab.open(visit.page, "saved.ipynb")
        assert lab.run_all(visit.page) == []
        awaited(visit.page, SAVE_AND_STOP)
        lab.open(visit.page, "saved.ipynb")
        outputs = visit.page.locator(".jp-OutputArea")
        exercise(outputs.get_by_role("slider").first)
        assert "model not found" not in outputs.inner_text()
        assert_clean(visit)


@pytest.mark.complete
def test_the_arrow_keys_go_on_where_the_track_was_clicked(lab, warm):
    cell = new_code_cell('from helpers.explorer import explore\nexplore("tanh")')
    nbformat.write(tidy(new_notebook(cells=[cell])), lab.folder / "clicked.ipynb")
    with warm.notebook("clicked") as visit:
        assert lab.run_all(visit.page) == []
        slider = visit.page.locator(".jp-OutputArea").get_by_role("slider").first
        track = visit.page.locator(".jp-OutputArea .noUi-base").first
        before = look(slider)
        track.click(position={"x": 60, "y": 2})
        wait_for_change(slider, before)
        expect(slider).to_be_focused()
        before = look(slider)
        visit.page.keyboard.press("ArrowRight")
        wait_for_change(slider, before)
