"""`ed-hotspots export`: a table to a file, or all records to where other systems read them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ed_ingest.errors import EdHotspotsError
from hotspots.printing import out as terminal
from hotspots.printing import print_figures, progress

if TYPE_CHECKING:
    from ed_ingest.workspace import Workspace
    from hotspots.postgis import Exported


def export(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    table: Annotated[
        str | None,
        typer.Argument(help="assaults, crimes, links, issues, batches or assault_counts."),
    ] = None,
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT", help=".csv, .parquet or .gpkg")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ADDRESS",
            help="All records: a folder or object storage (GeoParquet by provider and month), or "
            "postgresql://HOST/DATABASE.",
        ),
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="Agreement under which crimes or links may leave.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Write a table of the store to a file, or keep a copy of all records elsewhere in step."""
    from ed_ingest.store import open_store
    from ed_ingest.workspace import open_workspace
    from hotspots.export import export_table
    from hotspots.postgis_address import is_database

    opened = open_workspace(workspace)
    if to is not None:
        if table or out:
            raise EdHotspotsError("export: give TABLE and OUT, or --to, not both.")
        send = _to_database if is_database(to) else _to_files
        send(opened, to, release, as_json)
        return
    if table is None or out is None:
        raise EdHotspotsError("export: name a TABLE and a file, or an address with --to.")
    with open_store(opened.store) as store:
        rows = export_table(store, table, out, release=release)
    print_figures(
        {"table": table, "rows": rows}, [f"{rows} rows of {table} written to {out}"], as_json
    )


def _to_files(opened: Workspace, address: str, release: str | None, as_json: bool) -> None:
    """All records to an address, with a bar while it runs."""
    from hotspots.export_records import export_to_files

    with progress(as_json) as bar:
        task = bar.add_task("Exporting", total=None)

        def tell(total: int, done: int) -> None:
            bar.update(task, total=total, completed=done)

        exported = export_to_files(opened, address, release, tell=tell)
    rows = ", ".join(f"{n} {name}" for name, n in exported.rows.items())
    lines = [f"{rows} are at {exported.to}, in {exported.files} files"]
    if exported.stayed:
        lines.append(
            f"{' and '.join(exported.stayed)} stayed here: they tie hospital records to people "
            "whom the police can name. Add --release with the agreement's reference."
        )
    print_figures(asdict(exported), lines, as_json)


def _to_database(workspace: Workspace, address: str, release: str | None, as_json: bool) -> None:
    """Keep the copy in a PostGIS database in step."""
    from ed_ingest.store import open_store
    from hotspots.postgis import export_to_postgis

    def tell(words: str) -> None:
        if not as_json and terminal.is_terminal:
            terminal.print(f"{words} …", markup=False)

    marking = workspace.settings.partnership.marking or ""
    with open_store(workspace.store) as store:
        done = export_to_postgis(store, address, release=release, marking=marking, tell=tell)
    figures = asdict(done)
    figures["tables"] = {name: step._asdict() for name, step in done.tables.items()}
    print_figures(figures, _database_lines(done), as_json)


def _database_lines(done: Exported) -> list[str]:
    lines = [f"{done.address}, schema {done.schema}: in step with the store"]
    for name, step in done.tables.items():
        lines.append(
            f"  {name}: {step.rows:,} rows ({step.new:,} new, {step.changed:,} changed, "
            f"{step.removed:,} removed)"
        )
    if done.release is None:
        lines.append("  crimes and links are not there: they leave only with --release")
    if done.took_back:
        lines.append(
            f"  {done.took_back:,} of them that were there by an earlier release were removed"
        )
    return lines
