r"""Tell the words of a row from its mathematics.

People write "Let's denote it by $u = 1 + e^{-x}$, so we get u' = -e^-x (chain rule)". What is
words becomes blanks, or one semicolon between two statements, so that every formula keeps its
place in the learner's own row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from helpers.derivation.display import TIGHT
from helpers.derivation.learner_names import ALSO, CASE_WORDS, SHORT
from helpers.derivation.vocabulary import ALIASES, FUNCTIONS, GREEK

# ------------------------------------------------------------------------------- characters


def _plain_forms() -> Iterator[tuple[int, str]]:
    """Letters of Word's and the web's mathematics, fullwidth forms, marks that nobody sees."""
    for code in (*range(0x1D400, 0x1D800), *range(0xFF01, 0xFF5F), *range(0x2102, 0x2150)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            yield code, plain
    yield from {code: " " for code in (0x2064, 0x200B, 0x200C, 0x200D, 0x3000)}.items()
    yield from {
        0x2061: TIGHT,
        0x2062: "*",
        0x2063: ",",
        0x3016: "(",
        0x3017: ")",
        0x3002: ".",
        0x3001: ",",
    }.items()
    yield from {ord("ⅇ"): "e", ord("ⅆ"): "d", ord("∇"): "D", ord("█"): " "}.items()


_PLAIN = dict(_plain_forms())


def plain_characters(text: str) -> str:
    """Write every character in its plain form, one for one.

    >>> plain_characters("𝜎（𝑥）=1/(1+ⅇ^(−x))")
    'σ(x)=1/(1+e^(−x))'
    """
    return text.translate(_PLAIN)


# ------------------------------------------------------------------------------------ words

_CASE_WORDS = {*CASE_WORDS, "falls", "wenn", "sonst"} - {"where"}
# Behind these a formula is mentioned, not stated.
_MENTIONING = {
    *("by", "of", "at", "with", "for", "from", "on", "in", "as", "using", "use", "term", "factor"),
    *("line", "lines", "step", "steps"),
    *("the", "where", "that", "when", "function", "and", "or", "to", "into", "both", "over", "all"),
    *(
        "variable",
        "input",
        "here",
        "between",
        "respect",
        "replace",
        "recall",
        "note",
        "let",
        "since",
    ),
}
_SMALL_WORDS = {
    *("a", "an", "i", "we", "so", "as", "is", "to", "of", "by", "in", "on", "it", "be", "at", "or"),
    *("us", "do", "no", "my", "if", "ist", "est", "the", "and", "now", "get", "has", "can", "this"),
}
_SIGNS = {"times": "*", "mal": "*", "plus": "+", "minus": "-", "over": "/"}  # as they are spoken
# Small German words; a lone `ab` may be a product.
_GERMAN = {"da", "es", "im", "am", "zu", "um", "ab", "wo", "du", "ja", "ob", "er"}
# A formula right behind these is mentioned, however few words there are.
_LEADING_ASIDE = {
    *("with", "of", "by", "using", "into", "on", "at", "from", "since", "because", "as", "where"),
    *(
        "mit",
        "von",
        "durch",
        "für",
        "wegen",
        "nach",
        "aus",
        "auf",
        "in",
        "im",
        "denn",
        "weil",
        "da",
    ),
    *("wobei", "beim", "vom", "zum", "zur", "der", "die", "den", "dem", "mal", "times"),
}
# `so g`, `answer: g`: a letter that is the result.
_CONCLUDED = re.compile(
    r"^\s*(?:so|thus|hence|therefore|finally|(?:the\s+)?(?:answer|result)|simplify|simplified|this\s+is"
    r"|that\s+is|which\s+is|somit|daraus|(?:das\s+)?ergebnis|vereinfacht)(?:\s*[:,]\s*|\s+)"
    r"(?=\\?[A-Za-zΑ-ωϕϵ](?:\([A-Za-z]\))?\s*[.!]?\s*$)",
    re.IGNORECASE,
)
# What is said of a part, or done with it, states nothing of the whole.
_OF_A_PART = re.compile(
    r"inner|outer|äußer|aeusser|numerator|denominator|zähler|nenner|exponent|faktor|factor\b|terms?\b"
    r"|constant\b|konstant|variable|(?:replac|substitut|insert|cancel|multipl|divid|expand)\w*"
    r"|(?:ersetz|einsetz|kürz|erweiter|klammer|dividier|setz)\w*"
)
_SHORT_FORMS = re.compile(
    r"(?<!\w)(?:d\.\s?h|i\.\s?e|e\.\s?g|z\.\s?B|u\.\s?s\.\s?w|w\.\s?r\.\s?t|q\.\s?e\.\s?d"
    r"|w\.\s?z\.\s?b\.\s?w|bzw|usw)\.|^\s*(?:[Ss]tep|[Ss]chritt|[Ll]ine|[Zz]eile)\s+\d+\s*[:.)]*\s*$"
    r"|^\s*[(\[](?=[^=]*[^\W\d_]{3})[^\W\d_]+(?:\s+[^\W\d_]+)*[)\]]\s*$"
)
# `since g is 1/(1 + e^-z)` is an equation in words.
_BEING = re.compile(
    r"^(?P<lead>\s*(?:(?:since|because|as|where|here|and|let|denn|weil|da|wobei|hier|und|sei)\s+)?)"
    r"(?P<left>\\?[A-Za-zΑ-ωϕϵ](?:\([A-Za-z]\))?)\s+(?P<is>is|be|ist|equals|gleich|ist\s+gleich)\s+"
    r"(?=[^=]*[-+*/^(0-9][^=]*$)(?!\w{2,}\s+\w{2,})",
    re.IGNORECASE,
)
_STATING = {
    *("is", "gives", "give", "get", "obtain", "yields", "have", "equals", "becomes", "are", "be"),
    *("so", "then", "thus", "hence", "therefore", "finally", "answer", "result", "find", "return"),
    *("namely", "simplified", "simplify", "simplifying", "ist", "also", "folgt", "then"),
    *("ergibt", "erhalten", "gilt", "gibt", "lautet", "wird", "somit", "daraus", "ergebnis"),
}
_SHORTENED = (  # I'm, don't: the sign is no prime
    r"(?:I|[Yy]ou|[Ww]e|[Tt]hey|[Ii]t|[Tt]hat|[Ww]hat|[Tt]here|[Ll]et|[Ii]s|[Dd]o|[Cc]a|[Ww]o|[Dd]oes"
    r"|[Dd]id|[Cc]ould|[Ww]ould|[Ss]hould|[Aa]re|[Ww]as|[Hh]ave|[Hh]as)(?:n[’']t|[’'](?:m|s|re|ve|ll|d))"
)
_WORD = re.compile(
    rf"[(\[\"“]?({_SHORTENED}|[A-Za-zÀ-ÖØ-öø-ÿ]+(?:[’']s|-[A-Za-zÀ-ÖØ-öø-ÿ]+)*)[)\]\"”]?[,.:;!?]*"
)
_TEXT = re.compile(r"\\(?:text(?:rm|it|bf|normal)?|mbox|intertext|shortintertext)\s*\{([^{}]*)\}")
_INLINE = re.compile(r"\$\$?(.+?)\$\$?|\\\((.+?)\\\)|\\\[(.+?)\\\]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_USED = re.compile(
    r"(?<![A-Za-z\\])([A-Za-z]{2,})(?=[ \t]*(?:[=^*+/'’′]|\([ \t]*[A-Za-z](?:_\w+)?[ \t]*\)))"
    r"|[=^*+/(][ \t]*([A-Za-z]{2,})(?![A-Za-z(]|[ \t]+[A-Za-z]{2})"
)
# `where H is the Heaviside function`: what a letter is, in words.
_EXPLAINED = re.compile(
    r"(?:^|,?\s+)(?:where|with|here)\s+\$?\\?\w+\$?\s+(?:is|are|denotes|means)\b[^=]*$"
)
_OPERATORS = (*"=+*/^·×÷<>|)]}&'′’", r"\cdot", r"\times", ":=")
_EQUATION = re.compile(r"[=≡]|\\(?:equiv|colonequals)\b")


def used_names(text: str) -> set[str]:
    """The words of a text that stand beside operators: `out` in `out = 1/(1 + exp(-net))`."""
    return {found[1] or found[2] for found in _USED.finditer(text)}


def _blanks(count: int) -> str:
    return " " * count


def mathematics(row: str, used: set[str]) -> str:
    r"""Blank the words of a row.

    Parameters
    ----------
    row : with its LaTeX as it is.
    used : words that are names of quantities here (`used_names`).

    >>> mathematics("so we get u' = -e^-x by the chain rule", set())
    "          u' = -e^-x                  "
    >>> mathematics(r"Let $u=e^x$ and $v=e^{-x}$.", set())
    '     u=e^x ;     v=e^{-x}  '
    >>> mathematics("dividing top and bottom by e^x", set()).strip()
    ''
    """
    row = _with_signs(_TEXT.sub(_unwrapped, row))
    if found := _CONCLUDED.match(row):
        return _blanks(found.end()) + row[found.end() :]
    for pattern in (_EXPLAINED, _SHORT_FORMS):
        row = pattern.sub(lambda found: _blanks(len(found[0])), row)
    row = _BEING.sub(_equated, row)
    row = ";".join(_without_heading(part, used) for part in _foreign(row).split(";"))
    if _INLINE.search(row) and _has_words(_INLINE.sub(" ", row)):
        return _inline(row)
    return _without_words(row, used)


def _with_signs(row: str) -> str:
    """Write the sign for its word between two formulas: `g times (1 - g)` -> `g *     (1 - g)`.

    `over` is a fraction bar where one factor stands on either side; how far it reaches elsewhere,
    nobody can tell, and the word is left.
    """
    tokens = [(m.start(), m.end(), m[0]) for m in re.finditer(r"\S+", row)]
    for at, (start, end, word) in enumerate(tokens):
        sign = _SIGNS.get(word.lower())
        if sign and _is_between(tokens, at) and (sign != "/" or _is_of_factors(tokens, at)):
            row = row[:start] + sign.ljust(end - start) + row[end:]
    return row


def _is_between(tokens: list[tuple[int, int, str]], at: int) -> bool:
    """Does a word stand between two formulas?"""
    sides = [tokens[k][2] for k in (at - 1, at + 1) if 0 <= k < len(tokens)]
    return len(sides) == 2 and sides[0][-1] not in ",.:;!?=" and all(map(_is_formula, sides))


_SIGNED = re.compile(r"[0-9^*+/()_=\\'’²³]|^.[,.;]?$")


def _is_formula(token: str) -> bool:
    """Is it a letter, a number, or something with a sign in it, and no word?"""
    return bool(re.search(r"[0-9^*+/()_=\\'’²³]|^.[,.;]?$", token)) and not _WORD.fullmatch(
        token[:-1]
    )


def _is_of_factors(tokens: list[tuple[int, int, str]], at: int) -> bool:
    """Does one factor stand on each side, with no sum going on there?"""
    before, after = tokens[at - 1][2], tokens[at + 1][2]
    left = before.endswith(")") or not (_SUM.search(before) or _ends_in_sign(tokens, at - 2))
    if after.startswith("("):
        return left
    return left and not _SUM.search(after) and not _begins_with_sign(tokens, at + 2)


_SUM = re.compile(r"[+−]|(?<![\^(])-")


def _ends_in_sign(tokens: list[tuple[int, int, str]], at: int) -> bool:
    return at >= 0 and tokens[at][2].endswith(("+", "-", "−"))


def _begins_with_sign(tokens: list[tuple[int, int, str]], at: int) -> bool:
    return at < len(tokens) and tokens[at][2].startswith(("+", "-", "−"))


def _unwrapped(found: re.Match) -> str:
    """`\\text{if }` -> `if`, in its place; a name keeps its bracket."""
    before = found.start(1) - found.start()
    return _blanks(before) + found[1] + _blanks(found.end() - found.end(1))


def _equated(found: re.Match) -> str:
    """`since g is 1/2` -> `g = 1/2`, each in its place."""
    row = _blanks(len(found["lead"])) + found["left"]
    before = found.start("is") - found.start()
    return (row.ljust(before) + "=").ljust(len(found[0]))


def _foreign(row: str) -> str:
    """Words in scripts without blanks: a heading before a colon, a separator elsewhere."""
    if not _CJK.search(row):
        return row
    heading = re.match(r"[^=]*?[\u3040-\u9fff\uac00-\ud7af]+\s*:", row)
    if heading:
        row = _blanks(heading.end()) + row[heading.end() :]
    return _CJK.sub(lambda found: ";" + _blanks(len(found[0]) - 1), row)


def _without_heading(row: str, used: set[str]) -> str:
    """Blank what is said of a step before a colon: `Multiply both by e^t: f = e^t/(1 + e^t)`."""
    head, colon, tail = row.rpartition(":")
    tokens = [(m.start(), m.end(), m[0]) for m in re.finditer(r"\S+", head)]
    opens = colon and tail[:1] in ("", " ", "$") and tail.strip() and not _EQUATION.search(head)
    if opens and _OF_A_PART.search(head.lower()) and not _EQUATION.search(tail):
        return _blanks(len(row))  # `numerator: e^-z`
    if opens and "?" not in head and len(tokens) > 1 and any(_prose(tokens, used)):
        return _blanks(len(head) + 1) + tail
    return row


def _has_words(text: str) -> bool:
    return any(
        len(word) > 1 and not _is_name(word)
        for word in re.findall(r"(?<!\\)\b[A-Za-zÀ-ÖØ-öø-ÿ]+", text)
    )


def _is_name(word: str) -> bool:
    plain = ALSO.get(word) or ALIASES.get(word, word)
    return plain in FUNCTIONS or plain in SHORT or plain in GREEK or word == "pi"


def is_reason(text: str) -> bool:
    """Does what stands in brackets behind a formula name a rule, rather than be a factor?

    >>> is_reason("chain rule"), is_reason("1-sigma")
    (True, False)
    """
    words = re.findall(r"[A-Za-z]{4,}", text)
    factor = re.match(r"[0-9]+\s*-", text)
    return not factor and any(not _is_name(word) for word in words)


def _inline(row: str) -> str:
    """Keep the formulas between dollars that state something."""
    out, position, kept = [], 0, False
    for found in _INLINE.finditer(row):
        between, inside = row[position : found.start()], next(filter(None, found.groups()))
        start = row.index(inside, found.start())
        joins = kept and not re.search(r"[A-Za-zÀ-ÖØ-öø-ÿ,;.]", between)
        states = joins or _states(between, inside)
        lead = (
            between if joins else (";" if kept else " ") * bool(between) + _blanks(len(between) - 1)
        )
        out += [lead, _blanks(start - found.start()), inside if states else _blanks(len(inside))]
        out.append(_blanks(found.end() - start - len(inside)))
        kept, position = kept or states, found.end()
    return "".join([*out, _blanks(len(row) - position)])


def _states(before: str, formula: str) -> bool:
    """Does a formula behind these words state something, or is it only mentioned?"""
    if _EQUATION.search(formula) or "\\implies" in formula:
        return True
    if re.fullmatch(r"\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\([A-Za-z]\))?\s*", formula):
        return False
    words = re.findall(r"[A-Za-zÀ-ÖØ-öø-ÿ]+", before.lower())
    return not words or words[-1] in _STATING or before.rstrip().endswith(":")


def _without_words(row: str, used: set[str]) -> str:
    """Blank runs of words; a formula that prose only mentions goes with them."""
    tokens = [(m.start(), m.end(), m[0]) for m in re.finditer(r"\S+", row)]
    prose = _prose(tokens, used)
    if not any(prose):
        return row
    if sum(prose) > 3 and row.rstrip().endswith("?"):  # a question states nothing
        return _blanks(len(row))
    pieces = list(_pieces(tokens, prose))
    if _is_heading(row, pieces) or _is_said(row, pieces):
        return _blanks(len(row))
    many = sum(prose) > 2
    out = list(row)
    stated = False
    before, aside, of_part = "", False, False
    for words, start, end in pieces:
        if words:
            out[start:end] = _blanks(end - start)
            of_part = aside and row[start:end].lower() in ("is", "ist")
            before = row[start:end]
            if stated and "=" in row[end:]:
                out[start] = ";"
            continue
        inside = row[start:end]
        mentioned = many and bool(before) and not _states(before, inside)
        last = re.findall(r"[A-Za-zÀ-ÖØ-öø-ÿ]+", before.lower())[-1:]
        lonely = bool(before and _LETTER.fullmatch(inside))
        if not before and _CONSTANT.match(row, end) and not _EQUATION.search(inside):
            lonely = True
        aside = of_part or (not lonely and _is_aside(before, inside, last))
        if (
            lonely
            or aside
            or (mentioned and last and {*last} <= _MENTIONING)
            or (many and mentioned and stated)
        ):
            out[start:end] = _blanks(end - start)
            continue
        stated = True
    return "".join(out)


_CONSTANT = re.compile(  # `u and v are constants, so …`
    r"\s+(?:(?:and|und)\s+\S+\s+)?(?:is|are|ist|sind)\s+(?:an?\s+|eine?\s+)?(?:const|konst|fixed)"
)
_LONE = re.compile(r"[-*#\s]*\\?[A-Za-zΑ-ω]+(?:\([A-Za-z]\))?[.,:;*]*")
_LETTER = re.compile(r"\\?[A-Za-zΑ-ωϕϵ]['’′]*(?:\([A-Za-z]\))?['’′]*[.,;:]*")
_NUMBER = re.compile(r"[-−+]?\d+[.,;:]*")
_TOPIC = re.compile(r"\s*(?:derivative|function|activation|gradient|rule|formula|ableitung)")


def _is_heading(row: str, pieces: list[tuple[bool, int, int]]) -> bool:
    """Is a function only named in it, as in `Derivative of tanh`, `Sigmoid function`?"""
    formulas = [(start, end) for words, start, end in pieces if not words]
    if len(formulas) != 1 or not _LONE.fullmatch(row[slice(*formulas[0])]):
        return False
    before, after = row[: formulas[0][0]], row[formulas[0][1] :]
    if not before.strip():
        return bool(_TOPIC.match(after.lower()))
    return len(row[slice(*formulas[0])]) > 2 and not _states(before, "…")


def _is_said(row: str, pieces: list[tuple[bool, int, int]]) -> bool:
    """Does a row of words name no more than letters and numbers: `and with g:`, `1 is constant`?"""
    before = ""
    for words, start, end in pieces:
        inside = row[start:end]
        if not words and not _LETTER.fullmatch(inside):
            result = bool(before) and _states(before, inside) and not _OF_A_PART.search(before)
            if result or not _NUMBER.fullmatch(inside):
                return False
        before = inside.lower() if words else before
    return True


def _is_aside(before: str, inside: str, last: list[str]) -> bool:
    """Do the words before a formula say that it is a part, or a reason, and no result?"""
    if _EQUATION.search(inside) or not before or re.search(r"[<>≤≥]|\\[lg]e", inside):
        return False
    return {*last} <= _LEADING_ASIDE or bool(_OF_A_PART.search(before.lower()))


def _pieces(
    tokens: list[tuple[int, int, str]], prose: list[bool]
) -> Iterator[tuple[bool, int, int]]:
    """Runs of words and of formulas: whether words, from where to where."""
    start = 0
    for place in range(1, len(tokens) + 1):
        if place == len(tokens) or prose[place] != prose[start]:
            yield prose[start], tokens[start][0], tokens[place - 1][1]
            start = place


def _prose(tokens: list[tuple[int, int, str]], used: set[str]) -> list[bool]:
    """Which tokens are words of a sentence."""
    words = [_word(text, used) for _, _, text in tokens]
    kinds = [bool(word) and not _beside_operator(tokens, at) for at, word in enumerate(words)]
    out = [False] * len(tokens)
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and kinds[end]:
            end += 1
        if end > at:
            run = [word.lower() for word in words[at:end]]
            text = " ".join(text for _, _, text in tokens[at:end])
            closed = text.count("(") == text.count(")") and text.count("[") == text.count("]")
            unread = run == ["over"] and _is_between(tokens, at)
            if closed and not unread and _is_sentence(run, tokens, at, end):
                out[at:end] = [True] * (end - at)
        at = max(end, at + 1)
    return out


def _word(token: str, used: set[str]) -> str:
    """The word that a token is, or "": names and single letters are none."""
    found = _WORD.fullmatch(token)
    if not found:
        return ""
    word = found[1]
    if all(len(part) == 1 for part in word.split("-")) and "-" in word:  # e-x
        return ""
    short = len(word) < 3 and word.lower() not in _SMALL_WORDS | _GERMAN
    return "" if word in used or short or word == "lim" else word


def _beside_operator(tokens: list[tuple[int, int, str]], at: int) -> bool:
    """Is it an operand: does an operator follow, or stand before it?"""
    text = tokens[at][2]
    after = tokens[at + 1][2] if at + 1 < len(tokens) else ""
    before = tokens[at - 1][2] if at else ""
    ended = text[-1] in ",.:;!?"
    follows = after.startswith(_OPERATORS) and not ended and not after.startswith(("=>", "|"))
    if _is_name(text.strip("(,.:;")) and after.startswith(("(", "^", "'")):
        return True
    precedes = before.endswith(tuple("=+*/^·×÷<>([{-")) and before not in ("->", "=>", "-->")
    return follows or (precedes and not text.startswith("("))


def _is_sentence(run: list[str], tokens: list[tuple[int, int, str]], at: int, end: int) -> bool:
    """Is a run of words prose, rather than one function or the word of a condition?"""
    plain = [word for word in run if word not in _CASE_WORDS and not _is_name(word)]
    if not plain or run == ["a"] or run == ["i"]:
        return False
    if len(plain) > 1 or plain[0] in _SMALL_WORDS:
        return True
    text = tokens[at][2]
    if (
        plain[0] in _GERMAN
    ):  # `Da e^-z = …`, `wir leiten z^2 ab`; but `a b` and `ab e^z` are products
        first = at == 0 and end < len(tokens) and (text[0].isupper() or plain[0] != "ab")
        return first or (at > 0 and end == len(tokens) and bool(_word(tokens[0][2], set())))
    after = tokens[end][2] if end < len(tokens) else ""
    return (
        len(run) > 1 or text[-1] in ",.:;!?)" or (len(plain[0]) > 2 and not after.startswith("("))
    )
