"""Copy the files of a pack to a folder, often on a share: whole or not at all, and verified."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ed_ingest.file_systems import has_rights
from hotspots.kept_packs import LATEST, pack_order

_PIECE = 1 << 20
# What a file system says that has no such call; all other failures of it count.
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)


class Brought(NamedTuple):
    """What a folder holds of a pack now.

    ``files``: of the pack; ``new``: copied just now; ``changed``: that somebody changed there since
    an earlier copy, as slides are meant to be. These are left alone.
    """

    files: int
    new: int
    changed: int


def bring(source: Path, folder: Path, name: str) -> Brought:
    """Copy a folder of files to ``folder/name``, so that nobody sees half of it.

    It is copied under a hidden name beside its place, on the target's own file system; each copy is
    read back and compared by its SHA-256; then one rename puts it in its place. Where the place is
    taken by an earlier copy, only files that are missing there are put beside the others.

    Parameters
    ----------
    source
        The audience's folder of a pack.
    folder
        Where to copy it. It is never made: one that is missing is a share that is not connected.
    name
        Name of the pack.

    Raises
    ------
    OSError
        ``FileNotFoundError`` if `folder` is not there; else as the system says it; ``EIO`` if a
        copy does not read back as what was written. What was visible before is there unchanged.
    """
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder")
    target, hidden = folder / name, folder / f".{name}.unfinished"
    # What an end in mid-copy left; one that cannot be removed stops the copy below.
    shutil.rmtree(hidden, ignore_errors=True)
    if target.exists():
        return _complete(source, target)
    try:
        hidden.mkdir()
        files = list(_files(source))
        for part in files:
            (hidden / part).parent.mkdir(parents=True, exist_ok=True)
            _copy(source / part, hidden / part)
        for path in (hidden, *hidden.rglob("*")):
            _as_open_as(folder, path)
        hidden.rename(target)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    return Brought(len(files), len(files), 0)


def name_latest(folder: Path, name: str) -> None:
    """Name the newest pack of a folder in ``latest.txt``; an older one changes nothing.

    Raises
    ------
    OSError
        If it cannot be written; what it named before, it still names.
    """
    path = folder / LATEST
    with suppress(OSError, ValueError):
        if pack_order(path.read_text(encoding="utf-8").strip()) >= pack_order(name):
            return
    hidden = folder / f".{LATEST}.unfinished"
    try:
        hidden.write_text(name + "\n", encoding="utf-8")
        _as_open_as(folder, hidden)
        hidden.replace(path)
    finally:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)


def _complete(source: Path, target: Path) -> Brought:
    """Put what is missing in an earlier copy, and count what is other than it was."""
    files, new, changed = list(_files(source)), 0, 0
    for part in files:
        there = target / part
        if there.is_file():
            changed += _sha256(there) != _sha256(source / part)
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        hidden = there.with_name(f".{there.name}.unfinished")
        try:
            _copy(source / part, hidden)
            _as_open_as(target, hidden)
            hidden.replace(there)
        finally:
            with suppress(OSError):
                hidden.unlink(missing_ok=True)
        new += 1
    return Brought(len(files), new, changed)


def _files(source: Path) -> Iterator[Path]:
    """Paths of the files of a folder, from there, in order."""
    return (p.relative_to(source) for p in sorted(source.rglob("*")) if p.is_file())


def _copy(source: Path, target: Path) -> None:
    """Copy the bytes, and make sure of them."""
    whole = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(_PIECE):
            whole.update(piece)
            written.write(piece)
        written.flush()
        _sync(written.fileno())
    if _sha256(target) != whole.hexdigest():
        raise OSError(errno.EIO, "the copy does not read back as it was written")


def _as_open_as(folder: Path, path: Path) -> None:
    """Who may read a folder may read what lies in it, though the service makes files its owner's.

    On Windows, and on shares that keep rights of their own, it is so already.
    """
    if not has_rights():
        return
    with suppress(OSError):
        rights = stat.S_IMODE(folder.stat().st_mode)
        path.chmod(rights & (0o2777 if path.is_dir() else 0o666))


def _sync(number: int) -> None:
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
