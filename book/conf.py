"""The web book: what Sphinx needs to know. The lessons come from notebooks/ as they are stored."""

import re
from pathlib import Path

from book.assets import copy_mathjax

project = "Derivatives of activation functions"
author = "the authors of the course"
copyright = "the authors; text and figures CC BY 4.0, code BSD-3-Clause"

extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # stored explorers are HTML with their own script
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3

exclude_patterns = ["README.md"]  # other pages quote it

HERE = Path(__file__).parent
LITE = "lite/notebooks/index.html?path="  # beside the folder of the book

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = [str(HERE / "static" / name) for name in ("course.css", "page.js")]
html_css_files = ["course.css"]
html_js_files = ["page.js"]
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_theme_options = {
    "navbar_persistent": [],  # one search field is enough
    "home_page_in_toc": True,
    "navigation_with_keys": False,  # the arrow keys belong to the sliders
    "show_toc_level": 2,
    "use_download_button": True,
    "use_fullscreen_button": False,
}

mathjax_path = "mathjax/tex-chtml.js"


def drop_labels(app, page, source):
    """Drop the labels of equations: Sphinx would end the equation inside their comment."""
    source[0] = re.sub(r"% \\\\label\{\w+\}", "", source[0])


def add_mathjax(app, error):
    if error is None and app.builder.format == "html":
        copy_mathjax(Path(app.outdir, "_static"))


def add_run_button(app, page, template, context, document):
    """Give each lesson a button that opens it in the in-browser edition."""
    folder, _, lesson = page.rpartition("/")
    if folder == "notebooks":
        context["header_buttons"].insert(
            0,
            {
                "type": "link",
                "text": "Run in the browser",
                "tooltip": "Open this lesson in the in-browser edition: nothing to install",
                "icon": "fas fa-play",
                "url": f"../../{LITE}{lesson}.ipynb",
            },
        )


def setup(app):
    app.connect("source-read", drop_labels)
    app.connect("build-finished", add_mathjax)
    app.connect("html-page-context", add_run_button, priority=900)
