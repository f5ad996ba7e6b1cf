"""The values of a program's names, as formulas of the arguments of the function that is read."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from helpers.derivation import ALIASES, Func, If, Neg, Num, Op, Sym, Tree, array_values
from helpers.diagnosis.python_words import (
    CONSTANT,
    FOR_EACH,
    LARGEST,
    NUMPY_ALIASES,
    OF_A_ROW,
    ORDER_OF_WORDS,
    PRODUCTS,
    THE_SAME,
    TRIED,
    WITHOUT_NUMBERS,
    Function,
    Place,
    activation_formula,
    applied_to,
    arguments_of,
    as_test,
    defaults_of,
    is_larger,
    place_of,
    recognised,
)

_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_TESTS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


class Unread(Exception):
    """Something that is no formula."""


class ProgramReader:
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
        self.rows: dict[str, ast.expr] = {}  # lists of conditions, and of what they choose
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
                with suppress(Unread):
                    self.done(node)

    def value_of(self, function: Function) -> Tree:
        arguments = [argument.arg for argument in function.args.args]
        if len(arguments) < len(self.letters):
            raise Unread
        self.known |= dict(zip(arguments, map(Sym, self.letters), strict=False))
        for name, default in defaults_of(function).items():
            if name not in arguments[: len(self.letters)]:
                with suppress(Unread):
                    self.known[name] = self.tree(default)
        return self.returned(function)

    def returned(self, function: Function) -> Tree:
        if isinstance(function, ast.Lambda):
            return self.tree(function.body)
        value = self.body(function.body)
        if value is None:
            raise Unread
        return value

    # ------------------------------------------------------------------------------- statements

    def body(self, statements: Sequence[ast.stmt]) -> Tree | None:
        """What statements return; None where they only give values to names."""
        for n, statement in enumerate(statements):
            match statement:
                case ast.If(test, [*then, ast.Continue()], other):
                    skipped = then or [ast.Pass()]
                    self.done(ast.If(test, skipped, [*other, *statements[n + 1 :]]))
                    return None
                case ast.If(test, then, other) if _returns(then) or _returns(other):
                    rest, known = statements[n + 1 :], dict(self.known)
                    first = self.body([*then, *rest])
                    self.known = known
                    second = self.body([*other, *rest])
                    if first is None:
                        raise Unread
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
                except Unread:  # a guard: the numbers say whether it matters
                    self.known = known
                    self.body(other)
            case ast.For(target, iterated, body, []):
                self.bind(target, iterated)
                self.body(body)
            case ast.With(_, body) | ast.Try(body):
                self.body(body)
            case ast.Assign([ast.Name(name)], ast.Dict(keys, values)) if keys:
                for key, entry in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant):
                        self.known[f"{name}[{key.value!r}]"] = self.tree(entry)
            case ast.Assign([ast.Name(name)], ast.List() | ast.Tuple() as row) if row.elts:
                self.rows[name] = row
            case ast.Assign([ast.Name(name)], ast.Lambda() as function):
                self.functions[name] = function
            case ast.Assign([ast.Name(name)], ast.Call() as made) if found := self.class_of(made):
                self.instances[name] = found
            case ast.Assign([ast.Name(name)], ast.Call(ast.Attribute(_, made), [of, *_])) if (
                made in FOR_EACH
            ):
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
                except Unread:
                    self.known.pop(name, None)
            case ast.Assign([target], value) | ast.AnnAssign(target, _, ast.expr() as value):
                self.assign(target, self.tree(value))
            case ast.AugAssign(target, sign, value) if type(sign) in _SIGNS:
                before = target.value if isinstance(target, ast.Subscript) else target
                if isinstance(sign, ast.Add) and self.read(before) == Num("0"):
                    self.assign(target, self.tree(value))  # the first that is added up
                    return
                whole = ast.copy_location(ast.BinOp(before, sign, value), statement)
                read = self.tree if before is target else self.read  # of entries, no value
                self.assign(target, read(whole))
            case ast.Expr(ast.Call(ast.Attribute(ast.Name() as target, "append"), [value])):
                self.assign(target, self.tree(value))
            case ast.Expr(ast.Call(ast.Attribute(_, "putmask" | "place"), [target, test, value])):
                self.assign(ast.Subscript(target, test), self.tree(value))
            case ast.Expr(
                ast.Call(ast.Attribute(_, "copyto"), [target, value], [ast.keyword("where", test)])
            ):
                self.assign(ast.Subscript(target, test), self.tree(value))
            case ast.Expr(ast.Call(ast.Attribute(_, "copyto"), [target, value])):
                self.assign(target, self.tree(value))
            case ast.Expr(ast.Call(ast.Attribute(of)) as called) if self.class_of(of):
                self.tree(called)
            case ast.Expr(ast.Constant() | ast.Call(ast.Name("print"))) | ast.Pass() | ast.Assert():
                pass
            case ast.Import() | ast.ImportFrom():
                pass
            case _:
                raise Unread

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
                raise Unread

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
            case ast.Subscript(whole, ast.Call(ast.Attribute(_, "where" | "nonzero"), [test])):
                self.assign(ast.Subscript(whole, test), value)
            case ast.Subscript(ast.Name(name), test):
                self.known[name] = self.chosen(test, value, self.known.get(name))
                self.defined.pop(name, None)
            case _:
                raise Unread

    def give(self, name: str, value: Tree) -> None:
        if is_larger(value, LARGEST):
            raise Unread
        self.passed.discard(name)
        self.known[name] = value
        self.defined[name] = self.places(value)
        self.given.update(self.defined[name])

    def places(self, value: Tree) -> list[Place]:
        """Where a value stands."""
        return [place for place, part in self.parts if part is value]

    def is_index(self, index: ast.expr) -> bool:
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        return all(
            (isinstance(part, ast.Name) and part.id in self.indices)
            or (isinstance(part, ast.Attribute) and part.attr == "multi_index")
            for part in parts
        )

    # ------------------------------------------------------------------------------- conditions

    def chosen(self, test: ast.expr, then: Tree, other: Tree | None) -> Tree:
        """One of two values, by a condition; one of several conditions after the other."""
        if other is None:
            raise Unread
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
                self.joined[id(made)] = place_of(joined)
                return made
            case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
                return self.chosen(operand, other, then)
            case ast.Name(name):
                mask = self.known.get(name)
                if mask is not None:
                    return self.masked(mask, then, other)
        raise Unread

    def masked(self, mask: Tree, then: Tree, other: Tree) -> Tree:
        """One of two values, by a mask that has a name, or by an argument that is True or False."""
        match mask:
            case Num("1"):
                return then
            case Num("0"):
                return other
            case If(_, _, _, yes, Num() | If() as no) if id(mask) in self.tests:
                first, second = (self.masked(side, then, other) for side in (yes, no))
                made = replace(mask, then=first, other=second)
                self.noted(made, self.tests[id(mask)])
                if id(mask) in self.joined:
                    self.joined[id(made)] = self.joined[id(mask)]
                return made
        raise Unread

    def compared(
        self, test: ast.expr, sign: str, sides: list[ast.expr], then: Tree, other: Tree
    ) -> Tree:
        self.testing += 1
        try:
            left, right = map(self.tree, sides)
        finally:  # what is around it may still be read
            self.testing -= 1
        made = If(sign, left, right, then, other)
        return self.noted(made, place_of(test))

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
            self.parts.append((place_of(node), part))
        if self.testing:
            self.in_tests.add(id(part))
        return part

    def read(self, node: ast.expr) -> Tree:
        match node:
            case ast.Constant(bool() as holds):
                return Num("1" if holds else "0")
            case ast.Constant(int() | float() as number) if abs(number) < np.inf:
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
            case ast.Subscript(ast.Name(name), ast.Constant(str() as key)) if (
                f"{name}[{key!r}]" in self.known
            ):
                return self.known[f"{name}[{key!r}]"]
            case ast.Subscript(value, index) if self.is_index(index):
                return self.tree(value)
            case ast.Subscript(value, mask) if isinstance(mask, ast.Name) or as_test(mask):
                return self.tree(value)  # its entries where the test holds, put there again
            case ast.Call(ast.Call(ast.Attribute(_, made), [of, *_]), arguments) if (
                made in FOR_EACH
            ):
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
            case ast.Call(function, arguments, words):
                return self.call_with_words(function, arguments, words)
        raise Unread

    def call_with_words(
        self, function: ast.expr, arguments: list[ast.expr], words: list[ast.keyword]
    ) -> Tree:
        """Call a function with arguments by their names; with `where`, the rest is in `out`."""
        given = {word.arg: word.value for word in words if word.arg not in WITHOUT_NUMBERS}
        name = getattr(function, "attr", getattr(function, "id", ""))
        if name in OF_A_ROW:
            given = {}
        if len(given) == 2 and {*given} == {"where", "out"}:
            return self.chosen(
                given["where"], self.call(function, arguments), self.tree(given["out"])
            )
        for word in ORDER_OF_WORDS.get(name, ()):
            arguments = [*arguments, *([given.pop(word)] if word in given else [])]
        if given:
            raise Unread
        return self.call(function, arguments)

    def row_of(self, node: ast.expr) -> ast.expr:
        """The list, or what a name stands for that was given to one."""
        return self.rows.get(node.id, node) if isinstance(node, ast.Name) else node

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
            raise Unread
        static = any(isinstance(d, ast.Name) and "static" in d.id for d in function.decorator_list)
        of_object = [""] if static else []
        first, *names = [*of_object, *(argument.arg for argument in function.args.args)] or [""]
        if len(names) != len(values):
            raise Unread
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
                raise Unread
        if name in THE_SAME and arguments:
            return self.tree(arguments[0])
        if name in CONSTANT:
            return Num(CONSTANT[name])
        if name in OF_A_ROW and len(arguments) == 1:
            return Func(OF_A_ROW[name], self.tree(arguments[0]))
        if name in PRODUCTS and len(arguments) == 2:
            return Func("row_sum", Op("*", *map(self.tree, arguments)))
        if name in ("choose", "select", "piecewise"):
            arguments = [*map(self.row_of, arguments)]
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
        if applied is None and isinstance(function, ast.Name):
            applied = activation_formula(name, trees)
        if applied is None:
            raise Unread
        return applied

    def cases(self, tests: list[ast.expr], values: list[Tree], default: Tree) -> Tree:
        if len(tests) != len(values):
            raise Unread
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
                for made in ast.walk(called):  # it stands where its name stands
                    ast.copy_location(made, node)
                return called
        raise Unread

    def own(self, function: Function, values: list[Tree]) -> Tree:
        """Call a function that was defined inside; one that is known is known by its name."""
        self.calls, names = self.calls + 1, [one.arg for one in function.args.args]
        if len(names) != len(values) or self.calls > 50:
            raise Unread
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
        reader = ProgramReader("z")
        reader.functions, reader.names = self.functions, self.names
        try:
            tree = reader.value_of(function)
            if is_larger(tree, LARGEST):
                return ""
            with np.errstate(all="ignore"):
                values = np.broadcast_to(array_values(tree, {"z": TRIED}), TRIED.shape)
        except (Unread, KeyError, TypeError):
            return ""
        self.names[id(function)] = recognised(values)
        return self.names[id(function)]


def _returns(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return)
