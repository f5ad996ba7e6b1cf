"""Who handed in what only somebody else handed in.

Right answers to short questions are alike, whoever wrote them. So what counts is what is rare:
each piece of an answer (a few tokens in a row with the names left out, a line of a derivation, a
comment) weighs the more, the fewer students have it; what the assignment itself gives weighs
nothing. A likeness is a reason to look at two answers, never a proof.
"""

from __future__ import annotations

import io
import keyword
import math
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

RUN = 8  # tokens in a row
LEAST = 4  # pieces that two alone have, or as much of what a few have
COMMON = 0.25  # a piece that more than this share of the class has says nothing
SKIPPED = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Likeness:
    """Two students who share what few have.

    Parameters
    ----------
    first, second : the students.
    share : of the weight of the one who has less, between 0 and 1.
    weight : of what they share.
    shared : the rarest pieces, in words.
    """

    first: str
    second: str
    share: float
    weight: float
    shared: tuple[str, ...]


def pieces(source: str) -> Iterator[str]:
    """Give the pieces of an answer that a copy keeps: whatever the names and the blanks.

    >>> {*pieces("a = b + 1  # my way")} == {*pieces("x=y+1 # my  way")}
    True
    """
    tokens: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield "# " + " ".join(token.string.lstrip("# ").split())
            elif token.type == tokenize.STRING:
                yield from _lines(token.string.strip("rbf").strip("\"'"))
            elif token.type not in SKIPPED:
                is_name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
                tokens.append("name" if is_name else token.string)
    except (tokenize.TokenError, SyntaxError):
        yield from _lines(source)
    for at in range(max(1, len(tokens) - RUN + 1)):
        run = tokens[at : at + RUN]
        if len(run) > 3:
            yield " ".join(run)


def _lines(text: str) -> Iterator[str]:
    """The lines of a derivation and their reasons, without blanks."""
    for line in text.splitlines():
        claim, _, reason = line.partition("#")
        if len(claim := re.sub(r"[\s=]+", "", claim)) > 3:
            yield claim
        if len(words := " ".join(reason.split())) > 8:
            yield f"# {words}"


def likenesses(
    answers: Mapping[str, Iterable[str]], given: Iterable[str] = (), least: float = 0.5
) -> list[Likeness]:
    """Return the pairs of students who share what few have, the most alike first.

    Parameters
    ----------
    answers : the sources of each student's cells.
    given : the sources of the assignment's cells, which nobody wrote.
    least : how much of the weight is to be shared, at least.
    """
    template = {piece for source in given for piece in pieces(source)}
    held = {s: {p for source in a for p in pieces(source)} - template for s, a in answers.items()}
    owners: dict[str, list[str]] = defaultdict(list)
    for student in sorted(held):
        for piece in held[student]:
            owners[piece].append(student)
    most = max(2, int(COMMON * len(held)))
    weights = {p: math.log(len(held) / len(o)) if len(held) > 2 else 1.0 for p, o in owners.items()}
    enough = LEAST * (math.log(len(held) / 2) if len(held) > 2 else 1.0)
    rare = {p: o for p, o in owners.items() if len(o) <= most and weights[p] > 0}
    own = {s: sum(weights[p] for p in found if p in rare) for s, found in held.items()}
    together: dict[tuple[str, str], float] = defaultdict(float)
    for piece, whose in rare.items():
        for pair in combinations(whose, 2):
            together[pair] += weights[piece]
    found = []
    for (first, second), weight in together.items():
        share = weight / min(own[first], own[second])
        if share >= least and weight >= enough:
            both = sorted(held[first] & held[second] & {*rare}, key=lambda p: (len(owners[p]), p))
            found.append(Likeness(first, second, share, weight, tuple(both[:5])))
    return sorted(found, key=lambda pair: (-pair.weight * pair.share, pair.first, pair.second))
