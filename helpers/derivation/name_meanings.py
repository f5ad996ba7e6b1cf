"""Find out what the names of a derivation stand for, from how they are used in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from helpers.derivation.learner_names import CASE_WORDS, DIFFERENTIALS, Names, differential
from helpers.derivation.rows import RawStatement
from helpers.derivation.tokens import Token
from helpers.derivation.vocabulary import ALIASES, CONSTANTS


def _left_name(found: list[Token]) -> str:
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
    bound: set = field(default_factory=set)  # as h in lim h → 0
    plain: set = field(default_factory=set)  # without primes somewhere
    twice: set = field(default_factory=set)  # f of f''
    together: list = field(default_factory=list)  # the letters of each side
    inner: dict = field(default_factory=dict)  # f of `f(u) = …` -> u


def _gather(raw: list[RawStatement], streams: list[list[list[Token]]]) -> _Evidence:
    found = _Evidence()
    for statement, sides in zip(raw, streams, strict=True):
        for stream in sides:
            _look(stream, found)
            words = [t.text for t in stream if t.kind == "name"]
            found.together.append({c for w in words for c in (w if len(w) == 2 else [w])})
        if len(sides) > 1 and not statement.continues:
            found.leading |= _only_names(sides[0])
        for name, place in defined_names(statement, sides).items():
            found.defined.setdefault(name, statement)
            if len(sides[place]) > 4:
                found.inner.setdefault(name, sides[place][2].text)
    return found


def defined_names(statement: RawStatement, sides: list[list[Token]]) -> dict[str, int]:
    """The names that a statement gives a meaning, and the sides where they stand.

    In `y = f(x) = 1/(1 + e^-x)` they are y and f.
    """
    if statement.continues or not sides or not _left_name(sides[0]):
        return {}
    places = {name: at for at, side in enumerate(sides[:-1]) if (name := _left_name(side))}
    for at, side in enumerate(sides):
        if at not in places.values():
            right = {token.text for token in side}
            return {name: place for name, place in places.items() if name not in right}
    return {}


_SLOPE_NAME = re.compile(
    r"(?:grad|gradient|deriv|derivative|slope|dydx|dy_dx|d[a-z]_?d[a-z]"
    r"|\w+_(?:prime|dash|grad|deriv|derivative|gradient))$"
)


def is_slope_name(name: str, defined: Collection[str], variable: str = "") -> bool:
    """Is it a program's name of a slope: `grad`, `dydx`, `ds` beside `s`, or `L_b` beside `L`?"""
    return bool(_SLOPE_NAME.match(name)) or slope_of(name, variable) in defined


def slope_of(name: str, variable: str) -> str:
    """Whose slope a name may be: `s` for `ds`, `L` for `L_b` where b is the variable; or ""."""
    stem, _, index = name.partition("_")
    if index and index == variable:
        return stem
    return name[1:] if name[0] == "d" else ""


def _only_names(stream: list[Token]) -> set[str]:
    """The names of a side that is no more than `y'`, `dy/dx`, `d/dx f(x)`; else none."""
    allowed = {"/", "'", "(", ")", "{", "}", "[", "]", "frac", ""}
    words = [t.text for t in stream if t.kind == "name"]
    if any(t.kind != "name" and t.text not in allowed for t in stream) or len(words) > 6:
        return set()
    return {*words, *(w[1:] for w in words if w[0] in DIFFERENTIALS)}


def _look(stream: list[Token], found: _Evidence) -> None:
    skip: set[int] = set()
    found.bound |= {token.text.split()[0] for token in stream if token.kind == "limit"}
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
        if text in (*CASE_WORDS, "and"):
            continue
        if text == "D" or text in DIFFERENTIALS or (text == "E" and after.text == "^"):
            continue
        if len(text) == 2 and text[0] in DIFFERENTIALS:  # dz
            found.seen[text[1]] += 1
        if text.startswith(("D_", "∂_")):
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
        if at > place + 2:
            found.twice.add(text)
        if at == place + 1:
            found.plain.add(text)
        opens = stream[at].text in ("(", "[") and stream[at + 1].kind == "name"
        if opens and stream[min(at + 2, len(stream) - 1)].text in (")", "]"):
            found.arguments[stream[at + 1].text] += 1
            found.applied.add(text)
        kinds = ("name", "number", "fraction")
        touching = stream[at].text in ("(", "[", "{") or stream[at].kind in kinds
        if not touching and not (stream[at].text == "^" and _argument_after_power(stream, at)):
            found.bare.add(text)
        found.seen[text] += 1
        if len(text) == 2 and text[0] == "e" and text.isalpha():  # e^x without its hat
            found.seen[text[1]] += 1


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


@dataclass(frozen=True)
class Meaning:
    """What the names of a text mean.

    objects : the names that stand for the exercise's function; slopes : for a slope, as `grad`.
    by : letters that something is differentiated by, and that may be the variable.
    """

    names: Names
    objects: frozenset[str]
    slopes: frozenset[str]
    by: frozenset[str] = frozenset()


def meaning(
    raw: list[RawStatement],
    streams: list[list[list[Token]]],
    base: Names,
    *,
    redefined: Collection[str] = (),
    titles: Collection[str] = (),
    preferred: str = "",
    assumed: Collection[str] = (),
    in_latex: bool = False,
) -> Meaning:
    """Decide what each name stands for, from how it is used.

    base : the exercise's variable and letters; preferred : the variable, if that is known;
    assumed : names of which somebody else knows what they mean.
    """
    meanings = _Meanings(raw, streams, base, {*redefined}, {*titles}, in_latex)
    letters = {letter: letter for letter in base.letters}
    meanings.own = {name: _tree_name(name, letters) for name in assumed}
    return meanings.all(preferred)


class _Meanings:
    def __init__(
        self,
        raw: list[RawStatement],
        streams: list[list[list[Token]]],
        base: Names,
        redefined: set[str],
        titles: set[str],
        in_latex: bool,
    ) -> None:
        self.base, self.redefined, self.titles = base, redefined, titles
        self.found = _gather(raw, streams)
        if in_latex and (cut := self.products()):
            self.base = replace(base, products=frozenset(cut))
            parted = [[_parted(stream, cut) for stream in sides] for sides in streams]
            self.found = _gather(raw, parted)
        self.own: dict[str, str] = {}
        self.objects: set[str] = set()

    def products(self) -> set[str]:
        """Names such as `Tz` that LaTeX sets as letters side by side."""
        found = self.found
        names = {n for n in found.seen if 1 < len(n) < 4 and n.isalpha() and n.isascii()}
        names -= {*found.applied, *found.defined, *found.derived, *found.by, *self.titles}
        return {n for n in names if not self.base.knows(n) and n not in _WORDS_OF_CASES}

    def unknown(self, name: str) -> bool:
        stem, _, index = name.partition("_")
        known = self.base.knows(name) or _plain(name) in CONSTANTS or name in self.found.bound
        return not known and not (index.isdigit() and self.base.knows(stem))

    def unexplained(self, name: str) -> bool:
        """Is it unknown, and no product such as `ztp` of known letters?"""
        return self.unknown(name) and not _splits(name, self.base, self.found)

    def all(self, preferred: str) -> Meaning:
        found, variable = self.found, self.base.variable
        seen = {_plain(name) for name in found.seen} | {_plain(name) for name in found.by}
        preferred = preferred or ("e" if "e" in found.by else "")  # somebody's input is e
        self.variable = preferred or variable
        if not preferred and variable not in seen:
            used = any(self.base.letters & side for side in found.together)
            likely = _likely_variable(found, self.unexplained)
            derived_by = likely in found.by or likely in found.arguments
            if likely and (derived_by or not (used and likely[0].isupper())):
                self.variable = likely
        self.base = replace(self.base, own_variable=self.variable)
        self.define()
        self.find_objects()
        self.find_slopes()
        renamed = self.renamed(seen)
        known = {*found.defined, *self.base.letters, *self.objects}
        slopes = {name for name in self.own if is_slope_name(name, known, self.variable)}
        names = replace(
            self.base,
            own=self.own,
            renamed=renamed,
            applied=frozenset(found.applied),
            bare=frozenset(found.bare),
            subject=_tree_name("f0", self.own),  # what is typed has an underscore
            unknown={},
            primed=self.primed(),
            parts=frozenset(self.parts_of_a_rule()),
            inner={f: self.own[u] for f, u in found.inner.items() if u in self.own},
            alone=frozenset(name for name in found.seen if len(name) == 1),
        )
        by = {n for n in found.by if n == self.variable != variable or self.unknown(n)}
        return Meaning(names, frozenset(self.objects), frozenset(slopes), frozenset(by))

    def define(self) -> None:
        """Give the names that the text defines a letter of the tree each."""
        letters = {n: n for n in self.base.letters}
        for name in self.found.defined:
            if _plain(name) in self.redefined:
                self.own[name] = _tree_name(name, {**letters, **self.own})
        for name in self.found.defined:
            new = (self.unknown(name) or "_" in name) and name != self.variable
            if new and _plain(name) not in self.own.values():
                self.own[name] = _tree_name(name, self.own)

    def find_objects(self) -> None:
        """Find the names of the function itself, in `y' = …` and `swish(x) = …`."""
        found, parts = self.found, self.parts_of_a_rule()
        for name in found.derived:
            if name in parts:
                continue
            new = name and self.unknown(name) and name != self.variable and name not in self.own
            if not new or (len(name) > 1 and _splits(name, self.base, found)):
                continue
            explained = {*found.defined} & {*found.derived} - {self.variable}
            explained |= {*found.derived} & {*found.leading} & {*self.base.letters} - {name}
            alone = not explained and (name in found.leading or len(found.derived) == 1)
            if alone or name.lower() in self.titles:
                self.add_object(name)
        for name in found.applied:
            new = self.unknown(name) and name != self.variable and name not in self.own
            takes_variable = len(name) > 1 or found.arguments[self.variable] > 0
            elsewhere = name in found.by or name in found.derived
            heads = len(name) == 1 or name in found.leading or name.lower() in self.titles
            new = new and takes_variable and not elsewhere and heads
            if new and not _splits(name, self.base, found):
                self.add_object(name)

    def parts_of_a_rule(self) -> set[str]:
        """Letters such as u and v of u'v + uv': parts of the function, neither is it itself."""
        found = self.found
        letters = {n for n in _derived(found) if self.unknown(n)}
        letters -= {*found.by, *found.defined, *self.titles, self.variable}
        pairs = [letters & side for side in found.together]
        return set().union(*(pair for pair in pairs if len(pair) > 1)) - {*self.own}

    def primed(self) -> str:
        """The f of which only f' and f'' are written, and f' is what is differentiated."""
        found = {n for n in self.found.twice - self.found.plain if n in self.objects}
        return found.pop() if len(found) == 1 else ""

    def find_slopes(self) -> None:
        """Find slopes written with an index: `m_a` beside m, where a is the variable."""
        letters = {*self.base.letters, *self.found.defined, *self.objects}
        for name in self.found.seen:
            new = "_" in name and self.unknown(name) and name not in self.own
            if new and slope_of(name, self.variable) in letters:
                self.own[name] = _tree_name(name, self.own)

    def add_object(self, name: str) -> None:
        self.own[name] = _tree_name(name, self.own)
        self.objects.add(name)

    def renamed(self, seen: set[str]) -> dict[str, str]:
        """The one letter that nobody knows for the one that is missing; G for g."""
        letters = self.base.letters
        lonely = [
            name
            for name in self.found.seen
            if self.unknown(name) and name not in self.own and name != self.variable
            if len(name) == 1 or re.fullmatch(r"[A-Za-z]_[A-Za-z]", name)
        ]
        missing = [n for n in sorted(self.base.parameters) if n not in seen]
        renamed = {}
        if len(lonely) == 1 == len(missing):
            renamed[lonely[0]] = missing[0]
        twins = {n: twin for n in lonely for twin in letters if twin.lower() == n.lower()}
        return renamed | twins


_WORDS_OF_CASES = {"if", "for", "and", "or", "else", "when"}


def _plain(name: str) -> str:
    return ALIASES.get(name, name)


def _parted(stream: list[Token], cut: set[str]) -> list[Token]:
    """The stream with the names in `cut` as letters side by side."""
    out: list[Token] = []
    for token in stream:
        parts = token.text if token.kind == "name" and token.text in cut else [token.text]
        out += [Token(token.kind, part, token.start, token.end) for part in parts]
    return out


def _splits(name: str, base: Names, found: _Evidence) -> bool:
    """Is it a product such as `tb` of letters that stand alone elsewhere?"""
    return len(name) > 1 and all(
        base.knows(c) or c in found.seen or c in found.defined for c in name
    )


def _derived(found: _Evidence) -> set[str]:
    """The single letters with a prime, the v of uv' too."""
    return {name[-1] for name in found.derived if 0 < len(name) < 3}


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
            if unknown(n) and n not in {*found.defined, *found.derived, *_derived(found)}
        }
    )
    single = Counter({n: c for n, c in others.items() if len(n) == 1})
    usual = [n for n in "xyzt" if n in single]
    if usual:
        return usual[0]
    words = Counter({n: c for n, c in others.items() if len(n) > 2})
    for pool in (single, words):
        if pool:
            return pool.most_common(1)[0][0]
    return ""


def _tree_name(name: str, own: Mapping[str, str]) -> str:
    """A letter for the tree: ASCII, and different from every other."""
    plain = _plain(name)
    plain = plain if re.fullmatch(r"[A-Za-z]+(_?[A-Za-z0-9]+)?", plain) else "own"
    while plain in own.values():
        plain += "0"
    return plain
