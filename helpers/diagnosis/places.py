"""Where in a program one change, or two, makes it right; what the change is, nobody is told.

Each part of the program is tried with all that may have been meant there. Where the likeliest
changes lie in different places, none is told of: any of them may be the learner's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from helpers.derivation import (
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    names,
    walk,
)
from helpers.diagnosis.beliefs import OUTPUT, agree, same_numbers, usual
from helpers.diagnosis.edits import (
    AROUND,
    CHANGED,
    GIVEN_BACK,
    PLAIN,
    REPLACED,
    TAKEN_BACK,
    WHOLE,
    Edit,
    Located,
    are_one,
    innermost,
    is_around,
    is_inside,
    likeliest,
    likeliest_places,
    most_used,
    narrowest,
    plain_story,
    size_of,
    width_of,
)
from helpers.diagnosis.hallmarks import is_of_a_row
from helpers.diagnosis.line_diagnosis import SEEN_IN_TEXT
from helpers.diagnosis.python_words import Place
from helpers.diagnosis.repairs import HOLE, Repairs, terms_of
from helpers.diagnosis.right_forms import RightForms, pieces_of
from helpers.diagnosis.slips import ZERO
from helpers.diagnosis.slips_at_a_part import (
    TURNED,
    Part,
    may_become,
    may_stand_for,
    put_in,
    what_was_lost,
)
from helpers.diagnosis.tasks import branches_of, floats
from helpers.diagnosis.tried_changes import TriedChanges
from helpers.diagnosis.two_places import TwoPlaces

# A learner waits for the answer, so the work is bounded: by nodes computed, as the same answer must
# come on every machine. Only where something takes far longer than it ever should does time decide.
_MOST = 50_000
_EMERGENCY = 20  # seconds
_INNER = "missing-inner-derivative"
_CONDITION = "condition-misplaced"
_PRODUCT = "product-missing-term"
_LOST = {_PRODUCT, "term-lost"}
_OTHER_FORMULA = "formula-of-other-activation"
_OF_BRANCHES = {_OTHER_FORMULA, "function-derivative-mixup"}
_RIVALS = {"complement", "sign-flipped"}  # of one cost: none is told, only their place
_EXCHANGED = {"plus-minus-swapped", "operation-swapped"}
# Stories about the function as a whole: no place of it is the wrong one.
OF_THE_WHOLE = _OF_BRANCHES | {
    *("integrated-instead", "derivative-twice", "rule-applied-termwise", "finite-difference"),
    *("mask-overwritten", "one-for-all", "integer-result", "other-form"),
}
_UNSEEN = 2
FAR = 1000.0
_SEEN = SEEN_IN_TEXT | {_OTHER_FORMULA, _INNER, _PRODUCT, "sign-flipped"}


class Places:
    """The places of a program at which changes make it right.

    Parameters
    ----------
    repairs : what the program should give, and the vocabulary of changes.
    formula : the program as a formula.
    parts : its parts.
    meant : what may have been meant instead of a name or a number.
    asked : the first and last line of the function that is asked for, if it has a name.
    last_read : of arguments whose names were given other values, the lines that last read them.
    """

    def __init__(
        self,
        repairs: Repairs,
        formula: Tree,
        parts: Sequence[Part],
        meant: Sequence[Tree],
        asked: tuple[int, int] | None = None,
        last_read: Mapping[str, int] | None = None,
    ) -> None:
        self.repairs, self.task = repairs, repairs.task
        self.formula, self.parts, self.meant, self.asked = formula, parts, meant, asked
        self.last_read = last_read or {}
        self._ways = TriedChanges(repairs, formula, parts, meant)

    def one(self, stories: Sequence[str]) -> Located | None:
        """Return the place at which one change alone makes it right.

        First come changes with the story that is told: the likeliest of them, at one place, or at
        the smallest that holds them all. Then others, those that have a story before those that
        have none; but not where small ones of different stories lie in different places.
        """
        edits = self._edits
        if edits is None:
            return None
        asks_value = self.task.asks_value and not is_of_a_row(self.formula)
        of_parts = self.has_branches or asks_value
        whole = {*stories[:1]} & (OF_THE_WHOLE - (_OF_BRANCHES if of_parts else set()))
        if found := [e for e in edits if e.slug in stories[:1]]:
            if self.is_outdone(stories[0]):
                at = max(likeliest_places(found), key=width_of)
                value = next((p.places[-1] for p in self.parts if at in p.places), at)
                return Located((value,), ()) if stories[0] == _INNER else None
            place = self._around(narrowest(found)) or self._around(most_used(found))
            return Located((place,), ()) if place is not None else None
        of_branches = bool({*stories[:1]} & _OF_BRANCHES) and not self.has_branches
        if whole or (of_branches and self._is_whole(edits)):
            return None
        added = [e for e in edits if e.size == GIVEN_BACK]
        inner = {e.place for e in added if e.slug == _INNER}
        rest = [e for e in edits if e.size < GIVEN_BACK and (e.slug or e.place not in inner)]
        other = [e for e in edits if e.size == REPLACED]
        functions = {n.name for n in walk(self.formula) if isinstance(n, Func)}
        turned = not functions.isdisjoint(TURNED)  # a sinh for a cosh is no other formula
        told = [e for e in rest if e.slug]
        if told and not any(e.is_form for e in told):
            told = [e for e in added if e.slug and e.is_form] or told
        for found in (told, [e for e in rest if not e.slug], added, other):
            lost = stories[:1] == (_PRODUCT,) and not {e.slug for e in added} & _LOST
            if found is added and other and lost:  # of a product rule no letter is the place
                return Located((max((e.place for e in other), key=width_of),), ())
            if found:
                least = min(e.size for e in found)
                if least < GIVEN_BACK and self._are_at_odds(found):
                    return None
                slugs = tuple(dict.fromkeys(e.slug for e in likeliest(found) if e.slug))
                inside, is_form = narrowest(found), likeliest(found)[0].is_form
                if {*slugs} >= _RIVALS:
                    return Located((max(likeliest_places(found), key=width_of),), ())
                place = self._around(inside)
                of_one = len(inside) == 1 or slugs == (_CONDITION,)
                if (slugs == (_PRODUCT,) and not is_form) or (
                    slugs == (_OTHER_FORMULA,) and turned
                ):
                    slugs = ()
                if slugs and all(are_one(slug, slugs[0]) for slug in slugs):
                    slugs = (min(slugs, key=usual),)
                if not (of_one or self._are_operands(place, inside)):
                    return Located((), slugs) if least < GIVEN_BACK and len(slugs) == 1 else None
                slugs = slugs[:1] or plain_story(likeliest(found)) or self._of_a_value
                return Located((place,), slugs) if place is not None else None
        return None

    def _is_whole(self, edits: Sequence[Edit]) -> bool:
        """Does what is likeliest change all that is returned?"""
        whole = {p.places[0] for p in self.parts if id(self.formula) in p.same}
        return bool(edits) and not whole.isdisjoint(likeliest_places(edits))

    def _is_stable(self, made: Tree) -> bool:
        """Is a change right between the places as well, and far out, where a solution in code is?

        Of rows that is asked where a row's largest entry is taken off.
        """
        if not self.repairs.beliefs.are_right_between(made):
            return False
        functions = {node.name for node in walk(self.formula) if isinstance(node, Func)}
        if self.task.of or (is_of_a_row(self.formula) and "row_max" not in functions):
            return True
        at, (right, *_) = self.repairs.beliefs.at, branches_of(self.task.forms[0])
        x = np.asarray(at[self.task.variable])
        return all(
            self._agree_at({**at, self.task.variable: x + by}, made, right) for by in (FAR, -FAR)
        )

    def _agree_at(self, at: Mapping[str, np.ndarray], made: Tree, right: Tree) -> bool:
        """Have both the same numbers there, if the right one has any?"""
        with np.errstate(all="ignore"):
            values, wanted = floats(made, at), floats(right, at)
        return not np.isfinite(wanted).all() or bool(same_numbers(values[None], wanted).all())

    @cached_property
    def _of_a_value(self) -> tuple[str, ...]:
        """Is the function's value returned wherever the slope is wrong, as 6 for ReLU6?"""
        repairs, at = self.repairs, self.repairs.beliefs.at
        numbers = repairs.beliefs.numbers(self.formula)
        wrong = ~agree(numbers, repairs.right)
        if self.task.asks_value or OUTPUT not in at:
            return ()
        output = np.broadcast_to(at[OUTPUT], wrong.shape)
        return ("function-derivative-mixup",) if np.allclose(numbers[wrong], output[wrong]) else ()

    def _are_at_odds(self, found: Sequence[Edit]) -> bool:
        """Do small changes tell of different stories in different places?"""
        small = [e for e in found if e.slug and e.size < GIVEN_BACK]
        first = min(small, key=lambda e: e.rank, default=None)
        return first is not None and self.is_contested(first.slug)

    def test_around(self, place: Place) -> Place:
        """The condition in which a place stands, or itself where it stands in none."""
        tests = {p.test for p in self.parts if p.test and is_inside(place, p.test)}
        return min(tests, key=width_of, default=place)

    def _are_operands(self, place: Place | None, inside: set[Place]) -> bool:
        """Are these places all that stands in that one, as in s*s?"""
        if place is None:
            return False
        found = {p for part in self.parts for p in part.places if p != place}
        return inside == innermost({p for p in found if is_inside(p, place)})

    def _around(self, inside: set[Place]) -> Place | None:
        """The smallest part that holds all of these places; a name may stand for what it means."""
        for part in self.parts:
            if len(part.places) == 2 and part.places[-1] in inside and len(inside) > 1:
                inside = {*inside, part.places[0]} - {part.places[-1]}
        return self._holding(inside) or self._holding(set(map(self._use_of, inside)))

    def _holding(self, inside: set[Place]) -> Place | None:
        marked = ((*part.places, part.test, part.joined) for part in self.parts)
        places = [place for some in marked for place in some if place is not None]
        return min((p for p in places if _holds_all(p, inside)), key=width_of, default=None)

    def _use_of(self, place: Place) -> Place:
        """Where the value in which a place stands is used by its name, if that is once."""
        once = (part.places for part in self.parts if len(part.places) == 2)
        return next((use for value, use in once if is_inside(place, value)), place)

    def seen(self, stories: tuple[str, ...]) -> tuple[str, ...]:
        """Put first what the text shows: a story that one change takes back, at one place.

        A story about the whole of a function is not looked for in its text; but a formula that is
        a slip away from the right one was hardly learned for another function.
        """
        if not stories or stories[0] in OF_THE_WHOLE - {_OTHER_FORMULA}:
            return stories
        stories = tuple(sorted(stories, key=self._doubt))
        stories = tuple(dict.fromkeys((*self._signs_seen(stories), *stories)))
        stories = tuple(dict.fromkeys((*self._likelier(stories[0]), *stories)))
        if stories[0] in _RIVALS and self._are_rivals():
            return tuple(story for story in stories if story not in _RIVALS)
        small = (e for e in self._edits or () if e.size < GIVEN_BACK)
        likely = any(e.is_form or self.has_branches for e in small)
        learned = stories[0] == _OTHER_FORMULA and not likely
        if self._doubt(stories[0]) == _UNSEEN and not learned:
            claim = self.one(())
            return tuple(dict.fromkeys((*(claim.stories if claim is not None else ()), *stories)))
        return stories

    def _likelier(self, story: str) -> Iterator[str]:
        """Stories of likelier changes than those that take this one back.

        One change goes before two. Where a rule of calculus lost a whole part, that is told.
        """
        own, told = self._of(story), [e for e in self._edits or () if e.slug]
        if not own or not told:
            return
        rank, found = likeliest(own)[0].rank, likeliest(told)
        likelier = found[0].is_form and found[0].rank < rank
        likelier |= self.is_of_twins(story) and found[0].size <= AROUND
        if likelier and (rank[1], story) != (GIVEN_BACK, _INNER):
            yield from sorted({edit.slug for edit in found}, key=usual)

    def _are_rivals(self) -> bool:
        """May 1 - sigmoid(z) have been meant for sigmoid(z) as well as for 1 - sigmoid(-z)?"""
        ranks = [min((e.rank for e in self._of(story)), default=None) for story in _RIVALS]
        return None not in ranks and len({*ranks}) == 1

    @property
    def has_slip(self) -> bool:
        """Does one small change make it right, or one that has a story?"""
        return any(edit.slug or edit.size < GIVEN_BACK for edit in self._edits or ())

    def takes_back(self, story: str) -> bool:
        """Does a change that takes the story back make it right?"""
        return bool(self._of(story))

    def is_made_right_at(self, place: Place) -> bool:
        """Does one change at a place make it right?"""
        return any(edit.place == place for edit in self._edits or ())

    def is_contested(self, story: str) -> bool:
        """Does a small change of another story make it right as well, elsewhere?

        That the output was meant, not the input, is the same as a factor that was lost.
        """
        if story == "z-for-g" and any(edit.slug == _PRODUCT for edit in self._edits or ()):
            return True
        edits = self._of(story)
        own, likely = innermost(likeliest_places(edits)), likeliest(edits)[0]
        return any(
            edit.slug
            and edit.size < (likely.size + 1 if likely.size < AROUND else GIVEN_BACK)
            and edit.is_form >= likely.is_form
            and not are_one(edit.slug, story)
            and not any(is_inside(edit.place, p) or is_inside(p, edit.place) for p in own)
            for edit in self._edits or ()
        )

    def is_outdone(self, story: str) -> bool:
        """Is a whole part given back by it, where a small change of another story does as much?"""
        own = min((edit.rank for edit in self._of(story)), default=(0, 0))
        found = [e for e in self._edits or () if e.slug and not are_one(e.slug, story)]
        return own[1] == GIVEN_BACK and any(
            e.size < GIVEN_BACK and e.rank[0] < own[0] for e in found
        )

    @property
    def has_small_change(self) -> bool:
        """Does a change that gives no whole part back make it right?"""
        return any(edit.size < GIVEN_BACK for edit in self._edits or ())

    @property
    def smallest(self) -> tuple[str, ...]:
        """The stories of the smallest changes that make it right, the commonest first."""
        told = [edit for edit in self._edits or () if edit.slug]
        least = min((edit.size for edit in told), default=0)
        return tuple(sorted({edit.slug for edit in told if edit.size == least}, key=usual))

    def _signs_seen(self, stories: tuple[str, ...]) -> Iterator[str]:
        """Stories that undo less of the text than the first one, which gives a whole part back."""
        edits = self._edits or []
        if min((e.size for e in self._of(stories[0])), default=0) == GIVEN_BACK:
            flat = self._is_constant
            found = [e for e in edits if e.size == TAKEN_BACK or e.slug in stories or flat]
            least = min((e.size for e in found if e.slug), default=GIVEN_BACK)
            if least == TAKEN_BACK or (least < GIVEN_BACK and (stories[0] == _PRODUCT or flat)):
                yield from (e.slug for e in found if e.slug and e.size == least)

    @cached_property
    def has_branches(self) -> bool:
        """Does it choose between branches?"""
        return any(isinstance(node, If) for node in walk(self.formula))

    @cached_property
    def _is_constant(self) -> bool:
        """Does it give the same number everywhere, as much else does?"""
        numbers = self.repairs.beliefs.numbers(self.formula)
        return bool(np.ptp(numbers) <= 1e-12) and numbers.size > 1

    def _of(self, story: str) -> list[Edit]:
        """The changes that take a story back; a term of the product rule is one of a sum."""
        edits = self._edits or ()
        terms = [e for e in edits if e.slug == "term-lost" and e.size == GIVEN_BACK]
        found = [*(e for e in edits if e.slug == story), *(terms if story == _PRODUCT else ())]
        if self.is_of_twins(story) and self.twins is not None:
            return [Edit(story, place, CHANGED) for place in self.twins.places]
        return found

    def _doubt(self, story: str) -> int:
        edits = self._of(story)
        if not edits:
            of_branches = story == "branches-swapped" and not self.has_branches
            return _UNSEEN if story in _SEEN or of_branches else 0
        places = {edit.place for edit in edits}
        small = any(edit.size < GIVEN_BACK for edit in edits)
        return 0 if small or any(_holds_all(place, places) for place in places) else 1

    @cached_property
    def twins(self) -> Located | None:
        """Return two places where the same stands, if the same change in both makes it right."""
        return self._pairs.twins()

    def two(self) -> Located | None:
        """Return two places, in both of which a change is needed; each has a story."""
        return self._pairs.two()

    @property
    def _pairs(self) -> TwoPlaces:
        return TwoPlaces(self.repairs, self.formula, self.parts, self._ways.of, self._place)

    def is_of_twins(self, story: str) -> bool:
        """Is it taken back in two places where the same stands, and not in one alone?"""
        alone = any(edit.slug == story for edit in self._edits or ())
        return not alone and self.twins is not None and story in self.twins.stories

    # ---------------------------------------------------------------------------------- changes

    @cached_property
    def _edits(self) -> list[Edit] | None:
        """Every change at one place that makes it right; None where there is too much to try."""
        size = _nodes(self.formula)
        if len(self.parts) * size > _MOST:
            return None
        end, found = time.process_time() + _EMERGENCY, []
        functions = (node for node in walk(self.formula) if isinstance(node, Func))
        inside = {id(node) for function in functions for node in walk(function.arg)}
        bent = [n for n in walk(self.formula) if isinstance(n, Op) and n.op in ("max", "min")]
        in_a_bend = {id(node) for one in bent for node in walk(one) if node is not one}
        terms = {id(term) for term in terms_of(self.formula)}
        negated = {id(part.node.arg) for part in self.parts if isinstance(part.node, Neg)}

        def idle(part: Part, new: Tree) -> bool:  # it is the whole of -u that becomes 0
            return new in (ZERO, Sym(OUTPUT)) and not negated.isdisjoint(part.same)

        for part in self.parts:
            if time.process_time() > end:
                return None
            added = not (isinstance(part.node, Sym) and terms.isdisjoint(part.same))
            hole = put_in(self.formula, part.same, Sym(HOLE))
            for slug, new, _ in self.repairs.filled(part.node, hole, False, self._ways.of(part)):
                plain, slug = (slug, "") if slug in PLAIN else ("", slug)
                if not may_become(part, new) or (not slug and idle(part, new)):
                    continue
                size, uses = size_of(slug, part.node, new), len(part.same)
                size = GIVEN_BACK if slug == _INNER else size
                if not (slug or plain) and children(part.node) and isinstance(new, Sym):
                    size = WHOLE  # what a name stands for
                made = put_in(self.formula, part.same, new)
                if not self._is_stable(made):
                    continue
                if slug == "branch-kept-z" and self._is_curved(made):
                    slug = ""
                is_form = bool(slug) and self._right_forms.has(made)
                named_once_more = slug == "activation-applied-twice" and part.is_name
                place = self._place(part, slug, new)
                if not self._is_out_of_reach(place, part, new):
                    is_form |= named_once_more
                    found.append(Edit(slug, place, size, is_form, uses, plain))
            if not part.in_test and not isinstance(part.node, If):
                for slug, new, _ in self.repairs.filled(part.node, hole, True, iter(()), added):
                    if self._is_out_of_reach(part.places[0], part, new):
                        continue
                    number = isinstance(part.node, Num)
                    if (slug in ("", _INNER) or number) and not inside.isdisjoint(part.same):
                        continue  # it stands outside of a function
                    if number and not in_a_bend.isdisjoint(part.same):
                        continue
                    made = put_in(self.formula, part.same, new)
                    if not self._is_stable(made):
                        continue
                    is_form = self._right_forms.has(made)
                    found.append(Edit(slug, self._place(part, slug, new), GIVEN_BACK, is_form))
                if _nodes(part.node) * 3 < size * 2:
                    ways = (
                        ("", one)
                        for one in self._right_parts
                        if may_stand_for(part.node, one) and not idle(part, one)
                    )
                    for _, new, _ in self.repairs.filled(part.node, hole, False, ways):
                        made = put_in(self.formula, part.same, new)
                        if not self._is_stable(made) or self._is_out_of_reach(
                            part.places[0], part, new
                        ):
                            continue
                        plain = what_was_lost(part.node, new, self.task)
                        found.append(Edit("", part.places[0], REPLACED, plain=plain))
        return self._operators_first(self._not_in_what_is_right(self._in_what_was_asked(found)))

    def _is_out_of_reach(self, place: Place, part: Part, new: Tree) -> bool:
        """Would it take an argument that is not known there, or stands for something else by then?

        A helper knows no parameter but those that are given to it.
        """
        lost = [name for name, line in self.last_read.items() if place[0] > line]
        known = {id(node) for node in walk(part.node) if not isinstance(node, Sym)}
        if not self.is_asked(place):
            inside = (p.node for p in self.parts if not self.is_asked(p.places[0]))
            given = {name for node in inside for name in names(node)}
            lost += [name for name in self.task.parameters if name not in given]
        lost += [OUTPUT, *self.task.where] if lost else []
        return not names(put_in(new, known, ZERO)).isdisjoint(lost)

    def is_asked(self, place: Place) -> bool:
        """Does a place lie in the function that is asked for?"""
        return self.asked is None or self.asked[0] <= place[0] <= self.asked[1]

    def _in_what_was_asked(self, edits: list[Edit]) -> list[Edit]:
        """Leave out changes of helpers where one of the function itself is as small."""
        if self.asked is None:
            return edits
        own = [edit for edit in edits if self.is_asked(edit.place)]
        least = min((edit.size for edit in own), default=REPLACED)
        return [edit for edit in edits if edit in own or edit.size < least]

    def _operators_first(self, edits: list[Edit]) -> list[Edit]:
        """Leave out a sign put in where the operator before it may be another one as well."""
        exchanged = [e for e in edits if e.slug in _EXCHANGED]

        def is_around_it(other: Edit, edit: Edit) -> bool:
            return other.rank <= edit.rank and is_inside(edit.place, other.place)

        signs = [e for e in edits if e.slug == "sign-flipped" and e.size == CHANGED]
        dropped = [e for e in signs if any(is_around_it(other, e) for other in exchanged)]
        return [edit for edit in edits if edit not in dropped]

    def _not_in_what_is_right(self, edits: list[Edit]) -> list[Edit]:
        """Leave out signs inside of a named sigmoid that is right: 1 - s has the same numbers."""
        named = {e.place for e in edits if e.slug == "complement"}
        values = [
            part.places[0]
            for part in self.parts
            if part.places[-1] in named and len(part.places) > 1 and self._is_output(part.node)
        ]
        signs = [e for e in edits if e.slug == "sign-flipped"]
        dropped = [e for e in signs if any(is_inside(e.place, value) for value in values)]
        return [edit for edit in edits if edit not in dropped]

    def _is_output(self, node: Tree) -> bool:
        """Is it the sigmoid, or Phi, of a letter?"""
        numbers = self.repairs.beliefs.numbers
        outputs = (Func(f, Sym(n)) for n in names(node) for f in ("sigmoid", "Phi"))
        return any(same_numbers(numbers(node)[None], numbers(one)).all() for one in outputs)

    def _is_curved(self, made: Tree) -> bool:
        """Is a piece that a change leaves no straight line?"""
        own = [*pieces_of(self.formula)]
        nodes = (node for piece in pieces_of(made) if piece not in own for node in walk(piece))
        return any(isinstance(n, Func) and n.name != "step" and self.task.moves(n) for n in nodes)

    @cached_property
    def _right_forms(self) -> RightForms:
        return RightForms(self.repairs.beliefs, self.formula)

    @cached_property
    def _right_parts(self) -> list[Tree]:
        """What stands in a right answer: one of them may belong where something else stands."""
        forms = self.task.forms
        nodes = (n for form in forms for b in branches_of(form) for n in walk(b))
        return [*dict.fromkeys(node for node in nodes if node not in forms)]

    def _place(self, part: Part, slug: str, new: Tree) -> Place:
        """Where a change is made: around a name that is used once, or in what it stands for."""
        if part.in_test:
            number = isinstance(part.node, Num)
            return part.places[0] if number else self.test_around(part.places[0])
        if slug == "leak-dropped" and isinstance(part.node, If):
            return part.places[0]
        if slug == _CONDITION and part.test is not None and isinstance(new, If):
            kept = new.left is getattr(part.node, "left", None) or is_around(part.node, new)
            return (part.joined if kept else None) or part.test
        if isinstance(part.node, If) and (new is part.node.then or new is part.node.other):
            wrong = part.node.other if new is part.node.then else part.node.then
            sides = (p.places[0] for p in self.parts if id(wrong) in p.same)
            return next(sides, part.places[0])
        if isinstance(part.node, If) and part.test is not None and not is_around(part.node, new):
            kept = part.node.then is getattr(new, "then", None)
            about_the_test = kept or slug == "branches-swapped"
            own = [p for p in part.places if is_inside(part.test, p)]
            if about_the_test and not kept:
                return part.joined or part.test
            return part.test if about_the_test else (own or part.places)[-1]
        return part.places[-1 if is_around(part.node, new) else 0]


def _nodes(tree: Tree) -> int:
    return sum(1 for _ in walk(tree))


# ------------------------------------------------------------------------------------ the places


def _holds_all(place: Place, inside: set[Place]) -> bool:
    return all(is_inside(one, place) for one in inside)
