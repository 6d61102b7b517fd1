"""The audit: who did what, when and with how many records, each entry chained to the one before."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from ed_ingest.errors import StoreError

RESTORED = "restore"  # the action of the entry that restoring a back-up makes
# What the first entry is chained to.
NOTHING_BEFORE = "0" * 64


class Entry(NamedTuple):
    """One entry of the audit.

    ``number``: from 1 on; ``at``: local time with offset; ``who``: the user of the system;
    ``counts``: how many records by kind, as JSON; ``previous``, ``hash``: of the entry before, and
    its own.
    """

    number: int
    at: str
    who: str
    action: str
    subject: str
    counts: str
    previous: str
    hash: str


class Verified(NamedTuple):
    """What `verify` found.

    ``problem``: what is wrong, as a sentence with its remedy, empty when all is well; ``entry``:
    the number of the first entry that is wrong or missing, none when the chain is whole;
    ``entries``: how many there are; ``head``: hash of the newest.
    """

    problem: str
    entry: int | None
    entries: int
    head: str


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


def read_entries(connection: sqlite3.Connection) -> list[Entry]:
    """Read all entries, oldest first."""
    names = ", ".join(Entry._fields)
    query = f"SELECT {names} FROM audit ORDER BY number"  # noqa: S608 (names of our own)
    return [Entry(*row) for row in connection.execute(query)]


def verify(connection: sqlite3.Connection, *, expect: str | None = None) -> Verified:
    """Check that each entry is as it was written and stands where it stood.

    The chain alone proves little: who can write the store can write all of it anew. Checked against
    a hash that was kept elsewhere, it proves that no entry up to that one was changed since.

    Parameters
    ----------
    connection
        The store.
    expect
        Hash of an entry, noted earlier outside the store, as each pack's manifest prints the newest
        of its day; any entry's will do. None checks the chain in itself only.

    Raises
    ------
    StoreError
        If `expect` is no hash.
    """
    expected = None if expect is None else _as_hash(expect)
    entries = read_entries(connection)
    newest = entries[-1].hash if entries else NOTHING_BEFORE
    wrong = _first_wrong(entries) or _cut(connection, len(entries))
    if wrong is not None:
        return Verified(wrong[1], wrong[0], len(entries), newest)
    if expected is not None and expected not in {NOTHING_BEFORE, *(e.hash for e in entries)}:
        return Verified(_not_here(entries), None, len(entries), newest)
    return Verified("", None, len(entries), newest)


def _first_wrong(entries: list[Entry]) -> tuple[int, str] | None:
    """The first number at which the chain does not hold, and why."""
    before = NOTHING_BEFORE
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return number, f"Entry {number} is missing. {_ASK}"
        if entry.previous != before:
            return number, f"Entry {number} is not chained to the one before it. {_ASK}"
        # What was put in as a blob is no text that we wrote.
        words = all(isinstance(value, str) for value in entry[1:])
        if not words or entry.hash != entry_hash(before, entry[:6]):
            return number, f"Entry {number} was changed after it was written. {_ASK}"
        before = entry.hash
    return None


def _cut(connection: sqlite3.Connection, n: int) -> tuple[int, str] | None:
    """Whether SQLite's own count of the entries ever made is another than that of the entries."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    if (int(row[0]) if row else 0) <= n:
        return None
    return n + 1, f"Entries from number {n + 1} on were taken out. {_ASK}"


_ASK = "Ask who had access to the store, and compare it with a back-up."


def _not_here(entries: list[Entry]) -> str:
    restored = [str(entry.number) for entry in entries if entry.action == RESTORED]
    told = (
        f"The store was restored from a back-up (entry {', '.join(restored)}): entries made after "
        "that back-up are in the store that was put aside then. If that is not why, ask"
        if restored
        else "Entries were taken out or written anew since it was noted, or it is of another "
        "workspace. Ask"
    )
    return f"No entry has the expected hash. {told} who had access to the store."


def _as_hash(text: str) -> str:
    plain = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise StoreError(
            "--expect: not a hash of the audit. Give the 64 digits that a pack's manifest.json "
            "shows as audit_head."
        )
    return plain


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
