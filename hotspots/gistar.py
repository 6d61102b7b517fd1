"""Hot and cold cells of a grid against the whole of it: Getis-Ord Gi*."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control, norm

from ed_ingest.errors import AnalysisError
from ed_ingest.given import numbers_of, points_of, require_columns, require_number
from hotspots.grid import Axes, grid_axes
from hotspots.tables import Grid

Floats = NDArray[np.float64]


def count_in_cells(
    x: ArrayLike, y: ArrayLike, *, grid: Grid, weights: ArrayLike | None = None
) -> Grid:
    """Count the points in each cell; those outside the grid are in none.

    Parameters
    ----------
    x, y
        Points, metres, EPSG:27700.
    grid
        As from `grid.make_grid`. A point on an edge belongs to the cell north or east of it.
    weights
        Events that each point stands for; default 1.

    Returns
    -------
    Grid
        `grid` with ``n``: events in the cell.

    Raises
    ------
    AnalysisError
        If `grid` is none, or a point lacks a coordinate or its weight.
    """
    axes = grid_axes(grid)
    points = points_of(x, y)
    each = np.ones(len(points)) if weights is None else numbers_of(weights, name="weights")
    if len(each) != len(points) or not np.isfinite([*points.T, each]).all():
        raise AnalysisError(
            "Every event needs its coordinates and its weight. Leave out events without a point."
        )
    column = _cell_numbers(points[:, 0], axes.x, axes.cell_m)
    row = _cell_numbers(points[:, 1], axes.y, axes.cell_m)
    held = (column >= 0) & (column < len(axes.x)) & (row >= 0) & (row < len(axes.y))
    at = (row[held] * len(axes.x) + column[held]).astype(np.int64)
    weight = None if weights is None else each[held]
    return Grid(grid.assign(n=np.bincount(at, weights=weight, minlength=len(grid))))


def gi_star(
    grid: Grid, *, neighbour_distance_m: float, permutations: int = 0, seed: int = 1
) -> Grid:
    """Score each cell's surroundings against the whole grid (Getis-Ord Gi*, Ord and Getis 1995).

    With the sum s of ``n`` over the k cells in reach of one, itself included, and mean m and
    standard deviation d (divided by N) of all N cells inside: z = (s − k m) / (d √(k (N − k) / (N −
    1))). The sums are running sums along the rows, exact for counts, and only over cells inside the
    study area: its edge is no cold ground. DOI 10.1111/j.1538-4632.1995.tb00912.x.

    Parameters
    ----------
    grid
        One row per cell, EPSG:27700, with ``n`` (events in the cell, as from `count_in_cells`) and
        ``inside``; cells that are not are neither tested nor counted.
    neighbour_distance_m
        Cells with centres at most this far apart, in metres, are neighbours; each is its own.
    permutations
        How often the counts of all other cells are dealt out anew around each cell, to have p
        without a normal distribution; 0 for not at all. Costs seconds rather than parts of one.
    seed
        Of the permutations: the same one gives the same figures.

    Returns
    -------
    Grid
        `grid` with ``gi_star`` (z: a standard score, no unit), ``p_value`` (two-sided, of the cell
        alone) and ``q_value`` (adjusted by Benjamini and Hochberg over all cells tested: of the
        cells up to a q of 0.05, about one in twenty is expected to be there by chance; DOI
        10.1111/j.2517-6161.1995.tb02031.x), and with permutations ``p_permuted`` and
        ``q_permuted``. Missing outside, and where the whole area is in reach.

    Raises
    ------
    AnalysisError
        If fewer than two cells are inside, a count is missing, or every cell holds the same count:
        the score is then undefined.
    """
    axes = grid_axes(grid)
    require_columns(grid, ("n",), name="grid")
    require_number(neighbour_distance_m, name="neighbour_distance_m")
    inside = grid["inside"].to_numpy(bool) if "inside" in grid else np.ones(len(grid), bool)
    n = numbers_of(grid["n"], name="n")
    centred = _centred(n, inside, neighbour_distance_m)
    shape = (len(axes.y), len(axes.x))
    total = _sums(centred.reshape(shape), axes, neighbour_distance_m).ravel()
    k = _sums(inside.astype(float).reshape(shape), axes, neighbour_distance_m).ravel()
    cells = int(inside.sum())
    spread = np.sqrt((centred**2).sum() / cells)
    tested = inside & (k < cells)
    z = np.full(len(grid), np.nan)
    z[tested] = total[tested] / (spread * np.sqrt(k[tested] * (cells - k[tested]) / (cells - 1)))
    p = np.asarray(2 * norm.sf(np.abs(z)))
    scored = grid.assign(gi_star=z, p_value=p, q_value=_adjusted(p, tested))
    if permutations > 0:
        from hotspots.gistar_permuted import permuted_p

        permuted = np.full(len(grid), np.nan)
        permuted[tested] = permuted_p(
            centred[inside],
            own=np.flatnonzero(tested[inside]),
            total=total[tested],
            k=k[tested],
            permutations=permutations,
            seed=seed,
        )
        scored = scored.assign(p_permuted=permuted, q_permuted=_adjusted(permuted, tested))
    return Grid(scored)


def _centred(n: Floats, inside: NDArray[np.bool_], distance_m: float) -> Floats:
    """Counts less their mean, 0 outside: small numbers keep their digits when added up."""
    if not 0 <= distance_m < np.inf:
        raise AnalysisError("Gi* needs a neighbour distance of 0 metres or more.")
    if inside.sum() < 2 or not np.isfinite(n[inside]).all():
        raise AnalysisError(
            "Gi* needs at least two cells inside the study area, each with its count. Choose "
            "smaller cells, or count the points with count_in_cells."
        )
    if n[inside].min() == n[inside].max():
        raise AnalysisError(
            "Every cell holds the same count, so none is hotter than another. Choose a longer "
            "period or other cells."
        )
    return np.where(inside, n - n[inside].mean(), 0.0)


def _sums(values: Floats, axes: Axes, distance_m: float) -> Floats:
    """Sum over all cells in reach of each: running sums along rows, one stretch for each row."""
    height, width = values.shape
    running = np.zeros((height, width + 1))
    np.cumsum(values, axis=1, out=running[:, 1:])
    total = np.zeros_like(values)
    reach = min(int(_steps(distance_m, axes.cell_m)), height - 1)
    column = np.arange(width)
    for dy in range(-reach, reach + 1):
        across = int(_steps(np.sqrt(max(distance_m**2 - (dy * axes.cell_m) ** 2, 0)), axes.cell_m))
        east, west = np.minimum(column + across + 1, width), np.maximum(column - across, 0)
        rows = running[max(dy, 0) : height + min(dy, 0)]
        total[max(-dy, 0) : height + min(-dy, 0)] += rows[:, east] - rows[:, west]
    return total


def _steps(distance_m: float, cell_m: float) -> float:
    """Whole cells in a distance; one that falls short by rounding alone counts."""
    return float(np.floor(distance_m / cell_m + 1e-9))


def _adjusted(p: Floats, tested: NDArray[np.bool_]) -> Floats:
    q = np.full(len(p), np.nan)
    if tested.any():
        q[tested] = false_discovery_control(p[tested], method="bh")
    return q


def _cell_numbers(values: Floats, centres: Floats, cell_m: float) -> Floats:
    west = centres[0] - cell_m / 2
    # Still floats: the number of a cell far away may be larger than any integer.
    return np.asarray(np.floor((values - west) / cell_m))
