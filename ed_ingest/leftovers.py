"""Put away what was handled, and find out what an end in mid-delivery left."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ed_ingest.arrivals import wait_before
from ed_ingest.claiming import make_private, put_away, write_whole
from ed_ingest.delivered_files import FileRow, Place
from ed_ingest.errors import FileError
from ed_ingest.file_names import kept_ending
from ed_ingest.file_states import change_file, new_file, read_files
from ed_ingest.file_systems import keep_owner_only
from ed_ingest.inbox import is_junk, look
from ed_ingest.providers import provider_ids
from ed_ingest.read import file_hash
from ed_ingest.store import Store
from ed_ingest.workspace import Workspace

_ID = re.compile(r"[0-9a-f]{12}")
REASON_ENDING = ".reason.txt"
NOT_THERE = "The file was taken away before it was read: put it into the inbox again."
REMOVED = "It was refused, and then taken away from quarantine/."
_NOT_REMOVED = "It cannot be removed from there yet."


def kept_at(workspace: Workspace, row: FileRow) -> Path:
    """Where a file lies that is in processing, quarantine or archive."""
    if row.place == "archive":
        return workspace.archive / row.provider / f"{row.batch_id or row.file_id}{row.ending}"
    name = Path(row.provider) / f"{row.file_id}{row.ending}"
    if row.place == "quarantine":
        return workspace.quarantine / name
    # It may have been claimed when the inbox lay elsewhere, or its share was connected otherwise.
    lies = [folder / name for folder in workspace.processing_folders if (folder / name).exists()]
    return lies[0] if lies else workspace.processing / name


def recover(store: Store, workspace: Workspace, *, at: datetime) -> None:
    """Give every file that was being taken when the program ended a state to go on from.

    Parameters
    ----------
    store, workspace
        Nobody else may be taking files of this workspace.
    at
        Now.
    """
    shutil.rmtree(workspace.incoming, ignore_errors=True)
    for row in read_files(store.connection, states=("claimed",)):
        if row.batch_id is not None:
            change_file(store.connection, row.file_id, at=at, state="stored")
        else:
            _again(store, workspace, row, at=at)
    known = {row.file_id: row for row in read_files(store.connection)}
    providers = provider_ids(workspace.root)
    for folder in workspace.processing_folders:
        for path in _files(folder, providers):
            _take_up(store, known.get(path.stem), path, at=at)
    for path in _files(workspace.quarantine, providers):
        if path.stem not in known and not path.name.endswith(REASON_ENDING):
            _adopt(store, path, "quarantine", at=at)


def clear_away(
    store: Store, workspace: Workspace, row: FileRow, source: Path, *, at: datetime
) -> FileRow:
    """Remove or keep the source of a handled file; what cannot be moved now stays till next time.

    Nothing is removed whose content is not what was taken: that is a new file.
    """
    try:
        if not source.exists():
            return change_file(
                store.connection, row.file_id, at=at, place=_moved_to(workspace, row)
            )
        if file_hash(source) != row.file_hash:
            return _written_on(store, workspace, row, source, at=at)
        if row.state == "refused":
            return _to_quarantine(store, workspace, row, source, at=at)
        if row.state == "stored" and workspace.settings.retention.raw_days:
            put_away(source, kept_at(workspace, row._replace(place="archive")))
            place: Place = "archive"
        else:
            source.unlink()
            place = "gone"
        if row.place == "quarantine":
            reason_path(source).unlink(missing_ok=True)
    except (OSError, FileError):
        return change_file(store.connection, row.file_id, at=at, reason=row.reason or _NOT_REMOVED)
    return change_file(store.connection, row.file_id, at=at, place=place, reason="")


def reason_path(path: Path) -> Path:
    """Where the reason of a file in quarantine lies, beside it."""
    return path.with_name(path.stem + REASON_ENDING)


def _moved_to(workspace: Workspace, row: FileRow) -> Place:
    """Where a file went that is not in its place: the program may have ended after moving it."""
    if row.state == "duplicate":
        return "gone"
    kept: Place = "quarantine" if row.state == "refused" else "archive"
    return kept if kept_at(workspace, row._replace(place=kept)).exists() else "gone"


def _to_quarantine(
    store: Store, workspace: Workspace, row: FileRow, source: Path, *, at: datetime
) -> FileRow:
    target = kept_at(workspace, row._replace(place="quarantine"))
    make_private(target.parent)
    # The reason first: a file in quarantine always has one beside it.
    write_whole(reason_path(target), row.reason + "\n")
    keep_owner_only(reason_path(target))
    if source != target:
        put_away(source, target)
    return change_file(store.connection, row.file_id, at=at, place="quarantine")


def _again(store: Store, workspace: Workspace, row: FileRow, *, at: datetime) -> None:
    """Go on at once; where the program ended at it before, others have their turn first."""
    wait = wait_before(row.attempts, scan_seconds=workspace.settings.inbox.scan_seconds)
    change_file(
        store.connection,
        row.file_id,
        at=at,
        state="retry",
        attempts=row.attempts + 1,
        next_try=at + wait,
    )


def _take_up(store: Store, row: FileRow | None, path: Path, *, at: datetime) -> None:
    """Have the row of a file in processing say that it lies there."""
    if row is None:
        _adopt(store, path, "processing", at=at)
    elif row.place == "inbox":  # renamed, and ended before it was written down
        change_file(store.connection, row.file_id, at=at, place="processing")
    elif row.place == "gone":  # its share was away, and is connected again
        again = {"state": "retry", "next_try": at, "told": False, "reason": ""}
        values = again if row.state == "refused" else {}
        change_file(store.connection, row.file_id, at=at, place="processing", **values)


def _written_on(
    store: Store, workspace: Workspace, row: FileRow, source: Path, *, at: datetime
) -> FileRow:
    """Somebody wrote to a file after it was taken: what it is now is a delivery of its own."""
    if row.place != "inbox":
        again = new_file(
            store.connection,
            path_key="",
            name=row.name,
            ending=row.ending,
            provider=row.provider,
            seen=look(source),
            at=at,
            place="processing",
        )
        put_away(source, kept_at(workspace, again))
    else:  # the next scan finds it as a new one
        change_file(store.connection, row.file_id, at=at, path_key="")
    return change_file(store.connection, row.file_id, at=at, place="gone")


def _adopt(store: Store, path: Path, place: Place, *, at: datetime) -> None:
    """Note a file that no row knows, as after a restored back-up, or put there by hand."""
    reason = _reason(path) if place == "quarantine" else ""
    try:
        if not _ID.fullmatch(path.stem) or path.suffix != kept_ending(path.name):
            # A name that somebody gave it may be a person's.
            path = path.rename(path.with_name(secrets.token_hex(6) + kept_ending(path.name)))
        seen = look(path)
    except OSError:  # open in another program, or not ours to read: the next scan tries again
        return
    row = new_file(
        store.connection,
        path_key="",
        name="…" + path.suffix,
        ending=path.suffix,
        provider=path.parent.name,
        seen=seen,
        at=at,
        place=place,
        file_id=path.stem,
    )
    if place == "quarantine":
        change_file(store.connection, row.file_id, at=at, state="refused", reason=reason)


def _files(folder: Path, providers: Collection[str]) -> Iterator[Path]:
    """Files in the providers' folders; the name of any other folder may be a person's."""
    with suppress(OSError):
        for path in sorted(folder.glob("*/*")):
            if path.parent.name not in providers or path.is_symlink() or is_junk(path.name):
                continue
            if path.is_file():
                yield path


def _reason(path: Path) -> str:
    try:
        return reason_path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return "The reason is not known any more."
