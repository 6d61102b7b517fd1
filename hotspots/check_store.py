"""Check the store: that it opens, is whole and of this version, and has its key."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ed_ingest.store import SCHEMA_VERSION
from ed_ingest.workspace import KEY_BYTES
from hotspots.findings import Finding, counted, fault, ok, warning

_OF_BATCHES = ("provider", "received_at", "period_from", "period_to")
_BACKUP = "Restore it from the back-up."


class Received(NamedTuple):
    """``provider, received_at, period_from, period_to`` of the deliveries that the store holds."""

    deliveries: pd.DataFrame

    @property
    def batches(self) -> int:
        """How many there are."""
        return len(self.deliveries)

    @property
    def newest(self) -> datetime | None:
        """When the last one was received."""
        moment = self.deliveries["received_at"].max()
        return None if pd.isna(moment) else moment.to_pydatetime()


def store_findings(store: Path) -> tuple[list[Finding], Received]:
    """Look into the store without changing it.

    Parameters
    ----------
    store
        Path of the SQLite file; need not exist.

    Returns
    -------
    tuple
        The findings, and what was received.
    """
    nothing = _received([])
    if not store.is_file():
        return [ok("store", "Nothing was stored yet.")], nothing
    try:
        # Read-only: a check-up never makes tables nor brings them up to date.
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as db:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            told = [row[0] for row in db.execute("PRAGMA quick_check(100)")]
            if version < 1:
                return [_not_ours()], nothing
            rows = db.execute(f"SELECT {', '.join(_OF_BATCHES)} FROM batches").fetchall()  # noqa: S608
    except sqlite3.DatabaseError:
        return [_not_ours()], nothing
    received = _received(rows)
    return [_whole(told), _version(version, received.batches)], received


def _received(rows: Sequence[tuple[str, str, str | None, str | None]]) -> Received:
    table = pd.DataFrame(rows, columns=list(_OF_BATCHES))
    times = {name: pd.to_datetime(table[name], format="ISO8601") for name in _OF_BATCHES[1:]}
    return Received(table.assign(**times))


def _not_ours() -> Finding:
    return fault("store", "The store cannot be opened, or is none of ours.", _BACKUP)


def _whole(told: list[str]) -> Finding:
    # What SQLite tells of the damage could quote contents: it is only counted.
    if told == ["ok"]:
        return ok("store", "The store opens and is whole.")
    wrong = counted(len(told), "place")
    return fault("store", f"The store is damaged in {wrong} or more.", _BACKUP)


def _version(version: int, batches: int) -> Finding:
    held = f"It holds {counted(batches, 'delivery', 'deliveries')}."
    if version > SCHEMA_VERSION:
        return fault(
            "store's version", f"A newer ed-hotspots made the store. {held}", "Upgrade ed-hotspots."
        )
    if version < SCHEMA_VERSION:
        return warning(
            "store's version",
            f"An older ed-hotspots made the store; the next command changes it. {held}",
            "Nothing to do: it is kept as it was, as store/before-upgrade-…, for its owner only.",
        )
    return ok("store's version", f"The store is of this version. {held}")


def key_findings(key: Path, *, batches: int) -> list[Finding]:
    """Check the key of the opaque ids; it is never shown.

    Parameters
    ----------
    key
        Path of the key file.
    batches
        How many deliveries the store holds: without any the key is made at the first.
    """
    if not key.exists() and not batches:
        return [ok("key", "There is no key yet; the first delivery makes it.")]
    try:
        right = len(bytes.fromhex(key.read_text(encoding="ascii").strip())) == KEY_BYTES
    except (OSError, ValueError):
        right = False
    if right:
        return [ok("key", "The key of the record ids is there.")]
    return [
        fault(
            "key",
            "store/workspace.key is missing or damaged, and the records were made "
            "with it: nothing more can be ingested.",
            _BACKUP,
        )
    ]
