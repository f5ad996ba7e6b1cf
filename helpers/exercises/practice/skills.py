"""How far somebody is in each family, and what comes next: six rules on what is recorded.

1. A family begins at level 1. Two right first tries in a row: one level up. Two others in a row:
   one down. A first try is right without a hint and without the solution;
   what is tried after it was right changes nothing.
2. What was tried last and is not right yet stays, until it is or its solution was looked at.
3. A mistake whose story is known comes back, in the family that is made for it (`cures`): at once,
   and after each right first try there 1, 3 and 7 days later. Then it is over.
4. No family comes twice in a row because of mistakes.
5. Where no mistake is due, the family comes that was not practised for longest.
6. The seed is the next one of its family and level whose question was not asked yet; where all
   were, they come again.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from helpers.exercises import records
from helpers.exercises.practice.families import FAMILIES, LEVELS, draw, name_of, parts_of
from helpers.language import gettext

DAY = 86400  # seconds
_AFTER = (0, 1, 3, 7)  # days until a mistake comes back, by right first tries since then
_LOOKED_AT = 50  # seeds, some 0.2 s at most
_LOOKED_UP = 5  # as many hints as there are: the solution was seen


@dataclass(frozen=True)
class Try:
    """One drawn exercise that was answered: how, and when for the last time (in seconds)."""

    family: str
    level: int
    seed: int
    first: bool
    over: bool
    when: float


@dataclass(frozen=True)
class History:
    """What the progress records say about practice.

    entries : exercise -> what is recorded of it, as `records.read()` gives it.
    """

    entries: Mapping[str, records.Entry]

    @cached_property
    def tries(self) -> list[Try]:
        """All drawn exercises that were answered, the latest one last."""
        found = []
        for name, entry in self.entries.items():
            parts = parts_of(name)
            if parts and (entry.get("attempts") or entry.get("hints")):
                right, hints = bool(entry.get("right")), int(entry.get("hints", 0))
                at_once = entry.get("first", entry.get("attempts") == 1 and not hints)
                first = right and bool(at_once)
                over = right or hints >= _LOOKED_UP
                found.append(Try(*parts, first, over, float(entry.get("when", 0))))
        return sorted(found, key=lambda one: one.when)

    def of(self, family: str) -> list[Try]:
        """Those of one family."""
        return [one for one in self.tries if one.family == family]

    def level(self, family: str) -> int:
        """Return the level that comes next: rule 1."""
        level, row = 1, 0
        for one in self.of(family):
            if one.over:
                row = max(row, 0) + 1 if one.first else min(row, 0) - 1
                if abs(row) == 2:
                    level, row = min(max(level + row // 2, 1), LEVELS[-1]), 0
        return level

    def due(self, now: float) -> list[str]:
        """Return the families in which a mistake is due, the oldest first: rule 3."""
        latest: dict[str, float] = {}
        for slug, when in self._slips:
            for family in (f for f, known in FAMILIES.items() if slug in known.cures):
                latest[family] = max(when, latest.get(family, 0))
        due = []
        for family, since in latest.items():
            right = [one.when for one in self.of(family) if one.first and one.when > since]
            if len(right) < len(_AFTER):
                day = max([since, *right]) + _AFTER[len(right)] * DAY
                due += [(day, family)] if day <= now else []
        return [family for _, family in sorted(due)]

    @property
    def _slips(self) -> list[tuple[str, float]]:
        rows = [row for entry in self.entries.values() for row in _rows(entry.get("slips"))]
        return [(str(slug), float(when)) for slug, when in rows]

    def next(self, now: float, among: tuple[str, ...] = ()) -> str:
        """Return the name of the exercise that comes next: rules 2, 4, 5 and 6."""
        tries = [one for one in self.tries if not among or one.family in among]
        if tries and not tries[-1].over:
            return name_of(tries[-1].family, tries[-1].level, tries[-1].seed)
        families = among or tuple(FAMILIES)
        last = tries[-1].family if tries else ""
        due = [f for f in self.due(now) if f in families and f != last]
        latest = {one.family: one.when for one in tries}
        family = due[0] if due else min(families, key=lambda f: latest.get(f, 0))
        return name_of(family, level := self.level(family), self.seed(family, level))

    def seed(self, family: str, level: int) -> int:
        """Return the next seed of a family and level: rule 6."""
        tried = [one.seed for one in self.of(family) if one.level == level]
        first = 1 + max(tried, default=0)
        asked = {_question(family, level, seed) for seed in tried}
        seeds = range(first, first + _LOOKED_AT)
        return next((s for s in seeds if _question(family, level, s) not in asked), first)

    def rows(self) -> list[tuple[str, str, int, int, int]]:
        """Return skill, title, level, answered and right first tries of each family begun."""
        return [
            (
                gettext(f.skill),
                gettext(f.title),
                self.level(name),
                len(tries),
                sum(one.first for one in tries),
            )
            for name, f in FAMILIES.items()
            if (tries := self.of(name))
        ]


def _question(family: str, level: int, seed: int) -> str:
    exercise = draw(name_of(family, level, seed))
    assert exercise is not None
    return exercise.whole_question


def _rows(value: object) -> list[list]:
    """The slips of an entry; what is damaged is left out."""
    rows = value if isinstance(value, list) else []
    return [
        r for r in rows if isinstance(r, list) and len(r) == 2 and isinstance(r[1], int | float)
    ]


def skills_svg(history: History) -> str:
    """Draw the skills: a row a family, five boxes for its levels, filled up to the one reached."""
    rows = history.rows()
    if not rows:
        return ""
    told = "; ".join(
        gettext(
            "{skill}, {title}: level {level} of {last}, "
            "{first} of {answered} right at the first try",
            skill=skill,
            title=title,
            level=level,
            last=LEVELS[-1],
            first=first,
            answered=answered,
        )
        for skill, title, level, answered, first in rows
    )
    drawn = "".join(_drawn(n, *row) for n, row in enumerate(rows))
    words = html.escape(gettext("Skills practised. {told}", told=told), quote=True)
    return (
        f'<svg role="img" aria-label="{words}" viewBox="0 0 480 {22 * len(rows) + 4}" width="480" '
        'style="max-width:100%;font:13px sans-serif;fill:currentColor">'
        f"<title>{words}</title>{drawn}</svg>"
    )


def _drawn(n: int, skill: str, title: str, level: int, answered: int, first: int) -> str:
    y = 22 * n
    boxes = "".join(
        f'<rect x="{222 + 24 * k}" y="{y + 3}" width="20" height="14" stroke="#0072b2" '
        f'fill="{"#0072b2" if k < level else "none"}"/>'
        for k in range(len(LEVELS))
    )
    at_once = gettext("{first} of {answered} at once", first=first, answered=answered)
    return (
        f'<text x="0" y="{y + 15}">{skill}</text><text x="66" y="{y + 15}">{title}</text>{boxes}'
        f'<text x="352" y="{y + 15}">{at_once}</text>'
    )
