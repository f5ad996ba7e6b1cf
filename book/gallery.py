"""The gallery: a page with a card for each activation of the tables, all of it from the tables.

Formula and slope are typeset from the notation, the picture is drawn from the kernels, what is
measured (gain, Lipschitz constant, curvature) is measured when the page is built.
"""

import html
import inspect
import math
import re

import numpy as np

from book.gallery_pictures import anchor, corners, height_map, picture, short, sides, tile
from book.libraries import NAMES, differences, others
from helpers.activations import ACTIVATIONS, TWO_INPUTS, one_sided_slopes
from helpers.derivation import Setter, array_values, derive, differentiate, mathml, parse
from helpers.workbench import moments

OPENING = """---
html_theme.sidebar_secondary.remove: true
---

# Gallery of activations

{count} activations and their slopes, on one scale: a step to the right is as long as a step up, so
that a slope looks as steep as it is. <span class="value">The value g is solid</span>,
<span class="slope">the slope g′ dashed</span>. A filled dot is the value that counts, an open one
the value from the other side.
"""
READING = """## What the cards say

Each slope was compared with the derivative of its formula when this page was built, line by line as
in the lessons; each kernel keeps its digits as its docstring promises. step(z) is 1 right of 0 and
0 left of it. At a kink the course takes the left slope; where g itself jumps there is a slope from
one side alone, and that one is taken.

| | |
|---|---|
| Lipschitz constant | the largest \\|g′\\|: by no more is any difference of inputs stretched |
| curvature | the largest \\|g″\\| beside kinks and jumps, and where; of g(u, v): in any direction |
| gain | 1/√E[g′²] for z ~ N(0, 1): weights with this standard deviation times 1/√n keep δ level |
| shape | odd: g(−z) = −g(z); convex: the slope never falls |
| called | the name in PyTorch (`torch.nn`), JAX (`jax.nn`), Keras and ONNX |
"""
GROUPS = {  # in this order; a card stands in the first whose test holds
    "With a jump": lambda known, slopes: bool(known.jumps),
    "Between two bounds": lambda known, slopes: np.isfinite(known.value_range).all(),
    "With a dip": lambda known, slopes: slopes.min() < 0,
    "With a corner": lambda known, slopes: bool(corners(known)),
    "Without a corner": lambda known, slopes: True,
}
ORDER = ["With a dip", "With a corner", "Without a corner", "Between two bounds", "With a jump"]
TITLES = {
    **{"tanh": "tanh", "relu": "ReLU", "leaky_relu": "Leaky ReLU", "elu": "ELU", "selu": "SELU"},
    **{"relu6": "ReLU6", "hardtanh": "Hard tanh", "hardsigmoid": "Hard sigmoid", "celu": "CELU"},
    **{"hardswish": "Hard Swish", "softshrink": "Soft shrinkage", "hardshrink": "Hard shrinkage"},
    **{"thresholded_relu": "Thresholded ReLU", "logsigmoid": "Log-sigmoid", "silu": "SiLU"},
    **{"tanhshrink": "Tanh shrinkage", "relu_squared": "Squared ReLU", "gelu": "GELU"},
    **{"gelu_tanh": "GELU, tanh form", "glu": "GLU", "reglu": "ReGLU", "geglu": "GEGLU"},
    "swiglu": "SwiGLU",
}
MEASURED = "Lipschitz constant", "curvature", "gain"
CONSTANTS = {"1.0507009873554805": "λ", "1.6732632423543772": "α"}  # of SELU
ABBREVIATED = {
    "gelu_tanh": {"t": "tanh(sqrt(2/pi)*(z + 0.044715*z^3))"},
    "mish": {"t": "tanh(softplus(z))"},
}
Z = np.linspace(-30, 30, 60_001)


def title(name):
    """Return the name that people say."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


# --- What is typeset and measured ---------------------------------------------------------------


def formulas(name, expression, latex, slopes, left="g(z)"):
    """Return g and its slopes as MathML; each is compared with the derivative first.

    ``slopes`` is {variable: (what stands left of the sign, the slope in the notation)}.
    """
    letters = ABBREVIATED.get(name, {})
    written = [mathml(f"{left} = {latex}")]
    for variable, (symbol, slope) in slopes.items():
        for letter, meant in letters.items():
            slope = slope.replace(meant, letter)
        derive(f"D({expression})\n= {slope}", variable=variable, where=letters)  # raises if unequal
        written.append(equation(symbol, slope))
    return written + [equation(f"\\text{{with }} {x}", meant) for x, meant in letters.items()]


def equation(left, right):
    """Return an equation as MathML; its right side is in the notation."""
    typeset = Setter().set(parse(right))
    for digits, letter in CONSTANTS.items():
        typeset = typeset.replace(f"<mn>{digits}</mn>", f"<mi>{letter}</mi>")
    whole = mathml(f"{left} = 0").replace("<mn>0</mn>", typeset)
    prime = "<mrow><mi>g</mi><mo lspace='0' rspace='0'>′</mo></mrow>"  # raised in itself
    return whole.replace("<msup><mi>g</mi><mo>′</mo></msup>", prime)


def shape(known, slopes):
    """Say where g falls, whether it is odd, bounded and convex: what is seen on a grid."""
    said, g = [], known.value(Z)
    if np.array_equal(g, -known.value(-Z)):
        said.append("odd")
    if slopes.min() >= 0:
        said.append("never falls")
    else:
        said.append(f"falls up to z = {short(Z[np.argmin(g)], 3)}, then never")
    if np.isfinite(known.value_range).all():
        said.append("bounded")
    if np.all(np.diff(slopes) >= -1e-12) and not known.jumps:
        said.append("convex")
    return ", ".join(said)


def steepest(known, slopes):
    """Say how large |g′| becomes, and where."""
    if known.jumps:
        return "none: g jumps"
    largest = known.max_prime
    if math.isinf(largest.value):
        return "none: the slope has no bound"
    where = "on a whole stretch" if largest.at is None else "in the limit"
    if largest.at:
        where = "at z = " + ", ".join(short(z) for z in largest.at)
        where += f" + {short(known.period)} k" if known.period else ""
    return f"{short(max(largest.value, -slopes.min()))}, {where}"


def bent(known):
    """Say how large |g″| becomes beside the kinks, and where; it may have two sides itself."""
    jumps = [*corners(known)]
    to_right = np.sort([*Z[~np.isin(Z, jumps)], *np.nextafter(jumps, math.inf)])
    to_left = np.sort([*Z[~np.isin(Z, jumps)], *np.nextafter(jumps, -math.inf)])
    left = one_sided_slopes(known.prime, to_left)[0]
    right = one_sided_slopes(known.prime, to_right)[1]
    bends, z = np.abs([*left, *right]), np.array([*to_left, *to_right])
    most = bends.max()
    if most < 1e-6:
        return "0: straight pieces"
    at = z[bends > most * (1 - 1e-7)].round(2)
    if known.period:
        return f"{short(most, 3)} at z = {short(np.abs(at).min(), 3)} + {short(known.period / 2)} k"
    if at.max() - at.min() > 2 * np.abs(at).min() + 0.02:
        return short(most, 3)
    sign = "±" if at.min() < 0 < at.max() else "−" if at.max() < 0 else ""
    return f"{short(most, 3)} at z = {sign}{short(np.abs(at).max(), 3)}"


def bent_in_two(known):
    """Say how large the second slope in any direction becomes beside the kinks."""
    found = []
    for reach in (10.0, 100.0):
        u, v = np.meshgrid(np.linspace(-reach, reach, 400), np.linspace(-6, 6, 1200))
        second = [
            np.broadcast_to(array_values(differentiate(parse(slope), x), {"u": u, "v": v}), u.shape)
            for slope in known.slopes_written
            for x in "uv"
        ]
        both = np.moveaxis(np.reshape(second, (2, 2, *u.shape)), (0, 1), (2, 3))
        found.append(np.abs(np.linalg.eigvalsh(both)).max())
    if found[1] > 2 * found[0]:
        return "none: it grows with u"
    return f"{short(found[1], 3)}, beside the kink" if found[1] else "0: flat pieces"


def breaks(places, f):
    """Say from what to what f goes at places."""
    both = {k: sides(f, k) for k in places}
    return "; ".join(f"z = {short(k)}, from {short(a)} to {short(b)}" for k, (a, b) in both.items())


def kinks(known):
    """Say where the slope jumps, and from what to what."""
    said = breaks(corners(known), known.prime)
    other = " for other parameters" if known.kinks and known.parameter else ""
    return said or (f"none; at z = {short(known.kinks[0])}{other}" if other else "none")


def finding(name, known, slopes):
    """Return what the picture shows, in a sentence: its text for those who cannot see it."""
    low, high = known.value_range
    up = f"to {short(high)}" if math.isfinite(high) else "without bound"
    if slopes.min() < 0:
        lowest = short(Z[np.argmin(known.value(Z))], 3)
        rise = f"falls to {short(low)} at z = {lowest}, then rises {up}"
    else:
        rise = f"rises from {short(low)} {up}"
    most = "" if known.jumps else f"; its steepest slope is {steepest(known, slopes)}"
    broken = breaks(known.jumps, known.value)
    jump = f"; it jumps at {broken}" if broken else ""
    bend = f"; its slope jumps at {kinks(known)}" if corners(known) and not known.jumps else ""
    return f"{title(name)} {rise}{most}{jump}{bend}."


def source(known):
    """Return the reference of the kernel's docstring, and its one-line summary."""
    doc = inspect.getdoc(known.value)
    found = re.search(r"References\n-+\n(.*?)\n\n", doc, re.S)
    return " ".join(found[1].split()), doc.partition("\n")[0]


# --- Cards --------------------------------------------------------------------------------------


def linked(text):
    """Return a text as HTML, with each arXiv number a link."""
    link = r'<a href="https://arxiv.org/abs/\1">arXiv:\1</a>'
    return re.sub(r"arXiv:(\d{4}\.\d{4,5})", link, html.escape(text))


def measured(key, text):
    """Return what was measured: the number large, the place small."""
    number, rest = re.fullmatch(r"(none|[\d.∞−]+)(?:[,:])?( .*)?", text).groups("")
    return f"<div><dt>{key}</dt><dd><b>{number}</b>{html.escape(rest)}</dd></div>"


def card(name, summary, drawn, written, facts, known, where):
    """Return a card as HTML."""
    numbers = "".join(measured(key, facts.pop(key)) for key in MEASURED if key in facts)
    rows = "".join(f"<dt>{key}</dt><dd>{html.escape(text)}</dd>" for key, text in facts.items())
    called = NAMES.get(name, {}).items()
    names = "".join(f"<span>{library} <code>{theirs}</code></span> " for library, theirs in called)
    rows += f'<dt>called</dt><dd class="called">{names}</dd>' if names else ""
    formulas = "".join(f'<div class="formula">{formula}</div>' for formula in written)
    seen = f' <span class="cited">{linked(known.seen_in)}</span>' if known.seen_in else ""
    return (
        f'<section class="activation" id="{anchor(name)}"><header><h3>{title(name)}'
        f'<a class="headerlink" href="#{anchor(name)}" title="Link to {title(name)}">#</a></h3>'
        f"<code>{name}</code></header><p>{html.escape(summary)}</p>{drawn}{formulas}"
        f'<dl class="measured">{numbers}</dl><dl>{rows}</dl>'
        f'<dl class="sources"><dt>used</dt><dd>{html.escape(known.used)}{seen}</dd>'
        f'<dt>source</dt><dd class="cited">{linked(where)}</dd></dl></section>'
    )


def of_one_input(name, known, slopes):
    """Return the card of an activation of one input."""
    where, summary = source(known)
    low, high = (short(v) for v in known.value_range)
    facts = {"shape": shape(known, slopes), "range": f"{low} to {high}", "kinks": kinks(known)}
    if known.jumps:
        facts["kinks"] = f"its slope: {facts['kinks']}"
        facts["jumps"] = breaks(known.jumps, known.value)
    if known.parameter:
        p = known.parameter
        facts["parameter"] = f"{p.symbol} = {p.default:g} here"
    facts |= {"Lipschitz constant": steepest(known, slopes), "curvature": bent(known)}
    facts |= {"gain": f"{moments(name).gain:.3f}"}
    written = formulas(name, known.expression, known.latex, {"z": (r"g^\prime (z)", known.slope)})
    drawn = picture(name, known, finding(name, known, slopes))
    return card(name, summary, drawn, written, facts, known, where)


def of_two_inputs(name, known):
    """Return the card of an activation of two inputs."""
    steep = [np.hypot(*known.slopes(r, r)) for r in (10.0, 100.0)]
    bound = "none: one slope grows with the other input" if steep[1] > steep[0] else short(steep[1])
    low, high = (known.value(u, 2.0) for u in (-3.0, 3.0))
    edges = {"step(v)": "v = 0", "step(u - v)": "u = v"}
    found = [where for text, where in edges.items() if text in "".join(known.slopes_written)]
    facts = {
        "range": "−∞ to ∞",
        "kinks": found[0] if found else "none",
        "Lipschitz constant": bound,
        "curvature": bent_in_two(known),
    }
    alt = (
        f"{title(name)} as a map: lines of equal height, at v = 2 from {short(low, 3)} for u = −3 "
        f"to {short(high, 3)} for u = 3; {'it bends at ' + found[0] if found else 'no kinks'}."
    )
    slopes = dict(zip("uv", known.slopes_written, strict=True))
    signs = {x: (rf"\frac{{\partial g}}{{\partial {x}}}", slope) for x, slope in slopes.items()}
    written = formulas(name, known.expression, known.latex, signs, "g(u, v)")
    return card(
        name, known.summary, height_map(name, known, alt), written, facts, known, known.source
    )


FILTER = """<div class="find"><label>Find <input type="search" data-find=".activation"
placeholder="gelu, yolo, odd, Shazeer …" aria-describedby="found"></label>
<output id="found"></output>
<label hidden>At z = <output id="at">0.0</output><input type="range" min="-4.9" max="4.9" step="0.1"
value="0" data-at="svg[data-paper]" aria-label="z, in all pictures"></label></div>"""


def page():
    """Return the page as Markdown."""
    cards = {heading: [] for heading in GROUPS}
    for name, known in ACTIVATIONS.items():
        slopes = known.prime(Z)
        group = next(heading for heading, holds in GROUPS.items() if holds(known, slopes))
        cards[group].append((name, of_one_input(name, known, slopes)))
    cards = {heading: cards[heading] for heading in ORDER}
    cards["Of two inputs"] = [(n, of_two_inputs(n, known)) for n, known in TWO_INPUTS.items()]
    tiles = [tile(n, title(n), anchor(n)) for found in cards.values() for n, _ in found]
    sheet = f'<nav class="sheet" aria-label="All activations">{"".join(tiles)}</nav>'
    parts = [OPENING.format(count=len(tiles)), raw(f"{FILTER}{sheet}")]
    for heading, found in cards.items():
        grid = f'<div class="gallery">{"".join(text for _, text in found)}</div>'
        parts.append(f"## {heading}\n\n{raw(grid)}")
    return "\n\n".join([*parts, READING, differences(title), others()])


def raw(text):
    """Return HTML as MyST lets it through."""
    return f"```{{raw}} html\n{text}\n```"
