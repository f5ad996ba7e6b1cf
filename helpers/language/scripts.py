"""Messages of scripts and pages: found, and put into the language that is spoken.

A script says gettext("…") or gettext`… ${x} …`; of a page of HTML every text between tags is one.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from helpers.language.speaking import active, gettext

MESSAGE = re.compile(r'\bgettext(?:`((?:[^`\\]|\\.)*)`|\(("(?:[^"\\]|\\.)*")\))')
VALUE = re.compile(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}")
TEXT = re.compile(r"(?s)<(h\d|p|title|button|legend|label)\b([^>]*)>\s*(.*?)\s*</\1>")


def messages_in(script: str) -> Iterator[str]:
    """Yield the messages of a script, its values as {0}, {1}, …

    >>> [*messages_in('add(gettext("Tasks"), gettext`slope ${m} at ${z.name}`)')]
    ['Tasks', 'slope {0} at {1}']
    """
    for template, quoted in MESSAGE.findall(script):
        message, values = (json.loads(quoted), []) if quoted else _cut(template)
        yield message
        yield from messages_in(" ".join(values))


def translate_script(script: str) -> str:
    """Return a script with its messages in the language that is spoken.

    >>> translate_script('add(gettext("Tasks"), gettext`slope ${m}`)')
    'add("Tasks", `slope ${m}`)'
    """
    return MESSAGE.sub(_literal, script)


def texts_in(page: str) -> Iterator[str]:
    """Yield the texts of a page of HTML, one an element; what is filled in later is none.

    >>> [*texts_in('<h1>Slides</h1><p>Press <kbd>S</kbd>.</p><p>{here}</p>')]
    ['Slides', 'Press <kbd>S</kbd>.']
    """
    for _, _, text in TEXT.findall(page):
        if re.search(r"[a-z]{2}", re.sub(r"<[^>]*>|\{\w+\}", "", text)):
            yield html.unescape(" ".join(text.split()))


def translate_page(page: str) -> str:
    """Return a page of HTML with its texts, and those of its scripts, in the language spoken."""

    def element(found: re.Match[str]) -> str:
        tag, about, text = found.groups()
        if not [*texts_in(found[0])]:
            return found[0]
        return f"<{tag}{about}>{gettext(html.unescape(' '.join(text.split())))}</{tag}>"

    page = TEXT.sub(element, page.replace('<html lang="en"', f'<html lang="{active()}"'))
    return translate_script(page)


def _cut(template: str) -> tuple[str, list[str]]:
    """Return the message of a template, and what stands in its places."""
    values = VALUE.findall(template)
    places = iter(range(len(values)))
    return VALUE.sub(lambda _: f"{{{next(places)}}}", template), values


def _literal(found: re.Match[str]) -> str:
    """Return a literal of JavaScript in the language that is spoken."""
    template, quoted = found.groups()
    if quoted:
        return json.dumps(gettext(json.loads(quoted)), ensure_ascii=False)
    message, values = _cut(template)
    words = re.sub(r"[`\\]|\$(?=\{)", r"\\\g<0>", gettext(message))
    values = [translate_script(value) for value in values]
    return "`" + re.sub(r"\{(\d)\}", lambda k: f"${{{values[int(k[1])]}}}", words) + "`"
