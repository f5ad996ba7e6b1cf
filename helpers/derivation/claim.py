"""What was found about each statement of a derivation, and about all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from helpers.derivation.errors import NotationError
from helpers.derivation.setting import Comparison, Setting
from helpers.derivation.statements import Reading, Statement
from helpers.derivation.trees import (
    If,
    Num,
    Sym,
    Tree,
    children,
    is_case,
    placed,
    replace_children,
    written_out,
)

Found = Literal["slope", "true", "definition", "false", "unread", "undecided", "aim", "blank"]


@dataclass(frozen=True)
class Claim:
    """One statement and what was found.

    found : "slope" (a true step of the main line), "true" (true, a help on the way), "definition",
        "false", "unread", "undecided" (a value at too few places), "blank" (to be filled in),
        "aim" (what is to be shown).
    trees : its sides with everything known put in, None for what cannot be read.
    errors : why sides cannot be read.
    wrong, against : of a false statement the side that differs, and the one it differs from.
    against_line : the line where that one stands, None for the slope itself.
    """

    statement: Statement
    found: Found
    trees: tuple[Tree | None, ...] = ()
    comparison: Comparison | None = None
    proved: bool = False
    wrong: int | None = None
    against: Tree | None = None
    against_line: int | None = None
    against_slope: bool = True
    errors: tuple[NotationError, ...] = ()

    @property
    def side(self) -> Tree:
        """The side of a false statement that differs."""
        side = self.trees[self.wrong or 0]
        assert side is not None
        return side

    @property
    def is_case(self) -> bool:
        """Does it say something of a case alone, as `y' = 0 if z < 0`?"""
        return any(map(is_case, self.trees))

    @property
    def right(self) -> range:
        """The sides of a false statement before the one that differs, where they give the slope."""
        return range(self.wrong or 0) if self.against_slope else range(0)

    @property
    def number(self) -> int:
        """The line, counted from 1."""
        return self.statement.number


@dataclass(frozen=True)
class Claims:
    """All statements of a derivation, judged.

    setting : what its letters mean, the learner's definitions included.
    said : what was read in another letter or name, to be told once.
    others : definitions of a function that is differentiated and is not the exercise's.
    """

    claims: tuple[Claim, ...]
    setting: Setting
    reading: Reading
    said: tuple[str, ...] = ()
    others: tuple[Claim, ...] = ()
    own: Mapping[str, Tree] = field(default_factory=dict)
    same_letters: Mapping[str, Tree] = field(default_factory=dict)

    def first(self, found: Found) -> Claim | None:
        """The first claim of which this was found."""
        return next((claim for claim in self.claims if claim.found == found), None)

    def in_letters(self, tree: Tree) -> Tree:
        """Write a side without the learner's own names: in the exercise's letters and formulas."""
        return self.decided(_put_in(tree, {**self.own, **self.same_letters}))

    def decided(self, tree: Tree) -> Tree:
        """The case that counts, where lines are compared in one of them alone."""
        tree = replace_children(tree, [self.decided(child) for child in children(tree)])
        match tree:
            case If(sign, left, right, then, other):
                one = If(sign, left, right, Num("1"), Num("0"))
                found = {*self.setting.values(one)}
                if found == {1}:
                    return then
                if found == {0} and other is not None:
                    return other
        return tree

    def slopes(self) -> list[tuple[int, Tree]]:
        """Every right side that gives the slope, with its line, also behind a wrong line."""
        return [
            (claim.number, tree)
            for claim in self.claims
            if claim.found in ("slope", "false")
            for place, tree in enumerate(claim.trees)
            if tree is not None and (claim.found == "slope" or place in claim.right)
        ]


def _put_in(tree: Tree, meanings: Mapping[str, Tree]) -> Tree:
    """Put meanings in the place of names; a part of one is where the name stands."""
    if isinstance(tree, Sym) and tree.name in meanings:
        return placed(written_out(tree, meanings), tree.span)
    return replace_children(tree, [_put_in(child, meanings) for child in children(tree)])
