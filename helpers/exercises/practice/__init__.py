"""Practice: exercises without end, drawn by family, level and seed, each with its worked solution.

`families` is the table; `expressions` the grammar of functions; `derivations`, `wrong_lines`,
`programs`, `numbers` (with `consequences`), `networks`, `pictures` and `designs` draw exercises;
`skills` says how far somebody is and what comes next; `session` is the door, `practice()`.
"""

from helpers.exercises.practice.families import FAMILIES, LEVELS, Family, draw, name_of
from helpers.exercises.practice.session import PracticeTask, practice
from helpers.exercises.practice.skills import History, skills_svg

__all__ = [
    "FAMILIES",
    "LEVELS",
    "Family",
    "History",
    "PracticeTask",
    "draw",
    "name_of",
    "practice",
    "skills_svg",
]
