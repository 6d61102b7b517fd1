"""A zip of police files in the watched folder: each file of crimes in it is taken by itself."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from ed_ingest.claiming import put_away
from ed_ingest.delivered_files import FileRow
from ed_ingest.file_names import redact_file_name
from ed_ingest.file_states import new_file, read_files
from ed_ingest.inbox import look
from ed_ingest.leftovers import kept_at
from ed_ingest.police_downloads import police_files
from ed_ingest.store import Store
from ed_ingest.workspace import Workspace


def unpack_deliveries(
    store: Store, workspace: Workspace, row: FileRow, copy: Path, *, at: datetime
) -> int:
    """Put the files of crimes in a zip into processing/, to be taken from the next scan on.

    Each has an id that follows from the zip's, so that an end in the middle doubles nothing: what
    has a row already is left alone.

    Parameters
    ----------
    store, workspace
        Only one process may take files of a workspace at a time.
    row, copy
        The zip, and a copy of it on the local disk.
    at
        Now.

    Returns
    -------
    int
        How many there are.

    Raises
    ------
    FileError
        If it is damaged, locked, unpacks to too much, or holds no file of crimes.
    """
    known = {one.file_id for one in read_files(store.connection)}
    limit = workspace.settings.reading.max_file_mb
    with police_files(copy, max_file_mb=limit) as files:
        for number, path in enumerate(files.paths):
            part = row._replace(
                file_id=_part_id(row.file_id, number),
                ending=path.suffix.lower(),
                place="processing",
            )
            if part.file_id in known:
                continue
            target = kept_at(workspace, part)
            put_away(path, target)
            new_file(
                store.connection,
                path_key="",
                name=redact_file_name(path.name, provider=row.provider),
                ending=part.ending,
                provider=row.provider,
                seen=look(target),
                at=at,
                place="processing",
                file_id=part.file_id,
            )
    return len(files.paths)


def _part_id(file_id: str, number: int) -> str:
    """An id like any other, and the same each time."""
    return hashlib.sha256(f"{file_id} {number}".encode()).hexdigest()[: len(file_id)]
