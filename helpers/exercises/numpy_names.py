"""What NumPy's functions are in the notation: a program is read as a formula by these names."""

from __future__ import annotations

from helpers.derivation import FUNCTIONS, Func, If, Num, Op, Tree

__all__ = ["CONSTANT", "NUMPY_ALIASES", "OF_A_ROW", "PRODUCTS", "THE_SAME", "applied_to"]

NUMPY_ALIASES = {
    **{"log": "ln", "arctan": "atan", "absolute": "abs", "fabs": "abs", "expit": "sigmoid"},
    **{"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/"},
    **{"power": "^", "pow": "^", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min"},
}
THE_SAME = (
    *("array", "asarray", "copy", "astype", "float64", "float", "atleast_1d", "asanyarray"),
    *("list", "ravel", "flatten", "tolist", "reshape", "fromiter", "squeeze"),
)
CONSTANT = {
    **{"ones_like": "1", "zeros_like": "0", "ones": "1", "zeros": "0"},
    **{"empty": "0", "empty_like": "0"},
}
OF_A_ROW = {
    **{"sum": "row_sum", "mean": "row_mean", "average": "row_mean", "std": "row_std"},
    **{"max": "row_max", "amax": "row_max", "nansum": "row_sum"},
}
PRODUCTS = ("dot", "inner", "vdot", "matmul")  # of two rows


def applied_to(name: str, trees: list[Tree]) -> Tree | None:
    """Apply a function of this name; None where the notation has none like it."""
    match name, trees:
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
