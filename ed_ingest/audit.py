"""The audit: who did what, when and with how many records, each entry chained to the one before."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import datetime

# What the first entry is chained to.
NOTHING_BEFORE = "0" * 64


def append(
    connection: sqlite3.Connection, action: str, subject: str, counts: Mapping[str, int]
) -> int:
    """Note that something was done; within the caller's transaction.

    Parameters
    ----------
    connection
        The store.
    action, subject
        What was done, to what: words of our own, ids of providers and batches; never a value.
    counts
        How many records, by kind.

    Returns
    -------
    int
        The number of the entry.
    """
    last = connection.execute("SELECT MAX(number) FROM audit").fetchone()[0] or 0
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = (last + 1, at, os_user(), action, subject, json.dumps(dict(counts)))
    before = head(connection)
    connection.execute(
        "INSERT INTO audit (number, at, who, action, subject, counts, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*entry, before, entry_hash(before, entry)),
    )
    return last + 1


def head(connection: sqlite3.Connection) -> str:
    """Hash of the newest entry, which stands for all entries up to it; 64 hexadecimal digits."""
    row = connection.execute("SELECT hash FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return str(row[0]) if row else NOTHING_BEFORE


def entry_hash(before: str, entry: tuple[int, str, str, str, str, str]) -> str:
    """SHA-256 of an entry (``number, at, who, action, subject, counts``) and the hash before it."""
    text = json.dumps([before, *entry], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def chain(connection: sqlite3.Connection) -> None:
    """Chain the entries that an earlier version wrote without hashes, in their order."""
    rows = connection.execute(
        "SELECT number, at, who, action, subject, counts FROM audit ORDER BY number"
    ).fetchall()
    before = NOTHING_BEFORE
    for entry in rows:
        now = entry_hash(before, entry)
        connection.execute(
            "UPDATE audit SET previous = ?, hash = ? WHERE number = ?", (before, now, entry[0])
        )
        before = now


def os_user() -> str:
    """Name of the account that runs this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as services may have
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unnamed user"
