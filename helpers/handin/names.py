"""The name of an assignment as browsers and systems change it in that of a copy."""

from __future__ import annotations

import re
import unicodedata

COPY = re.compile(
    r"^(copy of|kopie von|copie de|copia de)\s+|[\s_-]*(\(\d{1,4}\)|\bcopy\d*|\bkopie)",
    re.IGNORECASE,
)


ENDING = re.compile(r"\.ipynb(\.txt|\.json)?$|\.json$", re.IGNORECASE)


def is_notebook(file: str) -> bool:
    """Is it a notebook by its name? Some browsers save it with another ending.

    >>> is_notebook("a.IPYNB"), is_notebook("a.ipynb.txt"), is_notebook("a.txt")
    (True, True, False)
    """
    return bool(ENDING.search(file))


def name_of(file: str) -> str:
    """Return the name of a file without that ending."""
    return ENDING.sub("", file)


def without_copies(name: str) -> str:
    """Return a name without what a copy has beside it.

    >>> without_copies("derivatives (1)"), without_copies("Copy of derivatives-Copy1")
    ('derivatives', 'derivatives')
    """
    return COPY.sub("", unicodedata.normalize("NFKC", name)[:200]).strip()


def is_meant(name: str, assignment: str) -> bool:
    """Is this the name of an assignment, or nearly?

    >>> is_meant("Derivatives (1)", "derivatives"), is_meant("diagnosis", "derivatives")
    (True, False)
    """
    return name == assignment or _plain(name) == _plain(assignment)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", without_copies(name).casefold())
