"""An example for each story, on another function than any that is asked for."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "row-for-table": "(1, 2) and (3, 4) have the product 1 · 3 + 2 · 4 = 11; their table has the "
    "rows 3, 4 and 6, 8.",
    "missing-square": "the slope of (x² + 1)⁻¹ is −(x² + 1)⁻² · 2x: the power −1 becomes −2.",
    "square-on-argument": "at x = 2, (sin x)² is 0.83 and sin(x²) is −0.76.",
    "square-as-times-two": "5² is 25, and 5 · 2 is 10.",
    "power-distributed-over-sum": "(3 + 4)² is 49, and 3² + 4² is 25.",
    "sum-taken-apart": "√(9 + 16) is 5, and √9 + √16 is 7.",
    "missing-parentheses": "6/(1 + 2) is 2; typed as 6/1 + 2 it is 8.",
    "missing-inner-derivative": "sin(5x) goes up and down five times as fast as sin x: its slope "
    "is 5 cos(5x).",
    "sign-flipped": "the slope of 1/x³ is −3/x⁴: one minus sign, from the power −3.",
    "plus-minus-swapped": "5 − 0.3 is 4.7 and 5 + 0.3 is 5.3: put one number into both and see "
    "which of them is needed.",
    "rule-applied-termwise": "the slope of x · x is 2x; slope times slope would be 1.",
    "quotient-reversed": "x/(x² + 1) has the slope (1 · 1 − 0 · 0)/1 = 1 at x = 0, where it rises; "
    "with the products exchanged it would be −1.",
    "difference-reversed": "from x = 1 to x = 3 the parabola x² climbs by 9 − 1, not by 1 − 9.",
    "product-missing-term": "the slope of x · sin x has two parts: sin x, as x moves, and x cos x, "
    "as sin x moves.",
    "power-rule-on-exponential": "x³ has the slope 3x²; 2ˣ doubles with each step, and so does its "
    "slope.",
    "z-for-g": "for y = √x the slope is 1/(2y): at x = 9 it is 1/6, for y is 3 there, not 9.",
    "activation-applied-twice": "√16 is 4, and √√16 is 2.",
    "function-derivative-mixup": "at x = 3 the parabola x² is 9 high and 6 steep.",
    "integrated-instead": "from x² differentiation makes 2x, and integration x³/3.",
    "formula-of-other-activation": "the slope of y = tan x is 1 + y², that of y = √x is 1/(2y): "
    "each formula belongs to one curve.",
    "branches-swapped": "|x| is x right of 0 and −x left of it; the other way round it is −|x|.",
    "branch-missing": "|x| is x right of 0; taken on both sides, x is −3 where |x| is 3.",
    "branch-kept-z": "the line 3x climbs by 3 for each step, at x = 1 and at x = 100.",
    "kink-at-zero": "|x| has slope −1 left of 0 and slope 1 right of it; at 0 each number between "
    "is a subgradient.",
    "max-needs-alpha-le-1": "of 2x and x, the larger one is 2x right of 0, and x left of it.",
    "leak-dropped": "a leak of 0.1 makes −0.5 of −5, and nothing makes 0 of it.",
    "leak-side": "a leak of 0.1 makes −0.5 of −5 and leaves 5 as it is.",
    "wrong-variable": "x² y has the slope 2xy by x, and x² by y.",
    "parameter-ignored": "3x² is three times as steep as x², everywhere.",
    "constant-slope-one": "x + 7 is as steep as x: the 7 adds height and no slope.",
    "python-not-numpy": "`math.sqrt` takes one number, `np.sqrt` as many as there are.",
    "caret-for-power": "`3 ^ 2` is 1 in Python, and `3 ** 2` is 9.",
    "array-contract": "`np.sqrt` of four numbers is four numbers; their sum is one.",
    "overflow-unstable": "`np.exp(800)` is inf, although e⁸⁰⁰/e⁸⁰¹ is 0.37.",
    "cancellation": "of 1 − 0.9999999999999999 one digit is left.",
    "finite-difference": "for x² at x = 3, a step of 0.1 makes 6.1 of the slope 6.",
    "layer-product-wrong": "three layers that double make 2 · 2 · 2 = 8, not 2 + 2 + 2.",
    "one-minus-inside": "1 − √0.36 is 0.4, and √(1 − 0.36) is 0.8.",
    "derivative-twice": "x³ has the slope 3x²; 6x is the slope of that slope.",
    "integer-result": "a result array that begins with whole numbers cuts 0.5 to 0.",
    "mask-overwritten": "after `a[a < 5] = 9` the same entries fulfil `a > 5`.",
    "call-for-times": "`3(4)` calls the 3; `3 * (4)` is 12.",
    "logarithm-of-base-ten": "`np.log(1000)` is 6.9, and `np.log10(1000)` is 3.",
    "operation-swapped": "0.3 · 0.8 is 0.24, and 0.3 − 0.8 is −0.5.",
    "fraction-upside-down": "of 3/4 and 4/3 only one is below 1.",
    "exponent-kept": "x⁷ has the slope 7x⁶: the 7 comes down, and 6 stays above.",
    "term-lost": "(x + 1)² is x² + 2x + 1: without its last term it misses 16, for x = 3, by 1.",
    "complement": "of 0.3 the complement is 0.7: together they are 1.",
    "condition-misplaced": "|x| turns at 0: with the condition x > 1 it is wrong between 0 and 1.",
    "one-for-all": "for the numbers −1 and 2, `(x > 0).any()` is one True for both.",
    "function-lost": "1/(1 + √x) is 0.25 at x = 9; without the root it is 0.1.",
    "name-for-another": "with r = 3 and d = 2r, π · d is 18.8, and π · r is 9.4.",
    "other-form": "22/7 lies close to π; they part in the third decimal.",
}
