"""What becomes of a gradient: gradient descent, momentum, Adam.

Each is an object with a memory, whose ``step(parameters, slopes)`` changes the arrays in place;
`helpers.networks.train` takes one as ``optimiser``.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from helpers.language import value_error
from helpers.networks.checks import Floats, check_positive


class Optimiser(Protocol):
    """Whatever has a rate and a `step`."""

    rate: float

    def step(self, parameters: Sequence[Floats], slopes: Sequence[Floats]) -> None:
        """Change the parameters in place, given ∂L/∂parameter of each."""


class Momentum:
    """Gradient descent with momentum: v ← μ v + ∂L/∂w, then w ← w - rate · v.

    Limits: μ = 0 is gradient descent. A gradient g that stays gives steps of rate · g/(1 - μ) in
    the end; when it becomes 0, the way that is still gone is rate · v · μ/(1 - μ).

    References
    ----------
    Polyak, Some methods of speeding up the convergence of iteration methods (1964).

    Examples
    --------
    >>> w, rolling = np.array([0.0]), Momentum(rate=1.0, momentum=0.5)
    >>> for slope in (1.0, 0.0, 0.0):
    ...     rolling.step([w], [np.array([slope])])
    >>> w
    array([-1.75])
    """

    def __init__(self, rate: float = 0.1, momentum: float = 0.9) -> None:
        check_positive(rate=rate)
        if not 0 <= momentum < 1:
            raise value_error(
                "momentum: expected a number from 0 to below 1, got {momentum!r}",
                momentum=momentum,
            )
        self.rate, self.momentum = rate, momentum
        self.velocity: list[Floats] = []

    def step(self, parameters: Sequence[Floats], slopes: Sequence[Floats]) -> None:
        """Change the parameters in place."""
        if not self.momentum:
            for w, slope in zip(parameters, slopes, strict=True):
                w -= self.rate * slope
            return
        self.velocity = self.velocity or [np.zeros_like(w) for w in parameters]
        for w, v, slope in zip(parameters, self.velocity, slopes, strict=True):
            v *= self.momentum
            v += slope
            w -= self.rate * v


class Adam:
    """Adam: w ← w - rate · m/(√s + ε), with running means m of the slopes and s of their squares.

    m ← β₁ m + (1 - β₁) g and s ← β₂ s + (1 - β₂) g², both divided by 1 - βᵗ after t steps, as
    they began at 0. Limits: the first step is rate · g/(|g| + ε), rate times the sign of g; all
    slopes multiplied by c > 0 give the same steps, as far as ε is small beside √s.

    References
    ----------
    Kingma, Ba, Adam: a method for stochastic optimization (2015), algorithm 1.

    Examples
    --------
    >>> w = np.array([0.0, 0.0])
    >>> Adam(rate=0.1).step([w], [np.array([5.0, -0.001])])
    >>> w.round(4)
    array([-0.1,  0.1])
    """

    def __init__(
        self,
        rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        check_positive(rate=rate, epsilon=epsilon)
        if not all(0 <= beta < 1 for beta in betas):
            raise value_error(
                "betas: expected two numbers from 0 to below 1, got {betas!r}", betas=betas
            )
        self.rate, self.betas, self.epsilon, self.steps = rate, betas, epsilon, 0
        self.mean, self.square = np.zeros(0), np.zeros(0)  # of all parameters, one behind another

    def step(self, parameters: Sequence[Floats], slopes: Sequence[Floats]) -> None:
        """Change the parameters in place."""
        g = np.concatenate([np.ravel(slope) for slope in slopes])
        if not self.steps:
            self.mean, self.square = np.zeros_like(g), np.zeros_like(g)
        self.steps += 1
        first, second = self.betas
        self.mean += (1 - first) * (g - self.mean)
        self.square += (1 - second) * (g * g - self.square)
        root = np.sqrt(self.square / (1 - second**self.steps)) + self.epsilon
        change = self.rate * self.mean / (1 - first**self.steps) / root
        for w in parameters:
            w -= change[: w.size].reshape(w.shape)
            change = change[w.size :]
