"""Read the plain-text notation of derivations: text -> tree, or an error that points at the place.

One notation for teacher and learner: `exp(-z)/(1 + exp(-z))^2`, with `D(…)` for d/dz. Text is read
by hand-written rules of grammar and never executed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from helpers.derivation.errors import NotationError, expect
from helpers.derivation.tokens import Token, as_typed, read_tokens, unknown_character
from helpers.derivation.trees import D, Func, Neg, Num, Op, Sym, Tree, height, walk
from helpers.derivation.vocabulary import ALIASES, CONSTANTS, FUNCTIONS, GREEK, list_of_functions
from helpers.derivation.writing import Binding, binding, to_text
from helpers.language import gettext

# What a line may hold; far above what a derivation needs, far below what could take long.
MAX_CHARACTERS, MAX_NODES = 400, 200
MAX_NESTED, MAX_HEIGHT = 20, 40  # brackets in brackets; operations on operations, as in a sum
MAX_EXPONENT = 64

_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}
_COMMA = "a comma is not read here: decimals have a point, only max and min take two arguments"
_LATEX = "this looks like LaTeX; write for example exp(-z)/(1 + exp(-z))^2"


class Reader:
    """Recursive descent over the tokens of one line, from the loosest to the tightest.

    sum           term + term - …
    term          quotient * quotient * …, perhaps with a minus in front
    quotient      product / power / …      so a/b * c/d is a product of fractions
    side by side  power power …            2z, (1+z)(1-z)
    power         atom ^ power
    """

    def __init__(
        self,
        text: str,
        stream: Iterable[Token],
        *,
        variable: str = "z",
        where: Collection[str] = (),
        letters: Collection[str] | None = None,
    ) -> None:
        self.text, self.variable, self.where, self.letters = text, variable, where, letters
        self.tokens = [*stream, Token("end", "", len(text), len(text))]
        self.position = self.depth = self.nodes = 0
        self.closing: list[str] = []

    # small tools

    def error(
        self, message: str, token: Token | None = None, hint: str = "", **fields: Any
    ) -> NotationError:
        return NotationError(message, self.text, (token or self.token).start, hint=hint, **fields)

    def misplaced(self, message: str, **fields: Any) -> NotationError:
        return self.error(_COMMA if self.sees(",") else message, **fields)

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    @property
    def previous(self) -> Token:
        return self.tokens[self.position - 1]

    def sees(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def take(self) -> Token:
        self.position += 1
        return self.previous

    def make(self, kind: Callable[..., Tree], *parts: str | Tree | None, start: int) -> Tree:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.error("this line is too long: more than {n} parts", n=MAX_NODES)
        return kind(*parts, span=(start, self.previous.end))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTED:
            raise self.error("brackets and powers are nested more than {n} deep", n=MAX_NESTED)

    # the grammar

    def line(self) -> Tree:
        if self.token.kind == "end":
            raise self.error("there is nothing to read here")
        for place, token in enumerate(self.tokens):
            if token.kind in ("name", "letter derivative"):
                self.check_name(place, token)
        tree = self.sum()
        if self.token.kind != "end":
            raise self.misplaced(
                "this {typed} has no partner or no place here", typed=self.token.text
            )
        self.check_height(tree)
        return tree

    def check_height(self, tree: Tree) -> None:
        if height(tree) > MAX_HEIGHT:
            raise self.error(
                "more than {n} operations build on one another", self.tokens[0], n=MAX_HEIGHT
            )

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
        return self.product()

    def product(self) -> Tree:
        start, tree = self.token.start, self.quotient(self.side_by_side())
        while self.sees("*"):
            self.take()
            right = self.quotient(self.factor(self.side_by_side))
            tree = self.make(Op, "*", tree, right, start=start)
        return tree

    def quotient(self, tree: Tree) -> Tree:
        while self.sees("/"):
            self.take()
            below = self.factor(self.power)
            if self.starts_a_factor():
                self.refuse_number()
                raise self.error(self.two_readings(tree, below))
            tree = self.make(Op, "/", tree, below, start=tree.span[0])
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
            alone = u if binding(tree) == Binding.ATOM else f"({u})"
            raise self.error(
                "where does the exponent end? Write ^{alone}*{x} or ^({u}*{x})",
                alone=alone,
                x=x,
                u=u,
            )
        self.depth -= 1
        return tree

    def check_exponent(self, exponent: Tree, hat: Token) -> None:
        literal = exponent.arg if isinstance(exponent, Neg) else exponent
        if isinstance(literal, Num) and literal.value > MAX_EXPONENT:
            raise self.error("an exponent above {n} is not read", hat, n=MAX_EXPONENT)
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
            raise self.error("was a ^ lost? Write ^{n}, or {n}*… for a product", n=n)

    def refuse_argument(self, left: Tree, right: Tree, bracket: Token) -> None:
        """A product like g(1 - g) is fine; e(-z), tanh(2)(z) and g(2z) mean something else."""
        inside = right.left if isinstance(right, Op) and right.op == "^" else right
        is_sum = isinstance(inside, Op) and inside.op in "+-"
        match left:
            case Sym("e"):
                message = gettext("was a ^ lost? Write e^(…) or exp(…), or e*(…) for a product")
            case Func(name, Num(n)):
                message = gettext(
                    "was a ^ lost? Write {name}^{n}(…), or {name}({n})*(…) for a product",
                    name=name,
                    n=n,
                )
            case Sym(name) if name in self.where and not is_sum and not isinstance(inside, D):
                u = to_text(inside)
                message = gettext(
                    "{name} at {u}, or {name} times {u}? Write its formula, or {name}*({u})",
                    name=name,
                    u=u,
                )
            case _:
                return
        raise self.error(message, bracket)

    def two_readings(self, above: Tree, below: Tree) -> str:
        up, down = (self.text[slice(*self.bracketed_span(tree))] for tree in (above, below))
        x = self.token.text
        if self.token.kind == "name" and x not in FUNCTIONS and len(up + down) < 30:
            return gettext(
                "{up}/{down}{x} can mean ({up}/{down})*{x} or {up}/({down}*{x}): put brackets",
                up=up,
                down=down,
                x=x,
            )
        return gettext("does this factor belong under the fraction bar? Put brackets or a *")

    def bracketed_span(self, tree: Tree) -> tuple[int, int]:
        """The span of a tree with the brackets around it."""
        start, end = tree.span
        while True:
            before, after = self.text[:start].rstrip(), self.text[end:].lstrip()
            if not (before[-1:] and after[:1] and before[-1] + after[0] in ("()", "[]", "{}")):
                return start, end
            start, end = len(before) - 1, len(self.text) - len(after) + 1

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
            raise self.error(
                "a line cannot begin with {sign}: write one whole expression a line", sign=sign
            )
        if token.kind != "name":
            what = (
                gettext("before {typed}", typed=token.text) if token.text else gettext("at the end")
            )
            raise self.misplaced("something is missing {what}", what=what)
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
            raise self.error(
                "this {typed} is never closed", opening, typed=opening.text
            ).of_a_bracket()
        if count > 1 and (len(trees) < count or self.sees(",")):
            raise self.error(
                "{name} takes two arguments: {name}(a, b) or {name}(a, {name}(b, c))", name=name
            )
        if not self.sees(self.closing.pop()):
            raise self.misplaced(
                "{typed} does not close the {opening}", typed=self.token.text, opening=opening.text
            )
        self.take()
        return trees

    def derivative(self) -> Tree:
        token = self.take()
        if not self.sees("(", "[", "{"):
            raise self.error("{typed} needs brackets: {typed}(…)", typed=token.text)
        tree = self.make(D, self.bracket(), start=token.start)
        if token.kind == "derivative" and (self.starts_a_factor() or self.sees("^")):
            raise self.error("how far does d/dz reach? Write D(…) with one bracket around it all")
        return tree

    def function(self, token: Token) -> Tree:
        exponent, hat = None, self.token
        if self.sees("^"):
            self.take()
            exponent = self.factor(self.power)
            if token.text == "exp" and not isinstance(exponent, Num):
                raise self.error("exp carries its exponent in brackets: exp(…), or e^(…)", hat)
            if not (isinstance(exponent, Num) and exponent.value.denominator == 1):
                raise self.error(
                    "only {typed}^2(…) and so on: write ({typed}(…))^…", hat, typed=token.text
                )
            self.check_exponent(exponent, hat)
        if self.sees("'"):
            raise self.error(
                "the slope is written D({typed}(…)): the inner slope is in it", typed=token.text
            )
        called = self.text[token.start : token.end]
        if not self.sees("(", "[", "{"):
            raise self.error("{called} needs brackets: {called}(…)", called=called)
        if (
            token.text == "sqrt"
            and self.sees("[")
            and self.tokens[self.position + 1].kind == "number"
        ):
            raise self.error("another root than the square root is not read: write …^(1/3)")
        count = FUNCTIONS[token.text].arguments
        arguments = self.listed(count, token.text)
        tree = self.make(Op if count == 2 else Func, token.text, *arguments, start=token.start)
        return tree if exponent is None else self.make(Op, "^", tree, exponent, start=token.start)

    def letter(self, token: Token) -> Tree:
        return self.make(Sym, ALIASES.get(token.text, token.text), start=token.start)

    def check_name(self, place: int, token: Token) -> None:
        """Refuse a name nobody knows, before the grammar stumbles over it."""
        name = ALIASES.get(token.text, token.text)
        if not name.isascii():
            raise self.error(unknown_character(self.text, token.start), token)
        stem = name.rstrip("0123456789_")
        single = stem in GREEK or len(stem) == 1
        known = {self.variable, *self.where, *CONSTANTS, *(self.letters or ())}
        if name in known | {*FUNCTIONS, "D"} or (self.letters is None and single):
            return
        kind = "letter" if len(name) == 1 or name in GREEK else "name"
        if advice := self.advice(name, known) or self.reason(place) or closest(name, known):
            raise self.error(f"unknown {kind} {name}: {advice}", token)
        if kind == "name":
            raise self.error(
                "unknown name {name}; functions: {functions}",
                token,
                name=name,
                functions=list_of_functions(),
            )
        letters = ", ".join(sorted(known - {*CONSTANTS}))
        hint = gettext(
            '; if {name} stands for something, say so: where={{"{name}": "…"}}', name=name
        )
        raise self.error(
            "unknown letter {name}; the letters here are {letters}",
            token,
            hint,
            name=name,
            letters=letters,
        )

    def advice(self, name: str, known: set[str]) -> str:
        """What was surely meant by a name, or nothing."""
        if name in ("d", "d" + self.variable):
            return gettext(
                "for the derivative write D(…) or d/d{variable}(…)", variable=self.variable
            )
        if name in ("sign", "sgn", "signum", "heaviside", "Heaviside"):
            return gettext("it can be written with step(…) or abs(…)")
        if re.fullmatch(r"[a-z]{2}", name):
            return gettext("for a product write {name}", name="*".join(name))
        if match := re.fullmatch(r"([A-Za-z]+)_?([0-9]+)", name):
            stem, n = ALIASES.get(match[1], match[1]), match[2]
            power = (
                f"{stem}^{n}(…)"
                if stem in FUNCTIONS
                else gettext("{power} or {product}", power=f"{stem}^{n}", product=f"{n}*{stem}")
            )
            return gettext("did you mean {word}?", word=power)
        greek = () if name in GREEK else GREEK
        for word in (*sorted(known), *FUNCTIONS, "log", *greek):
            mixed_up = len(word) > 2 and sorted(word) == sorted(name.lower())
            if word.lower() == name.lower() or mixed_up:
                return gettext("did you mean {word}?", word=word)
        for cut in range(1, len(name)):
            if name[:cut] in known and name[cut:] in known | set(FUNCTIONS):
                return gettext(
                    "for a product write {left}*{right}", left=name[:cut], right=name[cut:]
                )
        return ""

    def reason(self, place: int) -> str:
        """Words after an expression, or several words, are a reason without its #."""
        before, token = self.tokens[place - 1] if place else None, self.tokens[place]
        words = re.split(r"[^A-Za-z ,'-]", self.text[token.start :], maxsplit=1)[0].rstrip(" ,'-")
        several = re.match(r"[A-Za-z]{2,}[ ,-]+([A-Za-z]{2,})", words)
        ended = before and (before.kind != "sign" or before.text in ")]}|'")
        last = len(token.text) > 1 and self.tokens[place + 1].kind == "end"
        if (several and several[1] not in FUNCTIONS) or (ended and last):
            return gettext("a reason begins with #, as in # {words}", words=words)
        return ""

    def dashes(self, token: Token, tree: Tree) -> Tree:
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


def closest(name: str, known: Collection[str]) -> str:
    """Ask whether the most similar word of the notation was meant, if one is similar."""
    words = (*FUNCTIONS, "log", *(word for word in sorted(known) if len(word) > 2))
    close = difflib.get_close_matches(name.lower(), words, n=1, cutoff=0.75)
    return gettext("did you mean {word}?", word=close[0]) if close else ""


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
    variable : the letter with respect to which D differentiates.
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
    expect(str, text, gettext('an expression is a text such as "exp(-z)"'))
    if len(text) > MAX_CHARACTERS:
        raise NotationError(
            "more than {n} characters in a line", text, MAX_CHARACTERS, n=MAX_CHARACTERS
        )
    typed = as_typed(text)
    if latex := re.search(r"[\\$]", typed):
        raise NotationError(gettext(_LATEX), typed, latex.start())
    variable = ALIASES.get(variable, variable)
    stream = read_tokens(text, variable)
    return Reader(text, stream, variable=variable, where=where, letters=letters).line()
