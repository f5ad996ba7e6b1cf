r"""Cut what people type into tokens: plain text, LaTeX, code, and what a copy leaves of them.

`tokens` reads `e^{-x}`, `\frac{1}{2}`, `np.exp(-x)`, `x²`, `÷` into the same few kinds of tokens,
each with its place in the learner's own text, so that every message can point there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Generator, Iterator
from fractions import Fraction
from itertools import zip_longest

from helpers.derivation.errors import NotationError
from helpers.derivation.learner_names import ALSO, DIFFERENTIALS, SHORT
from helpers.derivation.tokens import MAX_NUMBER, Token
from helpers.derivation.vocabulary import ALIASES, FUNCTIONS, GREEK
from helpers.language import gettext

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˣʸᶻᵃᵇᵘᵛᵗⁿ", "0123456789+-()xyzabuvtn", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_SIGNS = {
    **dict.fromkeys("·⋅∙×∗⊙•", "*"),
    **dict.fromkeys("−–—", "-"),
    **dict.fromkeys("′’‘´`ʹ", "'"),
    **{"**": "^", "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "≥": ">=", "≠": "!=", "″": "''"},
    **{"=<": "<=", "=>": ">=", "==": "==", "&lt;": "<", "&gt;": ">"},
}
_SKIPPED = (
    *("left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "bigg", "biggl", "biggr"),
    *("Bigg", "Biggl", "Biggr", "middle", "displaystyle", "textstyle", "limits", "nolimits"),
    *(",", ";", ":", "!", " ", "quad", "qquad", "thinspace", "rm", "mathstrut", "nonumber"),
    *("qty", "pqty", "bqty", "Bqty", "mleft", "mright", "biggm", "Bigm", "bigm", "it", "bf"),
)
_LATEX_SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast", "odot", "bullet"), "*"),
    **{"div": "/", "prime": "'", "{": "(", "}": ")", "lbrace": "(", "rbrace": ")"},
    **{"lbrack": "[", "rbrack": "]", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|"},
    **{"le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">="},
    **{"lt": "<", "gt": ">", "ne": "!=", "neq": "!=", "infty": "∞", "colon": ":"},
}
# Letters that maths editors and papers have commands for.
_LETTERS = {"exponentialE": "e", "differentialD": "d", "dd": "d", "capitalDifferentialD": "D"}
_LETTERS |= {"ell": "l", "diff": "d", "d": "d", "e": "e", "ee": "e", "me": "e", "rme": "e"}
_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac", "flatfrac")
_DERIVATIVES = {"dv": "d", "odv": "d", "derivative": "d", "pdv": "∂", "partialderivative": "∂"}
_DOTS = {"dot": 1, "ddot": 2}  # Newton's
_UPRIGHT = (
    *("mathrm", "operatorname", "text", "textrm", "textit", "mathit", "mathbf", "mbox"),
    *("mathsf", "textbf", "mathop", "textnormal", "mathcal", "mathup", "mathbb", "mathbbm"),
    *("mathds", "mathscr", "mathtt", "texttt", "mathfrak", "pmb"),
)
_ACCENTS = ("hat", "vec", "bar", "tilde", "boldsymbol", "bm", "overline", "underline", "boxed")
# `\\lim_{h \\to`, `lim h→`: what stands before the number that a letter goes to.
LIMIT = (
    r"\\?lim(?:\\?(?:no)?limits)?\s*_?\s*[({]?\s*(?P<goes>(?:Δ|\\Delta\s*)?[A-Za-z])\s*"
    r"(?:→|⟶|-{1,2}>|\\(?:to|(?:long)?rightarrow)(?![A-Za-z]))"
)
_MODULES = (
    r"(?:np|numpy|math|Math|torch|tf|jnp|jax|self|nn|K|F|sp|sympy|special|norm|stats|scipy"
    r")\.(?=[A-Za-z])"
)

_TOKEN = re.compile(
    rf"""(?P<space>[\s\u00a0\u2009\u202f\u200b\u2061&~]+)
      | (?P<limit>{LIMIT}\s*(?P<to>-?\d+|\\?[A-Za-z]+|[α-ω])\s*[)}}]?)
      | (?P<difference>(?:Δ|\\Delta\s*)(?P<of>[A-Za-z])(?![A-Za-z]))
      | (?P<command>\\(?:[A-Za-z]+|.))
      | (?P<coded>0[xXbBoO][0-9A-Fa-f]+(?![A-Za-z]))
      | (?P<vulgar>[¼-¾⅐-⅞])
      | (?P<newton>[A-Za-z]\u0307|[ȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏż])
      | (?P<comma>(?<=\d)\{{,\}}(?=\d))
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+(?![\w.]))? | \.\d+) (?:(?<=\.\d)f(?!\w))?
      | (?P<module>{_MODULES})
      | (?P<upright>\{{\s*\\(?:rm|bf|it|sf|tt)\s+(?P<word>[A-Za-z]+)\s*\}})
      | (?P<name>(?:[A-Za-z]+(?!\d+,\d)\d*|[Α-ωϕϵ∂ⅆ√∞](?:(?<=[α-ωϕϵ])\d+)?)[₀-₉]*
          (?:_(?:\{{\\?[A-Za-z0-9]+\}}|\\(?=[a-z])[A-Za-z]+|[A-Za-z0-9]+))?)
      | (?P<index>(?<=1)_(?=\{{))
      | (?P<superscript>[{"".join(_SUPERSCRIPTS)}]+)
      | (?P<dotted>\.(?=[-+*/^]))
      | (?P<sign>\*\*|<=|>=|!=|==|&lt;|&gt;|[-+*/^,()\[\]{{}}|'<>·⋅∙×∗⊙•−–—′’‘´`ʹ″÷∕⁄≤≥≠!?:;])
      | (?P<dot>\.)""",
    re.VERBOSE,
)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    r"""Return the tokens of ``text[start:end]``, an "end" last.

    Raises NotationError, with the place, for what is no mathematics.

    >>> [token.text for token in tokens(r"\frac{1}{2} e^{-x}")]
    ['frac', '{', '1', '}', '{', '2', '}', 'e', '^', '{', '-', 'x', '}', '']
    >>> [token.text for token in tokens("np.exp(x²)")]
    ['exp', '(', 'x', '^', '(', '2', ')', ')', '']
    """
    end = len(text) if end is None else end
    found = _with_dashes(_with_over(list(_cut(text, start, end))))
    found = _with_fractions(_with_e(found))
    return [*found, Token("end", "", end, end)]


def _cut(text: str, position: int, end: int) -> Iterator[Token]:
    while position < end:
        found = _TOKEN.match(text, position, end)
        if not found:
            raise NotationError(_unknown(text[position]), text, position)
        start, position = found.span()
        written = found["number"] or found.group()
        kind = "upright" if found["upright"] else found.lastgroup
        match kind:
            case "space" | "module" | "dotted" | "index":
                continue
            case "limit":
                letter = re.sub(r"^(?:Δ|\\Delta\s*)", "Delta_", found["goes"])
                yield Token("limit", f"{letter} {found['to']}", start, position)
            case "difference":
                yield Token("name", f"Delta_{found['of']}", start, position)
            case "command":
                position = yield from _command(text, written[1:], start, position, end)
            case "upright":
                yield from _name(found["word"], found.start("word"))
            case "coded" if re.search(r"\d$", written):
                message = gettext(
                    "{written} is not read: write the number with decimal digits", written=written
                )
                raise NotationError(message, text, start)
            case "coded":
                position = start + 1
                yield Token("number", "0", start, position)
            case "number":
                yield Token("number", _number(text, written, start), start, position)
            case "superscript":
                yield Token("sign", "^", start, start)
                yield Token("sign", "(", start, start)
                inside = "".join(_SUPERSCRIPTS[c] for c in written)
                for token in _cut(inside, 0, len(inside)):
                    yield Token(token.kind, token.text, start + token.start, start + token.end)
                yield Token("sign", ")", position, position)
            case "vulgar":
                up, _, down = unicodedata.normalize("NFKC", written).partition("⁄")
                for kind, part in (
                    *(("sign", "("), ("number", up), ("sign", "/"), ("number", down)),
                    ("sign", ")"),
                ):
                    yield Token(kind, part, start, position)
            case "newton":
                yield Token("name", unicodedata.normalize("NFD", written)[0], start, position)
                yield Token("sign", "'", position, position)
            case "comma":
                yield Token("sign", ",", start, position)
            case "dot":
                yield Token("sign", "*", start, position)
            case "sign":
                yield Token("sign", _SIGNS.get(written, written), start, position)
            case _:
                yield from _name(written, start)


def _command(
    text: str, word: str, start: int, position: int, end: int
) -> Generator[Token, None, int]:
    """Read a LaTeX command; returns where to go on."""
    if word in _SKIPPED or word in _ACCENTS:
        if text[position : position + 1] == "." and word in ("left", "right"):
            position += 1  # an invisible bracket
        return position
    if word in _FRACTIONS:
        yield Token("fraction", "frac", start, position)
        return (yield from _short_arguments(text, position, end))
    if word in _LATEX_SIGNS:
        yield Token("sign", _LATEX_SIGNS[word], start, position)
        return position
    if word in _LETTERS:
        yield Token("name", _LETTERS[word], start, position)
        return position
    if word == "over":
        yield Token("over", word, start, position)
        return position
    if word in _DERIVATIVES:
        return (yield from _derivative(text, _DERIVATIVES[word], start, position, end))
    if word in _DOTS:
        inside, after = _argument(text, position, end)
        yield from _cut(text, *inside)
        for _ in range(_DOTS[word]):
            yield Token("sign", "'", start, after)
        return after
    if word in _UPRIGHT:
        group = re.compile(r"\*?\s*\{([^{}]*)\}").match(text, position, end)
        if group and group[1] == "1" and word != "mathrm":
            yield Token("name", "I", start, group.end())
            return group.end() + text.startswith("_", group.end())
        return (yield from _inside(text, group, position))
    if word == "partial":
        if by := re.compile(r"_(?:\{\s*\\?([A-Za-z]+)\s*\}|\\?([A-Za-z]+))").match(
            text, position, end
        ):
            yield Token("name", f"∂_{by[1] or by[2]}", start, by.end())
            return by.end()
        yield Token("name", "∂", start, position)
        letter = re.compile(r"\s*\{\s*(\\?[A-Za-z]+)\s*\}").match(text, position, end)
        return (yield from _inside(text, letter, position))
    stem = word.removeprefix("var")
    name = ALIASES.get(stem, stem)
    if name not in (*FUNCTIONS, *ALIASES.values(), *ALSO, *SHORT, "pi", "max", "min"):
        raise NotationError("\\{word} is not read here", text, start, word=word)
    if index := re.compile(r"_(?:\{(\w+)\}|(\w))").match(text, position, end):
        yield Token("name", f"{stem}_{index[1] or index[2]}", start, index.end())
        return index.end()
    yield Token("name", stem, start, position)
    return position


def _inside(text: str, group: re.Match[str] | None, position: int) -> Generator[Token, None, int]:
    """Read what the first group holds; returns where to go on."""
    if group is None:
        return position
    yield from _cut(text, group.start(1), group.end(1))
    return group.end()


def _argument(text: str, position: int, end: int) -> tuple[tuple[int, int], int]:
    """Where the argument of a command stands, braces taken off, and where to go on."""
    at = position + len(text[position:end]) - len(text[position:end].lstrip())
    if text[at : at + 1] == "{":
        after = _group_end(text, at, end)
        return (at + 1, after - 1), after
    found = re.compile(r"\\[A-Za-z]+|.|$").match(text, at, end)
    assert found is not None
    return found.span(), found.end()


def _derivative(
    text: str, d: str, start: int, position: int, end: int
) -> Generator[Token, None, int]:
    r"""Read `\dv{x}`, `\dv{f}{x}` of the package physics like `\frac{d}{dx}`, `\frac{df}{dx}`."""
    if text[position : position + 1] == "[":
        raise NotationError("a first derivative is asked for here", text, position)
    position += text[position : position + 1] == "*"
    (*below,), position = _argument(text, position, end)
    above = None
    if re.compile(r"\s*\{").match(text, position, end):
        above = below
        (*below,), position = _argument(text, position, end)
    yield Token("fraction", "frac", start, start)
    for inside in (above, below):
        yield Token("sign", "{", start, start)
        yield Token("name", d, start, start)
        if inside:
            yield from _cut(text, *inside)
        yield Token("sign", "}", start, start)
    return position


def _short_arguments(text: str, position: int, end: int) -> Generator[Token, None, int]:
    r"""Give `\frac1{2}` and `\frac12` the braces that LaTeX does without."""
    for _ in range(2):
        short = re.compile(r"\s*([0-9A-Za-z])").match(text, position, end)
        if not short:
            if not re.compile(r"\s*\{").match(text, position, end):
                return position
            position = yield from _group(text, position, end)
            continue
        at = short.start(1)
        yield Token("sign", "{", at, at)
        yield from _cut(text, at, at + 1)
        yield Token("sign", "}", at + 1, at + 1)
        position = short.end()
    return position


def _group(text: str, position: int, end: int) -> Generator[Token, None, int]:
    """Yield the tokens of a group in braces; returns where it ends."""
    at = _group_end(text, position, end)
    yield from _cut(text, position, at)
    return at


def _group_end(text: str, position: int, end: int) -> int:
    """Where the group in braces ends that begins here."""
    depth, at = 0, position
    while at < end:
        if text[at] == "\\":
            at += 2
            continue
        depth += (text[at] == "{") - (text[at] == "}")
        at += 1
        if depth == 0 and text[at - 1] == "}":
            break
    return min(at, end)


def _name(written: str, start: int) -> Iterator[Token]:
    stem = re.split(r"(?<=[A-Za-z])(?![A-Za-z])|(?<![A-Za-z])(?=[0-9_₀-₉])", written, maxsplit=1)[0]
    index = written[len(stem) :].strip("_{}\\")
    if index and ALIASES.get(stem) in GREEK:
        stem = ALIASES[stem]
    index = "".join(_SUBSCRIPTS.get(c, c) for c in index)
    yield Token("name", f"{stem}_{index}" if index else stem, start, start + len(written))


def _number(text: str, written: str, start: int) -> str:
    if len(written) > 20 or Fraction(written) > MAX_NUMBER:
        raise NotationError("this number is too long or above 1 000 000", text, start)
    if "e" in written.lower():
        return str(Fraction(written)) if Fraction(written).denominator == 1 else _decimal(written)
    return "0" * written.startswith(".") + written


def _decimal(written: str) -> str:
    places = max(0, len(written) + 30)
    return f"{Fraction(written).numerator / Fraction(written).denominator:.{min(places, 20)}f}"


def _with_dashes(found: list[Token]) -> list[Token]:
    """Read `^{\\prime}` and `^'` as a dash."""
    out: list[Token] = []
    for token in found:
        out.append(token)
        texts = [t.text for t in out[-4:]]
        if texts[-2:] == ["^", "'"]:
            out[-2:] = [Token("sign", "'", out[-2].start, token.end)]
        elif texts == ["^", "{", "'", "}"] or texts == ["^", "(", "'", ")"]:
            out[-4:] = [Token("sign", "'", out[-4].start, token.end)]
    return out


def _with_e(found: list[Token]) -> list[Token]:
    """Part `xe^x` into x and e."""
    out: list[Token] = []
    for token, after in zip_longest(found, found[1:], fillvalue=Token("end", "", 0, 0)):
        word = token.text
        product = token.kind == "name" and after.text == "^" and 1 < len(word) < 4
        if not (product and word[-1] == "e" and ALIASES.get(word, word) not in ALIASES.values()):
            out.append(token)
            continue
        for at, letter in enumerate(word, token.start):
            out.append(Token("name", letter, at, at + 1))
    return out


def _with_fractions(found: list[Token]) -> list[Token]:
    """Read `(d y)/(d x)`, as Word writes it, like `\\frac{dy}{dx}`."""
    place = 0
    while place < len(found):
        close = _closing(found, place) if found[place].text == "(" else 0
        slash = close + 1
        if close and found[slash : slash + 1] and found[slash].text == "/":
            below, end = _below(found, slash + 1)
            if _is_differential(found[place + 1]) and below:
                sign = found[place]
                top, under = found[place + 1 : close], found[slash]
                whole = [Token("fraction", "frac", sign.start, sign.start), _brace("{", sign)]
                whole += [*top, _brace("}", found[close]), _brace("{", under), *below]
                found = [*found[:place], *whole, _brace("}", found[end - 1]), *found[end:]]
        place += 1
    return found


def _with_over(found: list[Token]) -> list[Token]:
    r"""Read `{1 \over 2}` like `\frac{1}{2}`."""
    while (place := next((k for k, t in enumerate(found) if t.kind == "over"), 0)) or (
        found and found[0].kind == "over"
    ):
        first, last, depth = 0, len(found), 0
        for at in range(place - 1, -1, -1):
            depth += (found[at].text == "}") - (found[at].text == "{")
            if depth < 0:
                first = at + 1
                break
        depth = 0
        for at in range(place + 1, len(found)):
            depth += (found[at].text == "{") - (found[at].text == "}")
            if depth < 0:
                last = at
                break
        over = found[place]
        parts = [found[first:place], found[place + 1 : last]]
        whole = [Token("fraction", "frac", over.start, over.end)]
        for part in parts:
            whole += [_brace("{", over), *part, _brace("}", over)]
        operator = len(parts[0]) == 1 and parts[0][0].text in DIFFERENTIALS
        if operator and first and last < len(found):  # which reaches beyond its braces
            first, last = first - 1, last + 1
        found = [*found[:first], *whole, *found[last:]]
    return found


def _brace(sign: str, at: Token) -> Token:
    return Token("sign", sign, at.start, at.end)


def _closing(found: list[Token], place: int) -> int:
    depth = 0
    for at in range(place, len(found)):
        depth += found[at].text in ("(", "[", "{")
        depth -= found[at].text in (")", "]", "}")
        if depth == 0:
            return at
    return 0


def _is_differential(token: Token) -> bool:
    return (
        token.kind == "name"
        and token.text[0] in DIFFERENTIALS
        and (token.text in DIFFERENTIALS or ALIASES.get(token.text, token.text) not in FUNCTIONS)
    )


def _below(found: list[Token], place: int) -> tuple[list[Token], int]:
    """The `dx`, `d x` or `(d x)` behind a fraction bar, and where it ends."""
    if place >= len(found):
        return [], place
    if found[place].text == "(":
        end = _closing(found, place)
        inside = found[place + 1 : end]
        return (inside, end + 1) if inside and _is_differential(inside[0]) and end else ([], place)
    if not _is_differential(found[place]):
        return [], place
    width = 2 if found[place].text in DIFFERENTIALS else 1
    return found[place : place + width], place + width


def _unknown(character: str) -> str:
    name = unicodedata.name(character, gettext("code {ord}", ord=ord(character)))
    shown = f"{character} " if character.isprintable() else ""
    return gettext("the character {shown}({name}) is not read here", shown=shown, name=name)
