"""Rows of the store as the PostGIS copy takes them: by delivery, with a hash of each delivery's."""

from __future__ import annotations

import hashlib
import marshal
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager

from ed_ingest.store import Store
from hotspots.postgis_tables import CopiedTable

# So many rows are held in memory at once.
ROWS_AT_ONCE = 5000
# The group of a table that is compared as a whole.
WHOLE = ""
# Action of the audit, and kind of a delivery's provider -> tables whose records it may change. Its
# rows may take the place of others' of their table; a link goes with its assault.
_CHANGED: dict[tuple[str, str | None], frozenset[str]] = {
    ("export", None): frozenset(),
    ("export begun", None): frozenset(),
    ("link", None): frozenset({"assaults", "links"}),
    ("place anew", None): frozenset({"assaults", "links"}),
    ("ingest", "ed"): frozenset({"assaults", "links", "issues", "batches"}),
    ("ingest", "police"): frozenset({"crimes", "links", "issues", "batches"}),
    ("ingest", "counts"): frozenset({"assault_counts", "issues", "batches"}),
}


@contextmanager
def records_of_one_moment(store: Store) -> Iterator[sqlite3.Connection]:
    """A second connection, to read by: all of one moment, whatever is written meanwhile."""
    (path,) = (row[2] for row in store.connection.execute("PRAGMA database_list") if row[2])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        yield connection


def identity(connection: sqlite3.Connection) -> str:
    """Hash of the first entry of the audit, the same for a store's whole life; empty before it."""
    row = connection.execute("SELECT hash FROM audit ORDER BY number LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def changed_since(
    connection: sqlite3.Connection, head: str, tables: Collection[str]
) -> frozenset[str]:
    """Names of the tables whose records may have changed since this was the audit's newest entry.

    Whatever changes a record notes it in the audit, in the same transaction. An action that is not
    known here may have changed anything; another store, and one restored from a back-up, has
    another chain.
    """
    everything = frozenset(tables)
    row = connection.execute("SELECT number FROM audit WHERE hash = ?", (head,)).fetchone()
    if row is None:
        return everything
    since = connection.execute(
        "SELECT DISTINCT action, kind FROM audit"
        " LEFT JOIN batches ON action = 'ingest' AND batch_id = subject WHERE number > ?",
        row,
    )
    changed = (_CHANGED.get((action, kind), everything) for action, kind in since)
    return frozenset().union(*changed)


def groups(connection: sqlite3.Connection, table: CopiedTable) -> list[str]:
    """Deliveries of which the store holds rows of a table; `WHOLE` for one that is not parted."""
    if not table.by_batch:
        return [WHOLE]
    query = f"SELECT DISTINCT batch_id FROM {table.name} ORDER BY batch_id"  # noqa: S608
    return [str(batch_id) for (batch_id,) in connection.execute(query)]


def rows_of(
    connection: sqlite3.Connection, table: CopiedTable, group: str
) -> Iterator[list[tuple[object, ...]]]:
    """Rows of one delivery, a few thousand at once, in the order in which they lie in the store.

    Values are those of the store: text, numbers and None; times as ``YYYY-MM-DD HH:MM``.
    """
    names = ", ".join(f'"{name}"' for name in table.spec.contract)
    numbered = "number" in table.columns
    # Rows that are alike in every column are the same whichever of them has which number.
    columns = f"row_number() OVER (ORDER BY {names}), {names}" if numbered else names
    where = " WHERE batch_id = ?" if table.by_batch else ""
    # Sorting by key would take longer than reading; in another order the same rows are only sent
    # once more, and none is written.
    order = "1" if numbered else "rowid"
    query = f"SELECT {columns} FROM {table.name}{where} ORDER BY {order}"  # noqa: S608
    cursor = connection.execute(query, (group,) if table.by_batch else ())
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield rows


def fingerprint(connection: sqlite3.Connection, table: CopiedTable, group: str) -> str:
    """Hash of one delivery's rows, as `noted` makes it of rows that are read for another use."""
    digest = new_digest()
    for rows in noted(digest, rows_of(connection, table, group)):
        del rows
    return digest.hexdigest()


def new_digest() -> hashlib.blake2b:
    """A hash to be made while rows are read."""
    return hashlib.blake2b(digest_size=16)


def noted(
    digest: hashlib.blake2b, parts: Iterator[list[tuple[object, ...]]]
) -> Iterator[list[tuple[object, ...]]]:
    """Give the rows on as they are, and add them to a hash."""
    for rows in parts:
        # Of this form (2) the bytes depend on the values alone; a third faster than `repr`.
        digest.update(marshal.dumps(rows, 2))
        yield rows
