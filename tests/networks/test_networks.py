"""The network and its training: gradients against dual numbers, errors, the progress bar."""

import numpy as np
import pytest
from jupyter_client.manager import run_kernel

from helpers.activations import (
    ACTIVATIONS,
    Activation,
    Dual,
    central_difference,
    leaky_relu_slope_prime,
)
from helpers.networks import (
    Diverged,
    Network,
    accuracy,
    circles,
    load_digits,
    parameter_gradient,
    split,
    train,
)
from tests.networks.examples import small_network
from tools.oracle import truth

# --- backpropagation against dual numbers: another arithmetic, another code ----------------------


def exactly(name, *parameters):
    """Return g in 50-digit arithmetic, as a function of plain and of dual numbers."""

    def g(z):
        plain = z.value if isinstance(z, Dual) else z
        both = truth(name, plain.ravel(), *parameters)
        value, slope = (np.float64(column).reshape(plain.shape) for column in both)
        return Dual(value, slope * z.slope) if isinstance(z, Dual) else value

    return g


CASES = [(name, ()) for name in ACTIVATIONS] + [
    (name, (p.low + 0.6 * (p.high - p.low),))
    for name, known in ACTIVATIONS.items()
    if (p := known.parameter)
]


def cross_entropy(logits, labels):
    """Written without the module under test, for plain and for dual numbers."""
    log_sum = np.log(np.exp(logits) @ np.ones(3))  # three classes
    picked = (logits * np.eye(3)[labels]) @ np.ones(3)
    return np.sum(log_sum - picked) / len(labels)


def squared(outputs, targets):
    return np.sum((outputs - targets) ** 2) / (2 * len(targets))


def loss_of(weights, biases, g, x, targets, loss=cross_entropy):
    h = x
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        h = g(h @ w + b)
    return loss(h @ weights[-1] + biases[-1], targets)


def assert_slopes_agree(network, g, x, targets, rng, loss=cross_entropy):
    """Compare every layer's slopes with the dual numbers along a random direction."""
    found = network.gradients(x, targets)
    for kind, slopes in (("weights", found.weights), ("biases", found.biases)):
        for layer, slope in enumerate(slopes):
            parts = {"weights": list(network.weights), "biases": list(network.biases)}
            direction = rng.normal(size=slope.shape)
            parts[kind][layer] = Dual(parts[kind][layer], direction)
            dual = loss_of(parts["weights"], parts["biases"], g, x, targets, loss)
            np.testing.assert_allclose(found.loss, dual.value, rtol=1e-12)
            np.testing.assert_allclose(np.sum(slope * direction), dual.slope, rtol=1e-10)


@pytest.mark.parametrize(("activation", "parameters"), CASES)
def test_backpropagation_agrees_with_dual_numbers(activation, parameters):
    for seed in range(3):
        network, x, labels, rng = small_network(activation, seed, parameters)
        assert_slopes_agree(network, exactly(activation, *parameters), x, labels, rng)


def test_an_activation_of_ones_own_with_squared_loss_agrees_with_dual_numbers():
    softsign = Activation(lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2)
    network, x, _, rng = small_network(softsign, loss="squared")
    assert_slopes_agree(network, softsign.value, x, rng.normal(size=(11, 3)), rng, squared)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_single_slope_agrees_with_central_differences(activation):
    network, x, labels, _ = small_network(activation)
    found = network.gradients(x, labels)
    pairs = [*zip(network.weights, found.weights, strict=True)]
    for array, slopes in [*pairs, *zip(network.biases, found.biases, strict=True)]:
        for place, slope in np.ndenumerate(slopes):

            def loss(number, array=array, place=place):
                before, array[place] = array[place], number
                result = network.gradients(x, labels).loss
                array[place] = before
                return result

            assert central_difference(loss, array[place]) == pytest.approx(slope, abs=1e-8)


def test_a_shared_slope_of_prelu_agrees_with_dual_numbers():
    network, x, labels, _ = small_network("leaky_relu", parameters=0.25)
    dual = loss_of(
        network.weights,
        network.biases,
        lambda z: np.where(z > 0, z, Dual(0.25, 1.0) * z),
        x,
        labels,
    )
    found = parameter_gradient(network, x, labels, leaky_relu_slope_prime)
    assert found == pytest.approx(dual.slope, rel=1e-10)


def test_a_slope_may_learn_and_a_trace_keeps_its_own():
    network, x, labels, _ = small_network("leaky_relu", parameters=0.25)
    trace, before = network.forward(x), network.gradients(x, labels).loss
    network.parameters[0] -= 0.1 * parameter_gradient(network, x, labels, leaky_relu_slope_prime)
    assert network.gradients(x, labels).loss < before
    assert trace.parameters == (0.25,)


def test_deltas_are_the_slopes_of_the_loss_by_the_pre_activations():
    network, x, labels, _ = small_network("tanh")
    found = network.gradients(x, labels)
    for layer, delta in enumerate(found.deltas):
        np.testing.assert_allclose(delta.sum(axis=0), found.biases[layer], rtol=1e-13)
    p = np.exp(network.forward(x).logits)
    p /= p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.deltas[-1], (p - np.eye(3)[labels]) / 11, atol=1e-15)


def test_a_confident_network_has_a_finite_loss():
    network, x, labels, _ = small_network("relu")
    network.weights[-1] *= 1e6
    assert np.isfinite(network.gradients(x, labels).loss)


# --- initialisation and learning ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("init", "variance"), [("he", 2 / 400), ("xavier", 2 / 500), ("lecun", 1 / 400), (3.0, 9 / 400)]
)
def test_initialisations_have_their_variance(init, variance):
    network = Network([400, 100], "relu", np.random.default_rng(0), init=init)
    assert np.var(network.weights[0]) == pytest.approx(variance, rel=0.03)


def test_a_shallow_network_learns_and_a_run_repeats_bit_by_bit():
    def run():
        rng = np.random.default_rng(0)
        x, y, test_x, test_y = split(*load_digits(), rng)
        network = Network([64, 32, 10], "tanh", rng)
        losses = train(network, x, y, rng, epochs=5)
        return losses, accuracy(network, test_x, test_y)

    losses, reached = run()
    assert np.all(np.diff(losses) < 0)
    assert reached > 0.9
    again = run()
    np.testing.assert_array_equal(again[0], losses)
    assert again[1] == reached


def test_a_network_with_squared_loss_learns_a_curve():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (200, 1))
    network = Network([1, 16, 1], "relu", rng, init="he", loss="squared")
    losses = train(network, x, np.abs(x), rng, epochs=100)
    assert losses[-1] < 1e-3


def test_biases_start_where_asked_and_those_of_the_outputs_at_zero():
    network, *_ = small_network("relu")
    assert [np.unique(b).tolist() for b in network.biases] == [[0.1], [0.1], [0.0]]


def test_the_order_of_the_examples_is_drawn():
    def losses(seed):
        network, x, labels, _ = small_network("tanh")
        return train(network, x, labels, np.random.default_rng(seed), epochs=2, batch=2)

    assert np.all(losses(1) != losses(2))
    np.testing.assert_array_equal(losses(1), losses(1))


def test_a_step_goes_down_the_slope():
    network, x, labels, rng = small_network("tanh")
    before, slope = network.weights[0].copy(), network.gradients(x, labels).weights[0]
    train(network, x, labels, rng, epochs=1, rate=0.5)  # 11 examples: one batch
    np.testing.assert_allclose(network.weights[0], before - 0.5 * slope, rtol=1e-12)


# --- errors -----------------------------------------------------------------------------------


def test_a_diverging_run_says_where():
    network, x, labels, rng = small_network("relu")
    with pytest.raises(Diverged, match=r"epoch \d+ at learning rate 1e\+300"):
        train(network, x, labels, rng, rate=1e300)


def test_weights_that_left_the_numbers_are_noticed_in_the_last_epoch():
    network, x, _, rng = small_network("relu", loss="squared")
    with pytest.raises(Diverged, match="epoch 1 at learning rate 1e"):
        train(network, x, 1e10 * np.ones((11, 3)), rng, epochs=1, rate=1e300)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([2, 2], "relo"), {}, "sigmoid, tanh, relu, leaky_relu"),
        (([2, 2], "relu"), {"init": "hee"}, "he, xavier, lecun or a gain, got 'hee'"),
        (([2, 2], "relu"), {"init": -1.0}, "a gain from 0, got -1.0"),
        (([2, 2], "relu"), {"init": np.nan}, "a gain from 0, got nan"),
        (([2, 2], "relu"), {"loss": "hinge"}, "cross_entropy, squared, got 'hinge'"),
        (([2], "relu"), {}, r"at least inputs and outputs, got \[2\]"),
        (([2, 0], "relu"), {}, "whole numbers from 1, got 0"),
        (([2, 2.5], "relu"), {}, "whole numbers from 1, got 2.5"),
    ],
)
def test_a_bad_network_is_named(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        Network(*arguments, np.random.default_rng(0), **options)


def test_bad_data_are_named():
    rng = np.random.default_rng(0)
    network, x, labels = Network([2, 4, 3], "relu", rng), np.ones((5, 2)), np.arange(5) % 3
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="x: expected finite numbers, got nan or inf"):
            train(network, np.where(np.eye(5, 2), bad, x), labels, rng)
    with pytest.raises(ValueError, match=r"shape \(examples, 2\), got shape \(3, 4\)"):
        network.forward(np.zeros((3, 4)))
    for bad, got in [
        (labels[:4], r"got int64 of shape \(4,\)"),
        (labels + 0.0, "got float64 of shape"),
        (labels + 1, "from 0 to 2, got 3"),
        (labels - 1, "from 0 to 2, got -1"),
    ]:
        for use in (network.gradients, lambda x, y: accuracy(network, x, y)):
            with pytest.raises(ValueError, match=got):
                use(x, bad)
    line = Network([2, 4, 1], "relu", rng, loss="squared")
    with pytest.raises(ValueError, match=r"targets: .* \(examples, 1\), got shape \(5,\)"):
        line.gradients(x, np.ones(5))
    with pytest.raises(ValueError, match=r"targets: expected 5, one an example, got shape \(4,"):
        line.gradients(x, np.ones((4, 1)))


def test_a_bad_run_is_named_before_anything_changes():
    network, x, labels, rng = small_network("relu")
    before = network.weights[0].copy()
    for name, bad in (("epochs", 0), ("rate", -0.1), ("rate", np.nan), ("batch", 0)):
        with pytest.raises(ValueError, match=f"{name}: expected a positive number, got {bad}"):
            train(network, x, labels, rng, **{name: bad})
    with pytest.raises(ValueError, match="from 0 to 2, got 3"):
        train(network, x, np.full(11, 3), rng)
    with pytest.raises(TypeError, match=r"numpy.random.Generator, .*, got int"):
        train(network, x, labels, 0)
    with pytest.raises(TypeError, match="got int"):
        Network([2, 2], "relu", 0)
    np.testing.assert_array_equal(network.weights[0], before)


# --- the progress bar -------------------------------------------------------------------------

LONG_RUN = """
import time
import numpy as np
from helpers.networks import Network, train
network = Network([2, 2], "relu", np.random.default_rng(0))
network._slow, plain = 0, network.backpropagate
network.backpropagate = lambda *both: time.sleep(0.06) or plain(*both)
losses = train(network, np.ones((4, 2)), np.zeros(4, int), np.random.default_rng(0), epochs=4,
               progress=True)
"""


def test_a_bar_is_shown_to_a_person_and_stored_for_nobody():
    """A client that can answer an `input()` is a person; nbclient and nbval are not."""
    with run_kernel(cwd=".") as client:

        def messages(person):
            seen = []
            reply = client.execute_interactive(
                LONG_RUN, allow_stdin=person, output_hook=seen.append, timeout=60
            )
            assert reply["content"]["status"] == "ok"
            visible = [m for m in seen if m["msg_type"] not in ("status", "execute_input")]
            return [(m["msg_type"], m["content"]["data"]) for m in visible]

        assert messages(person=False) == []
        (kind, first), *updates = messages(person=True)
        assert kind == "display_data"
        assert first["text/plain"] == "epoch 0 of 4"
        assert 'aria-label="training"' in first["text/html"]
        assert {kind for kind, _ in updates} == {"update_display_data"}
        assert len(updates) >= 2
        assert updates[-1][1] == {}


def test_outside_of_a_notebook_there_is_no_bar(capsys):
    network, x, labels, rng = small_network("relu")
    train(network, x, labels, rng, epochs=2, progress=True)
    assert capsys.readouterr() == ("", "")


# --- the lessons' networks --------------------------------------------------------------------


def test_a_network_without_a_kink_cannot_part_circles():
    def reached(slope):
        rng = np.random.default_rng(0)
        x, y, test_x, test_y = split(*circles(400, rng), rng)
        network = Network([2, 24, 24, 24, 2], "leaky_relu", rng, init="he", parameters=slope)
        train(network, x, y, rng, epochs=100)
        return accuracy(network, test_x, test_y)

    assert reached(1.0) < 0.7
    assert reached(0.0) > 0.97
