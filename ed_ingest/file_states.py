"""The table of the watched folder's files: what is known of each, and what became of it."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime

from ed_ingest.delivered_files import FileRow, Place, Seen, State

_NAMES = ", ".join(FileRow._fields)


def new_file(
    connection: sqlite3.Connection,
    *,
    path_key: str,
    name: str,
    ending: str,
    provider: str,
    seen: Seen,
    at: datetime,
    place: Place = "inbox",
    file_id: str = "",
) -> FileRow:
    """Note a file that was not known; its state is ``seen``."""
    file_id = file_id or secrets.token_hex(6)
    connection.execute(
        "INSERT INTO files (file_id, path_key, name, ending, provider, size, modified_ns, sample,"
        " state, place, seen_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'seen', ?, ?, ?)",
        (file_id, path_key, name, ending, provider, *seen, place, _text(at), _text(at)),
    )
    return file_of(connection, file_id)


def file_of(connection: sqlite3.Connection, file_id: str) -> FileRow:
    """Read the row of one file."""
    query = f"SELECT {_NAMES} FROM files WHERE file_id = ?"  # noqa: S608 (names of our own)
    return _row(connection.execute(query, (file_id,)).fetchone())


def read_files(
    connection: sqlite3.Connection,
    *,
    states: tuple[State, ...] = (),
    places: tuple[Place, ...] = (),
    untold: bool = False,
) -> list[FileRow]:
    """Read the rows of files in these states and places, all where none are given; oldest first.

    ``untold``: of those only the ones whose receipt was not written.
    """
    wanted = [
        f"{column} IN ({', '.join('?' * len(values))})"
        for column, values in (("state", states), ("place", places))
        if values
    ]
    where = " AND ".join(["TRUE", *wanted, *(["NOT told"] if untold else [])])
    query = f"SELECT {_NAMES} FROM files WHERE {where} ORDER BY seen_at, rowid"  # noqa: S608 (names of our own)
    return [_row(row) for row in connection.execute(query, [*states, *places])]


def count_files(connection: sqlite3.Connection) -> dict[str, int]:
    """How many files are in each state."""
    return dict(connection.execute("SELECT state, COUNT(*) FROM files GROUP BY state").fetchall())


def change_file(
    connection: sqlite3.Connection, file_id: str, *, at: datetime, **values: object
) -> FileRow:
    """Write some values of a file's row, and when."""
    stored = {"changed_at": at, **values}
    settings = ", ".join(f"{name} = ?" for name in stored)
    connection.execute(
        f"UPDATE files SET {settings} WHERE file_id = ?",  # noqa: S608 (names of our own)
        [*(_text(v) if isinstance(v, datetime) else v for v in stored.values()), file_id],
    )
    return file_of(connection, file_id)


def forget_file(connection: sqlite3.Connection, file_id: str) -> None:
    """Take out the row of a file of which nothing was ever taken."""
    connection.execute("DELETE FROM files WHERE file_id = ?", (file_id,))


def mark_committed(connection: sqlite3.Connection, file_id: str, *, batch_id: str) -> None:
    """Say, in the transaction that stores its records, which batch a file has become."""
    connection.execute("UPDATE files SET batch_id = ? WHERE file_id = ?", (batch_id, file_id))


def _row(values: tuple[object, ...]) -> FileRow:
    row = FileRow(*values)  # type: ignore[arg-type]  # texts of times are parsed below
    return row._replace(
        next_try=None if row.next_try is None else _time(str(row.next_try)),
        seen_at=_time(str(row.seen_at)),
        changed_at=_time(str(row.changed_at)),
        told=bool(row.told),
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
