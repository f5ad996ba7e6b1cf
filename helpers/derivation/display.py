r"""Take away what LaTeX, Markdown and programs put around a formula, and what only decorates it.

Environments, alignment, labels, `\overset{!}{=}`, `\underbrace{…}_{…}`, `return`, `>>>`: each
becomes blanks, so that what stays keeps its place in its row. Cases become words.
"""

from __future__ import annotations

import re

TIGHT = "\u200a"  # what `\\!` leaves: a name and a bracket that belong together

_NAMES = (
    r"(?:align(?:ed|at)?|equation|gather(?:ed)?|eqnarray|split|array|multline|flalign|math"
    r"|displaymath|center)"
)
_ENVIRONMENT = re.compile(
    rf"\\begin\{{{_NAMES}\*?\}}(?:\{{[lcr|@{{}}0-9]*\}})?|\\end\{{{_NAMES}\*?\}}"
)
_AROUND = re.compile(
    r"\$\$?|\\\[|\\\]|\\\(|\\\)|\\(?:label|tag|hspace|vspace|require|color|ref|eqref|phantom)\*?"
    r"\{[^{}]*\}|\\(?:notag|nonumber|displaystyle|textstyle|qedhere|require|hfill|noindent|centering"
    r"|newline|allowbreak|checkmark|[bB]lacksquare|square|qed|left\s*\.|right\s*\.)(?![A-Za-z])"
    r"|✓|✔|☑|✅|□|■|∎|▪|◻|❏|QED|Q\.E\.D\.?|q\.e\.d\.?|w\.z\.b\.w\.?|```\w*|^\s*>\s+(?![>=])"
)
_ALIGNMENT = re.compile(r"&(?=\s*(?:=|\\[A-Za-z]+|&|$))|(?<==)\s*&|&&")
_SPACE = re.compile(r"\\(?:[,;:!> ]|(?:q?quad|enspace|thinspace|medspace|hskip\w*)(?![A-Za-z]))")
# One argument that decorates, one that counts.
_TWO = re.compile(
    r"\\(?:overset|stackrel|underset|textcolor|xrightarrow|xlongequal)\s*(?=\{)|\\map\s*(?=\{)"
)
_ONE = re.compile(
    r"\\(?:underbrace|overbrace|boxed|fbox|cancel|bcancel|mathclap|smash|paren|ensuremath|vphantom"
    r"|emph|substack|hl|sqbrk|size)\s*(?=\{)"
)


def _blank(found: re.Match) -> str:
    return " " * len(found[0])


def _group_end(text: str, start: int) -> int:
    """Where the group in braces that opens at `start` ends."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at + 1
    return len(text)


_NO_FORMULA = re.compile(
    r"\\(?:text\w*|mbox|\w*intertext|tag|label|mathrm|operatorname|overset|underset|stackrel"
    r"|x\w*arrow|xlongequal)\*?\s*$"
)


def without_groups(text: str) -> str:
    r"""Blank braces around a whole equation, as Wikipedia and `\boxed` have them.

    >>> without_groups(r"\boxed{y'={e^x}}")
    "\\boxed y'={e^x} "
    """
    out, groups = list(text), list[tuple[int, bool]]()
    for at, character in enumerate(text):
        if at and text[at - 1] == "\\":
            continue
        if character == "{":
            groups.append((at, False))
        elif character == "=" and groups and text[at - 1] not in "<>!":
            groups[-1] = groups[-1][0], True
        elif character == "}" and groups:
            start, equates = groups.pop()
            if equates and text[start + 1 : at].lstrip().startswith("\\begin") and groups:
                groups[-1] = groups[-1][0], True
            before = text[max(0, start - 20) : start]
            raised = before[-1:] in ("_", "^") or text[start + 1 : at].strip() == "="
            if equates and not raised and not _NO_FORMULA.search(before):
                out[start] = out[at] = " "
    return "".join(out)


def undecorated(row: str) -> str:
    r"""Blank what only decorates a row.

    >>> undecorated(r"f' \overset{!}{=} \underbrace{e^x}_{g} \tag{1}").split()
    ["f'", '=', '{e^x}']
    """
    row = _ENVIRONMENT.sub(_blank, row)
    row = _decorations(row)
    row = _AROUND.sub(_blank, row)
    row = _ALIGNMENT.sub(_blank, row)
    return _spaced(row)


def _decorations(row: str) -> str:
    while found := _TWO.search(row):
        first = _group_end(row, found.end())
        if found[0].startswith("\\map"):  # \map {f} {x}
            inside = row[found.end() + 1 : first - 1]
            head = " " * (found.end() + 1 - found.start())
            row = row[: found.start()] + head + inside + " " + row[first:]
            continue
        space = len(row[first:]) - len(row[first:].lstrip())
        second = _group_end(row, first + space)
        inside = row[first + space + 1 : second - 1] or " "
        head = " " * (first + space + 1 - found.start())
        row = row[: found.start()] + head + inside + " " + row[second:]
    while found := _ONE.search(row):
        end = _group_end(row, found.end())
        row = row[: found.start()] + " " * (found.end() - found.start()) + row[found.end() :]
        under = re.compile(r"\s*[_^]\s*(?=\{)").match(row, end)
        if under and "brace" in found[0]:
            last = _group_end(row, under.end())
            row = row[:end] + " " * (last - end) + row[last:]
    return row


def _spaced(row: str) -> str:
    """Blank spaces of LaTeX; a wide one before an equation of its own parts it from the rest."""

    def space(found: re.Match) -> str:
        before, after = row[: found.start()].rstrip(), row[found.end() :]
        if found[0] == "\\!" and re.match(r"\s*(?:\\left|\\[Bb]ig+l?)?\s*\(", after):
            return TIGHT + " "
        wide = "quad" in found[0] and before and before[-1] not in ",;=&+-*/(" and "=" in before
        own = re.match(r"[^=<>]*?=", after)
        parts = wide and own and not re.search(r"\\text|\bif\b|\bfor\b", own[0])
        return (";" if parts else " ") + " " * (len(found[0]) - 1)

    return _SPACE.sub(space, row)


# ------------------------------------------------------------------------------------ cases

_CASES = re.compile(
    r"(?:\\left\s*\\[{l]\w*\s*)?\\begin\{([dr]?cases)\*?\}(.*?)\\end\{\1\*?\}(?:\s*\\right\s*\.)?"
    r"|\\left\s*\\[{l](?:brace)?\s*\\begin\{(array|aligned|matrix)\}(?:\{[lcr|]*\})?(.*?)\\end\{\3\}"
    r"\s*\\right\s*\.",
    re.DOTALL,
)


def cases_in_words(text: str) -> str:
    r"""`\begin{cases} a & x>0 \\ b & x \le 0 \end{cases}` -> `(a if x>0, b if x \le 0)`.

    >>> cases_in_words(r"\begin{cases} 1, & x>0 \\ a & \text{otherwise} \end{cases}")
    '(1 if x>0, a otherwise)'
    """
    return _CASES.sub(lambda found: _in_words(found[2] or found[4] or ""), text)


def _in_words(inside: str) -> str:
    rows = re.split(r"\\\\(?:\[[^\]]*\])?|\\cr(?![A-Za-z])", inside)
    if len(rows) == 1 and inside.count("&") > 1:  # Markdown took one of two backslashes
        rows = re.split(r"\\(?=\s)", inside)
    cases = [_case(row) for row in rows if row.strip(" \n\t")]
    return "(" + ", ".join(cases) + ")"


def _case(row: str) -> str:
    value, ampersand, test = row.partition("&")
    plain = re.compile(r"\\(?:text|mathrm|textrm|mbox)\s*\{([^{}]*)\}")
    if not ampersand:
        row = re.sub(r"\\q?quad|\\[;,:]", " ", plain.sub(r" \1 ", row))
        cut = re.search(r",|\b(?:if|for|when|otherwise|else)\b", row)
        value, test = (row[: cut.start()], row[cut.start() :]) if cut else (row, "")
    test = re.sub(r"\\q?quad|\\[;,:]|\$", " ", plain.sub(r" \1 ", test)).strip(" ,.;&\n")
    test = re.sub(r"^(?:if|for|when|falls|wenn|where)\b|^,", "", test).strip()
    value = value.strip(" ,;\n")
    if not test or re.match(r"(?i)otherwise|else|sonst", test):
        return f"{value} otherwise"
    return f"{value} if {test}"


# ------------------------------------------------------------------------------------- code

_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.(?=\s)|In\s*\[\d*\]:|Out\s*\[\d*\]:)\s?")
_HEAD = re.compile(
    r"^\s*(?:(?:async\s+)?(?:def|function|func|fn)\b[^=]*[:{]|@\w+|import\s.*|from\s+\w+.*import.*"
    r"|class\s.*|[{}]|(?:print|assert)\b.*)\s*$"
)
_ONE_LINER = re.compile(
    r"^\s*(?:def|function|func|fn|double|float)\b[^={}]*\)\s*(?:->\s*\w+\s*)?[:{]\s*return\b"
)
_RETURN = re.compile(r"^\s*(?:return|yield)\b")
_DECLARED = re.compile(r"^\s*(?:const|var|double|float|auto|final|val)\s+(?=\w+\s*=)")
_LAMBDA = re.compile(
    r"(?<==)\s*lambda\s+\w+\s*:|^\s*lambda\s+\w+\s*:|(?<==)\s*@\(\w+\)"
    r"|(?<==)\s*(?:function\s*\(\w+\)|\(?\w+\)?\s*(?:=>|->|\\mapsto|↦)(?=\s*[\w(\[\\−-]))(?!.*=)"
)
_ASSIGNED = re.compile(r"^(\s*[\w.]+\s*)<-(?=\s*(?:function\s*\(|[\w(]))")  # R's
_INDICATOR = re.compile(r"\.\s*(?:astype|to|type)\([^()]*\)|\.(?:float|double|item|numpy)\(\)")


def without_code(row: str) -> str:
    """Blank what makes a formula a line of a program.

    >>> without_code("    return s * (1 - s);").strip()
    's * (1 - s);'
    >>> without_code("def f(x):").strip()
    ''
    """
    if _HEAD.match(row):
        return " " * len(row)
    if _ONE_LINER.match(row):
        row = re.sub(r"[;\s]*\}\s*$", _blank, row)
    row = _ASSIGNED.sub(r"\1 =", row)
    for pattern in (_PROMPT, _ONE_LINER, _RETURN, _DECLARED, _INDICATOR, _LAMBDA):
        row = pattern.sub(_blank, row)
    return row
