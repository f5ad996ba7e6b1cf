"""The language that is spoken, and what a message is in it."""

from __future__ import annotations

import gettext as catalogues
import os
import warnings
from pathlib import Path

__all__ = ["LANGUAGES", "active", "gettext", "language", "ngettext", "speak"]

FOLDER = Path(__file__).parent
LANGUAGES = ("en", *sorted(path.stem for path in FOLDER.glob("*.mo")))


class _Speaking:
    """What is spoken now."""

    code = "en"
    catalogue = catalogues.NullTranslations()


def gettext(message: str, /, **fields: object) -> str:
    """Return a message in the language chosen, its named fields filled in.

    Parameters
    ----------
    message : the English words; a template where there are fields.
    **fields : what stands in the braces, such as `{x:.4g}`.

    Examples
    --------
    >>> gettext("Line {number}: at z = {z:.2f} it is {mine}.", number=3, z=0.5, mine="1/4")
    'Line 3: at z = 0.50 it is 1/4.'
    """
    found = _Speaking.catalogue.gettext(message) if message else ""
    return found.format(**fields) if fields else found


def ngettext(one: str, many: str, n: int, /, **fields: object) -> str:
    """Return the message for n things, which it may name as `{n}`.

    >>> ngettext("{n} line holds.", "{n} lines hold.", 2)
    '2 lines hold.'
    """
    return _Speaking.catalogue.ngettext(one, many, n).format(n=n, **fields)


def language(code: str) -> None:
    """Speak this language from now on.

    Parameters
    ----------
    code : one of `LANGUAGES`, such as "de".

    Raises
    ------
    ValueError
        For a language that has no catalogue.
    """
    if code not in LANGUAGES:
        raise ValueError(f"language: expected one of {', '.join(LANGUAGES)}; got {code!r}")
    if code == "en":
        return speak("en", catalogues.NullTranslations())
    with (FOLDER / f"{code}.mo").open("rb") as compiled:
        speak(code, catalogues.GNUTranslations(compiled))


def speak(code: str, catalogue: catalogues.NullTranslations) -> None:
    """Take messages from this catalogue."""
    _Speaking.code, _Speaking.catalogue = code, catalogue


def active() -> str:
    """Return the code of the language that is spoken."""
    return _Speaking.code


if chosen := os.environ.get("COURSE_LANGUAGE", ""):
    try:
        language(chosen)
    except ValueError as error:
        warnings.warn(f"COURSE_LANGUAGE: {error}; English is spoken", stacklevel=2)
