r"""Cut what people write into statements `A = B = C`, line by line, and find out what names mean.

A derivation on paper has words, arrows, definitions, side computations and lines that go on from
the line above. `read_derivation` keeps the mathematics, each piece with its place in the learner's
own text, and says once what it read in another letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from helpers.derivation.errors import NotationError
from helpers.derivation.learner_names import Names
from helpers.derivation.learner_reader import read_expression
from helpers.derivation.learner_tokens import tokens
from helpers.derivation.name_meanings import Meaning, defined_names, meaning
from helpers.derivation.reader import MAX_CHARACTERS
from helpers.derivation.rows import RawStatement, raw_statements, reread
from helpers.derivation.tokens import Token
from helpers.derivation.trees import Op, Tree


@dataclass(frozen=True)
class Piece:
    """One side of a statement: where it stands in its row, its tree or why it cannot be read."""

    start: int
    end: int
    tree: Tree | None = None
    error: NotationError | None = None


@dataclass(frozen=True)
class Statement:
    """`A = B = …` in one line, or a line that goes on from the one above (`continues`).

    number : of the line, the first that is not empty is 1; row : its text as written.
    continues : "" for a statement of its own, "=" for one that begins with an equals sign,
        "→" for an equation to which an arrow leads from a formula.
    defines : the names that it gives a meaning, and the sides where they stand.
    aim : it says what is to be shown, and is no step.
    place : it is this one of all statements, from 0.
    aside : it stands behind `where` or `with` in the line of another statement.
    """

    number: int
    row: str
    pieces: tuple[Piece, ...]
    continues: str = ""
    reason: str = ""
    defines: Mapping[str, int] = field(default_factory=dict)
    aim: bool = False
    blank: bool = False
    place: int = 0
    aside: bool = False


@dataclass(frozen=True)
class Reading:
    """All statements of a derivation and what its names mean.

    objects : names that stand for the exercise's own function; slopes : for a slope.
    by : letters that may be the variable.
    said : sentences on how it was read where there are several ways.
    closed : whether a bracket was closed for the learner.
    """

    statements: tuple[Statement, ...]
    names: Names
    objects: frozenset[str] = frozenset()
    slopes: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    closed: bool = False


# ------------------------------------------------------------------------ what names mean


@dataclass(frozen=True)
class Choice:
    """How a text is read where it can be read in several ways.

    variable : the letter that is differentiated by.
    redefined : letters of the exercise that mean something else in the text.
    rows : place of a statement -> the statement in the way that it is meant.
    assumed : letters that nobody explains -> what they must stand for.
    said : sentences on what was chosen.
    closed : whether a bracket was closed for the learner.
    as_typed : whether what is left out of a line is asked about.
    """

    variable: str = ""
    redefined: frozenset[str] = frozenset()
    rows: Mapping[int, str] = field(default_factory=dict)
    assumed: Mapping[str, Tree] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    closed: bool = False
    as_typed: bool = False


def read_derivation(
    text: str, base: Names, *, titles: Collection[str] = (), choice: Choice | None = None
) -> Reading:
    r"""Read a derivation as people write it.

    Parameters
    ----------
    text : lines in plain text or LaTeX.
    base : the exercise's variable and letters.
    titles : what people call the exercise's function, in small letters.
    choice : how it is read where there are several ways.

    Returns
    -------
    Reading : never raises for what stands in the text; what cannot be read is in its pieces.

    >>> reading = read_derivation("f(x) = e^-x \n f'(x) = -e^-x", Names("z", "z"))
    >>> reading.names.read_as
    [('x', 'z')]
    >>> [len(s.pieces) for s in reading.statements]
    [2, 2]
    """
    choice = choice or Choice()
    raw = raw_statements(text)
    raw = [s if i not in choice.rows else reread(s, choice.rows[i]) for i, s in enumerate(raw)]
    streams = [list(_streams(statement)) for statement in raw]
    found = meaning(
        raw,
        streams,
        base,
        redefined=choice.redefined,
        titles=titles,
        preferred=choice.variable,
        assumed=choice.assumed,
        in_latex="\\" in text,
    )
    names, statements = replace(found.names, as_typed=choice.as_typed), list[Statement]()
    for statement in raw:
        pieces = tuple(_read(statement, *side, names) for side in statement.sides)
        for piece in pieces:
            if piece.error:
                piece.error.place = len(statements)
        defines = _defined(statement, found) if len(pieces) > 1 else {}
        statements.append(
            Statement(
                statement.number,
                statement.row,
                pieces,
                statement.continues,
                statement.reason,
                defines,
                statement.aim,
                statement.blank,
                len(statements),
                statement.aside,
            )
        )
    if statements and not statements[-1].pieces and not statements[-1].blank:
        reason = statements[-1].reason
        row = f"=   # {reason}" if reason else "="
        error = NotationError("a step is missing after this =", row, 1)
        place = len(row)
        statements[-1] = replace(statements[-1], pieces=(Piece(place, place, None, error),))
    return Reading(
        tuple(_joined(statements)),
        names,
        found.objects,
        found.slopes,
        found.by,
        choice.said,
        choice.closed,
    )


def _joined(statements: list[Statement]) -> list[Statement]:
    """Put what begins with an operator, or follows one, behind the line above."""
    out: list[Statement] = []
    for statement in statements:
        if statement.continues not in ("+", "-", "*", "/") or not out or not out[-1].pieces:
            out.append(statement)
            continue
        above, (first, *others) = out[-1], statement.pieces
        last = above.pieces[-1]
        if last.tree is None or first.tree is None:
            whole = last if last.tree is None else first
        else:
            closed = first.start < first.tree.span[0]
            tree = _appended(last.tree, statement.continues, first.tree, closed)
            whole = Piece(last.start, last.end, tree)
        out[-1] = replace(above, pieces=(*above.pieces[:-1], whole, *others))
    return out


def _appended(above: Tree, sign: str, tree: Tree, closed: bool) -> Tree:
    """What `above sign tree` is, written in one row; `closed` : the tree stands in brackets."""
    if sign in "*/" and isinstance(above, Op) and above.op in "+-":
        return replace(above, right=_appended(above.right, sign, tree, closed))
    if not closed and isinstance(tree, Op) and tree.op in "+-" and sign in "-*/":
        return replace(tree, left=_appended(above, sign, tree.left, closed=False))
    return Op(sign, above, tree)


def _read(statement: RawStatement, start: int, end: int, names: Names) -> Piece:
    row = statement.read
    try:
        if end - start > MAX_CHARACTERS:
            raise NotationError("more than {n} characters in a line", row, start, n=MAX_CHARACTERS)
        return Piece(start, end, read_expression(row, start, end, names))
    except NotationError as error:
        error.text = statement.row
        return Piece(start, end, None, error)


def _streams(statement: RawStatement) -> Iterator[list[Token]]:
    for start, end in statement.sides:
        try:
            yield tokens(statement.read, start, end)
        except NotationError:
            yield []


def _defined(statement: RawStatement, found: Meaning) -> dict[str, int]:
    try:
        names = defined_names(statement, [tokens(statement.read, *s) for s in statement.sides])
    except NotationError:
        return {}
    return {name: place for name, place in names.items() if name in found.names.own}
