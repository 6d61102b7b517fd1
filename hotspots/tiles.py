"""A large raster parted into tiles, and which events each of them needs: its own and a halo.

A tile is drawn from all events whose kernels reach it, each to its own width. So what it holds is
what the whole raster holds there, and nothing is drawn where no kernel reaches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon, box, clip_by_rect, prepare
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import AnalysisError
from hotspots.grid import Bounds, cells_between, grid_of_cells

# 8 MiB of numbers: enough work for a task, little to hold.
TILE_CELLS = 1024
# A GeoTIFF of Great Britain in cells of 10 m has 9 thousand million.
MOST_CELLS = 10_000_000_000


class Raster(NamedTuple):
    """A rectangle of square cells, counted from the origin of the National Grid (EPSG:27700).

    Attributes
    ----------
    columns, rows
        Numbers of its cells, west to east and south to north; a cell's west edge is its number
        times `cell_m`, as in `grid.make_grid`.
    cell_m
        Side of a cell, metres.
    """

    columns: range
    rows: range
    cell_m: float


class Tile(NamedTuple):
    """A part of a raster.

    Attributes
    ----------
    columns, rows
        Numbers of its cells, as in `Raster`.
    left, top
        How many cells lie between it and the raster's west edge, and its north edge.
    """

    columns: range
    rows: range
    left: int
    top: int


class Needed(NamedTuple):
    """The tiles that any event reaches, and positions of the events of each.

    Attributes
    ----------
    tiles
        Places of the tiles in rows of tiles from the north-west, rising.
    events
        Positions of the events that reach each, in their order.
    """

    tiles: tuple[int, ...]
    events: tuple[NDArray[np.intp], ...]


def raster_over(bounds: Bounds, *, cell_m: float) -> Raster:
    """The raster of the cells that `grid.make_grid` has over these bounds.

    Parameters
    ----------
    bounds
        West, south, east and north edge, metres, EPSG:27700.
    cell_m
        Side of a cell in metres, above 0.

    Raises
    ------
    AnalysisError
        If the bounds are not a proper rectangle, or there would be absurdly many cells.
    """
    west, south, east, north = bounds
    finite = np.isfinite([*bounds, cell_m]).all()
    if not finite or west > east or south > north or cell_m <= 0:
        raise AnalysisError(
            "The raster's area is empty or its cell size not above 0. Check the areas and --raster."
        )
    raster = Raster(cells_between(west, east, cell_m), cells_between(south, north, cell_m), cell_m)
    if len(raster.columns) * len(raster.rows) > MOST_CELLS:
        raise AnalysisError("The raster would have too many cells. Give --raster a larger cell.")
    return raster


def tile_at(raster: Raster, place: int, *, tile_cells: int = TILE_CELLS) -> Tile:
    """The tile of a place, counted in rows from the north-west; the last ones may be smaller."""
    row, column = row_and_column(raster, place, tile_cells=tile_cells)
    left, top = column * tile_cells, row * tile_cells
    north = raster.rows.stop - top
    return Tile(
        raster.columns[left : left + tile_cells],
        range(max(north - tile_cells, raster.rows.start), north),
        left,
        top,
    )


def row_and_column(raster: Raster, place: int, *, tile_cells: int = TILE_CELLS) -> tuple[int, int]:
    """Of a tile, counted in tiles from the north-west."""
    return divmod(place, _n_tiles(len(raster.columns), tile_cells))


def quiet_tiles(
    raster: Raster,
    region: BaseGeometry | None,
    reached: Collection[int],
    *,
    tile_cells: int = TILE_CELLS,
) -> Iterator[tuple[Tile, NDArray[np.bool_]]]:
    """Tiles of the region that no event reaches, and which of their cells lie in it.

    Rows of cells from south to north. None without a region: nothing is then known of them.
    """
    if region is None:
        return
    n_rows = _n_tiles(len(raster.rows), tile_cells)
    for place in range(n_rows * _n_tiles(len(raster.columns), tile_cells)):
        if place in reached:
            continue
        tile = tile_at(raster, place, tile_cells=tile_cells)
        boundary = boundary_of_tile(raster, tile, region)
        if boundary is None or not boundary.is_empty:
            grid = grid_of_cells(tile.columns, tile.rows, cell_m=raster.cell_m, boundary=boundary)
            shape = len(tile.rows), len(tile.columns)
            yield tile, grid["inside"].to_numpy(bool).reshape(shape)


def events_of_tiles(
    raster: Raster,
    x: ArrayLike,
    y: ArrayLike,
    reach_m: ArrayLike,
    *,
    tile_cells: int = TILE_CELLS,
) -> Needed:
    """Find which tiles any event reaches, and which events reach each.

    Parameters
    ----------
    x, y
        Events, metres, EPSG:27700; anywhere.
    reach_m
        How far each one's kernel reaches, metres: one number for each, or for all.
    """
    east, north = np.asarray(x, float), np.asarray(y, float)
    reach = np.broadcast_to(np.asarray(reach_m, float), east.shape)
    side_m = tile_cells * raster.cell_m
    west, top = raster.columns.start * raster.cell_m, raster.rows.stop * raster.cell_m
    across = _reached(east - west, reach, side_m, _n_tiles(len(raster.columns), tile_cells))
    down = _reached(top - north, reach, side_m, _n_tiles(len(raster.rows), tile_cells))
    wide, high = (np.maximum(last - first + 1, 0) for first, last in (across, down))
    times = wide * high
    event = np.repeat(np.arange(len(east)), times)
    number = np.arange(len(event)) - np.repeat(np.cumsum(times) - times, times)
    row = down[0][event] + number // wide[event]
    column = across[0][event] + number % wide[event]
    place = row * _n_tiles(len(raster.columns), tile_cells) + column
    order = np.argsort(place, kind="stable")
    tiles, starts = np.unique(place[order], return_index=True)
    return Needed(tuple(int(t) for t in tiles), tuple(np.split(event[order], starts)[1:]))


def boundary_of_tile(
    raster: Raster, tile: Tile, boundary: BaseGeometry | None
) -> BaseGeometry | None:
    """The boundary as far as it tells which cells of a tile lie inside.

    Returns
    -------
    BaseGeometry or None
        None where every cell does, or there is no boundary; empty where none does.
    """
    if boundary is None:
        return None
    edges = [tile.columns.start, tile.rows.start, tile.columns.stop, tile.rows.stop]
    west, south, east, north = (edge * raster.cell_m for edge in edges)
    square = box(west, south, east, north)
    prepare(boundary)
    if boundary.contains(square):
        return None
    if not boundary.intersects(square):
        return Polygon()
    # The cut runs a cell beyond the tile, where no middle of its cells lies.
    cell = raster.cell_m
    clipped: BaseGeometry = clip_by_rect(
        boundary, west - cell, south - cell, east + cell, north + cell
    )
    return clipped


def _n_tiles(n_cells: int, tile_cells: int) -> int:
    return -(-n_cells // tile_cells)


def _reached(
    away: NDArray[np.float64], reach: NDArray[np.float64], side_m: float, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last tile along one side that each event may reach; none where last < first."""
    first = np.clip(np.floor((away - reach) / side_m), 0, n)
    last = np.clip(np.floor((away + reach) / side_m), -1, n - 1)
    return first.astype(np.int64), last.astype(np.int64)
