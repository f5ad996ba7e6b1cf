"""What the browser gets: the modules of a folder ``browser/``, put together into one script."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from helpers.language import gettext

__all__ = ["FOLDER", "messages_in", "script"]

FOLDER = Path(__file__).with_name("browser")
SPOKEN = re.compile(r'^import \{ gettext \} from "[./\w]*/gettext\.js";\n', re.M)
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.M)
MESSAGE = re.compile(r'\bgettext(?:`((?:[^`\\]|\\.)*)`|\(("(?:[^"\\]|\\.)*")\))')
VALUE = re.compile(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}")


def script(*names: str, folder: Path = FOLDER) -> str:
    """Return modules of a folder behind all that they import, as one text.

    An output carries its script with it, and pages in files can't import: so there are neither
    imports nor exports in it, nor comments or indentation. Its messages, gettext("…") and
    gettext`…`, are those of the language that is spoken.
    """
    found: dict[str, str] = {}
    for name in names:
        found |= _modules(name, folder)
    return "".join(found.values())


def _modules(name: str, folder: Path) -> dict[str, str]:
    """Return the modules that ``name`` stands on, and itself at last."""
    text = SPOKEN.sub("", (folder / name).read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for needed in IMPORT.findall(text):
        found |= _modules(needed, folder)
    alone = re.sub(r"^export ", "", IMPORT.sub("", text), flags=re.M)
    return found | {name: MESSAGE.sub(_spoken, re.sub(r"^ *(//.*)?\n?", "", alone, flags=re.M))}


def messages_in(text: str) -> Iterator[str]:
    """Yield the messages of a module, its values as {0}, {1}, …

    >>> [*messages_in('add(gettext("Tasks"), gettext`slope ${m} at ${z.name}`)')]
    ['Tasks', 'slope {0} at {1}']
    """
    for template, quoted in MESSAGE.findall(text):
        yield json.loads(quoted) if quoted else _cut(template)[0]


def _cut(template: str) -> tuple[str, list[str]]:
    """Return the message of a template, and what stands in its places."""
    values = VALUE.findall(template)
    places = iter(range(len(values)))
    return VALUE.sub(lambda _: f"{{{next(places)}}}", template), values


def _spoken(found: re.Match[str]) -> str:
    """Return a literal of JavaScript in the language that is spoken."""
    template, quoted = found.groups()
    if quoted:
        return json.dumps(gettext(json.loads(quoted)), ensure_ascii=False)
    message, values = _cut(template)
    words = re.sub(r"[`\\]|\$(?=\{)", r"\\\g<0>", gettext(message))
    return "`" + re.sub(r"\{(\d)\}", lambda k: f"${{{values[int(k[1])]}}}", words) + "`"
