"""The pad in a browser: what a learner's hands and eyes do with it."""

from playwright.sync_api import expect

__all__ = ["fields", "latex", "type_lines", "wait_until_marked"]

PAD = ".activation-pad"


def fields(pad):
    """Return the fields of the lines, once MathLive has been loaded."""
    found = pad.locator("math-field")
    found.first.wait_for(timeout=60_000)
    return found


def latex(pad):
    """Return what stands in the lines."""
    return fields(pad).evaluate_all("(fields) => fields.map((field) => field.value)")


def enter(pad, number):
    """Click behind the last sign of a line, counted from 1."""
    field = fields(pad).nth(number - 1)
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    field.click(position={"x": box["width"] - 12, "y": box["height"] / 2})
    pad.page.wait_for_timeout(150)  # MathLive takes the focus after 60 ms


def type_lines(pad, number, *lines):
    """Type lines key by key, the first one into line ``number``, each other after an Enter."""
    enter(pad, number)
    for k, line in enumerate(lines):
        if k:
            pad.page.keyboard.press("Enter")
        pad.page.keyboard.type(line, delay=5)


def wait_until_marked(pad, *marks):
    """Wait until the marks of the written lines hold these words or signs."""
    found = pad.locator(".line:not(.stale) .mark:not(:empty)")
    expect(found).to_have_count(len(marks), timeout=20_000)
    for one, mark in zip(found.all(), marks, strict=True):
        expect(one).to_contain_text(mark, timeout=20_000)
