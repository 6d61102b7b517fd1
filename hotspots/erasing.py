"""Erasure: all of one provider goes, from the store, the folders and the kept packs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ed_ingest import audit
from ed_ingest.errors import FileError, SettingsError, WorkspaceError
from ed_ingest.file_states import read_files
from ed_ingest.kept_files import empty_folder
from ed_ingest.linking import link_records
from ed_ingest.providers import provider_ids
from ed_ingest.receipts import receipt_name, receipts_of
from ed_ingest.same_content import files_of_content, nobodys_files
from ed_ingest.store import Store, open_store
from ed_ingest.store_removal import (
    content_of,
    holds_provider,
    in_one,
    overwrite_freed,
    remove_provider,
)
from ed_ingest.toml_tables import PROVIDER_ID
from ed_ingest.what_left import Left, backed_up, circulated, databases, exported, published
from ed_ingest.workspace import Workspace
from hotspots.kept_packs import Kept, kept_packs, remove_packs


@dataclass(frozen=True)
class Elsewhere:
    """What may still hold records of a provider, and only a person can destroy.

    ``backups``: that hold them; ``packs``: published ones made from them, or no longer kept here,
    so that it cannot be told; ``copies``: of these packs, in the folders of their audiences;
    ``exports``: tables that were written to files; ``databases``: with a copy; ``unreadable``:
    packs under outputs/ whose manifest cannot be read; ``nobodys``: how many files lie in the inbox
    outside of the providers' folders.
    """

    backups: list[Left] = field(default_factory=list)
    packs: list[Left] = field(default_factory=list)
    copies: list[Left] = field(default_factory=list)
    exports: list[Left] = field(default_factory=list)
    databases: list[Left] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    nobodys: int = 0


@dataclass(frozen=True)
class Erased:
    """What was removed: rows by table, files and packs; what else there is; nothing of a value.

    ``files_kept``: those of the provider under ``providers/``, with earlier ones.
    """

    provider: str
    counts: Mapping[str, int]
    packs: list[str]
    elsewhere: Elsewhere
    overwritten: bool
    files_kept: list[str]


def erase_provider(
    workspace: Workspace, provider: str, *, now: datetime, forget_provider: bool = False
) -> Erased:
    """Remove all of a provider. Ended in the middle, it is finished by doing it again.

    Files and packs go first, then all rows in one transaction; then the other providers' records
    are linked again.

    Parameters
    ----------
    workspace
        An open workspace; no service may be running on it.
    provider
        Its id; its file under ``providers/`` may be gone already.
    now
        The moment, with time zone.
    forget_provider
        Remove ``providers/<id>.toml`` and its earlier ones too.

    Raises
    ------
    SettingsError
        If neither a file under ``providers/`` nor a record is of that provider.
    WorkspaceError
        If a file is open in another program; what could be removed is gone.
    """
    with open_store(workspace.store) as store:
        _require_known(workspace, store, provider)
        packs = kept_packs(workspace.outputs, provider)
        store.audit("erase begun", provider, {"packs": len(packs.of_provider)})
        elsewhere = _elsewhere(workspace, store, provider, packs)
        n_files = _remove_files(workspace, store, provider, packs)

        def work() -> dict[str, int]:
            rows = remove_provider(store.connection, provider)
            told = {**rows, "files on disk": n_files, "packs": len(packs.of_provider)}
            audit.append(store.connection, "erase", provider, told)
            return told

        counts = in_one(store.connection, work, keep=True)
        others = any(len(store.read(table)) for table in ("assaults", "crimes"))
    if others:
        link_records(workspace)
    with open_store(workspace.store) as store:
        overwritten = overwrite_freed(store.connection)
    own_files = _own_files(workspace, provider)
    if forget_provider:
        for path in own_files:
            path.unlink(missing_ok=True)
    kept = [path.name for path in own_files if path.exists()]
    return Erased(provider, counts, packs.of_provider, elsewhere, overwritten, kept)


def _own_files(workspace: Workspace, provider: str) -> list[Path]:
    """Its file under providers/, and earlier ones that `profile` keeps (.toml.old and so on)."""
    folder, name = workspace.root / "providers", f"{provider}.toml"
    return [folder / name, *sorted(folder.glob(f"{name}.old*"))]


def _require_known(workspace: Workspace, store: Store, provider: str) -> None:
    # The name becomes a path: nothing but an id may.
    if not re.fullmatch(PROVIDER_ID, provider) or not (
        provider in provider_ids(workspace.root)
        or holds_provider(store.connection, provider)
        or any((folder / provider).is_dir() for folder in _folders(workspace))
    ):
        known = ", ".join(provider_ids(workspace.root)) or "none"
        raise SettingsError(
            f"--provider: nothing here is of a provider of that name (known: {known}). Correct it."
        )


def _elsewhere(workspace: Workspace, store: Store, provider: str, packs: Kept) -> Elsewhere:
    """Asked before anything is removed: the manifests tell which packs are concerned."""
    kept = {p.name for p in workspace.outputs.iterdir()} if workspace.outputs.is_dir() else set()
    concerned = [
        pack
        for pack in published(store.connection)
        if pack.name in packs.of_provider or pack.name not in kept
    ]
    return Elsewhere(
        backups=backed_up(store.connection, provider),
        packs=concerned,
        copies=[
            copy
            for copy in circulated(store.connection)
            if copy.name.partition(" ")[0] in {pack.name for pack in concerned}
            and not copy.name.endswith(" mail")
        ],
        exports=exported(store.connection),
        databases=databases(store.connection),
        unreadable=packs.unreadable,
        nobodys=nobodys_files(workspace.inbox, {provider, *provider_ids(workspace.root)}),
    )


def _remove_files(workspace: Workspace, store: Store, provider: str, packs: Kept) -> int:
    """Delivered files, receipts, copies, packs and the draft; how many delivered files."""
    hashes = content_of(store.connection, provider)
    files = read_files(store.connection)
    rows = [row for row in files if row.provider == provider or row.file_hash in hashes]
    try:
        n = sum(empty_folder(folder / provider) for folder in _folders(workspace))
        n += _remove_with_others(workspace, hashes)
        for row in rows:
            if row.provider != provider and (its := receipts_of(workspace.inbox, row.provider)):
                (its / receipt_name(row)).unlink(missing_ok=True)
        n += sum(empty_folder(workspace.incoming / row.file_id) for row in rows)
        remove_packs(workspace.outputs, packs.of_provider)
    except (OSError, FileError):
        raise WorkspaceError(
            f"Files of {provider}, files that may be its, or packs are open in another program, "
            "or not yours to remove. Close them, and give the same command again: it goes on from "
            "here."
        ) from None
    return n


def _remove_with_others(workspace: Workspace, hashes: frozenset[str]) -> int:
    """What was dropped into another provider's folder, and waits or was refused there."""
    found = files_of_content(_folders(workspace), hashes)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _folders(workspace: Workspace) -> list[Path]:
    """Where files as delivered may lie, a folder for each provider."""
    processing = workspace.processing_folders
    return [workspace.inbox, *processing, workspace.quarantine, workspace.archive]
