"""pyproject.toml, environment.yml and requirements.lock name the same packages and ranges."""

import json
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import course
from tools.environment import LOCK, sections
from tools.files import ROOT
from tools.lock import SCRIPTS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCKED = LOCK.read_text(encoding="utf-8")
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PLATFORMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "darwin": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "win32": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
ON_CONDA = {"matplotlib": "matplotlib-base"}  # where conda-forge uses another name


def ranges(requirements, platform="linux"):
    """Return {canonical name: specifiers} of requirement texts, those of the project apart."""
    parsed = [r for r in map(Requirement, requirements) if r.name != PROJECT["name"]]
    there = [r for r in parsed if r.marker is None or r.marker.evaluate(PLATFORMS[platform])]
    return {canonicalize_name(r.name): r.specifier for r in there}


def entries(section):
    """Return the requirements of a section of the lock, each with its list of hashes."""
    found = re.findall(r"^(\w.*?) \\\n((?: .*\n)+)", section, flags=re.MULTILINE)
    return [(Requirement(line), re.findall(r"sha256:[0-9a-f]{64}", rest)) for line, rest in found]


def pins(section, python="3.11", platform="linux"):
    """Return {name: version} of what a section installs there."""
    there = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        **PLATFORMS[platform],
    }
    pinned = {}
    for requirement, _ in entries(section):
        if requirement.marker is None or requirement.marker.evaluate(there):
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            assert canonicalize_name(requirement.name) not in pinned, "two versions at once"
            pinned[canonicalize_name(requirement.name)] = pin.version
    return pinned


def test_conda_has_the_ranges_of_pyproject():
    texts = [text for text in CONDA["dependencies"] if isinstance(text, str)]
    native = [text for text in texts if not text.startswith(("python=", "pip"))]
    nbval = [text for text in EXTRAS["test"] if text.startswith("nbval")]  # to test there as well
    wanted = ranges([*PROJECT["dependencies"], *nbval])
    wanted = {ON_CONDA.get(name, name): r for name, r in wanted.items()}
    assert ranges(native) == wanted


def test_conda_takes_one_python_that_the_course_supports():
    (python,) = [t for t in CONDA["dependencies"] if str(t).startswith("python")]
    assert re.fullmatch(r"python=3\.\d+", python), "Binder reads nothing but python=X.Y"
    assert python.split("=")[1] in SpecifierSet(PROJECT["requires-python"])
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert CONDA["dependencies"][-2:] == ["pip", {"pip": ["-e ."]}]


def test_the_launcher_asks_for_the_same_python():
    assert SpecifierSet(PROJECT["requires-python"]) == SpecifierSet(
        ">={}.{}".format(*course.OLDEST)
    )


def test_the_lock_has_the_learners_section_and_one_for_each_extra():
    assert set(sections()) == {"", *EXTRAS}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_is_within_the_ranges_everywhere(python, platform):
    parts = sections()
    base = pins(parts[""], python, platform)
    for name, allowed in ranges(PROJECT["dependencies"]).items():
        assert base[name] in allowed
    for extra, requirements in EXTRAS.items():
        both = base | pins(parts[extra], python, platform)
        for name, allowed in ranges(requirements, platform).items():
            assert both[name] in allowed


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_all_sections_together_hold_one_version_of_each_package(python, platform):
    pinned = {}
    for section in sections().values():
        for name, version in pins(section, python, platform).items():
            assert pinned.setdefault(name, version) == version


def test_an_extra_adds_only_what_the_learner_does_not_have():
    base, *extras = ({str(r) for r, _ in entries(s)} for s in sections().values())
    assert base
    for extra in extras:
        assert extra
        assert not base & extra


def test_every_package_of_the_lock_has_hashes():
    pinned = re.findall(r"^[^\s#].*", LOCKED, flags=re.MULTILINE)
    hashed = [requirement for requirement, hashes in entries(LOCKED) if hashes]
    assert len(hashed) == len(pinned) > 50


def test_every_package_from_npm_has_a_hash():
    lock = json.loads(SCRIPTS.read_text(encoding="utf-8"))["packages"]
    asked = json.loads(SCRIPTS.with_name("package.json").read_text(encoding="utf-8"))
    assert lock.pop("")["dependencies"] == asked["dependencies"]
    assert {f"node_modules/{name}" for name in asked["dependencies"]} <= {*lock}
    assert all(each["integrity"].startswith("sha512-") for each in lock.values())


def test_no_address_is_written_into_the_locks():
    assert "resolved" not in SCRIPTS.read_text(encoding="utf-8")
    assert not re.search(r"https?:|://|file:|index-url|find-links| @ ", LOCKED, re.IGNORECASE)
