"""What is said about the lines of a derivation: which hold, which cannot be read, what differs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from textwrap import shorten

from helpers.derivation import (
    Claim,
    Claims,
    Comparison,
    D,
    Num,
    Op,
    Sym,
    Tree,
    substitute,
    walk,
    written_out,
)
from helpers.diagnosis import four_digits, place, typographic
from helpers.language import gettext, ngettext


def joined(*parts: str) -> str:
    """Put sentences behind one another."""
    return " ".join(filter(None, parts))


def no_formula(name: str) -> str:
    """Say that words alone came, and where help is."""
    return gettext(
        'None of these lines could be read as a formula; hint("{name}") says how to go on.',
        name=name,
    )


def evidence(wrong: Claim, claims: Claims) -> str:
    """Show one place where a line and what it is compared with part, in the learner's letters."""
    assert wrong.comparison is not None
    assert wrong.comparison.point is not None
    assert wrong.wrong is not None
    mine, theirs = _both(wrong.comparison)
    where = _where(wrong.comparison, [wrong.side, wrong.against], claims)
    by_arrow = wrong.statement.continues == "→" and wrong.wrong == 0
    if not by_arrow and wrong.against_line == wrong.number and wrong.trees[wrong.wrong - 1] is None:
        return gettext(
            "Line {number}: at {where} what stands behind its {nth} equals sign is {mine}, "
            "but the last side before it that can be read is {theirs}.",
            number=_statement(wrong, claims),
            where=where,
            nth=_behind(wrong),
            mine=mine,
            theirs=theirs,
        )
    if by_arrow:
        return gettext(
            "Line {number}: at {where} what stands behind the arrow is {mine}, "
            "but {other} is {theirs}.",
            number=wrong.number,
            where=where,
            mine=mine,
            other=gettext("what stands before it")
            if wrong.against_line
            else gettext("the slope asked for"),
            theirs=theirs,
        )
    if wrong.against_line == wrong.number and len(wrong.trees) > 2:
        return gettext(
            "Line {number}: at {where} what stands behind its {nth} equals sign is {mine}, "
            "but what stands before it is {theirs}.",
            number=_statement(wrong, claims),
            where=where,
            nth=_behind(wrong),
            mine=mine,
            theirs=theirs,
        )
    if wrong.against_line == wrong.number:
        return gettext(
            "Line {number}: at {where} its right side is {mine}, but its left side is {theirs}.",
            number=wrong.number,
            where=where,
            mine=mine,
            theirs=theirs,
        )
    above = gettext("line {number}", number=wrong.against_line)
    return gettext(
        "Line {number}: at {where} it is {mine}, but {other} is {theirs}.",
        number=wrong.number,
        where=where,
        mine=mine,
        other=above if wrong.against_line else gettext("the slope asked for"),
        theirs=theirs,
    )


def right_for_one_value(wrong: Claim, claims: Claims, slope: Tree) -> str:
    """Say for which simple value of a parameter a wrong side would be right, if there is one."""
    setting = claims.setting
    right = slope if wrong.against is None else wrong.against
    sides = [written_out(side, setting.where) for side in (wrong.side, right)]
    about = set().union(*map(setting.letters, sides))
    for name in (name for name in setting.parameters if name in about):
        for value in ("1", "2"):
            here = (substitute(side, {name: Num(value)}) for side in sides)
            if setting.compare(*here).equal:
                own = claims.reading.names.as_written.get(name, name)
                return gettext("For {name} = {value} the two agree.", name=own, value=value)
    return ""


def _where(comparison: Comparison, sides: Sequence[Tree | None], claims: Claims) -> str:
    """Say at which place the sides were compared, in those letters that they are about."""
    setting, point = claims.setting, comparison.point or {}
    known = [tree for tree in sides if tree is not None]
    about = set().union({setting.variable}, *map(setting.letters, known))
    shown = {name: x for name, x in point.items() if name in about}
    return place(_in_own_letters(shown, claims))


def _statement(wrong: Claim, claims: Claims) -> str:
    """The number of a line, and how the statement begins where it is not the line's only one."""
    alone = sum(claim.number == wrong.number for claim in claims.claims) == 1
    first = wrong.statement.pieces[0]
    left = wrong.statement.row[first.start : first.end].strip()
    return f"{wrong.number}" if alone else f"{wrong.number} ({left} = …)"


def _behind(wrong: Claim) -> str:
    """Which of the equals signs of its line a side stands behind."""
    sides = len(wrong.trees)
    if wrong.wrong == sides - 1:
        return gettext("last")
    count = (wrong.wrong or 0) + (wrong.statement.continues == "=")
    return gettext(_NTH[count]) if count < 5 else gettext("{n}th", n=count)


_NTH = ("first", "first", "second", "third", "fourth")


def _both(comparison: Comparison) -> tuple[str, str]:
    """Both numbers with four digits, or with as many as it takes to tell them apart."""
    mine, theirs = comparison.shown()
    if len(mine) < 12 and len(theirs) < 12:
        short = four_digits(comparison.left), four_digits(comparison.right)
        if short[0] != short[1]:
            return short
    return typographic(mine), typographic(theirs)


def _in_own_letters(point: Mapping[str, Fraction], claims: Claims) -> dict[str, Fraction]:
    own = claims.reading.names.as_written
    return {own.get(name, name): x for name, x in point.items()}


def that_hold(claims: Claims, before: Claim | None = None) -> str:
    """Say which lines are right; before a wrong one also which of them cannot be read, and why."""
    stop = claims.claims.index(before) if before else len(claims.claims)
    bad = {c.number for c in claims.claims if c.found in ("false", "unread", "undecided", "blank")}
    right = ("slope", "true", "definition")
    numbers = sorted({c.number for c in claims.claims[:stop] if c.found in right} - bad)
    if before is None:
        return _hold(numbers)
    unread: dict[str, list[int]] = {}
    for claim in claims.claims[:stop]:
        for error in claim.errors[:1]:
            unread.setdefault(error.message, []).append(claim.number)
    reasons = (
        gettext("{lines} cannot be read: {why}", lines=_lines(at), why=_ended(why))
        for why, at in unread.items()
    )
    aside = (
        gettext(
            "A side of line {number} cannot be read: {why}",
            number=before.number,
            why=_ended(error.message),
        )
        for error in before.errors[:1]
    )
    return joined(_hold([n for n in numbers if n < before.number]), *reasons, *aside)


def _hold(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    return ngettext("{lines} holds.", "{lines} hold.", len(numbers), lines=_lines(numbers))


def _lines(numbers: Sequence[int]) -> str:
    """Name lines: `Line 2`, `Lines 1–3`, `Lines 1, 3`."""
    if len(numbers) == 1:
        return gettext("Line {number}", number=numbers[0])
    if numbers[-1] - numbers[0] + 1 == len(numbers):
        return gettext("Lines {first}–{last}", first=numbers[0], last=numbers[-1])
    return gettext("Lines {numbers}", numbers=", ".join(map(str, numbers)))


def _ended(sentence: str) -> str:
    return sentence + ("" if sentence.endswith((".", "?", "!", "…")) else ".")


def by_another_letter(claim: Claim, claims: Claims) -> str:
    """Say that a line differentiates the function with respect to a letter that stands still."""
    setting, own = claims.setting, claims.reading.names.as_written
    meanings = {**setting.where, **claims.own}
    defined = {name for name, tree in meanings.items() if not isinstance(tree, Sym)}
    for piece in claim.statement.pieces:
        for node in walk(piece.tree) if piece.tree is not None else ():
            by = getattr(node, "by", "") or setting.variable
            if by != setting.variable and by not in defined:
                asked = own.get(setting.variable, setting.variable)
                return gettext(
                    "Line {number} differentiates with respect to {letter}; this "
                    "exercise asks for the slope with respect to {asked}.",
                    number=claim.number,
                    letter=own.get(by, by),
                    asked=asked,
                )
    return ""


def unreadable(unread: Sequence[Claim], holding: str, said: str) -> str:
    """Point at every place that cannot be read, one below the other."""
    rows = [said] if said else []
    for claim in unread:
        for error in claim.errors:
            error.text = error.text or claim.statement.row
            pointer = str(error).split("\n", 1)[-1]
            said_of_it = _ended(error.message)
            rows.append(
                gettext(
                    "Line {number} cannot be read: {said_of_it}\n{pointer}",
                    number=claim.number,
                    said_of_it=said_of_it,
                    pointer=pointer,
                )
            )
    return "\n".join([*dict.fromkeys(rows), holding]).strip()


def other_function(claims: Claims, function: Tree) -> str:
    """Say that what was differentiated is not the function of the exercise."""
    claim = claims.others[0]
    written = next(iter(claim.statement.defines))
    name = claims.reading.names.own[written]
    comparison = claims.setting.compare(claims.own[name], function)
    assert comparison.point is not None
    mine, theirs = four_digits(comparison.left), four_digits(comparison.right)
    where = place(_in_own_letters(comparison.point, claims))
    return gettext(
        "Line {number} defines {written}, and that is not the function of "
        "this exercise: at {where} it is {mine}, the function is {theirs}.",
        number=claim.number,
        written=written,
        where=where,
        mine=mine,
        theirs=theirs,
    )


def of_a_part_alone(claims: Claims, slope: Tree) -> str:
    """Say of lines that hold, and end in no slope of the function, by how much; or nothing.

    A letter of the learner's own, or its slope, is a step on the way.
    """
    last = claims.claims[-1]
    trees = [piece.tree for piece in last.statement.pieces]
    first, end = trees[0], trees[-1]
    is_own = isinstance(first.arg if isinstance(first, D) else first, Sym)
    if last.found != "true" or end is None or len(trees) < 2 or is_own:
        return ""
    comparison = claims.setting.compare(claims.in_letters(end), slope)
    if comparison.point is None or None in (comparison.left, comparison.right):
        return ""
    mine, theirs = _both(comparison)
    return gettext(
        "At {where} the last side of line {number} is {mine}; the slope asked for is {theirs}. "
        "Where does what you have come into that slope?",
        number=last.number,
        where=_where(comparison, [end, slope], claims),
        mine=mine,
        theirs=theirs,
    )


_RULES = {
    "product": (r"product rule|produktregel", "a product of two factors"),
    "quotient": (r"quotient rule|quotientenregel", "a fraction or a negative power"),
    "power": (r"power rule|potenzregel", "a power, a root or a fraction"),
}


def named_rules(reason: str) -> set[str]:
    """Name the rules for what is composed of others that a reason names.

    >>> sorted(named_rules("Produkt- und Kettenregel"))
    ['chain', 'product']
    """
    if not re.search("rule|regel", reason, re.IGNORECASE):
        return set()
    return {rule for rule, words in _COMPOSED.items() if re.search(words, reason, re.IGNORECASE)}


_COMPOSED = {
    "product": "product|produkt",
    "quotient": "quotient",
    "power": r"\bpower|potenz",
    "chain": "chain|kette",
}


def unapplied_rule(claims: Claims, of: Sequence[Tree]) -> str:
    """Say of the first rule that is named and has nothing to work on."""
    above: Tree = D(of[0])
    for claim in claims.claims:
        sides = [claims.in_letters(tree) for tree in claim.trees if tree is not None]
        if claim.found != "slope" or not sides:
            continue
        before = [above, *sides[:-1]]
        for rule, (pattern, needed) in _RULES.items():
            if re.search(pattern, claim.statement.reason, re.IGNORECASE):
                open_ = [n.arg for tree in before for n in walk(tree) if isinstance(n, D)]
                open_ += of if any(arg in of for arg in open_) else ()
                if not any(_offers(rule, arg) for arg in open_):
                    return gettext(
                        "Line {number} names the {rule} rule: where above it is {needed} "
                        "to be differentiated?",
                        number=claim.number,
                        rule=gettext(rule),
                        needed=gettext(needed),
                    )
        above = sides[-1]
    return ""


def _offers(rule: str, tree: Tree) -> bool:
    """Is there something in it that this rule works on?"""
    signs = {"product": "*/", "quotient": "/^*", "power": "^/"}[rule]
    nodes = list(walk(tree))
    named = any(getattr(n, "name", "") in ("sqrt", "sigmoid", "sech") for n in nodes)
    return named or any(isinstance(n, Op) and n.op in signs for n in nodes)


_REASONS = re.compile(  # how words begin that are said of a step, in English and German
    r"first|then|next|last|start|begin|rule|regel|law|gesetz|chain|kette|product|produkt|quotient|power|potenz|sum|"
    r"constant|konstant|factor|faktor|defin|algebra|simpl|verein|tidy|cancel|kürz|"
    r"expan|multipl|ausmult|fraction|bruch|bracket|klammer|insert|setz|einsetz|"
    r"replace|recogn|erkenn|rewrit|umform|write|schreib|split|aufteil|add|subtr|"
    r"subst|divid|div|slope|steigung|deriv|ableit|differ|exponen|root|wurzel|log|"
    r"sinh|cosh|tanh|sigm|ident|square|quadrat|term|sign|vorzeichen|inner|outer|"
    r"äußere|line|zeile|min|plus|common|gemein|combin|collect|sort|reciproc|invers|"
    r"given|gegeben|known|bekannt|see|same|gleich|trig|hyperb|pythag|letter|name|"
    r"erf|normal|dens|dicht|leibniz|newton|limit|grenzwert|carry|apply|use|using|"
    r"anwend|zero|null|one|eins|both|sides|seiten|equal|reduc|form|call|nenn|let|"
    r"with|mit|where|relu|branch|zweig|unit"
)


def unknown_reason(claims: Claims) -> str:
    """Say of the first reason that names nothing known here: no rule, no step, no formula."""
    for claim in claims.claims:
        reason = claim.statement.reason.casefold()
        words = re.findall(r"[^\W\d_]{3,}", reason)
        formula = re.search(r"[\d=()^*/′']|\b\w\b", reason)
        if words and not formula and not any(map(_REASONS.match, words)):
            said = shorten(claim.statement.reason, 40, placeholder="…")
            return gettext(
                "The reason of line {number}, “{said}”, names no rule that is known here: "
                "which one is it?",
                number=claim.number,
                said=said,
            )
    return ""
