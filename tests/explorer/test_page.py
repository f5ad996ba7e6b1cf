"""Explorers and panels on a page without a kernel: a point is dragged, pictures change."""

import pytest
from playwright.sync_api import expect

from helpers.explorer import Goal, Menu, Prediction, Slider, explore, figure, panel
from tools.browser import answer_predictions, page, violations

pytestmark = pytest.mark.browser


def titled(n, kind):
    return figure(title=f"{kind} of {n}")[0], f"Nothing is drawn of the {kind} of {n}."


@pytest.fixture
def opened(chromium, monkeypatch):
    """A page with an explorer that asks, and a panel."""
    monkeypatch.setenv("COURSE_STORE", "1")
    tasks = ["Look.", Goal("Go to z = −2.", z=-2), Goal("Stay at z = 1.", z=1)]
    asked = explore("tanh", z=1, tasks=tasks, predict=Prediction("How steep?", ["1", "1/2"]))
    both = asked, panel(titled, n=Slider(1, 5, 1, 2, "number n"), kind=Menu(["square", "cube"]))
    shown = "".join(one._repr_mimebundle_()["text/html"] for one in both)
    with page(chromium) as visit:
        visit.page.set_content(f"<!doctype html><html lang=en><title>x</title><main>{shown}</main>")
        yield visit.page
    assert visit.errors == []


def drag(opened, circle, by):
    box = circle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x + by, y + 40, steps=4)  # the hand need not follow the curve
    opened.mouse.up()


def test_the_point_is_dragged_on_the_curve_and_keys_go_on_from_there(opened):
    grip, slider = opened.locator(".grip"), opened.get_by_role("slider").first
    expect(grip).to_be_hidden()  # nothing moves before the question is answered
    answer_predictions(opened)
    per_unit = opened.locator(".card svg").first.bounding_box()["width"] / 640 * 538 / 16
    drag(opened, grip, -3 * per_unit)
    expect(slider).to_have_value("-2")
    expect(slider).to_be_focused()
    done = opened.get_by_role("listitem").filter(has_text="✓ done")
    expect(done).to_have_text("Go to z = −2. ✓ done")
    centre = grip.bounding_box()
    slider.press("ArrowRight")
    expect(slider).to_have_value("-1.95")
    assert grip.bounding_box()["x"] > centre["x"]
    drag(opened, grip, 2000)
    expect(slider).to_have_value("8")  # the end of the curve holds it


def test_a_panel_shows_all_its_pictures_without_a_kernel(opened):
    shown = opened.locator(".activation-panel")
    picture, slider = shown.get_by_role("img"), shown.get_by_role("slider", name="number n")
    expect(picture).to_have_attribute("aria-label", "Nothing is drawn of the square of 2.")
    slider.press("ArrowRight")
    shown.get_by_role("combobox", name="kind").select_option("cube")
    expect(picture).to_have_attribute("aria-label", "Nothing is drawn of the cube of 3.")
    expect(picture.locator("text").first).to_be_attached()
    assert "cube of 3" in picture.text_content()
    expect(slider).to_have_attribute("aria-valuetext", "3")
    expect(shown.locator("img")).to_be_hidden()
    assert violations(opened, "main") == []
