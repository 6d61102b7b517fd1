"""Take records out of the store in the caller's transaction, and leave no trace in its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime

from ed_ingest.store_tables import transaction

_TO_OVERWRITE = "to overwrite"
_LONGEST_WAIT_MS = 4000
_RECEIVED = "(SELECT received_at FROM batches WHERE batches.batch_id = {table}.batch_id)"
# The end of what each record is of; where nothing is known of it, the day on which it came.
_OLD_ASSAULTS = f"COALESCE(arrived_at, assault_to, {_RECEIVED.format(table='assaults')}) < :since"
_OLD_CRIMES = f"COALESCE(committed_to, committed_from, {_RECEIVED.format(table='crimes')}) < :since"
_OLD_PAST = (
    "COALESCE(row ->> 'arrived_at', row ->> 'assault_to', row ->> 'period_to', "
    f"{_RECEIVED.format(table='superseded')}) < :since"
)
_OLD_BATCHES = "SELECT batch_id FROM batches WHERE COALESCE(period_to, received_at) < :since"
# In this order: a table's rows go before those that tell which ones they are.
_OLDER = {
    "analyses": f"period_from < :since OR EXISTS (SELECT 1 FROM assaults WHERE {_OLD_ASSAULTS})"  # noqa: S608
    f" OR EXISTS (SELECT 1 FROM crimes WHERE {_OLD_CRIMES})",
    "hot_spot_history": "period_from < :since",
    "links": f"event_id IN (SELECT event_id FROM assaults WHERE {_OLD_ASSAULTS})"  # noqa: S608
    f" OR crime_id IN (SELECT crime_id FROM crimes WHERE {_OLD_CRIMES})",
    "held_words": f"event_id IN (SELECT event_id FROM assaults WHERE {_OLD_ASSAULTS})",  # noqa: S608
    "assaults": _OLD_ASSAULTS,
    "crimes": _OLD_CRIMES,
    "assault_counts": "period_to < :since",
    "superseded": _OLD_PAST,
    "held_back": f"month < :month OR (month IS NULL AND batch_id IN ({_OLD_BATCHES}))",
    "issues": f"batch_id IN ({_OLD_BATCHES})",
    "withdrawn": f"batch_id IN ({_OLD_BATCHES})",
}
_ITS_BATCHES = "SELECT batch_id FROM batches WHERE provider = :provider"
_ITS_ASSAULTS = "SELECT event_id FROM assaults WHERE provider = :provider"
# Of the deliveries and files of one provider; not those that another's delivery was made from.
_ITS_CONTENT = (
    "SELECT file_hash FROM (SELECT provider, file_hash FROM batches"
    " UNION SELECT provider, file_hash FROM files) WHERE provider = :provider"
    " AND file_hash IS NOT NULL"
    " AND file_hash NOT IN (SELECT file_hash FROM batches WHERE provider <> :provider)"
)
_OF_PROVIDER = {
    # Whose records each was found in is not asked: none is right without this one's.
    "analyses": "TRUE",
    "hot_spot_history": "EXISTS (SELECT 1 FROM json_each(providers) WHERE value = :provider)",
    "links": f"event_id IN ({_ITS_ASSAULTS})"  # noqa: S608 (names of our own)
    " OR crime_id IN (SELECT crime_id FROM crimes WHERE provider = :provider)",
    "held_words": f"event_id IN ({_ITS_ASSAULTS}) OR batch_id IN ({_ITS_BATCHES})",
    "superseded": "provider = :provider",
    "held_back": "provider = :provider",
    "issues": f"batch_id IN ({_ITS_BATCHES})",
    "withdrawn": f"batch_id IN ({_ITS_BATCHES})",
    # A file of the same content lay with another provider, and was refused there.
    "files": f"provider = :provider OR batch_id IN ({_ITS_BATCHES})"
    f" OR file_hash IN ({_ITS_CONTENT})",
    "assaults": "provider = :provider",
    "crimes": "provider = :provider",
    "assault_counts": "provider = :provider",
    "batches": "provider = :provider",
    "jobs": "substr(name, 1, length(:notices)) = :notices",
}
# Of each table that holds a provider's name itself, whether it still does.
_NAMING = ("batches", "assaults", "crimes", "assault_counts", "superseded", "held_back", "files")


def remove_older(connection: sqlite3.Connection, since: date) -> dict[str, int]:
    """Take out all records of what ended before a day; how many rows, by table.

    Deliveries stay, with the hash of their file: one that is sent again is known.
    """
    values = {"since": since.isoformat(), "month": f"{since:%Y-%m}"}
    return _remove(connection, _OLDER, values)


def remove_provider(connection: sqlite3.Connection, provider: str) -> dict[str, int]:
    """Take out all rows of a provider; how many, by table.

    What linkage said of the other providers' records is emptied, as it may be due to this one's:
    they are to be linked again.
    """
    values = {"provider": provider, "notices": f"notice {provider}:"}
    removed = _remove(connection, _OF_PROVIDER, values)
    if removed.get("assaults") or removed.get("crimes"):
        connection.execute(
            "UPDATE assaults SET incident_id = NULL, transfer = 'no', link_status = NULL"
        )
        connection.execute("DELETE FROM links")
        connection.execute("DELETE FROM figures WHERE name = 'links'")
    return removed


def content_of(connection: sqlite3.Connection, provider: str) -> frozenset[str]:
    """SHA-256 of all that a provider sent, but for what was stored for another one too."""
    return frozenset(h for (h,) in connection.execute(_ITS_CONTENT, {"provider": provider}))


def holds_provider(connection: sqlite3.Connection, provider: str) -> bool:
    """Whether anything of a provider is stored."""
    found = (
        connection.execute(f"SELECT 1 FROM {table} WHERE provider = ? LIMIT 1", (provider,))  # noqa: S608
        for table in _NAMING
    )
    return any(cursor.fetchone() for cursor in found)


def remove_gone_files(connection: sqlite3.Connection, *, until: datetime) -> int:
    """Take out the rows of files that are nowhere any more, and were told or nobody's."""
    text = until.astimezone(UTC).isoformat(timespec="milliseconds")
    gone = "DELETE FROM files WHERE place = 'gone' AND (told OR provider = '') AND changed_at <= ?"
    return connection.execute(gone, (text,)).rowcount


def in_one(
    connection: sqlite3.Connection, work: Callable[[], dict[str, int]], *, keep: bool
) -> dict[str, int]:
    """Do some work in one transaction; with ``keep`` False it is only counted, and undone."""
    if keep:
        with transaction(connection):
            return work()
    connection.execute("BEGIN IMMEDIATE")
    try:
        return work()
    finally:
        connection.execute("ROLLBACK")


def mark_to_overwrite(connection: sqlite3.Connection) -> None:
    """Note, in the transaction that takes something out, that `overwrite_freed` is to be called."""
    connection.execute("INSERT OR REPLACE INTO figures VALUES (?, '1')", (_TO_OVERWRITE,))


def overwrite_freed(connection: sqlite3.Connection) -> bool:
    """Write the store's file anew without what was taken out, and empty its journal.

    ``secure_delete`` alone leaves copies of cells in pages that SQLite has put in order. The work
    is done in memory: a file beside it would be one more copy.

    Returns
    -------
    bool
        False where somebody was reading for so long that the journal could not be emptied: the
        next call does it.
    """
    marked = connection.execute("SELECT 1 FROM figures WHERE name = ?", (_TO_OVERWRITE,)).fetchone()
    if not marked:
        return _empty_journal(connection)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("VACUUM")
    if not _empty_journal(connection):
        return False
    connection.execute("DELETE FROM figures WHERE name = ?", (_TO_OVERWRITE,))
    return _empty_journal(connection)


def _empty_journal(connection: sqlite3.Connection) -> bool:
    # It waits for readers, and writers for it: not for longer than anybody should wait.
    connection.execute(f"PRAGMA busy_timeout = {_LONGEST_WAIT_MS}")
    return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def _remove(
    connection: sqlite3.Connection, tables: dict[str, str], values: dict[str, str]
) -> dict[str, int]:
    removed = {}
    for table, where in tables.items():
        used = {name: value for name, value in values.items() if f":{name}" in where}
        gone = connection.execute(f"DELETE FROM {table} WHERE {where}", used).rowcount  # noqa: S608
        if gone:
            removed[table] = gone
    if removed:
        mark_to_overwrite(connection)
    return removed
