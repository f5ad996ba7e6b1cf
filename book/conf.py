"""The web book: what Sphinx needs to know. The lessons come from notebooks/ as they are stored."""

import html
import os
import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

from book import card
from book.assets import MATHJAX, SCRIPT, copy_mathjax
from book.paper import RIGHTS, TITLE
from helpers.language import active, gettext, translate_script
from tools.notebooks import language_of

project, copyright = TITLE, RIGHTS
language = active()  # of what stands around the pages
author = "the authors of the course"

extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_code_prompt_show = gettext("Show the set-up")
nb_code_prompt_hide = gettext("Hide the set-up")
nb_ipywidgets_js = {}  # stored explorers are HTML with their own script
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3

exclude_patterns = ["README.md"]  # other pages quote it

HERE = Path(__file__).parent
LITE = "lite/notebooks/index.html?path="  # beside the folder of the book

html_theme = "sphinx_book_theme"
html_title = project
html_css_files, html_js_files = ["course.css", "steps.css"], ["page.js", "steps.js"]
html_static_path = [str(HERE / "static" / name) for name in (*html_css_files, *html_js_files)]
html_baseurl = os.environ.get("BOOK_URL", "")  # where it is published: link previews ask for it
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

mathjax_path, mathjax4_config = f"mathjax/{SCRIPT}", MATHJAX


def drop_labels(app, page, source):
    """Drop the labels of equations: Sphinx would end the equation inside their comment."""
    source[0] = re.sub(r"% \\\\label\{\w+\}", "", source[0])


def add_files(app, error):
    if error is None and app.builder.format == "html":
        copy_mathjax(Path(app.outdir, "_static"))
        for name in html_js_files:
            script = Path(app.outdir, "_static", name)
            said = translate_script(script.read_text(encoding="utf-8"))
            script.write_text(said, encoding="utf-8")
        card.write(Path(app.outdir, "_static"), project)


def add_run_button(app, page, template, context, document):
    """Give each lesson a button that opens it in the in-browser edition, where that was built."""
    folder, _, lesson = page.rpartition("/")
    if folder == "notebooks" and app.tags.has("lite"):
        context["header_buttons"].insert(
            0,
            {
                "type": "link",
                "text": gettext("Run in the browser"),
                "tooltip": gettext(
                    "Open this lesson in the in-browser edition: nothing to install"
                ),
                "icon": "fas fa-play",
                "url": f"../../{LITE}{lesson}.ipynb",
            },
        )


SHOWN = {  # the picture of a page and what it shows
    "gallery": ("gallery", "The curves of all activations, and under each its slope."),
    "": ("card", "The sigmoid, its dashed slope and a tangent."),
}
SHARED = """
<link rel="icon" type="image/svg+xml" href="{static}icon.svg">
<meta name="description" content="{about}">
<meta property="og:type" content="article">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{about}">
<meta property="og:image" content="{image}">
<meta property="og:image:alt" content="{shows}">
<meta name="twitter:card" content="summary_large_image">
"""


def words(paragraph):
    """Return the words of a paragraph, without the tags of HTML in it."""
    texts = [one for one in paragraph.findall(nodes.Text) if not isinstance(one.parent, nodes.raw)]
    return " ".join("".join(texts).split())


def describe(app, page, template, context, document):
    """Say what a link to the page shows elsewhere."""
    paragraphs = document.findall(nodes.paragraph) if document else ()
    texts = (words(each) for each in paragraphs)
    about = next((text for text in texts if len(text) > 60), project)
    if len(about) > 200:
        about = about[:200].rpartition(" ")[0] + " …"
    static = context["pathto"]("_static/", 1)
    picture, shows = SHOWN.get(page, SHOWN[""])
    image = (f"{html_baseurl.rstrip('/')}/_static/" if html_baseurl else static) + f"{picture}.png"
    title = re.sub("<.*?>", "", context.get("title") or project)
    context["language"] = language_of(html.unescape(title))
    said = {"about": html.escape(about), "title": html.escape(html.unescape(title))}
    context["metatags"] = context.get("metatags", "") + SHARED.format(
        **said, static=static, image=html.escape(image), shows=shows
    )


class Book(StandaloneHTMLBuilder):
    """A book whose search finds sections: each is fed to the index as if it were a page.

    `page.js` makes of their names, ``page#section``, links into the page.
    """

    def prepare_writing(self, docnames):
        super().prepare_writing(docnames)
        spoken = self.indexer.lang
        spoken.stem = cache(spoken.stem)  # a word comes a hundred times

    def index_page(self, pagename, doctree, title):
        sections = [one for one in doctree.findall(nodes.section) if depth(one) == 2]
        if not pagename.startswith("notebooks/") or not sections or self.indexer is None:
            return super().index_page(pagename, doctree, title)
        super().index_page(pagename, without_sections(doctree), title)
        for section in sections:
            name, heading = f"{pagename}#{section['ids'][0]}", section[0].astext()
            part = doctree.copy()
            part += section.deepcopy()
            self.indexer.feed(name, f"{pagename}.ipynb", f"{title}: {heading}", part)

    def dump_search_index(self):
        self.indexer.prune = lambda names: None  # it would keep whole pages alone
        super().dump_search_index()


def depth(section):
    """Return how many sections a section lies in, itself among them."""
    return sum(isinstance(node, nodes.section) for node in lineage(section))


def lineage(node):
    while node is not None:
        yield node
        node = node.parent


def without_sections(doctree):
    """Return a copy of a page that ends where its first section begins."""
    whole = doctree.deepcopy()
    for section in [one for one in whole.findall(nodes.section) if depth(one) == 2]:
        section.parent.remove(section)
    return whole


def setup(app):
    app.add_builder(Book, override=True)
    app.connect("source-read", drop_labels)
    app.connect("build-finished", add_files)
    app.connect("html-page-context", add_run_button, priority=900)
    app.connect("html-page-context", describe)
