"""The command line's circulate, and what publish does of it: one call, print."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotspots.printing import print_figures

if TYPE_CHECKING:
    from ed_ingest.workspace import Workspace


def circulate(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    month: Annotated[
        str | None, typer.Option("--month", help="Month of the pack, YYYY-MM; default the newest.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Copy a published pack to the folders of its audiences, and send the notice of it."""
    from ed_ingest.workspace import open_workspace
    from hotspots.circulation import circulate as bring
    from hotspots.circulation import pack_to_circulate

    opened = open_workspace(workspace)
    done = bring(opened, pack_to_circulate(opened, month), anew=True)
    print_figures(done.figures, done.lines, as_json)


def circulated_after(workspace: Workspace, pack: str) -> tuple[Mapping[str, Any], list[str], bool]:
    """Circulate a pack that was just published, if folders are set; a failure is told, not raised.

    Returns
    -------
    tuple
        Figures, lines, and whether all went well.
    """
    from ed_ingest.errors import CirculationError
    from hotspots.circulation import circulate as bring

    if not workspace.settings.circulation.folders:
        return {}, [], True
    try:
        done = bring(workspace, pack, anew=False)
    except CirculationError as error:
        sys.stderr.write(f"ed-hotspots: {error}\n")
        return {"circulation": {"problem": str(error)}}, [], False
    return {"circulation": done.figures}, done.lines, True
