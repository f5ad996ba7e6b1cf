"""The numbers in a figure's alt text, and those that the figure shows.

A figure is taken apart, and every number of its alt text is looked for in what is drawn: where a
curve begins and ends, its extremes, its height at a place that the alt text names, the place where
it has a height that the alt text names, where two curves cross, how many times larger one end is
than the other, bars, points, images, and numbers written in the figure.
"""

import re
from itertools import combinations

import numpy as np
from matplotlib.lines import AxLine
from matplotlib.ticker import FixedLocator

NUMBER = r"(?<![\w₀-₉])−?-?(\d[\d,]*\.?\d*(?:e[-−+]?\d+)?)(?:/(\d+))?( %|%| millionths)?"
FORMULA = (
    r"\b\w\(1 − \w\)|\w+\(.*\)(?=, |: )|\b1/\(1 \+ .*?\)\)|log₁₀"  # their digits claim nothing
)
FEW = 40  # so many points of a line are all looked at


def numbers(alt):
    """Return ``[(value, half a unit of its last digit)]`` of the numbers in an alt text.

    A third number is the unit in which it may be meant as well, where the text has a percent sign.

    >>> numbers("The slope is 0.25 at z = −2, a loss of 5 %.")
    [(0.25, 0.005, 0.01), (2.0, 0.5, 0.01), (0.05, 0.005)]
    """
    found, percent = [], "%" in alt  # "86, 30, then 10 %": one sign for all of them
    for digits, below, unit in re.findall(NUMBER, re.sub(FORMULA, "", alt)):
        digits = digits.rstrip(".,").replace(",", "").replace("−", "-")
        mantissa, _, exponent = digits.partition("e")
        decimals = len(mantissa.partition(".")[2])
        half = 0.5 * 10.0 ** (int(exponent or 0) - decimals)
        if re.fullmatch(r"\d+00", digits):  # 1300 is 1.3 thousand
            half *= 10 ** (len(digits) - len(digits.rstrip("0")))
        scale = {"": 1, " millionths": 1e-6}.get(unit, 0.01) / float(below or 1)
        found.append((abs(float(digits)) * scale, half * (1e-9 if below else scale)))
        if percent and not unit:
            found[-1] = (*found[-1], 0.01)
    return found


def shown(figure, named):
    """Return the numbers that a figure shows; ``named`` are places to look at its curves."""
    found = []
    for ax in figure.axes:
        found += [*ax.get_xlim(), *ax.get_ylim(), len(ax.lines), len(ax.images), len(ax.patches)]
        lines = [curve(line) for line in ax.lines if not isinstance(line, AxLine)]
        for x, y in lines:
            found += of_curve(x, y, named)
        for (x, y), (u, v) in combinations(lines, 2):
            if np.array_equal(x, u):
                found += np.abs(y - v).max(initial=0), *places(x, y - v, 0)
        for points in ax.collections:
            found += np.ravel(points.get_offsets()).tolist()
            for path in points.get_paths():
                for border in path.to_polygons():
                    found += [*border.min(axis=0), *border.max(axis=0)]
        for patch in ax.patches:
            found += np.ravel(patch.get_path().vertices).tolist()
            found += np.ravel(patch.get_extents().bounds).tolist()
        written = [text.get_text() for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label)]
        written += [ax.get_title(loc) for loc in ("left", "center", "right")]
        for axis in (ax.xaxis, ax.yaxis):  # names of rows and columns, not the numbers of a scale
            if isinstance(axis.get_major_locator(), FixedLocator):
                written += [text.get_text() for text in axis.get_ticklabels()]
        found += [value for text in written for value, *_ in numbers(text)]
    found += [value for text in figure.texts for value, *_ in numbers(text.get_text())]
    found += [len(figure.axes)]
    return np.abs([float(value) for value in found if np.isfinite(value)])


def curve(line):
    x, y = (np.ma.filled(data, np.nan) for data in line.get_data(orig=False))
    keep = np.isfinite(x) & np.isfinite(y)
    return x[keep], y[keep]


def of_curve(x, y, named):
    """Return what can be said of a curve in numbers."""
    if len(x) == 0:
        return []
    if len(x) <= FEW:
        found = [*x, *y]
    else:
        found = [x[0], x[-1], y[0], y[-1], y.min(), y.max(), x[y.argmin()], x[y.argmax()]]
    with np.errstate(all="ignore"):
        found += [y[0] / y[-1], y[-1] / y[0]]
    if np.all(np.diff(x) > 0):
        within = [at for at in (*named, *(-n for n in named)) if x[0] <= at <= x[-1]]
        found += np.interp(within, x, y).tolist()
        for height in (*named, *(-n for n in named)):
            found += places(x, y, height)
        if len(x) > 2:
            slopes = np.diff(y) / np.diff(x)
            found += [slopes[0], slopes[-1], slopes.max(), slopes.min()]
    return found


def places(x, y, height):
    """Return the x at which a curve crosses ``height``."""
    above = y > height
    at = np.flatnonzero(above[1:] != above[:-1])
    part = (height - y[at]) / (y[at + 1] - y[at])
    return (x[at] + part * (x[at + 1] - x[at])).tolist()


def unfounded(figure, alt):
    """Return the numbers of the alt text that the figure does not show."""
    said = numbers(alt)
    named = [value * unit for value, _, *more in said for unit in (1, *more)]
    there = shown(figure, [0.0, 1.0, *named])

    def drawn(value, half, *more):
        return any(
            np.any(np.abs(there - value * unit) <= half * unit * 1.02 + 1e-12)
            for unit in (1, *more)
        )

    return [claim[0] for claim in said if not drawn(*claim)]
