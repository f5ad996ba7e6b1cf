"""Write what can be read in two ways so that it can be read in one: in text, and in LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.derivation.asking_reader import APPLIED
from helpers.derivation.claim import Claim, Claims
from helpers.derivation.errors import NotationError
from helpers.derivation.learner_reader import read_expression
from helpers.derivation.tree_mathml import Setter, set_tree
from helpers.derivation.trees import Op, Sym, Tree, substitute
from helpers.derivation.typesetting import latex


@dataclass(frozen=True)
class Way:
    """One way to read a line: what is meant, as HTML, and the line written so; also in LaTeX."""

    meant: str
    line: str
    latex: str


def ways_to_read(claim: Claim, claims: Claims) -> tuple[Way, ...]:
    """Return the ways to read the first ambiguous place of a statement; none if there is none."""
    error = next((error for error in claim.errors if error.ways), None)
    if error is None:
        return ()
    return tuple(_way(error, k, claim.statement.row, claims) for k in range(len(error.ways)))


def _way(error: NotationError, k: int, row: str, claims: Claims) -> Way:
    (start, end), known = error.at, claims.reading.names
    written = error.ways[k]
    tree = _read(written, claims)
    letters = {letter: Sym(name) for letter, name in known.as_written.items()}
    meant = error.meanings[k]
    if tree is not None:
        meant = set_tree(tree, Setter(variable=known.variable, letters=known.as_written))
    whole = None if tree is None else substitute(tree, letters)
    tex = _in_latex(written, whole, known.own_variable)
    if re.search(r"\\[A-Za-z]+$", tex) and row[end : end + 1].isalpha():
        tex += " "
    line, in_latex = (row[:start] + way + row[end:] for way in (written, tex))
    return Way(meant, in_latex if "\\" in row else line, in_latex)


def _read(written: str, claims: Claims) -> Tree | None:
    if APPLIED in written:
        return None
    try:
        return read_expression(written, 0, len(written), claims.reading.names)
    except NotationError:
        return None


def _in_latex(written: str, tree: Tree | None, variable: str) -> str:
    """Typeset what is meant; where its tree tells no way to write it, as it stands in the row."""
    try:
        tex = None if tree is None else latex(tree, variable)
    except KeyError:  # a function of the learner's own
        tex = None
    if tex and isinstance(tree, Op) and tree.op in "+-":
        return rf"\left({tex}\right)"
    return tex or written.replace(APPLIED, r"\!").replace("*", r"\cdot ")
