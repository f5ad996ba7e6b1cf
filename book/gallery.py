"""The gallery: a page with a card for each activation of the table, all of it from the table.

Formula and slope are typeset from the notation, the picture is drawn from the kernels, what is
measured (gain, Lipschitz constant, curvature) is measured when the page is built.
"""

import html
import inspect
import math
import re
from itertools import pairwise

import numpy as np

from helpers.activations import ACTIVATIONS, one_sided_slopes
from helpers.derivation import Setter, derive, mathml, parse
from helpers.workbench import moments

OPENING = """# Gallery of activations

Every activation of the course on one scale: a step to the right is as long as a step up, so that a
slope looks as steep as it is. <span class="value">The value g is solid</span>,
<span class="slope">the slope g′ dashed</span>. Each slope was compared with the derivative of its
formula when this page was built, line by line as in the lessons; step(z) is 1 right of 0 and 0
left of it. At a kink the course takes the left slope.

| | |
|---|---|
| gain | 1/√E[g′²] for z ~ N(0, 1): weights of spread gain/√n keep gradients their size |
| Lipschitz constant | the largest \\|g′\\|: by no more is any difference of inputs stretched |
| curvature | the largest \\|g″\\| away from the kinks, and where |
"""
CLOSING = """## Where libraries differ

At a kink any slope between both sides is a subgradient, and libraries choose. JAX 0.10.2 returns,
as a test confirms where it is installed:

| | at | JAX | here |
|---|---|---|---|
| ReLU6 | z = 6 | 0 | 1 |
| Hard tanh | z = −1 | 1 | 0 |
| Hard sigmoid | z = 3 | 0 | 1/6 |
| Hard Swish | z = 3 | 1 | 3/2 |

Not here: hard shrinkage and thresholded ReLU, which jump, so that no slope tells of the jump;
Maxout and the family of gated linear units, which take several inputs ([lesson
8](notebooks/08_gates.ipynb) derives the gate by both); Snake, whose slope has no limit.
"""
GROUPS = {  # in this order; a card stands in the first whose test holds
    "Between two bounds": lambda known, slopes: np.isfinite(known.value_range).all(),
    "With a dip": lambda known, slopes: slopes.min() < 0,
    "With a corner": lambda known, slopes: bool(corners(known)),
    "Without a corner": lambda known, slopes: True,
}
TITLES = {"tanh": "tanh", "relu": "ReLU", "leaky_relu": "Leaky ReLU", "elu": "ELU", "selu": "SELU"}
TITLES |= {"relu6": "ReLU6", "hardtanh": "Hard tanh", "hardsigmoid": "Hard sigmoid"}
TITLES |= {"hardswish": "Hard Swish", "softshrink": "Soft shrinkage", "celu": "CELU"}
TITLES |= {
    "logsigmoid": "Log-sigmoid",
    "tanhshrink": "Tanh shrinkage",
    "relu_squared": "Squared ReLU",
}
TITLES |= {"silu": "SiLU", "gelu": "GELU", "gelu_tanh": "GELU, tanh form"}
CONSTANTS = {"1.0507009873554805": "λ", "1.6732632423543772": "α"}  # of SELU
END, LOW, HIGH, UNIT = 5.0, -1.9, 3.1, 32  # what a picture shows of both axes, and its scale
Z = np.linspace(-30, 30, 60_001)


def corners(known):
    """Return the kinks at which the slope jumps, for the default parameter: {z: (left, right)}."""
    sides = {k: (known.prime(k), known.prime(math.nextafter(k, math.inf))) for k in known.kinks}
    return {k: (float(a), float(b)) for k, (a, b) in sides.items() if a != b}


def place(z, y):
    """Return a point of the picture as SVG has it, never far outside."""
    return f"{(z + END) * UNIT:.1f},{(HIGH - min(max(y, LOW - 1), HIGH + 1)) * UNIT:.1f}"


def path(f, ends):
    """Return the path of a function on each stretch between the ends."""
    parts = []
    for left, right in pairwise(ends):
        z = np.linspace(math.nextafter(left, right), math.nextafter(right, left), 121)
        parts.append("M" + "L".join(place(*point) for point in zip(z, f(z), strict=True)))
    return "".join(parts)


def picture(name, known):
    """Return the value and the slope as SVG that takes its colours from the page."""
    ends = sorted({-END, *corners(known), END})
    size = f"{2 * END * UNIT:g} {(HIGH - LOW) * UNIT:g}"
    grid = "".join(
        [f"M{place(z, LOW)}L{place(z, HIGH)}" for z in range(-4, 5)]
        + [f"M{place(-END, y)}L{place(END, y)}" for y in range(-1, 4)]
    )
    axes = f"M{place(-END, 0)}L{place(END, 0)}M{place(0, LOW)}L{place(0, HIGH)}"
    low, high = (short(v) for v in known.value_range)
    alt = f"{title(name)} from z = −5 to 5: its values lie between {low} and {high}."
    return (
        f'<svg viewBox="0 0 {size}" role="img" aria-label="{html.escape(alt)}">'
        f'<path class="grid" d="{grid}"/><path class="axes" d="{axes}"/>'
        f'<path class="slope" d="{path(known.prime, ends)}"/>'
        f'<path class="value" d="{path(known.value, ends)}"/></svg>'
    )


def title(name):
    """Return the name that people say."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def short(number, digits=4):
    """Write a number in a few digits, with a proper minus sign."""
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    return f"{number:.{digits}g}".replace("-", "−")


def formulas(known):
    """Return g and g′ as MathML; the slope is compared with the derivative first."""
    derive(f"D({known.expression})\n= {known.slope}")  # raises where they differ
    slope = Setter().set(parse(known.slope))
    for digits, letter in CONSTANTS.items():
        slope = slope.replace(f"<mn>{digits}</mn>", f"<mi>{letter}</mi>")
    whole = mathml("g^\\prime (z) = 0").replace("<mn>0</mn>", slope)
    return mathml(f"g(z) = {known.latex}"), whole


def steepest(known, slopes):
    """Say how large |g′| becomes, and where."""
    largest = known.max_prime
    if math.isinf(largest.value):
        return "none: the slope has no bound"
    where = "on a whole stretch" if largest.at is None else "in the limit"
    if largest.at:
        where = "at z = " + ", ".join(short(z) for z in largest.at)
    return f"{short(max(largest.value, -slopes.min()))}, {where}"


def bent(known):
    """Say how large |g″| becomes beside the kinks, and where; it may have two sides itself."""
    jumps = [*corners(known)]
    to_right = np.sort([*Z[~np.isin(Z, jumps)], *np.nextafter(jumps, math.inf)])
    left, right = (one_sided_slopes(known.prime, z)[side] for side, z in enumerate((Z, to_right)))
    bends, z = np.abs([*left, *right]), np.array([*Z, *to_right])
    most = bends.max()
    if most < 1e-6:
        return "0: straight pieces"
    at = z[bends > most * (1 - 1e-7)].round(2)
    if at.max() - at.min() > 2 * np.abs(at).min() + 0.02:
        return short(most, 3)
    sign = "±" if at.min() < 0 < at.max() else "−" if at.max() < 0 else ""
    return f"{short(most, 3)} at z = {sign}{short(np.abs(at).max(), 3)}"


def kinks(known):
    """Say where the slope jumps, and from what to what."""
    said = [
        f"z = {short(k)}, from {short(a)} to {short(b)}" for k, (a, b) in corners(known).items()
    ]
    other = " for other parameters" if known.kinks and known.parameter else ""
    return "; ".join(said) or (f"none; at z = {short(known.kinks[0])}{other}" if other else "none")


def source(known):
    """Return the reference of the kernel's docstring, and its one-line summary."""
    doc = inspect.getdoc(known.value)
    found = re.search(r"References\n-+\n(.*?)\n\n", doc, re.S)
    return " ".join(found[1].split()), doc.partition("\n")[0]


def card(name, known, slopes):
    """Return all that is said of an activation, as HTML."""
    (where, summary), (g, prime) = source(known), formulas(known)
    low, high = (short(v) for v in known.value_range)
    facts = {"range": f"{low} to {high}", "kinks": kinks(known)}
    if known.parameter:
        facts["parameter"] = (
            f"{known.parameter.symbol} = {known.parameter.default:g} in the picture"
        )
    facts |= {"Lipschitz constant": steepest(known, slopes), "curvature": bent(known)}
    facts |= {"gain": f"{moments(name).gain:.3f}", "used": known.used, "source": where}
    rows = "".join(f"<dt>{key}</dt><dd>{html.escape(text)}</dd>" for key, text in facts.items())
    return (
        f'<section class="activation" id="{name.replace("_", "-")}"><h3>{title(name)}</h3>'
        f"<p>{html.escape(summary)}</p>{picture(name, known)}"
        f'<div class="formula">{g}</div><div class="formula">{prime}</div>'
        f"<dl>{rows}</dl><code>{name}</code></section>"
    )


def page():
    """Return the page as Markdown."""
    cards = {heading: [] for heading in GROUPS}
    for name, known in ACTIVATIONS.items():
        slopes = known.prime(Z)
        group = next(heading for heading, holds in GROUPS.items() if holds(known, slopes))
        cards[group].append(card(name, known, slopes))
    parts = [OPENING]
    for heading, found in cards.items():
        grid = f'<div class="gallery">\n{"".join(found)}\n</div>'
        parts.append(f"## {heading}\n\n```{{raw}} html\n{grid}\n```")
    return "\n\n".join([*parts, CLOSING])
