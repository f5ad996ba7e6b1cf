"""The house: arrows go down, doors are used, files stay small, a name means one thing."""

import ast
import functools
import importlib
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HELPERS = ROOT / "helpers"
# From the ground: a room may use rooms on lower floors, never one on its own floor.
FLOORS = (
    {"language"},
    {"activations"},
    {"derivation"},
    {"networks", "explorer"},
    {"diagnosis"},
    {"exercises"},
    {"workbench", "pad", "handin"},
    {"grading"},
    {"classroom"},
)
LONGEST = 600
MANY = 20  # files of a room: its door says of each what it is for
ROOMS = sorted(path.parent.name for path in HELPERS.glob("*/__init__.py"))
MODULES = sorted(HELPERS.rglob("*.py"))


def room_of(path):
    parts = path.relative_to(HELPERS).parts
    return parts[0] if len(parts) > 1 else ""


def floor_of(room):
    return next(level for level, rooms in enumerate(FLOORS) if room in rooms)


@cache
def imports(path):
    """Return [(module, name)] of every import of a file, also those inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found += [(node.module or "", alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
    return found


def rooms_used(path):
    for module, name in imports(path):
        parts = [*module.split("."), name]
        if parts[0] == "helpers" and len(parts) > 1 and parts[1] in ROOMS:
            yield parts[1], module, name


def test_ls_helpers_shows_the_rooms_and_their_data():
    shown = {path.name for path in HELPERS.iterdir() if not path.name.startswith(("_", "."))}
    assert shown == {*ROOMS, "data"}
    assert {*ROOMS} <= set().union(*FLOORS)


@functools.cache
def at_the_door(room):
    """What may be taken from a room: the names at its door, or one of its public files whole."""
    files = {path.stem for path in (HELPERS / room).iterdir() if not path.name.startswith("_")}
    return {*importlib.import_module(f"helpers.{room}").__all__, *files, room, "__main__"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_at_its_door_what_is_inside(room):
    door = ast.parse((HELPERS / room / "__init__.py").read_text(encoding="utf-8"))
    said = ast.get_docstring(door)
    assert len(said.split()) > 12
    files = {path.stem for path in (HELPERS / room).glob("[!_]*.py")}
    if len(files) > MANY:
        assert not {name for name in files if not re.search(rf"\b{name}\b", said)}


def test_arrows_between_rooms_go_down_and_through_the_door():
    for path in MODULES:
        room = room_of(path)
        for used, module, name in rooms_used(path):
            if used == room or not room:
                continue
            assert floor_of(used) < floor_of(room), f"{path} must not use {used}: {module}"
            assert module in ("helpers", f"helpers.{used}"), f"{path}: {module} is behind a door"
            assert name in at_the_door(used), f"{path}: {used} does not offer {name}"


@pytest.mark.parametrize("folder", ["tools", "book", "benchmarks"])
def test_what_stands_beside_the_helpers_uses_doors_as_well(folder):
    for path in sorted((ROOT / folder).rglob("*.py")):
        for used, module, name in rooms_used(path):
            assert module == f"helpers.{used}", f"{path.name}: {module} stands behind a door"
            assert name in at_the_door(used), f"{path.name}: {used} does not offer {name}"
        used = {module.split(".")[0] for module, _ in imports(path)}
        assert folder != "tools" or used.isdisjoint({"book", "benchmarks"}), path.name


def test_no_file_imports_in_a_circle():
    arrows = defaultdict(set)
    beside = (
        path for folder in ("book", "tools", "benchmarks") for path in ROOT.glob(f"{folder}/*.py")
    )
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (*MODULES, *beside)
    }
    for name, path in files.items():
        for module, imported in imports(path):
            target = next((t for t in (f"{module}.{imported}", module) if t in files), None)
            if target:
                arrows[name].add(target)
    done, way = set(), []

    def follow(name):
        if name in way:
            raise AssertionError(" -> ".join([*way[way.index(name) :], name]))
        if name not in done:
            way.append(name)
            for target in sorted(arrows[name]):
                follow(target)
            done.add(way.pop())

    for name in sorted(arrows):
        follow(name)


def test_a_private_name_never_crosses_a_file():
    for path in MODULES:
        for module, name in imports(path):
            private = name.startswith("_") and not name.startswith("__")
            assert not (module.startswith("helpers") and private), f"{path.name} takes {name}"


@pytest.mark.parametrize("folder", ["helpers", "tools", "book", "benchmarks"])
def test_nothing_but_tests_uses_tests(folder):
    for path in sorted((ROOT / folder).rglob("*.py")):
        for module, _ in imports(path):
            assert module.split(".")[0] != "tests", f"{path.name} uses {module}"
            if folder == "helpers":
                assert module.split(".")[0] not in ("tools", "book", "benchmarks", "course")


def test_no_file_is_longer_than_one_can_read():
    written = subprocess.run(
        ["git", "ls-files", "*.py", "*.js", "*.mjs", "*.css"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    long = {
        name: lines
        for name in written
        if "/mathlive/" not in name
        if (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def doors():
    """Yield (room, name, value) of everything that the rooms offer."""
    for room in ROOMS:
        door = importlib.import_module(f"helpers.{room}")
        for name in getattr(door, "__all__", ()):
            yield room, name, getattr(door, name)


def test_no_public_name_means_two_things():
    """Of classes in all files, and of all that the rooms offer at their doors.

    Within a room of functions and types as well; `main` and what hands on to its namesake may be.
    """
    owners, meanings = defaultdict(set), defaultdict(set)
    for path in MODULES:
        where = path.relative_to(HELPERS).as_posix()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            name = getattr(node, "name", None)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                name = name if re.fullmatch("[A-Z][a-z]+", name) else None  # of a type
            if name is None or name.startswith("_") or path.stem == "__main__" or name == "main":
                continue
            if isinstance(node, ast.ClassDef):
                owners[name].add(where)
            means = ast.dump(node.value) if isinstance(node, ast.Assign) else where
            meanings[where.partition("/")[0], name].add(means)
    assert len(meanings) > 600
    assert {key: means for key, means in meanings.items() if len(means) > 1} == {}
    offered = [(name, value) for _, name, value in doors()]
    assert len(offered) > 200
    first = dict(reversed(offered))
    assert [name for name, value in offered if value is not first[name]] == []
    assert {name: where for name, where in owners.items() if len(where) > 1} == {}


def test_no_exported_name_hides_a_file_of_its_room():
    hides = [
        f"{name} of {room}"
        for room, name, value in doors()
        if (HELPERS / room / f"{name}.py").exists() and not isinstance(value, ModuleType)
    ]
    assert hides == []


LOADED = {
    "language": set(),
    "activations": {"numpy"},
    "derivation": {"mpmath"},
    "networks": {"numpy"},
    "diagnosis": {"numpy", "mpmath"},
    "exercises": {"numpy", "mpmath"},
    "workbench": {"numpy", "mpmath"},
}
HEAVY = {
    *("numpy", "mpmath", "sympy", "scipy", "matplotlib", "IPython", "ipywidgets", "anywidget"),
    *("nbgrader", "dask", "helpers.grading"),
}


@pytest.mark.parametrize("room", LOADED)
def test_a_room_loads_only_what_it_needs(room):
    program = f"import sys, helpers.{room}; print(*{HEAVY!r} & {{*sys.modules}})"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {*found} == LOADED[room]
