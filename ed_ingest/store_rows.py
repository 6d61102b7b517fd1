"""Rows of the store: put, taken out and held back, within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ed_ingest.history import ASSAULTS, Changes, Kind
from ed_ingest.store_tables import plain_values


def put(
    connection: sqlite3.Connection, table: str, rows: pd.DataFrame, *, replace: bool = True
) -> None:
    """Write rows; of those with a key that is there already the new ones stand, or it fails."""
    how = "INSERT OR REPLACE" if replace else "INSERT"
    names = ", ".join(f'"{name}"' for name in rows.columns)
    marks = ", ".join("?" * len(rows.columns))
    plain = plain_values(rows)
    connection.executemany(
        f"{how} INTO {table} ({names}) VALUES ({marks})",
        zip(*(plain[name].to_numpy() for name in plain.columns), strict=True),
    )


def known(connection: sqlite3.Connection, table: str, column: str, ids: pd.Series) -> pd.DataFrame:
    """Those of the ids that are stored already: ``id, received_at`` (of their delivery)."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM incoming")
    # In the order of the index, each goes behind the one before.
    connection.executemany(
        "INSERT OR IGNORE INTO incoming VALUES (?)", ((one,) for one in sorted(ids.tolist()))
    )
    # CROSS JOIN: in this order. Else all that is stored is gone through for each delivery.
    query = (
        f"SELECT incoming.id, batches.received_at FROM incoming"  # noqa: S608
        f" CROSS JOIN {table} ON {column} = incoming.id CROSS JOIN batches USING (batch_id)"
    )
    found = connection.execute(query).fetchall()
    return pd.DataFrame(found, columns=["id", "received_at"])


def remove(connection: sqlite3.Connection, table: str, column: str, ids: Iterable[str]) -> None:
    """Take out the rows of these ids."""
    connection.executemany(
        f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608
        ((one,) for one in ids),
    )


def take_out(connection: sqlite3.Connection, kind: Kind, changes: Changes) -> None:
    """Rows that stand no longer go; a link of one that does not come back goes with it."""
    remove(connection, kind.table, kind.key, changes.gone)
    if kind is ASSAULTS:
        back = {*changes.put[kind.key], *(row[kind.key] for row in changes.back)}
        remove(connection, "links", "event_id", [name for name in changes.gone if name not in back])


def put_rows(connection: sqlite3.Connection, kind: Kind, changes: Changes) -> None:
    """Write what a delivery holds, and the rows of earlier ones that stand again."""
    put(connection, kind.table, changes.put)
    if changes.back:
        put(connection, kind.table, pd.DataFrame(changes.back, columns=changes.put.columns))


def put_withheld(connection: sqlite3.Connection, rows: pd.DataFrame) -> None:
    """Write ``sex, age_band`` of the rows of these ``event_id``."""
    connection.executemany(
        "UPDATE assaults SET sex = ?, age_band = ? WHERE event_id = ?",
        rows[["sex", "age_band", "event_id"]].itertuples(index=False, name=None),
    )


def put_withdrawn(
    connection: sqlite3.Connection, batch: Mapping[str, Any], event_ids: list[str]
) -> None:
    """Note what a delivery says is no assault, or is to be mended first."""
    connection.executemany(
        "INSERT INTO withdrawn (batch_id, event_id) VALUES (?, ?)",
        ((batch["batch_id"], event_id) for event_id in event_ids),
    )


def hold_back(
    connection: sqlite3.Connection,
    batch: Mapping[str, Any],
    held_back: pd.DataFrame,
    stored: pd.Series,
    covered: set[str],
) -> None:
    """A row held back and sent again is counted once: as what the last delivery says of it.

    A row without number cannot be known again; it goes with the period that is sent again.
    """
    provider, received = batch["provider"], f"{batch['received_at']:%Y-%m-%d %H:%M}"
    kept = held_back.assign(batch_id=batch["batch_id"], provider=provider)
    put(connection, "held_back", kept)
    told = (
        "SELECT event_id, batch_id FROM withdrawn UNION ALL"
        " SELECT delivered_id, batch_id FROM assaults WHERE provider = :provider"
    )
    again = [*held_back["event_id"].dropna(), *stored]
    connection.executemany(
        "DELETE FROM held_back WHERE provider = ? AND event_id = ? AND batch_id != ? AND"
        " batch_id IN (SELECT batch_id FROM batches WHERE received_at <= ?)",
        ((provider, event_id, batch["batch_id"], received) for event_id in again),
    )
    connection.execute(
        "DELETE FROM held_back WHERE batch_id = :batch AND event_id IN"  # noqa: S608
        f" (SELECT event_id FROM ({told}) JOIN batches USING (batch_id)"
        " WHERE received_at > :received)",
        {"provider": provider, "batch": batch["batch_id"], "received": received},
    )
    connection.executemany(
        "DELETE FROM held_back WHERE batch_id = ? AND event_id IS NULL",
        ((name,) for name in sorted(covered)),
    )
