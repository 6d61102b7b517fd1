"""Move a delivered file along: claimed by a rename, copied to the local disk, put away."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ed_ingest.file_systems import keep_owner_only

_CHUNK_BYTES = 1 << 20


def claim(source: Path, target: Path) -> bool:
    """Rename a file out of the inbox, on the file system of both.

    Parameters
    ----------
    source, target
        Where it lies, and where it is to lie; the target's folder is made.

    Returns
    -------
    bool
        False where the share forbids renames: the file stays, and its row alone says that it is
        claimed.

    Raises
    ------
    OSError
        If it cannot be renamed for a reason that may pass: open in another program, no rights.
    """
    make_private(target.parent)
    try:
        source.replace(target)
    except OSError:
        if _renames_work(source.parent, target.parent):
            raise
        return False
    return True


def copy_of(source: Path, target: Path) -> str:
    """Copy a file to the local disk; SHA-256 of what was copied, 64 hexadecimal digits."""
    make_private(target.parent)
    digest = hashlib.sha256()
    with source.open("rb") as from_file, open(target, "xb", opener=_owner_only) as to_file:
        while chunk := from_file.read(_CHUNK_BYTES):
            digest.update(chunk)
            to_file.write(chunk)
    return digest.hexdigest()


@contextmanager
def local_folder(parent: Path, name: str) -> Iterator[Path]:
    """Make a folder for a copy of one file, which goes with its content at the end of the block."""
    folder = parent / name
    shutil.rmtree(folder, ignore_errors=True)
    make_private(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_away(source: Path, target: Path) -> None:
    """Move a file to where it is kept, whole or not at all, also to another file system."""
    make_private(target.parent)
    try:
        source.replace(target)
    except OSError:
        beside = _beside(target)
        try:
            copy_of(source, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        source.unlink()
    keep_owner_only(target)


def make_private(folder: Path) -> None:
    """Make a folder, its owner's alone, where there is none."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        keep_owner_only(folder)


def write_whole(path: Path, text: str) -> None:
    """Write a small text file so that nobody sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(path)
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _beside(target: Path) -> Path:
    """Where a file is written before it is whole: one left by an end in the middle is replaced."""
    beside = target.with_name(f".{target.name}.part")
    beside.unlink(missing_ok=True)
    return beside


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _renames_work(folder: Path, target: Path) -> bool:
    """Whether a file of our own can be renamed between the two folders.

    Raises
    ------
    OSError
        If none can be made there: the folder is read-only, which may pass.
    """
    probe = folder / ".ed-hotspots-probe"
    probe.touch()
    moved = target / probe.name
    try:
        probe.replace(moved)
    except OSError:
        return False
    finally:
        for path in (probe, moved):
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return True
