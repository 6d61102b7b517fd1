"""`ed-hotspots export`: a table to a file, or all records to where other systems read them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ed_ingest.errors import EdHotspotsError
from hotspots.printing import print_figures, progress

if TYPE_CHECKING:
    from ed_ingest.workspace import Workspace


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

    opened = open_workspace(workspace)
    if to is not None:
        if table or out:
            raise EdHotspotsError("export: give TABLE and OUT, or --to, not both.")
        _export_all(opened, to, release, as_json)
        return
    if table is None or out is None:
        raise EdHotspotsError("export: name a TABLE and a file, or an address with --to.")
    with open_store(opened.store) as store:
        rows = export_table(store, table, out, release=release)
    print_figures(
        {"table": table, "rows": rows}, [f"{rows} rows of {table} written to {out}"], as_json
    )


def _export_all(opened: Workspace, address: str, release: str | None, as_json: bool) -> None:
    """All records to an address, with a bar while it runs."""
    from dataclasses import asdict

    from hotspots.export_records import export_all

    with progress(as_json) as bar:
        task = bar.add_task("Exporting", total=None)

        def tell(total: int, done: int) -> None:
            bar.update(task, total=total, completed=done)

        exported = export_all(opened, address, release, tell=tell)
    rows = ", ".join(f"{n} {name}" for name, n in exported.rows.items())
    lines = [f"{rows} are at {exported.to}, in {exported.files} files"]
    if exported.stayed:
        lines.append(
            f"{' and '.join(exported.stayed)} stayed here: they tie hospital records to people "
            "whom the police can name. Add --release with the agreement's reference."
        )
    print_figures(asdict(exported), lines, as_json)
