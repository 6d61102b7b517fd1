"""Which notices were told already: kept in the store, so that each is told once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime

_BEFORE = "notice "  # what sets these rows of the table jobs apart from those of jobs


def tell_once(
    connection: sqlite3.Connection, standing: Collection[str], *, at: datetime
) -> set[str]:
    """Tell which notices are new, and note that they were told; in the caller's transaction.

    Parameters
    ----------
    connection
        The store.
    standing
        Ids of all notices that stand. What was told and stands no more is forgotten, so that it is
        told again should it come again.
    at
        Now, with time zone.
    """
    query = "SELECT name FROM jobs WHERE substr(name, 1, ?) = ?"
    rows = connection.execute(query, (len(_BEFORE), _BEFORE)).fetchall()
    told = {str(name).removeprefix(_BEFORE) for (name,) in rows}
    new = set(standing) - told
    connection.executemany(
        "DELETE FROM jobs WHERE name = ?", ((_BEFORE + gone,) for gone in told - set(standing))
    )
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    connection.executemany(
        "INSERT INTO jobs (name, done_for, done_at) VALUES (?, ?, ?)",
        ((_BEFORE + notice, notice, moment) for notice in sorted(new)),
    )
    return new
