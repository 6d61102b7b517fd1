"""Take one complete file into the store, or say why not: passing errors apart from lasting ones."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ed_ingest.arrivals import STILL_WRITTEN, wait_before
from ed_ingest.claiming import claim, copy_of, local_folder
from ed_ingest.delivered_files import FileRow
from ed_ingest.errors import (
    EdHotspotsError,
    FileError,
    OtherProviderError,
    ReferenceDataError,
    StoreError,
    WorkspaceError,
)
from ed_ingest.file_states import change_file
from ed_ingest.inbox import look
from ed_ingest.leftovers import clear_away, kept_at
from ed_ingest.pipeline import ingest
from ed_ingest.providers import load_provider
from ed_ingest.read import file_hash
from ed_ingest.store import Store
from ed_ingest.tables import Gazetteer
from ed_ingest.unpacking import unpack_deliveries
from ed_ingest.workspace import Workspace

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_NOT_REACHED = "It could not be reached. Check the disk or the share; it is tried again."
_LONDON = ZoneInfo("Europe/London")
# Of the machine or the workspace, not of the file: they may pass, and then it is tried again.
_PASSING = (OSError, MemoryError, StoreError, WorkspaceError, ReferenceDataError)


def take_file(
    store: Store,
    workspace: Workspace,
    row: FileRow,
    path: Path,
    *,
    gazetteer: Callable[[], Gazetteer],
    now: Callable[[], datetime],
) -> FileRow:
    """Take one file: claimed, copied, stored in one transaction, its source cleared away.

    Parameters
    ----------
    store, workspace
        Only one process may take files of a workspace at a time.
    row, path
        The file and where it lies.
    gazetteer
        Gives the workspace's reference data.
    now
        The clock, with time zone.

    Returns
    -------
    FileRow
        ``stored``, ``duplicate`` or ``refused``; ``retry`` after a passing error; ``waiting`` where
        somebody is still writing it.

    Raises
    ------
    StoreError
        If not even the state can be written.
    """
    try:
        row, source = _claimed(store, workspace, row, path, at=now())
        if row.state == "claimed":
            row = _taken(store, workspace, row, source, gazetteer=gazetteer, now=now)
    except _PASSING as error:
        return _again(store, workspace, row, _plain_words(error), at=now())
    except FileError:  # taken away or closed to us since the scan; its message names the file
        return _again(store, workspace, row, _NOT_REACHED, at=now())
    return row


def _claimed(
    store: Store, workspace: Workspace, row: FileRow, path: Path, *, at: datetime
) -> tuple[FileRow, Path]:
    content = file_hash(path)
    if look(path) != row.seen:
        return _still_written(store, row, path, at=at), path
    row = change_file(
        store.connection, row.file_id, at=at, state="claimed", file_hash=content, reason=""
    )
    target = kept_at(workspace, row._replace(place="processing"))
    if row.place == "inbox" and claim(path, target):
        row = change_file(store.connection, row.file_id, at=at, place="processing")
        path = target
    return row, path


def _taken(
    store: Store,
    workspace: Workspace,
    row: FileRow,
    source: Path,
    *,
    gazetteer: Callable[[], Gazetteer],
    now: Callable[[], datetime],
) -> FileRow:
    with local_folder(workspace.incoming, row.file_id) as folder:
        copy = folder / row.name
        if copy_of(source, copy) != row.file_hash:
            return _still_written(store, row, source, at=now())
        try:
            if _is_a_download(workspace, row):
                unpack_deliveries(store, workspace, row, copy, at=now())
                values = {"state": "stored", "batch_id": None}
            else:
                values = _ingested(workspace, row, copy, gazetteer())
        except _PASSING:
            raise
        except OtherProviderError as error:
            values = {"state": "refused", "reason": error.words_if_dropped}
        except EdHotspotsError as error:
            values = {"state": "refused", "reason": str(error)}
        except Exception as error:
            values = {"state": "refused", "reason": _where_it_failed(error)}
    if values["state"] == "refused":
        store.audit("refuse", row.file_id, {"bytes": row.size})
    row = change_file(store.connection, row.file_id, at=now(), attempts=0, next_try=None, **values)
    return clear_away(store, workspace, row, source, at=now())


def _is_a_download(workspace: Workspace, row: FileRow) -> bool:
    """Whether it is a zip of police files, as police.uk gives them."""
    return row.ending == ".zip" and load_provider(workspace.root, row.provider).kind == "police"


def _ingested(
    workspace: Workspace, row: FileRow, copy: Path, gazetteer: Gazetteer
) -> dict[str, str | None]:
    came = row.seen_at.astimezone(_LONDON).replace(tzinfo=None)
    receipt = ingest(
        copy,
        workspace,
        row.provider,
        received_at=came,
        gazetteer=gazetteer,
        file_id=row.file_id,
    )
    return {"state": receipt.state, "batch_id": receipt.batch_id}


def _still_written(store: Store, row: FileRow, path: Path, *, at: datetime) -> FileRow:
    seen = look(path)._asdict()
    return change_file(
        store.connection, row.file_id, at=at, state="waiting", reason=STILL_WRITTEN, **seen
    )


def _again(
    store: Store, workspace: Workspace, row: FileRow, reason: str, *, at: datetime
) -> FileRow:
    """Try again later: first after a scan, then after twice as long each time."""
    attempts = row.attempts + 1
    wait = wait_before(attempts, scan_seconds=workspace.settings.inbox.scan_seconds)
    return change_file(
        store.connection,
        row.file_id,
        at=at,
        state="retry",
        reason=reason,
        attempts=attempts,
        next_try=at + wait,
    )


def _plain_words(error: BaseException) -> str:
    """What passes, in words without a path or value: the machine's own messages name files."""
    if isinstance(error, EdHotspotsError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There was not enough memory. Close other programs; it is tried again."
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return "The disk is full. Make room; it is tried again."
    if isinstance(error, PermissionError):
        return (
            "It cannot be moved or read: another program has it open, or the rights are missing. "
            "It is tried again."
        )
    return _NOT_REACHED


def _where_it_failed(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"A fault in the program ({type(error).__name__} at {Path(frame.filename).name}:"
        f"{frame.lineno}). Please report this; after an upgrade: ed-hotspots retry -w …"
    )
