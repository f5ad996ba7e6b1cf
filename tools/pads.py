"""The pad in a browser: what a learner's hands and eyes do with it."""

from playwright.sync_api import expect

from tools.browser import violations

PAD = ".activation-pad"
THREE = ("derive_sigmoid", "derive_tanh", "derive_softplus")

SIGMOID = (
    "D((1+e^-z)^-1) # write the fraction as a power",
    "-(1+e^-z)^-2*D(1+e^-z) # power rule and chain rule",
    "e^-z/(1+e^-z)^2 # the two signs cancel",
    "1/(1+e^-z)*(1-1/(1+e^-z))",
    "g(1-g)",
)
TANH = (
    "(cosh(z)*cosh(z)-sinh(z)*sinh(z))/cosh(z)^2",
    "1-sinh(z)^2/cosh(z)^2",
    "1-t^2",
)
SOFTPLUS = ("1/(1+e^z)*D(1+e^z)", "1/(1+e^-z)", "g")


def fields(pad):
    """Return the fields of the lines, once MathLive has been loaded."""
    found = pad.locator("math-field")
    found.first.wait_for(timeout=60_000)
    return found


def latex(pad):
    """Return what stands in the lines."""
    return fields(pad).evaluate_all("(fields) => fields.map((field) => field.value)")


def enter(pad, number):
    """Click behind the last sign of a line, counted from 1, again if the page has moved on.

    As people do where a notebook that still grows takes a line away from under the mouse.
    """
    field = fields(pad).nth(number - 1)
    for patience in (2_000, 2_000, 20_000):
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        field.click(position={"x": box["width"] - 12, "y": box["height"] / 2})
        try:
            expect(field).to_be_focused(timeout=patience)
            break
        except AssertionError:
            if patience > 2_000:
                raise
    # MathLive takes the focus once more after 60 ms; timers of a page keep their order under load
    pad.page.evaluate("() => new Promise((done) => setTimeout(done, 80))")


def type_lines(pad, number, *lines):
    """Type lines key by key, the first one into line ``number``, each other after an Enter."""
    enter(pad, number)
    for k, line in enumerate(lines):
        if k:
            pad.page.keyboard.press("Enter")
            expect(fields(pad).nth(number - 1 + k)).to_be_focused(timeout=20_000)
        pad.page.keyboard.type(line, delay=5)


def wait_until_marked(pad, *marks):
    """Wait until the marks of the first lines are up to date and hold these words or signs."""
    lines = pad.locator(".line")
    for k, mark in enumerate(marks):
        expect(lines.nth(k).locator(".mark")).to_contain_text(mark, timeout=20_000)
    expect(pad.locator(".line.stale")).to_have_count(0)
    for k, mark in enumerate(marks):  # an old mark may have stood there
        expect(lines.nth(k).locator(".mark")).to_contain_text(mark)


def derive_three(pads, restarted):
    """Type the derivations of `THREE` key by key: one has a slip, the kernel stops in the middle.

    ``restarted`` restarts the kernel, shows the pads again and returns them.
    """
    (sigmoid, tanh, softplus), keyboard = pads, pads[0].page.keyboard

    # the first one, from the first key to the last; line 1 is what is asked, and has no tick
    type_lines(sigmoid, 2, *SIGMOID)
    wait_until_marked(sigmoid, "·", *["✓"] * 5)
    expect(sigmoid.locator(".status")).to_contain_text("Correct")

    # the second has a slip: its evidence opens by itself, and closes when it is mended
    type_lines(tanh, 4, TANH[0].replace("-", "+"))
    wait_until_marked(tanh, "·", "✓", "✓", "✗")
    evidence = tanh.locator(".evidence:visible")
    expect(evidence).to_have_count(1)
    expect(evidence).to_contain_text("z =")
    expect(evidence.locator(".question")).to_contain_text("?")
    expect(tanh.locator(".status")).to_contain_text("Line 4")
    assert violations(tanh.page, PAD) == []
    keyboard.press("Control+a")
    keyboard.type(f"={TANH[0]}", delay=5)
    wait_until_marked(tanh, "·", *["✓"] * 3)
    expect(evidence).to_have_count(0)

    # the kernel is restarted in the middle of the third, and nothing is lost
    type_lines(softplus, 2, SOFTPLUS[0])
    wait_until_marked(softplus, "·", "✓")
    before = [latex(pad) for pad in pads]
    pads = restarted()
    assert [latex(pad) for pad in pads] == before

    # shown again, both are finished
    _, tanh, softplus = pads
    type_lines(tanh, 5, *TANH[1:])
    wait_until_marked(tanh, "·", *["✓"] * 5)
    type_lines(softplus, 2, "", *SOFTPLUS[1:])
    wait_until_marked(softplus, "·", *["✓"] * 3)
    for pad in pads:
        expect(pad.locator(".status")).to_contain_text("Correct")
