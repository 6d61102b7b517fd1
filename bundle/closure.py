"""Which projects a machine needs of those that another machine names: markers are judged for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ed_ingest.errors import EdHotspotsError


class Reached(NamedTuple):
    """What a walk over requirements came to.

    Attributes
    ----------
    known
        Projects whose own requirements were followed, by normalised name.
    unknown
        Projects that are needed but of which no requirements were given.
    """

    known: frozenset[str]
    unknown: frozenset[str]


def windows_environment(python: str) -> dict[str, str]:
    """Markers of CPython on 64-bit Windows, such as `python` = "3.12".

    pip judges markers by the interpreter that it runs in, whatever `--platform` says; so a walk
    on Linux would miss what only Windows needs.
    """
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_release": "10",
        "platform_system": "Windows",
        "platform_version": "10.0.19045",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "win32",
    }


def read_pins(text: str) -> dict[str, str]:
    """Versions of a constraints file by normalised name; comments and blank lines are left out.

    Raises
    ------
    EdHotspotsError
        If a line is not ``name==version``.
    """
    pins: dict[str, str] = {}
    for line in (raw.partition("#")[0].strip() for raw in text.splitlines()):
        if not line:
            continue
        name, equals, version = line.partition("==")
        if not equals:
            raise EdHotspotsError(f"constraints.txt: {line} is not name==version.")
        pins[canonicalize_name(name)] = version.strip()
    return pins


def closure(
    roots: Iterable[str],
    requires: Mapping[str, Iterable[str]],
    *,
    pins: Mapping[str, str],
    environment: Mapping[str, str],
) -> Reached:
    """Follow requirements to all that is needed, as far as they are known.

    Parameters
    ----------
    roots
        Requirements to begin with, such as ``pandas>=3.0,<4``.
    requires
        The requirements of each project, by normalised name (``Requires-Dist``).
    pins
        The version of each project (`read_pins`).
    environment
        Markers of the machine (`windows_environment`).

    Returns
    -------
    Reached
        Projects whose requirements were followed, and those whose requirements are not given.

    Raises
    ------
    EdHotspotsError
        If a project has no pinned version, or one that a requirement does not allow.
    """
    known: set[str] = set()
    unknown: set[str] = set()
    done: set[tuple[str, str]] = set()
    waiting = [(text, "") for text in roots]
    while waiting:
        text, extra = waiting.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        _check_pin(name, requirement, pins)
        (known if name in requires else unknown).add(name)
        for wanted in ("", *requirement.extras):
            if name in requires and (name, wanted) not in done:
                done.add((name, wanted))
                waiting += [(needed, wanted) for needed in requires[name]]
    return Reached(frozenset(known), frozenset(unknown))


def _check_pin(name: str, requirement: Requirement, pins: Mapping[str, str]) -> None:
    if name not in pins:
        raise EdHotspotsError(
            f"{name}: needed on Windows but not pinned. Add its version to constraints.txt."
        )
    if not requirement.specifier.contains(pins[name], prereleases=True):
        raise EdHotspotsError(
            f"{name}: constraints.txt has {pins[name]}, but {requirement} is needed."
        )
