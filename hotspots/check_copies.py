"""Check the copies of the store: its last back-up, and earlier stores that lie beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ed_ingest.copies import BEFORE_RESTORE, BEFORE_UPGRADE
from hotspots.findings import Finding, counted, ok, warning

_BACK_UP_DAYS = 31  # a month's deliveries at most are to be sent again
_KEPT_DAYS = 30  # by then it is known whether an upgrade or restore was well
_BACK_UP = "Make one: ed-hotspots backup FILE -w WORKSPACE, and keep FILE elsewhere."


def copies_findings(store: Path, *, now: datetime, batches: int) -> list[Finding]:
    """Check when the store was last backed up, and which earlier stores lie beside it.

    Parameters
    ----------
    store
        Path of the SQLite file; need not exist.
    now
        Local wall-clock time without zone.
    batches
        How many deliveries the store holds: without any nothing is to be backed up.
    """
    return [*_last_backup(store, now, batches), *_left_beside(store.parent, now)]


def _last_backup(store: Path, now: datetime, batches: int) -> list[Finding]:
    if not batches:
        return []
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as db:
            last = db.execute("SELECT max(made_at) FROM backups WHERE sha256 != ''").fetchone()[0]
    except sqlite3.DatabaseError:  # damaged, or of an earlier version: told elsewhere
        return []
    if last is None:
        return [warning("back-up", "The store was never backed up.", _BACK_UP)]
    made_at = datetime.fromisoformat(last).astimezone().replace(tzinfo=None)
    days = max((now - made_at).days, 0)
    told = f"The last back-up was made {counted(days, 'day')} ago."
    return [warning("back-up", told, _BACK_UP) if days > _BACK_UP_DAYS else ok("back-up", told)]


def _left_beside(folder: Path, now: datetime) -> list[Finding]:
    """Stores of an earlier day hold records that were erased since, or were to be."""
    findings = []
    for path in sorted(folder.glob("before-*")):
        if not path.name.startswith((BEFORE_UPGRADE, BEFORE_RESTORE)):
            continue
        days = max((now - datetime.fromtimestamp(path.stat().st_mtime)).days, 0)  # noqa: DTZ006
        told = f"store/{path.name} holds the records of before, for {counted(days, 'day')} now."
        remedy = "Delete it once all is well."
        late = days > _KEPT_DAYS
        findings.append(
            warning("earlier store", told, remedy) if late else ok("earlier store", told)
        )
    if (folder / "restoring").exists():
        findings.append(
            warning(
                "restore",
                "A restore is running, or was cut off: then the next command undoes what it did.",
                "Restore again, or delete store/restoring when nothing runs.",
            )
        )
    if (folder / "backing-up").exists():
        findings.append(
            warning(
                "back-up",
                "A back-up is running, or was cut off and left a copy of the records.",
                "Make a back-up, which removes it, or delete store/backing-up when none runs.",
            )
        )
    return findings
