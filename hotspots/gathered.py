"""Points gathered into groups of enough incidents each, for a surface that may be published."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.density import incident_support, kernel_density
from hotspots.small_numbers import LEAST_BASE, round_count
from hotspots.tables import Grid, Surface

# What lies farther than the last of these parts of the bandwidth from the middle of its group is
# drawn nowhere. Few steps: how far enough lie is told to no more than that.
PARTS = (0.125, 0.25, 0.5)
# So many times the least are cut in the middle: looking for the widest gap takes too long.
MANY = 20

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.intp]


class Gathered(NamedTuple):
    """Where each row is drawn: ``x, y`` (metres, EPSG:27700) and ``uncertainty_m``.

    ``around_m``: so near to that place lie enough incidents of the row's group; infinite for rows
    that are drawn nowhere, as too few lie about them. ``weight``: the rows of a group that are
    drawn add up to their rounded number, so that one more or less is not seen.
    """

    x: Floats
    y: Floats
    uncertainty_m: Floats
    around_m: Floats
    weight: Floats


def gather(
    x: ArrayLike,
    y: ArrayLike,
    incident: ArrayLike,
    uncertainty_m: ArrayLike,
    *,
    least: int,
    reaches_m: Sequence[float],
) -> Gathered:
    """Put each row where the middle one of its group of neighbours lies.

    The places are parted into halves, again and again across the wider side, as long as each half
    keeps `least` incidents (Mondrian: LeFevre and others 2006, DOI 10.1109/ICDE.2006.101). All rows
    of a part then take the place of the one that is nearest to their mean, and their median
    uncertainty. So a surface of them looks the same whether one in a group was here or two doors
    on: what is worked back from it is a place of at least `least` incidents, never of fewer
    (microaggregation: Domingo-Ferrer and Mateo-Sanz 2002, DOI 10.1109/69.979982).

    Parameters
    ----------
    x, y, uncertainty_m
        Rows, metres, EPSG:27700; missing uncertainty counts as 0.
    incident
        Number of each row's incident: patients of one incident count once.
    least
        Fewest incidents of a group, at least 1.
    reaches_m
        Rows farther than the greatest of these from the middle of their group are drawn nowhere,
        metres; and neither is a group that holds too few without them.

    Returns
    -------
    Gathered
        In the order of the rows; the same for any order of them.
    """
    where = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    wide = np.nan_to_num(np.asarray(uncertainty_m, float))
    codes = np.asarray(incident, dtype=np.int64)
    nowhere, nothing = np.full(len(where), np.inf), np.zeros(len(where))
    out = Gathered(where[:, 0].copy(), where[:, 1].copy(), wide.copy(), nowhere, nothing)
    # Fewer than that, rounded, could be anything near: that some of few lie apart is not told.
    many = math.ceil(2.5 * round_count(1, threshold=least))
    for rows in _parts(where, codes, least) if len(where) else []:
        middle = _middle(where[rows])
        apart = np.hypot(*(where[rows] - middle).T)
        n_within = [len(np.unique(codes[rows[apart <= reach]])) for reach in reaches_m]
        wanted = [many] * (len(reaches_m) - 1) + [least]
        within = [r for r, n, w in zip(reaches_m, n_within, wanted, strict=True) if n >= w]
        if within:
            near = rows[apart <= max(reaches_m)]
            out.x[near], out.y[near] = middle
            out.uncertainty_m[near] = np.median(wide[near])
            out.around_m[near] = min(within)
            out.weight[near] = round_count(len(near), threshold=least) / len(near)
    return out


def gathered_density(
    points: pd.DataFrame,
    *,
    grid: Grid,
    bandwidth_m: float,
    least: int,
    boundary: BaseGeometry | None = None,
) -> tuple[Surface, Ints]:
    """Density of the gathered points, and the incidents that are sure to lie within the bandwidth.

    Parameters
    ----------
    points
        ``easting, northing, incident, uncertainty_m``, as from `points.assault_points`.
    grid, bandwidth_m, boundary
        As for `kernel_density`.
    least
        The small-number threshold. Groups hold at least 5 incidents, whatever it is.

    Returns
    -------
    tuple
        The surface (rows that are drawn nowhere are left out; those too far from the grid to reach
        it are counted in ``n_beyond``), and a support of its shape: for each
        cell, incidents of groups that surely have `least` of them within the bandwidth. The edge of
        where there are enough is drawn about middles of groups, not about any single record.
    """
    x, y = (points[name].to_numpy(float) for name in ("easting", "northing"))
    surface, support = density_of_groups(
        groups_to_draw(points, bandwidth_m=bandwidth_m, least=least),
        grid=grid,
        bandwidth_m=bandwidth_m,
        boundary=boundary,
    )
    return replace(surface, n_beyond=_n_beyond(x, y, grid, bandwidth_m)), support


def groups_to_draw(points: pd.DataFrame, *, bandwidth_m: float, least: int) -> pd.DataFrame:
    """The points as they are drawn: each where its group is; those drawn nowhere are left out.

    Parameters
    ----------
    points, bandwidth_m, least
        As for `gathered_density`: all points, as groups are of the whole.

    Returns
    -------
    DataFrame
        ``easting, northing, uncertainty_m, around_m, weight`` as in `Gathered`, and ``incident``.
    """
    columns = ("easting", "northing", "incident", "uncertainty_m")
    x, y, incident, wide = (points[name].to_numpy(float) for name in columns)
    reaches_m = [part * bandwidth_m for part in PARTS]
    enough = max(LEAST_BASE, least)
    found = gather(x, y, incident, wide, least=enough, reaches_m=reaches_m)
    drawn = pd.DataFrame(
        {
            "easting": found.x,
            "northing": found.y,
            "uncertainty_m": found.uncertainty_m,
            "around_m": found.around_m,
            "weight": found.weight,
            "incident": incident.astype(np.int64),
        }
    )
    return drawn[np.isfinite(found.around_m)]


def density_of_groups(
    groups: pd.DataFrame,
    *,
    grid: Grid,
    bandwidth_m: float,
    boundary: BaseGeometry | None = None,
    threads: int | None = None,
) -> tuple[Surface, Ints]:
    """Surface and support of groups, as `gathered_density` gives them of the points.

    Parameters
    ----------
    groups
        As from `groups_to_draw`: all of them, or for a part of the map all that reach into it.
    grid, bandwidth_m, boundary, threads
        As for `kernel_density`.
    """
    x, y = (groups[name].to_numpy(float) for name in ("easting", "northing"))
    surface = kernel_density(
        x,
        y,
        grid=grid,
        bandwidth_m=bandwidth_m,
        weights=groups["weight"],
        uncertainty_m=groups["uncertainty_m"],
        boundary=boundary,
        threads=threads,
    )
    support = np.zeros((len(surface.y), len(surface.x)), dtype=np.int64)
    for reach_m in (part * bandwidth_m for part in PARTS):
        own = (groups["around_m"] == reach_m).to_numpy()
        # Whoever lies so near to the middle lies within the bandwidth of the cell.
        near = incident_support(
            x[own],
            y[own],
            groups["incident"].to_numpy()[own],
            grid=grid,
            bandwidth_m=bandwidth_m - reach_m,
        )
        support = np.maximum(support, near)
    return surface, support


def _n_beyond(x: Floats, y: Floats, grid: Grid, bandwidth_m: float) -> int:
    """Rows that lie farther than the bandwidth from the middle of any cell."""
    beyond = np.zeros(len(x), dtype=bool)
    for at, cells in ((x, grid["x"]), (y, grid["y"])):
        beyond |= (at <= cells.min() - bandwidth_m) | (at >= cells.max() + bandwidth_m)
    return int(beyond.sum())


def _parts(where: Floats, incident: Ints, least: int) -> list[Rows]:
    """Rows of each part."""
    done: list[Rows] = []
    waiting = [np.lexsort((incident, where[:, 1], where[:, 0]))]
    while waiting:
        rows = waiting.pop()
        halves = _halves(where[rows], incident[rows], least)
        if halves is None:
            done.append(rows)
        else:
            waiting += [rows[half] for half in halves]
    return done


def _halves(where: Floats, incident: Ints, least: int) -> tuple[Rows, Rows] | None:
    """Two halves with enough in each; None where there are none.

    Many rows are parted in the middle of the wider side, few where the gap is widest.
    """
    n = len(where)
    if n < 2 * least:
        return None
    from_middle = np.abs(np.arange(1, n) - n / 2)
    best: tuple[float, float, Rows, int] | None = None
    for side in (0, 1):
        order = np.argsort(where[:, side], kind="stable")
        along = where[order, side]
        gaps = np.diff(along)
        may = (
            (gaps > 0)
            & _enough(incident[order], least)
            & _enough(incident[order][::-1], least)[::-1]
        )
        if not may.any():
            continue
        worth = np.full(n - 1, along[-1] - along[0]) if n > MANY * least else gaps
        cut = int(np.lexsort((from_middle, np.where(may, -worth, np.inf)))[0])
        found = (float(worth[cut]), -float(from_middle[cut]), order, cut + 1)
        if best is None or found[:2] > best[:2]:
            best = found
    return None if best is None else (best[2][: best[3]], best[2][best[3] :])


def _enough(incident: Ints, least: int) -> NDArray[np.bool_]:
    """Whether the rows before each cut hold `least` incidents."""
    first = np.zeros(len(incident), dtype=np.int64)
    first[np.unique(incident, return_index=True)[1]] = 1
    return np.asarray(np.cumsum(first)[:-1] >= least)


def _middle(where: Floats) -> Floats:
    """The row nearest to the mean; of equal ones the first from the south-west."""
    apart = ((where - where.mean(axis=0)) ** 2).sum(axis=1)
    near = np.flatnonzero(apart <= apart.min() + 1e-6)
    first: Floats = where[near[np.lexsort((where[near, 1], where[near, 0]))[0]]]
    return first
