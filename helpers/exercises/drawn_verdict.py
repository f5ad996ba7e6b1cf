"""A checked derivation drawn: the learner's own lines typeset, each with its mark.

    1   d/dz σ(z) = …      ✓ proved
    2   = …                ✗ does not hold
        at z = 0.7 it is 1.986, but …, a question, and both sides over z as a picture

The text form of a verdict stays what it is; this is what a notebook shows in addition.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from helpers.derivation import Claim, Claims, D, Setter, Way, walk, ways_to_read
from helpers.diagnosis import OTHERWISE, Verdict, paragraphs
from helpers.exercises.side_pictures import draw_sides
from helpers.language import gettext

Columns = tuple[int, int] | None  # columns of the row as it was written

RIGHT, ASIDE, WRONG, UNREAD, WAITING = "right", "aside", "wrong", "unread", "waiting"
# what is said of a line -> its icon, and the kind that gives it its colour, on the pad too
_LOOKS = {
    "proved": ("✓", RIGHT),
    "agrees to 50 digits": ("✓", RIGHT),
    "true, on the way": ("✓", ASIDE),
    "defined": ("≔", ASIDE),
    "does not hold": ("✗", WRONG),
    "cannot be read": ("?", UNREAD),
    "cannot be compared": ("?", UNREAD),
    "to be filled in": ("…", WAITING),
    "what is asked": ("·", WAITING),
    "what is to be shown": ("·", WAITING),
    "not reached": ("·", WAITING),
}
_COLOURS = {
    RIGHT: "#1a7f52",
    ASIDE: "#0072b2",
    WRONG: "#c2571a",
    UNREAD: "#8a5a00",
    WAITING: "#76767c",
}


@dataclass(frozen=True)
class Mistake:
    """What is said of the first wrong line.

    Parameters
    ----------
    claim : the statement that does not hold.
    evidence : two numbers at one place.
    questions : the likeliest story and what leads on; then another one that gives these numbers.
    stories : their slugs.
    said, holding : what was read in other letters; which lines hold.
    """

    claim: Claim
    evidence: str
    questions: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    said: str = ""
    holding: str = ""

    @property
    def message(self) -> str:
        """Numbers, place and one question, a row each."""
        where = " ".join(filter(None, (self.holding, self.said)))
        return "\n".join(filter(None, (self.evidence, where, *self.questions[:1])))

    @property
    def verdict(self) -> Verdict:
        return Verdict(False, self.stories, self.message, self.claim.number)


@dataclass(frozen=True)
class Drawing:
    """What a notebook shows of judged claims; drawn when it is asked for."""

    claims: Claims
    message: str
    mistake: Mistake | None = None
    pointed: Callable[[], tuple[int, int]] | None = None  # finds what the story points at

    def __call__(self) -> str:
        return drawn(self.claims, self.message, self.mistake, self.place)

    @property
    def wrong_line(self) -> str:
        """The wrong line as MathML, with the place that its story points at."""
        return typeset(self.mistake.claim, self.claims, self.place) if self.mistake else ""

    @property
    def place(self) -> Columns:
        """The columns of the wrong row that its story points at."""
        return self.pointed() if self.pointed else None


@dataclass(frozen=True)
class LineMark:
    """What a notebook shows of one line.

    Parameters
    ----------
    number : of the line, counted from 1.
    mark : "what is asked", "proved", "agrees to 50 digits", "true, on the way", "defined",
        "does not hold", "cannot be read", "to be filled in", "not reached", …
    mathml : the line typeset, "" where it cannot be read.
    row : the line as it was written.
    reason : the learner's.
    note : why it cannot be read.
    ways : where it can be read in several ways, these.
    """

    number: int
    mark: str
    mathml: str
    row: str
    reason: str = ""
    note: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def icon(self) -> str:
        """The sign that stands before the words."""
        return _LOOKS[self.mark][0]

    @property
    def kind(self) -> str:
        """What kind of mark it is: right, aside, wrong, unread or waiting."""
        return _LOOKS[self.mark][1]


def line_marks(claims: Claims) -> list[LineMark]:
    """Return a mark for every statement, in order; after the first wrong one nothing is reached."""
    marks, reached = [], True
    for claim in claims.claims:
        mark = _mark(claim) if reached or claim.errors else "not reached"
        if claim is claims.claims[0] and _repeats_the_question(claim):
            mark = "what is asked"
        reached &= claim.found not in ("false", "undecided")
        note = "; ".join(error.message for error in claim.errors)
        row, reason = claim.statement.row.strip(), claim.statement.reason
        line, ways = typeset(claim, claims), ways_to_read(claim, claims)
        marks.append(LineMark(claim.number, mark, line, row, reason, note, ways))
    return marks


def _mark(claim: Claim) -> str:
    if claim.found == "slope":
        return "proved" if claim.proved else "agrees to 50 digits"
    return {
        "true": "true, on the way",
        "definition": "defined",
        "false": "does not hold",
        "unread": "cannot be read",
        "undecided": "cannot be compared",
        "blank": "to be filled in",
    }.get(claim.found, "what is to be shown")


def _repeats_the_question(claim: Claim) -> bool:
    """Does a line stand for the slope by asking for it, as D(f) does?"""
    return claim.found == "slope" and [type(piece.tree) for piece in claim.statement.pieces] == [D]


def _setter(claims: Claims) -> Setter:
    """Letters are shown as the learner writes them."""
    known = claims.reading.names
    return Setter(variable=known.variable, letters=known.as_written)


def typeset(claim: Claim, claims: Claims, place: Columns = None) -> str:
    """Set the sides of a statement with equals signs between; "" if one cannot be read.

    In a false one the place of the slip is highlighted, or the side that differs.
    """
    trees = [piece.tree for piece in claim.statement.pieces]
    if not trees or any(tree is None for tree in trees):
        return ""
    setter = _setter(claims)
    if claim.found == "false" and (wrong := trees[claim.wrong or 0]) is not None:
        own = {node.span for node in walk(wrong)}
        setter = replace(setter, places=(place if place in own and any(place) else wrong.span,))
    sides = [setter.set(tree) for tree in trees if tree is not None]
    lead = "<mo>=</mo>" if claim.statement.continues == "=" else ""
    return f'<math displaystyle="true">{lead}{"<mo>=</mo>".join(sides)}</math>'


def drawn(
    claims: Claims, message: str, mistake: Mistake | None = None, place: Columns = None
) -> str:
    """Return the lines with their marks as HTML; the first wrong one explains itself.

    message : what stands below, where no line is wrong; place : where in the wrong line it is.
    """
    rows = []
    for claim, mark in zip(claims.claims, line_marks(claims), strict=True):
        here = mistake is not None and claim is mistake.claim
        line = typeset(claim, claims, place if here else None)
        line = line or f"<code>{html.escape(mark.row)}</code>"
        below = _explained(mistake, claims) if here and mistake is not None else ""
        rows.append(_row(mark, line, below))
    lines = f'{_STYLE}<ol class="derivation-lines" style="padding:0">{"".join(rows)}</ol>'
    return paragraphs(mistake.said) + lines if mistake else lines + paragraphs(message)


def _row(mark: LineMark, line: str, below: str) -> str:
    """Return one line: its number, the formula, the reason, the mark, and what is said of it."""
    colour = _COLOURS[mark.kind]
    note = f'<span class="note">{html.escape(mark.note)}</span>' if mark.note else ""
    note += _lines_to_copy(mark.ways)
    return (
        f'<li value="{mark.number}"><span class="line">{line}</span> '
        f'<span class="reason">{html.escape(mark.reason)}</span> '
        f'<span class="mark" style="{_tinted(colour)}"><span aria-hidden="true">{mark.icon}</span> '
        f"{gettext(mark.mark)}</span>{note}{below}</li>"
    )


def _lines_to_copy(ways: Sequence[Way]) -> str:
    """Return each way to read a line, and the line written so."""
    items = "".join(
        f"<li>{way.meant}\u2002<code>{html.escape(way.line.strip())}</code></li>" for way in ways
    )
    asked = gettext("Which one is meant? Put the line that says it in its place:")
    return f'<div class="note">{asked}<ul class="ways">{items}</ul></div>' if ways else ""


def drawn_lines(claims: Claims) -> str:
    """Return lines typeset with their reasons, as a worked solution is shown."""
    rows = []
    for claim in claims.claims:
        row, reason = claim.statement.row.strip(), claim.statement.reason
        line = typeset(claim, claims) or f"<code>{html.escape(row)}</code>"
        rows.append(
            f'<li value="{claim.number}"><span class="line">{line}</span>'
            f'<span class="reason">{html.escape(gettext(reason))}</span></li>'
        )
    return f'{_STYLE}<ol class="derivation-lines">{"".join(rows)}</ol>'


def _explained(mistake: Mistake, claims: Claims) -> str:
    """Two numbers and both sides as a picture, one question; a second story waits behind a fold."""
    first, *others = mistake.questions or ("",)
    fold = "".join(
        f"<details><summary>{gettext(OTHERWISE)}</summary>{paragraphs(other)}</details>"
        for other in others
    )
    words = f"{paragraphs(mistake.evidence)}{paragraphs(first)}{fold}"
    return f'<div class="mistake"><div>{words}</div>{draw_sides(mistake.claim, claims)}</div>'


def _tinted(colour: str) -> str:
    """A colour for text that is legible on a light page and on a dark one."""
    return f"color:{colour};color:color-mix(in srgb,{colour} 62%,currentColor)"


_STYLE = """<style>
.derivation-lines{list-style:none;margin:.5em 0;max-width:62em}
.derivation-lines>li{display:flex;flex-wrap:wrap;gap:0 1em;align-items:center;min-height:2.4em;
margin:0;padding:.15em 0}
.derivation-lines>li+li{border-top:1px solid rgba(128,128,128,.22)}
.derivation-lines>li::before{content:attr(value);width:1.3em;text-align:right;opacity:.7}
.derivation-lines .line{flex:3 1 15em;min-width:0;overflow:auto hidden;padding:.2em 0}
.derivation-lines math{font-size:1.15em;
font-family:"STIX Two Math","Latin Modern Math","Cambria Math",math}
.derivation-lines .here{background:rgba(194,87,26,.2);border-radius:3px;padding:.15em .1em}
.derivation-lines .reason{flex:2 1 8em;opacity:.8}
.derivation-lines .reason:empty{display:none}
.derivation-lines .mark{flex:0 0 10.5em;background:none;padding:0}
.derivation-lines .note{flex:1 0 100%;padding-left:2.3em;opacity:.85;font-size:.93em}
.derivation-lines .ways{margin:.2em 0;padding-left:1.2em}
.derivation-lines .ways code{user-select:all}
.derivation-lines .mistake{flex:1 0 100%;display:flex;flex-wrap:wrap;gap:.4em 1.4em;
align-items:center;box-sizing:border-box;margin:.2em 0 .5em;border-left:4px solid #c2571a;
background:rgba(194,87,26,.07);padding:.3em .9em .5em}
.derivation-lines .mistake>div{flex:1 1 20em}
.derivation-lines summary{cursor:pointer;opacity:.85}
</style>"""
