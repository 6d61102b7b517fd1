"""What PostgreSQL says, as one sentence with the remedy; never with its own words, or a value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ed_ingest.errors import EdHotspotsError
from hotspots.postgis_address import DatabaseAddress

# Its own words may hold a row ("Failing row contains …") or what was set in the environment.
_UNCHANGED = "Nothing was changed there."
# Words in libpq's messages on connecting -> what to tell; they carry no SQLSTATE.
_ON_CONNECTING = (
    (
        ("password authentication failed", "no password supplied", "pg_hba", "peer authentication"),
        "refuses the user. Set PGUSER, and PGPASSFILE or PGPASSWORD, in the environment, or ask "
        "its administrator to let this user in from this machine (pg_hba.conf).",
    ),
    (
        ("certificate", "SSL", "sslmode", "TLS"),
        "cannot be reached by TLS as it is asked for. Check PGSSLMODE and PGSSLROOTCERT, and "
        "the server's certificate.",
    ),
    (
        ("not permitted to log in",),
        "does not let this user log in. Set PGUSER to the role that was made for this.",
    ),
    (
        ("role ",),
        "knows no such user. Set PGUSER in the environment to the role that was made for this.",
    ),
    (
        ("does not exist",),
        "has no database of that name. Correct the address, or ask its administrator to make it.",
    ),
    (
        ("translate host name", "resolve", "Name or service"),
        "cannot be found by that name. Correct the host in the address.",
    ),
    (("too many", "remaining connection slots"), "has no connection free. Try again later."),
    (("starting up", "shutting down", "recovery"), "is not ready. Try again in a minute."),
)
_OTHERWISE = (
    "does not answer. Check host and port in the address, that the server runs, and that the "
    "firewall lets this machine reach it."
)
# SQLSTATE, or its first two characters -> what to tell while the copy is made.
_AT_WORK = {
    "42501": "The user lacks a right there. It must own the schema, or may create one in the "
    "database, and may make temporary tables: see docs/postgis.md.",
    "25006": "The database is read-only, as a stand-by is. Give the address of the one that is "
    "written to.",
    "53100": "The server's disk is full. Ask its administrator to make room, and try again.",
    "53": "The server is short of memory or connections. Try again later.",
    "55P03": "Another program holds the tables. Wait for it to end, and try again.",
    "57014": "The server ended the work at its time limit. Ask its administrator to raise "
    "statement_timeout for this user.",
    "57P": "The server was stopped meanwhile. Try again when it runs.",
    "08": "The connection was lost. Try again.",
    "40": "Another program changed the tables at the same time. Try again.",
    "23503": "The store holds links or records that refer to ones that are not there. Give "
    "ed-hotspots link, then the same command again; if that does not help, ed-hotspots doctor.",
    "42": "The tables there are not as this program made them. Drop the schema there as its owner "
    "(docs/postgis.md) and export again: nothing is lost, all is made anew from the store.",
}


@contextmanager
def told_plainly(address: DatabaseAddress) -> Iterator[None]:
    """Turn errors of PostgreSQL at work into sentences; nothing was committed then."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise EdHotspotsError(f"{address.words}: {at_work(error.sqlstate)} {_UNCHANGED}") from None


def on_connecting(address: DatabaseAddress, message: str) -> str:
    """Tell why no connection was made.

    Parameters
    ----------
    address
        Where to.
    message
        What libpq says; only looked at, never repeated.
    """
    for words, told in _ON_CONNECTING:
        if any(word in message for word in words):
            return f"{address.words}: the server {told}"
    return f"{address.words}: the server {_OTHERWISE}"


def at_work(sqlstate: str | None) -> str:
    """Tell what an error at work means, by its SQLSTATE; none where the connection is gone."""
    if sqlstate is None:
        return _AT_WORK["08"]
    for n in (5, 3, 2):
        if (told := _AT_WORK.get(sqlstate[:n])) is not None:
            return told
    return (
        f"PostgreSQL refused with code {sqlstate}. Ask its administrator what its log says of it."
    )
