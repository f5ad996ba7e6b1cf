"""The derivative of a composed activation in steps: one rule a line, every line checked."""

import itertools
from collections.abc import Sequence

from helpers.derivation import (
    D,
    Derivation,
    DerivationError,
    Func,
    Line,
    Setting,
    Sym,
    Tree,
    derivative_by_sympy,
    differentiate_once,
    to_text,
    walk,
)

_RULE_NAMES = {
    **{name: f"{name} rule" for name in ("product", "quotient", "power", "sum")},
    **{"difference": "sum rule", "exponential": "exponential", "power of functions": "power rule"},
    **{name: "a constant factor stays" for name in ("constant factor", "constant divisor")},
    "minus": "the sign stays",
}


def derivation_of(tree: Tree, parameters: tuple[str, ...]) -> Derivation:
    """Differentiate a tree one rule at a time and prove every line; SymPy's form comes last."""
    setting = Setting(parameters=tuple(sorted(parameters)))
    trees: list[Tree] = [D(tree)]
    reasons = [""]
    while any(isinstance(node, D) for node in walk(trees[-1])):
        next_tree, rules = differentiate_once(trees[-1])
        reasons.append(_reason(trees[-1], rules))
        trees.append(next_tree)
    trees.append(derivative_by_sympy(tree))
    reasons.append("SymPy's form")
    numbered = enumerate(zip(trees, reasons, strict=True), 1)
    lines = tuple(Line(n, to_text(line), line, reason) for n, (line, reason) in numbered)
    comparisons = []
    for above, line in itertools.pairwise(lines):
        comparison = setting.compare(line.tree, above.tree, domain=trees[0])
        if not comparison.equal:
            raise DerivationError(line, above, comparison)
        comparisons.append(comparison)
    return Derivation(lines, setting, tuple(comparisons))


def _reason(line: Tree, rules: Sequence[str]) -> str:
    reasons = [_RULE_NAMES.get(rule, f"slope of {rule}") for rule in rules]
    inner = [
        node.arg.arg for node in walk(line) if isinstance(node, D) and isinstance(node.arg, Func)
    ]
    chain = ["chain rule"] if any(arg != Sym("z") for arg in inner) else []
    return ", ".join(dict.fromkeys([*reasons, *chain]))
