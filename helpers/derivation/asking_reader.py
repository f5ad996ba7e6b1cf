"""Ask where what a learner wrote can be read in two ways, each of them written out.

`tan⁻¹(z)` may be atan or 1/tan, `atan z/2` the half of atan or atan of the half, `1 1/2` a mixed
fraction or a product. Which one is meant the lines tell, where one alone holds (`readings`).
"""

from __future__ import annotations

import re

from helpers.derivation.cases_reader import CasesReader
from helpers.derivation.errors import NotationError
from helpers.derivation.learner_names import ALSO, OPERATIONS
from helpers.derivation.tokens import Token
from helpers.derivation.trees import D, Neg, Num, Op, Sym, Tree, children
from helpers.derivation.writing import to_text
from helpers.language import gettext

APPLIED = "\u2061"  # function application: what stands behind it is an argument, no factor
_INVERSE = {"tan": "atan", "tanh": "atanh", "sinh": "asinh", "sigmoid": "logit"}
_OF_SEVERAL = {"max", "min", "pow", "where", "Piecewise", "Derivative", "D", *OPERATIONS}


class AskingReader(CasesReader):
    """The questions of the learner's grammar."""

    raised = False  # the exponent of a power, or a number below a bar, is read next

    def lost_index(self, stem: str, index: str, token: Token) -> NotationError:
        """`x2` and `tanh2(x)`, which a copy may have left of x² and tanh²(x)."""
        power, product = f"{stem}^{index}", f"{index}*{stem}"
        return self.hat_lost(token.start, token.end, power, product, product)

    def two_ways(self, tree: Tree) -> NotationError:
        start = tree.span[0]
        up, down = map(self.written, children(tree))
        after = self.rest_of_factors()
        left, right = f"({up}/{down})*{after}", f"{up}/({down}*{after})"
        return self.unclear(f"{up}/{down}{after}", start, self.ahead_end(), left, right)

    def unclear(self, typed: str, start: int, end: int, *ways: str) -> NotationError:
        """What was typed can mean two things, which brackets tell apart."""
        asked = "{typed} can mean {left} or {right}: put brackets"
        error = self.error(asked, typed=typed, left=ways[0], right=ways[1])
        return error.between(start, end, *ways)

    def either(
        self, at: int, start: int, end: int, left: str, right: str, ways: tuple[str, ...] = ()
    ) -> NotationError:
        """The words from start to end can mean two things, written as they are or as `ways`."""
        asked = "{typed} can mean {left} or {right}: write the one that is meant"
        typed = self.text[start:end]
        error = NotationError(asked, self.text, at, typed=typed, left=left, right=right)
        return error.between(start, end, *(ways or (left, right)))

    def written(self, tree: Tree) -> str:
        return self.text[slice(*self.bracketed_span(tree))].strip() or to_text(tree)

    def refuse_number(self) -> None:
        if self.previous.kind == "number":
            self.ask_about_mixed()
        elif self.token.kind == "number" and self.token.start > self.previous.end:
            ahead = self.tokens[self.position + 1 : self.position + 3]
            if self.previous.text == "}":
                return  # `u^{-2} 2x`
            if [ahead[0].text, ahead[-1].kind] == ["/", "number"]:
                return  # `sinh(z) 1/2`
        try:
            super().refuse_number()
        except NotationError as error:
            n = self.token.text
            if "^ lost" in error.message and self.previous.text in (")", "]"):
                start = self.opening_of(self.position - 1).start
                up = self.text[start : self.previous.end]
                error.between(start, self.token.end, f"{up}^{n}", f"{up}*{n}")
            raise

    def opening_of(self, place: int) -> Token:
        """The bracket that the one here closes."""
        depth = 0
        for at in range(place, -1, -1):
            depth += self.tokens[at].text in (")", "]", "}")
            depth -= self.tokens[at].text in ("(", "[", "{")
            if depth == 0:
                return self.tokens[at]
        return self.tokens[place]

    def lost_power(self, base: Tree) -> Tree:
        """Ask about `e-x` and `ex`, from which a copy may have lost the superscript."""
        if base != Sym("e"):
            return base
        variable = self.names.own_variable
        ahead = [t.text for t in self.tokens[self.position : self.position + 2]]
        touching = self.token.start == self.previous.end
        if ahead == ["-", variable] and touching:
            raise self.lost(f"e^-{variable}", f"e - {variable}", self.tokens[self.position + 1].end)
        if ahead[:1] == [variable]:
            raise self.lost(f"e^{variable}", f"e*{variable}", self.token.end)
        return base

    def lost(self, power: str, other: str, end: int) -> NotationError:
        start = self.previous.start
        return self.hat_lost(start, end, power, other, f"({other})")

    def hat_lost(self, start: int, end: int, power: str, other: str, way: str) -> NotationError:
        message = gettext(
            "was a ^ lost? {typed} can mean {power} or {other}",
            typed=self.text[start:end],
            power=power,
            other=other,
        )
        return NotationError(message, self.text, start).between(start, end, power, way)

    def at_or_times(self, token: Token, opening: Token) -> NotationError:
        """`g'(-z)` may be the slope at -z, or a product, which a `*` marks."""
        start, end = token.start, self.previous.end
        written = self.text[start : opening.start].rstrip()
        name = re.sub(r"\\(?:left|[Bb]ig+l?|!)\s*$", "", written)
        left = written[len(name) :]
        u = self.text[opening.start : end]
        place = re.sub(r"\\(?:right|[Bb]ig+r?)\s*", "", u)
        at = gettext("{name} at {z}", name=name, z=place[1:-1].strip())
        times, asked = (
            f"{name}*{place}",
            "{at}, or {name} times {place}? For a product write {times}",
        )
        message = gettext(asked, at=at, name=name, place=place, times=times)
        error = NotationError(message, self.text, opening.start)
        ways = f"{name}{APPLIED}{left}{u}", f"{name}*{left}{u}"
        return error.between(start, end, at, times, ways=ways)

    # ----------------------------------------------------------------------- numbers, fractions

    def with_decimals(self, found: list[Token]) -> list[Token]:
        """Read `0,5` as a decimal where it can only be one, and ask where it can be two numbers."""
        out: list[Token] = []
        open_: list[tuple[str, int]] = []  # the name before each open bracket, and its commas
        for place, token in enumerate(found):
            out.append(token)
            if token.text in ("(", "[", "{"):
                before = found[place - 1] if place else token
                open_.append((before.text if before.kind == "name" else "", place))
            elif token.text in (")", "]", "}") and open_:
                open_.pop()
            elif token.kind == "number" and _is_decimal(out):
                name, at = open_[-1] if open_ else ("", 0)
                left, _, right = out[-3:]
                if ALSO.get(name, name) in _OF_SEVERAL and not _are_all(found, at, place):
                    raise self.comma(left, right)
                if ALSO.get(name, name) in _OF_SEVERAL:
                    continue
                if len(right.text) == 3 and left.text != "0" and len(left.text) < 4:
                    raise self.thousand(left, right)
                text = f"{left.text}.{self.text[right.start : right.end]}"
                out[-3:] = [Token("number", text, left.start, right.end)]
        return out

    def comma(self, left: Token, right: Token) -> NotationError:
        """`max(0,5, z)`: a decimal comma, or two numbers."""
        ways = f"{left.text}.{right.text}", f"{left.text}, {right.text}"
        return self.either(left.start, left.start, right.end, *ways)

    def thousand(self, left: Token, right: Token) -> NotationError:
        """`1,000` in English, 1,000 in German."""
        ways = f"{left.text}.{right.text}", left.text + right.text
        return self.either(left.start, left.start, right.end, *ways)

    def ask_about_mixed(self) -> None:
        """`1 1/2`, `1½` and `1\\frac{1}{2}`: a mixed fraction, or a product."""
        ahead = self.tokens[self.position : self.position + 7]
        kinds = "".join("n" if t.kind == "number" else t.text for t in ahead)
        found = re.match(r"(?P<slash>n/n)|\(n/n\)|frac\{n\}\{n\}", kinds)
        if not found or (ahead[0].text == "(" and self.text[ahead[0].start] == "("):
            return
        used = ahead[: 3 if found["slash"] else 5 if ahead[0].text == "(" else 7]
        up, down = (t.text for t in used if t.kind == "number")
        left = self.previous
        if "." in left.text + up + down or not 0 < int(up) < int(down):
            return
        ways = f"({left.text}+{up}/{down})", f"{left.text}*({up}/{down})"
        raise self.either(self.token.start, left.start, used[-1].end, *ways)

    # ------------------------------------------------------------------------ functions, primes

    def ask_about_inverse(self, name: str, token: Token, exponent: Tree | None, at: int) -> None:
        """`tan⁻¹(z)`: the inverse function, or the reciprocal."""
        if name not in _INVERSE or exponent != Neg(Num("1")):
            return
        u = self.text[self.tokens[at].start : self.previous.end]
        u = u if u.startswith(("(", "[", "{", "\\left")) else f"({u})"
        ways = f"{_INVERSE[name]}{u}", f"1/{name}{u}"
        written = ways[0], f"({ways[1]})"
        raise self.either(token.start, token.start, self.previous.end, *ways, ways=written)

    def ask_about_fraction(self, token: Token, at: int, bare: bool) -> None:
        """`atan z/2`: the half of atan(z), or atan of the half."""
        below = self.tokens[self.position + 1] if self.sees("/") else None
        first = self.tokens[at]
        read = self.position > at and bare
        if not read or below is None or below.kind != "number" or first.start >= self.previous.end:
            return
        if self.token.start > self.previous.end or below.start > self.token.end:
            return
        u = self.text[first.start : self.previous.end]
        head, n = self.text[token.start : first.start].rstrip(), below.text
        ways = f"{head}({u})/{n}", f"{head}({u}/{n})"
        typed = self.text[token.start : below.end]
        raise self.unclear(typed, token.start, below.end, *ways)

    def primed(self, tree: Tree, start: int, first: int) -> Tree:
        """Read the primes behind a power or a fraction; `a (u)^-1 '` is asked about."""
        if self.sees("'") and isinstance(tree, Op) and is_number(tree.right):
            begin = self.beginning_of_term(first)
            end = self.previous.end
            last = start if tree.op == "^" else self.last_factor(first)
            if begin < last:
                prime = self.token.end
                ways = (
                    f"{self.text[begin:last]}({self.text[last:end].strip()})'",
                    f"({self.text[begin:end].strip()})'",
                )
                raise self.unclear(self.text[begin:prime], begin, prime, *ways)
        while self.sees("'"):
            self.take()
            tree = self.make(D, tree, start=start)
        return tree

    def beginning_of_term(self, place: int) -> int:
        """Where the term begins that the factor at this token belongs to."""
        depth, at = 0, place
        while at > 0:
            before = self.tokens[at - 1].text
            depth += (before in (")", "]", "}")) - (before in ("(", "[", "{"))
            if depth < 0 or (depth == 0 and before in ("+", "-", ",", "=")):
                exponent = before == "-" and at > 1 and self.tokens[at - 2].text == "^"
                if not exponent:
                    break
            at -= 1
        return self.tokens[at].start

    def last_factor(self, place: int) -> int:
        """Where the factor above the bar begins, the number below which is at this token."""
        at = place - 2
        closing = self.tokens[at].text in (")", "]", "}")
        return self.opening_of(at).start if closing else self.tokens[at].start


def is_number(tree: Tree) -> bool:
    """Is it a number, perhaps with a minus?"""
    return isinstance(tree.arg if isinstance(tree, Neg) else tree, Num)


def _is_decimal(out: list[Token]) -> bool:
    """Do a number, a comma and a number touch at the end?"""
    if len(out) < 3 or out[-2].text != "," or out[-3].kind != "number" or "." in out[-3].text:
        return False
    left, comma, right = out[-3:]
    return left.end == comma.start and comma.end == right.start and "." not in right.text


def _are_all(found: list[Token], opening: int, place: int) -> bool:
    """Are the two numbers all that the function is taken of, as in max(0,5)?"""
    depth = commas = 0
    for token in found[opening:]:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        commas += token.text == "," and depth == 1
        if depth == 0:
            break
    return commas == 1
