"""What is looked at in the kernel in which nbval runs a lesson: its figures and its sliders."""

import contextlib
from itertools import count
from unittest.mock import patch

from IPython import get_ipython

import helpers.explorer
from tests.lessons.figures import unfounded
from tests.lessons.sliders import move_all
from tools.figures import kept

patches, found, cells = contextlib.ExitStack(), {}, []


def small():
    """Draw small pictures, which nobody sees, and do not make room for what stands around them."""
    stack = contextlib.ExitStack()
    stack.enter_context(patch("helpers.explorer.figures.DOTS", 20))  # pixels an inch
    room = {"figure.constrained_layout.use": False}  # it takes two thirds of a picture's time
    stack.enter_context(patch.dict("helpers.explorer.figures.STYLE", room))
    return stack


def begin():
    """Keep what will be shown; an explorer with a question also as it is once that is answered."""
    patches.enter_context(small())
    shown = patches.enter_context(kept())

    run = count(1)  # nbval has cells run without a number

    def note(_):
        number = next(run)
        if shown:
            cells.append(number)
            found.update(shown)
            shown.clear()

    get_ipython().events.register("post_run_cell", note)
    explore = helpers.explorer.explore

    def both(*what, predict=None, **how):
        if predict:
            answered = explore(*what, **how)
            answered._repr_mimebundle_()  # draws it
            for widget in (*answered.children, answered):  # it is nobody's
                widget.close()
        return explore(*what, predict=predict, **how)

    patches.enter_context(patch("helpers.explorer.explore", both))
    # a panel then draws at once
    patches.enter_context(patch("helpers.explorer.panels._running_loop", return_value=None))


def alt_texts():
    """Return the alt texts of all figures, the numbers in them that are not drawn, their cells."""
    wrong = {alt: bad for figure, alt in found.values() if (bad := unfounded(figure, alt))}
    return [" ".join(alt.split()) for _, alt in found.values()], wrong, cells


def move(most):
    """Move every slider and menu; return how many there are, and to how many places in all."""
    patches.close()
    with small():
        return move_all(get_ipython(), most)
