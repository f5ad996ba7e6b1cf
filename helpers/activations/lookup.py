"""Which activation is meant: by its name, by its kernel, or by an `Activation` itself."""

from __future__ import annotations

from difflib import get_close_matches

from helpers.activations.table import ACTIVATIONS, Activation
from helpers.language import gettext, type_error, value_error


def known_activation(activation: object) -> tuple[str, Activation]:
    """Return ``(name, Activation)`` of what is meant.

    Parameters
    ----------
    activation
        A name of ``ACTIVATIONS``, one of their kernels, or an `Activation`; one of one's own has
        its expression for a name.

    Raises
    ------
    ValueError
        For an unknown name, with the nearest one.
    TypeError
        For anything else.

    Examples
    --------
    >>> from helpers.activations import tanh
    >>> known_activation(tanh)[0], known_activation("relu")[1].max_prime.value
    ('tanh', 1.0)
    >>> known_activation("sigmoyd")
    Traceback (most recent call last):
    ValueError: there is no activation 'sigmoyd'. Did you mean 'sigmoid'? There are sigmoid, ...
    """
    if isinstance(activation, str) and activation in ACTIVATIONS:
        return activation, ACTIVATIONS[activation]
    for name, known in ACTIVATIONS.items():
        if activation is known or activation is known.value:
            return name, known
    if isinstance(activation, Activation):
        return activation.expression or "g", activation
    if not isinstance(activation, str):
        raise type_error(
            'an activation is meant by its name, such as "tanh", by its kernel or as an '
            "Activation; {activation!r} came",
            activation=activation,
        )
    near = get_close_matches(activation.lower(), ACTIVATIONS, 1)
    question = gettext("Did you mean {near!r}? ", near=near[0]) if near else ""
    raise value_error(
        "there is no activation {activation!r}. {question}There are {names}",
        activation=activation,
        question=question,
        names=", ".join(ACTIVATIONS),
    )
