"""The command line's purge and erase: what is kept no longer goes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspots.findings import counted
from hotspots.printing import print_figures

if TYPE_CHECKING:
    from ed_ingest.retention import Purged
    from ed_ingest.what_left import Left
    from hotspots.erasing import Erased

WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def purge(
    workspace: WorkspaceOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be taken out.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take out what has been kept for its time: records, words, files, receipts and logs."""
    from ed_ingest.retention import purge as take_out
    from ed_ingest.workspace import open_workspace

    purged = take_out(open_workspace(workspace), now=_now(), dry_run=dry_run)
    print_figures({**asdict(purged), "dry_run": dry_run}, purge_lines(purged, dry_run), as_json)


def erase(
    workspace: WorkspaceOption,
    provider: Annotated[str, typer.Option("--provider", help="Id of the provider.")],
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    forget_provider: Annotated[
        bool, typer.Option("--forget-provider", help="Remove its file under providers/ too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove all of a provider: records, files, receipts, and the packs made from them."""
    from ed_ingest.alone import BACKUP_LOCK, alone
    from ed_ingest.errors import EdHotspotsError
    from ed_ingest.lease import lease
    from ed_ingest.workspace import open_workspace
    from hotspots.erasing import erase_provider

    opened = open_workspace(workspace)
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise EdHotspotsError("erase cannot be undone: add --yes to do it without a question.")
        typer.confirm(
            f"Remove all records, files and packs of {provider}? It cannot be undone", abort=True
        )
    folder = opened.store.parent
    # A service would take files meanwhile; a back-up would hold the provider, and not be told of.
    with lease(folder, now=_now()), alone(folder, BACKUP_LOCK, busy=lambda: EdHotspotsError(_BUSY)):
        erased = erase_provider(opened, provider, now=_now(), forget_provider=forget_provider)
    print_figures(asdict(erased), erase_lines(erased), as_json)


def purge_lines(purged: Purged, dry_run: bool) -> list[str]:
    """What was taken out, in plain words."""
    kept = f"Records are kept from {purged.since:%d %B %Y} on." if purged.since else _NO_PERIOD
    verb = "would be taken out" if dry_run else "taken out"
    lines = [kept, *_counted(purged.counts, verb)]
    if not purged.counts:
        lines.append("Nothing has been kept beyond its time.")
    elif not dry_run:
        lines.append(_ELSEWHERE)
    if purged.left:
        lines.append(
            f"{purged.left} files are open in another program: close them, and purge again."
        )
    return [*lines, *_trace(purged.overwritten)]


def erase_lines(erased: Erased) -> list[str]:
    """What was removed, and what is left for a person to do, in plain words."""
    other = erased.elsewhere
    lines = [f"All of {erased.provider} is removed here.", *_counted(erased.counts, "removed")]
    lines += [f"Pack removed: {name}" for name in erased.packs]
    lines += _trace(erased.overwritten)
    lines += _by_hand("Back-ups that still hold it; destroy them:", other.backups)
    lines += _by_hand(
        "Published packs that hold or may hold it; have every copy destroyed:", other.packs
    )
    lines += _by_hand(
        "Copies of these packs in the folders of [circulation]; destroy them too:", other.copies
    )
    lines += _by_hand("Exported tables that may hold it; find the files:", other.exports)
    lines += _by_hand(
        "Databases with a copy; give export --to again, and it goes there too, but not from their "
        "back-ups:",
        other.databases,
    )
    if other.unreadable:
        lines.append(
            f"Packs whose manifest cannot be read; look yourself: {', '.join(other.unreadable)}"
        )
    if other.nobodys:
        lines.append(
            f"{counted(other.nobodys, 'file lies', 'files lie')} in the inbox outside of the "
            "providers' folders, and nobody knows whose: look at them."
        )
    if erased.files_kept:
        names = ", ".join(f"providers/{name}" for name in erased.files_kept)
        lines.append(
            f"Kept: {names}, with words of coded columns; the same command with --forget-provider "
            "removes what is of this provider there."
        )
    return [
        *lines,
        "Kept: the audit, which holds no value, and reference/aliases.csv, the answers on places. "
        "Make the month packs anew with: ed-hotspots publish",
    ]


def _counted(counts: Mapping[str, int], verb: str) -> list[str]:
    return [f"  {n} {_WORDS.get(kind, kind)} {verb}" for kind, n in counts.items() if n]


def _by_hand(title: str, left: list[Left]) -> list[str]:
    return [title, *(f"  {one.name} ({one.at[:10]})" for one in left)] if left else []


def _trace(overwritten: bool) -> list[str]:
    if overwritten:
        return []
    return [
        "Somebody was reading the store, so that traces may be left in its journal: give the "
        "command again when nobody is."
    ]


_WORDS = {
    "analyses": "kept results",
    "assault_counts": "counts",
    "batches": "deliveries",
    "files": "entries on delivered files",
    "held_back": "entries on rows held back",
    "held_words": "records' held words",
    "hot_spot_history": "hot spots of earlier months",
    "jobs": "notices",
    "superseded": "former versions of records",
    "withdrawn": "entries on records withdrawn",
}
_ELSEWHERE = (
    "Back-ups and packs that were made before may still hold what went: destroy those that you "
    "need no longer."
)
_BUSY = "A back-up is being made right now. Give the command again when that is done."
_NO_PERIOD = "No time is set for records (records_months under [retention]): they are kept."


def _now() -> datetime:
    return datetime.now().astimezone()
