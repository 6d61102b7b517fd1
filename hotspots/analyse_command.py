"""`ed-hotspots analyse`: the draft of one partnership, or the maps of many areas."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ed_ingest.errors import EdHotspotsError
from hotspots.areas_command import analyse_many
from hotspots.printing import print_figures


def analyse(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    month: Annotated[
        str | None, typer.Option("--month", help="Month of the pack, YYYY-MM; default the latest.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First night.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", help="Last night, YYYY-MM-DD; with --areas it may be the folder of the results."
        ),
    ] = None,
    theme: Annotated[
        str | None,
        typer.Option(help="Only these assaults: knife, firearm, alcohol, youth ... (see docs)."),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option(help="File of areas: each is analysed by itself, into outputs/areas/."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Column of the areas' codes.")] = None,
    records: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Record files instead of the workspace's records."),
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes to start; default one a processor.")
    ] = None,
    halo: Annotated[
        float | None, typer.Option(min=0, metavar="M", help="Metres of neighbours' records.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder of the areas' results, where --to is the last night."),
    ] = None,
    raster: Annotated[
        float | None,
        typer.Option(
            min=1, metavar="M", help="Also surfaces over all areas as GeoTIFF, cells of M metres."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Do only the areas that are missing or failed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Find the hot spots of the months up to MONTH, or of these nights; renew outputs/draft/."""
    given = {
        "--by": by, "--records": records, "--dask": dask, "--workers": workers, "--halo": halo,
        "--folder": folder, "--raster": raster, "--resume": resume or None,
    }  # fmt: skip
    without = [name for name, value in given.items() if value is not None]
    if areas is None and without:
        raise EdHotspotsError(f"{', '.join(without)}: only together with --areas.")
    last = _night(to)
    if to is not None and last is None:
        if areas is None or folder is not None:
            raise EdHotspotsError("--to: not a night. Write it as YYYY-MM-DD.")
        folder = Path(to)
    if (first is None) != (last is None):
        raise EdHotspotsError("--from, --to: give both, or neither.")
    nights = (first.date(), last.date()) if first and last else None
    from ed_ingest.workspace import open_workspace

    opened = open_workspace(workspace)
    if areas is not None:
        from hotspots.area_inputs import Question

        if by is None:
            raise EdHotspotsError("--areas: name the column of the areas' codes with --by.")
        question = Question(
            areas=areas,
            by=by,
            records=records,
            dask=dask,
            n_workers=workers,
            halo_m=halo,
            folder=folder,
            month=month,
            nights=nights,
            theme=theme,
            resume=resume,
            raster_m=raster,
        )
        analyse_many(opened, question, as_json=as_json)
        return
    from hotspots.pack import renew_draft

    made = renew_draft(opened, month=month, nights=nights, theme=theme)
    print_figures(made.figures, made.lines, as_json)


def _night(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007
    except ValueError:
        return None
