"""The one file that a back-up is: a zip of parts with a manifest; written whole, read strictly."""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ed_ingest.errors import FileError

FORMAT = 1
SETTINGS, KEY, STORE = "settings.toml", "store/workspace.key", "store/ed-hotspots.sqlite"
_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 16 * 2**20  # bytes
_CHUNK = 2**20
# What a damaged zip makes the standard library raise.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError),
    *(KeyError, TypeError, AttributeError, OverflowError, struct.error),
)


class Part(NamedTuple):
    """A file in a back-up: its size in bytes and its SHA-256."""

    size: int
    sha256: str


class Manifest(NamedTuple):
    """What a back-up says of itself.

    ``made_at``: local time with offset; ``schema_version``: of its store; ``audit_head``: hash of
    the newest entry of its audit; ``providers``: whose records it holds; ``parts``: path from the
    workspace's root -> the file.
    """

    product: str
    format: int
    made_at: str
    schema_version: int
    audit_head: str
    providers: tuple[str, ...]
    parts: Mapping[str, Part]


def is_part(name: str) -> bool:
    """Whether a path from the workspace's root is one that a back-up may hold, on every system."""
    steps = name.split("/")
    if any(not _PLAIN_STEP.fullmatch(step) or step.endswith((".", " ")) for step in steps):
        return False
    provider = len(steps) == 2 and steps[0] == "providers" and name.endswith(".toml")
    return (
        name in (SETTINGS, KEY, STORE) or provider or (steps[0] == "reference" and len(steps) > 1)
    )


# No separator or drive of any system, no control character, and not hidden: so neither . nor ..
_PLAIN_STEP = re.compile(r'[^.~\\/:*?"<>|\x00-\x1f][^\\/:*?"<>|\x00-\x1f]*')


def write_backup(path: Path, sources: Mapping[str, Path], facts: Mapping[str, Any]) -> Manifest:
    """Write a back-up and read it again, so that what counts as made is whole.

    Parameters
    ----------
    path
        An empty file, which the caller has made its owner's only.
    sources
        Path from the workspace's root -> the file to take.
    facts
        The values of `Manifest` but for the format and the parts.

    Raises
    ------
    FileError
        If what was written is not what is read again.
    OSError
        If there is no room, or no right.
    """
    parts = {}
    with path.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, source in sources.items():
                parts[name] = _put_in(archive, name, source)
            manifest = Manifest(**facts, format=FORMAT, parts=parts)
            told = {**manifest._asdict(), "parts": {n: p._asdict() for n, p in parts.items()}}
            archive.writestr(_MANIFEST, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    if read_manifest(path) != manifest:
        raise FileError(f"{path.name}: not written as it should be. Try again on another disk.")
    unpack(path, manifest, None)
    return manifest


def _put_in(archive: zipfile.ZipFile, name: str, source: Path) -> Part:
    digest, size = hashlib.sha256(), 0
    large = source.stat().st_size > 2**30
    with source.open("rb") as file, archive.open(name, "w", force_zip64=large) as into:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            into.write(chunk)
    return Part(size, digest.hexdigest())


def read_manifest(path: Path) -> Manifest:
    """Read what a back-up says of itself, and check that it holds just that.

    Raises
    ------
    FileError
        If the file is no back-up, is cut or changed, holds what no back-up does, or was made by a
        newer version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
                raise ValueError("too large")
            told = json.loads(archive.read(_MANIFEST))
        if told["format"] > FORMAT:
            raise FileError(f"{path.name}: made by a newer ed-hotspots. Upgrade this one first.")
        parts = {str(n): Part(int(p["size"]), str(p["sha256"])) for n, p in told["parts"].items()}
        manifest = Manifest(
            product=str(told["product"]),
            format=int(told["format"]),
            made_at=_moment(told["made_at"]),
            schema_version=int(told["schema_version"]),
            audit_head=str(told["audit_head"]),
            providers=tuple(map(str, told["providers"])),
            parts=parts,
        )
    except _DAMAGE:
        raise _damaged(path) from None
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read ({error.strerror}). Check the name and your rights."
        ) from None
    _refuse_tricks(path, entries, parts)
    return manifest


def _moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("without offset")
    return text


def _refuse_tricks(path: Path, entries: list[zipfile.ZipInfo], parts: Mapping[str, Part]) -> None:
    """A zip can name files outside of the folder, name one twice, or swell when it is unpacked."""
    names = [entry.filename for entry in entries]
    alike = {name.casefold() for name in names}
    listed = sorted(names) == sorted([*parts, _MANIFEST]) and len(alike) == len(names)
    sizes = all(e.file_size == parts[e.filename].size for e in entries if e.filename in parts)
    if not (listed and sizes and all(map(is_part, parts)) and {SETTINGS, STORE} <= set(parts)):
        raise _damaged(path)


def unpack(path: Path, manifest: Manifest, folder: Path | None) -> None:
    """Check the hash of every part, and write them into an empty folder where one is given.

    Raises
    ------
    FileError
        If a part is not what the manifest says.
    OSError
        If there is no room, or no right.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for name, part in manifest.parts.items():
                if _take_out(archive, name, part, folder) != part.sha256:
                    raise _damaged(path)
    except _DAMAGE:
        raise _damaged(path) from None


def _take_out(archive: zipfile.ZipFile, name: str, part: Part, folder: Path | None) -> str:
    """SHA-256 of a part, which is written where a folder is given; never more than its size."""
    digest, left = hashlib.sha256(), part.size
    place = Path(os.devnull) if folder is None else folder / name
    if folder is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as file, place.open("wb") as into:
        while chunk := file.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile
            digest.update(chunk)
            into.write(chunk)
        if folder is not None:
            into.flush()
            os.fsync(into.fileno())
    return digest.hexdigest() if left == 0 else ""


def _damaged(path: Path) -> FileError:
    return FileError(
        f"{path.name}: not a whole back-up of ed-hotspots; it was cut or changed, or is another "
        "kind of file. Use another copy of it, or an earlier back-up."
    )
