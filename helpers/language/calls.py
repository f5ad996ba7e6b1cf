"""Which arguments of a call do not fit: Python says it in English, the course in any language."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from helpers.language.speaking import gettext


def misfit(function: Callable[..., Any], words: str) -> str:
    """Say what Python's `words` say: which arguments of a call do not fit.

    Parameters
    ----------
    function : what was called.
    words : the message of the TypeError, of Python itself or of `inspect.Signature.bind`.

    Returns
    -------
    str
        `words` where they say something else.

    Examples
    --------
    >>> misfit(sorted, "sorted() missing 2 required positional arguments: 'a' and 'b'")
    'nothing was given for a, b'
    >>> misfit(sorted, "got an unexpected keyword argument 'revers'")
    'there is no argument revers; did you mean reverse?'
    """
    names = re.findall(r"'(\w+)'", words)
    known = [*inspect.signature(function).parameters]
    if "missing" in words and names:
        return gettext("nothing was given for {names}", names=", ".join(names))
    if "unexpected keyword argument" in words and names:
        near = get_close_matches(names[0], known, 1, 0.4)
        question = gettext("; did you mean {near}?", near=near[0]) if near else ""
        return gettext("there is no argument {name}", name=names[0]) + question
    if "multiple values" in words and names:
        return gettext("{name} was given twice", name=names[0])
    if re.search(r"too many positional|takes .*\d+ positional", words):
        return gettext("more was given than it takes: {names}", names=", ".join(known) or "()")
    return words
