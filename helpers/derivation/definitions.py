"""What the names of a derivation stand for: the learner's definitions, put into its formulas."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from helpers.derivation.calculus import differentiate
from helpers.derivation.errors import NotationError
from helpers.derivation.learner_names import SHORT, Names
from helpers.derivation.limits import limit
from helpers.derivation.name_meanings import slope_of
from helpers.derivation.setting import Setting
from helpers.derivation.statements import Choice, Reading, read_derivation
from helpers.derivation.trees import (
    D,
    Func,
    Lim,
    Op,
    Sym,
    Tree,
    children,
    is_case,
    names,
    placed,
    replace_children,
    substitute,
    walk,
    written_out,
)
from helpers.derivation.vocabulary import FUNCTIONS
from helpers.language import gettext


class Definitions:
    """A derivation that is read, and what its names mean.

    exercise : the setting of the exercise, without the learner's definitions.
    own : the learner's names, as letters of the trees, and what each stands for.
    unclear : those whose definitions cannot be read.
    """

    def __init__(
        self,
        text: str,
        function: Tree,
        setting: Setting,
        titles: Collection[str],
        choice: Choice,
    ) -> None:
        self.function, self.exercise, self.titles = function, setting, titles
        self.not_functions = () if self.knows_normal(text) else ("phi", "Phi")
        self.reading = self.read(text, choice)
        if not choice.redefined and (redefined := self.redefined()):
            choice = replace(choice, redefined=frozenset(redefined))
            self.reading = self.read(text, choice)
        self.own: dict[str, Tree] = {}
        self.define(choice.assumed)

    def knows_normal(self, text: str) -> bool:
        """Is φ the normal density here, rather than a name that somebody gave the function?"""
        if not re.search(r"[φϕΦ]|[pP]hi", text):
            return True
        meanings = (self.function, *self.exercise.where.values())
        used = {n.name for t in meanings for n in walk(t) if isinstance(n, Func)}
        if used & {"phi", "Phi", "erf"}:
            return True
        density = Func("phi", Sym(self.exercise.variable))
        return any(self.exercise.compare(t, density).equal for t in self.exercise.where.values())

    def read(self, text: str, choice: Choice) -> Reading:
        base = Names(
            self.exercise.variable,
            self.exercise.variable,
            frozenset({*self.exercise.where, *self.exercise.parameters}),
            not_functions=frozenset({*self.not_functions, *({*self.titles} & {*SHORT})}),
            parameters=frozenset(self.exercise.parameters),
        )
        return read_derivation(text, base, titles=self.titles, choice=choice)

    def redefined(self) -> set[str]:
        """Letters of the exercise that the text defines as something else, not the function."""
        found = set()
        for statement in self.reading.statements:
            if len(statement.pieces) < 2 or statement.continues:
                continue
            left, right = statement.pieces[0].tree, statement.pieces[1].tree
            if not (isinstance(left, Sym) and left.name in self.exercise.where) or right is None:
                continue
            if left.name in found or left.name in names(right):
                continue
            meaning = self.exercise.where[left.name]
            try:
                is_function = self.exercise.compare(meaning, self.function).equal
                letters = names(right) <= {
                    *self.exercise.where,
                    *self.exercise.parameters,
                    self.exercise.variable,
                }
                if letters and not is_function and not self.exercise.compare(meaning, right).equal:
                    found.add(left.name)
            except NotationError:
                continue
        return found

    def define(self, assumed: Mapping[str, Tree]) -> None:
        """Collect the learner's definitions; a name of the function itself has its formula."""
        letters, subject = self.reading.names.own, self.reading.names.subject
        trees = (piece.tree for s in self.reading.statements for piece in s.pieces)
        if any(subject in names(tree) for tree in trees if tree is not None):
            self.own[subject] = self.function
        self.own |= {letters[name]: tree for name, tree in assumed.items()}
        texts: dict[str, Tree] = {}
        for name in self.reading.slopes:
            stem = slope_of(name, self.reading.names.own_variable)
            base = letters.get(stem) or (stem if stem in self.exercise.where else None)
            texts[letters[name]] = D(Sym(base) if base else self.function)
        for statement in self.reading.statements:
            heads = statement.defines.values()
            sides = [p for place, p in enumerate(statement.pieces) if place not in heads]
            right = sides[0].tree if sides else None
            for letter in (letters[name] for name in statement.defines):
                if letter not in texts and letter not in self.own and right is not None:
                    texts[letter] = right
        for name in self.reading.objects:
            texts.setdefault(letters[name], self.function)
        self.solve(texts)
        for name, tree in self.own.items():
            if is_case(tree) and self.exercise.compare(tree, self.function, domain=tree).equal:
                self.own[name] = self.function  # of which the text takes one case after another
        self.unclear = {*letters.values()} - {*self.own}
        while lost := {name for name, tree in self.own.items() if names(tree) & self.unclear}:
            self.unclear |= lost  # what is defined by a letter that cannot be read cannot either
            self.own = {name: tree for name, tree in self.own.items() if name not in lost}

    def solve(self, left: dict[str, Tree]) -> None:
        """Take over the definitions that use one another in no circle."""
        while left:
            ready = [n for n, tree in left.items() if not names(tree) & {*left}]
            if not ready:
                break
            for name in ready:
                self.own[name] = self.meant(left.pop(name))

    def meant(self, tree: Tree) -> Tree:
        """Put in what a person's notation knows: f(2z), f′(2z), derivatives by other letters."""
        tree = replace_children(tree, [self.meant(child) for child in children(tree)])
        match tree:
            case Func(name, arg) if "'" in name:
                return placed(self.called(name.rstrip("'"), arg, name.count("'")), tree.span)
            case Func(name, arg) if name in self.own or name in self.exercise.where:
                return placed(self.called(name, arg, 0), tree.span)
            case Lim(arg, letter, to):
                return limit(Lim(self.written_out(arg), letter, to, span=tree.span), self.exercise)
            case D(arg, by) if by is not None:
                if by in self.own or by in self.exercise.where:
                    return Op("/", D(arg, span=tree.span), D(Sym(by)), span=tree.span)
                if by in FUNCTIONS:
                    inner = D(Func(by, Sym(self.exercise.variable)))
                    return Op("/", D(arg, span=tree.span), inner, span=tree.span)
                of = self.written_out(arg)
                if by not in names(of):
                    message = gettext(
                        "{by} is not explained: what does it have to do with this function?", by=by
                    )
                    raise NotationError(message, "", tree.span[0])
                return placed(differentiate(of, by), tree.span)
        return tree

    def called(self, name: str, arg: Tree, dashes: int) -> Tree:
        variable = self.exercise.variable
        known = name in self.own or name in self.exercise.where
        value = self.written_out(Sym(name)) if known else Func(name, Sym(variable))
        if not dashes and self.is_number(name, value):
            return Op("*", value, arg)  # a(z + h) is az + ah
        for _ in range(dashes):
            value = differentiate(value, variable)
        return substitute(value, {variable: arg})

    def is_number(self, name: str, value: Tree) -> bool:
        """Is it a letter for a number, which nobody writes with an argument, as in c(x) = 3?"""
        known = self.reading.names
        function = value == self.function or known.as_written.get(name) in known.applied
        return self.exercise.variable not in names(value) and (
            name in self.exercise.where or not function
        )

    def written_out(self, tree: Tree) -> Tree:
        return written_out(tree, {**self.exercise.where, **self.own})
