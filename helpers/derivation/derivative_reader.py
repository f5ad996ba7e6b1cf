"""Read derivatives as people write them: `d/dx …`, `dy/dx`, `d(…)/dx`, `D_x …`, `\\frac{d}{dx}`."""

from __future__ import annotations

import re

from helpers.derivation.errors import NotationError
from helpers.derivation.learner_names import DIFFERENTIALS, Names, differential
from helpers.derivation.reader import Reader
from helpers.derivation.tokens import Token
from helpers.derivation.trees import D, Num, Op, Sym, Tree, names
from helpers.derivation.vocabulary import ALIASES


class DerivativeReader(Reader):
    """The part of the learner's grammar that knows brackets, fractions and derivatives."""

    names: Names

    def cases(self) -> Tree:
        """Read what stands between brackets; cases such as `x if x > 0 else 0` come later."""
        return self.sum()

    def bracketed(self) -> Tree:
        opening = self.take()
        tree, *others = self.inside(opening)
        if others:
            raise self.error("a comma is not read here: decimals have a point", self.previous)
        self.close(opening)
        return tree

    def inside(self, opening: Token) -> list[Tree]:
        """What stands between brackets, commas between them."""
        self.closing.append(opening.text)
        if self.sees(")", "]", "}"):
            raise self.error("there is nothing between these brackets", opening)
        trees = [self.cases()]
        while self.sees(","):
            self.take()
            trees.append(self.cases())
        return trees

    def close(self, opening: Token) -> None:
        """People mix round and square brackets; braces are LaTeX's and close braces."""
        if self.token.kind == "end":
            raise self.unclosed(opening)
        if not self.sees(*("}" if opening.text == "{" else ")]")):
            raise self.misplaced(
                "{typed} does not close the {opening}", typed=self.token.text, opening=opening.text
            )
        self.closing.pop()
        self.take()

    def unclosed(self, opening: Token) -> NotationError:
        """`(1 + e^x^2` and its like may have lost a bracket before the exponent, or at the end."""
        error = self.error("this {typed} is never closed", opening, typed=opening.text)
        error.of_a_bracket()
        inside = self.text[opening.start : self.token.end].rstrip()
        power = re.search(r"\^\s*(?:\{[^{}]*\}|\d+)$", inside)
        if power and opening.text == "(":
            before = f"{inside[: power.start()]}){power[0]}"
            error.between(opening.start, opening.start + len(inside), before, f"{inside})")
        return error

    def fraction(self) -> Tree:
        r"""`\frac{…}{…}`, also `\frac{d}{dx}`, `\frac{dy}{dx}`, `\frac{d(…)}{dx}`."""
        start = self.take().start
        if not self.sees("{"):
            raise self.error(r"\frac has two parts in braces: \frac{…}{…}")
        below = self.matching(self.position) + 1
        by = None
        if self.tokens[below].text == "{":
            found = differential(self.tokens, below + 1)
            if found and self.tokens[found[1]].text == "}":
                by = found
        first = self.tokens[self.position + 1]
        if by and first.kind == "name" and first.text[0] in DIFFERENTIALS:
            letter, behind = by
            inside = self.position + 1
            if first.text in DIFFERENTIALS and self.tokens[inside + 1].text == "}":
                self.position = behind + 1
                return self.operand(start, letter)
            arg = self.numerator(inside)
            if not self.sees("}"):
                raise self.misplaced(
                    "this {typed} has no place in a derivative", typed=self.token.text
                )
            self.position = behind + 1
            return self.derived(arg, letter, start)
        above = self.bracketed()
        if not self.sees("{"):
            raise self.error(r"\frac has two parts in braces: \frac{…}{…}")
        return self.make(Op, "/", above, self.bracketed(), start=start)

    def matching(self, place: int) -> int:
        """The place of the brace that closes the one here."""
        depth = 0
        for at in range(place, len(self.tokens)):
            depth += self.tokens[at].text == "{"
            depth -= self.tokens[at].text == "}"
            if depth == 0:
                return at
        raise self.error("this { is never closed", self.tokens[place]).of_a_bracket()

    def derivative_ahead(self) -> Tree | None:
        """`D(…)`, `D_z …`, `∂_z …`, `d/dx …`, `dy/dx`, `d(…)/dx`, `dln(…)/dx`, or None."""
        token, start = self.token, self.token.start
        if token.text == "D" or re.fullmatch(r"[D∂]_\w+", token.text):
            if self.names.letter(token.text):
                return None
            self.take()
            letter = token.text[2:] or self.names.own_variable
            if token.text == "D" and self.sees("(", "[", "{"):
                opening = self.take()
                arg, *by = self.inside(opening)  # D[…, x] of Mathematica
                self.close(opening)
                if by:
                    return self.make(D, arg, self.letter_behind(by, opening), start=start)
                return self.derived(arg, letter, start)
            return self.operand(start, letter)
        if token.text[0] not in DIFFERENTIALS or self.names.knows(token.text):
            return None
        place = self.position
        after = self.tokens[place + 1]
        if token.text in DIFFERENTIALS and after.text == "/":
            found = differential(self.tokens, place + 2)
            if not found:
                return None
            self.position = found[1]
            return self.operand(start, found[0])
        if not self.slash_follows(place):
            return self.lone_differential()
        arg = self.numerator(place)
        if not self.sees("/") or not (found := differential(self.tokens, self.position + 1)):
            self.position = place
            return None
        self.position = found[1]
        return self.derived(arg, found[0], start)

    def lone_differential(self) -> Tree | None:
        """`dg`, `d(1 + u)` and `dz` in `dg = g' dz`: divided by dz they are slopes, and 1."""
        token, letter = self.token, self.token.text[1:].lstrip("_")
        if letter and letter == self.names.own_variable:
            self.take()
            return self.make(Num, "1", start=token.start)
        opens = not letter and self.tokens[self.position + 1].text in ("(", "[")
        if not opens and not (len(letter) == 1 and self.names.knows(letter)):
            return None
        if self.names.as_typed:
            raise self.error("with respect to which letter? A slope is written d(…)/d…")
        arg = self.numerator(self.position)
        return self.make(D, arg, None, start=token.start)

    def letter_behind(self, by: list[Tree], opening: Token) -> str | None:
        """The letter of the tree in `D(f, x)`, None for the variable."""
        if len(by) != 1 or not isinstance(by[0], Sym):
            raise self.error("one letter stands behind the comma, as in D(f, x)", opening)
        return None if by[0].name == self.names.variable else by[0].name

    def slash_follows(self, place: int) -> bool:
        """Does a `/dx` follow the numerator that begins here?"""
        at, depth = place + 1, 0
        while at < len(self.tokens) - 1:
            text = self.tokens[at].text
            depth += text in ("(", "[", "{")
            depth -= text in (")", "]", "}")
            if depth < 0:
                return False
            if depth == 0 and text == "/":
                return differential(self.tokens, at + 1) is not None
            if depth == 0 and text in ("+", "-", "*", ","):
                return False
            at += 1
        return False

    def numerator(self, place: int) -> Tree:
        """What stands behind the d of `dy`, `d(…)`, `dln(…)`, `d tanh`."""
        token = self.tokens[place]
        if token.text in DIFFERENTIALS:
            self.position = place + 1
        else:  # `dy`: the rest of the name takes its place
            rest = Token("name", token.text[1:].lstrip("_"), token.start + 1, token.end)
            self.tokens[place] = rest
            self.position = place
        return self.power()

    def operand(self, start: int, letter: str) -> Tree:
        """What `d/dx` in front reaches: a bracket with its power, or a product up to a sign."""
        while self.sees("*"):
            if self.names.as_typed:
                asked = "{head} is no factor: can it stand there without this sign?"
                raise self.error(asked, head=self.text[start : self.previous.end])
            self.take()
        if self.token.kind == "end" or self.sees(")", "]", "}"):  # d/dx alone
            return self.derived(self.make(Sym, self.names.subject, start=start), letter, start)
        opening, at = self.token, self.position
        if self.sees("(", "[", "{", "|"):
            arg = self.power()
            follows = self.sees("*") or self.starts_a_factor()
            if follows and not (names(arg) or isinstance(arg, Num)):  # d/dx ½(x + 1)
                self.position = at
                return self.derived(self.product(), letter, start)
            apart = opening.start > self.tokens[self.position_of(opening) - 1].end
            if self.sees("/") and apart and self.text[opening.start - 1].isspace():
                raise self.reach(start, opening)
            still = bool(names(arg)) and names(arg) <= self.names.parameters
            if still and follows:
                raise self.reach_of_product(start, opening)
            return self.derived(arg, letter, start)
        arg = self.quotient(self.side_by_side())
        if self.sees("*"):
            raise self.reach_of_product(start, opening)
        return self.derived(arg, letter, start)

    def reach_of_product(self, start: int, opening: Token) -> NotationError:
        """Ask whether `d/dx u*v`, or `d/dx (1/a) v`, differentiates u or the product."""
        head = self.text[start : opening.start].rstrip().removesuffix(r"\left")
        u = self.text[opening.start : self.previous.end].replace(r"\right)", ")")
        v = self.factors_ahead()
        bare = u[1:-1] if re.fullmatch(r"\([\w.]+\)", u) else u
        of_u = f"({head}{u})*{v}" if u[0] == "(" and bare == u else f"({head}({bare}))*{v}"
        return self.reach_of(head, start, self.previous.end, of_u, f"{head}({bare}*{v})")

    def reach_of(self, head: str, start: int, end: int, *ways: str) -> NotationError:
        """Ask which of two ways to put brackets was meant."""
        one, other = ways
        error = self.error(
            "how far does {head} reach? {one} or {other}: put brackets",
            head=head,
            one=one,
            other=other,
        )
        return error.between(start, end, one, other)

    def factors_ahead(self) -> str:
        """All factors that follow."""
        if self.sees("*"):
            self.take()
        first = self.token.start
        self.product()
        return self.text[first : self.previous.end]

    def position_of(self, token: Token) -> int:
        return next(at for at, other in enumerate(self.tokens) if other is token)

    def reach(self, start: int, opening: Token) -> NotationError:
        """Ask whether `d/dx (u)/(v)` differentiates u or the fraction."""
        head = self.text[start : opening.start].rstrip()
        u = self.text[opening.start : self.previous.end]
        at = self.take().end
        v = self.rest_of_factors()
        end = self.ahead_end()
        v = self.text[at:end].strip()
        return self.reach_of(head, start, end, f"({head}{u})/{v}", f"{head}({u}/{v})")

    def derived(self, arg: Tree, letter: str, start: int) -> Tree:
        known = self.names.letter(letter) or self.names.function(letter)
        known = known or ALIASES.get(letter, letter)
        by = None if known == self.names.variable else known
        return self.make(D, arg, by, start=start)

    def ahead_end(self) -> int:
        """Where the factor ahead ends: a name, or a name with its bracket, or a bracket."""
        place, depth = self.position, 0
        name = self.token.text
        if self.names.letter(name) and name not in self.names.applied:  # x(…) is a product
            return self.token.end
        while place < len(self.tokens) - 1:
            depth += self.tokens[place].text in ("(", "[", "{")
            depth -= self.tokens[place].text in (")", "]", "}")
            after = self.tokens[place + 1].text
            place += 1
            if depth == 0 and after not in ("(", "[", "{", "^"):
                break
        return self.tokens[place - 1].end

    def rest_of_factors(self) -> str:
        return self.text[self.token.start : self.ahead_end()]
