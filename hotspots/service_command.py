"""The command `ed-hotspots watch`: parse, one call, the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def watch(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    once: Annotated[
        bool, typer.Option("--once", help="Do all that is due, then end: for cron and the like.")
    ] = False,
) -> None:
    """Run the service: take what lies in the inbox, keep to the schedule, until it is stopped.

    Ctrl-C or the system's request stops it within seconds; nothing half done is kept.
    """
    from hotspots.service import run_service

    raise typer.Exit(run_service(workspace, once=once))
