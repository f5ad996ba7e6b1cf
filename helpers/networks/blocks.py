"""A deep network with residual connections and norms, each of which can be in one direction alone.

    uₗ = norm(hₗ₋₁)                 what the layer reads          (from the second layer on)
    zₗ = uₗ Wₗ + bₗ
    hₗ = hₗ₋₁ + g(zₗ)               the skip connection           (from the second layer on)

Both do something on the way forward and something on the way back. With ``skip="forward"`` the sum
is taken, and the message comes back through the branch alone; with ``skip="back"`` it is the other
way round. These are interventions: what such a network calls gradients are not those of its loss.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from helpers.activations import Activation
from helpers.language import value_error
from helpers.networks.checks import Floats, check_known
from helpers.networks.network import Network, Trace
from helpers.networks.normalising import norm, norm_vjp

DIRECTIONS = ("both", "forward", "back", "neither")
NORMS = {"layer": -1, "batch": 0, "none": -1}  # the axis


class BlockNetwork(Network):
    """A `Network` whose hidden layers have skip connections, norms, or both.

    Parameters
    ----------
    widths, activation, rng, **more
        Those of `Network`; with skips, all hidden layers have one width.
    skip
        ``"both"``, ``"forward"``, ``"back"`` or ``"neither"``: the directions in which a skip
        connection leads past each hidden layer but the first.
    norm
        ``"layer"``, ``"batch"`` or ``"none"``: what each layer but the first reads is normalised
        over the units of each example, or over the examples for each unit. Test examples are
        normalised by their own means and deviations, not by stored ones.
    norm_in
        The directions in which the norm acts; forward alone means that the message passes it as
        if it were not there.

    Raises
    ------
    ValueError
        For an unknown word, or skips between layers of different widths; and what `Network`
        raises.

    References
    ----------
    He, Zhang, Ren, Sun, Identity mappings in deep residual networks (2016).

    Examples
    --------
    >>> deep = BlockNetwork([64, *[48] * 6, 10], "sigmoid", np.random.default_rng(0), skip="both")
    >>> deep.forward(np.zeros((5, 64))).h[-1].shape
    (5, 48)
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: str | Activation,
        rng: np.random.Generator,
        *,
        skip: str = "neither",
        norm: str = "none",
        norm_in: str = "both",
        **more: Any,
    ) -> None:
        super().__init__(widths, activation, rng, **more)
        check_known("skip", skip, DIRECTIONS)
        check_known("norm", norm, NORMS)
        check_known("norm_in", norm_in, DIRECTIONS)
        if skip != "neither" and any(a != b for a, b in pairwise(widths[1:-1])):
            raise value_error(
                "widths: skips need hidden layers of one width, got {widths}",
                widths=list(widths),
            )
        self.skip, self.axis = skip, NORMS[norm]
        self.norm_in = norm_in if norm != "none" else "neither"
        self._norms: dict[int, tuple[Floats, Floats]] = {}  # of the last pass, for its way back

    def _read(self, h: Floats, layer: int) -> Floats:
        if layer and self.norm_in != "neither":
            self._norms[layer] = norm(h, self.axis)
        return self._norms[layer][0] if layer and self.norm_in in ("both", "forward") else h

    def _joined(self, h: Floats, value: Floats, layer: int) -> Floats:
        return h + value if layer and self.skip in ("both", "forward") else value

    def _heard(self, message: Floats, above: list[Floats], trace: Trace, layer: int) -> Floats:
        if self.norm_in in ("both", "back"):
            message = norm_vjp(self._norms[layer], message, self.axis)
        return message + above[0] if above and self.skip in ("both", "back") else message
