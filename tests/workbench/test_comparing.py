"""Paired runs: the sentence claims no more than the runs show, and the race is fair."""

import math

import numpy as np
import pytest

from helpers.networks import Diverged
from helpers.workbench import PairedRuns, compare, comparing, compose


def result(*differences):
    first = np.array(differences) + 0.9
    return PairedRuns(("mine", "relu"), (0.1, 0.3), (first, np.full(len(first), 0.9)), 100)


def test_the_sentence_is_that_of_the_pairs():
    unclear = result(0.01, -0.01, 0.006, 0.002, -0.004, 0.003)
    assert unclear.sentence == unclear.evidence.sentence
    assert "not shown" in unclear.sentence
    clear = [0.10, 0.11, 0.09, 0.12, 0.10, 0.08]
    assert result(*clear).sentence.endswith("; mine did better here")
    assert result(*(-d for d in clear)).sentence.endswith("; relu did better here")
    assert "p = 0.031: shown" in result(*clear).sentence
    assert "not shown; no 5 pairs can give p below" in result(*clear[:5]).sentence
    shown = repr(result(0.01, -0.01))
    assert "mine: 0.900 ± 0.014 at learning rate 0.1" in shown
    assert "100 parameters each" in shown


def test_a_difference_that_is_there_is_seen():
    linear = compare(compose("0.5*z"), data="spiral", seeds=6, epochs=25, rates=[0.3])
    assert linear.evidence.mean < -0.2
    assert linear.sentence.endswith("relu did better here")
    assert linear.parameters == 3 * 32 + 33 * 32 + 33 * 2
    assert [len(a) for a in linear.accuracies] == [6, 6]


def test_pairs_begin_alike_and_the_test_set_is_used_only_after_tuning(monkeypatch):
    begun, judged = [], []

    def train(network, x, y, rng, **options):
        begun.append(
            (options["rate"], network.weights[0] / network.weights[0].std(), x, rng.random())
        )
        monkeypatch.setattr(network, "rate", options["rate"], raising=False)

    def accuracy(network, x, y):
        judged.append(x)
        return -abs(math.log(network.rate / 0.9)) + 9  # 0.9 is best

    monkeypatch.setattr(comparing, "train", train)
    monkeypatch.setattr(comparing, "accuracy", accuracy)
    found = compare(compose("tanh(2*z)"), "sigmoid", seeds=3, rates=[0.03, 0.1, 0.3])
    assert found.rates == pytest.approx((0.9, 0.9))  # found by going on where the list ends
    validation, test = judged[0], judged[-1]
    one_of_both = [len(validation)] * 10 + [len(test)] * 3
    assert [len(x) for x in judged] == 2 * one_of_both
    shared = {row.tobytes() for row in validation} & {row.tobytes() for row in test}
    assert len(shared) <= 2  # two images may be alike
    assert len(begun[0][2]) + len(validation) + len(test) == 1797
    drawn = [after for *_, after in begun]
    assert not {*drawn[:10]} & {*drawn[10:13]}  # tuned on other random numbers
    for (_, mine, _, after), (_, other, _, after_other) in zip(
        begun[10:13], begun[23:], strict=True
    ):
        np.testing.assert_allclose(mine, other)
        assert after == after_other


def test_runs_that_diverge_count_as_nothing_learnt():
    cubic = compose("z^3 + 9z^2")
    with pytest.raises(Diverged, match="every learning rate of"):
        compare(cubic, seeds=2, epochs=2, rates=[100.0])


@pytest.mark.parametrize("wrong", [{"data": "mnist"}, {"seeds": 1}, {"seeds": 21}, {"seeds": 2.5}])
def test_compare_refuses(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}: expected"):
        compare("tanh", **wrong)
