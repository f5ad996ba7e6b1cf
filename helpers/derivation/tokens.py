"""Cut a line into tokens: numbers, names, signs, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from helpers.derivation.errors import NotationError
from helpers.derivation.vocabulary import ALIASES, CONSTANTS, FUNCTIONS, GREEK, list_of_functions
from helpers.language import gettext

MAX_NUMBER = 10**6

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᶻ", "0123456789+-z", strict=True))
_SIGNS = {"·": "*", "⋅": "*", "∙": "*", "×": "*", "−": "-", "–": "-", "**": "^", "′": "'", "’": "'"}
_EATEN = re.compile("[\a\b\v\f]|\t(?=anh?\\b|au\\b|heta|imes|ext)|\r(?=ight|ho\\b)")
_TYPED = {"\a": r"\a", "\b": r"\b", "\v": r"\v", "\f": r"\f", "\t": r"\t", "\r": r"\r"}
_TOKEN = re.compile(
    r"""(?P<space>[ \t\u00a0\u2009\u202f]+)
      | (?P<float>[0-9.]+[eE][+-]?[0-9])
      | (?P<coded>0[xXbBoO][0-9A-Fa-f]*[0-9](?![0-9A-Za-z]))
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9.]) | \.[0-9]+(?![0-9.]))
      | d(?P<inner>[A-Za-zΑ-ω][0-9]*)?[ ]?/[ ]?d(?P<by>[A-Za-z]+[0-9]*|[Α-ω])
      | (?P<name>[A-Za-z]+(?:_?[0-9]+)? | [Α-ρτ-ωϕϵ](?:_?[0-9]+)? | [σ√])
      | (?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᶻ]+)
      | (?P<sign>\*\*|[-+*/^,()\[\]{}|'·⋅∙×−–′’])""",
    re.VERBOSE,
)


def as_typed(text: str) -> str:
    r"""Give LaTeX back the backslashes that Python took: `"\frac"` begins with a form feed.

    >>> as_typed("\frac{1}{2}\times\beta") == r"\frac{1}{2}\times\beta"
    True
    """
    return _EATEN.sub(lambda found: _TYPED[found[0]], text)


@dataclass(frozen=True)
class Token:
    """A piece of a line, from column `start` to `end`.

    kind : "number", "name", "sign", "derivative" (d/dz), "letter derivative" (dg/dz) or "end".
    """

    kind: str
    text: str
    start: int
    end: int


def read_tokens(text: str, variable: str = "z") -> Iterator[Token]:
    """Cut a line into tokens; superscripts become `^(…)`. D and d/dz are by `variable`.

    >>> [token.text for token in read_tokens("2z²")]
    ['2', 'z', '^', '(', '2', ')']
    """
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise NotationError(unknown_character(text, position), text, position)
        start, end = found.span()
        position = end
        match found.lastgroup, found.group():
            case "space", _:
                continue
            case "float", written:
                raise NotationError(
                    "{written} is not read: write 0.001 or 10^-3", text, start, written=written
                )
            case "coded", written:
                message = gettext(
                    "{written} is not read: write the number with decimal digits", written=written
                )
                raise NotationError(message, text, start)
            case "number", written:
                if len(written) > 20 or Fraction(written) > MAX_NUMBER:
                    raise NotationError("this number is too long or above 1 000 000", text, start)
                yield Token("number", "0" * written.startswith(".") + written, start, end)
            case "by", written:
                if ALIASES.get(found["by"], found["by"]) != variable:
                    message = gettext(
                        "{written} is not read: here D(…) and d/d{variable} are understood",
                        written=written,
                        variable=variable,
                    )
                    raise NotationError(message, text, start)
                kind = "letter derivative" if found["inner"] else "derivative"
                yield Token(kind, found["inner"] or written, start, end)
            case "superscript", written:
                yield Token("sign", "^", start, start)
                yield Token("sign", "(", start, start)
                for token in read_tokens("".join(_SUPERSCRIPTS[c] for c in written), variable):
                    yield Token(token.kind, token.text, start + token.start, start + token.end)
                yield Token("sign", ")", end, end)
            case "sign", written:
                yield Token("sign", _SIGNS.get(written, written), start, end)
            case _, written:
                stem = (
                    ALIASES.get(written[0], written[0]) if written[1:].strip("_").isdigit() else ""
                )
                name = stem + written[1:] if stem in GREEK else ALIASES.get(written, written)
                yield Token("name", name, start, end)


def unknown_character(text: str, position: int) -> str:
    """Say what is wrong with a character that begins no token."""
    character = text[position]
    if character == "=":
        return gettext("one = at the beginning of a line only: the next step goes on a new line")
    if character == "." and (before := re.search(r"[A-Za-z]\w*$", text[:position])):
        name = re.split(r"\W", text[position + 1 :], maxsplit=1)[0]
        name = ALIASES.get(name, name)
        if name in (*FUNCTIONS, *CONSTANTS):
            return gettext(
                "write {name}, without {before}. in front of it", name=name, before=before[0]
            )
        return gettext(
            "{before}.{name} is not read; functions: {functions}",
            before=before[0],
            name=name,
            functions=list_of_functions(),
        )
    if character in ".0123456789":
        return gettext("this number is not read: write 2 or 0.5")
    name = unicodedata.name(character, gettext("code {ord}", ord=ord(character)))
    shown = f"{character} " if character.isprintable() else ""
    return gettext(
        "the character {shown}({name}) is not part of the notation", shown=shown, name=name
    )
