"""Practice: what is drawn is right, natural and endless, and follows the learner."""

import html
import re

import numpy as np
import pytest

from helpers.derivation import array_values, parse
from helpers.exercises import check, hint, practice, progress, read_progress, solution
from helpers.exercises.practice import FAMILIES, LEVELS, History, draw, name_of
from helpers.exercises.practice.expressions import draw_expression, is_kept_back
from helpers.exercises.practice.skills import DAY
from tests.exercises.practice_sweep import fault_of_broken, faults_of, names

KINDS = [(family, level) for family in FAMILIES for level in LEVELS]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_solution_is_accepted_and_careless_answers_are_not(family, short):
    levels = LEVELS[::2] if short else LEVELS
    assert not [fault for level in levels for fault in faults_of(name_of(family, level, level))]


def test_a_broken_line_is_found_where_it_is():
    assert not [*filter(None, (fault_of_broken(level, 40 + level) for level in LEVELS))]


@pytest.mark.complete
def test_hundreds_of_drawn_exercises_have_no_fault():
    assert not [fault for name in names(195, 5) for fault in faults_of(name)]
    assert not [*filter(None, (fault_of_broken(n % 5 + 1, n) for n in range(40)))]


Z = np.linspace(-30, 30, 600_001)


def values(text):
    return np.broadcast_to(array_values(parse(text), {"z": Z}), Z.shape)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(4))
def test_numbers_agree_with_the_curve_itself(level, seed):
    """By differences of neighbouring values, without any rule of calculus."""
    steepest, faded = (draw(name_of(f, level, seed)) for f in ("largest_slope", "saturation"))
    for exercise in (steepest, faded):
        f = re.search(r"(?:slope of |does )(.+?)(?: largest| fall|\?)", exercise.prompt)[1]
        slopes, middle = np.diff(values(f)) / np.diff(Z), (Z[1:] + Z[:-1]) / 2
        if "What is" in exercise.prompt:
            found = slopes.max()
        elif "fallen" in exercise.prompt:
            part = int(re.search(r"in (\d+)", exercise.prompt)[1])
            found = middle[(slopes < slopes.max() / part) & (middle > 0)][0]
        elif "fall most" in exercise.prompt:
            found = middle[np.argmin(slopes)]
        else:
            found = middle[np.argmax(slopes)]
        assert exercise.right == pytest.approx(found, rel=2e-3, abs=2e-3), exercise.prompt
    kink = draw(name_of("kink", level, seed))
    found = re.search(r"f\(z\) = (.+) for z <= 0 and (.+) for z > 0", kink.prompt).groups()
    left, right = (
        array_values(parse(side), {"z": np.array([0.0, h]), "alpha": kink.right})
        for side, h in zip(found, (-1e-8, 1e-8), strict=True)
    )
    assert -np.diff(left)[0] == pytest.approx(np.diff(right)[0], rel=1e-3), kink.prompt


def test_the_gain_keeps_the_mean_square_of_the_deltas():
    """A layer drawn at random with this variance, the two slopes half each."""
    rng = np.random.default_rng(0)
    for level in (1, 2):
        exercise = next(
            e
            for e in (draw(name_of("gain", level, seed)) for seed in range(30))
            if re.search(r"is (\d)\*z for z > 0, else (\d)", e.prompt)
        )
        right, left = re.search(r"is (\d)\*z for z > 0, else (\d)", exercise.prompt).groups()
        n, delta = 400, rng.normal(size=(400, 400))
        weights = rng.normal(size=(n, n)) * np.sqrt(exercise.right / n)
        before = (delta @ weights) * np.where(rng.random((400, n)) < 0.5, int(right), int(left))
        assert np.mean(before**2) / np.mean(delta**2) == pytest.approx(1, rel=0.05)


def test_what_is_kept_back_for_grading_never_comes_in_practice():
    rng = np.random.default_rng(1)
    practised = {draw_expression("chain3", rng) for _ in range(400)}
    graded = {draw_expression("chain3", rng, kept_back=True) for _ in range(100)}
    assert not practised & graded
    assert all(map(is_kept_back, graded))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_task_shows_its_question_and_how_it_is_answered(family):
    task = practice(family, level=4, seed=2)
    text, drawn = repr(task), task._repr_html_()
    assert f'check("{task}"' in text
    assert task.exercise.prompt in text
    assert drawn.count("<div") == drawn.count("</div>")
    assert ("<svg" in drawn) == (family == "picture")
    assert ("<math" in drawn) == (FAMILIES[family].skill == "derive")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_cell_that_a_button_opens_waits_for_an_answer(family):
    task = practice(family, level=3, seed=2)
    cell = html.unescape(re.search(r'data-cell="([^"]*)"', task._repr_html_())[1])
    if cell.startswith("%%check"):
        name, written = cell.removeprefix("%%check ").split("\n", 1)
        verdict = check(name, written)
    else:
        exec(cell.replace("check(", "verdict = check("), scope := {"check": check})
        verdict = scope["verdict"]
    assert verdict.status in ("not attempted", "unfinished"), verdict.message
    assert not read_progress().get(task, {}).get("attempts")


WRONG = (lambda x: -x, lambda x: 1 / x, lambda x: x * x, lambda x: 2 * x, lambda x: x / 4)


@pytest.mark.parametrize("family", ["largest_slope", "kink", "gain", "digits"])
def test_what_follows_from_a_wrong_number_is_true(family):
    """Of a right number with a slip; slopes are measured, as differences of neighbouring values."""
    for exercise in (draw(name_of(family, level, seed)) for level in LEVELS for seed in range(6)):
        right = exercise.right
        wrong = [w for w in (0, 1, *(slip(right) for slip in WRONG)) if abs(w / right - 1) > 0.01]
        for x, message in ((x, exercise.judge(x).message) for x in wrong):
            assert message.endswith("?")
            assert not re.search("derivative|tangent|curve there|for the change", message), message
            if asked := re.search(r"the largest slope of (.+)\?", exercise.prompt):
                steepest = (np.diff(values(asked[1])) / np.diff(Z)).max()
                far_out = steepest < 0.99 * right  # the steepest place is none of Z
                assert far_out or (steepest > x) == ("larger than" in message), message
            if "on the way back" in message:
                assert (x > right) == ("grows" in message)
            if about := re.search(r"At z = (\S+), exp\((.+)\) is about 2\^(\S+)\.\n", message):
                at = {"z": np.array(float(about[1].replace("−", "-")))}
                power = array_values(parse(about[2]), at) / np.log(2)
                assert power == pytest.approx(float(about[3].replace("−", "-")), rel=2e-3)


def test_large_numbers_are_not_written_out():
    """What the reader refuses above a million stopped the drawing of these."""
    for name, answer in (
        ("difference.5.1", "10^(-8)*sqrt(7/6)"),
        ("gain.5.7", "((1 + 1/7^2)/2)^5"),
    ):
        assert draw(f"practice.{name}").answer == answer


def test_words_and_numbers_of_a_solution_are_those_of_a_teacher():
    for name in (name_of(f, level, s) for f in FAMILIES for level in LEVELS for s in range(1, 4)):
        exercise = draw(name)
        for text in (*exercise.rungs, exercise.prompt, exercise.shown_solution()):
            assert not re.search(r"\?\.|…\.|\de-\d\d|\d\.\d{11}", text), (name, text)


def test_the_same_exercise_stays_until_it_is_right_or_its_solution_was_seen():
    first = practice("chain")
    assert practice("chain") == first
    assert not check(first, "exp(17*z)")
    assert practice() == first
    assert check(first, first.exercise.solution)
    second = practice("chain")
    assert second != first
    solution(second)
    assert practice("chain") not in (first, second)
    assert read_progress()[second]["hints"] == 5


def solve(task):
    assert check(task, task.exercise.solution)


def test_no_question_comes_twice_before_all_have_come():
    entries, asked = {}, []
    for n in range(30):
        task = name_of("kink", 1, History(entries).seed("kink", 1))
        asked.append(draw(task).prompt)
        entries[task] = {"attempts": 1, "right": True, "when": n}
    different = len({*asked})
    assert different == len({*asked[:different]}) < 30  # then they come again


def test_two_right_first_tries_are_one_level_up_and_two_others_one_down():
    solve(practice("chain"))
    assert practice("chain").split(".")[2] == "1"
    solve(practice("chain"))
    assert practice("chain").split(".")[2] == "2"
    for _ in range(2):
        hint(task := practice("chain"))
        solve(task)
    assert practice("chain").split(".")[2] == "1"


def test_what_is_tried_after_it_was_right_takes_nothing_back():
    for _ in range(2):
        solve(task := practice("chain"))
    assert not check(task, "exp(17*z)")
    hint(task)
    assert practice("chain").split(".")[2] == "2"
    assert "level 2, 2 of 2 right at once" in progress()
    check(open_one := practice("product"), "z")
    check(task, "exp(18*z)")
    assert practice() == open_one


def test_a_mistake_comes_back_at_once_and_after_one_three_and_seven_days():
    entries = {"derive_sigmoid": {"slips": [["quotient-reversed", 0]], "attempts": 1}}
    assert History(entries).next(0).startswith("practice.quotient.1.")
    now, days = 0, []
    for n in range(4):
        while "quotient" not in (due := History(entries).due(now)):
            now += DAY // 2
        days.append(now / DAY)
        entries[name_of("quotient", 1, n + 1)] = {"attempts": 1, "right": True, "when": now + 1}
        assert "quotient" not in History(entries).due(now + 2), due
    assert [np.floor(day) for day in np.diff(days)] == [1, 3, 7]
    assert "quotient" not in History(entries).due(now + 100 * DAY)


def test_no_family_comes_twice_because_of_mistakes_and_the_longest_ago_comes_else():
    entries = {"derive_sigmoid": {"slips": [["quotient-reversed", 5]], "attempts": 1}}
    entries["practice.quotient.1.1"] = {"attempts": 2, "right": True, "when": 6}
    assert History(entries).next(7).split(".")[1] == "chain"
    for n, family in enumerate(FAMILIES):
        entries[name_of(family, 1, 1)] = {"attempts": 1, "right": True, "when": 10 + n}
    entries["derive_sigmoid"]["slips"] = []
    assert History(entries).next(100).split(".")[1] == "chain"


def test_a_damaged_history_is_read_as_far_as_it_goes():
    entries = {"practice.chain.1.1": {"attempts": 1, "right": True, "slips": "x", "when": 1}}
    entries["a"] = {"slips": [["quotient-reversed"], 3, ["missing-square", None]]}
    assert History(entries).level("chain") == 1
    assert not History(entries).due(9)


def test_progress_draws_the_skills_and_says_them_in_words():
    solve(practice("chain"))
    shown = progress()
    assert "derive, chain rule: level 1, 1 of 1 right at once" in shown
    drawn = shown._repr_html_()
    assert 'aria-label="Skills practised. derive, chain rule: level 1 of 5, 1 of 1 right' in drawn


def test_what_is_asked_for_wrongly_is_told_what_there_is():
    for wrong in ({"what": "chains"}, {"level": 6}, {"seed": -1}):
        with pytest.raises(ValueError, match="came"):
            practice(**{"what": "chain", **wrong})


def test_a_design_takes_any_formula_or_function_that_has_the_properties():
    task = next(
        t
        for t in (practice("design", level=2, seed=n) for n in range(50))
        if "never falls" in t.exercise.prompt and "comes to" in t.exercise.prompt
    )
    verdict = check(task, "z")
    assert not verdict
    assert re.search(r"Asked: .* But .* it is|slope is", verdict.message)
    formula = task.exercise.solution.partition("For example ")[2]
    assert check(task, f"\n{formula}\n")
    assert check(task, lambda z: array_values(parse(formula), {"z": z}))
    assert check(task, f"f(x) = {formula.replace('*', ' ').replace('z', 'x')}")
    assert check(task, "exp(1/z)").status == "unread"


def test_units_and_formulas_are_read_as_people_write_them():
    units = draw(name_of("network", 1, 1))
    one_by_one = ", ".join(units.answer)
    for written in (units.answer, one_by_one, f"units {one_by_one}", [*map(int, units.answer)]):
        assert units.judge(written), written
    assert not units.judge("7, 6, 5, 4, 3, 2, 1")
    shown = draw(name_of("picture", 2, 3))
    assert shown.judge(f"f(z) = {shown.answer}".replace("*", " "))
    assert not shown.judge(next(o.text for o in shown.options if o.slug).replace("*", " "))
