"""What left the workspace, as the store has noted: packs, exported tables, copies, back-ups."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple


class Left(NamedTuple):
    """One thing that left: when (local time with offset), and what it is called."""

    at: str
    name: str


def published(connection: sqlite3.Connection) -> list[Left]:
    """Month packs, oldest first."""
    return _entries(connection, "publish")


def circulated(connection: sqlite3.Connection) -> list[Left]:
    """Copies of packs in the folders of their audiences, oldest first: ``2026-11 tasking``."""
    return _entries(connection, "circulate")


def exported(connection: sqlite3.Connection) -> list[Left]:
    """Exported tables, oldest first; with the reference under which they were released."""
    return [left for left in _entries(connection, "export") if not _is_database(left)]


def databases(connection: sqlite3.Connection) -> list[Left]:
    """Databases with a copy of the records, each with the last time that rows were sent there."""
    sent = filter(_is_database, _entries(connection, "export begun"))
    newest = {left.name.partition(" ")[0]: left.at for left in sent}
    return [Left(at, name) for name, at in newest.items()]


def entries_of_what_left(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """When, action and subject of each entry of the audit that says that something left."""
    query = (
        "SELECT at, action, subject FROM audit WHERE action IN"
        " ('publish', 'circulate', 'export', 'export begun') ORDER BY number"
    )
    return list(connection.execute(query))


def backed_up(connection: sqlite3.Connection, provider: str) -> list[Left]:
    """Back-ups that hold records of a provider, oldest first."""
    rows = connection.execute("SELECT made_at, name, providers FROM backups ORDER BY made_at")
    return [Left(at, name) for at, name, providers in rows if provider in json.loads(providers)]


def _is_database(left: Left) -> bool:
    return left.name.startswith("postgresql://")


def _entries(connection: sqlite3.Connection, action: str) -> list[Left]:
    rows = connection.execute(
        "SELECT at, subject FROM audit WHERE action = ? ORDER BY number", (action,)
    )
    return [Left(at, subject) for at, subject in rows]
