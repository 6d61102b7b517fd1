"""Look at the watched folder: which files lie there, whose they are, what they look like now."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from ed_ingest.delivered_files import Found, Scan, Seen
from ed_ingest.errors import WorkspaceError
from ed_ingest.receipts import RECEIPTS, is_receipt

# What programs leave beside files, or write before a file is whole; never a delivery.
_JUNK = re.compile(
    r"\..*|~\$.*|.*~|.*\.(part|partial|tmp|temp|crdownload|download|filepart|opdownload|swp|lock)"
    r"|thumbs\.db|desktop\.ini|icon\r",
    re.IGNORECASE | re.DOTALL,
)
_SAMPLE_BYTES = 65_536


def scan_inbox(inbox: Path, *, key: bytes) -> Scan:
    """Find every file of the inbox and its folders, and what it looks like.

    Parameters
    ----------
    inbox
        The watched folder; may lie on a share. Links are not followed.
    key
        Keys the hashes of paths, since a path may hold a person's name.

    Raises
    ------
    WorkspaceError
        If the inbox cannot be reached.
    """
    unread: list[Path] = []
    try:
        with os.scandir(inbox):
            pass
    except OSError:
        raise WorkspaceError(
            "The inbox cannot be reached. Connect the share, check your rights to it, or correct "
            "[paths] in settings.toml."
        ) from None
    files = [_found(path, inbox, key) for path in _walk(inbox, unread, top=inbox)]
    return Scan([f for f in files if f is not None], not unread)


def sample_hash(path: Path, size: int) -> str:
    """Hash of the first and last 64 kB, 16 hexadecimal digits."""
    with path.open("rb") as file:
        sampled = hashlib.sha256(file.read(_SAMPLE_BYTES))
        if size > _SAMPLE_BYTES:
            file.seek(max(size - _SAMPLE_BYTES, _SAMPLE_BYTES))
            sampled.update(file.read(_SAMPLE_BYTES))
    return sampled.hexdigest()[:16]


def look(path: Path) -> Seen:
    """What a file looks like now."""
    status = path.stat(follow_symlinks=False)
    return Seen(status.st_size, status.st_mtime_ns, sample_hash(path, status.st_size))


def path_key(path: Path, inbox: Path, key: bytes) -> str:
    """Keyed hash of where a file lies in the inbox."""
    where = path.relative_to(inbox).as_posix().encode("utf-8", "surrogatepass")
    return hashlib.blake2b(where, key=key, digest_size=16).hexdigest()


def is_junk(name: str) -> bool:
    """Whether a name is that of a half-written file or of a program's own, not of a delivery."""
    return _JUNK.fullmatch(name) is not None


def _walk(folder: Path, unread: list[Path], *, top: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        unread.append(folder)
        return
    # On Windows the folder may be there in capitals.
    receipts = folder.name.casefold() == RECEIPTS and folder.parent.parent == top
    for path in entries:
        if is_junk(path.name) or (receipts and is_receipt(path.name)):
            continue
        if _is_plain_folder(path):
            yield from _walk(path, unread, top=top)
        else:
            yield path


def _is_plain_folder(path: Path) -> bool:
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and not _leads_elsewhere(status)


def _leads_elsewhere(status: os.stat_result) -> bool:
    """Whether it is a junction of Windows, which looks like a folder."""
    return bool(getattr(status, "st_reparse_tag", False))


def _found(path: Path, inbox: Path, key: bytes) -> Found | None:
    """The file as it looks now; None where it went away meanwhile."""
    try:
        status = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:
        return None
    parts = path.relative_to(inbox).parts
    provider = parts[0] if len(parts) > 1 else ""
    where = path_key(path, inbox, key)
    plain = Seen(status.st_size, status.st_mtime_ns, "")
    if not stat.S_ISREG(status.st_mode) or _leads_elsewhere(status):
        return Found(path, where, provider, plain, _NOT_A_FILE, refused=True)
    try:
        return Found(path, where, provider, plain._replace(sample=sample_hash(path, plain.size)))
    except FileNotFoundError:
        return None
    except OSError:
        return Found(path, where, provider, plain, "It cannot be opened yet.")


_NOT_A_FILE = (
    "It is a link or no ordinary file, and is never followed. Put a copy of the file itself there."
)
