"""Held words in the store: kept beside the assaults for a while, for a person to place them."""

from __future__ import annotations

import sqlite3
from datetime import date

import pandas as pd

from ed_ingest.deidentify import OF_NO_HOME
from ed_ingest.history import withhold_past
from ed_ingest.store_removal import mark_to_overwrite
from ed_ingest.store_tables import plain_values
from ed_ingest.tables import Held, Replaced

_COLUMNS = (
    *(
        "event_id",
        "delivered_id",
        "provider",
        "words",
        "place_words",
        "town_words",
        "phrase",
        "held_on",
    ),
    *("location_level", "night_of"),
)


def read_held(connection: sqlite3.Connection) -> pd.DataFrame:
    """Read all held words, with what the assaults table knows of their records."""
    names = ", ".join(_COLUMNS)
    query = f"SELECT {names} FROM held_words JOIN assaults USING (event_id) ORDER BY event_id"  # noqa: S608 (names of our own)
    table = pd.read_sql_query(query, connection)
    texts = {c: table[c].astype("str") for c in _COLUMNS if c != "night_of"}
    nights = pd.to_datetime(table["night_of"], format="%Y-%m-%d").astype("datetime64[s]")
    return pd.DataFrame(texts).assign(night_of=nights)[list(_COLUMNS)]


def put_held(
    connection: sqlite3.Connection,
    held: Held,
    *,
    keys: dict[str, str],
    batch_id: str,
    held_on: date,
) -> None:
    """Make the table what `held` says; within the caller's transaction.

    Parameters
    ----------
    connection
        The store.
    held
        All that may be held from now on, as `hold_words` made it.
    keys
        Name under which the delivery sent a row -> its key in the store, for rows that are new.
    batch_id, held_on
        Of the new rows. A row held before keeps its own, however often it is written.
    """
    known = {key for (key,) in connection.execute("SELECT event_id FROM held_words")}
    columns = ["event_id", "words", "place_words", "town_words", "phrase"]
    rows = list(plain_values(held[columns]).itertuples(index=False, name=None))
    kept = {row[0] for row in rows} & known
    gone = connection.executemany(
        "DELETE FROM held_words WHERE event_id = ?", ((key,) for key in sorted(known - kept))
    )
    _leave_no_trace(connection, gone)
    connection.executemany(
        "UPDATE held_words SET words = ?, place_words = ?, town_words = ?, phrase = ?"
        " WHERE event_id = ?",
        ((*row[1:], row[0]) for row in rows if row[0] in kept),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO held_words"
        " (event_id, batch_id, words, place_words, town_words, phrase, held_on)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (keys[row[0]], batch_id, *row[1:], held_on.isoformat())
            for row in rows
            if row[0] not in kept and row[0] in keys
        ),
    )


def forget_replaced(connection: sqlite3.Connection, keys: list[str]) -> None:
    """Take out held words of rows that are written anew, and of those that are gone."""
    connection.executemany("DELETE FROM held_words WHERE event_id = ?", ((key,) for key in keys))
    connection.execute(
        "DELETE FROM held_words WHERE event_id NOT IN (SELECT event_id FROM assaults)"
    )


def purge_held(connection: sqlite3.Connection, *, until: date) -> int:
    """Take out words held since `until` or longer; returns how many records lost theirs."""
    gone = connection.execute("DELETE FROM held_words WHERE held_on <= ?", (until.isoformat(),))
    _leave_no_trace(connection, gone)
    return gone.rowcount


def _leave_no_trace(connection: sqlite3.Connection, gone: sqlite3.Cursor) -> None:
    """Words may be of a person after all: the next purge leaves nothing of them in the file."""
    if gone.rowcount > 0:
        mark_to_overwrite(connection)


def replace_places(connection: sqlite3.Connection, rows: Replaced) -> None:
    """Write the places of records that were placed anew; their links are to be made again."""
    columns = [name for name in rows.columns if name != "event_id"]
    settings = ", ".join(f'"{name}" = ?' for name in columns)
    connection.executemany(
        f"UPDATE assaults SET {settings}, incident_id = NULL, transfer = 'no',"  # noqa: S608
        " link_status = NULL WHERE event_id = ?",
        plain_values(rows[[*columns, "event_id"]]).itertuples(index=False, name=None),
    )
    connection.executemany(
        "DELETE FROM links WHERE event_id = ?", ((key,) for key in rows["event_id"])
    )
    homes = rows.loc[rows["location_level"] == "withheld", "event_id"].tolist()
    withhold_past(connection, homes, [*OF_NO_HOME, "lsoa"])
