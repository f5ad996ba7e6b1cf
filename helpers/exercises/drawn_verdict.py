"""A checked derivation drawn: the learner's own lines typeset, each with its mark.

    1   d/dz σ(z) = …      ✓ proved
    2   = …                ✗ does not hold       and below it both sides over z

The text form of a verdict stays what it is; this is what a notebook shows in addition.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from fractions import Fraction

from helpers.derivation import Claim, Claims, NotationError, Setter, Tree, values

__all__ = ["LineMark", "drawn", "line_marks"]

# mark -> icon and colour; the word always stands beside them
_LOOKS = {
    "proved": ("✓", "#1a7f52"),
    "agrees to 50 digits": ("✓", "#1a7f52"),
    "true, on the way": ("✓", "#0072b2"),
    "defined": ("≔", "#0072b2"),
    "does not hold": ("✗", "#c2571a"),
    "cannot be read": ("?", "#8a5a00"),
    "cannot be compared": ("?", "#8a5a00"),
    "to be filled in": ("…", "#76767c"),
    "what is to be shown": ("·", "#76767c"),
    "not reached": ("·", "#76767c"),
}
_POINTS = 81  # of the small picture
_WIDTH, _HEIGHT = 360, 120


@dataclass(frozen=True)
class LineMark:
    """What a notebook shows of one line.

    Parameters
    ----------
    number : of the line, counted from 1.
    mark : "proved", "agrees to 50 digits", "true, on the way", "defined", "does not hold",
        "cannot be read", "to be filled in", "not reached", …
    mathml : the line typeset, "" where it cannot be read.
    row : the line as it was written.
    reason : the learner's.
    note : why it cannot be read.
    """

    number: int
    mark: str
    mathml: str
    row: str
    reason: str = ""
    note: str = ""


def line_marks(claims: Claims) -> list[LineMark]:
    """Return a mark for every statement, in order; after the first wrong one nothing is reached."""
    marks, reached = [], True
    for claim in claims.claims:
        mark = _mark(claim) if reached or claim.errors else "not reached"
        reached &= claim.found not in ("false", "undecided")
        note = "; ".join(error.message for error in claim.errors)
        row, reason = claim.statement.row.strip(), claim.statement.reason
        marks.append(LineMark(claim.number, mark, _typeset(claim, claims), row, reason, note))
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


def _setter(claims: Claims) -> Setter:
    """Letters are shown as the learner writes them."""
    known = claims.reading.names
    return Setter(variable=known.variable, letters=known.as_written)


def _typeset(claim: Claim, claims: Claims) -> str:
    """Set the sides of a statement with equals signs between; "" if one cannot be read."""
    trees = [piece.tree for piece in claim.statement.pieces]
    if not trees or any(tree is None for tree in trees):
        return ""
    setter = _setter(claims)
    if claim.found == "false" and claim.wrong is not None:
        wrong = claim.statement.pieces[claim.wrong].tree
        setter = replace(setter, places=(wrong.span,) if wrong is not None else ())
    sides = [setter.set(tree) for tree in trees if tree is not None]
    lead = "<mo>=</mo>" if claim.statement.continues == "=" else ""
    return f'<math displaystyle="true">{lead}{"<mo>=</mo>".join(sides)}</math>'


def drawn(claims: Claims) -> str:
    """Return the lines with their marks, and below the first wrong one both sides over z."""
    rows = []
    pictured = False
    for claim, mark in zip(claims.claims, line_marks(claims), strict=True):
        icon, colour = _LOOKS[mark.mark]
        line = mark.mathml or f"<code>{html.escape(mark.row)}</code>"
        reason = f'<span class="reason">{html.escape(mark.reason)}</span>' if mark.reason else ""
        note = f'<div class="note">{html.escape(mark.note)}</div>' if mark.note else ""
        found = f'<span aria-hidden="true">{icon}</span> {mark.mark}'
        rows.append(
            f'<tr><th scope="row">{mark.number}</th><td>{line}{reason}{note}</td>'
            f'<td style="{_tinted(colour)}">{found}</td></tr>'
        )
        if claim.found == "false" and not pictured:
            pictured = True
            if picture := _picture(claim, claims):
                rows.append(f'<tr><td></td><td colspan="2">{picture}</td></tr>')
    return f'{_STYLE}<table class="derivation-lines"><tbody>{"".join(rows)}</tbody></table>'


def _tinted(colour: str) -> str:
    """A colour for text that is legible on a light page and on a dark one."""
    return f"color:{colour};color:color-mix(in srgb,{colour} 62%,currentColor)"


_STYLE = """<style>
.derivation-lines{border-collapse:collapse;margin:.5em 0;background:none}
.derivation-lines th,.derivation-lines td{padding:.25em .6em;text-align:left;vertical-align:middle;
border:0;background:none;white-space:normal}
.derivation-lines th{opacity:.7;font-weight:400}
.derivation-lines .here{background:rgba(194,87,26,.18);border-radius:3px}
.derivation-lines .reason{opacity:.7;margin-left:1em;font-style:italic}
.derivation-lines .note{opacity:.8;font-size:.9em}
</style>"""


def _picture(claim: Claim, claims: Claims) -> str:
    """Both sides of a false statement over the variable, the other letters as in the evidence."""
    comparison, against = claim.comparison, claim.against
    if comparison is None or comparison.point is None or against is None:
        return ""
    variable = claims.setting.variable
    lower, upper = claims.setting.bounds.get(variable, (None, None))
    low = Fraction(-4) if lower is None else lower
    high = (low + 4 if lower is not None else Fraction(4)) if upper is None else upper
    low = high - 4 if lower is None and upper is not None else low
    places = [low + (high - low) * Fraction(k, _POINTS - 1) for k in range(_POINTS)]
    points = [{**comparison.point, variable: place} for place in places]
    try:
        mine = _numbers(claim.side, points, claims)
        theirs = _numbers(against, points, claims)
    except (NotationError, ValueError):
        return ""
    return _plot(mine, theirs, claim, claims, float(low), float(high))


def _numbers(tree: Tree, points: list, claims: Claims) -> list[float | None]:
    setting = claims.setting
    found = values(tree, points, variable=setting.variable, where=setting.where)
    return [None if x is None or abs(x) > 1e6 else float(x) for x in found]


def _plot(
    mine: list[float | None],
    theirs: list[float | None],
    claim: Claim,
    claims: Claims,
    low: float,
    high: float,
) -> str:
    shown = [x for x in (*mine, *theirs) if x is not None]
    if len(shown) < _POINTS:
        return ""
    ordered = sorted(shown)
    bottom, top = ordered[len(ordered) // 50], ordered[-1 - len(ordered) // 50]
    bottom, top = min(bottom, 0.0), max(top, 0.0)
    if top - bottom < 1e-9:
        return ""

    def path(numbers: list[float | None]) -> str:
        steps, pen = [], "M"
        for k, x in enumerate(numbers):
            if x is None or not bottom - (top - bottom) <= x <= top + (top - bottom):
                pen = "M"
                continue
            across = _WIDTH * k / (_POINTS - 1)
            down = _HEIGHT - 10 - (_HEIGHT - 20) * (x - bottom) / (top - bottom)
            steps.append(f"{pen}{across:.1f} {down:.1f}")
            pen = "L"
        return " ".join(steps)

    axis = _HEIGHT - 10 - (_HEIGHT - 20) * (0 - bottom) / (top - bottom)
    letter = claims.reading.names.own_variable
    other = "the slope asked for" if claim.against_slope else "the other side"
    other = "the slope asked for" if claim.against_line is None else other
    told = (
        f"Line {claim.number} and {other} over {letter} from {low:g} to {high:g}: two curves that "
        "part"
    )
    line = 'fill="none" stroke-width="2"'
    return (
        f'<svg role="img" aria-label="{html.escape(told)}" width="{_WIDTH}" '
        f'height="{_HEIGHT + 18}" viewBox="0 0 {_WIDTH} {_HEIGHT + 18}" '
        'style="max-width:100%;overflow:hidden">'
        f'<line x1="0" x2="{_WIDTH}" y1="{axis:.1f}" y2="{axis:.1f}" stroke="currentColor" '
        'stroke-opacity=".35"/>'
        f'<path d="{path(theirs)}" {line} stroke="#0072b2" stroke-dasharray="6 4"/>'
        f'<path d="{path(mine)}" {line} stroke="#d55e00"/>'
        f'<g font-size="12" font-family="sans-serif"><text x="0" y="{_HEIGHT + 14}" '
        f'fill="#d55e00">— line {claim.number}</text><text x="80" y="{_HEIGHT + 14}" '
        f'fill="#0072b2">– – {other}</text><text x="{_WIDTH}" y="{_HEIGHT + 14}" '
        f'text-anchor="end" fill="currentColor">{letter} = {low:g} … {high:g}</text></g></svg>'
    )
