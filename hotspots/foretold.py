"""How well the map of a month earlier foretold where the period's last month would happen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.tables import Gazetteer
from hotspots.density import kernel_density
from hotspots.evaluate import score_map
from hotspots.grid import grid_axes
from hotspots.points import assault_points
from hotspots.study_area import grid_over_area
from hotspots.tables import Grid
from hotspots.timing import nights_of

# As measured in docs/methods/evaluation.md: the count of a smaller cell foretells little.
CELL_M = 100.0
MOST_CELLS = 400_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def how_well_foretold(
    assaults: pd.DataFrame,
    period_to: date,
    *,
    months: int,
    gazetteer: Gazetteer,
    bandwidth_m: float,
) -> pd.DataFrame | None:
    """Score the map of the months before the period's last month on the incidents of that month.

    Parameters
    ----------
    assaults
        Attendances at emergency departments of all time, a transferred patient once.
    period_to
        A night in the last month.
    months
        Calendar months that a map is made from.
    gazetteer
        Its boundary is the study area, else the rectangle around its small areas or all points.
    bandwidth_m
        Radius of the map's kernel, metres.

    Returns
    -------
    DataFrame or None
        ``map`` (``density``, as the map is made, with all its records; ``counts``: the number of
        incidents in each cell of 100 m) and the columns of `evaluate.score_map`, at 1, 2 and 5 % of
        the area; incidents of one place and night are drawn together. None without points in the
        months before or in the last one, and where the area holds no cell's middle.
    """
    nights = nights_of(assaults)
    last = pd.Period(period_to, freq="M")
    month = nights.dt.to_period("M")
    points = assault_points(assaults, gazetteer)
    of_month = month.reindex(points.index)
    earlier = points[(of_month >= last - months) & (of_month < last)]
    later = _once(points[of_month == last])
    if earlier.empty or later.empty:
        return None
    grid = _grid(gazetteer, points)
    inside = np.flatnonzero(grid["inside"].to_numpy(bool))
    if not len(inside):
        return None
    surface = kernel_density(
        earlier["easting"],
        earlier["northing"],
        grid=grid,
        bandwidth_m=bandwidth_m,
        uncertainty_m=earlier["uncertainty_m"],
    )
    density = np.ravel(surface.values)
    counts = np.bincount(_cells(_once(earlier), grid)[1], minlength=len(grid)).astype(float)
    kept, cell = _cells(later, grid)
    events, number = later[kept], np.full(len(grid), -1)
    number[inside] = np.arange(len(inside))
    within = number[cell] >= 0
    block = pd.factorize(pd.MultiIndex.from_frame(events[["easting", "northing", "night"]]))[0]
    return pd.concat(
        [
            score_map(
                predicted[inside],
                number[cell[within]],
                block=block[within],
                before=counts[inside],
            ).assign(map=name)
            for name, predicted in (("density", density), ("counts", counts))
        ],
        ignore_index=True,
    )


def _once(points: pd.DataFrame) -> pd.DataFrame:
    """Patients of one incident once: the same one for any order of the records."""
    ordered = points.sort_values(["northing", "easting", "night"], kind="stable")
    return ordered.drop_duplicates("incident")


def _grid(gazetteer: Gazetteer, points: pd.DataFrame) -> Grid:
    cell_m = CELL_M
    if gazetteer.boundary is not None:
        # A whole county: so many cells would take long, and 1 % of it is a region.
        cell_m = max(cell_m, float(np.sqrt(gazetteer.boundary.envelope.area / MOST_CELLS)))
    return grid_over_area(gazetteer, points, cell_m=cell_m)


def _cells(points: pd.DataFrame, grid: Grid) -> tuple[NDArray[np.bool_], Ints]:
    """Which points lie in the grid, and the cell of each of these."""
    axes = grid_axes(grid)
    column = np.floor((points["easting"].to_numpy() - axes.x[0]) / axes.cell_m + 0.5)
    row = np.floor((points["northing"].to_numpy() - axes.y[0]) / axes.cell_m + 0.5)
    kept = (column >= 0) & (column < len(axes.x)) & (row >= 0) & (row < len(axes.y))
    return kept, (row[kept] * len(axes.x) + column[kept]).astype(np.int64)
