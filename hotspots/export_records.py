"""Keep a copy of all records elsewhere in step with the store, as record files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ed_ingest.alone import EXPORT_LOCK, alone
from ed_ingest.errors import EdHotspotsError
from ed_ingest.store import Store, open_store
from ed_ingest.store_tables import one_state
from ed_ingest.workspace import Workspace
from hotspots.export import ON_RELEASE_ONLY
from hotspots.record_files import RECORD_TABLES, write_records
from hotspots.record_storage import local_folder, open_storage

Tell = Callable[[int, int], None]
_BUSY = "Another export of this workspace is running. Wait until it has ended."


@dataclass(frozen=True)
class ExportedAll:
    """What an export left at an address.

    Attributes
    ----------
    to
        The address, without anything that could open it.
    rows
        Rows there, by table.
    files
        Files of records there, of this workspace or another.
    stayed
        Tables that did not leave, for want of a release.
    """

    to: str
    rows: dict[str, int]
    files: int
    stayed: list[str] = field(default_factory=list)


def export_to_files(
    workspace: Workspace, address: str, release: str | None, *, tell: Tell | None = None
) -> ExportedAll:
    """Write all records to an address; what was there of this workspace is brought in step.

    Parameters
    ----------
    workspace
        An open workspace.
    address
        A folder outside of the workspace, or an address that fsspec knows.
    release
        The sharing agreement's reference under which crimes and links leave too; without it they
        stay, and those of an earlier export are deleted.
    tell
        Told how many rows there are, and how many are done.

    Raises
    ------
    EdHotspotsError
        If the address holds credentials or cannot be used, or another export is running.
    """
    folder = workspace.store.parent
    with alone(folder, EXPORT_LOCK, busy=lambda: EdHotspotsError(_BUSY)):
        return _to_files(workspace, address, release, tell=tell)


def _to_files(
    workspace: Workspace, address: str, release: str | None, *, tell: Tell | None
) -> ExportedAll:
    _refuse_own_folders(workspace, address)
    release = (release or "").strip()
    storage = open_storage(address)
    storage.listed("_index")  # an address that cannot be reached is told before anything is noted
    stayed = [] if release else [t for t in RECORD_TABLES if t in ON_RELEASE_ONLY]
    with open_store(workspace.store) as store:
        source = _source(workspace, store)
        with one_state(store.connection):
            tables = {t: store.read(t) for t in RECORD_TABLES if t not in stayed}
        rows = {name: len(table) for name, table in tables.items()}
        # Noted before the first file leaves: an export that is cut off has left, too.
        names = " ".join(tables)
        store.audit("export", f"{names} to {storage.told} {release}".strip(), rows)
        files = write_records(tables, address, source=source, tell=tell)
    return ExportedAll(storage.told, rows, len(files.partitions), stayed)


def _source(workspace: Workspace, store: Store) -> str:
    """Name the workspace at an address where others export to; tells nothing of its key."""
    key = workspace.key(needed=store.holds_batches())
    return hashlib.sha256(b"record files of " + key).hexdigest()[:16]


def _refuse_own_folders(workspace: Workspace, address: str) -> None:
    """What is exported must not come in again, be published, or go into a back-up."""
    folder = local_folder(address)
    if folder is None:
        return
    place = Path(os.path.realpath(folder))
    circulated = (workspace.root / f for f in workspace.settings.circulation.folders.values())
    for ours in (workspace.root, workspace.inbox, workspace.outputs, *circulated):
        own = Path(os.path.realpath(ours))
        if place.is_relative_to(own) or own.is_relative_to(place):
            raise EdHotspotsError(
                "export --to: name a folder outside of the workspace, its inbox, its outputs and "
                "the folders of [circulation]."
            )
