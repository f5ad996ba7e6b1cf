"""Read a derivation written in plain text, check it line by line, typeset it as it was written.

One notation for teacher and learner, one step a line, `D(…)` for d/dz, a reason after `#`:

      D(1/(1 + exp(-z)))
    = D((1 + exp(-z))^-1)                  # rewrite as a power
    = -(1 + exp(-z))^-2 * D(1 + exp(-z))   # power rule, chain rule

The floors of this module, from the ground up:

    tree            Num Sym Neg Op Func D: small frozen records, never simplified
    parse           text -> tree; the text is read, never executed
    to_text, latex  tree -> text or LaTeX with the brackets it needs
    differentiate   the rules of calculus, a table in this very notation
    values          a tree at many points, with 50 digits
    prove_equal     exact proof for rational functions of letters and exponentials
    Setting         what the letters mean, where a line is tested, `compare`
    derive          all of it: a checked, typeset `Derivation`
"""

from __future__ import annotations

import difflib
import itertools
import operator
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property

import mpmath

__all__ = [
    "RULES",
    "Comparison",
    "D",
    "Derivation",
    "DerivationError",
    "Func",
    "Line",
    "Neg",
    "NotationError",
    "Num",
    "Op",
    "Setting",
    "Sym",
    "Tree",
    "children",
    "derive",
    "differentiate",
    "evaluate",
    "latex",
    "names",
    "parse",
    "prove_equal",
    "replace_children",
    "rules_used",
    "split_lines",
    "substitute",
    "to_text",
    "values",
    "walk",
]

# What a line may hold; far above what a derivation needs, far below what could take long.
MAX_CHARACTERS, MAX_LINES, MAX_NODES = 400, 100, 200
MAX_NESTED, MAX_HEIGHT = 20, 40  # brackets in brackets; operations on operations, as in a sum
MAX_NUMBER, MAX_EXPONENT = 10**6, 64
MAX_RULES, MAX_RULES_DEEP = 5000, 100


# --------------------------------------------------------------------------------- the tree


@dataclass(frozen=True)
class _Node:
    """What all nodes have: `span`, the columns they were read from."""

    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Num(_Node):
    """A number without a sign, as it was written: `2`, `0.5`."""

    text: str

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


@dataclass(frozen=True)
class Sym(_Node):
    """A letter (`z`, `g`, `beta`) or one of the constants `pi` and `e`."""

    name: str


@dataclass(frozen=True)
class Neg(_Node):
    """A minus sign in front of `arg`."""

    arg: Tree


@dataclass(frozen=True)
class Op(_Node):
    """`left op right` with op one of `+ - * / ^`."""

    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Func(_Node):
    """A function of one argument; `e^u` is read as `exp(u)`."""

    name: str
    arg: Tree


@dataclass(frozen=True)
class D(_Node):
    """The derivative of `arg` with respect to the variable of the derivation."""

    arg: Tree


Tree = Num | Sym | Neg | Op | Func | D


def children(tree: Tree) -> tuple[Tree, ...]:
    """Return the subtrees directly below `tree`, from left to right."""
    match tree:
        case Op(_, left, right):
            return left, right
        case Neg(arg) | Func(_, arg) | D(arg):
            return (arg,)
    return ()


def replace_children(tree: Tree, new: Sequence[Tree]) -> Tree:
    """Return a copy of `tree` with other subtrees; `replace_children(t, children(t)) == t`."""
    match tree:
        case Op(op, _, _):
            return Op(op, *new, span=tree.span)
        case Func(name, _):
            return Func(name, *new, span=tree.span)
        case Neg(_) | D(_):
            return type(tree)(*new, span=tree.span)
    return tree


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield `tree` and everything below it, parents first, from left to right."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def _height(tree: Tree) -> int:
    return 1 + max(map(_height, children(tree)), default=0)


def names(tree: Tree) -> set[str]:
    """Return the letters in `tree` (the constants pi and e are not letters)."""
    return {node.name for node in walk(tree) if isinstance(node, Sym)} - set(CONSTANTS)


def substitute(tree: Tree, trees: Mapping[str, Tree]) -> Tree:
    """Put trees in the place of letters.

    >>> to_text(substitute(parse("1 - t^2"), {"t": parse("2s - 1")}))
    '1 - (2*s - 1)^2'
    """
    if isinstance(tree, Sym):
        return trees.get(tree.name, tree)
    return replace_children(tree, [substitute(child, trees) for child in children(tree)])


# ------------------------------------------------------------------------ the alphabet, errors

CONSTANTS = ("pi", "e")
FUNCTIONS = (
    *("exp", "ln", "sqrt", "sinh", "cosh", "tanh", "sech", "sigmoid", "erf", "abs", "atan"),
    *("sin", "cos", "tan"),
)
ALIASES = {
    **{"log": "ln", "arctan": "atan", "sigma": "sigmoid", "σ": "sigmoid", "√": "sqrt"},
    **{"π": "pi", "lam": "lambda", "ϕ": "phi", "ε": "epsilon", "ϵ": "epsilon"},
}
_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda"),
    *("mu", "nu", "xi", "rho", "tau", "phi", "chi", "psi", "omega"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Phi", "Psi", "Omega"),
)
for _name in _GREEK:
    _kind = "CAPITAL" if _name[0].isupper() else "SMALL"
    _letter = "LAMDA" if _name.lower() == "lambda" else _name.upper()
    ALIASES[unicodedata.lookup(f"GREEK {_kind} LETTER {_letter}")] = _name
_RESERVED = {*FUNCTIONS, *CONSTANTS, *ALIASES, "D"}


class NotationError(ValueError):
    """A text that cannot be read: what is wrong, and where.

    Attributes: `message`, `text` (the line), `column` (from 0), `line` (number or None).

    >>> parse("1/2z")
    Traceback (most recent call last):
    helpers.derivation.NotationError: 1/2z can mean (1/2)*z or 1/(2*z): put brackets
        1/2z
           ^
    """

    def __init__(self, message: str, text: str, column: int = 0, line: int | None = None):
        self.message, self.text, self.column, self.line = message, text, column, line
        start = max(0, column - 60)
        shown = text[start : column + 40]
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in shown)
        where = "" if line is None else f"line {line}: "
        caret = " " * (4 + column - start) + "^"
        super().__init__(f"{where}{message}\n    {shown}\n{caret}")


# ------------------------------------------------------------------------------------ reading

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᶻ", "0123456789+-z", strict=True))
_SIGNS = {"·": "*", "⋅": "*", "∙": "*", "×": "*", "−": "-", "–": "-", "**": "^", "′": "'", "’": "'"}
_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}
_TOKEN = re.compile(
    r"""(?P<space>[ \t\u00a0\u2009\u202f]+)
      | (?P<float>[0-9.]+[eE][+-]?[0-9])
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9.]) | \.[0-9]+(?![0-9.]))
      | d(?P<inner>[A-Za-zΑ-ω][0-9]*)?[ ]?/[ ]?d(?P<by>[A-Za-z]+[0-9]*|[Α-ω])
      | (?P<name>[A-Za-z]+(?:_?[0-9]+)? | [Α-ωϕϵ√])
      | (?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᶻ]+)
      | (?P<sign>\*\*|[-+*/^()\[\]{}|'·⋅∙×−–′’])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Token:
    kind: str  # number, name, sign, derivative (d/dz), letter derivative (dg/dz), end
    text: str
    start: int
    end: int


def _tokens(text: str, variable: str) -> Iterator[_Token]:
    """Cut a line into tokens; superscripts become `^(…)`."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise NotationError(_unknown_character(text, position), text, position)
        start, end = found.span()
        position = end
        match found.lastgroup, found.group():
            case "space", _:
                continue
            case "float", written:
                raise NotationError(f"{written} is not read: write 0.001 or 10^-3", text, start)
            case "number", written:
                if len(written) > 20 or Fraction(written) > MAX_NUMBER:
                    raise NotationError("this number is too long or above 1 000 000", text, start)
                yield _Token("number", "0" * written.startswith(".") + written, start, end)
            case "by", written:
                if ALIASES.get(found["by"], found["by"]) != variable:
                    message = f"{written} is not read: here D(…) and d/d{variable} are understood"
                    raise NotationError(message, text, start)
                kind = "letter derivative" if found["inner"] else "derivative"
                yield _Token(kind, found["inner"] or written, start, end)
            case "superscript", written:
                yield _Token("sign", "^", start, start)
                yield _Token("sign", "(", start, start)
                for token in _tokens("".join(map(_SUPERSCRIPTS.get, written)), variable):
                    yield _Token(token.kind, token.text, start + token.start, start + token.end)
                yield _Token("sign", ")", end, end)
            case "sign", written:
                yield _Token("sign", _SIGNS.get(written, written), start, end)
            case _, written:
                yield _Token("name", ALIASES.get(written, written), start, end)


def _unknown_character(text: str, position: int) -> str:
    character = text[position]
    if character == "=":
        return "one = at the beginning of a line only: the next step goes on a new line"
    if character == ",":
        return "a comma is not read: decimals have a point, functions one argument"
    if character in ".0123456789":
        return "this number is not read: write 2 or 0.5"
    name = unicodedata.name(character, f"code {ord(character)}")
    shown = f"{character} " if character.isprintable() else ""
    return f"the character {shown}({name}) is not part of the notation"


class _Reader:
    """Recursive descent over the tokens of one line, from the loosest to the tightest.

    sum           term + term - …
    term          quotient * quotient * …, perhaps with a minus in front
    quotient      product / power / …      so a/b * c/d is a product of fractions
    side by side  power power …            2z, (1+z)(1-z)
    power         atom ^ power
    """

    def __init__(self, text: str, variable: str, where: Collection[str], letters):
        self.text, self.where, self.letters = text, where, letters
        self.variable = ALIASES.get(variable, variable)
        self.tokens = [*_tokens(text, self.variable), _Token("end", "", len(text), len(text))]
        self.position = self.depth = self.nodes = 0
        self.closing: list[str] = []

    # small tools

    def error(self, message: str, token: _Token | None = None) -> NotationError:
        return NotationError(message, self.text, (token or self.token).start)

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    @property
    def previous(self) -> _Token:
        return self.tokens[self.position - 1]

    def sees(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def take(self) -> _Token:
        self.position += 1
        return self.previous

    def make(self, kind: type, *parts, start: int) -> Tree:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.error(f"this line is too long: more than {MAX_NODES} parts")
        return kind(*parts, span=(start, self.previous.end))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTED:
            raise self.error(f"brackets and powers are nested more than {MAX_NESTED} deep")

    # the grammar

    def line(self) -> Tree:
        if self.token.kind == "end":
            raise self.error("there is nothing to read here")
        tree = self.sum()
        if self.token.kind != "end":
            raise self.error(f"this {self.token.text} has no partner or no place here")
        if _height(tree) > MAX_HEIGHT:
            raise self.error(
                f"more than {MAX_HEIGHT} operations build on one another", self.tokens[0]
            )
        return tree

    def sum(self) -> Tree:
        self.deeper()
        start, tree = self.token.start, self.term()
        while self.sees("+", "-"):
            op = self.take().text
            tree = self.make(Op, op, tree, self.term(), start=start)
        self.depth -= 1
        return tree

    def term(self) -> Tree:
        start = self.token.start
        if self.sees("-"):
            if self.position and self.previous.text in ("+", "-"):
                raise self.error("two signs in a row: put brackets around the second")
            self.take()
            return self.make(Neg, self.term(), start=start)
        tree = self.quotient(self.side_by_side())
        while self.sees("*"):
            self.take()
            right = self.quotient(self.factor(self.side_by_side))
            tree = self.make(Op, "*", tree, right, start=start)
        return tree

    def quotient(self, tree: Tree) -> Tree:
        while self.sees("/"):
            self.take()
            tree = self.make(Op, "/", tree, self.factor(self.power), start=tree.span[0])
            if self.starts_a_factor():
                self.refuse_number()
                raise self.error(self.two_readings(tree))
        return tree

    def side_by_side(self) -> Tree:
        start, tree = self.token.start, self.power()
        while self.starts_a_factor():
            self.refuse_number()
            last = tree.right if isinstance(tree, Op) and tree.op == "*" else tree
            bracket = self.token if self.sees("(") and self.token.start == last.span[1] else None
            right = self.power()
            if bracket:
                self.refuse_argument(last, right, bracket)
            tree = self.make(Op, "*", tree, right, start=start)
        return tree

    def factor(self, read: Callable[[], Tree]) -> Tree:
        """What may carry a sign of its own after `*`, `/` or `^`."""
        start = self.token.start
        if not self.sees("-"):
            return read()
        self.take()
        return self.make(Neg, read(), start=start)

    def power(self) -> Tree:
        start, base = self.token.start, self.atom()
        if not self.sees("^"):
            return base
        hat = self.take()
        of_e = base == Sym("e")
        exponent = self.exponent(closed=self.sees(*_CLOSING), of_e=of_e)
        if of_e:
            return self.make(Func, "exp", exponent, start=start)
        self.check_exponent(exponent, hat)
        return self.make(Op, "^", base, exponent, start=start)

    def exponent(self, *, closed: bool, of_e: bool) -> Tree:
        self.deeper()
        signed, tree = self.sees("-"), self.factor(self.power)
        spaced = self.token.start > self.previous.end
        if isinstance(tree, Num) and not signed and not of_e:
            closed |= spaced or self.sees("(")  # z^2(1 + z) and z^2 g, but not z^2g
        else:
            closed |= spaced and self.previous.kind == "name"  # e^-z (1 + z), but not e^-2 z
        if not closed and self.starts_a_factor():
            raise self.error("where does the exponent end? Put it in brackets: e^(-2*z)")
        self.depth -= 1
        return tree

    def check_exponent(self, exponent: Tree, hat: _Token) -> None:
        literal = exponent.arg if isinstance(exponent, Neg) else exponent
        if isinstance(literal, Num) and literal.value > MAX_EXPONENT:
            raise self.error(f"an exponent above {MAX_EXPONENT} is not read", hat)
        if any(isinstance(node, Op) and node.op == "^" for node in walk(exponent)):
            raise self.error("a power in the exponent of a power is not read", hat)

    def starts_a_factor(self) -> bool:
        if self.token.kind == "sign":
            bar_opens = self.token.text == "|" and self.closing[-1:] != ["|"]
            return self.token.text in "([{" or bar_opens
        return self.token.kind != "end"

    def refuse_number(self) -> None:
        if self.token.kind == "number" and self.previous.kind == "number":
            raise self.error("two numbers side by side: write 2*3")
        if self.token.kind == "number":
            n = self.token.text
            raise self.error(f"was a ^ lost? Write ^{n}, or {n}*… for a product")

    def refuse_argument(self, left: Tree, right: Tree, bracket: _Token) -> None:
        """A product like g(1 - g) is fine; e(-z), tanh(2)(z) and g(2z) mean something else."""
        inside = right.left if isinstance(right, Op) and right.op == "^" else right
        is_sum = isinstance(inside, Op) and inside.op in "+-"
        match left:
            case Sym("e"):
                message = "was a ^ lost? Write e^(…) or exp(…), or e*(…) for a product"
            case Func(name, Num(n)):
                message = f"was a ^ lost? Write {name}^{n}(…), or {name}({n})*(…) for a product"
            case Sym(name) if name in self.where and not is_sum:
                u = to_text(inside)
                message = f"{name} at {u}, or {name} times {u}? Write its formula, or {name}*({u})"
            case _:
                return
        raise self.error(message, bracket)

    def two_readings(self, left: Op) -> str:
        up, down, x = to_text(left.left), to_text(left.right), self.token.text
        if self.token.kind == "name" and x not in FUNCTIONS and len(up + down) < 30:
            return f"{up}/{down}{x} can mean ({up}/{down})*{x} or {up}/({down}*{x}): put brackets"
        return "does this factor belong under the fraction bar? Put brackets or a *"

    def atom(self) -> Tree:
        token = self.token
        if token.kind == "number":
            return self.make(Num, self.take().text, start=token.start)
        if token.kind == "sign" and token.text in _CLOSING:
            inner = self.bracket()
            absolute = token.text == "|"
            return self.make(Func, "abs", inner, start=token.start) if absolute else inner
        if token.kind == "derivative" or token.text == "D":
            return self.derivative()
        if token.kind == "letter derivative":
            self.take()
            return self.make(D, self.letter(token), start=token.start)
        if self.position == 0 and token.text == "+":
            raise self.error("a line cannot begin with +: write one whole expression a line")
        if token.kind != "name":
            what = f"before {token.text}" if token.text else "at the end"
            raise self.error(f"something is missing {what}")
        self.take()
        if token.text in FUNCTIONS:
            return self.function(token)
        return self.dashes(token, self.letter(token))

    def bracket(self) -> Tree:
        opening = self.take()
        self.closing.append(_CLOSING[opening.text])
        if self.sees(self.closing[-1]) and opening.text != "|":
            raise self.error("there is nothing between these brackets", opening)
        tree = self.sum()
        if self.token.kind == "end":
            raise self.error(f"this {opening.text} is never closed", opening)
        if not self.sees(self.closing.pop()):
            raise self.error(f"{self.token.text} does not close the {opening.text}")
        self.take()
        return tree

    def derivative(self) -> Tree:
        token = self.take()
        if not self.sees("(", "[", "{"):
            raise self.error(f"{token.text} needs brackets: {token.text}(…)")
        tree = self.make(D, self.bracket(), start=token.start)
        if token.kind == "derivative" and (self.starts_a_factor() or self.sees("^")):
            raise self.error("how far does d/dz reach? Write D(…) with one bracket around it all")
        return tree

    def function(self, token: _Token) -> Tree:
        exponent, hat = None, self.token
        if self.sees("^"):
            self.take()
            exponent = self.factor(self.power)
            if not (isinstance(exponent, Num) and exponent.value.denominator == 1):
                raise self.error(
                    f"only {token.text}^2(…) and so on: write ({token.text}(…))^…", hat
                )
            self.check_exponent(exponent, hat)
        if not self.sees("(", "[", "{"):
            raise self.error(f"{token.text} needs brackets: {token.text}(…)")
        tree = self.make(Func, token.text, self.bracket(), start=token.start)
        return tree if exponent is None else self.make(Op, "^", tree, exponent, start=token.start)

    def letter(self, token: _Token) -> Tree:
        """A letter; `g(z)` is g where g is defined as a function of z."""
        name = ALIASES.get(token.text, token.text)
        if not name.isascii():
            raise self.error(_unknown_character(self.text, token.start), token)
        single = name in _GREEK or len(name.rstrip("0123456789_")) == 1
        known = {self.variable, *self.where, *CONSTANTS, *(self.letters or ())}
        if name not in known and not (self.letters is None and single):
            raise self.error(self.unknown(name, known), token)
        return self.make(Sym, name, start=token.start)

    def unknown(self, name: str, known: set[str]) -> str:
        if name in ("d", "d" + self.variable):
            return f"for the derivative write D(…) or d/d{self.variable}(…)"
        if match := re.fullmatch(r"([A-Za-z]+)_?([0-9]+)", name):
            stem, n = ALIASES.get(match[1], match[1]), match[2]
            power = f"{stem}^{n}(…)" if stem in FUNCTIONS else f"{stem}^{n} or {n}*{stem}"
            return f"unknown letter {name}: did you mean {power}?"
        for cut in range(1, len(name)):
            if name[:cut] in known and name[cut:] in known | set(FUNCTIONS):
                return f"unknown name {name}: for a product write {name[:cut]}*{name[cut:]}"
        if close := difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.75):
            return f"unknown name {name}: did you mean {close[0]}?"
        if len(name) == 1 or name in _GREEK:
            letters = ", ".join(sorted(known - {*CONSTANTS}))
            return f"unknown letter {name}; the letters here are {letters}"
        return f"unknown name {name}; functions: {' '.join(FUNCTIONS)}"

    def dashes(self, token: _Token, tree: Tree) -> Tree:
        """Read g′ as D(g), then drop the `(z)` of g(z)."""
        while self.sees("'"):
            if token.text not in self.where:
                raise self.error("a dash is for letters with a definition: write D(…)")
            self.take()
            tree = self.make(D, tree, start=token.start)
        if token.text in self.where:
            ahead = [t.text for t in self.tokens[self.position : self.position + 3]]
            if ahead == ["(", self.variable, ")"]:
                self.position += 3
        return tree


def parse(
    text: str,
    *,
    variable: str = "z",
    where: Collection[str] = (),
    letters: Collection[str] | None = None,
) -> Tree:
    """Read one expression and return its tree; the text is never executed.

    Understood: `^` or `**` for powers, `2z`, `(1+z)(1-z)`, `z²`, `e^-z`, `tanh²(z)`, `|z|`,
    `σ(z)`, `α`, `·`, `−`, and `D(…)`, `d/dz(…)`, `dg/dz`, `g′` for derivatives. What can be
    read in two ways (`1/2z`, `e^-2z`) is refused with the two readings.

    Parameters
    ----------
    variable : the letter D differentiates by.
    where : letters that have a definition; `g(z)` is then read as g, everything else of
        the form `g(…)` as a product.
    letters : other letters allowed; None allows every single or Greek letter.

    Raises
    ------
    NotationError : with the place, for everything outside the notation.

    >>> to_text(parse("2z e^-z (1 + z)"))
    '2*z*exp(-z)*(1 + z)'
    >>> parse("g(1 - g)", where={"g"}) == parse("g(z)*(1 - g(z))", where={"g"})
    True
    """
    if not isinstance(text, str):
        raise TypeError(f"expected a text, got {type(text).__name__}")
    if len(text) > MAX_CHARACTERS:
        raise NotationError(
            f"more than {MAX_CHARACTERS} characters in a line", text, MAX_CHARACTERS
        )
    return _Reader(text, variable, where, letters).line()


# ------------------------------------------------------------------------------------ writing

_SUM, _MINUS, _PRODUCT, _QUOTIENT, _POWER, _ATOM = range(6)  # what binds tighter comes later


def _level(tree: Tree) -> int:
    match tree:
        case Op("+" | "-"):
            return _SUM
        case Neg():
            return _MINUS
        case Op("*"):
            return _PRODUCT
        case Op("/"):
            return _QUOTIENT
        case Op("^"):
            return _POWER
    return _ATOM


def to_text(tree: Tree) -> str:
    """Write a tree in the notation; `parse(to_text(tree)) == tree`.

    >>> to_text(parse("-(1+e^-z)^-2·d/dz(1+e^-z)"))
    '-(1 + exp(-z))^(-2)*D(1 + exp(-z))'
    """

    def within(tree: Tree, level: int) -> str:
        return to_text(tree) if _level(tree) >= level else f"({to_text(tree)})"

    match tree:
        case Num(text) | Sym(text):
            return text
        case Neg(arg):
            return "-" + within(arg, _PRODUCT)
        case Op("+" | "-" as op, left, right):
            return f"{within(left, _SUM)} {op} {within(right, _PRODUCT)}"
        case Op("^", base, exponent):
            return f"{within(base, _ATOM)}^{within(exponent, _ATOM)}"
        case Op("*", left, right):
            return f"{within(left, _PRODUCT)}*{within(right, _QUOTIENT)}"
        case Op("/", left, right):
            return f"{within(left, _QUOTIENT)}/{within(right, _POWER)}"
        case Func(name, arg):
            return f"{name}({to_text(arg)})"
        case D(arg):
            return f"D({to_text(arg)})"


_TEX_FUNCTIONS = {
    **{name: rf"\{name}" for name in ("ln", "sinh", "cosh", "tanh", "sin", "cos", "tan", "exp")},
    **{"sigmoid": r"\sigma", "atan": r"\arctan"},
    **{"sech": r"\operatorname{sech}", "erf": r"\operatorname{erf}"},
}


def latex(tree: Tree, variable: str = "z") -> str:
    """Typeset a tree with the brackets it needs, in plain LaTeX with amsmath.

    >>> print(latex(parse("g(1 - g)/2 + e^(-z^2/2)")))
    \\frac{g\\,(1 - g)}{2} + e^{-z^{2}/2}
    """
    return _Typesetter(variable).tex(tree)


class _Typesetter:
    """Fractions are stacked, in exponents (`inline`) they are written with a slash."""

    def __init__(self, variable: str, inline: bool = False):
        self.variable, self.inline = variable, inline

    def tex(self, tree: Tree) -> str:
        match tree:
            case Num(text):
                return text
            case Sym(name):
                return _tex_letter(name)
            case Neg(arg):
                return "-" + self.within(arg, _PRODUCT)
            case Op("+" | "-" as op, left, right):
                return f"{self.within(left, _SUM)} {op} {self.within(right, _PRODUCT)}"
            case Op("*", left, right):
                return self.product(left, right)
            case Op("/", left, right) if self.inline:
                return f"{self.within(left, _PRODUCT)}/{self.within(right, _POWER)}"
            case Op("/", left, right):
                return rf"\frac{{{self.tex(left)}}}{{{self.tex(right)}}}"
            case Op("^", base, exponent):
                return self.power(base, exponent)
            case Func(name, arg):
                return self.function(name, arg)
            case D(Sym(name)) if name not in (self.variable, *CONSTANTS):
                return rf"\frac{{d{_tex_letter(name)}}}{{d{_tex_letter(self.variable)}}}"
            case D(arg):
                d_dz = rf"\frac{{d}}{{d{_tex_letter(self.variable)}}}"
                return rf"{d_dz}\left[{self.tex(arg)}\right]"

    def level(self, tree: Tree) -> int:
        match tree:
            case Op("/") if not self.inline:
                return _POWER  # the bar holds it together; only as a base it needs brackets
            case Func("exp" | "sqrt") | D():
                return _POWER
        return _level(tree)

    def within(self, tree: Tree, level: int) -> str:
        return self.tex(tree) if self.level(tree) >= level else _bracketed(self.tex(tree))

    def product(self, left: Tree, right: Tree) -> str:
        slash = self.inline and isinstance(left, Op) and left.op == "/"
        first = self.within(left, _POWER if slash else _PRODUCT)
        second = self.within(right, _QUOTIENT)
        last = left.right if isinstance(left, Op) and left.op == "*" else left
        stacked = any(
            isinstance(n, D) or (isinstance(n, Op) and n.op == "/") for n in (last, right)
        )
        if isinstance(right, Neg) or second[0].isdigit() or (stacked and not self.inline):
            return rf"{first} \cdot {second}"
        return f"{first} {second}" if isinstance(last, Num) else rf"{first}\,{second}"

    def power(self, base: Tree, exponent: Tree) -> str:
        above = _Typesetter(self.variable, inline=True).tex(exponent)
        match base, exponent:
            case Func(name, arg), Num() if name in _TEX_FUNCTIONS and name != "exp":
                return f"{_TEX_FUNCTIONS[name]}^{{{above}}}{_bracketed(self.tex(arg))}"
            case Func(name), _ if name in _TEX_FUNCTIONS:
                return f"{_bracketed(self.tex(base))}^{{{above}}}"
        return f"{self.within(base, _ATOM)}^{{{above}}}"

    def function(self, name: str, arg: Tree) -> str:
        if name == "exp" and not _is_tall(arg):
            return f"e^{{{_Typesetter(self.variable, inline=True).tex(arg)}}}"
        if name == "sqrt":
            return rf"\sqrt{{{self.tex(arg)}}}"
        if name == "abs":
            return rf"\left|{self.tex(arg)}\right|"
        return _TEX_FUNCTIONS[name] + _bracketed(self.tex(arg))


def _bracketed(tex: str) -> str:
    tall = r"\frac" in tex or r"\left" in tex
    return rf"\left({tex}\right)" if tall else f"({tex})"


def _is_tall(exponent: Tree) -> bool:
    """Whether an exponent is better written as exp(…)."""
    nodes = list(walk(exponent))
    towers = any(isinstance(n, Func) and n.name in ("exp", "sqrt") for n in nodes)
    return towers or len(nodes) > 12 or any(isinstance(n, D) for n in nodes)


def _tex_letter(name: str) -> str:
    stem, index = re.fullmatch(r"([A-Za-z]+?)_?([0-9]*)", name).groups()
    if stem == "epsilon":
        stem = "varepsilon"
    if len(stem) > 1:
        stem = f"\\{stem}" if stem in (*_GREEK, "varepsilon", "pi") else rf"\mathrm{{{stem}}}"
    return f"{stem}_{{{index}}}" if index else stem


# ---------------------------------------------------------------------- the rules of calculus

RULES: Mapping[str, str] = {
    "constant": "0",
    "variable": "1",
    "sum": "D(u) + D(v)",
    "difference": "D(u) - D(v)",
    "minus": "-D(u)",
    "constant factor": "c*D(u)",
    "product": "D(u)*v + u*D(v)",
    "constant divisor": "D(u)/c",
    "quotient": "(D(u)*v - u*D(v))/v^2",
    "power": "n*u^(n - 1)*D(u)",
    "exponential": "c^u*ln(c)*D(u)",
    "power of functions": "u^v*(D(v)*ln(u) + v*D(u)/u)",
    "exp": "exp(u)*D(u)",
    "ln": "1/u*D(u)",
    "sqrt": "1/(2*sqrt(u))*D(u)",
    "sinh": "cosh(u)*D(u)",
    "cosh": "sinh(u)*D(u)",
    "tanh": "(1 - tanh(u)^2)*D(u)",
    "sech": "-sech(u)*tanh(u)*D(u)",
    "sigmoid": "sigmoid(u)*(1 - sigmoid(u))*D(u)",
    "erf": "2/sqrt(pi)*exp(-u^2)*D(u)",
    "abs": "u/abs(u)*D(u)",
    "atan": "1/(1 + u^2)*D(u)",
    "sin": "cos(u)*D(u)",
    "cos": "-sin(u)*D(u)",
    "tan": "1/cos(u)^2*D(u)",
}


def differentiate(
    tree: Tree,
    variable: str = "z",
    *,
    where: Collection[str] = (),
    rules: Mapping[str, str | Tree] = RULES,
    instead: Mapping[int, str | Tree] | None = None,
) -> Tree:
    """Differentiate by the rules of calculus, outermost rule first, tidying 0 and 1 away.

    A rule is a template in the notation itself, `D(u)` marks where the rules go on. Letters in
    `where` depend on the variable, their derivative stays `D(g)`; all other letters are
    constants. `instead={k: template}` replaces application number k (from 0, in the order of
    `rules_used`): so one rule can be broken at one place.

    >>> f = parse("z*exp(-z)")
    >>> to_text(differentiate(f))
    'exp(-z) + z*(exp(-z)*(-1))'
    >>> rules_used(f)
    ('product', 'variable', 'exp', 'minus', 'variable')
    >>> to_text(differentiate(f, instead={2: "exp(u)"}))
    'exp(-z) + z*exp(-z)'
    """
    return _Differentiator(variable, where, rules, instead or {}).d(tree)


def rules_used(tree: Tree, variable: str = "z", *, where: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the rules in the order in which `differentiate` applies them."""
    differentiator = _Differentiator(variable, where, RULES, {})
    differentiator.d(tree)
    return tuple(differentiator.used)


class _Differentiator:
    def __init__(self, variable, where, rules, instead):
        self.variable, self.where, self.rules, self.instead = variable, where, rules, instead
        self.used: list[str] = []
        self.depth = 0
        self.seen: dict[int, tuple[Tree, bool]] = {}  # derivatives share subtrees: look once

    def d(self, tree: Tree) -> Tree:
        if isinstance(tree, Sym) and tree.name in self.where:
            return D(tree)
        if isinstance(tree, D):
            inner = self.d(tree.arg)
            return D(inner) if isinstance(inner, D) else self.d(inner)
        name, parts = self.rule(tree)
        if len(self.used) >= MAX_RULES or self.depth >= MAX_RULES_DEEP:
            raise NotationError("this is too complicated to differentiate", "D(…)")
        template = self.instead.get(len(self.used), self.rules[name])
        self.used.append(name)
        self.depth += 1
        result = self.fill(_template(template), parts)
        self.depth -= 1
        return result

    def constant(self, tree: Tree) -> bool:
        if id(tree) not in self.seen:
            if isinstance(tree, Sym):
                result = tree.name != self.variable and tree.name not in self.where
            else:
                result = all([self.constant(child) for child in children(tree)])
            self.seen[id(tree)] = tree, result
        return self.seen[id(tree)][1]

    def rule(self, tree: Tree) -> tuple[str, dict[str, Tree]]:
        """The rule for the outermost operation, and what u, v, c, n stand for."""
        if self.constant(tree):
            return "constant", {}
        match tree:
            case Sym():
                return "variable", {}
            case Neg(u):
                return "minus", {"u": u}
            case Op("+", u, v):
                return "sum", {"u": u, "v": v}
            case Op("-", u, v):
                return "difference", {"u": u, "v": v}
            case Op("*", c, u) if self.constant(c):
                return "constant factor", {"c": c, "u": u}
            case Op("*", u, c) if self.constant(c):
                return "constant factor", {"c": c, "u": u}
            case Op("*", u, v):
                return "product", {"u": u, "v": v}
            case Op("/", u, c) if self.constant(c):
                return "constant divisor", {"c": c, "u": u}
            case Op("/", u, v):
                return "quotient", {"u": u, "v": v}
            case Op("^", u, n) if self.constant(n):
                return "power", {"u": u, "n": n}
            case Op("^", c, u) if self.constant(c):
                return "exponential", {"c": c, "u": u}
            case Op("^", u, v):
                return "power of functions", {"u": u, "v": v}
            case Func(name, u):
                return name, {"u": u}

    def fill(self, template: Tree, parts: Mapping[str, Tree]) -> Tree:
        match template:
            case Sym(name):
                return parts.get(name, template)
            case D(Sym(name)):
                return self.d(parts[name])
        return _tidy(replace_children(template, [self.fill(t, parts) for t in children(template)]))


@cache
def _read_template(text: str) -> Tree:
    return parse(text)


def _template(template: str | Tree) -> Tree:
    return _read_template(template) if isinstance(template, str) else template


def _tidy(tree: Tree) -> Tree:
    """Drop 0 and 1 where a human writer would, count whole numbers together."""
    match tree:
        case Neg(Num("0")):
            return Num("0")
        case Op("+", x, Num("0")) | Op("+", Num("0"), x) | Op("-", x, Num("0")):
            return x
        case Op("-", Num("0"), x):
            return Neg(x)
        case Op("*" | "/", Num("0"), _) | Op("*", _, Num("0")):
            return Num("0")
        case Op("*", Num("1"), x) | Op("*" | "/" | "^", x, Num("1")):
            return x
        case Op("+" | "-" as op, a, b):
            m, n = _whole(a), _whole(b)
            if m is not None and n is not None:
                total = m + n if op == "+" else m - n
                return Num(str(total)) if total >= 0 else Neg(Num(str(-total)))
    return tree


def _whole(tree: Tree) -> int | None:
    match tree:
        case Num(text) if text.isdigit():
            return int(text)
        case Neg(Num(text)) if text.isdigit():
            return -int(text)
    return None


# --------------------------------------------------------------------------- values, 50 digits

DIGITS = 50
_mp = mpmath.mp.clone()  # a context of our own: the user's mpmath precision stays as it is
_mp.dps = DIGITS + 30
_HUGE = 10**6  # exponents beyond this are overflow, not mathematics
_UNBOUNDED = {"ln": _mp.ln, "sqrt": _mp.sqrt, "abs": abs, "atan": _mp.atan}
_BOUNDED = {
    **{name: getattr(_mp, name) for name in ("exp", "sinh", "cosh", "tanh", "sech", "erf")},
    **{name: getattr(_mp, name) for name in ("sin", "cos", "tan")},
    "sigmoid": lambda x: 1 / (1 + _mp.exp(-x)),
}


def _power(base, exponent):
    if base == 0 and exponent <= 0:
        return None
    if base and abs(exponent * _mp.ln(abs(base))) > _HUGE:
        return None
    return base**exponent


_OPERATIONS = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv},
    "^": _power,
}


def _number(x) -> mpmath.mpf:
    return _mp.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else _mp.mpf(x)


def _each(function, *columns: list) -> list:
    return [_real(function, row) for row in zip(*columns, strict=True)]


def _real(function, arguments) -> mpmath.mpf | None:
    """A finite real value or None."""
    if any(x is None for x in arguments):
        return None
    try:
        y = function(*arguments)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return y if isinstance(y, _mp.mpf) and _mp.isfinite(y) else None


def values(
    tree: Tree,
    points: Sequence[Mapping[str, object]],
    *,
    variable: str = "z",
    where: Mapping[str, Tree] | None = None,
) -> list[mpmath.mpf | None]:
    """Evaluate a tree at many points with 50 digits; None where it has no real value.

    Letters in `where` stand for their trees, which may use one another; `D(…)` differentiates
    through them. A derivative has a value only where what is differentiated has one. Values
    whose exponentials exceed e^(10^6) count as undefined.

    >>> g_prime = parse("D(g)", where={"g"})
    >>> [v] = values(g_prime, [{"z": 0}], where={"g": parse("1/(1 + e^-z)")})
    >>> float(v)
    0.25
    """
    where = where or {}
    memo: dict[int, tuple[Tree, list]] = {}

    def column(tree: Tree) -> list:
        if id(tree) not in memo:
            memo[id(tree)] = tree, compute(tree)
        return memo[id(tree)][1]

    def compute(tree: Tree) -> list:
        match tree:
            case Num(text):
                return [_mp.mpf(text)] * len(points)
            case Sym("pi" | "e" as name):
                return [+getattr(_mp, name)] * len(points)
            case Sym(name) if name in where:
                return column(where[name])
            case Sym(name):
                if any(name not in point for point in points):
                    raise ValueError(f"no value for {name}")
                return [_number(point[name]) for point in points]
            case Neg(arg):
                return _each(operator.neg, column(arg))
            case Op(op, left, right):
                return _each(_OPERATIONS[op], column(left), column(right))
            case Func(name, arg) if name in _UNBOUNDED:
                return _each(_UNBOUNDED[name], column(arg))
            case Func(name, arg):
                f = _BOUNDED[name]
                return _each(lambda x: f(x) if abs(x) <= _HUGE else None, column(arg))
            case D(arg):
                prime = _without_d(tree, variable, where)
                return _each(lambda _, slope: slope, column(arg), column(prime))

    return column(tree)


def evaluate(tree: Tree, point: Mapping[str, object], **meaning) -> mpmath.mpf | None:
    """Evaluate a tree at one point with 50 digits, as `values` does.

    >>> float(evaluate(parse("D(z^3)"), {"z": 2}))
    12.0
    >>> evaluate(parse("ln(z)"), {"z": -1}) is None
    True
    """
    return values(tree, [point], **meaning)[0]


def _without_d(tree: D, variable: str, where: Mapping[str, Tree]) -> Tree:
    """Carry out one derivative; the derivatives of letters in the result are still `D(g)`."""
    arg = tree.arg
    if isinstance(arg, D):
        arg = _without_d(arg, variable, where)
    elif isinstance(arg, Sym) and arg.name in where:
        arg = where[arg.name]
    return differentiate(arg, variable, where=where)


# ---------------------------------------------------------------------------- an exact proof

# The functions below are quotients of exponentials, everything else is left as it stands.
_IN_EXPONENTIALS = {
    "sinh": "(exp(u) - exp(-u))/2",
    "cosh": "(exp(u) + exp(-u))/2",
    "tanh": "(exp(u) - exp(-u))/(exp(u) + exp(-u))",
    "sech": "2/(exp(u) + exp(-u))",
    "sigmoid": "1/(1 + exp(-u))",
}
_MAX_WORK = 40_000  # steps of multiplication: about a tenth of a second
_MAX_BITS = 2_000
_ONE = {frozenset(): Fraction(1)}

# A polynomial is a dict: monomial -> coefficient; a monomial is a frozenset of (atom, exponent).
_Polynomial = dict[frozenset, Fraction]
_Quotient = tuple[_Polynomial, _Polynomial]


class _NoProof(Exception):
    """The expression is outside the procedure, or too large for it."""


class _Quotients:
    """Write trees as quotients of polynomials in letters, e^monomials and unknown functions.

    Two quotients are equal when cross-multiplying gives the same polynomial. That is a proof: it
    uses only a/b + c/d, a/b · c/d and e^(x+y) = e^x e^y, and holds wherever both sides exist.
    """

    def __init__(self, variable: str, where: Mapping[str, Tree]):
        self.variable, self.where = variable, where
        self.unknown: list[tuple[str, _Quotient]] = []  # ln(…), erf(…), … left as they stand
        self.exponents: dict[frozenset, int] = {}  # monomials m with an atom e^m, numbered
        self.memo: dict[int, tuple[Tree, _Quotient]] = {}
        self.work = 0

    def same(self, x: _Quotient, y: _Quotient) -> bool:
        return self.product(x[0], y[1]) == self.product(y[0], x[1])

    def of(self, tree: Tree) -> _Quotient:
        if id(tree) not in self.memo:
            self.memo[id(tree)] = tree, self.build(tree)
        return self.memo[id(tree)][1]

    def build(self, tree: Tree) -> _Quotient:
        match tree:
            case Num():
                return ({frozenset(): tree.value} if tree.value else {}), _ONE
            case Sym("e"):
                return self.exp(_ONE)
            case Sym(name) if name in self.where:
                return self.of(self.where[name])
            case Sym(name):
                return _atom(name), _ONE
            case Neg(arg):
                return self.minus(self.of(arg))
            case Op("+", left, right):
                return self.plus(self.of(left), self.of(right))
            case Op("-", left, right):
                return self.plus(self.of(left), self.minus(self.of(right)))
            case Op("*", left, right):
                return self.times(self.of(left), self.of(right))
            case Op("/", left, right):
                return self.times(self.of(left), self.power(self.of(right), -1))
            case Op("^", base, exponent):
                return self.power(self.of(base), _whole(exponent))
            case Func("exp", arg):
                return self.exp(self.polynomial(self.of(arg)))
            case Func(name, arg) if name in _IN_EXPONENTIALS:
                return self.of(substitute(_template(_IN_EXPONENTIALS[name]), {"u": arg}))
            case Func(name, arg):
                return _atom(self.unknown_function(name, self.of(arg))), _ONE
            case D():
                return self.of(_without_d(tree, self.variable, self.where))

    def product(self, p: _Polynomial, q: _Polynomial) -> _Polynomial:
        total: _Polynomial = {}
        for (m, a), (n, b) in itertools.product(p.items(), q.items()):
            exponents = dict(m)
            for atom, k in n:
                exponents[atom] = exponents.get(atom, 0) + k
            monomial = frozenset((atom, k) for atom, k in exponents.items() if k)
            total[monomial] = c = total.get(monomial, 0) + a * b
            self.work += 3 + len(m) + len(n)
            bits = c.numerator.bit_length() + c.denominator.bit_length()
            if self.work > _MAX_WORK or bits > _MAX_BITS:
                raise _NoProof
        return {monomial: c for monomial, c in total.items() if c}

    def times(self, x: _Quotient, y: _Quotient) -> _Quotient:
        return self.product(x[0], y[0]), self.product(x[1], y[1])

    def minus(self, x: _Quotient) -> _Quotient:
        return {monomial: -c for monomial, c in x[0].items()}, x[1]

    def plus(self, x: _Quotient, y: _Quotient) -> _Quotient:
        (left, bottom), (right, other) = x, y
        if bottom != other:
            left, right = self.product(left, other), self.product(right, bottom)
            bottom = self.product(bottom, other)
        total = {m: left.get(m, 0) + right.get(m, 0) for m in {**left, **right}}
        return {monomial: c for monomial, c in total.items() if c}, bottom

    def power(self, base: _Quotient, k: int | None) -> _Quotient:
        if k is None or abs(k) > MAX_EXPONENT or (k <= 0 and not base[0]):
            raise _NoProof
        result = _ONE, _ONE
        for _ in range(abs(k)):
            result = self.times(result, base if k > 0 else base[::-1])
        return result

    def polynomial(self, x: _Quotient) -> _Polynomial:
        if x[1].keys() != _ONE.keys():
            raise _NoProof
        return {monomial: c / x[1][frozenset()] for monomial, c in x[0].items()}

    def exp(self, exponent: _Polynomial) -> _Quotient:
        """e^(a m + b n) = (e^m)^a (e^n)^b, and e^(k ln u) = u^k for whole k."""
        atoms, result = {}, (_ONE, _ONE)
        for monomial, c in exponent.items():
            match list(monomial):
                case [(("ln", index), 1)] if c.denominator == 1:
                    result = self.times(result, self.power(self.unknown[index][1], int(c)))
                case _:
                    number = self.exponents.setdefault(monomial, len(self.exponents))
                    atoms["exp", number] = c
        return self.times(result, ({frozenset(atoms.items()): Fraction(1)}, _ONE))

    def unknown_function(self, name: str, arg: _Quotient) -> tuple[str, int]:
        for index, (known, its_arg) in enumerate(self.unknown):
            if known == name and self.same(its_arg, arg):
                return name, index
        self.unknown.append((name, arg))
        return name, len(self.unknown) - 1


def _atom(atom) -> _Polynomial:
    return {frozenset({(atom, 1)}): Fraction(1)}


def prove_equal(
    left: Tree, right: Tree, *, variable: str = "z", where: Mapping[str, Tree] | None = None
) -> bool:
    """Prove that two trees are equal wherever both exist; False means no proof was found.

    Complete for rational functions of letters and exponentials (so also of sigmoid, tanh, …).
    Everything is counted in whole numbers and fractions, nothing is rounded.

    >>> prove_equal(parse("D(tanh(z))"), parse("4/(e^z + e^-z)^2"))
    True
    """
    quotients = _Quotients(variable, where or {})
    try:
        return quotients.same(quotients.of(left), quotients.of(right))
    except _NoProof:
        return False


# --------------------------------------------------------------- what the letters of a line mean

# Values carry 80 digits. Cancellation between numbers as small as those at the points below costs
# some ten of them, so equal lines agree to 50, relative to max(1, |value|).
TOLERANCE = _mp.mpf(10) ** -DIGITS
_SIGNED = [Fraction(n, 10) for n in (7, -13, 21, -4, 16, -27, 3, -9, 32, -19, 11, -34)]
_POSITIVE = [Fraction(n, 20) for n in (34, 12, 46, 7, 24, 16, 58, 9, 38, 3, 52, 11)]
_PARTS = [Fraction(n, 100) for n in (31, 72, 13, 56, 88, 6, 47, 63, 22, 95, 38, 81)]


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
                "undefined" if x is None else _mp.nstr(x, digits) for x in (self.left, self.right)
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
        definitions = _read_where(where or {}, variable)
        first = _read(1, first_line, variable=variable, where=definitions)
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
        letters = {"variable": self.variable, "where": self.where, "letters": self.parameters}
        return Line(number, text, _read(number, text, **letters), reason)

    @cached_property
    def points(self) -> tuple[dict[str, Fraction], ...]:
        """Twelve fixed points: the variable and z of both signs, other letters positive."""
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
        """Evaluate a tree at all points of this setting."""
        return values(tree, self.points, variable=self.variable, where=self.where)

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
            if x is None or y is None or abs(x - y) > TOLERANCE * max(1, abs(x), abs(y)):
                return Comparison(False, compared, point=point, left=x, right=y)
            compared += 1
        if 2 * compared < len(self.points):
            return Comparison(None, compared)
        proved = prove_equal(left, right, variable=self.variable, where=self.where)
        return Comparison(True, compared, proved)


def _read(number: int, text: str, **letters) -> Tree:
    try:
        return parse(text, **letters)
    except NotationError as error:
        raise NotationError(error.message, error.text, error.column, number) from None


def _plain_letter(name: str, what: str) -> str:
    plain = ALIASES.get(name, name)
    if not re.fullmatch(r"[A-Za-z]+(_?[0-9]+)?", plain) or plain in _RESERVED:
        raise NotationError(f"{name!r} cannot be a {what}: use a letter without a meaning", name)
    return plain


def _read_where(where: Mapping[str, str], variable: str) -> dict[str, Tree]:
    """Read the definitions; they may use one another, but not in a circle."""
    texts = {_plain_letter(name, "letter with a definition"): text for name, text in where.items()}
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

    def __init__(self, line: Line, above: Line, comparison: Comparison):
        self.line, self.above, self.comparison = line, above, comparison
        claim = f" (claimed: {line.reason})" if line.reason else ""
        verdict = "is not equal to"
        if comparison.equal is None:
            verdict = "cannot be compared with"
            why = (
                f'only {comparison.compared} points have a value: restrict them, as on="z > 0" does'
            )
        else:
            mine, other = comparison.shown()
            why = f"at {comparison.at()}: this line is {mine}, the line above {other}"
        start = f"line {line.number} {verdict} the line above{claim}"
        super().__init__(f"{start}\n    = {line.text}\n{why}")


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
        compared = self.verified - self.proved
        points = min((c.compared for c in self.comparisons), default=0)
        how = [f"{self.proved} proved exactly"] if self.proved else []
        how += [f"{compared} equal to {DIGITS} digits at {points} points"] if compared else []
        if not how:
            return "1 line, nothing to compare it with"
        return f"{len(self.lines)} lines, each equal to the one above: {', '.join(how)}"

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
            rows.append(rf"& \text{{{word} }} {_tex_letter(name)} = {latex(tree, variable)}")
        rows += [rf"& \text{{for }} {_tex_range(self.setting.on)}"] if self.setting.on else []
        return "$$\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}$$"


def _with() -> Iterator[str]:
    return itertools.chain(["with"], itertools.repeat("and"))


def _tex_range(on: str) -> str:
    signs = {"<=": r"\le", "≤": r"\le", ">=": r"\ge", "≥": r"\ge", "−": "-", ",": r",\;"}
    signs["and"] = r"\text{ and }"
    pieces = re.findall(r"<=|>=|[<>≤≥,−-]|[0-9.]+|[^\W\d]\w*", on)
    letter = re.compile(r"[^\W\d]")
    return " ".join(
        signs.get(p) or (_tex_letter(ALIASES.get(p, p)) if letter.match(p) else p) for p in pieces
    )


def _tex_words(words: str) -> str:
    r"""Set words as \text{…}; signs special to LaTeX or HTML step out of it for a moment."""
    special = {c: rf"\{c}" for c in "#$%&_{}"}
    special |= {"\\": r"\backslash", "^": r"\wedge", "~": r"\sim", "<": " < ", ">": " > "}
    inside = "".join(rf"}}{special[c]}\text{{" if c in special else c for c in words)
    return rf"\text{{{inside}}}"


def split_lines(text: str) -> list[tuple[int, str, str]]:
    r"""Cut a derivation into (number, step, reason); the first non-empty line is number 1.

    >>> split_lines("D(z^2)   # the square\n\n = 2z")
    [(1, 'D(z^2)', 'the square'), (2, '2z', '')]
    """
    if not isinstance(text, str):
        raise TypeError(f"expected a text, got {type(text).__name__}")
    steps = []
    for row in text.split("\n"):
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
    on : where the lines are compared: `"z < 0"`, `"0 < g < 1"`.

    Every letter must occur in the first line, in `where` or in `on`, so that a typing error
    later is seen. Each line is compared with the one above at twelve fixed points with 50 digits
    (a point counts where the first line has a value); what is rational in letters and
    exponentials is proved exactly as well.

    Raises
    ------
    DerivationError : a line differs from the line above; says where, with both values.
    NotationError : a line cannot be read; says where and why.

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
    4 lines, each equal to the one above: 3 proved exactly
    >>> derive("D(e^-z) \n = e^-z  # exponential")
    Traceback (most recent call last):
    helpers.derivation.DerivationError: line 2 is not equal to the line above (claimed: exponential)
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
    comparisons = []
    for above, line in itertools.pairwise(lines):
        comparison = setting.compare(line.tree, above.tree, domain=lines[0].tree)
        if not comparison.equal:
            raise DerivationError(line, above, comparison)
        comparisons.append(comparison)
    return Derivation(lines, setting, tuple(comparisons))
