"""Cut what people write into rows and statements: words, arrows and line ends taken away.

What is taken away leaves blanks, so that every piece keeps its place in the learner's own row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from helpers.derivation.display import cases_in_words, undecorated, without_code, without_groups
from helpers.derivation.learner_tokens import LIMIT
from helpers.derivation.prose import is_reason, mathematics, plain_characters, used_names
from helpers.derivation.reader import MAX_CHARACTERS
from helpers.derivation.tokens import as_typed

# ----------------------------------------------------------------------------- rows and words

_ARROWS = re.compile(
    r"<=>|<->|<==>|=>(?!\s*=)|⇒|⟹|→|⟶|⇔|⟺|∴|∵|-->|->|\\(?:Rightarrow|implies|Longrightarrow|to|rightarrow"
    r"|Leftrightarrow|iff|therefore|because)\b"
)
_WORDS = re.compile(
    r"^\s*(?:•\s*|[-*]\s+(?=[A-Za-z]{3,}[A-Za-z\s]*:\s|=|[^\W\d]\w*['’′]*(?:\([A-Za-z]\))?['’′]*\s*=|d\w*/d\w|\\frac\{\\?d)|\(?[0-9]{1,2}[.)]\s+|\([a-z0-9]\)\s+|>>\s*)?"
    r"(?:(?:given|step\s*[0-9]+(?=\s*[:.)])|solution|answer|proof|simplified|simplify|simplifying|rewrite"
    r"|rewriting|let(?:'s)?|with|where|set|put|define|and|so|thus|hence|therefore|then|we\s+(?:get"
    r"|have|know|find)|now|first|next|finally|also|since|because|as|using|use|note|recall|check"
    r"|i\.e\.|ie|but|for|that|is|gives?|or|sei|mit|also|dann|daraus|folgt)\b[\s:,.]*"
    r"|(?:[A-Za-z]+\s+){1,6}[A-Za-z]+\s*:\s*)*",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"^\s*(?:(?:to\s+)?(?:prove|show|find|(?:differentiate|derive)(?!\s*:)|calculate|compute|determine|claim"
    r"|goal|wanted|to\s+show|zu\s+zeigen)\b)(?:\s+that\b)?[\s:,]*",
    re.IGNORECASE,
)
_AIM_INSIDE = re.compile(
    r"\b(?:to|want|us|will|must|should)\s+(?:prove|show|find|derive|compute|calculate|verify|get)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?<=\s)[\[(]\s*((?=[^()\[\]]*[A-Za-z]{4})(?:[A-Za-z]+|!=|≠|[0-9]+)(?:[\s,.'-]+(?:[A-Za-z]+|!=|≠"
    r"|[0-9]+))*)\s*[\])]\s*$"
)
_NOTE = re.compile(
    r"(?<=\s)\(([A-Za-z]{2,} [a-z]{2,} [^=]*)\)\s*$"
)  # words, perhaps with a formula
# What stands where something is to be filled in.
BLANK = re.compile(  # dots right behind a formula, with words after them, are a pause
    r"(?<![\w)\]}])…|(?<![\w)\]}.])\.\.\.|(?:…|\.\.\.)\s*$|\\l?dots\b|\\placeholder\b"
    r"|(?<!\w)_{2,}(?!\w)|^\s*=?\s*\?+\s*$|[-=+*/^([{−·×⋅]\s*\?"
)
_LEFT_OUT = re.compile(r"=\s*(?:\.\.\.|…|\\[lc]?dots)\s*(?==)")  # steps that nobody needs to see
_ENDING = re.compile(r"(?:(?<=[\w)\]}])\s*\?+)?[\s.,;:!✓✔]*$")
_OPENING = "([{"
_CLOSING = ")]}"


def _blank(match: re.Match) -> str:
    return " " * len(match[0])


_RULE = re.compile(r"^[ \t]*\|[\s:|-]*-{2,}[\s:|-]*\|[ \t]*$", re.MULTILINE)


def _without_table(text: str) -> str:
    """What stands in the last cell of each row of a Markdown table, in its place."""
    if not _RULE.search(text):
        return text
    lines = []
    for line in text.split("\n"):
        cells = re.match(r"^[ \t]*\|(?:[^|]*\|)*?([^|]*)\|[ \t]*$", line)
        if cells and not _RULE.match(line):
            line = " " * cells.start(1) + cells[1]
        lines.append("" if _RULE.match(line) else line)
    return "\n".join(lines)


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield each row that is not empty, LaTeX's own line ends included, and its reason."""
    text = without_groups(cases_in_words(plain_characters(as_typed(text))))
    text = re.sub(r"\bfür\b", "for", _without_table(text))
    text = re.sub(r"\\\\(?:\[[^\]]*\])?(?:[ \t]*\n)?|\\(?=\n)", "\n", text)
    for row in text.split("\n"):
        step, _, reason = row.partition("#")
        if undecorated(step).strip(" \t&"):
            reason = "".join(c if c.isprintable() else " " for c in reason[:MAX_CHARACTERS])
            yield step.rstrip(), reason.strip()


def _depths(row: str) -> list[int]:
    depth, found = 0, []
    for character in row:
        if character in _OPENING:
            depth += 1
        found.append(depth)
        if character in _CLOSING:
            depth -= 1
    return found if depth == 0 else [0] * len(row)


_EQUALS = re.compile(r"(?<![<>!=:])(?:=:|:?={1,2}|≡)(?![=<>])")


def _cuts(row: str) -> tuple[list[tuple[int, int]], bool]:
    """The sides between equals signs; and whether one stands at the beginning."""
    depths = _depths(row)
    signs = [m for m in _EQUALS.finditer(row) if depths[m.start()] == 0]
    edges = [0, *(x for m in signs for x in m.span()), len(row)]
    sides = list(zip(edges[::2], edges[1::2], strict=True))
    begins = bool(signs) and not row[: signs[0].start()].strip()
    return sides, begins


_WHERE = re.compile(r"[\s,;]*(?:where|with|wobei|mit)\b")
_STEP = "⤳"  # an arrow from one formula to the next
_SEPARATOR = re.compile(r"⤳|(?<!\\)[,;]\s+|(?<!\\)[,;]$|;|\s+(?:with|where|and|let)\s+")


def _parts(row: str) -> Iterator[tuple[int, int]]:
    """Cut a row where a new statement begins: `u = …, v = …`, `…; …`, `… with u = …`."""
    depths = _depths(row)
    cuts = [0]
    for found in _SEPARATOR.finditer(row):
        if depths[found.start()]:
            continue
        head = re.split(r"[,;]", row[found.end() :], maxsplit=1)[0]
        word = found[0].strip()
        after = row[found.end() + len(head) :]
        opens = word == ";" and _CONDITION.fullmatch(head) and re.match(r";[^;]*=", after)
        if _is_condition(head) and not opens:
            continue
        if opens or _EQUALS.search(head) or (word in (";", _STEP) and head.strip()):
            cuts += [found.start(), found.end()]
        elif word in ("where", "with"):
            cuts += [found.start(), len(row)]
            break
    cuts.append(len(row))
    return zip(cuts[::2], cuts[1::2], strict=True)


def _is_condition(head: str) -> bool:
    """Is it `0 if x < 0`, `otherwise`, `x > 0`: a part of the cases before it?"""
    if _EQUALS.search(re.sub(r"[<>!]=", "", head)):
        return False
    return bool(re.search(r"\b(?:if|for|when)\b|otherwise|\belse\b|[<>≤≥]|\\[lg]e", head))


@dataclass(frozen=True)
class RawStatement:
    """A statement before its names are known."""

    number: int
    row: str
    sides: tuple[tuple[int, int], ...]
    continues: str
    reason: str
    aim: bool = False
    blank: bool = False
    tail: str = ""
    read: str = ""  # the row with nothing but this statement, each sign in its place
    aside: bool = False


_JOINING = {**dict.fromkeys("*·×⋅", "*"), **dict.fromkeys("/÷", "/"), "+": "+"}


def raw_statements(text: str) -> list[RawStatement]:
    """Cut a text into statements, words and decoration taken away."""
    found: list[RawStatement] = []
    used = used_names(text)
    goes_on = False
    for number, (written, reason) in enumerate(rows(text), start=1):
        row, reason, aim = _bare(written, reason, used)
        if BLANK.search(row):
            found.append(RawStatement(number, written, (), "", reason, blank=True))
            goes_on = False
        elif row.strip() and _is_mathematics(row):
            first, condition, ended = True, "", 0
            for start, end in _parts(row):
                part, aside = _bare_part(row, start, end), bool(_WHERE.match(written, ended))
                ended = end
                if not part.strip():
                    continue
                if end < len(row) and (test := _CONDITION.fullmatch(part)):
                    condition = f" if {test[1].strip()}"
                    continue
                part += "" if _is_condition(part) else condition
                goes_on = _add(found, part, (number, written, reason, aim), first, goes_on)
                if aside and not first:
                    found[-1] = replace(found[-1], aside=True)
                if row[:start].endswith(_STEP) and len(found[-1].sides) > 1:
                    found[-1] = replace(found[-1], continues="→")
                first = False
    return found


def _bare(written: str, reason: str, used: set[str]) -> tuple[str, str, bool]:
    """A row without words, numbers of steps and ends of sentences; its reason; is it an aim?"""
    row = _quoted(without_code(written))
    aim = bool(_AIM.match(row) or _AIM_INSIDE.search(row))
    if head := _AIM.match(row):
        row = " " * head.end() + row[head.end() :]
    row = _HAS_SLOPE.sub(lambda found: "→".ljust(len(found[0])), _ASIDE.sub(_opened, row))
    row = _RANGE.sub(_blank, row)
    row = _PARAMETERS.sub(lambda found: found[1] + ")".rjust(len(found[0]) - len(found[1])), row)
    row = _SLOPE_IS.sub(lambda found: f"{found[1]}=".ljust(len(found[0])), row)
    row = undecorated(mathematics(_SENTENCE.sub("; ", row), used))
    row = _LEFT_OUT.sub(_blank, _ARROWS.sub(_arrow, row))
    row = _blanked(row, _ENDING.search(row))
    if (note := _REASON.search(row)) and is_reason(note[1]):
        reason = reason or note[1].strip()
        row = _blanked(row, note)
    elif (note := _NOTE.search(row)) and is_reason(note[1]):
        reason, row = reason or note[1].strip(), _blanked(row, note)
    if found := _CONDITION_BEHIND.search(row):
        row = f"{row[: found.start()]} {found[1]} ".ljust(len(row))
    return _parted(_blanked(row, _WORDS.match(row)), used), reason, aim


# `…` and **…** of Markdown; behind a letter or a bracket they are primes and powers.
_TICKS = re.compile(r"(?<![\w)\]'`])`([^`]+)`(?![\w`])")
_BOLD = re.compile(r"(?<![\w)\]}*])\*\*(?=\S)([^*]+)(?<=\S)\*\*(?![\w(\[{*])")


def _quoted(row: str) -> str:
    """Take Markdown's marks away; what stands in ticks is a formula, as between dollars."""
    row = _TICKS.sub(lambda found: f"${found[1]}$", row)
    return _BOLD.sub(lambda found: f"  {found[1]}  ", row)


# `u = e^z (so u' = u)`, `… = cosh. sinh' = cosh`, `αz has the slope α`.
_ASIDE = re.compile(
    r"(?<=\s)\((?P<inside>(?:[A-Za-z]+\s+)*[A-Za-zα-ω]['’′]*(?:\([a-z]\))?\s*=[^=()]*"
    r"(?:\([^()]*\)[^=()]*)*)\)\s*[.,;]?\s*$"
)
_SENTENCE = re.compile(r"(?<=[^\W\d])\.\s(?=\s*[A-Za-zα-ω]+['’′]*(?:\([a-z]\))?\s*=)")
_HAS_SLOPE = re.compile(
    r"(?<=\s)(?:differentiates\s+to|has\s+(?:the\s+|as\s+)?(?:derivative|slope|gradient))(?=\s)"
)


# `f(z, a)`, `f(z; a)`: a function of z that has a parameter.
_PARAMETERS = re.compile(
    r"((?<![A-Za-z\\])(?!D\b|max|min|pow|where|mul|add|div|sub|true_|Deriv|diff)"
    r"[A-Za-zα-ωϕϵ]\w*['’′]*\(\s*\\?[A-Za-zα-ωϕϵ]+)\s*(?:[,;|]\s*\\?[A-Za-zα-ωϕϵ]+\s*)+\)"
)
# `for 0 < a < 1`: for which parameters; what is false for others is said anyway.
_RANGE = re.compile(
    r"\s(?:,\s*|(?:and|und|for|where|with|if)\s+)\d[\d.]*\s*(?:<=?|≤|\\leq?)\s*"
    r"\\?(?![zx]\b)[A-Za-zα-ωϕϵ]+\s*(?:<=?|≤|\\leq?)\s*\d[\d.]*"
)
_SLOPE_IS = re.compile(
    r"\b(slope|derivative|gradient)\s+(?:is\s+)?(?=[-−]?(?:\d+|[α-ω])\s*(?:[,.;]|$))"
)


def _opened(found: re.Match) -> str:
    return f";{found['inside']}".ljust(len(found[0]))


_TEST = r"[^=<>≤≥:;,?()]+(?:[<>]=?|≤|≥|\\[lg]e(?:q|qslant)?(?![A-Za-z]))[^=<>≤≥:;,?()]+"
_CONDITION = re.compile(rf"\s*(?:(?:for|if|when|where|falls|wenn)\s+)?(?:all\s+)?({_TEST})\s*")
_CONDITION_BEHIND = re.compile(r"(?<=[\w)\s])\(\s*(?=(?:for|if|when)\s)([^()]*[<>≤≥][^()]*)\)\s*$")
_COLON = re.compile(r"(?<=[\w)\]}])\s*:(?=\s)")
_CASE = re.compile(rf"^\s*(?:(?:for|if|when|case|falls|wenn)\s+)?(?:all\s+)?{_TEST}:(?=\s)")
_GAP = re.compile(r"(?<=[\w)\]}])[ \t]{2,}(?=[A-Za-z]\w*(?:\([A-Za-z]\))?['’′]*\s*=)")


# `d/dz: …` is a heading, `y': …` and `u: …` say what a name is.
_OPERATOR = re.compile(r"^\s*d\s*/\s*d[A-Za-z]\s*:(?=\s)")
_NAMED = re.compile(
    r"(?:^|(?<=[,;]))\s*(?:(?P<word>[A-Za-z]{2,})['’′]*|[A-Za-z]['’′]+|[A-Za-z]['’′]*\([A-Za-z]\)"
    r"|d[A-Za-z]\s*/\s*d[A-Za-z]|[f-hs-wyσ])\s*:(?=\s+[^\s=]+)"
)


def _parted(row: str, used: set[str]) -> str:
    """Put a semicolon where `u = …: u' = …` and `u = 1   v = …` go on to the next statement."""
    row = _blanked(row, _OPERATOR.match(row))
    if case := _CASE.match(row):
        row = row[: case.end() - 1] + ";" + row[case.end() :]
    for found in reversed([*_NAMED.finditer(row)]):
        if not found["word"] or found["word"] in used:
            row = row[: found.end() - 1] + "=" + row[found.end() :]
    for pattern, before in ((_COLON, r"[=<>≤≥]|\\[lg]e"), (_GAP, "=")):
        for found in reversed([*pattern.finditer(row)]) if "?" not in row else ():
            head, tail = row[: found.start()], row[found.end() :]
            if re.search(before, head) and _EQUALS.search(tail) and not _depths(row)[found.start()]:
                row = head + ";".rjust(len(found[0])) + tail
    return row


_NUMERIC = re.compile(r"[-−+]?(?:\d[\d.,/]*|∞|\\infty)\s*[.,;]?")
_OPERATION = re.compile(
    r"(?<!\w)\w\s+[^\W\d](?!\w)|\w\s*[-+*/^(]|[\w)}]\s*[√²³]|\\frac|[A-Za-zα-ω][A-Za-zα-ω]"
)


def _arrow(found: re.Match) -> str:
    """An arrow between two equations or formulas parts them; behind lim it stays."""
    row = found.string
    if re.search(rf"{LIMIT}$", row[: found.end()]):
        return found[0]
    head, tail = row[: found.start()].strip(), row[found.end() :].strip()
    both = "=" in head and "=" in tail
    becomes = _OPERATION.search(re.split("[,;:]", head)[-1])  # a lone name is replaced: z → -z
    formulas = becomes and tail and not _NUMERIC.fullmatch(tail) and not _depths(row)[found.start()]
    from_formula = "=" not in re.split("[,;:]", _ARROWS.split(row[: found.start()])[0])[-1]
    parted = (_STEP if formulas and from_formula else ";") if both or formulas else " "
    return parted.ljust(len(found[0]))


def _blanked(row: str, found: re.Match | None) -> str:
    if found is None:
        return row
    return row[: found.start()] + " " * len(found[0]) + row[found.end() :]


def _bare_part(row: str, start: int, end: int) -> str:
    part = row[start:end]
    if start:
        part = _blanked(part, _WORDS.match(part))
    return " " * start + _blanked(part, _ENDING.search(part))


def _add(
    found: list[RawStatement],
    part: str,
    about: tuple[int, str, str, bool],
    first: bool,
    goes_on: bool,
) -> bool:
    """Add the statement that a part of a row is; does it go on in the next row?"""
    number, written, reason, aim = about
    sides, begins = _cuts(part)
    sides = [_trimmed(part, *side) for side in sides]
    opens = len(sides) > 1 and sides[-1][0] == sides[-1][1]
    continues = "=" if first and (begins or goes_on) else ""
    sides = [side for side in sides if side[0] < side[1]]
    lead = part.lstrip()[:1]
    before = found[-1].tail if first and sides and found else ""
    if before:
        continues = before
    elif first and sides and found and not continues and lead in _JOINING:
        continues = _JOINING[lead]
        sides[0] = _trimmed(part, sides[0][0] + 1, sides[0][1])
    tail = ""
    last = part[slice(*sides[-1])] if sides else ""
    if len(last) > 1 and last[-1] in {*_JOINING, "-", "−", "–"}:
        tail = _JOINING.get(last[-1], "-")
        sides[-1] = _trimmed(part, sides[-1][0], sides[-1][1] - 1)
    if sides or begins:
        sign = continues if sides else "="
        read = part + " " * (len(written) - len(part))
        found.append(
            RawStatement(number, written, tuple(sides), sign, reason, aim, tail=tail, read=read)
        )
    return opens


def reread(statement: RawStatement, text: str) -> RawStatement:
    """The statement as it is meant, written out as `text`."""
    sides = [_trimmed(text, *side) for side in _cuts(text)[0]]
    sides = [side for side in sides if side[0] < side[1]]
    if statement.continues in ("+", "*", "/") and text.lstrip()[:1] in _JOINING:
        sides[0] = _trimmed(text, sides[0][0] + 1, sides[0][1])
    if statement.tail:
        sides[-1] = _trimmed(text, sides[-1][0], sides[-1][1] - 1)
    return replace(statement, row=text, read=text, sides=tuple(sides))


def _trimmed(row: str, start: int, end: int) -> tuple[int, int]:
    inside = row[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())


_MATHS = re.compile(r"[0-9=+*/^()Α-ωϕϵ'√²³·⁻σΦφ\\-]|\b[A-Za-z]\b|∂|D\(")


def _is_mathematics(row: str) -> bool:
    """Is there anything to read, or words alone?"""
    words = re.findall(r"[A-Za-z]{2,}", row)
    return bool(_MATHS.search(re.sub(r"[A-Za-z]{2,}-[A-Za-z]{2,}", "", row))) or len(words) == 1
