"""The command doctor: look at everything that a workspace needs, and change nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from hotspots.check_circulation import circulation_findings
from hotspots.check_copies import copies_findings
from hotspots.check_machine import disk_findings, file_system_findings, time_findings
from hotspots.check_providers import provider_findings
from hotspots.check_reference import reference_findings
from hotspots.check_store import key_findings, store_findings
from hotspots.check_workspace import (
    folder_findings,
    retention_findings,
    rights_findings,
    settings_findings,
)
from hotspots.findings import Finding, worst

KEY_FILE = "workspace.key"


def examine(root: Path, *, now: datetime) -> dict[str, list[Finding]]:
    """Check a workspace and the machine that it lies on.

    Parameters
    ----------
    root
        The workspace.
    now
        Local wall-clock time without zone.

    Returns
    -------
    dict
        Title of a group of checks -> its findings, in the order in which they are read.

    Raises
    ------
    WorkspaceError
        If the folder is no workspace.
    """
    settings, workspace = settings_findings(root)
    store = workspace.store
    of_store, received = store_findings(store)
    disks = {"the store": store.parent, "the outputs": workspace.outputs}
    return {
        "Settings": [*settings, *retention_findings(workspace.settings.retention)],
        "Providers": provider_findings(
            root,
            deliveries=received.deliveries,
            settings=workspace.settings,
            today=now.date(),
        ),
        "Folders": [
            *folder_findings(workspace),
            *rights_findings(workspace),
            *circulation_findings(workspace.settings.circulation, workspace.root),
        ],
        "Store": [
            *of_store,
            *key_findings(store.with_name(KEY_FILE), batches=received.batches),
            *copies_findings(store, now=now, batches=received.batches),
        ],
        "Machine": [
            *file_system_findings(store.parent),
            *disk_findings(disks.items()),
            *time_findings(now, newest=received.newest),
        ],
        "Reference data": reference_findings(workspace.reference),
    }


def told(groups: dict[str, list[Finding]]) -> dict[str, Any]:
    """The findings for machines: ``state``, ``counts`` by state, ``checks``."""
    findings = [finding for group in groups.values() for finding in group]
    counts = Counter(finding.state for finding in findings)
    return {
        "state": worst(findings),
        "counts": {state: counts[state] for state in ("ok", "warning", "fault")},
        "checks": [
            {"group": title, **finding._asdict()}
            for title, group in groups.items()
            for finding in group
        ],
    }
