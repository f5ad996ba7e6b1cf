"""The changes that make a program right: how large each is, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from helpers.derivation import Func, Neg, Op, Tree, walk
from helpers.diagnosis.python_words import Place

# How much a change adds to what was written.
TAKEN_BACK, CHANGED, AROUND, WHOLE, GIVEN_BACK, REPLACED = 0, 2, 4, 5, 6, 8
_NOT_IN_BOOKS = 2 * CHANGED  # how much unlikelier a change is that leaves no form of books

PLAIN = {"function-lost", "name-for-another"}
_NAMES_OF_ONE = (
    {"sign-flipped", "plus-minus-swapped"},
    {"parameter-ignored", "missing-inner-derivative"},
    {"mask-overwritten", "condition-misplaced", "branches-swapped", "kink-at-zero"},
)


class Edit(NamedTuple):
    """A change that makes a program right: its story, its place, how large it is.

    is_form : does it make of the program what is written in books?
    uses : how often what is changed is used.
    plain : a story that says no more than what kind of thing was changed; it is told where no
        change with another story makes the program right.
    """

    slug: str
    place: Place
    size: int
    is_form: bool = False
    uses: int = 1
    plain: str = ""

    @property
    def rank(self) -> tuple[int, int]:
        """How unlikely it is that this was meant: what books do not have weighs as two changes."""
        return self.size + _NOT_IN_BOOKS * (not self.is_form), self.size


class Located(NamedTuple):
    """The places that are told, and the stories of what was changed there."""

    places: tuple[Place, ...]
    stories: tuple[str, ...]

    @property
    def is_double(self) -> bool:
        """Are two changes needed?"""
        return len(self.places) > 1


def is_around(node: Tree, new: Tree) -> bool:
    """Does what was written stand inside of what takes its place?"""
    return any(one is node for one in walk(new))


def size_of(slug: str, node: Tree, new: Tree) -> int:
    """How much a change adds; another function without a story is no slip."""
    if (isinstance(node, Neg) and new is node.arg) or new == _turned(node):
        return TAKEN_BACK
    if slug == "complement" and isinstance(node, Op) and new is node.right:
        return TAKEN_BACK
    if isinstance(node, Func) and isinstance(new, Func) and not slug and new.name != node.name:
        return REPLACED if new.arg is node.arg else CHANGED
    return AROUND if is_around(node, new) and not isinstance(new, Neg) else CHANGED


def _turned(node: Tree) -> Tree | None:
    if isinstance(node, Op) and node.op in "-/":
        return Op(node.op, node.right, node.left)
    return None


def narrowest(edits: Sequence[Edit]) -> set[Place]:
    """The smallest places of the likeliest changes; the largest ones where something was lost."""
    found = likeliest_places(edits)
    if likeliest(edits)[0].size == GIVEN_BACK:
        return {p for p in found if not any(q != p and is_inside(p, q) for q in found)}
    return innermost(found)


def most_used(edits: Sequence[Edit]) -> set[Place]:
    """The places of what is written once and used most: one call of several was hardly meant."""
    found = likeliest(edits)
    most = max(edit.uses for edit in found)
    return innermost({edit.place for edit in found if edit.uses == most})


def innermost(places: set[Place]) -> set[Place]:
    """Those in which no other one lies."""
    return {p for p in places if not any(q != p and is_inside(q, p) for q in places)}


def are_one(story: str, other: str) -> bool:
    """Are they two names for one slip?"""
    return story == other or any({story, other} <= names for names in _NAMES_OF_ONE)


def likeliest_places(edits: Sequence[Edit]) -> set[Place]:
    """The places of the likeliest changes."""
    return {edit.place for edit in likeliest(edits)}


def likeliest(edits: Sequence[Edit]) -> list[Edit]:
    """The changes that were meant before all others: those of the lowest rank."""
    least = min(edit.rank for edit in edits)
    return [edit for edit in edits if edit.rank == least]


def plain_story(edits: Sequence[Edit]) -> tuple[str, ...]:
    """What kind of thing was changed, where all of these changes are of one kind."""
    found = {edit.plain for edit in edits}
    return tuple(found - {""}) if len(found) == 1 else ()


def is_inside(place: Place, around: Place) -> bool:
    """Does a place lie in another one, or is it the same?"""
    return place[0] == around[0] and around[1] <= place[1] and place[2] <= around[2]


def width_of(place: Place) -> int:
    """How many columns a place has."""
    return place[2] - place[1]
