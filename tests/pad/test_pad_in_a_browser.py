"""The pad in a real JupyterLab: typed key by key, marked, kept, read by a screen reader."""

import re
from textwrap import dedent

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from tools.browser import (
    SAVE_AND_STOP,
    Warm,
    awaited,
    choose_theme,
    exercise,
    lab_server,
    page,
    restart,
    run_cell,
    show,
    violations,
)
from tools.files import PUBLISHED
from tools.notebooks import read, tidy
from tools.pads import PAD, THREE, derive_three, enter, fields, latex, type_lines, wait_until_marked

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def warm(lab, chromium):
    """JupyterLab on one page, with one kernel for all tests."""
    nbformat.write(tidy(new_notebook(cells=[new_code_cell()])), lab.folder / "pads.ipynb")

    def start(page, name):
        lab.shut_down()  # what failed has left widgets in its kernel
        lab.open(page, f"{name}.ipynb")

    warm = Warm(chromium, start, height=900, permissions=["clipboard-read", "clipboard-write"])
    yield warm
    warm.close()
    lab.shut_down()


@pytest.fixture
def visit(warm, request):
    failed = request.session.testsfailed
    with warm.notebook("pads") as visit:
        yield visit
    if request.session.testsfailed > failed:
        warm.close()


@pytest.fixture
def shown(lab, visit, tmp_path):
    """``shown(*names, after=(), opened="")`` runs a notebook with pads and returns the pads.

    What is written lies in a working copy of this test. A name in ``opened`` is that of a file that
    JupyterLab is opened with, anew.
    """

    def pads(*names, after=(), opened=""):
        first = f"""
        import os
        from helpers.exercises import check
        from helpers.pad import pad
        os.environ["COURSE_HOME"] = {str(tmp_path)!r}
        """
        cells = [dedent(first).strip(), *(f'pad("{name}")' for name in names), *after]
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        nbformat.write(tidy(notebook), lab.folder / (opened or "pads.ipynb"))
        if opened:
            lab.open(visit.page, opened)
        else:
            show(visit.page, "pads")
            visit.page.evaluate("sessionStorage.clear()")  # what the last test left unkept
        assert lab.run_all(visit.page) == []
        found = visit.page.locator(PAD)
        expect(found).to_have_count(len(names))
        for k in range(len(names)):
            fields(found.nth(k))
        return [found.nth(k) for k in range(len(names))]

    return pads


@pytest.mark.complete
def test_three_derivations_key_by_key_with_a_slip_and_a_restart(shown, lab, visit):
    pads = shown(*THREE)

    def restarted():
        restart(visit.page)
        for pad in pads:
            expect(pad.locator(".status")).to_contain_text("run this cell again")
        before = latex(pads[2])
        enter(pads[2], 2)
        visit.page.keyboard.type("+1")
        assert latex(pads[2]) == before
        assert lab.run_all(visit.page) == []
        expect(pads[2].locator(".status")).to_contain_text("Right so far")
        return pads

    derive_three(pads, restarted)


@pytest.mark.complete
def test_check_without_an_answer_takes_the_pad_in_another_tab(shown, visit):
    (pad,) = shown("derive_softplus")
    type_lines(pad, 2, "e^z/(1+e^z) # chain rule", "g")
    wait_until_marked(pad, "·", "✓", "✓")
    visit.page.close()
    visit.page = visit.page.context.new_page()
    visit.listen()
    again = ['check("derive_softplus")']
    (pad,) = shown("derive_softplus", after=again, opened="pads.ipynb")
    wait_until_marked(pad, "·", "✓", "✓")
    assert pad.locator(".reason").nth(1).input_value() == "chain rule"
    expect(visit.page.locator(".jp-OutputArea").last).to_contain_text("Correct")


@pytest.mark.complete
def test_of_two_readings_the_one_chosen_takes_the_place_of_the_line(shown, visit):
    (pad,) = shown("derive_softplus")
    type_lines(pad, 2, "3e-z")
    wait_until_marked(pad, "·", "?")
    power, difference = pad.locator(".evidence:visible button").all()
    expect(power.locator("msup")).to_have_count(1)
    expect(difference.locator("msup")).to_have_count(0)
    power.click()
    wait_until_marked(pad, "·", "✗")
    assert latex(pad)[1] == "=3e^{-z}"
    visit.page.keyboard.type("+g")  # the caret stands behind it
    assert latex(pad)[1] == "=3e^{-z}+g"


@pytest.mark.complete
def test_undo_and_redo_go_over_lines_and_reasons(shown, visit):
    (pad,) = shown("derive_softplus")
    start = latex(pad)
    type_lines(pad, 2, "e^z # chain rule")
    visit.page.wait_for_timeout(400)  # a rest ends what one step takes back
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.type("g", delay=5)
    end = latex(pad)
    assert end == [*start[:1], "=e^{z}", "=g"]
    seen = []
    for _ in range(4):
        visit.page.keyboard.press("Control+z")
        seen.append((latex(pad), pad.locator(".reason").nth(1).input_value()))
    assert seen[0][0] == [*end[:2], "="]
    assert seen[1] == (end[:2], "chain rule")
    assert seen[2] == (end[:2], "")
    assert seen[3] == (start, "")
    expect(pad.get_by_role("button", name="Undo")).to_be_disabled()
    for _ in range(4):
        visit.page.keyboard.press("Control+y")
    assert latex(pad) == end
    pad.get_by_role("button", name="Undo").click()
    assert latex(pad) == [*end[:2], "="]


@pytest.mark.complete
def test_text_and_latex_are_pasted_and_copied(shown, visit):
    (pad,) = shown("derive_softplus")
    board = "navigator.clipboard"
    text = "D(ln(1 + exp(z)))\n= 1/(1 + exp(z))*exp(z)   # chain rule\n= g"
    enter(pad, 2)
    visit.page.evaluate(f"(text) => {board}.writeText(text)", text)
    visit.page.keyboard.press("Control+v")
    wait_until_marked(pad, "·", *["✓"] * 3)
    assert pad.locator(".reason").nth(2).input_value() == "chain rule"
    pad.get_by_role("button", name="Copy text").click()
    expect(pad.get_by_role("button", name="Copied")).to_be_visible()
    copied = visit.page.evaluate(f"() => {board}.readText()")
    assert copied.count("\n") == 3
    assert "chain rule" in copied
    expect(pad.get_by_role("button", name="Copy text")).to_be_visible()
    pad.get_by_role("button", name="Copy LaTeX").click()
    expect(pad.get_by_role("button", name="Copied")).to_be_visible()
    aligned = visit.page.evaluate(f"() => {board}.readText()")
    assert aligned.startswith(r"\begin{aligned}")
    assert r"\text{chain rule}" in aligned
    for pasted in (aligned, copied):
        enter(pad, 4)
        visit.page.keyboard.press("Enter")
        visit.page.evaluate(f"(text) => {board}.writeText(text)", pasted)
        before = len(latex(pad))
        visit.page.keyboard.press("Control+v")
        expect(fields(pad)).to_have_count(before + 3)
        expect(pad.locator("[data-mark=wrong], [data-mark=unread]")).to_have_count(0)
        expect(pad.locator(".line.stale")).to_have_count(0)


@pytest.mark.complete
def test_the_keypad_writes_where_the_caret_is(shown, visit):
    (pad,) = shown("derive_swish_beta")
    enter(pad, 2)
    for key in ("beta", "z", "e to the power"):
        pad.get_by_role("button", name=key, exact=True).click()
    visit.page.keyboard.type("z", delay=5)
    pad.get_by_role("button", name="fraction").click()
    visit.page.keyboard.type("2", delay=5)
    assert latex(pad)[1].replace(" ", "") in (r"=\betaze^{\frac{z}{2}}", r"=\frac{\betaze^{z}}{2}")


@pytest.mark.complete
def test_keys_move_between_lines_and_reach_nothing_else(shown, visit):
    (pad,) = shown("derive_softplus")
    cells = visit.page.locator(".jp-Cell").count()
    type_lines(pad, 2, "abdd", "z")  # in JupyterLab's command mode a, b and dd are commands
    visit.page.keyboard.press("ArrowUp")
    visit.page.keyboard.type("x")
    assert latex(pad)[1:] == ["=abddx", "=z"]
    visit.page.keyboard.press("Alt+Enter")
    assert latex(pad)[1:] == ["=abddx", "=abddx", "=z"]
    for _ in range(7):
        visit.page.keyboard.press("Backspace")
    assert latex(pad)[1:] == ["=abddx", "=z"]
    visit.page.keyboard.type("y")
    assert latex(pad)[1:] == ["=abddxy", "=z"]
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.type("why")
    assert pad.locator(".reason").nth(1).input_value() == "why"
    assert visit.page.locator(".jp-Cell").count() == cells


@pytest.mark.complete
def test_a_screen_reader_hears_lines_and_marks(shown, visit):
    (pad,) = shown("derive_softplus")
    type_lines(pad, 2, "1/(1-e^z)*e^z")
    wait_until_marked(pad, "·", "✗")
    expect(pad.locator("[aria-live=polite]")).to_contain_text("Line 2: does not hold.")
    expect(pad.get_by_role("textbox", name=re.compile("^Line 2"))).to_have_count(1)
    expect(pad.get_by_role("textbox", name="Reason for line 2")).to_have_count(1)
    mark = pad.get_by_role("button", name="does not hold")
    assert mark.get_attribute("aria-expanded") == "true"
    expect(pad.locator(".evidence:visible .question")).to_have_count(1)  # all is told
    mark.press("Enter")
    expect(pad.locator(".evidence:visible")).to_have_count(0)
    assert mark.get_attribute("aria-expanded") == "false"


@pytest.mark.complete
@pytest.mark.parametrize(
    ("theme", "width"),
    [
        ("JupyterLab Light", 800),
        ("JupyterLab Dark", 1280),
    ],
)
def test_nothing_is_cut_and_all_can_be_read(shown, visit, theme, width):
    visit.page.set_viewport_size({"width": width, "height": 900})
    (pad,) = shown("derive_sigmoid")
    choose_theme(visit.page, theme)
    try:
        type_lines(pad, 2, "D((1+e^-z)^-1) # write the fraction as a power", "-(1+e^-z)^-2*e^-z")
        wait_until_marked(pad, "·", "✓", "✗")
        visit.page.wait_for_timeout(500)
        cut = pad.evaluate(
            """(pad) => [pad, ...pad.querySelectorAll("*:not(.live)")]
                .filter((node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1)
                .filter((node) => getComputedStyle(node).display !== "inline")
                .map((node) => node.outerHTML.slice(0, 80))"""
        )
        assert cut == []
        paper = pad.evaluate("(pad) => getComputedStyle(pad).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", paper)[:3])) > 384) == ("Light" in theme)
        assert violations(visit.page, PAD) == []
    finally:
        choose_theme(visit.page, "JupyterLab Light")
        visit.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.complete
def test_a_saved_pad_is_readable_when_its_kernel_is_gone(shown, lab, visit):
    shown("derive_softplus", opened="saved.ipynb")
    awaited(visit.page, SAVE_AND_STOP)
    lab.open(visit.page, "saved.ipynb")
    stored = visit.page.locator(".activation-pad-stored")
    expect(stored).to_contain_text("run this cell there")
    assert stored.locator("math").first.bounding_box()["height"] > 15
    expect(visit.page.locator(PAD)).to_have_count(0)
    assert violations(visit.page, ".activation-pad-stored") == []


@pytest.fixture
def notebook_7(tmp_path):
    """A server of its own: one that has served JupyterLab's fonts refuses those of Notebook 7."""
    (tmp_path / "seven").mkdir()
    with lab_server(tmp_path / "seven") as server:
        yield server


@pytest.fixture
def seven(chromium):
    with page(chromium) as seven:
        yield seven


@pytest.mark.complete
def test_a_lesson_in_notebook_7_has_its_pad_and_its_check(notebook_7, seven, tmp_path):
    (lesson,) = PUBLISHED.glob("04_*.ipynb")
    kept = [
        c for c in read(lesson).cells if c.cell_type == "markdown" or "derive_leaky" in c.source
    ]
    home = f"import os\nos.environ['COURSE_HOME'] = {str(tmp_path)!r}"
    imports = f"{home}\nfrom helpers.explorer import explore\nfrom helpers.pad import pad"
    cells = [new_code_cell(imports), *kept, new_code_cell('explore("tanh", z=1)')]
    nbformat.write(tidy(new_notebook(cells=cells)), notebook_7.folder / "seven.ipynb")
    notebook_7.open(seven.page, "seven.ipynb", classic=True)
    assert notebook_7.run_all(seven.page) == []
    exercise(seven.page.locator(".activation-explorer").get_by_role("slider").first)
    expect(seven.page.locator(".course-bar").first).to_be_visible()
    pad = seven.page.locator(PAD)
    fields(pad)
    type_lines(pad, 2, "alpha")
    wait_until_marked(pad, "·", "✓")
    expect(pad.locator(".status")).to_contain_text("Correct")
    run_cell(seven.page, "%%check derive_leaky_left\nd/dz (alpha z) = z")
    verdict = seven.page.locator(".jp-OutputArea div[role=status]").last
    expect(verdict).to_contain_text("does not hold")
    expect(verdict.locator("svg")).to_have_count(1)
    assert violations(seven.page, ".jp-OutputArea") == []
    foreign = "schema", "filebrowser:open-path"  # what Notebook 7 misses of JupyterLab's
    assert [error for error in seven.errors if not any(w in error for w in foreign)] == []
    assert seven.strays == []
