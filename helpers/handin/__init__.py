"""Handing in without a hub: one file with the answers, a fingerprint, the time, what `check` said.

hand_in("derivatives")     writes it beside the notebook and offers it for download
read_file(data)            what such a file says, and whether it is still what was written
sender_of(path)            whose file it is, by the names that Moodle and Canvas give
is_meant(name, assignment) whether a name is that of an assignment, or of a copy of it
is_notebook(file)          whether it is a notebook by its name, name_of(file) without its ending

The file is a notebook that any Jupyter opens. The fingerprint shows whether it was changed after
it was written; anybody can write such a file, so it proves no author and no time.
"""

from helpers.handin.file import HandIn, hand_in, notebook_at, pack, read_file
from helpers.handin.lms import Sender, sender_of
from helpers.handin.names import is_meant, is_notebook, name_of

__all__ = [
    "HandIn",
    "Sender",
    "hand_in",
    "is_meant",
    "is_notebook",
    "name_of",
    "notebook_at",
    "pack",
    "read_file",
    "sender_of",
]
