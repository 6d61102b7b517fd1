"""Regular grids of square cells, aligned so that maps of different months can be compared."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import AnalysisError
from ed_ingest.given import require_columns, require_number
from hotspots.tables import Grid

MOST_CELLS = 10_000_000
# Where nothing else tells what the map is about, points further than this from the middle of all
# points do not stretch it: a single misplaced one would make the map useless.
STRAY_M = 30_000.0

Bounds = tuple[float, float, float, float]


class Axes(NamedTuple):
    """Cell centres of a grid, west to east and south to north, and the side of a cell; metres."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    cell_m: float


def make_grid(bounds_or_boundary: Bounds | BaseGeometry, *, cell_m: float) -> Grid:
    """Cover an area with square cells.

    Cell edges lie on whole multiples of `cell_m` on the National Grid, so that maps of any period
    with the same cell size share their cells.

    Parameters
    ----------
    bounds_or_boundary
        West, south, east and north edge, or the area itself; metres, EPSG:27700. The grid reaches
        outwards to the next multiple of `cell_m`.
    cell_m
        Side of a cell in metres, above 0.

    Returns
    -------
    Grid
        One row per cell, from the south-west row by row to the north-east: ``x, y`` (cell centre)
        and ``inside`` (the centre lies in the boundary; always true for plain bounds).

    Raises
    ------
    AnalysisError
        If the bounds are not a proper rectangle, or there would be more than 10 million cells.
    """
    boundary = bounds_or_boundary if isinstance(bounds_or_boundary, BaseGeometry) else None
    west, south, east, north = _edges(bounds_or_boundary)
    require_number(cell_m, name="cell_m")
    finite = all(math.isfinite(edge) for edge in (west, south, east, north))
    # The numbers of the cells must be exact, however small the cells.
    exact = 0 < cell_m < math.inf and max(map(abs, (west, south, east, north))) / cell_m < 2**53
    if not finite or west > east or south > north or not exact:
        raise AnalysisError(
            "The map's area is empty or its cell size not above 0. Check the boundary and cell_m."
        )
    columns, rows = cells_between(west, east, cell_m), cells_between(south, north, cell_m)
    if len(columns) * len(rows) > MOST_CELLS:
        least_m = math.ceil(math.sqrt((east - west) * (north - south) / MOST_CELLS))
        raise AnalysisError(
            f"The map would have {len(columns) * len(rows):,} cells. Set cell_m to {least_m} or "
            "more, or check the boundary for places far away."
        )
    return grid_of_cells(columns, rows, cell_m=cell_m, boundary=boundary)


def grid_of_cells(
    columns: range, rows: range, *, cell_m: float, boundary: BaseGeometry | None = None
) -> Grid:
    """The grid of `make_grid` whose cells have these numbers, counted from the grid's origin."""
    x, y = _centres(columns, cell_m), _centres(rows, cell_m)
    frame = pd.DataFrame({"x": np.tile(x, len(y)), "y": np.repeat(y, len(x))})
    frame["inside"] = True if boundary is None else inside(frame["x"], frame["y"], boundary)
    frame.attrs["cell_m"] = float(cell_m)
    return Grid(frame)


def cells_between(low: float, high: float, cell_m: float) -> range:
    """Numbers of the cells from `low` to `high`, at least one, counted from the grid's origin."""
    first = math.floor(low / cell_m)
    return range(first, max(math.ceil(high / cell_m), first + 1))


def _edges(bounds_or_boundary: Bounds | BaseGeometry) -> Bounds:
    given = bounds_or_boundary
    try:
        west, south, east, north = given.bounds if isinstance(given, BaseGeometry) else given
        return float(west), float(south), float(east), float(north)
    except (TypeError, ValueError):
        raise AnalysisError(
            "A grid is made of four bounds (west, south, east, north, in metres) or of one shape: "
            "of a layer give layer.union_all()."
        ) from None


def grid_axes(grid: Grid) -> Axes:
    """The two axes of a grid.

    Raises
    ------
    AnalysisError
        If the rows are not a whole rectangle of square cells from south-west to north-east.
    """
    require_columns(grid, ("x", "y"), name="grid")
    all_x, all_y = grid["x"].to_numpy(float), grid["y"].to_numpy(float)
    n_columns = int(np.argmin(all_y == all_y[0])) or len(grid) if len(grid) else 1
    x, y = all_x[:n_columns], all_y[::n_columns]
    steps = np.concatenate([np.diff(x), np.diff(y)])
    cell_m = float(steps.mean()) if len(steps) else float(grid.attrs.get("cell_m", math.nan))
    if (
        not len(grid) == len(x) * len(y) > 0
        or not cell_m > 0
        or not np.allclose(steps, cell_m, rtol=1e-6, atol=0)
        or not (all_x.reshape(len(y), len(x)) == x).all()
        or not (all_y.reshape(len(y), len(x)) == y[:, None]).all()
    ):
        raise AnalysisError(
            "The grid is not a whole rectangle of square cells. Make it with make_grid."
        )
    return Axes(x, y, cell_m)


def inside(x: ArrayLike, y: ArrayLike, boundary: BaseGeometry) -> NDArray[np.bool_]:
    """Which points (metres, EPSG:27700) lie in the boundary, its edge included."""
    shapely.prepare(boundary)
    return np.asarray(shapely.intersects_xy(boundary, np.asarray(x, float), np.asarray(y, float)))


def bounds_of_points(
    x: ArrayLike, y: ArrayLike, *, margin_m: float, within: Bounds | None
) -> Bounds | None:
    """Bounds of the points and a margin around them, metres, EPSG:27700; None without any.

    Cut to `within`, points beyond it left out; where that is not known, points over 30 km from the
    middle of all are left out.
    """
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    if within is None:
        middle = np.median(points, axis=0) if len(points) else np.zeros(2)
        low, high = middle - STRAY_M, middle + STRAY_M
    else:
        low, high = np.array(within[:2]), np.array(within[2:])
    points = points[((points >= low) & (points <= high)).all(axis=1)]
    if not len(points):
        return None
    west, south = np.maximum(points.min(axis=0) - margin_m, low)
    east, north = np.minimum(points.max(axis=0) + margin_m, high)
    return float(west), float(south), float(east), float(north)


def _centres(cells: range, cell_m: float) -> NDArray[np.float64]:
    return np.asarray((np.arange(cells.start, cells.stop) + 0.5) * cell_m, dtype=np.float64)
