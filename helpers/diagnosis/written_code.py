"""The stories of a function whose source can be read as a formula."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helpers.derivation import D, Func, If, Neg, Op, Sym, Tree, names, walk
from helpers.diagnosis.beliefs import (
    MAX_STORIES,
    OUTPUT,
    Beliefs,
    Together,
    agree,
    ranked,
    same_numbers,
)
from helpers.diagnosis.beside_right import departures
from helpers.diagnosis.broken_rules import without_d
from helpers.diagnosis.edits import Located, is_inside
from helpers.diagnosis.hallmarks import is_of_a_row
from helpers.diagnosis.line_diagnosis import likeness, of_the_text
from helpers.diagnosis.places import FAR, OF_THE_WHOLE, Places
from helpers.diagnosis.pointing import MAKES_RIGHT, NEAR_ZERO, marked, pointed_at
from helpers.diagnosis.programs import Program, lines_in_words, read_program
from helpers.diagnosis.python_words import Place, functions_in, parsed, place_of, value_read_once
from helpers.diagnosis.quotients import is_near, is_quotient
from helpers.diagnosis.repairs import Repairs
from helpers.diagnosis.slips import Slip
from helpers.diagnosis.slips_at_a_part import Part
from helpers.diagnosis.tasks import Branches, branches_of, floats
from helpers.diagnosis.wrong_branches import WrongBranches
from helpers.language import gettext

_OTHER_FORMULA = "formula-of-other-activation"
_MIXUP, _TERMWISE = "function-derivative-mixup", "rule-applied-termwise"
_RULES, _LIKE = ("detour", "definition"), 0.7
_OF_RULES = ("rule", *_RULES)
_INNER = "missing-inner-derivative"
_BRACKETS = "missing-parentheses"
_OF_PIECES = ("negative", "branch", "whole")


@dataclass(frozen=True)
class Written:
    """What a learner wrote as a formula, and the places where its numbers are compared."""

    program: Program
    repairs: Repairs
    everywhere: Written | None = None  # the same at all places, where some are left out here
    claims: dict[tuple[str, ...], Located | None] = field(default_factory=dict)

    @property
    def formula(self) -> Tree:
        """What the function returns."""
        return self.program.formula

    @property
    def divides(self) -> bool:
        """Is there a division in it, as in every difference quotient?"""
        return any(isinstance(node, Op) and node.op == "/" for node in walk(self.formula))

    @classmethod
    def of(
        cls,
        source: str,
        beliefs: Beliefs,
        values: np.ndarray,
        where: np.ndarray,
        called: str = "",
    ) -> Written | None:
        """Read the source; None unless the formula gives the numbers that the function returned."""
        letters = [n for n in beliefs.at if n not in beliefs.task.where and n != OUTPUT]
        program = read_program(source, letters, called) if source else None
        if program is None:
            return None
        there = Beliefs(beliefs.task, {n: np.asarray(beliefs.at[n])[where] for n in letters})
        if not same_numbers(there.numbers(program.formula)[None], values[where]).all():
            return None
        whole = None
        if not where.all():
            every = Beliefs(beliefs.task, {n: beliefs.at[n] for n in letters})
            whole = cls(program, Repairs(every, every.reference))
        return cls(program, Repairs(there, there.reference), whole)

    def stories(self, fitting: Sequence[Slip]) -> tuple[str, ...]:
        """Name the stories that give these numbers, the one that looks like the formula first."""
        task = self.repairs.task
        is_one = not task.asks_value and is_quotient(self.formula, task.variable)
        if is_one and is_near(self.repairs.beliefs.numbers(self.formula), self.repairs.right):
            return ("finite-difference",)
        lost = self.repairs.brackets_lost(self.formula)
        if lost and (isinstance(lost, Together) or self.places.takes_back(lost[0])):
            return lost
        alike = likeness(self.formula, task)
        fitting = [slip for slip in fitting if slip.slug != "mask-overwritten"]
        fitting = [slip for slip in fitting if self._is_borne_out(slip, alike(slip))]
        last: tuple[str, ...] = ()
        if self.places.has_slip:  # numbers that two slips have, or rules for pieces, by chance
            last = tuple({s.slug for s in fitting if s.slug == _TERMWISE})
            fitting = [s for s in fitting if s.slug != _TERMWISE and s.origin != "pair"]
        word_for_word = any(s.slug == _OTHER_FORMULA and alike(s) == 1 for s in fitting)
        doubted = [] if word_for_word else self._doubted(fitting)
        found = self._ranked([slip for slip in fitting if slip not in doubted])
        last = (*last, *{s.slug: s for s in doubted if s.slug != _MIXUP})
        if not isinstance(found, Together) and not word_for_word:
            if last and not found:
                found = self.places.smallest
            found = tuple(dict.fromkeys((*self.places.seen(found)[: MAX_STORIES - 1], *last)))
        if found and not isinstance(found, Together) and self.places.takes_back(found[0]):
            told = [s for s in fitting if s.slug == found[0]]
            sure = any(alike(slip) >= _LIKE or slip.origin in _OF_PIECES for slip in told)
            if not sure and self.places.is_contested(found[0]):
                return ()
        by_rule = {s.slug for s in fitting if s.origin == "rule"}
        if found[:1] == ("parameter-ignored",) and "product-missing-term" in by_rule:
            found = tuple(dict.fromkeys(("product-missing-term", *found)))
        if found[:1] == ("sign-flipped",) and not task.asks_value:  # 1/(1 + e^z) for ln(1 + e^z)
            rules = {s.slug for s in fitting if s.origin == "rule" and alike(s) == 1}
            found = tuple(dict.fromkeys((*sorted(rules & {_INNER}), *found)))
        if "z-for-g" in found[1:] and self.places.is_of_twins("z-for-g"):
            found = tuple(dict.fromkeys(("z-for-g", *found)))
        if found[:1] == ("fraction-upside-down",) and self.places.takes_back(_BRACKETS):
            found = tuple(dict.fromkeys((_BRACKETS, *found)))
        if found[:1] == ("max-needs-alpha-le-1",) or not self.places.has_branches:
            return found
        chosen = [s for s in self.repaired() if s in ("mask-overwritten", "condition-misplaced")]
        return tuple(dict.fromkeys((*chosen, *found)))

    def _is_borne_out(self, slip: Slip, alike: float) -> bool:
        """Does the text bear out what the numbers suggest?

        One number, wherever it is wrong, bears no trace of a rule. Where a small change makes the
        text right, it is that change which was lost, and no other slip or rule, unless it is there
        word for word.
        """
        if slip.slug == "branch-kept-z" and (self._is_flat or self._is_the_function):
            return False
        if slip.origin in _OF_PIECES:
            return True
        if self.places.takes_back(slip.slug):
            return alike >= _LIKE or not self.places.is_outdone(slip.slug)
        if slip.slug == "parameter-ignored" and isinstance(slip.tree, Branches):
            return True
        if slip.slug == _BRACKETS and alike < _LIKE:
            return False
        if self._is_flat:
            return slip.slug in (_OTHER_FORMULA, _MIXUP)
        if slip.origin in ("object", "other") or not self.places.has_small_change:
            return True
        return alike >= _LIKE and slip.origin not in _OF_RULES

    @cached_property
    def _is_flat(self) -> bool:
        """Is it one and the same number wherever it is wrong?"""
        numbers, right = self.repairs.beliefs.numbers(self.formula), self.repairs.right
        wrong = ~agree(numbers, right)
        return bool(wrong.any()) and bool(np.ptp(numbers[wrong]) <= 1e-12)

    @property
    def _is_right(self) -> bool:
        """Has the formula the right numbers at the places where it is compared?"""
        numbers = self.repairs.beliefs.numbers(self.formula)
        return bool(same_numbers(numbers[None], self.repairs.right).all())

    @cached_property
    def _is_the_function(self) -> bool:
        """Is it the function that is differentiated, with no branch in which z was kept?"""
        beliefs = self.repairs.beliefs
        if self.places.has_branches or OUTPUT not in beliefs.at:
            return False
        numbers = beliefs.numbers(self.formula)
        return bool(same_numbers(numbers[None], np.asarray(beliefs.at[OUTPUT])).all())

    def _doubted(self, fitting: Sequence[Slip]) -> list[Slip]:
        """Stories of rules, looking unlike the text, where the text itself shows another one.

        Function and derivative are exchanged inside of a rule only where nothing else is wrong.
        """
        alike = likeness(self.formula, self.repairs.task)
        rules = [s for s in fitting if s.origin in _RULES and alike(s) < _LIKE]
        inside = [s for s in fitting if s.slug == _MIXUP and s.origin in _OF_RULES]
        claim = self.places.one(()) if rules or inside else None
        if claim is None:
            return []
        found = [*(rules if claim.stories else ()), *inside]
        return [s for s in found if s.slug not in claim.stories]

    def _ranked(self, fitting: Sequence[Slip]) -> tuple[str, ...]:
        """The likeliest first; what one change of the text takes back goes before the rest."""
        alike = likeness(self.formula, self.repairs.task)
        found, taken_back = ranked(fitting, alike), self.repairs.all(self.formula)
        if isinstance(found, Together) or not taken_back.intersection(found):
            return found
        seen = of_the_text(fitting, self.formula, taken_back, self.repairs.task)
        return tuple(dict.fromkeys((*ranked(seen, alike), *found)))[:MAX_STORIES]

    def repaired(self) -> tuple[str, ...]:
        """Name the slips of which one, taken back, makes the function right."""
        return self.repairs.one(self.formula)

    def repaired_alone(self) -> tuple[str, ...]:
        """The same, where no other small change does as much elsewhere."""
        stories, places = self.repaired(), self.places
        if not stories or not (places.has_small_change or is_of_a_row(self.formula)):
            return stories
        return (
            stories if places.takes_back(stories[0]) and not places.is_contested(stories[0]) else ()
        )

    def may_tell(self, story: str) -> bool:
        """May a story be told that is declared by numbers, where the text shows another one?"""
        places = self.places
        return story != _BRACKETS or places.takes_back(story) or not places.has_small_change

    def claim(self, stories: tuple[str, ...]) -> Located | None:
        """Return where one change makes it right, or two; None where that cannot be told."""
        if stories not in self.claims and self._is_right:
            self.claims[stories] = None  # it goes wrong elsewhere than at these places
        if stories not in self.claims:
            places = self.places
            together = isinstance(stories, Together)
            one = places.one(() if together else stories)
            two = None
            alone = together or not (stories or places.has_small_change)
            if one is None and alone:
                two = places.twins or places.two()
            if not together and stories and places.is_of_twins(stories[0]):
                one = places.twins
            if one is None and two is None and not together:
                branches = WrongBranches(self.repairs, self.formula, places.parts)
                one = branches.condition()
                if one is None and alone:
                    one = branches.missing() or branches.branch()
            found = one or two
            whole = {*stories} & OF_THE_WHOLE
            if found is None and not together and whole <= {_OTHER_FORMULA}:
                found = self._beside_right(in_a_term=bool(whole))
            if found and found.stories == ("branch-kept-z",) and self._is_flat:  # as with np.sign
                found = found._replace(stories=("function-lost",))
            if found:
                found = found._replace(places=tuple(map(self._value_returned, found.places)))
            self.claims[stories] = found
        return self.claims[stories]

    def _value_returned(self, place: Place) -> Place:
        """What stands for a name that is returned as it is, if that is a choice, used there alone.

        What is none may be a known quantity, rightly written, which is not all that is asked for.
        """
        tree = parsed(self.program.source)
        nodes = [*ast.walk(tree)] if tree is not None else []
        returns = [n.value for n in nodes if isinstance(n, ast.Return)]
        name = next((n.id for n in returns if isinstance(n, ast.Name) and place_of(n) == place), "")
        value = value_read_once(name, nodes)
        if value is None or value.lineno != value.end_lineno or not self.places.has_branches:
            return place
        return place_of(value)

    @property
    def wrong_wherever_taken(self) -> Located | None:
        """The branch that is wrong wherever it is taken, if there is one."""
        return WrongBranches(self.repairs, self.formula, self.places.parts).wherever_taken()

    def _beside_right(self, in_a_term: bool) -> Located | None:
        """Where it departs from a right formula, term by term and factor by factor.

        in_a_term : only if that is in one of two terms that move, the other one being right.
        """
        task, beliefs = self.repairs.task, self.repairs.beliefs
        right = [tree for form in task.forms for tree in branches_of(form)]
        if task.of and not task.asks_value and not isinstance(task.of[0], Branches):
            right.append(without_d(D(task.of[0]), task.variable, task.where))
        found, places = departures(self.formula, right, beliefs, self.repairs.right), []
        more = beliefs.between
        if more and departures(self.formula, right, more, more.reference) != found:
            return None
        if in_a_term and not self._are_in_a_term(found):
            return None
        for node in found:
            there = {id(node), *([id(node.arg)] if isinstance(node, Neg) else [])}
            of_it = [q for p in self.places.parts if there & p.same for q in p.places]
            own = [place for place in of_it if self.places.is_asked(place)]
            if not own:
                return None
            places.append(own[-1])
        return Located(tuple(dict.fromkeys(places)), ()) if places else None

    def _are_in_a_term(self, found: Sequence[Tree]) -> bool:
        """Do these parts all stand in one of two terms, both of which move?"""
        match self.formula:
            case Op("+" | "-", a, b) if self.repairs.task.moves(a) and self.repairs.task.moves(b):
                inside = [{id(n) for n in walk(side)} for side in (a, b)]
                return any(all(id(node) in own for node in found) for own in inside)
        return False

    def is_mended_at(self, claim: Located) -> bool:
        """Does a change at these places make it right?"""
        one = len({*claim.places}) == 1 and self.places.is_made_right_at(claim.places[0])
        found = None if one else self.claim(())
        return one or (found is not None and found.places == claim.places)

    def wrong_places(self) -> int:
        """At how many of the places where it is compared is it wrong?"""
        return int((~agree(self.repairs.beliefs.numbers(self.formula), self.repairs.right)).sum())

    def is_placed(self, stories: tuple[str, ...]) -> bool:
        """Is a place told, or is none told because small changes are at odds?"""
        claim = self.claim(stories)
        return self.places.has_small_change or bool(claim is not None and claim.places)

    @cached_property
    def places(self) -> Places:
        """Where changes make it right."""
        asked = self.program.functions.get(self.program.called)
        parts, meant = self._parts(), self._meant()
        return Places(self.repairs, self.formula, parts, meant, asked, self._last_read())

    def _last_read(self) -> dict[str, int]:
        """The arguments whose names stand for something else in the end, with their last lines."""
        read = [(p.name, place[0]) for place, p in self.program.parts if isinstance(p, Sym)]
        kept = {value.name for value in self.program.names.values() if isinstance(value, Sym)}
        return {name: line for name, line in sorted(read) if name not in kept}

    def pointed(self, claim: Located, how: str = MAKES_RIGHT) -> str:
        """Show the learner's own lines with the places marked at which changes make it right.

        how : no more than that, see `made_right`.
        """
        program = self.program
        if how == MAKES_RIGHT and self._overflows:
            how = NEAR_ZERO
        return pointed_at(program.source, program.functions, claim.places, how)

    def pointed_nearly(self, place: Place, left: str) -> str:
        """Show a place at which a change leaves no larger differences than that."""
        program = self.program
        where = lines_in_words(program.functions, [place[0]])
        said = gettext(
            "One change there leaves differences of {left} at most where it was tried, in {where}:",
            left=left,
            where=where,
        )
        return f"{said}\n{marked(program.source, place[0], [place])}"

    @property
    def _overflows(self) -> bool:
        """Does it leave floats where a row's numbers are large, its largest one not taken off?"""
        at, name = self.repairs.beliefs.at, self.repairs.task.variable
        functions = {node.name for node in walk(self.formula) if isinstance(node, Func)}
        if not is_of_a_row(self.formula) or "row_max" in functions:
            return False
        far = ({**at, name: np.asarray(at[name]) + by} for by in (FAR, -FAR))
        with np.errstate(all="ignore"):
            return not all(np.isfinite(floats(self.formula, at)).all() for at in far)

    def _parts(self) -> list[Part]:
        """The parts of the source that stand in the formula, each once."""
        at: dict[Place, list[Tree]] = {}
        helpers, values = self._right_helpers(), self.right_values()
        for place, part in self.program.parts:
            right = any(first <= place[0] <= last for first, last in helpers)
            if not right and not any(
                is_inside(place, v) and (v != place or v in self.program.given) for v in values
            ):
                at.setdefault(place, []).append(part)
        inside = {id(part) for part in walk(self.formula)}
        found: dict[frozenset[int], list[Place]] = {}
        nodes: dict[frozenset[int], Tree] = {}
        for place, parts in at.items():
            parts = [part for part in parts if id(part) in inside]
            there = frozenset(map(id, parts))
            if there and all(part == parts[0] for part in parts):
                found.setdefault(there, []).append(place)
                nodes[there] = parts[0]
        return [self._part(nodes[there], there, places) for there, places in found.items()]

    def right_values(self) -> list[Place]:
        """The places of what is right: the right answer, a letter's value, a constant of both."""
        beliefs, program = self.repairs.beliefs, self.program
        letters = [OUTPUT, *self.repairs.task.where]
        right = [np.asarray(beliefs.at[name]) for name in letters if name in beliefs.at]
        right += [self.repairs.right, *map(beliefs.numbers, self._right_constants())]
        forms = (b for form in self.repairs.task.forms for b in branches_of(form))
        if is_of_a_row(self.formula):  # what is built in steps, each of them a quantity
            inside = dict.fromkeys(n for form in forms for n in walk(form) if isinstance(n, Op))
            right += [numbers for numbers in map(beliefs.numbers, inside) if np.ptp(numbers) > 0]

        def is_right(part: Tree) -> bool:
            return any(same_numbers(beliefs.numbers(part)[None], one).all() for one in right)

        return [
            place
            for place, part in program.parts
            if ((place in program.given and names(part)) or _is_constant(part)) and is_right(part)
        ]

    def _right_constants(self) -> list[Tree]:
        """Numbers that are computed in a right answer, such as sqrt(2/pi)."""
        trees = (tree for form in self.repairs.task.forms for tree in branches_of(form))
        return [node for tree in trees for node in walk(tree) if _is_constant(node)]

    def _right_helpers(self) -> list[tuple[int, int]]:
        """The lines of helpers that compute the very function that is differentiated."""
        beliefs, program = self.repairs.beliefs, self.program
        if self.repairs.task.asks_value or OUTPUT not in beliefs.at:
            return []
        output = np.asarray(beliefs.at[OUTPUT])

        def computes_it(first: int, last: int) -> bool:
            inside = [part for place, part in program.parts if first <= place[0] <= last]
            choices = (part for part in inside if isinstance(part, If))
            sides = {id(n) for choice in choices for n in walk(choice) if n is not choice}
            whole = (part for part in inside if id(part) not in sides)  # of a choice, not one side
            return any(same_numbers(beliefs.numbers(part)[None], output).all() for part in whole)

        own = functions_in(parsed(program.source)).get(program.called)
        inside = [n for n in ast.walk(own) if isinstance(n, ast.FunctionDef)] if own else []
        lines = [(n.lineno, n.end_lineno or n.lineno) for n in inside if n is not own]
        lines += [at for name, at in program.functions.items() if name != program.called]
        return [(first, last) for first, last in lines if computes_it(first, last)]

    def _part(self, node: Tree, same: frozenset[int], places: list[Place]) -> Part:
        tests, in_tests = self.program.tests, self.program.in_tests
        test = next((tests[one] for one in same if one in tests), None)
        own = [p for p in places if p != test] or places
        narrow = [p for p in own if not any(q != p and is_inside(q, p) for q in own)]
        is_name = not same.isdisjoint(self.program.named) and len(same) == 1
        joined = next((self.program.joined[n] for n in same if n in self.program.joined), None)
        in_test, is_factor = same <= {*in_tests}, not same.isdisjoint(self._factors)
        return Part(node, same, tuple(narrow), test, in_test, is_name, joined, is_factor)

    @cached_property
    def _factors(self) -> set[int]:
        products = (n for n in walk(self.formula) if isinstance(n, Op) and n.op == "*")
        return {id(side) for n in products for side in (n.left, n.right)}

    def _meant(self) -> list[Tree]:
        """What a name or a number may have been meant for."""
        task = self.repairs.task
        known = (*self.repairs.beliefs.at, *task.parameters)
        unmeant = task.has_branches or task.asks_value  # the output, which stands for all of it
        letters = [Sym(n) for n in known if n != OUTPUT or not unmeant]
        return list(dict.fromkeys((*self.program.names.values(), *letters)))


def _is_constant(tree: Tree) -> bool:
    """Is it computed from numbers alone, at least two of them, with a root or the like?"""
    found = [*walk(tree)]
    return not names(tree) and len(found) > 3 and any(isinstance(node, Func) for node in found)
