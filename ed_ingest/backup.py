"""Back up a workspace: its store, key, settings, providers and reference data, in one file."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ed_ingest import __version__, audit
from ed_ingest.alone import BACKUP_LOCK, alone
from ed_ingest.backup_file import KEY, SETTINGS, STORE, Manifest, is_part, write_backup
from ed_ingest.copies import copy_store, note_copy, providers_held
from ed_ingest.errors import WorkspaceError
from ed_ingest.file_systems import OWNER_ONLY_FILE, keep_owner_only, make_owner_only
from ed_ingest.store import open_store
from ed_ingest.store_tables import SCHEMA_VERSION, transaction
from ed_ingest.workspace import Workspace


class Backup(NamedTuple):
    """A back-up that was made.

    ``size``: bytes; ``counts``: rows by table; ``audit_problem``: what is wrong with the audit in
    it, empty for nothing.
    """

    path: Path
    sha256: str
    size: int
    manifest: Manifest
    counts: dict[str, int]
    audit_problem: str


def make_backup(workspace: Workspace, target: Path, *, at: datetime) -> Backup:
    """Back up a workspace, while others may go on reading and writing it.

    Files as delivered, outputs and logs are left out: the first are not to be kept, the others are
    made of the rest or kept where they are circulated. All reference data go in: an edition that
    a publisher has replaced cannot be had again, and places were found by it.

    Parameters
    ----------
    workspace
        An open workspace.
    target
        The file to make, outside of the workspace; must not be there.
    at
        Now, with offset.

    Raises
    ------
    WorkspaceError
        If the target is not right, there is no room or no right, a file has a name that other
        systems do not have, the key is missing, or another back-up is running.
    StoreError
        If the store is damaged.
    """
    target = target.absolute()
    _refuse_target(workspace, target)
    folder = workspace.store.parent
    busy = WorkspaceError(
        f"{workspace.root}: being backed up right now. Try again when that is done."
    )
    with _told(target), alone(folder, BACKUP_LOCK, busy=lambda: busy), _work_folder(folder) as work:
        with open_store(workspace.store):
            pass  # makes the store, or brings it up to date
        copy = work / workspace.store.name
        copy_store(workspace.store, copy)
        facts, counts, problem = _facts(copy, at)
        sources = _sources(workspace, copy, key_needed=counts["batches"] > 0)
        with _beside(target) as part:
            manifest = write_backup(part, sources, facts)
            sha256, size = _hash(part), part.stat().st_size
            _note_and_place(workspace, part, target, manifest, sha256, counts)
    return Backup(target, sha256, size, manifest, counts, problem)


def _refuse_target(workspace: Workspace, target: Path) -> None:
    inside = [workspace.root, workspace.inbox, workspace.outputs]
    if any(target.resolve().is_relative_to(folder.resolve()) for folder in inside):
        raise WorkspaceError(
            f"{target}: inside of the workspace. Name a file elsewhere, best on another disk: a "
            "back-up beside what it is of is lost with it."
        )
    if target.exists():
        raise WorkspaceError(f"{target}: there already. Name a new file; none is overwritten.")
    if not target.parent.is_dir():
        raise WorkspaceError(f"{target.parent}: no such folder. Make it, or name another.")


def _facts(copy: Path, at: datetime) -> tuple[dict[str, Any], dict[str, int], str]:
    """What the manifest says of the copied store, its records, and what is wrong with its audit."""
    with closing(sqlite3.connect(copy)) as connection:
        checked = audit.verify(connection)
        facts = {
            "product": f"ed-hotspots {__version__}",
            "made_at": at.isoformat(timespec="seconds"),
            "schema_version": SCHEMA_VERSION,
            "audit_head": checked.head,
            "providers": tuple(providers_held(connection)),
        }
        counts = {
            table: int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608
            for table in ("batches", "assaults", "crimes", "assault_counts")
        }
    return facts, counts, checked.problem


def _sources(workspace: Workspace, copy: Path, *, key_needed: bool) -> dict[str, Path]:
    """Path from the root -> the file to take, of all that goes into the back-up."""
    root = workspace.root
    found = [root / SETTINGS, *sorted((root / "providers").glob("*.toml"))]
    if workspace.reference.is_dir():
        found += sorted(p for p in workspace.reference.rglob("*") if p.is_file())
    if key_needed:
        workspace.key(needed=True)  # without it the records could not be recognised again
    if (root / KEY).is_file():
        found.append(root / KEY)
    names = {path.relative_to(root).as_posix(): path for path in found}
    ours = {n: p for n, p in names.items() if not any(s[0] in ".~" for s in n.split("/"))}
    odd = sorted(name for name in ours if not is_part(name))
    if odd:
        raise WorkspaceError(
            f"{odd[0]}: a name that not every system can have. Rename the file, and try again."
        )
    return {**ours, STORE: copy}


def _note_and_place(
    workspace: Workspace,
    part: Path,
    target: Path,
    manifest: Manifest,
    sha256: str,
    counts: dict[str, int],
) -> None:
    """Note the back-up and give the file its name: both, or neither."""
    placed = False
    try:
        with open_store(workspace.store) as store, transaction(store.connection):
            note_copy(
                store.connection,
                made_at=manifest.made_at,
                name=target.name,
                sha256=sha256,
                providers=list(manifest.providers),
            )
            audit.append(store.connection, "backup", f"back-up {sha256[:12]}", counts)
            _place(part, target)
            placed = True
    except BaseException:
        if placed:
            target.unlink(missing_ok=True)
        raise


def _place(part: Path, target: Path) -> None:
    """Give a file its name without taking another's place."""
    try:
        os.link(part, target)
    except (OSError, NotImplementedError):  # a share or a stick, without a second name for a file
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.rename(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty file beside the target, its owner's only; gone at the end."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=OWNER_ONLY_FILE, exist_ok=False)
        keep_owner_only(part)
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    """A folder for the copy of the store, on the store's own disk; gone at the end."""
    work = folder / "backing-up"
    shutil.rmtree(work, ignore_errors=True)  # of a back-up that was killed
    make_owner_only(work)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """What the system refuses, as a sentence with its remedy."""
    try:
        yield
    except OSError as error:
        remedy = {
            errno.ENOSPC: "There is no room: make some, or name another disk",
            errno.EEXIST: "The file is there already: name a new one",
        }.get(error.errno or 0, "See to the disk and your rights")
        raise WorkspaceError(
            f"{target.name}: the back-up was not made ({error.strerror}). {remedy}."
        ) from None


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
