"""The instruments against closed forms, dual numbers and simulation."""

from math import pi, sqrt

import mpmath
import numpy as np
import pytest

from helpers.activations import Activation, Dual
from helpers.networks import (
    Network,
    chain_products,
    dead_units,
    effectively_dead,
    fates,
    gaussian_mean,
    rms,
    saturation,
)
from tests.networks.examples import small_network


def test_rms_is_the_root_of_the_mean_square():
    layers = [np.array([[3.0, -4.0]]), np.full((2, 3), -2.0)]
    np.testing.assert_allclose(rms(layers), [sqrt(12.5), 2.0], rtol=1e-15)


def test_a_unit_is_dead_if_it_is_off_on_every_example():
    z = np.array([[-1.0, 1.0, -2.0, 0.0], [-1.0, -1.0, 1e-300, -0.0]])
    np.testing.assert_array_equal(dead_units(z), [True, False, False, True])
    for bad in (z[0], np.empty((0, 4))):
        with pytest.raises(ValueError, match=r"\(examples, units\), got shape"):
            dead_units(bad)


def test_units_of_a_random_layer_die_as_the_formula_says():
    rng = np.random.default_rng(0)  # given x, z is N(b, |x|²) and independent from unit to unit
    x = rng.normal(size=(6, 400))
    x *= 20 / np.linalg.norm(x, axis=1, keepdims=True)  # |x| = √fan_in, so s is the gain
    z = Network([400, 20_000, 2], "relu", rng, init=1.5, bias=-2.0).forward(x).z[0]
    expected = float(mpmath.ncdf(mpmath.mpf(2) / 1.5)) ** 6
    assert dead_units(z).mean() == pytest.approx(expected, abs=0.03)  # the rows are near-orthogonal


def test_fates_count_deaths_and_revivals_of_each_layer():
    x = np.array([[1.0], [2.0]])
    network = Network([1, 4, 2, 1], "relu", np.random.default_rng(0))
    network.weights[0][:] = 0
    network.weights[1][:] = 0
    network.biases[0][:], network.biases[1][:] = [-1, -1, 1, 1], [1, 1]
    before = network.forward(x)
    network.biases[0][:], network.biases[1][:] = [-1, 1, -1, -1], [1, -1]
    after = network.forward(x)
    found = fates(before, after)
    np.testing.assert_array_equal(found.dead_at_init, [0.5, 0])
    np.testing.assert_array_equal(found.died, [0.5, 0.5])
    np.testing.assert_array_equal(found.revived, [0.25, 0])
    dead_after = [dead_units(z).mean() for z in after.z]
    np.testing.assert_array_equal(found.dead_at_init + found.died - found.revived, dead_after)
    with pytest.raises(ValueError, match="two traces of one network on the same examples"):
        fates(before, network.forward(x[:1]))


def test_a_dead_unit_of_relu_gets_no_gradient_and_one_of_leaky_relu_a_small_one():
    for activation, dead_for_good in (("relu", True), ("leaky_relu", False)):
        network, x, labels, _ = small_network(activation)
        network.biases[0][2] = -100.0
        slopes = network.gradients(x, labels).weights[0][:, 2]
        assert dead_units(network.forward(x).z[0])[2]
        assert np.all(slopes == 0) == dead_for_good


@pytest.mark.parametrize(("slope", "share"), [(0.01, 0.25), (0.1, 0.0)])
def test_a_leak_of_one_percent_leaves_a_unit_effectively_dead(slope, share):
    network = Network([1, 4, 1], "leaky_relu", np.random.default_rng(0), parameters=slope)
    network.weights[0][:] = 1.0
    network.biases[0][:] = [-5, 0, 0, 5]
    trace = network.forward([[-1.0], [1.0]])
    np.testing.assert_array_equal(effectively_dead(trace), [share])
    np.testing.assert_array_equal(effectively_dead(trace, below=0.0), [0.0])


@pytest.mark.parametrize(("activation", "scale"), [("sigmoid", 2), ("tanh", 1)])
def test_saturation_counts_small_slopes_against_the_largest(activation, scale):
    network = Network([1, 1, 1], activation, np.random.default_rng(0))
    network.weights[0][:] = 1.0
    edge = scale * np.arccosh(sqrt(20))  # g′ is its maximum over cosh²(z/scale): here 5 % of it
    z = edge * np.array([[0.0], [0.999], [1.001], [-1.001], [9.0]])
    assert saturation(network.forward(z)) == 0.6
    assert saturation(network.forward(z), below=0.0) == 0.0


def test_saturation_knows_the_parameter():
    network = Network([1, 1, 1], "leaky_relu", np.random.default_rng(0), parameters=40.0)
    network.weights[0][:] = 1.0
    assert saturation(network.forward([[-1.0], [1.0], [2.0], [3.0]])) == 0.75  # 1 is below 2


def test_the_largest_slope_may_be_negative_and_left_of_zero():
    mirrored = Activation(lambda z: np.maximum(-z - 1, 0), lambda z: -1.0 * (z < -1))
    network = Network([1, 1, 1], mirrored, np.random.default_rng(0))
    network.weights[0][:] = 1.0
    assert saturation(network.forward([[-2.0], [0.0], [1.0], [2.0]])) == 0.75


# --- theory, by numbers -----------------------------------------------------------------------


def test_a_chain_of_sigmoids_vanishes_like_powers_of_a_quarter():
    np.testing.assert_allclose(
        chain_products("sigmoid", np.ones(50), 0.5, biases=-0.5), 0.25 ** np.arange(1, 51)
    )
    assert 0.25**10 == 9.5367431640625e-7


def test_a_chain_agrees_with_dual_numbers():
    rng = np.random.default_rng(0)
    weights, biases = rng.normal(0, 2, (2, 8))
    h = Dual(0.7, 1.0)
    expected = [(h := np.tanh(w * h + b)).slope for w, b in zip(weights, biases, strict=True)]
    found = chain_products("tanh", weights, 0.7, biases=biases)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_chain_knows_the_parameter():
    found = chain_products("leaky_relu", [2.0, 2.0], -1.0, parameters=0.3)
    np.testing.assert_allclose(found, [0.6, 0.36], rtol=1e-15)


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (lambda z: z**4, 3.0),
        (lambda z: np.maximum(z, 0) ** 2, 0.5),
        (lambda z: (z > 0) * 1.0, 0.5),
        (lambda z: np.maximum(z, 0), 1 / sqrt(2 * pi)),
        (lambda z: np.exp(z), np.exp(0.5)),
        (lambda z: np.log1p(np.exp(z)) - z / 2, None),
    ],
)
def test_gaussian_means_have_their_closed_forms(f, exact):
    if exact is None:  # even: 50 digits by mpmath instead

        def integrand(z):
            return (mpmath.log1p(mpmath.exp(z)) - z / 2) * mpmath.npdf(z)

        exact = float(mpmath.quad(integrand, [-20, -5, 0, 5, 20]))
    assert gaussian_mean(f) == pytest.approx(exact, rel=1e-13)
