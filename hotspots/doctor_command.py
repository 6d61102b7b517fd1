"""The command line's doctor: examine, and print a table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from hotspots.findings import counted
from hotspots.printing import REFUSED, out, print_json

if TYPE_CHECKING:
    from hotspots.findings import Finding

_STYLES = {"ok": "green", "warning": "yellow", "fault": "bold red"}


def doctor(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Check settings, agreements, folders, rights, store, machine and reference data.

    Changes nothing. Exit code 0 when all is well or there are only warnings, 2 when a fault stands.
    """
    from hotspots.doctor import examine, told

    groups = examine(workspace, now=datetime.now().astimezone().replace(tzinfo=None))
    figures = told(groups)
    if as_json:
        print_json(figures)
    else:
        # What does not work stands first.
        for title in sorted(groups, key=lambda title: min(map(_weight, groups[title]), default=0)):
            _print_group(title, sorted(groups[title], key=_weight))
        counts = figures["counts"]
        out.print(
            f"{counted(counts['fault'], 'fault')}, {counted(counts['warning'], 'warning')}, "
            f"{counts['ok']} in order.",
            markup=False,
        )
    raise typer.Exit(REFUSED if figures["state"] == "fault" else 0)


def _weight(finding: Finding) -> int:
    return -[*_STYLES].index(finding.state)


def _print_group(title: str, findings: list[Finding]) -> None:
    if not findings:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=7)
    table.add_column(width=16, overflow="fold")
    table.add_column(overflow="fold")
    for finding in findings:
        found = Text(finding.sentence)
        if finding.remedy:
            found.append(f"\nDo: {finding.remedy}", style="italic")
        state = Text(finding.state, style=_STYLES[finding.state])
        table.add_row(state, Text(finding.check), found)
    out.print(Text(title, style="bold"))
    out.print(table)
    out.print()
