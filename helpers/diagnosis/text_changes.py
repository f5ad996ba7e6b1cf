"""What may have been meant at each place of a function's text, as text that is put there.

`tried_changes` says the same of what is read as a formula; here stand rows, layers and loops.
Nothing is put where it could make something large: no other name where it is said how long an array
is, none that stands for a list, and in a loop nothing that has more axes each time.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import accumulate, combinations, product
from typing import NamedTuple

from helpers.diagnosis.edits import is_inside, width_of
from helpers.diagnosis.python_words import Place, place_of

_FAMILIES = (
    ("sum", "prod", "mean", "max", "min", "cumsum", "cumprod"),
    *(("max", "maximum"), ("min", "minimum"), ("maximum", "minimum"), ("argmax", "argmin")),
    *(("all", "any"), ("var", "std"), ("dot", "multiply"), ("hstack", "vstack")),
    *(("int", "np.rint"), ("floor", "rint"), ("ceil", "rint"), ("trunc", "rint"), ("fix", "rint")),
)
_REDUCE = {"sum", "prod", "mean", "max", "min"}
_OPERATORS: dict[type[ast.operator], str] = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@"},
    **{ast.BitAnd: "&", ast.BitOr: "|"},
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    **{ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="},
}
_NUMBERS = ("0", "1", "2", "-1", "0.5")
# Forms with the stories of what was lost, where there is one.
_WITH_A_VALUE = {
    **{"{{}} * {0}": "product-missing-term", "{{}} / {0}": ""},
    **dict.fromkeys(("{{}} + {0}", "{{}} - {0}", "{0} - {{}}"), "term-lost"),
}
_LOST = {
    **{"-{}": "sign-flipped", "1 - {}": "", "{} ** 2": "missing-square"},
    **dict.fromkeys(("2 * {}", "{} / 2", "100 * {}", "{} / 100"), "parameter-ignored"),
    **dict.fromkeys(("np.sqrt({})", "np.abs({})", "np.exp({})", "np.tanh({})"), "function-lost"),
    **{"1 / (1 + np.exp(-{}))": "function-lost", "{}.T": "", "{}[::-1]": ""},
    **dict.fromkeys(("np.sum({})", "np.mean({})", "np.max({})"), ""),
}
_COMPOSED = dict.fromkeys(
    ("{0} / np.sum({0})", "{0} - np.mean({0})", "{0} / np.std({0})", "{0} * (1 - {0})"), ""
)
_IN_A_ROW = {"{}[:, None]": ""}
# What is passed to these says how large something becomes, or is joined to it in a loop.
_CONSTANT = "parameter-ignored"
_OVER, _TABLE = "value-overwritten", "row-for-table"
_SIZES = {"zeros", "ones", "full", "empty", "eye", "identity", "arange", "linspace", "range"}
_SIZES |= {"tile", "repeat", "pad", "resize", "broadcast_to", "list"}
_JOINED = {"append", "concatenate", "stack", "hstack", "vstack", "column_stack", "block", "insert"}
_JOINED |= {"extend", "outer", "kron"}
_Cut = ast.expr | ast.keyword


class Change(NamedTuple):
    """Its place, as it is told; the bytes that are replaced; what is written there; its story."""

    place: Place
    first: int
    last: int
    text: str
    story: str = ""


class TextChanges:
    """The changes of a text.

    Parameters
    ----------
    source : functions.
    defined : each of them, by its name.

    >>> source = "def f(z):\\n    return z.sum()"
    >>> changes = TextChanges(source, {"f": ast.parse(source).body[0]})
    >>> next(changes.exchanged())
    Change(place=(2, 13, 16), first=23, last=26, text='prod', story='')
    """

    def __init__(self, source: str, defined: dict[str, ast.FunctionDef]) -> None:
        self.text = source.encode()
        self._begins = [0, *accumulate(len(row) + 1 for row in self.text.split(b"\n"))]
        nodes = [n for f in defined.values() for n in ast.walk(f)]
        self._loops = any(isinstance(n, ast.For | ast.While | ast.comprehension) for n in nodes)
        self._functions = [(f, self._scope(f)) for f in defined.values()]

    def exchanged(self) -> Iterator[Change]:
        """What may have been meant instead of a function, an operation, a name, a number."""
        for node, scope in self._nodes():
            if isinstance(node, ast.AugAssign):
                yield from self._step(node)
            else:
                yield from self._instead(node, scope)

    def lost(self) -> Iterator[Iterator[Change]]:
        """What may be missing: a step that adds, a sign or a function, a value around, or more."""
        plain = _LOST if self._loops else _LOST | _IN_A_ROW
        yield self._overwritten()
        yield self._around(lambda *_: plain)
        yield self._around(_Scope.with_values)
        yield self._around(lambda *_: _COMPOSED)

    def _around(self, forms: Callable[[_Scope, ast.expr], Mapping[str, str]]) -> Iterator[Change]:
        for node, scope in self._nodes():
            named = isinstance(node, ast.Name) and node.id in scope.names and _is_read(node)
            turned = isinstance(node, ast.Attribute) and node.attr == "T"
            made = turned or isinstance(node, ast.BinOp | ast.Call | ast.Subscript | ast.Compare)
            if isinstance(node, ast.expr) and (named or made) and id(node) not in scope.kept:
                text = self._written(node)
                ways = forms(scope, node).items()
                yield from (self._put(node, form.format(text), story) for form, story in ways)

    def twice(self) -> Iterator[tuple[Change, Change]]:
        """The same exchange at two places where the same stands; a sum that is to be a product.

        That begins with another number, and goes on with another operation.
        """
        alike: dict[tuple[bytes, str], list[Change]] = {}
        for change in self.exchanged():
            there = self.text[change.first : change.last]
            alike.setdefault((there, change.text), []).append(change)
        pairs = [pair for changes in alike.values() for pair in combinations(changes, 2)]
        yield from ((a, b) for a, b in pairs if a.last <= b.first or b.last <= a.first)
        yield from combinations(self._undivided(), 2)
        nodes = [node for function, _ in self._functions for node in ast.walk(function)]
        starts = [n.value for n in nodes if isinstance(n, ast.Assign) and _is_number(n.value)]
        steps = [c for n, _ in self._nodes() if isinstance(n, ast.AugAssign) for c in self._step(n)]
        begun = [self._put(start, number) for start in starts for number in ("0", "1")]
        yield from product(begun, steps)

    def _undivided(self) -> list[Change]:
        """What is divided, without what it is divided by."""
        nodes = (n for n, _ in self._nodes())
        divided = [n for n in nodes if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div)]
        return [self._put(n, self._written(n.left), _CONSTANT) for n in divided]

    def renamed(self) -> Iterator[list[Change]]:
        """Each name that is read in loops, exchanged for another one at all of these places."""
        for function, scope in self._functions:
            loops = [n for n in ast.walk(function) if isinstance(n, ast.For)]
            inside = {id(n): n for loop in loops for part in loop.body for n in ast.walk(part)}
            reads: dict[str, list[ast.Name]] = {}
            for node in inside.values():
                if isinstance(node, ast.Name) and _is_read(node) and node.id in scope.names:
                    reads.setdefault(node.id, []).append(node)
            for name, found in reads.items():
                if 1 < len(found) <= 3 and not any(id(n) in scope.passed for n in found):
                    others = (other for other in scope.names if other != name)
                    for other in others:
                        yield [self._put(n, other, "name-for-another") for n in found]

    def uses(self, place: Place) -> int:
        """How often a value that is given a name once is used by that name."""
        for function, _ in self._functions:
            nodes = [*ast.walk(function)]
            for node in nodes:
                if isinstance(node, ast.Assign) and place_of(node.value) == place:
                    return _uses(node, nodes)
        return 0

    def value_of(self, place: Place) -> Place | None:
        """The value of the name at a place, if it is used there alone."""
        for function, _ in self._functions:
            nodes = [*ast.walk(function)]
            here = {n.id for n in nodes if isinstance(n, ast.Name) and place_of(n) == place}
            for node in nodes:
                match node:
                    case ast.Assign([ast.Name(name)], value) if name in here:
                        return place_of(value) if _uses(node, nodes) == 1 else None
        return None

    def around_the_same(self, places: Collection[Place]) -> Place | None:
        """The smallest expression that holds these places, if the same stands at each of them."""
        rows = self.text.split(b"\n")
        if len({rows[line - 1][first:last] for line, first, last in places}) != 1:
            return None
        nodes = (place_of(n) for n, _ in self._nodes() if isinstance(n, ast.expr))
        holding = [p for p in nodes if all(is_inside(place, p) for place in places)]
        return min(holding, key=width_of, default=None)

    def _nodes(self) -> Iterator[tuple[ast.expr | ast.AugAssign, _Scope]]:
        for function, scope in self._functions:
            kept = _ends_loops(function)
            for node in ast.walk(function):
                if not isinstance(node, ast.expr | ast.AugAssign) or id(node) in kept:
                    continue
                if node.lineno == node.end_lineno:
                    yield node, scope

    def _step(self, node: ast.AugAssign) -> Iterator[Change]:
        place, sign = self._equals(node.target)
        kinds = (ast.Add, ast.Sub, ast.Mult, ast.Div)
        signs = [_OPERATORS[kind] for kind in kinds if not isinstance(node.op, kind)]
        place = place[0], place[1] - 1, place[2]
        own = _OPERATORS.get(type(node.op), "")
        for other in (*signs, ""):
            yield Change(place, sign - 1, sign, other, _story_of(own, other))

    def _overwritten(self) -> Iterator[Change]:
        """What is given a new value in each round of a loop, where it was to grow by it."""
        nodes = [n for f, _ in self._functions for n in ast.walk(f) if isinstance(n, ast.Assign)]
        for node in nodes if self._loops else ():
            place, sign = self._equals(node.targets[0])
            yield from (Change(place, sign, sign, sum_or, _OVER) for sum_or in "+*")

    def _equals(self, target: ast.expr) -> tuple[Place, int]:
        """The equals sign behind what is given a value, and its byte."""
        last = self._end(target)
        sign = self.text.index(b"=", last)
        column = (target.end_col_offset or 0) + sign - last
        return (target.lineno, column, column + 1), sign

    def _instead(self, node: ast.expr, scope: _Scope) -> Iterator[Change]:
        match node:
            case ast.Call(func, arguments, words):
                yield from self._renamed(func)
                for word in (w for w in words if w.arg == "axis"):
                    yield from (self._put(word, f"axis={k}") for k in (0, 1, -1, None))
                if _name(node) == "dot" and len(arguments) == 2 and not self._loops:
                    yield self._put(
                        node, f"np.outer({', '.join(map(self._written, arguments))})", _TABLE
                    )
                if _name(node) == "range":
                    ways = _ranges(*map(self._written, arguments))
                    yield from (self._put(node, way) for way in ways)
            case ast.Name(name) if name in scope.names and _is_read(node):
                if id(node) not in scope.passed:
                    others = [other for other in scope.names if other != name]
                    yield from (self._put(node, other, "name-for-another") for other in others)
            case ast.Constant(number) if _is_number(node):
                place = scope.bounds.get(id(node), place_of(node))
                numbers = [n for n in _NUMBERS if n != str(number)]
                yield from (self._put(node, n)._replace(place=place) for n in numbers)
            case ast.Subscript(value, index):
                yield self._put(node, self._written(value))
                if isinstance(index, ast.Name | ast.BinOp | ast.Constant):
                    text = self._written(index)
                    yield from (self._put(index, f"{text} {step} 1") for step in "+-")
            case ast.Compare(left, [sign], [right]):
                a, b = self._written(left), self._written(right)
                signs = (s for kind, s in _COMPARISONS.items() if not isinstance(sign, kind))
                yield from (self._put(node, f"{a} {s} {b}") for s in signs)
            case ast.UnaryOp(ast.USub(), inside):
                yield self._put(node, self._written(inside), "sign-flipped")
            case ast.UnaryOp(_, inside) | ast.Attribute(inside, "T"):
                yield self._put(node, self._written(inside))
            case ast.BinOp():
                is_summed = id(node) in scope.reduced  # of which a product of rows is no row
                of_two = (w for w in self._of_two(node) if not (is_summed and "@" in w[0]))
                yield from (self._put(node, *way) for way in of_two)
                sides = (node.left, node.right) if isinstance(node.op, ast.Add | ast.Sub) else ()
                yield from (self._put(side, "1") for side in sides if isinstance(side, ast.Name))

    def _of_two(self, node: ast.BinOp) -> Iterator[tuple[str, str]]:
        """Another operation, the other way round, one side alone, other brackets; the stories."""
        a, b = self._written(node.left), self._written(node.right)
        sign = _OPERATORS.get(type(node.op), "**")
        yield from ((f"{a} {s} {b}", _story_of(sign, s)) for s in _OPERATORS.values() if s != sign)
        turned = {"-": "sign-flipped", "/": "fraction-upside-down"}
        yield f"{b} {sign} {a}", turned.get(sign, "")
        yield from ((a, ""), (b, ""))
        if sign == "@" and not self._loops:
            yield f"np.outer({a}, {b})", _TABLE
        if isinstance(node.left, ast.BinOp):  # (a @ b) * c for (a * c) @ b, or the other way round
            inner_sign = _OPERATORS.get(type(node.left.op), "**")
            if {sign, inner_sign} == {"*", "@"}:
                c, d = self._written(node.left.left), self._written(node.left.right)
                yield f"({c} {sign} {b}) {inner_sign} {d}", ""
        for inner in (node.left, node.right):
            if isinstance(inner, ast.BinOp):
                own = _OPERATORS.get(type(inner.op), "**")
                c, d = self._written(inner.left), self._written(inner.right)
                first = f"{c} {own} ({d} {sign} {b})"
                new = first if inner is node.left else f"({a} {sign} {c}) {own} {d}"
                yield new, "missing-parentheses"

    def _renamed(self, func: ast.expr) -> Iterator[Change]:
        """Another function of the same family; of a method, its name alone is the place."""
        name, last, place = _own_name(func), self._end(func), place_of(func)
        if isinstance(func, ast.Attribute) and getattr(func.value, "id", "") not in _MODULES:
            place = (place[0], place[2] - len(name), place[2])
        others = (other for family in _FAMILIES if name in family for other in family)
        story = "variance-confusion" if name in ("var", "std") else ""
        yield from (Change(place, last - len(name), last, o, story) for o in others if o != name)

    def _put(self, node: _Cut, text: str, story: str = "") -> Change:
        text = text if isinstance(node, ast.keyword) else f"({text})"
        return Change(place_of(node), self._begin(node), self._end(node), text, story)

    def _begin(self, node: _Cut) -> int:
        return self._begins[node.lineno - 1] + node.col_offset

    def _end(self, node: _Cut) -> int:
        return self._begins[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def _written(self, node: ast.expr) -> str:
        text = self.text[self._begin(node) : self._end(node)].decode()
        plain = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript)
        return text if plain else f"({text})"

    def _scope(self, function: ast.FunctionDef) -> _Scope:
        nodes = [n for n in ast.walk(function) if getattr(n, "lineno", 0)]
        given = [n for n in nodes if isinstance(n, ast.Assign)]
        lists = {
            name for n in given if _is_list(n.value) for t in n.targets for name in names_in(t)
        }
        calls = [n for n in nodes if isinstance(n, ast.Call) and n.lineno == n.end_lineno]
        loops = [n.iter for n in ast.walk(function) if isinstance(n, ast.For | ast.comprehension)]
        looped = frozenset(id(n) for loop in loops for n in ast.walk(loop))
        sizes = _SIZES | _JOINED if self._loops else _SIZES
        names = sorted(names_in(function) - lists - {_name(n) for n in calls})
        read = [n for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Load)]
        made = [n for n in calls if isinstance(n.func, ast.Attribute)]
        values = (*map(self._written, (*read[:4], *made[:6])), *_entries(function, nodes))
        passed = _inside(n for n in calls if _name(n) in sizes and not _is_of_a_list(n))
        reduced = _inside(n for n in calls if _name(n) in _REDUCE)
        kept = passed | {id(n.value) for n in given if _uses(n, nodes) == 1}
        tests = [n for n in nodes if isinstance(n, ast.Compare)]
        bounds = {id(one): place_of(n) for n in tests for one in (n.left, *n.comparators)}
        bounds |= {id(w.value): place_of(w) for n in calls for w in n.keywords}
        all_values = tuple(dict.fromkeys((*names, *values)))
        return _Scope(tuple(names), all_values, passed, reduced, kept, looped, bounds)


class _Scope(NamedTuple):
    """What is known in a function.

    names : those that may stand elsewhere; not one of a list: a list in itself has no end.
    values : these, and what else stands in it.
    passed : what says how large something becomes, by its identity.
    reduced : what is summed.
    kept : nothing is put around it; around a value that is used once, it is where that is done.
    looped : what loops go through.
    bounds : where the comparison of what is compared stands, or the word that a number is given to.
    """

    names: tuple[str, ...]
    values: tuple[str, ...]
    passed: frozenset[int]
    reduced: frozenset[int]
    kept: frozenset[int]
    looped: frozenset[int]
    bounds: Mapping[int, Place]

    def with_values(self, node: ast.expr) -> Mapping[str, str]:
        """A factor or a term that is known, around what takes the place of the brackets.

        Nobody calculates where it is said what a loop goes through.
        """
        values = () if id(node) in self.looped else self.values
        return {form.format(v): story for v in values for form, story in _WITH_A_VALUE.items()}


def _entries(function: ast.FunctionDef, nodes: Sequence[ast.AST]) -> Iterator[str]:
    """The entry, in a loop, of each argument that is read nowhere."""
    read = {n.id for n in nodes if isinstance(n, ast.Name)}
    unread = [a.arg for a in function.args.args if a.arg not in read]
    loops = [n.target for n in ast.walk(function) if isinstance(n, ast.For)]
    counters = {n.id for target in loops for n in ast.walk(target) if isinstance(n, ast.Name)}
    yield from (f"{name}[{k}]" for name in unread for k in sorted(counters))


def _story_of(sign: str, other: str) -> str:
    """The story of an operation for another one, of those that have one."""
    if {sign, other} == {"+", "-"}:
        return "plus-minus-swapped"
    return "operation-swapped" if {sign, other} <= {*"+-*/"} and other else ""


_MODULES = ("np", "numpy", "math")


def names_in(tree: ast.AST) -> set[str]:
    """The arguments in a piece of code, and the names that are given a value.

    >>> sorted(names_in(ast.parse("def f(z):\\n    s = z + t")))
    ['s', 'z']
    """
    nodes = [*ast.walk(tree)]
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and not _is_read(n)}
    return stored | {n.arg for n in nodes if isinstance(n, ast.arg)}


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_list(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(left, _, right):
            return _is_list(left) or _is_list(right)
        case ast.Call():
            return _name(node) == "list"
    return isinstance(node, ast.List | ast.ListComp)


def _is_of_a_list(call: ast.Call) -> bool:
    """Does it put something into a list, as `rows.append(x)` does? That makes a list no larger."""
    of_numpy = isinstance(call.func, ast.Attribute) and _own_name(call.func.value) in _MODULES
    return _name(call) in ("append", "extend", "insert") and not of_numpy


def _uses(given: ast.Assign, nodes: Sequence[ast.AST]) -> int:
    """How often is a value used by the name that stands for it alone? 0 where there is none."""
    match given.targets:
        case [ast.Name(name)]:
            same = [n for n in nodes if isinstance(n, ast.Name) and n.id == name]
            read = sum(map(_is_read, same))
            return read if len(same) == read + 1 else 0
    return 0


def _ends_loops(function: ast.FunctionDef) -> set[int]:
    """What brings a `while` to its end, by identity: but for its comparison nothing is changed."""
    nodes = [*ast.walk(function)]
    tests = [n for loop in nodes if isinstance(loop, ast.While) for n in ast.walk(loop.test)]
    names = {n.id for n in tests if isinstance(n, ast.Name)}
    given = [n for n in nodes if isinstance(n, ast.Assign | ast.AugAssign)]
    steps = [n for step in given if not names.isdisjoint(names_in(step)) for n in ast.walk(step)]
    kept = (n for n in tests if not isinstance(n, ast.Compare | ast.Constant))
    return {id(n) for n in (*steps, *kept)}


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _inside(calls: Iterator[ast.Call]) -> frozenset[int]:
    """The identities of all that is passed to these calls, or called upon as a method."""
    inside = (part for call in calls for part in (*call.args, *call.keywords, call.func))
    return frozenset(id(node) for part in inside for node in ast.walk(part))


def _name(node: ast.Call) -> str:
    return _own_name(node.func)


def _own_name(func: ast.expr) -> str:
    return getattr(func, "attr", getattr(func, "id", ""))


def _ranges(*ends: str) -> Iterator[str]:
    """Ranges that end one step earlier or later, or go the other way."""
    match ends:
        case (n,):
            ways: Sequence[str] = (n, f"{n} + 1", f"{n} - 1", f"1, {n}")
        case (a, b, *step):
            rest = "".join(f", {s}" for s in step)
            moved = (("", " + 1"), ("", " - 1"), (" + 1", ""), (" - 1", ""), (" + 1", " + 1"))
            ways = [f"{a}, {b}{rest}", *(f"{a}{i}, {b}{k}{rest}" for i, k in moved)]
        case _:
            return
    yield from (f"range({way})" for way in ways[1:])
    yield from (f"range({way})[::-1]" for way in ways)
