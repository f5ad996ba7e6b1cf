"""A small picture of a false statement: both of its sides over the variable, as SVG."""

from __future__ import annotations

import html
from collections.abc import Sequence
from fractions import Fraction
from typing import SupportsFloat

from helpers.derivation import Claim, Claims, NotationError, Tree, values
from helpers.diagnosis import four_digits
from helpers.language import gettext

_POINTS = 81
_WIDTH, _HEIGHT, _EDGE = 340, 120, 10
_MINE, _OTHER = "#d55e00", "#0072b2"
Heights = Sequence[float | None]


def draw_sides(claim: Claim, claims: Claims) -> str:
    """Draw both sides of a false statement, the other letters as in its evidence.

    Where one of them has no value at some place, or nothing is to be seen, it is "".
    """
    comparison, against = claim.comparison, claim.against
    if comparison is None or comparison.point is None or against is None:
        return ""
    variable = claims.setting.variable
    low, high = _ends(claims)
    places = [low + (high - low) * Fraction(k, _POINTS - 1) for k in range(_POINTS)]
    points = [{**comparison.point, variable: place} for place in places]
    try:
        mine, theirs = _numbers(claim.side, points, claims), _numbers(against, points, claims)
    except (NotationError, ValueError):
        return ""
    across = float((comparison.point[variable] - low) / (high - low)) * _WIDTH
    left, right = _float(comparison.left), _float(comparison.right)
    scale = _Scale.of(mine, theirs, (left, right) if 0 <= across <= _WIDTH else ())
    if scale is None:
        return ""
    curves = f"{scale.curve(theirs, _OTHER, dashed=True)}{scale.curve(mine, _MINE)}"
    dots = scale.dots(across, left, right) if 0 <= across <= _WIDTH else ""
    return _framed(scale.axis() + curves + dots, claim, claims, float(low), float(high))


def _ends(claims: Claims) -> tuple[Fraction, Fraction]:
    """Eight wide around 0, or four from the only bound."""
    lower, upper = claims.setting.bounds.get(claims.setting.variable, (None, None))
    if lower is None:
        high = Fraction(4) if upper is None else upper
        return (Fraction(-4) if upper is None else high - 4), high
    return lower, lower + 4 if upper is None else upper


def _numbers(tree: Tree, points: list, claims: Claims) -> Heights:
    setting = claims.setting
    found = values(tree, points, variable=setting.variable, where=setting.where)
    return [None if x is None or abs(x) > 1e6 else float(x) for x in found]


def _float(x: SupportsFloat | None) -> float | None:
    return None if x is None else float(x)


def _known(numbers: Heights) -> list[float]:
    return [x for x in numbers if x is not None]


def _reach(numbers: Heights) -> tuple[float, float]:
    """The least and the largest of numbers and 0."""
    known = _known(numbers)
    return min(0.0, *known), max(0.0, *known)


class _Scale:
    """From a number to the height at which it is drawn; 0 is always to be seen."""

    def __init__(self, bottom: float, top: float) -> None:
        self.bottom, self.top = bottom, top

    @classmethod
    def of(cls, mine: Heights, theirs: Heights, dots: Heights) -> _Scale | None:
        """Show the right side and the dots whole, the wrong one as far as these leave room."""
        if min(len(_known(mine)), len(_known(theirs))) * 2 < _POINTS:
            return None
        bottom, top = _reach((*theirs, *dots))
        low, high = _reach(mine)
        beyond = (top - bottom) / 2 or max(high, 0.0) - min(low, 0.0)
        bottom, top = max(min(low, bottom), bottom - beyond), min(max(high, top), top + beyond)
        return cls(bottom, top) if top - bottom > 1e-9 else None

    def down(self, x: float) -> float:
        return (
            _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * (x - self.bottom) / (self.top - self.bottom)
        )

    def shows(self, x: float | None) -> bool:
        beyond = self.top - self.bottom
        return x is not None and self.bottom - beyond <= x <= self.top + beyond

    def axis(self) -> str:
        height = f"{self.down(0):.1f}"
        return (
            f'<line x1="0" x2="{_WIDTH}" y1="{height}" y2="{height}" stroke="currentColor" '
            'stroke-opacity=".35"/>'
        )

    def curve(self, numbers: Heights, colour: str, *, dashed: bool = False) -> str:
        steps, pen = [], "M"
        for k, x in enumerate(numbers):
            if x is None or not self.shows(x):
                pen = "M"
                continue
            steps.append(f"{pen}{_WIDTH * k / (_POINTS - 1):.1f} {self.down(x):.1f}")
            pen = "L"
        dashes = ' stroke-dasharray="6 4"' if dashed else ""
        return (
            f'<path d="{" ".join(steps)}" fill="none" stroke-width="2" stroke="{colour}"{dashes}/>'
        )

    def dots(self, across: float, mine: float | None, theirs: float | None) -> str:
        """The two numbers of the evidence, one above the other."""
        shown = [(x, c) for x, c in ((mine, _MINE), (theirs, _OTHER)) if self.shows(x)]
        heights = [self.down(x) for x, _ in shown if x is not None]
        ends = [min(max(height, 0.0), float(_HEIGHT)) for height in heights]
        between = (
            f'<line x1="{across:.1f}" x2="{across:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}" '
            'stroke="currentColor" stroke-opacity=".6" stroke-dasharray="2 2"/>'
            if len(ends) == 2
            else ""
        )
        return between + "".join(
            f'<circle cx="{across:.1f}" cy="{height:.1f}" r="4" fill="{colour}"/>'
            for height, (_, colour) in zip(heights, shown, strict=True)
        )


def _framed(inside: str, claim: Claim, claims: Claims, low: float, high: float) -> str:
    """Add the legend, and say in words what is to be seen."""
    letter = claims.reading.names.own_variable
    mine, other = gettext("line {number}", number=claim.number), gettext("the slope asked for")
    if claim.against_line == claim.number:
        two = len(claim.trees) == 2
        mine, other = (
            (gettext("right side"), gettext("left side"))
            if two
            else (gettext("one side"), gettext("another side"))
        )
    elif claim.against_line is not None:
        other = gettext("line {against_line}", against_line=claim.against_line)
    ends = f"{letter} = {four_digits(low)} … {four_digits(high)}"
    told = gettext(
        "{mine} and {other} over {ends}: two curves that part", mine=mine, other=other, ends=ends
    )
    foot = _HEIGHT + 15
    return (
        f'<svg role="img" aria-label="{html.escape(told[:1].upper() + told[1:])}" width="{_WIDTH}" '
        f'height="{_HEIGHT + 20}" viewBox="0 0 {_WIDTH} {_HEIGHT + 20}" '
        f'style="max-width:100%;height:auto;overflow:hidden">{inside}'
        '<g font-size="12" font-family="system-ui, sans-serif" fill="currentColor">'
        f'<path d="M0 {foot - 4}h16" stroke="{_MINE}" stroke-width="2"/>'
        f'<text x="20" y="{foot}">{mine}</text>'
        f'<path d="M88 {foot - 4}h18" stroke="{_OTHER}" stroke-width="2" stroke-dasharray="6 4"/>'
        f'<text x="110" y="{foot}">{other}</text>'
        f'<text x="{_WIDTH}" y="{foot}" text-anchor="end">{html.escape(ends)}</text></g></svg>'
    )
