"""Derivations as text: read, differentiate, prove equal, compute to 50 digits, typeset.

`derive` checks a derivation line by line and typesets it as it was written; `exact` is the truth
that floating-point results are held against. Below them: `FUNCTIONS`, the one table of all that is
known about each function of the notation; `parse` and `to_text`, which read and write trees; the
rules of calculus (`differentiate`), a second opinion by SymPy, values to 50 digits, and exact
proof (`decide_equal`); LaTeX and MathML. Learners' text is never executed. mpmath alone is loaded.

formulas       vocabulary, trees, tokens and reader (the notation), writing (back to text), limits,
               calculus, worked (a rule a line), growing (what became of what)
numbers        fifty_digits, arrays, precision; proof: exactly; sympy_form: a second opinion
as people      display, rows, prose: what is mathematics in a text; learner_tokens, learner_reader,
write          derivative_reader, cases_reader, asking_reader: one expression; ways: both ways to
               read it; learner_names: what a name is; name_meanings: how that is found out
as a whole     statements, definitions, setting, readings (which one), claim, claims (is it true?)
errors         in words for who typed
shown          steps (`derive`), typesetting, markup, tree_mathml, speech
"""

from helpers.derivation.arrays import array_values
from helpers.derivation.calculus import (
    RULES,
    differentiate,
    differentiate_once,
    rule_of,
    rules_used,
)
from helpers.derivation.claim import Claim, Claims
from helpers.derivation.errors import ArgumentError, NotationError
from helpers.derivation.fifty_digits import evaluate, values
from helpers.derivation.growing import growth, own_nodes
from helpers.derivation.learner_reader import read_as_written
from helpers.derivation.markup import mathml
from helpers.derivation.precision import exact, relative_error
from helpers.derivation.proof import decide_equal
from helpers.derivation.reader import parse
from helpers.derivation.readings import check_claims
from helpers.derivation.rows import BLANK
from helpers.derivation.setting import MAX_LINES, Comparison, Line, Setting
from helpers.derivation.speech import spoken
from helpers.derivation.steps import Derivation, DerivationError, derive, split_lines
from helpers.derivation.sympy_form import derivative_by_sympy
from helpers.derivation.tree_mathml import Setter, set_tree
from helpers.derivation.trees import (
    D,
    Func,
    If,
    Lim,
    Neg,
    Num,
    Op,
    Sym,
    Tree,
    children,
    has_d,
    names,
    placed,
    replace_children,
    replace_part,
    substitute,
    walk,
    written_out,
)
from helpers.derivation.typesetting import latex, tex_letter
from helpers.derivation.vocabulary import (
    ALIASES,
    CONSTANTS,
    FUNCTIONS,
    GREEK,
    RESERVED,
    Function,
    define,
)
from helpers.derivation.ways import Way, ways_to_read
from helpers.derivation.worked import rule_by_rule, rule_of_outermost, tidied
from helpers.derivation.writing import to_text

__all__ = [
    "ALIASES",
    "BLANK",
    "CONSTANTS",
    "FUNCTIONS",
    "GREEK",
    "MAX_LINES",
    "RESERVED",
    "RULES",
    "ArgumentError",
    "Claim",
    "Claims",
    "Comparison",
    "D",
    "Derivation",
    "DerivationError",
    "Func",
    "Function",
    "If",
    "Lim",
    "Line",
    "Neg",
    "NotationError",
    "Num",
    "Op",
    "Setter",
    "Setting",
    "Sym",
    "Tree",
    "Way",
    "array_values",
    "check_claims",
    "children",
    "decide_equal",
    "define",
    "derivative_by_sympy",
    "derive",
    "differentiate",
    "differentiate_once",
    "evaluate",
    "exact",
    "growth",
    "has_d",
    "latex",
    "mathml",
    "names",
    "own_nodes",
    "parse",
    "placed",
    "read_as_written",
    "relative_error",
    "replace_children",
    "replace_part",
    "rule_by_rule",
    "rule_of",
    "rule_of_outermost",
    "rules_used",
    "set_tree",
    "split_lines",
    "spoken",
    "substitute",
    "tex_letter",
    "tidied",
    "to_text",
    "values",
    "walk",
    "ways_to_read",
    "written_out",
]
