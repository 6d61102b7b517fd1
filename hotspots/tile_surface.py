"""One tile of a large raster, drawn on a worker: of exact points, or of groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.density import kernel_density
from hotspots.drawable import enough_in_reach
from hotspots.gathered import density_of_groups
from hotspots.grid import grid_of_cells
from hotspots.kernels import kernel_named, widened
from hotspots.tables import Surface
from hotspots.tiles import (
    TILE_CELLS,
    Raster,
    Tile,
    boundary_of_tile,
    events_of_tiles,
    tile_at,
)

KERNEL = "quartic"


class TileTask(NamedTuple):
    """All that a worker needs for one tile.

    Attributes
    ----------
    tile, cell_m
        Which cells; metres.
    events
        ``easting, northing`` (EPSG:27700), ``uncertainty_m`` of those that reach the tile; of
        groups also the other columns of `gathered.groups_to_draw`.
    bandwidth_m
        Radius of the quartic kernel, metres.
    boundary
        As from `tiles.boundary_of_tile`.
    least
        The small-number threshold, for groups.
    """

    tile: Tile
    cell_m: float
    events: pd.DataFrame
    bandwidth_m: float
    boundary: BaseGeometry | None
    least: int


def tile_tasks(
    raster: Raster,
    events: pd.DataFrame,
    *,
    bandwidth_m: float,
    boundary: BaseGeometry | None,
    least: int,
    tile_cells: int = TILE_CELLS,
) -> Iterator[tuple[int, TileTask]]:
    """Place and task of each tile that any event reaches; a tile without any has none.

    Parameters
    ----------
    raster, tile_cells
        What is drawn, and how many cells a side of a tile has.
    events, bandwidth_m, least
        As in `TileTask`, of the whole.
    boundary
        Cells with their middle outside stay empty, EPSG:27700; None: there is none.
    """
    needed = events_of_tiles(
        raster,
        events["easting"],
        events["northing"],
        reaches_m(events, bandwidth_m),
        tile_cells=tile_cells,
    )
    for place, rows in zip(needed.tiles, needed.events, strict=True):
        tile = tile_at(raster, place, tile_cells=tile_cells)
        here = boundary_of_tile(raster, tile, boundary)
        if here is None or not here.is_empty:
            reaching = events.iloc[rows]
            yield place, TileTask(tile, raster.cell_m, reaching, bandwidth_m, here, least)


def reaches_m(events: pd.DataFrame, bandwidth_m: float) -> NDArray[np.float64]:
    """How far the kernel of each event reaches, metres: as `kernel_density` widens it."""
    kernel = kernel_named(KERNEL)
    error = np.nan_to_num(events["uncertainty_m"].to_numpy(float))
    return kernel.cut * widened(bandwidth_m, error, kernel)


def exact_tile(task: TileTask) -> NDArray[np.float64]:
    """Density of the events, per km²; rows from south to north; NaN outside the boundary."""
    events = task.events
    surface: Surface = kernel_density(
        events["easting"],
        events["northing"],
        grid=grid_of_cells(task.tile.columns, task.tile.rows, cell_m=task.cell_m),
        bandwidth_m=task.bandwidth_m,
        kernel=KERNEL,
        uncertainty_m=events["uncertainty_m"],
        boundary=task.boundary,
        threads=1,  # a worker has one processor
    )
    densities: NDArray[np.float64] = surface.values  # noqa: PD011 - ours, not pandas'
    return densities


def grouped_tile(task: TileTask) -> NDArray[np.float64]:
    """Density of groups, per km², where enough incidents lie in reach; 0 elsewhere and outside."""
    surface, support = density_of_groups(
        task.events,
        grid=grid_of_cells(task.tile.columns, task.tile.rows, cell_m=task.cell_m),
        bandwidth_m=task.bandwidth_m,
        boundary=task.boundary,
        threads=1,
    )
    return enough_in_reach(surface, support, threshold=task.least)
