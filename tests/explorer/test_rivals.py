"""A rival beside g and a slope chosen at a kink: what is stored, what is said, what is drawn."""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from helpers.activations import ACTIVATIONS, Activation, Parameter, relu
from helpers.explorer import Prediction, Rival, explore, rivals
from helpers.explorer.stored import MOST_PICTURE
from tests.explorer.reading import SHORTCUT, STEEPER, page, points, stored, unpacked
from tools.browser import page as browser_page
from tools.browser import violations


@given(
    st.floats(-2, 2) | st.floats(-2e-3, 2e-3) | st.just(0.0),
    st.floats(-2e-3, 2e-3) | st.floats(-1e-5, 1e-5) | st.just(0.0),
)
def test_what_is_told_apart_can_be_told_apart_by_the_numbers_shown(a, gap):
    def shown(value):
        return f"{value:.4f}" if value == 0 or abs(value) >= 1e-3 else f"{value:.2e}"

    b = a + gap
    pair = rivals.differs(np.array([a, b]), np.array([b, a]))
    assert pair[0] == pair[1]
    assert not pair[0] or shown(a) != shown(b)
    if max(abs(a), abs(b)) >= 1e-3:
        assert pair[0] == (abs(a - b) > 1e-4)


@given(st.lists(st.booleans(), min_size=1))
def test_runs_give_the_mask_back(mask):
    rebuilt = [False] * len(mask)
    runs = rivals.runs(np.array(mask))
    for first, last in runs:
        rebuilt[first : last + 1] = [True] * (last + 1 - first)
    assert rebuilt == mask
    assert all(end + 1 < start for (_, end), (start, _) in pairwise(runs))


def test_a_rival_is_stored_where_it_is_not_g_and_nowhere_else():
    data = stored(explore("leaky_relu", rival=SHORTCUT))
    z = points(data["z"])
    for slope, row, runs in zip(
        points(data["parameter"]), data["rival"]["values"], data["rival"]["runs"], strict=True
    ):
        if slope < 1.0001:  # max(αz, z) is right for every slope up to 1
            assert (row, runs) == ("", [])
        else:
            assert runs == [[0, 159], [161, 320]]
            expected = np.where(z > 0, slope * z, z)
            np.testing.assert_allclose(unpacked(row), expected, rtol=5.1e-6, atol=1e-12)


def test_a_rival_of_lines_or_one_that_is_g_costs_next_to_nothing():
    plain = len(json.dumps(explore("leaky_relu").data))
    assert len(json.dumps(explore("leaky_relu", rival=SHORTCUT).data)) < plain + 12_000
    twin = Rival("twin", ACTIVATIONS["leaky_relu"].value)
    assert len(json.dumps(explore("leaky_relu", rival=twin).data)) < plain + 4_000


@pytest.mark.parametrize(
    ("rival", "where"),
    [
        (relu, ""),
        (np.abs, "z < 0"),
        (np.square, "z < 0 and 0 < z < 1 and z > 1"),
        (lambda z: relu(z) + 1, "every z shown"),
        (lambda z: relu(z) + (z == 2), "z = 2"),
        (lambda z: relu(z) + (np.abs(z) < 1), "−1 < z < 1"),
        (
            lambda z: relu(z) + (np.sin(3 * z) > 0),
            "z < −7.3 and −6.3 < z < −5.2 and −4.2 < z < −3.1 and elsewhere",
        ),
        (lambda z: relu(z) + 9e-5 * (z > 1), ""),
        (lambda z: relu(z) + 2e-4 * (z > 1), "z > 1"),
        (lambda z: relu(z) + 1e-30 * (z < -1), "z < −1"),  # 1.00 × 10⁻³⁰ is shown, and not 0
    ],
)
def test_the_places_where_a_rival_parts_are_told(rival, where):
    (told,) = explore("relu", rival=Rival("other", rival)).data["rival"]["where"]
    assert re.fullmatch(where, told)


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (0.2, "max(αz, z) agrees with g for every z shown"),
        (-1, "max(αz, z) agrees with g for every z shown"),
        (1.5, "max(αz, z) differs from g for z &lt; 0 and z &gt; 0"),
    ],
)
def test_the_fallback_picture_tells_of_the_rival(slope, said):
    picture = page(explore("leaky_relu", parameter=slope, rival=SHORTCUT)).split("<script")[0]
    assert said in re.search(r'<img alt="([^"]*)"', picture)[1]
    assert len(picture) < MOST_PICTURE


def test_the_opening_picture_holds_the_rival_and_the_line():
    view = explore("relu", rival=Rival("12", lambda z: np.full_like(z, 12.0))).data["view"]
    assert view["top"] > 12
    assert explore("relu", subgradient=True).data["view"]["bottom"] < -4  # the line of slope 1/2


def test_the_axis_holds_all_the_parameter_brings_unless_that_more_than_doubles_it():
    def ends(name, **options):
        view = explore(name, **options).data["view"]
        return view["bottom"], view["top"]

    bottom, top = ends("leaky_relu", parameter=0.2, z_range=(-4, 4), rival=SHORTCUT)
    assert bottom < -8 < 8 < top  # α = 2
    steep = replace(STEEPER, parameter=Parameter("beta", "β", 0.5, 0.5, 40.5, 10.0))  # up to 10
    bottom, top = ends(steep)
    assert -0.6 < bottom < top < 1.7


def test_neither_rival_nor_line_gives_a_prediction_away():
    asked = Prediction("Where do they part?", ["z < 0", "z > 0"])
    shown = explore("leaky_relu", rival=SHORTCUT, subgradient=True, predict=asked)
    picture = page(shown).split("<script")[0]
    assert not re.search(r"max\(|slope|differs|agrees", picture)


@pytest.mark.parametrize(
    ("error", "message", "rival"),
    [
        (TypeError, "rival: expected a Rival, got function", lambda: relu),
        (TypeError, "rival: expected a name that is a text, got 5", lambda: Rival(5, relu)),
        (TypeError, "rival: expected a name that is a text, got ' '", lambda: Rival(" ", relu)),
        (TypeError, "rival r: expected a function of z, got 5", lambda: Rival("r", 5)),
        (
            TypeError,
            "rival r: expected a function of z alone, but the call failed: .*argument",
            lambda: Rival("r", lambda z, a: z),
        ),
        (
            ValueError,
            "rival r: expected finite values, got nan at z = -8",
            lambda: Rival("r", np.sqrt),
        ),
        (
            ValueError,
            "rival r: expected finite values, got inf at z = 0",
            lambda: Rival("r", lambda z: 1 / np.abs(z)),
        ),
        (ValueError, "rival r: expected 321 values, got the sh", lambda: Rival("r", lambda z: 1.0)),
    ],
)
def test_a_rival_that_cannot_be_drawn_is_named(error, message, rival):
    with pytest.raises(error, match=f"^{message}"):
        explore("relu", rival=rival())


def test_a_rival_that_forgets_the_parameter_is_named():
    with pytest.raises(TypeError, match="rival r: expected a function of z and the parameter"):
        explore("leaky_relu", rival=Rival("r", lambda z: z))


def test_a_rival_too_large_to_be_stored_is_refused():
    rough = Rival("rough", lambda z, slope: np.sin(99 * z * (2 + slope)))
    with pytest.raises(ValueError, match=r"at most 300 kB, got about \d+ kB"):
        explore("leaky_relu", rival=rough)


# --- a slope chosen at the kink -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("slopes", "grid"),
    [
        ((0, 1), (-0.5, 1.5, 0.05)),
        ((-1, 1), (-2, 2, 0.05)),
        ((1, 1), (0, 2, 0.05)),  # no kink after all
        ((0, 0.2), (-0.1, 0.3, 0.005)),
        ((-40, 60), (-90, 110, 5)),
    ],
)
def test_a_slope_is_chosen_in_twice_the_range_of_those_on_both_sides(slopes, grid):
    left, right = slopes
    broken = Activation(
        lambda z: np.where(z > 0, right * z, left * z),
        lambda z: np.where(z > 0, float(right), float(left)),
        kinks=(0.0,),
    )
    slider = explore(broken, subgradient=True).subgradient
    assert (slider.min, slider.max, slider.step) == pytest.approx(grid)
    assert slider.value == pytest.approx((left + right) / 2, abs=slider.step)


def test_a_subgradient_has_a_slider_of_its_own():
    shown = explore("leaky_relu", subgradient=True)
    slider = shown.subgradient  # for every α from −1 to 2
    assert (slider.min, slider.max, slider.step, slider.value) == (-2.5, 3.5, 0.05, 0.5)
    assert shown.children == (shown.z, shown.parameter, slider, shown.picture)
    assert shown.picture.subgradient == 0.5
    assert explore("leaky_relu").subgradient is None


def test_the_line_goes_through_the_kink_wherever_it_is():
    off = Activation(lambda z: np.abs(z - 1 / 3) + 2, lambda z: np.sign(z - 1 / 3), kinks=(1 / 3,))
    data = stored(explore(off, subgradient=True))
    assert data["subgradient"]["height"] == [2]
    assert (data["kinks"][0]["left"], data["kinks"][0]["right"]) == ([-1], [1])


@pytest.mark.parametrize(
    ("name", "z_range", "got"),
    [("sigmoid", (-8, 8), "none"), ("relu", (0, 8), "none"), ("steps", (-8, 8), "-1, 1")],
)
def test_a_subgradient_needs_exactly_one_kink(name, z_range, got):
    clipped = Activation(
        lambda z: np.clip(z, -1, 1),
        lambda z: ((z > -1) & (z <= 1)).astype(float),
        kinks=(-1.0, 1.0),
        expression="steps",
    )
    with pytest.raises(
        ValueError, match=f"^subgradient: expected {name} .* one kink .* got {got}$"
    ):
        explore(clipped if name == "steps" else name, z_range=z_range, subgradient=True)


def test_a_subgradient_is_asked_for_by_true_or_false():
    with pytest.raises(TypeError, match=r"subgradient: expected True or False, got 0\.5"):
        explore("relu", subgradient=0.5)


def test_the_fallback_picture_tells_of_the_line():
    alt = re.search(
        r'<img alt="([^"]*)"', page(explore("leaky_relu", parameter=0.2, subgradient=True))
    )
    assert "The dotted line through the kink has the slope m = 0.5." in alt[1]


# --- both, in a browser -------------------------------------------------------------------------


@cache
def with_a_line():
    return explore("leaky_relu", parameter=0, subgradient=True)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A file with Leaky ReLU beside its shortcut, with a chosen slope, and ELU with one."""
    path = tmp_path_factory.mktemp("pair") / "pair.html"
    elu = Activation(  # with α = 2 its slopes are 2 and 1, but it is not concave
        lambda z: np.where(z > 0, z, 2 * np.expm1(z)),
        lambda z: np.where(z > 0, 1.0, 2 * np.exp(z)),
        kinks=(0.0,),
    )
    shown = explore("leaky_relu", parameter=0.2, z=3, rival=SHORTCUT)
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>three</title><main><h1>3</h1>'
        f"{page(shown)}{page(with_a_line())}{page(explore(elu, subgradient=True))}</main></html>",
        encoding="utf-8",
    )
    with browser_page(height=1200) as visit:
        visit.page.set_default_timeout(5000)
        visit.page.goto(path.as_uri())
        yield visit
        assert violations(visit.page, ".activation-explorer") == []
        assert (visit.errors, visit.strays) == ([], [])


def move(slider, value):
    slider.evaluate(
        "(slider, v) => { slider.value = v; slider.dispatchEvent(new Event('input')); }", str(value)
    )


@pytest.mark.browser
@pytest.mark.parametrize(
    ("slope", "z", "said", "hatched"),
    [
        (1.5, 3, "max(αz, z) is not g here: at z = 3.00 it gives 4.5000 instead of 3.0000.", True),
        (2, 3, "max(αz, z) is not g here: at z = 3.00 it gives 6.0000 instead of 3.0000.", True),
        (2, 0, "max(αz, z) agrees with g at z = 0.00, but not for z < 0 and z > 0.", True),
        (
            2,
            -1,
            "max(αz, z) is not g here: at z = −1.00 it gives −1.0000 instead of −2.0000.",
            True,
        ),
        (1, -1, "max(αz, z) agrees with g for every z shown.", False),
        (-1, -1, "max(αz, z) agrees with g for every z shown.", False),
    ],
)
def test_the_picture_is_hatched_where_the_rival_parts_and_says_so(pair, slope, z, said, hatched):
    shown = pair.page.locator(".activation-explorer").first
    for slider, value in zip(shown.get_by_role("slider").all(), (z, slope), strict=True):
        move(slider, value)
    expect(shown.locator(".parting")).to_have_text(said)
    assert said in shown.locator("svg").get_attribute("aria-label")
    expect(shown.locator("[aria-live]")).to_contain_text(said)
    assert bool(shown.locator(".gap").get_attribute("d")) == hatched
    assert shown.locator("svg text", has_text="max(αz, z)").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("slope", "m", "does"),
    [
        (0, "0.50", "stays below"),
        (0, "0.00", "stays below"),
        (0, "−0.05", "crosses"),
        (0.2, "0.20", "stays below"),
        (0.2, "0.15", "crosses"),
        (0.2, "1.05", "crosses"),
        (-1, "−1.00", "stays below"),
        (1, "1.00", "is"),
        (1, "0.95", "crosses"),
        (2, "2.00", "stays above"),
        (2, "1.00", "stays above"),
        (2, "2.05", "crosses"),
    ],
)
def test_a_line_through_the_kink_has_the_chosen_slope(pair, slope, m, does):
    shown = pair.page.locator(".activation-explorer").nth(1)
    z, parameter, slider = shown.get_by_role("slider").all()
    move(z, 0)
    move(parameter, slope)
    move(slider, m.replace("−", "-"))
    said = f"Slope m = {m}: the line {does} the curve."
    assert slider.get_attribute("aria-label") == "slope m at the kink z = 0"
    assert slider.get_attribute("aria-valuetext") == m
    assert shown.locator(".row span").nth(2).text_content() == m
    assert shown.get_by_text(said, exact=True).is_visible()  # it is announced, too
    assert shown.locator("svg text", has_text=f"m = {m}").is_visible()
    expect(shown.locator("[aria-live]")).to_contain_text(said)
    assert "[" not in shown.locator(".stage ~ .note").last.text_content()  # the learner finds it
    ends = re.findall(r"[-.\d]+", shown.locator(".chosen").get_attribute("d"))
    x0, y0, x1, y1 = map(float, ends)
    assert (x0, x1) == (46, 584)
    view = with_a_line().data["view"]
    per_unit = (324 - 14) / (view["top"] - view["bottom"])
    assert (y0 - y1) / per_unit / 16 == pytest.approx(float(m.replace("−", "-")), abs=1e-2)


@pytest.mark.browser
def test_page_keys_move_the_chosen_slope_by_ten_steps_whatever_the_parameter(pair):
    shown = pair.page.locator(".activation-explorer").nth(1)
    _, parameter, slider = shown.get_by_role("slider").all()
    for slope in (0, 2):
        move(parameter, slope)
        move(slider, 0)
        for key, m in (("PageUp", "0.50"), ("ArrowRight", "0.55"), ("End", "3.50")):
            slider.press(key)
            assert slider.get_attribute("aria-valuetext") == m


@pytest.mark.browser
def test_what_is_read_aloud_is_never_older_than_what_is_shown(pair):
    shown = pair.page.locator(".activation-explorer").nth(1)
    slider, live = shown.get_by_role("slider").nth(2), shown.locator("[aria-live]")
    move(slider, 2)
    expect(live).to_contain_text("m = 2.00")
    heard = slider.evaluate(
        """(slider) => {
            slider.value = 1;
            slider.dispatchEvent(new Event("input"));
            return slider.getRootNode().querySelector("[aria-live]").textContent;
        }"""
    )
    assert heard == ""
    expect(live).to_contain_text("m = 1.00")


@pytest.mark.browser
def test_no_name_in_the_picture_is_crossed_by_a_line(pair):
    shown = pair.page.locator(".activation-explorer").nth(1)
    z, parameter, slider = shown.get_by_role("slider").all()
    crossed = """(svg) => {
        const names = [...svg.querySelectorAll(".on")].filter((name) => name.textContent);
        const lines = [...svg.querySelectorAll("g path[d^=M], svg > path[d]")];
        return names.flatMap((name) => {
            const box = name.getBBox(), [y, height] = [box.y + 4, box.height - 8];
            return lines.filter((line) => {
                if (line.getAttribute("stroke") === "var(--rule)") return false;
                const long = line.getTotalLength();
                for (let s = 0; s <= long; s += 2) {
                    const at = line.getPointAtLength(s);
                    if (at.x > box.x && at.x < box.x + box.width && at.y > y && at.y < y + height)
                        return true;
                }
            }).map((line) => `${name.textContent}: ${line.getAttribute("class")}`);
        });
    }"""
    for slope, m, place in ((0.2, 0.6, 0), (0.2, 1, 0), (0, 0, -2), (2, 1.5, 0), (-1, 3, 1)):
        move(parameter, slope)
        move(slider, m)
        move(z, place)
        assert shown.locator("svg").evaluate(crossed) == []


@pytest.mark.browser
def test_a_line_that_crosses_the_curve_is_not_called_supporting(pair):
    said = "Slope m = 1.50: the line crosses the curve."
    assert pair.page.get_by_text(said, exact=True).is_visible()
