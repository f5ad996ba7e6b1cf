"""LaTeX to MathML, for the few words that formulas of activations need.

Browsers set MathML by themselves: no script, no network, and a screen reader reads it.
"""

import html
import re

from helpers.derivation.vocabulary import FUNCTIONS, GREEK
from helpers.language import value_error

SYMBOLS = {
    **GREEK,
    **{"sigma": "σ", "pi": "π", "varphi": "φ", "varepsilon": "ε", "infty": "∞", "cdot": "·"},
    **{"times": "×", "approx": "≈", "pm": "±", "to": "→", "iff": "⟺", "odot": "⊙", "top": "⊤"},
    **{"sum": "∑", "int": "∫", "partial": "∂", "ldots": "…", "dots": "…", "qquad": "\u2003\u2003"},
    **{"le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠"},
    **{"lvert": "|", "rvert": "|", "prime": "′", "quad": "\u2003", ",": "\u2009", " ": "\u2004"},
}
TOKENS = re.compile(r"\\(?:begin|end)\{cases\}|\\[A-Za-z]+|\\.|\d+\.?\d*|\S")
BEGIN, END, NEW_LINE = r"\begin{cases}", r"\end{cases}", r"\\"


def mathml(latex: str) -> str:
    r"""Return ``latex`` as a ``<math>`` element.

    Raises ValueError for a command that is not in the vocabulary.

    >>> mathml(r"\frac{1}{z^2}")
    '<math displaystyle="true"><mfrac><mn>1</mn><msup><mi>z</mi><mn>2</mn></msup></mfrac></math>'
    """
    tokens = TOKENS.findall(latex)[::-1]  # a stack: the next token is its last
    return f'<math displaystyle="true">{"".join(_nodes(tokens))}</math>'


def shown_name(name: str) -> str:
    """Return what stands for a function where there are no commands; a name of its own stays.

    >>> shown_name("sigmoid"), shown_name("relu"), shown_name("atan"), shown_name("sech")
    ('σ', 'ReLU', 'arctan', 'sech')
    """
    if name not in FUNCTIONS:
        return name
    command = FUNCTIONS[name].tex.removeprefix("\\")
    return SYMBOLS.get(command, command.removeprefix("operatorname{").removesuffix("}"))


def _nodes(tokens: list[str], ends: tuple[str, ...] = ()) -> list[str]:
    """Read nodes up to one of the tokens ``ends``, which is left where it is."""
    nodes: list[str] = []
    while tokens and tokens[-1] not in ends:
        if tokens[-1] in ("^", "_"):
            tag = {"^": "msup", "_": "msub"}[tokens.pop()]
            nodes.append(f"<{tag}>{nodes.pop()}{_argument(tokens)}</{tag}>")
        else:
            nodes.append(_node(tokens))
    return nodes


def _argument(tokens: list[str]) -> str:
    """Read what a command, `^` or `_` applies to: without braces one digit of a number."""
    if tokens[-1].isdigit():
        number = tokens.pop()
        tokens.extend([number[1:], number[0]] if number[1:] else [number])
    return _node(tokens)


def _node(tokens: list[str]) -> str:
    token = tokens.pop()
    if token == "{":
        nodes = _nodes(tokens, ("}",))
        tokens.pop()
        return nodes[0] if len(nodes) == 1 else f"<mrow>{''.join(nodes)}</mrow>"
    if token == r"\left":
        opened, nodes = tokens.pop(), _nodes(tokens, (r"\right",))
        tokens.pop()
        inside = f"{_fence(opened)}{''.join(nodes)}{_fence(tokens.pop())}"
        return f"<mrow>{inside}</mrow>"
    if token == r"\big":
        return _node(tokens)
    if token == r"\text":
        tokens.pop()
        words = "".join(iter(tokens.pop, "}")).replace("\\", "")
        return f"<mtext>{html.escape(words)}\u2004</mtext>"
    if token == r"\frac":
        return f"<mfrac>{_argument(tokens)}{_argument(tokens)}</mfrac>"
    if token == r"\sqrt":
        return f"<msqrt>{_argument(tokens)}</msqrt>"
    if token == BEGIN:
        return _cases(tokens)
    if token in (r"\operatorname", r"\mathrm"):
        tokens.pop()
        return _function("".join(iter(tokens.pop, "}")), tokens)
    if token[0] == "\\":
        return _word(token[1:], tokens)
    return _character(token)


def _word(word: str, tokens: list[str]) -> str:
    if word in SYMBOLS:
        return _character(SYMBOLS[word])
    if rf"\{word}" in (r"\log", *(function.latex for function in FUNCTIONS.values())):
        return _function(word, tokens)
    known = ", ".join([*SYMBOLS, *sorted(FUNCTIONS)])
    told = "latex: \\{word} is not understood; there are {known}"
    raise value_error(told, word=word, known=known)


def _function(name: str, tokens: list[str]) -> str:
    apart = (
        ""
        if tokens and tokens[-1] in ("(", "^", "_", r"\left")
        else '<mspace width="0.17em"></mspace>'
    )
    return f"<mi>{html.escape(name)}</mi>{apart}"


def _fence(bracket: str) -> str:
    """A bracket that grows with what stands between it and its partner."""
    return "" if bracket == "." else f"<mo>{html.escape(SYMBOLS.get(bracket[1:], bracket))}</mo>"


def _character(text: str) -> str:
    """Set a letter, a number or a sign; a bracket stays as tall as a letter."""
    if text.isspace():
        return f"<mtext>{text}</mtext>"
    if text in "()[]|":
        return f'<mo stretchy="false">{text}</mo>'
    tag = "mn" if text[0].isdigit() else "mi" if text.isalpha() else "mo"
    return f"<{tag}>{html.escape(text.replace('-', '−'))}</{tag}>"


def _cases(tokens: list[str]) -> str:
    lines: list[list[str]] = [[]]
    while True:
        cell = "".join(_nodes(tokens, ("&", NEW_LINE, END)))
        lines[-1].append(f"<mtd>{cell}</mtd>")
        stop = tokens.pop()
        if stop == END:
            break
        if stop == NEW_LINE:
            lines.append([])
    rows = "".join(f"<mtr>{''.join(line)}</mtr>" for line in lines)
    return f'<mrow><mo stretchy="true">{{</mo><mtable>{rows}</mtable></mrow>'
