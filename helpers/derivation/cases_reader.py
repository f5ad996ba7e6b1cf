r"""Read cases as people and programs write them.

`x if x > 0 else 0`, `1, x > 0; 0, x < 0`, `x > 0 ? 1 : a`, `np.where(x > 0, 1, a)`,
`Piecewise((1, x > 0), (a, True))`, `(x > 0)` and `\mathbb{1}_{x>0}` as a factor.
"""

from __future__ import annotations

from helpers.derivation.derivative_reader import DerivativeReader
from helpers.derivation.trees import If, Num, Tree

_COMPARED = ("<", ">", "<=", ">=", "!=")

Test = tuple[str, Tree, Tree]  # sign, left and right side of a comparison


class CasesReader(DerivativeReader):
    """The part of the learner's grammar that knows conditions."""

    def cases(self) -> Tree:
        """An expression, perhaps followed by its condition and the other cases."""
        start, tree = self.token.start, self.sum()
        if self.sees(*_COMPARED):
            return self.compared(tree, start)
        pieces = [(tree, self.condition() or self.bare_condition())]
        if pieces[0][1] is None:
            return tree
        while True:
            comma = self.sees(",", ";") and self.take()
            if self.word("else", "otherwise", "elif"):
                self.take()
                if self.token.kind == "end" or self.sees(")", "]"):
                    break
                return self.joined(pieces, self.cases(), start)
            if not comma:
                break
            self.word("and") and self.take()
            other = self.sum()
            if self.word("otherwise", "else"):
                self.take()
                return self.joined(pieces, other, start)
            pieces.append((other, self.condition() or self.bare_condition()))
        return self.joined(pieces, None, start)

    def word(self, *words: str) -> bool:
        return self.token.kind == "name" and self.token.text in words

    def condition(self) -> list[Test] | None:
        """The tests behind `if`, `for`, `when`."""
        if not self.word("if", "for", "when", "where", "falls", "wenn"):
            return None
        self.take()
        return self.tests(self.sum())

    def bare_condition(self) -> list[Test] | None:
        """The tests behind a comma alone: `1, x > 0`."""
        if not self.sees(",", ";") or self.closing not in ([], ["{"], ["("], ["["]):
            return None
        place, nodes = self.position, self.nodes
        self.take()
        if self.word("if", "for", "when"):
            return self.condition()
        if self.token.kind != "end" and not self.word("otherwise", "else"):
            left = self.sum()
            if self.sees(*_COMPARED):
                return self.tests(left)
        self.position, self.nodes = place, nodes
        return None

    def tests(self, left: Tree) -> list[Test]:
        """The comparisons that begin with this side: `0 < x < 1` holds two."""
        found: list[Test] = []
        while self.sees(*_COMPARED):
            sign = self.take().text
            right = self.sum()
            found.append((sign, left, right))
            left = right
        if not found:
            raise self.error("a condition compares two sides, as in x > 0")
        return found

    def compared(self, left: Tree, start: int) -> Tree:
        """A comparison that is a value: `x > 0 ? 1 : a`, or `(x > 0)`, which is 1 or 0."""
        if not self.closing and not self.question_ahead():
            raise self.misplaced(
                "this {typed} has no partner or no place here", typed=self.token.text
            )
        tests = self.tests(left)
        if not self.sees("?"):
            one, zero = self.make(Num, "1", start=start), self.make(Num, "0", start=start)
            return self.joined([(one, tests)], zero, start)
        self.take()
        then = self.cases()
        if not self.sees(":"):
            raise self.error("the other case is missing: write condition ? value : other")
        self.take()
        return self.joined([(then, tests)], self.cases(), start)

    def question_ahead(self) -> bool:
        return any(token.text == "?" for token in self.tokens[self.position :])

    def joined(
        self, pieces: list[tuple[Tree, list[Test] | None]], other: Tree | None, start: int
    ) -> Tree:
        tree = pieces[0][0]
        for tree, tests in reversed(pieces):
            if not tests:
                raise self.error("a case without its condition: write for example x if x > 0")
            for sign, left, right in reversed(tests):
                tree = self.make(If, sign, left, right, tree, other, start=start)
            other = tree
        return tree

    # -------------------------------------------------------------------- of NumPy and of SymPy

    def where_of(self, start: int) -> Tree:
        """`where(x > 0, 1, a)`."""
        opening = self.take()
        self.closing.append("(")
        tests = self.tests(self.sum())
        values = []
        for _ in range(2):
            if not self.sees(","):
                raise self.error("where takes a condition and two values", opening)
            self.take()
            values.append(self.cases())
        self.close(opening)
        return self.joined([(values[0], tests)], values[1], start)

    def piecewise_of(self, start: int) -> Tree:
        """`Piecewise((1, x > 0), (a, True))`."""
        opening = self.take()
        self.closing.append("(")
        pieces: list[tuple[Tree, list[Test] | None]] = []
        other = None
        while self.sees("("):
            pair = self.take()
            self.closing.append("(")
            value = self.sum()
            if not self.sees(","):
                raise self.error("each case is a value and its condition: (1, x > 0)", pair)
            self.take()
            if self.word("True", "otherwise"):
                self.take()
                other = value
            else:
                pieces.append((value, self.tests(self.sum())))
            self.close(pair)
            self.sees(",") and self.take()
        self.close(opening)
        if not pieces:
            raise self.error("Piecewise holds cases: Piecewise((1, x > 0), (0, True))", opening)
        return self.joined(pieces, other, start)
