"""What the letters of a derivation mean, and where two of its lines are compared."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import groupby

import mpmath

from helpers.derivation.errors import NotationError, expect
from helpers.derivation.fifty_digits import DIGITS, precise, values
from helpers.derivation.proof import decide_equal
from helpers.derivation.reader import parse
from helpers.derivation.trees import Num, Tree, names
from helpers.derivation.vocabulary import ALIASES, RESERVED
from helpers.language import gettext

MAX_LINES = 100

# Values carry 80 digits, and cancellation between numbers as at the points below costs some ten of
# them: equal lines agree to 50 digits, or to 65 decimal places where the values are that small.
SMALLEST = precise.mpf(10) ** (DIGITS - 65)
TOLERANCE = precise.mpf(10) ** -DIGITS
CLEAR = precise.mpf(1) / 20  # numbers that differ by less look alike: another place shows it better

# First numbers that a learner can put into a calculator. They all lie near 0 and on a grid, where
# sin(20 pi z) or |z + 5| - 5 would deceive; so some that do neither come last.
_SIGNED = [Fraction(n, 10) for n in (7, -13, 21, -4, 16, -27, 3, -9, 32, -19, 11, -34)]
_SIGNED += [Fraction(n, 101) for n in (57, -139, 818, -815)]
_POSITIVE = [Fraction(n, 20) for n in (34, 12, 46, 7, 24, 16, 58, 9, 38, 3, 52, 11)]
_POSITIVE += [Fraction(n, 103) for n in (29, 151, 260, 617)]
_PARTS = [Fraction(n, 100) for n in (31, 72, 13, 56, 88, 6, 47, 63, 22, 95, 38, 81)]
_PARTS += [Fraction(n, 107) for n in (17, 45, 76, 104)]


Bounds = Mapping[str, tuple[Fraction | None, Fraction | None]]
_LAST = 6  # places at which parameters may be negative, in every combination of two


# Parameters in turn: (a^b)^c and a^(b c) have a value each, and differ.
_WHOLE_POWERS = [
    (Fraction(-2), Fraction(2), Fraction(1, 2)),
    (Fraction(2), Fraction(1, 2), Fraction(-2)),
    (Fraction(-3), Fraction(1, 2), Fraction(2)),
]


def _negative(letter: int, place: int) -> bool:
    return bool((place + 1) >> (letter - 1) % 3 & 1)


@dataclass(frozen=True)
class Line:
    """One step: its number (the first non-empty line is 1), text as written, tree, reason."""

    number: int
    text: str
    tree: Tree
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """What comparing two expressions gave.

    `equal` is True, False or None (too few points to tell); `proved` says that True is certain
    beyond the digits. False comes with a `point` and the values `left` and `right` there (None
    where undefined). `compared` counts the points at which both have a value; `on` tells where
    they lie, if that had to be found out; `assumed` that it is False elsewhere.
    """

    equal: bool | None
    compared: int
    proved: bool = False
    point: Mapping[str, Fraction] | None = None
    left: mpmath.mpf | None = None
    right: mpmath.mpf | None = None
    on: str = ""
    assumed: bool = False

    def at(self) -> str:
        """Say where: `z = -1.3, beta = 0.6`."""
        return ", ".join(f"{name} = {float(x):g}" for name, x in (self.point or {}).items())

    def shown(self) -> tuple[str, str]:
        """Return both values as text, with as many digits as it takes to tell them apart."""
        for digits in (6, 15, DIGITS + 2, DIGITS + 28):
            left, right = (
                "undefined" if x is None else precise.nstr(x, digits)
                for x in (self.left, self.right)
            )
            if left != right:
                break
        return left, right


@dataclass(frozen=True)
class Setting:
    """What the letters of a derivation mean, and where its lines are compared.

    variable : the letter with respect to which D differentiates.
    where : letters with a definition, name -> tree.
    parameters : all other letters.
    on : the restriction as it was written, e.g. "z < 0".
    bounds : letter -> (lower, upper); None means no bound.
    """

    variable: str = "z"
    where: Mapping[str, Tree] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    on: str | None = None
    bounds: Mapping[str, tuple[Fraction | None, Fraction | None]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        first_line: str,
        *,
        variable: str = "z",
        where: Mapping[str, str] | None = None,
        on: str | None = None,
    ) -> Setting:
        """Read what the letters mean; free letters of `first_line` become parameters.

        >>> s = Setting.of("D(z*s)", where={"s": "sigmoid(beta z)"}, on="z > 0")
        >>> s.parameters, s.bounds
        (('beta',), {'z': (Fraction(0, 1), None)})
        """
        variable = _plain_letter(variable, gettext("a variable"))
        definitions = _read_where({} if where is None else where, variable)
        first = _read(1, first_line, variable, definitions)
        bounds = {}
        if on is not None and expect(str, on, gettext('on is a text such as "0 < z < 1"')):
            bounds = _read_bounds(on)
            for name in bounds:
                if name in definitions:
                    message = f"{name} has a definition: restrict {variable} instead"
                    raise NotationError(message, on)
        used = set().union(bounds, *map(names, (first, *definitions.values())))
        return cls(
            variable, definitions, tuple(sorted(used - {variable, *definitions})), on, bounds
        )

    def read(self, number: int, text: str, reason: str = "") -> Line:
        """Read one step; only the letters of this setting are known."""
        if not text:
            row = f"=   # {reason}" if reason else "="
            raise NotationError("a step is missing after this =", row, 1, number)
        tree = _read(number, text, self.variable, self.where, self.parameters)
        return Line(number, text, tree, reason)

    def letters(self, tree: Tree) -> set[str]:
        """Return the letters that a tree is about: those of its definitions, not their names."""
        known, found = {*self.where}, names(tree)
        while more := found.union(*(names(self.where[name]) for name in found & known)) - found:
            found |= more
        return found - known

    @cached_property
    def points(self) -> tuple[dict[str, Fraction], ...]:
        """Sixteen fixed points, all letters of both signs; parameters are positive first."""
        letters = (self.variable, *self.parameters)
        columns = [self._places(name, shift) for shift, name in enumerate(letters)]
        return tuple(dict(zip(letters, row, strict=True)) for row in zip(*columns, strict=True))

    def _places(self, name: str, shift: int) -> list[Fraction]:
        lower, upper = self.bounds.get(name, (None, None))
        if lower is not None and upper is not None:
            places = [lower + (upper - lower) * part for part in _PARTS]
        elif lower is not None:
            places = [lower + x for x in _POSITIVE]
        elif upper is not None:
            places = [upper - x for x in _POSITIVE]
        else:
            places = _SIGNED if name in (self.variable, "z") else _POSITIVE
        turn = 5 * shift % len(places)
        places = [*places[turn:], *places[:turn]]
        if name in (self.variable, "z") or name in self.bounds:
            return places
        kept = len(places) - _LAST
        last = [-x if _negative(shift, k) else x for k, x in enumerate(places[kept:])]
        last[:3] = [values[(shift - 1) % 3] for values in _WHOLE_POWERS]
        return [*places[:kept], *last]

    def values(self, tree: Tree) -> list[mpmath.mpf | None]:
        """Evaluate a tree at all points of this setting; once, for lines come back.

        They are met in pairs, and again with every new line of a derivation that is being written.
        """
        if tree not in self._values:
            if len(self._values) > MAX_LINES:
                self._values.clear()
            column = values(tree, self.points, variable=self.variable, where=self.where)
            self._values[tree] = column
        return self._values[tree]

    @cached_property
    def _values(self) -> dict[Tree, list]:
        return {}

    def compare(self, left: Tree, right: Tree, *, domain: Tree | None = None) -> Comparison:
        """Compare two trees at all points (where `domain`, if given, has a value).

        Points where both are undefined are skipped; at least half of all points must remain. A
        point where only one of them is undefined is a counterexample. Where too few points remain,
        the trees are compared where they have values, if that is an interval; `on` says which.
        """
        found = self._compared(left, right, domain)
        if found.equal is None and (inside := self.inside(left, right)):
            within = inside._compared(left, right, domain)
            return replace(within, on=inside.on or "") if within.equal is not None else found
        return found

    def _compared(self, left: Tree, right: Tree, domain: Tree | None) -> Comparison:
        """Compare at the points; once, for lines come back."""
        key = left, right, domain
        if key not in self._comparisons:
            if len(self._comparisons) > MAX_LINES:
                self._comparisons.clear()
            self._comparisons[key] = self._at_points(left, right, domain)
        return self._comparisons[key]

    @cached_property
    def _comparisons(self) -> dict[tuple, Comparison]:
        return {}

    def _at_points(self, left: Tree, right: Tree, domain: Tree | None) -> Comparison:
        inside = self.values(domain if domain is not None else Num("1"))
        compared, parted = 0, None
        rows = zip(self.points, inside, self.values(left), self.values(right), strict=True)
        for point, counts, x, y in rows:
            if counts is None or (x is None and y is None):
                continue
            if x is None or y is None or abs(x - y) > TOLERANCE * max(SMALLEST, abs(x), abs(y)):
                here = Comparison(False, compared, point=point, left=x, right=y)
                if x is None or y is None or abs(x - y) > CLEAR * max(abs(x), abs(y)):
                    return here
                parted = parted or here
                continue
            compared += 1
        if parted is not None:
            return parted
        if 2 * compared < len(self.points):
            return Comparison(None, compared)
        decided = decide_equal(
            left, right, variable=self.variable, where=self.where, bounds=self.bounds
        )
        if decided is False:  # all digits agree, and yet it is not the same
            pairs = zip(self.points, self.values(left), self.values(right), strict=True)
            point, x, y = next(pair for pair in pairs if pair[1] is not None)
            return Comparison(False, compared, point=point, left=x, right=y)
        return Comparison(True, compared, bool(decided))

    # ------------------------------------------------------------------------ where values are

    def within(self, bounds: Bounds) -> Setting:
        """The same letters, some of them in narrower bounds; `on` tells them."""
        told = ", ".join(_in_words(name, *ends) for name, ends in bounds.items())
        return replace(self, bounds={**self.bounds, **bounds}, on=told)

    def inside(self, *trees: Tree) -> Setting | None:
        """This setting on the widest interval of the variable where all of these have values.

        >>> setting = Setting.of("ln(z - 3)")
        >>> setting.inside(parse("ln(z - 3)")).on
        'z > 3'
        """
        if self.variable in self.bounds:
            return None
        positive = self.within({name: (Fraction(0), None) for name in self.parameters})
        for setting in (self, positive):
            if ends := setting._run(trees):
                bounds = setting.bounds if setting is positive else {}
                return self.within({**bounds, self.variable: ends})
        return None

    def _run(self, trees: Sequence[Tree]) -> tuple[Fraction | None, Fraction | None] | None:
        """The ends of the longest row of places on a grid where all trees have a value."""
        others = {name: x for name, x in self.points[0].items() if name != self.variable}
        points = [{**others, self.variable: x + _BESIDE} for x in _GRID]
        columns = [values(t, points, variable=self.variable, where=self.where) for t in trees]
        defined = [all(x is not None for x in row) for row in zip(*columns, strict=True)]
        runs = [(k, [*group]) for k, group in groupby(range(len(_GRID)), key=defined.__getitem__)]
        longest = max((run for has, run in runs if has), key=len, default=[])
        if len(longest) < 3:
            return None
        first, last = longest[0], longest[-1]
        lower = _GRID[first] if first else None
        upper = _GRID[last + 1] if last + 1 < len(_GRID) else None
        return None if lower is None and upper is None else (lower, upper)


_GRID = [Fraction(n, 4) for n in range(-80, 81)]
_BESIDE = Fraction(1, 1000)  # a place beside each end, where the interval may be open


def _in_words(name: str, lower: Fraction | None, upper: Fraction | None) -> str:
    """Tell bounds: `z > 3`, `-1 < z < 1`."""
    low, high = (None if x is None else f"{float(x):g}" for x in (lower, upper))
    if low is None:
        return f"{name} < {high}"
    return f"{name} > {low}" if high is None else f"{low} < {name} < {high}"


def _read(
    number: int,
    text: str,
    variable: str,
    where: Collection[str],
    letters: Collection[str] | None = None,
) -> Tree:
    try:
        return parse(text, variable=variable, where=where, letters=letters)
    except NotationError as error:
        error.line = number
        raise


def _plain_letter(name: str, what: str) -> str:
    expect(str, name, gettext('{what} is written as a text such as "z"', what=what))
    plain = ALIASES.get(name, name)
    if not re.fullmatch(r"[A-Za-z]+(_?[0-9]+)?", plain) or plain in RESERVED:
        told = "{name!r} cannot be {what}: use a letter without a meaning"
        raise NotationError(told, name, name=name, what=what)
    return plain


def _read_where(where: Mapping[str, str], variable: str) -> dict[str, Tree]:
    """Read the definitions; they may use one another, but not in a circle."""
    told = 'where gives letters a meaning, as in {"g": "1/(1 + exp(-z))"}'
    expect(Mapping, where, gettext(told))
    letter = gettext("a letter with a definition")
    texts = {_plain_letter(name, letter): text for name, text in where.items()}
    for name, text in texts.items():
        told = 'where["{name}"] is a text such as "1/(1 + exp(-z))"'
        expect(str, text, gettext(told, name=name))
    if variable in texts:
        told = "{name} is the variable, it has no definition"
        raise NotationError(told, texts[variable], name=variable)
    trees = {name: parse(text, variable=variable, where=texts) for name, text in texts.items()}
    open_ = {name: names(tree) & {*trees} for name, tree in trees.items()}
    while open_:
        ready = [name for name, needs in open_.items() if not needs & {*open_}]
        if not ready:
            name = next(iter(open_))
            shown = f"{name} = {texts[name]}"
            raise NotationError("{name} is defined in a circle", shown, name=name)
        open_ = {name: needs for name, needs in open_.items() if name not in ready}
    return trees


def _read_bounds(on: str) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    """Read "z < 0" or "0 < g < 1, alpha > 0"."""
    bounds: dict[str, tuple[Fraction | None, Fraction | None]] = {}
    for part in re.split(r",|\band\b", on):
        name, lower, upper = _read_chain(part, on)
        old_lower, old_upper = bounds.get(name, (None, None))
        lower = max((x for x in (lower, old_lower) if x is not None), default=None)
        upper = min((x for x in (upper, old_upper) if x is not None), default=None)
        if lower is not None and upper is not None and lower >= upper:
            raise NotationError("no {name} is in this range", on, name=name)
        bounds[name] = lower, upper
    return bounds


def _read_chain(part: str, on: str) -> tuple[str, Fraction | None, Fraction | None]:
    """Read one chain, at most `number < letter < number`: letter, lower, upper bound."""
    number = r"[-−]?[0-9]{1,7}(\.[0-9]{1,7})?"
    pieces = [piece.strip() for piece in re.split(r"(<=|>=|[<>≤≥])", part)]
    sides, signs = pieces[::2], set(pieces[1::2])
    at = [i for i, side in enumerate(sides) if not re.fullmatch(number, side)]
    rising = signs <= {"<", "<=", "≤"}
    one_way = rising or signs <= {">", ">=", "≥"}
    if not (one_way and len(at) == 1 and (len(sides) == 2 or (len(sides) == 3 and at == [1]))):
        raise NotationError('a range is written "z < 0" or "0 < g < 1"', on, on.find(part))
    before, after = ([x.replace("−", "-") for x in s] for s in (sides[: at[0]], sides[at[0] + 1 :]))
    lower, upper = (before, after) if rising else (after, before)
    name = _plain_letter(sides[at[0]], gettext("a letter in a range"))
    return name, Fraction(lower[0]) if lower else None, Fraction(upper[0]) if upper else None
