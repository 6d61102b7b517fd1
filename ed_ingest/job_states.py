"""What each job of the schedule was last done for, and which data are the newest: in the store."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import NamedTuple

# What the audit calls the acts after which the draft no longer tells what is stored.
_CHANGES = ("ingest", "place anew", "purge", "erase", "restore")


class NewestData(NamedTuple):
    """The newest change of stored records: its number in the audit, and when it was."""

    number: int
    at: datetime


def read_done(connection: sqlite3.Connection) -> dict[str, str]:
    """For what each job was last done, by its name."""
    return dict(connection.execute("SELECT name, done_for FROM jobs").fetchall())


def mark_done(connection: sqlite3.Connection, name: str, done_for: str, *, at: datetime) -> None:
    """Note for what a job was done, and when; takes the place of what was noted before."""
    connection.execute(
        "INSERT OR REPLACE INTO jobs (name, done_for, done_at) VALUES (?, ?, ?)",
        (name, done_for, at.astimezone(UTC).isoformat(timespec="seconds")),
    )


def newest_data(connection: sqlite3.Connection) -> NewestData | None:
    """The newest change of stored records; None while nothing was ever stored."""
    marks = ", ".join("?" * len(_CHANGES))
    query = f"SELECT number, at FROM audit WHERE action IN ({marks}) ORDER BY number DESC LIMIT 1"  # noqa: S608
    row = connection.execute(query, _CHANGES).fetchone()
    return NewestData(int(row[0]), datetime.fromisoformat(row[1])) if row else None
