"""A large surface as GeoTIFF, drawn tile by tile on workers; nobody ever holds the whole of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.drawable import class_edges
from hotspots.gathered import groups_to_draw
from hotspots.raster_file import raster_file
from hotspots.small_numbers import LEAST_BASE
from hotspots.tile_patches import patches_of, small_patches_of_tiles
from hotspots.tile_surface import TileTask, exact_tile, grouped_tile, reaches_m, tile_tasks
from hotspots.tiles import Raster, Tile, quiet_tiles, raster_over, row_and_column, tile_at
from hotspots.workers import Workers, results_of

NOT_DRAWN = 0
OUTSIDE = -1.0
_EXACT = "For analysts only: drawn of exact points. Not for publication."
_GROUPED = (
    "Drawn of groups of at least {least} incidents, in classes: 1 lowest to 8 highest, each denser "
    "than the one below by the same ratio; 0 is not drawn: nothing, or too little, happened there."
)


def write_exact_raster(
    points: pd.DataFrame,
    path: Path,
    *,
    region: BaseGeometry | None,
    cell_m: float,
    bandwidth_m: float,
    workers: Workers,
    tags: Mapping[str, str],
) -> bool:
    """Write the density of exact points, for analysts only; False where there is none to draw.

    Parameters
    ----------
    points
        ``easting, northing`` (EPSG:27700), ``uncertainty_m``.
    path
        A GeoTIFF: float32, events per km² for the period; -1 stands for nothing.
    region, cell_m, bandwidth_m, workers
        As for `write_national_surfaces`.
    tags
        For the file's metadata.
    """
    path.unlink(missing_ok=True)
    if points.empty:
        return False
    raster = _raster(points, region, cell_m, bandwidth_m)
    tasks = dict(tile_tasks(raster, points, bandwidth_m=bandwidth_m, boundary=region, least=0))
    tags = {**tags, "UNIT": "events per km2 for the period", "HANDLING": _EXACT}
    with raster_file(
        path, raster, dtype="float32", nodata=OUTSIDE, tags=tags, average=True
    ) as file:
        for place, values in _drawn(exact_tile, tasks, workers):
            known = np.isfinite(values) if region is not None else values > 0
            file.write(tile_at(raster, place), np.where(known, values, OUTSIDE))
        # Inside the region, where nothing happened, the density is known: none.
        for tile, inside in quiet_tiles(raster, region, tasks):
            file.write(tile, np.where(inside, 0.0, OUTSIDE))
    return True


def write_grouped_raster(
    points: pd.DataFrame,
    path: Path,
    *,
    region: BaseGeometry | None,
    cell_m: float,
    bandwidth_m: float,
    least: int,
    workers: Workers,
    tags: Mapping[str, str],
) -> bool:
    """Write the classes that may be shown, as `drawable.drawable_density` has them of the whole.

    Parameters
    ----------
    points
        ``easting, northing, uncertainty_m, incident``, all of them: groups are of the whole.
    path
        A GeoTIFF: uint8, 0 not drawn, 1 lowest to 8 highest; none is written, and False returned,
        where nothing may be drawn.
    region, cell_m, bandwidth_m, least, workers, tags
        As for `write_exact_raster` and `write_national_surfaces`.
    """
    path.unlink(missing_ok=True)
    groups = groups_to_draw(points, bandwidth_m=bandwidth_m, least=least)
    if groups.empty:
        return False
    raster = _raster(groups, region, cell_m, bandwidth_m)
    tasks = dict(tile_tasks(raster, groups, bandwidth_m=bandwidth_m, boundary=region, least=least))
    tags = {**tags, "UNIT": "class", "HANDLING": _GROUPED.format(least=max(LEAST_BASE, least))}
    with tempfile.TemporaryDirectory(prefix="ed-hotspots-") as scratch:
        kept, peak = Path(scratch), 0.0
        for place, values in _drawn(grouped_tile, tasks, workers):
            peak = max(peak, float(values.max(initial=0.0)))
            if values.any():
                np.save(kept / f"{place}.npy", values)
        edges = class_edges(peak, bandwidth_m=bandwidth_m, threshold=least)
        if edges is None:
            return False
        with raster_file(
            path, raster, dtype="uint8", nodata=NOT_DRAWN, tags=tags, average=False
        ) as file:
            for tile, classes in _classes(kept, raster, edges, bandwidth_m):
                file.write(tile, classes)
    return True


def _classes(
    kept: Path, raster: Raster, edges: NDArray[np.float64], bandwidth_m: float
) -> Iterator[tuple[Tile, NDArray[np.int8]]]:
    """Classes of each tile without small patches, which are told by all tiles together."""
    places = sorted(int(file.stem) for file in kept.glob("*.npy"))
    patches = {}
    for place in places:
        classes = np.digitize(np.load(kept / f"{place}.npy"), edges).astype(np.int8)
        np.save(kept / f"{place}.npy", classes)
        patches[row_and_column(raster, place)] = patches_of(classes)[1]
    small = small_patches_of_tiles(patches, cell_m=raster.cell_m, bandwidth_m=bandwidth_m)
    for place in places:
        classes = np.load(kept / f"{place}.npy")
        patch, _ = patches_of(classes)
        classes[small[row_and_column(raster, place)][patch]] = NOT_DRAWN
        if classes.any():
            yield tile_at(raster, place), classes


def _raster(
    events: pd.DataFrame, region: BaseGeometry | None, cell_m: float, bandwidth_m: float
) -> Raster:
    """Over the region, else as far as any kernel reaches."""
    if region is not None:
        return raster_over(region.bounds, cell_m=cell_m)
    reach = reaches_m(events, bandwidth_m)
    x, y = (events[name].to_numpy(float) for name in ("easting", "northing"))
    bounds = ((x - reach).min(), (y - reach).min(), (x + reach).max(), (y + reach).max())
    return raster_over(bounds, cell_m=cell_m)


def _drawn(
    function: Callable[[TileTask], NDArray[np.float64]],
    tasks: Mapping[int, TileTask],
    workers: Workers,
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Place and values of each tile, in the order in which they are done."""
    named = {str(place): task for place, task in tasks.items()}
    for key, values in results_of(workers, function, named, what="tile"):
        yield int(key), values
