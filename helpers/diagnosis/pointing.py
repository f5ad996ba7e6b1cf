"""Places of a source, shown in the learner's own lines with what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.diagnosis.programs import Functions, lines_in_words, lines_of
from helpers.diagnosis.python_words import Place, parsed
from helpers.language import gettext, ngettext

# What a change at a place does, and no more.
MAKES_RIGHT, NEAR_ZERO, BUT_AT_ZERO, GOES_WRONG = "right", "near 0", "but at 0", "goes wrong"
ON_PLAIN, THE_NUMBERS, THE_SHAPE = "on a plain array", "the numbers", "the shape"


def pointed_at(
    source: str, functions: Functions, places: Sequence[Place], how: str = MAKES_RIGHT
) -> str:
    """Show the lines of a source with the places marked at which changes make it right.

    how : no more than that: near 0, where it leaves floats far out; not at the kink; not of an
        array with rows, or of whole numbers; not what happens to the input; the shape alone. Or it
        goes wrong there,
        and no change of the place alone makes all right.

    >>> print(pointed_at("def f(z):\\n    return np.sum(z)", {"f": (1, 2)}, [(2, 11, 17)]))
    One change there makes it right, in line 2 of f:
        return np.sum(z)
               ^^^^^^
    """
    if not places:
        return ""
    lines = sorted({line for line, _, _ in places})
    said = _said(how, len(places), lines_in_words(functions, lines))
    return "\n".join([said, *(marked(source, line, places) for line in lines)])


def _said(how: str, n: int, where: str) -> str:
    if how == NEAR_ZERO:
        return ngettext(
            "One change there makes it right near 0, in {where}:",
            "Two changes there make it right near 0, in {where}:",
            n,
            where=where,
        )
    if how == BUT_AT_ZERO:
        return ngettext(
            "One change there makes it right but at z = 0, in {where}:",
            "Two changes there make it right but at z = 0, in {where}:",
            n,
            where=where,
        )
    if how == ON_PLAIN:
        return ngettext(
            "One change there makes it right for a row of decimals, in {where}:",
            "Two changes there make it right for a row of decimals, in {where}:",
            n,
            where=where,
        )
    if how == THE_NUMBERS:
        return ngettext(
            "One change there makes the numbers right, in {where}:",
            "Two changes there make the numbers right, in {where}:",
            n,
            where=where,
        )
    if how == THE_SHAPE:
        return gettext(
            "One change there gives the shape that is asked for, in {where}:", where=where
        )
    if how == GOES_WRONG:
        return ngettext(
            "It goes wrong there, in {where}:",
            "It goes wrong at two places, in {where}:",
            n,
            where=where,
        )
    return ngettext(
        "One change there makes it right, in {where}:",
        "Two changes there make it right, in {where}:",
        n,
        where=where,
    )


def shown_at(said: str, source: str, place: Place) -> str:
    """Show one place below a sentence about it, in which ``{where}`` is the line.

    >>> print(shown_at("It stops in {where}:", "def f(z):\\n    return z^2", (2, 11, 14)))
    It stops in line 2 of f:
        return z^2
               ^^^
    """
    text, module = source.strip(), parsed(source)
    functions = lines_of(module) if module is not None else {}
    where = lines_in_words(functions, [place[0]])
    return f"{said.format(where=where)}\n{marked(text, place[0], [place])}"


def marked(source: str, line: int, places: Sequence[Place]) -> str:
    """Show a line with its places underlined.

    >>> print(marked("s = 1\\n  return s*s", 2, [(2, 9, 12)]))
        return s*s
               ^^^
    """
    row = source.split("\n")[line - 1]
    cut, marks = len(row) - len(row.lstrip()), " " * len(row)
    for first, last in [place[1:] for place in places if place[0] == line]:
        a, b = (len(row.encode()[:n].decode()) for n in (first, last))  # ast counts bytes
        marks = marks[:a] + "^" * (b - a) + marks[b:]
    return f"    {row.strip()}\n    {marks[cut:].rstrip()}"
