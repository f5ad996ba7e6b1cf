"""A learner's function read as a formula, so that stories are looked for in what was written.

The text is parsed, never run. Straight-line programs are read: assignments, one `return`, masks,
`np.where`, functions of a line that are called. What is not understood gives None, and the numbers
alone decide, as before.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpers.derivation import ALIASES, FUNCTIONS, Func, If, Neg, Num, Op, Sym, Tree, walk

__all__ = [
    "Place",
    "Program",
    "as_formula",
    "divides_a_difference",
    "is_by_quotient",
    "is_decided_once",
    "is_quotient",
    "read_program",
]

Place = tuple[int, int, int]  # a line from 1, and columns from 0
_LARGEST = 400  # nodes
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_TESTS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_CALLED = {
    **{"log": "ln", "arctan": "atan", "absolute": "abs", "fabs": "abs", "expit": "sigmoid"},
    **{"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/"},
    **{"power": "^", "pow": "^", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min"},
}
_THE_SAME = ("array", "asarray", "copy", "astype", "float64", "float", "atleast_1d", "asanyarray")
_CONSTANT = {"ones_like": "1", "zeros_like": "0", "ones": "1", "zeros": "0"}


class _Unread(Exception):
    """Something that is no formula."""


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
    functions : the functions in the source, each with its first and last line.
    """

    source: str
    formula: Tree
    parts: Sequence[tuple[Place, Tree]]
    names: dict[str, Tree]
    tests: dict[int, Place]
    functions: dict[str, tuple[int, int]]

    def line_in_words(self, line: int) -> str:
        """Say which line it is, counted from the beginning of its function."""
        for name, (first, last) in self.functions.items():
            if first <= line <= last:
                return f"line {line - first + 1} of {name}"
        return f"line {line}"


def read_program(source: str, letters: Sequence[str]) -> Program | None:
    """Read the last function in a piece of source code; None for what is no formula.

    Functions before it may be called by it.
    """
    source = source.strip()
    reader = _Program(letters)
    try:
        module = ast.parse(source)
        defined = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
        reader.functions.update(defined)
        tree = reader.value_of(_the_function(module))
    except (_Unread, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if sum(1 for _ in walk(tree)) > _LARGEST:
        return None
    lines = {name: (f.lineno, f.end_lineno or f.lineno) for name, f in defined.items()}
    return Program(source, tree, reader.parts, reader.known, reader.tests, lines)


def is_quotient(tree: Tree, variable: str) -> bool:
    """Does it divide the difference of two values that lie a small step apart by that step?

    >>> from helpers.derivation import parse
    >>> is_quotient(parse("((z + 0.001)^2 - z^2)/0.001"), "z"), is_quotient(parse("(z - 1)/2"), "z")
    (True, False)
    """
    return any(
        isinstance(node, Op)
        and node.op == "/"
        and isinstance(node.left, Op)
        and node.left.op == "-"
        and any(_is_moved(part, variable) for part in walk(node.left))
        and all(isinstance(part, Num | Op | Neg) for part in walk(node.right))
        for node in walk(tree)
    )


def is_by_quotient(source: str, letters: Sequence[str]) -> bool:
    """Is a function, as far as its source can be read, a difference quotient?"""
    formula = as_formula(source, letters)
    if formula is None:
        return divides_a_difference(source)
    return any(is_quotient(formula, letter) for letter in letters)


def _is_moved(node: Tree, variable: str) -> bool:
    match node:
        case Op("+" | "-", Sym(name), Num() as step) if name == variable:
            return 0 < step.value < 0.05
    return False


def _the_function(module: ast.Module) -> ast.FunctionDef | ast.Lambda:
    outside = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    inside = (n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.Lambda))
    for node in (*outside[::-1], *inside):
        return node
    raise _Unread


def divides_a_difference(source: str) -> bool:
    """Read the source: does it divide the difference of two values of one function?"""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("gradient", "diff"):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            top = node.left
            if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Sub):
                a, b = top.left, top.right
                if isinstance(a, ast.Call) and isinstance(b, ast.Call):
                    return ast.dump(a.func) == ast.dump(b.func)
    return False


def is_decided_once(source: str) -> bool:
    """Does an `if` with `any` or `all` take one decision for a whole array?"""
    try:
        tree = ast.parse(source.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    ifs = [n for n in ast.walk(tree) if isinstance(n, ast.If | ast.IfExp)]
    guards = [n for n in ifs if isinstance(n, ast.If) and isinstance(n.body[0], ast.Raise)]
    tests = [n.test for n in ifs if n not in guards]
    called = (n.func for test in tests for n in ast.walk(test) if isinstance(n, ast.Call))
    return any(getattr(f, "attr", getattr(f, "id", "")) in ("any", "all") for f in called)


class _Program:
    """The values of a function's names, as formulas of its arguments."""

    def __init__(self, letters: Sequence[str]) -> None:
        self.letters = letters
        self.known: dict[str, Tree] = {}
        self.functions: dict[str, ast.FunctionDef | ast.Lambda] = {}
        self.parts: list[tuple[Place, Tree]] = []
        self.defined: dict[str, list[Place]] = {}
        self.tests: dict[int, Place] = {}
        self.chosen_between: list[Tree] = []  # kept, so that no identity is used again
        self.calls = 0

    def value_of(self, function: ast.FunctionDef | ast.Lambda) -> Tree:
        arguments = [argument.arg for argument in function.args.args]
        if len(arguments) < len(self.letters):
            raise _Unread
        self.known = dict(zip(arguments, map(Sym, self.letters), strict=False))
        return self.returned(function)

    def returned(self, function: ast.FunctionDef | ast.Lambda) -> Tree:
        if isinstance(function, ast.Lambda):
            return self.tree(function.body)
        return self.body(function.body)

    def body(self, statements: Sequence[ast.stmt]) -> Tree:
        for n, statement in enumerate(statements):
            match statement:
                case ast.If(test, then, other) if _returns(then):
                    known = dict(self.known)
                    first = self.body(then)
                    self.known = known
                    return self.chosen(test, first, self.body([*other, *statements[n + 1 :]]))
                case ast.Return(value) if value is not None:
                    return self.tree(value)
                case ast.Assign([ast.Name(name)], ast.Lambda() as body):
                    self.functions[name] = body
                case ast.FunctionDef(name):
                    self.functions[name] = statement
                case ast.Assign([target], value):
                    self.assign(target, self.tree(value))
                case ast.AugAssign(target, sign, value) if type(sign) in _SIGNS:
                    before = self.tree(_loaded(target))
                    self.assign(target, Op(_SIGNS[type(sign)], before, self.tree(value)))
                case ast.Expr(ast.Constant()) | ast.Pass():
                    pass
                case _:
                    raise _Unread
        raise _Unread

    def assign(self, target: ast.expr, value: Tree) -> None:
        match target:
            case ast.Name(name):
                self.known[name] = value
                self.defined[name] = [place for place, part in self.parts if part is value]
            case ast.Subscript(ast.Name(name), test):
                self.known[name] = self.chosen(test, value, self.known.get(name))
            case _:
                raise _Unread

    def chosen(self, test: ast.expr, then: Tree, other: Tree | None) -> Tree:
        match test:
            case ast.Compare(left, [sign], [right]) if type(sign) in _TESTS and other is not None:
                made = If(_TESTS[type(sign)], self.tree(left), self.tree(right), then, other)
                self.tests[id(made)] = (test.lineno, test.col_offset, test.end_col_offset or 0)
                self.chosen_between.append(made)
                return made
        raise _Unread

    def tree(self, node: ast.expr) -> Tree:
        """Read an expression, and note where it stands."""
        part = self.read(node)
        if node.lineno == node.end_lineno and node.end_col_offset is not None:
            if isinstance(node, ast.Name):  # each use is a part of its own
                part = replace(part)
                self.parts += [(place, part) for place in self.defined.get(node.id, ())]
            self.parts.append(((node.lineno, node.col_offset, node.end_col_offset), part))
        return part

    def read(self, node: ast.expr) -> Tree:
        match node:
            case ast.Constant(int() | float() as number) if not isinstance(number, bool):
                return Num(str(number))
            case ast.Name(name) if name in self.known:
                return self.known[name]
            case ast.Attribute(ast.Name("np" | "numpy" | "math"), "pi" | "e" as name):
                return Sym(name)
            case ast.UnaryOp(ast.USub(), operand):
                return Neg(self.tree(operand))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.tree(operand)
            case ast.BinOp(left, sign, right) if type(sign) in _SIGNS:
                return Op(_SIGNS[type(sign)], self.tree(left), self.tree(right))
            case ast.Compare():
                return self.chosen(node, Num("1"), Num("0"))
            case ast.Subscript(value, ast.Compare()):
                return self.tree(value)  # its entries where the test holds, put there again
            case ast.Call(ast.Call(ast.Attribute(_, "vectorize"), [ast.Name(name), *_]), arguments):
                if name in self.functions:
                    return self.own(self.functions[name], [self.tree(a) for a in arguments])
            case ast.IfExp(test, then, other):
                return self.chosen(test, self.tree(then), self.tree(other))
            case ast.Call(function, arguments, []):
                return self.call(function, arguments)
            case ast.Call(ast.Attribute(_, name) as function, arguments) if name in _THE_SAME:
                return self.call(function, arguments)
        raise _Unread

    def call(self, function: ast.expr, arguments: list[ast.expr]) -> Tree:
        if isinstance(function, ast.Name) and function.id in self.functions:
            return self.own(self.functions[function.id], [self.tree(a) for a in arguments])
        match function:
            case ast.Attribute(ast.Name("np" | "numpy" | "math"), name) | ast.Name(name):
                pass
            case ast.Attribute(value, name) if name in _THE_SAME:
                return self.tree(value)
            case _:
                raise _Unread
        if name in _THE_SAME and arguments:
            return self.tree(arguments[0])
        if name in _CONSTANT:
            return Num(_CONSTANT[name])
        if name == "where" and len(arguments) == 3:
            test, then, other = arguments
            return self.chosen(test, self.tree(then), self.tree(other))
        trees = [self.tree(argument) for argument in arguments]
        return _applied(_CALLED.get(name, ALIASES.get(name, name)), trees)

    def own(self, function: ast.FunctionDef | ast.Lambda, values: list[Tree]) -> Tree:
        """Call a function that was defined inside, its arguments put in."""
        self.calls += 1
        names = [argument.arg for argument in function.args.args]
        if len(names) != len(values) or self.calls > 50:
            raise _Unread
        outside, self.known = self.known, {**self.known, **dict(zip(names, values, strict=True))}
        try:
            return self.returned(function)
        finally:
            self.known = outside


def _returns(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return)


def _applied(name: str, trees: list[Tree]) -> Tree:
    match name, trees:
        case "square", [u]:
            return Op("^", u, Num("2"))
        case "log1p", [u]:
            return Func("ln", Op("+", Num("1"), u))
        case "expm1", [u]:
            return Op("-", Func("exp", u), Num("1"))
        case "reciprocal", [u]:
            return Op("/", Num("1"), u)
        case (("+" | "-" | "*" | "/" | "^"), [u, v]):
            return Op(name, u, v)
    if name in FUNCTIONS and FUNCTIONS[name].arguments == len(trees):
        return Op(name, *trees) if len(trees) == 2 else Func(name, trees[0])
    raise _Unread


def _loaded(target: ast.expr) -> ast.expr:
    """What stands there before it is changed in place."""
    return target.value if isinstance(target, ast.Subscript) else target
