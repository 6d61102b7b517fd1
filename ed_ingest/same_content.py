"""Files of a provider that lie with another one: the same content, in whichever folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ed_ingest.inbox import is_junk
from ed_ingest.leftovers import reason_path
from ed_ingest.read import file_hash
from ed_ingest.receipts import RECEIPTS


def files_of_content(folders: Iterable[Path], hashes: Collection[str]) -> list[Path]:
    """Find the files of this content, each with the reason beside it.

    Parameters
    ----------
    folders
        Looked through with all folders in them; need not exist. Links are not followed.
    hashes
        SHA-256, 64 hexadecimal digits.

    Raises
    ------
    FileError
        If a file cannot be read: it may be of this content.
    """
    found: list[Path] = []
    for path in (path for folder in folders if hashes for path in _plain_files(folder)):
        if file_hash(path) in hashes:
            found += [path, reason_path(path)]
    return [path for path in found if path.is_file()]


def nobodys_files(inbox: Path, providers: Collection[str]) -> int:
    """How many files lie in the inbox itself or in folders that are no provider's."""
    with suppress(OSError):
        places = [p for p in inbox.iterdir() if p.name not in providers and not is_junk(p.name)]
        within = [path for place in places if place.is_dir() for path in _plain_files(place)]
        return sum(not place.is_dir() for place in places) + len(within)
    return 0


def _plain_files(folder: Path) -> Iterator[Path]:
    if folder.is_symlink():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.parent.name != RECEIPTS:
            yield path
