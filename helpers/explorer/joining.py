"""What the browser gets: the modules of a folder ``browser/``, put together into one script."""

import re
from functools import cache
from pathlib import Path

from helpers.language import translate_script

FOLDER = Path(__file__).with_name("browser")
SPOKEN = re.compile(r'^import \{ gettext \} from "[./\w]*/gettext\.js";\n', re.M)
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.M)


def script(*names: str, folder: Path = FOLDER) -> str:
    """Return modules of a folder behind all that they import, as one text.

    An output carries its script with it, and pages in files can't import: so there are neither
    imports nor exports in it, nor comments or indentation. Its messages, gettext("…") and
    gettext`…`, are those of the language that is spoken.
    """
    found: dict[str, str] = {}
    for name in names:
        found |= _modules(name, folder)
    return translate_script("".join(found.values()))


@cache
def _modules(name: str, folder: Path) -> dict[str, str]:
    """Return the modules that ``name`` stands on, and itself at last."""
    text = SPOKEN.sub("", (folder / name).read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for needed in IMPORT.findall(text):
        found |= _modules(needed, folder)
    alone = re.sub(r"^export ", "", IMPORT.sub("", text), flags=re.M)
    return found | {name: re.sub(r"^ *(//.*)?\n?", "", alone, flags=re.M)}
