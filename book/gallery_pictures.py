"""The pictures of the gallery, as SVG that takes its colours from the page."""

import html
import math
from itertools import pairwise

import contourpy
import numpy as np

END, LOW, HIGH, UNIT = 5.0, -1.9, 3.3, 32  # what a picture shows of both axes, and its scale


def short(number, digits=4):
    """Write a number in a few digits, with a proper minus sign."""
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    return f"{number + 0:.{digits}g}".replace("-", "−")


def anchor(name):
    """Return the address of a card on its page."""
    return name.replace("_", "-")


def sides(f, z):
    """Return f a hair left of z and a hair right of it."""
    return tuple(float(f(math.nextafter(z, end))) for end in (-math.inf, math.inf))


def corners(known):
    """Return the kinks at which the slope has two sides: {z: (left, right)}; default parameter."""
    found = {k: sides(known.prime, k) for k in known.kinks}
    return {k: both for k, both in found.items() if both[0] != both[1]}


class Paper:
    """One scale for both axes: a step to the right is as long as a step up, times ``zoom``."""

    def __init__(self, zoom=1):
        self.zoom, self.unit = zoom, UNIT / zoom
        self.end, self.low, self.high = END * zoom, LOW * zoom, HIGH * zoom
        self.size = f"{2 * END * UNIT:g} {(HIGH - LOW) * UNIT:g}"

    def xy(self, z, y):
        """Return a point as SVG has it, never far outside."""
        y = min(max(y, self.low - self.zoom), self.high + self.zoom)
        return (z + self.end) * self.unit, (self.high - y) * self.unit

    def place(self, z, y):
        return "{:.1f},{:.1f}".format(*self.xy(z, y))

    def stretches(self, f, ends):
        """Return the points of a function, as SVG has them, on each stretch between the ends."""
        for left, right in pairwise(ends):
            z = np.linspace(math.nextafter(left, right), math.nextafter(right, left), 121)
            yield [self.place(*at) for at in zip(z, f(z), strict=True)]

    def path(self, f, ends):
        """Return the path of a function."""
        return "".join(f"M{'L'.join(points)}" for points in self.stretches(f, ends))

    def area(self, f, ends):
        """Return what lies between a function and 0."""
        foot = self.place(0, 0).partition(",")[2]
        return "".join(
            f"M{points[0].partition(',')[0]},{foot}L{'L'.join(points)}V{foot}Z"
            for points in self.stretches(f, ends)
        )

    def text(self, z, y, said, css, anchor="middle"):
        x, y = self.xy(z, y)
        return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{said}</text>'

    def dot(self, z, y, css):
        x, y = self.xy(z, y)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" class="{css}"/>'

    def frame(self):
        """Return the grid, the axes and their numbers."""
        step = self.zoom
        across, up = range(-4 * step, 4 * step + 1, step), range(-step, 3 * step + 1, step)
        lines = [f"M{self.place(z, self.low)}L{self.place(z, self.high)}" for z in across]
        lines += [f"M{self.place(-self.end, y)}L{self.place(self.end, y)}" for y in up]
        axes = f"M{self.place(-self.end, 0)}L{self.place(self.end, 0)}"
        axes += f"M{self.place(0, self.low)}L{self.place(0, self.high)}"
        numbers = [self.text(z, -0.42 * step, short(z), "tick") for z in across if z and not z % 2]
        numbers += [
            self.text(-0.14 * step, y - 0.12 * step, short(y), "tick", "end") for y in up if y
        ]
        numbers.append(self.text(self.end - 0.2 * step, 0.16 * step, "z", "tick"))
        return (
            f'<path class="drawn grid" d="{"".join(lines)}"/><path class="drawn axes" d="{axes}"/>',
            numbers,
        )


def picture(name, known, alt):
    """Return the value and the slope of an activation of one input."""
    paper = Paper(2 if any(abs(k) > END - 0.5 for k in known.kinks) else 1)
    frame, numbers = paper.frame()
    jumps = {k: sides(known.value, k) for k in known.jumps}
    ends = sorted({-paper.end, *corners(known), paper.end})
    area, slope = paper.area(known.prime, ends), paper.path(known.prime, ends)
    value = paper.path(known.value, sorted({-paper.end, *jumps, paper.end}))
    dots = [
        paper.dot(k, y, f"{css} {'full' if y == float(f(k)) else 'open'}")
        for css, f, ends in (
            ("slope", known.prime, corners(known)),
            ("value", known.value, jumps),
        )
        for k, both in ends.items()
        for y in both
    ]
    g, prime = labels(paper, known)
    return (
        f'<svg viewBox="0 0 {paper.size}" role="img" aria-label="{html.escape(alt)}" '
        f'data-paper="{paper.unit:g} {paper.end:g} {paper.high:g}"><g id="curve-{name}">'
        f'<path class="area" d="{area}"/>{frame}<path class="drawn prime" d="{slope}"/>'
        f'<path class="drawn g" d="{value}"/></g>'
        f"{''.join([*numbers, *dots, g, prime])}</svg>"
    )


def labels(paper, known):
    """Return g and g′ beside their curves, where these are farthest apart."""
    z = np.linspace(-0.9 * paper.end, 0.9 * paper.end, 73)
    g, prime, unit = known.value(z), known.prime(z), paper.zoom
    seen = np.abs([g, prime]).min(axis=0) < math.inf
    edges = np.array([paper.low, paper.high]) + np.array([0.6, -0.6]) * unit

    def best(curve, other):
        inside = seen & (curve > edges[0]) & (curve < edges[1]) & (np.abs(z) > 0.5 * unit)
        gap = np.minimum(np.abs(curve - other), 0.9 * unit) + 0.02 * np.abs(z)
        k = int(np.argmax(np.where(inside, gap, -1)))
        return z[k], curve[k] + (0.28 if curve[k] >= other[k] else -0.55) * unit

    at_g, at_prime = best(g, prime), best(prime, g)
    return paper.text(*at_g, "g", "name value"), paper.text(*at_prime, "g′", "name slope")


def tile(name, title, anchor):
    """Return a thumbnail that leads to the card; it draws the card's own curves again."""
    return (
        f'<a class="tile" href="#{anchor}"><svg viewBox="0 0 {Paper().size}" aria-hidden="true">'
        f'<use href="#curve-{name}"/></svg><span>{html.escape(title)}</span></a>'
    )


def height_map(name, known, alt):
    """Return lines of equal height of a function of two inputs, u to the right and v up."""
    top = (HIGH - LOW) / 2
    u, v = np.meshgrid(np.linspace(-END, END, 201), np.linspace(-top, top, 105))
    lines = contourpy.contour_generator(u, v, known.value(u, v))

    def place(point):
        return f"{(point[0] + END) * UNIT:.1f},{(top - point[1]) * UNIT:.1f}"

    parts, numbers = [], []
    for level in (-4, -3, -2, -1, 1, 2, 3, 4):  # the farther from 0, the deeper the colour
        ends = (level, math.inf) if level > 0 else (-math.inf, level)
        for points, holes in zip(*lines.filled(*ends), strict=True):
            rings = (points[a:b] for a, b in pairwise(holes))
            d = "".join(f"M{'L'.join(map(place, ring[::2]))}Z" for ring in rings)
            parts.append(f'<path class="area {"above" if level > 0 else "under"}" d="{d}"/>')
    for level in range(-4, 5):
        css = "zero" if level == 0 else "g" if level > 0 else "g below"
        found = lines.lines(level) if level else lines.lines(-1e-9) + lines.lines(1e-9)
        for line in found:
            parts.append(f'<path class="drawn {css}" d="M{"L".join(map(place, line[::2]))}"/>')
        if found and level:
            x, y = place(max(found, key=len)[len(max(found, key=len)) // 2]).split(",")
            numbers.append(
                f'<text x="{x}" y="{y}" class="level" text-anchor="middle" dy="4">'
                f"{short(level)}</text>"
            )
    frame = f"M{place((-END, 0))}L{place((END, 0))}M{place((0, -top))}L{place((0, top))}"
    return (
        f'<svg viewBox="0 0 {Paper().size}" role="img" aria-label="{html.escape(alt)}">'
        f'<g id="curve-{name}"><path class="drawn axes" d="{frame}"/>{"".join(parts)}</g>'
        f'<text x="{2 * END * UNIT - 10:g}" y="{top * UNIT - 5:g}" class="tick">u</text>'
        f'<text x="{END * UNIT + 6:g}" y="11" class="tick">v</text>{"".join(numbers)}</svg>'
    )
