"""`ed-hotspots simulate`: a made-up partnership's deliveries, or many areas' records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ed_ingest.errors import EdHotspotsError
from hotspots.printing import out, progress

ASSAULTS = 5000


def simulate(
    workspace: Annotated[Path, typer.Argument(help="New folder for the workspace.")],
    assaults: Annotated[
        int | None,
        typer.Option(min=50, help="Assaults in all; default 5000, with --areas 882 an area."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=60, help="Months of deliveries.")] = 12,
    areas: Annotated[
        int | None,
        typer.Option(
            help="Many areas, as linked stores would export them; 340: as England and Wales."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same partnership.")] = 1,
    reference: Annotated[
        Path | None, typer.Option(help="Folder of a workspace's reference data to use.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that make areas; default one a processor."),
    ] = None,
) -> None:
    """Make a made-up partnership's workspace, or many areas', with its truth beside the files."""
    if workspace.exists() and any(workspace.iterdir()):
        raise EdHotspotsError(f"{workspace}: not empty. Name a new folder.")
    if areas is not None:
        if reference is not None:
            raise EdHotspotsError("--areas, --reference: many areas make up their own places.")
        _many(workspace, areas, assaults, months, seed, workers)
        return
    if workers is not None:
        raise EdHotspotsError("--workers: only for many areas. Add --areas, or leave it out.")
    from hotspots.simulate import simulate as make

    truth = make(
        workspace, assaults=assaults or ASSAULTS, months=months, seed=seed, reference=reference
    )
    out.print(f"Simulated: {workspace}, its truth in {truth}", soft_wrap=True, markup=False)


def _many(
    workspace: Path, areas: int, assaults: int | None, months: int, seed: int, workers: int | None
) -> None:
    from hotspots.simulate_areas import simulate_areas

    with progress(False) as bar:
        task = bar.add_task("Making areas", total=areas)

        def tell(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        country = simulate_areas(
            workspace,
            areas=areas,
            assaults=assaults,
            months=months,
            seed=seed,
            n_workers=workers,
            tell=tell,
        )
    of_all = [sum(one) for one in list(zip(*country.made, strict=True))[1:]]
    told = ", ".join(
        f"{n:,} {what}" for n, what in zip(of_all, ("assaults", "crimes", "links"), strict=True)
    )
    out.print(
        f"Simulated: {workspace}, {len(country.made)} areas with {told}; their truth in "
        f"{workspace / 'truth'}",
        soft_wrap=True,
        markup=False,
    )
    out.print(
        f"Next: ed-hotspots analyse -w {workspace} --areas {workspace / 'areas.gpkg'} --by "
        f"area_code --records {workspace / 'records'}",
        soft_wrap=True,
        markup=False,
    )
