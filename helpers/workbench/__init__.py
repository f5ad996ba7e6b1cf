"""The workbench: compose an activation of one's own as text, look at it, and put it to the test.

    compose     text -> an `Activation` with its derivative, for `explore`, `Network` and the like
    moments     what it does to the size of signals: E[g], E[g²], E[g′²] for z ~ N(0, 1)
    compare     trains it against another one, in pairs, and says whether a difference was seen

The text is read by `helpers.derivation` and never executed. The derivative is found three times:
by the rules of calculus, line by line (`steps`), by SymPy (their last line), and in NumPy by the
chain rule on the course's own kernels, which dual numbers check.
"""

from helpers.workbench.comparing import PairedRuns, compare
from helpers.workbench.composing import Composition, compose
from helpers.workbench.signal_size import Moments, moments

__all__ = ["Composition", "Moments", "PairedRuns", "compare", "compose", "moments"]
