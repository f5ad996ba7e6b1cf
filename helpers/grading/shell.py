"""A notebook's shell without powers: inside the sandbox, cells run as Jupyter would run them.

IPython's own transformation reads `%timeit …`, `!ls`, `name?` and `%%time`; what they call does
nothing here, but for the cell magics that run the rest of their cell. A module that is not there is
imported all the same, as a thing that stands for nothing: a cell that only plots, or only imports
too much, goes on. What it was used for is remembered. A statement that a notebook may carry out and
this place does not is passed over, and that is remembered, too.
"""

import __future__

import ast
import builtins
import contextlib
import importlib.util
import inspect
import opcode
import os
import re
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, cast

Names = dict[str, Any]
HERE = os.path.dirname(os.path.abspath(__file__))
RUNS_ITS_CELL = ("time", "capture", "prun", "debug")  # cell magics that leave its names behind
ASKING = ("check", "check_derivation", "credit")
NEWER = ("f-string", "multiple exception types")  # so an older Python refuses what newer ones read
THERE = {*sys.stdlib_module_names, "numpy", "__main__"}
SYSTEMS = {  # modules that ask the system for what the sandbox does not have
    *("os", "pathlib", "subprocess", "locale", "tempfile", "getpass", "socket", "threading"),
    *("multiprocessing", "concurrent", "urllib", "http", "ssl", "asyncio", "shutil", "sqlite3"),
    *("platform", "pwd", "webbrowser", "zoneinfo"),
}

FORMER = re.compile(  # what a notebook with an older NumPy has
    r"was removed in the NumPy|deprecated alias"
    r"|module 'numpy' has no attribute '(product|cumproduct|trapz|in1d)'"
)


# ------------------------------------------------------------------------ things that are not there

used: set[str] = set()  # what was called or computed with, though it is not there
touched: set[str] = set()  # what the present statement had to do with, of that
guessed: set[str] = set()  # what may have taken another way than in a notebook
starred: set[str] = set()  # what all names were imported from, though it is not there


class Absent:
    """Something that is not there; whatever is done with it gives the same again."""

    __slots__ = ("_name",)
    __all__ = ()  # `from … import *` gives nothing

    def __init__(self, name: str) -> None:
        self._name = name[:100]

    def __getattr__(self, name: str) -> "Absent":
        touched.add(self._name)
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}")

    def __iter__(self) -> Iterator["Absent"]:
        """As many as are asked for in `fig, axes = …`; in a loop none."""
        touched.add(self._name)
        guessed.add(self._name)
        frame = sys._getframe(1)
        code, at = frame.f_code.co_code, frame.f_lasti
        asked = code[at] == opcode.opmap["UNPACK_SEQUENCE"]
        return iter([self] * code[at + 1] if asked else [])

    def __enter__(self) -> "Absent":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __bool__(self) -> bool:
        touched.add(self._name)
        guessed.add(self._name)
        return True

    def __instancecheck__(self, _: object) -> bool:
        """Nothing that is here is one of them."""
        touched.add(self._name)
        guessed.add(self._name)
        return False

    __subclasscheck__ = __instancecheck__

    def __mro_entries__(self, _: object) -> tuple[type, ...]:
        return ()

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        touched.add(self._name)
        return f"<{self._name} is not there when answers are graded>"

    def __format__(self, _: str) -> str:
        return repr(self)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "_name":
            object.__setattr__(self, name, value)


def _same(self: Absent, *_: object, **__: object) -> Absent:
    used.add(self._name)
    touched.add(self._name)
    return self


_SIGNS = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor"),
    *("lshift", "rshift", "divmod"),
)
for _name in (
    *_SIGNS,
    *(f"r{sign}" for sign in _SIGNS),
    *("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "eq", "ne", "getitem", "round"),
    *("call", "array_ufunc", "array_function"),
):
    setattr(Absent, f"__{_name}__", _same)
for _name in ("setitem", "delitem", "delattr"):
    setattr(Absent, f"__{_name}__", lambda *_: None)


# ------------------------------------------------------------------- what stands for some of them


class Bar:
    """A progress bar that shows nothing and goes through what it is given."""

    def __init__(self, iterable: Any = (), *_: object, **__: object) -> None:
        self._iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


def _module(name: str, **names: object) -> types.ModuleType:
    made = types.ModuleType(name)
    vars(made).update(names)
    return made


def _progress_bars() -> types.ModuleType:
    made = _module("tqdm", tqdm=Bar, trange=lambda *ends, **_: Bar(range(*ends)))
    vars(made).update(dict.fromkeys(("auto", "autonotebook", "notebook", "std"), made))
    return made


def _pylab() -> types.ModuleType:
    """NumPy's names and Python's own; what draws is not there."""
    import numpy as np

    known = {*np.__all__} - {*vars(builtins)}
    names = {name: found for name, found in vars(np).items() if name in known}
    drawing = Absent("matplotlib.pyplot")
    return _module("pylab", **names, np=np, plt=drawing, __getattr__=drawing.__getattr__)


# ---------------------------------------------------------------------------------------- the shell


def _transformation() -> Callable[[str], str]:
    """Return IPython's transformation of a cell, loaded without the rest of IPython."""
    places = {"tokenutil": "utils", "inputtransformer2": "core"}
    loaded: dict[str, types.ModuleType] = {}
    around = {name: types.ModuleType(name) for name in ("IPython", "IPython.utils")}
    before = {name: sys.modules.get(name) for name in around}
    sys.modules.update(around)
    try:
        for name, folder in places.items():
            path = os.path.join(HERE, f"{name}.py")
            if not os.path.exists(path):  # outside of the sandbox: where it is installed
                path = os.path.join(_installed(), folder, f"{name}.py")
            spec = importlib.util.spec_from_file_location(f"ipython_{name}", path)
            assert spec
            assert spec.loader
            loaded[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
            setattr(around["IPython.utils"], name, loaded[name])
    finally:
        for name, module in before.items():
            sys.modules.pop(name)
            if module:
                sys.modules[name] = module
    return loaded["inputtransformer2"].TransformerManager().transform_cell


def _installed() -> str:
    for folder in sys.path:
        if os.path.exists(os.path.join(folder, "IPython", "core", "inputtransformer2.py")):
            return os.path.join(folder, "IPython")
    raise FileNotFoundError("IPython is not installed")


transformed = _transformation()


def decorator(found: Any) -> object:
    """What stands behind an `@`: one that is not there leaves its function as it is."""
    if not isinstance(found, Absent):
        return found

    def unchanged(function: Any) -> object:
        with contextlib.suppress(AttributeError, TypeError):
            function.without = found._name
        return function

    return unchanged


class Shell:
    """What runs a student's cells, and what `get_ipython()` gives them.

    names : what the cells have defined.
    asked : the last answer that each exercise was checked with.
    passed_over : the statements that only this place does not carry out, and why; the errors.
    through : the names whose values come from something that is not there.
    """

    def __init__(self, names: Names) -> None:
        self._absent = Absent("get_ipython")
        self.names = self.user_ns = names
        self.asked: Names = {}
        self._guarded: set[str] = set()
        self._written: dict[str, str] = {}  # by module, what a cell wrote into its file
        self._own: dict[str, types.ModuleType] = {}  # those of them that were imported
        self._inputs: list[str] = [""]
        self.passed_over: list[tuple[str, BaseException]] = []
        self._statement: ast.stmt | None = None
        self.through: set[str] = set()
        names["__builtins__"] = {
            **vars(builtins),
            "__import__": self._import,
            "get_ipython": lambda: self,
            "decorator of a cell": decorator,
            **{name: getattr(self._asking(), name) for name in ASKING},
            **{name: Absent(name) for name in ("display", "exit", "quit", "input", "help")},
            **{"_": "", "__": "", "___": "", "In": self._inputs, "Out": {}},
        }

    def __getattr__(self, name: str) -> Absent:
        return getattr(self._absent, name)

    # ---------------------------------------------------------------------------------------- cells

    def run(self, source: str, title: str) -> object:
        """Run a cell; return the value of its last expression, if it ends with one."""
        self._inputs.append(source)
        try:
            tree = _tree(source, title)
        except SyntaxError as error:
            if not (error.msg or "").startswith(NEWER):
                raise
            self.passed_over.append((source.strip().partition("\n")[0][:100], error))
            return None
        self._guarded |= {*_guarded(tree)}
        flags, value = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, None
        for statement in tree.body:
            flags |= _future(statement)
            self._statement = statement
            touched.clear()
            try:
                value = self._execute(statement, title, flags)
            except Exception as error:
                if not self._is_ours(error, statement):
                    raise
                self.passed_over.append((self.present, error))
                guessed.add(self.present)
            stored = {*_stored(statement)}
            self.through = self.through | stored if touched else self.through - stored
        if value is not None:
            self.names["_"] = value
        return value

    @property
    def present(self) -> str:
        """The statement that runs, its first line."""
        if self._statement is None:
            return ""
        return ast.unparse(self._statement).partition("\n")[0][:100]

    def _execute(self, statement: ast.stmt, title: str, flags: int) -> object:
        """Carry out one statement; an expression has a value."""
        is_value, tree = False, cast("Any", ast.Module([statement], []))
        if isinstance(statement, ast.Expr):
            is_value, tree = True, ast.Expression(statement.value)
        code = compile(tree, title, "eval" if is_value else "exec", flags, dont_inherit=True)
        value = eval(code, self.names)
        return _awaited(value) if code.co_flags & inspect.CO_COROUTINE else value

    def _is_ours(self, error: Exception, statement: ast.stmt) -> bool:
        """Might a notebook have carried out what failed here?"""
        words = str(error)
        if isinstance(error, NameError):
            history = re.search(r"name '_(\d+|i\d*|ii|iii|ih|oh|dh)'", words)
            return bool(history or guessed)
        kinds = OSError | MemoryError | ImportError
        if touched or isinstance(error, kinds) or "start new thread" in words:
            return True
        if FORMER.search(words):
            return True
        if any(
            isinstance(n, ast.Await | ast.AsyncFor | ast.AsyncWith) for n in ast.walk(statement)
        ):
            return True
        missed = isinstance(error, AssertionError) and bool(guessed)
        return missed or "Absent" in words or bool(SYSTEMS & {*_modules(error)})

    def run_cell_magic(self, magic: str, line: str, cell: str) -> object:
        """Run the rest of a cell below `%%time` and its like; `%%check NAME` keeps it as a text."""
        if magic == "check":
            self.names[line.strip()] = cell
        elif magic == "writefile" and line.strip().endswith(".py"):
            self._written[line.strip().removesuffix(".py")] = cell
        elif magic in RUNS_ITS_CELL:
            self.run(cell, "<cell>")
        return Absent(f"%%{magic}")

    def run_line_magic(self, magic: str, line: str, **_: object) -> object:
        """Run the statement behind `%time`; other magics do nothing."""
        if magic in ("time", "prun"):
            return self.run(line, "<line>")
        if magic == "pylab":
            return self.run("from pylab import *", "<line>")
        return Absent(f"%{magic}")

    # -------------------------------------------------------------------------------------- imports

    def _import(
        self, name: str, scope: Any = None, local: Any = None, wanted: Any = (), level: int = 0
    ) -> object:
        """Import what is there; give something absent for what is not."""
        top = str(name).partition(".")[0]
        if top in THERE and not level:
            with contextlib.suppress(ModuleNotFoundError):  # this system has it without Tk
                return builtins.__import__(name, scope, local, wanted, level)
        if top in self._guarded:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if wanted and "*" in wanted:
            starred.add(top)
            guessed.add(top)
        if found := self._stand_in(name, top):
            return found
        if top == "helpers":
            return self._course(name if wanted else top)
        return Absent(name if wanted else top)

    def _stand_in(self, name: str, top: str) -> types.ModuleType | None:
        """What cells wrote themselves, and what else can work here."""
        if top in self._written:
            made = self._own[top] = types.ModuleType(top)
            vars(made)["__builtins__"] = self.names["__builtins__"]
            source = self._written.pop(top)
            exec(compile(source, f"{top}.py", "exec", dont_inherit=True), vars(made))
        if top in self._own:
            return self._own[top]
        if name in ("pylab", "matplotlib.pylab"):
            return _pylab()
        return _progress_bars() if top == "tqdm" else None

    def _course(self, name: str) -> object:
        """The course as it is imported: its exercises are there, the rest is not."""
        if name == "helpers.exercises":
            return self._asking()
        if name != "helpers":
            return Absent(name)
        asking = self._asking

        class Course:
            __all__ = ()

            def __getattr__(self, name: str) -> object:
                return asking() if name == "exercises" else Absent(f"helpers.{name}")

        return Course()

    def _asking(self) -> object:
        """The course's own functions: they judge nothing here, and note what was asked."""
        absent = Absent("helpers.exercises")

        def noted(exercise: object = "", answer: object = None, *_: object) -> Absent:
            self.asked[str(exercise)[:100]] = answer
            return absent

        class Asking:
            __all__ = ASKING

            def __getattr__(self, name: str) -> object:
                return noted if name in ASKING else getattr(absent, name)

        return Asking()


def _tree(source: str, title: str) -> ast.Module:
    """Parse a cell; what is no plain Python is a notebook's."""
    try:
        tree: Any = compile(source, title, "exec", ast.PyCF_ONLY_AST)
    except SyntaxError:
        tree = compile(transformed(source), title, "exec", ast.PyCF_ONLY_AST)
    for node in ast.walk(tree):
        decorators: list[Any] = getattr(node, "decorator_list", [])
        for place, found in enumerate(decorators):
            called = ast.Call(ast.Name("decorator of a cell", ast.Load()), [found], [])
            decorators[place] = ast.fix_missing_locations(ast.copy_location(called, found))
    return tree


def _awaited(coroutine: Any) -> object:
    """What a cell with `await` comes to; nothing is waited for here."""
    with contextlib.closing(coroutine):
        for _ in range(1000):
            try:
                coroutine.send(None)
            except StopIteration as done:
                return done.value
    raise RuntimeError("nothing is waited for when answers are graded")


def _future(statement: ast.stmt) -> int:
    """The flags of a `from __future__ import …`, which hold for the rest of its cell."""
    if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
        return 0
    found = (getattr(__future__, alias.name, None) for alias in statement.names)
    return sum(feature.compiler_flag for feature in found if feature)


def _stored(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a value."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _modules(error: BaseException) -> Iterator[str]:
    """The modules that an error comes from and went through."""
    yield type(error).__module__.partition(".")[0]
    trace = error.__traceback__
    while trace:
        yield str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        trace = trace.tb_next


def _guarded(tree: ast.AST) -> Iterator[str]:
    """The modules that a cell can do without: it catches what importing them raises."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and node.handlers:
            for inner in (n for part in node.body for n in ast.walk(part)):
                if isinstance(inner, ast.Import):
                    yield from (alias.name.partition(".")[0] for alias in inner.names)
                elif isinstance(inner, ast.ImportFrom):
                    yield (inner.module or "").partition(".")[0]
