"""Keep a copy of the store's records in a PostGIS database in step, in one transaction a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ed_ingest import audit
from ed_ingest.errors import EdHotspotsError
from ed_ingest.store import Store
from hotspots.export import ON_RELEASE_ONLY
from hotspots.postgis_address import DatabaseAddress, read_address
from hotspots.postgis_faults import told_plainly
from hotspots.postgis_rows import changed_since, identity, records_of_one_moment
from hotspots.postgis_server import Copy, connected, note, prepare
from hotspots.postgis_step import Plan, Step, carry_out, plan
from hotspots.postgis_tables import CopiedTable, copied_tables, create_indexes

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA = "ed_hotspots"


@dataclass(frozen=True)
class Exported:
    """What an export to PostGIS did.

    ``address``: without user and password; ``release``: the reference under which crimes and links
    are there, None where they are not; ``deliveries``: how many deliveries had rows to be sent;
    ``tables``: of each table the rows there now, of them new and changed, and rows removed.
    """

    address: str
    schema: str
    release: str | None
    deliveries: int
    tables: dict[str, Step]
    took_back: int


def export_to_postgis(
    store: Store,
    address: str,
    *,
    release: str | None,
    schema: str = SCHEMA,
    marking: str = "",
    tell: Callable[[str], None] | None = None,
) -> Exported:
    """Make the tables of a PostGIS database equal to the store, row by row.

    All of a run is one transaction there: a reader sees the records of one moment of the store or
    of another, and a run that is killed changes nothing. Deliveries whose rows are the same are not
    sent, and rows that are the same are not written.

    Parameters
    ----------
    store
        An open store; it can be written to meanwhile, and its records are those of one moment.
    address
        ``postgresql://HOST[:PORT]/DATABASE``; user and password come from the environment, as
        libpq reads it (``PGUSER``, ``PGPASSFILE``, ``PGPASSWORD``, ``PGSERVICE``, ``PGSSLMODE`` …).
    release
        The sharing agreement's reference under which crimes and links leave the store. Without it
        they do not, and those that an earlier export left there are removed.
    schema
        Where the tables lie; made where it is absent and the user may.
    marking
        Protective marking, for the comments in the database.
    tell
        Called with a few words before each part of the work.

    Returns
    -------
    Exported
        What was done.

    Raises
    ------
    EdHotspotsError
        If the address holds a user or password, psycopg is not installed, the server cannot be
        reached or refuses, or the tables there are of another layout. The store's audit says when
        records began to leave, also where that failed.
    """
    where = read_address(address)
    released = release.strip() if release and release.strip() else None
    say = tell or (lambda words: None)
    with connected(where) as connection, told_plainly(where):
        say("looking for what has changed")
        copy = prepare(connection, where, schema, marking=marking)
        return _in_step(store, connection, where, schema, copy, release=released, say=say)


def _in_step(
    store: Store,
    connection: Connection,
    where: DatabaseAddress,
    schema: str,
    copy: Copy,
    *,
    release: str | None,
    say: Callable[[str], None],
) -> Exported:
    tables = copied_tables()
    leave = [name for name in tables if release or name not in ON_RELEASE_ONLY]
    subject = f"{where.words} {release or ''}".strip()
    with records_of_one_moment(store) as records, connection.cursor() as cursor:
        head = audit.head(records)
        if not copy.is_new and copy.store != identity(records):
            raise EdHotspotsError(
                f"{where.words}: the copy there is of another workspace's store. Give this one a "
                f"database of its own; or, where that store is no more, drop the schema {schema} "
                "there as its owner, and export again."
            )
        changed = changed_since(records, copy.audit_head, tables)
        if bool(copy.release) != bool(release):
            changed |= set(ON_RELEASE_ONLY)
        todo = plan(cursor, records, schema, tables, leave=leave, changed=changed)
        if todo.send:
            # Noted before the first row leaves: a run that is killed has sent some all the same.
            store.audit("export begun", subject, {"deliveries": _deliveries(todo, tables)})
            say(f"sending {_deliveries(todo, tables)} deliveries")
        steps = carry_out(cursor, records, schema, tables, todo)
        if copy.is_new:
            say("making indexes")
            for statement in create_indexes(schema):
                cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    store.audit("export", subject, {name: step.rows for name, step in steps.items()})
    note(connection, schema, store=identity(store.connection), head=head, release=release)
    connection.commit()
    took_back = 0 if release else sum(steps[name].removed for name in ON_RELEASE_ONLY)
    return Exported(where.words, schema, release, _deliveries(todo, tables), steps, took_back)


def _deliveries(todo: Plan, tables: dict[str, CopiedTable]) -> int:
    return len({group for name, group in todo.send if tables[name].by_batch})
