"""The grids that a partnership is mapped on: over its points, and over the whole of its area."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import pandas as pd

from ed_ingest.tables import Gazetteer
from hotspots.grid import Bounds, bounds_of_points, make_grid
from hotspots.tables import Grid


def grid_over_points(
    gazetteer: Gazetteer, points: Sequence[pd.DataFrame], *, cell_m: float, margin_m: float
) -> Grid:
    """A grid over all points in the partnership's area.

    Parameters
    ----------
    gazetteer
        Its boundary, else the rectangle around its small areas, is as far as the grid goes.
    points
        Tables with ``easting, northing`` (EPSG:27700). Where none lies in the area the grid is one
        cell in its middle.
    cell_m, margin_m
        Side of a cell; how far the grid reaches beyond the points; metres.
    """
    drawn = pd.concat(points)
    region = _region(gazetteer)
    bounds = bounds_of_points(drawn["easting"], drawn["northing"], margin_m=margin_m, within=region)
    # Without a point there is nothing to draw: one cell will do; a whole county has too many.
    return make_grid(bounds or _one_cell(region or (0.0, 0.0, 0.0, 0.0), cell_m), cell_m=cell_m)


def grid_over_area(gazetteer: Gazetteer, points: pd.DataFrame, *, cell_m: float) -> Grid:
    """A grid over the whole area, whether anything happened there or not.

    Parameters
    ----------
    gazetteer
        Its boundary, else the rectangle around its small areas; without both that of the points.
    points, cell_m
        As for `grid_over_points`.
    """
    if gazetteer.boundary is not None:
        return make_grid(gazetteer.boundary, cell_m=cell_m)
    region = _region(gazetteer)
    if region is not None:
        return make_grid(region, cell_m=cell_m)
    return grid_over_points(gazetteer, [points], cell_m=cell_m, margin_m=cell_m)


def _one_cell(region: Bounds, cell_m: float) -> Bounds:
    west, south, east, north = region
    x, y = (
        cell_m * floor((low + high) / 2 / cell_m) for low, high in ((west, east), (south, north))
    )
    return x, y, x + cell_m, y + cell_m


def _region(gazetteer: Gazetteer) -> Bounds | None:
    if gazetteer.boundary is not None:
        bounds: Bounds = gazetteer.boundary.bounds
        return bounds
    if gazetteer.areas.empty:
        return None
    west, south, east, north = gazetteer.areas.total_bounds
    return float(west), float(south), float(east), float(north)
