"""Tables of the store: how they are made, brought up to date, and put into SQLite's values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pandas as pd

from ed_ingest import audit, copies
from ed_ingest.file_systems import keep_owner_only
from ed_ingest.schema import TableSpec, load_spec

SCHEMA_VERSION = 5

# Table of the store -> the schema that it keeps to.
TABLES = {
    "assaults": "ed_assault",
    "assault_counts": "assault_counts",
    "crimes": "police_crime",
    "links": "links",
    "issues": "issues",
    "batches": "batches",
}
_SQL_TYPES = {"integer": "INTEGER", "number": "REAL"}
# Kept beside the contract's columns. items_present: which items the hospital had filled in, for
# completeness. delivered_id: the name under which the delivery itself sent the row; numbered:
# whether that is by an attendance number.
_EXTRA_COLUMNS = {
    "assaults": ", items_present INTEGER NOT NULL DEFAULT 0, delivered_id TEXT, numbered INTEGER",
    "assault_counts": ", count_id TEXT NOT NULL",
}
# Labels that two rows share, or that were emptied, do not tell counts apart: the store has its own.
_OWN_KEYS = {"assault_counts": '"count_id"'}
_FROM_VERSION_1 = """
ALTER TABLE batches ADD COLUMN n_superseded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assaults ADD COLUMN delivered_id TEXT;
ALTER TABLE assaults ADD COLUMN numbered INTEGER;
UPDATE assaults SET delivered_id = event_id;
DROP TABLE assault_counts;
"""
_SINCE_VERSION_2 = """
CREATE TABLE superseded (
    number INTEGER PRIMARY KEY AUTOINCREMENT, audit INTEGER NOT NULL, record TEXT NOT NULL,
    provider TEXT NOT NULL, event_id TEXT NOT NULL, batch_id TEXT NOT NULL,
    by_batch_id TEXT NOT NULL, row TEXT NOT NULL
);
CREATE TABLE withdrawn (
    batch_id TEXT NOT NULL, event_id TEXT NOT NULL, PRIMARY KEY (batch_id, event_id)
);
CREATE INDEX superseded_by_provider ON superseded (provider, record);
CREATE INDEX assaults_by_arrival ON assaults (provider, arrived_at);
"""
_SINCE_VERSION_3 = """
CREATE TABLE held_words (
    event_id TEXT PRIMARY KEY, batch_id TEXT NOT NULL, words TEXT NOT NULL,
    place_words TEXT NOT NULL, town_words TEXT NOT NULL, phrase TEXT NOT NULL, held_on TEXT NOT NULL
);
"""
# Files of the watched folder and their states, when each job of the schedule was last done, which
# copies of the store were made and whose records (a JSON list of providers) they hold, and an audit
# whose entries are chained, never changed and never taken out.
_SINCE_VERSION_4 = """
CREATE TABLE files (
    file_id TEXT PRIMARY KEY, path_key TEXT NOT NULL, name TEXT NOT NULL, ending TEXT NOT NULL,
    provider TEXT NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
    sample TEXT NOT NULL, file_hash TEXT, state TEXT NOT NULL CHECK (state IN
    ('seen', 'waiting', 'claimed', 'stored', 'refused', 'retry', 'duplicate')),
    place TEXT NOT NULL CHECK (place IN ('inbox', 'processing', 'quarantine', 'archive', 'gone')),
    reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, next_try TEXT,
    batch_id TEXT, seen_at TEXT NOT NULL, changed_at TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX files_by_path ON files (path_key);
CREATE TABLE jobs (name TEXT PRIMARY KEY, done_for TEXT NOT NULL, done_at TEXT NOT NULL);
CREATE TABLE backups (
    made_at TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, providers TEXT NOT NULL
);
ALTER TABLE audit ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
"""
_AUDIT_STANDS = """
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed'); END;
CREATE TRIGGER audit_is_not_taken_out BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'entries of the audit are never taken out'); END;
"""
# What journey 2 found, with the settings and the version of the data that made it, so that it is
# not computed again; and the hot spots of each month, from which the next one's have their ids,
# with the first night of their records and whose these were (a JSON list of providers).
_SINCE_VERSION_5 = """
CREATE TABLE analyses (
    period_from TEXT NOT NULL, period_to TEXT NOT NULL, theme TEXT NOT NULL,
    settings TEXT NOT NULL, data TEXT NOT NULL, made_at TEXT NOT NULL, findings BLOB NOT NULL,
    PRIMARY KEY (period_from, period_to, theme, settings, data)
);
CREATE TABLE hot_spot_history (
    month TEXT NOT NULL, hotspot_id TEXT NOT NULL, rank INTEGER NOT NULL,
    n_incidents INTEGER NOT NULL, geometry BLOB NOT NULL, settings TEXT NOT NULL,
    period_from TEXT NOT NULL, providers TEXT NOT NULL, PRIMARY KEY (month, hotspot_id)
);
"""
_OTHER_TABLES = """
CREATE TABLE held_back (
    batch_id TEXT NOT NULL, row INTEGER NOT NULL, provider TEXT NOT NULL, event_id TEXT,
    month TEXT, items_present INTEGER NOT NULL, PRIMARY KEY (batch_id, row)
);
CREATE TABLE figures (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, counts TEXT NOT NULL
);
CREATE UNIQUE INDEX one_batch_per_file ON batches (file_hash, provider);
CREATE INDEX assaults_by_batch ON assaults (batch_id);
CREATE INDEX crimes_by_batch ON crimes (batch_id);
"""


def make_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new store; its file is the owner's only."""
    keep_owner_only(path)
    with transaction(connection):
        if _version(connection) == 0:
            _run(connection, "".join(_create_statement(table) for table in TABLES))
            _run(connection, _OTHER_TABLES + _SINCE_VERSION_2 + _SINCE_VERSION_3)
            _bring_to_version_4(connection)
            _bring_to_version_5(connection)


def bring_up_to_date(connection: sqlite3.Connection, path: Path, *, copied: bool = True) -> None:
    """Change the tables of a store of an earlier version in place, all of it or nothing.

    Version 1 had no history, and no counts could be delivered to it. Version 2 held no words.
    Version 3 knew nothing of a watched folder, and its audit was not chained. Version 4 kept no
    results.

    Parameters
    ----------
    connection, path
        The store.
    copied
        Keep the store as it was beside it, where it holds any delivery.

    Raises
    ------
    StoreError
        If there is no room for the copy; the store is then as it was.
    """
    if _version(connection) >= SCHEMA_VERSION:
        return
    copy = None
    try:
        with transaction(connection):
            version = _version(connection)  # another process may have been first
            if copied and version < SCHEMA_VERSION and _holds_batches(connection):
                copy = copies.copy_before_upgrade(path, version, datetime.now().astimezone())
            _change_tables(connection, version)
            if copy is not None:
                copies.note_upgrade(connection, copy, version, SCHEMA_VERSION)
    except BaseException:
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise


def _change_tables(connection: sqlite3.Connection, version: int) -> None:
    if version == 1:
        _run(connection, _FROM_VERSION_1 + _create_statement("assault_counts"))
        _run(connection, _SINCE_VERSION_2)
    if version <= 2:
        _run(connection, _SINCE_VERSION_3)
    if version <= 3:
        _bring_to_version_4(connection)
    if version <= 4:
        _bring_to_version_5(connection)


def _holds_batches(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM batches)").fetchone()[0])


def _bring_to_version_4(connection: sqlite3.Connection) -> None:
    _run(connection, _SINCE_VERSION_4)
    audit.chain(connection)
    _run(connection, _AUDIT_STANDS)


def _bring_to_version_5(connection: sqlite3.Connection) -> None:
    _run(connection, _SINCE_VERSION_5)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Run statements inside the transaction that is open; `executescript` would end it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


@contextmanager
def one_state(connection: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the store, while others may go on writing."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written within, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _create_statement(table: str) -> str:
    spec = load_spec(TABLES[table])
    columns = ", ".join(
        f'"{name}" {_SQL_TYPES.get(spec.fields[name].kind, "TEXT")}'
        + (" NOT NULL" if spec.fields[name].required else "")
        for name in spec.contract
    )
    key = _OWN_KEYS.get(table) or ", ".join(f'"{name}"' for name in spec.primary_key)
    extra = _EXTRA_COLUMNS.get(table, "")
    return f"CREATE TABLE {table} ({columns}{extra}, PRIMARY KEY ({key}));\n"


def plain_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Values that SQLite knows: text, numbers and None; times as `YYYY-MM-DD HH:MM`."""
    plain: dict[str, pd.Series] = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            column = _written(column, "%Y-%m-%d" if name in _DATE_COLUMNS else "%Y-%m-%d %H:%M")
        plain[name] = column.astype(object).where(column.notna(), None)
    return pd.DataFrame(plain, index=frame.index)


def _written(times: pd.Series, form: str) -> pd.Series:
    """Times as text; each distinct one is written once, as many rows have the same month or day."""
    places, distinct = pd.factorize(times)
    texts = [*pd.DatetimeIndex(distinct).strftime(form), None]
    return pd.Series(texts, dtype="str").take(places).set_axis(times.index)


_DATE_COLUMNS = frozenset(
    field.name
    for schema in TABLES.values()
    for field in load_spec(schema).fields.values()
    if field.kind == "date"
)


def typed_values(frame: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """What SQLite gave back, in the types of the schema."""
    typed: dict[str, pd.Series] = {}
    for name in frame.columns:
        kind = spec.fields[name].kind if name in spec.fields else "integer"
        if kind in ("date", "datetime"):
            form = "%Y-%m-%d" if kind == "date" else "%Y-%m-%d %H:%M"
            typed[name] = pd.to_datetime(frame[name], format=form).astype("datetime64[s]")
        elif kind == "number":
            typed[name] = frame[name].astype("float64")
        elif kind == "integer":
            typed[name] = frame[name].astype("Int64" if frame[name].isna().any() else "int64")
        else:
            typed[name] = frame[name].astype("str")
    return pd.DataFrame(typed)
