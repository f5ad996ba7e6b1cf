"""Cut what people write into rows and statements: words, arrows and line ends taken away.

What is taken away leaves blanks, so that every piece keeps its place in the learner's own row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.derivation.reader import MAX_CHARACTERS
from helpers.derivation.tokens import as_typed

__all__ = ["BLANK", "RawStatement", "raw_statements", "rows"]

# ----------------------------------------------------------------------------- rows and words

_DISPLAY = re.compile(
    r"\\begin\{(?:align|aligned|equation|gather|gathered|eqnarray|split|array|multline)\*?\}"
    r"(?:\{[lcr|]*\})?|\\end\{(?:align|aligned|equation|gather|gathered|eqnarray|split|array"
    r"|multline)\*?\}|\$\$?|\\\[|\\\]|\\\(|\\\)|\\(?:label|tag|hspace|vspace)\*?\{[^{}]*\}"
    r"|\\(?:notag|nonumber|displaystyle)\b|&(?=\s*(?:=|\\Rightarrow|\\implies))|(?<==)\s*&"
    r"|✓|✔|☑|✅|□|■|∎|\\(?:checkmark|blacksquare|square|qed)\b|QED|q\.e\.d\.?",
)
_ARROWS = re.compile(
    r"=>(?!\s*=)|⇒|⟹|→|⟶|⇔|⟺|∴|∵|-->|->|\\(?:Rightarrow|implies|Longrightarrow|to|rightarrow"
    r"|Leftrightarrow|iff|therefore|because)\b"
)
_WORDS = re.compile(
    r"^\s*(?:[-*•]\s+(?=[A-Za-z\\(])|\(?[0-9]{1,2}[.)]\s+|\([a-z0-9]\)\s+|>>\s*)?"
    r"(?:(?:given|step\s*[0-9]+(?=\s*[:.)])|solution|answer|proof|simplified|simplify|simplifying|rewrite"
    r"|rewriting|let(?:'s)?|with|where|set|put|define|and|so|thus|hence|therefore|then|we\s+(?:get"
    r"|have|know|find)|now|first|next|finally|also|since|because|as|using|use|note|recall|check"
    r"|i\.e\.|ie|but|for|that|is|gives?|or|sei|mit|also|dann|daraus|folgt)\b[\s:,.]*"
    r"|(?:[A-Za-z]+\s+){1,6}[A-Za-z]+\s*:\s*)*",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"^\s*(?:(?:to\s+)?(?:prove|show|find|differentiate|derive|calculate|compute|determine|claim"
    r"|goal|wanted|to\s+show|zu\s+zeigen)\b)(?:\s+that\b)?[\s:,]*",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?<=\s)[\[(]\s*((?=[^()\[\]]*[A-Za-z]{4})(?:[A-Za-z]+|!=|≠|[0-9]+)(?:[\s,.'-]+(?:[A-Za-z]+|!=|≠"
    r"|[0-9]+))*)\s*[\])]\s*$"
)
# What stands where something is to be filled in.
BLANK = re.compile(r"…|\.\.\.|\\l?dots\b|\\placeholder\b|(?<!\w)_{2,}(?!\w)|^\s*=?\s*\?+\s*$")
_LEFT_OUT = re.compile(r"=\s*(?:\.\.\.|…|\\[lc]?dots)\s*(?==)")  # steps that nobody needs to see
_ENDING = re.compile(r"[\s.,;:!✓✔]+$")
_OPENING = "([{"
_CLOSING = ")]}"

_CASES = re.compile(r"\\begin\{(cases|dcases|array)\}.*?\\end\{\1\}", re.DOTALL)


def _blank(match: re.Match) -> str:
    return " " * len(match[0])


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield each row that is not empty, LaTeX's own line ends included, and its reason."""
    text = as_typed(text)
    text = _CASES.sub(lambda found: _cases_in_words(found[0]), text)
    text = re.sub(r"\\\\(?:\[[^\]]*\])?(?:[ \t]*\n)?", "\n", text)
    for row in text.split("\n"):
        row = _DISPLAY.sub(_blank, row)
        step, _, reason = row.partition("#")
        if step.strip(" \t&"):
            reason = "".join(c if c.isprintable() else " " for c in reason[:MAX_CHARACTERS])
            yield step.rstrip(), reason.strip()


def _cases_in_words(latex: str) -> str:
    r"""`\begin{cases} a & x>0 \\ b & x \le 0 \end{cases}` -> `(a if x>0, b if x \le 0)`."""
    inside = re.sub(r"^\\begin\{\w+\}(?:\{[lcr|]*\})?|\\end\{\w+\}$", "", latex).strip()
    cases = []
    for row in re.split(r"\\\\(?:\[[^\]]*\])?", inside):
        if not row.strip():
            continue
        value, _, test = row.partition("&")
        test = re.sub(r"\\(?:text|mathrm|textrm|mbox)\s*\{([^{}]*)\}", r" \1 ", test).strip(" ,.;")
        test = re.sub(r"^(?:if|for|when|falls|where)\b|^,", "", test.strip()).strip()
        value = value.strip(" ,")
        otherwise = re.match(r"(?i)otherwise|else|sonst", test)
        if otherwise or not test:
            cases.append(f"{value} otherwise")
        else:
            cases.append(f"{value} if {test}")
    return "(" + ", ".join(cases) + ")"


def _depths(row: str) -> list[int]:
    depth, found = 0, []
    for character in row:
        if character in _OPENING:
            depth += 1
        found.append(depth)
        if character in _CLOSING:
            depth -= 1
    return found if depth == 0 else [0] * len(row)


_EQUALS = re.compile(r"(?<![<>!=:])(?::?={1,2}|≡)(?![=<>])")


def _cuts(row: str) -> tuple[list[tuple[int, int]], bool]:
    """The sides between equals signs; and whether one stands at the beginning."""
    depths = _depths(row)
    signs = [m for m in _EQUALS.finditer(row) if depths[m.start()] == 0]
    edges = [0, *(x for m in signs for x in m.span()), len(row)]
    sides = list(zip(edges[::2], edges[1::2], strict=True))
    begins = bool(signs) and not row[: signs[0].start()].strip()
    return sides, begins


def _parts(row: str) -> Iterator[tuple[int, int]]:
    """Cut a row where a new statement begins: `u = …, v = …`, `…; …`, `… with u = …`."""
    depths = _depths(row)
    cuts = [0]
    for found in re.finditer(r"(?<!\\)[,;]\s+|(?<!\\)[,;]$|\s+(?:with|where|and|let)\s+", row):
        if depths[found.start()]:
            continue
        after = row[found.end() :]
        head = re.split(r"[,;]", after, maxsplit=1)[0]
        word = found[0].strip()
        if re.search(r"\b(?:if|for|when)\b|otherwise|\belse\b", head) and "=" not in re.sub(
            r"[<>!]=", "", head
        ):
            continue
        if _EQUALS.search(head) or (word in (";",) and head.strip()):
            cuts += [found.start(), found.end()]
        elif word in ("where", "with") and not _EQUALS.search(head):
            cuts += [found.start(), len(row)]
            break
    cuts.append(len(row))
    return zip(cuts[::2], cuts[1::2], strict=True)


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


_JOINING = {**dict.fromkeys("*·×⋅", "*"), **dict.fromkeys("/÷", "/"), "+": "+"}


def raw_statements(text: str) -> list[RawStatement]:
    found: list[RawStatement] = []
    goes_on = False
    number = 0
    for written, reason in rows(text):
        number += 1
        row = _LEFT_OUT.sub(_blank, _ARROWS.sub(_blank, written))
        if BLANK.search(row):
            found.append(RawStatement(number, written, (), "", reason, blank=True))
            goes_on = False
            continue
        ending = _ENDING.search(row)
        if ending:
            row = row[: ending.start()] + " " * (len(row) - ending.start())
        if note := _REASON.search(row):
            reason = reason or note[1].strip()
            row = row[: note.start()] + " " * (len(row) - note.start())
        aim = _AIM.match(row)
        head = aim or _WORDS.match(row)
        if head and head.end():
            row = " " * head.end() + row[head.end() :]
        if not row.strip():
            continue
        if not _is_mathematics(row):
            continue
        first = True
        for start, end in _parts(row):
            part = " " * start + row[start:end]
            if not first and (word := _WORDS.match(part[start:])):
                part = " " * (start + word.end()) + part[start + word.end() :]
            if not part.strip():
                continue
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
            goes_on = opens
            if sides or begins:
                sign = continues if sides else "="
                found.append(
                    RawStatement(number, written, tuple(sides), sign, reason, bool(aim), tail=tail)
                )
            first = False
    return found


def _trimmed(row: str, start: int, end: int) -> tuple[int, int]:
    inside = row[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())


_MATHS = re.compile(r"[0-9=+*/^()'√²³·⁻σΦφ\\-]|\b[A-Za-z]\b|∂|D\(")


def _is_mathematics(row: str) -> bool:
    """Is there anything to read, or words alone?"""
    words = re.findall(r"[A-Za-z]{2,}", row)
    return bool(_MATHS.search(re.sub(r"[A-Za-z]{2,}-[A-Za-z]{2,}", "", row))) or len(words) == 1
