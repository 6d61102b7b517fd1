"""The record: one SQLite file; every delivery is one transaction, all of it or nothing."""

from __future__ import annotations

import getpass
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pandas as pd

from ed_ingest.errors import StoreError
from ed_ingest.schema import TableSpec, load_spec
from ed_ingest.tables import Crimes, Issues, Links, Sealed

SCHEMA_VERSION = 1

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
# Kept beside the contract's columns: which items the hospital had filled in, for completeness.
_EXTRA_COLUMNS = {"assaults": ", items_present INTEGER NOT NULL DEFAULT 0"}
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


@dataclass(frozen=True)
class Store:
    """An open store. Make one with `open_store`."""

    connection: sqlite3.Connection

    def batch_of_file(self, file_hash: str, provider: str) -> str | None:
        """The batch that this very file made earlier, if any."""
        row = self.connection.execute(
            "SELECT batch_id FROM batches WHERE file_hash = ? AND provider = ?",
            (file_hash, provider),
        ).fetchone()
        return row[0] if row else None

    def holds_batches(self) -> bool:
        """Whether anything was ever stored."""
        row = self.connection.execute("SELECT EXISTS (SELECT 1 FROM batches)").fetchone()
        return bool(row[0])

    def record_attendances(
        self,
        batch: Mapping[str, Any],
        sealed: Sealed,
        *,
        items_present: pd.Series,
        held_back: pd.DataFrame,
        withdrawn: pd.Series,
        issues: Issues,
    ) -> dict[str, int]:
        """Store one delivery of assaults in one transaction.

        Parameters
        ----------
        batch
            The columns of the batches table; what is returned is filled in here.
        sealed
            The rows; only gate 1 makes them. A row with a known ``event_id`` replaces the old one,
            unless that came with a later delivery.
        items_present
            Bit mask of the items filled in, on the rows of `sealed`.
        held_back
            ``row, event_id, month, items_present`` of the rows held back: counted, not kept.
        withdrawn
            ``event_id`` of attendances that this delivery says are no assaults, or holds back: what
            an earlier delivery said of them is taken out.
        issues
            What was wrong, row by row.

        Returns
        -------
        dict
            ``n_stored``; ``n_replaced``: of these, those that replaced a row stored before;
            ``n_withdrawn``: rows stored before and taken out; ``n_outdated``: rows
            not stored because a later delivery has said otherwise.
        """
        rows = sealed.assign(items_present=items_present)
        with self._transaction():
            known = self._known("assaults", "event_id", sealed["event_id"])
            gone = self._known("assaults", "event_id", withdrawn)
            received = f"{batch['received_at']:%Y-%m-%d %H:%M}"
            newer = set(known.loc[known["received_at"] > received, "id"])
            gone = gone[gone["received_at"] <= received]
            self._forget_held_back(batch["provider"], held_back, sealed["event_id"])
            self._put("assaults", rows[~rows["event_id"].isin(newer)])
            self._remove("assaults", "event_id", gone["id"])
            kept = held_back.assign(batch_id=batch["batch_id"], provider=batch["provider"])
            self._put("held_back", kept)
            changed = {
                "n_stored": len(sealed) - len(newer),
                "n_replaced": len(known) - len(newer),
                "n_withdrawn": len(gone),
                "n_outdated": len(newer),
            }
            self._finish(batch, issues, changed)
        return changed

    def record_crimes(
        self, batch: Mapping[str, Any], crimes: Crimes, *, issues: Issues
    ) -> dict[str, int]:
        """Store one delivery of police crimes in one transaction; tells as for attendances."""
        with self._transaction():
            known = self._known("crimes", "crime_id", crimes["crime_id"])
            received = f"{batch['received_at']:%Y-%m-%d %H:%M}"
            newer = set(known.loc[known["received_at"] > received, "id"])
            self._put("crimes", crimes[~crimes["crime_id"].isin(newer)])
            changed = {
                "n_stored": len(crimes) - len(newer),
                "n_replaced": len(known) - len(newer),
                "n_outdated": len(newer),
            }
            self._finish(batch, issues, changed)
        return changed

    def record_links(
        self, links: Links, assaults: pd.DataFrame, figures: Mapping[str, float]
    ) -> None:
        """Replace all links, and the ``incident_id, transfer, link_status`` of each assault."""
        columns = ["incident_id", "transfer", "link_status", "event_id"]
        values = _plain(assaults[columns]).itertuples(index=False, name=None)
        with self._transaction():
            self.connection.execute("DELETE FROM links")
            self._put("links", links)
            self.connection.executemany(
                "UPDATE assaults SET incident_id = ?, transfer = ?, link_status = ?"
                " WHERE event_id = ?",
                values,
            )
            self.connection.execute(
                "INSERT OR REPLACE INTO figures VALUES ('links', ?)", (json.dumps(dict(figures)),)
            )
            self._audit("link", "all records", {"links": len(links)})

    def audit(self, action: str, subject: str, counts: Mapping[str, int]) -> None:
        """Note that something was done: who, when, what, how many."""
        with self._transaction():
            self._audit(action, subject, counts)

    def read(self, table: str) -> pd.DataFrame:
        """Read a table with the contract's columns, typed.

        Raises
        ------
        StoreError
            If there is no such table.
        """
        if table not in TABLES:
            raise StoreError(f"There is no table of that name. Choose from: {', '.join(TABLES)}.")
        spec = load_spec(TABLES[table])
        return self._read(table, spec.contract, spec)

    def read_assaults_with_items(self) -> pd.DataFrame:
        """Read the assaults with ``items_present`` beside the contract's columns."""
        spec = load_spec("ed_assault")
        return self._read("assaults", [*spec.contract, "items_present"], spec)

    def read_held_back(self) -> pd.DataFrame:
        """Read ``batch_id, row, provider, event_id, month, items_present`` of rows held back."""
        return pd.read_sql_query(
            "SELECT batch_id, row, provider, event_id, month, items_present FROM held_back"
            " ORDER BY batch_id, row",
            self.connection,
        )

    def link_figures(self) -> dict[str, float]:
        """The figures of the last linkage; empty before it."""
        row = self.connection.execute("SELECT value FROM figures WHERE name = 'links'").fetchone()
        return cast("dict[str, float]", json.loads(row[0])) if row else {}

    def _read(self, table: str, columns: list[str], spec: TableSpec) -> pd.DataFrame:
        key = ", ".join(f'"{name}"' for name in spec.primary_key)
        names = ", ".join(f'"{name}"' for name in columns)
        query = f"SELECT {names} FROM {table} ORDER BY {key}"  # noqa: S608 (names of our own)
        return _typed(pd.read_sql_query(query, self.connection), spec)

    def _put(self, table: str, rows: pd.DataFrame) -> None:
        names = ", ".join(f'"{name}"' for name in rows.columns)
        marks = ", ".join("?" * len(rows.columns))
        self.connection.executemany(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
            _plain(rows).itertuples(index=False, name=None),
        )

    def _known(self, table: str, column: str, ids: pd.Series) -> pd.DataFrame:
        """Those of the ids that are stored already: ``id, received_at`` (of their delivery)."""
        self.connection.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (id TEXT PRIMARY KEY)")
        self.connection.execute("DELETE FROM incoming")
        self.connection.executemany(
            "INSERT OR IGNORE INTO incoming VALUES (?)", ((one,) for one in ids)
        )
        query = (
            f"SELECT incoming.id, batches.received_at FROM {table}"  # noqa: S608
            f" JOIN incoming ON {column} = incoming.id JOIN batches USING (batch_id)"
        )
        found = self.connection.execute(query).fetchall()
        return pd.DataFrame(found, columns=["id", "received_at"])

    def _remove(self, table: str, column: str, ids: pd.Series) -> None:
        self.connection.executemany(
            f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608
            ((one,) for one in ids),
        )

    def _forget_held_back(self, provider: str, held_back: pd.DataFrame, stored: pd.Series) -> None:
        """A row held back earlier and sent again is counted once: as what it is now."""
        again = pd.concat([held_back["event_id"], stored]).dropna()
        self.connection.executemany(
            "DELETE FROM held_back WHERE provider = ? AND event_id = ?",
            ((provider, event_id) for event_id in again),
        )

    def _finish(self, batch: Mapping[str, Any], issues: Issues, changed: Mapping[str, int]) -> None:
        self._put("issues", issues.assign(batch_id=batch["batch_id"]))
        row = {**batch, **changed}
        self._put("batches", pd.DataFrame([row]))
        counts = {k: int(v) for k, v in row.items() if k.startswith("n_")}
        self._audit("ingest", str(batch["batch_id"]), counts)

    def _audit(self, action: str, subject: str, counts: Mapping[str, int]) -> None:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self.connection.execute(
            "INSERT INTO audit (at, who, action, subject, counts) VALUES (?, ?, ?, ?, ?)",
            (now, getpass.getuser(), action, subject, json.dumps(dict(counts))),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open the store, making it when it is not there; closed at the end of the block.

    Raises
    ------
    StoreError
        If the file cannot be opened, is not a store or was made by a newer version.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    except sqlite3.OperationalError:
        raise StoreError(f"{path}: cannot be opened. Check the folder and your rights.") from None
    with closing(connection):
        try:
            # What is erased leaves no trace in free pages: identifiers must not linger anywhere.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                _create(connection, path)
        except sqlite3.DatabaseError:
            raise StoreError(f"{path}: not a store. Restore it from a back-up.") from None
        if version > SCHEMA_VERSION:
            raise StoreError(f"{path}: made by a newer version. Upgrade ed-hotspots.")
        yield Store(connection)


def _create(connection: sqlite3.Connection, path: Path) -> None:
    statements = "".join(_create_statement(table) for table in TABLES) + _OTHER_TABLES
    connection.executescript(f"BEGIN; {statements} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
    path.chmod(0o600)


def _create_statement(table: str) -> str:
    spec = load_spec(TABLES[table])
    columns = ", ".join(
        f'"{name}" {_SQL_TYPES.get(spec.fields[name].kind, "TEXT")}'
        + (" NOT NULL" if spec.fields[name].required else "")
        for name in spec.contract
    )
    key = ", ".join(f'"{name}"' for name in spec.primary_key)
    extra = _EXTRA_COLUMNS.get(table, "")
    return f"CREATE TABLE {table} ({columns}{extra}, PRIMARY KEY ({key}));\n"


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Values that SQLite knows: text, numbers and None; times as `YYYY-MM-DD HH:MM`."""
    plain: dict[str, pd.Series] = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            form = "%Y-%m-%d" if name in _DATE_COLUMNS else "%Y-%m-%d %H:%M"
            column = column.dt.strftime(form)
        plain[name] = column.astype(object).where(column.notna(), None)
    return pd.DataFrame(plain, index=frame.index)


_DATE_COLUMNS = frozenset(
    field.name
    for schema in TABLES.values()
    for field in load_spec(schema).fields.values()
    if field.kind == "date"
)


def _typed(frame: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
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
