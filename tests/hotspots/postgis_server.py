"""A PostgreSQL server with PostGIS for the tests alone, from the system's own packages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ABSENT = (
    "PostgreSQL with PostGIS is not installed on this machine (Debian: postgresql-15 and "
    "postgresql-15-postgis-3)"
)
PASSWORD = "Zq7-never-told"  # noqa: S105 (of a server that lives for seconds)
# Nothing is to survive a crash of the machine.
_CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 20
shared_buffers = 64MB
autovacuum = off
timezone = 'America/New_York'
log_statement = all
"""


@dataclass(frozen=True)
class Server:
    """A running server.

    ``socket``: folder of its socket, where the user postgres comes in without a password; ``port``:
    on 127.0.0.1, by password alone.
    """

    socket: Path
    port: int

    def address(self, database: str = "copy") -> str:
        return f"postgresql://127.0.0.1:{self.port}/{database}"

    def admin(self, database: str = "copy") -> dict:
        """What psycopg needs to come in as the superuser."""
        return {
            "host": str(self.socket),
            "port": self.port,
            "dbname": database,
            "user": "postgres",
            "autocommit": True,
        }


def why_not() -> str:
    """Why no server can be started here; empty where one can."""
    if _programs() is None:
        return ABSENT
    if os.getuid() == 0 and not _has_user():
        return "PostgreSQL does not run as root, and this machine has no user postgres"
    return ""


def _programs() -> Path | None:
    """Folder of the newest server's programs that has PostGIS, as Debian lays them out."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        extensions = Path("/usr/share/postgresql") / folder.parent.name / "extension"
        if (folder / "pg_ctl").exists() and (extensions / "postgis.control").exists():
            return folder
    return None


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own, with the database `copy`; stopped at the end.

    Where `why_not` has nothing to say.
    """
    folder = _programs()
    assert folder is not None, why_not()
    home = Path(tempfile.mkdtemp(prefix="ed-pg-"))
    if os.getuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    data, port = home / "data", _free_port()
    try:
        _as_server(
            folder / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C",
            "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync",
        )  # fmt: skip
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_CONFIGURATION)
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {home}"
        _as_server(folder / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
        try:
            server = Server(home, port)
            _make_database(server)
            yield server
        finally:
            _as_server(folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _make_database(server: Server) -> None:
    import psycopg

    with psycopg.connect(**server.admin("postgres")) as connection:
        connection.execute(f"CREATE ROLE writer LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("CREATE DATABASE copy OWNER writer")
    with psycopg.connect(**server.admin()) as connection:
        connection.execute("CREATE EXTENSION postgis")


def _as_server(*words: object) -> None:
    """Run a program of the server's as a user who may: it refuses root."""
    before = []
    if os.getuid() == 0:
        before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        if shutil.which("setpriv") is None:
            before = ["runuser", "-u", "postgres", "--"]
    done = subprocess.run(
        [*before, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def _has_user() -> bool:
    import pwd

    return any(user.pw_name == "postgres" for user in pwd.getpwall())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
