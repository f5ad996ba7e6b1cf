"""Check a derivation written in plain text line by line, and typeset it as it was written.

One step a line, `D(…)` for d/dz, a reason after `#`:

      D(1/(1 + exp(-z)))
    = D((1 + exp(-z))^-1)                  # rewrite as a power
    = -(1 + exp(-z))^-2 * D(1 + exp(-z))   # power rule, chain rule

A `Setting` says what the letters mean and where lines are compared; `derive` makes a checked,
typeset `Derivation`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpers.derivation.errors import NotationError, expect
from helpers.derivation.fifty_digits import DIGITS
from helpers.derivation.reader import MAX_CHARACTERS
from helpers.derivation.setting import MAX_LINES, Comparison, Line, Setting
from helpers.derivation.tokens import as_typed
from helpers.derivation.trees import has_d
from helpers.derivation.typesetting import latex, tex_letter
from helpers.derivation.vocabulary import ALIASES, CONSTANTS
from helpers.derivation.writing import to_text
from helpers.language import gettext, ngettext


class DerivationError(ValueError):
    """A line that does not follow: `line` and `above` (a `Line` each) and their `comparison`."""

    def __init__(self, line: Line, above: Line, comparison: Comparison, hints: Iterable[str] = ()):
        self.line, self.above, self.comparison = line, above, comparison
        claim = gettext(" (claimed: {reason})", reason=line.reason) if line.reason else ""
        start, why = gettext("line {n} cannot be compared with the line above", n=line.number), []
        if comparison.equal is False:
            start, (mine, other) = (
                gettext("line {n} is not equal to the line above", n=line.number),
                comparison.shown(),
            )
            told = "at {place}: this line is {mine}, the line above {other}"
            why = [gettext(told, place=comparison.at(), mine=mine, other=other)]
        super().__init__("\n".join([f"{start}{claim}", f"    = {line.text}", *why, *hints]))

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
            return gettext("1 line, nothing to compare it with")
        compared = self.verified - self.proved
        points = min(c.compared for c in self.comparisons)
        how = [gettext("{proved} proved exactly", proved=self.proved)] if self.proved else []
        if compared:
            equal = gettext(
                "{compared} equal to {digits} digits at {points} points",
                compared=compared,
                digits=DIGITS,
                points=points,
            )
            how.append(equal)
        steps = ngettext("{n} step", "{n} steps", self.verified)
        on = next((gettext(", where {on}", on=c.on) for c in self.comparisons if c.on), "")
        return gettext("{steps} checked: {how}{on}", steps=steps, how=", ".join(how), on=on)

    def __repr__(self) -> str:
        width = max(len(line.text) for line in self.lines)
        rows: list[str] = []
        for line in self.lines:
            reason = f"   # {line.reason}" if line.reason else ""
            rows.append(f"{'= ' if rows else '  '}{line.text:{width}}{reason}".rstrip())
        for word, (name, tree) in zip(_with(), self.setting.where.items(), strict=False):
            rows.append(f"{word} {name} = {to_text(tree)}")
        rows += [gettext("for {on}", on=self.setting.on)] if self.setting.on else []
        return "\n".join([*rows, self.summary()])

    def _repr_latex_(self) -> str:
        variable = self.setting.variable
        rows: list[str] = []
        for line in self.lines:
            reason = rf" && {_tex_words(line.reason)}" if line.reason else ""
            rows.append(f"{'={} ' if rows else ''}& {latex(line.tree, variable)}{reason}")
        for word, (name, tree) in zip(_with(), self.setting.where.items(), strict=False):
            rows.append(rf"& \text{{{word} }} {tex_letter(name)} = {latex(tree, variable)}")
        if self.setting.on:
            before, after = gettext("for {on}", on="|").split("|")
            after = rf"\text{{{after}}}" if after else ""
            rows.append(rf"& \text{{{before}}} {_tex_range(self.setting.on)}{after}")
        rows.append(rf"& {{\small \text{{{self.summary()}}}}}")
        return "$$\\begin{aligned}\n" + " \\\\[0.5em]\n".join(rows) + "\n\\end{aligned}$$"


def _with() -> Iterator[str]:
    return itertools.chain([gettext("with")], itertools.repeat(gettext("and")))


def _tex_range(on: str) -> str:
    signs = {"<=": r"\le", "≤": r"\le", ">=": r"\ge", "≥": r"\ge", "−": "-", ",": r",\;"}
    signs["and"] = rf"\text{{ {gettext('and')} }}"
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
    expect(str, text, gettext("a derivation is a text, one step a line"))
    steps: list[tuple[int, str, str]] = []
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
        first = steps[MAX_LINES][1]
        raise NotationError("more than {n} lines", first, 0, MAX_LINES + 1, n=MAX_LINES)
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
        derived = has_d(one.tree)
        first = one.number == 1 and variable in letters[line]
        if found and variable not in found and (derived or first):
            known = {"n": one.number, "variable": variable, "taken": _taken(found)}
            hint = gettext("line {n} has no {variable}; {taken}", **known)
            say = gettext(" or ").join(f'variable="{name}"' for name in sorted(found))
            told = "{hint}. D differentiates with respect to {variable}: else say {say}"
            return gettext(told, hint=hint, variable=variable, say=say) if derived else hint
    for name in sorted(set().union(*letters.values())):
        if name.lower() != name and name.lower() in (variable, *CONSTANTS):
            return gettext("{taken}: did you mean {name}?", taken=_taken([name]), name=name.lower())
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
        told = 'only {n} points have a value: restrict them, as on="{name} > 0" does'
        yield gettext(told, n=comparison.compared, name=name)
    rows = [row.strip() for row in text.split("\n")]
    for one in lines[number - 1 : number + 1]:
        if one.text[0] in "-−–" and any(row.startswith(one.text) for row in rows):
            told = "if line {n} continues the line above it, write both in one row"
            yield gettext(told, n=one.number)


def _taken(letters: Collection[str]) -> str:
    told = gettext(" and ").join(sorted(letters))
    return ngettext(
        "{letters} is taken for a parameter",
        "{letters} are taken for parameters",
        len(letters),
        letters=told,
    )
