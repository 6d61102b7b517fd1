"""The command line's status: what was received, what stands to be told, and how much is alike."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspots.health import read_health
from hotspots.inbox_words import OPEN_STATES, file_facts, file_lines, listed, service_lines
from hotspots.printing import DONE, REFUSED, k_lines, print_json, tell_lines

if TYPE_CHECKING:
    import pandas as pd

    from ed_ingest.notices import Notice

COLUMNS = {
    "batch_id": "batch",
    "provider": "provider",
    "received_at": "received",
    "period": "months",
    "n_read": "read",
    "n_stored": "stored",
    "n_held_back": "held back",
}


def status(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show what was received and what became of it, what is to be mended, and what is alike."""
    from ed_ingest.agreements import notices_of
    from ed_ingest.anonymity import k_by_provider
    from ed_ingest.errors import SettingsError
    from ed_ingest.file_states import read_files
    from ed_ingest.settings import Partnership, Settings
    from ed_ingest.store import open_store
    from ed_ingest.workspace import Workspace, open_workspace
    from hotspots.circulation import newest_progress, progress_lines
    from hotspots.police_input import area_only_words

    problem = ""
    try:
        opened = open_workspace(workspace)
    except SettingsError as error:  # what was received is there to be seen all the same
        problem = str(error)
        opened = Workspace(workspace.resolve(), Settings(partnership=Partnership(name="")))
    with open_store(opened.store) as store:
        files = listed(read_files(store.connection, states=OPEN_STATES))
        batches = store.read("batches").sort_values(["provider", "received_at"])
        anonymity = k_by_provider(store.read_quasi_identifiers())
    notices = notices_of(opened, today=datetime.now().astimezone().date())
    circulated = newest_progress(opened)
    if as_json:
        received = json.loads(batches.to_json(orient="records", date_format="iso"))
        told = [notice._asdict() for notice in notices]
        print_json(
            {
                "settings_problem": problem,
                "batches": received,
                "files": [file_facts(row) for row in files],
                "service": read_health(opened.root / "logs"),
                "anonymity": anonymity,
                "notices": told,
                "circulation": circulated._asdict() if circulated else None,
            }
        )
        raise typer.Exit(REFUSED if problem else DONE)
    if problem:
        tell_lines([f"{problem} Until it is corrected, all below is with the default settings."])
    tell_lines(_received(batches))
    tell_lines(file_lines(files, workspace))
    tell_lines(service_lines(read_health(opened.root / "logs"), now=datetime.now().astimezone()))
    tell_lines(progress_lines(circulated))
    tell_lines(k_lines(anonymity["providers"]))
    tell_lines(area_only_words(opened))
    tell_lines(notice_lines(notices))
    raise typer.Exit(REFUSED if problem else DONE)


def _received(batches: pd.DataFrame) -> list[str]:
    """A table of the deliveries, a line each."""
    if batches.empty:
        return ["Nothing received yet. Next: ed-hotspots ingest …"]
    first, last = (batches[c].dt.strftime("%Y-%m").fillna("") for c in ("period_from", "period_to"))
    shown = batches.assign(
        received_at=batches["received_at"].dt.strftime("%Y-%m-%d"),
        period=first.where(first == last, first + "–" + last),
    )[list(COLUMNS)]
    return shown.rename(columns=COLUMNS).to_string(index=False).splitlines()


def notice_lines(notices: list[Notice]) -> list[str]:
    """What stands, a line each: provider, sentence and what to do."""
    return [f"{notice.provider}: {notice.sentence} {notice.remedy}" for notice in notices]
