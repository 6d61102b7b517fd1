"""Bring the tables of the PostGIS copy in step with the store, within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hotspots.postgis_rows import WHOLE, fingerprint, groups, new_digest, noted, rows_of
from hotspots.postgis_tables import CopiedTable, quoted

if TYPE_CHECKING:
    from psycopg import Cursor

# Table and delivery.
Group = tuple[str, str]


class Known(NamedTuple):
    """Hashes of a delivery's rows when they were last written: of the store's, of the copy's."""

    of_store: str
    of_copy: str


class There(NamedTuple):
    """Rows of a delivery as they stand in the copy now: how many, and their hash."""

    rows: int
    of_copy: str


class Step(NamedTuple):
    """What became of a table: rows there now; of them new and changed; rows that were removed."""

    rows: int
    new: int
    changed: int
    removed: int


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    ``there``: the copy's deliveries now; ``send``: deliveries whose rows are not as in the store;
    ``gone``: deliveries of which the store holds no row, or none that may be in the copy.
    """

    there: Mapping[Group, There]
    send: list[Group]
    gone: list[Group]

    @property
    def is_empty(self) -> bool:
        """Whether the copy is in step already."""
        return not self.send and not self.gone

    def of(self, table: str, groups: Collection[Group]) -> list[str]:
        """Those of a table."""
        return [group for name, group in groups if name == table]


def plan(
    cursor: Cursor,
    store: sqlite3.Connection,
    schema: str,
    tables: Mapping[str, CopiedTable],
    *,
    leave: Collection[str],
    changed: Collection[str],
) -> Plan:
    """Find the deliveries whose rows are not the same here and there.

    The copy is looked at in any case, so that what others did to it is found too. Of the store no
    table is read whose records have not changed, and no delivery that must be sent anyway.

    Parameters
    ----------
    cursor
        In the transaction.
    store
        At one moment.
    schema, tables
        All tables of the copy.
    leave
        Names of those whose rows may leave the store.
    changed
        Names of tables that may not be as they were at the last export; all for a new copy.
    """
    known = _known(cursor, schema)
    there = {
        (name, group): found
        for name, table in tables.items()
        for group, found in _there(cursor, schema, table).items()
    }
    here = [group for group in known if group[0] in leave and group[0] not in changed]
    here += [
        (name, group) for name in leave if name in changed for group in groups(store, tables[name])
    ]

    def is_as_it_was(group: Group) -> bool:
        name, batch_id = group
        return name not in changed or known[group].of_store == fingerprint(
            store, tables[name], batch_id
        )

    send = [
        group
        for group in here
        if not _is_whole(known.get(group), there.get(group)) or not is_as_it_was(group)
    ]
    gone = sorted({*known, *(g for g in there if there[g].rows)} - set(here))
    return Plan(there, send, gone)


def carry_out(
    cursor: Cursor,
    store: sqlite3.Connection,
    schema: str,
    tables: Mapping[str, CopiedTable],
    todo: Plan,
) -> dict[str, Step]:
    """Send what is to be sent, remove what is to be gone, and tell of each table what became of it.

    Rows go into temporary tables first; then what the store does not hold is removed, and what is
    new or not the same is written. Rows that are the same are not touched.
    """
    touched = [name for name in tables if todo.of(name, [*todo.send, *todo.gone])]
    of_store = {}
    for name in touched:
        of_store.update(_receive(cursor, store, schema, tables[name], todo.of(name, todo.send)))
    removed = {
        name: _remove(cursor, schema, tables[name], todo.of(name, [*todo.send, *todo.gone]))
        for name in reversed(touched)
    }
    steps = {}
    for name, table in tables.items():
        before = sum(found.rows for group, found in todo.there.items() if group[0] == name)
        if name not in touched:
            steps[name] = Step(before, 0, 0, 0)
            continue
        written = _write(cursor, schema, table)
        there = _there(cursor, schema, table)
        _remember(cursor, schema, name, todo, of_store, there)
        rows = sum(found.rows for found in there.values())
        new = rows - before + removed[name]
        steps[name] = Step(rows, new, written - new, removed[name])
    return steps


def _is_whole(known: Known | None, there: There | None) -> bool:
    return known is not None and there is not None and known.of_copy == there.of_copy


def _known(cursor: Cursor, schema: str) -> dict[Group, Known]:
    query = f"SELECT table_name, batch_id, of_store, of_copy FROM {quoted(schema)}.fingerprints"  # noqa: S608
    return {(name, group): Known(*hashes) for name, group, *hashes in cursor.execute(query)}


def _there(cursor: Cursor, schema: str, table: CopiedTable) -> dict[str, There]:
    """Rows of each delivery in the copy: their number, and a hash that knows no order."""
    group = "batch_id" if table.by_batch else f"'{WHOLE}'"
    by = " GROUP BY batch_id" if table.by_batch else ""
    query = (
        f"SELECT {group}, count(*),"  # noqa: S608
        " coalesce(sum(hashtextextended(here::text, 0)::numeric), 0)::text"
        f" FROM {quoted(schema)}.{table.name} AS here{by}"
    )
    return {name: There(rows, f"{rows}:{digest}") for name, rows, digest in cursor.execute(query)}


def _receive(
    cursor: Cursor, store: sqlite3.Connection, schema: str, table: CopiedTable, sent: list[str]
) -> dict[Group, str]:
    """Copy the store's rows of some deliveries into a temporary table; tells their hashes."""
    incoming, names = _incoming(table), _names(table)
    cursor.execute(
        f"CREATE TEMP TABLE {incoming} ON COMMIT DROP AS"  # noqa: S608 (names of our own)
        f" SELECT {names} FROM {quoted(schema)}.{table.name} WITH NO DATA"
    )
    hashes = {}
    # COPY, because a server may log statements with their values, and never logs what is copied.
    with cursor.copy(f"COPY pg_temp.{incoming} ({names}) FROM STDIN") as copy:
        for group in sent:
            digest = new_digest()
            for rows in noted(digest, rows_of(store, table, group)):
                for row in rows:
                    copy.write_row(row)
            hashes[(table.name, group)] = digest.hexdigest()
    cursor.execute(f"ANALYZE pg_temp.{incoming}")
    return hashes


def _remove(cursor: Cursor, schema: str, table: CopiedTable, touched: list[str]) -> int:
    """Remove rows of these deliveries that the store does not hold; how many.

    One that came with another delivery meanwhile is among those received, and is written over.
    """
    same = " AND ".join(f"sent.{quoted(k)} = here.{quoted(k)}" for k in table.key)
    absent = f"NOT EXISTS (SELECT 1 FROM pg_temp.{_incoming(table)} AS sent WHERE {same})"  # noqa: S608
    of = "here.batch_id = ANY(%s) AND " if table.by_batch else ""
    query = f"DELETE FROM {quoted(schema)}.{table.name} AS here WHERE {of}{absent}"  # noqa: S608
    return cursor.execute(query, (touched,) if table.by_batch else None).rowcount


def _write(cursor: Cursor, schema: str, table: CopiedTable) -> int:
    """Write rows that are new or not the same; how many."""
    names = _names(table)
    others = [quoted(name) for name in table.columns if name not in table.key]
    settings = ", ".join(f"{name} = excluded.{name}" for name in others)
    now = ", ".join(f"here.{name}" for name in others)
    then = ", ".join(f"excluded.{name}" for name in others)
    key = ", ".join(quoted(name) for name in table.key)
    return cursor.execute(
        f"INSERT INTO {quoted(schema)}.{table.name} AS here ({names})"  # noqa: S608
        f" SELECT {names} FROM pg_temp.{_incoming(table)}"
        f" ON CONFLICT ({key}) DO UPDATE SET {settings}"
        f" WHERE ({now}) IS DISTINCT FROM ({then})"
    ).rowcount


def _remember(
    cursor: Cursor,
    schema: str,
    name: str,
    todo: Plan,
    of_store: Mapping[Group, str],
    there: Mapping[str, There],
) -> None:
    """Write down the hashes of what was sent, and forget those of what is gone."""
    inside = quoted(schema)
    cursor.execute(
        f"DELETE FROM {inside}.fingerprints WHERE table_name = %s AND batch_id = ANY(%s)",  # noqa: S608
        (name, todo.of(name, todo.gone)),
    )
    cursor.executemany(
        f"INSERT INTO {inside}.fingerprints (table_name, batch_id, of_store, of_copy)"  # noqa: S608
        " VALUES (%s, %s, %s, %s) ON CONFLICT (table_name, batch_id) DO UPDATE"
        " SET of_store = excluded.of_store, of_copy = excluded.of_copy",
        [
            (name, group, of_store[(name, group)], there[group].of_copy)
            for group in todo.of(name, todo.send)
        ],
    )


def _incoming(table: CopiedTable) -> str:
    return f"incoming_{table.name}"


def _names(table: CopiedTable) -> str:
    return ", ".join(quoted(name) for name in table.columns)
