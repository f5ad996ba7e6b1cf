"""Formulas to test with: trees made at random, and texts that try to be executed."""

import builtins
from contextlib import contextmanager
from fractions import Fraction

from hypothesis import strategies as st

from helpers.derivation import FUNCTIONS, D, Func, Neg, Num, Op, Sym

G = {"g": "1/(1 + exp(-z))"}
POINTS = [
    {"z": Fraction(7, 10), "beta": Fraction(17, 10)},
    {"z": Fraction(-13, 10), "beta": Fraction(3, 5)},
]

# -------------------------------------------------------------------------------------- texts

ATTACKS = [
    "__import__('os').system('touch CANARY')",
    "__import__('pathlib').Path('CANARY').touch()",
    'exec(\'open("CANARY","w")\')',
    "eval('1')",
    "open('CANARY','w')",
    "open(CANARY)",
    "().__class__.__bases__[0].__subclasses__()",
    "z.__class__",
    "exp.__globals__",
    "z.real",
    "lambda: 0",
    "(lambda x: x)(z)",
    "[open(z) for z in z]",
    "{z for z in z}",
    "(x for x in z)",
    "f'{z}'",
    "f'{open(1)}'",
    "'z'",
    '"z"',
    "b'z'",
    "'''z'''",
    "(z := 1)",
    "z if z else 1",
    "z and exit()",
    "not z",
    "z or z",
    "import os",
    "from os import system",
    "del z",
    "global z",
    "raise z",
    "assert 0",
    "yield z",
    "await z",
    "print(z)",
    "exit()",
    "quit()",
    "breakpoint()",
    "input()",
    "globals()",
    "getattr(z, z)",
    "vars(exp)",
    "type(z)",
    "z; z",
    "z\\\nz",
    "exp(*z)",
    "exp(**z)",
    "exp(z, z)",
    "exp(z=1)",
    "max(z, key=z)",
    "max(*z, z)",
    "max((z, z), z)",
    "max(z, open('CANARY', 'w'))",
    "z @ z",
    "z // 2",
    "z % 2",
    "z << 99",
    "z | 1",
    "~z",
    "z < 1",
    "z == z",
    "1_000",
    "9**9**9**9",
    "z**999999999",
    "((9**64)**64)**64)",
    "$z$",
    "\\sigma(z)",
    "\\input{CANARY}",
    "@z",
    "`z`",
    "!touch CANARY",
    "%run z",
    "?z",
    "...",
    "\ufeffz",
    "\u202ez",
    "ｚ + 1",
    "𝑧",
    "١",
    "1\u00b2\u00b2\u2044\u2082",
    "z\ud800",
]


@contextmanager
def nothing_executed(folder, monkeypatch):
    """What would execute a text fails in here, and no file comes to be."""

    def refuse(*args, **keywords):
        raise AssertionError("something was executed")

    monkeypatch.chdir(folder)
    with monkeypatch.context() as patch:
        for name in ("eval", "exec", "compile", "open", "input", "print", "__import__"):
            patch.setattr(builtins, name, refuse)
        yield
    assert not list(folder.iterdir())


NOTATION = st.text("zgeDdxαβσ²⁻ᶻ0123456789.+-*/^()[]{}|'=#,_ \t\n≤<expsinhtanh", max_size=60)


# ---------------------------------------------------------------------- trees made at random

LETTERS = st.sampled_from(["z", "z", "beta", "pi", "e"]).map(Sym)
NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "10", "64"]).map(Num)
OF_TWO = [name for name, f in FUNCTIONS.items() if f.arguments == 2]
SMOOTH = [n for n, f in FUNCTIONS.items() if not (f.kink or f.domain) and n not in OF_TWO]
PARTLY = [name for name in FUNCTIONS if name not in SMOOTH]


def power(base, exponent):
    """What the reader makes of base^exponent."""
    return Func("exp", exponent) if base == Sym("e") else Op("^", base, exponent)


def trees(functions=(*SMOOTH, *PARTLY), derivatives=True, leaves=8):
    exponents = st.one_of(
        st.integers(0, 4).map(str).map(Num), st.integers(1, 3).map(str).map(Num).map(Neg), LETTERS
    )

    def grow(part):
        kinds = [
            st.builds(Op, st.sampled_from("+-*/"), part, part),
            st.builds(power, part, exponents),
            st.builds(Func, st.sampled_from([f for f in functions if f not in OF_TWO]), part),
            st.builds(Neg, part),
        ]
        kinds += [st.builds(Op, st.just(name), part, part) for name in functions if name in OF_TWO]
        return st.one_of(*kinds, *([st.builds(D, part)] if derivatives else []))

    return st.recursive(st.one_of(LETTERS, NUMBERS), grow, max_leaves=leaves)
