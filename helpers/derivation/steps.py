"""Check a derivation written in plain text line by line, and typeset it as it was written.

One step a line, `D(…)` for d/dz, a reason after `#`:

      D(1/(1 + exp(-z)))
    = D((1 + exp(-z))^-1)                  # rewrite as a power
    = -(1 + exp(-z))^-2 * D(1 + exp(-z))   # power rule, chain rule

`helpers.notation` reads a line, `helpers.symbolic` knows its value; here a `Setting` says what the
letters mean and where lines are compared, and `derive` makes a checked, typeset `Derivation`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import mpmath

from helpers.derivation.notation import (
    ALIASES,
    CONSTANTS,
    MAX_CHARACTERS,
    RESERVED,
    D,
    NotationError,
    Num,
    Tree,
    as_typed,
    expect,
    latex,
    names,
    parse,
    tex_letter,
    to_text,
    walk,
)
from helpers.derivation.symbolic import DIGITS, precise, prove_equal, values

__all__ = [
    "Comparison",
    "Derivation",
    "DerivationError",
    "Line",
    "Setting",
    "derive",
    "split_lines",
]

MAX_LINES = 100

# --------------------------------------------------------------- what the letters of a line mean

# Values carry 80 digits, and cancellation between numbers as at the points below costs some ten of
# them: equal lines agree to 50 digits, or to 65 decimal places where the values are that small.
SMALLEST = precise.mpf(10) ** (DIGITS - 65)
TOLERANCE = precise.mpf(10) ** -DIGITS

# First numbers that a learner can put into a calculator. They all lie near 0 and on a grid, where
# sin(20 pi z) or |z + 5| - 5 would deceive; so some that do neither come last.
_SIGNED = [Fraction(n, 10) for n in (7, -13, 21, -4, 16, -27, 3, -9, 32, -19, 11, -34)]
_SIGNED += [Fraction(n, 101) for n in (57, -139, 818, -815)]
_POSITIVE = [Fraction(n, 20) for n in (34, 12, 46, 7, 24, 16, 58, 9, 38, 3, 52, 11)]
_POSITIVE += [Fraction(n, 103) for n in (29, 151, 260, 617)]
_PARTS = [Fraction(n, 100) for n in (31, 72, 13, 56, 88, 6, 47, 63, 22, 95, 38, 81)]
_PARTS += [Fraction(n, 107) for n in (17, 45, 76, 104)]


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
    where undefined). `compared` counts the points at which both have a value.
    """

    equal: bool | None
    compared: int
    proved: bool = False
    point: Mapping[str, Fraction] | None = None
    left: mpmath.mpf | None = None
    right: mpmath.mpf | None = None

    def at(self) -> str:
        """Say where: `z = -1.3, beta = 0.6`."""
        return ", ".join(f"{name} = {float(x):g}" for name, x in self.point.items())

    def shown(self) -> tuple[str, str]:
        """Return both values as text, with as many digits as it takes to tell them apart."""
        for digits in (6, 15, DIGITS + 2):
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

    variable : the letter D differentiates by.
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
        variable = _plain_letter(variable, "variable")
        definitions = _read_where({} if where is None else where, variable)
        first = _read(1, first_line, variable=variable, where=definitions)
        on = None if on is None else expect(str, on, 'on is a text such as "0 < z < 1"')
        bounds = _read_bounds(on) if on else {}
        for name in bounds:
            if name in definitions:
                raise NotationError(f"{name} has a definition: restrict {variable} instead", on)
        used = set().union(bounds, *map(names, (first, *definitions.values())))
        return cls(
            variable, definitions, tuple(sorted(used - {variable, *definitions})), on, bounds
        )

    def read(self, number: int, text: str, reason: str = "") -> Line:
        """Read one step; only the letters of this setting are known."""
        if not text:
            row = f"=   # {reason}" if reason else "="
            raise NotationError("a step is missing after this =", row, 1, number)
        letters = {"variable": self.variable, "where": self.where, "letters": self.parameters}
        return Line(number, text, _read(number, text, **letters), reason)

    def letters(self, tree: Tree) -> set[str]:
        """Return the letters that a tree is about: those of its definitions, not their names."""
        known, found = {*self.where}, names(tree)
        while more := found.union(*(names(self.where[name]) for name in found & known)) - found:
            found |= more
        return found - known

    @cached_property
    def points(self) -> tuple[dict[str, Fraction], ...]:
        """Sixteen fixed points: the variable and z of both signs, other letters positive."""
        letters = (self.variable, *self.parameters)
        columns = [self._places(name, 5 * shift) for shift, name in enumerate(letters)]
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
        shift %= len(places)
        return [*places[shift:], *places[:shift]]

    def values(self, tree: Tree) -> list[mpmath.mpf | None]:
        """Evaluate a tree at all points of this setting; once, for lines are met in pairs."""
        if id(tree) not in self._values:
            if len(self._values) > MAX_LINES:
                self._values.clear()
            meaning = {"variable": self.variable, "where": self.where}
            self._values[id(tree)] = tree, values(tree, self.points, **meaning)
        return self._values[id(tree)][1]

    @cached_property
    def _values(self) -> dict[int, tuple[Tree, list]]:
        return {}

    def compare(self, left: Tree, right: Tree, *, domain: Tree | None = None) -> Comparison:
        """Compare two trees at all points (where `domain`, if given, has a value).

        Points where both are undefined are skipped; at least half of all points must remain. A
        point where only one of them is undefined is a counterexample.
        """
        inside = self.values(domain if domain is not None else Num("1"))
        compared = 0
        rows = zip(self.points, inside, self.values(left), self.values(right), strict=True)
        for point, counts, x, y in rows:
            if counts is None or (x is None and y is None):
                continue
            if x is None or y is None or abs(x - y) > TOLERANCE * max(SMALLEST, abs(x), abs(y)):
                return Comparison(False, compared, point=point, left=x, right=y)
            compared += 1
        if 2 * compared < len(self.points):
            return Comparison(None, compared)
        meaning = {"variable": self.variable, "where": self.where, "bounds": self.bounds}
        proved = prove_equal(left, right, **meaning)
        return Comparison(True, compared, proved)


def _read(number: int, text: str, **letters) -> Tree:
    try:
        return parse(text, **letters)
    except NotationError as error:
        error.line = number
        raise


def _plain_letter(name: str, what: str) -> str:
    expect(str, name, f'a {what} is written as a text such as "z"')
    plain = ALIASES.get(name, name)
    if not re.fullmatch(r"[A-Za-z]+(_?[0-9]+)?", plain) or plain in RESERVED:
        raise NotationError(f"{name!r} cannot be a {what}: use a letter without a meaning", name)
    return plain


def _read_where(where: Mapping[str, str], variable: str) -> dict[str, Tree]:
    """Read the definitions; they may use one another, but not in a circle."""
    expect(Mapping, where, 'where gives letters a meaning, as in {"g": "1/(1 + exp(-z))"}')
    texts = {_plain_letter(name, "letter with a definition"): text for name, text in where.items()}
    for name, text in texts.items():
        expect(str, text, f'where["{name}"] is a text such as "1/(1 + exp(-z))"')
    if variable in texts:
        raise NotationError(f"{variable} is the variable, it has no definition", texts[variable])
    trees = {name: parse(text, variable=variable, where=texts) for name, text in texts.items()}
    open_ = {name: names(tree) & {*trees} for name, tree in trees.items()}
    while open_:
        ready = [name for name, needs in open_.items() if not needs & {*open_}]
        if not ready:
            name = next(iter(open_))
            raise NotationError(f"{name} is defined in a circle", f"{name} = {texts[name]}")
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
            raise NotationError(f"no {name} is in this range", on)
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
    name = _plain_letter(sides[at[0]], "letter in a range")
    return name, Fraction(lower[0]) if lower else None, Fraction(upper[0]) if upper else None


# ---------------------------------------------------------------------------- the derivation


class DerivationError(ValueError):
    """A line that does not follow: `line` and `above` (a `Line` each) and their `comparison`."""

    def __init__(self, line: Line, above: Line, comparison: Comparison, hints: Iterable[str] = ()):
        self.line, self.above, self.comparison = line, above, comparison
        claim = f" (claimed: {line.reason})" if line.reason else ""
        verdict, why = "cannot be compared with", []
        if comparison.equal is False:
            verdict, (mine, other) = "is not equal to", comparison.shown()
            why = [f"at {comparison.at()}: this line is {mine}, the line above {other}"]
        start = f"line {line.number} {verdict} the line above{claim}"
        super().__init__("\n".join([start, f"    = {line.text}", *why, *hints]))

    _render_traceback_ = NotationError._render_traceback_


@dataclass(frozen=True)
class Derivation:
    """A checked derivation: aligned formulas in a notebook, readable text elsewhere.

    lines, setting : what was read.
    comparisons : one for each line after the first, with the line above.
    """

    lines: tuple[Line, ...]
    setting: Setting
    comparisons: tuple[Comparison, ...]

    @property
    def verified(self) -> int:
        """How many lines were checked against the line above."""
        return len(self.comparisons)

    @property
    def proved(self) -> int:
        """How many of them are proved exactly; the others agree to 50 digits."""
        return sum(comparison.proved for comparison in self.comparisons)

    def summary(self) -> str:
        """Say in one sentence what was checked."""
        if not self.comparisons:
            return "1 line, nothing to compare it with"
        compared = self.verified - self.proved
        points = min(c.compared for c in self.comparisons)
        how = [f"{self.proved} proved exactly"] if self.proved else []
        how += [f"{compared} equal to {DIGITS} digits at {points} points"] if compared else []
        steps = "1 step" if self.verified == 1 else f"{self.verified} steps"
        return f"{steps} checked: {', '.join(how)}"

    def __repr__(self) -> str:
        width = max(len(line.text) for line in self.lines)
        rows = []
        for line in self.lines:
            reason = f"   # {line.reason}" if line.reason else ""
            rows.append(f"{'= ' if rows else '  '}{line.text:{width}}{reason}".rstrip())
        for word, (name, tree) in zip(_with(), self.setting.where.items(), strict=False):
            rows.append(f"{word} {name} = {to_text(tree)}")
        rows += [f"for {self.setting.on}"] if self.setting.on else []
        return "\n".join([*rows, self.summary()])

    def _repr_latex_(self) -> str:
        variable, rows = self.setting.variable, []
        for line in self.lines:
            reason = rf" && {_tex_words(line.reason)}" if line.reason else ""
            rows.append(f"{'={} ' if rows else ''}& {latex(line.tree, variable)}{reason}")
        for word, (name, tree) in zip(_with(), self.setting.where.items(), strict=False):
            rows.append(rf"& \text{{{word} }} {tex_letter(name)} = {latex(tree, variable)}")
        rows += [rf"& \text{{for }} {_tex_range(self.setting.on)}"] if self.setting.on else []
        rows.append(rf"& {{\small \text{{{self.summary()}}}}}")
        return "$$\\begin{aligned}\n" + " \\\\[0.5em]\n".join(rows) + "\n\\end{aligned}$$"


def _with() -> Iterator[str]:
    return itertools.chain(["with"], itertools.repeat("and"))


def _tex_range(on: str) -> str:
    signs = {"<=": r"\le", "≤": r"\le", ">=": r"\ge", "≥": r"\ge", "−": "-", ",": r",\;"}
    signs["and"] = r"\text{ and }"
    pieces = re.findall(r"<=|>=|[<>≤≥,−-]|[0-9.]+|[^\W\d]\w*", on)
    letter = re.compile(r"[^\W\d]")
    return " ".join(
        signs.get(p) or (tex_letter(ALIASES.get(p, p)) if letter.match(p) else p) for p in pieces
    )


_POWER = re.compile(r"([0-9A-Za-z]+\^(?:\([0-9A-Za-z+*/ -]+\)|-?[0-9A-Za-z]+))")


def _tex_words(words: str) -> str:
    r"""Set words as \text{…}; powers and signs special to LaTeX or HTML step out for a moment.

    >>> print(_tex_words("times e^(2z), 5 % of it"))
    \text{times }e^{2z}\text{, 5 }\%\text{ of it}
    """
    plain, *powers = re.split(_POWER, words, maxsplit=1)
    if powers:
        base, exponent = powers[0].split("^", 1)
        return f"{_tex_words(plain)}{base}^{{{exponent.strip('()')}}}{_tex_words(powers[1])}"
    special = {c: rf"\{c}" for c in "#$%&_{}"}
    special |= {"\\": r"\backslash", "^": r"\wedge", "~": r"\sim", "<": " < ", ">": " > "}
    inside = "".join(rf"}}{special[c]}\text{{" if c in special else c for c in words)
    return rf"\text{{{inside}}}"


def split_lines(text: str) -> list[tuple[int, str, str]]:
    r"""Cut a derivation into (number, step, reason); the first non-empty line is number 1.

    >>> split_lines("D(z^2)   # the square\n\n = 2z")
    [(1, 'D(z^2)', 'the square'), (2, '2z', '')]
    """
    expect(str, text, "a derivation is a text, one step a line")
    steps = []
    for row in as_typed(text).split("\n"):
        step, _, reason = row.partition("#")
        step = step.strip()
        if step:
            reason = "".join(c if c.isprintable() else " " for c in reason[:MAX_CHARACTERS])
            steps.append((len(steps) + 1, step.removeprefix("=").strip(), reason.strip()))
    return steps


def derive(
    text: str,
    *,
    variable: str = "z",
    where: Mapping[str, str] | None = None,
    on: str | None = None,
) -> Derivation:
    r"""Check every line of a derivation against the line above and typeset it as written.

    Parameters
    ----------
    text : one step a line; a leading `=` is optional, so is a reason after `#`. Blank lines are
        skipped, a single line is a derivation too.
    variable : `D(…)` is the derivative with respect to this letter.
    where : letters with a definition, usable in every line: `{"g": "1/(1 + exp(-z))"}`.
    on : where the lines are compared: `"z < 0"`, `"0 < g < 1"`, `"z > 0, alpha <= 1"`.

    Every letter must occur in the first line, in `where` or in `on`, so that a typing error
    later is seen. Each line is compared with the one above at sixteen fixed points with 50 digits
    (a point counts where the first line has a value); what is rational in letters and
    exponentials is proved exactly as well.

    Raises
    ------
    DerivationError : a line differs from the line above; says where, with both values.
    NotationError : a line cannot be read; says where and why.
    ArgumentError : an argument is of the wrong kind, such as `on=(0, 1)`; it is a TypeError.

    >>> derive('''
    ...   D(z^2 * e^-z)
    ... = 2z e^-z + z^2 D(e^-z)      # product rule
    ... = 2z e^-z - z^2 e^-z         # chain rule
    ... = z(2 - z) e^-z              # factor out
    ... ''')
      D(z^2 * e^-z)
    = 2z e^-z + z^2 D(e^-z)   # product rule
    = 2z e^-z - z^2 e^-z      # chain rule
    = z(2 - z) e^-z           # factor out
    3 steps checked: 3 proved exactly
    >>> derive("D(e^-z) \n = e^-z  # exp")
    Traceback (most recent call last):
    helpers.derivation.steps.DerivationError: line 2 is not equal to the line above (claimed: exp)
        = e^-z
    at z = 0.7: this line is 0.496585, the line above -0.496585
    """
    steps = split_lines(text)
    if not steps:
        raise NotationError("there is no line to read", "")
    if len(steps) > MAX_LINES:
        raise NotationError(f"more than {MAX_LINES} lines", steps[MAX_LINES][1], 0, MAX_LINES + 1)
    setting = Setting.of(steps[0][1], variable=variable, where=where, on=on)
    lines = tuple(setting.read(*step) for step in steps)
    for line in lines if len(lines) > 1 else ():
        try:
            setting.values(line.tree)
        except NotationError as error:  # it would take too long
            raise NotationError(error.message, line.text, 0, line.number) from None
    comparisons = []
    for above, line in itertools.pairwise(lines):
        comparison = setting.compare(line.tree, above.tree, domain=lines[0].tree)
        if not comparison.equal:
            hints = _hints(setting, lines, line.number, comparison, text)
            raise DerivationError(line, above, comparison, hints)
        comparisons.append(comparison)
    return Derivation(lines, setting, tuple(comparisons))


def _letter_hint(setting: Setting, above: Line, line: Line) -> str:
    """Say which letter may be meant as the variable, or as a constant."""
    variable = setting.variable
    letters = {one: setting.letters(one.tree) for one in (above, line)}
    for one, found in letters.items():
        derived = any(isinstance(node, D) for node in walk(one.tree))
        first = one.number == 1 and variable in letters[line]
        if found and variable not in found and (derived or first):
            hint = f"line {one.number} has no {variable}; {_taken(found)}"
            say = " or ".join(f'variable="{name}"' for name in sorted(found))
            return f"{hint}. D differentiates by {variable}: else say {say}" if derived else hint
    for name in sorted(set().union(*letters.values())):
        if name.lower() != name and name.lower() in (variable, *CONSTANTS):
            return f"{_taken([name])}: did you mean {name.lower()}?"
    return ""


def _hints(
    setting: Setting, lines: Sequence[Line], number: int, comparison: Comparison, text: str
) -> Iterator[str]:
    """What may be behind a line that does not follow, apart from the mathematics."""
    above, line = lines[number - 2 : number]
    hint = _letter_hint(setting, above, line)
    if hint:
        yield hint
    elif comparison.equal is None:
        letters = setting.letters(above.tree) | setting.letters(line.tree)
        name = setting.variable if setting.variable in letters else min(letters, default="z")
        few = f"only {comparison.compared} points have a value"
        yield f'{few}: restrict them, as on="{name} > 0" does'
    rows = [row.strip() for row in text.split("\n")]
    for one in lines[number - 1 : number + 1]:
        if one.text[0] in "-−–" and any(row.startswith(one.text) for row in rows):
            goes_on = f"if line {one.number} continues the line above it"
            yield f"{goes_on}, write both in one row"


def _taken(letters: Collection[str]) -> str:
    kind = "is taken for a parameter" if len(letters) == 1 else "are taken for parameters"
    return f"{' and '.join(sorted(letters))} {kind}"
