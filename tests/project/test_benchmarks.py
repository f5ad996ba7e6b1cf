"""The benchmark runs, computes the same functions everywhere, and says who was left out."""

import numpy as np
import pytest

from benchmarks import activations as bench
from benchmarks import growth, pad_latency, slider_latency, softmax, training
from benchmarks.peers import MISSING, NAMES, PEERS
from benchmarks.results import SHORT, record
from helpers.activations import leaky_relu


@pytest.mark.parametrize("title", bench.COMPUTING)
def test_every_peer_computes_the_same_functions(title):
    z = np.linspace(-3.02, 3.02, 152)  # away from the kinks
    peer, ours = PEERS[title](z), PEERS["helpers"](z)
    assert set(peer.names) <= set(NAMES)
    for name in peer.names:
        np.testing.assert_allclose(peer.run(name), ours.run(name), rtol=1e-6, atol=1e-6)


@pytest.fixture(scope="module")
def measured():
    """Errors at a few places, and times of arrays so large that one call is timed at a time."""
    z = np.array([-40.0, -1.0, 0.5, 40.0])
    return bench.accuracy(z), bench.speed([100_000], [np.float64])


@pytest.mark.complete
def test_the_report_holds_every_function_and_every_peer(measured):
    errors, times = measured
    report = bench.report(errors, times)
    for word in [*NAMES, *PEERS, *MISSING, "÷ copy"]:
        assert word in report
    assert all(ns > 0 for ns in times.values())
    assert max(errors["sigmoid", "helpers"]) < 5 < 1e15 < max(errors["sigmoid", "textbook"])


@pytest.mark.complete
def test_softmax_is_compared_at_rows_where_others_lose_digits():
    peers = softmax.peers()
    assert {"helpers", "SciPy"} <= {*peers}
    assert max(softmax.errors(peers["helpers"][name], name) for name in softmax.NAMES) <= 4
    assert softmax.errors(peers["SciPy"]["log_softmax"], "log_softmax") > 1e15


def test_ways_back_are_compared_with_fifty_digits():
    ours = softmax.ways_back()["helpers"]
    assert max(softmax.errors_back(ours[name], name, longest=10) for name in softmax.BACK) <= 4
    rounded = softmax.errors_back(lambda z, u: np.zeros_like(z), "cross-entropy", longest=10)
    assert rounded > 1e15  # a p - y of 0, as where the right class has all


def test_goals_are_judged_by_the_ratio_and_left_out_where_a_peer_is_missing():
    times = {("float64", 10**7, "sigmoid", "helpers"): 3.0}
    assert bench.verdicts(times) == []
    times["float64", 10**7, "sigmoid", "copy"] = 1.2
    (line,) = bench.verdicts(times)
    assert "2.50 × copy (goal 3.0 ×, reached)" in line
    times["float64", 10**7, "sigmoid", "textbook alone"] = 2.5
    *_, last = bench.verdicts(times)
    assert "0 of 1 pairs" in last
    times["float64", 1000, "sigmoid", "helpers"] = 1.2 * 2.5
    times["float64", 1000, "sigmoid", "textbook alone"] = 2.5
    *_, last = bench.verdicts(times)
    assert "1 of 2 pairs" in last


def test_peers_take_turns():
    turns = []

    class Peer:
        def __init__(self, title):
            self.title = title

        def run(self, name):
            turns.append(self.title)

    bench.medians({title: Peer(title) for title in "ab"}, "sigmoid", 10**7)
    rounds = ["a", "a", "b", "b"] * 5  # a call that is not timed, and one that is
    assert turns == ["a", "b", *rounds]  # once to compile, then five rounds


@pytest.mark.complete
def test_the_picture_is_drawn(measured, tmp_path):
    bench.draw(*measured, tmp_path / "results.svg")
    assert "<svg" in (tmp_path / "results.svg").read_text(encoding="utf-8")


def test_other_words_are_refused():
    with pytest.raises(SystemExit, match="--fast came"):
        bench.main(["--fast"])


def test_each_benchmark_writes_its_own_part_and_leaves_the_others(tmp_path):
    place = tmp_path / "RESULTS.md"
    record("Sliders", ["5 ms"], place)
    record("Kernels", ["1 ns"], place)
    record("Sliders", ["6 ms", "", f"{SHORT}quick.", ""], place)
    text = place.read_text(encoding="utf-8")
    assert text.startswith("# Measured beside others")
    assert text.index("## Kernels") < text.index("1 ns") < text.index("## Sliders")
    assert "6 ms" in text
    assert "5 ms" not in text
    assert text.index("- quick.") < text.index("## Kernels")  # on top as well


def test_the_sliders_report_says_medians_and_their_ratio():
    times = {"explorer": [5.0] * 20, "interact + matplotlib": [50.0] * 20}
    lines = slider_latency.report(times)
    assert "| explorer | 5.0 | 5.0 |" in lines
    assert "| ratio | 10.0 | 10.0 |" in lines
    assert any("20 moves each" in line for line in lines)


def test_the_report_of_the_pad_says_medians_with_and_without_the_rest():
    lines = pad_latency.report({"JupyterLab": [300.0] * 20, "in-browser edition": [320.0] * 20})
    rest = pad_latency.REST
    assert f"| JupyterLab | 300 | 300 | {300 - rest:.0f} |" in lines
    assert f"| in-browser edition | 320 | 320 | {320 - rest:.0f} |" in lines


def test_every_float32_counts_what_is_not_correctly_rounded():
    pytest.importorskip("flint", reason="balls need python-flint, which extra test brings")
    from benchmarks import exhaustive

    f, ball = exhaustive.TEXTBOOK["leaky_relu"][0], exhaustive.BALLS["leaky_relu"][0]
    z = -np.arange(2**15, dtype=np.uint32).view(np.float32)  # subnormal, so ties are many
    got = leaky_relu(z)
    # 0.01 is a float a hair above 1/100: at 50 steps, 250, 450 … the truth is a hair beyond
    # half-way, in float64 it is half-way, and half-way goes to even
    ties = len(range(50, 2**15, 200))
    wrong, decided = exhaustive.wrong(f, ball, z, got)
    assert wrong == ties < decided < 2**15
    got[[3, 500, 2**15 - 1]] += np.float32(2.0**-149)
    assert exhaustive.wrong(f, ball, z, got) == (ties + 3, decided)


def test_every_float32_says_how_many_it_has_seen():
    pytest.importorskip("flint", reason="balls need python-flint, which extra test brings")
    from benchmarks import exhaustive

    lines = exhaustive.report({"tanh": {"0": [100, 1, 0, 7], "5": [50, 0, 2, 1]}})
    assert "| tanh | 150 of 4,278,190,080 | 1 | 2 | 8 |" in lines
    assert any("1 values and 2 slopes of tanh" in line for line in lines)


def test_an_exponent_is_the_slope_of_the_larger_sizes():
    sizes = [1, 10, 100, 1000, 10_000]
    assert growth.exponent(sizes, [1e-6 * n**1.5 for n in sizes]) == pytest.approx(1.5)
    assert growth.exponent(sizes, [1.0 if n < 100 else n / 50 for n in sizes]) == pytest.approx(1)


def test_simulated_grading_is_bounded_by_workers_and_by_the_writer():
    def alone(n, w):
        return growth.simulated(n, w, start=5.0, writing=0.01, working=1.0)

    assert alone(1000, 1) == pytest.approx(5 + 1000, rel=0.03)
    assert alone(1000, 8) == pytest.approx(5 + 1000 / 8, rel=0.03)
    assert alone(1000, 1000) == pytest.approx(5 + 1000 * 0.01, rel=0.2)  # the writer is in the way
    assert alone(1, 32) < 5 + 4


@pytest.mark.parametrize("title", growth.GROWING)
def test_what_grows_can_be_called_at_every_size_that_it_is_measured_at(title):
    _, sizes, make = growth.GROWING[title]
    make(sizes[-1] if sizes[-1] < 10**4 else 10**4)()


def test_the_report_of_training_says_ratios_and_the_distance_to_the_goals():
    native, torch = {"relu": [5.0, 1.0], "gelu": [9.0, 1.0]}, {"relu": (5.0, 10.0)}
    here, there = ({"product": a, "exp": b, "lesson 7": 1e5} for a, b in ((6.0, 4.0), (90.0, 36.0)))
    lines = training.report(torch, native, {"gelu": [90.0, 1.0]}, here, there)
    assert "| relu | 5.0 | 10.0 | 0.50 | – |" in lines
    assert "| gelu | 9.0 | – | – | 10.0 |" in lines
    (short,) = (line for line in lines if line.startswith(SHORT))
    assert "1 of 1 activations meet the goal" in short
    assert "15 × as long" in lines[-1]
    assert "60 s natively" in lines[-1]
