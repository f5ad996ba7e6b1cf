"""A notebook's shell without powers: inside the sandbox, cells run as Jupyter would run them.

IPython's own transformation reads `%timeit …`, `!ls`, `name?` and `%%time`; what they call does
nothing here, but for the cell magics that run the rest of their cell. A module that is not there is
imported all the same, as a thing that stands for nothing: a cell that only plots, or only imports
too much, goes on. What it was used for is remembered.
"""

import ast
import builtins
import contextlib
import importlib.util
import inspect
import opcode
import os
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

Names = dict[str, Any]
HERE = os.path.dirname(os.path.abspath(__file__))
RUNS_ITS_CELL = ("time", "capture", "prun", "debug")  # cell magics that leave its names behind
ASKING = ("check", "check_derivation", "credit")
THERE = {*sys.stdlib_module_names, "numpy"}


# ------------------------------------------------------------------------ things that are not there

used: set[str] = set()  # what was called or computed with, though it is not there


class Absent:
    """Something that is not there; whatever is done with it gives the same again."""

    __slots__ = ("_name",)
    __all__ = ()  # `from … import *` gives nothing

    def __init__(self, name: str) -> None:
        self._name = name[:100]

    def __getattr__(self, name: str) -> "Absent":
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}")

    def __iter__(self) -> Iterator["Absent"]:
        """As many as are asked for in `fig, axes = …`; in a loop none."""
        frame = sys._getframe(1)
        code, at = frame.f_code.co_code, frame.f_lasti
        asked = code[at] == opcode.opmap["UNPACK_SEQUENCE"]
        return iter([self] * code[at + 1] if asked else [])

    def __enter__(self) -> "Absent":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __bool__(self) -> bool:
        return True

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<{self._name} is not there when answers are graded>"

    def __format__(self, _: str) -> str:
        return repr(self)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "_name":
            object.__setattr__(self, name, value)


def _same(self: Absent, *_: object, **__: object) -> Absent:
    used.add(self._name)
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


def decorator(found: object) -> object:
    """What stands behind an `@`: one that is not there leaves its function as it is."""
    return (lambda function: function) if isinstance(found, Absent) else found


class Shell:
    """What runs a student's cells, and what `get_ipython()` gives them.

    names : what the cells have defined.
    asked : the last answer that each exercise was checked with.
    """

    def __init__(self, names: Names) -> None:
        self._absent = Absent("get_ipython")
        self.names = self.user_ns = names
        self.asked: Names = {}
        self._guarded: set[str] = set()
        names["__builtins__"] = {
            **vars(builtins),
            "__import__": self._import,
            "get_ipython": lambda: self,
            "decorator of a cell": decorator,
            **{name: getattr(self._asking(), name) for name in ASKING},
            **{name: Absent(name) for name in ("display", "exit", "quit", "input", "help")},
        }

    def __getattr__(self, name: str) -> Absent:
        return getattr(self._absent, name)

    # ---------------------------------------------------------------------------------------- cells

    def run(self, source: str, title: str) -> object:
        """Run a cell; return the value of its last expression, if it ends with one."""
        tree = _tree(source, title)
        self._guarded |= {*_guarded(tree)}
        last = tree.body[-1] if tree.body else None
        if not isinstance(last, ast.Expr):
            self._execute(compile(tree, title, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
            return None
        tree.body.pop()
        self._execute(compile(tree, title, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        shown = ast.Expression(last.value)
        value = self._execute(compile(shown, title, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if value is not None:
            self.names["_"] = value
        return value

    def _execute(self, code: types.CodeType) -> object:
        value = eval(code, self.names)
        if code.co_flags & inspect.CO_COROUTINE:
            try:
                value.send(None)
            except StopIteration as done:
                return done.value
            value.close()
            raise RuntimeError("nothing is waited for when answers are graded")
        return value

    def run_cell_magic(self, magic: str, line: str, cell: str) -> object:
        """Run the rest of a cell below `%%time` and its like; `%%check NAME` keeps it as a text."""
        if magic == "check":
            self.names[line.strip()] = cell
        elif magic in RUNS_ITS_CELL:
            self.run(cell, "<cell>")
        return Absent(f"%%{magic}")

    def run_line_magic(self, magic: str, line: str, **_: object) -> object:
        """Run the statement behind `%time`; other magics do nothing."""
        if magic in ("time", "prun"):
            return self.run(line, "<line>")
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
        if name == "helpers.exercises" and wanted:
            return self._asking()
        return Absent(name if wanted else top)

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


def _guarded(tree: ast.AST) -> Iterator[str]:
    """The modules that a cell can do without: it catches what importing them raises."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and node.handlers:
            for inner in (n for part in node.body for n in ast.walk(part)):
                if isinstance(inner, ast.Import):
                    yield from (alias.name.partition(".")[0] for alias in inner.names)
                elif isinstance(inner, ast.ImportFrom):
                    yield (inner.module or "").partition(".")[0]
