"""Retention: what was kept for its time is taken out, of the store and of the folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from ed_ingest import audit
from ed_ingest.delivered_files import FileRow
from ed_ingest.file_states import change_file, read_files
from ed_ingest.kept_files import older_files, remove_files
from ed_ingest.kept_since import kept_since
from ed_ingest.receipts import is_receipt, receipts_of
from ed_ingest.settings import RetentionSettings
from ed_ingest.store import Store, open_store
from ed_ingest.store_removal import (
    in_one,
    overwrite_freed,
    remove_gone_files,
    remove_older,
)
from ed_ingest.store_words import purge_held
from ed_ingest.workspace import Workspace

# Kinds of files, in the order in which they are told.
FILES = ("archived files", "quarantined files", "receipts", "logs")


@dataclass(frozen=True)
class Purged:
    """What was taken out, or would be.

    ``since``: first day whose records are kept, None for all; ``counts``: rows by table and files
    by kind, only those that are not 0; ``left``: how many files are open in another program;
    ``overwritten``: whether no trace of what was taken out is left in the store's file.
    """

    since: date | None
    counts: Mapping[str, int]
    left: int
    overwritten: bool


def purge(workspace: Workspace, *, now: datetime, dry_run: bool = False) -> Purged:
    """Take out what the workspace's settings keep no longer; again, it finds nothing.

    Records go by the day they are of, raw and refused files by the day on which they came to
    ``archive/`` or ``quarantine/``, held words by the day since which they are held, receipts and
    logs by the day of their last change.

    Parameters
    ----------
    workspace
        An open workspace.
    now
        The moment, with time zone.
    dry_run
        Only tell what would be taken out.
    """
    retention = workspace.settings.retention
    since = kept_since(now.astimezone().date(), retention.records_months)
    with open_store(workspace.store) as store:
        rows = read_files(store.connection, places=("archive", "quarantine"))
        found = _old_files(workspace, rows, now)
        left = [] if dry_run else remove_files(p for paths in found.values() for p in paths)
        files = {kind: len(set(paths) - set(left)) for kind, paths in found.items()}

        def work() -> dict[str, int]:
            return _of_store(store, retention, rows, left, since, now=now, files=files)

        counts = in_one(store.connection, work, keep=not dry_run)
        overwritten = dry_run or overwrite_freed(store.connection)
    return Purged(since, counts, len(left), overwritten)


def _old_files(workspace: Workspace, rows: list[FileRow], now: datetime) -> dict[str, list[Path]]:
    """Files past their time, by kind."""
    retention = workspace.settings.retention
    days = {name: now - timedelta(days=n) for name, n in _days(retention).items()}
    archived = {row.batch_id or row.file_id: row.changed_at for row in rows}
    # One that is being tried again is a delivery, not a refused file.
    refused = {r.file_id: r.changed_at if r.state == "refused" else None for r in rows}
    folders = [receipts_of(workspace.inbox, p.name) for p in workspace.inbox.glob("*")]
    receipts = [p for folder in folders if folder for p in older_files(folder, days["logs"])]
    return dict(
        zip(
            FILES,
            [
                older_files(workspace.archive, days["archive"], known=archived),
                older_files(workspace.quarantine, days["quarantine"], known=refused),
                [path for path in receipts if is_receipt(path.name)],
                older_files(workspace.root / "logs", days["logs"]),
            ],
            strict=True,
        )
    )


def _days(retention: RetentionSettings) -> dict[str, int]:
    return {
        "archive": retention.raw_days,
        "quarantine": retention.quarantine_days,
        "logs": retention.logs_days,
    }


def _of_store(
    store: Store,
    retention: RetentionSettings,
    rows: list[FileRow],
    left: list[Path],
    since: date | None,
    *,
    now: datetime,
    files: Mapping[str, int],
) -> dict[str, int]:
    """Rows of the store, in one transaction with the audit's entry."""
    connection = store.connection
    counts = remove_older(connection, since) if since else {}
    last_day = now.astimezone().date() - timedelta(days=retention.words_days)
    words = purge_held(connection, until=last_day)
    counts["held_words"] = counts.get("held_words", 0) + words
    still = {path.name.partition(".")[0] for path in left}
    for row in rows:
        days = _days(retention)[row.place]
        kept = row.place == "quarantine" and row.state != "refused"
        old = row.changed_at <= now - timedelta(days=days)
        if old and not kept and not still & {row.file_id, row.batch_id}:
            change_file(connection, row.file_id, at=now, place="gone")
    until = now - timedelta(days=retention.quarantine_days)
    counts["files"] = remove_gone_files(connection, until=until)
    counts = {kind: n for kind, n in {**counts, **files}.items() if n}
    if counts:
        subject = f"records before {since.isoformat()}" if since else "files, words and logs"
        audit.append(connection, "purge", subject, counts)
    return counts
