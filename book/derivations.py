"""Derivations that move: the part that changes is marked in both lines, and the new line grows.

What is stored of a checked derivation is its text; its lines are read again, each is compared with
the one above (`growth`), and every part says which part of the line above it
was (`data-was`) and of the line below it will be (`data-will`): c… changed, k… is kept, m… moved.
Beside them stands their curve (`curves`).
"""

import html
import re

from book.curves import beside
from helpers.derivation import (
    GREEK,
    RESERVED,
    Func,
    Neg,
    NotationError,
    Op,
    Setter,
    children,
    growth,
    own_nodes,
    parse,
    spoken,
)
from helpers.language import gettext

CHECKED = re.compile(r"^\d+ [^\d:=]+: .*", re.M)  # in any language: "2 steps checked: …"
LETTER = re.compile(r"[^\W\d]\w*")
GIVEN = re.compile(r"(with|and) (\w+) = (.*)")
EXP = re.compile(r"\bexp\(([^()]*)\)")
POWER = re.compile(r"(\w+)\^(?:\(([^()]*)\)|(-?\w+))")


def moving(text: str, source: str, fragments: bool = False) -> str | None:
    """Return a stored derivation as HTML, a list of steps; None for what is none.

    Parameters
    ----------
    text : str
        What `derive` prints: lines, reasons after ``#``, letters, a sentence on the check.
    source : str
        The cell that called it, which may name another variable than z.
    fragments : bool
        Whether the steps after the first come one by one.
    """
    checked = CHECKED.search(text)
    if not checked:
        return None
    named = re.search(r'variable="(\w+)"', source)
    variable = named[1] if named else "z"
    rows = text[: checked.start()].rstrip().split("\n")
    lines = [row for row in rows if row.startswith(("  ", "= "))]
    given = rows[len(lines) :]
    steps = [line.partition("   # ") for line in lines]
    letters = set(LETTER.findall("\n".join([*(step for step, *_ in steps), *given]))) - RESERVED
    try:
        trees = [own_nodes(parse(step[2:].strip(), letters=letters)) for step, *_ in steps]
    except NotationError:
        return None
    items = [
        _item(k, math, reason, spoken(tree, variable), fragments)
        for k, (math, tree, (_, _, reason)) in enumerate(
            zip(_marked(trees, variable), trees, steps, strict=True)
        )
    ]
    two = any(sum(isinstance(node, Neg) for node in _in_line(tree)) > 1 for tree in trees)
    told = " ".join(_given(row, letters, variable) for row in given)
    notes = f"<p>{told}</p>" * bool(told) + f"<p>{_words(checked[0])}</p>"
    kind = "steps signs" if two else "steps"
    picture = beside(trees, given, variable)
    lines = f'<div><ol class="{kind}">{"".join(items)}</ol>{notes}</div>'
    return f'<div class="derivation">{lines}{picture}</div>'


def _item(number, math, reason, words, fragments):
    sign = "<mo>=</mo>" if number else ""
    kind = ' class="fragment" aria-hidden="true"' if fragments and number else ""
    said = (gettext("equals {words}", words=words) if number else words).rstrip(",")
    said += f"; {reason}" if reason else ""
    return (
        f'<li{kind} data-speech="{html.escape(said)}">'
        f'<math displaystyle="true"><mrow>{sign}{math}</mrow></math>'
        f'<span class="reason">{_words(reason)}</span></li>'
    )


def _given(row, letters, variable):
    """Return what a letter stands for as HTML, typeset; other words as they are."""
    found = GIVEN.fullmatch(row)
    if not found:
        named = re.sub(r"[a-z]+", lambda word: GREEK.get(word[0], word[0]), row)
        return _words(named.replace("<=", "≤").replace(">=", "≥"))
    setter = Setter(variable=variable, marks={})
    sides = (setter.set(own_nodes(parse(side, letters=letters))) for side in found.groups()[1:])
    return f"{found[1]} <math><mrow>{'<mo>=</mo>'.join(sides)}</mrow></math>"


def _words(text):
    """Return words as HTML, their powers set."""
    powers = EXP.sub(r"e<sup>\1</sup>", html.escape(text))
    return POWER.sub(r"\1<sup>\2\3</sup>", powers).replace("-", "−")


def _in_line(tree):
    """Yield the nodes of a tree that do not stand in an exponent."""
    yield tree
    power = isinstance(tree, Op) and tree.op == "^"
    for child in (
        () if isinstance(tree, Func) and tree.name == "exp" else children(tree)[: 1 + (not power)]
    ):
        yield from _in_line(child)


def _marked(trees, variable):
    """Return the formula of each line, its parts marked."""
    marks = [{} for _ in trees]
    for k in range(len(trees) - 1):
        found = growth(trees[k], trees[k + 1])
        whole = any(part is trees[k] for old, _ in found.changed for part in old)
        pairs = [("c", old, new) for old, new in found.changed] if not whole else []
        pairs += [("k", [old], [new]) for old, new in found.kept]
        pairs += [("m", [old], [new]) for old, new in found.moved]
        for number, (kind, old, new) in enumerate(pairs):
            for word, side, parts in (("will", k, old), ("was", k + 1, new)):
                for part in parts:
                    node, sign = part if isinstance(part, tuple) else (part, "")
                    own = marks[side].setdefault((id(node), bool(sign)), {})
                    own[word] = f"{own.get(word, '')} {kind}{number}".strip()
    return [
        Setter(variable=variable, marks=own).set(tree)
        for own, tree in zip(marks, trees, strict=True)
    ]
