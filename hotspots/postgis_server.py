"""A connection to a PostGIS database, and the tables there: made where absent, refused if other."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ed_ingest.errors import EdHotspotsError
from hotspots.postgis_address import DatabaseAddress
from hotspots.postgis_faults import on_connecting
from hotspots.postgis_tables import comments, create_tables, layout_of_tables, quoted

if TYPE_CHECKING:
    from psycopg import Connection

OLDEST = 120000  # PostgreSQL 12: columns made by the database itself
_CONNECT_SECONDS = 10
_SETTINGS = (
    "SET LOCAL datestyle = 'ISO'",  # the hashes of rows are made of their text
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL lock_timeout = '60s'",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


class Copy(NamedTuple):
    """State of the copy: whether it was made now, and what `meta` tells of the last export."""

    is_new: bool
    store: str
    audit_head: str
    release: str | None


@contextmanager
def connected(address: DatabaseAddress) -> Iterator[Connection]:
    """Connect as the environment says, in one transaction that is undone unless committed.

    Raises
    ------
    EdHotspotsError
        If psycopg is not installed, or the server cannot be reached or refuses the user.
    """
    try:
        import psycopg
    except ImportError:
        raise EdHotspotsError(
            "export to PostgreSQL needs psycopg. Install it: python -m pip install "
            "'ed-hotspots[postgis]'"
        ) from None
    try:
        connection = psycopg.connect(
            host=address.host or None,
            port=address.port or None,
            dbname=address.database,
            connect_timeout=os.environ.get("PGCONNECT_TIMEOUT") or _CONNECT_SECONDS,
            client_encoding="UTF8",
            application_name="ed-hotspots",
        )
    except (psycopg.Error, OSError) as error:
        raise EdHotspotsError(on_connecting(address, str(error))) from None
    with closing(connection):
        yield connection


def prepare(connection: Connection, address: DatabaseAddress, schema: str, *, marking: str) -> Copy:
    """Check the database, keep other exports out until the end, and make what is not there yet.

    Raises
    ------
    EdHotspotsError
        If another export runs, the database is too old, not UTF-8 or without PostGIS, or the
        schema there is of another layout or not ours.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema) or schema.startswith("pg_"):
        raise EdHotspotsError("The schema's name must be of small letters, digits and underscores.")
    _require_server(connection, address)
    for setting in _SETTINGS:
        connection.execute(setting)
    if connection.info.server_version >= 140000:
        # What a killed export left there ends soon, even while it waits for something.
        connection.execute("SET LOCAL client_connection_check_interval = '2s'")
    lock = "SELECT pg_try_advisory_xact_lock(hashtextextended('ed-hotspots ' || %s, 0))"
    if not _value(connection, lock, schema):
        raise EdHotspotsError(
            f"{address.words}: another export to it is running. Wait for it to end, and give the "
            "command again."
        )
    postgis = _postgis(connection, address)
    copy = _found(connection, address, schema)
    if copy is None:
        # IF NOT EXISTS asks for the right to make one even where it is there.
        if _value(connection, "SELECT 1 FROM pg_namespace WHERE nspname = %s", schema) is None:
            connection.execute(f"CREATE SCHEMA {quoted(schema)}")
        for statement in create_tables(schema, postgis):
            connection.execute(statement)
        copy = Copy(True, "", "", None)
    _say(connection, schema, marking, is_new=copy.is_new)
    return copy


def note(
    connection: Connection, schema: str, *, store: str, head: str, release: str | None
) -> None:
    """Write down of which store and moment of it the copy is, and under which release."""
    connection.execute(
        f"UPDATE {quoted(schema)}.meta SET store = %s, audit_head = %s, release = %s,"  # noqa: S608
        " exported_at = now()",
        (store, head, release),
    )


def _require_server(connection: Connection, address: DatabaseAddress) -> None:
    if connection.info.server_version < OLDEST:
        raise EdHotspotsError(
            f"{address.words}: PostgreSQL is older than version 12. Use a newer server."
        )
    if (encoding := _value(connection, "SHOW server_encoding")) != "UTF8":
        raise EdHotspotsError(
            f"{address.words}: the database's encoding is {encoding}, and Welsh names do not fit. "
            "Ask its administrator for one of UTF-8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE "
            "template0;"
        )


def _postgis(connection: Connection, address: DatabaseAddress) -> str:
    """The schema in which PostGIS lies; the extension is made where that is allowed."""
    import psycopg

    where = (
        "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
        " WHERE extname = 'postgis'"
    )
    if (found := _value(connection, where)) is not None:
        return str(found)
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION postgis")
    except psycopg.Error:
        raise EdHotspotsError(
            f"{address.words}: PostGIS is not in this database, and this user may not put it "
            "there. Ask its administrator to install PostGIS on the server, and to give in this "
            "database: CREATE EXTENSION postgis;"
        ) from None
    return str(_value(connection, where))


def _found(connection: Connection, address: DatabaseAddress, schema: str) -> Copy | None:
    """The copy's state; None where there is none yet."""
    inside = (
        "SELECT bool_or(relname = 'meta') FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = %s"
    )
    has_meta = _value(connection, inside, schema)
    if has_meta is None:
        return None
    if not has_meta:
        raise EdHotspotsError(
            f"{address.words}: the schema {schema} holds tables that this program did not make. "
            "Ask its administrator to rename that schema."
        )
    row = connection.execute(
        f"SELECT layout, store, audit_head, release FROM {quoted(schema)}.meta"  # noqa: S608
    ).fetchone()
    layout, store, head, release = row or ("none", "", "", None)
    if layout != layout_of_tables():
        raise EdHotspotsError(
            f"{address.words}: the tables there were made by another version of ed-hotspots "
            f"(layout {layout}, this one makes {layout_of_tables()}). Give there, as the schema's "
            f"owner: DROP SCHEMA {schema} CASCADE; and export again: nothing is lost, all is made "
            "anew from the store; rights of readers must be granted again."
        )
    return Copy(False, str(store), str(head), release)


def _say(connection: Connection, schema: str, marking: str, *, is_new: bool) -> None:
    """Write the comments where they are others than before."""
    said = comments(schema, marking)
    now = hashlib.sha256("".join(said).encode()).hexdigest()[:12]
    inside = quoted(schema)
    if is_new:
        connection.execute(
            f"INSERT INTO {inside}.meta (layout, comments, store, audit_head, exported_at)"  # noqa: S608
            " VALUES (%s, '', '', '', now())",
            (layout_of_tables(),),
        )
    if _value(connection, f"SELECT comments FROM {inside}.meta") != now:  # noqa: S608
        for statement in said:
            connection.execute(statement)
        connection.execute(f"UPDATE {inside}.meta SET comments = %s", (now,))  # noqa: S608


def _value(connection: Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values or None).fetchone()
    return row[0] if row else None
