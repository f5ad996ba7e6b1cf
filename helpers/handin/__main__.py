"""`python course.py submit NOTEBOOK`."""

import argparse
import os
import sys
from pathlib import Path

from helpers.handin import hand_in, notebook_at
from helpers.language import gettext


def main(words: list[str] | None = None) -> int:
    """Write the file that is handed in; 2 where there is nothing to write it from."""
    parser = argparse.ArgumentParser(prog="python course.py submit", allow_abbrev=False)
    parser.add_argument("notebook", help="its file, or its name in your copy of the course")
    parser.add_argument("--to", metavar="FILE", help="NOTEBOOK.handin.ipynb, beside the notebook")
    options = parser.parse_args(words)
    here, copy = Path(os.environ.get("COURSE_FROM", "")), os.environ.get("COURSE_HOME", "")
    places = [here / options.notebook, Path(copy, options.notebook)]
    to = here / options.to if options.to else None
    try:
        if found := next(filter(None, map(notebook_at, places)), None):
            print(hand_in(found, to))
            return 0
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        named = {"path": to or error.filename or found, "why": error.strerror or error}
        print(gettext("{path} cannot be written ({why}).", **named), file=sys.stderr)
        return 2
    print(
        gettext(
            "There is no notebook {notebook} in {here} or {copy}.",
            notebook=options.notebook,
            here=here,
            copy=copy,
        ),
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
