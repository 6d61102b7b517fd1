"""What was found in the stored records: kept with the settings and data that made it."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import date, datetime
from typing import NamedTuple

from ed_ingest.store_tables import transaction

# A draft, a month's pack and a few themes of the same records.
NEWEST = 8
# All that journey 2 reads; each in the order of its key, so that the same rows give the same hash.
_READ = (
    ("assaults", "event_id"),
    ("crimes", "crime_id"),
    ("links", "event_id, crime_id"),
    ("batches", "batch_id"),
    ("figures WHERE name = 'links'", "name"),
)


class AnalysisKey(NamedTuple):
    """What findings were made of: equal keys, equal findings.

    ``theme``: empty for all assaults; ``settings``: hash of the settings that matter to them;
    ``data``: of the records, the reference data and the product.
    """

    period_from: date
    period_to: date
    theme: str
    settings: str
    data: str


def version_of_records(connection: sqlite3.Connection) -> str:
    """Hash of the content of all records that journey 2 reads."""
    digest = hashlib.sha256()
    for table, order in _READ:
        digest.update(f"{table}\n".encode())
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"):  # noqa: S608
            digest.update(repr(row).encode())
    return digest.hexdigest()


def keep_analysis(
    connection: sqlite3.Connection, key: AnalysisKey, findings: bytes, *, at: datetime
) -> None:
    """Keep findings; those of other data go, as no records stand behind them any more.

    Parameters
    ----------
    connection
        The store.
    key
        What the findings were made of.
    findings
        Exact, as the caller encoded them.
    at
        Now, with time zone. Of the same data the newest few are kept.
    """
    made_at = at.isoformat(timespec="seconds")
    with transaction(connection):
        connection.execute("DELETE FROM analyses WHERE data <> ?", (key.data,))
        connection.execute(
            "INSERT OR REPLACE INTO analyses"
            " (period_from, period_to, theme, settings, data, made_at, findings)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*_values(key), made_at, findings),
        )
        connection.execute(
            "DELETE FROM analyses WHERE rowid NOT IN"
            " (SELECT rowid FROM analyses ORDER BY made_at DESC, rowid DESC LIMIT ?)",
            (NEWEST,),
        )


def read_analysis(connection: sqlite3.Connection, key: AnalysisKey) -> bytes | None:
    """Read findings as they were kept; None where none were made of just this."""
    row = connection.execute(
        "SELECT findings FROM analyses WHERE period_from = ? AND period_to = ? AND theme = ?"
        " AND settings = ? AND data = ?",
        _values(key),
    ).fetchone()
    return bytes(row[0]) if row else None


def _values(key: AnalysisKey) -> tuple[str, ...]:
    return (key.period_from.isoformat(), key.period_to.isoformat(), *key[2:])
