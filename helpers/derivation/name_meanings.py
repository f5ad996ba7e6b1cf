"""Find out what the names of a derivation stand for, from how they are used in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from helpers.derivation.learner_names import Names, differential
from helpers.derivation.learner_tokens import DIFFERENTIALS
from helpers.derivation.rows import RawStatement
from helpers.derivation.tokens import Token
from helpers.derivation.vocabulary import ALIASES, CONSTANTS

__all__ = ["left_name", "meaning"]


def left_name(found: list[Token]) -> str:
    """The name that a side consists of: `y`, `f(x)`, or ""."""
    texts = [token.text for token in found[:-1]]
    if not found or found[0].kind != "name" or re.fullmatch(r"D(_\w+)?|d", found[0].text):
        return ""
    if len(texts) == 1:
        return texts[0]
    if len(texts) == 4 and texts[1] in "([" and found[2].kind == "name":
        return texts[0]
    return ""


@dataclass
class _Evidence:
    """What the text shows about its names."""

    by: Counter = field(default_factory=Counter)
    arguments: Counter = field(default_factory=Counter)
    derived: Counter = field(default_factory=Counter)
    applied: set = field(default_factory=set)
    seen: Counter = field(default_factory=Counter)
    bare: set = field(default_factory=set)
    leading: set = field(default_factory=set)
    defined: dict = field(default_factory=dict)


def _gather(raw: list[RawStatement], streams: list[list[list[Token]]]) -> _Evidence:
    found = _Evidence()
    for statement, sides in zip(raw, streams, strict=True):
        for stream in sides:
            _look(stream, found)
        if len(sides) > 1 and not statement.continues:
            found.leading |= _only_names(sides[0])
        if len(sides) > 1 and not statement.continues and (name := left_name(sides[0])):
            right = {token.text for token in sides[1]}
            if name not in right:
                found.defined.setdefault(name, statement)
    return found


def _only_names(stream: list[Token]) -> set[str]:
    """The names of a side that is no more than `y'`, `dy/dx`, `d/dx f(x)`; else none."""
    allowed = {"/", "'", "(", ")", "{", "}", "[", "]", "frac", ""}
    words = [t.text for t in stream if t.kind == "name"]
    if any(t.kind != "name" and t.text not in allowed for t in stream) or len(words) > 6:
        return set()
    return {*words, *(w[1:] for w in words if w[0] in DIFFERENTIALS)}


def _look(stream: list[Token], found: _Evidence) -> None:
    skip: set[int] = set()
    for place in range(len(stream) - 1):
        before = stream[place - 1].text if place else ""
        if before in ("/", "{") and (place > 1 or before == "{"):
            pair = differential(stream, place)
            after_d = before == "/" or (place > 1 and stream[place - 2].text == "}")
            if pair and after_d and _d_above(stream, place):
                found.by[pair[0]] += 1
                skip |= {*range(place, pair[1])}
    for place, token in enumerate(stream[:-1]):
        if token.kind != "name" or place in skip:
            continue
        text, after = token.text, stream[place + 1]
        if text in ("if", "else", "otherwise", "for", "when", "where", "and", "elif"):
            continue
        if text == "D" or text in DIFFERENTIALS:
            continue
        if text.startswith("D_"):
            found.by[text[2:]] += 1
            continue
        if text[0] in DIFFERENTIALS and len(text) > 1 and _is_numerator(stream, place):
            found.derived[text[1:].lstrip("_")] += 1
            text = text[1:].lstrip("_")
        elif place and stream[place - 1].text in DIFFERENTIALS and _is_numerator(stream, place - 1):
            found.derived[text] += 1
        if after.text == "'":
            found.derived[text] += 1
        at = place + 1
        while stream[at].text == "'":
            at += 1
        opens = stream[at].text in ("(", "[") and stream[at + 1].kind == "name"
        if opens and stream[min(at + 2, len(stream) - 1)].text in (")", "]"):
            found.arguments[stream[at + 1].text] += 1
            found.applied.add(text)
        touching = stream[at].text in ("(", "[", "{") or stream[at].kind in ("name", "number")
        if not touching and not (stream[at].text == "^" and _argument_after_power(stream, at)):
            found.bare.add(text)
        found.seen[text] += 1


def _argument_after_power(stream: list[Token], at: int) -> bool:
    """`tanh^2 x`, `cosh^{2}(x)`: does an argument follow the exponent?"""
    at += 1
    if stream[at].text in ("{", "("):
        while stream[at].text not in ("}", ")") and at < len(stream) - 1:
            at += 1
    at += 1
    return at < len(stream) and (
        stream[at].text in ("(", "[", "{") or stream[at].kind in ("name", "number")
    )


def _d_above(stream: list[Token], place: int) -> bool:
    """Is there a d above the fraction bar before this `dx`?"""
    return any(
        t.kind == "name" and t.text[0] in DIFFERENTIALS for t in stream[max(0, place - 60) : place]
    )


def _is_numerator(stream: list[Token], place: int) -> bool:
    """Does a `/dx` or `}{dx` follow?"""
    depth = 0
    for at in range(place + 1, len(stream) - 1):
        text = stream[at].text
        if text in ("(", "["):
            depth += 1
        elif text in (")", "]"):
            depth -= 1
        if depth < 0:
            return False
        if depth == 0 and text in ("/", "}"):
            at += 1 if text == "/" else 2
            return at < len(stream) - 1 and differential(stream, at) is not None
        if depth == 0 and text in ("+", "-", "*", ","):
            return False
    return False


def meaning(
    raw: list[RawStatement],
    streams: list[list[list[Token]]],
    variable: str,
    letters: set[str],
    parameters: set[str],
    not_functions: set[str],
    redefined: set[str],
    titles: set[str],
) -> tuple[Names, set[str]]:
    """Decide what each name stands for, from how it is used, and which are the function itself."""
    found = _gather(raw, streams)
    base = Names(
        variable, variable, frozenset(letters | parameters), not_functions=frozenset(not_functions)
    )

    def plain(name: str) -> str:
        return ALIASES.get(name, name)

    def unknown(name: str) -> bool:
        stem, _, index = name.partition("_")
        lost_power = index.isdigit() and base.knows(stem)
        return not base.knows(name) and plain(name) not in CONSTANTS and not lost_power

    seen = {plain(name) for name in found.seen} | {plain(name) for name in found.by}
    own_variable = variable
    if variable not in seen:
        own_variable = _likely_variable(found, unknown) or variable
    base = replace(base, own_variable=own_variable)
    own: dict[str, str] = {}
    objects: set[str] = set()
    for name in found.defined:
        if plain(name) in redefined:
            own[name] = _tree_name(name, {**{n: n for n in letters}, **own})
    for name in found.defined:
        if unknown(name) and name != own_variable and plain(name) not in own.values():
            own[name] = _tree_name(name, own)
    for name in found.derived:
        if name and unknown(name) and name != own_variable and name not in own:
            if len(name) > 1 and _splits(name, base, found):
                continue
            explained = {*found.defined} & {*found.derived}
            if not explained and (name in found.leading or len(found.derived) == 1):
                own[name] = _tree_name(name, own)
                objects.add(name)
    for name in found.applied:
        head = unknown(name) and name != own_variable and name not in own
        head = head and (len(name) > 1 or found.arguments[own_variable] > 0)
        head = head and name not in found.by and name not in found.derived
        head = head and (len(name) == 1 or name in found.leading or name.lower() in titles)
        if head and not _splits(name, base, found):
            own[name] = _tree_name(name, own)
            objects.add(name)
    lonely = [
        name
        for name in found.seen
        if unknown(name) and name not in own and name != own_variable and len(name) == 1
    ]
    missing = [name for name in sorted(parameters) if name not in seen and name != variable]
    renamed = {}
    if len(lonely) == 1 == len(missing):
        renamed[lonely[0]] = missing[0]
    capital = {name: twin for name in lonely for twin in letters if twin.lower() == name.lower()}
    renamed |= capital
    names = replace(
        base,
        own=own,
        renamed=renamed,
        applied=frozenset(found.applied),
        bare=frozenset(found.bare),
        unknown={},
    )
    return names, objects


def _splits(name: str, base: Names, found: _Evidence) -> bool:
    """Is it a product such as `tb` of letters that stand alone elsewhere?"""
    return len(name) > 1 and all(
        base.knows(c) or c in found.seen or c in found.defined for c in name
    )


def _likely_variable(found: _Evidence, unknown: Callable[[str], bool]) -> str:
    """The letter that is differentiated by, or the argument of functions, or the one unknown."""
    free_by = Counter({n: c for n, c in found.by.items() if n not in found.defined and unknown(n)})
    if len(free_by) > 1:
        inside = [n for n in free_by if n in found.arguments or n in found.seen]
        free_by = Counter({n: free_by[n] for n in inside}) or free_by
    arguments = Counter(
        {n: c for n, c in found.arguments.items() if n not in found.defined and unknown(n)}
    )
    defined_by = Counter({n: c for n, c in found.by.items() if unknown(n)})
    for pool in (free_by, arguments, defined_by):
        if pool:
            return max(pool, key=lambda n: (pool[n], found.seen[n]))
    others = Counter(
        {
            n: c
            for n, c in found.seen.items()
            if unknown(n) and n not in found.defined and n not in found.derived
        }
    )
    single = Counter({n: c for n, c in others.items() if len(n) == 1})
    usual = [n for n in "xyzt" if n in single]
    if usual:
        return usual[0]
    for pool in (single, others):
        if pool:
            return pool.most_common(1)[0][0]
    return ""


def _tree_name(name: str, own: Mapping[str, str]) -> str:
    """A letter for the tree: ASCII, and different from every other."""
    plain = ALIASES.get(name, name)
    plain = plain if re.fullmatch(r"[A-Za-z]+(_?[A-Za-z0-9]+)?", plain) else "own"
    while plain in own.values():
        plain += "0"
    return plain
