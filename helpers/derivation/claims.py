r"""Say of every line of a derivation whether it is true, whatever route it takes.

A derivation is a list of statements about known objects: the function, its derivative, helpers
that were defined. Everything known is put in, and the sides of each statement are compared. So
definitions, side computations, implicit differentiation, the inverse function and substitution
need no rules of their own: what is true holds, and what states the slope is a step of the main
line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from helpers.derivation.claim import Claim, Claims, Found
from helpers.derivation.definitions import Definitions
from helpers.derivation.errors import NotationError
from helpers.derivation.setting import Comparison, Setting
from helpers.derivation.statements import Choice, Piece, Statement
from helpers.derivation.trees import (
    D,
    Func,
    If,
    Num,
    Op,
    Sym,
    Tree,
    children,
    has_d,
    is_case,
    names,
    replace_children,
    substitute,
    walk,
)
from helpers.language import gettext

_HOLDS_WHERE = "Line {number} holds where {on}, not in general."
_OF_PARTS = {"u", "v", "w", "a", "b", "q", "r", "n", "d"}  # names of what stands in a function
_IS_ABOUT = "Line {number} is about {on}: elsewhere a side has no value."
Sides = tuple[Tree | None, ...]


def judge_claims(
    text: str,
    function: Tree,
    setting: Setting,
    titles: Collection[str] = (),
    choice: Choice | None = None,
) -> Claims:
    """Judge every statement of a derivation, read in one way; `check_claims` chooses the way.

    Parameters
    ----------
    text : the derivation, as people write it.
    function : what is differentiated, in the letters of the setting.
    setting : the exercise's letters and where lines are compared.
    titles : what people call the function, in small letters: `swish(x)`.
    choice : how it is read where there are several ways.
    """
    definitions = Definitions(text, function, setting, titles, choice or Choice())
    return _Judge(definitions, setting).claims()


def _is_elsewhere(statement: Statement) -> bool:
    """Does it begin with a slope at another place, as g′(−z) = g′(z) does?"""
    first = None if statement.continues or not statement.pieces else statement.pieces[0].tree
    return isinstance(first, Func) and "'" in first.name


def _names_its_side(statement: Statement) -> bool:
    """Does it begin with u, u′ or σ′(2z), and so is an equation of its own behind an arrow?"""
    first = statement.pieces[0].tree
    return (
        isinstance(first, Sym)
        or (isinstance(first, D) and isinstance(first.arg, Sym))
        or (isinstance(first, Func) and "'" in first.name)
    )


def _total(tree: Tree, inner: Mapping[str, str]) -> Tree:
    """The slope of f(u) by u as the slope by the variable."""
    match tree:
        case D(Sym(name) as arg, by) if by is not None and inner.get(name) == by:
            return D(arg, span=tree.span)
    return replace_children(tree, [_total(child, inner) for child in children(tree)])


class _Judge:
    """Goes through the statements, one after the other.

    above : reference of the chain that may go on, its last side, and the line of that.
    taken : a row that was read with the one above.
    given : a first line that is the function itself.
    """

    def __init__(self, definitions: Definitions, setting: Setting) -> None:
        self.definitions, self.exercise = definitions, setting
        self.function, self.own = definitions.function, definitions.own
        self.reading = definitions.reading
        self.above: tuple[Tree, Tree, int] | None = None
        self.taken: Statement | None = None
        self.given: Statement | None = None
        free = [name for name in self.reading.names.unknown if name not in setting.parameters]
        self.setting = setting  # which remembers the values of lines
        if self.own or free:
            where = {**setting.where, **self.own}
            self.setting = replace(setting, where=where, parameters=(*setting.parameters, *free))
        self.partial = [t for t in self.own.values() if is_case(t)]
        self.slope = D(self.function)
        self.settings: dict[tuple, Setting] = {}

    # -------------------------------------------------------------------------- the statements

    def claims(self) -> Claims:
        found: list[Claim] = []
        statements = self.reading.statements
        for place, statement in enumerate(statements):
            if statement is self.taken:
                found.append(replace(found[-1], statement=statement))
                continue
            after = statements[place + 1] if place + 1 < len(statements) else None
            if self.given is None and all(claim.found in ("definition", "aim") for claim in found):
                self.given = statement if self.is_given(statement, after) else None
            before = self.above
            found.append(self.claim(statement, after))
            if (
                statement.aside and before
            ):  # `= g + zg' where g' = …`: the next line goes on from g + zg'
                self.above = before
        said, others = self.names_told(found)
        same = self.same_letters()
        return Claims(tuple(found), self.setting, self.reading, said, others, self.own, same)

    def same_letters(self) -> dict[str, Tree]:
        """The learner's names that mean what a letter of the exercise means."""
        same: dict[str, Tree] = {}
        for name, tree in self.own.items():
            for letter, meaning in self.exercise.where.items():
                try:
                    if self.compare(tree, meaning).equal:
                        same[name] = Sym(letter)
                        break
                except NotationError:
                    continue
        return same

    def claim(self, statement: Statement, after: Statement | None) -> Claim:
        trees = [self.put_in(piece) for piece in statement.pieces]
        errors = [piece.error for piece in statement.pieces if piece.error]
        errors = errors or [tree for tree in trees if isinstance(tree, NotationError)]
        sides = tuple(None if isinstance(t, NotationError) else t for t in trees)
        if statement.aim:
            return Claim(statement, "aim", sides)
        if statement.blank:
            self.above = None
            return Claim(statement, "blank")
        if statement is self.given:
            return Claim(statement, "definition", sides)
        above = self.above
        try:
            claim = self.judged(statement, sides, after)
            if claim.found == "false" and self.reading.names.inner:
                claim = self.by_variable(claim, above, after)
        except NotationError as error:
            error.text, error.column = statement.row, 0
            self.above = None
            return Claim(statement, "unread", sides, errors=(*errors, error))
        if errors:
            readable = claim.found if claim.found == "false" else "unread"
            return replace(claim, found=readable, errors=tuple(errors))
        return claim

    def by_variable(
        self, claim: Claim, above: tuple[Tree, Tree, int] | None, after: Statement | None
    ) -> Claim:
        """Judge anew with the slope of f(u) by the variable, where its slope by u is false."""
        known = self.reading.names
        inner = {known.own.get(f, f): u for f, u in known.inner.items()}
        pieces = [replace(p, tree=p.tree and _total(p.tree, inner)) for p in claim.statement.pieces]
        if pieces == [*claim.statement.pieces]:
            return claim
        trees = [self.put_in(piece) for piece in pieces]
        sides = tuple(None if isinstance(t, NotationError) else t for t in trees)
        state, self.above = self.above, above
        again = self.judged(claim.statement, sides, after)
        if again.found == "false":
            self.above = state
            return claim
        return again

    def is_given(self, statement: Statement, after: Statement | None) -> bool:
        """Does it only write down what is to be differentiated, before the slope follows?"""
        if len(statement.pieces) != 1 or statement.continues or after is None:
            return False
        if after.blank or after.continues == "=":
            return False
        tree = self.put_in(statement.pieces[0])
        if tree is None or isinstance(tree, NotationError) or has_d(tree):
            return False
        try:
            same = self.compare(tree, self.function).equal
            return bool(same) and not self.compare(tree, self.slope).equal
        except NotationError:
            return False

    def put_in(self, piece: Piece) -> Tree | NotationError | None:
        if piece.tree is None:
            return None
        if unclear := names(piece.tree) & self.definitions.unclear:
            name = min(unclear)
            lost = "what {name} stands for cannot be read"
            return NotationError(lost, "", piece.start, name=name)
        try:
            return self.definitions.meant(piece.tree)
        except NotationError as error:
            return error

    def judged(self, statement: Statement, sides: Sides, after: Statement | None) -> Claim:
        readable = [(place, tree) for place, tree in enumerate(sides) if tree is not None]
        if not readable:
            self.above = None
            return Claim(statement, "unread", sides)
        defines = self.defining(statement)
        start = None
        by_arrow = statement.continues == "→"
        if by_arrow and (defines or _names_its_side(statement)):
            statement, by_arrow = replace(statement, continues=""), False
        if statement.continues == "=" or by_arrow or len(sides) == 1:
            start = self.above
        elif len(readable) == 1:
            self.above = (readable[0][1], readable[0][1], statement.number)
            return Claim(statement, "unread", sides)
        reference, last, line = start or (None, None, None)
        against_line = line
        compared: list[Comparison] = []
        for place, tree in readable:
            if defines and place in statement.defines.values():
                continue
            if reference is None:
                if len(sides) > 1 and not statement.continues:
                    reference, last, against_line = tree, tree, statement.number
                    continue
                reference, last, against_line = self.slope, None, None
            may_be_slope = start is not None
            found = self.held_against(reference, tree, place, sides, after, may_be_slope)
            reference, tree, comparison = found
            if not comparison.equal:
                if start is not None and self.puts_together(statement, reference):
                    reference, last, against_line = self.slope, None, None
                    comparison = self.compare(tree, reference)
                return self.not_equal(
                    statement, sides, place, comparison, reference, last, against_line
                )
            compared.append(comparison)
            last, against_line, start = tree, statement.number, None
        reference = reference if reference is not None else readable[-1][1]
        return self.holds(statement, sides, reference, last or reference, compared, defines)

    def puts_together(self, statement: Statement, reference: Tree) -> bool:
        """Is it no step from the line above, but a slope made of the learner's own letters?

        As (u′v − uv′)/v² below v′ = … is, where it has no = in front.
        """
        tree = statement.pieces[0].tree
        own = tree is not None and not statement.continues and names(tree) & {*self.own}
        return bool(own) and not self.compare(reference, self.slope).equal

    def held_against(
        self,
        reference: Tree,
        tree: Tree,
        place: int,
        sides: Sides,
        after: Statement | None,
        may_be_slope: bool,
    ) -> tuple[Tree, Tree, Comparison]:
        """What a side is compared with in the end, the side with all that belongs to it, and how.

        The first side may be the slope anew; the last one may go on in the next row.
        """
        comparison = self.compare(tree, reference)
        if comparison.equal:
            return reference, tree, comparison
        if may_be_slope and reference is not self.slope:
            again = self.compare(tree, self.slope)
            if again.equal:
                return self.slope, tree, again
        whole = self.with_next_row(tree, place, sides, after, reference)
        if whole is None:
            return reference, tree, comparison
        self.taken = after
        return reference, *whole

    def holds(
        self,
        statement: Statement,
        sides: Sides,
        reference: Tree,
        last: Tree,
        compared: Sequence[Comparison],
        defines: bool,
    ) -> Claim:
        """What a statement says whose sides are equal; the next one is held against it."""
        is_slope = reference is self.slope or bool(self.compare(reference, self.slope).equal)
        is_slope = is_slope and not _is_elsewhere(statement)
        reference = self.slope if is_slope else reference
        self.above = None if defines else (reference, last, statement.number)
        found: Found = "definition" if defines else "slope" if is_slope else "true"
        worst = min(compared, key=lambda c: (not c.on, c.compared), default=None)
        proved = bool(compared) and all(c.proved for c in compared)
        return Claim(statement, found, sides, worst, proved)

    def with_next_row(
        self, tree: Tree, place: int, sides: Sides, after: Statement | None, reference: Tree
    ) -> tuple[Tree, Comparison] | None:
        """This side and the next row, which begins with a minus sign, where they are one line."""
        if after is None or after.continues or place != len(sides) - 1 or len(after.pieces) != 1:
            return None
        first = after.pieces[0]
        if first.tree is None or after.row[first.start] not in "-−–":
            return None
        more = self.put_in(first)
        if more is None or isinstance(more, NotationError):
            return None
        whole = Op("+", tree, more)
        comparison = self.compare(whole, reference)
        if comparison.equal and not self.compare(more, self.slope).equal:
            return whole, comparison
        return None

    def defining(self, statement: Statement) -> bool:
        """Does it give its names their meaning, rather than state something about them?"""
        if not statement.defines or {*statement.defines} & self.reading.slopes:
            return False
        return statement is next(
            s for s in self.reading.statements if {*s.defines} & {*statement.defines}
        )

    def not_equal(
        self,
        statement: Statement,
        sides: Sides,
        place: int,
        comparison: Comparison,
        reference: Tree,
        last: Tree | None,
        line: int | None,
    ) -> Claim:
        unknown = self.unknown_in(sides)
        if unknown:
            token = self.reading.names.unknown[unknown]
            error = NotationError(
                "{unknown} is not explained: say what it stands for, as in {unknown} = …",
                statement.row,
                max(0, statement.row.find(token.text)),
                unknown=unknown,
            )
            error.unexplained = unknown
            self.above = None
            return Claim(statement, "unread", sides, comparison, errors=(error,))
        against = last if last is not None else reference
        slope = reference is self.slope or bool(self.compare(reference, self.slope).equal)
        wrong = sides[place] or self.slope
        self.above = (self.slope, wrong, statement.number) if slope else None
        found: Found = "false" if comparison.equal is False else "undecided"
        return Claim(statement, found, sides, comparison, False, place, against, line, slope)

    def unknown_in(self, sides: Sides) -> str:
        letters = set().union(*(names(tree) for tree in sides if tree is not None))
        letters |= {n for name in letters & {*self.own} for n in self.setting.letters(Sym(name))}
        return min(letters & {*self.reading.names.unknown}, default="")

    def compare(self, left: Tree, right: Tree) -> Comparison:
        """Compare two sides; a case without its opposite claims nothing elsewhere.

        What is false in general and true where every side has a value, or for parameters as they
        usually are (above 0, a slope between 0 and 1), holds there, and `on` of the comparison
        tells it.
        """
        left, right = self.moving(left, right)
        partial = [t for t in (left, right) if is_case(t)]
        partial += self.partial
        domain = partial[0] if partial else None
        found = self.setting.compare(left, right, domain=domain)
        if found.equal is not False:
            return found
        for narrower in self.narrower(found, left, right):
            again = narrower.compare(left, right, domain=domain)
            if again.equal:
                assumed = found.left is not None and found.right is not None
                return replace(again, on=narrower.on or "", assumed=assumed)
        return found

    def moving(self, left: Tree, right: Tree) -> tuple[Tree, Tree]:
        """Put a function for each letter of D(u) that nobody explains: what holds of any, holds."""
        derived = [n for tree in (left, right) for n in walk(tree) if isinstance(n, D)]
        moved = set().union(*map(names, derived)) & {*self.reading.names.unknown}
        any_ = {
            name: Op(
                "+", Num(f"{i}"), Func("exp", Op("/", Sym(self.setting.variable), Num(f"{i}")))
            )
            for i, name in enumerate(sorted(moved), start=2)
        }
        return (substitute(left, any_), substitute(right, any_)) if moved else (left, right)

    def narrower(self, found: Comparison, left: Tree, right: Tree) -> Iterator[Setting]:
        """Where two sides may be equal that differ at the point found."""
        nodes = [
            node for tree in (left, right) for node in walk(self.definitions.written_out(tree))
        ]
        if (found.left is None or found.right is None) and (
            inside := self.setting.inside(left, right)
        ):
            yield inside
        letters = [n for n in self.setting.parameters if n != "z" and n not in self.setting.bounds]
        if any((found.point or {}).get(name, 1) < 0 for name in letters):
            yield self.assumed(letters, None)
        if any(isinstance(n, If) or (isinstance(n, Op) and n.op in ("max", "min")) for n in nodes):
            slopes = [*letters, self.setting.variable] if self.setting.variable != "z" else letters
            compared = {n.name for n in nodes if isinstance(n, Sym)}
            if slopes := [name for name in slopes if name in compared]:
                yield self.assumed(slopes, Fraction(1))

    def assumed(self, letters: Sequence[str], upper: Fraction | None) -> Setting:
        """The setting with these letters above 0, and below `upper` if there is one."""
        key = (*letters, upper)
        if key not in self.settings:
            bounds = {name: (Fraction(0), upper) for name in letters}
            self.settings[key] = self.setting.within(bounds)
        return self.settings[key]

    # ------------------------------------------------------------------- what is told about names

    def where_lines_hold(self, found: list[Claim]) -> Iterator[str]:
        """Say of lines that hold in a part of the places alone where that is."""
        own = self.reading.names.as_written
        for claim in found:
            compared = claim.comparison
            if compared is None or not compared.on or claim.found not in ("slope", "true"):
                continue
            if claim.is_case:
                continue
            on = re.sub(r"[A-Za-z]\w*", lambda name: own.get(name[0], name[0]), compared.on)
            on = on.replace("-", "−")
            told = _HOLDS_WHERE if compared.assumed else _IS_ABOUT
            yield gettext(told, number=claim.number, on=on)

    def names_told(self, found: list[Claim]) -> tuple[tuple[str, ...], tuple[Claim, ...]]:
        words = gettext("{mine} as {theirs}")
        read_as = [words.format(mine=m, theirs=t) for m, t in self.reading.names.read_as]
        others = []
        derived = {
            node.arg.name
            for s in self.reading.statements
            for piece in s.pieces
            if piece.tree is not None
            for node in walk(piece.tree)
            if isinstance(node, D) and isinstance(node.arg, Sym)
        }
        letters = self.reading.names.own
        functions, inside = [*self.reading.objects], [*walk(self.function)]
        defined = [(c, n) for c in found if c.found == "definition" for n in c.statement.defines]
        for claim, name in defined:
            if name in functions:
                continue
            tree = self.own.get(letters[name])
            if tree is None:
                continue
            try:
                same = self.compare(tree, self.function).equal
            except NotationError:
                continue
            if same:
                functions.append(name)
            elif (
                letters[name] in derived
                and not (name in _OF_PARTS and tree in inside)
                and not any(letters[name] in names(other) for other in self.own.values())
            ):
                others.append(claim)
        known = {self.exercise.variable, *self.exercise.where}
        told = [n for n in sorted(functions) if n not in known]
        if told:
            names_ = gettext(" and ").join(told)
            read_as.append(gettext("{names} as the function of this exercise", names=names_))
        if self.given is not None and not told:
            words_ = gettext("line {number} as the function of this exercise")
            read_as.append(words_.format(number=self.given.number))
        if self.reading.slopes:
            names_ = gettext(" and ").join(sorted(self.reading.slopes))
            read_as.append(gettext("{names} as its slope", names=names_))
        if len(read_as) > 1:
            read_as = [", ".join(read_as[:-1]) + gettext(" and ") + read_as[-1]]
        said = [gettext("I read {words}.", words=words) for words in read_as]
        said = [*dict.fromkeys([*said, *self.reading.said, *self.where_lines_hold(found)])]
        stated = any(claim.found == "slope" for claim in found)
        return tuple(said), () if stated else tuple(others)
