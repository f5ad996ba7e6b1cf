"""What words of Python and NumPy are in the notation: a program is read as a formula by them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from copy import copy
from functools import cache
from itertools import islice

import numpy as np

from helpers.activations import ACTIVATIONS
from helpers.derivation import (
    ALIASES,
    FUNCTIONS,
    Func,
    If,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    array_values,
    parse,
    substitute,
    walk,
)

Function = ast.FunctionDef | ast.Lambda
Place = tuple[int, int, int]  # a line from 1, and columns from 0
LARGEST = 400  # nodes

NUMPY_ALIASES = {
    **{"log": "ln", "arctan": "atan", "absolute": "abs", "fabs": "abs", "expit": "sigmoid"},
    **{"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/"},
    **{"power": "^", "pow": "^", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min"},
}
THE_SAME = (
    *("array", "asarray", "copy", "astype", "float64", "float", "atleast_1d", "asanyarray"),
    *("list", "ravel", "flatten", "tolist", "reshape", "fromiter", "squeeze", "double", "bool"),
    *("atleast_2d", "ascontiguousarray", "expand_dims", "item", "view", "nditer"),
    *("nan_to_num", "real", "asfarray"),
)
FOR_EACH = ("vectorize", "frompyfunc")  # what makes a function of one number one of arrays
WITHOUT_NUMBERS = ("dtype", "otypes", "copy", "order", "subok", "flags", "op_flags", "shape")
ORDER_OF_WORDS = {  # of arguments that are passed by their names
    "clip": ("a_min", "min", "a_max", "max"),
    "select": ("default",),
    "full_like": ("fill_value",),
    "full": ("fill_value",),
}
CONSTANT = {
    **{"ones_like": "1", "zeros_like": "0", "ones": "1", "zeros": "0"},
    **{"empty": "0", "empty_like": "0"},
}
OF_A_ROW = {
    **{"sum": "row_sum", "mean": "row_mean", "average": "row_mean", "std": "row_std"},
    **{"max": "row_max", "amax": "row_max", "nansum": "row_sum"},
}
PRODUCTS = ("dot", "inner", "vdot", "matmul")  # of two rows


_COMPARISONS: dict[str, ast.cmpop] = {
    **{"greater": ast.Gt(), "greater_equal": ast.GtE(), "less": ast.Lt(), "less_equal": ast.LtE()},
    **{"equal": ast.Eq(), "not_equal": ast.NotEq()},
}
_LOGICAL: dict[str, ast.boolop] = {"logical_and": ast.And(), "logical_or": ast.Or()}


def as_test(node: ast.expr) -> ast.expr | None:
    """Write a mask with Python's own signs; None for what is none.

    >>> ast.unparse(as_test(ast.parse("np.logical_or(z < 0, np.equal(z, 1))", mode="eval").body))
    'z < 0 or np.equal(z, 1)'
    """
    match node:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(ast.Not() | ast.Invert()):
            return node
        case ast.BinOp(left, ast.BitAnd(), right):
            found: ast.expr = ast.BoolOp(ast.And(), [left, right])
        case ast.BinOp(left, ast.BitOr(), right):
            found = ast.BoolOp(ast.Or(), [left, right])
        case ast.Call(ast.Attribute(_, name), [left, right]) if name in _COMPARISONS:
            found = ast.Compare(left, [_COMPARISONS[name]], [right])
        case ast.Call(ast.Attribute(_, name), [left, right]) if name in _LOGICAL:
            found = ast.BoolOp(_LOGICAL[name], [left, right])
        case ast.Call(ast.Attribute(_, "logical_not"), [mask]):
            found = ast.UnaryOp(ast.Not(), mask)
        case _:
            return None
    return ast.copy_location(found, node)


def applied_to(name: str, trees: list[Tree]) -> Tree | None:
    """Apply a function of this name; None where the notation has none like it."""
    match name, trees:
        case "sign", [u]:
            return If(">", u, Num("0"), Num("1"), If("<", u, Num("0"), Neg(Num("1")), Num("0")))
        case "exp2", [u]:
            return Op("^", Num("2"), u)
        case "negative", [u]:
            return Neg(u)
        case "erfc", [u]:
            return Op("-", Num("1"), Func("erf", u))
        case "square", [u]:
            return Op("^", u, Num("2"))
        case "logaddexp", [u, v]:
            return Func("ln", Op("+", Func("exp", u), Func("exp", v)))
        case "log1p", [u]:
            return Func("ln", Op("+", Num("1"), u))
        case "expm1", [u]:
            return Op("-", Func("exp", u), Num("1"))
        case "reciprocal", [u]:
            return Op("/", Num("1"), u)
        case "clip", [u, low, high]:
            return Op("min", Op("max", u, low), high)
        case "heaviside", [u, there]:
            return If(">", u, Num("0"), Num("1"), If(">=", u, Num("0"), there, Num("0")))
        case (("+" | "-" | "*" | "/" | "^"), [u, v]):
            return Op(name, u, v)
    if name in FUNCTIONS and FUNCTIONS[name].arguments == len(trees):
        return Op(name, *trees) if len(trees) == 2 else Func(name, trees[0])
    return None


def activation_formula(name: str, trees: list[Tree]) -> Tree | None:
    """Apply the activation of this name of the course, with its own parameter or a given one.

    >>> from helpers.derivation import to_text
    >>> to_text(activation_formula("silu", [Sym("z")]))
    'z*sigmoid(z)'
    """
    row = ACTIVATIONS.get(name)
    parameters = [row.parameter.symbol] if row is not None and row.parameter else []
    if row is None or not 0 < len(trees) <= 1 + len(parameters):
        return None
    letters = [Sym(ALIASES.get(symbol, symbol)) for symbol in parameters]
    default = [Num(f"{row.parameter.default:g}")] if row.parameter else []
    given = [*trees[1:], *default][: len(letters)]
    put = {letter.name: tree for letter, tree in zip(letters, given, strict=True)}
    return substitute(parse(row.expression), {"z": trees[0], **put})


def defaults_of(function: Function) -> dict[str, ast.expr]:
    """The arguments that may be left out, with what they are then."""
    arguments, defaults = function.args.args, function.args.defaults
    left_out = arguments[len(arguments) - len(defaults) :]
    return {argument.arg: d for argument, d in zip(left_out, defaults, strict=True)}


def arguments_of(function: Function, call: ast.Call) -> list[ast.expr]:
    """What is passed to a function, in its order; what it is without stands where it is called."""
    names = [argument.arg for argument in function.args.args]
    passed = dict(zip(names, call.args, strict=False))
    passed |= {word.arg: word.value for word in call.keywords if word.arg}
    left_out = {n: ast.copy_location(copy(d), call) for n, d in defaults_of(function).items()}
    return [(left_out | passed)[name] for name in names if name in (left_out | passed)]


_KNOWN = ("sigmoid", "tanh", "relu", "softplus", "Phi", "phi", "step")
TRIED = np.array([-2.5, -1.0, -0.3, 0.0, 0.4, 1.0, 3.0])


def parsed(source: str) -> ast.Module | None:
    """Read a source; None where it is no Python, or too deep for it.

    >>> parsed("return g*(1 - g") is None
    True
    """
    try:
        return ast.parse(source.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_larger(tree: Tree, nodes: int) -> bool:
    """Has a formula more nodes than this?"""
    return len([*islice(walk(tree), nodes + 1)]) > nodes


def recognised(values: np.ndarray) -> str:
    """The function of the notation that has these values at the places that are tried, if any."""
    right = (name for name in _KNOWN if np.allclose(values, _values_of(name), rtol=1e-9))
    return next(right, "")


@cache
def _values_of(name: str) -> np.ndarray:
    return np.asarray(array_values(Func(name, Sym("z")), {"z": TRIED}, from_left=True))


def functions_in(module: ast.Module | None) -> dict[str, ast.FunctionDef]:
    """Return the functions that a source defines, by their names.

    >>> [*functions_in(parsed("def f(z):\\n    return z"))]
    ['f']
    """
    body = module.body if module is not None else []
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def value_read_once(name: str, nodes: Sequence[ast.AST]) -> ast.expr | None:
    """What a name was given, if it is given one value and read at one place.

    >>> nodes = [*ast.walk(ast.parse("s = z * z\\nreturn_it(s)"))]
    >>> ast.unparse(value_read_once("s", nodes)), value_read_once("z", nodes)
    ('z * z', None)
    """
    same = [n for n in nodes if isinstance(n, ast.Name) and n.id == name]
    given = [n for n in nodes if isinstance(n, ast.Assign) and n.targets[0] in same]
    alone = len(same) == 2 and len(given) == 1 and len(given[0].targets) == 1
    return given[0].value if alone else None


def place_of(node: ast.expr | ast.keyword | ast.stmt) -> Place:
    """Return the place of what stands in one line.

    >>> place_of(ast.parse("1 + np.exp(z)", mode="eval").body)
    (1, 0, 13)
    """
    return node.lineno, node.col_offset, node.end_col_offset or 0
