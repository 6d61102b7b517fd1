"""Copies of the store: made whole while others write, and noted so that erasing can name them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ed_ingest import audit
from ed_ingest.errors import StoreError
from ed_ingest.file_systems import OWNER_ONLY_FILE, keep_owner_only

# Folders and files in store/ that hold records of an earlier day begin with one of these.
BEFORE_UPGRADE, BEFORE_RESTORE = "before-upgrade-", "before-restore-"


def copy_store(store: Path, target: Path) -> None:
    """Copy a store as it stands at one moment, into one file that is its owner's only.

    SQLite's own back-up reads one state of the store, while others go on reading and writing.

    Parameters
    ----------
    store
        The SQLite file.
    target
        The file to make, on a local disk; must not be there.

    Raises
    ------
    StoreError
        If there is no room or no right to write, or the store is damaged; no copy is left.
    """
    try:
        target.touch(mode=OWNER_ONLY_FILE, exist_ok=False)
        keep_owner_only(target)
        with (
            closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=rw", uri=True)) as there,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            there.backup(copy)
            single_file(copy)
            whole = copy.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    except OSError as error:
        target.unlink(missing_ok=True)
        raise StoreError(
            f"{target.parent}: the store cannot be copied there ({error.strerror}). "
            "Make room or see to your rights, and try again."
        ) from None
    except sqlite3.DatabaseError as error:
        target.unlink(missing_ok=True)
        if error.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            raise StoreError(
                f"{target.parent}: no room for a copy of the store. Make room and try again."
            ) from None
        whole = False
    if not whole:
        target.unlink(missing_ok=True)
        raise StoreError(
            "store/ed-hotspots.sqlite: damaged, and not copied. Restore it from an earlier back-up."
        )


def single_file(connection: sqlite3.Connection) -> None:
    """Bring what lies in the journal into the store's own file, which then holds everything.

    Raises
    ------
    sqlite3.OperationalError
        If the store is open elsewhere.
    """
    connection.execute("PRAGMA journal_mode = DELETE")


def copy_before_upgrade(store: Path, version: int, at: datetime) -> Path:
    """Keep a store of an earlier version beside it, as it is before its tables change."""
    target = store.with_name(f"{BEFORE_UPGRADE}v{version}-{at:%Y%m%d-%H%M%S}{store.suffix}")
    copy_store(store, target)
    return target


def note_upgrade(connection: sqlite3.Connection, copy: Path, version: int, now: int) -> None:
    """Note that a store of one version is of another now, and the copy that was kept of it."""
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    name = f"store/{copy.name}"
    note_copy(connection, made_at=at, name=name, sha256="", providers=providers_held(connection))
    subject = f"store of version {version}, kept as {name}"
    audit.append(connection, "upgrade", subject, {"to_version": now})


def providers_held(connection: sqlite3.Connection) -> list[str]:
    """Ids of the providers of whom any table of the store holds a row."""
    tables = connection.execute(
        "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' AND c.name = 'provider'"
    ).fetchall()
    found: set[str] = set()
    for (table,) in tables:
        rows = connection.execute(f"SELECT DISTINCT provider FROM {table}")  # noqa: S608
        found |= {str(provider) for (provider,) in rows if provider}
    return sorted(found)


def note_copy(
    connection: sqlite3.Connection, *, made_at: str, name: str, sha256: str, providers: list[str]
) -> None:
    """Note, within the caller's transaction, that a copy was made and whose records it holds.

    Parameters
    ----------
    connection
        The store.
    made_at
        Local time with offset.
    name
        Of the file, without its folder; of what lies in the store's folder ``store/…``.
    sha256
        Hash of the file; empty for what lies in the store's folder.
    providers
        Ids of those whose records it holds.
    """
    connection.execute(
        "INSERT INTO backups (made_at, name, sha256, providers) VALUES (?, ?, ?, ?)",
        (made_at, name, sha256, json.dumps(providers)),
    )
