#!/usr/bin/env python3
"""The one door to the course: `python course.py lab`; without a word it lists the others.

The standard library alone. The first use makes `.venv` from requirements.lock; every later use
checks that it is whole and up to date. This file and what it imports stay readable to old Pythons
(3.6), so that they can say what is missing instead of failing on the syntax.
"""

import argparse
import inspect
import os
import sys
from pathlib import Path
from urllib.parse import quote

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # also under PYTHONSAFEPATH
    sys.dont_write_bytecode = True  # on a full disk, what Python stores of a module can be torn

from tools.environment import LAB, WINDOWS, Environment
from tools.faults import Fault, guarded, say
from tools.files import ROOT
from tools.moving import bring_back, take_out
from tools.working_copy import WorkingCopy, publish

OLDEST = (3, 11)
COURSE = Environment(ROOT / ".venv")
LITE = Environment(ROOT / "_build" / "lite-venv")  # beside JupyterLite, JupyterLab does not work
LANGUAGE = os.environ.get("COURSE_LANGUAGE") or "en"
HOME = Path(os.environ.get("COURSE_HOME") or ROOT / "my_course").absolute()
COPY = WorkingCopy(HOME, ROOT / "notebooks")
if LANGUAGE != "en":  # a copy of its own, of lessons that `lab` writes
    home = HOME if HOME.name == LANGUAGE else HOME / LANGUAGE
    COPY = WorkingCopy(home, ROOT / "_build" / "lessons" / LANGUAGE)


def lab(options):
    """Open JupyterLab on the lesson you worked on last, in your own copy of the course.

    The copy stands in my_course/ and is yours; lessons that you have not changed are renewed when
    newer ones are published. What you write is saved every ten seconds. A word that ends in .zip
    is work taken out elsewhere (by `pack`, or in the browser), which is brought back first. Further
    words go to `jupyter lab`, say --no-browser or --port=9999. With COURSE_LANGUAGE=de in the
    environment lessons and messages are German, as far as they are translated.
    """
    spoken = []
    if LANGUAGE != "en":
        from tools.translate import write_extensions, write_lessons  # no too old Python runs it

        write_lessons(LANGUAGE, COPY.published)
        place = write_extensions(LANGUAGE, ROOT / "_build" / "lab" / LANGUAGE)
        spoken = [f"--LabServerApp.extra_labextensions_path={place}"]  # the first of a name counts
    if not COPY.lessons():
        raise Fault("notebooks/ holds no lesson: get a fresh copy of the course.")
    COURSE.set_up()
    COURSE.trust([path for path in COPY.refresh() if path.suffix == ".ipynb"])
    archives = [word for word in options.words if word.endswith(".zip")]
    for archive in archives:
        bring_back(COPY, Path(archive), COURSE.site_packages())
    words = [word for word in options.words if word not in archives]
    settings = [
        f"--ServerApp.root_dir={COPY.folder}",
        *spoken,
        *LAB,
        f"--LabServerApp.app_settings_dir={ROOT / 'tools' / 'lab'}",
        f"--LabApp.default_url=/lab/tree/{quote(COPY.worked_on_last().name)}",
    ]
    if not WINDOWS and os.geteuid() == 0:
        settings.append("--allow-root")
    home = str(COPY.folder)
    return COURSE.hand_over("jupyterlab", *settings, *words, COURSE_HOME=home)


def test(options):
    """Run every check: lint, format, then the tests, of types as well.

    Further words go to pytest.
    """
    COURSE.set_up("test")
    processes = 2 * (os.cpu_count() or 1)  # a browser and its kernel wait for each other
    spread = [f"--numprocesses={processes}", "--dist=loadfile", "--no-loadscope-reorder"]
    chosen = [] if options.all else ["-m", "not complete"]  # another -m in the words wins
    stages = {
        "lint": ["ruff", "check"],
        "format": ["ruff", "format", "--check"],
        "tests": ["pytest", *spread, *chosen, *options.words],
    }
    failed = []
    for stage, command in stages.items():
        say(f"== {stage}")
        if COURSE.run(*command) and not (stage == "tests" and options.all and passes_alone()):
            failed.append(stage)
    say("Failed: {}.".format(", ".join(failed)) if failed else "All is well.")
    return bool(failed)


def passes_alone():
    """Run what failed beside other tests once more, one at a time, on a machine with nothing to do.

    A browser that gets no turn for seconds is no fault of the course; one that fails alone is.
    """
    say("== what failed, once more and alone")
    again = ["--last-failed", "--last-failed-no-failures=none", "--maxfail=10"]
    return COURSE.run("pytest", *again) == 0


def setup(options):
    """Make .venv from requirements.lock, or check that it is whole and up to date."""
    COURSE.set_up()
    say("The course is set up.")


def reset(options):
    """Fetch a fresh copy of LESSON, a number or the start of a name, and keep yours beside it.

    `python course.py reset 1` keeps your 01_sigmoid.ipynb as 01_sigmoid.mine.ipynb.
    """
    if options.lesson is None:
        raise Fault("Which lesson? Say for example `python course.py reset 1`.", 2)
    COPY.reset(options.lesson)


def pack(options):
    """Take all that you have done out as one zip, your progress included: a copy, or to move house.

    It is written to my_course.zip, or to FILE. `python course.py lab FILE` brings it back on any
    machine, and so does the button *Bring back* of the in-browser edition.
    """
    names = take_out(COPY, options.file)
    say(f"{options.file} holds {len(names)} files of yours.")


def book(options):
    """Build the web book from the stored lessons into _build/book.

    Its mathematics is set by MathJax, which npm, a part of Node.js, fetches once. With --pdf it is
    printed as well: book.pdf is the whole of it, with an outline and tags.
    """
    COURSE.set_up("book")
    pdf = ["--pdf"] if options.pdf else []
    return COURSE.run("book.web", ROOT / "_build" / "book", *pdf)


def slides(options):
    """Build a slide deck for each lesson into _build/slides, or into FOLDER.

    The folder needs no kernel and no network: copy it to a USB stick and open index.html. Where
    Chromium is installed, slides that hold more than fits are named. For slides in JupyterLab,
    with a kernel, see README.md. MathJax and reveal.js are fetched once by npm, a part of Node.js.
    """
    COURSE.set_up("slides")
    pdf = ["--pdf"] if options.pdf else []
    return COURSE.run("book.slides", options.folder, "--look", *pdf)


def vote(options):
    """Show the slide decks in _build/slides, or in FOLDER, and take votes from phones in the room.

    The decks are built where there are none. On a slide with a vote, V begins the first round, the
    talk with a neighbour, the second round and the results. Phones open the address that the slide
    shows; they have to be in the same network. Nothing is kept but counts, and those until you end
    it with Ctrl-C.
    """
    COURSE.set_up("slides")
    return COURSE.run("book.votes", options.folder, options.port)


def figures(options):
    """Draw every figure of the lessons as SVG and PDF into _build/figures, for your own slides.

    They may be used under CC BY 4.0: say where they come from.
    """
    COURSE.set_up("slides")
    return COURSE.run("book.figures")


def lite(options):
    """Build the edition that runs in the reader's browser (JupyterLite) into _build/lite.

    Its Python is Pyodide, which readers fetch from its usual address; your own copy (--pyodide DIR)
    is compiled where there is Node.js, and a lesson starts in two thirds of the time. Serve _build/
    and open lite/notebooks/index.html?path=00_network.ipynb, or a lesson's button in the book.
    """
    LITE.set_up("lite")
    pyodide = [options.pyodide] if options.pyodide else []
    return LITE.run("book.lite", options.folder, *pyodide)


def submit(options):
    """Write the one file of NOTEBOOK that you hand in where there is no hub, say in Moodle.

    NOTEBOOK is a file, or a name in your copy of the course. It is packed as last saved, with the
    time, what `check` said, and a fingerprint of all that. --to FILE writes it elsewhere.
    """
    COURSE.set_up()
    places = {"COURSE_HOME": str(COPY.folder), "COURSE_FROM": os.getcwd()}
    return COURSE.hand_over("helpers.handin", *options.words, **places)


def release(options):
    """Make the student version of ASSIGNMENT in DIR/release, with nbgrader.

    DIR is the folder of nbgrader's course, the present folder if none is named. `--db ADDRESS`
    takes another gradebook than DIR/gradebook.db.
    """
    return graded("release", options.words)


def grade(options):
    """Grade every DIR/submitted/STUDENT/ASSIGNMENT in a sandbox (Linux, with bubblewrap).

    Writes DIR/grades.csv, DIR/gradebook.db, a page of feedback for each student and one on the
    class. A run that was stopped goes on where it was. Options: --files EXPORT (first take in a
    folder or .zip as Moodle or Canvas exports it), --student ID (again, and alone),
    --workers N, --scheduler ADDRESS (a dask cluster), --db ADDRESS, --timeout SECONDS (for a call),
    --trust-submissions (without a sandbox).
    """
    return graded("grade", options.words)


def due(options):
    """Say when ASSIGNMENT is due, for all or, with --student ID, for one; TIME left out shows it.

    `python course.py due derivatives 2026-12-01T23:59 --course DIR`. It stands in nbgrader's
    gradebook; what lateness costs is said in DIR/nbgrader_config.py.
    """
    return graded("due", options.words)


def lessons(options):
    """Publish into FOLDER, a git repository, what students of a hub pull: lessons, no assignments.

    Run it again after an update; a link of nbgitpuller brings students the news and keeps theirs.
    """
    if options.folder is None:
        raise Fault(
            "Into which folder? Say for example `python course.py lessons /srv/lessons`.", 2
        )
    publish(options.folder, ROOT / "notebooks")


def report(options):
    """Say of a graded ASSIGNMENT which questions were hard, and who resembles whom, in DIR/report.

    There is a page for each question with all answers side by side, without names, too.
    """
    return graded("report", options.words, "helpers.classroom")


def export(options):
    """Take to an LMS: `export grades canvas|moodle --course DIR`, or `export questions FOLDER`.

    Grades are a CSV of totals, late penalties taken off. Questions are all choices, numbers and
    derivations as Moodle XML, for STACK where it understands them, and as a QTI 2.1 package.
    """
    return graded("export", options.words, "helpers.classroom")


def graded(command, words, room="helpers.grading"):
    COURSE.set_up("grading")
    return COURSE.hand_over(room, command, *words, COURSE_FROM=os.getcwd())


BENCHES = {
    "kernels": ("activations", "bench"),
    "exhaustive": ("exhaustive", "bench"),
    "softmax": ("softmax", "bench"),
    "training": ("training", "bench"),
    "growth": ("growth", "test"),
    "sliders": ("slider_latency", "test"),
    "pad": ("pad_latency", "test"),
    "decks": ("decks", "test"),
    "grading": ("grading", "test"),
}


def bench(options):
    """Measure, beside others: the kernels, or with a further word the sliders, the pad, or grading.

    Writes its part of benchmarks/RESULTS.md. The kernels are compared with NumPy, SciPy, JAX and
    torch, which takes part where it is installed in .venv (its usual wheels bring gigabytes);
    --quick only prints. `softmax` does so for functions of a row. `exhaustive` gives the four
    functions every float32 there is, for half an hour, and goes on where it was; `training` trains
    beside torch, and in Pyodide; `growth` fits how cost grows with work. `sliders` compares with
    ipywidgets' interact in JupyterLab and needs Chromium, as does `pad`, from key to mark, and
    `decks`, whose sizes and sliders it measures; `grading` compares with nbgrader, in ten minutes.
    """
    module, extra = BENCHES[options.what]
    COURSE.set_up(extra)
    return COURSE.run(f"benchmarks.{module}", *options.words)


def store(options):
    """Run lessons (all, or LESSON ...) and store them with their outputs (for maintainers)."""
    COURSE.set_up("test")
    return COURSE.run("tools.notebooks", *options.lessons)


def lock(options):
    """Write requirements.lock anew from pyproject.toml, with uv (for maintainers)."""
    COURSE.set_up("test")
    upgrade = ["--upgrade"] if options.upgrade else []
    return COURSE.run("tools.lock", *upgrade)


def absolute(word):
    return Path(word).absolute()  # commands run in the course's folder, not in the caller's


FOR_ALL = (
    lab,
    test,
    setup,
    reset,
    pack,
    book,
    slides,
    vote,
    figures,
    lite,
    submit,
    release,
    due,
    grade,
    report,
    export,
    lessons,
    bench,
)
FOR_MAINTAINERS = (store, lock)
COMMANDS = {command.__name__: command for command in FOR_ALL + FOR_MAINTAINERS}
HANDED_ON = {  # words that somebody else understands
    "lab": "[FILE.zip] [OPTION ...]",
    "test": "[--all] [OPTION ...]",
    "submit": "NOTEBOOK [--to FILE]",
    "release": "ASSIGNMENT [--course DIR] [--db ADDRESS]",
    "due": "ASSIGNMENT [TIME] [--student ID] [--course DIR] [--db ADDRESS]",
    "grade": "ASSIGNMENT [--course DIR] [OPTION ...]",
    "report": "ASSIGNMENT [--course DIR] [--db ADDRESS]",
    "export": "grades canvas|moodle [--course DIR] [--to FILE] | questions FOLDER [--lesson N]",
    "bench": "[kernels | softmax | exhaustive | training | growth | sliders | pad | decks"
    " | grading] [OPTION ...]",
}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Fault(f"{message}; see `{self.prog} --help`.", 2)


def port_number(word):
    """Return the word of --port, if it is one."""
    if word.isdecimal() and 1 <= int(word) <= 65535:
        return word
    raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, got {word!r}")


def parser():
    """Declare the commands, each described by its docstring, and their options."""
    door = Parser(prog="python course.py", description=__doc__.splitlines()[0], allow_abbrev=False)
    commands = door.add_subparsers(title="commands", metavar="COMMAND")
    for name, command in COMMANDS.items():
        about = inspect.getdoc(command)
        added = commands.add_parser(
            name,
            help=about.splitlines()[0],
            description=about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            usage=f"python course.py {name} {HANDED_ON[name]}" if name in HANDED_ON else None,
            allow_abbrev=False,
        )
        added.set_defaults(command=name)
    option = {name: command.add_argument for name, command in commands.choices.items()}
    option["test"]("--all", action="store_true", help="run the complete matrix as well")
    option["reset"]("lesson", metavar="LESSON", nargs="?")
    packed = Path("my_course.zip").absolute()
    option["pack"]("file", metavar="FILE", nargs="?", type=absolute, default=packed)
    for name, place in (("slides", "slides"), ("vote", "slides"), ("lite", "lite")):
        place = ROOT / "_build" / place
        option[name]("folder", metavar="FOLDER", nargs="?", type=absolute, default=place)
    port = "the port of the server, 8100 if none is said"
    option["vote"]("--port", metavar="N", default="8100", help=port, type=port_number)
    for name, what in (("book", "the whole book"), ("slides", "the decks")):
        pdf = f"print {what} as well; needs Chromium, Chrome or Edge"
        option[name]("--pdf", action="store_true", help=pdf)
    pyodide = "put this copy of Pyodide into the edition, which starts sooner then, and offline"
    option["lite"]("--pyodide", metavar="DIR", type=absolute, help=pyodide)
    option["bench"]("what", choices=BENCHES, nargs="?", default="kernels")
    option["lessons"]("folder", metavar="FOLDER", nargs="?", type=absolute)
    option["store"]("lessons", metavar="LESSON", nargs="*", type=absolute)
    upgrade = "take the newest versions that the ranges allow; else they stay as they are"
    option["lock"]("--upgrade", action="store_true", help=upgrade)
    return door


@guarded
def main(words):
    if sys.version_info < OLDEST:
        raise Fault(
            "The course needs Python {}.{} or newer and this is Python {}: install a newer one "
            "from python.org and run course.py with that.".format(*OLDEST, sys.version.split()[0])
        )
    door = parser()
    if words and words[0] not in ("-h", "--help", *COMMANDS):
        raise Fault(f"There is no command `{words[0]}`.\n{door.format_help()}", 2)
    options, options.words = door.parse_known_args(words or ["--help"])
    if options.words and options.command not in HANDED_ON:
        further = " ".join(options.words)
        raise Fault(f"This command takes no further words (`{further}`).", 2)
    return COMMANDS[options.command](options)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
