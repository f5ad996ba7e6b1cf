"""A learner's day in JupyterLab: what stands under an exercise, Run All, and coming back."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from tools.browser import awaited, page, violations
from tools.notebooks import run, tidy

pytestmark = pytest.mark.browser

LONG = {"timeout": 60_000}  # a kernel may wait for its turn

CELLS = (
    "from helpers.exercises import check, practice, progress",
    'check("q_relu_zero", ...)',
    'check("q_sigmoid_max_where", ...)',
    'def sigmoid(z):\n    return ...\n\n\ncheck("sigmoid", sigmoid)',
    'practice("kink", level=1, seed=1)',
    "print('below')",
    "progress(1)",
)

SOURCE = "(k) => jupyterapp.shell.currentWidget.content.widgets[k].model.sharedModel.getSource()"
SLIP = "() => jupyterapp.shell.currentWidget.content.widgets[3].model.sharedModel.setSource({})"

ROUND_TRIP = """(async () => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    await kernel.requestExecute({ code: "0", silent: true }).done;
})()"""


@pytest.mark.complete
def test_a_learners_day(lab, chromium):
    notebook = run(new_notebook(cells=[new_code_cell(cell) for cell in CELLS]), folder=lab.folder)
    nbformat.write(tidy(notebook), lab.folder / "day.ipynb")
    with page(chromium) as visit:
        lab.open(visit.page, "day.ipynb")
        bars = visit.page.locator(".course-bar")
        expect(bars).to_have_count(4, **LONG)
        choice, number, code, drawn = (bars.nth(k) for k in range(4))
        outputs = visit.page.locator(".jp-Notebook .jp-Cell .jp-OutputArea-output")

        choice.get_by_text("interval: no derivative exists").click()
        assert visit.page.evaluate(SOURCE, 1) == 'check("q_relu_zero", "interval")'
        choice.get_by_role("button", name="Check").click()  # which runs the imports first
        expect(outputs.first).to_contain_text("Correct", **LONG)

        number.get_by_role("textbox").fill("z = 1")
        number.get_by_role("textbox").press("Enter")
        expect(outputs.nth(1)).to_contain_text("Not yet", **LONG)
        assert visit.page.evaluate(SOURCE, 2) == 'check("q_sigmoid_max_where", "z = 1")'

        code.get_by_role("button", name="Hint").click()
        expect(code).to_contain_text("Where:", **LONG)
        code.get_by_role("button", name="Solution").click()
        sure = code.get_by_role("button", name="Show the solution")
        expect(sure).to_be_visible(**LONG)
        awaited(visit.page, ROUND_TRIP)  # what the click asked of the kernel is answered by then
        expect(code).not_to_contain_text("def sigmoid")
        sure.press("Enter")
        expect(code).to_contain_text("def sigmoid", **LONG)

        expect(visit.page.get_by_text("Answer with")).to_be_hidden()  # the button does it
        drawn.get_by_role("button", name="Answer").click()
        own = visit.page.locator(".jp-Notebook .jp-Cell").nth(5)
        own.get_by_role("textbox", name="Your answer").fill("alpha = 7")
        own.get_by_role("textbox", name="Your answer").press("Enter")
        expect(own).to_contain_text("Correct", **LONG)
        assert violations(visit.page, ".course-bar") == []

        visit.page.evaluate(SLIP.format("'retrun check('"))
        awaited(visit.page, "jupyterapp.commands.execute('notebook:run-all-cells')")
        expect(visit.page.get_by_text("below", exact=True)).to_be_visible(**LONG)
        table = outputs.last
        expect(table).to_contain_text("Lesson 1, the sigmoid: 0 of 7 right", **LONG)
        visit.page.evaluate(SLIP.format("'check(\"sigmoid\", ...)'"))
        table.get_by_role("link", name="At which z").click()
        at = "jupyterapp.shell.currentWidget.content.activeCellIndex"
        visit.page.wait_for_function(f"{at} === 2")

        saved = awaited(
            visit.page,
            """(async () => {
                await jupyterapp.commands.execute("docmanager:save");
                return JSON.stringify(jupyterapp.shell.currentWidget.content.model.toJSON());
            })()""",
        )
        assert "Hint 1" not in saved
        lab.open(visit.page, "day.ipynb")
        visit.page.wait_for_function(f"{at} === 2")
        assert visit.errors == []
        assert visit.strays == []
