"""The route from question to goal: whether a derivation shows it, and what one rule alone gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from helpers.derivation import (
    Claim,
    Claims,
    D,
    Func,
    Lim,
    Setting,
    Sym,
    Tree,
    check_claims,
    children,
    differentiate,
    has_d,
    names,
    replace_children,
    rules_used,
    split_lines,
    to_text,
    walk,
    written_out,
)
from helpers.diagnosis import (
    Branches,
    Task,
    form_of,
    has_form,
    is_tidy,
    symbols_of,
    tree_size,
    with_letters,
)
from helpers.exercises.derivation_messages import named_rules
from helpers.language import gettext

SHORT = 4  # lines of a solution with one or two between question and goal
SMALL = {  # rules that nobody needs to name
    *("constant", "variable", "sum", "difference", "minus"),
    *("constant factor", "constant divisor"),
}


def slopes_of(claims: Claims) -> list[Tree]:
    """The sides that state the slope, in the letters of the exercise."""
    return [claims.in_letters(tree) for _, tree in claims.slopes()]


@dataclass(frozen=True, eq=False)
class Route:
    """What an exercise wants shown between question and goal.

    Parameters
    ----------
    task, setting : what is asked, and where lines are compared.
    functions : what is differentiated, in each spelling.
    goals : forms in which a derivation may end.
    ends_with : letters in which a form without D is an end as well.
    given : the sides of lines that stand there from the start.
    wanted : how many essential steps are to be shown.
    solution : the route as the exercise shows it; titles : names that stand for the function in it.
    """

    task: Task
    setting: Setting
    functions: tuple[Tree, ...]
    goals: tuple[Tree, ...]
    ends_with: tuple[str, ...]
    given: tuple[Tree, ...]
    wanted: int
    solution: str
    titles: frozenset[str]

    @cached_property
    def own_steps(self) -> list[tuple[int, str, str]]:
        """The lines of the solution."""
        return split_lines(self.solution)

    @property
    def solved(self) -> Claims:
        """The solution, judged."""
        return check_claims(self.solution, self.functions[0], self.setting, {*self.titles})

    @cached_property
    def _given_forms(self) -> set[tuple]:
        """The lines that are given are nobody's own steps."""
        return {form_of(side, self.task.where) for side in self.given}

    def lacks_steps(self, claims: Claims) -> bool:
        """Are there fewer essential steps than the exercise wants shown, by any route?

        A step is a form of the slope between question and goal, or a true line that helps on the
        way; the same form twice is one step. Where the slope takes no rule that has a name, to say
        what is differentiated is a step.
        """
        trees = slopes_of(claims)
        way = [self._step(tree) for tree in trees]
        ends = [n for n, tree in enumerate(trees) if self._may_end(way[n], tree)]
        steps = {*way[: ends[-1] if ends else None]}
        steps -= self._goal_forms | self._given_forms
        steps -= {way[n] for n in ends[-1:]}
        if self._rules_of_its_own:
            steps -= self._questions
        helps = [claim for claim in claims.claims if self._helps(claim, claims)]
        shown = len(steps) + len(helps) + self._slope_elsewhere(claims)
        if self.wanted == 1 and self.is_single_step(trees):
            return False
        wanted = min(self.wanted, 1) if self._given_forms else self.wanted  # two blanks in one line
        return shown + self._rules_named(claims) < wanted

    def is_single_step(self, trees: Sequence[Tree]) -> bool:
        """Is what is asked followed by an end as one rule alone gives it?"""
        where = self.task.where
        ends = [tree for tree in trees if self.may_end(tree)]
        steps = {self._step(tree) for tree in trees if has_d(tree)}
        for slope, function in self._single_steps:
            letters = names(with_letters(slope, where))
            alike = [e for e in ends if names(e) == letters]
            found = any(has_form(slope, form_of(e, where), where) for e in alike)
            if found and (steps if function is None else self._step(D(function)) in steps):
                return True
        return False

    @cached_property
    def _single_steps(self) -> list[tuple[Tree, Tree | None]]:
        return [*single_steps(self.task, self.setting)]

    def _slope_elsewhere(self, claims: Claims) -> bool:
        """Does a step hold the slope of a function at another place, as σ′(βz)β and dy/du du/dz?"""
        pieces = (p for c in claims.claims if c.found == "slope" for p in c.statement.pieces)
        sides = [[*walk(p.tree)] for p in pieces if p.tree is not None]
        by_others = (sum(isinstance(n, D) and n.by is not None for n in side) for side in sides)
        called = any(isinstance(n, Func) and "'" in n.name for side in sides for n in side)
        return called or max(by_others, default=0) > 1

    def _rules_named(self, claims: Claims) -> bool:
        """Is what is asked followed by a goal line with all rules, on a way of few lines?"""
        wanted = set().union(*(named_rules(reason) for *_, reason in self.own_steps))
        asked = any(has_d(tree) for _, tree in claims.slopes())
        if not (wanted and asked) or len(self.own_steps) > SHORT:
            return False
        steps = [c for c in claims.claims if wanted <= named_rules(c.statement.reason)]
        trees = [claims.in_letters(tree) for c in steps for tree in c.trees if tree is not None]
        return any(self._step(tree) in self._goal_forms for tree in trees)

    @cached_property
    def _letters_of_it(self) -> tuple[Tree, ...]:
        """The letters of the exercise that stand for its function."""
        meant = [(Sym(name), tree) for name, tree in self.task.where.items()]
        return tuple(s for s, tree in meant if self.setting.compare(tree, self.functions[0]).equal)

    def _step(self, tree: Tree) -> tuple:
        """What a line shows; 1·z is what is left when a rule was applied, and not yet z.

        So is −u⁻²·(−v), and not yet v/u²: it has more parts than any goal of its form.
        """
        where = self.task.where
        form = form_of(tree, where)
        if form not in self._goal_forms:
            return form
        longest = self._sizes_of_goals[form]
        return ("written", to_text(tree)) if tree_size(tree, where) > longest else form

    def may_end(self, tree: Tree) -> bool:
        """Is it what is asked for: one of the goals, or a form without D in the right letters?"""
        return self._may_end(form_of(tree, self.task.where), tree)

    def _may_end(self, form: tuple, tree: Tree) -> bool:
        if form in self._goal_forms:
            return True
        if not self.goals:
            return not has_d(tree) and names(tree) <= {*self.ends_with}
        used = symbols_of(with_letters(tree, self.task.where))
        return not has_d(tree) and used <= {*self.ends_with} and is_tidy(tree)

    @cached_property
    def _goal_forms(self) -> set[tuple]:
        return {form_of(goal, self.task.where) for goal in self.goals}

    @cached_property
    def _sizes_of_goals(self) -> dict[tuple, int]:
        """The size of the longest goal of each form."""
        sizes: dict[tuple, int] = {}
        for goal in self.goals:
            form = form_of(goal, self.task.where)
            sizes[form] = max(sizes.get(form, 0), tree_size(goal, self.task.where))
        return sizes

    @cached_property
    def _questions(self) -> set[tuple]:
        """What is differentiated, as a step that says no more than the question."""
        return {self._step(D(of)) for of in (*self.functions, *self._letters_of_it)}

    def _helps(self, claim: Claim, claims: Claims) -> bool:
        """Does a true line that is no step of the main line say something of its own?

        To give the function itself a name does not.
        """
        if claim.found == "definition":
            own = claims.reading.names.own
            new = {*claim.statement.defines} - {*self.setting.where}
            named = [Sym(own[name]) for name in new if name in own]
            return any(not claims.setting.compare(n, self.functions[0]).equal for n in named)
        sides = [tree for tree in claim.trees if tree is not None]
        meant = {to_text(written_out(side, self.task.where)) for side in sides}
        said = len(meant) > 1 and any(map(names, sides))
        if claim.found != "true" or not said:
            return False
        return not all(claims.setting.compare(side, self.functions[0]).equal for side in sides)

    def remark(self, claims: Claims) -> str:
        """Remark on a line in which several rules were applied, unless one line is asked."""
        number = self._line_of_several_rules(claims)
        aside = any(claim.found in ("true", "definition") for claim in claims.claims)
        trees = [p.tree for c in claims.claims for p in c.statement.pieces if p.tree is not None]
        aside |= any(isinstance(node, Lim) for tree in trees for node in walk(tree))
        named = any(named_rules(c.statement.reason) for c in claims.claims if c.number == number)
        if number is None or self._asks_one_line or aside or named:
            return ""
        return gettext(
            "Several rules were applied at once in line {number}: can you name each of them?",
            number=number,
        )

    @cached_property
    def _asks_one_line(self) -> bool:
        """Does its own solution take several rules at once?"""
        return self._line_of_several_rules(self.solved) is not None

    def _line_of_several_rules(self, claims: Claims) -> int | None:
        """The first line in which a derivative that needs several rules is carried out."""
        trees = [D(self.functions[0]), *slopes_of(claims)]
        for before, after, (number, _) in zip(trees, trees[1:], claims.slopes(), strict=False):
            left = [n.arg for n in walk(before) if isinstance(n, D)]
            if not left or has_d(after):
                continue
            if any(len(self._rules(arg)) > 1 for arg in left):
                return number
        return None

    def _rules(self, tree: Tree) -> list[str]:
        """The rules that it takes, from what is known: tanh itself is what derive_tanh is about."""
        if written_out(tree, self.task.where) in self.functions:
            return self._rules_of_its_own
        return self._rules_used(tree)

    @cached_property
    def _rules_of_its_own(self) -> list[str]:
        """The rules that what is differentiated takes, in the spelling that takes most."""
        return max(map(self._rules_used, self.functions), key=len)

    def _rules_used(self, tree: Tree) -> list[str]:
        rules = rules_used(written_out(tree, self.task.where), self.task.variable)
        return [rule for rule in rules if rule not in SMALL]


def single_steps(task: Task, setting: Setting) -> Iterator[tuple[Tree, Tree | None]]:
    """Yield each slope that one rule gives, with the function that must be found first, if any.

    A spelling of the function counts if its letters stand still or have a slope with a letter of
    its own, as the normal distribution has its density. A slope that is known by heart, as of
    abs(z), is a step where abs(z) is not the question but was found.
    """
    known = _slopes_in_letters(task.where, setting)
    for place, function in enumerate(task.of):
        if isinstance(function, Branches) or names(function) & {*task.where} - {*known}:
            continue
        rules = {*rules_used(function, task.variable, where=known)} - SMALL
        by_heart = isinstance(function, Func) and function.arg == Sym(task.variable)
        if len(rules) == 1 and not (by_heart and place == 0):
            slope = differentiate(function, task.variable, where=known)
            yield _with_letters_for(slope, known), function if by_heart else None


def _slopes_in_letters(where: Mapping[str, Tree], setting: Setting) -> dict[str, str]:
    pairs = ((a, b) for a in where for b in where if a != b)
    return {a: b for a, b in pairs if setting.compare(D(Sym(a)), Sym(b)).equal}


def _with_letters_for(tree: Tree, known: Mapping[str, str]) -> Tree:
    match tree:
        case D(Sym(name)) if name in known:
            return Sym(known[name])
    return replace_children(tree, [_with_letters_for(child, known) for child in children(tree)])
