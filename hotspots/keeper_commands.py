"""The keeper's commands: audit, back-up and restore; parse, one call, print."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspots.findings import counted
from hotspots.printing import DONE, REFUSED, print_figures

if TYPE_CHECKING:
    from ed_ingest.audit import Entry
    from ed_ingest.backup import Backup
    from ed_ingest.restore import Restored

audit_app = typer.Typer(invoke_without_command=True)

WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def add_to(app: typer.Typer) -> None:
    """Make these commands part of the command line."""
    app.add_typer(audit_app, name="audit")
    app.command()(backup)
    app.command()(restore)


@audit_app.callback()
def audit(
    context: typer.Context,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="The workspace folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List what was done in the workspace: who, when, what, with how many records.

    `audit verify` checks that no entry was changed.
    """
    from ed_ingest.audit import head, read_entries
    from ed_ingest.store import open_store

    if context.invoked_subcommand is not None:
        return
    if workspace is None:
        raise typer.BadParameter("name the workspace: -w FOLDER", param_hint="--workspace")
    with open_store(_store(workspace)) as store:
        entries, newest = read_entries(store.connection), head(store.connection)
    told = [{**entry._asdict(), "counts": json.loads(entry.counts)} for entry in entries]
    lines = [*map(_line, entries), f"Head: {newest}"]
    print_figures({"entries": told, "head": newest}, lines, as_json)


def _line(entry: Entry) -> str:
    counts = ", ".join(f"{n} {name}" for name, n in json.loads(entry.counts).items() if n)
    day = entry.at[:16].replace("T", " ")
    return f"{entry.number}. {day} {entry.who}: {entry.action}, {entry.subject}" + (
        f" ({counts})" if counts else ""
    )


@audit_app.command("verify")
def verify(
    workspace: WorkspaceOption,
    expect: Annotated[
        str | None,
        typer.Option(help="Hash noted earlier, such as audit_head of a pack's manifest.json."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that no entry of the audit was changed, taken out or put in.

    Without --expect only against itself: who can write the store can write the whole audit anew.
    Exit code 0 when all is well, 2 when it is not.
    """
    from ed_ingest.audit import verify as check
    from ed_ingest.store import open_store

    with open_store(_store(workspace)) as store:
        found = check(store.connection, expect=expect)
    if found.problem:
        lines = [found.problem]
    else:
        against = (
            "It has the expected hash: no entry up to that one was changed since it was noted."
            if expect
            else "Checked in itself only; --expect checks it against a hash kept elsewhere."
        )
        lines = [f"The audit is whole: {found.entries} entries. {against}"]
    print_figures(
        {**found._asdict(), "whole": not found.problem, "expected": expect},
        [*lines, f"Head: {found.head}"],
        as_json,
    )
    raise typer.Exit(REFUSED if found.problem else DONE)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to make, outside of the workspace.")],
    workspace: WorkspaceOption,
    as_json: JsonOption = False,
) -> None:
    """Back up the store, its key, settings, providers and reference data in one file.

    May run while the service does. Files as delivered, outputs and logs are not in it.
    """
    from ed_ingest.backup import make_backup
    from ed_ingest.workspace import open_workspace

    made = make_backup(open_workspace(workspace), file, at=datetime.now().astimezone())
    figures = {
        "file": str(made.path),
        "sha256": made.sha256,
        "size": made.size,
        "made_at": made.manifest.made_at,
        "audit_head": made.manifest.audit_head,
        "audit_problem": made.audit_problem,
        "providers": list(made.manifest.providers),
        "files": len(made.manifest.parts),
        **made.counts,
    }
    print_figures(figures, _backup_lines(made), as_json)


def _backup_lines(made: Backup) -> list[str]:
    n = made.counts
    return [
        f"{made.path}: {len(made.manifest.parts)} files, {made.size / 1e6:.1f} MB, read again and "
        f"whole. It holds {counted(n['batches'], 'delivery', 'deliveries')}: {n['assaults']} "
        f"assaults, {n['crimes']} crimes, {n['assault_counts']} counts.",
        f"SHA-256: {made.sha256}",
        *([f"Its audit is not whole: {made.audit_problem}"] if made.audit_problem else []),
        "It holds de-identified records and the key of their ids, and is not encrypted: keep it on "
        "an encrypted disk, apart from this machine, where the keeper alone may read it.",
    ]


def restore(
    file: Annotated[Path, typer.Argument(help="The back-up.")],
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="The workspace, or a new folder for it.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Bring a workspace to what it was at a back-up; what was there is put aside, not deleted.

    Stop the service first.
    """
    from ed_ingest.restore import restore_backup

    done = restore_backup(file, workspace, at=datetime.now().astimezone())
    figures = {
        "workspace": str(done.root),
        "made_at": done.manifest.made_at,
        "providers": list(done.manifest.providers),
        "put_aside": None if done.put_aside is None else str(done.put_aside),
        "missing": done.missing,
        "erased": done.erased,
        "audit_problem": done.audit_problem,
    }
    print_figures(figures, _restore_lines(done), as_json)


def _restore_lines(done: Restored) -> list[str]:
    lines = [f"{done.root}: as it was on {done.manifest.made_at[:16].replace('T', ' at ')}."]
    if done.audit_problem:
        lines.append(f"Its audit is not whole: {done.audit_problem}")
    if done.put_aside is not None:
        lines.append(
            f"What was there lies in {done.put_aside}, for its owner only. It holds records too: "
            "delete it once you have what you need of it."
        )
    lines += [
        f"{provider}: {counted(n, 'delivery', 'deliveries')} taken since then must be sent again."
        for provider, n in done.missing.items()
    ]
    lines += [
        f"{provider} was erased since then and is back: ed-hotspots erase --provider {provider} "
        f"-w {done.root}"
        for provider in done.erased
    ]
    lines.append(
        "Next: take what was delivered since the back-up again; ed-hotspots doctor -w "
        f"{done.root}; see that [paths] in settings.toml is right for this machine; then link and "
        "analyse. Packs in outputs/ are as they were."
    )
    return lines


def _store(root: Path) -> Path:
    from ed_ingest.errors import StoreError
    from ed_ingest.workspace import open_workspace

    store = open_workspace(root).store
    if not store.is_file():
        raise StoreError("Nothing was stored yet, so nothing was noted. Next: ed-hotspots ingest …")
    return store
