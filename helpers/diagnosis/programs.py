"""A learner's function read as a formula, so that stories are looked for in what was written.

The text is parsed, never run. Read are assignments, masks, `np.where`, choices with a `return` in
each branch, loops and comprehensions that treat each entry alike, functions, dictionaries and
objects of the learner's own, and NumPy's ways to fill an array.
What is not understood gives None, and the numbers alone decide.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from helpers.derivation import Tree
from helpers.diagnosis.program_reader import ProgramReader, Unread
from helpers.diagnosis.python_words import LARGEST, Function, Place, functions_in, is_larger
from helpers.language import gettext, ngettext

Functions = dict[str, tuple[int, int]]  # by name, the first and the last line


def as_formula(source: str, letters: Sequence[str]) -> Tree | None:
    """Read the function in a piece of source code, its arguments called by these letters.

    >>> from helpers.derivation import to_text
    >>> to_text(as_formula("def f(z):\\n    s = 1/(1 + np.exp(-z))\\n    return s*1 - s", ["z"]))
    '1/(1 + exp(-z))*1 - 1/(1 + exp(-z))'
    >>> as_formula("def f(z):\\n    return z[0]", ["z"]) is None
    True
    """
    program = read_program(source, letters)
    return program.formula if program is not None else None


@dataclass(frozen=True)
class Program:
    """A function as a formula, and where in its source the parts of the formula stand.

    Parameters
    ----------
    source : the text, without blanks around it.
    formula : what it returns.
    parts : each place (line, first and last column) with what was read there; a part that stands
        for a name has two: where the name is used, and where it was defined.
    names : the values of its arguments and of the names in it.
    tests : the place of the condition of each choice, by the identity of its part.
    joined : the same of conditions that are joined by `and` or `or`, by the first choice's part.
    in_tests : the identities of the parts that stand in a condition.
    named : those of the uses of names.
    given : the places of the values that were given to names.
    functions : the functions in the source, each with its first and last line.
    called : the one that was read.
    """

    source: str
    formula: Tree
    parts: Sequence[tuple[Place, Tree]]
    names: dict[str, Tree]
    tests: dict[int, Place]
    joined: dict[int, Place]
    in_tests: Collection[int]
    named: Collection[int]
    given: Collection[Place]
    functions: Functions
    called: str = ""


def lines_in_words(functions: Functions, lines: Sequence[int]) -> str:
    """Say which lines they are, each counted from the beginning of its function.

    >>> lines_in_words({"f": (1, 3), "g": (4, 9)}, [2, 5])
    'line 2 of f and line 2 of g'
    """
    by_function: dict[str, list[str]] = {}
    for line in lines:
        named = (
            (n, line - first + 1) for n, (first, last) in functions.items() if first <= line <= last
        )
        name, number = next(named, ("", line))
        by_function.setdefault(name, []).append(str(number))
    told, both = [], gettext(" and ")
    for name, numbers in by_function.items():
        n = len(numbers)
        where = ngettext("line {lines}", "lines {lines}", n, lines=both.join(numbers))
        told.append(gettext("{lines} of {name}", lines=where, name=name) if name else where)
    return both.join(told)


def read_program(source: str, letters: Sequence[str], called: str = "") -> Program | None:
    """Read the function of this name in a piece of source code, or its last one.

    Other functions there may be called by it. None for what is no formula.
    """
    source = source.strip()
    reader = ProgramReader(letters)
    try:
        module = ast.parse(source)
        defined = functions_in(module)
        reader.functions.update(defined)
        reader.begin(module)
        read = defined.get(called) or _the_function(module)
        tree = reader.value_of(read)
    except (Unread, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if is_larger(tree, LARGEST):
        return None
    conditions = reader.tests, reader.joined, reader.in_tests
    noted = reader.parts, reader.known, *conditions, reader.named, reader.given
    return Program(source, tree, *noted, lines_of(module), getattr(read, "name", ""))


def lines_of(module: ast.Module) -> Functions:
    """The first and the last line of each function."""
    functions = functions_in(module).items()
    return {name: (f.lineno, f.end_lineno or f.lineno) for name, f in functions}


def _the_function(module: ast.Module) -> Function:
    outside = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    inside = (n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.Lambda))
    for node in (*outside[::-1], *inside):
        return node
    raise Unread
