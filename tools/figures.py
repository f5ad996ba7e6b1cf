"""Keeps the figures that are shown, with their alt texts."""

import contextlib
import sys
from unittest.mock import patch

from helpers.explorer import figures


@contextlib.contextmanager
def kept():
    """Yield a dict that fills with ``{image: (figure, alt text)}`` of what is shown meanwhile."""
    shown, picture = {}, figures.picture

    def keep(fig, *, alt, **how):
        image = picture(fig, alt=alt, **how)
        shown.setdefault(image, (fig, alt))  # an explorer is drawn more than once
        return image

    with contextlib.ExitStack() as patches:
        for module in list(sys.modules.values()):  # wherever its name is known
            if vars(module).get("picture") is picture:
                patches.enter_context(patch.object(module, "picture", keep))
        yield shown
