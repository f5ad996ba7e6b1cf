"""The derivative of a composed activation in steps: one rule a line, every line checked."""

import itertools

from helpers.derivation import (
    Derivation,
    DerivationError,
    Line,
    Setting,
    Tree,
    derivative_by_sympy,
    rule_by_rule,
    to_text,
)
from helpers.language import gettext


def derivation_of(tree: Tree, parameters: tuple[str, ...]) -> Derivation:
    """Differentiate a tree one rule at a time and prove every line; SymPy's form comes last."""
    setting = Setting(parameters=tuple(sorted(parameters)))
    steps = [*rule_by_rule(tree), (derivative_by_sympy(tree), gettext("SymPy's form"))]
    lines = tuple(Line(n, to_text(line), line, why) for n, (line, why) in enumerate(steps, 1))
    comparisons = []
    for above, line in itertools.pairwise(lines):
        comparison = setting.compare(line.tree, above.tree, domain=lines[0].tree)
        if not comparison.equal:
            raise DerivationError(line, above, comparison)
        comparisons.append(comparison)
    return Derivation(lines, setting, tuple(comparisons))
