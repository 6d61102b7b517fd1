"""The record: one SQLite file; every delivery is one transaction, all of it or nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pandas as pd

from ed_ingest import audit
from ed_ingest.anonymity import COLUMNS, WITHHELD
from ed_ingest.class_keeping import keep_classes, withheld_of_standing
from ed_ingest.errors import AlreadyTakenError, StoreError
from ed_ingest.file_states import mark_committed
from ed_ingest.file_systems import require_local
from ed_ingest.given import PathLike, path_of
from ed_ingest.history import ASSAULTS, COUNTS, Changes, Kind, forget_past, keep_past, work_out
from ed_ingest.schema import TableSpec, load_spec
from ed_ingest.store_rows import (
    hold_back,
    known,
    put,
    put_rows,
    put_withdrawn,
    put_withheld,
    take_out,
)
from ed_ingest.store_tables import (
    SCHEMA_VERSION,
    TABLES,
    bring_up_to_date,
    make_tables,
    plain_values,
    transaction,
    typed_values,
)
from ed_ingest.store_words import (
    forget_replaced,
    purge_held,
    put_held,
    read_held,
    replace_places,
)
from ed_ingest.tables import Counts, Crimes, Held, Issues, Links, Replaced, Sealed

__all__ = ["SCHEMA_VERSION", "TABLES", "Store", "open_store"]

# How long a writer waits for another one.
BUSY_SECONDS = 20

_NO_CLASSES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Store:
    """An open store. Make one with `open_store`."""

    connection: sqlite3.Connection

    def batch_of_file(self, file_hash: str, provider: str) -> str | None:
        """The batch that this very file made earlier, if any."""
        return self.batches_of_file(file_hash).get(provider)

    def batches_of_file(self, file_hash: str) -> dict[str, str]:
        """The batches that this very file made, by provider."""
        rows = self.connection.execute(
            "SELECT provider, batch_id FROM batches WHERE file_hash = ?", (file_hash,)
        )
        return dict(rows.fetchall())

    def batch(self, batch_id: str) -> dict[str, Any]:
        """One row of the batches table, as stored; empty where there is none."""
        cursor = self.connection.execute("SELECT * FROM batches WHERE batch_id = ?", (batch_id,))
        row = cursor.fetchone()
        return dict(zip([c[0] for c in cursor.description], row, strict=True)) if row else {}

    def count_periods(self, provider: str) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
        """First and last day of each period that a provider's stored counts are of."""
        rows = self.connection.execute(
            "SELECT DISTINCT period_from, period_to FROM assault_counts WHERE provider = ?",
            (provider,),
        )
        return [(pd.Timestamp(first), pd.Timestamp(last)) for first, last in rows]

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
        numbered: pd.Series | None = None,
        held: Held | None = None,
        k_min: int | None = None,
    ) -> dict[str, int]:
        """Store one delivery of assaults in one transaction.

        Parameters
        ----------
        batch
            The columns of the batches table; what is returned is filled in here. Where it holds
            ``file_id``, that file of the watched folder is marked in the same transaction.
        sealed
            The rows; only gate 1 makes them. What they do to rows stored before is as `settle`
            says; every former version is kept in the table ``superseded``.
        items_present
            Bit mask of the items filled in, on the rows of `sealed`.
        held_back
            ``row, event_id, month, items_present`` of the rows held back: counted, not kept.
        withdrawn
            ``event_id`` of attendances that this delivery says are no assaults, or holds back: what
            an earlier delivery said of them is taken out.
        issues
            What was wrong, row by row.
        numbered
            Whether each row of `sealed` is named by an attendance number; all are when not given.
        held
            All words that may be held from now on, of these rows and of earlier ones; only
            `hold_words` makes them. When not given, those of the rows that change are taken out.
        k_min
            The agreement's least k, as for `keep_classes`; none when not given.

        Raises
        ------
        AlreadyTakenError
            If this very file was stored since the caller looked; nothing is stored twice.

        Returns
        -------
        dict
            The counts of `keep_classes`, and
            ``n_stored``; ``n_replaced``: rows stored before that these correct; ``n_withdrawn``:
            rows stored before and taken out; ``n_superseded``: rows stored before that a period
            sent again does not hold any more; ``n_outdated``: rows not stored because a later
            delivery has said otherwise.
        """
        by_number = True if numbered is None else numbered.astype("int64")
        rows = sealed.assign(
            batch_id=batch["batch_id"],
            items_present=items_present,
            delivered_id=sealed["event_id"],
            numbered=by_number,
        )
        told = sorted(set(withdrawn) - set(sealed["event_id"]))
        with transaction(self.connection):
            changes = self._work_out(ASSAULTS, batch, rows, told)
            kept = keep_classes(self.connection, batch["provider"], changes, k_min=k_min)
            take_out(self.connection, ASSAULTS, kept.changes)
            put_rows(self.connection, ASSAULTS, kept.changes)
            put_withheld(self.connection, kept.stored)
            put_withdrawn(self.connection, batch, told)
            self._put_held(batch, changes, held)
            hold_back(self.connection, batch, held_back, sealed["event_id"], changes.covered)
            entry = self._finish(batch, issues, changes.counts, kept.counts)
            keep_past(self.connection, ASSAULTS, batch["provider"], entry, kept.changes)
            if k_min is not None:
                forget_past(self.connection, batch["provider"], WITHHELD)
        return {**changes.counts, **kept.counts}

    def record_counts(
        self, batch: Mapping[str, Any], counts: Counts, *, count_ids: pd.Series, issues: Issues
    ) -> dict[str, int]:
        """Store one delivery of counts in one transaction; tells as for attendances.

        Parameters
        ----------
        batch, issues
            As for attendances.
        counts
            The rows; only `read_counts` makes them.
        count_ids
            Opaque name of each row's period, place and method: the same again replaces it.
        """
        rows = counts.assign(batch_id=batch["batch_id"], count_id=count_ids)
        with transaction(self.connection):
            changes = self._work_out(COUNTS, batch, rows, [])
            take_out(self.connection, COUNTS, changes)
            put_rows(self.connection, COUNTS, changes)
            entry = self._finish(batch, issues, changes.counts)
            keep_past(self.connection, COUNTS, batch["provider"], entry, changes)
        return changes.counts

    def record_crimes(
        self, batch: Mapping[str, Any], crimes: Crimes, *, issues: Issues
    ) -> dict[str, int]:
        """Store one delivery of police crimes in one transaction; tells as for attendances."""
        with transaction(self.connection):
            before = known(self.connection, "crimes", "crime_id", crimes["crime_id"])
            received = f"{batch['received_at']:%Y-%m-%d %H:%M}"
            newer = set(before.loc[before["received_at"] > received, "id"])
            put(self.connection, "crimes", crimes[~crimes["crime_id"].isin(newer)])
            changed = {
                "n_stored": len(crimes) - len(newer),
                "n_replaced": len(before) - len(newer),
                "n_outdated": len(newer),
            }
            self._finish(batch, issues, changed)
        return changed

    def record_links(
        self, links: Links, assaults: pd.DataFrame, figures: Mapping[str, float]
    ) -> None:
        """Replace all links, and the ``incident_id, transfer, link_status`` of each assault."""
        columns = ["incident_id", "transfer", "link_status", "event_id"]
        values = plain_values(assaults[columns]).itertuples(index=False, name=None)
        with transaction(self.connection):
            self.connection.execute("DELETE FROM links")
            put(self.connection, "links", links)
            self.connection.executemany(
                "UPDATE assaults SET incident_id = ?, transfer = ?, link_status = ?"
                " WHERE event_id = ?",
                values,
            )
            self.connection.execute(
                "INSERT OR REPLACE INTO figures VALUES ('links', ?)", (json.dumps(dict(figures)),)
            )
            audit.append(self.connection, "link", "all records", {"links": len(links)})

    def read_held_words(self) -> pd.DataFrame:
        """Read the held words, with ``location_level, night_of, provider`` of their records."""
        return read_held(self.connection)

    def purge_held_words(self, *, until: date) -> int:
        """Take out words held since the day `until` or longer; returns of how many records."""
        with transaction(self.connection):
            n = purge_held(self.connection, until=until)
            if n:
                audit.append(
                    self.connection,
                    "purge words",
                    f"held until {until.isoformat()}",
                    {"records": n},
                )
        return n

    def renew_places(
        self,
        work: Callable[[pd.DataFrame, pd.DataFrame], tuple[Replaced, Held]],
        *,
        k_min: Mapping[str, int] = MappingProxyType({}),
    ) -> Replaced:
        """Write places that were found anew for stored records, all in one transaction.

        Parameters
        ----------
        work
            Given the assaults whose words are held and the held words, tells the columns that
            change (only `place_anew` makes them) and all words that may be held from now on. The
            links of these records go, and they are linked again by the next linkage.
        k_min
            Least k of the providers whose agreement sets one: a place found anew may make the
            classes of their records smaller.
        """
        with transaction(self.connection):
            held = self.read_held_words()
            spec = load_spec("ed_assault")
            assaults = self._read("assaults", spec.contract, spec, among="held_words")
            rows, still = work(assaults, held)
            replace_places(self.connection, rows)
            for provider, k in k_min.items() if len(rows) else ():
                put_withheld(
                    self.connection, withheld_of_standing(self.connection, provider, k_min=k)
                )
            put_held(self.connection, still, keys={}, batch_id="", held_on=_today())
            if len(rows):
                homes = int((rows["location_level"] == "withheld").sum())
                audit.append(
                    self.connection,
                    "place anew",
                    "held words",
                    {"records": len(rows), "withheld": homes},
                )
        return rows

    def audit(self, action: str, subject: str, counts: Mapping[str, int]) -> None:
        """Note that something was done: who, when, what, how many."""
        with transaction(self.connection):
            audit.append(self.connection, action, subject, counts)

    def has_done(self, action: str, subject: str) -> bool:
        """Whether the audit tells that something was done to a subject."""
        row = self.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM audit WHERE action = ? AND subject = ?)",
            (action, subject),
        ).fetchone()
        return bool(row[0])

    def read(self, table: str) -> pd.DataFrame:
        """Read a table with the contract's columns, typed.

        Parameters
        ----------
        table
            ``assaults``, ``crimes``, ``links``, ``issues``, ``batches`` or ``assault_counts``.

        Returns
        -------
        DataFrame
            In the order of the table's key. Points in metres, EPSG:27700; times local, without
            offset.

        Raises
        ------
        StoreError
            If there is no such table.
        """
        if not isinstance(table, str) or table not in TABLES:
            raise StoreError(f"There is no table of that name. Choose from: {', '.join(TABLES)}.")
        spec = load_spec(TABLES[table])
        return self._read(table, spec.contract, spec)

    def read_assaults_with_items(self) -> pd.DataFrame:
        """Read the assaults with ``items_present`` beside the contract's columns."""
        spec = load_spec("ed_assault")
        return self._read("assaults", [*spec.contract, "items_present"], spec)

    def read_quasi_identifiers(self) -> pd.DataFrame:
        """Read of the assaults what `class_sizes` counts by."""
        return self._read("assaults", list(COLUMNS), load_spec("ed_assault"))

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

    def _read(
        self, table: str, columns: list[str], spec: TableSpec, *, among: str = ""
    ) -> pd.DataFrame:
        """Read a table; of the assaults only those that another table names, where one is given."""
        key = ", ".join(f'"{name}"' for name in spec.primary_key)
        names = ", ".join(f'"{name}"' for name in columns)
        only = f" WHERE event_id IN (SELECT event_id FROM {among})" if among else ""  # noqa: S608
        query = f"SELECT {names} FROM {table}{only} ORDER BY {key}"  # noqa: S608 (names of our own)
        return typed_values(pd.read_sql_query(query, self.connection), spec)

    def _work_out(
        self, kind: Kind, batch: Mapping[str, Any], rows: pd.DataFrame, withdrawn: list[str]
    ) -> Changes:
        return work_out(
            self.connection,
            kind,
            provider=batch["provider"],
            batch_id=batch["batch_id"],
            received_at=f"{batch['received_at']:%Y-%m-%d %H:%M}",
            rows=rows,
            withdrawn=withdrawn,
        )

    def _put_held(self, batch: Mapping[str, Any], changes: Changes, held: Held | None) -> None:
        """Words of rows written anew go with the row they were of; then the new ones are held."""
        keys = dict(zip(changes.put["delivered_id"], changes.put["event_id"], strict=True))
        forget_replaced(
            self.connection, [*keys.values(), *(str(row["event_id"]) for row in changes.back)]
        )
        if held is not None:
            batch_id = str(batch["batch_id"])
            put_held(self.connection, held, keys=keys, batch_id=batch_id, held_on=_today())

    def _finish(
        self,
        batch: Mapping[str, Any],
        issues: Issues,
        changed: Mapping[str, int],
        classes: Mapping[str, int] = _NO_CLASSES,
    ) -> int:
        put(self.connection, "issues", issues.assign(batch_id=batch["batch_id"]))
        row = {**batch, **changed}
        file_id = row.pop("file_id", None)
        try:
            put(self.connection, "batches", pd.DataFrame([row]), replace=False)
        except sqlite3.IntegrityError:
            raise AlreadyTakenError from None
        if file_id is not None:
            mark_committed(self.connection, str(file_id), batch_id=str(batch["batch_id"]))
        counts = {k: int(v) for k, v in {**row, **classes}.items() if k.startswith("n_")}
        return audit.append(self.connection, "ingest", str(batch["batch_id"]), counts)


def _today() -> date:
    return datetime.now().astimezone().date()


@contextmanager
def open_store(path: PathLike, *, copied: bool = True) -> Iterator[Store]:
    """Open the store, making it when it is not there; closed at the end of the block.

    Parameters
    ----------
    path
        The store's file: ``workspace.store``. One of an earlier version is brought up to date.
    copied
        Whether an earlier one, as it was, is kept beside it.

    Returns
    -------
    Store
        Of a ``with`` block. ``store.read(table)`` gives ``assaults``, ``crimes``, ``links``,
        ``issues``, ``batches`` or ``assault_counts`` with the contract's columns. These are
        records, not aggregates: they stay in the workspace.

    Raises
    ------
    StoreError
        If the file cannot be opened, is not a store, was made by a newer version, or lies on a
        network share, where SQLite can lose records.
    """
    path = path_of(path, name="path")
    require_local(path)
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    except sqlite3.OperationalError:
        raise StoreError(f"{path}: cannot be opened. Check the folder and your rights.") from None
    with closing(connection):
        try:
            _prepare(connection, path, copied=copied)
            yield Store(connection)
        except sqlite3.OperationalError as error:
            raise StoreError(_what_the_disk_says(error)) from None
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            raise StoreError(f"{path}: not a store. Restore it from a back-up.") from None


def _prepare(connection: sqlite3.Connection, path: Path, *, copied: bool) -> None:
    # What is erased leaves no trace in free pages: identifiers must not linger anywhere.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path}: made by a newer version. Upgrade ed-hotspots.")
    if version == 0:
        make_tables(connection, path)
    bring_up_to_date(connection, path, copied=copied)


def _what_the_disk_says(error: sqlite3.OperationalError) -> str:
    code = error.sqlite_errorcode & 0xFF  # the rest tells more than is needed here
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "The store is in use by another program. Wait for it to end, and try again."
    if code == sqlite3.SQLITE_FULL:
        return "The disk of the store is full. Make room, and try again; nothing was half stored."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return "The store cannot be written to. Check your rights to its folder, and try again."
    if code == sqlite3.SQLITE_IOERR:
        return "The disk of the store fails to read or write, or is full. Check it, and try again."
    raise error  # a fault of ours
