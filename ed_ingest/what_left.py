"""What left the workspace, as the store has noted: packs, exported tables, back-ups."""

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
    return _entries(connection, "export")


def backed_up(connection: sqlite3.Connection, provider: str) -> list[Left]:
    """Back-ups that hold records of a provider, oldest first."""
    rows = connection.execute("SELECT made_at, name, providers FROM backups ORDER BY made_at")
    return [Left(at, name) for at, name, providers in rows if provider in json.loads(providers)]


def _entries(connection: sqlite3.Connection, action: str) -> list[Left]:
    rows = connection.execute(
        "SELECT at, subject FROM audit WHERE action = ? ORDER BY number", (action,)
    )
    return [Left(at, subject) for at, subject in rows]
