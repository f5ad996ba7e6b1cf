"""A stored lesson as a page of the book, and what stands on the home page.

Questions become forms, figures get their number and their caption, which is what their alt text
states, and cells that only set things up are folded away.
"""

import ast
import html
import json
import re
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book.derivations import moving
from book.questions import ask, ask_for_line
from helpers.derivation import parse, set_tree, split_lines
from helpers.exercises import EXERCISES
from helpers.explorer import drawings, explore
from helpers.language import gettext, translate_page
from tools.files import PUBLISHED

FIGURE = """<figure class="drawn" id="{name}">
{svg}
<figcaption id="{name}-caption"><b>{numbered}</b> {alt}</figcaption>
</figure>"""
HOME = """```{{raw}} html
<section class="home" aria-labelledby="try-it">
<h2 id="try-it">Try it here</h2>
<p>Drag the point along the curve: the dashed line is the slope, which is all that a network can
learn by.</p>
{explorer}
<p>This was printed as <em>the full derivation</em> of that slope. The curve rises everywhere, and
the last line, with g = 1/(1 + e<sup>−z</sup>), is negative. Which is the first line that does not
follow from the one above?</p>
{question}
</section>
<section class="so-far" hidden aria-labelledby="where-you-are">
<h2 id="where-you-are">Where you are</h2>
<ol start="0">{progress}</ol>
<p>It is kept in this browser alone.</p>
<button type="button">Forget it</button>
</section>
```"""
LESSON = """<li data-asked="{asked}"><a href="notebooks/{name}.html">{title}</a>
<progress max="{count}" value="0" aria-label="{title}"></progress> <span></span></li>"""
PREDICTED = re.compile(r'(?s)<script type="application/json">(.*?)</script>')


def page(notebook: NotebookNode, number: int) -> NotebookNode:
    """Return a lesson as the book shows it; ``number`` is the lesson's."""
    notebook, seen = ask(notebook), 0

    def captioned(svg: str, alt: str, width: int) -> str:
        nonlocal seen
        seen += 1
        name = f"figure-{number}-{seen}"
        named = f'<svg role="img" aria-labelledby="{name}-caption" style="max-width:{width}px" '
        svg = svg.replace("<svg ", named, 1)
        numbered = gettext("Figure {number}.", number=f"{number}.{seen}")
        return FIGURE.format(name=name, numbered=numbered, svg=svg, alt=alt)

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/latex" in data and (steps := moving(data.get("text/plain", ""), cell.source)):
                data["text/html"] = steps
            elif "text/html" in data:
                data["text/html"] = drawings(data["text/html"], captioned)
        if sets_up(cell):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    return notebook


def sets_up(cell: NotebookNode) -> bool:
    """Whether a cell imports and shows nothing."""
    shows = cell.cell_type != "code" or cell.outputs
    return not shows and bool(re.search("^(?:import|from) ", cell.source, re.M))


def home(published: Sequence[Path]) -> str:
    """Return what moves and asks on the home page, as Markdown; ``published`` are the lessons."""
    museum = nbformat.read(PUBLISHED / "11_museum.ipynb", as_version=4)
    printed = next(cell.source for cell in museum.cells if cell.source.startswith("printed = "))
    lines = split_lines(ast.literal_eval(printed.removeprefix("printed = ")))
    formulas = [set_tree(parse(text, letters=("g",)), display=True) for _, text, _ in lines]
    question = ask_for_line(EXERCISES["museum_first_wrong_line"], formulas)
    shown = explore("sigmoid", z=1.0)._repr_mimebundle_()["text/html"]
    return translate_page(HOME).format(
        explorer=re.sub(r"\n\s*\n", "\n", shown),
        question=question,
        progress="\n".join(map(asked_in, published)),
    )


def asked_in(lesson: Path) -> str:
    """Return a lesson with the names of what its page asks, as `page.js` remembers them."""
    notebook = nbformat.read(lesson, as_version=4)
    title = re.search("^# (.*)", notebook.cells[0].source, re.M)[1]
    notebook = ask(notebook)
    found = re.findall('data-name="(.*?)"', "".join(cell.source for cell in notebook.cells))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for data in PREDICTED.findall(output.get("data", {}).get("text/html", "")):
                if question := (json.loads(data).get("predict") or {}).get("question"):
                    found.append(question)
    return LESSON.format(
        asked=html.escape(json.dumps(found, ensure_ascii=False)),
        name=lesson.stem,
        title=html.escape(re.sub("[*`]", "", title)),
        count=len(found),
    )
