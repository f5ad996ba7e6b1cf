"""The pad where no kernel runs: its lines, typeset, and a word on where they live."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from helpers.derivation import mathml

__all__ = ["page", "typeset"]

ALIVE = (
    "The pad is alive while the notebook runs: run this cell to write on. What you write is kept "
    "with your progress."
)


def page(title: str, lines: Sequence[Sequence[str]]) -> str:
    """Return the lines as HTML that needs no script."""
    rows = "".join(
        f'<li style="margin:.5em 0">{typeset(line)}'
        f'<span style="opacity:.75;margin-left:2em">{html.escape(reason)}</span></li>'
        for line, reason in lines
        if line.strip(" =") or reason
    )
    return (
        '<div class="activation-pad-stored" style="border:1px solid #8883;border-radius:8px;'
        'max-width:950px;padding:10px 16px">'
        f'<p style="margin:0;font-weight:600">{html.escape(title)}</p>'
        f'<ol style="margin:.4em 0;padding-left:1.8em">{rows}</ol>'
        f'<p style="margin:0;opacity:.8">{ALIVE}</p></div>'
    )


def typeset(latex: str) -> str:
    r"""Return a line as MathML, or as it is where it holds what that does not know.

    >>> typeset(r"\foo")
    '<code>\\foo</code>'
    """
    blanks = re.sub(r"\\placeholder\{[^{}]*\}", r"\\ldots ", latex)
    try:
        return mathml(blanks)
    except (ValueError, IndexError):
        return f"<code>{html.escape(latex)}</code>"
