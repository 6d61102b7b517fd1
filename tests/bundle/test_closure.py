"""What Windows needs is found from what each project says, judged for Windows."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from bundle.closure import closure, read_pins, windows_environment
from bundle.make import PYTHONS
from ed_ingest.errors import EdHotspotsError

ROOT = Path(__file__).parents[2]
WINDOWS = windows_environment("3.12")


def reached(roots, requires, pins):
    return closure(roots, requires, pins=pins, environment=WINDOWS)


def test_requirements_are_followed_to_the_end_and_round():
    requires = {"a": ["b>=1"], "b": ["c"], "c": ["a"]}

    assert reached(["a"], requires, {"a": "1", "b": "1", "c": "1"}).known == {"a", "b", "c"}


def test_what_only_windows_needs_is_needed_and_what_only_linux_needs_is_not():
    requires = {"a": ['w; sys_platform == "win32"', 'l; platform_system == "Linux"']}
    found = reached(["a"], requires, {"a": "1", "w": "1"})

    assert found.unknown == {"w"}


def test_an_extra_brings_its_own_requirements_alone():
    requires = {"a": ['x; extra == "speed"', 'y; extra == "docs"'], "x": []}
    found = reached(["a[speed]"], requires, {"a": "1", "x": "1", "y": "1"})

    assert (found.known, found.unknown) == ({"a", "x"}, frozenset())


def test_names_are_known_however_they_are_spelt():
    pins = read_pins("# comment\nPython_Dateutil==2.9\n\n")

    assert reached(["python.dateutil"], {"python-dateutil": []}, pins).known == {"python-dateutil"}


def test_what_is_not_pinned_is_told():
    with pytest.raises(EdHotspotsError, match=r"^w: needed on Windows but not pinned"):
        reached(["w"], {}, {})


def test_a_pin_that_a_requirement_forbids_is_told():
    with pytest.raises(EdHotspotsError, match=r"has 1\.0, but w>=2 is needed"):
        reached(["w>=2"], {}, {"w": "1.0"})


def test_a_line_that_pins_nothing_is_told():
    with pytest.raises(EdHotspotsError, match=r"w>=1 is not name==version"):
        read_pins("w>=1\n")


@pytest.mark.parametrize("python", PYTHONS)
def test_all_that_the_program_needs_on_windows_is_pinned(python):
    # Of what only Windows needs nothing is installed here: colorama is a leaf.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requires = {
        canonicalize_name(found.metadata["Name"]): found.requires or []
        for found in importlib.metadata.distributions()
    }
    pins = read_pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    found = closure(
        project["dependencies"], requires, pins=pins, environment=windows_environment(python)
    )

    assert {"colorama", "tzdata", "llvmlite", "numpy"} <= found.known | found.unknown
    assert found.unknown <= {"colorama"}
