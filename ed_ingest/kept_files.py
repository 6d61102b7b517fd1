"""Files that the workspace keeps: which are past their time or a provider's, and their removal."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


def older_files(
    folder: Path, until: datetime, *, known: Mapping[str, datetime | None] | None = None
) -> list[Path]:
    """Find the files of a folder and of those in it that are past their time.

    Parameters
    ----------
    folder
        Need not exist. Links are not followed.
    until
        What changed at this moment or before is past its time; with time zone.
    known
        Name before the first dot -> when the file came here, as the store tells it; None for one
        that must stay. Of all others the file system tells when it last changed or was moved.
    """
    times = known or {}
    found = []
    for path in _files(folder):
        name = path.name.partition(".")[0]
        came = times[name] if name in times else _changed(path)
        if came is not None and came <= until:
            found.append(path)
    return found


def remove_files(paths: Iterable[Path]) -> list[Path]:
    """Remove files; returns those that could not be, as another program has them open."""
    left = []
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return left


def empty_folder(folder: Path) -> int:
    """Remove all that lies in a folder; how many files they were. Links are not followed.

    Raises
    ------
    OSError
        If something cannot be removed; what can be is gone.
    """
    if folder.is_symlink() or not folder.is_dir():
        return 0
    n, failed = len(list(_files(folder))), None
    for path in sorted(folder.iterdir()):
        try:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        except OSError as error:
            failed = error
    if failed:
        raise failed
    return n


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path


def _changed(path: Path) -> datetime | None:
    """When a file last changed or, where the system tells it, was moved."""
    with suppress(OSError):
        status = path.lstat()
        return datetime.fromtimestamp(max(status.st_mtime, status.st_ctime), UTC)
    return None
