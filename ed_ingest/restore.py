"""Restore a workspace from a back-up: all of it or nothing, and what was there is put aside."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ed_ingest import audit
from ed_ingest.alone import SERVICE_LOCK, alone
from ed_ingest.backup_file import KEY, STORE, Manifest, read_manifest, unpack
from ed_ingest.copies import BEFORE_RESTORE, note_copy, single_file
from ed_ingest.earlier_store import Before, bring_to_rest, read_before
from ed_ingest.errors import FileError, WorkspaceError
from ed_ingest.exchange import exchange, staging
from ed_ingest.file_systems import keep_owner_only, make_owner_only
from ed_ingest.quarantine import note_quarantine
from ed_ingest.store import open_store
from ed_ingest.store_tables import SCHEMA_VERSION, transaction
from ed_ingest.what_left import entries_of_what_left
from ed_ingest.workspace import make_folders

_BUSY = "The service runs on this workspace, or another restore. Stop the service, and try again."
_JOURNALS = tuple(f"{STORE}-{ending}" for ending in ("wal", "shm", "journal"))


class Restored(NamedTuple):
    """What was restored.

    ``put_aside``: where what was there lies now, none where nothing was; ``missing``: by provider,
    how many deliveries that store held and this one does not; ``erased``: providers that were
    erased there since the back-up, and are back; ``audit_problem``: what is wrong with the restored
    audit, empty for nothing.
    """

    root: Path
    manifest: Manifest
    put_aside: Path | None
    missing: dict[str, int]
    erased: list[str]
    audit_problem: str


def restore_backup(file: Path, root: Path, *, at: datetime) -> Restored:
    """Bring a workspace to what it was when it was backed up, or make it anew.

    Parameters
    ----------
    file
        The back-up.
    root
        The workspace: one that exists, or a folder that does not or is empty. Reference data that
        the back-up does not hold stay; all else that it would change is put aside first.
    at
        Now, with offset.

    Raises
    ------
    FileError
        If the file is no whole back-up, or a newer version made it.
    WorkspaceError
        If the folder is something else, the service runs, or a file cannot be replaced.
    StoreError
        If the folder lies on a network share.

    In each of these cases nothing has changed.
    """
    manifest = read_manifest(file)
    if manifest.schema_version > SCHEMA_VERSION:
        raise FileError(f"{file.name}: made by a newer ed-hotspots. Upgrade this one first.")
    root = root.resolve()
    new = _is_new(root)
    try:
        make_folders(root) if new else make_owner_only(root / "store")
        with alone(root / "store", SERVICE_LOCK, busy=lambda: WorkspaceError(f"{root}: {_BUSY}")):
            return _restore(file, manifest, root, at)
    except OSError as error:
        raise WorkspaceError(
            f"{root}: cannot be restored to ({error.strerror}). See to the room on the disk and "
            "to your rights, and try again."
        ) from None
    finally:
        if new and not (root / STORE).exists():
            shutil.rmtree(root, ignore_errors=True)


def _is_new(root: Path) -> bool:
    if not root.exists() or (root.is_dir() and not any(root.iterdir())):
        return True
    if not any((root / name).exists() for name in ("settings.toml", "providers", "store")):
        raise WorkspaceError(
            f"{root}: neither a workspace nor empty. Name the workspace, or a new folder."
        )
    return False


def _restore(file: Path, manifest: Manifest, root: Path, at: datetime) -> Restored:
    staged = staging(root)
    unpack(file, manifest, staged)
    before = read_before(root / STORE)
    aside = f"{BEFORE_RESTORE}{at:%Y%m%d-%H%M%S}"
    there = any((root / part).exists() for part in manifest.parts)
    problem, missing = _make_ready(file, manifest, root, staged, before, at, aside if there else "")
    bring_to_rest(root / STORE)
    # The store comes last: until it is there, no command takes the rest for a whole workspace.
    parts = sorted(manifest.parts, key=lambda name: (name == STORE, name))
    providers = [f"providers/{p.name}" for p in (root / "providers").glob("*.toml")]
    gone = [*(p for p in providers if p not in manifest.parts), *_JOURNALS]
    exchange(root, parts, gone=gone, aside=aside)
    put_aside = root / "store" / aside
    return Restored(
        root=root,
        manifest=manifest,
        put_aside=put_aside if put_aside.exists() else None,
        missing=missing,
        erased=_erased_since(before, manifest),
        audit_problem=problem,
    )


def _erased_since(before: Before, manifest: Manifest) -> list[str]:
    made_at = datetime.fromisoformat(manifest.made_at)
    since = {p for p, at in before.erased if datetime.fromisoformat(at) >= made_at}
    return sorted(since & set(manifest.providers))


def _make_ready(
    file: Path,
    manifest: Manifest,
    root: Path,
    staged: Path,
    before: Before,
    at: datetime,
    aside: str,
) -> tuple[str, dict[str, int]]:
    """Check the unpacked store, bring it up to date, and note in it that it was restored."""
    path = staged / STORE
    keep_owner_only(path)
    if (staged / KEY).exists():
        keep_owner_only(staged / KEY)
    with open_store(path, copied=False) as store:
        connection = store.connection
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise FileError(f"{file.name}: its store is damaged. Use an earlier back-up.")
        if store.holds_batches() and KEY not in manifest.parts:
            raise FileError(f"{file.name}: its key is missing. Use an earlier back-up.")
        problem = audit.verify(connection).problem
        held = {name for (name,) in connection.execute("SELECT batch_id FROM batches")}
        missing = Counter(p for name, p in before.batches.items() if name not in held)
        with transaction(connection):
            _note_copies(connection, file, manifest, before, at, aside)
            _note_what_left(connection, before)
            note_quarantine(connection, root / "quarantine", at=at)
            subject = f"back-up of {manifest.made_at}"
            if before.entries:
                subject += f"; put aside: audit of {before.entries} entries, head {before.head}"
            audit.append(
                connection, audit.RESTORED, subject, {"deliveries_missing": missing.total()}
            )
    with closing(sqlite3.connect(path, isolation_level=None)) as alone_here:
        single_file(alone_here)
    return problem, dict(sorted(missing.items()))


def _note_what_left(connection: sqlite3.Connection, before: Before) -> None:
    """What left since the back-up holds records still: `erase` must be able to name it."""
    known = set(entries_of_what_left(connection))
    for at, action, subject in before.left:
        if (at, action, subject) not in known:
            audit.append(connection, action, subject, {})


def _note_copies(
    connection: sqlite3.Connection,
    file: Path,
    manifest: Manifest,
    before: Before,
    at: datetime,
    aside: str,
) -> None:
    """Copies made since, the back-up itself and what is put aside still hold records."""
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    own = (manifest.made_at, file.name, sha256, json.dumps(list(manifest.providers)))
    known = set(connection.execute("SELECT made_at, name, sha256, providers FROM backups"))
    hashes = {row[2] for row in {*known, *before.copies} if row[2]}
    new = {*before.copies, *(() if sha256 in hashes else (own,))} - known
    for made_at, name, content, providers in sorted(new):
        note_copy(
            connection,
            made_at=made_at,
            name=name,
            sha256=content,
            providers=json.loads(providers),
        )
    if aside:
        note_copy(
            connection,
            made_at=at.isoformat(timespec="seconds"),
            name=f"store/{aside}",
            sha256="",
            # Of a store that cannot be read it is not known whose records it holds.
            providers=before.providers or list(manifest.providers),
        )
