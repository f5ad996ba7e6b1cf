"""The whole book as one PDF: `python course.py book --pdf`.

The pages of a built book stand behind one another in one page, a chapter each; their links lead
within it. A browser sets the mathematics and prints it, with tags and an outline.
"""

import html
import posixpath
import re
from pathlib import Path

from helpers.language import gettext
from tools.chromium import found_browser, opened
from tools.files import lessons

NAME = "book.pdf"
TITLE = gettext("Derivatives of activation functions")
RIGHTS = "The authors of the course; text and figures CC BY 4.0, code BSD-3-Clause"
CHAPTERS = ("index", *(f"notebooks/{path.stem}" for path in lessons()))
CHAPTERS += ("gallery", "notation", "glossary")
ARTICLE = re.compile(r'(?s)<article class="bd-article">(.*)</article>')
WHOLE = """<!DOCTYPE html>
<html lang="en" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>{title}</title>
{head}
</head>
<body class="whole"><div class="bd-content"><div class="bd-article-container">
<header><h1>{title}</h1><p>{rights}</p>
<nav aria-label="Contents"><ol>{contents}</ol></nav></header>
{chapters}
</div></div></body></html>
"""
FOOTER = """<div style="font: 8pt sans-serif; text-align: center; width: 100%">
<span class="pageNumber"></span></div>"""


def print_book(folder: Path) -> Path:
    """Print the book that was built into ``folder``; return the path of the PDF in it."""
    whole = folder / "whole.html"
    whole.write_text(whole_book(folder), encoding="utf-8")
    try:
        _print(whole, folder / NAME)
    finally:
        whole.unlink()
    return folder / NAME


def whole_book(folder: Path) -> str:
    """Return the pages of a book as one page, which stands beside ``index.html``."""
    pages = {name: (folder / f"{name}.html").read_text(encoding="utf-8") for name in CHAPTERS}
    chapters = {name: chapter(name, page) for name, page in pages.items()}
    contents = (
        f'<li><a href="#{_id(name)}">{_heading(text)}</a></li>' for name, text in chapters.items()
    )
    return WHOLE.format(
        title=html.escape(TITLE),
        rights=html.escape(RIGHTS),
        head=_head(pages["notebooks/01_sigmoid"]),
        contents="".join(contents),
        chapters="\n".join(chapters.values()),
    )


def chapter(name: str, page: str) -> str:
    """Return a page's article; its places are named after it, and its links lead within the book.

    What leads to a page that is no chapter is left as words.
    """
    text = ARTICLE.search(page)[1]
    places = re.compile(r'(<(?:section|span|dt|h\d|figure|figcaption|p)\b[^>]*?\bid=")')
    text = places.sub(rf"\g<1>{_id(name)}--", text)
    text = re.sub(r'\b(aria-labelledby=")', rf"\g<1>{_id(name)}--", text)
    text = re.sub(
        r'(<img\b[^>]*?\bsrc=")(?!data:)([^"]*)',
        lambda found: f"{found[1]}{_from_root(name, found[2])}",
        text,
    )

    def led(found: re.Match[str]) -> str:
        link, target = found[1], html.unescape(found[2])
        if re.match("[a-z]+:", target):
            return found[0]
        path, _, place = target.partition("#")
        to = _from_root(name, path).removesuffix(".html") if path else name
        if to not in CHAPTERS:
            return link
        return f'{link} href="#{_id(to)}{f"--{place}" if place else ""}"'

    text = re.sub(r'(<a\b[^>]*?) href="([^"]*)"', led, text)
    return f'<article class="bd-article" id="{_id(name)}">{text}</article>'


def _id(name: str) -> str:
    return name.rpartition("/")[2]


def _from_root(name: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), link))


def _heading(text: str) -> str:
    heading = re.search(r"(?s)<h1>(.*?)<a class=\"headerlink\"", text)[1]
    return re.sub("<.*?>", "", heading)


def _head(page: str) -> str:
    """Return what a lesson loads: its styles, MathJax, and the book's own scripts."""
    loaded = re.findall(r"(?s)<link [^>]*?stylesheet[^>]*>|<script.*?</script>", page)
    ours = [one for one in loaded if re.search("(?i)stylesheet|mathjax|/(?:page|steps).js", one)]
    return "\n".join(ours).replace('="../', '="')


def _print(whole: Path, target: Path) -> None:
    with opened(found_browser()) as page:
        page.goto(whole.as_uri())
        page.evaluate("() => Promise.all([MathJax.startup.promise, document.fonts.ready])")
        page.pdf(
            path=target,
            format="A4",
            scale=0.8,
            margin={"top": "18mm", "bottom": "18mm", "left": "20mm", "right": "20mm"},
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            tagged=True,
            outline=True,
        )
