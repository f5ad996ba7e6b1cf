"""The language that is spoken, and what a message is in it."""

from __future__ import annotations

import gettext as catalogues
import os
import warnings
from pathlib import Path
from typing import Self

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
    if isinstance(message, Filled):
        return message.spoken()
    found = _Speaking.catalogue.gettext(message) if message else ""
    return found.format(**fields) if fields else found


def value_error(message: str, /, **fields: object) -> ValueError:
    """Return the error of a value that is refused, in the language chosen, as `gettext` does.

    >>> raise value_error("bits: expected 1 to 52, got {bits}", bits=60)
    Traceback (most recent call last):
    ValueError: bits: expected 1 to 52, got 60
    """
    return ValueError(gettext(message, **fields))


def type_error(message: str, /, **fields: object) -> TypeError:
    """Return the error of a value of the wrong kind, in the language chosen.

    >>> raise type_error("tasks: expected a list of texts, got {value!r}", value=3)
    Traceback (most recent call last):
    TypeError: tasks: expected a list of texts, got 3
    """
    return TypeError(gettext(message, **fields))


class Filled(str):
    """A message with its fields filled in, in English until `gettext` looks it up.

    What is drawn, or declared with values in it, is looked up when a learner sees it, as what is
    declared without them.

    Parameters
    ----------
    template : the English words, with `{name}` where a field goes.
    **fields : what stands there; a field that is `Filled` is looked up as well.

    Examples
    --------
    >>> told = Filled("The way: {way}.", way=Filled("each of {n} layers halves it", n=3))
    >>> told, gettext(told)
    ('The way: each of 3 layers halves it.', 'The way: each of 3 layers halves it.')
    """

    template: str
    fields: dict[str, object]

    def __new__(cls, template: str, /, **fields: object) -> Self:
        """Fill the fields in."""
        english = template.format(**fields) if fields else template
        told = super().__new__(cls, cls.begun(english))
        told.template, told.fields = template, fields
        return told

    @staticmethod
    def begun(words: str) -> str:
        """Return how the words begin: as they are."""
        return words

    def spoken(self) -> str:
        """Return it in the language that is spoken."""
        fields = {n: f.spoken() if isinstance(f, Filled) else f for n, f in self.fields.items()}
        return self.begun(gettext(self.template, **fields))


class Begun(Filled):
    """One that begins with a capital, whatever its template does.

    >>> Begun("which of them move?")
    'Which of them move?'
    """

    @staticmethod
    def begun(words: str) -> str:
        """Return them with a capital."""
        return words[:1].upper() + words[1:]


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
