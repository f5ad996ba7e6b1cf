"""Training by stochastic gradient descent, with a bar for who waits."""

import sys
import time
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from helpers.language import gettext
from helpers.networks.checks import Floats, check_generator, check_positive
from helpers.networks.network import Trainable
from helpers.networks.optimisers import Momentum, Optimiser


class Diverged(ArithmeticError):
    """The loss is no longer a number."""


def train(
    network: Trainable,
    x: npt.ArrayLike,
    targets: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    epochs: int = 15,
    rate: float = 0.1,
    batch: int = 64,
    optimiser: Optimiser | None = None,
    progress: bool = False,
) -> Floats:
    """Train ``network`` in place by stochastic gradient descent; return the loss of each epoch.

    W ← W - rate · ∂L/∂W, or what ``optimiser`` makes of ∂L/∂W, for one mini-batch of ``batch``
    examples after the other, in a new random order each epoch. The loss of an epoch is the mean
    over its batches, (epochs,) float64.

    Parameters
    ----------
    x, targets
        Examples (n, fan_in), and what `Network.gradients` takes with them.
    rng
        Draws the order.
    optimiser
        `Momentum` or `Adam`, with a rate of its own; it keeps its memory for a second training.
    progress
        Show a bar while a person waits in a notebook; it leaves no output.

    Raises
    ------
    Diverged
        If the loss or a weight overflows; the message names the epoch and the learning rate.
    ValueError
        If x or the targets do not fit the network or are not finite, or ``epochs``, ``rate`` or
        ``batch`` is not positive.
    TypeError
        If ``rng`` is not a Generator.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> from helpers.networks import Network, accuracy, circles
    >>> x, labels = circles(400, rng)
    >>> network = Network([2, 24, 24, 2], "relu", rng, init="he")
    >>> losses = train(network, x, labels, rng, epochs=60)
    >>> accuracy(network, x, labels) > 0.98
    True
    """
    check_generator(rng)
    check_positive(epochs=epochs, rate=rate, batch=batch)
    x, targets = network.fitting(x, targets)  # once, and before anything is changed
    by = optimiser or Momentum(rate, momentum=0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.array(
            [_epoch(network, x, targets, rng, e, by, batch) for e in _counted(epochs, progress)]
        )


def _epoch(
    network: Trainable,
    x: np.ndarray,
    targets: np.ndarray,
    rng: np.random.Generator,
    epoch: int,
    by: Optimiser,
    batch: int,
) -> float:
    """Go through all examples once; return the mean loss of the batches."""
    order = rng.permutation(len(x))
    x, targets = x[order], targets[order]
    batches = [slice(start, start + batch) for start in range(0, len(order), batch)]
    loss = float(np.mean([_step(network, x[b], targets[b], by) for b in batches]))
    if not (np.isfinite(loss) and all(np.isfinite(w).all() for w in network.weights)):
        raise Diverged(
            gettext(
                "the loss left the numbers in epoch {epoch} at learning rate {rate:g}: "
                "try a smaller one",
                epoch=epoch + 1,
                rate=by.rate,
            )
        )
    return loss


def _step(network: Trainable, x: np.ndarray, targets: np.ndarray, by: Optimiser) -> float:
    """Go down the slope of one batch; return its loss."""
    found = network.backpropagate(x, targets)
    by.step(
        [*network.weights, *network.biases, *network.learned],
        [*found.weights, *found.biases, *found.learned],
    )
    return found.loss


def _counted(epochs: int, progress: bool) -> Iterator[int]:
    """Yield 0, 1, … and show a bar meanwhile, where a person waits."""
    if not (progress and _somebody_waits()):
        yield from range(epochs)
        return
    from IPython.display import display

    bar, shown = display(_bar(0, epochs), raw=True, display_id=True), time.monotonic()
    try:
        for epoch in range(epochs):
            yield epoch
            if time.monotonic() - shown > 0.1:
                bar.update(_bar(epoch + 1, epochs), raw=True)
                shown = time.monotonic()
    finally:
        bar.update({}, raw=True)  # the bar disappears, also after an error or an interrupt


def _somebody_waits() -> bool:
    """Tell a notebook in front of a person from one that is executed to be stored or compared.

    Those who execute notebooks (nbclient, nbval) cannot answer an `input()` and say so.
    """
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython and ipython.get_ipython(), "kernel", None)
    return kernel is not None and getattr(kernel, "_allow_stdin", True)


def _bar(done: int, epochs: int) -> dict[str, str]:
    text = gettext("epoch {done} of {epochs}", done=done, epochs=epochs)
    element = f'<progress value="{done}" max="{epochs}" aria-label="training"></progress>'
    return {"text/html": f"{element} {text}", "text/plain": text}
