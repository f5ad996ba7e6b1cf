"""The language of what a learner reads: English as it stands in the code, others from catalogues.

A message is looked up where it is shown, `gettext("Line {number} holds.", number=3)`, or raised,
`raise value_error("k: expected …, got {k}", k=k)`; what a declaration holds (a story, a hint, an
option) is looked up by its English words. Scripts and pages are translated as a whole, before a
browser gets them. A catalogue is a file `de.po` beside this one, compiled to `de.mo`; what it does
not have stays English. Chosen once: by the environment variable `COURSE_LANGUAGE`, or by
`language("de")`.
"""

from helpers.language.calls import misfit
from helpers.language.scripts import messages_in, texts_in, translate_page, translate_script
from helpers.language.speaking import (
    LANGUAGES,
    Begun,
    Filled,
    active,
    gettext,
    language,
    ngettext,
    speak,
    type_error,
    value_error,
)

__all__ = [
    "LANGUAGES",
    "Begun",
    "Filled",
    "active",
    "gettext",
    "language",
    "messages_in",
    "misfit",
    "ngettext",
    "speak",
    "texts_in",
    "translate_page",
    "translate_script",
    "type_error",
    "value_error",
]
