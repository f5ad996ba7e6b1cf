"""Wrong answers get their story, at the right line, and no message gives the answer away."""

import functools
import json
import linecache
import math
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.derivation import (
    FUNCTIONS,
    Func,
    Neg,
    NotationError,
    Num,
    Op,
    Setting,
    Sym,
    children,
    differentiate,
    names,
    parse,
    replace_children,
    rules_used,
    split_lines,
    substitute,
    to_text,
    walk,
)
from helpers.diagnosis.beliefs import questions
from helpers.diagnosis.broken_rules import BROKEN, broken_derivatives, ways_to_break
from helpers.diagnosis.misconceptions import believed
from helpers.diagnosis.stories import ALGEBRA
from helpers.diagnosis.tasks import floats
from helpers.exercises import (
    EXERCISES,
    STORIES,
    ChoiceExercise,
    CodeExercise,
    DerivationExercise,
    NumberExercise,
    look_up,
    wording,
)
from helpers.exercises.formulas import Formulas
from tests.strategies import tries

TRIED = json.loads((Path(__file__).parents[2] / "book/wrong_answers.json").read_text("utf-8"))
WRONG = [entry | {"of": look_up(entry["exercise"])} for entry in TRIED]


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


_erf = np.vectorize(math.erf)
SCOPE = {
    "np": np,
    "math": math,
    "sigmoid": _sigmoid,
    "relu": lambda z: np.maximum(z, 0),
    "Phi": lambda z: (1 + _erf(z / np.sqrt(2))) / 2,
    "phi": lambda z: np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
}


def written(exercise, body):
    """The function with this body, for an exercise that asks for code."""
    signature = exercise.signature.replace("negative_slope", "alpha")
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    scope = dict(SCOPE)
    source = f"def {signature}:\n{lines}\n"
    name = f"<{exercise.name} {zlib.crc32(body.encode())}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    exec(compile(source, name, "exec"), scope)  # as in a notebook, its source can be looked up
    return scope[exercise.name]


def answered(entry):
    exercise, answer = entry["of"], entry["answer"]
    return written(exercise, answer) if isinstance(exercise, CodeExercise) else answer


@functools.cache
def verdicts():
    """Every wrong answer with its verdict."""
    return [(entry, entry["of"].judge(answered(entry))) for entry in WRONG]


def is_option(entry):
    return isinstance(entry["of"], ChoiceExercise)


def diagnosed():
    """The verdicts without those of options, which bring their story along."""
    return [(entry, verdict) for entry, verdict in verdicts() if not is_option(entry)]


def held_out(entry):
    """The half on which nothing was designed."""
    return zlib.crc32(f"{entry['exercise']}{entry['answer']}".encode()) % 2


def test_no_wrong_answer_is_accepted():
    assert [entry for entry, verdict in verdicts() if verdict.correct] == []


def spellings(entry):
    """The same answer once more, as two others would write it."""
    answer = entry["answer"]
    if isinstance(entry["of"], CodeExercise):
        *before, last = answer.splitlines()
        for names in ("mine", "x_1"):
            lines = [*before, f"{names} = ({last.removeprefix('return ')})  # as I think"]
            yield written(entry["of"], "\n".join([*lines, f"return {names}"]))
    elif isinstance(entry["of"], DerivationExercise):
        yield re.sub(r"([*/])", r" \1 ", answer)
        yield f"= {answer}  # so far\n= {answer}"
    else:
        yield from (f"  {answer} ", f"{answer}  # I think")


@pytest.mark.complete
def test_no_spelling_of_a_wrong_answer_is_accepted():
    recent = [entry for entry in WRONG if entry["of"].lesson >= 12]
    accepted = [e for e in recent for spelling in spellings(e) if e["of"].judge(spelling).correct]
    assert accepted == []


def test_the_story_of_a_wrong_answer_is_among_those_told():
    missed = [(e["exercise"], e["answer"]) for e, v in verdicts() if e["story"] not in v.diagnoses]
    told_less = {  # a number alone bears no trace of a rule; of the last, a factor was lost
        ("derive_tanh_via_sigmoid", "s*(1-s)"),
        ("relu_prime", "return np.ones_like(z)"),
        ("prelu_grad_a", "return np.where(z<0, 1, 0)"),
        ("glu_db", "return 0*a*b"),
        ("silu_prime", "s=sigmoid(z)\nreturn s + z*(1-s)"),
    }
    assert {*missed} <= told_less


def told(figures, part, chosen):
    """Record how often the right story is told first, or at all; return how often first."""
    first = np.mean([v.diagnoses[:1] == (e["story"],) for e, v in chosen])
    listed = np.mean([e["story"] in v.diagnoses for e, v in chosen])
    key = f"right story first / in list ({part})"
    figures[key] = f"{first:.1%} / {listed:.1%} of {len(chosen)}"
    return first


@pytest.mark.parametrize(("part", "least"), [("design", 0.94), ("held out", 0.95)])
def test_the_right_story_comes_first(part, least, figures_of_the_run):
    chosen = [(e, v) for e, v in diagnosed() if (part == "held out") == bool(held_out(e))]
    assert told(figures_of_the_run, part, chosen) >= least


@pytest.mark.parametrize("lesson", sorted({e["of"].lesson for e in WRONG if not is_option(e)}))
def test_the_right_story_comes_first_in_each_lesson(lesson, figures_of_the_run):
    chosen = [(e, v) for e, v in diagnosed() if e["of"].lesson == lesson]
    first = told(figures_of_the_run, f"lesson {lesson}", chosen)
    assert first >= 0.6 if len(chosen) < 5 else first >= 0.8


def test_the_checker_never_gives_up():
    assert {v.status for _, v in diagnosed()} <= {"not yet", "unfinished"}


def test_the_call_stands_beside_a_number_that_follows_from_a_whole_row():
    shown = {
        "softmax": ("return z/z.sum()", "At entry 1 for z = [1, 2, 0.5], your function returns"),
        "softmax_jacobian": ("return np.eye(len(z))", "At row 1, column 1 for z = [1, 2, 0.5], yo"),
        "logsumexp": ("return z.max()", "At z = [1, 2, 0.5] your function returns 2; the right"),
        "adam_step": ("return g", "At m = 0.5, s = 1, g = 0.3 your function returns 0.3; the rig"),
    }
    for name, (body, begin) in shown.items():
        exercise = EXERCISES[name]
        assert exercise.judge(written(exercise, body)).message.startswith(begin)


def test_messages_are_short_enough_to_read_aloud():
    for entry, verdict in verdicts():
        assert len(verdict.message.split()) < 110, (entry, verdict.message)
        assert "?" in verdict.message, entry


# --------------------------------------------------------------------------- nothing is given away


def readable_parts(message):
    """All the longest stretches of a message that can be read as an expression."""
    words = re.split(
        r"[^0-9A-Za-z_+\-*/^().²⁻′−·σ ]+|\b(?:at|is|it|but|line|your|or|and)\b", message
    )
    for stretch in words:
        pieces = stretch.split()
        for i in range(len(pieces)):
            for j in range(len(pieces), i, -1):
                yield " ".join(pieces[i:j]).strip(".")


def gives_away(exercise, message):
    """Expressions in a message that have the value of the answer."""
    if isinstance(exercise, NumberExercise):
        numbers = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:/\d+)?", message)
        return [n for n in numbers if exercise.judge(n).correct]
    if not isinstance(exercise, Formulas):
        return []
    beliefs = exercise.beliefs
    letters = re.compile(rf"(?<![A-Za-z])({'|'.join([*beliefs.at, 'σ'])})(?![A-Za-z])")
    found = []
    for part in filter(letters.search, set(readable_parts(message))):
        try:
            tree = parse(part, variable=exercise.variable, where=exercise.where)
            numbers = beliefs.numbers(tree)
        except (NotationError, KeyError, TypeError):
            continue
        bare = isinstance(tree, Sym)  # "at a = 0.7, z = -1.3": a letter alone tells nothing
        if not bare and np.allclose(numbers, beliefs.reference, equal_nan=True):
            found.append(part)
    return found


def test_the_leak_test_would_see_a_leak():
    told = "Try `g*(1 - g)` instead, or exp(-z)/(1 + exp(-z))^2."
    assert gives_away(EXERCISES["derive_sigmoid"], told)
    assert gives_away(EXERCISES["sigmoid_prime"], "It should be g - g^2 there.")
    assert gives_away(EXERCISES["q_sigmoid_max_slope"], "It is 1/4.")


def test_no_message_gives_the_answer_away():
    for entry, verdict in verdicts():  # a line that is shown is the learner's own
        said = [row for row in verdict.message.split("\n") if not row.startswith("    ")]
        assert gives_away(entry["of"], "\n".join(said)) == [], verdict.message


def test_no_question_gives_an_answer_away():
    for exercise in EXERCISES.values():
        told = [option.question for option in getattr(exercise, "options", ())]
        told += [belief.question for belief in getattr(exercise, "believed", ())]
        if isinstance(exercise, CodeExercise | DerivationExercise):
            told += [f"{story.belief} {story.question}" for story in STORIES.values()]
        told += [getattr(exercise, "asks", "")]
        for message in told:
            assert gives_away(exercise, message) == [], (exercise.name, message)


# ------------------------------------------------------------------------- every line, every place

LINES = [entry for entry in WRONG if isinstance(entry["of"], DerivationExercise)]


def places_of_wrong_lines():
    """Yield each wrong line, the steps of its exercise's solution, and a place between them."""
    for entry in LINES:
        steps = [step for _, step, _ in split_lines(entry["of"].solution)]
        for place in range(len(steps) + 1):
            yield entry, steps, place


def test_a_wrong_line_is_found_wherever_it_stands(figures_of_the_run, short):
    tried = [*places_of_wrong_lines()][:: 5 if short else 1]
    listed = 0
    for entry, steps, place in tried:
        text = "\n= ".join([*steps[:place], entry["answer"], *steps[place:]])
        verdict = entry["of"].judge(text)
        assert not verdict.correct
        assert verdict.first_wrong_line == place + 1, text
        listed += entry["story"] in verdict.diagnoses
    figures_of_the_run["wrong lines inserted into right derivations, all found"] = len(tried)
    figures_of_the_run["… with the right story in the list"] = f"{listed / len(tried):.1%}"
    assert listed >= 0.9 * len(tried)


def test_the_line_above_decides_between_stories():
    exercise = EXERCISES["derive_sigmoid"]
    lost_square = "D(1/(1+exp(-z)))\n= exp(-z)/(1 + exp(-z))^2\n= exp(-z)/(1 + exp(-z))"
    lost_factor = "D(1/(1+exp(-z)))\n= g*(1 - g)\n= 1 - g"
    assert exercise.judge(lost_square).diagnoses[0] == "missing-square"
    assert "product-missing-term" in exercise.judge(lost_factor).diagnoses[:2]


def test_a_counterexample_can_be_verified():
    verdict = EXERCISES["derive_sigmoid"].judge("D(1/(1+exp(-z)))\n= -exp(-z)/(1+exp(-z))^2")
    message = verdict.message.replace("−", "-")
    z, mine, above = map(float, re.findall(r"-?\d+\.\d+", message)[:3])
    slope = math.exp(-z) / (1 + math.exp(-z)) ** 2
    assert mine == pytest.approx(-slope, rel=1e-3)
    assert above == pytest.approx(slope, rel=1e-3)
    assert "Line 1 holds" in verdict.message


# ------------------------------------------------------------- random rewrites, random mutations


def exercises_with_lines():
    return [e for e in EXERCISES.values() if isinstance(e, DerivationExercise)]


@st.composite
def right_lines(draw):
    """A line of a right derivation, rewritten without changing its value."""
    exercise = draw(st.sampled_from(exercises_with_lines()))
    _, step, _ = draw(st.sampled_from(split_lines(exercise.solution)))
    tree = parse(step, variable=exercise.variable, where=exercise.where)
    return exercise, rewritten(draw, tree)


def rewritten(draw, tree):
    tree = replace_children(tree, [rewritten(draw, child) for child in children(tree)])
    choice = draw(st.integers(0, 5))
    match tree:
        case Op("+" | "*" as op, a, b) if choice == 0:
            return Op(op, b, a)
        case Op("-", a, b) if choice <= 1:
            return Op("+", a, Neg(b))
        case Op("/", a, b) if choice == 0:
            return Op("*", a, Op("^", b, Neg(Num("1"))))
        case Func("exp", Neg(a)) if choice == 0:
            return Op("/", Num("1"), Func("exp", a))
    if choice == 5 and len(list(walk(tree))) < 4 and not isinstance(tree, Num):
        return Op("/", Op("*", Num("2"), tree), Num("2"))
    return tree


@tries(60)
@given(right_lines())
def test_correct_rewrites_hold(line):
    exercise, tree = line
    verdict = exercise.judge(to_text(tree))
    assert verdict.first_wrong_line is None, (to_text(tree), verdict.message)


@st.composite
def changed_lines(draw):
    """A line of a right derivation in which one node is another one."""
    exercise = draw(st.sampled_from(exercises_with_lines()))
    _, step, _ = draw(st.sampled_from(split_lines(exercise.solution)))
    tree = parse(step, variable=exercise.variable, where=exercise.where)
    k = draw(st.integers(0, len(list(walk(tree))) - 1))
    op, number = draw(st.sampled_from("+-*/")), draw(st.integers(2, 9))

    def change(node):
        match node:
            case Op("^", a, _):
                return a
            case Op(_, a, b):
                return Op(op, a, b)
            case Neg(a):
                return a
            case Num() | Sym():
                return Num(str(number))
            case Func(_, a):
                return a
        return node

    count = iter(range(10**6))

    def everywhere(node):
        here = next(count)
        below = [everywhere(child) for child in children(node)]
        new = replace_children(node, below)
        return change(new) if here == k else new

    return exercise, everywhere(tree)


@tries(80)
@given(changed_lines())
def test_mutations_are_rejected_unless_they_are_equal(line):
    exercise, tree = line
    target = parse(f"D({exercise.of[0]})", variable=exercise.variable, where=exercise.where)
    setting = Setting.of(
        f"D({exercise.of[0]})",
        variable=exercise.variable,
        where=exercise.where,
        on=exercise.on or None,
    )
    assert names(tree) <= {"z", exercise.variable, *exercise.where, *setting.parameters}
    equal = all(
        a is not None and b is not None and abs(a - b) < 1e-30
        for a, b in zip(setting.values(tree), setting.values(target), strict=True)
    )
    verdict = exercise.judge(to_text(tree))
    assert (verdict.first_wrong_line is None) == equal, to_text(tree)


# -------------------------------------------------------------------------------- the engine itself


def test_every_broken_rule_is_broken():
    """No template of the table is the rule itself, and each has a story."""
    spelled = {
        "product": "exp(2z)*sinh(z)",
        "quotient": "exp(2z)/(3 + z^2)",
        "power": "cosh(z)^3 + cosh(z)^-1",
        "difference": "exp(2z) - z^2",
        "sum": "exp(2z) + z^2",
        "minus": "-exp(2z)",
        "constant": "3 + z^2",
        "constant factor": "3*exp(2z)",
        "constant divisor": "exp(2z)/3",
        "variable": "z",
        "max": "max(3 - z, 0)",
        "min": "min(3 + z, 9)",
        "relu": "relu(1 - z)",
        "abs": "|1 - z|",
    }
    at = {"z": np.array([0.7, 1.3, 2.1])}
    for rule in (*BROKEN, *FUNCTIONS):
        tree = parse(spelled.get(rule, f"{rule}(2z)"))
        place = rules_used(tree).index(rule)
        right = floats(differentiate(tree), at)
        found = {slip.slug for slip in broken_derivatives(tree)}
        for slug, template in ways_to_break(rule):
            assert STORIES[slug].belief
            assert slug in found
            wrong = floats(differentiate(tree, instead={place: template}), at)
            assert not np.allclose(wrong, right), (rule, template)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_forgotten_inner_derivative_is_seen_in_every_function(name):
    """By hand: the slope of f(3u + 1) without its 3."""
    function = FUNCTIONS[name]
    if function.arguments == 1 and function.slope != "0":
        forgotten = substitute(parse(function.slope), {"u": parse("3z + 1")})
        slips = broken_derivatives(parse(f"{name}(3z + 1)"))
        assert forgotten in {s.tree for s in slips if s.slug == "missing-inner-derivative"}


def test_every_slip_has_a_story_and_is_known_by_its_numbers_unless_they_are_right():
    for exercise in EXERCISES.values():
        if isinstance(exercise, Formulas):
            beliefs = exercise.beliefs
            slips, rows = beliefs.table
            assert all(STORIES[slip.slug].belief for slip in believed(exercise.task))
            assert beliefs.fits(beliefs.reference, beliefs.table) == []
            wrong = [n for n, row in enumerate(rows) if not np.allclose(row, beliefs.reference)]
            assert wrong, exercise.name
            for n in wrong[::50]:
                found = beliefs.fits(rows[n], beliefs.table)
                assert slips[n].slug in {slip.slug for slip in found}, (exercise.name, slips[n])


def test_values_agree_with_fifty_digits():
    setting = Setting.of("D(z*erf(z) + tanh(z)/sech(z) - |z|^3)")
    tree = parse("z*erf(z) + tanh(z)/sech(z) - |z|^3 + atan(z) + sqrt(2) + pi*e")
    piecewise = parse("relu(z) + step(z) + max(z, 1) - min(z, 2) + Phi(z)*phi(z) + softplus(z)")
    tree = Op("+", tree, piecewise)
    at = {"z": np.array([float(p["z"]) for p in setting.points])}
    assert floats(tree, at) == pytest.approx([float(v) for v in setting.values(tree)], rel=1e-12)


UNTOLD = [
    ("derive_leaky_left", "product-missing-term"),  # only one factor moves
    ("derive_prelu_a", "product-missing-term"),
    ("derive_relu_stack", "product-missing-term"),
    ("derive_relu_stack", "missing-square"),  # no power of two anywhere
]


@pytest.mark.parametrize(("name", "story"), UNTOLD)
def test_a_story_about_what_is_not_there_is_not_told(name, story):
    slips = EXERCISES[name].beliefs.table[0]
    assert slips
    assert story not in {slip.slug for slip in slips}
    assert "product-missing-term" in {s.slug for s in EXERCISES["silu_prime"].beliefs.table[0]}


def test_a_parameter_is_named_where_there_is_one():
    assert "a parameter" in wording("parameter-ignored", EXERCISES["leaky_relu"].task).belief
    assert "parameter" not in wording("parameter-ignored", EXERCISES["tanh_prime"].task).belief


def test_stories_are_whole_sentences():
    for slug, story in STORIES.items():
        assert story.question.rstrip().endswith(("?", ".")), slug
        assert not re.search(r"\b(wrong|stupid|great|well done)\b", story.question), slug


def test_two_stories_with_the_same_numbers_are_told_apart_by_a_question_each():
    stories = ("missing-inner-derivative", "sign-flipped")
    for slug, told in zip(stories, questions(stories), strict=True):
        assert STORIES[slug].belief in told
        assert told.endswith("?")
    first, second = questions(stories)
    assert first.rpartition(". ")[2] != second.rpartition(". ")[2]


FAR_OUT = {  # what is told instead
    "softplus_stable": (
        "return np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))",
        "a small number is added to 1",
    ),
    "sigmoid_prime_stable": (
        "t = np.exp(-np.abs(np.clip(z, -30, 30)))\nreturn t/(1 + t)**2",
        "a bound takes the place of all numbers beyond it",
    ),
    "tanh_prime_stable": (
        "return np.round(1/np.cosh(z)**2, 14)",
        "first to return another number than it should?",
    ),
}


@pytest.mark.parametrize("name", FAR_OUT)
def test_a_subtraction_is_told_of_only_where_one_gives_these_numbers(name):
    body, said = FAR_OUT[name]
    message = EXERCISES[name].judge(written(EXERCISES[name], body)).message
    assert "it goes wrong far out" in message
    assert "subtract" not in message
    assert said in message


def test_a_subtraction_is_told_of():
    for name, body in (
        ("sigmoid_prime_stable", "g = sigmoid(np.abs(z))\nreturn g - g**2"),
        ("tanh_prime_stable", "return 1 - np.tanh(z)**2"),
    ):
        verdict = EXERCISES[name].judge(written(EXERCISES[name], body))
        assert verdict.diagnoses == ("cancellation",)
        assert STORIES["cancellation"].belief in verdict.message


def test_numbers_are_called_right_only_where_all_of_them_came():
    exercise = EXERCISES["leaky_variance"]
    message = exercise.judge(written(exercise, "return 2/((1 - alpha**2)*fan_in)")).message
    assert "ZeroDivisionError" in message
    assert "are right" not in message
    assert "denominators" in message


DEAD = {
    "np.mean(np.all(Z < 0, axis=0))": "a z of exactly 0 counts as on",
    "np.sum(np.all(Z <= 0, axis=0))/len(Z)": "divided by that of the rows",
    "np.sum(np.all(Z <= 0, axis=0))": "the dead units are counted",
    "np.sum(np.all(Z <= 0, axis=0))/Z.size": "divided by that of all entries",
}


@pytest.mark.parametrize("body", DEAD)
def test_what_is_told_of_dead_units_is_true(body):
    exercise = EXERCISES["dead_fraction"]
    message = exercise.judge(written(exercise, f"return {body}")).message
    assert DEAD[body] in message
    assert "axis" not in message.split("\n")[-1]  # its own lines are shown before
    assert "one for each entry" not in message


def test_a_square_is_missed_only_where_there_is_one():
    for name, text in (
        ("derive_softplus", "1/(1 + exp(z))*D(1 + exp(z))\n= 1/(1 + exp(z))"),
        ("derive_softplus_gap", "D(ln(1 + exp(z))) - D(z)\n= 1/(1 + exp(z)) - 1"),
        ("derive_mish", "T + z*(1 - T^2)*D(ln(1 + exp(z)))\n= T + z*(1 - T^2)/(1 + exp(z))"),
        ("derive_chain", "c*(1 - c)*w*D(b)\n= w*(1 - c)*D(b)"),
    ):
        verdict = EXERCISES[name].judge(text)
        assert verdict.diagnoses
        assert "missing-square" not in verdict.diagnoses, name


def test_no_derivative_is_spoken_of_where_none_is_asked():
    exercise = EXERCISES["leaky_variance"]
    verdict = exercise.judge(written(exercise, "return 2/((1 + alpha)*fan_in)"))
    assert verdict.diagnoses == ("missing-square",)
    assert "derivative" not in verdict.message
    assert "derivative" not in wording("missing-square").question


ALGEBRAIC = [
    ("derive_softplus", "exp(z)/(1 + exp(z))\n= exp(-z)/(1 + exp(-z))", "sign-flipped"),
    ("derive_silu", "g + z*g*(1 - g)\n= g*(1 + z - g)", "missing-parentheses"),
]


@pytest.mark.parametrize(("name", "text", "story"), ALGEBRAIC)
def test_where_nothing_is_differentiated_only_algebra_is_told(name, text, story):
    verdict = EXERCISES[name].judge(text)
    assert verdict.diagnoses[0] == story
    assert ALGEBRA[story].belief in verdict.message
    for other in {*STORIES} - {*ALGEBRA}:
        assert STORIES[other].belief not in verdict.message
    assert not re.search("differentiated|variable moves", verdict.message)


def test_without_a_story_of_algebra_there_is_evidence_and_a_question():
    message = EXERCISES["derive_silu"].judge("g + z*g*(1 - g)\n= g + z*exp(z)").message
    assert "Line 2: at z = " in message
    assert "Exactly this" not in message
    assert message.endswith("?")
