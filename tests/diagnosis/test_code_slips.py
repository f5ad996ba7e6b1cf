"""One slip put into the source of a right function, with what may be told of it, and where.

`python -m tests.diagnosis.test_code_slips 400 1` puts so many into the right functions, drawn with
this seed, and says what is told of them.
"""

import ast
import random
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.diagnosis.beliefs import OUTPUT, same_numbers
from helpers.diagnosis.programs import read_program
from helpers.exercises import call
from tests.diagnosis.test_wrong_functions import asked, marked_places, scope

RIGHT = Path(__file__).parent / "right_functions.txt"
Span = tuple[int, int, int]

OPERATIONS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
SIGNS = {"sign-flipped", "plus-minus-swapped", "operation-swapped", "complement"}
LOST = {"parameter-ignored", "product-missing-term", "missing-inner-derivative", "term-lost"}
CONSTANT = {"parameter-ignored", "term-lost", "product-missing-term", "exponent-kept"}
CONDITION = {"condition-misplaced", "branches-swapped", "mask-overwritten", "kink-at-zero"}


class Slipped(NamedTuple):
    """A wrong function.

    kind : of the slip. stories : what is true of it. source : the function. there : where the slip
    stands in it. around : what stands around that.
    """

    exercise: str
    kind: str
    stories: set[str]
    source: str
    there: Span
    around: Span
    use: str


def right_functions(path=RIGHT):
    """Yield the exercise and the source of each right function."""
    for entry in path.read_text("utf-8").split("\n## ")[1:]:
        name, _, source = entry.partition("\n")
        yield name.strip(), source.strip() + "\n"


def slips_into(source, rows=False):
    """Yield every slip of a node: (kind, stories, node, what is written instead).

    rows : what goes wrong with rows and layers as well.
    """
    tree = ast.parse(source)
    names = _quantities(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and node.lineno == node.end_lineno:
            parent = next((p for p in ast.walk(tree) if node in [*ast.iter_child_nodes(p)]), None)
            of_rows = _slips_of_rows(node, source) if rows else ()
            for kind, stories, new in (*_slips_of(node, parent, names, source), *of_rows):
                yield kind, stories, node, new


def _quantities(tree):
    """The names of numbers that are read, not those of modules or functions."""
    nodes = [*ast.walk(tree)]
    other = [n.func for n in nodes if isinstance(n, ast.Call)]
    other += [n.value for n in nodes if isinstance(n, ast.Attribute)]
    other += [n.annotation for n in nodes if isinstance(n, ast.arg)]
    words = [n.value for n in nodes if isinstance(n, ast.keyword)]
    names = (n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    return [n for n in names if all(n is not one for one in (*other, *words))]


def _slips_of(node, parent, names, source):
    def text(part):
        return ast.get_source_segment(source, part)

    def bare(part):  # in brackets where it is not plain
        plain = isinstance(part, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript)
        return text(part) if plain else f"({text(part)})"

    def factor(part):
        is_product = isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult | ast.Div)
        return text(part) if is_product else bare(part)

    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub() as op, right):
            a, b = text(left), bare(right)
            yield "sign of a sum", SIGNS, f"{a} {'-' if isinstance(op, ast.Add) else '+'} {b}"
            yield "times for plus", {"operation-swapped"}, f"{bare(left)} * {b}"
            term = {"term-lost", "complement", "product-missing-term", "parameter-ignored"}
            yield "term lost", term | {"rule-applied-termwise", "sign-flipped"}, bare(left)
            lost = right if isinstance(op, ast.Add) else ast.UnaryOp(ast.USub(), right)
            yield "term lost", term, f"({ast.unparse(lost)})"
            if isinstance(op, ast.Sub):
                yield "difference reversed", SIGNS, f"{bare(right)} - {bare(left)}"
        case ast.BinOp(left, ast.Mult() as op, right):
            a, b = bare(left), bare(right)
            division = {"operation-swapped", "fraction-upside-down"}
            yield "division for times", division, f"{factor(left)} / {b}"
            yield "plus for times", {"operation-swapped"}, f"{a} + {b}"
            lost = {"missing-square"} if ast.dump(left) == ast.dump(right) else set()
            yield "factor lost", LOST | lost | {"missing-square", "constant-slope-one"}, bare(left)
            yield "factor lost", LOST | lost | {"missing-square", "constant-slope-one"}, bare(right)
            for one, other in ((left, right), (right, left)):
                if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add | ast.Sub):
                    opened = f"{text(one)} * {bare(other)}" if one is left else f"{a} * {text(one)}"
                    yield "brackets lost", {"missing-parentheses", *LOST}, opened
        case ast.BinOp(left, ast.Div(), right):
            division = {"operation-swapped", "fraction-upside-down", "parameter-ignored"}
            yield "times for division", division, f"{factor(left)} * {bare(right)}"
            yield "upside down", division, f"{bare(right)} / {bare(left)}"
            lost = {*LOST, "missing-square", "operation-swapped"}
            yield "denominator lost", lost, bare(left)
            if isinstance(right, ast.BinOp):
                opened = f"{factor(left)} / {text(right)}"
                yield "brackets lost", {"missing-parentheses"}, opened
        case ast.BinOp(left, ast.Pow(), right):
            yield "power lost", {"missing-square", "exponent-kept"}, bare(left)
            changed = {"square-as-times-two", "operation-swapped"}
            yield "times for power", changed, f"{bare(left)} * {text(right)}"
            if isinstance(left, ast.BinOp):
                squared = {"power-distributed-over-sum", "missing-parentheses", "missing-square"}
                yield "brackets lost", squared, f"{text(left)} ** {text(right)}"
        case ast.UnaryOp(ast.USub(), operand):
            yield "minus lost", SIGNS | CONDITION, text(operand)
        case ast.Constant(int() | float() as number) if not isinstance(number, bool):
            if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow):
                powers = {"missing-square", "exponent-kept", "parameter-ignored"}
                yield "exponent", powers, str(number + 1)
            elif isinstance(parent, ast.Compare):
                yield "bound", CONDITION, str(number + 1)
                yield "bound", CONDITION, "0" if number else "0.5"
            elif number:
                yield "constant", CONSTANT, f"{number * 2:g}"
                yield "constant", CONSTANT, f"{number / 2:g}"
                signs = CONSTANT | SIGNS | {"branches-swapped", "function-derivative-mixup"}
                yield "constant", signs, "0"
                if number == 1:
                    kept = {"branch-kept-z", "function-derivative-mixup", "name-for-another"}
                    yield "value for slope", kept, "x"
            else:
                yield "constant", CONSTANT | {"branches-swapped"}, "1"
        case ast.Call(ast.Attribute(_, name) | ast.Name(name), [argument]):
            if name in ("exp", "abs", "absolute", "sqrt", "tanh", "log", "sigmoid", "cosh"):
                lost = {"z-for-g", "function-lost", *SIGNS, *CONSTANT, *CONDITION}
                yield f"{name} lost", lost, bare(argument)
            if name in ("exp", "tanh", "sigmoid", "sinh", "cosh", "sin", "cos"):
                inner = argument.operand if isinstance(argument, ast.UnaryOp) else None
                turned = text(inner) if inner is not None else f"-{bare(argument)}"
                if name != "cosh":
                    yield "sign inside", SIGNS, text(node).replace(text(argument), turned)
        case ast.Call(ast.Attribute(_, "maximum" | "minimum" as name), [a, b]):
            other = "minimum" if name == "maximum" else "maximum"
            swapped = {"branches-swapped", "max-needs-alpha-le-1", "leak-side"}
            yield "minimum for maximum", swapped, text(node).replace(name, other)
        case ast.Call(ast.Attribute(_, "where") as of, [test, then, other]):
            choice = f"{text(of)}({text(test)}, {text(other)}, {text(then)})"
            yield "branches exchanged", CONDITION, choice
            yield "branch twice", {"*"}, f"{text(of)}({text(test)}, {text(then)}, {text(then)})"
        case ast.Compare(left, [sign], [right]):
            turned = {ast.Lt: ">", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<"}.get(type(sign))
            if turned:
                yield "comparison reversed", CONDITION, f"{text(left)} {turned} {text(right)}"
        case ast.BinOp(left, ast.BitAnd(), right):
            yield "or for and", CONDITION, f"{text(left)} | {text(right)}"
    if any(node is name for name in names):
        exchanged = {"z-for-g", "name-for-another", "wrong-variable", "parameter-ignored"}
        exchanged |= {"activation-applied-twice", "product-missing-term", "missing-square"}
        exchanged |= {"branch-kept-z", "condition-misplaced", "formula-of-other-activation"}
        for other in sorted({name.id for name in names} - {node.id}):
            yield "name exchanged", exchanged, other


def _slips_of_rows(node, source):
    """Whatever is told of them, some story may be true of them."""

    def text(part):
        return ast.get_source_segment(source, part)

    match node:
        case ast.Call(ast.Attribute(of, "sum" | "prod" | "mean" | "all" | "any" as name), _, words):
            others = {"sum": ("prod", "mean"), "prod": ("sum",), "mean": ("sum",)}
            whole, own = text(node), f"{text(of)}.{name}("
            for other in others.get(name, ("any" if name == "all" else "all",)):
                yield "another reduction", {"*"}, whole.replace(own, f"{text(of)}.{other}(", 1)
            for word in words:
                if word.arg == "axis":
                    axis = f"axis={1 - word.value.value}"
                    yield "another axis", {"*"}, whole.replace(text(word), axis)
        case ast.Call(ast.Name("reversed"), [inside]):
            yield "other direction", {"*"}, text(inside)
        case ast.Subscript(value, ast.Slice(None, None, ast.UnaryOp())):
            yield "other direction", {"*"}, text(value)
        case ast.Call(ast.Name("range"), [_, *_] as given):
            texts = [text(one) for one in given]
            for k, end in enumerate(texts[:2]):
                for step in ("+ 1", "- 1"):
                    shown = [*texts[:k], f"{end} {step}", *texts[k + 1 :]]
                    yield "one step more or less", {"*"}, f"range({', '.join(shown)})"
        case ast.Attribute(value, "T"):
            yield "transpose lost", {"*"}, text(value)
        case ast.BinOp(left, ast.MatMult(), right):
            yield "times for matmul", {"*"}, f"({text(left)}) * ({text(right)})"
            yield "matmul turned", {"*"}, f"({text(right)}) @ ({text(left)})"


def drawn(number, seed, functions=None, rows=False):
    """Draw wrong functions with one slip each, as many of each kind as of any other."""
    functions = [*right_functions()] if functions is None else functions
    rng, by_kind = random.Random(seed), {}
    for exercise, source in functions:
        for kind, stories, node, new in slips_into(source, rows):
            by_kind.setdefault(kind, []).append((exercise, stories, source, node, new))
    while number and by_kind:
        kind = rng.choice(sorted(by_kind))
        some = by_kind[kind]
        one = some.pop(rng.randrange(len(some)))
        if not some:
            del by_kind[kind]
        if (slipped := _put_in(kind, *one)) is not None:
            number -= 1
            yield slipped


def _put_in(kind, exercise, stories, source, node, new):
    """The function with the slip; None where it is no function any more, or right."""
    rows = source.split("\n")
    row, first, last = node.lineno - 1, node.col_offset, node.end_col_offset
    rows[row] = rows[row][:first] + new + rows[row][last:]
    wrong = "\n".join(rows)
    tree = ast.parse(source)
    spans = [_span(n) for n in ast.walk(tree) if isinstance(n, ast.expr) and n.lineno == row + 1]
    around = [s for s in spans if s[1] <= first and last <= s[2] and s != _span(node)]
    more = len(new) - (last - first)
    here = (row + 1, first, first + len(new))
    a = min(around, key=lambda s: s[2] - s[1], default=_span(node))
    use = ""
    for n in ast.walk(tree):
        if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name) and n.lineno == row + 1:
            use = n.targets[0].id
    try:
        ast.parse(wrong)
    except SyntaxError:
        return None
    return Slipped(exercise, kind, stories, wrong, here, (row + 1, a[1], a[2] + more), use)


def _span(node):
    return node.lineno, node.col_offset, node.end_col_offset


def judged(slipped):
    """Return the verdict, the places, and the time it took; None where it cannot be called so."""
    exercise, known = asked(slipped.exercise), scope()
    with np.errstate(all="ignore"):
        try:
            exec(slipped.source, known)
        except Exception:
            return None
        _ = exercise.cases
        begin = time.process_time()
        verdict = exercise.try_out(partial(call, known[slipped.exercise]), source=slipped.source)
    spent = time.process_time() - begin
    if verdict.correct or "At " not in verdict.message.split("\n")[0]:
        return None
    return verdict, [*marked_places(verdict.message, slipped.source)], spent


def is_there(slipped, place):
    """Does a place lie in the slip, or just around it, or where its value is used by its name?"""

    def inside(a, b):
        return a[0] == b[0] and b[1] <= a[1] and a[2] <= b[2]

    row = slipped.source.split("\n")[place[0] - 1]
    used = slipped.use and row[place[1] : place[2]] == slipped.use
    return bool(inside(place, slipped.around) or used)


PARTED = "occurs in the course's own formulas or code too"


def measured(number, seed, functions=None, rows_too=False):
    """Figures, by kind, and the wrong functions about which something else is told."""
    rows, faults = [], []
    for slipped in drawn(number, seed, functions, rows_too):
        if (found := judged(slipped)) is None:
            continue
        verdict, places, spent = found
        first = verdict.diagnoses[0] if verdict.diagnoses else ""
        story = "none" if not first else "true" if {first, "*"} & slipped.stories else "other"
        there = [is_there(slipped, p) for p in places]
        place = "none" if not places else "right" if all(there) else "elsewhere"
        if place == "elsewhere" and PARTED in verdict.message:
            place = "parted"  # no change is claimed there
        rows.append((slipped.kind, story, place, spent))
        if (story, place) != ("true", "right"):
            faults.append((slipped, story, place, verdict))
    return rows, faults


def test_a_slip_in_code_is_told_and_placed(short, figures_of_the_run):
    """What is told or marked otherwise mostly makes the function right as well."""
    rows, faults = measured(60 if short else 400, seed=1)
    stories, places = (Counter(row[k] for row in rows) for k in (1, 2))
    n = len(rows)
    rates = stories["true"] / n, stories["other"] / n, places["right"] / n, places["elsewhere"] / n
    figures_of_the_run[f"slips put into code ({n}): told, otherwise; placed, elsewhere"] = rates
    told, otherwise, placed, elsewhere = rates
    assert told >= 0.84, faults
    assert otherwise <= 0.06, faults
    assert placed >= 0.87, faults
    assert elsewhere <= 0.07, faults


def test_right_functions_are_read_as_formulas():
    for exercise, source in right_functions():
        asks, known = asked(exercise), scope()
        exec(source, known)
        assert asks.try_out(partial(call, known[exercise]), source=source).correct, source
        letters = [n for n in asks.beliefs.at if n not in asks.beliefs.task.where and n != OUTPUT]
        program = read_program(source, letters, exercise)
        assert program is not None, source
        there = asks.beliefs.at["z"] != 0 if "z" in letters else slice(None)  # 0 may be a kink
        found = asks.beliefs.numbers(program.formula)[there]
        assert same_numbers(found[None], asks.beliefs.reference[there]).all(), source


def shown(rows, faults, all_faults):
    """Print figures by kind, and what is told otherwise."""
    for kind in (*sorted({row[0] for row in rows}), ""):
        some = [row for row in rows if not kind or row[0] == kind]
        stories, places = Counter(r[1] for r in some), Counter(r[2] for r in some)
        print(f"{kind or 'all':22} {len(some):4}  story {dict(stories)}  place {dict(places)}")
    times = sorted(row[3] for row in rows)
    print(f"ms typical {1e3 * np.median(times):.0f} longest {1e3 * times[-1]:.0f}")
    for slipped, story, place, verdict in faults if all_faults else ():
        row, a, b = slipped.there
        print("-" * 80, f"\n{slipped.exercise}: {slipped.kind}; story {story}, place {place}")
        print(verdict.diagnoses, "; the slip:", slipped.source.split("\n")[row - 1][a:b])
        print(slipped.source + "  > " + "\n  > ".join(verdict.message.split("\n")))


if __name__ == "__main__":
    shown(*measured(*map(int, sys.argv[1:3])), len(sys.argv) > 3)
