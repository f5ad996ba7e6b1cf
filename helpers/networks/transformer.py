"""One block of a transformer that reads digits row by row, in plain NumPy.

Each image is eight tokens, its rows of eight pixels:

    e  = x E + P                              embedded, with a vector for the place
    e  ← e + softmax(q kᵀ/√d) v Wo            attention: q, k, v are u Wq, u Wk, u Wv, u = norm(e)
    e  ← e + g(w W + b) W₂                    feed-forward, w = norm(e); with a gate
    e  ← e + (w V · g(w W + b)) W₂            the other half decides how much comes through
    logits = mean(norm(e)) C + c              the mean over the tokens

One head, layer norms without factor and shift, weights normal with standard deviation 1/√fan_in.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.activations import (
    Activation,
    pair_of_floats,
    softmax,
    softmax_vjp,
    value_and_prime,
)
from helpers.language import value_error
from helpers.networks.checks import Floats, check_finite, check_generator, check_labels
from helpers.networks.network import LOSSES, Gradients, Trace
from helpers.networks.normalising import norm, norm_vjp

NAMES = ("E", "P", "Wq", "Wk", "Wv", "Wo", "W", "V", "W2", "C")


@dataclass(frozen=True)
class _Pass:
    """What a forward pass leaves behind; the names are those of the module's formulas."""

    tokens: Floats
    norms: list[tuple[Floats, Floats]]  # of e before attention, before the feed-forward, after it
    q: Floats
    k: Floats
    v: Floats
    attention: Floats
    z: Floats
    value: Floats
    slope: Floats
    half: Floats  # w V, or 1
    logits: Floats


class Transformer:
    """A transformer of one block; `train` and `accuracy` take it like a `Network`.

    Parameters
    ----------
    activation
        What `helpers.activations.value_and_prime` takes.
    rng
        Draws the weights.
    gate
        Whether the feed-forward part has a gate. Its width is then two thirds, so that both kinds
        have as many weights.
    width
        The length d of a token's vector, a multiple of 3 with a gate.
    size
        Tokens an image, numbers a token, and classes.

    Raises
    ------
    TypeError, ValueError
        For what is no Generator, an activation that is not known, or a width that has no two
        thirds.

    References
    ----------
    Vaswani and others, Attention is all you need (2017); Shazeer, GLU variants improve transformer
    (2020), for the gate and the two thirds.

    Examples
    --------
    >>> block = Transformer("gelu", np.random.default_rng(0))
    >>> block.forward(np.zeros((5, 64))).logits.shape
    (5, 10)
    """

    def __init__(
        self,
        activation: str | Activation,
        rng: np.random.Generator,
        *,
        gate: bool = False,
        width: int = 24,
        size: tuple[int, int, int] = (8, 8, 10),
    ) -> None:
        check_generator(rng)
        value_and_prime(activation, 0.0)  # an unknown name is refused here
        if gate and width % 3:
            raise value_error(
                "width: expected a multiple of 3 with a gate, got {width}", width=width
            )
        self.activation, self.gate, self.size = activation, gate, size
        tokens, numbers, classes = size
        hidden = 8 * width // 3 if gate else 4 * width
        shapes = {"E": (numbers, width), "P": (tokens, width)}
        shapes |= dict.fromkeys(("Wq", "Wk", "Wv", "Wo"), (width, width))
        shapes |= {"W": (width, hidden), "W2": (hidden, width), "C": (width, classes)}
        shapes |= {"V": (width, hidden)} if gate else {}
        self.names = [name for name in NAMES if name in shapes]
        self.weights = [rng.normal(0, shapes[n][0] ** -0.5, shapes[n]) for n in self.names]
        self.biases = [np.zeros(hidden), np.zeros(classes)]
        self.learned: list[Floats] = []  # besides weights and biases

    def _named(self) -> dict[str, Floats]:
        return dict(zip(self.names, self.weights, strict=True))

    def fitting(self, x: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[Floats, np.ndarray]:
        """Return images (n, 64) and labels as arrays that fit, or raise ValueError."""
        tokens, numbers, classes = self.size
        x = check_finite("x", x, tokens * numbers)
        return x, check_labels(labels, len(x), classes)

    def forward(self, x: npt.ArrayLike) -> Trace:
        """Compute the logits for images (n, 64).

        ``z[0]`` and ``prime[0]`` of the trace are those of the feed-forward part, one row a token;
        ``h[1]`` is what its second matrix reads.
        """
        x = check_finite("x", x, self.size[0] * self.size[1])
        run = self._pass(x)
        read = run.half * run.value
        return Trace([x, read], [x, read], [run.z], [run.slope], run.logits, self.activation, ())

    @np.errstate(all="ignore")  # as the kernels do
    def _pass(self, x: Floats) -> _Pass:
        w = self._named()
        images = len(x), *self.size[:1], -1
        tokens = x.reshape(-1, self.size[1])
        e = (tokens @ w["E"]).reshape(images) + w["P"]
        e = _rows(e)
        norms = [norm(e)]
        u = norms[0][0]
        q, k, v = ((u @ w[name]).reshape(images) for name in ("Wq", "Wk", "Wv"))
        attention = softmax(q @ k.swapaxes(1, 2) / q.shape[-1] ** 0.5)
        e = e + _rows(attention @ v) @ w["Wo"]
        norms.append(norm(e))
        read = norms[1][0]
        z = read @ w["W"] + self.biases[0]
        value, slope = pair_of_floats(self.activation, z)
        half = read @ w["V"] if self.gate else np.ones(1)
        norms.append(norm(e + (half * value) @ w["W2"]))
        logits = norms[2][0].reshape(images).mean(axis=1) @ w["C"] + self.biases[1]
        return _Pass(tokens, norms, q, k, v, attention, z, value, slope, half, logits)

    def gradients(self, x: npt.ArrayLike, labels: npt.ArrayLike) -> Gradients:
        """Return the mean cross-entropy and its derivatives."""
        return self.backpropagate(*self.fitting(x, labels))

    def backpropagate(self, x: Floats, labels: np.ndarray) -> Gradients:
        """Return what `gradients` does, for what `fitting` returned."""
        run, w = self._pass(x), self._named()
        loss, delta = LOSSES["cross_entropy"](run.logits, labels)
        images = len(x), self.size[0], -1
        found = {"C": run.norms[2][0].reshape(images).mean(axis=1).T @ delta}
        spread = np.repeat(delta @ w["C"].T / self.size[0], self.size[0], axis=0)
        message = norm_vjp(run.norms[2], spread)
        message, delta_z, of_feed_forward = self._back_through_feed_forward(run, w, message)
        message, of_attention = self._back_through_attention(run, w, message)
        found |= of_feed_forward | of_attention
        found |= {"E": run.tokens.T @ message, "P": message.reshape(images).sum(axis=0)}
        biases = [delta_z.sum(axis=0), delta.sum(axis=0)]
        return Gradients(loss, [delta_z, delta], [found[n] for n in self.names], biases)

    def _back_through_feed_forward(
        self, run: _Pass, w: dict[str, Floats], message: Floats
    ) -> tuple[Floats, Floats, dict[str, Floats]]:
        read, inner = run.norms[1][0], message @ w["W2"].T
        delta_z = inner * run.half * run.slope
        back = delta_z @ w["W"].T
        found = {"W2": (run.half * run.value).T @ message, "W": read.T @ delta_z}
        if self.gate:
            found["V"] = read.T @ (inner * run.value)
            back = back + (inner * run.value) @ w["V"].T
        return message + norm_vjp(run.norms[1], back), delta_z, found

    def _back_through_attention(
        self, run: _Pass, w: dict[str, Floats], message: Floats
    ) -> tuple[Floats, dict[str, Floats]]:
        u, mixed = run.norms[0][0], (message @ w["Wo"].T).reshape(run.v.shape)
        found = {"Wo": _rows(run.attention @ run.v).T @ message}
        scores = softmax_vjp(run.attention, mixed @ run.v.swapaxes(1, 2))
        scores = scores / run.q.shape[-1] ** 0.5
        of_tokens = {"Wq": scores @ run.k, "Wk": scores.swapaxes(1, 2) @ run.q}
        of_tokens["Wv"] = run.attention.swapaxes(1, 2) @ mixed
        deltas = {name: _rows(delta) for name, delta in of_tokens.items()}
        found |= {name: u.T @ delta for name, delta in deltas.items()}
        back = np.add.reduce([delta @ w[name].T for name, delta in deltas.items()])
        return message + norm_vjp(run.norms[0], back), found


def _rows(a: Floats) -> Floats:
    """Return what belongs to the tokens of all images, one row a token."""
    return a.reshape(-1, a.shape[-1])
