"""The pad: mathematics typed in two dimensions, each line marked while one writes.

`pad("derive_sigmoid")` shows an editor, a line a step. The browser draws and edits (MathLive, in
`mathlive/`, and the scripts in `browser/`), Python judges: lines travel as LaTeX, marks come back.
What is written is kept with the learner's progress, and `check("derive_sigmoid")` takes it. Nothing
needs the pad: it stands above `helpers.exercises`, which imports none of it.
"""

from helpers.pad.editor import Pad, pad

__all__ = ["Pad", "pad"]
