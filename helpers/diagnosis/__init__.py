"""Diagnosis: what a wrong answer believes, and the place in it that shows it.

An answer is tried or compared; what is found becomes a verdict: evidence, place, one question.
A *story* names a mistake and the question about it; a *belief* is an expression that a story leads
to, whose numbers an answer may have; a *slip* is something lost in writing a right form down.

judging        tasks: the right answer; running, responses: a function is tried; verdict: in words
mistakes       stories, story_examples; misconceptions and beliefs: the expressions they lead to
               and their numbers; broken_rules, slips: how they are made; repairs: taken back
why a line     line_diagnosis; forms: what two expressions have in common
why a function function_diagnosis, quotients, where_right: from its numbers; evidence: what is
               shown of it; hallmarks, written_code, retelling: from its source; made_right,
               nearly_right: how far one change goes; far_out: right near 0 alone;
               off_the_way: where it parts from the course's own
code read      python_words, program_reader, programs: as a formula whose parts know their place
where in code  places; pointing: how they are shown; slips_at_a_part, tried_changes, two_places,
               wrong_branches: what may have been meant; edits: how large it is; right_forms: what
               books write; beside_right: two formulas laid side by side; tried_by_running,
               text_changes: where it is no formula;
               places_of_stories: what a story says by itself, such as all that is returned
"""

from helpers.diagnosis.beliefs import MAX_STORIES, Beliefs, questions
from helpers.diagnosis.broken_rules import ways_to_break, without_d
from helpers.diagnosis.forms import form_of, has_form, is_tidy, symbols_of, tree_size, with_letters
from helpers.diagnosis.function_diagnosis import Kinks, Others, explain
from helpers.diagnosis.hallmarks import is_of_a_row
from helpers.diagnosis.line_diagnosis import (
    derivative_is_gone,
    is_algebra,
    is_reversed,
    line_stories,
    side_stories,
    slip_place,
)
from helpers.diagnosis.off_the_way import CourseSolution
from helpers.diagnosis.programs import as_formula
from helpers.diagnosis.python_words import parsed
from helpers.diagnosis.quotients import is_by_quotient
from helpers.diagnosis.responses import Case, Probe, respond
from helpers.diagnosis.running import (
    Outcome,
    TimeUp,
    argument_names,
    call,
    is_stub,
    other_signature,
)
from helpers.diagnosis.stories import STORIES, wording
from helpers.diagnosis.story_examples import EXAMPLES
from helpers.diagnosis.tasks import Branches, Task, branches_of, floats
from helpers.diagnosis.verdict import (
    NOT_ATTEMPTED,
    OTHERWISE,
    Verdict,
    four_digits,
    monospaced,
    paragraphs,
    place,
    typographic,
)

__all__ = [
    "EXAMPLES",
    "MAX_STORIES",
    "NOT_ATTEMPTED",
    "OTHERWISE",
    "STORIES",
    "Beliefs",
    "Branches",
    "Case",
    "CourseSolution",
    "Kinks",
    "Others",
    "Outcome",
    "Probe",
    "Task",
    "TimeUp",
    "Verdict",
    "argument_names",
    "as_formula",
    "branches_of",
    "call",
    "derivative_is_gone",
    "explain",
    "floats",
    "form_of",
    "four_digits",
    "has_form",
    "is_algebra",
    "is_by_quotient",
    "is_of_a_row",
    "is_reversed",
    "is_stub",
    "is_tidy",
    "line_stories",
    "monospaced",
    "other_signature",
    "paragraphs",
    "parsed",
    "place",
    "questions",
    "respond",
    "side_stories",
    "slip_place",
    "symbols_of",
    "tree_size",
    "typographic",
    "ways_to_break",
    "with_letters",
    "without_d",
    "wording",
]
