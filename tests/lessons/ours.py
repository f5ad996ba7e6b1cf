"""Which lessons keep the rules of this course: those in the README's syllabus.

A lesson that a fork adds is run, stored, shown and graded as ours are, and tests hold the machinery
to that. How it is written, and how long its lecture lasts, is its author's: without a row in the
syllabus it is judged by no rule of ours.
"""

import re

from tools.files import ROOT
from tools.notebooks import LESSONS

SYLLABUS = re.findall(
    r"^\| \d+ \| .*\(notebooks/(\w+)\.ipynb\)", (ROOT / "README.md").read_text("utf-8"), re.M
)
OURS = [path for path in LESSONS if path.stem in SYLLABUS]
