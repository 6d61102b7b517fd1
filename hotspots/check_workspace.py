"""Check a workspace's settings, folders and rights."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ed_ingest.errors import SettingsError
from ed_ingest.file_names import redact_file_name
from ed_ingest.file_systems import has_rights, owner_only
from ed_ingest.settings import Partnership, RetentionSettings, Settings, load_settings
from ed_ingest.workspace import Workspace
from hotspots.findings import Finding, counted, fault, ok, warning

# Where what may name patients lies, or what is made from it; some are made only when needed.
_PRIVATE = ("store", "logs", "processing", "quarantine", "archive")
_OURS = ("store", "logs")  # their files have names of our own
_NEEDED = ("providers", "reference", "store")


def settings_findings(root: Path) -> tuple[list[Finding], Workspace]:
    """Check settings.toml; where it is wrong, the other checks go on with the defaults.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace.
    """
    try:
        settings = load_settings(root)
    except SettingsError as error:
        findings = [
            fault("settings.toml", str(error), "Correct it; the checks below take the defaults.")
        ]
        return findings, Workspace(root.resolve(), Settings(partnership=Partnership(name="")))
    findings = [ok("settings.toml", "settings.toml is valid.")]
    unsaid = [
        name
        for name, value in (
            ("marking", settings.partnership.marking),
            ("premises_names", settings.audiences.tasking.premises_names),
        )
        if value is None
    ]
    if unsaid:
        findings.append(
            warning(
                "settings.toml",
                f"Not said yet: {', '.join(unsaid)}. Nothing can be published before.",
                "Set it in settings.toml as your sharing agreement says.",
            )
        )
    return findings, Workspace(root.resolve(), settings)


def retention_findings(retention: RetentionSettings) -> list[Finding]:
    """Check how long records and files as delivered are kept."""
    findings = []
    if retention.records_months is None:
        findings.append(
            warning(
                "retention",
                "No time is set after which records are taken out: they are kept until it is.",
                "Set records_months under [retention] of settings.toml as your agreements say.",
            )
        )
    if retention.raw_days:
        findings.append(
            warning(
                "retention",
                "Files as delivered, which may name patients, are kept in archive/ for "
                f"{counted(retention.raw_days, 'day')}.",
                "Unless you need them, set raw_days = 0 under [retention] of settings.toml.",
            )
        )
    return findings or [
        ok("retention", f"Records are kept for {retention.records_months} whole months.")
    ]


def folder_findings(workspace: Workspace) -> list[Finding]:
    """Check that the workspace's folders are there and can be written to."""
    folders = {
        "providers": workspace.root / "providers",
        "reference": workspace.reference,
        "store": workspace.store.parent,
        "inbox": workspace.inbox,
        "outputs": workspace.outputs,
        "logs": workspace.root / "logs",
    }
    findings = []
    for name, folder in folders.items():
        if not folder.is_dir():
            # A folder named in [paths] that is not there is a share that is not connected.
            own = folder.parent == workspace.root
            needed = name in _NEEDED or not own
            findings.append(
                Finding(
                    f"folder {name}",
                    "fault" if needed else "warning",
                    "The folder is missing.",
                    "Make it again." if own else "Connect the share, or correct [paths].",
                )
            )
        elif name in ("store", "outputs", "logs") and not os.access(folder, os.W_OK):
            findings.append(
                fault(
                    f"folder {name}",
                    "You may not write to the folder.",
                    "Ask whoever keeps this machine for the right to write there.",
                )
            )
    return findings or [ok("folders", "All folders are there.")]


def rights_findings(workspace: Workspace) -> list[Finding]:
    """Check that the store, its key and the logs are their owner's alone."""
    folders = [p for p in (workspace.root / name for name in _PRIVATE) if p.is_dir()]
    private = [*folders, *(p for folder in folders for p in _files(folder))]
    alone = {path: owner_only(path) for path in (private if has_rights() else folders)}
    if not has_rights() and (False in alone.values() or None in alone.values()):
        return [
            warning(
                "rights",
                "Other accounts may read the store, or it cannot be told here who may.",
                "Give the workspace folder to the analyst's account only (Properties, Security).",
            )
        ]
    open_ones = [p for p, owners in alone.items() if owners is False]
    findings = [ok("rights", "Store, key and logs are their owner's alone.")]
    if open_ones:
        findings = [
            fault(
                "rights",
                "Other accounts of this machine may read or change "
                f"{_listed(open_ones, workspace.root)}.",
                f"In the workspace: chmod -R go-rwx {' '.join(p.name for p in folders)}",
            )
        ]
    inbox = workspace.inbox
    if has_rights() and inbox.is_dir() and inbox.stat().st_mode & 0o004:
        findings.append(
            warning(
                "rights of inbox",
                "Every account of this machine may read the inbox, where files name patients.",
                "In the workspace: chmod o-rwx inbox",
            )
        )
    return findings


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file())
    except OSError:  # not ours to read: then the folder's own rights count
        return []


def _listed(paths: Sequence[Path], root: Path) -> str:
    names = [_named(p.relative_to(root)) for p in paths[:3]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _named(path: Path) -> str:
    """Path inside the workspace; of a file as delivered without what may be a person's name."""
    if len(path.parts) == 1 or path.parts[0] in _OURS:
        return path.as_posix()
    return (path.parent / redact_file_name(path.name)).as_posix()
