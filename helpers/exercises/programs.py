"""A learner's function read as a formula, so that stories are looked for in what was written.

The text is parsed, never run. Read are assignments, masks, `np.where`, choices with a `return` in
each branch, loops and comprehensions that treat each entry alike, and functions that are called.
What is not understood gives None, and the numbers alone decide.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from helpers.derivation import (
    ALIASES,
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    array_values,
)
from helpers.exercises.python_words import (
    CONSTANT,
    NUMPY_ALIASES,
    OF_A_ROW,
    PRODUCTS,
    THE_SAME,
    TRIED,
    Function,
    applied_to,
    arguments_of,
    as_test,
    defaults_of,
    is_larger,
    name_of,
)
from helpers.language import gettext, ngettext

Place = tuple[int, int, int]  # a line from 1, and columns from 0
_LARGEST = 400  # nodes
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_TESTS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


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
    joined : the same of conditions that are joined by `and` or `or`, by the first choice's part.
    in_tests : the identities of the parts that stand in a condition.
    named : those of the uses of names.
    given : the places of what names were given to.
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
    functions: dict[str, tuple[int, int]]
    called: str = ""

    def lines_in_words(self, lines: Sequence[int]) -> str:
        """Say which lines they are, each counted from the beginning of its function."""
        by_function: dict[str, list[str]] = {}
        for line in lines:
            named = (
                (n, line - first + 1)
                for n, (first, last) in self.functions.items()
                if first <= line <= last
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
    reader = _Program(letters)
    try:
        module = ast.parse(source)
        defined = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
        reader.functions.update(defined)
        reader.begin(module)
        read = defined.get(called) or _the_function(module)
        tree = reader.value_of(read)
    except (_Unread, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if is_larger(tree, _LARGEST):
        return None
    lines = {name: (f.lineno, f.end_lineno or f.lineno) for name, f in defined.items()}
    conditions = reader.tests, reader.joined, reader.in_tests
    noted = reader.parts, reader.known, *conditions, reader.named, reader.given
    return Program(source, tree, *noted, lines, getattr(read, "name", ""))


def _the_function(module: ast.Module) -> Function:
    outside = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    inside = (n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.Lambda))
    for node in (*outside[::-1], *inside):
        return node
    raise _Unread


class _Program:
    """The values of a function's names, as formulas of its arguments.

    A loop over the entries is read as what it does with one of them; that this is all it does is
    for the numbers to confirm.
    """

    def __init__(self, letters: Sequence[str]) -> None:
        self.letters = letters
        self.known: dict[str, Tree] = {}
        self.functions: dict[str, Function] = {}
        self.parts: list[tuple[Place, Tree]] = []
        self.defined: dict[str, list[Place]] = {}
        self.given: set[Place] = set()
        self.tests: dict[int, Place] = {}
        self.joined: dict[int, Place] = {}
        self.in_tests: set[int] = set()
        self.named: set[int] = set()
        self.chosen_between: list[Tree] = []  # kept, so that no identity is used again
        self.indices: set[str] = set()
        self.testing = 0
        self.calls = 0
        self.passed: set[str] = set()  # arguments of the function that is read that are numbers
        self.names: dict[int, str] = {}  # of functions that are known, by identity
        self.classes: dict[str, dict[str, ast.FunctionDef]] = {}
        self.instances: dict[str, str] = {}  # name -> class
        self.attributes: dict[str, Tree] = {}

    def begin(self, module: ast.Module) -> None:
        """Take in the classes of a text, and what it gives names to outside of functions."""
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                own = [n for n in node.body if isinstance(n, ast.FunctionDef)]
                self.classes[node.name] = {n.name: n for n in own}
            elif isinstance(node, ast.Assign):
                with suppress(_Unread):
                    self.done(node)

    def value_of(self, function: Function) -> Tree:
        arguments = [argument.arg for argument in function.args.args]
        if len(arguments) < len(self.letters):
            raise _Unread
        self.known |= dict(zip(arguments, map(Sym, self.letters), strict=False))
        for name, default in defaults_of(function).items():
            if name not in arguments[: len(self.letters)]:
                self.known[name] = self.tree(default)
        return self.returned(function)

    def returned(self, function: Function) -> Tree:
        if isinstance(function, ast.Lambda):
            return self.tree(function.body)
        value = self.body(function.body)
        if value is None:
            raise _Unread
        return value

    # ------------------------------------------------------------------------------- statements

    def body(self, statements: Sequence[ast.stmt]) -> Tree | None:
        """What statements return; None where they only give values to names."""
        for n, statement in enumerate(statements):
            match statement:
                case ast.If(test, then, other) if _returns(then) or _returns(other):
                    rest, known = statements[n + 1 :], dict(self.known)
                    first = self.body([*then, *rest])
                    self.known = known
                    second = self.body([*other, *rest])
                    if first is None:
                        raise _Unread
                    return self.chosen(test, first, second)
                case ast.Return(value) if value is not None:
                    return self.tree(value)
                case _:
                    self.done(statement)
        return None

    def done(self, statement: ast.stmt) -> None:
        match statement:
            case ast.If(test, then, other):
                known = dict(self.known)
                try:
                    self.either(test, then, other)
                except _Unread:  # a guard: the numbers say whether it matters
                    self.known = known
                    self.body(other)
            case ast.For(target, iterated, body, []):
                self.bind(target, iterated)
                self.body(body)
            case ast.Assign([ast.Name(name)], ast.Lambda() as function):
                self.functions[name] = function
            case ast.Assign([ast.Name(name)], ast.Call() as made) if found := self.class_of(made):
                self.instances[name] = found
            case ast.Assign([ast.Name(name)], ast.Call(ast.Attribute(_, "vectorize"), [of, *_])):
                self.functions[name] = self.function(of)
            case ast.FunctionDef(name):
                self.functions[name] = statement
            case ast.ClassDef():
                self.begin(ast.Module([statement], []))
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)) if len(targets) == len(values):
                for target, value in zip(targets, [self.tree(v) for v in values], strict=True):
                    self.assign(target, value)
            case ast.Assign([ast.Name(name) as target], value):
                try:
                    self.assign(target, self.tree(value))
                except _Unread:
                    self.known.pop(name, None)
            case ast.Assign([target], value) | ast.AnnAssign(target, _, ast.expr() as value):
                self.assign(target, self.tree(value))
            case ast.AugAssign(target, sign, value) if type(sign) in _SIGNS:
                before = target.value if isinstance(target, ast.Subscript) else target
                whole = ast.copy_location(ast.BinOp(before, sign, value), statement)
                read = self.tree if before is target else self.read  # of entries, no value
                self.assign(target, read(whole))
            case ast.Expr(ast.Call(ast.Attribute(ast.Name() as target, "append"), [value])):
                self.assign(target, self.tree(value))
            case ast.Expr(ast.Constant() | ast.Call(ast.Name("print"))) | ast.Pass() | ast.Assert():
                pass
            case _:
                raise _Unread

    def either(self, test: ast.expr, then: list[ast.stmt], other: list[ast.stmt]) -> None:
        """An `if` that gives values to names, another one in each of its branches."""
        before = dict(self.known)
        self.body(then)
        after, self.known = self.known, before
        self.body(other)
        for name, value in after.items():
            if value is not self.known.get(name, value):
                self.known[name] = self.chosen(test, value, self.known[name])
                self.defined.pop(name, None)
            self.known.setdefault(name, value)

    def bind(self, target: ast.expr, iterated: ast.expr) -> None:
        """Let the names of a loop stand for one entry, or for its place."""
        match target, iterated:
            case ast.Tuple([ast.Name(i), entry]), ast.Call(
                ast.Name("enumerate") | ast.Attribute(_, "ndenumerate"), [of]
            ):
                self.indices.add(i)
                self.bind(entry, of)
            case ast.Name(i), ast.Call(ast.Name("range") | ast.Attribute(_, "ndindex")):
                self.indices.add(i)
            case ast.Tuple(names), ast.Call(ast.Name("zip"), of) if len(names) == len(of):
                for name, one in zip(names, of, strict=True):
                    self.bind(name, one)
            case ast.Name(), ast.Call(ast.Attribute(_, "nditer"), [of, *_]):
                self.bind(target, of)
            case ast.Name(name), _:
                self.known[name] = self.tree(iterated)
                self.defined.pop(name, None)
            case _:
                raise _Unread

    def assign(self, target: ast.expr, value: Tree) -> None:
        match target:
            case ast.Name(name):
                self.give(name, value)
            case ast.Attribute(ast.Name(name), attribute) if name in self.instances:
                self.attributes[attribute] = value
            case ast.Subscript(ast.Attribute(whole, "flat"), index):
                self.assign(ast.Subscript(whole, index), value)
            case ast.Subscript(ast.Name(name), index) if self.is_index(index):
                self.give(name, value)
            case ast.Subscript(ast.Name(name), test):
                self.known[name] = self.chosen(test, value, self.known.get(name))
                self.defined.pop(name, None)
            case _:
                raise _Unread

    def give(self, name: str, value: Tree) -> None:
        self.passed.discard(name)
        self.known[name] = value
        self.defined[name] = self.places(value)
        self.given.update(self.defined[name])

    def places(self, value: Tree) -> list[Place]:
        """Where a value stands."""
        return [place for place, part in self.parts if part is value]

    def is_index(self, index: ast.expr) -> bool:
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        return all(isinstance(part, ast.Name) and part.id in self.indices for part in parts)

    # ------------------------------------------------------------------------------- conditions

    def chosen(self, test: ast.expr, then: Tree, other: Tree | None) -> Tree:
        """One of two values, by a condition; one of several conditions after the other."""
        if other is None:
            raise _Unread
        match as_test(test) or test:
            case ast.Compare(left, [sign], [right]) if type(sign) in _TESTS:
                return self.compared(test, _TESTS[type(sign)], [left, right], then, other)
            case ast.Compare(left, [ast.Eq()], [right]):
                both = ast.Compare(left, [ast.LtE(), ast.LtE()], [right, left])
                return self.chosen(ast.copy_location(both, test), then, other)
            case ast.Compare(left, [ast.NotEq()], [right]):
                same = ast.Compare(left, [ast.Eq()], [right])
                return self.chosen(ast.copy_location(same, test), other, then)
            case ast.Compare(left, signs, others) if len(signs) > 1:
                rows = zip([left, *others], signs, others, strict=False)
                pairs: list[ast.expr] = [
                    ast.copy_location(ast.Compare(a, [s], [b]), test) for a, s, b in rows
                ]
                both_of = ast.BoolOp(ast.And(), pairs)
                return self.chosen(ast.copy_location(both_of, test), then, other)
            case ast.BoolOp(sign, tests) as joined:
                for one in tests[::-1]:
                    made = self.chosen(one, then, other)
                    then, other = (made, other) if isinstance(sign, ast.And) else (then, made)
                self.joined[id(made)] = joined.lineno, joined.col_offset, joined.end_col_offset or 0
                return made
            case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
                return self.chosen(operand, other, then)
            case ast.Name(name):
                match self.known.get(name):
                    case If(_, _, _, Num("1"), Num("0")) as mask:
                        made = replace(mask, then=then, other=other)
                        return self.noted(made, self.tests[id(mask)])
        raise _Unread

    def compared(
        self, test: ast.expr, sign: str, sides: list[ast.expr], then: Tree, other: Tree
    ) -> Tree:
        self.testing += 1
        left, right = map(self.tree, sides)
        self.testing -= 1
        made = If(sign, left, right, then, other)
        return self.noted(made, (test.lineno, test.col_offset, test.end_col_offset or 0))

    def noted(self, made: If, test: Place) -> Tree:
        self.tests[id(made)] = test
        self.parts.append((test, made))
        self.chosen_between.append(made)
        return made

    # ------------------------------------------------------------------------------ expressions

    def tree(self, node: ast.expr) -> Tree:
        """Read an expression, and note where it stands."""
        part = self.read(node)
        if isinstance(node, ast.Name) and node.id in self.passed:
            return part  # a number stands where it was passed
        if node.lineno == node.end_lineno and node.end_col_offset is not None:
            if isinstance(node, ast.Name):  # each use is a part of its own
                own, part = part, replace(part)
                self.named.add(id(part))
                for places in (self.tests, self.joined):
                    places.update({id(part): places[id(own)]} if id(own) in places else {})
                self.parts += [(place, part) for place in self.defined.get(node.id, ())]
            elif isinstance(node, ast.Subscript):  # x[x > 0] is one part, not the x alone
                self.parts = [(p, one) for p, one in self.parts if one is not part]
            self.parts.append(((node.lineno, node.col_offset, node.end_col_offset), part))
        if self.testing:
            self.in_tests.add(id(part))
        return part

    def read(self, node: ast.expr) -> Tree:
        match node:
            case ast.Constant(int() | float() as number) if not isinstance(number, bool):
                whole = isinstance(number, float) and number.is_integer() and number < 1e9
                return Num(str(int(number) if whole else number))
            case ast.Name(name) if name in self.known:
                return self.known[name]
            case ast.Attribute(ast.Name("np" | "numpy" | "math"), "pi" | "e" as name):
                return Sym(name)
            case ast.Attribute(ast.Name(name), attribute) if (
                name in self.instances and attribute in self.attributes
            ):
                return self.attributes[attribute]
            case ast.Attribute(value, "flat"):
                return self.tree(value)
            case ast.List([]):
                return Num("0")  # filled in a loop
            case ast.UnaryOp(ast.USub(), ast.Constant() as number):
                return Neg(self.read(number))
            case ast.UnaryOp(ast.USub(), operand):
                return Neg(self.tree(operand))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.tree(operand)
            case ast.BinOp(left, ast.MatMult(), right):
                return Func("row_sum", Op("*", self.tree(left), self.tree(right)))
            case ast.BinOp(left, sign, right) if type(sign) in _SIGNS:
                return Op(_SIGNS[type(sign)], self.tree(left), self.tree(right))
            case _ if as_test(node) is not None:
                return self.chosen(node, Num("1"), Num("0"))
            case ast.Subscript(value, index) if self.is_index(index):
                return self.tree(value)
            case ast.Subscript(value, mask) if isinstance(mask, ast.Name) or as_test(mask):
                return self.tree(value)  # its entries where the test holds, put there again
            case ast.Call(ast.Call(ast.Attribute(_, "vectorize"), [of, *_]), arguments):
                return self.call(of, arguments)
            case ast.Call(ast.Name("map"), [of, *arguments]):
                return self.call(of, arguments)
            case ast.IfExp(test, then, other):
                return self.chosen(test, self.tree(then), self.tree(other))
            case ast.ListComp(entry, [made]) | ast.GeneratorExp(entry, [made]) if not made.ifs:
                self.bind(made.target, made.iter)
                return self.tree(entry)
            case ast.Call(ast.Name(name)) if name in self.functions:
                own = self.functions[name]
                return self.own(own, [self.tree(a) for a in arguments_of(own, node)])
            case ast.Call(function, arguments, []):
                return self.call(function, arguments)
            case ast.Call(ast.Attribute(_, name) as function, arguments, _) if (
                name in THE_SAME or name in CONSTANT or name in OF_A_ROW
            ):
                return self.call(function, arguments)
        raise _Unread

    def class_of(self, node: ast.expr) -> str:
        """The class of an object that is made or named here; "" for what is none."""
        match node:
            case ast.Name(name) if name in self.instances:
                return self.instances[name]
            case ast.Call(ast.Name(name), arguments) if name in self.classes:
                if "__init__" in self.classes[name]:
                    self.own_method(name, "__init__", arguments)
                return name
        return ""

    def own_method(self, of: str, name: str, arguments: list[ast.expr]) -> Tree:
        """Call a method; what it gives to its object is kept."""
        function = self.classes[of].get(name)
        values = [self.tree(argument) for argument in arguments]
        self.calls += 1
        if function is None or self.calls > 50:
            raise _Unread
        static = any(isinstance(d, ast.Name) and "static" in d.id for d in function.decorator_list)
        of_object = [""] if static else []
        first, *names = [*of_object, *(argument.arg for argument in function.args.args)] or [""]
        if len(names) != len(values):
            raise _Unread
        outside, self.known = self.known, dict(zip(names, values, strict=True))
        instances, self.instances = self.instances, {first: of}
        try:
            return self.body(function.body) or Num("0")
        finally:
            self.known, self.instances = outside, instances

    def call(self, function: ast.expr, arguments: list[ast.expr]) -> Tree:
        match function:
            case ast.Attribute(ast.Name(name), method) if name in self.classes:
                return self.own_method(name, method, arguments)
            case ast.Attribute(value, method) if of := self.class_of(value):
                return self.own_method(of, method, arguments)
        if of := self.class_of(function):
            return self.own_method(of, "__call__", arguments)
        if isinstance(function, ast.Lambda):
            return self.own(function, [self.tree(a) for a in arguments])
        if isinstance(function, ast.Name) and function.id in self.functions:
            return self.own(self.functions[function.id], [self.tree(a) for a in arguments])
        match function:
            case ast.Attribute(ast.Name("np" | "numpy" | "math"), name) | ast.Name(name):
                pass
            case ast.Attribute(value, name) if name in THE_SAME:
                return self.tree(value)
            case ast.Attribute(value, name) if name in (*OF_A_ROW, *PRODUCTS):
                return self.call(ast.Name(name), [value, *arguments])
            case _:
                raise _Unread
        if name in THE_SAME and arguments:
            return self.tree(arguments[0])
        if name in CONSTANT:
            return Num(CONSTANT[name])
        if name in OF_A_ROW and len(arguments) == 1:
            return Func(OF_A_ROW[name], self.tree(arguments[0]))
        if name in PRODUCTS and len(arguments) == 2:
            return Func("row_sum", Op("*", *map(self.tree, arguments)))
        match name, arguments:
            case "full_like" | "full", [_, value]:
                return self.tree(value)
            case ("choose", [test, ast.List([other, then])]) | ("where", [test, then, other]):
                return self.chosen(test, self.tree(then), self.tree(other))
            case "select", [ast.List(tests), ast.List(values), *default]:
                last = self.tree(default[0]) if default else Num("0")
                return self.cases(tests, [self.tree(v) for v in values], last)
            case "piecewise", [z, ast.List(tests), ast.List(pieces)]:
                trees = [self.piece(piece, z) for piece in pieces]
                last = trees.pop() if len(trees) > len(tests) else Num("0")
                return self.cases(tests[::-1], trees[::-1], last)  # later ones overwrite
        trees = [self.tree(argument) for argument in arguments]
        applied = applied_to(NUMPY_ALIASES.get(name, ALIASES.get(name, name)), trees)
        if applied is None:
            raise _Unread
        return applied

    def cases(self, tests: list[ast.expr], values: list[Tree], default: Tree) -> Tree:
        if len(tests) != len(values):
            raise _Unread
        for test, value in zip(tests[::-1], values[::-1], strict=True):
            default = self.chosen(test, value, default)
        return default

    def piece(self, piece: ast.expr, z: ast.expr) -> Tree:
        is_function = isinstance(piece, ast.Lambda) or getattr(piece, "id", "") in self.functions
        return self.call(piece, [z]) if is_function else self.tree(piece)

    def function(self, node: ast.expr) -> Function:
        match node:
            case ast.Lambda():
                return node
            case ast.Name(name) if name in self.functions:
                return self.functions[name]
            case ast.Attribute() | ast.Name():
                called = ast.parse(f"lambda x: {ast.unparse(node)}(x)", mode="eval").body
                assert isinstance(called, ast.Lambda)
                return called
        raise _Unread

    def own(self, function: Function, values: list[Tree]) -> Tree:
        """Call a function that was defined inside; one that is known is known by its name."""
        self.calls, names = self.calls + 1, [one.arg for one in function.args.args]
        if len(names) != len(values) or self.calls > 50:
            raise _Unread
        if len(values) == 1 and (name := self.known_as(function)):
            return Func(name, values[0])
        given = dict(zip(names, values, strict=True))
        outside, defined, passed = self.known, self.defined, self.passed
        self.known = {**outside, **given}
        self.passed = {n for n, v in given.items() if isinstance(v, Num)}
        self.defined = defined | {n: self.places(v) for n, v in given.items()}
        try:
            return self.returned(function)
        finally:
            self.known, self.defined, self.passed = outside, defined, passed

    def known_as(self, function: Function) -> str:
        """The function of the notation that one of the learner's own is, by its numbers."""
        if id(function) in self.names:
            return self.names[id(function)]
        self.names[id(function)] = ""
        reader = _Program("z")
        reader.functions, reader.names = self.functions, self.names
        try:
            tree = reader.value_of(function)
            if is_larger(tree, _LARGEST):
                return ""
            with np.errstate(all="ignore"):
                values = np.broadcast_to(array_values(tree, {"z": TRIED}), TRIED.shape)
        except (_Unread, KeyError, TypeError):
            return ""
        self.names[id(function)] = name_of(values)
        return self.names[id(function)]


def _returns(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return)
