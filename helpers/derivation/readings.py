"""Choose how a derivation is read, where it can be read in several ways: as what is true.

`ex` may be a copy of e^x, φ a name of the sigmoid, t a letter that nobody explains. Where one
reading alone makes the lines hold, it is taken and said; where that does not tell, it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import permutations

from helpers.derivation.claim import Claim, Claims
from helpers.derivation.claims import judge_claims
from helpers.derivation.errors import NotationError
from helpers.derivation.fifty_digits import precise
from helpers.derivation.setting import Setting
from helpers.derivation.statements import Choice
from helpers.derivation.trees import (
    D,
    Func,
    Num,
    Op,
    Sym,
    Tree,
    has_d,
    names,
    substitute,
    walk,
    written_out,
)
from helpers.derivation.writing import to_text
from helpers.language import gettext

_HOLDING = ("slope", "true", "definition")
_BAD = ("false", "unread", "undecided")
# A choice, what it comes to, and what was read in another way at which statement.
_Way = tuple[Choice, Claims, dict[int, dict[str, str]]]
_MOST_PLACES, _MOST_WAYS, _MOST_LETTERS = 16, 8, 5
_WHICH = (
    "with {letter} = {meaning}, as in this exercise, the line does not hold; where {letter} is the "
    "function to differentiate, it can. Which of the two is {letter} at each place? Write another "
    "letter for that function"
)


def check_claims(
    text: str,
    function: Tree,
    setting: Setting,
    titles: Collection[str] = (),
    *,
    as_typed: bool = False,
) -> Claims:
    """Judge every statement of a derivation, read as it is meant.

    Parameters
    ----------
    text : the derivation, as people write it.
    function : what is differentiated, in the letters of the setting.
    setting : the exercise's letters and where lines are compared.
    titles : what people call the function, in small letters: `swish(x)`.
    as_typed : read it as it stands; what can mean two things, or lacks a sign, is asked about.

    >>> from helpers.derivation import parse
    >>> sigmoid = parse("1/(1 + exp(-z))")
    >>> setting = Setting.of("1/(1 + exp(-z))", where={"g": "1/(1 + exp(-z))"})
    >>> found = check_claims('''(1 + e^-x) y = 1
    ... => -e^-x y + (1 + e^-x) dy/dx = 0
    ... => dy/dx = y (1 - y)''', sigmoid, setting)
    >>> [claim.found for claim in found.claims], found.said
    (['true', 'true', 'slope'], ('I read x as z and y as the function of this exercise.',))
    >>> check_claims("y' = ex/(1+ex)^2", sigmoid, setting).said[1]
    'I read ex as e^x, for so the line holds.'
    >>> check_claims("y' = ex/(1+ex)^2", sigmoid, setting, as_typed=True).claims[0].found
    'unread'
    """
    return _Readings(text, function, setting, titles, as_typed).best()


@dataclass
class _Readings:
    text: str
    function: Tree
    setting: Setting
    titles: Collection[str]
    as_typed: bool

    def judge(self, choice: Choice) -> Claims:
        return judge_claims(self.text, self.function, self.setting, self.titles, choice)

    def best(self) -> Claims:
        choice = Choice(as_typed=self.as_typed)
        claims = self.judge(choice)
        if self.as_typed:
            return self.by_another_letter(choice, claims)[1]
        if any(error.readings for error in _errors(claims)):
            choice, claims = self.disambiguated(choice, claims)
        if _bad(claims) or not _count(claims, "slope"):
            choice, claims = self.by_another_letter(choice, claims)
        for other in (self.redefined, self.explained, self.differentiated):
            if _bad(claims):
                choice, claims = other(choice, claims)
        return claims

    def better(self, old: tuple[Choice, Claims], new: Choice) -> tuple[Choice, Claims]:
        """Take the new way of reading where more lines hold, and fewer do not."""
        claims = self.judge(new)
        more = _holding(claims) > _holding(old[1]) and _bad(claims) < _bad(old[1])
        slopes = _count(claims, "slope") > _count(old[1], "slope") and _bad(claims) <= _bad(old[1])
        return (new, claims) if more or slopes else old

    # ------------------------------------------------------------------------- two readings

    def disambiguated(self, choice: Choice, claims: Claims) -> tuple[Choice, Claims]:
        """Read each ambiguous statement in the one way in which it holds."""
        ways = [self.all_read(choice, claims, first) for first in (True, False)]
        restored: list[int] = []
        rows: dict[int, str] = {}
        told: dict[str, str] = {}
        closed: dict[str, str] = {}
        order = self.consistent(ways)
        for place in ways[0][0].rows:
            ways_here = [ways[0], ways[1]] if order is None else order
            holds = [_holds_at(judged, place) for _, judged, _ in ways_here]
            if any(holds):
                way = ways_here[holds.index(True)]
                gives_meaning = _defines_at(way[1], place)
                if all(holds) and gives_meaning and order is None:
                    continue  # nothing tells which is meant: it is asked
                rows[place] = way[0].rows[place]
                told |= {} if all(holds) and not gives_meaning else way[2][place]
            elif row := self.mixed(choice, ways[0][0], claims, place):
                rows[place], pairs = row
                told |= pairs
            elif any(e.lost_bracket for e in _errors(claims) if e.place == place):
                rows[place] = ways[0][0].rows[place]
                closed |= ways[0][2][place]
            elif all("^" in meaning for meaning in ways[0][2][place].values()):
                restored.append(place)
        if any("^" in meaning for meaning in told.values()):
            way = (order or ways)[0]
            for place in restored:  # the copy has lost its powers here too
                rows[place] = way[0].rows[place]
                told |= way[2][place]
        if not rows:
            return choice, claims
        read_as = [
            gettext("{mine} as {theirs}", mine=written, theirs=meaning)
            for written, meaning in told.items()
        ]
        lines = gettext("the lines hold") if len(rows) > 1 else gettext("the line holds")
        said = (
            [gettext("I read {words}, for so {lines}.", words=_listed(read_as), lines=lines)]
            if read_as
            else []
        )
        said += [
            gettext("I closed the bracket of {written}: {closed}.", written=a, closed=b)
            for a, b in closed.items()
        ]
        new = replace(
            choice,
            rows={**choice.rows, **rows},
            said=(*choice.said, *said),
            closed=choice.closed or bool(closed),
        )
        return new, self.judge(new)

    def consistent(self, ways: list[_Way]) -> list[_Way] | None:
        """The way first in which more of the whole text holds, or None where that does not tell.

        A definition holds in either way; the lines that use it tell which was meant.
        """
        first, last = (self.merit(judged) for _, judged, _ in ways)
        if first == last:
            return None
        return ways if first > last else ways[::-1]

    def merit(self, claims: Claims) -> tuple[int, int]:
        """How well the lines agree; a definition of the exercise's own function agrees too."""
        own = sum(self.is_function(claim, claims.setting) for claim in claims.claims)
        return -_bad(claims), _holding(claims) + own

    def is_function(self, claim: Claim, setting: Setting) -> bool:
        """Does it define a name as the function of the exercise?"""
        sides = [tree for tree in claim.trees if tree is not None]
        if claim.found != "definition" or not sides:
            return False
        try:
            return bool(setting.compare(sides[-1], self.function).equal)
        except NotationError:
            return False

    def all_read(self, choice: Choice, claims: Claims, first: bool) -> _Way:
        """Read everything ambiguous in its first way, or everything in its last."""
        told: dict[int, dict[str, str]] = {}
        for _ in range(_MOST_PLACES):
            open_ = {e.place: e for e in reversed(list(_errors(claims))) if e.readings}
            if not open_:
                break
            at = 0 if first else -1
            for place, error in open_.items():
                told.setdefault(place, {})[error.written.strip()] = error.meanings[at]
            rows = {place: error.readings[at] for place, error in open_.items()}
            choice = replace(choice, rows={**choice.rows, **rows})
            claims = self.judge(choice)
        return choice, claims, told

    def mixed(
        self, choice: Choice, others: Choice, claims: Claims, place: int
    ) -> tuple[str, dict[str, str]] | None:
        """The one way to read a statement with several ambiguous places, if one alone holds."""
        error = next(e for e in _errors(claims) if e.readings and e.place == place)
        left = [(error.readings[k], {error.written.strip(): error.meanings[k]}) for k in (0, 1)]
        found, tried = [], 0
        while left and tried < _MOST_WAYS:
            (row, told), tried = left.pop(0), tried + 1
            judged = self.judge(replace(choice, rows={**others.rows, place: row}))
            again = next((e for e in _errors(judged) if e.readings and e.place == place), None)
            if again:
                pairs = zip(again.readings, again.meanings, strict=True)
                left += [(r, {**told, again.written.strip(): m}) for r, m in pairs]
            elif _holds_at(judged, place):
                found.append((row, told))
        return found[0] if len(found) == 1 else None

    # -------------------------------------------------------------------------------- letters

    def by_another_letter(self, choice: Choice, claims: Claims) -> tuple[Choice, Claims]:
        """Of x and y in `dx/dy` and `dy/dx`, either may be the variable."""
        best = choice, claims
        letters = claims.reading.by - {claims.reading.names.own_variable}
        for letter in sorted(letters)[:_MOST_LETTERS] if len(claims.reading.by) > 1 else ():
            best = self.better(best, replace(choice, variable=letter))
        return best

    def redefined(self, choice: Choice, claims: Claims) -> tuple[Choice, Claims]:
        """`f = 1, g = 1 + e^-x` gives a letter of the exercise a meaning of its own."""
        best = choice, claims
        letters = {
            tree.name
            for claim in claims.claims
            for tree in (piece.tree for piece in claim.statement.pieces[:1])
            if claim.found == "false" and isinstance(tree, Sym) and tree.name in self.setting.where
        }
        for letter in sorted(letters):
            best = self.better(best, replace(choice, redefined=choice.redefined | {letter}))
        return best

    def differentiated(self, choice: Choice, claims: Claims) -> tuple[Choice, Claims]:
        """Take g of g′ for the function itself where so the lines hold; ask where not all do."""
        for letter in sorted(self.derived(claims)):
            of_it = gettext("the function of this exercise")
            so = gettext("I read {letter} as {meaning}.", letter=letter, meaning=of_it)
            assumed = {**choice.assumed, letter: self.function}
            new = replace(choice, assumed=assumed, said=(*choice.said, so))
            found = self.better((choice, claims), new)
            judged = self.judge(new)
            pairs = [*zip(claims.claims, judged.claims, strict=True)]
            if found[0] is new and not any(_holds(a) and not _holds(b) for a, b in pairs):
                choice, claims = found
                continue
            asked = [
                self.ask(claims, a, letter) if self.is_meant(claims, a, b, letter) else a
                for a, b in pairs
            ]
            claims = replace(claims, claims=tuple(asked))
        return choice, claims

    def derived(self, claims: Claims) -> set[str]:
        """The exercise's letters of other functions that a false line differentiates."""
        sides = [p.tree for c in claims.claims if c.found == "false" for p in c.statement.pieces]
        nodes = [node for tree in sides if tree is not None for node in walk(tree)]
        found = {n.arg.name for n in nodes if isinstance(n, D) and isinstance(n.arg, Sym)}
        others = found & {*self.setting.where} - {*claims.own}
        used = {name for tree in sides if tree is not None for name in names(tree)}
        parts = [self.setting.where[name] for name in used & {*self.setting.where}]
        others -= set().union(
            *map(names, parts)
        )  # what others are made of means what it does there
        return {n for n in others if not self.setting.compare(Sym(n), self.function).equal}

    def is_meant(self, claims: Claims, claim: Claim, other: Claim, letter: str) -> bool:
        """Does a false line hold where the letter, or it in the g′ in front, is the function?"""
        if claim.found != "false" or claim.errors:
            return False
        if _holds(other):
            return True
        first, *sides = claim.trees
        slope = D(self.function)
        try:
            same = [tree and claims.setting.compare(tree, slope).equal for tree in sides]
        except NotationError:
            return False
        return first == D(Sym(letter)) and all(same)

    def ask(self, claims: Claims, claim: Claim, letter: str) -> Claim:
        """Ask at a claim which function a letter is."""
        meaning = _in_own_letters(self.setting.where[letter], claims)
        row = claim.statement.row
        error = NotationError(_WHICH, row, letter=letter, meaning=meaning)
        return replace(claim, found="unread", errors=(error,))

    def explained(self, choice: Choice, claims: Claims) -> tuple[Choice, Claims]:
        """Find out what unexplained letters stand for: the function, its input, a part of it."""
        choice, claims = self.by_a_rule(choice, claims)
        for _ in range(_MOST_LETTERS):
            unknown = {e.unexplained for e in _errors(claims) if e.unexplained}
            if _count(claims, "false"):
                unknown |= {*claims.reading.names.renamed, *self.inside(claims)} - {*choice.assumed}
            found = [w for letter in sorted(unknown) for w in self.meanings(choice, claims, letter)]
            if not found:
                break
            choice, claims = max(found, key=lambda way: _holding(way[1]))
        return choice, claims

    def inside(self, claims: Claims) -> set[str]:
        """Names read as the function itself that a rule differentiates inside another, (ln u)'."""
        known = claims.reading
        sides = [p.tree for c in claims.claims for p in c.statement.pieces if p.tree is not None]
        derived = [n.arg for side in sides for n in walk(side) if isinstance(n, D)]
        used = set().union(*(names(arg) for arg in derived if not isinstance(arg, Sym)))
        return {name for name in known.objects if known.names.own[name] in used}

    def by_a_rule(self, choice: Choice, claims: Claims) -> tuple[Choice, Claims]:
        """Find out what u and v of u'v + uv' stand for: the parts of a product or a fraction."""
        best = choice, claims
        letters = sorted({*claims.reading.names.unknown} - {*choice.assumed})
        if not 1 < len(letters) < 4:
            return best
        for parts in self.pairs():
            for pair in permutations(letters, 2):
                meant = dict(zip(pair, parts, strict=True))
                words = [
                    gettext("{mine} as {theirs}", mine=mine, theirs=_in_own_letters(tree, claims))
                    for mine, tree in sorted(meant.items())
                ]
                so = gettext(
                    "I read {words}, for so {lines}.",
                    words=_listed(words),
                    lines=gettext("the lines hold"),
                )
                new = replace(choice, assumed={**choice.assumed, **meant}, said=(*choice.said, so))
                judged = self.judge(new)
                more = _bad(judged) < _bad(best[1]) and _holding(judged) > _holding(best[1])
                if more and _count(judged, "slope"):
                    best = new, judged
        return best

    def pairs(self) -> Iterator[tuple[Tree, Tree]]:
        """The parts of the function by the rules of quotient and product."""
        setting, seen = self.setting, set()
        letters = {_numbers(setting, tree): Sym(name) for name, tree in setting.where.items()}
        for tree in (self.function, written_out(self.function, setting.where)):
            for above, below in map(_factors, walk(tree)):
                ways: list[tuple[list[Tree], list[Tree], list[Tree]]] = (
                    [(above, below, []), ([self.function], below, [])] if below else []
                )
                if len(above) > 1 or below:
                    ways += [
                        ([one], above[:i] + above[i + 1 :], below) for i, one in enumerate(above)
                    ]
                for first, second, under in ways:
                    pair = _product(first), _product(second)
                    pair = pair[0], Op("/", pair[1], _product(under)) if under else pair[1]
                    numbers = tuple(_numbers(setting, part) for part in pair)
                    if numbers not in seen:
                        seen.add(numbers)
                        one, other = (
                            letters.get(n, part) for n, part in zip(numbers, pair, strict=True)
                        )
                        yield one, other

    def meanings(
        self, choice: Choice, claims: Claims, letter: str
    ) -> Iterator[tuple[Choice, Claims]]:
        """The ways to explain a letter with which more lines hold than without."""
        if letter in choice.assumed:
            return
        if letter == "exp":
            yield from self.only_exponential(choice)
            return
        renamed = letter in claims.reading.names.renamed
        a_part = letter in claims.reading.names.parts
        for tree in self.parts(claims):
            is_function = tree == self.function
            shown = (
                gettext("the function of this exercise")
                if is_function
                else _in_own_letters(tree, claims)
            )
            so = gettext(
                "I read {letter} as {meaning}, for so the lines hold.", letter=letter, meaning=shown
            )
            assumed = {**choice.assumed, letter: tree}
            new = replace(choice, assumed=assumed, said=(*choice.said, so))
            judged = self.judge(new)
            more = _holding(judged) > _holding(claims) and (
                _concerns_slope(judged, claims) or (renamed and not _bad(judged))
            )
            slope_of_it = is_function and _is_derived(letter, claims) and not a_part
            fewer = _count(judged, "unread") < _count(claims, "unread")
            if (more and _bad(judged) < _bad(claims)) or (slope_of_it and fewer and not more):
                yield new, judged

    def only_exponential(self, choice: Choice) -> Iterator[tuple[Choice, Claims]]:
        """What a bare `exp` is, where the function holds one exponential."""
        found = {n for n in walk(self.function) if isinstance(n, Func) and n.name == "exp"}
        if len(found) == 1:
            (tree,) = found
            meaning = _in_own_letters(tree, self.judge(choice))
            so = gettext("I read {letter} as {meaning}.", letter="exp", meaning=meaning)
            assumed = {**choice.assumed, "exp": tree}
            new = replace(choice, assumed=assumed, said=(*choice.said, so))
            yield new, self.judge(new)

    def parts(self, claims: Claims) -> Iterator[Tree]:
        """The function, its input, and what it is made of; nothing that has a name in the text."""
        used = {
            name for claim in claims.claims for tree in claim.trees if tree for name in names(tree)
        }
        seen = {_numbers(claims.setting, Sym(n)) for n in used & {*claims.setting.where}}
        trees = [self.function, Sym(self.setting.variable), *self.setting.where.values()]
        trees += [
            part for tree in [self.function, *self.setting.where.values()] for part in walk(tree)
        ]
        for tree in trees:
            plain = substitute(tree, self.setting.where)
            if isinstance(tree, Num) or self.setting.variable not in names(plain):
                continue
            numbers = _numbers(self.setting, plain)
            if numbers not in seen:
                seen.add(numbers)
                yield tree


def _factors(tree: Tree) -> tuple[list[Tree], list[Tree]]:
    """What is multiplied in a product or a fraction, above and below the bar."""
    match tree:
        case Op("*", left, right):
            (above, below), (more, under) = _factors(left), _factors(right)
            return above + more, below + under
        case Op("/", left, right):
            (above, below), (more, under) = _factors(left), _factors(right)
            return above + under, below + more
    return [tree], []


def _product(factors: list[Tree]) -> Tree:
    return reduce(partial(Op, "*"), factors) if factors else Num("1")


def _errors(claims: Claims) -> Iterator[NotationError]:
    for claim in claims.claims:
        yield from claim.errors


def _concerns_slope(judged: Claims, before: Claims) -> bool:
    """Does a line that holds now, and did not before, differentiate something?"""
    return any(
        new.found == "slope" or any(has_d(tree) for tree in new.trees if tree)
        for new, old in zip(judged.claims, before.claims, strict=True)
        if _holds(new) and not _holds(old)
    )


def _numbers(setting: Setting, tree: Tree) -> tuple[str, ...]:
    """What a tree is worth, to as many digits as tell parts of a function apart."""
    return tuple("" if v is None else precise.nstr(v, 30) for v in setting.values(tree))


def _count(claims: Claims, *found: str) -> int:
    return sum(claim.found in found for claim in claims.claims)


def _holding(claims: Claims) -> int:
    return _count(claims, *_HOLDING)


def _bad(claims: Claims) -> int:
    return _count(claims, *_BAD)


def _holds_at(claims: Claims, place: int) -> bool:
    about = [claim for claim in claims.claims if claim.statement.place == place]
    return bool(about) and all(_holds(claim) for claim in about)


def _defines_at(claims: Claims, place: int) -> bool:
    return any(c.found == "definition" and c.statement.place == place for c in claims.claims)


def _holds(claim: Claim) -> bool:
    return claim.found in _HOLDING and not claim.errors


def _is_derived(letter: str, claims: Claims) -> bool:
    """Does a line say what the slope of this letter is?"""
    return any(
        re.match(
            rf"\s*(?:d|∂)?\s*{re.escape(letter)}\s*(?:['’′]|/|\(\w\)\s*['’′])", claim.statement.row
        )
        for claim in claims.claims
    )


def _in_own_letters(tree: Tree, claims: Claims) -> str:
    known = claims.reading.names
    return to_text(substitute(tree, {known.variable: Sym(known.own_variable)}))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + gettext(" and ") + words[-1]
