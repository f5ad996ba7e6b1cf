"""Read one expression as people write it on paper, in LaTeX or in code.

The grammar of the notation, widened where people's habits differ: `sinh x`, `tanh²x`, `(…)'`,
`d/dx` in front of what follows, `\\frac`, two signs in a row, `x if x > 0 else a*x`. What stays
truly ambiguous is refused with both readings (`NotationError.readings`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from helpers.derivation.asking_reader import APPLIED, AskingReader, is_number
from helpers.derivation.calculus import differentiate, template
from helpers.derivation.display import TIGHT
from helpers.derivation.errors import NotationError
from helpers.derivation.learner_names import CASE_WORDS, DIFFERENTIALS, OPERATIONS, SHORT, Names
from helpers.derivation.learner_tokens import tokens
from helpers.derivation.reader import closest
from helpers.derivation.tokens import Token
from helpers.derivation.trees import D, Func, Lim, Neg, Num, Op, Sym, Tree, names, substitute, walk
from helpers.derivation.vocabulary import ALIASES, FUNCTIONS
from helpers.language import gettext, ngettext


def read_expression(text: str, start: int, end: int, names: Names) -> Tree:
    """Read ``text[start:end]``; spans and errors count in the whole text.

    Raises NotationError for what cannot be read, with `readings` where two are possible.
    """
    return _LearnersReader(text, start, end, names).expression_alone()


def read_as_written(text: str) -> Tree:
    """Read a number or a formula in z, alone, as people write it.

    Raises NotationError for what cannot be read, or in two ways.

    >>> from helpers.derivation import to_text
    >>> to_text(read_as_written(r"\\frac14 ln 3")), to_text(read_as_written("5 tanh 2z"))
    ('1/4*ln(3)', '5*tanh(2*z)')
    """
    return read_expression(text, 0, len(text), Names())


class _LearnersReader(AskingReader):
    """The notation's grammar with people's habits."""

    def __init__(self, text: str, start: int, end: int, names: Names):
        self.text, self.names = text, names
        self.variable, self.letters = names.variable, None
        self.where = names.letters - names.parameters  # which alone may have arguments
        self.raised = False
        self.tokens = self.split(self.with_decimals(tokens(text, start, end)))
        self.position = self.depth = self.nodes = 0
        self.closing: list[str] = []
        self.bound: dict[str, str] = {}
        self.in_latex = "\\" in text or "^{" in text

    # ------------------------------------------------------------------------------- names

    def split(self, found: list[Token]) -> list[Token]:
        """Cut names that nobody knows into names that somebody does: `wx`, `sinhx`, `4ab`."""
        out: list[Token] = []
        for place, token in enumerate(found):
            pieces = [token.text]
            before_slash = found[place + 1 : place + 2] and found[place + 1].text in ("/", "}")
            if token.kind == "name" and not self.names.knows(token.text):
                is_d = token.text[0] in DIFFERENTIALS and (
                    before_slash or (place and found[place - 1].text in ("/", "{"))
                )
                stem, _, index = token.text.partition("_")
                if (
                    index.isdigit()
                    and self.names.knows(stem)
                    and not re.search("[₀-₉_]", self.text[token.start : token.end])
                    and token.end - token.start <= len(stem + index)
                ):
                    raise self.lost_index(stem, index, token)
                if len(token.text) > 1 and not is_d and "_" not in token.text:
                    pieces = self.pieces(token.text) or pieces
            at = token.start
            for piece in pieces:
                width = len(piece) if len(pieces) > 1 else token.end - token.start
                out.append(Token(token.kind, piece, at, at + width))
                at += width
        return out

    def pieces(self, name: str) -> list[str] | None:
        if not name:
            return []
        if name == "e" + self.names.own_variable:
            return None  # a lost superscript, perhaps
        if name in self.names.products:
            return list(name)
        for cut in range(len(name), 0, -1):
            if name[:cut] == "e":
                continue  # Euler's number is not written beside other letters
            single = cut == 1 and name[0] in {*self.names.unknown, *self.names.alone}
            known = self.names.knows(name[:cut]) or single
            if known and (cut < len(name) or len(name) == 1 or self.names.knows(name)):
                rest = self.pieces(name[cut:])
                if rest is not None:
                    return [name[:cut], *rest]
        return None

    # ----------------------------------------------------------------------------- grammar

    def expression_alone(self) -> Tree:
        if self.token.kind == "end":
            raise self.error("there is nothing to read here")
        tree = self.cases()
        if self.token.kind != "end":
            if self.sees(")", "]", "}"):
                error = self.error("this {typed} closes nothing", typed=self.token.text)
                raise error.of_a_bracket()
            raise self.misplaced(
                "this {typed} has no partner or no place here", typed=self.token.text
            )
        self.check_height(tree)
        return tree

    def term(self) -> Tree:
        start = self.token.start
        if self.sees("-", "+"):
            sign = self.take().text
            tree = self.term()
            return tree if sign == "+" else self.make(Neg, tree, start=start)
        return self.product()

    def factor(self, read: Callable[[], Tree]) -> Tree:
        start = self.token.start
        if self.sees("+"):
            self.take()
            return self.factor(read)
        if not self.sees("-"):
            return read()
        self.take()
        return self.make(Neg, self.factor(read), start=start)

    def quotient(self, tree: Tree) -> Tree:
        while self.sees("/"):
            slash = self.take()
            first, self.raised = self.position, self.token.kind == "number"
            below = self.factor(self.power)
            self.raised = False
            tree = self.make(Op, "/", tree, below, start=tree.span[0])
            if self.sees("'"):  # `u/2 '`
                tree = self.primed(tree, tree.span[0], first)
            if not self.starts_a_factor():
                continue
            self.refuse_number()
            spaced = self.token.start > self.previous.end and self.plain_fraction(tree, slash)
            if not spaced:
                raise self.two_ways(tree)
            right = self.side_by_side()
            tree = self.make(Op, "*", tree, right, start=tree.span[0])
        return tree

    def plain_fraction(self, tree: Tree, slash: Token) -> bool:
        """Is it `1/2` with a space behind, or a fraction between brackets?"""
        if not isinstance(tree, Op):
            return False
        closed = slash.start == tree.left.span[1] or self.text[slash.start - 1] in ")]}"
        return closed and (isinstance(tree.right, Num) or self.previous.text in (")", "]", "}"))

    def starts_a_factor(self) -> bool:
        if self.word(*CASE_WORDS) and not self.is_where():
            return False
        if self.token.kind == "fraction":
            return True
        return super().starts_a_factor()

    def is_where(self) -> bool:
        return self.token.text == "where" and self.tokens[self.position + 1].text == "("

    def power(self) -> Tree:
        start, in_exponent, self.raised = self.token.start, self.raised, False
        first = self.position
        base = self.atom()
        closed = self.tokens[first].text in ("(", "[", "{")
        if in_exponent and (is_number(base) or closed) and not self.sees("^"):
            return base  # a prime behind it is the prime of the power
        while self.sees("'"):
            self.take()
            base = self.make(D, base, start=start)
            self.leave_out_variable()
        if not self.sees("^"):
            return self.lost_power(base)
        hat = self.take()
        if base == Sym("e"):
            exponent = self.exponent(closed=self.sees("(", "[", "{", "|"), of_e=True)
            tree: Tree = self.make(Func, "exp", exponent, start=start)
        else:
            exponent = self.exponent(closed=self.sees("(", "[", "{", "|"), of_e=False)
            self.check_exponent(exponent, hat)
            tree = self.make(Op, "^", base, exponent, start=start)
        return self.primed(tree, start, first)

    def leave_out_variable(self) -> None:
        """Leave out the `(x)` of `(f/g)'(x)`."""
        ahead = self.tokens[self.position : self.position + 3]
        touching = ahead[0].start == self.previous.end
        if touching and [t.text for t in ahead] == ["(", self.names.own_variable, ")"]:
            self.position += 3

    def exponent(self, *, closed: bool, of_e: bool) -> Tree:
        """One factor; in LaTeX a power ends there, elsewhere `e^x (…)` and `e^x(…)` end too."""
        place = self.position + (self.tokens[self.position].text == "-")
        number, after = self.tokens[place], self.tokens[min(place + 1, len(self.tokens) - 1)]
        one_letter = number.kind == "name" and after.text == "("
        short = one_letter and self.names.letter(number.text) is not None
        ends = self.names.function(after.text) if after.kind == "name" else after.text == "("
        if number.kind == "number" and (not of_e or ends):
            short |= after.start > number.end
        start, base, self.raised = self.token.start, self.position - 2, True
        try:
            return super().exponent(closed=closed or self.in_latex or short, of_e=of_e)
        except NotationError as error:
            if error.message.startswith("where does the exponent end"):
                up, rest = self.text[start : self.previous.end], self.rest_of_factors()
                first, end = self.opening_of(base).start, self.ahead_end()
                power = self.text[first:start]
                ways = f"{power}({up})*{rest}", f"{power}({up}*{rest})"
                error.between(first, end, *ways)
                asked = "where does the exponent end? It can be {way} or {other}"
                error.message = gettext(asked, way=ways[0], other=ways[1])
            raise

    # --------------------------------------------------------------------------------- atoms

    def atom(self) -> Tree:
        token = self.token
        if token.kind == "fraction":
            return self.fraction()
        if token.kind == "limit":
            return self.limit()
        if token.kind == "name":
            if operator := self.derivative_ahead():
                return operator
            return self.named()
        if token.kind == "sign" and token.text in ("(", "[", "{"):
            return self.bracketed()
        return super().atom()

    def limit(self) -> Tree:
        """`lim` and what it is taken of: a product up to a sign, as behind d/dx."""
        token = self.take()
        name, to = token.text.split()
        letter, before = name, self.bound
        while self.names.knows(letter):
            letter += "0"
        target = self.names.letter(ALIASES.get(to.strip("\\"), to.strip("\\")))
        self.bound = {**before, name: letter}
        arg = self.term()
        self.bound = before
        if not to.isdigit() and target is None:
            raise self.error("lim where {name} goes to a number or to a letter", token, name=name)
        goal = Num(to) if target is None else Sym(target)
        return self.make(Lim, arg, letter, goal, start=token.start)

    def named(self) -> Tree:
        token = self.take()
        name, start = token.text, token.start
        dashes = 0
        if function := self.names.function(name):
            while self.sees("'"):
                self.take()
                dashes += 1
            return self.function_of(function, token, dashes)
        letter = self.bound.get(name) or self.names.letter(name)
        if name == "e" and self.sees("^") and not self.squares_variable():
            letter = "e"
        if name == "E" and self.sees("^") and letter is None:  # of Mathematica
            letter = "e"
        if letter is None:
            letter = self.unknown_letter(token)
        own = name in self.names.own or ALIASES.get(name, name) in self.names.own
        while self.sees("'"):
            self.take()
            dashes += 1
        tree: Tree = self.make(Sym, letter, start=start)
        inner = self.names.inner.get(name)
        if self.sees("(", "[") and (own or letter in self.where):
            at, named = self.position, self.nodes
            applied = APPLIED in self.text[self.previous.end : self.token.start]
            inside = self.bracketed()
            places = (self.names.variable, *self.inputs, inner)
            if isinstance(inside, Sym) and inside.name in places:
                pass
            elif applied or names(inside) & {*self.bound.values()}:
                return self.make(Func, letter + "'" * dashes, inside, start=start)
            elif own and name in self.names.applied and not isinstance(inside, Op | Neg):
                tree = self.make(Func, letter + "'" * dashes, inside, start=start)
                dashes = 0
            elif own and name in self.names.applied and not dashes and self.is_argument(inside):
                tree = self.make(Func, letter, inside, start=start)
            else:
                if self.is_place(inside) and (dashes or not own) and letter not in FUNCTIONS:
                    if TIGHT in self.text[token.start : self.previous.end]:
                        return self.make(Func, letter + "'" * dashes, inside, start=start)
                    raise self.at_or_times(token, self.tokens[at])
                self.position, self.nodes = at, named
        for _ in range(dashes - (name == self.names.primed)):
            tree = self.make(D, tree, inner, start=start)
        return tree

    def is_place(self, inside: Tree) -> bool:
        """Is it a number or a multiple of the variable, as in g′(0), g(−z), f′(2z)?"""
        plain = all(
            isinstance(node, Num | Sym | Neg) or (isinstance(node, Op) and node.op in "*/")
            for node in walk(inside)
        )
        return plain and names(inside) <= {self.names.variable, *self.names.parameters}

    def squares_variable(self) -> bool:
        """Is it e^2, where somebody calls the input e?"""
        ahead = self.tokens[self.position + 1 : self.position + 3]
        number = next((t for t in ahead if t.text != "{"), None)
        return self.names.own_variable == "e" and number is not None and number.kind == "number"

    @property
    def inputs(self) -> frozenset[str]:
        """Letters that stand in brackets behind the function's name, as z in f(z)."""
        single = self.names.variable in ("z", "x")
        return frozenset() if single else self.names.parameters

    def moved(self, tree: Tree, start: int) -> Tree:
        """What a name stands for, at the place of the name."""
        return replace(tree, span=(start, self.previous.end))

    def is_argument(self, inside: Tree) -> bool:
        """Is it `2x` or `-x`, and not a factor such as `1 - y`?"""
        symbols = {node.name for node in walk(inside) if isinstance(node, Sym)}
        return symbols <= {self.names.variable, *self.names.letters} and not (
            isinstance(inside, Op) and inside.op in "+-"
        )

    def unknown_letter(self, token: Token) -> str:
        name = ALIASES.get(token.text, token.text)
        if name == "e" + self.names.own_variable:
            raise self.lost(
                f"e^{self.names.own_variable}", f"e*{self.names.own_variable}", token.end
            )
        if not re.fullmatch(r"[A-Za-z](_?[A-Za-z0-9]+)?|[a-zA-Z]+_[A-Za-z0-9]+|[a-z]+", name):
            raise self.error("{typed} is not read here", token, typed=token.text)
        if len(name) > 1 and "_" not in name and name not in ALIASES.values():
            product = "*".join(token.text)
            times = gettext("for a product write {product}", product=product)
            advice = closest(name, self.names.letters) if len(name) > 3 else times
            if name == "over":
                advice = gettext("write a fraction with / and brackets")
            advice = advice or gettext(
                "what does it stand for? Say so in a line of its own, as in {typed} = …",
                typed=token.text,
            )
            raise self.error(
                "unknown name {typed}: {advice}", token, typed=token.text, advice=advice
            )
        self.names.unknown.setdefault(name, token)
        return name

    def function_of(self, name: str, token: Token, dashes: int) -> Tree:
        start, exponent = token.start, None
        if name in ("where", "Piecewise", "Derivative") and self.sees("("):
            read = {"where": self.where_of, "Piecewise": self.piecewise_of}
            read["Derivative"] = self.derivative_of
            return read[name](start)
        if name == "sqrt" and self.sees("[") and (order := self.order_of_root()):
            return self.root(order, start)
        if self.sees("^"):
            hat = self.take()
            exponent = self.factor(self.power)
            if name == "exp":
                raise self.error("exp carries its exponent in brackets: exp(…), or e^(…)", hat)
            if not isinstance(exponent.arg if isinstance(exponent, Neg) else exponent, Num):
                raise self.error("only {name}^2(…) and so on: write ({name}(…))^…", hat, name=name)
            self.check_exponent(exponent, hat)
        at, bare = self.position, not self.sees("(", "[", "{", "|")
        arguments = self.arguments(name, token)
        self.ask_about_inverse(name, token, exponent, at)
        self.ask_about_fraction(token, at, bare)
        tree = self.applied(name, arguments, start, dashes)
        while self.sees("'"):
            self.take()
            tree = self.make(D, tree, start=start)
        return tree if exponent is None else self.make(Op, "^", tree, exponent, start=start)

    def arguments(self, name: str, token: Token) -> list[Tree]:
        """In brackets; without them a run of numbers and letters; none for a bare σ."""
        if self.sees("(", "[", "{"):
            if token.text in self.names.bare:
                at = self.position
                inside = self.bracketed()
                shifted = names(inside) & {*self.bound.values()}
                if isinstance(inside, Op) and not shifted:
                    self.position = at  # σ(1 - σ) is a product
                    return [Sym(self.names.variable)]
                return [inside]
            return self.several()
        parts: list[Tree] = []
        while self.token.kind == "number" or self.plain_letter():
            if self.token.kind == "number":
                if parts:
                    break
                parts.append(self.make(Num, self.take().text, start=self.token.start))
            else:
                parts.append(self.named())
            if name == "sqrt" or self.sees("^"):
                break
        follows = self.token.kind in ("name", "fraction") and self.starts_a_factor()
        never_bare = name in ("exp", "ln", "sqrt", "max", "min", "abs") or name in SHORT
        applied = token.text not in self.names.bare and (never_bare or not self.is_e_power())
        if follows and not parts and applied:
            return [self.power()]
        if not parts:
            named = len(token.text) > 1 and self.previous.text != "'"  # σ and tanh′ stand alone
            if never_bare or (self.names.as_typed and named):
                error = self.error("{typed} of what? Write {typed}(…)", token, typed=token.text)
                error.unexplained = "exp" if token.text == "exp" else ""
                raise error
            return [Sym(self.names.variable)]
        tree = parts[0]
        for part in parts[1:]:
            tree = self.make(Op, "*", tree, part, start=tree.span[0])
        if self.sees("^"):
            hat = self.take()
            exponent = self.exponent(closed=True, of_e=False)
            self.check_exponent(exponent, hat)
            tree = self.make(Op, "^", tree, exponent, start=tree.span[0])
        return [tree]

    def order_of_root(self) -> int:
        """The 3 of `sqrt[3]{x}`, or 0."""
        number, close, opening = self.tokens[self.position + 1 :][:3]
        root = number.kind == "number" and close.text == "]" and opening.text in ("{", "(")
        return int(number.text) if root and number.text.isdigit() else 0

    def root(self, order: int, start: int) -> Tree:
        """An even root is a power; an odd one has the sign of what it is taken of."""
        self.position += 3
        tree = self.bracketed()
        if order == 2:
            return self.make(Func, "sqrt", tree, start=start)
        text = f"u/abs(u)*abs(u)^(1/{order})" if order % 2 else f"u^(1/{order})"
        return self.moved(substitute(template(text), {"u": tree}), start)

    def derivative_of(self, start: int) -> Tree:
        """`Derivative(f, x)` of SymPy; `(x, 2)` differentiates twice."""
        opening = self.take()
        first, *others = self.inside(opening)
        self.close(opening)
        for letter in others or [Sym(self.names.variable)]:
            if not isinstance(letter, Sym):
                raise self.error("Derivative(f, x) names a letter behind the comma", opening)
            by = None if letter.name == self.names.variable else letter.name
            first = self.make(D, first, by, start=start)
        return first

    def is_e_power(self) -> bool:
        return self.token.text == "e" and self.names.letter("e") == "e"

    def plain_letter(self) -> bool:
        if self.token.kind != "name" or self.names.function(self.token.text):
            return False
        if self.word(*CASE_WORDS):
            return False
        ahead = self.tokens[self.position + 1].text
        return self.names.letter(self.token.text) != "e" and ahead not in ("'",)

    def several(self) -> list[Tree]:
        opening = self.take()
        trees = self.inside(opening)
        self.close(opening)
        return trees

    def applied(self, name: str, arguments: list[Tree], start: int, dashes: int) -> Tree:
        wanted = 2 if name in ("max", "min", "pow", *OPERATIONS) else 1
        if len(arguments) != wanted and not (name in ("max", "min") and len(arguments) > 2):
            taken = ngettext("one argument", "two arguments", wanted)
            asked = "{name} takes {count}; {n} came"
            raise self.error(asked, self.previous, name=name, count=taken, n=len(arguments))
        make = self.make
        first = arguments[0]
        match name:
            case "max" | "min":
                tree = first
                for other in arguments[1:]:
                    tree = make(Op, name, tree, other, start=start)
                return tree
            case "pow":
                self.check_exponent(arguments[1], self.previous)
                return make(Op, "^", *arguments, start=start)
            case "indicator":
                return first
            case _ if name in OPERATIONS:
                return make(Op, OPERATIONS[name], *arguments, start=start)
        if name in SHORT and name not in FUNCTIONS:
            written = template(SHORT[name])
            for _ in range(dashes):
                written = differentiate(written, "u")
            return self.moved(substitute(written, {"u": first}), start)
        if dashes and first == Sym(self.names.variable):
            tree = make(Func, name, first, start=start)
            for _ in range(dashes):
                tree = make(D, tree, start=start)
            return tree
        return make(Func, name + "'" * dashes, first, start=start)
