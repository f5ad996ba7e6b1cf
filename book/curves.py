"""The curve beside a derivation: what its lines say, as a small picture.

All lines are one function, so it is drawn once: the slope, dashed, with the function whose slope it
is, or where a derivation takes no slope, the function alone. What changes from line to line is what
it is made of: the factors, the terms or the fraction of the current line are dotted.
"""

import html
import math
import re
from collections.abc import Sequence

import numpy as np

from helpers.derivation import (
    GREEK,
    RESERVED,
    D,
    Neg,
    Num,
    Op,
    Tree,
    array_values,
    children,
    differentiate,
    names,
    parse,
    replace_children,
    substitute,
    written_out,
)
from helpers.language import gettext

WIDTH, HEIGHT, END, TOP = 340, 230, 5.0, 4.0  # of the picture; the largest |z| and |y| it shows
EXAMPLES = {  # what a letter is where a picture needs a number
    **{"alpha": "0.2", "beta": "2", "p": "2", "q": "2", "r": "-1", "u": "2", "v": "2", "y": "0"},
    **{"a": "0", "b": "-1", "c": "1", "k": "1"},  # logits, and what is added to all of them
}
KINDS = {
    "+": "the terms of this line, whose sum is",
    "*": "the factors of this line, whose product is",
    "/": "numerator and denominator of this line, whose quotient is",
}
FIGURE = f"""<figure class="beside">
<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{{alt}}">{{drawn}}</svg>
<figcaption>{{notes}}</figcaption></figure>"""
PART = '<path class="part" data-line="{k}" d="{d}"/>'
MEANT = re.compile(r"\w+ (\w+) = (.*)")  # in any language: "with g = …"
NOTE = '<p data-line="{k}">{said}</p>'


def beside(trees: Sequence[Tree], given: Sequence[str], variable: str) -> str:
    """Return the picture of a derivation as HTML; nothing where it has no curve to show.

    Parameters
    ----------
    trees
        Its lines.
    given
        What stands below them: ``with g = …``, ``and f = …``, ``for z > 0``.
    variable
        Along which it is drawn. Other letters take an example's value, which is said.
    """
    meant = _meant(given)
    z = _places(variable, " ".join(row for row in given if not MEANT.match(row)))
    whole = [written_out(tree, meant) for tree in trees]
    free = set().union(*map(names, whole)) - {variable, "pi", "e"}
    if not free <= {*EXAMPLES}:
        return ""

    def curve(tree: Tree) -> np.ndarray:
        alone = _slopes_taken(written_out(tree, meant), variable)
        known = substitute(alone, {name: parse(EXAMPLES[name]) for name in free})
        with np.errstate(all="ignore"):
            return np.broadcast_to(array_values(known, {variable: z}), z.shape).astype(float)

    curves = [curve(trees[0])]
    if isinstance(trees[0], D):
        curves.insert(0, curve(trees[0].arg))
    made_of = {k: found for k, tree in enumerate(trees) if (found := _made_of(tree))[1]}
    parts = [(k, curve(part)) for k, (_, found) in made_of.items() for part in found]
    unbroken = all(np.isfinite(heights[1:-1]).all() for heights in curves)
    moves = any(np.ptp(heights[1:-1]) > 1e-9 for heights in [*curves, *(one for _, one in parts)])
    if not (unbroken and moves):
        return ""
    paper = _Paper(z, curves)
    lines = (PART.format(k=k, d=paper.path(heights)) for k, heights in parts)
    of = gettext("the slope") if isinstance(trees[0], D) else gettext("the curve")
    notes = [f"<p>{gettext('Drawn for {values}.', values=_said(free))}</p>"] * bool(free)
    for k, (kind, _) in made_of.items():
        dotted = gettext("Dotted: {parts} {of}.", parts=gettext(KINDS[kind]), of=of)
        notes.append(NOTE.format(k=k, said=dotted))
    return FIGURE.format(
        alt=html.escape(_finding(variable, z, curves)),
        drawn="".join([paper.axes(variable), *lines, *_drawn(paper, curves)]),
        notes="".join(notes),
    )


def _meant(given: Sequence[str]) -> dict[str, Tree]:
    """Read what letters stand for: ``with g = …``, ``and f = …``."""
    found = (MEANT.match(row) for row in given)
    where = dict(each.groups() for each in found if each)
    letters = {*re.findall(r"[^\W\d]\w*", " ".join([*where, *where.values()]))} - RESERVED
    return {name: parse(text, letters=letters) for name, text in where.items()}


def _places(variable: str, on: str) -> np.ndarray:
    """Return the places along the axis, within the range of a derivation that has one."""
    low, high = -END, END
    for sign, bound in re.findall(rf"\b{variable} (<|>) (-?\d+)", on):
        low, high = (float(bound), high) if sign == ">" else (low, float(bound))
    if above := re.search(rf"(-?\d+) < {variable}\b", on):
        low = float(above[1])
    return np.linspace(low, high, 161)


def _slopes_taken(tree: Tree, variable: str) -> Tree:
    """Carry out every D of a formula."""
    tree = replace_children(tree, [_slopes_taken(child, variable) for child in children(tree)])
    return differentiate(tree.arg, variable) if isinstance(tree, D) else tree


def _made_of(tree: Tree) -> tuple[str, list[Tree]]:
    """Return what a line is: the sign of a sum, a product or a fraction, and its parts."""
    match tree:
        case Op("+" | "-"):
            return "+", _flat(tree, "+")
        case Op("*"):
            return "*", _flat(tree, "*")
        case Op("/", left, right) if not isinstance(left, Num) and not isinstance(right, Num):
            return "/", [left, right]
        case Neg(Op("*") as product):
            first, *others = _flat(product, "*")
            return "*", [Neg(first), *others]
    return "", []


def _flat(tree: Tree, sign: str) -> list[Tree]:
    match tree:
        case Op(name, left, right) if name == sign:
            return [*_flat(left, sign), *_flat(right, sign)]
        case Op("-", left, right) if sign == "+":
            return [*_flat(left, sign), Neg(right)]
        case Neg(Op("*", left, right)) if sign == "*":
            return [Neg(left), *_flat(right, sign)]
    return [tree]


def _said(free: set[str]) -> str:
    values = {name: EXAMPLES[name].replace("-", "−") for name in sorted(free)}
    return ", ".join(f"<i>{GREEK.get(name, name)}</i> = {value}" for name, value in values.items())


def _short(number: float) -> str:
    return f"{number + 0:.2g}".replace("-", "−")


def _finding(variable: str, z: np.ndarray, curves: Sequence[np.ndarray]) -> str:
    """Say what the picture shows: the range of the last curve, and where it is largest."""
    last = np.where(np.isfinite(curves[-1]), curves[-1], np.nan)
    low, high = np.nanmin(last), np.nanmax(last)
    told = {"z": variable, "first": _short(z[0]), "last": _short(z[-1]), "high": _short(high)}
    what = gettext("The curve of every line")
    if len(curves) > 1:
        what = gettext("The function, solid, and its slope, dashed,")
    if high - low < 1e-9:
        return gettext("{what} is {high} for {z} from {first} to {last}.", what=what, **told)
    told |= {"low": _short(low), "most": _short(z[np.nanargmax(last)])}
    return gettext(
        "{what} runs between {low} and {high} for {z} from {first} to {last}, "
        "largest at {z} = {most}.",
        what=what,
        **told,
    )


class _Paper:
    """Where a place of the axes lies in the picture."""

    def __init__(self, z: np.ndarray, curves: Sequence[np.ndarray]):
        seen = np.concatenate([*curves, [0.0]])
        seen = np.clip(seen[np.isfinite(seen)], -TOP, TOP)
        room = 0.12 * max(float(np.ptp(seen)), 0.5)
        self.z, self.low, self.high = z, float(seen.min()) - room, float(seen.max()) + 2 * room

    def x(self, z: float) -> float:
        return 8 + (WIDTH - 16) * (z - self.z[0]) / (self.z[-1] - self.z[0])

    def y(self, y: float) -> float:
        return HEIGHT * (self.high - y) / (self.high - self.low)

    def path(self, heights: np.ndarray) -> str:
        """Return the path of a curve, in pieces where it leaves the picture."""
        margin = self.high - self.low
        inside = (heights > self.low - margin) & (heights < self.high + margin)
        points = [
            f"{self.x(a):.1f},{self.y(b):.1f}" if seen else "M"
            for a, b, seen in zip(self.z, heights, inside, strict=True)
        ]
        pieces = " ".join(points).split("M")
        return "".join(f"M{'L'.join(piece.split())}" for piece in pieces if len(piece.split()) > 1)

    def axes(self, variable: str) -> str:
        """Return the axes, a few numbers at both, and the letter of the one across."""
        lines = f"M0,{self.y(0):.1f}H{WIDTH}"
        lines += f"M{self.x(0):.1f},0V{HEIGHT}" * bool(self.z[0] <= 0 <= self.z[-1])
        unit = 2 if np.ptp(self.z) > 2 else 0.5
        across = [k * unit for k in range(-3, 4) if k and self.z[0] < k * unit < self.z[-1]]
        up = next(s for s in (0.1, 0.25, 0.5, 1, 2, 4) if (self.high - self.low) / s < 5)
        heights = [k * up for k in range(-4, 5) if k and self.low < k * up < 0.9 * self.high]
        below = min(self.y(0) + 18, HEIGHT - 4)
        at, side, anchor = self.x(0), -5, "end"
        if at < 60:
            at, side, anchor = max(at, 8.0), 6, "start"
        numbers = [_text(self.x(z), below, _short(z)) for z in across]
        numbers += [_text(at + side, self.y(y) + 5, _short(y), anchor=anchor) for y in heights]
        letter = _text(WIDTH - 6, self.y(0) - 7, GREEK.get(variable, variable), "letter")
        return "".join([f'<path class="axes" d="{lines}"/>', *numbers, letter])


def _text(x: float, y: float, text: str, kind: str = "tick", anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{text}</text>'


def _drawn(paper: _Paper, curves: Sequence[np.ndarray]) -> list[str]:
    """Return function and slope, each with its name where the two are farthest apart."""
    kinds = ("value", "slope") if len(curves) > 1 else ("value",)
    words = {"value": gettext("function") * (len(curves) > 1), "slope": gettext("slope")}
    drawn, taken = [], math.nan
    for kind, heights, other in zip(kinds, curves, reversed(curves), strict=True):
        drawn.append(f'<path class="{kind}" d="{paper.path(heights)}"/>')
        room = (paper.high - paper.low) * 0.16
        roomy = (heights > paper.low + room) & (heights < paper.high - room)
        inside = paper.z > 0.8 * paper.z[0] + 0.2 * paper.z[-1]
        inside &= paper.z < 0.2 * paper.z[0] + 0.8 * paper.z[-1]
        apart = ~(np.abs(paper.z - taken) < 0.25 * np.ptp(paper.z))
        free = np.abs(paper.z) > 0.17 * np.ptp(paper.z)  # of the numbers of the upright axis
        sought = (inside & apart & roomy & free, inside & apart & roomy, inside & apart, inside)
        fits = next(f for f in sought if f.any())
        with np.errstate(invalid="ignore"):
            gap = np.where(fits & np.isfinite(other), np.abs(heights - other), -1.0)
        k = int(np.argmax(gap))
        taken = float(paper.z[k])
        y = paper.y(heights[k])
        up = -10 if heights[k] >= other[k] or y + 22 > HEIGHT - 4 else 22
        drawn.append(_text(paper.x(taken), y + up, words[kind], f"name {kind}"))
    return drawn
