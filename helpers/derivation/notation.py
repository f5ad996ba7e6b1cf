"""Read and write the plain-text notation of derivations: text, tree, LaTeX.

One notation for teacher and learner: `exp(-z)/(1 + exp(-z))^2`, with `D(…)` for d/dz. Text is read
by hand-written rules of grammar and never executed; a tree keeps the form as it was written.

    tree            Num Sym Neg Op Func D: small frozen records, never simplified
    parse           text -> tree, or a NotationError that points at the place
    to_text, latex  tree -> text or LaTeX with the brackets it needs
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = [
    "ALIASES",
    "CONSTANTS",
    "FUNCTIONS",
    "MAX_CHARACTERS",
    "MAX_EXPONENT",
    "RESERVED",
    "ArgumentError",
    "D",
    "Func",
    "Neg",
    "NotationError",
    "Num",
    "Op",
    "Sym",
    "Tree",
    "as_typed",
    "children",
    "expect",
    "latex",
    "names",
    "parse",
    "replace_children",
    "substitute",
    "tex_letter",
    "to_text",
    "walk",
]

# What a line may hold; far above what a derivation needs, far below what could take long.
MAX_CHARACTERS, MAX_NODES = 400, 200
MAX_NESTED, MAX_HEIGHT = 20, 40  # brackets in brackets; operations on operations, as in a sum
MAX_NUMBER, MAX_EXPONENT = 10**6, 64


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
    """`left op right` with op one of `+ - * / ^`, or `max(left, right)`, `min(left, right)`."""

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
    *("sin", "cos", "tan", "relu", "softplus", "step", "Phi", "phi", "max", "min"),
)
_OF_TWO = ("max", "min")
ALIASES = {
    **{"log": "ln", "arctan": "atan", "sigma": "sigmoid", "σ": "sigmoid", "√": "sqrt"},
    **{"ReLU": "relu", "maximum": "max", "minimum": "min"},
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
RESERVED = {*FUNCTIONS, *CONSTANTS, *ALIASES, "D"}
_FUNCTION_LIST = " ".join(FUNCTIONS).replace("ln", "ln log", 1)


class NotationError(ValueError):
    """A text that cannot be read: what is wrong, and where.

    Attributes: `message`, `text` (the line), `column` (from 0), `line` (number or None), `hint`
    (what an argument of `derive` could change).

    >>> parse("1/2z")
    Traceback (most recent call last):
    helpers.derivation.notation.NotationError: 1/2z can mean (1/2)*z or 1/(2*z): put brackets
        1/2z
           ^
    """

    def __init__(
        self, message: str, text: str, column: int = 0, line: int | None = None, hint: str = ""
    ):
        super().__init__(message, text, column, line, hint)
        self.message, self.text, self.column = message, text, column
        self.line, self.hint = line, hint

    def __str__(self) -> str:
        start = max(0, self.column - 60)
        shown = self.text[start : self.column + 40]
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in shown)
        where = "" if self.line is None else f"line {self.line}: "
        caret = " " * (4 + self.column - start) + "^"
        return f"{where}{self.message}{self.hint}\n    {shown}\n{caret}"

    def _render_traceback_(self):
        """What a notebook shows: the message. The way through our code helps nobody."""
        return str(self).split("\n")


class ArgumentError(TypeError):
    """An argument of the wrong kind: what was expected and what came."""

    _render_traceback_ = NotationError._render_traceback_


def expect(kind: type, value: object, what: str):
    """Return `value` if it is of this kind, otherwise raise an ArgumentError that says `what`."""
    if not isinstance(value, kind):
        came = "None" if value is None else f"a value of type {type(value).__name__}"
        raise ArgumentError(f"{what}; {came} came")
    return value


# ------------------------------------------------------------------------------------ reading

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᶻ", "0123456789+-z", strict=True))
_SIGNS = {"·": "*", "⋅": "*", "∙": "*", "×": "*", "−": "-", "–": "-", "**": "^", "′": "'", "’": "'"}
_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}
_EATEN = re.compile("[\a\b\v\f]|\t(?=anh?\\b|au\\b|heta|imes|ext)|\r(?=ight|ho\\b)")
_TYPED = {"\a": r"\a", "\b": r"\b", "\v": r"\v", "\f": r"\f", "\t": r"\t", "\r": r"\r"}
_COMMA = "a comma is not read here: decimals have a point, only max and min take two arguments"
_LATEX = "this looks like LaTeX; write for example exp(-z)/(1 + exp(-z))^2"
_TOKEN = re.compile(
    r"""(?P<space>[ \t\u00a0\u2009\u202f]+)
      | (?P<float>[0-9.]+[eE][+-]?[0-9])
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9.]) | \.[0-9]+(?![0-9.]))
      | d(?P<inner>[A-Za-zΑ-ω][0-9]*)?[ ]?/[ ]?d(?P<by>[A-Za-z]+[0-9]*|[Α-ω])
      | (?P<name>[A-Za-z]+(?:_?[0-9]+)? | [Α-ωϕϵ√])
      | (?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᶻ]+)
      | (?P<sign>\*\*|[-+*/^,()\[\]{}|'·⋅∙×−–′’])""",
    re.VERBOSE,
)


def as_typed(text: str) -> str:
    r"""Give LaTeX back the backslashes that Python took: `"\frac"` begins with a form feed.

    >>> as_typed("\frac{1}{2}\times\beta") == r"\frac{1}{2}\times\beta"
    True
    """
    return _EATEN.sub(lambda found: _TYPED[found[0]], text)


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
    if character == "." and (before := re.search(r"[A-Za-z]\w*$", text[:position])):
        name = re.match(r"\w*", text[position + 1 :])[0]
        name = ALIASES.get(name, name)
        if name in (*FUNCTIONS, *CONSTANTS):
            return f"write {name}, without {before[0]}. in front of it"
        return f"{before[0]}.{name} is not read; functions: {_FUNCTION_LIST}"
    if character in ".0123456789":
        return "this number is not read: write 2 or 0.5"
    name = unicodedata.name(character, f"code {ord(character)}")
    shown = f"{character} " if character.isprintable() else ""
    return f"the character {shown}({name}) is not part of the notation"


def _closest(name: str, known: Collection[str]) -> str:
    words = (*FUNCTIONS, "log", *(word for word in sorted(known) if len(word) > 2))
    close = difflib.get_close_matches(name.lower(), words, n=1, cutoff=0.75)
    return f"did you mean {close[0]}?" if close else ""


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

    def error(self, message: str, token: _Token | None = None, hint: str = "") -> NotationError:
        return NotationError(message, self.text, (token or self.token).start, hint=hint)

    def misplaced(self, message: str) -> NotationError:
        return self.error(_COMMA if self.sees(",") else message)

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
        for place, token in enumerate(self.tokens):
            if token.kind in ("name", "letter derivative"):
                self.check_name(place, token)
        tree = self.sum()
        if self.token.kind != "end":
            raise self.misplaced(f"this {self.token.text} has no partner or no place here")
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
            u, x = to_text(tree) if len(list(walk(tree))) < 8 else "…", self.ahead()
            alone = u if _level(tree) == _ATOM else f"({u})"
            raise self.error(f"where does the exponent end? Write ^{alone}*{x} or ^({u}*{x})")
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

    def ahead(self) -> str:
        """The next factor in short: `2`, `z`, `exp(…)`, `(…)`."""
        token = self.token
        if token.kind == "sign":
            return "(…)"
        called = token.text in (*FUNCTIONS, "D") or token.kind == "derivative"
        return f"{token.text}(…)" if called else token.text

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
        if self.position == 0 and token.kind == "sign" and token.text in "+*/^":
            sign = token.text
            raise self.error(f"a line cannot begin with {sign}: write one whole expression a line")
        if token.kind != "name":
            what = f"before {token.text}" if token.text else "at the end"
            raise self.misplaced(f"something is missing {what}")
        self.take()
        if token.text in FUNCTIONS:
            return self.function(token)
        return self.dashes(token, self.letter(token))

    def bracket(self) -> Tree:
        return self.listed(1)[0]

    def listed(self, count: int, name: str = "") -> list[Tree]:
        """The `count` expressions between brackets, commas between them."""
        opening = self.take()
        self.closing.append(_CLOSING[opening.text])
        if self.sees(self.closing[-1]) and opening.text != "|":
            raise self.error("there is nothing between these brackets", opening)
        trees = [self.sum()]
        while self.sees(",") and len(trees) < count:
            self.take()
            trees.append(self.sum())
        if self.token.kind == "end":
            raise self.error(f"this {opening.text} is never closed", opening)
        if count > 1 and (len(trees) < count or self.sees(",")):
            raise self.error(f"{name} takes two arguments: {name}(a, b) or {name}(a, {name}(b, c))")
        if not self.sees(self.closing.pop()):
            raise self.misplaced(f"{self.token.text} does not close the {opening.text}")
        self.take()
        return trees

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
            if token.text == "exp" and not isinstance(exponent, Num):
                raise self.error("exp carries its exponent in brackets: exp(…), or e^(…)", hat)
            if not (isinstance(exponent, Num) and exponent.value.denominator == 1):
                raise self.error(
                    f"only {token.text}^2(…) and so on: write ({token.text}(…))^…", hat
                )
            self.check_exponent(exponent, hat)
        if self.sees("'"):
            raise self.error(f"the slope is written D({token.text}(…)): the inner slope is in it")
        if not self.sees("(", "[", "{"):
            raise self.error(f"{token.text} needs brackets: {token.text}(…)")
        kind, count = (Op, 2) if token.text in _OF_TWO else (Func, 1)
        arguments = self.listed(count, token.text)
        tree = self.make(kind, token.text, *arguments, start=token.start)
        return tree if exponent is None else self.make(Op, "^", tree, exponent, start=token.start)

    def letter(self, token: _Token) -> Tree:
        return self.make(Sym, ALIASES.get(token.text, token.text), start=token.start)

    def check_name(self, place: int, token: _Token) -> None:
        """Refuse a name nobody knows, before the grammar stumbles over it."""
        name = ALIASES.get(token.text, token.text)
        if not name.isascii():
            raise self.error(_unknown_character(self.text, token.start), token)
        single = name in _GREEK or len(name.rstrip("0123456789_")) == 1
        known = {self.variable, *self.where, *CONSTANTS, *(self.letters or ())}
        if name in known | {*FUNCTIONS, "D"} or (self.letters is None and single):
            return
        kind = "letter" if len(name) == 1 or name in _GREEK else "name"
        if advice := self.advice(name, known) or self.reason(place) or _closest(name, known):
            raise self.error(f"unknown {kind} {name}: {advice}", token)
        if kind == "name":
            raise self.error(f"unknown name {name}; functions: {_FUNCTION_LIST}", token)
        letters = ", ".join(sorted(known - {*CONSTANTS}))
        hint = f'; if {name} stands for something, say so: where={{"{name}": "…"}}'
        raise self.error(f"unknown letter {name}; the letters here are {letters}", token, hint)

    def advice(self, name: str, known: set[str]) -> str:
        """What was surely meant by a name, or nothing."""
        if name in ("d", "d" + self.variable):
            return f"for the derivative write D(…) or d/d{self.variable}(…)"
        if name in ("sign", "sgn", "signum", "heaviside", "Heaviside"):
            return "it can be written with step(…) or abs(…)"
        if match := re.fullmatch(r"([A-Za-z]+)_?([0-9]+)", name):
            stem, n = ALIASES.get(match[1], match[1]), match[2]
            power = f"{stem}^{n}(…)" if stem in FUNCTIONS else f"{stem}^{n} or {n}*{stem}"
            return f"did you mean {power}?"
        greek = () if name in _GREEK else _GREEK
        for word in (*sorted(known), *FUNCTIONS, "log", *greek):
            mixed_up = len(word) > 2 and sorted(word) == sorted(name.lower())
            if word.lower() == name.lower() or mixed_up:
                return f"did you mean {word}?"
        for cut in range(1, len(name)):
            if name[:cut] in known and name[cut:] in known | set(FUNCTIONS):
                return f"for a product write {name[:cut]}*{name[cut:]}"
        return ""

    def reason(self, place: int) -> str:
        """Words after an expression, or several words, are a reason without its #."""
        before, token = self.tokens[place - 1] if place else None, self.tokens[place]
        words = re.match(r"[A-Za-z ,'-]*", self.text[token.start :])[0].rstrip(" ,'-")
        several = re.match(r"[A-Za-z]{2,}[ ,-]+([A-Za-z]{2,})", words)
        ended = before and (before.kind != "sign" or before.text in ")]}|'")
        last = len(token.text) > 1 and self.tokens[place + 1].kind == "end"
        if (several and several[1] not in FUNCTIONS) or (ended and last):
            return f"a reason begins with #, as in # {words}"
        return ""

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
    `σ(z)`, `α`, `·`, `−`, and `D(…)`, `d/dz(…)`, `dg/dz`, `g′` for derivatives; `max(a, b)`,
    `min(a, b)`, `relu(z)`, `softplus(z)`, `step(z)` (1 right of 0, 0 left of it, nothing at 0),
    `Phi(z)` and `phi(z)` (normal distribution and its density). What can be read in two ways
    (`1/2z`, `e^-2z`) is refused with the two readings.

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
    expect(str, text, 'an expression is a text such as "exp(-z)"')
    if len(text) > MAX_CHARACTERS:
        raise NotationError(
            f"more than {MAX_CHARACTERS} characters in a line", text, MAX_CHARACTERS
        )
    typed = as_typed(text)
    if latex := re.search(r"[\\$]", typed):
        raise NotationError(_LATEX, typed, latex.start())
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
        case Op("max" | "min" as name, left, right):
            return f"{name}({to_text(left)}, {to_text(right)})"
        case Func(name, arg):
            return f"{name}({to_text(arg)})"
        case D(arg):
            return f"D({to_text(arg)})"


_TEX_FUNCTIONS = {
    **{name: rf"\{name}" for name in ("ln", "sinh", "cosh", "tanh", "sin", "cos", "tan", "exp")},
    **{"sigmoid": r"\sigma", "atan": r"\arctan", "Phi": r"\Phi", "phi": r"\varphi"},
    **{name: rf"\operatorname{{{name}}}" for name in ("sech", "erf", "softplus", "step")},
    "relu": r"\operatorname{ReLU}",
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
                return tex_letter(name)
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
            case Op("max" | "min" as name, left, right):
                return rf"\{name}" + _bracketed(rf"{self.tex(left)},\, {self.tex(right)}")
            case Func(name, arg):
                return self.function(name, arg)
            case D(Sym(name)) if name not in (self.variable, *CONSTANTS):
                return rf"\frac{{d{tex_letter(name)}}}{{d{tex_letter(self.variable)}}}"
            case D(arg):
                d_dz = rf"\frac{{d}}{{d{tex_letter(self.variable)}}}"
                return rf"{d_dz}\left[{self.tex(arg)}\right]"

    def level(self, tree: Tree) -> int:
        match tree:
            case Op("/") if not self.inline:
                return _POWER  # the bar holds it together; only as a base it needs brackets
            case Func("exp" | "sqrt") | Op("max" | "min") | D():
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


def tex_letter(name: str) -> str:
    stem, index = re.fullmatch(r"([A-Za-z]+?)_?([0-9]*)", name).groups()
    if stem == "epsilon":
        stem = "varepsilon"
    if len(stem) > 1:
        stem = f"\\{stem}" if stem in (*_GREEK, "varepsilon", "pi") else rf"\mathrm{{{stem}}}"
    return f"{stem}_{{{index}}}" if index else stem
