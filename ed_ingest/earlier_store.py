"""The store that a restore puts aside: what it held, and brought to rest first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ed_ingest import audit
from ed_ingest.copies import providers_held, single_file
from ed_ingest.errors import WorkspaceError
from ed_ingest.what_left import entries_of_what_left

# Since this version the store notes its copies, and its audit is chained.
_CHAINED = 4


class Before(NamedTuple):
    """What the store that is put aside held; nothing where it cannot be read.

    ``batches``: id -> provider; ``erased``: provider and when, of each that was; ``left``: when,
    action and subject of all that left.
    """

    batches: dict[str, str]
    erased: list[tuple[str, str]]
    copies: list[tuple[str, str, str, str]]
    left: list[tuple[str, str, str]]
    providers: list[str]
    entries: int
    head: str


def read_before(store: Path) -> Before:
    """Read what a store held; the file may be missing, damaged or of an earlier version."""
    nothing = Before({}, [], [], [], [], 0, audit.NOTHING_BEFORE)
    if not _is_database(store):
        return nothing
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=rw", uri=True)) as connection:
            batches = dict(connection.execute("SELECT batch_id, provider FROM batches"))
            providers = providers_held(connection)
            n = int(connection.execute("SELECT COUNT(*) FROM audit").fetchone()[0])
            if connection.execute("PRAGMA user_version").fetchone()[0] < _CHAINED:
                return Before(batches, [], [], [], providers, n, audit.NOTHING_BEFORE)
            noted = list(connection.execute("SELECT made_at, name, sha256, providers FROM backups"))
            erased = list(
                connection.execute("SELECT subject, at FROM audit WHERE action = 'erase'")
            )
            left = entries_of_what_left(connection)
            return Before(batches, erased, noted, left, providers, n, audit.head(connection))
    except sqlite3.DatabaseError:  # damaged: perhaps the reason for restoring
        return nothing


def bring_to_rest(store: Path) -> None:
    """Bring the store's journal home, which also tells whether anybody has it open.

    Raises
    ------
    WorkspaceError
        If another process has it open.
    """
    if not _is_database(store):
        return
    try:
        with closing(sqlite3.connect(store, isolation_level=None, timeout=1)) as connection:
            single_file(connection)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise WorkspaceError(
                f"{store}: in use by another command. Wait until that is done, and try again."
            ) from None


def _is_database(store: Path) -> bool:
    """Whether SQLite can make anything of it; of what it cannot it would delete the journal."""
    if not store.is_file():
        return False
    with store.open("rb") as file:
        return file.read(16) == b"SQLite format 3\x00"
