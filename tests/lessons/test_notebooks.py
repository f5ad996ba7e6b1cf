"""Every notebook is stored as lessons are, and each of ours keeps the form of a lesson.

A rule is a function that takes a notebook and yields what is wrong with it. Each rule is tried on
a good notebook with one fault put in, so that a rule which cannot fail is noticed.
"""

import ast
import copy
import re
from html.parser import HTMLParser
from itertools import pairwise
from statistics import median

import nbformat.v4 as v4
import pytest

from helpers.explorer import Goal, explore
from tests.explorer.reading import page
from tests.lessons.equations import EQUATIONS
from tests.lessons.ours import OURS, SYLLABUS
from tests.lessons.sliders import drive
from tests.lessons.task_cards import problems
from tools.notebooks import LESSONS, WIDGET, read, tidy

LONGEST_CELL, USUAL_CELL = 15, 4
ALLOWED_IMPORTS = {"helpers", "numpy", "matplotlib"}


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def statements(notebook):
    """Return the Python of each cell; what `%%check` takes as a learner's lines is none."""
    return [
        "" if cell.source.startswith("%%check ") else cell.source for cell in code_cells(notebook)
    ]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


class Images(HTMLParser):
    """Collects the alt text of each image in a piece of HTML; None where there is none."""

    def __init__(self, text):
        super().__init__()
        self.alts = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt"))


def was_run_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"cells were not run once each, in order: {counts}"


def stores_no_widget_state(notebook):
    if "widgets" in notebook.metadata:
        yield "widget state in the notebook's metadata"
    if any(WIDGET in output.get("data", {}) for output in outputs(notebook)):
        yield "an output that only a live widget can show"


def stores_what_does_not_change(notebook):
    if tidy(copy.deepcopy(notebook)) != notebook:
        yield "not stored by `python course.py store`"


def stores_no_address(notebook):
    for output in outputs(notebook):
        text = output.get("data", {}).get("text/plain", "")
        if re.search(r" at 0x[0-9a-f]{6,}", text):
            yield f"an output that differs from run to run, end with show(fig, alt=…): {text}"


def stores_no_error(notebook):
    for output in outputs(notebook):
        if output.output_type == "error" or output.get("name") == "stderr":
            yield f"an error or a warning was stored: {str(output)[:80]}"


def has_one_title_and_no_skipped_heading(notebook):
    levels = [
        len(hashes)
        for text in prose(notebook)
        for hashes in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.S), re.M)
    ]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"expected one H1, at the top; heading levels are {levels}"
    if any(below > above + 1 for above, below in pairwise(levels)):
        yield f"a heading level is skipped: {levels}"


def gives_every_image_alt_text(notebook):
    for output in outputs(notebook):
        data = output.get("data", {})
        if any(kind.startswith("image/") for kind in data):
            yield "a figure without alt text: show it with helpers.explorer.show"
        if not all(Images(data.get("text/html", "")).alts):
            yield "an image without alt text in an output"
    for text in prose(notebook):
        if re.search(r"!\[\s*\]", text) or not all(Images(text).alts):
            yield "an image without alt text in the prose"


def keeps_cells_short(notebook):
    lengths = [len(cell.source.splitlines()) for cell in code_cells(notebook)]
    if max(lengths) > LONGEST_CELL:
        yield f"a code cell of {max(lengths)} lines; {LONGEST_CELL} is the most"
    if median(map(statement_lines, filter(None, statements(notebook)))) > USUAL_CELL:
        yield f"the usual code cell is longer than {USUAL_CELL} lines"


def statement_lines(source):
    """Count the lines of a cell; a text over several lines, such as a derivation, is one."""
    nodes = [*ast.walk(ast.parse(source))]
    texts = [node for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr)]
    whole = [node for node in texts if isinstance(node, ast.JoinedStr)]  # its parts lie in it
    inside = {id(part) for text in whole for part in ast.walk(text) if part is not text}
    more = sum(text.end_lineno - text.lineno for text in texts if id(text) not in inside)
    return len(source.splitlines()) - more


def announces_every_code_cell(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    after_setup = kinds[kinds.index("code") + 1 :]
    if any(pair == ("code", "code") for pair in pairwise(after_setup)):
        yield "two code cells without prose between them"


def imports_only_the_course(notebook):
    for source in statements(notebook):
        if re.search(r"^\s*[%!]", source, re.M):
            yield "a magic or a shell command"
            continue
        for node in ast.walk(ast.parse(source)):
            names = [
                alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)
            ]
            modules = [node.module] if isinstance(node, ast.ImportFrom) else names
            if isinstance(node, ast.Import | ast.ImportFrom):
                if not {name.split(".")[0] for name in modules} <= ALLOWED_IMPORTS:
                    yield f"imports {modules}; a lesson stands on {sorted(ALLOWED_IMPORTS)}"
                if "*" in names:
                    yield "a star import"


def checks_every_display_equation(notebook):
    for text in prose(notebook):
        for equation in re.findall(r"\$\$.*?\$\$|\\begin\{.*?\\end\{", text, re.S):
            # in a comment: MathJax refuses a label that it has met before, when a cell is edited
            name = re.search(r"^% \\label\{(\w+)\}$", equation, re.M)
            if "=" in equation and (not name or name[1] not in EQUATIONS):
                yield (
                    "an equation that nothing checks: show it with derive, or give it a label "
                    f"that tests/lessons/equations.py checks: {equation}"
                )


def folds_what_a_prediction_asks_for(notebook):
    for code, text in pairwise(notebook.cells):
        asks = "predict=" in code.source and text.cell_type == "markdown"
        if asks and not text.source.startswith("<details>"):
            yield f"what is to be seen stands open below a question: {text.source[:60]}"


def leaves_every_task_to_be_done(notebook):
    for output in outputs(notebook):
        yield from problems(output.get("data", {}).get("text/html", ""))


STORED = (  # what the machinery needs of any lesson
    was_run_in_order,
    stores_no_widget_state,
    stores_what_does_not_change,
    stores_no_address,
    stores_no_error,
)
WRITTEN = (  # how ours are written
    has_one_title_and_no_skipped_heading,
    gives_every_image_alt_text,
    keeps_cells_short,
    announces_every_code_cell,
    imports_only_the_course,
    checks_every_display_equation,
    folds_what_a_prediction_asks_for,
    leaves_every_task_to_be_done,
)
RULES = STORED + WRITTEN


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", STORED, ids=lambda rule: rule.__name__)
def test_a_lesson_is_stored(rule, lesson):
    assert list(rule(read(lesson))) == []


@pytest.mark.parametrize("lesson", OURS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", WRITTEN, ids=lambda rule: rule.__name__)
def test_a_lesson_of_ours_is_written(rule, lesson):
    assert list(rule(read(lesson))) == []


def test_the_lessons_are_counted(figures_of_the_run):
    assert [path.stem for path in OURS] == SYLLABUS, "the syllabus names what is not there"
    assert [int(name[:2]) for name in SYLLABUS] == [*range(len(SYLLABUS))]
    cells = [cell for lesson in OURS for cell in code_cells(read(lesson))]
    figures_of_the_run["notebooks"] = len(LESSONS)
    figures_of_the_run["code cells in them, all executed"] = len(cells)
    texts = [o.get("data", {}).get("text/plain", "") for cell in cells for o in cell.outputs]
    steps = [int(n) for text in texts for n in re.findall(r"(\d+) steps? checked", text)]
    shown = [cell.source for cell in cells if "DerivationError" not in cell.source]
    assert len(steps) == sum(len(re.findall(r"derive\(|\.steps\b", source)) for source in shown)
    figures_of_the_run["derivation steps verified in them"] = sum(steps)


def test_display_equations():
    for name, check in EQUATIONS.items():
        print(name)
        check()


# --- sliders ----------------------------------------------------------------------------------


def test_a_slider_that_fails_is_noticed():
    with pytest.raises(ZeroDivisionError):
        drive("from ipywidgets import interact\ninteract(lambda x: 1 / (x - 2), x=(0.0, 2.0, 0.5))")


def test_sliders_stand_at_both_ends_and_in_between_and_menus_at_every_option():
    sliders = "interact(lambda x, y, z: 0, x=(0, 90), y=(0.0, 0.2, 0.1), z=['a', 'b'])"
    assert drive(f"from ipywidgets import interact\n{sliders}") == (3, 41 + 3 + 2)


# --- the rules themselves ------------------------------------------------------------------------

PIXEL = '<img alt="A line that rises." src="data:image/png;base64,AAAA">'


def good_notebook():
    def code(source, count, **data):
        output = [v4.new_output("display_data", data)] if data else []
        return v4.new_code_cell(source, execution_count=count, outputs=output)

    cells = [
        v4.new_markdown_cell("# Title\n\n## Section"),
        code("import numpy as np", 1),
        code("x = np.arange(3)", 2, **{"text/html": PIXEL}),
        v4.new_markdown_cell("Prose."),
        code("x + 1", 3, **{"text/plain": "array([1, 2, 3])"}),
    ]
    return tidy(v4.new_notebook(cells=cells))


def add(text):
    return lambda notebook: notebook.cells.append(v4.new_markdown_cell(text))


def replace(number, source):
    return lambda notebook: notebook.cells[number].update(source=source)


def show_tasks(where):
    def show(notebook):
        shown = page(explore("sigmoid", z=1, tasks=[Goal("Look there.", **where)]))
        notebook.cells[4].outputs[0].data.update({"text/html": shown})

    return show


FAULTS = [
    (was_run_in_order, lambda nb: nb.cells[2].update(execution_count=None)),
    (was_run_in_order, lambda nb: nb.cells[2].update(execution_count=7)),
    (stores_no_widget_state, lambda nb: nb.metadata.update(widgets={})),
    (stores_no_widget_state, lambda nb: nb.cells[4].outputs[0].data.update({WIDGET: {}})),
    (stores_what_does_not_change, lambda nb: nb.cells[0].update(id="3f2a")),
    (
        stores_no_address,
        lambda nb: nb.cells[4].outputs[0].data.update({"text/plain": "[<Line2D at 0x7f36fe28>]"}),
    ),
    (stores_no_error, lambda nb: nb.cells[1].outputs.append(v4.new_output("error"))),
    (
        stores_no_error,
        lambda nb: nb.cells[1].outputs.append(v4.new_output("stream", name="stderr", text="!")),
    ),
    (has_one_title_and_no_skipped_heading, add("# Another title")),
    (has_one_title_and_no_skipped_heading, add("#### Deep")),
    (has_one_title_and_no_skipped_heading, replace(0, "## No title")),
    (gives_every_image_alt_text, add("![](picture.png)")),
    (gives_every_image_alt_text, add('<img src="picture.png">')),
    (gives_every_image_alt_text, lambda nb: nb.cells[4].outputs[0].data.update({"image/png": ""})),
    (
        gives_every_image_alt_text,
        lambda nb: nb.cells[4].outputs[0].data.update({"text/html": "<img src=x alt=''>"}),
    ),
    *((leaves_every_task_to_be_done, show_tasks(task)) for task in ({"z": 1}, {"slope": (2, 3)})),
    (folds_what_a_prediction_asks_for, replace(2, 'explore("tanh", predict=guess)')),
    (keeps_cells_short, replace(4, "x\n" * 16)),
    (keeps_cells_short, lambda nb: [c.update(source="x\n" * 6) for c in code_cells(nb)]),
    (announces_every_code_cell, lambda nb: nb.cells.pop(3)),
    (imports_only_the_course, replace(1, "import scipy.special")),
    (imports_only_the_course, replace(1, "from scipy.special import expit")),
    (imports_only_the_course, replace(1, "from numpy import *")),
    (imports_only_the_course, replace(1, "%pip install scipy")),
    (checks_every_display_equation, add("$$1 = 2$$")),
    (checks_every_display_equation, add("$$\n1 = 2\n% \\label{unknown}\n$$")),
    (checks_every_display_equation, add(f"$$1 = 2 \\label{{{min(EQUATIONS)}}}$$")),
    (checks_every_display_equation, add("\\begin{align}\n1 &= 2\n\\end{align}")),
]


def test_a_good_notebook_passes_every_rule():
    assert [problem for rule in RULES for problem in rule(good_notebook())] == []


@pytest.mark.parametrize(("rule", "fault"), FAULTS, ids=lambda x: getattr(x, "__name__", ""))
def test_a_fault_is_found(rule, fault):
    notebook = good_notebook()
    fault(notebook)
    assert list(rule(notebook))
