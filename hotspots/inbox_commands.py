"""The command line's retry: files in quarantine are taken up again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspots.findings import counted
from hotspots.printing import print_figures

if TYPE_CHECKING:
    from ed_ingest.watched import Handled

HELD_BACK, REFUSED = 1, 2


def retry(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Take up the files in quarantine again, once what was wrong with them is mended."""
    from ed_ingest.errors import LeaseError
    from ed_ingest.lease import lease
    from ed_ingest.quarantine import retry_refused
    from ed_ingest.watched import take_inbox
    from ed_ingest.workspace import open_workspace

    opened = open_workspace(workspace)
    retried = retry_refused(opened, now=_now)
    n, counts = retried.taken_up, {"files": retried.taken_up, "gone": retried.gone}
    gone = [f"Gone from quarantine/ since: {counted(retried.gone, 'file')}."] * bool(retried.gone)
    if not n:
        print_figures(counts, [*gone, "There is no file in quarantine."], as_json)
        return
    try:
        with lease(opened.store.parent, now=_now()):
            handled = take_inbox(opened, now=_now)
    except LeaseError:
        taken_up = f"The service that runs takes up {counted(n, 'file')} at its next scan; see: "
        lines = [*gone, f"{taken_up}ed-hotspots status -w {workspace}"]
        print_figures({**counts, "taken_by": "service"}, lines, as_json)
        return
    states = Counter(str(one.state) for one in handled)
    lines = [*gone, f"Taken up: {counted(n, 'file')}.", *map(_line, handled)]
    print_figures({**counts, **states}, lines, as_json)
    if set(states) - {"stored", "duplicate"}:
        raise typer.Exit(REFUSED)
    if any(one.counts.get("n_held_back") for one in handled):
        raise typer.Exit(HELD_BACK)


def _line(one: Handled) -> str:
    told = {
        "stored": f"stored as batch {one.batch_id}, {one.counts.get('n_stored', 0)} records",
        "duplicate": f"the same file was stored before, as batch {one.batch_id}",
        "refused": f"refused again: {one.reason}",
    }
    return f"{one.provider}: {one.name}: {told.get(one.state, one.reason)}"


def _now() -> datetime:
    return datetime.now(UTC)
