"""A made-up country of many partnerships, as linked stores would export it, with its truth."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from ed_ingest.errors import EdHotspotsError
from ed_ingest.workspace import make_workspace
from hotspots.simulated.country import (
    AREAS_A_FORCE,
    MOST_AREAS,
    Area,
    force_of,
    hospital_id,
    outlines,
    plan_areas,
)
from hotspots.simulated.country_records import AGREEMENT, write_force
from hotspots.simulated.files import write_csv, write_geojson, write_geopackage
from hotspots.simulated.incidents import period_of
from hotspots.simulated.one_area import SHAPES, Made, make_area
from hotspots.simulated.taken_in import FORCE
from hotspots.simulated.victims import HOSPITALS
from hotspots.workers import Workers, workers

SIGN = "(SIMULATED DATA)"
MARKING = "OFFICIAL-SENSITIVE"
LEAST_AN_AREA = 50
Tell = Callable[[str, int, int], None]
Told = Callable[[int, int], None]
Run = Callable[[Callable[[Any], Any], Mapping[str, Any], Told], list[Any]]


class Country(NamedTuple):
    """What was made: where it lies, and how much of it there is."""

    root: Path
    areas: gpd.GeoDataFrame
    made: list[Made]


def simulate_areas(
    workspace: Path,
    *,
    areas: int,
    assaults: int | None = None,
    months: int = 12,
    seed: int = 1,
    n_workers: int | None = None,
    tell: Tell = lambda stage, done, total: None,
) -> Country:
    """Make a workspace of many areas: record files, reference data, outlines, and their truth.

    Parameters
    ----------
    workspace
        New folder.
    areas
        1 to 1,000; 340 are England and Wales.
    assaults
        Victims in all, at least 50 an area; None for as many an area as England and Wales have
        (882). Areas differ in size. A few transfers between hospitals come on top.
    months
        Whole months up to December 2025, at least 1.
    seed
        The same seed gives the same bytes, however many workers there are; an area's own records
        do not depend on how many areas follow it.
    n_workers
        Processes; 1 needs no Dask; None for as many as there are processors.
    tell
        Told what is being made, how many parts of it are, and of how many.

    Raises
    ------
    EdHotspotsError
        If there are too few or too many areas, assaults or months, or Dask is needed and missing.
    WorkspaceError
        If the folder is not empty.
    """
    if not 1 <= areas <= MOST_AREAS or months < 1:
        raise EdHotspotsError(f"simulate: ask for 1 to {MOST_AREAS:,} areas and at least 1 month.")
    if assaults is not None and assaults < LEAST_AN_AREA * areas:
        raise EdHotspotsError(f"simulate: ask for at least {LEAST_AN_AREA} assaults for each area.")
    planned = plan_areas(areas, assaults=assaults, seed=seed)
    root = make_workspace(
        workspace, name=f"Made-up country {SIGN}", marking=MARKING, premises_names=True
    ).root
    parts = root / "processing" / "areas"
    parts.mkdir(parents=True)
    _write_providers(root, planned)
    forces = {force_of(k): k // AREAS_A_FORCE for k in range(0, areas, AREAS_A_FORCE)}
    make = partial(
        make_area, seed=seed, period=period_of(months), parts=parts, truth=root / "truth"
    )
    write = partial(write_force, n_areas=areas, parts=parts, address=str(root / "records"))
    with _runner(n_workers) as run:
        made = run(make, {a.code: a for a in planned}, partial(tell, "Making areas"))
        run(write, forces, partial(tell, "Writing records"))
    shapes = outlines(planned, seed)
    write_geopackage(root / "areas.gpkg", shapes)
    _write_reference(root / "reference", shapes, parts)
    shutil.rmtree(parts)
    return Country(root, shapes, made)


@contextmanager
def _runner(n_workers: int | None) -> Iterator[Run]:
    """Something that does tasks, here or on workers, and gives their results in their order."""
    if n_workers == 1:
        yield _one_by_one
        return
    with workers(n_workers) as there:
        yield partial(_on_workers, there)


def _one_by_one(function: Callable[[Any], Any], tasks: Mapping[str, Any], tell: Told) -> list[Any]:
    done = []
    for task in tasks.values():
        done.append(function(task))
        tell(len(done), len(tasks))
    return done


def _on_workers(
    there: Workers, function: Callable[[Any], Any], tasks: Mapping[str, Any], tell: Told
) -> list[Any]:
    done = {}
    for one in there.run(function, tasks):
        if one.fault:
            raise EdHotspotsError(f"simulate: {one.key} could not be made: {one.fault}")
        done[one.key] = one.result
        tell(len(done), len(tasks))
    return [done[key] for key in tasks]


def _write_providers(root: Path, planned: list[Area]) -> None:
    """A file for every hospital and force: what journey 2 and the checks ask of a provider."""
    templates = files("hotspots.simulated") / "providers"
    called = {layout: _called(layout) for layout in HOSPITALS}
    for area in planned:
        for layout in area.layouts:
            text = (templates / f"{layout}.toml").read_text(encoding="utf-8")
            name = f"{area.name} {called[layout]}"
            _write_provider(root, hospital_id(area.number, layout), text, name)
    text = (templates / f"{FORCE}.toml").read_text(encoding="utf-8")
    for force in dict.fromkeys(area.force for area in planned):
        _write_provider(root, force, text, f"Made-up {force.replace('-', ' ')}")


def _called(layout: str) -> str:
    return layout.replace("marford-", "").replace("-", " ").title() + " Hospital"


def _write_provider(root: Path, provider: str, text: str, name: str) -> None:
    text = re.sub(r"(?m)^name = .*$", f'name = "{name}"', text, count=1)
    text = re.sub(r"(?m)^site_code = .*$", f'site_code = "{provider.upper()}"', text, count=1)
    text = re.sub(r"(?m)^reference = .*$", f'reference = "{AGREEMENT}"', text, count=1)
    (root / "providers" / f"{provider}.toml").write_text(text, encoding="utf-8")


def _write_reference(folder: Path, shapes: gpd.GeoDataFrame, parts: Path) -> None:
    """Places, small areas and base map of all areas; the boundary is that of the country."""
    places = pd.concat(map(pd.read_parquet, sorted(parts.glob("*-places.parquet"))))
    write_csv(folder / "places.csv", places.astype({"easting": int, "northing": int}))
    whole = gpd.GeoDataFrame({"name": [SIGN]}, geometry=[shapes.union_all()], crs=shapes.crs)
    write_geojson(folder / "boundary.geojson", whole)
    for name in SHAPES:
        found = pd.concat(map(gpd.read_parquet, sorted(parts.glob(f"*-{name}.parquet"))))
        write_geopackage(folder / f"{name}.gpkg", gpd.GeoDataFrame(found, crs=shapes.crs))
