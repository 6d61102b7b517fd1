"""What a wheel says of itself: name, version, requirements, licence."""

from __future__ import annotations

import hashlib
import re
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name

_LICENCE_FILE = re.compile(r"\.dist-info/(.*/)?(licen[cs]e|copying|notice|authors)[^/]*$", re.I)
_LONGEST = 80


class Wheel(NamedTuple):
    """A wheel file.

    Attributes
    ----------
    licence, texts
        The licence as its maker declares it, and the texts of licences inside.
    deepest
        Characters of the longest path below ``site-packages`` once it is installed and compiled.
    """

    path: Path
    name: str
    version: str
    requires: tuple[str, ...]
    licence: str
    texts: tuple[tuple[str, bytes], ...]
    sha256: str
    size_bytes: int
    deepest: int


def read_wheel(path: Path) -> Wheel:
    """Read a wheel's metadata and licences, and hash it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (metadata,) = (n for n in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        told = message_from_bytes(archive.read(metadata))
        texts = tuple(
            (name, archive.read(name)) for name in sorted(names) if _LICENCE_FILE.search(name)
        )
    return Wheel(
        path=path,
        name=canonicalize_name(told["Name"]),
        version=told["Version"],
        requires=tuple(told.get_all("Requires-Dist", [])),
        licence=_licence(told["License-Expression"], told["License"], told.get_all("Classifier")),
        texts=texts,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        size_bytes=path.stat().st_size,
        deepest=max(_length(name) for name in names),
    )


def _length(name: str) -> int:
    compiled = len("__pycache__/.cpython-314") + 1 if name.endswith(".py") else 0
    return len(name) + compiled


def _licence(expression: str | None, words: str | None, classifiers: list[str] | None) -> str:
    """The licence as declared; some makers write the whole text where its name should be."""
    if expression:
        return expression
    if words and len(words) <= _LONGEST and "\n" not in words:
        return words
    named = [c.rpartition(" :: ")[2] for c in classifiers or () if c.startswith("License :: ")]
    return "; ".join(named) or "not declared: see its text"
