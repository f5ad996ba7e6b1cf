"""The table of notation: a page made from the vocabulary, so that it says what is understood."""

import re

from helpers.derivation import CONSTANTS, FUNCTIONS, GREEK, Setter, parse

OPENING = """# Notation

What may be written in a derivation, and how it is set and read aloud. Numbers, letters, the signs
`+ - * / ^` and brackets are as everywhere; `2z` and `(1 + z)(1 - z)` are products. Learners may
write LaTeX and Unicode as well. D(…) is the derivative by z; u is the argument of a function, v
its second one.

| is set | is written | read aloud | its slope | where |
|---|---|---|---|---|
"""
LETTERS = """
## Letters

| letter | is written | stands for, in this course |
|---|---|---|
"""
MEANT = {
    "z": "pre-activation: what arrives at a unit, a weighted sum plus a bias",
    "g": "activation function, or its value g(z); g′ is its slope",
    "h": "activation of a unit or layer, g(z)",
    "w": "weight",
    "b": "bias",
    "t": "tanh z, where g would be taken for the sigmoid",
    "alpha": "slope of a Leaky ReLU left of 0; limit of ELU on the left",
    "beta": "steepness of Swish and softplus",
    "delta": "∂L/∂z: the message that comes back to a pre-activation",
}


def page() -> str:
    """Return the page as Markdown."""
    rows = [_row(name) for name in FUNCTIONS]
    letters = [f"| {_set(name)} | `{name}` | {text} |" for name, text in MEANT.items()]
    greek = ", ".join(f"`{name}` {letter}" for name, letter in GREEK.items())
    constants = " and ".join(f"`{name}`" for name in CONSTANTS)
    ends = f"\nConstants are {constants}. All Greek letters: {greek}.\n"
    return OPENING + "\n".join(rows) + "\n" + LETTERS + "\n".join(letters) + "\n" + ends


def _row(name: str) -> str:
    known = FUNCTIONS[name]
    arguments = "u" if known.arguments == 1 else "u, v"
    slope = _set(known.slope)
    if known.slope_by_v:
        slope += f" by u, {_set(known.slope_by_v)} by v"
    if known.kink and known.kink[0] != known.kink[1]:
        slope += "; left and right of 0: " + ", ".join(f"{side:g}" for side in known.kink)
    written = [f"`{each}({arguments})`" for each in (name, *known.aliases)]
    where = _where(known.domain) if known.domain else "everywhere"
    return (
        f"| {_set(f'{name}({arguments})')} | {', '.join(written)} "
        f"| {known.spoken} {arguments.replace(', ', ' and ')} | {slope} | {where} |"
    )


def _where(domain: str) -> str:
    left, sign, right = re.split(r" (>=|>|!=) ", domain)
    return f"{_set(left)} {dict(zip(('>=', '>', '!='), '≥>≠', strict=True))[sign]} {right}"


def _set(text: str) -> str:
    tree = parse(text, letters=("u", "v", *MEANT))
    formula = Setter(variable="u").set(tree).replace("|", "&#124;")  # a cell of a table ends with |
    return f'<math displaystyle="true">{formula}</math>'
