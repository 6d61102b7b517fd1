"""The address of a PostgreSQL database: where it is, and never who comes in with which password."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ed_ingest.errors import EdHotspotsError

SCHEMES = ("postgresql://", "postgres://")
_SERVER = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])?(?::([0-9]{1,5}))?"
)
_LARGEST_PORT = 65_535
# PostgreSQL cuts a longer name short: it would be another database's.
_LONGEST_NAME = 63


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a database is.

    ``host``, ``port``: empty where the environment (``PGHOST``, ``PGPORT``) or else PostgreSQL's
    own default says; ``database``: its name.
    """

    host: str
    port: str
    database: str

    @property
    def words(self) -> str:
        """The address as it is told and audited: it holds no user and no password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        return f"postgresql://{host}{port}/{self.database}"


def is_database(address: str) -> bool:
    """Whether an address is meant to be of a PostgreSQL database."""
    return address.strip().lower().startswith(SCHEMES)


def read_address(address: str) -> DatabaseAddress:
    """Read ``postgresql://HOST[:PORT]/DATABASE``; no message repeats it, as it may hold a password.

    Without a host (``postgresql:///DATABASE``) the environment says where the server is.

    Raises
    ------
    EdHotspotsError
        If it holds a user, a password or an option, or is not such an address.
    """
    if "@" in address:
        raise EdHotspotsError(
            "--to: a user or password does not belong in the address, where other users of the "
            "machine and the shell's history can read it. Give postgresql://HOST/DATABASE, the "
            "user as PGUSER, and the password as PGPASSFILE or PGPASSWORD in the environment."
        )
    if "?" in address or "#" in address:
        raise EdHotspotsError(
            "--to: options do not belong in the address. Set them in the environment (PGSSLMODE, "
            "PGSSLROOTCERT, PGSERVICE …), and give postgresql://HOST[:PORT]/DATABASE."
        )
    scheme = next((s for s in SCHEMES if address.strip().lower().startswith(s)), "")
    place, _, database = address.strip()[len(scheme) :].partition("/")
    server = _SERVER.fullmatch(place)
    if not scheme or server is None or not _is_port(server[2]) or not _is_name(database):
        raise EdHotspotsError(_EXPECTED)
    return DatabaseAddress((server[1] or "").strip("[]"), server[2] or "", database)


_EXPECTED = (
    "--to: not the address of a database. Expected postgresql://HOST[:PORT]/DATABASE, with the "
    "name of one server, a port of digits and the name of a database."
)


def _is_port(port: str | None) -> bool:
    return port is None or 0 < int(port) <= _LARGEST_PORT


def _is_name(name: str) -> bool:
    # libpq takes a name with "=" for a whole set of options, a password among them; the audit
    # parts an address from what was sent there by a blank.
    plain = name.isprintable() and not set(name) & set("/=%\\'\" ")
    return bool(name) and plain and len(name.encode()) <= _LONGEST_NAME
